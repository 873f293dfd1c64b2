//! A form's rules as the writers read them: claims on whatever a place of the form is there, a cell of a sheet, a figure
//! of a report, a column of a query.

use crate::model::rule::Place;
use crate::model::{Catalogue, Rule};
use crate::rule::{Claim, Places};

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
pub fn rules<'a, 'k>(catalogue: &'a Catalogue, form: &'k str, table: &'k str) -> impl Iterator<Item = &'a Rule> {
    catalogue.rules.iter().filter(move |r| *r.form == *form && *r.table == *table)
}

/// What a table's rules claim, in the rules' order, where `find` says what a place is as seen from one line. A sum of
/// which a part stands nowhere is left out.
pub fn claims<P: Clone>(
    catalogue: &Catalogue,
    form: &str,
    table: &str,
    find: impl Fn(&Place) -> Option<P>,
) -> Vec<Claim<P>> {
    let seen = Seen(find);
    let whole = |claim: &Claim<P>| !matches!(claim, Claim::Sum { complete: false, .. });
    rules(catalogue, form, table).flat_map(|rule| rule.kind.claims(&seen)).filter(whole).collect()
}
