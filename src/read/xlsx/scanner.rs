//! A worksheet spelled as nearly every program spells it into its cells, merged areas and what is hidden: in one pass,
//! without a parser, whole or not at all. At the first oddity the sheet is left to [`super::by_calamine`], and nothing of
//! what was read here is kept.
//!
//! Cells of the workbooks of `benches/peers.py` cost 0.29 CPU seconds with it and 0.81 by calamine's values alone, of 1.33
//! that a whole `check` takes (benches/README.md): without it a command would cost two fifths more. `cargo bench --bench
//! stages cells` times it on one workbook.

use std::borrow::Cow;

use super::super::collect::Collector;
use super::cell::{Context, Formulas, Kind, Stop, Written, row_of};
use super::plain::{Plain, Tag, Usual, hides, usual, whole};
use super::strings;
use crate::model::{Address, Area};
use crate::package::xml;

pub(super) fn read(part: &str, context: &Context, sheet: &mut Collector) -> Result<(), Stop> {
    let odd = |what: &'static str| move || Stop::odd(what);
    let (head, rows) = head(part).ok_or_else(odd("head"))?;
    columns(head, sheet).ok_or_else(odd("cols"))?;
    let tail = match rows {
        Plain(rest) if rest.starts_with('>') => {
            let mut scan = Scan { context, formulas: Formulas::default(), next_row: 0, row: 0, column: 0 };
            scan.rows(Plain(&rest[1..]), sheet)?
        }
        Plain(rest) => rest.trim_start_matches(' ').strip_prefix("/>").ok_or_else(odd("sheetData"))?,
    };
    areas(tail, sheet)
}

/// What comes before the rows, and what follows the name of their element.
fn head(part: &str) -> Option<(&str, Plain<'_>)> {
    let mut rest = part.trim_start();
    if let Some(declared) = rest.strip_prefix("<?xml ") {
        rest = declared.split_once("?>")?.1.trim_start();
    }
    let (head, rows) = rest.strip_prefix("<worksheet")?.split_once("<sheetData")?;
    (!head.contains("<!")).then_some((head, Plain(rows)))
}

/// Which columns are hidden, and how wide they are.
fn columns(head: &str, sheet: &mut Collector) -> Option<()> {
    let Some((_, rest)) = head.split_once("<cols") else { return Some(()) };
    let mut rest = Plain(rest.strip_prefix('>')?);
    loop {
        rest.space();
        if rest.take("</cols>") {
            return Some(());
        }
        if !rest.take("<col") {
            return None;
        }
        let (first, last, hidden, width) = column(&mut rest)?;
        if hidden {
            hide_columns(first, last, sheet);
        }
        widen(first, last, width, sheet);
    }
}

/// The numbers of the first and last of some columns, whether they are hidden, and how wide they are.
fn column(next: &mut Plain) -> Option<(Option<u32>, Option<u32>, bool, Option<f32>)> {
    let (mut first, mut last, mut hidden, mut width) = (None, None, None, None);
    let tag = next.attributes(|name, value| {
        match name {
            "min" if first.is_none() => first = Some(whole(value)?),
            "max" if last.is_none() => last = Some(whole(value)?),
            "hidden" if hidden.is_none() && !value.contains('&') => hidden = Some(xml::is_on(value)),
            "min" | "max" | "hidden" => return None,
            "width" => width = value.parse().ok(),
            _ if hides(name, &["min", "max", "hidden"]) => return None,
            _ => {}
        }
        Some(())
    })?;
    (tag == Tag::Empty).then_some((first, last, hidden.unwrap_or(false), width))
}

/// Hides columns by their first and last number, counted from 1.
pub(super) fn hide_columns(first: Option<u32>, last: Option<u32>, sheet: &mut Collector) {
    if let (Some(first), Some(last)) = (first, last) {
        sheet.hide_columns(first.saturating_sub(1), last.saturating_sub(1));
    }
}

/// Notes the width of columns by their first and last number, counted from 1.
pub(super) fn widen(first: Option<u32>, last: Option<u32>, width: Option<f32>, sheet: &mut Collector) {
    if let (Some(first), Some(last), Some(width)) = (first, last, width) {
        sheet.widen(first.saturating_sub(1), last.saturating_sub(1), width);
    }
}

/// The merged areas behind the rows.
fn areas(tail: &str, sheet: &mut Collector) -> Result<(), Stop> {
    let odd = || Stop::odd("tail");
    if tail.contains("<!") || tail.contains("<sheetData") || !tail.trim_end().ends_with("</worksheet>") {
        return Err(odd());
    }
    let Some((_, rest)) = tail.split_once("<mergeCell") else { return Ok(()) };
    let mut rest = Plain(rest.strip_prefix('s').ok_or_else(odd)?);
    rest.attributes(|_, _| Some(())).filter(|tag| *tag == Tag::Open).ok_or_else(odd)?;
    loop {
        rest.space();
        if rest.take("</mergeCells>") {
            break;
        }
        let mut area = None;
        let tag = rest.take("<mergeCell").then(|| {
            rest.attributes(|name, value| {
                if name != "ref" || area.is_some() {
                    return None;
                }
                area = Some(Area::parse(value)?);
                Some(())
            })
        });
        match (tag.flatten(), area) {
            (Some(Tag::Empty), Some(area)) => sheet.merge(area)?,
            _ => return Err(odd()),
        }
    }
    if rest.0.contains("<mergeCell") { Err(odd()) } else { Ok(()) }
}

