//! Section and subtotal rows among the fields of work.

use tonghop::model::{Content, Figure, LayoutRow, Part};

use super::Change;
use super::book::{Book, Rng, SUBTOTAL, cell, put, write};
use super::headers::stacked_only;

pub const KINDS: &[(&str, Change)] = &[
    ("sections without subtotals", |b, r| sections(b, r, false, false)),
    ("sections with subtotals", |b, r| sections(b, r, true, false)),
    ("fields in both sections", |b, r| sections(b, r, true, true)),
    ("fields in both, no subtotals", |b, r| sections(b, r, false, true)),
];

const NAMES: [[&str; 2]; 6] = [
    ["Trên Hệ thống các Bộ", "Trên Hệ thống thành phố"],
    ["Trên Hệ thống của Bộ, ngành", "Trên Hệ thống của tỉnh"],
    ["Sở, ban, ngành", "Huyện, thị xã, thành phố"],
    ["Cấp tỉnh", "Cấp xã"],
    ["TTHC CẤP TỈNH", "TTHC CẤP HUYỆN"],
    ["Lĩnh vực thuộc ngành dọc", "Các lĩnh vực khác"],
];

/// Two section rows: above the first line and above a later one.
fn sections(book: &mut Book, rng: &mut Rng, subtotals: bool, both: bool) -> bool {
    let Some(site) = book.open_site(rng).filter(|&s| book.is_alone(s) || stacked_only(book, s)) else {
        return false;
    };
    let layout = book.sites[site].clone();
    let lines: Vec<usize> = (0..layout.rows.len()).filter(|&i| layout.rows[i].part == Part::Line).collect();
    let has_code_column = layout.columns[0].0 >= layout.header.left + 2;
    if lines.len() < 4
        || layout.rows.iter().any(|r| r.section > 0)
        || lines.windows(2).any(|w| w[1] != w[0] + 1)
        || !has_code_column
    {
        return false;
    }
    let half = lines.len() / 2;
    let names = NAMES[rng.below(NAMES.len())];
    let codes = if rng.flip() { ["I", "II"] } else { ["I.", "II."] };
    let in_label = rng.below(3) == 0;
    let values = |book: &Book, rows: &[usize]| -> Vec<Option<Figure>> {
        let sum = |c: usize| {
            rows.iter()
                .filter_map(|&r| book.truth.get(&book.key(site, r, c))?.first().copied()?)
                .try_fold(Figure::ZERO, Figure::checked_add)
        };
        (0..layout.columns.len()).map(sum).collect()
    };
    let sums = [values(book, &lines[..half]), values(book, &lines[half..])];
    // A total row on top stands outside the sections.
    for &i in &lines {
        let section = if i < lines[half] { 1 } else { 2 };
        let old = book.keys(site, i);
        for key in old {
            if let Some(values) = book.truth.remove(&key) {
                let new = (key.0, key.1, key.2, key.3, section, key.5, key.6);
                book.truth.insert(new, values);
            }
        }
        book.sites[site].rows[i].section = section;
    }
    if both {
        repeat_first(book, site, lines[0], lines[half]);
    }
    let starts = [book.sites[site].rows[lines[half]].row, book.sites[site].rows[lines[0]].row];
    for (n, at) in [(1, starts[0]), (0, starts[1])] {
        book.insert_rows(layout.sheet, at, 1);
        let label = if in_label {
            format!("{} {}", codes[n].trim_end_matches('.').to_owned() + ".", names[n])
        } else {
            names[n].to_owned()
        };
        let own_label = layout.columns[0].0 - 1;
        let sheet = &mut book.workbook.sheets[layout.sheet];
        if !in_label {
            write(sheet, at, layout.header.left, codes[n]);
        }
        write(sheet, at, own_label, &label);
        if subtotals && !both {
            for (c, sum) in sums[n].iter().enumerate() {
                let Some(sum) = sum else { continue };
                let mut key = book.key(site, lines[0], c);
                (key.4, key.5) = ((n + 1) as u16, SUBTOTAL.into());
                book.truth.insert(key, vec![Some(*sum)]);
                put(book.sheet(site), cell(at, layout.columns[c].0, Content::Number(sum.to_double())));
            }
        }
    }
    true
}

/// The first line of the first section again as the first of the second.
fn repeat_first(book: &mut Book, site: usize, from: usize, before: usize) {
    let sheet = book.sites[site].sheet;
    let (source, at) = (book.sites[site].rows[from].row, book.sites[site].rows[before].row);
    let copied: Vec<_> = book.workbook.sheets[sheet].row(source).to_vec();
    let keys = book.keys(site, from);
    book.insert_rows(sheet, at, 1);
    for mut c in copied {
        c.row = at;
        c.formula = None;
        put(&mut book.workbook.sheets[sheet], c);
    }
    for key in keys {
        let values = book.truth.get(&key).cloned().unwrap_or_default();
        let mut new = key;
        new.4 = 2;
        book.truth.insert(new, values);
    }
    let row = LayoutRow { row: at, section: 2, ..book.sites[site].rows[from].clone() };
    book.sites[site].rows.insert(before, row);
}
