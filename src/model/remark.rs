//! What there is to tell of a workbook as a whole, as a sentence in the reader's language.

use super::{Address, Lang};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// It holds macros.
    Macros,
    /// A web page that stops within a table: many are sloppy, some are half.
    BrokenOff,
    /// A document of more text than is checked.
    LongText,
    /// Sheets typed in an old font, each with the font's coding.
    OldFonts(Vec<(String, &'static str)>),
    /// Sheets that cannot be read, each with what is odd about it; the others were read.
    SheetsUnread(Vec<(String, String)>),
    /// Cells left out, in whole or in part, since they are struck out.
    StruckOut(Vec<(String, Address)>),
    /// Pages of a PDF that are pictures, without a letter.
    Pictures(Vec<usize>),
}

impl Remark {
    #[must_use]
    pub fn in_words(&self, lang: Lang) -> String {
        match self {
            Self::Macros => lang
                .pick(
                    "Tệp có macro; macro không được chạy, chỉ đọc số liệu trong ô.",
                    "The file holds macros; they were not run, only the figures in its cells were read.",
                )
                .into(),
            Self::BrokenOff => lang
                .pick(
                    "Bảng cuối của trang không có phần kết, có thể tệp tải chưa hết; hãy đối chiếu các hàng cuối với bản gốc.",
                    "The page's last table has no end, perhaps an unfinished download; compare its last rows with the original.",
                )
                .into(),
            Self::LongText => lang
                .pick(
                    "Văn bản quá dài, chỉ phần lời văn đầu được kiểm tra (các mức: tonghop explain gioi-han); hãy gửi riêng báo cáo.",
                    "The document is too long, only the first part of its text was checked (tonghop explain limits tells the caps); send the report by itself.",
                )
                .into(),
            Self::OldFonts(sheets) => {
                let named = |(sheet, coding): &(String, &str)| format!("{sheet} ({coding})");
                let list = sheets.iter().map(named).collect::<Vec<_>>().join(", ");
                lang.pick(
                    format!("chữ gõ bằng phông cũ, đã đổi sang Unicode: {list}"),
                    format!("typed in an old font, changed to Unicode: {list}"),
                )
            }
            Self::SheetsUnread(sheets) => {
                let named = |(sheet, why): &(String, String)| format!("{sheet} ({})", shortened(why));
                let list = listed(sheets.iter().map(named), lang);
                lang.pick(
                    format!("KHÔNG ĐỌC ĐƯỢC trang tính: {list}; các trang khác vẫn đọc. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi nộp lại."),
                    format!("Sheets that CAN'T BE READ: {list}; the others were. Open the file in Excel, save it as .xlsx and hand it in again."),
                )
            }
            Self::StruckOut(cells) => {
                let list = listed(cells.iter().map(|(sheet, cell)| format!("{sheet}!{cell}")), lang);
                lang.pick(
                    format!("chữ và số bị gạch ngang không được đọc: {list}"),
                    format!("struck-out text and figures were not read: {list}"),
                )
            }
            Self::Pictures(pages) => {
                let list = listed(pages.iter().map(usize::to_string), lang);
                lang.pick(
                    format!("KHÔNG ĐỌC ĐƯỢC trang là ảnh quét: {list}; các trang khác vẫn đọc. Hãy hỏi đơn vị gửi bản xuất từ Word hoặc Excel."),
                    format!("Scanned pages that CAN'T BE READ: {list}; the others were. Ask the unit for the file that Word or Excel wrote."),
                )
            }
        }
    }
}

/// The first few, and how many more.
fn listed(items: impl ExactSizeIterator<Item = String>, lang: Lang) -> String {
    const FEW: usize = 5;
    let more = items.len().saturating_sub(FEW);
    let mut list = items.take(FEW).collect::<Vec<_>>().join(", ");
    if more > 0 {
        list += &lang.pick(format!(" và {more} chỗ khác"), format!(" and {more} more"));
    }
    list
}

/// So much as a line can hold of what a stranger's file says.
fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(80)]
}
