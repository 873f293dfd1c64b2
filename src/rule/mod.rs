//! One noun for a rule: a [`Claim`] is a rule on particular cells, and everybody who asks what a rule says reads claims.
//!
//! 1. [`crate::model::RuleKind`] is a rule as a template writes it, over places of a form.
//! 2. A reader says where its cells live: it implements [`Places`].
//! 3. Here, and nowhere else, a rule is lowered onto [`Claim`]s over those cells, once for all readers
//!    ([`RuleKind::claims`](crate::model::RuleKind::claims), [`claims_of`]).
//! 4. A claim tells its cells, whether it holds with given values, the figure that follows from it, its equation.
//!
//! For the returns of a run the places are entries: [`Book`] finds them by form, unit, period, line and column, follows
//! units that took others over, and knows what the other units sent. [`readings`] and [`effects`] tell a person what
//! reads a cell and what a repair would do.
//!
//! [`elimination`] combines such equations exactly, for the judge of templates, `learn` and `localise`.
//!
//! A new kind of rule is a variant of `RuleKind` with its lowering here, `check/<kind>.rs` and `check/<kind>.md`.

mod book;
mod claim;
pub mod elimination;

pub use crate::model::rule::{Condition, Place, Sign};
pub use book::{Book, OfReturn};
pub use claim::{Agreement, Claim, Equation, Proportion, Sort, Status, Value, agreement, less, sum};

use crate::model::{Address, Catalogue, CellId, Figure, Finding, Rule, RuleKind, State, Suspect};

/// Where the cells of one table live for a reader of rules.
///
/// A rule names a figure by form, table, line and column, any of which may be left out ([`Place`]). Whoever lowers a rule
/// says what that means: in a return, the entry; in a workbook to be written, the address; in SQL, the column.
pub trait Places<P> {
    /// Tells the lines of the table apart: a name, a row, nothing at all.
    type Line: Copy;

    /// The lines on which a rule is tried: every row of an open table, its total row among them; once for a table whose
    /// lines the form prints.
    fn lines(&self) -> Vec<Self::Line>;

    /// The cell that a place means, seen from one of the lines; nothing where there is none.
    fn cell(&self, line: Self::Line, place: &Place) -> Option<P>;

    /// Whether the form lacked the place in the period of the cells: nothing is missing there.
    fn is_absent(&self, _line: Self::Line, _place: &Place) -> bool {
        false
    }

    /// The cells whose sum a place means: a total row that nobody printed is the sum of its lines.
    fn summed(&self, line: Self::Line, place: &Place) -> Option<Vec<P>> {
        self.cell(line, place).map(|cell| vec![cell])
    }

    /// The members that an office added to the sum in a column.
    fn more(&self, _line: Self::Line, _total: &Place) -> Vec<P> {
        Vec::new()
    }

    /// For a column, each total with the lines that it adds up: the total row, and each section's subtotal.
    fn totals(&self, _column: &str) -> Vec<(P, Vec<P>)> {
        Vec::new()
    }

    /// The place in the returns of the period before that this one carries on, with nothing for a field they do not list;
    /// nothing at all where there are none, or where they don't tell.
    fn left(&self, _line: Self::Line, _place: &Place) -> Option<Vec<Option<P>>> {
        None
    }

    /// The place in the returns of the period before that this one carries on, if that is of the same year.
    fn earlier_this_year(&self, _line: Self::Line, _place: &Place) -> Option<Vec<P>> {
        None
    }
}

/// A rule as it reads particular cells.
#[derive(Debug, Clone)]
pub struct Reading<'a> {
    pub rule: &'a Rule,
    /// The return of whose form the rule is.
    pub home: u32,
    pub claim: Claim<CellId>,
}

/// What a repair would do to one rule.
#[derive(Debug, Clone)]
pub struct Effect<'a> {
    pub reading: Reading<'a>,
    pub before: Status,
    pub after: Status,
}

/// The figure at a place of a file.
pub fn find(book: &Book<'_>, file: &str, sheet: &str, cell: Address) -> Option<CellId> {
    let all = book.returns.iter().enumerate().filter(|(_, r)| *r.file == *file && *r.sheet == *sheet);
    let found = all.filter_map(|(at, ret)| {
        let entry = ret.entries.iter().position(|e| e.cell == cell)?;
        Some((ret.superseded, CellId { ret: at as u32, entry: entry as u32 }))
    });
    found.min_by_key(|(superseded, _)| *superseded).map(|(_, id)| id)
}

/// Every rule that reads the cell, in the rules' order; of sums and limits those that checking stated.
pub fn readings<'a>(book: &Book<'a>, equations: &[Equation], cell: CellId) -> Vec<Reading<'a>> {
    let mut found: Vec<Reading<'a>> = Vec::new();
    for rule in &book.catalogue.rules {
        let stated: Vec<&Equation> = equations.iter().filter(|e| e.rule == rule.id && e.reads(cell)).collect();
        for (home, _) in book.of(&rule.form, &rule.table) {
            let claims = rule.kind.claims(&book.places(home)).into_iter().filter(|claim| claim.cells().contains(&cell));
            let tried = claims.filter(|claim| {
                claim.equation().is_none_or(|(terms, _)| stated.iter().any(|e| e.home == home && e.terms == terms))
            });
            found.extend(tried.map(|claim| Reading { rule, home, claim }));
        }
    }
    found
}

