//! What the XML says of a cell into the cell, and `xl/styles.xml` into how cells look: both tiers of reading end here,
//! so that they can't differ in meaning.
//!
//! Shared strings become plain texts, each with the font its letters were typed in. What its author struck
//! out is left out; a raised digit, as that of a footnote, is no digit of a figure: `12` with a raised 1 is `12¹`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::collect::end;
use super::super::limits::{FORMULA_BYTES, Limit, ROWS, Refusal, SHARED};
use super::super::looks::{self, Look, Shared, Shows, iso_day, number_shown, of_letters};
use super::super::text::raised;
use super::scanner::{self, Plain, Tag};
use crate::model::{Cell, Content};
use crate::normalise::formula::moved;
use crate::package::{Fault, xml};

/// What the sheets of one workbook share.
pub(super) struct Context<'a> {
    pub(super) shared: &'a [Shared],
    pub(super) looks: &'a [Look],
    pub(super) from_1904: bool,
}

/// Why a tier does not read a sheet.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// It is spelled in a way that this tier does not know; in a few words for whoever repairs it.
    Odd(String),
    /// The file goes over a limit, whoever reads it.
    Refused(Refusal),
}

impl Stop {
    pub(super) fn odd(what: impl std::fmt::Display) -> Self {
        Self::Odd(what.to_string())
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Refusal::from(fault).into()
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Corrupt(what) => Self::Odd(what),
            other => Self::Refused(other),
        }
    }
}

/// The place of a row by its number, which counts from 1.
pub(super) fn row_of(number: Option<u32>) -> Option<u32> {
    number.filter(|n| (1..=ROWS).contains(n)).map(|n| n - 1)
}

/// What a cell says its value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Shared,
    Inline,
    /// The text that a formula came to.
    Worded,
    Bool,
    Error,
    Day,
    /// A number, or nothing that we know.
    Number,
}

impl Kind {
    pub(super) fn of(named: &str) -> Self {
        match named {
            "s" => Self::Shared,
            "inlineStr" => Self::Inline,
            "str" => Self::Worded,
            "b" => Self::Bool,
            "e" => Self::Error,
            "d" => Self::Day,
            _ => Self::Number,
        }
    }
}

/// What the XML says of a cell that holds something.
pub(super) struct Written<'x> {
    pub(super) at: (u32, u32),
    pub(super) kind: Kind,
    /// The number of its style.
    pub(super) look: usize,
    pub(super) value: Option<Cow<'x, str>>,
    pub(super) inline: Option<Shared>,
    pub(super) formula: Option<Arc<str>>,
}

impl Context<'_> {
    /// A cell from what is written of it.
    pub(super) fn cell(&self, written: Written) -> Result<Cell, Refusal> {
        let look = self.looks.get(written.look);
        let (mut font, mut struck) = (None, false);
        let content = match (written.kind, written.value) {
            (Kind::Shared, Some(index)) => {
                let shared = self.shared(&index).ok_or_else(|| Refusal::corrupt("shared string"))?;
                (font, struck) = (shared.font.clone(), shared.struck);
                Content::Text(shared.text.clone())
            }
            (Kind::Inline, _) | (_, None) if written.inline.is_some() => {
                let inline = written.inline.unwrap_or_default();
                (font, struck) = (inline.font, inline.struck);
                Content::Text(inline.text)
            }
            (_, None) => Content::Empty,
            (kind, Some(value)) => content(kind, &value, look, self.from_1904),
        };
        Ok(Cell {
            row: written.at.0,
            column: written.at.1,
            content,
            formula: written.formula,
            look: of_letters(look.and_then(|l| l.look.clone()), font, struck),
        })
    }

    fn shared(&self, index: &str) -> Option<&Shared> {
        let index = match scanner::whole(index) {
            Some(index) => index as usize,
            None => index.trim().parse().ok()?,
        };
        self.shared.get(index)
    }
}

