//! Which sheet column is what under a recognised header, what a row holds in them, and what the rows turned out to be; and the
//! columns that an office added: one member more of a printed sum ("Trả lại, rút hồ sơ" beside "Quá hạn"), or a column of the
//! form in two ("Trực tiếp" and "Bưu chính công ích"). What such a column is, its figures say: they are just what the
//! members of the sum fall short of the total.

use std::sync::Arc;

use super::columns::Fit;
use super::header::{Header, HeaderColumn};
use super::lexicon::{Lexicon, TableKeys};
use super::page::{Page, PageCell, PageRow, Text};
use crate::model::form::Role;
use crate::model::layout::{More, MoreColumn};
use crate::model::{Figure, Kind, LayoutRow, Sheet};
use crate::normalise::code;
use crate::normalise::figure::{self, Expect, Reading, Style};
use crate::normalise::text::opens_with;

/// The sheet columns by what they are for.
#[derive(Debug, Clone)]
pub struct Roles {
    pub ordinal: Option<u32>,
    pub label: Option<u32>,
    pub measure: Option<u32>,
    /// Ghi chú.
    pub note: Option<u32>,
    pub figures: Vec<(u32, Arc<str>)>,
    /// Whether each of these adds up down the lines.
    adds: Vec<bool>,
}

/// What a row's STT says.
#[derive(Debug, PartialEq, Eq, Hash, Clone)]
pub enum Ordinal {
    None,
    /// 3, 01, 1.2, with its parts.
    Number(Vec<code::Part>),
    /// I, II; or A, B.
    Section {
        roman: bool,
    },
}

const COUNT: Expect<'static> = Expect { kind: Kind::Flow, decimals: 0, measure: "" };

impl Roles {
    pub fn new(fit: &Fit, table: &TableKeys) -> Self {
        let of = |role: Role| fit.columns.iter().find(|(_, j, _)| table.columns[*j].role == role).map(|(c, ..)| *c);
        let figures = fit.columns.iter().filter(|(_, j, _)| table.columns[*j].role == Role::Figure);
        Self {
            ordinal: of(Role::Ordinal),
            label: of(Role::Label),
            measure: of(Role::Measure),
            note: of(Role::Note),
            adds: figures.clone().map(|(_, j, _)| table.columns[*j].adds).collect(),
            figures: figures.map(|(c, j, _)| (*c, table.columns[*j].id.clone())).collect(),
        }
    }

    /// The columns of a list: what is counted or added up stands in one.
    pub fn of_list(ordinal: Option<u32>, label: Option<u32>, figure: (u32, Arc<str>)) -> Self {
        Self { ordinal, label, measure: None, note: None, figures: vec![figure], adds: vec![true] }
    }

    /// The column of units of measure, where it does not stand in the form's order: it says what the amounts are in.
    pub fn measured(mut self, header: &Header, table: &TableKeys) -> Self {
        let mut known = table.columns.iter().filter(|c| c.role == Role::Measure);
        let Some(known) = known.next().filter(|_| self.measure.is_none()) else { return self };
        let worded = |path: &[Arc<str>]| {
            let own = path.last().map(|own| &**own);
            known.paths.iter().any(|p| p.last().map(String::as_str) == own)
        };
        let mut columns = header.columns.iter().filter(|c| worded(&c.path));
        self.measure = columns
            .find(|c| {
                let c = Some(c.column);
                c != self.label && c != self.ordinal && self.figures.iter().all(|f| Some(f.0) != c)
            })
            .map(|c| c.column);
        self
    }

    /// Of several columns that may hold the labels ("Đơn vị | Lĩnh vực") the one that names every line; of two such the one
    /// with the form's own caption.
    pub fn settle_label(&mut self, rows: &[PageRow], header: &Header, table: &TableKeys, lexicon: &Lexicon) {
        let (Some(label), Some(first)) = (self.label, self.figures.iter().map(|f| f.0).min()) else { return };
        let Some(known) = table.columns.iter().find(|c| c.role == Role::Label) else { return };
        let left = self.ordinal.map_or(0, |c| c + 1);
        let may_be = |c: &&HeaderColumn| {
            (left..first).contains(&c.column)
                && Some(c.column) != self.measure
                && Some(c.column) != self.note
                && known.words(&c.path)
        };
        let columns: Vec<&HeaderColumn> = header.columns.iter().filter(may_be).collect();
        if columns.len() < 2 {
            return;
        }
        let stated = |row: &&PageRow| self.figures_in(row, lexicon) > 0;
        let named =
            |column: u32| rows.iter().filter(stated).filter(|r| r.get(column).is_some_and(|c| c.letters > 1)).count();
        let own =
            |c: &HeaderColumn| known.paths.first().is_some_and(|path| path.iter().eq(c.path.iter().map(|k| &**k)));
        let best = columns.iter().max_by_key(|c| (named(c.column), own(c)));
        self.label = best.map_or(Some(label), |c| Some(c.column));
    }

