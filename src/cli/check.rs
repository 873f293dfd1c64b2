//! `tonghop check`: what is wrong, where, and what it should be.

use super::args::{CheckArgs, Format};
use super::{End, fix, run, say};
use crate::workspace::written;
use crate::write;

pub fn run(args: &CheckArgs) -> Result<End, String> {
    if let (Some(ledger), Some(dir)) = (&args.replay, &args.fix) {
        return fix::replay(args, ledger, dir);
    }
    let lang = args.input.common.lang();
    let against = args.against.as_deref();
    let written = against.map(|dir| written::written(dir, &args.input.paths, lang));
    let written = written.transpose()?;
    let outcome = match args.fix {
        Some(_) => run::run_against(&args.input, false, written)?,
        None => run::check_against(&args.input, written)?,
    };
    match args.format {
        Format::Json => say::out(&write::findings_json(&outcome, lang)),
        Format::Text => say::out(&say::outcome(&outcome, args.input.common.lang())),
    }
    if let Some(dir) = &args.fix {
        let said = fix::write(args, &outcome, dir)?;
        match args.format {
            Format::Json => say::trouble(said.trim_end()),
            Format::Text => say::out(&said),
        }
    }
    Ok(End::of(&outcome))
}
