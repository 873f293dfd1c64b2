//! Turns a workbook's cells into the tables of known forms on it: which form, whose, of when, which row is which line.
//!
//! In this order, for each sheet that is not hidden:
//!
//! 1. [`page`] makes rows of cells, each text with what is known of it (kept for the run in the [`lexicon`],
//!    which has the catalogue's words as comparison keys).
//! 2. [`blocks`] cuts the page upright where tables stand beside each other.
//! 3. [`lists`] takes out the lists of tasks, documents and expenses, known by a title and their captions.
//! 4. [`header`] finds the headers: rows of captions, and the row of printed numbers under them.
//! 5. [`columns`] compares a header with every form's columns; [`tables`] takes the form that fits header, lines and title.
//! 6. [`roles`] says which sheet column is what. [`fixed`] finds an indicator form's lines and an open form's: fields
//!    of work, sections, subtotals; [`totals`] tells which row is their total and which rows would double them.
//! 7. [`titles`] and [`units`] read what the rows above the table, the signature, the names of sheet, file and folders say
//!    of unit and period; [`clues`] decides which of them counts, and keeps those that say something else.
//!
//! What is not certain leaves as a [`Doubt`] of the layout and becomes a finding; nothing is guessed without one.

mod blocks;
mod clues;
mod columns;
mod fixed;
mod header;
mod lexicon;
mod lists;
mod page;
mod roles;
mod tables;
mod titles;
mod totals;
mod units;

use std::sync::Arc;

use foldhash::{HashMap, HashSet};

pub use clues::whose;
pub use lexicon::Lexicon;
pub use titles::province;

use crate::model::layout::More;
use crate::model::{Address, Area, Doubt, Evidence, Layout, Sheet, Unsure, Workbook};
use crate::normalise::Issued;
use clues::{Clues, Place};
use columns::Memory;
use tables::Found;
use units::How;

/// All that was recognised in a workbook.
#[derive(Debug, Default)]
pub struct Recognition {
    pub layouts: Vec<Layout>,
    /// Tables of a known form that could not be placed, and why.
    pub unplaced: Vec<Unplaced>,
    /// Visible sheets on which no table was recognised.
    pub strange_sheets: Vec<usize>,
    /// Sheets of too many texts, each with the first row that was not looked at.
    pub cut_sheets: Vec<(usize, u32)>,
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
    /// Its title stands there, but none of its lines.
    Lines,
    /// Its columns stand there several times, and nothing says which are meant.
    Block,
    Unit,
    Period,
}

/// Tables above and below one that are asked whose and of when it is; the fullest workbook seen has 130.
const MOST_NEIGHBOURS: usize = 400;

/// A hidden sheet with more cells than these is data of another kind.
const MOST_HIDDEN: usize = 20_000;

/// The unit on the list whose file it is, as far as the names of the file and its folders tell.
pub fn unit_of_file(file: &str, lexicon: &Lexicon) -> Option<Arc<str>> {
    let clues = Clues::in_file_name(file, lexicon);
    let (clue, _) = clues.unit(lexicon)?;
    matches!(clue.what.how, How::Listed | How::Alike).then(|| clue.what.unit.clone())
}

/// Recognises the tables of a workbook. `file` is its name with the folders it came in.
pub fn recognise(workbook: &Workbook, file: &str, lexicon: &Lexicon) -> Recognition {
    let mut recognition = Recognition::default();
    let mut memory = Memory::default();
    let mut found: Vec<Found<'_>> = Vec::new();
    let mut loose = Clues::default();
    for (index, sheet) in workbook.sheets.iter().enumerate() {
        if sheet.hidden {
            recognition.hidden_sheets.push(index);
        } else {
            found.extend(of_sheet(sheet, index, lexicon, &mut memory, &mut loose, &mut recognition));
        }
    }
    place(found, loose, workbook, file, lexicon, &mut recognition);
    say_once(&mut recognition.layouts);
    for &sheet in &recognition.hidden_sheets {
        note_hidden(&workbook.sheets[sheet], &mut recognition.layouts, lexicon, &mut memory);
    }
    recognition
}

