//! One table with the same columns several times over, side by side: "Kỳ trước | Kỳ này", "Năm 2023 | Năm 2024",
//! "Quý I | Quý II", or a block that was hidden. Each block becomes a header of its own; which of them is read depends on
//! what the captions over the blocks and the titles say of the period. Where nothing tells them apart none is read.
//!
//! Other tables side by side are cut apart, each into an upright strip. What stands right of a cut must have a column
//! that begins a table, and either an empty column before it or a header of its own height that no other header's
//! captions run into. A stranger's sheet may begin a table in every cell: each question is answered from what was noted
//! of a row or a column once, never by going through all beginnings again.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::header::{Header, HeaderColumn, is_ordinal, speaks_of};
use super::lexicon::Lexicon;
use super::page::{Page, PageCell, PageRow, Text};
use crate::model::{Address, Span};
use crate::normalise::period::{By, Mention, in_text};

/// A caption over a block is no longer than this.
const LONGEST_CAPTION: usize = 60;
/// Different columns that a block without a caption has at least: two alike columns are no blocks.
const NARROWEST: usize = 3;

/// One of several blocks of the same columns.
#[derive(Debug, Clone)]
pub struct Block {
    /// The place of its table: the blocks of one table have the same.
    pub table: (u32, u32),
    /// The caption over it; empty where there is none.
    pub caption: Arc<str>,
    pub at: Address,
    /// The period that the caption names.
    pub names: Option<Mention>,
    /// It speaks of another period than the one reported.
    pub is_other: bool,
    /// It speaks of the period reported.
    pub is_this: bool,
    /// All its columns are hidden.
    pub hidden: bool,
}

/// Whether a row just above a header's first one holds captions over blocks: several words for periods, none of them over
/// the column of the labels, and nothing else.
pub fn names_blocks(row: &PageRow, header: &PageRow, lexicon: &Lexicon) -> bool {
    let filled: Vec<&PageCell> = row.cells.iter().filter(|c| c.number.is_some() || !c.key.is_empty()).collect();
    let labels = header.cells.iter().filter(|c| !c.key.is_empty()).nth(1).map_or(0, |c| c.column);
    let starts = header.cells.iter().any(|c| is_ordinal(c, lexicon));
    starts && filled.len() >= 2 && filled.iter().all(|c| c.column > labels && c.speaks_of_period(lexicon))
}

impl Text {
    /// Whether a caption is about a period and nothing else is to be expected of it.
    fn speaks_of_period(&self, lexicon: &Lexicon) -> bool {
        let names = || self.period().is_some_and(|m| m.period.is_some() || m.year_missing.is_some());
        let speaks = || {
            self.text.chars().count() <= LONGEST_CAPTION
                // "Kỳ báo cáo:" is a title's.
                && !self.text.contains(':')
                && (speaks_of(&self.key, &lexicon.other_period)
                    || speaks_of(&self.key, &lexicon.this_period)
                    || may_name_period(&self.key) && names())
        };
        *self.facts.speaks_of_period.get_or_init(speaks)
    }
}

/// Whether a caption's key has a number, or a word without which no part of a year is named; most captions have neither.
fn may_name_period(key: &str) -> bool {
    let word = |w: &str| w.starts_with("quy") || matches!(w, "q" | "qi" | "qii" | "qiii" | "qiv" | "nam" | "thang");
    key.bytes().any(|b| b.is_ascii_digit()) || key.contains("ky bao cao") || key.split(' ').any(word)
}

/// A header as it is, or each of its blocks with the columns that they share.
pub fn split(header: Header, page: &Page<'_>, lexicon: &Lexicon) -> Vec<Header> {
    match by_caption(&header, page, lexicon).or_else(|| by_repetition(&header, lexicon)) {
        Some(blocks) => blocks.into_iter().map(|columns| of_block(&header, columns, page, lexicon)).collect(),
        None => vec![header],
    }
}

