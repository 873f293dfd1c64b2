//! The lines of a form by consensus: what most returns have is the form's, what varies is the office's own; sections are
//! a tree, whether their codes stand in a cell, in the label, or nowhere.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::columns::{Columns, Use};
use super::family::{Family, Sighting};
use super::printed::{self, Side};
use super::rows::{self, Level, ParsedRow, RowText, level};
use super::versions;
use super::words::Lexis;
use crate::model::form::InForce;
use crate::model::{Kind, KindGround};
use crate::normalise::text::{key, similarity};

/// Lines of a form; more are a list of something.
pub const MOST_LINES: usize = 1_500;
/// Sheets whose lines are looked at; more have no others.
const MOST_SHEETS: usize = 50;
/// Other wordings of a line that are kept.
const MOST_WORDINGS: usize = 8;
/// Rows of a sheet whose words are no line's that are compared with every line.
const MOST_TRIES: usize = 80;
/// From this share of the sheets on a line is the form's.
const COMMON: f64 = 0.8;
/// Where fewer of the rows are common, the captions above them do not make them the form's.
const HARDLY_COMMON: f64 = 0.6;
/// From this share on a line of a form with printed lines is the form's, though most offices leave it out.
const SEEN: f64 = 0.2;
/// Fewer sheets say little of what is printed and what an office wrote.
pub const FEW: usize = 3;

#[derive(Debug, Clone, Default)]
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
}

