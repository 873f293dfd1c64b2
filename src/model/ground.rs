//! Why a figure of a learned form is taken for one of its kind: a fact, whose sentence stands in `words`.

/// From what the kind of a column or line follows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum KindGround {
    /// Nothing says it.
    #[default]
    None,
    /// Words of its caption or label, as the lists of words have them.
    Words(String),
    /// The measure in which it is counted.
    Measure(String),
    /// Words of the form's title.
    Title(String),
    /// What the words of the captions beside it, under the same group, say.
    Group(String),
    /// The title says that the figures are those of a day, or of a span of days.
    AtDay,
    OverDays,
    /// Its caption or label says that it happens within the period.
    Within,
    /// It is the figure of the period before.
    Before,
    /// It is shown as a percentage; its words name a share, or a mean.
    ShownAsPercent,
    Share,
    Mean,
    /// Its figures are years.
    Years,
    /// The total rows leave it out.
    LeftOut,
    /// The measure prints the codes of the answers.
    Codes,
    /// The offices answer in words.
    Answers,
    /// From one period to the next it falls within the year, changes a lot, or hardly changes.
    Falls,
    Jumps,
    Stands,
    /// It hardly changes, and the title says only of which days it is.
    StandsOverDays,
    /// It is added up with what stands at a day.
    AddedToStock,
    /// It leads from what the period began with to what it ended with.
    Movement,
    /// It is the total of other columns, or of other lines.
    SumOfColumns,
    SumOfLines,
    /// It is a quotient: the formula, by the numbers of the columns or lines.
    Quotient(String),
}
