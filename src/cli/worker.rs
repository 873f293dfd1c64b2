//! `tonghop worker`, which nobody types: reads files for another run of this program, in a process that may die.

use std::ffi::OsString;
use std::path::Path;

use super::args::{Input, LangName, WorkerArgs};
use super::{End, run};
use crate::pipeline::{self, Start};

pub fn run(args: &WorkerArgs) -> Result<End, String> {
    let catalogue = run::load(&args.common)?;
    let lang = args.common.lang();
    let units = run::units(args.units.as_deref(), lang)?;
    // Where the pipe is closed, nobody is left to tell.
    let _ = pipeline::work(catalogue, &units, lang, args.cache.as_deref());
    Ok(End::Clean)
}

/// How a run starts workers that read as it would itself.
pub fn start(input: &Input, units: Option<&Path>) -> Option<Start> {
    let mut arguments: Vec<OsString> = vec!["worker".into(), "--lang".into()];
    arguments.push(match input.common.lang {
        LangName::Vi => "vi".into(),
        LangName::En => "en".into(),
    });
    let paths =
        [("--templates", input.common.templates.as_deref()), ("--units", units), ("--cache", input.cache.as_deref())];
    for (option, path) in paths {
        if let Some(path) = path {
            arguments.extend([option.into(), path.into()]);
        }
    }
    if input.common.no_templates {
        arguments.push("--no-templates".into());
    }
    let program = std::env::current_exe().ok()?;
    Some(Start { program, arguments })
}
