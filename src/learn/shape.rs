//! The tables of a sheet by their shape: a block of texts above a block with figures. A numbering row and an STT are
//! evidence, not conditions; tables may stand below one another, and beside one another.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

use super::printed::{self, Token};
use super::words::Lexis;
use crate::model::{Address, Area, Content, Figure, Kind, Sheet, State};
use crate::normalise::figure::{self, Expect, Reading, Style};
use crate::normalise::text::{key, tidy};

/// Tables of a sheet that are looked at.
const MOST_TABLES: usize = 40;
/// Columns of a table; a wider one is no form.
const MOST_COLUMNS: usize = 200;
/// Rows of captions; the deepest header met has five.
const MOST_HEADER_ROWS: usize = 9;
/// Figures of a row outside a table that make it look like one of its lines.
const LEAST_OUTSIDE: usize = 2;
/// Numbers of columns that number a table beside another one.
const LEAST_NUMBERED: usize = 4;
/// A caption has no more letters.
const LONGEST_CAPTION: usize = 260;

/// A table as it stands on one sheet.
#[derive(Debug, Clone)]
pub struct Shape {
    /// The texts above it, in reading order, each with its place: what names form, unit and period.
    pub titles: Vec<Title>,
    pub header: Area,
    pub columns: Vec<ShapeColumn>,
    /// Whether a row of numbers or letters stands below the captions.
    pub numbered: bool,
    pub rows: Vec<ShapeRow>,
    /// Rows below it that have figures in its columns and are no table's.
    pub outside: Vec<(u32, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    pub at: Address,
    pub text: Arc<str>,
}

#[derive(Debug, Clone)]
pub struct ShapeColumn {
    /// Of the sheet.
    pub at: u32,
    /// The captions above it, from group to own.
    pub path: Vec<String>,
    /// What the numbering row says of it.
    pub token: Option<Token>,
}

#[derive(Debug, Clone)]
pub struct ShapeRow {
    pub row: u32,
    /// What stands in each of the table's columns.
    pub cells: Vec<Ink>,
    /// Rows without any figure are headings, or blank lines.
    pub figures: usize,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Ink {
    Blank,
    /// Words.
    Text(Arc<str>),
    Number(f64),
    /// A number shown as a percentage.
    Percent(f64),
    /// A text that reads as a figure, or as none.
    Figure(Arc<str>),
}

impl Ink {
    pub fn is_figure(&self) -> bool {
        matches!(self, Self::Number(_) | Self::Percent(_) | Self::Figure(_))
    }

    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Blank)
    }

    /// As it is read, for codes and labels.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Blank => Cow::Borrowed(""),
            Self::Text(text) | Self::Figure(text) => Cow::Borrowed(text),
            Self::Number(x) | Self::Percent(x) => {
                Figure::from_double(*x).map_or(Cow::Borrowed(""), |f| f.trimmed().to_string().into())
            }
        }
    }

    pub fn shared(&self) -> Arc<str> {
        match self {
            Self::Text(text) | Self::Figure(text) => text.clone(),
            other => other.text().into(),
        }
    }

    /// Whether it may stand in a row that numbers the columns.
    fn may_number(&self) -> bool {
        match self {
            Self::Number(x) | Self::Percent(x) if !(0.5..1_000.0).contains(x) => false,
            ink => printed::may_number(&ink.text()),
        }
    }
}

/// What a cell's text is, found out once: many sheets say the same.
#[derive(Debug)]
pub struct Wording {
    ink: Ink,
    key: Arc<str>,
    /// Whether it ends a table, and whether it begins a title block, where it is no caption.
    closes: bool,
    leads_title: bool,
    may_number: bool,
}

impl Wording {
    pub fn of(text: &str, lexis: &Lexis) -> Self {
        let (ink, key) = of_text(text, &lexis.nil);
        Self::new(ink, key, lexis)
    }

    fn new(ink: Ink, key: Arc<str>, lexis: &Lexis) -> Self {
        let (closes, leads_title) = (lexis.closes(&key), lexis.is_title_lead(&key));
        Self { may_number: ink.may_number(), ink, key, closes, leads_title }
    }
}

/// A cell while tables are looked for.
struct Cell {
    column: u32,
    /// The area it is merged over.
    area: Area,
    ink: Ink,
    /// Nothing of a number.
    wording: Option<Arc<Wording>>,
    formula: bool,
}

