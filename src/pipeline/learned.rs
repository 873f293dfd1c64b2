//! The sheets of a run that no known form claims into returns of forms learned from them: `learn`, with what other stages
//! lend it. Beside other forms nobody adds up what one file alone has; what its paper says of itself is tried all the same.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::file::FileRead;
use super::groups;
use super::inbox::{Stored, own_name};
use crate::learn::{self, Learning, OfFile, OtherStages, Unclaimed};
use crate::model::finding::{Fact, Kind, Said};
use crate::model::form::Misfit;
use crate::model::{
    Address, Catalogue, FileReport, Form, Period, Return, Rule, Severity, State, Units, Unsure, Verdict, Workbook,
};
use crate::recognise::{self, Lexicon};
use crate::{extract, words};

/// Sheets of a run that are kept to be learned from.
const MOST_SHEETS: usize = 20_000;
/// And their cells: some hundreds of megabytes.
const MOST_CELLS: usize = 4_000_000;

/// Learns what the files' unclaimed sheets are, and adds their returns; the catalogue with the forms learned.
pub(super) fn learned(read: &mut [FileRead], catalogue: &Arc<Catalogue>, units: &Units) -> Arc<Catalogue> {
    let mut sheets: Vec<Unclaimed> = read.iter_mut().flat_map(|f| std::mem::take(&mut f.unclaimed)).collect();
    sheets.truncate(MOST_SHEETS);
    let mut cells = 0;
    sheets.retain(|sheet| {
        cells += sheet.size();
        cells <= MOST_CELLS
    });
    if sheets.is_empty() {
        return catalogue.clone();
    }
    // Of a file with known forms, whose and of when they are.
    let mut known: HashMap<Arc<str>, (HashSet<Arc<str>>, HashSet<Period>)> = HashMap::new();
    for ret in read.iter().flat_map(|f| &f.returns) {
        let own = known.entry(ret.file.clone()).or_default();
        own.0.insert(ret.unit.clone());
        own.1.insert(ret.period);
    }
    let of_file = |file: &str| {
        let Some((units, periods)) = known.get(file) else { return (None, None) };
        let unit = units.iter().next().filter(|_| units.len() == 1).cloned();
        (unit, periods.iter().next().filter(|_| periods.len() == 1).copied())
    };
    let Learning { shared, mut alone, left } = of_sheets(&sheets, catalogue, units, &of_file, false);
    let beside = !known.is_empty() || !shared.returns.is_empty();
    let mut forms = shared.forms;
    let mut aside = shared.aside;
    aside.append(&mut alone.aside);
    if beside {
        aside.append(&mut alone.returns);
    }
    add(read, &shared.returns, &shared.placed, &FROM_MANY, catalogue);
    add(read, &alone.returns, if beside { &[] } else { &alone.placed }, &FROM_ONE, catalogue);
    ask_whose(read, &mut forms, left);
    let counted = forms.len() + alone.forms.len();
    forms.extend(alone.forms);
    try_aside(read, &aside, &forms, catalogue, units);
    let mut all = (**catalogue).clone();
    let is_returned = |form: &Form| read.iter().flat_map(|f| &f.returns).any(|r| r.form == form.id);
    for (form, rules) in forms.into_iter().take(counted).filter(|(form, _)| is_returned(form)) {
        all.forms.push(form);
        all.rules.extend(rules);
    }
    Arc::new(all)
}

