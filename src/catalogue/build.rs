//! Turns a template's raw shape into a form with its rules, and adds the checks that the kind of a column or line brings with
//! it, so that no template has to repeat them.

use std::sync::Arc;

use super::complaint::{Complaint, parse};
use super::overview;
use super::raw::{RawColumn, RawForm, RawItems, RawLine, RawNature, RawSection, RawTable};
use super::rules::{check_kinds, rules_of};
use crate::model::form::{InForce, ItemColumn, Items, Learned, Nature, Role, Section};
use crate::model::rule::Place;
use crate::model::{Catalogue, Column, Figure, Form, Kind, Line, Lines, Overview, Rule, RuleKind, Severity, Table};

/// Builds one form from its template.
pub fn form(file: &str, text: &str) -> Result<(Form, Vec<Rule>), Complaint> {
    let raw: RawForm = parse(file, text)?;
    let id: Arc<str> = raw.id.as_str().into();
    let tables = raw.tables.iter().map(|t| table(file, text, t, &raw)).collect::<Result<Vec<_>, _>>()?;
    let mut form = Form {
        id: id.clone(),
        code: raw.code.clone(),
        title: raw.title.clone(),
        legal_basis: raw.legal_basis.clone(),
        heading: raw.heading.clone(),
        sent_to: raw.sent_to.clone(),
        due: raw.due.clone(),
        valid_from: raw.valid_from,
        valid_to: raw.valid_to,
        marks: raw.marks.clone(),
        consolidates_into: raw.consolidates_into.clone(),
        overview: Overview::default(),
        published: Vec::new(),
        spans: Vec::new(),
        titled: raw.titled,
        learned: raw.learned.as_ref().map(|from| {
            Arc::new(Learned {
                offices: from.offices,
                sheets: from.sheets,
                confirmed: raw.confirmed,
                template: text.to_owned(),
                ..Learned::default()
            })
        }),
        tables,
    };
    form.overview = overview::overview(file, text, &form, raw.overview)?;
    form.published = overview::published(file, text, &form, raw.published)?;
    let mut rules: Vec<Rule> = Vec::new();
    for spanned in raw.rules {
        let offset = spanned.span().start;
        let own = rules_of(&form, spanned.into_inner()).map_err(|what| Complaint::at(file, text, offset, what))?;
        for rule in own {
            if rules.iter().any(|r| r.id == rule.id) {
                return Err(Complaint::at(file, text, offset, format!("two rules are called '{}'", rule.id)));
            }
            rules.push(rule);
        }
    }
    if raw.learned.is_some() && form.overview.figures.is_empty() {
        form.overview = overview::inferred(&form, &rules);
    }
    let at_top = |what: String| Complaint::at(file, text, 0, what);
    check_kinds(&form, &rules).map_err(at_top)?;
    mark_standing(&mut form, &rules);
    Ok((form, rules))
}

fn table(file: &str, text: &str, raw: &RawTable, form: &RawForm) -> Result<Table, Complaint> {
    let lines = match (&raw.open, &raw.lines) {
        (Some(open), None) => Lines::Open { total: open.total },
        (None, Some(lines)) => Lines::Fixed(lines.iter().map(|l| line(file, text, l)).collect::<Result<_, _>>()?),
        _ => {
            return Err(Complaint::at(file, text, 0, format!("table '{}' wants either 'open' or 'lines'", raw.id)));
        }
    };
    Ok(Table {
        id: raw.id.as_str().into(),
        title: raw.title.clone(),
        measure: raw.measure.clone(),
        columns: raw.columns.iter().map(|c| column(c, raw.open.is_none(), form)).collect(),
        lines,
        sections: raw.open.iter().flat_map(|open| &open.sections).map(section).collect(),
        natures: raw.natures.iter().map(nature).collect(),
        numbered: raw.numbered,
        items: raw.items.as_ref().map(|items| list(items, form)),
    })
}

