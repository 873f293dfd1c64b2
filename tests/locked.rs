//! Outputs that can't be replaced: nothing of their set is, they are named, what was found is told, and the rest is done.

use std::fs;

use super::program::{home, scratch, tonghop};

/// What stands in the way of writing beside a file stands in for Excel that holds it open, which only Windows has.
#[test]
fn an_output_that_is_held_leaves_its_set_as_it_was_and_the_others_are_written() {
    let out = scratch("locked").join("kq");
    fs::create_dir_all(out.join(".findings.csv.tmp/held")).unwrap();
    let samples = home().join("samples/quang-minh");
    let run = || {
        let inbox = samples.join("2023-Q3");
        let (inbox, units, out) = (inbox.as_os_str(), samples.join("units.csv"), out.as_os_str());
        let args = ["consolidate".as_ref(), inbox, "--units".as_ref(), units.as_os_str()];
        let more = ["--period".as_ref(), "2023-Q3".as_ref(), "--out".as_ref(), out, "--quiet".as_ref()];
        tonghop(home(), args.into_iter().chain(more))
    };
    let said = run();
    assert_eq!(said.exit, 2, "{}", said.err);
    assert!(said.err.contains("findings.csv") && !said.err.contains("tong-hop.xlsx"), "{}", said.err);
    assert!(said.out.contains("Đã đọc "), "what was found is told: {}", said.out);
    assert!(!out.join("tong-hop.xlsx").exists() && !out.join("consolidated.csv").exists());
    assert!(out.join("tra-lai").exists(), "the units' copies do not wait for it");
    // Now a unit's letter is held: it keeps what it has, and all else is written.
    fs::remove_dir_all(out.join(".findings.csv.tmp")).unwrap();
    let unit = fs::read_dir(out.join("tra-lai")).unwrap().flatten().find(|e| e.path().is_dir()).unwrap().path();
    let letter = fs::read_dir(&unit).unwrap().flatten().find(|e| e.path().extension().is_some_and(|e| e == "docx"));
    let letter = letter.unwrap().path();
    let name = letter.file_name().unwrap().to_string_lossy().into_owned();
    fs::create_dir_all(unit.join(format!(".{name}.tmp/held"))).unwrap();
    let said = run();
    assert_eq!(said.exit, 2, "{}", said.err);
    assert!(said.err.contains(&name), "{}", said.err);
    assert!(out.join("tong-hop.xlsx").exists() && out.join("findings.csv").is_file());
    let first = fs::read_to_string(out.join("findings.csv")).unwrap();
    assert!(first.starts_with('\u{feff}') && first.lines().next().unwrap().contains(';'));
}
