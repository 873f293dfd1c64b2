//! Of several returns of one form by one unit for one period, which one counts.
//!
//! The newest by evidence does, and evidence is of files, so that all forms of a file share its fate: a copy that we
//! returned and that came back; words in names and titles ("gửi lại", "lần 2"); dates, as dates; running numbers of names
//! that are otherwise the same; at last the time of the file. Where nothing orders two versions that differ, none of them
//! counts, and somebody is asked: a guess would be a figure nobody answers for. Of versions that are alike a workbook counts
//! before a document, since it can be marked and returned.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use foldhash::HashSet;

use crate::model::finding::Said;
use crate::model::form::Vocabulary;
use crate::model::{Doubt, Entry, FileReport, Period, Return, Unsure, Workbook};
use crate::normalise::text::{key, tidy};
use crate::normalise::{Memo, document};

/// Differences listed by name; more are counted.
const MOST_DIFFERENCES: usize = 12;
/// Files saved one after another out of one letter lie closer together than this, whichever was sent first.
const LEAST_SECONDS: i64 = 600;
/// A text of a title block is not longer, and stands no further from its table.
const LONGEST_TITLE: usize = 200;
const TITLE_ROWS: u32 = 15;
/// Letters of a line or a bracket that says nothing but "Bản điều chỉnh lần 2".
const SHORT: usize = 40;

/// Marks older versions as superseded, each with what differs from the one that counts.
pub fn settle(returns: &mut [Return], files: &[FileReport], words: &Vocabulary) {
    let mut versions: HashMap<(Arc<str>, Arc<str>, Arc<str>, Period), Vec<usize>> = HashMap::new();
    for (at, ret) in returns.iter().enumerate().filter(|(_, r)| r.instead().is_none()) {
        versions.entry((ret.form.clone(), ret.table.clone(), ret.unit.clone(), ret.period)).or_default().push(at);
    }
    let mut repeated: Vec<Vec<usize>> = versions.into_values().filter(|v| v.len() > 1).collect();
    repeated.sort();
    let reports: HashMap<&str, &FileReport> = files.iter().map(|f| (&*f.file, f)).collect();
    for all in repeated {
        // Of those that a person set aside nothing is asked any more.
        let (same, chosen): (Vec<usize>, Vec<usize>) = all.into_iter().partition(|at| returns[*at].counts());
        let evidence: Vec<Evidence> = same.iter().map(|at| Evidence::of(&returns[*at], &reports, words)).collect();
        let alike = |a: usize, b: usize| {
            let (a, b) = (&returns[same[a]], &returns[same[b]]);
            differences(a, b).0.is_empty() && differences(b, a).0.is_empty()
        };
        // Of versions that are alike any may stand for the others.
        let beats = |a: usize, b: usize| match evidence[a].against(&evidence[b]) {
            Some((order, _)) => order == Ordering::Greater,
            None => alike(a, b) && a < b,
        };
        let all = 0..same.len();
        let newest = all.clone().find(|a| all.clone().all(|b| *a == b || beats(*a, b)));
        let Some(first) = newest else {
            ask(returns, &same);
            continue;
        };
        // Of those one that can be marked and returned, where no more than the time of a file speaks against it.
        let untold = |at: &usize| {
            let order = evidence[first].against(&evidence[*at]);
            order.is_none_or(|(_, why)| matches!(why, Why::Modified)) && alike(first, *at)
        };
        let as_good = all.clone().filter(|at| *at == first || untold(at));
        let newest = as_good.min_by_key(|at| (evidence[*at].sort(), *at != first, *at)).unwrap_or(first);
        let why = all.map(|older| {
            let newer = |at: usize| {
                let told = evidence[at].against(&evidence[older]).filter(|(order, _)| *order == Ordering::Greater);
                told.map(|(_, why)| why)
            };
            let why = newer(newest).or_else(|| if alike(newest, older) { None } else { newer(first) });
            let why = why.unwrap_or(Why::Alike);
            let (vi, en) = why.words();
            Said { vi, en }
        });
        let why: Vec<Said> = why.collect();
        let taken = same[newest];
        for (older, why) in same.into_iter().zip(why).filter(|(older, _)| *older != taken) {
            set_aside(returns, older, taken, why);
        }
        for older in chosen {
            set_aside(returns, older, taken, Said::new("anh/chị đã chọn bản này", "you chose it"));
        }
    }
}

