//! Lines into items: every figure with the words that name it, its sentence, its bracket, and the opener before it.
//!
//! A clause ends at `;`, a comma, “và”, a bracket or the end of the sentence. The first figure of a clause is what the
//! clause states. Figures in one bracket, or outside all of them, are siblings; a bracket belongs to the item it follows.

use std::ops::Range;

use super::paragraphs::{Line, Placed, Token};
use super::phrases::{Promise, Unit, longest_at, says};
use super::quantities::Quantity;
use super::sums::total_of;
use crate::model::Figure;
use crate::model::statement::Lexicon;

/// A quantity of the document: its line and its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Spot {
    pub line: usize,
    pub quantity: usize,
}

/// What stands between an item and its older sibling, and opens a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Opener {
    pub promise: Promise,
    /// Words without a figure stand before the opener: it opens the parts of something else.
    pub detached: bool,
    /// The list stands on the lines below the opener's.
    pub below: bool,
    /// Only a colon, or “với”.
    pub weak: bool,
    /// The opener begins its sentence.
    pub leads: bool,
    /// "Kết quả: …", "Qua rà soát, có …": only parts of a partition are meant.
    pub result: bool,
    /// A colon follows the word: "trong đó: …".
    pub colon: bool,
    /// "với": its parts stand before the next `;`.
    pub near: bool,
}

impl Opener {
    /// A colon or a “với”, and nothing else that promises.
    fn weak(near: bool) -> Self {
        Self { promise: Promise::List, weak: true, near, ..Self::default() }
    }
}

/// Words behind a comma or an "và" that may still name the figure before: of its share, of its bracket.
const WORDS: usize = 4;
const NAMING: usize = 2;
/// Words behind a comma that still name the figure whose parts a bracket holds: "24.318 cán bộ, giáo viên, nhân viên (…)".
const NAMES: usize = 10;

/// A figure with the words that name it.
#[derive(Debug)]
pub struct Item {
    pub spot: Spot,
    /// The tokens of its clause.
    pub words: Range<usize>,
    /// Which bracket it stands in; all that stands outside has one number too, up to the next table.
    pub frame: usize,
    /// The item whose bracket that is.
    pub holder: Option<usize>,
    /// Counted through the document.
    pub sentence: usize,
    /// Clauses parted by `;`, counted through the document.
    pub group: usize,
    pub opener: Option<Opener>,
    /// A second figure of a clause, as the people of “124 lượt với 138 người”.
    pub extra: bool,
    /// Of a percentage, the item whose share it is said to be.
    pub share_of: Option<usize>,
}

/// The figures of a document, in order.
pub struct Items<'l> {
    pub all: Vec<Item>,
    pub lines: &'l [Line<'l>],
    pub lexicon: &'l Lexicon,
}

struct Frame {
    id: usize,
    holder: Option<usize>,
    /// The first token of the clause.
    start: usize,
    /// The clause's item, once it is met.
    item: Option<usize>,
    /// The item before, of this bracket.
    last: Option<usize>,
    pending: Option<Opener>,
    /// A bracket whose only figure belongs to the words before it: “Sở Y tế (27 hồ sơ)”.
    lent: bool,
}

impl Frame {
    const fn new(id: usize, holder: Option<usize>, start: usize) -> Self {
        Self { id, holder, start, item: None, last: None, pending: None, lent: false }
    }
}

/// State of the walk over the document.
struct Walk<'l> {
    items: Items<'l>,
    /// Brackets met, and the number of what stands outside all of them since the last table.
    frames: usize,
    outside: usize,
    sentence: usize,
    group: usize,
    /// The last item outside brackets, and the opener that waits for the next line.
    last: Option<usize>,
    pending: Option<Opener>,
}

