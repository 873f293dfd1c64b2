//! The clues about a table's period into the one that counts.

use super::clues::{Clue, Clues, Place, short};
use super::lexicon::Lexicon;
use super::paper::{PaperCell, PaperRow};
use crate::model::{Address, Period};
use crate::normalise::code;
use crate::normalise::period::{self, By, Mention};

impl Clues {
    /// The period that counts, and the clues that name another one. A clue without a year takes it from another; a
    /// year alone is a period only where nothing says which part of it.
    #[must_use]
    pub fn period(&self) -> Option<(Period, &Clue<Mention>, Vec<&Clue<Mention>>)> {
        let full = |c: &&Clue<Mention>| c.what.period.is_some();
        let strong = self.periods.iter().filter(full).filter(|c| c.what.by != By::YearOnly).min_by_key(|c| nearness(c));
        let year = self.periods.iter().filter(full).filter(|c| c.what.by == By::YearOnly).min_by_key(|c| nearness(c));
        let yearless = self.periods.iter().filter(|c| c.what.period.is_none()).min_by_key(|c| nearness(c));
        // What a sheet says of itself comes before what another one says.
        let itself = year.filter(|y| matches!(y.place, Place::Title | Place::Earlier | Place::SheetName));
        if let Some(year) = itself.filter(|_| strong.is_some_and(|s| s.place == Place::OtherSheet))
            && yearless.is_none_or(|part| nearness(part) > (Place::OtherSheet, false))
        {
            return Some((year.what.period?, year, Vec::new()));
        }
        // Another sheet's example is no match for the year that the file's own name gives.
        let strong = strong.filter(|s| {
            let own = year.filter(|y| y.place < Place::StrangeSheet && s.place >= Place::StrangeSheet);
            let of = |c: &Clue<Mention>| c.what.period.map(|p| p.year);
            own.is_none_or(|y| of(y) == of(s))
        });
        let (period, clue) = match (strong, yearless, year) {
            (Some(strong), part, _) if part.is_none_or(|p| nearness(strong) <= nearness(p)) => {
                (strong.what.period?, strong)
            }
            (strong, Some(part), year) => {
                // The folder's year says more of the period than that of another part of it in a name.
                let of_year = strong.or(year)?.what.period?;
                (Period::new(of_year.year, part.what.year_missing?), part)
            }
            (strong, None, year) => strong.or(year).and_then(|c| Some((c.what.period?, c)))?,
        };
        let differs = |c: &&Clue<Mention>| match (c.what.period, c.what.year_missing) {
            (Some(other), _) if c.what.by == By::YearOnly => other.year != period.year && c.place < Place::StrangeSheet,
            (Some(other), _) => other != period && c.place < Place::StrangeSheet,
            (None, Some(span)) => span != period.span,
            (None, None) => false,
        };
        let others = self.periods.iter().filter(differs).filter(|c| c.place != clue.place || c.place == Place::Title);
        Some((period, clue, others.collect()))
    }

    /// A period whose words stand in cells of their own: "Kỳ báo cáo: Quý", "I", "năm", 2023.
    pub(super) fn add_parted(&mut self, row: &PaperRow, lexicon: &Lexicon) {
        let leads = |c: &PaperCell| {
            let last = c.key.rsplit(' ').next().unwrap_or_default();
            matches!(last, "quy" | "qui" | "thang" | "ngay" | "nam" | "tu" | "ky" | "cao")
        };
        if row.cells.len() < 2 || row.prose || !row.cells.iter().any(leads) {
            return;
        }
        let whole = |m: &Mention| m.period.is_some() && m.by != By::YearOnly;
        let told = |c: &PaperCell| c.told(lexicon).and_then(|t| t.period.as_ref().map(whole));
        if row.cells.iter().any(|c| told(c) == Some(true)) {
            return;
        }
        let mut words = String::new();
        for cell in &row.cells {
            match cell.number {
                Some(x) if words.ends_with("ày ") => {
                    words.extend(code::day(x).map(|d| d.format("%d/%m/%Y ").to_string()));
                }
                Some(x) => words.push_str(&format!("{x} ")),
                None => words.extend([&*cell.text, " "]),
            }
        }
        let mention = period::in_text(&words);
        let first = row.cells.first().map_or(0, |c| c.column);
        let quote = || format!("“{}” ({})", short(words.trim()), Address::new(row.row, first));
        let place = (Place::Title, false);
        self.add_period(mention.as_ref().filter(|m| whole(m)), place, quote);
    }
}

/// A sheet's own name says more of its period than the title of another sheet, in a book with a sheet for each.
fn nearness(clue: &Clue<Mention>) -> (Place, bool) {
    match clue.place {
        Place::SheetName => (Place::Earlier, true),
        place => (place, false),
    }
}

/// Whether a title's line says nothing but a year: "NĂM 2023", "(Số liệu năm 2023)", "Báo cáo năm 2023".
pub(super) fn says_year(key: &str) -> bool {
    let Some(before) = key.get(..key.len().saturating_sub(5)) else {
        return false;
    };
    let mut words = before.split(' ');
    words.next_back() == Some("nam")
        && words.all(|w| matches!(w, "bao" | "cao" | "so" | "lieu" | "thoi" | "diem" | "ky" | ""))
}
