//! A zip package into its parts, inflated within the limits whatever their headers promise.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Cursor, ErrorKind, Read};

use flate2::{Decompress, FlushDecompress};
use quick_xml::events::Event;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::directory;
use super::limits::{Limit, PART_BYTES, TOTAL_BYTES};
use super::refusal::Refusal;
use super::text;
use super::xml;

pub(super) struct Package<'a> {
    bytes: &'a [u8],
    zip: ZipArchive<Cursor<&'a [u8]>>,
    inflater: Decompress,
    /// The part read last.
    part: Vec<u8>,
    /// Where each part is, by its name in lower case: Excel finds parts whatever their case, and so do we.
    places: HashMap<String, usize>,
    inflated: u64,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let zip = directory::open(bytes)?;
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
        })
    }

    pub(super) fn holds(&self, name: &str) -> bool {
        self.places.contains_key(&key(name))
    }

    pub(super) fn part(&mut self, name: &str) -> Result<Option<&[u8]>, Refusal> {
        let Some(place) = self.places.get(&key(name)).copied() else {
            return Ok(None);
        };
        let room = PART_BYTES.min(TOTAL_BYTES.saturating_sub(self.inflated));
        match self.deflated(place)? {
            Some(deflated) => self.inflate(&deflated, room)?,
            None => self.part = inflate(self.zip.by_index(place).map_err(refused)?, room)?,
        }
        self.inflated += self.part.len() as u64;
        Ok(Some(&self.part))
    }

    /// A part that holds XML, as text.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<Cow<'_, str>>, Refusal> {
        Ok(self.part(name)?.map(text::xml))
    }

    /// A part as it lies in the file, if it is deflated and no more.
    fn deflated(&mut self, place: usize) -> Result<Option<Deflated<'a>>, Refusal> {
        let file = self.zip.by_index_raw(place).map_err(refused)?;
        if file.compression() != CompressionMethod::Deflated || file.encrypted() {
            return Ok(None);
        }
        let from_start = file.data_start().and_then(|start| {
            let start = usize::try_from(start).ok()?;
            self.bytes.get(start..)
        });
        let Some(from_start) = from_start else {
            return Ok(None);
        };
        let length = usize::try_from(file.compressed_size()).unwrap_or(usize::MAX);
        Ok(Some(Deflated {
            bytes: &from_start[..length.min(from_start.len())],
            promised: file.size(),
            checksum: file.crc32(),
        }))
    }

    /// Inflates a part in one go, which takes half the time that doing it piece by piece does.
    fn inflate(&mut self, deflated: &Deflated, room: u64) -> Result<(), Refusal> {
        let most = deflated.promised.min(room);
        let possible = (deflated.bytes.len() as u64).saturating_mul(DEFLATE_RATIO);
        self.part.clear();
        // What one large part took is not kept beside the cells of the others.
        self.part.shrink_to(USUAL);
        self.part
            .try_reserve_exact((most.min(possible) + SLACK) as usize)
            .map_err(|_| Refusal::TooLarge(Limit::Memory))?;
        self.inflater.reset(false);
        let done = self.inflater.decompress_vec(deflated.bytes, &mut self.part, FlushDecompress::Finish);
        let length = self.part.len() as u64;
        if length > room && length <= deflated.promised {
            return Err(Refusal::TooLarge(Limit::Inflated));
        }
        let is_whole = done.is_ok() && length <= deflated.promised;
        if !is_whole || crc32fast::hash(&self.part) != deflated.checksum {
            return Err(Refusal::corrupt("zip"));
        }
        Ok(())
    }
}

/// A part as it lies in the file.
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

/// Where a part points to, and what is there.
pub(super) struct Relation {
    /// The last word of its type: `worksheet`, `chartsheet`, `styles`.
    pub(super) kind: String,
    pub(super) target: String,
}

impl Package<'_> {
    /// The part everything else hangs on; empty if the package does not say.
    pub(super) fn main_part(&mut self) -> Result<String, Refusal> {
        let found = self.relations("")?.into_values().find(|r| r.kind == "officeDocument");
        Ok(found.map(|r| r.target).unwrap_or_default())
    }

    /// The relations of a part (`""`: of the package), by id.
    pub(super) fn relations(&mut self, part: &str) -> Result<HashMap<String, Relation>, Refusal> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let beside = format!("{folder}/_rels/{file}.rels");
        let text = self.text(&beside)?.unwrap_or_default();
        let mut reader = xml::reader(&text);
        let mut found = HashMap::new();
        loop {
            match reader.read_event().map_err(xml::broken(&beside))? {
                Event::Start(e) | Event::Empty(e) if xml::local(&e) == "Relationship" => {
                    let kind = xml::attribute(&e, "Type").unwrap_or_default();
                    let target = xml::attribute(&e, "Target").unwrap_or_default();
                    let relation = Relation {
                        kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                        target: resolve(folder, &target),
                    };
                    found.insert(xml::attribute(&e, "Id").unwrap_or_default().into_owned(), relation);
                }
                Event::Eof => return Ok(found),
                _ => {}
            }
        }
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
pub(super) fn inflate(file: impl Read, room: u64) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    file.take(room + 1).read_to_end(&mut bytes).map_err(|error| match error.kind() {
        ErrorKind::OutOfMemory => Refusal::TooLarge(Limit::Memory),
        _ => Refusal::corrupt("zip"),
    })?;
    if bytes.len() as u64 > room { Err(Refusal::TooLarge(Limit::Inflated)) } else { Ok(bytes) }
}

/// Why an entry cannot be opened.
pub(super) fn refused(error: ZipError) -> Refusal {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Refusal::Encrypted,
        other => Refusal::corrupt(format!("zip: {other}")),
    }
}

fn key(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_lowercase()
}
