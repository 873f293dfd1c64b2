//! Turns the returns into flat records: every figure read, with its state and the cell it came from.

use serde::Serialize;

use crate::model::entry::TOTAL;
use crate::model::{Entry, Outcome, Part, Return};

const HEADER: [&str; 12] = [
    "form", "table", "unit", "period", "line", "column", "value", "text", "state", "file", "sheet",
    "cell",
];

/// The entries that count, with the return each belongs to: no superseded returns, no subtotals of sections.
pub fn counted(outcome: &Outcome) -> impl Iterator<Item = (&Return, &Entry)> {
    let returns = outcome.returns.iter().filter(|r| !r.superseded);
    returns.flat_map(|r| {
        r.entries
            .iter()
            .filter(|e| e.part != Part::Section)
            .map(move |e| (r, e))
    })
}

/// The line as the data files name it.
pub fn line(entry: &Entry) -> &str {
    if entry.part == Part::Total {
        TOTAL
    } else {
        &entry.line
    }
}

/// entries.csv.
#[must_use]
pub fn csv(outcome: &Outcome) -> String {
    super::words::csv(
        &HEADER,
        counted(outcome).map(|(ret, entry)| Record::of(ret, entry).fields()),
    )
}

/// The same as an array of objects.
#[must_use]
pub fn json(outcome: &Outcome) -> String {
    let records: Vec<String> = counted(outcome)
        .filter_map(|(ret, entry)| serde_json::to_string(&Record::of(ret, entry)).ok())
        .map(|record| format!("  {record}"))
        .collect();
    if records.is_empty() {
        "[]\n".into()
    } else {
        format!("[\n{}\n]\n", records.join(",\n"))
    }
}

#[derive(Serialize)]
struct Record<'a> {
    form: &'a str,
    table: &'a str,
    unit: &'a str,
    period: String,
    line: &'a str,
    column: &'a str,
    value: Option<String>,
    text: &'a str,
    state: &'static str,
    file: &'a str,
    sheet: &'a str,
    cell: String,
}

impl<'a> Record<'a> {
    fn of(ret: &'a Return, entry: &'a Entry) -> Self {
        Self {
            form: &ret.form,
            table: &ret.table,
            unit: &ret.unit,
            period: ret.period.to_string(),
            line: line(entry),
            column: &entry.column,
            value: entry.value.map(|v| v.trimmed().to_string()),
            text: &entry.text,
            state: entry.state.name(),
            file: &ret.file,
            sheet: &ret.sheet,
            cell: entry.cell.to_string(),
        }
    }

    fn fields(self) -> [String; 12] {
        [
            self.form.to_string(),
            self.table.to_string(),
            self.unit.to_string(),
            self.period,
            self.line.to_owned(),
            self.column.to_string(),
            self.value.unwrap_or_default(),
            self.text.to_owned(),
            self.state.to_owned(),
            self.file.to_string(),
            self.sheet.to_string(),
            self.cell,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;

    #[test]
    fn every_figure_with_its_address() {
        let (outcome, _) = sample::one_quarter();
        let csv = super::csv(&outcome);
        assert!(
            csv.starts_with(
                "form,table,unit,period,line,column,value,text,state,file,sheet,cell\n"
            )
        );
        assert!(
            csv.contains("II.06a/VPCP/KSTT,,STC,2023-Q3,=1+1,5,,,blank,stc.xlsx,Biểu 06a,E11\n"),
            "{csv}"
        );
        assert!(csv.contains("STC,2023-Q3,total,3,37,37,filled,"), "{csv}");
        assert!(!csv.contains("SYT-cũ"), "a superseded return is left out");
        let records: serde_json::Value = serde_json::from_str(&super::json(&outcome)).unwrap();
        assert_eq!(records.as_array().unwrap().len(), csv.lines().count() - 1);
        assert_eq!(records[0]["cell"], "C10");
        assert_eq!(records[0]["value"], "30");
    }
}
