//! A whole amount into Vietnamese words, `Sáu triệu bốn trăm sáu mươi nghìn`, and such words back into the amount.

use super::text::key;

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
        let value = match *word {
            "khong" => 0,
            "mot" => 1,
            "hai" => 2,
            "ba" => 3,
            "bon" | "tu" => 4,
            "nam" | "lam" | "nham" => 5,
            "sau" => 6,
            "bay" => 7,
            "tam" => 8,
            "chin" => 9,
            "linh" | "le" => {
                digit.is_none().then_some(())?;
                continue;
            }
            "muoi" => {
                (group % 100 == 0).then_some(())?;
                group += digit.take().unwrap_or(1) * 10;
                continue;
            }
            "tram" => {
                (group == 0).then_some(())?;
                group = digit.take()? * 100;
                continue;
            }
            "nghin" | "ngan" | "trieu" => {
                let size = if *word == "trieu" { 1_000_000 } else { 1000 };
                (section % (size * 1000) == 0).then_some(())?;
                section += (group + digit.take().unwrap_or(0)) * size;
                group = 0;
                continue;
            }
            "ty" | "ti" => {
                let all = billions.checked_add(section)?.checked_add(group + digit.take().unwrap_or(0))?;
                billions = all.checked_mul(BILLION).filter(|n| *n <= MOST)?;
                (section, group) = (0, 0);
                continue;
            }
            _ => return None,
        };
        (digit.is_none() && group % 10 == 0).then_some(())?;
        digit = Some(value);
    }
    let all = billions + section + group + digit.unwrap_or(0);
    (!words.is_empty()).then_some(all)
}

#[cfg(test)]
#[path = "../../tests/unit/normalise_in_words.rs"]
mod tests;
