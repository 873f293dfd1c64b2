//! What a screen says into HTML: the templates of `templates/web/`, each text in both languages beside each other. Every
//! value is escaped; what comes from a file is text and nothing else.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use minijinja::value::Serde;
use minijinja::{Environment, HtmlEscape, Value, context};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::route::Asked;
use super::state::{App, Shown};
use crate::catalogue;
use crate::model::{Lang, Outcome, Period, Severity, Span};

/// A screen's page.
pub fn page(app: &App, asked: &Asked, template: &str, context: Value) -> String {
    let shell = shell(app, asked);
    rendered(asked.lang, template, context! { ..context, ..shell })
}

/// A page that says what went wrong and what to do.
pub fn wrong(app: &App, asked: &Asked, words: &str) -> String {
    page(app, asked, "wrong.html", context! { words })
}

/// A page that says which list or template is broken, and shows everything again once it is mended.
pub fn broken(app: &App, asked: &Asked, words: &str) -> String {
    page(app, asked, "wrong.html", context! { words, broken => true })
}

fn rendered(lang: Lang, template: &str, context: Value) -> String {
    let made = match cfg!(debug_assertions) {
        // Built for development: as the files are now.
        true => environment(lang).get_template(template).and_then(|t| t.render(context)),
        false => kept(lang).get_template(template).and_then(|t| t.render(context)),
    };
    made.unwrap_or_else(|error| {
        let mut text = format!("{error:#}");
        let mut cause = std::error::Error::source(&error);
        while let Some(inner) = cause {
            text.push_str(&format!("\n{inner:#}"));
            cause = inner.source();
        }
        format!("<!doctype html><meta charset=utf-8><title>tonghop</title><pre>{}</pre>", HtmlEscape(&text))
    })
}

/// The templates, read once a language.
fn kept(lang: Lang) -> &'static Environment<'static> {
    static BOTH: [OnceLock<Environment<'static>>; 2] = [OnceLock::new(), OnceLock::new()];
    BOTH[lang.pick(0, 1)].get_or_init(|| environment(lang))
}

fn environment(lang: Lang) -> Environment<'static> {
    let mut environment = Environment::new();
    for (name, text) in catalogue::web_templates() {
        // A template that is broken shows where it is used.
        let _ = environment.add_template_owned(name, text.into_owned());
    }
    environment.add_function("t", move |vi: Value, en: Value| lang.pick(vi, en));
    environment.add_filter("q", |text: String| encoded(&text));
    environment.add_global("lang", lang.pick("vi", "en"));
    environment
}

/// What stands around every screen.
fn shell(app: &App, asked: &Asked) -> Value {
    let shown = app.shown(asked.lang).ok().flatten();
    let notice = asked.get("said").and_then(|n| n.parse().ok()).and_then(|n| app.noticed(n));
    let here = asked.path.first().cloned().unwrap_or_default();
    let mut base = context! {
        notice => notice.map(|notice| Value::from(Serde(notice))),
        revision => app.revision(),
        here => here.as_str(),
        other_lang => asked.lang.pick("en", "vi"),
        self_place => place(asked),
    };
    if let Some(shown) = shown {
        base = context! { ..shell_of(asked, &shown), ..base };
    }
    base
}

fn shell_of(asked: &Asked, shown: &Arc<Shown>) -> Value {
    let outcome = shown.outcome();
    let period = asked.period(shown);
    let open = |severity: Severity| open(outcome, period, severity);
    let name = shown.workspace.root().file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let province = match shown.settings.province.as_str() {
        "" => outcome.province().unwrap_or(name),
        named => named.to_owned(),
    };
    context! {
        province,
        period => period.map(|p| p.to_string()),
        period_name => period.map(|p| period_name(p, shown.lang)),
        period_days => period.map(|p| days(p, shown)),
        periods => periods(shown, period),
        files => outcome.files.len(),
        errors => open(Severity::Error),
        warnings => open(Severity::Warning),
        questions => super::questions::questions(shown, period).len(),
        new_forms => super::forms::new_forms(shown).count(),
        remarks => shown.run.remarks.clone(),
        opened => true,
    }
}

/// Findings of a period that nobody has answered for.
pub fn open(outcome: &Outcome, period: Option<Period>, severity: Severity) -> usize {
    let within = |p: Option<Period>| period.is_none_or(|whole| p.is_none_or(|p| whole.holds(p)));
    outcome.findings.iter().filter(|f| f.severity == severity && f.waived.is_none() && within(f.period)).count()
}

