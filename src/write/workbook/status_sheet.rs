//! Who has sent what for the period, unit by form (whole, in part, with mistakes, not at all), and the sheet to remind units
//! by.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_xlsxwriter::XlsxError;

use super::pivot::Whose;
use super::plan::Plan;
use super::sheet::{Paper, STATUS, SheetWriter, short};
use crate::model::outcome::Sent;
use crate::model::{Lang, Period, Severity};
use crate::write::style::{Tone, height};

/// A unit's standing with one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub sent: Sent,
    pub errors: usize,
    pub warnings: usize,
}

/// Unit × form.
pub struct Coverage<'a> {
    pub forms: Vec<&'a Arc<str>>,
    /// As the plan's units, then as the forms.
    pub grid: Vec<Vec<Standing>>,
}

impl<'a> Coverage<'a> {
    /// Of every form that anybody has sent.
    pub fn new(plan: &Plan<'a>) -> Self {
        let coverage = &plan.consolidation.coverage;
        let mistakes = mistakes(plan);
        let standing = |unit: &Arc<str>, form: &Arc<str>| {
            let (mut errors, mut warnings) = (0, 0);
            for part in plan.parts_of(unit) {
                let own = mistakes.get(&(&**part, &**form)).copied().unwrap_or_default();
                (errors, warnings) = (errors + own.0, warnings + own.1);
            }
            Standing { sent: coverage.of(form, unit), errors, warnings }
        };
        let grid = plan.units.iter().map(|unit| coverage.forms.iter().map(|form| standing(unit, form)).collect());
        Self { grid: grid.collect(), forms: coverage.forms.iter().collect() }
    }
}

/// Findings that ask something of the unit, for the period: (errors, warnings).
fn mistakes<'a>(plan: &Plan<'a>) -> HashMap<(&'a str, &'a str), (usize, usize)> {
    let mut mistakes: HashMap<(&'a str, &'a str), (usize, usize)> = HashMap::new();
    let open = plan.outcome.findings.iter().filter(|f| f.waived.is_none());
    for finding in open.filter(|f| f.period.is_none_or(|p| plan.period.holds(p))) {
        let counts = mistakes.entry((&finding.unit, &finding.form)).or_default();
        match finding.severity {
            Severity::Error => counts.0 += 1,
            Severity::Warning => counts.1 += 1,
            Severity::Note => {}
        }
    }
    mistakes
}

/// The periods a unit sent a form for, within the period.
pub fn sent(plan: &Plan<'_>, unit: &str, form: &str) -> Vec<Period> {
    let mut sent: Vec<Period> = plan.sent(unit).iter().filter(|r| *r.form == *form).map(|r| r.period).collect();
    sent.sort_by_key(|p| p.months());
    sent.dedup();
    sent
}

impl Standing {
    pub const fn tone(&self) -> Tone {
        match (&self.sent, self.errors, self.warnings) {
            (Sent::NotExpected, ..) => Tone::Plain,
            (Sent::Missing, ..) => Tone::Missing,
            (Sent::Partly(_), ..) => Tone::Doubtful,
            (Sent::Empty | Sent::Unreadable(_) | Sent::Undecided, ..) => Tone::Bad,
            (Sent::Whole, 0, 0) => Tone::Good,
            (Sent::Whole, 0, _) => Tone::Doubtful,
            (Sent::Whole, ..) => Tone::Bad,
        }
    }

    /// As short as a cell of the grid.
    pub fn brief(&self) -> String {
        match (&self.sent, self.errors, self.warnings) {
            (Sent::NotExpected, ..) => String::new(),
            (Sent::Missing, ..) => "thiếu".into(),
            (Sent::Unreadable(_), ..) => "tệp hỏng".into(),
            (Sent::Empty, ..) => "biểu trống".into(),
            (Sent::Undecided, ..) => "chưa rõ bản".into(),
            (Sent::Partly(missing), ..) => format!("thiếu {} kỳ", missing.len()),
            (Sent::Whole, 0, 0) => "✓".into(),
            (Sent::Whole, 0, warnings) => format!("{warnings} ?"),
            (Sent::Whole, errors, _) => format!("{errors} lỗi"),
        }
    }

    /// In full.
    pub fn phrase(&self) -> String {
        match (&self.sent, self.errors, self.warnings) {
            (Sent::NotExpected, ..) => String::new(),
            (Sent::Missing, ..) => "Chưa gửi".into(),
            (Sent::Unreadable(file), ..) => format!("Có tệp nhưng không đọc được: {file}"),
            (Sent::Empty, ..) => "Đã gửi biểu trống, chưa có số liệu".into(),
            (Sent::Undecided, ..) => "Gửi nhiều bản khác nhau, chưa rõ bản nào là bản chính thức".into(),
            (Sent::Partly(missing), ..) => format!("Còn thiếu {}", Lang::Vi.periods(missing)),
            (Sent::Whole, 0, 0) => "Đã gửi".into(),
            (Sent::Whole, 0, warnings) => format!("Đã gửi; {warnings} chỗ cần xác nhận"),
            (Sent::Whole, errors, 0) => format!("Đã gửi; {errors} lỗi"),
            (Sent::Whole, errors, warnings) => format!("Đã gửi; {errors} lỗi, {warnings} chỗ cần xác nhận"),
        }
    }

