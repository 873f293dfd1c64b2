//! Letters in their places into lines of text.

use std::collections::HashMap;
use std::sync::Arc;

use smol_str::SmolStr;
use unicode_normalization::UnicodeNormalization;

use super::super::text::raised;
use super::page::Glyph;

// All in sizes of the letters.
/// Base lines that differ by less are one line, raised and lowered letters with it.
const SAME_LINE: f32 = 0.45;
/// A gap is a blank, though none was drawn.
const BLANK: f32 = 0.2;
/// The same letter as close as this was drawn twice, to look bold.
const TWICE: f32 = 0.1;
/// A raised digit is as small and as high as this: of a footnote, or of m².
const SMALL: f32 = 0.8;
const HIGH: f32 = 0.15;
/// A gap between two columns of a page: so wide, and so many times as wide as the line's other gaps.
const COLUMN: f32 = 1.2;
const WIDER: f32 = 2.5;
/// The same where the line has no other gap.
const ONLY: f32 = 2.5;

/// Letters on one base line, as far as no wide gap parts them.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) font: Option<Arc<str>>,
    pub(super) left: f32,
    pub(super) right: f32,
    /// The base line.
    pub(super) y: f32,
    pub(super) size: f32,
    /// How wide its first word is, and a blank.
    pub(super) first_word: f32,
    pub(super) blank: f32,
}

/// The lines of some letters from above; `parted`: at wide gaps, into one for each column.
pub(super) fn lines(glyphs: Vec<Glyph>, parted: bool) -> Vec<Line> {
    let mut all = Vec::new();
    let mut turned: [Vec<Glyph>; 4] = Default::default();
    glyphs.into_iter().for_each(|g| turned[usize::from(g.turned)].push(g));
    for (turns, glyphs) in turned.into_iter().enumerate() {
        let mut glyphs: Vec<Glyph> = glyphs.into_iter().map(|g| upright(g, turns)).collect();
        glyphs.sort_by(|a, b| a.y.total_cmp(&b.y));
        let mut row: Vec<Glyph> = Vec::new();
        for glyph in glyphs {
            let size = row.iter().map(|g| g.size).fold(glyph.size, f32::max);
            if row.first().is_some_and(|first| glyph.y - first.y > SAME_LINE * size) {
                all.extend(line(std::mem::take(&mut row), parted));
            }
            row.push(glyph);
        }
        all.extend(line(row, parted));
    }
    all
}

/// The letter as it would stand if it were not turned.
fn upright(glyph: Glyph, turns: usize) -> Glyph {
    let (x, y) = match turns {
        1 => (glyph.y, -glyph.x),
        2 => (-glyph.x, -glyph.y),
        3 => (-glyph.y, glyph.x),
        _ => (glyph.x, glyph.y),
    };
    Glyph { x, y, ..glyph }
}

/// One row of letters into its line, or one for each column.
fn line(mut glyphs: Vec<Glyph>, parted: bool) -> Vec<Line> {
    glyphs.sort_by(|a, b| a.x.total_cmp(&b.x));
    glyphs.dedup_by(|b, a| a.text == b.text && b.x - a.x < TWICE * a.size && (a.y - b.y).abs() < TWICE * a.size);
    let size = main_size(&glyphs);
    let words = words(glyphs, size);
    let gaps: Vec<f32> = words.windows(2).map(|pair| pair[1].left - pair[0].right).collect();
    let mut sorted = gaps.clone();
    sorted.sort_by(f32::total_cmp);
    let usual = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    let wide = |gap: f32| match gaps.len() {
        1 => gap > ONLY * size,
        _ => gap > COLUMN * size && (gap > WIDER * usual || gap > 2.0 * WIDER * size),
    };
    let mut found: Vec<Vec<Word>> = Vec::new();
    for (i, word) in words.into_iter().enumerate() {
        match found.last_mut() {
            Some(last) if !(parted && wide(gaps[i - 1])) => last.push(word),
            _ => found.push(vec![word]),
        }
    }
    found.into_iter().filter_map(joined).collect()
}

/// Letters with no blank between them.
struct Word {
    text: String,
    left: f32,
    right: f32,
    y: f32,
    size: f32,
    fonts: Vec<(Option<Arc<str>>, usize)>,
}

/// The size that most letters have.
fn main_size(glyphs: &[Glyph]) -> f32 {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    glyphs.iter().for_each(|g| *counts.entry((g.size * 10.0) as u32).or_default() += 1);
    counts.into_iter().max_by_key(|(size, count)| (*count, *size)).map_or(1.0, |(size, _)| size as f32 / 10.0).max(0.1)
}

fn words(glyphs: Vec<Glyph>, size: f32) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut apart = true;
    let base = {
        let mut all: Vec<f32> = glyphs.iter().filter(|g| g.size >= SMALL * size).map(|g| g.y).collect();
        all.sort_by(f32::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or_default()
    };
    for glyph in glyphs {
        if glyph.text.chars().all(char::is_whitespace) {
            apart = true;
            continue;
        }
        let small = glyph.size < SMALL * size && base - glyph.y > HIGH * size;
        let text: String =
            if small { glyph.text.chars().map(raised).collect() } else { SmolStr::clone(&glyph.text).into() };
        let font = (glyph.font, text.chars().count());
        let right = glyph.x + glyph.length;
        match words.last_mut().filter(|last| !apart && glyph.x - last.right <= BLANK * size) {
            Some(word) => {
                word.text.push_str(&text);
                word.right = word.right.max(right);
                word.fonts.push(font);
            }
            None => words.push(Word { text, left: glyph.x, right, y: base, size, fonts: vec![font] }),
        }
        apart = false;
    }
    words
}

fn joined(words: Vec<Word>) -> Option<Line> {
    let (first, last) = (words.first()?, words.last()?);
    let mut fonts: Vec<(&Option<Arc<str>>, usize)> = Vec::new();
    for (font, letters) in words.iter().flat_map(|w| &w.fonts) {
        match fonts.iter_mut().find(|(other, _)| *other == font) {
            Some((_, count)) => *count += letters,
            None => fonts.push((font, *letters)),
        }
    }
    let text: Vec<&str> = words.iter().map(|w| w.text.as_str()).collect();
    Some(Line {
        text: text.join(" ").nfc().collect(),
        font: fonts.iter().max_by_key(|(_, letters)| *letters).and_then(|(font, _)| (*font).clone()),
        left: first.left,
        right: last.right,
        y: first.y,
        size: first.size,
        first_word: first.right - first.left,
        blank: 0.25 * first.size,
    })
}
