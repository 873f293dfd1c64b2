//! The sums and quotients among fixed lines, in every column that adds up: as rules, and the kinds that follow from them.

use std::ops::Range;

use foldhash::HashMap;

use super::super::columns::{LearnedColumn, Use};
use super::super::draft::DraftTable;
use super::super::lines::{Body, LearnedLine};
use super::super::template::{DraftRule, list as quoted_list, quoted};
use super::super::words::Lexis;
use super::figures::{Figures, Matrix, Trust};
use super::identities::{Quotient, Sum, Support, exact, quotients, sums};
use super::{Names, is_share_or_mean, is_unsaid, may_be_quotient, moved, moves, parts, suggest};
use crate::model::{Kind, KindGround};

/// Lines of which no more are tried as the parts of quotients that nobody suggests.
const MOST_DIVIDED: usize = 40;

/// Finds what holds among the lines of a table whose form prints them.
pub fn learn(table: &mut DraftTable, entries: &Figures<'_>, trust: Trust, quotient_columns: &[bool], lexis: &Lexis) {
    let Body::Fixed(list) = &table.lines.body else { return };
    let ids: Vec<&str> = list.iter().map(|l| l.id.as_str()).collect();
    let by_id: HashMap<&str, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let figures: Vec<&LearnedColumn> = table.columns.of(Use::Figure).map(|at| &table.columns.list[at]).collect();
    let single = figures.len() == 1;
    let place = |at: usize| if single { quoted(ids[at]) } else { format!("{{ line = {} }}", quoted(ids[at])) };
    let word = |at: usize| format!("dòng {}", ids[at]);
    let mut along = Along {
        entries,
        list,
        ids: &ids,
        names: Names { place: &place, word: &word },
        single,
        all: Matrix::new(entries.scale, list.iter().map(|l| l.decimals).collect(), trust),
        columns: Vec::new(),
    };
    for (at, column) in figures.iter().copied().enumerate().filter(|(at, _)| !quotient_columns[*at]) {
        let start = along.all.len();
        entries.along(at, &by_id, &mut along.all);
        along.columns.push((at, column, start..along.all.len()));
    }
    let filled: Vec<usize> = (0..list.len()).filter(|at| adds_up(&list[*at])).collect();
    let of = |is: &dyn Fn(&LearnedLine) -> bool| -> Vec<usize> {
        filled.iter().copied().filter(|at| is(&list[*at])).collect()
    };
    let certain = of(&|l| is_share_or_mean(l.kind));
    let mut dividing = of(&|l| !is_share_or_mean(l.kind));
    if dividing.len() > MOST_DIVIDED {
        dividing.clear();
    }
    let mut suggested = suggest::lines(list, &certain, lexis);
    suggested.extend(suggest::formulas(entries.returns, &by_id, false, trust));
    let candidates = of(&|l| may_be_quotient(l, lexis));
    let found = quotients(&along.all, suggested.quotients, &candidates, &dividing);
    let is_quotient = |at: usize| certain.contains(&at) || found.iter().any(|(q, _)| q.value == at);
    let adds = |at: usize| adds_up(&list[at]) && !is_quotient(at);
    let searchable: Vec<usize> = filled.iter().copied().filter(|at| !is_quotient(*at)).collect();
    let suggested: Vec<Sum> = suggested.sums.into_iter().filter(|sum| sum.variables().all(adds)).collect();
    let accepted = sums(&along.all, suggested, &searchable);
    let mut rules: Vec<DraftRule> = found.iter().filter_map(|(own, support)| along.quotient(own, *support)).collect();
    rules.extend(accepted.iter().enumerate().filter_map(|(nth, (sum, support))| along.sum(nth, sum, *support)));
    let parts = parts::of_lines(list).into_iter().filter(|(part, whole)| adds(*part) && adds(*whole));
    rules.extend(parts.filter(|own| !parts::follows(&accepted, *own)).filter_map(|own| along.part(own)));
    let kinds = along.kinds(&figures, &found, &accepted);
    let exact = exact(&accepted, ids.len());
    table.rules.extend(rules);
    let Body::Fixed(list) = &mut table.lines.body else { return };
    for (line, exact) in list.iter_mut().zip(exact) {
        line.exact = exact && line.decimals > 0;
    }
    for (at, kind, ground) in kinds {
        (list[at].kind, list[at].ground) = (kind, ground);
    }
}

fn adds_up(line: &LearnedLine) -> bool {
    !line.heading && !matches!(line.kind, Kind::Code | Kind::Text)
}

/// The lines, their figures, and how rules name them.
struct Along<'a> {
    entries: &'a Figures<'a>,
    list: &'a [LearnedLine],
    ids: &'a [&'a str],
    names: Names<'a>,
    /// Whether there is but one column, which rules need not name.
    single: bool,
    all: Matrix,
    /// The columns that add up: which of those with figures, and its rows of the matrix.
    columns: Vec<(usize, &'a LearnedColumn, Range<usize>)>,
}

