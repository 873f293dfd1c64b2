//! A document as a list cites it ("Kế hoạch số 67 /KH-SKHCN ngày 31/12/2021 …") into its number, symbol and date.
//!
//! Numbers are written as Nghị định 30/2020/NĐ-CP has them: number, symbol of the kind, agency; official letters have no
//! kind, older and legal documents a year between.

use chrono::NaiveDate;

use super::text::tidy;

/// What a text says of the first document it names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    pub number: Option<u32>,
    /// What follows the number: `KH-SKHCN`, `SKHCN-VP`.
    pub symbol: Option<String>,
    pub date: Option<NaiveDate>,
}

impl Document {
    /// The symbol's first part, `KH` of `KH-SKHCN`, as the office wrote it.
    pub fn kind(&self) -> Option<&str> {
        self.symbol.as_deref()?.split('-').next()
    }
}

/// Reads number, symbol and date of the first document named.
pub fn document(text: &str) -> Document {
    let text: Vec<char> = tidy(text).chars().collect();
    let named = (0..text.len()).find_map(|at| numbered(&text, at));
    let (number, symbol, end) = match named {
        Some((number, symbol, end)) => (Some(number), Some(symbol), end),
        None => (None, None, 0),
    };
    Document { number, symbol, date: first_date(&text[end..]).or_else(|| first_date(&text)) }
}

/// The first date a text writes, `31/12/2021`, `ngày 31 tháng 12 năm 2021`.
pub fn date(text: &str) -> Option<NaiveDate> {
    first_date(&tidy(text).chars().collect::<Vec<_>>())
}

/// A number and its symbol that begin at a place, and where they end.
fn numbered(text: &[char], at: usize) -> Option<(u32, String, usize)> {
    let inside = |i: usize| i > 0 && (text[i - 1].is_alphanumeric() || text[i - 1] == '/');
    if inside(at) {
        return None;
    }
    let (number, after) = digits(text, at)?;
    let mut next = slash(text, after, &['/'])?;
    // 03/2023/QĐ-UBND
    if let Some((year, behind)) = digits(text, next)
        && (1900..2200).contains(&year)
        && let Some(behind) = slash(text, behind, &['/'])
    {
        next = behind;
    }
    let symbol: String = text[next..]
        .iter()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '–' | '&' | '.' | '/'))
        .map(|c| if *c == '–' { '-' } else { *c })
        .collect();
    let length = symbol.chars().count();
    let symbol = symbol.trim_matches(['.', '-', '/']);
    // "31/12/2021" is a date, "15/xã" a share.
    let first = symbol.chars().next()?;
    let named = first.is_uppercase() && symbol.chars().any(char::is_alphabetic);
    named.then(|| (number, symbol.to_owned(), next + length))
}

fn digits(text: &[char], at: usize) -> Option<(u32, usize)> {
    let end = at + text.get(at..)?.iter().take_while(|c| c.is_ascii_digit()).count();
    if end == at || end > at + 5 {
        return None;
    }
    let number: String = text[at..end].iter().collect();
    Some((number.parse().ok()?, end))
}

/// The place behind one of the marks, blanks around it passed over.
fn slash(text: &[char], at: usize, marks: &[char]) -> Option<usize> {
    let mark = behind_blanks(text, at);
    marks.contains(text.get(mark)?).then(|| behind_blanks(text, mark + 1))
}

fn first_date(text: &[char]) -> Option<NaiveDate> {
    (0..text.len()).find_map(|at| {
        let free = at == 0 || !(text[at - 1].is_ascii_digit() || text[at - 1] == '/');
        if free { date_at(text, at) } else { None }
    })
}

fn date_at(text: &[char], at: usize) -> Option<NaiveDate> {
    let marks = ['/', '.', '-'];
    let (day, next) = digits(text, at)?;
    let (month, next) = match slash(text, next, &marks) {
        Some(next) => digits(text, next)?,
        None => digits(text, word(text, next, "tháng")?)?,
    };
    let (year, next) = match slash(text, next, &marks) {
        Some(next) => digits(text, next)?,
        None => digits(text, word(text, next, "năm")?)?,
    };
    let ends = text.get(next).is_none_or(|c| !c.is_ascii_digit());
    if !ends || !(1900..2200).contains(&year) {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// The place behind a word, blanks around it passed over.
fn word(text: &[char], at: usize, word: &str) -> Option<usize> {
    let start = behind_blanks(text, at);
    let end = start + word.chars().count();
    let found_word: String = text.get(start..end)?.iter().collect();
    (found_word.to_lowercase() == word).then(|| behind_blanks(text, end))
}

fn behind_blanks(text: &[char], at: usize) -> usize {
    at + text[at..].iter().take_while(|c| **c == ' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read_as_offices_cite_them() {
        for (text, number, symbol, day) in [
            ("Kế hoạch số 67 /KH-SKHCN ngày 31/12/2021 của Sở KH&CN", 67, "KH-SKHCN", "2021-12-31"),
            ("Công văn số 108/SKHCN-VP ngày 08/02/2021 v/v góp ý", 108, "SKHCN-VP", "2021-02-08"),
            ("Quyết định số 03/2023/QĐ-UBND ngày 10 tháng 02 năm 2023", 3, "QĐ-UBND", "2023-02-10"),
            ("123/KH-UBND ngày 5.1.2022", 123, "KH-UBND", "2022-01-05"),
            (
                "Tờ trình số 85/TTr-SKH&CN ngày 17/11/2023 về Quyết định số 9/QĐ-TTg ngày 1/2/2020",
                85,
                "TTr-SKH&CN",
                "2023-11-17",
            ),
            ("Số 45/QĐ-SKHCN, ngày 02/3/2021", 45, "QĐ-SKHCN", "2021-03-02"),
        ] {
            let found = document(text);
            assert_eq!(found.number, Some(number), "{text}");
            assert_eq!(found.symbol.as_deref(), Some(symbol), "{text}");
            assert_eq!(found.date.map(|d| d.to_string()).as_deref(), Some(day), "{text}");
        }
        assert_eq!(document("Kế hoạch số 67 /KH-SKHCN").kind(), Some("KH"));
    }

    #[test]
    fn what_is_no_document_gives_none() {
        for text in ["Họp ngày 31/02/2021", "25/37 nhiệm vụ", "", "ngày", "5/"] {
            assert_eq!(document(text), Document::default(), "{text}");
        }
        let dated = document("Thông báo số 09 ngày 15/3/2023");
        assert_eq!((dated.number, dated.date.map(|d| d.to_string()).as_deref()), (None, Some("2023-03-15")));
    }
}
