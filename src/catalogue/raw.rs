//! The shape of a template file, before it means anything.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::model::form::{Due, ItemRole, ItemsAre, Role};
use crate::model::rule::Place;
use crate::model::{Kind, Period, Provincial, Severity};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawForm {
    pub id: String,
    pub code: String,
    pub title: String,
    #[serde(default)]
    pub legal_basis: String,
    #[serde(default)]
    pub heading: String,
    #[serde(default)]
    pub sent_to: String,
    pub due: Option<Due>,
    #[serde(default, deserialize_with = "day")]
    pub valid_from: Option<NaiveDate>,
    #[serde(default, deserialize_with = "day")]
    pub valid_to: Option<NaiveDate>,
    #[serde(default)]
    pub marks: Vec<String>,
    #[serde(default)]
    pub consolidates_into: Vec<Provincial>,
    #[serde(default)]
    pub overview: RawOverview,
    #[serde(default)]
    pub published: Vec<toml::Spanned<RawPublished>>,
    #[serde(default)]
    pub titled: bool,
    /// Of a form that was learned from the offices' sheets.
    pub learned: Option<RawLearned>,
    /// Whether a human has looked at what was learned.
    #[serde(default)]
    pub confirmed: bool,
    /// Canonical caption → other wordings of it.
    #[serde(default)]
    pub captions: BTreeMap<String, Vec<String>>,
    pub tables: Vec<RawTable>,
    #[serde(default)]
    pub rules: Vec<toml::Spanned<RawRule>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawTable {
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub measure: String,
    #[serde(default)]
    pub numbered: bool,
    pub columns: Vec<RawColumn>,
    pub open: Option<RawOpen>,
    #[serde(default)]
    pub natures: Vec<RawNature>,
    pub lines: Option<Vec<RawLine>>,
    pub items: Option<RawItems>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawItems {
    pub are: ItemsAre,
    pub columns: Vec<RawItemColumn>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawItemColumn {
    pub role: ItemRole,
    pub caption: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawOpen {
    #[serde(default)]
    pub total: bool,
    #[serde(default)]
    pub sections: Vec<RawSection>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSection {
    pub code: String,
    pub label: String,
    pub parent: Option<String>,
}

/// What the figure of one line in one column is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawNature {
    pub line: String,
    pub column: String,
    pub kind: Kind,
    #[serde(default)]
    pub decimals: u8,
}

/// From how many offices and sheets a form was learned.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawLearned {
    pub offices: usize,
    pub sheets: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawColumn {
    pub id: String,
    pub path: Vec<String>,
    /// Left out: it carries figures.
    pub role: Option<Role>,
    /// In a table with fixed lines the line decides where this is left out.
    pub kind: Option<Kind>,
    #[serde(default)]
    pub decimals: u8,
    #[serde(default)]
    pub signed: bool,
    #[serde(default)]
    pub over: bool,
    #[serde(default)]
    pub exact: bool,
    /// From which period on the form has it, and to which.
    #[serde(default, deserialize_with = "period")]
    pub since: Option<Period>,
    #[serde(default, deserialize_with = "period")]
    pub until: Option<Period>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawLine {
    pub code: String,
    pub label: String,
    #[serde(default)]
    pub variants: Vec<String>,
    #[serde(default)]
    pub measure: String,
    /// Left out: what the columns say.
    pub kind: Option<Kind>,
    #[serde(default)]
    pub decimals: u8,
    #[serde(default)]
    pub signed: bool,
    #[serde(default)]
    pub over: bool,
    #[serde(default)]
    pub exact: bool,
    #[serde(default, deserialize_with = "period")]
    pub since: Option<Period>,
    #[serde(default, deserialize_with = "period")]
    pub until: Option<Period>,
    #[serde(default)]
    pub codes: BTreeMap<String, String>,
    #[serde(default)]
    pub tally: Vec<String>,
}

/// A period by its name.
fn period<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Period>, D::Error> {
    String::deserialize(from)?.parse().map(Some).map_err(D::Error::custom)
}

/// A day as `2020-12-15`.
fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map(Some).map_err(|_| D::Error::custom(format!("'{text}' is no date: write 2020-12-15")))
}

/// A rule with what every kind has; the kind's own keys are beside it.
#[derive(Debug, Deserialize)]
pub struct RawRule {
    pub id: String,
    #[serde(default)]
    pub table: String,
    #[serde(default)]
    pub severity: Severity,
    #[serde(default)]
    pub basis: String,
    /// In a table with fixed lines and several columns of figures: the lines, or the columns, on which it is tried;
    /// left out: all of them.
    #[serde(default)]
    pub on: Vec<String>,
    #[serde(flatten)]
    pub kind: RawKind,
}

/// A place in short (a column of an open table, a line of an indicator form) or in full.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum RawPlace {
    Short(String),
    Full(Place),
}

/// One place, or several whose figures are added up.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum RawPlaces {
    Several(Vec<RawPlace>),
    One(RawPlace),
}

impl RawPlaces {
    pub fn list(&self) -> &[RawPlace] {
        match self {
            Self::Several(list) => list,
            Self::One(place) => std::slice::from_ref(place),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum RawKind {
    Required { cells: Vec<RawPlace> },
    OneOf { cell: RawPlace, codes: Vec<i64> },
    Range { cells: Vec<RawPlace>, min: Option<String>, max: Option<String> },
    Whole { cells: Vec<RawPlace> },
    Unique {},
    Balance(RawBalance),
    Ratio { value: RawPlace, numerator: RawPlaces, denominator: RawPlaces },
    Rate { value: RawPlace, numerator: RawPlaces, denominator: RawPlaces, times: i64 },
    AtMost { parts: Vec<RawPlace>, whole: RawPlace },
    Implies { when: RawClaim, then: RawClaim },
    TiesTo { cell: RawPlace, parts: Vec<RawPlace> },
    CarriesOver { opening: String, closing: String },
    Rises { cells: Vec<RawPlace> },
    Change { cells: Vec<RawPlace> },
}

/// Either `total`, `parts`, `minus`, or `down`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawBalance {
    pub total: Option<RawPlace>,
    #[serde(default)]
    pub parts: Vec<RawPlace>,
    #[serde(default)]
    pub minus: Vec<RawPlace>,
    #[serde(default)]
    pub down: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawClaim {
    pub cell: RawPlace,
    #[serde(default)]
    pub is: Vec<String>,
    pub min: Option<String>,
    pub max: Option<String>,
    #[serde(default)]
    pub filled: bool,
}

/// What the province's first sheet shows.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawOverview {
    #[serde(default)]
    pub figures: Vec<toml::Spanned<RawMainFigure>>,
    #[serde(default)]
    pub charts: Vec<toml::Spanned<RawMainChart>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawMainFigure {
    pub id: String,
    pub name: String,
    /// For a narrow column; left out: the name.
    pub short: Option<String>,
    #[serde(default)]
    pub table: String,
    /// Columns of an open table's total line, or lines of an indicator form.
    pub sum: Vec<String>,
    #[serde(default)]
    pub of: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawMainChart {
    pub title: String,
    /// Ids of main figures.
    pub figures: Vec<String>,
}

/// Figures printed in a larger measure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPublished {
    #[serde(default)]
    pub table: String,
    pub measure: String,
    pub power: u8,
    #[serde(default)]
    pub decimals: u8,
    pub figures: Vec<String>,
    #[serde(default)]
    pub across: bool,
}
