//! A BIFF stream into its records, each with what continues it; and the texts inside them.

use std::borrow::Cow;

use super::super::limits::Refusal;
use super::super::text;
use super::super::tokens::{u8_from, u16_from, u32_from};

/// One record, and the bytes of the CONTINUE records behind it.
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) body: &'a [u8],
    more: Vec<&'a [u8]>,
}

/// The records from here on, to the end or to where the stream breaks off.
pub(super) struct Records<'a>(pub(super) &'a [u8]);

impl<'a> Records<'a> {
    fn raw(&mut self) -> Option<(u16, &'a [u8])> {
        let mut rest = self.0;
        let (kind, length) = (u16_from(&mut rest)?, u16_from(&mut rest)?);
        let (body, rest) = rest.split_at_checked(usize::from(length))?;
        self.0 = rest;
        Some((kind, body))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, body) = self.raw()?;
        let mut more = Vec::new();
        while self.0.starts_with(&[0x3C, 0]) {
            more.push(self.raw()?.1);
        }
        Some(Record { kind, body, more })
    }
}

/// How the workbook writes its letters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Letters {
    /// Excel 97 and later.
    #[default]
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

// An OLE2 compound file (the box around .xls and .doc) into its streams.

/// Marks in the sector table: end of a chain, and everything above it.
const LAST: u32 = 0xFFFF_FFFA;

pub(in super::super) struct Compound<'a> {
    large: Sectors<'a>,
    /// Those of streams below a size, which are themselves a stream.
    small: Sectors<'a>,
    small_below: u64,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    start: u32,
    size: u64,
}

/// Sectors of one size, and which one follows each.
struct Sectors<'a> {
    bytes: Cow<'a, [u8]>,
    size: usize,
    next: Vec<u32>,
}

impl<'a> Compound<'a> {
    pub(in super::super) fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let number = |at: usize| number(bytes, at).ok_or(Refusal::Truncated);
        let shift = number(30)? & 0xFFFF;
        let size = if matches!(shift, 9 | 12) { 1usize << shift } else { return Err(Refusal::corrupt("OLE")) };
        let behind_header = bytes.get(size..).ok_or(Refusal::Truncated)?;
        let mut large = Sectors { bytes: behind_header.into(), size, next: Vec::new() };
        // The table of sectors: 109 of its own sectors named in the header, the rest in a chain.
        let mut named: Vec<u32> = (0..109).map_while(|i| number(76 + 4 * i).ok()).collect();
        let mut next = number(68)?;
        for _ in 0..bytes.len() / size {
            let Some(more) = large.whole(next) else { break };
            let (more, link) = more.split_at(size - 4);
            named.extend(words(more));
            next = words(link).next().unwrap_or(LAST);
        }
        for place in named.into_iter().filter(|n| *n < LAST).take(bytes.len() / size + 1) {
            let follow: Vec<u32> = words(large.whole(place).ok_or(Refusal::Truncated)?).collect();
            large.next.extend(follow);
        }
        let directory = large.chain(number(48)?, u64::MAX)?;
        let entries: Vec<Entry> = directory.chunks_exact(128).filter_map(entry).collect();
        let next = words(&large.chain(number(60)?, u64::MAX)?).collect();
        let bytes = match entries.iter().find(|e| e.name == "root entry") {
            Some(root) => large.chain(root.start, root.size)?,
            None => Vec::new(),
        };
        let small = Sectors { bytes: bytes.into(), size: 64, next };
        Ok(Compound { large, small, small_below: u64::from(number(56)?), entries })
    }

    pub(in super::super) fn holds(&self, name: &str) -> bool {
        self.entries.iter().any(|e| e.name == name.to_lowercase())
    }

    pub(in super::super) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(entry) = self.entries.iter().find(|e| e.name == name.to_lowercase()) else { return Ok(None) };
        let sectors = if entry.size < self.small_below { &self.small } else { &self.large };
        sectors.chain(entry.start, entry.size).map(Some)
    }
}

impl Sectors<'_> {
    fn whole(&self, place: u32) -> Option<&[u8]> {
        self.from(place)?.get(..self.size)
    }

    /// From a sector on to the end.
    fn from(&self, place: u32) -> Option<&[u8]> {
        self.bytes.get((place as usize).saturating_mul(self.size)..)
    }

    /// What stands in a sector and those that follow it, or the first bytes of it.
    fn chain(&self, mut place: u32, length: u64) -> Result<Vec<u8>, Refusal> {
        let mut stream = Vec::new();
        while place < LAST && (stream.len() as u64) < length {
            let rest = self.from(place).ok_or(Refusal::Truncated)?;
            stream.extend_from_slice(&rest[..rest.len().min(self.size)]);
            // The last sector of a file is often cut short by its writer.
            if rest.len() < self.size && length != u64::MAX && (stream.len() as u64) < length {
                return Err(Refusal::Truncated);
            }
            if stream.len() > self.bytes.len() + self.size {
                return Err(Refusal::corrupt("OLE: a chain without end"));
            }
            place = self.next.get(place as usize).copied().unwrap_or(LAST);
        }
        stream.truncate(usize::try_from(length).unwrap_or(usize::MAX));
        Ok(stream)
    }
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let length = usize::from(u16::from_le_bytes([bytes[64], bytes[65]]));
    let name = bytes.get(..length.checked_sub(2)?.min(64))?;
    Some(Entry {
        name: text::wide_or_latin(name, true).to_lowercase(),
        start: number(bytes, 116)?,
        size: u64::from(number(bytes, 120)?),
    })
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_le_bytes)
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.chunks_exact(4).map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]]))
}
