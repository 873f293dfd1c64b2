//! `tonghop check`: what is wrong, where, and what it should be.

use super::args::{CheckArgs, Format};
use super::{End, run, say};
use crate::write;

pub fn run(args: &CheckArgs) -> Result<End, String> {
    let outcome = run::run(&args.input, false)?;
    match args.format {
        Format::Json => say::out(&write::findings_json(&outcome)),
        Format::Text => say::out(&say::outcome(&outcome, args.input.common.lang())),
    }
    Ok(if outcome.errors() > 0 { End::Errors } else { End::Clean })
}
