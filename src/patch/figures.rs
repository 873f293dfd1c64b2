//! A workbook's package into the same with some figures replaced.

use super::book::Book;
use super::{Obstacle, cells, chain, open};
use crate::model::{Address, Figure};
use crate::package::beside;
use crate::package::edit::Edited;

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
        match chain::without(&package.text(part)?, &gone)? {
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
        package.put(&list, chain::unlisted(&text, element, naming, part)?)?;
    }
    package.take_out(part);
    Ok(())
}
