//! Lines that are a table typed as text into its rows and columns, and what its total row, its columns and its shares do not
//! keep: one cell a paragraph, or "Phường Tân An 64 71 18", a row a line.
//!
//! Nothing but its figures tells how such a table is meant: a sum is asked of it only where it ties elsewhere in the table.

use super::clauses::{Items, Spot};
use super::paragraphs::{Line, Placed, Token};
use super::phrases::{Unit, longest_at, says};
use super::quantities::{Quantity, number};
use super::shares::{Share, Side, follows};
use super::sums::{Sum, is_mended, near, total_of};
use crate::model::statement::{Ground, Lexicon};
use crate::model::{Figure, Severity};

/// A table typed as text.
pub struct Table {
    /// The lines of its header, the first of the table's own.
    head: std::ops::Range<usize>,
    rows: Vec<Row>,
}

struct Row {
    /// The tokens that name it.
    label: Vec<Placed>,
    cells: Vec<Cell>,
}

#[derive(Clone)]
struct Cell {
    line: usize,
    quantity: Quantity,
}

/// Words of a label or of a header's cell, at most; lines of a header.
const LONG: usize = 16;
const HEAD: usize = 24;
/// Columns and rows that make a table of lines.
const COLUMNS: usize = 2;
const ROWS: usize = 2;

