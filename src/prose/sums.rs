//! Statements of a whole and its parts into sums that hold, sums that don't, and what is left alone.
//!
//! Right statements are many and wrong ones few, so a sum is only called broken where the words promise that it ties:
//! parts that exclude one another and leave nothing out, "gồm", or a bracket that lists alike things.

use super::lexicon::{Lexicon, Promise, matches, says};
use super::lines::Line;
use super::parts::{Part, Spot, Stated};
use super::tokens::Placed;
use crate::model::{Figure, Severity};

/// Why a sum is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// The parts are of a partition, by its name.
    Partition(String),
    /// The words promise it: "gồm".
    Words,
    /// A bracket or list of alike things.
    Listed,
    /// A part is more than its whole.
    TooLarge,
}

/// A whole with its parts, tried.
#[derive(Debug, Clone)]
pub struct Sum {
    pub whole: Spot,
    pub parts: Vec<Spot>,
    /// What the parts come to.
    pub sum: Figure,
    pub holds: bool,
    pub ground: Ground,
    pub severity: Severity,
    /// The token behind the statement, on the whole's line.
    pub until: usize,
}

impl Sum {
    /// Whether all its numbers are bound to consolidated ones.
    pub fn is_bound(&self, lines: &[Line<'_>]) -> bool {
        let mut spots = std::iter::once(&self.whole).chain(&self.parts);
        spots.all(|s| lines[s.line].is_bound(s.quantity))
    }
}

/// Tries a statement; nothing where its words promise nothing.
pub fn tried(stated: &Stated, lines: &[Line<'_>], lexicon: &Lexicon) -> Option<Sum> {
    let value = |s: Spot| lines[s.line].quantities[s.quantity].value;
    let whole = value(stated.whole);
    let make = |parts: &[Spot], holds: bool, ground: Ground, severity: Severity| {
        Some(Sum {
            whole: stated.whole,
            parts: parts.to_vec(),
            sum: total(parts, lines)?,
            holds,
            ground,
            severity,
            until: stated.until,
        })
    };
    for reading in &stated.readings {
        let spots: Vec<Spot> = reading.iter().map(|p| p.spot).collect();
        // Where all parts are promised, only what can be none may follow them.
        let fewest = match stated.promise {
            Promise::Full => spots.iter().position(|s| value(*s) >= whole).unwrap_or(spots.len()),
            _ => 2,
        };
        let divisions = divided(reading, lines, lexicon);
        let whole_divisions = || divisions.iter().filter(|d| d.complete);
        let most = whole_divisions().map(|d| d.must.len()).max().unwrap_or(0);
        for n in (fewest.max(most).max(2)..=spots.len()).rev() {
            if total(&spots[..n], lines) == Some(whole) {
                return make(&spots[..n], true, Ground::Listed, Severity::Note);
            }
        }
        for ways in whole_divisions() {
            for parts in ways.choices() {
                if total(&parts, lines) == Some(whole) {
                    return make(&parts, true, Ground::Partition(ways.name.clone()), Severity::Note);
                }
            }
        }
    }
    let mut divisions: Vec<Division> = stated.readings.iter().flat_map(|r| divided(r, lines, lexicon)).collect();
    divisions.sort_by_key(|d| std::cmp::Reverse((d.complete, d.must.len())));
    if let Some(division) = divisions.first() {
        let parts = division.nearest(whole, lines);
        let more = total(&parts, lines).is_some_and(|sum| sum > whole);
        if division.complete || more && parts.len() > 1 {
            return make(&parts, false, Ground::Partition(division.name.clone()), Severity::Error);
        }
    }
    let first: Vec<Spot> = stated.readings.first()?.iter().map(|p| p.spot).collect();
    let sum = total(&first, lines)?;
    let many = first.len() > 1 && !stated.mixed;
    if many && stated.promise == Promise::Full {
        return make(&first, false, Ground::Words, Severity::Error);
    }
    if let Some(large) = first.iter().find(|s| value(**s) > whole && is_said(**s, lines)) {
        return make(&[*large], false, Ground::TooLarge, Severity::Error);
    }
    let alike = first.iter().all(|s| is_said(*s, lines));
    let close = near(whole, sum) || stated.bracketed && sorts(&stated.readings[0], stated.whole, lines);
    if many && alike && close && (stated.bracketed || stated.promise == Promise::List && is_list(stated)) {
        return make(&first, false, Ground::Listed, Severity::Warning);
    }
    None
}

/// A list of lines, one part each.
fn is_list(stated: &Stated) -> bool {
    stated.readings[0].iter().all(|p| p.spot.line != stated.whole.line)
}

/// A bare count of different sorts of one thing: "02 công chức (01 Phó Giám đốc, 01 chuyên viên)".
fn sorts(parts: &[Part], whole: Spot, lines: &[Line<'_>]) -> bool {
    let quantity = |s: Spot| &lines[s.line].quantities[s.quantity];
    let bare = parts.iter().all(|p| p.from == quantity(p.spot).at);
    let units: Vec<&super::lexicon::Unit> = parts.iter().map(|p| &quantity(p.spot).unit).collect();
    bare && units.iter().enumerate().all(|(i, unit)| !units[..i].contains(unit)) && quantity(whole).unit.is_known()
}

/// Whether a quantity says what it counts.
fn is_said(spot: Spot, lines: &[Line<'_>]) -> bool {
    lines[spot.line].quantities[spot.quantity].unit.is_known()
}

/// Parts of an overlapping or partial list come to something else altogether; a slip stays near.
fn near(whole: Figure, sum: Figure) -> bool {
    let (whole, sum) = (whole.to_double(), sum.to_double());
    (whole - sum).abs() <= 0.2 * whole.max(sum)
}

pub fn total(spots: &[Spot], lines: &[Line<'_>]) -> Option<Figure> {
    spots.iter().try_fold(Figure::ZERO, |sum, s| sum.checked_add(lines[s.line].quantities[s.quantity].value))
}

/// Parts found to be of a partition.
struct Division {
    name: String,
    complete: bool,
    must: Vec<Spot>,
    /// Parts that may stand outside the whole.
    may: Vec<Spot>,
}

impl Division {
    /// The parts, with and without those that may be left out.
    fn choices(&self) -> Vec<Vec<Spot>> {
        let with: Vec<Spot> = self.must.iter().chain(&self.may).copied().collect();
        if self.may.is_empty() { vec![with] } else { vec![self.must.clone(), with] }
    }

    fn nearest(&self, whole: Figure, lines: &[Line<'_>]) -> Vec<Spot> {
        let off = |parts: &Vec<Spot>| {
            let sum = total(parts, lines).unwrap_or_default().to_double();
            (sum - whole.to_double()).abs()
        };
        let all = self.choices().into_iter();
        all.min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or_default()
    }
}

/// The partitions that some of the parts belong to, two of them at least.
fn divided(parts: &[Part], lines: &[Line<'_>], lexicon: &Lexicon) -> Vec<Division> {
    let divisions = lexicon.partitions.iter().filter_map(|partition| {
        let mut taken: Vec<Option<Spot>> = vec![None; partition.parts.len()];
        for part in parts {
            let label = &lines[part.spot.line].tokens[part.from..part.until];
            let member = member(label, &partition.parts);
            if let Some(member) = member {
                if taken[member].is_some() {
                    return None;
                }
                taken[member] = Some(part.spot);
            }
        }
        let found = |optional: bool| {
            let all = partition.parts.iter().zip(&taken);
            all.filter(move |((_, may), _)| *may == optional).filter_map(|(_, t)| *t).collect::<Vec<Spot>>()
        };
        let (must, may) = (found(false), found(true));
        let wanted = partition.parts.iter().filter(|(_, may)| !may).count();
        (must.len() > 1).then(|| Division { name: partition.name.clone(), complete: must.len() == wanted, must, may })
    });
    divisions.collect()
}

/// The member of a partition that words name, by the longest phrase.
pub fn member(label: &[Placed], members: &[(Vec<Vec<String>>, bool)]) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for (i, (phrases, _)) in members.iter().enumerate() {
        for phrase in phrases {
            let here = (0..label.len()).any(|at| matches(label, at, phrase).is_some());
            if here && best.is_none_or(|(length, _)| phrase.len() > length) {
                best = Some((phrase.len(), i));
            }
        }
    }
    best.map(|(_, i)| i)
}

/// Sums that no opener states, but that must hold by what their parts are: tiếp nhận = đã giải quyết + đang giải quyết.
pub fn implied(lines: &[Line<'_>], lexicon: &Lexicon) -> Vec<Sum> {
    let mut found = Vec::new();
    for partition in lexicon.partitions.iter().filter(|p| !p.of.is_empty()) {
        for at in 0..lines.len() {
            for start in starts(&lines[at]) {
                found.extend(balance(lines, (at, start), partition, lexicon));
            }
        }
    }
    found
}

/// How many lines below its whole a part may stand.
const WINDOW: usize = 6;

fn starts(line: &Line<'_>) -> Vec<usize> {
    let mut starts = vec![line.head];
    starts.extend((line.head..line.tokens.len()).filter(|i| line.ends_sentence(*i)).map(|i| i + 1));
    starts
}

/// The whole named in a sentence, and its parts in this and the next lines.
fn balance(
    lines: &[Line<'_>],
    (at, start): (usize, usize),
    partition: &super::lexicon::Partition,
    lexicon: &Lexicon,
) -> Option<Sum> {
    let line = &lines[at];
    let clauses = clauses(line, start);
    let (first, rest) = clauses.split_first()?;
    let label = &line.tokens[first.0..first.1];
    if !says(label, &partition.of) || says(label, &partition.not_of) || says(label, &lexicon.compared) {
        return None;
    }
    let whole = Spot { line: at, quantity: first.2 };
    let total_of = &line.quantities[whole.quantity];
    if !total_of.is_plain() || total_of.of.is_some() {
        return None;
    }
    let mut taken: Vec<Option<Spot>> = vec![None; partition.parts.len()];
    let (mut plus, mut unsure) = (Vec::new(), says(label, &partition.unless));
    let own = rest.iter().map(|c| (at, *c));
    let below = (at + 1..lines.len().min(at + 1 + WINDOW))
        .take_while(|i| lines[*i].row == lines[*i - 1].row + 1)
        .flat_map(|i| self::clauses(&lines[i], lines[i].head).into_iter().map(move |c| (i, c)));
    for (i, (from, until, quantity)) in own.chain(below) {
        let label = &lines[i].tokens[from..until];
        let spot = Spot { line: i, quantity };
        let other = &lines[i].quantities[quantity];
        let child = lines[i].marker.is_some() && lines[i].marker != line.marker;
        if says(label, &partition.of) && i > at && !child {
            break;
        }
        if !total_of.takes(other) || says(label, &lexicon.compared) {
            continue;
        }
        if says(label, &partition.plus) {
            plus.push(spot);
        } else if let Some(member) = member(label, &partition.parts) {
            // One of two in a sentence need not be all of it.
            unsure |= taken[member].is_some_and(|first| first.line == i) || says(label, &partition.unless);
            taken[member].get_or_insert(spot);
        }
        if taken.iter().zip(&partition.parts).all(|(t, (_, may))| t.is_some() || *may) {
            break;
        }
    }
    let complete = taken.iter().zip(&partition.parts).all(|(t, (_, may))| t.is_some() || *may);
    complete.then_some(())?;
    let parts: Vec<Spot> = taken.into_iter().flatten().collect();
    let sum = total(&parts, lines)?;
    let stated = line.quantities[whole.quantity].value;
    let with = |extra: &[Spot]| total(extra, lines).and_then(|e| e.checked_add(stated));
    let holds = sum == stated || plus.iter().any(|p| with(&[*p]) == Some(sum));
    // What may be a part of a part only bears witness.
    (holds || !unsure).then_some(())?;
    let (_, until, _) = clauses.last()?;
    Some(Sum {
        whole,
        parts,
        sum,
        holds,
        ground: Ground::Partition(partition.name.clone()),
        severity: Severity::Error,
        until: *until,
    })
}

/// The clauses behind a token that state a quantity, brackets left out: first token, token behind, the quantity.
fn clauses(line: &Line<'_>, start: usize) -> Vec<(usize, usize, usize)> {
    let mut found = Vec::new();
    let (mut i, mut from) = (start, start);
    let mut own = None;
    while i <= line.tokens.len() {
        let end = i == line.tokens.len();
        let parted = end
            || line.tokens[i].is(';')
            || line.tokens[i].is(',')
            || line.ends_sentence(i)
            || line.tokens[i].reads("và") && own.is_some();
        if parted {
            if let Some(quantity) = own.take() {
                found.push((from, i, quantity));
                from = i + 1;
            } else if end || line.tokens[i].is(';') || line.ends_sentence(i) {
                from = i + 1;
            }
            i += 1;
        } else if line.tokens[i].is('(') {
            i = line.bracket_end(i);
        } else {
            if own.is_none() {
                own = line.quantity_at(i).filter(|q| !line.quantities[*q].percent);
            }
            i += 1;
        }
    }
    found
}
