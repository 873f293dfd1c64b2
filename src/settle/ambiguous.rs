//! Turns a figure that its own sheet leaves open ("8.326") into the one that a sum or a percentage of the form proves.

use std::collections::HashMap;

use crate::model::{Catalogue, CellId, Figure, Return, Rule, RuleKind, State, Unsure};
use crate::rule::Book;

/// With more open figures in one rule than this, too many ways fit by chance.
const MOST_OPEN: usize = 4;

/// One figure proved: which, what it is, and the rule in the form's words.
struct Proof {
    cell: CellId,
    taken: Figure,
    says: String,
}

/// The readings left open, by cell.
type Open = HashMap<CellId, Vec<Figure>>;

/// Takes the only reading with which a rule of the form holds, and says by which; of what no rule tells, points are
/// taken as the law has them, and commas stay open.
pub fn decide(returns: &mut [Return], catalogue: &Catalogue) {
    loop {
        let proofs = proofs(returns, catalogue);
        if proofs.is_empty() {
            break;
        }
        for proof in proofs {
            let ret = &mut returns[proof.cell.ret as usize];
            let entry = &mut ret.entries[proof.cell.entry as usize];
            entry.state = State::Filled;
            entry.shown = proof.taken.scale;
            entry.value = Some(proof.taken);
            let at = entry.cell;
            for doubt in ret.doubts.iter_mut().filter(|d| d.cell == at) {
                if let Unsure::Undecided { .. } = &doubt.what {
                    doubt.what = Unsure::Decided { taken: proof.taken, says: proof.says.clone() };
                }
            }
        }
    }
    returns.iter_mut().for_each(by_law);
}

/// Luật Kế toán (of 2003: Điều 12; the law of 2015 keeps it): a point behind the digit of the thousands, a comma behind
/// that of the units. Who writes "384.578" by hand means thousands; "384,578" may follow the law or an English Excel.
fn by_law(ret: &mut Return) {
    for doubt in &mut ret.doubts {
        let Unsure::Undecided { candidates } = &doubt.what else {
            continue;
        };
        let entry = ret.entries.iter_mut().find(|e| e.cell == doubt.cell);
        let Some(entry) = entry.filter(|e| e.text.contains('.') && !e.text.contains(',')) else {
            continue;
        };
        let &[a, b] = &candidates[..] else { continue };
        let (taken, other) = if a.to_double().abs() > b.to_double().abs() { (a, b) } else { (b, a) };
        entry.state = State::Filled;
        entry.shown = taken.scale;
        entry.value = Some(taken);
        doubt.what = Unsure::Lawful { taken, other };
    }
}

fn proofs(returns: &[Return], catalogue: &Catalogue) -> Vec<Proof> {
    let open = open(returns);
    if open.is_empty() {
        return Vec::new();
    }
    let book = Book::new(catalogue, returns);
    let mut proofs: Vec<Proof> = Vec::new();
    let mut against: Vec<CellId> = Vec::new();
    for rule in &catalogue.rules {
        for (at, line) in book.trials(rule) {
            for (cell, taken) in proved(rule, at, line, &open, &book) {
                match proofs.iter().find(|p| p.cell == cell) {
                    Some(other) if other.taken != taken => against.push(cell),
                    Some(_) => {}
                    None => proofs.push(Proof { cell, taken, says: rule.says.clone() }),
                }
            }
        }
    }
    proofs.retain(|p| !against.contains(&p.cell));
    proofs
}

fn open(returns: &[Return]) -> Open {
    let mut open = Open::new();
    for (i, ret) in returns.iter().enumerate().filter(|(_, r)| !r.superseded) {
        for doubt in &ret.doubts {
            let Unsure::Undecided { candidates } = &doubt.what else {
                continue;
            };
            let entry = ret.entries.iter().position(|e| e.cell == doubt.cell);
            if let Some(j) = entry {
                let cell = CellId { ret: i as u32, entry: j as u32 };
                open.insert(cell, candidates.clone());
            }
        }
    }
    open
}

