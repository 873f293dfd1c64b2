//! Figures behind a caption, or behind other words for it, against the tables that have the same caption: the document's own
//! appendix, a workbook of the same unit and period, a consolidation.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::clauses::Items;
use super::paragraphs::Line;
use super::phrases::says;
use super::{Stated, clip};
use crate::model::entry::TOTAL;
use crate::model::finding::Fact;
use crate::model::statement::{Caption, Labelled, Place as At, Reason, Statement, Text, Written};
use crate::model::{Catalogue, Figure, Finding, Head, Kind, Lines, Period, Returns, Reworded, Severity, Sheet, Units};
use crate::normalise::period::{By, in_text};
use crate::normalise::text::{expand, key, keyed};

/// Paragraphs among which the title and the letterhead stand.
const OPENING: usize = 25;
/// A caption has at least this many words; shorter ones are said of many things.
const WORDS: usize = 4;
/// Tokens before a figure among which the words of a caption stand.
const REACH: usize = 10;

/// A document's figures that others may confirm.
pub fn extract(sheet: &Sheet, items: &Items<'_>, file: &str) -> Text {
    let lines = items.lines;
    let period = lines.iter().take(OPENING).find_map(|l| titled(l.text));
    let mut labelled: Vec<Labelled> = lines.iter().filter_map(labelled).collect();
    labelled.extend(worded(items, period));
    Text { file: file.to_owned(), bound: super::bound::bound(sheet), labelled, period, opening: opening(sheet) }
}

/// The first paragraphs of a document and the tables among them, as keys: a letterhead is a table.
pub fn opening(sheet: &Sheet) -> Vec<String> {
    let last = sheet.paragraphs.iter().take(OPENING).next_back().map_or(0, |p| p.row);
    let cells = sheet.cells.iter().filter(|c| c.row <= last);
    cells.filter_map(|c| c.text()).map(key).collect()
}

/// The period a title names.
fn titled(text: &str) -> Option<Period> {
    let mention = in_text(text).filter(|m| m.by == By::Named)?;
    mention.period
}

/// The first figure of a line, right behind the colon that ends its caption.
fn labelled(line: &Line<'_>) -> Option<Labelled> {
    let first = line.quantities.first().filter(|q| !q.rough && q.of.is_none() && !line.is_bound(0))?;
    (first.at > line.head && line.tokens[first.at - 1].is(':')).then_some(())?;
    let label = key(line.quote(line.head, first.at - 1));
    (label.split(' ').count() >= WORDS).then(|| Labelled {
        label,
        value: first.value,
        shown: first.shown,
        percent: first.percent,
        typed: line.quote(first.at, first.end).to_owned(),
        paragraph: line.number,
        quote: line.quote(line.head, first.end).to_owned(),
        by_words: false,
        least: false,
    })
}

/// Figures that other words say a caption of: "đã tuyển dụng 02 công chức", by the lists of `templates/prose.toml`.
fn worded(items: &Items<'_>, period: Option<Period>) -> Vec<Labelled> {
    let mut found = Vec::new();
    for item in 0..items.all.len() {
        let (quantity, own) = (items.quantity(item), &items.all[item]);
        let line = &items.lines[own.spot.line];
        if quantity.percent || !quantity.is_exact() || line.is_bound(own.spot.quantity) || items.is_compared(item) {
            continue;
        }
        let at = quantity.at;
        let before = &line.tokens[line.sentence_start(at)..at];
        let near = items.near(item);
        let counts = &line.tokens[at..quantity.end];
        let fits = |c: &&Caption| {
            let last = before.len().saturating_sub(REACH);
            says(&before[last..], &c.words)
                && !says(near, &c.unless)
                && (c.counts.is_empty() || says(counts, &c.counts))
                && c.of == quantity.of.is_some()
        };
        let Some(caption) = items.lexicon.captions.iter().find(fits) else {
            continue;
        };
        // Of another period than the report's.
        let sentence = line.quote(line.sentence_start(at), line.sentence_end(at));
        if titled(sentence).is_some_and(|named| period != Some(named)) {
            continue;
        }
        found.push(Labelled {
            label: key(&caption.says),
            value: quantity.of.unwrap_or(quantity.value),
            shown: quantity.shown,
            percent: false,
            typed: line.quote(at, quantity.end).to_owned(),
            paragraph: line.number,
            quote: clip(line, at, quantity.end),
            by_words: true,
            least: says(near, &caption.parts),
        });
    }
    found
}

