//! Finds the header blocks of a sheet by how they are drawn: from STT down, above a numbering row, or above the first
//! row that is numbered 1 or I.

use super::captions::{CaptionRow, path};
use super::identity::Identity;
use super::numbering::numbering;
use super::strip::{Line, Seen};
use crate::model::{Area, Content, Sheet};
use crate::normalise::code::{self, Part};
use crate::normalise::text::squeeze;

/// The header of one table.
#[derive(Debug, Clone)]
pub struct Header {
    pub area: Area,
    /// Sheet column, captions, printed number.
    pub columns: Vec<(u32, Vec<String>, Option<u32>)>,
    pub identities: Vec<Identity>,
    pub numbered: bool,
}

/// Captions of the column of running numbers or codes.
const ORDINALS: [&str; 5] = ["stt", "tt", "sott", "sothutu", "sohieu"];
/// Headers of more rows have not been met.
const TALLEST: usize = 5;

/// Columns right of a header's first one that are its own: the widest seen has 60.
const WIDEST: u32 = 2_000;

/// The headers, so many at most, top to bottom, left to right.
pub fn headers(sheet: &Sheet, lines: &[Line], most: usize) -> Vec<Header> {
    let mut found = Vec::new();
    let mut i = 0;
    let mut free = 0;
    while i < lines.len() && found.len() < most {
        let block = from_ordinal(sheet, lines, i)
            .or_else(|| above_numbering(lines, i, free))
            .or_else(|| above_first_row(lines, i, free));
        match block {
            Some((top, bottom)) => {
                found.extend(split(sheet, &lines[top..=bottom]));
                i = bottom + 1;
                free = i;
            }
            None => i += 1,
        }
    }
    found
}

pub fn is_ordinal(key: &str) -> bool {
    // STT is a short word; most texts are none.
    key.len() <= 16 && ORDINALS.contains(&&*squeeze(key))
}

/// From the row with STT down to the last row of captions, the numbering row included.
fn from_ordinal(sheet: &Sheet, lines: &[Line], i: usize) -> Option<(usize, usize)> {
    let stt = lines[i].cells.iter().find(|c| is_ordinal(&c.key))?;
    if lines[i].cells.iter().filter(|c| c.is_wording()).count() < 2 {
        return None;
    }
    let reach = sheet.area(lines[i].row, stt.column).map_or(lines[i].row, |a| a.bottom.min(a.top + TALLEST as u32));
    let mut bottom = i;
    for (j, line) in lines.iter().enumerate().skip(i + 1).take(TALLEST) {
        if line.row > lines[j - 1].row.max(reach) + 2 {
            break;
        }
        if numbering(line).is_some() {
            return Some((i, j));
        }
        if line.row > reach && (line.get(stt.column).is_some() || !is_caption_row(line)) {
            break;
        }
        bottom = j;
    }
    Some((i, bottom))
}

/// The captions right above a numbering row that prints brackets or sums.
fn above_numbering(lines: &[Line], i: usize, free: usize) -> Option<(usize, usize)> {
    let (numbers, _) = numbering(&lines[i])?;
    let marked = lines[i].cells.iter().any(|c| c.text.starts_with('(') || c.text.contains('='));
    let top = captions_above(lines, i, free)?;
    (marked || numbers.first().is_some_and(|(_, n)| *n == 1)).then_some((top, i))
}

/// The captions right above a row numbered 1 or I with words beside it.
fn above_first_row(lines: &[Line], i: usize, free: usize) -> Option<(usize, usize)> {
    let [first, second, ..] = &lines[i].cells[..] else {
        return None;
    };
    if !(begins(first) && second.is_wording() && second.column == first.column + 1) {
        return None;
    }
    let top = captions_above(lines, i, free)?;
    let over_label = lines[top..i].iter().any(|l| l.get(second.column).is_some());
    let next = lines.get(i + 1).and_then(|l| l.get(first.column)).is_some();
    (over_label && next).then_some((top, i - 1))
}

