//! What a drafted form says must hold: the printed identities, the total row, lines divided by their codes, shares of
//! the two lines under them.

use std::collections::BTreeMap;

use super::columns::DraftColumn;
use super::lines::DraftLine;
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
        let id = |number: u32| grid.numbered(number).and_then(|c| columns.iter().find(|d| d.at == c.at && d.kind.is_some())).map(|d| d.id.clone());
        let Some(own) = id(identity.total) else { continue };
        let basis = format!("in ở hàng đánh số của biểu: {identity}");
        match &identity.operation {
            Operation::Sum(parts) => {
                let side = |sign: i64| parts.iter().filter(|(_, s)| *s == sign).map(|(n, _)| id(*n)).collect::<Option<Vec<_>>>();
                let (Some(plus), Some(minus)) = (side(1), side(-1)) else { continue };
                let mut body = vec![format!("total = {}", quoted(&own)), format!("parts = {}", list(&plus))];
                if !minus.is_empty() {
                    body.push(format!("minus = {}", list(&minus)));
                }
                mark(columns, &own, Kind::Total, identity.to_string());
                let again = rules.iter().filter(|r: &&DraftRule| r.id.starts_with(&format!("cot-{own}"))).count();
                let id = if again == 0 { format!("cot-{own}") } else { format!("cot-{own}-{}", again + 1) };
                rules.push(DraftRule { id, table: String::new(), kind: "balance", warning: false, body, basis, remark: None, terms: terms(&own, &plus, &minus) });
            }
            Operation::Share(top, bottom) => {
                let (Some(top), Some(bottom)) = (id(*top), id(*bottom)) else { continue };
                mark(columns, &own, Kind::Ratio, identity.to_string());
                let body = vec![format!("value = {}", quoted(&own)), format!("numerator = {}", quoted(&top)), format!("denominator = {}", quoted(&bottom))];
                rules.push(DraftRule { id: format!("ty-le-{own}"), table: String::new(), kind: "ratio", warning: false, body, basis, remark: None, terms: Vec::new() });
            }
        }
    }
    rules.extend(guessed_totals(grid, columns, &rules));
    let mut rules = without_what_follows(rules);
    if total {
        let summed: Vec<String> = columns.iter().filter(|c| c.kind.is_some_and(|k| !k.is_percentage())).map(|c| c.id.clone()).collect();
        if !summed.is_empty() {
            let body = vec![format!("down = {}", list(&summed))];
            rules.push(DraftRule { id: "tong-cong".into(), table: String::new(), kind: "balance", warning: false, body, basis: "biểu có hàng tổng cộng".into(), remark: None, terms: Vec::new() });
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
        if own.kind.is_none_or(Kind::is_percentage) || !leaf.starts_with("tong") || known.iter().any(|r| r.id == format!("cot-{}", own.id)) {
            continue;
        }
        let Some(group) = group else { continue };
        let parts: Vec<usize> = (i + 1..columns.len()).filter(|j| columns[*j].path.first() == Some(&group) && columns[*j].kind.is_some_and(|k| !k.is_percentage())).collect();
        if parts.len() < 2 || !agrees(grid, columns, i, &parts) {
            continue;
        }
        let (id, names) = (own.id.clone(), parts.iter().map(|p| columns[*p].id.clone()).collect::<Vec<_>>());
        let body = vec![format!("total = {}", quoted(&id)), format!("parts = {}", list(&names))];
        let remark = Some("đoán từ cột “Tổng số” của nhóm cột".to_owned());
        rules.push(DraftRule { id: format!("cot-{id}"), table: String::new(), kind: "balance", warning: true, body, basis: format!("đoán từ tiêu đề nhóm cột “{group}”"), remark, terms: terms(&id, &names, &[]) });
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

/// The rules among fixed lines, which also say which lines are ratios.
pub fn among_lines(grid: &Grid, lines: &mut [DraftLine], columns: &[DraftColumn]) -> Vec<DraftRule> {
    let figures: Vec<&DraftColumn> = columns.iter().filter(|c| c.role == crate::model::form::Role::Figure).collect();
    let mut rules = identities_on_lines(grid, lines, columns);
    for i in 0..lines.len() {
        let parts: Vec<usize> = (0..lines.len()).filter(|j| grid.rows[lines[*j].row].parent == Some(lines[i].row)).collect();
        let own = lines[i].code.clone();
        match lines[i].kind {
            Kind::Percent => {
                let counted: Vec<usize> = parts.iter().copied().filter(|p| counts(lines[*p].kind)).collect();
                let [whole, part, ..] = counted[..] else { continue };
                let mut remark = "đoán: tỷ lệ của hai dòng in ngay dưới nó".to_owned();
                if !share_agrees(grid, lines, i, part, whole) {
                    remark.push_str("; số liệu trong tệp này không khớp — CẦN ĐIỀN: đúng là hai dòng này không?");
                }
                for column in &figures {
                    let place = |j: usize| place(&lines[j].code, column);
                    let body = vec![format!("value = {}", place(i)), format!("numerator = {}", place(part)), format!("denominator = {}", place(whole))];
                    rules.push(DraftRule { id: named("ty-le", &own, column), table: String::new(), kind: "ratio", warning: true, body, basis: "đoán: tỷ lệ của hai dòng in ngay dưới nó".into(), remark: Some(remark.clone()), terms: Vec::new() });
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
                    let body = vec![format!("total = {}", place(&own, column)), format!("parts = [{}]", names.join(", "))];
                    rules.push(DraftRule { id: named("dong", &own, column), table: String::new(), kind: "balance", warning: true, body, basis: "đoán từ thứ bậc STT".into(), remark: Some("đoán: dòng này là tổng của các dòng đánh số dưới nó".into()), terms });
                }
            }
            _ => {}
        }
    }
    without_what_follows(rules)
}

fn terms(total: &str, plus: &[String], minus: &[String]) -> Vec<(String, i64)> {
    let plus = plus.iter().map(|p| (p.clone(), -1));
    std::iter::once((total.to_owned(), 1)).chain(plus).chain(minus.iter().map(|m| (m.clone(), 1))).collect()
}

/// Leaves out sums that follow from those before them: the catalogue refuses a rule that checks nothing more.
fn without_what_follows(rules: Vec<DraftRule>) -> Vec<DraftRule> {
    let mut basis: Vec<BTreeMap<String, i128>> = Vec::new();
    rules.into_iter().filter(|rule| rule.terms.is_empty() || extends(&mut basis, &rule.terms)).collect()
}

/// Whether a sum is independent of those in the basis, which it then joins. Reckoned modulo a prime far above any
/// coefficient, which is exact for sums of ones.
fn extends(basis: &mut Vec<BTreeMap<String, i128>>, terms: &[(String, i64)]) -> bool {
    const PRIME: i128 = (1 << 61) - 1;
    let inverse = |n: i128| {
        let (mut power, mut base, mut left) = (1, n, PRIME - 2);
        while left > 0 {
            if left & 1 == 1 {
                power = power * base % PRIME;
            }
            base = base * base % PRIME;
            left >>= 1;
        }
        power
    };
    let mut row: BTreeMap<String, i128> = BTreeMap::new();
    for (place, sign) in terms {
        *row.entry(place.clone()).or_default() += i128::from(*sign).rem_euclid(PRIME);
    }
    for known in basis.iter() {
        let Some((lead, _)) = known.first_key_value() else { continue };
        let by = row.get(lead).copied().unwrap_or(0) % PRIME;
        if by != 0 {
            for (place, n) in known {
                let own = row.entry(place.clone()).or_default();
                *own = (*own - by * n).rem_euclid(PRIME);
            }
        }
    }
    row.retain(|_, n| *n % PRIME != 0);
    let Some(lead) = row.first_key_value().map(|(_, n)| inverse(*n)) else { return false };
    row.values_mut().for_each(|n| *n = *n * lead % PRIME);
    // Every later row must be clear of this one's first place.
    basis.push(row);
    basis.sort_by(|a, b| a.first_key_value().map(|(k, _)| k).cmp(&b.first_key_value().map(|(k, _)| k)));
    true
}

/// The numbering row's identities hold on every line of an indicator form with several columns.
fn identities_on_lines(grid: &Grid, lines: &[DraftLine], columns: &[DraftColumn]) -> Vec<DraftRule> {
    let mut rules = Vec::new();
    for identity in &grid.identities {
        let Operation::Sum(parts) = &identity.operation else { continue };
        let column = |number: u32| grid.numbered(number).and_then(|c| columns.iter().find(|d| d.at == c.at));
        let Some(total) = column(identity.total) else { continue };
        for line in lines.iter().filter(|l| counts(l.kind)) {
            let side = |sign: i64| parts.iter().filter(|(_, s)| *s == sign).map(|(n, _)| column(*n).map(|c| place(&line.code, c))).collect::<Option<Vec<_>>>();
            let (Some(plus), Some(minus)) = (side(1), side(-1)) else { continue };
            let terms = terms(&place(&line.code, total), &plus, &minus);
            let mut body = vec![format!("total = {}", place(&line.code, total)), format!("parts = [{}]", plus.join(", "))];
            if !minus.is_empty() {
                body.push(format!("minus = [{}]", minus.join(", ")));
            }
            rules.push(DraftRule { id: format!("cot-{}-dong-{}", total.id, line.code), table: String::new(), kind: "balance", warning: false, body, basis: format!("in ở hàng đánh số của biểu: {identity}"), remark: None, terms });
        }
    }
    rules
}

const fn counts(kind: Kind) -> bool {
    matches!(kind, Kind::Flow | Kind::Opening | Kind::Closing | Kind::Stock | Kind::Cumulative | Kind::Total)
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
        let (Some(value), Some(part), Some(whole)) = stated else { return true };
        Figure::percentage(part, whole, 0).is_none_or(|share| share == value.rounded_to(0))
    })
}

/// A line's place: short where the form has one column of figures.
fn place(line: &str, column: &DraftColumn) -> String {
    if column.id == "value" { quoted(line) } else { format!("{{ line = {}, column = {} }}", quoted(line), quoted(&column.id)) }
}

fn named(what: &str, line: &str, column: &DraftColumn) -> String {
    if column.id == "value" { format!("{what}-{line}") } else { format!("{what}-{line}-cot-{}", column.id) }
}

fn list(names: &[String]) -> String {
    format!("[{}]", names.iter().map(|n| quoted(n)).collect::<Vec<_>>().join(", "))
}

fn quoted(text: &str) -> String {
    super::text::quoted(text)
}