/// The columns of one block: those that all share, and its own with the caption that stands over them.
struct Columns {
    caption: Option<Arc<str>>,
    shared: Vec<HeaderColumn>,
    own: Vec<HeaderColumn>,
}

/// Blocks under captions that speak of periods, below which the same captions stand.
fn by_caption(header: &Header, page: &Page<'_>, lexicon: &Lexicon) -> Option<Vec<Columns>> {
    let over = |column: &HeaderColumn| {
        column.path.iter().position(|key| {
            let cell = caption_cell(header, column.column, key, page);
            cell.is_some_and(|(_, c)| c.speaks_of_period(lexicon))
                // "Từ kỳ trước" under a group of the form is a caption of its own.
                && (column.path.len() > 1 || !lexicon.captions.contains(&**key))
        })
    };
    let mut blocks: Vec<Columns> = Vec::new();
    let mut shared = Vec::new();
    for column in &header.columns {
        let Some(at) = over(column) else {
            shared.push(column.clone());
            continue;
        };
        let mut own = column.clone();
        let caption = own.path.remove(at);
        own.other_period = own.path.last().is_some_and(|key| speaks_of(key, &lexicon.other_period));
        match blocks.iter_mut().find(|b| b.caption.as_ref() == Some(&caption)) {
            Some(block) => block.own.push(own),
            None => blocks.push(Columns { caption: Some(caption), shared: Vec::new(), own: vec![own] }),
        }
    }
    // Captions that speak of a period over columns of their own ("Trong kỳ", "Từ kỳ trước") are no blocks.
    let paths = |block: &Columns| {
        let mut paths: Vec<Vec<Arc<str>>> = block.own.iter().map(|c| c.path.clone()).collect();
        paths.sort();
        paths
    };
    let first = paths(blocks.first()?);
    let alike = |block: &Columns| {
        let own = paths(block);
        let shared = own.iter().filter(|p| first.contains(p)).count();
        shared * 5 >= own.len().max(first.len()) * 4
    };
    let are_blocks = blocks.len() > 1 && blocks.iter().all(alike) && first.iter().all(|path| !path.is_empty());
    // A column outside the blocks holds no figure of theirs: else the captions are the form's own.
    let apart = shared.len() <= blocks[0].own.len().max(2) + 2;
    are_blocks.then_some(())?;
    apart.then_some(())?;
    blocks.iter_mut().for_each(|block| block.shared.clone_from(&shared));
    Some(blocks)
}

/// Blocks that nobody gave a caption: every column comes as often as every other.
fn by_repetition(header: &Header, lexicon: &Lexicon) -> Option<Vec<Columns>> {
    let is_note = |c: &HeaderColumn| c.path.last().is_some_and(|own| lexicon.notes.iter().any(|n| **n == **own));
    let mut times: BTreeMap<&[Arc<str>], usize> = BTreeMap::new();
    for column in header.columns.iter().filter(|c| !c.path.is_empty()) {
        *times.entry(&column.path).or_default() += 1;
    }
    let repeated = |c: &HeaderColumn| times.get(c.path.as_slice()).is_some_and(|n| *n > 1);
    let figures: Vec<&HeaderColumn> = header.columns.iter().filter(|c| repeated(c)).collect();
    let most = times.values().copied().max().filter(|n| *n > 1)?;
    let once = header.columns.iter().filter(|c| !repeated(c) && !is_note(c)).count();
    let all_alike = figures.iter().all(|c| times.get(c.path.as_slice()) == Some(&most));
    if !all_alike || once > 3 || figures.len() / most < NARROWEST || !figures.len().is_multiple_of(most) {
        return None;
    }
    let shared: Vec<HeaderColumn> = header.columns.iter().filter(|c| !repeated(c)).cloned().collect();
    let blocks = figures.chunks(figures.len() / most).map(|own| Columns {
        caption: None,
        shared: shared.clone(),
        own: own.iter().map(|c| (*c).clone()).collect(),
    });
    Some(blocks.collect())
}

