//! Runs over many files: what was read is kept and believed only while whole, partitions read back, and what
//! `tonghop sql` prints comes to the same totals in another engine.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tonghop::model::finding::Kind;
use tonghop::pipeline::Task;
use tonghop::rule::Book;

use crate::program::{home, scratch, tonghop};

fn entries(cache: Option<&Path>, out: &Path) -> Vec<u8> {
    let mut args = vec!["entries", "samples/quang-minh", "--quiet", "--out"];
    args.push(out.to_str().unwrap());
    if let Some(cache) = cache {
        args.extend(["--cache", cache.to_str().unwrap()]);
    }
    let said = tonghop(home(), args);
    assert_eq!(said.exit, 0, "{}", said.err);
    fs::read(out).unwrap()
}

#[test]
fn a_cache_changes_nothing_but_the_time_even_when_spoilt() {
    let folder = scratch("cache");
    let (cache, out) = (folder.join("kept"), folder.join("entries.csv"));
    let plain = entries(None, &out);
    assert_eq!(plain, entries(Some(&cache), &out));
    let kept: Vec<_> = fs::read_dir(&cache).unwrap().map(|e| e.unwrap().path()).collect();
    assert!(kept.len() > 10);
    assert_eq!(plain, entries(Some(&cache), &out));
    for (i, path) in kept.iter().enumerate() {
        let mut bytes = fs::read(path).unwrap();
        match i % 3 {
            0 => bytes.truncate(bytes.len() / 2),
            1 => bytes[40] ^= 1,
            _ => bytes.clear(),
        }
        fs::write(path, bytes).unwrap();
    }
    assert_eq!(plain, entries(Some(&cache), &out));
    // Another language, other words: nothing of the Vietnamese run is taken for it.
    let english = tonghop(home(), ["check", "samples/quang-minh", "--lang", "en", "--cache", cache.to_str().unwrap()]);
    let bare = tonghop(home(), ["check", "samples/quang-minh", "--lang", "en"]);
    assert_eq!(english.out, bare.out);
}

/// A Python that can import duckdb, if there is one; `tests/run` makes one in target/venv.
fn duckdb() -> Option<String> {
    let own = home().join("target/venv/bin/python");
    let candidates = [own.to_string_lossy().into_owned(), "python3".to_owned()];
    candidates.into_iter().find(|python| {
        let tried = Command::new(python).args(["-c", "import duckdb"]).output();
        tried.is_ok_and(|o| o.status.success())
    })
}

/// Defines the view over a data set as `tonghop sql --view` has it, and prints what each query gives, tabs between.
const RUN: &str = "
import duckdb, sys
db = duckdb.connect()
parts = f\"read_parquet('{sys.argv[1]}/*/*/*/*.parquet', hive_partitioning = true, hive_types_autocast = false)\"
db.execute(f'CREATE VIEW submissions AS SELECT * FROM {parts}')
db.execute('CREATE VIEW entries AS ' + open(sys.argv[2]).read())
plain = lambda v: '' if v is None else f'{v:.6f}'.rstrip('0').rstrip('.') if hasattr(v, 'as_tuple') else str(v).replace(chr(10), ' ')
for sql in sys.argv[3:]:
    asked = db.execute(open(sql).read())
    print('|', *[column[0] for column in asked.description], sep='\t')
    for row in asked.fetchall():
        print(*map(plain, row), sep='\t')
";

/// What queries give over a data set: the names of the columns, then the rows.
fn ask(python: &str, dataset: &Path, queries: &[String]) -> Vec<Vec<String>> {
    let folder = dataset.parent().unwrap();
    let view = tonghop(home(), ["sql", "--view"]);
    assert_eq!(view.exit, 0, "{}", view.err);
    fs::write(folder.join("view.sql"), view.out).unwrap();
    let mut run = Command::new(python);
    run.args(["-c", RUN]).arg(dataset).arg(folder.join("view.sql"));
    for (nr, query) in queries.iter().enumerate() {
        let file = folder.join(format!("{nr}.sql"));
        fs::write(&file, query).unwrap();
        run.arg(file);
    }
    let done = run.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let text = String::from_utf8(done.stdout).unwrap();
    text.lines().map(|row| row.split('\t').map(str::to_owned).collect()).collect()
}

fn sql(args: &[&str]) -> String {
    let said = tonghop(home(), ["sql"].iter().chain(args));
    assert_eq!(said.exit, 0, "{args:?}: {}", said.err);
    said.out
}

fn add(inbox: &Path, dataset: &Path) {
    let [inbox, dataset] = [inbox, dataset].map(|path| path.to_str().unwrap());
    let said = tonghop(home(), ["entries", inbox, "--quiet", "--out", dataset]);
    assert_eq!(said.exit, 0, "{}", said.err);
}

