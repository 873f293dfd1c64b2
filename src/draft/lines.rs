//! A table's rows as the fixed lines of an indicator form: code, label, measure and a guess at the kind.

use std::collections::BTreeMap;

use super::columns::plain;
use super::{Guess, kind};
use crate::grid::{Grid, Row};
use crate::model::Kind;
use crate::model::form::Role;
use crate::normalise::code::Part;
use crate::normalise::text::key;

pub struct DraftLine {
    /// Index of its row in the grid.
    pub row: usize,
    pub code: String,
    pub label: String,
    pub measure: String,
    pub kind: Kind,
    pub decimals: u8,
    pub codes: BTreeMap<i64, String>,
    pub guess: Guess,
}

/// What an open table has a row for each of.
const OPEN: [&str; 8] =
    ["linh vuc", "don vi", "co quan", "dia phuong", "xa phuong", "ho va ten", "ten don vi", "ten co quan"];

/// Whether the rows are the form's own: coded on several levels, with measures of their own, or printed on a form
/// that is otherwise blank.
pub fn is_fixed(grid: &Grid) -> bool {
    let coded: Vec<&Row> = grid.rows.iter().filter(|r| r.code.is_some() && !r.label.is_empty()).collect();
    if coded.len() < 2 {
        return false;
    }
    let has_measure = grid.columns.iter().any(|c| c.role == Role::Measure);
    let deep = coded.iter().any(|r| r.code.as_ref().is_some_and(|c| c.level() > 1));
    let label = grid
        .columns
        .iter()
        .find(|c| c.role == Role::Label)
        .and_then(|c| c.path.last())
        .map(|c| key(c))
        .unwrap_or_default();
    let by_unit = OPEN.iter().any(|o| label.starts_with(o));
    (has_measure || deep || (grid.is_blank() && !by_unit) || sections_with_figures(grid))
        && !(by_unit && !has_measure && !deep)
}

/// I, II with figures of their own over numbered lines under them, each number starting anew.
fn sections_with_figures(grid: &Grid) -> bool {
    let roman = |r: &&Row| r.code.as_ref().is_some_and(|c| matches!(c.parts[..], [Part::Roman(_)])) && r.has_figures();
    grid.rows.iter().filter(roman).count() >= 2
}

/// The lines; where a number starts anew under each section, its code carries the section's: II.1.
pub fn lines(grid: &Grid) -> Vec<DraftLine> {
    let mut lines: Vec<DraftLine> = Vec::new();
    for (i, row) in grid.rows.iter().enumerate().filter(|(_, r)| !r.label.is_empty() && !r.total) {
        let Some(printed) = row.code.as_ref().map(ToString::to_string) else {
            continue;
        };
        let mut code = printed.clone();
        let mut above = row.parent;
        while let Some(up) = above.filter(|_| lines.iter().any(|l| l.code == code)) {
            code = format!("{}.{code}", grid.rows[up].code.as_ref().map(ToString::to_string).unwrap_or_default());
            above = grid.rows[up].parent;
        }
        if lines.iter().any(|l| l.code == code) {
            continue;
        }
        let codes = codes(&row.measure);
        let (kind, guess) = line_kind(grid, i, !codes.is_empty());
        let money = key(&row.measure).contains("trieu") || key(&row.measure).contains("ty dong");
        let decimals = if kind == Kind::Percent {
            4
        } else if money {
            3
        } else {
            met(row)
        };
        let guess = if code == printed {
            guess
        } else {
            Some(format!("trên biểu in “{printed}”; {}", guess.unwrap_or_default()))
        };
        lines.push(DraftLine {
            row: i,
            code,
            label: plain(&row.label),
            measure: plain(&row.measure),
            kind,
            decimals,
            codes,
            guess,
        });
    }
    lines
}

fn met(row: &Row) -> u8 {
    row.amounts.iter().filter_map(|(_, a)| a.value()).map(|f| f.trimmed().scale).max().unwrap_or(0)
}

fn line_kind(grid: &Grid, i: usize, coded: bool) -> (Kind, Guess) {
    let row = &grid.rows[i];
    let divided = grid.rows.iter().any(|r| r.parent == Some(i));
    let has_measure = grid.columns.iter().any(|c| c.role == Role::Measure);
    if coded {
        return (Kind::Code, None);
    }
    if divided && row.measure.is_empty() && !row.has_figures() && (has_measure || !grid.is_blank()) {
        return (Kind::Heading, Some("không có đơn vị tính và số liệu".into()));
    }
    if row.measure == "%" {
        return (
            Kind::Percent,
            Some("tỷ lệ không in tử số, mẫu số; nếu có thì đổi thành ratio và thêm quy tắc".into()),
        );
    }
    let (kind, why) = kind(&row.label, &row.measure);
    // "Số đơn vị đạt tỷ lệ …" counts units.
    if kind == Kind::Percent && !row.measure.is_empty() {
        return (Kind::Flow, Some("số phát sinh trong kỳ".into()));
    }
    (kind, Some(format!("{}: {why}", kind.name())))
}

/// `Có = 1; Không = 0` and `Chưa có = 0 2 cấp = 1` → 0 and 1 with their meanings; nothing where fewer than two.
pub fn codes(measure: &str) -> BTreeMap<i64, String> {
    let mut codes = BTreeMap::new();
    let mut rest = measure;
    while let Some((meaning, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let Ok(code) = after[..end].parse() else {
            return BTreeMap::new();
        };
        let meaning = meaning.trim_matches([';', ',', '.', '(', ')', ' ', '/', '-']);
        codes.insert(code, meaning.to_owned());
        rest = &after[end..];
    }
    if codes.len() >= 2 { codes } else { BTreeMap::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_from_the_measure() {
        let read = |text: &str| codes(text).into_iter().collect::<Vec<_>>();
        assert_eq!(read("Có = 1; Không = 0"), [(0, "Không".to_owned()), (1, "Có".to_owned())]);
        assert_eq!(
            read("Chưa có = 0 2 cấp = 1 3 cấp = 2"),
            [(0, "Chưa có".to_owned()), (1, "2 cấp".to_owned()), (2, "3 cấp".to_owned())]
        );
        assert!(read("Văn bản").is_empty() && read("Có = 1").is_empty());
    }
}
