//! The plainly spelled columns, rows, cells and merged areas of a worksheet, up to where quick-xml has to go on.

use std::borrow::Cow;

use super::super::a1;
use super::super::collect::Collector;
use super::super::refusal::Refusal;
use super::super::xml;
use super::plain::{Plain, Tag, hides, whole};
use super::sheet::{Kind, Scan, Written, hide_columns};
use super::strings;
use super::usual::{Usual, usual};

impl<'a> Scan<'a> {
    /// Reads on from between two elements of `sheetData`.
    pub(super) fn plain_rows(&mut self, sheet: &mut Collector) -> Result<(), Refusal> {
        let mut rest = Plain(self.rest());
        let mut row_is_open = false;
        loop {
            if let Some((cell, length)) = usual(rest.0) {
                self.go_behind(cell.at);
                if cell.value.is_some() {
                    sheet.push(self.made(Written::usual(&cell))?)?;
                }
                rest = Plain(&rest.0[length..]);
                continue;
            }
            rest.space();
            let mut next = rest;
            if next.take("<c") {
                match self.plain_cell(&mut next) {
                    Some(Found::Filled(written)) => sheet.push(self.made(written)?)?,
                    Some(Found::Blank) => {}
                    None => break,
                }
            } else if row_is_open && next.take("</row>") {
                row_is_open = false;
            } else if !row_is_open && next.take("<row") {
                let Some((number, hidden, tag)) = row(&mut next) else {
                    break;
                };
                self.begin_row(number, hidden, sheet);
                row_is_open = tag == Tag::Open;
            } else {
                break;
            }
            rest = next;
        }
        self.go_on(rest.0, row_is_open)
    }

    /// Reads on from between two elements of `cols`.
    pub(super) fn plain_columns(&mut self, sheet: &mut Collector) -> Result<(), Refusal> {
        let mut rest = Plain(self.rest());
        loop {
            rest.space();
            let mut next = rest;
            let found = next.take("<col").then(|| columns(&mut next)).flatten();
            let Some((first, last, hidden)) = found else {
                break;
            };
            if hidden {
                hide_columns(first, last, sheet);
            }
            rest = next;
        }
        self.go_on(rest.0, false)
    }

    /// Reads on from between two elements behind `sheetData`.
    pub(super) fn plain_areas(&mut self, sheet: &mut Collector) -> Result<(), Refusal> {
        let mut rest = Plain(self.rest());
        loop {
            rest.space();
            let mut next = rest;
            let mut area = None;
            let found = next.take("<mergeCell").then(|| {
                next.attributes(|name, value| {
                    if name != "ref" || area.is_some() {
                        return None;
                    }
                    area = Some(a1::area(value)?);
                    Some(())
                })
            });
            let (Some(Some(Tag::Empty)), Some(area)) = (found, area) else {
                break;
            };
            sheet.merge(area)?;
            rest = next;
        }
        self.go_on(rest.0, false)
    }

    fn plain_cell(&mut self, next: &mut Plain<'a>) -> Option<Found<'a>> {
        let mut at = self.turn();
        let (mut kind, mut look) = (Kind::Number, 0);
        let tag = next.attributes(|name, value| {
            match name {
                "r" => at = a1::position(value)?,
                "s" => look = whole(value)? as usize,
                "t" => kind = Kind::of(value),
                _ => {}
            }
            Some(())
        })?;
        if tag == Tag::Empty {
            self.go_behind(at);
            return Some(Found::Blank);
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
            formula = self.formula(number, at, &text);
            next.space();
        }
        let (mut value, mut inline) = (None, None);
        if next.take("<v>") {
            value = Some(next.text()?);
            if !next.take("</v>") {
                return None;
            }
        } else if next.take("<is>") {
            inline = Some(strings::plain(next, "</is>")?);
        } else if !next.take("<v/>") {
            next.take("<v />");
        }
        next.space();
        if !next.take("</c>") {
            return None;
        }
        self.go_behind(at);
        Some(Found::Filled(Written { at, kind, look, value, inline, formula }))
    }
}

impl<'a> Written<'a> {
    fn usual(cell: &Usual<'a>) -> Self {
        Self {
            at: cell.at,
            kind: cell.kind,
            look: cell.look,
            value: cell.value.map(Cow::Borrowed),
            inline: None,
            formula: None,
        }
    }
}

enum Found<'a> {
    Filled(Written<'a>),
    Blank,
}

/// The numbers of the first and last of some columns, and whether they are hidden.
fn columns(next: &mut Plain) -> Option<(Option<u32>, Option<u32>, bool)> {
    let (mut first, mut last, mut hidden) = (None, None, None);
    let tag = next.attributes(|name, value| {
        match name {
            "min" if first.is_none() => first = Some(whole(value)?),
            "max" if last.is_none() => last = Some(whole(value)?),
            "hidden" if hidden.is_none() && !value.contains('&') => {
                hidden = Some(xml::is_on(value));
            }
            "min" | "max" | "hidden" => return None,
            _ if hides(name, &["min", "max", "hidden"]) => return None,
            _ => {}
        }
        Some(())
    })?;
    (tag == Tag::Empty).then_some((first, last, hidden.unwrap_or(false)))
}

/// A row's number, whether it is hidden, and how its tag ends.
fn row(next: &mut Plain) -> Option<(Option<u32>, bool, Tag)> {
    let (mut number, mut hidden) = (None, None);
    let tag = next.attributes(|name, value| {
        match name {
            "r" if number.is_none() => number = Some(whole(value)?),
            "hidden" if hidden.is_none() && !value.contains('&') => {
                hidden = Some(xml::is_on(value));
            }
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
