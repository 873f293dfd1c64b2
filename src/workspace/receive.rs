//! A file that was handed in into the inbox: under a name that any system bears, never over another file.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::Workspace;
use super::journal::Trouble;
use crate::files;
use crate::normalise::text::visible;

/// Bytes of a part of a name, and folders within folders, that any system bears.
const LONGEST: usize = 120;
const DEEPEST: usize = 6;
/// Names that Windows keeps for devices.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// What became of a file that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// It lies in the inbox under this name.
    As(String),
    /// The very same file lies there already, under this name.
    Known(String),
}

/// Where a file is written while it arrives: in the inbox, where no run looks.
pub fn arriving(workspace: &Workspace, number: u64) -> PathBuf {
    workspace.inbox().join(format!(".nhan-{}-{number}", std::process::id()))
}

/// Gives an arrived file its name.
///
/// # Errors
/// A folder or file that can't be written.
pub fn receive(workspace: &Workspace, arrived: &Path, named: &str) -> Result<Received, Trouble> {
    let inbox = workspace.inbox();
    let parts = safe(named);
    let mut folder = inbox.clone();
    for part in &parts[..parts.len() - 1] {
        folder.push(part);
    }
    let own = &parts[parts.len() - 1];
    fs::create_dir_all(&folder).map_err(|e| Trouble::of(&folder, &e))?;
    // A link must not lead out of the workspace.
    let real = files::real(&folder).map_err(|e| Trouble::of(&folder, &e))?;
    let home = files::real(&inbox).map_err(|e| Trouble::of(&inbox, &e))?;
    if !real.starts_with(&home) {
        return Err(Trouble::of(&folder, &io::ErrorKind::PermissionDenied.into()));
    }
    let (stem, ending) = own.rsplit_once('.').map_or((own.as_str(), String::new()), |(s, e)| (s, format!(".{e}")));
    for number in 1..1000 {
        let name = if number == 1 { own.clone() } else { format!("{stem} ({number}){ending}") };
        let path = folder.join(&name);
        let shown = parts[..parts.len() - 1].iter().chain([&name]).cloned().collect::<Vec<_>>().join("/");
        if path.exists() {
            if same(&path, arrived).unwrap_or(false) {
                let _ = fs::remove_file(arrived);
                return Ok(Received::Known(shown));
            }
            continue;
        }
        // Another upload may take the name between the look and the step: a link fails where a rename would write over.
        let taken = fs::hard_link(arrived, &path);
        match taken {
            Ok(()) => drop(fs::remove_file(arrived)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            // No links on this drive.
            Err(_) => files::rename(arrived, &path).map_err(|e| Trouble::of(&path, &e))?,
        }
        return Ok(Received::As(shown));
    }
    Err(Trouble::of(&folder, &io::ErrorKind::AlreadyExists.into()))
}

/// Whether two files hold the same bytes.
fn same(one: &Path, other: &Path) -> io::Result<bool> {
    if fs::metadata(one)?.len() != fs::metadata(other)?.len() {
        return Ok(false);
    }
    let (mut a, mut b) = (File::open(one)?, File::open(other)?);
    let (mut x, mut y) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let read = a.read(&mut x)?;
        if read == 0 {
            return Ok(true);
        }
        b.read_exact(&mut y[..read])?;
        if x[..read] != y[..read] {
            return Ok(false);
        }
    }
}

/// The parts of a handed-in name: no way up, no device, nothing a system forbids; at least one.
fn safe(named: &str) -> Vec<String> {
    let each = named.split(['/', '\\']).map(part).filter(|p| !p.is_empty());
    let mut parts: Vec<String> = each.collect();
    if parts.len() > DEEPEST {
        parts.drain(..parts.len() - DEEPEST);
    }
    if parts.is_empty() {
        parts.push("tep".to_owned());
    }
    parts
}

fn part(text: &str) -> String {
    let fits = |c: char| !c.is_control() && !r#":*?"<>|"#.contains(c);
    let plain: String = visible(text).chars().map(|c| if fits(c) { c } else { '_' }).collect();
    let plain = plain.trim().trim_start_matches('.').trim_end_matches(['.', ' ']);
    let stem = plain.split('.').next().unwrap_or_default().to_lowercase();
    let device = DEVICES.iter().any(|d| {
        stem == *d || (stem.len() == 4 && stem.starts_with(d) && stem.ends_with(|c: char| c.is_ascii_digit()))
    });
    let plain = if device { format!("_{plain}") } else { plain.to_owned() };
    if plain.len() <= LONGEST {
        return plain;
    }
    // The ending says what it is: it stays.
    let (stem, ending) = plain.rsplit_once('.').filter(|(_, e)| e.len() <= 8).unwrap_or((&plain, ""));
    let most = LONGEST.saturating_sub(ending.len() + 1);
    let cut = &stem[..stem.floor_char_boundary(most)];
    if ending.is_empty() { cut.to_owned() } else { format!("{}.{ending}", cut.trim_end()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leads_out_of_the_inbox() {
        assert_eq!(safe("../../etc/passwd"), ["etc", "passwd"]);
        assert_eq!(safe("C:\\Báo cáo\\a.xlsx"), ["C_", "Báo cáo", "a.xlsx"]);
        assert_eq!(safe("..."), ["tep"]);
        assert_eq!(safe("a/./.hidden.xlsx"), ["a", "hidden.xlsx"]);
        assert_eq!(safe("nul.xlsx"), ["_nul.xlsx"]);
        assert!(safe(&format!("{}.xlsx", "ộ".repeat(200)))[0].ends_with(".xlsx"));
        assert_eq!(safe("<img src=x>.xlsx"), ["_img src=x_.xlsx"]);
    }

    #[test]
    fn a_file_is_never_written_over_another() {
        let root = std::env::temp_dir().join(format!("tonghop-receive-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        let workspace = Workspace::make(&root).unwrap();
        let hand_in = |text: &str, named: &str| {
            let at = arriving(&workspace, 1);
            fs::write(&at, text).unwrap();
            receive(&workspace, &at, named).unwrap()
        };
        assert_eq!(hand_in("1", "a/b.xlsx"), Received::As("a/b.xlsx".into()));
        assert_eq!(hand_in("1", "a/b.xlsx"), Received::Known("a/b.xlsx".into()));
        assert_eq!(hand_in("2", "a/b.xlsx"), Received::As("a/b (2).xlsx".into()));
        assert_eq!(fs::read_to_string(workspace.inbox().join("a/b.xlsx")).unwrap(), "1");
        fs::remove_dir_all(root).unwrap();
    }
}
