//! What is told twice, into what differs: an amount in digits and in words, the same line of a list, a headline and its
//! text, "tất cả 71 hồ sơ" where no such number was named.

use super::clauses::Items;
use super::facts::{Stated, clip};
use super::lists::List;
use super::paragraphs::{Line, Placed};
use super::phrases::{Unit, led_by, says};
use super::sums::{Sum, is_slip_of_digits, member};
use crate::model::statement::{Lexicon, Reason, Statement};
use crate::model::{Figure, Reworded, Severity, Sheet};
use crate::normalise::number::money;

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
const ROWS: u32 = 3;

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
            found.extend(amount_above(lines, at, words).or_else(|| in_table_above(sheet, lines, at, words)));
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
    Some((whole_amount(line.quote(from, until))?, until))
}

fn whole_amount(text: &str) -> Option<Figure> {
    money(text).and_then(|n| i64::try_from(n).ok()).map(Figure::whole)
}

/// A line that is nothing but an amount in words.
fn whole_line(line: &Line<'_>) -> Option<Figure> {
    let no_digits = line.tokens.iter().all(|t| t.number().is_none());
    no_digits.then(|| whole_amount(line.text)).flatten()
}

/// The only amount of the line above.
fn amount_above(lines: &[Line<'_>], at: usize, words: Figure) -> Option<Amount> {
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
    let last = (row.saturating_sub(ROWS)..row).rev().find(|r| !sheet.row(*r).is_empty()).filter(|r| !is_text(*r))?;
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

/// An amount as a fact.
pub fn amount(amount: &Amount, lines: &[Line<'_>]) -> Stated {
    let line = &lines[amount.line];
    let suspect = amount.quantity.map(|(line, quantity)| {
        let line = &lines[line];
        let quantity = &line.quantities[quantity];
        Reworded {
            paragraph: line.number,
            quote: line.quote(quantity.at, quantity.end).to_owned(),
            stated: amount.stated.to_string(),
            proposed: None,
            why: Reason::Words,
        }
    });
    Stated {
        severity: Severity::Error,
        paragraph: line.number,
        quote: clip(line, amount.from, amount.until),
        found: amount.stated.to_string(),
        expected: amount.words.to_string(),
        suspects: suspect.into_iter().collect(),
        statement: Statement::Amount { typed: amount.typed.clone(), words: amount.words },
    }
}

/// Two statements of one thing.
pub struct Repeat {
    /// Line and quantity of each.
    first: (usize, usize),
    second: (usize, usize),
}

/// Words that two lines must share before a figure, so that they speak of one thing.
const WORDS: usize = 6;
/// Lines between them, at most.
const WINDOW: usize = 3;

pub fn repeats(lines: &[Line<'_>]) -> Vec<Repeat> {
    let mut found = Vec::new();
    for at in 0..lines.len() {
        let Some((label, quantity)) = labelled(&lines[at]) else {
            continue;
        };
        for below in at + 1..lines.len().min(at + 1 + WINDOW) {
            if lines[below].marker != lines[at].marker {
                break;
            }
            let Some((other, its)) = labelled(&lines[below]) else {
                continue;
            };
            let (a, b) = (&lines[at].quantities[quantity], &lines[below].quantities[its]);
            let differ = a.value != b.value || a.of != b.of;
            if label == other && differ && a.percent == b.percent && a.unit.takes(&b.unit) {
                found.push(Repeat { first: (at, quantity), second: (below, its) });
            }
        }
    }
    found
}

/// Words of a headline that its report must say again, for both to speak of one thing.
const ALIKE: usize = 8;
/// The same, right behind both figures.
const ECHO: usize = 6;
/// Paragraphs at the head of a text among which a headline and its lead stand.
const HEAD: usize = 5;

/// A headline's or lead's figure that the text below has with a digit mistyped, in the same words.
pub fn headlines(items: &Items<'_>) -> Vec<Repeat> {
    let mut found: Vec<Repeat> = Vec::new();
    let only = |line: usize| {
        let mut own = (0..items.all.len()).filter(|i| items.all[*i].spot.line == line);
        own.next().filter(|_| own.next().is_none())
    };
    for line in 0..items.lines.len().min(HEAD) {
        let Some(title) = only(line) else {
            continue;
        };
        let quantity = items.quantity(title);
        let words: Vec<&str> = items.lines[line].tokens.iter().filter_map(Placed::word).collect();
        let like = |i: &usize| {
            let other = items.quantity(*i);
            other.percent == quantity.percent && other.unit == quantity.unit && other.of == quantity.of
        };
        let below: Vec<usize> =
            (title + 1..items.all.len()).filter(|i| items.all[*i].spot.line > line).filter(like).collect();
        // Said again rightly, whatever else the text says.
        let again = |i: &usize| {
            let other = items.quantity(*i);
            other.low.is_finite() && other.low <= quantity.high + 1e-9 && quantity.low <= other.high + 1e-9
        };
        if !quantity.is_exact() || below.iter().any(again) {
            continue;
        }
        let odd = below.into_iter().find(|i| {
            let own: Vec<&str> = items.lines[items.all[*i].spot.line].tokens.iter().filter_map(Placed::word).collect();
            let shared = words.iter().filter(|w| own.contains(w)).count();
            let (a, b) = (spelled(items, title), spelled(items, *i));
            let alike = shared >= ALIKE && 5 * shared >= 3 * words.len() && mistyped(&a, &b);
            alike || said_of(items, title, *i) >= ECHO && items.quantity(*i).is_exact()
        });
        let odd = odd.or_else(|| only_share(items, title, line));
        let place = |i: usize| (items.all[i].spot.line, items.all[i].spot.quantity);
        found.extend(odd.map(|i| Repeat { first: place(title), second: place(i) }));
    }
    found
}

/// "95,8% hồ sơ giải quyết trước và đúng hạn" over a text that has one such share: the parts of which it is one tell that both
/// are of the same.
fn only_share(items: &Items<'_>, title: usize, line: usize) -> Option<usize> {
    let parts = |item: usize| {
        let label = items.label(item);
        let all = items.lexicon.partitions.iter().enumerate().filter(|(_, p)| !p.whole.is_empty());
        all.filter_map(|(n, p)| Some((n, member(label, &p.parts)?))).collect::<Vec<_>>()
    };
    let stated = items.quantity(title);
    let own = Some(parts(title)).filter(|own| stated.percent && !own.is_empty())?;
    let others = || (0..items.all.len()).filter(|i| items.quantity(*i).percent && items.all[*i].spot.line != line);
    // A headline rounds.
    let step = 10f64.powi(-i32::from(stated.shown));
    let again = |i: usize| (items.quantity(i).value.to_double() - stated.value.to_double()).abs() < step;
    let like = |i: &usize| *i > title && parts(items.all[*i].share_of.unwrap_or(*i)) == own;
    let mut all = others().filter(like);
    let only = all.next().filter(|_| all.next().is_none())?;
    (!others().any(again) && items.quantity(only).is_exact() && !items.is_compared(only)).then_some(only)
}

/// How many of the words right behind two figures are the same.
fn said_of(items: &Items<'_>, a: usize, b: usize) -> usize {
    let words = |item: usize| {
        let (line, quantity) = (&items.lines[items.all[item].spot.line], items.quantity(item));
        line.tokens[quantity.at + 1..line.sentence_end(quantity.at)].iter().take_while(|t| t.word().is_some())
    };
    words(a).zip(words(b)).take_while(|(a, b)| a.token == b.token).count()
}

/// "Trong tổng số 1.247 hồ sơ đã giải quyết nêu trên": what was stated before otherwise, with a digit mistyped.
pub fn referred(items: &Items<'_>) -> Vec<Repeat> {
    let of = |item: usize| {
        let quantity = items.quantity(item);
        let line = &items.lines[items.all[item].spot.line];
        let end = items.all[item].words.end.max(quantity.end);
        let refers = says(&line.tokens[quantity.end.min(end)..end], &items.lexicon.asides.referring);
        let like = |i: &usize| {
            let other = items.quantity(*i);
            other.is_plain() && other.unit == quantity.unit && other.of == quantity.of
        };
        let before = || (0..item).rev().filter(like);
        let stated = || before().any(|i| items.quantity(i).value == quantity.value);
        (refers && quantity.is_plain() && !stated()).then_some(())?;
        before().find(|i| mistyped(&spelled(items, *i), &spelled(items, item)))
    };
    let place = |i: usize| (items.all[i].spot.line, items.all[i].spot.quantity);
    let all = (0..items.all.len()).filter_map(|item| Some((of(item)?, item)));
    all.map(|(before, item)| Repeat { first: place(before), second: place(item) }).collect()
}

fn spelled(items: &Items<'_>, item: usize) -> Vec<u8> {
    let spot = items.all[item].spot;
    let number = items.lines[spot.line].tokens[items.quantity(item).at].number().unwrap_or_default();
    number.bytes().filter(u8::is_ascii_digit).collect()
}

/// As many digits, one of them another, or two neighbours exchanged.
fn mistyped(a: &[u8], b: &[u8]) -> bool {
    a.len() > 2 && is_slip_of_digits(a, b)
}

/// The words before the colon of a line of a list, and the figure right behind it.
fn labelled<'a>(line: &'a Line<'_>) -> Option<(Vec<&'a str>, usize)> {
    line.marker.as_ref()?;
    let first = line.quantities.first().filter(|q| !q.rough)?;
    line.tokens[first.at - 1].is(':').then_some(())?;
    let label: Vec<&str> = line.tokens[line.head..first.at].iter().filter_map(Placed::word).collect();
    (label.len() >= WORDS).then_some((label, 0))
}

/// "tất cả 71 hồ sơ" where the paragraph's whole is another number.
pub fn every(lists: &[List], items: &Items<'_>) -> Vec<Repeat> {
    let (lines, lexicon): (&[Line<'_>], &Lexicon) = (items.lines, items.lexicon);
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for (i, quantity) in line.quantities.iter().enumerate() {
            let led = |list| led_by(&line.tokens, quantity.at, 4, list);
            let all = led(&lexicon.asides.every) && !led(&lexicon.asides.not_every);
            let earlier = &line.quantities[..i];
            if !all
                || !quantity.is_plain()
                || !quantity.unit.is_known()
                || earlier.iter().any(|q| q.value == quantity.value)
            {
                continue;
            }
            let wholes = lists.iter().filter(|l| !l.bare && !l.after).map(|l| items.all[l.wholes[0]].spot);
            let whole = wholes.into_iter().find(|w| {
                let named = w.line == at && w.quantity < i;
                named && line.quantities[w.quantity].unit == quantity.unit
            });
            found.extend(whole.map(|w| Repeat { first: (at, w.quantity), second: (at, i) }));
        }
    }
    found
}

impl Repeat {
    /// Whether the number in question is bound to a consolidated one, which says what it must be.
    pub fn is_bound(&self, lines: &[Line<'_>]) -> bool {
        lines[self.second.0].is_bound(self.second.1)
    }

    /// Whether a sum says the same of its figure.
    pub fn is_told_by(&self, sum: &Sum) -> bool {
        (sum.whole.line, sum.whole.quantity) == self.second
    }
}

/// A repeat as a fact.
pub fn repeat(repeat: &Repeat, lines: &[Line<'_>]) -> Stated {
    let of = |(line, quantity): (usize, usize)| (&lines[line], &lines[line].quantities[quantity]);
    let ((line, first), (below, second)) = (of(repeat.first), of(repeat.second));
    let [before, typed] = [(line, first), (below, second)].map(|(l, q)| l.quote(q.at, q.end).to_owned());
    let same = repeat.first.0 == repeat.second.0;
    Stated {
        severity: if same { Severity::Warning } else { Severity::Error },
        paragraph: below.number,
        quote: clip(below, second.at, second.end),
        found: second.value.to_string(),
        expected: first.value.to_string(),
        suspects: Vec::new(),
        statement: Statement::Repeat { typed, before, paragraph: (!same).then_some(line.number) },
    }
}
