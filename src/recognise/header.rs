//! Finds the header blocks of a sheet: their rows, and for every column the captions above it and its printed number.

use std::sync::Arc;

use super::blocks::{self, Block};
use super::lexicon::Lexicon;
use super::page::{Page, PageCell, PageRow, Text};
use crate::model::Area;
use crate::normalise::code::roman;
use crate::normalise::text::{expand, place_of, similarity, squeeze};

/// The header of one table.
#[derive(Debug, Clone)]
pub struct Header {
    pub area: Area,
    pub columns: Vec<HeaderColumn>,
    /// Columns that the numbering row gives letters, and counts from 1 behind: `A B 1 2`.
    pub lettered: u32,
    /// It stands for a title row further down, whose rows share the captions above.
    pub borrowed: bool,
    /// It is one of several blocks of the same columns side by side.
    pub block: Option<Block>,
}

/// One sheet column under a header.
#[derive(Debug, Clone, Default)]
pub struct HeaderColumn {
    pub column: u32,
    /// Keys of the captions above it, from the widest group to its own.
    pub path: Vec<Arc<str>>,
    /// The number printed in the numbering row.
    pub number: Option<u32>,
    /// Its own caption speaks of another period than the one reported.
    pub other_period: bool,
    /// Its own caption is that of units of measure.
    pub is_measure: bool,
}

#[derive(Debug, PartialEq, Clone, Copy)]
enum Sort {
    Captions,
    /// Nothing but captions, though fewer than two.
    Continued,
    Numbering,
    Other,
}

/// Rows of one header at most: the tallest seen has seven.
const TALLEST: usize = 40;
/// Columns of one header at most: the widest seen has 60.
const WIDEST: u32 = 2_000;
/// "số thứ tự", wrapped.
const LONGEST_ORDINAL: usize = 16;
/// A caption may differ from the known wording by a slip of the fingers, not by more.
const CAPTION_LIKENESS: f64 = 0.86;

/// All headers of a sheet, top to bottom, left to right.
pub fn headers(page: &Page<'_>, lexicon: &Lexicon) -> Vec<Header> {
    let mut sorts: Vec<Sort> = Vec::with_capacity(page.rows.len());
    // The column of the labels in the header being read: the one behind STT.
    let mut labels = None;
    for row in &page.rows {
        let above = sorts.last().copied();
        if above == Some(Sort::Other) || above == Some(Sort::Numbering) {
            labels = None;
        }
        let in_header = above.is_some_and(|s| matches!(s, Sort::Captions | Sort::Continued));
        let own = sort(row, in_header, labels, lexicon);
        if own == Sort::Captions && labels.is_none() {
            labels = row.cells.iter().filter(|c| !c.key.is_empty()).nth(1).map(|c| c.column);
        }
        sorts.push(own);
    }
    let mut found = Vec::new();
    let mut i = 0;
    while i < page.rows.len() {
        let starts = sorts[i] == Sort::Captions || (sorts[i] == Sort::Numbering && prints_identities(&page.rows[i]));
        if !starts {
            i += 1;
            continue;
        }
        let mut end = i;
        while sorts[end] != Sort::Numbering
            && end + 1 < page.rows.len()
            && end + 1 < i + TALLEST
            && sorts[end + 1] != Sort::Other
            && page.rows[end + 1].row <= page.rows[end].row + 2
        {
            end += 1;
        }
        let above = i.checked_sub(1).filter(|above| {
            sorts[*above] == Sort::Other
                && page.rows[*above].row + 2 >= page.rows[i].row
                && blocks::names_blocks(&page.rows[*above], &page.rows[i], lexicon)
        });
        found.extend(split(page, lexicon, above.unwrap_or(i), end, sorts[end] == Sort::Numbering));
        i = end + 1;
    }
    found
}

