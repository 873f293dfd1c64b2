//! One blank form as a sheet: locked but for its input cells, each of which says what it wants and turns red where a rule
//! is broken; above it what is still to do, and beside it, outside what is printed, the rules in words.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationRule, Format, FormatAlign, FormatBorder,
    IgnoreError, ProtectionOptions, XlsxError,
};

use super::super::style::{AMBER, GREEN, INPUT, PALE, RED, Tone, height};
use super::super::workbook::form_sheet::{self, Head, Sender, Title, WIDE, frame, half, middle, widths_of};
use super::super::workbook::sheet::{Paper, SheetWriter, at, fixed};
use super::Blank;
use super::checks::{Check, Worked, checks};
use super::layout::{InTable, Layout, Row, SheetPlan, Spot, TableAt, What};
use crate::model::form::Role;
use crate::model::{Catalogue, Column, Figure, Kind};
use crate::rule::{Claim, rules_of};

/// Rows that surely fit on a page.
const PAGE_ROWS: u32 = 40;
/// The width of the column that says what does not tie.
const WORDS: f64 = 60.0;

pub struct Form<'a> {
    pub blank: &'a Blank<'a>,
    pub layout: &'a Layout<'a>,
    pub worked: &'a Worked<'a>,
    /// Which sheet.
    pub own: usize,
}

