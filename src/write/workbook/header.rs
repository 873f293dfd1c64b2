//! Turns the captions of a table's columns into its printed header: merged groups, then the numbering row.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::page::{area, text};
use super::plan::{Plan, TablePlan};
use crate::model::form::Role;
use crate::model::rule::Place;
use crate::model::{Catalogue, Column, Form, Lines, Rule, RuleKind, Table};
use crate::write::style::{Styles, height};

/// A table whose header is written.
pub struct Head<'a> {
    pub catalogue: &'a Catalogue,
    pub form: &'a Form,
    pub table: &'a Table,
}

/// How many rows the captions of a table take, without the numbering row.
#[must_use]
pub fn depth(table: &Table) -> u32 {
    table.columns.iter().map(|c| c.path.len() as u32).max().unwrap_or(1)
}

/// From a row on; as deep as the longest path of captions.
pub fn write(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    top: u32,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let head = Head { catalogue: &plan.outcome.catalogue, form: table.form, table: table.table };
    captions(sheet, &head, top, styles)
}

/// The same for a table of a form that nobody has filled in.
pub fn captions(sheet: &mut Worksheet, head: &Head<'_>, top: u32, styles: &Styles) -> Result<(), XlsxError> {
    let columns = &head.table.columns;
    let deepest = depth(head.table);
    let open = matches!(head.table.lines, Lines::Open { .. });
    for level in 0..deepest {
        let depth = level as usize;
        let mut at = 0;
        while at < columns.len() {
            let path = &columns[at].path;
            let Some(caption) = path.get(depth) else {
                at += 1;
                continue;
            };
            let leaf = depth + 1 == path.len();
            let group = |c: &&Column| c.path.len() > depth + 1 && c.path.get(..=depth) == path.get(..=depth);
            let width = if leaf { 1 } else { columns[at..].iter().take_while(group).count().max(1) };
            let bottom = if leaf { top + deepest - 1 } else { top + level };
            let right = (at + width - 1) as u16;
            area(sheet, (top + level, at as u16, bottom, right), caption, &styles.head)?;
            at += width;
        }
        sheet.set_row_height(top + level, tall(columns, depth, deepest, open))?;
    }
    if head.table.numbered {
        let row = top + deepest;
        for (at, column) in columns.iter().enumerate() {
            text(sheet, row, at as u16, &number(head, column), &styles.numbering)?;
        }
        sheet.set_row_height(row, 30)?;
    }
    Ok(())
}

/// How tall a row of the header must be for the captions that begin in it.
fn tall(columns: &[Column], depth: usize, rows: u32, open: bool) -> f64 {
    // A list without figures has narrow columns of words.
    let is_list = columns.iter().all(|c| c.role != Role::Figure);
    let width = match (is_list, open) {
        (true, _) => 20.0,
        (false, true) => 11.5,
        (false, false) => 16.0,
    };
    let figures = columns.iter().filter(|c| (is_list || c.role == Role::Figure) && c.path.len() > depth);
    let needs = figures.map(|column| {
        let caption = &column.path[depth];
        if column.path.len() == depth + 1 {
            return height(caption, width) / f64::from(rows - depth as u32);
        }
        let group = columns.iter().filter(|c| c.path.len() > depth + 1 && c.path[..=depth] == column.path[..=depth]);
        height(caption, width * group.count() as f64)
    });
    needs.fold(20.0, f64::max).min(100.0)
}

/// `(3)=(4)+(5)+(6)`.
fn number(head: &Head<'_>, column: &Column) -> String {
    let own = |r: &&Rule| r.form == head.form.id && r.table == head.table.id;
    let plain = |p: &Place| p.form.is_none() && p.table.is_none() && p.line.is_none();
    let identity = head.catalogue.rules.iter().filter(own).find_map(|rule| match &rule.kind {
        RuleKind::Balance { total, parts, minus }
            if total.column.as_deref() == Some(&column.id) && plain(total) && parts.iter().chain(minus).all(plain) =>
        {
            let name = |p: &Place| format!("({})", p.column.as_deref().unwrap_or_default());
            let plus = parts.iter().map(name).collect::<Vec<_>>().join("+");
            Some(minus.iter().fold(plus, |text, p| format!("{text}-{}", name(p))))
        }
        _ => None,
    });
    match identity {
        Some(parts) => format!("({})={parts}", column.id),
        None => format!("({})", column.id),
    }
}
