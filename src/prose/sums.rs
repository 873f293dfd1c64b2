//! Lists into sums that hold, sums that don't, and what is left alone.
//!
//! Right statements are many and wrong ones few. A sum holds where any reading of its sentence makes it tie. It is
//! called broken where none does and the words promise that it ties: parts that exclude one another and leave nothing
//! out, "gồm", a bracket that lists alike things, a last part that is all the rest.

use super::clauses::{Items, Spot};
use super::lists::List;
use super::paragraphs::Token;
use super::phrases::{Promise, Unit, longest_at, says, stands_among};
use super::shares::follows;
use crate::model::statement::{Ground, Partition, Phrase};
use crate::model::{Figure, Severity};

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
    /// The figure at which it is told, and the token behind the statement on that line.
    pub told: Spot,
    pub until: usize,
}

impl Sum {
    /// Figures that a whole should be the sum of, told at the whole.
    pub fn of(items: &Items<'_>, whole: Spot, parts: Vec<Spot>, ground: Ground, until: usize) -> Option<Self> {
        let sum = total(&parts, items)?;
        let holds = sum == items.at(whole).value;
        Some(Self { whole, parts, sum, holds, ground, severity: Severity::Warning, told: whole, until })
    }

    /// Whether all its numbers are bound to consolidated ones.
    pub fn is_bound(&self, items: &Items<'_>) -> bool {
        let mut spots = std::iter::once(&self.whole).chain(&self.parts);
        spots.all(|s| items.lines[s.line].is_bound(s.quantity))
    }
}

/// A statement that is being weighed.
struct Trial<'t, 'i> {
    items: &'t Items<'i>,
    list: &'t List,
    whole: usize,
}

/// Tries a list; nothing where its words promise nothing.
pub fn tried(list: &List, items: &Items<'_>) -> Option<Sum> {
    let trials = || list.wholes.iter().map(|&whole| Trial { items, list, whole });
    let held = trials().find_map(|t| t.tie());
    if let Some(other) = held.as_ref().and_then(|sum| trials().next()?.again(sum)) {
        return Some(other);
    }
    let others = || trials().skip(1);
    let farther = || others().find_map(|t| t.of_partition()).or_else(|| trials().find_map(|t| t.hardly_broken()));
    let broken = || trials().next()?.broken().or_else(farther);
    held.or_else(|| broken().filter(|sum| !of_another(sum, list, items) && !lacks_one(sum, items)))
}

/// Whether a number between the whole and its last part, taken for none of them, is just what they lack.
fn lacks_one(sum: &Sum, items: &Items<'_>) -> bool {
    let spots = || std::iter::once(sum.whole).chain(sum.parts.iter().copied());
    let whole = items.at(sum.whole).value;
    let off = whole.checked_sub(sum.sum).filter(|off| off.units > 0);
    let (Some(off), Some(first), Some(last)) = (off, spots().min(), spots().max()) else {
        return false;
    };
    let used = |line: usize, i: usize| spots().any(|s| s.line == line && items.at(s).at == i);
    (first.line..=last.line).any(|at| {
        let line = &items.lines[at];
        let from = if at == first.line { items.at(first).at } else { line.head };
        let until = if at == last.line { line.sentence_end(items.at(last).at) } else { line.tokens.len() };
        let bracket = |i: usize| line.bracket_around(i);
        let brackets: Vec<_> = spots().filter(|s| s.line == at).map(|s| bracket(items.at(s).at)).collect();
        (from..until).any(|i| {
            let number = line.tokens[i].number().and_then(super::quantities::number).map(|(value, _)| value);
            let percent = line.tokens.get(i + 1).is_some_and(|t| t.is('%'));
            number == Some(off) && !percent && !used(at, i) && brackets.contains(&bracket(i))
        })
    })
}

/// Lines above in which what parts are of may stand, where nothing ties them to the figure before.
const BEFORE: usize = 3;

/// "256 đơn đủ điều kiện. Theo nội dung: khiếu nại 41, …, phản ánh 202. Theo thẩm quyền: thuộc 187, không thuộc 69": parts
/// that come to a figure stated before are of that one, where no word in their sentence says what they are of.
fn of_another(sum: &Sum, list: &List, items: &Items<'_>) -> bool {
    let Some(first) = list.readings.iter().flatten().min().copied() else {
        return false;
    };
    // A whole with a digit mistyped is of what was stated rightly before.
    let slip = is_slip(items.at(sum.whole).value, sum.sum);
    let is_many = |f: Figure| f.to_double() >= MANY;
    let near = |i: &usize| items.all[*i].spot.line + BEFORE >= items.all[first].spot.line && items.joined(*i, first);
    let first = (first..items.all.len()).find(|i| sum.parts.contains(&items.all[*i].spot)).unwrap_or(first);
    let mut before = (0..first).rev().take_while(near).filter(|i| !items.quantity(*i).percent);
    let is_it = |i: usize| items.quantity(i).is_exact() && items.value(i) == sum.sum && !items.quantity(i).percent;
    // "Tổng cộng tiếp nhận 83.689 hồ sơ, giải quyết 81.242 hồ sơ": or of the one behind it.
    let behind = items.younger(list.wholes[0]).take(2).any(|i| list.after && is_it(i));
    let apart = items.all[list.wholes[0]].sentence != items.all[first].sentence && !list.below;
    (list.bare || apart || is_many(sum.sum)) && !slip && before.any(is_it) || behind
}

