//! The lines and tables of all pages into paragraphs and whole tables, as they were before they were broken into pages.
//!
//! A line ends its paragraph where the first word of the next one would have found room, where the next one is set in, or
//! where the two stand farther apart than lines do.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::tables::{Line, Ruled, Table};
use crate::model::Area;

/// Points that are no difference.
const SAME: f32 = 3.0;
/// Points that the first line of a paragraph is set in at least.
const SET_IN: f32 = 8.0;
/// Lines farther apart than so many times the usual are of two paragraphs.
const APART: f32 = 1.25;
/// The distance of two lines in sizes, where the document does not say.
const PITCH: f32 = 1.2;
/// Lines of one column between two that have several, and below: a letterhead's, a signature's.
const BETWEEN: usize = 3;
/// Lines that do not overlap stand side by side where their base lines are as near as this, in sizes.
const BESIDE: f32 = 0.8;
/// Rows of a table's head that a following page prints again, at most.
const HEAD: u32 = 10;
/// Footnotes are smaller than the text by so much.
const SMALL: f32 = 0.92;
/// Lines at each edge of a page that may be its header, footer or number.
const EDGE: usize = 2;

pub(super) struct Page {
    pub(super) width: f32,
    /// From above, as far as they are not parted into columns.
    pub(super) lines: Vec<Line>,
    pub(super) tables: Vec<Table>,
}

pub(super) enum Piece {
    Paragraph { text: String, font: Option<Arc<str>> },
    Sheet(Sheet),
}

/// Cells in rows and columns of their own.
pub(super) struct Sheet {
    pub(super) rows: u32,
    pub(super) cells: Vec<Ruled>,
}

/// What stands on a page from above.
enum Block {
    Row(Vec<Line>),
    Table(Table),
}

/// Where the text of pages of one width begins and ends, and how far its lines stand apart for their size.
#[derive(Clone, Copy)]
struct Setting {
    left: f32,
    right: f32,
    pitch: f32,
}

pub(super) fn pieces(mut pages: Vec<Page>) -> Vec<Piece> {
    leave_out_edges(&mut pages);
    leave_out_notes(&mut pages);
    let settings = settings(&pages);
    let mut found = Found::default();
    for page in pages {
        let setting =
            settings.get(&width(&page)).copied().unwrap_or(Setting { left: 0.0, right: page.width, pitch: PITCH });
        found.page = true;
        for block in blocks(page) {
            match block {
                Block::Table(table) => found.table(table),
                Block::Row(lines) => found.row(lines, setting),
            }
        }
    }
    found.finish()
}

fn width(page: &Page) -> i32 {
    page.width as i32
}

/// Lines and tables as they follow one another; lines side by side are one row.
fn blocks(page: Page) -> Vec<Block> {
    let mut rows: Vec<Vec<Line>> = Vec::new();
    let mut lines = page.lines;
    lines.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.left.total_cmp(&b.left)));
    for line in lines {
        match rows.last_mut() {
            Some(row)
                if line.y - row[0].y < BESIDE * line.size
                    && row.iter().all(|l| l.right + SAME < line.left || line.right + SAME < l.left) =>
            {
                row.push(line);
            }
            _ => rows.push(vec![line]),
        }
    }
    rows.iter_mut().for_each(|row| row.sort_by(|a, b| a.left.total_cmp(&b.left)));
    let mut blocks: Vec<(f32, Block)> = rows.into_iter().map(|r| (r[0].y, Block::Row(r))).collect();
    blocks.extend(page.tables.into_iter().map(|t| (t.top, Block::Table(t))));
    blocks.sort_by(|a, b| a.0.total_cmp(&b.0));
    blocks.into_iter().map(|(_, block)| block).collect()
}

