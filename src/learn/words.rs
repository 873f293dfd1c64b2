//! The words of `templates/learn.toml` and `templates/words.toml` as comparison keys: what captions and labels mean on a
//! form that nobody has described.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::shape::Wording;
use crate::model::Kind;
use crate::model::form::Vocabulary;
use crate::normalise::Memo;
use crate::normalise::text::{key, opens_with};

/// The words as keys.
#[derive(Debug)]
pub struct Lexis {
    ordinal: Vec<String>,
    code: Vec<String>,
    measure: Vec<String>,
    note: Vec<String>,
    open_label: Vec<String>,
    fixed_label: Vec<String>,
    title_lead: Vec<String>,
    closing: Vec<String>,
    total_row: Vec<String>,
    total: Vec<String>,
    /// The first words of totals, with their diacritics.
    total_starts: Vec<String>,
    part: Vec<String>,
    quotient: Vec<String>,
    mean: Vec<String>,
    counted_mean: Vec<String>,
    comparison: Vec<String>,
    at_day: Vec<String>,
    before: Vec<String>,
    this_period: Vec<String>,
    within: Vec<String>,
    difference: Vec<String>,
    kinds: Vec<(Kind, String, String)>,
    /// Words in which those of a kind say nothing: "sản xuất" is no "xuất".
    compounds: Vec<String>,
    grades: Vec<String>,
    yes: Vec<String>,
    no: Vec<String>,
    /// Short ways to write what a label begins with, as keys, with what they stand for.
    label_starts: Vec<(String, String)>,
    measures: Vec<(Kind, String)>,
    pub nil: Vec<String>,
    /// What texts of cells are.
    wordings: Memo<Arc<Wording>>,
}

