//! The entries of a run as one data frame, for everything that looks over periods or over units: the only door to polars.
//!
//! 1. [`coverage`] chooses the returns that make up a period for each unit, and says with them who has sent what. This is
//!    the one definition: totals, status, workbook, report and letters all ask it.
//! 2. [`Frame`] takes the entries of those returns into rows, and adds them up, each figure by its own rule.
//! 3. [`Peers`] are what is usual among the units, and who sent the very same table.
//!
//! Each step is one lazy expression, collected once. What stands within one return is no business of the frame: there a
//! rule's claims read the cells themselves.
//!
//! Here stand the names of the frame's columns, and the figures that a form asks for, numbered ([`Places`]).

pub mod coverage;
mod entries;
mod peers;

use std::collections::HashMap;
use std::sync::Arc;

use polars::prelude::{PolarsError, *};

pub use coverage::{Sources, sources};
pub use entries::{Frame, OfUnit, OverPeriods};
pub use peers::{Held, Peers};

use crate::model::entry::TOTAL;
use crate::model::{Catalogue, Kind, Lines, Table};
use crate::normalise::text::key as text_key;

fn engine(error: PolarsError) -> String {
    format!("the data frame engine failed: {error}")
}

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

/// A figure's place in a consolidated form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    pub form: Arc<str>,
    pub table: Arc<str>,
    pub line: Arc<str>,
    pub column: Arc<str>,
}

impl Place {
    /// The same place however its line is spelled: lines of open tables are one where their names' keys are.
    pub fn normal(&self) -> Self {
        Self { line: text_key(&self.line).into(), ..self.clone() }
    }
}

/// A place, and how its figures add up.
#[derive(Debug, Clone)]
pub struct Known {
    pub place: Place,
    pub kind: Kind,
    /// Decimals at which its figures are added.
    pub scale: u8,
    /// The total line's place in the same column of an open table.
    pub total: Option<u32>,
}

/// All places that the returns of a frame fill in.
#[derive(Debug, Default)]
pub struct Places {
    pub list: Vec<Known>,
    index: HashMap<(Arc<str>, Arc<str>, String, Arc<str>), u32>,
}

impl Places {
    /// The number of a place, if its table knows it; `decimals` are those of the figure that stands there.
    fn number(&mut self, place: &Place, catalogue: &Catalogue, decimals: u8) -> Option<u32> {
        if let Some(at) = self.find(&place.form, &place.table, &place.line, &place.column) {
            let known = &mut self.list[at as usize];
            known.scale = known.scale.max(decimals);
            if let Some(total) = known.total {
                let total = &mut self.list[total as usize];
                total.scale = total.scale.max(decimals);
            }
            return Some(at);
        }
        let table = catalogue.table(&place.form, &place.table)?;
        let (kind, declared) = table.nature(&place.line, &place.column)?;
        let total = self.total(place, table, declared.max(decimals));
        if &*place.line == TOTAL {
            return total;
        }
        let known = Known { place: place.clone(), kind, scale: declared.max(decimals), total };
        kind.has_figure().then(|| self.add(known))
    }

    /// The total line's place in a column of an open table.
    fn total(&mut self, place: &Place, table: &Table, decimals: u8) -> Option<u32> {
        let Lines::Open { .. } = table.lines else { return None };
        let column = table.figures().find(|c| c.id == place.column)?;
        if let Some(at) = self.find(&place.form, &place.table, TOTAL, &place.column) {
            let known = &mut self.list[at as usize];
            known.scale = known.scale.max(decimals);
            return Some(at);
        }
        let place = Place { line: TOTAL.into(), ..place.clone() };
        Some(self.add(Known { place, kind: column.kind, scale: column.decimals.max(decimals), total: None }))
    }

    fn add(&mut self, known: Known) -> u32 {
        let Place { form, table, line, column } = &known.place;
        let at = self.list.len() as u32;
        self.index.insert((form.clone(), table.clone(), text_key(line), column.clone()), at);
        self.list.push(known);
        at
    }

    /// The number of a place, however its line is spelled.
    pub fn find(&self, form: &Arc<str>, table: &Arc<str>, line: &str, column: &Arc<str>) -> Option<u32> {
        self.index.get(&(form.clone(), table.clone(), text_key(line), column.clone())).copied()
    }
}
