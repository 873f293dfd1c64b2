//! Turns waivers.csv into the findings that need not be corrected, each with its reason, its author, its last day.

use std::path::Path;

use super::Complaint;
use super::list::{List, Row};
use crate::model::Period;
use crate::model::finding::Waiver;

const COLUMNS: [&str; 6] = ["rule", "unit", "period", "reason", "by", "until"];

/// Waivers of a list: each is held against every finding.
const MOST: usize = 5_000;

/// Reads `rule,unit,period,reason,by,until`; `*` is every unit or period, and ends a rule's beginning.
///
/// # Errors
/// A file that can't be read, an unknown or missing column, an empty field, a wrong period or date, a `*` within a rule.
pub fn load_waivers(path: &Path) -> Result<Vec<Waiver>, Complaint> {
    waivers(&List::open(path, &COLUMNS, &COLUMNS)?)
}

fn waivers(list: &List) -> Result<Vec<Waiver>, Complaint> {
    if let Some(row) = list.rows().nth(MOST) {
        let what = (
            format!("danh sách có hơn {MOST} dòng: dùng * cho mọi đơn vị hoặc mọi kỳ"),
            format!("the list has more than {MOST} rows: write * for every unit or period"),
        );
        return Err(row.wrong("", what));
    }
    list.rows().map(|row| waiver(&row)).collect()
}

fn waiver(row: &Row<'_>) -> Result<Waiver, Complaint> {
    row.fits()?;
    if let Some(name) = COLUMNS.iter().find(|name| row.field(name).is_empty()) {
        let every = matches!(*name, "unit" | "period");
        let what = (
            format!("ô '{name}' để trống{}", if every { ": ghi * nếu là tất cả" } else { "" }),
            format!("'{name}' is empty{}", if every { ": write * for every one" } else { "" }),
        );
        return Err(row.wrong("", what));
    }
    let [rule, unit, period, reason, by, until] = COLUMNS.map(|name| row.field(name));
    if rule.trim_end_matches('*').contains('*') || rule.ends_with("**") {
        let what = (
            format!("'{rule}': dấu * chỉ đứng sau phần đầu của mã quy tắc, như II.06a/VPCP/KSTT:*"),
            format!("'{rule}': a * may only end a rule's beginning, as II.06a/VPCP/KSTT:*"),
        );
        return Err(row.wrong(rule, what));
    }
    let period = match period {
        "*" => None,
        named => Some(named.parse::<Period>().map_err(|what| {
            let vietnamese =
                format!("'{named}' không phải là kỳ báo cáo: viết 2023-Q3, 2023-H1, 2023-9M, 2023-08 hoặc 2023");
            row.wrong(named, (vietnamese, what)).nearest(named, like(named))
        })?),
    };
    let until = row.day("until")?.ok_or_else(|| row.wrong(until, "'until' is empty"))?;
    Ok(Waiver {
        rule: rule.to_owned(),
        unit: Some(unit.to_owned()).filter(|u| u != "*"),
        period,
        reason: reason.to_owned(),
        by: by.to_owned(),
        until,
        line: row.line(),
    })
}

/// Names a mistyped period may have meant: those of the year it begins with.
fn like(wrong: &str) -> Vec<&'static str> {
    const ENDINGS: [&str; 8] = ["-Q1", "-Q2", "-Q3", "-Q4", "-H1", "-H2", "-9M", ""];
    static NAMES: std::sync::LazyLock<Vec<String>> = std::sync::LazyLock::new(|| {
        (2015..2045).flat_map(|year| ENDINGS.iter().map(move |end| format!("{year}{end}"))).collect()
    });
    let year = wrong.get(..4).unwrap_or_default();
    NAMES.iter().map(String::as_str).filter(|name| name.starts_with(year)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "rule,unit,period,reason,by,until\n";

    fn parse(text: &str) -> Result<Vec<Waiver>, Complaint> {
        waivers(&List::parse("waivers.csv", text, &COLUMNS, &COLUMNS)?)
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
}
