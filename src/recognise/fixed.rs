//! Decides which row below a header is which line of an indicator form.

use super::lexicon::{Lexicon, LineKeys, TableKeys};
use super::paper::{PaperCell, PaperRow};
use super::roles::Roles;
use super::rows::{Assigned, closes};
use crate::model::LayoutRow;
use crate::model::entry::Part;
use crate::normalise::code;
use crate::normalise::text::similarity;

/// Likeness from which a label alone names its line.
const LABEL_LIKENESS: f64 = 0.84;
/// Likeness below which a row with a line's code is said to be doubtful.
const DOUBT: f64 = 0.4;

/// Assigns the rows of an indicator form: code and label together, in the form's order.
#[must_use]
pub fn fixed(rows: &[PaperRow], roles: &Roles, table: &TableKeys, lexicon: &Lexicon) -> Assigned {
    let (n, m) = (rows.len(), table.lines.len());
    let read: Vec<Read<'_>> = rows.iter().map(|row| Read::new(row, roles)).collect();
    let scores: Vec<Vec<f64>> = read
        .iter()
        .map(|r| table.lines.iter().map(|l| r.like(l, table)).collect())
        .collect();
    let mut best = vec![vec![0.0f64; m + 1]; n + 1];
    for i in 1..=n {
        for j in 1..=m {
            let take = if scores[i - 1][j - 1] > 0.0 {
                best[i - 1][j - 1] + scores[i - 1][j - 1]
            } else {
                0.0
            };
            best[i][j] = best[i - 1][j].max(best[i][j - 1]).max(take);
        }
    }
    let mut line_of: Vec<Option<usize>> = vec![None; n];
    let (mut i, mut j) = (n, m);
    while i > 0 && j > 0 {
        if best[i][j] == best[i - 1][j] {
            i -= 1;
        } else if best[i][j] == best[i][j - 1] {
            j -= 1;
        } else {
            i -= 1;
            j -= 1;
            line_of[i] = Some(j);
        }
    }
    let mut assigned = Assigned::default();
    for ((row, read), line) in rows.iter().zip(&read).zip(line_of) {
        let label = read.label.map(|c| c.text.clone()).unwrap_or_default();
        match line {
            Some(j) => {
                let line = &table.lines[j];
                if read.label_like(line) < DOUBT && !read.label_key().is_empty() {
                    assigned
                        .doubtful
                        .push((row.row, label.clone(), line.code.clone()));
                }
                let measure = roles
                    .measure
                    .and_then(|c| row.get(c))
                    .map(|c| c.text.clone())
                    .unwrap_or_default();
                assigned.rows.push(LayoutRow {
                    row: row.row,
                    line: line.code.clone(),
                    label,
                    part: Part::Line,
                    section: 0,
                    measure,
                });
            }
            None if read.label.is_some()
                && roles.figures_in(row, lexicon) > 0
                && !closes(read.label_key(), lexicon) =>
            {
                assigned.strange.push((row.row, label))
            }
            None => {}
        }
    }
    assigned
}

/// How many of a table's lines the rows name word for word: tells the indicator forms apart.
#[must_use]
pub fn exact_hits(rows: &[PaperRow], roles: &Roles, table: &TableKeys) -> usize {
    let labels = rows.iter().filter_map(|row| roles.label(row));
    labels
        .filter(|label| table.lines.iter().any(|l| l.labels.contains(&label.key)))
        .count()
}

/// A row's code and label.
struct Read<'r> {
    label: Option<&'r PaperCell>,
    codes: Vec<String>,
}

impl<'r> Read<'r> {
    fn new(row: &'r PaperRow, roles: &Roles) -> Self {
        let label = roles.label(row);
        let cell = roles
            .ordinal
            .and_then(|c| row.get(c))
            .filter(|c| label.is_none_or(|l| l.column != c.column));
        let mut codes: Vec<String> = match cell {
            Some(cell) if cell.number.is_some() => {
                code::from_number(cell.number.unwrap_or_default())
                    .iter()
                    .map(ToString::to_string)
                    .collect()
            }
            Some(cell) => code::code(&cell.text)
                .iter()
                .map(ToString::to_string)
                .collect(),
            None => Vec::new(),
        };
        if codes.is_empty()
            && let Some((code, _)) = label.and_then(|l| code::leading(&l.text))
        {
            codes.push(code.to_string());
        }
        Self { label, codes }
    }

    fn label_key(&self) -> &str {
        self.label.map_or("", |l| &l.key)
    }

    fn label_like(&self, line: &LineKeys) -> f64 {
        let key = self.label_key();
        if line.labels.iter().any(|l| l == key) {
            return 1.0;
        }
        // A label with its code in front of it.
        let bare = self
            .label
            .and_then(|l| code::leading(&l.text))
            .map(|(_, rest)| crate::normalise::text::key(rest))
            .unwrap_or_default();
        line.labels
            .iter()
            .map(|l| {
                similarity(l, key).max(if bare.is_empty() {
                    0.0
                } else {
                    similarity(l, &bare)
                })
            })
            .fold(0.0, f64::max)
    }

    fn like(&self, line: &LineKeys, table: &TableKeys) -> f64 {
        let has_code = self.codes.iter().any(|c| **c == *line.code);
        let key = self.label_key();
        let exact = line.labels.iter().any(|l| l == key);
        if has_code {
            return if exact {
                2.0
            } else {
                1.0 + self.label_like(line).max(0.05)
            };
        }
        if key.is_empty() {
            return 0.0;
        }
        if exact {
            return 1.0;
        }
        // A row whose words are another line's is not this one; and a short word is like too many others.
        if key.len() < 6
            || table
                .lines
                .iter()
                .any(|l| l.labels.iter().any(|k| k == key))
        {
            return 0.0;
        }
        let like = self.label_like(line);
        if like >= LABEL_LIKENESS {
            like * 0.9
        } else {
            0.0
        }
    }
}
