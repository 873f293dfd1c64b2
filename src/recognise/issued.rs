//! The hidden name of a blank form that tonghop sent out, as the strongest evidence of form, unit and period.

use super::clues::{Clue, Clues, Place};
use super::lexicon::Lexicon;
use super::units::{self, How, Named};
use crate::model::Sheet;
use crate::normalise::issued::NAME;
use crate::normalise::{By, Issued, Mention};

/// What stands for it in evidence.
pub const EVIDENCE: &str = "tên ẩn trong biểu trống do tonghop phát";

/// What a sheet's hidden name says it was sent out as.
#[must_use]
pub fn issued(sheet: &Sheet) -> Option<Issued> {
    let mut own = sheet.names.iter().filter(|(name, _)| name == NAME);
    own.find_map(|(_, text)| Issued::parse(text))
}

impl Clues {
    /// The unit by its code, or where the list does not have it by its name; and the period.
    #[must_use]
    pub fn issued(issued: &Issued, lexicon: &Lexicon) -> Self {
        let listed = lexicon.units.iter().find(|u| *u.code == *issued.unit);
        let what = match listed {
            Some(unit) => Named { unit: unit.code.clone(), how: How::Listed },
            None => units::named(&issued.name, lexicon),
        };
        let period = Mention {
            period: Some(issued.period),
            by: By::Named,
            quote: issued.period.in_vietnamese().into(),
            year_missing: None,
        };
        let unit = clue(what, true);
        Self { units: if issued.name.is_empty() { Vec::new() } else { vec![unit] }, periods: vec![clue(period, false)] }
    }
}

fn clue<T>(what: T, led: bool) -> Clue<T> {
    Clue { what, place: Place::Issued, quote: EVIDENCE.into(), led }
}
