//! An appendix form as the law prints it, and all the forms, rules and lists known. A form also says what it gives the
//! province's workbook beside its own table: main figures and charts for the first sheet, the province's form it goes into,
//! and figures printed in a larger measure.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::finding::OverTime;
use super::statement::Lexicon;
use super::{Period, Return, Rule, Span, Units};

/// What a figure is, which decides how it adds up over periods and over units, and what must hold of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Phát sinh trong kỳ; where a template says nothing.
    #[default]
    Flow,
    /// Kỳ trước chuyển qua.
    Opening,
    /// Còn lại cuối kỳ.
    Closing,
    /// Tại thời điểm.
    Stock,
    /// Luỹ kế từ đầu năm.
    Cumulative,
    /// The sum of other columns, by a balance rule.
    Total,
    /// Kế hoạch năm: the same all year, or as last set.
    Plan,
    /// Of two printed figures, by a ratio rule.
    Ratio,
    /// A quotient of two printed figures to any scale, by a rate rule: triệu đồng a hectare, the plan done to 112 %.
    Rate,
    /// A mean whose parts are not printed: neither added up over periods nor over units.
    Average,
    /// A figure of a learned form of which nothing says whether it adds up over periods.
    Open,
    /// A percentage whose parts are not printed.
    Percent,
    /// A coded answer.
    Code,
    Text,
    /// A line that carries no figure.
    Heading,
}

impl Kind {
    pub const fn is_percentage(self) -> bool {
        matches!(self, Self::Ratio | Self::Percent)
    }

    pub const fn has_figure(self) -> bool {
        !matches!(self, Self::Text | Self::Heading)
    }

    /// Whether units' figures of it are added up.
    pub const fn adds_over_units(self) -> bool {
        !matches!(
            self,
            Self::Ratio | Self::Rate | Self::Percent | Self::Average | Self::Code | Self::Text | Self::Heading
        )
    }

    /// How a unit's figure of a longer period follows from those of its parts. Quotients and totals are worked out anew after
    /// that (`aggregate`); of an open figure and a mean nothing is kept where several periods have one (`frame`).
    pub const fn over_periods(self) -> OverTime {
        match self {
            Self::Flow | Self::Total => OverTime::Sum,
            Self::Opening => OverTime::First,
            Self::Closing | Self::Stock | Self::Cumulative | Self::Plan => OverTime::Last,
            Self::Ratio | Self::Rate | Self::Percent | Self::Average | Self::Open => OverTime::Last,
            Self::Code | Self::Text | Self::Heading => OverTime::Last,
        }
    }

    /// Whether it is worked out from two other figures.
    pub const fn is_quotient(self) -> bool {
        matches!(self, Self::Ratio | Self::Rate)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Opening => "opening",
            Self::Closing => "closing",
            Self::Stock => "stock",
            Self::Cumulative => "cumulative",
            Self::Total => "total",
            Self::Plan => "plan",
            Self::Ratio => "ratio",
            Self::Rate => "rate",
            Self::Average => "average",
            Self::Open => "open",
            Self::Percent => "percent",
            Self::Code => "code",
            Self::Text => "text",
            Self::Heading => "heading",
        }
    }
}

/// One appendix form.
#[derive(Debug, Clone)]
pub struct Form {
    /// As `II.06a/VPCP/KSTT`, `CCHC/BM3`.
    pub id: Arc<str>,
    /// As it is printed on the form: `Biểu số II.06a/VPCP/KSTT`.
    pub code: String,
    pub title: String,
    pub legal_basis: String,
    /// Printed above the title, as `Thống kê số liệu …`; empty where the code stands in the corner instead.
    pub heading: String,
    /// Who gets the province's form, where it is known.
    pub sent_to: String,
    /// By when it is to be sent, where that is known.
    pub due: Option<Due>,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    /// Texts that name the form in a title block; matched on their keys.
    pub marks: Vec<String>,
    /// The province's forms it goes into, where they are known.
    pub consolidates_into: Vec<Provincial>,
    /// What the province's first sheet shows of it.
    pub overview: Overview,
    /// What the province prints of it in a larger measure.
    pub published: Vec<Published>,
    /// Periods for which it is sent; empty: any.
    pub spans: Vec<Span>,
    /// It is recognised only under a title that names it: its captions are anybody's.
    pub titled: bool,
    /// Of a form that no template describes: from what it was learned.
    pub learned: Option<Arc<Learned>>,
    pub tables: Vec<Table>,
}

