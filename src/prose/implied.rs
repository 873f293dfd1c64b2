//! Sums that no opener promises. Figures that hold by what they are: tiếp nhận = đã giải quyết + đang giải quyết; and
//! statements that say the same of a whole and of each of its parts, in sentences of their own: "toàn tỉnh tiếp nhận
//! 1.230 hồ sơ, giải quyết 1.100. Cấp tỉnh tiếp nhận 700, giải quyết 620; cấp xã tiếp nhận 530, giải quyết 480".
//!
//! No word promises that these add up. They do where another of their figures does, or where all levels are named, and
//! the same is said of each.

use std::collections::BTreeMap;

use super::clauses::{Items, Spot};
use super::paragraphs::Line;
use super::phrases::{Partition, longest_at, matches, says};
use super::shares::Share;
use super::sums::{Sum, is_complete, is_mended, member, near, shares_come_to_all, total, total_of};
use crate::model::statement::Ground;
use crate::model::{Figure, Severity};

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
    // "tồn đầu kỳ 120 hồ sơ, tiếp nhận mới 880 hồ sơ": what comes to it may stand before.
    let same = |i: &usize| items.all[*i].spot.line == own.spot.line && says(items.label(*i), &partition.plus);
    let before = items.older(whole).take(2).filter(same).filter(|i| quantity.takes(items.quantity(*i)));
    let (mut plus, mut unsure): (Vec<usize>, bool) = (before.collect(), says(label, &partition.unless));
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
    let off = |f: Figure| (f.to_double() - sum.to_double()).abs();
    if !holds && plus.iter().filter_map(|p| with(*p)).any(|f| off(f) < off(value(whole))) {
        return None;
    }
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
        told: own.spot,
        until: items.all[last].words.end,
    })
}

/// Lines above in which a whole stands of which something is left.
const ABOVE: usize = 3;

/// "thụ lý 143 vụ; đã giải quyết 126 vụ, đạt 88,11%; 19 vụ còn lại …": what is left of the whole that the part before is a
/// share of, or that its sentence or the one before begins with.
pub fn left(items: &Items<'_>, shares: &[Share]) -> Vec<Sum> {
    (0..items.all.len()).filter_map(|rest| left_of(items, rest, shares)).collect()
}

