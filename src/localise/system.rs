//! The figures of one unit and the sums its forms print, as integers: cells, equalities and inequalities; how a unit's equations
//! become such a system, and which of them read a cell.

use std::collections::BTreeSet;

use foldhash::HashMap;

use super::search::Repair;
use crate::model::{CellId, Figure, State};
use crate::rule::{Book, Equation};

/// Everything that must tie for one unit and period, over all its forms.
///
/// Figures are integers on one scale, chosen by the caller; nothing here is ever a float.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct System {
    /// The figures.
    pub cells: Vec<Cell>,
    /// The sums that must come out.
    pub rows: Vec<Row>,
    /// The limits that must be kept: one that fails must hold after the repair, one that holds filters the repairs that
    /// would break it.
    pub bounds: Vec<Row>,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What the paper says; `None` if it is blank or unreadable: then it is solved for, free of charge.
    pub value: Option<i128>,
    /// What it costs to change the figure: a reliability weight after Fellegi and Holt (1976). 0 counts as 1.
    pub weight: u32,
    /// No repair goes below.
    pub min: Option<i128>,
    /// No repair goes above.
    pub max: Option<i128>,
}

impl Cell {
    /// What a change costs where the caller knows nothing better.
    pub const WEIGHT: u32 = 10;

    /// A figure as stated, of the usual weight and within no limits.
    pub fn stated(value: i128) -> Self {
        Self { value: Some(value), ..Self::unknown() }
    }

    /// A blank or unreadable cell.
    pub fn unknown() -> Self {
        Self { value: None, weight: Self::WEIGHT, min: None, max: None }
    }
}

/// Σ a·x + constant, which is to be 0, or in a bound not below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Cell and coefficient.
    pub terms: Vec<(usize, i128)>,
    /// What is added to the sum.
    pub constant: i128,
}

impl Row {
    /// The printed identity total = Σ parts.
    pub fn total(total: usize, parts: impl IntoIterator<Item = usize>) -> Self {
        let terms = parts.into_iter().map(|part| (part, 1)).chain([(total, -1)]).collect();
        Self { terms, constant: 0 }
    }

    /// What it comes to, unless a value is missing or the sum leaves 128 bits.
    pub fn sum(&self, value: impl Fn(usize) -> Option<i128>) -> Option<i128> {
        let mut read = self.terms.iter().filter(|(_, factor)| *factor != 0);
        read.try_fold(self.constant, |sum, &(cell, factor)| sum.checked_add(factor.checked_mul(value(cell)?)?))
    }
}

/// Blank cells count as 0, and are the first to be doubted.
const BLANK_WEIGHT: u32 = 4;
/// What a formula works out is doubted last.
const FORMULA_WEIGHT: u32 = 12;

/// A system with the names of its cells.
pub struct Numbered {
    pub system: System,
    pub cells: Vec<CellId>,
    pub scale: u8,
}

impl Numbered {
    /// Rows are the equations in their order. Bounds that hold filter repairs; those that fail are found elsewhere.
    /// Some cells are taken as if they held other figures: a total with the row that it leaves out.
    pub fn new(book: &Book<'_>, rows: &[&Equation], bounds: &[&Equation], instead: &HashMap<CellId, Figure>) -> Self {
        let mut cells: Vec<CellId> = Vec::new();
        let mut index: HashMap<CellId, usize> = HashMap::default();
        for (cell, _) in rows.iter().flat_map(|e| &e.terms) {
            index.entry(*cell).or_insert_with(|| {
                cells.push(*cell);
                cells.len() - 1
            });
        }
        let decimals = cells.iter().filter_map(|c| book.amount(*c)).map(|f| f.trimmed().scale);
        let scale = decimals.max().unwrap_or(0);
        let system_rows = rows.iter().map(|e| Row {
            terms: e.terms.iter().map(|(c, s)| (index[c], i128::from(*s))).collect(),
            constant: rounding(book, e, scale),
        });
        let mut system_bounds = Vec::new();
        for bound in bounds {
            let holds = bound.finding.is_none();
            // A figure that no equality reads is a constant here.
            let mut constant = 0i128;
            let mut terms = Vec::new();
            for (cell, sign) in &bound.terms {
                match index.get(cell) {
                    Some(at) => terms.push((*at, i128::from(*sign))),
                    None => constant += i128::from(*sign) * scaled(book, *cell, scale).unwrap_or(0),
                }
            }
            if holds && !terms.is_empty() {
                system_bounds.push(Row { terms, constant });
            }
        }
        let stated = |id: &CellId| {
            let mut cell = cell(book, *id, scale);
            if let Some(figure) = instead.get(id) {
                cell.value = figure.at_scale(scale);
            }
            cell
        };
        let system =
            System { cells: cells.iter().map(stated).collect(), rows: system_rows.collect(), bounds: system_bounds };
        Self { system, cells, scale }
    }

