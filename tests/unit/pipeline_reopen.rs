//! Files given out once more.

use std::fs;
use std::io::Write as _;

use super::*;
use crate::model::Verdict;

#[test]
fn only_the_file_that_was_read_is_given_out_again() {
    let root = std::env::temp_dir().join(format!("tonghop-originals-{}", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("q1")).unwrap();
    let page = "<html><table><tr><td>7</td></tr></table></html>";
    fs::write(root.join("q1/a.xls"), page).unwrap();
    let mut zip = zip::ZipWriter::new(fs::File::create(root.join("b.zip")).unwrap());
    zip.start_file("c/a.xls", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(page.as_bytes()).unwrap();
    zip.finish().unwrap();
    let report = |file: &str, bytes: &str| FileReport {
        sha256: sha256(bytes.as_bytes()),
        ..FileReport::new(file, Verdict::Read)
    };
    let mut files = vec![report("q1/a.xls", page), report("b.zip/c/a.xls", page), report("q1/gone.xls", page)];
    let paths = [root.clone()];
    let get = |files: &[FileReport], name: &str| {
        let originals = Originals::new(&paths, files).unwrap();
        originals.get(name).map(|o| o.workbook.sheets.len())
    };
    assert_eq!(get(&files, "q1/a.xls"), Ok(1));
    assert_eq!(get(&files, "b.zip/c/a.xls"), Ok(1));
    assert_eq!(get(&files, "q1/gone.xls"), Err(Lost::Gone));
    assert_eq!(get(&files, "never.xls"), Err(Lost::Gone));
    files.push(report("q1/a.xls", "another"));
    assert_eq!(get(&files, "q1/a.xls"), Err(Lost::Twice));
    files.remove(0);
    assert_eq!(get(&files, "q1/a.xls"), Err(Lost::Changed));
    fs::remove_dir_all(root).unwrap();
}
