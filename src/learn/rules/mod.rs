//! What holds in a learned table, from its figures over all units and periods, and the kinds that follow from it.
//!
//! 1. [`figures`] are the entries of the table's returns by row and column. [`over_time`] holds the kinds that words gave
//!    against what two periods say.
//! 2. [`suggest`] says which sums and quotients the paper suggests, [`identities`] tries these and others over all rows,
//!    [`parts`] what "trong đó" says.
//! 3. [`across`] makes rules of what holds among columns, [`along`] among fixed lines, [`total_row`] of an open table's
//!    total row.

mod across;
mod along;
mod figures;
mod identities;
mod over_time;
mod parts;
mod suggest;
mod total_row;

use foldhash::{HashMap, HashSet};

pub use figures::{Figures, Trust};
pub use identities::{Ground, Support};

use super::columns::{Use, decimals_of_most, is_signed};
use super::draft::DraftTable;
use super::kinds::{self, is_of_title};
use super::lines::{Body, LearnedLine};
use super::template::{DraftRule, list as quoted_list};
use super::words::Lexis;
use crate::model::{Kind, KindGround, Return};
use crate::normalise::text::key;
use identities::{Quotient, Sum};

/// Finds what holds in a table, sets the kinds that follow, and keeps the rules with the table. `trust`: how
/// much evidence that takes.
pub fn learn(table: &mut DraftTable, returns: &[&Return], trust: Trust, lexis: &Lexis) {
    if table.columns.of(Use::Figure).next().is_none() || returns.is_empty() {
        return;
    }
    let figures = Figures::of(table, returns);
    decimals(table, &figures);
    kinds::in_words(table, &figures, lexis);
    over_time::kinds(table, &figures);
    kinds::above_hundred(table, &figures, trust);
    kinds::left_out(table, returns);
    let quotients = across::learn(table, &figures, trust, lexis);
    match &table.lines.body {
        Body::Fixed(_) => along::learn(table, &figures, trust, &quotients, lexis),
        Body::Open { .. } => total_row::learn(table, &figures, trust),
    }
    over_time::carried_over(table, &figures);
}

/// How many decimals each line's figures have, and whether they are below nought.
fn decimals(table: &mut DraftTable, figures: &Figures<'_>) {
    let Body::Fixed(lines) = &mut table.lines.body else { return };
    #[derive(Default)]
    struct Written {
        by_scale: [usize; 7],
        /// Of the columns that have none below nought anywhere else.
        figures: usize,
        negatives: usize,
    }
    let signed: Vec<bool> =
        table.columns.of(Use::Figure).map(|at| &table.columns.list[at]).map(|c| c.signed && c.id != "value").collect();
    let mut written: HashMap<&str, Written> = HashMap::default();
    for (row, line) in figures.rows.iter().map(|r| r.line).enumerate() {
        let own = written.entry(line).or_default();
        for (entry, signed) in figures.cells(row).iter().zip(&signed) {
            let Some(value) = entry.and_then(|e| e.value) else { continue };
            own.by_scale[usize::from(value.trimmed().scale.min(6))] += 1;
            own.figures += usize::from(!signed);
            own.negatives += usize::from(!signed && value.units < 0);
        }
    }
    for line in lines.iter_mut() {
        let Some(own) = written.get(&*line.id) else { continue };
        line.decimals = decimals_of_most(&own.by_scale);
        line.signed = is_signed(own.negatives, own.figures);
    }
}

/// Whether words say that figures are those of shares or means.
const fn is_share_or_mean(kind: Kind) -> bool {
    matches!(kind, Kind::Percent | Kind::Average)
}

/// Whether a line may be a quotient, by its words.
fn may_be_quotient(line: &LearnedLine, lexis: &Lexis) -> bool {
    is_share_or_mean(line.kind) || lexis.is_quotient(&line.key) || lexis.is_quotient(&key(&line.measure))
}

/// The fixed lines that are shares and means by their words, where the others are more: what is added up across columns on
/// the others is not on them.
fn quotient_lines(body: &Body, lexis: &Lexis) -> HashSet<String> {
    let Body::Fixed(lines) = body else { return HashSet::default() };
    let own: HashSet<String> = lines.iter().filter(|l| may_be_quotient(l, lexis)).map(|l| l.id.clone()).collect();
    let adding = lines.iter().filter(|l| !l.heading && !own.contains(&l.id)).count();
    if adding > own.len() { own } else { HashSet::default() }
}

/// What of a sum happens in the period: what comes to what it began with, and what goes off.
fn moved(sum: &Sum, kind: &dyn Fn(usize) -> Kind) -> Vec<usize> {
    let opens = |(at, sign): &&(usize, i8)| *sign > 0 && kind(*at) == Kind::Opening;
    let ends = matches!(kind(sum.total), Kind::Closing | Kind::Stock | Kind::Open | Kind::Total);
    if !ends || sum.terms.iter().filter(opens).count() != 1 {
        return Vec::new();
    }
    let weak = |at: &usize| matches!(kind(*at), Kind::Open | Kind::Stock);
    sum.terms.iter().map(|(at, _)| *at).filter(weak).collect()
}

