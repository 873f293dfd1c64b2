//! A row of column numbers, `(1) (2) (3)=(4)+(5)+(6)` or `A B 1 2`, into the number of each column and the identities.

use super::identity::{self, Identity};
use super::strip::Line;

/// The numbers by sheet column, with what is printed of sums; `None` where the row is no numbering row.
pub fn numbering(line: &Line) -> Option<(Vec<(u32, u32)>, Vec<Identity>)> {
    let mut numbers: Vec<(u32, u32)> = Vec::new();
    let mut identities = Vec::new();
    let (mut letters, mut bracketed) = (0, 0);
    for cell in &line.cells {
        if let Some(x) = cell.number {
            // A bracketed (3) in a cell of its own may have been taken for −3.
            let whole = (x.fract() == 0.0 && x.abs() >= 1.0 && x.abs() < 100.0).then_some(x.abs() as u32)?;
            bracketed += usize::from(x < 0.0);
            numbers.push((cell.column, whole));
            continue;
        }
        let text: String = cell.text.chars().filter(|c| !c.is_whitespace()).collect();
        if text.is_empty() {
            continue;
        }
        let own = text.split('=').next().unwrap_or(&text);
        let bare = own.trim_matches(['(', ')', '[', ']']);
        if bare.len() == 1 && bare.bytes().all(|b| b.is_ascii_alphabetic()) && numbers.is_empty() {
            letters += 1;
            continue;
        }
        let number: u32 = bare.parse().ok().filter(|n| (1..100).contains(n))?;
        bracketed += usize::from(own.starts_with(['(', '[']) || text.contains('='));
        if text.contains('=') {
            identities.extend(identity::parse(&text));
        }
        numbers.push((cell.column, number));
    }
    let all_bracketed = bracketed * 2 > numbers.len();
    let mut steps = numbers.windows(2).map(|w| i64::from(w[1].1) - i64::from(w[0].1));
    let rises = steps.all(|step| step == 1 || (all_bracketed && (1..=4).contains(&step)));
    let enough = numbers.len() + letters >= 3 && numbers.len() >= 2;
    let starts = numbers.first().is_some_and(|(_, n)| *n <= 3);
    (enough && rises && starts).then_some((numbers, identities))
}
