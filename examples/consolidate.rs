//! Adds a folder of workbooks up and writes the province's files: `cargo run --example consolidate [FOLDER PERIOD OUT]`.

use tonghop::{Folder, Period};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().unwrap_or_else(|| "samples/quang-minh".to_owned());
    let period: Period = args.next().as_deref().unwrap_or("2023-Q3").parse()?;
    let out = args.next().unwrap_or_else(|| "out".to_owned());
    let consolidated = Folder::open(path)?.consolidate(period)?;
    for total in consolidated.consolidation.totals.iter().filter(|total| &*total.line == "total") {
        let value = total.value.map(|figure| figure.to_string()).unwrap_or_default();
        println!("{} ({}) {value}", total.form, total.column);
    }
    for file in consolidated.write(out)? {
        println!("{}", file.display());
    }
    Ok(())
}
