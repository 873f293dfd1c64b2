//! Cells into classes that no row can tell apart, so that the search looks at each class once.

use std::hash::Hasher;

use super::components::Part;

/// Two cells of one weight are twins if every row reads both alike, or every row one as the other's opposite, and no
/// bound reads either: whatever change of one makes the rows hold, the same or opposite change of the other does too.
#[derive(Debug)]
pub(super) struct Twins {
    eldest: Vec<u32>,
    /// Cells by class; the members of one class side by side, going up.
    order: Vec<u32>,
    /// Where in `order` the class of this eldest cell lies.
    span: Vec<(u32, u32)>,
}

impl Twins {
    pub fn new(part: &Part) -> Self {
        let cells = part.figures.len();
        let mut keyed: Vec<(u64, u32)> = (0u32..).take(cells).map(|cell| (key(part, cell), cell)).collect();
        keyed.sort_unstable();
        let mut eldest: Vec<u32> = (0u32..).take(cells).collect();
        for group in keyed.chunk_by(|one, other| one.0 == other.0) {
            for (nth, &(_, cell)) in group.iter().enumerate() {
                let elder = group[..nth]
                    .iter()
                    .map(|other| other.1)
                    .find(|&other| eldest[other as usize] == other && alike(part, other, cell));
                eldest[cell as usize] = elder.unwrap_or(cell);
            }
        }
        let mut order: Vec<u32> = (0u32..).take(cells).collect();
        order.sort_unstable_by_key(|&cell| (eldest[cell as usize], cell));
        let mut span = vec![(0, 0); cells];
        let mut start = 0;
        for class in order.chunk_by(|&one, &other| eldest[one as usize] == eldest[other as usize]) {
            let end = start + class.len();
            span[class[0] as usize] = (start as u32, end as u32);
            start = end;
        }
        Self { eldest, order, span }
    }

    /// The cell that stands for this one's class.
    pub fn eldest(&self, cell: u32) -> u32 {
        self.eldest[cell as usize]
    }

    /// The class that this cell stands for; of any other cell, the cell alone.
    pub fn of(&self, cell: u32) -> Vec<u32> {
        if self.eldest(cell) != cell {
            return vec![cell];
        }
        let (start, end) = self.span[cell as usize];
        self.order[start as usize..end as usize].to_vec()
    }

    /// The set with each cell replaced by each of its twins, one after the other.
    pub fn variants(&self, set: &[u32]) -> impl Iterator<Item = Vec<u32>> {
        let classes: Vec<Vec<u32>> = set.iter().map(|&cell| self.of(cell)).collect();
        let count = classes.iter().map(Vec::len).fold(1usize, usize::saturating_mul);
        let variant = move |mut nth: usize| {
            let mut cells: Vec<u32> = Vec::with_capacity(classes.len());
            for class in &classes {
                cells.push(class[nth % class.len()]);
                nth /= class.len();
            }
            cells
        };
        let unlike = |cells: &Vec<u32>| (1..cells.len()).all(|at| !cells[..at].contains(&cells[at]));
        (0..count).map(variant).filter(unlike)
    }

    /// The twin's change that does what this change of the cell does, if it is a whole number.
    pub fn translate(part: &Part, cell: u32, change: i128, twin: u32) -> Option<i128> {
        let Some(&row) = part.rows_of.of(cell).first() else {
            return Some(change);
        };
        let terms = &part.rows[row as usize].terms;
        let effect = change.checked_mul(i128::from(factor(terms, cell)))?;
        let by = i128::from(factor(terms, twin));
        (effect.checked_rem(by)? == 0).then(|| effect.checked_div(by))?
    }
}

fn factor(terms: &[(u32, i64)], cell: u32) -> i64 {
    terms.binary_search_by_key(&cell, |term| term.0).map_or(0, |at| terms[at].1)
}

/// Equal for twins; whether it is equal for others too does not matter.
fn key(part: &Part, cell: u32) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write_u64(part.figures[cell as usize].weight);
    for &row in part.rows_of.of(cell) {
        hasher.write_u32(row);
    }
    hasher.finish()
}

fn alike(part: &Part, one: u32, other: u32) -> bool {
    let lone = |cell: u32| part.bounds_of.of(cell).is_empty() && !part.figures[cell as usize].unknown;
    let rows = part.rows_of.of(one);
    let factors = |row: u32| {
        let terms = &part.rows[row as usize].terms;
        (i128::from(factor(terms, one)), i128::from(factor(terms, other)))
    };
    let Some(&first) = rows.first() else {
        return false;
    };
    let first = factors(first);
    lone(one)
        && lone(other)
        && part.figures[one as usize].weight == part.figures[other as usize].weight
        && rows == part.rows_of.of(other)
        && rows.iter().all(|&row| {
            let (a, b) = factors(row);
            a.abs() == b.abs() && a * first.1 == b * first.0
        })
}
