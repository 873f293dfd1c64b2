//! How much of a stranger's file is taken in, and how long over it: every cap in one place, with its reason.
//!
//! The largest honest appendix workbook seen has 40,000 cells and inflates to 6 MB; the caps leave room for twenty
//! times that. What a reader keeps stays under them by counting, whatever the file says of itself; a worker process that
//! all the same goes over [`WORKER_BYTES`] or [`FILE_SECONDS`] ends, and its file is refused.
//! [`limits_explained`] is the page that tells users of them.
//!
//! A file that could not be read gets a [`Refusal`]: one plain sentence that says what to do.

pub(super) use crate::model::address::{COLUMNS, ROWS};

use crate::model::finding::Said;
use crate::model::{Figure, Lang};
use crate::package::{Caps, Excess, Fault};

/// Bytes of one file: what a mail server lets through, several times over.
pub const FILE_BYTES: usize = 128 << 20;
/// Memory a worker process may take beyond what it starts with (some 20 MB): the file, one part of it inflated, and its
/// cells.
pub const WORKER_BYTES: u64 = 384 << 20;
/// Seconds over one file; the largest honest one takes a twentieth of a second.
pub const FILE_SECONDS: u64 = 8;
/// Seconds of work after which a worker is replaced by a fresh one, and processor seconds after which the system ends
/// it, should nobody else be left to.
pub const WORKER_SECONDS: u64 = 60;
pub const WORKER_CPU_SECONDS: u64 = 300;
/// Files of one archive that may end a worker before the rest of the archive is given up.
pub const ARCHIVE_DEATHS: usize = 3;
/// Parts in one package or files in one archive; a workbook with 200 sheets and pictures has about 1,000.
pub(super) const ZIP_ENTRIES: usize = 20_000;
/// Inflated bytes of one part: a sheet of a million cells is about 60 MB of XML.
pub(super) const PART_BYTES: u64 = 96 << 20;
/// Inflated bytes of all parts read from one file; deflate can promise a thousandfold.
pub(super) const TOTAL_BYTES: u64 = 384 << 20;
/// Inflated bytes of all files in one archive, handed on one by one: 30,000 workbooks as they are sent.
pub(super) const ARCHIVE_BYTES: u64 = 1 << 30;
/// Sheets in a workbook: the widest seen has 60.
pub(super) const SHEETS: usize = 1_000;
/// Cells kept of a workbook, at about 150 bytes each.
pub(super) const CELLS: usize = 1_000_000;
/// Bytes of text, formulas, formats and font names kept: one shared string may be shown by a million cells.
pub(super) const TEXT_BYTES: usize = 48 << 20;
/// Letters of one cell that are read: Excel itself stops here.
pub(super) const CELL_LETTERS: usize = 32_767;
/// Bytes of a document's running text that are checked for what they state: 300 pages; a report has 60 at most.
const PROSE_BYTES: usize = 1 << 20;
/// Merged areas of a workbook; every cell of a table is looked up among them.
const MERGED: usize = 20_000;
/// Rows and columns hidden in a workbook: Excel itself hides "all the rest" as one range of 16,384 columns a sheet.
const HIDDEN: usize = 2_000_000;
/// Entries in a table that cells point into (shared strings, cell styles).
pub(super) const SHARED: usize = 2_000_000;
/// Names defined for a sheet; more than that no form has.
pub(super) const NAMES: usize = 1_000;
/// Bytes of a formula; Excel itself stops at 8,192 characters.
pub(super) const FORMULA_BYTES: usize = 32 << 10;
/// Bytes of one tag of a web page; a longer one has lost a quote.
pub(super) const TAG_BYTES: usize = 64 << 10;
/// Classes of a web page's styles: more than any export writes.
pub(super) const CLASSES: usize = 10_000;
/// Archives within an archive: units zip their folder, an office zips those.
pub(super) const NESTED_ARCHIVES: usize = 1;
/// Mails within mails; deeper ones were made to harm.
pub(super) const NESTED_MAILS: usize = 5;
/// Tables within tables, in documents and on web pages.
pub(super) const NESTED_TABLES: usize = 30;
/// Styles of an .ods that stand on one another.
pub(super) const NESTED_STYLES: usize = 20;
/// Values that wait for one another, within formulas and across them; longer chains are left as they were stored.
pub(super) const WAITING_FORMULAS: usize = 250;
/// Bytes of a workbook's formulas that are worked out; further ones are left as they were stored.
pub(super) const FORMULAS_BYTES: usize = 16 << 20;
/// Cells visited for a workbook's formulas, so that sums over everything cost no more than reading did.
pub(super) const VISITS: usize = 4_000_000;
/// Bytes of text that results of formulas may take.
pub(super) const RESULT_BYTES: usize = 8 << 20;

