//! The words of `templates/prose.toml` looked for among the tokens of a paragraph.

use std::cmp::Reverse;

use super::paragraphs::{Placed, Token};
use crate::model::statement::{Countable, Lexicon, Openers, Partition, Phrase};

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

impl Unit {
    /// The word of a class, by the places of both.
    fn of(countable: &Countable, class: usize, word: usize) -> Self {
        if countable.vague {
            return Self::Vague(word);
        }
        let general = countable.general.is_empty() || countable.general.contains(&countable.words[word]);
        Self::Class { class, word, general }
    }

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
    /// The unit that begins at a token, and the token behind it; its measure in đồng where it is money.
    pub fn unit(&self, tokens: &[Placed], i: usize) -> (Unit, usize, i64) {
        let longer = |phrase: &Phrase, best: usize| matches(tokens, i, phrase).filter(|end| *end > best);
        let (mut found, mut best, mut measure) = (Unit::Unsaid, i, 1);
        for (class, countable) in self.units.iter().enumerate() {
            for (word, phrase) in countable.words.iter().enumerate() {
                if let Some(end) = longer(phrase, best) {
                    (found, best) = (Unit::of(countable, class, word), end);
                }
            }
        }
        for (phrase, size) in &self.money {
            if let Some(end) = longer(phrase, best) {
                (found, best, measure) = (Unit::Money, end, *size);
            }
        }
        if found == Unit::Unsaid
            && let Some(word) = tokens.get(i).and_then(Placed::word)
            && longest_at(tokens, i, &self.asides.connecting).is_none()
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
        longest_at(tokens, i, &self.asides.compared).filter(|end| !self.is_named(tokens, i, *end))
    }

    /// Whether a word says by how much something is more or less.
    pub fn is_change(&self, tokens: &[Placed], i: usize) -> bool {
        [&self.asides.up, &self.asides.down].into_iter().any(|list| longest_at(tokens, i, list).is_some())
    }

    /// Whether words of several syllables that end before a token say so.
    pub fn is_change_until(&self, tokens: &[Placed], i: usize, end: usize) -> bool {
        [&self.asides.up, &self.asides.down].into_iter().any(|list| longest_at(tokens, i, list) == Some(end))
    }

    /// Whether words of more or less are of a name: "hồ sơ miễn giảm 502".
    pub fn is_named(&self, tokens: &[Placed], i: usize, end: usize) -> bool {
        (i.saturating_sub(2)..=i).any(|at| longest_at(tokens, at, &self.asides.uncompared).is_some_and(|e| e >= end))
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
        [&self.asides.connecting, &self.openers.totals].into_iter().flatten().any(|p| p.words.iter().any(|w| w == word))
    }

    /// Whether a word tells nothing of what is counted.
    pub fn is_plain(&self, word: &str) -> bool {
        self.joins(word) || is_one_of(word, &self.asides.plain)
    }

    /// The value of a small number's word.
    pub fn small(&self, word: &str) -> Option<i64> {
        let at = self.numbers.small.iter().position(|p| p.is_word(word))?;
        i64::try_from(at + 1).ok()
    }

    /// The value of a number below a hundred written in words, and the token behind it.
    pub fn worded(&self, tokens: &[Placed], i: usize) -> Option<(i64, usize)> {
        let word = |n: usize| tokens.get(n).and_then(Placed::word);
        let digit = |n: usize| word(n).and_then(|w| self.small(w)).filter(|d| *d < 10);
        let last = |n: usize| {
            let other = self.numbers.behind_tens.iter().find(|(p, _)| word(n).is_some_and(|w| p.is_word(w)));
            other.map(|(_, value)| *value).or_else(|| digit(n))
        };
        let first = word(i).and_then(|w| self.small(w))?;
        let (tens, next) = match first {
            10 => (10, i + 1),
            _ if longest_at(tokens, i + 1, &self.numbers.ten).is_some() => (10 * first, i + 2),
            _ => return Some((first, i + 1)),
        };
        Some(last(next).map_or((tens, next), |digit| (tens + digit, next + 1)))
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
        let ends = |p: &Phrase| {
            p.words.len() > 1 && i.checked_sub(p.words.len()).is_some_and(|at| matches(tokens, at, p) == Some(i))
        };
        parts.chain(&self.names.unless).any(ends)
    }

