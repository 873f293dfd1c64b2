//! A report's running text into what it states and does not keep: sums, shares, changes, periods, amounts in words,
//! counts of what is listed, and figures that its own appendix, the units' workbooks or a consolidation have otherwise.
//!
//! What can't be parsed for certain is left alone: most statements of a report are right, and a clerk who is sent after
//! right ones stops reading. `templates/prose.toml` holds the words.

mod amounts;
mod bound;
mod captions;
mod changes;
mod dates;
mod extract;
mod judge;
mod lexicon;
mod lines;
mod parts;
mod percent;
mod quantities;
mod repeats;
mod say;
mod series;
mod sums;
mod tokens;

use std::sync::Arc;

use lexicon::Lexicon;
use lines::{Line, lines};

use crate::model::form::Words;
use crate::model::text::{Bound, Text, Written};
use crate::model::{Catalogue, Finding, Lang, Returns, Sheet, Units, Workbook};

/// What the text of a document states and does not keep, and what others may confirm of it.
#[must_use]
pub fn prose(workbook: &Workbook, file: &Arc<str>, words: &Words, lang: Lang) -> (Vec<Finding>, Option<Text>) {
    let Some(sheet) = workbook.sheets.iter().find(|s| !s.paragraphs.is_empty()) else {
        return (Vec::new(), None);
    };
    let lexicon = Lexicon::new(&words.phrases);
    let lines = lines(sheet, &lexicon);
    let findings = of_text(&lines, sheet, file, &lexicon, lang);
    (findings, Some(extract::extract(sheet, &lines, file)))
}

/// The figures of a document that are bound to a consolidation.
#[must_use]
pub fn bound(workbook: &Workbook) -> Vec<Bound> {
    workbook.sheets.iter().flat_map(extract::bound).collect()
}

/// Adds to the findings the figures of the texts that tables and a consolidation have otherwise.
pub fn against(
    texts: &[Text],
    findings: &mut Vec<Finding>,
    returns: &dyn Returns,
    catalogue: &Catalogue,
    units: &Units,
    written: Option<&Written>,
    lang: Lang,
) {
    if texts.is_empty() {
        return;
    }
    let captions = captions::Captions::new(catalogue);
    for text in texts {
        findings.extend(bound::against(text, written, &catalogue.words.nil, lang));
        let found = captions.against(text, returns, written, units, lang);
        captions::join(found, findings, lang);
    }
}

fn of_text(lines: &[Line<'_>], sheet: &Sheet, file: &Arc<str>, lexicon: &Lexicon, lang: Lang) -> Vec<Finding> {
    let desk = say::Desk { lines, file, lang };
    let stated = parts::stated(lines, lexicon);
    let mut sums: Vec<sums::Sum> = stated.iter().filter_map(|stated| sums::tried(stated, lines, lexicon)).collect();
    sums.extend(sums::implied(lines, lexicon));
    // What was consolidated and does not tie is the units' mistake, and said of their workbooks.
    sums.retain(|sum| !sum.is_bound(lines));
    let mut findings: Vec<Finding> = Vec::new();
    findings.extend(judge::judged(&sums, lines).iter().map(|v| desk.sum(v)));
    let mut shares = percent::fractions(lines, lexicon);
    shares.extend(percent::shares(&stated, lines, lexicon));
    shares.retain(|s| !s.is_bound(lines));
    findings.extend(shares.iter().map(|s| desk.share(s)));
    let changes = changes::changes(lines, lexicon);
    let changes = changes.iter().filter(|c| !c.is_bound(lines));
    findings.extend(changes.map(|c| desk.change(c)));
    findings.extend(dates::ranges(lines).iter().map(|r| desk.range(r)));
    let amounts = amounts::amounts(lines, sheet);
    let amounts = amounts.iter().filter(|a| !a.is_bound(lines));
    findings.extend(amounts.map(|a| desk.amount(a)));
    let series = series::series(lines, lexicon);
    findings.extend(series.iter().map(|s| desk.series(s)));
    let mut repeats = repeats::repeats(lines);
    repeats.extend(repeats::every(&stated, lines, lexicon));
    repeats.retain(|r| !r.is_bound(lines));
    findings.extend(repeats.iter().map(|r| desk.repeat(r)));
    findings.sort_by_key(|f| f.passage.as_ref().map(|p| p.paragraph));
    findings
}

#[cfg(test)]
mod tests;
