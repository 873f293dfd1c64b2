//! Where the figures come from: file, sheet and cell of each, with a link to it, and the sheet that lists every file and
//! every return; and which figures on our sheets rest on a cell that a finding blames, with the way back from a finding to
//! its figure.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rust_xlsxwriter::XlsxError;

use super::main_figures::Main;
use super::pivot::Whose;
use super::plan::{DETAIL_LEFT, Member, Plan, TablePlan};
use super::sheet::{MOST_LINKS, Paper, SheetWriter, prefix};
use crate::model::entry::TOTAL;
use crate::model::outcome::UnitFigure;
use crate::model::{Address, FileReport, Finding, Lang, Outcome, Period, Return, Severity, Verdict};
use crate::write::Doubtful;
use crate::write::findings::range;
use crate::write::style::{Tone, height};

/// Where a unit's figures of a line stand; one line a return.
#[derive(Default)]
pub struct Origin {
    pub file: String,
    pub sheet: String,
    pub cells: String,
    /// The file and its cell, where there is only one.
    pub one: Option<(String, String, Address)>,
    /// The first of several files.
    pub first: Option<String>,
}

impl Origin {
    pub fn of(plan: &Plan<'_>, member: &Member<'_>) -> Self {
        let mut places: Vec<(Period, u32, Address, Address)> = Vec::new();
        for (ret, entry) in member.figures.iter().flatten().flat_map(|f| &f.sources) {
            let Some(from) = plan.outcome.returns.get(*ret as usize) else { continue };
            let Some(cell) = from.entries.get(*entry as usize).map(|e| e.cell) else { continue };
            let known = |p: &&mut (Period, u32, Address, Address)| p.1 == *ret && p.2.row == cell.row;
            match places.iter_mut().find(known) {
                Some(place) => (place.2, place.3) = (place.2.min(cell), place.3.max(cell)),
                None => places.push((from.period, *ret, cell, cell)),
            }
        }
        places.sort();
        let of = |at: u32| &plan.outcome.returns[at as usize];
        let each = |say: &dyn Fn(&(Period, u32, Address, Address)) -> String| {
            let mut parts: Vec<String> = places.iter().map(say).collect();
            parts.dedup();
            parts.join("\n")
        };
        let one = match places.as_slice() {
            [one] => Some((of(one.1).file.to_string(), of(one.1).sheet.to_string(), one.2)),
            _ => None,
        };
        Self {
            file: each(&|p| of(p.1).file.to_string()),
            sheet: each(&|p| of(p.1).sheet.to_string()),
            cells: each(&|p| {
                if p.2 == p.3 { p.2.to_string() } else { format!("{}:{}", p.2, p.3) }
            }),
            first: places.first().map(|p| of(p.1).file.to_string()),
            one,
        }
    }
}

/// The links to the files received: their rows on the sheet of sources, and from the folder that the workbook is written
/// into.
#[derive(Debug, Default)]
pub struct Links {
    rows: HashMap<String, u32>,
    paths: HashMap<String, String>,
}

/// What Excel accepts in a link.
const LONGEST: usize = 2_000;

impl Links {
    /// Relative ones, so that they last when both are moved together; none to a file inside an archive.
    pub fn new(outcome: &Outcome, dir: &Path) -> Self {
        let from = dir.canonicalize().ok();
        let way = |file: &FileReport| {
            let to = file.path.as_ref()?.canonicalize().ok()?;
            Some((file.file.to_string(), relative(from.as_ref()?, &to)?))
        };
        let rows = outcome.files.iter().enumerate();
        Self {
            rows: rows.map(|(n, file)| (file.file.to_string(), row(n))).collect(),
            paths: outcome.files.iter().filter_map(way).collect(),
        }
    }

    /// The row of a file on the sheet of sources.
    pub fn row(&self, file: &str) -> Option<u32> {
        self.rows.get(file).copied()
    }

    /// A link to a file, or to a cell of one.
    pub fn link(&self, file: &str, cell: Option<(&str, Address)>) -> Option<String> {
        let way = self.paths.get(file)?;
        let way = escaped(way);
        let link = match cell {
            Some((sheet, cell)) => format!("file:///{way}#{}{cell}", prefix(sheet)),
            None => format!("file:///{way}"),
        };
        (link.chars().count() < LONGEST).then_some(link)
    }
}

