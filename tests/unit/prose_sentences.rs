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
    findings_on(&sheet(text))
}

fn findings_on(sheet: &Sheet) -> Vec<Finding> {
    static WORDS: LazyLock<Vocabulary> = LazyLock::new(|| crate::catalogue::load(None).unwrap().words);
    let lexicon = &WORDS.phrases;
    let lines = lines(sheet, lexicon);
    let items = clauses::items(&lines, lexicon);
    of_text(&items, sheet).into_iter().map(|s| s.finding("a.docx".into())).collect()
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
fn a_list_paragraph_may_begin_with_its_figure() {
    let mut sheet = sheet("Kết quả giải quyết như sau:\n12 hồ sơ đúng hạn.\n3 hồ sơ quá hạn.");
    sheet.paragraphs[1..].iter_mut().for_each(|paragraph| paragraph.level = Some(0));
    assert_eq!(findings_on(&sheet).len(), 0);
}

/// Whatever a text says, the whole report is read: words dropped and put in, paragraphs broken off, items of lists.
#[test]
fn no_text_stops_the_reading() {
    const WORDS: [&str; 18] = [
        "(",
        ")",
        ";",
        ",",
        ":",
        "95%",
        "12",
        "1.234,5",
        "12/15",
        "/",
        "-",
        "của",
        "tăng",
        "so với",
        "còn lại",
        "trong đó",
        "tổng số",
        "tỷ",
    ];
    let texts: Vec<String> = sentences().into_iter().chain(reports()).map(|(_, text)| slips(&text).0).collect();
    let mut state = 20_261_201u64;
    let mut below = |most: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % most.max(1)
    };
    for _ in 0..3_000 {
        let mut words: Vec<&str> = texts[below(texts.len())].split(' ').take(200).collect();
        words.extend(texts[below(texts.len())].split(' ').take(30));
        for _ in 0..below(6) {
            if words.len() < 5 {
                break;
            }
            let at = below(words.len());
            match below(3) {
                0 => words.insert(at, WORDS[below(WORDS.len())]),
                1 => words[at] = "\n",
                _ => drop(words.drain(at..(at + below(4)).min(words.len()))),
            }
        }
        let mut sheet = sheet(&words.join(" "));
        sheet.paragraphs.iter_mut().for_each(|p| p.level = [None, None, Some(0), Some(1)][below(4)]);
        findings_on(&sheet);
    }
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

/// A text of `texts.txt` with its statements: mark, paragraph, promise, relation.
struct Told {
    name: String,
    paragraphs: Vec<String>,
    statements: Vec<(char, u32, String, String)>,
}

fn told() -> Vec<Told> {
    let path = format!("{}/tests/prose/texts.txt", env!("CARGO_MANIFEST_DIR"));
    let mut all: Vec<Told> = Vec::new();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        if let Some(name) = line.strip_prefix("## ") {
            all.push(Told { name: name.to_owned(), paragraphs: Vec::new(), statements: Vec::new() });
            continue;
        }
        let Some(text) = all.last_mut().filter(|_| !line.is_empty()) else { continue };
        let parts: Vec<&str> = line.splitn(4, ' ').collect();
        match parts[..] {
            [mark @ ("=" | "!" | "~"), paragraph, promise, relation] => {
                let mark = mark.chars().next().unwrap();
                text.statements.push((mark, paragraph.parse().unwrap(), promise.to_owned(), relation.to_owned()));
            }
            _ => text.paragraphs.push(line.to_owned()),
        }
    }
    assert!(all.len() > 40, "{} texts", all.len());
    all
}

/// Texts that were written before the program saw them: what is wrong is found, and nothing else is called wrong.
#[test]
fn mistakes_of_other_offices_texts_are_found_and_nothing_else() {
    let (mut mistakes, mut missed, mut alarms) = (0, Vec::new(), Vec::new());
    for text in told() {
        let wrong: Vec<u32> = text.statements.iter().filter(|s| s.0 == '!').map(|s| s.1).collect();
        let said = accused(&text.paragraphs.join("\n"));
        let at = |f: &Finding| f.passage.as_ref().unwrap().paragraph;
        for (_, paragraph, promise, relation) in text.statements.iter().filter(|s| s.0 == '!') {
            mistakes += usize::from(promise == "full");
            if promise == "full" && !said.iter().any(|f| at(f) == *paragraph) {
                missed.push(format!("{}: {relation}", text.name));
            }
        }
        let others = said.iter().filter(|f| !wrong.contains(&at(f)));
        alarms.extend(others.map(|f| format!("{}: {}", text.name, crate::words::said(f))));
        if said.len() > wrong.len().max(1) {
            alarms.push(format!("{}: {} findings", text.name, said.len()));
        }
    }
    println!("{} of {mistakes} mistakes found, {} false alarms", mistakes - missed.len(), alarms.len());
    assert!(alarms.is_empty(), "{}", alarms.join("\n"));
    assert!(missed.len() * 10 <= mistakes, "{} of {mistakes} missed:\n{}", missed.len(), missed.join("\n"));
}

