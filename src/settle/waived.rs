//! Turns findings that somebody answers for into waived ones: still listed, no longer to be corrected.

use chrono::NaiveDate;
use rapidfuzz::distance::jaro_winkler;

use crate::model::finding::{Waived, Waiver};
use crate::model::{Catalogue, Finding, Lang, Unit, Units};
use crate::normalise::text::key;

/// A waiver that did nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idle<'a> {
    pub waiver: &'a Waiver,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Its last day is over, and so many findings count again.
    Expired { findings: usize },
    /// No finding is like it.
    Unmatched,
    /// What it covers has the same cause as findings of another rule, which nobody answers for.
    Partly { other: String },
}

/// Marks what the waivers cover on the day of the run; what comes back did nothing. A finding that stands for several
/// rules is waived when each of them is.
pub fn waive<'a>(findings: &mut [Finding], waivers: &'a [Waiver], units: &Units, today: NaiveDate) -> Vec<Idle<'a>> {
    for finding in findings.iter_mut() {
        let answered = finding.rules.iter().map(|r| answer(waivers, units, finding, r, today));
        let answered = answered.map(|w| w.map(answering)).collect::<Option<Vec<_>>>();
        finding.waived = answered.or(finding.waived.take());
    }
    let idle = |waiver: &'a Waiver| {
        let covered = || findings.iter().filter(|f| f.rules.iter().any(|r| covers(waiver, units, f, r)));
        let count = covered().count();
        let why = if waiver.until < today {
            Why::Expired { findings: count }
        } else if count == 0 {
            Why::Unmatched
        } else if covered().all(|f| f.waived.is_none()) {
            let open = covered().flat_map(|f| f.rules.iter().map(move |r| (f, r)));
            let (_, other) = open.into_iter().find(|(f, r)| answer(waivers, units, f, r, today).is_none())?;
            Why::Partly { other: other.clone() }
        } else {
            return None;
        };
        Some(Idle { waiver, why })
    };
    waivers.iter().filter_map(idle).collect()
}

/// The last waiver that answers for a finding's rule on the day.
fn answer<'w>(
    waivers: &'w [Waiver],
    units: &Units,
    finding: &Finding,
    rule: &str,
    today: NaiveDate,
) -> Option<&'w Waiver> {
    let live = |w: &&Waiver| w.until >= today && covers(w, units, finding, rule);
    waivers.iter().rev().find(live)
}

fn covers(waiver: &Waiver, units: &Units, finding: &Finding, id: &str) -> bool {
    let rule = match waiver.rule.strip_suffix('*') {
        Some(start) => id.starts_with(start),
        None => id == waiver.rule,
    };
    let unit = waiver.unit.as_deref().is_none_or(|unit| is_unit(unit, units, &finding.unit));
    rule && unit && waiver.period.is_none_or(|period| finding.period == Some(period))
}

/// Whether a waiver's unit is this one: by its code, or by its name or another that units.csv gives it.
fn is_unit(written: &str, units: &Units, code: &str) -> bool {
    let wanted = key(written);
    let called = |unit: &Unit| unit.aliases.iter().chain([&unit.name]).any(|name| key(name) == wanted);
    *written == *code || key(code) == wanted || units.get(code).is_some_and(called)
}

fn answering(waiver: &Waiver) -> Waived {
    Waived { reason: waiver.reason.clone(), by: waiver.by.clone(), until: waiver.until }
}

/// What to tell of a waiver that did nothing, with the name that was probably meant.
pub fn note(idle: &Idle<'_>, file: &str, catalogue: &Catalogue, units: &Units, lang: Lang) -> String {
    let waiver = idle.waiver;
    let at = lang.pick(format!("{file}, dòng {}", waiver.line), format!("{file}, line {}", waiver.line));
    match &idle.why {
        Why::Expired { findings } => {
            let until = waiver.until.format(lang.pick("%d/%m/%Y", "%Y-%m-%d"));
            let rule = &waiver.rule;
            lang.pick(
                format!("{at}: miễn trừ '{rule}' đã hết hạn ngày {until}; {findings} chỗ được tính lại. Gia hạn ở cột until, hoặc bỏ dòng này."),
                format!("{at}: the waiver of '{rule}' ended on {until}; {findings} findings count again. Give it a later 'until', or take the line out."),
            )
        }
        Why::Partly { other } => {
            let rule = &waiver.rule;
            lang.pick(
                format!("{at}: miễn trừ '{rule}' chưa đủ: phát hiện ấy có cùng nguyên nhân với quy tắc '{other}', chưa được miễn."),
                format!("{at}: the waiver of '{rule}' is not enough: the finding has the same cause as rule '{other}', which is not waived."),
            )
        }
        Why::Unmatched => {
            let hint = hint(waiver, catalogue, units, lang);
            let rule = &waiver.rule;
            lang.pick(
                format!("{at}: miễn trừ '{rule}' không ứng với phát hiện nào{hint}."),
                format!("{at}: the waiver of '{rule}' matches no finding{hint}."),
            )
        }
    }
}

fn hint(waiver: &Waiver, catalogue: &Catalogue, units: &Units, lang: Lang) -> String {
    let unit = waiver
        .unit
        .as_deref()
        .filter(|u| !units.list.is_empty() && !units.list.iter().any(|own| is_unit(u, units, &own.code)));
    if let Some(unit) = unit {
        let near = nearest(unit, units.list.iter().map(|u| &*u.code));
        return lang.pick(
            format!(": units.csv không có đơn vị '{unit}', gần nhất là '{near}'"),
            format!(": units.csv has no unit '{unit}', the nearest is '{near}'"),
        );
    }
    let start = waiver.rule.trim_end_matches('*');
    let known = |id: &str| {
        if waiver.rule.ends_with('*') { id.starts_with(start) } else { id == start }
    };
    // What recognition doubts has ids of its own, `<form>:…`, that are no rules of a template.
    if catalogue.rules.iter().any(|r| known(&r.id)) {
        return String::new();
    }
    let near = nearest(start, catalogue.rules.iter().map(|r| &*r.id));
    lang.pick(
        format!(" (không có quy tắc này trong các mẫu; gần nhất là '{near}')"),
        format!(" (no template has this rule; the nearest is '{near}')"),
    )
}

fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> &'a str {
    known
        .map(|name| (jaro_winkler::normalized_similarity(wrong.chars(), name.chars()), name))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or("", |(_, name)| name)
}

#[cfg(test)]
#[path = "../../tests/unit/settle_waived.rs"]
mod tests;
