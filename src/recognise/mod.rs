//! Turns a workbook's cells into the tables of known forms on it: which form, whose, of when, which row is which line.

mod clues;
mod columns;
mod fields;
mod header;
mod lexicon;
mod lines;
mod paper;
mod units;

use std::sync::Arc;

use clues::{Clues, Place};
use columns::Memory;
use header::Header;
use lexicon::TableKeys;
use lines::{Assigned, Roles};
use paper::{Paper, PaperRow};

pub use lexicon::Lexicon;
use units::How;

use crate::model::{Address, Area, Doubt, Evidence, Layout, Unsure, Workbook};

/// All that was recognised in a workbook.
#[derive(Debug, Default)]
pub struct Recognition {
    pub layouts: Vec<Layout>,
    /// Tables of a known form that could not be placed, and why.
    pub unplaced: Vec<Unplaced>,
    /// Visible sheets on which no table was recognised.
    pub strange_sheets: Vec<usize>,
    /// Hidden sheets, left out.
    pub hidden_sheets: Vec<usize>,
}

/// A table of a known form of which nothing says whose or of when it is.
#[derive(Debug, Clone)]
pub struct Unplaced {
    pub form: Arc<str>,
    pub sheet: usize,
    pub cell: Address,
    pub lacks: Lacks,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacks {
    Unit,
    Period,
}

/// A header with the table it belongs to.
struct Found<'a> {
    sheet: usize,
    header: Header,
    table: &'a TableKeys,
    roles: Roles,
    assigned: Assigned,
    clues: Clues,
    titled: Option<Arc<str>>,
    missing: Vec<Arc<str>>,
}

/// Recognises the tables of a workbook. `file` is its name with the folders it came in.
#[must_use]
pub fn recognise(workbook: &Workbook, file: &str, lexicon: &Lexicon) -> Recognition {
    let mut recognition = Recognition::default();
    let mut memory = Memory::default();
    let mut found: Vec<Found<'_>> = Vec::new();
    let mut loose = Clues::default();
    for (index, sheet) in workbook.sheets.iter().enumerate() {
        if sheet.hidden {
            recognition.hidden_sheets.push(index);
            continue;
        }
        let paper = Paper::new(sheet);
        let tables = tables(&paper, index, lexicon, &mut memory);
        if tables.is_empty() && !paper.rows.is_empty() {
            recognition.strange_sheets.push(index);
            loose.extend(Clues::in_strange_sheet(&paper.rows, lexicon));
        }
        found.extend(tables);
    }
    let own: Vec<(usize, Clues)> = found.iter().map(|f| (f.sheet, f.clues.clone())).collect();
    for (i, table) in found.into_iter().enumerate() {
        let sheet_name = &workbook.sheets[table.sheet].name;
        let mut clues = own[i].1.clone();
        // The table just above says more than the first one of the workbook.
        for (sheet, other) in own[..i].iter().rev().chain(&own[i + 1..]) {
            clues.extend(other.from(if *sheet == table.sheet { Place::Earlier } else { Place::OtherSheet }));
        }
        clues.extend(loose.clone());
        clues.extend(Clues::in_names(sheet_name, file, lexicon));
        finish(table, &clues, lexicon, &mut recognition);
    }
    say_once(&mut recognition.layouts);
    recognition
}

/// What is unsure of a whole file is said once, not for each of its tables.
fn say_once(layouts: &mut [Layout]) {
    let mut said: Vec<String> = Vec::new();
    for layout in layouts {
        layout.doubts.retain(|doubt| {
            let words = match &doubt.what {
                Unsure::UnitSpelling { taken, .. } => format!("spelling {taken}"),
                Unsure::UnitStrange { typed, .. } => format!("strange {typed}"),
                Unsure::UnitsDiffer { taken, other, .. } => format!("units {taken} {other}"),
                Unsure::PeriodsDiffer { taken, other, .. } => format!("periods {taken} {other}"),
                _ => return true,
            };
            let new = !said.contains(&words);
            said.push(words);
            new
        });
    }
}

