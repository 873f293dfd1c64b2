//! The zip packages that office files are, and the XML inside them: for [`crate::read`], which takes what is in them, and
//! for [`crate::patch`], which changes some parts and copies the rest unchanged.
//!
//! [`archive`] checks a zip's list before anything is inflated; [`Package`] inflates parts within limits, whatever their
//! headers promise, and knows what points where; [`edit`] puts a changed package together again; [`xml`] has the few ways
//! in which every part is read and written.

pub mod edit;
pub mod xml;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Cursor, ErrorKind, Read};

use flate2::{Decompress, FlushDecompress};
use quick_xml::events::Event;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

/// Why a package or a part of it is not had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Broken off in transfer.
    Truncated,
    Encrypted,
    /// Damaged; the detail is for whoever repairs it.
    Broken(String),
    TooLarge(Excess),
}

/// What there is too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    Parts,
    Inflated,
    Memory,
}

/// How much of a stranger's package is taken in.
#[derive(Debug, Clone, Copy)]
pub struct Caps {
    pub parts: usize,
    /// Inflated bytes of one part, and of all that are read.
    pub part: u64,
    pub total: u64,
}

/// A package whose parts are inflated one at a time.
pub struct Package<'a> {
    bytes: &'a [u8],
    zip: ZipArchive<Cursor<&'a [u8]>>,
    inflater: Decompress,
    /// The part read last.
    part: Vec<u8>,
    /// Where each part is, by its name in lower case: Excel finds parts whatever their case, and so do we.
    places: HashMap<String, usize>,
    inflated: u64,
    caps: Caps,
}

impl<'a> Package<'a> {
    /// # Errors
    /// A zip that no honest program writes, or of too many parts.
    pub fn open(bytes: &'a [u8], caps: Caps) -> Result<Self, Fault> {
        let zip = archive(bytes, caps.parts)?;
        let mut places = HashMap::with_capacity(zip.len());
        for place in 0..zip.len() {
            if let Some(Ok(name)) = zip.name_for_index(place) {
                places.insert(key(&name), place);
            }
        }
        Ok(Package {
            bytes,
            zip,
            inflater: Decompress::new(false),
            part: Vec::with_capacity(USUAL),
            places,
            inflated: 0,
            caps,
        })
    }

    /// Whether it has a part of this name.
    pub fn holds(&self, name: &str) -> bool {
        self.places.contains_key(&key(name))
    }

    /// A part's bytes; none where there is none.
    ///
    /// # Errors
    /// A damaged part, or one that goes over a limit.
    pub fn part(&mut self, name: &str) -> Result<Option<&[u8]>, Fault> {
        let Some(place) = self.places.get(&key(name)).copied() else { return Ok(None) };
        let room = self.caps.part.min(self.caps.total.saturating_sub(self.inflated));
        match self.deflated(place)? {
            Some(deflated) => self.inflate(&deflated, room)?,
            None => self.part = inflate(self.zip.by_index(place).map_err(refused)?, room)?,
        }
        self.inflated += self.part.len() as u64;
        Ok(Some(&self.part))
    }

