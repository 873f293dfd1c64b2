//! Findings as findings.json for programs and findings.csv for Excel, and as the cells of one row wherever they are listed.

use serde::Serialize;

use super::entries;
use crate::model::{Address, Correction, Evidence, Finding, Form, Lang, Outcome, Passage, Return, Reworded};
use crate::normalise::text::hides;
use crate::words::Words;

const SCHEMA: &str = "tonghop.findings/1";
/// Cells of one finding that are listed one by one.
const MANY: usize = 8;

/// findings.json: files, returns and findings.
pub fn json(outcome: &Outcome, lang: Lang) -> String {
    let words = Words::of(outcome, lang);
    let document = Document {
        schema: SCHEMA,
        files: outcome
            .files
            .iter()
            .map(|f| FileVerdict { file: &f.file, verdict: f.verdict.name(), reason: f.reason.pick(lang) })
            .collect(),
        returns: outcome.returns.iter().filter(|r| !r.superseded).map(Table::of).collect(),
        findings: outcome.findings.iter().map(|f| Record::of(f, &words)).collect(),
        learned: outcome.catalogue.forms.iter().filter_map(LearnedForm::of).collect(),
    };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    escape_hidden(text)
}

/// What would turn the words around it or hide, written as JSON writes it: the same data, plain on a terminal.
fn escape_hidden(json: String) -> String {
    let hides = |c: char| c > '\u{7f}' && hides(c);
    if !json.contains(hides) {
        return json;
    }
    let mut plain = String::with_capacity(json.len() + 100);
    for c in json.chars() {
        if hides(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                plain.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            plain.push(c);
        }
    }
    plain
}

/// findings.csv, for a double click in Excel.
pub fn csv(outcome: &Outcome, lang: Lang) -> String {
    let words = Words::of(outcome, lang);
    let rows = outcome.findings.iter().map(|finding| row(finding, outcome, &words).map(entries::inert));
    entries::for_excel(&finding_columns(lang), rows)
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    files: Vec<FileVerdict<'a>>,
    returns: Vec<Table<'a>>,
    findings: Vec<Record<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    learned: Vec<LearnedForm<'a>>,
}

/// A form that no template describes.
#[derive(Serialize)]
struct LearnedForm<'a> {
    form: &'a str,
    title: &'a str,
    offices: usize,
    sheets: usize,
    questions: &'a [String],
    misfits: Vec<[&'a str; 3]>,
}

impl<'a> LearnedForm<'a> {
    fn of(form: &'a Form) -> Option<Self> {
        let learned = form.to_confirm()?;
        Some(Self {
            form: &form.id,
            title: &form.title,
            offices: learned.offices,
            sheets: learned.sheets,
            questions: &learned.questions,
            misfits: learned.misfits.iter().map(|m| [&*m.file, &*m.sheet, m.why.as_str()]).collect(),
        })
    }
}

#[derive(Serialize)]
struct FileVerdict<'a> {
    file: &'a str,
    verdict: &'static str,
    reason: &'a str,
}

#[derive(Serialize)]
struct Table<'a> {
    form: &'a str,
    table: &'a str,
    unit: &'a str,
    period: String,
    file: &'a str,
    sheet: &'a str,
    range: String,
    evidence: &'a Evidence,
}

#[derive(Serialize)]
struct Record<'a> {
    rule: &'a str,
    rules: &'a [String],
    kind: &'static str,
    severity: &'static str,
    form: &'a str,
    unit: &'a str,
    period: Option<String>,
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cells: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paragraph: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<&'a str>,
    found: String,
    expected: String,
    suspects: Vec<Blame<'a>>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    waived: Option<String>,
}

#[derive(Serialize)]
struct Blame<'a> {
    cells: Vec<Change<'a>>,
    why: String,
}

#[derive(Serialize)]
struct Change<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paragraph: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<&'a str>,
    stated: &'a str,
    proposed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
}

impl<'a> Table<'a> {
    fn of(ret: &'a Return) -> Self {
        Self {
            form: &ret.form,
            table: &ret.table,
            unit: &ret.unit,
            period: ret.period.to_string(),
            file: &ret.file,
            sheet: &ret.sheet,
            range: range(ret),
            evidence: &ret.evidence,
        }
    }
}

