//! The phrases of `templates/prose.toml` into what is looked for among the tokens of a paragraph.

use crate::model::statement::Phrases;

use super::paragraphs::{Placed, Token, folded};

/// Words that follow one another, marks between them aside.
pub type Phrase = Vec<String>;

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// Nothing says what.
    Unsaid,
    /// A word of a class of `templates/prose.toml`, both by their places; whether other words of the class are parts of
    /// it, as văn bản of kế hoạch.
    Class { class: usize, word: usize, general: bool },
    /// A word that may count anything, as "lượt" and "trường hợp", by its place.
    Vague(usize),
    /// A noun that no class has.
    Noun(String),
    /// Đồng, whatever measure was typed.
    Money,
}

/// What an opener promises of the parts behind it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    #[default]
    Some,
    List,
    Full,
}

/// A way to divide a whole.
#[derive(Default)]
pub struct Partition {
    pub name: String,
    /// What the whole says of itself where only its sentence ties the parts to it.
    pub whole: Vec<Phrase>,
    pub of: Vec<Phrase>,
    /// Only percentages that come to a hundred tell that all parts of such a whole are there.
    pub by_shares: bool,
    /// What the whole must say of itself for the parts to leave nothing out.
    pub needs: Vec<Phrase>,
    pub not_of: Vec<Phrase>,
    pub plus: Vec<Phrase>,
    pub unless: Vec<Phrase>,
    pub parts: Vec<Member>,
}

/// One part of a partition.
pub struct Member {
    pub words: Vec<Phrase>,
    /// It may stand outside the whole, and makes nothing complete.
    pub optional: bool,
    /// One of those marked so is enough.
    pub either: bool,
    /// It may be none and go unnamed; where it is named, it is a part.
    pub rare: bool,
}

/// Other words for a caption of a form, as `model::phrases` describes them.
pub struct Caption {
    pub says: String,
    pub words: Vec<Phrase>,
    pub counts: Vec<Phrase>,
    pub unless: Vec<Phrase>,
    pub parts: Vec<Phrase>,
    pub of: bool,
}