    /// An indicator form has one column of figures; where the captions led to another (of units of measure, say) and one
    /// beside it holds the figures, that one is meant.
    pub fn settle_figures(&mut self, rows: &[PageRow], lexicon: &Lexicon) {
        let [(column, _)] = self.figures[..] else { return };
        let label = self.label.unwrap_or(0);
        let shares = |column: u32| {
            let filled = rows.iter().filter_map(|r| r.get(column)).filter(|c| c.number.is_some() || !c.text.is_empty());
            filled.fold((0, 0), |(figures, all), c| {
                let figure = c.number.is_some() || c.reads(lexicon);
                (figures + usize::from(figure), all + 1)
            })
        };
        let (own, all) = shares(column);
        if own * 2 > all || all == 0 {
            return;
        }
        let beside: Vec<u32> = (label + 1..column + 4)
            .filter(|&c| c != column && Some(c) != self.note)
            .filter(|&c| matches!(shares(c), (n, all) if n >= 3usize && n * 3 > all * 2))
            .collect();
        if let [better] = beside[..] {
            self.measure = self.measure.filter(|m| *m != better).or(Some(column));
            self.figures[0].0 = better;
        }
    }

    /// The columns right of the label in which no figure of the form belongs: notes, units of measure, and the one
    /// behind the table that nobody gave a caption.
    pub fn beside(&self, header: &Header, lexicon: &Lexicon) -> Vec<u32> {
        let notes = header
            .columns
            .iter()
            .filter(|c| c.path.last().is_some_and(|own| lexicon.notes.iter().any(|n| **n == **own)));
        let mut columns: Vec<u32> = self
            .note
            .into_iter()
            .chain(self.measure)
            .chain(notes.map(|c| c.column))
            .chain([header.area.right + 1])
            .filter(|c| self.figures.iter().all(|(f, _)| f != c))
            .filter(|c| Some(*c) > self.label.max(self.ordinal))
            .collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// The row's label: its own cell's, or where the label was merged over the STT column or typed into it, that one's.
    pub fn label<'r>(&self, row: &'r PageRow) -> Option<&'r PageCell> {
        let text = |column: Option<u32>| column.and_then(|c| row.get(c)).filter(|c| !c.text.is_empty());
        let own = text(self.label).filter(|c| !c.key.is_empty());
        let worded = |c: &&PageCell| c.letters > 3 || c.letters > 1 && c.code().is_none();
        own.or_else(|| text(self.ordinal).filter(worded)).or_else(|| self.between(row).find(|c| c.letters > 3))
    }

    /// The texts left of the figures that stand in no column of the form: a label typed a column aside.
    fn between<'r>(&self, row: &'r PageRow) -> impl Iterator<Item = &'r PageCell> {
        let first = self.figures.first().map_or(0, |f| f.0);
        let left = self.ordinal.or(self.label).unwrap_or(0);
        let measure = self.measure;
        row.cells.iter().filter(move |c| c.column >= left && c.column < first && Some(c.column) != measure)
    }

    pub fn ordinal(&self, row: &PageRow, label: &PageCell, lexicon: &Lexicon) -> Ordinal {
        let Some(cell) = self.ordinal.and_then(|c| row.get(c)).filter(|c| c.column != label.column) else {
            return match label.leading(lexicon) {
                Some((code, _)) => of_code(&code.parts),
                None => Ordinal::None,
            };
        };
        match cell.number {
            Some(x) => {
                code::from_number(x).into_iter().next().map_or(Ordinal::Number(Vec::new()), |code| of_code(&code.parts))
            }
            // "Sở Y tế | I": a code typed in front of the label counts too.
            None => cell.code().map_or(Ordinal::None, |code| of_code(&code.parts)),
        }
    }

    /// How many figure columns of a row hold what reads as a figure or a nil.
    pub fn figures_in(&self, row: &PageRow, lexicon: &Lexicon) -> usize {
        self.cells(row).filter(|cell| cell.number.is_some() || cell.reads(lexicon)).count()
    }

    /// Whether anything in the figure columns has a digit, is a nil, or is a formula: what must not be lost.
    pub fn states(&self, row: &PageRow, sheet: &Sheet, lexicon: &Lexicon) -> bool {
        let formula = |column: u32| sheet.get(row.row, column).is_some_and(|c| c.formula.is_some());
        let short = |cell: &PageCell| cell.text.chars().count() < 60;
        let digit = |cell: &PageCell| cell.text.contains(|c: char| c.is_ascii_digit());
        self.cells(row).any(|cell| cell.number.is_some() || short(cell) && (digit(cell) || cell.reads(lexicon)))
            || self.figures.iter().any(|(c, _)| formula(*c))
    }

    /// The figures of a row as they are most likely meant, in the columns that add up.
    pub fn values(&self, row: &PageRow, lexicon: &Lexicon) -> Vec<Option<Figure>> {
        let value = |column: u32| row.get(column).and_then(|cell| value(cell, lexicon));
        self.figures.iter().zip(&self.adds).map(|((c, _), adds)| if *adds { value(*c) } else { None }).collect()
    }

    fn cells<'r>(&self, row: &'r PageRow) -> impl Iterator<Item = &'r PageCell> {
        self.figures.iter().filter_map(|(c, _)| row.get(*c))
    }
}

