//! A list's rows into its counts: how many tasks have which answer, how many documents are of which kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::model::entry::Part;
use crate::model::form::{ItemRole, Items, ItemsAre, Vocabulary};
use crate::model::{
    Address, Content, Doubt, Entry, Figure, Layout, LayoutRow, Line, Period, Sheet, State, Table, Unsure,
};
use crate::normalise::code;
use crate::normalise::document::{Document, date, document};
use crate::normalise::text::{key, tidy};

/// Stands for a document whose symbol names no kind.
const NO_KIND: &str = "/";
/// What marks the column that holds.
const TICKS: [char; 6] = ['✓', '✔', '☑', '☒', '■', '+'];
/// Stands for what no other line counts.
const OTHERS: &str = "*";

/// The counts of a list, and what is unsure of its rows.
pub(super) fn counts(
    sheet: &Sheet,
    layout: &Layout,
    table: &Table,
    items: &Items,
    words: &Vocabulary,
) -> (Vec<Entry>, Vec<Doubt>) {
    let lines: Vec<&Line> = match &table.lines {
        crate::model::Lines::Fixed(lines) => lines.iter().collect(),
        crate::model::Lines::Open { .. } => Vec::new(),
    };
    let list = List { sheet, layout, lines, words };
    let (mut counted, mut doubts) = (BTreeMap::<usize, i64>::new(), Vec::new());
    let mut documents: Vec<Listed> = Vec::new();
    for row in &layout.rows {
        let line = match items.are {
            ItemsAre::Answers => list.answer(row, &mut doubts),
            ItemsAre::Documents => {
                let listed = list.document(row);
                let line = list.kind(row, &listed.document, &mut doubts);
                list.judge(&listed, &documents, &mut doubts);
                documents.push(listed);
                line
            }
        };
        if let Some(line) = line {
            *counted.entry(line).or_default() += 1;
        }
    }
    let column = layout.columns.first().map_or(0, |(c, _)| *c);
    let at = Address::new(layout.header.bottom, column);
    let id: Arc<str> = layout.columns.first().map_or("value".into(), |(_, id)| id.clone());
    let entries = list.lines.iter().enumerate().map(|(i, line)| {
        let count =
            if line.tally.is_empty() { layout.rows.len() as i64 } else { counted.get(&i).copied().unwrap_or(0) };
        Entry {
            line: line.code.clone(),
            column: id.clone(),
            value: Some(Figure::whole(count)),
            state: State::Filled,
            text: count.to_string().into(),
            shown: 0,
            formula: None,
            cell: at,
            part: Part::Line,
            section: 0,
        }
    });
    (entries.collect(), doubts)
}

struct List<'a> {
    sheet: &'a Sheet,
    layout: &'a Layout,
    lines: Vec<&'a Line>,
    words: &'a Vocabulary,
}

/// A document on its row.
struct Listed {
    at: Address,
    document: Document,
    /// As the list names it: `Kế hoạch số 67/KH-SKHCN`, cut short.
    name: String,
}