impl Form<'_> {
    pub fn write(&self, sheet: &mut SheetWriter<'_>) -> Result<(), XlsxError> {
        let plan = &self.layout.sheets[self.own];
        let Some(first) = plan.tables.first() else { return Ok(()) };
        let widths = widths_of(first.table);
        let paper = Paper::for_widths(&widths);
        let footer = format!("{} – {}", plan.form.code, plan.form.legal_basis);
        sheet.set_up(paper, &footer)?;
        sheet.expected(IgnoreError::FormulaDiffers)?;
        let side = plan.last + 2;
        sheet.widths(0, &widths)?;
        sheet.widths(plan.last + 1, &[2.0, WORDS])?;
        title_block(sheet, self.blank, plan, &widths)?;
        for number in 0..plan.tables.len() {
            self.table(sheet, (self.own, number), &widths, side)?;
        }
        status(sheet, self, side)?;
        let bottom = plan.tables.last().map_or(first.head, |t| t.last());
        let signed = signatures(sheet, bottom + 2, plan.last)?;
        sheet.xlsx.set_print_area(1, 0, signed, plan.last)?;
        // The fill that shows where to type is for the screen.
        sheet.xlsx.set_print_black_and_white(true);
        if let [_, further @ ..] = &plan.tables[..]
            && bottom > PAGE_ROWS
        {
            let breaks: Vec<u32> = further.iter().map(|t| t.top).collect();
            sheet.xlsx.set_page_breaks(&breaks)?;
        }
        if plan.tables.len() == 1 {
            sheet.xlsx.set_repeat_rows(first.head, first.first() - 1)?;
        }
        sheet.xlsx.set_freeze_panes(1, if plan.last > 6 { 2 } else { 0 })?;
        if let Some(spot) = self.inputs().next() {
            sheet.xlsx.set_selection(spot.row, spot.column, spot.row, spot.column)?;
        }
        sheet.xlsx.protect_with_options(&ProtectionOptions {
            format_columns: true,
            format_rows: true,
            ..ProtectionOptions::new()
        });
        Ok(())
    }

    /// The cells to be filled in, in the order of tabbing: row by row.
    pub fn inputs(&self) -> impl Iterator<Item = Spot> {
        let tables = 0..self.layout.sheets[self.own].tables.len();
        let typed = tables.flat_map(|number| self.typed((self.own, number)));
        typed.map(|(row, column, _)| Spot { sheet: self.own, row: row.row, column })
    }

    fn table(&self, sheet: &mut SheetWriter<'_>, own: TableAt, widths: &[f64], side: u16) -> Result<(), XlsxError> {
        let (plan, table) = (&self.layout.sheets[own.0], self.layout.table(own));
        let mut top = table.top;
        if !table.table.title.is_empty() {
            sheet.text((top, 0), &table.table.title, &sheet.styles.strong)?;
            top += 1;
        }
        if !table.table.measure.is_empty() {
            let last = table.table.columns.len().saturating_sub(1) as u16;
            sheet.text((top, last), &table.table.measure, &sheet.styles.italic_right)?;
        }
        let head = Head { catalogue: self.blank.catalogue, form: plan.form, table: table.table };
        form_sheet::captions(sheet, &head, table.head)?;
        for row in &table.rows {
            self.row(sheet, own, row, widths)?;
        }
        self.feed_back(sheet, own, side)
    }

    fn row(&self, sheet: &mut SheetWriter<'_>, own: TableAt, row: &Row<'_>, widths: &[f64]) -> Result<(), XlsxError> {
        let table = self.layout.table(own);
        let heading = matches!(row.what, What::Fixed(line) if line.kind == Kind::Heading);
        let is_total = matches!(row.what, What::Total);
        let tone = if heading || is_total { Tone::Bold } else { Tone::Plain };
        let mut tall: f64 = 20.0;
        if let (What::Total, Some(label)) = (&row.what, table.label()) {
            sheet.area((row.row, 0, row.row, label), "TỔNG CỘNG", sheet.styles.centre(tone))?;
        }
        for (number, column) in table.table.columns.iter().enumerate() {
            let place = (row.row, number as u16);
            match (&row.what, column.role) {
                (What::Total, Role::Ordinal | Role::Label) => {}
                (What::Fixed(line), Role::Ordinal) => {
                    sheet.text((place.0, place.1), &line.code, sheet.styles.centre(tone))?;
                }
                (What::Field(_), Role::Ordinal) => self.ordinal(sheet, own, place)?,
                (What::Fixed(line), Role::Label) => {
                    tall = tall.max(height(&line.label, widths[number]));
                    sheet.text((place.0, place.1), &line.label, sheet.styles.text(tone))?;
                }
                (What::Field(name), Role::Label) => {
                    let name = name.as_deref().unwrap_or_default();
                    tall = tall.max(height(name, widths[number]));
                    sheet.text((place.0, place.1), name, &open(sheet.styles.text(tone)))?;
                }
                (What::Fixed(line), Role::Measure) => {
                    tall = tall.max(height(&line.measure, widths[number]));
                    sheet.text((place.0, place.1), &line.measure, sheet.styles.centre(tone))?;
                }
                (_, Role::Measure) => sheet.text((place.0, place.1), "", sheet.styles.centre(tone))?,
                (_, Role::Note) => sheet.text((place.0, place.1), "", &open(sheet.styles.text(tone)))?,
                (_, Role::Figure) => self.figure(sheet, own, row, (place.1, column), tone)?,
            }
        }
        sheet.tall(row.row, tall)
    }

    /// Counts the lines that have a name.
    fn ordinal(&self, sheet: &mut SheetWriter<'_>, own: TableAt, (row, column): (u32, u16)) -> Result<(), XlsxError> {
        let table = self.layout.table(own);
        let (Some(label), Some((first, _))) = (table.label(), table.fields()) else { return Ok(()) };
        let name = at(row, label);
        let formula = format!("IF(LEN({name})=0,\"\",COUNTA({}:{name}))", fixed(first, label));
        let named = |r: &&Row<'_>| r.row <= row && matches!(&r.what, What::Field(Some(_)));
        let is_named = table.rows.iter().any(|r| r.row == row && named(&r));
        let count = if is_named { table.rows.iter().filter(named).count().to_string() } else { String::new() };
        sheet.live_text((row, column), &formula, &count, sheet.styles.centre(Tone::Plain))
    }

    fn figure(
        &self,
        sheet: &mut SheetWriter<'_>,
        own: TableAt,
        row: &Row<'_>,
        (column, of): (u16, &Column),
        tone: Tone,
    ) -> Result<(), XlsxError> {
        let (kind, decimals) = self.layout.table(own).nature(row, of);
        let spot = Spot { sheet: own.0, row: row.row, column };
        // What is typed in is a plain figure: a sign beside it would make a clerk type a fraction.
        let style = |decimals: u8| match kind.is_percentage() {
            true => sheet.styles.number(tone, 2).clone().set_num_format("0.00"),
            false => sheet.styles.number(tone, decimals).clone(),
        };
        if let Some((formula, _)) = self.worked.cells.get(&spot) {
            let bold = style(decimals).set_bold();
            return sheet.live_text((row.row, column), formula, "", &bold);
        }
        if !kind.has_figure() {
            return sheet.text((row.row, column), "", sheet.styles.text(tone));
        }
        let format = match kind {
            Kind::Code => sheet.styles.centre(tone).clone(),
            // As many decimals as are typed.
            _ if decimals > 0 => style(0).set_num_format("General"),
            _ => style(0),
        };
        sheet.xlsx.write_blank(row.row, column, &open(&format))?;
        Ok(())
    }
}