/// Pages of a PDF: 300 are a book of forms.
pub(super) const PDF_PAGES: usize = 2_000;
/// Objects of a PDF: a page has some twenty.
pub(super) const PDF_OBJECTS: usize = 400_000;
/// Letters and strokes that a PDF draws: a full page has 4,000. A form can be drawn again and again.
pub(super) const PDF_DRAWN: usize = 3_000_000;
/// Forms in forms and branches of the tree of pages; a program nests three.
pub(super) const PDF_NESTED: usize = 20;
/// Inflated bytes of a font's list of letters: a Chinese one has 0.5 MB.
pub(super) const PDF_FONT_BYTES: usize = 2 << 20;

/// What is taken of one package.
pub(super) fn caps() -> Caps {
    Caps { parts: ZIP_ENTRIES, part: PART_BYTES, total: TOTAL_BYTES }
}

/// Which cap a file went over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    FileBytes,
    ZipEntries,
    Inflated,
    Sheets,
    Cells,
    Text,
    Merged,
    Pages,
    Objects,
    Drawn,
    Memory,
    Time,
}

/// What one file has used so far of what it may use.
#[derive(Debug, Default, Clone)]
pub(super) struct Budget {
    cells: usize,
    text: usize,
    merged: usize,
    hidden: usize,
    prose: usize,
}

impl Budget {
    pub(super) fn take_cell(&mut self, text_bytes: usize) -> Result<(), Refusal> {
        self.cells += 1;
        if self.cells > CELLS {
            return Err(Refusal::TooLarge(Limit::Cells));
        }
        self.text = self.text.saturating_add(text_bytes);
        if self.text > TEXT_BYTES { Err(Refusal::TooLarge(Limit::Text)) } else { Ok(()) }
    }

    pub(super) fn take_merged(&mut self) -> Result<(), Refusal> {
        self.merged += 1;
        if self.merged > MERGED { Err(Refusal::TooLarge(Limit::Merged)) } else { Ok(()) }
    }

    /// Whether so much more running text may be marked as such.
    pub(super) fn take_prose(&mut self, bytes: usize) -> bool {
        // A paragraph of one letter takes memory like one of a line.
        self.prose = self.prose.saturating_add(bytes + 100);
        self.prose <= PROSE_BYTES
    }

    /// Whether so many more hidden rows or columns may be noted; they are a comfort, never worth a refusal.
    pub(super) fn take_hidden(&mut self, count: usize) -> bool {
        self.hidden = self.hidden.saturating_add(count);
        self.hidden <= HIDDEN
    }
}

/// The page: English, then Vietnamese after a line `---`; a line on a cap starts with its name in braces.
static PAGE: &str = include_str!("limits.md");

/// Every cap on a stranger's file, for whoever met one.
pub fn limits_explained(lang: Lang) -> String {
    let (en, vi) = PAGE.split_once("\n---\n").unwrap_or((PAGE, PAGE));
    let without_name = |line: &str| line.split_once('}').map_or(line, |(_, shown)| shown).to_owned() + "\n";
    lang.pick(vi, en).trim_end().lines().map(without_name).collect()
}

fn count(count: u64, lang: Lang) -> String {
    lang.figure(Figure::whole(i64::try_from(count).unwrap_or(i64::MAX)))
}

