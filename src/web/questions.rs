//! What only a person can tell of received files (whose, of when, which of two versions), her answers, and all that was
//! decided.

use std::collections::BTreeSet;
use std::sync::Arc;

use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::route::{Answer, Asked};
use super::state::{App, Notice, Shown, Undo};
use super::view;
use crate::model::decision::{FileChoice, Version};
use crate::model::finding::Said;
use crate::model::{Entry, Figure, Lang, Period, Return, Unsure};
use crate::words::Words;
use crate::workspace::{decisions, journal};

/// Units shown at once of a question's list.
const NEAR: usize = 3;

/// Something only a person can tell.
#[derive(Default, Serialize)]
pub struct Question {
    #[serde(serialize_with = "crate::model::address::printed")]
    pub file: Arc<str>,
    /// The sentence, with the evidence.
    pub words: String,
    pub evidence: String,
    /// The likeliest first.
    pub answers: Vec<Choice>,
    /// Where the two versions are seen beside each other.
    pub compare: Option<String>,
    /// Whether any unit, any period may be chosen.
    pub any_unit: bool,
    pub any_period: bool,
    /// Unit and form, where it is about one form.
    #[serde(skip)]
    pub about: Option<(Arc<str>, Arc<str>)>,
}

/// A button: its words, and the fields that it sends with their values.
#[derive(Serialize)]
pub struct Choice {
    words: String,
    fields: Vec<(&'static str, String)>,
}

/// What is asked about a file, once each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Version,
    Unit,
    Period,
    Place,
}

/// What only a person can tell, of a period.
pub fn questions(shown: &Shown, period: Option<Period>) -> Vec<Question> {
    let outcome = shown.outcome();
    let mut found: Vec<Question> = Vec::new();
    let mut asked: BTreeSet<(Arc<str>, Subject)> = BTreeSet::new();
    for ret in outcome.returns.iter().filter(|r| period.is_none_or(|p| p.holds(r.period))) {
        for doubt in &ret.doubts {
            let Some((subject, question)) = about_doubt(ret, &doubt.what, shown) else { continue };
            if is_answered(&ret.file, subject, shown) || !asked.insert((ret.file.clone(), subject)) {
                continue;
            }
            if let Unsure::WhichVersion { others, .. } = &doubt.what {
                asked.extend(others.iter().map(|other| (file_of(other).into(), subject)));
            }
            found.push(question);
        }
    }
    for file in outcome.files.iter().filter(|f| f.partly) {
        if chosen(&file.file, shown).is_none() && asked.insert((file.file.clone(), Subject::Place)) {
            found.push(whose_and_when(&file.file, file.reason.pick(shown.lang), shown.lang));
        }
    }
    found
}

/// What was last chosen about a file.
fn chosen<'a>(file: &str, shown: &'a Shown) -> Option<&'a FileChoice> {
    shown.run.decisions.of(file).and_then(|of| of.choices.last())
}

fn is_answered(file: &str, subject: Subject, shown: &Shown) -> bool {
    chosen(file, shown).is_some_and(|choice| match subject {
        Subject::Version => choice.version.is_some(),
        Subject::Unit => choice.unit.is_some(),
        Subject::Period => choice.period.is_some(),
        Subject::Place => true,
    })
}

/// What a doubt about a return asks a person, if it asks one.
fn about_doubt(ret: &Return, doubt: &Unsure, shown: &Shown) -> Option<(Subject, Question)> {
    match doubt {
        Unsure::OlderVersion { taken, why, differences, more } if !differences.is_empty() => {
            Some((Subject::Version, older_version(ret, (&**taken, why), differences.len() + more, shown)))
        }
        Unsure::WhichVersion { others, differences, more } => {
            Some((Subject::Version, which_version(ret, others, differences.len() + more, shown)))
        }
        Unsure::UnitStrange { typed, near } => Some((Subject::Unit, strange_unit(ret, typed, near, shown))),
        Unsure::UnitsDiffer { taken, other, by } => Some((Subject::Unit, units_differ(ret, [taken, other], by, shown))),
        Unsure::PeriodsDiffer { taken, other, by } => {
            Some((Subject::Period, periods_differ(ret, *taken, (other.as_str(), by.as_str()), shown.lang)))
        }
        _ => None,
    }
}

