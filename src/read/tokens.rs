//! The tokens of a binary formula (.xls, .xlsb) into the text that was typed.

use super::limits::{COLUMNS, FORMULA_BYTES, ROWS};
use super::text;

use crate::model::address::letters;

/// How wide a token's fields are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Excel 97–2003: 65,536 rows, 256 columns.
    Biff8,
    /// .xlsb.
    Biff12,
}

/// What the tokens point to by number.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The sheet or sheets in front of `!`, by number, quoted where needed.
    pub(super) sheets: Vec<String>,
    pub(super) defined: Vec<String>,
    /// The workbook or add-in behind each of `sheets`.
    pub(super) books: Vec<usize>,
    /// The names in each workbook or add-in; none for the workbook itself.
    pub(super) foreign: Vec<Option<Vec<String>>>,
}

/// What stands for a formula that cannot be spelled out.
pub(super) const UNKNOWN: &str = "?";

/// Spells a formula out; `at` is the cell that relative references count from.
pub(super) fn spell(tokens: &[u8], dialect: Dialect, names: &Names, at: (u32, u32)) -> String {
    let mut speller = Speller { bytes: tokens, dialect, names, at, stack: Vec::new(), wraps: 0 };
    speller.run().filter(|f| f.len() <= FORMULA_BYTES).unwrap_or_else(|| UNKNOWN.to_owned())
}

/// The cell whose shared or array formula this cell takes part in.
pub(super) fn shared_with(tokens: &[u8], extra: &[u8], dialect: Dialect) -> Option<(u32, u32)> {
    let mut bytes = tokens.strip_prefix(&[1])?;
    match dialect {
        Dialect::Biff8 => Some((u32::from(u16_from(&mut bytes)?), u32::from(u16_from(&mut bytes)?))),
        Dialect::Biff12 => Some((u32_from(&mut bytes)?, u32_from(&mut &*extra)?)),
    }
}

/// A sheet name as a formula writes it.
pub(super) fn quoted(first: &str, last: &str) -> String {
    let both = if first == last { first.to_owned() } else { format!("{first}:{last}") };
    let plain = both.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':'));
    let digit_first = both.starts_with(|c: char| c.is_ascii_digit());
    if plain && !digit_first { both } else { format!("'{}'", both.replace('\'', "''")) }
}

struct Speller<'a> {
    bytes: &'a [u8],
    dialect: Dialect,
    names: &'a Names,
    at: (u32, u32),
    stack: Vec<String>,
    /// How often a sign or bracket was put in front; each moves the whole text.
    wraps: usize,
}

