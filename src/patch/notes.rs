//! A sheet's comments part into the same with our notes in it: what others wrote stays, and ours of before goes.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::Obstacle;
use crate::model::Address;
use crate::package::edit::namespace;
use crate::package::xml::{self, Among, Element, Splices, attribute, escaped, number};

/// Who signs our notes. LibreOffice drops the author of a note, so the text says it too.
const AUTHOR: &str = "tonghop";
const HEAD: &str = "tonghop:";
/// Parts what we add to a sender's own note from what stood there.
const PARTING: &str = "――― tonghop ―――";

/// A comments part without comments.
pub fn empty(strict: bool) -> String {
    let space = namespace(strict);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"{space}\"><authors/><commentList/></comments>"
    )
}

/// The part with its notes, and what its drawing must follow.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Amended {
    pub xml: String,
    /// Cells whose notes are gone.
    pub gone: BTreeSet<Address>,
    /// Cells with new notes, and their texts.
    pub new: BTreeMap<Address, String>,
    /// Cells whose own note grew, and what it says now.
    pub grown: BTreeMap<Address, String>,
}

struct Note {
    cell: Address,
    author: String,
    whole: Element,
    text: Option<Element>,
    plain: String,
}

/// Takes out our former notes, puts in these.
pub fn amend(part: &str, xml: &str, wanted: &BTreeMap<Address, String>) -> Result<Amended, Obstacle> {
    let broken = || Obstacle::Broken(part.to_owned());
    let root = xml::root(xml, part)?;
    let sections = xml::children(xml, &root, part)?;
    let section = |name: &str| sections.iter().find(|s| s.local() == name);
    let list = section("commentList").ok_or_else(broken)?;
    let mut authors = Vec::new();
    if let Some(section) = section("authors") {
        for author in xml::children(xml, section, part)? {
            authors.push(plain(&xml[author.whole.clone()], part)?);
        }
    }
    let notes = notes(part, xml, list, &authors)?;
    let mut splices = Splices::default();
    let mut amended = Amended::default();
    let ours = |n: &Note| n.author == AUTHOR || n.plain.starts_with(HEAD);
    let (gone, kept): (Vec<&Note>, Vec<&Note>) = notes.iter().partition(|n| ours(n));
    for note in gone {
        splices.put(note.whole.whole.clone(), String::new());
        amended.gone.insert(note.cell);
    }
    let wanted = beside_threads(wanted, &kept);
    let p = root.prefix();
    for note in &kept {
        let addition = wanted.get(&note.cell).map(|addition| format!("\n{PARTING}\n{addition}"));
        if addition.is_none() && !note.plain.contains(PARTING) {
            continue;
        }
        let (mut inside, theirs) = match &note.text {
            Some(text) => own(part, xml, text)?,
            None => (String::new(), String::new()),
        };
        if let Some(addition) = addition {
            inside.push_str(&run(&p, &addition, Weight::Plain));
            amended.grown.insert(note.cell, theirs + &addition);
        }
        match &note.text {
            Some(text) => {
                let head = xml::opened(&xml[text.tag.clone()]);
                splices.put(text.whole.clone(), format!("{head}{inside}</{}>", text.name));
            }
            None => {
                note.whole.put_in(xml, &format!("<{p}text>{inside}</{p}text>"), Among::First, &mut splices);
            }
        }
    }
    let new: BTreeMap<&Address, &String> =
        wanted.iter().filter(|(cell, _)| !kept.iter().any(|n| n.cell == **cell)).collect();
    if !new.is_empty() {
        let author = authors.iter().position(|a| a == AUTHOR);
        let number = author.unwrap_or(authors.len());
        let mut written = String::new();
        for (cell, text) in new {
            let head = run(&p, HEAD, Weight::Bold);
            let body = run(&p, &format!("\n{text}"), Weight::Plain);
            written.push_str(&format!(
                "<{p}comment ref=\"{cell}\" authorId=\"{number}\"><{p}text>{head}{body}</{p}text></{p}comment>"
            ));
            amended.new.insert(*cell, format!("{HEAD}\n{text}"));
        }
        if author.is_none() {
            let child = format!("<{p}author>{AUTHOR}</{p}author>");
            match section("authors") {
                Some(section) => section.put_in(xml, &child, Among::Last, &mut splices),
                None => {
                    let at = list.whole.start;
                    splices.put(at..at, format!("<{p}authors>{child}</{p}authors>"));
                }
            }
        }
        list.put_in(xml, &written, Among::Last, &mut splices);
    }
    amended.xml = splices.make(xml);
    Ok(amended)
}

