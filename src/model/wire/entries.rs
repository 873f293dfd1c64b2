//! For `#[serde(with)]` on a return's entries: about a dozen bytes an entry, for there are far more of them than of anything
//! else. What an entry shares with the one before it is left out, and its cell is told from where that one stands.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serializer};

use super::{READ, WRITTEN, Written, once};
use crate::model::entry::{Address, Entry, Part, State};
use crate::model::figure::Figure;

/// The bits of an entry's first byte; the two lowest are its state, the next two its part.
const HAS_VALUE: u8 = 1 << 4;
const HAS_FORMULA: u8 = 1 << 5;
const SAME_LINE: u8 = 1 << 6;
const OTHER_SECTION: u8 = 1 << 7;

const STATES: [State; 4] = [State::Filled, State::Blank, State::Nil, State::Unreadable];
const PARTS: [Part; 4] = [Part::Line, Part::Total, Part::Section, Part::Subtotal];

/// An entry takes at least so many bytes: no count of entries is believed beyond it.
const LEAST_BYTES: usize = 6;

pub fn serialize<S: Serializer>(entries: &[Entry], to: S) -> Result<S::Ok, S::Error> {
    let bytes = WRITTEN.with_borrow_mut(|names| {
        let mut to = Packed {
            bytes: Vec::with_capacity(entries.len() * 16 + 16),
            texts: String::with_capacity(entries.len() * 4),
        };
        let mut before = Before::default();
        for entry in entries {
            write(entry, &mut before, names, &mut to);
        }
        let length = to.bytes.len() as u64;
        to.bytes.extend(to.texts.as_bytes());
        let mut bytes = Vec::with_capacity(to.bytes.len() + 16);
        count(&mut bytes, entries.len() as u64);
        count(&mut bytes, length);
        bytes.extend(to.bytes);
        bytes
    });
    to.serialize_bytes(&bytes)
}

pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Entry>, D::Error> {
    let bytes = <&[u8]>::deserialize(from)?;
    let mut from = Bytes { bytes, texts: "" };
    let entries = READ.with_borrow(|names| {
        let count = usize::try_from(from.count()?).ok()?;
        let length = usize::try_from(from.count()?).ok()?;
        let (bytes, texts) = from.bytes.split_at_checked(length)?;
        let texts = simdutf8::basic::from_utf8(texts).ok()?;
        from = Bytes { bytes, texts };
        let mut entries = Vec::with_capacity(count.min(bytes.len() / LEAST_BYTES));
        let mut before = Before::default();
        for _ in 0..count {
            entries.push(from.entry(&mut before, names)?);
        }
        Some(entries)
    });
    entries.ok_or_else(|| serde::de::Error::custom("no entries"))
}

/// What an entry may share with the one before it.
#[derive(Default)]
struct Before {
    line: Option<u32>,
    row: u32,
    column: u32,
    section: u16,
}

/// Entries written, and behind them all their texts, which are proved to be texts in one go.
struct Packed {
    bytes: Vec<u8>,
    texts: String,
}

fn write(entry: &Entry, before: &mut Before, names: &mut Written, packed: &mut Packed) {
    let Packed { bytes: to, texts } = packed;
    let line = names.number(&entry.line);
    let mut first = entry.state as u8 | (entry.part as u8) << 2;
    let mut mark = |bit, holds| first |= if holds { bit } else { 0 };
    mark(HAS_VALUE, entry.value.is_some());
    mark(HAS_FORMULA, entry.formula.is_some());
    mark(SAME_LINE, before.line == Some(line));
    mark(OTHER_SECTION, before.section != entry.section);
    to.push(first);
    if before.line.replace(line) != Some(line) {
        count(to, line.into());
    }
    count(to, names.number(&entry.column).into());
    let Address { row, column } = entry.cell;
    signed(to, i64::from(row) - i64::from(before.row));
    signed(to, i64::from(column) - i64::from(before.column));
    (before.row, before.column) = (row, column);
    if let Some(value) = entry.value {
        signed(to, value.units);
        to.push(value.scale);
    }
    to.push(entry.shown);
    let mut text = |text: &str| {
        count(to, text.len() as u64);
        texts.push_str(text);
    };
    text(&entry.text);
    if let Some(formula) = &entry.formula {
        text(formula);
    }
    if first & OTHER_SECTION != 0 {
        count(to, entry.section.into());
        before.section = entry.section;
    }
}

