//! Reads the province's name off the letterheads of a workbook: “UBND TỈNH LẠNG SƠN”, “Sở Nội vụ tỉnh Lạng Sơn”.

use std::sync::Arc;

use crate::model::{Content, Workbook};
use crate::normalise::memo::Memo;

/// Rows at the head of a sheet that a letterhead may take.
const HEAD: u32 = 10;
/// Words of a province's name: “Huế” is none of ours, “Bà Rịa - Vũng Tàu” the longest.
const WORDS: std::ops::RangeInclusive<usize> = 2..=5;

thread_local! {
    static NAMED: Memo<Option<Arc<str>>> = Memo::default();
}

/// `UBND tỉnh Lạng Sơn`; none where no sheet names one, or sheets differ.
#[must_use]
pub fn province(workbook: &Workbook) -> Option<String> {
    let visible = workbook.sheets.iter().filter(|s| !s.hidden);
    let cells = visible.flat_map(|s| s.cells.iter().take_while(|c| c.row < HEAD));
    let mut named = cells.filter_map(|cell| match &cell.content {
        Content::Text(text) => NAMED.with(|known| known.get(text, || of_text(text))),
        _ => None,
    });
    let first = named.next()?;
    named.all(|other| other == first).then(|| format!("UBND tỉnh {first}"))
}

fn of_text(text: &str) -> Option<Arc<str>> {
    text.lines().find_map(of_line).map(Arc::from)
}

/// The name after the word “tỉnh”, where it ends the line. In a line of capitals every word looks like a name's, so
/// that only the line of the people's committee itself is believed.
fn of_line(line: &str) -> Option<String> {
    // Nearly every line is passed over here: titles differ from file to file, and none is remembered.
    if !line.contains(['ỉ', 'Ỉ']) {
        return None;
    }
    let line = line.trim().trim_end_matches(['.', ',', ';', ':', ')']);
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words.iter().rposition(|w| w.to_lowercase() == "tỉnh")?;
    let name = &words[at + 1..];
    let capital = |w: &&str| *w == "-" || (w.chars().all(char::is_alphabetic) && w.starts_with(char::is_uppercase));
    let shouted = !line.chars().any(char::is_lowercase);
    let committee = words[..at].join(" ").to_lowercase();
    let letterhead = matches!(committee.as_str(), "ubnd" | "ủy ban nhân dân" | "uỷ ban nhân dân");
    if !WORDS.contains(&name.len()) || !name.iter().all(capital) || (shouted && !letterhead) {
        return None;
    }
    let spelled = name.iter().map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_uppercase().to_string());
        format!("{}{}", first.unwrap_or_default(), letters.as_str().to_lowercase())
    });
    Some(spelled.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::of_line;

    #[test]
    fn the_name_is_read_where_the_line_names_it() {
        let named = |line: &str| of_line(line);
        assert_eq!(named("UBND TỈNH LẠNG SƠN").as_deref(), Some("Lạng Sơn"));
        assert_eq!(named("- Đơn vị báo cáo: Sở Công Thương tỉnh Quảng Minh.").as_deref(), Some("Quảng Minh"));
        assert_eq!(named("UBND tỉnh Bà Rịa - Vũng Tàu").as_deref(), Some("Bà Rịa - Vũng Tàu"));
        for none in [
            "- Đơn vị nhận báo cáo: UBND tỉnh.",
            "KẾT QUẢ CỦA CÁC SỞ, NGÀNH TỈNH NĂM 2023",
            "Số TTHC do cấp tỉnh công bố",
            "TÌNH HÌNH GIẢI QUYẾT TTHC TẠI SỞ KH&CN TỈNH LẠNG SƠN QUÝ I",
        ] {
            assert_eq!(named(none), None, "{none}");
        }
    }
}
