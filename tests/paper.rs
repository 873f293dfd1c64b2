//! A sheet written as text, turned into the workbook it describes. CONTRIBUTING.md says how such a sheet is written.

use std::fs;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};

/// A workbook described by text.
pub struct Book {
    /// As received: with its folders.
    pub file: PathBuf,
    pub sheets: Vec<Sheet>,
}

#[derive(Default)]
pub struct Sheet {
    pub name: String,
    pub hidden: bool,
    /// Row from 0, and its cells.
    pub rows: Vec<(u32, Vec<String>)>,
    /// Column of the first cell, from 0.
    pub column: u16,
}

/// The workbooks that a text describes.
pub fn books(text: &str) -> Vec<Book> {
    let mut books: Vec<Book> = Vec::new();
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        if let Some(directive) = line.strip_prefix('#') {
            let (name, value) = directive.split_once(':').unwrap_or((directive, ""));
            let value = value.trim();
            match name.trim() {
                "file" => books.push(Book { file: value.into(), sheets: Vec::new() }),
                "sheet" => books
                    .last_mut()
                    .expect("# file comes first")
                    .sheets
                    .push(Sheet { name: value.to_owned(), ..Sheet::default() }),
                "hidden" => last(&mut books).hidden = true,
                "column" => last(&mut books).column = u16::from(value.bytes().next().expect("# column: B") - b'A'),
                _ => panic!("unknown line: {line}"),
            }
            continue;
        }
        let (number, cells) = line
            .split_once(':')
            .filter(|(n, _)| n.trim().parse::<u32>().is_ok())
            .unwrap_or_else(|| panic!("a row begins with its number: {line}"));
        let cells = cells.split('|').map(|c| c.trim().to_owned()).collect();
        last(&mut books).rows.push((number.trim().parse::<u32>().unwrap() - 1, cells));
    }
    books
}

fn last(books: &mut [Book]) -> &mut Sheet {
    books.last_mut().and_then(|b| b.sheets.last_mut()).expect("# file and # sheet come first")
}

/// Writes the workbooks that a text describes into a folder.
pub fn lay(text: &str, folder: &Path) {
    for book in books(text) {
        let path = folder.join(&book.file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes(&book)).unwrap();
    }
}

/// The workbook as .xlsx.
pub fn bytes(book: &Book) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (i, sheet) in book.sheets.iter().enumerate() {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&sheet.name).unwrap();
        if sheet.hidden {
            worksheet.set_hidden(true);
        } else if !book.sheets[..i].iter().any(|s| !s.hidden) {
            worksheet.set_active(true);
        }
        fill(sheet, worksheet);
    }
    workbook.save_to_buffer().unwrap()
}

fn fill(sheet: &Sheet, worksheet: &mut Worksheet) {
    for (i, (row, cells)) in sheet.rows.iter().enumerate() {
        for (j, text) in cells.iter().enumerate() {
            let column = sheet.column + u16::try_from(j).unwrap();
            if matches!(text.as_str(), "" | "<" | "^") {
                continue;
            }
            let (right, down) = reach(sheet, i, j);
            if (right, down) != (0, 0) {
                worksheet.merge_range(*row, column, row + down, column + right, "", &Format::new()).unwrap();
            }
            write(worksheet, *row, column, text);
        }
    }
}

/// How many cells to the right and below are merged into a cell.
fn reach(sheet: &Sheet, i: usize, j: usize) -> (u16, u32) {
    let cells = &sheet.rows[i].1;
    let right = cells[j + 1..].iter().take_while(|c| *c == "<").count();
    let below = sheet.rows[i + 1..].iter().zip(sheet.rows[i].0 + 1..);
    let down = below.take_while(|((row, cells), next)| row == next && cells.get(j).is_some_and(|c| c == "^")).count();
    (u16::try_from(right).unwrap(), u32::try_from(down).unwrap())
}

fn write(worksheet: &mut Worksheet, row: u32, column: u16, text: &str) {
    if let Some(typed) = text.strip_prefix('\'') {
        worksheet.write_string(row, column, typed).unwrap();
    } else if let Some((formula, cached)) = text.split_once("->").filter(|_| text.starts_with('=')) {
        worksheet.write_formula(row, column, Formula::new(formula.trim()).set_result(cached.trim())).unwrap();
    } else if let Some(number) = text.strip_suffix('%').and_then(|n| n.parse::<f64>().ok()) {
        worksheet
            .write_number_with_format(row, column, number / 100.0, &Format::new().set_num_format("0.00%"))
            .unwrap();
    } else if let Ok(number) = text.parse::<f64>() {
        worksheet.write_number(row, column, number).unwrap();
    } else {
        worksheet.write_string(row, column, text).unwrap();
    }
}

#[test]
fn a_sheet_as_text_says_where_each_cell_is() {
    let text = "# file: a/b.xlsx\n# sheet: S\n# column: B\n3: STT | Tiếp nhận | < | '08\n4: ^ | =C3 -> 7 | 67.57%\n";
    let book = &books(text)[0];
    let sheet = &book.sheets[0];
    assert_eq!((sheet.column, sheet.rows[0].0, sheet.rows.len()), (1, 2, 2));
    assert_eq!((reach(sheet, 0, 0), reach(sheet, 0, 1), reach(sheet, 0, 3)), ((0, 1), (1, 0), (0, 0)));
    let read = tonghop::read::read(&bytes(book), "b.xlsx").unwrap();
    assert_eq!(read.sheets[0].name, "S");
}