pub fn items<'l>(lines: &'l [Line<'l>], lexicon: &'l Lexicon) -> Items<'l> {
    let items = Items { all: Vec::new(), lines, lexicon };
    let mut walk = Walk { items, frames: 0, outside: 0, sentence: 0, group: 0, last: None, pending: None };
    for (at, line) in lines.iter().enumerate() {
        // A table or other text between two lines parts them.
        if line.typed || at > 0 && line.row != lines[at - 1].row + 1 {
            (walk.last, walk.pending) = (None, None);
            walk.frames += 1;
            walk.outside = walk.frames;
        }
        if !line.typed {
            walk.line(at);
        }
    }
    walk.items
}

impl Walk<'_> {
    fn line(&mut self, at: usize) {
        let line = &self.items.lines[at];
        let mut stack = vec![Frame::new(self.outside, None, line.head)];
        (stack[0].last, stack[0].pending) = (self.last, self.pending);
        let goes_on = at > 0 && !self.items.lines[at - 1].typed && self.goes_on(at);
        self.sentence += usize::from(!goes_on);
        self.group += usize::from(!goes_on);
        let mut i = line.head;
        while i < line.tokens.len() {
            i = self.token(at, i, &mut stack);
        }
        for frame in &mut stack[1..] {
            self.close(frame, line.tokens.len());
        }
        let frame = &mut stack[0];
        let waits = frame.pending.filter(|o| frame.item.is_none() && (frame.start >= line.tokens.len() || o.below));
        self.pending = waits.map(|o| Opener { below: true, ..o });
        self.close(frame, line.tokens.len());
        self.last = frame.last;
    }

    /// Whether a line only goes on with the sentence of the one above, broken over two paragraphs.
    fn goes_on(&self, at: usize) -> bool {
        let (above, line) = (&self.items.lines[at - 1], &self.items.lines[at]);
        let open = above.tokens.last().is_some_and(|t| t.is(',') || t.is(';') || t.word().is_some());
        let small = line.text.trim_start().chars().next().is_some_and(char::is_lowercase);
        open && small && line.marker.is_none() && line.row == above.row + 1
    }

    /// Reads what stands at a token, and says where to read on.
    fn token(&mut self, at: usize, i: usize, stack: &mut Vec<Frame>) -> usize {
        let line = &self.items.lines[at];
        let token = &line.tokens[i];
        let Some(frame) = stack.last_mut() else {
            return line.tokens.len();
        };
        if token.is('(') {
            let inner = self.bracket(line, i, frame);
            stack.push(inner);
            return i + 1;
        }
        if token.is(')') {
            if stack.len() > 1 {
                stack.pop().iter_mut().for_each(|frame| self.close(frame, i));
            }
            return i + 1;
        }
        if let Some(next) = self.parting(line, i, frame).or_else(|| self.opening(line, i, frame)) {
            return next;
        }
        match line.quantity_at(i) {
            Some(quantity) => {
                self.quantity(Spot { line: at, quantity }, stack);
                line.quantities[quantity].end.max(i + 1)
            }
            None => i + 1,
        }
    }

    /// The bracket that opens at a token, with the item that it belongs to.
    fn bracket(&mut self, line: &Line<'_>, i: usize, frame: &Frame) -> Frame {
        let lexicon = self.items.lexicon;
        let end = line.bracket_end(i);
        // "đã giải quyết 904 hồ sơ, đạt 98% (trước hạn …)": the bracket is of the cases too.
        let empty = frame.start >= i || frame.item.is_none() && self.only_share(line, frame.start, i);
        let opens = lexicon.opener(&line.tokens, i + 1).is_some();
        // "73 lượt ý kiến, kiến nghị của cử tri (trong đó gồm …)"
        let inside = line.quantities.iter().filter(|q| (i..end).contains(&q.at) && !q.percent).count();
        let several = i - frame.start.min(i) <= NAMES && inside > 1;
        // "214 cơ sở khám bệnh, chữa bệnh (đạt 91,45% trong tổng số 234 cơ sở)"
        let shared = longest_at(&line.tokens, i + 1, &lexicon.asides.share).is_some()
            && line.quantities.iter().find(|q| q.at > i).is_some_and(|q| q.percent && q.at < end);
        let kept = opens || several || shared;
        let before = frame.last.filter(|l| empty || kept && self.items.all[*l].sentence == self.sentence);
        let holder = frame.item.or(before).or(frame.holder.filter(|_| empty));
        let lent = frame.item.is_none() && !empty && !opens && !shared && inside <= 1;
        self.frames += 1;
        Frame { lent, ..Frame::new(self.frames, holder.filter(|_| !lent), i + 1) }
    }

    /// Where to read on behind a mark or an “và” that parts clauses, or joins what names one figure.
    fn parting(&mut self, line: &Line<'_>, i: usize, frame: &mut Frame) -> Option<usize> {
        let (token, full_stop) = (&line.tokens[i], line.ends_sentence(i));
        if token.is(';') || full_stop {
            // "Bốn đơn vị là: Sở Y tế, Sở Tư pháp, …": what the colon opened was named, and is no list of figures.
            if full_stop && frame.item.is_none() && frame.start < i {
                frame.pending = None;
            }
            self.close(frame, i);
            frame.start = i + 1;
            self.group += 1;
            self.sentence += usize::from(full_stop);
            return Some(i + 1);
        }
        let joins = token.is(',') || token.reads("và");
        if let Some(item) = frame.item.filter(|_| joins) {
            if self.still_names(line, i, item) {
                return Some(i + 1);
            }
            if let Some(end) = self.member_over(line, i) {
                return Some(end);
            }
        }
        (joins || token.is('-') && !line.glued(i)).then_some(())?;
        if frame.item.is_some() || self.only_share(line, frame.start, i) {
            self.close(frame, i);
            frame.start = i + 1;
        }
        Some(i + 1)
    }

    /// Where to read on behind words or a colon that open parts.
    fn opening(&mut self, line: &Line<'_>, i: usize, frame: &mut Frame) -> Option<usize> {
        let lexicon = self.items.lexicon;
        if let Some((promise, end)) = lexicon.opener(&line.tokens, i) {
            return Some(self.opener(line, i, (promise, end), frame));
        }
        let head = i == line.head || line.ends_sentence(i - 1);
        // "đã rà soát 118/118 văn bản, kết quả: còn hiệu lực 64 văn bản; …"
        let marked =
            |end: usize| i > 0 && line.tokens[i - 1].is(',') && line.tokens.get(end).is_some_and(|t| t.is(':'));
        let results = longest_at(&line.tokens, i, &lexicon.openers.results).filter(|end| head || marked(*end));
        if let Some(end) = results.filter(|_| frame.item.is_none() && frame.pending.is_none()) {
            frame.pending = Some(Opener { leads: true, result: true, ..Opener::default() });
            return Some(end);
        }
        // "133 vụ khiếu nại đã giải quyết có 18 vụ khiếu nại đúng": what follows is a part.
        let verb = longest_at(&line.tokens, i, &lexicon.openers.having);
        if let Some(end) = verb.filter(|end| self.is_part(line, *end, frame)) {
            self.close(frame, i);
            frame.start = i;
            return Some(end);
        }
        self.colon(line, i, frame).then_some(i + 1)
    }

    /// Whether a colon or a “với” opens parts.
    fn colon(&mut self, line: &Line<'_>, i: usize, frame: &mut Frame) -> bool {
        let token = &line.tokens[i];
        let colon = token.is(':') && line.tokens.get(i + 1).is_none_or(|next| next.start > token.end);
        if colon && self.counts_parts(line, i, frame) {
            return true;
        }
        let here = frame.item.is_some();
        let with = self.opens_with(line, i, frame);
        // "Cử 615 lượt cán bộ, công chức, viên chức đi đào tạo, bồi dưỡng: lý luận chính trị 124 lượt; …"
        let far = || colon && !here && frame.pending.is_none() && self.still_of(line, i, frame);
        let opens = with || here && colon && !self.is_priced(line, i, frame);
        if opens || far() || colon && i + 1 == line.tokens.len() {
            if opens {
                self.close(frame, i);
            }
            frame.start = i + 1;
            frame.pending.get_or_insert(Opener::weak(with));
            return true;
        }
        false
    }

    /// The token behind a name of a part that goes on over an "và" or a comma: "89.702 hồ sơ trước và đúng hạn, …".
    fn member_over(&self, line: &Line<'_>, i: usize) -> Option<usize> {
        let from = i.saturating_sub(3)..i;
        let ends = from.filter_map(|at| self.items.lexicon.member_end(&line.tokens, at));
        ends.filter(|end| *end > i + 1).max()
    }

    /// "554 hồ sơ đúng và trước hạn (98,57%)", "12 cuộc giám sát, kiểm tra (05 …, 07 …)", "1.284 cơ sở khám bệnh, chữa
    /// bệnh, trong đó …": words that still name the figure before, although a comma or an "và" parts them.
    fn still_names(&self, line: &Line<'_>, i: usize, item: usize) -> bool {
        let (comma, and) = (line.tokens[i].is(','), line.tokens[i].reads("và"));
        let opens = |at: usize| self.items.lexicon.opener(&line.tokens, at).is_some();
        let end = (i + 1..line.tokens.len()).find(|n| line.tokens[*n].word().is_none() || opens(*n));
        let Some(end) = end.filter(|_| comma || and) else {
            return false;
        };
        let words = i + 1..end;
        let few = (1..=WORDS).contains(&words.len());
        let figure = line.quantities.iter().any(|q| words.contains(&q.at));
        let leads_share = longest_at(&line.tokens, i + 1, &self.items.lexicon.asides.share).is_some();
        if !few || figure || leads_share {
            return false;
        }
        if line.tokens[end].is('(') {
            let inside = end..line.bracket_end(end);
            let own = || line.quantities.iter().filter(|q| inside.contains(&q.at));
            let counted = own().filter(|q| !q.percent).count();
            return counted > 1 && words.len() <= NAMING || counted == 0 && and && own().count() > 0;
        }
        let at = self.items.quantity(item).at;
        // "38 cơ sở karaoke, lưu trú: …", and not "trước hạn: 08, đúng hạn: 489".
        let next = line.quantity_at(end + 1).map(|q| &line.quantities[q]);
        let counted =
            next.is_some_and(|next| next.unit.is_known() && !self.items.lexicon.is_member(&line.tokens, i + 1));
        let colon = line.tokens[end].is(':') && counted && at > 0 && !line.tokens[at - 1].is(':');
        let opened = colon || opens(end) || line.tokens[end].is(',') && opens(end + 1);
        opened && comma && words.len() <= NAMING
    }

    /// Whether nothing but names stands between the last figure of the sentence and a colon behind which as much is counted.
    fn still_of(&self, line: &Line<'_>, colon: usize, frame: &Frame) -> bool {
        let near =
            |last: &usize| self.items.all[*last].sentence == self.sentence && self.items.line(*last).row == line.row;
        let own = frame.last.filter(near).map(|last| self.items.quantity(last)).filter(|q| !q.percent);
        own.is_some_and(|own| {
            let between = own.end.min(colon)..colon;
            // "44 trường hợp, chiếm 3,34%: đi muộn 29 trường hợp; …"
            let share = |i: usize| line.quantities.iter().any(|q| q.percent && (q.at..q.end).contains(&i));
            let plain = |i: usize| line.tokens[i].word().is_some() || line.tokens[i].is(',') || share(i);
            let named = between.clone().all(plain);
            // "đúng hạn 272 hồ sơ, quá hạn: 03 hồ sơ"
            let part = between.clone().any(|at| self.items.lexicon.is_member(&line.tokens, at));
            let mut next = line.quantities.iter().filter(|q| q.at > colon && q.at < line.sentence_end(colon));
            let alike = next.next().is_some_and(|next| own.unit == next.unit && own.unit.is_known());
            named && !part && alike && next.next().is_some()
        })
    }

    /// Whether a figure at a token may be a part of the clause's own.
    fn is_part(&self, line: &Line<'_>, at: usize, frame: &Frame) -> bool {
        let next = line.quantity_at(at).map(|q| &line.quantities[q]);
        let own = frame.item.map(|item| self.items.quantity(item));
        next.zip(own).is_some_and(|(next, own)| {
            own.unit.is_known() && own.takes(next) && next.unit.is_known() && next.value <= own.value
        })
    }

    /// "412 vị trí, chia thành 4 nhóm: lãnh đạo 61 vị trí, …": how many parts follow; they are still to come.
    fn counts_parts(&mut self, line: &Line<'_>, colon: usize, frame: &mut Frame) -> bool {
        let Some((item, whole)) = frame.item.zip(frame.last) else {
            return false;
        };
        let (own, before) = (self.items.quantity(item), self.items.quantity(whole));
        let opener = self.items.all[item].opener.filter(|o| !o.weak && !o.result);
        let other = own.end == colon && own.is_plain() && !before.unit.takes(&own.unit);
        let words = line.tokens.get(colon + 1).is_some();
        let Some(opener) = opener.filter(|_| other && words && own.unit != Unit::Unsaid) else {
            return false;
        };
        (self.items.all[item].opener, self.items.all[item].extra) = (None, true);
        (frame.item, frame.pending, frame.start) = (None, Some(opener), colon + 1);
        true
    }

    /// "10 bộ máy tính: 150.000.000 đồng": what they cost, and no part of them.
    fn is_priced(&self, line: &Line<'_>, colon: usize, frame: &Frame) -> bool {
        let next = line.quantity_at(colon + 1).map(|q| &line.quantities[q]);
        next.zip(frame.item).is_some_and(|(next, item)| {
            let own = self.items.quantity(item);
            // "63 quyết định công bố 812 thủ tục: 214 thủ tục …": of the second figure of the clause.
            let extra =
                (item + 1..self.items.all.len()).any(|i| self.items.all[i].extra && self.items.quantity(i).takes(next));
            own.unit != Unit::Unsaid && next.unit.is_known() && !own.takes(next) && !extra
        })
    }

    /// "5.027 đơn đủ điều kiện với 584 đơn khiếu nại, …": parts of the same sort follow.
    fn opens_with(&self, line: &Line<'_>, i: usize, frame: &Frame) -> bool {
        let with =
            i > 0 && line.tokens[i].reads("với") && !line.tokens[i - 1].reads("đối") && !line.tokens[i - 1].reads("so");
        let next = line.quantity_at(i + 1).map(|q| &line.quantities[q]).filter(|_| with);
        // "214 thủ tục, với 131 thủ tục toàn trình, …"
        let before = frame.last.filter(|l| frame.start == i && self.items.all[*l].sentence == self.sentence);
        let item = frame.item.or(before);
        let own = item.map(|item| self.items.quantity(item));
        next.zip(own).is_some_and(|(next, own)| match (&own.unit, &next.unit) {
            (Unit::Vague(_), _) | (_, Unit::Vague(_)) => own.unit == next.unit,
            (own, next) => own.takes(next),
        })
    }

    /// Words that open parts, from one token up to another.
    fn opener(&mut self, line: &Line<'_>, i: usize, (promise, end): (Promise, usize), frame: &mut Frame) -> usize {
        let words = || line.tokens[frame.start.min(i)..i].iter().filter(|t| t.word().is_some()).count();
        let bare = frame.item.is_none() && frame.start < i && words() > 0;
        let colon = line.tokens.get(end).is_some_and(|t| t.is(':'));
        let number = line.tokens.get(end).is_some_and(|t| t.number().is_some());
        // “số trả đúng hạn gồm 950 hồ sơ”: it only says how many there are.
        let one = line.quantity_at(end).is_some_and(|q| {
            let rest = &line.tokens[line.quantities[q].end.min(line.tokens.len())..line.sentence_end(end)];
            frame.pending.is_some()
                || !rest.iter().any(|t| t.is(';') || t.is(',') || t.reads("và"))
                || says(&line.tokens[frame.start..i], &self.items.lexicon.openers.within)
        });
        if promise == Promise::Full && bare && number && one {
            return end;
        }
        let leads =
            frame.start >= i && (i == line.head || line.ends_sentence(i - 1) || i > 0 && line.tokens[i - 1].is('('));
        // "214 cơ sở khám bệnh, chữa bệnh đã liên thông, gồm …": words that went on naming the figure before.
        let mark = |at: Option<usize>| at.is_some_and(|at| line.tokens[at].is(','));
        let goes_on = mark(frame.start.checked_sub(1))
            && mark(i.checked_sub(1))
            && frame.last.is_some_and(|last| self.items.all[last].sentence == self.sentence);
        let detached =
            bare && !(leads || goes_on || says(&line.tokens[frame.start..i], &self.items.lexicon.openers.rest));
        self.close(frame, i);
        // “Trong đó, … gồm …”: what stood between has no figure, the first opener still waits.
        let waits = frame.pending.filter(|_| bare);
        frame.pending = waits.or(Some(Opener { promise, detached, leads, colon, ..Opener::default() }));
        frame.start = end;
        end
    }

    fn quantity(&mut self, spot: Spot, stack: &mut [Frame]) {
        let line = &self.items.lines[spot.line];
        let quantity = &line.quantities[spot.quantity];
        let depth = stack.len();
        let lent =
            depth > 1 && stack[depth - 1].lent && stack[depth - 1].item.is_none() && stack[depth - 2].item.is_none();
        let own = if lent { depth - 2 } else { depth - 1 };
        let frame = &stack[own];
        let share_of = if quantity.percent { self.shared(line, quantity, frame, lent) } else { None };
        let first = frame.item.is_none() && share_of.is_none();
        let id = self.items.all.len();
        self.items.all.push(Item {
            spot,
            words: frame.start..quantity.end,
            frame: frame.id,
            holder: frame.holder,
            sentence: self.sentence,
            group: self.group,
            opener: frame.pending.filter(|_| first),
            extra: !first && share_of.is_none(),
            share_of,
        });
        if first {
            stack[own].item = Some(id);
            stack[own].pending = None;
            if lent {
                stack[depth - 1].item = Some(id);
            }
        }
    }

    /// The item whose share a percentage is.
    fn shared(&self, line: &Line<'_>, quantity: &Quantity, frame: &Frame, lent: bool) -> Option<usize> {
        let plain = |item: &usize| !self.items.quantity(*item).percent;
        if let Some(item) = frame.item {
            return Some(item).filter(plain);
        }
        // "135 hồ sơ trước hạn và đúng hạn, chiếm tỷ lệ 96,4%"
        let comma = (frame.start..quantity.at).rev().find(|i| line.tokens[*i].is(',')).map_or(frame.start, |c| c + 1);
        if lent || !self.only_share(line, comma, quantity.at) {
            return self.shared_again(line, quantity, frame);
        }
        let before = frame.last.filter(|l| self.items.all[*l].sentence == self.sentence || frame.id != self.outside);
        before.or(frame.holder).map(|own| self.shared_before(own)).filter(plain)
    }

    /// "1.795 hồ sơ, đạt 99,12% số hồ sơ đã trả và 94,82% số hồ sơ tiếp nhận": of the same figure, of another base.
    fn shared_again(&self, line: &Line<'_>, quantity: &Quantity, frame: &Frame) -> Option<usize> {
        let last = self.items.all.last().filter(|l| l.frame == frame.id && l.sentence == self.sentence)?;
        let own = last.share_of?;
        let and = quantity.at > 0 && (line.tokens[quantity.at - 1].reads("và") || line.tokens[quantity.at - 1].is(','));
        let named = longest_at(&line.tokens, quantity.end, &self.items.lexicon.asides.counting).is_some()
            || longest_at(&line.tokens, quantity.end, &self.items.lexicon.asides.against).is_some();
        (and && named && self.items.lines[last.spot.line].number == line.number).then_some(own)
    }

    /// "thu 412,6 tỷ đồng, đạt 84,2% dự toán (490 tỷ đồng), bằng 113,5% cùng kỳ (363,5 tỷ đồng)": what one share is of has no
    /// other; that is of the same figure.
    fn shared_before(&self, item: usize) -> usize {
        let words = self.items.all[item].words.clone();
        let same = |b: &usize| self.items.all[*b].spot.line == self.items.all[item].spot.line;
        let share = item.checked_sub(1).filter(same).filter(|b| words.contains(&self.items.quantity(*b).at));
        share.and_then(|b| self.items.all[b].share_of).unwrap_or(item)
    }

    /// Whether there are none but words that lead a percentage: “, chiếm tỷ lệ”, “(đạt”.
    fn only_share(&self, line: &Line<'_>, from: usize, until: usize) -> bool {
        let mut i = from;
        while i < until {
            let mark = matches!(line.tokens[i].token, Token::Mark(_));
            let quantity = line.quantity_at(i).map(|q| &line.quantities[q]);
            i = match longest_at(&line.tokens, i, &self.items.lexicon.asides.share)
                .or_else(|| longest_at(&line.tokens, i, &self.items.lexicon.asides.rough))
            {
                Some(next) => next,
                None if mark => i + 1,
                None => match quantity {
                    Some(q) if q.percent => q.end,
                    _ => return false,
                },
            };
        }
        true
    }

    /// Ends the clause of a frame before a token.
    fn close(&mut self, frame: &mut Frame, until: usize) {
        if let Some(item) = frame.item.take() {
            let words = &mut self.items.all[item].words;
            words.end = until.max(words.end);
            frame.last = Some(item);
        }
    }
}

