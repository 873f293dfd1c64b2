//! The sums and quotients among the columns of a table: as rules, and the kinds that follow from them.

use foldhash::HashSet;

use super::super::columns::{LearnedColumn, Use};
use super::super::draft::DraftTable;
use super::super::lines::Body;
use super::super::template::{DraftRule, quoted};
use super::super::words::Lexis;
use super::figures::{Figures, Matrix, Trust};
use super::identities::{Ground, Quotient, Sum, Support, exact, quotients, sums};
use super::{
    Names, is_share_or_mean, is_unsaid, moved, moves, on_adding_lines, parts, quotient_lines, suggest, total_row,
};
use crate::model::{Kind, KindGround};
use crate::normalise::text::key;

/// Finds what holds among columns; returned: which of them are quotients or means.
pub fn learn(table: &mut DraftTable, entries: &Figures<'_>, trust: Trust, lexis: &Lexis) -> Vec<bool> {
    let figures: Vec<usize> = table.columns.of(Use::Figure).collect();
    let fixed = matches!(table.lines.body, Body::Fixed(_));
    let ids: Vec<String> = figures.iter().map(|c| table.columns.list[*c].id.clone()).collect();
    let place = |at: usize| if fixed { format!("{{ column = {} }}", quoted(&ids[at])) } else { quoted(&ids[at]) };
    let word = |at: usize| format!("({})", ids[at]);
    let across = Across {
        entries,
        left_out: quotient_lines(&table.lines.body, lexis),
        names: Names { place: &place, word: &word },
        figures: &figures,
        ids: &ids,
        fixed,
    };
    let list = &table.columns.list;
    let decimals: Vec<u8> = figures.iter().map(|c| list[*c].decimals).collect();
    let all = entries.across(decimals.clone(), trust, &|_| true);
    let adding = entries.across(decimals, trust, &|line| !across.left_out.contains(line));
    let of = |is: &dyn Fn(&LearnedColumn) -> bool| -> Vec<usize> {
        (0..figures.len()).filter(|at| is(&list[figures[*at]])).collect()
    };
    let candidates = of(&|c| may_be_quotient(c, lexis));
    let certain = of(&|c| is_share_or_mean(c.kind));
    let dividing = of(&|c| !is_share_or_mean(c.kind));
    let mut suggested = suggest::columns(&table.columns, &figures, &certain, lexis);
    let by_id = ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    suggested.extend(suggest::formulas(entries.returns, &by_id, true, trust));
    let found = quotients(&all, suggested.quotients, &candidates, &dividing);
    let mut is_quotient: Vec<bool> = figures.iter().map(|c| is_share_or_mean(list[*c].kind)).collect();
    found.iter().for_each(|(q, _)| is_quotient[q.value] = true);
    let is_found = |at: &usize| found.iter().any(|(q, _)| q.value == *at);
    let unproved: Vec<usize> = candidates.into_iter().filter(|at| !is_found(at)).collect();
    let of_total = total_row::shares(entries, &table.lines.body, &unproved, &is_quotient);
    of_total.iter().for_each(|share| is_quotient[share.value] = true);
    // A formula that is right only because its quotient is rounded is no sum.
    let adds = |sum: &Sum| sum.ground == Ground::Printed || !sum.variables().any(|at| is_quotient[at]);
    let suggested: Vec<Sum> = suggested.sums.into_iter().filter(adds).collect();
    let searchable: Vec<usize> = (0..figures.len()).filter(|at| !is_quotient[*at]).collect();
    let mut accepted = sums(&adding, suggested, &searchable);
    for (sum, _) in accepted.iter_mut().filter(|(s, _)| s.ground != Ground::Printed) {
        *sum = as_difference(sum, &|at| {
            let column = &list[figures[at]];
            column.signed || column.path.iter().any(|p| lexis.is_difference(p))
        });
    }
    across.quotients(table, &found, &all);
    across.shares(table, &of_total);
    across.kinds_of_sums(table, &accepted);
    across.sums(table, &accepted);
    across.parts(table, &accepted, (&is_quotient, &adding), lexis);
    is_quotient
}

