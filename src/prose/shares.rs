//! Percentages into those that follow from figures of the text and those that follow from none.
//!
//! What a percentage is of often stands elsewhere: it holds where any pair of figures gives it. It is called wrong where
//! none does and the sentence says what it is of: a fraction, the whole of the list its figure is a part of, a figure
//! named behind it, the larger figure before it in the sentence.

use super::bases::is_target;
use super::clauses::{Items, Spot};
use super::lists::List;
use super::paragraphs::{Placed, Token};
use super::percentages::Percentage;
use super::phrases::says;
use super::quantities::Quantity;
use super::sums::is_slip;
use super::{Stated, clip, suspect};
use crate::model::statement::{Reason, Statement};
use crate::model::{Figure, Severity};

/// One side of a share.
#[derive(Debug, Clone, PartialEq)]
pub enum Side {
    Figures(Vec<Spot>),
    /// The 24 of 04/24.
    Of(Spot),
}

/// A percentage with what it is of.
#[derive(Debug, Clone)]
pub struct Share {
    pub percent: Spot,
    pub top: Side,
    pub bottom: Side,
    pub holds: bool,
    /// Cut off, or forced to a sum of a hundred, instead of rounded.
    pub cut: bool,
    pub severity: Severity,
    /// The first token of the statement, on the percentage's line.
    pub from: usize,
}

/// How well a percentage follows from two figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    Not,
    /// Cut off instead of rounded.
    Cut,
    Rounded,
}

/// `a / b` printed as `p` with some decimals, rounded or cut off.
pub fn follows(a: Figure, b: Figure, percent: &Quantity) -> bool {
    let (a, b) = (a.to_double(), b.to_double());
    fit((a, a), (b, b), percent) != Fit::Not
}

pub fn fit((a, above): (f64, f64), (b, over): (f64, f64), percent: &Quantity) -> Fit {
    if b <= 0.0 {
        return Fit::Not;
    }
    let (least, most) = (a / over * 100.0, above / b * 100.0);
    let step = 10f64.powi(-i32::from(percent.shown));
    let within = |room: f64| least <= percent.high + room && percent.low - room <= most;
    match () {
        () if percent.rough && within(step) || within(step / 2.0 + 1e-9) => Fit::Rounded,
        () if within(step - 1e-9) => Fit::Cut,
        () => Fit::Not,
    }
}

/// How far percentages that divide one whole may be from a hundred and still be meant to be one.
const CLOSE_TO_ALL: f64 = 2.5;

pub fn shares(items: &Items<'_>, lists: &[List]) -> Vec<Share> {
    let percents = (0..items.all.len()).filter(|i| items.quantity(*i).percent && items.quantity(*i).of.is_none());
    percents.filter_map(|percent| Percentage::new(items, lists, percent).share()).collect()
}

/// "trước hạn 96,4%, đúng hạn 3,1%, quá hạn 0,5%": without figures beside them, parts of a partition are a hundred.
pub fn hundreds(items: &Items<'_>) -> Vec<Stated> {
    let percents: Vec<usize> =
        (0..items.all.len()).filter(|i| items.quantity(*i).percent && stands_alone(items, *i)).collect();
    let mut found = Vec::new();
    for row in percents.chunk_by(|a, b| {
        let (a, b) = (&items.all[*a], &items.all[*b]);
        a.sentence == b.sentence && a.frame == b.frame && a.share_of == b.share_of
    }) {
        let of_none = items.all[row[0]].share_of.is_none();
        let parted = of_none
            && items.lexicon.partitions.iter().any(|p| {
                // Levels have shares of their own.
                !p.parts.iter().any(|m| m.either) && super::sums::divides(row, items, p)
            });
        let exact = row.iter().all(|i| !items.quantity(*i).rough && !items.is_compared(*i) && !is_target(items, *i));
        let alone = row.last().zip(row.first()).is_some_and(|(last, first)| last - first + 1 == row.len());
        let split = row.len() > 2 && (is_split(items, row[0]) || items.all[row[0]].share_of.is_some());
        if !(parted || split) || !exact || !alone {
            continue;
        }
        let sum = items.sum(row);
        let step = row.iter().map(|i| 10f64.powi(-i32::from(items.quantity(*i).shown))).fold(0.0, f64::max);
        let left = |i: usize| Figure::whole(100).checked_sub(items.value(i)).unwrap_or_default();
        let Some(sum) = sum else {
            continue;
        };
        // Far from a hundred, each is of something else.
        let off = (sum.to_double() - 100.0).abs();
        // Two of three parts come near to a hundred too.
        let slip = || matches!(row, [a, b] if is_slip(items.value(*a), left(*b)) || is_slip(items.value(*b), left(*a)));
        let far = if parted { row.len() < 3 && off > CLOSE_TO_ALL && !slip() } else { off > CLOSE_TO_ALL };
        if off > step * row.len() as f64 / 2.0 + 1e-9 && !far {
            found.push(no_hundred(items, row, sum));
        }
    }
    found
}

