//! Headers as other offices draw them: their numbering row, merged areas, rows and columns.

use tonghop::model::{Area, Content};

use super::Change;
use super::book::{Book, Rng, erase, get_mut, put, write};
use super::captions::{captions, numbering_row};

pub const KINDS: &[(&str, Change)] = &[
    ("numbering dropped", numbering_dropped),
    ("numbering short", numbering_short),
    ("numbering bare", numbering_bare),
    ("numbering A B 1 2", numbering_letters),
    ("numbering from 1 at the figures", numbering_own),
    ("merges dropped", unmerged),
    ("header one row taller", taller),
    ("header in one row", one_row),
    ("note column at the end", note_at_end),
    ("note column inside", note_inside),
    ("column removed", column_removed),
    ("columns hidden", columns_hidden),
    ("header printed again", repeated),
];

fn numbering_dropped(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let Some(row) = numbering_row(book, site).filter(|_| book.is_alone(site) || stacked_only(book, site)) else {
        return false;
    };
    let sheet = book.sites[site].sheet;
    book.delete_row(sheet, row);
    true
}

/// No other table stands beside this one.
pub fn stacked_only(book: &Book, site: usize) -> bool {
    let own = &book.sites[site];
    let (top, end) = (own.header.top, book.end(site));
    (0..book.sites.len())
        .all(|s| s == site || book.sites[s].sheet != own.sheet || book.end(s) < top || book.sites[s].header.top > end)
}

/// Writes another numbering row over the table's own.
fn renumber(book: &mut Book, rng: &mut Rng, number: impl Fn(usize, &str) -> Content) -> bool {
    let site = book.any_site(rng);
    let Some(row) = numbering_row(book, site) else {
        return false;
    };
    let area = book.sites[site].header;
    let sheet = book.sheet(site);
    for column in area.left..=area.right {
        let Some(cell) = get_mut(sheet, row, column) else {
            continue;
        };
        let old = match &cell.content {
            Content::Text(t) => t.to_string(),
            Content::Number(x) => x.to_string(),
            _ => continue,
        };
        cell.content = number((column - area.left) as usize, &old);
    }
    true
}

fn numbering_short(book: &mut Book, rng: &mut Rng) -> bool {
    renumber(book, rng, |_, old| Content::Text(old.split('=').next().unwrap_or(old).into()))
}

fn numbering_bare(book: &mut Book, rng: &mut Rng) -> bool {
    let text = rng.flip();
    renumber(
        book,
        rng,
        |i, _| {
            if text { Content::Text((i + 1).to_string().into()) } else { Content::Number((i + 1) as f64) }
        },
    )
}

fn numbering_letters(book: &mut Book, rng: &mut Rng) -> bool {
    let text = rng.flip();
    renumber(book, rng, |i, _| match i {
        0 => Content::Text("A".into()),
        1 => Content::Text("B".into()),
        _ if text => Content::Text(format!("({})", i - 1).into()),
        _ => Content::Number((i - 1) as f64),
    })
}

fn numbering_own(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let Some(row) = numbering_row(book, site) else {
        return false;
    };
    let area = book.sites[site].header;
    let sheet = book.sheet(site);
    for column in area.left..=area.right {
        if column < area.left + 2 {
            erase(sheet, row, column);
        } else {
            write(sheet, row, column, &format!("({})", column - area.left - 1));
        }
    }
    true
}

fn unmerged(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let area = book.sites[site].header;
    let sheet = book.sheet(site);
    let before = sheet.merged.len();
    sheet.merged.retain(|m| !(area.holds(m.top, m.left)));
    sheet.merged.len() < before
}

/// A blank row between two caption rows, spanned by the merges that cross it.
fn taller(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let rows = captions(book, site);
    let (Some(first), Some(last)) = (rows.iter().map(|c| c.0).min(), rows.iter().map(|c| c.0).max()) else {
        return false;
    };
    if first == last || !(book.is_alone(site) || stacked_only(book, site)) {
        return false;
    }
    let sheet = book.sites[site].sheet;
    book.insert_rows(sheet, last, 1);
    // The captions above reach down over the new row.
    let s = &mut book.workbook.sheets[sheet];
    for m in s.merged.iter_mut().filter(|m| m.bottom + 1 == last) {
        m.bottom += 1;
    }
    true
}

/// Every column's captions in one cell: "Số lượng hồ sơ tiếp nhận - Tổng số".
fn one_row(book: &mut Book, rng: &mut Rng) -> bool {
    let Some(site) = book.open_site(rng).filter(|&s| book.is_alone(s) || stacked_only(book, s)) else {
        return false;
    };
    let area = book.sites[site].header;
    let cells = captions(book, site);
    let last = cells.iter().map(|c| c.0).max().unwrap_or(area.bottom);
    let joint = rng.pick(&[" - ", "\n", ": ", " "]).to_owned();
    let sheet = book.sheet(site);
    let caption = |row: u32, column: u32| {
        let at = sheet.area(row, column).map_or((row, column), |a| (a.top, a.left));
        cells.iter().find(|c| (c.0, c.1) == at).map(|c| c.2.clone())
    };
    let mut joined: Vec<(u32, String)> = Vec::new();
    for column in area.left..=area.right {
        let mut path: Vec<String> = (area.top..=last).filter_map(|row| caption(row, column)).collect();
        path.dedup();
        // A group that an office did not merge can't be told from here.
        if path.is_empty() || (path.len() == 1 && column > area.left + 1 && last > area.top) {
            return false;
        }
        joined.push((column, path.join(&joint)));
    }
    sheet.merged.retain(|m| !area.holds(m.top, m.left));
    sheet.cells.retain(|c| !(area.holds(c.row, c.column) && c.row <= last));
    for (column, text) in joined {
        write(sheet, last, column, &text);
    }
    let index = book.sites[site].sheet;
    for row in (area.top..last).rev() {
        book.delete_row(index, row);
    }
    true
}