/// Takes out the pages' numbers, and what every page repeats at its upper or lower edge.
fn leave_out_edges(pages: &mut [Page]) {
    let count = pages.len();
    let edge = |page: &Page| -> Vec<usize> {
        let mut order: Vec<usize> = (0..page.lines.len()).collect();
        order.sort_by(|a, b| page.lines[*a].y.total_cmp(&page.lines[*b].y));
        let (first, last) = (order.iter().take(EDGE), order.iter().rev().take(EDGE));
        let mut all: Vec<usize> = first.chain(last).copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let plain = |text: &str| -> String { text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect() };
    let key = |line: &Line| (plain(&line.text), (line.y / SAME) as i32);
    let mut seen: HashMap<(String, i32), usize> = HashMap::new();
    for page in pages.iter() {
        for i in edge(page) {
            *seen.entry(key(&page.lines[i])).or_default() += 1;
        }
    }
    for (number, page) in pages.iter_mut().enumerate() {
        let outer: Vec<usize> = edge(page)
            .into_iter()
            .filter(|i| {
                let line = &page.lines[*i];
                let above = page.lines.iter().all(|l| l.y >= line.y) && page.tables.iter().all(|t| t.top > line.y);
                let below = page.lines.iter().all(|l| l.y <= line.y) && page.tables.iter().all(|t| t.bottom < line.y);
                let repeated = count > 2 && seen.get(&key(line)).is_some_and(|n| *n * 2 > count);
                (above || below) && is_number(&line.text, number + 1, count) || repeated
            })
            .collect();
        let mut i = 0;
        page.lines.retain(|_| {
            i += 1;
            !outer.contains(&(i - 1))
        });
    }
}

/// Takes out footnotes, as they are of Word documents: smaller lines at a page's end, the first of which has a raised or
/// small number.
fn leave_out_notes(pages: &mut [Page]) {
    let mut sizes: HashMap<u32, usize> = HashMap::new();
    for line in pages.iter().flat_map(|p| &p.lines) {
        *sizes.entry((line.size * 2.0) as u32).or_default() += line.text.len();
    }
    let usual =
        sizes.into_iter().max_by_key(|(size, letters)| (*letters, *size)).map_or(0.0, |(size, _)| size as f32 / 2.0);
    for page in pages {
        page.lines.sort_by(|a, b| a.y.total_cmp(&b.y));
        let small = page.lines.iter().rev().take_while(|l| l.size < SMALL * usual).count();
        let from = page.lines.len() - small;
        let counted = |l: &Line| l.text.starts_with(|c: char| c.is_ascii_digit() || "¹²³⁴⁵⁶⁷⁸⁹⁰*[(".contains(c));
        if page.lines.get(from).is_some_and(counted) && from > 0 {
            page.lines.truncate(from);
        }
    }
}

/// “3”, “- 3 -”, “Trang 3/7”: the page's own number.
fn is_number(text: &str, number: usize, count: usize) -> bool {
    let bare: String =
        text.to_lowercase().replace("trang", "").chars().filter(|c| !matches!(c, ' ' | '-' | '–')).collect();
    bare == number.to_string() || bare == format!("{number}/{count}")
}

fn settings(pages: &[Page]) -> HashMap<i32, Setting> {
    let mut lines: BTreeMap<i32, Vec<&[Line]>> = BTreeMap::new();
    for page in pages {
        lines.entry(width(page)).or_default().push(&page.lines);
    }
    let of = |pages: Vec<&[Line]>| {
        let all = || pages.iter().copied().flatten();
        // An edge that several lines keep; a lone one may stand out.
        let kept = |places: Vec<f32>, pick: fn(f32, f32) -> f32| {
            let several = places.iter().filter(|p| places.iter().filter(|q| (*p - *q).abs() <= SAME).count() > 1);
            several.copied().reduce(pick).or_else(|| places.iter().copied().reduce(pick)).unwrap_or_default()
        };
        let few: Vec<&Line> = all().take(2_000).collect();
        let left = kept(few.iter().map(|l| l.left).collect(), f32::min);
        let right = kept(few.iter().map(|l| l.right).collect(), f32::max);
        let mut pitches: Vec<f32> = Vec::new();
        for page in &pages {
            let next = page.windows(2).filter(|pair| {
                let full = right - pair[0].right < SAME && (pair[1].left - left).abs() < SAME;
                full && (pair[0].size - pair[1].size).abs() < 1.0
            });
            pitches.extend(next.map(|pair| (pair[1].y - pair[0].y) / pair[1].size).filter(|p| (0.8..4.0).contains(p)));
        }
        pitches.sort_by(f32::total_cmp);
        let pitch = pitches.get(pitches.len() / 2).copied().unwrap_or(PITCH);
        Setting { left, right, pitch }
    };
    lines.into_iter().map(|(width, pages)| (width, of(pages))).collect()
}

/// What was put together so far.
#[derive(Default)]
struct Found {
    pieces: Vec<Piece>,
    /// The paragraph still open, and its last line.
    open: Option<(String, Option<Arc<str>>, Line)>,
    /// Rows side by side, and how many lines of one column since.
    columns: Vec<Vec<Line>>,
    since: usize,
    /// A table that the next page may go on with.
    table: Option<Table>,
    /// Whether a page has just begun.
    page: bool,
}

impl Found {
    fn row(&mut self, mut lines: Vec<Line>, setting: Setting) {
        self.end_table();
        if lines.len() > 1 {
            self.end_paragraph();
            self.since = 0;
            self.columns.push(lines);
        } else if let Some(line) = lines.pop() {
            if !self.columns.is_empty() && self.since < BETWEEN && !self.page && self.beside(&line) {
                self.since += 1;
                self.columns.push(vec![line]);
            } else {
                self.end_columns();
                self.line(line, setting);
            }
        }
        self.page = false;
    }

    /// Whether a line keeps to one of the columns above it.
    fn beside(&self, line: &Line) -> bool {
        let near = self.columns.last().is_some_and(|row| line.y - row[0].y < 3.0 * line.size);
        let gaps = self.columns.iter().filter(|row| row.len() == 2).map(|row| (row[0].right, row[1].left));
        let gap = gaps.reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)));
        near && gap.is_some_and(|(from, to)| line.right <= from + SAME || to - SAME <= line.left)
    }

    fn line(&mut self, line: Line, setting: Setting) {
        let goes_on = self.open.as_ref().is_some_and(|(_, _, last)| goes_on(last, &line, setting, self.page));
        match &mut self.open {
            Some((text, _, last)) if goes_on => {
                // “số 05/QĐ-” goes on without a blank, “Độc lập -” with one.
                let glued = text.ends_with(['-', '/']) && !text.ends_with([' ', '\u{A0}']) && !text.ends_with(" -");
                if !glued {
                    text.push(' ');
                }
                text.push_str(&line.text);
                *last = line;
            }
            _ => {
                self.end_paragraph();
                self.open = Some((line.text.clone(), line.font.clone(), line));
            }
        }
    }

    fn table(&mut self, table: Table) {
        self.end_paragraph();
        self.end_columns();
        self.table = match self.table.take() {
            Some(mut before) if self.page && before.takes(&table) => {
                before.go_on(table);
                Some(before)
            }
            before => {
                self.table = before;
                self.end_table();
                Some(table)
            }
        };
        self.page = false;
    }

    fn end_paragraph(&mut self) {
        if let Some((text, font, _)) = self.open.take() {
            self.pieces.push(Piece::Paragraph { text, font });
        }
    }

    /// Rows side by side are cells, in as many columns as the widest has.
    fn end_columns(&mut self) {
        let rows = std::mem::take(&mut self.columns);
        self.since = 0;
        let Some(widest) = rows.iter().max_by_key(|row| row.len()) else { return };
        let middle = |line: &Line| (line.left + line.right) / 2.0;
        let centres: Vec<f32> = widest.iter().map(middle).collect();
        let nearest = |line: &Line| {
            let off = |i: &usize| (centres[*i] - middle(line)).abs();
            (0..centres.len()).min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or_default()
        };
        let right = |column: usize| {
            let own = rows.iter().flatten().filter(|l| nearest(l) == column);
            own.map(|l| l.right).fold(f32::MIN, f32::max)
        };
        let rights: Vec<f32> = (0..centres.len()).map(right).collect();
        let mut cells: Vec<Ruled> = Vec::new();
        let mut last: Vec<Option<(&Line, usize)>> = vec![None; centres.len()];
        for (row, lines) in (0..).zip(&rows) {
            let mut next = 0;
            for line in lines {
                let column = (nearest(line) as u32).max(next);
                next = column + 1;
                let above = last.get_mut(column as usize).and_then(Option::as_mut);
                if let Some((above, cell)) = above.filter(|(above, _)| wraps(above, line, rights[column as usize])) {
                    cells[*cell].text = format!("{} {}", cells[*cell].text, line.text);
                    *above = line;
                    continue;
                }
                last.get_mut(column as usize).into_iter().for_each(|l| *l = Some((line, cells.len())));
                let area = Area { top: row, left: column, bottom: row, right: column };
                cells.push(Ruled { area, text: line.text.clone(), font: line.font.clone() });
            }
        }
        self.pieces.push(Piece::Sheet(Sheet { rows: rows.len() as u32, cells }));
    }

    fn end_table(&mut self) {
        if let Some(table) = self.table.take() {
            self.pieces.push(Piece::Sheet(Sheet { rows: table.rows, cells: table.cells }));
        }
    }

    fn finish(mut self) -> Vec<Piece> {
        self.end_paragraph();
        self.end_columns();
        self.end_table();
        self.pieces
    }
}

