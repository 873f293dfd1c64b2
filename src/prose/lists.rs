//! Items into lists: a whole, what opens its parts, and the parts, in every way the sentence may be read.

use super::clauses::{Item, Items, Opener};
use super::paragraphs::{Line, Placed, outside_brackets};
use super::phrases::{Promise, Unit, led_by, longest_at, says};
use crate::model::statement::Phrase;

/// A whole and what may be its parts; all of them items.
#[derive(Debug, Default)]
pub struct List {
    /// What the parts may be of, the likeliest first.
    pub wholes: Vec<usize>,
    /// The ways to read which items are the parts, the likeliest first.
    pub readings: Vec<Vec<usize>>,
    /// More ways, that may save a sum but break none: with the parts of parts.
    pub loose: Vec<Vec<usize>>,
    pub promise: Promise,
    /// In brackets, as "71 hồ sơ (11 …; 03 … và 57 …)".
    pub bracketed: bool,
    /// One part a line.
    pub below: bool,
    /// No word opens the parts; they stand behind the whole in its sentence.
    pub bare: bool,
    /// The whole is introduced as one: "Trong 71 hồ sơ, …".
    pub within: bool,
    /// Words or dots tell that more parts are left out.
    pub partial: bool,
    /// Something among the parts counts other things.
    pub mixed: bool,
    /// "và" stands before the last part.
    pub closed: bool,
    /// A part has parts of its own.
    pub nested: bool,
    /// The whole stands behind the parts.
    pub after: bool,
    /// The opener is of something that has no figure.
    pub detached: bool,
    /// Behind a colon in the whole's sentence.
    pub colon: bool,
    /// A word or a colon opens the parts.
    pub opened: bool,
    /// A word and a colon do.
    pub marked: bool,
    /// Led by "Kết quả: …", or by the layout alone: nothing but a partition makes a list of it.
    pub result: bool,
    /// The last part is said to be all that is left.
    pub rest: bool,
    /// The token behind the last one of the list, on the whole's line.
    pub until: usize,
}

/// The most lines of a list that are followed.
const LINES: usize = 40;
/// Lines below a line without marks that may be its list.
const BARE_LINES: usize = 6;

/// Every list, in the order of their first parts.
pub fn lists(items: &Items<'_>) -> Vec<List> {
    let mut found: Vec<List> = Vec::new();
    for first in 0..items.all.len() {
        let item = &items.all[first];
        if !items.is_main(first) {
            continue;
        }
        let opener = item.opener;
        let in_bracket = item.holder.is_some() && items.older(first).next().is_none();
        match opener {
            Some(opener) => found.extend(opened(items, first, opener, &found)),
            None if in_bracket => found.extend(bracket(items, first)),
            None => found.extend(heading(items, first)),
        }
        // The first part of a list is no whole of the others.
        let listed = found.iter().filter(|l| !l.bare && !l.after && !l.result || l.within).flat_map(|l| &l.readings);
        let part = opener.is_some_and(|o| !o.weak && !o.detached && !o.result);
        // "Trong 306 hồ sơ còn lại, có 298 …": what is left of another list is a whole of its own.
        if !part && (is_within(items, first) || !listed.into_iter().any(|r| r.contains(&first))) {
            found.extend(bare(items, first));
        }
        found.extend(whole_behind(items, first));
    }
    found.retain(|l| !l.wholes.is_empty() && l.readings.iter().any(|r| !r.is_empty()));
    found
}

/// The lists that an opener before an item promises.
fn opened(items: &Items<'_>, first: usize, opener: Opener, before: &[List]) -> Vec<List> {
    let item = &items.all[first];
    let in_bracket = item.holder.filter(|_| items.older(first).next().is_none());
    let named = named_before(items, first).filter(|_| opener.detached);
    let opener = match named {
        Some(_) => Opener { detached: false, ..opener },
        None if opener.detached => Opener { promise: Promise::Some, ..opener },
        None => opener,
    };
    let wholes = match (in_bracket, named) {
        (_, Some(named)) => vec![named],
        (Some(holder), _) => with_extras(items, holder, first),
        (None, _) => wholes_before(items, first, opener, before),
    };
    let Some(&whole) = wholes.first() else {
        return Vec::new();
    };
    // "gồm 20 thủ tục: …": the colon opens what "gồm" promised.
    let promise = match opener.weak {
        true if is_led_by_full(items, whole) => Promise::Full,
        true => Promise::List,
        false => opener.promise,
    };
    let parts = |whole: usize| {
        if opener.below { Parts::on_lines(items, first, whole) } else { Parts::in_sentence(items, first, whole) }
    };
    let made = |whole: usize, parts: Parts| List {
        promise: promise.max(parts.rest),
        bracketed: in_bracket.is_some() && (opener.weak || opener.promise != Promise::Some),
        below: opener.below,
        within: is_within(items, whole),
        detached: opener.detached,
        colon: opener.weak && !opener.below && in_bracket.is_none(),
        result: opener.result,
        opened: true,
        marked: opener.colon,
        ..parts.list(items, whole, first)
    };
    // "31 cơ sở với 14.206 trẻ. Chia ra: mầm non 12 cơ sở, 3.218 trẻ; …": a column each.
    let unit = &items.quantity(whole).unit;
    let outside = |w: &usize| items.all[*w].frame == items.all[whole].frame && !items.quantity(*w).percent;
    let other = |w: &usize| {
        let its = &items.quantity(*w).unit;
        !unit.takes(its) || its != unit && unit.is_known() && its.is_known() && items.all[*w].extra
    };
    let others = (whole + 1..first).filter(outside).filter(other);
    let others = others.filter(|w| can_be_whole(items, *w));
    let columns = others.map(|w| (w, parts(w))).filter(|(_, p)| p.column);
    let mut found: Vec<List> = columns.map(|(w, p)| made(w, p)).collect();
    let list = List { wholes, ..made(whole, parts(whole)) };
    found.extend(in_brackets(items, &list, first));
    match two_wholes(items, &list) {
        Some(two) => found.extend(two),
        None => found.insert(0, list),
    }
    found
}

