//! What is told twice, into what differs: an amount in digits and in words, the same line of a list, a headline and its
//! text, "tất cả 71 hồ sơ" where no such number was named.

use super::clauses::{Items, Spot};
use super::lists::List;
use super::paragraphs::{Line, Placed};
use super::phrases::{Unit, led_by, says};
use super::sums::is_slip_of_digits;
use super::{Stated, clip, suspect};
use crate::model::statement::{Reason, Statement};
use crate::model::{Figure, Severity, Sheet};
use crate::normalise::number::money;

/// An amount in digits: in đồng, and as typed.
struct Digits {
    value: Figure,
    typed: String,
    /// Nothing where they stand in a table.
    spot: Option<Spot>,
}

/// Rows between a table's total and the words.
const ROWS: u32 = 3;

/// Amounts that digits and words say differently.
pub fn amounts(lines: &[Line<'_>], sheet: &Sheet) -> Vec<Stated> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for (i, quantity) in line.quantities.iter().enumerate().filter(|(_, q)| q.unit == Unit::Money && !q.rough) {
            let words = said_behind(line, quantity.end).filter(|(words, _)| *words != quantity.value);
            found.extend(words.map(|(words, until)| {
                let digits = Digits::at(Spot { line: at, quantity: i }, lines);
                amount(lines, (at, quantity.at, until), &digits, words)
            }));
        }
        if let Some(words) = whole_line(line) {
            let digits = amount_above(lines, at, words).or_else(|| in_table_above(sheet, line.row, words));
            found.extend(digits.map(|digits| amount(lines, (at, 0, line.tokens.len()), &digits, words)));
        }
    }
    found
}

