//! The one way in which every sheet of our workbooks is written: A4 with page numbers, text as text (never a formula), a
//! formula always with its result, links, and rows of units under their levels; and the names of sheets, which Excel must
//! accept and each of which is given once, with references to their cells in formulas and links.

use std::collections::BTreeMap;
use std::ops::Range;

use rust_xlsxwriter::{Format, Formula, IgnoreError, Url, Worksheet, XlsxError};

use super::form_sheet::WIDE;
use super::formulas::Sum;
use super::pivot::Whose;
use super::plan::{DETAIL_LEFT, DETAIL_TOP, Plan};
use crate::model::{Address, Figure, OUTPUT_SHEETS};
use crate::normalise::code::to_roman;
use crate::write::style::{Shape, Styles, Tone, height};

/// What a cell of a sheet may hold.
const LONGEST_TEXT: usize = 32_000;
/// Characters across A4 on its side that are still legible.
const LEGIBLE: f64 = 240.0;
/// A row nobody made taller, in points.
const DEFAULT_HEIGHT: f64 = 15.75;
/// Programs differ in what fits on a page: so much of it surely does.
const CERTAIN: f64 = 0.97;
/// Rows of a table above its last that go over with the signatures.
const KEPT: u32 = 2;
/// What Excel shows of a link.
const LONGEST_LINK_TEXT: usize = 250;
/// Excel's limit of links on a sheet is 65,530.
pub const MOST_LINKS: usize = 60_000;

/// Portrait or landscape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    Portrait,
    Landscape,
    /// A3 on its side, for forms of so many columns that nobody could read them on A4.
    Large,
}

impl Paper {
    /// As the law's forms lie: on its side from eight columns on.
    #[must_use]
    pub const fn of(last_column: u16) -> Self {
        if last_column >= WIDE { Self::Landscape } else { Self::Portrait }
    }

    /// The same, by the columns' widths in characters.
    #[must_use]
    pub fn for_widths(widths: &[f64]) -> Self {
        let wide = widths.iter().sum::<f64>() > LEGIBLE;
        if wide { Self::Large } else { Self::of((widths.len() as u16).saturating_sub(1)) }
    }
}

/// A sheet being written, with the workbook's formats. What is special to one sheet goes to `xlsx` directly.
pub struct SheetWriter<'a> {
    pub xlsx: &'a mut Worksheet,
    pub styles: &'a Styles,
    /// How tall rows were made, in points.
    heights: BTreeMap<u32, f64>,
}

impl<'a> SheetWriter<'a> {
    pub const fn new(xlsx: &'a mut Worksheet, styles: &'a Styles) -> Self {
        Self { xlsx, styles, heights: BTreeMap::new() }
    }

