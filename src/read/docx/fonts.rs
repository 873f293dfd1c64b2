//! The styles of a Word document into the font and the list that each one gives to its paragraphs.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};

use super::super::refusal::Refusal;
use crate::package::xml;

#[derive(Default)]
pub(super) struct Fonts {
    /// The styles by id; the defaults of the document are style "".
    styles: HashMap<String, Style>,
    /// The paragraph style that stands where none is named.
    normal: String,
}

#[derive(Default)]
struct Style {
    parent: Option<String>,
    font: Option<String>,
    /// The list its paragraphs belong to, and the level in it.
    list: (Option<String>, Option<usize>),
}

impl Fonts {
    pub(super) fn read(&mut self, part: &str) -> Result<(), Refusal> {
        let mut reader = xml::reader(part);
        let (mut id, mut style) = (String::new(), Style::default());
        loop {
            match reader.read_event().map_err(xml::broken("word/styles.xml"))? {
                Event::Start(e) | Event::Empty(e) => match xml::local(&e) {
                    "style" => {
                        id = xml::attribute(&e, "styleId").unwrap_or_default().into_owned();
                        let of_paragraphs = xml::attribute(&e, "type").is_some_and(|t| t == "paragraph");
                        if of_paragraphs && xml::flag(&e, "default") {
                            self.normal.clone_from(&id);
                        }
                    }
                    "basedOn" => style.parent = xml::attribute(&e, "val").map(|v| v.into_owned()),
                    "rFonts" => style.font = named(&e),
                    "numId" => style.list.0 = xml::attribute(&e, "val").map(|v| v.into_owned()),
                    "ilvl" => style.list.1 = xml::number(&e, "val").map(|n| n as usize),
                    _ => {}
                },
                Event::End(e) if matches!(e.local_name().into_inner(), "style" | "rPrDefault") => {
                    self.styles.insert(std::mem::take(&mut id), std::mem::take(&mut style));
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// The font of a style, its own or inherited.
    pub(super) fn of(&self, style: Option<&str>) -> Option<&str> {
        let own = self.line(style).find_map(|s| s.font.as_deref());
        own.or_else(|| self.styles.get("")?.font.as_deref())
    }

    /// The list of a style and the level in it, its own or inherited.
    pub(super) fn list(&self, style: Option<&str>) -> Option<(&str, usize)> {
        let list = self.line(style).find_map(|s| s.list.0.as_deref())?;
        let level = self.line(style).find_map(|s| s.list.1).unwrap_or(0);
        Some((list, level))
    }

    /// A style and those it is based on.
    fn line<'s>(&'s self, style: Option<&str>) -> impl Iterator<Item = &'s Style> + use<'s> {
        let first = self.styles.get(style.unwrap_or(&self.normal));
        std::iter::successors(first, |s| self.styles.get(s.parent.as_deref()?)).take(20)
    }
}

/// The font for plain letters; a theme's font is not named here.
pub(super) fn named(element: &BytesStart) -> Option<String> {
    let font = xml::attribute(element, "ascii").or_else(|| xml::attribute(element, "hAnsi"));
    font.map(|f| f.into_owned())
}
