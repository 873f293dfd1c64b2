//! Number format codes into how a cell looks, and whether its number is a day.

use std::sync::Arc;

use super::text::raised;
use crate::model::{self, Content, Struck};
use crate::normalise::figure::code_letters;

/// How a cell looks: its number format, what that makes of its number, its font.
#[derive(Debug, Clone, Default)]
pub(super) struct Look {
    pub(super) shows: Shows,
    pub(super) look: Option<Arc<model::Look>>,
}

/// A cell's look in the font that its own letters name, with what is struck out of them.
pub(super) fn of_letters(
    look: Option<Arc<model::Look>>,
    font: Option<Arc<str>>,
    letters_struck: bool,
) -> Option<Arc<model::Look>> {
    if font.is_none() && !letters_struck {
        return look;
    }
    let look = look.map(|l| model::Look::clone(&l)).unwrap_or_default();
    let struck = if letters_struck && look.struck == Struck::Nothing { Struck::Letters } else { look.struck };
    model::Look::with_struck(look.format, font.or(look.font), struck)
}

/// A cell's look in the number format that its value tells, where its style names none.
pub(super) fn in_format(look: Option<Arc<model::Look>>, format: Option<Arc<str>>) -> Option<Arc<model::Look>> {
    if format.is_none() || look.as_ref().is_some_and(|l| l.format.is_some()) {
        return look;
    }
    let look = look.map(|l| model::Look::clone(&l)).unwrap_or_default();
    model::Look::with_struck(format, look.font, look.struck)
}

/// What a number format makes of a number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Shows {
    #[default]
    Number,
    Date,
    /// Elapsed time (`[h]:mm`), which no calendar shifts.
    Duration,
}

impl Look {
    pub(super) fn new(code: Option<&str>, font: Option<&str>, struck: bool) -> Self {
        let code = code.filter(|c| !is_general(c)).map(|c| short(c, 255));
        Look {
            shows: code.map_or(Shows::Number, shows),
            look: model::Look::with_struck(
                code.map(Arc::from),
                font.map(|f| short(f, 64).into()),
                if struck { Struck::Whole } else { Struck::Nothing },
            ),
        }
    }
}

/// The code behind a number format that Excel never writes out.
pub(super) fn builtin(id: u32) -> Option<&'static str> {
    Some(match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 | 37 => "#,##0_);(#,##0)",
        6 | 38 => "#,##0_);[Red](#,##0)",
        7 | 39 => "#,##0.00_);(#,##0.00)",
        8 | 40 => "#,##0.00_);[Red](#,##0.00)",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        14 | 27..=31 | 36 | 50..=54 | 57 | 58 => "mm-dd-yy",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 | 32 => "h:mm",
        21 | 33 => "h:mm:ss",
        22 => "m/d/yy h:mm",
        34 | 35 | 55 | 56 => "yyyy-mm-dd",
        41 => r#"_(* #,##0_);_(* \(#,##0\);_(* "-"_);_(@_)"#,
        42 => r#"_("$"* #,##0_);_("$"* \(#,##0\);_("$"* "-"_);_(@_)"#,
        43 => r#"_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)"#,
        44 => r#"_("$"* #,##0.00_)_("$"* \(#,##0.00\)_("$"* "-"??_)_(@_)"#,
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mmss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => return None,
    })
}

/// The code behind a name that web pages and the XML of 2003 have for it.
pub(super) fn named(name: &str) -> &str {
    match name {
        "Percent" => "0.00%",
        "Fixed" => "0.00",
        "Standard" | "Currency" => "#,##0.00",
        "Scientific" => "0.00E+00",
        "Short Date" | "Medium Date" | "Long Date" | "General Date" => "dd/mm/yyyy",
        "Short Time" | "Medium Time" | "Long Time" => "h:mm",
        "General Number" => "General",
        other => other,
    }
}

/// A text as shown: what its author struck out is left out, and a raised digit, as that of a footnote, is no digit of a
/// figure (`12` with a raised 1 is `12¹`).
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Shared {
    pub(super) text: Arc<str>,
    /// The font of its longest run, where its runs name one.
    pub(super) font: Option<Arc<str>>,
    /// Whether letters of it are struck out.
    pub(super) struck: bool,
}

/// A font as binary workbooks list it.
#[derive(Debug, Clone, Default)]
pub(super) struct Font {
    pub(super) name: Arc<str>,
    pub(super) struck: bool,
    pub(super) raised: bool,
}

