//! What is wrong, where, what it should be, and which cell is most likely to blame; and the waiver by which somebody
//! answers for a finding until a day.
//!
//! What a finding says, and why a learned form's figures are taken for what they are, are facts and figures; `words`
//! makes the sentences. A sentence that a stage must make itself is made in both languages ([`Said`]).

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::rule::Sign;
use super::statement::Reason;
use super::{Address, Figure, Period, State, Unsure};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Must be corrected.
    #[default]
    Error,
    /// Must be corrected or confirmed.
    Warning,
    Note,
}

impl Severity {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }

    pub const fn in_vietnamese(self) -> &'static str {
        match self {
            Self::Error => "Lỗi",
            Self::Warning => "Cần xác nhận",
            Self::Note => "Lưu ý",
        }
    }
}

/// What found it: a kind of rule, or the look at something that no rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    Required,
    OneOf,
    Range,
    Whole,
    Unique,
    Balance,
    Ratio,
    Rate,
    AtMost,
    Implies,
    TiesTo,
    CarriesOver,
    Rises,
    AddsUp,
    Change,
    /// A cell that should hold a figure and holds none.
    Unreadable,
    /// What recognition was unsure of.
    Recognition,
    /// What a report's text states.
    Prose,
}

impl Kind {
    /// Each with its name, in their order: one that is put before the last and not here does not compile, and one behind the
    /// last has no name.
    const NAMED: [(Self, &'static str); Self::Prose as usize + 1] = [
        (Self::Required, "required"),
        (Self::OneOf, "one_of"),
        (Self::Range, "range"),
        (Self::Whole, "whole"),
        (Self::Unique, "unique"),
        (Self::Balance, "balance"),
        (Self::Ratio, "ratio"),
        (Self::Rate, "rate"),
        (Self::AtMost, "at_most"),
        (Self::Implies, "implies"),
        (Self::TiesTo, "ties_to"),
        (Self::CarriesOver, "carries_over"),
        (Self::Rises, "rises"),
        (Self::AddsUp, "adds_up"),
        (Self::Change, "change"),
        (Self::Unreadable, "unreadable"),
        (Self::Recognition, "recognition"),
        (Self::Prose, "prose"),
    ];

    pub fn all() -> impl Iterator<Item = Self> {
        Self::NAMED.into_iter().map(|(kind, _)| kind)
    }

    /// As templates and data files have it.
    pub const fn name(self) -> &'static str {
        Self::NAMED[self as usize].1
    }
}

const _: () = {
    let mut at = 0;
    while at < Kind::NAMED.len() {
        assert!(Kind::NAMED[at].0 as usize == at, "Kind::NAMED is not in the order of the kinds");
        at += 1;
    }
};

/// A cell, what it says, and what it should say where that follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    pub cell: Address,
    /// Where the cell lies on another sheet or in another file than its finding.
    #[serde(with = "super::wire::shared_pair")]
    pub elsewhere: Option<(Arc<str>, Arc<str>)>,
    pub stated: String,
    pub proposed: Option<Figure>,
}

/// The cell or cells most likely wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suspect {
    pub cells: Vec<Correction>,
    pub why: Why,
    /// Nothing tells it from the one before or behind it.
    pub tied: bool,
}

/// Words of a document's running text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// Counts from 1, blank ones and those in tables left out.
    pub paragraph: u32,
    /// As typed.
    pub quote: String,
    /// Figures most likely wrong, the likeliest first.
    pub suspects: Vec<Reworded>,
}

/// A figure of running text, what it says, and what it should say where that follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reworded {
    pub paragraph: u32,
    pub quote: String,
    pub stated: String,
    pub proposed: Option<Figure>,
    /// Something a clerk can check by hand.
    pub why: Reason,
}

/// Somebody's promise that a finding need not be corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waived {
    pub reason: String,
    pub by: String,
    #[serde(with = "super::wire::day")]
    pub until: NaiveDate,
}

