//! The styles of an OpenDocument into looks, by name, and which tables are hidden.

use std::collections::{HashMap, HashSet};

use quick_xml::events::{BytesStart, Event};

use super::super::limits::NESTED_STYLES;
use super::super::looks::Look;
use super::super::refusal::Refusal;
use crate::package::xml;

/// Styles as written, each pointing to its parent.
#[derive(Default)]
pub(super) struct Styles {
    cells: HashMap<String, Style>,
    codes: HashMap<String, String>,
    fonts: HashMap<String, String>,
    hidden: HashSet<String>,
}

#[derive(Default)]
struct Style {
    parent: Option<String>,
    code: Option<String>,
    font: Option<String>,
    struck: Option<bool>,
}

impl Styles {
    /// Takes in what one part says; stops where the content begins.
    pub(super) fn read(&mut self, part: &str) -> Result<(), Refusal> {
        let mut reader = xml::reader(part);
        let (mut style, mut code) = (None::<(String, Style)>, None::<(String, String)>);
        let mut in_text = false;
        loop {
            let event = reader.read_event().map_err(xml::broken("styles"))?;
            let filled = matches!(event, Event::Start(_));
            match event {
                Event::Start(e) | Event::Empty(e) if e.name().as_ref() == "office:body" => {
                    return Ok(());
                }
                Event::Start(e) | Event::Empty(e) => match e.name().as_ref() {
                    "style:font-face" => {
                        if let (Some(name), Some(family)) =
                            (xml::attribute(&e, "name"), xml::attribute(&e, "font-family"))
                        {
                            self.fonts.insert(name.into_owned(), family.trim_matches(['\'', '"']).to_owned());
                        }
                    }
                    "style:style" if filled => style = Some(begun(&e)),
                    "style:style" => self.cells.extend([begun(&e)]),
                    // The default of each family; only that of cells is asked for.
                    "style:default-style" if xml::attribute(&e, "family").is_some_and(|f| f == "table-cell") => {
                        style = Some((String::new(), begun(&e).1));
                    }
                    "style:table-properties" => {
                        if let (Some((name, _)), Some("false")) = (&style, xml::attribute(&e, "display").as_deref()) {
                            self.hidden.insert(name.clone());
                        }
                    }
                    "style:text-properties" => {
                        if let Some((_, style)) = &mut style {
                            let named = xml::attribute(&e, "font-name").or_else(|| xml::attribute(&e, "font-family"));
                            style.font = named.map(|f| f.trim_matches(['\'', '"']).to_owned());
                            style.struck = xml::attribute(&e, "text-line-through-style").map(|s| s != "none");
                        }
                    }
                    "number:text" => in_text = filled,
                    name if filled && name.starts_with("number:") && name.ends_with("-style") => {
                        code = xml::attribute(&e, "name").map(|n| (n.into_owned(), String::new()));
                    }
                    name => {
                        if let Some((_, code)) = &mut code {
                            push_code(code, name, &e);
                        }
                    }
                },
                Event::Text(t) if in_text => {
                    if let Some((_, code)) = &mut code {
                        push_literal(code, &t.xml10_content());
                    }
                }
                Event::End(e) => match e.name().as_ref() {
                    "style:style" | "style:default-style" => self.cells.extend(style.take()),
                    "number:text" => in_text = false,
                    name if name.starts_with("number:") && name.ends_with("-style") => self.codes.extend(code.take()),
                    _ => {}
                },
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    pub(super) fn hides(&self, style: &str) -> bool {
        self.hidden.contains(style)
    }

    /// The look of a cell style, what is missing taken from its parents.
    pub(super) fn look(&self, name: &str) -> Look {
        let mut at = self.cells.get(name);
        let (mut code, mut font, mut struck) = (None, None, None);
        for _ in 0..NESTED_STYLES {
            let Some(style) = at.or_else(|| self.cells.get("Default")) else {
                break;
            };
            code = code.or(style.code.as_deref());
            font = font.or(style.font.as_deref());
            struck = struck.or(style.struck);
            at = match &style.parent {
                Some(parent) => self.cells.get(parent),
                None => break,
            };
        }
        let font = font.or_else(|| self.cells.get("")?.font.as_deref());
        let code = code.and_then(|c| self.codes.get(c));
        let font = font.map(|f| self.fonts.get(f).map_or(f, String::as_str));
        Look::new(code.map(String::as_str), font, struck.unwrap_or(false))
    }
}

fn begun(element: &BytesStart) -> (String, Style) {
    let owned = |name| xml::attribute(element, name).map(|v| v.into_owned());
    let style = Style { parent: owned("parent-style-name"), code: owned("data-style-name"), ..Style::default() };
    (owned("name").unwrap_or_default(), style)
}

/// Appends one piece of a number format as Excel would write it.
fn push_code(code: &mut String, name: &str, element: &BytesStart) {
    let long = xml::attribute(element, "style").is_some_and(|s| s == "long");
    let pick = |short: &'static str, full: &'static str| if long { full } else { short };
    match name {
        "number:number" | "number:scientific-number" => {
            let digits = xml::number(element, "min-integer-digits").unwrap_or(0).clamp(0, 30) as usize;
            let decimals = xml::number(element, "decimal-places");
            // Without decimals given, as many as there are.
            if decimals.is_none() && !xml::flag(element, "grouping") && code.is_empty() && digits <= 1 {
                code.push_str("General");
                return;
            }
            code.push_str(if xml::flag(element, "grouping") { "#,##" } else { "" });
            code.push_str(if digits == 0 { "#" } else { "" });
            code.extend(std::iter::repeat_n('0', digits));
            let decimals = decimals.unwrap_or(0).min(30) as usize;
            if decimals > 0 {
                code.push('.');
                code.extend(std::iter::repeat_n('0', decimals));
            }
            if name == "number:scientific-number" {
                code.push_str("E+00");
            }
        }
        "number:day" => code.push_str(pick("d", "dd")),
        "number:month" if xml::flag(element, "textual") => code.push_str(pick("mmm", "mmmm")),
        "number:month" => code.push_str(pick("m", "mm")),
        "number:year" => code.push_str(pick("yy", "yyyy")),
        "number:day-of-week" => code.push_str(pick("ddd", "dddd")),
        "number:hours" => code.push_str(pick("h", "hh")),
        "number:minutes" => code.push_str(pick("m", "mm")),
        "number:seconds" => code.push_str(pick("s", "ss")),
        "number:am-pm" => code.push_str("AM/PM"),
        "number:text-content" => code.push('@'),
        "number:fraction" => code.push_str("# ?/?"),
        _ => {}
    }
}

fn push_literal(code: &mut String, text: &str) {
    if text.chars().all(|c| matches!(c, '%' | ' ' | '-' | '/' | ':' | '.' | ',' | '(' | ')')) {
        code.push_str(text);
    } else {
        code.push('"');
        code.push_str(text);
        code.push('"');
    }
}
