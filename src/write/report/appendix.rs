//! Every number of a report with what it stands for, its value and the cells it comes from.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::number::{Number, Shared};
use crate::model::entry::TOTAL;
use crate::model::{Address, Binding, Op, Outcome, Period};
use crate::write::docx::{Align, Block, Cell, Inline, Page, Paragraph, Run, Style, Table};

const SMALL: u32 = 20;
/// Files whose cells are listed one by one; of a province of hundreds of units the workbook tells the rest.
const MANY: usize = 40;

/// Where the figures of the returns stand: file, sheet and cell of every entry.
#[derive(Debug, Default)]
pub struct Sources {
    returns: Vec<Paper>,
}

#[derive(Debug, Default)]
struct Paper {
    file: Arc<str>,
    sheet: Arc<str>,
    cells: Vec<Address>,
}

impl Sources {
    pub fn of(outcome: &Outcome) -> Self {
        let paper = |ret: &crate::model::Return| Paper {
            file: ret.file.clone(),
            sheet: ret.sheet.clone(),
            cells: ret.entries.iter().map(|e| e.cell).collect(),
        };
        Self { returns: outcome.returns.iter().map(paper).collect() }
    }

    /// File and sheet → cells.
    fn cells(&self, sources: &[(u32, u32)]) -> BTreeMap<(&str, &str), BTreeSet<Address>> {
        let mut found: BTreeMap<(&str, &str), BTreeSet<Address>> = BTreeMap::new();
        for (at, entry) in sources {
            if let Some(paper) = self.returns.get(*at as usize)
                && let Some(cell) = paper.cells.get(*entry as usize)
            {
                let place = (&*paper.file, &*paper.sheet);
                found.entry(place).or_default().insert(*cell);
            }
        }
        found
    }
}

/// The appendix: what each number stands for and where it comes from, then the files by their numbers.
pub fn blocks(used: &[usize], shared: &Arc<Shared>, sources: &Sources) -> Vec<Block> {
    let rows = rows(used, shared);
    let place: BTreeMap<String, usize> =
        rows.iter().enumerate().map(|(i, number)| (number.binding.to_string(), i + 1)).collect();
    let mut files: Vec<&str> = Vec::new();
    let mut table = Table::lined(Page::Landscape.width(), &[5, 45, 14, 56]);
    table.header(["STT", "Số liệu", "Giá trị", "Ô nguồn: [tệp] sheet!ô"].map(Cell::head).into());
    for (i, number) in rows.iter().enumerate() {
        let from = if number.from.is_empty() {
            cells(&number.sources, sources, &mut files)
        } else {
            let parts = number.from.iter().map(|(binding, own)| {
                let row = place.get(&binding.to_string());
                row.map_or_else(|| cells(own, sources, &mut files), |row| format!("số {row}"))
            });
            format!("Tính từ {}", parts.collect::<Vec<_>>().join("; "))
        };
        table.row(vec![
            small(&(i + 1).to_string()).align(Align::Centre),
            small(&described(&number.binding, shared)),
            value(number),
            small(&from),
        ]);
    }
    let mut blocks: Vec<Block> = vec![table.into(), Paragraph::new(Style::Cell).into()];
    if !files.is_empty() {
        let mut list = Table::lined(Page::Landscape.width(), &[5, 115]);
        list.header(vec![Cell::head("Số"), Cell::head("Tệp")]);
        for (i, file) in files.iter().enumerate() {
            let number = small(&format!("[{}]", i + 1)).align(Align::Centre);
            list.row(vec![number, small(file)]);
        }
        blocks.push(list.into());
    }
    blocks
}

/// The numbers printed in sentences, each once, in their order.
fn rows(used: &[usize], shared: &Shared) -> Vec<Number> {
    let mut seen = BTreeSet::new();
    used.iter()
        .filter_map(|index| shared.registry.get(*index))
        .filter(|number| number.listed)
        .filter(|number| seen.insert((number.binding.clone(), number.digits.clone())))
        .collect()
}