/// Seven bits a byte, the highest telling that more follow.
fn count(to: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// The same, small ones of either sign short.
fn signed(to: &mut Vec<u8>, number: i64) {
    count(to, ((number << 1) ^ (number >> 63)) as u64);
}

/// What is left to read.
struct Bytes<'a> {
    bytes: &'a [u8],
    texts: &'a str,
}

impl<'a> Bytes<'a> {
    fn entry(&mut self, before: &mut Before, names: &[Arc<str>]) -> Option<Entry> {
        let first = self.byte()?;
        let line = match before.line.filter(|_| first & SAME_LINE != 0) {
            Some(line) => line,
            None => self.small()?,
        };
        let column = self.small()?;
        let row = i64::from(before.row).checked_add(self.signed()?)?;
        let across = i64::from(before.column).checked_add(self.signed()?)?;
        let cell = Address::new(row.try_into().ok()?, across.try_into().ok()?);
        let value = match first & HAS_VALUE {
            0 => None,
            _ => Some(Figure::new(self.signed()?, self.byte()?)),
        };
        let shown = self.byte()?;
        let text = self.text()?.into();
        // The same rows of the same form have the same formulas, whoever sends them.
        let formula = match first & HAS_FORMULA {
            0 => None,
            _ => Some(once(self.text()?)),
        };
        let section = match first & OTHER_SECTION {
            0 => before.section,
            _ => self.count()?.try_into().ok()?,
        };
        *before = Before { line: Some(line), row: cell.row, column: cell.column, section };
        Some(Entry {
            line: names.get(line as usize)?.clone(),
            column: names.get(column as usize)?.clone(),
            value,
            state: STATES[usize::from(first & 3)],
            text,
            shown,
            formula,
            cell,
            part: *PARTS.get(usize::from(first >> 2 & 3))?,
            section,
        })
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.count()?).ok()?;
        let (text, rest) = self.texts.split_at_checked(length)?;
        self.texts = rest;
        Some(text)
    }

    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*byte)
    }

    fn count(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn small(&mut self) -> Option<u32> {
        self.count()?.try_into().ok()
    }

    fn signed(&mut self) -> Option<i64> {
        let number = self.count()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Serialize;

    use super::*;
    use crate::model::wire;

    #[derive(Serialize, Deserialize)]
    struct Holder(#[serde(with = "super")] Vec<Entry>);

    fn entry() -> impl Strategy<Value = Entry> {
        let value = proptest::option::of((any::<i64>(), any::<u8>()));
        let names = ("[abc]?", "[0-9é]{0,3}", proptest::option::of("[A-C]{0,3}"));
        let place = (any::<u32>(), any::<u32>(), 0..3u16);
        (names, value, 0..4usize, 0..3usize, ".{0,40}", any::<u8>(), place).prop_map(
            |((line, column, formula), value, state, part, text, shown, (row, across, section))| Entry {
                line: line.into(),
                column: column.into(),
                value: value.map(|(units, scale)| Figure::new(units, scale)),
                state: STATES[state],
                text: text.into(),
                shown,
                formula: formula.map(Arc::from),
                cell: Address::new(row, across),
                part: PARTS[part],
                section,
            },
        )
    }

    proptest! {
        #[test]
        fn entries_read_back(entries in proptest::collection::vec(entry(), 0..20), cut in 0..400usize) {
            let given = Holder(entries);
            let (names, bytes) = wire::pack(|| postcard::to_stdvec(&given));
            let bytes = bytes.unwrap();
            let read = |bytes: &[u8]| {
                wire::unpack(names.iter().map(|n| &**n), || postcard::from_bytes::<Holder>(bytes))
            };
            assert_eq!(format!("{:?}", read(&bytes).unwrap().0), format!("{:?}", given.0));
            // Cut short, they are refused, not guessed.
            assert!(read(&bytes[..cut.min(bytes.len() - 1)]).is_err());
        }
    }
}
