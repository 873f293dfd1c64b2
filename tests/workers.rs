//! Worker processes that are killed, stopped or starved: the run goes on, and the file they had is told of.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::program::{home, scratch};

/// Copies of a sample, so many that a run lasts a while.
fn inbox(name: &str, count: usize) -> std::path::PathBuf {
    let folder = scratch(name);
    for i in 0..count {
        fs::copy(sample(), folder.join(format!("{i:03}.xlsx"))).unwrap();
    }
    folder
}

fn sample() -> std::path::PathBuf {
    let mut samples = fs::read_dir(home().join("samples/quang-minh/2023-Q3")).unwrap().map(|e| e.unwrap().path());
    samples.find(|p| p.to_string_lossy().ends_with("KSTT.xlsx")).expect("a sample")
}

fn start(folder: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_tonghop"))
        .args(["check", ".", "--format", "json", "--jobs", "1"])
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The worker of a run, once it has one.
fn worker_of(run: &Child) -> u32 {
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        let threads = fs::read_dir(format!("/proc/{}/task", run.id()));
        for thread in threads.into_iter().flatten().flatten() {
            let children = fs::read_to_string(thread.path().join("children"));
            let first = children.unwrap_or_default();
            if let Some(Ok(id)) = first.split_whitespace().next().map(str::parse) {
                return id;
            }
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    panic!("no worker was started");
}

fn send(signal: &str, process: u32) {
    let sent = Command::new("kill").args([signal, &process.to_string()]).status();
    assert!(sent.unwrap().success());
}

fn verdicts(run: Child) -> Vec<String> {
    let output = run.wait_with_output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let files = told["files"].as_array().unwrap().iter();
    files.map(|f| f["verdict"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_killed_worker_is_replaced_and_its_file_read_again() {
    let folder = inbox("worker-killed", 40);
    let run = start(&folder);
    let worker = worker_of(&run);
    std::thread::sleep(Duration::from_millis(50));
    send("-KILL", worker);
    let verdicts = verdicts(run);
    assert_eq!(verdicts.len(), 40);
    assert!(verdicts.iter().all(|v| v == "read"), "{verdicts:?}");
}

#[test]
fn a_worker_that_hangs_is_ended_and_only_its_file_refused() {
    let folder = inbox("worker-stopped", 40);
    let run = start(&folder);
    let worker = worker_of(&run);
    std::thread::sleep(Duration::from_millis(50));
    send("-STOP", worker);
    let verdicts = verdicts(run);
    let refused = verdicts.iter().filter(|v| *v == "refused").count();
    assert_eq!(verdicts.len(), 40);
    assert!(refused <= 1, "{verdicts:?}");
}

/// A run whose worker is busy with a long list, a workbook behind it.
fn amid_a_file(name: &str) -> (Child, u32) {
    let folder = scratch(name);
    let rows = (0..100_000).map(|i| format!("{i};Lĩnh vực số {i};{i};Sở số {i};quý {i}\n"));
    fs::write(folder.join("a.csv"), rows.collect::<String>()).unwrap();
    fs::copy(sample(), folder.join("z.xlsx")).unwrap();
    let run = start(&folder);
    let worker = worker_of(&run);
    let busy = || {
        let stat = fs::read_to_string(format!("/proc/{worker}/stat")).unwrap_or_default();
        let fields = stat.rsplit(')').next().unwrap_or_default();
        let ticks = fields.split_whitespace().nth(11).map(str::parse::<u64>);
        ticks.is_some_and(|t| t.is_ok_and(|t| t > 20))
    };
    while !busy() {
        std::thread::sleep(Duration::from_millis(5));
    }
    (run, worker)
}

#[test]
fn a_file_whose_worker_the_machine_keeps_waiting_is_read_again() {
    let (run, worker) = amid_a_file("worker-waits");
    send("-STOP", worker);
    let verdicts = verdicts(run);
    assert!(verdicts.len() == 2 && !verdicts.contains(&"refused".to_owned()), "{verdicts:?}");
}

#[test]
fn a_worker_amid_a_file_ends_when_its_run_is_killed() {
    let (mut run, worker) = amid_a_file("worker-left");
    run.kill().unwrap();
    run.wait().unwrap();
    let start = Instant::now();
    while Path::new(&format!("/proc/{worker}/exe")).exists() {
        assert!(start.elapsed() < Duration::from_millis(1500), "it goes on");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_full_disk_under_standard_output_is_an_error() {
    let folder = inbox("stdout-full", 1);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_tonghop"))
        .args(["check", "."])
        .current_dir(&folder)
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2));
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(said.contains("ổ đĩa đã đầy"), "{said}");
}

#[test]
fn a_worker_without_memory_ends_and_the_others_go_on() {
    let folder = inbox("worker-starved", 2);
    fs::copy(big(&folder), folder.join("to.docx")).unwrap();
    let told = starved(&folder, 1);
    for (file, verdict) in files(&told) {
        let wanted = if file == "to.docx" { "refused" } else { "read" };
        assert_eq!(verdict, wanted, "{file}");
    }
}

/// A document of a million paragraphs, in a folder of its own.
fn big(beside: &Path) -> std::path::PathBuf {
    let folder = scratch(&format!("{}-big", beside.file_name().unwrap().to_string_lossy()));
    let made = Command::new("python3")
        .arg(home().join("tests/hostile/make.py"))
        .args([folder.to_str().unwrap(), "docx_bombs"])
        .status();
    assert!(made.unwrap().success());
    folder.join("docx_bombs/paragraphs.docx")
}

/// The files told of and their verdicts.
fn files(told: &Value) -> Vec<(&str, &str)> {
    let files = told["files"].as_array().unwrap().iter();
    files.map(|f| (f["file"].as_str().unwrap(), f["verdict"].as_str().unwrap())).collect()
}

/// A run whose processes have addresses enough for honest files in a debug build, not for a million paragraphs.
fn starved(folder: &Path, jobs: usize) -> Value {
    let output = Command::new("sh")
        .args([
            "-c",
            "ulimit -v $((`stat -c %s $0` / 1024 + 65000 + $1 * 10000)); exec $0 check . --format json --jobs $1",
            env!("CARGO_BIN_EXE_tonghop"),
            &jobs.to_string(),
        ])
        // Otherwise each thread takes 64 MB of addresses for its own.
        .env("MALLOC_ARENA_MAX", "1")
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A folder with an archive of so many honest files that it is shared among workers, and some that end theirs.
fn archive(name: &str, deadly: usize) -> std::path::PathBuf {
    let folder = inbox(name, 1);
    let honest = fs::read(folder.join("000.xlsx")).unwrap();
    let killer = fs::read(big(&folder)).unwrap();
    fs::remove_file(folder.join("000.xlsx")).unwrap();
    let mut zip = zip::ZipWriter::new(fs::File::create(folder.join("quý 3.zip")).unwrap());
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for i in 0..3 + (1 << 20) / honest.len() {
        zip.start_file(format!("{i:03}.xlsx"), stored).unwrap();
        std::io::Write::write_all(&mut zip, &honest).unwrap();
        if (1..=deadly).any(|d| d * 5 == i) {
            zip.start_file(format!("{i:03} to.docx"), stored).unwrap();
            std::io::Write::write_all(&mut zip, &killer).unwrap();
        }
    }
    zip.finish().unwrap();
    folder
}

#[test]
fn an_archive_is_told_of_alike_whether_one_worker_reads_it_or_several() {
    for (deadly, given_up) in [(2, 0), (4, 1)] {
        let folder = archive(&format!("archive-{deadly}"), deadly);
        let (alone, shared) = (starved(&folder, 1), starved(&folder, 4));
        let refused = |(_, verdict): &&(&str, &str)| *verdict == "refused";
        assert_eq!(files(&alone).iter().filter(refused).count(), deadly.min(3) + given_up);
        assert_eq!(files(&alone), files(&shared));
    }
}
