//! The words by which running text states sums, from `templates/prose.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    /// What is counted, in classes within which numbers add up.
    pub units: Vec<Countable>,
    /// A measure of money → how many đồng it is.
    pub money: BTreeMap<String, i64>,
    /// A word between a number and what it counts → by how much it multiplies.
    pub scales: BTreeMap<String, i64>,
    pub numbers: Numbers,
    /// Sorts of things that exclude one another.
    pub sorts: Vec<Listed>,
    pub names: Names,
    pub openers: Openers,
    pub asides: Asides,
    pub connecting: Listed,
    pub partitions: Vec<Partition>,
    pub captions: Vec<Caption>,
    pub every: Listed,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Countable {
    pub class: String,
    pub words: Vec<String>,
    /// Those of which the others are sorts; empty: all of them.
    #[serde(default)]
    pub general: Vec<String>,
    /// The words may count things of any class.
    #[serde(default)]
    pub vague: bool,
}

/// Numbers in words, and numbers that count nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    /// From one on.
    pub small: Vec<String>,
    /// What makes larger ones of them.
    pub tens: Vec<String>,
    /// Units of which a fraction is a score, no share.
    pub scores: Vec<String>,
}

/// Words before a number that make it a name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    pub always: Vec<String>,
    /// Only where no unit follows.
    pub alone: Vec<String>,
}

/// Words between a whole and its parts, by what they promise.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Openers {
    /// All parts follow.
    pub full: Vec<String>,
    /// A list follows, complete or not.
    pub list: Vec<String>,
    /// Some parts follow.
    pub some: Vec<String>,
    /// A whole follows, its parts behind a comma.
    pub within: Vec<String>,
    /// The last part follows.
    pub rest: Vec<String>,
    /// What names the last part, as all that was not named before.
    pub others: Vec<String>,
    /// A list behind these names some parts only.
    pub partial: Vec<String>,
    /// What names a whole that stands behind its parts.
    pub totals: Vec<String>,
}

/// Words around figures that are no parts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asides {
    pub compared: Vec<String>,
    pub rough: Vec<String>,
    /// Of the rough ones, those that say a little more, a little less, or about as much; the others are limits.
    pub above: Vec<String>,
    pub below: Vec<String>,
    pub about: Vec<String>,
    pub up: Vec<String>,
    pub down: Vec<String>,
    pub against: Vec<String>,
    pub share: Vec<String>,
    pub planned: Vec<String>,
    pub from: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    pub words: Vec<String>,
}

/// A way to divide a whole.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partition {
    pub name: String,
    /// What the whole says where its parts follow in the same sentence without an opener.
    #[serde(default)]
    pub whole: Vec<String>,
    /// What the whole is called where nothing else ties the parts to it; empty: an opener must.
    #[serde(default)]
    pub of: Vec<String>,
    /// What the whole is not called.
    #[serde(default)]
    pub not_of: Vec<String>,
    /// What may have been left out of the whole, as the cases of the period before.
    #[serde(default)]
    pub plus: Vec<String>,
    /// What makes a part one of a part's own parts.
    #[serde(default)]
    pub unless: Vec<String>,
    pub parts: Vec<Share>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    pub words: Vec<String>,
    /// It may stand outside the whole.
    #[serde(default)]
    pub optional: bool,
    /// One of those marked so is enough.
    #[serde(default)]
    pub either: bool,
    /// It may go unnamed; where it is named, it is a part of the whole.
    #[serde(default)]
    pub rare: bool,
}

/// Other words for a caption of a form.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caption {
    /// The caption.
    pub says: String,
    /// What stands before the figure.
    pub words: Vec<String>,
    /// What the figure counts; empty: anything.
    #[serde(default)]
    pub counts: Vec<String>,
    /// What makes it another figure.
    #[serde(default)]
    pub unless: Vec<String>,
    /// What makes it a part of the caption's figure.
    #[serde(default)]
    pub parts: Vec<String>,
    /// It is what a fraction is of: the 51 of 51/51.
    #[serde(default)]
    pub of: bool,
}
