//! Books into other containers, by LibreOffice.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A LibreOffice with a profile of its own.
pub struct Office {
    profile: PathBuf,
}

impl Office {
    /// None where there is no LibreOffice; on CI there must be one.
    pub fn start(place: &Path) -> Option<Self> {
        let is_here = Command::new("soffice").arg("--version").output().is_ok();
        assert!(is_here || std::env::var_os("CI").is_none(), "soffice is not here; tests/run installs it");
        if !is_here {
            println!("skipped: soffice is not here; tests/run installs it");
        }
        is_here.then(|| Self { profile: place.join("profile") })
    }

    /// Converts the books of a folder into another; one run starts the office once.
    pub fn convert(&self, books: &[PathBuf], filter: &str, into: &Path) {
        fs::create_dir_all(into).unwrap();
        let mut run = Command::new("soffice");
        run.arg(format!("-env:UserInstallation=file://{}", self.profile.display())).args(["--headless", "--norestore"]);
        // A page goes to Writer only if it is told so.
        if filter.starts_with("docx") {
            run.arg("--infilter=HTML (StarWriter)");
        }
        let said = run.args(["--convert-to", filter, "--outdir"]).arg(into).args(books).output().unwrap();
        let (ending, _) = filter.split_once(':').unwrap();
        for book in books {
            let made = into.join(book.file_name().unwrap()).with_extension(ending);
            assert!(made.exists(), "LibreOffice made no {}: {}", made.display(), String::from_utf8_lossy(&said.stderr));
        }
    }
}
