//! Figures bound by content controls against the consolidation they were written from. A tag says which figure it is:
//! [`crate::model::Binding`].

use std::collections::HashMap;

use super::Stated;
use super::quantities::number;
use crate::model::statement::{self, Bound, Reason, Statement, Text, Written};
use crate::model::{Binding, Control, Figure, Finding, Op, Reworded, Severity, Sheet, Total};
use crate::normalise::number::money;
use crate::normalise::text::key;

/// Letters quoted on either side of a bound figure.
const AROUND: usize = 60;

/// How many đồng one of a form's money measures is.
const MEASURES: [i64; 4] = [1, 1_000, 1_000_000, 1_000_000_000];

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
    /// For each figure of the text the one in its place in the report as it was written.
    before: Vec<Option<&'a Bound>>,
    text: &'a Text,
    nil: &'a [String],
}

/// The figures of a sheet that content controls bind, in order.
pub fn bound(sheet: &Sheet) -> Vec<Bound> {
    let of = |control: &Control| {
        let text = sheet.get(control.row, control.column)?.text()?;
        let own = text.get(control.start..control.end)?;
        let before = sheet.paragraphs.iter().take_while(|p| p.row <= control.row);
        let in_table = sheet.paragraphs.iter().all(|p| p.row != control.row);
        let quote = if in_table {
            let row: Vec<&str> = sheet.row(control.row).iter().filter_map(|c| c.text()).collect();
            row.join(" | ")
        } else {
            around(text, control.start, control.end).to_owned()
        };
        Some(Bound {
            tag: control.tag.clone(),
            text: own.trim().to_owned(),
            paragraph: before.last().map_or(0, |p| p.number),
            quote,
        })
    };
    sheet.controls.iter().filter_map(of).collect()
}

/// Some words before and behind, whole ones.
fn around(text: &str, start: usize, end: usize) -> &str {
    let blank = |at: &usize| text[*at..].starts_with(' ');
    let from = text[..start]
        .char_indices()
        .rev()
        .map(|(i, _)| i)
        .filter(blank)
        .find(|i| start - i > AROUND)
        .map_or(0, |i| i + 1);
    let until =
        text[end..].char_indices().map(|(i, _)| end + i).filter(blank).find(|i| i - end > AROUND).unwrap_or(text.len());
    text.get(from..until).unwrap_or(text)
}

/// The bound figures of a text that say something else.
pub fn against(text: &Text, written: Option<&Written>, nil: &[String]) -> Vec<Finding> {
    let none = Written::default();
    let written = written.unwrap_or(&none);
    let ledger = Ledger {
        totals: written.totals.iter().map(|t| (binding(t).tag(), t)).collect(),
        all: &written.totals,
        before: written.reports.iter().find_map(|report| aligned(&text.bound, report)).unwrap_or_default(),
        text,
        nil,
    };
    let mut found = Vec::new();
    for (i, bound) in text.bound.iter().enumerate() {
        if let Some((due, from)) = ledger.due(bound, i)
            && !ledger.says(bound, &due)
        {
            found.push(finding(bound, &due, from.then_some(&written.name), text));
        }
    }
    found
}

/// Each figure's place in the report as it was written; nothing where it is not the same report. Figures may have been
/// taken out since.
fn aligned<'a>(now: &[Bound], before: &'a [Bound]) -> Option<Vec<Option<&'a Bound>>> {
    let mut rest = before.iter();
    let places = now.iter().map(|bound| rest.find(|b| b.tag == bound.tag));
    let places: Option<Vec<&Bound>> = places.collect();
    Some(places?.into_iter().map(Some).collect())
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
    /// What the figure at a place must say, and whether that comes from the consolidation rather than the document itself.
    fn due(&self, bound: &Bound, at: usize) -> Option<(Due, bool)> {
        let parts: Vec<&str> = bound.tag.split('|').collect();
        let op = parts.first().copied()?;
        if let Some(other) = self.before.get(at).copied().flatten() {
            return Some((Due::Text(other.text.clone()), true));
        }
        if let Some(total) = self.totals.get(&bound.tag) {
            return Some((Due::Number(total.value?), true));
        }
        if self.all.is_empty() {
            return self.by_itself(bound, op);
        }
        let worked_out = match op {
            o if o == Op::Expected.name() => self.expected(parts.get(1)?),
            o if o == Op::Share.name() => self.share(&parts).map(Due::Number),
            o if o == Op::Words.name() => self.figure(&parts).map(Due::Number),
            o if o == Op::InDong.name() => self.figure(&parts).map(in_dong),
            _ => None,
        };
        worked_out.map(|due| (due, true)).or_else(|| self.by_itself(bound, op))
    }

    /// The figure at the place of another operation.
    fn figure(&self, parts: &[&str]) -> Option<Figure> {
        let tag = std::iter::once(Op::Figure.name()).chain(parts.iter().skip(1).copied());
        let tag: Vec<&str> = tag.collect();
        self.totals.get(&tag.join("|"))?.value
    }

    /// A figure rests on as many units as it does; of how many is one number a form, but for columns not all fill in.
    fn expected(&self, form: &str) -> Option<Due> {
        let of_form = self.all.iter().filter(|t| *t.form == *form);
        let all: Vec<Figure> = of_form.map(|t| Figure::whole(i64::from(t.expected))).collect();
        (!all.is_empty()).then_some(Due::Among(all))
    }

    /// `ty-le|form|table|8+9/7|period|line`: the figures above over those below.
    fn share(&self, parts: &[&str]) -> Option<Figure> {
        let [_, form, table, column, period, line] = parts else {
            return None;
        };
        let side = |n: usize| {
            let of = |written: &str| -> Vec<String> {
                let side = written.split('/').nth(n).filter(|_| written.contains('/')).unwrap_or(written);
                side.split('+').map(str::to_owned).collect()
            };
            let (columns, lines) = (of(column), of(line));
            let many = columns.len().max(lines.len());
            (0..many).try_fold(Figure::ZERO, |sum, i| {
                let pick = |list: &[String]| list.get(i).or(list.first()).cloned().unwrap_or_default();
                let tag = format!("{}|{form}|{table}|{}|{period}|{}", Op::Figure.name(), pick(&columns), pick(&lines));
                sum.checked_add(self.totals.get(&tag)?.value?)
            })
        };
        // A line whose own name has a slash is no fraction of lines.
        let plain =
            column.contains('/') && !line.contains(['/', '+']) || line.contains('/') && !column.contains(['/', '+']);
        plain.then(|| Figure::percentage(side(0)?, side(1)?, 4)).flatten()
    }

    /// What most of the figures with the same tag say: a report repeats its figures in its appendix.
    fn by_itself(&self, bound: &Bound, op: &str) -> Option<(Due, bool)> {
        let repeats = [Op::Figure, Op::OfUnit, Op::Difference, Op::Change, Op::Share].iter().any(|o| o.name() == op);
        repeats.then_some(())?;
        let said: Vec<Figure> =
            self.text.bound.iter().filter(|b| b.tag == bound.tag).filter_map(|b| Some(number(&b.text)?.0)).collect();
        let count = |value: Figure| said.iter().filter(|v| **v == value).count();
        let usual = said.iter().copied().max_by_key(|v| count(*v))?;
        let own = number(&bound.text)?.0;
        // Of two that differ the first one met, in the text, is named.
        let first = said.first() == Some(&own);
        let odd = count(usual) > count(own) || count(usual) == count(own) && said.len() == 2 && first;
        let other = if usual == own { said.iter().copied().find(|v| *v != own)? } else { usual };
        odd.then_some((Due::Number(other), false))
    }

    /// Whether a figure says what it must, as precisely as it is printed.
    fn says(&self, bound: &Bound, due: &Due) -> bool {
        match due {
            Due::Text(text) => squeezed(text) == squeezed(&bound.text),
            Due::Number(due) => self.is(bound, *due),
            Due::Among(all) => all.iter().any(|due| self.is(bound, *due)),
        }
    }

    fn is(&self, bound: &Bound, due: Figure) -> bool {
        let none = self.nil.iter().any(|nil| key(nil) == key(&bound.text));
        says(bound, due) || none && due.is_zero()
    }
}

