//! A zip package into its parts, inflated within the limits whatever their headers promise.

use std::collections::HashMap;
use std::io::{Cursor, ErrorKind, Read};

use quick_xml::events::Event;
use zip::ZipArchive;
use zip::result::ZipError;

use super::directory;
use super::limits::{Limit, PART_BYTES, TOTAL_BYTES};
use super::refusal::Refusal;
use super::text;
use super::xml;

pub(super) struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
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
            zip,
            places,
            inflated: 0,
        })
    }

    pub(super) fn holds(&self, name: &str) -> bool {
        self.places.contains_key(&key(name))
    }

    pub(super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
        match self.places.get(&key(name)).copied() {
            Some(place) => self.inflate(place).map(Some),
            None => Ok(None),
        }
    }

    /// A part that holds XML, as text.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        Ok(self.part(name)?.map(text::xml))
    }

    fn inflate(&mut self, place: usize) -> Result<Vec<u8>, Refusal> {
        let file = self.zip.by_index(place).map_err(refused)?;
        let room = PART_BYTES.min(TOTAL_BYTES.saturating_sub(self.inflated));
        let bytes = inflate(file, room)?;
        self.inflated += bytes.len() as u64;
        Ok(bytes)
    }
}

/// Where a part points to, and what is there.
pub(super) struct Relation {
    /// The last word of its type: `worksheet`, `chartsheet`, `styles`.
    pub(super) kind: String,
    pub(super) target: String,
}

impl Package<'_> {
    /// The part everything else hangs on; empty if the package does not say.
    pub(super) fn main_part(&mut self) -> Result<String, Refusal> {
        let found = self
            .relations("")?
            .into_values()
            .find(|r| r.kind == "officeDocument");
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
                    found.insert(
                        xml::attribute(&e, "Id").unwrap_or_default().into_owned(),
                        relation,
                    );
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
    let mut steps: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').collect()
    };
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
    file.take(room + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| match error.kind() {
            ErrorKind::OutOfMemory => Refusal::TooLarge(Limit::Memory),
            _ => Refusal::corrupt("zip"),
        })?;
    if bytes.len() as u64 > room {
        Err(Refusal::TooLarge(Limit::Inflated))
    } else {
        Ok(bytes)
    }
}

/// Why an entry cannot be opened.
pub(super) fn refused(error: ZipError) -> Refusal {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Refusal::Encrypted,
        other => Refusal::corrupt(format!("zip: {other}")),
    }
}

fn key(name: &str) -> String {
    name.trim_start_matches('/')
        .replace('\\', "/")
        .to_lowercase()
}