/// Whether a line of a column goes on with the one above it, for which there was no room.
fn wraps(above: &Line, line: &Line, right: f32) -> bool {
    let full = above.right + above.blank + line.first_word > right;
    let below = (line.left - above.left).abs() < SAME && line.y - above.y < 1.5 * line.size;
    full && below && !is_listed(&line.text) && !above.text.ends_with(['.', ';', ':'])
}

/// Whether a line is of the same paragraph as the one before it.
fn goes_on(last: &Line, line: &Line, setting: Setting, new_page: bool) -> bool {
    let Setting { left, right, pitch } = setting;
    let is_centred = |l: &Line| {
        let (before, behind) = (l.left - left, right - l.right);
        before > SET_IN && (before - behind).abs() < 2.0 * SAME
    };
    let behind = right - last.right;
    let room = if is_centred(last) { behind + last.left - left } else { behind };
    let full = room < line.first_word + line.blank;
    let near = new_page || line.y - last.y < APART * pitch * line.size.max(last.size);
    let ended = last.text.ends_with(['.', ';', ':', '!', '?']);
    if !full || !near || (last.size - line.size).abs() > 1.0 || ended && is_listed(&line.text) {
        return false;
    }
    let deeper = line.left - last.left;
    match () {
        () if is_centred(last) && is_centred(line) => true,
        () if line.left - left < SET_IN => true,
        // An item of a list whose lines hang below its words.
        () if deeper > SAME => is_listed(&last.text),
        // All lines set in alike, or a next paragraph.
        () if deeper > -SAME => !ended && !is_listed(&line.text),
        () => true,
    }
}

