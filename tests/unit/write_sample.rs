//! A small outcome for the tests of the writers: three departments expected, two reporting, one figure unreadable.

use std::sync::Arc;

use crate::model::entry::TOTAL;
use crate::model::finding::{Fact, Said, Why};
use crate::model::finding::{Kind, Suspect};
use crate::model::{
    Address, Consolidation, Correction, Entry, Evidence, Figure, FileReport, Finding, Outcome, Part, Period, Return,
    Severity, Span, State, Unit, Units, Verdict,
};

pub fn period() -> Period {
    Period::new(2023, Span::Quarter(3))
}

/// The outcome and its totals.
pub fn one_quarter() -> (Outcome, Consolidation) {
    let outcome = outcome();
    let consolidation = crate::aggregate::Aggregation::new(&outcome.returns, &outcome.catalogue, &outcome.units)
        .unwrap()
        .of(period(), None)
        .unwrap();
    (outcome, consolidation)
}

pub fn outcome() -> Outcome {
    let unit =
        |code: &str, name: &str| Unit { code: code.into(), name: name.into(), level: "so".into(), ..Unit::default() };
    let list = vec![unit("SYT", "Sở Y tế"), unit("STC", "Sở Tài chính"), unit("SKHCN", "Sở Khoa học và Công nghệ")];
    let file = |name: &str, verdict, reason: &str| FileReport {
        reason: Said::same(reason),
        sha256: if verdict == Verdict::Read { "ab".repeat(32) } else { String::new() },
        ..FileReport::new(name, verdict)
    };
    let mut old = kstt("SYT", "SYT-cũ.xlsx", &[("Đất đai", [9, 9, 9, 27, 0, 27, 0, 27, 0, 0, 0])]);
    old.superseded = true;
    let syt = [("Đất đai", [30, 12, 10, 8, 25, 10, 12, 3, 5, 4, 1]), ("Y tế", [3, 1, 1, 1, 2, 1, 1, 0, 1, 1, 0])];
    let stc = [("Đất đai", [20, 15, 5, 0, 20, 20, 0, 0, 0, 0, 0]), ("=1+1", [17, 9, -1, 3, 10, 5, 4, 1, 7, 5, 2])];
    let returns = vec![kstt("SYT", "syt.xlsx", &syt), kstt("STC", "stc.xlsx", &stc), old, indicators()];
    Outcome {
        catalogue: Arc::new(crate::catalogue::load(None).unwrap()),
        units: Units { list, ..Units::default() },
        files: vec![
            file("syt.xlsx", Verdict::Read, ""),
            file("stc.xlsx", Verdict::Read, ""),
            file("~$syt.xlsx", Verdict::LeftOut, "Tệp khóa tạm của Excel, không phải số liệu."),
        ],
        returns,
        findings: vec![finding()],
        texts: Vec::new(),
    }
}

/// A return of II.06a; −1 stands for a blank cell. The total row is the columns' sum.
pub fn kstt(unit: &str, file: &str, lines: &[(&str, [i64; 11])]) -> Return {
    let mut entries = Vec::new();
    let mut total = [0; 11];
    for (r, (line, figures)) in lines.iter().enumerate() {
        for (c, figure) in figures.iter().enumerate() {
            total[c] += figure.max(&0);
            entries.push(entry(line, c, r, *figure, Part::Line));
        }
    }
    entries.extend(total.iter().enumerate().map(|(c, figure)| entry(TOTAL, c, lines.len(), *figure, Part::Total)));
    Return {
        form: "II.06a/VPCP/KSTT".into(),
        table: "".into(),
        unit: unit.into(),
        period: period(),
        file: file.into(),
        sheet: "Biểu 06a".into(),
        first: Address::new(9, 2),
        last: Address::new(9 + lines.len() as u32, 12),
        evidence: Evidence { form: "tiêu đề".into(), unit: "ô B3".into(), period: "ô A5".into() },
        entries,
        doubts: Vec::new(),
        superseded: false,
    }
}

fn entry(line: &str, column: usize, row: usize, figure: i64, part: Part) -> Entry {
    let filled = figure >= 0;
    Entry {
        line: line.into(),
        column: (column + 3).to_string().into(),
        value: filled.then(|| Figure::whole(figure)),
        state: if filled { State::Filled } else { State::Blank },
        text: if filled { figure.to_string().into() } else { "".into() },
        shown: 0,
        formula: None,
        cell: Address::new(9 + row as u32, 2 + column as u32),
        part,
        section: 0,
    }
}

fn indicators() -> Return {
    let figures = [("1", "4"), ("2", "50"), ("2.1", "10"), ("2.2", "5"), ("6", "1"), ("6.1", "120"), ("6.2", "2")];
    let entries = figures.iter().enumerate().map(|(row, (line, text))| Entry {
        column: "value".into(),
        value: Figure::parse_plain(text),
        text: (*text).into(),
        ..entry(line, 0, row, 0, Part::Line)
    });
    Return { form: "CCHC/BM1".into(), entries: entries.collect(), sheet: "BM1".into(), ..kstt("SYT", "syt.xlsx", &[]) }
}

fn finding() -> Finding {
    let correction = |cell: Address, elsewhere| Correction {
        cell,
        elsewhere,
        stated: "31".into(),
        proposed: Some(Figure::whole(30)),
    };
    Finding {
        rule: "II.06a/VPCP/KSTT:tiep-nhan".into(),
        rules: vec!["II.06a/VPCP/KSTT:tiep-nhan".into()],
        kind: Kind::Balance,
        severity: Severity::Error,
        form: "II.06a/VPCP/KSTT".into(),
        unit: "SYT".into(),
        period: Some(period()),
        file: "syt.xlsx".into(),
        sheet: "Biểu 06a".into(),
        cells: vec![Address::new(9, 2), Address::new(9, 3)],
        found: Figure::whole(31).into(),
        expected: Figure::whole(30).into(),
        suspects: vec![Suspect {
            cells: vec![
                correction(Address::new(9, 2), None),
                correction(Address::new(1, 1), Some(("khác.xlsx".into(), "S".into()))),
            ],
            why: Why::Said(Said::same("=nguyên nhân")),
            tied: false,
        }],
        fact: Fact::Said(Said::same("Ô C10: ghi 31, tổng các phần là 30.")),
        certain: false,
        advice: None,
        more: 0,
        passage: None,
        waived: None,
    }
}
