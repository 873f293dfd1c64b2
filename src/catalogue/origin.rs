//! A rule into the place in the templates where it is written.

use serde::Deserialize;

use crate::model::Rule;

#[derive(Deserialize)]
struct Ids {
    id: String,
    #[serde(default)]
    rules: Vec<toml::Spanned<RuleId>>,
}

#[derive(Deserialize)]
struct RuleId {
    id: String,
}

/// Name and text of the template and the rule's byte offset in it; a later template replaces an earlier one. What a
/// column's kind brings with it is written nowhere.
pub fn of_rule<'a>(rule: &Rule, sources: &'a [(String, String)]) -> Option<(&'a str, &'a str, usize)> {
    let own = rule.id.strip_prefix(&*rule.form)?.strip_prefix(':')?;
    sources.iter().rev().find_map(|(file, text)| {
        let ids: Ids = toml::from_str(text).ok()?;
        let rules = (ids.id == *rule.form).then_some(ids.rules)?;
        let written = rules.iter().find(|r| r.get_ref().id == own)?;
        Some((file.as_str(), text.as_str(), written.span().start))
    })
}