/// From what a form was learned, and what of it is open.
#[derive(Debug, Clone, Default)]
pub struct Learned {
    /// How many units sent it, and on how many sheets.
    pub offices: usize,
    pub sheets: usize,
    /// Whether a person has confirmed it: from then on it is a form like any other.
    pub confirmed: bool,
    /// Sheets that look like it and did not fit: file, sheet, and what is other on it.
    pub misfits: Vec<Misfit>,
    /// What a human must say, in the reader's language.
    pub questions: Vec<String>,
    /// As a template, with its grounds.
    pub template: String,
}

impl Form {
    /// From what it was learned, where nobody has confirmed it yet.
    #[must_use]
    pub fn to_confirm(&self) -> Option<&Learned> {
        self.learned.as_deref().filter(|learned| !learned.confirmed)
    }
}

/// A sheet that did not fit the form that the others have.
#[derive(Debug, Clone)]
pub struct Misfit {
    pub file: Arc<str>,
    pub sheet: Arc<str>,
    pub why: String,
}

/// By when a form is to be sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// Of the period's last month.
    pub day: u8,
    /// Who says so.
    pub basis: String,
}

/// One table of a form.
#[derive(Debug, Clone)]
pub struct Table {
    /// Empty, or `I`, `II`.
    pub id: Arc<str>,
    pub title: String,
    /// As printed: `Đơn vị tính: Số hồ sơ TTHC`.
    pub measure: String,
    /// Every printed column, left to right.
    pub columns: Vec<Column>,
    pub lines: Lines,
    /// Whether the form prints a numbering row.
    pub numbered: bool,
    /// Where the paper is a list whose rows are counted: `lines` are the counts.
    pub items: Option<Items>,
    /// Of an open table: its sections, those above before those below.
    pub sections: Vec<Section>,
    /// Of a table with fixed lines: figures of a kind of their own.
    pub natures: Vec<Nature>,
}

/// A list on the paper: what its rows are, and its columns.
#[derive(Debug, Clone)]
pub struct Items {
    pub are: ItemsAre,
    pub columns: Vec<ItemColumn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemsAre {
    /// Tasks and the like, each with one answer.
    Answers,
    /// Documents with number, date and kind.
    Documents,
}

#[derive(Debug, Clone)]
pub struct ItemColumn {
    pub role: ItemRole,
    /// Its caption and the other wordings of it.
    pub captions: Vec<String>,
}

/// What a column of a list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemRole {
    Ordinal,
    Label,
    /// The answer, or the kind of the document.
    Answer,
    /// One of several columns, one an answer, in which the one that holds is ticked.
    Tick,
    /// Số, ký hiệu.
    Number,
    Date,
    Note,
}

/// One printed column.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// The printed number, `3`; `value` for the figures of an indicator form.
    pub id: Arc<str>,
    /// The captions above it, from the widest group to its own.
    pub path: Vec<String>,
    /// Other wordings of the whole path that offices use, likewise from group to own.
    pub variants: Vec<Vec<String>>,
    pub role: Role,
    /// Of the figures in it; in a form with fixed lines the line decides instead, unless the column is said to.
    pub kind: Kind,
    pub decimals: u8,
    /// In a form with fixed lines: whether its kind counts, not the line's.
    pub decides: bool,
    /// Whether its figures may be below nought: "Tăng (+), giảm (−)".
    pub signed: bool,
    /// Whether its percentages may be above 100: "Thực hiện so với kế hoạch".
    pub over: bool,
    /// Whether sums over it tie to the last decimal: nothing in it was rounded.
    pub exact: bool,
    /// Of a total: whether all its parts are as at a day, so that it is too.
    pub stands: bool,
    pub in_force: InForce,
}