/// What does not tie, left without those whose figures another sum that ties explains: its parts, and a part for a whole.
pub fn unexplained(sums: Vec<Sum>, items: &Items<'_>) -> Vec<Sum> {
    let held: Vec<Vec<Spot>> = sums
        .iter()
        .filter(|s| s.holds)
        .map(|s| std::iter::once(s.whole).chain(s.parts.iter().copied()).collect())
        .collect();
    let explained = |sum: &Sum| {
        let all = |spots: &Vec<Spot>| std::iter::once(&sum.whole).chain(&sum.parts).all(|s| spots.contains(s));
        // Nor are a figure and a part of it parts of one whole: the first of those held is its whole.
        let inside =
            |spots: &Vec<Spot>| sum.parts.contains(&spots[0]) && sum.parts.iter().any(|p| spots[1..].contains(p));
        // "tiếp nhận 148.402, giải quyết 139.705. Trong đó, sở nhận 33.918, giải quyết 31.240; xã nhận 114.484, giải quyết
        // 108.465": beside each of them stands a part that makes the whole up with others.
        let group = |spot: &Spot| items.all.iter().find(|i| i.spot == *spot).map(|i| i.group);
        let beside = |spots: &Vec<Spot>| {
            let own = |p: &Spot| spots[1..].iter().any(|s| s != p && group(s) == group(p));
            let apart = || sum.parts.windows(2).all(|pair| group(&pair[0]) != group(&pair[1]));
            spots[0] == sum.whole && apart() && sum.parts.iter().all(own)
        };
        held.iter().any(|spots| all(spots) || inside(spots) || beside(spots))
    };
    sums.into_iter().filter(|s| s.holds || !explained(s)).collect()
}

impl Trial<'_, '_> {
    fn make(&self, parts: &[usize], holds: bool, ground: Ground, severity: Severity) -> Option<Sum> {
        let whole = self.items.all[self.whole].spot;
        let sum = Sum::of(self.items, whole, self.items.spots(parts), ground, self.list.until)?;
        Some(Sum { holds, severity, ..sum })
    }

    /// Whether parts come to the whole, within what was rounded.
    fn ties(&self, parts: &[usize]) -> bool {
        ties(self.items, self.whole, parts)
    }

    /// A reading in which the parts come to the whole.
    fn tie(&self) -> Option<Sum> {
        let value = |item: usize| self.items.quantity(item).high;
        let whole = value(self.whole);
        for reading in self.list.readings.iter().chain(&self.list.loose) {
            // Where all parts are promised, only what can be none may follow them.
            let fewest = match self.list.promise {
                Promise::Full if !self.list.partial => {
                    reading.iter().position(|s| value(*s) >= whole).unwrap_or(reading.len())
                }
                _ => 2,
            };
            let divisions = divided(reading, self.items);
            let complete = || divisions.iter().filter(|d| d.complete);
            // What must be there is never left out.
            let place = |part: &usize| reading.iter().position(|r| r == part).map_or(0, |at| at + 1);
            let most = complete().filter_map(|d| d.must.iter().map(place).max()).max().unwrap_or(0);
            for n in (most.max(2)..=reading.len()).rev() {
                if (n >= fewest || self.ends(reading, n)) && self.ties(&reading[..n]) {
                    return self.make(&reading[..n], true, Ground::Listed, Severity::Note);
                }
            }
            for division in complete() {
                for parts in division.choices() {
                    if self.ties(&parts) {
                        return self.make(&parts, true, Ground::Partition(division.name.to_owned()), Severity::Note);
                    }
                }
            }
        }
        None
    }

    /// Whether a list may end with one of its parts: "gồm 3.204 phiếu số 1 và 786 phiếu số 2; trả sớm …", "đã duyệt 1.590,
    /// chờ duyệt 117; còn lại 105 …".
    fn ends(&self, reading: &[usize], n: usize) -> bool {
        let (last, next) = (&self.items.all[reading[n - 1]], &self.items.all[reading[n]]);
        let tokens = &self.items.lines[last.spot.line].tokens;
        let before = last.words.start.checked_sub(1).and_then(|b| tokens.get(b));
        let rest = || says(self.items.label(reading[n]), &self.items.lexicon.openers.rest);
        last.group != next.group && (before.is_some_and(|t| t.reads("và")) || rest())
    }

    /// Nothing is said of figures that rounding may make right, nor of parts whose whole has none.
    fn is_vague(&self) -> bool {
        let all = || self.list.readings.iter().flatten().chain([&self.whole]);
        let rough = all().any(|p| self.items.quantity(*p).rough);
        self.list.detached || rough && !self.list.readings.first().is_some_and(|parts| self.is_far(parts))
    }