/// A file's own name.
fn own(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or_default()
}

/// A version's file, where the sheet is named too.
fn file_of(version: &str) -> &str {
    version.split_once(" [").map_or(version, |(file, _)| file)
}

fn older_version(ret: &Return, (taken, why): (&str, &Said), count: usize, shown: &Shown) -> Question {
    let (lang, outcome) = (shown.lang, shown.outcome());
    let (this, other) = (own(taken), own(&ret.file));
    let (form, unit) = (view::short(&ret.form), outcome.units.name(&ret.unit));
    let why = Words::of(outcome, lang).said(why);
    let take = |own: &str| lang.pick(format!("Lấy {own}"), format!("Take {own}"));
    Question {
        file: ret.file.clone(),
        words: lang.pick(
            format!("“{this}” và “{other}” cùng là {form} của {unit}, khác nhau {count} ô."),
            format!("“{this}” and “{other}” are both {form} of {unit}; {count} cells differ."),
        ),
        evidence: lang.pick(format!("Đang lấy “{this}”: {why}."), format!("“{this}” counts now: {why}.")),
        answers: vec![
            Choice { words: take(this), fields: vec![("file", taken.to_owned()), ("older", ret.file.to_string())] },
            Choice { words: take(other), fields: vec![("file", ret.file.to_string()), ("older", taken.to_owned())] },
        ],
        compare: Some(format!(
            "/compare?one={}&other={}&sheet={}",
            view::encoded(taken),
            view::encoded(&ret.file),
            view::encoded(&ret.sheet)
        )),
        about: Some((ret.unit.clone(), ret.form.clone())),
        ..Question::default()
    }
}

fn which_version(ret: &Return, others: &[String], count: usize, shown: &Shown) -> Question {
    let lang = shown.lang;
    let mut all: Vec<&str> = vec![&ret.file];
    for file in others.iter().map(|other| file_of(other)) {
        if !all.contains(&file) {
            all.push(file);
        }
    }
    let names = all.iter().map(|f| format!("“{}”", own(f))).collect::<Vec<_>>().join(", ");
    let (form, unit) = (view::short(&ret.form), shown.outcome().units.name(&ret.unit));
    let answers = all.iter().map(|file| {
        let rest = all.iter().filter(|f| *f != file).map(|f| ("older", (*f).to_owned()));
        let fields = std::iter::once(("file", (*file).to_owned())).chain(rest).collect();
        Choice { words: lang.pick(format!("Lấy {}", own(file)), format!("Take {}", own(file))), fields }
    });
    Question {
        file: ret.file.clone(),
        words: lang.pick(
            format!("{names} cùng là {form} của {unit}, khác nhau {count} ô."),
            format!("{names} are all {form} of {unit}; {count} cells differ."),
        ),
        evidence: lang
            .pick(
                "Không có gì cho biết bản nào mới hơn, nên chưa bản nào được tính.",
                "Nothing tells which is the newer one, so none of them counts yet.",
            )
            .to_owned(),
        answers: answers.collect(),
        compare: all
            .get(1)
            .map(|other| format!("/compare?one={}&other={}", view::encoded(&ret.file), view::encoded(other))),
        about: Some((ret.unit.clone(), ret.form.clone())),
        ..Question::default()
    }
}

/// The button that gives a file to a unit on the list.
fn to_unit(file: &str, named: &str, shown: &Shown) -> Option<Choice> {
    let unit = shown.outcome().units.list.iter().find(|u| u.name == named || *u.code == *named)?;
    let fields = vec![("file", file.to_owned()), ("unit", unit.code.to_string())];
    Some(Choice { words: unit.name.clone(), fields })
}