fn left_of(items: &Items<'_>, rest: usize, shares: &[Share]) -> Option<Sum> {
    let (own, quantity) = (&items.all[rest], items.quantity(rest));
    let exact = |i: usize| items.quantity(i).is_plain() && items.quantity(i).is_exact();
    let plain = items.is_main(rest) && own.holder.is_none() && exact(rest) && quantity.of.is_none();
    (plain && is_rest(items, rest) && own.opener.is_none()).then_some(())?;
    let value = |i: usize| items.quantity(i).value;
    let same = |p: &usize| items.all[*p].sentence == own.sentence;
    // Of "948/1.001 PAKN, trong đó có 27 PAKN trả lời chậm; 53 PAKN còn lại" the fraction.
    let fraction = |p: &usize| items.quantity(*p).of.is_some();
    let sentence = || items.older(rest).take_while(same);
    let part = sentence().find(fraction).or_else(|| sentence().next());
    // "1.068 người hài lòng, đạt 89%. Trong 132 người còn lại, …": of the sentence before.
    let heads = items.lines[own.spot.line].sentence_start(quantity.at) + 2 >= quantity.at;
    let before = || items.older(rest).next().filter(|o| heads && items.joined(*o, rest));
    let part = part.or_else(before).filter(|p| exact(*p))?;
    let sum = value(part).checked_add(value(rest))?;
    // Of anything near by that all of it may be of, it holds.
    let near = |i: &usize| items.all[*i].spot.line + ABOVE >= own.spot.line && items.joined(*i, rest);
    let others = || (0..part).rev().take_while(near).filter(|i| !items.quantity(*i).percent);
    let mut more = Some(sum);
    let alike = |i: &usize| items.all[*i].sentence == own.sentence;
    let tied = std::iter::once(part).chain(items.older(part).take_while(alike)).any(|p| {
        more = if p == part { more } else { more.and_then(|m| m.checked_add(value(p))) };
        others().any(|i| Some(value(i)) == more || items.quantity(i).of == more)
    });
    // "55 hồ sơ …, còn lại là 11 hồ sơ …, 5 hồ sơ …": what is left may be named one by one.
    let mut all = Some(sum);
    let one_by_one = items.younger(rest).take_while(alike).any(|next| {
        all = all.and_then(|a| a.checked_add(value(next)));
        others().any(|i| Some(value(i)) == all)
    });
    if tied || one_by_one || items.quantity(part).of.is_some_and(|of| of == sum) {
        return None;
    }
    // The whole that the part's share is of, or "126/143 vụ" named as a figure too.
    let of_share = shares.iter().find(|s| s.holds && !s.cut && s.top_is(items.all[part].spot)).and_then(|s| {
        let bottom = s.bottom_spot()?;
        others().find(|i| items.all[*i].spot == bottom)
    });
    let of_fraction = || items.quantity(part).of.and_then(|of| others().find(|i| value(*i) == of));
    // "9 sở rà soát 126 thủ tục; đã rà soát xong 118 thủ tục, 18 thủ tục còn lại …"
    let like = |i: &usize| items.quantity(*i).takes(items.quantity(part)) && !items.is_compared(*i);
    let first = |sentence: usize| {
        (0..part).find(|i| items.all[*i].sentence == sentence && like(i) && items.all[*i].holder.is_none())
    };
    let earlier = || items.older(part).find(|i| items.all[*i].sentence < own.sentence).map(|i| items.all[i].sentence);
    let before = || first(own.sentence).or_else(|| first(earlier()?)).filter(near);
    let told = of_share.or_else(of_fraction);
    let whole = told.or_else(before).filter(|w| exact(*w) && value(*w) > value(part))?;
    let fits = |i: usize| items.quantity(whole).takes(items.quantity(i)) && !items.is_compared(i);
    (fits(part) && fits(rest) && !items.is_compared(whole)).then_some(())?;
    let off = items.quantity(whole).value;
    let slip = is_mended(off, [value(part), value(rest)].into_iter(), sum);
    // Nothing else stands between the whole and its two parts, unless a share tells what the whole is.
    let between = |i: &usize| items.all[*i].holder.is_none() && !items.quantity(*i).percent && like(i);
    let only = told.is_some() || !(whole + 1..part).any(|i| between(&i));
    (only && near_enough(off, sum, told.is_some(), slip)).then_some(())?;
    Some(Sum {
        whole: items.all[whole].spot,
        parts: vec![items.all[part].spot, own.spot],
        sum,
        holds: false,
        ground: Ground::Words,
        severity: Severity::Warning,
        told: if items.all[whole].spot.line == own.spot.line { items.all[whole].spot } else { items.all[part].spot },
        until: own.words.end,
    })
}

fn near_enough(whole: Figure, sum: Figure, told: bool, slip: bool) -> bool {
    slip || told && near(whole, sum)
}

/// "số còn lại 386 hồ sơ", "19 vụ còn lại", "còn 15 vụ".
fn is_rest(items: &Items<'_>, item: usize) -> bool {
    let (own, quantity) = (&items.all[item], items.quantity(item));
    let tokens = &items.lines[own.spot.line].tokens;
    let still = quantity.at > 0 && tokens[quantity.at - 1].reads("còn");
    let behind = || longest_at(tokens, quantity.end, &items.lexicon.rest).is_some();
    still || behind() || says(&tokens[own.words.start.min(quantity.at)..quantity.at], &items.lexicon.rest)
}

/// "trong đó trước hạn 7.903 hồ sơ (97,2%), quá hạn 231 hồ sơ (2,8%)": parts whose shares of one whole come to a hundred are
/// all of it.
pub fn of_shares(items: &Items<'_>, shares: &[Share]) -> Vec<Sum> {
    let mut found: Vec<Sum> = Vec::new();
    let told: Vec<(usize, &Share)> = shares
        .iter()
        .filter(|s| s.holds && !s.cut)
        .filter_map(|s| Some(((0..items.all.len()).find(|i| items.is_main(*i) && s.top_is(items.all[*i].spot))?, s)))
        .collect();
    for row in told.chunk_by(|(a, s), (b, t)| {
        let (one, two) = (&items.all[*a], &items.all[*b]);
        one.sentence == two.sentence
            && one.frame == two.frame
            && s.bottom_spot().is_some()
            && s.bottom_spot() == t.bottom_spot()
    }) {
        let parts: Vec<usize> = row.iter().map(|(i, _)| *i).collect();
        let Some(whole) = row[0].1.bottom_spot().filter(|_| parts.len() > 1 && shares_come_to_all(&parts, items))
        else {
            continue;
        };
        let exact =
            parts.iter().all(|p| items.quantity(*p).is_exact() && !items.is_compared(*p)) && items.at(whole).is_exact();
        let spots: Vec<Spot> = parts.iter().map(|p| items.all[*p].spot).collect();
        let Some(sum) = total(&spots, items).filter(|_| exact) else { continue };
        let value = items.at(whole).value;
        let slip = is_mended(value, parts.iter().map(|p| items.quantity(*p).value), sum);
        let other = (0..parts[0]).any(|i| items.quantity(i).value == sum && !items.quantity(i).percent);
        if sum != value && slip && !other && !spots.contains(&whole) {
            let first = items.all[parts[0]].spot;
            let told = if whole.line == first.line { whole } else { first };
            let until = items.all[*parts.last().unwrap_or(&parts[0])].words.end;
            let (ground, severity) = (Ground::Listed, Severity::Warning);
            found.push(Sum { whole, parts: spots, sum, holds: false, ground, severity, told, until });
        }
    }
    found
}