/// "46 hồ sơ với 212,5 tỷ đồng, trong đó hoàn trước 41 hồ sơ (198,3 tỷ đồng), kiểm trước 5 hồ sơ (14,2 tỷ đồng)": what else
/// the whole counts, and each part in a bracket of its own.
fn in_brackets(items: &Items<'_>, list: &List, first: usize) -> Option<List> {
    let (&whole, parts) = (list.wholes.first()?, list.readings.first()?);
    let unit = &items.quantity(whole).unit;
    let other = (whole + 1..first).find(|i| items.all[*i].extra && !unit.takes(&items.quantity(*i).unit))?;
    let held = |part: &usize| {
        let mut inside =
            (part + 1..items.all.len()).take_while(|i| *i <= part + 2).filter(|i| items.all[*i].holder == Some(*part));
        inside.next().filter(|i| items.quantity(other).takes(items.quantity(*i)) && inside.next().is_none())
    };
    let own: Option<Vec<usize>> = parts.iter().map(held).collect();
    let own = own.filter(|own| own.len() > 1)?;
    Some(List {
        wholes: vec![other],
        readings: vec![own],
        promise: list.promise,
        mixed: list.mixed,
        partial: list.partial,
        until: list.until,
        opened: true,
        ..List::default()
    })
}

/// "71 hồ sơ (11 hồ sơ trực tuyến; 60 hồ sơ trực tiếp)".
fn bracket(items: &Items<'_>, first: usize) -> Option<List> {
    let holder = items.all[first].holder?;
    // "tiết kiệm 38,6 tỷ đồng so với giá kế hoạch (751 tỷ đồng)": what it is compared with.
    let (own, tokens) = (items.all[holder].spot, &items.line(first).tokens);
    let from = if own.line == items.all[first].spot.line { items.quantity(holder).end } else { 0 };
    let open = (0..items.quantity(first).at).rev().find(|i| tokens[*i].is('('))?;
    if says(&tokens[from.min(open)..open], &items.lexicon.asides.against) {
        return None;
    }
    let wholes = with_extras(items, holder, first);
    let &whole = wholes.first()?;
    let parts = Parts::in_sentence(items, first, whole);
    let promise = Promise::List.max(parts.rest);
    Some(List { wholes, promise, bracketed: true, ..parts.list(items, whole, first) })
}

/// "42 nhiệm vụ; đã hoàn thành 29, đang thực hiện 11": what follows a whole in its sentence.
fn bare(items: &Items<'_>, whole: usize) -> Option<List> {
    let sentence = items.all[whole].sentence;
    let first = items.younger(whole).next().filter(|f| items.all[*f].sentence == sentence)?;
    // "22 kỳ với 6.318 thí sinh": the second figure, where the first counts other things.
    let counts = |i: &usize| can_be_whole(items, *i) && items.quantity(*i).unit.takes(&items.quantity(first).unit);
    let unit = &items.quantity(first).unit;
    let extra = |i: &usize| {
        let own = &items.quantity(*i).unit;
        items.all[*i].extra && (own.is_known() || own == unit) && counts(i)
    };
    let other = || (whole + 1..first).any(|i| extra(&i));
    let named = counts(&whole) && (items.quantity(whole).unit.is_known() || !other()) || !other();
    let whole = if named { whole } else { (whole + 1..first).find(extra).unwrap_or(whole) };
    can_be_whole(items, whole).then_some(())?;
    items.all[first].opener.is_none().then_some(())?;
    let parts = Parts::in_sentence(items, first, whole);
    let within = is_within(items, whole);
    // "kinh tế (62); văn hóa (29); pháp chế (18)": things side by side.
    let unsaid = |i: &usize| items.quantity(*i).unit == Unit::Unsaid;
    let row = || std::iter::once(&whole).chain(&parts.readings[0]);
    let apart = |row: Vec<usize>| row.windows(2).all(|pair| items.all[pair[0]].group < items.all[pair[1]].group);
    if !within
        && parts.readings.first().is_some_and(|r| r.len() > 1)
        && row().all(unsaid)
        && apart(row().copied().collect())
    {
        return None;
    }
    let mut list = parts.list(items, whole, first);
    list.loose.extend(with_clause(items, whole, &list.readings));
    Some(List { promise: if within { list.promise } else { Promise::Some }, bare: true, within, ..list })
}

