//! `tonghop status`: who has sent what, with errors, what is missing and late; and letters to those who owe something.

use std::fmt::Write as _;
use std::sync::Arc;

use chrono::NaiveDate;

use super::args::{Format, StatusArgs};
use super::standing::{Sent, Standing, errors};
use super::{End, boundaries, run, say};
use crate::model::{Lang, Outcome, Period};
use crate::words::Words;
use crate::write::{self, Awaited, Reminder, Wrong};

pub fn run(args: &StatusArgs) -> Result<End, String> {
    let lang = args.input.common.lang();
    let outcome = run::run(&args.input, false)?;
    let today = args.today.unwrap_or_else(|| chrono::Local::now().date_naive());
    let mut standing = Standing::new(&outcome, args.period, today, args.due);
    let day = args.boundaries.map(|day| outcome.units.on(day));
    if let Some(day) = &day {
        standing = standing.on(day);
    }
    if let Some(dir) = &args.reminders {
        let owed = owed(&standing, &outcome, args.period);
        let written = write::reminders(&owed, args.period, today, dir, &Words::of(&outcome, Lang::Vi))
            .map_err(|e| e.say(lang))?;
        let (count, dir) = (written.len(), dir.display());
        say::trouble(
            &lang.pick(format!("Đã ghi {count} thư nhắc vào {dir}."), format!("{count} letters written to {dir}.")),
        );
    }
    if args.format == Format::Json {
        say::out(&json(&standing, args.period));
        return Ok(End::Clean);
    }
    let mut text = table(&standing, &outcome, args.period, lang);
    still_to_come(&standing, &outcome, today, lang, &mut text);
    if let Some(day) = &day {
        let _ = write!(text, "\n{}", boundaries::words(day, &outcome, args.period, lang));
    }
    say::out(&text);
    Ok(End::Clean)
}

/// One row a unit, one column a form.
fn table(standing: &Standing, outcome: &Outcome, period: Period, lang: Lang) -> String {
    let mut text = format!("{}\n\n", lang.pick(period.in_vietnamese(), period.to_string()));
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
        for (sent, form) in row.iter().zip(&standing.forms) {
            let mut mark = match sent {
                Sent::Clean => "✓".to_owned(),
                Sent::Errors(n) => lang.pick(format!("{n} lỗi"), format!("{n} err")),
                Sent::Part => lang.pick("1 phần", "part").to_owned(),
                Sent::Missing => lang.pick("thiếu", "missing").to_owned(),
                Sent::Late => lang.pick("quá hạn", "late").to_owned(),
                Sent::NotExpected => "·".to_owned(),
            };
            if standing.again.contains(&(unit.clone(), form.clone())) {
                mark.push('*');
            }
            let _ = write!(text, " {mark:>7}");
        }
        text.push('\n');
    }
    if !standing.again.is_empty() {
        let _ = writeln!(text, "\n* {}", lang.pick("đã gửi lại; lấy bản mới", "sent again; the newer one counts"));
    }
    text
}

/// Who is late and since when, and who still has time.
fn still_to_come(standing: &Standing, outcome: &Outcome, today: NaiveDate, lang: Lang, text: &mut String) {
    let with = |wanted: Sent| -> Vec<String> {
        let rows = standing.grid.iter().filter(|(_, row)| row.contains(&wanted));
        rows.map(|(unit, row)| {
            let forms = row.iter().zip(&standing.forms);
            let forms: Vec<&str> = forms.filter(|(sent, _)| **sent == wanted).map(|(_, f)| short(f)).collect();
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
        days.collect::<Vec<_>>().join(", ")
    };
    for (wanted, words) in
        [(Sent::Late, lang.pick("Quá hạn", "Late")), (Sent::Missing, lang.pick("Chưa gửi đủ", "Still to come"))]
    {
        let units = with(wanted);
        if units.is_empty() {
            continue;
        }
        let days = match days(wanted == Sent::Late) {
            days if days.is_empty() => String::new(),
            days => format!(" ({} {days})", lang.pick("hạn gửi", "due")),
        };
        let _ = write!(text, "\n{words}{days}:\n{}", units.concat());
    }
}

/// `II.06a`, `BM3`.
fn short(form: &str) -> &str {
    form.trim_start_matches("CCHC/").split('/').next().unwrap_or_default()
}

/// What every unit owes that owes anything.
fn owed<'a>(standing: &'a Standing, outcome: &'a Outcome, period: Period) -> Vec<Reminder<'a>> {
    let of = |unit: &'a Arc<str>, row: &'a [Sent]| {
        let mut reminder = Reminder { unit, name: outcome.units.name(unit), missing: Vec::new(), wrong: Vec::new() };
        for ((sent, id), due) in row.iter().zip(&standing.forms).zip(&standing.due) {
            let Some(form) = outcome.catalogue.form(id) else {
                continue;
            };
            match sent {
                Sent::Missing | Sent::Late | Sent::Part => reminder.missing.push(Awaited {
                    form,
                    due: *due,
                    basis: match (&form.due, standing.deadline) {
                        (Some(due), None) => &due.basis,
                        _ => "",
                    },
                    in_part: *sent == Sent::Part,
                }),
                Sent::Errors(_) => {
                    reminder.wrong.push(Wrong { form, findings: errors(outcome, unit, id, period).collect() })
                }
                Sent::Clean | Sent::NotExpected => {}
            }
        }
        reminder
    };
    let all = standing.grid.iter().map(|(unit, row)| of(unit, row));
    all.filter(|r| !r.missing.is_empty() || !r.wrong.is_empty()).collect()
}

fn json(standing: &Standing, period: Period) -> String {
    let rows = standing.grid.iter().map(|(unit, row)| {
        let cells =
            standing.forms.iter().zip(row).zip(&standing.due).filter(|((_, sent), _)| **sent != Sent::NotExpected).map(
                |((form, sent), due)| {
                    let (state, errors) = match sent {
                        Sent::Clean => ("sent", 0),
                        Sent::Errors(n) => ("sent", *n),
                        Sent::Part => ("part", 0),
                        Sent::Missing | Sent::Late | Sent::NotExpected => ("missing", 0),
                    };
                    serde_json::json!({
                        "form": &**form, "state": state, "errors": errors,
                        "due": due.map(|d| d.to_string()), "late": *sent == Sent::Late,
                        "resubmitted": standing.again.contains(&(unit.clone(), form.clone())),
                    })
                },
            );
        serde_json::json!({ "unit": &**unit, "forms": cells.collect::<Vec<_>>() })
    });
    let all = serde_json::json!({ "schema": "tonghop.status/1", "period": period.to_string(), "units": rows.collect::<Vec<_>>() });
    format!("{all:#}\n")
}