/// A rule that does not hold: one mistake, named where the sender can find it. Facts and figures; `words` says them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// All the rules whose findings have this one's cause, `rule` first.
    pub rules: Vec<String>,
    pub kind: Kind,
    pub severity: Severity,
    #[serde(with = "super::wire::shared")]
    pub form: Arc<str>,
    #[serde(with = "super::wire::shared")]
    pub unit: Arc<str>,
    pub period: Option<Period>,
    #[serde(with = "super::wire::shared")]
    pub file: Arc<str>,
    #[serde(with = "super::wire::shared")]
    pub sheet: Arc<str>,
    /// All the cells the rule read on this sheet.
    pub cells: Vec<Address>,
    pub found: Amount,
    pub expected: Amount,
    /// The likeliest first.
    pub suspects: Vec<Suspect>,
    pub fact: Fact,
    /// The first suspect is proven: one cell, or one block that has a witness of its own; every claim ties with it, and
    /// nothing else of its size explains what fails. Only that is corrected without asking, and said without doubt.
    pub certain: bool,
    /// What to do about it, where the guilty cell was looked for.
    pub advice: Option<Advice>,
    /// So many more of its table are left out behind it.
    pub more: usize,
    /// Where it stands in running text, in place of a sheet and cells.
    pub passage: Option<Passage>,
    /// Why it need not be corrected, where somebody answers for it.
    pub waived: Option<Vec<Waived>>,
}

impl Finding {
    /// How many of the suspects, from the first, nothing tells apart.
    pub fn equal_suspects(&self) -> usize {
        match self.suspects.first() {
            None => 0,
            Some(first) if first.tied => self.suspects.iter().take_while(|s| s.tied).count(),
            Some(_) => 1,
        }
    }
}

/// One row of waivers.csv.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// A rule's id, or the start of several followed by `*`.
    pub rule: String,
    /// A unit's code or name; none: every unit.
    pub unit: Option<String>,
    /// None: every period.
    pub period: Option<Period>,
    pub reason: String,
    pub by: String,
    /// The last day on which it holds.
    pub until: NaiveDate,
    /// Where it is written, from 1.
    pub line: usize,
}

/// What a cell shows, as a finding quotes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stated {
    pub state: State,
    pub value: Option<Figure>,
    pub text: SmolStr,
}

/// A cell that a finding names, with what it shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quoted {
    #[serde(with = "super::wire::shared")]
    pub form: Arc<str>,
    #[serde(with = "super::wire::shared")]
    pub table: Arc<str>,
    #[serde(with = "super::wire::shared")]
    pub line: Arc<str>,
    #[serde(with = "super::wire::shared")]
    pub column: Arc<str>,
    #[serde(with = "super::wire::shared")]
    pub file: Arc<str>,
    #[serde(with = "super::wire::shared")]
    pub sheet: Arc<str>,
    pub cell: Address,
    pub stated: Stated,
}

/// What one of the units that a return carries on had left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Left {
    #[serde(with = "super::wire::shared")]
    pub unit: Arc<str>,
    pub figure: Figure,
    /// Nothing where the field was not listed.
    pub cell: Option<Quoted>,
}

/// A row that has the figures of another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Repeated {
    pub row: u32,
    pub line: SmolStr,
    pub of: Repeats,
}

/// Whose figures a row repeats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Repeats {
    /// The same line's in the period before.
    Before {
        period: Period,
        #[serde(with = "super::wire::shared")]
        file: Arc<str>,
    },
    /// Another unit's in the same period.
    Unit(#[serde(with = "super::wire::shared")] Arc<str>),
    /// Those of the row above, by its number.
    RowAbove(u32),
}

/// How a figure of a longer period follows from those of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OverTime {
    Sum,
    First,
    Last,
}