/// A misspelled caption is looked for only next to known ones: comparing every text with every caption is slow.
fn sort(row: &PageRow, in_header: bool, labels: Option<u32>, lexicon: &Lexicon) -> Sort {
    if numbering(row).is_some() {
        return Sort::Numbering;
    }
    if !in_header && !row.cells.iter().any(|c| is_known_caption(c, lexicon)) {
        return Sort::Other;
    }
    let filled = row.cells.iter().filter(|c| !c.key.is_empty() || c.number.is_some());
    let all = filled.clone().count();
    let hits = filled.filter(|c| is_caption(c, lexicon)).count();
    match hits {
        _ if states_figures(row, lexicon) => Sort::Other,
        _ if hits >= 2 && hits * 2 >= all => Sort::Captions,
        _ if hits > 0 && hits == all => Sort::Continued,
        _ if opens_header(row, lexicon) => Sort::Captions,
        _ if in_header && labels.is_some_and(|c| goes_below(row, c, lexicon)) => Sort::Continued,
        _ => Sort::Other,
    }
}

fn is_known_caption(seen: &Text, lexicon: &Lexicon) -> bool {
    let known = || lexicon.captions.contains(&*seen.key) || lexicon.ordinals.contains(&*squeeze(&seen.key));
    !seen.key.is_empty() && *seen.facts.known_caption.get_or_init(known)
}

/// Whether a text is a caption of a form, or one but for a slip.
pub fn is_caption(seen: &Text, lexicon: &Lexicon) -> bool {
    if seen.key.is_empty() || seen.key.len() > 240 {
        return false;
    }
    let alike = || is_like_caption(&seen.key, lexicon);
    *seen.facts.caption.get_or_init(alike)
}

fn is_like_caption(key: &str, lexicon: &Lexicon) -> bool {
    let alike = |c: &String| {
        let longest = c.len().max(key.len());
        let least = CAPTION_LIKENESS.min(1.0 - 1.05 / longest as f64);
        longest > 4 && similarity(c, key) >= least
    };
    let squeezed = squeeze(key);
    (key.len() < 40 && speaks_of_other_period(key, lexicon))
        || lexicon.captions.contains(key)
        || lexicon.ordinals.contains(&*squeezed)
        || lexicon.captions_near(key.len(), 2).any(alike)
}

/// Whether a caption is of last period, of the year so far, of a plan.
fn speaks_of_other_period(key: &str, lexicon: &Lexicon) -> bool {
    let speaks = || speaks_of(key, &lexicon.other_period);
    lexicon.other_periods.get(key, speaks)
}

/// Whether a key holds one of the phrases as whole words.
pub fn speaks_of(key: &str, phrases: &[String]) -> bool {
    phrases.iter().any(|p| place_of(p, key).is_some())
}

/// Whether a text is STT's caption.
pub fn is_ordinal(seen: &Text, lexicon: &Lexicon) -> bool {
    let known = || is_ordinal_key(&seen.key, lexicon);
    *seen.facts.ordinal.get_or_init(known)
}

fn is_ordinal_key(key: &str, lexicon: &Lexicon) -> bool {
    // STT is a short word; most cells are none.
    key.len() <= LONGEST_ORDINAL && lexicon.ordinals.contains(&*squeeze(key))
}

fn prints_identities(row: &PageRow) -> bool {
    row.cells.iter().filter(|c| c.text.contains('=') && c.text.contains('+')).count() >= 1
}

