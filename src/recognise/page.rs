//! A sheet's page as recognition reads it: its non-empty rows from top to bottom, every text with what is known of it, the
//! running text of a document marked.
//!
//! A thousand workbooks say the same few thousand things: what a caption, a label or a title means is kept with the text
//! ([`Lexicon::text`]), and a row is judged by what is known of its cells. Each fact is found out by the file that needs
//! it, the first time somebody asks.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::header::Printed;
use super::lexicon::Lexicon;
use super::titles::Title;
use super::units::Named;
use crate::model::{Area, Content, Figure, Sheet};
use crate::normalise::Memo;
use crate::normalise::code::{self, Code};
use crate::normalise::period::{self, Mention};
use crate::normalise::text::{capitalised, expand, first_letters, key, tidy};

/// Texts of a sheet that are looked at: the longest form has a few thousand.
const MOST_TEXTS: usize = 200_000;
/// Bytes of a text that are compared with anything; no caption, title or name is as long.
const LONGEST_COMPARED: usize = 4_000;

#[derive(Debug)]
pub struct Page<'a> {
    pub sheet: &'a Sheet,
    /// The rows in which anything stands, from top to bottom.
    pub rows: Vec<PageRow>,
    /// The first row that was not looked at, where a sheet has too many texts.
    pub cut: Option<u32>,
}

#[derive(Debug, Clone)]
pub struct PageRow {
    pub row: u32,
    /// From left to right; only the top left cell of a merged area.
    pub cells: Vec<PageCell>,
    /// Running text of a document, or a line of some table within it: nothing that names a table below.
    pub prose: bool,
}

/// A cell with what is known of its text, which is empty for a number.
#[derive(Debug, Clone)]
pub struct PageCell {
    pub column: u32,
    /// Of a number or a date.
    pub number: Option<f64>,
    pub wording: Arc<Text>,
}

impl Deref for PageCell {
    type Target = Arc<Text>;

    fn deref(&self) -> &Arc<Text> {
        &self.wording
    }
}

/// The page of a sheet.
pub fn page<'a>(sheet: &'a Sheet, lexicon: &Lexicon) -> Page<'a> {
    let (rows, cut) = rows(sheet, &|_| true, lexicon);
    Page { sheet, rows, cut }
}

/// The rows that are wanted; where there are too many texts, the row with which it ends.
pub fn rows(sheet: &Sheet, wanted: &dyn Fn(u32) -> bool, lexicon: &Lexicon) -> (Vec<PageRow>, Option<u32>) {
    let mut rows: Vec<PageRow> = Vec::new();
    let (mut texts, mut cut) = (0, None);
    for cell in sheet.cells.iter().filter(|cell| wanted(cell.row)) {
        let (wording, number) = match &cell.content {
            Content::Text(_) if texts == MOST_TEXTS => {
                cut = Some(cell.row);
                rows.pop_if(|last| last.row == cell.row);
                break;
            }
            Content::Text(text) => {
                texts += 1;
                (lexicon.text(text), None)
            }
            Content::Number(x) | Content::Date(x) => (lexicon.no_text(), Some(*x)),
            Content::Bool(_) | Content::Error(_) | Content::Empty => (lexicon.no_text(), None),
        };
        let cell_on_page = PageCell { column: cell.column, number, wording };
        match rows.last_mut() {
            Some(last) if last.row == cell.row => last.cells.push(cell_on_page),
            last => {
                // Most rows of a table are as long as the one above.
                let mut cells = Vec::with_capacity(last.map_or(4, |r| r.cells.len()));
                cells.push(cell_on_page);
                rows.push(PageRow { row: cell.row, cells, prose: false });
            }
        }
    }
    if !sheet.paragraphs.is_empty() {
        rows.iter_mut().for_each(|row| row.prose = is_prose(row, sheet));
    }
    (rows, cut)
}

impl Page<'_> {
    /// The row with a number, if it is not empty.
    pub fn row(&self, row: u32) -> Option<&PageRow> {
        self.rows.binary_search_by_key(&row, |r| r.row).ok().map(|i| &self.rows[i])
    }

    /// The non-empty rows in `from..to`.
    pub fn between(&self, from: u32, to: u32) -> &[PageRow] {
        let start = self.rows.partition_point(|r| r.row < from);
        let end = self.rows.partition_point(|r| r.row < to);
        &self.rows[start..end.max(start)]
    }

    /// The merged area that holds a position.
    pub fn area(&self, row: u32, column: u32) -> Option<Area> {
        self.sheet.area(row, column)
    }

    /// What stands at a position: of a merged area what stands in its top left cell.
    pub fn covering(&self, row: u32, column: u32) -> Option<&PageCell> {
        let (row, column) = self.area(row, column).map_or((row, column), |a| (a.top, a.left));
        self.row(row)?.get(column)
    }
}

