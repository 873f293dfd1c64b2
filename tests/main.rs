//! Every test from outside the library, in one binary, because polars links slowly.

#![allow(clippy::unwrap_used)]

mod paper;
mod planted;
mod program;

mod afternoon;
mod blank;
mod carry;
mod cases;
mod certain;
mod cli;
mod convert;
mod counts;
mod data;
mod corpus;
mod fuzz;
mod habits;
mod hostile;
mod house;
mod learned;
mod locked;
mod mutations;
mod office;
mod offline;
mod own_words;
mod page;
mod pdf;
mod props;
mod prose;
mod reminders;
mod report;
mod returned;
mod rounding;
mod samples;
mod scale;
mod seeds;
mod spelling;
mod workers;
mod writes;
