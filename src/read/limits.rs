//! How much of a stranger's file is taken in: every cap in one place, with its reason.
//!
//! The largest honest appendix workbook seen has 40,000 cells and inflates to 6 MB; the caps leave room for a hundred
//! times that, and keep one hostile file below about 600 MB of memory and a few seconds.

use super::refusal::Refusal;

/// Bytes of one file: what a mail server lets through, several times over.
pub(super) const FILE_BYTES: usize = 256 << 20;
/// Parts in one package or files in one archive; a workbook with 200 sheets and pictures has about 1,000.
pub(super) const ZIP_ENTRIES: usize = 20_000;
/// Inflated bytes of one part: a sheet of a million cells is about 60 MB of XML.
pub(super) const PART_BYTES: u64 = 192 << 20;
/// Inflated bytes of all parts read from one file; deflate can promise a thousandfold.
pub(super) const TOTAL_BYTES: u64 = 384 << 20;
/// Sheets in a workbook: the widest seen has 60.
pub(super) const SHEETS: usize = 1_000;
/// Cells kept of a workbook, at about 150 bytes each.
pub(super) const CELLS: usize = 1_500_000;
/// Bytes of text, formulas, formats and font names kept: one shared string may be shown by a million cells.
pub(super) const TEXT_BYTES: usize = 256 << 20;
/// Merged areas of a workbook.
pub(super) const MERGED: usize = 200_000;
/// Rows and columns hidden in a workbook: Excel itself hides "all the rest" as one range of 16,384 columns a sheet.
pub(super) const HIDDEN: usize = 2_000_000;
/// Entries in a table that cells point into (shared strings, cell styles).
pub(super) const SHARED: usize = 2_000_000;
/// Names defined for a sheet; what lies beyond is no form's.
pub(super) const NAMES: usize = 1_000;
/// Bytes of a formula; Excel itself stops at 8,192 characters.
pub(super) const FORMULA_BYTES: usize = 32 << 10;
/// Excel's own grid.
pub(super) const ROWS: u32 = 1_048_576;
pub(super) const COLUMNS: u32 = 16_384;

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
}

/// What one file has used so far of what it may use.
#[derive(Debug, Default)]
pub(super) struct Budget {
    cells: usize,
    text: usize,
    merged: usize,
    hidden: usize,
}

impl Budget {
    pub(super) fn take_cell(&mut self, text_bytes: usize) -> Result<(), Refusal> {
        self.cells += 1;
        if self.cells > CELLS {
            return Err(Refusal::TooLarge(Limit::Cells));
        }
        self.take_text(text_bytes)
    }

    pub(super) fn take_text(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.text = self.text.saturating_add(bytes);
        if self.text > TEXT_BYTES {
            Err(Refusal::TooLarge(Limit::Text))
        } else {
            Ok(())
        }
    }

    pub(super) fn take_merged(&mut self) -> Result<(), Refusal> {
        self.merged += 1;
        if self.merged > MERGED {
            Err(Refusal::TooLarge(Limit::Merged))
        } else {
            Ok(())
        }
    }

    /// Whether so many more hidden rows or columns may be noted; they are a comfort, never worth a refusal.
    pub(super) fn take_hidden(&mut self, count: usize) -> bool {
        self.hidden = self.hidden.saturating_add(count);
        self.hidden <= HIDDEN
    }
}