/// The readings of a rule's open cells, where they are the only ones with which it holds.
fn proved(rule: &Rule, at: u32, line: &str, open: &Open, book: &Book<'_>) -> Vec<(CellId, Figure)> {
    let Some(equality) = Equality::of(rule, at, line, book) else {
        return Vec::new();
    };
    let unknown: Vec<CellId> = equality.cells().filter(|c| open.contains_key(c)).collect();
    if unknown.is_empty() || unknown.len() > MOST_OPEN {
        return Vec::new();
    }
    let ways = unknown.iter().fold(vec![Vec::new()], |ways, cell| {
        let more = |way: &Vec<Figure>| -> Vec<Vec<Figure>> {
            open[cell].iter().map(|f| way.iter().copied().chain([*f]).collect()).collect()
        };
        ways.iter().flat_map(more).collect()
    });
    let holds = |way: &&Vec<Figure>| {
        let read = |cell: CellId| {
            let among = unknown.iter().position(|c| *c == cell);
            match among {
                Some(i) => Some((way[i], way[i].scale)),
                None => Some((book.amount(cell)?, book.entry(cell).shown)),
            }
        };
        equality.holds(read)
    };
    let mut fitting = ways.iter().filter(holds);
    match (fitting.next(), fitting.next()) {
        (Some(way), None) => unknown.into_iter().zip(way.iter().copied()).collect(),
        _ => Vec::new(),
    }
}

/// What a rule says must be equal.
enum Equality {
    /// total = Σ ± parts.
    Sum(CellId, Vec<(CellId, i64)>),
    /// value = numerator / denominator × 100.
    Share([CellId; 3]),
}

impl Equality {
    fn of(rule: &Rule, at: u32, line: &str, book: &Book<'_>) -> Option<Self> {
        let one = |place| book.resolve(at, place, line);
        match &rule.kind {
            RuleKind::Balance { total, parts, minus } => {
                let signed = parts.iter().map(|p| (p, 1)).chain(minus.iter().map(|p| (p, -1)));
                let terms = signed.map(|(p, sign)| Some((one(p)?, sign)));
                Some(Self::Sum(one(total)?, terms.collect::<Option<_>>()?))
            }
            RuleKind::TiesTo { cell, parts } => {
                let terms = parts.iter().map(|p| Some((one(p)?, 1)));
                Some(Self::Sum(one(cell)?, terms.collect::<Option<_>>()?))
            }
            RuleKind::Ratio { value, numerator, denominator } => {
                Some(Self::Share([one(value)?, one(numerator)?, one(denominator)?]))
            }
            _ => None,
        }
    }

    fn cells(&self) -> impl Iterator<Item = CellId> + '_ {
        let (sum, share): (Vec<CellId>, &[CellId]) = match self {
            Self::Sum(total, terms) => (std::iter::once(*total).chain(terms.iter().map(|(c, _)| *c)).collect(), &[]),
            Self::Share(cells) => (Vec::new(), cells),
        };
        sum.into_iter().chain(share.iter().copied())
    }

    /// Whether it holds with the figures read; not where one is unknown, or where nothing is nothing.
    fn holds(&self, read: impl Fn(CellId) -> Option<(Figure, u8)>) -> bool {
        match self {
            Self::Sum(total, terms) => {
                let Some((total, _)) = read(*total) else {
                    return false;
                };
                let mut rest = total;
                for (cell, sign) in terms {
                    let Some((part, _)) = read(*cell) else {
                        return false;
                    };
                    let signed = Figure::new(part.units * -sign, part.scale);
                    let Some(less) = rest.checked_add(signed) else {
                        return false;
                    };
                    rest = less;
                }
                rest.is_zero() && !total.is_zero()
            }
            Self::Share(cells) => {
                let [Some((value, shown)), Some((n, _)), Some((d, _))] = cells.map(read) else {
                    return false;
                };
                !value.is_zero() && Figure::percentage(n, d, shown) == Some(value)
            }
        }
    }
}