/// Whether a sum is one over time, by the kinds of its parts and by what it takes away.
fn moves(sum: &Sum, kind: &dyn Fn(usize) -> Kind) -> bool {
    let over_time = |kind: Kind| matches!(kind, Kind::Opening | Kind::Closing | Kind::Cumulative | Kind::Plan);
    !sum.is_plain() || sum.terms.iter().any(|(at, _)| over_time(kind(*at)))
}

/// Whether nothing but the form's title, which speaks of all its figures, says of what kind something is.
fn is_unsaid(kind: Kind, ground: &KindGround) -> bool {
    kind == Kind::Open && *ground != KindGround::Before || is_of_title(ground)
}

/// Has a rule over columns tried on the lines that add up.
fn on_adding_lines(body: &Body, is_left_out: &dyn Fn(&str) -> bool, rule: &mut DraftRule) {
    let Body::Fixed(lines) = body else { return };
    if lines.iter().any(|l| is_left_out(&l.id)) {
        let on = lines.iter().filter(|l| !l.heading && !is_left_out(&l.id)).map(|l| l.id.clone());
        rule.body.push(format!("on = {}", quoted_list(&on.collect::<Vec<_>>())));
    }
}

/// How rules name the variables that they are about: as a template does, and in words.
struct Names<'a> {
    place: &'a dyn Fn(usize) -> String,
    word: &'a dyn Fn(usize) -> String,
}

impl Names<'_> {
    fn of_sum(&self, sum: &Sum, support: Support, id: &str) -> DraftRule {
        let of = |sign: i8| {
            let own = sum.terms.iter().filter(move |(_, s)| *s == sign).map(|(at, _)| (self.place)(*at));
            format!("[{}]", own.collect::<Vec<_>>().join(", "))
        };
        let mut body = vec![format!("total = {}", (self.place)(sum.total)), format!("parts = {}", of(1))];
        if !sum.is_plain() {
            body.push(format!("minus = {}", of(-1)));
        }
        let mut says = format!("{} =", (self.word)(sum.total));
        for (nth, (at, sign)) in sum.terms.iter().enumerate() {
            says.push_str(match (nth, *sign < 0) {
                (0, false) => " ",
                (_, false) => " + ",
                (_, true) => " − ",
            });
            says.push_str(&(self.word)(*at));
        }
        DraftRule::new("balance", id, body, sum.ground, support, says)
    }

    fn of_quotient(&self, quotient: &Quotient, support: Support, id: &str) -> DraftRule {
        let added = |cells: &[usize]| match cells {
            [only] => (self.place)(*only),
            cells => format!("[{}]", cells.iter().map(|at| (self.place)(*at)).collect::<Vec<_>>().join(", ")),
        };
        let mut body = vec![
            format!("value = {}", (self.place)(quotient.value)),
            format!("numerator = {}", added(&quotient.top)),
            format!("denominator = {}", added(&quotient.bottom)),
        ];
        if quotient.times != 100 {
            body.push(format!("times = {}", quotient.times));
        }
        let kind = if quotient.times == 100 { "ratio" } else { "rate" };
        DraftRule::new(kind, &format!("ty-le-{id}"), body, quotient.ground, support, self.says(quotient))
    }

    /// A quotient in words.
    fn says(&self, quotient: &Quotient) -> String {
        let times = if quotient.times == 1 { String::new() } else { format!(" × {}", quotient.times) };
        let added = |cells: &[usize]| match cells {
            [only] => (self.word)(*only),
            cells => format!("({})", cells.iter().map(|at| (self.word)(*at)).collect::<Vec<_>>().join(" + ")),
        };
        format!("{} = {} / {}{times}", (self.word)(quotient.value), added(&quotient.top), added(&quotient.bottom))
    }

    /// The kind of a quotient's value, and why.
    fn judged(&self, quotient: &Quotient) -> (Kind, KindGround) {
        let kind = if quotient.times == 100 { Kind::Ratio } else { Kind::Rate };
        (kind, KindGround::Quotient(self.says(quotient)))
    }

    /// A part is no more than its whole.
    fn of_part(&self, (part, whole): parts::Part, support: Support, id: &str) -> DraftRule {
        let body = vec![format!("parts = [{}]", (self.place)(part)), format!("whole = {}", (self.place)(whole))];
        let says = format!("{} không quá {}", (self.word)(part), (self.word)(whole));
        DraftRule::new("at_most", &format!("trong-do-{id}"), body, Ground::Structure, support, says)
    }
}