/// In the largest measure that leaves a whole number.
fn bytes(bytes: u64, lang: Lang) -> String {
    let measures = [(30, "GB"), (20, "MB"), (10, "KB")];
    let whole = |(shift, _): &&(u32, &str)| bytes.trailing_zeros() >= *shift;
    match measures.iter().find(whole) {
        Some((shift, name)) => format!("{} {name}", count(bytes >> shift, lang)),
        None => format!("{} byte", count(bytes, lang)),
    }
}

/// A file that gives no workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing in it: a placeholder, or an upload that failed.
    Empty,
    /// Excel's own `~$` file, or LibreOffice's `.~lock`.
    LockFile,
    /// Protected with a password to open.
    Encrypted,
    /// Broken off in transfer.
    Truncated,
    /// Damaged; the detail is for whoever repairs it.
    Corrupt(String),
    /// Something else altogether.
    NotAWorkbook(Foreign),
    /// A Word 97–2003 document.
    OldWord,
    /// More than this program takes in.
    TooLarge(Limit),
    /// Reading it made the reader stop: a mistake of ours that this file brings to light.
    Broke,
    /// What follows in an archive whose files ended the reader again and again.
    GivenUp,
    /// The system does not let it be read; in its own words.
    Closed(String),
}

/// What a file is that is not a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// A PDF whose pages are pictures.
    Scan,
    /// A PDF whose fonts do not say which letters they draw.
    Letters,
    Picture,
    Rtf,
    Presentation,
    OdfText,
    /// A .zip; its files are read one by one.
    Zip,
    /// .rar, .7z, .gz.
    OtherArchive,
    /// An HTML page or a text without a table.
    Text,
    Unknown,
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Truncated => Self::Truncated,
            Fault::Encrypted => Self::Encrypted,
            Fault::Broken(what) => Self::Corrupt(what),
            Fault::TooLarge(Excess::Parts) => Self::TooLarge(Limit::ZipEntries),
            Fault::TooLarge(Excess::Inflated) => Self::TooLarge(Limit::Inflated),
            Fault::TooLarge(Excess::Memory) => Self::TooLarge(Limit::Memory),
        }
    }
}

impl Refusal {
    pub(super) fn corrupt(detail: impl std::fmt::Display) -> Self {
        Refusal::Corrupt(detail.to_string())
    }

    /// What is wrong, and what to do.
    pub fn said(&self) -> Said {
        match self {
            Refusal::Empty => Said::new(
                "Tệp rỗng, không có nội dung; đề nghị đơn vị gửi lại.",
                "The file is empty; ask the unit to send it again.",
            ),
            Refusal::LockFile => Said::new(
                "Đây là tệp khóa tạm mà Excel tạo ra khi đang mở tệp, không phải số liệu; hãy dùng tệp chính cùng tên.",
                "This is the lock file Excel keeps while a workbook is open, not data; use the workbook of that name.",
            ),
            Refusal::Encrypted => Said::new(
                "Tệp được đặt mật khẩu nên không mở được; đề nghị đơn vị bỏ mật khẩu rồi gửi lại.",
                "The file is protected by a password; ask the unit to remove it and send it again.",
            ),
            Refusal::Truncated => Said::new(
                "Tệp bị đứt đoạn, có thể do tải lên chưa xong; hãy tải lại hoặc đề nghị đơn vị gửi lại.",
                "The file is broken off, perhaps an unfinished upload; fetch it again or ask the unit to resend.",
            ),
            Refusal::Corrupt(detail) => Said::new(
                format!("Tệp bị hỏng ({detail}); hãy mở bằng Excel, lưu lại dạng .xlsx rồi nộp lại."),
                format!("The file is damaged ({detail}); open it in Excel, save it as .xlsx and hand it in again."),
            ),
            Refusal::NotAWorkbook(foreign) => foreign.said(),
            Refusal::OldWord => Said::new(
                "Tệp Word dạng cũ (.doc); hãy mở bằng Word, lưu lại dạng .docx rồi nộp lại.",
                "An old Word document (.doc); open it in Word, save it as .docx and hand it in again.",
            ),
            Refusal::TooLarge(limit) => Said::new(
                format!(
                    "Tệp quá lớn: {} (các mức: tonghop explain gioi-han); hãy tách hoặc chỉ gửi các trang tính có biểu báo cáo.",
                    limit.in_words(Lang::Vi)
                ),
                format!(
                    "The file is too large: {} (tonghop explain limits has the caps); split it or send only the sheets with forms.",
                    limit.in_words(Lang::En)
                ),
            ),
            Refusal::Broke => Said::new(
                "Nội dung tệp bất thường nên không đọc được; hãy mở bằng Excel, lưu lại dạng .xlsx rồi nộp lại.",
                "Its content is unusual and cannot be read; open it in Excel, save it as .xlsx and hand it in again.",
            ),
            Refusal::GivenUp => Said::new(
                "Nhiều tệp trong này không đọc được nên các tệp còn lại không đọc nữa; hãy giải nén rồi nộp từng tệp.",
                "Too many files in it cannot be read, so the rest was not; unpack it and hand the files in.",
            ),
            Refusal::Closed(why) => {
                Said::new(format!("Không mở được tệp: {why}"), format!("The file can't be opened: {why}"))
            }
        }
    }
}