impl List<'_> {
    fn column(&self, role: ItemRole) -> Option<u32> {
        self.layout.items.iter().find(|(_, r)| *r == role).map(|(c, _)| *c)
    }

    fn text(&self, row: &LayoutRow, role: ItemRole) -> Option<(Address, String)> {
        let column = self.column(role)?;
        let text = match &self.sheet.get(row.row, column)?.content {
            Content::Text(text) => tidy(text),
            Content::Number(x) => x.to_string(),
            _ => return None,
        };
        (!key(&text).is_empty()).then(|| (Address::new(row.row, column), text))
    }

    /// The line that counts an answer.
    fn answer(&self, row: &LayoutRow, doubts: &mut Vec<Doubt>) -> Option<usize> {
        let (at, typed) = match self.column(ItemRole::Tick) {
            Some(first) => (Address::new(row.row, first), self.ticked(row)),
            None => {
                let at = Address::new(row.row, self.column(ItemRole::Answer)?);
                (at, self.text(row, ItemRole::Answer).map(|(_, t)| t))
            }
        };
        let line = typed.as_deref().and_then(|text| self.meant(text));
        let Some(line) = line else {
            doubts.push(Doubt { cell: at, what: self.unclear(typed.unwrap_or_default()) });
            return None;
        };
        // "Đang thực hiện" beside "Đã thực hiện. Báo cáo số …": one of the two is out of date.
        if let Some((cell, words)) = self.text(row, ItemRole::Note) {
            let first = words.split(['.', ';', ',', ':']).next().unwrap_or_default();
            let other = self.meant(first).filter(|o| *o != line);
            if other.is_some() {
                doubts.push(Doubt {
                    cell: at,
                    what: Unsure::ItemsDiffer { answer: typed.unwrap_or_default(), other: first.to_owned(), cell },
                });
            }
        }
        Some(line)
    }

    /// The captions of the columns ticked on a row.
    fn ticked(&self, row: &LayoutRow) -> Option<String> {
        let marked = self.layout.items.iter().filter(|(_, r)| *r == ItemRole::Tick).filter(|(c, _)| {
            self.sheet.get(row.row, *c).is_some_and(|cell| match &cell.content {
                Content::Text(text) => text.chars().any(|c| c.is_alphanumeric() || TICKS.contains(&c)),
                Content::Number(x) => *x != 0.0,
                Content::Bool(b) => *b,
                _ => false,
            })
        });
        let captions: Vec<String> = marked
            .filter_map(|(c, _)| {
                let text = self.sheet.get(self.layout.header.bottom, *c)?.text()?;
                Some(tidy(text))
            })
            .collect();
        (!captions.is_empty()).then(|| captions.join(" + "))
    }

    fn unclear(&self, text: String) -> Unsure {
        let counting = self.lines.iter().filter(|l| !l.tally.is_empty());
        Unsure::ItemUnclear { text, known: counting.map(|l| l.label.clone()).collect() }
    }

    /// The line whose wording a text is, or begins with before a date or a number.
    fn meant(&self, text: &str) -> Option<usize> {
        let text = key(text);
        let begins = |wording: &str| {
            let rest = text.strip_prefix(wording)?.strip_prefix(' ')?;
            let word = rest.split(' ').next()?;
            let goes_on = word.starts_with(|c: char| c.is_ascii_digit())
                || self.words.answer_followers.iter().any(|f| key(f) == word);
            goes_on.then_some(())
        };
        let wordings = || {
            let each = self.lines.iter().enumerate();
            each.flat_map(|(i, l)| l.tally.iter().map(move |w| (key(w), i))).filter(|(w, _)| !w.is_empty())
        };
        let exact = wordings().find(|(w, _)| *w == text);
        exact
            .or_else(|| wordings().filter(|(w, _)| begins(w).is_some()).max_by_key(|(w, _)| w.len()))
            .map(|(_, line)| line)
    }

    fn document(&self, row: &LayoutRow) -> Listed {
        let label = self.text(row, ItemRole::Label);
        let number = self.text(row, ItemRole::Number);
        let mut read = document(number.as_ref().or(label.as_ref()).map_or("", |(_, t)| t));
        if read.number.is_none()
            && number.is_some()
            && let Some((_, label)) = &label
        {
            read.date = read.date.or(document(label).date);
        }
        if let Some(column) = self.column(ItemRole::Date) {
            let own = match self.sheet.get(row.row, column).map(|c| &c.content) {
                Some(Content::Text(text)) => date(text),
                Some(Content::Date(serial)) => code::day(*serial),
                _ => None,
            };
            read.date = own.or(read.date);
        }
        let column = [ItemRole::Date, ItemRole::Number, ItemRole::Label].into_iter().find_map(|role| {
            let column = self.column(role)?;
            self.sheet.get(row.row, column).map(|_| column)
        });
        let name = match (&read.number, &read.symbol) {
            (Some(n), Some(symbol)) => format!("số {n}/{symbol}"),
            _ => row.label.chars().take(60).collect(),
        };
        Listed { at: Address::new(row.row, column.unwrap_or(0)), document: read, name }
    }

    /// The line that counts a document's kind: by the column that says it, the words it begins with, its symbol.
    fn kind(&self, row: &LayoutRow, document: &Document, doubts: &mut Vec<Doubt>) -> Option<usize> {
        let begins = |text: &str| {
            let text = key(text);
            let each = self.lines.iter().enumerate();
            each.flat_map(|(i, l)| l.tally.iter().map(move |w| (key(w), i)))
                .filter(|(w, _)| w.contains(' '))
                .filter(|(w, _)| text == *w || text.starts_with(&format!("{w} ")))
                .max_by_key(|(w, _)| w.len())
                .map(|(_, line)| line)
        };
        let counts = |wanted: &str| {
            let same = |w: &String| w == wanted || w.to_uppercase() == wanted.to_uppercase();
            self.lines.iter().position(|l| l.tally.iter().any(same))
        };
        let typed = self.text(row, ItemRole::Answer).map(|(_, t)| t);
        let label = self.text(row, ItemRole::Label).map(|(_, t)| t);
        let line = typed
            .as_deref()
            .and_then(|t| begins(t).or_else(|| counts(t.trim())))
            .or_else(|| document.kind().and_then(counts))
            .or_else(|| label.as_deref().and_then(begins))
            .or_else(|| document.symbol.as_ref().and_then(|_| counts(NO_KIND)))
            .or_else(|| counts(OTHERS));
        if line.is_none() {
            let column = self.column(ItemRole::Label).or(self.column(ItemRole::Number));
            doubts.push(Doubt {
                cell: Address::new(row.row, column.unwrap_or(0)),
                what: self.unclear(row.label.chars().take(60).collect()),
            });
        }
        line
    }

    /// What is odd of a document among those above it, and in the period.
    fn judge(&self, listed: &Listed, above: &[Listed], doubts: &mut Vec<Doubt>) {
        let mut doubt = |what| doubts.push(Doubt { cell: listed.at, what });
        let own = &listed.document;
        let Some(date) = own.date else { return };
        if !within(self.layout.period, date) {
            doubt(Unsure::DateOutside {
                document: listed.name.clone(),
                date,
                within: another_year(self.layout.period, date),
            });
            return;
        }
        let (Some(number), Some(symbol)) = (own.number, &own.symbol) else { return };
        let sisters = above.iter().filter(|o| o.document.symbol.as_ref() == Some(symbol));
        for other in sisters {
            let (Some(other_number), Some(other_date)) = (other.document.number, other.document.date) else { continue };
            if other_number == number && other_date == date {
                doubt(Unsure::DocumentTwice { document: listed.name.clone(), other: other.at });
            } else if other_number < number && other_date > date && within(self.layout.period, other_date) {
                doubt(Unsure::DateBefore {
                    document: listed.name.clone(),
                    date,
                    other: other.name.clone(),
                    other_date,
                });
                break;
            }
        }
    }
}

/// Whether a day lies in a period as reports count it, or by the calendar: offices do both.
fn within(period: Period, day: NaiveDate) -> bool {
    [period.days(), period.calendar_days()].iter().any(|(first, last)| (first..=last).contains(&&day))
}

/// The same day of the year before or after, where it lies in the period: at New Year the wrong year is soon typed.
fn another_year(period: Period, day: NaiveDate) -> Option<NaiveDate> {
    use chrono::Datelike;
    [day.year() - 1, day.year() + 1].into_iter().filter_map(|year| day.with_year(year)).find(|d| within(period, *d))
}
