//! Turns exact figures into figures of a larger measure (triệu đồng into tỷ đồng) whose printed parts still add up to
//! the printed total.
//!
//! Figures in one direction go by the largest remainder. In two, by controlled rounding: a table that adds up along both
//! margins always has a rounding of every cell to one of its two neighbours that does too (L. H. Cox and L. R. Ernst,
//! Controlled rounding, INFOR 20, 1982; found along cycles of unrounded cells as in L. H. Cox, A constructive procedure
//! for unbiased controlled rounding, JASA 82, 1987, but in the direction of the smaller change, so that the same table
//! always gives the same result).

use crate::model::Figure;

/// A measure to print in.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Powers of ten above the figures' own: 3 from triệu to tỷ.
    pub power: u8,
    pub decimals: u8,
}

/// Figures as integers, and how many of them make one printed unit.
struct Grain {
    scale: u8,
    step: i128,
}

impl Measure {
    /// One figure, to the nearest; `None` where it does not fit.
    #[must_use]
    pub fn nearest(self, figure: Figure) -> Option<Figure> {
        let grain = self.grain([figure].into_iter())?;
        self.printed(nearest(grain.units(figure)?, grain.step))
    }

    /// Parts of a printed total, by the largest remainder; the first of equals. The total must be the parts' sum,
    /// rounded up or down.
    #[must_use]
    pub fn spread(self, parts: &[Figure], total: Figure) -> Option<Vec<Figure>> {
        let grain = self.grain(parts.iter().copied())?;
        let units = parts.iter().map(|part| grain.units(*part)).collect::<Option<Vec<_>>>()?;
        let mut printed: Vec<i128> = units.iter().map(|u| u.div_euclid(grain.step)).collect();
        let wanted = total.at_scale(self.decimals)?;
        let missing = usize::try_from(wanted - printed.iter().sum::<i128>()).ok()?;
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(units[*i].rem_euclid(grain.step)));
        for i in order.into_iter().take(missing) {
            printed[i] += 1;
        }
        let sum: i128 = printed.iter().sum();
        printed.into_iter().map(|p| self.printed(p)).collect::<Option<Vec<_>>>().filter(|_| sum == wanted)
    }

    /// A table of parts in both directions; rows must be of one length.
    #[must_use]
    pub fn control(self, table: &[Vec<Figure>]) -> Option<Vec<Vec<Figure>>> {
        let grain = self.grain(table.iter().flatten().copied())?;
        let units = |row: &Vec<Figure>| row.iter().map(|f| grain.units(*f)).collect();
        let mut exact: Vec<Vec<i128>> = table.iter().map(units).collect::<Option<Vec<_>>>()?;
        with_margins(&mut exact);
        let mut rounded = exact.clone();
        while let Some(cycle) = cycle(&rounded, grain.step) {
            shift(&mut rounded, &exact, &cycle, grain.step);
        }
        let rows = rounded.into_iter().take(table.len());
        rows.map(|mut row| {
            row.pop();
            row.into_iter().map(|units| self.printed(units / grain.step)).collect()
        })
        .collect()
    }

    fn grain(self, figures: impl Iterator<Item = Figure>) -> Option<Grain> {
        let scale = figures.map(|f| f.scale).max().unwrap_or(0);
        // Figures with fewer decimals than are printed need finer integers to be cut into whole printed units.
        let scale = scale.max(self.decimals.saturating_sub(self.power));
        let power = u32::from(scale) + u32::from(self.power) - u32::from(self.decimals);
        Some(Grain { scale, step: 10i128.checked_pow(power)? })
    }

    fn printed(self, units: i128) -> Option<Figure> {
        let units = i64::try_from(units).ok()?;
        Some(Figure::new(units, self.decimals))
    }
}

impl Grain {
    fn units(&self, figure: Figure) -> Option<i128> {
        figure.at_scale(self.scale)
    }
}

/// Halves away from zero.
const fn nearest(units: i128, step: i128) -> i128 {
    let half = step / 2;
    if units >= 0 { (units + half) / step } else { (units - half) / step }
}

/// Totals at the right and below, with their signs turned, so that every row and column comes to nothing.
fn with_margins(table: &mut Vec<Vec<i128>>) {
    for row in table.iter_mut() {
        row.push(-row.iter().sum::<i128>());
    }
    let width = table.first().map_or(0, Vec::len);
    let below = (0..width).map(|j| -table.iter().map(|row| row[j]).sum::<i128>());
    let below = below.collect();
    table.push(below);
}

/// Cells that are not yet whole, along a row, then a column, and so on until a row or column is met again. One that comes
/// to nothing has none such or at least two, so that no walk ends before that.
fn cycle(table: &[Vec<i128>], step: i128) -> Option<Vec<(usize, usize)>> {
    let open = |i: usize, j: usize| table[i][j] % step != 0;
    let width = table.first().map_or(0, Vec::len);
    let start = (0..table.len()).find_map(|i| Some((i, (0..width).find(|j| open(i, *j))?)))?;
    // Where the walk stood before each cell: the column it came down, the row it went along, …
    let mut met = vec![(false, start.1)];
    let mut walk = vec![start];
    loop {
        let &(i, j) = walk.last()?;
        let along_row = walk.len() % 2 == 1;
        let here = if along_row { (true, i) } else { (false, j) };
        if let Some(from) = met.iter().position(|place| *place == here) {
            return Some(walk.split_off(from));
        }
        met.push(here);
        walk.push(if along_row {
            (i, (0..width).find(|k| *k != j && open(i, *k))?)
        } else {
            ((0..table.len()).find(|k| *k != i && open(*k, j))?, j)
        });
    }
}

/// Takes from every other cell of a cycle what it gives to those between, as far as the first of them is whole: up or
/// down, whichever keeps the table nearer to what it was.
fn shift(table: &mut [Vec<i128>], exact: &[Vec<i128>], cycle: &[(usize, usize)], step: i128) {
    let signed = || cycle.iter().enumerate().map(|(n, cell)| (n % 2 == 0, *cell));
    let room = |rises: bool, (i, j): (usize, usize)| {
        let over = table[i][j].rem_euclid(step);
        if rises { step - over } else { over }
    };
    let up = signed().map(|(first, cell)| room(first, cell)).min();
    let down = signed().map(|(first, cell)| room(!first, cell)).min();
    let (Some(up), Some(down)) = (up, down) else {
        return;
    };
    let cost = |by: i128| -> i128 {
        let moved = signed().map(|(first, (i, j))| {
            let off = table[i][j] - exact[i][j];
            let now = off + if first { by } else { -by };
            now * now - off * off
        });
        moved.sum()
    };
    let by = if cost(-down) < cost(up) { -down } else { up };
    for (n, (i, j)) in cycle.iter().enumerate() {
        table[*i][*j] += if n % 2 == 0 { by } else { -by };
    }
}

#[cfg(test)]
#[path = "../../tests/unit/write_rounding.rs"]
mod tests;
