//! An exact decimal: an integer with a scale, never a float, because sums must tie to the đồng.

use serde::{Deserialize, Serialize};
use smol_str::{SmolStr, ToSmolStr};
use std::cmp::Ordering;

use std::fmt;

/// `units / 10^scale`. Two figures are equal when their values are, whatever their scales.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Figure {
    pub units: i64,
    pub scale: u8,
}

/// The most decimals a figure keeps; what a sheet holds beyond them is binary noise.
pub const MOST_DECIMALS: u8 = 6;
/// Decimals of a quotient that is worked out again from sums.
pub const RATIO_DECIMALS: u8 = 4;

impl Figure {
    pub const ZERO: Self = Self::whole(0);

    pub const fn whole(units: i64) -> Self {
        Self { units, scale: 0 }
    }

    pub const fn new(units: i64, scale: u8) -> Self {
        Self { units, scale }
    }

    /// From a scaled integer wider than a figure; `None` where it does not fit.
    pub fn from_wide(units: i128, scale: u8) -> Option<Self> {
        i64::try_from(units).ok().map(|units| Self { units, scale }.trimmed())
    }

    /// The figure a sheet stores as a double: its shortest decimal form, at most 15 significant digits
    /// (what Excel shows) and [`MOST_DECIMALS`] decimals. `None` for NaN, infinities and figures over 10^18.
    pub fn from_double(x: f64) -> Option<Self> {
        if !x.is_finite() || x.abs() >= 1e15 {
            return (x.is_finite() && x.fract() == 0.0 && x.abs() < 9e18).then(|| Self::whole(x as i64));
        }
        if x.fract() == 0.0 {
            return Some(Self::whole(x as i64));
        }
        let digits_before = if x.abs() < 1.0 { 1 } else { x.abs().log10() as usize + 1 };
        let decimals = 15usize.saturating_sub(digits_before).min(usize::from(MOST_DECIMALS));
        Self::parse_plain(&format!("{x:.decimals$}"))
    }

    /// Reads `-123.45`: digits with an optional sign and one `.`.
    pub fn parse_plain(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        let fraction = &fraction[..fraction.len().min(usize::from(MOST_DECIMALS))];
        let units: i64 = format!("{whole}{fraction}").parse().ok()?;
        let units = if negative { -units } else { units };
        Some(Self { units, scale: fraction.len() as u8 })
    }

    /// The integer at another scale, exact; `None` where digits would be lost or it does not fit.
    pub fn at_scale(self, scale: u8) -> Option<i128> {
        let units = i128::from(self.units);
        if scale == self.scale {
            Some(units)
        } else if scale > self.scale {
            units.checked_mul(10i128.checked_pow(u32::from(scale - self.scale))?)
        } else {
            let by = 10i128.pow(u32::from(self.scale - scale));
            (units % by == 0).then_some(units / by)
        }
    }

    /// The integer at another scale in 64 bits; `None` where digits would be lost or it does not fit.
    pub fn scaled(self, scale: u8) -> Option<i64> {
        self.at_scale(scale).and_then(|units| i64::try_from(units).ok())
    }

    /// The nearest integer at a scale, halves away from zero.
    pub fn rounded_to(self, scale: u8) -> Self {
        if scale >= self.scale {
            return self;
        }
        let by = 10i64.pow(u32::from(self.scale - scale));
        let half = by / 2;
        let units = if self.units >= 0 { (self.units + half) / by } else { (self.units - half) / by };
        Self { units, scale }
    }

    /// The same value without trailing decimal zeros.
    pub fn trimmed(mut self) -> Self {
        while self.scale > 0 && self.units % 10 == 0 {
            self.units /= 10;
            self.scale -= 1;
        }
        self
    }

    /// A hundred times as much.
    pub fn hundredfold(self) -> Self {
        match self.scale {
            0 => Self { units: self.units.saturating_mul(100), scale: 0 },
            1 => Self { units: self.units.saturating_mul(10), scale: 0 },
            scale => Self { units: self.units, scale: scale - 2 },
        }
    }

    /// As [`fmt::Display`] writes it; most figures are counts, for which formatting costs more than the digits.
    pub fn shown(self) -> SmolStr {
        match self.scale {
            0 => SmolStr::new(itoa::Buffer::new().format(self.units)),
            _ => self.to_smolstr(),
        }
    }

    pub fn is_zero(self) -> bool {
        self.units == 0
    }

    pub fn is_whole(self) -> bool {
        self.trimmed().scale == 0
    }

    pub fn to_double(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        Self::from_wide(self.at_scale(scale)? + other.at_scale(scale)?, scale)
    }

    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(Self::new(-other.units, other.scale))
    }

    /// `numerator / denominator × 100`, rounded to `scale` decimals; `None` for a zero denominator.
    pub fn percentage(numerator: Self, denominator: Self, scale: u8) -> Option<Self> {
        Self::quotient(numerator, denominator, 100, scale)
    }

    /// `numerator / denominator × times`, rounded to `scale` decimals; `None` for a zero denominator.
    pub fn quotient(numerator: Self, denominator: Self, times: i64, scale: u8) -> Option<Self> {
        let common = numerator.scale.max(denominator.scale);
        let (n, d) = (numerator.at_scale(common)?, denominator.at_scale(common)?);
        if d == 0 {
            return None;
        }
        let top = n.checked_mul(times.into())?.checked_mul(10i128.pow(u32::from(scale)))?;
        let (top, d) = if d < 0 { (-top, -d) } else { (top, d) };
        let rounded = if top >= 0 { (top + d / 2) / d } else { (top - d / 2) / d };
        Self::from_wide(rounded, scale)
    }
}

impl PartialEq for Figure {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Figure {}

impl PartialOrd for Figure {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Figure {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        let wide = |f: &Self| i128::from(f.units) * 10i128.pow(u32::from(scale - f.scale));
        wide(self).cmp(&wide(other))
    }
}

/// A plain decimal with `.`, as the data files want it.
impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return self.units.fmt(f);
        }
        let (sign, units) = if self.units < 0 { ("-", self.units.unsigned_abs()) } else { ("", self.units as u64) };
        let by = 10u64.pow(u32::from(self.scale));
        write!(f, "{sign}{}.{:0width$}", units / by, units % by, width = usize::from(self.scale))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_become_what_excel_shows() {
        for (x, text) in [
            (0.1 + 0.2, "0.3"),
            (287.314, "287.314"),
            (67.567_567_567, "67.567568"),
            (-5.0, "-5"),
            (1e14, "100000000000000"),
        ] {
            assert_eq!(Figure::from_double(x).map(|f| f.to_string()).as_deref(), Some(text));
        }
        assert!(Figure::from_double(f64::NAN).is_none());
    }

    #[test]
    fn equal_values_are_equal_at_any_scale() {
        assert_eq!(Figure::new(100, 2), Figure::whole(1));
        assert_eq!(Figure::percentage(Figure::whole(25), Figure::whole(37), 2), Some(Figure::new(6757, 2)));
        assert_eq!(Figure::percentage(Figure::whole(1), Figure::ZERO, 2), None);
    }
}