/// Marks the totals of which all parts are as at a day.
fn mark_standing(form: &mut Form, rules: &[Rule]) {
    for table in &mut form.tables {
        let stands = |place: &Place| {
            let column = place.column.as_deref().and_then(|id| table.columns.iter().find(|c| *c.id == *id));
            column.is_some_and(|c| matches!(c.kind, Kind::Stock | Kind::Closing | Kind::Cumulative | Kind::Plan))
        };
        let totals = rules.iter().filter(|r| r.table == table.id).filter_map(|rule| match &rule.kind {
            RuleKind::Balance { total, parts, minus } if parts.iter().chain(minus).all(stands) => total.column.clone(),
            _ => None,
        });
        let totals: Vec<String> = totals.collect();
        table.columns.iter_mut().for_each(|c| c.stands = totals.iter().any(|id| *c.id == **id));
    }
}

fn section(raw: &RawSection) -> Section {
    let parent = raw.parent.as_deref().map(Into::into);
    Section { code: raw.code.as_str().into(), label: raw.label.clone(), parent }
}

fn nature(raw: &RawNature) -> Nature {
    let (line, column) = (raw.line.as_str().into(), raw.column.as_str().into());
    Nature { line, column, kind: raw.kind, decimals: raw.decimals }
}

fn column(raw: &RawColumn, fixed: bool, form: &RawForm) -> Column {
    let role = raw.role.unwrap_or_default();
    let kind = raw.kind.unwrap_or(if role == Role::Figure { Kind::Flow } else { Kind::Text });
    Column {
        id: raw.id.as_str().into(),
        path: raw.path.clone(),
        variants: variants(&raw.path, form),
        role,
        kind,
        decimals: raw.decimals,
        decides: fixed && raw.kind.is_some(),
        signed: raw.signed,
        over: raw.over,
        exact: raw.exact,
        in_force: InForce { since: raw.since, until: raw.until },
        ..Column::default()
    }
}

fn list(raw: &RawItems, form: &RawForm) -> Items {
    let columns = raw
        .columns
        .iter()
        .map(|c| ItemColumn { role: c.role, captions: variants(std::slice::from_ref(&c.caption), form).concat() });
    Items { are: raw.are, columns: columns.collect() }
}

/// Every wording of a path that the caption list allows, the printed one first.
fn variants(path: &[String], form: &RawForm) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for caption in path {
        let others = form.captions.get(caption).map(Vec::as_slice).unwrap_or_default();
        let wordings: Vec<&String> = std::iter::once(caption).chain(others).collect();
        all = all
            .iter()
            .flat_map(|head| wordings.iter().map(move |w| head.iter().cloned().chain([(*w).clone()]).collect()))
            .collect();
    }
    all
}

fn line(file: &str, text: &str, raw: &RawLine) -> Result<Line, Complaint> {
    let wrong =
        |what: String| Complaint::at(file, text, text.find(&format!("code = \"{}\"", raw.code)).unwrap_or(0), what);
    let mut codes = std::collections::BTreeMap::new();
    for (code, meaning) in &raw.codes {
        let number =
            code.parse().map_err(|_| wrong(format!("code '{code}' of line {} is no whole number", raw.code)))?;
        codes.insert(number, meaning.clone());
    }
    let kind = raw.kind.unwrap_or_default();
    if (kind == Kind::Code) == codes.is_empty() {
        return Err(wrong(format!("line {}: kind 'code' and 'codes' go together", raw.code)));
    }
    Ok(Line {
        code: raw.code.as_str().into(),
        label: raw.label.clone(),
        variants: raw.variants.clone(),
        measure: raw.measure.clone(),
        kind,
        decimals: raw.decimals,
        signed: raw.signed,
        over: raw.over,
        exact: raw.exact,
        in_force: InForce { since: raw.since, until: raw.until },
        codes,
        tally: raw.tally.clone(),
    })
}

/// Adds to the rules written in templates those that follow from the kinds.
pub fn add_derived_rules(catalogue: &mut Catalogue) {
    let derived: Vec<Rule> = catalogue.forms.iter().flat_map(derived_rules).collect();
    catalogue.rules.extend(derived);
}