impl<'l> Items<'l> {
    pub fn quantity(&self, item: usize) -> &Quantity {
        self.at(self.all[item].spot)
    }

    pub fn at(&self, spot: Spot) -> &Quantity {
        &self.lines[spot.line].quantities[spot.quantity]
    }

    pub fn value(&self, item: usize) -> Figure {
        self.quantity(item).value
    }

    /// The line that an item stands on.
    pub fn line(&self, item: usize) -> &'l Line<'l> {
        &self.lines[self.all[item].spot.line]
    }

    pub fn spots(&self, items: &[usize]) -> Vec<Spot> {
        items.iter().map(|item| self.all[*item].spot).collect()
    }

    /// Whether all these words are among those that name an item.
    pub fn is_named(&self, item: usize, words: &[&str]) -> bool {
        words.iter().all(|w| self.label(item).iter().any(|t| t.word() == Some(*w)))
    }

    /// "318 hộ; đã chi trả 291 hộ, còn 27 hộ": whether a figure is said to be what is left.
    pub fn is_left(&self, item: usize) -> bool {
        let label = self.label(item);
        let first = label.iter().find(|t| t.word().is_some()).is_some_and(|t| t.reads("còn"));
        first || says(label, &self.lexicon.openers.rest)
    }

    /// The percentage behind a figure that is its share.
    pub fn share_of(&self, part: usize) -> Option<usize> {
        (part + 1..self.all.len()).find(|i| self.all[*i].share_of == Some(part))
    }

