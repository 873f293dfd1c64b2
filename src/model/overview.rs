//! What a form gives the province's workbook beside its own table: main figures and charts for the first sheet, the
//! province's form it goes into, and figures printed in a larger measure.

use std::sync::Arc;

use serde::Deserialize;

/// Of one form, on the first sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    pub figures: Vec<MainFigure>,
    pub charts: Vec<MainChart>,
}

/// A figure that a reader asks for first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MainFigure {
    /// `Hồ sơ tiếp nhận`, and the same for a narrow column.
    pub name: String,
    pub short: String,
    /// The sum of these …
    pub sum: Vec<Spot>,
    /// … in percent of the sum of these, where any are given.
    pub of: Vec<Spot>,
    /// Whether it is a percentage.
    pub percent: bool,
}

/// Where a figure stands: an open table's total line, or a fixed line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    pub table: Arc<str>,
    pub line: Arc<str>,
    pub column: Arc<str>,
}

/// Some of the main figures, drawn unit by unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MainChart {
    pub title: String,
    /// Indices of main figures.
    pub figures: Vec<usize>,
}

/// A form that the province sends on, made of a form that its units send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provincial {
    /// As printed: `Biểu số II.06b/VPCP/KSTT`.
    pub code: String,
    pub title: String,
    pub by: By,
}

/// What the rows of a province's form are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A row a unit.
    Unit,
    /// A row a field of work, under the level of those who settle it.
    Level,
}

/// Figures of a table that the province prints in a larger measure, rounded so that the parts still add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub table: Arc<str>,
    /// `Tỷ đồng`.
    pub measure: String,
    /// How many powers of ten larger it is than the form's own: 3 from triệu to tỷ.
    pub power: u8,
    /// Decimals printed.
    pub decimals: u8,
    pub figures: Vec<Spot>,
    /// Whether the figures are parts of one whole, which is then printed too and must add up across as well.
    pub across: bool,
}
