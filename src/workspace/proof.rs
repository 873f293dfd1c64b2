//! What a finding's repairs would do: for each way to correct it, the rules that would hold and those that would break,
//! with the numbers as one writes a sum on paper.

use serde::Serialize;

use crate::check;
use crate::model::decision::CellChange;
use crate::model::entry::TOTAL;
use crate::model::{CellId, Correction, Figure, Finding, Lang, Lines, Outcome, Return, Suspect};
use crate::rule::{self, Book, Claim, Equation, Reading, Status};
use crate::words::Words;

/// Figures of a sum that are written one under the other; a longer one is a line.
const MOST_TERMS: usize = 12;

/// One way to correct a finding.
#[derive(Debug, Serialize)]
pub struct Way {
    pub why: String,
    pub cells: Vec<Repair>,
    /// Rules that fail now and would hold.
    pub sums: Vec<Sum>,
    /// Sentences on rules that would fail, or fail still.
    pub against: Vec<String>,
    /// Rules that hold now and would hold as before.
    pub kept: usize,
}

/// One cell to be changed.
#[derive(Debug, Serialize)]
pub struct Repair {
    #[serde(flatten)]
    pub change: CellChange,
    /// As the cell shows it, and as it would.
    pub stated: String,
    pub proposed: Option<String>,
}

/// A rule with the numbers in it.
#[derive(Debug, Serialize)]
pub struct Sum {
    pub says: String,
    /// The parts, then the total.
    pub terms: Vec<Term>,
    pub total: Option<Term>,
    /// The same in one line, where it is no sum.
    pub line: String,
}

/// One figure of a sum.
#[derive(Debug, Serialize)]
pub struct Term {
    pub label: String,
    pub cell: String,
    /// 1, or −1 where it is taken off.
    pub sign: i64,
    pub stated: String,
    /// What it would be, where that changes.
    pub then: Option<String>,
}

/// The ways to correct a finding, the likeliest first; only its unit's own returns and those of the units it took over from
/// are looked at.
pub fn ways(outcome: &Outcome, finding: &Finding, lang: Lang) -> Vec<Way> {
    let near = |r: &&Return| {
        r.unit == finding.unit
            || r.file == finding.file
            || outcome.units.get(&r.unit).is_some_and(|u| u.successors.iter().any(|s| **s == *finding.unit))
    };
    let returns: Vec<Return> = outcome.returns.iter().filter(near).cloned().collect();
    let words = Words::of(outcome, lang);
    let book = Book::new(&outcome.catalogue, &returns).following(&outcome.units);
    let equations = check::check(&book).equations;
    let way = |suspect: &Suspect| {
        let repair = |c: &Correction| {
            let (file, sheet) = c.elsewhere.clone().unwrap_or((finding.file.clone(), finding.sheet.clone()));
            let old = rule::find(&book, &file, &sheet, c.cell).map(|id| book.entry(id).text.to_string());
            let new = c.proposed.map(|f| f.trimmed().to_string()).unwrap_or_default();
            Repair {
                change: CellChange { file, sheet, cell: c.cell, old: old.unwrap_or_default(), new },
                stated: lang.stated(&c.stated),
                proposed: c.proposed.map(|f| lang.figure(f)),
            }
        };
        let mut way = Way {
            why: words.why(suspect),
            cells: suspect.cells.iter().map(repair).collect(),
            sums: Vec::new(),
            against: Vec::new(),
            kept: 0,
        };
        if let Some(changes) = rule::changes(&book, finding, suspect) {
            effects(&book, &equations, &changes, &words, &mut way);
        }
        way
    };
    finding.suspects.iter().map(way).collect()
}

fn effects(book: &Book<'_>, equations: &[Equation], changes: &[(CellId, Figure)], words: &Words<'_>, way: &mut Way) {
    let lang = words.lang;
    for effect in rule::effects(book, equations, changes) {
        match (&effect.before, &effect.after) {
            (Status::Holds, Status::Holds) => way.kept += 1,
            (before, Status::Holds) if *before != Status::Holds => {
                way.sums.push(sum(book, &effect.reading, changes, words));
            }
            (before, Status::Fails(gap)) => {
                let (says, off) = (&effect.reading.rule.says, gap.map(|g| lang.figure(g)).unwrap_or_default());
                way.against.push(match before {
                    Status::Holds => lang.pick(
                        format!("“{says}” đang khớp sẽ không khớp nữa (lệch {off})"),
                        format!("“{says}” holds now and would not any more (off by {off})"),
                    ),
                    _ => lang.pick(
                        format!("“{says}” vẫn không khớp (lệch {off})"),
                        format!("“{says}” still does not hold (off by {off})"),
                    ),
                });
            }
            _ => {}
        }
    }
}

fn sum(book: &Book<'_>, reading: &Reading<'_>, changes: &[(CellId, Figure)], words: &Words<'_>) -> Sum {
    let lang = words.lang;
    let term = |cell: CellId, sign: i64| Term {
        label: label(book, cell),
        cell: book.entry(cell).cell.to_string(),
        sign,
        stated: book.amount(cell).map_or_else(|| words.entry(book.entry(cell)), |f| lang.figure(f)),
        then: changes.iter().find(|(c, _)| *c == cell).map(|(_, to)| lang.figure(*to)),
    };
    let line = words.arithmetic(&reading.claim, book, reading.home);
    let mut sum = Sum { says: reading.rule.says.to_string(), terms: Vec::new(), total: None, line };
    if let (Claim::Sum { .. }, Some((terms, _))) = (&reading.claim, reading.claim.equation())
        && terms.len() <= MOST_TERMS
        && let Some(((total, _), parts)) = terms.split_first()
    {
        sum.terms = parts.iter().map(|(cell, sign)| term(*cell, -sign)).collect();
        sum.total = Some(term(*total, 1));
    }
    sum
}

/// What a figure is called: its row's name where the table is open, its caption, or its line's wording.
fn label(book: &Book<'_>, cell: CellId) -> String {
    let entry = book.entry(cell);
    let Some(table) = book.table(cell.ret) else { return entry.line.to_string() };
    match &table.lines {
        Lines::Fixed(lines) => {
            let line = lines.iter().find(|l| l.code == entry.line);
            line.map_or_else(|| entry.line.to_string(), |l| format!("{} {}", l.code, l.label))
        }
        Lines::Open { .. } => {
            let caption = table.columns.iter().find(|c| c.id == entry.column).and_then(|c| c.path.last());
            let caption = caption.map_or_else(|| format!("({})", entry.column), |c| format!("({}) {c}", entry.column));
            let line = if *entry.line == *TOTAL { String::new() } else { format!(" – {}", entry.line) };
            format!("{caption}{line}")
        }
    }
}
