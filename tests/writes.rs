//! Outputs that cannot be written, or a run that is killed while it writes: the old ones stay whole, and one sentence
//! says what to do.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::program::{home, scratch};

/// Runs `entries` into a file under a limit on the size of files.
fn entries(before: &str, out: &Path) -> Output {
    Command::new("sh")
        .args([
            "-c",
            &format!("{before} exec \"$0\" entries samples/quang-minh --quiet --out \"$1\""),
            env!("CARGO_BIN_EXE_tonghop"),
        ])
        .arg(out)
        .current_dir(home())
        .output()
        .unwrap()
}

#[test]
fn a_run_killed_while_it_writes_leaves_the_old_output_whole() {
    let out = scratch("killed-writing").join("entries.csv");
    fs::write(&out, "của kỳ trước").unwrap();
    // The system ends a process that writes past the limit (SIGXFSZ).
    let ended = entries("ulimit -f 8;", &out);
    assert_eq!(ended.status.code(), None, "{ended:?}");
    assert_eq!(fs::read_to_string(&out).unwrap(), "của kỳ trước");
    let again = entries("", &out);
    assert_eq!(again.status.code(), Some(0));
    assert!(fs::read(&out).unwrap().len() > 8 * 1024);
}

#[test]
fn an_output_that_cannot_be_written_is_one_sentence() {
    let out = scratch("no-room").join("entries.csv");
    fs::write(&out, "của kỳ trước").unwrap();
    let ended = entries("trap '' XFSZ; ulimit -f 8;", &out);
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.starts_with("Không ghi được “"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert_eq!(fs::read_to_string(&out).unwrap(), "của kỳ trước");
    let left = fs::read_dir(out.parent().unwrap()).unwrap().count();
    assert_eq!(left, 1, "what was half written is taken away");
}

#[test]
fn a_full_disk_is_said_to_be_full() {
    let folder = scratch("full-disk");
    let mount = |args: &[&str]| {
        let done = Command::new("mount").args(args).arg(&folder).output();
        done.is_ok_and(|o| o.status.success())
    };
    if !mount(&["-t", "tmpfs", "-o", "size=64k", "tmpfs"]) {
        eprintln!("skipped: no right to mount a small disk here");
        return;
    }
    let out = folder.join("entries.csv");
    fs::write(&out, "của kỳ trước").unwrap();
    let ended = entries("", &out);
    let said = String::from_utf8(ended.stderr).unwrap();
    let kept = fs::read_to_string(&out).unwrap();
    let unmounted = Command::new("umount").arg(&folder).status().unwrap();
    assert!(unmounted.success());
    assert!(said.contains("ổ đĩa đã đầy"), "{said}");
    assert_eq!(kept, "của kỳ trước");
}