/// What does not hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Fact {
    /// A total is not what its parts come to; of very many parts the first.
    Sum { total: Quoted, parts: Vec<(Sign, Stated)>, more: bool, result: Option<Figure>, of_rows: bool },
    /// Another form has the same thing otherwise.
    Tie { own: Quoted, others: Vec<Quoted>, result: Option<Figure> },
    /// Parts exceed their whole.
    AtMost { parts: Vec<Quoted>, whole: Quoted, sum: Figure, limit: Figure },
    /// A figure lies outside its bounds.
    Range { cell: Quoted, bound: Figure, low: bool },
    /// A count has decimals.
    NotWhole { cell: Quoted },
    /// A code is none of those printed.
    NotACode { cell: Quoted, codes: Vec<i64> },
    /// What everybody reports is blank.
    Required { cell: Quoted },
    /// Two rows have one name.
    Twice { name: SmolStr, cells: [Address; 2] },
    /// An answer calls for another figure.
    Implied { cell: Quoted, condition: Quoted },
    /// A percentage is not that of its figures.
    Ratio { value: Quoted, part: Quoted, whole: Quoted, result: Figure },
    /// A quotient is not that of its figures, so many times.
    Rate { value: Quoted, part: Quoted, whole: Quoted, times: i64, result: Figure },
    /// A percentage was cut off.
    RatioCut { value: Quoted, rounded: Figure },
    /// A percentage of nothing.
    RatioOfNothing { value: Quoted, whole: Quoted },
    /// A percentage is blank though its figures are there.
    RatioMissing { value: Quoted, part: Quoted, whole: Quoted, result: Figure },
    /// What is carried over is not what was left. `repeated`: it is no opening figure, but that of the period before again.
    Carried { opening: Quoted, opened: Figure, carried: Figure, period: Period, left: Vec<Left>, repeated: bool },
    /// A cumulative figure fell.
    Fell { now: Quoted, last: Figure, period: Period, before: Vec<Quoted>, units: Vec<SmolStr> },
    /// The figure of a longer period is not what its parts come to.
    AddsUp { cell: Quoted, right: Figure, figures: Vec<Figure>, by: OverTime, first: Period, last: Period },
    /// Figures of one moment were added up over the parts of a period.
    AddedUp { cells: Vec<Address>, first: Period, last: Period },
    /// A table equals that of the period before.
    SameAsBefore {
        period: Period,
        #[serde(with = "super::wire::shared")]
        file: Arc<str>,
    },
    /// A table equals another unit's.
    SameAsUnit {
        #[serde(with = "super::wire::shared")]
        unit: Arc<str>,
        #[serde(with = "super::wire::shared")]
        file: Arc<str>,
    },
    /// A figure is far from what is usual, or so many times as large as everybody's.
    Jump { cell: Quoted, usual: Option<Figure>, times: Option<Figure> },
    /// A cell holds no figure; where codes are asked for, the form's own.
    Unreadable { cell: Quoted, codes: Option<String> },
    /// What recognition was unsure of, with the cell's text and by what a unit or period was taken.
    Doubt { what: Unsure, cell: Address, text: SmolStr, by: String },
    /// The title names one year, but so many listed documents are dated in another.
    OtherYear { year: i32, documents: usize, by: String },
    /// A total row leaves out a row, or adds it twice: so many sums are off by its figures.
    RowMissed { total: u32, row: u32, line: SmolStr, twice: bool, sums: usize },
    /// Rows have the figures of others: so many sums of a total row fail for it.
    RowsRepeat { rows: Vec<Repeated>, total: u32, sums: usize },
    /// A row stands one column off: moved back, so many sums tie.
    RowShifted { row: u32, line: SmolStr, right: bool, sums: usize },
    /// What a text states and does not keep.
    Text(super::statement::Statement),
    /// A stage's own sentence, in both languages.
    Said(Said),
}

/// A sentence in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub vi: String,
    pub en: String,
}

impl Said {
    /// Vietnamese first.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }

    /// What is said in either language.
    pub fn of(say: impl Fn(Lang) -> String) -> Self {
        Self { vi: say(Lang::Vi), en: say(Lang::En) }
    }

