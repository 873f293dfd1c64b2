//! A row in words that no form prints into whether it is one of captions.

use super::header::is_ordinal;
use super::lexicon::Lexicon;
use super::paper::{PaperCell, PaperRow};

/// A caption in words of the office's own is no longer than this.
const LONGEST_CAPTION: usize = 160;

/// Whether a row is a line for all the captions that stand in it ("Đơn vị" as its measure, "Lũy kế" as its note): it has
/// a code or a figure, and does not begin with STT.
pub fn states_figures(row: &PaperRow, lexicon: &Lexicon) -> bool {
    let first = row.cells.iter().find(|c| !c.key.is_empty() || c.number.is_some());
    let year = |x: f64| (2000.0..=2100.0).contains(&x);
    let figure = |c: &PaperCell| match c.number {
        Some(x) => !year(x),
        None => c.reads(lexicon) && !c.text.parse().is_ok_and(year),
    };
    first.is_some_and(|first| !is_ordinal(first, lexicon)) && row.cells.iter().any(figure)
}

/// Whether a row begins with STT and goes on in words: captions, whoever worded them.
pub fn opens_header(row: &PaperRow, lexicon: &Lexicon) -> bool {
    let mut filled = row.cells.iter().filter(|c| !c.key.is_empty());
    filled.next().is_some_and(|first| is_ordinal(first, lexicon))
        && filled.count() >= 2
        && row.cells.iter().all(|c| is_wording(c, lexicon))
}

/// Whether a row below captions holds more of them, right of the lines' labels.
pub fn goes_below(row: &PaperRow, labels: u32, lexicon: &Lexicon) -> bool {
    let filled = row.cells.iter().filter(|c| !c.key.is_empty());
    let mut keys: Vec<&str> = filled.map(|c| &*c.key).collect();
    let all = keys.len();
    keys.sort_unstable();
    keys.dedup();
    // The units of measure under every caption are few words, repeated.
    all >= 2
        && keys.len() * 2 > all
        && row.cells.iter().all(|c| (c.column > labels || c.key.is_empty()) && is_wording(c, lexicon))
}

/// Whether a cell is empty or in words that are no figure.
fn is_wording(cell: &PaperCell, lexicon: &Lexicon) -> bool {
    cell.number.is_none()
        && cell.text.len() < LONGEST_CAPTION
        && (cell.text.is_empty() || cell.letters > 1 && !cell.reads(lexicon))
}