/// An older version does not count.
fn set_aside(returns: &mut [Return], older: usize, taken: usize, why: Said) {
    let (differences, more) = differences(&returns[older], &returns[taken]);
    let what = Unsure::OlderVersion { taken: returns[taken].file.clone(), why, differences, more };
    exclude(&mut returns[older], what);
}

/// None of them counts until somebody says which.
fn ask(returns: &mut [Return], same: &[usize]) {
    let asked: Vec<Unsure> = same
        .iter()
        .map(|at| {
            let others = same.iter().filter(|other| *other != at);
            let (differences, more) = others
                .clone()
                .map(|other| differences(&returns[*at], &returns[*other]))
                .find(|(list, _)| !list.is_empty())
                .unwrap_or_default();
            let named = |other: &usize| {
                let (own, other) = (&returns[*at], &returns[*other]);
                if own.file == other.file {
                    format!("{} [{}]", other.file, other.sheet)
                } else {
                    other.file.to_string()
                }
            };
            Unsure::WhichVersion { others: others.map(named).collect(), differences, more }
        })
        .collect();
    for (at, what) in same.iter().zip(asked) {
        exclude(&mut returns[*at], what);
    }
}

fn exclude(ret: &mut Return, what: Unsure) {
    ret.superseded = true;
    ret.doubts = vec![Doubt { cell: ret.first, what }];
}

/// What tells how new a file is.
#[derive(Debug, Default)]
struct Evidence<'a> {
    file: &'a str,
    /// A copy that we marked and returned has come back.
    returned: bool,
    /// What words say: below nought old, above it corrected; and for the how manieth time.
    age: i32,
    times: u32,
    word: Word,
    named: Option<NaiveDate>,
    titled: Option<NaiveDate>,
    /// The file's name and the sheet's without their numbers, and they.
    numbered: [(String, Vec<u64>); 2],
    modified: Option<i64>,
}

/// A word that tells, and whether it stands in a title and not in a name.
#[derive(Debug, Default)]
struct Word {
    text: String,
    in_title: bool,
}

