//! `tonghop return`: marked copies of what each unit must correct, with a letter; `consolidate` writes them too.

use std::fmt::Write as _;
use std::path::Path;

use super::args::{Input, ReturnArgs};
use super::{End, run, say};
use crate::model::{Lang, Outcome, Period};
use crate::pipeline::Originals;
use crate::write::{self, Returned};

pub fn run(args: &ReturnArgs) -> Result<End, String> {
    let outcome = run::run(&args.input, false)?;
    let said = write(&args.input, &outcome, args.period, &args.out)?;
    say::out(&said);
    Ok(if outcome.errors() > 0 {
        End::Errors
    } else {
        End::Clean
    })
}

/// Writes what goes back; what to say of it.
pub fn write(
    input: &Input,
    outcome: &Outcome,
    period: Period,
    dir: &Path,
) -> Result<String, String> {
    let lang = input.common.lang();
    let originals = Originals::new(&input.paths, &outcome.files)
        .map_err(|trouble| lang.pick(trouble.in_vietnamese(), trouble.in_english()))?;
    let returned = write::returned(outcome, period, &|name| originals.get(name), lang, dir)
        .map_err(|e| e.say(lang))?;
    Ok(said(&returned, period, lang))
}

fn said(returned: &Returned, period: Period, lang: Lang) -> String {
    let mut text = String::new();
    let _ = match returned.units.is_empty() {
        true => writeln!(
            text,
            "{}",
            lang.pick(
                format!(
                    "{}: không có gì phải trả lại đơn vị.",
                    period.in_vietnamese()
                ),
                format!("{period}: nothing has to go back."),
            )
        ),
        false => writeln!(
            text,
            "{}",
            lang.pick("Trả lại đơn vị để sửa:", "To go back to the units:")
        ),
    };
    for given in &returned.units {
        let (errors, warnings, copies) = (given.errors, given.warnings, given.copies);
        let _ = writeln!(
            text,
            "  {}: {} — {}",
            given.unit,
            lang.pick(
                format!("{errors} lỗi, {warnings} chỗ cần xác nhận, {copies} tệp đánh dấu và thư"),
                format!(
                    "{errors} errors, {warnings} to confirm, {copies} marked files and a letter"
                ),
            ),
            given.folder.display()
        );
    }
    for remark in &returned.remarks {
        let _ = writeln!(text, "  {remark}");
    }
    text
}