/// Percentages of one whole that are no hundred, as a fact.
fn no_hundred(items: &Items<'_>, row: &[usize], sum: Figure) -> Stated {
    let line = items.line(row[0]);
    let end = row.last().map_or(0, |last| items.quantity(*last).end);
    Stated {
        severity: Severity::Error,
        paragraph: line.number,
        quote: clip(line, items.quantity(row[0]).at, end),
        found: sum.to_string(),
        expected: "100".to_owned(),
        suspects: Vec::new(),
        statement: Statement::Hundred { parts: row.iter().map(|i| items.value(*i)).collect(), sum },
        spot: None,
    }
}

/// Whether a percentage is said of a part that has no figure: "61% hài lòng, 27% chấp nhận, 12% không hài lòng".
fn stands_alone(items: &Items<'_>, percent: usize) -> bool {
    let own = &items.all[percent];
    let line = &items.lines[own.spot.line];
    let quantity = items.quantity(percent);
    let before = quantity.at.checked_sub(1).map(|b| &line.tokens[b]);
    let leads = before.is_some_and(|t| matches!(t.token, Token::Mark(',' | ';' | ':')) || t.reads("và"));
    let named = line
        .tokens
        .get(quantity.end)
        .and_then(Placed::word)
        .is_some_and(|w| !items.lexicon.joins(w) || w == "không" || w == "chưa");
    own.share_of.is_none() || leads && named
}

/// "Theo cách nộp: …", "Cơ cấu nguồn thu gồm …": words that say that a whole is divided.
fn is_split(items: &Items<'_>, first: usize) -> bool {
    let line = items.line(first);
    let at = items.quantity(first).at;
    let start = line.sentence_start(at);
    says(&line.tokens[start..at], &items.lexicon.openers.split)
        && !says(&line.tokens[start..at], &items.lexicon.openers.partial)
}

impl Share {
    /// Whether the number in question is bound to a consolidated one, which says what it must be.
    pub fn is_bound(&self, items: &Items<'_>) -> bool {
        items.lines[self.percent.line].is_bound(self.percent.quantity)
    }

    /// One that follows from nothing, or was cut off, as a fact.
    pub fn stated(&self, items: &Items<'_>) -> Stated {
        let (line, percent) = (&items.lines[self.percent.line], items.at(self.percent));
        let (top, bottom) = (figure(&self.top, items), figure(&self.bottom, items));
        let decimals = if self.cut { percent.shown } else { percent.shown.max(2) };
        let right = Figure::percentage(top, bottom, decimals).unwrap_or_default();
        let from = self.from.min(percent.at);
        Stated {
            severity: if self.cut { Severity::Note } else { self.severity },
            paragraph: line.number,
            quote: clip(line, from, percent.end.max(from + 1)),
            found: percent.value.to_string(),
            expected: right.to_string(),
            suspects: vec![suspect(line, percent, Some(right), Reason::Share(top, bottom))],
            statement: Statement::Share { stated: percent.value, top, bottom, right, cut: self.cut },
            spot: Some(self.percent),
        }
    }

    pub fn uses(&self, spot: Spot) -> bool {
        let has = |side: &Side| matches!(side, Side::Figures(spots) if spots.contains(&spot));
        has(&self.top) || has(&self.bottom)
    }

    /// Whether a figure is what it is the share of a whole of.
    pub fn top_is(&self, spot: Spot) -> bool {
        self.top == Side::Figures(vec![spot])
    }

    /// The only figure it is of.
    pub fn bottom_spot(&self) -> Option<Spot> {
        match &self.bottom {
            Side::Figures(spots) if spots.len() == 1 => spots.first().copied(),
            _ => None,
        }
    }

    /// Whether it holds with another figure in a place.
    pub fn holds_with(&self, items: &Items<'_>, spot: Spot, figure: Figure) -> bool {
        let value = |side: &Side| match side {
            Side::Figures(spots) if spots.contains(&spot) => (figure.to_double(), figure.to_double()),
            side => range(side, items),
        };
        fit(value(&self.top), value(&self.bottom), items.at(self.percent)) != Fit::Not
    }
}

fn range(side: &Side, items: &Items<'_>) -> (f64, f64) {
    match side {
        Side::Figures(spots) => {
            (spots.iter().map(|s| items.at(*s).low).sum(), spots.iter().map(|s| items.at(*s).high).sum())
        }
        Side::Of(_) => {
            let of = figure(side, items).to_double();
            (of, of)
        }
    }
}

fn figure(side: &Side, items: &Items<'_>) -> Figure {
    match side {
        Side::Figures(spots) => super::sums::total(spots, items).unwrap_or_default(),
        Side::Of(spot) => items.at(*spot).of.unwrap_or_default(),
    }
}
