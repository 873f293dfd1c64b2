//! Turns waivers.csv into the findings that need not be corrected, each with its reason, its author, its last day.

use std::path::Path;

use super::Complaint;
use crate::model::Period;
use crate::model::waiver::Waiver;

const COLUMNS: [&str; 6] = ["rule", "unit", "period", "reason", "by", "until"];

/// Reads `rule,unit,period,reason,by,until`; `*` is every unit or period, and ends a rule's beginning.
///
/// # Errors
/// A file that can't be read, an unknown or missing column, an empty field, a wrong period or date, a `*` within a rule.
pub fn load_waivers(path: &Path) -> Result<Vec<Waiver>, Complaint> {
    let file = path.display().to_string();
    let text = std::fs::read(path)
        .map_err(|e| Complaint::about(&file, format!("it can't be read: {e}")))?;
    let text = String::from_utf8(text).map_err(|_| {
        Complaint::about(&file, "it is not UTF-8: save it from Excel as 'CSV UTF-8'")
    })?;
    parse(&file, text.trim_start_matches('\u{feff}'))
}

fn parse(file: &str, text: &str) -> Result<Vec<Waiver>, Complaint> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader
        .headers()
        .map_err(|e| Complaint::about(file, e.to_string()))?
        .clone();
    let places = places(file, text, &header)?;
    let mut waivers = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| Complaint::about(file, e.to_string()))?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        let row = Row {
            file,
            text,
            record: &record,
            places,
        };
        waivers.push(row.waiver(&header)?);
    }
    Ok(waivers)
}

/// Where each column stands.
fn places(file: &str, text: &str, header: &csv::StringRecord) -> Result<[usize; 6], Complaint> {
    for name in header {
        if !COLUMNS.contains(&name) {
            let offset = text.find(name).unwrap_or(0);
            return Err(
                Complaint::at(file, text, offset, format!("unknown column '{name}'"))
                    .nearest(name, COLUMNS),
            );
        }
    }
    let mut places = [0; 6];
    for (place, wanted) in places.iter_mut().zip(COLUMNS) {
        *place = header
            .iter()
            .position(|name| name == wanted)
            .ok_or_else(|| {
                let what = format!(
                    "the column '{wanted}' is missing: the first row names the columns, as '{}'",
                    COLUMNS.join(",")
                );
                Complaint::at(file, text, 0, what)
            })?;
    }
    Ok(places)
}

struct Row<'a> {
    file: &'a str,
    text: &'a str,
    record: &'a csv::StringRecord,
    places: [usize; 6],
}

impl Row<'_> {
    fn waiver(&self, header: &csv::StringRecord) -> Result<Waiver, Complaint> {
        if self.record.len() > header.len() {
            let more = self.record.get(header.len()).unwrap_or_default();
            return Err(self.wrong(more, "the row has more fields than columns: put a field that holds a comma in \"quotes\""));
        }
        let [rule, unit, period, reason, by, until] = self
            .places
            .map(|at| self.record.get(at).unwrap_or_default());
        for (name, field) in COLUMNS.iter().zip([rule, unit, period, reason, by, until]) {
            if field.is_empty() {
                let every = if matches!(*name, "unit" | "period") {
                    ": write * for every one"
                } else {
                    ""
                };
                return Err(self.wrong("", format!("'{name}' is empty{every}")));
            }
        }
        if rule.trim_end_matches('*').contains('*') || rule.ends_with("**") {
            return Err(self.wrong(
                rule,
                format!("'{rule}': a * may only end a rule's beginning, as II.06a/VPCP/KSTT:*"),
            ));
        }
        let period = match period {
            "*" => None,
            named => Some(
                named
                    .parse::<Period>()
                    .map_err(|what| self.wrong(named, what).nearest(named, like(named)))?,
            ),
        };
        let until = until
            .parse()
            .map_err(|_| self.wrong(until, format!("'{until}' is no date: write 2025-12-31")))?;
        let line = self.text[..self.offset()].matches('\n').count() + 1;
        let unit = Some(unit.to_owned()).filter(|u| u != "*");
        Ok(Waiver {
            rule: rule.to_owned(),
            unit,
            period,
            reason: reason.to_owned(),
            by: by.to_owned(),
            until,
            line,
        })
    }

    /// Where the row begins; the reader counts from the end of the one before.
    fn offset(&self) -> usize {
        let start = self
            .record
            .position()
            .map_or(0, |p| p.byte() as usize)
            .min(self.text.len());
        start + self.text[start..].len() - self.text[start..].trim_start_matches(['\r', '\n']).len()
    }

    fn wrong(&self, field: &str, what: impl Into<String>) -> Complaint {
        let start = self.offset();
        Complaint::at(
            self.file,
            self.text,
            start + self.text[start..].find(field).unwrap_or(0),
            what,
        )
    }
}

