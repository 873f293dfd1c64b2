//! Turns a recognised table into entries: every figure with its value, state and cell.

mod beside;
mod coded;
mod in_words;
mod listed;
mod results;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::form::Words;
use crate::model::{
    Address, Catalogue, Cell, Content, Doubt, Entry, Figure, Kind, Layout, LayoutRow, Return,
    Sheet, State, Table, Unsure, Workbook,
};
use crate::normalise::figure::{self, Expect, Read, Reading, Style};
use crate::normalise::text::key;

/// What a figure in the sheet's own measure must be multiplied by, as powers of ten: the form wants triệu đồng.
const MEASURES: [(&str, i8); 8] = [
    ("dong", -6),
    ("vnd", -6),
    ("nghin dong", -3),
    ("ngan dong", -3),
    ("trieu dong", 0),
    ("trieu", 0),
    ("ty dong", 3),
    ("ty", 3),
];

/// The entries of every table of a workbook, in the tables' order.
#[must_use]
pub fn extract(
    workbook: &Workbook,
    layouts: &[Layout],
    file: &Arc<str>,
    catalogue: &Catalogue,
) -> Vec<Return> {
    let styles = styles(workbook, layouts);
    layouts
        .iter()
        .map(|layout| of_table(workbook, layout, file, catalogue, &styles[layout.sheet]))
        .collect()
}

/// How each sheet writes its numbers; a sheet that proves nothing follows the rest of its workbook.
fn styles(workbook: &Workbook, layouts: &[Layout]) -> Vec<Style> {
    let texts = |sheet: usize| {
        layouts
            .iter()
            .filter(move |l| l.sheet == sheet)
            .flat_map(move |l| figure_texts(&workbook.sheets[sheet], l))
    };
    let all = figure::prove((0..workbook.sheets.len()).flat_map(texts));
    (0..workbook.sheets.len())
        .map(|sheet| {
            let own = figure::prove(texts(sheet));
            let silent = own.decimal.is_none() && own.thousands.is_none() && own.against.is_none();
            if silent { all.clone() } else { own }
        })
        .collect()
}

fn figure_texts<'a>(sheet: &'a Sheet, layout: &'a Layout) -> impl Iterator<Item = &'a str> {
    let positions = layout
        .rows
        .iter()
        .flat_map(|row| layout.columns.iter().map(|(c, _)| (row.row, *c)));
    positions.filter_map(|(row, column)| sheet.get(row, column)?.text())
}

fn of_table(
    workbook: &Workbook,
    layout: &Layout,
    file: &Arc<str>,
    catalogue: &Catalogue,
    style: &Style,
) -> Return {
    let sheet = &workbook.sheets[layout.sheet];
    let table = catalogue.table(&layout.form, &layout.table);
    let mut entries = Vec::with_capacity(layout.rows.len() * layout.columns.len());
    let mut doubts = layout.doubts.clone();
    let items = table.and_then(|t| Some((t, t.items.as_ref()?)));
    if let Some((table, items)) = items {
        let (counts, unsure) = listed::counts(sheet, layout, table, items, &catalogue.words);
        entries.extend(counts);
        doubts.extend(unsure);
    }
    for row in layout.rows.iter().filter(|_| items.is_none()) {
        for (column, id) in &layout.columns {
            let Some((kind, decimals)) = table.and_then(|t| t.nature(&row.line, id)) else {
                continue;
            };
            let cell = sheet.get(row.row, *column);
            // A heading carries no figure; where an office typed one all the same, it is kept.
            if !kind.has_figure()
                && cell.is_none_or(|c| matches!(c.content, Content::Text(_) | Content::Empty))
            {
                continue;
            }
            let kind = if kind.has_figure() { kind } else { Kind::Stock };
            let line = table.and_then(|t| t.line(&row.line));
            let of_table = table.map_or("", of_money);
            let measure = line.map_or(of_table, |l| &l.measure);
            let decimals = decimals.max(finer(measure, &row.measure));
            let expect = Expect {
                kind,
                decimals,
                measure,
            };
            let at = Address::new(row.row, *column);
            let codes = line.map(|l| &l.codes).filter(|_| kind == Kind::Code);
            let reader = Reader {
                expect,
                style,
                codes,
                words: &catalogue.words,
            };
            let (entry, undecided) = entry(row, id, cell, at, &reader);
            if entry.state == State::Blank && entry.text.is_empty() {
                let strays = beside::strays(sheet, layout, row, &reader);
                doubts.extend(strays.map(|what| Doubt { cell: at, what }));
            }
            entries.push(entry);
            doubts.extend(undecided.map(|candidates| Doubt {
                cell: at,
                what: Unsure::Undecided { candidates },
            }));
        }
    }
    doubts.extend(results::recomputed(sheet, &entries));
    doubts.extend(results::not_worked_out(sheet, &entries));
    doubts.extend(in_words::differing(
        sheet,
        layout,
        &entries,
        table.map_or("", of_money),
    ));
    let rows = || layout.rows.iter().map(|r| r.row);
    let columns = || layout.columns.iter().map(|(c, _)| *c);
    Return {
        form: layout.form.clone(),
        table: layout.table.clone(),
        unit: layout.unit.clone(),
        period: layout.period,
        file: file.clone(),
        sheet: sheet.name.as_str().into(),
        first: Address::new(rows().min().unwrap_or(0), columns().min().unwrap_or(0)),
        last: Address::new(rows().max().unwrap_or(0), columns().max().unwrap_or(0)),
        evidence: layout.evidence.clone(),
        entries,
        superseded: false,
        doubts,
    }
}

