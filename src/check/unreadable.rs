//! A cell whose text is no figure: one finding, and the rules that read it stay undecided.

use super::Checked;
use crate::book::Book;
use crate::model::{CellId, Finding, Severity, State};

pub fn check(book: &Book<'_>, out: &mut Checked) {
    for (at, ret) in book
        .returns
        .iter()
        .enumerate()
        .filter(|(_, r)| !r.superseded)
    {
        for (j, entry) in ret
            .entries
            .iter()
            .enumerate()
            .filter(|(_, e)| e.state == State::Unreadable)
        {
            let cell = CellId {
                ret: at as u32,
                entry: j as u32,
            };
            out.findings.push(finding(book, cell, &entry.text));
        }
    }
}

fn finding(book: &Book<'_>, cell: CellId, text: &str) -> Finding {
    let name = book.name(cell);
    let message = book.lang.pick(
        format!("Ô {name} ghi “{text}”, không đọc được thành số. Ghi lại bằng chữ số; không phát sinh thì ghi 0."),
        format!("Cell {name} says “{text}”, which can't be read as a figure. Write it in digits, and 0 for none."),
    );
    let ret = book.ret(cell.ret);
    let why = book
        .lang
        .pick("không phải là số", "it is no figure")
        .to_owned();
    Finding {
        rule: format!("{}:doc-duoc", ret.form),
        kind: "unreadable",
        severity: Severity::Error,
        form: ret.form.clone(),
        unit: ret.unit.clone(),
        period: Some(ret.period),
        file: ret.file.clone(),
        sheet: ret.sheet.clone(),
        cells: vec![book.entry(cell).cell],
        found: text.to_owned(),
        expected: String::new(),
        suspects: vec![book.suspect(cell, cell.ret, None, why)],
        message,
        passage: None,
        waived: None,
    }
}
