//! The rows of a sheet taken apart: what numbers them, their words, which are totals, and which is a part of which.

use std::sync::Arc;

use foldhash::HashMap;

use super::columns::{Columns, Use};
use super::family::{Family, Sighting};
use super::lines::{FEW, MOST_LINES};
use super::shape::{Ink, Shape};
use super::words::Lexis;
use crate::normalise::code::{self, Code, Part};
use crate::normalise::text::key;

/// A row of one sheet, taken apart.
#[derive(Debug, Clone)]
pub struct ParsedRow {
    /// Among the shape's rows.
    pub at: usize,
    pub text: Arc<RowText>,
    /// Mã số.
    pub printed: Arc<str>,
    pub measure: Arc<str>,
    pub figures: usize,
    pub total: bool,
    /// The row it is a part of, by the codes.
    pub parent: Option<usize>,
}

/// What the code and the label of a row say; the rows of other sheets with the same text share it.
#[derive(Debug)]
pub struct RowText {
    /// What numbers it, in a cell or in its label.
    pub code: Arc<str>,
    pub label: Arc<str>,
    pub key: Arc<str>,
    /// The number of its key among those of the family.
    pub name: usize,
    pub level: Level,
    /// "Trong đó …".
    pub part: bool,
    /// Whether its words name a total.
    total: bool,
}

impl ParsedRow {
    /// Whether it stands beside another one by its code, not under it: "3" behind the lines of "2".
    pub fn stands_beside(&self, section: &Self) -> bool {
        self.text.level == section.text.level && self.is_numbered()
    }

    pub fn is_numbered(&self) -> bool {
        !matches!(self.text.level, Level::Plain | Level::Bullet(_))
    }

    /// Whether it has no code, neither in a cell nor in its label.
    pub fn is_uncoded(&self) -> bool {
        self.text.code.is_empty() && self.printed.is_empty()
    }
}

impl RowText {
    pub fn names_total(&self, lexis: &Lexis) -> bool {
        lexis.names_total(&self.label, &self.key)
    }
}

/// What sort of number a row has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Letter,
    Roman,
    Number,
    Dotted(usize),
    Lower,
    Bullet(char),
    Plain,
}

/// The rows of a family's sheets.
pub fn rows(family: &Family, sightings: &[Sighting], columns: &Columns, lexis: &Lexis) -> Vec<Vec<ParsedRow>> {
    let mut parser = Parser { columns, lexis, texts: HashMap::default(), names: HashMap::default() };
    let members = family.members.iter().zip(&columns.places);
    let mut parsed: Vec<Vec<ParsedRow>> =
        members.map(|(m, places)| parser.sheet(&sightings[*m].shape, places)).collect();
    totals_by_figures(&mut parsed, family, sightings, columns);
    parsed
}

/// Takes rows apart: what a code and a label say is found out once.
struct Parser<'a> {
    columns: &'a Columns,
    lexis: &'a Lexis,
    texts: HashMap<(Arc<str>, Arc<str>), Arc<RowText>>,
    names: HashMap<Arc<str>, usize>,
}

impl Parser<'_> {
    fn sheet(&mut self, shape: &Shape, places: &[Option<usize>]) -> Vec<ParsedRow> {
        let list = &self.columns.list;
        let at = |role: Use| places.iter().position(|p| p.is_some_and(|p| list[p].role == role));
        let (ordinal, code_at, label, measure) = (at(Use::Ordinal), at(Use::Code), at(Use::Label), at(Use::Measure));
        let figures: Vec<usize> =
            (0..places.len()).filter(|i| places[*i].is_some_and(|p| list[p].role == Use::Figure)).collect();
        let mut rows: Vec<ParsedRow> = Vec::new();
        for (at, row) in shape.rows.iter().enumerate().take(MOST_LINES) {
            let text = |column: Option<usize>| column.map(|c| row.cells[c].shared()).unwrap_or_default();
            let mut own = text(ordinal);
            if let Some(Ink::Number(number)) = ordinal.map(|c| &row.cells[c])
                && let Some(code) = rows.last().and_then(|before| next_code(&before.text.code, *number))
            {
                own = code.into();
            }
            let figures = figures.iter().filter(|c| row.cells[**c].is_figure()).count();
            let (text, printed, measure) = (self.text(own, text(label)), text(code_at), text(measure));
            if text.label.is_empty() && text.code.is_empty() && printed.is_empty() && figures == 0 {
                continue;
            }
            rows.push(ParsedRow { at, total: text.total, text, printed, measure, figures, parent: None });
        }
        totals_at_the_ends(&mut rows, self.lexis);
        nest(&mut rows);
        rows
    }

    /// What a code and a label say.
    fn text(&mut self, own: Arc<str>, words: Arc<str>) -> Arc<RowText> {
        let Self { lexis, texts, names, .. } = self;
        let take_apart = |(own, words): &(Arc<str>, Arc<str>)| {
            // "Tổng cộng" merged over the column of STT.
            let merged = words.is_empty() && code::code(own).is_none();
            let (code, label) = if merged { split("", own) } else { split(own, words) };
            let key: Arc<str> = lexis.spelled_out(key(&label)).into();
            let level = match label.chars().next().filter(|c| matches!(c, '-' | '+' | '*')) {
                // "02 | - Khách quốc tế": what is coded by a running number is ordered by its bullets.
                Some(bullet) => Level::Bullet(bullet),
                None => level(&code),
            };
            let plain = matches!(level, Level::Plain | Level::Bullet(_)) || code.is_empty();
            let next = names.len();
            Arc::new(RowText {
                name: *names.entry(key.clone()).or_insert(next),
                level,
                part: lexis.is_part(&key),
                total: plain && (lexis.is_total_row(&key) || key.starts_with("tong cong")),
                code: code.into(),
                label: label.into(),
                key,
            })
        };
        texts.entry((own, words)).or_insert_with_key(take_apart).clone()
    }
}

