//! Figures that no opener joins into sums that hold by what they are: tiếp nhận = đã giải quyết + đang giải quyết.

use super::clauses::{Items, Spot};
use super::phrases::{Partition, says};
use super::sums::{Sum, is_complete, is_mended, member, near, shares_come_to_all, total};
use crate::model::Severity;
use crate::model::statement::Ground;

/// Lines below its whole on which a part may stand.
const WINDOW: usize = 6;

/// Sums that no opener states, but that must hold by what their parts are: tiếp nhận = đã giải quyết + đang giải quyết.
pub fn implied(items: &Items<'_>) -> Vec<Sum> {
    let mut found: Vec<Sum> = Vec::new();
    for partition in items.lexicon.partitions.iter().filter(|p| !p.of.is_empty()) {
        let wholes = (0..items.all.len()).filter(|i| items.all[*i].holder.is_none() && items.is_main(*i));
        let mut sums: Vec<Sum> = wholes.filter_map(|whole| balance(items, whole, partition)).collect();
        let off = |s: &Sum| (items.at(s.whole).value.to_double() - s.sum.to_double()).abs();
        // Of several that the same parts may be of, the one that they come to, or come nearest to.
        sums.sort_by(|a, b| a.parts.cmp(&b.parts).then(b.holds.cmp(&a.holds)).then(off(a).total_cmp(&off(b))));
        sums.dedup_by(|later, first| later.parts == first.parts);
        let slip = |s: &Sum| is_mended(items.at(s.whole).value, s.parts.iter().map(|p| items.at(*p).value), s.sum);
        found.extend(sums.into_iter().filter(|s| s.holds || near(items.at(s.whole).value, s.sum) || slip(s)));
    }
    found.sort_by_key(|s| s.whole);
    found
}

/// The whole named in a sentence, and its parts in this and the next lines.
fn balance(items: &Items<'_>, whole: usize, partition: &Partition) -> Option<Sum> {
    let own = &items.all[whole];
    let label = items.label(whole);
    let quantity = items.quantity(whole);
    let is_whole = says(label, &partition.of) && !says(label, &partition.not_of) && !items.is_compared(whole);
    (is_whole && quantity.is_plain() && quantity.of.is_none()).then_some(())?;
    let mut taken: Vec<Option<usize>> = vec![None; partition.parts.len()];
    let (mut plus, mut unsure) = (Vec::new(), says(label, &partition.unless));
    let line = &items.lines[own.spot.line];
    let near = |i: &usize| items.all[*i].spot.line <= own.spot.line + WINDOW && items.joined(whole, *i);
    for item in items.younger(whole).take_while(near) {
        let other = &items.all[item];
        let its = &items.lines[other.spot.line];
        let label = items.label(item);
        let child = its.marker.is_some() && its.marker != line.marker;
        let named = member(label, &partition.parts);
        let again = says(label, &partition.of) && named.is_none() && other.sentence > own.sentence;
        if again && (other.spot.line == own.spot.line || !child) {
            break;
        }
        let of = items.quantity(item).of;
        if !quantity.takes(items.quantity(item)) || items.is_compared(item) || of.is_some_and(|of| of != quantity.value)
        {
            continue;
        }
        if says(label, &partition.plus) {
            plus.push(item);
        } else if let Some(member) = named {
            // "24/27": of this whole, whatever it is called. "còn 04": all that is left.
            if of.is_some() {
                unsure = false;
            }
            let rest = label.iter().find(|t| t.word().is_some()).is_some_and(|t| t.reads("còn"));
            let rest = rest || says(label, &items.lexicon.rest);
            // One of two in a sentence need not be all of it.
            unsure |= taken[member].is_some_and(|first| items.all[first].spot.line == other.spot.line)
                || says(label, &partition.unless) && !rest;
            taken[member].get_or_insert(item);
        }
        if taken.iter().zip(&partition.parts).all(|(t, m)| t.is_some() || m.optional || m.rare) {
            break;
        }
    }
    is_complete(partition, &taken).then_some(())?;
    let parts: Vec<usize> = taken.into_iter().flatten().collect();
    unsure |= partition.by_shares && !shares_come_to_all(&parts, items);
    let spots: Vec<Spot> = parts.iter().map(|p| items.all[*p].spot).collect();
    let sum = total(&spots, items)?;
    let value = |i: usize| items.quantity(i).value;
    if std::iter::once(&whole).chain(&parts).any(|i| items.quantity(*i).low < items.quantity(*i).high) {
        return None;
    }
    let with = |extra: usize| value(extra).checked_add(value(whole));
    let holds = sum == value(whole) || plus.iter().any(|p| with(*p) == Some(sum));
    // "63 đơn, trong đó 41 đơn thuộc thẩm quyền … Đơn thuộc thẩm quyền: đã giải quyết 36, đang giải quyết 05": of those.
    let first = parts.iter().min().copied().unwrap_or(whole);
    unsure |= (whole + 1..first).any(|i| value(i) == sum && !items.quantity(i).percent);
    // What may be a part of a part only bears witness.
    (holds || !unsure).then_some(())?;
    let last = items.younger(whole).filter(|i| items.all[*i].spot.line == own.spot.line).last().unwrap_or(whole);
    Some(Sum {
        whole: own.spot,
        parts: spots,
        sum,
        holds,
        ground: Ground::Implied(partition.name.clone()),
        severity: Severity::Warning,
        until: items.all[last].words.end,
    })
}
