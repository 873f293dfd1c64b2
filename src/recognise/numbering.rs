//! The row of printed numbers under a header's captions into the number of each column.

use super::paper::{PaperCell, PaperRow};
use super::seen::Seen;

/// What a text in a numbering row prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Printed {
    Nothing,
    Letter,
    Number {
        number: u32,
        bracketed: bool,
    },
    /// Something that no numbering row has.
    Words,
}

fn printed(seen: &Seen) -> Printed {
    // "Cột 3" numbers a column as "(3)" does.
    let text = if seen.key.starts_with("cot ") {
        seen.text.split_once(' ').map_or("", |(_, number)| number)
    } else {
        &*seen.text
    };
    let text: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '¹' | '²' | '³' | '*')).collect();
    if text.is_empty() {
        return Printed::Nothing;
    }
    let (own, is_identity) = text.split_once('=').map_or((&*text, false), |(own, _)| (own, true));
    let bare = own.trim_matches(['(', ')', '[', ']']);
    if bare.len() == 1 && bare.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Printed::Letter;
    }
    let bracketed = is_identity || own.starts_with(['(', '[']);
    bare.parse().map_or(Printed::Words, |number| Printed::Number { number, bracketed })
}

/// What a numbering row prints: each column's number, and how many columns before them have letters.
#[derive(Debug, Default)]
pub struct Numbering {
    pub numbers: Vec<(u32, u32)>,
    pub letters: u32,
}

/// The numbers of a numbering row by column: `(1) (2) (3)=(4)+(5)+(6)`, `1 2 3`, `A B 1 2`. A bracketed row may have
/// gaps, where a column was taken out.
pub fn numbering(row: &PaperRow) -> Option<Numbering> {
    let print = |c: &PaperCell| *c.facts.printed.get_or_init(|| printed(c));
    if row.cells.iter().any(|c| print(c) == Printed::Words) {
        return None;
    }
    let mut numbers: Vec<(u32, u32)> = Vec::with_capacity(row.cells.len());
    let (mut letters, mut bracketed) = (0, 0);
    for cell in &row.cells {
        if let Some(x) = cell.number {
            numbers.push((cell.column, whole(x)?));
            continue;
        }
        match print(cell) {
            Printed::Nothing => {}
            Printed::Letter if numbers.is_empty() => letters += 1,
            Printed::Number { number, bracketed: b } => {
                bracketed += usize::from(b);
                numbers.push((cell.column, number));
            }
            Printed::Letter | Printed::Words => return None,
        }
    }
    // A mark far right of the table is no part of the row.
    let strays = numbers.len() > 4
        && numbers
            .last()
            .zip(numbers.iter().nth_back(1))
            .is_some_and(|(last, before)| last.0 > before.0 + 2 && last.1 != before.1 + 1);
    numbers.truncate(numbers.len() - usize::from(strays));
    // A bracketed (3) in a cell of its own may have been taken for −3.
    let steps = numbers.windows(2).map(|w| i64::from(w[1].1) - i64::from(w[0].1));
    let all_bracketed = bracketed * 2 > numbers.len();
    let first = numbers.first()?.1;
    // 1 under STT and 2 under the label: no row of figures has a number for a label.
    let labelled = letters > 0 || (numbers.len() > 3 && first == 1 && numbers[1] == (numbers[0].0 + 1, 2));
    let rises = steps.clone().all(|step| step == 1 || ((all_bracketed || labelled) && (1..=4).contains(&step)));
    let enough = numbers.len() + letters >= 3 && numbers.len() >= 2;
    (enough && rises && first <= 3).then_some(Numbering { numbers, letters: letters as u32 })
}

fn whole(x: f64) -> Option<u32> {
    let n = x.abs();
    (n.fract() == 0.0 && n < 100.0).then_some(n as u32)
}
