//! The lines of a form by consensus: what most returns have is the form's, what varies is the office's own; sections are
//! a tree, whether their codes stand in a cell, in the label, or nowhere.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};

use super::columns::{Columns, Use};
use super::family::{Family, Sighting};
use super::numbering::{self, Side};
use super::shape::{Ink, Shape};
use super::versions;
use super::words::Lexis;
use crate::model::form::InForce;
use crate::model::{Kind, KindGround};
use crate::normalise::code::{self, Code, Part};
use crate::normalise::text::{key, similarity};

/// Lines of a form; more are a list of something.
const MOST_LINES: usize = 1_500;
/// Rows of a sheet whose words are no line's that are compared with every line.
const MOST_TRIES: usize = 80;
/// From this share of the sheets on a line is the form's.
const COMMON: f64 = 0.8;
/// Where fewer of the rows are common, the captions above them do not make them the form's.
const HARDLY_COMMON: f64 = 0.6;
/// From this share on a line of a form with printed lines is the form's, though most offices leave it out.
const SEEN: f64 = 0.2;
/// Fewer sheets say little of what is printed and what an office wrote.
const FEW: usize = 3;

/// A row of one sheet, taken apart.
#[derive(Debug, Clone)]
pub struct ParsedRow {
    /// Among the shape's rows.
    pub at: usize,
    /// What numbers it, in a cell or in its label.
    pub code: String,
    /// Mã số.
    pub printed: String,
    pub label: String,
    pub key: String,
    pub measure: String,
    pub figures: usize,
    pub total: bool,
    /// "Trong đó …".
    pub part: bool,
    level: Level,
    /// The row it is a part of, by the codes.
    pub parent: Option<usize>,
}

impl ParsedRow {
    /// Whether it stands beside another one by its code, not under it: "3" behind the lines of "2".
    pub fn stands_beside(&self, section: &Self) -> bool {
        self.level == section.level && !matches!(self.level, Level::Plain | Level::Bullet(_))
    }
}

/// What sort of number a row has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Letter,
    Roman,
    Number,
    Dotted(usize),
    Lower,
    Bullet(char),
    Plain,
}

#[derive(Debug, Clone)]
pub struct LearnedLine {
    pub id: String,
    pub code: String,
    pub label: String,
    pub others: Vec<String>,
    pub key: String,
    pub measure: String,
    pub parent: Option<usize>,
    pub part: bool,
    pub total: bool,
    pub heading: bool,
    pub seen: usize,
    pub printed: Option<(Option<String>, Vec<Side>)>,
    /// Answers that its measure prints codes for.
    pub codes: BTreeMap<i64, String>,
    pub kind: Kind,
    pub decimals: u8,
    pub signed: bool,
    pub over: bool,
    pub exact: bool,
    pub in_force: InForce,
    pub ground: KindGround,
}

#[derive(Debug, Clone)]
pub struct LearnedSection {
    pub code: String,
    pub label: String,
    pub key: String,
    pub parent: Option<usize>,
    pub seen: usize,
}

#[derive(Debug)]
pub enum Body {
    Fixed(Vec<LearnedLine>),
    Open { total: bool, sections: Vec<LearnedSection> },
}

/// What a row of a sheet is on the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A fixed line, by its place.
    Line(usize),
    /// A line of the office's own.
    Own,
    Total,
    /// A section of the form.
    Section(usize),
    /// The heading of a section whose subtotal stands below its lines.
    Heading(usize),
    /// A subtotal of the office's own, or words: adds nothing.
    Aside,
}

#[derive(Debug)]
pub struct Lines {
    pub body: Body,
    /// For each sheet its rows, and what they are.
    pub rows: Vec<Vec<(ParsedRow, Place)>>,
}

