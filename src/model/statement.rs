//! A document's running text: the figures in it, bound to a consolidated one or behind a caption; what it states and does not
//! keep; the tag that binds a number of a report to its figure; and the words of `templates/prose.toml` by which text states sums.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Figure, Period, Total};

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

/// A document's figures, as far as it is certain what they are of.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Text {
    pub file: String,
    /// Figures bound to a consolidated one by a content control, in order.
    pub bound: Vec<Bound>,
    /// Figures behind a caption.
    pub labelled: Vec<Labelled>,
    /// The period its title names.
    pub period: Option<Period>,
    /// Its first paragraphs, as keys: who reports stands there.
    pub opening: Vec<String>,
}

/// A figure and the tag it is bound by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    pub tag: String,
    pub text: String,
    /// The paragraph it stands in, or the last one before its table.
    pub paragraph: u32,
    /// The words around it.
    pub quote: String,
}

/// "Số lượng hồ sơ đã giải quyết: 503".
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Labelled {
    /// The caption as a key.
    pub label: String,
    pub value: Figure,
    /// Decimals typed.
    pub shown: u8,
    pub percent: bool,
    /// The number as typed.
    pub typed: String,
    pub paragraph: u32,
    pub quote: String,
    /// The caption's own words do not stand there, but others for it.
    pub by_words: bool,
    /// It is only a part of what the caption counts.
    pub least: bool,
}

/// A consolidation that was written before, to hold a report against.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// How it is called in messages: the folder.
    pub name: String,
    pub totals: Vec<Total>,
    /// The figures of the reports written with it, those left out that are held against it.
    pub reports: Vec<Vec<Bound>>,
    /// What its reports open with, as keys: who reports stands there.
    pub opening: Vec<String>,
}

/// The longest tag Word takes.
const LONGEST: usize = 64;

/// How a number came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Op {
    /// The consolidated figure itself.
    Figure,
    /// It less that of another period: the period is `2023-Q3:2022-Q3`. Printed without its sign.
    Difference,
    /// That difference in percent of the other period's figure.
    Change,
    /// One figure in percent of another: the column is `8+9/7`, or the line where they stand in one column.
    Share,
    /// The figure as an amount of đồng, where the form has it in thousands, millions or billions.
    InDong,
    /// The same in words.
    Words,
    /// One unit's figure; the unit stands behind the line.
    OfUnit,
    /// How many units' figures are in the figure of the place, and of how many; without a place, who sent the form.
    Reported,
    Expected,
    /// How many a list in the text has; the line says of what.
    Count,
    /// What a finding says, word for word.
    Finding,
}

/// A number's place among the consolidated figures.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Binding {
    pub op: Op,
    pub form: Arc<str>,
    pub table: Arc<str>,
    pub line: String,
    pub column: String,
    pub period: String,
    /// For [`Op::OfUnit`]: the unit's code.
    pub unit: String,
}

impl Op {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Figure => "so",
            Self::Difference => "hieu",
            Self::Change => "doi",
            Self::Share => "ty-le",
            Self::InDong => "dong",
            Self::Words => "chu",
            Self::OfUnit => "dv",
            Self::Reported => "da-gui",
            Self::Expected => "phai-gui",
            Self::Count => "dem",
            Self::Finding => "loi",
        }
    }
}

impl Binding {
    /// The content control's tag. What is too long for Word is cut, and ends with `~` and a hash of the whole.
    pub fn tag(&self) -> String {
        let whole = self.to_string();
        if whole.chars().count() <= LONGEST {
            return whole;
        }
        let mut short: String = whole.chars().take(LONGEST - 9).collect();
        short.push_str(&format!("~{:08x}", hash(&whole)));
        short
    }
}

/// `so|form|table|column|period|line`, and the unit behind it where there is one.
impl fmt::Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}|{}|{}|{}|{}", self.op.name(), self.form, self.table, self.column, self.period, self.line)?;
        if !self.unit.is_empty() {
            write!(f, "|{}", self.unit)?;
        }
        Ok(())
    }
}

/// FNV-1a: the same on every machine.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    /// What is counted, in classes within which numbers add up.
    pub units: Vec<Countable>,
    /// A measure of money → how many đồng it is.
    pub money: BTreeMap<String, i64>,
    /// A word between a number and what it counts → by how much it multiplies.
    pub scales: BTreeMap<String, i64>,
    pub numbers: Numbers,
    /// Sorts of things that exclude one another.
    pub sorts: Vec<Listed>,
    pub names: Names,
    pub openers: Openers,
    pub asides: Asides,
    pub connecting: Listed,
    pub partitions: Vec<Partition>,
    /// Words that make two parts out of one: "đã tích hợp", "chưa tích hợp".
    pub opposites: Listed,
    pub captions: Vec<Caption>,
    pub every: Every,
    /// Behind a figure that was stated before.
    pub referring: Listed,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Countable {
    pub class: String,
    pub words: Vec<String>,
    /// Those of which the others are sorts; empty: all of them.
    #[serde(default)]
    pub general: Vec<String>,
    /// The words may count things of any class.
    #[serde(default)]
    pub vague: bool,
}

/// Numbers in words, and numbers that count nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    /// From one on.
    pub small: Vec<String>,
    pub ten: Vec<String>,
    pub one: Vec<String>,
    pub four: Vec<String>,
    pub five: Vec<String>,
    pub before_year: Vec<String>,
    /// What makes larger ones of them.
    pub tens: Vec<String>,
    /// Units of which a fraction is a score, no share.
    pub scores: Vec<String>,
    /// Behind a number, what it measures and does not count: "14 tuổi".
    pub measures: Vec<String>,
}

