//! A report's running text into what it states and does not keep: sums, shares, changes, periods, amounts in words,
//! counts of what is listed, and figures that its own appendix, the units' workbooks or a consolidation have otherwise.
//!
//! What can't be parsed for certain is left alone: most statements of a report are right, and a clerk who is sent after
//! right ones stops reading. `templates/prose.toml` holds the words.
//!
//! In this order: `paragraphs` parts the text into lines of tokens, `quantities` finds the figures among them, `clauses`
//! gives every figure the words that name it, and `lists` proposes wholes with their parts. `sums` tries what is proposed in
//! every reading; `implied`, `columns` and `tables` add the sums that no opener promises. `shares` takes the percentages,
//! `percentages` tries each with what `bases` finds it to be of, `judge` names the figure that is wrong where several
//! statements convict it. `changes`, `dates`, `listed` and `restated` look at their own kinds of statements, `captions` and
//! `bound` at other papers. `phrases` looks for the words.
//! Each hands back what does not hold as [`Stated`]: facts, figures and places. [`crate::words`] makes the sentences.

mod bases;
mod bound;
mod captions;
mod changes;
mod clauses;
mod columns;
mod dates;
mod implied;
mod judge;
mod listed;
mod lists;
mod paragraphs;
mod percentages;
mod phrases;
mod quantities;
mod restated;
mod shares;
mod sums;
mod tables;

use std::sync::Arc;

use clauses::{Items, Spot};
use paragraphs::{Line, Token, lines};
use quantities::Quantity;

use crate::model::finding::{Amount, Fact, Kind};
use crate::model::form::Vocabulary;
use crate::model::statement::{Bound, Reason, Statement, Text, Written};
use crate::model::{Catalogue, Figure, Finding, Passage, Returns, Reworded, Severity, Sheet, Units, Workbook};

/// What the text of a document states and does not keep, and what others may confirm of it.
#[must_use]
pub fn prose(workbook: &Workbook, file: &Arc<str>, words: &Vocabulary) -> (Vec<Finding>, Option<Text>) {
    let Some(sheet) = workbook.sheets.iter().find(|s| !s.paragraphs.is_empty()) else {
        return (Vec::new(), None);
    };
    let lines = lines(sheet, &words.phrases);
    let items = clauses::items(&lines, &words.phrases);
    let findings = of_text(&items, sheet).into_iter().map(|s| s.finding(file.clone())).collect();
    (findings, Some(captions::extract(sheet, &items, file)))
}

/// The figures of a document that are bound to a consolidation.
#[must_use]
pub fn bound(workbook: &Workbook) -> Vec<Bound> {
    workbook.sheets.iter().flat_map(bound::bound).collect()
}

/// What a document opens with, as keys.
#[must_use]
pub fn opening(workbook: &Workbook) -> Vec<String> {
    workbook.sheets.iter().filter(|s| !s.paragraphs.is_empty()).flat_map(captions::opening).collect()
}

/// Adds to the findings the figures of the texts that tables and a consolidation have otherwise.
pub fn against(
    texts: &[Text],
    findings: &mut Vec<Finding>,
    returns: &dyn Returns,
    catalogue: &Catalogue,
    units: &Units,
    written: Option<&Written>,
) {
    if texts.is_empty() {
        return;
    }
    let captions = captions::Captions::new(catalogue);
    for text in texts {
        findings.extend(bound::against(text, written, &catalogue.words.nil));
        let found = captions.against(text, returns, written, units);
        captions::join(found, findings);
    }
}