/// A caption of a printed header: its first column, and over how many columns and rows it stands.
pub struct Caption<'a> {
    pub text: &'a str,
    pub first: usize,
    pub wide: usize,
    pub high: usize,
}

/// The captions that begin in a row of the header. One that the next columns share stands over all of them, and one with none
/// below it goes down to the end.
pub fn captions<'a>(columns: &[&'a Column], row: usize) -> Vec<Caption<'a>> {
    let rows = columns.iter().map(|c| c.path.len()).max().unwrap_or(0);
    let mut found = Vec::new();
    let mut first = 0;
    while let Some(column) = columns.get(first) {
        let path = &column.path;
        let Some(text) = path.get(row) else {
            first += 1;
            continue;
        };
        let is_last = row + 1 == path.len();
        let shares = |c: &&&Column| c.path.len() > row + 1 && c.path[..=row] == path[..=row];
        let wide = if is_last { 1 } else { columns[first..].iter().take_while(shares).count().max(1) };
        found.push(Caption { text, first, wide, high: if is_last { rows - row } else { 1 } });
        first += wide;
    }
    found
}

/// From which period on a form has a column or line, and to which: what tells its versions apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InForce {
    pub since: Option<Period>,
    pub until: Option<Period>,
}

impl InForce {
    /// Whether the form of a period has it.
    #[must_use]
    pub fn holds(self, period: Period) -> bool {
        let (first, last) = period.calendar_days();
        self.since.is_none_or(|since| since.calendar_days().0 <= first)
            && self.until.is_none_or(|until| last <= until.calendar_days().1)
    }
}

/// What the figure of one line in one column is, where neither line nor column says it alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nature {
    pub line: Arc<str>,
    pub column: Arc<str>,
    pub kind: Kind,
    pub decimals: u8,
}

/// A section of an open table, which has a subtotal and lines, or further sections, below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// As `A`, `II`.
    pub code: Arc<str>,
    pub label: String,
    /// The code of the section it is a part of.
    pub parent: Option<Arc<str>>,
}

/// What a column is for; where a template says nothing, for figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// STT.
    Ordinal,
    /// The field of work, or the indicator's wording.
    Label,
    /// Đơn vị tính.
    Measure,
    #[default]
    Figure,
    /// Ghi chú.
    Note,
}

/// The lines of a table.
#[derive(Debug, Clone)]
pub enum Lines {
    /// One per field of work, named by the sender; whether a total line belongs to it.
    Open { total: bool },
    /// Fixed by the form.
    Fixed(Vec<Line>),
}

/// A line fixed by the form.
#[derive(Debug, Clone)]
pub struct Line {
    /// Without a closing dot.
    pub code: Arc<str>,
    pub label: String,
    /// Other wordings.
    pub variants: Vec<String>,
    /// Đơn vị tính.
    pub measure: String,
    pub kind: Kind,
    pub decimals: u8,
    /// For coded answers: code → its meaning.
    pub codes: BTreeMap<i64, String>,
    /// Whether its figure may be below nought.
    pub signed: bool,
    /// Whether its percentage may be above 100.
    pub over: bool,
    /// Whether sums over it tie to the last decimal.
    pub exact: bool,
    pub in_force: InForce,
    /// Of a list: the answers or kinds it counts; none: it counts every row. `/` stands for a document whose symbol
    /// names no kind, `*` for what no other line counts.
    pub tally: Vec<String>,
}

/// All forms and rules known, with the lists that recognition needs.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    pub forms: Vec<Form>,
    pub rules: Vec<Rule>,
    pub words: Vocabulary,
}