/// A format of a cell that may be typed into.
fn open(format: &Format) -> Format {
    format.clone().set_unlocked().set_background_color(INPUT)
}

const EMPTY: &str =
    "Chỉ nhập vào các ô nền vàng, không phát sinh thì ghi 0. Các ô tổng và tỷ lệ tự tính; ô nào chưa khớp sẽ đỏ lên.";
const DONE: &str = "✓ Đã nhập đủ, các phép kiểm tra đều khớp.";

/// A live text over the first row.
fn status(sheet: &mut SheetWriter<'_>, form: &Form<'_>, side: u16) -> Result<(), XlsxError> {
    let plan = &form.layout.sheets[form.own];
    let format = sheet.styles.strong.clone().set_text_wrap().set_background_color(PALE);
    let format = format.set_align(FormatAlign::VerticalCenter).set_border(FormatBorder::Thin);
    sheet.area((0, 0, 0, plan.last), "", &format)?;
    sheet.text((0, side), "Chỗ chưa khớp (phần này không in)", &sheet.styles.bar)?;
    let (first, last) = (plan.tables.first().map_or(1, |t| t.first()), plan.tables.last().map_or(1, |t| t.last()));
    let words = format!("{}:{}", fixed(first, side), fixed(last, side));
    let failing = format!("SUMPRODUCT(--(LEN({words})>0))");
    let past = last + 2;
    let row = format!("({past}-SUMPRODUCT(MAX((LEN({words})>0)*({past}-ROW({words})))))");
    let column = format!("{}:{}", fixed(0, side), fixed(last, side));
    let (filled, missing) = counts(form);
    let formula = format!(
        "IF({failing}>0,\"✗ Còn \"&{failing}&\" hàng cần xem lại. Hàng \"&{row}&\": \"&INDEX({column},{row}),\
         IF({filled}=0,\"{EMPTY}\",IF({missing}>0,\"Còn \"&{missing}&\" ô chưa nhập. Phần đã nhập đều khớp.\",\"{DONE}\")))"
    );
    sheet.live_text((0, 0), &formula, EMPTY, &format)?;
    sheet.tall(0, 40)?;
    coloured(sheet, plan.last)
}

/// How many input cells are filled, and how many are not: of a table of fields only in rows that have a name.
fn counts(form: &Form<'_>) -> (String, String) {
    let plan = &form.layout.sheets[form.own];
    let mut ranges = Vec::new();
    let mut missing = Vec::new();
    for table in &plan.tables {
        let own = |s: &Spot| (table.first()..=table.last()).contains(&s.row);
        let spots: Vec<Spot> = form.inputs().filter(own).collect();
        let is_field =
            |s: &Spot| table.rows.iter().find(|r| r.row == s.row).is_some_and(|r| matches!(r.what, What::Field(_)));
        let (fields, lines): (Vec<Spot>, Vec<Spot>) = spots.into_iter().partition(is_field);
        if let (Some((first, last)), Some(label)) = (table.fields(), table.label()) {
            let names = format!("{}:{}", fixed(first, label), fixed(last, label));
            let mut columns: Vec<u16> = fields.iter().map(|s| s.column).collect();
            columns.sort_unstable();
            columns.dedup();
            for run in columns.chunk_by(|a, b| a + 1 == *b) {
                let (left, right) = (run[0], run[run.len() - 1]);
                let cells = format!("{}:{}", fixed(first, left), fixed(last, right));
                missing.push(format!("SUMPRODUCT((LEN({names})>0)*(LEN({cells})=0))"));
                ranges.push(cells);
            }
        }
        for run in lines.chunk_by(|a, b| a.row + 1 == b.row && a.column == b.column) {
            let (top, bottom) = (run[0], run[run.len() - 1]);
            let cells = format!("{}:{}", at(top.row, top.column), at(bottom.row, bottom.column));
            missing.push(format!("COUNTBLANK({cells})"));
            ranges.push(cells);
        }
    }
    if ranges.is_empty() {
        return ("0".to_owned(), "0".to_owned());
    }
    (format!("COUNTA({})", ranges.join(",")), format!("({})", missing.join("+")))
}

