//! What is particular about being started on Windows: arguments as its shells pass them, a window of one's own that
//! closes at once, text that its programs take for letters of an old code page.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::path::Path;

/// The arguments as they were meant. A path that ends in `\` before its closing quote, as Tab completes it in PowerShell
/// 5.1 (`'.\Bao cao\'`) and as people type it in cmd, arrives with all that follows in one argument, since `\"` is a quote
/// that stands for itself: `D:\Bao cao" --period 2023-Q3`. No path of Windows holds a quote.
///
/// # Errors
/// Such an argument with others behind it: then it can't be told where their blanks were meant, and a sentence says what
/// to type.
pub fn as_meant(given: Vec<OsString>, on_windows: bool) -> Result<Vec<OsString>, String> {
    let glued = given.iter().skip(1).position(|argument| argument.to_string_lossy().contains('"')).map(|at| at + 1);
    let Some(at) = glued.filter(|_| on_windows) else { return Ok(given) };
    let text = given[at].to_string_lossy().into_owned();
    let (path, rest) = text.split_once('"').unwrap_or((&text, ""));
    if at + 1 < given.len() || rest.contains('"') {
        return Err(format!(
            "Dấu \\ ngay trước dấu nháy làm dính các tham số sau “{path}\\”; hãy bỏ dấu \\ ở cuối đường dẫn: \"{path}\". The \\ before the closing quote glues “{path}\\” to what follows; leave it out: \"{path}\"."
        ));
    }
    let mut meant = given[..at].to_vec();
    meant.push(path.into());
    meant.extend(rest.split_whitespace().map(OsString::from));
    Ok(meant)
}

/// Files and folders dropped on the program, which then get checked: no argument is a command, and all of them exist.
pub fn dropped(given: &[OsString]) -> bool {
    let arguments = &given[1.min(given.len())..];
    let is_path =
        |argument: &OsString| argument.to_str().is_none_or(|a| !a.starts_with('-')) && Path::new(argument).exists();
    // A folder may be called like a command; dropped, it comes with its whole path.
    let is_whole = |argument: &OsString| Path::new(argument).is_absolute();
    !arguments.is_empty() && arguments.iter().all(|argument| is_path(argument) && is_whole(argument))
}

/// The same as `check PATH…`.
pub fn check_of(given: &[OsString]) -> Vec<OsString> {
    let mut arguments = given.to_vec();
    arguments.insert(1.min(arguments.len()), OsStr::new("check").to_owned());
    arguments
}

/// Keeps the window open until somebody has read it, where the program was not started from a shell.
pub fn wait_for_enter() {
    if cfg!(windows) && io::stdin().is_terminal() && io::stdout().is_terminal() {
        super::say::out("\nNhấn Enter để đóng cửa sổ này. / Press Enter to close this window.\n");
        let _ = io::stdin().read_line(&mut String::new());
    }
}

/// Written before text for people. Without it PowerShell 5.1 (`> f.txt`, `| more`), Excel and old editors take UTF-8 on a pipe or
/// in a file for an old code page, and Vietnamese letters are lost; with it they read what is there.
pub const MARK: &str = "\u{feff}";

/// Whether what goes to a stream is read by a program of Windows, and no console shows it.
pub fn is_for_a_program(is_terminal: bool, on_windows: bool) -> bool {
    on_windows && !is_terminal
}

/// JSON that every code page reads alike. Letters beyond ASCII stand nowhere but in its strings.
pub fn in_ascii(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            plain.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(plain, "\\u{unit:04x}");
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(arguments: &[&str]) -> Vec<OsString> {
        std::iter::once("tonghop").chain(arguments.iter().copied()).map(OsString::from).collect()
    }

    #[test]
    fn a_path_glued_to_what_follows_is_parted_again() {
        let glued = given(&["consolidate", "D:\\Bao cao\" --period 2023-Q3 --out kq"]);
        let meant = given(&["consolidate", "D:\\Bao cao", "--period", "2023-Q3", "--out", "kq"]);
        assert_eq!(as_meant(glued.clone(), true), Ok(meant));
        assert_eq!(as_meant(given(&["check", ".\\Bao cao\""]), true), Ok(given(&["check", ".\\Bao cao"])));
        // A quote is a letter like others elsewhere.
        assert_eq!(as_meant(glued.clone(), false), Ok(glued));
        let more = given(&["check", "D:\\a b\" --out D:\\kq", "2"]);
        assert!(as_meant(more, true).unwrap_err().contains("\"D:\\a b\""));
    }

    #[test]
    fn what_is_dropped_on_the_program_is_checked() {
        let here = std::env::temp_dir();
        let folder = here.to_str().unwrap();
        assert!(dropped(&given(&[folder, folder])));
        assert!(!dropped(&given(&[])) && !dropped(&given(&["check"])) && !dropped(&given(&["check", folder])));
        assert!(!dropped(&given(&[folder, "--quiet"])));
        assert_eq!(check_of(&given(&[folder])), given(&["check", folder]));
    }
    #[test]
    fn json_is_the_same_in_ascii() {
        let given = serde_json::json!({ "Đơn vị": ["Sở Y tế", "a\\\"b", "𠀋"], "value": 3 });
        for text in [given.to_string(), format!("{given:#}\n")] {
            let plain = in_ascii(&text);
            assert!(plain.is_ascii(), "{plain}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&plain).unwrap(), given);
        }
        assert!(is_for_a_program(false, true) && !is_for_a_program(true, true) && !is_for_a_program(false, false));
    }
}