/// What decides between two files.
enum Why<'a> {
    Returned,
    Newer(&'a Word),
    Older(&'a Word),
    Named(NaiveDate),
    Titled(NaiveDate),
    Numbered,
    Modified,
    Alike,
}

impl<'a> Evidence<'a> {
    fn of(ret: &'a Return, reports: &HashMap<&str, &FileReport>, words: &Vocabulary) -> Self {
        let report = reports.get(&*ret.file);
        let stem = ret.file.rsplit_once('.').map_or(&*ret.file, |(stem, _)| stem);
        let titles = report.map_or(&[][..], |r| r.titles.as_slice());
        let names = || stem.split('/').chain([&*ret.sheet]);
        let mut own = Self {
            file: &ret.file,
            returned: report.is_some_and(|r| r.returned),
            named: names().flat_map(dates).max(),
            titled: titles.iter().flat_map(|t| dates(t)).max(),
            numbered: [numbered(stem), numbered(&ret.sheet)],
            modified: report.and_then(|r| r.modified),
            ..Self::default()
        };
        names().for_each(|text| own.hear(text, words, false));
        let first_words = first_words(words);
        let telling = titles.iter().filter(|text| tells(text, words, &first_words));
        telling.for_each(|text| own.hear(text, words, true));
        own
    }

    /// A workbook that is marked as it is, one that is made anew for that, a document.
    fn sort(&self) -> u8 {
        let end = self.file.rsplit_once('.').map_or("", |(_, end)| end).to_lowercase();
        match &*end {
            "xlsx" | "xlsm" => 0,
            "docx" | "docm" | "doc" | "rtf" | "pdf" | "htm" | "html" | "mht" | "txt" => 2,
            _ => 1,
        }
    }

    fn hear(&mut self, text: &str, words: &Vocabulary, in_title: bool) {
        let text = &in_words(text);
        let times = times(text).unwrap_or(1);
        let corrected = said(text, &words.corrected).or_else(|| (times > 1).then(|| format!("lần {times}")));
        if let Some(word) = corrected {
            if (self.age, self.times) < (1, times) {
                (self.age, self.times, self.word) = (1, times, Word { text: word, in_title });
            }
        } else if let Some(word) = said(text, &words.outdated)
            && self.age == 0
        {
            (self.age, self.word) = (-1, Word { text: word, in_title });
        }
    }

    /// Which of two files is newer, and by what; nothing where nothing tells.
    fn against<'b>(&'b self, other: &'b Self) -> Option<(Ordering, Why<'b>)> {
        let differ = |a: Option<NaiveDate>, b: Option<NaiveDate>| {
            a.zip(b).filter(|(a, b)| a != b).map(|(a, b)| (a.cmp(&b), a.max(b)))
        };
        if self.returned != other.returned {
            return Some((self.returned.cmp(&other.returned), Why::Returned));
        }
        if (self.age, self.times) != (other.age, other.times) {
            let order = (self.age, self.times).cmp(&(other.age, other.times));
            let (newer, older) = if order == Ordering::Greater { (self, other) } else { (other, self) };
            return Some((order, if newer.age > 0 { Why::Newer(&newer.word) } else { Why::Older(&older.word) }));
        }
        if let Some((order, day)) = differ(self.named, other.named) {
            return Some((order, Why::Named(day)));
        }
        if let Some((order, day)) = differ(self.titled, other.titled) {
            return Some((order, Why::Titled(day)));
        }
        let name = usize::from(self.file == other.file);
        let ((pattern, numbers), (theirs, others)) = (&self.numbered[name], &other.numbered[name]);
        if pattern == theirs && numbers != others {
            return Some((numbers.cmp(others), Why::Numbered));
        }
        let (a, b) = (self.modified?, other.modified?);
        ((a - b).abs() >= LEAST_SECONDS).then(|| (a.cmp(&b), Why::Modified))
    }
}

impl Word {
    /// Where it stands, in Vietnamese and in English.
    const fn place(&self) -> (&'static str, &'static str) {
        if self.in_title { ("tiêu đề", "title") } else { ("tên tệp", "name") }
    }
}

impl Why<'_> {
    /// In Vietnamese and in English.
    fn words(&self) -> (String, String) {
        let day = |day: &NaiveDate| day.format("%d/%m/%Y").to_string();
        match self {
            Self::Returned => (
                "là bản trả lại đơn vị đã sửa và gửi lại".into(),
                "it is the copy that was returned to the unit and came back".into(),
            ),
            Self::Newer(word) => (
                format!("{} ghi “{}”", word.place().0, word.text),
                format!("its {} says “{}”", word.place().1, word.text),
            ),
            Self::Older(word) => (
                format!("{} kia ghi “{}”", word.place().0, word.text),
                format!("the other's {} says “{}”", word.place().1, word.text),
            ),
            Self::Named(date) => (
                format!("ngày trong tên tệp muộn hơn: {}", day(date)),
                format!("the date in its name is later: {date}"),
            ),
            Self::Titled(date) => (
                format!("ngày ghi trong biểu muộn hơn: {}", day(date)),
                format!("the date on its paper is later: {date}"),
            ),
            Self::Numbered => ("số thứ tự trong tên tệp lớn hơn".into(), "the number in its name is higher".into()),
            Self::Modified => ("tệp được lưu sau".into(), "the file was saved later".into()),
            Self::Alike => ("hai bản như nhau".into(), "the two are the same".into()),
        }
    }
}

