//! The inbox: who has sent what, what became of each file, and what only a person can tell.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use minijinja::{Value, context};

use super::route::{Answer, Asked};
use super::state::Shown;
use super::{questions, view};
use crate::model::outcome::Sent;
use crate::model::{Lang, Period, Severity, Verdict};
use crate::workspace::standing::{Cell, Standing};

pub fn page(asked: &Asked, shown: &Shown) -> Answer {
    let lang = shown.lang;
    let outcome = shown.outcome();
    let Some(period) = asked.period(shown) else {
        return Answer::Page("inbox.html", context! { empty => true, verdicts => verdicts(shown), drop => true });
    };
    let today = chrono::Local::now().date_naive();
    let standing = Standing::new(outcome, period, today, shown.settings.deadline(period), None);
    let level = asked.field("level");
    let only = asked.field("only");
    let first = first_findings(shown, period);
    let waiting = waiting(shown, period);
    let mut groups: Vec<(String, Vec<Value>, usize, usize)> = Vec::new();
    for (unit, row) in &standing.grid {
        let own = outcome.units.get(unit).map_or("", |u| u.level.as_str());
        if !level.is_empty() && own != level {
            continue;
        }
        let owed = row.iter().filter(|c| c.sent != Sent::NotExpected).count();
        let complete = row.iter().all(|c| !c.sent.is_owed()) && owed > 0;
        let cells: Vec<Value> = row
            .iter()
            .zip(&standing.forms)
            .map(|(own, form)| {
                let at = (unit.clone(), form.clone());
                let (warnings, place) = first.get(&at).map_or((0, None), |f| (f.warnings, f.place.clone()));
                cell(own, warnings, waiting.contains(&at), place, lang)
            })
            .collect();
        let interesting = match only {
            "wrong" => row.iter().any(|c| c.errors > 0),
            "missing" => row.iter().any(|c| c.sent.is_owed()),
            _ => true,
        };
        if !interesting {
            continue;
        }
        let name = outcome.catalogue.words.levels.get(own).cloned().unwrap_or_else(|| own.to_owned());
        let unit = context! { code => &**unit, name => outcome.units.name(unit), cells };
        match groups.iter_mut().find(|(known, ..)| *known == name) {
            Some((_, rows, whole, all)) => {
                rows.push(unit);
                *whole += usize::from(complete);
                *all += usize::from(owed > 0);
            }
            None => groups.push((name, vec![unit], usize::from(complete), usize::from(owed > 0))),
        }
    }
    let groups: Vec<Value> =
        groups.into_iter().map(|(name, rows, whole, all)| context! { name, rows, whole, all }).collect();
    let forms: Vec<Value> = standing
        .forms
        .iter()
        .map(|f| context! { id => &**f, short => view::short(f), title => outcome.catalogue.form(f).map(|f| f.title.clone()) })
        .collect();
    let due = standing.due.iter().flatten().min().copied();
    let late = due.filter(|d| *d < today).map(|d| (today - d).num_days());
    let levels: BTreeSet<&str> =
        outcome.units.list.iter().map(|u| u.level.as_str()).filter(|l| !l.is_empty()).collect();
    let levels: Vec<Value> = levels
        .into_iter()
        .map(|l| {
            let name = outcome.catalogue.words.levels.get(l).map_or(l, String::as_str);
            context! { id => l, name, now => l == level }
        })
        .collect();
    Answer::Page(
        "inbox.html",
        context! {
            groups, forms, levels, level, only, late,
            asks => questions::shown_questions(shown, period),
            units => units(shown),
            verdicts => verdicts(shown),
            read => outcome.files.iter().filter(|f| f.verdict == Verdict::Read).count(),
            years => view::years(shown, Some(period)),
        },
    )
}

/// The first finding of a unit's form, the worst first, and how many wait to be confirmed.
struct First {
    place: Option<String>,
    warnings: usize,
}

fn first_findings(shown: &Shown, period: Period) -> BTreeMap<(Arc<str>, Arc<str>), First> {
    let mut first: BTreeMap<(Arc<str>, Arc<str>), First> = BTreeMap::new();
    for ret in shown.outcome().returns.iter().filter(|r| r.counts() && period.holds(r.period)) {
        let place = view::sheet(&ret.file, &ret.sheet);
        first.entry((ret.unit.clone(), ret.form.clone())).or_insert(First { place: Some(place), warnings: 0 });
    }
    let own =
        shown.outcome().findings.iter().filter(|f| f.waived.is_none() && f.period.is_some_and(|p| period.holds(p)));
    let mut led: BTreeSet<(Arc<str>, Arc<str>)> = BTreeSet::new();
    for finding in own {
        let at = (finding.unit.clone(), finding.form.clone());
        let entry = first.entry(at.clone()).or_insert(First { place: None, warnings: 0 });
        entry.warnings += usize::from(finding.severity == Severity::Warning);
        if finding.severity != Severity::Note && led.insert(at) {
            entry.place = Some(super::returns::place(finding));
        }
    }
    first
}

