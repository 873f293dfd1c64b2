//! `tonghop entries`: every figure read, with its address.

use super::args::EntriesArgs;
use super::{End, run, say};
use crate::model::Verdict;
use crate::write;

pub fn run(args: &EntriesArgs) -> Result<End, String> {
    let lang = args.input.common.lang();
    let inbox = run::gather(&args.input)?;
    write::entries(&inbox, &args.out).map_err(|e| e.say(lang))?;
    if !args.input.quiet {
        for file in inbox.files.iter().filter(|f| f.verdict != Verdict::Read) {
            say::trouble(&format!("{} — {}", file.file, file.reason));
        }
    }
    let some = inbox.files.iter().any(|f| f.verdict == Verdict::Read);
    Ok(if some { End::Clean } else { End::Nothing })
}
