//! A zip package into its parts, and back again: what was not changed is copied as it lies.

use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Read, Write};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipArchive, ZipWriter};

use super::Obstacle;
use super::xml::{self, Among, Splices, attribute, escaped};

/// A part larger than this is left alone.
const MOST_BYTES: u64 = 512 << 20;

const TYPES: &str = "[Content_Types].xml";
const TRANSITIONAL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";

pub struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Parts by their names in lower case, as Excel finds them.
    names: HashMap<String, String>,
    /// Parts changed, put in, or (none) taken out.
    changed: BTreeMap<String, Option<String>>,
}

/// Where a part points to.
#[derive(Debug, Clone)]
pub struct Relation {
    pub id: String,
    /// The last word of its type.
    pub kind: String,
    /// From the package's root.
    pub target: String,
    pub strict: bool,
}

impl<'a> Package<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, Obstacle> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Obstacle::Format)?;
        let names: HashMap<String, String> =
            zip.file_names().flatten().map(|name| (key(&name), name.into_owned())).collect();
        let package = Self { zip, names, changed: BTreeMap::new() };
        if package.holds(TYPES) { Ok(package) } else { Err(Obstacle::Format) }
    }

    pub fn holds(&self, part: &str) -> bool {
        match self.changed.get(self.named(part)) {
            Some(change) => change.is_some(),
            None => self.names.contains_key(&key(part)),
        }
    }

    /// Whether somebody has signed it.
    pub fn is_signed(&self) -> bool {
        self.holds_any("_xmlsignatures/")
    }

    /// Whether any part lies in a folder.
    pub fn holds_any(&self, folder: &str) -> bool {
        self.names.keys().any(|name| name.starts_with(folder))
    }

    /// A part as it is by now.
    pub fn text(&mut self, part: &str) -> Result<String, Obstacle> {
        let broken = || Obstacle::Broken(part.to_owned());
        let name = self.named(part).to_owned();
        if let Some(change) = self.changed.get(&name) {
            return change.clone().ok_or_else(broken);
        }
        let mut text = String::new();
        let file = self.zip.by_name(&name).map_err(|_| broken())?;
        file.take(MOST_BYTES).read_to_string(&mut text).map_err(|_| broken())?;
        Ok(match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        })
    }

    /// A part as it is to be; a text that says nothing new changes nothing.
    pub fn put(&mut self, part: &str, text: String) -> Result<(), Obstacle> {
        if !self.holds(part) || self.text(part)? != text {
            let name = self.named(part).to_owned();
            self.changed.insert(name, Some(text));
        }
        Ok(())
    }

    pub fn take_out(&mut self, part: &str) {
        let name = self.named(part).to_owned();
        self.changed.insert(name, None);
    }

    /// A name that no part has: `xl/comments3.xml` of (`xl/comments`, `.xml`).
    pub fn free(&self, head: &str, tail: &str) -> String {
        let mut n = 1u32;
        loop {
            let name = format!("{head}{n}{tail}");
            if !self.holds(&name) {
                return name;
            }
            n += 1;
        }
    }

    /// What a part (`""`: the package) points to within the package.
    pub fn relations(&mut self, part: &str) -> Result<Vec<Relation>, Obstacle> {
        let beside = beside(part);
        if !self.holds(&beside) {
            return Ok(Vec::new());
        }
        let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
        let text = self.text(&beside)?;
        let mut reader = Reader::from_str(&text);
        let mut found = Vec::new();
        loop {
            match reader.read_event().map_err(|_| Obstacle::Broken(beside.clone()))? {
                Event::Start(e) | Event::Empty(e) if xml::local(&e) == "Relationship" => {
                    let text = |name: &str| attribute(&e, name).unwrap_or_default();
                    if text("TargetMode") == "External" {
                        continue;
                    }
                    let kind = text("Type");
                    found.push(Relation {
                        id: text("Id"),
                        target: resolved(folder, &text("Target")),
                        strict: kind.starts_with(STRICT),
                        kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                    });
                }
                Event::Eof => return Ok(found),
                _ => {}
            }
        }
    }

    /// A relation put in; its id.
    pub fn relate(&mut self, part: &str, kind: &str, target: &str, strict: bool) -> Result<String, Obstacle> {
        let beside = beside(part);
        let text = if self.holds(&beside) {
            self.text(&beside)?
        } else {
            // LibreOffice of old names each such part by itself.
            self.list_ending("rels", "application/vnd.openxmlformats-package.relationships+xml")?;
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"/>".to_owned()
        };
        // Ids of relations that lead out of the package count too.
        let id = (1u32..)
            .map(|n| format!("rId{n}"))
            .find(|id| !text.contains(&format!("\"{id}\"")) && !text.contains(&format!("'{id}'")))
            .unwrap_or_default();
        let root = xml::root(&text, &beside)?;
        let base = if strict { STRICT } else { TRANSITIONAL };
        let child = format!(
            "<{}Relationship Id=\"{id}\" Type=\"{base}/{kind}\" Target=\"/{}\"/>",
            root.prefix(),
            escaped(target)
        );
        let mut splices = Splices::default();
        root.put_in(&text, &child, Among::Last, &mut splices);
        self.put(&beside, splices.make(&text))?;
        Ok(id)
    }

    /// What a part holds, written into the list of parts.
    pub fn list(&mut self, part: &str, holds: &str) -> Result<(), Obstacle> {
        let child =
            |prefix: &str| format!("<{prefix}Override PartName=\"/{}\" ContentType=\"{holds}\"/>", escaped(part));
        self.add_type(child)
    }

    /// What parts of an ending hold, unless the list of parts says so already.
    pub fn list_ending(&mut self, ending: &str, holds: &str) -> Result<(), Obstacle> {
        let text = self.text(TYPES)?;
        let root = xml::root(&text, TYPES)?;
        for listed in xml::children(&text, &root, TYPES)? {
            let e = xml::start_of(&text, &listed)?;
            let same = attribute(&e, "Extension").is_some_and(|own| own.eq_ignore_ascii_case(ending));
            if listed.local() == "Default" && same {
                return Ok(());
            }
        }
        self.add_type(|prefix| format!("<{prefix}Default Extension=\"{ending}\" ContentType=\"{holds}\"/>"))
    }

    fn add_type(&mut self, child: impl Fn(&str) -> String) -> Result<(), Obstacle> {
        let text = self.text(TYPES)?;
        let root = xml::root(&text, TYPES)?;
        let mut splices = Splices::default();
        root.put_in(&text, &child(&root.prefix()), Among::Last, &mut splices);
        self.put(TYPES, splices.make(&text))
    }

    /// Whether nothing was changed.
    pub fn is_as_it_was(&self) -> bool {
        self.changed.is_empty()
    }

    /// The package's bytes. Parts that came new go last, in the order of their names.
    pub fn finish(mut self) -> Result<Vec<u8>, Obstacle> {
        let broken = |_| Obstacle::Broken("zip".to_owned());
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        out.set_raw_comment(self.zip.comment().into()).map_err(broken)?;
        let mut time = None;
        for at in 0..self.zip.len() {
            let file = self.zip.by_index_raw(at).map_err(broken)?;
            let name = file.name().map(|name| name.into_owned()).unwrap_or_default();
            time = time.or(file.last_modified());
            match self.changed.remove(&name) {
                None => out.raw_copy_file(file).map_err(broken)?,
                Some(None) => {}
                Some(Some(text)) => {
                    let options = SimpleFileOptions::default().compression_method(file.compression());
                    let options = options.last_modified_time(file.last_modified().unwrap_or_default());
                    write(&mut out, &name, options, &text)?;
                }
            }
        }
        for (name, text) in &self.changed {
            let options = SimpleFileOptions::default().last_modified_time(time.unwrap_or(DateTime::DEFAULT));
            if let Some(text) = text {
                write(&mut out, name, options, text)?;
            }
        }
        out.finish().map(Cursor::into_inner).map_err(broken)
    }

    /// How a part is really called.
    fn named<'n>(&'n self, part: &'n str) -> &'n str {
        self.names.get(&key(part)).map_or(part, String::as_str)
    }
}

fn write(
    out: &mut ZipWriter<Cursor<Vec<u8>>>,
    name: &str,
    options: SimpleFileOptions,
    text: &str,
) -> Result<(), Obstacle> {
    let broken = || Obstacle::Broken(name.to_owned());
    out.start_file(name, options).map_err(|_| broken())?;
    out.write_all(text.as_bytes()).map_err(|_| broken())
}

/// Where a part's relations are kept.
pub fn beside(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

fn key(name: &str) -> String {
    name.trim_start_matches('/').replace('\\', "/").to_lowercase()
}

/// A target relative to a folder of the package; `/` leads from its root.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut steps: Vec<&str> =
        if target.starts_with('/') { Vec::new() } else { folder.split('/').filter(|s| !s.is_empty()).collect() };
    for step in target.split('/').filter(|s| !s.is_empty() && *s != ".") {
        if step == ".." {
            steps.pop();
        } else {
            steps.push(step);
        }
    }
    steps.join("/")
}
