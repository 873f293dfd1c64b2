//! A formula's references counted by row and column (`R[-2]C`) into letters and digits (`C3`).

use super::super::limits::ROWS;
use crate::model::address::letters;

/// The formula as it reads in the cell at a row and column.
pub(super) fn in_letters(formula: &str, row: u32, column: u32) -> String {
    let mut plain = String::with_capacity(formula.len());
    let mut rest = formula;
    while let Some(letter) = rest.chars().next() {
        let quoted = |quote: char| rest[1..].find(quote).map_or(rest.len(), |end| end + 2);
        let after_name = plain.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
        let length = match letter {
            '"' | '\'' => quoted(letter),
            'R' | 'C' if !after_name => match reference(rest, row, column) {
                Some((spelled, length)) => {
                    plain.push_str(&spelled);
                    rest = &rest[length..];
                    continue;
                }
                None => 1,
            },
            _ => letter.len_utf8(),
        };
        plain.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    plain
}

/// The reference a formula goes on with, in letters, and how long it was.
fn reference(text: &str, row: u32, column: u32) -> Option<(String, usize)> {
    let (down, after_row) = match text.strip_prefix('R') {
        Some(rest) => step(rest, row, text.len() - rest.len())?,
        None => return None,
    };
    let (across, end) = step(text[after_row..].strip_prefix('C')?, column, after_row + 1)?;
    let next = text[end..].chars().next();
    if next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '(' | '.')) {
        return None;
    }
    Some((format!("{}{down}", letters(u32::try_from(across - 1).ok()?)), end))
}

/// `[-2]`, `5` or nothing after an R or C, as a number counted from 1, and where it ends.
fn step(text: &str, own: u32, at: usize) -> Option<(i64, usize)> {
    if let Some(inner) = text.strip_prefix('[') {
        let (number, _) = inner.split_once(']')?;
        let place = i64::from(own) + number.parse::<i32>().map(i64::from).ok()? + 1;
        return (place > 0).then_some((place, at + number.len() + 2));
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return Some((i64::from(own) + 1, at));
    }
    let place: i64 = text[..digits].parse().ok().filter(|p| *p > 0 && *p <= i64::from(ROWS))?;
    Some((place, at + digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_spelled_in_letters() {
        for (typed, spelled) in [
            ("RC", "C5"),
            ("R[1]C[-1]", "B6"),
            ("R1C28&\"RC\"", "AB1&\"RC\""),
            ("'R C'!R2C2", "'R C'!B2"),
            ("COUNT(R[-1]C)", "COUNT(C4)"),
            ("RATE_C", "RATE_C"),
            ("R[-9]C", "R[-9]C"),
            ("ROUND(RC,0)", "ROUND(C5,0)"),
        ] {
            assert_eq!(in_letters(typed, 4, 2), spelled, "{typed}");
        }
    }
}
