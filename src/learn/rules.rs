//! The rules and kinds of a learned table, from its figures over all units and periods.

use std::ops::Range;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::columns::{LearnedColumn, Use, is_signed};
use super::figures::Figures;
use super::identities::{Basis, Ground, Matrix, Quotient, Sum, Support, Trust, exact, quotients, sums};
use super::kinds::{self, is_of_title};
use super::lines::Body;
use super::template::{DraftRule, list as quoted_list, quoted};
use super::words::Lexis;
use super::{DraftTable, parts, suggest};
use crate::model::entry::TOTAL;
use crate::model::{Entry, Figure, Kind, KindGround, Part, Period, Return, State};

/// Finds what holds in a table, sets the kinds that follow, and keeps the rules with the table. `trust`: how
/// much evidence that takes.
pub fn learn(table: &mut DraftTable, returns: &[&Return], trust: Trust, lexis: &Lexis) {
    let figures: Vec<usize> = table.columns.of(Use::Figure).collect();
    if figures.is_empty() || returns.is_empty() {
        return;
    }
    let entries = Figures::of(table, returns);
    decimals(table, &entries);
    kinds::in_words(table, &entries, lexis);
    kinds::by_time(table, &entries, trust);
    kinds::left_out(table, returns);
    let decimals: Vec<u8> = figures.iter().map(|c| table.columns.list[*c].decimals).collect();
    let quotients = quotient_lines(table, lexis);
    let all = entries.across(decimals.clone(), trust, &|_| true);
    let without = (!quotients.is_empty()).then(|| entries.across(decimals, trust, &|line| !quotients.contains(line)));
    let adding = without.as_ref().unwrap_or(&all);
    let of_columns = columns(table, (&all, adding), &entries, (&figures, &quotients), lexis);
    match &table.lines.body {
        Body::Fixed(_) => lines(table, &entries, trust, &figures, &of_columns, lexis),
        Body::Open { .. } => down(table, &entries, trust, &figures),
    }
    over_time(table, &entries, &figures);
}

/// How many decimals each line's figures have, and whether they are below nought.
fn decimals(table: &mut DraftTable, entries: &Figures<'_>) {
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
    for (row, line) in entries.rows.iter().map(|r| r.line).enumerate() {
        let own = written.entry(line).or_default();
        for (entry, signed) in entries.cells(row).iter().zip(&signed) {
            let Some(value) = entry.and_then(|e| e.value) else { continue };
            own.by_scale[usize::from(value.trimmed().scale.min(6))] += 1;
            own.figures += usize::from(!signed);
            own.negatives += usize::from(!signed && value.units < 0);
        }
    }
    for line in lines.iter_mut() {
        let Some(own) = written.get(&*line.id) else { continue };
        let all: usize = own.by_scale.iter().sum();
        let mut within = 0;
        let fits = |(_, count): &(usize, &usize)| {
            within += **count;
            within * 100 >= all * 97
        };
        line.decimals = own.by_scale.iter().enumerate().find(fits).map_or(0, |(scale, _)| scale as u8);
        line.signed = is_signed(own.negatives, own.figures);
    }
}

/// The fixed lines that are shares and means by their words, where the others are more: what is added up across columns on
/// the others is not on them.
fn quotient_lines(table: &DraftTable, lexis: &Lexis) -> HashSet<String> {
    let Body::Fixed(lines) = &table.lines.body else { return HashSet::default() };
    let is_quotient = |l: &&super::lines::LearnedLine| {
        let measure = crate::normalise::text::key(&l.measure);
        matches!(l.kind, Kind::Percent | Kind::Average) || lexis.is_quotient(&l.key) || lexis.is_quotient(&measure)
    };
    let own: HashSet<String> = lines.iter().filter(is_quotient).map(|l| l.id.clone()).collect();
    let adding = lines.iter().filter(|l| !l.heading && !own.contains(&l.id)).count();
    if adding > own.len() { own } else { HashSet::default() }
}

