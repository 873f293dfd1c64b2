//! Files replaced together, and paths as the system has them.

use super::*;

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("tonghop-files-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_set_is_replaced_together_or_not_at_all() {
    let root = folder("replace");
    let names = ["a", "b", "c"];
    let beside = |name: &str| root.join(format!(".{name}.tmp"));
    let files: Vec<_> = names.iter().map(|name| (beside(name), root.join(name))).collect();
    for name in names {
        fs::write(beside(name), "new").unwrap();
    }
    fs::write(root.join("a"), "old").unwrap();
    fs::create_dir(root.join("c")).unwrap();
    // A folder stands in the way of one: it is named, and the others are as they were.
    let wrong = replace(&files).unwrap_err();
    assert_eq!(wrong.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>(), [root.join("c")]);
    assert_eq!((fs::read_to_string(root.join("a")).unwrap().as_str(), root.join("b").exists()), ("old", false));
    // One can't be renamed at the last moment: the others are put back, and what was not there is not there again.
    fs::remove_dir(root.join("c")).unwrap();
    fs::remove_file(beside("c")).unwrap();
    assert_eq!(replace(&files).unwrap_err().len(), 1);
    assert_eq!((fs::read_to_string(root.join("a")).unwrap().as_str(), root.join("b").exists()), ("old", false));
    for name in names {
        fs::write(beside(name), "new").unwrap();
    }
    replace(&files).unwrap();
    assert!(names.iter().all(|name| fs::read_to_string(root.join(name)).unwrap() == "new"));
    assert_eq!(fs::read_dir(&root).unwrap().count(), 3);
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn a_lock_of_a_moment_is_waited_for() {
    let mut tries = 0;
    let mut locked = |times: u32, code: i32, on_windows: bool| {
        tries = 0;
        patiently(on_windows, || {
            tries += 1;
            if tries <= times { Err(io::Error::from_raw_os_error(code)) } else { Ok(tries) }
        })
    };
    assert_eq!(locked(3, 32, true).unwrap(), 4);
    assert_eq!(locked(1, 5, true).unwrap(), 2);
    assert!(locked(1, 32, false).is_err() && locked(1, 2, true).is_err() && locked(99, 33, true).is_err());
    let error = |code| io::Error::from_raw_os_error(code);
    assert!(in_use(&error(32), true) && in_use(&error(33), true) && !in_use(&error(5), true));
    assert!(!in_use(&error(32), false));
}

#[test]
fn paths_are_shown_as_people_know_them() {
    assert_eq!(shown(Path::new(r"\\?\D:\Báo cáo\units.csv")), r"D:\Báo cáo\units.csv");
    assert_eq!(shown(Path::new(r"\\?\UNC\may-chu\kstt\units.csv")), r"\\may-chu\kstt\units.csv");
    assert_eq!(shown(Path::new("/srv/units.csv")), "/srv/units.csv");
    assert!(real(Path::new("/không/có")).is_err());
    assert!(real(&std::env::temp_dir()).is_ok());
}

/// A file that is open and has no name any more can be read by its number, and no path leads to it: so are all files of a drive
/// that does not say where its paths lead.
#[cfg(target_os = "linux")]
#[test]
fn a_drive_that_does_not_say_where_its_paths_lead_is_read_all_the_same() {
    use std::os::fd::AsRawFd;
    let root = folder("nameless");
    fs::write(root.join("a"), "x").unwrap();
    let open = fs::File::open(root.join("a")).unwrap();
    fs::remove_dir_all(root).unwrap();
    let path = PathBuf::from(format!("/proc/self/fd/{}", open.as_raw_fd()));
    assert!(path.canonicalize().is_err() && fs::read_to_string(&path).unwrap() == "x");
    assert_eq!(real(&path).unwrap(), path);
}
