//! Turns the totals into the Word reports: each template that fits what is at hand, filled with figures that know where
//! they come from. The first sentence of a section that rests on part of the units says from how many its figures come
//! and whose are not in them.

mod appendix;
mod figures;
mod functions;
mod markup;
mod number;
mod tables;
mod template;
#[cfg(test)]
#[path = "../../../tests/unit/write_report.rs"]
mod report_tests;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;

use super::docx::Document;
use super::{Doubtful, WriteError};
use crate::catalogue::Complaint;
use crate::model::{Catalogue, Consolidation, Op, Outcome, Period};
use figures::{Coverage, Figures, Place, When};
use functions::{About, Said};
use number::{Bound, CLOSES, OPENS, Registry, Shared};
use template::Templates;

/// What reports are written with, beside the totals of the period itself.
#[derive(Debug, Default)]
pub struct Reports {
    templates: Templates,
}

impl Reports {
    /// The built-in templates, or an official's own.
    ///
    /// # Errors
    /// A template that could not be written out, with its line and the reason.
    pub fn load(catalogue: &Catalogue, own: &[PathBuf]) -> Result<Self, Complaint> {
        Ok(Self { templates: Templates::load(catalogue, own)? })
    }
}

/// The reports for what is at hand: names and bytes. The first is the main one.
pub fn bytes(
    outcome: &Outcome,
    consolidation: &Consolidation,
    period: Period,
    reports: &Reports,
    run_date: NaiveDate,
    doubtful: &Arc<Doubtful>,
) -> Result<Vec<(String, Vec<u8>)>, WriteError> {
    let figures = Arc::new(figures(outcome, consolidation, period, doubtful));
    let alone = figures.alone.is_some();
    let sources = appendix::Sources::of(outcome);
    let forms = outcome.catalogue.forms.iter().map(|f| f.id.clone());
    let at_hand: Vec<_> = forms.filter(|form| figures.has(form)).collect();
    let mut written: Vec<(String, Vec<u8>)> = Vec::new();
    for (template, forms) in reports.templates.fitting(alone, &at_hand) {
        let shared = Arc::new(Shared { figures: figures.clone(), registry: Registry::default() });
        // A report owns up to the mistakes in its own forms.
        let owned_up = if template.rest { &forms } else { &template.forms };
        let about = About { said: Arc::new(Said::of(outcome, period, owned_up)), forms };
        let pieces = &reports.templates.pieces;
        let text = template::render(template, pieces, &shared, &about, period).map_err(WriteError::report)?;
        let mut document = Document::new(&template.title, run_date);
        document.sections = markup::lay_out(&text, &shared, &sources);
        let bytes = document.bytes().map_err(|e| WriteError::Format(e.to_string()))?;
        written.push((name(written.len(), &template.kind), bytes));
    }
    Ok(written)
}

/// The totals of the period, the one before and the same one a year earlier.
fn figures(outcome: &Outcome, consolidation: &Consolidation, period: Period, doubtful: &Arc<Doubtful>) -> Figures {
    let earlier = |period: Option<Period>| {
        let mut made = consolidation.earlier.iter();
        let found = made.find(|e| Some(e.period) == period)?;
        Some((&found.sums, found.period))
    };
    let before = [earlier(period.previous()), earlier(Some(period.a_year_before()))];
    Figures::new(outcome, (consolidation, period), before, doubtful)
}

/// `bao-cao.docx`, then `bao-cao-cchc.docx`.
fn name(before: usize, kind: &str) -> String {
    match (before, kind) {
        (0, _) => "bao-cao.docx".to_owned(),
        (n, "") => format!("bao-cao-{}.docx", n + 1),
        (_, kind) => format!("bao-cao-{kind}.docx"),
    }
}

/// Names listed one by one before the rest are counted.
const MANY: usize = 10;

/// What has been said: in full once in a report, in short once in each of its sections, and not in every sentence.
#[derive(Debug, Default)]
pub struct Told {
    in_full: BTreeSet<Coverage>,
    in_section: Vec<Coverage>,
}

impl Told {
    /// A new section begins.
    pub fn section(&mut self) {
        self.in_section.clear();
    }
}

