//! An OLE2 compound file (the box around .xls and .doc) into its streams.

use super::super::refusal::Refusal;

/// Marks in the sector table: end of a chain, and everything above it.
const LAST: u32 = 0xFFFF_FFFA;

pub(in super::super) struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    table: Vec<u32>,
    entries: Vec<Entry>,
    small: Vec<u8>,
    small_table: Vec<u32>,
    small_below: u64,
}

struct Entry {
    name: String,
    start: u32,
    size: u64,
}

impl<'a> Compound<'a> {
    pub(in super::super) fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let number = |at: usize| number(bytes, at).ok_or(Refusal::Truncated);
        let shift = number(30)? & 0xFFFF;
        let sector = if matches!(shift, 9 | 12) {
            1usize << shift
        } else {
            return Err(Refusal::corrupt("OLE"));
        };
        let mut file = Compound {
            bytes,
            sector,
            table: Vec::new(),
            entries: Vec::new(),
            small: Vec::new(),
            small_table: Vec::new(),
            small_below: u64::from(number(56)?),
        };
        // The table of sectors: 109 of its own sectors named in the header, the rest in a chain.
        let mut named: Vec<u32> = (0..109).map_while(|i| number(76 + 4 * i).ok()).collect();
        let mut next = number(68)?;
        for _ in 0..bytes.len() / sector {
            let Some(more) = file.at(next) else { break };
            let (more, link) = more.split_at(sector - 4);
            named.extend(words(more));
            next = words(link).next().unwrap_or(LAST);
        }
        for place in named.into_iter().filter(|n| *n < LAST).take(bytes.len() / sector + 1) {
            let part = file.at(place).ok_or(Refusal::Truncated)?;
            file.table.extend(words(part));
        }
        let directory = file.chain(number(48)?, u64::MAX)?;
        file.entries = directory.chunks_exact(128).filter_map(entry).collect();
        file.small_table = words(&file.chain(number(60)?, u64::MAX)?).collect();
        if let Some(root) = file.entries.iter().find(|e| e.name == "root entry") {
            file.small = file.chain(root.start, root.size)?;
        }
        Ok(file)
    }

    pub(in super::super) fn holds(&self, name: &str) -> bool {
        self.entries.iter().any(|e| e.name == name.to_lowercase())
    }

    pub(in super::super) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
        match self.entries.iter().find(|e| e.name == name.to_lowercase()) {
            None => Ok(None),
            Some(e) if e.size < self.small_below => self.small_chain(e.start, e.size).map(Some),
            Some(e) => self.chain(e.start, e.size).map(Some),
        }
    }

    fn at(&self, place: u32) -> Option<&'a [u8]> {
        let start = (place as usize).checked_add(1)?.checked_mul(self.sector)?;
        self.bytes.get(start..start.checked_add(self.sector)?)
    }

    fn chain(&self, mut place: u32, size: u64) -> Result<Vec<u8>, Refusal> {
        let mut stream = Vec::new();
        while place < LAST && (stream.len() as u64) < size {
            match self.at(place) {
                Some(part) => stream.extend_from_slice(part),
                // The last sector of a file is often cut short by its writer.
                None => {
                    let start = (place as usize).saturating_add(1).saturating_mul(self.sector);
                    let rest = self.bytes.get(start..).ok_or(Refusal::Truncated)?;
                    stream.extend_from_slice(rest);
                    if size != u64::MAX && (stream.len() as u64) < size {
                        return Err(Refusal::Truncated);
                    }
                }
            }
            if stream.len() > self.bytes.len() + self.sector {
                return Err(Refusal::corrupt("OLE: a chain without end"));
            }
            place = self.table.get(place as usize).copied().unwrap_or(LAST);
        }
        stream.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        Ok(stream)
    }

    fn small_chain(&self, mut place: u32, size: u64) -> Result<Vec<u8>, Refusal> {
        let mut stream = Vec::new();
        while place < LAST && (stream.len() as u64) < size {
            let start = place as usize * 64;
            let end = (start + 64).min(self.small.len());
            stream.extend_from_slice(self.small.get(start..end).ok_or(Refusal::Truncated)?);
            if stream.len() > self.small.len() + 64 {
                return Err(Refusal::corrupt("OLE: a chain without end"));
            }
            place = self.small_table.get(place as usize).copied().unwrap_or(LAST);
        }
        stream.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        Ok(stream)
    }
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let length = usize::from(u16::from_le_bytes([bytes[64], bytes[65]]));
    let name = bytes.get(..length.checked_sub(2)?.min(64))?;
    Some(Entry {
        name: super::super::text::wide_or_latin(name, true).to_lowercase(),
        start: number(bytes, 116)?,
        size: u64::from(number(bytes, 120)?),
    })
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.chunks_exact(4).map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]]))
}