/// A stored value by the type the cell states.
fn content(kind: Kind, value: &str, look: Option<&Look>, from_1904: bool) -> Content {
    match kind {
        Kind::Bool | Kind::Error if value.is_empty() => Content::Empty,
        Kind::Worded if value.contains("_x") => Content::Text(unescape(value).into()),
        Kind::Worded | Kind::Inline => Content::Text(value.into()),
        Kind::Bool => Content::Bool(xml::is_on(value.trim())),
        Kind::Error => Content::Error(value.into()),
        Kind::Day => iso_day(value).map_or(Content::Text(value.into()), Content::Date),
        Kind::Shared | Kind::Number => {
            let short = scanner::whole(value).map(f64::from);
            match short.or_else(|| value.trim().parse().ok()) {
                Some(number) => number_shown(number, look.map_or(Shows::Number, |l| l.shows), from_1904),
                None if value.trim().is_empty() => Content::Empty,
                // Not a number whatever the cell says: shown as it stands.
                None => Content::Text(value.into()),
            }
        }
    }
}

/// Formulas that several cells share, by the number they share them under: where each was written, and its text.
#[derive(Default)]
pub(super) struct Formulas(HashMap<u32, (u32, u32, Arc<str>)>);

impl Formulas {
    /// A cell's own formula, or its share of one written elsewhere under a number.
    pub(super) fn of_cell(&mut self, number: Option<u32>, at: (u32, u32), text: &str) -> Option<Arc<str>> {
        let text = &text[..text.floor_char_boundary(FORMULA_BYTES)];
        match (number, text.is_empty()) {
            (Some(number), false) => {
                let text: Arc<str> = text.into();
                self.0.insert(number, (at.0, at.1, text.clone()));
                Some(text)
            }
            (Some(number), true) => {
                let (row, column, master) = self.0.get(&number)?;
                let down = i64::from(at.0) - i64::from(*row);
                let right = i64::from(at.1) - i64::from(*column);
                Some(moved(master, down, right).into())
            }
            (None, false) => Some(text.into()),
            (None, true) => None,
        }
    }
}