impl<'a> Record<'a> {
    fn of(finding: &'a Finding, words: &Words<'_>) -> Self {
        let suspects = finding.suspects.iter();
        let passage = finding.passage.as_ref();
        let in_text = passage.into_iter().flat_map(|p| &p.suspects);
        Self {
            rule: &finding.rule,
            rules: &finding.rules,
            kind: finding.kind.name(),
            severity: finding.severity.name(),
            form: &finding.form,
            unit: &finding.unit,
            period: finding.period.map(|p| p.to_string()),
            file: &finding.file,
            sheet: passage.is_none().then_some(&*finding.sheet),
            cells: passage.is_none().then(|| finding.cells.iter().map(ToString::to_string).collect()),
            paragraph: passage.map(|p| p.paragraph),
            quote: passage.map(|p| &*p.quote),
            found: finding.found.to_string(),
            expected: finding.expected.to_string(),
            suspects: suspects
                .map(|s| Blame { cells: s.cells.iter().map(Change::of).collect(), why: words.why(s) })
                .chain(in_text.map(|s| Blame { cells: vec![Change::reworded(s)], why: words.reworded(s) }))
                .collect(),
            message: words.message(finding),
            waived: finding.waived.as_ref().map(|waived| words.waived(waived)),
        }
    }
}

impl<'a> Change<'a> {
    fn of(correction: &'a Correction) -> Self {
        Self {
            cell: Some(correction.cell.to_string()),
            paragraph: None,
            quote: None,
            stated: &correction.stated,
            proposed: correction.proposed.map(|f| f.trimmed().to_string()),
            file: correction.elsewhere.as_ref().map(|(file, _)| &**file),
            sheet: correction.elsewhere.as_ref().map(|(_, sheet)| &**sheet),
        }
    }

    fn reworded(words: &'a Reworded) -> Self {
        Self {
            cell: None,
            paragraph: Some(words.paragraph),
            quote: Some(&words.quote),
            stated: &words.stated,
            proposed: words.proposed.map(|f| f.trimmed().to_string()),
            file: None,
            sheet: None,
        }
    }
}

/// The likeliest cell and what it should say; where nothing is suspected, all the cells that were read.
fn row(finding: &Finding, outcome: &Outcome, words: &Words<'_>) -> [String; 12] {
    let shown = FindingRow::of(finding, words);
    [
        severity(finding, words.lang),
        outcome.units.name(&finding.unit).to_owned(),
        finding.form.to_string(),
        finding.period.map(|p| p.to_string()).unwrap_or_default(),
        finding.file.to_string(),
        finding.sheet.to_string(),
        shown.cells,
        shown.stated,
        shown.proposed,
        words.message(finding),
        shown.why,
        finding.rules.join("; "),
    ]
}

/// `C10:M14`.
pub fn range(ret: &Return) -> String {
    format!("{}:{}", ret.first, ret.last)
}

/// The columns of findings.csv and of the findings sheet.
pub fn finding_columns(lang: Lang) -> [&'static str; 12] {
    [
        ("Mức độ", "Severity"),
        ("Đơn vị", "Unit"),
        ("Biểu", "Form"),
        ("Kỳ", "Period"),
        ("Tệp", "File"),
        ("Sheet", "Sheet"),
        ("Ô", "Cell"),
        ("Đang ghi", "Found"),
        ("Phải là", "Expected"),
        ("Nội dung", "Message"),
        ("Vì sao", "Why"),
        ("Quy tắc", "Rule"),
    ]
    .map(|(vi, en)| lang.pick(vi, en))
}

/// How bad it is, or that somebody has waived it.
pub fn severity(finding: &Finding, lang: Lang) -> String {
    if finding.waived.is_some() {
        return lang.pick("Đã miễn", "waived").into();
    }
    lang.severity(finding.severity).into()
}

/// A finding in the cells of one row.
pub struct FindingRow {
    pub cells: String,
    pub stated: String,
    pub proposed: String,
    pub why: String,
}