    /// Whether a unit counts points.
    pub fn is_score(&self, unit: &Unit) -> bool {
        let word = match unit {
            Unit::Class { class, word, .. } => self.units[*class].words.get(*word),
            _ => None,
        };
        word.is_some_and(|word| self.numbers.scores.contains(word))
    }

    /// The opener at a token, the longest there is.
    pub fn opener(&self, tokens: &[Placed], i: usize) -> Option<(Promise, usize)> {
        let Openers { full, list, some, sorted, totals, .. } = &self.openers;
        let all = [(full, Promise::Full), (list, Promise::List), (some, Promise::Some)];
        let fitting = all.into_iter().filter_map(|(list, promise)| Some((longest_at(tokens, i, list)?, promise)));
        let colon = |end: usize| tokens.get(end).is_some_and(|t| t.is(':'));
        let sorted = longest_at(tokens, i, sorted).filter(|end| colon(*end)).map(|end| (end, Promise::List));
        let fitting = fitting.chain(sorted);
        // "Như vậy" gives no examples.
        let total = longest_at(tokens, i, totals);
        fitting.max().filter(|(end, _)| total.is_none_or(|t| t <= *end)).map(|(end, promise)| (promise, end))
    }
}

impl Partition {
    /// The part that words name, by the longest phrase; of equals the first.
    pub fn member(&self, label: &[Placed]) -> Option<usize> {
        let named = self.parts.iter().enumerate().filter_map(|(i, member)| {
            let said = member.words.iter().filter(|phrase| stands_among(label, phrase));
            Some((said.map(|phrase| phrase.words.len()).max()?, Reverse(i)))
        });
        named.max().map(|(_, Reverse(i))| i)
    }

    /// Whether the parts found, one for each member, leave nothing out.
    pub fn is_complete(&self, taken: &[Option<usize>]) -> bool {
        let members = || self.parts.iter().zip(taken);
        let mut either = members().filter(|(m, _)| m.either).peekable();
        let one = either.peek().is_none() || either.any(|(_, t)| t.is_some());
        one && members().all(|(m, t)| m.optional || m.rare || m.either || t.is_some())
    }
}

/// The token behind a phrase that begins here.
pub fn matches(tokens: &[Placed], mut i: usize, phrase: &Phrase) -> Option<usize> {
    for (n, word) in phrase.words.iter().enumerate() {
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
    (!phrase.words.is_empty()).then_some(i)
}

/// The token behind the longest of the phrases that begins here.
pub fn longest_at(tokens: &[Placed], i: usize, list: &[Phrase]) -> Option<usize> {
    list.iter().filter_map(|p| matches(tokens, i, p)).max()
}

/// Whether one of the phrases, of so many tokens at most, stands right before a token.
pub fn led_by(tokens: &[Placed], at: usize, most: usize, list: &[Phrase]) -> bool {
    (1..=most.min(at)).any(|back| longest_at(tokens, at - back, list) == Some(at))
}

/// Whether one of the phrases is this word, and no more.
pub fn is_one_of(word: &str, list: &[Phrase]) -> bool {
    list.iter().any(|p| p.is_word(word))
}

/// Whether any of the phrases stands among the tokens.
pub fn says(tokens: &[Placed], list: &[Phrase]) -> bool {
    list.iter().any(|phrase| stands_among(tokens, phrase))
}

pub fn stands_among(tokens: &[Placed], phrase: &Phrase) -> bool {
    (0..tokens.len()).any(|i| matches(tokens, i, phrase).is_some())
}