fn may_be_quotient(column: &LearnedColumn, lexis: &Lexis) -> bool {
    let words = column.path.iter().map(|p| key(p)).collect::<Vec<_>>().join(" ");
    is_share_or_mean(column.kind) || column.percent || lexis.is_quotient(&words)
}

/// "Kỳ này = kỳ trước + tăng, giảm" is what the difference is: "tăng, giảm = kỳ này − kỳ trước".
fn as_difference(sum: &Sum, is_difference: &dyn Fn(usize) -> bool) -> Sum {
    let [(a, 1), (b, 1)] = sum.terms[..] else { return sum.clone() };
    let (own, other) = match (is_difference(a), is_difference(b)) {
        (true, false) => (a, b),
        (false, true) => (b, a),
        _ => return sum.clone(),
    };
    if is_difference(sum.total) {
        return sum.clone();
    }
    Sum { total: own, terms: vec![(sum.total, 1), (other, -1)], ground: sum.ground }
}

/// The columns of figures, and how rules name them.
struct Across<'a> {
    entries: &'a Figures<'a>,
    /// Their places among all columns.
    figures: &'a [usize],
    ids: &'a [String],
    names: Names<'a>,
    /// Whether the form prints its lines.
    fixed: bool,
    /// Lines on which nothing adds up.
    left_out: HashSet<String>,
}

