//! A report's running text into what it states and does not keep: sums, shares, changes, periods, amounts in words,
//! counts of what is listed, and figures that its own appendix, the units' workbooks or a consolidation have otherwise.
//!
//! What can't be parsed for certain is left alone: most statements of a report are right, and a clerk who is sent after
//! right ones stops reading. `templates/prose.toml` holds the words.
//!
//! In this order: `paragraphs` parts the text into lines of tokens and finds the figures among them, `clauses` gives
//! every figure the words that name it, and `lists` proposes wholes with their parts. `sums` tries what is proposed in
//! every reading; `implied` and `tables` add the sums that no opener promises. `shares` tries percentages with what
//! `bases` finds them to be of, `judge` names the figure that is wrong where several statements convict it. `changes`,
//! `dates`, `listed` and `restated` look at their own kinds of statements, `captions` and `bound` at other papers.
//! `phrases` holds the words. What was found leaves as findings: facts, figures and places, of which [`crate::words`]
//! makes sentences.

mod bases;
mod bound;
mod captions;
mod changes;
mod clauses;
mod dates;
mod implied;
mod judge;
mod listed;
mod lists;
mod paragraphs;
mod phrases;
mod restated;
mod shares;
mod sums;
mod tables;

use std::sync::Arc;

use crate::model::finding::{Amount, Fact, Kind};
use crate::model::form::Vocabulary;
use crate::model::statement::{Bound, Guilty, Reason, Statement, Text, Written};
use crate::model::{Catalogue, Figure, Finding, Passage, Returns, Reworded, Severity, Sheet, Units, Workbook};
use clauses::Items;
use judge::Verdict;
use paragraphs::{Line, Token, lines};
use phrases::Lexicon;
use shares::{Hundred, Share};
use sums::Sum;

/// What the text of a document states and does not keep, and what others may confirm of it.
pub fn prose(workbook: &Workbook, file: &Arc<str>, words: &Vocabulary) -> (Vec<Finding>, Option<Text>) {
    let Some(sheet) = workbook.sheets.iter().find(|s| !s.paragraphs.is_empty()) else { return (Vec::new(), None) };
    let lexicon = Lexicon::new(&words.phrases);
    let lines = lines(sheet, &lexicon);
    let items = clauses::items(&lines, &lexicon);
    let findings = of_text(&items, sheet).into_iter().map(|s| s.finding(file.clone())).collect();
    (findings, Some(captions::extract(sheet, &items, file)))
}

/// The figures of a document that are bound to a consolidation.
pub fn bound(workbook: &Workbook) -> Vec<Bound> {
    workbook.sheets.iter().flat_map(bound::bound).collect()
}

/// What a document opens with, as keys.
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
    sums.extend(implied::columns(items));
    sums.extend(implied::levels_beside(items));
    sums.extend(implied::left(items, &shares));
    sums.extend(implied::of_shares(items, &shares));
    sums.extend(implied::scores(items));
    for table in tables::tables(lines, lexicon) {
        sums.extend(table.sums(lines, lexicon));
        shares.extend(table.shares(lines));
    }
    // What was consolidated and does not tie is the units' mistake, and said of their workbooks.
    sums.retain(|sum| !sum.is_bound(items));
    let sums = sums::unexplained(sums);
    shares.retain(|s| !s.is_bound(items));
    let judged = judge::judged(&sums, &shares, items);
    let mut found: Vec<Stated> = Vec::new();
    found.extend(judged.sums.iter().map(|v| sum(v, items)));
    let changes = changes::changes(lines, lexicon);
    // What a change convicts is told there.
    let other = |s: &&&shares::Share| !changes.iter().any(|c| s.percent == c.spot() || s.uses(c.spot()));
    found.extend(judged.shares.iter().filter(other).map(|s| share(s, items)));
    found.extend(shares::hundreds(items).iter().filter_map(|h| hundred(h, items)));
    found.extend(changes.iter().filter(|c| !c.is_bound(lines)).map(|c| changes::stated(c, lines)));
    found.extend(dates::wrong(lines).iter().map(|w| dates::stated(w, lines)));
    let amounts = restated::amounts(lines, sheet);
    found.extend(amounts.iter().filter(|a| !a.is_bound(lines)).map(|a| restated::amount(a, lines)));
    found.extend(listed::series(lines, lexicon).iter().map(|s| listed::count(s, lines)));
    let mut repeats = restated::repeats(lines);
    repeats.extend(restated::every(&lists, items));
    repeats.extend(restated::headlines(items));
    found.extend(repeats.iter().filter(|r| !r.is_bound(lines)).map(|r| restated::repeat(r, lines)));
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
}

