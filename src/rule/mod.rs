//! One noun for a rule: a [`Claim`] is a rule on particular cells, and everybody who asks what a rule says reads claims.
//!
//! 1. [`crate::model::RuleKind`] is a rule as a template writes it, over places of a form.
//! 2. A reader says where its cells live: it implements [`Places`].
//! 3. `lower` turns the rule into [`Claim`]s over those cells, once for all readers ([`RuleKind::claims`](crate::model::RuleKind::claims)).
//! 4. A claim tells its cells, whether it holds with given values, the figure that follows from it, its equation.
//!
//! For the returns of a run the places are entries: [`Book`] finds them by form, unit, period, line and column, follows units
//! that took others over, and knows what the other units sent. [`readings`] and [`effects`] tell a person what reads a cell
//! and what a repair would do.
//!
//! [`elimination`] combines such equations exactly, for the judge of templates and for `localise`.
//!
//! A new kind of rule is a variant of `RuleKind` with its lowering here, `check/<kind>.rs` and `check/<kind>.md`.

mod book;
mod claim;
pub mod elimination;
mod explain;
mod lower;

pub use book::{Book, OfReturn};
pub use claim::{Agreement, Claim, Equation, Proportion, Sort, Status, Value, agreement, less, sum};
pub use explain::{Effect, Reading, changes, effects, find, readings};
pub use lower::{claims_of, rules_of};

pub use crate::model::rule::{Condition, Place, Sign};

/// Where the cells of one table live for a reader of rules.
///
/// A rule names a figure by form, table, line and column, any of which may be left out ([`Place`]). Whoever lowers a rule
/// says what that means: in a return, the entry; in a workbook to be written, the address; in SQL, the column.
pub trait Places<P> {
    /// Tells the lines of the table apart: a name, a row, nothing at all.
    type Line: Copy;

    /// The lines on which a rule is tried: every row of an open table, its total row among them; once for a table whose
    /// lines the form prints.
    fn lines(&self) -> Vec<Self::Line>;

    /// The cell that a place means, seen from one of the lines; nothing where there is none.
    fn cell(&self, line: Self::Line, place: &Place) -> Option<P>;

    /// Whether the form lacked the place in the period of the cells: nothing is missing there.
    fn is_absent(&self, _line: Self::Line, _place: &Place) -> bool {
        false
    }

    /// The cells whose sum a place means: a total row that nobody printed is the sum of its lines.
    fn summed(&self, line: Self::Line, place: &Place) -> Option<Vec<P>> {
        self.cell(line, place).map(|cell| vec![cell])
    }

    /// The members that an office added to the sum in a column.
    fn more(&self, _line: Self::Line, _total: &Place) -> Vec<P> {
        Vec::new()
    }

    /// For a column, each total with the lines that it adds up: the total row, and each section's subtotal.
    fn totals(&self, _column: &str) -> Vec<(P, Vec<P>)> {
        Vec::new()
    }

    /// The place in the returns of the period before that this one carries on, with nothing for a field they do not list;
    /// nothing at all where there are none, or where they don't tell.
    fn left(&self, _line: Self::Line, _place: &Place) -> Option<Vec<Option<P>>> {
        None
    }

    /// The place in the returns of the period before that this one carries on, if that is of the same year.
    fn earlier_this_year(&self, _line: Self::Line, _place: &Place) -> Option<Vec<P>> {
        None
    }
}
