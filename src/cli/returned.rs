//! `tonghop return`: marked copies of what each unit must correct, with a letter; `consolidate` writes them too.

use std::fmt::Write as _;
use std::path::Path;

use super::args::{Input, ReturnArgs};
use super::{End, run, say};
use crate::files::real;
use crate::model::{Lang, Outcome, Period};
use crate::pipeline::Originals;
use crate::write::{self, Returned};

pub fn run(args: &ReturnArgs) -> Result<End, String> {
    let lang = args.input.common.lang;
    if let Some(path) = surrounding(&args.input, &args.out) {
        return Err(among(&args.out, path, lang));
    }
    let outcome = run::run(&args.input, false)?;
    let (summary, failed) = write(&args.input, &outcome, args.period, &args.out)?;
    say::out(&summary);
    failed.map_or(Ok(()), Err)?;
    Ok(End::of(&outcome))
}

/// Writes what goes back; what to say of it, and of units whose files could not be written. Among the reports nothing is written: the copies would be read as reports.
pub fn write(input: &Input, outcome: &Outcome, period: Period, dir: &Path) -> Result<(String, Option<String>), String> {
    let lang = input.common.lang;
    if let Some(path) = surrounding(input, dir) {
        return Ok((format!("{}\n", among(dir, path, lang)), None));
    }
    let originals =
        Originals::new(&input.paths, &outcome.files).map_err(|trouble| trouble.said().pick(lang).to_owned())?;
    let returned = write::returned(outcome, period, &|name| originals.get(name), lang, dir).map_err(|e| e.say(lang))?;
    let failed = (!returned.failed.is_empty()).then(|| returned.failed.join("\n"));
    Ok((in_words(&returned, period, lang), failed))
}

/// The PATH, a folder, that holds the folder to write into.
fn surrounding<'a>(input: &'a Input, dir: &Path) -> Option<&'a Path> {
    let whole = dir.ancestors().find_map(|above| {
        let there = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        let rest = dir.strip_prefix(above).ok()?;
        Some(real(there).ok()?.join(rest))
    })?;
    let holds = |path: &&std::path::PathBuf| path.is_dir() && real(path).is_ok_and(|p| whole.starts_with(p));
    input.paths.iter().find(holds).map(|p| p.as_path())
}

fn among(dir: &Path, path: &Path, lang: Lang) -> String {
    let (dir, path) = (dir.display(), path.display());
    lang.pick(
        format!("Chưa ghi bản trả lại: {dir} nằm trong thư mục báo cáo {path}, lần sau các bản ấy sẽ bị đọc như báo cáo. Chọn --out là thư mục khác."),
        format!("Nothing to go back was written: {dir} lies in the folder of reports {path}, and the copies would be read as reports. Choose another folder for --out."),
    )
}

fn in_words(returned: &Returned, period: Period, lang: Lang) -> String {
    let mut text = String::new();
    let _ = match returned.units.is_empty() {
        true => writeln!(
            text,
            "{}",
            lang.pick(
                format!("{}: không có gì phải trả lại đơn vị.", period.in_vietnamese()),
                format!("{period}: nothing has to go back."),
            )
        ),
        false => writeln!(text, "{}", lang.pick("Trả lại đơn vị để sửa:", "To go back to the units:")),
    };
    for given in &returned.units {
        let (errors, warnings, copies) = (given.errors, given.warnings, given.copies);
        let _ = writeln!(
            text,
            "  {}: {} — {}",
            given.unit,
            lang.pick(
                format!("{errors} lỗi, {warnings} chỗ cần xác nhận, {copies} tệp đánh dấu và thư"),
                format!("{errors} errors, {warnings} to confirm, {copies} marked files and a letter"),
            ),
            given.folder.display()
        );
    }
    if !returned.rebuilt.is_empty() {
        let list = returned.rebuilt.join(", ");
        let _ = writeln!(
            text,
            "  {}",
            lang.pick(
                format!("Không ghi chú trực tiếp được nên dựng lại thành .xlsx, chỉ có giá trị: {list}"),
                format!("Made anew as .xlsx, values only, because their formats can't be marked: {list}"),
            )
        );
    }
    text.push_str(&say::kept(&returned.files, lang));
    for remark in &returned.remarks {
        let _ = writeln!(text, "  {remark}");
    }
    text
}
