//! Where on a sheet a form's table stands: which column is which, which row is which line.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::entry::{Evidence, Part};
use super::finding::Said;
use super::form::ItemRole;
use super::{Address, Area, Figure, Period};

/// One recognised table.
#[derive(Debug, Clone)]
pub struct Layout {
    pub form: Arc<str>,
    pub table: Arc<str>,
    pub unit: Arc<str>,
    pub period: Period,
    /// Index of the sheet in its workbook.
    pub sheet: usize,
    /// Sheet column → the form's column, for the columns that carry figures.
    pub columns: Vec<(u32, Arc<str>)>,
    /// Sheet columns with figures that the form does not have.
    pub more: Vec<MoreColumn>,
    /// Sheet columns of an indicator form that are no place for figures: notes, units of measure, no caption at all.
    pub beside: Vec<u32>,
    /// Of a list: sheet column → what it is for.
    pub items: Vec<(u32, ItemRole)>,
    pub rows: Vec<LayoutRow>,
    pub header: Area,
    pub evidence: Evidence,
    pub doubts: Vec<Doubt>,
}

/// A column that an office added.
#[derive(Debug, Clone)]
pub struct MoreColumn {
    pub column: u32,
    pub caption: Arc<str>,
    pub is: More,
}

#[derive(Debug, Clone, PartialEq)]
pub enum More {
    /// A member more of the sum in a column of the form: it is kept as an entry whose column is the total's with a `+`.
    Member { total: Arc<str> },
    /// A part of a column of the form, which is the two added up.
    Part { of: Arc<str> },
    /// Nothing that the form's figures account for.
    Stranger,
}

/// One row of it.
#[derive(Debug, Clone)]
pub struct LayoutRow {
    pub row: u32,
    /// The line's code, the field's name, or `total`.
    pub line: Arc<str>,
    /// The label as the sender wrote it.
    pub label: Arc<str>,
    pub part: Part,
    pub section: u16,
    /// Đơn vị tính as the sender wrote it, where the table has such a column.
    pub measure: Arc<str>,
}

/// Whose and of when a sheet is that no known form claims.
#[derive(Debug, Clone, Default)]
pub struct Whose {
    pub unit: Option<Arc<str>>,
    /// Whether units.csv lists it.
    pub listed: bool,
    /// Whether the name of the file or of the sheet tells the unit.
    pub by_name: bool,
    /// Whether it follows "Đơn vị báo cáo:".
    pub led: bool,
    pub period: Option<Period>,
    pub unit_evidence: String,
    pub period_evidence: String,
    pub doubts: Vec<Doubt>,
}

