//! Letters in their places into lines of text, and the lines of a page into tables: only those whose every cell is ruled
//! all around.

use std::collections::HashMap;
use std::sync::Arc;

use smol_str::SmolStr;
use unicode_normalization::UnicodeNormalization;

use super::super::text::raised;
use super::page::{Glyph, Page, Rule};
use crate::model::Area;

/// Points by which lines that meet may miss one another, or two may differ that are one.
const NEAR: f32 = 2.0;
/// Points of the shortest line that counts.
const SHORT: f32 = 4.0;

/// A gap within a text, in sizes of its letters.
const GAP: f32 = 0.6;

/// A table of one page. Places are points, rows and columns count from its own corner.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) top: f32,
    pub(super) bottom: f32,
    /// Where columns begin, and the last ends.
    pub(super) columns: Vec<f32>,
    pub(super) rows: u32,
    pub(super) cells: Vec<Ruled>,
}

#[derive(Debug, Clone)]
pub(super) struct Ruled {
    pub(super) area: Area,
    pub(super) text: String,
    pub(super) font: Option<std::sync::Arc<str>>,
}

/// The tables of a page from above, which take their letters from it.
pub(super) fn tables(page: &mut Page) -> Vec<Table> {
    let mut frames: Vec<Frame> = groups(std::mem::take(&mut page.rules)).iter().filter_map(|g| Frame::new(g)).collect();
    // What stands in a table within a table is the inner one's.
    frames.sort_by(|a, b| a.size().total_cmp(&b.size()));
    let mut tables: Vec<Table> = Vec::new();
    for frame in frames {
        let (own, rest): (Vec<Glyph>, Vec<Glyph>) =
            std::mem::take(&mut page.glyphs).into_iter().partition(|g| frame.holds(g));
        page.glyphs = rest;
        if !own.is_empty() {
            tables.push(frame.filled(own));
        }
    }
    tables.sort_by(|a, b| a.top.total_cmp(&b.top));
    tables
}

/// Lines that touch one another, those along one another made one.
fn groups(rules: Vec<Rule>) -> Vec<Vec<Rule>> {
    let mut whole: Vec<Rule> = Vec::new();
    for upright in [false, true] {
        let mut own: Vec<Rule> = rules.iter().filter(|r| r.upright == upright).copied().collect();
        own.sort_by(|a, b| a.at.total_cmp(&b.at));
        // Lines as near as this across are one line, however many drew it.
        let mut levels: Vec<Vec<Rule>> = Vec::new();
        for rule in own {
            match levels.last_mut() {
                Some(level) if rule.at - level[0].at <= NEAR => level.push(rule),
                _ => levels.push(vec![rule]),
            }
        }
        for mut level in levels {
            level.sort_by(|a, b| a.from.total_cmp(&b.from));
            let at = level[0].at;
            let mut joined: Vec<Rule> = Vec::new();
            for rule in level {
                match joined.last_mut() {
                    Some(last) if rule.from <= last.to + NEAR => last.to = last.to.max(rule.to),
                    _ => joined.push(Rule { at, ..rule }),
                }
            }
            whole.extend(joined.into_iter().filter(|r| r.to - r.from >= SHORT));
        }
    }
    let mut group: Vec<usize> = (0..whole.len()).collect();
    fn root(group: &mut [usize], mut of: usize) -> usize {
        while group[of] != of {
            group[of] = group[group[of]];
            of = group[of];
        }
        of
    }
    let (across, upright): (Vec<usize>, Vec<usize>) = (0..whole.len()).partition(|i| !whole[*i].upright);
    for &a in &across {
        // Those across stand sorted by level, so only a stretch of them can meet.
        for &b in &upright {
            if meet(&whole[a], &whole[b]) {
                let (a, b) = (root(&mut group, a), root(&mut group, b));
                group[a] = b;
            }
        }
    }
    let mut found: std::collections::BTreeMap<usize, Vec<Rule>> = std::collections::BTreeMap::new();
    for (i, rule) in whole.iter().enumerate() {
        found.entry(root(&mut group, i)).or_default().push(*rule);
    }
    found.into_values().filter(|g| g.len() > 3).collect()
}

fn meet(across: &Rule, upright: &Rule) -> bool {
    let within = |at: f32, rule: &Rule| (rule.from - NEAR..=rule.to + NEAR).contains(&at);
    within(upright.at, across) && within(across.at, upright)
}

/// The lines of one table.
struct Frame {
    columns: Vec<f32>,
    rows: Vec<f32>,
    /// The cells, merged ones whole.
    cells: Vec<Area>,
}

