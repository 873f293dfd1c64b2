//! A cell whose text is no figure: one finding, and the rules that read it stay undecided.

use super::{Checked, of_return};
use crate::model::fact::{Amount, Fact, Why};
use crate::model::finding::Kind;
use crate::model::{Address, CellId, Doubt, Finding, Line, Return, Severity, State, Unsure};
use crate::rule::Book;

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
    let (ret, entry) = (book.ret(cell.ret), book.entry(cell));
    let line = book.table(cell.ret).and_then(|t| t.line(&entry.line));
    let codes = line.map(Line::legend).filter(|codes| !codes.is_empty());
    let why = if codes.is_some() { Why::WhichCode } else { Why::NoFigure };
    let wanted = codes.clone().map_or(Amount::None, Amount::Text);
    let fact = Fact::Unreadable { cell: book.quoted(cell), codes };
    let rule = format!("{}:doc-duoc", ret.form);
    let found = of_return(ret, rule, Kind::Unreadable, Severity::Error, vec![entry.cell], fact);
    found.amounts(Amount::Text(text.to_owned()), wanted).suspecting([book.suspect(cell, cell.ret, None, why)])
}