/// Where a caption's figure stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    form: Arc<str>,
    table: Arc<str>,
    line: Arc<str>,
    column: Arc<str>,
}

/// A figure of a table, and how it is said where it stands.
struct Other {
    value: Figure,
    place: At,
}

/// Every caption of the known forms, and the figures it stands for: of several forms, or of several lines.
pub struct Captions<'a> {
    catalogue: &'a Catalogue,
    places: HashMap<String, Vec<Place>>,
    abbreviations: BTreeMap<String, String>,
}

impl<'a> Captions<'a> {
    pub fn new(catalogue: &'a Catalogue) -> Self {
        let mut captions =
            Self { catalogue, places: HashMap::new(), abbreviations: keyed(&catalogue.words.abbreviations) };
        for form in &catalogue.forms {
            for table in &form.tables {
                let place = |line: &Arc<str>, column: &Arc<str>| Place {
                    form: form.id.clone(),
                    table: table.id.clone(),
                    line: line.clone(),
                    column: column.clone(),
                };
                match &table.lines {
                    Lines::Open { .. } => {
                        for column in table.figures() {
                            let at = place(&TOTAL.into(), &column.id);
                            let paths = std::iter::once(&column.path).chain(&column.variants);
                            let names: Vec<String> = paths
                                .map(|path| match (column.kind, path.as_slice()) {
                                    (Kind::Total, [group, ..]) => group.clone(),
                                    _ => path.join(" "),
                                })
                                .collect();
                            captions.add(names, &at);
                        }
                    }
                    Lines::Fixed(lines) => {
                        for line in lines.iter().filter(|l| l.kind.has_figure() && l.codes.is_empty()) {
                            let names = std::iter::once(&line.label).chain(&line.variants);
                            captions.add(names.cloned().collect(), &place(&line.code, &"value".into()));
                        }
                    }
                }
            }
        }
        captions
    }

    fn add(&mut self, names: Vec<String>, place: &Place) {
        for name in names {
            let known = self.places.entry(self.label(&name)).or_default();
            if !known.contains(place) {
                known.push(place.clone());
            }
        }
    }

    fn label(&self, text: &str) -> String {
        expand(&key(text), &self.abbreviations)
    }

    /// The figures of a text that a table has otherwise.
    pub fn against(
        &self,
        text: &Text,
        returns: &dyn Returns,
        written: Option<&Written>,
        units: &Units,
    ) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut often: HashMap<&str, usize> = HashMap::new();
        for labelled in &text.labelled {
            // Other words for the caption are no second caption.
            *often.entry(&*labelled.label).or_default() += usize::from(!labelled.by_words);
        }
        for labelled in &text.labelled {
            let twice = often.get(&*labelled.label).is_some_and(|times| *times > 1);
            let places = self.places.get(&self.label(&labelled.label));
            let like = places.into_iter().flatten().filter(|p| self.is_like(labelled, p));
            let others: Vec<Other> = like
                .filter_map(|place| {
                    let own = of_returns(place, text, returns, units);
                    own.or_else(|| of_written(place, text, written?))
                })
                .collect();
            // A caption that stands for several figures is evidence of none.
            let Some(other) = others.first().filter(|_| !twice) else {
                continue;
            };
            let one = others.iter().all(|o| o.value == other.value);
            // Said rightly elsewhere: the words here speak of something else.
            let alike = |l: &&Labelled| l.by_words && l.label == labelled.label && !std::ptr::eq(*l, labelled);
            if labelled.by_words && text.labelled.iter().filter(alike).any(|l| l.value == other.value) {
                continue;
            }
            if one && !agrees(labelled, other.value) {
                found.push(disagreement(text, labelled, other));
            }
        }
        found
    }

    /// A percentage is compared with a percentage, a count with a count.
    fn is_like(&self, labelled: &Labelled, place: &Place) -> bool {
        let nature = self.catalogue.table(&place.form, &place.table).and_then(|t| t.nature(&place.line, &place.column));
        nature.is_some_and(|(kind, _)| kind.is_percentage() == labelled.percent)
    }
}

