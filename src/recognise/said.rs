//! The rows above a table into the words that may say whose and of when it is.

use super::lexicon::Lexicon;
use super::paper::{PaperCell, PaperRow};
use super::seen::Seen;
use super::units::{self, Named};
use crate::normalise::period::{self, Mention};
use crate::normalise::text::holds;

/// A longer text is prose, not a title.
const LONGEST_TITLE: usize = 300;

/// The rows that may name the table below them: of a document, those at its head and those just above the table.
pub fn titles(rows: &[PaperRow]) -> impl Iterator<Item = &PaperRow> {
    let first = rows.iter().position(|r| r.prose).unwrap_or(rows.len());
    let last = rows.iter().rposition(|r| r.prose).map_or(first, |i| i + 1);
    rows[..first].iter().chain(&rows[last..])
}

/// A cell's words, or each of its lines where they are statements of their own.
pub fn said(cell: &PaperCell) -> impl Iterator<Item = &Seen> {
    let whole = cell.statements.is_empty().then_some(&**cell);
    whole.into_iter().chain(cell.statements.iter().map(|s| &**s))
}

/// What a title tells, wherever it stands.
#[derive(Debug)]
pub struct Told {
    pub whose: Whose,
    pub period: Option<Mention>,
}

/// Whom a title names.
#[derive(Debug)]
pub enum Whose {
    Nobody,
    /// After "Đơn vị báo cáo:".
    Led(Named),
    /// A listed unit; `cited` besides the one that reports, or by an office within it.
    Listed {
        named: Named,
        cited: bool,
    },
    /// A name by its looks, where there is no list: in a sentence, or alone as letterheads have it.
    InTitle(String),
    Letterhead(String),
}

impl Seen {
    /// What it tells as a title; nothing if it is longer than any.
    pub fn told(&self, lexicon: &Lexicon) -> Option<&Told> {
        let is_short = || self.text.len() < LONGEST_TITLE || self.text.chars().count() < LONGEST_TITLE;
        let short = !self.key.is_empty() && is_short();
        let tell = || Told { whose: self.whose(lexicon), period: period::in_text(&self.text) };
        short.then(|| self.facts.told.get_or_init(tell))
    }

    fn whose(&self, lexicon: &Lexicon) -> Whose {
        if let Some(named) = units::after_lead(&self.text, &self.key, lexicon) {
            return Whose::Led(named);
        }
        if speaks_of(&self.key, &lexicon.receivers) || is_in_list(&self.text) {
            return Whose::Nobody;
        }
        if let Some(named) = self.unit(lexicon) {
            let inner = lexicon.inner_units.iter().any(|unit| **unit == *self.key);
            return Whose::Listed { named: named.clone(), cited: inner || speaks_of(&self.key, &lexicon.cited) };
        }
        if !lexicon.units.is_empty() {
            return Whose::Nobody;
        }
        if let Some(name) = units::in_title(&self.text, lexicon) {
            return Whose::InTitle(name);
        }
        units::letterhead(&self.text, &self.key, lexicon).map_or(Whose::Nobody, Whose::Letterhead)
    }

    /// The listed unit that it names.
    pub fn unit(&self, lexicon: &Lexicon) -> Option<&Named> {
        let listed = || units::listed(&self.text, &self.key, lexicon);
        self.facts.unit.get_or_init(listed).as_ref()
    }
}

/// "- Sở Nội vụ;" under "Nơi nhận" names a receiver.
fn is_in_list(text: &str) -> bool {
    text.starts_with(['-', '–', '+']) && text.ends_with([';', '.', ')'])
}

/// Whether a title speaks of a receiver, or of a letter that may be anybody's.
fn speaks_of(key: &str, words: &[String]) -> bool {
    words.iter().any(|w| holds(key, w))
}
