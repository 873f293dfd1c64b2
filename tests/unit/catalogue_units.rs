//! units.csv, and what is refused in it.

use super::*;
use crate::normalise::text::key;

const HEAD: &str = "code,name,level,valid_from,valid_to,successor\n";

fn read(rows: &str) -> Result<Units, Complaint> {
    let text = format!("{HEAD}{rows}");
    units(&List::parse("units.csv", &text, &COLUMNS, &WANTED)?, key)
}

fn refused(rows: &str) -> String {
    read(rows).unwrap_err().to_string()
}

#[test]
fn a_circle_of_successors_is_refused_with_its_line() {
    let said = refused("C,Sở C,so,,,\nA,Sở A,so,,2024-12-31,B\nB,Sở B,so,,2025-02-28,A\n");
    assert!(said.contains("units.csv:3") && said.contains("succeeds itself"), "{said}");
    assert!(refused("A,Sở A,so,,2024-12-31,A\n").contains("succeeds itself"));
}

#[test]
fn a_list_without_end_is_refused_at_once() {
    let end = "2024-12-31";
    let chain: String = (0..20_000).map(|i| format!("U{i},Sở số {i},so,,{end},U{}\n", i + 1)).collect();
    let last = "U20000,Sở cuối,so,,,\n";
    assert!(refused(&format!("{chain}{last}")).contains("longer than 50 steps"));
    let short = chain.split_inclusive('\n').skip(19_960).collect::<String>();
    assert!(read(&format!("{short}{last}")).is_ok());
    let many: String = (0..=MOST).map(|i| format!("U{i},Sở số {i},so,,,\n")).collect();
    assert!(refused(&many).contains("more than 30000 units"));
}

#[test]
fn a_successor_wants_an_end_and_must_be_listed() {
    assert!(refused("A,Sở A,so,,,B\nB,Sở B,so,,,\n").contains("no valid_to"));
    assert!(refused("A,Sở A,so,,2025-01-01,B;X\nB,Sở B,so,,,\n").contains("'X' is not listed"));
    assert!(refused("A,Sở A,so,2025-01-01,2024-01-01,\n").contains("before it begins"));
}

#[test]
fn several_successors_are_parted_by_semicolons() {
    let units = read("A,Sở A,so,,2025-02-28,B; C\nB,Sở B,so,2025-03-01,,\nC,Sở C,so,2025-03-01,,\n").unwrap();
    assert_eq!(units.list[0].successors, ["B", "C"]);
}
