//! An OpenDocument spreadsheet (.ods, or .fods in one piece) into a `Workbook`.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::collect::Collector;
use super::limits::{Budget, COLUMNS, Limit, NESTED_STYLES, ROWS, Refusal, SHEETS};
use super::looks::{Look, Shows, in_format, iso_day, number_shown};
use crate::model::{Area, Cell, Content, Workbook};
use crate::normalise::formula::{Kind, Pieces};
use crate::package::{Package, xml};

pub(super) fn read(package: &mut Package) -> Result<Workbook, Refusal> {
    let manifest = package.text("META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.contains("encryption-data") {
        return Err(Refusal::Encrypted);
    }
    let mut styles = Styles::default();
    styles.read(&package.text("styles.xml")?.unwrap_or_default())?;
    let content = package.text("content.xml")?.ok_or(Refusal::Truncated)?;
    styles.read(&content)?;
    tables(&content, &styles)
}

/// Reads an OpenDocument that is one XML file.
pub(super) fn read_flat(text: &str) -> Result<Workbook, Refusal> {
    let mut styles = Styles::default();
    styles.read(text)?;
    tables(text, &styles)
}

fn tables(part: &str, styles: &Styles) -> Result<Workbook, Refusal> {
    let mut reader = xml::reader(part);
    let mut budget = Budget::default();
    let mut workbook = Workbook::default();
    let mut in_body = false;
    loop {
        match reader.read_event().map_err(xml::broken("content.xml"))? {
            Event::Start(e) => match xml::local(&e) {
                "spreadsheet" => in_body = true,
                "tracked-changes" => skip(&mut reader, &e)?,
                "table" if in_body => {
                    let name = xml::attribute(&e, "name").unwrap_or_default();
                    let hidden = xml::attribute(&e, "style-name").is_some_and(|s| styles.hides(&s));
                    let mut sheet = Collector::new(&name, hidden, &mut budget);
                    Table { reader: &mut reader, styles, columns: Vec::new(), row: 0, column: 0 }.read(&mut sheet)?;
                    workbook.sheets.push(sheet.finish());
                    if workbook.sheets.len() > SHEETS {
                        return Err(Refusal::TooLarge(Limit::Sheets));
                    }
                }
                _ => {}
            },
            Event::Eof => return if in_body { Ok(workbook) } else { Err(Refusal::Truncated) },
            _ => {}
        }
    }
}

fn skip(reader: &mut Reader<&[u8]>, element: &BytesStart) -> Result<(), Refusal> {
    reader.read_to_end(element.name()).map_err(xml::broken("content.xml"))?;
    Ok(())
}

struct Table<'a, 'x> {
    reader: &'a mut Reader<&'x [u8]>,
    styles: &'a Styles,
    /// Up to which column each default look reaches.
    columns: Vec<(u32, Look)>,
    row: u32,
    column: u32,
}

impl Table<'_, '_> {
    fn read(&mut self, sheet: &mut Collector) -> Result<(), Refusal> {
        let (mut repeated, mut cells) = (1, Vec::new());
        loop {
            let event = self.reader.read_event().map_err(xml::broken("content.xml"))?;
            let filled = matches!(event, Event::Start(_));
            match event {
                Event::Start(e) | Event::Empty(e) => match xml::local(&e) {
                    "table-column" => self.columns(&e, sheet),
                    "table-row" => {
                        repeated = repeats(&e, "number-rows-repeated");
                        self.column = 0;
                        if is_hidden(&e) && self.row < ROWS {
                            // The rest of the sheet hidden says nothing.
                            let last = self.row.saturating_add(repeated - 1);
                            sheet.hide_rows(self.row, if last < ROWS - 1 { last } else { self.row });
                        }
                        if !filled {
                            self.row = self.row.saturating_add(repeated);
                        }
                    }
                    "table-cell" | "covered-table-cell" => self.cell(&e, filled, &mut cells, sheet)?,
                    "named-expression" => {
                        let value = |name| xml::attribute(&e, name).unwrap_or_default();
                        let stands_for = plain(&value("expression"));
                        sheet.name(value("name").into_owned(), stands_for);
                    }
                    "shapes" | "forms" | "annotation" | "table" if filled => {
                        skip(self.reader, &e)?;
                    }
                    _ => {}
                },
                Event::End(e) => match e.local_name().into_inner() {
                    "table-row" => {
                        self.push_row(&cells, repeated, sheet)?;
                        cells.clear();
                        self.row = self.row.saturating_add(repeated);
                    }
                    "table" => return Ok(()),
                    _ => {}
                },
                Event::Eof => return Err(Refusal::Truncated),
                _ => {}
            }
        }
    }

