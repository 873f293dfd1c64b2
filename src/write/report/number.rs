//! A figure as officials print it: 08, 1.234, 94,62%, and amounts of money in words.

use crate::model::{Figure, Lang};
use crate::normalise::in_words::in_words;
use crate::normalise::text::key;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Whole things: 08 hồ sơ.
    Count,
    Percent,
    /// The code of an answer.
    Code,
    /// An amount with decimals; how many đồng one of it is, where it is money.
    Amount(Option<u64>),
}

impl Measure {
    /// From what the form prints beside the line: `Triệu đồng`.
    #[must_use]
    pub fn of(printed: &str, decimals: u8, percentage: bool) -> Self {
        if percentage {
            return Self::Percent;
        }
        let worth = match key(printed).as_str() {
            "dong" => Some(1),
            "nghin dong" | "1000 dong" | "1 000 dong" => Some(1_000),
            "trieu dong" => Some(1_000_000),
            "ty dong" => Some(1_000_000_000),
            _ => None,
        };
        if worth.is_some() || decimals > 0 { Self::Amount(worth) } else { Self::Count }
    }
}

/// As it stands in a sentence or a table. Counts below ten have a leading zero; percentages at most two decimals.
#[must_use]
pub fn printed(figure: Figure, measure: Measure) -> String {
    match measure {
        Measure::Percent => format!("{}%", Lang::Vi.figure(rounded(figure, 2))),
        Measure::Count if figure.is_whole() => count(figure),
        Measure::Count | Measure::Code | Measure::Amount(_) => Lang::Vi.figure(figure),
    }
}

/// `08`, `1.234`, `0`.
fn count(figure: Figure) -> String {
    let text = Lang::Vi.figure(figure);
    if (1..10).contains(&figure.trimmed().units) { format!("0{text}") } else { text }
}

/// Rounded, but never to all or nothing what is not.
#[must_use]
pub fn rounded(percentage: Figure, decimals: u8) -> Figure {
    let hundred = Figure::whole(100);
    let near = percentage.rounded_to(decimals);
    let step = Figure::new(1, decimals);
    let all_but = Figure::new(100 * 10i64.pow(decimals.into()) - 1, decimals);
    if near.is_zero() && percentage > Figure::ZERO {
        step
    } else if near == hundred && percentage < hundred {
        all_but
    } else {
        near
    }
}

/// The amount in đồng: 8.326.000.000.
#[must_use]
pub fn in_dong(figure: Figure, worth: u64) -> Option<u64> {
    let units = i128::from(figure.units) * i128::from(worth);
    let by = 10i128.pow(figure.scale.into());
    (units >= 0 && units % by == 0).then(|| u64::try_from(units / by).ok()).flatten()
}

/// `Sáu triệu bốn trăm sáu mươi nghìn đồng chẵn`: chẵn where nothing below a thousand is left.
#[must_use]
pub fn money_in_words(dong: u64) -> String {
    let words = in_words(dong);
    let mut letters = words.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    let even = if dong.is_multiple_of(1000) { " chẵn" } else { "" };
    format!("{first}{} đồng{even}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_look_as_officials_write_them() {
        for (plain, measure, text) in [
            ("8", Measure::Count, "08"),
            ("0", Measure::Count, "0"),
            ("10", Measure::Count, "10"),
            ("1234", Measure::Count, "1.234"),
            ("94.6158", Measure::Percent, "94,62%"),
            ("100", Measure::Percent, "100%"),
            ("99.9999", Measure::Percent, "99,99%"),
            ("0.0001", Measure::Percent, "0,01%"),
            ("0", Measure::Percent, "0%"),
            ("7877.926", Measure::Amount(Some(1_000_000)), "7.877,926"),
        ] {
            let figure = Figure::parse_plain(plain).unwrap();
            assert_eq!(printed(figure, measure), text);
        }
        assert_eq!(Measure::of("Triệu đồng", 3, false), Measure::Amount(Some(1_000_000)));
    }

    #[test]
    fn money_is_written_out() {
        assert_eq!(money_in_words(6_460_000), "Sáu triệu bốn trăm sáu mươi nghìn đồng chẵn");
        assert_eq!(in_dong(Figure::parse_plain("7877.926").unwrap(), 1_000_000), Some(7_877_926_000));
    }

    proptest! {
        #[test]
        fn every_amount_to_a_million_billions_reads_back(n in 0u64..=1_000_000_000_000_000, by in 0u32..16) {
            let n = n / 10u64.pow(by);
            let said = money_in_words(n);
            if n > 0 {
                prop_assert_eq!(crate::normalise::in_words::money(&format!("({said})")), Some(n));
            }
            prop_assert_eq!(said.ends_with("chẵn"), n % 1000 == 0);
        }
    }
}