    /// Whether rounded parts miss the whole by more than all that was rounded.
    fn is_far(&self, parts: &[usize]) -> bool {
        let whole = self.items.quantity(self.whole);
        let (low, high) = parts.iter().fold((0.0, 0.0), |(low, high), part| {
            let quantity = self.items.quantity(*part);
            (low + quantity.low, high + quantity.high)
        });
        let apart = (low - whole.high).max(whole.low - high);
        apart.is_finite() && apart > (high - low) + (whole.high - whole.low)
    }

    /// The statement as it is broken, where its parts are of a partition.
    fn of_partition(&self) -> Option<Sum> {
        let (items, list) = (self.items, self.list);
        let whole = items.quantity(self.whole);
        let mut divisions: Vec<Division> = list.readings.iter().flat_map(|r| divided(r, items)).collect();
        divisions.sort_by_key(|d| std::cmp::Reverse((d.complete, d.must.len())));
        let division = divisions.first().filter(|_| !self.is_vague())?;
        let none = Partition::default();
        let partition = division.partition.unwrap_or(&none);
        let parts = division.nearest(self.whole, items);
        let sum = items.sum(&parts)?;
        // "gồm 12 bệnh viện công lập, 4 bệnh viện tư nhân, 102 trạm y tế và 96 phòng khám": two of several kinds.
        let off = |sum: Figure| (sum.to_double() - whole.value.to_double()).abs();
        let wider = list.readings.iter().filter(|r| r.len() > parts.len()).filter_map(|r| items.sum(r));
        if !list.bare && list.promise > Promise::Some && !list.mixed && wider.into_iter().any(|all| off(all) < off(sum))
        {
            return None;
        }
        // "gồm 1.833 …, 301 … và 134 thủ tục cấp xã; trong đó mức độ 3 là 1.089, …": of what stands before the last part.
        let most = parts.iter().map(|p| items.quantity(*p).low).fold(0.0, f64::max);
        if sum.to_double() > FARTHER * whole.high && self.largest_before() >= most {
            return None;
        }
        let more = sum > whole.value && parts.len() > 1 && !list.bare;
        // "trong đó có": of something else, unless it is about as much.
        let meant = match () {
            () if list.bare => list.within || self.is_whole_of(partition),
            () if list.after => near(whole.value, sum) || self.is_slip(&parts, sum),
            () => list.promise > Promise::Some || near(whole.value, sum),
        };
        let label = items.label(self.whole);
        let needs = &partition.needs;
        let meant = meant && !says(label, &partition.not_of);
        // What is a partition's by nature may count from the period before too.
        let meant = meant && (!list.result || partition.of.is_empty() || shares_come_to_all(&parts, items));
        let meant = meant && (needs.is_empty() || says(label, needs) || sum > whole.value);
        (meant && (division.complete || more && self.alike(&parts))).then_some(())?;
        let severity = if list.bare || list.result { Severity::Warning } else { Severity::Error };
        self.make(&parts, false, Ground::Partition(division.name.to_owned()), severity)
    }

    /// "tiếp nhận 8.460 hồ sơ, trả 8.134 hồ sơ; trong đó khai sinh 7.014, khai tử 1.448": off by next to nothing from a figure
    /// farther off. What is less than the figure just before may leave something out.
    fn hardly_broken(&self) -> Option<Sum> {
        let (items, list) = (self.items, self.list);
        let first = list.readings.first().filter(|r| r.len() > 1 && !self.is_vague())?;
        let sum = items.sum(first)?;
        let opened = list.promise >= Promise::List || list.opened && list.closed;
        let listed = opened && !list.bare && !list.partial && !list.mixed && !list.result && !list.after;
        let whole = items.value(self.whole);
        let all = sum > whole || list.wholes.first() != Some(&self.whole);
        let meant = all && hardly(whole, sum) && self.is_slip(first, sum) && self.kindred(first);
        (listed && meant).then(|| self.make(first, false, Ground::Listed, Severity::Warning)).flatten()
    }

    /// The statement as it is broken, if it promises to hold.
    fn broken(&self) -> Option<Sum> {
        let (items, list) = (self.items, self.list);
        let first = list.readings.first().filter(|_| !self.is_vague())?;
        if let Some(sum) = self.of_partition() {
            return Some(sum);
        }
        if list.result {
            return None;
        }
        if list.after {
            return self.concluded();
        }
        let (whole, sum) = (items.value(self.whole), items.sum(first)?);
        let doubtful = |ground: Ground| self.make(first, false, ground, Severity::Warning);
        // Shares of the whole that leave something out.
        if sum <= whole && self.shares_leave_out(first) {
            return None;
        }
        if !list.partial && first.len() > 1 && self.bands(first) {
            return doubtful(Ground::Listed);
        }
        if list.bare && !list.within {
            return self.is_all_beside(first, sum).then(|| doubtful(Ground::Listed)).flatten();
        }
        if list.bare && self.is_divided(first, sum) {
            return doubtful(Ground::Listed);
        }
        let many = first.len() > 1 && !list.mixed;
        if many && !list.partial && self.is_promised(first, sum) {
            return self.make(first, false, Ground::Words, Severity::Error);
        }
        if let Some(large) = self.too_large(first) {
            return self.make(&[large], false, Ground::TooLarge, Severity::Error);
        }
        if many && sum > whole && near(whole, sum) && self.exclusive(first) {
            return doubtful(Ground::TooMany);
        }
        (many && self.is_all_listed(first, sum)).then(|| doubtful(Ground::Listed)).flatten()
    }

