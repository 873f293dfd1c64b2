//! The looks of what is written: one typeface, four colours with one meaning each, and the cell formats made of them.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::model::Figure;

/// The typeface of Vietnamese official papers (Nghị định 30/2020/NĐ-CP, Phụ lục I).
pub const FONT: &str = "Times New Roman";
pub const GREEN: Color = Color::RGB(0x00C6_EFCE);
pub const AMBER: Color = Color::RGB(0x00FF_EB9C);
pub const RED: Color = Color::RGB(0x00FF_C7CE);
pub const GREY: Color = Color::RGB(0x00ED_EDED);
pub const NAVY: Color = Color::RGB(0x001F_3864);
pub const BLUE: Color = Color::RGB(0x002F_75B5);
pub const PALE: Color = Color::RGB(0x00DD_EBF7);
/// A cell to be filled in.
pub const INPUT: Color = Color::RGB(0x00FF_F9E1);
/// Lines behind the bars of charts.
pub const GRID: Color = Color::RGB(0x00D9_D9D9);
/// Bars of charts: on the whole, good, open.
pub const SERIES: [Color; 3] = [BLUE, Color::RGB(0x0070_AD47), Color::RGB(0x00ED_7D31)];

/// Grounds of marks in a sender's own workbook: other than Excel's usual red and amber, so that ours differ from theirs.
pub const RED_MARK: &str = "FFB3AD";
pub const AMBER_MARK: &str = "FFE38A";
/// The ground of a blank left for the office to fill in, and of a figure that rests on a mistake not yet corrected.
pub const BLANK_GROUND: &str = "FFF2CC";
pub const DOUBTFUL_GROUND: &str = "F8CBAD";
/// Every ground that marks have or ever had.
pub const MARKS: [&str; 2] = [RED_MARK, AMBER_MARK];

/// What a cell's colour says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Bold,
    Good,
    Doubtful,
    Bad,
    Missing,
}

/// How a figure is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// In percent units.
    Percent,
    Decimals(u8),
}

impl Shape {
    /// A percentage, or a figure with its own decimals.
    pub fn of(percent: bool, value: Option<Figure>) -> Self {
        if percent { Self::Percent } else { Self::Decimals(value.map_or(0, |v| v.trimmed().scale)) }
    }
}

const TONES: [Tone; 6] = [Tone::Plain, Tone::Bold, Tone::Good, Tone::Doubtful, Tone::Bad, Tone::Missing];
const DECIMALS: usize = 7;
/// Figures are in percent units: the sign is only shown.
const PERCENT: &str = "0.00\"%\"";

/// Every format a sheet uses, made once a workbook.
pub struct Styles {
    /// Big and centred.
    pub title: Format,
    /// Who signs.
    pub signer: Format,
    /// Centred, not bold.
    pub centred: Format,
    pub centred_italic: Format,
    /// A form's code in its corner, what it is by law below it, and who reports to whom in the other corner.
    pub corner: Format,
    pub small: Format,
    pub side: Format,
    /// A paper's code, or a section's heading.
    pub strong: Format,
    pub plain: Format,
    pub italic_right: Format,
    /// A table's header cell.
    pub head: Format,
    /// The numbering row below it.
    pub numbering: Format,
    /// The header of a working sheet.
    pub bar: Format,
    /// What repeats the line above, cut at the cell's edge.
    pub quiet: Format,
    /// What few readers need, small and grey.
    pub dimmed: Format,
    /// Text in a table on one line.
    pub single: Format,
    /// A link outside any table.
    pub link: Format,
    /// A link in a table.
    pub cell_link: Format,
    /// A figure to be seen across the room, the same of a percentage, and what it is.
    pub big: Vec<Format>,
    pub big_percent: Format,
    pub caption: Format,
    texts: Vec<Format>,
    centres: Vec<Format>,
    numbers: Vec<Format>,
    percents: Vec<Format>,
    signed: Vec<Format>,
    changes: Vec<Format>,
}

