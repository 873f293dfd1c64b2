//! Files that are dropped or chosen into the inbox, piece by piece, so that none is ever held in memory whole.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::OwnedSemaphorePermit;

use super::outputs;
use super::route::{self, Answer, Asked, complain, say};
use super::state::App;
use crate::model::Lang;
use crate::read::limits;
use crate::workspace::receive::{self, Received};
use crate::workspace::{self, Workspace, sent};

/// Bytes of one file; a run takes in no larger one.
const FILE_BYTES: u64 = limits::FILE_BYTES as u64;
/// Bytes of one hand-over: a folder of a whole province.
const ALL_BYTES: u64 = 768 << 20;
/// Files of one hand-over.
const MOST_FILES: usize = 5_000;
/// Seconds that a hand-over may take, and that it may stand still.
const SECONDS: u64 = 900;
const STILL_SECONDS: u64 = 20;

/// Why a file was not taken in.
enum Refused {
    TooLarge(String),
    Still,
    Broken,
    Wrong(String),
}

/// Takes in what is handed over.
pub async fn take(State(app): State<Arc<App>>, request: Request) -> Response {
    let asked = asked(&app, &request);
    let lang = asked.lang;
    let Some(workspace) = app.workspace() else {
        return answer(app, asked, |app, asked| {
            complain(app, "/start", asked.lang.pick("Chọn thư mục làm việc trước.", "Choose a workspace first."))
        })
        .await;
    };
    let (_place, mut parts) = match handed_over(&app, request, lang).await {
        Ok(parts) => parts,
        Err(refused) => return refused,
    };
    let within = Duration::from_secs(SECONDS);
    let taken = tokio::time::timeout(within, all(&workspace, &mut parts, lang)).await;
    let (received, known, refused) = taken.unwrap_or_else(|_| (Vec::new(), 0, vec![still(lang)]));
    if !received.is_empty() {
        app.changed();
    }
    answer(app, asked, move |app, asked| said(app, asked, &received, known, &refused)).await
}

/// A report that somebody edited, to be held against the figures.
pub async fn report(State(app): State<Arc<App>>, request: Request) -> Response {
    let asked = asked(&app, &request);
    let lang = asked.lang;
    let Some(workspace) = app.workspace() else { return StatusCode::CONFLICT.into_response() };
    let (_place, mut parts) = match handed_over(&app, request, lang).await {
        Ok(parts) => parts,
        Err(refused) => return refused,
    };
    let within = Duration::from_secs(SECONDS);
    let arrived = tokio::time::timeout(within, async {
        while let Ok(Some(mut field)) = parts.next_field().await {
            let Some(name) = field.file_name().filter(|n| !n.is_empty()).map(str::to_owned) else { continue };
            let at = receive::arriving(&workspace, number());
            return Some((name, write(&mut field, &at, FILE_BYTES, lang).await.map(|_| at)));
        }
        None
    })
    .await;
    answer(app, asked, move |app, asked| match arrived {
        Ok(Some((name, Ok(path)))) => outputs::keep(app, asked, &name, &path),
        Ok(Some((name, Err(refused)))) => complain(app, "/report", words(&name, &refused, asked.lang)),
        _ => complain(app, "/report", asked.lang.pick("Chưa chọn tệp báo cáo.", "No report was chosen.")),
    })
    .await
}

fn asked(app: &App, request: &Request) -> Asked {
    let uri = request.uri();
    route::asked(app, request.headers(), uri.path(), uri.query().unwrap_or_default(), true, Vec::new())
}

async fn answer(app: Arc<App>, asked: Asked, with: impl FnOnce(&App, &Asked) -> Answer + Send + 'static) -> Response {
    route::answered(app, asked, with).await
}

/// The files of a request, once one of the few places for a hand-over is free.
async fn handed_over(app: &App, request: Request, lang: Lang) -> Result<(OwnedSemaphorePermit, Multipart), Response> {
    if too_large(request.headers()) {
        return Err(refused_at_once(lang));
    }
    let place = app.uploads.clone().acquire_owned().await;
    let place = place.map_err(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())?;
    let parts = Multipart::from_request(request, &()).await;
    Ok((place, parts.map_err(|_| StatusCode::BAD_REQUEST.into_response())?))
}

fn too_large(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|l| l.to_str().ok()).and_then(|l| l.parse::<u64>().ok());
    length.is_some_and(|l| l > ALL_BYTES)
}

fn refused_at_once(lang: Lang) -> Response {
    let most = ALL_BYTES >> 20;
    let words = lang.pick(
        format!("Một lần chỉ nhận đến {most} MB; chia thành nhiều lần."),
        format!("At most {most} MB at once; hand it over in parts."),
    );
    (StatusCode::PAYLOAD_TOO_LARGE, [(header::CONNECTION, "close")], words).into_response()
}