/// Units and forms about which a question is open.
fn waiting(shown: &Shown, period: Period) -> BTreeSet<(Arc<str>, Arc<str>)> {
    questions::questions(shown, Some(period)).into_iter().filter_map(|q| q.about).collect()
}

fn cell(own: &Cell, warnings: usize, asked: bool, place: Option<String>, lang: Lang) -> Value {
    let names = |missing: &[Period]| missing.iter().map(|p| view::period_name(*p, lang)).collect::<Vec<_>>().join(", ");
    let (state, sign, words): (&str, String, String) = match (&own.sent, own.errors) {
        (Sent::Whole | Sent::Partly(_), n @ 1..) => (
            "error",
            lang.pick(format!("{n} lỗi"), format!("{n} wrong")),
            lang.pick("lỗi phải sửa", "to be corrected").into(),
        ),
        (Sent::Undecided, _) => {
            let words =
                lang.pick("mấy bản khác nhau, chưa rõ lấy bản nào", "versions differ, and nothing says which counts");
            ("ask", lang.pick("chọn", "which?").into(), words.into())
        }
        (Sent::Whole | Sent::Partly(_), _) if asked => (
            "ask",
            lang.pick("2 bản", "2 vers.").into(),
            lang.pick("có hai bản khác nhau", "two versions differ").into(),
        ),
        (Sent::Partly(missing), _) => {
            let names = names(missing);
            (
                "part",
                lang.pick("1 phần", "part").into(),
                lang.pick(format!("còn thiếu {names}"), format!("without {names}")),
            )
        }
        (Sent::Whole, _) if warnings > 0 => (
            "warn",
            lang.pick(format!("{warnings} hỏi"), format!("{warnings} ask")),
            lang.pick("cần xác nhận", "to be confirmed").into(),
        ),
        (Sent::Whole, _) => ("ok", "✓".into(), lang.pick("đã gửi, khớp", "sent, ties").into()),
        (Sent::Unreadable(file), _) => {
            let words = lang.pick(format!("{file}: không đọc được"), format!("{file} can't be read"));
            ("error", lang.pick("hỏng", "unread").into(), words)
        }
        (Sent::Empty, _) => {
            ("part", lang.pick("trống", "empty").into(), lang.pick("gửi biểu trống", "sent empty").into())
        }
        (Sent::Missing, _) if own.late => ("late", "–".into(), lang.pick("chưa gửi, quá hạn", "missing, late").into()),
        (Sent::Missing, _) => ("missing", "○".into(), lang.pick("chưa gửi", "not yet sent").into()),
        (Sent::NotExpected, _) => ("none", String::new(), lang.pick("không phải gửi", "not owed").into()),
    };
    context! { state, sign, words, place, again => own.again }
}

/// All units, for a list to choose from.
pub fn units(shown: &Shown) -> Vec<Value> {
    let outcome = shown.outcome();
    if outcome.units.list.is_empty() {
        // Without a list units are called as they call themselves.
        let named: BTreeSet<&str> = outcome.returns.iter().map(|r| &*r.unit).collect();
        return named.into_iter().map(|name| context! { code => name, name }).collect();
    }
    outcome.units.list.iter().map(|u| context! { code => &*u.code, name => u.name.as_str() }).collect()
}

/// Files that could not be used, or not wholly, and those that somebody set aside.
fn verdicts(shown: &Shown) -> Vec<Value> {
    let lang = shown.lang;
    let files = shown.outcome().files.iter().filter(|f| f.verdict != Verdict::Read || f.is_read_in_part());
    let machine =
        |f: &&crate::model::FileReport| !f.file.rsplit('/').next().unwrap_or_default().starts_with(['~', '.']);
    files
        .filter(machine)
        .map(|file| {
            let word = match file.verdict {
                Verdict::Read => lang.pick("đọc thiếu", "read in part"),
                Verdict::LeftOut => lang.pick("bỏ qua", "left out"),
                Verdict::Refused => lang.pick("không đọc được", "can't be read"),
            };
            let state = if file.verdict == Verdict::Refused { "error" } else { "quiet" };
            context! { file => &*file.file, word, state, reason => file.told().pick(lang) }
        })
        .collect()
}
