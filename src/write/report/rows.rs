//! Rows of mark-up into a table: `|=` widths, `|!` header, `|*` bold, `<` and `^` merged to the left and upwards.

use super::bound::Shared;
use super::markup::inline;
use crate::write::docx::{Align, Cell, Inline, Merge, Paragraph, Row, Style, Table};

/// Columns from which a table is set smaller.
const WIDE: usize = 9;
const SMALL: u32 = 21;

/// A column: its share of the width, and where its text stands.
type Column = (u32, Align);

#[must_use]
pub fn table(lines: &[&str], width: u32, shared: &Shared) -> Table {
    let parsed: Vec<(&str, Vec<&str>)> =
        lines.iter().filter(|line| !line.starts_with("|=")).map(|line| split(line)).collect();
    let many = parsed.iter().map(|(_, cells)| cells.len()).max().unwrap_or(1);
    let columns = columns(lines.iter().find(|l| l.starts_with("|=")), many);
    let shares: Vec<u32> = columns.iter().map(|(share, _)| *share).collect();
    let mut table = Table::lined(width, &shares);
    let size = (many >= WIDE).then_some(SMALL);
    for (i, (kind, cells)) in parsed.iter().enumerate() {
        let below = parsed.get(i + 1).map(|(_, cells)| cells);
        let look = Look { head: *kind == "!", bold: matches!(*kind, "!" | "*"), size };
        table.rows.push(Row { header: look.head, cells: row(cells, below, &columns, &look, shared) });
    }
    table
}

struct Look {
    head: bool,
    bold: bool,
    size: Option<u32>,
}

/// `|! a | b` into `!` and its cells.
fn split(line: &str) -> (&str, Vec<&str>) {
    let rest = line.trim_start_matches('|');
    let kind = if rest.starts_with(['!', '*']) && !rest.starts_with("**") { &rest[..1] } else { "" };
    let rest = rest[kind.len()..].trim();
    let rest = rest.strip_suffix('|').unwrap_or(rest);
    (kind, rest.split('|').map(str::trim).collect())
}

/// `|= 6c 26 9r`: shares, with c for centred and r for to the right.
fn columns(line: Option<&&str>, many: usize) -> Vec<Column> {
    let words = line.map(|l| l.trim_start_matches("|=")).unwrap_or_default();
    let mut columns: Vec<Column> = words
        .split_whitespace()
        .map(|word| {
            let align = match word.chars().last() {
                Some('c') => Align::Centre,
                Some('r') => Align::Right,
                _ => Align::Left,
            };
            let share = word.trim_end_matches(['c', 'r', 'l']).parse().unwrap_or(1);
            (share, align)
        })
        .collect();
    columns.resize(many.max(1), (10, Align::Left));
    columns
}

fn row(cells: &[&str], below: Option<&Vec<&str>>, columns: &[Column], look: &Look, shared: &Shared) -> Vec<Cell> {
    let mut made: Vec<Cell> = Vec::new();
    for (i, (_, align)) in columns.iter().enumerate() {
        let text = cells.get(i).copied().unwrap_or_default();
        if text == "<"
            && let Some(left) = made.last_mut()
        {
            left.span += 1;
            continue;
        }
        if text == "^" {
            made.push(Cell::going_on());
            continue;
        }
        let mut paragraph = Paragraph::new(Style::Cell);
        paragraph.content = inline(text, shared, look.size);
        if look.bold {
            paragraph.content.iter_mut().for_each(embolden);
        }
        let spans = cells.get(i + 1).is_some_and(|next| *next == "<");
        paragraph.align = Some(if look.head || spans { Align::Centre } else { *align });
        let goes_on = below.and_then(|b| b.get(i)).is_some_and(|t| *t == "^");
        made.push(Cell::new(vec![paragraph]).merged(if goes_on { Merge::Begins } else { Merge::No }));
    }
    made
}

fn embolden(inline: &mut Inline) {
    match inline {
        Inline::Run(run) | Inline::Control { run, .. } => run.bold = true,
    }
}