/// The known tables on one sheet, top to bottom.
fn tables<'a>(paper: &Paper<'_>, sheet: usize, lexicon: &'a Lexicon, memory: &mut Memory) -> Vec<Found<'a>> {
    let headers = header::headers(paper, lexicon);
    let starts: Vec<(u32, u32)> = headers.iter().map(|h| (h.area.top, h.area.left)).collect();
    let mut found: Vec<Found<'a>> = Vec::new();
    let mut title_from = 0;
    for header in headers {
        // Tables side by side share their rows; the next one below ends this one.
        let below = starts.iter().filter(|(top, _)| *top > header.area.bottom).map(|(top, _)| *top).min().unwrap_or(u32::MAX);
        let rows = paper.between(header.area.bottom + 1, below);
        let first_in_band = found.last().is_none_or(|f| f.sheet != sheet || f.header.area.top != header.area.top);
        if first_in_band {
            title_from = found.iter().map(|f| end_of(f)).max().unwrap_or(0);
        }
        let titles = paper.between(title_from, header.area.top);
        if let Some(table) = table_of(&header, rows, titles, paper, lexicon, memory) {
            let (table, roles, assigned, missing, titled) = table;
            let clues = Clues::in_rows(titles, lexicon);
            let continued = found.iter_mut().rev().find(|f| f.table.form == table.form && f.table.table == table.table && f.header.area.left == header.area.left);
            // A header printed again after a page break goes on with the same table.
            match continued {
                Some(previous) if titled.is_none() && clues.units.is_empty() && clues.periods.is_empty() && !ended(&previous.assigned) => {
                    previous.assigned.rows.extend(assigned.rows);
                    previous.assigned.strange.extend(assigned.strange);
                    previous.assigned.end = assigned.end;
                }
                _ => found.push(Found { sheet, header, table, roles, assigned, clues, titled, missing }),
            }
        }
    }
    found
}

/// Whether the table's total row has been seen at its bottom.
fn ended(assigned: &Assigned) -> bool {
    use crate::model::Part;
    assigned.rows.last().is_some_and(|r| r.part == Part::Total) && assigned.rows.len() > 1
}

/// The first row below a table.
fn end_of(found: &Found<'_>) -> u32 {
    found.assigned.rows.last().map_or(found.header.area.bottom, |r| r.row) + 1
}

type Matched<'a> = (&'a TableKeys, Roles, Assigned, Vec<Arc<str>>, Option<Arc<str>>);

/// The table a header belongs to: by its columns, then by its lines, the title breaking ties.
fn table_of<'a>(header: &Header, rows: &[PaperRow], titles: &[PaperRow], paper: &Paper<'_>, lexicon: &'a Lexicon, memory: &mut Memory) -> Option<Matched<'a>> {
    let fits = columns::fits(header, lexicon, memory);
    let best = fits.first()?.score;
    let named = titled(titles, lexicon);
    let rated = fits.iter().filter(|f| f.score >= best - 0.12).map(|fit| {
        let table = &lexicon.tables[fit.table];
        let roles = Roles::new(fit, table);
        let marked = named.as_ref().is_some_and(|form| *form == table.form);
        let subtitle = !table.title.is_empty() && titles.iter().any(|r| r.cells.iter().any(|c| c.key == table.title));
        let lines = if table.open { 0.0 } else { lines::exact_hits(rows, &roles, table) as f64 / rows.len().max(1) as f64 };
        let rate = fit.score + lines + if marked { 0.1 } else { 0.0 } + if subtitle { 0.1 } else { 0.0 };
        (rate, fit, table, roles)
    });
    let (_, fit, table, roles) = rated.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.table.cmp(&a.1.table)))?;
    let assigned = if table.open { lines::open(rows, paper.sheet, &roles, lexicon) } else { lines::fixed(rows, &roles, table, lexicon) };
    // An indicator form's columns are anybody's: without its lines it is another form.
    let lines_found = assigned.rows.len() - assigned.doubtful.len();
    if !table.open && (lines_found < 3 || lines_found * 2 < rows_with_figures(rows, &roles)) {
        return None;
    }
    if assigned.rows.is_empty() {
        return None;
    }
    let seen = |j: usize| fit.columns.iter().any(|(_, k, _)| *k == j);
    let missing = table.columns.iter().enumerate().filter(|(j, c)| c.role == crate::model::form::Role::Figure && !seen(*j)).map(|(_, c)| c.id.clone());
    let missing = missing.collect();
    Some((table, roles, assigned, missing, named))
}

fn rows_with_figures(rows: &[PaperRow], roles: &Roles) -> usize {
    rows.iter().filter(|r| roles.figures.iter().any(|(c, _)| r.get(*c).is_some())).count()
}

