//! A document's text into the figures that others may confirm: those bound by content controls, and those behind a
//! caption, "Số lượng hồ sơ đã giải quyết: 503".

use super::lines::Line;
use crate::model::text::{Bound, Labelled, Text};
use crate::model::{Period, Sheet};
use crate::normalise::period::{By, in_text};
use crate::normalise::text::key;

/// Paragraphs among which the title and the letterhead stand.
const OPENING: usize = 25;
/// A caption has at least this many words; shorter ones are said of many things.
const WORDS: usize = 4;
/// Letters quoted on either side of a bound figure.
const AROUND: usize = 60;

pub fn extract(sheet: &Sheet, lines: &[Line<'_>], file: &str) -> Text {
    let opening: Vec<&Line<'_>> = lines.iter().take(OPENING).collect();
    Text {
        file: file.to_owned(),
        bound: bound(sheet),
        labelled: lines.iter().filter_map(labelled).collect(),
        period: opening.iter().find_map(|l| titled(l.text)),
        opening: opening.iter().map(|l| key(l.text)).collect(),
    }
}

/// The period a title names.
fn titled(text: &str) -> Option<Period> {
    let mention = in_text(text).filter(|m| m.by == By::Named)?;
    mention.period
}

pub fn bound(sheet: &Sheet) -> Vec<Bound> {
    let of = |control: &crate::model::Control| {
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

/// The first figure of a line, right behind the colon that ends its caption.
fn labelled(line: &Line<'_>) -> Option<Labelled> {
    let first = line.quantities.first().filter(|q| !q.rough && q.of.is_none() && !line.is_bound(0))?;
    (first.at > line.head && line.tokens[first.at - 1].is(':')).then_some(())?;
    let label = key(line.quote(line.head, first.at - 1));
    (label.split(' ').count() >= WORDS).then(|| Labelled {
        label,
        value: first.value,
        shown: first.shown,
        percent: first.percent,
        typed: line.quote(first.at, first.end).to_owned(),
        paragraph: line.number,
        quote: line.quote(line.head, first.end).to_owned(),
    })
}
