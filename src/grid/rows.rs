//! The lines below a header into the table's rows: code, label, what it is a part of, and its amounts.

use super::amounts::{Amount, amount};
use super::header::is_ordinal;
use super::strip::{Line, Seen};
use super::{Column, Row};
use crate::model::form::{Role, Words};
use crate::model::{Content, Sheet};
use crate::normalise::code::{self, Code, Part};
use crate::normalise::figure::{self, Style};
use crate::normalise::text::key;

/// The rows of a table, to its last line or total.
pub fn rows(sheet: &Sheet, columns: &[Column], body: &[Line], words: &Words) -> Vec<Row> {
    let of = |role: Role| columns.iter().find(|c| c.role == role).map(|c| c.at);
    let (ordinal, label, measure) = (of(Role::Ordinal), of(Role::Label), of(Role::Measure));
    let totals: Vec<String> = words.total.iter().map(|w| key(w)).collect();
    let closing: Vec<String> = words.closing.iter().map(|w| key(w)).collect();
    let style = style(sheet, columns, body);
    let mut rows: Vec<Row> = Vec::new();
    for line in body {
        let first = line.cells.iter().find(|c| !c.key.is_empty());
        if first.is_some_and(|c| is_ordinal(&c.key) || closes(&c.key, &closing))
            && rows.iter().any(|r| r.code.is_some() || r.has_figures())
        {
            break;
        }
        let amounts = |percent: bool| {
            let figures = columns.iter().filter(|c| c.role == Role::Figure);
            figures
                .map(|c| (c.at, amount(sheet.get(line.row, c.at), c.percent || percent, &style, &words.nil)))
                .collect()
        };
        let text = |column: Option<u32>| column.and_then(|c| line.get(c)).filter(|c| !c.text.is_empty());
        let stt = ordinal.and_then(|c| line.get(c));
        let own = text(label).filter(|c| c.is_wording());
        let across = own.is_none() && text(ordinal).is_some_and(Seen::is_wording);
        let worded = own.or_else(|| text(ordinal).filter(|c| c.is_wording()));
        let mut said = worded.map(|c| c.text.clone()).unwrap_or_default();
        let mut code = stt.filter(|_| !across).and_then(|c| code_of(sheet, line.row, c, rows.last()));
        if code.is_none()
            && stt.is_none_or(|_| across)
            && let Some((led, rest)) = code::leading(&said)
        {
            (code, said) = (Some(led), rest.to_owned());
        }
        let said_key = key(&said);
        let total = code.is_none()
            && totals.iter().any(|t| {
                said_key == *t
                    || said_key
                        .strip_prefix(t.as_str())
                        .is_some_and(|rest| rest.starts_with(" (") || rest.starts_with(" i "))
            });
        let measure = text(measure).map(|c| c.text.clone()).unwrap_or_default();
        let amounts: Vec<(u32, Amount)> = amounts(measure == "%");
        rows.push(Row { row: line.row, code, label: said, measure, parent: None, total, across, amounts });
    }
    // What stands below the last row in use is not the table's: the next one's title, a remark.
    let in_use = |r: &Row| r.has_figures() || r.total || (r.code.is_some() && !r.across);
    let end = rows.iter().rposition(in_use).map_or(0, |i| i + 1);
    rows.truncate(end);
    settle_parents(&mut rows);
    rows
}

fn closes(label: &str, closing: &[String]) -> bool {
    closing.iter().any(|c| label == c || label.strip_prefix(c.as_str()).is_some_and(|rest| rest.starts_with(' ')))
}

fn style(sheet: &Sheet, columns: &[Column], body: &[Line]) -> Style {
    let figures = || columns.iter().filter(|c| c.role == Role::Figure);
    figure::prove(body.iter().flat_map(|l| figures().filter_map(|c| sheet.get(l.row, c.at)?.text())))
}

/// The code in the STT cell; 6.1 after 6.9 is 6.10, and 3.2.1 may have become a date.
fn code_of(sheet: &Sheet, row: u32, cell: &Seen, before: Option<&Row>) -> Option<Code> {
    let is_date = matches!(sheet.get(row, cell.column).map(|c| &c.content), Some(Content::Date(_)));
    let candidates = match cell.number {
        Some(x) if is_date => code::from_date(x),
        Some(x) => code::from_number(x),
        None => code::code(&cell.text).into_iter().collect(),
    };
    let follows = |c: &&Code| before.and_then(|b| b.code.as_ref()).is_some_and(|b| next(b, c));
    candidates.iter().find(follows).or(candidates.first()).cloned()
}

/// Whether a code comes right after another: 6.9, 6.10 or 6.9, 6.9.1.
fn next(before: &Code, code: &Code) -> bool {
    let (Some((Part::Number(last), head)), Some((Part::Number(own), own_head))) =
        (before.parts.split_last(), code.parts.split_last())
    else {
        return false;
    };
    (head == own_head && *own == last + 1) || (own_head == before.parts && *own == 1)
}

/// Finds for every row the row it is a part of: 1.1 of 1, 1 of I, a of 1, I of A.
pub fn settle_parents(rows: &mut [Row]) {
    let mut open: Vec<usize> = Vec::new();
    for i in 0..rows.len() {
        rows[i].parent = None;
        let Some(code) = rows[i].code.clone() else {
            continue;
        };
        while let Some(&last) = open.last() {
            let above = rows[last].code.as_ref();
            if above.is_some_and(|above| holds(above, &code)) {
                rows[i].parent = Some(last);
                break;
            }
            open.pop();
        }
        open.push(i);
    }
}

/// Whether a row of one code may be divided into rows of another.
fn holds(above: &Code, code: &Code) -> bool {
    let rank = |c: &Code| match c.parts[..] {
        [Part::Letter(l)] if l.is_uppercase() => 0,
        [Part::Roman(_)] => 1,
        [Part::Letter(_)] => 9,
        _ => 2,
    };
    match (rank(above), rank(code)) {
        (2, 2) => code.level() == above.level() + 1 && code.parts.starts_with(&above.parts),
        (1 | 0, 2) => code.level() == 1 || code.parts.starts_with(&above.parts),
        (a, b) => a < b,
    }
}
