//! Tables elsewhere on the sheet, sheets otherwise named, several tables on one, scratch and hidden ones.

use tonghop::model::{Area, Content, Sheet};

use super::Change;
use super::book::{Book, Rng, cell, put, write};

pub const KINDS: &[(&str, Change)] = &[
    ("moved down and right", moved),
    ("blank rows above", blank_above),
    ("blank column inside", blank_column),
    ("empty rows taken out", squeezed),
    ("sheets renamed", renamed),
    ("sheets stacked", stacked),
    ("sheets side by side", side_by_side),
    ("scratch sheet added", scratch),
    ("hidden copy added", hidden_copy),
    ("sheet order turned", turned),
    ("stray marks far away", stray),
];

fn moved(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let sheet = book.sites[site].sheet;
    book.insert_rows(sheet, 0, 1 + rng.below(7) as u32);
    for _ in 0..rng.below(4) {
        book.insert_column(sheet, 0);
    }
    true
}

fn blank_above(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let (sheet, top) = (book.sites[site].sheet, book.sites[site].header.top);
    book.insert_rows(sheet, top, 1 + rng.below(3) as u32);
    true
}

fn blank_column(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let (sheet, area) = (book.sites[site].sheet, book.sites[site].header);
    let at = area.left + 1 + rng.below((area.right - area.left) as usize) as u32;
    book.insert_column(sheet, at);
    true
}

fn squeezed(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let sheet = book.sites[site].sheet;
    let last = book.workbook.sheets[sheet].cells.last().map_or(0, |c| c.row);
    let mut changed = false;
    for row in (0..last).rev() {
        let s = &book.workbook.sheets[sheet];
        let header = book.sites.iter().any(|l| l.sheet == sheet && (l.header.top..=l.header.bottom).contains(&row));
        if s.row(row).is_empty() && !header {
            book.delete_row(sheet, row);
            changed = true;
        }
    }
    changed
}

fn renamed(book: &mut Book, rng: &mut Rng) -> bool {
    if book.sheet_named {
        return false;
    }
    for (i, sheet) in book.workbook.sheets.iter_mut().enumerate() {
        let names = ["Sheet", "Trang tính", "(", "a", "Mau", "TH", "BC so ", "Bieu "];
        sheet.name = format!("{}{}", names[rng.below(names.len())], i + 1);
    }
    true
}

/// Another sheet's tables under the last row of this one's, or right of its last column.
fn join(book: &mut Book, into: usize, from: usize, rows: u32, columns: u32) {
    let moved = std::mem::take(&mut book.workbook.sheets[from].cells);
    let merges = std::mem::take(&mut book.workbook.sheets[from].merged);
    let sheet = &mut book.workbook.sheets[into];
    sheet.cells.extend(moved.into_iter().map(|mut c| {
        c.row += rows;
        c.column += columns;
        c
    }));
    sheet.cells.sort_by_key(|c| (c.row, c.column));
    sheet.merged.extend(merges.into_iter().map(|m| Area {
        top: m.top + rows,
        bottom: m.bottom + rows,
        left: m.left + columns,
        right: m.right + columns,
    }));
    sheet.hidden_columns.clear();
    sheet.hidden_rows.clear();
    for site in book.sites.iter_mut().filter(|l| l.sheet == from) {
        site.sheet = into;
        let h = &mut site.header;
        (h.top, h.bottom, h.left, h.right) = (h.top + rows, h.bottom + rows, h.left + columns, h.right + columns);
        site.rows.iter_mut().for_each(|r| r.row += rows);
        site.columns.iter_mut().for_each(|c| c.0 += columns);
    }
}

fn pair(book: &Book, rng: &mut Rng) -> Option<(usize, usize)> {
    let mut sheets: Vec<usize> = book.sites.iter().map(|l| l.sheet).collect();
    sheets.sort_unstable();
    sheets.dedup();
    if sheets.len() < 2 {
        return None;
    }
    let at = rng.below(sheets.len() - 1);
    Some((sheets[at], sheets[at + 1]))
}

fn stacked(book: &mut Book, rng: &mut Rng) -> bool {
    let Some((into, from)) = pair(book, rng) else {
        return false;
    };
    let last = book.workbook.sheets[into].cells.last().map_or(0, |c| c.row);
    join(book, into, from, last + 2 + rng.below(3) as u32, 0);
    true
}

fn side_by_side(book: &mut Book, rng: &mut Rng) -> bool {
    let Some((into, from)) = pair(book, rng) else {
        return false;
    };
    let reach = |s: &Sheet| s.cells.iter().map(|c| c.column).chain(s.merged.iter().map(|m| m.right)).max().unwrap_or(0);
    let several = [into, from].iter().any(|s| book.sites.iter().filter(|l| l.sheet == *s).count() > 1);
    if several {
        return false;
    }
    let right = reach(&book.workbook.sheets[into]);
    join(book, into, from, 0, right + 1 + rng.below(3) as u32);
    true
}

fn scratch(book: &mut Book, rng: &mut Rng) -> bool {
    let mut sheet = Sheet { name: "nháp".into(), ..Sheet::default() };
    for row in 0..12 {
        for column in 0..5 {
            if rng.flip() {
                put(&mut sheet, cell(row, column, Content::Number(rng.below(900) as f64)));
            }
        }
    }
    write(&mut sheet, 0, 0, rng.pick(&["Tính thử", "Số liệu năm 2019", "Theo dõi", "STT"]));
    let at = if rng.flip() { 0 } else { book.workbook.sheets.len() };
    book.workbook.sheets.insert(at, sheet);
    if at == 0 {
        book.sites.iter_mut().for_each(|l| l.sheet += 1);
    }
    true
}

fn hidden_copy(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let mut copy = book.sheet(site).clone();
    copy.hidden = true;
    copy.name = "cũ".into();
    for c in &mut copy.cells {
        if let Content::Number(x) = &mut c.content {
            *x += 7.0;
        }
    }
    book.workbook.sheets.insert(0, copy);
    book.sites.iter_mut().for_each(|l| l.sheet += 1);
    true
}

fn turned(book: &mut Book, _: &mut Rng) -> bool {
    let n = book.workbook.sheets.len();
    // A sheet may take its unit and period from another one, whichever comes first.
    book.workbook.sheets.reverse();
    book.sites.iter_mut().for_each(|l| l.sheet = n - 1 - l.sheet);
    n > 1
}

fn stray(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let right = book.sheet(site).cells.iter().map(|c| c.column).max().unwrap_or(0);
    let below = book.sheet(site).cells.last().map_or(0, |c| c.row);
    let (row, column) = (rng.below(below as usize + 1) as u32, right + 3 + rng.below(20) as u32);
    let sheet = book.sheet(site);
    if rng.flip() {
        put(sheet, cell(row, column, Content::Number(rng.below(100) as f64)));
    } else {
        write(sheet, row, column, rng.pick(&["ok", "đã kiểm tra", "x", " "]));
    }
    true
}