/// One header, or several side by side: a second STT starts another table.
fn split(page: &Page<'_>, lexicon: &Lexicon, first: usize, last: usize, numbered: bool) -> Vec<Header> {
    let rows = &page.rows[first..=last];
    let (captions, number_row) = if numbered { (&rows[..rows.len() - 1], rows.last()) } else { (rows, None) };
    let left = rows.iter().filter_map(|r| r.cells.first()).map(|c| c.column).min().unwrap_or(0);
    let mut right = rows.iter().filter_map(|r| r.cells.last()).map(|c| c.column).max().unwrap_or(0);
    for row in captions {
        for cell in &row.cells {
            right = right.max(page.sheet.area(row.row, cell.column).map_or(0, |a| a.right.min(cell.column + 60)));
        }
    }
    let Numbering { numbers, letters } = number_row.and_then(numbering).unwrap_or_default();
    let from_one = numbers.first().is_some_and(|(_, first)| *first == 1);
    let right = right.min(left.saturating_add(WIDEST));
    let above: Vec<CaptionRow<'_>> = captions.iter().map(CaptionRow::new).collect();
    let mut columns: Vec<HeaderColumn> = (left..=right)
        .map(|column| {
            let path = path(page, &above, column, left);
            let path: Vec<Arc<str>> = path.into_iter().map(|key| written_out(key, lexicon)).collect();
            let at = numbers.binary_search_by_key(&column, |(c, _)| *c);
            let number = at.ok().map(|at| &numbers[at]);
            HeaderColumn {
                column,
                other_period: path.last().is_some_and(|own| speaks_of_other_period(own, lexicon)),
                is_measure: path.last().is_some_and(|own| lexicon.measures.contains(&**own)),
                number: number.map(|(_, n)| *n),
                path,
            }
        })
        .filter(|c| !c.path.is_empty() || c.number.is_some())
        .collect();
    let is_ordinal = |c: &HeaderColumn| c.path.len() == 1 && is_ordinal_key(&c.path[0], lexicon);
    let mut starts: Vec<usize> = (0..columns.len()).filter(|&i| is_ordinal(&columns[i])).collect();
    if starts.first() != Some(&0) {
        starts.insert(0, 0);
    }
    // An STT right beside another one is a repeated caption, not a table.
    starts.dedup_by(|b, a| *b - *a < 3);
    let mut found: Vec<Header> = Vec::with_capacity(starts.len());
    for start in starts.into_iter().rev() {
        let own = columns.split_off(start);
        if own.len() < 2 {
            continue;
        }
        found.push(Header {
            area: Area {
                top: rows[0].row,
                left: own[0].column,
                bottom: bottom(page, rows),
                right: own.last().map_or(left, |c| c.column),
            },
            columns: own,
            lettered: if from_one { letters } else { 0 },
            borrowed: false,
            block: None,
        });
    }
    found.reverse();
    found.into_iter().flat_map(|header| blocks::split(header, page, lexicon)).collect()
}

/// A caption with its abbreviations written out, unless a form has it just so: "HS đã GQ".
fn written_out(caption: Arc<str>, lexicon: &Lexicon) -> Arc<str> {
    if lexicon.captions.contains(&*caption) {
        return caption;
    }
    let long = expand(&caption, &lexicon.abbreviations);
    if long == *caption { caption } else { long.into() }
}

/// The last row of the header: merged captions may reach below the last row that holds text.
fn bottom(page: &Page<'_>, rows: &[PageRow]) -> u32 {
    let last = rows.last().map_or(0, |r| r.row);
    let reach = rows
        .iter()
        .flat_map(|r| r.cells.iter().filter_map(|c| page.sheet.area(r.row, c.column)))
        .map(|a| a.bottom)
        .max();
    // A merge that reaches far below is a mistake of the sender's, not a header.
    reach.filter(|r| *r > last && *r <= last + 3).filter(|r| page.between(last + 1, r + 1).is_empty()).unwrap_or(last)
}

/// A row of captions, what is empty left out.
struct CaptionRow<'p> {
    row: u32,
    cells: Vec<(u32, &'p Arc<str>)>,
}

impl<'p> CaptionRow<'p> {
    fn new(row: &'p PageRow) -> Self {
        let filled = row.cells.iter().filter(|c| !c.key.is_empty());
        Self { row: row.row, cells: filled.map(|c| (c.column, &c.key)).collect() }
    }

    fn get(&self, column: u32) -> Option<&'p Arc<str>> {
        let at = self.cells.binary_search_by_key(&column, |(c, _)| *c).ok()?;
        Some(self.cells[at].1)
    }

    /// The nearest caption further left.
    fn left_of(&self, column: u32, left: u32) -> Option<(u32, &'p Arc<str>)> {
        let behind = self.cells.partition_point(|(c, _)| *c < column);
        self.cells[..behind].last().copied().filter(|(c, _)| *c >= left)
    }
}

