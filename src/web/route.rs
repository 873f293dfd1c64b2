//! A request taken apart, and the screen that answers it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use minijinja::Value;
use percent_encoding::percent_decode_str;

use super::state::{App, Notice, Shown};
use super::{forms, guard, inbox, outputs, questions, returns, send, start, totals, upload, view};
use crate::catalogue;
use crate::model::{Lang, Period};

/// Bytes of a form without files.
const FORM_BYTES: usize = 256 << 10;
/// Seconds that a request without files may take to arrive.
const FORM_SECONDS: u64 = 30;
/// Seconds that a page waits for news before it asks again.
const NEWS_SECONDS: u64 = 20;

/// What was asked for.
pub struct Asked {
    pub lang: Lang,
    pub post: bool,
    pub path: Vec<String>,
    query: Vec<(String, String)>,
    form: Vec<(String, String)>,
    cookie_period: Option<Period>,
}

/// What a screen answers.
pub enum Answer {
    /// A template and what it shows.
    Page(&'static str, Value),
    /// Somewhere else, after something was done.
    Go(String),
    /// A file to keep.
    File {
        name: String,
        bytes: Vec<u8>,
    },
    /// What went wrong, as a sentence, and where to go on.
    Wrong(String),
    /// A list or template of the workspace that nothing can be shown with until somebody mends it.
    Broken(String),
    NotFound,
}

impl Asked {
    /// A field of the address, or of the form.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut fields = self.form.iter().chain(&self.query);
        fields.find(|(own, _)| own == name).map(|(_, value)| value.as_str()).filter(|v| !v.is_empty())
    }

    /// The same, empty where it is not there.
    pub fn field(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// All of the form's fields of a name, in their order, empty ones too.
    pub fn all_kept(&self, name: &str) -> Vec<&str> {
        self.form.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str()).collect()
    }

    /// All fields of the form.
    pub fn fields(&self) -> &[(String, String)] {
        &self.form
    }

    /// All fields of the address.
    pub fn address_fields(&self) -> &[(String, String)] {
        &self.query
    }

    /// The period asked for, else the one worked on last, else the latest one of which most came.
    pub fn period(&self, shown: &Shown) -> Option<Period> {
        let asked = self.get("period").and_then(|p| p.parse().ok()).or(self.cookie_period);
        asked.or_else(|| shown.settings.period()).or_else(|| {
            let mut counts: std::collections::BTreeMap<Period, usize> = std::collections::BTreeMap::new();
            shown.outcome().returns.iter().for_each(|r| *counts.entry(r.period).or_default() += 1);
            let most = counts.values().copied().max()?;
            counts.into_iter().rev().find(|(_, n)| n * 2 >= most).map(|(period, _)| period)
        })
    }
}

/// All addresses of the page.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/files", post(upload::take))
        .route("/report/check", post(upload::report))
        .route("/events", get(events))
        .route("/static/{name}", get(asset))
        .fallback(page)
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(app.clone(), guard::guard))
        .with_state(app)
}

/// Any screen, or what its forms ask for.
async fn page(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let post = match parts.method {
        Method::POST => true,
        Method::GET | Method::HEAD => false,
        _ => return StatusCode::METHOD_NOT_ALLOWED.into_response(),
    };
    let form = match post {
        false => Vec::new(),
        true => {
            let bytes = small(body).await;
            match bytes {
                Some(bytes) => pairs(&String::from_utf8_lossy(&bytes)),
                None => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
            }
        }
    };
    let asked = asked(&app, &parts.headers, parts.uri.path(), parts.uri.query().unwrap_or_default(), post, form);
    answered(app, asked, answer).await
}

/// Runs what answers a request where it may take its time.
pub async fn answered(
    app: Arc<App>,
    asked: Asked,
    answer: impl FnOnce(&App, &Asked) -> Answer + Send + 'static,
) -> Response {
    let work = move || {
        let answer = answer(&app, &asked);
        respond(&app, &asked, answer)
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(response) => response,
        Err(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "Lỗi của chương trình; hãy tải lại trang. / A defect; load the page again.",
        )
            .into_response(),
    }
}

