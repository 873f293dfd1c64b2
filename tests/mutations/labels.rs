//! Line codes and labels as other offices type them.

use tonghop::model::{Content, Part};

use super::Change;
use super::book::{Book, Rng, erase, get_mut, write};

pub const KINDS: &[(&str, Change)] = &[
    ("codes with a dot", |b, r| codes(b, r, &|c| Some(Content::Text(format!("{c}.").into())))),
    ("codes as text", |b, r| codes(b, r, &|c| Some(Content::Text(c.into())))),
    ("codes as numbers", |b, r| codes(b, r, &|c| c.parse().ok().map(Content::Number))),
    ("codes with a nought", |b, r| codes(b, r, &|c| (c.len() == 1).then(|| Content::Text(format!("0{c}").into())))),
    ("codes missing", codes_missing),
    ("codes in the labels", codes_in_labels),
    ("some codes missing", some_codes_missing),
    ("labels with footnotes", footnotes),
    ("labels in capitals", label_capitals),
    ("labels wrapped and spaced", label_spaces),
    ("labels with Lĩnh vực in front", prefixed),
    ("tone marks moved", tones),
];

/// The column of codes, if the table has one: the first of its header.
fn code_column(book: &Book, site: usize) -> u32 {
    book.sites[site].header.left
}

/// The label cell of every row: the first text in or right of the code column, other than the code.
fn label_cells(book: &Book, site: usize) -> Vec<(usize, u32, u32, String)> {
    let layout = &book.sites[site];
    let sheet = &book.workbook.sheets[layout.sheet];
    let first = layout.columns.first().map_or(0, |c| c.0);
    let mut cells = Vec::new();
    for (i, row) in layout.rows.iter().enumerate() {
        let label = sheet.row(row.row).iter().filter(|c| c.column < first && c.column >= layout.header.left);
        let label = label
            .filter_map(|c| Some((c.column, c.text()?)))
            .find(|(_, t)| tonghop::normalise::text::tidy(t) == *row.label);
        cells.extend(label.map(|(column, text)| (i, row.row, column, text.to_owned())));
    }
    cells
}

fn codes(book: &mut Book, rng: &mut Rng, spell: &dyn Fn(&str) -> Option<Content>) -> bool {
    let site = book.any_site(rng);
    let (column, layout) = (code_column(book, site), book.sites[site].clone());
    let open = layout.columns.len() > 1;
    let mut changed = false;
    for (i, row) in layout.rows.iter().enumerate().filter(|(_, r)| r.part == Part::Line) {
        let code = if open { (i + 1).to_string() } else { row.line.to_string() };
        let sheet = book.sheet(site);
        let has_own = sheet.get(row.row, column).is_some_and(|c| c.text().is_none_or(|t| t.len() < 8));
        if let Some(content) = spell(&code).filter(|_| has_own) {
            super::book::put(sheet, super::book::cell(row.row, column, content));
            changed = true;
        }
    }
    changed
}

fn clear_codes(book: &mut Book, rng: &mut Rng, keep_one_in: usize) -> bool {
    let site = book.any_site(rng);
    let (column, layout) = (code_column(book, site), book.sites[site].clone());
    let mut changed = false;
    for row in layout.rows.iter().filter(|r| r.part == Part::Line) {
        let sheet = book.sheet(site);
        let has_own = sheet.get(row.row, column).is_some_and(|c| c.text().is_none_or(|t| t.len() < 8));
        if has_own && (keep_one_in == 0 || rng.below(keep_one_in) == 0) {
            erase(sheet, row.row, column);
            changed = true;
        }
    }
    changed
}

fn codes_missing(book: &mut Book, rng: &mut Rng) -> bool {
    clear_codes(book, rng, 0)
}

fn some_codes_missing(book: &mut Book, rng: &mut Rng) -> bool {
    clear_codes(book, rng, 4)
}

fn codes_in_labels(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let (column, layout) = (code_column(book, site), book.sites[site].clone());
    let cells = label_cells(book, site);
    if cells.iter().any(|c| c.2 == column) {
        return false;
    }
    let gap = rng.pick(&[". ", ".", ") "]).to_owned();
    for (i, row, at, text) in cells {
        if layout.rows[i].part != Part::Line {
            continue;
        }
        let code = if layout.columns.len() > 1 { (i + 1).to_string() } else { layout.rows[i].line.to_string() };
        let sheet = book.sheet(site);
        erase(sheet, row, column);
        write(sheet, row, at, &format!("{code}{gap}{text}"));
    }
    true
}

fn change_labels(book: &mut Book, rng: &mut Rng, mut change: impl FnMut(&str, &mut Rng) -> String) -> bool {
    let site = book.any_site(rng);
    let cells = label_cells(book, site);
    for (_, row, column, text) in &cells {
        let new = change(text, rng);
        if let Some(cell) = get_mut(book.sheet(site), *row, *column) {
            cell.content = Content::Text(new.into());
        }
    }
    !cells.is_empty()
}

fn footnotes(book: &mut Book, rng: &mut Rng) -> bool {
    change_labels(book, rng, |text, rng| {
        if rng.flip() { text.to_owned() + rng.pick(&["¹", "(1)", "*", " (*)", "²", "[1]"]) } else { text.to_owned() }
    })
}

fn label_capitals(book: &mut Book, rng: &mut Rng) -> bool {
    change_labels(book, rng, |text, _| text.to_uppercase())
}

fn label_spaces(book: &mut Book, rng: &mut Rng) -> bool {
    change_labels(book, rng, |text, rng| {
        format!(
            "{}{}{}",
            rng.pick(&["", " ", "\u{a0}", "- "]),
            text.replace(' ', rng.pick(&["  ", "\u{a0}", "\n", "\u{200b} "])),
            rng.pick(&["", " ", ";", ":", "."])
        )
    })
}

fn prefixed(book: &mut Book, rng: &mut Rng) -> bool {
    let Some(site) = book.open_site(rng) else {
        return false;
    };
    let prefix = rng.pick(&["Lĩnh vực ", "Lĩnh vực: ", "LĨNH VỰC ", "Nhóm lĩnh vực "]).to_owned();
    let lines: Vec<_> =
        label_cells(book, site).into_iter().filter(|c| book.sites[site].rows[c.0].part == Part::Line).collect();
    for (_, row, column, text) in &lines {
        let new = if text.to_lowercase().starts_with("lĩnh vực") { text.clone() } else { format!("{prefix}{text}") };
        write(book.sheet(site), *row, *column, &new);
    }
    !lines.is_empty()
}

fn tones(book: &mut Book, rng: &mut Rng) -> bool {
    const PAIRS: [(&str, &str); 8] = [
        ("òa", "oà"),
        ("óa", "oá"),
        ("ỏa", "oả"),
        ("ọa", "oạ"),
        ("úy", "uý"),
        ("ủy", "uỷ"),
        ("ùy", "uỳ"),
        ("ỏe", "oẻ"),
    ];
    let back = rng.flip();
    let mut changed = false;
    for cell in book.workbook.sheets.iter_mut().flat_map(|s| &mut s.cells) {
        let Content::Text(text) = &mut cell.content else {
            continue;
        };
        for (old, new) in PAIRS {
            let (from, to) = if back { (new, old) } else { (old, new) };
            changed |= text.contains(from);
            *text = text.replace(from, to).into();
        }
    }
    changed
}
