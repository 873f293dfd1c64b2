//! What other programs go on with: `tonghop entries`, every figure read with its address; `tonghop sql`, a form's
//! consolidation for where one machine is outgrown.

use super::args::{EntriesArgs, SqlArgs};
use super::{End, forms, run, say};
use crate::model::Verdict;
use crate::write;

pub fn entries(args: &EntriesArgs) -> Result<End, String> {
    let lang = args.input.common.lang();
    let inbox = run::gather(&args.input)?;
    write::entries(&inbox, &args.out).map_err(|e| e.say(lang))?;
    if !args.input.quiet {
        for file in inbox.files.iter().filter(|f| f.verdict != Verdict::Read) {
            say::trouble(&format!("{} — {}", file.file, file.reason.pick(lang)));
        }
    }
    let some = inbox.files.iter().any(|f| f.verdict == Verdict::Read);
    Ok(if some { End::Clean } else { End::Nothing })
}

pub fn sql(args: &SqlArgs) -> Result<End, String> {
    let catalogue = run::load(&args.common)?;
    let form = forms::find(&catalogue, &args.form)
        .ok_or_else(|| forms::unknown(&catalogue, &args.form, args.common.lang()))?;
    say::out(&write::sql::consolidation(&catalogue, form, args.period));
    Ok(End::Clean)
}