/// The forms on a workbook's sheets, blank or filled in, as if none were known; of the sheet named alone, or of all that
/// are to be seen.
pub fn drafted(workbook: &Workbook, file: &str, sheet: Option<&str>, catalogue: &Catalogue) -> Vec<Form> {
    let wanted = |sheet_at: &usize| {
        let own = &workbook.sheets[*sheet_at];
        sheet.map_or(!own.hidden, |name| own.name == name)
    };
    let numbers: Vec<usize> = (0..workbook.sheets.len()).filter(wanted).collect();
    let words = Catalogue { words: catalogue.words.clone(), ..Catalogue::default() };
    let sheets = learn::unclaimed(workbook, &numbers, file);
    let Learning { shared, alone, .. } = of_sheets(&sheets, &words, &Units::default(), &|_| (None, None), true);
    let returns: Vec<Return> = [shared.returns, alone.returns, alone.aside].concat();
    let place = |form: &Form| {
        let own = returns.iter().filter(|r| r.form == form.id);
        own.filter_map(|r| workbook.sheets.iter().position(|s| *s.name == *r.sheet)).min()
    };
    let mut forms: Vec<Form> = shared.forms.into_iter().chain(alone.forms).map(|(form, _)| form).collect();
    forms.sort_by_key(place);
    forms
}

/// Learns from sheets, with what recognition and extraction lend.
fn of_sheets(sheets: &[Unclaimed], known: &Catalogue, units: &Units, of_file: OfFile<'_>, blank: bool) -> Learning {
    let lexicon = Lexicon::new(known, units);
    let stages = OtherStages {
        blank,
        of_file,
        whose: &|sheet, rows, file| recognise::whose(sheet, rows, file, &lexicon),
        extract: &|workbook, layouts, file, catalogue| extract::extract(workbook, layouts, file, catalogue),
        ground: &|ground| words::learned::ground(ground).vi,
    };
    learn::learn(sheets, known, units, &stages)
}

/// Tries what the paper of returns that nobody adds up says itself; as nobody else sent the form, that only warns.
fn try_aside(read: &mut [FileRead], aside: &[Return], forms: &[(Form, Vec<Rule>)], known: &Catalogue, units: &Units) {
    let own = forms.iter().filter(|(form, _)| aside.iter().any(|r| r.form == form.id));
    let printed = |rule: &&Rule| matches!(rule.kind.kind(), Kind::Balance | Kind::Ratio | Kind::Rate);
    let catalogue = Catalogue {
        forms: own.clone().map(|(form, _)| form.clone()).collect(),
        rules: own.flat_map(|(_, rules)| rules).filter(printed).cloned().collect(),
        words: known.words.clone(),
    };
    let stored: Vec<Stored> = aside.iter().map(Stored::of).collect();
    let (_, findings) = groups::checked(&stored, &catalogue, units, None);
    let places = places(read);
    // A blank on a form that nobody knows may be anything.
    let blank: HashSet<(&str, &str, Address)> = aside
        .iter()
        .flat_map(|r| r.entries.iter().map(move |e| (&*r.file, &*r.sheet, e)))
        .filter(|(.., entry)| entry.state == State::Blank)
        .map(|(file, sheet, entry)| (file, sheet, entry.cell))
        .collect();
    for mut finding in findings {
        if finding.cells.iter().any(|cell| blank.contains(&(&finding.file, &finding.sheet, *cell))) {
            continue;
        }
        let in_words = matches!(&finding.fact, Fact::Doubt { what: Unsure::WordsDiffer { .. }, .. });
        if !in_words && !matches!(finding.kind, Kind::Balance | Kind::Ratio | Kind::Rate) {
            continue;
        }
        finding.severity = finding.severity.max(Severity::Warning);
        finding.certain = false;
        finding.period = finding.period.filter(|period| *period != learn::NO_PERIOD);
        if let Some(at) = places.get(&finding.file) {
            read[*at].findings.push(finding);
        }
    }
}

/// Which of the files read each one is.
fn places(read: &[FileRead]) -> HashMap<Arc<str>, usize> {
    let files = read.iter().enumerate().flat_map(|(at, file)| file.reports.iter().map(move |r| (r.file.clone(), at)));
    files.collect()
}

const FROM_MANY: [&str; 2] =
    ["biểu chưa có mẫu, học được từ các tệp cùng loại", "a form without a template, learned from files of its kind"];
