//! What two periods that follow one another say: of which kind figures are, where words leave that open or the figures speak
//! against the words; and what a period begins with is what the one before ended with.

use std::sync::Arc;

use foldhash::HashMap;

use super::super::columns::Use;
use super::super::draft::DraftTable;
use super::super::lines::Body;
use super::super::template::{DraftRule, quoted};
use super::figures::Figures;
use super::identities::{Ground, Support};
use super::on_adding_lines;
use crate::model::{Figure, Kind, KindGround, Period, Return};

/// Pairs of periods that a kind is judged by.
const LEAST_PAIRS: usize = 6;
/// Pairs, nearly all of the same figures, against which weak words say nothing.
const LEAST_STAYING: usize = 24;
/// What stands changes by no more from one period to the next, in most rows.
const STANDING: f64 = 0.05;
/// What stands does not change by more than this in most rows.
const JUMPING: f64 = 0.6;
/// Returns with one of the period before that show what is carried over.
const LEAST_CARRIED: usize = 3;

/// The returns that follow one of the period before, with that one.
fn following<'a>(returns: &[&'a Return]) -> Vec<(&'a Return, &'a Return)> {
    let by_unit: HashMap<(&str, Period), &Return> = returns.iter().map(|r| ((&*r.unit, r.period), *r)).collect();
    let pair = |now: &&'a Return| Some((*now, *by_unit.get(&(&*now.unit, now.period.previous()?))?));
    returns.iter().filter_map(pair).collect()
}

/// What stands in one place in two periods that follow one another.
#[derive(Clone, Copy)]
struct Pair {
    before: Figure,
    now: Figure,
    same_year: bool,
}

/// Such pairs of one line, of one column, or of several.
#[derive(Default)]
struct Pairs(Vec<Pair>);

impl Pairs {
    /// Whether figures often fall within a year: then they do not run on from its beginning.
    fn fall(&self) -> bool {
        let year: Vec<&Pair> = self.filled().filter(|pair| pair.same_year).collect();
        year.len() >= 4 && 5 * year.iter().filter(|pair| pair.now < pair.before).count() > year.len()
    }

    fn stand(&self) -> bool {
        let changes = self.changes();
        changes.len() >= LEAST_PAIRS && changes[changes.len() * 3 / 4] <= STANDING
    }

    fn jump(&self) -> bool {
        let changes = self.changes();
        changes.len() >= LEAST_PAIRS && changes[changes.len() / 2] > JUMPING
    }

    /// What is the same in nearly all rows of two periods did not arise in them, whatever weak words say.
    fn stay(&self) -> bool {
        let filled = self.filled().count();
        let same = self.filled().filter(|pair| pair.before == pair.now).count();
        filled >= LEAST_STAYING && 10 * same >= 9 * filled
    }

    fn filled(&self) -> impl Iterator<Item = &Pair> {
        self.0.iter().filter(|pair| !(pair.before.is_zero() && pair.now.is_zero()))
    }

    /// By how much of the larger one figures change, from the least to the most; small counts say nothing.
    fn changes(&self) -> Vec<f64> {
        let change = |pair: &Pair| {
            let (before, now) = (pair.before.to_double(), pair.now.to_double());
            (before.max(now) >= 20.0).then(|| (now - before).abs() / before.max(now))
        };
        let mut changes: Vec<f64> = self.0.iter().filter_map(change).collect();
        changes.sort_by(f64::total_cmp);
        changes
    }

    /// Judges a kind, and why it was taken for one.
    fn judge(&self, kind: &mut Kind, ground: &mut KindGround) {
        let judged = match kind {
            Kind::Cumulative if self.fall() => (Kind::Open, KindGround::Falls),
            Kind::Stock if matches!(ground, KindGround::Words(_) | KindGround::Measure(_)) && self.jump() => {
                (Kind::Open, KindGround::Jumps)
            }
            // From a day to a day is the period itself: that the figures arose in it has yet to be said.
            Kind::Flow if *ground == KindGround::OverDays && self.stand() => (Kind::Open, KindGround::StandsOverDays),
            Kind::Flow if *ground == KindGround::ThisPeriod && self.stand() => (Kind::Open, KindGround::StandsInPeriod),
            Kind::Flow if matches!(ground, KindGround::Words(_) | KindGround::Group(_)) && self.stay() => {
                (Kind::Stock, KindGround::Stands)
            }
            Kind::Open if !matches!(ground, KindGround::Before | KindGround::ThisPeriod) && self.stand() => {
                (Kind::Stock, KindGround::Stands)
            }
            _ => return,
        };
        (*kind, *ground) = judged;
    }
}

/// The pairs of returns by line (of an open table by none) and column.
struct ByPlace<'a>(HashMap<(&'a str, &'a str), Vec<Pair>>);