    /// Whether parts that nothing opens are all of the whole that stands before them in the sentence.
    fn is_all_beside(&self, parts: &[usize], sum: Figure) -> bool {
        let (items, list) = (self.items, self.list);
        let whole = items.value(self.whole);
        // "…; số còn lại 291 hồ sơ": nothing else is left.
        let left = || parts.len() == 2 && items.is_left(parts[1]) && self.is_slip(parts, sum) && self.kindred(parts);
        let rest = || near(whole, sum) && (list.rest || left());
        // Shares that come to a hundred: of the whole beside them.
        let divided = || {
            let of_none = list.readings.iter().all(|r| divided(r, items).is_empty());
            of_none || divided(parts, items).iter().any(|d| d.complete)
        };
        let all = || hardly(whole, sum) && shares_come_to_all(parts, items) && divided() && self.is_slip(parts, sum);
        let linked = || !list.nested && self.is_linked(parts) && self.is_divided(parts, sum);
        parts.len() > 1 && !list.mixed && !list.partial && (rest() || linked() || all())
    }

    /// Whether words promise that the parts are all there is.
    fn is_promised(&self, parts: &[usize], sum: Figure) -> bool {
        let (items, list) = (self.items, self.list);
        let whole = items.quantity(self.whole);
        let unit = |p: &usize| &items.quantity(*p).unit;
        let over = sum > whole.value && items.all[self.whole].sentence == items.all[parts[0]].sentence;
        let close = over || within(whole.value, sum, PROMISED);
        let alike = parts.iter().all(|p| whole.unit.takes(unit(p))) || near(whole.value, sum);
        // "gồm 03 dự thảo quyết định và 02 dự thảo nghị quyết": nothing is left out, however many there are said to be.
        // "09 đầu mối, bao gồm 07 phòng, 01 chi cục và 01 đơn vị"
        let one = |p: &usize| *unit(p) == whole.unit || unit(p).is_of_class(unit(&parts[0]));
        let counted = whole.unit.is_known() && *unit(&parts[0]) == whole.unit || matches!(whole.unit, Unit::Noun(_));
        let closed = || list.closed && counted && parts.iter().all(one) && self.is_slip(parts, sum);
        let full = list.promise == Promise::Full && (close && alike || closed());
        full || shares_come_to_all(parts, items) || self.sorted(parts)
    }

    /// A part that is larger than anything that it may be a part of.
    fn too_large(&self, parts: &[usize]) -> Option<usize> {
        let (items, list) = (self.items, self.list);
        let whole = items.quantity(self.whole);
        // One figure in a bracket may be the whole itself: "nhận mới 700 hồ sơ (cả chuyển tiếp 760 hồ sơ)".
        let alone = list.opened || parts.len() > 1;
        (whole.unit.is_counted() && !list.bare && alone).then_some(())?;
        let most = self.largest_before();
        let far_more = |s: usize| items.quantity(s).low >= FARTHER * whole.high;
        let held = |s: &usize| {
            let part = &items.quantity(*s).unit;
            // "17 trung tâm: phát ra 1.700 phiếu": what counts anything is of those things only where it is about as much.
            let sort = *part == whole.unit || whole.unit.is_of_class(part);
            part.is_counted() && whole.unit.holds(part) && (sort || !far_more(*s))
        };
        // "cấp tỉnh 4.120, trong đó 4.018 …; cấp xã 9.306, trong đó …": what has parts of its own is none.
        let one_group = |s: &usize| items.all[*s].group == items.all[parts[0]].group;
        let own = |s: &usize| list.bracketed || list.below || one_group(s);
        let large = parts.iter().copied().find(|s| items.quantity(*s).low > most && held(s) && own(s));
        // "Có 55 hồ sơ chưa đến hạn. Trong đó, …: 1.204 hồ sơ": what is far more is of another sentence.
        let apart = |s: &usize| items.all[self.whole].sentence != items.all[*s].sentence;
        large.filter(|s| !(apart(s) && (list.nested || items.quantity(*s).low > FARTHER * whole.high)))
    }

