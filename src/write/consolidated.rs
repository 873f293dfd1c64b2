//! Turns the totals into consolidated.csv: one row a figure, with how many units are in it.

use crate::model::Consolidation;

const HEADER: [&str; 8] = ["form", "table", "period", "line", "column", "value", "reported", "expected"];

/// The file's text: UTF-8 without a byte order mark, `.` for decimals.
#[must_use]
pub fn csv(consolidation: &Consolidation) -> String {
    let rows = consolidation.totals.iter().map(|total| {
        [
            total.form.to_string(),
            total.table.to_string(),
            total.period.to_string(),
            total.line.to_string(),
            total.column.to_string(),
            total.value.map(|v| v.trimmed().to_string()).unwrap_or_default(),
            total.reported.to_string(),
            total.expected.to_string(),
        ]
    });
    super::words::csv(&HEADER, rows)
}

#[cfg(test)]
mod tests {
    use super::super::sample;

    #[test]
    fn totals_in_their_order_with_their_coverage() {
        let (_, consolidation) = sample::one_quarter();
        let text = super::csv(&consolidation);
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("form,table,period,line,column,value,reported,expected"));
        assert_eq!(lines.next(), Some("CCHC/BM1,,2023-Q3,1,value,4,1,3"));
        assert!(text.contains("\nII.06a/VPCP/KSTT,,2023-Q3,Đất đai,3,50,2,3\n"), "{text}");
        assert!(text.contains("\nII.06a/VPCP/KSTT,,2023-Q3,total,7,57,2,3\n"), "{text}");
        assert!(text.contains("\nCCHC/BM1,,2023-Q3,6,=1,1,1,3\n"), "{text}");
        assert!(text.ends_with('\n') && !text.contains('\r'));
    }
}
