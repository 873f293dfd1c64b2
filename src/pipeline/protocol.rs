//! What passes between a run and its workers: requests, replies, and the frames they travel in, each with its length
//! before it.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::file::FileRead;
use super::schedule::Share;
use crate::discover::{Found, Kind};

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
