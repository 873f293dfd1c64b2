//! What recognition and reading were unsure of, said to the reader: never an error but where a figure stays out, always
//! what was taken and why. A cell whose text is no figure is one finding, and the rules that read it stay undecided.

use std::collections::BTreeSet;

use chrono::Datelike;

use super::{Checked, of_return};
use crate::model::finding::{Amount, Correction, Fact, Kind, Suspect, Why};
use crate::model::{Address, CellId, Doubt, Finding, Line, Return, Severity, State, Unsure};
use crate::rule::Book;

pub fn check(book: &Book<'_>, out: &mut Checked) {
    for ret in book.returns {
        let year = ret.counts().then(|| other_year(ret)).flatten();
        if let Some(year) = year {
            out.findings.push(of_other_year(ret, year));
        }
        let own = ret.doubts.iter().filter(|d| year.is_none() || dated(d) != year);
        for doubt in own.filter(|d| !matches!(d.what, Unsure::TooLarge { .. })) {
            let why_not =
                matches!(doubt.what, Unsure::OlderVersion { .. } | Unsure::WhichVersion { .. } | Unsure::SentEmpty);
            if ret.counts() != why_not {
                out.findings.push(finding(ret, doubt));
            }
        }
    }
}

/// Amounts that are too large for their table, once all rules have been tried: of those for which a finding proposes the figure
/// in its own measure already, it is the same mistake.
pub fn too_large(book: &Book<'_>, out: &mut Checked) {
    for ret in book.returns.iter().filter(|ret| ret.counts()) {
        for doubt in &ret.doubts {
            let Unsure::TooLarge { count, .. } = &doubt.what else { continue };
            let finding = finding(ret, doubt);
            let of_sheet = (0..out.findings.len()).filter(|at| {
                let known = &out.findings[*at];
                (&known.file, &known.sheet) == (&ret.file, &ret.sheet)
            });
            let known: Vec<(Address, usize)> =
                of_sheet.filter_map(|at| Some((in_other_measure(&out.findings[at])?, at))).collect();
            let proposed: BTreeSet<Address> = known.iter().map(|(cell, _)| *cell).collect();
            match known.iter().find(|(cell, _)| *cell == doubt.cell) {
                Some((_, at)) if proposed.len() >= *count => out.findings[*at].rules.push(finding.rule),
                _ => out.findings.push(finding),
            }
        }
    }
}

/// The cell of its own sheet that a finding blames first, since its figure is of another measure.
fn in_other_measure(finding: &Finding) -> Option<Address> {
    let first = finding.suspects.first().filter(|s| matches!(s.why, Why::RatioInOtherMeasure { .. }))?;
    let [one] = &first.cells[..] else { return None };
    one.elsewhere.is_none().then_some(one.cell)
}

/// So many documents of one other year are no slips of the hand: the title's year is as likely wrong.
const OF_ONE_YEAR: usize = 3;

/// The year of a document that would lie within the period, were it not for its year.
fn dated(doubt: &Doubt) -> Option<i32> {
    match &doubt.what {
        Unsure::DateOutside { date, within: Some(_), .. } => Some(date.year()),
        _ => None,
    }
}

/// The one other year that many of a list's documents are of.
fn other_year(ret: &Return) -> Option<i32> {
    let years = || ret.doubts.iter().filter_map(dated);
    let count = |year: i32| years().filter(|y| *y == year).count();
    years().max_by_key(|year| count(*year)).filter(|year| count(*year) >= OF_ONE_YEAR)
}

fn of_other_year(ret: &Return, year: i32) -> Finding {
    let cells: Vec<Address> = ret.doubts.iter().filter(|d| dated(d) == Some(year)).map(|d| d.cell).collect();
    let fact = Fact::OtherYear { year, documents: cells.len(), by: ret.evidence.period.clone() };
    let rule = format!("{}:ngay-ngoai-ky", ret.form);
    of_return(ret, rule, Kind::Recognition, Severity::Warning, cells, fact)
}

fn finding(ret: &Return, doubt: &Doubt) -> Finding {
    let (name, severity) = rule(&doubt.what);
    let text = ret.entries.iter().find(|e| e.cell == doubt.cell).map(|e| e.text.clone()).unwrap_or_default();
    let by = match &doubt.what {
        Unsure::PeriodsDiffer { .. } => ret.evidence.period.clone(),
        _ => ret.evidence.unit.clone(),
    };
    let fact = Fact::Doubt { what: doubt.what.clone(), cell: doubt.cell, text, by };
    let rule = format!("{}:{name}", ret.form);
    let mut finding = of_return(ret, rule, Kind::Recognition, severity, vec![doubt.cell], fact);
    if let Unsure::StrayFigure { cell, text, value, .. } = &doubt.what {
        finding.cells.push(*cell);
        finding.found = Amount::Text(text.clone());
        let correction = Correction { cell: doubt.cell, elsewhere: None, stated: String::new(), proposed: *value };
        finding.suspects.push(Suspect { cells: vec![correction], why: Why::StandsIn(*cell), tied: false });
    }
    finding
}