/// The form that a title names, by the mark nearest above the header.
fn titled(titles: &[PaperRow], lexicon: &Lexicon) -> Option<Arc<str>> {
    for row in titles.iter().rev() {
        for cell in row.cells.iter().filter(|c| !c.key.is_empty()) {
            let marks = lexicon.tables.iter().flat_map(|t| t.marks.iter().map(move |m| (m, t)));
            let named = marks.filter(|(mark, _)| starts_with_words(&cell.key, mark)).max_by_key(|(mark, _)| mark.len());
            if let Some((_, table)) = named {
                return Some(table.form.clone());
            }
        }
    }
    None
}

/// Whether a title holds a mark as whole words: "bieu mau 1" is not in "bieu mau 12".
fn starts_with_words(title: &str, mark: &str) -> bool {
    let padded = format!(" {title} ");
    padded.contains(&format!(" {mark} "))
}

/// Settles unit and period, and turns what was found into a layout.
fn finish(found: Found<'_>, clues: &Clues, lexicon: &Lexicon, recognition: &mut Recognition) {
    let (sheet, top) = (found.sheet, Address::new(found.header.area.top, found.header.area.left));
    let form = found.table.form.clone();
    let unplaced = |lacks: Lacks| Unplaced { form: form.clone(), sheet, cell: top, lacks };
    let Some((unit, other_units)) = clues.unit(lexicon) else {
        recognition.unplaced.push(unplaced(Lacks::Unit));
        return;
    };
    let Some((period, by, other_periods)) = clues.period() else {
        recognition.unplaced.push(unplaced(Lacks::Period));
        return;
    };
    let mut doubts = Vec::new();
    let mut doubt = |what: Unsure, cell: Address| doubts.push(Doubt { cell, what });
    let (name, typed) = (unit.what.unit.to_string(), unit.quote.clone());
    match &unit.what.how {
        How::Alike => doubt(Unsure::UnitSpelling { taken: name.clone(), typed }, top),
        How::Strange(near) => doubt(Unsure::UnitStrange { typed: name.clone(), near: near.clone() }, top),
        How::Listed | How::Itself => {}
    }
    if let Some(other) = other_units.first() {
        doubt(Unsure::UnitsDiffer { taken: name, other: other.what.unit.to_string(), by: other.quote.clone() }, top);
    }
    if let Some(other) = other_periods.first() {
        let named = other.what.period.map_or_else(|| other.what.quote.clone(), |p| p.in_vietnamese());
        doubt(Unsure::PeriodsDiffer { taken: period, other: named, by: other.quote.clone() }, top);
    }
    if let Some(titled) = found.titled.as_ref().filter(|t| **t != form) {
        doubt(Unsure::FormsDiffer { titled: titled.to_string() }, top);
    }
    let column = found.roles.label.unwrap_or(found.header.area.left);
    for (row, label) in &found.assigned.strange {
        doubt(Unsure::StrangeRow { label: label.clone() }, Address::new(*row, column));
    }
    for (row, label, line) in &found.assigned.doubtful {
        doubt(Unsure::DoubtfulLine { label: label.clone(), line: line.clone() }, Address::new(*row, column));
    }
    for row in &found.assigned.repeated {
        doubt(Unsure::RepeatedOrdinal, Address::new(*row, found.roles.ordinal.unwrap_or(column)));
    }
    for missing in &found.missing {
        doubt(Unsure::MissingColumn { column: missing.clone() }, top);
    }
    let evidence = Evidence {
        form: form_evidence(&found),
        unit: clues::evidence(unit),
        period: clues::evidence(by),
    };
    recognition.layouts.push(Layout {
        form,
        table: found.table.table.clone(),
        unit: unit.what.unit.clone(),
        period,
        sheet,
        columns: found.roles.figures,
        rows: found.assigned.rows,
        header: found.header.area,
        identities: found.header.identities,
        evidence,
        doubts,
    });
}

fn form_evidence(found: &Found<'_>) -> String {
    let Area { top, left, bottom, right } = found.header.area;
    let columns = format!("tiêu đề cột {}:{}", Address::new(top, left), Address::new(bottom, right));
    match &found.titled {
        Some(titled) if *titled == found.table.form => format!("{columns}, tên biểu ở phần đầu"),
        _ => columns,
    }
}