impl Digits {
    fn at(spot: Spot, lines: &[Line<'_>]) -> Self {
        let (line, quantity) = (&lines[spot.line], &lines[spot.line].quantities[spot.quantity]);
        Self { value: quantity.value, typed: line.quote(quantity.at, quantity.end).to_owned(), spot: Some(spot) }
    }
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

/// The only amount of the line above, where it is another one.
fn amount_above(lines: &[Line<'_>], at: usize, words: Figure) -> Option<Digits> {
    let line = lines.get(at.checked_sub(1)?).filter(|l| l.row + 1 == lines[at].row)?;
    let mut amounts = line.quantities.iter().enumerate().filter(|(_, q)| q.unit == Unit::Money && !q.rough);
    let (i, only) = amounts.next().filter(|_| amounts.next().is_none())?;
    (only.value != words).then(|| Digits::at(Spot { line: at - 1, quantity: i }, lines))
}

/// The last row of the table just above, if it has one figure, and that is another one.
fn in_table_above(sheet: &Sheet, row: u32, words: Figure) -> Option<Digits> {
    let is_text = |row: u32| sheet.paragraphs.iter().any(|p| p.row == row);
    let last = (row.saturating_sub(ROWS)..row).rev().find(|r| !sheet.row(*r).is_empty()).filter(|r| !is_text(*r))?;
    let digits = |text: &str| -> Option<Figure> {
        let bare: String = text.chars().filter(|c| !matches!(c, '.' | ' ' | '\u{A0}')).collect();
        bare.parse().ok().map(Figure::whole)
    };
    let mut figures = sheet.row(last).iter().filter_map(|c| Some((c.text()?, digits(c.text()?)?)));
    let (typed, value) = figures.next().filter(|_| figures.next().is_none())?;
    let same = [1i64, 1000, 1_000_000].iter().any(|m| value.units.checked_mul(*m) == Some(words.units));
    (!same).then(|| Digits { value, typed: typed.to_owned(), spot: None })
}

/// An amount that its words have otherwise, on a line from one token up to another, as a fact.
fn amount(lines: &[Line<'_>], (at, from, until): (usize, usize, usize), digits: &Digits, words: Figure) -> Stated {
    let suspected = digits.spot.map(|spot| {
        let line = &lines[spot.line];
        suspect(line, &line.quantities[spot.quantity], None, Reason::Words)
    });
    Stated {
        severity: Severity::Error,
        paragraph: lines[at].number,
        quote: clip(&lines[at], from, until),
        found: digits.value.to_string(),
        expected: words.to_string(),
        suspects: suspected.into_iter().collect(),
        statement: Statement::Amount { typed: digits.typed.clone(), words },
        spot: digits.spot,
    }
}

/// Words that two lines must share before a figure, so that they speak of one thing.
const WORDS: usize = 6;
/// Lines between them, at most.
const WINDOW: usize = 3;

/// The same line of a list, twice, with another figure.
pub fn repeats(lines: &[Line<'_>]) -> Vec<Stated> {
    let mut found = Vec::new();
    for at in 0..lines.len() {
        let Some(label) = labelled(&lines[at]) else {
            continue;
        };
        for below in at + 1..lines.len().min(at + 1 + WINDOW) {
            if lines[below].marker != lines[at].marker {
                break;
            }
            let Some(other) = labelled(&lines[below]) else {
                continue;
            };
            let (a, b) = (&lines[at].quantities[0], &lines[below].quantities[0]);
            let differ = a.value != b.value || a.of != b.of;
            if label == other && differ && a.percent == b.percent && a.unit.takes(&b.unit) {
                let spot = |line| Spot { line, quantity: 0 };
                found.push(repeat(lines, spot(at), spot(below)));
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
pub fn headlines(items: &Items<'_>) -> Vec<Stated> {
    let mut found = Vec::new();
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
            let own: Vec<&str> = items.line(*i).tokens.iter().filter_map(Placed::word).collect();
            let shared = words.iter().filter(|w| own.contains(w)).count();
            let (a, b) = (spelled(items, title), spelled(items, *i));
            let alike = shared >= ALIKE && 5 * shared >= 3 * words.len() && mistyped(&a, &b);
            alike || said_of(items, title, *i) >= ECHO && items.quantity(*i).is_exact()
        });
        let odd = odd.or_else(|| only_share(items, title, line));
        found.extend(odd.map(|i| repeat(items.lines, items.all[title].spot, items.all[i].spot)));
    }
    found
}

/// "95,8% hồ sơ giải quyết trước và đúng hạn" over a text that has one such share: the parts of which it is one tell that both
/// are of the same.
fn only_share(items: &Items<'_>, title: usize, line: usize) -> Option<usize> {
    let parts = |item: usize| {
        let label = items.label(item);
        let all = items.lexicon.partitions.iter().enumerate().filter(|(_, p)| !p.whole.is_empty());
        all.filter_map(|(n, p)| Some((n, p.member(label)?))).collect::<Vec<_>>()
    };
    let stated = items.quantity(title);
    let own = Some(parts(title)).filter(|own| stated.percent && !own.is_empty())?;
    let others = || (0..items.all.len()).filter(|i| items.quantity(*i).percent && items.all[*i].spot.line != line);
    // A headline rounds.
    let step = 10f64.powi(-i32::from(stated.shown));
    let again = |i: usize| (items.value(i).to_double() - stated.value.to_double()).abs() < step;
    let like = |i: &usize| *i > title && parts(items.all[*i].share_of.unwrap_or(*i)) == own;
    let mut all = others().filter(like);
    let only = all.next().filter(|_| all.next().is_none())?;
    (!others().any(again) && items.quantity(only).is_exact() && !items.is_compared(only)).then_some(only)
}

/// How many of the words right behind two figures are the same.
fn said_of(items: &Items<'_>, a: usize, b: usize) -> usize {
    let words = |item: usize| {
        let (line, quantity) = (items.line(item), items.quantity(item));
        line.tokens[quantity.at + 1..line.sentence_end(quantity.at)].iter().take_while(|t| t.word().is_some())
    };
    words(a).zip(words(b)).take_while(|(a, b)| a.token == b.token).count()
}

/// "Trong tổng số 1.247 hồ sơ đã giải quyết nêu trên": what was stated before otherwise, with a digit mistyped.
pub fn referred(items: &Items<'_>) -> Vec<Stated> {
    let of = |item: usize| {
        let quantity = items.quantity(item);
        let line = items.line(item);
        let end = items.all[item].words.end.max(quantity.end);
        let refers = says(&line.tokens[quantity.end.min(end)..end], &items.lexicon.asides.referring);
        let like = |i: &usize| {
            let other = items.quantity(*i);
            other.is_plain() && other.unit == quantity.unit && other.of == quantity.of
        };
        let before = || (0..item).rev().filter(like);
        let stated = || before().any(|i| items.value(i) == quantity.value);
        (refers && quantity.is_plain() && !stated()).then_some(())?;
        before().find(|i| mistyped(&spelled(items, *i), &spelled(items, item)))
    };
    let spot = |item: usize| items.all[item].spot;
    let all = (0..items.all.len()).filter_map(|item| Some((of(item)?, item)));
    all.map(|(before, item)| repeat(items.lines, spot(before), spot(item))).collect()
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

/// The words before the colon of a line of a list, right behind which its first figure stands.
fn labelled<'a>(line: &'a Line<'_>) -> Option<Vec<&'a str>> {
    line.marker.as_ref()?;
    let first = line.quantities.first().filter(|q| !q.rough)?;
    (first.at > line.head && line.tokens[first.at - 1].is(':')).then_some(())?;
    let label: Vec<&str> = line.tokens[line.head..first.at].iter().filter_map(Placed::word).collect();
    (label.len() >= WORDS).then_some(label)
}

/// "tất cả 71 hồ sơ" where the paragraph's whole is another number.
pub fn every(lists: &[List], items: &Items<'_>) -> Vec<Stated> {
    let (lines, lexicon) = (items.lines, items.lexicon);
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
            found.extend(whole.map(|w| repeat(lines, w, Spot { line: at, quantity: i })));
        }
    }
    found
}

/// What two figures state of one thing otherwise, as a fact.
fn repeat(lines: &[Line<'_>], first: Spot, second: Spot) -> Stated {
    let of = |spot: Spot| (&lines[spot.line], &lines[spot.line].quantities[spot.quantity]);
    let ((line, a), (below, b)) = (of(first), of(second));
    let [before, typed] = [(line, a), (below, b)].map(|(l, q)| l.quote(q.at, q.end).to_owned());
    let same = first.line == second.line;
    Stated {
        severity: if same { Severity::Warning } else { Severity::Error },
        paragraph: below.number,
        quote: clip(below, b.at, b.end),
        found: b.value.to_string(),
        expected: a.value.to_string(),
        suspects: Vec::new(),
        statement: Statement::Repeat { typed, before, paragraph: (!same).then_some(line.number) },
        spot: Some(second),
    }
}