/// The rule's name, and how much it weighs.
fn rule(what: &Unsure) -> (&'static str, Severity) {
    use Severity::{Error, Note, Warning};
    match what {
        Unsure::UnitSpelling { .. } => ("ten-don-vi", Warning),
        Unsure::UnitStrange { .. } => ("don-vi-la", Warning),
        Unsure::UnitsDiffer { .. } => ("don-vi-khac-nhau", Warning),
        Unsure::PeriodsDiffer { .. } => ("ky-khac-nhau", Warning),
        Unsure::StrangeRow { .. } => ("hang-la", Warning),
        Unsure::DoubtfulLine { .. } => ("dong-khac-ten", Warning),
        Unsure::FormsDiffer { .. } => ("ten-bieu-khac-cot", Warning),
        Unsure::MissingColumn { .. } => ("thieu-cot", Warning),
        Unsure::ExtraColumn { member_of: Some(_), .. } => ("cot-them", Warning),
        Unsure::ExtraColumn { member_of: None, .. } => ("cot-them", Note),
        Unsure::JoinedColumns { .. } => ("cot-tach", Note),
        Unsure::TooLarge { .. } => ("so-tien-qua-lon", Warning),
        Unsure::Thousands { .. } => ("dau-hang-nghin", Warning),
        Unsure::WithoutMarks { .. } => ("ten-khong-dau", Note),
        Unsure::RepeatedOrdinal => ("trung-so-thu-tu", Note),
        Unsure::Undecided { .. } => ("dau-cham-phay", Error),
        Unsure::Decided { .. } => ("dau-cham-phay", Note),
        Unsure::Lawful { .. } => ("dau-cham-phay", Warning),
        Unsure::Recomputed { .. } => ("cong-thuc-cu", Note),
        Unsure::OtherPrint => ("ban-mau-khac", Note),
        Unsure::HiddenTable { .. } => ("bang-an", Note),
        Unsure::NotWorkedOut { .. } => ("cong-thuc-chua-tinh", Warning),
        Unsure::StrayFigure { .. } => ("so-o-cot-khac", Warning),
        Unsure::Dissolved { .. } => ("don-vi-het-hieu-luc", Warning),
        Unsure::NotYet { .. } => ("don-vi-chua-thanh-lap", Warning),
        Unsure::FarAhead => ("ky-chua-toi", Warning),
        Unsure::SentEmpty => ("bieu-trong", Error),
        Unsure::WhichVersion { .. } => ("nhieu-ban", Error),
        Unsure::Collective { .. } => ("bieu-gop", Warning),
        Unsure::OlderVersion { differences, .. } if differences.is_empty() => ("gui-lai", Note),
        Unsure::OlderVersion { .. } => ("gui-lai", Warning),
        Unsure::ItemUnclear { .. } => ("muc-chua-ro", Warning),
        Unsure::ItemsDiffer { .. } => ("tien-do-khac-ket-qua", Warning),
        Unsure::DateOutside { .. } => ("ngay-ngoai-ky", Warning),
        Unsure::DateBefore { .. } => ("ngay-nguoc-so", Note),
        Unsure::DocumentTwice { .. } => ("van-ban-trung", Warning),
        Unsure::WordsDiffer { .. } => ("so-bang-chu", Error),
    }
}

pub fn unreadable(book: &Book<'_>, out: &mut Checked) {
    for (at, ret) in book.returns.iter().enumerate().filter(|(_, r)| !r.superseded) {
        for (j, entry) in
            ret.entries.iter().enumerate().filter(|(_, e)| e.state == State::Unreadable && !is_open(ret, e.cell))
        {
            let cell = CellId { ret: at as u32, entry: j as u32 };
            out.findings.push(of_text(book, cell, &entry.text));
        }
    }
}

/// Whether it can be read, in more than one way: that is said by itself.
fn is_open(ret: &Return, cell: Address) -> bool {
    let open = |d: &Doubt| d.cell == cell && matches!(d.what, Unsure::Undecided { .. });
    ret.doubts.iter().any(open)
}

fn of_text(book: &Book<'_>, cell: CellId, text: &str) -> Finding {
    let (ret, entry) = (book.ret(cell.ret), book.entry(cell));
    let line = book.table(cell.ret).and_then(|t| t.line(&entry.line));
    let codes = line.map(Line::legend).filter(|codes| !codes.is_empty());
    let why = if codes.is_some() { Why::WhichCode } else { Why::NoFigure };
    let wanted = codes.clone().map_or(Amount::None, Amount::Text);
    let fact = Fact::Unreadable { cell: book.quoted(cell), codes };
    let rule = format!("{}:doc-duoc", ret.form);
    let found = of_return(ret, rule, Kind::Unreadable, Severity::Error, vec![entry.cell], fact);
    found.amounts(Amount::Text(text.to_owned()), wanted).suspecting([book.suspect(cell, cell.ret, None, why)])
}
