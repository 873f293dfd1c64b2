//! The first sheet to look at: coverage, main figures against the periods before, the unit × form grid, the forms that were
//! learned and nobody has confirmed, and the charts that the templates ask for.

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartSolidFill, ChartType, XlsxError,
};

use super::findings_sheet::Order;
use super::main_figures::{self, Compared, Drawn, MainTable, main_figures};
use super::matrix;
use super::pivot::Whose;
use super::plan::{Plan, TITLE_ROWS};
use super::provenance::Highlights;
use super::sheet::{FINDINGS, Paper, SOURCES, START, STATUS, SheetWriter, UNITS, at, short, unit_rows};
use super::status_sheet::{self, Coverage, Standing};
use crate::model::form::By;
use crate::model::outcome::Sent;
use crate::model::{Figure, Finding, Form, Lang, Period, Severity, Verdict};
use crate::words::learned::{learned_rows, over_periods};
use crate::write::style::{AMBER, FONT, GRID, SERIES, Tone, height};

/// Letters that Excel takes as the text of a chart for those who don't see it.
const ALT_TEXT: usize = 255;
/// Columns before the forms of the grid: number, name.
const LEFT: u16 = 2;
/// The narrowest that cards, main figures and charts are spread over.
const LAST: u16 = 11;
/// Width of the columns of names, and of the others.
pub(super) const NAME: f64 = 36.0;
const OTHER: f64 = 10.5;
/// The least and the most of the first column, which holds numbers and the names of sheets.
const LABELS: (f64, f64) = (7.0, 12.0);

/// The first sheet.
pub fn write(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    coverage: &Coverage<'_>,
    findings: &Order<'_>,
    drawn: &[Drawn],
    highlights: &Highlights,
) -> Result<(), XlsxError> {
    sheet.set_up(Paper::Portrait, START)?;
    let last = (LEFT + coverage.forms.len() as u16).saturating_sub(1).max(LAST);
    let compared = MainTable::new(plan, highlights, BOTTOM + 5);
    // A learned form's sheet has a longer name than "06a".
    let names = compared.rows.iter().map(|row| row.main.sheet.chars().count());
    let first = (names.max().unwrap_or(0) as f64 + 1.0).clamp(LABELS.0, LABELS.1);
    sheet.widths(0, &[first, NAME])?;
    sheet.widths(LEFT, &vec![OTHER; (last - LEFT + 1).into()])?;
    title(sheet, plan, last)?;
    cards(sheet, plan, coverage, &compared)?;
    links(sheet, BOTTOM + 1, plan)?;
    let row = main_figures::write_compared(sheet, plan, &compared)? + 2;
    let bottom = grid(sheet, row, plan, coverage, findings)?;
    let bottom = learned_forms(sheet, bottom, last, plan)?;
    // Figures and units are the first page, charts begin the next.
    let end = insert(sheet, plan.period, bottom + 2, drawn)?;
    if !drawn.is_empty() {
        sheet.xlsx.set_page_breaks(&[bottom + 2])?;
    }
    sheet.xlsx.set_print_area(0, 0, end.max(bottom), last)?;
    Ok(())
}

fn title(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>, last: u16) -> Result<(), XlsxError> {
    let (start, end) = plan.period.days();
    let mut period = format!(
        "{} (từ ngày {} đến ngày {})",
        plan.period.in_vietnamese(),
        start.format("%-d/%-m/%Y"),
        end.format("%-d/%-m/%Y")
    );
    if let Some(b) = &plan.consolidation.boundaries {
        period = format!("{period}; đơn vị theo tổ chức ngày {}", b.day.format("%-d/%-m/%Y"));
    }
    sheet.across((0, 0, last), &plan.province, &sheet.styles.centred)?;
    let words = "TỔNG HỢP SỐ LIỆU BÁO CÁO CỦA CÁC CƠ QUAN, ĐƠN VỊ";
    sheet.across((1, 0, last), words, &sheet.styles.title)?;
    sheet.across((2, 0, last), &period, &sheet.styles.centred)?;
    sheet.tall(1, 24)?;
    sheet.tall(3, 6)
}

