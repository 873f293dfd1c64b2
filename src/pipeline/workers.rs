//! The files of a run to worker processes, and what comes back, a verdict for every file whatever becomes of a worker.
//!
//! A stranger's file can end the process that reads it in ways no `catch_unwind` stops: memory that is not there, a
//! stack that overflows, a loop. So every file is read in a worker: `--jobs` processes of this same program that stay for
//! the run and are fed over pipes, each within the limits of [`crate::read::limits`]. One that ends is replaced, its file
//! tried once more in a fresh one (memory may have been short for another's sake), then refused by name; one that takes
//! too long is ended. A process a file would cost more than the reading; threads would share their fate. Where no
//! process can be started (a library user, a locked-down machine) the files are read here, within the same caps.
//!
//! Small workbooks go out in batches, so that a worker need not be woken for each of them; a large archive in shares, each
//! worker taking every n-th of its files. Every worker unpacks the whole archive, so that the caps hold as they would for
//! one alone, and parses its share: parsing is most of the work by far.

use std::fs;
use std::io::{self, BufReader, BufWriter, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::file::FileRead;
use super::worker::{self, Bounds, Reading, Reply, Request};
use crate::discover::{Found, Kind};
use crate::read::limits::{ARCHIVE_DEATHS, FILE_SECONDS, WORKER_SECONDS};
use crate::read::{Limit, Refusal};

/// How a worker is started.
#[derive(Debug, Clone)]
pub struct Start {
    pub program: PathBuf,
    pub arguments: Vec<std::ffi::OsString>,
}

/// Workers that wait for a file; one is taken for a file and put back after it.
pub(super) struct Workers<'a> {
    start: Option<&'a Start>,
    bounds: OnceLock<Bounds>,
    idle: Mutex<Vec<Worker>>,
    /// Reads the files that no worker can be had for.
    here: OnceLock<Reading>,
    reading: &'a (dyn Fn() -> Reading + Sync),
}

struct Worker {
    process: Child,
    requests: Option<BufWriter<ChildStdin>>,
    replies: Receiver<Vec<u8>>,
    worked: Duration,
    /// The processor time it had taken when it was asked last.
    spent: Option<Duration>,
}

/// The program's allocator maps a gigabyte of addresses at its start, which a worker's limit would count as there to be used.
const HEAP: (&str, &str) = ("MIMALLOC_ARENA_RESERVE", "0");

const PATIENCE: Duration = Duration::from_secs(FILE_SECONDS);
/// On a busy machine, or behind a scanner of viruses, a file is waited for so long that has taken little of the processor.
const LAST_PATIENCE: Duration = Duration::from_secs(4 * FILE_SECONDS);
const LEAST_PATIENCE: Duration = Duration::from_secs(1);
/// For the next of several small files: whichever is slow is read once more by itself, with all patience.
const HASTE: Duration = Duration::from_secs(2);

/// How a worker came to no end with a file.
enum Lost {
    TooLong,
    Died,
}

/// Where a file stands.
struct Progress {
    request: Request,
    pieces: Vec<Piece>,
    /// The file of an archive being read, and its place there.
    current: Option<(usize, String)>,
    /// When it was last heard of.
    heard: Instant,
}

impl<'a> Workers<'a> {
    pub(super) fn new(start: Option<&'a Start>, reading: &'a (dyn Fn() -> Reading + Sync)) -> Self {
        Self { start, bounds: OnceLock::new(), idle: Mutex::default(), here: OnceLock::new(), reading }
    }

    /// Reads a file, or all files of an archive: a large one is shared among the workers.
    pub(super) fn read(&self, found: &Found) -> FileRead {
        let shares = shares(found).into_par_iter();
        let pieces = shares.map(|share| self.read_share(Request::of(found, share)));
        let name = &found.source.name;
        together(pieces.collect(), || FileRead::refused(name, &Refusal::GivenUp))
    }

    /// Reads several workbooks one after another; whatever ends the worker is found by reading the rest each by itself.
    pub(super) fn read_several(&self, found: &[Found]) -> Vec<FileRead> {
        let mut read = Vec::with_capacity(found.len());
        if let Some(mut worker) = self.take() {
            match worker.read_several(found, &mut read) {
                Ok(()) => self.put_back(worker),
                Err(lost) => drop(worker.end(&lost)),
            }
        }
        let rest = &found[read.len()..];
        read.extend(rest.iter().map(|found| self.read(found)));
        read
    }