impl Due {
    /// All that it may be, in order.
    fn stated(&self) -> Vec<statement::Due> {
        match self {
            Self::Text(text) => vec![statement::Due::Text(text.clone())],
            Self::Number(figure) => vec![statement::Due::Figure(*figure)],
            Self::Among(all) => {
                let mut all = all.clone();
                all.sort_unstable();
                all.dedup();
                all.into_iter().map(statement::Due::Figure).collect()
            }
        }
    }
}

/// Money in whichever measure the form may have it.
fn in_dong(figure: Figure) -> Due {
    let scaled = MEASURES.iter().filter_map(|m| {
        let units = figure.units.checked_mul(*m)?;
        Some(Figure::new(units, figure.scale).trimmed())
    });
    Due::Among(scaled.collect())
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn says(bound: &Bound, due: Figure) -> bool {
    if let Some(words) = money(&bound.text).and_then(|n| i64::try_from(n).ok()) {
        return MEASURES
            .iter()
            .any(|m| due.units.checked_mul(*m).map(|u| Figure::new(u, due.scale)) == Some(Figure::whole(words)));
    }
    let Some((stated, shown)) = number(&bound.text) else {
        // “Không phát sinh”, “không có”: words for nothing.
        return due.is_zero() && !bound.text.contains(|c: char| c.is_ascii_digit());
    };
    if stated == due || stated == due.rounded_to(shown) {
        return true;
    }
    // Never rounded to all or nothing: 99,99% and 0,01%.
    let percent = bound.text.contains('%');
    let (hundred, step) = (Figure::whole(100), Figure::new(1, shown));
    let all_but = stated.checked_add(step) == Some(hundred) && due < hundred && due.rounded_to(shown) == hundred;
    let hardly = stated == step && due > Figure::ZERO && due.rounded_to(shown).is_zero();
    percent && (all_but || hardly)
}

fn finding(bound: &Bound, due: &Due, name: Option<&String>, text: &Text) -> Finding {
    let proposed = match due {
        Due::Number(figure) => Some(*figure),
        Due::Text(text) => number(text).map(|(figure, _)| figure),
        Due::Among(_) => None,
    };
    let dues = due.stated();
    let stated = Stated {
        severity: Severity::Error,
        paragraph: bound.paragraph,
        quote: bound.quote.clone(),
        found: number(&bound.text).map_or_else(|| bound.text.clone(), |(f, _)| f.to_string()),
        expected: proposed.map_or_else(|| plain(&dues), |f| f.to_string()),
        suspects: vec![Reworded {
            paragraph: bound.paragraph,
            quote: bound.text.clone(),
            stated: bound.text.clone(),
            proposed,
            why: Reason::Bound,
        }],
        statement: Statement::Bound { typed: bound.text.clone(), due: dues, consolidation: name.cloned() },
        spot: None,
    };
    stated.finding(text.file.as_str().into())
}

/// What must stand there, one of several, as data files have it.
fn plain(dues: &[statement::Due]) -> String {
    let said = |due: &statement::Due| match due {
        statement::Due::Figure(figure) => figure.trimmed().to_string(),
        statement::Due::Text(text) => text.clone(),
    };
    dues.iter().map(said).collect::<Vec<_>>().join(", ")
}