fn of_block(header: &Header, columns: Columns, page: &Page<'_>, lexicon: &Lexicon) -> Header {
    let hidden = |c: &HeaderColumn| page.sheet.hidden_columns.binary_search(&c.column).is_ok();
    let first = columns.own.first().map_or(header.area.left, |c| c.column);
    let cell = columns.caption.as_ref().and_then(|key| caption_cell(header, first, key, page));
    let (at, text) = cell.map_or((Address::new(header.area.top, first), Arc::default()), |(row, c)| {
        (Address::new(row, c.column), c.text.clone())
    });
    let caption = columns.caption.unwrap_or_default();
    let block = Block {
        table: (header.area.top, header.area.left),
        at,
        names: in_text(&text),
        caption: text,
        is_other: speaks_of(&caption, &lexicon.other_period),
        is_this: speaks_of(&caption, &lexicon.this_period),
        hidden: columns.own.iter().all(hidden),
    };
    let mut own: Vec<HeaderColumn> = columns.shared.into_iter().chain(columns.own).collect();
    own.sort_by_key(|c| c.column);
    Header { columns: own, block: Some(block), ..header.clone() }
}

/// The cell whose caption, by its key, stands over a column.
fn caption_cell<'p>(header: &Header, column: u32, key: &str, page: &'p Page<'_>) -> Option<(u32, &'p PageCell)> {
    (header.area.top..=header.area.bottom).find_map(|row| {
        let cells = &page.row(row)?.cells;
        cells.iter().rev().filter(|c| c.column <= column).into_iter().find(|c| *c.key == *key).map(|c| (row, c))
    })
}

/// What is done with the blocks of one table.
pub enum Choice {
    /// The block is read, the period of its caption being the table's, where it names one.
    Read,
    /// Another block says that it is the one, or this one that it is none.
    LeftOut,
    /// Nothing tells which one is meant.
    Unknown,
}

/// Which blocks of a table are read: `titled` is the period that the titles name, or the year alone.
pub fn choose(blocks: &[&Block], titled: Option<&Mention>) -> Vec<Choice> {
    let visible = blocks.iter().any(|b| !b.hidden);
    let mut open: Vec<bool> = blocks.iter().map(|b| !(visible && b.hidden)).collect();
    let keep = |open: &mut Vec<bool>, is_meant: &dyn Fn(&Block) -> bool| {
        if blocks.iter().zip(&*open).any(|(b, open)| *open && is_meant(b)) {
            open.iter_mut().zip(blocks).for_each(|(open, b)| *open &= is_meant(b));
        }
    };
    keep(&mut open, &|b| !b.is_other || b.is_this);
    keep(&mut open, &|b| b.is_this);
    if let Some(titled) = titled {
        keep(&mut open, &|b| b.names.as_ref().is_some_and(|own| agree(own, titled)));
    }
    let left: Vec<&Block> = blocks.iter().zip(&open).filter(|(_, open)| **open).map(|(b, _)| *b).collect();
    if left.len() > 1 {
        let year = |b: &Block| b.names.as_ref().filter(|m| m.by == By::YearOnly).and_then(|m| m.period).map(|p| p.year);
        // Of two years the later one is reported, the earlier one compared with.
        if let Some(last) =
            left.iter().map(|b| year(b)).max().flatten().filter(|_| left.iter().all(|b| year(b).is_some()))
        {
            keep(&mut open, &|b| year(b) == Some(last));
        } else if !all_apart(&left) {
            return open.into_iter().map(|open| if open { Choice::Unknown } else { Choice::LeftOut }).collect();
        }
    }
    open.into_iter().map(|open| if open { Choice::Read } else { Choice::LeftOut }).collect()
}

