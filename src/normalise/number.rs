//! A number as written: its digits with dots, commas and blanks into the figures they may mean, and what stands behind it
//! (`hồ sơ`, `triệu`, `%`, a footnote's mark) into what it does to the figure; a whole amount into Vietnamese words, `Sáu
//! triệu bốn trăm sáu mươi nghìn`, and such words back into the amount.

use super::figure::Expect;
use super::old_fonts::is_syllable;
use super::text::{is_mark, key};
use crate::model::Figure;
use crate::model::figure::MOST_DECIMALS;

/// A number as written: groups of digits and the marks between them.
pub(super) struct Written<'a> {
    groups: Vec<&'a str>,
    marks: Vec<char>,
}

/// What a written number says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// `decimal`, `thousands`: what the marks in it prove to be.
    One { figure: Figure, decimals: u8, decimal: Option<char>, thousands: Option<char> },
    /// `8.326`: the mark may part thousands or decimals.
    Two { mark: char, thousands: Figure, decimal: Figure },
}

/// Splits the number off the head of a tidy text; `None` where it does not begin with a digit.
pub(super) fn split_off(text: &str) -> Option<(Written<'_>, &str)> {
    let (mut groups, mut marks) = (Vec::new(), Vec::new());
    let (first, mut rest) = digits(text);
    if first.is_empty() {
        return None;
    }
    groups.push(first);
    while let Some(mark) = rest.chars().next() {
        let (group, after) = digits(&rest[mark.len_utf8()..]);
        let joins = match mark {
            '.' | ',' => !group.is_empty(),
            ' ' | '\'' | '’' => group.len() == 3,
            _ => false,
        };
        if !joins {
            break;
        }
        groups.push(group);
        marks.push(mark);
        rest = after;
    }
    Some((Written { groups, marks }, rest))
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

impl Written<'_> {
    /// `None` where the marks follow no habit (`1.000.00`), or the figure is too long.
    pub(super) fn meaning(&self) -> Option<Meaning> {
        let Some((&last, before)) = self.marks.split_last() else { return self.one("", None, None) };
        let (&fraction, whole) = self.groups.split_last()?;
        let is_point = |c: char| matches!(c, '.' | ',');
        let parted = |groups: &[&str]| groups[0].len() <= 3 && groups[1..].iter().all(|g| g.len() == 3);
        if let Some(&other) = before.first() {
            let uniform = before.iter().all(|m| *m == other);
            return match (uniform, last == other) {
                (true, true) if parted(&self.groups) => self.one("", None, is_point(other).then_some(other)),
                (true, false) if is_point(last) && parted(whole) => {
                    self.one(fraction, Some(last), is_point(other).then_some(other))
                }
                _ => None,
            };
        }
        if !is_point(last) {
            return parted(&self.groups).then(|| self.one("", None, None)).flatten();
        }
        let first = self.groups[0];
        let small = first.bytes().all(|b| b == b'0');
        if fraction.len() == 3 && first.len() <= 3 && !small {
            let thousands = figure(&self.groups.concat(), "")?;
            return Some(Meaning::Two { mark: last, thousands, decimal: figure(first, fraction)? });
        }
        // "1.000656" is the code of a procedure and proves nothing.
        let is_code = fraction.len() == 6 && fraction.starts_with("00");
        self.one(fraction, (!is_code).then_some(last), None)
    }

    /// How many digits stand after the last mark, if it is a point.
    pub(super) fn decimals_written(&self) -> usize {
        match (self.marks.last(), self.groups.last()) {
            (Some('.' | ','), Some(group)) => group.len(),
            _ => 0,
        }
    }

    fn one(&self, fraction: &str, decimal: Option<char>, thousands: Option<char>) -> Option<Meaning> {
        let whole =
            if fraction.is_empty() { self.groups.concat() } else { self.groups[..self.groups.len() - 1].concat() };
        let decimals = fraction.len().min(usize::from(MOST_DECIMALS)) as u8;
        Some(Meaning::One { figure: figure(&whole, fraction)?, decimals, decimal, thousands })
    }
}

/// Rounded to the most decimals a figure keeps.
fn figure(whole: &str, fraction: &str) -> Option<Figure> {
    let kept = &fraction[..fraction.len().min(usize::from(MOST_DECIMALS) + 1)];
    let units: i64 = format!("{whole}{kept}").parse().ok().filter(|n| *n < 1_000_000_000_000_000_000)?;
    Some(Figure::new(units, kept.len() as u8).rounded_to(MOST_DECIMALS).trimmed())
}

/// What stands behind a number.
pub struct Tail {
    pub percent: bool,
    /// Powers of ten from the unit written to the line's measure.
    pub shift: i32,
    pub words: Option<String>,
}

