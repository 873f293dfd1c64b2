//! The lists of a sheet (tasks of a plan, documents, expenses): found by their captions under a title that names them.

use std::sync::Arc;

use super::clues::Clues;
use super::fixed;
use super::header::{self, Header, HeaderColumn};
use super::lexicon::{Lexicon, ListKeys};
use super::page::{Page, PageCell, PageRow};
use super::roles::{Lines, Roles, closes};
use super::tables::Found;
use crate::model::entry::Part;
use crate::model::form::ItemRole;
use crate::model::{Area, LayoutRow};
use crate::normalise::code;
use crate::normalise::document::document;
use crate::normalise::text::{key, similarity};

/// A caption may differ from the known wording by a slip of the fingers, not by more.
const CAPTION_LIKENESS: f64 = 0.88;
/// A title stands at most so many filled rows above its header.
const TITLE_ROWS: usize = 8;
/// A longer text is prose.
const LONGEST_TITLE: usize = 180;
/// More empty rows than these end a list.
const GAP: u32 = 4;

/// Takes the lists out of a sheet: what is left are the other tables.
pub fn take<'a>(page: &mut Page<'_>, sheet: usize, lexicon: &'a Lexicon) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    let (mut at, mut from) = (0, 0);
    while at < page.rows.len() {
        let Some((list, columns)) = header_at(page, at, from, lexicon) else {
            at += 1;
            continue;
        };
        let end = end(page, at, &columns, list, lexicon);
        let own = read(page, sheet, (from, at, end), list, columns, lexicon);
        if own.assigned.rows.is_empty() {
            at += 1;
            continue;
        }
        found.push(own);
        from = end;
        at = end;
    }
    let taken = found.iter().map(|list| {
        let area = list.header.area;
        let last = list.assigned.rows.last();
        (area.top, last.map_or(area.bottom, |r| r.row))
    });
    let taken: Vec<(u32, u32)> = taken.collect();
    page.rows.retain(|r| {
        let above = taken.partition_point(|(top, _)| *top <= r.row);
        taken[..above].last().is_none_or(|(_, last)| r.row > *last)
    });
    for (_, last) in taken {
        // Its title is none of the table below it.
        let above = page.rows.partition_point(|r| r.row <= last);
        let title = page.rows[..above].iter_mut().rev().take(TITLE_ROWS).take_while(|r| r.cells.len() <= 2);
        title.for_each(|r| r.prose = true);
    }
    found
}

type Columns = Vec<(u32, ItemRole)>;

/// The list whose header a row is.
fn header_at<'a>(page: &Page<'_>, at: usize, from: usize, lexicon: &'a Lexicon) -> Option<(&'a ListKeys, Columns)> {
    let row = &page.rows[at];
    let starts = row.cells.iter().any(|c| header::is_ordinal(c, lexicon));
    if !starts || lexicon.lists.is_empty() {
        return None;
    }
    let title = titles(&page.rows[from..at]);
    let title: Vec<&str> = title.iter().flat_map(|r| r.cells.iter().map(|c| &*c.key)).collect();
    let title = title.join(" ");
    let named = named_by(&title, lexicon);
    let named = named.iter().filter_map(|(list, length)| {
        let list = &lexicon.lists[*list];
        let columns = columns(row, page.rows.get(at + 1), list, lexicon);
        is_whole(&columns, list).then_some((length, columns.len(), list, columns))
    });
    let (_, _, list, columns) = named.max_by_key(|(length, matched, ..)| (*matched, *length))?;
    Some((list, columns))
}

/// The lists whose marks a title holds, each with the length of the longest.
fn named_by(title: &str, lexicon: &Lexicon) -> Arc<[(usize, usize)]> {
    let length = |list: &ListKeys| {
        let title = format!(" {title} ");
        let marks = list.marks.iter().filter(|m| holds(&title, m));
        let words = |mark: &Vec<String>| mark.iter().map(|part| part.len() - 2).sum();
        marks.map(words).max()
    };
    let lists = || lexicon.lists.iter().enumerate();
    let find = || lists().filter_map(|(at, list)| Some((at, length(list)?))).collect();
    lexicon.list_titles.get(title, find)
}

/// The titles above a header: the nearest rows of one or two cells, prose aside.
fn titles(above: &[PageRow]) -> Vec<PageRow> {
    let near = above.iter().rev().take(TITLE_ROWS);
    let mut titles: Vec<PageRow> = near
        .take_while(|r| r.cells.iter().filter(|c| !c.key.is_empty()).count() <= 2)
        .filter(|r| r.cells.iter().all(|c| c.text.chars().count() <= LONGEST_TITLE))
        .cloned()
        .collect();
    titles.reverse();
    titles
}

/// Whether a title holds the parts of a mark in their order, as whole words.
fn holds(title: &str, mark: &[String]) -> bool {
    let mut rest = title;
    mark.iter().all(|part| match rest.find(part.as_str()) {
        // The blank behind one part may be the one before the next.
        Some(i) => {
            rest = &rest[i + part.len() - 1..];
            true
        }
        None => false,
    })
}

