//! The report templates: the built-in ones and an official's own, what each is for, and how one is filled by minijinja.
//! A template is refused with its line where it could not be written out.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

use super::figures::{Figures, TRIAL};
use super::functions::{self, About, Said, Unknown};
use super::markup::{DIRECTIVES, escape};
use super::number::{Bound, Registry, Shared};
use crate::catalogue;
use crate::catalogue::Complaint;
use crate::model::{Catalogue, Period, Span};
use crate::normalise::text::{key, uncapitalised};
use crate::write::style::official_day;

/// The words that say what a template is for, at its head.
pub const HEADER: [&str; 4] = ["mau", "bieu", "cap", "tua-de"];
const LEVELS: [&str; 2] = ["tinh", "don-vi"];
/// The first day without districts.
const NO_DISTRICTS: NaiveDate = match NaiveDate::from_ymd_opt(2025, 7, 1) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// A report template.
#[derive(Debug, Clone, Default)]
pub struct Template {
    /// The file, as messages name it.
    pub file: String,
    /// The text, its header lines emptied so that line numbers stay.
    pub text: String,
    /// `kstt`: names the file written beside the main report.
    pub kind: String,
    /// Any of them at hand, and the report is written; none named: always.
    pub forms: Vec<Arc<str>>,
    /// `@bieu: *`: the forms that no other report is about.
    pub rest: bool,
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
        let trial = Arc::new(Figures::trial(catalogue));
        // Without the built-in forms (`--no-templates`) a report on them could not be written.
        let can_be_written = |text: &str| forms_named(text).all(|form| catalogue.form(form).is_some());
        for (name, text) in catalogue::reports().into_iter().filter(|(_, text)| can_be_written(text)) {
            made.add(name, text, &trial, own.is_empty())?;
        }
        for path in own {
            let name = path.display().to_string();
            let text = read(path)?;
            made.add(&name, &text, &trial, true)?;
        }
        Ok(made)
    }

    fn add(&mut self, file: &str, text: &str, trial: &Arc<Figures>, written: bool) -> Result<(), Complaint> {
        directives(file, text)?;
        let template = parse(file, text, &trial.catalogue)?;
        names(&template, &self.pieces)?;
        let named = file.rsplit(['/', '\\']).next().unwrap_or(file);
        if named.starts_with('_') {
            self.pieces.push((named.to_owned(), template.text));
            return Ok(());
        }
        try_out(&template, &self.pieces, trial)?;
        if written {
            self.reports.push(template);
        }
        Ok(())
    }

    /// The templates for the forms at hand, each with those it is about; about all where it names none.
    pub fn fitting(&self, alone: bool, at_hand: &[Arc<str>]) -> Vec<(&Template, Vec<Arc<str>>)> {
        let level = LEVELS[usize::from(alone)];
        let named = |form: &Arc<str>| self.reports.iter().any(|t| t.forms.contains(form));
        self.reports
            .iter()
            .filter(|t| t.level.as_deref().is_none_or(|l| l == level))
            .filter_map(|template| {
                let about = |form: &&Arc<str>| match template.rest {
                    true => !named(form),
                    false => template.forms.is_empty() || template.forms.contains(*form),
                };
                let about: Vec<Arc<str>> = at_hand.iter().filter(about).cloned().collect();
                let always = template.forms.is_empty() && !template.rest;
                (always || !about.is_empty()).then_some((template, about))
            })
            .collect()
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

/// The forms that a template's head names.
fn forms_named(text: &str) -> impl Iterator<Item = &str> {
    let heads = text.lines().filter_map(|line| line.trim().strip_prefix("@bieu:"));
    heads.flat_map(|list| list.split(',')).map(str::trim).filter(|form| !form.is_empty() && *form != "*")
}

fn parse(file: &str, text: &str, catalogue: &Catalogue) -> Result<Template, Complaint> {
    let mut made = Template { file: file.to_owned(), ..Template::default() };
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
            "bieu" if value == "*" => made.rest = true,
            "bieu" => {
                for form in forms_named(line) {
                    if catalogue.form(form).is_none() {
                        let known = catalogue.forms.iter().map(|f| &*f.id);
                        return Err(refuse(
                            form,
                            format!("không có biểu “{form}” trong danh mục"),
                            format!("there is no form “{form}” in the catalogue"),
                        )
                        .nearest(form, known));
                    }
                    made.forms.push(form.into());
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

/// Lines that begin with `@` name a part of the paper.
fn directives(file: &str, source: &str) -> Result<(), Complaint> {
    let mut offset = 0;
    for line in source.split_inclusive('\n') {
        if let Some(rest) = line.trim().strip_prefix('@') {
            let word = rest.split([' ', ':', '\t']).next().unwrap_or_default();
            let known = || DIRECTIVES.iter().chain(&HEADER).copied();
            // A macro that is called there begins with its own words.
            if !known().any(|k| k == word) {
                let at = offset + line.find('@').unwrap_or(0);
                let what = (format!("không có từ “@{word}”"), format!("there is no word “@{word}”"));
                return Err(Complaint::at(file, source, at, what).nearest(word, known()));
            }
        }
        offset += line.len();
    }
    Ok(())
}

/// Names a template may use without making them.
const GLOBALS: [&str; 3] = ["ky", "tinh", "don_vi"];
/// What minijinja brings along.
const BUILT_IN: [&str; 4] = ["range", "namespace", "loop", "caller"];

/// Whether a template can be read at all, and uses only names that there are.
fn names(template: &Template, pieces: &[(String, String)]) -> Result<(), Complaint> {
    let env = environment(pieces, template).map_err(|e| complaint(&e, template, pieces))?;
    let compiled = env.get_template(&template.file).map_err(|e| complaint(&e, template, pieces))?;
    let functions = || functions::OF_FORMS.iter().chain(&functions::OTHERS).copied();
    let known = |name: &str| GLOBALS.into_iter().chain(BUILT_IN).chain(functions()).any(|k| k == name);
    let mut strange: Vec<String> = compiled.undeclared_variables(false).into_iter().filter(|n| !known(n)).collect();
    strange.sort();
    let Some(name) = strange.first() else { return Ok(()) };
    let text = &template.text;
    let letter = |c: char| c.is_alphanumeric() || c == '_';
    let whole = |at: &usize| !text[..*at].ends_with(letter) && !text[at + name.len()..].starts_with(letter);
    let at = text.match_indices(name.as_str()).map(|(at, _)| at).find(whole).unwrap_or(0);
    let refuse = |vi: &str, en: &str| {
        let what = (format!("không có {vi} “{name}”"), format!("there is no {en} “{name}”"));
        Complaint::at(&template.file, text, at, what)
    };
    Err(match text[at..].strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('(')) {
        true => refuse("hàm", "function").nearest(name, functions()),
        false => refuse("tên", "name").nearest(name, GLOBALS),
    })
}

/// Fills a template before any figure is at hand: with a trial figure at every place, and every branch taken. Whatever cannot
/// be written out then is refused now: unknown forms, lines and columns, filters and tests.
fn try_out(template: &Template, pieces: &[(String, String)], trial: &Arc<Figures>) -> Result<(), Complaint> {
    let shared = Arc::new(Shared { figures: trial.clone(), registry: Registry::default() });
    let branches: Vec<(String, String)> =
        pieces.iter().map(|(name, text)| (name.clone(), every_branch(text))).collect();
    let whole = Template { text: every_branch(&template.text), ..template.clone() };
    let about = trial.catalogue.forms.iter().filter(|f| !f.overview.figures.is_empty()).map(|f| f.id.clone());
    filled(&whole, &branches, &shared, &About { said: Arc::new(Said::trial()), forms: about.take(1).collect() }, TRIAL)
        .map(drop)
        .map_err(|e| complaint(&e, template, pieces))
}

/// A template that walks through all its branches one after another: a condition is only worked out. Every character stays in
/// its place, so that what is refused is found in the template itself.
fn every_branch(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(open) = rest.find("{%") {
        let close = rest[open..].find("%}").map_or(rest.len(), |at| open + at + 2);
        out.push_str(&rest[..open]);
        out.push_str(&taken(&rest[open..close]));
        rest = &rest[close..];
    }
    out + rest
}

/// `{% if x %}` as `{% if[x]%}`, which holds whatever x is; `{% elif x %}` as `{%set _=x %}`; `{% else %}` as a comment.
fn taken(tag: &str) -> Cow<'_, str> {
    let Some(inside) = tag.strip_prefix("{%").and_then(|t| t.strip_suffix("%}")) else { return tag.into() };
    let start = inside.len() - inside.trim_start_matches(['-', ' ']).len();
    let (head, words) = inside.split_at(start);
    let end = words.trim_end_matches(['-', ' ']).len();
    let (words, tail) = words.split_at(end);
    match words.split_once(' ') {
        Some(("if", condition)) if tail.starts_with(' ') => format!("{{%{head}if[{condition}]{}%}}", &tail[1..]).into(),
        Some(("elif", condition)) if head.ends_with(' ') => {
            format!("{{%{}set _={condition}{tail}%}}", &head[..head.len() - 1]).into()
        }
        None if words == "else" => format!("{{#{head}{words}{tail}#}}").into(),
        _ => tag.into(),
    }
}

/// The report's text, in the mark-up.
pub fn render(
    template: &Template,
    pieces: &[(String, String)],
    shared: &Arc<Shared>,
    about: &About,
    period: Period,
) -> Result<String, Complaint> {
    filled(template, pieces, shared, about, period).map_err(|e| complaint(&e, template, pieces))
}

fn filled(
    template: &Template,
    pieces: &[(String, String)],
    shared: &Arc<Shared>,
    about: &About,
    period: Period,
) -> Result<String, Error> {
    let mut env = environment(pieces, template)?;
    functions::add(&mut env, shared, about);
    for (name, value) in globals(&shared.figures, period) {
        env.add_global(name, value);
    }
    env.get_template(&template.file)?.render(())
}

fn environment<'a>(pieces: &'a [(String, String)], template: &'a Template) -> Result<Environment<'a>, Error> {
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
        env.add_template(name, text)?;
    }
    env.add_template(&template.file, &template.text)?;
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
    let offset = error.range().map_or_else(
        || {
            let before = error.line().unwrap_or(1).saturating_sub(1);
            text.split_inclusive('\n').take(before).map(str::len).sum()
        },
        |r| r.start,
    );
    let at = |offset, what: (String, String)| Complaint::at(&file, text, offset, what);
    if let Some(unknown) = std::error::Error::source(inner).and_then(|s| s.downcast_ref::<Unknown>()) {
        let literal = ['"', '\''].map(|mark| format!("{mark}{}{mark}", unknown.given));
        let near = literal.iter().filter_map(|l| text.get(offset..)?.find(l.as_str())).min().filter(|at| *at < 200);
        let known = unknown.known.iter().map(String::as_str);
        return at(offset + near.map_or(0, |at| at + 1), (unknown.vi.clone(), unknown.en.clone()))
            .nearest(&unknown.given, known);
    }
    // "filter x is unknown"
    let name = reason.split_whitespace().nth(1).unwrap_or_default();
    match inner.kind() {
        ErrorKind::UnknownFilter => {
            let what = (format!("không có bộ lọc “{name}”"), format!("there is no filter “{name}”"));
            at(offset, what).nearest(name, functions::FILTERS)
        }
        ErrorKind::UnknownTest => {
            let what = (format!("không có phép thử “is {name}”"), format!("there is no test “is {name}”"));
            at(offset, what).nearest(name, functions::TESTS)
        }
        ErrorKind::SyntaxError => at(offset, (format!("không hiểu mẫu ở đây: {reason}"), reason)),
        ErrorKind::UndefinedError => {
            let vi = "không có tên này, hoặc nó không có số liệu ở kỳ này: hỏi trước bằng {% if … %}";
            at(offset, (vi.to_owned(), reason))
        }
        _ => at(offset, (reason.clone(), reason)),
    }
}

/// What a template calls `ky`, `tinh` and `don_vi`.
pub fn globals(figures: &Figures, period: Period) -> Vec<(&'static str, Value)> {
    let alone = figures.alone.as_ref();
    let unit = alone.map(|code| unit(figures, code));
    vec![
        ("ky", texts(&period_words(period))),
        ("tinh", texts(&province(figures))),
        ("don_vi", unit.map_or(Value::from(()), |u| texts(&u))),
    ]
}

type Texts = BTreeMap<&'static str, String>;

fn texts(map: &Texts) -> Value {
    Value::from_pairs(map.iter().map(|(name, text)| (*name, text.as_str())))
}

fn period_words(period: Period) -> Texts {
    let (start, end) = period.days();
    let month = end.month();
    // A leading zero for January and February only (Nghị định 30/2020/NĐ-CP, Phụ lục I).
    let month_words = if month < 3 { format!("0{month}") } else { month.to_string() };
    let longer = !matches!(period.span, Span::Month(_) | Span::Quarter(_));
    BTreeMap::from([
        ("ten", period.in_vietnamese()),
        ("thuong", in_a_sentence(period)),
        ("hoa", period.in_vietnamese().to_uppercase()),
        ("tu", official_day(start)),
        ("den", official_day(end)),
        ("thang", month_words),
        ("nam", period.year.to_string()),
        ("sau", in_a_sentence(next(period))),
        ("sau_hoa", next(period).in_vietnamese().to_uppercase()),
        ("truoc", period.previous().map(in_a_sentence).unwrap_or_default()),
        ("cung_ky", in_a_sentence(period.a_year_before())),
        ("loai", kind(period).to_owned()),
        // There are no districts since 1 July 2025 (Luật Tổ chức chính quyền địa phương 2025).
        ("huyen", if start < NO_DISTRICTS { "1".to_owned() } else { String::new() }),
        ("dai", if longer { "1".to_owned() } else { String::new() }),
    ])
}

/// `quý III năm 2023`.
fn in_a_sentence(period: Period) -> String {
    uncapitalised(&period.in_vietnamese())
}

/// What is planned for in a report: the next quarter, the second half, the next year.
fn next(period: Period) -> Period {
    let (year, span) = (period.year, period.span);
    match span {
        Span::Month(12) => Period::new(year + 1, Span::Month(1)),
        Span::Month(m) => Period::new(year, Span::Month(m + 1)),
        Span::Quarter(4) => Period::new(year + 1, Span::Quarter(1)),
        Span::Quarter(q) => Period::new(year, Span::Quarter(q + 1)),
        Span::Half(1) => Period::new(year, Span::Half(2)),
        Span::NineMonths => Period::new(year, Span::Quarter(4)),
        Span::Half(_) | Span::Year => Period::new(year + 1, Span::Year),
    }
}

const fn kind(period: Period) -> &'static str {
    match period.span {
        Span::Month(_) => "thang",
        Span::Quarter(_) => "quy",
        Span::Half(_) => "6-thang",
        Span::NineMonths => "9-thang",
        Span::Year => "nam",
    }
}

