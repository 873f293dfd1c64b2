//! Sentences as offices write them, right and wrong.

use std::sync::LazyLock;

use super::*;
use crate::model::{Cell, Content, Paragraph, Severity};
use crate::words::said;

/// Lines as paragraphs; a line with tabs is a table's row.
pub fn sheet(text: &str) -> Sheet {
    let mut sheet = Sheet::default();
    for (row, line) in text.lines().filter(|l| !l.trim().is_empty()).enumerate() {
        let row = row as u32;
        let parts: Vec<&str> = line.split('\t').collect();
        if parts.len() == 1 {
            let number = sheet.paragraphs.len() as u32 + 1;
            sheet.paragraphs.push(Paragraph { row, number, level: None });
        }
        for (column, part) in parts.into_iter().enumerate() {
            sheet.cells.push(Cell {
                row,
                column: column as u32,
                content: Content::Text(part.trim().into()),
                formula: None,
                look: None,
            });
        }
    }
    sheet
}

pub fn findings(text: &str) -> Vec<Finding> {
    static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
        let words = crate::catalogue::load(None).unwrap().words;
        Lexicon::new(&words.phrases)
    });
    let sheet = sheet(text);
    let lines = lines(&sheet, &LEXICON);
    let items = clauses::items(&lines, &LEXICON);
    of_text(&items, &sheet).into_iter().map(|s| s.finding("a.docx".into())).collect()
}

/// The texts of a file of `tests/prose/`, with their marks.
fn texts(name: &str) -> Vec<(char, String)> {
    let path = format!("{}/tests/prose/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let marked = text.lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    let parted = marked.map(|l| (l.chars().next().unwrap(), l[2..].replace(" ¶ ", "\n")));
    parted.collect()
}

fn sentences() -> Vec<(char, String)> {
    texts("sentences.txt")
}

fn reports() -> Vec<(char, String)> {
    texts("reports.txt")
}

/// What is an error or a warning: a note says that a share was cut off instead of rounded.
fn accused(text: &str) -> Vec<Finding> {
    findings(text).into_iter().filter(|f| f.severity != Severity::Note).collect()
}

fn messages(text: &str) -> Vec<String> {
    accused(text).into_iter().map(|f| format!("[{}] {}", f.rule, said(&f))).collect()
}

/// The text without braces, and with each braced number changed in turn by the slips of typing hands.
fn slips(text: &str) -> (String, Vec<String>) {
    let plain = text.replace(['{', '}'], "");
    let mut all = Vec::new();
    for (start, _) in text.match_indices('{') {
        let end = start + text[start..].find('}').unwrap();
        let digits = &text[start + 1..end];
        let with = |number: &str| format!("{}{number}{}", &text[..start], &text[end + 1..]).replace(['{', '}'], "");
        // The last digit one more or less, and the first two exchanged.
        let last = digits.chars().last().and_then(|c| c.to_digit(10)).unwrap();
        let head = &digits[..digits.len() - 1];
        all.push(with(&format!("{head}{}", (last + 2) % 10)));
        all.push(with(&format!("{head}{}", (last + 5) % 10)));
        let letters: Vec<char> = digits.chars().collect();
        if letters.len() > 1
            && letters[0].is_ascii_digit()
            && letters[1].is_ascii_digit()
            && letters[0] != letters[1]
            && letters[0] != '0'
            && letters[1] != '0'
        {
            let rest: String = letters[2..].iter().collect();
            all.push(with(&format!("{}{}{rest}", letters[1], letters[0])));
        }
    }
    (plain, all)
}

#[test]
fn right_sentences_are_left_alone() {
    let wrong: Vec<String> = sentences()
        .into_iter()
        .chain(reports())
        .filter(|(mark, _)| matches!(mark, '=' | '.'))
        .filter_map(|(_, text)| {
            let plain = slips(&text).0;
            let said = messages(&plain);
            (!said.is_empty()).then(|| format!("{plain}\n    {}", said.join("\n    ")))
        })
        .collect();
    assert!(wrong.is_empty(), "{} right sentences are called wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn one_number_changed_is_found() {
    let (mut tried, mut missed) = (0, Vec::new());
    for (_, text) in sentences().into_iter().filter(|(mark, _)| *mark == '=') {
        for slip in slips(&text).1 {
            tried += 1;
            if accused(&slip).is_empty() {
                missed.push(slip);
            }
        }
    }
    assert!(tried > 300, "{tried} slips only");
    assert!(missed.is_empty(), "{} of {tried} slips pass:\n{}", missed.len(), missed.join("\n"));
}

/// Each relation of a whole report broken by one figure. A few remain that another reading saves: a share that is of
/// the sum of two figures beside it too.
#[test]
fn one_figure_of_a_report_changed_is_found() {
    let (mut tried, mut missed) = (0, Vec::new());
    for (_, text) in reports().into_iter().filter(|(mark, _)| *mark == '=') {
        for slip in slips(&text).1 {
            tried += 1;
            if accused(&slip).is_empty() {
                missed.push(slip);
            }
        }
    }
    assert!(tried > 500, "{tried} slips only");
    assert!(missed.len() * 20 < tried, "{} of {tried} slips pass:\n{}", missed.len(), missed.join("\n"));
}

/// `rule | text`, or `rule found>expected | text`.
#[test]
fn wrong_sentences_are_found_once() {
    let mut wrong = Vec::new();
    for (_, text) in sentences().into_iter().chain(reports()).filter(|(mark, _)| *mark == '!') {
        let (told, sentence) = text.split_once(" | ").unwrap();
        let (rule, figures) = told.split_once(' ').unwrap_or((told, ""));
        let said = accused(sentence);
        let as_told = |f: &Finding| {
            f.rule == format!("van-ban:{rule}")
                && [String::new(), format!("{}>{}", f.found, f.expected)].contains(&figures.to_owned())
        };
        if said.len() != 1 || !as_told(&said[0]) {
            wrong.push(format!("{told}: {sentence}\n    {}", messages(sentence).join("\n    ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

proptest::proptest! {
    /// Whatever a text says, nothing breaks, and a quotation is words of it.
    #[test]
    fn any_text_is_safe(text in "([0-9]{1,4}|hồ sơ|trong đó|gồm|[(),;:./%]|và|trước hạn|đúng hạn|tăng|từ|đến|ngày| |không|đồng|\\PC){0,40}") {
        for finding in findings(&text) {
            let quote = finding.passage.unwrap().quote;
            proptest::prop_assert!(text.contains(&quote), "{quote}");
        }
    }
}
