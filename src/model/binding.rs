//! What a number in a report stands for, as a tag short enough for a content control of Word.
//!
//! `so|II.06a/VPCP/KSTT||7|2023-Q3|total` is the consolidated figure of form II.06a, column (7), total line; what was
//! worked out from figures says how: [`Op`].

use std::fmt;
use std::sync::Arc;

/// The longest tag Word takes.
const LONGEST: usize = 64;

/// How a number came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Op {
    /// The consolidated figure itself.
    Figure,
    /// It less that of another period: the period is `2023-Q3:2022-Q3`. Printed without its sign.
    Difference,
    /// That difference in percent of the other period's figure.
    Change,
    /// One figure in percent of another: the column is `8+9/7`, or the line where they stand in one column.
    Share,
    /// The figure as an amount of đồng, where the form has it in thousands, millions or billions.
    InDong,
    /// The same in words.
    Words,
    /// One unit's figure; the unit stands behind the line.
    OfUnit,
    /// How many units' figures are in the figure of the place, and of how many; without a place, who sent the form.
    Reported,
    Expected,
    /// How many a list in the text has; the line says of what.
    Count,
    /// What a finding says, word for word.
    Finding,
}

/// A number's place among the consolidated figures.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Binding {
    pub op: Op,
    pub form: Arc<str>,
    pub table: Arc<str>,
    pub line: String,
    pub column: String,
    pub period: String,
    /// For [`Op::OfUnit`]: the unit's code.
    pub unit: String,
}

impl Op {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Figure => "so",
            Self::Difference => "hieu",
            Self::Change => "doi",
            Self::Share => "ty-le",
            Self::InDong => "dong",
            Self::Words => "chu",
            Self::OfUnit => "dv",
            Self::Reported => "da-gui",
            Self::Expected => "phai-gui",
            Self::Count => "dem",
            Self::Finding => "loi",
        }
    }
}

impl Binding {
    /// The content control's tag. What is too long for Word is cut, and ends with `~` and a hash of the whole.
    #[must_use]
    pub fn tag(&self) -> String {
        let whole = self.to_string();
        if whole.chars().count() <= LONGEST {
            return whole;
        }
        let mut short: String = whole.chars().take(LONGEST - 9).collect();
        short.push_str(&format!("~{:08x}", hash(&whole)));
        short
    }
}

/// `so|form|table|column|period|line`, and the unit behind it where there is one.
impl fmt::Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}|{}|{}|{}|{}", self.op.name(), self.form, self.table, self.column, self.period, self.line)?;
        if !self.unit.is_empty() {
            write!(f, "|{}", self.unit)?;
        }
        Ok(())
    }
}

/// FNV-1a: the same on every machine.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binding(line: &str) -> Binding {
        Binding {
            op: Op::Figure,
            form: "II.06a/VPCP/KSTT".into(),
            table: "".into(),
            line: line.into(),
            column: "7".into(),
            period: "2023-Q3".into(),
            unit: String::new(),
        }
    }

    #[test]
    fn a_tag_names_its_figure_and_fits_into_word() {
        assert_eq!(binding("total").tag(), "so|II.06a/VPCP/KSTT||7|2023-Q3|total");
        let long = "Năng lượng nguyên tử, an toàn bức xạ và hạt nhân";
        let (one, other) = (binding(long).tag(), binding(&format!("{long} 2")).tag());
        assert!(one.starts_with("so|II.06a/VPCP/KSTT||7|2023-Q3|Năng lượng"));
        assert_eq!(one.chars().count(), 64);
        assert_ne!(one, other);
    }
}