/// "91,24/100 điểm; trong đó công khai, minh bạch 18/18 điểm, tiến độ giải quyết 19,6/20 điểm, …": points of all parts, where
/// the most that each may have comes to the most of the whole.
pub fn scores(items: &Items<'_>) -> Vec<Sum> {
    let score = |i: &usize| items.quantity(*i).is_score(items.lexicon) && items.quantity(*i).of.is_some();
    let all: Vec<usize> = (0..items.all.len()).filter(score).collect();
    let mut found = Vec::new();
    for (n, &whole) in all.iter().enumerate() {
        let own = &items.all[whole];
        let near = |i: &&usize| items.all[**i].spot.line <= own.spot.line + 1 && items.joined(whole, **i);
        let parts: Vec<usize> = all[n + 1..].iter().take_while(near).copied().collect();
        let of = |i: usize| items.quantity(i).of.unwrap_or_default();
        let most = total_of(parts.iter().map(|p| of(*p)));
        let spots: Vec<Spot> = parts.iter().map(|p| items.all[*p].spot).collect();
        let Some(sum) = total(&spots, items).filter(|_| parts.len() > 2 && most == Some(of(whole))) else { continue };
        found.push(Sum {
            whole: own.spot,
            parts: spots,
            sum,
            holds: sum == items.quantity(whole).value,
            ground: Ground::Listed,
            severity: Severity::Warning,
            told: own.spot,
            until: items.all[*parts.last().unwrap_or(&whole)].words.end,
        });
    }
    found
}

/// What a figure counts: the parts of partitions and wholes that its words name, and the words of its unit.
type Measure = (Vec<(usize, usize)>, Vec<String>);
/// What one sentence, clause or paragraph says of one office.
struct Row {
    line: usize,
    figures: BTreeMap<Measure, usize>,
    /// The levels that it names.
    levels: Vec<usize>,
}

/// Rows behind the whole's among which its parts are looked for, and parts at most.
const REACH: usize = 8;
/// A sum that ties by chance is of few things.
const TELLING: f64 = 50.0;

/// Sums over rows: those that tie, and those beside them that don't.
pub fn columns(items: &Items<'_>) -> Vec<Sum> {
    let mut found: Vec<Sum> = Vec::new();
    for by_line in [true, false] {
        let rows = rows(items, by_line);
        for whole in 0..rows.len() {
            let sums = of_whole(items, &rows, whole);
            found.extend(sums.into_iter().filter(|s| !found.iter().any(|f| f.whole == s.whole)).collect::<Vec<_>>());
        }
    }
    found
}

/// The sums of which a row has the wholes: over the rows behind it, or those before it.
fn of_whole(items: &Items<'_>, rows: &[Row], whole: usize) -> Vec<Sum> {
    let (from, to) = (whole.saturating_sub(REACH), (whole + 1 + REACH).min(rows.len()));
    let runs = (from..to).flat_map(|a| (a + 2..=to).map(move |b| a..b)).filter(|r| !r.contains(&whole));
    let mut best: Vec<Sum> = Vec::new();
    for run in runs {
        let sums = over(items, &rows[whole], &rows[run]);
        let ties = |sums: &[Sum]| sums.iter().filter(|s| s.holds).count();
        if ties(&sums) > ties(&best) || best.is_empty() {
            best = sums;
        }
    }
    best
}

