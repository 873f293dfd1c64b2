//! The page, as a clerk uses it and as a stranger attacks it: the scripts of `tests/page/` in headless Chromium.
//!
//! They need node, Chromium and two packages, which `tests/run` installs; where these are missing the tests say so and pass.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::program::{home, scratch};

/// Why the scripts can't run here.
fn lacking() -> Option<String> {
    let found = |name: &str| Command::new(name).arg("--version").output().is_ok_and(|o| o.status.success());
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    if !found("node") {
        return Some("there is no node".to_owned());
    }
    if !Path::new(&chromium).exists() {
        return Some(format!("there is no Chromium at {chromium} (set CHROMIUM)"));
    }
    let packages = home().join("tests/page/node_modules/playwright-core");
    (!packages.exists()).then(|| "its packages are not installed: (cd tests/page && npm install)".to_owned())
}

/// Runs a script with the program and a folder of its own.
fn script(name: &str, folder: &Path) {
    if let Some(why) = lacking() {
        eprintln!("tests/page/{name} is not run: {why}");
        return;
    }
    // One browser at a time: the scripts wait for what a clerk waits for, not for one another.
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let script = home().join("tests/page").join(name);
    let said = Command::new("node").arg(script).arg(env!("CARGO_BIN_EXE_tonghop")).arg(folder).output().unwrap();
    let words = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success(), "{words}\n{}", String::from_utf8_lossy(&said.stderr));
}

/// A workspace that holds the samples.
fn samples(name: &str) -> PathBuf {
    let folder = scratch(name);
    let made = crate::program::tonghop(&folder, ["init", "viec"]);
    assert_eq!(made.exit, 0, "{}", made.err);
    let folder = folder.join("viec");
    let from = home().join("samples/quang-minh");
    copy(&from, &folder.join("inbox"));
    std::fs::rename(folder.join("inbox/units.csv"), folder.join("units.csv")).unwrap();
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let there = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &there);
        } else {
            std::fs::copy(entry.path(), there).unwrap();
        }
    }
}

#[test]
fn a_clerk_does_the_whole_afternoon_on_the_page() {
    script("afternoon.mjs", &scratch("page-afternoon").join("viec"));
}

#[test]
fn a_clerk_answers_what_a_learned_form_leaves_open() {
    script("learned.mjs", &scratch("page-learned").join("viec"));
}

#[test]
fn whatever_goes_wrong_is_said_and_nothing_is_lost() {
    script("trouble.mjs", &scratch("page-trouble").join("viec"));
}

#[test]
fn a_stranger_gets_nothing_from_the_page() {
    script("hostile.mjs", &scratch("page-hostile").join("viec"));
}

#[test]
fn everybody_can_use_every_screen() {
    script("access.mjs", &samples("page-access"));
}

/// The command line and the page share one workspace: what is decided in it holds for both.
#[test]
fn the_command_line_takes_a_workspace_with_its_decisions() {
    let folder = samples("workspace");
    let run = |args: &[&str]| crate::program::tonghop(&folder, args);
    let before = run(&["check", ".", "--quiet"]);
    assert!(before.out.contains("8.823"), "{}", before.out);
    std::fs::write(
        folder.join("ledger.csv"),
        "when,who,what,file,sheet,cell,old,new,why\n\
         2023-09-20 14:00:00,lan,correct,2023-Q3/UBND huyen An Loc - bieu 06 - quy III.xls,Biểu 06a,I17,8823,823,gõ đúp\n\
         2023-09-20 14:01:00,lan,corr",
    )
    .unwrap();
    std::fs::write(
        folder.join("choices.csv"),
        "when,by,file,sheet,unit,form,period,version,note\n,,2023-Q3/SGTVT - KSTT quý III-2023.xlsx,,,,,counts,\n\
         ,,2023-Q3/SGTVT - KSTT quý III-2023 (sửa).xlsx,,,,,older,\n",
    )
    .unwrap();
    let sheet = sheet_of(&run(&["entries", ".", "--out", "a.csv", "--quiet"]).err, &folder);
    let ledger = std::fs::read_to_string(folder.join("ledger.csv")).unwrap().replace("Biểu 06a", &sheet);
    std::fs::write(folder.join("ledger.csv"), ledger).unwrap();
    let after = run(&["check", ".", "--quiet"]);
    assert!(!after.out.contains("8.823"), "{}", after.out);
    assert!(after.out.contains("anh/chị đã chọn bản này"), "{}", after.out);
    let entries = run(&["entries", ".", "--out", "b.csv", "--quiet"]);
    assert_eq!(entries.exit, 0, "{}", entries.err);
    let text = std::fs::read_to_string(folder.join("b.csv")).unwrap();
    let corrected =
        text.lines().find(|l| l.contains("An Loc") && l.contains("2023-Q3") && l.ends_with(",I17")).unwrap();
    assert!(corrected.contains(",823,"), "{corrected}");
}

/// The sheet that the corrected cell lies on.
fn sheet_of(_: &str, folder: &Path) -> String {
    let text = std::fs::read_to_string(folder.join("a.csv")).unwrap();
    let line = text.lines().find(|l| l.contains("An Loc") && l.contains("2023-Q3") && l.ends_with(",I17")).unwrap();
    let mut fields = line.rsplit(',');
    fields.next();
    fields.next().unwrap().trim_matches('"').to_owned()
}