/// Whether two mentions may be of one period.
fn agree(own: &Mention, titled: &Mention) -> bool {
    let year = |m: &Mention| m.period.map(|p| p.year);
    let span =
        |m: &Mention| -> Option<Span> { m.year_missing.or(m.period.filter(|_| m.by != By::YearOnly).map(|p| p.span)) };
    let same_year = year(own).zip(year(titled)).is_none_or(|(a, b)| a == b);
    let same_span = span(own).zip(span(titled)).is_none_or(|(a, b)| a == b);
    same_year && same_span
}

/// Whether each block names a part of a year of its own.
fn all_apart(blocks: &[&Block]) -> bool {
    let named = |b: &&Block| {
        let m = b.names.as_ref()?;
        let year = m.period.map(|p| p.year);
        let span = m.year_missing.or(m.period.map(|p| p.span))?;
        Some((year, span))
    };
    let mut seen: Vec<(Option<i32>, Span)> = Vec::new();
    blocks.iter().all(|b| {
        named(b).is_some_and(|own| {
            !seen.contains(&own) && {
                seen.push(own);
                true
            }
        })
    })
}

/// Columns between the beginnings of two tables side by side, at least.
const NARROWEST_STRIP: u32 = 3;

impl Page<'_> {
    /// The strips: `begins` tells a cell that begins a table, `is_caption` a caption.
    pub fn strips(self, begins: impl Fn(&PageCell) -> bool, is_caption: impl Fn(&PageCell) -> bool) -> Vec<Self> {
        let cuts = self.cuts(begins, is_caption);
        if cuts.len() == 1 {
            return vec![self];
        }
        let mut strips: Vec<Self> = Vec::new();
        for _ in &cuts {
            strips.push(Page { sheet: self.sheet, rows: Vec::new(), cut: self.cut });
        }
        for row in self.rows {
            for cell in row.cells {
                let strip = &mut strips[cuts.partition_point(|cut| *cut <= cell.column) - 1];
                match strip.rows.last_mut() {
                    Some(last) if last.row == row.row => last.cells.push(cell),
                    _ => strip.rows.push(PageRow { row: row.row, prose: row.prose, cells: vec![cell] }),
                }
            }
        }
        strips
    }

    /// The first column of every strip.
    fn cuts(&self, begins: impl Fn(&PageCell) -> bool, is_caption: impl Fn(&PageCell) -> bool) -> Vec<u32> {
        let beginnings = Beginnings::new(self, begins, is_caption);
        let used = self.used_columns();
        let mut wanted: BTreeSet<u32> = used.windows(2).filter(|w| w[1] > w[0] + 1).map(|w| w[1]).collect();
        wanted.extend(beginnings.beside());
        let wanted: Vec<u32> = wanted.into_iter().collect();
        let mut cuts = vec![0];
        for (i, cut) in wanted.iter().enumerate() {
            let next = wanted.get(i + 1).copied().unwrap_or(u32::MAX);
            let last = cuts.last().copied().unwrap_or(0);
            if beginnings.within(last, *cut) && beginnings.within(*cut, next) {
                cuts.push(*cut);
            }
        }
        cuts
    }

    /// The columns in which anything stands.
    fn used_columns(&self) -> Vec<u32> {
        let mut used: Vec<u32> = Vec::new();
        for cell in self.rows.iter().flat_map(|r| &r.cells) {
            // Rows repeat the columns of the rows above.
            if let Err(at) = used.binary_search(&cell.column) {
                used.insert(at, cell.column);
            }
        }
        used
    }
}

/// Where tables seem to begin.
struct Beginnings<'p, C> {
    page: &'p Page<'p>,
    is_caption: C,
    /// By row.
    rows: BTreeMap<u32, Row>,
    columns: BTreeSet<u32>,
    crossing: OnceCell<BTreeMap<u32, (u32, u32)>>,
}