/// Words before a number that make it a name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    pub always: Vec<String>,
    /// Only where no unit follows.
    pub alone: Vec<String>,
    /// What such a word may end, and count: "chính quyền số".
    pub unless: Vec<String>,
}

/// Words between a whole and its parts, by what they promise.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Openers {
    /// All parts follow.
    pub full: Vec<String>,
    /// A list follows, complete or not.
    pub list: Vec<String>,
    /// Some parts follow.
    pub some: Vec<String>,
    /// A whole follows, its parts behind a comma.
    pub within: Vec<String>,
    pub having: Vec<String>,
    pub split: Vec<String>,
    /// The last part follows.
    pub rest: Vec<String>,
    /// Parts follow where a colon stands behind them.
    pub sorted: Vec<String>,
    /// At the head of a sentence, before the parts of what the sentence before is about.
    pub results: Vec<String>,
    /// What names the last part, as all that was not named before.
    pub others: Vec<String>,
    /// A list behind these names some parts only.
    pub partial: Vec<String>,
    /// What names a whole that stands behind its parts.
    pub totals: Vec<String>,
    /// Those of them that only sum up what stands before.
    pub sums: Vec<String>,
}

/// Words around figures that are no parts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asides {
    pub compared: Vec<String>,
    /// Names that hold such words.
    pub uncompared: Vec<String>,
    pub rough: Vec<String>,
    /// Of the rough ones, those that say a little more, a little less, or about as much; the others are limits.
    pub above: Vec<String>,
    pub below: Vec<String>,
    pub about: Vec<String>,
    /// What names all that is below a bound.
    pub under: Vec<String>,
    pub up: Vec<String>,
    pub down: Vec<String>,
    pub against: Vec<String>,
    pub share: Vec<String>,
    pub planned: Vec<String>,
    pub from: Vec<String>,
    pub targets: Vec<String>,
    pub reckoned: Vec<String>,
    /// Before several percentages, each of the figure at its place.
    pub respective: Vec<String>,
    pub times: Vec<String>,
    pub counting: Vec<String>,
    pub plain: Vec<String>,
    pub periods: Vec<String>,
    pub beyond: Vec<String>,
    /// Before a rank, and what it rises or falls by.
    pub ranks: Vec<String>,
    pub steps: Vec<String>,
    pub over: Vec<String>,
    pub dated: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    pub words: Vec<String>,
}

/// Words that speak of every one, and those that end so and do not.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Every {
    pub words: Vec<String>,
    pub unless: Vec<String>,
}

/// A way to divide a whole.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partition {
    pub name: String,
    /// What the whole says where its parts follow in the same sentence without an opener.
    #[serde(default)]
    pub whole: Vec<String>,
    /// What the whole is called where nothing else ties the parts to it; empty: an opener must.
    #[serde(default)]
    pub of: Vec<String>,
    /// Only where the parts' percentages come to a hundred is `of` meant.
    #[serde(default)]
    pub by_shares: bool,
    /// What the whole must be called for its parts to leave nothing out.
    #[serde(default)]
    pub needs: Vec<String>,
    /// What the whole is not called.
    #[serde(default)]
    pub not_of: Vec<String>,
    /// What may have been left out of the whole, as the cases of the period before.
    #[serde(default)]
    pub plus: Vec<String>,
    /// What makes a part one of a part's own parts.
    #[serde(default)]
    pub unless: Vec<String>,
    pub parts: Vec<Share>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    pub words: Vec<String>,
    /// It may stand outside the whole.
    #[serde(default)]
    pub optional: bool,
    /// One of those marked so is enough.
    #[serde(default)]
    pub either: bool,
    /// It may go unnamed; where it is named, it is a part of the whole.
    #[serde(default)]
    pub rare: bool,
}

/// Other words for a caption of a form.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caption {
    /// The caption.
    pub says: String,
    /// What stands before the figure.
    pub words: Vec<String>,
    /// What the figure counts; empty: anything.
    #[serde(default)]
    pub counts: Vec<String>,
    /// What makes it another figure.
    #[serde(default)]
    pub unless: Vec<String>,
    /// What makes it a part of the caption's figure.
    #[serde(default)]
    pub parts: Vec<String>,
    /// It is what a fraction is of: the 51 of 51/51.
    #[serde(default)]
    pub of: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binding(line: &str) -> Binding {
        Binding {
            op: Op::Figure,
            form: "II.06a/VPCP/KSTT".into(),
            table: "".into(),
            line: line.into(),
            column: "7".into(),
            period: "2023-Q3".into(),
            unit: String::new(),
        }
    }

    #[test]
    fn a_tag_names_its_figure_and_fits_into_word() {
        assert_eq!(binding("total").tag(), "so|II.06a/VPCP/KSTT||7|2023-Q3|total");
        let long = "Năng lượng nguyên tử, an toàn bức xạ và hạt nhân";
        let (one, other) = (binding(long).tag(), binding(&format!("{long} 2")).tag());
        assert!(one.starts_with("so|II.06a/VPCP/KSTT||7|2023-Q3|Năng lượng"));
        assert_eq!(one.chars().count(), 64);
        assert_ne!(one, other);
    }
}