/// By form, table, line and column, as consolidated.csv has them.
fn totals(inbox: &Path, period: &str, out: &Path) -> BTreeMap<String, Rows> {
    let [inbox, out_dir] = [inbox, out].map(|path| path.to_str().unwrap());
    let done = tonghop(home(), ["consolidate", inbox, "--quiet", "--period", period, "--out", out_dir]);
    assert!(done.exit < 2, "{}", done.err);
    let mut ours: BTreeMap<String, Rows> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(out.join("consolidated.csv")).unwrap();
    for row in reader.records().map(Result::unwrap) {
        let key = (row[1].to_owned(), row[3].to_owned(), row[4].to_owned());
        ours.entry(row[0].to_owned()).or_default().insert(key, row[5].to_owned());
    }
    ours
}

/// The totals of forms in a period, as queries over the data set give them.
fn asked_totals<'a>(
    python: &str,
    dataset: &Path,
    forms: impl Iterator<Item = &'a String>,
    period: &str,
    more: &[&str],
) -> BTreeMap<String, Rows> {
    let query = |form: &String| sql(&[&[form.as_str(), "--period", period], more].concat());
    let queries: Vec<String> = forms.map(query).collect();
    let mut theirs: BTreeMap<String, Rows> = BTreeMap::new();
    for row in ask(python, dataset, &queries) {
        if row[0] == "|" {
            assert_eq!(row[1..], ["form", "table", "period", "line", "column", "value", "reported"]);
            continue;
        }
        let key = (row[1].clone(), row[3].clone(), row[4].clone());
        theirs.entry(row[0].clone()).or_default().insert(key, row[5].clone());
    }
    theirs
}

/// What nobody stated is a row without a value there, and none here.
fn agree(ours: &BTreeMap<String, Rows>, mut theirs: BTreeMap<String, Rows>, period: &str) {
    for (form, ours) in ours {
        let theirs = theirs.entry(form.clone()).or_default();
        theirs.retain(|key, value| !value.is_empty() || ours.contains_key(key));
        assert_eq!(ours, theirs, "{form} {period}");
    }
}

type Rows = BTreeMap<(String, String, String), String>;

#[test]
fn the_sql_of_a_form_comes_to_our_own_totals() {
    let Some(python) = duckdb() else {
        eprintln!("skipped: no Python here can import duckdb; tests/run installs it");
        return;
    };
    let folder = scratch("sql");
    let (inbox, dataset) = (home().join("samples/quang-minh"), folder.join("entries"));
    add(&inbox, &dataset);
    for period in ["2023-Q3", "2023-9M", "2023-H1"] {
        let ours = totals(&inbox, period, &folder.join(period));
        assert_eq!(ours.len(), 9);
        agree(&ours, asked_totals(&python, &dataset, ours.keys(), period, &[]), period);
    }
}

/// Every file of a data set, with what it holds.
fn files(dataset: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dataset.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).into_iter().flatten().map(|e| e.unwrap().path()) {
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(ending) if ending == "parquet" => {
                    let bytes = fs::read(&path).unwrap();
                    found.insert(path.strip_prefix(dataset).unwrap().to_owned(), bytes);
                }
                _ => {}
            }
        }
    }
    found
}