/// The looks that a cell's `s` attribute counts through.
pub(super) fn read_styles(part: &str) -> Result<Vec<Look>, Refusal> {
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

pub(super) fn read(part: &str) -> Result<Vec<Shared>, Refusal> {
    let found = match plainly(part) {
        Some(found) => found,
        None => as_xml(part)?,
    };
    if found.len() > SHARED { Err(Refusal::TooLarge(Limit::Text)) } else { Ok(found) }
}

/// The texts of a part that is spelled as programs spell it.
fn plainly(part: &str) -> Option<Vec<Shared>> {
    let (head, mut rest) = part.split_once("<sst").map(|(head, rest)| (head, Plain(rest)))?;
    if head.contains("<!") || rest.attributes(|_, _| Some(()))? == Tag::Empty {
        return None;
    }
    let mut found = Vec::new();
    while found.len() <= SHARED {
        rest.space();
        if rest.take("<si>") {
            found.push(item(&mut rest, "</si>")?);
        } else if rest.take("<si/>") {
            found.push(Shared::default());
        } else {
            return rest.take("</sst>").then_some(found);
        }
    }
    Some(found)
}

fn as_xml(part: &str) -> Result<Vec<Shared>, Refusal> {
    let mut reader = xml::reader(part);
    let mut found = Vec::new();
    while found.len() <= SHARED {
        match reader.read_event().map_err(xml::broken("sharedStrings.xml"))? {
            Event::Start(e) if xml::local(&e) == "si" => found.push(rich(&mut reader, "si")?),
            Event::Empty(e) if xml::local(&e) == "si" => found.push(Shared::default()),
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(found)
}

/// A text from behind its start tag: of one piece, or of runs, which are read as XML by themselves.
pub(super) fn item(next: &mut Plain, end_tag: &str) -> Option<Shared> {
    let mut one = *next;
    if let Some(text) = of_one_piece(&mut one, end_tag) {
        *next = one;
        return Some(text);
    }
    let (runs, _) = next.0.split_at(next.0.find(end_tag)? + end_tag.len());
    if runs.contains("<!") {
        return None;
    }
    next.0 = &next.0[runs.len()..];
    let mut reader = xml::reader(runs);
    // Its start tag has been read.
    reader.config_mut().allow_unmatched_ends = true;
    let text = rich(&mut reader, &end_tag[2..end_tag.len() - 1]).ok()?;
    // An end tag spelled otherwise (`</si >`) ended the text before: what follows it is another's.
    (reader.buffer_position() == runs.len() as u64).then_some(text)
}

fn of_one_piece(next: &mut Plain, end_tag: &str) -> Option<Shared> {
    if !next.take("<t>") && !next.take("<t xml:space=\"preserve\">") {
        return None;
    }
    let text = next.text()?;
    let whole = next.take("</t>") && next.take(end_tag);
    whole.then(|| Shared { text: as_shown(&text), ..Shared::default() })
}

/// What a run's properties say of its letters.
#[derive(Default)]
struct Run {
    start: usize,
    font: Option<Arc<str>>,
    struck: bool,
    raised: bool,
}

/// The runs up to the end of `parent`, joined; phonetic guides left out.
pub(super) fn rich(reader: &mut Reader<&[u8]>, parent: &str) -> Result<Shared, Refusal> {
    let (mut shown, mut font, mut struck) = (String::new(), None, false);
    let (mut run, mut longest) = (Run::default(), 0);
    loop {
        match reader.read_event().map_err(xml::broken("text"))? {
            Event::Start(e) if xml::local(&e) == "t" => {
                let start = shown.len();
                text(reader, &mut shown)?;
                if run.struck {
                    struck |= shown.len() > start;
                    shown.truncate(start);
                } else if run.raised {
                    let letters: String = shown[start..].chars().map(raised).collect();
                    shown.replace_range(start.., &letters);
                }
            }
            Event::Start(e) if xml::local(&e) == "rPh" => {
                reader.read_to_end(e.name()).map_err(xml::broken("text"))?;
            }
            Event::Start(e) | Event::Empty(e) => match xml::local(&e) {
                "r" => run = Run { start: shown.len(), ..Run::default() },
                "rFont" => run.font = xml::attribute(&e, "val").map(|f| f.as_ref().into()),
                "strike" => run.struck = xml::attribute(&e, "val").is_none_or(|v| xml::is_on(&v)),
                "vertAlign" => run.raised = xml::attribute(&e, "val").is_some_and(|v| v == "superscript"),
                _ => {}
            },
            Event::End(e) if e.local_name().into_inner() == "r" => {
                let length = shown.len() - run.start;
                // The longest run speaks for the cell.
                if length > longest && (run.font.is_some() || longest > 0) {
                    (longest, font) = (length, run.font.take());
                }
                run = Run { start: shown.len(), ..Run::default() };
            }
            Event::End(e) if e.local_name().into_inner() == parent => break,
            Event::Eof => return Err(Refusal::Truncated),
            _ => {}
        }
    }
    Ok(Shared { text: as_shown(&shown), font, struck })
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
        assert_eq!(found[0], Shared { text: "a & b".into(), ..Shared::default() });
        assert_eq!(found[1], Shared { text: "Tæng sè 1".into(), font: Some(".VnTime".into()), struck: false });
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn struck_letters_are_left_out_and_raised_digits_are_no_digits() {
        let run = |look: &str, text: &str| format!("<r><rPr>{look}</rPr><t>{text}</t></r>");
        let part = |runs: &str| format!("<?xml version=\"1.0\"?>\n<sst count=\"1\"><si>{runs}</si></sst>");
        for (runs, shown, struck) in [
            ([run("<b/>", "1.234"), run("<vertAlign val=\"superscript\"/>", "1")], "1.234¹", false),
            ([run("<strike/>", "15"), run("<strike val=\"0\"/>", "51")], "51", true),
            ([run("<strike val=\"1\"/>", "15"), run("<vertAlign val=\"baseline\"/>", "2")], "2", true),
        ] {
            let runs = runs.concat();
            for part in [part(&runs), part(&runs).replace("<r>", "<!-- --><r>")] {
                let found = read(&part).unwrap();
                assert_eq!((&*found[0].text, found[0].struck), (shown, struck), "{part}");
            }
        }
    }

    #[test]
    fn no_text_is_lost_behind_an_end_tag_with_a_space() {
        let part = "<sst><si><t >a</t></si ><si><t>b</t></si><si><t>c</t></si></sst>";
        let texts: Vec<_> = read(part).unwrap().into_iter().map(|s| s.text.to_string()).collect();
        assert_eq!(texts, ["a", "b", "c"]);
    }

    #[test]
    fn escaped_letters_come_back() {
        assert_eq!(unescape("a_x000D_\nb_x0041__x_x1"), "a\nbA_x_x1");
    }
}