/// "31 hồ sơ chậm hạn thuộc Chi nhánh 1 14, Chi nhánh 2 9, …": the first part stands in the clause of the whole.
fn with_clause(items: &Items<'_>, whole: usize, readings: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let Some(first) = readings.iter().flatten().min().copied() else {
        return Vec::new();
    };
    let extras: Vec<usize> =
        (whole + 1..first).filter(|i| items.all[*i].extra && fits(items, *i, whole, false)).collect();
    let longer = |reading: &Vec<usize>| extras.iter().chain(reading).copied().collect();
    if extras.is_empty() { Vec::new() } else { readings.iter().map(longer).collect() }
}

/// "1. Tiếp nhận: 3.318 hồ sơ" with lines of one mark below it, a figure each: nothing but the layout says that they are
/// its parts.
fn heading(items: &Items<'_>, first: usize) -> Option<List> {
    let own = &items.all[first];
    let at = own.spot.line;
    let (above, line) = (items.lines.get(at.checked_sub(1)?)?, &items.lines[at]);
    let next = items.lines.get(at + 1)?;
    let listed = line.marker.is_some() && line.marker != above.marker && line.marker == next.marker;
    let whole = items.older(first).next().filter(|w| items.all[*w].spot.line + 1 == at && items.joined(*w, first))?;
    let only = items.older(whole).next().is_none_or(|o| items.all[o].spot.line + 1 < at);
    let some = !items.value(whole).is_zero();
    (listed && only && some && own.opener.is_none() && can_be_whole(items, whole)).then_some(())?;
    let list = Parts::on_lines(items, first, whole).list(items, whole, first);
    Some(List { promise: Promise::Some, below: true, result: true, ..list })
}

/// "tiếp nhận mới 400, tồn kỳ trước 60, lũy kế trong kỳ 460".
fn whole_behind(items: &Items<'_>, whole: usize) -> Option<List> {
    let quantity = items.quantity(whole);
    let tokens = &items.line(whole).tokens;
    let totals = &items.lexicon.openers.totals;
    let before = items.all[whole].words.start..quantity.at;
    let near = items
        .near(whole)
        .first()
        .map_or(before.start, |t| tokens.iter().position(|o| o.start == t.start).unwrap_or(before.start));
    // "cả quý tiếp nhận 1.205 hồ sơ"
    let all_of = |i: usize| {
        let end = longest_at(tokens, i, &items.lexicon.asides.every);
        end.is_some_and(|end| longest_at(tokens, end, &items.lexicon.asides.periods).is_some())
    };
    let said = (near..quantity.at).find(|i| longest_at(tokens, *i, totals).is_some() || all_of(*i))?;
    // "Tổng số" begins a statement; only behind its parts, in their sentence, it ends one.
    let sentence = items.all[whole].sentence;
    let concludes = items.line(whole).sentence_start(quantity.at) == said;
    let mut parts: Vec<usize> =
        items.older(whole).take_while(|i| items.all[*i].sentence + usize::from(concludes) == sentence).collect();
    parts.reverse();
    let counts = |p: &usize| quantity.unit.takes(&items.quantity(*p).unit) && items.quantity(*p).of.is_none();
    parts.retain(|p| counts(p) && !items.is_compared(*p));
    (parts.len() > 1 && items.joined(parts[0], whole)).then_some(())?;
    let readings = (0..parts.len() - 1).map(|n| parts[n..].to_vec()).collect();
    Some(List { wholes: vec![whole], readings, after: true, until: quantity.end, ..List::default() })
}

/// What a list may be of that its bracket's item holds: that item, or another figure of its clause.
fn with_extras(items: &Items<'_>, holder: usize, first: usize) -> Vec<usize> {
    let line = items.all[holder].spot.line;
    let extras = (holder + 1..first).filter(|i| {
        let other = &items.all[*i];
        other.extra && other.spot.line == line && other.frame == items.all[holder].frame
    });
    let all = std::iter::once(holder).chain(extras).filter(|i| can_be_whole(items, *i));
    let unit = &items.quantity(first).unit;
    let mut all: Vec<usize> = all.collect();
    // "271 vụ đối với 304 đối tượng (cá nhân 281, tổ chức 23)": of what stands just before, unless the parts say else.
    let takes = |i: &usize| items.quantity(*i).unit.takes(unit);
    all.sort_by_key(|i| (!takes(i), items.quantity(*i).unit != *unit, std::cmp::Reverse(*i)));
    all
}

