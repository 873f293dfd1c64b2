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