/// How a cell of one line is read.
struct Reader<'a> {
    expect: Expect<'a>,
    style: &'a Style,
    /// The codes of a coded answer.
    codes: Option<&'a BTreeMap<i64, String>>,
    words: &'a Words,
}

fn entry(
    row: &LayoutRow,
    column: &Arc<str>,
    cell: Option<&Cell>,
    at: Address,
    reader: &Reader<'_>,
) -> (Entry, Option<Vec<Figure>>) {
    let expect = reader.expect;
    let (reading, text) = cell.map_or((Reading::Blank, String::new()), |c| reader.read(c));
    let undecided = if let Reading::Undecided { candidates } = &reading {
        Some(candidates.clone())
    } else {
        None
    };
    let (state, value, shown) = match reading {
        Reading::Blank => (State::Blank, None, 0),
        Reading::Nil => (State::Nil, None, 0),
        Reading::Figure(Read {
            value, shown, note, ..
        }) => {
            let rescaled = note == Some(figure::Note::Rescaled);
            let (value, shown) = if rescaled {
                (value, shown)
            } else {
                in_form_measure(value, shown, expect, &row.measure)
            };
            (State::Filled, Some(value), shown)
        }
        Reading::Fraction {
            value: Some(value), ..
        } => (State::Filled, Some(value), value.scale),
        Reading::Fraction { value: None, .. } | Reading::Undecided { .. } | Reading::Unreadable => {
            (State::Unreadable, None, 0)
        }
    };
    let entry = Entry {
        line: row.line.clone(),
        column: column.clone(),
        value,
        state,
        text: text.into(),
        shown,
        formula: cell.and_then(|c| c.formula.clone()),
        cell: at,
        part: row.part,
        section: row.section,
    };
    (entry, undecided)
}

impl Reader<'_> {
    /// What the cell holds, and what it showed.
    fn read(&self, cell: &Cell) -> (Reading, String) {
        let expect = self.expect;
        match &cell.content {
            Content::Empty => (Reading::Blank, String::new()),
            Content::Text(text) => (self.text(text), crate::normalise::text::tidy(text)),
            Content::Number(x) => {
                let reading = figure::from_number(*x, cell.format.as_deref(), expect);
                let text = match &reading {
                    Reading::Figure(read) if read.percent => format!("{}%", read.value.trimmed()),
                    Reading::Figure(read) => read.value.trimmed().to_string(),
                    _ => x.to_string(),
                };
                (reading, text)
            }
            Content::Date(serial) => of_date(*serial, cell.format.as_deref(), expect),
            Content::Bool(b) => {
                let text = b.to_string().to_uppercase();
                (
                    self.codes.map_or(Reading::Unreadable, |_| self.text(&text)),
                    text,
                )
            }
            Content::Error(error) => (Reading::Unreadable, (**error).to_owned()),
        }
    }

    fn text(&self, text: &str) -> Reading {
        match self.codes {
            Some(codes) => coded::read(text, codes, self),
            None => figure::read(text, self.style, self.expect, &self.words.nil),
        }
    }
}

/// "25/37" that Excel took for a date: the likeliest reading counts; a date where a count is expected says nothing.
fn of_date(serial: f64, format: Option<&str>, expect: Expect<'_>) -> (Reading, String) {
    let Some(&(numerator, denominator)) = figure::from_date(serial, format).first() else {
        return (Reading::Unreadable, serial.to_string());
    };
    let text = format!("{numerator}/{denominator}");
    let value = Figure::percentage(Figure::whole(numerator), Figure::whole(denominator), 4);
    match value.filter(|_| expect.kind.is_percentage()) {
        Some(value) => (
            Reading::Fraction {
                numerator,
                denominator,
                value: Some(value),
                stated: None,
            },
            text,
        ),
        None => (Reading::Unreadable, text),
    }
}

/// "Đồng" of "Đơn vị tính: Đồng".
fn of_money(table: &Table) -> &str {
    table.measure.rsplit(':').next().unwrap_or_default().trim()
}

/// What a measure of money is of triệu đồng, as a power of ten.
fn power(measure: &str) -> Option<i8> {
    let measure = key(measure);
    let known = MEASURES.iter().find(|(name, _)| *name == measure);
    known.map(|(_, power)| *power)
}

/// Decimals that an amount may have because the sender's measure is the larger one: triệu đồng where the form wants đồng.
fn finer(ours: &str, theirs: &str) -> u8 {
    let more = power(theirs).zip(power(ours)).map_or(0, |(t, o)| t - o);
    u8::try_from(more).unwrap_or(0)
}

/// An amount in the measure the form asks for, where the sender's own column "Đơn vị tính" names another one.
fn in_form_measure(value: Figure, shown: u8, expect: Expect<'_>, senders: &str) -> (Figure, u8) {
    let (Some(theirs), Some(ours)) = (power(senders), power(expect.measure)) else {
        return (value, shown);
    };
    match theirs - ours {
        0 => (value, shown),
        up if up > 0 => (
            Figure::from_wide(
                i128::from(value.units) * 10i128.pow(up.unsigned_abs().into()),
                value.scale,
            )
            .unwrap_or(value),
            shown.saturating_sub(up.unsigned_abs()),
        ),
        down => {
            let scale = value.scale + down.unsigned_abs();
            (
                Figure::from_wide(i128::from(value.units), scale).unwrap_or(value),
                scale,
            )
        }
    }
}
