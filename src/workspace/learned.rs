//! What a learned form leaves open, answered by a person: the answers go into the form's template, which is then a
//! template like any other.

use std::collections::BTreeMap;

/// A column or line of a template's text: its table's id and its own.
pub type Place = (String, String);

/// The ground that a template gives for each column and line, in its comments.
#[must_use]
pub fn grounds(template: &str) -> BTreeMap<Place, String> {
    let mut grounds = BTreeMap::new();
    each(template, &mut |place, line| {
        if let Some((_, ground)) = line.rsplit_once("}, # ") {
            grounds.insert(place, ground.trim().to_owned());
        }
        None
    });
    grounds
}

/// The template with the kinds that a person gave, confirmed.
#[must_use]
pub fn answered(template: &str, kinds: &BTreeMap<Place, String>) -> String {
    let with_kinds = each(template, &mut |place, line| {
        let kind = kinds.get(&place)?;
        let (before, rest) = line.split_once("kind = \"")?;
        let (_, after) = rest.split_once('"')?;
        Some(format!("{before}kind = \"{kind}\"{after}"))
    });
    let kept = with_kinds.lines().filter(|line| !line.starts_with("# CÂU HỎI:"));
    let confirmed = kept.map(|line| if line.trim() == "confirmed = false" { "confirmed = true" } else { line });
    confirmed.collect::<Vec<_>>().join("\n") + "\n"
}

/// Goes through the lines of columns and lines; what `change` gives stands in their place.
fn each(template: &str, change: &mut dyn FnMut(Place, &str) -> Option<String>) -> String {
    let mut table = String::new();
    let mut out = String::with_capacity(template.len());
    for line in template.lines() {
        if line.trim() == "[[tables]]" {
            table.clear();
        } else if let Some(id) = line.strip_prefix("id = \"") {
            table = until_quote(id);
        }
        let own = line.strip_prefix("  { id = \"").or_else(|| line.strip_prefix("  { code = \""));
        let changed = own.and_then(|rest| change((table.clone(), until_quote(rest)), line));
        out.push_str(changed.as_deref().unwrap_or(line));
        out.push('\n');
    }
    out
}

/// The text up to the quote that ends it.
fn until_quote(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => out.extend(letters.next()),
            '"' => break,
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "# CÂU HỎI: cột (9)?\nid = \"01/BC-YT\"\nconfirmed = false\n\n[[tables]]\nopen = { total = true }\ncolumns = [\n  { id = \"3\", kind = \"total\", path = [\"Tổng\"] }, # đúng ở 213/214 hàng\n  { id = \"9\", kind = \"open\", path = [\"Giường \\\"thực kê\\\"\"] },\n]\n";

    #[test]
    fn an_answer_goes_to_its_column_and_the_rest_stays() {
        let kinds = [((String::new(), "9".to_owned()), "stock".to_owned())].into();
        let text = answered(TEMPLATE, &kinds);
        assert!(text.contains("{ id = \"9\", kind = \"stock\", path"), "{text}");
        assert!(text.contains("confirmed = true") && !text.contains("CÂU HỎI") && text.contains("kind = \"total\""));
        assert_eq!(grounds(TEMPLATE)[&(String::new(), "3".to_owned())], "đúng ở 213/214 hàng");
    }
}
