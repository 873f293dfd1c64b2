//! tonghop ("tổng hợp": to consolidate) reads the appendix workbooks that a province's offices send, names the cells
//! that are wrong and what they should be, and adds everything up.
//!
//! Data goes one way. Each stage is a module, [`pipeline`] composes them, and no stage imports another:
//!
//! ```text
//! discover → read → recognise → extract → settle → check → localise → aggregate → write
//! paths      cells  known       entries   what     findings cells to  totals      files people
//!                   forms                 counts            blame                 keep
//! ```

// The nouns and the pure functions that every stage may use.
pub mod files;
pub mod model;
pub mod normalise;
pub mod package;
pub mod catalogue;
pub mod rule;
pub mod frame;

// The line, in its order.
pub mod discover;
pub mod read;
pub mod recognise;
pub mod extract;
pub mod settle;
pub mod check;
pub mod learn;
pub mod localise;
pub mod aggregate;
pub mod write;

// Beside the line: sheets of no known form, a report's text, a sender's package changed in place.
pub mod grid;
pub mod draft;
pub mod promised;
pub mod prose;
pub mod patch;

// Sentences, for whoever shows facts to a person.
pub mod words;

// What composes it, and its face.
pub mod pipeline;
pub mod workspace;
pub mod web;
pub mod cli;
