//! Why a file could not be read, as one plain sentence that says what to do.

use super::limits::{
    self, CELLS, FILE_BYTES, FILE_SECONDS, MERGED, PDF_DRAWN, PDF_OBJECTS, PDF_PAGES, SHEETS, ZIP_ENTRIES,
};
use crate::model::Lang;
use crate::model::fact::Said;
use crate::package::{Excess, Fault};

pub use super::limits::Limit;

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
        let (bytes, count) = (|n| limits::bytes(n, lang), |n| limits::count(n, lang));
        match self {
            Limit::FileBytes => {
                let most = bytes(FILE_BYTES as u64);
                lang.pick(format!("dung lượng vượt {most}"), format!("more than {most}"))
            }
            Limit::ZipEntries => {
                let most = count(ZIP_ENTRIES as u64);
                lang.pick(format!("bên trong có hơn {most} tệp"), format!("more than {most} files inside"))
            }
            Limit::Inflated => {
                lang.pick("nội dung giải nén vượt mức cho phép".into(), "it inflates to more than allowed".into())
            }
            Limit::Sheets => {
                let most = count(SHEETS as u64);
                lang.pick(format!("có hơn {most} trang tính"), format!("more than {most} sheets"))
            }
            Limit::Cells => {
                let most = count(CELLS as u64);
                lang.pick(format!("có hơn {most} ô có dữ liệu"), format!("more than {most} filled cells"))
            }
            Limit::Text => lang.pick("quá nhiều chữ".into(), "too much text".into()),
            Limit::Merged => {
                let most = count(MERGED as u64);
                lang.pick(format!("có hơn {most} vùng ô gộp"), format!("more than {most} merged areas"))
            }
            Limit::Pages => {
                let most = count(PDF_PAGES as u64);
                lang.pick(format!("có hơn {most} trang"), format!("more than {most} pages"))
            }
            Limit::Objects => {
                let most = count(PDF_OBJECTS as u64);
                lang.pick(format!("bên trong có hơn {most} đối tượng"), format!("more than {most} objects inside"))
            }
            Limit::Drawn => {
                let most = count(PDF_DRAWN as u64);
                lang.pick(format!("có hơn {most} chữ và nét vẽ"), format!("more than {most} letters and strokes"))
            }
            Limit::Memory => lang.pick("đọc cần quá nhiều bộ nhớ".into(), "reading it takes too much memory".into()),
            Limit::Time => lang.pick(
                format!("đọc mất hơn {FILE_SECONDS} giây"),
                format!("reading it takes more than {FILE_SECONDS} s"),
            ),
        }
    }
}