fn of_code(parts: &[code::Part]) -> Ordinal {
    match parts {
        [code::Part::Roman(_)] => Ordinal::Section { roman: true },
        [code::Part::Letter('A'..='E')] => Ordinal::Section { roman: false },
        [code::Part::Number(_), ..] => Ordinal::Number(parts.to_vec()),
        _ => Ordinal::None,
    }
}

impl Text {
    /// Whether it reads as a figure or a nil, whatever the line.
    pub fn reads(&self, lexicon: &Lexicon) -> bool {
        // "75,x %" is meant for one, the caption "Tỷ lệ %" is not.
        let is_share = || self.text.contains(|c: char| c.is_ascii_digit()) || !self.text.contains(char::is_alphabetic);
        self.figure(lexicon).is_some() || self.text.ends_with('%') && self.text.len() < 12 && is_share()
    }

    /// The figure that it most likely means; within none, if it reads as one but leaves open which.
    fn figure(&self, lexicon: &Lexicon) -> Option<Option<Figure>> {
        let read = || match figure::read(&self.text, &Style::default(), COUNT, &lexicon.nil) {
            Reading::Blank | Reading::Unreadable => None,
            Reading::Figure(read) => Some(Some(read.value)),
            Reading::Nil => Some(Some(Figure::ZERO)),
            Reading::Undecided { .. } | Reading::Fraction { .. } => Some(None),
        };
        *self.facts.figure.get_or_init(read)
    }
}

pub fn value(cell: &PageCell, lexicon: &Lexicon) -> Option<Figure> {
    match cell.number {
        Some(x) => Figure::from_double(x),
        None => cell.figure(lexicon).flatten(),
    }
}

/// Rows that became lines, and rows with figures that did not.
#[derive(Debug, Default)]
pub struct Lines {
    pub rows: Vec<LayoutRow>,
    /// (row, label): a figure stands there, but the form has no such line.
    pub strange: Vec<(u32, Arc<str>)>,
    /// (row, label, line): the code is the line's, the wording is not.
    pub doubtful: Vec<(u32, Arc<str>, Arc<str>)>,
    /// Rows whose STT another row has already.
    pub repeated: Vec<u32>,
    /// (row, label, line): the first row whose label was typed without diacritics and taken for a listed field.
    pub unmarked: Option<(u32, Arc<str>, Arc<str>)>,
}

impl Lines {
    /// How many rows it accounts for.
    pub fn accounted_for(&self) -> usize {
        self.rows.len() + self.strange.len()
    }

    /// The first row below the table under this header.
    pub fn end(&self, header: &Header) -> u32 {
        self.rows.last().map_or(header.area.bottom, |r| r.row) + 1
    }
}

