//! Runs the built program as a user would.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What a run said, and how it ended.
pub struct Said {
    pub out: String,
    pub err: String,
    pub exit: i32,
}

/// Runs `tonghop` in a folder.
pub fn tonghop<A: AsRef<std::ffi::OsStr>>(folder: &Path, args: impl IntoIterator<Item = A>) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_tonghop")).args(args).current_dir(folder).output().unwrap();
    // Text for people is marked where no console shows it; on Windows alone.
    let text = |bytes| {
        let said = String::from_utf8(bytes).expect("the program speaks UTF-8");
        if cfg!(windows) { said.trim_start_matches('\u{feff}').to_owned() } else { said }
    };
    Said {
        out: text(output.stdout),
        err: text(output.stderr),
        exit: output.status.code().expect("the program ended by itself"),
    }
}

/// The project's folder.
pub fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// An empty folder of a test's own.
pub fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The samples' third quarter, consolidated once for all tests: the folder written.
pub fn samples_consolidated() -> &'static Path {
    static ONCE: OnceLock<PathBuf> = OnceLock::new();
    ONCE.get_or_init(|| {
        let out = scratch("samples-2023-Q3");
        let said = tonghop(
            home(),
            ["consolidate", "samples/quang-minh", "--period", "2023-Q3", "--out", out.to_str().unwrap()],
        );
        assert_eq!(said.exit, 1, "{}{}", said.out, said.err);
        out
    })
}

/// Makes LibreOffice work formulas out on loading, whoever wrote the file; by default it trusts stored results.
const ALWAYS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"#;

/// Has LibreOffice save files in another format into a folder, every formula worked out again; `place` keeps its profile.
/// What it said; nothing where there is no LibreOffice, which only a machine of CI must have.
pub fn office(place: &Path, format: &str, out: &Path, files: &[PathBuf]) -> Option<String> {
    let profile = place.join("profile/user");
    std::fs::create_dir_all(&profile).unwrap();
    std::fs::write(profile.join("registrymodifications.xcu"), ALWAYS).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", place.join("profile").display());
    let run = Command::new("soffice")
        .args([&profile, "--headless", "--norestore", "--convert-to", format, "--outdir"])
        .arg(out)
        .args(files)
        .output();
    match run {
        Ok(said) => Some(String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr)),
        Err(_) if std::env::var_os("CI").is_none() => {
            println!("skipped: soffice is not here; tests/run installs it");
            None
        }
        Err(error) => panic!("soffice: {error}"),
    }
}
