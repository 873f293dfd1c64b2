//! What there is to tell of a workbook as a whole, as a sentence in the reader's language.

use super::Lang;

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
        }
    }
}
