//! Every folder of tests/cases sent down the whole line: what the user reads must be what the folder says.
//! `UPDATE=1` writes it anew.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::paper;
use crate::program::{home, scratch, tonghop};

#[test]
fn every_case_says_what_its_folder_says() {
    let root = home().join("tests/cases");
    let cases = folders(&root).iter().flat_map(|form| folders(form)).collect::<Vec<_>>();
    assert!(cases.len() >= 25, "only {} cases", cases.len());
    let wrong: Vec<String> = cases
        .par_iter()
        .flat_map(|case| differences(case, &case.strip_prefix(&root).unwrap().to_string_lossy()))
        .collect();
    assert!(wrong.is_empty(), "{} differ; UPDATE=1 writes them anew\n\n{}", wrong.len(), wrong.join("\n\n"));
}

fn folders(of: &Path) -> Vec<PathBuf> {
    let mut list: Vec<PathBuf> = fs::read_dir(of).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    list.sort();
    list
}

/// Where what the program says differs from what the case's folder says.
fn differences(case: &Path, name: &str) -> Vec<String> {
    let place = scratch(&format!("cases/{name}"));
    let inbox = place.join("inbox");
    fs::create_dir_all(&inbox).unwrap();
    let mut expected = Vec::new();
    for path in fs::read_dir(case).unwrap().map(|e| e.unwrap().path()) {
        let own = path.file_name().unwrap().to_string_lossy().into_owned();
        match own.as_str() {
            "findings.txt" | "args" | "templates" => {}
            "units.csv" => drop(fs::copy(&path, place.join(own)).unwrap()),
            _ if own.ends_with(".txt") => paper::lay(&fs::read_to_string(&path).unwrap(), &inbox),
            _ if own.ends_with(".csv") => expected.push(path),
            _ => panic!("{name}: what is {own}?"),
        }
    }
    let mut more: Vec<String> =
        fs::read_to_string(case.join("args")).unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    if case.join("templates").is_dir() {
        more.extend(["--templates".to_owned(), case.join("templates").to_string_lossy().into_owned()]);
    }
    let mut wrong: Vec<String> = Vec::new();
    let said = tonghop(&place, ["check", "inbox"].into_iter().chain(more.iter().map(String::as_str)));
    let clean = said.out.contains(": 0 lỗi,") || said.out.contains(": 0 errors,");
    let nothing = said.out.contains("Đã đọc 0/");
    if said.exit != if nothing { 2 } else { i32::from(!clean) } {
        wrong.push(format!("{name}: exit {} after\n{}", said.exit, said.out));
    }
    wrong.extend(compare(
        &case.join("findings.txt"),
        format!("{}{}", said.out, said.err).trim_start_matches('\n'),
        name,
    ));
    for path in expected {
        let own = path.file_stem().unwrap().to_string_lossy().into_owned();
        let (args, made): (Vec<String>, &str) = match own.strip_prefix("consolidated-") {
            Some(period) => (
                ["consolidate", "inbox", "--out", ".", "--period", period].map(str::to_owned).to_vec(),
                "consolidated.csv",
            ),
            None => (["entries", "inbox", "--out", "entries.csv"].map(str::to_owned).to_vec(), "entries.csv"),
        };
        let said = tonghop(&place, args.iter().chain(&more));
        match fs::read_to_string(place.join(made)) {
            Ok(text) => wrong.extend(compare(&path, &text, name)),
            Err(_) => wrong.push(format!("{name}: no {made}\n{}{}", said.out, said.err)),
        }
    }
    wrong
}

fn compare(path: &Path, now: &str, name: &str) -> Option<String> {
    let now = now.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    if fs::read_to_string(path).is_ok_and(|then| then == now) {
        return None;
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, &now).unwrap();
        return None;
    }
    let then = fs::read_to_string(path).unwrap_or_default();
    let gone = then.lines().filter(|l| !now.lines().any(|n| n == *l)).map(|l| format!("  - {l}"));
    let new = now.lines().filter(|l| !then.lines().any(|t| t == *l)).map(|l| format!("  + {l}"));
    let lines: Vec<String> = gone.chain(new).collect();
    Some(format!("tests/cases/{name}/{}\n{}", path.file_name().unwrap().to_string_lossy(), lines.join("\n")))
}