fn strange_unit(ret: &Return, typed: &str, near: &[String], shown: &Shown) -> Question {
    let name = own(&ret.file);
    Question {
        file: ret.file.clone(),
        words: shown.lang.pick(
            format!("“{name}” ghi đơn vị “{typed}”, không có trong danh sách."),
            format!("“{name}” names “{typed}”, which is not on the list."),
        ),
        answers: near.iter().take(NEAR).filter_map(|named| to_unit(&ret.file, named, shown)).collect(),
        any_unit: true,
        ..Question::default()
    }
}

fn units_differ(ret: &Return, units: [&String; 2], by: &str, shown: &Shown) -> Question {
    let (lang, name) = (shown.lang, own(&ret.file));
    let [taken, other] = units.map(|unit| shown.outcome().units.name(unit));
    Question {
        file: ret.file.clone(),
        words: lang.pick(format!("“{name}” là của đơn vị nào?"), format!("Whose is “{name}”?")),
        evidence: lang.pick(
            format!("Đang lấy {taken}; nhưng “{by}” chỉ {other}."),
            format!("{taken} is taken; but “{by}” says {other}."),
        ),
        answers: units.into_iter().filter_map(|named| to_unit(&ret.file, named, shown)).collect(),
        any_unit: true,
        ..Question::default()
    }
}

fn periods_differ(ret: &Return, taken: Period, (other, by): (&str, &str), lang: Lang) -> Question {
    let (name, period) = (own(&ret.file), view::period_name(taken, lang));
    Question {
        file: ret.file.clone(),
        words: lang.pick(format!("“{name}” là của kỳ nào?"), format!("Of which period is “{name}”?")),
        evidence: lang.pick(
            format!("Đang lấy {period}; nhưng “{by}” ghi {other}."),
            format!("{period} is taken; but “{by}” says {other}."),
        ),
        answers: vec![Choice {
            words: period,
            fields: vec![("file", ret.file.to_string()), ("period", taken.to_string())],
        }],
        any_period: true,
        ..Question::default()
    }
}

fn whose_and_when(file: &Arc<str>, reason: &str, lang: Lang) -> Question {
    let name = own(file);
    Question {
        file: file.clone(),
        words: lang.pick(
            format!("“{name}” có biểu chưa biết của ai, kỳ nào."),
            format!("“{name}” holds a form of which nothing says whose or of when it is."),
        ),
        evidence: reason.to_owned(),
        any_unit: true,
        any_period: true,
        ..Question::default()
    }
}

/// The questions of a period, ready to be shown.
pub fn shown_questions(shown: &Shown, period: Period) -> Vec<Value> {
    let period_of = |p: Period| context! { id => p.to_string(), name => view::period_name(p, shown.lang) };
    let periods: Vec<Value> = shown.periods().into_iter().map(period_of).collect();
    let one = |question: Question| context! { periods => periods.clone(), ..Serde(question) };
    questions(shown, Some(period)).into_iter().map(one).collect()
}

/// Takes down an answer.
pub fn choose(app: &App, asked: &Asked, shown: &Shown, place: &str) -> Result<Notice, String> {
    let lang = shown.lang;
    let file = asked.field("file").to_owned();
    if !shown.outcome().files.iter().any(|f| *f.file == *file) {
        return Err(lang
            .pick("Tệp này không còn trong hộp thư.", "This file is not in the inbox any more.")
            .to_owned());
    }
    let unit = asked.get("unit").map(Into::into);
    let period: Option<Period> = asked.get("period").and_then(|p| p.parse().ok());
    let older = asked.all_kept("older");
    let version = match older.is_empty() {
        false => Some(Version::Counts),
        true => Version::named(asked.field("version")),
    };
    let before = shown.run.decisions.of(&file).and_then(|of| of.choices.iter().find(|c| c.sheet.is_none())).cloned();
    let blank =
        FileChoice { file: file.as_str().into(), sheet: None, unit: None, form: None, period: None, version: None };
    let mut choice = match asked.field("forget") {
        "" => before.unwrap_or_else(|| blank.clone()),
        _ => blank.clone(),
    };
    choice.unit = unit.or(choice.unit);
    choice.period = period.or(choice.period);
    choice.version = version.or(choice.version);
    let mut choices = vec![choice.clone()];
    let others =
        older.iter().map(|older| FileChoice { file: (*older).into(), version: Some(Version::Older), ..blank.clone() });
    choices.extend(others);
    // A choice that is taken back frees the versions it set aside.
    let freed = asked.all_kept("free").into_iter().map(|file| FileChoice { file: file.into(), ..blank.clone() });
    choices.extend(freed);
    let written = decisions::choose(&shown.workspace, &choices, &journal::user(), asked.field("note"))
        .and_then(|()| decisions::note(&shown.workspace, &[noted(&choice, shown)]));
    written.map_err(|trouble| trouble.said(lang))?;
    // Whose and of when a file is may be all that kept it from being read; which version counts is not.
    match choice.unit.is_some() || choice.period.is_some() || !asked.field("forget").is_empty() {
        true => app.changed(),
        false => app.decided(),
    }
    let words = lang.pick(format!("Đã ghi lựa chọn cho “{file}”."), format!("Your choice for “{file}” is kept."));
    let mut fields = vec![("file".to_owned(), file), ("forget".to_owned(), "1".to_owned())];
    fields.extend(older.iter().map(|o| ("free".to_owned(), (*o).to_owned())));
    fields.push(("next".to_owned(), place.to_owned()));
    Ok(Notice { words, bad: false, undo: Some(Undo { place: "/choose", fields }) })
}

