//! A package with some parts changed, put in or taken out; what was not changed is copied byte for byte.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use quick_xml::events::BytesStart;
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

use super::xml::{self, Among, Splices, attribute, escaped};
use super::{Caps, Fault, Package, Relation, STRICT, TRANSITIONAL, beside, key};

const TYPES: &str = "[Content_Types].xml";

/// A package that is being changed.
pub struct Edited<'a> {
    package: Package<'a>,
    /// Parts changed, put in, or (none) taken out, by their own names.
    changed: BTreeMap<String, Option<String>>,
}

impl<'a> Edited<'a> {
    /// # Errors
    /// What is no package of an office program.
    pub fn open(bytes: &'a [u8], caps: Caps) -> Result<Self, Fault> {
        let package = Package::open(bytes, caps)?;
        if package.holds(TYPES) {
            Ok(Self { package, changed: BTreeMap::new() })
        } else {
            Err(Fault::Broken(TYPES.to_owned()))
        }
    }

    /// Whether it has a part of this name by now.
    pub fn holds(&self, part: &str) -> bool {
        match self.changed.get(&self.named(part)) {
            Some(change) => change.is_some(),
            None => self.package.holds(part),
        }
    }

    /// Whether somebody has signed it.
    pub fn is_signed(&self) -> bool {
        self.holds_any("_xmlsignatures/")
    }

    /// Whether any part lies in a folder.
    pub fn holds_any(&self, folder: &str) -> bool {
        self.package.places.keys().any(|name| name.starts_with(folder))
    }

    /// A part as it is by now.
    ///
    /// # Errors
    /// No such part, or one that is not written in UTF-8: it could not be written back as it declares itself.
    pub fn text(&mut self, part: &str) -> Result<String, Fault> {
        let broken = || Fault::Broken(part.to_owned());
        if let Some(change) = self.changed.get(&self.named(part)) {
            return change.clone().ok_or_else(broken);
        }
        let bytes = self.package.part(part)?.ok_or_else(broken)?;
        let text = std::str::from_utf8(bytes).map_err(|_| broken())?;
        Ok(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())
    }

    /// A part as it is to be; a text that says nothing new changes nothing.
    ///
    /// # Errors
    /// No such part, or one that can't be read.
    pub fn put(&mut self, part: &str, text: String) -> Result<(), Fault> {
        if !self.holds(part) || self.text(part)? != text {
            let name = self.named(part);
            self.changed.insert(name, Some(text));
        }
        Ok(())
    }

    /// A part that is to be no more.
    pub fn take_out(&mut self, part: &str) {
        let name = self.named(part);
        self.changed.insert(name, None);
    }

    /// A name that no part has: `xl/comments3.xml` of (`xl/comments`, `.xml`).
    pub fn free(&self, head: &str, tail: &str) -> String {
        (1u32..).map(|n| format!("{head}{n}{tail}")).find(|name| !self.holds(name)).unwrap_or_default()
    }

    /// What a part (`""`: the package) points to within the package.
    ///
    /// # Errors
    /// A list of relations that is damaged or no XML.
    pub fn relations(&mut self, part: &str) -> Result<Vec<Relation>, Fault> {
        let beside = beside(part);
        if !self.holds(&beside) {
            return Ok(Vec::new());
        }
        super::relations(&self.text(&beside)?, part, &beside)
    }

    /// A relation put in; its id.
    ///
    /// # Errors
    /// A list of relations that is no XML.
    pub fn relate(&mut self, part: &str, kind: &str, target: &str, strict: bool) -> Result<String, Fault> {
        let beside = beside(part);
        let text = if self.holds(&beside) {
            self.text(&beside)?
        } else {
            // Old versions of LibreOffice name each such part by itself.
            self.list_ending("rels", "application/vnd.openxmlformats-package.relationships+xml")?;
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"/>".to_owned()
        };
        // Ids of relations that lead out of the package count too.
        let id = (1u32..)
            .map(|n| format!("rId{n}"))
            .find(|id| !text.contains(&format!("\"{id}\"")) && !text.contains(&format!("'{id}'")))
            .unwrap_or_default();
        let root = xml::root(&text, &beside)?;
        let child = format!(
            "<{}Relationship Id=\"{id}\" Type=\"{}/{kind}\" Target=\"/{}\"/>",
            root.prefix(),
            relationships(strict),
            escaped(target)
        );
        let mut splices = Splices::default();
        root.put_in(&text, &child, Among::Last, &mut splices);
        self.put(&beside, splices.make(&text))?;
        Ok(id)
    }

