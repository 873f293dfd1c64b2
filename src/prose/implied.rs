//! Figures that no opener joins into sums that hold by what they are: tiếp nhận = đã giải quyết + đang giải quyết.

use super::clauses::Items;
use super::phrases::{longest_at, says};
use super::shares::Share;
use super::sums::{Sum, is_mended, near, shares_come_to_all, total_of};
use crate::model::Figure;
use crate::model::statement::{Ground, Partition};

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

/// Parts of a whole as they are met, in its sentence and the next lines.
struct Balance {
    /// One for each member of the partition.
    taken: Vec<Option<usize>>,
    /// What may come to the whole.
    plus: Vec<usize>,
    /// A part or the whole may be one of smaller things.
    unsure: bool,
}

/// The whole named in a sentence, and its parts in this and the next lines.
fn balance(items: &Items<'_>, whole: usize, partition: &Partition) -> Option<Sum> {
    let (own, label, quantity) = (&items.all[whole], items.label(whole), items.quantity(whole));
    let is_whole = says(label, &partition.of) && !says(label, &partition.not_of) && !items.is_compared(whole);
    (is_whole && quantity.is_plain() && quantity.of.is_none()).then_some(())?;
    let Balance { taken, plus, mut unsure } = Balance::of(items, whole, partition);
    partition.is_complete(&taken).then_some(())?;
    let parts: Vec<usize> = taken.into_iter().flatten().collect();
    unsure |= partition.by_shares && !shares_come_to_all(&parts, items);
    let (value, sum) = (quantity.value, items.sum(&parts)?);
    if !std::iter::once(&whole).chain(&parts).all(|i| items.quantity(*i).is_exact()) {
        return None;
    }
    let with = || plus.iter().filter_map(|extra| items.value(*extra).checked_add(value));
    let holds = sum == value || with().any(|all| all == sum);
    let off = |f: Figure| (f.to_double() - sum.to_double()).abs();
    if !holds && with().any(|all| off(all) < off(value)) {
        return None;
    }
    // "63 đơn, trong đó 41 đơn thuộc thẩm quyền … Đơn thuộc thẩm quyền: đã giải quyết 36, đang giải quyết 05": of those.
    let first = parts.iter().min().copied().unwrap_or(whole);
    unsure |= (whole + 1..first).any(|i| items.value(i) == sum && !items.quantity(i).percent);
    // What may be a part of a part only bears witness.
    (holds || !unsure).then_some(())?;
    let last = items.younger(whole).filter(|i| items.all[*i].spot.line == own.spot.line).last().unwrap_or(whole);
    let ground = Ground::Implied(partition.name.clone());
    let sum = Sum::of(items, own.spot, items.spots(&parts), ground, items.all[last].words.end)?;
    Some(Sum { holds, ..sum })
}

impl Balance {
    fn of(items: &Items<'_>, whole: usize, partition: &Partition) -> Self {
        let (own, quantity, line) = (&items.all[whole], items.quantity(whole), items.line(whole));
        // "tồn đầu kỳ 120 hồ sơ, tiếp nhận mới 880 hồ sơ": what comes to it may stand before.
        let same = |i: &usize| items.all[*i].spot.line == own.spot.line && says(items.label(*i), &partition.plus);
        let before = items.older(whole).take(2).filter(same).filter(|i| quantity.takes(items.quantity(*i)));
        let unsure = says(items.label(whole), &partition.unless);
        let mut found = Self { taken: vec![None; partition.parts.len()], plus: before.collect(), unsure };
        let near = |i: &usize| items.all[*i].spot.line <= own.spot.line + WINDOW && items.joined(whole, *i);
        for item in items.younger(whole).take_while(near) {
            let (other, label, its) = (&items.all[item], items.label(item), items.line(item));
            let child = its.marker.is_some() && its.marker != line.marker;
            let named = partition.member(label);
            let again = says(label, &partition.of) && named.is_none() && other.sentence > own.sentence;
            if again && (other.spot.line == own.spot.line || !child) {
                break;
            }
            let of = items.quantity(item).of;
            let other_whole = of.is_some_and(|of| of != quantity.value);
            if !quantity.takes(items.quantity(item)) || items.is_compared(item) || other_whole {
                continue;
            }
            if says(label, &partition.plus) {
                found.plus.push(item);
            } else if let Some(member) = named {
                // "24/27": of this whole, whatever it is called.
                found.unsure &= of.is_none();
                found.take(items, member, item, partition);
            }
            if found.taken.iter().zip(&partition.parts).all(|(t, m)| t.is_some() || m.optional || m.rare) {
                break;
            }
        }
        found
    }