fn value(number: &Number) -> Cell {
    let control = Inline::Control {
        alias: alias(&number.binding),
        tag: number.binding.tag(),
        run: Run { size: Some(SMALL), ..Run::new(&number.digits) },
    };
    Cell::new(vec![Paragraph::new(Style::Cell).inline(control)]).align(Align::Right)
}

fn cells<'a>(of: &[(u32, u32)], sources: &'a Sources, files: &mut Vec<&'a str>) -> String {
    let all = sources.cells(of);
    let mut from = Vec::new();
    for ((file, sheet), cells) in all.iter().take(MANY) {
        let at = files.iter().position(|f| f == file).unwrap_or_else(|| {
            files.push(file);
            files.len() - 1
        });
        from.push(format!("[{}] {sheet}!{}", at + 1, areas(cells)));
    }
    if all.len() > MANY {
        from.push("… (các tệp còn lại: xem tong-hop.xlsx)".to_owned());
    }
    from.join("; ")
}

fn small(text: &str) -> Cell {
    Cell::new(vec![Paragraph::new(Style::Cell).run(Run { size: Some(SMALL), ..Run::new(text) })])
}

/// Cells below one another as `C12:C16`.
fn areas(cells: &BTreeSet<Address>) -> String {
    let mut by_column: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for cell in cells {
        by_column.entry(cell.column).or_default().push(cell.row);
    }
    let mut parts = Vec::new();
    for (column, rows) in by_column {
        let mut start = 0;
        for i in 0..rows.len() {
            if i + 1 == rows.len() || rows[i + 1] != rows[i] + 1 {
                let first = Address::new(rows[start], column);
                parts.push(if i > start {
                    format!("{first}:{}", Address::new(rows[i], column))
                } else {
                    first.to_string()
                });
                start = i + 1;
            }
        }
    }
    parts.join(", ")
}

/// What Word shows when the number is clicked.
pub fn alias(binding: &Binding) -> String {
    let at = match binding.op {
        Op::Count | Op::Finding => &binding.line,
        _ if binding.column == "value" => &binding.line,
        _ => &binding.column,
    };
    format!("{} {at} {}", binding.form, binding.period).trim().to_owned()
}

/// A number's meaning in the words of its form.
fn described(binding: &Binding, shared: &Shared) -> String {
    let figures = &shared.figures;
    let form = figures.catalogue.form(&binding.form);
    let code = form.map(|f| f.code.as_str()).unwrap_or_default();
    let table = figures.table(&binding.form, &binding.table);
    let column = table.and_then(|t| t.column(&binding.column));
    let column = match column {
        Some(column) if binding.column != "value" => {
            format!("cột ({}) {}", column.id, column.path.join(" - "))
        }
        _ if binding.column == "value" || binding.column.is_empty() => String::new(),
        _ => match binding.column.strip_prefix('=') {
            Some(code) => format!("số đơn vị trả lời {code}"),
            None => format!("cột {}", binding.column),
        },
    };
    let line = match table.and_then(|t| t.line(&binding.line)) {
        Some(line) => format!("dòng {} {}", line.code, line.label),
        None if binding.line == TOTAL => "tổng cộng".to_owned(),
        None if binding.column == "value" => format!("dòng {}", binding.line),
        None => binding.line.clone(),
    };
    let unit = figures.units.name(&binding.unit);
    let period = binding
        .period
        .split(':')
        .map(|p| p.parse::<Period>().map_or_else(|_| p.to_owned(), Period::in_vietnamese))
        .collect::<Vec<_>>()
        .join(" so với ");
    let how = match binding.op {
        Op::Figure => "",
        Op::Difference => "Tăng, giảm",
        Op::Change => "Tăng, giảm (%)",
        Op::Share => "Tỷ lệ",
        Op::InDong => "Bằng đồng",
        Op::Words => "Bằng chữ",
        Op::OfUnit => unit,
        Op::Reported => "Số đơn vị có trong số liệu",
        Op::Expected => "Số đơn vị phải gửi",
        Op::Count => "Đếm",
        Op::Finding => "Kết quả kiểm tra",
    };
    let parts = [how, code, &line, &column, &period];
    let said: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    said.join(", ")
}
