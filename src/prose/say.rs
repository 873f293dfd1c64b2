//! A statement that does not hold into a finding, in the reader's language.

use std::sync::Arc;

use super::judge::Verdict;
use super::lines::Line;
use super::parts::Spot;
use super::sums::{Ground, Sum};
use super::tokens::Token;
use crate::model::fact::{Amount, Fact, Said as Sentence};
use crate::model::finding::Kind;
use crate::model::{Figure, Finding, Lang, Passage, Reworded, Severity};

/// A text that is being tried.
pub struct Desk<'a> {
    pub lines: &'a [Line<'a>],
    pub file: &'a Arc<str>,
    pub lang: Lang,
}

/// What a finding says, before it is put together.
pub struct Said {
    /// The last part of the rule's id.
    pub rule: &'static str,
    pub severity: Severity,
    pub quote: String,
    pub found: String,
    pub expected: String,
    pub message: String,
    pub suspects: Vec<Reworded>,
}

/// What is said of a paragraph.
pub fn placed(file: Arc<str>, paragraph: u32, said: Said) -> Finding {
    let rule = format!("van-ban:{}", said.rule);
    Finding {
        rules: vec![rule.clone()],
        rule,
        kind: Kind::Prose,
        severity: said.severity,
        form: "".into(),
        unit: file.clone(),
        period: None,
        file,
        sheet: "".into(),
        cells: Vec::new(),
        found: Amount::Text(said.found),
        expected: Amount::Text(said.expected),
        suspects: Vec::new(),
        fact: Fact::Said(Sentence::same(&said.message)),
        certain: false,
        advice: None,
        more: 0,
        passage: Some(Passage { paragraph, quote: said.quote, suspects: said.suspects }),
        waived: None,
    }
}

impl Desk<'_> {
    pub fn finding(&self, line: usize, said: Said) -> Finding {
        placed(self.file.clone(), self.lines[line].number, said)
    }

    /// A sum that does not tie.
    pub fn sum(&self, verdict: &Verdict<'_>) -> Finding {
        let (sum, lang) = (verdict.sum, self.lang);
        let stated = self.value(sum.whole);
        let (mut said, figure) = (self.spelled(&sum.parts), lang.figure(stated));
        if sum.parts.len() > 1 {
            said = format!("{said} = {}", lang.figure(sum.sum));
        }
        let ground = match &sum.ground {
            Ground::Partition(name) => lang.pick(format!(" ({name})"), format!(" ({name})")),
            _ => String::new(),
        };
        let message = match sum.ground {
            Ground::TooLarge => lang.pick(
                format!("ghi tổng {figure} mà một phần của nó lại là {said}; xem lại hai số."),
                format!("the whole is {figure}, yet a part of it is {said}; look at both."),
            ),
            _ => lang.pick(
                format!("ghi {figure}, nhưng các phần cộng lại {said}{ground}{}", self.advice(verdict)),
                format!("says {figure}, but its parts come to {said}{ground}{}", self.advice(verdict)),
            ),
        };
        self.finding(
            sum.whole.line,
            Said {
                rule: "tong",
                severity: sum.severity,
                quote: self.quote(sum),
                found: stated.to_string(),
                expected: sum.sum.to_string(),
                message,
                suspects: self.suspects(verdict),
            },
        )
    }

    /// What to do about it.
    fn advice(&self, verdict: &Verdict<'_>) -> String {
        let Some((spot, figure)) = verdict.guilty else {
            return if verdict.sum.sum < self.value(verdict.sum.whole) {
                self.lang.pick(
                    "; xem lại các số này hoặc nêu nốt phần còn thiếu.",
                    "; look at these numbers, or name the part that is missing.",
                )
            } else {
                self.lang.pick("; xem lại các số này.", "; look at these numbers.")
            }
            .to_owned();
        };
        let (stated, figure) = (self.lang.figure(self.value(spot)), self.lang.figure(figure));
        let all = verdict.witnesses;
        match all {
            1 => self.lang.pick(
                format!("; nhiều khả năng {stated} phải là {figure}."),
                format!("; {stated} most likely should be {figure}."),
            ),
            _ => self.lang.pick(
                format!("; sửa {stated} thành {figure} thì {all} chỗ cùng khớp."),
                format!("; with {figure} in place of {stated}, {all} statements tie."),
            ),
        }
    }

    fn suspects(&self, verdict: &Verdict<'_>) -> Vec<Reworded> {
        let why = match verdict.witnesses {
            1 => self.lang.pick(
                "các câu khác dùng những số còn lại đều khớp".to_owned(),
                "the other sentences that use the remaining numbers tie".to_owned(),
            ),
            n => self
                .lang
                .pick(format!("{n} câu độc lập cùng cho số này"), format!("{n} independent statements come to it")),
        };
        let one = |(spot, proposed): (Spot, Figure)| {
            let line = &self.lines[spot.line];
            let quantity = &line.quantities[spot.quantity];
            Reworded {
                paragraph: line.number,
                quote: line.quote(quantity.at, quantity.end).to_owned(),
                stated: quantity.value.to_string(),
                proposed: Some(proposed),
                why: Sentence::same(&why),
            }
        };
        verdict.guilty.map(one).into_iter().collect()
    }

    pub fn value(&self, spot: Spot) -> Figure {
        self.lines[spot.line].quantities[spot.quantity].value
    }

    fn spelled(&self, parts: &[Spot]) -> String {
        let parts: Vec<String> = parts.iter().map(|s| self.lang.figure(self.value(*s))).collect();
        parts.join(" + ")
    }

    /// The words of a sum, from where its clause begins to its last part on that line.
    fn quote(&self, sum: &Sum) -> String {
        let line = &self.lines[sum.whole.line];
        let at = line.quantities[sum.whole.quantity].at;
        self.clip(sum.whole.line, at, sum.until)
    }

    /// The words around some tokens: from the start of the sentence, or of a clause where that is far.
    pub fn clip(&self, line: usize, at: usize, until: usize) -> String {
        let line = &self.lines[line];
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
}

/// Tokens quoted before the number, and behind it, at most.
const NEAR: usize = 24;
const LONG: usize = 60;
