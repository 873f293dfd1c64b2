//! Statements that say the same of a whole and of each of its parts, in sentences of their own, into sums: "toàn tỉnh tiếp
//! nhận 1.230 hồ sơ, giải quyết 1.100. Cấp tỉnh tiếp nhận 700, giải quyết 620; cấp xã tiếp nhận 530, giải quyết 480".
//!
//! No word promises that they add up. They do where another of their figures does, or where all levels are named, and the
//! same is said of each.

use std::collections::BTreeMap;

use super::clauses::{Items, Spot};
use super::paragraphs::Line;
use super::phrases::{longest_at, matches};
use super::sums::{Sum, is_mended, near};
use crate::model::statement::{Ground, Partition};

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
            of_levels_in(items, *item, &own?)
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

/// Parts that levels have of a whole.
fn of_levels_in(items: &Items<'_>, whole: usize, parts: &[usize]) -> Option<Sum> {
    let own = &items.all[whole];
    Sum::of(items, own.spot, items.spots(parts), Ground::Implied(LEVELS.to_owned()), own.words.end)
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
    let Some((partition, count)) = of_levels(items).zip(how_many(items)) else {
        return Vec::new();
    };
    let level = |i: usize| partition.member(items.label(i));
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
        let Some(sum) = items.sum(&parts) else {
            continue;
        };
        let value = |i: usize| items.value(i);
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
        found.extend(whole.and_then(|whole| of_levels_in(items, whole, &parts)));
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
    of_levels(items).and_then(|p| p.member(label)).into_iter().collect()
}

/// What a figure counts, where words say it.
fn measure(items: &Items<'_>, item: usize) -> Option<Measure> {
    let near = items.near(item);
    let mut named: Vec<(usize, usize)> = Vec::new();
    let partitions = || items.lexicon.partitions.iter().enumerate().filter(|(_, p)| p.name != LEVELS);
    let mut at = 0;
    while at < near.len() {
        if let Some(end) = longest_at(near, at, &items.lexicon.asides.times) {
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
