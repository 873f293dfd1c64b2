//! A font of a PDF: which letters the codes of a string stand for, and how far each one moves on.
//!
//! `ToUnicode` says it best. Without it, a simple font has an encoding by name with differences by the names of glyphs;
//! a composite one says nothing, and its letters can't be read.

use std::collections::HashMap;
use std::sync::Arc;

use lopdf::{Dictionary, Document, Encoding, Object};

use super::super::limits::PDF_FONT_BYTES;

/// Codes of a font that are kept; two bytes have no more.
const CODES: usize = 65_536;
/// The widths of a font are in thousandths of its size.
const THOUSAND: f32 = 0.001;
/// Of a font that says nothing of its widths.
const USUAL_WIDTH: f32 = 0.5;

pub(super) struct Font {
    /// As a word processor names it.
    pub(super) name: Option<Arc<str>>,
    composite: bool,
    letters: HashMap<u32, String>,
    widths: HashMap<u32, f32>,
    usual: f32,
}

/// A code of a string: its letters, if they are known, and how far it moves on for a size of 1.
pub(super) struct Code<'f> {
    pub(super) letters: Option<&'f str>,
    pub(super) width: f32,
    /// A blank of one byte, which word spacing widens.
    pub(super) blank: bool,
}

impl Font {
    pub(super) fn new(font: &Dictionary, document: &Document) -> Self {
        let composite = name(font, b"Subtype", document) == Some(b"Type0");
        let mut new = Self {
            name: base_name(font, document),
            composite,
            letters: HashMap::new(),
            widths: HashMap::new(),
            usual: USUAL_WIDTH,
        };
        if composite {
            new.composite_widths(font, document);
        } else {
            new.simple_letters(font, document);
            new.simple_widths(font, document);
        }
        if let Ok(stream) = font.get_deref(b"ToUnicode", document).and_then(Object::as_stream)
            && let Ok(map) = stream.get_plain_content_with_limit(PDF_FONT_BYTES)
        {
            new.mapped(&map);
        }
        new
    }

    /// The codes of a string.
    pub(super) fn codes<'f>(&'f self, string: &'f [u8]) -> impl Iterator<Item = Code<'f>> {
        let bytes = if self.composite { 2 } else { 1 };
        string.chunks(bytes).map(|chunk| {
            let code = chunk.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
            Code {
                letters: self.letters.get(&code).map(String::as_str),
                width: self.widths.get(&code).copied().unwrap_or(self.usual),
                blank: !self.composite && code == 32,
            }
        })
    }

    fn simple_letters(&mut self, font: &Dictionary, document: &Document) {
        let encoding = font.get_deref(b"Encoding", document).ok();
        let of = |named: &[u8]| {
            let mut only = Dictionary::new();
            only.set("Type", Object::Name(b"Font".to_vec()));
            only.set("Encoding", Object::Name(named.to_vec()));
            only
        };
        let usual: &[u8] = if name(font, b"Subtype", document) == Some(b"TrueType") {
            b"WinAnsiEncoding"
        } else {
            b"StandardEncoding"
        };
        let base = match encoding {
            Some(Object::Name(named)) => of(named),
            Some(Object::Dictionary(own)) => of(name(own, b"BaseEncoding", document).unwrap_or(usual)),
            _ => of(usual),
        };
        if let Ok(base) = base.get_font_encoding(document) {
            self.letters.extend((0..=255u8).filter_map(|code| {
                let letters = base.bytes_to_string(&[code]).ok().filter(|l| !l.is_empty())?;
                Some((u32::from(code), letters))
            }));
        }
        let differences = encoding.and_then(|e| e.as_dict().ok()?.get_deref(b"Differences", document).ok());
        let mut code = 0;
        for item in differences.and_then(|d| d.as_array().ok()).into_iter().flatten() {
            match item {
                Object::Integer(at) => code = u32::try_from(*at).unwrap_or(0),
                Object::Name(glyph) => {
                    self.letters.remove(&code);
                    self.letters.extend(letters_of(glyph, document).map(|letters| (code, letters)));
                    code += 1;
                }
                _ => {}
            }
        }
    }

