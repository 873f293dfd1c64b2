//! What was read of a file into a folder, so that the next run reads only the files that changed.
//!
//! An answer is found by what it depends on: the file's bytes and its name, the templates, the units and
//! this very program. It is believed only if its checksum holds; whatever else lies in the folder is passed over.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::file::FileRead;
use super::protocol;
use crate::model::{Catalogue, Units};

pub(super) struct Cache {
    folder: PathBuf,
    setting: [u8; 32],
}

impl Cache {
    pub(super) fn new(folder: &Path, catalogue: &Catalogue, units: &Units) -> Self {
        let program = std::env::current_exe().and_then(fs::metadata).map(|about| (about.len(), about.modified().ok()));
        let setting = format!("{} {program:?} {catalogue:?} {units:?}", env!("CARGO_PKG_VERSION"));
        Self { folder: folder.to_path_buf(), setting: Sha256::digest(setting).into() }
    }

    /// The name under which an answer is kept.
    pub(super) fn key(&self, bytes: &[u8], name: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(self.setting);
        hash.update(Sha256::digest(bytes));
        hash.update(name);
        hash.finalize().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    pub(super) fn get(&self, key: &str) -> Option<FileRead> {
        let kept = fs::read(self.folder.join(key)).ok()?;
        let (checksum, bytes) = kept.split_first_chunk::<32>()?;
        let whole = *checksum == <[u8; 32]>::from(Sha256::digest(bytes));
        whole.then(|| protocol::unpack(bytes).ok()).flatten()
    }

    /// Keeps an answer; a folder that is full or closed only costs the next run its time.
    pub(super) fn put(&self, key: &str, read: &FileRead) {
        let Ok(bytes) = protocol::pack(read) else {
            return;
        };
        let kept = [Sha256::digest(&bytes).as_slice(), &bytes].concat();
        let beside = self.folder.join(format!(".{key}.{}", std::process::id()));
        let written = fs::create_dir_all(&self.folder)
            .and_then(|()| fs::write(&beside, kept))
            .and_then(|()| crate::files::rename(&beside, &self.folder.join(key)));
        if written.is_err() {
            let _ = fs::remove_file(beside);
        }
    }
}
