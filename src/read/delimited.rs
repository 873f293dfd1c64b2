//! A text with one row a line (.csv, or a table pasted as text) into a `Workbook` of one sheet.

use super::collect::Collector;
use super::limits::{Budget, COLUMNS, Limit, ROWS};
use super::refusal::{Foreign, Refusal};
use crate::model::{Cell, Content, Workbook};

/// Reads the text if it holds at least two rows of the same two columns or more.
pub(super) fn read(text: &str) -> Result<Workbook, Refusal> {
    let sign = sign(text).ok_or(Refusal::NotAWorkbook(Foreign::Text))?;
    let mut budget = Budget::default();
    let mut sheet = Collector::new("CSV", false, &mut budget);
    let mut letters = text.chars().peekable();
    let (mut row, mut column, mut field, mut quoted) = (0, 0, String::new(), false);
    loop {
        let letter = letters.next();
        match letter {
            Some('"') if quoted && letters.peek() == Some(&'"') => field.extend(letters.next()),
            Some('"') if quoted || field.is_empty() => quoted = !quoted,
            Some('\r') if !quoted && letters.peek() == Some(&'\n') => {}
            Some(other) if quoted || (other != sign && other != '\n') => field.push(other),
            _ => {
                let content = Content::Text(field.as_str().into());
                field.clear();
                sheet.push(Cell { row, column, content, formula: None, look: None })?;
                (row, column) = if letter == Some(sign) { (row, column + 1) } else { (row + 1, 0) };
                if row >= ROWS || column >= COLUMNS {
                    return Err(Refusal::TooLarge(Limit::Cells));
                }
            }
        }
        if letter.is_none() {
            return Ok(Workbook { sheets: vec![sheet.finish()], remarks: Vec::new(), ..Workbook::default() });
        }
    }
}

/// The sign between fields: the one that two lines in a row hold equally often.
fn sign(text: &str) -> Option<char> {
    let start = &text[..text.floor_char_boundary(16 << 10)];
    if start.chars().any(|c| c.is_control() && !c.is_whitespace()) {
        return None;
    }
    let counts = |sign: char| {
        let bare = |line: &str| line.split('"').step_by(2).map(|part| part.matches(sign).count()).sum();
        let lines: Vec<usize> = start.lines().map(bare).collect();
        lines.windows(2).filter(|pair| pair[0] > 0 && pair[0] == pair[1]).count()
    };
    let best = ['\t', ';', ','].into_iter().max_by_key(|&sign| counts(sign))?;
    (counts(best) > 0).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_parted_by_the_sign_that_repeats() {
        let sheet = read("STT;Tên;Số\r\n1;\"Sở Y tế; \"\"A\"\"\";1,5\r\n").unwrap().sheets.remove(0);
        let shown: Vec<_> = sheet.cells.iter().map(|c| (c.row, c.column, c.text().unwrap())).collect();
        let second = [(1, 0, "1"), (1, 1, "Sở Y tế; \"A\""), (1, 2, "1,5")];
        assert_eq!(shown[3..], second);
        assert!(read("Kính gửi: Sở Y tế,\nđề nghị gửi báo cáo").is_err());
        assert!(read("\u{1}\u{2};\n\u{1};\n").is_err());
    }
}