/// The choice as the ledger tells it.
fn noted(choice: &FileChoice, shown: &Shown) -> decisions::Row {
    let unit = choice.unit.as_ref().map(|u| shown.outcome().units.name(u).to_owned());
    let parts = [unit, choice.period.map(|p| p.to_string()), choice.version.map(|v| v.name().to_owned())];
    let new = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    decisions::Row { new, ..decisions::decided(decisions::CHOOSE, &journal::user(), &choice.file, "") }
}

/// Two versions beside each other: the cells that differ.
pub fn compare(asked: &Asked, shown: &Shown) -> Answer {
    let outcome = shown.outcome();
    let (one, other) = (asked.field("one"), asked.field("other"));
    let mut tables: Vec<Value> = Vec::new();
    for first in outcome.returns.iter().filter(|r| *r.file == *one) {
        let same = |r: &&Return| {
            *r.file == *other
                && (&r.form, &r.table, &r.unit, r.period) == (&first.form, &first.table, &first.unit, first.period)
        };
        let Some(second) = outcome.returns.iter().find(same) else { continue };
        let mut rows = Vec::new();
        for entry in &first.entries {
            let there = second.entries.iter().find(|e| (&e.line, &e.column) == (&entry.line, &entry.column));
            let text = |e: Option<&Entry>| match e {
                Some(e) => e.value.map_or_else(|| e.text.to_string(), |v| shown.lang.figure(v)),
                None => "–".to_owned(),
            };
            let (a, b) = (text(Some(entry)), text(there));
            if a != b {
                rows.push(context! {
                    cell => entry.cell.to_string(),
                    line => super::totals::line_name(outcome, &first.form, &first.table, &entry.line, shown.lang),
                    column => super::totals::column_name(outcome, &first.form, &first.table, &entry.column),
                    one => a,
                    other => b,
                });
            }
        }
        if !rows.is_empty() {
            tables.push(context! { form => &*first.form, unit => outcome.units.name(&first.unit), rows });
        }
    }
    Answer::Page("compare.html", context! { one, other, tables })
}

/// All that was decided, the newest first.
pub fn ledger(shown: &Shown) -> Answer {
    let lang = shown.lang;
    let rows = shown.ledger.iter().rev().take(1000).map(|row| {
        let active = row.what == decisions::CORRECT
            && shown.run.decisions.of(&row.file).is_some_and(|of| {
                of.changes.iter().any(|c| *c.sheet == *row.sheet && c.cell.to_string() == row.cell && c.new == row.new)
            });
        let new = Figure::parse_plain(&row.new).map_or_else(|| row.new.clone(), |figure| lang.figure(figure));
        context! { active, new, ..Serde(row) }
    });
    Answer::Page("ledger.html", context! { rows => rows.collect::<Vec<_>>() })
}
