//! A template and the figures into the report's text, by minijinja; its complaints in the user's words, with the line.

use std::sync::Arc;

use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, syntax::SyntaxConfig};

use super::bound::{Bound, Shared};
use super::findings::Said;
use super::markup::escape;
use super::template::Template;
use super::{context, functions, judge};
use crate::catalogue::Complaint;
use crate::model::Period;

/// Names a template may use without making them.
const GLOBALS: [&str; 3] = ["ky", "tinh", "don_vi"];

/// Whether a template can be read at all, and uses only names that there are.
pub fn compile(template: &Template, pieces: &[(String, String)]) -> Result<(), Complaint> {
    let env = environment(pieces, template)?;
    let compiled = env.get_template(&template.file).map_err(|e| complaint(&e, template, pieces))?;
    let known = |name: &String| {
        GLOBALS.contains(&name.as_str())
            || functions::OF_FORMS.contains(&name.as_str())
            || functions::OTHERS.contains(&name.as_str())
            || matches!(name.as_str(), "range" | "namespace" | "loop" | "caller")
    };
    let mut strange: Vec<String> =
        compiled.undeclared_variables(false).into_iter().filter(|name| !known(name)).collect();
    strange.sort();
    match strange.first() {
        None => Ok(()),
        Some(name) => {
            let at = judge::first(&template.text, name);
            let what = (format!("không có tên “{name}”"), format!("there is no name “{name}”"));
            Err(Complaint::at(&template.file, &template.text, at, what).nearest(name, GLOBALS))
        }
    }
}

/// The report's text, in the mark-up.
pub fn render(
    template: &Template,
    pieces: &[(String, String)],
    shared: &Arc<Shared>,
    said: Arc<Said>,
    period: Period,
) -> Result<String, Complaint> {
    let mut env = environment(pieces, template)?;
    functions::add(&mut env, shared, said);
    for (name, value) in context::globals(&shared.figures, period) {
        env.add_global(name, value);
    }
    env.get_template(&template.file).and_then(|t| t.render(())).map_err(|e| complaint(&e, template, pieces))
}

fn environment<'a>(pieces: &'a [(String, String)], template: &'a Template) -> Result<Environment<'a>, Complaint> {
    let mut env = Environment::new();
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true);
    env.set_syntax(syntax.build().unwrap_or_default());
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_debug(true);
    // What a macro returns is text already laid out; what else is printed is a value.
    env.set_auto_escape_callback(|_| AutoEscape::Custom("docx".into()));
    env.set_formatter(|out, _, value| {
        let printed = if value.is_safe() || value.downcast_object_ref::<Bound>().is_some() {
            value.to_string()
        } else {
            match value.kind() {
                ValueKind::String => escape(value.as_str().unwrap_or_default()),
                ValueKind::Number => return Err(loose()),
                _ => return Err(not_text(value)),
            }
        };
        out.write_str(&printed).map_err(Error::from)
    });
    for (name, text) in pieces {
        env.add_template(name, text).map_err(|e| complaint(&e, template, pieces))?;
    }
    env.add_template(&template.file, &template.text).map_err(|e| complaint(&e, template, pieces))?;
    Ok(env)
}

fn loose() -> Error {
    Error::new(
        ErrorKind::InvalidOperation,
        "một số in ra ở đây không gắn với số liệu tổng hợp nào; dùng so(…), ty_le(…), thay_doi(…) hoặc dem(…)",
    )
}

fn not_text(value: &Value) -> Error {
    let what = if value.is_undefined() || value.is_none() {
        "ở đây không có gì để in: kiểm tra tên, hoặc hỏi trước bằng {% if … %}"
    } else {
        "ở đây phải là chữ hoặc một số liệu, không phải danh sách"
    };
    Error::new(ErrorKind::InvalidOperation, what)
}

/// Where it broke: in the template itself or in a piece it imports.
fn complaint(error: &Error, template: &Template, pieces: &[(String, String)]) -> Complaint {
    let mut inner = error;
    // The innermost cause names the place; what stands around it only says how one got there.
    while let Some(source) = std::error::Error::source(inner).and_then(|s| s.downcast_ref::<Error>()) {
        inner = source;
    }
    let (file, text) = match error.name().filter(|n| *n != template.file) {
        Some(name) => match pieces.iter().find(|(piece, _)| piece == name) {
            Some((_, text)) => (format!("templates/reports/{name}"), text.as_str()),
            None => (template.file.clone(), template.text.as_str()),
        },
        None => (template.file.clone(), template.text.as_str()),
    };
    let reason = inner.detail().map_or_else(|| inner.kind().to_string(), str::to_owned);
    let what = match inner.kind() {
        ErrorKind::SyntaxError => format!("không hiểu mẫu ở đây: {reason}"),
        ErrorKind::UndefinedError => {
            "không có tên này, hoặc nó không có số liệu ở kỳ này: hỏi trước bằng {% if … %}".to_owned()
        }
        _ => reason.clone(),
    };
    let offset = error.range().map_or_else(
        || {
            let before = error.line().unwrap_or(1).saturating_sub(1);
            text.split_inclusive('\n').take(before).map(str::len).sum()
        },
        |r| r.start,
    );
    Complaint::at(&file, text, offset, (what, reason))
}
