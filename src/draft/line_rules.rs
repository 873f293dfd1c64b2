//! What must hold among the fixed lines of a drafted form: lines divided by their codes, shares of the lines under them.

use super::columns::DraftColumn;
use super::independent::{terms, without_what_follows};
use super::lines::DraftLine;
use super::rules::{DraftRule, quoted};
use crate::grid::{Grid, Operation};
use crate::model::{Figure, Kind};

/// The rules among fixed lines, which also say which lines are ratios.
pub fn among_lines(grid: &Grid, lines: &mut [DraftLine], columns: &[DraftColumn]) -> Vec<DraftRule> {
    let figures: Vec<&DraftColumn> = columns.iter().filter(|c| c.role == crate::model::form::Role::Figure).collect();
    let mut rules = identities_on_lines(grid, lines, columns);
    for i in 0..lines.len() {
        let parts: Vec<usize> =
            (0..lines.len()).filter(|j| grid.rows[lines[*j].row].parent == Some(lines[i].row)).collect();
        let own = lines[i].code.clone();
        match lines[i].kind {
            Kind::Percent => {
                let counted: Vec<usize> = parts.iter().copied().filter(|p| counts(lines[*p].kind)).collect();
                let [whole, part, ..] = counted[..] else {
                    continue;
                };
                let mut remark = "đoán: tỷ lệ của hai dòng in ngay dưới nó".to_owned();
                if !share_agrees(grid, lines, i, part, whole) {
                    remark.push_str("; số liệu trong tệp này không khớp — CẦN ĐIỀN: đúng là hai dòng này không?");
                }
                for column in &figures {
                    let place = |j: usize| place(&lines[j].code, column);
                    let body = vec![
                        format!("value = {}", place(i)),
                        format!("numerator = {}", place(part)),
                        format!("denominator = {}", place(whole)),
                    ];
                    rules.push(DraftRule {
                        id: named("ty-le", &own, column),
                        table: String::new(),
                        kind: "ratio",
                        warning: true,
                        body,
                        basis: "đoán: tỷ lệ của hai dòng in ngay dưới nó".into(),
                        remark: Some(remark.clone()),
                        terms: Vec::new(),
                    });
                }
                lines[i].kind = Kind::Ratio;
                lines[i].guess = Some("ratio: tỷ lệ của hai dòng in ngay dưới nó".into());
            }
            kind if counts(kind) => {
                let parts: Vec<usize> = parts.into_iter().filter(|p| counts(lines[*p].kind)).collect();
                if parts.len() < 2 || parts.iter().any(|p| lines[*p].measure != lines[i].measure) {
                    continue;
                }
                for column in figures.iter().filter(|c| lines_agree(grid, lines, i, &parts, c.at)) {
                    let names: Vec<String> = parts.iter().map(|p| place(&lines[*p].code, column)).collect();
                    let terms = terms(&place(&own, column), &names, &[]);
                    let body =
                        vec![format!("total = {}", place(&own, column)), format!("parts = [{}]", names.join(", "))];
                    rules.push(DraftRule {
                        id: named("dong", &own, column),
                        table: String::new(),
                        kind: "balance",
                        warning: true,
                        body,
                        basis: "đoán từ thứ bậc STT".into(),
                        remark: Some("đoán: dòng này là tổng của các dòng đánh số dưới nó".into()),
                        terms,
                    });
                }
            }
            _ => {}
        }
    }
    without_what_follows(rules)
}

/// The numbering row's identities hold on every line of an indicator form with several columns.
fn identities_on_lines(grid: &Grid, lines: &[DraftLine], columns: &[DraftColumn]) -> Vec<DraftRule> {
    let mut rules = Vec::new();
    for identity in &grid.identities {
        let Operation::Sum(parts) = &identity.operation else {
            continue;
        };
        let column = |number: u32| grid.numbered(number).and_then(|c| columns.iter().find(|d| d.at == c.at));
        let Some(total) = column(identity.total) else {
            continue;
        };
        for line in lines.iter().filter(|l| counts(l.kind)) {
            let side = |sign: i64| {
                parts
                    .iter()
                    .filter(|(_, s)| *s == sign)
                    .map(|(n, _)| column(*n).map(|c| place(&line.code, c)))
                    .collect::<Option<Vec<_>>>()
            };
            let (Some(plus), Some(minus)) = (side(1), side(-1)) else {
                continue;
            };
            let terms = terms(&place(&line.code, total), &plus, &minus);
            let mut body =
                vec![format!("total = {}", place(&line.code, total)), format!("parts = [{}]", plus.join(", "))];
            if !minus.is_empty() {
                body.push(format!("minus = [{}]", minus.join(", ")));
            }
            rules.push(DraftRule {
                id: format!("cot-{}-dong-{}", total.id, line.code),
                table: String::new(),
                kind: "balance",
                warning: false,
                body,
                basis: format!("in ở hàng đánh số của biểu: {identity}"),
                remark: None,
                terms,
            });
        }
    }
    rules
}

/// Whether the line's figure is the sum of its parts, or one of them is not stated.
fn lines_agree(grid: &Grid, lines: &[DraftLine], total: usize, parts: &[usize], column: u32) -> bool {
    let stated = |i: usize| grid.rows[lines[i].row].amount(column).value();
    let sum = parts.iter().try_fold(Figure::ZERO, |sum, p| sum.checked_add(stated(*p)?));
    match (stated(total), sum) {
        (Some(total), Some(sum)) => total == sum,
        _ => true,
    }
}

fn share_agrees(grid: &Grid, lines: &[DraftLine], value: usize, part: usize, whole: usize) -> bool {
    let row = |i: usize| &grid.rows[lines[i].row];
    row(value).amounts.iter().all(|(column, amount)| {
        let stated = (amount.value(), row(part).amount(*column).value(), row(whole).amount(*column).value());
        let (Some(value), Some(part), Some(whole)) = stated else {
            return true;
        };
        Figure::percentage(part, whole, 0).is_none_or(|share| share == value.rounded_to(0))
    })
}

/// A line's place: short where the form has one column of figures.
fn place(line: &str, column: &DraftColumn) -> String {
    if column.id == "value" {
        quoted(line)
    } else {
        format!("{{ line = {}, column = {} }}", quoted(line), quoted(&column.id))
    }
}

fn named(what: &str, line: &str, column: &DraftColumn) -> String {
    if column.id == "value" { format!("{what}-{line}") } else { format!("{what}-{line}-cot-{}", column.id) }
}

const fn counts(kind: Kind) -> bool {
    matches!(kind, Kind::Flow | Kind::Opening | Kind::Closing | Kind::Stock | Kind::Cumulative | Kind::Total)
}