/// From row 1 on.
fn title_block(
    sheet: &mut SheetWriter<'_>,
    blank: &Blank<'_>,
    plan: &SheetPlan<'_>,
    widths: &[f64],
) -> Result<(), XlsxError> {
    let title = Title {
        form: plan.form,
        code: &plan.form.code,
        title: &plan.form.title,
        last: plan.last,
        width: middle(widths),
    };
    let sender = Sender { period: blank.period, unit: &blank.unit.name, sent_to: &blank.unit.above };
    frame(sheet, &title, &sender, 1)?;
    // Narrow forms print no receiver; where it is known, it does no harm.
    if plan.last < WIDE && !blank.unit.above.is_empty() {
        let to = format!("Đơn vị nhận báo cáo: {}", blank.unit.above);
        sheet.across((5, 0, plan.last), &to, &sheet.styles.centred)?;
    }
    Ok(())
}

/// Where the paper is signed: the date and the names can be typed; the last row.
fn signatures(sheet: &mut SheetWriter<'_>, row: u32, last: u16) -> Result<u32, XlsxError> {
    let bottom = form_sheet::signatures(sheet, row, last)?;
    let half = half(last);
    let date = sheet.styles.centred_italic.clone().set_unlocked();
    sheet.xlsx.set_cell_format(row, half + 1, &date)?;
    let name = sheet.styles.signer.clone().set_unlocked();
    sheet.across((bottom, 0, half), "", &name)?;
    sheet.across((bottom, half + 1, last), "", &name)?;
    Ok(bottom)
}

/// Excel's limits for the title and the message of a validation.
const TITLE: usize = 32;
const MESSAGE: usize = 250;

pub struct Limits {
    whole: bool,
    min: Option<Figure>,
    max: Option<Figure>,
    /// Code → its meaning.
    codes: Vec<(i64, String)>,
    percent: bool,
}

impl Limits {
    /// Of every cell of a table.
    pub fn of_table(catalogue: &Catalogue, layout: &Layout<'_>, own: TableAt) -> BTreeMap<Spot, Self> {
        let table = layout.table(own);
        let mut all = BTreeMap::new();
        for row in &table.rows {
            for (at, column) in table.figures() {
                let (kind, _) = table.nature(row, column);
                let codes = match (kind, &row.what) {
                    (Kind::Code, What::Fixed(line)) => line.codes.iter().map(|(c, m)| (*c, m.clone())).collect(),
                    _ => Vec::new(),
                };
                let percent = kind.is_percentage();
                let spot = Spot { sheet: own.0, row: row.row, column: at };
                all.insert(spot, Self { whole: false, min: None, max: None, codes, percent });
            }
        }
        let places = InTable { layout, own, down: false };
        for claim in
            rules_of(catalogue, &layout.sheets[own.0].form.id, &table.table.id).flat_map(|r| r.kind.claims(&places))
        {
            match claim {
                Claim::Whole { cell } => {
                    if let Some(limits) = cell.term.spot().and_then(|spot| all.get_mut(&spot)) {
                        limits.whole = true;
                    }
                }
                Claim::Within { cell, min, max } => {
                    if let Some(limits) = cell.term.spot().and_then(|spot| all.get_mut(&spot)) {
                        limits.min = limits.min.max(min);
                        limits.max = match (limits.max, max) {
                            (Some(a), Some(b)) => Some(a.min(b)),
                            (a, b) => a.or(b),
                        };
                    }
                }
                // The printed codes are the line's own; the others are of several cells (`checks`).
                Claim::OneOf { .. }
                | Claim::Filled { .. }
                | Claim::Sum { .. }
                | Claim::Share { .. }
                | Claim::ShareOfSums { .. }
                | Claim::AtMost { .. }
                | Claim::When { .. }
                | Claim::Carried { .. }
                | Claim::Rises { .. } => {}
            }
        }
        all
    }

    /// A condition that is true where a cell holds something else.
    pub fn broken(&self, cell: &str) -> String {
        if !self.codes.is_empty() {
            let none: Vec<String> = self.codes.iter().map(|(c, _)| format!("{cell}<>{c}")).collect();
            return format!("AND(LEN({cell})>0,{})", none.join(","));
        }
        let mut wrong = Vec::new();
        wrong.extend(self.min.map(|min| format!("{cell}<{min}")));
        wrong.extend(self.max.map(|max| format!("{cell}>{max}")));
        if self.whole {
            wrong.push(format!("{cell}<>INT({cell})"));
        }
        let number = match wrong[..] {
            [] => "FALSE".to_owned(),
            _ => format!("OR({})", wrong.join(",")),
        };
        format!("IF(ISNUMBER({cell}),{number},LEN({cell})>0)")
    }