/// The sums of a row's figures over others, if they are its parts.
fn over(items: &Items<'_>, whole: &Row, parts: &[Row]) -> Vec<Sum> {
    let one = |row: &Row| items.joined_lines(whole.line, row.line);
    if !parts.iter().all(one) {
        return Vec::new();
    }
    let sums: Vec<Sum> = whole
        .figures
        .iter()
        .filter_map(|(measure, item)| {
            let own: Option<Vec<usize>> = parts.iter().map(|p| p.figures.get(measure).copied()).collect();
            let spots: Vec<Spot> = own?.iter().map(|i| items.all[*i].spot).collect();
            let (spot, sum) = (items.all[*item].spot, total(&spots, items)?);
            let holds = items.at(spot).value == sum;
            Some(Sum {
                whole: spot,
                sum,
                holds,
                parts: spots,
                ground: Ground::Implied(LEVELS.to_owned()),
                severity: Severity::Warning,
                told: spot,
                until: items.all[*item].words.end,
            })
        })
        .collect();
    let value = |spot: Spot| items.at(spot).value;
    let telling =
        |s: &&Sum| s.holds && value(s.whole).to_double() >= TELLING && s.parts.iter().all(|p| !value(*p).is_zero());
    let kept = sums.iter().filter(telling).count();
    let broken = || sums.iter().filter(|s| !s.holds);
    let close = broken().all(|s| near(value(s.whole), s.sum));
    let slips = broken().all(|s| is_mended(value(s.whole), s.parts.iter().map(|p| value(*p)), s.sum));
    let levels = all_levels(items, whole, parts);
    let told = kept > 0 && broken().count() <= kept && close || levels && broken().count() == 1 && slips;
    if told { sums } else { sums.into_iter().filter(|s| s.holds).collect() }
}

/// The partition of levels in `templates/prose.toml`, by its name.
const LEVELS: &str = "cấp tỉnh, cấp huyện, cấp xã";

fn of_levels<'l>(items: &Items<'l>) -> Option<&'l Partition> {
    items.lexicon.partitions.iter().find(|p| p.name == LEVELS)
}

/// Whether the parts are of one level each, all levels there are, and the whole of none.
fn all_levels(items: &Items<'_>, whole: &Row, parts: &[Row]) -> bool {
    let mut named: Vec<usize> = parts.iter().filter(|p| p.levels.len() == 1).map(|p| p.levels[0]).collect();
    named.sort_unstable();
    named.dedup();
    whole.levels.is_empty() && named.len() == parts.len() && Some(parts.len()) == how_many(items)
}

/// How many levels a text's offices are of: three, where it speaks of districts.
fn how_many(items: &Items<'_>) -> Option<usize> {
    let district = &of_levels(items)?.parts.get(1)?.words;
    let says =
        |at: usize, line: &Line<'_>| longest_at(&line.tokens, at, district).is_some() || line.tokens[at].reads("huyện");
    let three = items.lines.iter().any(|line| (0..line.tokens.len()).any(|at| says(at, line)));
    Some(if three { 3 } else { 2 })
}

/// "Cấp tỉnh 700 hồ sơ, cấp xã 530 hồ sơ" beside a figure that counts the same, in the sentence before or behind.
pub fn levels_beside(items: &Items<'_>) -> Vec<Sum> {
    let Some((partition, count)) = of_levels(items).zip(how_many(items)) else { return Vec::new() };
    let level = |i: usize| member(items.label(i), &partition.parts);
    let mut found = Vec::new();
    for first in (0..items.all.len()).filter(|i| items.is_main(*i) && level(*i).is_some()) {
        let own = &items.all[first];
        let same = |i: &usize| items.all[*i].sentence == own.sentence;
        let parts: Vec<usize> = std::iter::once(first).chain(items.younger(first)).take_while(same).collect();
        let mut named: Vec<usize> = parts.iter().filter_map(|p| level(*p)).collect();
        named.sort_unstable();
        named.dedup();
        let all = named.len() == count && parts.len() == count && own.opener.is_none() && own.holder.is_none();
        let exact = |i: &usize| {
            items.quantity(*i).is_plain() && items.quantity(*i).is_exact() && items.quantity(*i).of.is_none()
        };
        if !all || !parts.iter().all(|p| exact(p) && !items.is_compared(*p)) {
            continue;
        }
        let spots: Vec<Spot> = parts.iter().map(|p| items.all[*p].spot).collect();
        let Some(sum) = total(&spots, items) else { continue };
        let value = |i: usize| items.quantity(i).value;
        let near_by = |i: &usize| {
            let other = &items.all[*i];
            let apart = other.spot.line.abs_diff(own.spot.line);
            other.sentence.abs_diff(own.sentence) <= 1 + apart
                && apart < 2
                && items.joined(*i, first)
                && !parts.contains(i)
        };
        let counted = |i: usize| measure(items, i).map(|(named, _)| named).filter(|named| !named.is_empty());
        let said = counted(first);
        let alike = |i: &usize| parts.iter().all(|p| items.quantity(*i).takes(items.quantity(*p))) && exact(i);
        let meant = |i: &usize| said.is_none() || counted(*i) == said;
        let others: Vec<usize> = (0..items.all.len()).filter(near_by).filter(|i| !items.quantity(*i).percent).collect();
        let ties = others.iter().any(|i| value(*i) == sum);
        let slip = |i: &usize| is_mended(value(*i), parts.iter().map(|p| value(*p)), sum) && near(value(*i), sum);
        let mut wholes = others.iter().copied().filter(|i| items.is_main(*i) && alike(i) && meant(i) && slip(i));
        let whole = wholes.next().filter(|_| wholes.next().is_none() && !ties);
        found.extend(whole.map(|whole| Sum {
            whole: items.all[whole].spot,
            parts: spots.clone(),
            sum,
            holds: false,
            ground: Ground::Implied(LEVELS.to_owned()),
            severity: Severity::Warning,
            told: items.all[whole].spot,
            until: items.all[whole].words.end,
        }));
    }
    found
}