    /// The sentence in a language.
    pub fn pick(&self, lang: Lang) -> &str {
        lang.pick(&self.vi, &self.en)
    }

    pub fn is_empty(&self) -> bool {
        self.vi.is_empty()
    }

    /// A sentence that is the same in both.
    pub fn same(text: &str) -> Self {
        Self { vi: text.to_owned(), en: text.to_owned() }
    }
}

/// What to do, where looking for the guilty cell showed it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Advice {
    /// The first suspect, corrected, makes so many sums tie; there are so many other ways, equally likely or less.
    Correct { sums: usize, others: usize, tied: bool },
    /// So many sums fail together, and no one cause explains them: whole rows would have to change, in so many ways.
    Together { sums: usize, ways: usize },
    /// The form's own sums give the figure that could not be read.
    FromSums(Figure),
    /// So many connected sums fail that no cell can be named.
    TooMany(usize),
}

/// Why a cell is suspected: something a clerk can check by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Why {
    LostSign,
    OutOfRange,
    Blank,
    NotACode,
    ThousandsPoint,
    NoDecimals,
    /// It is blank, but an answer calls for it.
    CalledFor,
    AgainstAnswer,
    OrAnswer,
    RatioOfNothing,
    CutOff,
    Fraction,
    Hundredfold,
    /// What the figures give.
    Computed {
        part: Stated,
        whole: Stated,
        result: Figure,
    },
    Quotient {
        part: Stated,
        whole: Stated,
        times: i64,
        result: Figure,
    },
    OrThisFigure,
    OtherMeasure,
    /// With the figure so many times larger or smaller the ratio fits.
    RatioInOtherMeasure {
        times: Figure,
    },
    PartAboveWhole,
    WhatWasLeft,
    WhatWasReported,
    OrLastReport,
    OrLastClosing,
    NeverFalls,
    FromParts,
    NotAddedOver,
    WhichCode,
    NoFigure,
    /// The figure stands in another cell.
    StandsIn(Address),
    RowMissed {
        row: u32,
        line: SmolStr,
        twice: bool,
    },
    RowShifted,
    /// A column whose lines stand one row off.
    ColumnShifted,
    RowsRepeat,
    /// Of several such rows this one alone may be another's.
    OnlyRowRepeats,
    FromSums,
    SumsTieWithMinus,
    FormsDiffer,
    /// A percentage fits this figure alone, one slip away.
    OnlyWith {
        percentage: Figure,
    },
    /// What slipped, and how many sums tie once it is mended.
    Ties {
        slips: Vec<Slip>,
        sums: usize,
    },
    Said(Said),
}

/// What went wrong in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Slip {
    /// Two cells hold each other's figures.
    Exchanged,
    /// A total's formula misses cells.
    FormulaMisses {
        formula: String,
        cells: Vec<Address>,
    },
    /// A number stands where a formula should.
    TypedOver,
    DigitsSwapped,
    DigitDropped,
    DigitDoubled,
    DigitAdded,
    DigitWrong,
    Sign,
    /// 10^power times the right figure.
    PowerOfTen(i8),
    LeftBlank,
    NotANumber,
    OffByOne,
}

/// A figure, or what stands in its place, as data files have it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum Amount {
    #[default]
    None,
    Figure(Figure),
    AtMost(Figure),
    AtLeast(Figure),
    Between(Figure, Figure),
    Codes(Vec<i64>),
    Text(String),
}

impl From<Option<Figure>> for Amount {
    fn from(figure: Option<Figure>) -> Self {
        figure.map_or(Self::None, Self::Figure)
    }
}

impl From<Figure> for Amount {
    fn from(figure: Figure) -> Self {
        Self::Figure(figure)
    }
}

