//! The columns under a header into what each is for, by its caption and by what stands in it.

use super::Column;
use super::amounts::{Amount, amount};
use super::header::{Header, is_ordinal};
use super::numbering::numbering;
use super::strip::Line;
use crate::model::Sheet;
use crate::model::form::{Role, Words};
use crate::normalise::figure::Style;
use crate::normalise::text::key;

const MEASURES: [&str; 4] = ["don vi tinh", "dvt", "don vi do", "don vi tinh dvt"];
/// Codes of indicators, which look like figures and are none.
const CODES: [&str; 4] = ["ma so", "ma chi tieu", "ma hieu", "ky hieu"];
/// Captions of what is no amount: never added up.
const SHARES: [&str; 8] = ["ty le", "ti le", "%", "ty trong", "binh quan", "don gia", "xep hang", "toc do"];

/// The columns with their roles.
pub fn columns(sheet: &Sheet, header: &Header, body: &[Line], words: &Words) -> Vec<Column> {
    let notes: Vec<String> = words.note_captions.iter().map(|c| key(c)).collect();
    let body: Vec<&Line> = body.iter().filter(|l| numbering(l).is_none()).collect();
    let mut columns: Vec<Column> = Vec::new();
    for (at, path, number) in &header.columns {
        let leaf = path.last().map(|c| key(c)).unwrap_or_default();
        let all = key(&path.join(" "));
        let percent = SHARES.iter().any(|word| format!(" {all} ").contains(&format!(" {word} ")));
        let has = |role: Role| columns.iter().any(|c: &Column| c.role == role);
        let (figures, wordings) = content(sheet, *at, percent, &body, words);
        let role = if is_ordinal(&leaf) && !has(Role::Ordinal) {
            Role::Ordinal
        } else if MEASURES.contains(&&*leaf) {
            Role::Measure
        } else if notes.contains(&leaf) || CODES.contains(&&*leaf) {
            Role::Note
        } else if !has(Role::Label) && (wordings > figures || figures + wordings == 0) {
            Role::Label
        } else if wordings > figures {
            Role::Note
        } else {
            Role::Figure
        };
        columns.push(Column { at: *at, path: path.clone(), number: *number, role, percent });
    }
    // The first column without STT above it may still hold nothing but running numbers.
    if !columns.iter().any(|c| c.role == Role::Ordinal)
        && let [first, second, ..] = &mut columns[..]
        && first.role == Role::Figure
        && second.role == Role::Label
    {
        first.role = Role::Ordinal;
    }
    columns
}

/// How many cells of a column read as figures, and how many hold words.
fn content(sheet: &Sheet, at: u32, percent: bool, body: &[&Line], words: &Words) -> (usize, usize) {
    let (mut figures, mut wordings) = (0, 0);
    for line in body.iter().filter(|l| l.get(at).is_some()) {
        match amount(sheet.get(line.row, at), percent, &Style::default(), &words.nil) {
            Amount::Figure(..) | Amount::Nil => figures += 1,
            Amount::Other if line.get(at).is_some_and(|c| c.is_wording()) => wordings += 1,
            Amount::Other => figures += 1,
            Amount::Blank => {}
        }
    }
    (figures, wordings)
}
