//! Figures bound by content controls against the consolidation they were written from. A tag says which figure it is:
//! [`crate::model::Binding`].

use std::collections::HashMap;

use super::quantities::number;
use super::say::{Said, placed};
use crate::model::text::{Bound, Text, Written};
use crate::model::{Binding, Figure, Finding, Lang, Op, Reworded, Severity, Total};
use crate::normalise::in_words::money;

/// What a bound figure must say.
enum Due {
    Number(Figure),
    /// One of several: how many units are in one figure or another.
    Among(Vec<Figure>),
    Text(String),
}

/// Everything the tags of a text may be held against.
struct Ledger<'a> {
    totals: HashMap<String, &'a Total>,
    all: &'a [Total],
    report: &'a [Bound],
    text: &'a Text,
}

/// The bound figures of a text that say something else.
pub fn against(text: &Text, written: Option<&Written>, lang: Lang) -> Vec<Finding> {
    let none = Written::default();
    let written = written.unwrap_or(&none);
    let ledger = Ledger {
        totals: written
            .totals
            .iter()
            .map(|t| (binding(t).tag(), t))
            .collect(),
        all: &written.totals,
        report: &written.report,
        text,
    };
    let mut found = Vec::new();
    let mut met: HashMap<&str, usize> = HashMap::new();
    for bound in &text.bound {
        let nth = met.entry(&bound.tag).or_default();
        if let Some((due, from)) = ledger.due(bound, *nth)
            && !due.is(bound)
        {
            found.push(finding(
                bound,
                &due,
                from.then_some(&written.name),
                text,
                lang,
            ));
        }
        *nth += 1;
    }
    found
}

fn binding(total: &Total) -> Binding {
    Binding {
        op: Op::Figure,
        form: total.form.clone(),
        table: total.table.clone(),
        line: total.line.to_string(),
        column: total.column.to_string(),
        period: total.period.to_string(),
        unit: String::new(),
    }
}

impl Ledger<'_> {
    /// What a figure must say, and whether that comes from the consolidation rather than the document itself.
    fn due(&self, bound: &Bound, nth: usize) -> Option<(Due, bool)> {
        let parts: Vec<&str> = bound.tag.split('|').collect();
        let op = parts.first().copied()?;
        if let Some(total) = self.totals.get(&bound.tag) {
            return Some((Due::Number(total.value?), true));
        }
        let same = |b: &&Bound| b.tag == bound.tag;
        if let Some(other) = self.report.iter().filter(same).nth(nth) {
            return Some((Due::Text(other.text.clone()), true));
        }
        if self.all.is_empty() {
            return self.by_itself(bound, op);
        }
        let worked_out = match op {
            o if o == Op::Reported.name() => self.units(parts.get(1)?, |t| t.reported),
            o if o == Op::Expected.name() => self.units(parts.get(1)?, |t| t.expected),
            o if o == Op::Share.name() => self.share(&parts).map(Due::Number),
            _ => None,
        };
        worked_out
            .map(|due| (due, true))
            .or_else(|| self.by_itself(bound, op))
    }

    fn units(&self, form: &str, count: impl Fn(&Total) -> u32) -> Option<Due> {
        let all: Vec<Figure> = self
            .all
            .iter()
            .filter(|t| *t.form == *form)
            .map(|t| Figure::whole(i64::from(count(t))))
            .collect();
        (!all.is_empty()).then_some(Due::Among(all))
    }

    /// `ty-le|form|table|8+9/7|period|line`: the figures above over those below.
    fn share(&self, parts: &[&str]) -> Option<Figure> {
        let [_, form, table, column, period, line] = parts else {
            return None;
        };
        let side = |n: usize| {
            let of = |written: &str| -> Vec<String> {
                let side = written
                    .split('/')
                    .nth(n)
                    .filter(|_| written.contains('/'))
                    .unwrap_or(written);
                side.split('+').map(str::to_owned).collect()
            };
            let (columns, lines) = (of(column), of(line));
            let many = columns.len().max(lines.len());
            (0..many).try_fold(Figure::ZERO, |sum, i| {
                let pick =
                    |list: &[String]| list.get(i).or(list.first()).cloned().unwrap_or_default();
                let tag = format!(
                    "{}|{form}|{table}|{}|{period}|{}",
                    Op::Figure.name(),
                    pick(&columns),
                    pick(&lines)
                );
                sum.checked_add(self.totals.get(&tag)?.value?)
            })
        };
        // A line whose own name has a slash is no fraction of lines.
        let plain = column.contains('/') && !line.contains(['/', '+'])
            || line.contains('/') && !column.contains(['/', '+']);
        plain
            .then(|| Figure::percentage(side(0)?, side(1)?, 4))
            .flatten()
    }

    /// What most of the figures with the same tag say: a report repeats its figures in its appendix.
    fn by_itself(&self, bound: &Bound, op: &str) -> Option<(Due, bool)> {
        let repeats = [
            Op::Figure,
            Op::OfUnit,
            Op::Difference,
            Op::Change,
            Op::Share,
        ]
        .iter()
        .any(|o| o.name() == op);
        repeats.then_some(())?;
        let said: Vec<Figure> = self
            .text
            .bound
            .iter()
            .filter(|b| b.tag == bound.tag)
            .filter_map(|b| Some(number(&b.text)?.0))
            .collect();
        let count = |value: Figure| said.iter().filter(|v| **v == value).count();
        let usual = said.iter().copied().max_by_key(|v| count(*v))?;
        let own = number(&bound.text)?.0;
        // Of two that differ the first one met, in the text, is named.
        let first = said.first() == Some(&own);
        let odd =
            count(usual) > count(own) || count(usual) == count(own) && said.len() == 2 && first;
        let other = if usual == own {
            said.iter().copied().find(|v| *v != own)?
        } else {
            usual
        };
        odd.then_some((Due::Number(other), false))
    }
}

