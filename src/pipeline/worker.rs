//! The inside of a worker process: files named on one pipe into what was read of them on another; and what passes between a
//! run and its workers: requests, replies, and the frames they travel in, each with its length before it.
//!
//! A worker takes one file after another and keeps nothing of them. It is this same program, so that there is one
//! binary to carry; it limits itself before it reads anything, ends when nobody listens any more, and may be ended at
//! any moment without harm: it writes no file but into the cache, whole or not at all.
//!
//! It gets no more of the machine than its share, by what the system knows for that:
//!
//! | | Unix | Windows |
//! |---|---|---|
//! | memory | `RLIMIT_AS` | the job's memory for one process |
//! | a loop | `RLIMIT_CPU` | its files' time alone |
//! | a crash | no core dump | no window that waits for somebody to close it |
//! | the run that started it is killed | the pipe closes; amid a file, it has another parent | the pipe closes, and the job with the run |
//!
//! On Unix a worker limits itself before it reads anything: to do so between fork and exec is `unsafe`. On Windows the
//! run puts it into a job object as soon as it is started, and asks it nothing before: a job held by the worker itself
//! would outlive the run, and one job holds all workers. Elsewhere, or where the system refuses, time and the caps of
//! `read::limits` are all there is.

use std::io::{self, BufReader, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub(super) use system::{Bounds, end_with_the_run, limit_oneself, over, processor_time};

use super::file::{Cache, FileRead, Reader};
use super::workers::Share;
use crate::discover::{Found, Kind};
use crate::model::{Catalogue, Units};
use crate::read::limits::FILE_BYTES;
use crate::read::{self, Limit, Refusal};

/// Answers are sent together while more is asked for, but none is held back for longer: a run measures a file's time by
/// them.
const LONGEST_HELD: Duration = Duration::from_millis(100);

/// What is needed to read a file.
pub(super) struct Reading {
    reader: Reader,
    cache: Option<Cache>,
}

/// Answers requests until the other end closes.
///
/// # Errors
/// The pipes are gone.
pub(super) fn serve(reading: &Reading, from: impl Read, to: impl Write) -> io::Result<()> {
    let mut from = BufReader::new(from);
    let mut to = Answers { to: BufWriter::with_capacity(PIPE_BYTES, to), since: Instant::now() };
    to.say(&Reply::Ends, true)?;
    while let Some(bytes) = receive(&mut from)? {
        let request: Request = unpack(&bytes)?;
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
        write(&mut self.to, reply)?;
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
            reader: Reader::new(catalogue.clone(), units),
            cache: cache.map(|folder| Cache::new(folder, catalogue, units)),
        }
    }

    /// Reads a file, or an archive's files one by one, and says what came of each.
    pub(super) fn file(&self, request: &Request, say: &mut dyn FnMut(Reply)) {
        let refused = |refusal: &Refusal| self.reader.refused(&request.name, refusal);
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
                Err(refusal) => self.reader.refused(&name, &refusal),
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
        let read = catch_unwind(AssertUnwindSafe(|| self.reader.file(bytes, name)));
        match read {
            Ok(read) => {
                if let Some((cache, key)) = &key {
                    cache.put(key, &read);
                }
                read
            }
            Err(_) => self.reader.refused(name, &Refusal::Broke),
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

/// No reply is larger: it holds less than the cells a file may have.
const LARGEST: u32 = 1 << 30;

/// A file to read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Request {
    /// The path's own bytes: a name need not be UTF-8.
    path: Vec<u8>,
    pub(super) name: String,
    pub(super) archive: bool,
    /// Which files of an archive are to be read, and how many are already answered for.
    pub(super) share: Share,
    pub(super) skip: usize,
}

/// What a worker says while it reads.
#[derive(Serialize, Deserialize)]
pub(super) enum Reply {
    /// What it read, and that it is done.
    Only(FileRead),
    /// It passes over a file of the archive, and is alive.
    Passes,
    /// It turns to the file at this place of the archive.
    Begins(usize, String),
    /// What it read of that file, or has to say of the archive as a whole.
    File(FileRead),
    Ends,
}

impl Request {
    pub(super) fn of(found: &Found, share: Share) -> Self {
        Self {
            path: bytes_of(&found.source.path),
            name: found.source.name.clone(),
            archive: found.kind == Kind::Archive,
            share,
            skip: 0,
        }
    }

    pub(super) fn path(&self) -> PathBuf {
        path_of(&self.path)
    }
}

#[cfg(unix)]
fn bytes_of(path: &Path) -> Vec<u8> {
    std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).to_vec()
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes))
}

