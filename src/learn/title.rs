//! The texts above a table into the form's code, title, legal basis and the table's own title and measure.

use super::shape::Title;
use crate::model::Address;
use crate::normalise::code::{self, Part};
use crate::normalise::text::{key, says};

/// What stands above a table.
#[derive(Debug, Clone, Default)]
pub struct Heading {
    pub sheet: String,
    /// `Biểu số II.06a/VPCP/KSTT`.
    pub code: Option<String>,
    pub title: String,
    pub legal_basis: String,
    /// `Đơn vị tính: Số hồ sơ`.
    pub measure: String,
    /// `I`, where the table is headed `I. …`.
    pub table_id: Option<String>,
    pub table_title: String,
}

/// How a form's code is introduced, and what its id begins with.
const CODES: [(&str, &str); 10] = [
    ("Biểu mẫu số", "BM"),
    ("Biểu mẫu", "BM"),
    ("Mẫu biểu số", "MB"),
    ("Mẫu biểu", "MB"),
    ("Biểu số", "B"),
    ("Mẫu số", "M"),
    ("Mẫu", "M"),
    ("Phụ lục số", "PL"),
    ("Phụ lục", "PL"),
    ("Biểu", "B"),
];
/// Letters of a table's title; a longer text is none.
const LONGEST_TITLE: usize = 200;
/// Acts that make a form binding; a report that a form is sent with does not.
const ACTS: [&str; 7] = ["thong tu", "nghi dinh", "quyet dinh", "cong van", "nghi quyet", "luat", "ke hoach"];
/// What a title block holds besides the title.
const NO_TITLE: [&str; 24] = [
    "don vi",
    "co quan",
    "ky bao cao",
    "tu ngay",
    "phu luc",
    "ban hanh kem theo",
    "kem theo",
    "cong hoa xa hoi",
    "doc lap",
    "uy ban nhan dan",
    "ubnd",
    "so ",
    "ngay nhan",
    "quy ",
    "thang ",
    "nam 2",
    "tai so",
    "cua so",
    "noi nhan",
    "nguoi",
    "dvt",
    "ngay ",
    "so lieu tinh den",
    "6 thang",
];

/// Reads the texts above a table.
pub fn heading(titles: &[Title], sheet: &str) -> Heading {
    let mut heading = Heading { sheet: sheet.to_owned(), ..Heading::default() };
    // Beside the country's name and motto stands whose the sheet is (Nghị định 30/2020/NĐ-CP), not what it is.
    let motto = |text: &str| ["cong hoa xa hoi", "doc lap tu do"].iter().any(|w| key(text).starts_with(w));
    let mottos: Vec<Address> = titles.iter().filter(|title| motto(&title.text)).map(|title| title.at).collect();
    let is_letterhead = |at: Address| mottos.iter().any(|m| m.row == at.row && at.column < m.column);
    for Title { text, .. } in titles.iter().filter(|title| !is_letterhead(title.at)) {
        let said = key(text);
        if heading.code.is_none()
            && let Some((code, rest)) = code_of(text)
        {
            heading.code = Some(code);
            heading.title = without_period(&rest).to_owned();
        } else if is_measure(&said) {
            text.trim_end_matches('.').clone_into(&mut heading.measure);
        } else if said.contains("ban hanh kem theo") || said.starts_with("kem theo") {
            if let Some(basis) = basis(text) {
                heading.legal_basis = basis;
            }
        } else if let Some((code, _)) = code::leading(text).filter(|(c, _)| matches!(c.parts[..], [Part::Roman(_)])) {
            heading.table_id = Some(code.to_string());
            text.as_ref().clone_into(&mut heading.table_title);
        } else if heading.title.is_empty() && is_title(text, &said) {
            without_period(text).clone_into(&mut heading.title);
        }
    }
    heading
}

fn is_measure(said: &str) -> bool {
    said.starts_with("don vi tinh") || said.starts_with("dvt")
}

fn is_title(text: &str, said: &str) -> bool {
    // "SỐ LƯỢNG GIA SÚC" is no department's name.
    let said = if text.to_lowercase().starts_with("số ") { &said[3.min(said.len())..] } else { said };
    let words = said.split(' ').count();
    words >= 3 && !NO_TITLE.iter().any(|n| said.starts_with(n)) && said.chars().any(char::is_alphabetic)
}

/// A title without the period it ends with: `… quý I năm 2021`.
fn without_period(title: &str) -> &str {
    const PERIODS: [&str; 6] = ["quý", "tháng", "6 tháng", "9 tháng", "năm", "kỳ báo cáo"];
    let lower = title.to_lowercase();
    if lower.len() != title.len() {
        return title;
    }
    let year = |rest: &str| {
        rest.split(|c: char| !c.is_ascii_digit()).any(|n| n.len() == 4) && rest.split_whitespace().count() <= 7
    };
    let starts =
        PERIODS.iter().flat_map(|p| lower.match_indices(&format!(" {p} ")).map(|(at, _)| at).collect::<Vec<_>>());
    starts
        .filter(|at| year(&lower[*at..]))
        .min()
        .map_or(title, |at| title[..at].trim_end_matches([' ', ',', '-', '–', '(']))
}

