//! Turns a recognised table into entries: every figure with its value, state and cell.
//!
//! First all texts of a sheet's figures prove what its "." and "," are. Then [`TableReader`] goes through the rows that
//! recognition found, and a [`CellReader`] reads each cell by what its line and column ask for; amounts are turned into the
//! form's measure. The items of a list are counted by [`lists`]; [`doubts`] says what is odd.

mod doubts;
mod lists;

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::{SmolStr, ToSmolStr, format_smolstr};

use crate::model::form::{Line, Vocabulary};
use crate::model::layout::More;
use crate::model::{
    Address, Catalogue, Cell, Content, Doubt, Entry, Figure, Kind, Layout, LayoutRow, Lines, Return, Sheet, State,
    Table, Unsure, Workbook,
};
use crate::normalise::answer::{Answers, answer};
use crate::normalise::code;
use crate::normalise::figure::{self, Expect, Read, Reading, Style};
use crate::normalise::text::{first_letters, key, tidy};

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

/// Letters of what a cell showed that are kept: where a figure belongs, a longer text is somebody's report.
const LONGEST_TEXT: usize = 1_000;

/// The entries of every table of a workbook, in the tables' order.
pub fn extract(workbook: &Workbook, layouts: &[Layout], file: &Arc<str>, catalogue: &Catalogue) -> Vec<Return> {
    let styles = styles(workbook, layouts);
    let returns = layouts.iter().map(|layout| of_table(workbook, layout, file, catalogue, &styles[layout.sheet]));
    joined(returns.collect())
}

/// A form whose columns an office broke into two tables, one below the other, is one return: the tables have other columns
/// and no more is missing than stands in the other.
fn joined(returns: Vec<Return>) -> Vec<Return> {
    let mut all: Vec<Return> = Vec::with_capacity(returns.len());
    for mut ret in returns {
        let lacks = |r: &Return, column: &str| {
            r.doubts.iter().any(|d| matches!(&d.what, Unsure::MissingColumn { column: c } if **c == *column))
        };
        let has = |r: &Return, column: &str| r.entries.iter().any(|e| *e.column == *column);
        let fits = |other: &Return| {
            let same = (&other.form, &other.table, &other.unit, other.period, &other.sheet)
                == (&ret.form, &ret.table, &ret.unit, ret.period, &ret.sheet);
            same && !ret.entries.is_empty()
                && ret.entries.iter().all(|e| lacks(other, &e.column))
                && other.entries.iter().all(|e| lacks(&ret, &e.column))
        };
        let Some(other) = all.iter_mut().rev().find(|other| fits(other)) else {
            all.push(ret);
            continue;
        };
        other.doubts.retain(|d| !matches!(&d.what, Unsure::MissingColumn { column } if has(&ret, column)));
        ret.doubts.retain(|d| !matches!(&d.what, Unsure::MissingColumn { .. }));
        other.entries.append(&mut ret.entries);
        other.doubts.append(&mut ret.doubts);
        other.first = Address::new(other.first.row.min(ret.first.row), other.first.column.min(ret.first.column));
        other.last = Address::new(other.last.row.max(ret.last.row), other.last.column.max(ret.last.column));
    }
    all
}

/// How each sheet writes its numbers; a sheet that proves nothing follows the rest of its workbook.
fn styles(workbook: &Workbook, layouts: &[Layout]) -> Vec<Style> {
    let texts: Vec<Vec<&str>> = workbook
        .sheets
        .iter()
        .enumerate()
        .map(|(index, sheet)| {
            layouts.iter().filter(|l| l.sheet == index).flat_map(|l| figure_texts(sheet, l)).collect()
        })
        .collect();
    let all = figure::prove(texts.iter().flatten().copied());
    let of_sheet = |own: &Vec<&str>| {
        let own = figure::prove(own.iter().copied());
        let silent = own.decimal.is_none() && own.against.is_none();
        if silent { all.clone() } else { own }
    };
    texts.iter().map(of_sheet).collect()
}