/// The links to every other sheet, in one line or two.
fn links(sheet: &mut SheetWriter<'_>, row: u32, plan: &Plan<'_>) -> Result<(), XlsxError> {
    let fixed = [(1, FINDINGS), (2, STATUS), (5, UNITS), (7, SOURCES)];
    sheet.text((row, 0), "Mở:", &sheet.styles.strong)?;
    let shown = |name: &str| name != UNITS || !main_figures(plan).is_empty();
    for (column, name) in fixed.into_iter().filter(|(_, name)| shown(name)) {
        sheet.jump((row, column), name, (name, 0, 0), &sheet.styles.link)?;
    }
    sheet.text((row + 1, 0), "Biểu:", &sheet.styles.strong)?;
    for (first, column) in plan.forms().filter_map(<[_]>::first).zip(1u16..) {
        sheet.jump((row + 1, column), &first.sheet, (&first.sheet, 0, 0), &sheet.styles.link)?;
    }
    let learned = plan.forms().filter_map(<[_]>::first).filter_map(|first| {
        let learned = first.form.to_confirm()?;
        Some(format!("{} (từ {} đơn vị)", first.form.code, learned.offices))
    });
    let learned = learned.collect::<Vec<_>>().join(", ");
    if !learned.is_empty() {
        let words = format!("Mẫu biểu chưa ai mô tả, chương trình tự học, chờ xác nhận: {learned}.");
        sheet.text((row + 2, 0), &words, &sheet.styles.strong)?;
    }
    Ok(())
}

const FIRST: u32 = 4;
const SECOND: u32 = 7;
/// The last row of the cards.
pub const BOTTOM: u32 = 10;
/// Cards in a row: one over the names, the others over two columns each.
const MOST: usize = 6;

/// Two rows: how the reporting stands, and the main figures.
fn cards(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    coverage: &Coverage<'_>,
    compared: &MainTable<'_>,
) -> Result<(), XlsxError> {
    for (n, (words, caption)) in standing(plan, coverage).iter().enumerate() {
        let (left, right) = columns(n);
        sheet.area((FIRST, left, FIRST, right), "", &sheet.styles.big[0])?;
        match words.parse::<i64>() {
            Ok(count) => sheet.number((FIRST, left), Figure::whole(count), &sheet.styles.big[0])?,
            Err(_) => sheet.text((FIRST, left), words, &sheet.styles.big[0])?,
        }
        sheet.area((FIRST + 1, left, FIRST + 1, right), caption, &sheet.styles.caption)?;
    }
    sheet.tall(FIRST, 32)?;
    sheet.tall(FIRST + 1, 18)?;
    sheet.tall(FIRST + 2, 6)?;
    let foremost = compared.foremost();
    for (n, main) in foremost.iter().take(MOST).enumerate() {
        card(sheet, n, main)?;
    }
    for (row, tall) in [(SECOND, 32.0), (SECOND + 1, 32.0), (SECOND + 2, 16.0), (SECOND + 3, 16.0)] {
        sheet.tall(row, if foremost.is_empty() { 6.0 } else { tall })?;
    }
    Ok(())
}

const fn columns(n: usize) -> (u16, u16) {
    if n == 0 { (0, 1) } else { (2 * n as u16, 2 * n as u16 + 1) }
}