    fn simple_widths(&mut self, font: &Dictionary, document: &Document) {
        let descriptor = font.get_deref(b"FontDescriptor", document).and_then(Object::as_dict);
        let missing = descriptor.ok().and_then(|d| number(d.get_deref(b"MissingWidth", document).ok()?));
        // The glyphs of a Type3 font have a space of their own.
        let matrix = font.get_deref(b"FontMatrix", document).and_then(Object::as_array).ok();
        let scale = matrix.and_then(|m| number(m.first()?)).map_or(THOUSAND, f32::abs);
        self.usual = missing.map_or(USUAL_WIDTH, |w| w * scale);
        let first = font.get_deref(b"FirstChar", document).ok().and_then(number).unwrap_or(0.0) as u32;
        let widths = font.get_deref(b"Widths", document).and_then(Object::as_array);
        for (code, width) in (first..).zip(widths.into_iter().flatten().take(256)) {
            let width = document.dereference(width).ok().and_then(|(_, w)| number(w));
            self.widths.extend(width.map(|w| (code, w * scale)));
        }
    }

    /// `W`: `first [widths…]` or `first last width`.
    fn composite_widths(&mut self, font: &Dictionary, document: &Document) {
        let descendants = font.get_deref(b"DescendantFonts", document).and_then(Object::as_array);
        let descendant = descendants.ok().and_then(|d| document.dereference(d.first()?).ok()?.1.as_dict().ok());
        let Some(own) = descendant else { return };
        let usual = own.get_deref(b"DW", document).ok().and_then(number);
        self.usual = usual.unwrap_or(1000.0) * THOUSAND;
        let Ok(widths) = own.get_deref(b"W", document).and_then(Object::as_array) else { return };
        let resolved = |i: usize| Some(document.dereference(widths.get(i)?).ok()?.1);
        let mut i = 0;
        while let Some(first) = resolved(i).and_then(number) {
            match (resolved(i + 1), resolved(i + 2)) {
                (Some(Object::Array(list)), _) => {
                    let all = (first as u32..).zip(list.iter().filter_map(number).take(CODES));
                    self.widths.extend(all.map(|(code, width)| (code, width * THOUSAND)));
                    i += 2;
                }
                (Some(last), Some(width)) => {
                    let (Some(last), Some(width)) = (number(last), number(width)) else { return };
                    let all = (first as u32..=last as u32).take(CODES);
                    self.widths.extend(all.map(|code| (code, width * THOUSAND)));
                    i += 3;
                }
                _ => return,
            }
        }
    }

    /// A ToUnicode map: `<code> <letters>` and `<first> <last> <letters>` or `<first> <last> [<letters>…]`.
    fn mapped(&mut self, map: &[u8]) {
        let tokens = tokens(map);
        let mut i = 0;
        while i < tokens.len() {
            let (ranges, end): (bool, &[u8]) = match tokens[i] {
                Token::Word(b"beginbfchar") => (false, b"endbfchar"),
                Token::Word(b"beginbfrange") => (true, b"endbfrange"),
                _ => {
                    i += 1;
                    continue;
                }
            };
            i += 1;
            while self.letters.len() <= 2 * CODES && i < tokens.len() && tokens[i] != Token::Word(end) {
                i += match (&tokens[i..], ranges) {
                    ([Token::Hex(code), Token::Hex(letters), ..], false) => {
                        self.letters.insert(value(code), utf16(letters));
                        2
                    }
                    ([Token::Hex(first), Token::Hex(last), Token::Hex(letters), ..], true) => {
                        self.ranged(value(first), value(last), letters);
                        3
                    }
                    ([Token::Hex(first), Token::Hex(_), Token::Word(b"["), rest @ ..], true) => {
                        let list = rest.iter().map_while(|t| match t {
                            Token::Hex(letters) => Some(utf16(letters)),
                            Token::Word(_) => None,
                        });
                        let list: Vec<String> = list.take(CODES).collect();
                        let taken = list.len() + 4;
                        self.letters.extend((value(first)..).zip(list));
                        taken
                    }
                    _ => 1,
                };
            }
            if i < tokens.len() && tokens[i] != Token::Word(end) {
                return;
            }
        }
    }

    /// Codes that follow one another as their letters do.
    fn ranged(&mut self, first: u32, last: u32, letters: &[u8]) {
        let Some((tail, head)) = letters.split_last() else { return };
        for (step, code) in (first..=last).take(CODES).enumerate() {
            let mut own = head.to_vec();
            let sum = u32::from(*tail) + step as u32;
            own.push(sum as u8);
            if let Some(high) = head.len().checked_sub(1) {
                own[high] = own[high].wrapping_add((sum >> 8) as u8);
            }
            self.letters.insert(code, utf16(&own));
        }
    }
}

