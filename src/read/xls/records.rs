//! A BIFF stream into its records, each with what continues it; and the texts inside them.

use super::super::text;
use super::super::tokens::{u8_from, u16_from, u32_from};

/// One record, and the bytes of the CONTINUE records behind it.
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) body: &'a [u8],
    more: Vec<&'a [u8]>,
}

/// The records from here on, to the end or to where the stream breaks off.
pub(super) struct Records<'a> {
    bytes: &'a [u8],
}

impl<'a> Records<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Records { bytes }
    }

    fn raw(&mut self) -> Option<(u16, &'a [u8])> {
        let mut rest = self.bytes;
        let (kind, length) = (u16_from(&mut rest)?, u16_from(&mut rest)?);
        let (body, rest) = rest.split_at_checked(usize::from(length))?;
        self.bytes = rest;
        Some((kind, body))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, body) = self.raw()?;
        let mut more = Vec::new();
        while self.bytes.starts_with(&[0x3C, 0]) {
            more.push(self.raw()?.1);
        }
        Some(Record { kind, body, more })
    }
}

/// How the workbook writes its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    /// Excel 97 and later.
    Unicode,
    /// Excel 5 and 95: one byte a letter.
    CodePage(u16),
}

/// A text with the place and font number of each run that has its own.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) runs: Vec<(u16, u16)>,
}

/// A place in a record, stepping over to its continuations.
pub(super) struct Cursor<'a> {
    parts: std::vec::IntoIter<&'a [u8]>,
    here: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(record: Record<'a>) -> Self {
        Cursor { parts: record.more.into_iter(), here: record.body }
    }

    pub(super) fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > self.here.len() {
            count -= self.here.len();
            self.here = self.parts.next()?;
        }
        self.here = &self.here[count..];
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        while self.here.is_empty() {
            self.here = self.parts.next()?;
        }
        u8_from(&mut self.here)
    }

    pub(super) fn word(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    pub(super) fn long(&mut self) -> Option<u32> {
        Some(u32::from(self.word()?) | u32::from(self.word()?) << 16)
    }

    /// A text behind its own length; long ones go on in the next record, behind a byte that says how.
    pub(super) fn text(&mut self) -> Option<Text> {
        let mut left = usize::from(self.word()?);
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { self.word()? } else { 0 };
        let extra = if flags & 4 != 0 { self.long()? as usize } else { 0 };
        let mut wide = flags & 1 != 0;
        let mut found = Text::default();
        while left > 0 {
            if self.here.is_empty() {
                self.here = self.parts.next()?;
                wide = u8_from(&mut self.here)? & 1 != 0;
            }
            let size = if wide { 2 } else { 1 };
            let count = left.min(self.here.len() / size);
            if count == 0 {
                return None;
            }
            let (letters, rest) = self.here.split_at(count * size);
            found.text.push_str(&text::wide_or_latin(letters, wide));
            self.here = rest;
            left -= count;
        }
        for _ in 0..runs {
            found.runs.push((self.word()?, self.word()?));
        }
        self.skip(extra)?;
        Some(found)
    }
}

/// A text of a known number of letters without a run, as in names of sheets and formats.
pub(super) fn plain(bytes: &mut &[u8], count: usize, letters: Letters) -> Option<String> {
    let wide = match letters {
        Letters::Unicode => Some(u8_from(bytes)? & 1 != 0),
        Letters::CodePage(_) => None,
    };
    let length = if wide == Some(true) { count * 2 } else { count };
    let (found, rest) = bytes.split_at(length.min(bytes.len()));
    *bytes = rest;
    Some(match (wide, letters) {
        (Some(wide), _) => text::wide_or_latin(found, wide),
        (None, Letters::CodePage(page)) => text::code_page(found, page),
        (None, Letters::Unicode) => return None,
    })
}

/// What a cell record starts with: row, column, style.
pub(super) fn place(bytes: &mut &[u8]) -> Option<(u32, u32, u16)> {
    Some((u32::from(u16_from(bytes)?), u32::from(u16_from(bytes)?), u16_from(bytes)?))
}

/// A number in the four bytes that Excel packs most into.
pub(in super::super) fn packed(bytes: &mut &[u8]) -> Option<f64> {
    let packed = u32_from(bytes)?;
    let number = if packed & 2 != 0 {
        f64::from(packed.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(packed & !3) << 32)
    };
    Some(if packed & 1 != 0 { number / 100.0 } else { number })
}
