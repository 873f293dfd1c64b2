//! Who may ask: only this machine's browser, only under this page's own name, only who came by the address that the
//! program printed; and so many at once, none of which stands still.
//!
//! Any page open in the same browser can send requests to 127.0.0.1. So the name asked for must be ours (a foreign name
//! that leads here is a rebinding attack), what changes anything must come from our own page, and every request must
//! carry the cookie that the first address, with its token, was exchanged for.

use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

use super::state::App;

/// What `/alive` answers, without a cookie: it tells nothing but that this is the page.
pub const ALIVE: &str = "tonghop is here";

/// Nothing from elsewhere, no script or style within the page, no frame around it.
const POLICY: &str =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// A browser opens six; two windows, a checker and some to spare.
const MOST: usize = 128;
/// Longer than the page waits for news, which is the longest that nothing passes on an honest connection.
const PATIENCE: Duration = Duration::from_secs(45);

/// A secret that nobody guesses: 256 bits from the keys that the system's random numbers gave the hasher.
pub fn token() -> String {
    (0..4u64).map(|n| format!("{:016x}", RandomState::new().hash_one((n, std::process::id())))).collect()
}

/// Lets a request pass, or says why not.
pub async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let response = match refused(&app, &request) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    sealed(response)
}

fn refused(app: &App, request: &Request) -> Option<Response> {
    let headers = request.headers();
    if !ours(app.port, headers) {
        return Some(said(StatusCode::FORBIDDEN, "This name is not the page's. / Tên máy không đúng."));
    }
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    if !safe && !from_us(app.port, headers) {
        return Some(said(StatusCode::FORBIDDEN, "This came from another page. / Yêu cầu đến từ trang khác."));
    }
    if request.uri().path() == "/alive" {
        return Some(said(StatusCode::OK, ALIVE));
    }
    if safe
        && request.uri().path() == "/"
        && let Some(token) = request.uri().query().and_then(|q| q.strip_prefix("token="))
    {
        return Some(match same(token, &app.token) {
            true => welcome(app),
            false => said(StatusCode::FORBIDDEN, LOCKED),
        });
    }
    let known = cookie(headers, &app.cookie()).is_some_and(|given| same(given, &app.token));
    (!known).then(|| said(StatusCode::FORBIDDEN, LOCKED))
}

const LOCKED: &str =
    "Mở trang bằng đúng địa chỉ mà tonghop đã in ra. / Open the page by the address that tonghop printed.";

/// The token is exchanged for a cookie, so that it stands in no address that could be passed on.
fn welcome(app: &App) -> Response {
    let cookie = format!("{}={}; HttpOnly; SameSite=Strict; Path=/", app.cookie(), app.token);
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, "/")]).into_response();
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// Whether the name asked for is this page's.
fn ours(port: u16, headers: &HeaderMap) -> bool {
    let mut named = headers.get_all(header::HOST).iter();
    let host = named.next().and_then(|h| h.to_str().ok()).unwrap_or_default();
    named.next().is_none() && (host == format!("127.0.0.1:{port}") || host == format!("localhost:{port}"))
}

/// Whether a change was asked for by our own page.
fn from_us(port: u16, headers: &HeaderMap) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|o| o.to_str().ok());
    let site = headers.get("sec-fetch-site").and_then(|o| o.to_str().ok());
    let ours = |o: &str| o == format!("http://127.0.0.1:{port}") || o == format!("http://localhost:{port}");
    origin.is_some_and(ours) && site.is_none_or(|s| s == "same-origin")
}

/// A cookie's value.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(own, _)| *own == name).map(|(_, value)| value)
}

/// Compares without telling by the time taken how far it got.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

fn said(status: StatusCode, words: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], words).into_response()
}

/// What every answer says to the browser about itself.
fn sealed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    // Of another page's requests nothing is said; our own forms must say where they come from.
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Takes no more connections than it can serve.
pub struct Bounded {
    listener: TcpListener,
    places: Arc<Semaphore>,
}

impl Bounded {
    pub fn new(listener: TcpListener) -> Self {
        Self { listener, places: Arc::new(Semaphore::new(MOST)) }
    }
}

impl Listener for Bounded {
    type Io = Timed;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Timed, SocketAddr) {
        loop {
            // The semaphore is never closed.
            let Ok(place) = self.places.clone().acquire_owned().await else { continue };
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    let _ = stream.set_nodelay(true);
                    return (Timed::new(stream, place), address);
                }
                // No file handles left, or the other end went away.
                Err(_) => sleep(Duration::from_millis(50)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that ends when nothing passes for long.
pub struct Timed {
    stream: TcpStream,
    end: Pin<Box<Sleep>>,
    _place: OwnedSemaphorePermit,
}

impl Timed {
    fn new(stream: TcpStream, place: OwnedSemaphorePermit) -> Self {
        Self { stream, end: Box::pin(sleep(PATIENCE)), _place: place }
    }

    /// What came of trying to pass something: the end is put off, or has come.
    fn timed<T>(&mut self, context: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match polled {
            Poll::Ready(done) => {
                self.end.as_mut().reset(Instant::now() + PATIENCE);
                Poll::Ready(done)
            }
            Poll::Pending => match self.end.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
                Poll::Pending => Poll::Pending,
            },
        }
    }
}

impl AsyncRead for Timed {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_read(context, to);
        self.timed(context, polled)
    }
}

impl AsyncWrite for Timed {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, from);
        self.timed(context, polled)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
