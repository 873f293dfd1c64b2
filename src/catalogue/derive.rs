//! The checks that the kind of a column or line brings with it, so that no template has to repeat them.

use std::sync::Arc;

use crate::model::rule::Place;
use crate::model::{Catalogue, Column, Figure, Form, Kind, Line, Lines, Rule, RuleKind, Severity, Table};

/// Adds to the rules written in templates those that follow from the kinds.
pub fn add_rules(catalogue: &mut Catalogue) {
    let derived: Vec<Rule> = catalogue.forms.iter().flat_map(of_form).collect();
    catalogue.rules.extend(derived);
}

/// Those of one form.
pub fn of_form(form: &Form) -> Vec<Rule> {
    form.tables.iter().flat_map(|table| of_table(form, table)).collect()
}

fn of_table(form: &Form, table: &Table) -> Vec<Rule> {
    let places = |wanted: &dyn Fn(Kind, u8) -> bool| -> Vec<Place> {
        match &table.lines {
            Lines::Fixed(lines) => {
                let value = table.figures().any(|c| &*c.id == "value");
                let at = |line: &Line, column: &Column| Place {
                    line: Some(line.code.to_string()),
                    column: (!value).then(|| column.id.to_string()),
                    ..Place::default()
                };
                let cells = lines.iter().flat_map(|l| table.figures().map(move |c| (l, c)));
                let fit = |(l, c): &(&Line, &Column)| {
                    table.crossing(l, &c.id).is_some_and(|(kind, decimals)| wanted(kind, decimals))
                };
                cells.filter(fit).map(|(l, c)| at(l, c)).collect()
            }
            Lines::Open { .. } => {
                let fit = table.figures().filter(|c| wanted(c.kind, c.decimals));
                fit.map(|c| Place { column: Some(c.id.to_string()), ..Place::default() }).collect()
            }
        }
    };
    // What was learned and nobody confirmed is no law.
    let most = if form.to_confirm().is_some() { Severity::Warning } else { Severity::Error };
    let rule = |name: &str, severity: Severity, kind: RuleKind, says: &str, basis: &str| {
        let severity = severity.max(most);
        let part = if table.id.is_empty() { String::new() } else { format!("{}.", table.id) };
        let id: Arc<str> = format!("{}:{part}{name}", form.id).into();
        Rule {
            id,
            form: form.id.clone(),
            table: table.id.clone(),
            severity,
            kind,
            says: says.into(),
            basis: basis.into(),
        }
    };
    let mut rules = Vec::new();
    let whole = places(&|kind, decimals| counted(kind) && decimals == 0);
    if !whole.is_empty() {
        let kind = RuleKind::Whole { cells: whole };
        rules.push(rule("so-nguyen", Severity::Error, kind, "là số nguyên", "số lượng đếm được là số nguyên"));
    }
    let says = "số báo cáo cả kỳ = số cộng từ các kỳ trong đó";
    rules.push(rule("cong-cac-ky", Severity::Warning, RuleKind::AddsUp, says, "mỗi chỉ tiêu cộng theo loại của nó"));
    let mut positive = places(&|kind, _| counted(kind));
    let (line, column) = (|p: &Place| p.line.clone(), |p: &Place| p.column.clone());
    positive.retain(|p| !table.is_signed(&line(p).unwrap_or_default(), &column(p).unwrap_or_default()));
    if !positive.is_empty() {
        let kind = RuleKind::Range { cells: positive, min: Some(Figure::ZERO), max: None };
        rules.push(rule("khong-am", Severity::Error, kind, "từ 0 trở lên", "số lượng không thể âm"));
    }
    let mut percentages = places(&|kind, _| kind.is_percentage());
    percentages.retain(|p| {
        let at = (line(p).unwrap_or_default(), column(p).unwrap_or_default());
        !table.is_signed(&at.0, &at.1) && !table.is_over(&at.0, &at.1)
    });
    if !percentages.is_empty() {
        let kind = RuleKind::Range { cells: percentages, min: Some(Figure::ZERO), max: Some(Figure::whole(100)) };
        rules.push(rule("0-den-100", Severity::Error, kind, "từ 0 đến 100%", "tỷ lệ của một phần trong tổng số"));
    }
    let cumulative = places(&|kind, _| kind == Kind::Cumulative);
    if !cumulative.is_empty() {
        let kind = RuleKind::Rises { cells: cumulative };
        rules.push(rule(
            "luy-ke-khong-giam",
            Severity::Warning,
            kind,
            "không giảm so với kỳ trước trong năm",
            "số luỹ kế từ đầu năm",
        ));
    }
    if let Lines::Fixed(lines) = &table.lines {
        for line in lines.iter().filter(|l| l.kind == Kind::Code) {
            let cell = Place { line: Some(line.code.to_string()), ..Place::default() };
            let meanings = line.legend();
            let kind = RuleKind::OneOf { cell, codes: line.codes.keys().copied().collect() };
            rules.push(rule(&format!("ma-{}", line.code), Severity::Error, kind, &meanings, "mã in ở cột Đơn vị tính"));
        }
    }
    rules
}

const fn counted(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Flow
            | Kind::Opening
            | Kind::Closing
            | Kind::Stock
            | Kind::Cumulative
            | Kind::Plan
            | Kind::Total
            | Kind::Open
    )
}
