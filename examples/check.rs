//! Names the wrong cells of a folder of workbooks: `cargo run --example check [FOLDER]`.

use tonghop::{Error, Folder, Lang};

fn main() -> Result<(), Error> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "samples/quang-minh".to_owned());
    let checked = Folder::open(path)?.check()?;
    let words = checked.words(Lang::En);
    for finding in &checked.findings {
        println!("{:?} {} [{}] {}", finding.severity, finding.file, finding.sheet, words.message(finding));
        for suspect in &finding.suspects {
            for cell in &suspect.cells {
                let proposed = cell.proposed.map(|figure| figure.to_string()).unwrap_or_default();
                println!("    {}: {} → {proposed}", cell.cell, cell.stated);
            }
        }
    }
    println!("{} files, {} returns, {} errors", checked.files.len(), checked.returns.len(), checked.errors());
    Ok(())
}