/// The words and spellings that offices use, from `templates/words.toml` and `templates/fields.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// Names of a total row.
    pub total: Vec<String>,
    /// Names of section rows that are no field of work.
    pub section: Vec<String>,
    /// What names and titles say of a version that replaces another, and of one that is replaced.
    pub corrected: Vec<String>,
    pub outdated: Vec<String>,
    /// Ways to write "none".
    pub nil: Vec<String>,
    /// A coded answer's meaning → other wordings of it.
    pub answers: BTreeMap<String, Vec<String>>,
    /// Words before an answer that say nothing.
    pub answer_fillers: Vec<String>,
    /// Words that may follow an answer without changing it: "tháng", "theo".
    pub answer_followers: Vec<String>,
    /// Meanings of a code that say "none", for which a dash stands too.
    pub negative_answers: Vec<String>,
    /// Captions of columns that may be added to any form.
    pub note_captions: Vec<String>,
    /// What in a caption speaks of another period than the one reported.
    pub other_period: Vec<String>,
    /// What in a caption or a label speaks of the period reported: "Kỳ này".
    pub this_period: Vec<String>,
    /// How a row under or between the lines begins that says something else of them: "Tỷ lệ", "So với cùng kỳ".
    pub aside: Vec<String>,
    /// How a row begins that carries a sum from one page to the next: "Mang sang".
    pub carried: Vec<String>,
    /// What ends a table: signatures, footnotes.
    pub closing: Vec<String>,
    /// Leading words of a field's name that do not count.
    pub field_prefix: Vec<String>,
    /// What stands before the reporting unit's name.
    pub unit_lead: Vec<String>,
    /// What begins like a unit's name and is none: "Ban hành kèm theo …".
    pub not_units: Vec<String>,
    /// What every commune and province has one of: by itself it names nobody.
    pub inner_units: Vec<String>,
    /// What names the receiver in a title: "Nơi nhận".
    pub receivers: Vec<String>,
    /// What names a letter that the table comes with, or follows: it may be anybody's.
    pub cited: Vec<String>,
    /// Of these, a letter that is the sender's own.
    pub own_letters: Vec<String>,
    /// Where a unit's name ends in the name of a file: "BM", "Quý".
    pub name_ends: Vec<String>,
    /// How a unit's name begins.
    pub unit_kind: Vec<String>,
    /// Short form → full form.
    pub abbreviations: BTreeMap<String, String>,
    /// Level of units.csv → what the units of that level are called together.
    pub levels: BTreeMap<String, String>,
    /// The same from a day on (`2025-07-01`), where the law has changed what they are called.
    pub levels_since: BTreeMap<String, BTreeMap<String, String>>,
    /// Field of work → its other names.
    #[serde(skip)]
    pub fields: BTreeMap<String, Vec<String>>,
    /// Of running text.
    #[serde(skip)]
    pub phrases: Lexicon,
    /// Of forms that no template describes.
    #[serde(skip)]
    pub learn: LearnWords,
}

