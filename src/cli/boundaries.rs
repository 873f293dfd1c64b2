//! What was done to bring units to the boundaries of a day, in sentences.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use crate::model::{Boundaries, Kept, Lang, Outcome, Period};

/// Of the units that reported for the period: which are shown under which, which stay as they were and why.
pub fn words(day: &Boundaries, outcome: &Outcome, period: Period, lang: Lang) -> String {
    let name = |code: &str| outcome.units.name(code).to_owned();
    let reported: BTreeSet<&Arc<str>> =
        outcome.returns.iter().filter(|r| !r.superseded && period.holds(r.period)).map(|r| &r.unit).collect();
    let on = day.day.format("%d/%m/%Y");
    let mut text = lang.pick(
        format!(
            "Đơn vị theo tổ chức ngày {on}; tổng toàn tỉnh không đổi, câu trả lời theo mã đếm theo đơn vị đã gửi.\n"
        ),
        format!(
            "Units as they stand on {}; the grand total is the same, coded answers are counted as they were sent.\n",
            day.day
        ),
    );
    let mut joined: BTreeMap<&Arc<str>, Vec<String>> = BTreeMap::new();
    for unit in reported.iter().filter(|u| day.of(u) != **u) {
        joined.entry(day.of(unit)).or_default().push(name(unit));
    }
    for (now, former) in joined {
        let _ = writeln!(text, "  {} ← {}", name(now), former.join("; "));
    }
    for (unit, why) in day.kept.iter().filter(|(unit, _)| {
        reported.contains(unit) || day.stands_for.iter().any(|(former, now)| now == *unit && reported.contains(former))
    }) {
        let unit = name(unit);
        let _ = match why {
            Kept::Split(heirs) => {
                let heirs = heirs.iter().map(|h| name(h)).collect::<Vec<_>>().join("; ");
                writeln!(
                    text,
                    "  {}",
                    lang.pick(
                        format!("{unit}: việc đã chia cho {heirs}; số liệu không tách được nên giữ dưới tên cũ."),
                        format!(
                            "{unit}: its work went to {heirs}; its figures can't be shared out and stay under its name."
                        ),
                    )
                )
            }
            Kept::Later => writeln!(
                text,
                "  {}",
                lang.pick(
                    format!("{unit}: lập sau ngày {on}; số liệu giữ dưới tên này."),
                    format!("{unit}: came after {}; its figures stay under its name.", day.day),
                )
            ),
        };
    }
    text
}