fn add_note(book: &mut Book, rng: &mut Rng, site: usize, column: u32) {
    let layout = book.sites[site].clone();
    let caption =
        rng.pick(&["Ghi chú", "GHI CHÚ", "Ghi chú¹", "Giải trình", "Nguyên nhân", "Lý do quá hạn"]).to_owned();
    let merged = rng.flip();
    let digits = rng.flip();
    let sheet = book.sheet(site);
    write(sheet, layout.header.top, column, &caption);
    if merged {
        sheet.merged.push(Area { top: layout.header.top, left: column, bottom: layout.header.bottom, right: column });
    }
    for row in &layout.rows {
        if rng.below(3) > 0 {
            continue;
        }
        let note = if digits {
            rng.pick(&["12", "Xin rút 2 hồ sơ", "3.450", "100%"])
        } else {
            rng.pick(&["đã bổ sung", "-", "x", "Theo số liệu Sở"])
        };
        write(sheet, row.row, column, note);
    }
}

fn note_at_end(book: &mut Book, rng: &mut Rng) -> bool {
    let Some(site) = book.open_site(rng).filter(|&s| book.is_alone(s)) else {
        return false;
    };
    let column = book.sites[site].header.right + 1;
    if book.sheet(site).cells.iter().any(|c| c.column >= column) {
        return false;
    }
    add_note(book, rng, site, column);
    true
}

fn note_inside(book: &mut Book, rng: &mut Rng) -> bool {
    let Some(site) = book.open_site(rng).filter(|&s| book.is_alone(s)) else {
        return false;
    };
    // Before a top group, where a column may be drawn in.
    let area = book.sites[site].header;
    let starts: Vec<u32> =
        captions(book, site).iter().filter(|c| c.0 == area.top && c.1 > area.left + 1).map(|c| c.1).collect();
    if starts.is_empty() {
        return false;
    }
    let column = starts[rng.below(starts.len())];
    let sheet = book.sites[site].sheet;
    book.insert_column(sheet, column);
    add_note(book, rng, site, column);
    true
}

fn column_removed(book: &mut Book, rng: &mut Rng) -> bool {
    let Some(site) = book.open_site(rng).filter(|&s| book.is_alone(s)) else {
        return false;
    };
    let nth = rng.below(book.sites[site].columns.len());
    let (column, id) = book.sites[site].columns[nth].clone();
    let area = book.sites[site].header;
    // A group's caption stands in its first column: an office keeps it over the rest.
    let sheet = book.sheet(site);
    let heads_group = sheet.merged.iter().any(|m| m.left == column && m.right > column && area.holds(m.top, m.left));
    let grouped =
        sheet.cells.iter().any(|c| c.column == column && c.row == area.top && sheet.area(c.row, c.column).is_none());
    if heads_group || grouped {
        return false;
    }
    for row in 0..book.sites[site].rows.len() {
        let key = book.key(site, row, nth);
        book.truth.remove(&key);
    }
    let layout = book.sites[site].clone();
    book.removed.push((layout.form.to_string(), layout.table.to_string(), id.to_string()));
    let sheet = book.sheet(site);
    sheet.cells.retain(|c| c.column != column);
    sheet.cells.iter_mut().filter(|c| c.column > column).for_each(|c| c.column -= 1);
    sheet.merged.retain(|m| !(m.left == column && m.right == column));
    for m in sheet.merged.iter_mut() {
        m.left -= u32::from(m.left > column);
        m.right -= u32::from(m.right >= column);
    }
    let own = &mut book.sites[site];
    own.header.right -= 1;
    own.columns.remove(nth);
    own.columns.iter_mut().filter(|c| c.0 > column).for_each(|c| c.0 -= 1);
    true
}

fn columns_hidden(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let columns: Vec<u32> = book.sites[site].columns.iter().map(|c| c.0).collect();
    let column = columns[rng.below(columns.len())];
    let sheet = book.sheet(site);
    sheet.hidden_columns = vec![column];
    true
}

/// The header again in the midst of the lines, as on a second page.
fn repeated(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let layout = book.sites[site].clone();
    if layout.rows.len() < 4 || !(book.is_alone(site) || stacked_only(book, site)) {
        return false;
    }
    let at = layout.rows[1 + rng.below(layout.rows.len() - 2)].row;
    let (top, height) = (layout.header.top, layout.header.bottom - layout.header.top + 1);
    book.insert_rows(layout.sheet, at, height);
    let sheet = book.sheet(site);
    let copies: Vec<_> = sheet.cells.iter().filter(|c| layout.header.holds(c.row, c.column)).cloned().collect();
    for mut copy in copies {
        copy.row = copy.row - top + at;
        put(sheet, copy);
    }
    let merges: Vec<Area> = sheet.merged.iter().copied().filter(|m| layout.header.holds(m.top, m.left)).collect();
    sheet.merged.extend(merges.into_iter().map(|m| Area { top: m.top - top + at, bottom: m.bottom - top + at, ..m }));
    true
}
