//! What a paper prints of its own sums and quotients: its numbering row and its labels (`(3)=(4)+(5)`, `1=2+3+...+7`,
//! `(02=03+04)`, `(5)=(4)/(1)`).

use std::borrow::Cow;

use crate::normalise::code;

/// A number of a column, in brackets; one with an identity is longer.
const LONGEST: usize = 12;

/// What a numbering row says in one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The printed number or letter: `3`, `A`.
    pub id: String,
    pub number: Option<u32>,
    /// All that is printed, where it says more than the number.
    pub identity: Option<String>,
}

/// One side of an identity, of numbers and codes as they are printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Side<T = String> {
    /// Σ ± terms.
    Sum(Vec<(T, i8)>),
    /// Σ ± terms over Σ ± terms, in percent or not.
    Quotient { top: Vec<(T, i8)>, bottom: Vec<(T, i8)>, percent: bool },
}

/// Reads a cell of a numbering row.
pub fn token(text: &str) -> Option<Token> {
    // Most texts begin as no number of a column does.
    let may_begin = |c: char| c.is_ascii_alphanumeric() || matches!(c, '(' | '[');
    if !text.trim_start().starts_with(may_begin) {
        return None;
    }
    let text = without_blanks(text);
    if text.len() > 120 || text.len() > LONGEST && !text.contains('=') {
        return None;
    }
    let own = text.split('=').next().unwrap_or_default();
    let bare = own.trim_start_matches(['(', '[']).trim_end_matches([')', ']']);
    let number = bare.parse::<u32>().ok().filter(|n| (1..=300).contains(n));
    let letter = bare.len() == 1 && bare.chars().all(|c| c.is_ascii_alphabetic());
    let identity = text.contains('=').then(|| text.to_string());
    if identity.is_some() && sides(&text).is_empty() {
        return None;
    }
    (number.is_some() || letter).then(|| Token { id: bare.to_owned(), number, identity })
}

fn without_blanks(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_whitespace) { text.split_whitespace().collect::<String>().into() } else { text.into() }
}

/// Whether a cell behind the first one may stand in a row that numbers the columns.
pub fn may_number(text: &str) -> bool {
    token(text).is_some() || code::roman(text.trim()).is_some()
}

/// Whether the cells of a row, as tokens and as texts, number the columns: numbers that go up by one, letters before them.
pub fn is_row(tokens: &[Option<Token>], texts: &[impl AsRef<str>]) -> bool {
    // "MS", "STT" may stand in place of the first.
    let rest = match tokens.first() {
        Some(None) if texts[0].as_ref().chars().count() <= 8 => &tokens[1..],
        _ => tokens,
    };
    if rest.is_empty() || rest.iter().any(Option::is_none) {
        return is_roman(texts);
    }
    let numbers: Vec<u32> = rest.iter().flatten().filter_map(|t| t.number).collect();
    let letters = rest.iter().flatten().filter(|t| t.number.is_none()).count() + (tokens.len() - rest.len());
    let identities = rest.iter().flatten().any(|t| t.identity.is_some());
    let steps = numbers.windows(2).filter(|w| w[1] == w[0] + 1).count();
    let rises = numbers.windows(2).all(|w| w[1] > w[0]);
    // Of a form's further table the numbers run on: "A B 8 9 10".
    let runs_on = tokens.iter().flatten().any(|t| t.number.is_none()) && steps + 1 == numbers.len() && steps >= 2;
    let begins = numbers.first().is_some_and(|n| *n <= 4) || runs_on;
    let enough = numbers.len() >= 3
        || (numbers.len() == 2 && (letters > 0 || identities || numbers[0] == 1))
        || (numbers.len() == 1 && letters > 0);
    enough && rises && begins && (steps + 1) * 10 >= numbers.len() * 7
}

