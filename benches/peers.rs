//! A folder of workbooks into what the least possible work on them costs: for `peers.py`, which measures the process.
//!
//! `floor` inflates every part, `read` makes our cells of them, `calamine` makes ranges of them; `recognise` finds the
//! forms in our cells, `extract` their figures too.

use std::fs;
use std::hint::black_box;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, Xlsx};
use tonghop::normalise::text::key;
use tonghop::recognise::Lexicon;
use tonghop::{extract, recognise};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, folder] = &arguments[..] else {
        println!("peers.py runs this with floor, read, recognise, extract or calamine and a folder");
        return;
    };
    let folder = Path::new(folder);
    let one: &dyn Fn(&PathBuf) -> usize = match what.as_str() {
        "floor" => &floor,
        "read" => &read,
        "recognise" => &entries(folder, false),
        "extract" => &entries(folder, true),
        _ => &ranges,
    };
    let cells: usize = workbooks(folder).iter().map(one).sum();
    println!("{cells}");
}

fn workbooks(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(workbooks(&path));
        } else if path.extension().is_some_and(|e| e == "xlsx") {
            found.push(path);
        }
    }
    found
}

fn floor(file: &PathBuf) -> usize {
    let bytes = fs::read(file).unwrap_or_default();
    let Ok(mut zip) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        return 0;
    };
    let mut part = Vec::new();
    for place in 0..zip.len() {
        part.clear();
        if let Ok(mut file) = zip.by_index(place) {
            let _ = file.read_to_end(&mut part);
        }
        black_box(&part);
    }
    zip.len()
}

fn read(file: &PathBuf) -> usize {
    let bytes = fs::read(file).unwrap_or_default();
    let workbook = tonghop::read::read(&bytes, "a.xlsx").unwrap_or_default();
    workbook.sheets.iter().map(|s| s.cells.len()).sum()
}

/// Everything up to the tables, or to their figures.
fn entries(folder: &Path, whole: bool) -> impl Fn(&PathBuf) -> usize {
    let catalogue = tonghop::catalogue::load(None).unwrap_or_default();
    let units = tonghop::catalogue::load_units(&folder.join("units.csv"), key);
    let units = units.unwrap_or_default();
    let lexicon = Lexicon::new(&catalogue, &units);
    move |file| {
        let bytes = fs::read(file).unwrap_or_default();
        let name = file.to_string_lossy();
        let mut workbook = tonghop::read::read(&bytes, &name).unwrap_or_default();
        tonghop::normalise::modernise(&mut workbook);
        let layouts = recognise::recognise(&workbook, &name, &lexicon).layouts;
        if !whole {
            return layouts.len();
        }
        let returns = extract::extract(&workbook, &layouts, &(*name).into(), &catalogue);
        returns.iter().map(|r| r.entries.len()).sum()
    }
}

fn ranges(file: &PathBuf) -> usize {
    let Ok(mut workbook) = calamine::open_workbook::<Xlsx<_>, _>(file) else {
        return 0;
    };
    let sheets = workbook.worksheets();
    let filled = |d: &&Data| !matches!(d, Data::Empty);
    sheets.iter().map(|(_, range)| range.cells().map(|c| c.2).filter(filled).count()).sum()
}
