//! The corpus beside the project, where there is one: what is read, found and named, against its truth.

use std::process::Command;

use crate::program::home;

fn measures(corpus: &str, only: &str) {
    let shared = home().join("../shared");
    let (tool, corpus) = (shared.join("tools/evaluate.py"), shared.join("corpus").join(corpus));
    if !tool.exists() || !corpus.exists() || Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: {} or python3 is not here", tool.display());
        return;
    }
    let run = Command::new("python3")
        .arg(tool)
        .arg(env!("CARGO_BIN_EXE_tonghop"))
        .arg(corpus)
        .args(["--only", only])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
}

#[test]
fn a_clean_corpus_is_read_whole_and_no_error_is_seen_in_it() {
    measures("clean", "read,findings");
}

#[test]
fn the_planted_errors_of_a_dirty_corpus_are_found_and_named() {
    measures("dirty", "read,findings");
}

#[test]
fn what_is_written_into_corrected_copies_is_right() {
    let inbox = home().join("../shared/corpus/clean/inbox");
    if !inbox.exists() || Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: {} or python3 is not here", inbox.display());
        return;
    }
    let run = Command::new("python3")
        .arg(home().join("tests/fix_mutations.py"))
        .arg(env!("CARGO_BIN_EXE_tonghop"))
        .arg(&inbox)
        .args(["--units".as_ref(), inbox.join("../units.csv").as_os_str()])
        .args(["--books", "200", "--seed", "3"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains(" written"), "{said}{}", String::from_utf8_lossy(&run.stderr));
}