    /// A part that holds XML, as text.
    ///
    /// # Errors
    /// As for [`Package::part`].
    pub fn text(&mut self, name: &str) -> Result<Option<Cow<'_, str>>, Fault> {
        Ok(self.part(name)?.map(xml::decoded))
    }

    /// A part's compressed bytes, if it is deflated and no more.
    fn deflated(&mut self, place: usize) -> Result<Option<Deflated<'a>>, Fault> {
        let file = self.zip.by_index_raw(place).map_err(refused)?;
        if file.compression() != CompressionMethod::Deflated || file.encrypted() {
            return Ok(None);
        }
        let from_start = file.data_start().and_then(|start| {
            let start = usize::try_from(start).ok()?;
            self.bytes.get(start..)
        });
        let Some(from_start) = from_start else { return Ok(None) };
        let length = usize::try_from(file.compressed_size()).unwrap_or(usize::MAX);
        Ok(Some(Deflated {
            bytes: &from_start[..length.min(from_start.len())],
            promised: file.size(),
            checksum: file.crc32(),
        }))
    }

    /// Inflates a part in one go, which takes half the time that doing it piece by piece does.
    fn inflate(&mut self, deflated: &Deflated, room: u64) -> Result<(), Fault> {
        let most = deflated.promised.min(room);
        let possible = (deflated.bytes.len() as u64).saturating_mul(DEFLATE_RATIO);
        self.part.clear();
        // The memory of one large part is given back before the next part is read.
        self.part.shrink_to(USUAL);
        self.part
            .try_reserve_exact((most.min(possible) + SLACK) as usize)
            .map_err(|_| Fault::TooLarge(Excess::Memory))?;
        self.inflater.reset(false);
        let done = self.inflater.decompress_vec(deflated.bytes, &mut self.part, FlushDecompress::Finish);
        let length = self.part.len() as u64;
        if length > room && length <= deflated.promised {
            return Err(Fault::TooLarge(Excess::Inflated));
        }
        let is_whole = done.is_ok() && length <= deflated.promised;
        if !is_whole || crc32fast::hash(&self.part) != deflated.checksum {
            return Err(Fault::Broken("zip".into()));
        }
        Ok(())
    }
}

/// A part's bytes as the file has them.
struct Deflated<'a> {
    bytes: &'a [u8],
    /// How long it says that it is inflated; if it is longer, it is broken.
    promised: u64,
    checksum: u32,
}

/// Bytes that hold most parts, taken once: a buffer that grows from part to part has the system take memory back and
/// give it again with every file.
const USUAL: usize = 1 << 20;
/// How much longer deflate can make anything at most.
const DEFLATE_RATIO: u64 = 1_032;
/// Bytes more than should be needed: whoever goes over the promise is seen to, and the inflater is fastest while it has
/// room for its longest match.
const SLACK: u64 = 512;

/// Where a part points to, within the package.
#[derive(Debug, Clone)]
pub struct Relation {
    pub id: String,
    /// The last word of its type: `worksheet`, `chartsheet`, `styles`.
    pub kind: String,
    /// From the package's root.
    pub target: String,
    /// Of a package in the strict dialect.
    pub strict: bool,
}

/// How the types of relations begin, in the two dialects.
const TRANSITIONAL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";

impl Package<'_> {
    /// The part everything else hangs on; empty if the package does not say.
    ///
    /// # Errors
    /// As for [`Package::relations`].
    pub fn main_part(&mut self) -> Result<String, Fault> {
        Ok(self.relations("")?.into_iter().find(|r| r.kind == "officeDocument").map(|r| r.target).unwrap_or_default())
    }

    /// What a part (`""`: the package) points to within the package.
    ///
    /// # Errors
    /// A list of relations that is damaged or no XML.
    pub fn relations(&mut self, part: &str) -> Result<Vec<Relation>, Fault> {
        let beside = beside(part);
        let text = self.text(&beside)?.unwrap_or_default();
        relations(&text, part, &beside)
    }
}

fn relations(text: &str, part: &str, beside: &str) -> Result<Vec<Relation>, Fault> {
    let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut reader = xml::reader(text);
    let mut found = Vec::new();
    loop {
        match reader.read_event().map_err(xml::broken(beside))? {
            Event::Start(e) | Event::Empty(e) if xml::local(&e) == "Relationship" => {
                let text = |name: &str| xml::attribute(&e, name).unwrap_or_default();
                if text("TargetMode") == "External" {
                    continue;
                }
                let kind = text("Type");
                found.push(Relation {
                    id: text("Id").into_owned(),
                    target: resolve(folder, &text("Target")),
                    strict: kind.starts_with(STRICT),
                    kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                });
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// Where a part's relations are kept.
pub fn beside(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// A target relative to a folder of the package; `/` leads from its root.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut steps: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            ".." => {
                steps.pop();
            }
            "." | "" => {}
            step => steps.push(step),
        }
    }
    steps.retain(|s| !s.is_empty());
    steps.join("/")
}

/// Reads to the end, but never more than `room` bytes.
/// # Errors
/// A broken or longer part.
pub fn inflate(file: impl Read, room: u64) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    file.take(room + 1).read_to_end(&mut bytes).map_err(|error| match error.kind() {
        ErrorKind::OutOfMemory => Fault::TooLarge(Excess::Memory),
        _ => Fault::Broken("zip".into()),
    })?;
    if bytes.len() as u64 > room { Err(Fault::TooLarge(Excess::Inflated)) } else { Ok(bytes) }
}