impl PageRow {
    pub fn get(&self, column: u32) -> Option<&PageCell> {
        self.cells.binary_search_by_key(&column, |c| c.column).ok().map(|i| &self.cells[i])
    }
}

/// A longer line of a document is a sentence; titles are cut into shorter ones.
const LONGEST_LINE: usize = 300;
/// What a form says above its table by a label and a colon is short, and the label shorter.
const LONGEST_LABELLED: usize = 150;
const LONGEST_LABEL: usize = 30;

/// Whether a row of a document is a sentence, an item or a heading of its text, or a numbered line of a table.
fn is_prose(row: &PageRow, sheet: &Sheet) -> bool {
    let text = row.cells.first().map_or("", |c| &c.text);
    let is_paragraph = sheet.paragraphs.binary_search_by_key(&row.row, |p| p.row).is_ok();
    if !is_paragraph {
        let digits = text.trim_end_matches('.');
        return row.cells.len() > 1 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    }
    let length = text.chars().count();
    if is_labelled(text) {
        return false;
    }
    let item = text.starts_with(['-', '–', '+', '•']);
    length > LONGEST_LINE
        || text.ends_with(['.', ';', ':', ','])
        || item
        || crate::normalise::code::leading(text).is_some()
}

/// "- Đơn vị báo cáo: Sở Y tế", "Đơn vị tính: Số hồ sơ TTHC."
fn is_labelled(text: &str) -> bool {
    text.split_once(": ").is_some_and(|(label, _)| {
        label.chars().count() < LONGEST_LABEL && text.chars().count() < LONGEST_LABELLED && !text.contains(';')
    })
}

/// A text, and what is known of it.
#[derive(Debug, Default)]
pub struct Text {
    /// One number for one text, never given twice.
    pub id: u64,
    /// Readable text.
    pub text: Arc<str>,
    pub key: Arc<str>,
    /// Letters of the key.
    pub letters: usize,
    /// Its lines, where several of them say something by a colon: "Đơn vị báo cáo: …", "Đơn vị nhận báo cáo: …".
    pub statements: Vec<Arc<Text>>,
    pub(super) facts: Facts,
}

/// What has been found out of a text.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub ordinal: OnceLock<bool>,
    pub known_caption: OnceLock<bool>,
    pub caption: OnceLock<bool>,
    pub printed: OnceLock<Printed>,
    pub figure: OnceLock<Option<Option<Figure>>>,
    pub code: OnceLock<Option<Code>>,
    pub leading: OnceLock<Option<(Code, Arc<Text>)>>,
    /// The tables that have a line with this label.
    pub labels: OnceLock<Arc<[usize]>>,
    pub closes: OnceLock<bool>,
    pub aside: OnceLock<bool>,
    pub total: OnceLock<bool>,
    pub section: OnceLock<bool>,
    /// The name as the list of fields has it, and whether it has it.
    pub field: OnceLock<(Arc<str>, bool)>,
    pub form: OnceLock<Option<Arc<str>>>,
    pub opens_form: OnceLock<bool>,
    pub period: OnceLock<Option<Mention>>,
    /// Whether a caption is about a period and nothing else is to be expected of it.
    pub speaks_of_period: OnceLock<bool>,
    pub title: OnceLock<Title>,
    pub unit: OnceLock<Option<Named>>,
}

/// All texts met in a run.
#[derive(Debug, Default)]
pub(super) struct Texts {
    known: Memo<Arc<Text>>,
    nothing: Arc<Text>,
    last: AtomicU64,
}

impl Lexicon {
    /// What is known of a text as its sender typed it.
    pub fn text(&self, raw: &str) -> Arc<Text> {
        if raw.is_empty() {
            return self.texts.nothing.clone();
        }
        self.texts.known.get(raw, || {
            let number = self.texts.last.fetch_add(1, Ordering::Relaxed) + 1;
            Arc::new(Text::new(raw, number, self))
        })
    }

    /// What stands for a cell without text.
    pub fn no_text(&self) -> Arc<Text> {
        self.texts.nothing.clone()
    }
}

