//! Archives of workbooks.

use super::*;
use crate::package::zipped;

#[test]
fn names_are_shown_and_never_followed() {
    assert_eq!(sanitised("../../etc/Sở Y tế\\a.xlsx"), "etc/Sở Y tế/a.xlsx");
    assert_eq!(sanitised("/C:/x/./b.xlsx"), "x/b.xlsx");
}

type Inside = Vec<(String, Result<Vec<u8>, Refusal>)>;

fn all(bytes: &[u8], name: &str) -> Result<Inside, Refusal> {
    let mut found = Vec::new();
    unpack(bytes, name, &mut |name, _, bytes| found.push((name, bytes)))?;
    Ok(found)
}

#[test]
fn the_files_inside_come_in_order() {
    let bytes = zipped(&[
        ("quý II/b.xlsx", "2"),
        ("quý I/a.xlsx", "1"),
        ("__MACOSX/._a.xlsx", ""),
        ("quý I/~$a.xlsx", "3"),
        (".DS_Store", ""),
    ]);
    let names: Vec<_> = all(&bytes, "x.zip").unwrap().into_iter().map(|f| f.0).collect();
    assert_eq!(names, ["quý I/a.xlsx", "quý I/~$a.xlsx", "quý II/b.xlsx"]);
}

#[test]
fn a_workbook_called_zip_is_a_workbook() {
    let bytes = zipped(&[("xl/workbook.xml", "<workbook/>")]);
    let found = all(&bytes, "thư/báo cáo.zip").unwrap();
    assert_eq!((found.len(), found[0].0.as_str()), (1, "báo cáo.zip"));
}

#[test]
fn a_broken_archive_is_refused() {
    let bytes = zipped(&[("a.xlsx", "1")]);
    assert_eq!(all(&bytes[..bytes.len() - 10], "x.zip"), Err(Refusal::Truncated));
}