    /// `số nguyên từ 0 trở lên`.
    pub fn wanted(&self) -> String {
        if !self.codes.is_empty() {
            let codes: Vec<String> = self.codes.iter().map(|(c, m)| format!("{c} ({m})")).collect();
            return format!("một trong các mã: {}", codes.join("; "));
        }
        let what = match (self.percent, self.whole) {
            (true, _) => "tỷ lệ phần trăm",
            (false, true) => "số nguyên",
            (false, false) => "số",
        };
        match (self.min, self.max) {
            (Some(min), Some(max)) => format!("{what} từ {min} đến {max}"),
            (Some(min), None) => format!("{what} từ {min} trở lên"),
            (None, Some(max)) => format!("{what} không quá {max}"),
            (None, None) => what.to_owned(),
        }
    }

    /// Asks for it when the cell is entered, and refuses anything else. `title` names the cell, `about` says of what.
    pub fn validation(&self, title: &str, about: &str) -> Result<DataValidation, XlsxError> {
        let bound = |f: Option<Figure>, none: f64| f.map_or(none, Figure::to_double);
        let least = bound(self.min, -1e15);
        let most = bound(self.max, 1e15);
        let small = |x: f64| x.abs() <= f64::from(i32::MAX);
        let rule = if !self.codes.is_empty() {
            let codes: Vec<String> = self.codes.iter().map(|(c, _)| c.to_string()).collect();
            DataValidation::new().allow_list_strings(&codes)?
        } else if self.whole && self.max.is_none() && small(least) {
            DataValidation::new().allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(least as i32))
        } else if self.whole && small(least) && small(most) {
            let between = DataValidationRule::Between(least as i32, most as i32);
            DataValidation::new().allow_whole_number(between)
        } else if self.max.is_none() {
            DataValidation::new().allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(least))
        } else {
            DataValidation::new().allow_decimal_number(DataValidationRule::Between(least, most))
        };
        let hint = if self.codes.is_empty() && !self.percent {
            " Không phát sinh thì ghi 0."
        } else if self.percent {
            " Chỉ ghi số, không ghi dấu %."
        } else {
            ""
        };
        let ask = format!("{}Nhập {}.{hint}", sentence(about), self.wanted());
        let refuse = format!("Ô này cần {}.{hint}", self.wanted());
        rule.set_input_title(cut(title, TITLE))?
            .set_input_message(cut(&ask, MESSAGE))?
            .set_error_title("Số liệu chưa hợp lệ")?
            .set_error_message(cut(&refuse, MESSAGE))
    }
}

fn sentence(about: &str) -> String {
    if about.is_empty() { String::new() } else { format!("{about}.\n") }
}

/// No longer than so many letters, as Excel counts them.
fn cut(text: &str, most: usize) -> String {
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most - 1).collect();
    short.push('…');
    short
}