impl Across<'_> {
    fn quotients(&self, table: &mut DraftTable, found: &[(Quotient, Support)], matrix: &Matrix) {
        for (quotient, support) in found {
            let rule = self.names.of_quotient(quotient, *support, &self.ids[quotient.value]);
            self.push(table, rule, &|line| !self.entries.asks(quotient.value, line));
            let hundred = 100 * 10i128.pow(u32::from(matrix.scale));
            let column = &mut table.columns.list[self.figures[quotient.value]];
            (column.kind, column.ground) = self.names.judged(quotient);
            column.over |= matrix.rows().any(|r| r.values[quotient.value].is_some_and(|v| v > hundred));
        }
    }

    fn shares(&self, table: &mut DraftTable, of_total: &[total_row::Share]) {
        for share in of_total {
            let (value, part) = (&self.ids[share.value], &self.ids[share.part]);
            let says = format!("({value}) = ({part}) / ({part}) hàng tổng × 100");
            let column = &mut table.columns.list[self.figures[share.value]];
            (column.kind, column.ground) = (Kind::Ratio, KindGround::Quotient(says.clone()));
            let body = vec![
                format!("value = {}", (self.names.place)(share.value)),
                format!("numerator = {}", (self.names.place)(share.part)),
                format!("denominator = {{ line = {}, column = {} }}", quoted(&share.total), quoted(part)),
            ];
            let id = format!("ty-trong-{value}");
            let rule = DraftRule::new("ratio", &id, body, Ground::Figures, share.support, says);
            self.push(table, rule, &|line| !self.entries.asks(share.value, line));
        }
    }

    fn sums(&self, table: &mut DraftTable, accepted: &[(Sum, Support)]) {
        for (nth, (sum, support)) in accepted.iter().enumerate().filter(|_| self.has_sums()) {
            let id = format!("tong-{}-{}", self.ids[sum.total], nth + 1);
            let rule = self.names.of_sum(sum, *support, &id);
            self.push(table, rule, &|line| self.left_out.contains(line) || !self.entries.asks(sum.total, line));
        }
    }

    /// Parts of columns that no sum says already; a part of what stands or happens is of its kind.
    fn parts(
        &self,
        table: &mut DraftTable,
        accepted: &[(Sum, Support)],
        (is_quotient, adding): (&[bool], &Matrix),
        lexis: &Lexis,
    ) {
        let list: Vec<&LearnedColumn> = self.figures.iter().map(|c| &table.columns.list[*c]).collect();
        let parts = parts::of_columns(&list, lexis);
        let adds = |at: usize| !list[at].signed && !is_quotient[at];
        let tried = |own: &parts::Part| adds(own.0) && adds(own.1) && !parts::follows(accepted, *own);
        let tried: Vec<parts::Part> = parts.iter().copied().filter(|own| self.has_sums() && tried(own)).collect();
        for own in tried {
            let support = parts::support(adding.rows(), own);
            if parts::holds(support, adding.trust) {
                let rule = self.names.of_part(own, support, &self.ids[own.0]);
                let signed = signed_lines(&table.lines.body);
                self.push(table, rule, &|line| self.left_out.contains(line) || signed.iter().any(|own| own == line));
            }
        }
        for (part, whole) in parts {
            let list = &mut table.columns.list;
            let (kind, ground) = (list[self.figures[whole]].kind, &list[self.figures[whole]].ground);
            let says = matches!(kind, Kind::Stock | Kind::Closing | Kind::Flow) && !is_unsaid(kind, ground);
            let part = &mut list[self.figures[part]];
            if says && is_unsaid(part.kind, &part.ground) {
                let kind = if kind == Kind::Flow { kind } else { Kind::Stock };
                (part.kind, part.ground) = (kind, KindGround::PartOf);
            }
        }
    }

    /// Whether there are rules among columns: in a form of one column the lines say all of it.
    fn has_sums(&self) -> bool {
        !self.fixed || self.figures.len() > 1
    }

    fn push(&self, table: &mut DraftTable, mut rule: DraftRule, is_left_out: &dyn Fn(&str) -> bool) {
        on_adding_lines(&table.lines.body, is_left_out, &mut rule);
        table.rules.push(rule);
    }

    /// What follows from the sums for the columns.
    fn kinds_of_sums(&self, table: &mut DraftTable, accepted: &[(Sum, Support)]) {
        let list = &mut table.columns.list;
        let column = |at: usize| self.figures[at];
        for (at, exact) in exact(accepted, self.figures.len()).into_iter().enumerate() {
            list[column(at)].exact = exact && list[column(at)].decimals > 0;
        }
        // A difference of other columns may be below nought, where it is anywhere.
        for (sum, _) in accepted.iter().filter(|(sum, _)| !sum.is_plain()) {
            let negative = || self.entries.column(sum.total).filter_map(|e| e.value).any(|value| value.units < 0);
            list[column(sum.total)].signed |= negative();
        }
        for (sum, _) in accepted {
            for at in moved(sum, &|at| list[column(at)].kind) {
                let column = &mut list[column(at)];
                (column.kind, column.ground) = (Kind::Flow, KindGround::Movement);
            }
        }
        for (sum, _) in accepted.iter().filter(|(sum, _)| sum.is_plain()) {
            stand_together(list, &sum.variables().map(column).collect::<Vec<_>>());
        }
        // A column is the total of others where words say no kind of its own that time asks for.
        for (sum, _) in accepted {
            let moves = moves(sum, &|at| list[column(at)].kind);
            let column = &mut list[column(sum.total)];
            if matches!(column.kind, Kind::Open | Kind::Flow | Kind::Stock) && (!self.fixed || moves) {
                (column.kind, column.ground) = (Kind::Total, KindGround::SumOfColumns);
            }
        }
    }
}

/// What is added up with what stands at a day stands as well: one of a sum's columns, the total first, says it for the
/// others.
fn stand_together(list: &mut [LearnedColumn], all: &[usize]) {
    let unsaid = |c: &LearnedColumn| is_unsaid(c.kind, &c.ground);
    let ends = list[all[0]].kind == Kind::Closing;
    let stands = ends || all.iter().any(|at| list[*at].kind == Kind::Stock && !unsaid(&list[*at]));
    let fits = |at: &usize| matches!(list[*at].kind, Kind::Stock | Kind::Closing) || unsaid(&list[*at]);
    if stands && all.iter().all(fits) {
        for at in all {
            let column = &mut list[*at];
            if is_unsaid(column.kind, &column.ground) {
                (column.kind, column.ground) = (Kind::Stock, KindGround::AddedToStock);
            }
        }
    }
}

/// The fixed lines whose figures may be below nought: a part of a difference may be above it.
fn signed_lines(body: &Body) -> Vec<String> {
    match body {
        Body::Fixed(lines) => lines.iter().filter(|l| l.signed).map(|l| l.id.clone()).collect(),
        Body::Open { .. } => Vec::new(),
    }
}
