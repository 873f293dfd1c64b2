//! A document's running text: the figures in it, bound to a consolidated one or behind a caption; what it states and does not
//! keep; the tag that binds a number of a report to its figure; and the words of `templates/prose.toml` by which text states sums.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

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

/// Words that follow one another, each as [`fold`] gives it; marks between them do not count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(from = "String")]
pub struct Phrase {
    pub words: Vec<String>,
}

impl From<String> for Phrase {
    fn from(text: String) -> Self {
        let words = text.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c));
        Self { words: words.filter(|word| !word.is_empty()).map(fold).collect() }
    }
}

impl Phrase {
    /// Whether it is this word, and no more.
    pub fn is_word(&self, word: &str) -> bool {
        matches!(&self.words[..], [own] if own == word)
    }
}

/// Lower case, the tone mark last, so that “hoà” is “hòa” while “đạt” is not “đất”.
pub fn fold(word: &str) -> String {
    let (mut letters, mut tone) = (String::with_capacity(word.len()), String::new());
    for c in word.nfd().flat_map(char::to_lowercase) {
        match c {
            '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}' => tone.push(c),
            'ð' => letters.push('đ'),
            c => letters.push(c),
        }
    }
    letters.nfc().chain(tone.chars()).collect()
}

/// The words by which running text states sums, shares and changes, from `templates/prose.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lexicon {
    /// What is counted, in classes within which numbers add up.
    pub units: Vec<Countable>,
    /// A measure of money → how many đồng it is.
    pub money: BTreeMap<Phrase, i64>,
    /// A word between a number and what it counts → by how much it multiplies.
    pub scales: BTreeMap<Phrase, i64>,
    pub numbers: Numbers,
    pub names: Names,
    pub openers: Openers,
    pub asides: Asides,
    pub partitions: Vec<Partition>,
    pub opposites: Opposites,
    pub captions: Vec<Caption>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Countable {
    pub class: String,
    pub words: Vec<Phrase>,
    /// Those of which the others are sorts; empty: all of them.
    #[serde(default)]
    pub general: Vec<Phrase>,
    /// The words may count things of any class.
    #[serde(default)]
    pub vague: bool,
}

/// Numbers in words, and numbers that count nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    /// From one on.
    pub small: Vec<Phrase>,
    /// "mươi", and what one, four and five are called behind it.
    pub ten: Vec<Phrase>,
    pub behind_tens: BTreeMap<Phrase, i64>,
    /// Before a "năm" that is a year, and no five.
    pub before_year: Vec<Phrase>,
    /// What makes larger ones of them: "mươi", "trăm".
    pub tens: Vec<Phrase>,
    /// Units of which a fraction is a score, no share.
    pub scores: Vec<Phrase>,
    /// Behind a number, what it measures and does not count: "14 tuổi".
    pub measures: Vec<Phrase>,
}

/// Words before a number that make it a name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    pub always: Vec<Phrase>,
    /// Only where no unit follows.
    pub alone: Vec<Phrase>,
    /// What such a word may end, and count: "chính quyền số".
    pub unless: Vec<Phrase>,
}

/// Words between a whole and its parts, by what they promise.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Openers {
    /// All parts follow.
    pub full: Vec<Phrase>,
    /// A list follows, complete or not.
    pub list: Vec<Phrase>,
    /// Some parts follow.
    pub some: Vec<Phrase>,
    /// A whole follows, its parts behind a comma.
    pub within: Vec<Phrase>,
    /// Between a whole and a part of it: "trong 36.188 bộ thì 36.102 bộ …".
    pub having: Vec<Phrase>,
    /// That a whole is divided: "theo cách nộp: …".
    pub split: Vec<Phrase>,
    /// The last part follows.
    pub rest: Vec<Phrase>,
    /// Parts follow where a colon stands behind them: "phân loại: …".
    pub sorted: Vec<Phrase>,
    /// At the head of a sentence, before the parts of what the sentence before is about.
    pub results: Vec<Phrase>,
    /// What names the last part, as all that was not named before.
    pub others: Vec<Phrase>,
    /// A list behind these names some parts only.
    pub partial: Vec<Phrase>,
    /// What names a whole that stands behind its parts.
    pub totals: Vec<Phrase>,
    /// Those of them that only sum up what stands before.
    pub sums: Vec<Phrase>,
}