/// Finds the tables among lines, and gives their lines the quantities of their cells.
pub fn mark(lines: &mut [Line<'_>], lexicon: &Lexicon) {
    for table in tables(lines, lexicon) {
        for at in table.head.clone() {
            lines[at].typed = true;
        }
        for cell in table.rows.iter().flat_map(|r| &r.cells) {
            let line = &mut lines[cell.line];
            if !line.typed {
                (line.typed, line.quantities) = (true, Vec::new());
            }
            line.quantities.push(cell.quantity.clone());
        }
    }
}

/// The tables among lines, in their order.
pub fn tables(lines: &[Line<'_>], lexicon: &Lexicon) -> Vec<Table> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        match of_rows(lines, at, lexicon).or_else(|| of_cells(lines, at)) {
            Some((table, end)) => {
                found.push(table);
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// A row a line.
fn of_rows(lines: &[Line<'_>], first: usize, lexicon: &Lexicon) -> Option<(Table, usize)> {
    let joined = |at: &usize| *at == first || lines[*at].row == lines[*at - 1].row + 1;
    let rows: Vec<Vec<Cell>> =
        (first..lines.len()).take_while(joined).map_while(|at| trailing(&lines[at], at)).collect();
    let fewest = rows.iter().map(Vec::len).min()?;
    let whole: Vec<Vec<Cell>> = rows.into_iter().take_while(|r| r.len() <= fewest + 1).collect();
    let named = |cells: &Vec<Cell>| {
        let at = cells[0].quantity.at;
        at > 0 && lines[cells[0].line].tokens[at - 1].word().is_some()
    };
    // "Mức 3 600 550": the first number tells rows of one name apart.
    let word = |cells: &Vec<Cell>| lines[cells[0].line].tokens[..cells[0].quantity.at].to_vec();
    let alike = |cells: &Vec<Cell>| same(&word(cells), &word(&whole[0]));
    let numbered = whole.len() > 1 && whole.iter().all(|r| r.len() == fewest && named(r) && alike(r));
    let columns = fewest - usize::from(numbered);
    let fits = |r: &Vec<Cell>| r.len() == columns || r.len() == columns + 1 && named(r);
    let rows: Vec<Row> = whole
        .into_iter()
        .take_while(fits)
        .map(|cells| {
            let cells = cells[cells.len() - columns..].to_vec();
            Row { label: lines[cells[0].line].tokens[..cells[0].quantity.at].to_vec(), cells }
        })
        .collect();
    let enough = columns >= COLUMNS && rows.len() >= ROWS && (columns > COLUMNS || rows.len() > ROWS);
    let end = first + rows.len();
    enough.then(|| (Table { head: head(lines, first, lexicon), rows }, end))
}

/// One cell a paragraph: a label, and figures below it, as many for each.
fn of_cells(lines: &[Line<'_>], first: usize) -> Option<(Table, usize)> {
    let mut rows: Vec<Row> = Vec::new();
    let mut at = first;
    while let Some(label) = lines.get(at).filter(|l| is_label(l)) {
        let figures: Vec<Cell> = (at + 1..lines.len())
            .take_while(|i| lines[*i].row == lines[*i - 1].row + 1)
            .map_while(|i| only(&lines[i], i))
            .collect();
        let width = figures.len();
        if width < COLUMNS || rows.first().is_some_and(|r: &Row| r.cells.len() != width) {
            break;
        }
        rows.push(Row { label: label.tokens.clone(), cells: figures });
        at += 1 + width;
        if lines.get(at).is_some_and(|l| l.row != lines[at - 1].row + 1) {
            break;
        }
    }
    let start = (0..first).rev().take(HEAD).take_while(|i| is_label(&lines[*i])).last().unwrap_or(first);
    (rows.len() >= ROWS).then_some((Table { head: start..first, rows }, at))
}

/// The figures at the end of a line with nothing between them, behind words that name the row.
fn trailing(line: &Line<'_>, at: usize) -> Option<Vec<Cell>> {
    let mut cells = Vec::new();
    let mut end = line.tokens.len();
    while let Some(cell) = cell_before(line, at, end) {
        end = cell.quantity.at;
        cells.push(cell);
    }
    cells.reverse();
    let label = &line.tokens[..end];
    let named = label.iter().any(|t| t.word().is_some()) && label.len() <= LONG;
    let open = label.last().is_some_and(|t| matches!(t.token, Token::Mark(':' | ',' | ';' | '(' | '/' | '-')));
    (cells.len() >= COLUMNS && named && !open).then_some(cells)
}

/// The cell that ends before a token: a number alone, or a percentage; a dash is none.
fn cell_before(line: &Line<'_>, at: usize, end: usize) -> Option<Cell> {
    let last = end.checked_sub(1)?;
    let percent = line.tokens[last].is('%');
    let number_at = if percent { last.checked_sub(1)? } else { last };
    line.tokens[number_at].number()?;
    let parted = |i: usize| i == 0 || line.tokens[i].start > line.tokens[i - 1].end;
    let text = line.quote(number_at, end);
    let figure = number(text).filter(|_| parted(number_at))?;
    Some(Cell { line: at, quantity: Quantity::exact(number_at, end, figure, Unit::Unsaid, percent) })
}

/// A line that is one cell with a figure.
fn only(line: &Line<'_>, at: usize) -> Option<Cell> {
    cell_before(line, at, line.tokens.len()).filter(|cell| cell.quantity.at == 0)
}

/// A line that may be a cell without a figure.
fn is_label(line: &Line<'_>) -> bool {
    let end = line.tokens.last().is_some_and(|t| matches!(t.token, Token::Mark('.' | ';' | ':' | ',')));
    let words = line.tokens.iter().any(|t| t.word().is_some());
    words && line.tokens.len() <= LONG && !end && line.quantities.is_empty()
}

/// The lines above the rows that name their columns.
fn head(lines: &[Line<'_>], first: usize, lexicon: &Lexicon) -> std::ops::Range<usize> {
    let named = |line: &Line<'_>| {
        let end = line.tokens.last().is_some_and(|t| matches!(t.token, Token::Mark('.' | ';' | ':')));
        !end && line.tokens.len() <= 2 * HEAD && lexicon.opener(&line.tokens, 0).is_none()
    };
    let above = first.checked_sub(1).filter(|a| lines[*a].row + 1 == lines[first].row && named(&lines[*a]));
    above.filter(|a| lines[*a].quantities.is_empty()).unwrap_or(first)..first
}

fn same(a: &[Placed], b: &[Placed]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.token == b.token)
}

impl Cell {
    fn value(&self) -> Figure {
        self.quantity.value
    }

    fn spot(&self, lines: &[Line<'_>]) -> Option<Spot> {
        Some(Spot { line: self.line, quantity: lines[self.line].quantity_at(self.quantity.at)? })
    }
}

impl Table {
    fn width(&self) -> usize {
        self.rows[0].cells.len()
    }

    /// Whether a column counts something.
    fn counts(&self, column: usize) -> bool {
        self.rows.iter().all(|r| !r.cells[column].quantity.percent && r.cells[column].value().is_whole())
    }

    /// What the words of the header and the labels of the columns promise and the figures do not keep.
    pub fn sums(&self, items: &Items<'_>) -> Vec<Sum> {
        let mut found = self.down(items);
        found.extend(self.across(items));
        found
    }

    /// The total row: the sum of all others, in every column.
    fn down(&self, items: &Items<'_>) -> Vec<Sum> {
        let total = |row: &Row| (0..3).any(|i| longest_at(&row.label, i, &items.lexicon.openers.totals).is_some());
        let is_total = |at: usize| total(&self.rows[at]) && self.rows.iter().filter(|r| total(r)).count() == 1;
        let last = self.rows.len() - 1;
        let Some(whole) = [last, 0].into_iter().find(|at| is_total(*at)).filter(|_| self.rows.len() > 2) else {
            return Vec::new();
        };
        let trials = (0..self.width()).filter(|c| self.counts(*c)).map(|column| {
            let parts = self.rows.iter().enumerate().filter(|(at, _)| *at != whole);
            Trial { whole: &self.rows[whole].cells[column], parts: parts.map(|(_, r)| &r.cells[column]).collect() }
        });
        tried(trials.collect(), items, 1)
    }

    /// A column that is the sum of those beside it, where the header has a word for one.
    fn across(&self, items: &Items<'_>) -> Vec<Sum> {
        let lexicon = items.lexicon;
        let head: Vec<Placed> = items.lines[self.head.clone()].iter().flat_map(|line| line.tokens.clone()).collect();
        let partitions = || lexicon.partitions.iter().flat_map(|p| p.of.iter().chain(&p.whole));
        let told = says(&head, &lexicon.openers.totals) || partitions().any(|p| says(&head, std::slice::from_ref(p)));
        if !told {
            return Vec::new();
        }
        let width = self.width();
        let mut found: Vec<Sum> = Vec::new();
        for whole in (0..width).filter(|c| self.counts(*c)) {
            let behind = (whole + 3..=width).rev().map(|end| whole + 1..end);
            let before = (0..whole.saturating_sub(1)).map(|start| start..whole);
            for parts in behind.chain(before).filter(|p| p.clone().all(|c| self.counts(c))) {
                let trials = self
                    .rows
                    .iter()
                    .map(|row| Trial { whole: &row.cells[whole], parts: row.cells[parts.clone()].iter().collect() });
                let sums = tried(trials.collect(), items, 2);
                if !sums.is_empty() {
                    found.extend(sums);
                    break;
                }
            }
        }
        found
    }

    /// A column of percentages that are shares of two others, in all rows but one.
    pub fn shares(&self, lines: &[Line<'_>]) -> Vec<Share> {
        let width = self.width();
        let percents = (0..width).filter(|c| self.rows.iter().all(|r| r.cells[*c].quantity.percent));
        let mut found = Vec::new();
        for percent in percents {
            let holds = |row: &Row, a: usize, b: usize| {
                follows(row.cells[a].value(), row.cells[b].value(), &row.cells[percent].quantity)
            };
            let pairs = (0..width).flat_map(|a| (0..width).map(move |b| (a, b)));
            let pairs = pairs.filter(|(a, b)| a != b && self.counts(*a) && self.counts(*b));
            let kept = |(a, b): &(usize, usize)| self.rows.iter().filter(|r| holds(r, *a, *b)).count();
            let Some((a, b)) =
                pairs.max_by_key(kept).filter(|pair| kept(pair) > 1 && kept(pair) + 1 == self.rows.len())
            else {
                continue;
            };
            let wrong = self.rows.iter().find(|r| !holds(r, a, b));
            found.extend(wrong.and_then(|row| {
                let spot = |c: usize| row.cells[c].spot(lines);
                Some(Share {
                    percent: spot(percent)?,
                    top: Side::Figures(vec![spot(a)?]),
                    bottom: Side::Figures(vec![spot(b)?]),
                    holds: false,
                    cut: false,
                    severity: Severity::Error,
                    from: row.cells[percent].quantity.at,
                })
            }));
        }
        found
    }
}

/// A figure and those that it should be the sum of.
struct Trial<'t> {
    whole: &'t Cell,
    parts: Vec<&'t Cell>,
}

/// Of sums that are one rule, those that tie and those that don't, if enough tie to tell that it is one, and no more don't.
fn tried(trials: Vec<Trial<'_>>, items: &Items<'_>, enough: usize) -> Vec<Sum> {
    let sum = |t: &Trial<'_>| total_of(t.parts.iter().map(|p| p.value()));
    let holds = |t: &Trial<'_>| sum(t) == Some(t.whole.value());
    // Where one part is all of it, nothing is proved.
    let telling = |t: &&Trial<'_>| t.parts.iter().filter(|p| !p.value().is_zero()).count() > 1;
    let kept = trials.iter().filter(|t| holds(t)).filter(telling).count();
    let broken = trials.iter().filter(|t| !holds(t)).count();
    let meant = |t: &Trial<'_>| {
        let sum = sum(t).unwrap_or_default();
        near(t.whole.value(), sum) || is_mended(t.whole.value(), t.parts.iter().map(|p| p.value()), sum)
    };
    if kept < enough || broken > kept || !trials.iter().all(|t| holds(t) || meant(t)) {
        return Vec::new();
    }
    let made = |t: &Trial<'_>| {
        let whole = t.whole.spot(items.lines)?;
        let parts = t.parts.iter().filter_map(|p| p.spot(items.lines)).collect();
        let sum = Sum::of(items, whole, parts, Ground::Listed, items.lines[whole.line].tokens.len())?;
        Some(Sum { severity: Severity::Error, ..sum })
    };
    trials.iter().filter_map(made).collect()
}
