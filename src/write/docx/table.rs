//! A table: its grid, its rows, cells merged across and down.

use std::fmt::Write as _;

use super::text::{Align, Paragraph, Style};

/// A table as wide as the sum of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Each column's width, in twentieths of a point.
    pub widths: Vec<u32>,
    pub rows: Vec<Row>,
    pub grid: Grid,
}

/// Whether lines are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grid {
    Lines,
    None,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Printed again on every page; such rows come first.
    pub header: bool,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Columns it takes.
    pub span: u32,
    pub merge: Merge,
    pub content: Vec<Paragraph>,
}

/// Whether a cell is merged downwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    No,
    /// The upper end of a merged cell.
    Begins,
    /// Goes on from the cell above; it stays empty.
    GoesOn,
}

impl Table {
    /// A table with lines. Widths are shares of the page's width.
    pub fn lined(width: u32, shares: &[u32]) -> Self {
        Self::new(width, shares, Grid::Lines)
    }

    /// A table that only holds things in place.
    pub fn bare(width: u32, shares: &[u32]) -> Self {
        Self::new(width, shares, Grid::None)
    }

    fn new(width: u32, shares: &[u32], grid: Grid) -> Self {
        let all: u64 = shares.iter().map(|s| u64::from(*s)).sum::<u64>().max(1);
        let mut done = (0, 0);
        let widths = shares
            .iter()
            .map(|share| {
                done.0 += u64::from(*share);
                let edge = u64::from(width) * done.0 / all;
                let own = edge - done.1;
                done.1 = edge;
                u32::try_from(own).unwrap_or(u32::MAX)
            })
            .collect();
        Self { widths, rows: Vec::new(), grid }
    }

    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(Row { header: false, cells });
    }

    /// A row printed again on every page.
    pub fn header(&mut self, cells: Vec<Cell>) {
        self.rows.push(Row { header: true, cells });
    }

    /// In the order of the schema (CT_TblPr, CT_TrPr, CT_TcPr).
    pub(super) fn xml(&self, out: &mut String, ids: &mut u32) {
        let width: u32 = self.widths.iter().sum();
        let _ = write!(out, "<w:tbl><w:tblPr><w:tblW w:w=\"{width}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>");
        if self.grid == Grid::Lines {
            out.push_str("<w:tblBorders>");
            for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
                let _ = write!(out, "<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>");
            }
            out.push_str("</w:tblBorders>");
        }
        out.push_str("<w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"60\" w:type=\"dxa\"/><w:right w:w=\"60\" w:type=\"dxa\"/></w:tblCellMar><w:tblLook w:val=\"0000\"/></w:tblPr><w:tblGrid>");
        for width in &self.widths {
            let _ = write!(out, "<w:gridCol w:w=\"{width}\"/>");
        }
        out.push_str("</w:tblGrid>");
        for row in &self.rows {
            row.xml(&self.widths, out, ids);
        }
        out.push_str("</w:tbl>");
    }
}

impl Row {
    fn xml(&self, widths: &[u32], out: &mut String, ids: &mut u32) {
        out.push_str("<w:tr><w:trPr><w:cantSplit/>");
        if self.header {
            out.push_str("<w:tblHeader/>");
        }
        out.push_str("</w:trPr>");
        let mut column = 0;
        for cell in &self.cells {
            let span = cell.span.max(1) as usize;
            let end = (column + span).min(widths.len());
            let width: u32 = widths[column.min(end)..end].iter().sum();
            column = end;
            cell.xml(width, out, ids);
        }
        out.push_str("</w:tr>");
    }
}

impl Cell {
    pub fn new(content: Vec<Paragraph>) -> Self {
        Self { span: 1, merge: Merge::No, content }
    }

    /// One line of text in the size of tables.
    pub fn text(text: &str) -> Self {
        Self::new(vec![Paragraph::new(Style::Cell).text(text)])
    }

    /// A header: bold, centred.
    pub fn head(text: &str) -> Self {
        Self::new(vec![Paragraph::new(Style::Cell).bold(text).centred()])
    }

    pub fn align(mut self, align: Align) -> Self {
        for paragraph in &mut self.content {
            paragraph.align = Some(align);
        }
        self
    }

    pub fn merged(mut self, merge: Merge) -> Self {
        self.merge = merge;
        self
    }

    /// What goes on from the cell above.
    pub fn going_on() -> Self {
        Self::new(Vec::new()).merged(Merge::GoesOn)
    }

    fn xml(&self, width: u32, out: &mut String, ids: &mut u32) {
        let _ = write!(out, "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>");
        if self.span > 1 {
            let _ = write!(out, "<w:gridSpan w:val=\"{}\"/>", self.span);
        }
        match self.merge {
            Merge::No => {}
            Merge::Begins => out.push_str("<w:vMerge w:val=\"restart\"/>"),
            Merge::GoesOn => out.push_str("<w:vMerge/>"),
        }
        if self.content.iter().any(|p| p.style == Style::Cell) {
            out.push_str("<w:vAlign w:val=\"center\"/>");
        }
        out.push_str("</w:tcPr>");
        for paragraph in &self.content {
            paragraph.xml(out, ids, None);
        }
        if self.content.is_empty() {
            // A cell ends with a paragraph, or Word calls the file broken.
            Paragraph::new(Style::Cell).xml(out, ids, None);
        }
        out.push_str("</w:tc>");
    }
}
