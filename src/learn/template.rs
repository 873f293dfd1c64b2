//! A learned form as the text of a template, with the ground for each thing in its comments, and what is open as
//! questions; and the form of a template that a person has confirmed.
//!
//! The sheets of a confirmed form are placed as they were when it was learned, by aligning all of them, and read as its
//! template says. What recognition alone makes of a sheet stands where that fails.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use super::Grounds;
use super::columns::{LearnedColumn, Use};
use super::draft::{Draft, DraftTable};
use super::lines::{Body, LearnedLine};
use super::rules::{Ground, Support};
use super::unclaimed::Unclaimed;
use crate::model::form::{InForce, Role};
use crate::model::{Catalogue, Form, Kind, KindGround, Lines, Period, Table};
use crate::normalise::text::key;

/// A rule as a template writes it.
#[derive(Debug, Clone)]
pub struct DraftRule {
    pub id: String,
    pub kind: &'static str,
    pub body: Vec<String>,
    pub ground: Ground,
    pub support: Support,
    /// What it says, in words.
    pub says: String,
}

impl DraftRule {
    pub fn new(
        kind: &'static str,
        id: &str,
        body: Vec<String>,
        ground: Ground,
        support: Support,
        says: String,
    ) -> Self {
        // A rule that is tried on many lines gets the line behind a dot.
        Self { id: id.replace('.', "_"), kind, body, ground, support, says }
    }
}

/// The template. Without rules it is what figures are read by before anything is known of them.
pub fn template(draft: &Draft, with_rules: bool, grounds: Grounds<'_>) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "# Học được từ {} sheet của {} đơn vị. Đọc lại, sửa chỗ sai, trả lời các câu hỏi, rồi ghi confirmed = true.",
        draft.sheets, draft.offices
    );
    for question in draft.questions.iter().filter(|_| with_rules) {
        let _ = writeln!(text, "# CÂU HỎI: {}", one_line(question));
    }
    let _ = writeln!(text, "id = {}", quoted(&draft.id));
    let _ = writeln!(text, "code = {}", quoted(&draft.code));
    let _ = writeln!(text, "title = {}", quoted(&draft.title));
    let _ = writeln!(text, "legal_basis = {}", quoted(&draft.legal_basis));
    let _ = writeln!(text, "marks = {}", list(&draft.marks));
    let _ = writeln!(text, "learned = {{ offices = {}, sheets = {} }}", draft.offices, draft.sheets);
    let _ = writeln!(text, "confirmed = false");
    captions(draft, &mut text);
    for table in &draft.tables {
        one_table(table, with_rules, grounds, &mut text);
    }
    for table in draft.tables.iter().filter(|_| with_rules) {
        table.rules.iter().for_each(|rule| one_rule(rule, &table.id, &mut text));
    }
    text
}

/// Other wordings of single captions, where a path differs in one of them.
fn captions(draft: &Draft, text: &mut String) {
    let mut known: Vec<(String, Vec<String>)> = Vec::new();
    for column in draft.tables.iter().flat_map(|t| &t.columns.list) {
        for other in column.others.iter().filter(|o| o.len() == column.path.len()) {
            for (own, theirs) in column.path.iter().zip(other).filter(|(a, b)| a != b) {
                match known.iter_mut().find(|(k, _)| k == own) {
                    Some((_, list)) if list.contains(theirs) || list.len() >= 6 => {}
                    Some((_, list)) => list.push(theirs.clone()),
                    None => known.push((own.clone(), vec![theirs.clone()])),
                }
            }
        }
    }
    if !known.is_empty() {
        text.push_str("\n[captions]\n");
    }
    for (own, theirs) in known {
        let _ = writeln!(text, "{} = {}", quoted(&own), list(&theirs));
    }
}