impl Due {
    /// Whether a figure says it, as precisely as it is printed; a difference is printed without its sign.
    fn is(&self, bound: &Bound) -> bool {
        match self {
            Self::Text(text) => squeezed(text) == squeezed(&bound.text),
            Self::Number(due) => says(bound, *due),
            Self::Among(all) => all.iter().any(|due| says(bound, *due)),
        }
    }

    fn shown(&self, lang: Lang) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(figure) => lang.figure(*figure),
            Self::Among(all) => {
                let mut all = all.clone();
                all.sort_unstable();
                all.dedup();
                all.iter()
                    .map(|f| lang.figure(*f))
                    .collect::<Vec<_>>()
                    .join(", ")
            }
        }
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn says(bound: &Bound, due: Figure) -> bool {
    if let Some(words) = money(&bound.text).and_then(|n| i64::try_from(n).ok()) {
        let measures = [1i64, 1_000, 1_000_000, 1_000_000_000];
        return measures.iter().any(|m| {
            due.units.checked_mul(*m).map(|u| Figure::new(u, due.scale))
                == Some(Figure::whole(words))
        });
    }
    let Some((stated, shown)) = number(&bound.text) else {
        return false;
    };
    if stated == due || stated == due.rounded_to(shown) {
        return true;
    }
    // Never rounded to all or nothing: 99,99% and 0,01%.
    let percent = bound.text.contains('%');
    let (hundred, step) = (Figure::whole(100), Figure::new(1, shown));
    let all_but = stated.checked_add(step) == Some(hundred)
        && due < hundred
        && due.rounded_to(shown) == hundred;
    let hardly = stated == step && due > Figure::ZERO && due.rounded_to(shown).is_zero();
    percent && (all_but || hardly)
}

fn finding(bound: &Bound, due: &Due, name: Option<&String>, text: &Text, lang: Lang) -> Finding {
    let (typed, due_said) = (&bound.text, due.shown(lang));
    let message = match name {
        Some(name) => lang.pick(
            format!("ghi “{typed}”, nhưng số tổng hợp ({name}) là {due_said}; ghi lại theo số tổng hợp, hoặc tổng hợp lại nếu số đã đổi."),
            format!("says “{typed}”, but the consolidation ({name}) says {due_said}; correct it, or consolidate again if the figure has changed."),
        ),
        None => lang.pick(
            format!("ghi “{typed}”, nhưng nơi khác trong báo cáo cùng số liệu này ghi {due_said}; sửa cho như nhau."),
            format!("says “{typed}”, but elsewhere the report says {due_said} for the same figure; make them the same."),
        ),
    };
    let proposed = match due {
        Due::Number(figure) => Some(*figure),
        Due::Text(text) => number(text).map(|(figure, _)| figure),
        Due::Among(_) => None,
    };
    placed(
        text.file.as_str().into(),
        lang,
        bound.paragraph,
        Said {
            rule: "khop-tong-hop",
            severity: Severity::Error,
            quote: bound.quote.clone(),
            found: number(&bound.text).map_or_else(|| bound.text.clone(), |(f, _)| f.to_string()),
            expected: proposed.map_or_else(|| due_said.clone(), |f| f.to_string()),
            message,
            suspects: vec![Reworded {
                paragraph: bound.paragraph,
                quote: bound.text.clone(),
                stated: bound.text.clone(),
                proposed,
                why: lang
                    .pick(
                        "số này gắn với số tổng hợp",
                        "this figure is bound to the consolidated one",
                    )
                    .to_owned(),
            }],
        },
    )
}
