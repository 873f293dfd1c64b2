//! A report's running text into what it states and does not keep: sums, shares, changes, periods, amounts in words,
//! counts of what is listed, and figures that its own appendix, the units' workbooks or a consolidation have otherwise.
//!
//! What can't be parsed for certain is left alone: most statements of a report are right, and a clerk who is sent after
//! right ones stops reading. `templates/prose.toml` holds the words.

mod amounts;
mod changes;
mod dates;
mod judge;
mod lexicon;
mod lines;
mod parts;
mod percent;
mod quantities;
mod repeats;
mod say;
mod series;
mod sums;
mod tokens;

use std::sync::Arc;

use lexicon::Lexicon;
use lines::lines;

use crate::model::form::Words;
use crate::model::{Finding, Lang, Sheet, Workbook};

/// What the text of a document states and does not keep. `strange`: the sheets whose tables are tried by
/// [`crate::promised`], words under their totals included.
#[must_use]
pub fn prose(
    workbook: &Workbook,
    strange: &[usize],
    file: &Arc<str>,
    words: &Words,
    lang: Lang,
) -> Vec<Finding> {
    let texts = || {
        workbook
            .sheets
            .iter()
            .enumerate()
            .filter(|(_, s)| !s.paragraphs.is_empty())
    };
    if texts().next().is_none() {
        return Vec::new();
    }
    let lexicon = Lexicon::new(&words.phrases);
    let found =
        texts().flat_map(|(i, sheet)| of_text(sheet, strange.contains(&i), file, &lexicon, lang));
    found.collect()
}

fn of_text(
    sheet: &Sheet,
    tables_tried: bool,
    file: &Arc<str>,
    lexicon: &Lexicon,
    lang: Lang,
) -> Vec<Finding> {
    let lines = lines(sheet, lexicon);
    let desk = say::Desk {
        lines: &lines,
        file,
        lang,
    };
    let stated = parts::stated(&lines, lexicon);
    let mut sums: Vec<sums::Sum> = stated
        .iter()
        .filter_map(|stated| sums::tried(stated, &lines, lexicon))
        .collect();
    sums.extend(sums::implied(&lines, lexicon));
    let mut findings: Vec<Finding> = Vec::new();
    findings.extend(judge::judged(&sums, &lines).iter().map(|v| desk.sum(v)));
    findings.extend(
        percent::fractions(&lines, lexicon)
            .iter()
            .map(|s| desk.share(s)),
    );
    findings.extend(
        percent::shares(&stated, &lines, lexicon)
            .iter()
            .map(|s| desk.share(s)),
    );
    findings.extend(
        changes::changes(&lines, lexicon)
            .iter()
            .map(|c| desk.change(c)),
    );
    findings.extend(dates::ranges(&lines).iter().map(|r| desk.range(r)));
    findings.extend(
        amounts::amounts(&lines, sheet, tables_tried)
            .iter()
            .map(|a| desk.amount(a)),
    );
    findings.extend(
        series::series(&lines, lexicon)
            .iter()
            .map(|s| desk.series(s)),
    );
    findings.extend(repeats::repeats(&lines).iter().map(|r| desk.repeat(r)));
    findings.extend(
        repeats::every(&stated, &lines, lexicon)
            .iter()
            .map(|r| desk.repeat(r)),
    );
    findings.sort_by_key(|f| f.passage.as_ref().map(|p| p.paragraph));
    findings
}

#[cfg(test)]
mod tests;
