//! The rows above a table into the words that may say whose and of when it is, and a workbook's letterheads into its
//! province.

use super::lexicon::Lexicon;
use super::page::{PageCell, PageRow, Text};
use super::units::{self, Named};
use crate::model::{Content, Workbook};
use crate::normalise::period::Mention;

/// A longer text is prose, not a title.
const LONGEST_TITLE: usize = 300;

/// The rows that may name the table below them: of a document, those at its head and those just above the table.
pub fn titles(rows: &[PageRow]) -> impl Iterator<Item = &PageRow> {
    let first = rows.iter().position(|r| r.prose).unwrap_or(rows.len());
    let last = rows.iter().rposition(|r| r.prose).map_or(first, |i| i + 1);
    rows[..first].iter().chain(&rows[last..])
}

/// A cell's words, or each of its lines where they are statements of their own.
pub fn statements(cell: &PageCell) -> impl Iterator<Item = &Text> {
    cell.statements.is_empty().then_some(&*cell.wording).into_iter().chain(cell.statements.iter().map(|s| &**s))
}

/// What a title tells, wherever it stands.
#[derive(Debug)]
pub struct Title {
    pub whose: Whose,
    pub period: Option<Mention>,
}

/// Whom a title names.
#[derive(Debug)]
pub enum Whose {
    Nobody,
    /// After "Đơn vị báo cáo:".
    Led(Named),
    /// A listed unit; `inner` by the name of an office that many units have.
    Listed {
        named: Named,
        inner: bool,
    },
    /// Whoever asks for the report, or sent a letter with it: never the unit, but its name may be spelled better here.
    Cited(String),
    /// A name by its looks, where there is no list: in a sentence, or alone as letterheads have it.
    InTitle(String),
    Letterhead(String),
}

impl Text {
    /// What it tells as a title; nothing if it is longer than any.
    pub fn title(&self, lexicon: &Lexicon) -> Option<&Title> {
        let is_short = || self.text.len() < LONGEST_TITLE || self.text.chars().count() < LONGEST_TITLE;
        let short = !self.key.is_empty() && is_short();
        let tell = || Title { whose: self.whose(lexicon), period: self.period().cloned() };
        short.then(|| self.facts.title.get_or_init(tell))
    }

    fn whose(&self, lexicon: &Lexicon) -> Whose {
        if let Some(named) = units::after_lead(&self.text, &self.key, lexicon) {
            return Whose::Led(named);
        }
        if speaks_of(&self.key, &lexicon.receivers) || is_in_list(&self.text) {
            return Whose::Nobody;
        }
        // "(Kèm theo Công văn số … của Sở Nội vụ)": the unit that asks for the report, not the one that sends it.
        if speaks_of(&self.key, &lexicon.cited) {
            return units::in_title(&self.text, lexicon).map_or(Whose::Nobody, Whose::Cited);
        }
        if let Some(named) = self.unit(lexicon) {
            let inner = lexicon.inner_units.iter().any(|unit| **unit == *self.key);
            return Whose::Listed { named: named.clone(), inner };
        }
        if !lexicon.units.is_empty() {
            return Whose::Nobody;
        }
        if let Some(name) = units::in_title(&self.text, lexicon) {
            return Whose::InTitle(name);
        }
        units::letterhead(&self.text, &self.key, lexicon).map_or(Whose::Nobody, Whose::Letterhead)
    }

    /// The listed unit that it names.
    pub fn unit(&self, lexicon: &Lexicon) -> Option<&Named> {
        let listed = || units::listed(&self.text, &self.key, lexicon);
        self.facts.unit.get_or_init(listed).as_ref()
    }
}

/// "- Sở Nội vụ;" under "Nơi nhận" names a receiver.
fn is_in_list(text: &str) -> bool {
    text.starts_with(['-', '–', '+']) && text.ends_with([';', '.', ')'])
}

/// Whether a title speaks of a receiver, or of a letter that may be anybody's.
fn speaks_of(key: &str, words: &[String]) -> bool {
    words.iter().any(|w| key.contains(&**w))
}

/// Rows at the head of a sheet that a letterhead may take.
const HEAD: u32 = 10;
/// Words of a province's name: “Huế” is none of ours, “Bà Rịa - Vũng Tàu” the longest.
const WORDS: std::ops::RangeInclusive<usize> = 2..=5;

/// `UBND tỉnh Lạng Sơn`; none where no sheet names one, or sheets differ.
pub fn province(workbook: &Workbook) -> Option<String> {
    let cells = workbook.sheets.iter().filter(|s| !s.hidden).flat_map(|s| s.cells.iter().take_while(|c| c.row < HEAD));
    let mut named = cells.filter_map(|cell| match &cell.content {
        Content::Text(text) => of_text(text),
        _ => None,
    });
    let first = named.next()?;
    named.all(|other| other == first).then(|| format!("UBND tỉnh {first}"))
}

fn of_text(text: &str) -> Option<String> {
    // Nearly every text is passed over here: titles differ from file to file, and none is remembered.
    (text.contains("ỉ") || text.contains("Ỉ")).then(|| text.lines().find_map(of_line))?
}

/// The name after the word “tỉnh”, where it ends the line. In a line of capitals every word looks like a name's, so
/// that only the line of the people's committee itself is believed.
fn of_line(line: &str) -> Option<String> {
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