impl Cell {
    fn key(&self) -> &str {
        self.wording.as_ref().map_or("", |w| &w.key)
    }

    fn closes(&self) -> bool {
        self.wording.as_ref().is_some_and(|w| w.closes)
    }

    fn may_number(&self) -> bool {
        self.wording.as_ref().map_or_else(|| self.ink.may_number(), |w| w.may_number)
    }
}

struct Row {
    row: u32,
    cells: Vec<Cell>,
    /// Whether it ends a table, and whether it numbers the columns: found out once somebody asks.
    closes: OnceCell<bool>,
    numbers: OnceCell<bool>,
}

impl Row {
    fn get(&self, column: u32) -> Option<&Cell> {
        self.cells.binary_search_by_key(&column, |c| c.column).ok().map(|at| &self.cells[at])
    }

    fn has_figures(&self) -> bool {
        self.cells.iter().any(|c| c.ink.is_figure() && !is_year(&c.ink))
    }

    /// Whether it ends a table: a signature, a footnote. "Ghi chú" among other captions does not.
    fn closes(&self, lexis: &Lexis) -> bool {
        let is_caption = |c: &Cell| self.cells.len() >= 3 && lexis.is_note(c.key());
        *self.closes.get_or_init(|| self.cells.iter().any(|c| c.closes() && !is_caption(c)))
    }

    /// Whether it numbers or letters the columns.
    fn is_numbering(&self) -> bool {
        *self.numbers.get_or_init(|| is_numbering(self.cells.iter()))
    }

    /// Whether it belongs to a title block. The captions "Đơn vị tính" and "Kỳ báo cáo" among others do not.
    fn is_title(&self, lexis: &Lexis) -> bool {
        let alone = |c: &Cell| lexis.is_title_lead_alone(c.key()) && !c.ink.text().trim_end().ends_with(':');
        let is_caption = |c: &Cell| self.cells.len() >= 3 && (lexis.is_measure(c.key()) || alone(c));
        let leads = |c: &Cell| c.wording.as_ref().is_some_and(|w| w.leads_title);
        self.cells.iter().any(|c| leads(c) && !is_caption(c))
    }

    fn is_texts(&self) -> bool {
        self.cells.iter().all(|c| !c.ink.is_figure() || is_year(&c.ink))
    }
}

/// Whether cells side by side number or letter the columns.
fn is_numbering<'a>(cells: impl Iterator<Item = &'a Cell> + Clone) -> bool {
    // Most rows have a word that numbers nothing.
    cells.clone().skip(1).all(Cell::may_number) && {
        let texts: Vec<Cow<'_, str>> = cells.map(|c| c.ink.text()).collect();
        printed::is_row(&texts.iter().map(|text| printed::token(text)).collect::<Vec<_>>(), &texts)
    }
}

/// 2025 above a column is a caption as often as a figure; a header may be made of such.
fn is_year(ink: &Ink) -> bool {
    match ink {
        Ink::Number(x) => x.fract() == 0.0 && (1990.0..2100.0).contains(x),
        Ink::Figure(text) => text.len() == 4 && text.parse::<u32>().is_ok_and(|n| (1990..2100).contains(&n)),
        _ => false,
    }
}

/// The tables of a sheet, from top to bottom and from left to right.
pub fn shapes(sheet: &Sheet, lexis: &Lexis) -> Vec<Shape> {
    let rows = rows(sheet, lexis);
    let mut found: Vec<Shape> = Vec::new();
    let mut at = 0;
    let mut above = 0;
    let mut placed: Vec<(usize, usize)> = Vec::new();
    while at < rows.len() && found.len() < MOST_TABLES {
        let Some(start) = begins(&rows, at, above, lexis) else {
            at += 1;
            continue;
        };
        let end = ends(&rows, &start, lexis);
        let columns = columns(&rows, &start, end);
        let titles = titles(&rows[above..start.top]);
        for block in blocks(columns, &rows[start.data..end], lexis) {
            found.extend(shape(&rows, &start, end, block, titles.clone(), lexis));
        }
        at = end.max(start.data + 1).max(at + 1);
        above = end.max(start.data);
        placed.push((start.top, above));
    }
    outside(&rows, &placed, &mut found);
    found
}