impl Speller<'_> {
    fn run(&mut self) -> Option<String> {
        while let [token, rest @ ..] = self.bytes {
            self.bytes = rest;
            // Above 0x40 the same tokens come back, for values and arrays.
            let token = if *token >= 0x40 { (*token & 0x1F) | 0x20 } else { *token };
            match token {
                0x03..=0x11 => self.binary(token)?,
                0x12 => self.wrap("+", "")?,
                0x13 => self.wrap("-", "")?,
                0x14 => self.wrap("", "%")?,
                0x15 => self.wrap("(", ")")?,
                0x16 => self.stack.push(String::new()),
                0x17..=0x1F => self.constant(token)?,
                0x20 => self.push_skipping("{…}", (7, 14))?,
                0x21 | 0x22 => self.call(token)?,
                0x26..=0x28 => self.skip((6, 6))?,
                0x29 => self.skip((2, 2))?,
                _ => self.reference(token)?,
            }
            if self.stack.last().is_some_and(|s| s.len() > FORMULA_BYTES) {
                return None;
            }
        }
        let whole = self.stack.pop()?;
        self.stack.is_empty().then_some(whole)
    }

    fn binary(&mut self, token: u8) -> Option<()> {
        const SIGNS: [&str; 15] = ["+", "-", "*", "/", "^", "&", "<", "<=", "=", ">=", ">", "<>", " ", ",", ":"];
        let right = self.stack.pop()?;
        let left = self.stack.last_mut()?;
        left.push_str(SIGNS.get(usize::from(token) - 3)?);
        left.push_str(&right);
        Some(())
    }

    fn constant(&mut self, token: u8) -> Option<()> {
        let text = match token {
            0x17 => format!("\"{}\"", self.string()?.replace('"', "\"\"")),
            0x19 => return self.attribute(),
            0x1C => error(u8_from(&mut self.bytes)?).to_owned(),
            0x1D => if u8_from(&mut self.bytes)? == 0 { "FALSE" } else { "TRUE" }.to_owned(),
            0x1E => u16_from(&mut self.bytes)?.to_string(),
            0x1F => f64_from(&mut self.bytes)?.to_string(),
            _ => return None,
        };
        self.stack.push(text);
        Some(())
    }

    fn string(&mut self) -> Option<String> {
        let (count, wide) = match self.dialect {
            Dialect::Biff8 => {
                let count = usize::from(u8_from(&mut self.bytes)?);
                (count, u8_from(&mut self.bytes)? & 1 == 1)
            }
            Dialect::Biff12 => (usize::from(u16_from(&mut self.bytes)?), true),
        };
        let (letters, rest) = self.bytes.split_at_checked(if wide { count * 2 } else { count })?;
        self.bytes = rest;
        Some(text::wide_or_latin(letters, wide))
    }

    /// Hints for the calculation and blanks between tokens; only the sum of one range is part of the formula.
    fn attribute(&mut self) -> Option<()> {
        let kind = u8_from(&mut self.bytes)?;
        let count = usize::from(u16_from(&mut self.bytes)?);
        match kind {
            0x04 => self.bytes = self.bytes.get((count + 1) * 2..)?,
            0x10 => self.wrap("SUM(", ")")?,
            _ => {}
        }
        Some(())
    }

    fn call(&mut self, token: u8) -> Option<()> {
        let count = if token == 0x22 { Some(usize::from(u8_from(&mut self.bytes)? & 0x7F)) } else { None };
        let number = u16_from(&mut self.bytes)? & 0x7FFF;
        // 255: a function of an add-in or a later Excel, its name as the first argument.
        let (name, count) = match (number, count) {
            (255, Some(count)) => (None, count),
            _ => {
                let (name, fixed) = function(number)?;
                (Some(name), count.or(fixed)?)
            }
        };
        let mut arguments = self.stack.split_off(self.stack.len().checked_sub(count)?);
        let name = match name {
            Some(name) => name.to_owned(),
            None if arguments.is_empty() => return None,
            None => arguments.remove(0).trim_start_matches("_xlfn.").to_owned(),
        };
        self.stack.push(format!("{name}({})", arguments.join(",")));
        Some(())
    }

    fn reference(&mut self, token: u8) -> Option<()> {
        let wide = self.dialect == Dialect::Biff12;
        let text = match token {
            0x23 => {
                let number = if wide { u32_from(&mut self.bytes)? } else { u32::from(u16_from(&mut self.bytes)?) };
                self.skip((2, 0))?;
                self.names.defined.get((number as usize).checked_sub(1)?)?.clone()
            }
            0x24 | 0x2C => self.single(token == 0x2C)?,
            0x25 | 0x2D => self.area(token == 0x2D)?,
            0x2A => return self.push_skipping("#REF!", (4, 6)),
            0x2B => return self.push_skipping("#REF!", (8, 12)),
            0x39 => {
                let (book, number) = (u16_from(&mut self.bytes)?, u16_from(&mut self.bytes)?);
                self.skip((2, 2))?;
                let book = self.names.books.get(usize::from(book)).copied().unwrap_or(usize::MAX);
                let names = self.names.foreign.get(book).and_then(Option::as_ref).unwrap_or(&self.names.defined);
                names.get(usize::from(number).checked_sub(1)?).map_or_else(|| UNKNOWN.to_owned(), Clone::clone)
            }
            0x3A..=0x3D => {
                let number = usize::from(u16_from(&mut self.bytes)?);
                let sheet = self.names.sheets.get(number).map_or("#REF", String::as_str);
                let inside = match token {
                    0x3A => self.single(false)?,
                    0x3B => self.area(false)?,
                    _ => {
                        self.skip(if token == 0x3C { (4, 6) } else { (8, 12) })?;
                        "#REF!".to_owned()
                    }
                };
                format!("{sheet}!{inside}")
            }
            _ => return None,
        };
        self.stack.push(text);
        Some(())
    }

    fn single(&mut self, relative: bool) -> Option<String> {
        let row = self.row()?;
        let column = u16_from(&mut self.bytes)?;
        let mut text = String::new();
        let (row, column) = self.place(row, column, relative);
        push_column(&mut text, column);
        push_row(&mut text, row);
        Some(text)
    }

    fn area(&mut self, relative: bool) -> Option<String> {
        let (top, bottom) = (self.row()?, self.row()?);
        let (left, right) = (u16_from(&mut self.bytes)?, u16_from(&mut self.bytes)?);
        let (top, left) = self.place(top, left, relative);
        let (bottom, right) = self.place(bottom, right, relative);
        let (rows, columns) = self.size();
        let mut text = String::new();
        let (all_rows, all_columns) = (top.0 == 0 && bottom.0 == rows - 1, left.0 == 0 && right.0 == columns - 1);
        for (row, column) in [(top, left), (bottom, right)] {
            if !text.is_empty() {
                text.push(':');
            }
            if !all_columns || all_rows {
                push_column(&mut text, column);
            }
            if !all_rows || all_columns {
                push_row(&mut text, row);
            }
        }
        Some(text)
    }

    fn row(&mut self) -> Option<u32> {
        match self.dialect {
            Dialect::Biff8 => u16_from(&mut self.bytes).map(u32::from),
            Dialect::Biff12 => u32_from(&mut self.bytes),
        }
    }

    fn size(&self) -> (u32, u32) {
        if self.dialect == Dialect::Biff8 { (65_536, 256) } else { (ROWS, COLUMNS) }
    }

    /// A row and column with whether each is fixed; in shared formulas the free ones count from the cell.
    fn place(&self, row: u32, column: u16, relative: bool) -> ((u32, bool), (u32, bool)) {
        let (row_free, column_free) = (column & 0x8000 != 0, column & 0x4000 != 0);
        let (rows, columns) = self.size();
        let mut column = u32::from(column & 0x3FFF);
        let mut row = row;
        if relative && row_free {
            row = row.wrapping_add(self.at.0);
        }
        if relative && column_free {
            column = column.wrapping_add(self.at.1);
        }
        ((row % rows, !row_free), (column % columns, !column_free))
    }

    fn wrap(&mut self, before: &str, after: &str) -> Option<()> {
        self.wraps += 1;
        let last = self.stack.last_mut().filter(|_| self.wraps <= 500)?;
        last.insert_str(0, before);
        last.push_str(after);
        Some(())
    }

    /// Steps over bytes, so many in the narrow dialect and so many in the wide one.
    fn skip(&mut self, (narrow, wide): (usize, usize)) -> Option<()> {
        self.bytes = self.bytes.get(if self.dialect == Dialect::Biff8 { narrow } else { wide }..)?;
        Some(())
    }

    fn push_skipping(&mut self, text: &str, bytes: (usize, usize)) -> Option<()> {
        self.stack.push(text.to_owned());
        self.skip(bytes)
    }
}