/// The lines of a family.
#[must_use]
pub fn lines(family: &Family, sightings: &[Sighting], columns: &Columns, newest: &[bool], lexis: &Lexis) -> Lines {
    let mut parsed: Vec<Vec<ParsedRow>> = family
        .members
        .iter()
        .zip(&columns.places)
        .map(|(m, places)| parse(&sightings[*m].shape, places, columns, lexis))
        .collect();
    totals_by_figures(&mut parsed, family, sightings, columns);
    let labelled = columns.of(Use::Label).next().is_some() || columns.of(Use::Ordinal).next().is_some();
    if !labelled || is_fixed(&parsed, columns, lexis) { fixed(parsed, newest) } else { open(parsed, lexis) }
}

/// Takes a sheet's rows apart.
fn parse(shape: &Shape, places: &[Option<usize>], columns: &Columns, lexis: &Lexis) -> Vec<ParsedRow> {
    let at = |role: Use| places.iter().position(|p| p.is_some_and(|p| columns.list[p].role == role));
    let (ordinal, code_at, label, measure) = (at(Use::Ordinal), at(Use::Code), at(Use::Label), at(Use::Measure));
    let figures: Vec<usize> =
        (0..places.len()).filter(|i| places[*i].is_some_and(|p| columns.list[p].role == Use::Figure)).collect();
    let mut rows: Vec<ParsedRow> = Vec::new();
    for (at, row) in shape.rows.iter().enumerate().take(MOST_LINES) {
        let text = |column: Option<usize>| column.map(|c| row.cells[c].text()).unwrap_or_default();
        let (mut own, mut words) = (text(ordinal), text(label));
        if let Some(Ink::Number(number)) = ordinal.map(|c| &row.cells[c])
            && let Some(code) = rows.last().and_then(|before| next_code(&before.code, *number))
        {
            own = code;
        }
        let count = figures.iter().filter(|c| row.cells[**c].is_figure()).count();
        if words.is_empty() && code::code(&own).is_none() {
            // "Tổng cộng" merged over the column of STT.
            words = std::mem::take(&mut own);
        }
        let (own, words) = split(&own, &words);
        let printed = text(code_at);
        if words.is_empty() && own.is_empty() && printed.is_empty() && count == 0 {
            continue;
        }
        let key = key(&words);
        let level = match words.chars().next().filter(|c| matches!(c, '-' | '+' | '*')) {
            // "02 | - Khách quốc tế": what is coded by a running number is ordered by its bullets.
            Some(bullet) => Level::Bullet(bullet),
            None => level(&own),
        };
        let plain = matches!(level, Level::Plain | Level::Bullet(_));
        rows.push(ParsedRow {
            at,
            total: (plain || own.is_empty()) && (lexis.is_total_row(&key) || key.starts_with("tong cong")),
            part: lexis.is_part(&key),
            code: own,
            printed,
            label: words,
            key,
            measure: text(measure),
            figures: count,
            level,
            parent: None,
        });
    }
    totals_at_the_ends(&mut rows, lexis);
    nest(&mut rows);
    rows
}

/// "Tổng thu" without a code, above or below lines that have codes, is their total; so is "Cộng quý" below lines that have
/// none.
fn totals_at_the_ends(rows: &mut [ParsedRow], lexis: &Lexis) {
    let uncoded = |row: &ParsedRow| row.code.is_empty() && row.printed.is_empty();
    let bare = rows.iter().filter(|r| uncoded(r) && !r.part).count();
    if rows.len() < 3 || rows.iter().any(|r| r.total) {
        return;
    }
    let last = rows.len() - 1;
    let ends: &[usize] = if bare == 1 { &[0, last] } else { &[last] };
    for at in ends {
        let all = bare == 1 || bare == rows.len() && rows[*at].label.to_lowercase().starts_with("cộng ");
        let row = &mut rows[*at];
        row.total = all && uncoded(row) && row.figures > 0 && !row.part && names_total(row, lexis);
    }
}