pub struct Lexicon {
    units: Vec<(Phrase, Unit)>,
    money: Vec<(Phrase, i64)>,
    pub names_always: Vec<Phrase>,
    pub names_alone: Vec<Phrase>,
    /// What such words may end, and count: "chính quyền số".
    pub names_unless: Vec<Phrase>,
    openers: Vec<(Phrase, Promise)>,
    pub within: Vec<Phrase>,
    /// Words between a whole and a part of it: "trong 36.188 bộ thì 36.102 bộ …".
    pub having: Vec<Phrase>,
    /// Words that say that a whole is divided: "theo cách nộp: …".
    pub split: Vec<Phrase>,
    pub rest: Vec<Phrase>,
    /// "phân loại: …": parts follow where a colon does.
    sorted: Vec<Phrase>,
    /// "Kết quả: …", "Qua rà soát, có …": the parts of what the sentence before is about may follow.
    pub results: Vec<Phrase>,
    pub compared: Vec<Phrase>,
    uncompared: Vec<Phrase>,
    pub rough: Vec<Phrase>,
    /// "hơn", "trên": the figure is a little more. "gần": a little less.
    pub above: Vec<Phrase>,
    pub below: Vec<Phrase>,
    pub about: Vec<Phrase>,
    /// "dưới 95%": all that is below.
    pub under: Vec<Phrase>,
    scales: Vec<(Phrase, i64)>,
    /// The words from "một" to "mười", and the words that follow them in larger numbers.
    small: Vec<Phrase>,
    /// "mươi", and how one, four and five are called behind it.
    ten: Vec<Phrase>,
    one: Vec<Phrase>,
    four: Vec<Phrase>,
    five: Vec<Phrase>,
    before_year: Vec<Phrase>,
    tens: Vec<Phrase>,
    /// The words for points that are scored.
    scores: Vec<Phrase>,
    /// What a number in front of it measures and does not count: "14 tuổi".
    measures: Vec<Phrase>,
    /// Words that tell that a list names only some of the parts.
    pub partial: Vec<Phrase>,
    /// Words for a whole that stands behind its parts.
    pub totals: Vec<Phrase>,
    /// Those of them that can only be a sum of what stands before.
    pub sums: Vec<Phrase>,
    /// Words for what is left over of a whole: "các lĩnh vực khác".
    pub others: Vec<Phrase>,
    /// Sorts of things that exclude one another, a list each.
    pub sorts: Vec<Vec<Phrase>>,
    pub up: Vec<Phrase>,
    pub down: Vec<Phrase>,
    pub against: Vec<Phrase>,
    pub share: Vec<Phrase>,
    pub planned: Vec<Phrase>,
    pub from: Vec<Phrase>,
    /// Words before a percentage that was aimed at: "chỉ tiêu 85%".
    pub targets: Vec<Phrase>,
    /// Words behind one that say of what it was worked out.
    pub reckoned: Vec<Phrase>,
    /// Words before several percentages, each of the figure at its place: "lần lượt".
    pub respective: Vec<Phrase>,
    /// Words that only say when: "trong tháng".
    pub times: Vec<Phrase>,
    /// Words before the name of what is counted: "số", "tổng số".
    pub counting: Vec<Phrase>,
    plain: Vec<Phrase>,
    /// Words that name a time: "tháng 8", "cùng kỳ".
    pub periods: Vec<Phrase>,
    /// Words between two figures that are compared: "hơn", "kém".
    pub beyond: Vec<Phrase>,
    /// Words before what a figure is a part of: "19 trên tổng số 20".
    pub over: Vec<Phrase>,
    /// Words before a rank, and what it rises or falls by.
    pub ranks: Vec<Phrase>,
    pub steps: Vec<Phrase>,
    /// Words before a day.
    pub dated: Vec<Phrase>,
    pub every: Vec<Phrase>,
    /// What ends so and speaks of some: "kể cả".
    pub not_every: Vec<Phrase>,
    /// Words behind a figure that was stated before: "nêu trên".
    pub referring: Vec<Phrase>,
    pub partitions: Vec<Partition>,
    /// Words that make two parts of one: "tích hợp", "chưa tích hợp"; and what they divide.
    pub opposites: Vec<Phrase>,
    pub opposed: Partition,
    pub captions: Vec<Caption>,
    connecting: Vec<Phrase>,
}

impl Unit {
    /// Whether things of another unit may be parts of this one.
    pub fn takes(&self, part: &Self) -> bool {
        match (self, part) {
            (Self::Money, _) | (_, Self::Money) => self == part,
            (Self::Unsaid | Self::Vague(_), _) | (_, Self::Unsaid | Self::Vague(_)) => true,
            // "giấy phép lái xe" may be said again as "giấy".
            (Self::Class { class, word, general }, Self::Class { class: other, word: its, general: also }) => {
                class == other && (*general || *also || word == its)
            }
            _ => self == part,
        }
    }

    /// Whether it can only be one of these, and no other name of them.
    pub fn holds(&self, part: &Self) -> bool {
        match (self, part) {
            (Self::Class { general, word, .. }, Self::Class { word: its, .. }) => {
                self.takes(part) && (*general || word == its)
            }
            _ => self.takes(part),
        }
    }

    /// Whether a word says what is counted, known or not.
    pub const fn is_counted(&self) -> bool {
        !matches!(self, Self::Unsaid)
    }

    /// Whether both are words of one class.
    pub fn is_of_class(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Class { class, .. }, Self::Class { class: its, .. }) if class == its)
    }

    pub const fn is_known(&self) -> bool {
        matches!(self, Self::Class { .. } | Self::Money | Self::Vague(_))
    }
}