    /// The items before one, the nearest first, on its line or so many lines above with nothing but text between.
    pub fn before(&self, item: usize, lines: usize) -> impl Iterator<Item = usize> + '_ {
        let near = move |i: &usize| self.all[*i].spot.line + lines >= self.all[item].spot.line && self.joined(*i, item);
        (0..item).rev().take_while(near)
    }

    /// What items come to.
    pub fn sum(&self, items: &[usize]) -> Option<Figure> {
        total_of(items.iter().map(|item| self.value(*item)))
    }

    /// The tokens that name an item, up to a bracket with figures of its own.
    pub fn label(&self, item: usize) -> &[Placed] {
        let tokens = &self.line(item).tokens;
        &tokens[self.all[item].words.start.min(tokens.len())..self.label_end(item)]
    }

    /// The tokens from an item's words to those of the next, or to the end of its sentence.
    pub fn stretch(&self, item: usize) -> &[Placed] {
        let (own, line) = (&self.all[item], self.line(item));
        let at = self.quantity(item).at;
        // Another figure of the same clause: up to that.
        let start = |n: &Item| if n.words.start > at { n.words.start } else { self.at(n.spot).at };
        let next = self.all.get(item + 1).filter(|n| n.spot.line == own.spot.line).map(start);
        let end = line.sentence_end(at);
        let from = own.words.start.min(line.tokens.len());
        &line.tokens[from..next.unwrap_or(end).min(end).max(from)]
    }

    /// The token behind an item's own words.
    fn label_end(&self, item: usize) -> usize {
        let (own, line) = (&self.all[item], self.line(item));
        let end = own.words.end.min(line.tokens.len());
        let open = (self.quantity(item).end..end).find(|i| line.tokens[*i].is('('));
        let parted = open.filter(|open| {
            let inside = *open..line.bracket_end(*open);
            line.quantities.iter().any(|q| !q.percent && inside.contains(&q.at))
        });
        parted.unwrap_or(end).max(own.words.start.min(end))
    }

    /// The tokens of its last clause, from the comma before the figure: what was said first is of the whole sentence.
    pub fn near(&self, item: usize) -> &[Placed] {
        &self.line(item).tokens[self.clause(item)]
    }

    fn clause(&self, item: usize) -> Range<usize> {
        let (own, tokens) = (&self.all[item], &self.line(item).tokens);
        let at = self.quantity(item).at;
        let comma = (own.words.start..at).rev().find(|i| tokens[*i].is(','));
        let from = comma.map_or(own.words.start, |c| c + 1);
        from.min(self.label_end(item))..self.label_end(item)
    }

    /// Whether the words say more or less than something else, and no part of anything.
    pub fn is_compared(&self, item: usize) -> bool {
        let (tokens, clause) = (&self.line(item).tokens, self.clause(item));
        let at = self.quantity(item).at;
        clause.clone().any(|i| {
            let end = self.lexicon.compares(tokens, i).filter(|end| *end <= clause.end);
            // "cắt giảm thời gian giải quyết 09 TTHC": more or less of something else.
            let of_other = |end: usize| {
                end < at && self.lexicon.is_change(tokens, i) && self.lexicon.telling(&tokens[end..at]).len() > 1
            };
            end.is_some_and(|end| !of_other(end))
        })
    }

    /// "đạt 109% kế hoạch (200 thủ tục)": what a share is of.
    pub fn is_base(&self, item: usize) -> bool {
        let own = &self.all[item];
        let words = own.words.start..self.quantity(item).at;
        let share = |b: &usize| self.all[*b].share_of.is_some() && self.all[*b].frame == own.frame;
        let before = item.checked_sub(1).filter(share);
        before.is_some_and(|b| self.all[b].spot.line == own.spot.line && words.contains(&self.quantity(b).at))
    }

    /// A figure that states something of its own, and no percentage.
    pub fn is_main(&self, item: usize) -> bool {
        !self.all[item].extra && !self.quantity(item).percent
    }

    /// The main items of the same bracket behind an item, in order.
    pub fn younger(&self, item: usize) -> impl Iterator<Item = usize> + '_ {
        let frame = self.all[item].frame;
        (item + 1..self.all.len()).filter(move |i| self.all[*i].frame == frame && self.is_main(*i))
    }

    /// The main items of the same bracket before an item, the nearest first.
    pub fn older(&self, item: usize) -> impl Iterator<Item = usize> + '_ {
        let frame = self.all[item].frame;
        (0..item).rev().filter(move |i| self.all[*i].frame == frame && self.is_main(*i))
    }

    /// Whether nothing but text stands between the lines of two items.
    pub fn joined(&self, a: usize, b: usize) -> bool {
        self.joined_lines(self.all[a].spot.line, self.all[b].spot.line)
    }

    /// Whether nothing but text stands between two lines.
    pub fn joined_lines(&self, a: usize, b: usize) -> bool {
        (a.min(b)..a.max(b)).all(|l| self.lines[l + 1].row == self.lines[l].row + 1)
    }
}
