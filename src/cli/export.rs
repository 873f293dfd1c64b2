//! What other programs go on with: `tonghop entries`, every figure read with its address; `tonghop sql`, what an engine runs
//! over them where one machine is outgrown.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::args::{EntriesArgs, SqlArgs};
use super::{End, forms, run, say};
use crate::model::{Returns, Verdict};
use crate::write;

pub fn entries(args: &EntriesArgs) -> Result<End, String> {
    let lang = args.input.common.lang;
    let Some(out) = &args.out else { return compact(args) };
    let inbox = run::gather(&args.input)?;
    match &args.province {
        _ if out.as_os_str() == "-" => print(&inbox).map_err(|e| e.to_string())?,
        Some(province) if out.extension().is_none() => {
            write::append(&inbox, Some(province), out).map_err(|e| e.say(lang))?;
        }
        _ => write::entries(&inbox, out).map_err(|e| e.say(lang))?,
    }
    if !args.input.quiet {
        for file in inbox.files.iter().filter(|f| f.verdict != Verdict::Read) {
            say::trouble(&format!("{} — {}", file.file, file.reason.pick(lang)));
        }
    }
    let some = inbox.files.iter().any(|f| f.verdict == Verdict::Read);
    Ok(if some { End::Clean } else { End::Nothing })
}

/// As CSV on standard output; who reads it may have had enough.
fn print(returns: &dyn Returns) -> io::Result<()> {
    let mut to = BufWriter::new(io::stdout().lock());
    match write::entries_csv(returns, &mut to).and_then(|()| to.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

fn compact(args: &EntriesArgs) -> Result<End, String> {
    let lang = args.input.common.lang;
    for dir in &args.input.paths {
        let (before, after) = write::compact(Path::new(dir)).map_err(|e| e.say(lang))?;
        if !args.input.quiet {
            let dir = dir.display();
            let (vi, en) =
                (format!("{dir}: {before} tệp, nay còn {after}."), format!("{dir}: {before} files, now {after}."));
            say::out(&format!("{}\n", lang.pick(vi, en)));
        }
    }
    Ok(End::Clean)
}

pub fn sql(args: &SqlArgs) -> Result<End, String> {
    let Some(id) = &args.form else {
        say::sql(write::sql::VIEW);
        return Ok(End::Clean);
    };
    let catalogue = run::load(&args.common)?;
    let form = forms::find(&catalogue, id).ok_or_else(|| forms::unknown(&catalogue, id, args.common.lang))?;
    let sql = match args.period {
        Some(period) => write::sql::consolidation(&catalogue, form, period),
        None => write::sql::checks(&catalogue, form),
    };
    say::sql(&sql);
    Ok(End::Clean)
}