/// The lists and known tables on a sheet, from strip to strip; what a sheet without any says of unit and period is added to
/// `loose`.
fn of_sheet<'a>(
    sheet: &Sheet,
    index: usize,
    lexicon: &'a Lexicon,
    memory: &mut Memory,
    loose: &mut Clues,
    recognition: &mut Recognition,
) -> Vec<Found<'a>> {
    let page = page::page(sheet, lexicon);
    recognition.cut_sheets.extend(page.cut.map(|row| (index, row)));
    let sent_out = clues::issued(sheet);
    let form = sent_out.as_ref().map(|i| i.form.as_str());
    let empty = page.rows.is_empty();
    let mut strips = page.strips(|c| header::is_ordinal(c, lexicon), |c| header::is_caption(c, lexicon));
    let mut found: Vec<Found<'a>> = Vec::new();
    for strip in &mut strips {
        let mut own = lists::take(strip, index, lexicon);
        let (tables, lost) = tables::tables(strip, (index, form), lexicon, memory);
        own.extend(tables);
        let unplaced = lost.into_iter().map(|(form, cell, lacks)| Unplaced { form, sheet: index, cell, lacks });
        recognition.unplaced.extend(unplaced);
        own.sort_by_key(|found| found.header.area.top);
        if let Some(last) = own.last_mut() {
            let below = strip.between(tables::end_of(last), u32::MAX);
            last.clues.extend(Clues::in_signatures(below, lexicon));
        }
        found.extend(own);
    }
    if found.is_empty() && !empty {
        recognition.strange_sheets.push(index);
        strips.iter().for_each(|strip| loose.extend(Clues::in_strange_sheet(&strip.rows, lexicon)));
    }
    found
}

/// Gathers what its own titles, the other tables and the names of sheet and file say of each table's unit and period. Which
/// clue counts is decided by its [`Place`]; of several of one place the one gathered first does.
fn place(
    found: Vec<Found<'_>>,
    loose: Clues,
    workbook: &Workbook,
    file: &str,
    lexicon: &Lexicon,
    recognition: &mut Recognition,
) {
    // The first row and the one below the last of the tables of each sheet.
    let mut extents: HashMap<usize, (u32, u32)> = HashMap::default();
    for table in &found {
        let (top, below) = extents.entry(table.sheet).or_insert((u32::MAX, 0));
        (*top, *below) = ((*top).min(table.header.area.top), (*below).max(tables::end_of(table)));
    }
    let own: Vec<(usize, Clues)> = found.iter().map(|f| (f.sheet, f.clues.settled(lexicon))).collect();
    let in_file_name = Clues::in_file_name(file, lexicon);
    for (i, table) in found.into_iter().enumerate() {
        let sheet = &workbook.sheets[table.sheet];
        let sent_out = clues::issued(sheet);
        let mut clues = sent_out.as_ref().map_or_else(Clues::default, |issued| Clues::of_sent_out(issued, lexicon));
        if table.table.learned {
            clues.extend(clues::around(sheet, extents[&table.sheet], file, lexicon));
        }
        clues.extend(table.clues.clone());
        // The table just above says more than the first one of the workbook.
        let (above, below) = (own[..i].iter().rev(), own[i + 1..].iter());
        for (sheet, other) in above.take(MOST_NEIGHBOURS).chain(below.take(MOST_NEIGHBOURS)) {
            let place = if *sheet == table.sheet { Place::Earlier } else { Place::OtherSheet };
            clues.extend_from(other, place);
        }
        clues.extend(loose.clone());
        clues.extend(Clues::in_sheet_name(&sheet.name, lexicon));
        clues.extend(in_file_name.clone());
        finish(table, sent_out.as_ref(), &clues, lexicon, recognition);
    }
}

/// A table of a known form on a hidden sheet is left out; the first table of the form in sight says so.
fn note_hidden(sheet: &Sheet, layouts: &mut [Layout], lexicon: &Lexicon, memory: &mut Memory) {
    if layouts.is_empty() || sheet.cells.len() > MOST_HIDDEN {
        return;
    }
    let (found, _) = tables::tables(&page::page(sheet, lexicon), (0, None), lexicon, memory);
    let Some(table) = found.iter().find(|table| !table.assigned.rows.is_empty()) else { return };
    let Some(layout) = layouts.iter_mut().find(|layout| layout.form == table.table.form) else { return };
    let Area { top, bottom, .. } = table.header.area;
    let what = Unsure::HiddenTable { sheet: Some(sheet.name.clone()), rows: (top, bottom) };
    layout.doubts.push(Doubt { cell: Address::new(layout.header.top, layout.header.left), what });
}

