//! What was found as findings: facts, figures and places. [`crate::words`] makes the sentences.

use std::sync::Arc;

use super::clauses::Items;
use super::judge::Verdict;
use super::paragraphs::{Line, Token};
use super::shares::{Hundred, Share};
use super::sums::Sum;
use crate::model::finding::{Amount, Fact, Kind};
use crate::model::statement::{Guilty, Reason, Statement};
use crate::model::{Figure, Finding, Passage, Reworded, Severity};

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
