//! The few ways in which XML parts are read, and in which elements and attributes are put into one, everything else as it
//! stood.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::Fault;

/// An XML part: UTF-8 unless its first bytes say UTF-16.
pub fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes).into(),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes).into(),
        [b'<', 0, ..] => utf16(bytes, u16::from_le_bytes).into(),
        [0, b'<', ..] => utf16(bytes, u16::from_be_bytes).into(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest),
        _ => simdutf8::basic::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed),
    }
}

/// UTF-16 in either order of bytes.
pub(crate) fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// A reader that leaves white space alone and forgives a stray ampersand.
pub fn reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_dangling_amp = true;
    reader
}

/// The name without its prefix: LibreOffice, WPS and report writers each choose their own.
pub fn local<'a>(element: &'a BytesStart) -> &'a str {
    element.local_name().into_inner()
}

/// An attribute by its name without prefix.
pub fn attribute<'a>(element: &'a BytesStart, name: &str) -> Option<Cow<'a, str>> {
    let mut found = element.attributes();
    found.with_checks(false).flatten().find(|a| a.key.local_name().into_inner() == name).map(|a| unescape(a.value))
}

/// An attribute as a whole number.
pub fn number(element: &BytesStart, name: &str) -> Option<u32> {
    attribute(element, name)?.trim().parse().ok()
}

/// An on-off attribute; absent is off.
pub fn flag(element: &BytesStart, name: &str) -> bool {
    attribute(element, name).is_some_and(|v| is_on(v.trim()))
}

/// Whether an on-off value is on.
pub fn is_on(value: &str) -> bool {
    matches!(value, "1" | "true" | "on")
}

/// Appends what `&lt;` or `&#273;` stands for; an unknown name stays as written.
pub fn push_reference(text: &mut String, reference: &BytesRef) {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        text.push(letter);
    } else if let Some(known) = escape::resolve_predefined_entity(reference) {
        text.push_str(known);
    } else {
        text.push('&');
        text.push_str(reference);
        text.push(';');
    }
}

/// A value with what its references stand for; as it is where they stand for nothing.
pub fn unescape(value: Cow<'_, str>) -> Cow<'_, str> {
    if !value.contains('&') {
        return value;
    }
    match escape::unescape(&value) {
        Ok(plain) => Cow::Owned(plain.into_owned()),
        Err(_) => value,
    }
}

/// That a part is no XML.
pub fn broken(part: &str) -> impl FnOnce(quick_xml::Error) -> Fault {
    let part = part.to_owned();
    move |error| Fault::Broken(format!("{part}: {error}"))
}

/// A text for an element or an attribute; letters that XML 1.0 does not allow are left out.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => {}
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// Pieces of a text to be replaced, each by its place; an empty place puts in.
#[derive(Default)]
pub struct Splices(Vec<(Range<usize>, String)>);

impl Splices {
    /// A piece by its place.
    pub fn put(&mut self, place: Range<usize>, text: String) {
        self.0.push((place, text));
    }

    /// The text with all of them made; those of one place in the order they were given.
    pub fn make(mut self, xml: &str) -> String {
        self.0.sort_by_key(|(place, _)| (place.start, place.end));
        let mut out = String::with_capacity(xml.len() + 64 * self.0.len());
        let mut at = 0;
        for (place, text) in &self.0 {
            out.push_str(&xml[at.min(place.start)..place.start]);
            out.push_str(text);
            at = place.end;
        }
        out.push_str(&xml[at..]);
        out
    }
}

/// A start tag with an attribute of this very name set.
pub fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    let value = escaped(value);
    match value_of(tag, name) {
        Some(place) => format!("{}{value}{}", &tag[..place.start], &tag[place.end..]),
        None => {
            let end = tag.trim_end_matches('>').trim_end_matches('/').trim_end();
            format!("{end} {name}=\"{value}\"{}", &tag[end.len()..])
        }
    }
}

/// A start tag without an attribute.
pub fn without_attribute(tag: &str, name: &str) -> String {
    let Some(place) = value_of(tag, name) else { return tag.to_owned() };
    let head = tag[..place.start].trim_end_matches(['"', '\'', '=', ' ']).trim_end_matches(name).trim_end();
    format!("{head}{}", &tag[place.end + 1..])
}

/// Where an attribute's value stands within its quotes.
fn value_of(tag: &str, name: &str) -> Option<Range<usize>> {
    let bytes = tag.as_bytes();
    let mut at = tag.find(|c: char| c.is_whitespace())?;
    while at < bytes.len() {
        let start = at + tag[at..].find(|c: char| !c.is_whitespace())?;
        let equals = start + tag[start..].find('=')?;
        let open = equals + 1 + tag[equals + 1..].find(['"', '\''])?;
        let quote = bytes[open] as char;
        let close = open + 1 + tag[open + 1..].find(quote)?;
        if tag[start..equals].trim() == name {
            return Some(open + 1..close);
        }
        at = close + 1;
    }
    None
}