    fn take(&mut self, items: &Items<'_>, member: usize, item: usize, partition: &Partition) {
        let label = items.label(item);
        // "còn 04": all that is left.
        let rest = items.is_left(item);
        // One of two in a sentence need not be all of it.
        let twice = self.taken[member].is_some_and(|first| items.all[first].spot.line == items.all[item].spot.line);
        self.unsure |= twice || says(label, &partition.unless) && !rest;
        self.taken[member].get_or_insert(item);
    }
}

/// Lines above in which a whole stands of which something is left.
const ABOVE: usize = 3;
/// Words at most before the figure of a sentence that begins with it.
const HEAD: usize = 4;

/// "thụ lý 143 vụ; đã giải quyết 126 vụ, đạt 88,11%; 19 vụ còn lại …": what is left of the whole that the part before is a
/// share of, or that its sentence or the one before begins with.
pub fn left(items: &Items<'_>, shares: &[Share]) -> Vec<Sum> {
    (0..items.all.len()).filter_map(|rest| left_of(items, rest, shares)).collect()
}

fn left_of(items: &Items<'_>, rest: usize, shares: &[Share]) -> Option<Sum> {
    let (own, value) = (&items.all[rest], |i: usize| items.value(i));
    let plain =
        items.is_main(rest) && own.holder.is_none() && is_figure(items, rest) && items.quantity(rest).of.is_none();
    (plain && is_rest(items, rest) && own.opener.is_none()).then_some(())?;
    let part = part_before(items, rest, shares)?;
    let sum = value(part).checked_add(value(rest))?;
    if is_of_another(items, part, rest, sum) {
        return None;
    }
    let others = || items.before(rest, ABOVE).filter(|i| *i < part && !items.quantity(*i).percent);
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
    let above = |i: &usize| items.all[*i].spot.line + ABOVE >= own.spot.line && items.joined(*i, rest);
    let before = || first(own.sentence).or_else(|| first(earlier()?)).filter(above);
    let told = of_share.or_else(of_fraction);
    let whole = told.or_else(before).filter(|w| is_figure(items, *w) && value(*w) > value(part))?;
    let fits = |i: usize| items.quantity(whole).takes(items.quantity(i)) && !items.is_compared(i);
    (fits(part) && fits(rest) && !items.is_compared(whole)).then_some(())?;
    let slip = is_mended(value(whole), [value(part), value(rest)].into_iter(), sum);
    // Nothing else stands between the whole and its two parts, unless a share tells what the whole is.
    let between = |i: &usize| items.all[*i].holder.is_none() && !items.quantity(*i).percent && like(i);
    let only = told.is_some() || !(whole + 1..part).any(|i| between(&i));
    (only && (slip || told.is_some() && near(value(whole), sum))).then_some(())?;
    let (whole, part) = (items.all[whole].spot, items.all[part].spot);
    let sum = Sum::of(items, whole, vec![part, own.spot], Ground::Words, own.words.end)?;
    Some(Sum { told: if whole.line == own.spot.line { whole } else { part }, ..sum })
}

fn is_figure(items: &Items<'_>, item: usize) -> bool {
    items.quantity(item).is_plain() && items.quantity(item).is_exact()
}

/// The part beside which something is left.
fn part_before(items: &Items<'_>, rest: usize, shares: &[Share]) -> Option<usize> {
    let own = &items.all[rest];
    // Of "948/1.001 PAKN, trong đó có 27 PAKN trả lời chậm; 53 PAKN còn lại" the fraction.
    let fraction = |p: &usize| items.quantity(*p).of.is_some();
    let sentence = || items.older(rest).take_while(|p| items.all[*p].sentence == own.sentence);
    let here = sentence().find(fraction).or_else(|| sentence().next());
    // "1.068 người hài lòng, đạt 89%. Trong 132 người còn lại, …", "Kinh phí còn lại 27 triệu đồng": of the sentence before,
    // and there of what has a share.
    let at = items.quantity(rest).at;
    let heads = items.line(rest).sentence_start(at) + HEAD >= at;
    let shared = |o: &usize| shares.iter().any(|s| s.holds && s.top_is(items.all[*o].spot));
    let before = || {
        let mut above = items.older(rest).take_while(|o| items.all[*o].spot.line + 1 >= own.spot.line);
        let part = above.find(shared).or_else(|| items.older(rest).next());
        part.filter(|o| heads && items.joined(*o, rest))
    };
    here.or_else(before).filter(|part| is_figure(items, *part))
}