/// The texts among a table's figures that have a mark to tell by.
fn figure_texts<'a>(sheet: &'a Sheet, layout: &'a Layout) -> impl Iterator<Item = &'a str> {
    let figures = |cell: &&Cell| layout.columns.iter().any(|(c, _)| *c == cell.column);
    let marked = |text: &&str| text.contains(['.', ',']);
    layout.rows.iter().flat_map(move |row| {
        let texts = sheet.row(row.row).iter().filter(move |c| c.text().is_some());
        texts.filter(figures).filter_map(Cell::text).filter(marked)
    })
}

fn of_table(workbook: &Workbook, layout: &Layout, file: &Arc<str>, catalogue: &Catalogue, style: &Style) -> Return {
    let sheet = &workbook.sheets[layout.sheet];
    let table = catalogue.table(&layout.form, &layout.table);
    let mut entries = Vec::with_capacity(layout.rows.len() * layout.columns.len());
    let mut doubts = layout.doubts.clone();
    let items = table.and_then(|t| Some((t, t.items.as_ref()?)));
    if let Some((table, items)) = items {
        let (counts, unsure) = lists::counts(sheet, layout, table, items, &catalogue.words);
        entries.extend(counts);
        doubts.extend(unsure);
    }
    let reader = TableReader {
        sheet,
        layout,
        table,
        style,
        words: &catalogue.words,
        natures: natures(table, layout),
        divided: divided(sheet, layout, table),
    };
    for row in layout.rows.iter().filter(|_| items.is_none()) {
        reader.row(row, &mut entries, &mut doubts);
        reader.more(row, &mut entries);
    }
    if let Some((first, count)) = reader.divided {
        doubts.push(Doubt { cell: first, what: Unsure::Thousands { count } });
    }
    doubts.extend(doubts::too_large(&entries, table));
    doubts.extend(doubts::recomputed(sheet, &entries));
    doubts.extend(doubts::not_worked_out(sheet, &entries));
    doubts.extend(doubts::words_differing(sheet, layout, &entries, table.map_or("", of_money)));
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

/// What the figures of an open table's columns are.
fn natures(table: Option<&Table>, layout: &Layout) -> Vec<Option<(Kind, u8)>> {
    let open = table.filter(|t| matches!(t.lines, Lines::Open { .. }));
    layout.columns.iter().map(|(_, id)| open?.nature("", id)).collect()
}

/// A table being read.
struct TableReader<'a> {
    sheet: &'a Sheet,
    layout: &'a Layout,
    table: Option<&'a Table>,
    style: &'a Style,
    words: &'a Vocabulary,
    /// Of the columns of an open table.
    natures: Vec<Option<(Kind, u8)>>,
    /// The first of the cells, and how many, in which a point between thousands became a decimal mark.
    divided: Option<(Address, usize)>,
}

/// A whole table of counts with decimals: typed as 4.611 where a point is a decimal mark. Not one count may be over a
/// thousand, and none have more decimals than three.
fn divided(sheet: &Sheet, layout: &Layout, table: Option<&Table>) -> Option<(Address, usize)> {
    let open = table.filter(|t| matches!(t.lines, Lines::Open { .. }))?;
    let counts =
        layout.columns.iter().filter(|(_, id)| open.nature("", id).is_some_and(|(k, d)| d == 0 && !k.is_percentage()));
    let counts: Vec<u32> = counts.map(|(c, _)| *c).collect();
    let mut found: Option<(Address, usize)> = None;
    for cell in layout.rows.iter().flat_map(|row| sheet.row(row.row)).filter(|c| counts.contains(&c.column)) {
        let Content::Number(x) = cell.content else { continue };
        let thousands = x * 1000.0;
        if x.fract() == 0.0 {
            if x.abs() >= 1000.0 {
                return None;
            }
        } else if (thousands - thousands.round()).abs() > 1e-6 || x < 1.0 {
            return None;
        } else {
            let (first, count) = found.unwrap_or((Address::new(cell.row, cell.column), 0));
            found = Some((first, count + 1));
        }
    }
    found.filter(|(_, count)| *count >= FEWEST_DIVIDED)
}

/// So many counts with decimals are no slip.
const FEWEST_DIVIDED: usize = 5;

