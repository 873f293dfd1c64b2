//! A sender's own .xlsx into a copy with some figures replaced, or some cells marked: every part of the package that
//! needs no change stays byte for byte.
//!
//! [`figures`] replaces figures. [`mod@annotate`] marks cells: it adds looks to the [`styles`], [`notes`] with the [`shapes`] that
//! show them, and a [`first`] sheet that lists the cells. Both find their sheets in the [`book`] and change [`cells`] of a
//! sheet's XML.

mod annotate;
mod book;
mod cells;
mod figures;
mod first;
mod notes;
mod shapes;
mod styles;

pub use annotate::{Annotation, Mark, Palette, annotate, is_signed};
pub use figures::{Edit, Patched, patch};
pub use first::{First, Row};

use crate::model::{Address, Lang};
use crate::package::edit::Edited;
use crate::package::{Caps, Fault};

/// Why a package can't be patched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// No .xlsx or .xlsm.
    Format,
    Signed,
    /// Several people's changes are tracked in it: a new sheet would not be in their log.
    Shared,
    NoSheet(String),
    SharedFormula(Address),
    Broken(String),
}

/// A part larger than this is left alone.
const CAPS: Caps = Caps { parts: 20_000, part: 512 << 20, total: u64::MAX };

fn open(bytes: &[u8]) -> Result<Edited<'_>, Obstacle> {
    Edited::open(bytes, CAPS).map_err(|_| Obstacle::Format)
}

impl From<Fault> for Obstacle {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Broken(part) => Self::Broken(part),
            _ => Self::Broken("zip".to_owned()),
        }
    }
}

impl Obstacle {
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Self::Format => lang.pick(
                "chỉ sửa được tệp .xlsx, .xlsm: mở tệp, lưu lại thành .xlsx rồi chạy lại".into(),
                "only .xlsx and .xlsm can be corrected: save it as .xlsx and run again".into(),
            ),
            Self::Signed => lang.pick(
                "tệp có chữ ký số; sửa thì chữ ký mất hiệu lực, đơn vị phải tự sửa và ký lại".into(),
                "the file is signed; a correction voids the signature, so the sender must make it".into(),
            ),
            Self::Shared => lang.pick(
                "tệp đang ở chế độ nhiều người cùng sửa".into(),
                "several people share the file and its changes are tracked".into(),
            ),
            Self::NoSheet(sheet) => {
                lang.pick(format!("không có sheet “{sheet}”"), format!("there is no sheet “{sheet}”"))
            }
            Self::SharedFormula(cell) => lang.pick(
                format!("công thức ở {cell} dùng chung với ô khác; sửa trong Excel"),
                format!("the formula in {cell} serves other cells too; correct it in Excel"),
            ),
            Self::Broken(part) => lang.pick(format!("tệp hỏng ở phần {part}"), format!("the file is broken in {part}")),
        }
    }
}

#[cfg(test)]
#[path = "../../tests/unit/patch_workbooks.rs"]
pub(crate) mod tests;
