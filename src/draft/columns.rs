//! A table's columns as a template lists them: number, captions, role and a guess at the kind.

use super::{Guess, kind};
use crate::grid::Grid;
use crate::model::Kind;
use crate::model::form::Role;
use crate::normalise::text::key;

pub struct DraftColumn {
    pub id: String,
    pub at: u32,
    pub path: Vec<String>,
    pub role: Role,
    /// Of figure columns of an open table.
    pub kind: Option<Kind>,
    pub decimals: u8,
    pub guess: Guess,
}

/// The columns of a table; in one of fixed lines the lines have the kinds.
pub fn columns(grid: &Grid, fixed: bool, measure: &str) -> Vec<DraftColumn> {
    let single = grid.figures().count() == 1;
    let mut columns: Vec<DraftColumn> = Vec::new();
    for (i, column) in grid.columns.iter().enumerate() {
        let is_figure = column.role == Role::Figure;
        let mut id = column.number.map_or_else(|| own_name(grid, i), |n| n.to_string());
        if fixed && single && is_figure {
            "value".clone_into(&mut id);
        }
        if columns.iter().any(|c| c.id == id) {
            id = format!("c{}", i + 1);
        }
        let captions = column.path.join(" ");
        let decimals = decimals(grid, column.at);
        let (kind, decimals, guess) = match (is_figure, fixed) {
            (false, _) => (None, 0, guess_of_role(column.role)),
            (true, true) => (None, 0, None),
            (true, false) => {
                let (kind, why) = kind(&captions, measure);
                (Some(kind), if kind == Kind::Percent { 4 } else { decimals }, Some(format!("{}: {why}", kind.name())))
            }
        };
        let mut path: Vec<String> = column.path.iter().map(|c| plain(c)).collect();
        if path.is_empty() {
            path.push(format!("({})", column.number.unwrap_or(i as u32 + 1)));
        }
        // A form of fixed lines has its kinds by line, so a column of percentages has no place in it yet.
        let (role, guess) = if fixed && is_figure && column.percent && !single {
            (
                Role::Note,
                Some("CẦN ĐIỀN: cột tỷ lệ bên cạnh số liệu; để ở dạng ghi chú thì không được kiểm tra".to_owned()),
            )
        } else {
            (column.role, guess)
        };
        columns.push(DraftColumn { id, at: column.at, path, role, kind, decimals, guess });
    }
    columns
}

/// A column without a printed number: its place, or a letter where another column bears that number.
fn own_name(grid: &Grid, i: usize) -> String {
    let place = i as u32 + 1;
    match u8::try_from(i).ok().filter(|i| *i < 26 && grid.columns.iter().any(|c| c.number == Some(place))) {
        Some(letter) => char::from(b'A' + letter).to_string(),
        None => place.to_string(),
    }
}

fn guess_of_role(role: Role) -> Guess {
    (role == Role::Note).then(|| "cột ghi chú, không có số liệu để cộng".to_owned())
}

/// The most decimals met in a column; three where amounts of money are.
fn decimals(grid: &Grid, at: u32) -> u8 {
    let met = grid.rows.iter().filter_map(|r| r.amount(at).value()).map(|f| f.trimmed().scale).max().unwrap_or(0);
    let column = grid.columns.iter().find(|c| c.at == at).map(|c| key(&c.path.join(" "))).unwrap_or_default();
    let money = grid.titles.iter().map(|(_, t)| key(t)).any(|t| t.contains("trieu dong") || t.contains("ty dong"))
        || column.contains("trieu dong")
        || column.contains("ty dong");
    if money { met.max(3) } else { met }
}

/// A caption on one line, without a footnote mark.
pub fn plain(text: &str) -> String {
    let kept: String =
        text.chars().filter(|c| !matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹' | '*' | '†' | '‡')).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}