/// The entry of a dictionary that is a name.
fn name<'d>(dictionary: &'d Dictionary, key: &[u8], document: &'d Document) -> Option<&'d [u8]> {
    dictionary.get_deref(key, document).and_then(Object::as_name).ok()
}

pub(super) fn number(object: &Object) -> Option<f32> {
    object.as_float().ok().filter(|n| n.is_finite())
}

/// `BCDEEE+.VnTime` and `TimesNewRomanPS-BoldMT`: without the mark of a subset, and the style behind the dash.
fn base_name(font: &Dictionary, document: &Document) -> Option<Arc<str>> {
    let base = String::from_utf8_lossy(name(font, b"BaseFont", document)?).into_owned();
    let whole = base.split_once('+').filter(|(mark, _)| mark.len() == 6).map_or(&*base, |(_, whole)| whole);
    let family = whole.split(['-', ',']).next().unwrap_or(whole);
    (!family.is_empty()).then(|| Arc::from(family))
}

/// The letters that a glyph's name says: `uni1EA1`, `u1EA1`, `acircumflexacute`, `f_i`, `a.small`.
fn letters_of(glyph: &[u8], document: &Document) -> Option<String> {
    let glyph = std::str::from_utf8(glyph).ok()?;
    let plain = glyph.split('.').next().filter(|p| !p.is_empty())?;
    if plain.contains('_') {
        return plain.split('_').map(|part| letters_of(part.as_bytes(), document)).collect();
    }
    let hexadecimal = |digits: &str| {
        let whole = digits.len() >= 4 && digits.chars().all(|c| c.is_ascii_hexdigit());
        whole.then(|| u32::from_str_radix(digits, 16).ok()).flatten().and_then(char::from_u32).map(String::from)
    };
    if let Some(letter) = plain.strip_prefix("uni").or_else(|| plain.strip_prefix('u')).and_then(hexadecimal) {
        return Some(letter);
    }
    // The list of names is lopdf's: a font that has only this one.
    let mut encoding = Dictionary::new();
    encoding.set("Differences", vec![Object::Integer(1), Object::Name(plain.as_bytes().to_vec())]);
    let mut only = Dictionary::new();
    only.set("Type", Object::Name(b"Font".to_vec()));
    only.set("Encoding", Object::Dictionary(encoding));
    match only.get_font_encoding(document) {
        Ok(Encoding::Differences(differences)) => {
            Encoding::Differences(differences).bytes_to_string(&[1]).ok().filter(|l| !l.is_empty())
        }
        _ => None,
    }
}

#[derive(PartialEq)]
enum Token<'m> {
    Word(&'m [u8]),
    Hex(Vec<u8>),
}

fn tokens(map: &[u8]) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < map.len() {
        let start = i;
        i += 1;
        match map[start] {
            b'<' if map.get(i) != Some(&b'<') => {
                let end = map[i..].iter().position(|b| *b == b'>').map_or(map.len(), |n| i + n);
                found.push(Token::Hex(hex(&map[i..end])));
                i = end + 1;
            }
            b'[' | b']' => found.push(Token::Word(&map[start..i])),
            b'%' => i = map[i..].iter().position(|b| matches!(b, b'\n' | b'\r')).map_or(map.len(), |n| i + n),
            b if b.is_ascii_alphanumeric() => {
                i = map[i..].iter().position(|b| !b.is_ascii_alphanumeric()).map_or(map.len(), |n| i + n);
                found.push(Token::Word(&map[start..i]));
            }
            _ => {}
        }
    }
    found
}

fn hex(digits: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> =
        digits.iter().filter_map(|b| char::from(*b).to_digit(16)).filter_map(|d| u8::try_from(d).ok()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)).collect()
}

fn value(code: &[u8]) -> u32 {
    code.iter().fold(0, |value, byte| value << 8 | u32::from(*byte))
}

/// Letters in UTF-16, or one byte a letter.
fn utf16(letters: &[u8]) -> String {
    if let [only] = letters {
        return char::from(*only).to_string();
    }
    let units = letters.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