/// `None` where something there may change what the number means.
pub(super) fn tail(rest: &str, expect: Expect<'_>) -> Option<Tail> {
    let rest = without_footnote(rest).trim();
    let (percent, rest) = match rest.strip_prefix('%') {
        Some(rest) => (true, without_footnote(rest).trim()),
        None => (false, rest),
    };
    let rest = rest.trim_end_matches(['.', ',', ';', ':', ' ']);
    if rest.is_empty() {
        return Some(Tail { percent, shift: 0, words: None });
    }
    let words = Some(rest.to_owned());
    if is_percentage_aside(rest) && !expect.is_percentage() {
        return Some(Tail { percent, shift: 0, words });
    }
    if rest.starts_with(['.', ',', '/', '-', '–', '+', '=', '%']) {
        return None;
    }
    let rest_key = key(rest);
    let shift = money_shift(&rest_key, expect.measure)?;
    is_unit(rest, expect.measure).then_some(Tail { percent, shift, words })
}

/// Takes `¹`, `*`, `(1)`, `(*)` off, glued to the number or, for stars, after a blank.
fn without_footnote(rest: &str) -> &str {
    let trimmed = rest.trim_start();
    let bare = trimmed.trim_start_matches(is_mark);
    if bare.len() < trimmed.len() {
        return bare;
    }
    for (open, close) in [('(', ')'), ('[', ']')] {
        let Some((inside, after)) = trimmed.strip_prefix(open).and_then(|t| t.split_once(close)) else { continue };
        let adjacent = trimmed.len() == rest.len();
        let numeral = adjacent && (1..=2).contains(&inside.len()) && inside.bytes().all(|b| b.is_ascii_digit());
        if numeral || (!inside.is_empty() && inside.chars().all(is_mark)) {
            return after;
        }
    }
    rest
}

/// `(98%)` behind a count.
fn is_percentage_aside(rest: &str) -> bool {
    let inside = rest.strip_prefix('(').and_then(|t| t.strip_suffix(')')).and_then(|t| t.trim().strip_suffix('%'));
    inside.and_then(|t| split_off(t.trim())).is_some_and(|(_, after)| after.trim().is_empty())
}

/// Nouns that reports count, as keys: a figure followed by these and nothing else is that figure.
const UNITS: &str = "ban bai bao bien bo buoi ca can cai cap cau che chi chiec chinh chuc chuong co cong cua cuoc danh dan de di dich dien do doan doanh \
    don du duong dvc dvctt dvi giay gia gio gop hanh hinh ho hop hoi hoat hoc hs huyen kenh kien kiem ke khoan khoa khieu lan lien linh loai lop lot luat luot \
    mo mot may mat muc mon ngay nam nha nganh nghi nghiep nguoi nhan nhiem nhom noi pakn phan phieu pho phong phuc phuong quan quy quyen quyet sang san so \
    su tap tai thang the thi thong thon thu thuc tieu tin tinh to toa tra tram trang tran tri trien tuc trinh truong truc truyen tthc tuyen ubnd vb vbqppl van vi vien viec vu vuc vuong xa y yeu";

/// Words that may change what the figure before them means; a unit followed by one is not understood.
const CHANGES: &str = "khong chua da dang se con va hoac hay trong ngoai qua truoc sau tren duoi hon gan khoang du kien tang giam so voi moi chi dat thieu thua \
    tru them nt lieu tinh den tu khac cu sai nham thay";

/// Whether a text names what was counted: a unit, perhaps with other words to it (`05 giấy phép xây dựng`).
fn is_unit(text: &str, measure: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let known = |word: &str| units_only(&key(word), measure);
    let fits =
        |word: &str| known(word) || (is_syllable(word) && !CHANGES.split_ascii_whitespace().any(|c| c == key(word)));
    words.clone().count() <= 8 && words.next().is_some_and(known) && words.all(fits)
}

/// Whether all words are units: of [`UNITS`], of the measure, or of money and number.
pub(super) fn units_only(words: &str, measure: &str) -> bool {
    let measure = key(measure);
    let known = |word: &str| {
        UNITS.split_ascii_whitespace().any(|u| u == word)
            || measure.split(' ').any(|u| u == word)
            || power(word).is_some()
            || matches!(word, "dong" | "vnd" | "d")
    };
    !words.trim().is_empty() && words.split_ascii_whitespace().all(known)
}

/// How many powers of ten lie between the money unit written and the line's; `None` where they do not go together.
fn money_shift(rest: &str, measure: &str) -> Option<i32> {
    let (written, is_money) = magnitude(rest);
    let measure = key(measure);
    match magnitude(&measure) {
        _ if written.is_none() && !is_money => Some(0),
        (base, true) => Some(written.unwrap_or(0) - base.unwrap_or(0)),
        (Some(base), false) => Some(written.unwrap_or(0) - base),
        (None, false) if is_money || measure.is_empty() => written.filter(|p| !is_money && *p == 3),
        (None, false) => written,
    }
}

/// The power of ten of `nghìn`, `triệu`, `tỷ` and their products, and whether it is money.
fn magnitude(words: &str) -> (Option<i32>, bool) {
    let powers: Vec<i32> = words.split_ascii_whitespace().filter_map(power).collect();
    // "Đồng chí" are persons.
    let persons = words.contains("dong chi");
    let money = !persons && words.split_ascii_whitespace().any(|w| matches!(w, "dong" | "vnd" | "d"));
    ((!powers.is_empty()).then(|| powers.iter().sum()), money)
}