/// A request's parts.
pub fn asked(
    app: &App,
    headers: &HeaderMap,
    path: &str,
    query: &str,
    post: bool,
    form: Vec<(String, String)>,
) -> Asked {
    let query = pairs(query);
    let named = query.iter().find(|(name, _)| name == "lang").map(|(_, value)| value.as_str());
    let lang = match named.or_else(|| guard::cookie(headers, &app.own_cookie("lang"))) {
        Some("en") => Lang::En,
        Some("vi") => Lang::Vi,
        _ => app.lang,
    };
    let path = path.split('/').filter(|p| !p.is_empty());
    let path = path.map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect();
    let cookie_period = guard::cookie(headers, &app.own_cookie("period")).and_then(|p| p.parse().ok());
    Asked { lang, post, path, query, form, cookie_period }
}

fn answer(app: &App, asked: &Asked) -> Answer {
    let path: Vec<&str> = asked.path.iter().map(String::as_str).collect();
    // What needs no workspace.
    match (asked.post, &path[..]) {
        (true, ["start", "open"]) => return done(app, "/start", "/start", start::open(app, asked)),
        (false, ["start"]) => return start::page(app, asked),
        _ => {}
    }
    let shown = match app.shown(asked.lang) {
        Ok(Some(shown)) => shown,
        Ok(None) => return Answer::Go("/start".into()),
        Err(sentence) => return Answer::Broken(sentence),
    };
    let shown = &*shown;
    // Of a finding: on to the next one.
    let judged = |told| done(app, &next(asked, "/findings"), &returns::here(asked), told);
    match (asked.post, &path[..]) {
        (false, []) => Answer::Go(if shown.outcome().files.is_empty() { "/start" } else { "/inbox" }.into()),
        (true, ["start", "settings"]) => done(app, "/start", "/start", start::settings(app, asked, shown)),
        (true, ["start", "propose"]) => done(app, "/start", "/start", start::propose(app, shown)),
        (false, ["inbox"]) => inbox::page(asked, shown),
        (false, ["compare"]) => questions::compare(asked, shown),
        (true, ["choose"]) => {
            let place = next(asked, "/inbox");
            done(app, &place, &place, questions::choose(app, asked, shown, &place))
        }
        (false, ["ledger"]) => questions::ledger(shown),
        (false, ["findings"]) => returns::list(asked, shown),
        (false, ["return"]) => returns::page(asked, shown),
        (true, ["correct"]) => judged(returns::correct(app, asked, shown)),
        (true, ["undo"]) => {
            let place = next(asked, "/ledger");
            done(app, &place, &place, returns::undo(app, asked, shown))
        }
        (true, ["waive"]) => judged(returns::waive(app, asked, shown)),
        (true, ["hand-back"]) => judged(returns::hand_back(app, asked, shown)),
        (false, ["send"]) => send::page(asked, shown),
        (true, ["send", "make"]) => send::make(app, asked, shown),
        (true, ["send", "mark"]) => done(app, "/send", "/send", send::mark(app, asked, shown)),
        (false, ["send", "zip"]) => send::zip(asked, shown),
        (false, ["totals"]) => totals::page(asked, shown),
        (false, ["totals", "figure"]) => totals::figure(asked, shown),
        (false, ["report"]) => outputs::report(asked, shown),
        (true, ["report", "make"] | ["outputs", "make"]) => outputs::make(app, asked, shown),
        (false, ["forms"]) => forms::page(shown),
        (false, ["forms", "blank"]) => forms::blank(asked, shown),
        (true, ["forms", "try"]) => forms::try_out(app, asked, shown),
        (false, ["forms", "try" | "save"]) => Answer::Go(forms::place(asked)),
        (true, ["forms", "save"]) => {
            done(app, &forms::place(asked), &forms::place(asked), forms::save(app, asked, shown))
        }
        (false, ["forms", "one"]) => forms::one(asked, shown),
        (false, ["outputs"]) => outputs::page(asked, shown),
        (false, ["outputs", "file"]) => outputs::file(asked, shown),
        _ => Answer::NotFound,
    }
}

fn respond(app: &App, asked: &Asked, answer: Answer) -> Response {
    let lang = asked.lang;
    let mut response = match answer {
        Answer::Page(template, context) => html(StatusCode::OK, view::page(app, asked, template, context)),
        Answer::Go(place) => (StatusCode::SEE_OTHER, [(header::LOCATION, ascii(&place))]).into_response(),
        Answer::File { name, bytes } => file(&name, bytes),
        Answer::Wrong(words) => html(StatusCode::OK, view::wrong(app, asked, &words)),
        Answer::Broken(words) => html(StatusCode::OK, view::broken(app, asked, &words)),
        Answer::NotFound => html(
            StatusCode::NOT_FOUND,
            view::wrong(app, asked, lang.pick("Không có trang này.", "There is no such page.")),
        ),
    };
    let mut remember = |name: &str, value: &str| {
        let cookie = format!("{name}={value}; SameSite=Strict; Path=/; Max-Age=31536000");
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    };
    if !asked.post && asked.query.iter().any(|(name, _)| name == "lang") {
        remember(&app.own_cookie("lang"), lang.pick("vi", "en"));
    }
    if let Some(period) = asked.get("period").and_then(|p| p.parse::<Period>().ok()) {
        remember(&app.own_cookie("period"), &period.to_string());
    }
    response
}

