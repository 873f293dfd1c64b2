//! What the figures of a table say of their kinds, where words leave them open or two periods speak against the words.

use foldhash::HashMap;

use super::DraftTable;
use super::columns::Use;
use super::figures::Figures;
use super::identities::Trust;
use super::lines::Body;
use super::words::Lexis;
use crate::model::{Entry, Figure, Kind, KindGround, Part, Period, Return, State};
use crate::normalise::text::key;

/// Answers in words that make a line one of words.
const LEAST_ANSWERS: usize = 3;
/// Total rows that leave a column blank.
const LEAST_TOTALS: usize = 3;
/// Pairs of periods that a kind is judged by.
const LEAST_PAIRS: usize = 6;
/// Pairs, nearly all of the same figures, against which weak words say nothing.
const LEAST_STAYING: usize = 24;
/// What stands changes by no more from one period to the next, in most rows.
const STANDING: f64 = 0.05;

/// What stands does not change by more than this in most rows.
const JUMPING: f64 = 0.6;

/// What two periods say of kinds: what falls within a year does not run on from its beginning; what hardly changes stands.
pub fn by_time(table: &mut DraftTable, figures: &Figures<'_>, trust: Trust) {
    let returns = figures.returns;
    let by_unit: HashMap<(&str, Period), &Return> = returns.iter().map(|r| ((&*r.unit, r.period), *r)).collect();
    let fixed = matches!(table.lines.body, Body::Fixed(_));
    // Line and column → the figures of two periods that follow one another, in one year or not.
    let mut pairs: HashMap<(&str, &str), Vec<(Figure, Figure, bool)>> = HashMap::default();
    for now in returns {
        let Some(before) = now.period.previous().and_then(|p| by_unit.get(&(&*now.unit, p))) else { continue };
        // Mostly both have the same lines.
        let mut then: Option<HashMap<(&str, &str), Figure>> = None;
        for (at, entry) in now.entries.iter().enumerate() {
            let of = (&*entry.line, &*entry.column);
            let same = before.entries.get(at).filter(|e| fixed && (&*e.line, &*e.column) == of);
            let left = match same {
                Some(same) => same.amount(),
                None => {
                    let figures = || before.entries.iter().filter_map(|e| Some(((&*e.line, &*e.column), e.amount()?)));
                    then.get_or_insert_with(|| figures().collect()).get(&of).copied()
                }
            };
            if let (Some(a), Some(b)) = (left, entry.amount()) {
                let line = if fixed { of.0 } else { "" };
                pairs.entry((line, of.1)).or_default().push((a, b, before.period.year == now.period.year));
            }
        }
    }
    let falls = |own: &[(Figure, Figure, bool)]| {
        let year: Vec<_> = own.iter().filter(|(a, b, year)| *year && !(a.is_zero() && b.is_zero())).collect();
        year.len() >= 4 && 5 * year.iter().filter(|(a, b, _)| b < a).count() > year.len()
    };
    let changes = |own: &[(Figure, Figure, bool)]| -> Vec<f64> {
        let change = |(a, b, _): &(Figure, Figure, bool)| {
            let (a, b) = (a.to_double(), b.to_double());
            (a.max(b) >= 20.0).then(|| (b - a).abs() / a.max(b))
        };
        let mut changes: Vec<f64> = own.iter().filter_map(change).collect();
        changes.sort_by(f64::total_cmp);
        changes
    };
    let stands = |own: &[(Figure, Figure, bool)]| {
        let changes = changes(own);
        changes.len() >= LEAST_PAIRS && changes[changes.len() * 3 / 4] <= STANDING
    };
    let jumps = |own: &[(Figure, Figure, bool)]| {
        let changes = changes(own);
        changes.len() >= LEAST_PAIRS && changes[changes.len() / 2] > JUMPING
    };
    let of = |line: &str, column: &str| -> Vec<(Figure, Figure, bool)> {
        pairs.get(&(line, column)).cloned().unwrap_or_default()
    };
    // What is the same in nearly all rows of two periods did not arise in them, whatever weak words say.
    let stays = |own: &[(Figure, Figure, bool)]| {
        let filled: Vec<_> = own.iter().filter(|(a, b, _)| !(a.is_zero() && b.is_zero())).collect();
        let same = filled.iter().filter(|(a, b, _)| a == b).count();
        filled.len() >= LEAST_STAYING && 10 * same >= 9 * filled.len()
    };
    let judge = |kind: &mut Kind, ground: &mut KindGround, own: &[(Figure, Figure, bool)]| match kind {
        Kind::Cumulative if falls(own) => {
            (*kind, *ground) = (Kind::Open, KindGround::Falls);
        }
        Kind::Stock if matches!(ground, KindGround::Words(_) | KindGround::Measure(_)) && jumps(own) => {
            (*kind, *ground) = (Kind::Open, KindGround::Jumps);
        }
        // From a day to a day is the period itself: that the figures arose in it has yet to be said.
        Kind::Flow if *ground == KindGround::OverDays && stands(own) => {
            (*kind, *ground) = (Kind::Open, KindGround::StandsOverDays);
        }
        Kind::Flow if *ground == KindGround::ThisPeriod && stands(own) => {
            (*kind, *ground) = (Kind::Open, KindGround::StandsInPeriod);
        }
        Kind::Flow if matches!(ground, KindGround::Words(_) | KindGround::Group(_)) && stays(own) => {
            (*kind, *ground) = (Kind::Stock, KindGround::Stands);
        }
        Kind::Open if !matches!(ground, KindGround::Before | KindGround::ThisPeriod) && stands(own) => {
            (*kind, *ground) = (Kind::Stock, KindGround::Stands);
        }
        _ => {}
    };
    // Where a column stands on all lines, its figures say it better than those of a line, which are of several columns.
    if let Body::Fixed(lines) = &table.lines.body {
        let figures: Vec<usize> = table.columns.of(Use::Figure).collect();
        for column in figures.iter().filter(|_| figures.len() > 1) {
            let column = &mut table.columns.list[*column];
            let own: Vec<(Figure, Figure, bool)> = lines.iter().flat_map(|l| of(&l.id, &column.id)).collect();
            if matches!(column.kind, Kind::Open | Kind::Flow) {
                judge(&mut column.kind, &mut column.ground, &own);
            }
        }
    }
    // What columns say themselves says nothing of a line.
    let asked = table.columns.list.iter().filter(|c| c.role == Use::Figure && c.is_question());
    let ids: Vec<String> = asked.map(|c| c.id.clone()).collect();
    if let Body::Fixed(lines) = &mut table.lines.body {
        for line in lines.iter_mut() {
            let own: Vec<(Figure, Figure, bool)> = ids.iter().flat_map(|c| of(&line.id, c)).collect();
            judge(&mut line.kind, &mut line.ground, &own);
        }
        for column in table.columns.list.iter_mut().filter(|c| c.role == Use::Figure && c.kind == Kind::Cumulative) {
            let own: Vec<(Figure, Figure, bool)> = lines.iter().flat_map(|l| of(&l.id, &column.id)).collect();
            judge(&mut column.kind, &mut column.ground, &own);
        }
    } else {
        for column in table.columns.list.iter_mut().filter(|c| c.role == Use::Figure) {
            let own = of("", &column.id);
            judge(&mut column.kind, &mut column.ground, &own);
        }
    }
    // Percentages that are above 100 now and then are comparisons; of one file, one that is may be.
    let often = if trust == Trust::Many { 2 } else { 1 };
    let above = |own: &mut dyn Iterator<Item = &Entry>| {
        own.filter(|e| e.value.is_some_and(|v| v > Figure::whole(100))).take(often).count() == often
    };
    for (at, column) in table.columns.list.iter_mut().filter(|c| c.role == Use::Figure).enumerate() {
        column.over |= column.kind == Kind::Percent && above(&mut figures.column(at));
    }
    if let Body::Fixed(lines) = &mut table.lines.body {
        for line in lines.iter_mut().filter(|l| l.kind == Kind::Percent) {
            let rows = (0..figures.rows.len()).filter(|row| *figures.rows[*row].line == *line.id);
            line.over |= above(&mut rows.flat_map(|row| figures.cells(row)).filter_map(|e| *e));
        }
    }
}

