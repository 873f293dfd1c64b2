//! The names of the frame's columns, and how their numbers are taken out again.

use polars::prelude::*;

use super::engine;

/// The number of the figure's place.
pub const PLACE: &str = "place";
/// The number of the unit.
pub const UNIT: &str = "unit";
/// How the figure goes over periods.
pub const OVER: &str = "over";
/// At the scale of its place; nothing where it is unknown.
pub const VALUE: &str = "value";
/// The number of the period.
pub const PERIOD: &str = "period";
/// Whether the figure is in sums: a total line is not, where its lines are.
pub const COUNTED: &str = "counted";
/// The numbers of the return and of the entry in it.
pub const RET: &str = "ret";
pub const ENTRY: &str = "entry";
/// How many figures of a group are known, and how many rows it has.
pub const FILLED: &str = "filled";
pub const ROWS: &str = "rows";

/// A column of numbers.
pub fn numbers(frame: &DataFrame, name: &str) -> Result<Vec<u32>, String> {
    let column = frame.column(name).and_then(|c| c.u32().cloned()).map_err(engine)?;
    Ok(column.into_no_null_iter().collect())
}

/// The numbers of a column of lists, one after another.
pub fn lists(frame: &DataFrame, name: &str) -> Result<Vec<u32>, String> {
    let lists = frame.column(name).and_then(|c| c.list().cloned()).map_err(engine)?;
    let inner = lists.rechunk().get_inner();
    let numbers = inner.u32().map_err(engine)?;
    Ok(numbers.into_no_null_iter().collect())
}