impl Lexicon {
    pub fn new(phrases: &Phrases) -> Self {
        let all = |list: &[String]| -> Vec<Phrase> { list.iter().map(|p| folded(p)).collect() };
        let units = phrases.units.iter().enumerate();
        let openers = &phrases.openers;
        let opening = [(&openers.full, Promise::Full), (&openers.list, Promise::List), (&openers.some, Promise::Some)];
        let partitions = phrases.partitions.iter().map(|p| Partition {
            name: p.name.clone(),
            whole: all(&p.whole),
            of: all(&p.of),
            by_shares: p.by_shares,
            needs: all(&p.needs),
            not_of: all(&p.not_of),
            plus: all(&p.plus),
            unless: all(&p.unless),
            parts: p
                .parts
                .iter()
                .map(|s| Member { words: all(&s.words), optional: s.optional, either: s.either, rare: s.rare })
                .collect(),
        });
        let asides = &phrases.asides;
        Self {
            units: units
                .flat_map(|(class, u)| {
                    let general = |w: &String| u.general.is_empty() || u.general.contains(w);
                    let words = u.words.iter().enumerate();
                    words.map(move |(word, w)| {
                        let general = general(w);
                        (folded(w), if u.vague { Unit::Vague(word) } else { Unit::Class { class, word, general } })
                    })
                })
                .collect(),
            money: phrases.money.iter().map(|(m, n)| (folded(m), *n)).collect(),
            names_always: all(&phrases.names.always),
            names_alone: all(&phrases.names.alone),
            names_unless: all(&phrases.names.unless),
            openers: opening
                .into_iter()
                .flat_map(|(list, promise)| all(list).into_iter().map(move |p| (p, promise)))
                .collect(),
            within: all(&openers.within),
            having: all(&openers.having),
            split: all(&openers.split),
            rest: all(&openers.rest),
            sorted: all(&openers.sorted),
            results: all(&openers.results),
            compared: all(&asides.compared),
            uncompared: all(&asides.uncompared),
            rough: all(&asides.rough),
            above: all(&asides.above),
            below: all(&asides.below),
            about: all(&asides.about),
            under: all(&asides.under),
            scales: phrases.scales.iter().map(|(m, n)| (folded(m), *n)).collect(),
            small: all(&phrases.numbers.small),
            ten: all(&phrases.numbers.ten),
            one: all(&phrases.numbers.one),
            four: all(&phrases.numbers.four),
            five: all(&phrases.numbers.five),
            before_year: all(&phrases.numbers.before_year),
            tens: all(&phrases.numbers.tens),
            scores: all(&phrases.numbers.scores),
            measures: all(&phrases.numbers.measures),
            partial: all(&openers.partial),
            totals: all(&openers.totals),
            sums: all(&openers.sums),
            others: all(&openers.others),
            sorts: phrases.sorts.iter().map(|s| all(&s.words)).collect(),
            up: all(&asides.up),
            down: all(&asides.down),
            against: all(&asides.against),
            share: all(&asides.share),
            planned: all(&asides.planned),
            from: all(&asides.from),
            targets: all(&asides.targets),
            reckoned: all(&asides.reckoned),
            respective: all(&asides.respective),
            times: all(&asides.times),
            counting: all(&asides.counting),
            plain: all(&asides.plain),
            periods: all(&asides.periods),
            beyond: all(&asides.beyond),
            over: all(&asides.over),
            ranks: all(&asides.ranks),
            steps: all(&asides.steps),
            dated: all(&asides.dated),
            every: all(&phrases.every.words),
            not_every: all(&phrases.every.unless),
            referring: all(&phrases.referring.words),
            partitions: partitions.collect(),
            opposites: all(&phrases.opposites.words),
            opposed: Partition { name: phrases.opposites.words.join(", "), ..Partition::default() },
            captions: phrases
                .captions
                .iter()
                .map(|c| Caption {
                    says: c.says.clone(),
                    words: all(&c.words),
                    counts: all(&c.counts),
                    unless: all(&c.unless),
                    parts: all(&c.parts),
                    of: c.of,
                })
                .collect(),
            connecting: all(&phrases.connecting.words),
        }
    }

    /// The unit that begins at a token, and the token behind it; its measure in đồng where it is money.
    pub fn unit(&self, tokens: &[Placed], i: usize) -> (Unit, usize, i64) {
        let longer = |end: Option<usize>, best: usize| end.filter(|e| *e > best);
        let (mut found, mut best, mut measure) = (Unit::Unsaid, i, 1);
        for (phrase, unit) in &self.units {
            if let Some(end) = longer(matches(tokens, i, phrase), best) {
                (found, best) = (unit.clone(), end);
            }
        }
        for (phrase, size) in &self.money {
            if let Some(end) = longer(matches(tokens, i, phrase), best) {
                (found, best, measure) = (Unit::Money, end, *size);
            }
        }
        if found == Unit::Unsaid
            && let Some(word) = tokens.get(i).and_then(Placed::word)
            && longest_at(tokens, i, &self.connecting).is_none()
        {
            return (Unit::Noun(word.to_owned()), i + 1, 1);
        }
        (found, best, measure)
    }

