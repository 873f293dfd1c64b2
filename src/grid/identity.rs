//! An identity as a numbering row prints it, `(3)=(4)+(5)+(6)` or `7=5/4*100%`, into what is made of which columns.

use std::fmt;

/// What a numbering row promises of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub total: u32,
    pub operation: Operation,
    /// As printed, blanks left out.
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// Σ sign · column.
    Sum(Vec<(u32, i64)>),
    /// numerator / denominator × 100.
    Share(u32, u32),
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Reads a printed identity; several `=` make several totals of the same columns: `(3)=(4)+(5)=(6)+(7)`.
#[must_use]
pub fn parse(text: &str) -> Vec<Identity> {
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| if matches!(c, '–' | '−' | '—') { '-' } else { c })
        .collect();
    let mut sides = text.split('=');
    let Some(total) = sides.next().and_then(|own| own.trim_matches(['(', ')', '[', ']']).parse().ok()) else {
        return Vec::new();
    };
    let operations = sides.filter_map(|side| sum(side).or_else(|| share(side)));
    operations.filter(|o| !o.names(total)).map(|operation| Identity { total, operation, text: text.clone() }).collect()
}

impl Operation {
    fn names(&self, number: u32) -> bool {
        match self {
            Self::Sum(parts) => parts.iter().any(|(n, _)| *n == number),
            Self::Share(a, b) => *a == number || *b == number,
        }
    }
}

/// `(4)+(5)-(6)`, `4+…+9`.
fn sum(side: &str) -> Option<Operation> {
    let side = side.replace("...", "…").replace("..", "…");
    let mut parts: Vec<(u32, i64)> = Vec::new();
    let (mut sign, mut from) = (1, None);
    let mut digits = String::new();
    for c in side.chars().chain(['+']) {
        match c {
            '0'..='9' => digits.push(c),
            '(' | ')' | '[' | ']' => {}
            '…' => from = Some(parts.last()?.0),
            '+' | '-' => {
                if !digits.is_empty() {
                    let number: u32 = digits.parse().ok().filter(|n| *n < 100)?;
                    parts.extend(from.take().into_iter().flat_map(|f| f + 1..number).map(|n| (n, sign)));
                    parts.push((number, sign));
                    digits.clear();
                }
                sign = if c == '-' { -1 } else { 1 };
            }
            _ => return None,
        }
    }
    (parts.len() >= 2).then_some(Operation::Sum(parts))
}

/// `(5)/(4)`, `5/4*100`, `(5):(4)x100%`.
fn share(side: &str) -> Option<Operation> {
    let plain: String = side.chars().filter(|c| !matches!(c, '(' | ')' | '[' | ']' | '%')).collect();
    let plain = ["*100", "x100", "X100", "×100"].iter().find_map(|end| plain.strip_suffix(end)).unwrap_or(&plain);
    let (top, bottom) = plain.split_once(['/', ':'])?;
    Some(Operation::Share(top.parse().ok()?, bottom.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_identities_are_read() {
        let sum = |text: &str| parse(text).into_iter().map(|i| (i.total, i.operation)).collect::<Vec<_>>();
        assert_eq!(sum("(3)=(4)+(5)+(6)"), [(3, Operation::Sum(vec![(4, 1), (5, 1), (6, 1)]))]);
        assert_eq!(sum("(7) = (3) – (5)"), [(7, Operation::Sum(vec![(3, 1), (5, -1)]))]);
        assert_eq!(sum("3=4+...+7"), [(3, Operation::Sum(vec![(4, 1), (5, 1), (6, 1), (7, 1)]))]);
        assert_eq!(sum("(3=4+5)"), [(3, Operation::Sum(vec![(4, 1), (5, 1)]))]);
        assert_eq!(sum("6=5/4*100%"), [(6, Operation::Share(5, 4))]);
        assert_eq!(sum("(3)=(4)+(5)=(6)+(7)").len(), 2);
        assert!(sum("(3)").is_empty() && sum("(3)=(3)+(4)").is_empty() && sum("Có=1").is_empty());
    }
}
