//! What several workers read of one archive, each every n-th of its files, into what one alone would have read of it.
//!
//! Every worker unpacks the whole archive, so that its caps hold as they would for one alone, and parses its share: the
//! parsing is most of the work by far.

use std::fs;

use serde::{Deserialize, Serialize};

use super::file::FileRead;
use crate::discover::{Found, Kind};
use crate::read::limits::ARCHIVE_DEATHS;

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
mod tests {
    use super::*;
    use crate::model::Verdict;

    fn piece(place: usize, ended: bool) -> Piece {
        let name = if place == WHOLE { "whole" } else { &place.to_string() };
        let read = FileRead::verdict(name, Verdict::Refused, String::new());
        Piece { place, read, ended }
    }

    fn told(shares: Vec<Vec<Piece>>) -> Vec<String> {
        let given_up = || FileRead::verdict("given up", Verdict::Refused, String::new());
        let reports = together(shares, given_up).reports;
        reports.into_iter().map(|r| r.file.to_string()).collect()
    }

    #[test]
    fn shares_come_together_in_the_archive_s_order() {
        let even = vec![piece(0, false), piece(2, true), piece(WHOLE, false)];
        let odd = vec![piece(1, false), piece(3, true), piece(WHOLE, false)];
        assert_eq!(told(vec![odd, even]), ["0", "1", "2", "3", "whole"]);
    }

    #[test]
    fn what_follows_too_many_deadly_files_is_given_up_whoever_met_them() {
        let even = vec![piece(0, true), piece(2, true), piece(4, true)];
        let odd = vec![piece(1, true), piece(3, false), piece(5, false)];
        assert_eq!(told(vec![even, odd]), ["0", "1", "2", "given up"]);
    }

    #[test]
    fn every_file_is_somebody_s() {
        let shares: Vec<Share> = (0..3).map(|nth| Share { nth, of: 3 }).collect();
        for place in 0..10 {
            assert_eq!(shares.iter().filter(|s| s.has(place)).count(), 1);
        }
    }
}