/// Names a mistyped period may have meant: those of the year it begins with.
fn like(wrong: &str) -> Vec<&'static str> {
    const ENDINGS: [&str; 8] = ["-Q1", "-Q2", "-Q3", "-Q4", "-H1", "-H2", "-9M", ""];
    static NAMES: std::sync::LazyLock<Vec<String>> = std::sync::LazyLock::new(|| {
        (2015..2045)
            .flat_map(|year| ENDINGS.iter().map(move |end| format!("{year}{end}")))
            .collect()
    });
    let year = wrong.get(..4).unwrap_or_default();
    NAMES
        .iter()
        .map(String::as_str)
        .filter(|name| name.starts_with(year))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "rule,unit,period,reason,by,until\n";

    fn complaint(text: &str) -> String {
        parse("waivers.csv", text).unwrap_err().to_string()
    }

    #[test]
    fn a_waiver_says_what_whose_when_why_by_whom_until() {
        let text = format!(
            "{HEAD}\nII.06a/VPCP/KSTT:*,STC,2023-Q3,\"chờ phần mềm, đã báo\",Lan,2023-12-31\nCCHC/BM1:x,*,*,y,z,2024-01-01\n"
        );
        let waivers = parse("w", &text).unwrap();
        assert_eq!(
            (waivers[0].unit.as_deref(), waivers[0].line),
            (Some("STC"), 3)
        );
        assert_eq!(
            waivers[0].period.map(|p| p.to_string()).as_deref(),
            Some("2023-Q3")
        );
        assert_eq!(
            (waivers[1].unit.as_deref(), waivers[1].period),
            (None, None)
        );
        assert_eq!(waivers[0].reason, "chờ phần mềm, đã báo");
    }

    #[test]
    fn what_is_wrong_is_shown_with_its_line_a_caret_and_the_nearest_name() {
        let column = complaint("rule,unit,perod,reason,by,until\n");
        assert!(
            column.contains("waivers.csv:1:11: unknown column 'perod'")
                && column.contains("did you mean 'period'?"),
            "{column}"
        );
        let missing = complaint("rule,unit,period,reason,until\n");
        assert!(missing.contains("the column 'by' is missing"), "{missing}");
        let period = complaint(&format!("{HEAD}r,*,2023-Q5,a,b,2023-12-31\n"));
        assert!(
            period.contains("waivers.csv:2:5: '2023-Q5' names no period")
                && period.contains("did you mean '2023-Q"),
            "{period}"
        );
        let date = complaint(&format!(
            "{HEAD}r,*,*,a,b,2023-12-31\nr,*,*,a,b,31/12/2023\n"
        ));
        assert!(
            date.contains("waivers.csv:3:11: '31/12/2023' is no date: write 2025-12-31"),
            "{date}"
        );
        let empty = complaint(&format!("{HEAD}r,,*,a,b,2023-12-31\n"));
        assert!(
            empty.contains("'unit' is empty: write * for every one"),
            "{empty}"
        );
        assert!(complaint(&format!("{HEAD}*:x,*,*,a,b,2023-12-31\n")).contains("a * may only end"));
    }
}
