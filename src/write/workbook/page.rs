//! Writes on a sheet what every sheet of the workbook shares: page set-up, title, text as text, formulas with results.

use rust_xlsxwriter::{Format, Formula, IgnoreError, Url, Worksheet, XlsxError};

use super::form_frame::WIDE;
use super::live::Sum;
use super::names::link;
use crate::model::Figure;
use crate::write::style::{Shape, Styles, Tone};

/// What a cell of a sheet may hold.
const LONGEST_TEXT: usize = 32_000;
/// Excel's limit of links on a sheet is 65,530.
pub const MOST_LINKS: usize = 60_000;

/// Which way the paper lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    Portrait,
    Landscape,
}

impl Paper {
    /// As the law's forms lie: on its side from eight columns on.
    #[must_use]
    pub const fn of(last_column: u16) -> Self {
        if last_column >= WIDE { Self::Landscape } else { Self::Portrait }
    }
}

/// A4, one page wide, with page numbers.
pub fn set_up(sheet: &mut Worksheet, paper: Paper, footer: &str) -> Result<(), XlsxError> {
    // An empty result is an empty text, not 0.
    sheet.set_formula_result_default("");
    sheet.set_paper_size(9);
    match paper {
        Paper::Portrait => sheet.set_portrait(),
        Paper::Landscape => sheet.set_landscape(),
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
pub fn expected(sheet: &mut Worksheet, oddity: IgnoreError) -> Result<(), XlsxError> {
    sheet.ignore_error_range(0, 2, 1_048_575, 99, oddity)?;
    Ok(())
}

/// A text, whatever it begins with: never a formula, never a number, never a link.
pub fn text(sheet: &mut Worksheet, row: u32, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
    let legal = |c: &char| !matches!(c, '\u{fffe}' | '\u{ffff}') && (!c.is_control() || matches!(c, '\n' | '\t'));
    let text: String = text.chars().filter(legal).take(LONGEST_TEXT).collect();
    sheet.write_string_with_format(row, column, text, format)?;
    Ok(())
}

/// A text across columns.
pub fn across(
    sheet: &mut Worksheet,
    (row, first, last): (u32, u16, u16),
    words: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    area(sheet, (row, first, row, last), words, format)
}

/// A text over an area, merged where it is more than one cell.
pub fn area(
    sheet: &mut Worksheet,
    (top, left, bottom, right): (u32, u16, u32, u16),
    words: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if (top, left) != (bottom, right) {
        sheet.merge_range(top, left, bottom, right, "", format)?;
    }
    text(sheet, top, left, words, format)
}

pub fn number(sheet: &mut Worksheet, row: u32, column: u16, figure: Figure, format: &Format) -> Result<(), XlsxError> {
    sheet.write_number_with_format(row, column, figure.to_double(), format)?;
    Ok(())
}

/// A formula with the figure it comes to; nothing is an empty text.
pub fn live(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    formula: &str,
    value: Option<Figure>,
    format: &Format,
) -> Result<(), XlsxError> {
    let result = value.map(|v| v.trimmed().to_string()).unwrap_or_default();
    sheet.write_formula_with_format(row, column, Formula::new(format!("={formula}")).set_result(result), format)?;
    Ok(())
}

/// A sum, or an empty cell where there is none.
pub fn sum(
    sheet: &mut Worksheet,
    place: (u32, u16),
    sum: Option<Sum>,
    (tone, shape): (Tone, &dyn Fn(Option<Figure>) -> Shape),
    styles: &Styles,
) -> Result<(), XlsxError> {
    match sum {
        Some((formula, value)) => {
            let format = styles.figure(tone, shape(value));
            live(sheet, place, &formula, value, format)
        }
        None => text(sheet, place.0, place.1, "", styles.text(tone)),
    }
}

/// A formula that comes to a text.
pub fn live_text(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    formula: &str,
    result: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    sheet.write_formula_with_format(row, column, Formula::new(format!("={formula}")).set_result(result), format)?;
    Ok(())
}

/// A link to a cell of this workbook.
pub fn jump(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    words: &str,
    (to, to_row, to_column): (&str, u32, u16),
    format: &Format,
) -> Result<(), XlsxError> {
    let words: String = words.chars().filter(|c| !c.is_control() || *c == '\n').take(250).collect();
    let url = Url::new(link(to, to_row, to_column)).set_text(words);
    sheet.write_url_with_format(row, column, url, format)?;
    Ok(())
}

/// A link to a file received, or to a cell of one.
pub fn outward(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    words: &str,
    way: String,
    format: &Format,
) -> Result<(), XlsxError> {
    let words: String = words.chars().filter(|c| !c.is_control() || *c == '\n').take(250).collect();
    sheet.write_url_with_format(row, column, Url::new(way).set_text(words), format)?;
    Ok(())
}
