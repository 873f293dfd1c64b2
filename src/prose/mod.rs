//! A report's running text into what it states and does not keep: sums, shares, changes, periods, amounts in words,
//! counts of what is listed, and figures that its own appendix, the units' workbooks or a consolidation have otherwise.
//!
//! What can't be parsed for certain is left alone: most statements of a report are right, and a clerk who is sent after
//! right ones stops reading. `templates/prose.toml` holds the words.

mod amounts;
mod bound;
mod captions;
mod changes;
mod clauses;
mod dates;
mod extract;
mod facts;
mod judge;
mod lines;
mod lists;
mod phrases;
mod quantities;
mod repeats;
mod say;
mod series;
mod shares;
mod sums;
mod tokens;

use std::sync::Arc;

use facts::Stated;
use lines::{Line, lines};
use phrases::Lexicon;

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
    let stated = of_text(&lines, sheet, &lexicon);
    let findings = stated.into_iter().map(|s| say::finding(s, file.clone(), lang)).collect();
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

/// What a text states by itself and does not keep.
fn of_text(lines: &[Line<'_>], sheet: &Sheet, lexicon: &Lexicon) -> Vec<Stated> {
    let items = clauses::items(lines, lexicon);
    let lists = lists::lists(&items);
    let mut sums: Vec<sums::Sum> = lists.iter().filter_map(|list| sums::tried(list, &items)).collect();
    sums.extend(sums::implied(&items));
    // What was consolidated and does not tie is the units' mistake, and said of their workbooks.
    sums.retain(|sum| !sum.is_bound(&items));
    let mut shares = shares::shares(&items, &lists);
    shares.retain(|s| !s.is_bound(&items));
    let judged = judge::judged(&sums, &shares, &items);
    let mut found: Vec<Stated> = Vec::new();
    found.extend(judged.sums.iter().map(|v| facts::sum(v, &items)));
    found.extend(judged.shares.iter().map(|s| facts::share(s, &items)));
    found.extend(shares::hundreds(&items).iter().filter_map(|h| facts::hundred(h, &items)));
    let changes = changes::changes(lines, lexicon);
    found.extend(changes.iter().filter(|c| !c.is_bound(lines)).map(|c| changes::stated(c, lines)));
    found.extend(dates::wrong(lines).iter().map(|w| dates::stated(w, lines)));
    let amounts = amounts::amounts(lines, sheet);
    found.extend(amounts.iter().filter(|a| !a.is_bound(lines)).map(|a| amounts::stated(a, lines)));
    found.extend(series::series(lines, lexicon).iter().map(|s| series::stated(s, lines)));
    let mut repeats = repeats::repeats(lines);
    repeats.extend(repeats::every(&lists, &items));
    repeats.extend(repeats::headlines(&items));
    found.extend(repeats.iter().filter(|r| !r.is_bound(lines)).map(|r| repeats::stated(r, lines)));
    found.sort_by_key(|f| f.paragraph);
    found
}

#[cfg(test)]
#[path = "../../tests/unit/prose_sentences.rs"]
mod tests;