    /// A list that looks like all there is, and is about as much: a slip, rather than a part left out.
    fn is_all_listed(&self, parts: &[usize], sum: Figure) -> bool {
        let (items, list) = (self.items, self.list);
        let whole = items.quantity(self.whole);
        if list.promise < Promise::List || list.bare || list.partial || !self.kindred(parts) {
            return false;
        }
        let left_out = || sum <= whole.value && divided(parts, items).iter().any(|d| d.must.len() == parts.len());
        let room = self.room(parts, sum);
        // Of few things, one too many.
        let same = || parts.iter().all(|p| items.quantity(*p).unit == whole.unit);
        let one = sum.checked_sub(whole.value) == Some(Figure::whole(1)) && (room >= NEAR || same());
        // One digit off, whichever it is: of many things no chance.
        let things = whole.value.to_double();
        let many = things >= if list.bracketed || list.colon { MANY } else { 10.0 * MANY };
        // "07 trường hợp (khiển trách 04, cảnh cáo 02, buộc thôi việc 01)"
        let off = (things - sum.to_double()).abs();
        let few = list.bracketed && parts.len() > 2 && things < MANY && off <= FEW_THINGS;
        let all = within(whole.value, sum, room) || one || many && self.is_slip(parts, sum) || few;
        all && !left_out() || list.bracketed && sorts(parts, self.whole, items)
    }

    /// "2.318 thửa; đã đăng ký 1.964 thửa, đạt 84,73%; chưa đăng ký …": the share of a part is of the whole.
    fn is_linked(&self, parts: &[usize]) -> bool {
        let items = self.items;
        parts.iter().any(|part| {
            let share = items.share_of(*part).map(|share| items.quantity(share)).filter(|share| share.shown > 0);
            share.is_some_and(|share| follows(items.value(*part), items.value(self.whole), share))
        })
    }

    /// "Trong 1.106 phản ánh, 1.012 phản ánh đã trả lời, 94 phản ánh còn trong hạn": of many things parts that overlap, or
    /// leave something out, come near to them by chance only.
    fn is_divided(&self, parts: &[usize], sum: Figure) -> bool {
        let (items, list) = (self.items, self.list);
        let whole = items.quantity(self.whole);
        let many = parts.len() > 1 && !list.mixed && !list.partial && self.kindred(parts) && self.is_slip(parts, sum);
        let alike = || parts.len() > 2 && self.counted_alike(parts);
        let off = (whole.value.to_double() - sum.to_double()).abs();
        // "Trong số 327 văn bản có 204 …, 71 … và 52 …"
        let room = if list.within && list.closed { CLOSED } else { FEW };
        let few = list.within && parts.len() > 3 && off <= FEW_THINGS || alike() && off <= 2.0;
        let near = if whole.value.to_double() >= MANY { within(whole.value, sum, room) } else { few };
        many && near
    }

    /// How far from its whole a list may be and still be meant to be all of it: the more tells that it is, the farther.
    fn room(&self, parts: &[usize], sum: Figure) -> f64 {
        let (items, list) = (self.items, self.list);
        let apart = parts.windows(2).all(|p| items.all[p[0]].group < items.all[p[1]].group);
        let over = sum > items.value(self.whole);
        let tells = [
            (list.bracketed || list.below, 4),
            (list.colon, 2),
            (list.marked, 1),
            (parts.len() > 2, 1),
            (parts.len() > 3, 1),
            (list.closed || apart, 1),
            (self.counted_alike(parts), 1),
            (self.is_slip(parts, sum), 2),
            (over, 1),
        ];
        let told: i32 = tells.iter().filter(|(tells, _)| *tells).map(|(_, weight)| weight).sum();
        (LEAST * 2f64.powi(told)).min(NEAR)
    }

    /// Whether parts count what the whole does, or say nothing of what they count.
    fn kindred(&self, parts: &[usize]) -> bool {
        let own = &self.items.quantity(self.whole).unit;
        parts.iter().all(|p| {
            let unit = &self.items.quantity(*p).unit;
            unit.is_known() || unit == own || *unit == Unit::Unsaid
        })
    }

    /// "chi thường xuyên 3.102,4 tỷ đồng, chi đầu tư 2.112,2 tỷ đồng; tổng cộng 5.214,8 tỷ đồng": off by hardly anything.
    fn concluded(&self) -> Option<Sum> {
        let (items, list) = (self.items, self.list);
        let whole = items.value(self.whole);
        let slip = |parts: &&Vec<usize>| {
            let sum = items.sum(parts);
            sum.is_some_and(|sum| hardly(whole, sum) && self.is_slip(parts, sum))
        };
        // "37 nghị quyết, 82 quyết định; tổng cộng 109 văn bản": of all that its sentence names.
        let all = || {
            let first = list.readings.first().filter(|_| says(items.near(self.whole), &items.lexicon.openers.sums))?;
            let one = first.iter().all(|p| items.all[*p].sentence == items.all[self.whole].sentence);
            let most = first.iter().map(|p| items.quantity(*p).high).fold(0.0, f64::max);
            let more = items.value(self.whole).to_double() >= most;
            (one && more && self.kindred(first) && near(whole, items.sum(first)?)).then_some(first)
        };
        let reading = list.readings.iter().find(slip).or_else(all)?;
        self.make(reading, false, Ground::Listed, Severity::Warning)
    }