/// Whether a label ends a table: a signature, a footnote, "Nơi nhận".
pub fn closes(label: &Text, lexicon: &Lexicon) -> bool {
    let known = || begins(label, &lexicon.closing);
    *label.facts.closes.get_or_init(known)
}

/// Whether a label says something else of the rows above it: "Tỷ lệ (%)", "Trong đó", "So với cùng kỳ".
pub fn is_aside(label: &Text, lexicon: &Lexicon) -> bool {
    let known = || begins(label, &lexicon.aside);
    *label.facts.aside.get_or_init(known)
}

fn begins(label: &Text, words: &[String]) -> bool {
    words.iter().any(|word| opens_with(&label.key, word))
}

/// Columns of a sheet that are looked at: nobody adds more.
const MOST: usize = 12;

/// The columns under a header that the form does not have, and that hold figures.
pub fn extras(
    page: &Page<'_>,
    header: &Header,
    fit: &Fit,
    table: &TableKeys,
    roles: &Roles,
    rows: &[PageRow],
    lexicon: &Lexicon,
) -> Vec<MoreColumn> {
    let unknown: Vec<&HeaderColumn> = header
        .columns
        .iter()
        .filter(|c| is_extra(c, header, fit, table, roles, rows, lexicon))
        .take(MOST + 1)
        .collect();
    if unknown.is_empty() || unknown.len() > MOST {
        return Vec::new();
    }
    let mut found: Vec<MoreColumn> = Vec::new();
    let column_of = |j: usize| fit.columns.iter().find(|(_, k, _)| *k == j).map(|(c, ..)| *c);
    for (total, parts) in &table.sums {
        let columns: Option<Vec<u32>> = parts.iter().map(|j| column_of(*j)).collect();
        let (Some(total_column), Some(columns)) = (column_of(*total), columns) else { continue };
        let left: Vec<&HeaderColumn> =
            unknown.iter().copied().filter(|c| found.iter().all(|f| f.column != c.column)).collect();
        let alone =
            left.iter().copied().find(|c| fills(&[c.column], total_column, &columns, rows, lexicon)).map(|c| vec![c]);
        let group = header.columns.iter().find(|c| c.column == total_column).and_then(|c| c.path.first());
        let together = || {
            let own: Vec<&HeaderColumn> = left.iter().copied().filter(|c| c.path.first() == group).collect();
            let places: Vec<u32> = own.iter().map(|c| c.column).collect();
            (own.len() > 1 && fills(&places, total_column, &columns, rows, lexicon)).then_some(own)
        };
        for own in alone.or_else(together).unwrap_or_default() {
            let part = parts.iter().find(|j| says_the_same(own, &table.columns[**j].paths));
            let is = match part {
                Some(j) => More::Part { of: table.columns[*j].id.clone() },
                None => More::Member { total: table.columns[*total].id.clone() },
            };
            found.push(MoreColumn { column: own.column, caption: caption(own, header, page), is });
        }
    }
    let strange = unknown.into_iter().filter(|c| found.iter().all(|f| f.column != c.column));
    let strange: Vec<MoreColumn> = strange
        .map(|c| MoreColumn { column: c.column, caption: caption(c, header, page), is: More::Stranger })
        .collect();
    found.extend(strange);
    found.sort_by_key(|c| c.column);
    found
}

/// Of the form's columns these must stand there once more, and half of them, to be another block.
const LEAST_REPEATED: usize = 3;

/// Whether the form's columns stand there once more beside those that were taken, with figures below: "Cấp tỉnh | Cấp
/// huyện" over the same captions. Nothing tells then which are meant.
pub fn repeats(page: &Page<'_>, header: &Header, fit: &Fit, table: &TableKeys, rows: &[PageRow]) -> bool {
    let figures: Vec<usize> =
        fit.columns.iter().map(|(_, j, _)| *j).filter(|j| table.columns[*j].is_figure()).collect();
    let own = |column: &HeaderColumn| column.path.last().cloned();
    let taken = |column: &HeaderColumn| fit.columns.iter().any(|(c, ..)| *c == column.column);
    let mut captions: Vec<Arc<str>> = header.columns.iter().filter(|c| taken(c)).filter_map(own).collect();
    let filled = |column: u32| rows.iter().any(|row| row.get(column).is_some_and(|cell| cell.number.is_some()));
    let hidden = |column: u32| page.sheet.hidden_columns.binary_search(&column).is_ok();
    let beside =
        header.columns.iter().filter(|c| !taken(c) && !c.other_period && !hidden(c.column) && filled(c.column));
    let again = beside.filter_map(own).filter(|caption| {
        let at = captions.iter().position(|c| c == caption);
        at.is_some_and(|at| {
            captions.swap_remove(at);
            true
        })
    });
    let again = again.count();
    again >= LEAST_REPEATED && again * 2 >= figures.len()
}

