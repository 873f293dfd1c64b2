//! The mistakes still open, and those somebody answers for, unit by unit: what a report must own up to.

use std::sync::Arc;

use minijinja::Value;

use super::bound::{Bound, Number, Shared};
use super::functions::map;
use crate::model::{Binding, Lang, Op, Outcome, Period, Severity};
use crate::words::Words;

/// The findings of the period, as sentences.
#[derive(Debug, Default)]
pub struct Said {
    open: Vec<Sentence>,
    waived: Vec<Sentence>,
}

#[derive(Debug, Clone)]
struct Sentence {
    unit: Arc<str>,
    name: String,
    form: Arc<str>,
    rule: String,
    text: String,
}

impl Said {
    #[must_use]
    pub fn of(outcome: &Outcome, period: Period) -> Self {
        let mut said = Self::default();
        let words = Words::of(outcome, Lang::Vi);
        for finding in outcome.findings.iter().filter(|f| f.period.is_none_or(|p| period.holds(p))) {
            let sentence = |text: String| Sentence {
                unit: finding.unit.clone(),
                name: outcome.units.name(&finding.unit).to_owned(),
                form: finding.form.clone(),
                rule: finding.rule.clone(),
                text,
            };
            match &finding.waived {
                Some(waived) => {
                    let reason = words.waived(waived);
                    said.waived.push(sentence(with_reason(&words.message(finding), &reason)));
                }
                None if finding.severity == Severity::Error => {
                    said.open.push(sentence(first_line(&words.message(finding))));
                }
                None => {}
            }
        }
        said
    }

    /// The errors still open: `tong`, and `don_vi`, each with `ten`, `so` and the sentences `ds`.
    pub fn errors(&self, shared: &Arc<Shared>) -> Value {
        listed(&self.open, "lỗi chưa sửa", shared)
    }

    /// The findings somebody answers for, likewise.
    pub fn waived(&self, shared: &Arc<Shared>) -> Value {
        listed(&self.waived, "điểm đã chấp nhận", shared)
    }
}

fn with_reason(message: &str, reason: &str) -> String {
    format!("{} ({reason})", first_line(message).trim_end_matches('.'))
}

/// Findings of the tool's own making are one sentence; whatever a form's rule adds on further lines is left out.
fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().to_owned()
}

fn listed(sentences: &[Sentence], what: &str, shared: &Arc<Shared>) -> Value {
    let mut units: Vec<&Arc<str>> = Vec::new();
    for sentence in sentences {
        if !units.contains(&&sentence.unit) {
            units.push(&sentence.unit);
        }
    }
    let count = |of: &str, many| Value::from_object(Bound::count(shared, Op::Count, "", of, many));
    let by_unit = units.into_iter().map(|unit| {
        let own: Vec<&Sentence> = sentences.iter().filter(|s| s.unit == *unit).collect();
        let name = own.first().map(|s| s.name.clone()).unwrap_or_default();
        let marks = own.iter().map(|s| Value::from_safe_string(mark(s, shared)));
        map([("ten", Value::from(name)), ("so", count(&format!("{what}: {unit}"), own.len())), ("ds", marks.collect())])
    });
    map([("tong", count(what, sentences.len())), ("don_vi", by_unit.collect())])
}

fn mark(sentence: &Sentence, shared: &Arc<Shared>) -> String {
    let period = shared.figures.period(super::figures::When::Now);
    shared.registry.mark(Number {
        text: sentence.text.clone(),
        digits: sentence.text.clone(),
        binding: Binding {
            op: Op::Finding,
            form: sentence.form.clone(),
            table: "".into(),
            line: sentence.rule.clone(),
            column: String::new(),
            period: period.map(|p| p.to_string()).unwrap_or_default(),
            unit: sentence.unit.to_string(),
        },
        rests: Vec::new(),
        sources: Vec::new(),
        from: Vec::new(),
        listed: false,
    })
}
