//! `tonghop consolidate`: the whole job, from a folder of workbooks to the province's files. `tonghop return`:
//! marked copies of what each unit must correct, with a letter; `consolidate` writes them too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{ConsolidateArgs, Input, ReturnArgs};
use super::{End, run, say};
use crate::aggregate::Aggregation;
use crate::files::{real, real_to_be};
use crate::model::outcome::Sent;
use crate::model::{Boundaries, Consolidation, Kept, Lang, Outcome, Period};
use crate::pipeline::Originals;
use crate::write::{self, Given, Reports, Returned};

pub fn run(args: &ConsolidateArgs) -> Result<End, String> {
    let lang = args.input.common.lang;
    // Before the long work: a template that can't be used is said at once.
    let catalogue = run::load(&args.input.common)?;
    let reports = Reports::load(&catalogue, &args.report).map_err(|complaint| complaint.said(lang))?;
    let outcome = run::run(&args.input, false)?;
    let aggregation = Aggregation::new(&outcome.returns, &outcome.catalogue, &outcome.units)?;
    let consolidation = aggregation.of(args.period, args.boundaries)?;
    // What was found is printed whether or not it can be added up and written.
    say::out(&say::outcome(&outcome, lang));
    if consolidation.totals.is_empty() {
        return Err(nothing_of(&outcome, args.period, lang));
    }
    if let Some(why) = too_many(&outcome, &consolidation, lang) {
        return Err(why);
    }
    let today = chrono::Local::now().date_naive();
    let written = write::write(&outcome, &consolidation, args.period, &reports, lang, today, &args.out);
    let mut text = covered(&outcome, &consolidation, lang);
    if let Some(day) = &consolidation.boundaries {
        text += &boundaries(day, &outcome, args.period, lang);
    }
    if let Ok(files) = &written {
        text += &format!("{}: {}\n", lang.pick("Đã ghi", "Written"), listed(files));
        text += &say::kept(files, lang);
    }
    let templates = super::forms::write_learned(&outcome.catalogue, &args.out.join("bieu"), lang)?;
    if !templates.is_empty() {
        let what = lang.pick("Mẫu học được, chờ xác nhận", "Templates learned, to be confirmed");
        text += &format!("{what}: {}\n", listed(&templates));
    }
    say::out(&text);
    // A file open in Excel does not keep the units waiting for theirs.
    let (said, failed) = write_returned(&args.input, &outcome, args.period, &args.out)?;
    say::out(&said);
    let failed: Vec<String> = written.err().map(|e| e.say(lang)).into_iter().chain(failed).collect();
    if !failed.is_empty() {
        return Err(failed.join("\n"));
    }
    Ok(if outcome.errors() > 0 { End::Errors } else { End::Clean })
}

/// From how many units each form's totals are.
fn covered(outcome: &Outcome, consolidation: &Consolidation, lang: Lang) -> String {
    let coverage = &consolidation.coverage;
    let came = coverage.forms.iter().filter(|form| coverage.came(form).next().is_some());
    let line = |form: &Arc<str>| {
        let ((whole, expected), rest) = (coverage.counts(form), not_in(outcome, consolidation, form, lang));
        lang.pick(
            format!("{form}: tổng hợp từ {whole}/{expected} đơn vị{rest}\n"),
            format!("{form}: from {whole} of {expected} units{rest}\n"),
        )
    };
    came.map(line).collect()
}