/// The captions above a column: through merged areas, and where an office did not merge, from the caption to the left.
fn path(page: &Page<'_>, rows: &[CaptionRow<'_>], column: u32, left: u32) -> Vec<Arc<str>> {
    let mut path: Vec<Arc<str>> = Vec::new();
    let last = |column: u32| rows.iter().rposition(|r| r.get(column).is_some());
    let lowest = last(column);
    for (i, row) in rows.iter().enumerate() {
        let caption = match page.sheet.area(row.row, column) {
            Some(area) => page.row(area.top).and_then(|r| r.get(area.left)).map(|c| &c.key),
            None => row.get(column).or_else(|| {
                let below = lowest.is_some_and(|lowest| lowest > i);
                let (group, caption) = below.then(|| row.left_of(column, left)).flatten()?;
                // It spans this column too, if it has captions of its own below it.
                let merged = page.sheet.area(row.row, group).is_some();
                let has_own = last(group).is_some_and(|lowest| lowest > i);
                (!merged && has_own).then_some(caption)
            }),
        };
        if let Some(caption) = caption.filter(|c| !c.is_empty())
            && path.last().is_none_or(|last| last != caption)
        {
            path.push(caption.clone());
        }
    }
    path
}

/// What a text in a numbering row prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Printed {
    Nothing,
    Letter,
    Number {
        number: u32,
        bracketed: bool,
    },
    /// Something that no numbering row has.
    Words,
}

fn printed(seen: &Text) -> Printed {
    // "Cột 3" numbers a column as "(3)" does.
    let text = if seen.key.starts_with("cot ") {
        seen.text.split_once(' ').map_or("", |(_, number)| number)
    } else {
        &*seen.text
    };
    let text: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '¹' | '²' | '³' | '*')).collect();
    if text.is_empty() {
        return Printed::Nothing;
    }
    let (own, is_identity) = text.split_once('=').map_or((&*text, false), |(own, _)| (own, true));
    let bare = own.trim_matches(['(', ')', '[', ']']);
    if bare.len() == 1 && bare.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Printed::Letter;
    }
    let bracketed = is_identity || own.starts_with(['(', '[']);
    bare.parse().map_or(Printed::Words, |number| Printed::Number { number, bracketed })
}

/// What a numbering row prints: each column's number, and how many columns before them have letters.
#[derive(Debug, Default)]
pub struct Numbering {
    pub numbers: Vec<(u32, u32)>,
    pub letters: u32,
}

/// The numbers of a numbering row by column: `(1) (2) (3)=(4)+(5)+(6)`, `1 2 3`, `A B 1 2`, `I II III`. A bracketed row
/// may have gaps, where a column was taken out; over several blocks of the same columns the numbers begin anew.
pub fn numbering(row: &PageRow) -> Option<Numbering> {
    let print = |c: &PageCell| *c.facts.printed.get_or_init(|| printed(c));
    if row.cells.iter().any(|c| print(c) == Printed::Words) {
        return romans(row);
    }
    let mut numbers: Vec<(u32, u32)> = Vec::with_capacity(row.cells.len());
    let (mut letters, mut bracketed) = (0, 0);
    for cell in &row.cells {
        if let Some(x) = cell.number {
            numbers.push((cell.column, whole(x)?));
            continue;
        }
        match print(cell) {
            Printed::Nothing => {}
            Printed::Letter if numbers.is_empty() => letters += 1,
            Printed::Number { number, bracketed: b } => {
                bracketed += usize::from(b);
                numbers.push((cell.column, number));
            }
            Printed::Letter | Printed::Words => return romans(row),
        }
    }
    // A mark far right of the table is no part of the row.
    let strays = numbers.len() > 4
        && numbers
            .last()
            .zip(numbers.iter().nth_back(1))
            .is_some_and(|(last, before)| last.0 > before.0 + 2 && last.1 != before.1 + 1);
    numbers.truncate(numbers.len() - usize::from(strays));
    // A bracketed (3) in a cell of its own may have been taken for −3.
    let all_bracketed = bracketed * 2 > numbers.len();
    let first = numbers.first()?.1;
    // 1 under STT and 2 under the label: no row of figures has a number for a label.
    let labelled = letters > 0 || (numbers.len() > 3 && first == 1 && numbers[1] == (numbers[0].0 + 1, 2));
    // Numbers that went with their columns into another order stand in brackets, each once.
    let moved = || {
        let mut sorted: Vec<u32> = numbers.iter().map(|(_, n)| *n).collect();
        sorted.sort_unstable();
        bracketed == numbers.len() && numbers.len() > 4 && sorted.windows(2).all(|w| w[1] == w[0] + 1)
    };
    let rises = numbers.windows(2).enumerate().all(|(at, w)| {
        let step = i64::from(w[1].1) - i64::from(w[0].1);
        // At a further block the numbers begin anew, with one that came before.
        let anew = || (all_bracketed || labelled) && numbers[..at].iter().any(|(_, n)| *n == w[1].1);
        step == 1 || ((all_bracketed || labelled) && (1..=4).contains(&step)) || step < 0 && at > 3 && anew()
    });
    let enough = numbers.len() + letters >= 3 && numbers.len() >= 2;
    (enough && (rises && first <= 3 || moved())).then_some(Numbering { numbers, letters: letters as u32 })
}

