//! The text of an HTML page into tags and text, forgiving whatever export programs write.

use std::borrow::Cow;

use super::super::limits::TAG_BYTES;

/// A piece of a page, in order.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'a> {
    Text(&'a str),
    /// The name in lower case, and everything after it.
    Open(String, &'a str),
    Close(String),
}

pub(super) struct Tokens<'a> {
    rest: &'a str,
}

/// What stands inside these is not shown.
const UNSHOWN: [&str; 4] = ["script", "style", "title", "xml"];

impl<'a> Tokens<'a> {
    pub(super) fn new(page: &'a str) -> Self {
        Tokens { rest: page }
    }

    /// Steps behind the first `end`, or to the end of the page.
    fn skip_behind(&mut self, end: &str) {
        self.rest = self.rest.find(end).map_or("", |at| &self.rest[at + end.len()..]);
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let next = self.rest.as_bytes().get(1).copied().unwrap_or(0);
            if !self.rest.starts_with('<') || !(next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?')) {
                let end = self.rest.bytes().skip(1).position(|b| b == b'<').map_or(self.rest.len(), |at| at + 1);
                let (text, rest) = self.rest.split_at(end);
                self.rest = rest;
                return Some(Token::Text(text));
            }
            if self.rest.starts_with("<!--") {
                self.skip_behind("-->");
                continue;
            }
            let tag = &self.rest[1..tag_end(self.rest)];
            self.rest = self.rest.get(tag.len() + 2..).unwrap_or("");
            if next == b'!' || next == b'?' {
                continue;
            }
            let closing = tag.strip_prefix('/');
            let tag = closing.unwrap_or(tag);
            let end = tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len());
            let name = tag[..end].to_lowercase();
            if closing.is_some() {
                return Some(Token::Close(name));
            }
            if UNSHOWN.contains(&name.as_str()) && !tag.ends_with('/') {
                let close = format!("</{name}");
                let end = find_ignoring_case(self.rest, &close).unwrap_or(self.rest.len());
                self.rest = &self.rest[end..];
                continue;
            }
            return Some(Token::Open(name, &tag[end..]));
        }
    }
}

/// Where the `>` of the tag at the start is; one in quotes does not count.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().take(TAG_BYTES).enumerate() {
        match (byte, quote) {
            (b'"' | b'\'', None) if text.as_bytes()[at - 1] == b'=' => quote = Some(byte),
            (b, Some(open)) if b == open => quote = None,
            (b'>', None) => return at,
            _ => {}
        }
    }
    // A quote that is never closed.
    text.find('>').unwrap_or(text.len())
}

fn find_ignoring_case(text: &str, what: &str) -> Option<usize> {
    text.as_bytes().windows(what.len()).position(|w| w.eq_ignore_ascii_case(what.as_bytes()))
}

/// The value of an attribute in a tag; an attribute without value is empty.
pub(super) fn attribute<'a>(tag: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let mut rest = tag.trim_start_matches(['/', ' ', '\t', '\r', '\n']);
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (own, after) = rest.split_at(end);
        let after = after.trim_start();
        let (value, after) = match after.strip_prefix('=').map(str::trim_start) {
            None => ("", after),
            Some(after) => match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                _ => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
            },
        };
        if own.eq_ignore_ascii_case(name) {
            return Some(decoded(value));
        }
        // A stray quote or sign alone is stepped over.
        rest = if end == 0 && value.is_empty() { after.get(1..).unwrap_or("") } else { after }.trim_start();
    }
    None
}