/// Words around figures that are no parts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asides {
    pub compared: Vec<Phrase>,
    /// Names that hold such words.
    pub uncompared: Vec<Phrase>,
    pub rough: Vec<Phrase>,
    /// Of the rough ones, those that say a little more, a little less, or about as much; the others are limits.
    pub above: Vec<Phrase>,
    pub below: Vec<Phrase>,
    pub about: Vec<Phrase>,
    /// What names all that is below a bound: "dưới 95%".
    pub under: Vec<Phrase>,
    pub up: Vec<Phrase>,
    pub down: Vec<Phrase>,
    pub against: Vec<Phrase>,
    pub share: Vec<Phrase>,
    pub planned: Vec<Phrase>,
    pub from: Vec<Phrase>,
    /// Before a percentage that was aimed at: "chỉ tiêu 85%".
    pub targets: Vec<Phrase>,
    /// Behind a percentage, of what it was worked out.
    pub reckoned: Vec<Phrase>,
    /// Before several percentages, each of the figure at its place: "lần lượt".
    pub respective: Vec<Phrase>,
    /// That only say when: "trong tháng".
    pub times: Vec<Phrase>,
    /// Before the name of what is counted: "số", "tổng số"; and words that tell nothing of it.
    pub counting: Vec<Phrase>,
    pub plain: Vec<Phrase>,
    /// That name a time: "tháng 8", "cùng kỳ".
    pub periods: Vec<Phrase>,
    /// Between two figures that are compared: "hơn", "kém".
    pub beyond: Vec<Phrase>,
    /// Before a rank, and what it rises or falls by.
    pub ranks: Vec<Phrase>,
    pub steps: Vec<Phrase>,
    /// Before what a figure is a part of: "19 trên tổng số 20".
    pub over: Vec<Phrase>,
    /// Before a day.
    pub dated: Vec<Phrase>,
    /// Behind a figure that was stated before: "nêu trên".
    pub referring: Vec<Phrase>,
    /// Before all there is: "tất cả"; and what ends so and speaks of some: "kể cả".
    pub every: Vec<Phrase>,
    pub not_every: Vec<Phrase>,
    /// What is never a unit.
    pub connecting: Vec<Phrase>,
    /// Sorts of things that exclude one another, a list each.
    pub sorts: Vec<Vec<Phrase>>,
}

/// Words that make two parts out of one: "đã tích hợp", "chưa tích hợp".
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opposites {
    /// As messages have them.
    pub name: String,
    pub words: Vec<Phrase>,
}

/// A way to divide a whole.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partition {
    pub name: String,
    /// What the whole says where its parts follow in the same sentence without an opener.
    #[serde(default)]
    pub whole: Vec<Phrase>,
    /// What the whole is called where nothing else ties the parts to it; empty: an opener must.
    #[serde(default)]
    pub of: Vec<Phrase>,
    /// Only where the parts' percentages come to a hundred is `of` meant.
    #[serde(default)]
    pub by_shares: bool,
    /// What the whole must be called for its parts to leave nothing out.
    #[serde(default)]
    pub needs: Vec<Phrase>,
    /// What the whole is not called.
    #[serde(default)]
    pub not_of: Vec<Phrase>,
    /// What may have been left out of the whole, as the cases of the period before.
    #[serde(default)]
    pub plus: Vec<Phrase>,
    /// What makes a part one of a part's own parts.
    #[serde(default)]
    pub unless: Vec<Phrase>,
    pub parts: Vec<Member>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub words: Vec<Phrase>,
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
    pub words: Vec<Phrase>,
    /// What the figure counts; empty: anything.
    #[serde(default)]
    pub counts: Vec<Phrase>,
    /// What makes it another figure.
    #[serde(default)]
    pub unless: Vec<Phrase>,
    /// What makes it a part of the caption's figure.
    #[serde(default)]
    pub parts: Vec<Phrase>,
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
