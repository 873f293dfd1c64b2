//! What was found as findings: facts, figures and places. [`crate::words`] makes the sentences.

use std::sync::Arc;

use super::clauses::Spot;
use super::paragraphs::{Line, Token};
use super::quantities::Quantity;
use crate::model::finding::{Amount, Fact, Kind};
use crate::model::statement::{Reason, Statement};
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
