//! The province of samples/: every planted mistake is found, nothing else is called one, and it adds up.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::program::{home, samples_consolidated, scratch, tonghop};

/// In these many cells are wrong together, and naming one of them is finding it.
const TOGETHER: [&str; 3] = ["last quarter again", "carry-over broken", "forms disagree"];

fn told() -> Value {
    serde_json::from_str(&fs::read_to_string(samples_consolidated().join("findings.json")).unwrap()).unwrap()
}

fn cells(finding: &Value) -> BTreeSet<String> {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let suspects = finding["suspects"].as_array().unwrap().iter();
    finding["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(text)
        .chain(suspects.flat_map(|s| s["cells"].as_array().unwrap()).map(|c| text(&c["cell"])))
        .collect()
}

#[test]
fn every_planted_mistake_is_found_and_no_other() {
    let told = told();
    let findings = told["findings"].as_array().unwrap();
    let mut planted: BTreeMap<(String, String, String), Vec<String>> = BTreeMap::new();
    for row in
        csv::Reader::from_path(home().join("samples/quang-minh.mistakes.csv")).unwrap().records().map(Result::unwrap)
    {
        planted.entry((row[0].to_owned(), row[1].to_owned(), row[5].to_owned())).or_default().push(row[2].to_owned());
    }
    assert_eq!(planted.len(), 18);
    let mut missed = Vec::new();
    for ((file, sheet, family), wrong) in &planted {
        let here = findings.iter().filter(|f| f["file"] == **file && f["sheet"] == **sheet);
        let named: BTreeSet<String> = here.flat_map(cells).collect();
        let found = wrong.iter().filter(|c| named.contains(*c)).count();
        if found == 0 || (found < wrong.len() && !TOGETHER.contains(&family.as_str())) {
            missed.push(format!("{family}: {file} [{sheet}] {wrong:?}"));
        }
    }
    assert!(missed.is_empty(), "not found:\n{}", missed.join("\n"));
    let known = |f: &Value| planted.keys().any(|(file, sheet, _)| f["file"] == **file && f["sheet"] == **sheet);
    let strange: Vec<&Value> =
        findings.iter().filter(|f| f["severity"] == "error" && !known(f)).map(|f| &f["message"]).collect();
    assert!(strange.is_empty(), "{strange:#?}");
}

#[test]
fn every_file_has_a_verdict() {
    let told = told();
    let root = home().join("samples/quang-minh");
    let mut on_disk = BTreeSet::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("units.csv") {
                on_disk.insert(path.strip_prefix(&root).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    let verdicts: BTreeSet<String> =
        told["files"].as_array().unwrap().iter().map(|f| f["file"].as_str().unwrap().to_owned()).collect();
    assert_eq!(on_disk, verdicts);
    let silent: Vec<&Value> = told["files"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["verdict"] != "read" && f["reason"].as_str().unwrap().is_empty())
        .collect();
    assert!(silent.is_empty(), "a file that is not read says why: {silent:?}");
}

#[test]
fn quarters_and_nine_months_add_up_with_their_coverage() {
    let total = |period: &str, out: &std::path::Path, column: &str| -> (i64, String, String) {
        let rows = csv::Reader::from_path(out.join("consolidated.csv"))
            .unwrap()
            .into_records()
            .map(Result::unwrap)
            .collect::<Vec<_>>();
        let row = rows
            .iter()
            .find(|r| &r[0] == "II.06a/VPCP/KSTT" && &r[2] == period && &r[3] == "total" && &r[4] == column)
            .unwrap();
        (row[5].parse().unwrap(), row[6].to_owned(), row[7].to_owned())
    };
    let consolidated = |period: &str| {
        let out = scratch(&format!("samples-{period}"));
        let said = tonghop(
            home(),
            ["consolidate", "samples/quang-minh", "--quiet", "--period", period, "--out", out.to_str().unwrap()],
        );
        assert_eq!(said.exit, 1, "{}{}", said.out, said.err);
        out
    };
    let third = samples_consolidated();
    let nine = consolidated("2023-9M");
    assert_eq!((total("2023-Q3", third, "4").1, total("2023-Q3", third, "4").2), ("15".to_owned(), "16".to_owned()));
    for out in [third, &nine] {
        let period = if out == third { "2023-Q3" } else { "2023-9M" };
        let [received, online, by_hand, before] = ["3", "4", "5", "6"].map(|c| total(period, out, c).0);
        let [handled, pending] = ["7", "11"].map(|c| total(period, out, c).0);
        assert_eq!(received, online + by_hand + before, "{period}: (3) = (4) + (5) + (6)");
        assert!(handled > 0 && pending > 0 && received > handled);
    }
    assert!(total("2023-9M", &nine, "4").0 > 2 * total("2023-Q3", third, "4").0, "flows are summed");
    assert!(total("2023-9M", &nine, "11").0 < 2 * total("2023-Q3", third, "11").0, "what is pending is not");
}

#[test]
fn units_without_a_mistake_are_left_in_peace() {
    let told = told();
    let blameless = ["SNV", "SYT", "BDT", "BQLKCN", "XPS"];
    let troubled: Vec<&Value> = told["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| blameless.contains(&f["unit"].as_str().unwrap()))
        .map(|f| &f["message"])
        .collect();
    assert!(troubled.is_empty(), "{troubled:#?}");
}
