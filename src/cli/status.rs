//! `tonghop status`: who has sent what, with errors, what is missing and late; and letters to those who owe something.

use std::fmt::Write as _;
use std::sync::Arc;

use chrono::NaiveDate;

use super::args::{Format, StatusArgs};
use super::{End, consolidate, run, say};
use crate::model::outcome::Sent;
use crate::model::{Lang, Outcome, Period};
use crate::words::Words;
use crate::workspace::standing::{Cell, Standing, errors};
use crate::write::{self, Awaited, Reminder, Wrong};

pub fn run(args: &StatusArgs) -> Result<End, String> {
    let lang = args.input.common.lang;
    let outcome = run::run(&args.input, false)?;
    let today = args.today.unwrap_or_else(|| chrono::Local::now().date_naive());
    let day = args.boundaries.map(|day| outcome.units.on(day));
    let set = args.input.workspace.as_ref().and_then(|w| w.settings().ok()?.deadline(args.period));
    let standing = Standing::new(&outcome, args.period, today, args.due.or(set), day.as_ref());
    if let Some(dir) = &args.reminders {
        let owed = owed(&standing, &outcome, args.period);
        let written = write::reminders(
            &owed,
            args.period,
            today,
            dir,
            &Words::of(&outcome, Lang::Vi),
            outcome.province().as_deref(),
        )
        .map_err(|e| e.say(lang))?;
        let (count, dir) = (written.len(), dir.display());
        say::trouble(
            &lang.pick(format!("Đã ghi {count} thư nhắc vào {dir}."), format!("{count} letters written to {dir}.")),
        );
    }
    if args.format == Format::Json {
        say::json(&json(&standing, args.period));
        return Ok(End::Clean);
    }
    let mut text = table(&standing, &outcome, args.period, lang);
    still_to_come(&standing, &outcome, today, lang, &mut text);
    if let Some(day) = &day {
        let _ = write!(text, "\n{}", consolidate::boundaries(day, &outcome, args.period, lang));
    }
    say::out(&text);
    Ok(End::Clean)
}

/// One row a unit, one column a form.
fn table(standing: &Standing, outcome: &Outcome, period: Period, lang: Lang) -> String {
    let mut text = format!("{}\n\n", lang.period(period));
    let width =
        standing.grid.iter().map(|(u, _)| outcome.units.name(u).chars().count()).max().unwrap_or(8).clamp(8, 42);
    let _ = write!(text, "{:width$}", lang.pick("Đơn vị", "Unit"));
    for form in &standing.forms {
        let _ = write!(text, " {:>7}", short(form));
    }
    text.push('\n');
    for (unit, row) in &standing.grid {
        let name: String = outcome.units.name(unit).chars().take(width).collect();
        let _ = write!(text, "{name:width$}");
        for cell in row {
            let mut mark = mark(cell, lang);
            if cell.again {
                mark.push('*');
            }
            let _ = write!(text, " {mark:>7}");
        }
        text.push('\n');
    }
    if standing.grid.iter().any(|(_, row)| row.iter().any(|cell| cell.again)) {
        let _ = writeln!(text, "\n* {}", lang.pick("đã gửi lại; lấy bản mới", "sent again; the newer one counts"));
    }
    text
}

fn mark(cell: &Cell, lang: Lang) -> String {
    match (&cell.sent, cell.errors) {
        (Sent::NotExpected, _) => "·".to_owned(),
        (Sent::Unreadable(_), _) => lang.pick("tệp hỏng", "unread").to_owned(),
        (Sent::Empty, _) => lang.pick("trống", "empty").to_owned(),
        (Sent::Undecided, _) => lang.pick("mấy bản?", "which?").to_owned(),
        (Sent::Missing, _) if cell.late => lang.pick("quá hạn", "late").to_owned(),
        (Sent::Missing, _) => lang.pick("thiếu", "missing").to_owned(),
        (Sent::Whole | Sent::Partly(_), n @ 1..) => lang.pick(format!("{n} lỗi"), format!("{n} err")),
        (Sent::Partly(_), 0) => lang.pick("1 phần", "part").to_owned(),
        (Sent::Whole, 0) => "✓".to_owned(),
    }
}

