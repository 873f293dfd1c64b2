//! The shared strings of a workbook into plain texts, each with the font its letters were typed in.

use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::collect::end;
use super::super::limits::{Limit, SHARED};
use super::super::refusal::Refusal;
use super::super::xml;
use super::plain::Plain;

/// A text as shown; `font` where its runs name one.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Shared {
    pub(super) text: Arc<str>,
    pub(super) font: Option<Arc<str>>,
}

pub(super) fn read(part: &str) -> Result<Vec<Shared>, Refusal> {
    let mut reader = xml::reader(part);
    let mut found = Vec::new();
    loop {
        let event = reader.read_event().map_err(xml::broken("sharedStrings.xml"))?;
        let between = !matches!(event, Event::Text(_));
        match event {
            Event::Start(e) if xml::local(&e) == "si" => found.push(rich(&mut reader, "si")?),
            Event::Empty(e) if xml::local(&e) == "si" => found.push(Shared::default()),
            Event::Eof => return Ok(found),
            _ => {}
        }
        if between {
            let rest = &part[part.len() - reader.get_ref().len()..];
            *reader.get_mut() = plain_items(rest, &mut found).as_bytes();
        }
        if found.len() > SHARED {
            return Err(Refusal::TooLarge(Limit::Text));
        }
    }
}

/// Takes in the plainly spelled texts up to where quick-xml has to go on.
fn plain_items<'a>(part: &'a str, found: &mut Vec<Shared>) -> &'a str {
    let mut rest = Plain(part);
    while found.len() <= SHARED {
        rest.space();
        let mut next = rest;
        let Some(text) = next.take("<si>").then(|| plain(&mut next, "</si>")).flatten() else {
            break;
        };
        found.push(text);
        rest = next;
    }
    rest.0
}

/// The runs up to the end of `parent`, joined; phonetic guides left out.
pub(super) fn rich(reader: &mut Reader<&[u8]>, parent: &str) -> Result<Shared, Refusal> {
    let (mut shown, mut font) = (String::new(), None);
    let (mut run_start, mut run_font, mut longest) = (0, None, 0);
    loop {
        match reader.read_event().map_err(xml::broken("text"))? {
            Event::Start(e) => match xml::local(&e) {
                "t" => text(reader, &mut shown)?,
                "rPh" => {
                    reader.read_to_end(e.name()).map_err(xml::broken("text"))?;
                }
                "r" => (run_start, run_font) = (shown.len(), None),
                _ => {}
            },
            Event::Empty(e) if xml::local(&e) == "rFont" => {
                run_font = xml::attribute(&e, "val").map(|f| f.as_ref().into());
            }
            Event::End(e) if e.local_name().into_inner() == "r" => {
                let length = shown.len() - run_start;
                // The longest run speaks for the cell.
                if length > longest && (run_font.is_some() || longest > 0) {
                    (longest, font) = (length, run_font.take());
                }
            }
            Event::End(e) if e.local_name().into_inner() == parent => break,
            Event::Eof => return Err(Refusal::Truncated),
            _ => {}
        }
    }
    Ok(Shared { text: as_shown(&shown), font })
}

/// A text of one piece, plainly spelled; what follows its start tag up to and with `end_tag`.
pub(super) fn plain(next: &mut Plain, end_tag: &str) -> Option<Shared> {
    if !next.take("<t>") && !next.take("<t xml:space=\"preserve\">") {
        return None;
    }
    let text = next.text()?;
    if !next.take("</t>") || !next.take(end_tag) {
        return None;
    }
    Some(Shared { text: as_shown(&text), font: None })
}

fn as_shown(text: &str) -> Arc<str> {
    let unescaped;
    let mut text = text;
    // Nearly no text has the sign at all, and to look for one letter is quick.
    if text.as_bytes().contains(&b'_') && text.contains("_x") {
        unescaped = unescape(text);
        text = &unescaped;
    }
    text[..end(text).unwrap_or(text.len())].into()
}

/// The text up to the next end tag.
pub(in super::super) fn text(reader: &mut Reader<&[u8]>, into: &mut String) -> Result<(), Refusal> {
    loop {
        match reader.read_event().map_err(xml::broken("text"))? {
            Event::Text(t) => into.push_str(&t.xml10_content()),
            Event::CData(t) => into.push_str(&t),
            Event::GeneralRef(r) => xml::push_reference(into, &r),
            Event::End(_) => return Ok(()),
            Event::Eof => return Err(Refusal::Truncated),
            _ => {}
        }
    }
}

/// Undoes `_x000D_`, Excel's way to write what XML cannot hold.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        plain.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        match code.and_then(|c| u32::from_str_radix(c, 16).ok()).and_then(char::from_u32) {
            Some('\r') => rest = &rest[at + 7..],
            Some(letter) => {
                plain.push(letter);
                rest = &rest[at + 7..];
            }
            None => {
                plain.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_joined_and_the_longest_names_the_font() {
        let part = r#"<sst><si><t>a &amp; b</t></si><si><r><rPr><rFont val=".VnTime"/></rPr><t>Tæng sè</t></r>
            <r><rPr><rFont val="Arial"/></rPr><t xml:space="preserve"> 1</t></r><rPh sb="0"><t>x</t></rPh></si><si/></sst>"#;
        let found = read(part).unwrap();
        assert_eq!(found[0], Shared { text: "a & b".into(), font: None });
        assert_eq!(found[1], Shared { text: "Tæng sè 1".into(), font: Some(".VnTime".into()) });
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn escaped_letters_come_back() {
        assert_eq!(unescape("a_x000D_\nb_x0041__x_x1"), "a\nbA_x_x1");
    }
}
