//! The house rules that a compiler does not hold: who may import whom, one door for each foreign crate, and files
//! that say what they do and stay small. CONTRIBUTING.md has them in words.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tonghop::model::finding::Kind;

const STAGES: [&str; 11] =
    ["discover", "read", "recognise", "learn", "prose", "extract", "check", "localise", "settle", "aggregate", "write"];

/// What stands beside the line, and what of ours it may know.
const BESIDE: [(&str, &[&str]); 10] = [
    ("model", &[]),
    ("normalise", &["model"]),
    // The linter of templates reads rules as claims.
    ("catalogue", &["model", "rule"]),
    ("rule", &["model", "normalise", "frame"]),
    ("files", &[]),
    ("package", &[]),
    ("patch", &["model", "package"]),
    ("frame", &["model", "normalise", "catalogue"]),
    ("words", &["model", "rule", "catalogue"]),
    ("learn", &["model", "normalise", "rule", "catalogue"]),
];

/// A foreign crate and the modules that are its door.
const DOORS: [(&str, &[&str]); 26] = [
    ("calamine", &["read"]),
    ("lopdf", &["read"]),
    ("quick_xml", &["package", "read", "patch"]),
    ("zip", &["package", "read", "write"]),
    ("flate2", &["package"]),
    ("crc32fast", &["package"]),
    ("simdutf8", &["package", "model"]),
    ("rust_xlsxwriter", &["write"]),
    ("parquet", &["write"]),
    ("anstyle_query", &["cli"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("indicatif", &["cli"]),
    ("toml", &["catalogue"]),
    ("include_dir", &["catalogue"]),
    ("polars", &["frame"]),
    ("sha2", &["files", "pipeline", "write"]),
    ("rayon", &["pipeline", "cli", "learn"]),
    ("serde_json", &["write", "cli"]),
    ("minijinja", &["write", "web"]),
    ("axum", &["web"]),
    ("tokio", &["web"]),
    ("form_urlencoded", &["web"]),
    ("percent_encoding", &["web"]),
    ("rlimit", &["pipeline"]),
    ("win32job", &["pipeline"]),
];

const LONGEST: usize = 800;

/// A source file: its path under src, its module at the top level, its text, and its code without comments and tests.
struct File {
    path: String,
    module: String,
    text: String,
    code: String,
}

fn sources() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                let module = path.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
                files.push(File { code: code(&path, &text), path, module, text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 50, "the sources were not found");
    files
}

/// What is compiled into the program: no comments, no tests.
fn code(path: &str, text: &str) -> String {
    let name = path.rsplit('/').next().unwrap();
    if path.contains("/tests/") || name.ends_with("tests.rs") || name == "sample.rs" {
        return String::new();
    }
    let tests = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..tests].lines().map(|line| line.find("//").map_or(line, |i| &line[..i])).collect::<Vec<_>>().join("\n")
}

/// The modules of ours at the top level that a file names: `crate::x::…` and `crate::{x::…, y}`.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (i, _) in code.match_indices("crate::") {
        if code[..i].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[i + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => found.extend(word(rest)),
            Some(list) => {
                let (mut depth, mut start) = (0i32, true);
                for (j, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && depth == 0 && !c.is_whitespace() => {
                            start = false;
                            found.extend(word(&list[j..]));
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    found
}

fn word(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    Some(text[..end].to_owned()).filter(|w| !w.is_empty())
}

/// Whether code names a crate as the root of a path.
fn names(code: &str, name: &str) -> bool {
    let own = |c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '.';
    code.match_indices(&format!("{name}::")).any(|(i, _)| !code[..i].ends_with(own))
}

fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n  {}\n", wrong.join("\n  "));
}

#[test]
fn every_file_says_what_it_does() {
    let says = |f: &&File| !f.text.starts_with("//!") && !f.text.starts_with("#![doc = include_str!");
    let wrong: Vec<String> =
        sources().iter().filter(says).map(|f| format!("src/{} does not open with //!", f.path)).collect();
    none(&wrong);
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let mut wrong = Vec::new();
    for file in sources() {
        let lines = file.text.lines().count();
        if lines > LONGEST {
            wrong.push(format!("src/{} has {lines} lines, over {LONGEST}", file.path));
        }
    }
    none(&wrong);
}

#[test]
fn data_goes_one_way() {
    let mut wrong = Vec::new();
    for file in sources() {
        let allowed: Vec<&str> = if let Some((_, allowed)) = BESIDE.iter().find(|(name, _)| *name == file.module) {
            allowed.to_vec()
        } else if STAGES.contains(&file.module.as_str()) {
            BESIDE.iter().map(|(name, _)| *name).collect()
        } else {
            continue;
        };
        for import in imports(&file.code).iter().filter(|i| **i != file.module && !allowed.contains(&i.as_str())) {
            wrong.push(format!("src/{} ({}) knows of {import}", file.path, file.module));
        }
    }
    none(&wrong);
}

#[test]
fn every_module_has_its_place() {
    let places: BTreeSet<&str> = STAGES
        .into_iter()
        .chain(BESIDE.map(|(name, _)| name))
        .chain(["cli", "web", "workspace", "pipeline", "folder", "lib", "main"])
        .collect();
    let strange: BTreeSet<String> =
        sources().into_iter().map(|f| f.module).filter(|m| !places.contains(m.as_str())).collect();
    none(
        &strange
            .into_iter()
            .map(|m| format!("src/{m} is no stage and stands nowhere beside the line: say where in tests/house.rs"))
            .collect::<Vec<_>>(),
    );
}

/// Who may know the reader's language: the faces, the writers, `words`; and who has one sentence of its own to say (a refusal, a
/// complaint about a list, a file's reason). No check, no search for guilty cells, no total depends on it.
const SPEAKERS: [&str; 12] =
    ["words", "write", "cli", "web", "workspace", "folder", "model", "catalogue", "read", "patch", "settle", "lib"];

#[test]
fn no_stage_knows_the_reader_s_language() {
    let knows = |f: &&File| f.code.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == "Lang");
    let silent = |f: &&File| !SPEAKERS.contains(&f.module.as_str()) && f.path != "pipeline/file.rs";
    let wrong: Vec<String> =
        sources().iter().filter(knows).filter(silent).map(|f| format!("src/{} knows of Lang", f.path)).collect();
    none(&wrong);
}

#[test]
fn each_foreign_crate_has_one_door() {
    let mut wrong = Vec::new();
    for file in sources() {
        for (name, doors) in DOORS {
            if !doors.contains(&file.module.as_str()) && names(&file.code, name) {
                wrong.push(format!("src/{} uses {name}, whose door is {}", file.path, doors.join(", ")));
            }
        }
    }
    none(&wrong);
}

/// Where a rule's kind may be looked at: its lowering, the template that writes it, the check that is its own, and what no
/// claim on particular cells can say (names that stand twice, a unit's own history). Everybody else reads claims.
const KNOW_KINDS: [&str; 8] = [
    "model/rule.rs",
    "rule/mod.rs",
    "catalogue/rules.rs",
    "catalogue/build.rs",
    "check/mod.rs",
    "check/change.rs",
    "frame/peers.rs",
    "write/blank/checks.rs",
];

#[test]
fn what_a_rule_says_is_read_from_its_claims() {
    let matches = |f: &&File| f.code.contains("RuleKind::") && !KNOW_KINDS.contains(&f.path.as_str());
    let wrong: Vec<String> =
        sources().iter().filter(matches).map(|f| format!("src/{} looks at a rule's kind", f.path)).collect();
    none(&wrong);
}

#[test]
fn names_say_what_a_thing_is() {
    let vague = ["util", "utils", "helper", "helpers", "common", "manager", "data", "misc"];
    let parts = |path: &str| path.trim_end_matches(".rs").split('/').map(str::to_owned).collect::<Vec<_>>();
    let wrong: Vec<String> = sources()
        .iter()
        .filter(|f| parts(&f.path).iter().any(|p| vague.contains(&p.as_str())))
        .map(|f| format!("src/{}", f.path))
        .collect();
    none(&wrong);
}

#[test]
fn every_kind_of_rule_is_explained_in_both_languages() {
    let catalogue = tonghop::catalogue::load(None).unwrap();
    let used: BTreeSet<&str> = catalogue.rules.iter().map(|r| r.kind.name()).collect();
    let mut wrong = Vec::new();
    let words = |kind: Kind| Some((kind.name(), tonghop::check::explanation(kind)?));
    let explained: Vec<(&str, &str)> = Kind::all().filter_map(words).collect();
    let names: BTreeSet<&str> = explained.iter().map(|(kind, _)| *kind).collect();
    wrong.extend(used.difference(&names).map(|kind| format!("the kind {kind} has no words")));
    for (kind, words) in explained {
        let Some((en, vi)) = words.split_once("\n---\n") else {
            wrong.push(format!("src/check/{kind}.md has one language: English and Vietnamese are parted by ---"));
            continue;
        };
        let vietnamese = |text: &str| text.chars().any(|c| "ạảãáàăâđêôơưộớợủứ".contains(c));
        if vietnamese(en.lines().next().unwrap_or_default()) || !vietnamese(vi) {
            wrong.push(format!("src/check/{kind}.md: English first, then Vietnamese"));
        }
        let stands = |place: String| Path::new(env!("CARGO_MANIFEST_DIR")).join(place).exists();
        if !stands(format!("src/check/{kind}.rs")) && !stands(format!("src/{kind}/mod.rs")) {
            wrong.push(format!("src/check/{kind}.md stands without {kind}.rs"));
        }
    }
    none(&wrong);
}

#[test]
fn the_reader_of_imports_reads_them() {
    let code = "use crate::{book::Book, model::{a, b}, write};\nlet x = crate::check::check();\n$crate::no";
    assert_eq!(imports(code).into_iter().collect::<Vec<_>>(), ["book", "check", "model", "write"]);
    assert!(names("use zip::ZipArchive;", "zip") && !names("a.zip(b); super::zip::x", "zip"));
}