impl LearnedSection {
    fn is(&self, row: &ParsedRow) -> bool {
        *self.key == *row.text.key && *self.code == *row.text.code
    }
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
pub fn lines(family: &Family, sightings: &[Sighting], columns: &Columns, newest: &[bool], lexis: &Lexis) -> Lines {
    let parsed = rows::rows(family, sightings, columns, lexis);
    let labelled = columns.of(Use::Label).next().is_some() || columns.of(Use::Ordinal).next().is_some();
    if !labelled || is_fixed(&parsed, columns, lexis) { fixed(parsed, newest) } else { open(parsed, lexis) }
}

/// What names a row: its words, and which of several with the same it is.
type Name = (usize, usize);

fn named(rows: &[ParsedRow]) -> Vec<Name> {
    let mut met: HashMap<usize, usize> = HashMap::default();
    let name = |row: &ParsedRow| {
        let again = met.entry(row.text.name).or_default();
        *again += 1;
        (row.text.name, *again - 1)
    };
    rows.iter().map(name).collect()
}

/// Whether the lines are printed: the same on nearly all sheets, or headed, or numbered as indicators are.
fn is_fixed(parsed: &[Vec<ParsedRow>], columns: &Columns, lexis: &Lexis) -> bool {
    let mut seen: HashMap<Name, usize> = HashMap::default();
    let all: Vec<Name> = parsed.iter().flat_map(|rows| named(rows)).collect();
    all.iter().for_each(|name| *seen.entry(*name).or_default() += 1);
    let sheets = parsed.iter().filter(|r| !r.is_empty()).count().max(1);
    let common = |name: &Name| seen[name] as f64 >= 0.85 * sheets as f64;
    let counted = |rows: &[ParsedRow]| rows.iter().filter(|r| !r.total).count();
    let rows: usize = parsed.iter().map(|r| counted(r)).sum();
    let stable = all.iter().filter(|n| common(n)).count();
    let mut share = stable as f64 / all.len().max(1) as f64;
    let captions = columns.of(Use::Label).map(|at| columns.list[at].path.last().map(|p| key(p)).unwrap_or_default());
    let captioned = captions.filter_map(|caption| lexis.lists(&caption)).next();
    let dotted = parsed.iter().flatten().filter(|r| matches!(r.text.level, Level::Dotted(_))).count();
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
    let names: Vec<Vec<Name>> = parsed.iter().map(|rows| named(rows)).collect();
    let known = common_lines(&names, sheets, newest);
    let place: HashMap<Name, usize> = known.iter().map(|(name, ..)| *name).zip(0..).collect();
    let row = |(_, sheet, row): &(Name, usize, usize)| &parsed[*sheet][*row];
    let mut lines: Vec<LearnedLine> = known.iter().map(|own| LearnedLine::of(row(own))).collect();
    for (at, own) in known.iter().enumerate() {
        let parent = row(own).parent.and_then(|p| place.get(&names[own.1][p]).copied());
        lines[at].parent = parent.filter(|p| *p != at);
    }
    let printed: Vec<Arc<str>> = known.iter().map(|own| row(own).printed.clone()).collect();
    name(&mut lines, &printed);
    let rows = parsed.into_iter().zip(&names).map(|(rows, names)| {
        let places = assign(&rows, names, &place, &lines, &printed);
        rows.into_iter().zip(places).collect::<Vec<_>>()
    });
    let rows: Vec<Vec<(ParsedRow, Place)>> = rows.collect();
    for (row, place) in rows.iter().flatten() {
        if let Place::Line(at) = place {
            lines[*at].see(row);
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

/// The lines that enough of the sheets have, or the newest, in their order, each with a sheet and a row where it stands. The
/// sheet with the most of them stands for the form; the others add what it lacks.
fn common_lines(names: &[Vec<Name>], sheets: usize, newest: &[bool]) -> Vec<(Name, usize, usize)> {
    let mut seen: HashMap<Name, usize> = HashMap::default();
    names.iter().flatten().for_each(|name| *seen.entry(*name).or_default() += 1);
    let least = if sheets >= 4 { (SEEN * sheets as f64).max(2.5) } else { 1.0 };
    let is_new = |name: &Name| versions::is_new(newest, |nth| names[nth].contains(name));
    let common: HashSet<Name> =
        seen.keys().copied().filter(|name| seen[name] as f64 >= least || is_new(name)).collect();
    let mut order: Vec<usize> = (0..names.len()).collect();
    let weight = |at: &usize| names[*at].iter().filter(|n| common.contains(n)).map(|n| seen[n]).sum::<usize>();
    order.sort_by_cached_key(|at| std::cmp::Reverse(weight(at)));
    let mut known: Vec<(Name, usize, usize)> = Vec::new();
    for sheet in order.into_iter().take(MOST_SHEETS) {
        let names = &names[sheet];
        for (row, name) in names.iter().enumerate() {
            let place = |name: &Name| known.iter().position(|(own, ..)| own == name);
            if common.contains(name) && place(name).is_none() && known.len() < MOST_LINES {
                let behind = names[..row].iter().rev().find_map(place).map_or(0, |k| k + 1);
                known.insert(behind, (*name, sheet, row));
            }
        }
    }
    known
}

impl LearnedLine {
    /// A line as it stands in a row, which has no figures as far as is known.
    fn of(row: &ParsedRow) -> Self {
        Self {
            code: row.text.code.to_string(),
            label: row.text.label.to_string(),
            key: row.text.key.to_string(),
            measure: row.measure.to_string(),
            part: row.text.part,
            total: row.total,
            heading: true,
            printed: printed::in_label(&row.text.label),
            kind: Kind::Open,
            ..Self::default()
        }
    }

    /// Takes in what another sheet's row says of it.
    fn see(&mut self, row: &ParsedRow) {
        self.heading &= row.figures == 0;
        let RowText { label, key, .. } = &*row.text;
        if **key != *self.key && self.others.len() < MOST_WORDINGS && !self.others.iter().any(|own| **own == **label) {
            self.others.push(label.to_string());
        }
        if self.measure.is_empty() {
            self.measure = row.measure.to_string();
        }
    }
}

/// Ids of lines: printed codes where they tell the lines apart, else the code of the line above and a number. Figures are
/// looked up by ids without marks and capitals: "đ" after "d" and "a" under "A" are ids of their own.
fn name(lines: &mut [LearnedLine], printed: &[Arc<str>]) {
    let unique = |codes: &[&str]| codes.iter().collect::<HashSet<_>>().len() == codes.len();
    let own: Vec<&str> = printed.iter().map(|code| &**code).filter(|c| !c.is_empty()).collect();
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
        let mut id = match by_printed {
            true => printed[at].to_string(),
            false if numbered => code,
            false => String::new(),
        };
        if id.is_empty() || taken.contains(&key(&id)) {
            let above = lines[at].parent.map(|p| lines[p].id.clone()).unwrap_or_default();
            // "II.d1" below II; "d1" below nothing.
            let base = [above, id, "d".to_owned()].into_iter().find(|base| !base.is_empty()).unwrap_or_default();
            let separator = if base == "d" { "" } else { ".d" };
            let count = counts.entry(base.clone()).or_default();
            id = loop {
                *count += 1;
                let id = format!("{base}{separator}{count}");
                if !taken.contains(&key(&id)) {
                    break id;
                }
            };
        }
        taken.insert(key(&id));
        lines[at].id = id;
    }
}

/// Which line each row of a sheet is: by its words, else by its code where the words are alike, else by words alone.
fn assign(
    rows: &[ParsedRow],
    names: &[Name],
    place: &HashMap<Name, usize>,
    lines: &[LearnedLine],
    printed: &[Arc<str>],
) -> Vec<Place> {
    let mut places: Vec<Option<usize>> = names.iter().map(|n| place.get(n).copied()).collect();
    let mut taken: HashSet<usize> = places.iter().flatten().copied().collect();
    let mut tries = MOST_TRIES;
    for at in 0..rows.len() {
        if tries == 0 {
            break;
        }
        let (row, RowText { code, key, .. }) = (&rows[at], &*rows[at].text);
        if places[at].is_some() || key.is_empty() && row.printed.is_empty() {
            continue;
        }
        let free = || (0..lines.len()).filter(|l| !taken.contains(l));
        let coded = free().find(|l| {
            let own = !row.printed.is_empty() && row.printed == printed[*l];
            let coded = !code.is_empty() && **code == *lines[*l].code && !code.starts_with(['-', '+', '*']);
            (own && similarity(key, &lines[*l].key) >= 0.4) || (coded && similarity(key, &lines[*l].key) >= 0.6)
        });
        let alike = || {
            let near = free().map(|l| (similarity(key, &lines[l].key), l)).filter(|(s, _)| *s >= 0.85);
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
    let mut seen: HashMap<(Arc<str>, Arc<str>), usize> = HashMap::default();
    for rows in &parsed {
        let own: HashSet<(Arc<str>, Arc<str>)> =
            (0..rows.len()).filter(|at| opens_section(rows, *at)).map(|at| coded(&rows[at])).collect();
        own.into_iter().for_each(|name| *seen.entry(name).or_default() += 1);
    }
    let common: HashSet<&(Arc<str>, Arc<str>)> =
        seen.iter().filter(|(_, n)| **n as f64 >= COMMON * 0.75 * sheets as f64).map(|(name, _)| name).collect();
    let mut sections: Vec<LearnedSection> = Vec::new();
    for rows in &parsed {
        let mut last: Option<usize> = None;
        for row in rows {
            let name = coded(row);
            if !common.contains(&name) {
                continue;
            }
            if let Some(at) = sections.iter().position(|s| s.is(row)) {
                last = Some(at);
                continue;
            }
            let parent = row.parent.and_then(|p| sections.iter().position(|s| s.is(&rows[p])));
            let behind = last.map_or(0, |l| l + 1);
            for section in &mut sections {
                section.parent = section.parent.map(|p| if p >= behind { p + 1 } else { p });
            }
            let parent = parent.map(|p| if p >= behind { p + 1 } else { p });
            sections.insert(
                behind,
                LearnedSection {
                    code: row.text.code.to_string(),
                    label: row.text.label.to_string(),
                    key: row.text.key.to_string(),
                    parent,
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

/// A row by its code and its words.
fn coded(row: &ParsedRow) -> (Arc<str>, Arc<str>) {
    (row.text.code.clone(), row.text.key.clone())
}

/// Whether numbered rows stand under a row, by their codes, or because they begin anew behind a row of words.
fn opens_section(rows: &[ParsedRow], at: usize) -> bool {
    if rows.iter().any(|r| r.parent == Some(at) && !r.text.part && r.is_numbered()) {
        return true;
    }
    let own = &rows[at];
    let bare = own.is_uncoded() && own.text.level == Level::Plain && !own.total && !own.text.part;
    let is_number = |r: &ParsedRow| r.text.level == Level::Number;
    let first = rows.get(at + 1).is_some_and(|r| is_number(r) && r.text.code.trim_start_matches('0') == "1");
    bare && first && (own.figures == 0 || rows[..at].iter().any(is_number))
}

/// What the rows of one sheet are.
fn places(rows: &[ParsedRow], sections: &[LearnedSection], lexis: &Lexis) -> Vec<Place> {
    let section_of =
        |row: &ParsedRow| sections.iter().position(|s| *s.key == *row.text.key && is_code_of(s, &row.text.code));
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
            None if opens_section(rows, at) || row.text.part => Place::Aside,
            None if row.figures == 0 && row.text.code.is_empty() => Place::Aside,
            None => Place::Own,
        }
    };
    (0..rows.len()).map(place).collect()
}

/// "Cộng", "Cộng A", "Tổng mục I" below the lines of a section.
fn ends_section(row: &ParsedRow, sections: &[LearnedSection], inside: Option<usize>, lexis: &Lexis) -> bool {
    row.is_uncoded() && inside.is_some() && (row.total || named_section(row, sections, lexis).is_some())
}

/// The section that a subtotal's words name: "Cộng A", "Cộng khối mầm non".
fn named_section(row: &ParsedRow, sections: &[LearnedSection], lexis: &Lexis) -> Option<usize> {
    if !row.text.names_total(lexis) {
        return None;
    }
    let rest = row.text.key.trim_start_matches("tong ").trim_start_matches("cong ").trim_start_matches("so ");
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