/// A row without a code above or below lines that have codes is their total where its figures are what theirs come to, on
/// most sheets: the office's own name may stand there.
fn totals_by_figures(parsed: &mut [Vec<ParsedRow>], family: &Family, sightings: &[Sighting], columns: &Columns) {
    // Of the first row, and of the last.
    let mut votes = [(0, 0); 2];
    let mut ends: Vec<Vec<usize>> = Vec::with_capacity(parsed.len());
    for (nth, rows) in parsed.iter().enumerate() {
        let bare = |r: &&ParsedRow| r.code.is_empty() && r.printed.is_empty() && !r.part;
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

/// Whether a row's words begin as a total's do: "Cộng", and not "Công an".
fn names_total(row: &ParsedRow, lexis: &Lexis) -> bool {
    let lower = row.label.to_lowercase();
    let first = lower.split_whitespace().next().unwrap_or_default();
    lexis.is_total(&row.key) && (first.is_ascii() || matches!(first, "cộng" | "tổng" | "toàn"))
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

fn level(code: &str) -> Level {
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
    let mut by_code: HashMap<String, usize> = HashMap::default();
    // What bullets without a code above them are parts of.
    let mut plain: Option<usize> = None;
    for at in 0..rows.len() {
        let own = rows[at].level;
        if rows[at].total {
            stack.clear();
            plain = None;
            continue;
        }
        let dotted = match own {
            Level::Dotted(_) => rows[at].code.rsplit_once('.').map(|(above, _)| above.to_owned()),
            _ => None,
        };
        rows[at].parent = match (own, dotted.and_then(|above| by_code.get(&above).copied())) {
            (Level::Plain, _) if rows[at].part => stack.last().map(|(_, i)| *i),
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
        if !rows[at].code.is_empty() {
            by_code.insert(rows[at].code.clone(), at);
        }
    }
}

/// Rows by what names them: their words, and which of several with the same they are.
fn named(rows: &[ParsedRow]) -> Vec<(String, usize)> {
    let mut met: HashMap<&str, usize> = HashMap::default();
    rows.iter()
        .map(|row| {
            let again = met.entry(&row.key).or_default();
            *again += 1;
            (row.key.clone(), *again - 1)
        })
        .collect()
}

/// Whether the lines are printed: the same on nearly all sheets, or headed, or numbered as indicators are.
fn is_fixed(parsed: &[Vec<ParsedRow>], columns: &Columns, lexis: &Lexis) -> bool {
    let mut seen: HashMap<(String, usize), usize> = HashMap::default();
    for rows in parsed {
        for name in named(rows) {
            *seen.entry(name).or_default() += 1;
        }
    }
    let sheets = parsed.iter().filter(|r| !r.is_empty()).count().max(1);
    let common = |name: &(String, usize)| seen.get(name).is_some_and(|n| *n as f64 >= 0.85 * sheets as f64);
    let all: Vec<(String, usize)> = parsed.iter().flat_map(|rows| named(rows)).collect();
    let counted = |rows: &[ParsedRow]| rows.iter().filter(|r| !r.total).count();
    let rows: usize = parsed.iter().map(|r| counted(r)).sum();
    let stable = all.iter().filter(|n| common(n)).count();
    let mut share = stable as f64 / all.len().max(1) as f64;
    let captions = columns.of(Use::Label).map(|at| columns.list[at].path.last().map(|p| key(p)).unwrap_or_default());
    let captioned = captions.filter_map(|caption| lexis.lists(&caption)).next();
    let dotted = parsed.iter().flatten().filter(|r| matches!(r.level, Level::Dotted(_))).count();
    let printed = parsed.iter().flatten().filter(|r| !r.printed.is_empty()).count();
    let total = parsed.iter().filter(|rows| rows.iter().any(|r| r.total)).count();
    let few = sheets < FEW;
    if few {
        // The words above the labels, the measures, the codes and the total say more.
        let measured = columns.of(Use::Measure).next().is_some();
        share = if measured { 0.85 } else { 0.6 };
    }
    share += match captioned {
        Some(true) => -0.3,
        // Under "Nội dung chi" offices list their own as well.
        Some(false) if !few && share < HARDLY_COMMON => 0.1,
        Some(false) => 0.25,
        None => 0.0,
    };
    if 4 * dotted >= rows || 2 * printed >= rows {
        share += 0.25;
    }
    if 2 * total >= sheets && dotted == 0 && printed == 0 {
        share -= if few { 0.2 } else { 0.1 };
    }
    // Rows that come and go say that they are the offices' own.
    let lengths: HashSet<usize> = parsed.iter().map(|r| counted(r)).collect();
    if !few && lengths.len() * 3 >= sheets.min(9) && share < 0.95 {
        share -= 0.1;
    }
    share >= 0.75
}

/// Lines that the form prints.
fn fixed(parsed: Vec<Vec<ParsedRow>>, newest: &[bool]) -> Lines {
    let sheets = parsed.iter().filter(|r| !r.is_empty()).count().max(1);
    let mut seen: HashMap<(String, usize), usize> = HashMap::default();
    for rows in &parsed {
        for name in named(rows) {
            *seen.entry(name).or_default() += 1;
        }
    }
    let least = if sheets >= 4 { (SEEN * sheets as f64).max(2.5) } else { 1.0 };
    let names: Vec<HashSet<(String, usize)>> = parsed.iter().map(|rows| named(rows).into_iter().collect()).collect();
    let is_new = |name: &(String, usize)| versions::is_new(newest, |nth| names[nth].contains(name));
    let is_common = |name: &(String, usize)| seen[name] as f64 >= least || is_new(name);
    // The sheet with the most of the common lines in its order stands for the form; the others add what it lacks.
    let mut order: Vec<usize> = (0..parsed.len()).collect();
    let weight = |at: &usize| named(&parsed[*at]).iter().filter(|n| is_common(n)).map(|n| seen[n]).sum::<usize>();
    order.sort_by_key(|at| std::cmp::Reverse(weight(at)));
    let mut known: Vec<(String, usize)> = Vec::new();
    let mut samples: Vec<(usize, usize)> = Vec::new();
    for sheet in order.iter().copied().take(50) {
        let names = named(&parsed[sheet]);
        for (row, name) in names.iter().enumerate() {
            if known.contains(name) || !is_common(name) || known.len() >= MOST_LINES {
                continue;
            }
            let behind = names[..row].iter().rev().find_map(|n| known.iter().position(|k| k == n)).map_or(0, |k| k + 1);
            known.insert(behind, name.clone());
            samples.insert(behind, (sheet, row));
        }
    }
    let mut lines: Vec<LearnedLine> = samples
        .iter()
        .zip(&known)
        .map(|((sheet, row), name)| {
            let own = &parsed[*sheet][*row];
            LearnedLine {
                id: String::new(),
                code: own.code.clone(),
                label: own.label.clone(),
                others: Vec::new(),
                key: own.key.clone(),
                measure: own.measure.clone(),
                parent: None,
                part: own.part,
                total: own.total,
                heading: true,
                seen: seen[name],
                printed: numbering::in_label(&own.label),
                codes: BTreeMap::new(),
                kind: Kind::Open,
                decimals: 0,
                signed: false,
                over: false,
                exact: false,
                in_force: InForce::default(),
                ground: KindGround::None,
            }
        })
        .collect();
    let printed: Vec<String> = samples.iter().map(|(s, r)| parsed[*s][*r].printed.clone()).collect();
    let place: HashMap<&(String, usize), usize> = known.iter().zip(0..).collect();
    for (at, (sheet, row)) in samples.iter().enumerate() {
        let names = named(&parsed[*sheet]);
        let parent = parsed[*sheet][*row].parent.and_then(|p| place.get(&names[p]).copied());
        lines[at].parent = parent.filter(|p| *p != at);
    }
    name(&mut lines, &printed);
    let rows = parsed.into_iter().map(|rows| {
        let places = assign(&rows, &known, &lines, &printed);
        rows.into_iter().zip(places).collect::<Vec<_>>()
    });
    let rows: Vec<Vec<(ParsedRow, Place)>> = rows.collect();
    for (row, place) in rows.iter().flatten() {
        if let Place::Line(at) = place {
            let line = &mut lines[*at];
            line.heading &= row.figures == 0;
            if row.label != line.label
                && !line.others.contains(&row.label)
                && line.others.len() < 8
                && row.key != line.key
            {
                line.others.push(row.label.clone());
            }
            if line.measure.is_empty() {
                line.measure.clone_from(&row.measure);
            }
        }
    }
    if sheets < FEW {
        // What one or two offices left blank is a heading only where it could be one.
        let divided: HashSet<usize> = lines.iter().filter_map(|l| l.parent).collect();
        let measured = lines.iter().any(|l| !l.measure.is_empty());
        let blank = lines.iter().all(|l| l.heading);
        for (at, line) in lines.iter_mut().enumerate() {
            line.heading &= line.measure.is_empty() && divided.contains(&at) && (measured || !blank);
        }
    }
    Lines { body: Body::Fixed(lines), rows }
}

/// Ids of lines: printed codes where they tell the lines apart, else the code of the line above and a number.
fn name(lines: &mut [LearnedLine], printed: &[String]) {
    let unique = |codes: &[&str]| codes.iter().collect::<HashSet<_>>().len() == codes.len();
    let own: Vec<&str> = printed.iter().map(String::as_str).filter(|c| !c.is_empty()).collect();
    let by_printed = 2 * own.len() > lines.len() && unique(&own);
    let mut taken: HashSet<String> = HashSet::default();
    let mut counts: HashMap<String, usize> = HashMap::default();
    let mut codes: HashMap<String, usize> = HashMap::default();
    lines.iter().for_each(|l| *codes.entry(l.code.trim_end_matches('.').to_owned()).or_default() += 1);
    for at in 0..lines.len() {
        let mut code = lines[at].code.trim_end_matches('.').to_owned();
        let numbered = !matches!(level(&code), Level::Plain | Level::Bullet(_));
        // "1" under I and under II: the code of the line above tells them apart.
        let again = codes.get(&code).is_some_and(|n| *n > 1);
        if let Some(parent) = lines[at].parent.filter(|p| again && numbered && *p < at) {
            code = format!("{}.{code}", lines[parent].id);
        }
        let wanted = if by_printed && !printed[at].is_empty() {
            printed[at].clone()
        } else if numbered && !by_printed {
            code
        } else {
            String::new()
        };
        let mut id = wanted;
        if id.is_empty() || taken.contains(&id) {
            let above = lines[at].parent.map(|p| lines[p].id.clone()).unwrap_or_default();
            let base = match (id.is_empty(), above.is_empty()) {
                (_, false) => above,
                (false, true) => id.clone(),
                (true, true) => "d".to_owned(),
            };
            loop {
                let next = counts.entry(base.clone()).or_default();
                *next += 1;
                let separator = if base == "d" { "" } else { "." };
                id = format!("{base}{separator}{}{next}", if separator.is_empty() { "" } else { "d" });
                if !taken.contains(&id) {
                    break;
                }
            }
        }
        taken.insert(id.clone());
        lines[at].id = id;
    }
}

/// Which line each row of a sheet is: by its words, else by its code where the words are alike, else by words alone.
fn assign(rows: &[ParsedRow], known: &[(String, usize)], lines: &[LearnedLine], printed: &[String]) -> Vec<Place> {
    let names = named(rows);
    let place: HashMap<&(String, usize), usize> = known.iter().zip(0..).collect();
    let mut places: Vec<Option<usize>> = names.iter().map(|n| place.get(n).copied()).collect();
    let mut taken: HashSet<usize> = places.iter().flatten().copied().collect();
    let mut tries = MOST_TRIES;
    for at in 0..rows.len() {
        if tries == 0 {
            break;
        }
        if places[at].is_some() || rows[at].key.is_empty() && rows[at].printed.is_empty() {
            continue;
        }
        let row = &rows[at];
        let free = || (0..lines.len()).filter(|l| !taken.contains(l));
        let coded = free().find(|l| {
            let own = !row.printed.is_empty() && row.printed == printed[*l];
            let code =
                !row.code.is_empty() && row.code == lines[*l].code && !matches!(level(&row.code), Level::Bullet(_));
            (own && similarity(&row.key, &lines[*l].key) >= 0.4)
                || (code && similarity(&row.key, &lines[*l].key) >= 0.6)
        });
        let alike = || {
            let near = free().map(|l| (similarity(&row.key, &lines[l].key), l)).filter(|(s, _)| *s >= 0.85);
            near.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|(_, l)| l)
        };
        tries -= 1;
        places[at] = coded.or_else(alike);
        taken.extend(places[at]);
    }
    places.into_iter().map(|p| p.map_or(Place::Aside, Place::Line)).collect()
}

/// Lines of the offices' own, under sections of the form.
fn open(parsed: Vec<Vec<ParsedRow>>, lexis: &Lexis) -> Lines {
    let sheets = parsed.iter().filter(|r| !r.is_empty()).count().max(1);
    // A section is a row with numbered rows under it; the form's where most sheets have it under the same words.
    let mut seen: HashMap<(String, String), usize> = HashMap::default();
    for rows in &parsed {
        let own: HashSet<(String, String)> = (0..rows.len())
            .filter(|at| opens_section(rows, *at))
            .map(|at| (rows[at].code.clone(), rows[at].key.clone()))
            .collect();
        own.into_iter().for_each(|name| *seen.entry(name).or_default() += 1);
    }
    let common: HashSet<&(String, String)> =
        seen.iter().filter(|(_, n)| **n as f64 >= COMMON * 0.75 * sheets as f64).map(|(name, _)| name).collect();
    let mut sections: Vec<LearnedSection> = Vec::new();
    for rows in &parsed {
        let mut last: Option<usize> = None;
        for row in rows {
            let name = (row.code.clone(), row.key.clone());
            if !common.contains(&name) {
                continue;
            }
            if let Some(at) = sections.iter().position(|s| s.key == row.key && s.code == row.code) {
                last = Some(at);
                continue;
            }
            let parent =
                row.parent.and_then(|p| sections.iter().position(|s| s.key == rows[p].key && s.code == rows[p].code));
            let behind = last.map_or(0, |l| l + 1);
            for section in &mut sections {
                section.parent = section.parent.map(|p| if p >= behind { p + 1 } else { p });
            }
            let parent = parent.map(|p| if p >= behind { p + 1 } else { p });
            sections.insert(
                behind,
                LearnedSection {
                    code: row.code.clone(),
                    label: row.label.clone(),
                    key: row.key.clone(),
                    parent,
                    seen: seen[&name],
                },
            );
            last = Some(behind);
        }
    }
    unique_codes(&mut sections);
    let with_total = parsed.iter().filter(|rows| rows.iter().any(|r| r.total)).count();
    let rows = parsed.into_iter().map(|rows| {
        let places = places(&rows, &sections, lexis);
        rows.into_iter().zip(places).collect::<Vec<_>>()
    });
    let rows = rows.collect();
    Lines { body: Body::Open { total: 3 * with_total >= sheets, sections }, rows }
}

/// Whether numbered rows stand under a row, by their codes, or because they begin anew behind a row of words.
fn opens_section(rows: &[ParsedRow], at: usize) -> bool {
    let numbered = |r: &ParsedRow| !matches!(r.level, Level::Plain | Level::Bullet(_));
    if rows.iter().any(|r| r.parent == Some(at) && !r.part && numbered(r)) {
        return true;
    }
    let own = &rows[at];
    let bare = own.code.is_empty() && own.printed.is_empty() && own.level == Level::Plain && !own.total && !own.part;
    let first = rows.get(at + 1).is_some_and(|r| r.level == Level::Number && r.code.trim_start_matches('0') == "1");
    bare && first && (own.figures == 0 || rows[..at].iter().any(|r| r.level == Level::Number))
}

/// What the rows of one sheet are.
fn places(rows: &[ParsedRow], sections: &[LearnedSection], lexis: &Lexis) -> Vec<Place> {
    let section_of = |row: &ParsedRow| sections.iter().position(|s| s.key == row.key && is_code_of(s, &row.code));
    // Of several totals the last is of all, or the first where it stands above everything.
    let totals: Vec<usize> = (0..rows.len()).filter(|at| rows[*at].total).collect();
    let grand = match (totals.first(), totals.last()) {
        (Some(0), _) => Some(0),
        (_, last) if sections.is_empty() => totals.first().or(last).copied(),
        (_, last) => last.copied(),
    };
    let mut inside: Option<usize> = None;
    let mut ended: Vec<(usize, usize)> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if let Some(section) = section_of(row) {
            inside = Some(section);
        } else if Some(at) != grand
            && row.figures > 0
            && !sections.is_empty()
            && ends_section(row, sections, inside, lexis)
        {
            ended.extend(named_section(row, sections, lexis).or(inside).map(|section| (at, section)));
        }
    }
    let place = |at: usize| {
        let row = &rows[at];
        if Some(at) == grand {
            return Place::Total;
        }
        if let Some((_, section)) = ended.iter().find(|(end, _)| *end == at) {
            let headed = rows.iter().any(|r| section_of(r) == Some(*section) && r.figures > 0);
            let first = ended.iter().find(|(_, s)| s == section).is_some_and(|(end, _)| *end == at);
            return if headed || !first { Place::Aside } else { Place::Section(*section) };
        }
        match section_of(row) {
            _ if row.total => Place::Aside,
            Some(section) if row.figures == 0 && ended.iter().any(|(_, s)| *s == section) => Place::Heading(section),
            Some(section) => Place::Section(section),
            None if opens_section(rows, at) || row.part || row.figures == 0 && row.code.is_empty() => Place::Aside,
            None => Place::Own,
        }
    };
    (0..rows.len()).map(place).collect()
}

/// "Cộng", "Cộng A", "Tổng mục I" below the lines of a section.
fn ends_section(row: &ParsedRow, sections: &[LearnedSection], inside: Option<usize>, lexis: &Lexis) -> bool {
    let bare = row.code.is_empty() && row.printed.is_empty();
    bare && inside.is_some() && (row.total || named_section(row, sections, lexis).is_some())
}

/// The section that a subtotal's words name: "Cộng A", "Cộng khối mầm non".
fn named_section(row: &ParsedRow, sections: &[LearnedSection], lexis: &Lexis) -> Option<usize> {
    if !names_total(row, lexis) {
        return None;
    }
    let rest = row.key.trim_start_matches("tong ").trim_start_matches("cong ").trim_start_matches("so ");
    let rest = ["muc ", "phan "].iter().find_map(|w| rest.strip_prefix(w)).unwrap_or(rest);
    let named = |s: &LearnedSection| !rest.is_empty() && (rest == key(&s.code) || rest == s.key);
    sections.iter().position(named)
}

fn is_code_of(section: &LearnedSection, code: &str) -> bool {
    section.code == code || code.is_empty() || section.code.rsplit_once('/').is_some_and(|(_, own)| own == code)
}

/// Two sections under different ones may have the same code: the code of the one above tells them apart.
fn unique_codes(sections: &mut [LearnedSection]) {
    let mut taken: HashSet<String> = HashSet::default();
    for at in 0..sections.len() {
        if sections[at].code.is_empty() {
            sections[at].code.clone_from(&sections[at].label);
        }
        let own = sections[at].code.clone();
        let mut code = own.clone();
        if taken.contains(&code)
            && let Some(parent) = sections[at].parent
        {
            code = format!("{}/{own}", sections[parent].code);
        }
        while taken.contains(&code) {
            code.push('\'');
        }
        taken.insert(code.clone());
        sections[at].code = code;
    }
}