/// What the parts behind an opener may be of: what stands just before, or what the sentence before is about.
fn wholes_before(items: &Items<'_>, first: usize, opener: Opener, before: &[List]) -> Vec<usize> {
    let Some(nearest) = nearest_whole(items, first, opener) else {
        return Vec::new();
    };
    let (own, sentence) = (&items.all[first], items.all[nearest].sentence);
    let takes = |o: &usize| takes_parts(items, first, *o);
    let alike: Vec<usize> = items.older(first).take_while(|i| items.all[*i].sentence == sentence).collect();
    let (mut wholes, mut topics) = (Vec::new(), Vec::new());
    // Of a sentence that has a list of its own, its whole; not the last of its parts.
    if opener.leads && own.sentence != sentence {
        let of = |l: &&List| l.readings.iter().flatten().any(|p| *p == nearest);
        let head = before.iter().rev().filter(|l| !l.bare && !l.after && alike.contains(&l.wholes[0])).find(of);
        wholes.extend(head.map(|l| l.wholes[0]).filter(|w| can_be_whole(items, *w)));
        // "… 137 kiến nghị. Qua rà soát, có 112 …; 18 …; 07 …. Phân theo lĩnh vực: …": of what that is of, where it ties.
        topics.extend(before.iter().rev().filter(|l| l.bare || l.result).find(of).map(|l| l.wholes[0]));
    }
    // The nearest figure, or another one of its clause that counts the same things as the parts.
    let unit = &items.quantity(first).unit;
    let extras = (nearest + 1..first).filter(|i| items.all[*i].extra && items.all[*i].frame == own.frame);
    let close = std::iter::once(nearest).chain(extras).filter(|i| can_be_whole(items, *i) && takes(i));
    let mut close: Vec<usize> = close.collect();
    // "27 quyết định công bố danh mục 412 TTHC: ban hành mới 38, …": of what stands just before, where the parts do not say.
    let far = |i: &usize| if *unit == Unit::Unsaid { std::cmp::Reverse(*i) } else { std::cmp::Reverse(0) };
    close.sort_by_key(|i| (items.quantity(*i).unit != *unit, !items.quantity(*i).unit.is_known(), far(i)));
    if wholes.is_empty() && close.is_empty() && own.sentence == sentence {
        return Vec::new();
    }
    wholes.extend(close);
    // "tiếp nhận 148.402, giải quyết 139.705. Trong đó, các sở tiếp nhận 33.918, …": of what is named as the part is.
    let said = items.lexicon.telling(items.near(first));
    let shared = |w: &usize| items.lexicon.telling(items.near(*w)).iter().filter(|word| said.contains(word)).count();
    let named = alike.iter().copied().find(|w| can_be_whole(items, *w) && takes(w) && shared(w) > 1);
    if let Some(named) = named.filter(|_| own.sentence != sentence && wholes.first().is_some_and(|w| shared(w) == 0)) {
        wholes.insert(0, named);
    }
    wholes.extend(alike.into_iter().chain(topics).filter(|i| can_be_whole(items, *i)));
    distinct(wholes)
}

/// The nearest figure that the parts behind an opener may be of; nothing where the opener is of something else.
fn nearest_whole(items: &Items<'_>, first: usize, opener: Opener) -> Option<usize> {
    // "3.712 hồ sơ, tăng 412 hồ sơ so với quý II, trong đó …", "6.412 triệu đồng, đạt 91,6% dự toán (7.000 triệu đồng),
    // trong đó …": of what changed, and no plan.
    let own = &items.all[first];
    let takes = |o: &usize| takes_parts(items, first, *o);
    let here = |o: &usize| items.all[*o].sentence == own.sentence;
    let near = items.older(first).find(|o| can_be_whole(items, *o));
    // "3.418 trẻ em được hỗ trợ với kinh phí 2.714 triệu đồng, gồm: mầm non 914 trẻ, …": of what counts the same.
    let counts = |o: &usize| can_be_whole(items, *o) && items.quantity(*o).unit.is_known() && takes(o);
    let same = || items.older(first).take_while(here).find(counts);
    let nearest = near.filter(|o| takes(o) || !here(o)).or_else(same).or(near);
    let nearest = nearest.filter(|o| items.joined(*o, first))?;
    // Two lines on, the opener is of something else, unless it has one of them to itself.
    let alone = opener.below && items.lines[own.spot.line - 1].tokens.len() <= ALONE;
    let reaches = own.spot.line <= items.all[nearest].spot.line + 1 + usize::from(alone);
    (reaches && (here(&nearest) || opener.leads || opener.below)).then_some(nearest)
}

/// Whether a figure of the first part, or a further one of its clause, may be a part of a whole.
fn takes_parts(items: &Items<'_>, first: usize, whole: usize) -> bool {
    figures(items, first).any(|figure| fits(items, figure, whole, says_all(items, first)))
}