/// `30`, `≤ 30`, `1, 2, 3`: plain, in no language.
impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Figure(figure) => write!(f, "{}", figure.trimmed()),
            Self::AtMost(most) => write!(f, "≤ {}", most.trimmed()),
            Self::AtLeast(least) => write!(f, "≥ {}", least.trimmed()),
            Self::Between(least, most) => write!(f, "≥ {}, ≤ {}", least.trimmed(), most.trimmed()),
            Self::Codes(codes) => f.write_str(&codes.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Vietnamese is the default: the users read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    #[default]
    Vi,
    En,
}

impl Lang {
    /// The wording in this language.
    pub fn pick<T>(self, vi: T, en: T) -> T {
        match self {
            Self::Vi => vi,
            Self::En => en,
        }
    }

    /// A period as this language writes it: `Quý II năm 2023`, `2023-Q2`.
    pub fn period(self, period: super::Period) -> String {
        self.pick(period.in_vietnamese(), period.to_string())
    }

    /// How grave a finding is.
    pub const fn severity(self, severity: super::Severity) -> &'static str {
        match self {
            Self::Vi => severity.in_vietnamese(),
            Self::En => severity.name(),
        }
    }

    /// Periods one after another.
    pub fn periods(self, periods: &[super::Period]) -> String {
        periods.iter().map(|p| self.period(*p)).collect::<Vec<_>>().join(", ")
    }

    /// What a cell states, as a sentence says it.
    pub fn stated(self, text: &str) -> String {
        match super::Figure::parse_plain(text) {
            Some(figure) => self.figure(figure),
            None if text.is_empty() => self.pick("trống", "blank").to_owned(),
            None => format!("“{text}”"),
        }
    }

    /// A figure as this language writes it: `7.877,926` or `7,877.926`.
    pub fn figure(self, figure: super::Figure) -> String {
        let plain = figure.trimmed().to_string();
        let (sign, digits) = plain.strip_prefix('-').map_or(("", &*plain), |d| ("-", d));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let (group, point) = self.pick(('.', ','), (',', '.'));
        let mut out = String::from(sign);
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i) % 3 == 0 {
                out.push(group);
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            out.push(point);
            out.push_str(fraction);
        }
        out
    }
}

/// From what the kind of a learned form's column or line follows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum KindGround {
    /// Nothing says it.
    #[default]
    None,
    /// Words of its caption or label, as the lists of words have them.
    Words(String),
    /// The measure in which it is counted.
    Measure(String),
    /// Words of the form's title.
    Title(String),
    /// What the words of the captions beside it, under the same group, say.
    Group(String),
    /// The title says that the figures are those of a day, or of a span of days.
    AtDay,
    OverDays,
    /// Its caption or label says that it happens within the period.
    Within,
    /// It is the figure of the period before.
    Before,
    /// It is shown as a percentage; its words name a share, or a mean.
    ShownAsPercent,
    Share,
    Mean,
    /// Its figures are years.
    Years,
    /// The total rows leave it out.
    LeftOut,
    /// The measure prints the codes of the answers.
    Codes,
    /// The offices answer in words.
    Answers,
    /// From one period to the next it falls within the year, changes a lot, or hardly changes.
    Falls,
    Jumps,
    Stands,
    /// It hardly changes, and the title says only of which days it is.
    StandsOverDays,
    /// It is added up with what stands at a day.
    AddedToStock,
    /// It is "trong đó" of a figure of that kind.
    PartOf,
    /// Its column says no more than that it is this period's; it hardly changes all the same.
    ThisPeriod,
    StandsInPeriod,
    /// It leads from what the period began with to what it ended with.
    Movement,
    /// It is the total of other columns, or of other lines.
    SumOfColumns,
    SumOfLines,
    /// It is a quotient: the formula, by the numbers of the columns or lines.
    Quotient(String),
}

#[cfg(test)]
mod tests {
    use super::Lang;
    use crate::model::Figure;

    #[test]
    fn figures_are_grouped_the_language_s_way() {
        assert_eq!(Lang::Vi.figure(Figure::new(7_877_926, 3)), "7.877,926");
        assert_eq!(Lang::En.figure(Figure::whole(-1_234_567)), "-1,234,567");
    }
}
