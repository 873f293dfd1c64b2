//! One blank form as a sheet: locked but for its input cells, each of which asks for what it wants and turns red where
//! a rule is broken; beside it, outside what is printed, the rules in words.

use rust_xlsxwriter::{Format, IgnoreError, ProtectionOptions, Worksheet, XlsxError};

use super::Blank;
use super::layout::{Layout, Row, Spot, TableAt, What};
use super::status;
use super::title;
use super::worked::Worked;
use crate::model::form::Role;
use crate::model::{Column, Kind};
use crate::write::style::{INPUT, Shape, Styles, Tone, height};
use crate::write::workbook::form_sheet::widths_of;
use crate::write::workbook::header::{self, Head};
use crate::write::workbook::names::{at, fixed};
use crate::write::workbook::page::{self, Paper, area, live_text, text};

/// Rows that surely fit on a page.
const PAGE_ROWS: u32 = 40;
/// The width of the column that says what does not tie.
const WORDS: f64 = 60.0;

pub struct Form<'a> {
    pub blank: &'a Blank<'a>,
    pub layout: &'a Layout<'a>,
    pub worked: &'a Worked<'a>,
    pub styles: &'a Styles,
    /// Which sheet.
    pub own: usize,
}

impl Form<'_> {
    pub fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let plan = &self.layout.sheets[self.own];
        let Some(first) = plan.tables.first() else {
            return Ok(());
        };
        let paper = if plan.last > 6 { Paper::Landscape } else { Paper::Portrait };
        let footer = format!("{} – {}", plan.form.code, plan.form.legal_basis);
        page::set_up(sheet, paper, &footer)?;
        page::expected(sheet, IgnoreError::FormulaDiffers)?;
        let widths = widths_of(first.table);
        for (column, width) in widths.iter().enumerate() {
            sheet.set_column_width(column as u16, *width)?;
        }
        let side = plan.last + 2;
        sheet.set_column_width(plan.last + 1, 2)?;
        sheet.set_column_width(side, WORDS)?;
        title::write(sheet, self.blank, plan, &widths, self.styles)?;
        for number in 0..plan.tables.len() {
            self.table(sheet, (self.own, number), &widths, side)?;
        }
        status::write(sheet, self, side)?;
        let bottom = plan.tables.last().map_or(first.head, |t| t.last());
        let signed = title::signatures(sheet, bottom + 2, plan.last, self.styles)?;
        sheet.set_print_area(1, 0, signed, plan.last)?;
        // The fill that shows where to type is for the screen.
        sheet.set_print_black_and_white(true);
        if let [_, further @ ..] = &plan.tables[..]
            && bottom > PAGE_ROWS
        {
            let breaks: Vec<u32> = further.iter().map(|t| t.top).collect();
            sheet.set_page_breaks(&breaks)?;
        }
        if plan.tables.len() == 1 {
            sheet.set_repeat_rows(first.head, first.first() - 1)?;
        }
        sheet.set_freeze_panes(1, if plan.last > 6 { 2 } else { 0 })?;
        if let Some(spot) = self.inputs().next() {
            sheet.set_selection(spot.row, spot.column, spot.row, spot.column)?;
        }
        sheet.protect_with_options(&ProtectionOptions {
            format_columns: true,
            format_rows: true,
            ..ProtectionOptions::new()
        });
        Ok(())
    }

    /// The cells to be filled in, in the order of tabbing: row by row.
    pub fn inputs(&self) -> impl Iterator<Item = Spot> {
        let tables = self.layout.sheets[self.own].tables.iter();
        tables.flat_map(move |table| {
            table.rows.iter().flat_map(move |row| {
                let all = table.figures().map(move |(column, own)| {
                    let spot = Spot { sheet: self.own, row: row.row, column };
                    (spot, table.nature(row, own).0)
                });
                all.filter(|(spot, kind)| kind.has_figure() && !self.worked.holds(*spot)).map(|(spot, _)| spot)
            })
        })
    }

    fn table(&self, sheet: &mut Worksheet, own: TableAt, widths: &[f64], side: u16) -> Result<(), XlsxError> {
        let (plan, table) = (&self.layout.sheets[own.0], self.layout.table(own));
        let mut top = table.top;
        if !table.table.title.is_empty() {
            text(sheet, top, 0, &table.table.title, &self.styles.strong)?;
            top += 1;
        }
        if !table.table.measure.is_empty() {
            let last = table.table.columns.len().saturating_sub(1) as u16;
            text(sheet, top, last, &table.table.measure, &self.styles.italic_right)?;
        }
        let head = Head { catalogue: self.blank.catalogue, form: plan.form, table: table.table };
        header::captions(sheet, &head, table.head, self.styles)?;
        for row in &table.rows {
            self.row(sheet, own, row, widths)?;
        }
        self.feed_back(sheet, own, side)
    }

    fn row(&self, sheet: &mut Worksheet, own: TableAt, row: &Row<'_>, widths: &[f64]) -> Result<(), XlsxError> {
        let table = self.layout.table(own);
        let styles = self.styles;
        let heading = matches!(row.what, What::Fixed(line) if line.kind == Kind::Heading);
        let is_total = matches!(row.what, What::Total);
        let tone = if heading || is_total { Tone::Bold } else { Tone::Plain };
        let mut tall: f64 = 20.0;
        if let (What::Total, Some(label)) = (&row.what, table.label()) {
            area(sheet, (row.row, 0, row.row, label), "TỔNG CỘNG", styles.centre(tone))?;
        }
        for (number, column) in table.table.columns.iter().enumerate() {
            let place = (row.row, number as u16);
            match (&row.what, column.role) {
                (What::Total, Role::Ordinal | Role::Label) => {}
                (What::Fixed(line), Role::Ordinal) => {
                    text(sheet, place.0, place.1, &line.code, styles.centre(tone))?;
                }
                (What::Field(_), Role::Ordinal) => self.ordinal(sheet, own, place)?,
                (What::Fixed(line), Role::Label) => {
                    tall = tall.max(height(&line.label, widths[number]));
                    text(sheet, place.0, place.1, &line.label, styles.text(tone))?;
                }
                (What::Field(name), Role::Label) => {
                    let name = name.as_deref().unwrap_or_default();
                    tall = tall.max(height(name, widths[number]));
                    text(sheet, place.0, place.1, name, &open(styles.text(tone)))?;
                }
                (What::Fixed(line), Role::Measure) => {
                    tall = tall.max(height(&line.measure, widths[number]));
                    text(sheet, place.0, place.1, &line.measure, styles.centre(tone))?;
                }
                (_, Role::Measure) => text(sheet, place.0, place.1, "", styles.centre(tone))?,
                (_, Role::Note) => text(sheet, place.0, place.1, "", &open(styles.text(tone)))?,
                (_, Role::Figure) => self.figure(sheet, own, row, (place.1, column), tone)?,
            }
        }
        sheet.set_row_height(row.row, tall)?;
        Ok(())
    }

    /// Counts the lines that have a name.
    fn ordinal(&self, sheet: &mut Worksheet, own: TableAt, (row, column): (u32, u16)) -> Result<(), XlsxError> {
        let table = self.layout.table(own);
        let (Some(label), Some((first, _))) = (table.label(), table.fields()) else {
            return Ok(());
        };
        let name = at(row, label);
        let formula = format!("IF(LEN({name})=0,\"\",COUNTA({}:{name}))", fixed(first, label));
        let named = |r: &&Row<'_>| r.row <= row && matches!(&r.what, What::Field(Some(_)));
        let is_named = table.rows.iter().any(|r| r.row == row && named(&r));
        let count = if is_named { table.rows.iter().filter(named).count().to_string() } else { String::new() };
        live_text(sheet, (row, column), &formula, &count, self.styles.centre(Tone::Plain))
    }

    fn figure(
        &self,
        sheet: &mut Worksheet,
        own: TableAt,
        row: &Row<'_>,
        (column, of): (u16, &Column),
        tone: Tone,
    ) -> Result<(), XlsxError> {
        let (kind, decimals) = self.layout.table(own).nature(row, of);
        let spot = Spot { sheet: own.0, row: row.row, column };
        let style = |decimals: u8| {
            if kind.is_percentage() {
                self.styles.figure(tone, Shape::Percent)
            } else {
                self.styles.number(tone, decimals)
            }
        };
        if let Some((formula, _)) = self.worked.cells.get(&spot) {
            let bold = style(decimals).clone().set_bold();
            return live_text(sheet, (row.row, column), formula, "", &bold);
        }
        if !kind.has_figure() {
            return text(sheet, row.row, column, "", self.styles.text(tone));
        }
        let format = match kind {
            Kind::Code => self.styles.centre(tone).clone(),
            // As many decimals as are typed.
            _ if decimals > 0 => style(0).clone().set_num_format("General"),
            _ => style(0).clone(),
        };
        sheet.write_blank(row.row, column, &open(&format))?;
        Ok(())
    }
}

/// A format of a cell that may be typed into.
fn open(format: &Format) -> Format {
    format.clone().set_unlocked().set_background_color(INPUT)
}
