//! All figure texts of a sheet into what they prove about its "." and ",".

use super::number::{Meaning, split_off};
use super::text::tidy;

/// Bytes of the longest text that may prove anything.
const LONGEST: usize = 1_000;

/// How a sheet writes its numbers, as far as they prove it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Style {
    pub decimal: Option<char>,
    pub thousands: Option<char>,
    /// The text that proved it, as typed: to be shown with what was decided by it.
    pub proof: Option<String>,
    /// Two texts prove opposite habits, so nothing is decided; the second one.
    pub against: Option<String>,
}

impl Style {
    /// Whether this mark parts thousands; `None` where the sheet does not say.
    #[must_use]
    pub fn parts_thousands(&self, mark: char) -> Option<bool> {
        if self.decimal.is_some_and(|d| d == mark) {
            Some(false)
        } else if self.decimal.is_some() || self.thousands.is_some() {
            Some(true)
        } else {
            None
        }
    }
}

/// Gathers the proofs: `7.877,926` and `67,5` prove a decimal comma, `1.234.567` dots between thousands, and so a
/// decimal comma.
#[must_use]
pub fn prove<'a>(texts: impl Iterator<Item = &'a str>) -> Style {
    let mut style = Style::default();
    for text in texts {
        let Some(decimal) = proven_decimal(text) else {
            continue;
        };
        match style.decimal {
            None => {
                style.decimal = Some(decimal);
                style.thousands = Some(other(decimal));
                style.proof = Some(tidy(text));
            }
            Some(known) if known != decimal => {
                return Style { decimal: None, thousands: None, proof: style.proof, against: Some(tidy(text)) };
            }
            Some(_) => {}
        }
    }
    style
}

const fn other(mark: char) -> char {
    if mark == '.' { ',' } else { '.' }
}

fn proven_decimal(text: &str) -> Option<char> {
    if text.len() > LONGEST || !text.contains(['.', ',']) {
        return None;
    }
    let text = tidy(text);
    let text = text.trim_start_matches(['-', '–', '−', '+', '(', '\'', ' ']);
    let (written, rest) = split_off(text)?;
    // A date, a fraction, a code with a letter prove nothing.
    if rest.starts_with(['/', '-', '–'])
        || rest.trim_end_matches(['.', ')', ' ']).ends_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    match written.meaning()? {
        Meaning::One { decimal: Some(decimal), .. } => Some(decimal),
        Meaning::One { thousands: Some(thousands), .. } => Some(other(thousands)),
        Meaning::One { .. } | Meaning::Two { .. } => None,
    }
}
