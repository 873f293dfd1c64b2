//! What a finding's repairs would do: for each way to correct it, the rules that would hold and those that would break,
//! with the numbers as one writes a sum on paper.

use crate::check;
use crate::model::decision::CellChange;
use crate::model::{CellId, Figure, Finding, Lang, Outcome, Return, Units};
use crate::rule::{self, Book, Claim, Equation, Status};
use crate::words::Words;

/// Figures of a sum that are written one under the other; a longer one is a line.
const MOST_TERMS: usize = 12;

/// One way to correct a finding.
#[derive(Debug)]
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
#[derive(Debug)]
pub struct Repair {
    pub change: CellChange,
    /// As the cell shows it, and as it would.
    pub stated: String,
    pub proposed: Option<String>,
}

/// A rule with the numbers in it.
#[derive(Debug)]
pub struct Sum {
    pub says: String,
    /// The parts, then the total.
    pub terms: Vec<Term>,
    pub total: Option<Term>,
    /// The same in one line, where it is no sum.
    pub line: String,
}

/// One figure of a sum.
#[derive(Debug)]
pub struct Term {
    pub label: String,
    pub cell: String,
    /// 1, or −1 where it is taken off.
    pub sign: i64,
    pub stated: String,
    /// What it would be, where that changes.
    pub then: Option<String>,
}

/// A unit's returns with the equations over them, opened once for all findings of a page.
pub struct Proofs<'a> {
    outcome: &'a Outcome,
    returns: Vec<Return>,
    lang: Lang,
}

impl<'a> Proofs<'a> {
    /// The proofs for one unit's findings; only its own returns and those of the units it took over from are looked at.
    pub fn new(outcome: &'a Outcome, unit: &str, file: &str, lang: Lang) -> Self {
        let near = |r: &&Return| {
            *r.unit == *unit
                || *r.file == *file
                || outcome.units.get(&r.unit).is_some_and(|u| u.successors.iter().any(|s| **s == *unit))
        };
        Self { outcome, returns: outcome.returns.iter().filter(near).cloned().collect(), lang }
    }

    /// The ways to correct a finding, the likeliest first.
    pub fn ways(&self, finding: &Finding) -> Vec<Way> {
        let lang = self.lang;
        let units: &Units = &self.outcome.units;
        let words = Words::of(self.outcome, lang);
        let book = Book::new(&self.outcome.catalogue, &self.returns).following(units);
        let equations = check::check(&book).equations;
        let way = |suspect: &crate::model::Suspect| {
            let repair = |c: &crate::model::Correction| {
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
}

fn effects(book: &Book<'_>, equations: &[Equation], changes: &[(CellId, Figure)], words: &Words<'_>, way: &mut Way) {
    let lang = words.lang;
    for effect in rule::effects(book, equations, changes) {
        let rule = effect.reading.rule;
        match (&effect.before, &effect.after) {
            (Status::Holds, Status::Holds) => way.kept += 1,
            (before, Status::Holds) if *before != Status::Holds => {
                way.sums.push(sum(book, &effect.reading.claim, effect.reading.home, &rule.says, changes, words));
            }
            (Status::Holds, Status::Fails(gap)) => {
                let off = gap.map(|g| lang.figure(g)).unwrap_or_default();
                way.against.push(lang.pick(
                    format!("“{}” đang khớp sẽ không khớp nữa (lệch {off})", rule.says),
                    format!("“{}” holds now and would not any more (off by {off})", rule.says),
                ));
            }
            (_, Status::Fails(gap)) => {
                let off = gap.map(|g| lang.figure(g)).unwrap_or_default();
                way.against.push(lang.pick(
                    format!("“{}” vẫn không khớp (lệch {off})", rule.says),
                    format!("“{}” still does not hold (off by {off})", rule.says),
                ));
            }
            _ => {}
        }
    }
}

fn sum(
    book: &Book<'_>,
    claim: &Claim<CellId>,
    home: u32,
    says: &str,
    changes: &[(CellId, Figure)],
    words: &Words<'_>,
) -> Sum {
    let lang = words.lang;
    let term = |cell: CellId, sign: i64| Term {
        label: label(book, cell),
        cell: book.entry(cell).cell.to_string(),
        sign,
        stated: book.amount(cell).map_or_else(|| words.entry(book.entry(cell)), |f| lang.figure(f)),
        then: changes.iter().find(|(c, _)| *c == cell).map(|(_, to)| lang.figure(*to)),
    };
    let line = words.arithmetic(claim, book, home);
    match (claim, claim.equation()) {
        (Claim::Sum { .. }, Some((terms, _))) if terms.len() <= MOST_TERMS => {
            let Some(((total, _), parts)) = terms.split_first() else {
                return Sum { says: says.to_owned(), terms: Vec::new(), total: None, line };
            };
            Sum {
                says: says.to_owned(),
                terms: parts.iter().map(|(cell, sign)| term(*cell, -sign)).collect(),
                total: Some(term(*total, 1)),
                line,
            }
        }
        _ => Sum { says: says.to_owned(), terms: Vec::new(), total: None, line },
    }
}

/// What a figure is called: its row's name where the table is open, its caption, or its line's wording.
fn label(book: &Book<'_>, cell: CellId) -> String {
    let entry = book.entry(cell);
    let Some(table) = book.table(cell.ret) else { return entry.line.to_string() };
    match &table.lines {
        crate::model::Lines::Fixed(lines) => {
            let line = lines.iter().find(|l| l.code == entry.line);
            line.map_or_else(|| entry.line.to_string(), |l| format!("{} {}", l.code, l.label))
        }
        crate::model::Lines::Open { .. } => {
            let caption = table.columns.iter().find(|c| c.id == entry.column).and_then(|c| c.path.last());
            let caption = caption.map_or_else(|| format!("({})", entry.column), |c| format!("({}) {c}", entry.column));
            let line =
                if *entry.line == *crate::model::entry::TOTAL { String::new() } else { format!(" – {}", entry.line) };
            format!("{caption}{line}")
        }
    }
}
