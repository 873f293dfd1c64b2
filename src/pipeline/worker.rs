//! Files named on one pipe into what was read of them on another: the inside of a worker process.
//!
//! A worker takes one file after another and keeps nothing of them. It is this same program, so that there is one
//! binary to carry; it limits itself before it reads anything, ends when nobody listens any more, and may be ended at
//! any moment without harm: it writes no file but into the cache, whole or not at all.

use std::io::{self, BufReader, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::cache::Cache;
use super::file::{FileRead, of_bytes};
use super::protocol::{self, Reply, Request};
use crate::model::{Catalogue, Units};
use crate::read::limits::FILE_BYTES;
use crate::read::{self, Limit, Refusal};
use crate::recognise::Lexicon;

/// Answers are sent together while more is asked for, but none is held back for longer: a run measures a file's time by
/// them.
const LONGEST_HELD: Duration = Duration::from_millis(100);

/// What is needed to read a file.
pub(super) struct Reading {
    lexicon: Lexicon,
    catalogue: Arc<Catalogue>,
    cache: Option<Cache>,
}

/// Answers requests until the other end closes.
///
/// # Errors
/// The pipes are gone.
pub(super) fn serve(reading: &Reading, from: impl Read, to: impl Write) -> io::Result<()> {
    let mut from = BufReader::new(from);
    let mut to = Answers { to: BufWriter::with_capacity(protocol::PIPE_BYTES, to), since: Instant::now() };
    to.say(&Reply::Ends, true)?;
    while let Some(bytes) = protocol::receive(&mut from)? {
        let request: Request = protocol::unpack(&bytes)?;
        let last = from.buffer().is_empty();
        let mut ended = Ok(());
        reading.file(&request, &mut |reply| {
            if ended.is_ok() {
                ended = to.say(&reply, last || request.archive);
            }
        });
        ended?;
        if request.archive {
            to.say(&Reply::Ends, true)?;
        }
    }
    Ok(())
}

/// What was found out and not yet sent.
struct Answers<W: Write> {
    to: BufWriter<W>,
    since: Instant,
}

impl<W: Write> Answers<W> {
    /// Says something: at once where it is waited for, or has waited for long.
    fn say(&mut self, reply: &Reply, at_once: bool) -> io::Result<()> {
        protocol::write(&mut self.to, reply)?;
        if at_once || self.since.elapsed() > LONGEST_HELD {
            self.to.flush()?;
            self.since = Instant::now();
        }
        Ok(())
    }
}

impl Reading {
    pub(super) fn new(catalogue: &Arc<Catalogue>, units: &Units, cache: Option<&Path>) -> Self {
        Self {
            lexicon: Lexicon::new(catalogue, units),
            catalogue: catalogue.clone(),
            cache: cache.map(|folder| Cache::new(folder, catalogue, units)),
        }
    }

    /// Reads a file, or an archive's files one by one, and says what came of each.
    pub(super) fn file(&self, request: &Request, say: &mut dyn FnMut(Reply)) {
        let refused = |refusal: &Refusal| FileRead::refused(&request.name, refusal).whose(&self.lexicon);
        let bytes = bytes(&request.path());
        if !request.archive {
            return say(Reply::Only(match bytes {
                Ok(bytes) => self.read(&bytes, &request.name),
                Err(refusal) => refused(&refusal),
            }));
        }
        let refused = |refusal: &Refusal| Reply::File(refused(refusal));
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(refusal) => return say(refused(&refusal)),
        };
        let mut at = 0;
        let whole = read::unpack(&bytes, &request.name, &mut |inner, time, bytes| {
            let place = at;
            at += 1;
            if place < request.skip || !request.share.has(place) {
                return say(Reply::Passes);
            }
            let name = format!("{}/{inner}", request.name);
            say(Reply::Begins(place, name.clone()));
            let mut read = match bytes {
                Ok(bytes) => self.read(&bytes, &name),
                Err(refusal) => FileRead::refused(&name, &refusal).whose(&self.lexicon),
            };
            read.reports.iter_mut().for_each(|report| report.archived = time);
            say(Reply::File(read));
        });
        match whole {
            Err(refusal) => say(refused(&refusal)),
            Ok(()) if at == 0 => say(refused(&Refusal::Empty)),
            Ok(()) => {}
        }
    }

    /// One file; a mistake of ours while reading it is no reason to leave the others unread.
    fn read(&self, bytes: &[u8], name: &str) -> FileRead {
        let key = self.cache.as_ref().map(|cache| (cache, cache.key(bytes, name)));
        if let Some((cache, key)) = &key
            && let Some(known) = cache.get(key)
        {
            return known;
        }
        let read = catch_unwind(AssertUnwindSafe(|| of_bytes(bytes, name, &self.lexicon, &self.catalogue)));
        match read {
            Ok(read) => {
                let read = read.whose(&self.lexicon);
                if let Some((cache, key)) = &key {
                    cache.put(key, &read);
                }
                read
            }
            Err(_) => FileRead::refused(name, &Refusal::Broke).whose(&self.lexicon),
        }
    }
}

/// A file's bytes, never more than a file may have, whatever its size was said to be.
fn bytes(path: &Path) -> Result<Vec<u8>, Refusal> {
    let closed = |error: io::Error| Refusal::Closed(error.to_string());
    let file = std::fs::File::open(path).map_err(closed)?;
    let size = file.metadata().map_err(closed)?.len();
    if size > FILE_BYTES as u64 {
        return Err(Refusal::TooLarge(Limit::FileBytes));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    file.take(FILE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(closed)?;
    Ok(bytes)
}
