//! `tonghop forms`: the forms known, or one form's tables, rules and the cells that no rule can tell apart.

use std::fmt::Write as _;

use super::args::{FormsArgs, FormsCommand, Input};
use super::{End, draft, indistinguishable, run, say};
use crate::model::{Catalogue, Form, Lang, Lines};

pub fn run(args: &FormsArgs) -> Result<End, String> {
    match &args.command {
        Some(FormsCommand::Draft(args)) => return draft::run(args),
        Some(FormsCommand::Learn(args)) => return super::learn::run(args),
        Some(FormsCommand::Blank(args)) => return super::blank::run(args),
        None => {}
    }
    let lang = args.common.lang();
    let catalogue = match args.paths.is_empty() {
        true => run::load(&args.common)?,
        false => run::gather(&Input::of(args.paths.clone(), args.common.clone()))?.catalogue,
    };
    let text = match &args.id {
        None => catalogue.forms.iter().map(|f| format!("{:18} {}\n", f.id, f.title)).collect(),
        Some(id) => one(find(&catalogue, id).ok_or_else(|| unknown(&catalogue, id, lang))?, &catalogue, lang),
    };
    say::out(&text);
    Ok(End::Clean)
}

/// By its whole id, or by the part that people say: `II.06a`, `BM3`.
pub fn find<'a>(catalogue: &'a Catalogue, id: &str) -> Option<&'a Form> {
    let said = id.to_lowercase();
    let part = |f: &&Form| f.id.to_lowercase().split('/').any(|p| p == said);
    catalogue.form(id).or_else(|| catalogue.forms.iter().find(part))
}

pub fn unknown(catalogue: &Catalogue, id: &str, lang: Lang) -> String {
    let known = catalogue.forms.iter().map(|f| &*f.id).collect::<Vec<_>>().join(", ");
    lang.pick(
        format!("Không có biểu '{id}'. Các biểu đã biết: {known}."),
        format!("There is no form '{id}'. Known: {known}."),
    )
}

fn one(form: &Form, catalogue: &Catalogue, lang: Lang) -> String {
    let mut text = format!("{} — {}\n{}\n", form.id, form.title, form.legal_basis);
    if form.learned.is_some() {
        return text + &super::learn::words(form, catalogue, lang);
    }
    for table in &form.tables {
        if !table.title.is_empty() {
            let _ = writeln!(text, "\n{}", table.title);
        }
        text.push('\n');
        match &table.lines {
            Lines::Fixed(lines) => {
                for line in lines {
                    let _ = writeln!(
                        text,
                        "  {:8} {:11} {} {}",
                        line.code,
                        line.kind.name(),
                        line.label,
                        bracket(&line.measure)
                    );
                }
            }
            Lines::Open { .. } => {
                for column in &table.columns {
                    let _ = writeln!(text, "  ({:2}) {:11} {}", column.id, column.kind.name(), column.path.join(" › "));
                }
            }
        }
    }
    let _ = writeln!(text, "\n{}:", lang.pick("Quy tắc kiểm tra", "Rules"));
    for rule in catalogue.rules.iter().filter(|r| r.form == form.id) {
        let _ = writeln!(
            text,
            "  {} [{}, {}]\n      {}\n      {}",
            rule.id,
            rule.kind.name(),
            lang.pick(rule.severity.in_vietnamese(), rule.severity.name()),
            rule.says,
            rule.basis
        );
    }
    text + &indistinguishable::words(catalogue, form, lang)
}

fn bracket(measure: &str) -> String {
    if measure.is_empty() { String::new() } else { format!("[{measure}]") }
}