/// What changing some figures would do to every rule that reads one of them.
pub fn effects<'a>(book: &Book<'a>, equations: &[Equation], changes: &[(CellId, Figure)]) -> Vec<Effect<'a>> {
    let then = |cell: &CellId| match changes.iter().find(|(c, _)| c == cell) {
        Some((_, to)) => Value { state: State::Filled, amount: Some(*to), ..book.value(*cell) },
        None => book.value(*cell),
    };
    let mut found: Vec<Effect<'a>> = Vec::new();
    for reading in changes.iter().flat_map(|(cell, _)| readings(book, equations, *cell)) {
        if !found.iter().any(|e| e.reading.rule.id == reading.rule.id && e.reading.claim == reading.claim) {
            let (before, after) = (reading.claim.status(|c| book.value(*c)), reading.claim.status(then));
            found.push(Effect { reading, before, after });
        }
    }
    found
}

/// The figures a suspect would have changed, where all of them are known.
pub fn changes(book: &Book<'_>, finding: &Finding, suspect: &Suspect) -> Option<Vec<(CellId, Figure)>> {
    let each = suspect.cells.iter().map(|c| {
        let (file, sheet) = c.elsewhere.as_ref().map_or((&finding.file, &finding.sheet), |(file, sheet)| (file, sheet));
        Some((find(book, file, sheet, c.cell)?, c.proposed?))
    });
    each.collect()
}

impl RuleKind {
    /// The rule on each of the places it is tried at, in the table's order. Kinds that look at a whole table, at other
    /// units or at history claim nothing of single cells.
    pub fn claims<P: Clone, S: Places<P>>(&self, places: &S) -> Vec<Claim<P>> {
        match self {
            Self::Required { cells } => each(places, cells, |cell| Claim::Filled { cell }),
            Self::Whole { cells } => each(places, cells, |cell| Claim::Whole { cell }),
            Self::Range { cells, min, max } => each(places, cells, |cell| Claim::Within { cell, min: *min, max: *max }),
            Self::OneOf { cell, codes } => {
                each(places, std::slice::from_ref(cell), |cell| Claim::OneOf { cell, codes: codes.clone() })
            }
            Self::Balance { total, parts, minus } => on_lines(places, |line| {
                let named = parts.iter().map(|p| (p, Sign::Plus)).chain(minus.iter().map(|p| (p, Sign::Minus)));
                let mut terms: Vec<(P, Sign)> =
                    named.filter_map(|(place, sign)| Some((places.cell(line, place)?, sign))).collect();
                let lacks = |place: &&Place| places.cell(line, place).is_none() && !places.is_absent(line, place);
                let complete =
                    terms.len() == parts.len() + minus.len() || !parts.iter().chain(minus).any(|p| lacks(&p));
                terms.extend(places.more(line, total).into_iter().map(|cell| (cell, Sign::Plus)));
                Some(Claim::Sum { total: places.cell(line, total)?, terms, complete })
            }),
            Self::BalanceDown { columns } => {
                let totals = columns.iter().flat_map(|column| places.totals(column));
                let sum = |(total, lines): (P, Vec<P>)| Claim::Sum {
                    total,
                    terms: lines.into_iter().map(|cell| (cell, Sign::Plus)).collect(),
                    complete: true,
                };
                totals.map(sum).collect()
            }
            Self::TiesTo { cell, parts } => on_lines(places, |line| {
                let terms: Option<Vec<Vec<P>>> = parts.iter().map(|place| places.summed(line, place)).collect();
                let terms = terms?.into_iter().flatten().map(|cell| (cell, Sign::Plus)).collect();
                Some(Claim::Sum { total: places.cell(line, cell)?, terms, complete: true })
            }),
            Self::Ratio { value, numerator, denominator } | Self::Rate { value, numerator, denominator, .. } => {
                on_lines(places, |line| {
                    let cell = |place: &Place| places.cell(line, place);
                    let all = |places: &[Place]| places.iter().map(cell).collect::<Option<Vec<P>>>();
                    let (value, times) = (cell(value)?, self.times());
                    if let ([part], [whole]) = (&numerator[..], &denominator[..]) {
                        return Some(Claim::Share { value, part: cell(part)?, whole: cell(whole)?, times });
                    }
                    Some(Claim::ShareOfSums { value, parts: all(numerator)?, wholes: all(denominator)?, times })
                })
            }
            Self::AtMost { parts, whole } => on_lines(places, |line| {
                let parts: Vec<P> = parts.iter().filter_map(|place| places.cell(line, place)).collect();
                let whole = places.cell(line, whole)?;
                (!parts.is_empty()).then_some(Claim::AtMost { parts, whole })
            }),
            Self::Implies { when, then } => on_lines(places, |line| {
                let (first, second) = (places.cell(line, &when.cell)?, places.cell(line, &then.cell)?);
                Some(Claim::When { condition: (first, when.clone()), then: (second, then.clone()) })
            }),
            Self::CarriesOver { opening, closing } => on_lines(places, |line| {
                Some(Claim::Carried { opening: places.cell(line, opening)?, left: places.left(line, closing)? })
            }),
            Self::Rises { cells } => cells
                .iter()
                .flat_map(|place| {
                    on_lines(places, move |line| {
                        let before = places.earlier_this_year(line, place)?;
                        Some(Claim::Rises { now: places.cell(line, place)?, before })
                    })
                })
                .collect(),
            Self::Unique | Self::AddsUp | Self::Change { .. } => Vec::new(),
        }
    }
}

