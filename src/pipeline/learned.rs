//! The sheets of a run that no known form claims into returns of forms learned from them: `learn`, with what other stages
//! lend it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::file::FileRead;
use super::inbox::Stored;
use super::kept::own_name;
use crate::extract;
use crate::learn::{self, Hands, Learning, Unclaimed};
use crate::model::fact::Said;
use crate::model::finding::Kind;
use crate::model::form::Misfit;
use crate::model::{Catalogue, FileReport, Period, Units, Verdict};
use crate::recognise::{self, Lexicon};

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
    let lexicon = Lexicon::new(catalogue, units);
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
    let hands = Hands {
        of_file: &of_file,
        whose: &|sheet, rows, file| recognise::whose(sheet, rows, file, &lexicon),
        extract: &|workbook, layouts, file, catalogue| extract::extract(workbook, layouts, file, catalogue),
    };
    let mut learning = learn::learn(&sheets, catalogue, units, &hands);
    if learning.forms.is_empty() {
        return catalogue.clone();
    }
    for learned in learning.forms.iter_mut().filter_map(|(form, _)| form.learned.as_mut()) {
        Arc::make_mut(learned).misfits.iter_mut().for_each(|m| m.file = own_name(&m.file).into());
    }
    add(read, &learning);
    let mut known = (**catalogue).clone();
    for (form, rules) in learning.forms {
        known.forms.push(form);
        known.rules.extend(rules);
    }
    Arc::new(known)
}

/// The returns go to their files, which are read now.
fn add(read: &mut [FileRead], learning: &Learning) {
    let mut places: HashMap<Arc<str>, usize> = HashMap::new();
    for (at, file) in read.iter().enumerate() {
        file.reports.iter().for_each(|r| {
            places.insert(r.file.clone(), at);
        });
    }
    for ret in &learning.returns {
        if let Some(at) = places.get(&ret.file) {
            read[*at].returns.push(Stored::of(ret));
        }
    }
    let placed: HashSet<(&str, &str)> = learning.placed.iter().map(|(f, s, _)| (f.as_str(), s.as_str())).collect();
    for file in read.iter_mut() {
        // What a sheet promises itself its form's rules try now.
        file.promises.retain(|p| !placed.contains(&(&*p.file, &*p.sheet)) || p.kind != Kind::Promised);
    }
    let mut forms: HashMap<&str, Vec<&Arc<str>>> = HashMap::new();
    for (file, _, form) in &learning.placed {
        let own = forms.entry(file.as_str()).or_default();
        if !own.contains(&form) {
            own.push(form);
        }
    }
    let mut left: HashMap<&str, Vec<&Misfit>> = HashMap::new();
    learning.left.iter().for_each(|m| left.entry(&m.file).or_default().push(m));
    for report in read.iter_mut().flat_map(|f| &mut f.reports) {
        if let Some(left) = left.get(&*report.file) {
            unplaced(report, left);
        }
        let Some(own) = forms.get(&*report.file) else { continue };
        let names = own.iter().map(|f| f.to_string()).collect::<Vec<_>>().join(", ");
        report.verdict = Verdict::Read;
        report.unit = None;
        report.reason = Said {
            vi: format!("biểu chưa có mẫu, học được từ các tệp cùng loại: {names}"),
            en: format!("a form without a template, learned from files of its kind: {names}"),
        };
    }
}

/// Of a sheet that looks like a learned form nothing says whose or of when it is: a person can.
fn unplaced(report: &mut FileReport, left: &[&Misfit]) {
    let said = |why: &dyn Fn(&Misfit) -> String| left.iter().map(|m| why(m)).collect::<Vec<_>>().join("; ");
    report.verdict = Verdict::Read;
    // It can be read: it stands for nothing that its unit owes.
    report.unit = None;
    report.partly = true;
    report.reason = Said {
        vi: said(&|m| format!("“{}”: {}; ghi rõ ở đầu biểu hoặc trong tên tệp, hoặc chọn trên trang", m.sheet, m.why)),
        en: said(&|m| {
            format!(
                "“{}”: nothing says whose or of when it is; write it above the table, or choose it on the page",
                m.sheet
            )
        }),
    };
}
