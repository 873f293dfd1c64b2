//! Figures behind a caption against the tables that have the same caption: the document's own appendix, a workbook of the
//! same unit and period, a consolidation.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::say::{Said, placed};
use crate::model::entry::TOTAL;
use crate::model::fact::{Fact, Said as Sentence};
use crate::model::text::{Labelled, Text, Written};
use crate::model::{Catalogue, Figure, Finding, Head, Kind, Lang, Lines, Returns, Reworded, Severity, Units};
use crate::normalise::text::{expand, key, keyed};

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
    said: String,
}

/// Every caption of the known forms, and the figures it stands for: of several forms, or of several lines.
pub struct Captions<'a> {
    catalogue: &'a Catalogue,
    places: HashMap<String, Vec<Place>>,
    abbreviations: std::collections::BTreeMap<String, String>,
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
        lang: Lang,
    ) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut often: HashMap<&str, usize> = HashMap::new();
        for labelled in &text.labelled {
            *often.entry(&*labelled.label).or_default() += 1;
        }
        for labelled in &text.labelled {
            let twice = often.get(&*labelled.label).is_some_and(|times| *times > 1);
            let places = self.places.get(&self.label(&labelled.label));
            let like = places.into_iter().flatten().filter(|p| self.is_like(labelled, p));
            let others: Vec<Other> = like
                .filter_map(|place| {
                    let own = of_returns(place, text, returns, units, lang);
                    own.or_else(|| of_written(place, text, written?, lang))
                })
                .collect();
            // A caption that stands for several figures is evidence of none.
            let Some(other) = others.first().filter(|_| !twice) else {
                continue;
            };
            let one = others.iter().all(|o| o.value == other.value);
            if one && !agrees(labelled, other.value) {
                found.push(disagreement(text, labelled, other, lang));
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
    labelled.value == value || value.rounded_to(labelled.shown) == labelled.value
}

/// The figure in the same file, else in a file of the same unit and period.
fn of_returns(place: &Place, text: &Text, returns: &dyn Returns, units: &Units, lang: Lang) -> Option<Other> {
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
    let (form, cell) = (&place.form, entry.cell);
    let there = if *ret.file == *text.file { String::new() } else { format!(" ({})", ret.file) };
    Some(Other {
        value: entry.amount()?,
        said: lang.pick(format!("ô {cell} của biểu {form}{there}"), format!("{cell} of {form}{there}")),
    })
}

fn of_written(place: &Place, text: &Text, written: &Written, lang: Lang) -> Option<Other> {
    let total = written.totals.iter().find(|t| {
        t.form == place.form
            && t.table == place.table
            && t.line == place.line
            && t.column == place.column
            && text.period == Some(t.period)
    })?;
    let (form, name) = (&place.form, &written.name);
    Some(Other {
        value: total.value?,
        said: lang.pick(
            format!("số tổng hợp của biểu {form} ({name})"),
            format!("the consolidated figure of {form} ({name})"),
        ),
    })
}

/// Adds a text's disagreements; where a sum already says the same of a number, they bear witness there.
pub fn join(found: Vec<Finding>, findings: &mut Vec<Finding>, lang: Lang) {
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
            Entry::Occupied(at) => bear_witness(found, &mut findings[*at.get()], lang),
            Entry::Vacant(free) => {
                free.insert(findings.len());
                findings.push(found);
            }
        }
    }
}

fn bear_witness(found: Finding, known: &mut Finding, lang: Lang) {
    let Some((passage, own)) = known.passage.as_mut().zip(found.passage) else {
        return;
    };
    known.rules.extend(found.rules);
    let figure = Figure::parse_plain(&known.expected.to_string());
    let said = figure.map(|f| lang.figure(f)).unwrap_or_default();
    if let Fact::Said(message) = &mut known.fact {
        message.vi.push_str(&format!(" Biểu cũng ghi {said}."));
        message.en.push_str(&format!(" The form says {said} too."));
    }
    passage.suspects = vec![Reworded {
        paragraph: own.paragraph,
        quote: own.quote,
        stated: known.found.to_string(),
        proposed: figure,
        why: Sentence {
            vi: "các phần cộng lại và biểu cùng cho số này".to_owned(),
            en: "the parts and the form both come to it".to_owned(),
        },
    }];
}

fn disagreement(text: &Text, labelled: &Labelled, other: &Other, lang: Lang) -> Finding {
    let (typed, value, said) = (&labelled.typed, lang.figure(other.value), &other.said);
    placed(
        text.file.as_str().into(),
        labelled.paragraph,
        Said {
            rule: "khop-bieu",
            severity: Severity::Error,
            quote: labelled.quote.clone(),
            found: labelled.value.to_string(),
            expected: other.value.to_string(),
            message: lang.pick(
                format!("ghi {typed}, nhưng {said} là {value}; sửa cho hai nơi như nhau."),
                format!("says {typed}, but {said} says {value}; make both the same."),
            ),
            suspects: Vec::new(),
        },
    )
}