/// An element and everything in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    /// Its start tag; the whole element where it is empty.
    pub tag: Range<usize>,
    /// From its start tag's first letter to its end tag's last.
    pub whole: Range<usize>,
    /// Between its tags; where it is empty, at its end.
    pub inside: Range<usize>,
}

impl Element {
    /// Its name without the prefix.
    pub fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or_default()
    }

    /// `x:` or nothing.
    pub fn prefix(&self) -> String {
        self.name.split_once(':').map(|(prefix, _)| format!("{prefix}:")).unwrap_or_default()
    }

    /// A child put in: after the others, or before them.
    pub fn put_in(&self, xml: &str, child: &str, place: Among, splices: &mut Splices) {
        if self.tag == self.whole {
            let head = opened(&xml[self.tag.clone()]);
            splices.put(self.tag.clone(), format!("{head}{child}</{}>", self.name));
        } else {
            let at = match place {
                Among::First => self.inside.start,
                Among::Last => self.inside.end,
            };
            splices.put(at..at, child.to_owned());
        }
    }
}

/// Where among its parent's children.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among {
    First,
    Last,
}

/// `<a b="c"/>` as `<a b="c">`.
pub fn opened(tag: &str) -> String {
    format!("{}>", tag.trim_end_matches('>').trim_end_matches('/').trim_end())
}

/// The root of a part.
pub fn root(xml: &str, part: &str) -> Result<Element, Fault> {
    elements(xml, 0..xml.len(), part)?.into_iter().next().ok_or_else(|| Fault::Broken(part.to_owned()))
}

/// The children of an element.
pub fn children(xml: &str, of: &Element, part: &str) -> Result<Vec<Element>, Fault> {
    elements(xml, of.inside.clone(), part)
}

/// The outermost elements of a stretch.
fn elements(xml: &str, within: Range<usize>, part: &str) -> Result<Vec<Element>, Fault> {
    let broken = || Fault::Broken(part.to_owned());
    let mut reader = Reader::from_str(&xml[within.clone()]);
    let at = |reader: &Reader<&[u8]>| within.start + usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
    let mut found: Vec<Element> = Vec::new();
    let mut depth = 0usize;
    loop {
        let start = at(&reader);
        let event = reader.read_event().map_err(|_| broken())?;
        let (end, opens) = (at(&reader), matches!(event, Event::Start(_)));
        match event {
            Event::Start(e) | Event::Empty(e) => {
                if depth == 0 {
                    let name = e.name().as_ref().to_owned();
                    found.push(Element { name, tag: start..end, whole: start..end, inside: end..end });
                }
                depth += usize::from(opens);
            }
            Event::End(_) => {
                depth = depth.checked_sub(1).ok_or_else(broken)?;
                if depth == 0
                    && let Some(last) = found.last_mut()
                {
                    last.whole.end = end;
                    last.inside.end = start;
                }
            }
            Event::Eof if depth == 0 => return Ok(found),
            Event::Eof => return Err(broken()),
            _ => {}
        }
    }
}

/// The start tag of an element as the reader has it.
pub fn start_of(xml: &str, element: &Element) -> Result<BytesStart<'static>, Fault> {
    let mut reader = Reader::from_str(&xml[element.tag.clone()]);
    match reader.read_event() {
        Ok(Event::Start(e) | Event::Empty(e)) => Ok(e.into_owned()),
        _ => Err(Fault::Broken(element.name.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_set_and_taken_away_in_place() {
        assert_eq!(with_attribute(r#"<c r="A1" s="3" t="s">"#, "s", "12"), r#"<c r="A1" s="12" t="s">"#);
        assert_eq!(with_attribute("<x:c r='A1' />", "s", "1"), r#"<x:c r='A1' s="1" />"#);
        assert_eq!(with_attribute("<c>", "s", "1"), r#"<c s="1">"#);
        assert_eq!(without_attribute(r#"<v a="1" firstSheet="3" b="2"/>"#, "firstSheet"), r#"<v a="1" b="2"/>"#);
        assert_eq!(without_attribute(r#"<v xa="1">"#, "a"), r#"<v xa="1">"#);
    }

    #[test]
    fn children_are_put_in_whatever_the_parent() {
        for (xml, made) in
            [("<a><b/></a>", "<a><b/>NEW</a>"), ("<a/>", "<a>NEW</a>"), ("<x:a n=\"1\" />", "<x:a n=\"1\">NEW</x:a>")]
        {
            let root = root(xml, "p").unwrap();
            let mut splices = Splices::default();
            root.put_in(xml, "NEW", Among::Last, &mut splices);
            assert_eq!(splices.make(xml), made);
        }
        assert!(root("<a><b></a>", "p").is_err());
    }
}
