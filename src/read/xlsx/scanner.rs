//! A worksheet spelled as nearly every program spells it into its cells, merged areas and what is hidden: in one pass,
//! without a parser, whole or not at all. At the first oddity the sheet is left to [`super::by_calamine`], and nothing of
//! what was read here is kept.
//!
//! Cells of the workbooks of `benches/peers.py` cost 0.29 CPU seconds with it and 0.81 by calamine's values alone, of 1.33
//! that a whole `check` takes (benches/README.md): without it a command would cost two fifths more. `cargo bench --bench
//! stages cells` times it on one workbook.
//!
//! Whatever is spelled otherwise (prefixes, comments, other quotes, white space in odd places) is left to calamine. Most
//! of a province's sheets is cells that Excel spells letter for letter like this, so they are read byte by byte: `<c
//! r="B12" s="4" t="s"><v>17</v></c>`. Bench: `benches/stages.rs`, `cells`.

use std::borrow::Cow;

use quick_xml::events::BytesRef;

use super::super::collect::Collector;
use super::super::limits::{COLUMNS, ROWS};
use super::cell::{self, Context, Formulas, Kind, Stop, Written, row_of};
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
            inline = Some(cell::item(next, "</is>")?);
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

/// What is still to be read. A `None` leaves it anywhere: keep a copy to go back to.
#[derive(Clone, Copy)]
pub(super) struct Plain<'a>(pub(super) &'a str);

/// How an element's tag ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Open,
    Empty,
}

impl<'a> Plain<'a> {
    /// Steps over exactly these letters.
    #[inline]
    pub(super) fn take(&mut self, letters: &str) -> bool {
        match self.0.strip_prefix(letters) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// Steps over white space between elements.
    #[inline]
    pub(super) fn space(&mut self) {
        if self.0.starts_with([' ', '\n', '\r', '\t']) {
            self.0 = self.0.trim_start_matches([' ', '\n', '\r', '\t']);
        }
    }

    /// The attributes of an element, given one by one with their whole names, and how its tag ends; `each` says whether
    /// it can make something of what it gets.
    #[inline]
    pub(super) fn attributes(&mut self, mut each: impl FnMut(&'a str, &'a str) -> Option<()>) -> Option<Tag> {
        loop {
            if self.take(">") {
                return Some(Tag::Open);
            }
            if self.take("/>") || self.take(" />") {
                return Some(Tag::Empty);
            }
            let (name, rest) = self
                .0
                .strip_prefix(' ')?
                .split_at_checked(self.0.bytes().skip(1).position(|b| !(b.is_ascii_alphanumeric() || b == b':'))?)?;
            let rest = rest.strip_prefix("=\"")?;
            let end = rest.bytes().position(|b| b == b'"')?;
            each(name, &rest[..end])?;
            self.0 = &rest[end + 1..];
        }
    }

    /// The text up to the next tag, its references resolved.
    #[inline]
    pub(super) fn text(&mut self) -> Option<Cow<'a, str>> {
        let (mut end, mut is_bare) = (0, true);
        for byte in self.0.bytes() {
            match byte {
                b'<' => break,
                // XML has line ends of every system read alike.
                b'\r' => return None,
                b'&' => is_bare = false,
                _ => {}
            }
            end += 1;
        }
        let (text, rest) = self.0.split_at(end);
        self.0 = rest;
        if is_bare {
            return Some(Cow::Borrowed(text));
        }
        resolved(text).map(Cow::Owned)
    }
}

/// A text with what its references stand for; some programs write every letter beyond ASCII as one.
fn resolved(text: &str) -> Option<String> {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| b == b'&') {
        made.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.bytes().position(|b| !(b.is_ascii_alphanumeric() || b == b'#'))?;
        let name = &rest[..end];
        rest = rest[end..].strip_prefix(';').filter(|_| end > 0)?;
        let code = name.strip_prefix('#').and_then(whole).filter(|c| *c > 0);
        match code.and_then(char::from_u32) {
            Some(letter) => made.push(letter),
            None => xml::push_reference(&mut made, &BytesRef::new(name)),
        }
    }
    made.push_str(rest);
    Some(made)
}