/// Every file of a hand-over: what came, how many were known, and what was refused.
async fn all(workspace: &Workspace, parts: &mut Multipart, lang: Lang) -> (Vec<String>, usize, Vec<String>) {
    let (mut received, mut known, mut refused) = (Vec::new(), 0, Vec::new());
    let mut left = ALL_BYTES;
    let mut files = 0;
    loop {
        let next = tokio::time::timeout(Duration::from_secs(STILL_SECONDS), parts.next_field()).await;
        let mut field = match next {
            Ok(Ok(Some(field))) => field,
            Ok(Ok(None)) => break,
            Ok(Err(_)) => {
                refused.push(words("", &Refused::Broken, lang));
                break;
            }
            Err(_) => {
                refused.push(still(lang));
                break;
            }
        };
        let Some(name) = field.file_name().filter(|n| !n.is_empty()).map(str::to_owned) else { continue };
        files += 1;
        if files > MOST_FILES {
            refused.push(lang.pick(
                format!("Một lần chỉ nhận đến {MOST_FILES} tệp."),
                format!("At most {MOST_FILES} files at once."),
            ));
            break;
        }
        let at = receive::arriving(workspace, number());
        match write(&mut field, &at, FILE_BYTES.min(left), lang).await {
            Ok(bytes) => {
                left = left.saturating_sub(bytes);
                let (workspace, named) = (workspace.clone(), name.clone());
                let placed = tokio::task::spawn_blocking(move || receive::receive(&workspace, &at, &named)).await;
                match placed {
                    Ok(Ok(Received::As(name))) => received.push(name),
                    Ok(Ok(Received::Known(_))) => known += 1,
                    Ok(Err(trouble)) => refused.push(trouble.said(lang)),
                    Err(_) => refused.push(words(&name, &Refused::Broken, lang)),
                }
            }
            Err(why) => {
                let end = !matches!(why, Refused::TooLarge(_) | Refused::Wrong(_));
                refused.push(words(&name, &why, lang));
                if end {
                    break;
                }
            }
        }
    }
    (received, known, refused)
}

/// A file's pieces onto the disk; the bytes written. What is not whole is removed, also where nobody waits for it any more.
async fn write(field: &mut Field<'_>, at: &Path, most: u64, lang: Lang) -> Result<u64, Refused> {
    let mut half = Half(Some(at));
    let written = pieces(field, at, most, lang).await;
    if written.is_ok() {
        half.0 = None;
    }
    written
}

/// A file that is removed unless it has come whole.
struct Half<'a>(Option<&'a Path>);

impl Drop for Half<'_> {
    fn drop(&mut self) {
        if let Some(path) = self.0 {
            let _ = std::fs::remove_file(path);
        }
    }
}

async fn pieces(field: &mut Field<'_>, at: &Path, most: u64, lang: Lang) -> Result<u64, Refused> {
    let wrong = |e: std::io::Error| Refused::Wrong(workspace::advice(&e, lang));
    let mut file = File::create(at).map_err(wrong)?;
    let mut bytes = 0u64;
    loop {
        let piece = tokio::time::timeout(Duration::from_secs(STILL_SECONDS), field.chunk()).await;
        let Some(piece) = piece.map_err(|_| Refused::Still)?.map_err(|_| Refused::Broken)? else { break };
        bytes += piece.len() as u64;
        if bytes > most {
            return Err(Refused::TooLarge((most >> 20).to_string()));
        }
        file.write_all(&piece).map_err(wrong)?;
    }
    let path: PathBuf = at.to_owned();
    let synced = tokio::task::spawn_blocking(move || File::open(path).and_then(|f| f.sync_all()));
    drop(file);
    synced.await.map_err(|_| Refused::Broken)?.map_err(wrong)?;
    Ok(bytes)
}

fn number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn still(lang: Lang) -> String {
    words("", &Refused::Still, lang)
}

fn words(name: &str, refused: &Refused, lang: Lang) -> String {
    let named = if name.is_empty() { String::new() } else { format!("“{name}”: ") };
    let what = match refused {
        Refused::TooLarge(most) => {
            lang.pick(format!("lớn hơn {most} MB, không nhận."), format!("larger than {most} MB, not taken."))
        }
        Refused::Still => {
            lang.pick("đường truyền dừng giữa chừng; gửi lại.", "it stood still on the way; send it again.").to_owned()
        }
        Refused::Broken => lang.pick("đứt giữa chừng; gửi lại.", "it broke off on the way; send it again.").to_owned(),
        Refused::Wrong(what) => what.clone(),
    };
    format!("{named}{what}")
}

fn said(app: &App, asked: &Asked, received: &[String], known: usize, refused: &[String]) -> Answer {
    let lang = asked.lang;
    let count = received.len();
    // Reading comes first: whose a copy is that came back is known only then.
    let shown = app.shown(lang).ok().flatten();
    let (back, answers) =
        shown.and_then(|shown| sent::take(&shown.workspace, shown.outcome(), received).ok()).unwrap_or_default();
    if back > 0 {
        app.decided();
    }
    let mut text = match count {
        0 => String::new(),
        _ => lang.pick(format!("Đã nhận {count} tệp."), format!("{count} files taken in.")),
    };
    if back > 0 {
        text.push_str(&lang.pick(
            format!(" {back} bản gửi trả đã về, có {answers} câu trả lời của đơn vị."),
            format!(" {back} returned copies came back, with {answers} answers."),
        ));
    }
    if known > 0 {
        text.push_str(&lang.pick(format!(" {known} tệp đã có sẵn."), format!(" {known} were there already.")));
    }
    refused.iter().take(5).for_each(|words| {
        text.push(' ');
        text.push_str(words);
    });
    if text.is_empty() {
        text = lang.pick("Chưa chọn tệp nào.", "No file was chosen.").to_owned();
    }
    match refused.is_empty() && count + known > 0 {
        true => say(app, "/inbox", text),
        false => complain(app, if count > 0 { "/inbox" } else { "/start" }, text),
    }
}