impl RuleKind {
    /// Every place the rule names.
    pub fn places(&self) -> Vec<Place> {
        match self {
            Self::Required { cells }
            | Self::Range { cells, .. }
            | Self::Whole { cells }
            | Self::Rises { cells }
            | Self::Change { cells } => cells.clone(),
            Self::OneOf { cell, .. } => vec![cell.clone()],
            Self::Unique | Self::AddsUp => Vec::new(),
            Self::Balance { total, parts, minus } => [std::slice::from_ref(total), parts, minus].concat(),
            Self::BalanceDown { columns } => columns.iter().map(|column| Place::of_column(column)).collect(),
            Self::Ratio { value, numerator, denominator } | Self::Rate { value, numerator, denominator, .. } => {
                [std::slice::from_ref(value), numerator, denominator].concat()
            }
            Self::AtMost { parts, whole } | Self::TiesTo { cell: whole, parts } => {
                [std::slice::from_ref(whole), parts].concat()
            }
            Self::Implies { when, then } => vec![when.cell.clone(), then.cell.clone()],
            Self::CarriesOver { opening, closing } => vec![opening.clone(), closing.clone()],
        }
    }

    /// The place whose figure the rule works out of others on the same line or form.
    pub const fn derives(&self) -> Option<&Place> {
        match self {
            Self::Balance { total: place, .. } | Self::Ratio { value: place, .. } | Self::Rate { value: place, .. } => {
                Some(place)
            }
            _ => None,
        }
    }

    /// By what a quotient is multiplied: 100 for a percentage.
    const fn times(&self) -> i64 {
        match self {
            Self::Rate { times, .. } => *times,
            _ => 100,
        }
    }
}

/// A claim for every line that has one.
fn on_lines<P, S: Places<P>>(places: &S, claim: impl Fn(S::Line) -> Option<Claim<P>>) -> Vec<Claim<P>> {
    places.lines().into_iter().filter_map(claim).collect()
}

/// A claim for every cell that the places mean. One that names its line is the same seen from all lines.
fn each<P, S: Places<P>>(places: &S, cells: &[Place], claim: impl Fn(P) -> Claim<P>) -> Vec<Claim<P>> {
    let lines = places.lines();
    let mut claims = Vec::with_capacity(lines.len() * cells.len());
    for place in cells {
        let once = if place.line.is_some() { 1 } else { lines.len() };
        claims.extend(lines.iter().take(once).filter_map(|line| places.cell(*line, place)).map(&claim));
    }
    claims
}

impl RuleKind {
    /// What the rule claims as seen from one line, where `find` says what a place is.
    pub fn claims_where<P: Clone>(&self, find: impl Fn(&Place) -> Option<P>) -> Vec<Claim<P>> {
        self.claims(&Seen(find))
    }
}

/// Places seen from one line, found by a function.
struct Seen<F>(F);

impl<P, F: Fn(&Place) -> Option<P>> Places<P> for Seen<F> {
    type Line = ();

    fn lines(&self) -> Vec<()> {
        vec![()]
    }

    fn cell(&self, (): (), place: &Place) -> Option<P> {
        (self.0)(place)
    }
}

/// The rules of one table of a form.
pub fn rules_of<'a, 'k>(catalogue: &'a Catalogue, form: &'k str, table: &'k str) -> impl Iterator<Item = &'a Rule> {
    catalogue.rules.iter().filter(move |r| *r.form == *form && *r.table == *table)
}

/// What a table's rules claim, in the rules' order, where `find` says what a place is as seen from one line. A sum of
/// which a part stands nowhere is left out.
pub fn claims_of<P: Clone>(
    catalogue: &Catalogue,
    form: &str,
    table: &str,
    find: impl Fn(&Place) -> Option<P>,
) -> Vec<Claim<P>> {
    let whole = |claim: &Claim<P>| !matches!(claim, Claim::Sum { complete: false, .. });
    rules_of(catalogue, form, table).flat_map(|rule| rule.kind.claims_where(&find)).filter(whole).collect()
}

#[cfg(test)]
#[path = "../../tests/unit/rule_explain.rs"]
mod tests;
