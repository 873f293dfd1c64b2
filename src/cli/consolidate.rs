//! `tonghop consolidate`: the whole job, from a folder of workbooks to the province's files.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use super::args::ConsolidateArgs;
use super::{End, returned, run, say};
use crate::aggregate::Aggregation;
use crate::model::outcome::Sent;
use crate::model::{Boundaries, Consolidation, Kept, Lang, Outcome, Period};
use crate::write::{self, Reports};

pub fn run(args: &ConsolidateArgs) -> Result<End, String> {
    let lang = args.input.common.lang;
    // Before the long work: a template that can't be used is said at once.
    let catalogue = run::load(&args.input.common)?;
    let reports = Reports::load(&catalogue, &args.report).map_err(|complaint| complaint.said(lang))?;
    let outcome = run::run(&args.input, false)?;
    let aggregation = Aggregation::new(&outcome.returns, &outcome.catalogue, &outcome.units)?;
    let consolidation = aggregation.of(args.period, args.boundaries)?;
    if consolidation.totals.is_empty() {
        say::out(&say::outcome(&outcome, lang));
        return Err(nothing_of(&outcome, args.period, lang));
    }
    if let Some(why) = too_many(&outcome, &consolidation, lang) {
        say::out(&say::outcome(&outcome, lang));
        return Err(why);
    }
    let today = chrono::Local::now().date_naive();
    // What was found is printed whether or not it can be written.
    say::out(&say::outcome(&outcome, lang));
    let written = write::write(&outcome, &consolidation, args.period, &reports, lang, today, &args.out);
    let mut text = String::new();
    for form in &consolidation.coverage.forms {
        let (whole, expected) = consolidation.coverage.counts(form);
        if consolidation.coverage.came(form).next().is_some() {
            let _ = writeln!(
                text,
                "{form}: {}{}",
                lang.pick(
                    format!("tổng hợp từ {whole}/{expected} đơn vị"),
                    format!("from {whole} of {expected} units")
                ),
                not_in(&outcome, &consolidation, form, lang)
            );
        }
    }
    if let Some(day) = &consolidation.boundaries {
        text.push_str(&boundaries(day, &outcome, args.period, lang));
    }
    if let Ok(files) = &written {
        let names: Vec<String> = files.iter().map(|f| f.display().to_string()).collect();
        let _ = writeln!(text, "{}: {}", lang.pick("Đã ghi", "Written"), names.join(", "));
        text.push_str(&say::kept(files, lang));
    }
    let templates = super::forms::write_learned(&outcome.catalogue, &args.out.join("bieu"), lang)?;
    if !templates.is_empty() {
        let names: Vec<String> = templates.iter().map(|f| f.display().to_string()).collect();
        let _ = writeln!(
            text,
            "{}: {}",
            lang.pick("Mẫu học được, chờ xác nhận", "Templates learned, to be confirmed"),
            names.join(", ")
        );
    }
    say::out(&text);
    // A file open in Excel does not keep the units waiting for theirs.
    let (said, failed) = returned::write(&args.input, &outcome, args.period, &args.out)?;
    say::out(&said);
    let failed: Vec<String> = written.err().map(|e| e.say(lang)).into_iter().chain(failed).collect();
    if !failed.is_empty() {
        return Err(failed.join("\n"));
    }
    Ok(if outcome.errors() > 0 { End::Errors } else { End::Clean })
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
        let _ = writeln!(text, "  {} ← {}", name(now), former.join("; "));
    }
    for (unit, why) in day.kept.iter().filter(|(unit, _)| {
        reported.contains(unit) || day.stands_for.iter().any(|(former, now)| now == *unit && reported.contains(former))
    }) {
        let unit = name(unit);
        let _ = match why {
            Kept::Split(heirs) => {
                let heirs = heirs.iter().map(|h| name(h)).collect::<Vec<_>>().join("; ");
                writeln!(
                    text,
                    "  {}",
                    lang.pick(
                        format!("{unit}: việc đã chia cho {heirs}; số liệu không tách được nên giữ dưới tên cũ."),
                        format!(
                            "{unit}: its work went to {heirs}; its figures can't be shared out and stay under its name."
                        ),
                    )
                )
            }
            Kept::Later => writeln!(
                text,
                "  {}",
                lang.pick(
                    format!("{unit}: lập sau ngày {on}; số liệu giữ dưới tên này."),
                    format!("{unit}: came after {}; its figures stay under its name.", day.day),
                )
            ),
        };
    }
    text
}
