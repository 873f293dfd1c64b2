//! The samples marked, put back in place of their originals, corrected and sent once more.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::program::{Said, home, scratch, tonghop};

/// The files under a folder, by their paths within it.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    for (name, bytes) in files(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

fn run(place: &Path, args: &[&str]) -> Said {
    let said = tonghop(place, args.iter().copied());
    assert_ne!(said.exit, 2, "{}{}", said.out, said.err);
    said
}

/// Copies of workbooks that went back, by the original each stands for.
fn copies(inbox: &Path, out: &Path) -> BTreeMap<String, (String, Vec<u8>)> {
    let originals = files(inbox);
    let mut found = BTreeMap::new();
    for (path, bytes) in files(&out.join("tra-lai")) {
        let (_, own) = path.split_once('/').unwrap();
        let stem = |name: &str| name.rsplit_once('.').map_or(name.to_owned(), |(stem, _)| stem.to_owned());
        let is = |name: &&String| **name == own || name.ends_with(&format!("/{own}"));
        let like = |name: &&String| stem(name) == stem(own) || stem(name).ends_with(&format!("/{}", stem(own)));
        if own == "thu-de-nghi.docx" {
            continue;
        }
        // Two quarters' files may share a name; what they say tells them apart.
        let said = super::shown(&super::read(own, &bytes));
        let says = |name: &&String| super::shown(&super::read(name, &originals[*name])) == said;
        let original = originals.keys().filter(is).find(says).or_else(|| originals.keys().find(like));
        let original = original.unwrap_or_else(|| panic!("{path} is nobody's"));
        found.insert(original.clone(), (path, bytes));
    }
    found
}

#[test]
fn a_marked_file_that_comes_back_is_read_as_if_it_had_never_been_marked() {
    let place = scratch("returned-again");
    copy(&home().join("samples/quang-minh"), &place.join("inbox"));
    let before = run(&place, &["check", "inbox"]);
    let said = run(&place, &["return", "inbox", "--period", "2023", "--out", "out"]);
    assert!(said.out.contains("Trả lại đơn vị để sửa:"), "{}", said.out);
    let made = copies(&place.join("inbox"), &place.join("out"));
    let same: Vec<&String> = made
        .iter()
        .filter(|(name, (path, _))| path.ends_with(name.rsplit('/').next().unwrap()))
        .map(|(name, _)| name)
        .collect();
    assert!(same.len() >= 8 && made.len() > same.len(), "{} of {}", same.len(), made.len());
    for name in &same {
        fs::write(place.join("inbox").join(name), &made[*name].1).unwrap();
    }
    // What is said of it is what was said.
    let after = run(&place, &["check", "inbox"]);
    assert_eq!(before.out, after.out);
    // Marked again, not a byte is otherwise.
    run(&place, &["return", "inbox", "--period", "2023", "--out", "twice"]);
    let twice = copies(&place.join("inbox"), &place.join("twice"));
    for name in &same {
        assert!(made[*name].1 == twice[*name].1, "{name}");
    }
    // Corrected, the marked files come out as the unmarked ones do.
    let root = home().join("samples/quang-minh");
    copy(&root, &place.join("plain"));
    run(&place, &["check", "plain", "--fix", "fixed-plain"]);
    run(&place, &["check", "inbox", "--fix", "fixed-marked"]);
    copy(&place.join("fixed-plain"), &place.join("plain"));
    copy(&place.join("fixed-marked"), &place.join("inbox"));
    let plain = run(&place, &["check", "plain"]).out;
    assert_ne!(plain, before.out);
    assert_eq!(run(&place, &["check", "inbox"]).out, plain);
    // What is left to correct is marked, and what was corrected looks as it did.
    run(&place, &["return", "plain", "--period", "2023", "--out", "left-plain"]);
    run(&place, &["return", "inbox", "--period", "2023", "--out", "left-marked"]);
    let (plain, marked) = (
        copies(&place.join("plain"), &place.join("left-plain")),
        copies(&place.join("inbox"), &place.join("left-marked")),
    );
    assert_eq!(plain.keys().collect::<Vec<_>>(), marked.keys().collect::<Vec<_>>());
    for (name, (_, bytes)) in &plain {
        assert_eq!(super::coloured(bytes), super::coloured(&marked[name].1), "{name}");
    }
}

