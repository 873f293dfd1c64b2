//! A rule on particular cells with the numbers in it, as `explain` shows it.

use super::Words;
use crate::model::{CellId, Figure};
use crate::rule::{Book, Claim, less};

impl Words<'_> {
    /// The claim with the numbers in it: `C12 = D12 + E12 + F12: 325 ≠ 87 + 228 + 10 = 370`.
    pub fn arithmetic(&self, claim: &Claim<CellId>, book: &Book<'_>, home: u32) -> String {
        let name = |cell: CellId| format!("{}{}", book.entry(cell).cell, elsewhere(book, cell, home));
        let said = |cell: CellId| book.amount(cell).map_or_else(|| self.entry(book.entry(cell)), |f| self.figure(f));
        let known = |cell: CellId| book.amount(cell).unwrap_or_default();
        let equal = |cell: CellId, result: Option<Figure>| {
            if known(cell) == result.unwrap_or_default() { "=" } else { "≠" }
        };
        if let Some((terms, _)) = claim.equation() {
            let Some(((total, _), parts)) = terms.split_first() else {
                return String::new();
            };
            let gap = terms.iter().try_fold(Figure::ZERO, |sum, (cell, factor)| {
                let figure = known(*cell);
                sum.checked_add(Figure::new(figure.units.checked_mul(*factor)?, figure.scale))
            });
            let sum = gap.and_then(|gap| less(known(*total), gap));
            let result = sum.map(|s| self.figure(s)).unwrap_or_default();
            let result = if parts.len() > 1 { format!(" = {result}") } else { String::new() };
            let (wanted, is) = match claim {
                Claim::Sum { .. } => ("=", equal(*total, sum)),
                _ => ("≥", if Some(known(*total)) >= sum { "≥" } else { "<" }),
            };
            let (names, figures) = (chain(parts, &name), chain(parts, &said));
            return format!("{} {wanted} {names}: {} {is} {figures}{result}", name(*total), said(*total));
        }
        match claim {
            Claim::Share { value, part, whole, times } => {
                let exact = claim.derived(4, |c| book.amount(*c));
                let result = exact.map_or_else(|| "?".to_owned(), |e| self.figure(e));
                let (v, n, d) = (name(*value), name(*part), name(*whole));
                let by = self.times(*times);
                format!("{v} = {n} / {d}{by}: {}; {} / {}{by} = {result}", said(*value), said(*part), said(*whole))
            }
            Claim::ShareOfSums { value, parts, wholes, times } => {
                let exact = claim.derived(4, |c| Some(book.amount(*c).unwrap_or_default()));
                let result = exact.map_or_else(|| "?".to_owned(), |e| self.figure(e));
                let all = |cells: &[CellId], word: &dyn Fn(CellId) -> String| {
                    let words: Vec<String> = cells.iter().map(|c| word(*c)).collect();
                    if words.len() > 1 { format!("({})", words.join(" + ")) } else { words.concat() }
                };
                let by = self.times(*times);
                let of = |word: &dyn Fn(CellId) -> String| format!("{} / {}{by}", all(parts, word), all(wholes, word));
                format!("{} = {}: {}; {} = {result}", name(*value), of(&name), said(*value), of(&said))
            }
            Claim::Within { cell, min, max } => {
                let bounds =
                    [min.map(|m| format!("≥ {}", self.figure(m))), max.map(|m| format!("≤ {}", self.figure(m)))];
                let bounds = bounds.into_iter().flatten().collect::<Vec<_>>().join(", ");
                format!("{} {bounds}: {}", name(*cell), said(*cell))
            }
            Claim::OneOf { cell, codes } => {
                let codes = codes.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
                format!("{} ∈ {{{codes}}}: {}", name(*cell), said(*cell))
            }
            Claim::Whole { cell } | Claim::Filled { cell } => {
                format!("{}: {}", name(*cell), said(*cell))
            }
            Claim::When { condition, then } => {
                format!("{} = {}; {} = {}", name(condition.0), said(condition.0), name(then.0), said(then.0))
            }
            Claim::Carried { opening, left } => {
                let listed = |word: &dyn Fn(CellId) -> String| {
                    left.iter().map(|c| c.map_or_else(|| "0".to_owned(), word)).collect::<Vec<_>>().join(" + ")
                };
                let sign = equal(*opening, claim.derived(0, |c| book.amount(*c)));
                let (opened, carried) = (said(*opening), listed(&said));
                format!("{} = {}: {opened} {sign} {carried}", name(*opening), listed(&name))
            }
            Claim::Rises { now, before } => {
                let listed =
                    |word: &dyn Fn(CellId) -> String| before.iter().map(|c| word(*c)).collect::<Vec<_>>().join(" + ");
                format!("{} ≥ {}: {}; {}", name(*now), listed(&name), said(*now), listed(&said))
            }
            Claim::Sum { .. } | Claim::AtMost { .. } => String::new(),
        }
    }
}

/// `a + b − c`: the parts stand on the other side of the equation.
fn chain(parts: &[(CellId, i64)], word: &dyn Fn(CellId) -> String) -> String {
    let mut out = String::new();
    for (i, (cell, factor)) in parts.iter().enumerate() {
        out.push_str(match (i, *factor < 0) {
            (0, true) => "",
            (0, false) => "−",
            (_, true) => " + ",
            (_, false) => " − ",
        });
        out.push_str(&word(*cell));
    }
    out
}

/// The file and sheet beside a cell, where it stands elsewhere than the rule's return.
fn elsewhere(book: &Book<'_>, cell: CellId, home: u32) -> String {
    let (there, here) = (book.ret(cell.ret), book.ret(home));
    if there.file != here.file {
        format!(" [{} / {}]", there.file, there.sheet)
    } else if there.sheet != here.sheet {
        format!(" [{}]", there.sheet)
    } else {
        String::new()
    }
}