/// The sums and quotients among columns; returned: which of the columns are quotients or means.
fn columns(
    table: &mut DraftTable,
    (matrix, adding): (&Matrix, &Matrix),
    entries: &Figures<'_>,
    (figures, left_out): (&[usize], &HashSet<String>),
    lexis: &Lexis,
) -> Vec<bool> {
    let list = &table.columns.list;
    let likely = |at: usize| {
        let column = &list[figures[at]];
        let words = column.path.iter().map(|p| crate::normalise::text::key(p)).collect::<Vec<_>>().join(" ");
        column.kind == Kind::Percent || column.kind == Kind::Average || column.percent || lexis.is_quotient(&words)
    };
    let candidates: Vec<usize> = (0..figures.len()).filter(|at| likely(*at)).collect();
    let certain: Vec<usize> = candidates
        .iter()
        .copied()
        .filter(|at| matches!(list[figures[*at]].kind, Kind::Percent | Kind::Average))
        .collect();
    let mut suggested = suggest::columns(&table.columns, figures, &certain, lexis);
    let names = figures.iter().enumerate().map(|(at, c)| (list[*c].id.as_str(), at)).collect();
    suggested.extend(suggest::formulas(entries.returns, &names, true, matrix.trust));
    let dividing: Vec<usize> = (0..figures.len()).filter(|at| !certain.contains(at)).collect();
    let found = quotients(matrix, suggested.quotients, &candidates, &dividing);
    let mut is_quotient: Vec<bool> = (0..figures.len()).map(|at| certain.contains(&at)).collect();
    found.iter().for_each(|(q, _)| is_quotient[q.value] = true);
    let unproved: Vec<usize> =
        candidates.iter().copied().filter(|at| !found.iter().any(|(q, _)| q.value == *at)).collect();
    let of_total = shares_of_total(entries, &table.lines.body, &unproved, &is_quotient);
    of_total.iter().for_each(|share| is_quotient[share.value] = true);
    // A formula that is right only because its quotient is rounded is no sum.
    let searchable: Vec<usize> = (0..figures.len()).filter(|at| !is_quotient[*at]).collect();
    let adds = |sum: &Sum| {
        let all = std::iter::once(sum.total).chain(sum.terms.iter().map(|(t, _)| *t));
        sum.ground == Ground::Printed || all.clone().all(|at| !is_quotient[at])
    };
    let suggested: Vec<Sum> = suggested.sums.into_iter().filter(adds).collect();
    let mut accepted = sums(adding, suggested, &searchable, &mut Basis::default());
    for (sum, _) in accepted.iter_mut().filter(|(s, _)| s.ground != Ground::Printed) {
        *sum = as_difference(sum, &|at| {
            let column = &table.columns.list[figures[at]];
            column.signed || column.path.iter().any(|p| lexis.is_difference(p))
        });
    }
    let fixed = matches!(table.lines.body, Body::Fixed(_));
    let ids: Vec<String> = figures.iter().map(|c| table.columns.list[*c].id.clone()).collect();
    let place = |at: usize| column_place(&ids[at], fixed);
    for (quotient, support) in &found {
        let column = &mut table.columns.list[figures[quotient.value]];
        column.kind = if quotient.times == 100 { Kind::Ratio } else { Kind::Rate };
        column.ground = KindGround::Quotient(says_quotient(quotient, &|at| format!("({})", ids[at])));
        let mut rule = quotient_rule(quotient, *support, &ids[quotient.value], &place, &|at| format!("({})", ids[at]));
        on_adding_lines(&table.lines.body, &|line| !entries.asks(quotient.value, line), &mut rule);
        table.rules.push(rule);
        let over = matrix
            .rows()
            .any(|r| r.values[quotient.value].is_some_and(|v| v > 100 * 10i128.pow(u32::from(matrix.scale))));
        table.columns.list[figures[quotient.value]].over |= over;
    }
    for share in &of_total {
        let (value, part) = (&ids[share.value], &ids[share.part]);
        let says = format!("({value}) = ({part}) / ({part}) hàng tổng × 100");
        let column = &mut table.columns.list[figures[share.value]];
        (column.kind, column.ground) = (Kind::Ratio, KindGround::Quotient(says.clone()));
        let mut rule = DraftRule {
            id: slug(&format!("ty-trong-{value}")),
            table: String::new(),
            kind: "ratio",
            body: vec![
                format!("value = {}", place(share.value)),
                format!("numerator = {}", place(share.part)),
                format!("denominator = {{ line = {}, column = {} }}", quoted(&share.total), quoted(part)),
            ],
            ground: Ground::Figures,
            support: share.support,
            says,
        };
        on_adding_lines(&table.lines.body, &|line| !entries.asks(share.value, line), &mut rule);
        table.rules.push(rule);
    }
    for (at, exact) in exact(&accepted, figures.len()).into_iter().enumerate() {
        let column = &mut table.columns.list[figures[at]];
        column.exact = exact && column.decimals > 0;
    }
    differences(table, entries, figures, &accepted);
    for (sum, _) in &accepted {
        for at in moved(sum, &|at| table.columns.list[figures[at]].kind) {
            let column = &mut table.columns.list[figures[at]];
            (column.kind, column.ground) = (Kind::Flow, KindGround::Movement);
        }
    }
    stand_together(table, figures, &accepted);
    set_totals(table, figures, &accepted, fixed);
    let single = !fixed || figures.len() > 1;
    for (nth, (sum, support)) in accepted.iter().enumerate().filter(|_| single) {
        let id = format!("tong-{}-{}", ids[sum.total], nth + 1);
        let mut rule = sum_rule(sum, *support, id, &place, &|at| format!("({})", ids[at]));
        let adds_nothing = |line: &str| left_out.contains(line) || !entries.asks(sum.total, line);
        on_adding_lines(&table.lines.body, &adds_nothing, &mut rule);
        table.rules.push(rule);
    }
    let list: Vec<&super::columns::LearnedColumn> = figures.iter().map(|c| &table.columns.list[*c]).collect();
    let adds = |(part, whole): &(usize, usize)| {
        let signed = list[*part].signed || list[*whole].signed;
        !signed && !is_quotient[*part] && !is_quotient[*whole] && !parts::follows(&accepted, (*part, *whole))
    };
    let parts_of: Vec<(usize, usize)> = parts::of_columns(&list, lexis);
    let found: Vec<(usize, usize)> = parts_of.iter().copied().filter(adds).collect();
    for (part, whole) in found {
        let support = parts::support(adding.rows(), (part, whole));
        if single && parts::holds(support, matrix.trust) {
            let says = format!("({}) không quá ({})", ids[part], ids[whole]);
            let id = slug(&format!("trong-do-{}", ids[part]));
            let mut rule = parts::rule(id, Ground::Structure, support, (place(part), place(whole)), says);
            let signed = signed_lines(&table.lines.body);
            let adds_nothing = |line: &str| left_out.contains(line) || signed.iter().any(|own| own == line);
            on_adding_lines(&table.lines.body, &adds_nothing, &mut rule);
            table.rules.push(rule);
        }
    }
    for (part, whole) in parts_of {
        let (kind, ground) = (table.columns.list[figures[whole]].kind, &table.columns.list[figures[whole]].ground);
        let says = matches!(kind, Kind::Stock | Kind::Closing | Kind::Flow) && !is_unsaid(kind, ground);
        let part = &mut table.columns.list[figures[part]];
        if says && is_unsaid(part.kind, &part.ground) {
            let kind = if kind == Kind::Flow { kind } else { Kind::Stock };
            (part.kind, part.ground) = (kind, KindGround::PartOf);
        }
    }
    is_quotient
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

/// A column whose figures are those of another one, in percent of the total row's.
struct ShareOfTotal {
    value: usize,
    part: usize,
    /// The total row's line.
    total: String,
    support: Support,
}

/// The shares among columns that may be some: what part of the whole each line is.
fn shares_of_total(
    entries: &Figures<'_>,
    body: &Body,
    candidates: &[usize],
    is_quotient: &[bool],
) -> Vec<ShareOfTotal> {
    let total = match body {
        Body::Open { .. } => TOTAL,
        Body::Fixed(lines) => match lines.iter().filter(|l| l.total).collect::<Vec<_>>()[..] {
            [only] => &only.id,
            _ => return Vec::new(),
        },
    };
    let try_share = |value: usize, part: usize| {
        let mut matrix = Matrix::new(entries.scale, vec![0, 0, 0], Trust::Many);
        for (of, rows) in entries.by_return().enumerate() {
            let Some(whole) = rows.clone().find(|row| entries.rows[*row].line == total) else { continue };
            let Some(whole) = entries.cells(whole)[part] else { continue };
            for cells in rows.map(|row| entries.cells(row)) {
                if let (Some(value), Some(part)) = (cells[value], cells[part]) {
                    matrix.push(of, [value, part, whole].into_iter().enumerate());
                }
            }
        }
        let quotient = Quotient { value: 0, top: vec![1], bottom: vec![2], times: 100, ground: Ground::Figures };
        let support = matrix.try_quotient(&quotient);
        support.is_proved(Trust::Many).then(|| ShareOfTotal { value, part, total: total.to_owned(), support })
    };
    let of = |value: &usize| {
        let parts = (0..is_quotient.len()).filter(|part| !is_quotient[*part] && part != value);
        // Of figures that go together the nearer one on the left is meant.
        let near =
            |share: &ShareOfTotal| (share.support.held, share.part < *value, usize::MAX - share.part.abs_diff(*value));
        parts.filter_map(|part| try_share(*value, part)).max_by_key(near)
    };
    candidates.iter().filter_map(of).collect()
}

/// The fixed lines whose figures may be below nought: a part of a difference may be above it.
fn signed_lines(body: &Body) -> Vec<String> {
    match body {
        Body::Fixed(lines) => lines.iter().filter(|l| l.signed).map(|l| l.id.clone()).collect(),
        Body::Open { .. } => Vec::new(),
    }
}

/// Has a rule over columns tried on the lines that add up.
fn on_adding_lines(body: &Body, is_left_out: &dyn Fn(&str) -> bool, rule: &mut DraftRule) {
    let Body::Fixed(lines) = body else { return };
    if lines.iter().any(|l| is_left_out(&l.id)) {
        let on = lines.iter().filter(|l| !l.heading && !is_left_out(&l.id)).map(|l| l.id.clone());
        rule.body.push(format!("on = {}", quoted_list(&on.collect::<Vec<_>>())));
    }
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

/// A difference of other columns may be below nought, where it is anywhere.
fn differences(table: &mut DraftTable, entries: &Figures<'_>, figures: &[usize], accepted: &[(Sum, Support)]) {
    for (sum, _) in accepted.iter().filter(|(sum, _)| sum.terms.iter().any(|(_, sign)| *sign < 0)) {
        let column = &mut table.columns.list[figures[sum.total]];
        column.signed |= entries.column(sum.total).filter_map(|e| e.value).any(|value| value.units < 0);
    }
}

/// Whether nothing but the form's title, which speaks of all its figures, says of what kind something is.
fn is_unsaid(kind: Kind, ground: &KindGround) -> bool {
    kind == Kind::Open && *ground != KindGround::Before || is_of_title(ground)
}

/// What is added up with what stands at a day stands as well: of a plain sum one part says it for the others.
fn stand_together(table: &mut DraftTable, figures: &[usize], accepted: &[(Sum, Support)]) {
    for (sum, _) in accepted.iter().filter(|(sum, _)| sum.terms.iter().all(|(_, sign)| *sign > 0)) {
        let all: Vec<usize> =
            std::iter::once(sum.total).chain(sum.terms.iter().map(|(at, _)| *at)).map(|at| figures[at]).collect();
        let list = &mut table.columns.list;
        let unsaid = |c: &LearnedColumn| is_unsaid(c.kind, &c.ground);
        let ends = list[all[0]].kind == Kind::Closing;
        let stands = ends || all.iter().any(|at| list[*at].kind == Kind::Stock && !unsaid(&list[*at]));
        let fits = |at: &usize| matches!(list[*at].kind, Kind::Stock | Kind::Closing) || unsaid(&list[*at]);
        if stands && all.iter().all(fits) {
            for at in all {
                let column = &mut list[at];
                if is_unsaid(column.kind, &column.ground) {
                    (column.kind, column.ground) = (Kind::Stock, KindGround::AddedToStock);
                }
            }
        }
    }
}

/// A column is the total of others where words say no kind of its own that time asks for.
fn set_totals(table: &mut DraftTable, figures: &[usize], accepted: &[(Sum, Support)], fixed: bool) {
    for (sum, _) in accepted {
        let parts: Vec<Kind> = sum.terms.iter().map(|(at, _)| table.columns.list[figures[*at]].kind).collect();
        let column = &mut table.columns.list[figures[sum.total]];
        let weak = matches!(column.kind, Kind::Open | Kind::Flow | Kind::Stock);
        let moves = parts.iter().any(|k| matches!(k, Kind::Opening | Kind::Closing | Kind::Cumulative | Kind::Plan));
        if weak && (!fixed || moves || sum.terms.iter().any(|(_, s)| *s < 0)) {
            column.kind = Kind::Total;
            column.ground = KindGround::SumOfColumns;
        }
    }
}

fn column_place(id: &str, fixed: bool) -> String {
    if fixed { format!("{{ column = {} }}", quoted(id)) } else { quoted(id) }
}

fn says_sum(sum: &Sum, name: &dyn Fn(usize) -> String) -> String {
    let mut text = format!("{} =", name(sum.total));
    for (nth, (at, sign)) in sum.terms.iter().enumerate() {
        let sign = match (nth, *sign < 0) {
            (0, false) => " ",
            (_, false) => " + ",
            (_, true) => " − ",
        };
        text.push_str(sign);
        text.push_str(&name(*at));
    }
    text
}

fn says_quotient(quotient: &Quotient, name: &dyn Fn(usize) -> String) -> String {
    let times = if quotient.times == 1 { String::new() } else { format!(" × {}", quotient.times) };
    let added = |cells: &[usize]| match cells {
        [only] => name(*only),
        cells => format!("({})", cells.iter().map(|at| name(*at)).collect::<Vec<_>>().join(" + ")),
    };
    format!("{} = {} / {}{times}", name(quotient.value), added(&quotient.top), added(&quotient.bottom))
}

fn sum_rule(
    sum: &Sum,
    support: Support,
    id: String,
    place: &dyn Fn(usize) -> String,
    name: &dyn Fn(usize) -> String,
) -> DraftRule {
    let of = |sign: i8| {
        let own = sum.terms.iter().filter(move |(_, s)| *s == sign).map(|(at, _)| place(*at));
        format!("[{}]", own.collect::<Vec<_>>().join(", "))
    };
    let mut body = vec![format!("total = {}", place(sum.total)), format!("parts = {}", of(1))];
    if sum.terms.iter().any(|(_, s)| *s < 0) {
        body.push(format!("minus = {}", of(-1)));
    }
    DraftRule {
        id: slug(&id),
        table: String::new(),
        kind: "balance",
        body,
        ground: sum.ground,
        support,
        says: says_sum(sum, name),
    }
}

fn quotient_rule(
    quotient: &Quotient,
    support: Support,
    id: &str,
    place: &dyn Fn(usize) -> String,
    name: &dyn Fn(usize) -> String,
) -> DraftRule {
    let added = |cells: &[usize]| match cells {
        [only] => place(*only),
        cells => format!("[{}]", cells.iter().map(|at| place(*at)).collect::<Vec<_>>().join(", ")),
    };
    let mut body = vec![
        format!("value = {}", place(quotient.value)),
        format!("numerator = {}", added(&quotient.top)),
        format!("denominator = {}", added(&quotient.bottom)),
    ];
    let percent = quotient.times == 100;
    if !percent {
        body.push(format!("times = {}", quotient.times));
    }
    let kind = if percent { "ratio" } else { "rate" };
    let says = says_quotient(quotient, name);
    DraftRule {
        id: slug(&format!("ty-le-{id}")),
        table: String::new(),
        kind,
        body,
        ground: quotient.ground,
        support,
        says,
    }
}

/// Ids of rules hold no dots: one tried on many lines gets the line behind a dot.
fn slug(id: &str) -> String {
    id.chars().map(|c| if c == '.' { '_' } else { c }).collect()
}

/// The sums and quotients among fixed lines, in every column that adds up.
fn lines(
    table: &mut DraftTable,
    entries: &Figures<'_>,
    trust: Trust,
    figures: &[usize],
    quotient_columns: &[bool],
    lexis: &Lexis,
) {
    let Body::Fixed(list) = &table.lines.body else { return };
    let ids: Vec<&str> = list.iter().map(|l| l.id.as_str()).collect();
    let names: HashMap<&str, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let mut all = Matrix::new(entries.scale, list.iter().map(|l| l.decimals).collect(), trust);
    // Which rows are each column's.
    let mut each: Vec<(usize, Range<usize>)> = Vec::new();
    for at in (0..figures.len()).filter(|at| !quotient_columns[*at]) {
        let start = all.len();
        entries.along(at, &names, &mut all);
        each.push((at, start..all.len()));
    }
    let percent = |at: &usize| matches!(list[*at].kind, Kind::Percent | Kind::Average);
    let likely = |at: &usize| {
        percent(at)
            || lexis.is_quotient(&list[*at].key)
            || lexis.is_quotient(&crate::normalise::text::key(&list[*at].measure))
    };
    let adds_up = |at: &usize| !list[*at].heading && !matches!(list[*at].kind, Kind::Code | Kind::Text);
    let filled: Vec<usize> = (0..list.len()).filter(adds_up).collect();
    let certain: Vec<usize> = filled.iter().copied().filter(percent).collect();
    let candidates: Vec<usize> = filled.iter().copied().filter(likely).collect();
    let dividing: Vec<usize> = filled.iter().copied().filter(|at| !percent(at)).collect();
    let mut suggested = suggest::lines(list, &certain, lexis);
    suggested.extend(suggest::formulas(entries.returns, &names, false, trust));
    let few = if dividing.len() <= 40 { dividing.clone() } else { Vec::new() };
    let found = quotients(&all, suggested.quotients, &candidates, &few);
    let is_quotient = |at: usize| certain.contains(&at) || found.iter().any(|(q, _)| q.value == at);
    let searchable: Vec<usize> = filled.iter().copied().filter(|at| !is_quotient(*at)).collect();
    let adds = |sum: &Sum| {
        std::iter::once(sum.total).chain(sum.terms.iter().map(|(t, _)| *t)).all(|at| !is_quotient(at) && adds_up(&at))
    };
    let suggested: Vec<Sum> = suggested.sums.into_iter().filter(adds).collect();
    let accepted = sums(&all, suggested, &searchable, &mut Basis::default());
    let single = figures.len() == 1;
    let place = |at: usize| if single { quoted(ids[at]) } else { format!("{{ line = {} }}", quoted(ids[at])) };
    let name = |at: usize| format!("dòng {}", ids[at]);
    let mut made: Vec<DraftRule> = Vec::new();
    // In which columns a line is asked for.
    let asks = |nth: usize, line: usize| entries.asks(each[nth].0, ids[line]);
    let column = |at: usize| table.columns.list[figures[at]].id.clone();
    for (quotient, support) in &found {
        let mut rule = quotient_rule(quotient, *support, &format!("dong-{}", ids[quotient.value]), &place, &name);
        if !single {
            let own = each.iter().enumerate().filter(|(nth, _)| asks(*nth, quotient.value));
            let on: Vec<String> = own.map(|(_, (at, _))| column(*at)).collect();
            rule.body.push(format!("on = {}", quoted_list(&on)));
            if on.is_empty() {
                continue;
            }
        }
        made.push(rule);
    }
    for (nth, (sum, support)) in accepted.iter().enumerate() {
        let mut rule = sum_rule(sum, *support, format!("dong-{}-{}", ids[sum.total], nth + 1), &place, &name);
        if !single {
            // Only in the columns where it holds as well; of one file each column is one row.
            let holds = |rows: &Range<usize>| {
                let own = all.try_sum_in(sum, rows.clone());
                let mostly = own.held * 5 >= own.rows() * 4 || own.held * 2 >= own.rows() && own.is_sure();
                trust != Trust::Many || own.rows() == 0 || mostly
            };
            // Where quantities of many sorts are parts, only their worth adds up.
            let asks = |nth: usize| asks(nth, sum.total) && sum.terms.iter().any(|(at, _)| asks(nth, *at));
            let own = each.iter().enumerate().filter(|(nth, (_, rows))| asks(*nth) && holds(rows));
            let on: Vec<String> = own.map(|(_, (at, _))| column(*at)).collect();
            rule.body.push(format!("on = {}", quoted_list(&on)));
            if on.is_empty() {
                continue;
            }
        }
        made.push(rule);
    }
    for (part, whole) in parts::of_lines(list) {
        let signed = list[part].signed || list[whole].signed;
        if signed || is_quotient(part) || is_quotient(whole) || !adds_up(&part) || !adds_up(&whole) {
            continue;
        }
        if parts::follows(&accepted, (part, whole)) {
            continue;
        }
        let on: Vec<String> = each
            .iter()
            .filter(|(at, rows)| {
                let signed = table.columns.list[figures[*at]].signed;
                !signed && parts::holds(parts::support(all.rows_in(rows.clone()), (part, whole)), trust)
            })
            .map(|(at, _)| table.columns.list[figures[*at]].id.clone())
            .collect();
        if on.is_empty() {
            continue;
        }
        let support = parts::support(all.rows(), (part, whole));
        let says = format!("{} không quá {}", name(part), name(whole));
        let id = slug(&format!("trong-do-dong-{}", ids[part]));
        let mut rule = parts::rule(id, Ground::Structure, support, (place(part), place(whole)), says);
        if !single {
            rule.body.push(format!("on = {}", quoted_list(&on)));
        }
        made.push(rule);
    }
    let kinds: Vec<(usize, Kind, KindGround)> = found
        .iter()
        .map(|(q, _)| {
            let kind = if q.times == 100 { Kind::Ratio } else { Kind::Rate };
            (q.value, kind, KindGround::Quotient(says_quotient(q, &name)))
        })
        .collect();
    let totals: Vec<usize> = accepted
        .iter()
        .filter(|(s, _)| {
            let kinds: Vec<Kind> = s.terms.iter().map(|(at, _)| list[*at].kind).collect();
            let moves =
                kinds.iter().any(|k| matches!(k, Kind::Opening | Kind::Closing | Kind::Cumulative | Kind::Plan));
            let own = list[s.total].kind;
            single
                && (own == Kind::Open
                    || matches!(own, Kind::Flow | Kind::Stock) && (moves || s.terms.iter().any(|(_, s)| *s < 0)))
        })
        .map(|(s, _)| s.total)
        .collect();
    // Where the columns say nothing of kinds the lines do.
    let of_lines = figures
        .iter()
        .map(|c| table.columns.list[*c].kind)
        .all(|kind| !kind.adds_over_units() || matches!(kind, Kind::Open | Kind::Total));
    let moving = accepted.iter().filter(|_| of_lines).flat_map(|(sum, _)| moved(sum, &|at| list[at].kind));
    let moving: Vec<usize> = moving.collect();
    let unsaid = |at: usize| is_unsaid(list[at].kind, &list[at].ground);
    let stays = |at: usize| list[at].kind == Kind::Closing || list[at].kind == Kind::Stock && !unsaid(at);
    let ends = |sum: &Sum| of_lines && stays(sum.total) && sum.terms.iter().all(|(_, s)| *s > 0);
    let fits = |at: usize| unsaid(at) || matches!(list[at].kind, Kind::Stock | Kind::Closing);
    let whole =
        accepted.iter().map(|(sum, _)| sum).filter(|sum| ends(sum) && sum.terms.iter().all(|(at, _)| fits(*at)));
    let standing: Vec<usize> = whole.flat_map(|s| &s.terms).map(|(at, _)| *at).filter(|at| unsaid(*at)).collect();
    table.rules.extend(made);
    let exact = exact(&accepted, ids.len());
    if let Body::Fixed(list) = &mut table.lines.body {
        for (line, exact) in list.iter_mut().zip(exact) {
            line.exact = exact && line.decimals > 0;
        }
        for at in moving {
            (list[at].kind, list[at].ground) = (Kind::Flow, KindGround::Movement);
        }
        for at in standing {
            (list[at].kind, list[at].ground) = (Kind::Stock, KindGround::AddedToStock);
        }
        for (at, kind, ground) in kinds {
            (list[at].kind, list[at].ground) = (kind, ground);
        }
        for at in totals {
            (list[at].kind, list[at].ground) = (Kind::Total, KindGround::SumOfLines);
        }
    }
}

/// The total row of an open table = its lines, and each section = what stands in it, in which columns.
fn down(table: &mut DraftTable, entries: &Figures<'_>, trust: Trust, figures: &[usize]) {
    let mut tried: Vec<(&str, Support)> = Vec::new();
    for (at, column) in figures.iter().map(|at| &table.columns.list[*at]).enumerate() {
        if matches!(column.kind, Kind::Percent | Kind::Ratio | Kind::Rate | Kind::Average) {
            continue;
        }
        let mut own = Support::default();
        for rows in entries.by_return() {
            add_down(entries, rows, at, &mut own);
        }
        tried.push((&column.id, own));
    }
    let count = |tried: &[(&str, Support)]| {
        tried.iter().fold((0, 0), |(held, broken), (_, own)| (held + own.held, broken + own.broken))
    };
    let (held, broken) = count(&tried);
    // One file's total row is meant where most columns agree, or all once one line is left out; a single column cannot be
    // outvoted.
    let agreed = held > 0 && held >= broken || held + broken <= 1 && figures.len() == 1 || held + broken == 0;
    let ids: Vec<&str> = tried.iter().map(|(id, _)| *id).collect();
    let meant = agreed || trust != Trust::Many && entries.returns.iter().any(|ret| leaves_out_a_line(ret, &ids));
    let has_total = matches!(table.lines.body, Body::Open { total: true, .. });
    // A total row that leaves a column blank and others not adds up nothing there: pieces and litres.
    let states = |column: &str| -> Vec<State> {
        let totals = entries.returns.iter().flat_map(|r| &r.entries).filter(|e| e.part == Part::Total);
        totals.filter(|e| *e.column == *column).map(|e| e.state).collect()
    };
    let left_blank = |column: &str| states(column).iter().all(|state| *state == State::Blank);
    let some_filled = ids.iter().any(|column| !left_blank(column));
    // Where the total row adds up in nearly all columns, one with several mistakes adds up as well.
    let usual = held >= 3 * broken;
    tried.retain(|(id, own)| match trust {
        Trust::Many => own.held >= 1 && (own.broken * 4 <= own.rows() || usual && own.broken <= own.held),
        _ => meant && !(some_filled && left_blank(id)) && (own.rows() > 0 || has_total),
    });
    let holding: Vec<String> = tried.iter().map(|(id, _)| (*id).to_owned()).collect();
    let (held, broken) = count(&tried);
    if holding.is_empty() {
        return;
    }
    table.rules.push(DraftRule {
        id: "tong-cong".into(),
        table: String::new(),
        kind: "balance",
        body: vec![format!("down = {}", quoted_list(&holding))],
        ground: Ground::TotalRow,
        support: Support { held, broken, ..Support::default() },
        says: "hàng tổng = các hàng cộng lại".into(),
    });
}

/// Whether one line is what the total row lacks in every column, and more than one column has it.
fn leaves_out_a_line(ret: &Return, columns: &[&str]) -> bool {
    let mut rows: Option<HashSet<u32>> = None;
    let mut telling = 0;
    for column in columns {
        let of = |part: Part| ret.entries.iter().filter(move |e| e.part == part && *e.column == **column);
        let Some(total) = of(Part::Total).find_map(Entry::amount) else { continue };
        let lines: Vec<(u32, Figure)> = of(Part::Line).filter_map(|e| Some((e.cell.row, e.amount()?))).collect();
        let sum = lines.iter().try_fold(Figure::ZERO, |sum, (_, own)| sum.checked_add(*own));
        let lacks = |own: &Figure| total.checked_add(*own).zip(sum).is_some_and(|(all, sum)| all == sum);
        let own: HashSet<u32> = lines.iter().filter(|(_, own)| lacks(own)).map(|(row, _)| *row).collect();
        telling += usize::from(sum.is_some_and(|sum| sum != total));
        rows = Some(rows.map_or_else(|| own.clone(), |rows| &rows & &own));
    }
    telling >= 2 && rows.is_some_and(|rows| rows.len() == 1)
}

/// How often the total row and the sections of a return are the sums of their lines, in one column.
fn add_down(entries: &Figures<'_>, rows: Range<usize>, column: usize, support: &mut Support) {
    let of = |part: Part| {
        let own = rows.clone().map(|at| (&entries.rows[at], entries.cells(at)[column]));
        own.filter(move |(row, _)| row.part == part).filter_map(|(row, entry)| Some((row.section, entry?)))
    };
    let amount = |e: &Entry| e.amount().and_then(|f: Figure| f.at_scale(entries.scale));
    let lines: Vec<(u16, Option<i128>)> = of(Part::Line).map(|(section, entry)| (section, amount(entry))).collect();
    if let Some(total) = of(Part::Total).find_map(|(_, entry)| amount(entry))
        && lines.len() >= 2
    {
        let sum: i128 = lines.iter().filter_map(|(_, own)| *own).sum();
        if total == sum && total != 0 {
            support.held += 1;
        } else if total != sum {
            support.broken += 1;
        }
    }
    for (section, subtotal) in of(Part::Subtotal) {
        let own: Vec<i128> = lines.iter().filter(|(at, _)| *at == section).filter_map(|(_, own)| *own).collect();
        if let Some(total) = amount(subtotal)
            && own.len() >= 2
            && total != 0
        {
            if own.iter().sum::<i128>() == total { support.held += 1 } else { support.broken += 1 }
        }
    }
}

/// What a period begins with is what the one before ended with.
fn over_time(table: &mut DraftTable, entries: &Figures<'_>, figures: &[usize]) {
    let returns = entries.returns;
    let by_unit: HashMap<(&str, Period), &Return> = returns.iter().map(|r| ((&*r.unit, r.period), *r)).collect();
    let pairs: Vec<(&Return, &Return)> =
        returns.iter().filter_map(|r| Some((*r, *by_unit.get(&(&*r.unit, r.period.previous()?))?))).collect();
    if pairs.len() < 3 {
        return;
    }
    let list = &table.columns.list;
    let of = |kind: Kind| figures.iter().copied().filter(|at| list[*at].kind == kind).collect::<Vec<_>>();
    let mut openings = of(Kind::Opening);
    // "Kỳ trước" is what was then reported as "kỳ này", whatever it is.
    let repeats = |at: usize| list[at].ground == KindGround::Before;
    openings.extend(figures.iter().copied().filter(|at| repeats(*at)));
    let closings: Vec<usize> = [Kind::Closing, Kind::Cumulative, Kind::Total].into_iter().flat_map(of).collect();
    let any: Vec<usize> = figures.iter().copied().filter(|at| !list[*at].kind.is_quotient()).collect();
    let mut made: Vec<DraftRule> = Vec::new();
    for opening in openings {
        let mut best: Option<(usize, Support)> = None;
        let closings = if repeats(opening) { &any } else { &closings };
        for closing in closings.iter().filter(|at| **at != opening) {
            let (o, c) = (&table.columns.list[opening].id, &table.columns.list[*closing].id);
            let mut support = Support::default();
            for (now, before) in &pairs {
                let of = |ret: &Return, column: &str| -> HashMap<(Arc<str>, u16), Figure> {
                    let own = ret.entries.iter().filter(|e| *e.column == *column);
                    own.filter_map(|e| Some(((e.line.clone(), e.section), e.amount()?))).collect()
                };
                let left = of(before, c);
                for (line, opened) in of(now, o) {
                    match left.get(&line) {
                        Some(left) if left.is_zero() && opened.is_zero() => {}
                        Some(left) if *left == opened => support.held += 1,
                        Some(_) => support.broken += 1,
                        None => {}
                    }
                }
            }
            let enough = support.held >= 3 && support.broken * 8 <= support.rows();
            if enough && best.as_ref().is_none_or(|(_, s)| support.held > s.held) {
                best = Some((*closing, support));
            }
        }
        if let Some((closing, support)) = best {
            let (o, c) = (table.columns.list[opening].id.clone(), table.columns.list[closing].id.clone());
            let mut rule = DraftRule {
                id: slug(&format!("chuyen-ky-{o}")),
                table: String::new(),
                kind: "carries_over",
                says: format!("({o}) kỳ này = ({c}) kỳ trước"),
                body: vec![format!("opening = {}", quoted(&o)), format!("closing = {}", quoted(&c))],
                ground: Ground::Figures,
                support,
            };
            if let Some(at) = figures.iter().position(|at| *at == opening) {
                on_adding_lines(&table.lines.body, &|line| !entries.asks(at, line), &mut rule);
            }
            made.push(rule);
        }
    }
    table.rules.extend(made);
}
