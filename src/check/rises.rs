#![doc = include_str!("rises.md")]

use super::{Checked, claims, finding, tied, total};
use crate::model::finding::{Amount, Fact, Why};
use crate::model::{Rule, Severity};
use crate::rule::{Book, Claim, Status};

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, claim) in claims(rule, book) {
        let Status::Fails(_) = claim.status(|c| book.value(*c)) else { continue };
        let Claim::Rises { now, before } = claim else { continue };
        let (Some(last), Some(first)) = (total(before.iter().map(|c| book.amount(*c))), before.first()) else {
            continue;
        };
        let own = before.iter().all(|c| book.ret(c.ret).unit == book.ret(at).unit);
        let fact = Fact::Fell {
            now: book.quoted(now),
            last,
            period: book.ret(first.ret).period,
            units: before.iter().map(|c| (&*book.ret(c.ret).unit).into()).collect(),
            before: before.iter().map(|c| book.quoted(*c)).collect(),
        };
        let found = finding(rule, at, &[now], fact, book).amounts(book.amount(now), Amount::AtLeast(last));
        let found = found.suspecting(tied(std::iter::once(now).chain(before), at, &Why::NeverFalls, book));
        // A unit that took others over may count from the merger.
        out.findings.push(if own { found } else { found.at_most(Severity::Warning) });
    }
}