/// The column's own caption as the sender wrote it.
fn caption(column: &HeaderColumn, header: &Header, page: &Page<'_>) -> Arc<str> {
    let cells = (header.area.top..=header.area.bottom).rev().filter_map(|row| page.covering(row, column.column));
    cells.filter(|c| c.letters > 1).map(|c| c.shown()).next().unwrap_or_default()
}

/// Whether a column is none of the form's, none for notes, and holds whole figures among the form's own columns.
fn is_extra(
    column: &HeaderColumn,
    header: &Header,
    fit: &Fit,
    table: &TableKeys,
    roles: &Roles,
    rows: &[PageRow],
    lexicon: &Lexicon,
) -> bool {
    let at = column.column;
    let known = fit.columns.iter().any(|(c, ..)| *c == at)
        || [roles.ordinal, roles.label, roles.measure, roles.note].contains(&Some(at));
    let (Some(first), Some(last)) = (roles.figures.first(), roles.figures.last()) else { return false };
    let group = column.path.first().filter(|_| column.path.len() > 1);
    let figure = |c: u32| fit.columns.iter().any(|(k, j, _)| *k == c && table.columns[*j].is_figure());
    let within = header.columns.iter().any(|c| figure(c.column) && group.is_some() && c.path.first() == group);
    let among = at > first.0 && (at < last.0 || within);
    let note = column.path.last().is_some_and(|own| lexicon.notes.iter().any(|n| **n == **own));
    let share = column.path.iter().any(|key| key.contains('%') || key.starts_with("ty le") || key.starts_with("ti le"));
    if known || !among || note || share || column.other_period || column.path.is_empty() {
        return false;
    }
    let values = rows.iter().filter_map(|row| value(row.get(at)?, lexicon));
    let (whole, all) = values.fold((0, 0), |(whole, all), v| (whole + usize::from(v.trimmed().scale == 0), all + 1));
    all > 0 && whole == all
}

/// Whether some columns are what the parts of a sum fall short of its total: on nearly every row, on two at least with a
/// figure.
fn fills(extra: &[u32], total: u32, parts: &[u32], rows: &[PageRow], lexicon: &Lexicon) -> bool {
    let at = |row: &PageRow, column: u32| row.get(column).and_then(|cell| value(cell, lexicon));
    let sum = |row: &PageRow, columns: &[u32]| {
        columns.iter().try_fold(Figure::ZERO, |sum, c| sum.checked_add(at(row, *c).unwrap_or_default()))
    };
    let (mut right, mut wrong, mut telling) = (0, 0, 0);
    for row in rows {
        let Some(total) = at(row, total) else { continue };
        let (Some(known), Some(more)) = (sum(row, parts), sum(row, extra)) else { continue };
        if known.checked_add(more) == Some(total) {
            right += 1;
            telling += usize::from(!more.is_zero());
        } else {
            wrong += 1;
        }
    }
    telling >= 2 && wrong * 4 <= right
}

/// Whether a caption has words of a form's column that mean the same: "Bưu chính công ích" and "Trực tiếp, dịch vụ bưu
/// chính".
fn says_the_same(column: &HeaderColumn, known: &[Vec<String>]) -> bool {
    let own: Vec<&str> = column.path.last().map(|c| c.split(' ').collect()).unwrap_or_default();
    let is_telling =
        |w: &&str| w.len() > 2 && !matches!(*w, "han" | "tong" | "trong" | "giai" | "quyet" | "cap" | "khong");
    known.iter().filter_map(|path| path.last()).any(|caption| {
        let words: Vec<&str> = caption.split(' ').collect();
        let shared = words.iter().filter(|w| is_telling(w) && own.contains(*w)).count();
        shared > 1 || !own.is_empty() && own.iter().all(|w| words.contains(w))
    })
}