impl Lexis {
    pub fn new(words: &Vocabulary) -> Self {
        let own = &words.learn;
        let keys = |list: &[String]| -> Vec<String> { list.iter().map(|w| key(w)).filter(|k| !k.is_empty()).collect() };
        let by_kind = |map: &BTreeMap<String, Vec<String>>| {
            let pairs = map.iter().filter_map(|(kind, words)| Some((kind_named(kind)?, words)));
            let named = |(kind, words): (Kind, &Vec<String>)| {
                words.iter().map(|w| (kind, key(w), w.to_lowercase())).collect::<Vec<_>>()
            };
            let mut all: Vec<(Kind, String, String)> = pairs.flat_map(named).collect();
            all.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.1.cmp(&b.1)));
            all
        };
        Self {
            ordinal: keys(&own.ordinal),
            code: keys(&own.code),
            measure: keys(&own.measure),
            note: keys(&words.note_captions),
            open_label: keys(&own.open_label),
            fixed_label: keys(&own.fixed_label),
            title_lead: keys(&own.title_lead),
            closing: keys(&words.closing),
            total_row: keys(&words.total),
            total: keys(&own.total),
            total_starts: own.total.iter().filter_map(|w| Some(w.split_whitespace().next()?.to_lowercase())).collect(),
            part: keys(&own.part),
            quotient: keys(&own.quotient),
            mean: keys(&own.mean),
            counted_mean: keys(&own.counted_mean),
            comparison: keys(&own.comparison),
            at_day: keys(&own.at_day),
            before: keys(&own.before),
            this_period: keys(&own.this_period),
            within: keys(&own.within),
            difference: keys(&own.difference),
            kinds: by_kind(&own.kinds),
            compounds: keys(&own.compounds),
            grades: keys(&own.grades),
            yes: keys(&own.yes),
            no: keys(&own.no),
            label_starts: own.label_starts.iter().map(|(short, long)| (key(short), key(long))).collect(),
            measures: by_kind(&own.measures).into_iter().map(|(kind, key, _)| (kind, key)).collect(),
            nil: words.nil.clone(),
            wordings: Memo::default(),
        }
    }

    /// What a cell's text is.
    pub fn wording(&self, text: &str) -> Arc<Wording> {
        self.wordings.get(text, || Arc::new(Wording::of(text, self)))
    }

    pub fn is_ordinal(&self, caption: &str) -> bool {
        self.ordinal.iter().any(|w| w == caption)
    }

    pub fn is_code(&self, caption: &str) -> bool {
        self.code.iter().any(|w| w == caption)
    }

    pub fn is_measure(&self, caption: &str) -> bool {
        self.measure.iter().any(|w| w == caption)
    }

    pub fn is_note(&self, caption: &str) -> bool {
        self.note.iter().any(|w| opens_with(caption, w))
    }

    /// Whether a label's caption names what an office lists itself, or the indicators a form prints.
    pub fn lists(&self, caption: &str) -> Option<bool> {
        let says = |words: &[String]| words.iter().filter(|w| has(caption, w)).map(String::len).max().unwrap_or(0);
        let (open, fixed) = (says(&self.open_label), says(&self.fixed_label));
        (open != fixed).then_some(open > fixed)
    }

    /// Whether a text belongs to a title block, not to the captions of a table.
    pub fn is_title_lead(&self, key: &str) -> bool {
        // "Biểu 2", "Mẫu số 3", but not "Mẫu giáo".
        let numbered =
            |rest: &str| rest.split(' ').next().is_some_and(|w| w == "so" || w.bytes().any(|b| b.is_ascii_digit()));
        let short = ["bieu ", "mau ", "quy ", "thang "];
        short.iter().any(|w| key.strip_prefix(w).is_some_and(numbered))
            || self.title_lead.iter().any(|w| opens_with(key, w))
    }

    /// Whether it is nothing but what leads to something else: "Kỳ báo cáo".
    pub fn is_title_lead_alone(&self, key: &str) -> bool {
        self.title_lead.iter().any(|w| w == key)
    }

    /// Whether a text ends a table: a signature, a footnote.
    pub fn closes(&self, key: &str) -> bool {
        let begins = |w: &String| opens_with(key, w) && (key.len() < 120 || key == w);
        (self.closing.iter().any(begins) && !key.starts_with("chu tich ubnd")) || self.dates_a_place(key)
    }

    /// "Hòa Thịnh, ngày 05 tháng 04 năm 2026".
    pub fn dates_a_place(&self, key: &str) -> bool {
        key.len() < 80
            && ["ngay ", "thang ", "nam "].iter().all(|w| key.contains(w))
            && !key.starts_with("tu ngay")
            && key.find("ngay ").is_some_and(|at| at < 40)
            && key.find("thang ") > key.find("ngay ")
    }

    pub fn is_total_row(&self, label: &str) -> bool {
        self.total_row.iter().any(|w| w == label)
    }

    /// Whether a caption or a label names a total of what stands beside it.
    pub fn is_total(&self, caption: &str) -> bool {
        self.total.iter().any(|w| opens_with(caption, w))
    }

    /// Whether a label, with its key, begins as a total's does: "Cộng", and not "Công an".
    pub fn names_total(&self, label: &str, key: &str) -> bool {
        let first = label.split_whitespace().next().unwrap_or_default().to_lowercase();
        (first.is_ascii() || self.total_starts.contains(&first)) && self.is_total(key)
    }

    /// "Trong đó": a part, and not all of them.
    pub fn is_part(&self, caption: &str) -> bool {
        self.part.iter().any(|w| opens_with(caption, w))
    }

    pub fn is_quotient(&self, words: &str) -> bool {
        self.quotient.iter().any(|w| places(words, w).any(|at| !self.is_compound(words, at..at + w.len())))
    }

    pub fn is_mean(&self, words: &str) -> bool {
        !self.is_grade(words) && self.mean.iter().any(|w| has(words, w))
    }

    /// Whether words name a mean of what is counted, which units' figures add up to: "Dân số trung bình".
    pub fn is_counted_mean(&self, words: &str) -> bool {
        self.counted_mean.iter().any(|w| has(words, w))
    }

    /// Whether a caption compares with another period: "Diện tích so với năm 2020".
    pub fn is_compared(&self, words: &str) -> bool {
        ["so voi", "so sanh"].iter().any(|w| has(words, w))
    }

    pub fn is_comparison(&self, words: &str) -> bool {
        self.comparison.iter().any(|w| has(words, w))
    }

    /// Whether a title says that the figures are those of a day: "Số liệu tính đến ngày 31/3".
    pub fn is_at_day(&self, title: &str) -> bool {
        self.at_day.iter().any(|w| has(title, w))
    }

    /// What a caption's or a label's words say of its kind, and the words. What is left, or was there before, comes before
    /// a plan or a running total that it is left of; else the longest words count.
    pub fn kinds_in(&self, text: &str) -> Option<(Kind, &str)> {
        let (said, lower) = (key(text), text.to_lowercase());
        let all = || self.kinds.iter().filter(|(_, k, w)| self.says(&said, &lower, k, w));
        let ends = all().find(|(kind, ..)| matches!(kind, Kind::Opening | Kind::Closing));
        let strong = all().find(|(kind, ..)| matches!(kind, Kind::Cumulative | Kind::Plan));
        // "Từ đầu năm" is no beginning.
        let ends = ends.filter(|(_, e, _)| strong.is_none_or(|(_, s, _)| !has(s, e)));
        let counted = all().find(|(kind, ..)| !matches!(kind, Kind::Percent | Kind::Average));
        ends.or(strong).or(counted).map(|(kind, _, w)| (*kind, w.as_str()))
    }

    /// Whether words name a percentage.
    pub fn is_percent(&self, text: &str) -> bool {
        self.names(Kind::Percent, text)
    }

    pub fn is_average(&self, text: &str) -> bool {
        !self.is_grade(text) && self.names(Kind::Average, text)
    }

    /// Whether a key is an answer in place of a figure.
    pub fn is_answer(&self, key: &str) -> bool {
        self.yes.iter().chain(&self.no).any(|own| own == key)
    }

    /// Whether it says that there is nothing: how an office writes nought, too.
    pub fn denies(&self, key: &str) -> bool {
        self.no.iter().any(|own| opens_with(key, own))
    }

    /// Whether it is nothing but the grade between "Khá" and "Yếu".
    fn is_grade(&self, text: &str) -> bool {
        self.grades.contains(&key(text))
    }

    fn names(&self, wanted: Kind, text: &str) -> bool {
        let (said, lower) = (key(text), text.to_lowercase());
        self.kinds.iter().any(|(kind, k, w)| *kind == wanted && self.says(&said, &lower, k, w))
    }

    /// Whether a text says words, not as a part of others: a single word with its diacritics, where the text has any.
    fn says(&self, said: &str, lower: &str, key: &str, wording: &str) -> bool {
        let spelled = key.contains(' ') || lower.is_ascii() || lower.contains(wording);
        spelled && places(said, key).any(|at| !self.is_compound(said, at..at + key.len()))
    }

    /// Whether words of a text are a part of others in which they say nothing.
    fn is_compound(&self, said: &str, own: Range<usize>) -> bool {
        let mut others = self.compounds.iter().flat_map(|w| places(said, w).map(|at| at..at + w.len()));
        others.any(|w| w.start < own.end && own.start < w.end && !(own.start <= w.start && w.end <= own.end))
    }

    /// Whether a caption is that of years: "Năm sinh", "Năm xây dựng".
    pub fn is_year(&self, caption: &str) -> bool {
        caption.to_lowercase().starts_with("năm ")
    }

    /// Whether a caption names a difference of two figures.
    pub fn is_difference(&self, text: &str) -> bool {
        let said = key(text);
        self.difference.iter().any(|w| has(&said, w))
    }

    /// Whether a caption names the figures of the period before; those of the same period of the year before add up.
    pub fn is_before(&self, words: &str) -> bool {
        self.names_before(words) && !self.is_compared(words)
    }

    /// Whether words speak of the period before, not of the same one of the year before.
    pub fn names_before(&self, words: &str) -> bool {
        self.before.iter().any(|w| has(words, w)) && !has(words, "cung ky")
    }

    /// Whether a caption speaks of another period than this one: the one before, or the same one a year before.
    pub fn is_other_period(&self, caption: &str) -> bool {
        self.before.iter().any(|w| has(caption, w)) || has(caption, "cung ky")
    }

    /// Whether a caption says no more than of which period its figures are.
    pub fn is_this_period(&self, caption: &str) -> bool {
        self.this_period.iter().any(|w| w == caption)
    }

    /// A label's key with its beginning spelled out: "trd nu" is "trong do nu".
    pub fn spelled_out(&self, key: String) -> String {
        let long = self.label_starts.iter().find(|(short, _)| opens_with(&key, short));
        long.map_or_else(|| key.clone(), |(short, long)| format!("{long}{}", &key[short.len()..]))
    }

    /// Whether words say that something happens within the period.
    pub fn is_within(&self, words: &str) -> bool {
        self.within.iter().any(|w| has(words, w))
    }

    pub fn kind_of_measure(&self, measure: &str) -> Option<(Kind, &str)> {
        self.measures.iter().find(|(_, w)| measure == w).map(|(kind, w)| (*kind, w.as_str()))
    }
}

/// Whether a key has words, whole.
fn has(key: &str, words: &str) -> bool {
    places(key, words).next().is_some()
}

/// Where a key has words, whole.
fn places<'k>(key: &'k str, words: &'k str) -> impl Iterator<Item = usize> + 'k {
    let bounds = |at: &usize| {
        let (before, behind) = (&key[..*at], &key[at + words.len()..]);
        (before.is_empty() || before.ends_with(' ')) && (behind.is_empty() || behind.starts_with(' '))
    };
    key.match_indices(words).map(|(at, _)| at).filter(bounds)
}

fn kind_named(name: &str) -> Option<Kind> {
    let all = [
        Kind::Flow,
        Kind::Opening,
        Kind::Closing,
        Kind::Stock,
        Kind::Cumulative,
        Kind::Plan,
        Kind::Percent,
        Kind::Average,
    ];
    all.into_iter().find(|kind| kind.name() == name)
}
