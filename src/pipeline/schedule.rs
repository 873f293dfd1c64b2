//! Which worker reads what: small workbooks in batches, so that a worker need not be woken for each of them; a large
//! archive in shares, each worker taking every n-th of its files.
//!
//! Every worker unpacks the whole archive, so that the caps hold as they would for one alone, and parses its share:
//! parsing is most of the work by far.

use std::fs;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::file::FileRead;
use crate::discover::{Found, Kind};
use crate::read::limits::ARCHIVE_DEATHS;

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