    /// The size of "ngàn", "triệu" at a token, and the token behind.
    pub fn scale(&self, tokens: &[Placed], i: usize) -> Option<(i64, usize)> {
        self.scales.iter().find_map(|(phrase, size)| Some((*size, matches(tokens, i, phrase)?)))
    }

    /// The token behind words of more or less that begin here.
    pub fn compares(&self, tokens: &[Placed], i: usize) -> Option<usize> {
        longest_at(tokens, i, &self.compared).filter(|end| !self.is_named(tokens, i, *end))
    }

    /// Whether a word says by how much something is more or less.
    pub fn is_change(&self, tokens: &[Placed], i: usize) -> bool {
        [&self.up, &self.down].into_iter().any(|list| longest_at(tokens, i, list).is_some())
    }

    /// Whether words of several syllables that end before a token say so.
    pub fn is_change_until(&self, tokens: &[Placed], i: usize, end: usize) -> bool {
        [&self.up, &self.down].into_iter().any(|list| longest_at(tokens, i, list) == Some(end))
    }

    /// Whether words of more or less are of a name: "hồ sơ miễn giảm 502".
    pub fn is_named(&self, tokens: &[Placed], i: usize, end: usize) -> bool {
        (i.saturating_sub(2)..=i).any(|at| longest_at(tokens, at, &self.uncompared).is_some_and(|e| e >= end))
    }

