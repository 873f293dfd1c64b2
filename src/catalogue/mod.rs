//! Turns `templates/` and units.csv into the forms, rules, lists and units known. What is broken is refused with file,
//! line, caret and the nearest name ([`Complaint`]).
//!
//! A template has the shape of [`raw`]; [`build`] makes a form of it, with its [`rules`] and what it gives the province's
//! workbook ([`overview`]); a learned one has grounds ([`grounds`]). Then all rules are judged
//! together ([`consistency`]), as claims over named places; [`analyse`] tells which cells of a form no sum tells apart. The
//! lists that people keep in Excel are read by [`list`]: units.csv and waivers.csv in [`units`]; [`settings`] is tonghop.toml.

pub mod analyse;
mod build;
mod complaint;
mod consistency;
pub mod grounds;
mod list;
mod overview;
mod raw;
mod rules;
pub mod settings;
mod units;

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use include_dir::{Dir, include_dir};

pub use complaint::Complaint;
pub use consistency::{Filled, Spot, claims};
pub use list::{List, Row};
pub use settings::Settings;
pub use units::{load_units, load_waivers, parse_units};

use crate::model::form::Vocabulary;
use crate::model::{Catalogue, Form, Rule};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    fields: std::collections::BTreeMap<String, Vec<String>>,
}

/// The built-in templates, and those of a further folder: `forms/*.toml` or `*.toml` in it. A form there replaces a
/// built-in one of the same id.
pub fn load(further: Option<&Path>) -> Result<Catalogue, Complaint> {
    load_with(true, further)
}

/// The same, with the built-in templates or without.
pub fn load_with(built_in_too: bool, further: Option<&Path>) -> Result<Catalogue, Complaint> {
    let own = built_in("forms").into_iter().filter(|_| built_in_too);
    let mut sources: Vec<(String, String)> = own.map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    sources.extend(further.map(read_folder).transpose()?.unwrap_or_default());
    let mut forms: Vec<(Form, Vec<Rule>)> = Vec::new();
    for (name, text) in &sources {
        let (form, rules) = build::form(name, text)?;
        forms.retain(|(known, _)| known.id != form.id);
        forms.push((form, rules));
    }
    let mut catalogue = Catalogue { words: words()?, ..Catalogue::default() };
    for (form, rules) in forms {
        catalogue.forms.push(form);
        catalogue.rules.extend(rules);
    }
    build::add_derived_rules(&mut catalogue);
    rules::check_places(&catalogue, &sources)?;
    consistency::judge(&catalogue, &sources)?;
    Ok(catalogue)
}

/// The form of a template that was learned, with its rules and those that follow from its kinds.
pub fn learned(name: &str, text: &str) -> Result<(Form, Vec<Rule>), Complaint> {
    let (form, mut rules) = build::form(name, text)?;
    rules.extend(build::derived_rules(&form));
    Ok((form, rules))
}

/// The built-in report templates, in their order: name and text. What begins with `_` is there to be imported, and comes first.
pub fn reports() -> Vec<(&'static str, &'static str)> {
    let mut found = built_in("reports");
    found.retain(|(name, _)| name.ends_with(".txt"));
    found.sort_by_key(|(name, _)| !name.contains("/_"));
    found
}

/// The page's templates, by name.
pub fn web_templates() -> Vec<(&'static str, Cow<'static, str>)> {
    let own = |(name, _): (&'static str, &'static str)| name.strip_prefix("web/").filter(|n| n.ends_with(".html"));
    built_in("web").into_iter().filter_map(own).filter_map(|name| Some((name, web_file(name)?))).collect()
}

/// One of the page's templates, style sheets or scripts. A build for development takes it from the folder itself, so that
/// the page is changed without compiling.
pub fn web_file(name: &str) -> Option<Cow<'static, str>> {
    let built_in = BUILT_IN.get_file(format!("web/{name}"))?.contents_utf8()?;
    if cfg!(debug_assertions) {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/web/");
        if let Ok(text) = fs::read_to_string(format!("{path}{name}")) {
            return Some(Cow::Owned(text));
        }
    }
    Some(Cow::Borrowed(built_in))
}

fn words() -> Result<Vocabulary, Complaint> {
    let text = |name: &'static str| BUILT_IN.get_file(name).and_then(|f| f.contents_utf8()).unwrap_or_default();
    let mut words: Vocabulary = complaint::parse("words.toml", text("words.toml"))?;
    words.phrases = complaint::parse("prose.toml", text("prose.toml"))?;
    words.learn = complaint::parse("learn.toml", text("learn.toml"))?;
    words.fields = complaint::parse::<Fields>("fields.toml", text("fields.toml"))?.fields;
    Ok(words)
}

fn built_in(folder: &str) -> Vec<(&'static str, &'static str)> {
    let files = BUILT_IN.get_dir(folder).map(|d| d.files()).into_iter().flatten();
    let mut files: Vec<_> = files.filter_map(|f| Some((f.path().to_str()?, f.contents_utf8()?))).collect();
    files.sort_unstable();
    files
}

fn read_folder(folder: &Path) -> Result<Vec<(String, String)>, Complaint> {
    let forms = folder.join("forms");
    let folder = if forms.is_dir() { forms } else { folder.to_path_buf() };
    let listing = fs::read_dir(&folder)
        .map_err(|e| Complaint::about(&folder.display().to_string(), format!("the folder can't be read: {e}")))?;
    let mut paths: Vec<_> = listing
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "toml"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name = path.display().to_string();
            let text =
                fs::read_to_string(&path).map_err(|e| Complaint::about(&name, format!("it can't be read: {e}")))?;
            Ok((name, text))
        })
        .collect()
}