impl Foreign {
    fn said(self) -> Said {
        let (vi, en) = match self {
            Foreign::Scan => (
                "Tệp PDF là bản quét (ảnh chụp trang giấy), không có chữ để đọc; hãy hỏi đơn vị gửi tệp Excel, Word hoặc PDF xuất từ đó.",
                "A scan: the pages of this PDF are pictures without text; ask the unit for the Excel or Word file, or a PDF that was exported from it.",
            ),
            Foreign::Letters => (
                "Tệp PDF dùng phông không cho biết mặt chữ nên không đọc được; hãy hỏi đơn vị gửi tệp Excel hoặc Word.",
                "The fonts of this PDF do not say which letters they draw; ask the unit for the Excel or Word file.",
            ),
            Foreign::Picture => (
                "Tệp ảnh không đọc được số liệu; hãy hỏi đơn vị gửi tệp Excel.",
                "A picture gives no figures; ask the unit for the Excel file.",
            ),
            Foreign::Rtf => (
                "Tệp RTF; hãy mở bằng Word, lưu lại dạng .docx hoặc hỏi đơn vị gửi tệp Excel.",
                "An RTF text; save it as .docx in Word or ask the unit for the Excel file.",
            ),
            Foreign::Presentation => (
                "Tệp trình chiếu, không phải bảng tính; hãy hỏi đơn vị gửi tệp Excel.",
                "A presentation, not a workbook; ask the unit for the Excel file.",
            ),
            Foreign::OdfText => (
                "Tệp văn bản OpenDocument (.odt); hãy lưu lại dạng .docx rồi nộp lại.",
                "An OpenDocument text (.odt); save it as .docx and hand it in again.",
            ),
            Foreign::Zip => (
                "Tệp nén .zip không phải bảng tính; hãy nộp nguyên tệp .zip có đuôi .zip để đọc từng tệp bên trong.",
                "A .zip is not a workbook; hand it in with the ending .zip, so that the files inside are read.",
            ),
            Foreign::OtherArchive => (
                "Tệp nén không phải .zip; hãy giải nén rồi nộp các tệp bên trong.",
                "An archive other than .zip; unpack it and hand in the files inside.",
            ),
            Foreign::Text => (
                "Tệp văn bản không có bảng nào; hãy hỏi đơn vị gửi tệp Excel.",
                "A text without a table; ask the unit for the Excel file.",
            ),
            Foreign::Unknown => (
                "Không phải tệp bảng tính; hãy hỏi đơn vị gửi tệp Excel (.xlsx).",
                "Not a workbook; ask the unit for the Excel file (.xlsx).",
            ),
        };
        Said::new(vi, en)
    }
}

