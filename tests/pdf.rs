//! PDFs as LibreOffice prints them: a report says what its Word file says, a form what its workbook says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{home, office, scratch, tonghop};

/// The files of a folder with this ending, but the locks that Excel leaves.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    let own = |p: &PathBuf| {
        p.extension().is_some_and(|e| e == ending) && !p.file_name().unwrap().to_string_lossy().starts_with("~$")
    };
    let mut found: Vec<PathBuf> = all.filter(own).collect();
    found.sort();
    found
}

/// Prints files into a folder; false where there is no LibreOffice.
fn printed(place: &Path, files: &[PathBuf], into: &Path) -> bool {
    fs::create_dir_all(into).unwrap();
    let Some(said) = office(place, "pdf", into, files) else { return false };
    for file in files {
        let made = into.join(file.file_name().unwrap()).with_extension("pdf");
        assert!(made.exists(), "no {}: {said}", made.display());
    }
    true
}

fn findings(file: &Path) -> Vec<Value> {
    let said = tonghop(home(), ["check", file.to_str().unwrap(), "--format", "json", "--quiet"]);
    let told: Value = serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{}", said.err));
    assert_eq!(told["files"][0]["verdict"], "read", "{told}");
    told["findings"].as_array().unwrap().clone()
}

#[test]
fn a_report_says_the_same_in_word_and_in_pdf() {
    let place = scratch("pdf-reports");
    let reports = files(&home().join("tests/seeds"), "docx");
    assert!(reports.len() >= 5);
    if !printed(&place, &reports, &place.join("out")) {
        return;
    }
    let mut all = 0;
    for report in reports {
        let own = |file: &Path| -> (Vec<String>, Vec<i64>) {
            let keys = ["rule", "severity", "quote", "found", "expected"];
            let prose = findings(file).into_iter().filter(|f| f["kind"] == "prose");
            prose.map(|f| (keys.map(|k| f[k].to_string()).join(" "), f["paragraph"].as_i64().unwrap())).unzip()
        };
        let (word, at) = own(&report);
        let (pdf, printed) = own(&place.join("out").join(report.file_name().unwrap()).with_extension("pdf"));
        assert_eq!(word, pdf, "{}", report.display());
        // With other fonts a paragraph may fill its last line to the margin: on paper it goes on in the next one.
        let apart = at.iter().zip(&printed).map(|(word, pdf)| (word - pdf).abs()).max().unwrap_or(0);
        assert!(apart <= 1, "{}: {at:?} in Word, {printed:?} in PDF", report.display());
        all += word.len();
    }
    println!("{all} findings of reports are the same in Word and in PDF");
    assert!(all > 5, "{all}");
}

/// What was read of a folder: each entry without its cell, and how often.
fn entries(folder: &Path, units: &Path) -> BTreeMap<Vec<String>, i32> {
    let out = folder.with_extension("csv");
    let args =
        ["entries", folder.to_str().unwrap(), "--units", units.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let said = tonghop(home(), args);
    assert!(said.exit < 2, "{}", said.err);
    let csv = fs::read_to_string(out).unwrap();
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|h| h == name).unwrap();
    let kept = ["form", "table", "unit", "period", "line", "column", "state", "value"].map(at);
    let mut found = BTreeMap::new();
    for record in reader.records().map(Result::unwrap) {
        let stem = record[at("file")].rsplit_once('.').unwrap().0.to_owned();
        let key = std::iter::once(stem).chain(kept.iter().map(|i| record[*i].to_owned())).collect();
        *found.entry(key).or_default() += 1;
    }
    found
}

#[test]
fn forms_give_the_same_entries_and_findings_in_excel_and_in_pdf() {
    let place = scratch("pdf-forms");
    let samples = home().join("samples/quang-minh");
    let (excel, pdf, units) = (place.join("excel"), place.join("pdf"), samples.join("units.csv"));
    fs::create_dir_all(&excel).unwrap();
    for book in files(&samples.join("2023-Q3"), "xlsx") {
        fs::copy(&book, excel.join(book.file_name().unwrap())).unwrap();
    }
    if !printed(&place, &files(&excel, "xlsx"), &pdf) {
        return;
    }
    let (mut left, found) = (entries(&excel, &units), entries(&pdf, &units));
    let all: i32 = left.values().sum();
    assert!(all > 1_500, "{all} entries");
    for (entry, count) in found {
        *left.entry(entry).or_default() -= count;
    }
    left.retain(|_, count| *count != 0);
    println!(
        "{} of {all} entries of forms are the same in Excel and in PDF",
        all - left.values().filter(|n| **n > 0).sum::<i32>()
    );
    let told: Vec<String> = left.iter().take(12).map(|(entry, n)| format!("{n:+} {}", entry.join(" | "))).collect();
    assert!(told.is_empty(), "\n{}", told.join("\n"));
    let said = |folder: &Path| {
        let told = tonghop(
            home(),
            ["check", folder.to_str().unwrap(), "--units", units.to_str().unwrap(), "--format", "json", "--quiet"],
        );
        let told: Value = serde_json::from_str(&told.out).unwrap_or_else(|_| panic!("{}", told.err));
        let keys = ["rule", "severity", "form", "unit", "period", "found", "expected"];
        let mut all: Vec<String> =
            told["findings"].as_array().unwrap().iter().map(|f| keys.map(|k| f[k].to_string()).join(" ")).collect();
        all.sort();
        all
    };
    // A hidden sheet is not printed, and nothing is to be said of it.
    let (hidden, in_excel): (Vec<String>, Vec<String>) = said(&excel).into_iter().partition(|f| f.contains(":bang-an"));
    assert_eq!(hidden.len(), 1, "{hidden:?}");
    assert_eq!(in_excel, said(&pdf));
}