/// `Biểu mẫu 1: Công tác chỉ đạo` → its code and the title behind it.
fn code_of(text: &str) -> Option<(String, String)> {
    let text = text.trim();
    for (lead, _) in CODES {
        let count = lead.chars().count();
        let head: String = text.chars().take(count).collect();
        if !says(&head, lead) {
            continue;
        }
        let rest: String = text.chars().skip(count).collect();
        let rest = rest.trim_start_matches([':', '.', ' ']).replace(" /", "/").replace("/ ", "/");
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ':' | ';' | '(')).unwrap_or(rest.len());
        let own = rest[..end].trim_end_matches(['.', ',']);
        let numbered = own.chars().any(|c| c.is_ascii_digit())
            || code::roman(own).is_some()
            || (own.chars().count() == 1 && own.chars().all(char::is_uppercase));
        if numbered {
            let title = rest[end..].trim_start_matches([':', '.', '-', '–', ' ', ';']).to_owned();
            return Some((format!("{lead} {own}"), title));
        }
    }
    None
}

/// `(Ban hành kèm theo Thông tư số 01/2020/TT-VPCP ngày …)` → from the act on.
fn basis(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let at = lower.find("kèm theo").map(|at| at + "kèm theo".len())?;
    // Lower case may be longer or shorter in bytes, though not in Vietnamese.
    let rest = text.get(at..)?.trim().trim_end_matches([')', '.']).trim();
    ACTS.iter().any(|act| key(rest).starts_with(act)).then(|| rest.to_owned())
}

impl Heading {
    /// That of a further table below another one: the form's, with the text nearest above the table as its own title.
    pub fn under(self, above: &Self, titles: &[Title]) -> Self {
        let is_title = |text: &str| !is_measure(&key(text)) && text.chars().count() < LONGEST_TITLE;
        let nearest = titles.iter().rev().map(|title| title.text.to_string()).find(|text| is_title(text));
        let (table_id, measure) = (self.table_id, self.measure);
        Self { table_id, table_title: nearest.unwrap_or_default(), measure, ..above.clone() }
    }

    /// The form's id: its printed code, else a slug of its title.
    pub fn id(&self) -> String {
        let Some(code) = &self.code else {
            let named = if self.title.is_empty() { &self.sheet } else { &self.title };
            let slug = slug(named);
            return slug.split('-').take(8).collect::<Vec<_>>().join("-");
        };
        let (lead, own) = code.rsplit_once(' ').unwrap_or(("", code));
        if own.contains('/') || own.contains('.') {
            return own.to_owned();
        }
        let short = CODES.iter().find(|(name, _)| says(lead, name)).map_or("", |(_, short)| *short);
        format!("{short}{own}")
    }

    /// What names the form in a title block.
    pub fn marks(&self) -> Vec<String> {
        let bare = self
            .code
            .as_ref()
            .and_then(|c| c.rsplit_once(' '))
            .map(|(_, own)| own.to_owned())
            .filter(|own| own.contains('/'));
        let title = Some(self.title.clone()).filter(|t| key(t).split(' ').count() >= 3);
        bare.or_else(|| self.code.clone()).into_iter().chain(title).collect()
    }
}

/// `Kinh phí hoạt động` → `kinh-phi-hoat-dong`.
pub fn slug(text: &str) -> String {
    let key = key(text);
    let kept: String = key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let slug = kept.split('-').filter(|w| !w.is_empty()).collect::<Vec<_>>().join("-");
    if slug.is_empty() { "bieu".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Heading {
        let titles = (0..).zip(texts).map(|(row, text)| Title { at: Address::new(row, 0), text: (*text).into() });
        heading(&titles.collect::<Vec<_>>(), "Sheet1")
    }

    #[test]
    fn title_blocks_are_taken_apart() {
        let h = of(&[
            "Biểu số 12/ABC",
            "SỞ Y TẾ",
            "(Ban hành kèm theo Thông tư số 05/2025/TT-BYT ngày 1/2/2025 của Bộ Y tế)",
            "TÌNH HÌNH KHÁM CHỮA BỆNH",
            "Quý I năm 2026",
            "Đơn vị tính: Lượt.",
        ]);
        assert_eq!(
            (h.id().as_str(), h.code.as_deref(), h.title.as_str()),
            ("12/ABC", Some("Biểu số 12/ABC"), "TÌNH HÌNH KHÁM CHỮA BỆNH")
        );
        assert_eq!(
            (h.legal_basis.as_str(), h.measure.as_str()),
            ("Thông tư số 05/2025/TT-BYT ngày 1/2/2025 của Bộ Y tế", "Đơn vị tính: Lượt")
        );
        let h = of(&["(Ban hành kèm theo Báo cáo số: 241/BC-SKHCN)", "Biểu mẫu 1: Công tác chỉ đạo điều hành CCHC"]);
        assert_eq!(
            (h.id().as_str(), h.title.as_str(), h.legal_basis.as_str()),
            ("BM1", "Công tác chỉ đạo điều hành CCHC", "")
        );
        assert_eq!(of(&["KINH PHÍ HOẠT ĐỘNG QUÝ I NĂM 2021"]).id(), "kinh-phi-hoat-dong");
    }
}