/// Whether a part and what is left, alone or with others of their sentence, come to anything near by that all of it may be of.
fn is_of_another(items: &Items<'_>, part: usize, rest: usize, sum: Figure) -> bool {
    let others = || items.before(rest, ABOVE).filter(|i| *i < part && !items.quantity(*i).percent);
    let alike = |i: &usize| items.all[*i].sentence == items.all[rest].sentence;
    let mut more = Some(sum);
    let tied = std::iter::once(part).chain(items.older(part).take_while(alike)).any(|p| {
        more = if p == part { more } else { more.and_then(|m| m.checked_add(items.value(p))) };
        others().any(|i| Some(items.value(i)) == more || items.quantity(i).of == more)
    });
    // "55 hồ sơ …, còn lại là 11 hồ sơ …, 5 hồ sơ …": what is left may be named one by one.
    let mut all = Some(sum);
    let one_by_one = items.younger(rest).take_while(alike).any(|next| {
        all = all.and_then(|a| a.checked_add(items.value(next)));
        others().any(|i| Some(items.value(i)) == all)
    });
    tied || one_by_one || items.quantity(part).of == Some(sum)
}

/// "số còn lại 386 hồ sơ", "19 vụ còn lại", "còn 15 vụ".
fn is_rest(items: &Items<'_>, item: usize) -> bool {
    let (own, quantity) = (&items.all[item], items.quantity(item));
    let tokens = &items.lines[own.spot.line].tokens;
    let still = quantity.at > 0 && tokens[quantity.at - 1].reads("còn");
    let behind = || longest_at(tokens, quantity.end, &items.lexicon.openers.rest).is_some();
    still || behind() || says(&tokens[own.words.start.min(quantity.at)..quantity.at], &items.lexicon.openers.rest)
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
        let spots = items.spots(&parts);
        let Some(sum) = items.sum(&parts).filter(|_| exact) else {
            continue;
        };
        let value = items.at(whole).value;
        let slip = is_mended(value, parts.iter().map(|p| items.value(*p)), sum);
        let other = (0..parts[0]).any(|i| items.value(i) == sum && !items.quantity(i).percent);
        // With the part of a share that is of anything else, they may come to it.
        let alike = |i: &usize| items.all[*i].sentence == items.all[parts[0]].sentence && items.is_main(*i);
        let row = (0..items.all.len()).filter(|i| alike(i) && items.all[*i].frame == items.all[parts[0]].frame);
        let other = other || total_of(row.map(|i| items.value(i))) == Some(value);
        if sum != value && slip && !other && !spots.contains(&whole) {
            let first = items.all[parts[0]].spot;
            let told = if whole.line == first.line { whole } else { first };
            let until = items.all[*parts.last().unwrap_or(&parts[0])].words.end;
            let sum = Sum::of(items, whole, spots, Ground::Listed, until);
            found.extend(sum.map(|sum| Sum { told, ..sum }));
        }
    }
    found
}

/// "91,24/100 điểm; trong đó công khai, minh bạch 18/18 điểm, tiến độ giải quyết 19,6/20 điểm, …", "514/532 cơ sở; trong đó
/// mầm non 181/190, tiểu học 176/180, …": fractions of all parts, where what they are of comes to what the whole is of.
pub fn fractions(items: &Items<'_>) -> Vec<Sum> {
    let fraction = |i: &usize| items.quantity(*i).of.is_some() && !items.quantity(*i).percent;
    let all: Vec<usize> = (0..items.all.len()).filter(fraction).collect();
    let mut found = Vec::new();
    for (n, &whole) in all.iter().enumerate() {
        let own = &items.all[whole];
        let score = |i: usize| items.quantity(i).is_score(items.lexicon);
        let near = |i: &&usize| {
            let close = items.all[**i].spot.line <= own.spot.line + 1 && items.joined(whole, **i);
            close && score(whole) == score(**i)
        };
        let parts: Vec<usize> = all[n + 1..].iter().take_while(near).copied().collect();
        let of = |i: usize| items.quantity(i).of.unwrap_or_default();
        let most = total_of(parts.iter().map(|p| of(*p)));
        if parts.len() > 2 && most == Some(of(whole)) {
            let until = items.all[*parts.last().unwrap_or(&whole)].words.end;
            found.extend(Sum::of(items, own.spot, items.spots(&parts), Ground::Listed, until));
        }
    }
    found
}
