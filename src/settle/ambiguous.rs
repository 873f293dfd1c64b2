//! Turns a figure that its own sheet leaves open ("8.326") into the one that a sum or a percentage of the form proves.

use std::collections::HashMap;

use crate::model::{Catalogue, CellId, Figure, Return, State, Unsure};
use crate::rule::{Book, Claim};

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
        let Unsure::Undecided { candidates } = &doubt.what else { continue };
        let entry = ret.entries.iter_mut().find(|e| e.cell == doubt.cell);
        let Some(entry) = entry.filter(|e| e.text.contains('.') && !e.text.contains(',')) else { continue };
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
        let claims = book.of(&rule.form, &rule.table).flat_map(|(at, _)| rule.kind.claims(&book.places(at)));
        for (cell, taken) in claims.flat_map(|claim| proved(&claim, &open, &book)) {
            match proofs.iter().find(|p| p.cell == cell) {
                Some(other) if other.taken != taken => against.push(cell),
                Some(_) => {}
                None => proofs.push(Proof { cell, taken, says: rule.says.clone() }),
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
            let Unsure::Undecided { candidates } = &doubt.what else { continue };
            let entry = ret.entries.iter().position(|e| e.cell == doubt.cell);
            if let Some(j) = entry {
                let cell = CellId { ret: i as u32, entry: j as u32 };
                open.insert(cell, candidates.clone());
            }
        }
    }
    open
}

/// The readings of a claim's open cells, where they are the only ones with which its own figure is what the others give.
fn proved(claim: &Claim<CellId>, open: &Open, book: &Book<'_>) -> Vec<(CellId, Figure)> {
    if !matches!(claim, Claim::Sum { complete: true, .. } | Claim::Share { .. }) {
        return Vec::new();
    }
    let cells = claim.cells();
    let unknown: Vec<CellId> = cells.iter().copied().filter(|c| open.contains_key(c)).collect();
    if unknown.is_empty() || unknown.len() > MOST_OPEN {
        return Vec::new();
    }
    let ways = unknown.iter().fold(vec![Vec::new()], |ways, cell| {
        let more = |way: &Vec<Figure>| -> Vec<Vec<Figure>> {
            open[cell].iter().map(|f| way.iter().copied().chain([*f]).collect()).collect()
        };
        ways.iter().flat_map(more).collect()
    });
    // Not where a figure is unknown, nor where nothing is nothing.
    let holds = |way: &&Vec<Figure>| {
        let read = |cell: &CellId| match unknown.iter().position(|c| c == cell) {
            Some(at) => Some(way[at]),
            None => book.amount(*cell),
        };
        let shown = if unknown.contains(&cells[0]) { read(&cells[0]).map(|f| f.scale) } else { None };
        let decimals = shown.unwrap_or(book.entry(cells[0]).shown);
        read(&cells[0]).is_some_and(|own| !own.is_zero() && claim.derived(decimals, read) == Some(own))
    };
    let mut fitting = ways.iter().filter(holds);
    match (fitting.next(), fitting.next()) {
        (Some(way), None) => unknown.into_iter().zip(way.iter().copied()).collect(),
        _ => Vec::new(),
    }
}