    /// What a part holds, written into the list of parts.
    ///
    /// # Errors
    /// A list of parts that is no XML.
    pub fn list(&mut self, part: &str, holds: &str) -> Result<(), Fault> {
        let child =
            |prefix: &str| format!("<{prefix}Override PartName=\"/{}\" ContentType=\"{holds}\"/>", escaped(part));
        self.add_type(child)
    }

    /// What parts of an ending hold, unless the list of parts says so already.
    ///
    /// # Errors
    /// A list of parts that is no XML.
    pub fn list_ending(&mut self, ending: &str, holds: &str) -> Result<(), Fault> {
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

    fn add_type(&mut self, child: impl Fn(&str) -> String) -> Result<(), Fault> {
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
    ///
    /// # Errors
    /// A zip that can't be copied.
    pub fn finish(mut self) -> Result<Vec<u8>, Fault> {
        let broken = |_| Fault::Broken("zip".to_owned());
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        out.set_raw_comment(self.package.zip.comment().into()).map_err(broken)?;
        let mut time = None;
        for at in 0..self.package.zip.len() {
            let file = self.package.zip.by_index_raw(at).map_err(broken)?;
            let name = file.name().map(|name| name.into_owned()).unwrap_or_default();
            time = time.or(file.last_modified());
            match self.changed.remove(&name) {
                None => out.raw_copy_file(file).map_err(broken)?,
                Some(None) => {}
                Some(Some(text)) => {
                    let options =
                        SimpleFileOptions::default().system(zip::System::Unix).compression_method(file.compression());
                    let options = options.last_modified_time(file.last_modified().unwrap_or_default());
                    write(&mut out, &name, options, &text)?;
                }
            }
        }
        for (name, text) in &self.changed {
            let options = SimpleFileOptions::default()
                .system(zip::System::Unix)
                .last_modified_time(time.unwrap_or(DateTime::DEFAULT));
            if let Some(text) = text {
                write(&mut out, name, options, text)?;
            }
        }
        out.finish().map(Cursor::into_inner).map_err(broken)
    }

    /// How a part is really called: Excel finds parts whatever their case.
    fn named(&self, part: &str) -> String {
        let place = self.package.places.get(&key(part));
        match place.and_then(|place| self.package.zip.name_for_index(*place)) {
            Some(Ok(name)) => name.into_owned(),
            _ => part.to_owned(),
        }
    }
}

/// The attribute by which an element points to a relation: `r:id="rId1"`, with the prefix that the root binds, or else its
/// own.
pub fn pointer(root: &BytesStart<'_>, id: &str, strict: bool) -> String {
    let prefix = root.attributes().flatten().find_map(|a| {
        let prefix = a.key.as_ref().strip_prefix("xmlns:")?;
        a.value.ends_with("/relationships").then(|| prefix.to_owned())
    });
    match prefix {
        Some(prefix) => format!("{prefix}:id=\"{id}\""),
        None => format!("xmlns:r=\"{}\" r:id=\"{id}\"", relationships(strict)),
    }
}

/// How the types of relations begin.
const fn relationships(strict: bool) -> &'static str {
    if strict { STRICT } else { TRANSITIONAL }
}

/// The namespace of a workbook's parts.
pub const fn namespace(strict: bool) -> &'static str {
    if strict {
        "http://purl.oclc.org/ooxml/spreadsheetml/main"
    } else {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    }
}

fn write(
    out: &mut ZipWriter<Cursor<Vec<u8>>>,
    name: &str,
    options: SimpleFileOptions,
    text: &str,
) -> Result<(), Fault> {
    let broken = || Fault::Broken(name.to_owned());
    out.start_file(name, options).map_err(|_| broken())?;
    out.write_all(text.as_bytes()).map_err(|_| broken())
}