/// Why an entry cannot be opened.
pub fn refused(error: ZipError) -> Fault {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Fault::Encrypted,
        other => Fault::Broken(format!("zip: {other}")),
    }
}

fn key(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_lowercase()
}

/// A zip of parts for tests.
#[cfg(test)]
pub(crate) fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Opens a zip unless its list is broken, has more than so many parts, names a part twice with different contents, or lays
/// parts over one another: the last is how a few kilobytes become petabytes, and no program writes it.
pub fn archive(bytes: &[u8], most: usize) -> Result<ZipArchive<Cursor<&[u8]>>, Fault> {
    if promised(bytes) > most as u64 {
        return Err(Fault::TooLarge(Excess::Parts));
    }
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Truncated)?;
    if zip.len() > most {
        return Err(Fault::TooLarge(Excess::Parts));
    }
    if zip.has_overlapping_entries().map_err(refused)? {
        return Err(Fault::Broken("zip: overlap".into()));
    }
    let mut checksums = HashMap::with_capacity(zip.len());
    for place in 0..zip.len() {
        let file = zip.by_index_raw(place).map_err(refused)?;
        let name = String::from_utf8_lossy(file.name_raw());
        if checksums.insert(name.to_lowercase(), file.crc32()).is_some_and(|other| other != file.crc32()) {
            return Err(Fault::Broken(format!("zip: {name} × 2")));
        }
    }
    if zip.has_duplicate_names() { Err(Fault::Broken("zip: × 2".into())) } else { Ok(zip) }
}

/// How many entries the end of the file promises, before any memory is taken for them.
fn promised(bytes: &[u8]) -> u64 {
    let tail = &bytes[bytes.len().saturating_sub(65_557)..];
    let Some(at) = tail.windows(4).rposition(|w| w == b"PK\x05\x06") else { return 0 };
    let short = u64::from(u16_at(tail, at + 10).unwrap_or(0));
    if short != 0xFFFF {
        return short;
    }
    let wide = tail[..at].windows(4).rposition(|w| w == b"PK\x06\x06");
    wide.and_then(|at| u64_at(tail, at + 32)).unwrap_or(short)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().copied().map(u16::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().copied().map(u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::zipped;

    #[test]
    fn an_honest_zip_opens_wherever_it_starts() {
        let bytes = zipped(&[("a.xml", "một"), ("b.xml", "hai")]);
        assert_eq!(archive(&bytes, 9).unwrap().len(), 2);
        let shifted = [b"MZ self-extracting ".as_slice(), &bytes].concat();
        assert_eq!(archive(&shifted, 9).unwrap().len(), 2);
    }

    #[test]
    fn two_entries_over_the_same_bytes_are_refused() {
        let mut bytes = zipped(&[("a.xml", "một"), ("b.xml", "hai")]);
        let second = bytes.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
        bytes[second + 42..second + 46].fill(0);
        assert_eq!(archive(&bytes, 9).err(), Some(Fault::Broken("zip: overlap".into())));
    }

    #[test]
    fn a_name_in_two_cases_is_one_name() {
        assert!(archive(&zipped(&[("xl/a.xml", "1"), ("XL/A.XML", "2")]), 9).is_err());
        assert!(archive(&zipped(&[("xl/a.xml", "1"), ("XL/A.XML", "1")]), 9).is_ok());
    }
}