fn html(status: StatusCode, text: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
}

/// A file to be kept, never shown within the page.
fn file(name: &str, bytes: Vec<u8>) -> Response {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' }).collect();
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", view::encoded(name));
    let kind = match name.rsplit('.').next().unwrap_or_default() {
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "zip" => "application/zip",
        "csv" => "text/csv; charset=utf-8",
        "json" => "application/json",
        _ => "application/octet-stream",
    };
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, bytes).into_response()
}

/// A style sheet or script of ours.
async fn asset(axum::extract::Path(name): axum::extract::Path<String>) -> Response {
    let kind = match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    match catalogue::web_file(&name) {
        Some(text) => {
            let text = text.into_owned();
            let kept = HeaderValue::from_static("private, max-age=3600");
            ([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CACHE_CONTROL, kept)], text)
                .into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// News for an open page: how far reading is, or that something changed since what it shows. One event an answer; the
/// browser asks again by itself.
async fn events(State(app): State<Arc<App>>, request: Request) -> Response {
    let query = pairs(request.uri().query().unwrap_or_default());
    let since = request.headers().get("last-event-id").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let since = since.or_else(|| query.into_iter().find(|(n, _)| n == "since").map(|(_, v)| v));
    let since: u64 = since.and_then(|s| s.parse().ok()).unwrap_or(0);
    let news = app.news.notified();
    if app.revision() <= since {
        let _ = tokio::time::timeout(std::time::Duration::from_secs(NEWS_SECONDS), news).await;
    }
    let [done, all] = [0, 1].map(|at| app.reading[at].load(std::sync::atomic::Ordering::Relaxed));
    let revision = app.revision();
    let text = format!("retry: 400\nid: {revision}\nevent: news\ndata: {revision} {done} {all}\n\n");
    let kind = HeaderValue::from_static("text/event-stream");
    let close = (HeaderName::from_static("cache-control"), HeaderValue::from_static("no-store"));
    ([(header::CONTENT_TYPE, kind), close], text).into_response()
}

/// Says something on the page that is shown next.
pub fn say(app: &App, place: &str, words: impl Into<String>) -> Answer {
    go(app, place, Notice::from(words.into()))
}

/// The same of something that went wrong.
pub fn complain(app: &App, place: &str, words: impl Into<String>) -> Answer {
    go(app, place, Notice { bad: true, ..Notice::from(words.into()) })
}

/// What was asked for was done, and it is said where one goes on; or what kept it from being done, where one came from.
fn done(app: &App, on: &str, back: &str, told: Result<Notice, String>) -> Answer {
    match told {
        Ok(notice) => go(app, on, notice),
        Err(sentence) => complain(app, back, sentence),
    }
}

/// Goes on with a sentence.
fn go(app: &App, place: &str, notice: Notice) -> Answer {
    let number = app.notice(notice);
    let sign = if place.contains('?') { '&' } else { '?' };
    Answer::Go(format!("{place}{sign}said={number}"))
}

/// A place on this page that a form names to go on to; nothing else is gone to.
pub fn next(asked: &Asked, otherwise: &str) -> String {
    let named =
        asked.get("next").filter(|n| n.starts_with('/') && !n.starts_with("//") && !n.contains(['\\', '\n', '\r']));
    named.unwrap_or(otherwise).to_owned()
}

/// An address as a header may hold it.
fn ascii(place: &str) -> String {
    place.chars().map(|c| if c.is_ascii_graphic() { c.to_string() } else { view::encoded(&c.to_string()) }).collect()
}

/// `a=1&b=2` taken apart.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// A small body, whole and in time.
async fn small(body: Body) -> Option<Vec<u8>> {
    let read = to_bytes(body, FORM_BYTES);
    let within = std::time::Duration::from_secs(FORM_SECONDS);
    tokio::time::timeout(within, read).await.ok()?.ok().map(|bytes| bytes.to_vec())
}
