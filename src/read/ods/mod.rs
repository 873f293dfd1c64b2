//! An OpenDocument spreadsheet (.ods, or .fods in one piece) into a `Workbook`.

mod content;
mod formula;
mod styles;

use super::refusal::Refusal;
use crate::model::Workbook;
use crate::package::Package;
use styles::Styles;

pub(super) fn read(package: &mut Package) -> Result<Workbook, Refusal> {
    let manifest = package.text("META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.contains("encryption-data") {
        return Err(Refusal::Encrypted);
    }
    let mut styles = Styles::default();
    styles.read(&package.text("styles.xml")?.unwrap_or_default())?;
    let content = package.text("content.xml")?.ok_or(Refusal::Truncated)?;
    styles.read(&content)?;
    Ok(Workbook { sheets: content::read(&content, &styles)?, remarks: Vec::new(), ..Workbook::default() })
}

/// Reads an OpenDocument that is one XML file.
pub(super) fn read_flat(text: &str) -> Result<Workbook, Refusal> {
    let mut styles = Styles::default();
    styles.read(text)?;
    Ok(Workbook { sheets: content::read(text, &styles)?, remarks: Vec::new(), ..Workbook::default() })
}
