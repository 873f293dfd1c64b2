//! What was found to be wrong, as facts: figures, places and grounds, no sentences. [`super::say`] words them.

use chrono::NaiveDate;

use super::clauses::Items;
use super::judge::Verdict;
use super::lines::Line;
use super::shares::{Hundred, Share};
use super::sums::{Ground, Sum};
use super::tokens::Token;
use crate::model::{Figure, Period, Severity};

/// One thing that a text states and does not keep.
#[derive(Debug, Clone)]
pub struct Stated {
    pub fact: Fact,
    pub severity: Severity,
    pub paragraph: u32,
    pub quote: String,
    /// As printed in data: what stands there, and what should.
    pub found: String,
    pub expected: String,
    pub suspects: Vec<Suspect>,
}

/// A number that may be the wrong one.
#[derive(Debug, Clone)]
pub struct Suspect {
    pub paragraph: u32,
    pub quote: String,
    pub stated: String,
    pub proposed: Option<Figure>,
    pub why: Why,
}

/// Why a number is suspected.
#[derive(Debug, Clone)]
pub enum Why {
    /// So many statements come to what is proposed.
    Witnesses(usize),
    Share(Figure, Figure),
    Difference(Figure, Figure),
    /// Digits and words must say the same.
    Words,
    /// The figure is bound to a consolidated one.
    Bound,
    /// The parts and the form come to the same.
    PartsAndForm,
}

/// What does not hold.
#[derive(Debug, Clone)]
pub enum Fact {
    /// A whole and its parts.
    Sum {
        whole: Figure,
        parts: Vec<Figure>,
        sum: Figure,
        ground: Ground,
        /// The number most likely wrong, what it should be, and how many statements then tie.
        guilty: Option<(Figure, Figure, usize)>,
    },
    Share {
        stated: Figure,
        top: Figure,
        bottom: Figure,
        right: Figure,
        cut: bool,
    },
    /// Percentages of one whole that are no hundred.
    Hundred {
        parts: Vec<Figure>,
        sum: Figure,
    },
    Change {
        stated: Figure,
        percent: bool,
        of: [Figure; 2],
        share: bool,
        right: Figure,
    },
    Backwards {
        start: NaiveDate,
        end: NaiveDate,
    },
    OtherPeriod {
        start: NaiveDate,
        end: NaiveDate,
        named: Period,
        fits: Period,
    },
    NoDay {
        day: u32,
        month: u32,
    },
    /// A paper's number has another year than its day.
    Issued {
        number: i32,
        day: i32,
    },
    Amount {
        typed: String,
        words: Figure,
    },
    Count {
        stated: Figure,
        listed: usize,
    },
    /// Said again otherwise, in the same paragraph or another.
    Repeat {
        typed: String,
        before: String,
        paragraph: Option<u32>,
    },
    Table {
        typed: String,
        value: Figure,
        place: Place,
    },
    Bound {
        typed: String,
        due: Vec<Due>,
        consolidation: Option<String>,
    },
}

/// Where a table's figure stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A cell of a form, and the file where it is another one.
    Cell {
        form: String,
        cell: String,
        file: Option<String>,
    },
    Consolidated {
        form: String,
        name: String,
    },
    /// A row of a table that the text itself has, by its name.
    Row(String),
}

/// What a bound figure must say.
#[derive(Debug, Clone)]
pub enum Due {
    Figure(Figure),
    Text(String),
}

impl Fact {
    /// The last part of the rule's id.
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Sum { .. } => "tong",
            Self::Share { .. } | Self::Hundred { .. } => "ty-le",
            Self::Change { .. } => "tang-giam",
            Self::Backwards { .. } | Self::OtherPeriod { .. } | Self::NoDay { .. } | Self::Issued { .. } => "ky",
            Self::Amount { .. } => "bang-chu",
            Self::Count { .. } => "liet-ke",
            Self::Repeat { .. } => "lap-lai",
            Self::Table { .. } => "khop-bieu",
            Self::Bound { .. } => "khop-tong-hop",
        }
    }
}