    /// The cells of a row, each with how often it stands there, and the row as often as it does.
    fn push_row(&self, cells: &[(Cell, u32)], repeated: u32, sheet: &mut Collector) -> Result<(), Refusal> {
        if cells.is_empty() {
            return Ok(());
        }
        for row in self.row..self.row.saturating_add(repeated).min(ROWS) {
            for (cell, across) in cells {
                for column in cell.column..cell.column.saturating_add(*across).min(COLUMNS) {
                    sheet.push(Cell { row, column, ..cell.clone() })?;
                }
            }
        }
        Ok(())
    }

    fn columns(&mut self, element: &BytesStart, sheet: &mut Collector) {
        let first = self.columns.last().map_or(0, |(end, _)| *end);
        let end = first.saturating_add(repeats(element, "number-columns-repeated"));
        if is_hidden(element) && first < COLUMNS {
            sheet.hide_columns(first, end - 1);
        }
        let style = xml::attribute(element, "default-cell-style-name");
        self.columns.push((end, self.styles.look(&style.unwrap_or_default())));
    }

    fn cell(
        &mut self,
        start: &BytesStart,
        filled: bool,
        cells: &mut Vec<(Cell, u32)>,
        sheet: &mut Collector,
    ) -> Result<(), Refusal> {
        let text = if filled { self.text(start)? } else { String::new() };
        let column = self.column;
        let repeated = repeats(start, "number-columns-repeated");
        self.column = column.saturating_add(repeated);
        let spanned = |name| xml::number(start, name).unwrap_or(1).max(1) - 1;
        let (down, right) = (spanned("number-rows-spanned"), spanned("number-columns-spanned"));
        let (bottom, right) = (self.row.saturating_add(down), column.saturating_add(right));
        sheet.merge(Area { top: self.row, left: column, bottom, right })?;
        let written = xml::attribute(start, "formula").map(|f| plain(&f));
        let content = content(start, text);
        if content == Content::Empty && written.is_none() {
            return Ok(());
        }
        let look = match xml::attribute(start, "style-name") {
            Some(name) => self.styles.look(&name),
            None => self.columns.iter().find(|(end, _)| column < *end).map(|(_, l)| l.clone()).unwrap_or_default(),
        };
        let percent = xml::attribute(start, "value-type").is_some_and(|t| t == "percentage");
        let cell = Cell {
            row: self.row,
            column,
            content,
            formula: written.map(Arc::from),
            look: in_format(look.look, percent.then(|| "0.00%".into())),
        };
        // What shows nothing is not worth repeating.
        if column < COLUMNS && Collector::keeps(&cell) {
            cells.push((cell, repeated));
        }
        Ok(())
    }

    /// The paragraphs of a cell, without its comment and what is drawn on it.
    fn text(&mut self, start: &BytesStart) -> Result<String, Refusal> {
        let end = start.name();
        let (mut text, mut paragraphs, mut in_paragraph) = (String::new(), 0, false);
        loop {
            let event = self.reader.read_event().map_err(xml::broken("content.xml"))?;
            let filled = matches!(event, Event::Start(_));
            match event {
                Event::Start(e) | Event::Empty(e) => match e.name().as_ref() {
                    "office:annotation" | "text:ruby-text" | "text:note" if filled => skip(self.reader, &e)?,
                    name if filled && (name.starts_with("draw:") || name.starts_with("table:")) => {
                        skip(self.reader, &e)?;
                    }
                    "text:p" | "text:h" => {
                        text.push_str(if paragraphs > 0 { "\n" } else { "" });
                        (paragraphs, in_paragraph) = (paragraphs + 1, filled);
                    }
                    other => push_white(&mut text, other, &e),
                },
                Event::Text(t) if in_paragraph => text.push_str(&t.xml10_content()),
                Event::CData(t) if in_paragraph => text.push_str(&t),
                Event::GeneralRef(r) if in_paragraph => xml::push_reference(&mut text, &r),
                Event::End(e) if matches!(e.name().as_ref(), "text:p" | "text:h") => in_paragraph = false,
                Event::End(e) if e.name() == end => return Ok(text),
                Event::Eof => return Err(Refusal::Truncated),
                _ => {}
            }
        }
    }
}

