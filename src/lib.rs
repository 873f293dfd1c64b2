//! tonghop ("tổng hợp": to consolidate) reads the appendix workbooks that a province's offices send, names the cells
//! that are wrong and what they should be, and adds everything up.
//!
//! Data goes one way; each stage is one module with one verb, and [`pipeline`] only composes:
//!
//! | stage | verb | turns | into |
//! |---|---|---|---|
//! | [`discover`] | [`discover::discover`] | the paths given | files, each to be read or left out with a reason |
//! | [`read`] | [`read::read`] | a file's bytes | cells ([`model::Workbook`]), or a plain refusal |
//! | [`recognise`] | [`recognise::recognise`] | cells | tables of known forms, whose and of when ([`model::Layout`]) |
//! | [`promised`] | [`promised::promised`] | a sheet of no known form | what it promises itself and does not keep |
//! | [`mod@prose`] | [`prose::prose`] | a report's running text | what it states and does not keep |
//! | [`extract`] | [`extract::extract`] | a table | entries: every figure with its cell ([`model::Return`]) |
//! | [`versions`] | [`versions::settle`] | returns sent twice | the one that counts |
//! | [`tenure`] | [`tenure::doubt`] | returns by units that don't stand then | the same, each with a doubt |
//! | [`decide`] | [`decide::decide`] | a figure its sheet leaves open | the one that a rule of the form proves, or else the law's way to write it |
//! | [`check`] | [`check::check`] | returns and the forms' rules | findings ([`model::Finding`]) and equations |
//! | [`localise`] | [`localise::localise`] | equations that don't tie | the cells to blame ([`model::Suspect`]) |
//! | [`waive`] | [`waive::waive`] | findings somebody answers for | waived ones, still listed |
//! | [`aggregate`] | [`aggregate::aggregate`] | returns | totals over units and periods ([`model::Consolidation`]) |
//! | [`mod@write`] | [`write::write`] | the outcome | workbook and data files |
//!
//! Beside the line: [`catalogue`] loads `templates/` (a form is data), [`normalise`] holds the pure functions from
//! text to figure, code, period and key, [`fix`] writes corrected copies, [`patch`] changes a sender's package part by part, [`trace`] tells what reads a cell, [`book`] finds a rule's figures among all returns, [`frame`] looks over periods and over units, [`grid`] finds the tables of forms nobody has described, [`draft`] drafts templates for them, [`cli`] is the face.

pub mod aggregate;
pub mod book;
pub mod catalogue;
pub mod check;
pub mod cli;
pub mod decide;
pub mod discover;
pub mod draft;
pub mod extract;
pub mod fix;
pub mod frame;
pub mod grid;
pub mod localise;
pub mod model;
pub mod normalise;
pub mod patch;
pub mod pipeline;
pub mod promised;
pub mod prose;
pub mod read;
pub mod recognise;
pub mod tenure;
pub mod trace;
pub mod versions;
pub mod waive;
pub mod write;