/// What a text states by itself and does not keep.
fn of_text(items: &Items<'_>, sheet: &Sheet) -> Vec<Stated> {
    let (lines, lexicon) = (items.lines, items.lexicon);
    let lists = lists::lists(items);
    let mut sums: Vec<sums::Sum> = lists.iter().filter_map(|list| sums::tried(list, items)).collect();
    sums.extend(implied::implied(items));
    let mut shares = shares::shares(items, &lists);
    sums.extend(columns::columns(items));
    sums.extend(columns::levels_beside(items));
    sums.extend(implied::left(items, &shares));
    sums.extend(implied::of_shares(items, &shares));
    sums.extend(implied::fractions(items));
    for table in tables::tables(lines, lexicon) {
        sums.extend(table.sums(items));
        shares.extend(table.shares(lines));
    }
    // What was consolidated and does not tie is the units' mistake, and said of their workbooks.
    sums.retain(|sum| !sum.is_bound(items));
    let sums = sums::unexplained(sums, items);
    shares.retain(|s| !s.is_bound(items));
    let judged = judge::judged(&sums, &shares, items);
    let mut found: Vec<Stated> = judged.sums.iter().map(|v| v.stated(items)).collect();
    let changes = changes::changes(lines, lexicon);
    // What a change convicts is told there.
    let wrong = || changes.iter().filter_map(|c| c.spot);
    let other = |s: &&&shares::Share| !wrong().any(|spot| s.percent == spot || s.uses(spot));
    found.extend(judged.shares.iter().filter(other).map(|s| s.stated(items)));
    found.extend(shares::hundreds(items));
    found.extend(changes);
    found.extend(dates::wrong(lines));
    found.extend(restated::amounts(lines, sheet));
    found.extend(listed::counts(lines, lexicon));
    let repeats = [
        restated::repeats(lines),
        restated::every(&lists, items),
        restated::headlines(items),
        restated::referred(items),
    ];
    // What its own parts convict is told with them.
    let told = |repeat: &Stated| judged.sums.iter().any(|v| Some(v.sum.whole) == repeat.spot);
    found.extend(repeats.into_iter().flatten().filter(|repeat| !told(repeat)));
    found.retain(|stated| !stated.spot.is_some_and(|spot| lines[spot.line].is_bound(spot.quantity)));
    found.sort_by_key(|f| f.paragraph);
    // A sentence printed twice, in the lead and below, is one mistake.
    let mut told: Vec<Stated> = Vec::new();
    for stated in found {
        if !told.iter().any(|t| t.statement == stated.statement) {
            told.push(stated);
        }
    }
    told
}

/// One thing that a text states and does not keep.
#[derive(Debug, Clone)]
pub struct Stated {
    pub statement: Statement,
    pub severity: Severity,
    pub paragraph: u32,
    pub quote: String,
    /// As printed in data: what stands there, and what should.
    pub found: String,
    pub expected: String,
    pub suspects: Vec<Reworded>,
    /// The figure that is wrong, where one is told to be: what it must say follows from the consolidation, if it is bound.
    pub spot: Option<Spot>,
}

impl Stated {
    /// As a finding of a file.
    pub fn finding(self, file: Arc<str>) -> Finding {
        let Self { statement, severity, paragraph, quote, found, expected, suspects, spot: _ } = self;
        let rule = format!("van-ban:{}", statement.rule());
        Finding {
            rules: vec![rule.clone()],
            rule,
            kind: Kind::Prose,
            severity,
            form: "".into(),
            unit: file.clone(),
            period: None,
            file,
            sheet: "".into(),
            cells: Vec::new(),
            found: Amount::Text(found),
            expected: Amount::Text(expected),
            suspects: Vec::new(),
            fact: Fact::Text(statement),
            certain: false,
            advice: None,
            more: 0,
            passage: Some(Passage { paragraph, quote, suspects }),
            waived: None,
        }
    }
}

/// Tokens quoted before the number, and behind it, at most.
const NEAR: usize = 24;
const LONG: usize = 60;

/// The words around some tokens: from the start of the sentence, or of a clause where that is far.
pub fn clip(line: &Line<'_>, at: usize, until: usize) -> String {
    let start = line.sentence_start(at);
    let from = if at - start <= NEAR {
        start
    } else {
        let parted = |i: &usize| matches!(line.tokens[*i].token, Token::Mark(',' | ';' | ':'));
        let near = (start..at).filter(|i| at - i <= NEAR);
        near.clone().find(parted).map_or(at - NEAR, |i| i + 1)
    };
    let until = until.min(at + LONG).max(at + 1).min(line.tokens.len());
    line.quote(from, until).to_owned()
}

/// A figure of running text that is most likely wrong.
pub fn suspect(line: &Line<'_>, quantity: &Quantity, proposed: Option<Figure>, why: Reason) -> Reworded {
    Reworded {
        paragraph: line.number,
        quote: line.quote(quantity.at, quantity.end).to_owned(),
        stated: quantity.value.to_string(),
        proposed,
        why,
    }
}

#[cfg(test)]
#[path = "../../tests/unit/prose_sentences.rs"]
mod tests;