    /// A4, one page wide, with page numbers.
    pub fn set_up(&mut self, paper: Paper, footer: &str) -> Result<(), XlsxError> {
        let sheet = &mut *self.xlsx;
        // An empty result is an empty text, not 0.
        sheet.set_formula_result_default("");
        sheet.set_paper_size(if paper == Paper::Large { 8 } else { 9 });
        match paper {
            Paper::Portrait => sheet.set_portrait(),
            Paper::Landscape | Paper::Large => sheet.set_landscape(),
        };
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.5, 0.4, 0.6, 0.6, 0.3, 0.3);
        sheet.set_print_center_horizontally(true);
        let footer: String = footer.replace('&', "&&").chars().take(120).collect();
        sheet.set_footer(format!("&L&\"Times New Roman\"&8{footer}&R&\"Times New Roman\"&8Trang &P/&N"));
        sheet.set_screen_gridlines(false);
        // Codes such as 2.1 are text on purpose.
        sheet.ignore_error_range(0, 0, 1_048_575, 1, IgnoreError::NumberStoredAsText)?;
        Ok(())
    }

    /// No green corners from the third column on for what is so on purpose.
    pub fn expected(&mut self, oddity: IgnoreError) -> Result<(), XlsxError> {
        self.xlsx.ignore_error_range(0, 2, 1_048_575, 99, oddity)?;
        Ok(())
    }

    /// The widths of columns from one on, in characters.
    pub fn widths(&mut self, first: u16, widths: &[f64]) -> Result<(), XlsxError> {
        for (column, width) in (first..).zip(widths) {
            self.xlsx.set_column_width(column, *width)?;
        }
        Ok(())
    }

    /// How tall a row is, in points.
    pub fn tall(&mut self, row: u32, points: impl Into<f64>) -> Result<(), XlsxError> {
        let points = points.into();
        self.heights.insert(row, points);
        self.xlsx.set_row_height(row, points)?;
        Ok(())
    }

    /// Where the signatures would begin a page alone, the last rows of the table go over to it with them. `bottom` is the
    /// table's last row, `end` the last to be signed in; `repeated` are the rows printed again on every page.
    pub fn keep_signature(
        &mut self,
        paper: Paper,
        widths: &[f64],
        (bottom, end): (u32, u32),
        repeated: Range<u32>,
    ) -> Result<(), XlsxError> {
        // A4 less the margins, in inches; a column is 7 pixels a character and 5 more, of 96 an inch.
        let (wide, long) = match paper {
            Paper::Portrait => (8.27 - 0.9, 11.69 - 1.2),
            Paper::Landscape => (11.69 - 0.9, 8.27 - 1.2),
            Paper::Large => (16.54 - 0.9, 11.69 - 1.2),
        };
        let own: f64 = widths.iter().map(|w| (w * 7.0 + 5.0) / 96.0).sum();
        let page = long * 72.0 / (wide / own).min(1.0) * CERTAIN;
        let points = |row: u32| self.heights.get(&row).copied().unwrap_or(DEFAULT_HEIGHT);
        let head: f64 = repeated.map(points).sum();
        let (mut used, mut alone) = (0.0, false);
        for row in 0..=end {
            if used + points(row) > page {
                used = head;
                alone = row > bottom;
            }
            used += points(row);
        }
        if alone && bottom > KEPT {
            self.xlsx.set_page_breaks(&[bottom - KEPT])?;
        }
        Ok(())
    }

    /// A text, whatever it begins with: never a formula, never a number, never a link.
    pub fn text(&mut self, (row, column): (u32, u16), text: &str, format: &Format) -> Result<(), XlsxError> {
        let legal = |c: &char| !matches!(c, '\u{fffe}' | '\u{ffff}') && (!c.is_control() || matches!(c, '\n' | '\t'));
        let text: String = text.chars().filter(legal).take(LONGEST_TEXT).collect();
        self.xlsx.write_string_with_format(row, column, text, format)?;
        Ok(())
    }

    /// The captions of a working sheet, from a cell to the right.
    pub fn captions<T: AsRef<str>>(
        &mut self,
        (row, first): (u32, u16),
        captions: impl IntoIterator<Item = T>,
    ) -> Result<(), XlsxError> {
        for (column, words) in (first..).zip(captions) {
            self.text((row, column), words.as_ref(), &self.styles.bar)?;
        }
        Ok(())
    }

    /// A text across columns.
    pub fn across(
        &mut self,
        (row, first, last): (u32, u16, u16),
        words: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        self.area((row, first, row, last), words, format)
    }

    /// A text over an area, merged where it is more than one cell.
    pub fn area(
        &mut self,
        (top, left, bottom, right): (u32, u16, u32, u16),
        words: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        if (top, left) != (bottom, right) {
            self.xlsx.merge_range(top, left, bottom, right, "", format)?;
        }
        self.text((top, left), words, format)
    }

    /// A figure as it stands.
    pub fn number(&mut self, (row, column): (u32, u16), figure: Figure, format: &Format) -> Result<(), XlsxError> {
        self.xlsx.write_number_with_format(row, column, figure.to_double(), format)?;
        Ok(())
    }

    /// A formula with the figure it comes to; nothing is an empty text.
    pub fn live(
        &mut self,
        place: (u32, u16),
        formula: &str,
        value: Option<Figure>,
        format: &Format,
    ) -> Result<(), XlsxError> {
        let result = value.map(|v| v.trimmed().to_string()).unwrap_or_default();
        self.live_text(place, formula, &result, format)
    }

    /// A formula that comes to a text.
    pub fn live_text(
        &mut self,
        (row, column): (u32, u16),
        formula: &str,
        result: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        let formula = Formula::new(format!("={formula}")).set_result(result);
        self.xlsx.write_formula_with_format(row, column, formula, format)?;
        Ok(())
    }

    /// A sum, or an empty cell where there is none.
    pub fn sum(
        &mut self,
        place: (u32, u16),
        sum: Option<Sum>,
        (tone, shape): (Tone, &dyn Fn(Option<Figure>) -> Shape),
    ) -> Result<(), XlsxError> {
        match sum {
            Some((formula, value)) => self.live(place, &formula, value, self.styles.figure(tone, shape(value))),
            None => self.text(place, "", self.styles.text(tone)),
        }
    }

    /// A link to a cell of this workbook.
    pub fn jump(
        &mut self,
        place: (u32, u16),
        words: &str,
        (to, row, column): (&str, u32, u16),
        format: &Format,
    ) -> Result<(), XlsxError> {
        self.outward(place, words, link(to, row, column), format)
    }

    /// A link to a file received, or to a cell of one.
    pub fn outward(
        &mut self,
        (row, column): (u32, u16),
        words: &str,
        target: String,
        format: &Format,
    ) -> Result<(), XlsxError> {
        let words: String = words.chars().filter(|c| !c.is_control() || *c == '\n').take(LONGEST_LINK_TEXT).collect();
        self.xlsx.write_url_with_format(row, column, Url::new(target).set_text(words), format)?;
        Ok(())
    }

    /// The number and name that a row of units begins with, the name in a column of a width; the row is as tall as it needs.
    /// By its number, formulas find a unit among the details.
    pub fn whose(
        &mut self,
        plan: &Plan<'_>,
        (row, whose): (u32, Whose<'_>),
        (column, width): (u16, f64),
        tone: Tone,
    ) -> Result<(), XlsxError> {
        let name = super::pivot::label(plan, whose);
        match whose {
            Whose::All => self.area((row, 0, row, column), name, self.styles.centre(tone))?,
            // Where the names stand first, no column is left for numbers.
            _ if column == 0 => {}
            Whose::Level(level) => self.text((row, 0), &roman(level + 1), self.styles.centre(tone))?,
            Whose::Unit(unit) => self.ordinal((row, 0), unit + 1, tone)?,
            Whose::Field(..) => {}
        }
        if whose != Whose::All {
            self.text((row, column), name, self.styles.text(tone))?;
        }
        self.tall(row, height(name, width).max(18.0))
    }

    /// A number that counts rows.
    pub fn ordinal(&mut self, place: (u32, u16), number: usize, tone: Tone) -> Result<(), XlsxError> {
        let format = self.styles.centre(tone);
        self.xlsx.write_number_with_format(place.0, place.1, number as f64, format)?;
        Ok(())
    }

    /// Rows fold under the headings above them.
    pub fn fold(&mut self, rows: &[(u32, Whose<'_>)]) -> Result<(), XlsxError> {
        self.xlsx.group_symbols_above(true);
        let heads = |(_, whose): &(u32, Whose<'_>)| matches!(whose, Whose::Level(_) | Whose::All);
        if !rows.iter().any(|(_, whose)| matches!(whose, Whose::Level(_))) {
            return Ok(());
        }
        for group in rows.chunk_by(|a, b| heads(a) == heads(b)).filter(|g| g.first().is_some_and(|r| !heads(r))) {
            if let (Some(first), Some(last)) = (group.first(), group.last()) {
                self.xlsx.group_rows(first.0, last.0)?;
            }
        }
        Ok(())
    }
}

/// Units below one another, each level under its heading where there are several; the total of all last.
#[must_use]
pub fn unit_rows(plan: &Plan<'_>, top: u32) -> Vec<(u32, Whose<'static>)> {
    let mut rows = Vec::new();
    for (number, level) in plan.levels.iter().enumerate() {
        rows.extend(plan.has_levels().then_some(Whose::Level(number)));
        rows.extend(level.units.clone().map(Whose::Unit));
    }
    rows.push(Whose::All);
    (top..).zip(rows).collect()
}

/// As sections are numbered on paper.
#[must_use]
pub fn roman(number: usize) -> String {
    u32::try_from(number).map_or_else(|_| String::new(), to_roman)
}

/// The sheets that every workbook has.
pub const START: &str = OUTPUT_SHEETS[0];
pub const UNITS: &str = OUTPUT_SHEETS[1];
pub const FINDINGS: &str = OUTPUT_SHEETS[2];
pub const STATUS: &str = OUTPUT_SHEETS[3];
pub const SOURCES: &str = OUTPUT_SHEETS[4];

/// The names given so far.
#[derive(Default)]
pub struct Names {
    taken: Vec<String>,
}

/// Excel's limit, in UTF-16 units.
const LONGEST: usize = 31;

impl Names {
    /// The wish without forbidden signs, shortened and numbered where it must be.
    pub fn take(&mut self, wish: &str) -> String {
        let clean: String =
            wish.chars().map(|c| if "[]:*?/\\".contains(c) || c.is_control() { '-' } else { c }).collect();
        let clean = clean.trim_matches(|c: char| c == '\'' || c.is_whitespace());
        let clean = if clean.is_empty() { "Biểu" } else { clean };
        let mut name = cut(clean, LONGEST);
        let mut n = 2;
        while self.taken.iter().any(|t| t.to_lowercase() == name.to_lowercase()) {
            let suffix = format!(" ({n})");
            name = format!("{}{suffix}", cut(clean, LONGEST - suffix.len()));
            n += 1;
        }
        self.taken.push(name.clone());
        name
    }
}

fn cut(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    for c in text.chars() {
        length += c.len_utf16();
        if length > most {
            break;
        }
        out.push(c);
    }
    out.trim_end().to_owned()
}

/// `II.06a` of `II.06a/VPCP/KSTT`, `BM3` of `CCHC/BM3`: the first part of a form's id that carries a number; the whole of
/// `01/XLD`, whose number alone says nothing.
#[must_use]
pub fn short(id: &str) -> String {
    let telling = |part: &&str| part.chars().any(|c| c.is_ascii_digit()) && part.chars().any(char::is_alphabetic);
    cut(id.split('/').find(telling).unwrap_or(id), 14)
}

/// `'II.06a'!`
#[must_use]
pub fn prefix(sheet: &str) -> String {
    format!("'{}'!", sheet.replace('\'', "''"))
}

/// `C12`
#[must_use]
pub fn at(row: u32, column: u16) -> String {
    Address::new(row, column.into()).to_string()
}

/// `$C$12`
#[must_use]
pub fn fixed(row: u32, column: u16) -> String {
    let cell = at(row, column);
    let split = cell.find(|c: char| c.is_ascii_digit()).unwrap_or(cell.len());
    format!("${}${}", &cell[..split], &cell[split..])
}

/// A link's target.
#[must_use]
pub fn link(sheet: &str, row: u32, column: u16) -> String {
    format!("internal:{}{}", prefix(sheet), at(row, column))
}

/// Names for the areas that other workbooks' formulas may want: each table of a form, and its details.
#[must_use]
pub fn defined(plan: &Plan<'_>) -> Vec<(String, String)> {
    let area = |sheet: &str, (top, left): (u32, u16), (bottom, right): (u32, u16)| {
        format!("={}{}:{}", prefix(sheet), fixed(top, left), fixed(bottom, right))
    };
    let mut names = Vec::new();
    for table in &plan.tables {
        let part = if table.table.id.is_empty() {
            short(&table.form.id)
        } else {
            format!("{}_{}", short(&table.form.id), table.table.id)
        };
        // What Excel allows in a name; the word before it keeps BM1 from being a cell's.
        let part: String = part.chars().map(|c| if c.is_alphanumeric() || c == '.' { c } else { '_' }).collect();
        let first = table.all_lines().map(|l| l.row).min();
        if let Some(first) = first {
            let form = area(&table.sheet, (first, 0), (table.last_row(), table.last_column()));
            names.push((format!("Bieu_{part}"), form));
        }
        let right = DETAIL_LEFT + table.figures().len() as u16 + 2;
        let details = area(&table.detail, (DETAIL_TOP - 1, 0), (table.last_detail(), right));
        names.push((format!("ChiTiet_{part}"), details));
    }
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|(name, _)| seen.insert(name.to_lowercase()));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ones_excel_accepts_and_differ() {
        let mut names = Names::default();
        assert_eq!(names.take("Biểu [1]: a/b*?"), "Biểu -1-- a-b--");
        let long = "Tình hình giải quyết thủ tục hành chính";
        assert_eq!(names.take(long), "Tình hình giải quyết thủ tục hà");
        assert_eq!(names.take(long), "Tình hình giải quyết thủ tụ (2)");
        assert_eq!(short("II.06a/VPCP/KSTT"), "II.06a");
        assert_eq!(short("CCHC/BM3"), "BM3");
        assert_eq!(short("01/XLD"), "01/XLD");
        assert_eq!(prefix("Sở 'X'"), "'Sở ''X'''!");
        assert_eq!(fixed(11, 27), "$AB$12");
    }
}
