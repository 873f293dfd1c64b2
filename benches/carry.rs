//! A folder of workbooks into what its figures cost once they are read: writing them to a file, of each kind.
//!
//! `cargo bench --bench carry -- FOLDER`; without one, the samples.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use tonghop::normalise::text::key;
use tonghop::pipeline::{self, Task};
use tonghop::{catalogue, write};

/// Times each is written; the fastest counts.
const TIMES: usize = 7;

fn main() {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/quang-minh");
    let mut arguments = std::env::args().skip(1).filter(|a| !a.starts_with('-'));
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| samples.into()));
    let catalogue = Arc::new(catalogue::load(None).unwrap_or_default());
    let units = catalogue::load_units(&folder.join("units.csv"), key).unwrap_or_default();
    let task = Task { paths: vec![folder], read_only: true, ..Task::default() };
    let Ok(inbox) = pipeline::gather(&task, &catalogue, &units, &|_, _| ()) else {
        println!("the folder can't be read");
        return;
    };
    let out = std::env::temp_dir().join(format!("tonghop-carry-{}", std::process::id()));
    for ending in [".parquet", ".csv", ".json", ""] {
        let to = PathBuf::from(format!("{}{ending}", out.display()));
        let fastest = (0..TIMES).map(|_| {
            let start = Instant::now();
            match write::entries(&inbox, &to) {
                Ok(()) => start.elapsed(),
                Err(_) => std::time::Duration::MAX,
            }
        });
        println!("{:>8} {:?}", ending, fastest.min().unwrap_or_default());
        let _ = std::fs::remove_file(&to);
        let _ = std::fs::remove_dir_all(&to);
    }
}
