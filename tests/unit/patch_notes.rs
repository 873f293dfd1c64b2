//! Comments of a sheet.

use super::*;

fn at(cell: &str) -> Address {
    Address::parse(cell).unwrap()
}

fn wanted(notes: &[(&str, &str)]) -> BTreeMap<Address, String> {
    notes.iter().map(|(c, t)| (at(c), (*t).to_owned())).collect()
}

const THEIRS: &str = r#"<x:comments><x:authors><x:author>An</x:author><x:author>tc={1}</x:author></x:authors><x:commentList><x:comment ref="B2" authorId="0"><x:text><x:t>hai &amp; ba</x:t></x:text></x:comment><x:comment ref="D4" authorId="1"><x:text><x:t>[Threaded comment]</x:t></x:text></x:comment></x:commentList></x:comments>"#;

#[test]
fn ours_come_beside_theirs_and_go_again() {
    let first = amend("c", THEIRS, &wanted(&[("B2", "x < y"), ("C3", "sai"), ("D4", "thấp")])).unwrap();
    assert_eq!(first.grown[&at("B2")], format!("hai & ba\n{PARTING}\nx < y"));
    assert_eq!(
        first.new.iter().map(|(c, t)| (c.to_string(), t.as_str())).collect::<Vec<_>>(),
        [("C3".into(), "tonghop:\nsai"), ("E4".into(), "tonghop:\nD4: thấp")]
    );
    assert!(first.xml.contains("<x:author>tonghop</x:author></x:authors>"));
    // The same once more is the same, and without notes nothing of ours is left.
    let again = amend("c", &first.xml, &wanted(&[("B2", "x < y"), ("C3", "sai"), ("D4", "thấp")])).unwrap();
    assert_eq!(again.xml, first.xml);
    let none = amend("c", &first.xml, &wanted(&[])).unwrap();
    assert_eq!(none.gone, BTreeSet::from([at("C3"), at("E4")]));
    assert_eq!(
        none.xml,
        THEIRS
            .replace("<x:t>hai &amp; ba</x:t>", "<x:r><x:t xml:space=\"preserve\">hai &amp; ba</x:t></x:r>")
            .replace("</x:author></x:authors>", "</x:author><x:author>tonghop</x:author></x:authors>")
    );
}

#[test]
fn notes_that_say_nothing_are_no_obstacle() {
    let theirs = r#"<comments><authors/><commentList><comment ref="A1"><text /></comment><comment ref="B1"/></commentList></comments>"#;
    let wanted = wanted(&[("A1", "x"), ("B1", "y")]);
    let first = amend("c", theirs, &wanted).unwrap();
    assert_eq!(amend("c", &first.xml, &wanted).unwrap().xml, first.xml);
    assert!(xml::root(&first.xml, "c").is_ok() && first.xml.matches(PARTING).count() == 2);
    assert!(!amend("c", &first.xml, &BTreeMap::new()).unwrap().xml.contains(PARTING));
}

#[test]
fn ours_are_known_without_their_author() {
    let theirs = amend("c", &empty(false), &wanted(&[("C3", "sai")])).unwrap().xml;
    let nameless = theirs.replace("<author>tonghop</author>", "<author> </author>");
    let none = amend("c", &nameless, &wanted(&[])).unwrap();
    assert!(!none.xml.contains("<comment ") && none.gone.len() == 1);
}