/// Who is late and since when, who still has time, and what came and is no use.
fn still_to_come(standing: &Standing, outcome: &Outcome, today: NaiveDate, lang: Lang, text: &mut String) {
    let with = |wanted: &dyn Fn(&Cell) -> bool, more: &dyn Fn(&Cell) -> String| -> Vec<String> {
        let rows = standing.grid.iter().filter(|(_, row)| row.iter().any(wanted));
        rows.map(|(unit, row)| {
            let forms = row.iter().zip(&standing.forms).filter(|(cell, _)| wanted(cell));
            let forms: Vec<String> = forms.map(|(cell, form)| format!("{}{}", short(form), more(cell))).collect();
            format!("  {} ({})\n", outcome.units.name(unit), forms.join(", "))
        })
        .collect()
    };
    let days = |late: bool| {
        let mut days: Vec<NaiveDate> = standing.due.iter().flatten().copied().collect();
        days.retain(|day| (*day < today) == late);
        days.sort_unstable();
        days.dedup();
        let days = days.iter().map(|d| d.format("%d/%m/%Y").to_string());
        match days.collect::<Vec<_>>().join(", ") {
            none if none.is_empty() => none,
            days => format!(" ({} {days})", lang.pick("hạn gửi", "due")),
        }
    };
    let nothing = |_: &Cell| String::new();
    let missing = |cell: &Cell| match &cell.sent {
        Sent::Partly(missing) => {
            format!(": {} {}", lang.pick("thiếu", "without"), lang.periods(missing))
        }
        Sent::Unreadable(file) => format!(": {file}"),
        _ => String::new(),
    };
    type Wanted<'a> = &'a dyn Fn(&Cell) -> bool;
    type More<'a> = &'a dyn Fn(&Cell) -> String;
    let late: Wanted = &|cell| cell.late && cell.sent == Sent::Missing;
    let to_come: Wanted = &|cell| !cell.late && cell.sent == Sent::Missing;
    let partly: Wanted = &|cell| matches!(cell.sent, Sent::Partly(_));
    let unread: Wanted = &|cell| matches!(cell.sent, Sent::Unreadable(_));
    let empty: Wanted = &|cell| cell.sent == Sent::Empty;
    let undecided: Wanted = &|cell| cell.sent == Sent::Undecided;
    let lists: [(Wanted, More, (&str, &str), String); 6] = [
        (late, &nothing, ("Quá hạn", "Late"), days(true)),
        (to_come, &nothing, ("Chưa gửi đủ", "Still to come"), days(false)),
        (partly, &missing, ("Mới gửi một phần của kỳ", "Sent for a part of the period"), String::new()),
        (unread, &missing, ("Có tệp nhưng không đọc được", "A file came that cannot be read"), String::new()),
        (empty, &nothing, ("Gửi biểu trống", "Sent empty"), String::new()),
        (
            undecided,
            &nothing,
            ("Gửi nhiều bản khác nhau, chưa rõ bản nào được tính", "Sent in versions that nothing orders"),
            String::new(),
        ),
    ];
    for (wanted, more, (vi, en), days) in lists {
        let units = with(wanted, more);
        if !units.is_empty() {
            let _ = write!(text, "\n{}{days}:\n{}", lang.pick(vi, en), units.concat());
        }
    }
}

/// `II.06a`, `BM3`.
fn short(form: &str) -> &str {
    form.trim_start_matches("CCHC/").split('/').next().unwrap_or_default()
}

/// What every unit owes that owes anything.
fn owed<'a>(standing: &'a Standing, outcome: &'a Outcome, period: Period) -> Vec<Reminder<'a>> {
    let of = |unit: &'a Arc<str>, row: &'a [Cell]| {
        let mut reminder = Reminder { unit, name: outcome.units.name(unit), missing: Vec::new(), wrong: Vec::new() };
        for ((cell, id), due) in row.iter().zip(&standing.forms).zip(&standing.due) {
            let Some(form) = outcome.catalogue.form(id) else { continue };
            if cell.sent.is_owed() {
                reminder.missing.push(Awaited {
                    form,
                    due: *due,
                    basis: match (&form.due, standing.deadline) {
                        (Some(due), None) => &due.basis,
                        _ => "",
                    },
                    sent: &cell.sent,
                });
            }
            if cell.errors > 0 {
                reminder.wrong.push(Wrong { form, findings: errors(outcome, unit, id, period, None).collect() })
            }
        }
        reminder
    };
    let all = standing.grid.iter().map(|(unit, row)| of(unit, row));
    all.filter(|r| !r.missing.is_empty() || !r.wrong.is_empty()).collect()
}

fn json(standing: &Standing, period: Period) -> String {
    let names = |missing: &[Period]| missing.iter().map(ToString::to_string).collect::<Vec<_>>();
    let rows = standing.grid.iter().map(|(unit, row)| {
        let cells = standing.forms.iter().zip(row).zip(&standing.due);
        let cells = cells.filter(|((_, cell), _)| cell.sent != Sent::NotExpected).map(|((form, cell), due)| {
            let (state, lacks) = match &cell.sent {
                Sent::Whole => ("sent", Vec::new()),
                Sent::Partly(missing) => ("part", names(missing)),
                Sent::Unreadable(_) => ("unreadable", Vec::new()),
                Sent::Empty => ("empty", Vec::new()),
                Sent::Undecided => ("undecided", Vec::new()),
                Sent::Missing | Sent::NotExpected => ("missing", Vec::new()),
            };
            let file = match &cell.sent {
                Sent::Unreadable(file) => Some(&**file),
                _ => None,
            };
            serde_json::json!({
                "form": &**form, "state": state, "errors": cell.errors, "lacks": lacks, "file": file,
                "due": due.map(|d| d.to_string()), "late": cell.late, "resubmitted": cell.again,
            })
        });
        serde_json::json!({ "unit": &**unit, "forms": cells.collect::<Vec<_>>() })
    });
    let all = serde_json::json!({ "schema": "tonghop.status/1", "period": period.to_string(), "units": rows.collect::<Vec<_>>() });
    format!("{all:#}\n")
}