impl Styles {
    pub fn new() -> Self {
        let base = || Format::new().set_font_name(FONT).set_font_size(12);
        let boxed =
            |tone: &Tone| toned(base().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter), *tone);
        let head = base().set_bold().set_text_wrap().set_border(FormatBorder::Thin).set_align(FormatAlign::Center);
        let head = head.set_align(FormatAlign::VerticalCenter);
        let centred = base().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter).set_text_wrap();
        let link = base().set_font_color(BLUE).set_underline(rust_xlsxwriter::FormatUnderline::Single);
        let big = base().set_font_size(22).set_bold().set_font_color(NAVY).set_align(FormatAlign::Center);
        let big = big.set_background_color(PALE);
        Self {
            signer: centred.clone().set_bold(),
            title: centred.clone().set_bold().set_font_size(14),
            centred_italic: centred.clone().set_italic(),
            centred: centred.clone(),
            corner: centred.clone().set_bold(),
            small: centred.clone().set_italic().set_font_size(9),
            side: base().set_font_size(11).set_text_wrap().set_align(FormatAlign::VerticalCenter),
            strong: base().set_bold(),
            plain: base(),
            italic_right: base().set_italic().set_align(FormatAlign::Right),
            dimmed: boxed(&Tone::Plain).set_font_color(Color::Gray).set_font_size(9).set_text_wrap(),
            single: boxed(&Tone::Plain),
            quiet: boxed(&Tone::Plain).set_font_color(Color::Gray),
            numbering: head.clone().set_font_size(10).set_italic(),
            bar: head.clone().set_font_color(Color::White).set_background_color(NAVY),
            head,
            cell_link: link
                .clone()
                .set_text_wrap()
                .set_border(FormatBorder::Thin)
                .set_align(FormatAlign::VerticalCenter),
            link,
            big_percent: big.clone().set_shrink().set_num_format(PERCENT),
            // A figure too wide for its cell gets smaller: never “####”.
            big: (0..DECIMALS).map(|scale| big.clone().set_shrink().set_num_format(number_format(scale))).collect(),
            signed: (0..DECIMALS)
                .map(|scale| {
                    boxed(&Tone::Plain)
                        .set_align(FormatAlign::Right)
                        .set_indent(1)
                        .set_shrink()
                        .set_num_format(signed_format(scale))
                })
                .collect(),
            changes: ["so với kỳ trước", "so với cùng kỳ"]
                .into_iter()
                .flat_map(|when| [("0.0", "%"), ("0.00", " điểm")].map(|sort| (when, sort)))
                .map(|(when, (digits, unit))| {
                    let arrow = |sign: &str| format!("\"{sign} \"{digits}\"{unit} {when}\"");
                    let format = format!("{};{};\"không đổi {when}\"", arrow("▲"), arrow("▼"));
                    centred.clone().set_font_size(9).set_shrink().set_background_color(PALE).set_num_format(format)
                })
                .collect(),
            caption: centred.set_font_size(11).set_background_color(PALE),
            texts: TONES.iter().map(|t| boxed(t).set_text_wrap()).collect(),
            centres: TONES.iter().map(|t| boxed(t).set_align(FormatAlign::Center).set_text_wrap()).collect(),
            numbers: TONES
                .iter()
                .flat_map(|t| (0..DECIMALS).map(move |scale| (t, scale)))
                .map(|(t, scale)| {
                    boxed(t)
                        .set_align(FormatAlign::Right)
                        .set_indent(1)
                        .set_shrink()
                        .set_num_format(number_format(scale))
                })
                .collect(),
            percents: TONES
                .iter()
                .map(|t| boxed(t).set_align(FormatAlign::Right).set_indent(1).set_num_format(PERCENT))
                .collect(),
        }
    }

    /// Wrapped text in a table.
    pub fn text(&self, tone: Tone) -> &Format {
        &self.texts[tone as usize]
    }

    /// The same, centred.
    pub fn centre(&self, tone: Tone) -> &Format {
        &self.centres[tone as usize]
    }

    /// A figure with so many decimals.
    pub fn number(&self, tone: Tone, scale: u8) -> &Format {
        &self.numbers[tone as usize * DECIMALS + usize::from(scale).min(DECIMALS - 1)]
    }

    /// A figure.
    pub fn figure(&self, tone: Tone, shape: Shape) -> &Format {
        match shape {
            Shape::Percent => &self.percents[tone as usize],
            Shape::Decimals(decimals) => self.number(tone, decimals),
        }
    }

    /// A change, with its sign.
    pub fn signed(&self, scale: u8) -> &Format {
        &self.signed[usize::from(scale).min(DECIMALS - 1)]
    }

    /// A change in words: of a percentage in points, else in percent; against the period before (0) or a year ago (1).
    pub fn change(&self, percentage: bool, against: usize) -> &Format {
        &self.changes[2 * against.min(1) + usize::from(percentage)]
    }
}

/// The same with its sign, for a change.
fn signed_format(scale: usize) -> String {
    let plain = number_format(scale);
    format!("+{plain};-{plain};{plain}")
}

fn toned(format: Format, tone: Tone) -> Format {
    match tone {
        Tone::Plain => format,
        Tone::Bold => format.set_bold(),
        Tone::Good => format.set_background_color(GREEN),
        Tone::Doubtful => format.set_background_color(AMBER),
        Tone::Bad => format.set_background_color(RED),
        Tone::Missing => format.set_background_color(GREY).set_font_color(Color::Gray),
    }
}

/// Grouped by thousands; the reader's locale chooses the signs.
fn number_format(scale: usize) -> String {
    if scale == 0 { "#,##0".into() } else { format!("#,##0.{}", "0".repeat(scale)) }
}

/// Excel's rows grow no taller than 409 points.
const TALLEST: f64 = 400.0;

/// How tall a row must be for a text in a column of a width, both in characters, at 12 points.
pub fn height(text: &str, width: f64) -> f64 {
    // Words break badly in narrow columns.
    let room = if width < 20.0 { width } else { width * 1.15 };
    let lines: f64 = text.split('\n').map(|l| (l.chars().count() as f64 / room).ceil().max(1.0)).sum();
    (16.5 * lines).min(TALLEST)
}

/// A day as official papers have it: a leading 0 for days below 10, and for January and February only (Nghị định 30/2020/NĐ-CP,
/// Phụ lục I).
pub fn official_day(date: NaiveDate) -> String {
    date.format(if date.month() < 3 { "%d/%m/%Y" } else { "%d/%-m/%Y" }).to_string()
}