fn notes(part: &str, xml: &str, list: &Element, authors: &[String]) -> Result<Vec<Note>, Obstacle> {
    let mut found = Vec::new();
    for whole in xml::children(xml, list, part)? {
        let e = xml::start_of(xml, &whole)?;
        let Some(cell) = attribute(&e, "ref").and_then(|r| Address::parse(&r)) else { continue };
        let author = number(&e, "authorId").and_then(|n| authors.get(n as usize));
        let inside = xml::children(xml, &whole, part)?;
        let text = inside.into_iter().find(|t| t.local() == "text");
        found.push(Note {
            cell,
            author: author.cloned().unwrap_or_default(),
            plain: match &text {
                Some(text) => plain(&xml[text.whole.clone()], part)?,
                None => String::new(),
            },
            whole,
            text,
        });
    }
    Ok(found)
}

/// A cell with a conversation (its note is only for old programs, which don't show what is added) has ours beside it.
fn beside_threads(wanted: &BTreeMap<Address, String>, kept: &[&Note]) -> BTreeMap<Address, String> {
    let threaded = |cell: &Address| kept.iter().any(|n| n.cell == *cell && n.author.starts_with("tc="));
    let (moved, mut placed): (BTreeMap<Address, String>, BTreeMap<Address, String>) =
        wanted.clone().into_iter().partition(|(cell, _)| threaded(cell));
    for (cell, text) in moved {
        let taken = |c: &Address| placed.contains_key(c) || kept.iter().any(|n| n.cell == *c);
        let right = (1..=3).map(|d| Address::new(cell.row, cell.column + d));
        let left = (1..=3).filter_map(|d| Some(Address::new(cell.row, cell.column.checked_sub(d)?)));
        if let Some(free) = right.chain(left).find(|c| !taken(c)) {
            placed.insert(free, format!("{cell}: {text}"));
        }
    }
    placed
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Plain,
    Bold,
}

/// A stretch of text in the typeface of notes.
fn run(p: &str, text: &str, weight: Weight) -> String {
    let bold = match weight {
        Weight::Bold => format!("<{p}b/>"),
        Weight::Plain => String::new(),
    };
    format!(
        "<{p}r><{p}rPr>{bold}<{p}sz val=\"9\"/><{p}color indexed=\"81\"/><{p}rFont val=\"Tahoma\"/><{p}family val=\"2\"/></{p}rPr><{p}t xml:space=\"preserve\">{}</{p}t></{p}r>",
        escaped(text)
    )
}

/// What a sender's note says without what we added: as runs, and as text.
fn own(part: &str, xml: &str, text: &Element) -> Result<(String, String), Obstacle> {
    let p = text.prefix();
    let (mut runs, mut wording) = (String::new(), String::new());
    for child in xml::children(xml, text, part)? {
        let written = &xml[child.whole.clone()];
        let own = plain(written, part)?;
        match (child.local(), own.find(PARTING)) {
            ("r" | "t", Some(at)) => {
                let left = own[..at].trim_end_matches(['\n', '\r']);
                if !left.is_empty() {
                    runs.push_str(&with_text(part, xml, &child, left)?);
                    wording.push_str(left);
                }
                break;
            }
            // A note of one piece has room for another only as runs.
            ("t", None) => {
                let body = &xml[child.inside.clone()];
                runs.push_str(&format!("<{p}r><{p}t xml:space=\"preserve\">{body}</{p}t></{p}r>"));
                wording.push_str(&own);
            }
            ("r", None) => {
                runs.push_str(written);
                wording.push_str(&own);
            }
            // How Japanese is read aloud: of no use to what we add, and it may not stand before a run.
            _ => {}
        }
    }
    Ok((runs, wording))
}

/// A run with another text, looking as it did.
fn with_text(part: &str, xml: &str, run: &Element, text: &str) -> Result<String, Obstacle> {
    let p = run.prefix();
    let text = format!("<{p}t xml:space=\"preserve\">{}</{p}t>", escaped(text));
    let looks = xml::children(xml, run, part)?;
    let looks = looks.iter().find(|c| c.local() == "rPr");
    let looks = looks.map_or("", |l| &xml[l.whole.clone()]);
    Ok(format!("<{p}r>{looks}{text}</{p}r>"))
}

/// The text in an element.
fn plain(xml: &str, part: &str) -> Result<String, Obstacle> {
    let mut reader = Reader::from_str(xml);
    let mut text = String::new();
    let mut aloud = 0;
    loop {
        match reader.read_event().map_err(|_| Obstacle::Broken(part.to_owned()))? {
            Event::Start(e) if e.local_name().as_ref() == "rPh" => aloud += 1,
            Event::End(e) if e.local_name().as_ref() == "rPh" => aloud -= 1,
            Event::Text(t) if aloud == 0 => text.push_str(&t),
            Event::GeneralRef(name) if aloud == 0 => xml::push_reference(&mut text, &name),
            Event::CData(t) if aloud == 0 => text.push_str(&t),
            Event::Eof => return Ok(text),
            _ => {}
        }
    }
}

#[cfg(test)]
#[path = "../../tests/unit/patch_notes.rs"]
mod tests;
