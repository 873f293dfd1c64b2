//! The styles of a Word document into the font each one gives to its letters.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};

use super::super::refusal::Refusal;
use super::super::xml;

#[derive(Default)]
pub(super) struct Fonts {
    /// Parent and own font of each style; the defaults of the document are style "".
    styles: HashMap<String, (Option<String>, Option<String>)>,
    /// The paragraph style that stands where none is named.
    normal: String,
}

impl Fonts {
    pub(super) fn read(&mut self, part: &str) -> Result<(), Refusal> {
        let mut reader = xml::reader(part);
        let (mut style, mut parent, mut font) = (String::new(), None, None);
        loop {
            match reader
                .read_event()
                .map_err(xml::broken("word/styles.xml"))?
            {
                Event::Start(e) | Event::Empty(e) => match xml::local(&e) {
                    "style" => {
                        style = xml::attribute(&e, "styleId")
                            .unwrap_or_default()
                            .into_owned();
                        let of_paragraphs =
                            xml::attribute(&e, "type").is_some_and(|t| t == "paragraph");
                        if of_paragraphs && xml::flag(&e, "default") {
                            self.normal.clone_from(&style);
                        }
                    }
                    "basedOn" => parent = xml::attribute(&e, "val").map(|v| v.into_owned()),
                    "rFonts" => font = named(&e),
                    _ => {}
                },
                Event::End(e) if matches!(e.local_name().into_inner(), "style" | "rPrDefault") => {
                    self.styles
                        .insert(std::mem::take(&mut style), (parent.take(), font.take()));
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// The font of a style, its own or inherited.
    pub(super) fn of(&self, style: Option<&str>) -> Option<&str> {
        let mut at = style.unwrap_or(&self.normal);
        for _ in 0..20 {
            let Some((parent, font)) = self.styles.get(at) else {
                break;
            };
            if font.is_some() {
                return font.as_deref();
            }
            at = parent.as_deref().unwrap_or("");
        }
        self.styles.get("").and_then(|(_, font)| font.as_deref())
    }
}

/// The font for plain letters; a theme's font is not named here.
pub(super) fn named(element: &BytesStart) -> Option<String> {
    let font = xml::attribute(element, "ascii").or_else(|| xml::attribute(element, "hAnsi"));
    font.map(|f| f.into_owned())
}