/// A numbering row in Roman numbers, `I II III IV`: every text is one, each one more than the one before.
fn romans(row: &PageRow) -> Option<Numbering> {
    let filled: Vec<&PageCell> = row.cells.iter().filter(|c| c.number.is_some() || !c.text.is_empty()).collect();
    if filled.len() < 4 || filled.iter().any(|c| c.number.is_some() || c.text.len() > 8) {
        return None;
    }
    let read = |c: &PageCell| roman(c.text.trim_matches(['(', ')', '[', ']', '.']));
    let numbers: Option<Vec<(u32, u32)>> = filled.iter().map(|c| Some((c.column, read(c)?))).collect();
    let numbers = numbers?;
    let counted = numbers[0].1 <= 3 && numbers.windows(2).all(|w| w[1].1 == w[0].1 + 1);
    counted.then_some(Numbering { numbers, letters: 0 })
}

fn whole(x: f64) -> Option<u32> {
    let n = x.abs();
    (n.fract() == 0.0 && n < 100.0).then_some(n as u32)
}

/// A caption in words of the office's own is no longer than this.
const LONGEST_CAPTION: usize = 160;

/// Whether a row is a line for all the captions that stand in it ("Đơn vị" as its measure, "Lũy kế" as its note): it has
/// a code or a figure, and does not begin with STT.
pub fn states_figures(row: &PageRow, lexicon: &Lexicon) -> bool {
    let first = row.cells.iter().find(|c| !c.key.is_empty() || c.number.is_some());
    let year = |x: f64| (2000.0..=2100.0).contains(&x);
    let figure = |c: &PageCell| match c.number {
        Some(x) => !year(x),
        None => c.reads(lexicon) && !c.text.parse().is_ok_and(year),
    };
    first.is_some_and(|first| !is_ordinal(first, lexicon)) && row.cells.iter().any(figure)
}

/// Whether a row begins with STT and goes on in words: captions, whoever worded them.
pub fn opens_header(row: &PageRow, lexicon: &Lexicon) -> bool {
    let mut filled = row.cells.iter().filter(|c| !c.key.is_empty());
    filled.next().is_some_and(|first| is_ordinal(first, lexicon))
        && filled.count() >= 2
        && row.cells.iter().all(|c| is_wording(c, lexicon))
}

/// Whether a row below captions holds more of them, right of the lines' labels.
pub fn goes_below(row: &PageRow, labels: u32, lexicon: &Lexicon) -> bool {
    let mut keys: Vec<&str> = row.cells.iter().filter(|c| !c.key.is_empty()).map(|c| &*c.key).collect();
    let all = keys.len();
    keys.sort_unstable();
    keys.dedup();
    // The units of measure under every caption are few words, repeated.
    all >= 2
        && keys.len() * 2 > all
        && row.cells.iter().all(|c| (c.column > labels || c.key.is_empty()) && is_wording(c, lexicon))
}

/// Whether a cell is empty or in words that are no figure.
fn is_wording(cell: &PageCell, lexicon: &Lexicon) -> bool {
    cell.number.is_none()
        && cell.text.len() < LONGEST_CAPTION
        && (cell.text.is_empty() || cell.letters > 1 && !cell.reads(lexicon))
}