    /// The words that are no names of what is counted, left of some tokens.
    pub fn telling<'t>(&self, tokens: &'t [Placed]) -> Vec<&'t str> {
        let mut found = Vec::new();
        let mut i = 0;
        while i < tokens.len() {
            let (unit, end, _) = self.unit(tokens, i);
            let word = tokens[i].word().filter(|w| !self.joins(w) && *w != "số");
            let known = unit.is_known();
            found.extend(word.filter(|_| !known));
            i = if known { end } else { i + 1 };
        }
        found
    }

    /// Whether a measure of money stands at a token.
    pub fn is_money(&self, tokens: &[Placed], i: usize) -> bool {
        self.money.iter().any(|(phrase, _)| matches(tokens, i, phrase).is_some())
    }

    /// Whether a word only joins others: a plan or a total is something.
    pub fn joins(&self, word: &str) -> bool {
        [&self.connecting, &self.totals].into_iter().flatten().any(|p| p.iter().any(|w| w == word))
    }

    /// Whether a word tells nothing of what is counted.
    pub fn is_plain(&self, word: &str) -> bool {
        self.joins(word) || self.plain.iter().any(|p| p.len() == 1 && p[0] == word)
    }

    /// The value of a small number's word.
    pub fn small(&self, word: &str) -> Option<i64> {
        let at = self.small.iter().position(|p| p.len() == 1 && p[0] == word)?;
        i64::try_from(at + 1).ok()
    }

    /// The value of a number below a hundred written in words, and the token behind it.
    pub fn worded(&self, tokens: &[Placed], i: usize) -> Option<(i64, usize)> {
        let word = |n: usize| tokens.get(n).and_then(Placed::word);
        let digit = |n: usize| word(n).and_then(|w| self.small(w)).filter(|d| *d < 10);
        let last = |n: usize| {
            let other =
                |list: &[Phrase], value| list.iter().any(|p| p.len() == 1 && Some(&*p[0]) == word(n)).then_some(value);
            other(&self.one, 1).or_else(|| other(&self.four, 4)).or_else(|| other(&self.five, 5)).or_else(|| digit(n))
        };
        let first = word(i).and_then(|w| self.small(w))?;
        let (tens, next) = match first {
            10 => (10, i + 1),
            _ if longest_at(tokens, i + 1, &self.ten).is_some() => (10 * first, i + 2),
            _ => return Some((first, i + 1)),
        };
        Some(last(next).map_or((tens, next), |digit| (tens + digit, next + 1)))
    }

    /// Whether a "năm" behind a word is a year and no five.
    pub fn is_before_year(&self, word: &str) -> bool {
        self.before_year.iter().any(|p| p.len() == 1 && p[0] == word)
    }

    /// Whether a word joins others into a larger number: "mươi", "trăm".
    pub fn is_tens(&self, word: &str) -> bool {
        self.tens.iter().any(|p| p.len() == 1 && p[0] == word)
    }

    /// Whether a number before a token measures something: its age, its stars.
    pub fn is_measured(&self, tokens: &[Placed], i: usize) -> bool {
        longest_at(tokens, i, &self.measures).is_some()
    }

    /// Whether words that name a part of a partition begin at a token.
    pub fn is_member(&self, tokens: &[Placed], i: usize) -> bool {
        self.member_end(tokens, i).is_some()
    }

    /// The token behind the longest words that name a part of a partition and begin at a token.
    pub fn member_end(&self, tokens: &[Placed], i: usize) -> Option<usize> {
        self.partitions.iter().flat_map(|p| &p.parts).filter_map(|m| longest_at(tokens, i, &m.words)).max()
    }

    /// Whether words that name a part end before a token: "một phần 54" is no "phần 54", "chính quyền số 07" no "số 07".
    pub fn is_part(&self, tokens: &[Placed], i: usize) -> bool {
        let parts = self.partitions.iter().flat_map(|p| &p.parts).flat_map(|m| &m.words);
        parts
            .chain(&self.names_unless)
            .any(|p| p.len() > 1 && i >= p.len() && matches(tokens, i - p.len(), p) == Some(i))
    }

    /// Whether a unit counts points.
    pub fn is_score(&self, unit: &Unit) -> bool {
        self.scores.iter().any(|p| self.units.iter().any(|(phrase, own)| phrase == p && own == unit))
    }

    /// The opener at a token, the longest there is.
    pub fn opener(&self, tokens: &[Placed], i: usize) -> Option<(Promise, usize)> {
        let fitting = self.openers.iter().filter_map(|(phrase, promise)| Some((matches(tokens, i, phrase)?, *promise)));
        let colon = |end: usize| tokens.get(end).is_some_and(|t| t.is(':'));
        let sorted = longest_at(tokens, i, &self.sorted).filter(|end| colon(*end)).map(|end| (end, Promise::List));
        let fitting = fitting.chain(sorted);
        // "Như vậy" gives no examples.
        let total = longest_at(tokens, i, &self.totals);
        fitting.max().filter(|(end, _)| total.is_none_or(|t| t <= *end)).map(|(end, promise)| (promise, end))
    }
}

/// The token behind a phrase that begins here.
pub fn matches(tokens: &[Placed], mut i: usize, phrase: &Phrase) -> Option<usize> {
    for (n, word) in phrase.iter().enumerate() {
        if n > 0 && tokens.get(i).is_some_and(|t| matches!(t.token, Token::Mark(',' | '-' | '/'))) {
            i += 1;
        }
        let same = match &tokens.get(i)?.token {
            Token::Word(w) | Token::Number(w) => w == word,
            Token::Mark(_) => false,
        };
        same.then_some(())?;
        i += 1;
    }
    (!phrase.is_empty()).then_some(i)
}

/// The token behind the longest of the phrases that begins here.
pub fn longest_at(tokens: &[Placed], i: usize, list: &[Phrase]) -> Option<usize> {
    list.iter().filter_map(|p| matches(tokens, i, p)).max()
}

/// Whether one of the phrases, of so many tokens at most, stands right before a token.
pub fn led_by(tokens: &[Placed], at: usize, most: usize, list: &[Phrase]) -> bool {
    (1..=most.min(at)).any(|back| longest_at(tokens, at - back, list) == Some(at))
}

/// Whether any of the phrases stands among the tokens.
pub fn says(tokens: &[Placed], list: &[Phrase]) -> bool {
    (0..tokens.len()).any(|i| longest_at(tokens, i, list).is_some())
}