    fn read_share(&self, request: Request) -> Vec<Piece> {
        let mut at = Progress { request, pieces: Vec::new(), current: None, heard: Instant::now() };
        let mut patience = PATIENCE;
        let (mut tried, mut waited) = (None, None);
        let mut deaths = 0;
        while deaths < ARCHIVE_DEATHS {
            let Some(mut worker) = self.take() else {
                self.read_here(&mut at);
                break;
            };
            at.heard = Instant::now();
            let lost = match worker.read(&mut at, patience) {
                Ok(()) => {
                    self.put_back(worker);
                    break;
                }
                Err(lost) => lost,
            };
            let held_up = matches!(lost, Lost::TooLong) && worker.was_held_up(patience);
            let why = worker.end(&lost);
            let place = at.request.skip;
            if held_up && waited.replace(place) != Some(place) {
                patience = LAST_PATIENCE;
                continue;
            }
            if matches!(lost, Lost::Died) && tried.replace(place) != Some(place) {
                // What the first try took is taken from the second.
                patience = PATIENCE.saturating_sub(at.heard.elapsed()).max(LEAST_PATIENCE);
                continue;
            }
            patience = PATIENCE;
            let Some((place, inner)) = at.current.take() else {
                let whole = FileRead::refused(&at.request.name, &why);
                at.push(WHOLE, whole, false);
                break;
            };
            at.push(place, FileRead::refused(&inner, &why), true);
            deaths += 1;
        }
        at.pieces
    }

    fn read_here(&self, at: &mut Progress) {
        let reading = self.here.get_or_init(self.reading);
        let request = at.request.clone();
        reading.file(&request, &mut |reply| at.hear(reply));
    }

    /// A worker that waits, or a new one; none where no process can be started.
    fn take(&self) -> Option<Worker> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.or_else(|| Worker::start(self.start?, self.bounds.get_or_init(Bounds::new)).ok())
    }

    fn put_back(&self, worker: Worker) {
        if worker.worked < Duration::from_secs(WORKER_SECONDS) {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push(worker);
        }
    }
}

impl Progress {
    fn hear(&mut self, reply: Reply) {
        self.heard = Instant::now();
        match reply {
            Reply::Begins(place, name) => self.current = Some((place, name)),
            Reply::Only(read) | Reply::File(read) => {
                let place = self.current.take().map_or(WHOLE, |(place, _)| place);
                self.push(place, read, false);
            }
            Reply::Passes | Reply::Ends => {}
        }
    }

    fn push(&mut self, place: usize, read: FileRead, ended: bool) {
        self.pieces.push(Piece { place, read, ended });
        self.request.skip = place.saturating_add(1);
    }
}

impl Worker {
    fn start(start: &Start, bounds: &Bounds) -> io::Result<Self> {
        let mut process = Command::new(&start.program)
            .args(&start.arguments)
            .env(HEAP.0, HEAP.1)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        bounds.take_in(&process);
        let (requests, out) = (process.stdin.take(), process.stdout.take());
        // A pipe knows no time-out, a channel does.
        let (hand_on, replies) = sync_channel(4);
        std::thread::spawn(move || {
            let mut from = BufReader::with_capacity(worker::PIPE_BYTES, out?);
            while let Ok(Some(bytes)) = worker::receive(&mut from) {
                hand_on.send(bytes).ok()?;
            }
            Some(())
        });
        let worker =
            Self { process, requests: requests.map(BufWriter::new), replies, worked: Duration::ZERO, spent: None };
        // It says once that it is ready: one that can't start at all must not count as a file's doing.
        let ready = worker.replies.recv_timeout(PATIENCE);
        ready.map(|_| worker).map_err(io::Error::other)
    }

    fn read(&mut self, at: &mut Progress, mut patience: Duration) -> Result<(), Lost> {
        let start = Instant::now();
        self.spent = worker::processor_time(&self.process);
        self.ask(&at.request)?;
        self.ask_no_more()?;
        loop {
            match self.reply(patience)? {
                Reply::Ends => break,
                only @ Reply::Only(_) => {
                    at.hear(only);
                    break;
                }
                reply => {
                    if matches!(reply, Reply::File(_)) {
                        patience = PATIENCE;
                    }
                    at.hear(reply);
                }
            }
        }
        self.worked += start.elapsed();
        Ok(())
    }

    /// Asks for all at once and takes down what is answered, in their order.
    fn read_several(&mut self, found: &[Found], read: &mut Vec<FileRead>) -> Result<(), Lost> {
        let start = Instant::now();
        for file in found {
            self.ask(&Request::of(file, ALL))?;
        }
        self.ask_no_more()?;
        for _ in found {
            let Reply::Only(file) = self.reply(HASTE)? else { return Err(Lost::Died) };
            read.push(file);
        }
        self.worked += start.elapsed();
        Ok(())
    }

    fn ask(&mut self, request: &Request) -> Result<(), Lost> {
        let requests = self.requests.as_mut().ok_or(Lost::Died)?;
        worker::write(requests, request).map_err(|_| Lost::Died)
    }

    fn ask_no_more(&mut self) -> Result<(), Lost> {
        let requests = self.requests.as_mut().ok_or(Lost::Died)?;
        requests.flush().map_err(|_| Lost::Died)
    }

    fn reply(&mut self, patience: Duration) -> Result<Reply, Lost> {
        let waited = self.replies.recv_timeout(patience);
        let bytes = waited.map_err(|error| match error {
            RecvTimeoutError::Timeout => Lost::TooLong,
            RecvTimeoutError::Disconnected => Lost::Died,
        })?;
        worker::unpack(&bytes).map_err(|_| Lost::Died)
    }