impl Text {
    fn new(raw: &str, id: u64, lexicon: &Lexicon) -> Self {
        let text: Arc<str> = tidy(raw).into();
        let key: Arc<str> = match text.len() {
            0 => Arc::default(),
            _ => key(&text[..text.floor_char_boundary(LONGEST_COMPARED)]).into(),
        };
        Self {
            id,
            letters: key.chars().filter(|k| k.is_alphabetic()).count(),
            statements: statements(raw).iter().map(|s| lexicon.text(s)).collect(),
            text,
            key,
            facts: Facts::default(),
        }
    }

    /// The code that is all of the text.
    pub fn code(&self) -> Option<&Code> {
        self.facts.code.get_or_init(|| code::code(&self.text)).as_ref()
    }

    /// The period that it names.
    pub fn period(&self) -> Option<&Mention> {
        self.facts.period.get_or_init(|| period::in_text(&self.text)).as_ref()
    }

    /// The code that the text begins with, and what stands behind it.
    pub fn leading(&self, lexicon: &Lexicon) -> Option<&(Code, Arc<Self>)> {
        let split = || code::leading(&self.text).map(|(code, rest)| (code, lexicon.text(rest)));
        self.facts.leading.get_or_init(split).as_ref()
    }
}

/// The lines of a cell, one for each colon, with what goes on below it.
fn statements(text: &str) -> Vec<String> {
    if !text.contains('\n') {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        match found.last_mut() {
            Some(last) if !(line.contains(':') && last.contains(':')) => {
                last.push(' ');
                last.push_str(line);
            }
            _ => found.push(line.to_owned()),
        }
    }
    if found.len() < 2 {
        return Vec::new();
    }
    found.iter().map(|statement| tidy(statement)).collect()
}

/// Letters of a name that are kept: every message and output repeats it.
const LONGEST_NAME: usize = 500;

/// The name as the list of fields spells it, else the sender's own wording without "Lĩnh vực", in sentence case; and
/// whether the list has it.
pub fn field_name<'s>(label: &'s Text, lexicon: &Lexicon) -> &'s (Arc<str>, bool) {
    let spelled = || spelled(&label.text, &label.key, lexicon);
    label.facts.field.get_or_init(spelled)
}

impl Text {
    /// Its text as it is named to readers.
    pub fn shown(&self) -> Arc<str> {
        match first_letters(&self.text, LONGEST_NAME) {
            Cow::Borrowed(_) => self.text.clone(),
            Cow::Owned(short) => short.into(),
        }
    }
}

fn spelled(text: &str, key: &str, lexicon: &Lexicon) -> (Arc<str>, bool) {
    let prefix = lexicon
        .field_prefixes
        .iter()
        .filter(|p| key.strip_prefix(p.as_str()).is_some_and(|r| r.starts_with(' ')))
        .map(|p| p.split(' ').count())
        .max();
    let skip = prefix.unwrap_or(0);
    let bare_key: String = key.split(' ').skip(skip).collect::<Vec<_>>().join(" ");
    let known = |k: &str| lexicon.fields.get(k).cloned();
    if let Some(name) =
        known(key).or_else(|| known(&bare_key)).or_else(|| known(&expand(&bare_key, &lexicon.abbreviations)))
    {
        return (name, true);
    }
    let words: Vec<&str> = text.split_whitespace().filter(|w| w.contains(char::is_alphanumeric)).skip(skip).collect();
    let own = words.join(" ");
    let own = first_letters(&own, LONGEST_NAME);
    let own = without_footnote(&own).trim_matches(['.', ':', ';', ',', '-', '–', '+', '*', ' ']);
    (sentence_case(own).into(), false)
}

/// "Đất đai¹", "Đất đai (1)", "Đất đai *".
fn without_footnote(name: &str) -> &str {
    let bare = name.trim_end_matches(|c: char| matches!(c, '¹' | '²' | '³' | '⁴'..='⁹' | '*' | '†' | ' ' | ';' | '.'));
    let mark =
        |inside: &str| !inside.is_empty() && inside.chars().all(|c| c.is_ascii_digit() || c == '*') && inside.len() < 3;
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some((head, inside)) = bare.strip_suffix(close).and_then(|t| t.rsplit_once(open))
            && mark(inside)
        {
            return head.trim_end();
        }
    }
    bare
}

fn sentence_case(text: &str) -> String {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let shouted = letters().count() > 4 && letters().all(char::is_uppercase);
    let lower = if shouted { text.to_lowercase() } else { text.to_owned() };
    capitalised(&lower)
}