/// The rows of a text: its paragraphs, or the clauses between its full stops and semicolons.
fn rows(items: &Items<'_>, by_line: bool) -> Vec<Row> {
    let mut rows: Vec<((usize, usize), Row)> = Vec::new();
    for item in 0..items.all.len() {
        let own = &items.all[item];
        let key = if by_line { (own.spot.line, 0) } else { (own.spot.line, own.group) };
        if rows.last().is_none_or(|(last, _)| *last != key) {
            rows.push((
                key,
                Row { line: own.spot.line, figures: BTreeMap::new(), levels: levels(items, item, by_line) },
            ));
        }
        let quantity = items.quantity(item);
        let plain = quantity.is_plain() && quantity.is_exact() && quantity.of.is_none() && own.holder.is_none();
        let Some((_, row)) = rows.last_mut().filter(|_| plain && !items.is_compared(item) && !items.is_base(item))
        else {
            continue;
        };
        if let Some(measure) = measure(items, item) {
            row.figures.entry(measure).or_insert(item);
        }
    }
    rows.into_iter().map(|(_, row)| row).filter(|row| !row.figures.is_empty()).collect()
}

/// The levels that the words at the head of a row name.
fn levels(items: &Items<'_>, first: usize, by_line: bool) -> Vec<usize> {
    let own = &items.all[first];
    let line = &items.lines[own.spot.line];
    let from = if by_line { line.head } else { own.words.start };
    let label = &line.tokens[from..items.quantity(first).at.max(from)];
    of_levels(items).and_then(|p| member(label, &p.parts)).into_iter().collect()
}

/// What a figure counts, where words say it.
fn measure(items: &Items<'_>, item: usize) -> Option<Measure> {
    let near = items.near(item);
    let mut named: Vec<(usize, usize)> = Vec::new();
    let partitions = || items.lexicon.partitions.iter().enumerate().filter(|(_, p)| p.name != LEVELS);
    let mut at = 0;
    while at < near.len() {
        if let Some(end) = longest_at(near, at, &items.lexicon.times) {
            at = end;
            continue;
        }
        let mut best: Option<(usize, (usize, usize))> = None;
        for (p, partition) in partitions() {
            let parts = partition.parts.iter().enumerate().map(|(m, member)| (m + 1, &member.words));
            for (m, words) in parts.chain([(0, &partition.of)]) {
                let end = words.iter().filter_map(|w| matches(near, at, w)).max();
                if end.is_some_and(|end| best.is_none_or(|(longest, _)| end > longest)) {
                    best = end.map(|end| (end, (p, m)));
                }
            }
        }
        at = best.map_or(at + 1, |(end, _)| end);
        named.extend(best.map(|(_, name)| name));
    }
    named.sort_unstable();
    named.dedup();
    let spot = items.all[item].spot;
    let quantity = items.quantity(item);
    let unit = &items.lines[spot.line].tokens[quantity.at + 1..quantity.end];
    let unit = unit.iter().filter_map(|t| t.word().map(str::to_owned)).collect();
    (!named.is_empty() || quantity.unit.is_known() && items.all[item].extra).then_some((named, unit))
}