/// A sheet of form II.06a for a unit and quarter I, its figures told apart by `seed`; the total in G15 right, or not.
fn sheet(name: &str, unit: &str, seed: u32, wrong: bool) -> String {
    let text = fs::read_to_string(home().join("tests/cases/II.06a/total_typo/sheet.txt")).unwrap();
    let mut rows: Vec<String> = text.lines().skip(2).map(|l| l.replace("Sở Tài chính", unit)).collect();
    rows.truncate(rows.len() - 4);
    let mut totals = [0u32; 11];
    for n in 1..=3u32 {
        let [online, direct, before] = [31 * n + 17 * seed, 7 * n + 5 * seed, n + seed];
        let [early, due, late] = [29 * n + 13 * seed, 3 * n + 2 * seed, seed % 2];
        let (all, done) = (online + direct + before, early + due + late);
        let left = all - done;
        let figures = [all, online, direct, before, done, early, due, late, left, left - 1, 1];
        for (total, figure) in totals.iter_mut().zip(figures) {
            *total += figure;
        }
        rows.push(format!("{}: {n} | Lĩnh vực {n} | {}", 11 + n, figures.map(|f| f.to_string()).join(" | ")));
    }
    totals[4] += if wrong { 4000 } else { 0 };
    rows.push(format!("15: TỔNG CỘNG | < | {}", totals.map(|f| f.to_string()).join(" | ")));
    format!("# sheet: {name}\n{}\n", rows.join("\n"))
}

#[test]
fn every_unit_gets_its_own_findings_and_a_unit_without_any_gets_nothing() {
    let place = scratch("returned-own");
    let inbox = place.join("inbox");
    let (a, b, c) = ("Sở Công Thương", "Sở Y tế", "Sở Nội vụ");
    crate::paper::lay(
        &format!(
            "# file: chung/bc.xlsx\n{}{}{}",
            sheet("A", a, 1, true),
            sheet("B", b, 4, true),
            sheet("C", c, 6, false)
        ),
        &inbox,
    );
    crate::paper::lay(&format!("# file: riêng/BC.xlsx\n{}", sheet("A-B con", "UBND huyện A/B: con", 9, true)), &inbox);
    // One more in an archive, under a name that another has in another folder.
    crate::paper::lay(&format!("# file: bc.xlsx\n{}", sheet("07", "Sở Xây dựng", 11, true)), &place);
    let zipped = fs::File::create(inbox.join("gửi.zip")).unwrap();
    let mut zipped = zip::ZipWriter::new(zipped);
    zipped.start_file("trong/bc.xlsx", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut zipped, &fs::read(place.join("bc.xlsx")).unwrap()).unwrap();
    zipped.finish().unwrap();

    let said = run(&place, &["return", "inbox", "--period", "2023-Q1", "--out", "out"]);
    assert_eq!(said.exit, 1);
    let made = files(&place.join("out/tra-lai"));
    let names: Vec<&str> = made.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "Sở Công Thương/bc.xlsx",
            "Sở Công Thương/thu-de-nghi.docx",
            "Sở Xây dựng/bc.xlsx",
            "Sở Xây dựng/thu-de-nghi.docx",
            "Sở Y tế/bc.xlsx",
            "Sở Y tế/thu-de-nghi.docx",
            "UBND huyện A-B- con/BC.xlsx",
            "UBND huyện A-B- con/thu-de-nghi.docx",
        ]
    );
    for (file, marks) in [
        ("Sở Công Thương/bc.xlsx", vec![("A", "G15")]),
        ("Sở Y tế/bc.xlsx", vec![("B", "G15")]),
        ("Sở Xây dựng/bc.xlsx", vec![("07", "G15")]),
    ] {
        let marks: Vec<_> = marks.iter().map(|(s, c)| ((*s).to_owned(), (*c).to_owned())).collect();
        assert_eq!(super::coloured(&made[file]).into_iter().collect::<Vec<_>>(), marks, "{file}");
        let notes = super::notes(&made[file], true);
        assert!(notes.iter().all(|(_, cell, text)| cell == "G15" && text.contains("đề nghị sửa thành")), "{notes:?}");
    }
    // Another period: nothing.
    let said = run(&place, &["return", "inbox", "--period", "2023-Q2", "--out", "q2"]);
    assert!(
        said.out.contains("Quý II năm 2023: không có gì phải trả lại đơn vị.") && !place.join("q2").exists(),
        "{}",
        said.out
    );
    // Among the reports the copies would be read as reports.
    let said = tonghop(&place, ["return", "inbox", "--period", "2023-Q1", "--out", "inbox/out"]);
    assert!(said.exit == 2 && said.err.contains("nằm trong thư mục") && !inbox.join("out").exists(), "{}", said.err);
}