/// All that differ, each where it stands first.
fn distinct<T: PartialEq>(all: Vec<T>) -> Vec<T> {
    let mut kept = Vec::new();
    for one in all {
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    kept
}

/// Words and marks of a line that is nothing but an opener: "Trong đó:".
const ALONE: usize = 5;
/// Lines above in which a whole is looked for by its name.
const NAMED: usize = 2;

/// "Số hồ sơ tiếp nhận mới chia theo cách nộp: …": the figure that was named so before.
fn named_before(items: &Items<'_>, first: usize) -> Option<usize> {
    let own = &items.all[first];
    let line = &items.lines[own.spot.line];
    let start = line.sentence_start(items.quantity(first).at);
    let opens = |i: &usize| items.lexicon.opener(&line.tokens, *i).is_some_and(|(_, end)| end == own.words.start);
    let open = (start..own.words.start).find(opens)?;
    let telling = items.lexicon.telling(&line.tokens[start..open]);
    let fits = |i: &usize| can_be_whole(items, *i) && items.quantity(*i).unit.takes(&items.quantity(first).unit);
    let named = |i: &usize| fits(i) && items.is_named(*i, &telling);
    (telling.len() > 1).then(|| items.before(first, NAMED).find(named)).flatten()
}

/// "gồm 20 thủ tục hành chính".
fn is_led_by_full(items: &Items<'_>, whole: usize) -> bool {
    let spot = items.all[whole].spot;
    let (tokens, at) = (&items.lines[spot.line].tokens, items.quantity(whole).at);
    let opener = |back: usize| at.checked_sub(back).and_then(|i| items.lexicon.opener(tokens, i));
    (1..=3).filter_map(opener).any(|(promise, end)| promise == Promise::Full && end == at)
}

fn can_be_whole(items: &Items<'_>, item: usize) -> bool {
    let quantity = items.quantity(item);
    !quantity.percent && !quantity.is_score(items.lexicon) && !led_by_change(items, item) && !items.is_base(item)
}

/// "tăng 12 hồ sơ": a change has no parts.
pub fn led_by_change(items: &Items<'_>, item: usize) -> bool {
    let spot = items.all[item].spot;
    let (tokens, at) = (&items.lines[spot.line].tokens, items.quantity(item).at);
    (1..=3).any(|back| at >= back && items.lexicon.compares(tokens, at - back) == Some(at))
}

/// "Trong 71 hồ sơ", "Trong tổng số 480 hồ sơ".
fn is_within(items: &Items<'_>, whole: usize) -> bool {
    let spot = items.all[whole].spot;
    let (tokens, at) = (&items.lines[spot.line].tokens, items.quantity(whole).at);
    led_by(tokens, at, 3, &items.lexicon.openers.within) && items.quantity(whole).unit.is_known()
}

/// The parts of a list, as they are collected.
#[derive(Default)]
struct Parts {
    readings: Vec<Vec<usize>>,
    loose: Vec<Vec<usize>>,
    rest: Promise,
    mixed: bool,
    /// Something that is no part was met.
    stranger: bool,
    /// They stand in rows with other figures.
    column: bool,
    /// One of them has parts of its own.
    nested: bool,
    /// A word says that they are all there is.
    full: bool,
    last: Option<usize>,
}

impl Parts {
    /// In the sentence of the first one, or in its bracket.
    fn in_sentence(items: &Items<'_>, first: usize, whole: usize) -> Self {
        let own = &items.all[first];
        let near = own.opener.is_some_and(|o| o.near);
        let same = |i: &usize| items.all[*i].sentence == own.sentence && (!near || items.all[*i].group == own.group);
        // "…; bãi bỏ 265 thủ tục; đến nay tổng số thủ tục là 1.771"
        let other = |i: &usize| items.all[*i].group != own.group && says(items.near(*i), &items.lexicon.openers.totals);
        let behind = items.younger(first).take_while(|i| same(i) && !other(i));
        let all: Vec<usize> = std::iter::once(first).chain(behind).collect();
        let mut parts = Self { full: says_all(items, first), ..Self::default() };
        // A second opener opens the parts of a part, up to the next `;`.
        let mut nested: Option<usize> = None;
        let (mut flat, mut outer, mut before) = (Vec::new(), Vec::new(), None);
        for &item in &all {
            let here = &items.all[item];
            if here.opener.is_some() && item != first {
                before.get_or_insert(outer.len());
                nested = Some(here.group);
            }
            nested = nested.filter(|g| *g == here.group);
            let part = parts.part(items, item, whole, nested.is_some());
            flat.extend(part);
            if nested.is_none() {
                outer.extend(part);
            }
            parts.last = Some(item);
        }
        parts.nested = before.is_some();
        if let Some(column) = before.is_none().then(|| column(items, &all, whole, parts.full)).flatten() {
            (parts.mixed, parts.column) = (false, true);
            parts.readings = vec![column];
        } else if let Some(before) = before {
            let cut = outer[..before].to_vec();
            // "trong đó 89.702 …, 815 …; đang giải quyết 5.687, trong đó …": what has parts of its own begins anew.
            let near: Vec<usize> = cut.iter().copied().filter(|p| items.all[*p].group == own.group).collect();
            parts.readings = vec![outer, cut];
            if near.len() > 1 && near.len() < parts.readings[1].len() {
                parts.readings.push(near);
                parts.readings.sort_by(|a, b| off(items, whole, a).total_cmp(&off(items, whole, b)));
            }
            parts.loose = vec![flat];
        } else {
            parts.readings = by_groups(items, outer, whole);
            // "Ngoài ra, …", "Còn lại …" in the next sentence may bring the last part.
            let next = items.younger(*all.last().unwrap_or(&first)).next().filter(|n| {
                items.all[*n].sentence == own.sentence + 1 && says(items.label(*n), &items.lexicon.openers.rest)
            });
            if let Some(next) = next.filter(|n| own.frame == items.all[*n].frame && items.joined(first, *n)) {
                let mut longer = parts.readings[0].clone();
                longer.extend(Self::default().part(items, next, whole, false));
                parts.readings.push(longer);
            }
        }
        Self { readings: distinct(parts.readings), ..parts }
    }

    /// One or more a line, on lines with the same mark.
    fn on_lines(items: &Items<'_>, first: usize, whole: usize) -> Self {
        let at = items.all[first].spot.line;
        let marker = &items.lines[at].marker;
        let most = if marker.is_some() { LINES } else { BARE_LINES };
        let joined = |l: &usize| *l == at || items.lines[*l].row == items.lines[*l - 1].row + 1;
        let end = (at..items.lines.len().min(at + most))
            .take_while(|l| items.lines[*l].marker == *marker && joined(l))
            .last()
            .map_or(at, |l| l + 1);
        let frame = items.all[first].frame;
        let mut parts = Self { full: says_all(items, first), ..Self::default() };
        let (mut firsts, mut all, mut row) = (Vec::new(), Vec::new(), Vec::new());
        for line in at..end {
            let own = (first..items.all.len())
                .filter(|i| items.all[*i].spot.line == line && items.all[*i].frame == frame && items.is_main(*i));
            let before = all.len();
            for item in own {
                row.push(item);
                all.extend(parts.part(items, item, whole, false));
                parts.last = Some(item);
            }
            if all.len() == before {
                if marker.is_none() {
                    break;
                }
                parts.mixed = true;
            }
            firsts.extend(all.get(before).copied());
        }
        if let Some(column) = column(items, &row, whole, parts.full) {
            (parts.mixed, parts.column) = (false, true);
            parts.readings = vec![column];
        } else {
            parts.readings = vec![firsts, all];
        }
        if marker.is_none() {
            parts.mixed = true;
        }
        Self { readings: distinct(parts.readings), ..parts }
    }

    /// The figure of an item that can be a part of the whole.
    fn part(&mut self, items: &Items<'_>, item: usize, whole: usize, nested: bool) -> Option<usize> {
        let found = figures(items, item).find(|i| fits(items, *i, whole, self.full));
        if items.is_compared(item) || items.is_base(item) {
            return None;
        }
        if !nested {
            // What counts other things between the parts mixes them; behind the last one it ends the list.
            self.mixed |= found.is_some() && (self.stranger || found != Some(item));
            self.stranger |= found.is_none();
            let lexicon = items.lexicon;
            let label = items.label(item);
            let other =
                says(label, &lexicon.openers.rest) || says(label, &lexicon.openers.others) || names_others(label);
            if found.is_some() && other {
                self.rest = Promise::Full;
            }
        }
        found
    }

    /// The parts of a whole, as far as they tell what list they are.
    fn list(self, items: &Items<'_>, whole: usize, first: usize) -> List {
        List {
            wholes: vec![whole],
            until: self.until(items, whole, first),
            partial: is_partial(items, whole, first, self.last.unwrap_or(first)),
            promise: self.rest,
            rest: self.rest == Promise::Full,
            mixed: self.mixed,
            nested: self.nested,
            closed: self.closed(items),
            readings: self.readings,
            loose: self.loose,
            ..List::default()
        }
    }

    /// "… và 57 hồ sơ trực tiếp".
    fn closed(&self, items: &Items<'_>) -> bool {
        self.last.is_some_and(|last| {
            let own = &items.all[last];
            let before = own.words.start.checked_sub(1);
            before.is_some_and(|b| items.lines[own.spot.line].tokens[b].reads("và"))
        })
    }

    /// The token behind the list, where it stands on the whole's line.
    fn until(&self, items: &Items<'_>, whole: usize, first: usize) -> usize {
        let line = items.all[whole].spot.line;
        let on_line = |i: &&Item| i.spot.line == line;
        let last = self.last.or(Some(first)).map(|l| &items.all[l]).filter(on_line);
        last.map_or(items.lines[line].tokens.len(), |i| i.words.end)
    }
}

/// "38 cơ sở: 31 cơ sở …, 7 cơ sở …; xử phạt 3 cơ sở": the parts up to the `;` too, and what comes nearest to the whole first.
fn by_groups(items: &Items<'_>, parts: Vec<usize>, whole: usize) -> Vec<Vec<usize>> {
    let group = |p: &usize| items.all[*p].group;
    let cut: Vec<usize> = parts.iter().copied().filter(|p| parts.first().map(group) == Some(group(p))).collect();
    if cut.len() < 2 || cut.len() == parts.len() {
        return vec![parts];
    }
    let mut readings = vec![parts, cut];
    readings.sort_by(|a, b| off(items, whole, a).total_cmp(&off(items, whole, b)));
    readings
}

/// By how much parts miss a whole.
fn off(items: &Items<'_>, whole: usize, parts: &[usize]) -> f64 {
    let value = |i: usize| items.value(i).to_double();
    (parts.iter().map(|p| value(*p)).sum::<f64>() - value(whole)).abs()
}

/// Whether what opens the parts says that they are all there is.
fn says_all(items: &Items<'_>, first: usize) -> bool {
    items.all[first].opener.is_some_and(|o| o.promise == Promise::Full && !o.detached)
}

/// The figure of an item and the further ones of its clause.
fn figures<'i>(items: &'i Items<'_>, item: usize) -> impl Iterator<Item = usize> + 'i {
    let own = &items.all[item];
    let clause = (item + 1..items.all.len()).take_while(move |i| {
        let other = &items.all[*i];
        (other.extra || other.share_of.is_some() || other.frame != own.frame) && other.spot.line == own.spot.line
    });
    let extras = clause.filter(move |i| items.all[*i].extra && items.all[*i].frame == own.frame);
    std::iter::once(item).chain(extras)
}

/// Whether a figure can be a part of a whole.
fn fits(items: &Items<'_>, item: usize, whole: usize, full: bool) -> bool {
    let (total, quantity) = (items.quantity(whole), items.quantity(item));
    let noun = matches!(quantity.unit, Unit::Noun(_));
    // "số còn lại 291 nộp trực tiếp": a word that is no unit.
    let left = noun && says(items.label(item), &items.lexicon.openers.rest);
    // "248 đơn (31 khiếu nại, 14 tố cáo, …)", "51 người: 4 thạc sĩ, 43 đại học, …"
    let member = || items.lexicon.is_member(&items.line(item).tokens, quantity.at + 1);
    // "57 dự thảo, gồm 12 nghị quyết và 45 quyết định", "214 cơ sở, gồm 16 bệnh viện, 102 trạm y tế, …"
    let sort = || full && (noun || total.unit.is_of_class(&quantity.unit));
    let counted = total.unit != Unit::Money && quantity.unit != Unit::Money;
    !quantity.percent
        && (total.unit.takes(&quantity.unit) || left || counted && (member() || sort()))
        && quantity.of.is_none_or(|of| of == total.value)
        && !quantity.is_score(items.lexicon)
}

/// "mầm non 12 cơ sở, 3.218 trẻ; tiểu học 9 cơ sở, 5.604 học sinh": of rows that have as many figures each, the column
/// that counts what the whole counts.
fn column(items: &Items<'_>, row: &[usize], whole: usize, full: bool) -> Option<Vec<usize>> {
    let all: Vec<usize> =
        row.iter().flat_map(|item| figures(items, *item)).filter(|i| !items.quantity(*i).percent).collect();
    let fitting = |at: &usize| fits(items, all[*at], whole, full);
    let places: Vec<usize> = (0..all.len()).filter(fitting).collect();
    // "213 lượt/264 người, trong đó 148 lượt/176 người; 65 lượt/88 người": what may count anything counts the same.
    let unit = &items.quantity(whole).unit;
    let exact: Vec<usize> = places.iter().copied().filter(|at| items.quantity(all[*at]).unit == *unit).collect();
    let several = exact.len() > 1 && unit.is_known() && places.iter().any(|at| !exact.contains(at));
    let known = several && places.iter().all(|at| items.quantity(all[*at]).unit.is_known());
    let places = if known { exact } else { places };
    let wide = all.len().checked_div(places.len()).filter(|wide| *wide > 1 && places.len() > 1)?;
    let even = places.len() * wide == all.len() && places.iter().enumerate().all(|(n, at)| at / wide == n);
    let one = places.iter().all(|at| at % wide == places[0] % wide);
    (even && one && !places.iter().any(|at| items.is_compared(all[*at])))
        .then(|| places.iter().map(|at| all[*at]).collect())
}

/// "các mẫu khác 397 bộ", "nội dung khác: 12": whatever was not named before.
fn names_others(label: &[Placed]) -> bool {
    let ends = |t: Option<&Placed>| t.is_none_or(|t| t.number().is_some() || t.is(':'));
    label.iter().enumerate().any(|(i, t)| t.reads("khác") && ends(label.get(i + 1)))
}

/// Whether words say that more is left out: "nhiều nhất là", "như", "…".
fn is_partial(items: &Items<'_>, whole: usize, first: usize, last: usize) -> bool {
    let (from, to) = (items.all[whole].spot, items.all[first].spot);
    let tokens = &items.lines[to.line].tokens;
    let at = items.quantity(first).at;
    let start = if from.line == to.line { items.quantity(whole).end.min(at) } else { items.lines[to.line].head };
    let opens: &[Placed] = &tokens[start..at];
    let (line, end) = (items.line(last), items.all[last].words.end);
    // Dots in a part's own bracket are of that bracket.
    let tail = line.tokens.get(items.quantity(last).end..line.tokens.len().min(end + 3)).unwrap_or_default();
    let behind: Vec<&Placed> = outside_brackets(tail).into_iter().map(|i| &tail[i]).collect();
    let dots = |i: usize| behind[i].is('…') || behind[i].is('.') && behind.get(i + 1).is_some_and(|t| t.is('.'));
    // "…, số còn lại là hồ sơ đính chính": a part without a figure.
    let after = items.quantity(last).end.min(line.sentence_end(items.quantity(last).at));
    let unsaid = says_outside(line, after, line.sentence_end(after), &items.lexicon.openers.rest);
    // "như sau" names no examples.
    let example = |i: usize| {
        let end = longest_at(opens, i, &items.lexicon.openers.partial);
        let opener = items.lexicon.opener(opens, i).filter(|(promise, _)| *promise > Promise::Some);
        // "cao đẳng 318"
        let named = items.lexicon.is_member(opens, i);
        !named && end.is_some_and(|end| opener.is_none_or(|(_, behind)| behind <= end))
    };
    (0..opens.len()).any(example)
        || says(before_figure(items, whole), &items.lexicon.openers.partial)
        || (0..behind.len()).any(dots)
        || unsaid
}

/// Whether one of the phrases stands between two tokens, up to the end of the bracket that the first one is in.
fn says_outside(line: &Line<'_>, from: usize, until: usize, list: &[Phrase]) -> bool {
    let mut i = from;
    while i < until.min(line.tokens.len()) && !line.tokens[i].is(')') {
        if line.tokens[i].is('(') {
            i = line.bracket_end(i);
            continue;
        }
        if longest_at(&line.tokens, i, list).is_some() {
            return true;
        }
        i += 1;
    }
    false
}

/// The words of an item before its figure.
fn before_figure<'i>(items: &'i Items<'_>, item: usize) -> &'i [Placed] {
    let own = &items.all[item];
    let tokens = &items.lines[own.spot.line].tokens;
    let at = items.quantity(item).at;
    &tokens[own.words.start.min(at)..at]
}

/// "241 đơn khiếu nại và 92 đơn tố cáo; trong đó có …; có …": the first parts are of the first whole, those behind the
/// `;` of the second.
fn two_wholes(items: &Items<'_>, list: &List) -> Option<Vec<List>> {
    let parts = list.loose.last().or(list.readings.last())?;
    let (&second, &first) = (list.wholes.first()?, list.wholes.get(1)?);
    let close = items.older(second).next() == Some(first)
        && items.quantity(first).unit == items.quantity(second).unit
        && items.all[first].sentence == items.all[second].sentence;
    let group = items.all[*parts.first()?].group;
    let (one, two): (Vec<usize>, Vec<usize>) = parts.iter().partition(|p| items.all[**p].group == group);
    (close && one.len() > 1 && two.len() > 1 && !list.bracketed && !list.below).then_some(())?;
    let words = |item: usize| -> Vec<&str> { items.label(item).iter().filter_map(Placed::word).collect() };
    // What each counts: "241 đơn khiếu nại", "92 đơn tố cáo".
    let counted = |item: usize| -> Vec<&str> {
        let (own, end) = (&items.all[item], items.all[item].words.end);
        let tokens = &items.lines[own.spot.line].tokens;
        tokens[items.quantity(item).at..end.min(tokens.len())].iter().filter_map(Placed::word).collect()
    };
    let (a, b) = (counted(first), counted(second));
    let only = |own: &[&str], other: &[&str]| -> Vec<String> {
        own.iter().filter(|w| !other.contains(w)).map(|w| (*w).to_owned()).collect()
    };
    let (of_first, of_second) = (only(&a, &b), only(&b, &a));
    let speaks =
        |parts: &[usize], of: &[String]| parts.iter().any(|p| words(*p).iter().any(|w| of.iter().any(|o| o == w)));
    let told =
        speaks(&one, &of_first) && speaks(&two, &of_second) && !speaks(&one, &of_second) && !speaks(&two, &of_first);
    let made = |whole: usize, parts: Vec<usize>| List {
        wholes: vec![whole],
        readings: vec![parts],
        promise: Promise::List,
        bracketed: true,
        partial: list.partial,
        until: list.until,
        ..List::default()
    };
    told.then(|| vec![made(first, one), made(second, two)])
}
