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
    let outcome = shown.outcome();
    let Some(period) = asked.period(shown) else {
        return Answer::Page("inbox.html", context! { empty => true, verdicts => verdicts(shown), drop => true });
    };
    let today = chrono::Local::now().date_naive();
    let standing = Standing::new(outcome, period, today, shown.settings.deadline(period), None);
    let level = asked.field("level");
    let level_name = |id: &str| outcome.catalogue.words.levels.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let form = |f: &Arc<str>| context! { short => view::short(f), title => outcome.catalogue.form(f).map(|f| f.title.clone()) };
    let due = standing.due.iter().flatten().min().copied();
    let levels: BTreeSet<&str> =
        outcome.units.list.iter().map(|u| u.level.as_str()).filter(|l| !l.is_empty()).collect();
    let levels = levels.into_iter().map(|id| context! { id, name => level_name(id), now => id == level });
    Answer::Page(
        "inbox.html",
        context! {
            level,
            groups => groups(&standing, asked, shown, period, &level_name),
            forms => standing.forms.iter().map(form).collect::<Vec<_>>(),
            levels => levels.collect::<Vec<_>>(),
            only => asked.field("only"),
            late => due.filter(|d| *d < today).map(|d| (today - d).num_days()),
            asks => questions::shown_questions(shown, period),
            units => units(shown),
            verdicts => verdicts(shown),
            read => outcome.files.iter().filter(|f| f.verdict == Verdict::Read).count(),
            years => view::years(shown, Some(period)),
        },
    )
}

/// A level's units, and how many of those that owe something have sent all of it.
#[derive(Default)]
struct Group {
    rows: Vec<Value>,
    whole: usize,
    all: usize,
}

/// The units asked for, level by level as first met.
fn groups(
    standing: &Standing,
    asked: &Asked,
    shown: &Shown,
    period: Period,
    level_name: &dyn Fn(&str) -> String,
) -> Vec<Value> {
    let units = &shown.outcome().units;
    let wanted = asked.field("level");
    let first = first_findings(shown, period);
    let waiting = waiting(shown, period);
    let mut groups: Vec<(String, Group)> = Vec::new();
    for (unit, row) in &standing.grid {
        let level = units.get(unit).map_or("", |u| u.level.as_str());
        let interesting = match asked.field("only") {
            "wrong" => row.iter().any(|c| c.errors > 0),
            "missing" => row.iter().any(|c| c.sent.is_owed()),
            _ => true,
        };
        if !interesting || (!wanted.is_empty() && level != wanted) {
            continue;
        }
        let cells = row.iter().zip(&standing.forms).map(|(own, form)| {
            let at = (unit.clone(), form.clone());
            let (warnings, place) = first.get(&at).map_or((0, None), |f| (f.warnings, f.place.clone()));
            cell(own, warnings, waiting.contains(&at), place, shown.lang)
        });
        let name = level_name(level);
        let at = groups.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
            groups.push((name, Group::default()));
            groups.len() - 1
        });
        let group = &mut groups[at].1;
        group.rows.push(context! { name => units.name(unit), cells => cells.collect::<Vec<_>>() });
        let owes = row.iter().any(|c| c.sent != Sent::NotExpected);
        group.all += usize::from(owes);
        group.whole += usize::from(owes && row.iter().all(|c| !c.sent.is_owed()));
    }
    let shown = |(name, Group { rows, whole, all }): (String, Group)| context! { name, rows, whole, all };
    groups.into_iter().map(shown).collect()
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