fn begins(cell: &Seen) -> bool {
    let code = match cell.number {
        Some(x) => code::from_number(x).into_iter().next(),
        None => code::code(&cell.text),
    };
    code.is_some_and(|c| matches!(c.parts[..], [Part::Number(1) | Part::Roman(1)]))
}

/// The first of the rows of nothing but captions that end right above a row.
fn captions_above(lines: &[Line], i: usize, free: usize) -> Option<usize> {
    let mut top = i;
    while top > free && i - top < TALLEST && is_caption_row(&lines[top - 1]) && lines[top - 1].row + 2 >= lines[top].row
    {
        top -= 1;
    }
    (top < i && lines[top..i].iter().any(|l| l.cells.len() >= 2)).then_some(top)
}

/// At least two texts of words, and nothing else.
fn is_caption_row(line: &Line) -> bool {
    let short = |c: &Seen| c.text.chars().count() <= 200;
    // A section row, as "II | Khối xã", is no caption.
    let coded = line.cells.first().is_some_and(|c| code::code(&c.text).is_some());
    !coded
        && line.cells.len() >= 2
        && line.cells.iter().all(|c| c.number.is_none() && (c.is_wording() || c.text == "%") && short(c))
}

/// One header, or several side by side: a second STT starts another table.
fn split(sheet: &Sheet, lines: &[Line]) -> Vec<Header> {
    let numbers = lines.last().and_then(numbering);
    let numbered = numbers.is_some();
    let captions = if numbered { &lines[..lines.len() - 1] } else { lines };
    let (numbers, identities) = numbers.unwrap_or_default();
    let cells = || lines.iter().flat_map(|l| l.cells.iter().map(move |c| (l.row, c.column)));
    let left = cells().map(|(_, c)| c).min().unwrap_or(0);
    let right = cells()
        .map(|(r, c)| sheet.area(r, c).map_or(c, |a| a.right.clamp(c, c + 60)))
        .max()
        .unwrap_or(left)
        .min(left.saturating_add(WIDEST));
    let top = lines.first().map_or(0, |l| l.row);
    let last = lines.last().map_or(top, |l| l.row);
    let merged = captions
        .iter()
        .flat_map(|l| l.cells.iter().filter_map(|c| sheet.area(l.row, c.column)))
        .map(|a| a.bottom)
        .max();
    let filled = |row: u32| sheet.row(row).iter().any(|c| c.content != Content::Empty);
    let bottom = merged.filter(|b| *b > last && *b <= last + 3 && !(last + 1..=*b).any(filled)).unwrap_or(last);
    let above: Vec<CaptionRow<'_>> = captions.iter().map(CaptionRow::new).collect();
    let columns: Vec<(u32, Vec<String>, Option<u32>)> = (left..=right)
        .map(|c| (c, path(sheet, &above, c), numbers.iter().find(|(n, _)| *n == c).map(|(_, n)| *n)))
        .filter(|(_, path, number)| !path.is_empty() || number.is_some())
        .collect();
    let is_start = |i: &usize| columns[*i].1.first().is_some_and(|c| is_ordinal(&crate::normalise::text::key(c)));
    let mut starts: Vec<usize> = (0..columns.len()).filter(is_start).collect();
    if starts.first().is_none_or(|s| *s > 0) {
        starts.insert(0, 0);
    }
    starts.dedup_by(|b, a| *b - *a < 3);
    let ends = starts.iter().skip(1).copied().chain([columns.len()]);
    let part = |(start, end): (usize, usize)| {
        let columns = columns.get(start..end).filter(|c| c.len() >= 2)?.to_vec();
        let own = |i: &&Identity| columns.iter().any(|(_, _, n)| *n == Some(i.total));
        let identities = identities.iter().filter(own).cloned().collect();
        let area = Area { top, left: columns.first()?.0, bottom, right: columns.last()?.0 };
        Some(Header { area, columns, identities, numbered })
    };
    starts.iter().copied().zip(ends).filter_map(part).collect()
}
