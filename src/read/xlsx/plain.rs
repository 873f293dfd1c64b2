//! XML as nearly every program spells it into its pieces, without a parser. Whatever is spelled otherwise (prefixes,
//! comments, other quotes, white space in odd places) is no piece: the whole sheet then goes to calamine.
//!
//! Most of a province's sheets is cells that Excel spells letter for letter like this, so they are read byte by byte:
//! `<c r="B12" s="4" t="s"><v>17</v></c>`. Bench: `benches/stages.rs`, `cells`.

use std::borrow::Cow;

use quick_xml::events::BytesRef;

use super::super::limits::{COLUMNS, ROWS};
use super::cell::Kind;
use crate::package::xml;

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
mod tests {
    use super::*;

    #[test]
    fn excels_own_spelling_is_read_and_no_other() {
        let cell = |at, look, kind, value| Usual { at, look, kind, value };
        for (text, read) in [
            ("<c r=\"B12\" s=\"4\" t=\"s\"><v>17</v></c>", cell((11, 1), 4, Kind::Shared, Some("17"))),
            ("<c r=\"A1\"><v>0.5</v></c>", cell((0, 0), 0, Kind::Number, Some("0.5"))),
            ("<c r=\"XFD1048576\" s=\"2\"/>", cell((1_048_575, 16_383), 2, Kind::Number, None)),
            ("<c r=\"C1\" t=\"str\"><v>tổng > 1</v></c>", cell((0, 2), 0, Kind::Worded, Some("tổng > 1"))),
            ("<c r=\"C1\" t=\"n\"><v>1</v></c>", cell((0, 2), 0, Kind::Number, Some("1"))),
        ] {
            assert_eq!(usual(&format!("{text}<c/>")), Some((read, text.len())));
        }
        for other in [
            "<c r=\"A1\" s=\"1\" ><v>1</v></c>",
            "<c s=\"1\" r=\"A1\"><v>1</v></c>",
            "<c r=\"A1\" cm=\"1\"><v>1</v></c>",
            "<c r=\"A1\" t=\"b\"><v>1</v></c>",
            "<c r=\"A1\"><f>B1</f><v>1</v></c>",
            "<c r=\"A1\"><v>a&amp;b</v></c>",
            "<c r=\"A1\"><v>1</v><extLst/></c>",
            "<c r=\"A1\" s=\"1\"><v>1</v>",
            "<c r=\"A1\" s=\"1",
            "<c r=\"A1\" s=\"1234567890\"/>",
            "<c r=\"A0\"/>",
            "<c r=\"1\"/>",
            "<c r=\"A\"/>",
            "<c r=\"a1\"/>",
            "<c r=\"A1B\"/>",
            "<c r=\"XFE1\"/>",
            "<c r=\"AAAA1\"/>",
            "<c r=\"A1048577\"/>",
            "<c r=\"A9999999999\"/>",
            "<c r=\"ạ1\"/>",
            "<c",
            "",
        ] {
            assert_eq!(usual(other), None, "{other}");
        }
    }
}