/// A row in which tables begin, by the columns they do in.
#[derive(Default)]
struct Row {
    columns: Vec<u32>,
    /// The first and the last caption of the row.
    captions: OnceCell<Option<(u32, u32)>>,
}

impl<'p, C: Fn(&PageCell) -> bool> Beginnings<'p, C> {
    fn new(page: &'p Page<'p>, begins: impl Fn(&PageCell) -> bool, is_caption: C) -> Self {
        let mut rows: BTreeMap<u32, Row> = BTreeMap::new();
        let mut columns = BTreeSet::new();
        for row in &page.rows {
            for cell in row.cells.iter().filter(|c| begins(c)) {
                rows.entry(row.row).or_default().columns.push(cell.column);
                columns.insert(cell.column);
            }
        }
        Self { page, is_caption, rows, columns, crossing: OnceCell::new() }
    }

    /// Whether a table begins in one of these columns.
    fn within(&self, from: u32, to: u32) -> bool {
        from < to && self.columns.range(from..to).next().is_some()
    }

    /// The columns of tables that stand beside another one, to its right.
    fn beside(&self) -> Vec<u32> {
        let mut found = Vec::new();
        for (&number, row) in &self.rows {
            for &column in &row.columns {
                // Two headers a few rows apart can only stand side by side.
                let is_right = self.another_left(column, number, 0..=3)
                    || self.another_left(column, number, 4..=15)
                        && self.captions(number, row).is_none_or(|(first, _)| first >= column);
                if is_right && !self.cut_through(column, number) {
                    found.push(column);
                }
            }
        }
        found
    }

    /// Whether another table begins further left, so many rows away.
    fn another_left(&self, column: u32, row: u32, away: RangeInclusive<u32>) -> bool {
        let near = row.saturating_sub(*away.end())..=row.saturating_add(*away.end());
        let left = |row: &Row| row.columns.first().is_some_and(|c| c + NARROWEST_STRIP <= column);
        let mut near = self.rows.range(near).filter(|(r, _)| away.contains(&r.abs_diff(row)));
        near.any(|(_, other)| left(other))
    }

    /// A wider table elsewhere on the sheet is not to be cut through.
    fn cut_through(&self, column: u32, row: u32) -> bool {
        let crossing = self.crossing.get_or_init(|| self.crossings());
        crossing.get(&column).is_some_and(|&(first, last)| first.abs_diff(row).max(last.abs_diff(row)) > 3)
    }

    /// The first and the last row of a header that runs across a column in which a table begins, by column.
    fn crossings(&self) -> BTreeMap<u32, (u32, u32)> {
        let mut found: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        let mut left = self.columns.clone();
        for (&number, row) in &self.rows {
            for column in self.crossed(row, number, &left) {
                left.remove(&column);
                found.insert(column, (number, number));
            }
        }
        let mut left = self.columns.clone();
        for (&number, row) in self.rows.iter().rev() {
            for column in self.crossed(row, number, &left) {
                left.remove(&column);
                found.entry(column).and_modify(|(_, last)| *last = number);
            }
        }
        found
    }

    /// The columns that a row's captions stand on both sides of, none of its own tables beginning further right.
    fn crossed(&self, row: &Row, number: u32, columns: &BTreeSet<u32>) -> Vec<u32> {
        let Some((first, last)) = self.captions(number, row) else { return Vec::new() };
        let from = first.max(row.columns.last().copied().unwrap_or(0)) + 1;
        if from <= last { columns.range(from..=last).copied().collect() } else { Vec::new() }
    }

    /// The columns of a row's first and last caption.
    fn captions(&self, number: u32, row: &Row) -> Option<(u32, u32)> {
        *row.captions.get_or_init(|| {
            let cells = &self.page.row(number)?.cells;
            let first = cells.iter().find(|c| (self.is_caption)(c))?;
            let last = cells.iter().rev().find(|c| (self.is_caption)(c))?;
            Some((first.column, last.column))
        })
    }
}
