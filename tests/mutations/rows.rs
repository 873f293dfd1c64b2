//! Blank rows, hidden rows, total rows elsewhere, and what stands below a table.

use tonghop::model::{Area, Content};

use super::Change;
use super::book::{Book, Rng, cell, get_mut, put, write};
use super::headers::stacked_only;

pub const KINDS: &[(&str, Change)] = &[
    ("blank rows inside", blank_inside),
    ("rows hidden", rows_hidden),
    ("total on top", total_on_top),
    ("total gone", total_gone),
    ("total by another name", total_renamed),
    ("total label merged", total_merged),
    ("signatures below", signatures),
    ("footnotes below", footnotes),
    ("figures in merged areas", merged_figures),
    ("lines in another order", shuffled),
    ("empty lines at the end", empty_lines),
];

fn blank_inside(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    if !(book.is_alone(site) || stacked_only(book, site)) {
        return false;
    }
    for _ in 0..1 + rng.below(3) {
        let rows = &book.sites[site].rows;
        let (sheet, at) = (book.sites[site].sheet, rows[rng.below(rows.len())].row);
        book.insert_rows(sheet, at, 1 + rng.below(2) as u32);
    }
    true
}

fn rows_hidden(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let rows = &book.sites[site].rows;
    let row = rows[rng.below(rows.len())].row;
    book.sheet(site).hidden_rows = vec![row];
    true
}

/// Moves a row of the table to another place in it.
fn move_row(book: &mut Book, site: usize, nth: usize, at: u32) {
    let sheet = book.sites[site].sheet;
    let from = book.sites[site].rows[nth].row;
    let cells: Vec<_> = book.workbook.sheets[sheet].row(from).to_vec();
    let merges: Vec<Area> =
        book.workbook.sheets[sheet].merged.iter().copied().filter(|m| m.top == from && m.bottom == from).collect();
    let kept = book.sites[site].rows[nth].clone();
    book.delete_row(sheet, from);
    let at = if at > from { at - 1 } else { at };
    book.insert_rows(sheet, at, 1);
    let s = &mut book.workbook.sheets[sheet];
    for mut c in cells {
        c.row = at;
        put(s, c);
    }
    s.merged.extend(merges.into_iter().map(|m| Area { top: at, bottom: at, ..m }));
    let rows = &mut book.sites[site].rows;
    let place = rows.iter().position(|r| r.row > at).unwrap_or(rows.len());
    rows.insert(place, tonghop::model::LayoutRow { row: at, ..kept });
}

fn total_on_top(book: &mut Book, rng: &mut Rng) -> bool {
    let Some(site) = book.open_site(rng).filter(|&s| book.is_alone(s) || stacked_only(book, s)) else {
        return false;
    };
    let Some(total) = book.total(site).filter(|t| *t > 0) else {
        return false;
    };
    let first = book.sites[site].rows[0].row;
    move_row(book, site, total, first);
    true
}

fn total_gone(book: &mut Book, rng: &mut Rng) -> bool {
    let Some(site) = book.open_site(rng).filter(|&s| book.is_alone(s) || stacked_only(book, s)) else {
        return false;
    };
    let Some(total) = book.total(site) else {
        return false;
    };
    for key in book.keys(site, total) {
        book.truth.remove(&key);
    }
    let (sheet, row) = (book.sites[site].sheet, book.sites[site].rows[total].row);
    book.delete_row(sheet, row);
    true
}

fn total_renamed(book: &mut Book, rng: &mut Rng) -> bool {
    let Some(site) = book.open_site(rng) else {
        return false;
    };
    let Some(total) = book.total(site) else {
        return false;
    };
    let name = rng.pick(&[
        "Tổng cộng",
        "TỔNG CỘNG",
        "Tổng số",
        "CỘNG",
        "Cộng:",
        "Tổng",
        "TỔNG SỐ (I+II)",
        "Tổng cộng:",
        "Toàn tỉnh",
        "TỔNG CỘNG (1+2+3)",
        "Tong cong",
        "Tổng số hồ sơ",
        "T. cộng",
        "CỘNG CHUNG",
        "Tổng hợp",
        "Tổng cộng toàn tỉnh",
        "TỔNG CỘNG TOÀN ĐƠN VỊ",
    ]);
    let row = book.sites[site].rows[total].row;
    let first = book.sites[site].columns[0].0;
    let label = book
        .sheet(site)
        .row(row)
        .iter()
        .find(|c| c.column < first && c.text().is_some_and(|t| t.chars().count() > 3))
        .map(|c| c.column);
    let Some(column) = label else { return false };
    write(book.sheet(site), row, column, name);
    true
}

/// "TỔNG CỘNG" over STT and label, in the first of the two.
fn total_merged(book: &mut Book, rng: &mut Rng) -> bool {
    let Some(site) = book.open_site(rng) else {
        return false;
    };
    let Some(total) = book.total(site) else {
        return false;
    };
    let row = book.sites[site].rows[total].row;
    let (left, first) = (book.sites[site].header.left, book.sites[site].columns[0].0);
    if first < left + 2 {
        return false;
    }
    let sheet = book.sheet(site);
    sheet.cells.retain(|c| c.row != row || !(left..first).contains(&c.column));
    write(sheet, row, left, "TỔNG CỘNG");
    sheet.merged.retain(|m| !(m.top == row && m.left < first));
    sheet.merged.push(Area { top: row, left, bottom: row, right: first - 1 });
    true
}