/// How the reporting stands, each with what it is.
fn standing(plan: &Plan<'_>, coverage: &Coverage<'_>) -> [(String, &'static str); MOST] {
    let here = |f: &&Finding| f.waived.is_none() && f.period.is_none_or(|p| plan.period.holds(p));
    let open = || plan.outcome.findings.iter().filter(here);
    let count = |s: Severity| open().filter(|f| f.severity == s).count().to_string();
    let sending = |row: &&Vec<Standing>| row.iter().any(Standing::is_whole);
    let sent = coverage.grid.iter().filter(sending).count();
    // What was sent for a part of the period, empty or unreadable is not received.
    let due = coverage.grid.iter().flatten().filter(|s| s.is_asked());
    let (received, owed): (Vec<_>, Vec<_>) = due.partition(|s| s.is_whole());
    let (received, owed) = (received.len(), owed.len());
    let refused = plan.outcome.files.iter().filter(|f| f.verdict == Verdict::Refused);
    [
        (format!("{sent}/{}", plan.units.len()), "đơn vị đã gửi báo cáo"),
        (format!("{received}/{}", received + owed), "biểu đã nhận đủ"),
        (owed.to_string(), "biểu còn thiếu"),
        (count(Severity::Error), "lỗi phải sửa"),
        (count(Severity::Warning), "chỗ cần xác nhận"),
        (refused.count().to_string(), "tệp không đọc được"),
    ]
}

/// A main figure with its change.
fn card(sheet: &mut SheetWriter<'_>, n: usize, main: &Compared<'_>) -> Result<(), XlsxError> {
    let (left, right) = columns(n);
    let scale = main.value.map_or(0, |v| v.trimmed().scale);
    let big = match main.main.figure.percent {
        true => &sheet.styles.big_percent,
        false => &sheet.styles.big[usize::from(scale).min(sheet.styles.big.len() - 1)],
    };
    let doubtful = big.clone().set_background_color(AMBER);
    let big = if main.doubtful { &doubtful } else { big };
    sheet.xlsx.merge_range(SECOND, left, SECOND, right, "", big)?;
    sheet.live((SECOND, left), &at(main.row, 2), main.value, big)?;
    let caption = &main.main.figure.name;
    sheet.area((SECOND + 1, left, SECOND + 1, right), caption, &sheet.styles.caption)?;
    for (which, period) in main.earlier.iter().enumerate() {
        let row = SECOND + 2 + which as u32;
        let format = sheet.styles.change(main.main.figure.percent, which);
        sheet.xlsx.merge_range(row, left, row, right, "", format)?;
        // Shares are told apart in points, amounts in percent.
        let column = 4 + 3 * which as u16 + u16::from(!main.main.figure.percent);
        let shown = if main.main.figure.percent { period.change } else { period.percent };
        match shown {
            Some(change) => sheet.live((row, left), &at(main.row, column), Some(change), format)?,
            None => sheet.text((row, left), &period.nothing(which, main.value), format)?,
        }
    }
    Ok(())
}

/// What each colour says.
const LEGEND: [(Tone, &str); 4] = [
    (Tone::Good, "✓ đã gửi, không có lỗi"),
    (Tone::Doubtful, "n ? cần xác nhận; thiếu một phần kỳ"),
    (Tone::Bad, "n lỗi phải sửa"),
    (Tone::Missing, "chưa gửi"),
];

/// Units under their levels; the last row.
fn grid(
    sheet: &mut SheetWriter<'_>,
    top: u32,
    plan: &Plan<'_>,
    coverage: &Coverage<'_>,
    findings: &Order<'_>,
) -> Result<u32, XlsxError> {
    sheet.text((top, 0), "ĐƠN VỊ NÀO ĐÃ GỬI BIỂU NÀO", &sheet.styles.strong)?;
    for (n, (tone, words)) in LEGEND.into_iter().enumerate() {
        let left = LEFT + 3 * n as u16;
        // The narrowest page still has room for three columns each.
        sheet.across((top, left, left + if n == 3 { 0 } else { 2 }), words, sheet.styles.centre(tone))?;
    }
    let mut row = top + 1;
    sheet.text((row, 0), "STT", &sheet.styles.bar)?;
    sheet.text((row, 1), "Đơn vị (bấm vào ô để xem; ô trống: không phải gửi)", &sheet.styles.bar)?;
    for (at, form) in coverage.forms.iter().enumerate() {
        // No links here: LibreOffice paints them blue on blue.
        sheet.text((row, LEFT + at as u16), &short(form), &sheet.styles.bar)?;
    }
    sheet.tall(row, 34)?;
    let rows = unit_rows(plan, row + 1);
    for &(at, whose) in rows.iter().filter(|(_, whose)| *whose != Whose::All) {
        row = at;
        match whose {
            Whose::Level(level) => of_level(sheet, row, plan, coverage, level)?,
            Whose::Unit(unit) => of_unit(sheet, row, plan, coverage, findings, unit)?,
            _ => {}
        }
    }
    Ok(row)
}

/// How many of a level have sent each form.
fn of_level(
    sheet: &mut SheetWriter<'_>,
    row: u32,
    plan: &Plan<'_>,
    coverage: &Coverage<'_>,
    number: usize,
) -> Result<(), XlsxError> {
    let level = &plan.levels[number];
    sheet.whose(plan, (row, Whose::Level(number)), (1, NAME), Tone::Bold)?;
    for form in 0..coverage.forms.len() {
        let standings = || coverage.grid[level.units.clone()].iter().map(|row| &row[form]);
        let asked = standings().filter(|s| s.is_asked()).count();
        let sent = standings().filter(|s| s.is_whole()).count();
        let words = if asked == 0 { String::new() } else { format!("{sent}/{asked}") };
        sheet.text((row, LEFT + form as u16), &words, sheet.styles.centre(Tone::Bold))?;
    }
    Ok(())
}

fn of_unit(
    sheet: &mut SheetWriter<'_>,
    row: u32,
    plan: &Plan<'_>,
    coverage: &Coverage<'_>,
    findings: &Order<'_>,
    unit: usize,
) -> Result<(), XlsxError> {
    sheet.whose(plan, (row, Whose::Unit(unit)), (1, NAME), Tone::Plain)?;
    for (at, standing) in coverage.grid[unit].iter().enumerate() {
        let place = (row, LEFT + at as u16);
        let format = sheet.styles.centre(standing.tone());
        let way = match (&standing.sent, standing.errors + standing.warnings) {
            (Sent::NotExpected, _) => None,
            (Sent::Whole, 0) => sent(plan, coverage.forms[at], unit),
            (Sent::Missing | Sent::Unreadable(_) | Sent::Partly(_), _) | (_, 0) => {
                Some((STATUS.to_owned(), status_sheet::row(unit), 0))
            }
            _ => findings
                .first(&plan.parts_of(&plan.units[unit]), coverage.forms[at])
                .map(|row| (FINDINGS.to_owned(), row, 0)),
        };
        match way {
            Some((to, to_row, column)) => {
                sheet.jump(place, &standing.brief(), (&to, to_row, column), format)?;
            }
            None => sheet.text((place.0, place.1), &standing.brief(), format)?,
        }
    }
    Ok(())
}

/// The unit's row or column of a form.
fn sent(plan: &Plan<'_>, form: &str, unit: usize) -> Option<(String, u32, u16)> {
    let table = plan.tables.iter().find(|t| *t.form.id == *form)?;
    let whose = Whose::Unit(unit);
    Some(match table.pivot(By::Unit) {
        Some(pivot) => (pivot.sheet.clone(), pivot.row(whose)?.row, 0),
        None => {
            let row = TITLE_ROWS + 1;
            (table.by_unit.clone(), row, matrix::column(plan, table, whose)?)
        }
    })
}

/// Rows and pixels that a chart takes, and the column that the right one of two begins in.
const ROWS: u32 = 17;
const WIDE: u32 = 540;
const TALL: u32 = 325;
const MIDDLE: u16 = 5;

/// Two beside one another; the row after the last.
pub fn insert(sheet: &mut SheetWriter<'_>, period: Period, top: u32, drawn: &[Drawn]) -> Result<u32, XlsxError> {
    for (n, drawn) in drawn.iter().enumerate() {
        let row = top + ROWS * (n as u32 / 2);
        let (column, offset) = if n % 2 == 0 { (0, 4) } else { (MIDDLE, 10) };
        sheet.xlsx.insert_chart_with_offset(row, column, &chart(drawn, period), offset, 4)?;
    }
    Ok(top + ROWS * (drawn.len() as u32).div_ceil(2) + u32::from(!drawn.is_empty()))
}

fn chart(drawn: &Drawn, period: Period) -> Chart {
    // Shares lie down, so that the names of units can be read.
    let kind = if drawn.percent { ChartType::Bar } else { ChartType::Column };
    let mut chart = Chart::new(kind);
    let when = period.in_vietnamese();
    let shown = drawn.last - drawn.first + 1;
    let which = match (drawn.left_out, drawn.percent) {
        (0, _) => String::new(),
        (_, true) => format!(" – {shown} đơn vị thấp nhất"),
        (_, false) => format!(" – {shown} đơn vị lớn nhất"),
    };
    let mut bold = font(11);
    bold.set_bold();
    let title = format!("{}{which}", drawn.title);
    chart.title().set_name(&title).set_font(&bold);
    chart.set_width(WIDE).set_height(TALL);
    axes(&mut chart, drawn);
    chart.legend().set_font(&font(9)).set_position(ChartLegendPosition::Bottom);
    if drawn.series.len() == 1 {
        chart.legend().set_hidden();
    }
    for (n, name) in drawn.series.iter().enumerate() {
        let column = drawn.name + 1 + n as u16;
        let mut fill = ChartSolidFill::new();
        fill.set_color(SERIES[n % SERIES.len()]);
        let series = chart.add_series();
        if drawn.percent {
            let mut label = ChartDataLabel::new();
            label.show_value().set_font(&font(8)).set_num_format("0.0\"%\"");
            series.set_data_label(&label);
        }
        series
            .set_name(name)
            .set_categories((UNITS, drawn.first, drawn.name, drawn.last, drawn.name))
            .set_values((UNITS, drawn.first, column, drawn.last, column))
            .set_format(ChartFormat::new().set_solid_fill(&fill))
            .set_gap(60);
    }
    let text = format!(
        "Biểu đồ {when}: {title}. {} đơn vị, mỗi đơn vị: {}. Số liệu ở sheet “{UNITS}”.",
        shown,
        drawn.series.join(", ")
    );
    chart.set_alt_text(text.chars().take(ALT_TEXT).collect::<String>());
    chart
}

/// Of lying bars the names stand at the y axis.
fn axes(chart: &mut Chart, drawn: &Drawn) {
    chart.x_axis().set_font(&font(8));
    chart.y_axis().set_font(&font(8));
    let mut line = ChartLine::new();
    line.set_color(GRID);
    if drawn.percent {
        chart.x_axis().set_major_gridlines_line(&line);
        chart.y_axis().set_reverse();
        chart.x_axis().set_min(0).set_max(drawn.most).set_num_format("0\"%\"");
    } else {
        chart.y_axis().set_major_gridlines_line(&line);
        chart.y_axis().set_num_format("#,##0");
    }
}

fn font(size: u32) -> ChartFont {
    let mut font = ChartFont::new();
    font.set_name(FONT).set_size(size);
    font
}

/// Columns of the kind, and of the ground, which reaches to the last column.
const KIND: (u16, u16) = (2, 4);
const GROUND: u16 = 5;
/// Letters of the columns of grounds at the least.
const GROUND_WIDTH: f64 = 70.0;
/// Rules and sheets that are told of a form.
const MOST_TOLD: usize = 40;

/// The forms that were learned and nobody has confirmed, with what they were taken to be and why; the last row.
fn learned_forms(sheet: &mut SheetWriter<'_>, top: u32, last: u16, plan: &Plan<'_>) -> Result<u32, XlsxError> {
    let mut row = top;
    for form in plan.forms().filter_map(<[_]>::first).map(|first| first.form) {
        if form.to_confirm().is_some() {
            row = learned_form(sheet, row + 2, last, form, plan)?;
        }
    }
    Ok(row)
}

fn learned_form(
    sheet: &mut SheetWriter<'_>,
    top: u32,
    last: u16,
    form: &Form,
    plan: &Plan<'_>,
) -> Result<u32, XlsxError> {
    let Some(learned) = form.to_confirm() else { return Ok(top) };
    let words =
        format!("BIỂU {} HỌC ĐƯỢC TỪ {} SHEET CỦA {} ĐƠN VỊ, CHỜ XÁC NHẬN", form.id, learned.sheets, learned.offices);
    sheet.text((top, 0), &words, &sheet.styles.strong)?;
    let mut row = top + 1;
    let mut line = |sheet: &mut SheetWriter<'_>, [id, name, kind, ground]: [&str; 4], tone: Option<Tone>| {
        let format = tone.map_or(&sheet.styles.bar, |tone| sheet.styles.text(tone));
        sheet.text((row, 0), id, format)?;
        sheet.text((row, 1), name, format)?;
        sheet.area((row, KIND.0, row, KIND.1), kind, format)?;
        sheet.area((row, GROUND, row, last), ground, format)?;
        sheet.tall(row, height(name, 36.0).max(height(ground, GROUND_WIDTH)).max(height(kind, 30.0)))?;
        row += 1;
        Ok::<(), XlsxError>(())
    };
    line(sheet, ["Mã", "Tên trên biểu", "Cộng qua các kỳ", "Căn cứ"], None)?;
    for row in learned_rows(form).into_iter().flat_map(|(_, rows)| rows).filter(|row| row.figure) {
        let (kind, ground) = (over_periods(row.kind, Lang::Vi), row.ground.as_str());
        let (tone, ground) = if row.open { (Tone::Doubtful, "cần trả lời") } else { (Tone::Plain, ground) };
        line(sheet, [&row.place.id, &row.name, kind, ground], Some(tone))?;
    }
    let rules = plan.outcome.catalogue.rules.iter().filter(|r| r.form == form.id && !r.basis.is_empty());
    for rule in rules.take(MOST_TOLD) {
        line(sheet, ["", &rule.says, "quy tắc", &rule.basis], Some(Tone::Plain))?;
    }
    for misfit in learned.misfits.iter().take(MOST_TOLD) {
        line(sheet, ["", &misfit.file, "không khớp", &misfit.why], Some(Tone::Doubtful))?;
    }
    Ok(row - 1)
}
