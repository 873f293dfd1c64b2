//! Figures behind a caption against the tables that have the same caption: the document's own appendix, a workbook of the
//! same unit and period, a consolidation.

use std::collections::HashMap;
use std::sync::Arc;

use super::say::{Said, placed};
use crate::model::entry::TOTAL;
use crate::model::text::{Labelled, Text, Written};
use crate::model::{Catalogue, Figure, Finding, Kind, Lang, Lines, Return, Severity, Units};
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
        let mut captions = Self {
            catalogue,
            places: HashMap::new(),
            abbreviations: keyed(&catalogue.words.abbreviations),
        };
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
                        for line in lines
                            .iter()
                            .filter(|l| l.kind.has_figure() && l.codes.is_empty())
                        {
                            let names = std::iter::once(&line.label).chain(&line.variants);
                            captions.add(
                                names.cloned().collect(),
                                &place(&line.code, &"value".into()),
                            );
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
        returns: &[Return],
        written: Option<&Written>,
        units: &Units,
        lang: Lang,
    ) -> Vec<Finding> {
        let mut found = Vec::new();
        for labelled in &text.labelled {
            let twice = text
                .labelled
                .iter()
                .filter(|l| l.label == labelled.label)
                .count()
                > 1;
            let places = self.places.get(&self.label(&labelled.label));
            let like = places
                .into_iter()
                .flatten()
                .filter(|p| self.is_like(labelled, p));
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
        let nature = self
            .catalogue
            .table(&place.form, &place.table)
            .and_then(|t| t.nature(&place.line, &place.column));
        nature.is_some_and(|(kind, _)| kind.is_percentage() == labelled.percent)
    }
}

fn agrees(labelled: &Labelled, value: Figure) -> bool {
    labelled.value == value || value.rounded_to(labelled.shown) == labelled.value
}

/// The figure in the same file, else in a file of the same unit and period.
fn of_returns(
    place: &Place,
    text: &Text,
    returns: &[Return],
    units: &Units,
    lang: Lang,
) -> Option<Other> {
    let fits = |r: &&Return| r.form == place.form && r.table == place.table && !r.superseded;
    let own = |r: &&Return| *r.file == *text.file;
    let sent_by = |r: &&Return| {
        let name = key(units.name(&r.unit));
        text.period == Some(r.period)
            && name.split(' ').count() > 2
            && text.opening.iter().any(|line| line.contains(&name))
    };
    let mut fitting = returns.iter().filter(fits);
    let of_file: Vec<&Return> = returns.iter().filter(fits).filter(own).collect();
    let ret = match of_file[..] {
        [only] => only,
        [] => fitting
            .clone()
            .find(sent_by)
            .filter(|first| fitting.all(|r| !sent_by(&r) || std::ptr::eq(r, *first)))?,
        _ => return None,
    };
    let mut entries = ret
        .entries
        .iter()
        .filter(|e| e.line == place.line && e.column == place.column);
    let entry = entries.next().filter(|_| entries.next().is_none())?;
    let (form, cell) = (&place.form, entry.cell);
    let there = if *ret.file == *text.file {
        String::new()
    } else {
        format!(" ({})", ret.file)
    };
    Some(Other {
        value: entry.amount()?,
        said: lang.pick(
            format!("ô {cell} của biểu {form}{there}"),
            format!("{cell} of {form}{there}"),
        ),
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

fn disagreement(text: &Text, labelled: &Labelled, other: &Other, lang: Lang) -> Finding {
    let (typed, value, said) = (&labelled.typed, lang.figure(other.value), &other.said);
    placed(
        text.file.as_str().into(),
        lang,
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
