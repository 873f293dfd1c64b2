//! The shared strings of a workbook into plain texts, each with the font its letters were typed in. What its author struck
//! out is left out; a raised digit, as that of a footnote, is no digit of a figure: `12` with a raised 1 is `12¹`.

use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::collect::end;
use super::super::limits::{Limit, SHARED};
use super::super::looks::Shared;
use super::super::refusal::Refusal;
use super::super::text::raised;
use super::plain::{Plain, Tag};
use crate::package::xml;

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