impl Along<'_> {
    /// Whether anything is asked for on a line in one of the columns.
    fn asks(&self, nth: usize, line: usize) -> bool {
        self.entries.asks(self.columns[nth].0, self.ids[line])
    }

    fn quotient(&self, quotient: &Quotient, support: Support) -> Option<DraftRule> {
        let rule = self.names.of_quotient(quotient, support, &format!("dong-{}", self.ids[quotient.value]));
        self.on(rule, |nth| self.asks(nth, quotient.value))
    }

    /// Only in the columns where it holds as well; of one file each column is one row.
    fn sum(&self, nth: usize, sum: &Sum, support: Support) -> Option<DraftRule> {
        let holds = |nth: usize| {
            let own = self.all.try_sum_in(sum, self.columns[nth].2.clone());
            let mostly = own.held * 5 >= own.rows() * 4 || own.held * 2 >= own.rows() && own.is_sure();
            self.all.trust != Trust::Many || own.rows() == 0 || mostly
        };
        // Where quantities of many sorts are parts, only their worth adds up.
        let asks = |nth: usize| self.asks(nth, sum.total) && sum.terms.iter().any(|(at, _)| self.asks(nth, *at));
        let rule = self.names.of_sum(sum, support, &format!("dong-{}-{}", self.ids[sum.total], nth + 1));
        self.on(rule, |nth| asks(nth) && holds(nth))
    }

    fn part(&self, own: parts::Part) -> Option<DraftRule> {
        if self.list[own.0].signed || self.list[own.1].signed {
            return None;
        }
        let holds = |(_, column, rows): &(usize, &LearnedColumn, Range<usize>)| {
            !column.signed && parts::holds(parts::support(self.all.rows_in(rows.clone()), own), self.all.trust)
        };
        let held: Vec<bool> = self.columns.iter().map(holds).collect();
        let support = parts::support(self.all.rows(), own);
        let rule = self.names.of_part(own, support, &format!("dong-{}", self.ids[own.0]));
        held.contains(&true).then(|| self.on(rule, |nth| held[nth])).flatten()
    }

    /// The rule with the columns that it is tried in; nothing where these are none.
    fn on(&self, mut rule: DraftRule, wanted: impl Fn(usize) -> bool) -> Option<DraftRule> {
        if self.single {
            return Some(rule);
        }
        let own = self.columns.iter().enumerate().filter(|(nth, _)| wanted(*nth));
        let on: Vec<String> = own.map(|(_, (_, column, _))| column.id.clone()).collect();
        rule.body.push(format!("on = {}", quoted_list(&on)));
        (!on.is_empty()).then_some(rule)
    }

    /// The kinds that follow for the lines, each with its ground; of several for one line the last counts.
    fn kinds(
        &self,
        figures: &[&LearnedColumn],
        found: &[(Quotient, Support)],
        accepted: &[(Sum, Support)],
    ) -> Vec<(usize, Kind, KindGround)> {
        let (list, kind) = (self.list, |at: usize| self.list[at].kind);
        let sums = || accepted.iter().map(|(sum, _)| sum);
        let unsaid = |at: &usize| is_unsaid(kind(*at), &list[*at].ground);
        let mut kinds: Vec<(usize, Kind, KindGround)> = Vec::new();
        // Where the columns say nothing of kinds the lines do.
        let says_nothing = |kind: Kind| !kind.adds_over_units() || matches!(kind, Kind::Open | Kind::Total);
        if figures.iter().all(|c| says_nothing(c.kind)) {
            let moving = sums().flat_map(|sum| moved(sum, &kind));
            kinds.extend(moving.map(|at| (at, Kind::Flow, KindGround::Movement)));
            let stays = |at: usize| kind(at) == Kind::Closing || kind(at) == Kind::Stock && !unsaid(&at);
            let fits = |at: usize| unsaid(&at) || matches!(kind(at), Kind::Stock | Kind::Closing);
            let whole =
                sums().filter(|sum| stays(sum.total) && sum.is_plain() && sum.terms.iter().all(|(at, _)| fits(*at)));
            let standing = whole.flat_map(|sum| &sum.terms).map(|(at, _)| *at).filter(unsaid);
            kinds.extend(standing.map(|at| (at, Kind::Stock, KindGround::AddedToStock)));
        }
        for (quotient, _) in found {
            let (kind, ground) = self.names.judged(quotient);
            kinds.push((quotient.value, kind, ground));
        }
        let is_total = |sum: &&Sum| match kind(sum.total) {
            Kind::Open => true,
            Kind::Flow | Kind::Stock => moves(sum, &kind),
            _ => false,
        };
        let totals = sums().filter(|_| self.single).filter(is_total);
        kinds.extend(totals.map(|sum| (sum.total, Kind::Total, KindGround::SumOfLines)));
        kinds
    }
}
