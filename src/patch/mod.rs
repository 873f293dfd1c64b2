//! A sender's own .xlsx into a copy with some figures replaced, or some cells marked: every part of the package that
//! needs no change stays byte for byte.
//!
//! [`patch`] replaces figures. [`mod@annotate`] marks cells: it adds looks to the [`styles`], [`notes`] with the
//! [`shapes`] that show them, and a first sheet that lists the cells. Both find their sheets in the [`book`] and change
//! [`cells`] of a sheet's XML.

mod annotate;
mod book;
mod cells;
mod notes;
mod shapes;
mod styles;

pub use annotate::{Annotation, First, Mark, Palette, Row, annotate, is_signed};

use crate::model::{Address, Figure, Lang};
use crate::package::edit::Edited;
use crate::package::xml::{self, Splices, attribute, number};
use crate::package::{Caps, Fault, beside};
use book::Book;

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

/// A figure to put in a cell, as it is stored there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub sheet: String,
    pub cell: Address,
    pub value: Figure,
}

/// The new bytes, and for each edit the formula that gave way.
#[derive(Debug)]
pub struct Patched {
    pub bytes: Vec<u8>,
    pub formulas: Vec<Option<String>>,
}

/// Makes the edits in an .xlsx or .xlsm.
///
/// # Errors
/// Another format, a signed package, a sheet that is not there, a formula that other cells live by.
pub fn patch(bytes: &[u8], edits: &[Edit]) -> Result<Patched, Obstacle> {
    let mut package = open(bytes)?;
    if package.is_signed() {
        return Err(Obstacle::Signed);
    }
    let book = Book::read(&mut package)?;
    let mut formulas = Vec::new();
    let mut gone: Vec<(u32, Address)> = Vec::new();
    for edit in edits {
        let sheet = book.sheet(&edit.sheet)?;
        let xml = package.text(&sheet.part)?;
        let (xml, formula) = cells::set(&xml, edit.cell, &edit.value.trimmed().to_string())?;
        package.put(&sheet.part, xml)?;
        if formula.is_some() {
            gone.push((sheet.id, edit.cell));
        }
        formulas.push(formula);
    }
    if let Some(part) = book.chain.as_ref().filter(|_| !gone.is_empty()) {
        match without(&package.text(part)?, &gone)? {
            Some(left) => package.put(part, left)?,
            None => unlist(&mut package, &book, part)?,
        }
    }
    Ok(Patched { bytes: package.finish()?, formulas })
}

/// Takes out a calculation chain that holds nothing any more.
fn unlist(package: &mut Edited<'_>, book: &Book, part: &str) -> Result<(), Obstacle> {
    let lists =
        [("[Content_Types].xml".to_owned(), "Override", "PartName"), (beside(&book.part), "Relationship", "Target")];
    for (list, element, naming) in lists {
        let text = package.text(&list)?;
        package.put(&list, unlisted(&text, element, naming, part)?)?;
    }
    package.take_out(part);
    Ok(())
}

// The calculation chain into the same without cells that lost their formulas: Excel calls a chain that names them broken.

/// The chain without these cells of these sheets (by sheetId); none where nothing is left, and the part must go.
fn without(xml: &str, gone: &[(u32, Address)]) -> Result<Option<String>, Obstacle> {
    let mut splices = Splices::default();
    let mut left = 0;
    // A cell that names no sheet is of the sheet named last; what is left must still say so.
    let (mut sheet, mut written) = (0u32, 0u32);
    for listed in xml::children(xml, &xml::root(xml, "calcChain")?, "calcChain")? {
        let start = xml::start_of(xml, &listed)?;
        let own = number(&start, "i");
        sheet = own.unwrap_or(sheet);
        let cell = attribute(&start, "r").and_then(|r| Address::parse(&r));
        if cell.is_some_and(|cell| gone.contains(&(sheet, cell))) {
            splices.put(listed.whole, String::new());
            continue;
        }
        left += 1;
        if own.is_none() && written != sheet {
            let at = listed.tag.start + 1 + listed.name.len();
            splices.put(at..at, format!(" i=\"{sheet}\""));
        }
        written = sheet;
    }
    Ok((left > 0).then(|| splices.make(xml)))
}

/// A list of parts or relations without the one that names this part.
fn unlisted(xml: &str, element: &str, naming: &str, part: &str) -> Result<String, Obstacle> {
    let file = |name: &str| name.rsplit('/').next().map(str::to_owned);
    let mut splices = Splices::default();
    for listed in xml::children(xml, &xml::root(xml, part)?, part)? {
        let name = attribute(&xml::start_of(xml, &listed)?, naming).and_then(|name| file(&name));
        if listed.local() == element && name == file(part) {
            splices.put(listed.whole, String::new());
        }
    }
    Ok(splices.make(xml))
}

#[cfg(test)]
mod figures_tests {
    use super::*;

    #[test]
    fn what_is_left_still_says_its_sheet() {
        let xml = r#"<calcChain xmlns="m"><c r="H18" i="2"/><c r="H19"/><c r="A1" i="1"/></calcChain>"#;
        let left = without(xml, &[(2, Address::parse("H18").unwrap())]).unwrap().unwrap();
        assert_eq!(left, r#"<calcChain xmlns="m"><c i="2" r="H19"/><c r="A1" i="1"/></calcChain>"#);
        assert_eq!(without(xml, &[(1, Address::parse("H19").unwrap())]).unwrap().as_deref(), Some(xml));
        let one = r#"<calcChain><c r="A1" i="1" l="1"/></calcChain>"#;
        assert_eq!(without(one, &[(1, Address::new(0, 0))]).unwrap(), None);
    }

    #[test]
    fn a_part_that_is_gone_is_no_longer_listed() {
        let types = r#"<Types><Default Extension="xml"/><Override PartName="/xl/calcChain.xml" ContentType="c"/><Override PartName="/xl/a.xml"/></Types>"#;
        assert_eq!(
            unlisted(types, "Override", "PartName", "xl/calcChain.xml").unwrap(),
            r#"<Types><Default Extension="xml"/><Override PartName="/xl/a.xml"/></Types>"#
        );
    }
}
