//! Folders as people hand them in, and what is left out of them.

use super::*;

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("tonghop-discover-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("2023-Q1/Sở Y tế")).unwrap();
    folder
}

#[test]
fn a_folder_is_searched_whole_and_in_order() {
    let root = folder("whole");
    fs::write(root.join("2023-Q1/b.xlsx"), "x").unwrap();
    fs::write(root.join("2023-Q1/Sở Y tế/a.XLS"), "x").unwrap();
    fs::write(root.join("2023-Q1/~$b.xlsx"), "x").unwrap();
    fs::write(root.join("units.csv"), "x").unwrap();
    for bin in ["$RECYCLE.BIN/S-1-5-21", "System Volume Information", "recycler", "Config.Msi"] {
        fs::create_dir_all(root.join(bin)).unwrap();
        fs::write(root.join(bin).join("$RA1.xlsx"), "x").unwrap();
    }
    fs::write(root.join("giấy.pdf"), "%PDF-1.4").unwrap();
    fs::write(root.join("quên đuôi"), b"PK\x03\x04").unwrap();
    fs::write(root.join("z.zip"), "PK").unwrap();
    fs::write(root.join("trống.xlsx"), "").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&root, root.join("vòng")).unwrap();
    let found = discover(std::slice::from_ref(&root)).unwrap();
    let short: Vec<_> = found.iter().map(|f| (f.source.name.as_str(), &f.kind)).collect();
    assert_eq!(
        short,
        [
            ("2023-Q1/Sở Y tế/a.XLS", &Kind::Workbook),
            ("2023-Q1/b.xlsx", &Kind::Workbook),
            ("2023-Q1/~$b.xlsx", &Kind::LeftOut(Reason::LockFile)),
            ("giấy.pdf", &Kind::Workbook),
            ("quên đuôi", &Kind::Workbook),
            ("trống.xlsx", &Kind::LeftOut(Reason::Empty)),
            ("z.zip", &Kind::Archive),
        ]
    );
    assert_eq!(found[0].folders[1..], ["2023-Q1", "Sở Y tế"]);
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn a_single_file_goes_by_its_own_name() {
    let root = folder("single");
    let path = root.join("2023-Q1/b.xlsx");
    fs::write(&path, "x").unwrap();
    let found = discover(&[path]).unwrap();
    assert_eq!(found[0].source.name, "b.xlsx");
    assert!(found[0].folders.is_empty());
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn a_path_that_is_not_there_is_said_plainly() {
    let pattern = discover(&[PathBuf::from("/không/*.xlsx")]).unwrap_err();
    assert_eq!(
        pattern.said().en,
        "“/không/*.xlsx” is a pattern, and no file is called so; give the folder, it is searched whole."
    );
    let trouble = discover(&[PathBuf::from("/không/có")]).unwrap_err();
    assert_eq!(trouble.said().vi, "Không có tệp hay thư mục “/không/có”; hãy kiểm tra lại đường dẫn.");
}