fn agrees(labelled: &Labelled, value: Figure) -> bool {
    labelled.least && labelled.value < value
        || labelled.value == value
        || value.rounded_to(labelled.shown) == labelled.value
}

/// The figure in the same file, else in a file of the same unit and period.
fn of_returns(place: &Place, text: &Text, returns: &dyn Returns, units: &Units) -> Option<Other> {
    let fitting: Vec<(usize, Head<'_>)> = (0..returns.count())
        .filter_map(|at| Some((at, returns.head(at)?)))
        .filter(|(_, head)| *head.form == place.form && *head.table == place.table)
        .collect();
    let sent_by = |head: &Head<'_>| {
        let name = key(units.name(head.unit));
        text.period == Some(head.period)
            && name.split(' ').count() > 2
            && text.opening.iter().any(|line| line.contains(&name))
    };
    let own = |head: &Head<'_>| **head.file == *text.file;
    let only = |fits: &dyn Fn(&Head<'_>) -> bool| {
        let mut those = fitting.iter().filter(|(_, head)| fits(head));
        (those.next().map(|(at, _)| *at), those.next().is_some())
    };
    let at = match only(&own) {
        (Some(own), false) => own,
        (None, _) => match only(&sent_by) {
            (Some(theirs), false) => theirs,
            _ => return None,
        },
        _ => return None,
    };
    let ret = returns.open(at);
    let mut entries = ret.entries.iter().filter(|e| e.line == place.line && e.column == place.column);
    let entry = entries.next().filter(|_| entries.next().is_none())?;
    let file = (*ret.file != *text.file).then(|| ret.file.to_string());
    let place = At::Cell { form: place.form.to_string(), cell: entry.cell.to_string(), file };
    Some(Other { value: entry.amount()?, place })
}

fn of_written(place: &Place, text: &Text, written: &Written) -> Option<Other> {
    let total = written.totals.iter().find(|t| {
        t.form == place.form
            && t.table == place.table
            && t.line == place.line
            && t.column == place.column
            && text.period == Some(t.period)
    })?;
    let place = At::Consolidated { form: place.form.to_string(), name: written.name.clone() };
    Some(Other { value: total.value?, place })
}

/// Adds a text's disagreements; where a sum already says the same of a number, they bear witness there.
pub fn join(found: Vec<Finding>, findings: &mut Vec<Finding>) {
    let Some(file) = found.first().map(|f| f.file.clone()) else {
        return;
    };
    let said = |f: &Finding| {
        let paragraph = f.passage.as_ref().map(|p| p.paragraph);
        (paragraph, f.found.to_string(), f.expected.to_string())
    };
    let mut known = HashMap::new();
    for (at, finding) in findings.iter().enumerate() {
        if finding.file == file {
            known.entry(said(finding)).or_insert(at);
        }
    }
    for found in found {
        match known.entry(said(&found)) {
            Entry::Occupied(at) => bear_witness(found, &mut findings[*at.get()]),
            Entry::Vacant(free) => {
                free.insert(findings.len());
                findings.push(found);
            }
        }
    }
}

fn bear_witness(found: Finding, known: &mut Finding) {
    let Some((passage, own)) = known.passage.as_mut().zip(found.passage) else {
        return;
    };
    known.rules.extend(found.rules);
    let figure = Figure::parse_plain(&known.expected.to_string());
    if let Fact::Text(statement) = &known.fact {
        known.fact = Fact::Text(Statement::Confirmed { statement: Box::new(statement.clone()), figure });
    }
    passage.suspects = vec![Reworded {
        paragraph: own.paragraph,
        quote: own.quote,
        stated: known.found.to_string(),
        proposed: figure,
        why: Reason::PartsAndForm,
    }];
}

fn disagreement(text: &Text, labelled: &Labelled, other: &Other) -> Finding {
    let stated = Stated {
        severity: if labelled.by_words { Severity::Warning } else { Severity::Error },
        paragraph: labelled.paragraph,
        quote: labelled.quote.clone(),
        found: labelled.value.to_string(),
        expected: other.value.to_string(),
        suspects: Vec::new(),
        statement: Statement::Table {
            typed: labelled.typed.clone(),
            value: other.value,
            place: other.place.clone(),
            least: labelled.least,
        },
        spot: None,
    };
    stated.finding(text.file.as_str().into())
}