/// White space that XML would swallow has elements of its own.
fn push_white(text: &mut String, name: &str, element: &BytesStart) {
    match name {
        "text:s" => {
            let count = xml::number(element, "c").unwrap_or(1).min(1_000) as usize;
            text.extend(std::iter::repeat_n(' ', count));
        }
        "text:tab" => text.push('\t'),
        "text:line-break" => text.push('\n'),
        _ => {}
    }
}

fn content(start: &BytesStart, text: String) -> Content {
    // An old `value-type` stands next to the newer one; only the newer one knows errors.
    let (mut kind, mut is_error) = (None, false);
    for attribute in start.attributes().with_checks(false).flatten() {
        match attribute.key.as_ref() {
            "office:value-type" | "table:value-type" => kind = Some(attribute.value),
            "calcext:value-type" => is_error = attribute.value == "error",
            _ => {}
        }
    }
    let value = |name| xml::attribute(start, name);
    if is_error {
        return Content::Error(text.into());
    }
    let stored = match kind.as_deref() {
        Some("float" | "percentage" | "currency") => {
            value("value").and_then(|v| v.trim().parse().ok()).map(|n| number_shown(n, Shows::Number, false))
        }
        Some("date") => value("date-value").and_then(|v| iso_day(&v)).map(Content::Date),
        Some("time") => value("time-value").and_then(|v| elapsed(&v)).map(Content::Date),
        Some("boolean") => value("boolean-value").map(|v| Content::Bool(v == "true")),
        // A formula may come to an empty text; that is a result too.
        Some("string") if text.is_empty() => {
            let stored = value("string-value").map(|v| v.as_ref().into());
            stored.or_else(|| value("formula").map(|_| "".into())).map(Content::Text)
        }
        _ => None,
    };
    stored.unwrap_or(if text.is_empty() { Content::Empty } else { Content::Text(text.into()) })
}

/// `PT08H30M00S` as a part of a day.
fn elapsed(text: &str) -> Option<f64> {
    let mut days = 0.0;
    let mut rest = text.strip_prefix("PT")?;
    for (unit, share) in [('H', 24.0), ('M', 1440.0), ('S', 86_400.0)] {
        if let Some((count, after)) = rest.split_once(unit) {
            days += count.replace(',', ".").parse::<f64>().ok()? / share;
            rest = after;
        }
    }
    Some(days)
}

fn repeats(element: &BytesStart, name: &str) -> u32 {
    xml::number(element, name).unwrap_or(1).max(1)
}

fn is_hidden(element: &BytesStart) -> bool {
    xml::attribute(element, "visibility").is_some_and(|v| v != "visible")
}

// The styles of an OpenDocument into looks, by name, and which tables are hidden.

/// Styles as written, each pointing to its parent.
#[derive(Default)]
struct Styles {
    cells: HashMap<String, Style>,
    codes: HashMap<String, String>,
    fonts: HashMap<String, String>,
    hidden: HashSet<String>,
}

#[derive(Default)]
struct Style {
    parent: Option<String>,
    code: Option<String>,
    font: Option<String>,
    struck: Option<bool>,
}