impl Form<'_> {
    /// All of it for one table; `side` is the column of the words.
    pub fn feed_back(&self, sheet: &mut SheetWriter<'_>, own: TableAt, side: u16) -> Result<(), XlsxError> {
        let all = checks(self.blank.catalogue, self.layout, self.worked, own);
        self.tell(sheet, own, &all, side)?;
        self.redden(sheet, own, &all)?;
        self.ask(sheet, own)
    }

    /// The rules that fail, in words, at the end of each row.
    fn tell(&self, sheet: &mut SheetWriter<'_>, own: TableAt, all: &[Check], side: u16) -> Result<(), XlsxError> {
        let mut by_row: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for check in all {
            let message = format!("IF({},{}&\". \",\"\")", check.fails, check.words);
            by_row.entry(check.row).or_default().push(message);
        }
        let format = sheet.styles.plain.clone().set_align(FormatAlign::VerticalCenter);
        let format = format.set_font_color(Color::RGB(0x00C0_0000)).set_font_size(11);
        for row in &self.layout.table(own).rows {
            let message = by_row.remove(&row.row).unwrap_or_default().join("&");
            if !message.is_empty() {
                sheet.live_text((row.row, side), &message, "", &format)?;
            }
        }
        Ok(())
    }

    /// Cells turn red where a rule that reads them fails.
    fn redden(&self, sheet: &mut SheetWriter<'_>, own: TableAt, all: &[Check]) -> Result<(), XlsxError> {
        let table = self.layout.table(own);
        let fields = table.fields();
        for check in all.iter().filter(|c| !c.cells.is_empty()) {
            match fields.filter(|_| check.every_row) {
                Some((first, _)) if first != check.row => {}
                Some((first, last)) => {
                    red(
                        sheet,
                        (&check.fails, check.firm),
                        check.cells.iter().map(|s| {
                            let beside = s.row == first;
                            (s.row, s.column, if beside { last } else { s.row })
                        }),
                    )?;
                }
                None => red(sheet, (&check.fails, check.firm), check.cells.iter().map(|s| (s.row, s.column, s.row)))?,
            }
        }
        let all = Limits::of_table(self.blank.catalogue, self.layout, own);
        for (row, column, _) in self.typed(own) {
            let Some(limits) = all.get(&Spot { sheet: own.0, row: row.row, column }) else { continue };
            let (first, last) = match (&row.what, fields) {
                (What::Field(_), Some((first, _))) if row.row != first => continue,
                (What::Field(_), Some((first, last))) => (first, last),
                _ => (row.row, row.row),
            };
            let fails = limits.broken(&at(first, column));
            red(sheet, (&fails, true), std::iter::once((first, column, last)))?;
        }
        Ok(())
    }

    /// What each input cell asks for when it is entered.
    fn ask(&self, sheet: &mut SheetWriter<'_>, own: TableAt) -> Result<(), XlsxError> {
        let table = self.layout.table(own);
        let all = Limits::of_table(self.blank.catalogue, self.layout, own);
        for (row, column, of) in self.typed(own) {
            let Some(limits) = all.get(&Spot { sheet: own.0, row: row.row, column }) else { continue };
            let caption = of.path.last().map_or("", String::as_str);
            let (title, about, last) = match (&row.what, table.fields()) {
                (What::Fixed(line), _) => (format!("Dòng {}", line.code), String::new(), row.row),
                (What::Field(_), Some((first, _))) if row.row != first => continue,
                (What::Field(_), Some((_, last))) => (format!("({}) {caption}", of.id), of.path.join(" – "), last),
                _ => (format!("({}) {caption}", of.id), of.path.join(" – "), row.row),
            };
            let validation = limits.validation(&title, &about)?;
            sheet.xlsx.add_data_validation(row.row, column, last, column, &validation)?;
        }
        Ok(())
    }

    /// The input cells of a table with what they are.
    fn typed(&self, own: TableAt) -> Vec<(&Row<'_>, u16, &Column)> {
        let table = self.layout.table(own);
        let mut found = Vec::new();
        for row in &table.rows {
            for (column, of) in table.figures() {
                let spot = Spot { sheet: own.0, row: row.row, column };
                if table.nature(row, of).0.has_figure() && !self.worked.holds(spot) {
                    found.push((row, column, of));
                }
            }
        }
        found
    }
}

/// Areas of one column each, from a row to a row.
fn red(
    sheet: &mut SheetWriter<'_>,
    (fails, firm): (&str, bool),
    areas: impl Iterator<Item = (u32, u16, u32)>,
) -> Result<(), XlsxError> {
    let areas: Vec<(u32, u16, u32)> = areas.collect();
    let Some((top, left, bottom)) = areas.first().copied() else { return Ok(()) };
    let ranges = areas.iter().map(|(top, column, bottom)| format!("{}:{}", at(*top, *column), at(*bottom, *column)));
    let rule = ConditionalFormatFormula::new()
        .set_rule(format!("={fails}").as_str())
        .set_format(Format::new().set_background_color(if firm { RED } else { AMBER }))
        .set_multi_range(ranges.collect::<Vec<_>>().join(" "));
    sheet.xlsx.add_conditional_format(top, left, bottom, left, &rule)?;
    Ok(())
}

/// Green where all is well, red where something is not.
pub fn coloured(sheet: &mut SheetWriter<'_>, last: u16) -> Result<(), XlsxError> {
    for (mark, colour) in [("✗", RED), ("✓", GREEN)] {
        let rule = ConditionalFormatFormula::new()
            .set_rule(format!("=LEFT($A$1,1)=\"{mark}\"").as_str())
            .set_format(Format::new().set_background_color(colour));
        sheet.xlsx.add_conditional_format(0, 0, 0, last, &rule)?;
    }
    Ok(())
}