/// The province, of `UBND tỉnh Quảng Minh`; blanks where nothing names it.
fn province(figures: &Figures) -> Texts {
    let name = figures.province.as_deref().unwrap_or_default();
    let words: Vec<&str> = name.split_whitespace().collect();
    let city = key(name).contains("thanh pho");
    let skipped = ["ubnd", "uy", "ban", "nhan", "dan", "tinh", "thanh", "pho"];
    let own = words.iter().position(|w| !skipped.contains(&key(w).as_str())).map(|at| words[at..].join(" "));
    let own = own.unwrap_or_else(|| "……".to_owned());
    let kind = if city { "thành phố" } else { "tỉnh" };
    BTreeMap::from([
        ("ten", own.clone()),
        ("cap", kind.to_owned()),
        ("day_du", format!("{kind} {own}")),
        ("hoa", format!("{kind} {own}").to_uppercase()),
    ])
}

/// The department that writes.
fn unit(figures: &Figures, code: &str) -> Texts {
    let name = figures.units.name(code).to_owned();
    let listed = figures.units.get(code).is_some();
    // The letters after `Số: …/BC-` are a code that units.csv gives; none is made up.
    let sign = if listed && code.chars().all(|c| c.is_alphabetic() || c == '-') {
        code.to_owned()
    } else {
        "……".to_owned()
    };
    BTreeMap::from([("hoa", name.to_uppercase()), ("ky_hieu", sign), ("ten", name)])
}
