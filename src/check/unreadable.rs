//! A cell whose text is no figure: one finding, and the rules that read it stay undecided.

use super::Checked;
use crate::book::Book;
use crate::model::{Address, CellId, Doubt, Finding, Return, Severity, State, Unsure};

pub fn check(book: &Book<'_>, out: &mut Checked) {
    for (at, ret) in book.returns.iter().enumerate().filter(|(_, r)| !r.superseded) {
        for (j, entry) in
            ret.entries.iter().enumerate().filter(|(_, e)| e.state == State::Unreadable && !is_open(ret, e.cell))
        {
            let cell = CellId { ret: at as u32, entry: j as u32 };
            out.findings.push(finding(book, cell, &entry.text));
        }
    }
}

/// Whether it can be read, in more than one way: that is said by itself.
fn is_open(ret: &Return, cell: Address) -> bool {
    let open = |d: &Doubt| d.cell == cell && matches!(d.what, Unsure::Undecided { .. });
    ret.doubts.iter().any(open)
}

fn finding(book: &Book<'_>, cell: CellId, text: &str) -> Finding {
    let name = book.name(cell);
    let ret = book.ret(cell.ret);
    let codes = book
        .table(cell.ret)
        .and_then(|t| t.line(&book.entry(cell).line))
        .map(crate::model::Line::legend)
        .filter(|codes| !codes.is_empty());
    let (message, why) = match &codes {
        Some(codes) => (
            book.lang.pick(
                format!("Ô {name} ghi “{text}”, không rõ là mã nào. Ghi đúng một mã in trên biểu: {codes}."),
                format!("Cell {name} says “{text}”, which leaves open which code is meant. Write one of the form's codes: {codes}."),
            ),
            book.lang.pick("không rõ là mã nào", "which code is open"),
        ),
        None => (
            book.lang.pick(
                format!("Ô {name} ghi “{text}”, không đọc được thành số. Ghi lại bằng chữ số; không phát sinh thì ghi 0."),
                format!("Cell {name} says “{text}”, which can't be read as a figure. Write it in digits, and 0 for none."),
            ),
            book.lang.pick("không phải là số", "it is no figure"),
        ),
    };
    let why = why.to_owned();
    Finding {
        rule: format!("{}:doc-duoc", ret.form),
        rules: vec![format!("{}:doc-duoc", ret.form)],
        kind: "unreadable",
        severity: Severity::Error,
        form: ret.form.clone(),
        unit: ret.unit.clone(),
        period: Some(ret.period),
        file: ret.file.clone(),
        sheet: ret.sheet.clone(),
        cells: vec![book.entry(cell).cell],
        found: text.to_owned(),
        expected: codes.unwrap_or_default(),
        suspects: vec![book.suspect(cell, cell.ret, None, why)],
        message,
        passage: None,
        waived: None,
    }
}
