//! Amounts beside the same in words, "6.460.000 đồng (Sáu triệu bốn trăm sáu mươi nghìn đồng)", into those that differ.

use super::lexicon::Unit;
use super::lines::Line;
use super::say::{Desk, Said};
use crate::model::fact::Said as Sentence;
use crate::model::{Figure, Finding, Reworded, Severity, Sheet};
use crate::normalise::in_words::money;

/// Digits and words that say different amounts.
pub struct Amount {
    line: usize,
    from: usize,
    until: usize,
    /// As it stands before the words: in đồng, and as typed.
    stated: Figure,
    typed: String,
    words: Figure,
    /// The line and quantity of the digits, where they are text.
    quantity: Option<(usize, usize)>,
}

/// Rows between a table's total and the words.
const REACH: u32 = 3;

pub fn amounts(lines: &[Line<'_>], sheet: &Sheet) -> Vec<Amount> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for (i, quantity) in line.quantities.iter().enumerate() {
            let Some((words, until)) = said_behind(line, quantity.end).filter(|_| quantity.unit == Unit::Money) else {
                continue;
            };
            if words != quantity.value && !quantity.rough {
                let typed = line.quote(quantity.at, quantity.end).to_owned();
                found.push(Amount {
                    line: at,
                    from: quantity.at,
                    until,
                    stated: quantity.value,
                    typed,
                    words,
                    quantity: Some((at, i)),
                });
            }
        }
        if let Some(words) = whole_line(line) {
            found.extend(above(lines, at, words).or_else(|| in_table_above(sheet, lines, at, words)));
        }
    }
    found
}

/// The amount in the brackets behind an amount, or behind "bằng chữ".
fn said_behind(line: &Line<'_>, end: usize) -> Option<(Figure, usize)> {
    let open = (end..end + 3).find(|i| line.tokens.get(*i).is_some_and(|t| t.is('(')));
    let (from, until) = match open {
        Some(open) => (open, line.bracket_end(open)),
        None => {
            let by = (end..end + 6).find(|i| {
                line.tokens.get(*i).is_some_and(|t| t.reads("bằng"))
                    && line.tokens.get(i + 1).is_some_and(|t| t.reads("chữ"))
            })?;
            (by, line.sentence_end(by))
        }
    };
    Some((whole(line.quote(from, until))?, until))
}

fn whole(text: &str) -> Option<Figure> {
    money(text).and_then(|n| i64::try_from(n).ok()).map(Figure::whole)
}

/// A line that is nothing but an amount in words.
fn whole_line(line: &Line<'_>) -> Option<Figure> {
    let no_digits = line.tokens.iter().all(|t| t.number().is_none());
    no_digits.then(|| whole(line.text)).flatten()
}

/// The only amount of the line above.
fn above(lines: &[Line<'_>], at: usize, words: Figure) -> Option<Amount> {
    let line = lines.get(at.checked_sub(1)?).filter(|l| l.row + 1 == lines[at].row)?;
    let mut amounts = line.quantities.iter().enumerate().filter(|(_, q)| q.unit == Unit::Money && !q.rough);
    let (i, only) = amounts.next().filter(|_| amounts.next().is_none())?;
    (only.value != words).then(|| Amount {
        line: at,
        from: 0,
        until: lines[at].tokens.len(),
        stated: only.value,
        typed: line.quote(only.at, only.end).to_owned(),
        words,
        quantity: Some((at - 1, i)),
    })
}

/// The last row of the table just above, if it has one figure.
fn in_table_above(sheet: &Sheet, lines: &[Line<'_>], at: usize, words: Figure) -> Option<Amount> {
    let row = lines[at].row;
    let is_text = |row: u32| sheet.paragraphs.iter().any(|p| p.row == row);
    let last = (row.saturating_sub(REACH)..row).rev().find(|r| !sheet.row(*r).is_empty()).filter(|r| !is_text(*r))?;
    let digits = |text: &str| -> Option<Figure> {
        let bare: String = text.chars().filter(|c| !matches!(c, '.' | ' ' | '\u{A0}')).collect();
        bare.parse().ok().map(Figure::whole)
    };
    let mut figures = sheet.row(last).iter().filter_map(|c| Some((c.text()?, digits(c.text()?)?)));
    let (typed, only) = figures.next().filter(|_| figures.next().is_none())?;
    let measures = [1i64, 1000, 1_000_000];
    let same = measures.iter().any(|m| only.units.checked_mul(*m) == Some(words.units));
    (!same).then(|| Amount {
        line: at,
        from: 0,
        until: lines[at].tokens.len(),
        stated: only,
        typed: typed.to_owned(),
        words,
        quantity: None,
    })
}

impl Amount {
    /// Whether the number in question is bound to a consolidated one, which says what it must be.
    pub fn is_bound(&self, lines: &[Line<'_>]) -> bool {
        self.quantity.is_some_and(|(line, quantity)| lines[line].is_bound(quantity))
    }
}

impl Desk<'_> {
    pub fn amount(&self, amount: &Amount) -> Finding {
        let words = self.lang.figure(amount.words);
        let typed = &amount.typed;
        self.finding(
            amount.line,
            Said {
                rule: "bang-chu",
                severity: Severity::Error,
                quote: self.clip(amount.line, amount.from, amount.until),
                found: amount.stated.to_string(),
                expected: amount.words.to_string(),
                message: self.lang.pick(
                    format!("số ghi {typed}, nhưng chữ ghi là {words} đồng; sửa số hoặc sửa chữ."),
                    format!("the digits say {typed}, but the words say {words} đồng; correct one of them."),
                ),
                suspects: amount
                    .quantity
                    .map(|(line, quantity)| {
                        let line = &self.lines[line];
                        let quantity = &line.quantities[quantity];
                        Reworded {
                            paragraph: line.number,
                            quote: line.quote(quantity.at, quantity.end).to_owned(),
                            stated: amount.stated.to_string(),
                            proposed: None,
                            why: Sentence {
                                vi: "số và chữ phải như nhau".to_owned(),
                                en: "digits and words must say the same".to_owned(),
                            },
                        }
                    })
                    .into_iter()
                    .collect(),
            },
        )
    }
}
