//! Turns the totals into the Word reports: each template that fits what is at hand, filled with figures that know where
//! they come from.

mod appendix;
mod figures;
mod functions;
mod markup;
mod notes;
mod number;
mod tables;
mod template;
#[cfg(test)]
#[path = "../../../tests/unit/write_report.rs"]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;

use super::docx::Document;
use super::{Doubtful, WriteError};
use crate::catalogue::Complaint;
use crate::model::{Catalogue, Consolidation, Outcome, Period};
use figures::Figures;
use functions::{About, Said};
use number::{Registry, Shared};
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
