//! The report templates: the built-in ones and an official's own, each with what it is for.

use std::fs;
use std::path::{Path, PathBuf};

use super::judge;
use crate::catalogue::{self, Complaint};
use crate::model::Catalogue;

/// The words that say what a template is for, at its head.
pub const HEADER: [&str; 4] = ["mau", "bieu", "cap", "tua-de"];
const LEVELS: [&str; 2] = ["tinh", "don-vi"];

/// A report template.
#[derive(Debug, Clone)]
pub struct Template {
    /// The file, as messages name it.
    pub file: String,
    /// The text, its header lines emptied so that line numbers stay.
    pub text: String,
    /// `kstt`: names the file written beside the main report.
    pub kind: String,
    /// Any of them at hand, and the report is written; none named: always.
    pub forms: Vec<String>,
    /// `tinh` or `don-vi`; both where it is not said.
    pub level: Option<String>,
    pub title: String,
}

/// All templates that may be written, in their order, and the pieces they import.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    pub reports: Vec<Template>,
    /// (name, text) of files without a header: macros.
    pub pieces: Vec<(String, String)>,
}

impl Templates {
    /// The built-in templates; where an official has own ones, those in their place. Each is judged against the catalogue.
    ///
    /// # Errors
    /// The first template that could not be written out, with its line.
    pub fn load(catalogue: &Catalogue, own: &[PathBuf]) -> Result<Self, Complaint> {
        let mut made = Self::default();
        for (name, text) in catalogue::reports() {
            made.add(name, text, catalogue, own.is_empty())?;
        }
        for path in own {
            let name = path.display().to_string();
            let text = read(path)?;
            made.add(&name, &text, catalogue, true)?;
        }
        Ok(made)
    }

    fn add(&mut self, file: &str, text: &str, catalogue: &Catalogue, written: bool) -> Result<(), Complaint> {
        judge::judge(file, text, catalogue)?;
        let template = parse(file, text, catalogue)?;
        super::render::compile(&template, &self.pieces)?;
        let named = file.rsplit(['/', '\\']).next().unwrap_or(file);
        if named.starts_with('_') {
            self.pieces.push((named.to_owned(), template.text));
        } else if written {
            self.reports.push(template);
        }
        Ok(())
    }

    /// The templates for what is at hand.
    pub fn fitting<'a>(&'a self, alone: bool, has: &'a dyn Fn(&str) -> bool) -> impl Iterator<Item = &'a Template> {
        let level = LEVELS[usize::from(alone)];
        self.reports
            .iter()
            .filter(move |t| t.level.as_deref().is_none_or(|l| l == level))
            .filter(move |t| t.forms.is_empty() || t.forms.iter().any(|f| has(f)))
    }
}

fn read(path: &Path) -> Result<String, Complaint> {
    let name = path.display().to_string();
    let bytes = fs::read(path).map_err(|e| {
        let what = (format!("không đọc được mẫu báo cáo: {e}"), format!("the report template can't be read: {e}"));
        Complaint::about(&name, what)
    })?;
    String::from_utf8(bytes).map(|text| text.trim_start_matches('\u{feff}').replace("\r\n", "\n")).map_err(|_| {
        let what = (
            "mẫu báo cáo phải lưu theo UTF-8 (Notepad: Save as, Encoding: UTF-8)",
            "the report template must be saved as UTF-8",
        );
        Complaint::about(&name, what)
    })
}

fn parse(file: &str, text: &str, catalogue: &Catalogue) -> Result<Template, Complaint> {
    let mut made = Template {
        file: file.to_owned(),
        text: String::new(),
        kind: String::new(),
        forms: Vec::new(),
        level: None,
        title: String::new(),
    };
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let directive = line.trim().strip_prefix('@');
        let (word, value) = directive.and_then(|d| d.split_once(':')).map_or(("", ""), |(w, v)| (w.trim(), v.trim()));
        let refuse = |wrong: &str, vi: String, en: String| {
            let at = offset + line.find(wrong).unwrap_or(0);
            Complaint::at(file, text, at, (vi, en))
        };
        match word {
            "mau" => value.clone_into(&mut made.kind),
            "tua-de" => value.clone_into(&mut made.title),
            "cap" if LEVELS.contains(&value) => made.level = Some(value.to_owned()),
            "cap" => {
                return Err(refuse(
                    value,
                    format!("cấp “{value}” không có: ghi tinh hoặc don-vi"),
                    format!("there is no level “{value}”: write tinh or don-vi"),
                ));
            }
            "bieu" => {
                for form in value.split(',').map(str::trim).filter(|f| !f.is_empty()) {
                    if catalogue.form(form).is_none() {
                        let known = catalogue.forms.iter().map(|f| &*f.id);
                        return Err(refuse(
                            form,
                            format!("không có biểu “{form}” trong danh mục"),
                            format!("there is no form “{form}” in the catalogue"),
                        )
                        .nearest(form, known));
                    }
                    made.forms.push(form.to_owned());
                }
            }
            _ => made.text.push_str(line.trim_end_matches('\n')),
        }
        if line.ends_with('\n') {
            made.text.push('\n');
        }
        offset += line.len();
    }
    Ok(made)
}