    /// "(kỳ trước 21 cuộc, trong kỳ 37 cuộc; theo kế hoạch 52 cuộc, đột xuất 08 cuộc)": the whole divided a second time,
    /// behind a `;`, and nearly so.
    fn again(&self, held: &Sum) -> Option<Sum> {
        let items = self.items;
        let whole = items.value(self.whole);
        let reading = self.list.readings.iter().max_by_key(|r| r.len())?;
        let rest: Vec<usize> = reading.iter().copied().filter(|p| !held.parts.contains(&items.all[*p].spot)).collect();
        let complete = || divided(&rest, items).iter().any(|d| d.complete);
        // On lines below, what divides a part stands among the parts.
        let one_place = !self.list.below && !self.list.result;
        (one_place && (self.list.bracketed || self.list.promise == Promise::Full || complete())).then_some(())?;
        let (first, last) = (*reading.first()?, *rest.first()?);
        let apart = reading.len() == held.parts.len() + rest.len() && items.all[first].group < items.all[last].group;
        let one = rest.iter().all(|p| items.all[*p].group == items.all[last].group);
        let sum = items.sum(&rest).filter(|sum| near(whole, *sum) && *sum != whole)?;
        (apart && one && rest.len() > 1 && self.is_slip(&rest, sum))
            .then(|| self.make(&rest, false, Ground::Listed, Severity::Warning))
            .flatten()
    }

    /// Whether one digit of the whole or of a part, or two exchanged, explains what is missing.
    fn is_slip(&self, parts: &[usize], sum: Figure) -> bool {
        let value = |i: usize| self.items.value(i);
        is_mended(value(self.whole), parts.iter().map(|p| value(*p)), sum)
    }

    /// The largest figure that the parts may be of: in the whole's sentence, a second figure of a clause too.
    fn largest_before(&self) -> f64 {
        let items = self.items;
        let (own, unit) = (&items.all[self.whole], &items.quantity(self.whole).unit);
        let first = self.list.readings.iter().flatten().min().copied().unwrap_or(self.whole);
        let said = (0..first).filter(|i| items.all[*i].sentence == own.sentence && items.all[*i].frame == own.frame);
        let like = said.filter(|i| !items.quantity(*i).percent && unit.takes(&items.quantity(*i).unit));
        like.chain(self.list.wholes.iter().copied()).map(|i| items.quantity(i).high).fold(0.0, f64::max)
    }

    /// Whether the whole's own words say what the partition divides.
    fn is_whole_of(&self, partition: &Partition) -> bool {
        let label = self.items.label(self.whole);
        says(label, &partition.whole) && !says(label, &partition.not_of) && !self.items.is_compared(self.whole)
    }

    /// Parts of one partition, and no other kind among them.
    fn alike(&self, parts: &[usize]) -> bool {
        self.list.readings.first().is_some_and(|r| r.len() == parts.len())
    }

    /// Whether the parts' percentages are of the whole, and too small to be all.
    fn shares_leave_out(&self, parts: &[usize]) -> bool {
        let items = self.items;
        let share = |part: &usize| {
            let own = items.quantity(items.share_of(*part)?);
            Some(own).filter(|own| follows(items.value(*part), items.value(self.whole), own))
        };
        let shares: Option<f64> = parts.iter().map(|p| share(p).map(|q| q.value.to_double())).sum();
        shares.is_some_and(|sum| sum < 99.0)
    }

    /// "09 văn bản, trong đó: 02 kế hoạch, 07 công văn": sorts of what the whole counts.
    fn sorted(&self, parts: &[usize]) -> bool {
        let close = self.items.sum(parts).is_some_and(|sum| within(self.items.value(self.whole), sum, 0.4));
        self.list.promise >= Promise::List && close && sorts(parts, self.whole, self.items)
    }

    /// Whether each part begins with its figure and counts what the whole counts.
    fn counted_alike(&self, parts: &[usize]) -> bool {
        let items = self.items;
        let unit = &items.quantity(self.whole).unit;
        let leads = |p: &usize| {
            let first = items.label(*p).iter().find(|t| !matches!(t.token, Token::Mark(_)) && !t.reads("và"));
            let figure = &items.line(*p).tokens[items.quantity(*p).at];
            first.is_some_and(|t| t.start == figure.start)
        };
        let Some(one) = parts.first().map(|p| &items.quantity(*p).unit) else {
            return false;
        };
        let alike = |p: &usize| items.quantity(*p).unit == *one && unit.takes(one);
        parts.iter().all(|p| alike(p) && leads(p)) && unit.is_known() && one.is_known()
    }

