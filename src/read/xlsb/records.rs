//! A part of an .xlsb package into its records, and the texts inside them.

use super::super::text;
use super::super::tokens::{u8_from, u32_from};

/// The records of a part, to its end or to where it breaks off.
pub(super) struct Records<'a> {
    bytes: &'a [u8],
}

impl<'a> Records<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Records { bytes }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let first = u8_from(&mut self.bytes)?;
        let mut kind = u16::from(first & 0x7F);
        if first & 0x80 != 0 {
            kind |= u16::from(u8_from(&mut self.bytes)? & 0x7F) << 7;
        }
        let mut length = 0usize;
        for place in 0..4 {
            let byte = u8_from(&mut self.bytes)?;
            length |= usize::from(byte & 0x7F) << (7 * place);
            if byte & 0x80 == 0 {
                break;
            }
        }
        let (body, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some((kind, body))
    }
}

/// A text behind the number of its letters.
pub(super) fn text_from(bytes: &mut &[u8]) -> Option<String> {
    let count = u32_from(bytes)?;
    // So much stands for "no text".
    if count == u32::MAX {
        return Some(String::new());
    }
    let (letters, rest) = bytes.split_at_checked((count as usize).checked_mul(2)?)?;
    *bytes = rest;
    Some(text::wide_or_latin(letters, true))
}