/// I, II, III, IV.
fn is_roman(texts: &[impl AsRef<str>]) -> bool {
    texts.len() >= 3 && texts.iter().enumerate().all(|(i, t)| code::roman(t.as_ref().trim()) == Some(i as u32 + 1))
}

/// The sides of what is printed as an identity, without the figure's own number: of `9=11+12=14+15` two. A range `2+3+...+7`
/// is written out.
pub fn sides(text: &str) -> Vec<Side> {
    let mut parts = text.split('=');
    parts.next();
    parts.filter_map(side).collect()
}

/// The identity that a label prints in brackets: `(02=03+04)`, `(1+2+3)`; its own code where it is printed.
pub fn in_label(label: &str) -> Option<(Option<String>, Vec<Side>)> {
    let mut found = None;
    for (open, _) in label.match_indices('(') {
        let inside = label[open + 1..].split(')').next().unwrap_or_default();
        let compact: String = inside.chars().filter(|c| !c.is_whitespace()).collect();
        if compact.len() > 80 || !compact.bytes().any(|b| b.is_ascii_digit() || matches!(b, b'I' | b'V')) {
            continue;
        }
        let (own, sums) = match compact.split_once('=') {
            Some((own, _)) => (Some(own.to_owned()).filter(|o| !o.is_empty()), sides(&compact)),
            None => (
                None,
                side(&compact).filter(|s| !matches!(s, Side::Sum(terms) if terms.len() < 2)).into_iter().collect(),
            ),
        };
        let is_reference = |own: &String| is_reference(own);
        if !sums.is_empty() && own.as_ref().is_none_or(is_reference) {
            found = Some((own, sums));
        }
    }
    found
}

fn side(text: &str) -> Option<Side> {
    let mut text = text.replace(['−', '–'], "-").replace('×', "*").replace('÷', "/");
    let mut percent = false;
    for factor in ["*100%", "x100%", "*100", "x100", "%"] {
        if let Some(own) = text.strip_suffix(factor) {
            percent = true;
            text = own.to_owned();
            break;
        }
    }
    let text = without_brackets(&text);
    if let Some(at) = outside_brackets(text, &['/', ':']) {
        let (top, bottom) = (sum(without_brackets(&text[..at]))?, sum(without_brackets(&text[at + 1..]))?);
        return Some(Side::Quotient { top, bottom, percent });
    }
    sum(text).map(Side::Sum)
}

/// `(4)+(5)-6`, `2+3+...+7`.
fn sum(text: &str) -> Option<Vec<(String, i8)>> {
    let mut terms: Vec<(String, i8)> = Vec::new();
    let (mut sign, mut own, mut range) = (1i8, String::new(), false);
    let mut push = |own: &mut String, sign: i8, range: &mut bool| -> Option<()> {
        let name = std::mem::take(own);
        if name.chars().all(|c| matches!(c, '.' | '…')) && !name.is_empty() {
            *range = true;
            return Some(());
        }
        if !is_reference(&name) {
            return None;
        }
        if std::mem::take(range) {
            let from = terms.last()?.0.parse::<u32>().ok()?;
            let to = name.parse::<u32>().ok().filter(|to| *to > from && to - from < 200)?;
            terms.extend((from + 1..=to).map(|n| (n.to_string(), sign)));
        } else {
            terms.push((name.trim_end_matches('.').to_owned(), sign));
        }
        Some(())
    };
    for c in text.chars() {
        match c {
            '+' | '-' => {
                if !own.is_empty() {
                    push(&mut own, sign, &mut range)?;
                }
                sign = if c == '+' { 1 } else { -1 };
            }
            '(' | ')' | '[' | ']' => {}
            c => own.push(c),
        }
    }
    push(&mut own, sign, &mut range)?;
    (!terms.is_empty()).then_some(terms)
}