fn columns(row: &PageRow, below: Option<&PageRow>, list: &ListKeys, lexicon: &Lexicon) -> Columns {
    let mut columns = Columns::new();
    for cell in row.cells.iter().filter(|c| !c.key.is_empty()) {
        let ordinal = header::is_ordinal(cell, lexicon);
        let role = if ordinal { Some(ItemRole::Ordinal) } else { best(&cell.key, list) };
        columns.extend(role.map(|role| (cell.column, role)));
    }
    let mut once: Columns = Columns::new();
    for (column, role) in columns {
        if role == ItemRole::Note || once.iter().all(|(_, r)| *r != role) {
            once.push((column, role));
        }
    }
    once.extend(ticks(row, below, &once, list));
    once
}

/// Columns captioned by the answers themselves, "Đã hoàn thành | Đang thực hiện | Chưa thực hiện", on the header's row or
/// the one below it; in place of a column that holds the answer.
fn ticks(row: &PageRow, below: Option<&PageRow>, known: &Columns, list: &ListKeys) -> Columns {
    let group = known.iter().find(|(_, r)| *r == ItemRole::Answer);
    let of = |row: &PageRow| -> Columns {
        let cells = row.cells.iter().filter(|c| list.answers.iter().any(|a| **a == *c.key));
        cells.map(|c| (c.column, ItemRole::Tick)).collect()
    };
    let most = [Some(row), below].into_iter().flatten().map(of).max_by_key(Vec::len).unwrap_or_default();
    let replaces = group.is_none_or(|(c, _)| most.iter().any(|(t, _)| t == c));
    if most.len() > 1 && replaces { most } else { Columns::new() }
}

fn best(caption: &str, list: &ListKeys) -> Option<ItemRole> {
    let like = |known: &String| {
        if known == caption { 1.0 } else { similarity(known, caption) }
    };
    let scored = list.columns.iter().filter(|(r, _)| *r != ItemRole::Ordinal);
    let scored = scored.map(|(role, keys)| (keys.iter().map(like).fold(0.0, f64::max), *role));
    scored.filter(|(score, _)| *score >= CAPTION_LIKENESS).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, role)| role)
}

/// A list of documents needs their names, any other one its answers or amounts too.
fn is_whole(columns: &Columns, list: &ListKeys) -> bool {
    let has = |role: ItemRole| columns.iter().any(|(_, r)| *r == role);
    let named = has(ItemRole::Label) || (list.documents && has(ItemRole::Number));
    named && (list.documents || has(ItemRole::Answer) || has(ItemRole::Tick))
}

/// The row behind the last one of the list.
fn end(page: &Page<'_>, header: usize, columns: &Columns, list: &ListKeys, lexicon: &Lexicon) -> usize {
    let mut last = header;
    for (i, row) in page.rows.iter().enumerate().skip(header + 1) {
        let captions = row.cells.iter().any(|c| header::is_ordinal(c, lexicon));
        if captions && !repeats(row, &page.rows[header]) {
            break;
        }
        if row.row > page.rows[last].row + GAP {
            break;
        }
        let of = |role: ItemRole| columns.iter().find(|(_, r)| *r == role).map(|(c, _)| *c);
        let text = of(ItemRole::Label).or(of(ItemRole::Number)).and_then(|c| row.get(c)).or(row.cells.first());
        let number = of(ItemRole::Ordinal).and_then(|c| row.get(c));
        let numbered = number.is_some_and(|n| n.number.is_some() || n.code().is_some());
        if !numbered && text.is_some_and(|c| closes(c, lexicon)) {
            break;
        }
        let filled = columns.iter().filter(|(c, _)| row.get(*c).is_some()).count();
        let cited = list.documents && text.is_some_and(|c| document(&c.text).symbol.is_some());
        if filled > 1 || captions || cited {
            last = i;
        }
    }
    last + 1
}

/// Whether a row prints the header again, at the top of a page.
fn repeats(row: &PageRow, header: &PageRow) -> bool {
    let same = |(a, b): (&PageCell, &PageCell)| (a.column, &a.key) == (b.column, &b.key);
    row.cells.len() == header.cells.len() && row.cells.iter().zip(&header.cells).all(same)
}