    /// "6 đơn vị đạt 100%, 7 đơn vị đạt từ 95% đến dưới 100%, 2 đơn vị dưới 95%": the last one holds whatever is below.
    fn bands(&self, parts: &[usize]) -> bool {
        let items = self.items;
        let bounds = |part: &usize| -> Vec<Figure> {
            let own = &items.all[*part];
            let quantities = &items.lines[own.spot.line].quantities;
            quantities.iter().filter(|q| q.percent && own.words.contains(&q.at)).map(|q| q.value).collect()
        };
        let Some((last, others)) = parts.split_last().filter(|_| parts.len() > 2) else {
            return false;
        };
        let below = bounds(last);
        let open = says(items.label(*last), &items.lexicon.asides.under);
        let chained = others.last().is_some_and(|o| bounds(o).contains(below.first().unwrap_or(&Figure::ZERO)));
        open && below.len() == 1 && chained && others.iter().all(|o| !bounds(o).is_empty())
    }

    /// Whether no thing can be in two of the parts: names of one sort, and of no partition's.
    fn exclusive(&self, parts: &[usize]) -> bool {
        let items = self.items;
        let label = |p: &usize| items.label(*p);
        items.lexicon.asides.sorts.iter().any(|sort| {
            let mut named: Vec<&Phrase> = Vec::new();
            parts.iter().all(|p| {
                let names = sort.iter().filter(|phrase| stands_among(label(p), phrase));
                let longest = names.max_by_key(|phrase| phrase.words.len());
                longest.is_some_and(|name| {
                    !named.contains(&name) && {
                        named.push(name);
                        true
                    }
                })
            })
        })
    }
}

/// Things that are many, and how far from them parts may be that divide them.
const MANY: f64 = 100.0;
const FEW: f64 = 0.02;
const CLOSED: f64 = 0.1;
/// Of fewer things, by how many three parts or more may miss them.
const FEW_THINGS: f64 = 5.0;
/// By how much parts may miss their whole and still be meant to be all of it: at most, and where nothing tells that.
const NEAR: f64 = 0.2;
const LEAST: f64 = 0.01;
/// The same where a word says that they are all.
const PROMISED: f64 = 0.6;
/// How many times a whole parts come to that are of another one.
const FARTHER: f64 = 3.0;
/// By how much percentages of all parts may miss a hundred.
const SLACK: f64 = 0.1;
/// By how much they may be above it: what is more than all can't leave anything out.
const ABOVE: f64 = 1.0;

/// Parts whose percentages come to a hundred are all there are.
pub fn shares_come_to_all(parts: &[usize], items: &Items<'_>) -> bool {
    let shares: Option<Vec<_>> = parts.iter().map(|part| Some(items.quantity(items.share_of(*part)?))).collect();
    shares.is_some_and(|shares| {
        let sum: f64 = shares.iter().map(|q| q.value.to_double()).sum();
        let step: f64 = shares.iter().map(|q| 10f64.powi(-i32::from(q.shown))).fold(0.0, f64::max);
        // One of them may have been worked out of a figure mistyped.
        let off = sum - 100.0;
        off.abs() <= (step * shares.len() as f64).max(SLACK) || off > 0.0 && off <= ABOVE
    })
}

/// Whether parts come to a whole, within what was rounded.
fn ties(items: &Items<'_>, whole: usize, parts: &[usize]) -> bool {
    let whole = items.quantity(whole);
    let exact = whole.is_exact() && parts.iter().all(|p| items.quantity(*p).is_exact());
    if exact {
        return items.sum(parts) == Some(whole.value);
    }
    let low: f64 = parts.iter().map(|p| items.quantity(*p).low).sum();
    let high: f64 = parts.iter().map(|p| items.quantity(*p).high).sum();
    low <= whole.high + 1e-9 && whole.low <= high + 1e-9
}

/// A bare count of different sorts of one thing: "02 công chức (01 Phó Giám đốc, 01 chuyên viên)".
fn sorts(parts: &[usize], whole: usize, items: &Items<'_>) -> bool {
    let bare = parts.iter().all(|p| {
        let first = items.label(*p).iter().find(|t| !matches!(t.token, Token::Mark(_)));
        first.is_some_and(|t| t.start == items.line(*p).tokens[items.quantity(*p).at].start)
    });
    let units: Vec<_> = parts.iter().map(|p| &items.quantity(*p).unit).collect();
    let whole = &items.quantity(whole).unit;
    bare && units.iter().enumerate().all(|(i, unit)| !units[..i].contains(unit) && *unit != whole) && whole.is_known()
}

/// Parts of an overlapping or partial list come to something else altogether; a slip stays near.
pub fn near(whole: Figure, sum: Figure) -> bool {
    within(whole, sum, NEAR)
}

/// Off by a hundredth at most.
fn hardly(whole: Figure, sum: Figure) -> bool {
    within(whole, sum, 0.01)
}

fn within(whole: Figure, sum: Figure, room: f64) -> bool {
    let (whole, sum) = (whole.to_double(), sum.to_double());
    (whole - sum).abs() <= room * whole.max(sum)
}