/// Says of the rows between and below the tables which have figures in the columns of the table above them.
fn outside(rows: &[Row], placed: &[(usize, usize)], found: &mut [Shape]) {
    let Some((first, _)) = placed.first() else { return };
    let is_placed = |at: usize| placed.iter().any(|(top, end)| (*top..*end).contains(&at));
    for row in (*first..rows.len()).filter(|at| !is_placed(*at)).map(|at| &rows[at]) {
        let above = found.iter_mut().rev().find(|shape| shape.header.bottom < row.row);
        let Some(shape) = above.filter(|_| !row.is_numbering()) else { continue };
        let filled = |column: &ShapeColumn| {
            let nth = shape.columns.iter().position(|c| c.at == column.at);
            nth.is_some_and(|nth| shape.rows.iter().any(|r| r.cells[nth].is_figure()))
        };
        let figure = |c: &&Cell| c.ink.is_figure() && !is_year(&c.ink);
        let own =
            row.cells.iter().filter(figure).filter(|c| shape.columns.iter().any(|s| s.at == c.column && filled(s)));
        if own.count() >= LEAST_OUTSIDE {
            let label = row.cells.iter().find(|c| matches!(c.ink, Ink::Text(_))).map(|c| c.ink.text());
            shape.outside.push((row.row, label.unwrap_or_default().into_owned()));
        }
    }
}

fn rows(sheet: &Sheet, lexis: &Lexis) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for cell in &sheet.cells {
        let (ink, wording) = match ink(&cell.content, lexis) {
            (Ink::Number(x), _) if cell.format().is_some_and(|f| f.contains('%')) => (Ink::Percent(x), None),
            inked => inked,
        };
        if ink.is_blank() && cell.formula.is_none() {
            continue;
        }
        let here = Area { top: cell.row, left: cell.column, bottom: cell.row, right: cell.column };
        let area = sheet.area(cell.row, cell.column).unwrap_or(here);
        let made = Cell { column: cell.column, area, ink, wording, formula: cell.formula.is_some() };
        match rows.last_mut() {
            Some(last) if last.row == cell.row => last.cells.push(made),
            _ => rows.push(Row { row: cell.row, cells: vec![made], closes: OnceCell::new(), numbers: OnceCell::new() }),
        }
    }
    rows
}

/// What a cell holds, and what its text is.
fn ink(content: &Content, lexis: &Lexis) -> (Ink, Option<Arc<Wording>>) {
    let wording = match content {
        Content::Empty => return (Ink::Blank, None),
        Content::Number(x) | Content::Date(x) => return (Ink::Number(*x), None),
        Content::Bool(_) => return (Ink::Text("".into()), None),
        Content::Error(error) => Arc::new(Wording::new(Ink::Figure(error.clone()), key(error).into(), lexis)),
        Content::Text(text) => lexis.wording(text),
    };
    (wording.ink.clone(), Some(wording))
}

/// What a cell with a text holds, and the text's key.
fn of_text(text: &str, nil: &[String]) -> (Ink, Arc<str>) {
    let text: Arc<str> = tidy(text).into();
    if text.is_empty() {
        return (Ink::Blank, Arc::default());
    }
    let key: Arc<str> = key(&text).into();
    match state(&text, nil) {
        State::Unreadable => (Ink::Text(text), key),
        State::Blank => (Ink::Blank, Arc::default()),
        State::Filled | State::Nil => (Ink::Figure(text), key),
    }
}

/// How a text reads as a figure, whatever the form expects there.
fn state(text: &str, nil: &[String]) -> State {
    if text.chars().count() > 40 || text.starts_with('(') && text.ends_with(')') && text.len() < 6 {
        return State::Unreadable;
    }
    let expect = Expect { kind: Kind::Percent, decimals: 3, measure: "" };
    match figure::read(text, &Style::default(), expect, nil) {
        Reading::Blank => State::Blank,
        Reading::Nil => State::Nil,
        Reading::Figure(read) if read.suffix.as_ref().is_none_or(|s| s.len() < 12) => State::Filled,
        Reading::Undecided { .. } => State::Filled,
        Reading::Figure(_) | Reading::Fraction { .. } | Reading::Unreadable => State::Unreadable,
    }
}

/// Where a table begins: its first row of captions, the numbering row if there is one, its first row of lines.
struct Start {
    top: usize,
    /// The last row of captions.
    bottom: usize,
    numbering: Option<usize>,
    data: usize,
    left: u32,
    right: u32,
}

