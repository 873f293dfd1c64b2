//! The styles of an HTML page into the fonts and number formats they give to cells.

use std::collections::HashMap;

use super::super::limits::CLASSES;
use super::super::looks;

/// What a style says of a cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Style {
    pub(super) font: Option<String>,
    pub(super) format: Option<String>,
    pub(super) unshown: bool,
}

/// The styles of the page's classes, by name.
pub(super) fn classes(page: &str) -> HashMap<String, Style> {
    let mut found = HashMap::new();
    let mut rest = page;
    while let Some(at) = rest.find("<style").or_else(|| rest.find("<STYLE")) {
        rest = &rest[at + 6..];
        let end = rest.find("</style").or_else(|| rest.find("</STYLE")).unwrap_or(rest.len());
        for rule in rest[..end].split('}') {
            let Some((names, body)) = rule.split_once('{') else {
                continue;
            };
            for name in names.split(',').filter_map(|n| n.trim().rsplit_once('.')).map(|(_, n)| n) {
                if found.len() < CLASSES {
                    found.insert(name.trim().to_owned(), style(body));
                }
            }
        }
        rest = &rest[end..];
    }
    found
}

/// What is written between the braces, or in a tag's own `style`.
pub(super) fn style(body: &str) -> Style {
    let mut style = Style::default();
    for line in split_outside_quotes(body) {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim();
        match name.trim().to_lowercase().as_str() {
            "font-family" => {
                let first = value.split(',').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
                style.font = Some(first.to_owned()).filter(|f| !f.is_empty());
            }
            "mso-number-format" => {
                // Every sign that CSS might mistake is escaped.
                let code = value.trim_matches(['"', '\'']).replace("\\0022", "\"").replace('\\', "");
                style.format = Some(looks::named(&code).to_owned());
            }
            "display" => style.unshown = value.eq_ignore_ascii_case("none"),
            _ => {}
        }
    }
    style
}

fn split_outside_quotes(body: &str) -> impl Iterator<Item = &str> {
    let mut quote = None;
    body.split(move |c| {
        match quote {
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ => {}
        }
        c == ';' && quote.is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_give_font_and_format() {
        let page = r#"<style><!-- td {color:red} .xl65, td.xl66 {font-family:".VnTime", serif; mso-number-format:"0\.00%"; x:y} --></style>"#;
        let found = classes(page);
        assert_eq!(found["xl66"].font.as_deref(), Some(".VnTime"));
        assert_eq!(found["xl65"].format.as_deref(), Some("0.00%"));
        assert!(style("DISPLAY : none").unshown);
    }
}