    /// Whether it had the processor for less than half of the time that it was waited for; nobody knows elsewhere than on Linux.
    fn was_held_up(&self, patience: Duration) -> bool {
        let now = worker::processor_time(&self.process);
        now.zip(self.spent).is_none_or(|(now, before)| now.saturating_sub(before) < patience / 2)
    }

    /// Ends the process and tells what its end says of the file.
    fn end(mut self, lost: &Lost) -> Refusal {
        let _ = self.process.kill();
        let status = self.process.wait();
        match lost {
            Lost::TooLong => Refusal::TooLarge(Limit::Time),
            Lost::Died => status.ok().and_then(worker::over).map_or(Refusal::Broke, Refusal::TooLarge),
        }
    }
}

/// A worker ends when nothing more can be asked of it.
impl Drop for Worker {
    fn drop(&mut self) {
        self.requests = None;
        if self.replies.recv_timeout(Duration::from_secs(1)) != Err(RecvTimeoutError::Disconnected) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

/// Files in a batch: eight amortise one wake-up of a worker.
const MOST: usize = 8;
/// Bytes of files in a batch: large ones are better shared among the workers.
const MOST_BYTES: u64 = 256 << 10;
/// Bytes of the names in a batch. They must fit into a pipe's buffer, or writer and reader wait for each other.
const MOST_NAMED: usize = 16 << 10;
/// Batches for every worker at least, so that none is left waiting for the last.
const EACH: usize = 8;

/// The places of the files of each batch, in their order; whatever is no workbook is one by itself.
pub(super) fn batches(found: &[Found], workers: usize) -> Vec<Range<usize>> {
    let most = (found.len() / (workers * EACH).max(1)).clamp(1, MOST);
    let mut batches: Vec<Range<usize>> = Vec::new();
    let (mut bytes, mut named) = (0u64, 0);
    for (at, file) in found.iter().enumerate() {
        // Larger than any batch, so that the file stands alone.
        let alone = MOST_BYTES + 1;
        let own = match file.kind {
            Kind::Workbook => fs::metadata(&file.source.path).map_or(alone, |m| m.len()),
            Kind::Archive | Kind::LeftOut(_) => alone,
        };
        let name = file.source.name.len() + file.source.path.as_os_str().len();
        (bytes, named) = (bytes.saturating_add(own), named + name);
        match batches.last_mut() {
            Some(last) if last.len() < most && bytes <= MOST_BYTES && named <= MOST_NAMED => {
                last.end = at + 1;
            }
            _ => {
                batches.push(at..at + 1);
                (bytes, named) = (own, name);
            }
        }
    }
    batches
}

/// Bytes of an archive that are worth a further worker: some ten workbooks.
const WORTH_ONE: u64 = 256 << 10;

/// Where what is said of the archive as a whole stands: behind all its files.
pub(super) const WHOLE: usize = usize::MAX;

/// The files of an archive that are one worker's to read.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Share {
    nth: usize,
    of: usize,
}

/// What was read at one place of an archive.
pub(super) struct Piece {
    pub(super) place: usize,
    pub(super) read: FileRead,
    /// Whether the file there ended its worker.
    pub(super) ended: bool,
}

/// All of a file.
pub(super) const ALL: Share = Share { nth: 0, of: 1 };

impl Share {
    pub(super) fn has(self, place: usize) -> bool {
        place % self.of == self.nth
    }
}

/// How the reading of a file is shared out; only an archive can be.
pub(super) fn shares(found: &Found) -> Vec<Share> {
    let of = if found.kind == Kind::Archive {
        let bytes = fs::metadata(&found.source.path).map_or(0, |m| m.len());
        let worth = usize::try_from(bytes / WORTH_ONE).unwrap_or(usize::MAX);
        rayon::current_num_threads().min(worth).max(1)
    } else {
        1
    };
    (0..of).map(|nth| Share { nth, of }).collect()
}

/// The pieces of all shares in the archive's order, up to the file that is one too many of those that end a worker: each
/// share has been read at least so far.
pub(super) fn together(shares: Vec<Vec<Piece>>, given_up: impl FnOnce() -> FileRead) -> FileRead {
    let mut pieces: Vec<Piece> = shares.into_iter().flatten().collect();
    pieces.sort_by_key(|piece| piece.place);
    // Every worker met what spoils the archive as a whole.
    pieces.dedup_by_key(|piece| piece.place);
    let mut read = FileRead::default();
    let mut ended = 0;
    for piece in pieces {
        read.extend(piece.read);
        ended += usize::from(piece.ended);
        if ended == ARCHIVE_DEATHS {
            read.extend(given_up());
            break;
        }
    }
    read
}

#[cfg(test)]
#[path = "../../tests/unit/pipeline_schedule.rs"]
mod tests;