/// What answers in words stand for.
const ANSWERS: [(i64, &str); 2] = [(0, "Không"), (1, "Có")];

/// Lines that most offices answer in words have no figures: "Có", "Không", or "Cấp độ 2".
pub fn in_words(table: &mut DraftTable, figures: &Figures<'_>, lexis: &Lexis) {
    let Body::Fixed(lines) = &mut table.lines.body else { return };
    let mut met: HashMap<&str, (usize, usize, Vec<String>)> = HashMap::default();
    for (at, row) in figures.rows.iter().enumerate() {
        let (words, filled, texts) = met.entry(row.line).or_default();
        for entry in figures.cells(at).iter().flatten().filter(|e| e.state != State::Blank) {
            *filled += 1;
            if entry.state != State::Filled
                && entry.text.chars().any(char::is_alphabetic)
                && !State::is_cross(&entry.text)
            {
                *words += 1;
                let text = key(&entry.text);
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
        }
    }
    for line in lines.iter_mut().filter(|l| l.codes.is_empty() && !l.heading) {
        let Some((words, filled, texts)) = met.get(&*line.id) else { continue };
        // "Không" alone is how an office writes that there is nothing.
        if *words < LEAST_ANSWERS || 5 * words < 4 * filled || texts.iter().all(|text| lexis.denies(text)) {
            continue;
        }
        if texts.iter().all(|text| lexis.is_answer(text)) {
            line.codes = ANSWERS.map(|(code, name)| (code, name.to_owned())).into();
        }
        (line.kind, line.ground) = (if line.codes.is_empty() { Kind::Text } else { Kind::Code }, KindGround::Answers);
    }
}

/// Total rows that leave a column blank say that it does not add up, where words say nothing: years, coefficients.
pub fn left_out(table: &mut DraftTable, returns: &[&Return]) {
    if matches!(table.lines.body, Body::Fixed(_)) {
        return;
    }
    let totals: Vec<&Entry> = returns.iter().flat_map(|r| &r.entries).filter(|e| e.part == Part::Total).collect();
    let blank = |id: &str| {
        let own: Vec<State> = totals.iter().filter(|e| *e.column == *id).map(|e| e.state).collect();
        own.len() >= LEAST_TOTALS && own.iter().filter(|s| **s == State::Blank).count() * 10 >= own.len() * 9
    };
    let filled = |id: &str| {
        let own = returns.iter().flat_map(|r| &r.entries).filter(|e| e.part == Part::Line && *e.column == *id);
        own.filter(|e| e.amount().is_some_and(|v| !v.is_zero())).count() >= LEAST_TOTALS
    };
    let figures: Vec<usize> = table.columns.of(Use::Figure).collect();
    if figures.iter().all(|at| blank(&table.columns.list[*at].id)) {
        return;
    }
    for at in figures {
        let column = &mut table.columns.list[at];
        let unsaid = matches!(column.ground, KindGround::None | KindGround::OverDays | KindGround::AtDay);
        if unsaid
            && matches!(column.kind, Kind::Open | Kind::Flow | Kind::Stock)
            && blank(&column.id)
            && filled(&column.id)
        {
            (column.kind, column.ground) = (Kind::Average, KindGround::LeftOut);
        }
    }
}