/// What recognition is unsure of; `check` says it in the reader's language.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Doubt {
    pub cell: Address,
    pub what: Unsure,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Unsure {
    /// The unit's name is spelled unlike the listed one.
    UnitSpelling { taken: String, typed: String },
    /// The unit is not on the list; the nearest.
    UnitStrange { typed: String, near: Vec<String> },
    /// Another source names another unit.
    UnitsDiffer { taken: String, other: String, by: String },
    /// Another source names another period.
    PeriodsDiffer { taken: Period, other: String, by: String },
    /// A figure stands in a row that is no line of the form.
    StrangeRow { label: String },
    /// The row has a line's code, but other words.
    DoubtfulLine {
        label: String,
        #[serde(with = "super::wire::shared")]
        line: Arc<str>,
    },
    /// The title names another form than the columns show.
    FormsDiffer { titled: String },
    /// A column the form has, but the sheet lacks.
    MissingColumn {
        #[serde(with = "super::wire::shared")]
        column: Arc<str>,
    },
    /// So many amounts are thousands of times too large for the measure that the form asks for; the first of them.
    TooLarge { count: usize, stated: Figure },
    /// A column that the form does not have; a member more of the sum in a column of the form, where its figures are just
    /// what is missing there, else not read.
    ExtraColumn { caption: String, member_of: Option<String> },
    /// A column of the sheet is part of one of the form's, and was added to it.
    JoinedColumns {
        caption: String,
        #[serde(with = "super::wire::shared")]
        column: Arc<str>,
    },
    /// A whole sheet's figures have decimals where counts belong: a point between thousands became a decimal mark.
    Thousands { count: usize },
    /// Fields are named without diacritics; the first of them, and the field it was taken for.
    WithoutMarks {
        label: String,
        #[serde(with = "super::wire::shared")]
        line: Arc<str>,
    },
    /// Two rows have the same STT.
    RepeatedOrdinal,
    /// "." and "," could mean either, and nothing on the sheet decides.
    Undecided { candidates: Vec<Figure> },
    /// "." and "," could mean either; a rule of the form, in its own words, leaves one.
    Decided { taken: Figure, says: String },
    /// "." and "," could mean either, and nothing decides: taken as the law has numbers written, with points between
    /// thousands; and the other reading.
    Lawful { taken: Figure, other: Figure },
    /// The file stored other results than its formulas come to, in so many cells; the first of them, and its own.
    Recomputed { count: usize, stored: String, worked_out: String },
    /// The blank form was sent out by another wording of its template.
    OtherPrint,
    /// The form stands there once more, in rows or columns that are hidden or on a hidden sheet, and was not read.
    HiddenTable { sheet: Option<String>, rows: (u32, u32) },
    /// The file stores no result for a formula that only Excel can work out; so many of them.
    NotWorkedOut { count: usize, formula: String },
    /// A row of a list whose answer or kind is none of those listed, or is missing.
    ItemUnclear { text: String, known: Vec<String> },
    /// A row of a list says one answer in its column and another in its words.
    ItemsDiffer { answer: String, other: String, cell: Address },
    /// A listed document is dated outside the period; the same day of another year would lie within.
    DateOutside {
        document: String,
        #[serde(with = "super::wire::day")]
        date: NaiveDate,
        #[serde(with = "super::wire::maybe_day")]
        within: Option<NaiveDate>,
    },
    /// A document has a higher number than another, but an earlier date.
    DateBefore {
        document: String,
        #[serde(with = "super::wire::day")]
        date: NaiveDate,
        other: String,
        #[serde(with = "super::wire::day")]
        other_date: NaiveDate,
    },
    /// A document is listed twice; the other row.
    DocumentTwice { document: String, other: Address },
    /// The total in words is another amount than the total.
    WordsDiffer { cell: Address, words: String, amount: Figure, total: Figure },
    /// The line's cell is blank, and a figure stands beside it where none belongs.
    StrayFigure {
        cell: Address,
        caption: String,
        text: String,
        #[serde(with = "super::wire::shared")]
        line: Arc<str>,
        value: Option<Figure>,
    },
    /// The unit did not stand any more in the period: the day from which, and the names of those that took over.
    Dissolved {
        #[serde(with = "super::wire::day")]
        since: NaiveDate,
        now: Vec<String>,
    },
    /// The unit did not stand yet in the period: the day from which it does.
    NotYet {
        #[serde(with = "super::wire::day")]
        from: NaiveDate,
    },
    /// The period begins more than a year from today.
    FarAhead,
    /// No figure of it is filled in.
    SentEmpty,
    /// Another version of the same return differs, and nothing says which of them counts: none does.
    WhichVersion { others: Vec<String>, differences: Vec<String>, more: usize },
    /// Its rows are units: the lines of those that sent their own return, which counts in their place, and of those
    /// that did not.
    Collective { counted: Vec<String>, kept: Vec<String> },
    /// An older version of the same return; the newer one counts.
    OlderVersion {
        #[serde(with = "super::wire::shared")]
        taken: Arc<str>,
        why: Said,
        differences: Vec<String>,
        /// Cells that differ besides.
        more: usize,
    },
}