impl<'a> ByPlace<'a> {
    fn new(returns: &[&'a Return], fixed: bool) -> Self {
        let mut pairs: HashMap<(&str, &str), Vec<Pair>> = HashMap::default();
        for (now, before) in following(returns) {
            let same_year = before.period.year == now.period.year;
            let figures = before.entries.iter().filter_map(|e| Some(((&*e.line, &*e.column), e.amount()?)));
            let then: HashMap<(&str, &str), Figure> = figures.collect();
            for entry in &now.entries {
                let place = (&*entry.line, &*entry.column);
                if let (Some(before), Some(now)) = (then.get(&place).copied(), entry.amount()) {
                    let line = if fixed { place.0 } else { "" };
                    pairs.entry((line, place.1)).or_default().push(Pair { before, now, same_year });
                }
            }
        }
        Self(pairs)
    }

    fn of<'p>(&self, places: impl Iterator<Item = (&'p str, &'p str)>) -> Pairs {
        Pairs(places.filter_map(|place| self.0.get(&place)).flatten().copied().collect())
    }
}

/// What two periods say of kinds: what falls within a year does not run on from its beginning; what hardly changes stands.
pub fn kinds(table: &mut DraftTable, figures: &Figures<'_>) {
    let fixed = matches!(table.lines.body, Body::Fixed(_));
    let pairs = ByPlace::new(figures.returns, fixed);
    let columns = table.columns.list.iter_mut().filter(|c| c.role == Use::Figure);
    let Body::Fixed(lines) = &mut table.lines.body else {
        for column in columns {
            pairs.of(std::iter::once(("", &*column.id))).judge(&mut column.kind, &mut column.ground);
        }
        return;
    };
    let mut columns: Vec<_> = columns.collect();
    // Where a column stands on all lines, its figures say it better than those of a line, which are of several columns.
    let several = columns.len() > 1;
    for column in columns.iter_mut().filter(|c| several && matches!(c.kind, Kind::Open | Kind::Flow)) {
        pairs.of(lines.iter().map(|l| (&*l.id, &*column.id))).judge(&mut column.kind, &mut column.ground);
    }
    // What columns say themselves says nothing of a line.
    let asked: Vec<&str> = columns.iter().filter(|c| c.is_question()).map(|c| &*c.id).collect();
    for line in lines.iter_mut() {
        pairs.of(asked.iter().map(|column| (&*line.id, *column))).judge(&mut line.kind, &mut line.ground);
    }
    for column in columns.into_iter().filter(|c| c.kind == Kind::Cumulative) {
        pairs.of(lines.iter().map(|l| (&*l.id, &*column.id))).judge(&mut column.kind, &mut column.ground);
    }
}

/// What a period begins with is what the one before ended with.
pub fn carried_over(table: &mut DraftTable, entries: &Figures<'_>) {
    let pairs = following(entries.returns);
    if pairs.len() < LEAST_CARRIED {
        return;
    }
    let list = &table.columns.list;
    let figures: Vec<usize> = table.columns.of(Use::Figure).collect();
    let of = |kind: Kind| figures.iter().copied().filter(move |at| list[*at].kind == kind);
    // "Kỳ trước" is what was then reported as "kỳ này", whatever it is.
    let repeats = |at: usize| list[at].ground == KindGround::Before;
    let openings = of(Kind::Opening).chain(figures.iter().copied().filter(|at| repeats(*at)));
    let closings: Vec<usize> = [Kind::Closing, Kind::Cumulative, Kind::Total].into_iter().flat_map(of).collect();
    let any: Vec<usize> = figures.iter().copied().filter(|at| !list[*at].kind.is_quotient()).collect();
    let mut rules: Vec<DraftRule> = Vec::new();
    for opening in openings {
        let mut best: Option<(usize, Support)> = None;
        let closings = if repeats(opening) { &any } else { &closings };
        for closing in closings.iter().copied().filter(|at| *at != opening) {
            let support = carried(&pairs, &list[opening].id, &list[closing].id);
            let enough = support.held >= 3 && support.broken * 8 <= support.rows();
            if enough && best.as_ref().is_none_or(|(_, s)| support.held > s.held) {
                best = Some((closing, support));
            }
        }
        let Some((closing, support)) = best else { continue };
        let (o, c) = (&list[opening].id, &list[closing].id);
        let body = vec![format!("opening = {}", quoted(o)), format!("closing = {}", quoted(c))];
        let says = format!("({o}) kỳ này = ({c}) kỳ trước");
        let id = format!("chuyen-ky-{o}");
        let mut rule = DraftRule::new("carries_over", &id, body, Ground::Figures, support, says);
        if let Some(at) = figures.iter().position(|at| *at == opening) {
            on_adding_lines(&table.lines.body, &|line| !entries.asks(at, line), &mut rule);
        }
        rules.push(rule);
    }
    table.rules.extend(rules);
}

/// How often what opens in one column is what was left in another the period before.
fn carried(pairs: &[(&Return, &Return)], opening: &str, closing: &str) -> Support {
    let of = |ret: &Return, column: &str| -> HashMap<(Arc<str>, u16), Figure> {
        let own = ret.entries.iter().filter(|e| *e.column == *column);
        own.filter_map(|e| Some(((e.line.clone(), e.section), e.amount()?))).collect()
    };
    let mut support = Support::default();
    for (now, before) in pairs {
        let left = of(before, closing);
        for (line, opened) in of(now, opening) {
            match left.get(&line) {
                Some(left) if left.is_zero() && opened.is_zero() => {}
                Some(left) if *left == opened => support.held += 1,
                Some(_) => support.broken += 1,
                None => {}
            }
        }
    }
    support
}
