//! Walks over every figure of a folder, then writes them for DuckDB, Spark or polars:
//! `cargo run --example entries [FOLDER FILE.parquet]`.

use tonghop::{Error, Folder};

fn main() -> Result<(), Error> {
    let mut args = std::env::args().skip(1);
    let path = args.next().unwrap_or_else(|| "samples/quang-minh".to_owned());
    let file = args.next().unwrap_or_else(|| "entries.parquet".to_owned());
    let read = Folder::open(path)?.read()?;
    for ret in &read.returns {
        let sum = ret.entries.iter().filter(|entry| entry.value.is_some()).count();
        println!("{} {} {} {}: {sum} figures", ret.form, ret.unit, ret.period, ret.file);
    }
    read.write_entries(&file)
}