impl TableReader<'_> {
    /// The entries of one row.
    fn row(&self, row: &LayoutRow, entries: &mut Vec<Entry>, doubts: &mut Vec<Doubt>) {
        let cells = self.sheet.row(row.row);
        let line = self.table.and_then(|t| t.line(&row.line));
        let measure = line.map_or_else(|| self.table.map_or("", of_money), |l| &l.measure);
        let powers = Powers::new(&row.measure, measure);
        for ((column, id), nature) in self.layout.columns.iter().zip(&self.natures) {
            let of_line = |l: &Line| self.table.and_then(|t| t.crossing(l, id));
            let Some((kind, decimals)) = line.and_then(of_line).or(*nature) else { continue };
            let at = cells.binary_search_by_key(column, |c| c.column);
            let cell = at.ok().map(|at| &cells[at]);
            // A heading carries no figure; where an office typed one all the same, it is kept.
            if !kind.has_figure() && cell.is_none_or(|c| matches!(c.content, Content::Text(_) | Content::Empty)) {
                continue;
            }
            let kind = if kind.has_figure() { kind } else { Kind::Stock };
            let expect = Expect { kind, decimals: decimals.max(powers.finer()), measure };
            let at = Address::new(row.row, *column);
            let reader = CellReader {
                expect,
                powers,
                style: self.style,
                divided: self.divided.is_some(),
                codes: line.map(|l| &l.codes).filter(|_| kind == Kind::Code),
                words: self.words,
            };
            let (mut entry, undecided) = entry(row, id, cell, at, &reader);
            self.join(&mut entry, row, id, &reader);
            if entry.state == State::Blank && entry.text.is_empty() {
                let strays = doubts::stray_figures(self.sheet, self.layout, row, &reader);
                doubts.extend(strays.map(|what| Doubt { cell: at, what }));
            }
            entries.push(entry);
            doubts.extend(undecided.map(|candidates| Doubt { cell: at, what: Unsure::Undecided { candidates } }));
        }
    }
}

impl TableReader<'_> {
    /// Adds to a column's figure what the office wrote in a column apart.
    fn join(&self, entry: &mut Entry, row: &LayoutRow, id: &Arc<str>, reader: &CellReader<'_>) {
        for more in self.layout.more.iter().filter(|m| matches!(&m.is, More::Part { of } if of == id)) {
            let at = Address::new(row.row, more.column);
            let (other, _) = self::entry(row, id, self.sheet.get(row.row, more.column), at, reader);
            entry.formula = Some(format!("{}+{at}", entry.cell).into());
            match (entry.state, other.state) {
                (_, State::Blank | State::Nil) => {}
                (State::Blank | State::Nil, _) => {
                    (entry.value, entry.state, entry.text) = (other.value, other.state, other.text)
                }
                (State::Filled, State::Filled) => {
                    entry.value = entry.value.zip(other.value).and_then(|(a, b)| a.checked_add(b));
                    entry.text = entry.value.map_or_else(SmolStr::default, |v| v.trimmed().shown());
                }
                _ => (entry.value, entry.state) = (None, State::Unreadable),
            }
        }
    }

    /// The figures of columns that are a member more of a sum of the form's, under the total's column with a `+`.
    fn more(&self, row: &LayoutRow, entries: &mut Vec<Entry>) {
        let mut marks: Vec<Arc<str>> = Vec::new();
        for more in &self.layout.more {
            let More::Member { total } = &more.is else { continue };
            let mut id = format!("{total}+");
            while marks.iter().any(|m| **m == *id) {
                id.push('+');
            }
            let id: Arc<str> = id.into();
            marks.push(id.clone());
            let reader = CellReader {
                expect: Expect { kind: Kind::Flow, decimals: 0, measure: "" },
                powers: Powers(None),
                style: self.style,
                divided: self.divided.is_some(),
                codes: None,
                words: self.words,
            };
            let at = Address::new(row.row, more.column);
            entries.push(entry(row, &id, self.sheet.get(row.row, more.column), at, &reader).0);
        }
    }
}

