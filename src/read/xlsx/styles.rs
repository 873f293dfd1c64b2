//! `xl/styles.xml` into the look of each cell style.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::super::limits::{Limit, SHARED};
use super::super::looks::{self, Look};
use super::super::refusal::Refusal;
use crate::package::xml;

/// The looks that a cell's `s` attribute counts through.
pub(super) fn read(part: &str) -> Result<Vec<Look>, Refusal> {
    let mut reader = xml::reader(part);
    let mut codes = HashMap::new();
    let mut fonts: Vec<(Option<String>, bool)> = Vec::new();
    let mut found = Vec::new();
    let mut within = String::new();
    loop {
        match reader.read_event().map_err(xml::broken("styles.xml"))? {
            Event::Start(e) | Event::Empty(e) => match (within.as_str(), xml::local(&e)) {
                (_, list @ ("numFmts" | "fonts" | "cellXfs" | "cellStyleXfs" | "dxfs" | "fills")) => {
                    list.clone_into(&mut within);
                }
                ("numFmts", "numFmt") => {
                    if let (Some(id), Some(code)) = (xml::number(&e, "numFmtId"), xml::attribute(&e, "formatCode")) {
                        codes.insert(id, code.into_owned());
                    }
                }
                ("fonts", "font") => fonts.push((None, false)),
                ("fonts", "name") => {
                    if let Some(last) = fonts.last_mut() {
                        last.0 = xml::attribute(&e, "val").map(|f| f.into_owned());
                    }
                }
                ("fonts", "strike") => {
                    if let Some(last) = fonts.last_mut() {
                        last.1 = xml::attribute(&e, "val").is_none_or(|v| xml::is_on(&v));
                    }
                }
                ("cellXfs", "xf") => {
                    let id = xml::number(&e, "numFmtId").unwrap_or(0);
                    let code = codes.get(&id).map(String::as_str).or_else(|| looks::builtin(id));
                    let font = xml::number(&e, "fontId").and_then(|f| fonts.get(f as usize));
                    let struck = font.is_some_and(|(_, struck)| *struck);
                    found.push(Look::new(code, font.and_then(|(name, _)| name.as_deref()), struck));
                }
                _ => {}
            },
            // What follows them is of named styles, tables and conditions, which no cell counts by.
            Event::End(e) if e.local_name().into_inner() == "cellXfs" => return Ok(found),
            Event::Eof => return Ok(found),
            _ => {}
        }
        if found.len().max(fonts.len()) > SHARED {
            return Err(Refusal::TooLarge(Limit::Text));
        }
    }
}