/// The first free row below everything on the table's sheet.
fn below(book: &mut Book, site: usize) -> u32 {
    book.sheet(site).cells.last().map_or(0, |c| c.row) + 1
}

fn signatures(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let row = below(book, site) + rng.below(3) as u32;
    let area = book.sites[site].header;
    let left = rng.pick(&[
        "Người lập biểu",
        "NGƯỜI LẬP BIỂU",
        "Người lập",
        "Người tổng hợp",
        "Lập biểu",
        "NGƯỜI BÁO CÁO",
        "Cán bộ tổng hợp",
        "Người kiểm tra",
    ]);
    let right = rng.pick(&[
        "THỦ TRƯỞNG ĐƠN VỊ",
        "GIÁM ĐỐC",
        "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC",
        "CHỦ TỊCH",
        "TM. ỦY BAN NHÂN DÂN",
        "TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG",
        "Q. GIÁM ĐỐC",
        "TRƯỞNG BAN",
        "LÃNH ĐẠO ĐƠN VỊ",
    ]);
    let day = rng.pick(&[
        "Quảng Minh, ngày 14 tháng 3 năm 2023",
        "Ngày 15 tháng 12 năm 2022",
        "…, ngày … tháng … năm 2023",
        "Ngày    tháng   năm 2024",
    ]);
    let sheet = book.sheet(site);
    let middle = area.left + (area.right - area.left) / 2 + 1;
    write(sheet, row, middle, day);
    write(sheet, row + 1, area.left + rng.below(2) as u32, left);
    write(sheet, row + 1, middle, right);
    write(sheet, row + 2, area.left + 1, "(Ký, ghi rõ họ tên)");
    write(sheet, row + 5, area.left + 1, "Nguyễn Văn A");
    write(sheet, row + 5, middle, "Trần Thị B");
    if rng.flip() {
        write(sheet, row + 6, area.left + 1, "ĐT: 0905.123.456");
    }
    true
}

fn footnotes(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let row = below(book, site);
    let left = book.sites[site].header.left;
    let notes = [
        "Ghi chú: Số liệu tính đến 14/3/2023",
        "* Hồ sơ quá hạn do công dân bổ sung 05 hồ sơ",
        "¹ Gồm cả hồ sơ liên thông",
        "(1) Số liệu từ Hệ thống một cửa điện tử",
        "Ghi chú: cột (3) = (4) + (5) + (6)",
        "- Số liệu trên lấy từ phần mềm ngày 14/12",
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu: VT, KSTT (02 bản).",
    ];
    let sheet = book.sheet(site);
    for i in 0..1 + rng.below(4) {
        write(sheet, row + i as u32, left + rng.below(2) as u32, notes[rng.below(notes.len())]);
    }
    true
}

/// A figure merged over its own column and a blank row below it.
fn merged_figures(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let layout = book.sites[site].clone();
    if layout.rows.len() < 3 || !(book.is_alone(site) || stacked_only(book, site)) {
        return false;
    }
    let at = layout.rows[rng.below(layout.rows.len() - 1)].row;
    book.insert_rows(layout.sheet, at + 1, 1);
    let sheet = book.sheet(site);
    for column in layout.header.left..=layout.header.right {
        sheet.merged.push(Area { top: at, left: column, bottom: at + 1, right: column });
    }
    true
}

fn shuffled(book: &mut Book, rng: &mut Rng) -> bool {
    let Some(site) = book.open_site(rng).filter(|&s| book.is_alone(s) || stacked_only(book, s)) else {
        return false;
    };
    let plain = book.sites[site].rows.iter().all(|r| r.section == 0);
    let total = book.total(site);
    let lines: Vec<usize> = (0..book.sites[site].rows.len()).filter(|i| Some(*i) != total).collect();
    if !plain || lines.len() < 3 {
        return false;
    }
    let first = book.sites[site].rows[lines[0]].row;
    move_row(book, site, lines[1 + rng.below(lines.len() - 1)], first);
    true
}

/// Lines prepared but not used: a number and nothing else.
fn empty_lines(book: &mut Book, rng: &mut Rng) -> bool {
    let Some(site) = book.open_site(rng).filter(|&s| book.is_alone(s) || stacked_only(book, s)) else {
        return false;
    };
    let at = book.end(site) + 1;
    let (sheet, left) = (book.sites[site].sheet, book.sites[site].header.left);
    let n = 1 + rng.below(3) as u32;
    book.insert_rows(sheet, at, n);
    let s = &mut book.workbook.sheets[sheet];
    for i in 0..n {
        put(s, cell(at + i, left, Content::Number(f64::from(90 + i))));
        if rng.flip() {
            write(s, at + i, left + 1, "...");
        }
    }
    get_mut(s, at, left).is_some()
}