impl Limit {
    /// What there is too much of, with the cap where it is one figure.
    fn in_words(self, lang: Lang) -> String {
        let (bytes, count) = (|n| bytes(n as u64, lang), |n| count(n as u64, lang));
        let (most, vi, en) = match self {
            Limit::FileBytes => (bytes(FILE_BYTES), "dung lượng vượt {}", "more than {}"),
            Limit::ZipEntries => (count(ZIP_ENTRIES), "bên trong có hơn {} tệp", "more than {} files inside"),
            Limit::Inflated => {
                (String::new(), "nội dung giải nén vượt mức cho phép", "it inflates to more than allowed")
            }
            Limit::Sheets => (count(SHEETS), "có hơn {} trang tính", "more than {} sheets"),
            Limit::Cells => (count(CELLS), "có hơn {} ô có dữ liệu", "more than {} filled cells"),
            Limit::Text => (String::new(), "quá nhiều chữ", "too much text"),
            Limit::Merged => (count(MERGED), "có hơn {} vùng ô gộp", "more than {} merged areas"),
            Limit::Pages => (count(PDF_PAGES), "có hơn {} trang", "more than {} pages"),
            Limit::Objects => (count(PDF_OBJECTS), "bên trong có hơn {} đối tượng", "more than {} objects inside"),
            Limit::Drawn => (count(PDF_DRAWN), "có hơn {} chữ và nét vẽ", "more than {} letters and strokes"),
            Limit::Memory => (String::new(), "đọc cần quá nhiều bộ nhớ", "reading it takes too much memory"),
            Limit::Time => (FILE_SECONDS.to_string(), "đọc mất hơn {} giây", "reading it takes more than {} s"),
        };
        lang.pick(vi, en).replace("{}", &most)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The caps that a source file sets, by name.
    fn caps_in(source: &'static str) -> BTreeMap<&'static str, u64> {
        let cap = |line: &'static str| {
            let line = line.trim_start_matches("pub").trim_start_matches("(super)").trim_start();
            let (name, value) = line.strip_prefix("const ")?.split_once(": ")?;
            let value = value.strip_suffix(';')?.split_once(" = ")?.1.replace('_', "");
            let (number, shift) = value.split_once(" << ").unwrap_or((&value, "0"));
            Some((name, number.parse::<u64>().ok()? << shift.parse::<u32>().ok()?))
        };
        source.lines().filter_map(cap).collect()
    }

    #[test]
    fn every_cap_is_told_in_both_languages() {
        let caps = caps_in(include_str!("limits.rs"));
        assert!(caps.len() > 25, "{caps:?}");
        let mut known = caps_in(concat!(include_str!("../model/address.rs"), include_str!("../normalise/formula.rs")));
        known.extend(&caps);
        let (en, vi) = PAGE.split_once("\n---\n").unwrap();
        for (page, lang) in [(en, Lang::En), (vi, Lang::Vi)] {
            let told = page.lines().filter_map(|line| line.strip_prefix('{')?.split_once('}'));
            let told: BTreeMap<&str, &str> = told.collect();
            for (cap, shown) in &told {
                let most = if cap.ends_with("_BYTES") { bytes(known[cap], lang) } else { count(known[cap], lang) };
                assert!(shown.starts_with(&format!("{most:>11}  ")), "{cap}: {shown}");
            }
            assert!(caps.keys().all(|cap| told.contains_key(cap)), "limits.md is silent: {caps:?}, {told:?}");
            assert!(!limits_explained(lang).contains(['{', '}']));
        }
    }

    #[test]
    fn a_cap_is_told_in_round_measures() {
        assert_eq!(bytes(128 << 20, Lang::Vi), "128 MB");
        assert_eq!(bytes(32 << 10, Lang::En), "32 KB");
        assert_eq!(bytes(1 << 30, Lang::En), "1 GB");
        assert_eq!(count(1_048_576, Lang::Vi), "1.048.576");
    }
}