impl FindingRow {
    /// By its likeliest suspect; where nothing is suspected, by all the cells that were read.
    pub fn of(finding: &Finding, words: &Words<'_>) -> Self {
        if let Some(passage) = &finding.passage {
            return Self::of_text(finding, passage, words);
        }
        let Some(first) = finding.suspects.first() else {
            return Self {
                cells: area(&finding.cells),
                stated: finding.found.to_string(),
                proposed: finding.expected.to_string(),
                why: String::new(),
            };
        };
        let each = |say: &dyn Fn(&Correction) -> String| first.cells.iter().map(say).collect::<Vec<_>>().join("; ");
        let knows_all = first.cells.iter().all(|c| c.proposed.is_some());
        Self {
            cells: each(&place),
            stated: each(&|c| c.stated.clone()),
            proposed: if knows_all && !first.cells.is_empty() {
                each(&|c| c.proposed.map(|f| words.lang.figure(f)).unwrap_or_default())
            } else {
                finding.expected.to_string()
            },
            why: finding.suspects.iter().map(|s| words.why(s)).collect::<Vec<_>>().join(" / "),
        }
    }

    /// By its paragraph.
    fn of_text(finding: &Finding, passage: &Passage, words: &Words<'_>) -> Self {
        let lang = words.lang;
        let first = passage.suspects.first();
        let proposed = first.and_then(|s| s.proposed);
        Self {
            cells: lang.pick(format!("đoạn {}", passage.paragraph), format!("paragraph {}", passage.paragraph)),
            stated: first.map_or_else(|| finding.found.to_string(), |s| s.quote.clone()),
            proposed: proposed.map_or_else(|| finding.expected.to_string(), |f| lang.figure(f)),
            why: first.map(|s| words.reworded(s)).unwrap_or_default(),
        }
    }
}

/// `D12; E12`, or the corners where there are many.
fn area(cells: &[Address]) -> String {
    let rows = || cells.iter().map(|c| c.row);
    let columns = || cells.iter().map(|c| c.column);
    if cells.len() > MANY
        && let (Some(top), Some(bottom)) = (rows().min(), rows().max())
        && let (Some(left), Some(right)) = (columns().min(), columns().max())
    {
        return format!("{}:{}", Address::new(top, left), Address::new(bottom, right));
    }
    cells.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// `D12`, with file and sheet where it lies elsewhere.
fn place(correction: &Correction) -> String {
    match &correction.elsewhere {
        Some((file, sheet)) => format!("[{file}]{sheet}!{}", correction.cell),
        None => correction.cell.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_finding_in_both_forms() {
        let (outcome, _) = sample::one_quarter();
        let document: serde_json::Value = serde_json::from_str(&json(&outcome, Lang::Vi)).unwrap();
        assert_eq!(document["schema"], "tonghop.findings/1");
        assert_eq!(document["returns"][0]["range"], "C10:M12");
        let finding = &document["findings"][0];
        assert_eq!(finding["severity"], "error");
        assert_eq!(finding["suspects"][0]["cells"][0]["proposed"], "30");
        assert!(finding["suspects"][0]["cells"][0].get("file").is_none());
        assert_eq!(finding["suspects"][0]["cells"][1]["file"], "khác.xlsx");
        assert!(finding.get("waived").is_none());
        let csv = csv(&outcome, Lang::Vi);
        assert!(
            csv.starts_with("\u{feff}Mức độ;Đơn vị;Biểu;Kỳ;Tệp;Sheet;Ô;Đang ghi;Phải là;Nội dung;Vì sao;Quy tắc\n")
        );
        assert!(
            csv.contains("\nLỗi;Sở Y tế;II.06a/VPCP/KSTT;2023-Q3;syt.xlsx;Biểu 06a;\"C10; [khác.xlsx]S!B2\";"),
            "{csv}"
        );
        assert!(csv.contains(";'=nguyên nhân;II.06a/VPCP/KSTT:tiep-nhan\n"), "no formula in what Excel opens");
    }
}
