//! What a drafted form says must hold: the printed identities, the total row, lines divided by their codes, shares of
//! the two lines under them.

use super::columns::DraftColumn;
use super::independent::{terms, without_what_follows};
use crate::grid::{Grid, Operation};
use crate::model::{Figure, Kind};
use crate::normalise::text::key;

pub struct DraftRule {
    pub id: String,
    pub table: String,
    pub kind: &'static str,
    pub warning: bool,
    /// `total = "3"`, one a line.
    pub body: Vec<String>,
    pub basis: String,
    pub remark: Option<String>,
    /// Of a sum: every place with its sign, the total first.
    pub terms: Vec<(String, i64)>,
}

/// The rules of an open table, which also say which columns are totals and ratios.
pub fn across(grid: &Grid, columns: &mut [DraftColumn], total: bool) -> Vec<DraftRule> {
    let mut rules = Vec::new();
    for identity in &grid.identities {
        let id = |number: u32| {
            grid.numbered(number)
                .and_then(|c| columns.iter().find(|d| d.at == c.at && d.kind.is_some()))
                .map(|d| d.id.clone())
        };
        let Some(own) = id(identity.total) else {
            continue;
        };
        let basis = format!("in ở hàng đánh số của biểu: {identity}");
        match &identity.operation {
            Operation::Sum(parts) => {
                let side = |sign: i64| {
                    parts.iter().filter(|(_, s)| *s == sign).map(|(n, _)| id(*n)).collect::<Option<Vec<_>>>()
                };
                let (Some(plus), Some(minus)) = (side(1), side(-1)) else {
                    continue;
                };
                let mut body = vec![format!("total = {}", quoted(&own)), format!("parts = {}", list(&plus))];
                if !minus.is_empty() {
                    body.push(format!("minus = {}", list(&minus)));
                }
                mark(columns, &own, Kind::Total, identity.to_string());
                let again = rules.iter().filter(|r: &&DraftRule| r.id.starts_with(&format!("cot-{own}"))).count();
                let id = if again == 0 { format!("cot-{own}") } else { format!("cot-{own}-{}", again + 1) };
                rules.push(DraftRule {
                    id,
                    table: String::new(),
                    kind: "balance",
                    warning: false,
                    body,
                    basis,
                    remark: None,
                    terms: terms(&own, &plus, &minus),
                });
            }
            Operation::Share(top, bottom) => {
                let (Some(top), Some(bottom)) = (id(*top), id(*bottom)) else {
                    continue;
                };
                mark(columns, &own, Kind::Ratio, identity.to_string());
                let body = vec![
                    format!("value = {}", quoted(&own)),
                    format!("numerator = {}", quoted(&top)),
                    format!("denominator = {}", quoted(&bottom)),
                ];
                rules.push(DraftRule {
                    id: format!("ty-le-{own}"),
                    table: String::new(),
                    kind: "ratio",
                    warning: false,
                    body,
                    basis,
                    remark: None,
                    terms: Vec::new(),
                });
            }
        }
    }
    rules.extend(guessed_totals(grid, columns, &rules));
    let mut rules = without_what_follows(rules);
    if total {
        let summed: Vec<String> =
            columns.iter().filter(|c| c.kind.is_some_and(|k| !k.is_percentage())).map(|c| c.id.clone()).collect();
        if !summed.is_empty() {
            let body = vec![format!("down = {}", list(&summed))];
            rules.push(DraftRule {
                id: "tong-cong".into(),
                table: String::new(),
                kind: "balance",
                warning: false,
                body,
                basis: "biểu có hàng tổng cộng".into(),
                remark: None,
                terms: Vec::new(),
            });
        }
    }
    rules
}

fn mark(columns: &mut [DraftColumn], id: &str, kind: Kind, why: String) {
    for column in columns.iter_mut().filter(|c| c.id == id) {
        column.kind = Some(kind);
        column.decimals = if kind == Kind::Ratio { 4 } else { column.decimals };
        column.guess = Some(format!("{}: in ở hàng đánh số {why}", kind.name()));
    }
}

/// A column "Tổng số" at the head of its group, where the numbering row prints nothing: it is the sum of the group
/// where every row says so.
fn guessed_totals(grid: &Grid, columns: &mut [DraftColumn], known: &[DraftRule]) -> Vec<DraftRule> {
    let mut rules = Vec::new();
    for i in 0..columns.len() {
        let own = &columns[i];
        let leaf = own.path.last().map(|c| key(c)).unwrap_or_default();
        let group = own.path.first().cloned().filter(|_| own.path.len() > 1);
        if own.kind.is_none_or(Kind::is_percentage)
            || !leaf.starts_with("tong")
            || known.iter().any(|r| r.id == format!("cot-{}", own.id))
        {
            continue;
        }
        let Some(group) = group else { continue };
        let parts: Vec<usize> = (i + 1..columns.len())
            .filter(|j| {
                columns[*j].path.first() == Some(&group) && columns[*j].kind.is_some_and(|k| !k.is_percentage())
            })
            .collect();
        if parts.len() < 2 || !agrees(grid, columns, i, &parts) {
            continue;
        }
        let (id, names) = (own.id.clone(), parts.iter().map(|p| columns[*p].id.clone()).collect::<Vec<_>>());
        let body = vec![format!("total = {}", quoted(&id)), format!("parts = {}", list(&names))];
        let remark = Some("đoán từ cột “Tổng số” của nhóm cột".to_owned());
        rules.push(DraftRule {
            id: format!("cot-{id}"),
            table: String::new(),
            kind: "balance",
            warning: true,
            body,
            basis: format!("đoán từ tiêu đề nhóm cột “{group}”"),
            remark,
            terms: terms(&id, &names, &[]),
        });
        columns[i].kind = Some(Kind::Total);
        columns[i].guess = Some("total: cột “Tổng số” của nhóm".into());
    }
    rules
}

/// Whether the figures of every row that states them all agree; a blank form does not object.
fn agrees(grid: &Grid, columns: &[DraftColumn], total: usize, parts: &[usize]) -> bool {
    grid.rows.iter().all(|row| {
        let stated = |i: usize| row.amount(columns[i].at).value();
        let sum = parts.iter().try_fold(Figure::ZERO, |sum, p| sum.checked_add(stated(*p)?));
        match (stated(total), sum) {
            (Some(total), Some(sum)) => total == sum,
            _ => true,
        }
    })
}

pub(super) fn list(names: &[String]) -> String {
    format!("[{}]", names.iter().map(|n| quoted(n)).collect::<Vec<_>>().join(", "))
}

pub(super) fn quoted(text: &str) -> String {
    super::text::quoted(text)
}
