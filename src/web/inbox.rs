//! The inbox: who has sent what, what became of each file, and what only a person can tell.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use minijinja::{Value, context};

use super::route::{Answer, Asked, complain, go, next};
use super::state::{App, Notice, Shown};
use super::view;
use crate::model::decision::{FileChoice, Version};
use crate::model::outcome::Sent;
use crate::model::{Finding, Lang, Period, Return, Severity, Unsure, Verdict};
use crate::words::Words;
use crate::workspace::standing::{Cell, Standing};
use crate::workspace::{choices, journal, ledger};

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
        let unit = context! { code => &**unit, name => outcome.units.name(unit), cells => cells };
        match groups.iter_mut().find(|(known, ..)| *known == name) {
            Some((_, rows, whole, all)) => {
                rows.push(unit);
                *whole += usize::from(complete);
                *all += usize::from(owed > 0);
            }
            None => groups.push((name, vec![unit], usize::from(complete), usize::from(owed > 0))),
        }
    }
    let groups: Vec<Value> = groups
        .into_iter()
        .map(|(name, rows, whole, all)| context! { name => name, rows => rows, whole => whole, all => all })
        .collect();
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
            context! { id => l, name => name, now => l == level }
        })
        .collect();
    Answer::Page(
        "inbox.html",
        context! {
            groups => groups,
            forms => forms,
            levels => levels,
            level => level,
            only => only,
            late => late,
            asks => questions(shown, Some(period)).iter().map(|q| question(q, shown)).collect::<Vec<_>>(),
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
        let place = format!("/return?file={}&sheet={}", view::encoded(&ret.file), view::encoded(&ret.sheet));
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
    questions(shown, Some(period)).into_iter().filter_map(|q| q.about).collect()
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
    context! { state => state, sign => sign, words => words, place => place, again => own.again }
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

fn question(question: &Question, shown: &Shown) -> Value {
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

/// All units, for a list to choose from.
pub fn units(shown: &Shown) -> Vec<Value> {
    let outcome = shown.outcome();
    if outcome.units.list.is_empty() {
        // Without a list units are called as they call themselves.
        let named: BTreeSet<&str> = outcome.returns.iter().map(|r| &*r.unit).collect();
        return named.into_iter().map(|name| context! { code => name, name => name }).collect();
    }
    outcome.units.list.iter().map(|u| context! { code => &*u.code, name => u.name.as_str() }).collect()
}

/// Files that could not be used, or not wholly, and those that somebody set aside.
fn verdicts(shown: &Shown) -> Vec<Value> {
    let lang = shown.lang;
    let files = shown.outcome().files.iter().filter(|f| f.verdict != Verdict::Read || f.partly);
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
            context! { file => &*file.file, word => word, state => state, reason => file.reason.pick(lang) }
        })
        .collect()
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
    let written = choices::add(&shown.workspace, &choices, &journal::user(), asked.field("note"))
        .and_then(|()| ledger::note(&shown.workspace, &[chosen(&choice, shown)]));
    match written {
        Ok(()) => {
            app.decided();
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
fn chosen(choice: &FileChoice, shown: &Shown) -> ledger::Row {
    let unit = choice.unit.as_ref().map(|u| shown.outcome().units.name(u).to_owned());
    let parts = [unit, choice.period.map(|p| p.to_string()), choice.version.map(|v| v.name().to_owned())];
    let new = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    ledger::Row { new, ..ledger::decided(ledger::CHOOSE, &journal::user(), &choice.file, "") }
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
            ledger::CORRECT => lang.pick("sửa", "corrected"),
            ledger::UNDO => lang.pick("hoàn tác", "taken back"),
            ledger::WAIVE => lang.pick("xác nhận đúng", "confirmed as right"),
            ledger::CHOOSE => lang.pick("chọn", "chosen"),
            ledger::RETURN => lang.pick("gửi trả", "sent back"),
            ledger::CONFIRM => lang.pick("đơn vị trả lời", "answered"),
            ledger::LEARN => lang.pick("biểu mẫu", "form"),
            other => other,
        };
        let active = row.what == ledger::CORRECT
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

/// The findings that stand on a sheet.
pub fn on_sheet<'a>(shown: &'a Shown, file: &str, sheet: &str) -> Vec<&'a Finding> {
    let here = |f: &&Finding| *f.file == *file && (*f.sheet == *sheet || f.sheet.is_empty());
    shown.outcome().findings.iter().filter(here).collect()
}