/// The error behind its code.
pub(super) fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}

fn push_column(text: &mut String, (column, fixed): (u32, bool)) {
    text.push_str(if fixed { "$" } else { "" });
    text.push_str(&letters(column).to_string());
}

fn push_row(text: &mut String, (row, fixed): (u32, bool)) {
    text.push_str(if fixed { "$" } else { "" });
    text.push_str(&(row + 1).to_string());
}

pub(super) fn u8_from(bytes: &mut &[u8]) -> Option<u8> {
    take_from(bytes).map(u8::from_le_bytes)
}

pub(super) fn u16_from(bytes: &mut &[u8]) -> Option<u16> {
    take_from(bytes).map(u16::from_le_bytes)
}

pub(super) fn u32_from(bytes: &mut &[u8]) -> Option<u32> {
    take_from(bytes).map(u32::from_le_bytes)
}

pub(super) fn f64_from(bytes: &mut &[u8]) -> Option<f64> {
    take_from(bytes).map(f64::from_le_bytes)
}

fn take_from<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*first)
}

// The number of a worksheet function in a binary formula into its name.

/// By number from 0; `:n` where the number of arguments is fixed, `-` where Excel has no worksheet function.
/// From [MS-XLS] 2.5.198.17 (Ftab).
const NAMES: &str = "
COUNT IF ISNA:1 ISERROR:1 SUM AVERAGE MIN MAX ROW COLUMN NA:0 NPV STDEV DOLLAR FIXED SIN:1 COS:1 TAN:1 ATAN:1
PI:0 SQRT:1 EXP:1 LN:1 LOG10:1 ABS:1 INT:1 SIGN:1 ROUND:2 LOOKUP INDEX REPT:2 MID:3 LEN:1 VALUE:1 TRUE:0
FALSE:0 AND OR NOT:1 MOD:2 DCOUNT:3 DSUM:3 DAVERAGE:3 DMIN:3 DMAX:3 DSTDEV:3 VAR DVAR:3 TEXT:2 LINEST TREND
LOGEST GROWTH - - - PV FV NPER PMT RATE MIRR:3 IRR RAND:0 MATCH DATE:3 TIME:3 DAY:1 MONTH:1 YEAR:1 WEEKDAY
HOUR:1 MINUTE:1 SECOND:1 NOW:0 AREAS:1 ROWS:1 COLUMNS:1 OFFSET - - - SEARCH TRANSPOSE:1 - - TYPE:1 - - - - -
SERIESSUM:4 - - - - ATAN2:2 ASIN:1 ACOS:1 CHOOSE HLOOKUP VLOOKUP - - ISREF:1 - - - LOG - CHAR:1 LOWER:1
UPPER:1 PROPER:1 LEFT RIGHT EXACT:2 TRIM:1 REPLACE:4 SUBSTITUTE CODE:1 - - FIND CELL ISERR:1 ISTEXT:1
ISNUMBER:1 ISBLANK:1 T:1 N:1 - - - - - - - - DATEVALUE:1 TIMEVALUE:1 SLN:3 SYD:4 DDB - - - INDIRECT - - - - -
- - - - - - - - CLEAN:1 MDETERM:1 MINVERSE:1 MMULT:2 - IPMT PPMT COUNTA - - - - - - - - - - - - - PRODUCT
FACT:1 - - - - DPRODUCT:3 ISNONTEXT:1 - - STDEVP VARP DSTDEVP:3 DVARP:3 TRUNC ISLOGICAL:1 DCOUNTA:3 - - - -
USDOLLAR FINDB SEARCHB REPLACEB:4 LEFTB RIGHTB MIDB:3 LENB:1 ROUNDUP:2 ROUNDDOWN:2 ASC:1 DBCS:1 RANK - -
ADDRESS DAYS360 TODAY:0 VDB - - - - MEDIAN SUMPRODUCT SINH:1 COSH:1 TANH:1 ASINH:1 ACOSH:1 ATANH:1 DGET:3 - -
- - - - - - INFO:1 - - DB - - - - FREQUENCY:2 - - - - - - - - ERROR.TYPE:1 - - - - - - - AVEDEV BETADIST
GAMMALN:1 BETAINV BINOMDIST:4 CHIDIST:2 CHIINV:2 COMBIN:2 CONFIDENCE:3 CRITBINOM:3 EVEN:1 EXPONDIST:3 FDIST:3
FINV:3 FISHER:1 FISHERINV:1 FLOOR:2 GAMMADIST:4 GAMMAINV:3 CEILING:2 HYPGEOMDIST:4 LOGNORMDIST:3 LOGINV:3
NEGBINOMDIST:3 NORMDIST:4 NORMSDIST:1 NORMINV:3 NORMSINV:1 STANDARDIZE:3 ODD:1 PERMUT:2 POISSON:3 TDIST:3
WEIBULL:4 SUMXMY2:2 SUMX2MY2:2 SUMX2PY2:2 CHITEST:2 CORREL:2 COVAR:2 FORECAST:3 FTEST:2 INTERCEPT:2 PEARSON:2
RSQ:2 STEYX:2 SLOPE:2 TTEST:4 PROB DEVSQ GEOMEAN HARMEAN SUMSQ KURT SKEW ZTEST LARGE:2 SMALL:2 QUARTILE:2
PERCENTILE:2 PERCENTRANK MODE TRIMMEAN:2 TINV:2 - - - CONCATENATE POWER:2 - - - - RADIANS:1 DEGREES:1 SUBTOTAL
SUMIF COUNTIF:2 COUNTBLANK:1 - - ISPMT:4 DATEDIF:3 DATESTRING:1 NUMBERSTRING:2 ROMAN - - - GETPIVOTDATA:2
HYPERLINK PHONETIC:1 AVERAGEA MAXA MINA STDEVPA VARPA STDEVA VARA BAHTTEXT:1 THAIDAYOFWEEK:1 THAIDIGIT:1
THAIMONTHOFYEAR:1 THAINUMSOUND:1 THAINUMSTRING:1 THAISTRINGLENGTH:1 ISTHAIDIGIT:1 ROUNDBAHTDOWN:1
ROUNDBAHTUP:1 THAIYEAR:1 RTD
";

/// Those that came with Excel 2007, from 480 on.
const LATER: [&str; 5] = ["IFERROR", "COUNTIFS", "SUMIFS", "AVERAGEIF", "AVERAGEIFS"];

/// A function's name, with the number of its arguments where it is fixed.
pub(super) fn function(number: u16) -> Option<(&'static str, Option<usize>)> {
    let number = usize::from(number);
    if let Some(name) = number.checked_sub(480).and_then(|n| LATER.get(n)) {
        return Some((name, if *name == "IFERROR" { Some(2) } else { None }));
    }
    let entry = NAMES.split_ascii_whitespace().nth(number).filter(|n| *n != "-")?;
    match entry.split_once(':') {
        Some((name, count)) => Some((name, count.parse().ok())),
        None => Some((entry, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::function;

    #[test]
    fn numbers_name_their_functions() {
        for (number, name) in [(4, "SUM"), (27, "ROUND"), (344, "SUBTOTAL"), (345, "SUMIF"), (346, "COUNTIF")] {
            assert_eq!(function(number).map(|f| f.0), Some(name));
        }
        assert_eq!(function(481), Some(("COUNTIFS", None)));
        assert_eq!(function(9999), None);
    }
}