fn power(word: &str) -> Option<i32> {
    match word {
        "nghin" | "ngan" => Some(3),
        "trieu" | "tr" => Some(6),
        "ty" | "ti" => Some(9),
        _ => None,
    }
}

const DIGITS: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
/// Nothing of a report is larger than this many.
const MOST: u64 = 1_000_000_000_000_000_000;
const BILLION: u64 = 1_000_000_000;

/// The amount as it is read aloud, without a capital and without its unit.
pub fn in_words(amount: u64) -> String {
    if amount == 0 {
        return DIGITS[0].to_owned();
    }
    let mut words = Vec::new();
    say(amount, false, &mut words);
    words.join(" ")
}

/// Below each thousand, million and billion; billions of billions are read as such.
fn say(amount: u64, follows: bool, words: &mut Vec<&'static str>) {
    let mut rest = amount;
    let mut follows = follows;
    for (size, name) in [(BILLION, "tỷ"), (1_000_000, "triệu"), (1000, "nghìn")] {
        let group = rest / size;
        if group > 0 {
            if group >= 1000 {
                say(group, follows, words)
            } else {
                hundreds(group, follows, words)
            }
            words.push(name);
            follows = true;
        }
        rest %= size;
    }
    if rest > 0 {
        hundreds(rest, follows, words);
    }
}

/// A group of up to three digits; one that follows a larger group names its empty places.
fn hundreds(group: u64, follows: bool, words: &mut Vec<&'static str>) {
    let (hundred, ten, one) = (group / 100 % 10, group / 10 % 10, group % 10);
    if hundred > 0 || follows {
        words.extend([DIGITS[hundred as usize], "trăm"]);
    }
    match ten {
        0 if one > 0 && (hundred > 0 || follows) => words.push("linh"),
        0 => {}
        1 => words.push("mười"),
        _ => words.extend([DIGITS[ten as usize], "mươi"]),
    }
    match one {
        0 => {}
        1 if ten > 1 => words.push("mốt"),
        4 if ten > 1 => words.push("tư"),
        5 if ten > 0 => words.push("lăm"),
        _ => words.push(DIGITS[one as usize]),
    }
}

/// The amount that a text says in words, as `(Bằng chữ: Sáu triệu bốn trăm sáu mươi nghìn đồng chẵn./.)`; nothing
/// where any other word stands among them, or nothing tells that it is money.
pub fn money(text: &str) -> Option<u64> {
    let key = key(text);
    let (lead, rest) = match key.split_once("bang chu") {
        Some((lead, rest)) => (Some(lead), rest),
        None => (None, key.as_str()),
    };
    if lead.is_some_and(|l| l.split_whitespace().count() > 5) {
        return None;
    }
    let words: Vec<&str> = rest.split_whitespace().collect();
    let end = words.iter().rposition(|w| *w == "dong");
    let (words, after) = match end {
        Some(end) => (&words[..end], &words[end + 1..]),
        None if lead.is_some() => (&words[..], &[][..]),
        None => return None,
    };
    after.iter().all(|w| matches!(*w, "chan" | "viet" | "nam" | "vnd")).then(|| of_words(words)).flatten()
}

/// The amount of a row of number words, as keys.
pub fn of_words(words: &[&str]) -> Option<u64> {
    let (mut billions, mut section, mut group) = (0u64, 0u64, 0u64);
    let mut digit: Option<u64> = None;
    for word in words {
        match *word {
            "linh" | "le" => digit.is_none().then_some(())?,
            "muoi" => {
                (group % 100 == 0).then_some(())?;
                group += digit.take().unwrap_or(1) * 10;
            }
            "tram" => {
                (group == 0).then_some(())?;
                group = digit.take()? * 100;
            }
            "nghin" | "ngan" | "trieu" => {
                let size = if *word == "trieu" { 1_000_000 } else { 1000 };
                (section % (size * 1000) == 0).then_some(())?;
                section += (group + digit.take().unwrap_or(0)) * size;
                group = 0;
            }
            "ty" | "ti" => {
                let all = billions.checked_add(section)?.checked_add(group + digit.take().unwrap_or(0))?;
                billions = all.checked_mul(BILLION).filter(|n| *n <= MOST)?;
                (section, group) = (0, 0);
            }
            word => {
                (digit.is_none() && group % 10 == 0).then_some(())?;
                digit = Some(digit_of(word)?);
            }
        }
    }
    let all = billions + section + group + digit.unwrap_or(0);
    (!words.is_empty()).then_some(all)
}

fn digit_of(word: &str) -> Option<u64> {
    match word {
        "tu" => Some(4),
        "lam" | "nham" => Some(5),
        _ => DIGITS.iter().position(|digit| key(digit) == word).map(|digit| digit as u64),
    }
}

#[cfg(test)]
#[path = "../../tests/unit/normalise_in_words.rs"]
mod tests;
