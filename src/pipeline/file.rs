//! One file's bytes into what was read of it: verdicts, returns, and what its own sheets and text do not keep.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::originals::sha256;
use super::packed::Packed;
use super::reason::reason;
use crate::model::text::Text;
use crate::model::{Catalogue, FileReport, Finding, Lang, Verdict, Workbook};
use crate::normalise::modernise;
use crate::recognise::Lexicon;
use crate::{extract, promised, prose, read, recognise};

/// One file's verdicts (an archive has several) and returns.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct FileRead {
    pub(super) reports: Vec<FileReport>,
    pub(super) returns: Vec<Packed>,
    /// What its text and its sheets of no known form promise themselves and do not keep.
    pub(super) promises: Vec<Finding>,
    pub(super) texts: Vec<Text>,
}

impl FileRead {
    pub(super) fn verdict(name: &str, verdict: Verdict, reason: String) -> Self {
        Self {
            reports: vec![FileReport {
                file: name.into(),
                verdict,
                reason,
                partly: false,
                sha256: String::new(),
                path: None,
                unit: None,
                province: None,
            }],
            ..Self::default()
        }
    }

    pub(super) fn refused(name: &str, refusal: &read::Refusal, lang: Lang) -> Self {
        let reason = lang.pick(refusal.in_vietnamese(), refusal.in_english());
        Self::verdict(name, Verdict::Refused, reason)
    }

    pub(super) fn extend(&mut self, other: Self) {
        self.reports.extend(other.reports);
        self.returns.extend(other.returns);
        self.promises.extend(other.promises);
        self.texts.extend(other.texts);
    }
}

/// Reads one file.
pub(super) fn of_bytes(bytes: &[u8], name: &str, lexicon: &Lexicon, catalogue: &Catalogue, lang: Lang) -> FileRead {
    let file: Arc<str> = name.into();
    let sha256 = sha256(bytes);
    let report = |verdict, reason, partly| {
        vec![FileReport {
            file: file.clone(),
            verdict,
            reason,
            partly,
            sha256: sha256.clone(),
            path: None,
            unit: None,
            province: None,
        }]
    };
    match read::read(bytes, name) {
        Err(refusal) => FileRead {
            reports: report(Verdict::Refused, lang.pick(refusal.in_vietnamese(), refusal.in_english()), false),
            ..FileRead::default()
        },
        Ok(mut workbook) => {
            modernise(&mut workbook);
            let (stated, text) = prose::prose(&workbook, &file, &catalogue.words, lang);
            if text.as_ref().is_some_and(|t| !t.bound.is_empty()) {
                // A report of ours repeats the units' figures in its tables: counted again they would double.
                return FileRead {
                    reports: report(Verdict::Read, String::new(), false),
                    promises: stated,
                    texts: text.into_iter().collect(),
                    ..FileRead::default()
                };
            }
            let recognition = recognise::recognise(&workbook, name, lexicon);
            let returns = extract::extract(&workbook, &recognition.layouts, &file, catalogue);
            let verdict = if returns.is_empty() && !is_report(&workbook) { Verdict::LeftOut } else { Verdict::Read };
            let mut promises =
                promised::promised(&workbook, &recognition.strange_sheets, &file, &catalogue.words, lang);
            promises.extend(stated);
            let mut reports = report(verdict, reason(&workbook, &recognition, lang), !recognition.unplaced.is_empty());
            for report in reports.iter_mut().filter(|_| verdict == Verdict::Read) {
                report.province = recognise::province(&workbook);
            }
            FileRead {
                reports,
                returns: returns.iter().map(Packed::of).collect(),
                promises,
                texts: text.into_iter().collect(),
            }
        }
    }
}

/// Whether a document is text for the most part: a report without forms is read, a form that nobody knows is not.
pub(super) fn is_report(workbook: &Workbook) -> bool {
    workbook.sheets.iter().any(|sheet| {
        let length = |c: &crate::model::Cell| c.text().map_or(0, str::len);
        let all: usize = sheet.cells.iter().map(length).sum();
        let own = sheet.paragraphs.iter().filter_map(|p| sheet.get(p.row, 0));
        2 * own.map(length).sum::<usize>() > all && all > 0
    })
}