/// A whole number of at most nine digits and nothing else.
#[inline]
pub(super) fn whole(text: &str) -> Option<u32> {
    if !(1..=9).contains(&text.len()) {
        return None;
    }
    text.bytes().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

/// Whether an attribute would be one of these but for its prefix.
pub(super) fn hides(name: &str, known: &[&str]) -> bool {
    known.iter().any(|own| name.strip_suffix(own).is_some_and(|p| p.ends_with(':')))
}

/// What a cell of Excel's own spelling says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Usual<'a> {
    pub(super) at: (u32, u32),
    pub(super) look: usize,
    pub(super) kind: Kind,
    /// What stands in `v`; none in a cell that is only drawn.
    pub(super) value: Option<&'a str>,
}

/// The cell that a text begins with, and how many bytes it takes.
#[inline]
pub(super) fn usual(text: &str) -> Option<(Usual<'_>, usize)> {
    let mut next = Bytes { bytes: text.as_bytes(), at: 0 };
    if !next.take(b"<c r=\"") {
        return None;
    }
    let (column, row) = (next.column()?, next.number()?);
    let within = (1..=ROWS).contains(&row) && column <= COLUMNS;
    if !within || !next.take(b"\"") {
        return None;
    }
    let mut look = 0;
    if next.take(b" s=\"") {
        look = next.number()? as usize;
        if !next.take(b"\"") {
            return None;
        }
    }
    let mut kind = Kind::Number;
    if next.take(b" t=\"s\"") {
        kind = Kind::Shared;
    } else if next.take(b" t=\"str\"") {
        kind = Kind::Worded;
    } else if !next.take(b" t=\"n\"") && next.take(b" t") {
        return None;
    }
    let mut value = None;
    if !next.take(b"/>") {
        if !next.take(b"><v>") {
            return None;
        }
        let start = next.at;
        next.at += next.rest().iter().position(|b| !is_plain(*b))?;
        value = Some(&text[start..next.at]);
        if !next.take(b"</v></c>") {
            return None;
        }
    }
    let cell = Usual { at: (row - 1, column - 1), look, kind, value };
    Some((cell, next.at))
}

/// A place in a text.
struct Bytes<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    #[inline]
    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// Steps over exactly these letters.
    #[inline]
    fn take<const N: usize>(&mut self, letters: &[u8; N]) -> bool {
        let found = self.rest().first_chunk() == Some(letters);
        if found {
            self.at += N;
        }
        found
    }

    /// A column in one to three capital letters, counted from 1.
    #[inline]
    fn column(&mut self) -> Option<u32> {
        self.digits(3, 26, |byte| match byte {
            b'A'..=b'Z' => Some(u32::from(byte - b'A') + 1),
            _ => None,
        })
    }

    /// A whole number of one to nine digits.
    #[inline]
    fn number(&mut self) -> Option<u32> {
        self.digits(9, 10, |byte| match byte {
            b'0'..=b'9' => Some(u32::from(byte - b'0')),
            _ => None,
        })
    }

    /// A number of at most so many digits to a base, each worth what `worth` says.
    #[inline]
    fn digits(&mut self, most: usize, base: u32, worth: impl Fn(u8) -> Option<u32>) -> Option<u32> {
        let (mut number, start) = (0, self.at);
        while let Some(worth) = self.bytes.get(self.at).and_then(|byte| worth(*byte)) {
            if self.at - start == most {
                return None;
            }
            number = number * base + worth;
            self.at += 1;
        }
        (self.at > start).then_some(number)
    }
}

/// Whether a byte of a value stands for itself and goes on with it.
#[inline]
const fn is_plain(byte: u8) -> bool {
    !matches!(byte, b'<' | b'&' | b'\r')
}

#[cfg(test)]
#[path = "../../../tests/unit/xlsx_plain.rs"]
mod tests;