impl Frame {
    /// None where the lines make no table: one box, or a cell that is not closed.
    fn new(rules: &[Rule]) -> Option<Self> {
        let levels = |upright: bool| {
            let mut at: Vec<f32> = rules.iter().filter(|r| r.upright == upright).map(|r| r.at).collect();
            at.sort_by(f32::total_cmp);
            at.dedup_by(|b, a| *b - *a <= NEAR);
            at
        };
        let (columns, rows) = (levels(true), levels(false));
        (columns.len() > 1 && rows.len() > 1 && columns.len() + rows.len() > 4).then_some(())?;
        let drawn = |upright: bool, at: f32, from: f32, to: f32| {
            let middle = (from + to) / 2.0;
            rules
                .iter()
                .any(|r| r.upright == upright && (r.at - at).abs() <= NEAR && r.from <= middle && middle <= r.to)
        };
        let (wide, high) = (columns.len() - 1, rows.len() - 1);
        let mut taken = vec![false; wide * high];
        let mut cells = Vec::new();
        for top in 0..high {
            for left in 0..wide {
                if taken[top * wide + left] {
                    continue;
                }
                let open_right = |c: usize, r: usize| !drawn(true, columns[c + 1], rows[r], rows[r + 1]);
                let open_below = |c: usize, r: usize| !drawn(false, rows[r + 1], columns[c], columns[c + 1]);
                let right = (left..wide - 1).take_while(|c| open_right(*c, top)).last().map_or(left, |c| c + 1);
                let bottom = (top..high - 1).take_while(|r| open_below(left, *r)).last().map_or(top, |r| r + 1);
                // Closed all around, and with nothing drawn within.
                for r in top..=bottom {
                    for c in left..=right {
                        let beside = if c == right { c + 1 == wide || !open_right(c, r) } else { open_right(c, r) };
                        let below = if r == bottom { r + 1 == high || !open_below(c, r) } else { open_below(c, r) };
                        let slot = &mut taken[r * wide + c];
                        if *slot || !beside || !below {
                            return None;
                        }
                        *slot = true;
                    }
                }
                let number = |n: usize| u32::try_from(n).ok();
                cells.push(Area {
                    top: number(top)?,
                    left: number(left)?,
                    bottom: number(bottom)?,
                    right: number(right)?,
                });
            }
        }
        (cells.len() > 1).then_some(Self { columns, rows, cells })
    }

    fn size(&self) -> f32 {
        let length = |at: &[f32]| at.last().unwrap_or(&0.0) - at.first().unwrap_or(&0.0);
        length(&self.columns) * length(&self.rows)
    }

    fn holds(&self, glyph: &Glyph) -> bool {
        let (x, y) = middle(glyph);
        let within = |at: &[f32], p: f32| at.first().is_some_and(|f| *f <= p) && at.last().is_some_and(|l| p <= *l);
        within(&self.columns, x) && within(&self.rows, y)
    }

    /// The table with the text of each cell.
    fn filled(self, glyphs: Vec<Glyph>) -> Table {
        let mut own: Vec<Vec<Glyph>> = vec![Vec::new(); self.cells.len()];
        let place = |at: &[f32], p: f32| at.partition_point(|start| *start <= p).clamp(1, at.len() - 1) as u32 - 1;
        for stretch in stretches(glyphs) {
            let (x, y) = middle(&stretch[0]);
            let (column, row) = (place(&self.columns, x), place(&self.rows, y));
            let holds = |a: &Area| (a.left..=a.right).contains(&column) && (a.top..=a.bottom).contains(&row);
            if let Some(cell) = self.cells.iter().position(holds) {
                own[cell].extend(stretch);
            }
        }
        let cells = self.cells.iter().zip(own).map(|(area, glyphs)| {
            let lines = lines(glyphs, false);
            let font = lines.iter().max_by_key(|l| l.text.len()).and_then(|l| l.font.clone());
            let texts: Vec<&str> = lines.iter().map(|l| l.text.as_str()).collect();
            Ruled { area: *area, text: within_cell(&texts), font }
        });
        Table {
            top: self.rows[0],
            bottom: self.rows[self.rows.len() - 1],
            rows: (self.rows.len() - 1) as u32,
            cells: cells.collect(),
            columns: self.columns,
        }
    }
}

/// Letters that were drawn as one, up to a gap that is wider than a blank: a text may be longer than its cell and run over
/// into the next.
fn stretches(mut glyphs: Vec<Glyph>) -> Vec<Vec<Glyph>> {
    glyphs.sort_by(|a, b| a.run.cmp(&b.run).then(a.y.total_cmp(&b.y)).then(a.x.total_cmp(&b.x)));
    let mut found: Vec<Vec<Glyph>> = Vec::new();
    for glyph in glyphs {
        let goes_on = |last: &Glyph| {
            last.run == glyph.run
                && last.turned == 0
                && (last.y - glyph.y).abs() < glyph.size * 0.1
                && glyph.x - (last.x + last.length) < GAP * glyph.size
        };
        match found.last_mut().filter(|stretch| stretch.last().is_some_and(goes_on)) {
            Some(stretch) => stretch.push(glyph),
            None => found.push(vec![glyph]),
        }
    }
    found
}

/// Words go on from line to line; figures below one another are as many figures.
fn within_cell(lines: &[&str]) -> String {
    let figure = |line: &&str| line.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | ' ' | '%'));
    let gap = if lines.iter().filter(|line| figure(line)).count() > 1 { "\n" } else { " " };
    lines.join(gap)
}

/// The middle of a letter, above its base line.
fn middle(glyph: &Glyph) -> (f32, f32) {
    let (along, up) = (glyph.length / 2.0, glyph.size * 0.3);
    match glyph.turned {
        0 => (glyph.x + along, glyph.y - up),
        1 => (glyph.x + up, glyph.y + along),
        2 => (glyph.x - along, glyph.y + up),
        _ => (glyph.x - up, glyph.y - along),
    }
}

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
