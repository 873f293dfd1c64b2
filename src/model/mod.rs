//! The nouns: what the stages hand to one another. No I/O, nothing but data and its own arithmetic.

pub mod address;
pub mod binding;
pub mod coverage;
pub mod decision;
#[cfg(test)]
pub(crate) mod drawn;
pub mod entry;
pub mod fact;
pub mod figure;
pub mod finding;
pub mod form;
pub mod lang;
pub mod layout;
pub mod lineage;
mod merged;
pub mod outcome;
pub mod overview;
pub mod period;
pub mod phrases;
pub mod remark;
pub mod rule;
pub mod statement;
pub mod text;
pub mod unit;
pub mod waiver;
pub mod wire;
pub mod workbook;

pub use address::{Address, Area};
pub use binding::{Binding, Op};
pub use coverage::Coverage;
pub use entry::{CellId, Entry, Evidence, Part, Return, State};
pub use figure::Figure;
pub use finding::{Correction, Finding, Passage, Reworded, Severity, Suspect};
pub use form::{Catalogue, Column, Form, Kind, Line, Lines, Table};
pub use lang::Lang;
pub use layout::{Doubt, Layout, LayoutRow, Unsure, Whose};
pub use lineage::{Boundaries, Kept};
pub use merged::Merged;
pub use outcome::{Consolidation, Earlier, FileReport, Head, Outcome, Returns, Total, Verdict};
pub use overview::{MainFigure, Overview, Provincial, Published, Spot};
pub use period::{Period, Span};
pub use remark::Remark;
pub use rule::{Rule, RuleKind};
pub use unit::{Office, Unit, Units};
pub use workbook::{
    ANSWER, Cell, Content, Control, Look, Lost, OUTPUT_SHEETS, Original, Paragraph, RETURNED, Sheet, Source, Stale,
    Struck, WRITTEN, Workbook,
};