/// The figures of a relation, as printed.
fn figures(relation: &str) -> Vec<&str> {
    let digits = |f: &&str| f.starts_with(|c: char| c.is_ascii_digit());
    relation.split([' ', '(', ')', '%']).filter(digits).collect()
}

/// Whether a relation holds as it is printed: a share to its decimals.
fn keeps(relation: &str) -> bool {
    let plain = |s: &str| s.replace('.', "").replace(',', ".").parse::<f64>().unwrap_or(0.0);
    let side = |side: &str| -> f64 {
        let words: Vec<&str> = side.split([' ', '(', ')', '%']).collect();
        let mut sum = 0.0;
        for (i, word) in words.iter().enumerate().filter(|(_, w)| w.starts_with(|c: char| c.is_ascii_digit())) {
            let scale = match words.get(i + 1) {
                Some(&"tỷ") => 1e9,
                Some(&"triệu") => 1e6,
                Some(&"nghìn") => 1e3,
                _ => 1.0,
            };
            sum += plain(word) * scale * if i > 0 && words[i - 1] == "−" { -1.0 } else { 1.0 };
        }
        sum
    };
    if let Some((a, b)) = relation.split_once(" ~ ") {
        return a == b;
    }
    let (left, right) = relation.split_once(" = ").unwrap();
    let decimals = right.trim_end_matches('%').split(',').nth(1).map_or(0, str::len) as i32;
    match left.split_once(" / ") {
        Some((top, bottom)) => (side(top) / side(bottom) * 100.0 - side(right)).abs() < 10f64.powi(-decimals),
        None => (side(left) - side(right)).abs() < 1e-6 * side(left).max(1.0),
    }
}

/// Where the figures of a relation stand in a paragraph: of a figure that stands there twice, the place nearest to the
/// others. "thu về 342 phiếu. Trong 342 phiếu: …": the second is the whole.
fn places<'r>(relation: &'r str, text: &str) -> Vec<(&'r str, usize)> {
    let all = |figure: &str| -> Vec<usize> {
        let single = |(start, _): &(usize, &str)| {
            let number = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == ',' || c == '.');
            let behind = &text[start + figure.len()..];
            let digit = |s: &str| s.starts_with(|c: char| c.is_ascii_digit());
            let goes_on = digit(behind) || behind.starts_with([',', '.']) && digit(&behind[1..]);
            !goes_on && !number(text[..*start].trim_end_matches('0').chars().next_back())
        };
        text.match_indices(figure).filter(single).map(|(start, _)| start).collect()
    };
    let figures = figures(relation);
    let firsts: Vec<usize> = figures.iter().filter_map(|f| all(f).first().copied()).collect();
    let off = |at: usize| firsts.iter().map(|f| f.abs_diff(at)).sum::<usize>();
    figures.iter().filter_map(|f| Some((*f, all(f).into_iter().min_by_key(|at| off(*at))?))).collect()
}

/// Relations that those texts promise and keep, each broken by one of its figures. A slip after which a relation holds as it
/// is printed, as 8.334 for 8.332 of 10.963 being 76%, breaks nothing.
#[test]
fn relations_of_those_texts_broken_by_one_figure_are_found() {
    let (mut tried, mut missed) = (0, Vec::new());
    for text in told().into_iter().filter(|t| t.statements.iter().all(|s| s.0 != '!')) {
        for (_, paragraph, _, relation) in text.statements.iter().filter(|s| s.0 == '=' && s.2 == "full") {
            let at = *paragraph as usize - 1;
            let own = &text.paragraphs[at];
            for (figure, start) in places(relation, own) {
                let (head, last) = figure.split_at(figure.len() - 1);
                let digit: u32 = last.parse().unwrap();
                for step in [2, 5] {
                    let other = format!("{head}{}", (digit + step) % 10);
                    if keeps(&relation.replacen(figure, &other, 1)) {
                        continue;
                    }
                    let mut paragraphs = text.paragraphs.clone();
                    paragraphs[at] = format!("{}{other}{}", &own[..start], &own[start + figure.len()..]);
                    tried += 1;
                    if accused(&paragraphs.join("\n")).is_empty() {
                        missed.push(format!("{} ({figure}, +{step}): {}", text.name, paragraphs[at]));
                    }
                }
            }
        }
    }
    println!("{} of {tried} broken relations found", tried - missed.len());
    assert!(tried > 500, "{tried} only");
    assert!(missed.len() * 10 <= tried, "{} of {tried} pass:\n{}", missed.len(), missed.join("\n"));
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
