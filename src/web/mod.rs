//! The page: a clerk's whole afternoon in a browser, on this machine only.
//!
//! A request passes [`guard`] (who asks, from where), is taken apart by [`route`], and is answered by one module a screen,
//! in the order of the afternoon: [`start`], [`inbox`] with its [`questions`], [`returns`], [`send`], [`totals`], [`forms`],
//! [`outputs`] with the report. All show one snapshot of the workspace, which [`state`] keeps. [`view`] turns what a screen
//! says into HTML; [`upload`] takes files in. No screen computes a figure: all come from [`crate::workspace::line`], as the
//! command line's do.

mod forms;
mod guard;
mod inbox;
mod outputs;
mod questions;
mod returns;
mod route;
mod send;
mod start;
mod state;
mod totals;
mod upload;
mod view;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::Lang;
use crate::workspace::{self, Workspace};
use state::App;

/// What the page is asked to be.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The workspace; none: it is chosen on the page.
    pub folder: Option<PathBuf>,
    /// 0: any free one.
    pub port: u16,
    /// Whether to open a browser.
    pub open: bool,
    pub lang: Lang,
}

/// Where a served workspace keeps its page's address, so that a second start opens the same page.
const ADDRESS: &str = ".tonghop.page";

/// Serves the page until the program is ended. `say` hears the address, and what goes wrong on the way.
///
/// # Errors
/// A folder that can't be used, or a port that is taken, as a sentence.
pub fn serve(asked: &Asked, say: &dyn Fn(&str)) -> Result<(), String> {
    let lang = asked.lang;
    let workspace = asked.folder.as_deref().map(|folder| opened(folder, lang)).transpose()?;
    if let Some(address) = workspace.as_ref().and_then(|w| already(w.root())) {
        say(&lang.pick(
            format!("Thư mục này đang mở ở {address}; dùng luôn trang ấy."),
            format!("This folder is open at {address} already; use that page."),
        ));
        if asked.open {
            browse(&address);
        }
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| lang.pick(format!("Không mở được trang: {e}"), format!("The page can't be opened: {e}")))?;
    runtime.block_on(async {
        let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, asked.port));
        let taken = |e: std::io::Error| {
            lang.pick(
                format!("Không mở được cổng {}: {e}. Bỏ --port để lấy cổng còn trống.", asked.port),
                format!("Port {} can't be used: {e}. Leave --port out to take a free one.", asked.port),
            )
        };
        let listener = tokio::net::TcpListener::bind(wanted).await.map_err(taken)?;
        let port = listener.local_addr().map_err(taken)?.port();
        let app = Arc::new(App::new(workspace, port, lang));
        let address = app.address();
        app.note_address(&address);
        say(&lang.pick(format!("Trang đang mở ở {address}"), format!("The page is open at {address}")));
        say(lang.pick(
            "Để cửa sổ này mở trong khi làm; đóng nó (hoặc Ctrl+C) là tắt trang.",
            "Leave this window open while you work; close it (or Ctrl+C) to end.",
        ));
        if asked.open {
            browse(&address);
        }
        state::watch(&app);
        let router = route::router(app.clone());
        axum::serve(guard::Bounded::new(listener), router).await.map_err(|e| e.to_string())
    })
}

/// The workspace in a folder; one that is none yet, or not there, becomes one.
fn opened(folder: &Path, lang: Lang) -> Result<Workspace, String> {
    let folder = std::path::absolute(folder).map_err(|e| workspace::advice(&e, lang))?;
    match Workspace::named_by(&folder) {
        Some(workspace) => Ok(workspace),
        None => Workspace::make(&folder).map_err(|trouble| trouble.said(lang)),
    }
}

/// The address of a page that serves a folder and answers.
fn already(root: &Path) -> Option<String> {
    let address = std::fs::read_to_string(root.join(ADDRESS)).ok()?.trim().to_owned();
    let port: u16 = address.strip_prefix("http://127.0.0.1:")?.split('/').next()?.parse().ok()?;
    let at = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = std::net::TcpStream::connect_timeout(&at, std::time::Duration::from_millis(500)).ok()?;
    // Another program may have taken the port since.
    use std::io::{Read, Write};
    stream.set_read_timeout(Some(std::time::Duration::from_secs(2))).ok()?;
    write!(stream, "GET /alive HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n").ok()?;
    let mut said = String::new();
    stream.take(4096).read_to_string(&mut said).ok()?;
    said.contains(guard::ALIVE).then_some(address)
}

/// Opens an address in the system's browser; where there is none, the address on the terminal is enough.
fn browse(address: &str) {
    let (program, arguments): (&str, &[&str]) = if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    let mut command = std::process::Command::new(program);
    command.args(arguments).arg(address);
    command.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    let _ = command.spawn();
}