/// A column's number or a line's code.
fn is_reference(name: &str) -> bool {
    let name = name.trim_start_matches(['(', '[']).trim_end_matches([')', ']', '.']);
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '.') && (1..=10).contains(&name.len());
    plain
        && (name.bytes().any(|b| b.is_ascii_digit()) || code::roman(name).is_some() || name.len() == 1)
        && name.chars().next().is_none_or(|c| c != '.')
}

fn without_brackets(text: &str) -> &str {
    let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    match inner {
        // `(4)/(1)` has brackets at both ends that are no pair.
        Some(inner) if inner.contains(['+', '-', '/', ':']) && closes_last(text) => inner,
        _ => text,
    }
}

fn closes_last(text: &str) -> bool {
    let mut depth = 0i32;
    for (at, c) in text.char_indices() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 && at + 1 < text.len() {
            return false;
        }
    }
    true
}

fn outside_brackets(text: &str, marks: &[char]) -> Option<usize> {
    let mut depth = 0i32;
    for (at, c) in text.char_indices() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 && marks.contains(&c) {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(side: &Side) -> String {
        let sum = |terms: &[(String, i8)]| {
            terms.iter().map(|(t, s)| format!("{}{t}", if *s < 0 { "-" } else { "+" })).collect::<String>()
        };
        match side {
            Side::Sum(terms) => sum(terms),
            Side::Quotient { top, bottom, percent } => {
                format!("{} / {}{}", sum(top), sum(bottom), if *percent { " %" } else { "" })
            }
        }
    }

    #[test]
    fn printed_identities_are_read() {
        let all = |text: &str| sides(text).iter().map(spelled).collect::<Vec<_>>();
        assert_eq!(all("(3)=(4)+(5)+(6)"), ["+4+5+6"]);
        assert_eq!(all("1=2+3+...+7"), ["+2+3+4+5+6+7"]);
        assert_eq!(all("9=11+12+13=14+15+16+17=18+22"), ["+11+12+13", "+14+15+16+17", "+18+22"]);
        assert_eq!(all("(6)=(1)-(4)"), ["+1-4"]);
        assert_eq!(all("(5)=(4)/(1)"), ["+4 / +1"]);
        assert_eq!(all("(5)=(4):(1)*100"), ["+4 / +1 %"]);
        assert_eq!(all("7=(5+6)/4x100%"), ["+5+6 / +4 %"]);
        assert!(all("(5)").is_empty());
    }

    #[test]
    fn labels_print_identities_too() {
        let of = |label: &str| in_label(label).map(|(own, sides)| (own, sides.iter().map(spelled).collect::<Vec<_>>()));
        assert_eq!(of("Giá trị sản phẩm trồng trọt (02=03+04)"), Some((Some("02".into()), vec!["+03+04".into()])));
        assert_eq!(of("trên 1 ha (11=01:06)"), Some((Some("11".into()), vec!["+01 / +06".into()])));
        assert_eq!(of("Tổng diện tích đất (1+2+3)"), Some((None, vec!["+1+2+3".into()])));
        assert_eq!(of("Số lượt khám (Trẻ em <15 tuổi)"), None);
        assert_eq!(of("Số cuộc kết hôn (Cặp)"), None);
        assert_eq!(of("Dân số từ 15 (tuổi)"), None);
    }

    #[test]
    fn numbering_rows_are_known() {
        let is = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|t| (*t).to_owned()).collect();
            is_row(&texts.iter().map(|t| token(t)).collect::<Vec<_>>(), &texts)
        };
        assert!(is(&["1", "2", "3"]));
        assert!(is(&["A", "B", "C", "1"]));
        assert!(is(&["MS", "1=2+3+...+7", "2", "3"]));
        assert!(is(&["(1)", "(2)", "(3)", "(6)=(4)-(5)"]) || !is(&["(1)", "(9)"]));
        assert!(is(&["I", "II", "III"]));
        assert!(!is(&["1", "Đất đai", "27", "12"]));
        assert!(!is(&["76", "67", "9", "2"]));
        assert!(!is(&["1", "5", "9"]));
    }
}