/// Whether a table's lines, or its numbering row, begin at a row, below captions.
fn begins(rows: &[Row], at: usize, above: usize, lexis: &Lexis) -> Option<Start> {
    let row = &rows[at];
    let captions_above = at > above && rows[at - 1].row + 2 >= row.row;
    if captions_above && row.is_numbering() && !rows[at - 1].has_figures() {
        return header(rows, at, above, lexis).map(|start| Start { numbering: Some(at), data: at + 1, ..start });
    }
    if !captions_above || !row.has_figures() || rows[at - 1].has_figures() {
        return None;
    }
    // Headings of lines may stand between the captions and the first figure: only a row of several texts is captions.
    let mut bottom = at;
    while bottom > above && bottom + 4 > at {
        let texts = &rows[bottom - 1];
        let adjacent = texts.row + 1 == rows[bottom].row;
        if !adjacent || texts.has_figures() || texts.closes(lexis) {
            break;
        }
        if texts.cells.len() >= 2 && !is_label_row(texts, row) {
            return header(rows, bottom, above, lexis).map(|start| Start { data: bottom, ..start });
        }
        bottom -= 1;
    }
    None
}

/// Whether a row of texts is a heading among the lines: a code and a label, where the row of figures below has the same.
fn is_label_row(texts: &Row, figures: &Row) -> bool {
    let last = texts.cells.last().map_or(0, |c| c.area.right);
    let first_figure = figures.cells.iter().find(|c| c.ink.is_figure() && c.column > last);
    let code = texts.cells.first().is_some_and(|c| crate::normalise::code::code(&c.ink.text()).is_some());
    code && texts.cells.len() == 2 && first_figure.is_some()
}

/// The captions above a row, grown upwards as long as columns lack one, or groups span several.
fn header(rows: &[Row], below: usize, above: usize, lexis: &Lexis) -> Option<Start> {
    let bottom = below.checked_sub(1)?;
    let span = |row: &Row| {
        let left = row.cells.iter().map(|c| c.column).min();
        let right = row.cells.iter().map(|c| c.area.right).max();
        left.zip(right)
    };
    let (mut left, mut right) = span(&rows[bottom])?;
    // What stands just below tells how wide the table is.
    for row in rows[below..].iter().take(3) {
        let adjacent = row.row <= rows[bottom].row + 6;
        if let Some((l, r)) = span(row).filter(|_| adjacent && !row.closes(lexis)) {
            (left, right) = (left.min(l), right.max(r));
        }
    }
    if (right - left) as usize >= MOST_COLUMNS {
        return None;
    }
    let mut captioned = vec![false; MOST_COLUMNS + 1];
    let mut top = below;
    for at in (above..=bottom).rev() {
        let row = &rows[at];
        let next = rows.get(at + 1).map_or(row.row + 1, |r| r.row);
        let reaches = row.cells.iter().any(|c| c.area.bottom + 1 >= next);
        if !row.is_texts() || (row.row + 1 != next && !(reaches && at < bottom) && at != bottom) {
            break;
        }
        if below - at > MOST_HEADER_ROWS || row.cells.iter().any(|c| c.key().len() > LONGEST_CAPTION) {
            break;
        }
        let (l, r) = span(row)?;
        let (new_left, new_right) = (left.min(l), right.max(r));
        if (new_right - new_left) as usize >= MOST_COLUMNS {
            break;
        }
        if new_left < left {
            captioned.rotate_right((left - new_left) as usize);
        }
        let gives = |captioned: &[bool]| {
            let lacks = |c: &&Cell| (c.column..=c.area.right).any(|x| !captioned[(x - new_left) as usize]);
            row.cells.iter().filter(lacks).count()
        };
        let lacking = (new_left..=new_right).filter(|x| !captioned[(*x - new_left) as usize]).count();
        let (fresh, all) = (gives(&captioned), row.cells.len());
        let down = row.cells.iter().any(|c| c.area.bottom > row.row && top < below && c.area.bottom >= rows[top].row);
        let is_title = row.is_title(lexis)
            || (all == 1 && at < bottom && !down && (fresh == 0 || row.cells[0].area.right - row.cells[0].column >= 3));
        let groups = row.cells.iter().filter(|c| c.area.right > c.column).count();
        // Groups that are not merged, between their columns and a row with the captions that are still lacking.
        let is_between = all >= 2
            && lacking > 0
            && at > above
            && rows[at - 1].row + 1 == row.row
            && rows[at - 1].is_texts()
            && !rows[at - 1].is_title(lexis)
            && rows[at - 1]
                .cells
                .iter()
                .any(|c| (new_left..=new_right).contains(&c.column) && !captioned[(c.column - new_left) as usize]);
        let is_group_row = down || is_between || (all >= 2 && groups >= 1);
        let belongs = at == bottom || down || (!is_title && ((fresh > 0 && lacking > 0) || is_group_row));
        if !belongs || (is_title && !down && at < bottom) {
            break;
        }
        (left, right, top) = (new_left, new_right, at);
        for cell in &row.cells {
            for x in cell.column..=cell.area.right {
                captioned[(x - left) as usize] = true;
            }
        }
        if (right - left) as usize >= MOST_COLUMNS {
            return None;
        }
    }
    let texts: usize = rows[top..below].iter().map(|r| r.cells.len()).sum();
    (top < below && texts >= 2).then_some(Start { top, bottom, numbering: None, data: below, left, right })
}

