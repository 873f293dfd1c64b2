//! A cell into the amount it states, if any.

use crate::model::{Cell, Content, Figure, Kind};
use crate::normalise::figure::{self, Expect, Reading, Style};

/// What a figure column's cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    Blank,
    Nil,
    /// The figure, and the decimals shown.
    Figure(Figure, u8),
    /// Something that is not read as one figure: words, an error, a date, `8.326` that nothing decides.
    Other,
}

impl Amount {
    /// For sums: none is nothing, what is blank or unreadable is unknown.
    #[must_use]
    pub const fn value(self) -> Option<Figure> {
        match self {
            Self::Figure(figure, _) => Some(figure),
            Self::Nil => Some(Figure::ZERO),
            Self::Blank | Self::Other => None,
        }
    }
}

/// Reads a cell. A form nobody has described does not say its decimals, so only the sheet's style decides "." and ",".
pub fn amount(cell: Option<&Cell>, percent: bool, style: &Style, nil: &[String]) -> Amount {
    let kind = if percent { Kind::Percent } else { Kind::Flow };
    let expect = Expect { kind, decimals: if percent { 4 } else { 3 }, measure: "" };
    let Some(cell) = cell else {
        return Amount::Blank;
    };
    let reading = match &cell.content {
        Content::Empty => {
            return if cell.formula.is_some() { Amount::Other } else { Amount::Blank };
        }
        Content::Text(text) => figure::read(text, style, expect, nil),
        Content::Number(x) => figure::from_number(*x, cell.format(), expect),
        Content::Date(_) | Content::Bool(_) | Content::Error(_) => return Amount::Other,
    };
    match reading {
        Reading::Blank => Amount::Blank,
        Reading::Nil => Amount::Nil,
        Reading::Figure(read) => Amount::Figure(read.value, read.shown),
        Reading::Fraction { value: Some(value), .. } => Amount::Figure(value, value.scale),
        Reading::Fraction { value: None, .. } | Reading::Undecided { .. } | Reading::Unreadable => Amount::Other,
    }
}