/// What is unsure of a whole file is said once, not for each of its tables.
fn say_once(layouts: &mut [Layout]) {
    let mut mentioned: HashSet<String> = HashSet::default();
    for layout in layouts {
        layout.doubts.retain(|doubt| {
            let words = match &doubt.what {
                Unsure::UnitSpelling { taken, .. } => format!("spelling {taken}"),
                Unsure::UnitStrange { typed, .. } => format!("strange {typed}"),
                Unsure::UnitsDiffer { taken, other, .. } => format!("units {taken} {other}"),
                Unsure::PeriodsDiffer { taken, other, .. } => format!("periods {taken} {other}"),
                _ => return true,
            };
            mentioned.insert(words)
        });
    }
}

/// Settles unit and period, and turns what was found into a layout.
fn finish(
    found: Found<'_>,
    sent_out: Option<&Issued>,
    clues: &Clues,
    lexicon: &Lexicon,
    recognition: &mut Recognition,
) {
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
    let said = clues::doubts_of_unit(unit, &other_units).into_iter();
    let mut doubts: Vec<Doubt> =
        said.chain(clues::doubt_of_period(period, &other_periods)).map(|what| Doubt { cell: top, what }).collect();
    doubts.extend(doubts_of(&found, sent_out));
    let evidence =
        Evidence { form: form_evidence(&found, sent_out), unit: clues::evidence(unit), period: clues::evidence(by) };
    let is_list = !found.items.is_empty();
    recognition.layouts.push(Layout {
        form,
        table: found.table.table.clone(),
        unit: unit.what.unit.clone(),
        period,
        sheet,
        items: found.items,
        beside: if found.table.open || is_list { Vec::new() } else { found.roles.beside(&found.header, lexicon) },
        columns: found.roles.figures,
        more: found.more,
        rows: found.assigned.rows,
        header: found.header.area,
        evidence,
        doubts,
    });
}

/// What is unsure of a table's form, columns and rows.
fn doubts_of(found: &Found<'_>, sent_out: Option<&Issued>) -> Vec<Doubt> {
    let (form, area) = (&found.table.form, found.header.area);
    let top = Address::new(area.top, area.left);
    let mut doubts = Vec::new();
    let mut doubt = |what: Unsure, cell: Address| doubts.push(Doubt { cell, what });
    if let Some(titled) = found.titled.as_ref().filter(|titled| *titled != form) {
        doubt(Unsure::FormsDiffer { titled: titled.to_string() }, top);
    }
    let column = found.roles.label.unwrap_or(area.left);
    for (row, label) in &found.assigned.strange {
        doubt(Unsure::StrangeRow { label: label.to_string() }, Address::new(*row, column));
    }
    for (row, label, line) in &found.assigned.doubtful {
        doubt(Unsure::DoubtfulLine { label: label.to_string(), line: line.clone() }, Address::new(*row, column));
    }
    for row in &found.assigned.repeated {
        doubt(Unsure::RepeatedOrdinal, Address::new(*row, found.roles.ordinal.unwrap_or(column)));
    }
    if let Some((row, label, line)) = &found.assigned.unmarked {
        doubt(Unsure::WithoutMarks { label: label.to_string(), line: line.clone() }, Address::new(*row, column));
    }
    for more in &found.more {
        let caption = more.caption.to_string();
        let what = match &more.is {
            More::Part { of } => Unsure::JoinedColumns { caption, column: of.clone() },
            More::Member { total } => Unsure::ExtraColumn { caption, member_of: Some(total.to_string()) },
            More::Stranger => Unsure::ExtraColumn { caption, member_of: None },
        };
        doubt(what, Address::new(area.bottom, more.column));
    }
    for missing in &found.missing {
        doubt(Unsure::MissingColumn { column: missing.clone() }, top);
    }
    for area in &found.hidden {
        doubt(Unsure::HiddenTable { sheet: None, rows: (area.top, area.bottom) }, Address::new(area.top, area.left));
    }
    if sent_out.is_some_and(|i| *i.form == **form && i.print != found.table.print) {
        doubt(Unsure::OtherPrint, top);
    }
    doubts
}

fn form_evidence(found: &Found<'_>, sent_out: Option<&Issued>) -> String {
    let Area { top, left, bottom, right } = found.header.area;
    let columns = format!("tiêu đề cột {}:{}", Address::new(top, left), Address::new(bottom, right));
    if sent_out.is_some_and(|i| *i.form == *found.table.form) {
        return format!("{}, {columns}", clues::SENT_OUT);
    }
    match &found.titled {
        Some(titled) if *titled == found.table.form => format!("{columns}, tên biểu ở phần đầu"),
        _ => columns,
    }
}