/// Files by their paths.
pub fn listed(files: &[PathBuf]) -> String {
    files.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// A total never counts more units than are expected: somebody is counted who should not be.
fn too_many(outcome: &Outcome, consolidation: &Consolidation, lang: Lang) -> Option<String> {
    let coverage = &consolidation.coverage;
    let form = coverage.forms.iter().find(|form| {
        let (whole, expected) = coverage.counts(form);
        whole > expected
    })?;
    let (whole, expected) = coverage.counts(form);
    let files = |unit: &str| {
        let own = outcome.returns.iter().filter(|r| *r.unit == *unit && r.form == *form && r.counts());
        let mut files: Vec<&str> = own.map(|r| &*r.file).collect();
        files.dedup();
        files.join(", ")
    };
    let strangers = coverage.strangers(form).into_iter();
    let list = strangers.map(|unit| format!("{} ({})", outcome.units.name(unit), files(unit))).collect::<Vec<_>>();
    let list = list.join("; ");
    Some(lang.pick(
        format!("{form}: có số liệu của {whole} đơn vị nhưng chỉ {expected} đơn vị phải gửi, nên chưa tổng hợp. Không có trong danh sách: {list}. Thêm đơn vị vào units.csv (hoặc tên khác của nó vào cột aliases), hoặc bỏ tệp ra khỏi thư mục."),
        format!("{form}: {whole} units sent figures but only {expected} are expected, so nothing was added up. Not on the list: {list}. Add the unit to units.csv (or its other name to the aliases), or take the file out of the folder."),
    ))
}

/// Nothing is of the period asked for: which periods there are.
fn nothing_of(outcome: &Outcome, period: Period, lang: Lang) -> String {
    let found: BTreeSet<Period> = outcome.returns.iter().filter(|r| r.counts()).map(|r| r.period).collect();
    let nothing = lang.pick(
        format!("Không có biểu nào của {} trong các tệp đã đọc.", period.in_vietnamese()),
        format!("None of the files read holds a form for {period}."),
    );
    let list = |name: &dyn Fn(&Period) -> String| found.iter().map(name).collect::<Vec<_>>().join(", ");
    match found.is_empty() {
        true => nothing,
        false => lang.pick(
            format!("{nothing} Có biểu của: {}.", list(&|p| format!("{} (--period {p})", p.in_vietnamese()))),
            format!("{nothing} There are forms for: {}.", list(&Period::to_string)),
        ),
    }
}

/// Who sent something that is not in the totals, and why.
fn not_in(outcome: &Outcome, consolidation: &Consolidation, form: &str, lang: Lang) -> String {
    let reasons = consolidation.coverage.came(form).filter_map(|(unit, sent)| {
        let why = match sent {
            Sent::Partly(missing) => {
                format!("{} {}", lang.pick("thiếu", "without"), lang.periods(missing))
            }
            Sent::Empty => lang.pick("gửi biểu trống", "sent empty").to_owned(),
            Sent::Undecided => lang.pick("nhiều bản, chưa rõ bản nào", "in versions that nothing orders").to_owned(),
            Sent::Unreadable(file) => lang.pick(format!("không đọc được {file}"), format!("{file} can't be read")),
            Sent::Whole | Sent::Missing | Sent::NotExpected => return None,
        };
        Some(format!("{}: {why}", outcome.units.name(unit)))
    });
    let reasons: Vec<String> = reasons.collect();
    match reasons.is_empty() {
        true => String::new(),
        false => format!(" ({} {})", lang.pick("chưa tính", "not in them:"), reasons.join("; ")),
    }
}

/// Of the units that reported for the period: which are shown under which, which stay as they were and why.
pub fn boundaries(day: &Boundaries, outcome: &Outcome, period: Period, lang: Lang) -> String {
    let name = |code: &str| outcome.units.name(code).to_owned();
    let reported: BTreeSet<&Arc<str>> =
        outcome.returns.iter().filter(|r| !r.superseded && period.holds(r.period)).map(|r| &r.unit).collect();
    let on = day.day.format("%d/%m/%Y");
    let mut text = lang.pick(
        format!(
            "Đơn vị theo tổ chức ngày {on}; tổng toàn tỉnh không đổi, câu trả lời theo mã đếm theo đơn vị đã gửi.\n"
        ),
        format!(
            "Units as they stand on {}; the grand total is the same, coded answers are counted as they were sent.\n",
            day.day
        ),
    );
    let mut joined: BTreeMap<&Arc<str>, Vec<String>> = BTreeMap::new();
    for unit in reported.iter().filter(|u| day.of(u) != **u) {
        joined.entry(day.of(unit)).or_default().push(name(unit));
    }
    for (now, former) in joined {
        text += &format!("  {} ← {}\n", name(now), former.join("; "));
    }
    for (unit, why) in day.kept.iter().filter(|(unit, _)| {
        reported.contains(unit) || day.stands_for.iter().any(|(former, now)| now == *unit && reported.contains(former))
    }) {
        let unit = name(unit);
        text += &match why {
            Kept::Split(heirs) => {
                let heirs = heirs.iter().map(|h| name(h)).collect::<Vec<_>>().join("; ");
                lang.pick(
                    format!("  {unit}: việc đã chia cho {heirs}; số liệu không tách được nên giữ dưới tên cũ.\n"),
                    format!(
                        "  {unit}: its work went to {heirs}; its figures can't be shared out and stay under its name.\n"
                    ),
                )
            }
            Kept::Later => lang.pick(
                format!("  {unit}: lập sau ngày {on}; số liệu giữ dưới tên này.\n"),
                format!("  {unit}: came after {}; its figures stay under its name.\n", day.day),
            ),
        };
    }
    text
}

pub fn returned(args: &ReturnArgs) -> Result<End, String> {
    let lang = args.input.common.lang;
    if let Some(path) = surrounding(&args.input, &args.out) {
        return Err(among(&args.out, path, lang));
    }
    let outcome = run::run(&args.input, false)?;
    let (summary, failed) = write_returned(&args.input, &outcome, args.period, &args.out)?;
    say::out(&summary);
    failed.map_or(Ok(()), Err)?;
    Ok(End::of(&outcome))
}

/// Writes what goes back; what to say of it, and of units whose files could not be written. Among the reports nothing is written: the copies would be read as reports.
pub fn write_returned(
    input: &Input,
    outcome: &Outcome,
    period: Period,
    dir: &Path,
) -> Result<(String, Option<String>), String> {
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
    let whole = real_to_be(dir)?;
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
    let mut text = match returned.units.is_empty() {
        true => lang.pick(
            format!("{}: không có gì phải trả lại đơn vị.\n", period.in_vietnamese()),
            format!("{period}: nothing has to go back.\n"),
        ),
        false => lang.pick("Trả lại đơn vị để sửa:\n", "To go back to the units:\n").to_owned(),
    };
    for Given { unit, folder, copies, errors, warnings } in &returned.units {
        let folder = folder.display();
        text += &lang.pick(
            format!("  {unit}: {errors} lỗi, {warnings} chỗ cần xác nhận, {copies} tệp đánh dấu và thư — {folder}\n"),
            format!(
                "  {unit}: {errors} errors, {warnings} to confirm, {copies} marked files and a letter — {folder}\n"
            ),
        );
    }
    if !returned.rebuilt.is_empty() {
        let list = returned.rebuilt.join(", ");
        text += &lang.pick(
            format!("  Không ghi chú trực tiếp được nên dựng lại thành .xlsx, chỉ có giá trị: {list}\n"),
            format!("  Made anew as .xlsx, values only, because their formats can't be marked: {list}\n"),
        );
    }
    text += &say::kept(&returned.files, lang);
    for remark in &returned.remarks {
        text += &format!("  {remark}\n");
    }
    text
}