/// Whether one slip in a whole or in one of its parts explains that they do not tie.
pub fn is_mended(whole: Figure, mut parts: impl Iterator<Item = Figure>, sum: Figure) -> bool {
    let off = whole.checked_sub(sum);
    let mended = |own: Figure| off.and_then(|off| own.checked_add(off)).is_some_and(|right| is_slip(own, right));
    is_slip(whole, sum) || parts.any(mended)
}

/// Whether two figures differ in one digit only, or in two that were exchanged.
pub fn is_slip(a: Figure, b: Figure) -> bool {
    is_slip_of_digits(a.to_string().as_bytes(), b.to_string().as_bytes())
}

pub fn is_slip_of_digits(a: &[u8], b: &[u8]) -> bool {
    let differ: Vec<usize> = (0..a.len().min(b.len())).filter(|i| a[*i] != b[*i]).collect();
    a.len() == b.len()
        && match differ[..] {
            [_] => true,
            [i, j] => j == i + 1 && a[i] == b[j] && a[j] == b[i],
            _ => false,
        }
}

pub fn total_of(mut figures: impl Iterator<Item = Figure>) -> Option<Figure> {
    figures.try_fold(Figure::ZERO, |sum, figure| sum.checked_add(figure))
}

pub fn total(spots: &[Spot], items: &Items<'_>) -> Option<Figure> {
    total_of(spots.iter().map(|s| items.at(*s).value))
}

/// Parts found to be of a partition.
struct Division<'l> {
    name: &'l str,
    /// Nothing where one part is only what the other is not.
    partition: Option<&'l Partition>,
    complete: bool,
    must: Vec<usize>,
    /// Parts that may stand outside the whole.
    may: Vec<usize>,
}

impl Division<'_> {
    /// The parts, with and without those that may be left out.
    fn choices(&self) -> Vec<Vec<usize>> {
        let with: Vec<usize> = self.must.iter().chain(&self.may).copied().collect();
        if self.may.is_empty() { vec![with] } else { vec![self.must.clone(), with] }
    }

    fn nearest(&self, whole: usize, items: &Items<'_>) -> Vec<usize> {
        let value = |i: usize| items.value(i).to_double();
        let off = |parts: &Vec<usize>| (parts.iter().map(|p| value(*p)).sum::<f64>() - value(whole)).abs();
        let all = self.choices().into_iter();
        all.min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or_default()
    }
}

/// The partitions that some of the parts belong to, two of them at least.
fn divided<'l>(parts: &[usize], items: &Items<'l>) -> Vec<Division<'l>> {
    let divisions = items.lexicon.partitions.iter().filter_map(|partition| {
        let taken = by_member(parts, items, partition)?;
        let found = |optional: bool| {
            let all = partition.parts.iter().zip(&taken);
            all.filter(move |(m, _)| (m.optional && !m.rare) == optional)
                .filter_map(|(_, t)| *t)
                .collect::<Vec<usize>>()
        };
        let (must, may) = (found(false), found(true));
        let complete = partition.is_complete(&taken);
        (must.len() > 1).then(|| Division { name: &partition.name, partition: Some(partition), complete, must, may })
    });
    divisions.chain(opposed(parts, items)).collect()
}

/// Two parts of which one is what the other is not: "đã tích hợp", "chưa tích hợp".
fn opposed<'l>(parts: &[usize], items: &Items<'l>) -> Option<Division<'l>> {
    let [a, b] = *<&[usize; 2]>::try_from(parts).ok()?;
    let opposites = &items.lexicon.opposites.words;
    let negated = |item: usize| -> Vec<&str> {
        let label = items.label(item);
        let behind = (0..label.len()).filter_map(|i| longest_at(label, i, opposites));
        behind.filter_map(|next| label.get(next)?.word()).collect()
    };
    let affirmed = |item: usize, word: &str| {
        let label = items.label(item);
        let bare = |i: usize| i == 0 || longest_at(label, i - 1, opposites) != Some(i);
        (0..label.len()).any(|i| label[i].reads(word) && bare(i))
    };
    let pair = |a: usize, b: usize| negated(b).iter().any(|word| affirmed(a, word) && !negated(a).contains(word));
    let name = &items.lexicon.opposites.name;
    (pair(a, b) || pair(b, a)).then(|| Division {
        name,
        partition: None,
        complete: true,
        must: vec![a, b],
        may: Vec::new(),
    })
}

/// Whether items are the parts of a partition, and all of them.
pub fn divides(parts: &[usize], items: &Items<'_>, partition: &Partition) -> bool {
    let all =
        |taken: Vec<Option<usize>>| taken.iter().flatten().count() == parts.len() && partition.is_complete(&taken);
    parts.len() > 1 && by_member(parts, items, partition).is_some_and(all)
}

/// For each member of a partition the item that it names; nothing where it names two.
fn by_member(parts: &[usize], items: &Items<'_>, partition: &Partition) -> Option<Vec<Option<usize>>> {
    let mut taken = vec![None; partition.parts.len()];
    for part in parts {
        if let Some(member) = partition.member(items.label(*part))
            && taken[member].replace(*part).is_some()
        {
            return None;
        }
    }
    Some(taken)
}
