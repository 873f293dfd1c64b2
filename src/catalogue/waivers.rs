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
#[path = "../../tests/unit/catalogue_waivers.rs"]
mod tests;