/// How a cell of one line is read.
struct CellReader<'a> {
    expect: Expect<'a>,
    powers: Powers,
    style: &'a Style,
    /// Counts with decimals are thousands.
    divided: bool,
    /// The codes of a coded answer.
    codes: Option<&'a BTreeMap<i64, String>>,
    words: &'a Vocabulary,
}

fn entry(
    row: &LayoutRow,
    column: &Arc<str>,
    cell: Option<&Cell>,
    at: Address,
    reader: &CellReader<'_>,
) -> (Entry, Option<Vec<Figure>>) {
    let (reading, text) = cell.map_or((Reading::Blank, SmolStr::default()), |c| reader.read(c));
    let undecided = if let Reading::Undecided { candidates } = &reading { Some(candidates.clone()) } else { None };
    let (state, value, shown) = match reading {
        Reading::Blank => (State::Blank, None, 0),
        Reading::Nil => (State::Nil, None, 0),
        Reading::Figure(Read { value, shown, note, .. }) => {
            let rescaled = note == Some(figure::Note::Rescaled);
            let (value, shown) = if rescaled { (value, shown) } else { reader.powers.in_form_measure(value, shown) };
            (State::Filled, Some(value), shown)
        }
        Reading::Fraction { value: Some(value), .. } => (State::Filled, Some(value), value.scale),
        // "00/00": a ratio of nothing.
        Reading::Fraction { numerator: 0, denominator: 0, .. } => (State::Nil, None, 0),
        Reading::Fraction { value: None, .. } | Reading::Undecided { .. } | Reading::Unreadable => {
            (State::Unreadable, None, 0)
        }
    };
    let entry = Entry {
        line: row.line.clone(),
        column: column.clone(),
        value,
        state,
        text,
        shown,
        formula: cell.and_then(|c| c.formula.clone()),
        cell: at,
        part: row.part,
        section: row.section,
    };
    (entry, undecided)
}

impl CellReader<'_> {
    /// What the cell holds, and what it showed.
    fn read(&self, cell: &Cell) -> (Reading, SmolStr) {
        let expect = self.expect;
        match &cell.content {
            Content::Empty => (Reading::Blank, SmolStr::default()),
            Content::Text(text) => {
                let shown = tidy(text);
                (self.text(text), first_letters(&shown, LONGEST_TEXT).into())
            }
            Content::Number(x) => {
                let is_divided =
                    self.divided && x.fract() != 0.0 && expect.decimals == 0 && !expect.kind.is_percentage();
                let x = &if is_divided { (x * 1000.0).round() } else { *x };
                let reading = figure::from_number(*x, cell.format(), expect);
                let text = match &reading {
                    Reading::Figure(read) if read.percent => {
                        format_smolstr!("{}%", read.value.trimmed())
                    }
                    Reading::Figure(read) => read.value.trimmed().shown(),
                    _ => beyond(*x),
                };
                (reading, text)
            }
            Content::Date(serial) => of_date(*serial, cell.format(), expect),
            Content::Bool(b) => {
                let text = if *b { "TRUE" } else { "FALSE" };
                let read = self.codes.map(|_| self.text(text));
                (read.unwrap_or(Reading::Unreadable), text.into())
            }
            Content::Error(error) => (Reading::Unreadable, (&**error).into()),
        }
    }

    fn text(&self, text: &str) -> Reading {
        match self.codes {
            Some(codes) => coded_answer(text, codes, self),
            None => figure::read(text, self.style, self.expect, &self.words.nil),
        }
    }
}

/// Words are read by the codes the form prints, bare signs as figures are. A dash answers only where code 0 says "none":
/// elsewhere ("Trực tuyến = 0") the question stays unanswered.
fn coded_answer(text: &str, codes: &BTreeMap<i64, String>, reader: &CellReader<'_>) -> Reading {
    let words = reader.words;
    let meant = Answers { codes, wordings: &words.answers, fillers: &words.answer_fillers };
    if let Some(code) = answer(text, meant) {
        return Reading::Figure(Read {
            value: Figure::whole(code),
            shown: 0,
            percent: false,
            suffix: None,
            note: None,
        });
    }
    let says_none = codes.get(&0).is_some_and(|m| words.negative_answers.iter().any(|n| key(n) == key(m)));
    let reading = figure::read(text, reader.style, reader.expect, &words.nil);
    let has_letters = text.chars().any(char::is_alphabetic);
    match reading {
        // An "x" ticks a box as often as it says that there is nothing.
        Reading::Nil if key(text).len() == 1 => Reading::Unreadable,
        Reading::Nil if !says_none => Reading::Blank,
        Reading::Figure(_) if has_letters => Reading::Unreadable,
        Reading::Fraction { .. } => Reading::Unreadable,
        reading => reading,
    }
}