fn one_table(table: &DraftTable, with_rules: bool, grounds: Grounds<'_>, text: &mut String) {
    text.push_str("\n[[tables]]\n");
    for (name, value) in [("id", &table.id), ("title", &table.title), ("measure", &table.measure)] {
        if !value.is_empty() {
            let _ = writeln!(text, "{name} = {}", quoted(value));
        }
    }
    if table.columns.numbered {
        text.push_str("numbered = true\n");
    }
    let fixed = matches!(table.lines.body, Body::Fixed(_));
    if let Body::Open { total, sections } = &table.lines.body {
        let own: Vec<String> = sections
            .iter()
            .map(|s| {
                let parent = s.parent.map_or(String::new(), |p| format!(", parent = {}", quoted(&sections[p].code)));
                format!("{{ code = {}, label = {}{parent} }}", quoted(&s.code), quoted(&s.label))
            })
            .collect();
        let own = if own.is_empty() { String::new() } else { format!(", sections = [{}]", own.join(", ")) };
        let _ = writeln!(text, "open = {{ total = {total}{own} }}");
    }
    text.push_str("columns = [\n");
    for column in &table.columns.list {
        one_column(column, fixed, with_rules, grounds, text);
    }
    text.push_str("]\n");
    if let Body::Fixed(lines) = &table.lines.body {
        text.push_str("lines = [\n");
        for line in lines {
            one_line_of(line, with_rules, grounds, text);
        }
        text.push_str("]\n");
    }
}

fn one_column(column: &LearnedColumn, fixed: bool, with_rules: bool, grounds: Grounds<'_>, text: &mut String) {
    let role = match column.role {
        Use::Figure => "",
        Use::Ordinal => "role = \"ordinal\", ",
        Use::Label => "role = \"label\", ",
        Use::Measure => "role = \"measure\", ",
        Use::Code | Use::Note => "role = \"note\", ",
    };
    let path = if column.path.is_empty() { "[\"\"]".to_owned() } else { list(&column.path) };
    let _ = write!(text, "  {{ id = {}, {role}", quoted(&column.id));
    if column.role == Use::Figure {
        let kind = before_rules(column.kind, with_rules);
        // In a form with fixed lines a column that says nothing of its kind leaves it to the lines.
        if !fixed || !column.is_question() {
            let _ = write!(text, "kind = {}, ", quoted(kind.name()));
        }
        if column.decimals > 0 {
            let _ = write!(text, "decimals = {}, ", column.decimals);
        }
        flags(column.signed, column.over && column.kind.is_percentage(), column.exact, text);
        text.push_str(&in_force(column.in_force));
    }
    let ground = comment(&column.ground, with_rules, grounds);
    let _ = writeln!(text, "path = {path} }},{ground}");
}

fn one_line_of(line: &LearnedLine, with_rules: bool, grounds: Grounds<'_>, text: &mut String) {
    let kind = before_rules(line.kind, with_rules);
    let _ = write!(text, "  {{ code = {}, kind = {}, ", quoted(&line.id), quoted(kind.name()));
    if !line.measure.is_empty() {
        let _ = write!(text, "measure = {}, ", quoted(&line.measure));
    }
    if line.decimals > 0 && !matches!(line.kind, Kind::Heading | Kind::Code) {
        let _ = write!(text, "decimals = {}, ", line.decimals);
    }
    if line.kind == Kind::Code {
        let codes = line.codes.iter().map(|(code, meaning)| format!("{code} = {}", quoted(meaning)));
        let _ = write!(text, "codes = {{ {} }}, ", codes.collect::<Vec<_>>().join(", "));
    }
    flags(line.signed, line.over && line.kind.is_percentage(), line.exact, text);
    text.push_str(&in_force(line.in_force));
    if !line.others.is_empty() {
        let _ = write!(text, "variants = {}, ", list(&line.others));
    }
    let ground = comment(&line.ground, with_rules, grounds);
    let _ = writeln!(text, "label = {} }},{ground}", quoted(&line.label));
}

/// The ground of a kind, behind the column or line.
fn comment(ground: &KindGround, with_rules: bool, grounds: Grounds<'_>) -> String {
    match ground {
        KindGround::None => String::new(),
        _ if !with_rules => String::new(),
        ground => format!(" # {}", one_line(&grounds(ground))),
    }
}

/// Before the rules are known nothing can be a total or a quotient.
fn before_rules(kind: Kind, with_rules: bool) -> Kind {
    match kind {
        Kind::Ratio if !with_rules => Kind::Percent,
        Kind::Total | Kind::Rate if !with_rules => Kind::Open,
        kind => kind,
    }
}

