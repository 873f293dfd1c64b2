//! Every test from outside the library, in one binary, because polars links slowly.

#![allow(clippy::unwrap_used)]

mod paper;
mod program;

mod cases;
mod house;