/// A number that is no figure, as Excel's formula bar has it: not by its three hundred digits.
fn beyond(x: f64) -> SmolStr {
    if x.abs() < 1e21 { x.to_smolstr() } else { format_smolstr!("{x:E}").replace('E', "E+").into() }
}

/// "25/37" that Excel took for a date: the likeliest reading counts. Where a count is expected, a day of long ago is a count
/// in a cell that was formatted as a date; a day of our times says nothing.
fn of_date(serial: f64, format: Option<&str>, expect: Expect<'_>) -> (Reading, SmolStr) {
    let typed = figure::from_date(serial, format);
    if let Some(&(numerator, denominator)) = typed.first().filter(|_| expect.kind.is_percentage()) {
        let text = format_smolstr!("{numerator}/{denominator}");
        let value = Figure::percentage(Figure::whole(numerator), Figure::whole(denominator), 4);
        if let Some(value) = value {
            return (Reading::Fraction { numerator, denominator, value: Some(value), stated: None }, text);
        }
        return (Reading::Unreadable, text);
    }
    if (0.0..LONG_AGO).contains(&serial) && serial.fract() == 0.0 && !expect.kind.is_percentage() {
        return (figure::from_number(serial, None, expect), serial.to_smolstr());
    }
    let shown = code::day(serial).map(|day| format_smolstr!("{}", day.format("%d/%m/%Y")));
    match typed.first() {
        Some((numerator, denominator)) => (Reading::Unreadable, format_smolstr!("{numerator}/{denominator}")),
        None => (Reading::Unreadable, shown.unwrap_or_else(|| serial.to_smolstr())),
    }
}

/// The first day of 1955 as Excel counts: nobody reports a day before it.
const LONG_AGO: f64 = 20_090.0;

/// "Đồng" of "Đơn vị tính: Đồng".
fn of_money(table: &Table) -> &str {
    table.measure.rsplit(':').next().unwrap_or_default().trim()
}

/// What a measure of money is of triệu đồng, as a power of ten.
fn power(measure: &str) -> Option<i8> {
    let measure = key(measure);
    MEASURES.iter().find(|(name, _)| *name == measure).map(|(_, power)| *power)
}

/// What the measures of money that the sender and the form name on a line are, where both are some.
#[derive(Clone, Copy)]
struct Powers(Option<(i8, i8)>);

impl Powers {
    fn new(senders: &str, forms: &str) -> Self {
        if senders.is_empty() || forms.is_empty() {
            return Self(None);
        }
        Self(power(senders).zip(power(forms)))
    }

    /// Decimals that an amount may have because the sender's measure is the larger one: triệu đồng where the form wants
    /// đồng.
    fn finer(self) -> u8 {
        let more = self.0.map_or(0, |(theirs, ours)| theirs - ours);
        u8::try_from(more).unwrap_or(0)
    }

    /// An amount in the measure the form asks for, where the sender's own column "Đơn vị tính" names another one.
    fn in_form_measure(self, value: Figure, shown: u8) -> (Figure, u8) {
        let up = self.0.map_or(0, |(theirs, ours)| theirs - ours);
        let by = up.unsigned_abs();
        if up == 0 {
            return (value, shown);
        }
        let (units, scale, shown) = if up > 0 {
            let units = i128::from(value.units) * 10i128.pow(by.into());
            (units, value.scale, shown.saturating_sub(by))
        } else {
            let scale = value.scale + by;
            (i128::from(value.units), scale, scale)
        };
        (Figure::from_wide(units, scale).unwrap_or(value), shown)
    }
}