/// The words by which a form is learned, from `templates/learn.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnWords {
    /// Captions of the columns of running numbers, of codes, of units of measure.
    pub ordinal: Vec<String>,
    pub code: Vec<String>,
    pub measure: Vec<String>,
    /// Captions above what each office lists itself, and above the indicators that a form prints.
    pub open_label: Vec<String>,
    pub fixed_label: Vec<String>,
    /// How a text of a title block begins.
    pub title_lead: Vec<String>,
    /// Captions and labels of totals, and of parts that need not be all.
    pub total: Vec<String>,
    pub part: Vec<String>,
    /// Words of quotients, of means, and of quotients that may be above 100 %.
    pub quotient: Vec<String>,
    pub mean: Vec<String>,
    /// Means of what is counted, which add up over units.
    pub counted_mean: Vec<String>,
    pub comparison: Vec<String>,
    /// Titles of figures of a day.
    pub at_day: Vec<String>,
    /// Captions of the figures of the period before.
    pub before: Vec<String>,
    /// Captions that say no more than of which period the figures are.
    pub this_period: Vec<String>,
    /// What says that something happens within the period.
    pub within: Vec<String>,
    /// Captions of differences.
    pub difference: Vec<String>,
    /// Words in which those of a kind say nothing: "sản xuất" is no "xuất".
    pub compounds: Vec<String>,
    /// The grade that is no mean.
    pub grades: Vec<String>,
    /// Answers in place of figures.
    pub yes: Vec<String>,
    pub no: Vec<String>,
    /// Short ways to write what a label begins with: "Trđ" for "Trong đó".
    pub label_starts: BTreeMap<String, String>,
    /// Kind → words of captions and labels that say it.
    pub kinds: BTreeMap<String, Vec<String>>,
    /// Kind → measures in which such things are counted.
    pub measures: BTreeMap<String, Vec<String>>,
}

impl Line {
    /// The codes as the form prints them: `Chưa có = 0; 2 cấp = 1`; empty where it asks for a figure.
    pub fn legend(&self) -> String {
        let pairs: Vec<String> = self.codes.iter().map(|(code, meaning)| format!("{meaning} = {code}")).collect();
        pairs.join("; ")
    }
}

impl Catalogue {
    /// Units from which a form is expected; a list that few keep, only from those that sent it.
    pub fn expected(&self, units: &Units, returns: &[Return], form: &str, period: Period) -> Vec<Arc<str>> {
        let mut expected = units.expected(returns, form, period);
        if self.form(form).is_some_and(|f| f.titled) {
            let sent = |unit: &Arc<str>| {
                let mut own = returns.iter().filter(|r| *r.form == *form && r.unit == *unit);
                own.any(|r| period.holds(r.period))
            };
            expected.retain(sent);
        }
        expected
    }

    pub fn form(&self, id: &str) -> Option<&Form> {
        self.forms.iter().find(|f| &*f.id == id)
    }

    pub fn table(&self, form: &str, table: &str) -> Option<&Table> {
        self.form(form)?.tables.iter().find(|t| &*t.id == table)
    }
}

impl Form {
    /// The last day on which it may be sent for a period.
    pub fn due_on(&self, period: Period) -> Option<NaiveDate> {
        let due = self.due.as_ref()?;
        let (first, last) = (period.calendar_days().1.with_day(1)?, period.calendar_days().1);
        Some(first.with_day(due.day.into()).unwrap_or(last))
    }

    /// Whether it is to be sent for a period: in force on its last day, and of one of its spans.
    pub fn in_force(&self, period: Period) -> bool {
        let (_, day) = period.days();
        let spans = self.spans.is_empty() || self.spans.contains(&period.span);
        spans && self.valid_from.is_none_or(|d| d <= day) && self.valid_to.is_none_or(|d| d >= day)
    }
}