/// “- …”, “+ …”, “a) …”, “1. …”.
fn is_listed(text: &str) -> bool {
    let first = text.split(' ').next().unwrap_or_default();
    let mark = matches!(first, "-" | "+" | "–" | "•" | "*");
    let counted = first.len() < 6 && first.ends_with(['.', ')', '/']) && first.chars().any(char::is_alphanumeric);
    mark || counted
}

impl Table {
    /// Whether a table at the head of the next page is the rest of this one: its columns are among those of the other.
    fn takes(&self, next: &Table) -> bool {
        let has = |columns: &[f32], at: f32| columns.iter().any(|c| (c - at).abs() <= SAME);
        let within = |a: &[f32], b: &[f32]| a.iter().all(|at| has(b, *at));
        let edges = |t: &Table| [t.columns.first().copied(), t.columns.last().copied()];
        let same = edges(self).into_iter().flatten().zip(edges(next).into_iter().flatten());
        same.into_iter().all(|(a, b)| (a - b).abs() <= SAME)
            && (within(&self.columns, &next.columns) || within(&next.columns, &self.columns))
    }

    /// Adds the rows of the next page, without the head that it prints again.
    fn go_on(&mut self, mut next: Table) {
        if next.columns.len() > self.columns.len() {
            self.set_columns(&next.columns);
        } else {
            let columns = self.columns.clone();
            next.set_columns(&columns);
        }
        let head = (1..=HEAD.min(next.rows).min(self.rows)).rev().find(|rows| self.head(*rows) == next.head(*rows));
        let head = head.unwrap_or(0);
        let mut own: Vec<Ruled> = next.cells.into_iter().filter(|c| c.area.top >= head).collect();
        let mut shift = self.rows - head;
        if self.breaks_into(&own, head) {
            shift -= 1;
            for cell in own.iter_mut().filter(|c| c.area.top == head) {
                let above =
                    self.cells.iter_mut().find(|c| c.area.left == cell.area.left && c.area.bottom + 1 == self.rows);
                if let Some(above) = above {
                    let gap = if above.text.is_empty() || cell.text.is_empty() { "" } else { " " };
                    above.text = format!("{}{gap}{}", above.text, cell.text);
                }
            }
            own.retain(|c| c.area.top > head);
        }
        for mut cell in own {
            cell.area.top += shift;
            cell.area.bottom += shift;
            self.cells.push(cell);
        }
        self.rows = next.rows + shift;
        self.bottom = next.bottom;
    }

    /// The texts of the first rows, each with its columns.
    fn head(&self, rows: u32) -> Vec<(Area, &str)> {
        let mut all: Vec<(Area, &str)> =
            self.cells.iter().filter(|c| c.area.top < rows).map(|c| (c.area, c.text.as_str())).collect();
        all.sort_by_key(|(area, _)| (area.top, area.left));
        all
    }

    /// Whether the first row of a page goes on with the last one of the page before: nothing stands in its first cell,
    /// and its text begins in the middle of a sentence.
    fn breaks_into(&self, next: &[Ruled], row: u32) -> bool {
        let mut own = next.iter().filter(|c| c.area.top == row);
        let first = next.iter().find(|c| c.area.top == row && c.area.left == 0);
        let single = own.clone().all(|c| c.area.bottom == row);
        let text = own.find(|c| !c.text.is_empty()).map(|c| c.text.as_str());
        single
            && first.is_some_and(|c| c.text.is_empty())
            && text.is_some_and(|t| t.chars().next().is_some_and(char::is_lowercase))
    }

    /// Counts its cells in the columns of another part, which has some more.
    fn set_columns(&mut self, columns: &[f32]) {
        let place = |at: f32| {
            let off = |i: &usize| (columns[*i] - at).abs();
            (0..columns.len()).min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or_default() as u32
        };
        for cell in &mut self.cells {
            let (left, right) = (self.columns[cell.area.left as usize], self.columns[cell.area.right as usize + 1]);
            cell.area.left = place(left);
            cell.area.right = place(right).max(cell.area.left + 1) - 1;
        }
        self.columns = columns.to_vec();
    }
}
