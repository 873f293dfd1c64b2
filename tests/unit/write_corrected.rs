//! The samples' mistakes corrected in copies, and what a copy keeps of its original.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::catalogue;
use crate::model::Units;
use crate::normalise::text::key;
use crate::patch::tests::differing;
use crate::pipeline::{self, Reader, Task};

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/quang-minh")
}

fn planned(outcome: &Outcome) -> Vec<Correction> {
    let book =
        |returns: &[Return]| crate::check::failing(&Book::new(&outcome.catalogue, returns).following(&outcome.units));
    plan(outcome, &book)
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("tonghop-fix-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn units() -> Units {
    catalogue::load_units(&samples().join("units.csv"), key).unwrap()
}

fn run(paths: &[PathBuf]) -> Outcome {
    let task = Task { paths: paths.to_vec(), ..Task::default() };
    pipeline::run(&task, Arc::new(catalogue::load(None).unwrap()), units(), &|_, _| {}).unwrap()
}

fn with_eyes<T>(outcome: &Outcome, act: impl FnOnce(&Eyes<'_>) -> T) -> T {
    let reader = Reader::new(outcome.catalogue.clone(), &outcome.units);
    act(&Eyes { open: &pipeline::open, returns: &|bytes, name| reader.returns(bytes, name) })
}

#[test]
fn planted_mistakes_are_corrected_in_copies_and_nowhere_else() {
    let (root, dir) = (samples(), folder("samples"));
    let outcome = run(std::slice::from_ref(&root));
    let sources = pipeline::sources(std::slice::from_ref(&root)).unwrap();
    let corrections = planned(&outcome);
    let written = with_eyes(&outcome, |eyes| write(&outcome, &corrections, &sources, &dir, eyes, Lang::Vi)).unwrap();

    // What is proposed is what was planted, wherever it is a figure.
    let planted = fs::read_to_string(root.with_extension("mistakes.csv")).unwrap();
    for row in &written.rows {
        let listed = format!("{},{},", row.sheet, row.cell);
        let line =
            planted.lines().find(|l| l.contains(&row.file) && l.contains(&listed)).unwrap_or_else(|| panic!("{row:?}"));
        assert!(line.contains(&format!(",{},", row.new)), "{row:?} but {line}");
    }
    let done: Vec<&Row> = written.rows.iter().filter(|r| r.note.is_empty()).collect();
    assert!(done.iter().any(|r| r.file == "quy 2/STC - KSTT quý II.2023.xlsx"
        && r.cell.to_string() == "E12"
        && (r.old.as_str(), r.new) == ("216", Figure::whole(261))));
    assert!(done.iter().any(|r| r.cell.to_string() == "H18" && r.why.contains("bỏ công thức =SUM(H13:H16)")));
    assert!(written.rows.iter().any(|r| r.file.ends_with(".xls") && r.note.contains("lưu lại thành .xlsx")));

    // In place of their originals, the copies have none of these findings.
    let corrected = run(std::slice::from_ref(&dir));
    assert_eq!(corrected.files.len(), written.files.len() - 1, "the ledger is not read as a return");
    for row in &done {
        let still = |f: &&Finding| *f.file == *row.file && *f.sheet == *row.sheet && f.rule == row.rule;
        assert!(corrected.findings.iter().find(still).is_none(), "{row:?}");
        let (old, new) = (fs::read(root.join(&row.file)).unwrap(), fs::read(dir.join(&row.file)).unwrap());
        let differs = differing(&old, &new);
        assert!(
            differs.iter().all(|name| name.starts_with("xl/worksheets/sheet")) && differs.len() == 1,
            "{differs:?}"
        );
    }

    // The ledger makes the same copies again, and nothing once an original has changed.
    let text = fs::read_to_string(dir.join(LEDGER)).unwrap();
    let rows = read_ledger(LEDGER, &text).unwrap();
    let second = folder("samples-again");
    with_eyes(&outcome, |eyes| replay(rows.clone(), &sources, &second, eyes, Lang::Vi)).unwrap();
    for row in &done {
        assert_eq!(fs::read(dir.join(&row.file)).unwrap(), fs::read(second.join(&row.file)).unwrap());
    }
    assert_eq!(text, fs::read_to_string(second.join(LEDGER)).unwrap());
    let third = folder("samples-changed");
    let mut stale = rows;
    stale.iter_mut().for_each(|row| row.old.push('0'));
    let refused = with_eyes(&outcome, |eyes| replay(stale, &sources, &third, eyes, Lang::Vi)).unwrap_err();
    assert!(refused.contains("E12: ô này nay ghi 216, không còn như sổ"), "{refused}");
    assert!(!third.exists());

    // Copies do not go among the originals.
    let inside = root.join("2023-Q3/sua");
    let refused =
        with_eyes(&outcome, |eyes| write(&outcome, &corrections, &sources, &inside, eyes, Lang::Vi)).unwrap_err();
    assert!(refused.contains("nằm trong thư mục các tệp gốc") && !inside.exists(), "{refused}");
    for dir in [dir, second] {
        fs::remove_dir_all(dir).unwrap();
    }
}

#[test]
fn what_would_break_another_sum_is_not_corrected() {
    let outcome = run(&[samples().join("quy 2/STC - KSTT quý II.2023.xlsx")]);
    let at = |outcome: &Outcome| {
        outcome.findings.iter().position(|f| f.suspects.len() == 1 && f.severity == Severity::Error).unwrap()
    };
    let found = planned(&outcome);
    assert!(found.len() == 1 && !found[0].breaks);
    // The same finding with another figure proposed: its sums would fail still.
    let mut wrong = outcome;
    let finding = at(&wrong);
    wrong.findings[finding].suspects[0].cells[0].proposed = Some(Figure::whole(262));
    assert!(planned(&wrong)[0].breaks);
    // Waived, or with another suspect, it is nobody's to correct.
    let other = wrong.findings[finding].suspects[0].clone();
    wrong.findings[finding].suspects.push(other);
    assert!(planned(&wrong).is_empty());
    wrong.findings[finding].suspects.pop();
    wrong.findings[finding].waived = Some(Vec::new());
    assert!(planned(&wrong).is_empty());
}
