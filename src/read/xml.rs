//! The few ways in which every XML part here is read.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape;
use quick_xml::events::{BytesRef, BytesStart};

use super::refusal::Refusal;

/// A reader that leaves white space alone and forgives a stray ampersand.
pub(super) fn reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_dangling_amp = true;
    reader
}

/// The name without its prefix: LibreOffice, WPS and report writers each choose their own.
pub(super) fn local<'a>(element: &'a BytesStart) -> &'a str {
    element.local_name().into_inner()
}

/// An attribute by its name without prefix.
pub(super) fn attribute<'a>(element: &'a BytesStart, name: &str) -> Option<Cow<'a, str>> {
    let mut found = element.attributes();
    found.with_checks(false).flatten().find(|a| a.key.local_name().into_inner() == name).map(|a| unescape(a.value))
}

/// An attribute as a whole number.
pub(super) fn number(element: &BytesStart, name: &str) -> Option<u32> {
    attribute(element, name)?.trim().parse().ok()
}

/// An on-off attribute; absent is off.
pub(super) fn flag(element: &BytesStart, name: &str) -> bool {
    attribute(element, name).is_some_and(|v| is_on(&v))
}

pub(super) fn is_on(value: &str) -> bool {
    matches!(value, "1" | "true" | "on")
}

/// Appends what `&lt;` or `&#273;` stands for; an unknown name stays as written.
pub(super) fn push_reference(text: &mut String, reference: &BytesRef) {
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

pub(super) fn unescape(value: Cow<'_, str>) -> Cow<'_, str> {
    if !value.contains('&') {
        return value;
    }
    match escape::unescape(&value) {
        Ok(plain) => Cow::Owned(plain.into_owned()),
        Err(_) => value,
    }
}

pub(super) fn broken(part: &str) -> impl FnOnce(quick_xml::Error) -> Refusal {
    let part = part.to_owned();
    move |error| Refusal::corrupt(format!("{part}: {error}"))
}
