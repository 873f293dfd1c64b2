//! A learned template's text: the ground for each column and line, which stands in its comments, and the answers of a
//! person to what it leaves open. With these it is a template like any other.

use std::collections::BTreeMap;

/// A column or line of a template.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its table's id, empty where the form has one table.
    pub table: String,
    /// A line, not a column.
    pub line: bool,
    pub id: String,
}

/// The ground that a template gives for each column and line, in its comments.
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
        let column = line.strip_prefix("  { id = \"").map(|rest| (false, rest));
        let own = column.or_else(|| line.strip_prefix("  { code = \"").map(|rest| (true, rest)));
        let place = |(line, rest): (bool, &str)| Place { table: table.clone(), line, id: until_quote(rest) };
        let changed = own.and_then(|own| change(place(own), line));
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
        let column = |id: &str| Place { table: String::new(), line: false, id: id.to_owned() };
        let kinds = [(column("9"), "stock".to_owned())].into();
        let text = answered(TEMPLATE, &kinds);
        assert!(text.contains("{ id = \"9\", kind = \"stock\", path"), "{text}");
        assert!(text.contains("confirmed = true") && !text.contains("CÂU HỎI") && text.contains("kind = \"total\""));
        assert_eq!(grounds(TEMPLATE)[&column("3")], "đúng ở 213/214 hàng");
    }
}
