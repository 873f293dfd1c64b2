//! The lines of a page into tables: only those whose every cell is ruled all around.

use super::lines::lines;
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