/// "Tổng thu" without a code, above or below lines that have codes, is their total; so is "Cộng quý" below lines that have
/// none.
fn totals_at_the_ends(rows: &mut [ParsedRow], lexis: &Lexis) {
    let bare = rows.iter().filter(|r| r.is_uncoded() && !r.text.part).count();
    if rows.len() < 3 || rows.iter().any(|r| r.total) {
        return;
    }
    let last = rows.len() - 1;
    let ends: &[usize] = if bare == 1 { &[0, last] } else { &[last] };
    for at in ends {
        let all = bare == 1 || bare == rows.len() && rows[*at].text.label.to_lowercase().starts_with("cộng ");
        let row = &mut rows[*at];
        row.total = all && row.is_uncoded() && row.figures > 0 && !row.text.part && row.text.names_total(lexis);
    }
}

/// A row without a code above or below lines that have codes is their total where its figures are what theirs come to, on
/// most sheets: the office's own name may stand there.
fn totals_by_figures(parsed: &mut [Vec<ParsedRow>], family: &Family, sightings: &[Sighting], columns: &Columns) {
    // Of the first row, and of the last.
    let mut votes = [(0, 0); 2];
    let mut ends: Vec<Vec<usize>> = Vec::with_capacity(parsed.len());
    for (nth, rows) in parsed.iter().enumerate() {
        let bare = |r: &&ParsedRow| r.is_uncoded() && !r.text.part;
        let alone = rows.len() >= 3 && rows.iter().all(|r| !r.total) && rows.iter().filter(bare).count() == 1;
        let at = |at: usize| rows.get(at).filter(|r| alone && bare(r) && r.figures > 0).map(|_| at);
        let own: Vec<usize> = [at(0), at(rows.len().wrapping_sub(1))].into_iter().flatten().collect();
        for at in &own {
            let shape = &sightings[family.members[nth]].shape;
            let (said, held) = come_to(rows, *at, shape, &columns.places[nth], columns);
            let vote = &mut votes[usize::from(*at > 0)];
            vote.0 += usize::from(held > 0 && 2 * held >= said);
            vote.1 += usize::from(said > 0);
        }
        ends.push(own);
    }
    for (rows, ends) in parsed.iter_mut().zip(ends) {
        for at in ends {
            let (yes, all) = votes[usize::from(at > 0)];
            if yes >= FEW && 4 * yes >= 3 * all {
                rows[at].total = true;
                nest(rows);
            }
        }
    }
}

/// In how many columns a row could be the sum of the lines, and in how many it is.
fn come_to(
    rows: &[ParsedRow],
    total: usize,
    shape: &Shape,
    places: &[Option<usize>],
    columns: &Columns,
) -> (usize, usize) {
    let figures = (0..places.len())
        .filter(|i| places[*i].is_some_and(|p| columns.list[p].role == Use::Figure))
        .collect::<Vec<_>>();
    let (mut said, mut held) = (0, 0);
    for column in figures {
        let value = |row: &ParsedRow| match &shape.rows[row.at].cells[column] {
            Ink::Number(x) => Some(*x),
            Ink::Blank => Some(0.0),
            _ => None,
        };
        let lines = rows.iter().enumerate().filter(|(at, r)| *at != total && r.parent.is_none());
        let Some(lines) = lines.map(|(_, r)| value(r)).collect::<Option<Vec<f64>>>() else { continue };
        let Some(own) = value(&rows[total]).filter(|own| *own != 0.0) else { continue };
        if lines.iter().filter(|x| **x != 0.0).count() >= 2 {
            said += 1;
            held += usize::from((lines.iter().sum::<f64>() - own).abs() < 1e-6 * own.abs().max(1.0));
        }
    }
    (said, held)
}

