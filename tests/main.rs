//! Every test from outside the library, in one binary, because polars links slowly.

#![allow(clippy::unwrap_used)]

mod paper;
mod planted;
mod program;

mod carry;
mod cases;
mod cli;
mod corpus;
mod habits;
mod house;
mod mutations;
mod office;
mod props;
mod prose;
mod rounding;
mod samples;
mod seeds;