/// The titles that may tell how new a workbook is.
pub struct Telling {
    words: Vocabulary,
    first_words: HashSet<String>,
    /// Whether a text does: offices write the same titles.
    known: Memo<bool>,
}

impl Telling {
    pub fn new(words: &Vocabulary) -> Self {
        Self { words: words.clone(), first_words: first_words(words), known: Memo::default() }
    }

    /// Those in a workbook's title blocks and below its tables; `tables` are its sheets' rows of figures. In a document's
    /// running text such words are of something else.
    pub fn titles(&self, workbook: &Workbook, tables: &[(usize, u32, u32)]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let tells = |text: &str| tells(text, &self.words, &self.first_words) || !dates(text).is_empty();
        for (sheet, first, last) in tables.iter().filter(|(sheet, ..)| workbook.sheets[*sheet].paragraphs.is_empty()) {
            let near =
                |row: u32| (row < *first && row + TITLE_ROWS >= *first) || (row > *last && row <= last + TITLE_ROWS);
            let cells = workbook.sheets[*sheet].cells.iter().filter(|c| near(c.row));
            for text in cells.filter_map(|c| c.text()).filter(|t| t.len() <= LONGEST_TITLE) {
                if self.known.get(text, || tells(&tidy(text))) {
                    let text = tidy(text);
                    if !found.contains(&text) {
                        found.push(text);
                    }
                }
            }
        }
        found
    }
}

/// Whether a title says that it replaces or is replaced: in brackets, or as a short line of its own. "Sửa đổi, bổ sung" is
/// what laws and procedures are.
fn tells(text: &str, words: &Vocabulary, first_words: &HashSet<String>) -> bool {
    let says = |text: &str| {
        let text = in_words(text);
        if times(&text).is_none() && !text.split(' ').any(|word| first_words.contains(word)) {
            return false;
        }
        let text = in_words(&text.replace("sửa đổi bổ sung", ""));
        said(&text, &words.corrected).is_some() || said(&text, &words.outdated).is_some() || times(&text) > Some(1)
    };
    let bracketed = text.split('(').skip(1).filter_map(|rest| rest.split(')').next());
    bracketed.into_iter().any(|inner| inner.chars().count() <= SHORT && says(inner))
        || (text.chars().count() <= SHORT && says(text))
}

/// The words with which those of newer and older versions begin, with and without their marks: most texts have none of them.
fn first_words(words: &Vocabulary) -> HashSet<String> {
    let all = words.corrected.iter().chain(&words.outdated).filter_map(|words| words.split(' ').next());
    all.flat_map(|word| [word.to_owned(), key(word)]).collect()
}

/// The first of some words that a text [`in_words`] says. A word counts as it is written; without its marks only in a text
/// that has none, and one as short as "cu" only at its end: "Củ Chi" is no "cũ", nor is "Cu Chi".
fn said(text: &str, words: &[String]) -> Option<String> {
    let plain = text.is_ascii();
    let text: Vec<&str> = text.split(' ').collect();
    // The list has its words in small letters, with one blank between them.
    let stands = |wanted: &str| {
        let stands_at = |at: usize| {
            let mut rest = text[at..].iter();
            let all = wanted.split(' ').all(|word| rest.next() == Some(&word));
            all && (wanted.len() >= 3 || rest.len() == 0)
        };
        (0..text.len()).any(stands_at)
    };
    let says = |word: &&String| if plain { stands(&key(word)) } else { stands(word) };
    words.iter().find(says).cloned()
}

/// For the how manieth time a text [`in_words`] says that something is sent: "lần 2", "bản 3", "v2".
fn times(text: &str) -> Option<u32> {
    let words: Vec<&str> = text.split(' ').collect();
    let number = |word: &str| match word {
        "hai" => Some(2),
        "ba" => Some(3),
        word => word.parse().ok().filter(|n| (1..20).contains(n)),
    };
    let after = words.windows(2).filter(|w| ["lần", "bản", "lan", "ban", "version", "ver", "v"].contains(&w[0]));
    let after = after.filter_map(|w| number(w[1]));
    after.chain(words.iter().filter_map(|w| number(w.strip_prefix('v')?))).max()
}