/// Tokens quoted before the number, and behind it, at most.
const NEAR: usize = 24;
const LONG: usize = 60;

/// The words around some tokens: from the start of the sentence, or of a clause where that is far.
pub fn clip(line: &Line<'_>, at: usize, until: usize) -> String {
    let start = line.sentence_start(at);
    let from = if at - start <= NEAR {
        start
    } else {
        let parted = |i: &usize| matches!(line.tokens[*i].token, Token::Mark(',' | ';' | ':'));
        let near = (start..at).filter(|i| at - i <= NEAR);
        near.clone().find(parted).map_or(at - NEAR, |i| i + 1)
    };
    let until = until.min(at + LONG).max(at + 1).min(line.tokens.len());
    line.quote(from, until).to_owned()
}

/// A sum that does not tie.
pub fn sum(verdict: &Verdict<'_>, items: &Items<'_>) -> Stated {
    let sum: &Sum = verdict.sum;
    let line = &items.lines[sum.whole.line];
    let whole = items.at(sum.whole);
    let guilty = verdict.guilty.map(|(spot, proposed)| (items.at(spot).value, proposed, verdict.witnesses));
    let suspect = verdict.guilty.map(|(spot, proposed)| {
        let (its, quantity) = (&items.lines[spot.line], items.at(spot));
        Suspect {
            paragraph: its.number,
            quote: its.quote(quantity.at, quantity.end).to_owned(),
            stated: quantity.value.to_string(),
            proposed: Some(proposed),
            why: Why::Witnesses(verdict.witnesses),
        }
    });
    Stated {
        severity: sum.severity,
        paragraph: line.number,
        quote: clip(line, whole.at, sum.until),
        found: whole.value.to_string(),
        expected: sum.sum.to_string(),
        suspects: suspect.into_iter().collect(),
        fact: Fact::Sum {
            whole: whole.value,
            parts: sum.parts.iter().map(|p| items.at(*p).value).collect(),
            sum: sum.sum,
            ground: sum.ground.clone(),
            guilty,
        },
    }
}

/// A percentage that follows from nothing, or was cut off.
pub fn share(share: &Share, items: &Items<'_>) -> Stated {
    let line = &items.lines[share.percent.line];
    let percent = items.at(share.percent);
    let (top, bottom) = (share.top(items), share.bottom(items));
    let decimals = if share.cut { percent.shown } else { percent.shown.max(2) };
    let right = Figure::percentage(top, bottom, decimals).unwrap_or_default();
    let from = share.from.min(percent.at);
    Stated {
        severity: if share.cut { Severity::Note } else { share.severity },
        paragraph: line.number,
        quote: clip(line, from, percent.end.max(from + 1)),
        found: percent.value.to_string(),
        expected: right.to_string(),
        suspects: vec![Suspect {
            paragraph: line.number,
            quote: line.quote(percent.at, percent.end).to_owned(),
            stated: percent.value.to_string(),
            proposed: Some(right),
            why: Why::Share(top, bottom),
        }],
        fact: Fact::Share { stated: percent.value, top, bottom, right, cut: share.cut },
    }
}

/// Percentages of one whole that are no hundred.
pub fn hundred(hundred: &Hundred, items: &Items<'_>) -> Option<Stated> {
    let (first, last) = (hundred.percents.first()?, hundred.percents.last()?);
    let line = &items.lines[first.line];
    Some(Stated {
        severity: Severity::Error,
        paragraph: line.number,
        quote: clip(line, items.at(*first).at, items.at(*last).end),
        found: hundred.sum.to_string(),
        expected: "100".to_owned(),
        suspects: Vec::new(),
        fact: Fact::Hundred { parts: hundred.percents.iter().map(|p| items.at(*p).value).collect(), sum: hundred.sum },
    })
}
