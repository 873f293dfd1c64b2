//! What a rule claims of a cell, as conditions in a formula.

use crate::model::Figure;
use crate::model::rule::Condition;

/// True where the claim holds of what is in the cell.
#[must_use]
pub fn holds(claim: &Condition, cell: &str) -> String {
    let mut all = vec![format!("LEN({cell})>0")];
    if !claim.is.is_empty() {
        let any: Vec<String> = claim.is.iter().map(|f| format!("{cell}={f}")).collect();
        all.push(format!("OR({})", any.join(",")));
    }
    let number = |sign: &str, bound: Figure| format!("IF(ISNUMBER({cell}),{cell}{sign}{bound},FALSE)");
    all.extend(claim.min.map(|min| number(">=", min)));
    all.extend(claim.max.map(|max| number("<=", max)));
    format!("AND({})", all.join(","))
}

/// What is claimed does not hold; a blank breaks only what must be filled.
#[must_use]
pub fn broken(claim: &Condition, cell: &str) -> String {
    let mut any = Vec::new();
    if claim.filled {
        any.push(format!("LEN({cell})=0"));
    }
    if !claim.is.is_empty() {
        let all: Vec<String> = claim.is.iter().map(|f| format!("{cell}<>{f}")).collect();
        any.push(format!("AND(LEN({cell})>0,{})", all.join(",")));
    }
    let number = |sign: &str, bound: Figure| format!("IF(ISNUMBER({cell}),{cell}{sign}{bound},FALSE)");
    any.extend(claim.min.map(|min| number("<", min)));
    any.extend(claim.max.map(|max| number(">", max)));
    match any[..] {
        [] => "FALSE".to_owned(),
        _ => format!("OR({})", any.join(",")),
    }
}
