//! What every system does otherwise with files: where a path really leads, who holds a file, and how a set of outputs takes
//! the place of the one before: together or not at all; and the hash by which a file is known again.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sha2::{Digest, Sha256};

/// How often a file that a virus scanner or OneDrive holds for a moment is tried again, and how long is waited between.
const TRIES: u32 = 6;
const PAUSE: Duration = Duration::from_millis(50);

/// Where a path really leads. Some drives (of memory, of ciphers, of the network) don't say; then as it is written.
///
/// # Errors
/// A path that leads nowhere.
pub fn real(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize().or_else(|error| {
        let whole = std::path::absolute(path)?;
        if whole.exists() { Ok(whole) } else { Err(error) }
    })
}

/// Where a path leads of which only the first steps may be there yet.
pub fn real_to_be(path: &Path) -> Option<PathBuf> {
    path.ancestors().find_map(|above| {
        let there = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        Some(real(there).ok()?.join(path.strip_prefix(above).ok()?))
    })
}

/// A path as people know it: without the `\\?\` that Windows puts before a real path.
pub fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    match text.strip_prefix(r"\\?\") {
        Some(rest) => match rest.strip_prefix(r"UNC\") {
            Some(share) => format!(r"\\{share}"),
            None => rest.to_owned(),
        },
        None => text.into_owned(),
    }
}

/// Whether a folder is one that systems keep for themselves: what is in it was thrown away, or is nobody's.
pub fn is_of_system(folder: &str) -> bool {
    let systems = ["__MACOSX", "$RECYCLE.BIN", "RECYCLER", "System Volume Information", "Config.Msi", "lost+found"];
    systems.iter().any(|name| name.eq_ignore_ascii_case(folder))
}

/// The hash of a file's bytes, as `sha256sum` writes it.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether another program holds the file: Windows' ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION, which the standard
/// library has no name for.
pub fn is_in_use(error: &io::Error) -> bool {
    in_use(error, cfg!(windows))
}

fn in_use(error: &io::Error, on_windows: bool) -> bool {
    on_windows && matches!(error.raw_os_error(), Some(32 | 33))
}

/// Gives a file its name, over one that has it. Where another program holds one of them, it may let go of it soon.
///
/// # Errors
/// As [`fs::rename`].
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    patiently(cfg!(windows), || fs::rename(from, to))
}

/// Writes a file whole or not at all, and waits until it is on the disk.
///
/// # Errors
/// A file that can't be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    // A file's own name may be as long as the system allows: nothing can be added to it.
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let beside = path.with_file_name(format!(".tonghop-{}-{number}.tmp", std::process::id()));
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        rename(&beside, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Tries again what a lock may stand in the way of: on Windows also "access denied" is one.
fn patiently<T>(on_windows: bool, mut attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let mut tries = 1;
    loop {
        match attempt() {
            Err(error) if tries < TRIES && on_windows && matches!(error.raw_os_error(), Some(5 | 32 | 33)) => {
                tries += 1;
                std::thread::sleep(PAUSE);
            }
            done => return done,
        }
    }
}

/// Gives files, each written beside its name, their names: all of them, or none, and what was there before stays.
///
/// # Errors
/// Every file that stands in the way: one that is open in Excel or Word, say, or a folder of that name.
pub fn replace(files: &[(PathBuf, PathBuf)]) -> Result<(), Vec<(PathBuf, io::Error)>> {
    let locked: Vec<_> = files.iter().filter_map(|(_, name)| Some((name.clone(), in_the_way(name)?))).collect();
    if !locked.is_empty() {
        return Err(locked);
    }
    // What was there before, to be put back should one of them fail all the same.
    let mut before: Vec<(PathBuf, PathBuf)> = Vec::new();
    for (at, (beside, name)) in files.iter().enumerate() {
        let kept = kept_name(name, at);
        let _ = fs::remove_file(&kept);
        let existed = name.exists();
        let keep =
            if existed { fs::hard_link(name, &kept).or_else(|_| fs::copy(name, &kept).map(drop)) } else { Ok(()) };
        let done = keep.and_then(|()| rename(beside, name));
        if existed {
            before.push((kept, name.clone()));
        }
        if let Err(error) = done {
            for (kept, name) in &before {
                let _ = rename(kept, name);
            }
            for (_, name) in &files[..at] {
                if !before.iter().any(|(_, old)| old == name) {
                    let _ = fs::remove_file(name);
                }
            }
            return Err(vec![(name.clone(), error)]);
        }
    }
    for (kept, _) in before {
        let _ = fs::remove_file(kept);
    }
    Ok(())
}

/// Why a file can't be replaced, before anything is: on Windows a program that has it open doesn't let it be written.
fn in_the_way(name: &Path) -> Option<io::Error> {
    let about = fs::symlink_metadata(name).ok()?;
    if about.is_dir() {
        return Some(io::ErrorKind::AlreadyExists.into());
    }
    let open = || OpenOptions::new().write(true).open(name).map(drop);
    if cfg!(windows) { patiently(true, open).err() } else { None }
}

/// A name beside a file's that nobody else takes; a file's own may be as long as the system allows.
fn kept_name(name: &Path, at: usize) -> PathBuf {
    name.with_file_name(format!(".tonghop-{}-{at}.old", std::process::id()))
}

#[cfg(test)]
#[path = "../tests/unit/files.rs"]
mod tests;
