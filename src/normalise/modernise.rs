//! Texts of old fonts (TCVN3, VNI) in a workbook into Unicode, sheet by sheet, also where only some cells are so.

use std::sync::Arc;

use super::legacy::{self, Encoding};
use super::memo::Memo;
use crate::model::{Cell, Content, Remark, Sheet, Workbook};

/// Makes every text of the workbook readable; says so in its remarks where there was anything to do.
pub fn modernise(workbook: &mut Workbook) {
    let mut old = Vec::new();
    for sheet in &mut workbook.sheets {
        if let Some(name) = of_sheet(sheet) {
            old.push((sheet.name.clone(), name));
        }
    }
    if !old.is_empty() {
        workbook.remarks.push(Remark::OldFonts(old));
    }
}

fn of_sheet(sheet: &mut Sheet) -> Option<&'static str> {
    // A letter that only Unicode has (ạ, ơ, đ) settles a text: no old font stores one.
    let plain = |text: &str| text.is_ascii() || text.chars().any(is_unicode_only);
    let texts = || sheet.cells.iter().filter_map(|c| c.text());
    if texts().all(plain) {
        return None;
    }
    let settled = texts().any(|t| t.chars().any(is_unicode_only));
    let whole = if settled { Encoding::Unicode } else { legacy::by_letters(texts().filter(|t| !plain(t))) };
    let old_font = |cell: &Cell| cell.font().and_then(legacy::by_font);
    let has_old_fonts = sheet.cells.iter().any(|c| old_font(c).is_some());
    // The cells of one old font judged together: a short one alone ("65 hoà sô") reads in either.
    let is_trusted = |old: &Encoding| {
        let cells = sheet.cells.iter().filter(|c| old_font(c) == Some(*old));
        let texts = cells.filter_map(|c| c.text());
        has_old_fonts && legacy::by_letters(texts) != Encoding::Unicode
    };
    let mut trusted = vec![Encoding::Tcvn3, Encoding::Tcvn3Upper, Encoding::Vni];
    trusted.retain(is_trusted);
    let mut changed = None;
    for cell in &mut sheet.cells {
        let font = if has_old_fonts { old_font(cell) } else { None };
        let Content::Text(text) = &mut cell.content else {
            continue;
        };
        if plain(text) && font != Some(Encoding::Vni) {
            continue;
        }
        // A font may be left over from a template while the text is Unicode: the letters have the last word.
        let encoding = match font {
            Some(encoding)
                if whole != Encoding::Unicode
                    || trusted.contains(&encoding)
                    || legacy::by_letters(std::iter::once(&**text)) != Encoding::Unicode =>
            {
                encoding
            }
            _ => whole,
        };
        if let Some(modern) = modern(text, encoding) {
            changed = Some(if encoding == Encoding::Vni { "VNI" } else { "TCVN3" });
            *text = modern;
        }
    }
    changed
}

/// The text in Unicode, found out once for the few that every workbook has ("Ghi chú"); none where nothing changes.
fn modern(text: &Arc<str>, encoding: Encoding) -> Option<Arc<str>> {
    thread_local! {
        static UNICODE: Memo<Option<Arc<str>>> = Memo::default();
    }
    let decode = || {
        let modern = legacy::decode_mixed(text, encoding);
        (*modern != **text).then(|| modern.into())
    };
    if encoding == Encoding::Unicode { UNICODE.with(|known| known.get(text, decode)) } else { decode() }
}

/// Letters of Vietnamese outside what the old fonts' bytes stand for, and combining marks.
const fn is_unicode_only(c: char) -> bool {
    matches!(c, '\u{1EA0}'..='\u{1EF9}' | 'ă' | 'Ă' | 'đ' | 'Đ' | 'ĩ' | 'Ĩ' | 'ũ' | 'Ũ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | '\u{300}'..='\u{31B}' | '\u{323}')
}