/// The row behind a table's last.
fn ends(rows: &[Row], start: &Start, lexis: &Lexis) -> usize {
    let mut at = start.data;
    let mut last_row = rows[start.data - 1].row;
    // Where the lines' words stand: a text in another column alone is a signature.
    let mut label_columns: Vec<u32> = Vec::new();
    let captions: Vec<&str> =
        rows[start.top..=start.bottom].iter().flat_map(|r| r.cells.iter().map(Cell::key)).collect();
    while at < rows.len() {
        let row = &rows[at];
        let gap = row.row - last_row;
        let inside = |c: &&Cell| c.column <= start.right && c.area.right >= start.left;
        if row.closes(lexis) && gap == 1 && goes_on(rows, start, at, lexis) {
            last_row = row.row;
            at += 1;
            continue;
        }
        if row.closes(lexis) && !fills(row, rows, start, at) || !row.cells.iter().any(|c| inside(&c)) {
            break;
        }
        let figures = row.cells.iter().filter(inside).filter(|c| c.ink.is_figure() || c.formula).count();
        if gap > 1
            && (gap > 3 || figures == 0 || begins(rows, at, start.data.max(at.saturating_sub(6)), lexis).is_some())
        {
            break;
        }
        // Captions printed again on the next page are skipped later; other captions begin another table.
        let is_printed_again = |c: &Cell| captions.contains(&c.key()) && !c.key().is_empty();
        if figures == 0 && !row.cells.iter().all(is_printed_again) {
            let texts: Vec<u32> = row.cells.iter().map(|c| c.column).collect();
            let known = label_columns.is_empty() || texts.iter().any(|c| label_columns.contains(c));
            if !known || (texts.len() >= 3 && opens_another(rows, at)) || ends_in_signature(row, lexis) {
                break;
            }
        }
        if figures > 0 {
            for cell in row.cells.iter().filter(|c| matches!(c.ink, Ink::Text(_))) {
                if !label_columns.contains(&cell.column) && label_columns.len() < 8 {
                    label_columns.push(cell.column);
                }
            }
            let first = row.cells.first().map(|c| c.column);
            label_columns.extend(first.filter(|c| !label_columns.contains(c)));
        }
        let merged = row.cells.iter().map(|c| c.area.bottom).max();
        last_row = merged.unwrap_or(row.row).clamp(row.row, row.row + 3);
        at += 1;
    }
    // Rows of words at the end, below the last figure, are lines only where they are one with the table.
    let last_figures =
        (start.data..at).rev().find(|i| rows[*i].has_figures() || rows[*i].cells.iter().any(|c| c.formula));
    match last_figures {
        Some(last) => {
            let mut end = last + 1;
            while end < at && rows[end].row == rows[end - 1].row + 1 && rows[end].cells.len() <= 2 {
                end += 1;
            }
            end
        }
        None => at,
    }
}

/// The columns of a table that a row has figures in.
fn figure_columns<'a>(row: &'a Row, start: &Start) -> impl Iterator<Item = u32> + 'a {
    let (left, right) = (start.left, start.right);
    row.cells.iter().filter(move |c| c.ink.is_figure() && (left..=right).contains(&c.column)).map(|c| c.column)
}