/// Where the scan of the rows is.
struct Scan<'c> {
    context: &'c Context<'c>,
    formulas: Formulas,
    /// The row that one without a number takes.
    next_row: u32,
    row: u32,
    /// The column that a cell without a reference takes.
    column: u32,
}

impl Scan<'_> {
    /// Reads the rows, and hands back what follows them.
    fn rows<'a>(&mut self, mut rest: Plain<'a>, sheet: &mut Collector) -> Result<&'a str, Stop> {
        let mut row_is_open = false;
        loop {
            if let Some((cell, length)) = usual(rest.0).filter(|_| row_is_open) {
                self.column = cell.at.1 + 1;
                if cell.value.is_some() {
                    sheet.push(self.context.cell(Written::usual(&cell))?)?;
                }
                rest = Plain(&rest.0[length..]);
                continue;
            }
            rest.space();
            if row_is_open && rest.take("<c") {
                if let Some(written) = self.cell(&mut rest).ok_or_else(|| Stop::odd("cell"))? {
                    sheet.push(self.context.cell(written)?)?;
                }
            } else if row_is_open && rest.take("</row>") {
                row_is_open = false;
            } else if !row_is_open && rest.take("<row") {
                let (number, hidden, tag) = row(&mut rest).ok_or_else(|| Stop::odd("row"))?;
                self.row = number.unwrap_or(self.next_row);
                (self.next_row, self.column) = (self.row.saturating_add(1), 0);
                if hidden {
                    sheet.hide_rows(self.row, self.row);
                }
                row_is_open = tag == Tag::Open;
            } else if !row_is_open && rest.take("</sheetData>") {
                return Ok(rest.0);
            } else {
                return Err(Stop::odd("rows"));
            }
        }
    }

    /// A cell from behind `<c`: none where it is odd, nothing inside where it only has a look.
    fn cell<'a>(&mut self, next: &mut Plain<'a>) -> Option<Option<Written<'a>>> {
        let mut at = (self.row, self.column);
        let (mut kind, mut look) = (Kind::Number, 0);
        let tag = next.attributes(|name, value| {
            match name {
                "r" => at = Address::parse(value).map(|a| (a.row, a.column))?,
                "s" => look = whole(value)? as usize,
                "t" => kind = Kind::of(value),
                _ => {}
            }
            Some(())
        })?;
        self.column = at.1.saturating_add(1);
        if tag == Tag::Empty {
            return Some(None);
        }
        next.space();
        let mut formula = None;
        if next.take("<f") {
            let (number, tag) = sharing(next)?;
            let text = match tag {
                Tag::Open => next.text()?,
                Tag::Empty => Cow::Borrowed(""),
            };
            if tag == Tag::Open && !next.take("</f>") {
                return None;
            }
            formula = self.formulas.of_cell(number, at, &text);
            next.space();
        }
        let (mut value, mut inline) = (None, None);
        if next.take("<v>") {
            value = Some(next.text()?);
            if !next.take("</v>") {
                return None;
            }
        } else if next.take("<is>") {
            inline = Some(strings::item(next, "</is>")?);
        } else if !next.take("<v/>") {
            next.take("<v />");
        }
        next.space();
        next.take("</c>").then_some(Some(Written { at, kind, look, value, inline, formula }))
    }
}

impl<'a> Written<'a> {
    fn usual(cell: &Usual<'a>) -> Self {
        let value = cell.value.map(Cow::Borrowed);
        Self { at: cell.at, kind: cell.kind, look: cell.look, value, inline: None, formula: None }
    }
}

/// A row's place, whether it is hidden, and how its tag ends.
fn row(next: &mut Plain) -> Option<(Option<u32>, bool, Tag)> {
    let (mut number, mut hidden) = (None, None);
    let tag = next.attributes(|name, value| {
        match name {
            "r" if number.is_none() => number = Some(row_of(whole(value))?),
            "hidden" if hidden.is_none() && !value.contains('&') => hidden = Some(xml::is_on(value)),
            "r" | "hidden" => return None,
            _ if hides(name, &["r", "hidden"]) => return None,
            _ => {}
        }
        Some(())
    })?;
    Some((number, hidden.unwrap_or(false), tag))
}

/// The number under which a formula is shared, and how its tag ends.
fn sharing(next: &mut Plain) -> Option<(Option<u32>, Tag)> {
    let (mut number, mut shared) = (None, None);
    let tag = next.attributes(|name, value| {
        match name {
            "si" if number.is_none() => number = Some(whole(value)?),
            "t" if shared.is_none() && !value.contains('&') => shared = Some(value == "shared"),
            "si" | "t" => return None,
            _ if hides(name, &["si", "t"]) => return None,
            _ => {}
        }
        Some(())
    })?;
    Some((number.filter(|_| shared == Some(true)), tag))
}
