//! A drafted form as the text of a template, with what was guessed and what is left to decide in its comments.

use std::fmt::Write as _;

use super::{DraftForm, DraftLines, DraftTable, Guess, role_name};
use crate::model::Kind;
use crate::model::form::Role;

/// The template.
pub fn form(form: &DraftForm, id: &str) -> String {
    let heading = &form.heading;
    let mut text = String::new();
    let _ = writeln!(
        text,
        "# Bản nháp soạn từ sheet “{}”. “đoán”: máy đoán, đọc lại; “CẦN ĐIỀN”: người dùng phải quyết định.",
        one_line(&heading.sheet)
    );
    let _ = writeln!(
        text,
        "id = {}{}",
        quoted(id),
        if heading.code.is_some() { "" } else { " # CẦN ĐIỀN: biểu không in ký hiệu; đặt tên ngắn" }
    );
    let _ = writeln!(text, "code = {}", quoted(heading.code.as_deref().unwrap_or(id)));
    let title = if heading.title.is_empty() { &heading.sheet } else { &heading.title };
    let _ = writeln!(
        text,
        "title = {}{}",
        quoted(title),
        if heading.title.is_empty() {
            " # CẦN ĐIỀN: không thấy tên biểu, lấy tên sheet"
        } else {
            " # đoán: dòng tên biểu ở phần đầu"
        }
    );
    let _ = writeln!(
        text,
        "legal_basis = {}{}",
        quoted(&heading.legal_basis),
        if heading.legal_basis.is_empty() { " # CẦN ĐIỀN: văn bản ban hành biểu" } else { "" }
    );
    let _ = writeln!(text, "# CẦN ĐIỀN: valid_from = \"2026-01-01\" # ngày biểu có hiệu lực; valid_to nếu đã hết");
    let _ =
        writeln!(text, "marks = {} # CẦN ĐIỀN: chỉ giữ lời văn mà đơn vị nào, kỳ nào cũng in", list(&heading.marks()));
    let _ = writeln!(
        text,
        "\n# CẦN ĐIỀN: cách ghi khác của tiêu đề cột mà các đơn vị hay dùng\n[captions]\n\"STT\" = [\"TT\", \"Số TT\", \"Số thứ tự\"]"
    );
    for table in &form.tables {
        one_table(table, &mut text);
    }
    for rule in form.tables.iter().flat_map(|t| &t.rules) {
        text.push('\n');
        if let Some(remark) = &rule.remark {
            let _ = writeln!(text, "# {}", marked(remark));
        }
        let _ = writeln!(text, "[[rules]]\nid = {}\nkind = {}", quoted(&rule.id), quoted(rule.kind));
        if !rule.table.is_empty() {
            let _ = writeln!(text, "table = {}", quoted(&rule.table));
        }
        if rule.warning {
            text.push_str("severity = \"warning\"\n");
        }
        for line in &rule.body {
            let _ = writeln!(text, "{line}");
        }
        let _ = writeln!(text, "basis = {}", quoted(&rule.basis));
    }
    text
}

fn one_table(table: &DraftTable, text: &mut String) {
    text.push_str("\n[[tables]]\n");
    for (name, value) in [("id", &table.id), ("title", &table.title), ("measure", &table.measure)] {
        if !value.is_empty() {
            let _ = writeln!(text, "{name} = {}", quoted(value));
        }
    }
    if table.numbered {
        text.push_str("numbered = true\n");
    }
    if let DraftLines::Open { total } = table.lines {
        let unsure = if total { "" } else { "; CẦN ĐIỀN: true nếu biểu có hàng tổng cộng" };
        let _ = writeln!(text, "open = {{ total = {total} }} # đoán: mỗi hàng do đơn vị tự điền tên{unsure}");
    }
    text.push_str("columns = [\n");
    for column in &table.columns {
        let role = if column.role == Role::Figure {
            String::new()
        } else {
            format!("role = {}, ", quoted(role_name(column.role)))
        };
        let kind = column.kind.map(|k| format!("kind = {}, ", quoted(k.name()))).unwrap_or_default();
        let decimals = decimals(column.decimals);
        let _ = writeln!(
            text,
            "  {{ id = {}, {role}{kind}{decimals}path = {} }},{}",
            quoted(&column.id),
            list(&column.path),
            comment(&column.guess)
        );
    }
    text.push_str("]\n");
    if let DraftLines::Fixed(lines) = &table.lines {
        text.push_str("lines = [\n");
        for line in lines {
            let measure =
                if line.measure.is_empty() { String::new() } else { format!("measure = {}, ", quoted(&line.measure)) };
            let codes = line
                .codes
                .iter()
                .map(|(code, meaning)| format!("{} = {}", quoted(&code.to_string()), quoted(meaning)))
                .collect::<Vec<_>>()
                .join(", ");
            let codes = if codes.is_empty() { codes } else { format!("codes = {{ {codes} }}, ") };
            let decimals = decimals(if line.kind == Kind::Heading { 0 } else { line.decimals });
            let _ = writeln!(
                text,
                "  {{ code = {}, kind = {}, {measure}{decimals}{codes}label = {} }},{}",
                quoted(&line.code),
                quoted(line.kind.name()),
                quoted(&line.label),
                comment(&line.guess)
            );
        }
        text.push_str("]\n");
    }
}

fn decimals(n: u8) -> String {
    if n == 0 { String::new() } else { format!("decimals = {n}, ") }
}

fn comment(guess: &Guess) -> String {
    guess.as_ref().map(|g| format!(" # {}", marked(g))).unwrap_or_default()
}

/// Every guess says that it is one.
fn marked(guess: &str) -> String {
    let guess = one_line(guess);
    if guess.starts_with("đoán") || guess.starts_with("CẦN ĐIỀN") { guess } else { format!("đoán: {guess}") }
}

fn list(texts: &[String]) -> String {
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