impl Table {
    /// The columns that carry figures.
    pub fn figures(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|c| c.role == Role::Figure)
    }

    pub fn column(&self, id: &str) -> Option<&Column> {
        self.columns.iter().find(|c| &*c.id == id)
    }

    pub fn line(&self, code: &str) -> Option<&Line> {
        match &self.lines {
            Lines::Open { .. } => None,
            Lines::Fixed(lines) => {
                // What was recognised has the form's own copy of the code.
                lines.iter().find(|l| std::ptr::eq(&*l.code, code)).or_else(|| lines.iter().find(|l| &*l.code == code))
            }
        }
    }

    /// Kind and decimals of the figure at line × column.
    pub fn nature(&self, line: &str, column: &str) -> Option<(Kind, u8)> {
        match &self.lines {
            Lines::Fixed(_) => self.crossing(self.line(line)?, column),
            Lines::Open { .. } => self.column(column).map(|c| (c.kind, c.decimals)),
        }
    }

    /// Kind and decimals of the figure of a fixed line in a column.
    pub fn crossing(&self, line: &Line, column: &str) -> Option<(Kind, u8)> {
        if let Some(own) = self.natures.iter().find(|n| n.line == line.code && *n.column == *column) {
            return Some((own.kind, own.decimals));
        }
        let has_own = matches!(line.kind, Kind::Code) || !line.kind.has_figure() || line.kind.is_quotient();
        // What a line began or ended with does not add up, whatever its column says of the period.
        let stands = |c: &Column| matches!(line.kind, Kind::Opening | Kind::Closing) && c.kind == Kind::Flow;
        let decides = |c: &&Column| c.decides && !has_own && !stands(c);
        let column = self.column(column).filter(decides);
        // A share has its own decimals, whatever the amounts of its line have.
        let decimals = |c: &Column| if c.kind.is_percentage() { c.decimals } else { c.decimals.max(line.decimals) };
        Some(column.map_or((line.kind, line.decimals), |c| (c.kind, decimals(c))))
    }

    /// Whether the figure of a line in a column may be below nought.
    pub fn is_signed(&self, line: &str, column: &str) -> bool {
        self.column(column).is_some_and(|c| c.signed) || self.line(line).is_some_and(|l| l.signed)
    }

    /// Whether the figure of a line in a column was not rounded, so that sums over it tie to the last decimal.
    #[must_use]
    pub fn is_exact(&self, line: &str, column: &str) -> bool {
        self.column(column).is_some_and(|c| c.exact) || self.line(line).is_some_and(|l| l.exact)
    }

    /// Whether the percentage of a line in a column may be above 100.
    pub fn is_over(&self, line: &str, column: &str) -> bool {
        self.column(column).is_some_and(|c| c.over) || self.line(line).is_some_and(|l| l.over)
    }

    /// Whether the form of a period has a line and a column.
    #[must_use]
    pub fn has(&self, line: &str, column: &str, period: Period) -> bool {
        let column = self.column(column).is_none_or(|c| c.in_force.holds(period));
        column && self.line(line).is_none_or(|l| l.in_force.holds(period))
    }

    /// The section of an open table with this code.
    pub fn section(&self, code: &str) -> Option<&Section> {
        self.sections.iter().find(|s| &*s.code == code)
    }
}

/// Of one form, on the first sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    pub figures: Vec<MainFigure>,
    pub charts: Vec<MainChart>,
}

/// A figure that a reader asks for first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MainFigure {
    /// `Hồ sơ tiếp nhận`, and the same for a narrow column.
    pub name: String,
    pub short: String,
    /// The sum of these …
    pub sum: Vec<Spot>,
    /// … in percent of the sum of these, where any are given.
    pub of: Vec<Spot>,
    /// Whether it is a percentage.
    pub percent: bool,
}

/// Where a figure stands: an open table's total line, or a fixed line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    pub table: Arc<str>,
    pub line: Arc<str>,
    pub column: Arc<str>,
}

/// Some of the main figures, drawn unit by unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MainChart {
    pub title: String,
    /// Indices of main figures.
    pub figures: Vec<usize>,
}

/// A form that the province sends on, made of a form that its units send.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provincial {
    /// As printed: `Biểu số II.06b/VPCP/KSTT`.
    pub code: String,
    pub title: String,
    pub by: By,
}

/// What the rows of a province's form are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A row a unit.
    Unit,
    /// A row a field of work, under the level of those who settle it.
    Level,
}

/// Figures of a table that the province prints in a larger measure, rounded so that the parts still add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub table: Arc<str>,
    /// `Tỷ đồng`.
    pub measure: String,
    /// How many powers of ten larger it is than the form's own: 3 from triệu to tỷ.
    pub power: u8,
    /// Decimals printed.
    pub decimals: u8,
    pub figures: Vec<Spot>,
    /// Whether the figures are parts of one whole, which is then printed too and must add up across as well.
    pub across: bool,
}