    /// What a repair changes, in our own cells and figures.
    pub fn changed(&self, repair: &Repair) -> Vec<(CellId, Option<Figure>)> {
        let each = repair.changes.iter();
        each.map(|c| (self.cells[c.cell], c.to.and_then(|v| self.figure(v)))).collect()
    }

    /// A solver's figure as ours.
    pub fn figure(&self, value: i128) -> Option<Figure> {
        Figure::from_wide(value, self.scale)
    }
}

fn scaled(book: &Book<'_>, cell: CellId, scale: u8) -> Option<i128> {
    book.amount(cell).and_then(|f| f.at_scale(scale))
}

/// A sum that ties but for rounding is no mistake: its difference is made part of the row.
fn rounding(book: &Book<'_>, equation: &Equation, scale: u8) -> i128 {
    let unknown = equation.terms.iter().any(|(c, _)| book.entry(*c).state == State::Unreadable);
    if equation.finding.is_some() || unknown {
        return 0;
    }
    -equation.terms.iter().map(|(c, s)| i128::from(*s) * scaled(book, *c, scale).unwrap_or(0)).sum::<i128>()
}

fn cell(book: &Book<'_>, id: CellId, scale: u8) -> Cell {
    let entry = book.entry(id);
    let value = match entry.state {
        State::Unreadable => None,
        State::Blank => Some(0),
        State::Filled | State::Nil => scaled(book, id, scale),
    };
    let weight = match (&entry.state, &entry.formula) {
        (State::Blank, _) => BLANK_WEIGHT,
        (_, Some(_)) => FORMULA_WEIGHT,
        _ => Cell::WEIGHT,
    };
    Cell { value, weight, min: Some(0), max: None }
}

/// All the equations of a unit: what a repair sets right or breaks is asked of those that read its cells.
pub struct Readers<'e> {
    /// Those that must tie.
    pub sums: ByCell<'e>,
    /// Those that only warn where they don't.
    pub ties: ByCell<'e>,
    /// The limits, and the same ties.
    pub limits: ByCell<'e>,
}

/// Equations by the cells that they read.
pub struct ByCell<'e> {
    equations: Vec<&'e Equation>,
    /// Places among them, by cell.
    of: HashMap<CellId, Vec<usize>>,
}

impl<'e> ByCell<'e> {
    pub fn new(equations: impl IntoIterator<Item = &'e Equation>) -> Self {
        let equations: Vec<&Equation> = equations.into_iter().collect();
        let mut of = HashMap::<CellId, Vec<usize>>::default();
        for (place, equation) in equations.iter().enumerate() {
            for (cell, _) in &equation.terms {
                of.entry(*cell).or_default().push(place);
            }
        }
        Self { equations, of }
    }

    /// The equations that read one of the cells, each once, in their order.
    pub fn touched(&self, cells: impl IntoIterator<Item = CellId>) -> Vec<&'e Equation> {
        let places: BTreeSet<usize> =
            cells.into_iter().filter_map(|cell| self.of.get(&cell)).flatten().copied().collect();
        places.into_iter().map(|place| self.equations[place]).collect()
    }
}
