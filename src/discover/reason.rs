//! Why a file is left out, or a path cannot be searched, as one plain sentence.

use std::path::PathBuf;

/// Why a file is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A folder or file that this user may not open.
    Unreadable,
    /// Held by another program.
    InUse,
    LockFile,
    Hidden,
    Empty,
    Placeholder,
    Shortcut,
    Picture,
    OldWord,
    Text,
    OtherArchive,
    /// This program wrote it.
    Own,
    Other,
}

/// A PATH that cannot be searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    Missing(PathBuf),
    /// `*.xlsx`, where the shell leaves it as it is.
    Pattern(PathBuf),
    Unreadable(PathBuf, String),
}

impl Reason {
    /// Whether somebody sent the file for its figures, which can't be had from it as it is.
    #[must_use]
    pub const fn is_sent(self) -> bool {
        match self {
            Self::Unreadable
            | Self::InUse
            | Self::Empty
            | Self::Placeholder
            | Self::Picture
            | Self::OldWord
            | Self::OtherArchive => true,
            Self::LockFile | Self::Hidden | Self::Shortcut | Self::Text | Self::Own | Self::Other => false,
        }
    }

    /// Whether it is a workbook that can't be opened, and no file of another kind.
    #[must_use]
    pub const fn is_damage(self) -> bool {
        matches!(self, Self::Unreadable | Self::InUse | Self::Empty)
    }

    #[must_use]
    pub fn in_vietnamese(self) -> &'static str {
        match self {
            Reason::Unreadable => "Không mở được; hãy kiểm tra quyền đọc.",
            Reason::InUse => "Tệp đang mở ở chương trình khác; hãy đóng tệp rồi chạy lại.",
            Reason::LockFile => "Tệp khóa tạm của Excel, không phải số liệu.",
            Reason::Hidden => "Tệp ẩn của hệ thống, không phải số liệu.",
            Reason::Empty => {
                "Tệp rỗng (0 byte), có thể chưa tải xong từ đám mây; hãy tải lại hoặc đề nghị đơn vị gửi lại."
            }
            Reason::Placeholder => "Tệp nằm trên đám mây, chưa có trên máy này; hãy tải về dạng .xlsx.",
            Reason::Shortcut => "Lối tắt dẫn tới một tệp khác; hãy chép chính tệp đó vào đây.",
            Reason::Picture => "Tệp ảnh không đọc được số liệu; hãy hỏi đơn vị gửi tệp Excel.",
            Reason::OldWord => "Tệp Word dạng cũ (.doc); hãy mở bằng Word, lưu lại dạng .docx rồi nộp lại.",
            Reason::Text => "Tệp văn bản, không phải bảng tính.",
            Reason::OtherArchive => "Tệp nén không phải .zip; hãy giải nén rồi nộp các tệp bên trong.",
            Reason::Own => "Tệp do chính tonghop ghi, không phải báo cáo của đơn vị.",
            Reason::Other => "Không phải tệp bảng tính.",
        }
    }

    #[must_use]
    pub fn in_english(self) -> &'static str {
        match self {
            Reason::Unreadable => "It cannot be opened; check who may read it.",
            Reason::InUse => "Another program has it open; close it and run again.",
            Reason::LockFile => "Excel's lock file, not data.",
            Reason::Hidden => "A hidden system file, not data.",
            Reason::Empty => {
                "Empty (0 bytes), perhaps not yet fetched from the cloud; fetch it again or ask the unit to resend."
            }
            Reason::Placeholder => "The file lies in the cloud and is not on this machine; download it as .xlsx.",
            Reason::Shortcut => "A shortcut to another file; copy that file here.",
            Reason::Picture => "A picture gives no figures; ask the unit for the Excel file.",
            Reason::OldWord => "An old Word document (.doc); open it in Word, save it as .docx and hand it in again.",
            Reason::Text => "A text, not a workbook.",
            Reason::OtherArchive => "An archive other than .zip; unpack it and hand in the files inside.",
            Reason::Own => "A file that tonghop itself wrote, no unit's report.",
            Reason::Other => "Not a workbook.",
        }
    }
}

impl Trouble {
    #[must_use]
    pub fn in_vietnamese(&self) -> String {
        match self {
            Trouble::Missing(path) => {
                format!("Không có tệp hay thư mục “{}”; hãy kiểm tra lại đường dẫn.", path.display())
            }
            Trouble::Pattern(path) => format!(
                "“{}” là mẫu tên, không có tệp nào tên như vậy; hãy đưa cả thư mục, mọi tệp bên trong sẽ được đọc.",
                path.display()
            ),
            Trouble::Unreadable(path, why) => {
                format!("Không mở được “{}” ({why}); hãy kiểm tra quyền đọc.", path.display())
            }
        }
    }

    #[must_use]
    pub fn in_english(&self) -> String {
        match self {
            Trouble::Pattern(path) => format!(
                "“{}” is a pattern, and no file is called so; give the folder, it is searched whole.",
                path.display()
            ),
            Trouble::Missing(path) => format!("There is no file or folder “{}”; check the path.", path.display()),
            Trouble::Unreadable(path, why) => {
                format!("“{}” cannot be opened ({why}); check who may read it.", path.display())
            }
        }
    }
}
