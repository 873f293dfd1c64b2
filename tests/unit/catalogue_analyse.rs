//! The cells of a form that no sum tells apart.

use super::*;

fn analysed(form: &str) -> Vec<Analysis> {
    let catalogue = super::super::load(None).unwrap();
    analyse(&catalogue, catalogue.form(form).unwrap())
}

fn names(group: &[Spot]) -> Vec<String> {
    group
        .iter()
        .map(|s| if &*s.column == "value" { s.line.to_string() } else { format!("{}:{}", s.line, s.column) })
        .collect()
}

#[test]
fn a_total_row_tells_all_cells_of_ii_06a_apart() {
    let found = analysed("II.06a/VPCP/KSTT");
    assert_eq!((found[0].total, found[0].groups.len(), found[0].unread.len()), (Some(true), 0, 0));
}

#[test]
fn without_it_the_parts_of_a_line_look_alike_but_for_what_carries_over() {
    let found = &analysed("II.06a/VPCP/KSTT")[1];
    let first: Vec<_> = found.groups.iter().map(|g| names(&g.cells)).filter(|g| g[0].starts_with("1:")).collect();
    assert_eq!(first, [vec!["1:4", "1:5", "1:6"], vec!["1:8", "1:9", "1:10"], vec!["1:12", "1:13"]]);
    let left = &found.groups.iter().find(|g| names(&g.cells)[0] == "1:4").unwrap().left;
    assert_eq!(
        left.iter().map(|(e, g)| (*e, g.iter().map(|g| names(g)).collect::<Vec<_>>())).collect::<Vec<_>>(),
        [(Evidence::Periods, vec![vec!["1:4".to_owned(), "1:5".into()]])]
    );
    // The tie of CCHC/BM3 reads (8) and (9), not (10).
    let left = &found.groups.iter().find(|g| names(&g.cells)[0] == "1:8").unwrap().left;
    assert_eq!((left[0].0, names(&left[0].1[0])), (Evidence::Ties, vec!["1:8".to_owned(), "1:9".into()]));
}

#[test]
fn an_indicator_form_s_total_is_told_from_its_parts_by_another_form_alone() {
    let found = &analysed("CCHC/BM3")[0];
    assert_eq!(names(&found.groups[0].cells), ["1.4", "1.4.1", "1.4.2", "1.4.3"]);
    assert_eq!(names(&found.groups[0].left[0].1[0]), ["1.4.1", "1.4.2", "1.4.3"]);
    assert!(names(&found.unread).contains(&"2.1".to_owned()), "{:?}", found.unread);
    assert!(!names(&found.unread).contains(&"3.1.1".to_owned()));
}