/// Whether a row has figures where the last row of figures above it has them: "Giám đốc | 2 | 1" is no signature.
fn fills(row: &Row, rows: &[Row], start: &Start, at: usize) -> bool {
    let Some(above) = rows[start.data..at].iter().rev().find(|r| r.has_figures()) else { return false };
    let above: Vec<u32> = figure_columns(above, start).collect();
    let both = figure_columns(row, start).filter(|c| above.contains(c)).count();
    both > 0 && 2 * both >= above.len()
}

/// Whether a row is nothing but a note, or one in each of two tables side by side.
fn is_note(row: &Row, lexis: &Lexis) -> bool {
    let closing = row.cells.len() <= 2 && row.closes(lexis) && !row.has_figures();
    closing && row.cells.iter().all(Cell::closes)
}

/// Whether a table goes on behind a note among its lines: the next row has figures in its columns again.
fn goes_on(rows: &[Row], start: &Start, at: usize, lexis: &Lexis) -> bool {
    let note = &rows[at];
    let next = rows.get(at + 1).filter(|next| next.row == note.row + 1 && !next.closes(lexis) && !next.is_numbering());
    is_note(note, lexis) && next.is_some_and(|next| fills(next, rows, start, at))
}

/// Whether captions of another table begin at a row of texts: a numbering row or figures follow within a few rows, and
/// the row has several texts side by side.
fn opens_another(rows: &[Row], at: usize) -> bool {
    rows[at..].iter().skip(1).take(4).any(Row::is_numbering)
}

fn ends_in_signature(row: &Row, lexis: &Lexis) -> bool {
    row.cells.iter().any(|c| c.closes() || lexis.dates_a_place(c.key()))
}

/// The columns of a table: every one with a caption, or with something in its lines.
fn columns(rows: &[Row], start: &Start, end: usize) -> Vec<ShapeColumn> {
    let header = &rows[start.top..=start.bottom];
    let used = |x: u32| rows[start.data..end].iter().any(|r| r.get(x).is_some());
    let numbering = start.numbering.map(|at| &rows[at]);
    let all = start.left..=start.right;
    all.filter_map(|at| {
        let path = path(header, at);
        let token = numbering.and_then(|r| r.get(at)).and_then(|c| printed::token(&c.ink.text()));
        (!path.is_empty() || used(at)).then_some(ShapeColumn { at, path, token })
    })
    .collect()
}

/// The captions over a column, from group to own. A caption that is not merged reaches as far to the right as the columns
/// have captions of their own below it, and none beside it.
fn path(header: &[Row], at: u32) -> Vec<String> {
    let own = |row: &Row| row.cells.iter().position(|c| (c.column..=c.area.right).contains(&at));
    // A merged area reaches down into rows that have no cell of it.
    let covered = |i: usize| {
        let row = header[i].row;
        header[..i]
            .iter()
            .any(|r| r.cells.iter().any(|c| c.area.bottom >= row && (c.column..=c.area.right).contains(&at)))
    };
    let lowest = (0..header.len()).rev().find(|i| own(&header[*i]).is_some() || covered(*i));
    let Some(lowest) = lowest else { return Vec::new() };
    let mut path: Vec<String> = Vec::new();
    for (i, row) in header.iter().enumerate().take(lowest + 1) {
        let found = own(row).or_else(|| {
            if covered(i) || i == lowest {
                return None;
            }
            // The caption to the left, if it has captions below it as well.
            let left = row.cells.iter().rposition(|c| c.area.right < at)?;
            let cell = &row.cells[left];
            let merged = cell.area.right > cell.column || cell.area.bottom > row.row;
            let below = |x: u32| header[i + 1..].iter().any(|r| r.get(x).is_some());
            let between =
                (cell.area.right + 1..=at).all(|x| below(x) && !header[..=i].iter().any(|r| r.get(x).is_some()));
            (!merged && below(cell.column) && between).then_some(left)
        });
        if let Some(text) = found.map(|c| row.cells[c].ink.text()).filter(|t| !t.is_empty()) {
            path.push(text.into_owned());
        }
    }
    path
}