    /// Whether the unit sent the whole of it: a part is not the whole.
    pub fn is_whole(&self) -> bool {
        self.sent == Sent::Whole
    }

    pub fn is_asked(&self) -> bool {
        self.sent != Sent::NotExpected
    }
}

const TOP: u32 = 3;
/// Width of the units' names.
const NAME: f64 = 36.0;

/// The row of a unit.
pub const fn row(unit: usize) -> u32 {
    TOP + unit as u32
}

/// One row a unit, one column a form.
pub fn write(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    coverage: &Coverage<'_>,
    run_date: NaiveDate,
) -> Result<(), XlsxError> {
    sheet.set_up(Paper::Landscape, STATUS)?;
    sheet.text((0, 0), &format!("TÌNH HÌNH GỬI BÁO CÁO – {}", plan.period.in_vietnamese()), &sheet.styles.strong)?;
    let missing = coverage.forms.len() as u16 + 2;
    sheet.widths(0, &[6.0, NAME])?;
    sheet.widths(2, &vec![16.0; coverage.forms.len()])?;
    sheet.widths(missing, &[30.0, 60.0])?;
    sheet.captions((2, 0), ["STT", "Đơn vị"])?;
    let due: Vec<Option<NaiveDate>> =
        coverage.forms.iter().map(|form| plan.outcome.catalogue.form(form)?.due_on(plan.period)).collect();
    for (at, form) in coverage.forms.iter().enumerate() {
        let day = due[at].map(|day| format!("\nhạn {}", day.format("%-d/%-m/%Y")));
        let words = format!("{}{}", short(form), day.unwrap_or_default());
        sheet.text((2, at as u16 + 2), &words, &sheet.styles.bar)?;
    }
    sheet.tall(2, 36)?;
    let hint = "Hạn là ngày cấp tỉnh phải gửi lên cấp trên; đơn vị gửi trước ngày ấy.";
    sheet.text((1, 0), hint, &sheet.styles.plain)?;
    sheet.captions((2, missing), ["Chưa gửi", "Tệp đã nhận"])?;
    for (n, unit) in plan.units.iter().enumerate() {
        let row = row(n);
        sheet.whose(plan, (row, Whose::Unit(n)), (1, NAME), Tone::Plain)?;
        let mut lacking = Vec::new();
        let mut tall: f64 = 18.0;
        for (at, (standing, form)) in coverage.grid[n].iter().zip(&coverage.forms).enumerate() {
            if matches!(standing.sent, Sent::Missing | Sent::Unreadable(_) | Sent::Empty) {
                lacking.push(short(form));
            }
            let parts = plan.parts_of(unit);
            let mut periods: Vec<Period> = parts.iter().flat_map(|u| sent(plan, u, form)).collect();
            periods.sort_by_key(|p| p.months());
            periods.dedup();
            let late = due[at].is_some_and(|day| day < run_date);
            let (words, tone) = match standing.sent {
                Sent::Missing if late => ("Chưa gửi, đã quá hạn".to_owned(), Tone::Bad),
                _ => (in_words(plan.period, standing, &periods), standing.tone()),
            };
            tall = tall.max(height(&words, 15.0));
            sheet.text((row, at as u16 + 2), &words, sheet.styles.centre(tone))?;
        }
        let files = files(plan, unit);
        tall = tall.max(height(&files, 62.0)).max(height(&lacking.join(", "), 30.0));
        sheet.text((row, missing), &lacking.join(", "), sheet.styles.text(Tone::Plain))?;
        sheet.text((row, missing + 1), &files, sheet.styles.text(Tone::Plain))?;
        sheet.tall(row, tall.min(200.0))?;
    }
    sheet.xlsx.autofilter(2, 0, 2 + plan.units.len().max(1) as u32, missing + 1)?;
    sheet.xlsx.set_freeze_panes(3, 2)?;
    sheet.xlsx.set_repeat_rows(2, 2)?;
    Ok(())
}

/// What was sent, and for which parts where the period has parts.
fn in_words(period: Period, standing: &Standing, sent: &[Period]) -> String {
    let parts: Vec<Period> = sent.iter().filter(|p| **p != period).copied().collect();
    if parts.is_empty() { standing.phrase() } else { format!("{}\n({})", standing.phrase(), Lang::Vi.periods(&parts)) }
}

fn files(plan: &Plan<'_>, unit: &Arc<str>) -> String {
    let parts = plan.parts_of(unit);
    let mut files: Vec<&str> = parts.iter().flat_map(|unit| plan.sent(unit)).map(|r| &*r.file).collect();
    files.sort_unstable();
    files.dedup();
    files.join("\n")
}
