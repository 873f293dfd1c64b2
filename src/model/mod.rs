//! The nouns: what the stages hand to one another. No I/O, nothing but data and its own arithmetic.

pub mod address;
pub mod decision;
pub mod entry;
pub mod figure;
pub mod finding;
pub mod form;
pub mod layout;
pub mod outcome;
pub mod period;
pub mod rule;
pub mod statement;
pub mod unit;
pub mod wire;
pub mod workbook;
#[cfg(test)]
#[path = "../../tests/unit/model_drawn.rs"]
pub(crate) mod drawn;

pub use address::{Address, Area, Merged};
pub use entry::{CellId, Entry, Evidence, Part, Return, State};
pub use figure::Figure;
pub use finding::{Correction, Finding, KindGround, Lang, Passage, Reworded, Severity, Suspect};
pub use form::{Catalogue, Column, Form, Kind, Line, Lines, MainFigure, Overview, Provincial, Published, Spot, Table};
pub use layout::{Doubt, Layout, LayoutRow, Unsure, Whose};
pub use outcome::{Consolidation, Coverage, Earlier, FileReport, Head, Outcome, Returns, Total, Verdict};
pub use period::{Period, Span};
pub use rule::{Rule, RuleKind};
pub use statement::{Binding, Op};
pub use unit::{Boundaries, Kept, Office, Unit, Units};
pub use workbook::{
    ANSWER, Cell, Content, Control, Look, Lost, OUTPUT_SHEETS, Original, Paragraph, RETURNED, Remark, Sheet, Source,
    Stale, Struck, WRITTEN, Workbook,
};
