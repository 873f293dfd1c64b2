//! The styles and shared texts of an .xlsb package into looks and plain texts.

use std::collections::HashMap;

use super::super::limits::{Limit, SHARED};
use super::super::looks::{self, Font, Look, Shared};
use super::super::refusal::Refusal;
use super::super::tokens::{u8_from, u16_from, u32_from};
use super::records::{Records, text_from};

/// The looks of cells, and the fonts by number.
#[derive(Default)]
pub(super) struct Styles {
    pub(super) looks: Vec<Look>,
    pub(super) fonts: Vec<Font>,
}

pub(super) fn styles(part: &[u8]) -> Result<Styles, Refusal> {
    let mut found = Styles::default();
    let mut codes = HashMap::new();
    let mut of_cells = false;
    for (kind, mut body) in Records::new(part) {
        match kind {
            0x2C => {
                if let (Some(number), Some(code)) = (u16_from(&mut body), text_from(&mut body)) {
                    codes.insert(number, code);
                }
            }
            0x2B => found.fonts.push(Font {
                name: body.get(21..).and_then(|mut n| text_from(&mut n)).unwrap_or_default().into(),
                struck: body.get(2).is_some_and(|flags| flags & 8 != 0),
                raised: body.get(6) == Some(&1),
            }),
            0x0269 => of_cells = true,
            0x026A => of_cells = false,
            0x2F if of_cells => {
                let (_, format) = (u16_from(&mut body), u16_from(&mut body).unwrap_or(0));
                let font = u16_from(&mut body).and_then(|f| found.fonts.get(usize::from(f)));
                let code = codes.get(&format).map(String::as_str).or_else(|| looks::builtin(u32::from(format)));
                found.looks.push(Look::new(code, font.map(|f| &*f.name), font.is_some_and(|f| f.struck)));
            }
            _ => {}
        }
        if found.looks.len().max(found.fonts.len()) > SHARED {
            return Err(Refusal::TooLarge(Limit::Text));
        }
    }
    Ok(found)
}

pub(super) fn texts(part: &[u8], fonts: &[Font]) -> Result<Vec<Shared>, Refusal> {
    let mut found = Vec::new();
    for (kind, mut body) in Records::new(part) {
        if kind == 0x13 {
            found.push(rich(&mut body, fonts).ok_or_else(|| Refusal::corrupt("shared strings"))?);
        }
        if found.len() > SHARED {
            return Err(Refusal::TooLarge(Limit::Text));
        }
    }
    Ok(found)
}

/// A text whose runs may each have a font.
pub(super) fn rich(body: &mut &[u8], fonts: &[Font]) -> Option<Shared> {
    let has_runs = u8_from(body)? & 1 != 0;
    let text = text_from(body)?;
    let mut runs = Vec::new();
    if has_runs {
        for _ in 0..u32_from(body)? {
            runs.push((u16_from(body)?, u16_from(body)?));
        }
    }
    Some(looks::of_runs(&text, &runs, |number| fonts.get(usize::from(number))))
}