/// Those of one form.
pub fn derived_rules(form: &Form) -> Vec<Rule> {
    form.tables.iter().flat_map(|table| of_table(form, table)).collect()
}

/// What follows for figures: counted ones, all, those that can't be below nought, percentages, and cumulative ones. Name,
/// severity, what is said, and why.
const DERIVED: [(&str, Severity, &str, &str); 5] = [
    ("so-nguyen", Severity::Error, "là số nguyên", "số lượng đếm được là số nguyên"),
    (
        "cong-cac-ky",
        Severity::Warning,
        "số báo cáo cả kỳ = số cộng từ các kỳ trong đó",
        "mỗi chỉ tiêu cộng theo loại của nó",
    ),
    ("khong-am", Severity::Error, "từ 0 trở lên", "số lượng không thể âm"),
    ("0-den-100", Severity::Error, "từ 0 đến 100%", "tỷ lệ của một phần trong tổng số"),
    ("luy-ke-khong-giam", Severity::Warning, "không giảm so với kỳ trước trong năm", "số luỹ kế từ đầu năm"),
];

fn of_table(form: &Form, table: &Table) -> Vec<Rule> {
    // What was learned and nobody confirmed is no law.
    let most = if form.to_confirm().is_some() { Severity::Warning } else { Severity::Error };
    let rule = |name: &str, severity: Severity, kind: RuleKind, says: &str, basis: &str| {
        let part = if table.id.is_empty() { String::new() } else { format!("{}.", table.id) };
        Rule {
            id: format!("{}:{part}{name}", form.id).into(),
            form: form.id.clone(),
            table: table.id.clone(),
            severity: severity.max(most),
            kind,
            says: says.into(),
            basis: basis.into(),
        }
    };
    let at = |p: &Place| (p.line.clone().unwrap_or_default(), p.column.clone().unwrap_or_default());
    let signed = |p: &Place| table.is_signed(&at(p).0, &at(p).1);
    let whole = places(table, &|kind, decimals| counted(kind) && decimals == 0);
    let mut positive = places(table, &|kind, _| counted(kind));
    positive.retain(|p| !signed(p));
    let mut percentages = places(table, &|kind, _| kind.is_percentage());
    percentages.retain(|p| !signed(p) && !table.is_over(&at(p).0, &at(p).1));
    let cumulative = places(table, &|kind, _| kind == Kind::Cumulative);
    let range = |cells, max| RuleKind::Range { cells, min: Some(Figure::ZERO), max };
    let of_cells = |cells: Vec<Place>, kind: &dyn Fn(Vec<Place>) -> RuleKind| (!cells.is_empty()).then(|| kind(cells));
    let kinds = [
        of_cells(whole, &|cells| RuleKind::Whole { cells }),
        Some(RuleKind::AddsUp),
        of_cells(positive, &|cells| range(cells, None)),
        of_cells(percentages, &|cells| range(cells, Some(Figure::whole(100)))),
        of_cells(cumulative, &|cells| RuleKind::Rises { cells }),
    ];
    let found = DERIVED.into_iter().zip(kinds);
    let found = found
        .filter_map(|((name, severity, says, basis), kind)| kind.map(|kind| rule(name, severity, kind, says, basis)));
    let lines = match &table.lines {
        Lines::Fixed(lines) => &lines[..],
        Lines::Open { .. } => &[],
    };
    let codes = lines.iter().filter(|l| l.kind == Kind::Code).map(|line| {
        let cell = Place { line: Some(line.code.to_string()), ..Place::default() };
        let kind = RuleKind::OneOf { cell, codes: line.codes.keys().copied().collect() };
        rule(&format!("ma-{}", line.code), Severity::Error, kind, &line.legend(), "mã in ở cột Đơn vị tính")
    });
    found.chain(codes).collect()
}

/// The places of a table whose kind and decimals are such.
fn places(table: &Table, wanted: &dyn Fn(Kind, u8) -> bool) -> Vec<Place> {
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
            fit.map(|c| Place::of_column(&c.id)).collect()
        }
    }
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
