//! tonghop ("tổng hợp": to consolidate) reads the appendix workbooks that a province's offices send, names the cells
//! that are wrong and what they should be, and adds everything up.
//!
//! A program that uses this crate needs the names of this page and no more: a [`Folder`] of workbooks is opened, then
//! checked, added up and written. They stay as they are within a major version; the modules below are how it is done,
//! open for the tests and for readers, and may change any day. Without the default feature `cli` neither the command line
//! nor the page is built, nor what they alone need.
//!
//! # The line
//!
//! Data goes one way. Each stage is a module, `pipeline` composes them, and no stage imports another:
//!
//! ```text
//! discover → read → recognise → learn → extract → settle → check → localise → aggregate → write
//! paths      cells  known       unknown  entries   what     findings cells to  totals      files people
//!                   forms       forms              counts            blame                 keep
//! ```
//!
//! A file goes from `read` to `extract` by itself, in a worker process; `learn` waits until all have been read, and hands its
//! tables to `extract` too.
//!
//! | to find | look in |
//! |---|---|
//! | a form, another spelling of its captions or lines | `templates/forms/`, the form's own file |
//! | other words of the offices: of any form, of unknown ones, of reports, of fields of work | `templates/words.toml`, `learn.toml`, `prose.toml`, `fields.toml` |
//! | a kind of rule | `model/rule.rs` and `catalogue/raw.rs` (the kind, its keys), `rule` (what it says of cells), `check/KIND.rs` and `.md` (when it is silent, whom it suspects), `words`; CONTRIBUTING.md |
//! | a tolerance | `rule/claim.rs` |
//! | why a cell was read as it was | `extract` (which figure), `normalise/figure.rs` (“-” as nothing, 0.6757 shown as 67,57 %), `normalise/answer.rs` (words as codes) |
//! | which of two files counts | `settle/resent.rs`; what a person chose `settle/mod.rs` |
//! | which cell is to blame | `localise/mod.rs` tells in which order causes are tried |
//! | how a figure adds up | `model/form.rs` (`Kind`), `frame/entries.rs` (over periods), `aggregate` (over units; totals, shares) |
//! | who is in a total | `frame/coverage.rs` (what was sent), `aggregate` (what is left out) |
//! | what `--fix` may write | `localise/certain.rs` (what is proven), `write/corrected.rs` (tried out on all rules, and written) |
//! | an output | `write`, one output a file or folder; the list of them `write/mod.rs`, the page's `web/outputs.rs` |
//! | a marked copy | `write/returned` (what to say), `patch` (how a sender's package is changed) |
//! | a sentence of a finding | `words`; of a file that can't be read `read/limits.rs` |
//! | what a report's text states | `prose/mod.rs`, which asks `sums`, `implied`, `columns` and `tables` |
//! | a screen of the page | `web`, `templates/web/`; its figures, and what a click leaves on disk, `workspace` |
//! | a cap on what is read | `read/limits.rs`; the workers `pipeline` |
//! | a test | `tests/cases/`: a workbook as text and what a user reads of it, a folder a habit or mistake; CONTRIBUTING.md |
//!
//! # Words
//!
//! A **return** is one unit's table of one form for one period, an **entry** a figure of it with its cell. A figure's **place** is
//! its form, table, line and column. A **claim** is a rule on particular cells. `form::Kind` is what a figure is, and so how it
//! adds up; `finding::Kind` is a kind of rule. A **finding** states a fact and its suspects; a **doubt** is what reading was
//! unsure of. A text's **key** is what it is compared by: small letters without marks. “Whose” is always unit, and “of when”
//! period. Where a form is learned, a **sighting** is a table found on a sheet, a **family** the sightings of one table.

// Modules tell in their heads what their private parts do.
#![allow(rustdoc::private_intra_doc_links)]

mod folder;

pub use folder::{Consolidated, Error, Folder};
pub use model::finding::{Finding, Severity};
pub use model::{Consolidation, Entry, Figure, Form, Lang, Outcome, Period, Return, Total};

// The nouns and the pure functions that every stage may use.
#[doc(hidden)]
pub mod files;
#[doc(hidden)]
pub mod model;
#[doc(hidden)]
pub mod normalise;
#[doc(hidden)]
pub mod package;
#[doc(hidden)]
pub mod catalogue;
#[doc(hidden)]
pub mod rule;
#[doc(hidden)]
pub mod frame;

// The line, in its order.
#[doc(hidden)]
pub mod discover;
#[doc(hidden)]
pub mod read;
#[doc(hidden)]
pub mod recognise;
#[doc(hidden)]
pub mod learn;
#[doc(hidden)]
pub mod extract;
#[doc(hidden)]
pub mod settle;
#[doc(hidden)]
pub mod check;
#[doc(hidden)]
pub mod localise;
#[doc(hidden)]
pub mod aggregate;
#[doc(hidden)]
pub mod write;

// Beside the line: a report's text, a sender's package changed in place.
#[doc(hidden)]
pub mod prose;
#[doc(hidden)]
pub mod patch;

// Sentences, for whoever shows facts to a person.
#[doc(hidden)]
pub mod words;

// What composes it, and its face.
#[doc(hidden)]
pub mod pipeline;
#[doc(hidden)]
pub mod workspace;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod web;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