impl Styles {
    /// Takes in what one part says; stops where the content begins.
    fn read(&mut self, part: &str) -> Result<(), Refusal> {
        let mut reader = xml::reader(part);
        let (mut style, mut code) = (None::<(String, Style)>, None::<(String, String)>);
        let mut in_text = false;
        loop {
            let event = reader.read_event().map_err(xml::broken("styles"))?;
            let filled = matches!(event, Event::Start(_));
            match event {
                Event::Start(e) | Event::Empty(e) if e.name().as_ref() == "office:body" => {
                    return Ok(());
                }
                Event::Start(e) | Event::Empty(e) => match e.name().as_ref() {
                    "style:font-face" => {
                        if let (Some(name), Some(family)) =
                            (xml::attribute(&e, "name"), xml::attribute(&e, "font-family"))
                        {
                            self.fonts.insert(name.into_owned(), family.trim_matches(['\'', '"']).to_owned());
                        }
                    }
                    "style:style" if filled => style = Some(begun(&e)),
                    "style:style" => self.cells.extend([begun(&e)]),
                    // The default of each family; only that of cells is asked for.
                    "style:default-style" if xml::attribute(&e, "family").is_some_and(|f| f == "table-cell") => {
                        style = Some((String::new(), begun(&e).1));
                    }
                    "style:table-properties" => {
                        if let (Some((name, _)), Some("false")) = (&style, xml::attribute(&e, "display").as_deref()) {
                            self.hidden.insert(name.clone());
                        }
                    }
                    "style:text-properties" => {
                        if let Some((_, style)) = &mut style {
                            let named = xml::attribute(&e, "font-name").or_else(|| xml::attribute(&e, "font-family"));
                            style.font = named.map(|f| f.trim_matches(['\'', '"']).to_owned());
                            style.struck = xml::attribute(&e, "text-line-through-style").map(|s| s != "none");
                        }
                    }
                    "number:text" => in_text = filled,
                    name if filled && name.starts_with("number:") && name.ends_with("-style") => {
                        code = xml::attribute(&e, "name").map(|n| (n.into_owned(), String::new()));
                    }
                    name => {
                        if let Some((_, code)) = &mut code {
                            push_code(code, name, &e);
                        }
                    }
                },
                Event::Text(t) if in_text => {
                    if let Some((_, code)) = &mut code {
                        push_literal(code, &t.xml10_content());
                    }
                }
                Event::End(e) => match e.name().as_ref() {
                    "style:style" | "style:default-style" => self.cells.extend(style.take()),
                    "number:text" => in_text = false,
                    name if name.starts_with("number:") && name.ends_with("-style") => self.codes.extend(code.take()),
                    _ => {}
                },
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn hides(&self, style: &str) -> bool {
        self.hidden.contains(style)
    }

    /// The look of a cell style, what is missing taken from its parents.
    fn look(&self, name: &str) -> Look {
        let mut at = self.cells.get(name);
        let (mut code, mut font, mut struck) = (None, None, None);
        for _ in 0..NESTED_STYLES {
            let Some(style) = at.or_else(|| self.cells.get("Default")) else { break };
            code = code.or(style.code.as_deref());
            font = font.or(style.font.as_deref());
            struck = struck.or(style.struck);
            at = match &style.parent {
                Some(parent) => self.cells.get(parent),
                None => break,
            };
        }
        let font = font.or_else(|| self.cells.get("")?.font.as_deref());
        let code = code.and_then(|c| self.codes.get(c));
        let font = font.map(|f| self.fonts.get(f).map_or(f, String::as_str));
        Look::new(code.map(String::as_str), font, struck.unwrap_or(false))
    }
}

fn begun(element: &BytesStart) -> (String, Style) {
    let owned = |name| xml::attribute(element, name).map(|v| v.into_owned());
    let style = Style { parent: owned("parent-style-name"), code: owned("data-style-name"), ..Style::default() };
    (owned("name").unwrap_or_default(), style)
}

/// Appends one piece of a number format as Excel would write it.
fn push_code(code: &mut String, name: &str, element: &BytesStart) {
    let long = xml::attribute(element, "style").is_some_and(|s| s == "long");
    let pick = |short: &'static str, full: &'static str| if long { full } else { short };
    match name {
        "number:number" | "number:scientific-number" => {
            let digits = xml::number(element, "min-integer-digits").unwrap_or(0).clamp(0, 30) as usize;
            let decimals = xml::number(element, "decimal-places");
            // Without decimals given, as many as there are.
            if decimals.is_none() && !xml::flag(element, "grouping") && code.is_empty() && digits <= 1 {
                code.push_str("General");
                return;
            }
            code.push_str(if xml::flag(element, "grouping") { "#,##" } else { "" });
            code.push_str(if digits == 0 { "#" } else { "" });
            code.extend(std::iter::repeat_n('0', digits));
            let decimals = decimals.unwrap_or(0).min(30) as usize;
            if decimals > 0 {
                code.push('.');
                code.extend(std::iter::repeat_n('0', decimals));
            }
            if name == "number:scientific-number" {
                code.push_str("E+00");
            }
        }
        "number:day" => code.push_str(pick("d", "dd")),
        "number:month" if xml::flag(element, "textual") => code.push_str(pick("mmm", "mmmm")),
        "number:month" => code.push_str(pick("m", "mm")),
        "number:year" => code.push_str(pick("yy", "yyyy")),
        "number:day-of-week" => code.push_str(pick("ddd", "dddd")),
        "number:hours" => code.push_str(pick("h", "hh")),
        "number:minutes" => code.push_str(pick("m", "mm")),
        "number:seconds" => code.push_str(pick("s", "ss")),
        "number:am-pm" => code.push_str("AM/PM"),
        "number:text-content" => code.push('@'),
        "number:fraction" => code.push_str("# ?/?"),
        _ => {}
    }
}

fn push_literal(code: &mut String, text: &str) {
    if text.chars().all(|c| matches!(c, '%' | ' ' | '-' | '/' | ':' | '.' | ',' | '(' | ')')) {
        code.push_str(text);
    } else {
        code.push('"');
        code.push_str(text);
        code.push('"');
    }
}

// An OpenFormula (`of:=SUM([.B2:.B9];[$'Quý I'.C1])`) into the formula Excel would show.

fn plain(formula: &str) -> String {
    let formula = match formula.find('=') {
        // `of:`, `oooc:`, `msoxl:`.
        Some(at) if at == 0 || formula[..at].ends_with(':') => &formula[at + 1..],
        _ => formula,
    };
    let mut plain = String::with_capacity(formula.len());
    for (kind, piece) in Pieces(formula) {
        match (kind, piece) {
            (Kind::Bracketed, reference) => push_reference(&mut plain, reference.trim_matches(['[', ']'])),
            (Kind::Sign, ";" | "~") => plain.push(','),
            (Kind::Sign, "!") => plain.push(' '),
            // `$$` leads a name known in the whole workbook.
            (Kind::Word, word) => plain.push_str(word.strip_prefix("$$").unwrap_or(word)),
            (_, other) => plain.push_str(other),
        }
    }
    plain
}

/// `.B2:.B9` or `$Sheet.B2` inside the brackets.
fn push_reference(plain: &mut String, reference: &str) {
    for (number, corner) in reference.split(outside_quotes(':')).enumerate() {
        let (sheet, cell) = corner.split_once(outside_quotes('.')).unwrap_or(("", corner));
        let sheet = sheet.trim_start_matches('$');
        if number > 0 {
            plain.push(':');
        } else if !sheet.is_empty() {
            plain.push_str(sheet);
            plain.push('!');
        }
        plain.push_str(cell);
    }
}

/// Finds a letter that does not stand in a quoted sheet name.
fn outside_quotes(wanted: char) -> impl FnMut(char) -> bool {
    let mut quoted = false;
    move |letter| {
        quoted ^= letter == '\'';
        letter == wanted && !quoted
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn brackets_and_dots_go() {
        assert_eq!(plain("of:=SUM([.B2:.B9];[$'Quý I.1'.C$1])"), "SUM(B2:B9,'Quý I.1'!C$1)");
        assert_eq!(plain("of:=IF([.A1]=\";\";[Bieu2.A1:.B2];1)"), "IF(A1=\";\",Bieu2!A1:B2,1)");
        assert_eq!(plain("of:=SUM([.#REF!])"), "SUM(#REF!)");
        assert_eq!(plain("[.A1]+$$ThueSuat"), "A1+ThueSuat");
    }
}
