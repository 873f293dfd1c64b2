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
pub fn tonghop<A: AsRef<std::ffi::OsStr>>(
    folder: &Path,
    args: impl IntoIterator<Item = A>,
) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_tonghop"))
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("the program speaks UTF-8");
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
            [
                "consolidate",
                "samples/quang-minh",
                "--period",
                "2023-Q3",
                "--out",
                out.to_str().unwrap(),
            ],
        );
        assert_eq!(said.exit, 1, "{}{}", said.out, said.err);
        out
    })
}
