//! A folder of outputs into one .zip, to be attached to a letter.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::WriteError;

/// The bytes of a .zip of all files in the folders, each under its folder's own name.
///
/// # Errors
/// A file that can't be read.
pub fn bundle(folders: &[&Path]) -> Result<Vec<u8>, WriteError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for folder in folders {
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        add(&mut zip, folder, &name, 0)?;
    }
    let wrong = |e: zip::result::ZipError| WriteError::Format(e.to_string());
    zip.finish().map(Cursor::into_inner).map_err(wrong)
}

fn add(zip: &mut ZipWriter<Cursor<Vec<u8>>>, folder: &Path, name: &str, depth: usize) -> Result<(), WriteError> {
    let wrong = |e: std::io::Error| WriteError::folder(folder, &e);
    let mut entries: Vec<_> = fs::read_dir(folder).map_err(wrong)?.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let own = entry.file_name().to_string_lossy().into_owned();
        let (path, inner) = (entry.path(), format!("{name}/{own}"));
        if own.starts_with('.') {
            continue;
        }
        if path.is_dir() && depth < 10 {
            add(zip, &path, &inner, depth + 1)?;
        } else if path.is_file() {
            let bytes = fs::read(&path).map_err(|e| WriteError::file(&path, &e))?;
            let options =
                SimpleFileOptions::default().system(zip::System::Unix).last_modified_time(zip::DateTime::default());
            let format = |e: zip::result::ZipError| WriteError::Format(e.to_string());
            zip.start_file(inner, options).map_err(format)?;
            zip.write_all(&bytes).map_err(|e| WriteError::file(&path, &e))?;
        }
    }
    Ok(())
}
