//! Names as paths that every system takes.

use super::*;

#[test]
fn names_lead_nowhere_else() {
    for (name, path) in [
        ("STC", "STC"),
        ("UBND huyện An Lộc", "UBND huyện An Lộc"),
        ("../../etc", "_-..-etc"),
        ("..", "_"),
        ("Sở KH/ĐT: a?", "Sở KH-ĐT- a-"),
        ("CON", "_CON"),
        ("con.xlsx", "_con.xlsx"),
        ("com¹.xls", "_com¹.xls"),
        ("comma.xlsx", "comma.xlsx"),
        ("~$a.xlsx", "_~$a.xlsx"),
        ("a. . ", "a"),
        ("", "_"),
    ] {
        assert_eq!(safe(name), path, "{name}");
    }
    let long = format!("{}.xlsx", "ấ".repeat(200));
    assert!(safe(&long).len() <= LONGEST && safe(&long).ends_with("ấ.xlsx"));
    assert_eq!(cut("a.xlsx", 110), "a.xlsx");
    assert_eq!(cut(&long, 10), "ấấấấấ.xlsx");
    for (code, name) in [("CON", "_CON"), ("H28.12/a", "H28.12_a"), ("lpt1", "_lpt1"), ("", "_"), ("STC. ", "STC")] {
        assert_eq!(file_name(code), name, "{code}");
    }
    let far = format!("{}/a.xlsx", "thư mục/".repeat(30));
    let made = files(&[(&far, None), ("khác/a.xlsx", None)]);
    assert_eq!(made.values().collect::<Vec<_>>(), ["khác/a.xlsx", "a.xlsx"]);
}

#[test]
fn two_files_of_one_name_stay_two() {
    let made = files(&[
        ("quy 2/STC/bc.xlsx", None),
        ("quy 3/STC/BC.xlsx", None),
        ("quy 3/khác.xls", Some("xlsx")),
        ("khác.xlsx", None),
        ("a.zip/b/c.xlsx", None),
    ]);
    let paths: Vec<&str> = made.values().map(String::as_str).collect();
    assert_eq!(paths, ["c.xlsx", "khác.xlsx", "quy 2/STC/bc.xlsx", "quy 3/STC/BC.xlsx", "quy 3/khác.xlsx"]);
    let made = folders(["Sở A", "sở a", "SỞ A"].into_iter());
    let mut paths: Vec<String> = made.values().map(|p| p.to_lowercase()).collect();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), 3);
}