const FROM_ONE: [&str; 2] = [
    "biểu chưa có mẫu và chỉ có trong tệp này, đọc theo chính cách biểu tự ghi",
    "a form without a template that only this file has, read by what it says itself",
];

/// The returns go to their files, which are read now. `words` say from what a form was learned that is not known yet.
fn add(
    read: &mut [FileRead],
    returns: &[Return],
    placed: &[(String, String, Arc<str>)],
    words: &[&str; 2],
    known: &Catalogue,
) {
    // What recognition alone made of a confirmed form's sheets gives way.
    let placed_on: HashSet<(&str, &str, &str)> =
        placed.iter().map(|(file, sheet, form)| (file.as_str(), sheet.as_str(), &**form)).collect();
    for file in read.iter_mut() {
        file.returns.retain(|r| !placed_on.contains(&(&*r.file, &*r.sheet, &*r.form)));
    }
    let places = places(read);
    for ret in returns {
        if let Some(at) = places.get(&ret.file) {
            read[*at].returns.push(Stored::of(ret));
        }
    }
    let mut forms: HashMap<&str, Vec<&str>> = HashMap::new();
    for (file, _, form) in placed {
        let own = forms.entry(file.as_str()).or_default();
        if !own.contains(&&**form) {
            own.push(form);
        }
    }
    for report in read.iter_mut().flat_map(|f| &mut f.reports) {
        let Some(own) = forms.get(&*report.file) else { continue };
        report.verdict = Verdict::Read;
        report.unit = None;
        let new: Vec<&str> = own.iter().copied().filter(|id| known.form(id).is_none()).collect();
        if new.is_empty() {
            (report.partly, report.reason) = (false, report.unread.clone());
            continue;
        }
        let (names, [vi, en]) = (new.join(", "), words);
        let learned = Said { vi: format!("{vi}: {names}"), en: format!("{en}: {names}") };
        report.reason = with(learned, &report.unread);
    }
}

/// Of a sheet that looks like a learned form nothing says whose or of when it is: a person can.
fn ask_whose(read: &mut [FileRead], forms: &mut [(Form, Vec<Rule>)], of_known: Vec<Misfit>) {
    let mut left: HashMap<Arc<str>, Vec<Misfit>> = HashMap::new();
    of_known.into_iter().for_each(|m| left.entry(m.file.clone()).or_default().push(m));
    for learned in forms.iter_mut().filter_map(|(form, _)| form.learned.as_mut()) {
        for misfit in &mut Arc::make_mut(learned).misfits {
            left.entry(misfit.file.clone()).or_default().push(misfit.clone());
            misfit.file = own_name(&misfit.file).into();
        }
    }
    for report in read.iter_mut().flat_map(|f| &mut f.reports) {
        if let Some(left) = left.get(&report.file) {
            unplaced(report, left);
        }
    }
}

fn unplaced(report: &mut FileReport, left: &[Misfit]) {
    let said = |why: &dyn Fn(&Misfit) -> String| left.iter().map(why).collect::<Vec<_>>().join("; ");
    report.verdict = Verdict::Read;
    // It can be read: it stands for nothing that its unit owes.
    report.unit = None;
    report.partly = true;
    let why = Said {
        vi: said(&|m| format!("“{}”: {}; ghi rõ ở đầu biểu hoặc trong tên tệp, hoặc chọn trên trang", m.sheet, m.why)),
        en: said(&|m| {
            format!(
                "“{}”: nothing says whose or of when it is; write it above the table, or choose it on the page",
                m.sheet
            )
        }),
    };
    report.reason = with(why, &report.unread);
}

/// What is said of a file, and what of it can't be read.
fn with(said: Said, unread: &Said) -> Said {
    if unread.is_empty() {
        return said;
    }
    Said::of(|lang| format!("{}; {}", said.pick(lang), unread.pick(lang)))
}

#[cfg(test)]
#[path = "../../tests/unit/learn_alone.rs"]
mod alone_tests;