/// A table's columns, parted where another table stands beside it: behind a column with nothing in it, or where the
/// captions of STT and label come again.
fn blocks(columns: Vec<ShapeColumn>, rows: &[Row], lexis: &Lexis) -> Vec<Vec<ShapeColumn>> {
    let texts = |at: u32| rows.iter().filter(|r| r.get(at).is_some_and(|c| matches!(c.ink, Ink::Text(_)))).count();
    let figures = |at: u32| rows.iter().filter(|r| r.get(at).is_some_and(|c| c.ink.is_figure())).count();
    let mut parted: Vec<Vec<ShapeColumn>> = Vec::new();
    let paths: Vec<(u32, Vec<String>)> = columns.iter().map(|c| (c.at, c.path.clone())).collect();
    // Whether the caption behind a column stands to the left of it as well.
    let comes_again = |at: u32| {
        let behind = paths.iter().find(|(own, path)| *own > at && !path.is_empty());
        behind.is_some_and(|(_, next)| paths.iter().any(|(own, path)| *own < at && path == next))
    };
    for column in columns {
        let begins = parted.last().is_some_and(|block: &Vec<ShapeColumn>| {
            let Some(last) = block.last() else { return false };
            let had_figures = block.iter().any(|c| figures(c.at) > texts(c.at));
            let caption = column.path.join(" ");
            let again = block.iter().any(|c| !c.path.is_empty() && c.path == column.path);
            // "NỘI DUNG CHI" beside "NỘI DUNG THU": words over the lines of another table, whose captions come again.
            let names = |path: &[String]| path.last().is_some_and(|own| lexis.lists(&key(own)).is_some());
            let first = block.first().is_some_and(|c| names(&c.path) && texts(c.at) > figures(c.at));
            let named = first && names(&column.path) && texts(column.at) * 2 > rows.len() && comes_again(column.at);
            let opens = lexis.is_ordinal(&key(&caption))
                || (texts(column.at) > figures(column.at) && again && texts(column.at) * 2 > rows.len());
            let gap = column.at > last.at + 1;
            had_figures && (opens && again || named || gap && (opens || texts(column.at) > figures(column.at)))
        });
        if begins || parted.is_empty() {
            parted.push(Vec::new());
        }
        if let Some(block) = parted.last_mut() {
            block.push(column);
        }
    }
    parted
}

fn shape(
    rows: &[Row],
    start: &Start,
    end: usize,
    columns: Vec<ShapeColumn>,
    titles: Vec<Title>,
    lexis: &Lexis,
) -> Option<Shape> {
    let captions: Vec<Vec<&str>> =
        rows[start.top..=start.bottom].iter().map(|r| r.cells.iter().map(Cell::key).collect()).collect();
    let is_printed_again =
        |row: &Row| captions.iter().any(|own| row.cells.iter().map(Cell::key).eq(own.iter().copied()));
    let first = columns.first()?.at;
    let last = columns.last()?.at;
    let mut made: Vec<ShapeRow> = Vec::new();
    for row in &rows[start.data..end] {
        let own = row.cells.iter().filter(|c| (first..=last).contains(&c.column));
        let numbers_own = || own.clone().count() >= LEAST_NUMBERED && is_numbering(own.clone());
        if is_printed_again(row) || row.is_numbering() || numbers_own() || is_note(row, lexis) {
            continue;
        }
        let cells: Vec<Ink> = columns.iter().map(|c| row.get(c.at).map_or(Ink::Blank, cell_ink)).collect();
        if cells.iter().all(Ink::is_blank) {
            continue;
        }
        let figures = cells.iter().filter(|c| c.is_figure()).count();
        made.push(ShapeRow { row: row.row, cells, figures });
    }
    let filled = start.numbering.is_some() || made.iter().any(|r| r.figures > 0);
    let captioned = columns.iter().filter(|c| !c.path.is_empty()).count();
    (filled && captioned >= 2 && columns.len() >= 2).then(|| Shape {
        titles,
        header: Area { top: rows[start.top].row, left: first, bottom: rows[start.bottom].row, right: last },
        columns,
        numbered: start.numbering.is_some(),
        rows: made,
        outside: Vec::new(),
    })
}

/// A formula without a stored result is a figure that is not known.
fn cell_ink(cell: &Cell) -> Ink {
    if cell.ink.is_blank() && cell.formula { Ink::Figure("".into()) } else { cell.ink.clone() }
}

fn titles(rows: &[Row]) -> Vec<Title> {
    let cells = rows.iter().flat_map(|row| row.cells.iter().map(move |c| (row.row, c)));
    let title = |(row, c): (u32, &Cell)| match &c.ink {
        Ink::Text(text) => Some(Title { at: Address::new(row, c.column), text: text.clone() }),
        _ => None,
    };
    cells.filter_map(title).collect()
}