/// `Quý III năm 2023`, `Quarter III 2023`.
pub fn period_name(period: Period, lang: Lang) -> String {
    lang.pick(period.in_vietnamese(), english(period))
}

fn english(period: Period) -> String {
    let year = period.year;
    match period.span {
        Span::Month(m) => format!("{year}-{m:02}"),
        Span::Quarter(q) => format!("Quarter {q}, {year}"),
        Span::Half(1) => format!("First half of {year}"),
        Span::Half(_) => format!("Second half of {year}"),
        Span::NineMonths => format!("Nine months of {year}"),
        Span::Year => format!("Year {year}"),
    }
}

/// Its days, and its deadline where the office set one.
fn days(period: Period, shown: &Shown) -> String {
    let (first, last) = period.days();
    let mut text = format!("{} – {}", first.format("%-d/%-m/%Y"), last.format("%-d/%-m/%Y"));
    if let Some(day) = shown.settings.deadline(period) {
        text.push_str(
            &shown
                .lang
                .pick(format!(" · hạn gửi {}", day.format("%-d/%-m")), format!(" · due {}", day.format("%-d/%-m"))),
        );
    }
    text
}

/// The periods on buttons: those of the year for which anything came, and the longer ones that they add up to.
fn periods(shown: &Shown, now: Option<Period>) -> Vec<Value> {
    let known = shown.periods();
    let year = now.map(|p| p.year).or_else(|| known.last().map(|p| p.year));
    let Some(year) = year else { return Vec::new() };
    let monthly = known.iter().any(|p| p.year == year && matches!(p.span, Span::Month(_)));
    let mut spans: Vec<Span> = Vec::new();
    if monthly {
        spans.extend((1..=12).map(Span::Month).filter(|span| known.contains(&Period::new(year, *span))));
    }
    spans.extend((1..=4).map(Span::Quarter));
    spans.extend([Span::Half(1), Span::NineMonths, Span::Year]);
    let of = |span: Span| {
        let period = Period::new(year, span);
        let name = match span {
            Span::Month(m) => shown.lang.pick(format!("T{m}"), format!("M{m}")),
            Span::Quarter(q) => {
                let roman = ["I", "II", "III", "IV"][usize::from(q.clamp(1, 4) - 1)];
                shown.lang.pick(format!("Quý {roman}"), format!("Q{q}"))
            }
            Span::Half(_) => shown.lang.pick("6 tháng", "Half").to_owned(),
            Span::NineMonths => shown.lang.pick("9 tháng", "9 months").to_owned(),
            Span::Year => shown.lang.pick("Năm", "Year").to_owned(),
        };
        let any = known.iter().any(|p| period.holds(*p));
        context! { id => period.to_string(), name, now => Some(period) == now, any }
    };
    spans.into_iter().map(of).collect()
}

/// The years for which anything came, and whether one is shown.
pub fn years(shown: &Shown, now: Option<Period>) -> Vec<Value> {
    let mut years: Vec<i32> = shown.periods().iter().map(|p| p.year).collect();
    years.dedup();
    years.into_iter().map(|year| context! { year, now => now.is_some_and(|p| p.year == year) }).collect()
}

/// This page's own address, without what only the last answer said.
fn place(asked: &Asked) -> String {
    let path: Vec<String> = asked.path.iter().map(|p| encoded(p)).collect();
    let fields = asked.address_fields().iter().filter(|(name, _)| !matches!(name.as_str(), "said" | "lang"));
    let query: Vec<String> = fields.map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    format!("/{}?{}", path.join("/"), query.join("&"))
}

/// A text as an address may hold it.
pub fn encoded(text: &str) -> String {
    const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(text, &RESERVED).to_string()
}

/// Where a received sheet is shown.
pub fn sheet(file: &str, sheet: &str) -> String {
    format!("/return?file={}&sheet={}", encoded(file), encoded(sheet))
}

/// The names of a folder's files and folders, in their order, but hidden ones.
pub fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|n| !n.starts_with('.'));
    names.sort();
    names
}

/// `II.06a`, `BM3`: what people call a form.
pub fn short(form: &str) -> &str {
    form.trim_start_matches("CCHC/").split('/').next().unwrap_or_default()
}
