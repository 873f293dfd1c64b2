//! Turns the entries into a folder of Parquet files, one a form and period, that engines read as one table:
//! `form=II.06a%2FVPCP%2FKSTT/period=2023-Q3/part-0.parquet`, as Hive names partitions.
//!
//! Where one machine is outgrown, DuckDB, Spark or polars take over from here; `tonghop sql` prints what they must run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::WriteError;
use super::parquet;
use crate::model::Returns;

/// Writes the folder whole beside its name and then gives it the name: what was there before is either still there or
/// replaced. Only an empty folder or one written here is replaced.
pub fn write(returns: &dyn Returns, dir: &Path) -> Result<(), WriteError> {
    let mut parts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in 0..returns.count() {
        if let Some(head) = returns.head(at) {
            let place = format!("form={}/period={}", escaped(head.form), head.period);
            parts.entry(place).or_default().push(at);
        }
    }
    if !is_replaceable(dir) {
        return Err(WriteError::Occupied(dir.to_owned()));
    }
    let (beside, before) = (named(dir, "new"), named(dir, "old"));
    let _ = fs::remove_dir_all(&beside);
    let written = parts
        .iter()
        .try_for_each(|(place, of)| {
            let folder = beside.join(place);
            fs::create_dir_all(&folder).map_err(|e| WriteError::folder(dir, &e))?;
            let file = folder.join("part-0.parquet");
            let to = fs::File::create(&file).map_err(|e| WriteError::file(&file, &e))?;
            let of = of.iter().map(|at| returns.open(*at));
            parquet::part(of, to).map_err(|e| e.in_file(&file))
        })
        .and_then(|()| fs::create_dir_all(&beside).map_err(|e| WriteError::folder(dir, &e)))
        .and_then(|()| exchange(&beside, dir, &before).map_err(|e| WriteError::folder(dir, &e)));
    if written.is_err() {
        let _ = fs::remove_dir_all(&beside);
    }
    written
}

fn exchange(beside: &Path, dir: &Path, before: &Path) -> std::io::Result<()> {
    if !dir.exists() {
        return fs::rename(beside, dir);
    }
    let _ = fs::remove_dir_all(before);
    fs::rename(dir, before)?;
    if let Err(error) = fs::rename(beside, dir) {
        fs::rename(before, dir)?;
        return Err(error);
    }
    fs::remove_dir_all(before)
}

/// Whether nothing is lost by replacing it.
fn is_replaceable(dir: &Path) -> bool {
    match fs::read_dir(dir) {
        Ok(entries) => entries.flatten().all(|e| e.file_name().to_string_lossy().starts_with("form=")),
        Err(_) => !dir.exists(),
    }
}

fn named(dir: &Path, ending: &str) -> PathBuf {
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    dir.with_file_name(format!(".{name}.{ending}"))
}

/// A value in a folder's name, as Hive, Spark and DuckDB write and read it.
pub(super) fn escaped(value: &str) -> String {
    let mut name = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02X}"));
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_folder_is_replaced_only_if_it_was_written_here() {
        let (outcome, _) = sample::one_quarter();
        let root = std::env::temp_dir().join(format!("tonghop-parts-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).unwrap();
        let dir = root.join("entries");
        for _ in 0..2 {
            write(&outcome, &dir).unwrap();
            let part = dir.join("form=II.06a%2FVPCP%2FKSTT/period=2023-Q3/part-0.parquet");
            assert!(part.is_file());
            assert_eq!(fs::read_dir(&root).unwrap().count(), 1);
        }
        fs::write(dir.join("thư riêng.txt"), "x").unwrap();
        assert_eq!(write(&outcome, &dir), Err(WriteError::Occupied(dir.clone())));
        assert!(dir.join("thư riêng.txt").is_file());
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn no_form_names_another_folder() {
        assert_eq!(escaped("../a=b c"), "..%2Fa%3Db%20c");
    }
}
