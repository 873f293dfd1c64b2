//! Files into the batches that a worker is given at once, so that it need not be woken for each of them.

use std::fs;
use std::ops::Range;

use crate::discover::{Found, Kind};

/// Files in a batch; what waking costs is little among as many.
const MOST: usize = 8;
/// Bytes of files in a batch: large ones are better shared among the workers.
const MOST_BYTES: u64 = 256 << 10;
/// Bytes that naming them may take, far fewer than a pipe holds: whoever writes must not wait for who waits for him.
const MOST_NAMED: usize = 16 << 10;
/// Batches for every worker at least, so that none is left waiting for the last.
const EACH: usize = 8;

/// The places of the files of each batch, in their order; whatever is no workbook is one by itself.
pub(super) fn batches(found: &[Found], workers: usize) -> Vec<Range<usize>> {
    let most = (found.len() / (workers * EACH).max(1)).clamp(1, MOST);
    let mut batches: Vec<Range<usize>> = Vec::new();
    let (mut bytes, mut named) = (0u64, 0);
    for (at, file) in found.iter().enumerate() {
        // More than fits beside anything, were it of no bytes.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Source;

    #[test]
    fn small_workbooks_go_together_and_everything_else_by_itself() {
        let root = std::env::temp_dir().join(format!("tonghop-batches-{}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        let file = |name: &str, bytes: usize, kind: Kind| {
            let path = root.join(name);
            fs::write(&path, vec![0; bytes]).unwrap();
            let name = name.to_owned();
            let sha256 = String::new();
            let source = Source { path, name, sha256 };
            let folders = Vec::new();
            Found { source, folders, kind }
        };
        let mut found: Vec<Found> = (0..40).map(|n| file(&format!("{n}.xlsx"), 100, Kind::Workbook)).collect();
        assert_eq!(batches(&found, 1)[..2], [0..5, 5..10]);
        assert_eq!(batches(&found, 64).len(), 40);
        found[1] = file("large.xlsx", MOST_BYTES as usize, Kind::Workbook);
        found[3] = file("a.zip", 100, Kind::Archive);
        found[4] = file("empty.xlsx", 0, Kind::Workbook);
        assert_eq!(batches(&found, 1)[..5], [0..1, 1..2, 2..3, 3..4, 4..9]);
        assert!(batches(&[], 2).is_empty());
        fs::remove_dir_all(root).unwrap();
    }
}