/// A text whose letters from each place on (in UTF-16) are in a font; those before the first are in the cell's.
pub(super) fn of_runs<'f>(text: &str, runs: &[(u16, u16)], font: impl Fn(u16) -> Option<&'f Font>) -> Shared {
    let Some((first, _)) = runs.first() else { return Shared { text: text.into(), ..Shared::default() } };
    let (mut shown, mut at) = (String::with_capacity(text.len()), 0);
    let mut letters = text.chars().peekable();
    let mut take = |until: usize| {
        let mut taken = String::new();
        while let Some(letter) = letters.next_if(|_| at < until) {
            at += letter.len_utf16();
            taken.push(letter);
        }
        taken
    };
    shown.push_str(&take(usize::from(*first)));
    let (mut longest, mut named, mut struck) = (usize::from(*first), None, false);
    for (i, (start, number)) in runs.iter().enumerate() {
        let end = runs.get(i + 1).map_or(usize::MAX, |r| usize::from(r.0));
        let letters = take(end);
        let length = letters.encode_utf16().count();
        let own = font(*number);
        if length > longest && usize::from(*start) < end {
            (longest, named) = (length, own.map(|f| f.name.clone()));
        }
        match own {
            Some(font) if font.struck => struck |= !letters.is_empty(),
            Some(font) if font.raised => shown.extend(letters.chars().map(raised)),
            _ => shown.push_str(&letters),
        }
    }
    Shared { text: shown.into(), font: named, struck }
}

/// A number as its format shows it; Macintosh workbooks count days from 1904.
pub(super) fn number_shown(number: f64, shows: Shows, from_1904: bool) -> Content {
    match shows {
        _ if !number.is_finite() => Content::Error("#NUM!".into()),
        Shows::Number => Content::Number(number),
        Shows::Date if from_1904 => Content::Date(number + 1462.0),
        Shows::Date | Shows::Duration => Content::Date(number),
    }
}

/// `2023-03-31T08:00:00` as a serial number of days.
pub(super) fn iso_day(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches('Z');
    let (day, time) = text.split_once('T').unwrap_or((text, "00:00:00"));
    let day: chrono::NaiveDate = day.parse().ok()?;
    let time: chrono::NaiveTime = time.parse().ok()?;
    let start = chrono::NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let seconds = (day.and_time(time) - start.and_hms_opt(0, 0, 0)?).num_seconds();
    // At most a few million days.
    #[allow(clippy::cast_precision_loss)]
    Some(seconds as f64 / 86_400.0)
}

fn is_general(code: &str) -> bool {
    code.is_empty() || code.eq_ignore_ascii_case("general") || code.eq_ignore_ascii_case("standard")
}

fn shows(code: &str) -> Shows {
    match code_letters(code) {
        letters if letters.contains('[') => Shows::Duration,
        letters if letters.contains(['d', 'm', 'y', 'h', 's']) => Shows::Date,
        _ => Shows::Number,
    }
}

/// At most so many bytes, whole letters.
fn short(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_binary_workbooks_are_struck_out_and_raised() {
        let fonts = [("a", false, false), ("b", true, false), ("c", false, true)].map(|(name, struck, raised)| Font {
            name: name.into(),
            struck,
            raised,
        });
        let of = |text, runs: &[(u16, u16)]| of_runs(text, runs, |n| fonts.get(usize::from(n)));
        assert_eq!(of("1234", &[]).text.as_ref(), "1234");
        assert_eq!(of("12341", &[(4, 2)]), Shared { text: "1234¹".into(), font: None, struck: false });
        assert_eq!(of("15 51", &[(0, 1), (3, 0)]), Shared { text: "51".into(), font: Some("b".into()), struck: true });
        assert_eq!(of("x", &[(7, 0), (3, 9)]).text.as_ref(), "x");
    }

    #[test]
    fn dates_are_told_from_figures() {
        for code in ["dd/mm/yyyy", "mm-dd-yy", "[$-42A]dd mmmm yyyy;@", "h:mm AM/PM", "d/m"] {
            assert_eq!(shows(code), Shows::Date, "{code}");
        }
        for code in ["0%", "#,##0\\ \"đồng\"", "[Red]0.0", "_-* #,##0\\ _₫_-", "General\" hs\"", "0;\"d\"", "@"] {
            assert_eq!(shows(code), Shows::Number, "{code}");
        }
        assert_eq!(shows("[h]:mm"), Shows::Duration);
    }
}