/// Text with its entities turned into letters.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let length = rest.bytes().take(32).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
        match letter(&rest[..length]) {
            Some(letter) => {
                plain.push(letter);
                rest = rest[length..].strip_prefix(';').unwrap_or(&rest[length..]);
            }
            None => plain.push('&'),
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

fn letter(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| number.parse().ok(), |h| u32::from_str_radix(h, 16).ok())?;
        return char::from_u32(code).filter(|c| *c != '\0');
    }
    match entity {
        "nbsp" => return Some('\u{A0}'),
        // The letter ư where the font is one of TCVN3.
        "shy" => return Some('\u{AD}'),
        _ => {}
    }
    let mut names = NAMED.split_ascii_whitespace();
    names
        .find(|pair| pair.rsplit_once('=').is_some_and(|(name, _)| name == entity))
        .and_then(|pair| pair.chars().last())
}

/// Entities seen in exports; the rest of Vietnamese has none and is written in numbers.
const NAMED: &str =
    "amp=& lt=< gt=> quot=\" apos=' ndash=– mdash=— hellip=… lsquo=‘ rsquo=’ ldquo=“ rdquo=” bull=• middot=·
    times=× divide=÷ deg=° sup1=¹ sup2=² sup3=³ frac12=½ frac14=¼ sect=§ para=¶ laquo=« raquo=» copy=© reg=® trade=™
    euro=€ le=≤ ge=≥ ne=≠ plusmn=± minus=− sum=∑ rarr=→ larr=← iexcl=¡ cent=¢ pound=£ yen=¥ brvbar=¦ uml=¨ ordf=ª not=¬
    macr=¯ acute=´ micro=µ cedil=¸ ordm=º iquest=¿ szlig=ß agrave=à aacute=á acirc=â atilde=ã auml=ä aring=å aelig=æ
    ccedil=ç egrave=è eacute=é ecirc=ê euml=ë igrave=ì iacute=í icirc=î iuml=ï eth=ð ntilde=ñ ograve=ò oacute=ó ocirc=ô
    otilde=õ ouml=ö oslash=ø ugrave=ù uacute=ú ucirc=û uuml=ü yacute=ý thorn=þ yuml=ÿ Agrave=À Aacute=Á Acirc=Â Atilde=Ã
    Auml=Ä Aring=Å AElig=Æ Ccedil=Ç Egrave=È Eacute=É Ecirc=Ê Euml=Ë Igrave=Ì Iacute=Í Icirc=Î Iuml=Ï ETH=Ð Ntilde=Ñ
    Ograve=Ò Oacute=Ó Ocirc=Ô Otilde=Õ Ouml=Ö Oslash=Ø Ugrave=Ù Uacute=Ú Ucirc=Û Uuml=Ü Yacute=Ý THORN=Þ curren=¤";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_become_letters() {
        assert_eq!(
            decoded("S&#7903; Y t&#x1EBF; &amp; T&agrave;i ch&iacute;nh&nbsp;&lt;1&gt; A&B &#0; &bogus; §Çu t&shy;"),
            "Sở Y tế & Tài chính\u{A0}<1> A&B &#0; &bogus; §Çu t\u{AD}"
        );
    }

    #[test]
    fn sloppy_tags_are_read() {
        let page =
            "<TABLE border=1><!-- <td> -->Đ<td colspan = '2' x:num title=\"a>b\">1 < 2</TD><style>td{}</STYLE><br/>";
        let found: Vec<_> = Tokens::new(page).collect();
        assert_eq!(found[0], Token::Open("table".into(), " border=1"));
        assert_eq!(found[1], Token::Text("Đ"));
        let Token::Open(name, tag) = &found[2] else { panic!("{found:?}") };
        assert_eq!((name.as_str(), attribute(tag, "colspan").as_deref()), ("td", Some("2")));
        assert_eq!((attribute(tag, "x:num").as_deref(), attribute(tag, "title").as_deref()), (Some(""), Some("a>b")));
        assert_eq!(attribute(tag, "rowspan"), None);
        assert_eq!(found[3..5], [Token::Text("1 "), Token::Text("< 2")]);
        assert_eq!(found[5], Token::Close("td".into()));
        assert!(matches!(&found[7], Token::Open(name, _) if name == "br"));
    }
}
