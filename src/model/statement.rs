//! What a document's running text states and does not keep.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Figure, Period};

/// Why a whole must be what its parts come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ground {
    /// The parts are of a partition, by its name.
    Partition(String),
    /// The words promise it: "gồm", "còn lại".
    Words,
    /// A bracket or list of alike things.
    Listed,
    /// Parts that exclude one another are more than their whole.
    TooMany,
    /// A part is more than its whole.
    TooLarge,
    /// What the field implies of what stands near by: received = settled + pending.
    Implied(String),
}

/// A number of a sum that is most likely wrong.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Guilty {
    pub stated: Figure,
    pub right: Figure,
    /// How many statements tie once it is corrected.
    pub statements: usize,
}

/// Where a table's figure stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// What a bound figure must say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Due {
    Figure(Figure),
    Text(String),
}

/// What does not hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Statement {
    /// A whole and its parts.
    Sum { whole: Figure, parts: Vec<Figure>, sum: Figure, ground: Ground, guilty: Option<Guilty> },
    /// A percentage is not that of its figures; or it was cut off instead of rounded.
    Share { stated: Figure, top: Figure, bottom: Figure, right: Figure, cut: bool },
    /// Percentages of one whole are no hundred.
    Hundred { parts: Vec<Figure>, sum: Figure },
    /// A change does not follow from what is compared.
    Change { stated: Figure, percent: bool, of: [Figure; 2], share: bool, right: Figure },
    /// Days that run backwards.
    Backwards {
        #[serde(with = "super::wire::day")]
        start: NaiveDate,
        #[serde(with = "super::wire::day")]
        end: NaiveDate,
    },
    /// Days of another period than the one named beside them.
    OtherPeriod {
        #[serde(with = "super::wire::day")]
        start: NaiveDate,
        #[serde(with = "super::wire::day")]
        end: NaiveDate,
        named: Period,
        fits: Period,
    },
    /// The 31st of September.
    NoDay { day: u32, month: u32 },
    /// A paper's number is of another year than its day.
    Issued { number: i32, day: i32 },
    /// A year is compared with one that was still to come.
    Later { compared: i32, report: i32 },
    /// Digits and words say different amounts.
    Amount { typed: String, words: Figure },
    /// So many things are listed, not as many as stated.
    Count { stated: Figure, listed: usize },
    /// Said again otherwise, in the same paragraph or another.
    Repeat { typed: String, before: String, paragraph: Option<u32> },
    /// A table has another figure; `least`: the text's is only a part of the table's, and more.
    Table { typed: String, value: Figure, place: Place, least: bool },
    /// A figure bound to a consolidated one says something else.
    Bound { typed: String, due: Vec<Due>, consolidation: Option<String> },
    /// A form says the same as what was found.
    Confirmed { statement: Box<Statement>, figure: Option<Figure> },
}

/// Why a figure of running text is suspected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reason {
    /// So many statements come to what is proposed.
    Statements(usize),
    Share(Figure, Figure),
    Difference(Figure, Figure),
    /// Digits and words must say the same.
    Words,
    /// The figure is bound to a consolidated one.
    Bound,
    /// The parts and the form come to the same.
    PartsAndForm,
}

impl Statement {
    /// The last part of the rule's id.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Sum { .. } => "tong",
            Self::Share { .. } | Self::Hundred { .. } => "ty-le",
            Self::Change { .. } => "tang-giam",
            Self::Backwards { .. } | Self::OtherPeriod { .. } | Self::NoDay { .. } => "ky",
            Self::Issued { .. } | Self::Later { .. } => "ky",
            Self::Amount { .. } => "bang-chu",
            Self::Count { .. } => "liet-ke",
            Self::Repeat { .. } => "lap-lai",
            Self::Table { .. } => "khop-bieu",
            Self::Bound { .. } => "khop-tong-hop",
            Self::Confirmed { statement, .. } => statement.rule(),
        }
    }
}
