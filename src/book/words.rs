//! How a finding names cells, figures and sums to the reader.

use super::Book;
use crate::model::entry::TOTAL;
use crate::model::{CellId, Figure, Lang, Lines, State};

impl Book<'_> {
    /// `D12 (cột (3) Tổng số, hàng “Đấu thầu”)`, `D17 (dòng 1.4)`.
    #[must_use]
    pub fn name(&self, cell: CellId) -> String {
        format!("{} ({})", self.entry(cell).cell, self.label(cell))
    }

    /// `cột (3) Tổng số, hàng “Đấu thầu”`, `dòng 1.4`.
    #[must_use]
    pub fn label(&self, cell: CellId) -> String {
        let entry = self.entry(cell);
        let (column_word, line_word, total) = self.lang.pick(("cột", "hàng", "tổng cộng"), ("column", "row", "total"));
        let open = self.table(cell.ret).filter(|t| matches!(t.lines, Lines::Open { .. }));
        match open {
            Some(table) => {
                let caption = table.column(&entry.column).and_then(|c| c.path.last()).map_or("", |s| s.as_str());
                let row = if &*entry.line == TOTAL {
                    format!("{line_word} {total}")
                } else {
                    format!("{line_word} “{}”", entry.line)
                };
                format!("{column_word} ({}) {caption}, {row}", entry.column)
            }
            None if self.table(cell.ret).is_some_and(|t| t.items.is_some()) => {
                let line = self.table(cell.ret).and_then(|t| t.line(&entry.line));
                let label = line.map_or("", |l| &l.label);
                format!("{label}, {}", self.lang.pick("đếm được", "counted"))
            }
            None => format!("{} {}", self.lang.pick("dòng", "line"), entry.line),
        }
    }

    /// The figure a cell states, or what stands there in its place.
    #[must_use]
    pub fn stated(&self, cell: CellId) -> String {
        let entry = self.entry(cell);
        match (entry.state, entry.value) {
            (State::Filled, Some(value)) => self.lang.figure(value),
            (State::Blank, _) => self.lang.pick("trống", "blank").to_owned(),
            (State::Nil, _) => "0".to_owned(),
            _ => format!("“{}”", entry.text),
        }
    }

    /// `12 + 11 + 3`.
    #[must_use]
    pub fn sum(&self, terms: &[(CellId, i64)]) -> String {
        let mut out = String::new();
        for (i, (cell, sign)) in terms.iter().enumerate() {
            let sign = if *sign < 0 { " − " } else { " + " };
            if i > 0 || sign == " − " {
                out.push_str(sign);
            }
            out.push_str(&self.stated(*cell));
            if i >= 11 && terms.len() > 13 {
                out.push_str(" + …");
                break;
            }
        }
        out.trim_start().to_owned()
    }
}

/// Figures in data files: plain.
#[must_use]
pub fn plain(figure: Option<Figure>) -> String {
    figure.map(|f| f.trimmed().to_string()).unwrap_or_default()
}

/// The file and sheet beside a cell, where it stands elsewhere.
#[must_use]
pub fn elsewhere(book: &Book<'_>, cell: CellId, home: u32) -> String {
    let (there, here) = (book.ret(cell.ret), book.ret(home));
    if there.file != here.file {
        format!(" [{} / {}]", there.file, there.sheet)
    } else if there.sheet != here.sheet {
        format!(" [{}]", there.sheet)
    } else {
        String::new()
    }
}

/// "và", "and".
#[must_use]
pub fn join(list: &[String], lang: Lang) -> String {
    match list {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} {} {last}", head.join(", "), lang.pick("và", "and")),
    }
}
