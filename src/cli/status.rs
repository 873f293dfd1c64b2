//! `tonghop status`: who has sent what, with errors, what is missing and late; and letters to those who owe something.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use chrono::NaiveDate;

use super::args::{Format, StatusArgs};
use super::{End, boundaries, run, say};
use crate::frame::coverage::coverage;
use crate::model::coverage::Sent;
use crate::model::{Boundaries, Finding, Lang, Outcome, Period, Severity};
use crate::words::Words;
use crate::write::{self, Awaited, Reminder, Wrong};

pub fn run(args: &StatusArgs) -> Result<End, String> {
    let lang = args.input.common.lang();
    let outcome = run::run(&args.input, false)?;
    let today = args.today.unwrap_or_else(|| chrono::Local::now().date_naive());
    let day = args.boundaries.map(|day| outcome.units.on(day));
    let standing = Standing::new(&outcome, args.period, today, args.due, day.as_ref());
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

/// What has come in for a period: every unit with each form.
struct Standing {
    forms: Vec<Arc<str>>,
    /// By when each is to be sent.
    due: Vec<Option<NaiveDate>>,
    /// The day set in place of the forms' own.
    deadline: Option<NaiveDate>,
    /// Every unit with each form, in the order of units.csv; units that are not on it come after, by name.
    grid: Vec<(Arc<str>, Vec<Cell>)>,
}

/// A unit's form in the grid.
struct Cell {
    sent: Sent,
    errors: usize,
    /// Nothing came, and it was due before today.
    late: bool,
    /// A newer version was taken in place of an older one.
    again: bool,
}

impl Standing {
    /// As of a day. `deadline` stands in place of the forms' own.
    fn new(
        outcome: &Outcome,
        period: Period,
        today: NaiveDate,
        deadline: Option<NaiveDate>,
        day: Option<&Boundaries>,
    ) -> Self {
        let mut coverage = coverage(outcome, period);
        if let Some(day) = day {
            coverage = coverage.on(day, period);
        }
        let now = |unit: &Arc<str>| day.map_or(unit, |day| day.of(unit)).clone();
        let forms = coverage.forms.clone();
        let own = |id: &Arc<str>| outcome.catalogue.form(id).and_then(|form| form.due_on(period));
        let due: Vec<Option<NaiveDate>> = forms.iter().map(|id| deadline.or_else(|| own(id))).collect();
        let older = outcome.returns.iter().filter(|r| !r.counts() && r.instead().is_none() && period.holds(r.period));
        let again: BTreeSet<(Arc<str>, &Arc<str>)> = older.map(|r| (now(&r.unit), &r.form)).collect();
        let mut units: Vec<Arc<str>> = Vec::new();
        let came = forms.iter().flat_map(|form| coverage.came(form).map(|(unit, _)| unit)).collect::<BTreeSet<_>>();
        for unit in outcome.units.list.iter().map(|u| now(&u.code)).chain(came.into_iter().cloned()) {
            if !units.contains(&unit) {
                units.push(unit);
            }
        }
        let cell = |unit: &Arc<str>, at: usize| {
            let (form, sent) = (&forms[at], coverage.of(&forms[at], unit));
            Cell {
                errors: errors(outcome, unit, form, period, day).count(),
                late: !matches!(sent, Sent::NotExpected | Sent::Whole | Sent::Partly(_))
                    && due[at].is_some_and(|day| day < today),
                again: again.contains(&(unit.clone(), form)),
                sent,
            }
        };
        let row = |unit: Arc<str>| {
            let row = (0..forms.len()).map(|at| cell(&unit, at)).collect();
            (unit, row)
        };
        let grid = units.into_iter().map(row).collect();
        Self { due, deadline, grid, forms }
    }
}

/// What must be corrected in a unit's form for the period.
fn errors<'a>(
    outcome: &'a Outcome,
    unit: &'a Arc<str>,
    form: &'a str,
    period: Period,
    day: Option<&'a Boundaries>,
) -> impl Iterator<Item = &'a Finding> {
    outcome.findings.iter().filter(move |f| {
        *f.form == *form
            && day.map_or(&f.unit, |day| day.of(&f.unit)) == unit
            && f.period.is_some_and(|p| period.holds(p))
            && f.severity == Severity::Error
            && f.waived.is_none()
    })
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
            let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
            format!(": {} {}", lang.pick("thiếu", "without"), names.join(", "))
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
            let Some(form) = outcome.catalogue.form(id) else {
                continue;
            };
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
