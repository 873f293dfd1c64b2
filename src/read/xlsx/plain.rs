//! XML spelled as nearly every program spells it into its pieces, without a parser. Whatever is spelled otherwise
//! (prefixes, comments, other quotes, white space in odd places) is no piece: it is left to quick-xml, which comes to the
//! same wherever both can read.

use std::borrow::Cow;

use quick_xml::events::BytesRef;

use super::super::xml;

/// What is still to be read. A `None` leaves it anywhere: keep a copy to go back to.
#[derive(Clone, Copy)]
pub(super) struct Plain<'a>(pub(super) &'a str);

/// How an element's tag ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Open,
    Empty,
}

impl<'a> Plain<'a> {
    /// Steps over exactly these letters.
    #[inline]
    pub(super) fn take(&mut self, letters: &str) -> bool {
        match self.0.strip_prefix(letters) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// Steps over white space between elements.
    #[inline]
    pub(super) fn space(&mut self) {
        if self.0.starts_with([' ', '\n', '\r', '\t']) {
            self.0 = self.0.trim_start_matches([' ', '\n', '\r', '\t']);
        }
    }

    /// The attributes of an element, given one by one with their whole names, and how its tag ends; `each` says whether
    /// it can make something of what it gets.
    #[inline]
    pub(super) fn attributes(&mut self, mut each: impl FnMut(&'a str, &'a str) -> Option<()>) -> Option<Tag> {
        loop {
            if self.take(">") {
                return Some(Tag::Open);
            }
            if self.take("/>") || self.take(" />") {
                return Some(Tag::Empty);
            }
            let (name, rest) = self
                .0
                .strip_prefix(' ')?
                .split_at_checked(self.0.bytes().skip(1).position(|b| !(b.is_ascii_alphanumeric() || b == b':'))?)?;
            let rest = rest.strip_prefix("=\"")?;
            let end = rest.bytes().position(|b| b == b'"')?;
            each(name, &rest[..end])?;
            self.0 = &rest[end + 1..];
        }
    }

    /// The text up to the next tag, its references resolved.
    #[inline]
    pub(super) fn text(&mut self) -> Option<Cow<'a, str>> {
        let (mut end, mut is_bare) = (0, true);
        for byte in self.0.bytes() {
            match byte {
                b'<' => break,
                // XML has line ends of every system read alike.
                b'\r' => return None,
                b'&' => is_bare = false,
                _ => {}
            }
            end += 1;
        }
        let (text, rest) = self.0.split_at(end);
        self.0 = rest;
        if is_bare {
            return Some(Cow::Borrowed(text));
        }
        resolved(text).map(Cow::Owned)
    }
}

/// A text with what its references stand for; some programs write every letter beyond ASCII as one.
fn resolved(text: &str) -> Option<String> {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| b == b'&') {
        made.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.bytes().position(|b| !(b.is_ascii_alphanumeric() || b == b'#'))?;
        let name = &rest[..end];
        rest = rest[end..].strip_prefix(';').filter(|_| end > 0)?;
        let code = name.strip_prefix('#').and_then(whole).filter(|c| *c > 0);
        match code.and_then(char::from_u32) {
            Some(letter) => made.push(letter),
            None => xml::push_reference(&mut made, &BytesRef::new(name)),
        }
    }
    made.push_str(rest);
    Some(made)
}

/// A whole number of at most nine digits and nothing else.
#[inline]
pub(super) fn whole(text: &str) -> Option<u32> {
    if !(1..=9).contains(&text.len()) {
        return None;
    }
    text.bytes().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

/// Whether an attribute would be one of these but for its prefix.
pub(super) fn hides(name: &str, known: &[&str]) -> bool {
    known.iter().any(|own| name.strip_suffix(own).is_some_and(|p| p.ends_with(':')))
}