/// The files that a sample's units sent.
fn sent() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![home().join("samples/quang-minh")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(ending) if ["xlsx", "xls", "ods"].iter().any(|e| ending == *e) => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

#[test]
fn ten_writers_at_once_lose_nothing() {
    let folder = scratch("writers");
    let inputs: Vec<PathBuf> =
        sent().into_iter().filter(|f| f.extension().is_some_and(|e| e == "xlsx")).take(10).collect();
    assert_eq!(inputs.len(), 10);
    for input in &inputs {
        add(input, &folder.join("one by one"));
    }
    let dataset = folder.join("at once");
    let start = |input: &PathBuf| {
        let mut run = Command::new(env!("CARGO_BIN_EXE_tonghop"));
        run.arg("entries").arg(input).arg("--quiet").arg("--out").arg(&dataset);
        run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    // All of them twice: the same returns are the same file, whoever is first.
    let mut runs: Vec<_> = inputs.iter().chain(&inputs).map(start).collect();
    assert!(runs.iter_mut().all(|run| run.wait().unwrap().success()));
    let (alone, together) = (files(&folder.join("one by one")), files(&dataset));
    assert!(alone.len() >= 10);
    assert!(alone == together, "{:?} {:?}", alone.keys(), together.keys());
}

#[test]
fn a_writer_that_is_killed_leaves_the_data_set_as_it_was() {
    let folder = scratch("killed");
    let dataset = folder.join("entries");
    add(&sent()[0], &dataset);
    let before = files(&dataset);
    let mut killed = 0;
    for pause in [5, 20, 60, 150, 300, 500] {
        let mut run = Command::new(env!("CARGO_BIN_EXE_tonghop"));
        run.arg("entries").arg("samples/quang-minh").arg("--quiet").arg("--out").arg(&dataset).current_dir(home());
        let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(pause));
        run.kill().unwrap();
        if run.wait().unwrap().success() {
            break;
        }
        killed += 1;
        assert!(before == files(&dataset), "killed after {pause} ms");
    }
    assert!(killed > 0);
    // What it began is nobody's hindrance.
    add(&home().join("samples/quang-minh"), &dataset);
    add(&home().join("samples/quang-minh"), &folder.join("undisturbed"));
    let (all, whole) = (files(&dataset), files(&folder.join("undisturbed")));
    assert!(whole.iter().all(|(name, bytes)| all.get(name) == Some(bytes)));
    assert!(all.len() <= whole.len() + before.len());
}

#[test]
fn a_return_sent_again_counts_once_also_while_files_are_put_together() {
    let Some(python) = duckdb() else {
        eprintln!("skipped: no Python here can import duckdb; tests/run installs it");
        return;
    };
    let folder = scratch("again");
    let (inbox, dataset) = (folder.join("inbox"), folder.join("entries"));
    let form = "II.06a/VPCP/KSTT".to_owned();
    let lay = |received: &str| {
        let sheet = format!(
            "# file: snv.xlsx\n# sheet: 06a\n1: Biểu số II.06a/VPCP/KSTT\n2: Đơn vị báo cáo: Sở Nội vụ\n\
             3: Kỳ báo cáo: Quý II năm 2024\n\
             8: STT | Lĩnh vực giải quyết | Số lượng hồ sơ tiếp nhận | < | < | < | Số lượng hồ sơ đã giải quyết | < | < | < | Số lượng hồ sơ đang giải quyết | < | <\n\
             9: ^ | ^ | Tổng số | Trong kỳ | < | Từ kỳ trước | Tổng số | Trước hạn | Đúng hạn | Quá hạn | Tổng số | Trong hạn | Quá hạn\n\
             10: ^ | ^ | ^ | Trực tuyến | Trực tiếp, dịch vụ bưu chính | ^ | ^ | ^ | ^ | ^ | ^ | ^ | ^\n\
             11: (1) | (2) | (3)=(4)+(5)+(6) | (4) | (5) | (6) | (7)=(8)+(9)+(10) | (8) | (9) | (10) | (11)=(12)+(13) | (12) | (13)\n\
             12: 1 | Tổ chức cán bộ | {received} | {received} | 0 | 0 | 0 | 0 | 0 | 0 | {received} | {received} | 0\n\
             13: TỔNG CỘNG | < | {received} | {received} | 0 | 0 | 0 | 0 | 0 | 0 | {received} | {received} | 0\n"
        );
        crate::paper::lay(&sheet, &inbox);
    };
    let at = |seconds: u64| {
        let file = fs::File::options().write(true).open(inbox.join("snv.xlsx")).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
    };
    let received = || {
        let found = asked_totals(&python, &dataset, std::iter::once(&form), "2024-Q2", &[]);
        found[&form][&(String::new(), "total".to_owned(), "3".to_owned())].clone()
    };
    // Sent, read once more, sent again; then the first version turns up once more, not newer for that.
    for (figure, seconds, counts) in [("60", 1000, "60"), ("60", 1000, "60"), ("71", 2000, "71"), ("60", 1500, "71")] {
        lay(figure);
        at(seconds);
        add(&inbox, &dataset);
        assert_eq!(received(), counts, "{figure} at {seconds}");
    }
    let small = files(&dataset);
    assert_eq!(small.len(), 3, "{:?}", small.keys());
    let said = tonghop(home(), ["entries", "--compact", dataset.to_str().unwrap()]);
    assert_eq!(said.exit, 0, "{}", said.err);
    assert_eq!(files(&dataset).len(), 1);
    assert_eq!(received(), "71");
    // Broken off before the small files were taken away: all of them are there, and still one counts.
    for (name, bytes) in small {
        fs::write(dataset.join(name), bytes).unwrap();
        assert_eq!(received(), "71");
    }
    assert_eq!(tonghop(home(), ["entries", "--compact", dataset.to_str().unwrap(), "--quiet"]).exit, 0);
    assert_eq!((files(&dataset).len(), received().as_str()), (1, "71"));
}

/// Whether rules of a kind claim something of single cells, and not of a whole return or of several.
fn is_of_cells(kind: Kind) -> bool {
    !matches!(kind, Kind::Unique | Kind::AddsUp | Kind::Change)
}

/// Rule, file, sheet and cell.
type Failures = BTreeSet<[String; 4]>;

/// What fails by the rules of cells, as `check` finds it and as the forms' queries list it.
fn failures(python: &str, inbox: &Path, folder: &Path, templates: Option<&Path>) -> (Failures, Failures) {
    let catalogue = Arc::new(tonghop::catalogue::load(templates).unwrap());
    let units = tonghop::pipeline::find_units(None, &[inbox.to_owned()]);
    let units = units.map(|file| tonghop::workspace::load_units(&file).unwrap()).unwrap_or_default();
    let task = Task { paths: vec![inbox.to_owned()], read_only: true, ..Task::default() };
    let outcome = tonghop::pipeline::run(&task, catalogue.clone(), units, &|_, _| {}).unwrap();
    let book = Book::new(&outcome.catalogue, &outcome.returns).following(&outcome.units);
    let of_cells = |id: &str| catalogue.rules.iter().any(|r| *r.id == *id && is_of_cells(r.kind.kind()));
    let found = tonghop::check::failing(&book).into_iter().filter(|(rule, ..)| of_cells(rule));
    let ours = found.map(|(rule, file, sheet, cells)| {
        [rule, file.to_string(), sheet.to_string(), cells.first().map(ToString::to_string).unwrap_or_default()]
    });
    let dataset = folder.join("entries");
    tonghop::write::entries(&outcome, &dataset).unwrap();
    let more: Vec<&str> = templates.iter().flat_map(|dir| ["--templates", dir.to_str().unwrap()]).collect();
    let queries: Vec<String> =
        catalogue.forms.iter().map(|form| sql(&[&[&*form.id, "--checks"], &more[..]].concat())).collect();
    let mut theirs = Failures::new();
    for row in ask(python, &dataset, &queries) {
        if row[0] != "|" {
            theirs.insert([row[0].clone(), row[9].clone(), row[10].clone(), row[11].clone()]);
        }
    }
    (ours.collect(), theirs)
}

#[test]
fn the_rules_as_queries_list_what_check_finds() {
    let Some(python) = duckdb() else {
        eprintln!("skipped: no Python here can import duckdb; tests/run installs it");
        return;
    };
    let samples = home().join("samples/quang-minh");
    let (ours, theirs) = failures(&python, &samples, &scratch("checks"), None);
    assert!(ours.len() > 20, "{ours:?}");
    assert_eq!(ours, theirs);
    let shared = home().join("../shared/corpus");
    for corpus in ["clean", "dirty"].map(|name| shared.join(name)).iter().filter(|corpus| corpus.exists()) {
        let (ours, theirs) = failures(&python, corpus, &scratch("checks-of-corpus"), None);
        assert_eq!(ours, theirs, "{}", corpus.display());
    }
}

#[test]
fn learned_forms_come_to_the_same_as_queries_once_they_are_saved() {
    let Some(python) = duckdb() else {
        eprintln!("skipped: no Python here can import duckdb; tests/run installs it");
        return;
    };
    let (inbox, folder) = (home().join("samples/binh-an"), scratch("learned-in-sql"));
    let ours = learned_fail_alike(&python, &inbox, &folder);
    assert!(ours > 0);
    let (period, templates) = ("2026-H1", folder.join("bieu"));
    let ours = totals(&inbox, period, &folder.join(period));
    let more = ["--templates", templates.to_str().unwrap()];
    agree(&ours, asked_totals(&python, &folder.join("entries"), ours.keys(), period, &more), period);
    let unknown = fs::read_dir(home().join("../shared/unknown/dirty"));
    let mut failing = 0;
    for inbox in unknown.into_iter().flatten().map(|entry| entry.unwrap().path()) {
        failing += learned_fail_alike(&python, &inbox, &scratch("learned-unknown-in-sql"));
    }
    assert!(failing > 20 || !home().join("../shared/unknown/dirty").exists(), "{failing}");
}

/// Learns a folder's forms, saves them, and holds the rows that fail by their queries to those that fail by `check`; how many.
fn learned_fail_alike(python: &str, inbox: &Path, folder: &Path) -> usize {
    let learned = folder.join("bieu");
    let [from, to] = [inbox, &learned].map(|path| path.to_str().unwrap());
    let said = tonghop(home(), ["forms", "learn", from, "--quiet", "--out", to]);
    assert_eq!(said.exit, 0, "{}", said.err);
    let (ours, theirs) = failures(python, inbox, folder, Some(&learned));
    assert_eq!(ours, theirs, "{}", inbox.display());
    ours.len()
}
