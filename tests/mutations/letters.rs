//! Texts in other character sets than composed Unicode. At most one of these is tried on a book, after all else.

use tonghop::model::{Content, Look};
use tonghop::normalise::{Encoding, old_fonts};
use unicode_normalization::UnicodeNormalization;

use super::Change;
use super::book::{Book, Rng};

#[path = "../unit/encode_old_fonts.rs"]
mod encode_old_fonts;

pub const KINDS: &[(&str, Change)] = &[
    ("decomposed letters", nfd),
    ("TCVN3 with its font", |b, r| old_font(b, r, Encoding::Tcvn3, Some(".VnTime"), false)),
    ("TCVN3 without a font", |b, r| old_font(b, r, Encoding::Tcvn3, None, false)),
    ("TCVN3 in some cells", |b, r| old_font(b, r, Encoding::Tcvn3, Some(".VnTime"), true)),
    ("TCVN3 capitals", tcvn3_capitals),
    ("VNI with its font", |b, r| old_font(b, r, Encoding::Vni, Some("VNI-Times"), false)),
    ("VNI without a font", |b, r| old_font(b, r, Encoding::Vni, None, false)),
    ("VNI in some cells", |b, r| old_font(b, r, Encoding::Vni, Some("VNI-Times"), true)),
];

fn nfd(book: &mut Book, rng: &mut Rng) -> bool {
    let some = rng.flip();
    for cell in book.workbook.sheets.iter_mut().flat_map(|s| &mut s.cells) {
        let Content::Text(text) = &mut cell.content else {
            continue;
        };
        if !some || rng.flip() {
            *text = text.nfd().collect::<String>().into();
        }
    }
    true
}

fn old_font(book: &mut Book, rng: &mut Rng, encoding: Encoding, font: Option<&str>, some: bool) -> bool {
    let mut changed = false;
    for cell in book.workbook.sheets.iter_mut().flat_map(|s| &mut s.cells) {
        let Content::Text(text) = &mut cell.content else {
            continue;
        };
        // What is decomposed, or in another old set already, stays.
        let plain: String = text.nfc().collect();
        if plain.contains(|c: char| matches!(c, '\u{300}'..='\u{323}')) || (some && rng.flip()) {
            continue;
        }
        let old = encode_old_fonts::encode(&plain, encoding);
        changed |= old != **text;
        *text = old.into();
        cell.look = Look::of(cell.format().map(Into::into), font.map(Into::into));
    }
    changed
}

/// .VnTimeH draws capitals: what is stored is small letters.
fn tcvn3_capitals(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let area = book.sites[site].header;
    let mut changed = false;
    for cell in &mut book.sheet(site).cells {
        let Content::Text(text) = &mut cell.content else {
            continue;
        };
        if cell.row <= area.bottom && !text.is_ascii() {
            *text = encode_old_fonts::encode(&text.to_lowercase(), Encoding::Tcvn3Upper).into();
            cell.look = Look::of(cell.format().map(Into::into), Some(".VnTimeH".into()));
            changed = true;
        }
    }
    changed
}