/// What means something in a link, as what it is.
fn escaped(way: &str) -> String {
    let mut text = String::new();
    for c in way.chars() {
        if c.is_ascii_control() || " %#\"<>[]^`{}".contains(c) {
            let _ = write!(text, "%{:02X}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text
}

/// The path from a folder to a file; none where they share nothing, as on two drives.
fn relative(from: &Path, to: &Path) -> Option<String> {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return None;
    }
    let mut path = PathBuf::new();
    path.extend(from[shared..].iter().map(|_| Component::ParentDir));
    path.extend(&to[shared..]);
    Some(path.to_str()?.replace('\\', "/"))
}

const FILES: [(&str, f64); 4] = [("Tệp", 46.0), ("Kết luận", 16.0), ("Lý do, việc cần làm", 46.0), ("SHA-256", 70.0)];
const RETURNS: [&str; 7] = ["Tệp", "Sheet", "Vùng", "Biểu", "Đơn vị", "Kỳ", "Căn cứ nhận biết"];

/// The row of a file.
pub const fn row(file: usize) -> u32 {
    2 + file as u32
}

/// Every file, then every return.
pub fn write(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>, links: &Links) -> Result<(), XlsxError> {
    sheet.set_up(Paper::Landscape, "Nguồn số liệu")?;
    sheet.widths(0, &FILES.map(|(_, width)| width))?;
    sheet.widths(4, &[34.0, 12.0, 70.0])?;
    let next = files(sheet, plan.outcome, links)?;
    returns(sheet, next + 1, plan)?;
    sheet.xlsx.set_freeze_panes(0, 1)?;
    Ok(())
}

fn files(sheet: &mut SheetWriter<'_>, outcome: &Outcome, links: &Links) -> Result<u32, XlsxError> {
    sheet.text((0, 0), "TỆP ĐÃ NHẬN", &sheet.styles.strong)?;
    sheet.captions((1, 0), FILES.map(|(caption, _)| caption))?;
    for (n, file) in outcome.files.iter().enumerate() {
        let row = row(n);
        let (verdict, tone) = match file.verdict {
            Verdict::Read => ("Đã đọc", Tone::Good),
            Verdict::LeftOut => ("Bỏ qua", Tone::Missing),
            Verdict::Refused => ("Không đọc được", Tone::Bad),
        };
        match links.link(&file.file, None).filter(|_| n < MOST_LINKS) {
            Some(way) => sheet.outward((row, 0), &file.file, way, &sheet.styles.cell_link)?,
            None => sheet.text((row, 0), &file.file, sheet.styles.text(Tone::Plain))?,
        }
        sheet.text((row, 1), verdict, sheet.styles.centre(tone))?;
        sheet.text((row, 2), file.reason.pick(Lang::Vi), sheet.styles.text(Tone::Plain))?;
        sheet.text((row, 3), &file.sha256, sheet.styles.text(Tone::Plain))?;
        sheet.tall(row, height(file.reason.pick(Lang::Vi), 46.0).max(height(&file.file, 46.0)))?;
    }
    Ok(row(outcome.files.len()))
}

fn returns(sheet: &mut SheetWriter<'_>, top: u32, plan: &Plan<'_>) -> Result<(), XlsxError> {
    sheet.text((top, 0), "BIỂU ĐÃ NHẬN BIẾT", &sheet.styles.strong)?;
    sheet.captions((top + 1, 0), RETURNS)?;
    for (n, ret) in plan.outcome.returns.iter().enumerate() {
        let row = top + 2 + n as u32;
        let tone = if ret.superseded { Tone::Missing } else { Tone::Plain };
        let evidence = evidence(ret);
        let form = if ret.table.is_empty() { ret.form.to_string() } else { format!("{} – {}", ret.form, ret.table) };
        let cells = [
            &*ret.file,
            &*ret.sheet,
            &range(ret),
            &form,
            plan.unit_name(&ret.unit),
            &ret.period.in_vietnamese(),
            &evidence,
        ];
        for (column, cell) in cells.into_iter().enumerate() {
            sheet.text((row, column as u16), cell, sheet.styles.text(tone))?;
        }
        sheet.tall(row, height(&evidence, 70.0).max(height(&ret.file, 46.0)))?;
    }
    Ok(())
}

fn evidence(ret: &Return) -> String {
    let grounds = [("biểu", &ret.evidence.form), ("đơn vị", &ret.evidence.unit), ("kỳ", &ret.evidence.period)];
    let grounds =
        grounds.into_iter().filter(|(_, words)| !words.is_empty()).map(|(what, words)| format!("{what}: {words}"));
    let newer = ret.superseded.then(|| "Đã có bản mới hơn; không tính.".to_owned());
    newer.into_iter().chain(grounds).collect::<Vec<_>>().join("; ")
}

/// A received cell: file, sheet, address.
type Place = (String, String, Address);

/// Blamed cells, and where each received cell stands in this workbook.
#[derive(Default)]
pub struct Highlights {
    blamed: HashMap<Place, Severity>,
    shown: HashMap<Place, (String, u32, u16)>,
    /// By form, table and figure column: lines and units whose figure holds a mistake that nobody has corrected yet.
    doubtful: HashMap<(Arc<str>, Arc<str>, usize), Vec<(String, usize)>>,
}

impl Highlights {
    pub fn new(plan: &Plan<'_>, doubtful: &Doubtful) -> Self {
        let mut highlights = Self::default();
        for finding in plan.outcome.findings.iter().filter(|f| f.waived.is_none() && f.severity != Severity::Note) {
            for place in blamed(finding) {
                let known = highlights.blamed.entry(place).or_insert(finding.severity);
                *known = (*known).min(finding.severity);
            }
        }
        let rests = |figure: &UnitFigure| figure.sources.iter().any(|source| doubtful.contains(source));
        let wanted: std::collections::HashSet<Place> = plan.outcome.findings.iter().flat_map(all_cells).collect();
        for table in &plan.tables {
            let members = table.all_lines().flat_map(|l| l.members.iter().map(move |m| (l.line, m)));
            for (line, member) in members {
                let row = member.row;
                for (at, figure) in member.figures.iter().enumerate() {
                    if figure.is_some_and(|f| rests(f) || highlights.tone(plan, f) == Tone::Bad) {
                        let key = (table.form.id.clone(), table.table.id.clone(), at);
                        highlights.doubtful.entry(key).or_default().push((line.to_owned(), member.unit));
                    }
                    for place in figure.iter().flat_map(|f| places(plan, f)).filter(|p| wanted.contains(p)) {
                        highlights.shown.insert(place, (table.detail.clone(), row, DETAIL_LEFT + at as u16));
                    }
                }
            }
        }
        highlights
    }

    /// The colour of a unit's figure.
    pub fn tone(&self, plan: &Plan<'_>, figure: &UnitFigure) -> Tone {
        if self.blamed.is_empty() {
            return Tone::Plain;
        }
        match places(plan, figure).filter_map(|p| self.blamed.get(&p)).min() {
            Some(Severity::Error) => Tone::Bad,
            Some(Severity::Warning) => Tone::Doubtful,
            _ => Tone::Plain,
        }
    }

    /// Whether a mistake not yet corrected is in a sum: of a line, or of all with the total line, over some units.
    pub fn is_doubtful(
        &self,
        plan: &Plan<'_>,
        table: &TablePlan<'_>,
        line: &str,
        figure: usize,
        whose: Whose<'_>,
    ) -> bool {
        let Some(known) = self.doubtful.get(&(table.form.id.clone(), table.table.id.clone(), figure)) else {
            return false;
        };
        known.iter().any(|(of, unit)| {
            (line == TOTAL || *of == line)
                && match whose {
                    Whose::All => true,
                    Whose::Level(level) => plan.levels[level].units.contains(unit),
                    Whose::Unit(own) => own == *unit,
                    Whose::Field(level, field) => of == field && plan.levels[level].units.contains(unit),
                }
        })
    }

    /// The same of a main figure, in any of its parts.
    pub fn is_main_doubtful(&self, plan: &Plan<'_>, main: &Main<'_>, whose: Whose<'_>) -> bool {
        main.figure.sum.iter().chain(&main.figure.of).any(|spot| {
            plan.find(&main.form.id, &spot.table).is_some_and(|table| {
                let figure = table.figures().iter().position(|c| c.id == spot.column);
                figure.is_some_and(|figure| self.is_doubtful(plan, table, &spot.line, figure, whose))
            })
        })
    }

    /// Where in this workbook the figure that a finding speaks of stands.
    pub fn shown(&self, finding: &Finding) -> Option<(&str, u32, u16)> {
        let found = blamed(finding).into_iter().chain(all_cells(finding)).find_map(|place| self.shown.get(&place));
        found.map(|(sheet, row, column)| (sheet.as_str(), *row, *column))
    }
}

/// The likeliest cells.
fn blamed(finding: &Finding) -> Vec<Place> {
    let Some(first) = finding.suspects.first() else { return Vec::new() };
    let place = |c: &crate::model::Correction| match &c.elsewhere {
        Some((file, sheet)) => (file.to_string(), sheet.to_string(), c.cell),
        None => (finding.file.to_string(), finding.sheet.to_string(), c.cell),
    };
    first.cells.iter().map(place).collect()
}

fn all_cells(finding: &Finding) -> Vec<Place> {
    let own = finding.cells.iter().map(|c| (finding.file.to_string(), finding.sheet.to_string(), *c));
    blamed(finding).into_iter().chain(own).collect()
}

fn places<'a>(plan: &'a Plan<'_>, figure: &'a UnitFigure) -> impl Iterator<Item = Place> + 'a {
    figure.sources.iter().filter_map(|(ret, entry)| {
        let from = plan.outcome.returns.get(*ret as usize)?;
        let cell = from.entries.get(*entry as usize)?.cell;
        Some((from.file.to_string(), from.sheet.to_string(), cell))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_relative_and_safe() {
        let way = |from: &str, to: &str| relative(Path::new(from), Path::new(to));
        assert_eq!(way("/a/out", "/a/in/quý 2/x.xls").as_deref(), Some("../in/quý 2/x.xls"));
        assert_eq!(way("/a", "/a/x.xls").as_deref(), Some("x.xls"));
        let links = Links { paths: HashMap::from([("x".into(), "../100% #1.xlsx".into())]), ..Links::default() };
        let cell = ("Sở 'A'", Address::new(11, 3));
        assert_eq!(links.link("x", Some(cell)).as_deref(), Some("file:///../100%25%20%231.xlsx#'Sở ''A'''!D12"));
        assert_eq!(links.link("y", None), None);
    }
}
