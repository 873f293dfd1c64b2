//! What only a person can tell of received files (whose, of when, which of two versions), her answers, and all that was
//! decided.

use std::collections::BTreeSet;
use std::sync::Arc;

use minijinja::{Value, context};

use super::route::{Answer, Asked, complain, go, next};
use super::state::{App, Notice, Shown};
use super::view;
use crate::model::decision::{FileChoice, Version};
use crate::model::{Period, Return, Unsure};
use crate::words::Words;
use crate::workspace::{decisions, journal};

/// Units shown at once of a question's list.
const NEAR: usize = 3;

/// Something only a person can tell.
pub struct Question {
    pub kind: &'static str,
    pub file: Arc<str>,
    /// The sentence, with the evidence.
    pub words: String,
    pub evidence: String,
    /// Button's words and the fields it sends; the first is the likeliest.
    pub answers: Vec<(String, Vec<(&'static str, String)>)>,
    /// Where the two versions are seen beside each other.
    pub compare: Option<String>,
    /// Whether any unit, any period may be chosen.
    pub any_unit: bool,
    pub any_period: bool,
    /// Unit and form, where it is about one form.
    pub about: Option<(Arc<str>, Arc<str>)>,
}

/// A version's file, where the sheet is named too.
fn file_of(version: &str) -> String {
    version.split_once(" [").map_or(version, |(file, _)| file).to_owned()
}

/// What only a person can tell, of a period.
pub fn questions(shown: &Shown, period: Option<Period>) -> Vec<Question> {
    let lang = shown.lang;
    let outcome = shown.outcome();
    let mut found: Vec<Question> = Vec::new();
    let mut asked: BTreeSet<(Arc<str>, &'static str)> = BTreeSet::new();
    let within = |r: &&Return| period.is_none_or(|p| p.holds(r.period));
    let chosen = |file: &str| shown.run.decisions.of(file).and_then(|of| of.choices.last());
    let own = |file: &str| file.rsplit('/').next().unwrap_or_default().to_owned();
    for ret in outcome.returns.iter().filter(within) {
        for doubt in &ret.doubts {
            let choice = chosen(&ret.file);
            match &doubt.what {
                Unsure::OlderVersion { taken, why, differences, more } if !differences.is_empty() => {
                    if choice.is_some_and(|c| c.version.is_some()) || !asked.insert((ret.file.clone(), "version")) {
                        continue;
                    }
                    let count = differences.len() + more;
                    let (this, other) = (own(taken), own(&ret.file));
                    let form = view::short(&ret.form);
                    let unit = outcome.units.name(&ret.unit);
                    found.push(Question {
                        kind: "version",
                        file: ret.file.clone(),
                        words: lang.pick(
                            format!("“{this}” và “{other}” cùng là {form} của {unit}, khác nhau {count} ô."),
                            format!("“{this}” and “{other}” are both {form} of {unit}; {count} cells differ."),
                        ),
                        evidence: {
                            let why = Words::of(outcome, lang).said(why);
                            lang.pick(format!("Đang lấy “{this}”: {why}."), format!("“{this}” counts now: {why}."))
                        },
                        answers: vec![
                            (
                                lang.pick(format!("Lấy {this}"), format!("Take {this}")),
                                vec![("file", taken.to_string()), ("older", ret.file.to_string())],
                            ),
                            (
                                lang.pick(format!("Lấy {other}"), format!("Take {other}")),
                                vec![("file", ret.file.to_string()), ("older", taken.to_string())],
                            ),
                        ],
                        compare: Some(format!(
                            "/compare?one={}&other={}&sheet={}",
                            view::encoded(taken),
                            view::encoded(&ret.file),
                            view::encoded(&ret.sheet)
                        )),
                        any_unit: false,
                        any_period: false,
                        about: Some((ret.unit.clone(), ret.form.clone())),
                    });
                }
                Unsure::WhichVersion { others, differences, more } => {
                    if choice.is_some_and(|c| c.version.is_some()) || !asked.insert((ret.file.clone(), "version")) {
                        continue;
                    }
                    let mut all: Vec<String> = vec![ret.file.to_string()];
                    for file in others.iter().map(|other| file_of(other)) {
                        if !all.contains(&file) {
                            all.push(file);
                        }
                    }
                    asked.extend(all.iter().map(|file| (file.as_str().into(), "version")));
                    let names = all.iter().map(|f| format!("“{}”", own(f))).collect::<Vec<_>>().join(", ");
                    let count = differences.len() + more;
                    let (form, unit) = (view::short(&ret.form), outcome.units.name(&ret.unit));
                    let answers = all.iter().map(|file| {
                        let rest = all.iter().filter(|f| *f != file).map(|f| ("older", f.clone()));
                        let fields = std::iter::once(("file", file.clone())).chain(rest).collect();
                        (lang.pick(format!("Lấy {}", own(file)), format!("Take {}", own(file))), fields)
                    });
                    found.push(Question {
                        kind: "version",
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
                        compare: all.get(1).map(|other| {
                            format!("/compare?one={}&other={}", view::encoded(&ret.file), view::encoded(other))
                        }),
                        any_unit: false,
                        any_period: false,
                        about: Some((ret.unit.clone(), ret.form.clone())),
                    });
                }
                Unsure::UnitStrange { typed, near } if choice.is_none_or(|c| c.unit.is_none()) => {
                    if !asked.insert((ret.file.clone(), "unit")) {
                        continue;
                    }
                    let near = near.iter().take(NEAR).filter_map(|name| {
                        let unit = outcome.units.list.iter().find(|u| u.name == *name || *u.code == **name)?;
                        Some((unit.name.clone(), vec![("file", ret.file.to_string()), ("unit", unit.code.to_string())]))
                    });
                    found.push(Question {
                        kind: "unit",
                        file: ret.file.clone(),
                        words: lang.pick(
                            format!("“{}” ghi đơn vị “{typed}”, không có trong danh sách.", own(&ret.file)),
                            format!("“{}” names “{typed}”, which is not on the list.", own(&ret.file)),
                        ),
                        evidence: String::new(),
                        answers: near.collect(),
                        compare: None,
                        any_unit: true,
                        any_period: false,
                        about: None,
                    });
                }
                Unsure::UnitsDiffer { taken, other, by } if choice.is_none_or(|c| c.unit.is_none()) => {
                    if !asked.insert((ret.file.clone(), "unit")) {
                        continue;
                    }
                    let code = |name: &str| {
                        outcome
                            .units
                            .list
                            .iter()
                            .find(|u| u.name == name || *u.code == *name)
                            .map(|u| (u.code.to_string(), u.name.clone()))
                    };
                    let answers = [taken, other]
                        .into_iter()
                        .filter_map(|name| code(name))
                        .map(|(code, name)| (name, vec![("file", ret.file.to_string()), ("unit", code)]));
                    found.push(Question {
                        kind: "unit",
                        file: ret.file.clone(),
                        words: lang.pick(
                            format!("“{}” là của đơn vị nào?", own(&ret.file)),
                            format!("Whose is “{}”?", own(&ret.file)),
                        ),
                        evidence: lang.pick(
                            format!(
                                "Đang lấy {}; nhưng “{by}” chỉ {}.",
                                outcome.units.name(taken),
                                outcome.units.name(other)
                            ),
                            format!(
                                "{} is taken; but “{by}” says {}.",
                                outcome.units.name(taken),
                                outcome.units.name(other)
                            ),
                        ),
                        answers: answers.collect(),
                        compare: None,
                        any_unit: true,
                        any_period: false,
                        about: None,
                    });
                }
                Unsure::PeriodsDiffer { taken, other, by } if choice.is_none_or(|c| c.period.is_none()) => {
                    if !asked.insert((ret.file.clone(), "period")) {
                        continue;
                    }
                    let name = view::period_name(*taken, lang);
                    found.push(Question {
                        kind: "period",
                        file: ret.file.clone(),
                        words: lang.pick(
                            format!("“{}” là của kỳ nào?", own(&ret.file)),
                            format!("Of which period is “{}”?", own(&ret.file)),
                        ),
                        evidence: lang.pick(
                            format!("Đang lấy {name}; nhưng “{by}” ghi {other}."),
                            format!("{name} is taken; but “{by}” says {other}."),
                        ),
                        answers: vec![(name, vec![("file", ret.file.to_string()), ("period", taken.to_string())])],
                        compare: None,
                        any_unit: false,
                        any_period: true,
                        about: None,
                    });
                }
                _ => {}
            }
        }
    }
    for file in outcome.files.iter().filter(|f| f.partly) {
        if chosen(&file.file).is_some() || !asked.insert((file.file.clone(), "place")) {
            continue;
        }
        found.push(Question {
            kind: "place",
            file: file.file.clone(),
            words: lang.pick(
                format!("“{}” có biểu chưa biết của ai, kỳ nào.", own(&file.file)),
                format!("“{}” holds a form of which nothing says whose or of when it is.", own(&file.file)),
            ),
            evidence: file.reason.pick(lang).to_owned(),
            answers: Vec::new(),
            compare: None,
            any_unit: true,
            any_period: true,
            about: None,
        });
    }
    found
}

pub fn question(question: &Question, shown: &Shown) -> Value {
    let answers = question.answers.iter().map(|(words, fields)| {
        let fields = fields.iter().map(|(name, value)| context! { name => *name, value => value.as_str() });
        context! { words => words.as_str(), fields => fields.collect::<Vec<_>>() }
    });
    let periods =
        shown.periods().into_iter().map(|p| context! { id => p.to_string(), name => view::period_name(p, shown.lang) });
    context! {
        kind => question.kind,
        file => &*question.file,
        words => question.words.as_str(),
        evidence => question.evidence.as_str(),
        answers => answers.collect::<Vec<_>>(),
        compare => question.compare.clone(),
        any_unit => question.any_unit,
        any_period => question.any_period,
        periods => periods.collect::<Vec<_>>(),
    }
}

/// Takes down an answer.
pub fn choose(app: &App, asked: &Asked, shown: &Shown) -> Answer {
    let lang = shown.lang;
    let file = asked.field("file").to_owned();
    let place = next(asked, "/inbox");
    if !shown.outcome().files.iter().any(|f| *f.file == *file) {
        return complain(
            app,
            &place,
            lang.pick("Tệp này không còn trong hộp thư.", "This file is not in the inbox any more."),
        );
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
        .and_then(|()| decisions::note(&shown.workspace, &[chosen(&choice, shown)]));
    match written {
        Ok(()) => {
            // Whose and of when a file is may be all that kept it from being read; which version counts is not.
            match choice.unit.is_some() || choice.period.is_some() || !asked.field("forget").is_empty() {
                true => app.changed(),
                false => app.decided(),
            }
            let words =
                lang.pick(format!("Đã ghi lựa chọn cho “{file}”."), format!("Your choice for “{file}” is kept."));
            let mut fields = vec![("file".to_owned(), file), ("forget".to_owned(), "1".to_owned())];
            fields.extend(older.iter().map(|o| ("free".to_owned(), (*o).to_owned())));
            fields.push(("next".to_owned(), place.clone()));
            go(app, &place, Notice { words, bad: false, undo: Some(("/choose".into(), fields)) })
        }
        Err(trouble) => complain(app, &place, trouble.said(lang)),
    }
}

/// The choice as the ledger tells it.
fn chosen(choice: &FileChoice, shown: &Shown) -> decisions::Row {
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
            let text = |e: Option<&crate::model::Entry>| match e {
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
            tables.push(context! { form => &*first.form, unit => outcome.units.name(&first.unit), rows => rows });
        }
    }
    Answer::Page("compare.html", context! { one => one, other => other, tables => tables })
}

/// All that was decided, the newest first.
pub fn ledger(_asked: &Asked, shown: &Shown) -> Answer {
    let lang = shown.lang;
    let rows = shown.ledger.iter().rev().take(1000).map(|row| {
        let what = match row.what.as_str() {
            decisions::CORRECT => lang.pick("sửa", "corrected"),
            decisions::UNDO => lang.pick("hoàn tác", "taken back"),
            decisions::WAIVE => lang.pick("xác nhận đúng", "confirmed as right"),
            decisions::CHOOSE => lang.pick("chọn", "chosen"),
            decisions::RETURN => lang.pick("gửi trả", "sent back"),
            decisions::CONFIRM => lang.pick("đơn vị trả lời", "answered"),
            decisions::LEARN => lang.pick("biểu mẫu", "form"),
            other => other,
        };
        let active = row.what == decisions::CORRECT
            && shown.run.decisions.of(&row.file).is_some_and(|of| {
                of.changes.iter().any(|c| *c.sheet == *row.sheet && c.cell.to_string() == row.cell && c.new == row.new)
            });
        let shown_figure =
            |text: &str| crate::model::Figure::parse_plain(text).map_or_else(|| text.to_owned(), |f| lang.figure(f));
        context! {
            when => row.when.as_str(),
            who => row.who.as_str(),
            what => what,
            file => row.file.as_str(),
            sheet => row.sheet.as_str(),
            cell => row.cell.as_str(),
            old => row.old.as_str(),
            new => shown_figure(&row.new),
            plain => row.new.as_str(),
            why => row.why.as_str(),
            active => active,
        }
    });
    Answer::Page("ledger.html", context! { rows => rows.collect::<Vec<_>>() })
}
