//! Who has sent what for the period, unit by form, as the sheets show it: whole, in part, with mistakes, not at all.

use std::collections::HashMap;
use std::sync::Arc;

use super::plan::Plan;
use crate::model::coverage::Sent;
use crate::model::{Period, Severity};
use crate::write::style::Tone;

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
    #[must_use]
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
#[must_use]
pub fn sent(plan: &Plan<'_>, unit: &str, form: &str) -> Vec<Period> {
    let own = plan.sent(unit).iter().filter(|r| *r.form == *form);
    let mut sent: Vec<Period> = own.map(|r| r.period).collect();
    sent.sort_by_key(|p| p.months());
    sent.dedup();
    sent
}

impl Standing {
    #[must_use]
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
    #[must_use]
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
    #[must_use]
    pub fn said(&self) -> String {
        match (&self.sent, self.errors, self.warnings) {
            (Sent::NotExpected, ..) => String::new(),
            (Sent::Missing, ..) => "Chưa gửi".into(),
            (Sent::Unreadable(file), ..) => format!("Có tệp nhưng không đọc được: {file}"),
            (Sent::Empty, ..) => "Đã gửi biểu trống, chưa có số liệu".into(),
            (Sent::Undecided, ..) => "Gửi nhiều bản khác nhau, chưa rõ bản nào là bản chính thức".into(),
            (Sent::Partly(missing), ..) => {
                let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
                format!("Còn thiếu {}", names.join(", "))
            }
            (Sent::Whole, 0, 0) => "Đã gửi".into(),
            (Sent::Whole, 0, warnings) => format!("Đã gửi; {warnings} chỗ cần xác nhận"),
            (Sent::Whole, errors, 0) => format!("Đã gửi; {errors} lỗi"),
            (Sent::Whole, errors, warnings) => format!("Đã gửi; {errors} lỗi, {warnings} chỗ cần xác nhận"),
        }
    }

    /// Whether the unit sent the whole of it: a part is not the whole.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.sent == Sent::Whole
    }

    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.sent != Sent::NotExpected
    }
}