#[cfg(not(unix))]
fn bytes_of(path: &Path) -> Vec<u8> {
    path.to_string_lossy().into_owned().into_bytes()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// What a pipe holds: a file's returns mostly go in one piece.
pub(super) const PIPE_BYTES: usize = 64 << 10;

/// Writes one frame.
pub(super) fn write<T: Serialize>(to: &mut impl Write, what: &T) -> io::Result<()> {
    let bytes = pack(what)?;
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(&bytes)
}

/// The next frame's bytes; `None` where the other end has closed.
pub(super) fn receive(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u32::from_le_bytes(length);
    if length > LARGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length as usize];
    from.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

/// Anything as bytes.
pub(super) fn pack<T: Serialize>(what: &T) -> io::Result<Vec<u8>> {
    postcard::to_stdvec(what).map_err(io::Error::other)
}

pub(super) fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> io::Result<T> {
    postcard::from_bytes(bytes).map_err(io::Error::other)
}

#[cfg(unix)]
mod system {
    use std::os::unix::process::parent_id;
    use std::process::{Child, ExitStatus};
    use std::time::Duration;

    use rlimit::Resource;

    use crate::read::Limit;
    use crate::read::limits::{WORKER_BYTES, WORKER_CPU_SECONDS};

    /// Nothing to hold: a worker limits itself.
    pub struct Bounds;

    impl Bounds {
        pub fn new() -> Self {
            Self
        }

        #[allow(clippy::unused_self)]
        pub fn take_in(&self, _: &Child) {}
    }

    /// The soft limits alone: past the hard one of processor time, the system no longer says why it ends a process.
    pub fn limit_oneself() {
        let lower = |what: Resource, most: u64| {
            if let Ok((_, hard)) = what.get() {
                let _ = what.set(most.min(hard), hard);
            }
        };
        lower(Resource::AS, WORKER_BYTES + mapped().unwrap_or(0));
        lower(Resource::CPU, WORKER_CPU_SECONDS);
        lower(Resource::CORE, 0);
    }

    /// How often a worker looks whether its run is still there.
    const LOOK: Duration = Duration::from_millis(500);

    /// Ends this process soon after the one that started it: amid a file no closed pipe tells.
    pub fn end_with_the_run() {
        let run = parent_id();
        let look = move || {
            while parent_id() == run {
                std::thread::sleep(LOOK);
            }
            std::process::exit(1);
        };
        // It needs no room; without it a worker ends with its file.
        let _ = std::thread::Builder::new().stack_size(64 << 10).spawn(look);
    }

    /// Bytes of addresses this process has before it reads anything: most are the program itself, and take no memory.
    fn mapped() -> Option<u64> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find_map(|l| l.strip_prefix("VmSize:"))?;
        let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes << 10)
    }

    /// How long a process has had a processor, where the system tells.
    pub fn processor_time(process: &Child) -> Option<Duration> {
        // Of a second; it is the same on every Linux.
        const TICKS: u64 = 100;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.id())).ok()?;
        // The program's name in brackets may hold blanks; what follows it does not.
        let mut behind = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        let (user, system): (u64, u64) = (behind.next()?.parse().ok()?, behind.next()?.parse().ok()?);
        Some(Duration::from_millis((user + system) * 1_000 / TICKS))
    }

    /// Where memory is not to be had, the program aborts itself: SIGABRT.
    const ABORTED: i32 = 6;
    /// SIGXCPU: the processor seconds are used up.
    const OUT_OF_TIME: i32 = 24;

    /// Which limit ended a process.
    pub fn over(status: ExitStatus) -> Option<Limit> {
        match std::os::unix::process::ExitStatusExt::signal(&status)? {
            ABORTED => Some(Limit::Memory),
            OUT_OF_TIME => Some(Limit::Time),
            _ => None,
        }
    }
}

#[cfg(windows)]
mod system {
    use std::os::windows::io::AsRawHandle;
    use std::process::{Child, ExitStatus};
    use std::time::Duration;

    use win32job::{ExtendedLimitInfo, Job};

    use crate::read::Limit;
    use crate::read::limits::WORKER_BYTES;

    /// What a worker has committed before it reads anything: the forms, its stacks.
    const OWN_BYTES: u64 = 32 << 20;

    /// The job that all workers of a run are put into; it ends them when this process does, however that comes.
    pub struct Bounds(Option<Job>);

    impl Bounds {
        pub fn new() -> Self {
            Self(Job::create_with_limit_info(&mut limits()).ok())
        }

        /// To be called before the process is asked anything.
        pub fn take_in(&self, process: &Child) {
            if let Some(job) = &self.0 {
                let _ = job.assign_process(process.as_raw_handle() as _);
            }
        }
    }

    fn limits() -> ExtendedLimitInfo {
        // As winnt.h has them.
        const PROCESS_MEMORY: u32 = 0x100;
        const DIE_ON_UNHANDLED_EXCEPTION: u32 = 0x400;
        let mut info = ExtendedLimitInfo::new();
        info.limit_kill_on_job_close();
        info.0.ProcessMemoryLimit = usize::try_from(WORKER_BYTES + OWN_BYTES).unwrap_or(usize::MAX);
        info.0.BasicLimitInformation.LimitFlags |= PROCESS_MEMORY | DIE_ON_UNHANDLED_EXCEPTION;
        info
    }

    pub fn limit_oneself() {}

    pub fn end_with_the_run() {}

    pub fn processor_time(_: &Child) -> Option<Duration> {
        None
    }

    /// How Rust aborts where memory is not to be had (a fast fail, reported as STATUS_STACK_BUFFER_OVERRUN), and what
    /// the system itself says of it: STATUS_NO_MEMORY, STATUS_COMMITMENT_LIMIT, STATUS_STACK_OVERFLOW.
    const NO_MEMORY: [u32; 4] = [0xC000_0409, 0xC000_0017, 0xC000_012D, 0xC000_00FD];

    /// Which limit ended a process.
    pub fn over(status: ExitStatus) -> Option<Limit> {
        let code = status.code()? as u32;
        NO_MEMORY.contains(&code).then_some(Limit::Memory)
    }
}

#[cfg(not(any(unix, windows)))]
mod system {
    use std::process::{Child, ExitStatus};
    use std::time::Duration;

    use crate::read::Limit;

    pub struct Bounds;

    impl Bounds {
        pub fn new() -> Self {
            Self
        }

        pub fn take_in(&self, _: &Child) {}
    }

    pub fn limit_oneself() {}

    pub fn end_with_the_run() {}

    pub fn processor_time(_: &Child) -> Option<Duration> {
        None
    }

    pub fn over(_: ExitStatus) -> Option<Limit> {
        None
    }
}