/// From here on a number in the code column is a day of this century.
const FIRST_DATE: f64 = 36_526.0;

/// The code that a number stands for behind another: 6.1 behind 6.9 is 6.10, and a day may have been 3.2.1.
fn next_code(before: &str, number: f64) -> Option<String> {
    let before = code::code(before)?.parts;
    let follows = |code: &Code| match code.parts.split_last() {
        Some((Part::Number(1), head)) if head == before => true,
        Some((Part::Number(own), head)) => before.split_last() == Some((&Part::Number(own.wrapping_sub(1)), head)),
        _ => false,
    };
    let codes = if number < FIRST_DATE { code::from_number(number) } else { code::from_date(number) };
    codes.iter().find(|code| follows(code)).map(ToString::to_string)
}

/// A row's code, from its cell or from before its label, and the label.
fn split(cell: &str, label: &str) -> (String, String) {
    let cell = cell.trim();
    if !cell.is_empty() {
        let shown = cell.trim_end_matches(['.', ')', ' ']).trim_start_matches('(').to_owned();
        return (shown, label.to_owned());
    }
    if let Some(rest) =
        label.strip_prefix(['-', '–', '+', '*', '•', '−']).map(str::trim_start).filter(|r| !r.is_empty())
    {
        let bullet = if label.starts_with('+') {
            "+"
        } else if label.starts_with('*') {
            "*"
        } else {
            "-"
        };
        return (bullet.to_owned(), rest.to_owned());
    }
    match code::leading(label) {
        Some((code, rest)) => (shown_code(&code, label), rest.to_owned()),
        None => (String::new(), label.to_owned()),
    }
}

fn shown_code(code: &Code, label: &str) -> String {
    let own = label.split([' ', ')']).next().unwrap_or_default().trim_end_matches(['.', ')']);
    if code::code(own).as_ref() == Some(code) { own.to_owned() } else { code.to_string() }
}

pub fn level(code: &str) -> Level {
    if code.is_empty() {
        return Level::Plain;
    }
    if let Some(bullet) = code.chars().next().filter(|c| matches!(c, '-' | '+' | '*')) {
        return Level::Bullet(bullet);
    }
    let mut letters = code.chars();
    if let (Some(one), None) = (letters.next(), letters.next())
        && one.is_uppercase()
        && !matches!(one, 'I' | 'V' | 'X')
    {
        return Level::Letter;
    }
    match code::code(code).map(|c| c.parts) {
        Some(parts) => match parts[..] {
            [Part::Roman(_)] => Level::Roman,
            [Part::Number(_)] => Level::Number,
            [Part::Letter(c)] if c.is_lowercase() => Level::Lower,
            [Part::Letter(_)] => Level::Letter,
            _ => Level::Dotted(parts.len()),
        },
        None => Level::Plain,
    }
}

/// Which row each is a part of: a number of another sort below one opens a level, the same sort closes it again.
#[allow(clippy::needless_range_loop)] // The stack holds places of rows.
fn nest(rows: &mut [ParsedRow]) {
    let mut stack: Vec<(Level, usize)> = Vec::new();
    let mut by_code: HashMap<Arc<str>, usize> = HashMap::default();
    // What bullets without a code above them are parts of.
    let mut plain: Option<usize> = None;
    for at in 0..rows.len() {
        let text = rows[at].text.clone();
        let own = text.level;
        if rows[at].total {
            stack.clear();
            plain = None;
            continue;
        }
        let dotted = match own {
            Level::Dotted(_) => text.code.rsplit_once('.').map(|(above, _)| above),
            _ => None,
        };
        rows[at].parent = match (own, dotted.and_then(|above| by_code.get(above).copied())) {
            (Level::Plain, _) if text.part => stack.last().map(|(_, i)| *i),
            (Level::Plain, _) => {
                // "Số đơn tiếp nhận" behind "- Tiếp định kỳ" is no part of it.
                let bullets = stack.iter().position(|(level, _)| matches!(level, Level::Bullet(_)));
                stack.truncate(bullets.unwrap_or(stack.len()));
                plain = Some(at);
                stack.last().map(|(_, i)| *i)
            }
            (_, Some(above)) => {
                while stack.last().is_some_and(|(_, i)| *i != above) {
                    stack.pop();
                }
                stack.push((own, at));
                Some(above)
            }
            _ => {
                if let Some(depth) = stack.iter().position(|(level, _)| *level == own) {
                    stack.truncate(depth);
                }
                let bullet = matches!(own, Level::Bullet(_));
                plain = plain.filter(|_| bullet);
                let above = stack.last().map(|(_, i)| *i).max(plain);
                stack.push((own, at));
                above
            }
        };
        if !text.code.is_empty() {
            by_code.insert(text.code.clone(), at);
        }
    }
}