fn read<'a>(
    page: &Page<'_>,
    sheet: usize,
    (from, at, end): (usize, usize, usize),
    list: &'a ListKeys,
    columns: Columns,
    lexicon: &Lexicon,
) -> Found<'a> {
    let (above, rows) = (&page.rows[from..at], &page.rows[at + 1..end]);
    // A document's head speaks for all its tables; its sentences are known for what they are.
    let titles = if page.sheet.paragraphs.is_empty() { titles(above) } else { above.to_vec() };
    let head = &page.rows[at];
    let of = |role: ItemRole| columns.iter().find(|(_, r)| *r == role).map(|(c, _)| *c);
    let label = of(ItemRole::Label).or(of(ItemRole::Number));
    let counted = of(ItemRole::Tick).or(of(ItemRole::Answer)).or(label);
    let counted = counted.unwrap_or(0);
    let under = page.rows.get(at + 1).filter(|row| {
        let mut ticks = columns.iter().filter(|(_, r)| *r == ItemRole::Tick);
        ticks.all(|(c, _)| row.get(*c).is_some_and(|c| list.answers.iter().any(|a| **a == *c.key)))
            && of(ItemRole::Tick).is_some()
    });
    let bottom = under.map_or(head.row, |r| r.row);
    let id = list.table.columns.iter().find(|c| c.is_figure());
    let figure = (counted, id.map_or("value".into(), |c| c.id.clone()));
    let roles = Roles::of_list(of(ItemRole::Ordinal), label, figure);
    let mut assigned = if list.table.open {
        fixed::open(rows, page.sheet, (&roles, true), lexicon)
    } else {
        items(rows, head, &roles, &columns)
    };
    if list.table.open {
        let measure = titles.iter().rev().flat_map(|r| &r.cells).find_map(measure);
        let measure = measure.or_else(|| bracketed(head.get(counted)));
        let measure: Arc<str> = measure.unwrap_or_default().into();
        for row in &mut assigned.rows {
            row.measure = measure.clone();
        }
    }
    let paths = head.cells.iter().map(|c| HeaderColumn {
        column: c.column,
        path: vec![c.key.clone()],
        number: None,
        ..HeaderColumn::default()
    });
    Found {
        sheet,
        header: Header {
            area: Area {
                top: head.row,
                left: head.cells.first().map_or(0, |c| c.column),
                bottom,
                right: head.cells.last().map_or(0, |c| c.column),
            },
            columns: paths.collect(),
            lettered: 0,
            borrowed: false,
            block: None,
        },
        table: &list.table,
        roles,
        assigned,
        clues: Clues::in_rows(&titles, lexicon),
        titled: Some(list.table.form.clone()),
        missing: Vec::new(),
        more: Vec::new(),
        items: columns,
        hidden: Vec::new(),
    }
}

/// The rows that are items: numbered ones, and ones without a number that have an answer or name a document.
fn items(rows: &[PageRow], head: &PageRow, roles: &Roles, columns: &Columns) -> Lines {
    let mut assigned = Lines::default();
    let mut section = 0;
    let filled = |row: &PageRow, role: ItemRole| {
        let mut own = columns.iter().filter(|(_, r)| *r == role);
        own.any(|(c, _)| row.get(*c).is_some_and(|cell| !cell.key.is_empty()))
    };
    for (i, row) in rows.iter().enumerate() {
        let Some(label) = roles.label(row).filter(|_| !repeats(row, head)) else { continue };
        let number = roles.ordinal.and_then(|c| row.get(c)).filter(|c| c.column != label.column);
        let code = number.and_then(|cell| match cell.number {
            Some(x) => code::from_number(x).into_iter().next(),
            None => cell.code().cloned(),
        });
        let numbered = code.as_ref().is_some_and(|c| matches!(c.parts.last(), Some(code::Part::Number(_))));
        let answered = filled(row, ItemRole::Answer) || filled(row, ItemRole::Tick);
        if code.is_some() && !numbered && !answered {
            section += 1;
            continue;
        }
        let cited = document(&label.text);
        let document = cited.symbol.is_some() && cited.date.is_some() && label.text.chars().count() < 400;
        let loose = number.is_none_or(|n| n.key.is_empty() && n.number.is_none());
        if !(numbered || (loose && (answered || document))) || !label.key.chars().any(char::is_alphabetic) {
            continue;
        }
        // 1 above 1.1 and 1.2 is their heading, where it has no answer of its own.
        let below = rows.get(i + 1).and_then(|r| roles.ordinal.and_then(|c| r.get(c)));
        let parent = below.and_then(|c| c.code()).and_then(code::Code::parent);
        if !answered && parent.is_some() && parent == code {
            continue;
        }
        assigned.rows.push(LayoutRow {
            row: row.row,
            line: label.shown(),
            label: label.shown(),
            part: Part::Line,
            section,
            measure: Arc::default(),
        });
    }
    assigned
}

/// "Đơn vị tính: triệu đồng".
fn measure(cell: &PageCell) -> Option<String> {
    let (lead, measure) = cell.text.split_once(':')?;
    let lead = key(lead);
    (lead.ends_with("don vi tinh") || lead.ends_with("dvt")).then(|| measure.trim_matches([' ', '.', ')']).to_owned())
}

/// "Kinh phí (triệu đồng)".
fn bracketed(caption: Option<&PageCell>) -> Option<String> {
    let (_, rest) = caption?.text.split_once('(')?;
    Some(rest.split(')').next()?.trim().to_owned())
}
