//! waivers.csv, and what is refused in it.

use super::*;

const HEAD: &str = "rule,unit,period,reason,by,until\n";

fn parse(text: &str) -> Result<Vec<Waiver>, Complaint> {
    waivers(&List::parse("waivers.csv", text, &WAIVER_COLUMNS, &WAIVER_COLUMNS)?)
}

fn complaint(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn a_waiver_says_what_whose_when_why_by_whom_until() {
    let text = format!(
        "{HEAD}\nII.06a/VPCP/KSTT:*,STC,2023-Q3,\"chờ phần mềm, đã báo\",Lan,2023-12-31\nCCHC/BM1:x,*,*,y,z,2024-01-01\n"
    );
    let waivers = parse(&text).unwrap();
    assert_eq!((waivers[0].unit.as_deref(), waivers[0].line), (Some("STC"), 3));
    assert_eq!(waivers[0].period.map(|p| p.to_string()).as_deref(), Some("2023-Q3"));
    assert_eq!((waivers[1].unit.as_deref(), waivers[1].period), (None, None));
    assert_eq!(waivers[0].reason, "chờ phần mềm, đã báo");
}

#[test]
fn what_is_wrong_is_shown_with_its_line_a_caret_and_the_nearest_name() {
    let column = complaint("rule,unit,perod,reason,by,until\n");
    assert!(
        column.contains("waivers.csv:1:11: unknown column 'perod'") && column.contains("did you mean 'period'?"),
        "{column}"
    );
    let missing = complaint("rule,unit,period,reason,until\n");
    assert!(missing.contains("the column 'by' is missing"), "{missing}");
    let period = complaint(&format!("{HEAD}r,*,2023-Q5,a,b,2023-12-31\n"));
    assert!(
        period.contains("waivers.csv:2:5: '2023-Q5' names no period") && period.contains("did you mean '2023-Q"),
        "{period}"
    );
    let date = complaint(&format!("{HEAD}r,*,*,a,b,2023-12-31\nr,*,*,a,b,31/13/2023\n"));
    assert!(date.contains("waivers.csv:3:11: '31/13/2023' is no date: write 2025-07-01"), "{date}");
    let empty = complaint(&format!("{HEAD}r,,*,a,b,2023-12-31\n"));
    assert!(empty.contains("'unit' is empty: write * for every one"), "{empty}");
    assert!(complaint(&format!("{HEAD}*:x,*,*,a,b,2023-12-31\n")).contains("a * may only end"));
}