fn flags(signed: bool, over: bool, exact: bool, text: &mut String) {
    for (name, is_set) in [("signed", signed), ("over", over), ("exact", exact)] {
        text.push_str(&if is_set { format!("{name} = true, ") } else { String::new() });
    }
}

fn in_force(of: InForce) -> String {
    let period = |name: &str, period: Option<Period>| period.map_or(String::new(), |p| format!("{name} = \"{p}\", "));
    period("since", of.since) + &period("until", of.until)
}

fn one_rule(rule: &DraftRule, table: &str, text: &mut String) {
    let support = match rule.support.rows() {
        0 => "chưa có số liệu để thử".to_owned(),
        rows => format!("đúng ở {}/{rows} hàng", rule.support.held),
    };
    let basis = match rule.ground {
        Ground::Printed => "in trên biểu".to_owned(),
        ground => {
            let from = match ground {
                Ground::Formula => "công thức của các đơn vị",
                Ground::Figures => "suy từ số liệu",
                _ => "suy từ tiêu đề cột, mã dòng",
            };
            format!("{from}: {support}")
        }
    };
    let _ = writeln!(text, "\n# {}; {support}", one_line(&rule.says));
    let id = if table.is_empty() { rule.id.clone() } else { format!("{}-{}", table.to_lowercase(), rule.id) };
    let _ = writeln!(text, "[[rules]]\nid = {}\nkind = {}", quoted(&id), quoted(rule.kind));
    if !table.is_empty() {
        let _ = writeln!(text, "table = {}", quoted(table));
    }
    if rule.ground != Ground::Printed {
        text.push_str("severity = \"warning\"\n");
    }
    for line in &rule.body {
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(text, "basis = {}", quoted(&basis));
}

pub fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|t| quoted(t)).collect::<Vec<_>>().join(", "))
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A TOML string.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in one_line(text).chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

/// The confirmed form that most of the sheets of a family were taken for, if any was.
pub fn form_of<'a>(pages: &BTreeSet<usize>, sheets: &[Unclaimed], known: &'a Catalogue) -> Option<&'a Form> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for form in pages.iter().filter_map(|page| sheets[*page].claimed.as_deref()) {
        *counts.entry(form).or_default() += 1;
    }
    let (form, _) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    known.form(form)
}

/// Calls the tables, columns and lines of a draft as the confirmed form has them; false where it has other ones.
pub fn fitted(draft: &mut Draft, form: &Form) -> bool {
    draft.id = form.id.to_string();
    let fits = |draft: &mut DraftTable| form.tables.iter().find(|t| *t.id == *draft.id).is_some_and(|t| fit(draft, t));
    draft.tables.iter_mut().all(fits)
}

fn fit(draft: &mut DraftTable, table: &Table) -> bool {
    let path = |path: &[String]| path.iter().map(|p| key(p)).collect::<Vec<_>>().join("|");
    let figures: Vec<_> = table.columns.iter().filter(|c| c.role == Role::Figure).collect();
    let of_path: HashMap<String, &str> = figures.iter().map(|c| (path(&c.path), &*c.id)).collect();
    let of_id: BTreeSet<&str> = figures.iter().map(|c| &*c.id).collect();
    for column in draft.columns.list.iter_mut().filter(|c| c.role == Use::Figure) {
        match of_path.get(&path(&column.path)) {
            Some(id) => (*id).clone_into(&mut column.id),
            None if of_id.contains(column.id.as_str()) => {}
            None => return false,
        }
    }
    match (&mut draft.lines.body, &table.lines) {
        (Body::Open { sections, .. }, Lines::Open { .. }) => {
            sections.iter().all(|own| table.sections.iter().any(|s| *s.code == *own.code))
        }
        (Body::Fixed(own), Lines::Fixed(lines)) => {
            let codes: BTreeMap<&str, String> = lines.iter().map(|l| (&*l.code, key(&l.label))).collect();
            own.iter().all(|line| codes.get(line.id.as_str()).is_some_and(|label| *label == key(&line.label)))
        }
        _ => false,
    }
}
