//! Why a template or units.csv is refused: file, line, the line itself with a caret, and what was probably meant; and where in
//! the templates a rule is written.

use std::fmt;

use rapidfuzz::distance::jaro_winkler;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::model::{Lang, Rule};

/// Letters of a line that are shown.
const LONGEST: usize = 200;

/// A refused template or list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    pub file: String,
    /// Line and column, from 1, and the line's text.
    pub at: Option<(usize, usize, String)>,
    what: Box<Sentence>,
    /// The name that was probably meant.
    pub meant: Option<String>,
}

/// A complaint in English and, about what clerks write, in Vietnamese; templates are written by engineers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    vietnamese: Option<String>,
    english: String,
}

impl From<&str> for Sentence {
    fn from(english: &str) -> Self {
        english.to_owned().into()
    }
}

impl From<String> for Sentence {
    fn from(english: String) -> Self {
        Self { vietnamese: None, english }
    }
}

/// Vietnamese first.
impl<V: Into<String>, E: Into<String>> From<(V, E)> for Sentence {
    fn from((vietnamese, english): (V, E)) -> Self {
        Self { vietnamese: Some(vietnamese.into()), english: english.into() }
    }
}

impl Complaint {
    /// About a file as a whole.
    pub fn about(file: &str, what: impl Into<Sentence>) -> Self {
        Self { file: file.into(), at: None, what: Box::new(what.into()), meant: None }
    }

    /// About a place in a file, given by its byte offset.
    pub fn at(file: &str, text: &str, offset: usize, what: impl Into<Sentence>) -> Self {
        let offset = offset.min(text.len());
        let before = &text[..text.floor_char_boundary(offset)];
        let start = before.rfind('\n').map_or(0, |i| i + 1);
        let line = text[start..].lines().next().unwrap_or_default();
        let column = before[start..].chars().count() + 1;
        // Of a very long line what stands around the place.
        let from = column.saturating_sub(LONGEST / 2).min(column - 1);
        let line = line.chars().skip(from).take(LONGEST).collect();
        Self { at: Some((before.matches('\n').count() + 1, column, line)), ..Self::about(file, what) }
    }

    /// The same with the nearest of the known names as a hint.
    pub fn nearest<'a>(mut self, wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let scored =
            known.into_iter().map(|name| (jaro_winkler::normalized_similarity(wrong.chars(), name.chars()), name));
        let best = scored.filter(|(score, _)| *score > 0.7).max_by(|a, b| a.0.total_cmp(&b.0));
        self.meant = best.map(|(_, name)| name.to_owned());
        self
    }

    /// The complaint in the user's language.
    pub fn said(&self, lang: Lang) -> String {
        lang.pick(self.in_vietnamese(), self.to_string())
    }

    pub fn in_vietnamese(&self) -> String {
        match &self.what.vietnamese {
            Some(what) => self.shown(what, "có phải ý là"),
            None => self.to_string(),
        }
    }

    fn shown(&self, what: &str, meant: &str) -> String {
        let mut said = self.file.clone();
        if let Some((line, column, _)) = &self.at {
            said += &format!(":{line}:{column}");
        }
        said += &format!(": {what}");
        if let Some((line, column, text)) = &self.at {
            let number = line.to_string();
            let gap = " ".repeat(number.len());
            let before = " ".repeat((column - 1).min(LONGEST / 2 - 1));
            said += &format!("\n{gap} |\n{number} | {text}\n{gap} | {before}^");
        }
        if let Some(name) = &self.meant {
            said += &format!("\n  {meant} '{name}'?");
        }
        said
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown(&self.what.english, "did you mean"))
    }
}

impl std::error::Error for Complaint {}

/// Parses TOML strictly.
pub fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Complaint> {
    toml::from_str(text).map_err(|error| {
        let message = error.message();
        let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        let span = error.span().unwrap_or(0..0);
        let unknown = message.starts_with("unknown");
        let wrong = quoted.first().filter(|_| unknown);
        let offset = wrong.and_then(|word| find_word(text, span.start, word)).unwrap_or(span.start);
        let complaint = Complaint::at(file, text, offset, message.lines().next().unwrap_or_default());
        match wrong {
            Some(wrong) => complaint.nearest(wrong, quoted[1..].iter().copied()),
            None => complaint,
        }
    })
}

/// Where a word stands by itself, from an offset on.
fn find_word(text: &str, from: usize, word: &str) -> Option<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text[from..].match_indices(word).map(|(i, _)| from + i).find(|&i| {
        !text[..i].chars().next_back().is_some_and(part) && !text[i + word.len()..].chars().next().is_some_and(part)
    })
}

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
pub fn place_of<'a>(rule: &Rule, sources: &'a [(String, String)]) -> Option<(&'a str, &'a str, usize)> {
    let own = rule.id.strip_prefix(&*rule.form)?.strip_prefix(':')?;
    sources.iter().rev().find_map(|(file, text)| {
        let ids: Ids = toml::from_str(text).ok()?;
        let rules = (ids.id == *rule.form).then_some(ids.rules)?;
        let written = rules.iter().find(|r| r.get_ref().id == own)?;
        Some((file.as_str(), text.as_str(), written.span().start))
    })
}