impl Stated {
    /// As a finding of a file.
    pub fn finding(self, file: Arc<str>) -> Finding {
        let Self { statement, severity, paragraph, quote, found, expected, suspects } = self;
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

/// A sum that does not tie.
pub fn sum(verdict: &Verdict<'_>, items: &Items<'_>) -> Stated {
    let sum: &Sum = verdict.sum;
    let line = &items.lines[sum.told.line];
    let (whole, told) = (items.at(sum.whole), items.at(sum.told));
    let guilty = verdict.guilty.map(|(spot, right)| {
        let stated = items.at(spot).value;
        Guilty { stated, right, statements: verdict.witnesses }
    });
    let suspect = verdict.guilty.map(|(spot, proposed)| {
        let (its, quantity) = (&items.lines[spot.line], items.at(spot));
        Reworded {
            paragraph: its.number,
            quote: its.quote(quantity.at, quantity.end).to_owned(),
            stated: quantity.value.to_string(),
            proposed: Some(proposed),
            why: Reason::Statements(verdict.witnesses),
        }
    });
    Stated {
        severity: sum.severity,
        paragraph: line.number,
        quote: clip(line, told.at, sum.until),
        found: whole.value.to_string(),
        expected: sum.sum.to_string(),
        suspects: suspect.into_iter().collect(),
        statement: Statement::Sum {
            whole: whole.value,
            parts: sum.parts.iter().map(|p| items.at(*p).value).collect(),
            sum: sum.sum,
            ground: sum.ground.clone(),
            guilty,
        },
    }
}

/// A percentage that follows from nothing, or was cut off.
pub fn share(share: &Share, items: &Items<'_>) -> Stated {
    let line = &items.lines[share.percent.line];
    let percent = items.at(share.percent);
    let (top, bottom) = (share.top(items), share.bottom(items));
    let decimals = if share.cut { percent.shown } else { percent.shown.max(2) };
    let right = Figure::percentage(top, bottom, decimals).unwrap_or_default();
    let from = share.from.min(percent.at);
    Stated {
        severity: if share.cut { Severity::Note } else { share.severity },
        paragraph: line.number,
        quote: clip(line, from, percent.end.max(from + 1)),
        found: percent.value.to_string(),
        expected: right.to_string(),
        suspects: vec![Reworded {
            paragraph: line.number,
            quote: line.quote(percent.at, percent.end).to_owned(),
            stated: percent.value.to_string(),
            proposed: Some(right),
            why: Reason::Share(top, bottom),
        }],
        statement: Statement::Share { stated: percent.value, top, bottom, right, cut: share.cut },
    }
}

/// Percentages of one whole that are no hundred.
pub fn hundred(hundred: &Hundred, items: &Items<'_>) -> Option<Stated> {
    let (first, last) = (hundred.percents.first()?, hundred.percents.last()?);
    let line = &items.lines[first.line];
    Some(Stated {
        severity: Severity::Error,
        paragraph: line.number,
        quote: clip(line, items.at(*first).at, items.at(*last).end),
        found: hundred.sum.to_string(),
        expected: "100".to_owned(),
        suspects: Vec::new(),
        statement: Statement::Hundred {
            parts: hundred.percents.iter().map(|p| items.at(*p).value).collect(),
            sum: hundred.sum,
        },
    })
}

#[cfg(test)]
#[path = "../../tests/unit/prose_sentences.rs"]
mod tests;