/// A paragraph's rendered text, with the notes put in at the end of its sentences.
pub fn annotate(text: &str, shared: &std::sync::Arc<Shared>, told: &mut Told) -> String {
    sentences(text)
        .into_iter()
        .map(|sentence| {
            let mut notes = Vec::new();
            for coverage in partial(sentence, shared) {
                if !told.in_section.iter().any(|said| said.includes(&coverage)) {
                    notes.push(note(&coverage, shared, told));
                    told.in_section.push(coverage);
                }
            }
            if notes.is_empty() { sentence.to_owned() } else { insert(sentence, &format!(" ({})", notes.join("; "))) }
        })
        .collect()
}

/// `tổng hợp từ 18/20 đơn vị; chưa nhận báo cáo của Sở Y tế, Sở Tài chính`.
pub fn note(coverage: &Coverage, shared: &std::sync::Arc<Shared>, told: &mut Told) -> String {
    let at = (&coverage.place, coverage.when);
    let count = |op, many: u32| Bound::count_at(shared, op, at, many as usize).printed();
    let lead = match coverage.when {
        When::Now => "tổng hợp từ",
        When::Before => "kỳ trước tổng hợp từ",
        When::LastYear => "cùng kỳ tổng hợp từ",
    };
    let mut note =
        format!("{lead} {}/{} đơn vị", count(Op::Reported, coverage.reported), count(Op::Expected, coverage.expected));
    let anonymous = Coverage { place: Place::default(), ..coverage.clone() };
    if !told.in_full.insert(anonymous) {
        return note;
    }
    for (what, names) in [
        ("chưa nhận báo cáo của", &coverage.owing.silent),
        ("chưa có số liệu này của", &coverage.blank),
        ("mới gửi một phần của kỳ:", &coverage.owing.partly),
        ("chưa dùng được báo cáo của", &coverage.owing.unusable),
    ] {
        if !names.is_empty() {
            note.push_str(&format!("; {what} {}", listed(names, shared, what)));
        }
    }
    note
}

/// Names, and how many more there are.
fn listed(names: &[String], shared: &std::sync::Arc<Shared>, what: &str) -> String {
    let shown: Vec<String> = names.iter().take(MANY).map(|n| markup::escape(n)).collect();
    let mut text = shown.join(", ");
    if names.len() > MANY {
        let more = Bound::count(shared, Op::Count, "", what, names.len() - MANY);
        text.push_str(&format!(" và {} đơn vị khác", more.printed()));
    }
    text
}

/// The incomplete coverages that a sentence's numbers rest on. Of those of one period only the widest gap is told: the
/// units of the others are among its units.
fn partial(sentence: &str, shared: &Shared) -> Vec<Coverage> {
    let mut found: Vec<Coverage> = Vec::new();
    for index in markup::marks(sentence) {
        let Some(number) = shared.registry.get(index) else { continue };
        for coverage in number.rests {
            if coverage.reported < coverage.expected && !found.iter().any(|other| other.includes(&coverage)) {
                found.retain(|other| !coverage.includes(other));
                found.push(coverage);
            }
        }
    }
    found.sort_by_key(|c| c.when);
    found
}

/// A text cut after every full stop that ends a sentence.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(". ") {
        let after = text[at + 2..].trim_start().chars().next();
        if after.is_some_and(|c| c.is_uppercase() || c == OPENS || c == '*') {
            found.push(&text[start..at + 2]);
            start = at + 2;
        }
    }
    found.push(&text[start..]);
    found
}

/// The note goes before the sentence's closing marks; before `, trong đó:` too.
fn insert(sentence: &str, note: &str) -> String {
    let body = sentence.trim_end().trim_end_matches(['.', ';', ':', ',', '/']);
    let mut at = body.len();
    if sentence[at..].starts_with(':')
        && let Some(comma) = body.rfind([',', ';'])
        && !body[comma..].contains(CLOSES)
    {
        at = comma;
    }
    format!("{}{note}{}", &sentence[..at], &sentence[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_stands_inside_its_sentence() {
        for (sentence, expected) in [
            ("Đã giải quyết 08 hồ sơ.", "Đã giải quyết 08 hồ sơ (x)."),
            ("Tổng số: 08 hồ sơ, trong đó:", "Tổng số: 08 hồ sơ (x), trong đó:"),
            ("Kết quả 08 hồ sơ:", "Kết quả 08 hồ sơ (x):"),
            ("- Trong hạn: 08 hồ sơ;", "- Trong hạn: 08 hồ sơ (x);"),
            ("Hết./.", "Hết (x)./."),
        ] {
            assert_eq!(insert(sentence, " (x)"), expected);
        }
        assert_eq!(sentences("Một. Hai 1.234 ba. bốn.").len(), 2);
    }
}