/// A text's words in small letters with one blank between them, whatever stood there.
fn in_words(text: &str) -> String {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The days a text writes, but those of the period that it is for.
fn dates(text: &str) -> Vec<NaiveDate> {
    // A day, a month and a year, or all in one number: most texts have neither.
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|d| !d.is_empty());
    if numbers.clone().nth(2).is_none() && !numbers.any(|d| d.len() == 8) {
        return Vec::new();
    }
    let words = key(text);
    if ["tu ngay", "den ngay", "ky bao cao", "thong tu", "nghi dinh", "ban hanh"].iter().any(|w| words.contains(w)) {
        return Vec::new();
    }
    // 25-6-2023, 25.6.2023 and 25_6_2023; and 20230625, as scanners and mail programs write it.
    let text = text.replace('_', "-");
    let digits = text.split(|c: char| !c.is_ascii_digit()).filter(|d| d.len() == 8);
    let joined = digits.filter_map(|d| {
        let at = |from: usize, to: usize| d[from..to].parse::<u32>().ok();
        let date = |year: u32, month: u32, day: u32| NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day);
        let likely = |date: &NaiveDate| (2000..2100).contains(&chrono::Datelike::year(date));
        let by_year = date(at(0, 4)?, at(4, 6)?, at(6, 8)?).filter(likely);
        by_year.or_else(|| date(at(4, 8)?, at(2, 4)?, at(0, 2)?).filter(likely))
    });
    let mut found: Vec<NaiveDate> = joined.collect();
    let parts: Vec<&str> = text.split(['/', ' ']).collect();
    found.extend(document::date(&text));
    found.extend(parts.iter().filter_map(|part| document::date(part)));
    found
}

/// A name without its numbers, and they; a copy that a browser or Explorer numbered, `a (2)`, comes after `a`.
fn numbered(name: &str) -> (String, Vec<u64>) {
    let name = name.trim().to_lowercase();
    let copy =
        name.strip_suffix(')').and_then(|n| n.rsplit_once(" (")).and_then(|(n, copy)| Some((n, copy.parse().ok()?)));
    let (name, copy) = copy.unwrap_or((&name, 0));
    let mut numbers: Vec<u64> = name
        .split(|c: char| !c.is_ascii_digit())
        .filter(|d| !d.is_empty())
        .map(|d| d.parse().unwrap_or(u64::MAX))
        .collect();
    numbers.push(copy);
    let mut pattern = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '0'..='9' if pattern.ends_with('#') => {}
            '0'..='9' => pattern.push('#'),
            c => pattern.push(c),
        }
    }
    (pattern, numbers)
}

/// The cells that differ, as far as a sentence may list them, and how many more.
fn differences(older: &Return, newest: &Return) -> (Vec<String>, usize) {
    let now: HashMap<(String, &str), &Entry> = newest.entries.iter().map(|e| ((key(&e.line), &*e.column), e)).collect();
    let mut list = Vec::new();
    let mut more = 0usize;
    for entry in &older.entries {
        let new = now.get(&(key(&entry.line), &*entry.column));
        let (was, is) = (entry.amount(), new.and_then(|e| e.amount()));
        if was == is || (was.unwrap_or_default() == is.unwrap_or_default() && was.is_none() != is.is_none()) {
            continue;
        }
        if list.len() == MOST_DIFFERENCES {
            more += 1;
            continue;
        }
        let cell = new.map_or(entry.cell, |e| e.cell);
        let shown = |e: Option<&Entry>| e.map_or("–", |e| if e.text.is_empty() { "trống" } else { &e.text }).to_owned();
        list.push(format!("{cell}: {} → {}", shown(Some(entry)), shown(new.copied())));
    }
    (list, more)
}

#[cfg(test)]
#[path = "../../tests/unit/settle_resent.rs"]
mod tests;
