//! A workbook or an archive that comes on standard input, as a file that a run finds.

use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Read};
use std::path::PathBuf;

use super::args::Input;

/// The folder that it is kept in for the time of the run.
pub struct Kept(PathBuf);

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Where `-` is among the paths, the file in its place. A workbook under the name of an archive is read as itself.
///
/// # Errors
/// An input that breaks off, or a disk that is full.
pub fn take(input: &mut Input) -> io::Result<Option<Kept>> {
    let Some(path) = input.paths.iter_mut().find(|path| path.as_os_str() == "-") else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    let other = std::hash::RandomState::new().build_hasher().finish();
    let folder = std::env::temp_dir().join(format!("tonghop-{}-{other:x}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let kept = Kept(folder);
    *path = kept.0.join(if bytes.starts_with(b"PK") { "stdin.zip" } else { "stdin" });
    fs::write(&*path, &bytes)?;
    Ok(Some(kept))
}
