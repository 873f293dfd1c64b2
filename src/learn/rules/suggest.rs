//! What the paper itself suggests of its sums and quotients: what it prints of them, its formulas, the tree of its captions,
//! the codes of its lines, what is carried from the beginning of a period to its end.

use foldhash::HashMap;

use super::super::columns::{Columns, LearnedColumn};
use super::super::lines::LearnedLine;
use super::super::printed::{Side, in_label, sides};
use super::super::words::Lexis;
use super::figures::Trust;
use super::identities::{Ground, Quotient, Sum};
use crate::model::{Address, Entry, Kind, Return};
use crate::normalise::formula::{self, Expr, Sign};
use crate::normalise::text::key;

/// Changes between an opening and a closing figure whose signs are tried.
const MOST_CHANGES: usize = 7;

#[derive(Debug, Default)]
pub struct Suggested {
    pub sums: Vec<Sum>,
    pub quotients: Vec<Quotient>,
}

impl Suggested {
    pub fn extend(&mut self, more: Self) {
        self.sums.extend(more.sums);
        self.quotients.extend(more.quotients);
    }

    fn side<T>(&mut self, own: usize, side: &Side<T>, find: &dyn Fn(&T) -> Option<usize>, ground: Ground) {
        let terms = |list: &[(T, i8)]| -> Option<Vec<(usize, i8)>> {
            list.iter().map(|(name, sign)| Some((find(name)?, *sign))).collect()
        };
        match side {
            Side::Sum(list) => {
                let found = terms(list).filter(|t| !t.is_empty() && t.iter().all(|(at, _)| *at != own));
                self.sums.extend(found.map(|terms| Sum { total: own, terms, ground }));
            }
            Side::Quotient { top, bottom, percent } => {
                let plain = |list: &[(T, i8)]| -> Option<Vec<usize>> {
                    let found = terms(list)?;
                    let plain = !found.is_empty() && found.iter().all(|(at, sign)| *sign == 1 && *at != own);
                    plain.then(|| found.into_iter().map(|(at, _)| at).collect())
                };
                if let (Some(top), Some(bottom)) = (plain(top), plain(bottom)) {
                    let times = if *percent { 100 } else { 1 };
                    self.quotients.push(Quotient { value: own, top, bottom, times, ground });
                }
            }
        }
    }
}

/// Of the columns of figures, by their places among `figures`.
pub fn columns(columns: &Columns, figures: &[usize], quotients: &[usize], lexis: &Lexis) -> Suggested {
    let mut made = Suggested::default();
    let list: Vec<&LearnedColumn> = figures.iter().map(|at| &columns.list[*at]).collect();
    printed_of_columns(&list, &mut made);
    let adds = |at: &usize| !quotients.contains(at);
    let paths: Vec<Vec<String>> = list.iter().map(|c| c.path.iter().map(|p| key(p)).collect()).collect();
    in_groups(&paths, &adds, lexis, &mut made);
    behind_totals(&paths, &adds, lexis, &mut made);
    same_captions(&paths, &adds, lexis, &mut made);
    differences(&paths, &adds, lexis, &mut made);
    carried(&list, &adds, &mut made);
    made
}

/// What the numbering row prints, and a caption: "Tổng số (3=4+5)".
fn printed_of_columns(list: &[&LearnedColumn], made: &mut Suggested) {
    let by_token: HashMap<&str, usize> =
        list.iter().enumerate().filter_map(|(at, c)| Some((c.token.as_ref()?.id.as_str(), at))).collect();
    let find = |name: &String| by_token.get(name.trim_matches(['(', ')', '[', ']'])).copied();
    for (at, column) in list.iter().enumerate() {
        if let Some(identity) = column.token.as_ref().and_then(|t| t.identity.as_ref()) {
            sides(identity).iter().for_each(|side| made.side(at, side, &find, Ground::Printed));
        }
        if let Some((own, sides)) = column.path.last().and_then(|p| in_label(p)) {
            let own = own.and_then(|o| find(&o)).unwrap_or(at);
            sides.iter().for_each(|side| made.side(own, side, &find, Ground::Printed));
        }
    }
}

/// Within a group of captions its total is the others; what stands beside a group may be its total.
fn in_groups(paths: &[Vec<String>], adds: &dyn Fn(&usize) -> bool, lexis: &Lexis, made: &mut Suggested) {
    for (prefix, members) in groups(paths) {
        let members: Vec<usize> = members.into_iter().filter(adds).collect();
        let depth = prefix.len();
        for (nth, total) in members.iter().enumerate() {
            let rest = &paths[*total][depth..];
            let named = rest.iter().any(|c| lexis.is_total(c)) || rest.is_empty();
            if named && (nth == 0 || nth + 1 == members.len()) {
                let others: Vec<usize> = members.iter().copied().filter(|m| m != total).collect();
                made.push(*total, parts(&others, paths, depth, lexis));
                made.push(*total, others);
            }
        }
        for total in (0..paths.len()).filter(|at| !members.contains(at)).filter(adds) {
            made.push(total, parts(&members, paths, depth, lexis));
        }
    }
}

/// A total and all that stand behind it on the same level, to the next total, or all that stand before it.
fn behind_totals(paths: &[Vec<String>], adds: &dyn Fn(&usize) -> bool, lexis: &Lexis, made: &mut Suggested) {
    let is_total = |at: &usize| paths[*at].iter().any(|c| lexis.is_total(c));
    for total in (0..paths.len()).filter(adds).filter(is_total) {
        let depth = paths[total].len() - 1;
        let same = |at: &usize| paths[*at].len() > depth && paths[*at][..depth] == paths[total][..depth];
        let behind: Vec<usize> = (total + 1..paths.len()).take_while(same).filter(adds).collect();
        let end = behind.iter().position(|at| lexis.is_total(&paths[*at][depth])).unwrap_or(behind.len());
        made.push(total, behind[..end].to_vec());
        made.push(total, parts(&behind[..end], paths, depth, lexis));
        let before: Vec<usize> = (0..total).filter(same).filter(adds).collect();
        made.push(total, before);
    }
}

impl Suggested {
    fn push(&mut self, total: usize, parts: Vec<usize>) {
        self.push_on(Ground::Structure, total, parts);
    }

    fn push_on(&mut self, ground: Ground, total: usize, parts: Vec<usize>) {
        if parts.len() < 2 || parts.contains(&total) {
            return;
        }
        let terms: Vec<(usize, i8)> = parts.into_iter().map(|at| (at, 1)).collect();
        if !self.sums.iter().any(|known| known.total == total && known.terms == terms) {
            self.sums.push(Sum { total, terms, ground });
        }
    }
}

/// The groups of captions: each beginning of a path that several columns share, with its columns.
fn groups(paths: &[Vec<String>]) -> Vec<(Vec<String>, Vec<usize>)> {
    let mut found: Vec<(Vec<String>, Vec<usize>)> = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        for depth in 1..path.len() {
            let prefix = path[..depth].to_vec();
            match found.iter_mut().find(|(p, _)| *p == prefix) {
                Some((_, members)) => members.push(at),
                None => found.push((prefix, vec![at])),
            }
        }
    }
    found.retain(|(_, members)| members.len() > 1);
    found
}

/// Columns as the parts of a total: of a group that has a total of its own, that; "trong đó" is left out.
fn parts(members: &[usize], paths: &[Vec<String>], depth: usize, lexis: &Lexis) -> Vec<usize> {
    let mut parts: Vec<usize> = Vec::new();
    let mut at = 0;
    while at < members.len() {
        let path = &paths[members[at]];
        let Some(branch) = path.get(depth) else {
            parts.push(members[at]);
            at += 1;
            continue;
        };
        let end = (at..members.len()).find(|i| paths[members[*i]].get(depth) != Some(branch)).unwrap_or(members.len());
        let own = &members[at..end];
        if lexis.is_part(branch) {
            at = end;
            continue;
        }
        let total = own.iter().find(|m| paths[**m][depth + 1..].iter().any(|c| lexis.is_total(c)));
        match total.filter(|_| own.len() > 1) {
            Some(total) => parts.push(*total),
            None if own.len() > 1 => parts.extend(self::parts(own, paths, depth + 1, lexis)),
            None => parts.extend(own),
        }
        at = end;
    }
    parts
}

/// "Tổng cộng › KH" = "Lúa › KH" + "Ngô › KH" + …
fn same_captions(paths: &[Vec<String>], adds: &dyn Fn(&usize) -> bool, lexis: &Lexis, made: &mut Suggested) {
    let mut by_own: HashMap<&String, Vec<usize>> = HashMap::default();
    for (at, path) in paths.iter().enumerate().filter(|(at, p)| adds(at) && p.len() > 1) {
        by_own.entry(&path[path.len() - 1]).or_default().push(at);
    }
    for members in by_own.values().filter(|m| m.len() >= 3) {
        for total in members {
            if lexis.is_total(&paths[*total][0]) || *total == members[0] || Some(total) == members.last() {
                made.push(*total, members.iter().copied().filter(|m| m != total).collect());
            }
        }
    }
}

/// "Tăng, giảm" is this period's figure less that of another one, which stands beside it.
fn differences(paths: &[Vec<String>], adds: &dyn Fn(&usize) -> bool, lexis: &Lexis, made: &mut Suggested) {
    let own = |at: usize| paths[at].last().map_or("", String::as_str);
    let (is_difference, is_other) =
        (|at: &usize| lexis.is_difference(own(*at)), |at: &usize| lexis.is_other_period(own(*at)));
    for difference in (0..paths.len()).filter(adds).filter(is_difference) {
        let group = |at: &usize| paths[*at].first() == paths[difference].first() || paths[difference].len() == 1;
        let beside: Vec<usize> =
            (0..paths.len()).filter(adds).filter(|at| *at != difference && group(at) && !is_difference(at)).collect();
        for other in beside.iter().copied().filter(is_other) {
            for this in beside.iter().copied().filter(|at| !is_other(at)) {
                let terms = vec![(this, 1), (other, -1)];
                made.sums.push(Sum { total: difference, terms, ground: Ground::Structure });
            }
        }
    }
}

/// What was there at the end = what was there at the beginning ± what changed, every change tried with each sign.
fn carried(list: &[&LearnedColumn], adds: &dyn Fn(&usize) -> bool, made: &mut Suggested) {
    let of = |kind: Kind| (0..list.len()).filter(adds).filter(move |at| list[*at].kind == kind).collect::<Vec<_>>();
    for closing in of(Kind::Closing).into_iter().chain(of(Kind::Stock)) {
        for opening in of(Kind::Opening) {
            let (first, last) = (opening.min(closing), opening.max(closing));
            // Of several measures side by side each is carried by itself.
            let own = |at: usize| list[at].path.last();
            let paired =
                list[closing].path.len() > 1 && list.iter().filter(|c| c.path.last() == own(closing)).count() > 2;
            if paired && own(opening) != own(closing) {
                continue;
            }
            let changes: Vec<usize> =
                (first + 1..last).filter(adds).filter(|at| !paired || own(*at) == own(closing)).collect();
            if changes.is_empty() || changes.len() > MOST_CHANGES {
                continue;
            }
            let mut tried: Vec<Sum> = Vec::new();
            for signs in 1..3usize.pow(changes.len() as u32) {
                let mut left = signs;
                let mut terms = vec![(opening, 1i8)];
                for change in &changes {
                    match left % 3 {
                        1 => terms.push((*change, 1)),
                        2 => terms.push((*change, -1)),
                        _ => {}
                    }
                    left /= 3;
                }
                tried.push(Sum { total: closing, terms, ground: Ground::Structure });
            }
            // The plainest first: what holds with fewer changes holds with more only by what follows from it.
            tried.sort_by_key(|sum| sum.terms.len());
            made.sums.extend(tried);
        }
    }
}

/// Of the lines of a form.
pub fn lines(lines: &[LearnedLine], quotients: &[usize], lexis: &Lexis) -> Suggested {
    let mut made = Suggested::default();
    printed_of_lines(lines, &mut made);
    let adds = |at: &usize| !quotients.contains(at) && !lines[*at].heading;
    by_codes(lines, &adds, &mut made);
    divided(lines, &adds, &mut made);
    subtotals(lines, &adds, lexis, &mut made);
    // A percentage over two lines is the second's of the first.
    for value in quotients {
        let parts: Vec<usize> = children(lines, Some(*value)).filter(adds).collect();
        if let [bottom, top, ..] = parts[..] {
            let (top, bottom) = (vec![top], vec![bottom]);
            made.quotients.push(Quotient { value: *value, top, bottom, times: 100, ground: Ground::Codes });
        }
    }
    totals(lines, &adds, lexis, &mut made);
    made
}

/// What labels print: of the same codes elsewhere a line's own parts come first, as in "TỔNG THU (I+II+III)".
fn printed_of_lines(lines: &[LearnedLine], made: &mut Suggested) {
    let mut by_code: HashMap<&str, usize> = HashMap::default();
    for (at, line) in lines.iter().enumerate().rev() {
        by_code.insert(&line.id, at);
        if !line.code.is_empty() {
            by_code.entry(&line.code).or_insert(at);
        }
    }
    for (at, line) in lines.iter().enumerate() {
        let Some((own, sides)) = &line.printed else { continue };
        let coded = |i: &usize, name: &str| lines[*i].code.trim_end_matches('.') == name;
        let find = |name: &String| {
            let below = (at + 1..lines.len()).filter(|i| lines[*i].parent == Some(at)).find(|i| coded(i, name));
            let own = below.or_else(|| Some(at).filter(|i| coded(i, name)));
            let known = || by_code.get(&**name).or_else(|| by_code.get(name.trim_start_matches('0'))).copied();
            let dotted = || (0..lines.len()).find(|i| !lines[*i].code.is_empty() && coded(i, name));
            own.or_else(known).or_else(dotted)
        };
        let own = own.as_ref().and_then(find).unwrap_or(at);
        sides.iter().for_each(|side| made.side(own, side, &find, Ground::Printed));
    }
}

/// The lines right below one, by their codes.
fn children(lines: &[LearnedLine], parent: Option<usize>) -> impl Iterator<Item = usize> {
    (0..lines.len()).filter(move |at| lines[*at].parent == parent)
}

/// The same, with a heading's children in its place.
fn under(lines: &[LearnedLine], parent: Option<usize>) -> Vec<usize> {
    let in_place = |at: usize| if lines[at].heading { children(lines, Some(at)).collect() } else { vec![at] };
    children(lines, parent).flat_map(in_place).collect()
}

/// A line is what stands below it by the codes: all of it or what has codes, with "trong đó" or without; or the lines without
/// codes that follow.
fn by_codes(lines: &[LearnedLine], adds: &dyn Fn(&usize) -> bool, made: &mut Suggested) {
    for parent in (0..lines.len()).filter(adds) {
        let own: Vec<usize> = under(lines, Some(parent)).into_iter().filter(adds).collect();
        let all: Vec<usize> = own.iter().copied().filter(|c| !lines[*c].part).collect();
        let coded: Vec<usize> = all.iter().copied().filter(|c| !lines[*c].code.is_empty()).collect();
        let same_measure = all.iter().all(|c| key(&lines[*c].measure) == key(&lines[parent].measure));
        let on = |parts: &[usize]| {
            if same_measure && parts.len() == coded.len() { Ground::Codes } else { Ground::Structure }
        };
        made.push_on(on(&all), parent, all.clone());
        made.push_on(on(&coded), parent, coded.clone());
        // "Trong tổng số" above all the parts.
        made.push(parent, own);
        let shown: Vec<usize> = (parent + 1..lines.len())
            .take_while(|at| !lines[*at].heading && lines[*at].code.is_empty())
            .filter(adds)
            .collect();
        (2..=shown.len()).for_each(|n| made.push(parent, shown[..n].to_vec()));
    }
}

/// A line called total is all that stands under nothing, or what follows it to the next total.
fn totals(lines: &[LearnedLine], adds: &dyn Fn(&usize) -> bool, lexis: &Lexis, made: &mut Suggested) {
    let top = under(lines, None).into_iter().filter(adds).filter(|at| !lines[*at].total && !lines[*at].part);
    let top: Vec<usize> = top.collect();
    for total in (0..lines.len()).filter(adds).filter(|at| lines[*at].total || lexis.is_total(&lines[*at].key)) {
        let ground = if lines[total].total { Ground::TotalRow } else { Ground::Structure };
        let others = || top.iter().copied().filter(|at| *at != total);
        made.push_on(ground, total, others().collect());
        made.push_on(ground, total, others().filter(|at| !lines[*at].code.is_empty()).collect());
        let behind: Vec<usize> = (total + 1..lines.len()).filter(adds).collect();
        let end = behind.iter().position(|at| lexis.is_total(&lines[*at].key)).unwrap_or(behind.len());
        made.push(total, behind[..end].to_vec());
    }
}

/// "Chia theo loại hình" under a line: what stands under that heading is all of it.
fn divided(lines: &[LearnedLine], adds: &dyn Fn(&usize) -> bool, made: &mut Suggested) {
    for heading in (0..lines.len()).filter(|at| lines[*at].heading && !lines[*at].part) {
        let Some(whole) = lines[heading].parent.filter(adds) else { continue };
        let own = (0..lines.len()).filter(|at| lines[*at].parent == Some(heading) && !lines[*at].part);
        made.push(whole, own.filter(adds).collect());
    }
}

/// "Cộng A" below the lines of a section is what stands between it and the one before; the last total is theirs together.
fn subtotals(lines: &[LearnedLine], adds: &dyn Fn(&usize) -> bool, lexis: &Lexis, made: &mut Suggested) {
    let is_total = |at: &usize| {
        let line = &lines[*at];
        line.total || line.code.is_empty() && !line.part && lexis.names_total(&line.label, &line.key)
    };
    let totals: Vec<usize> = (0..lines.len()).filter(adds).filter(is_total).collect();
    if totals.len() < 2 {
        return;
    }
    let mut start = 0;
    for (nth, total) in totals.iter().enumerate() {
        let outside = |at: &usize| lines[*at].parent.is_none_or(|p| p < start || lines[p].heading);
        let block: Vec<usize> = (start..*total).filter(adds).filter(|at| outside(at) && !lines[*at].part).collect();
        made.push(*total, block);
        made.push(*total, totals[..nth].to_vec());
        start = total + 1;
    }
}

/// What the offices' own formulas add up and divide, of cells in one row (`across`) or in one column; those that enough of
/// them have.
pub fn formulas(returns: &[&Return], names: &HashMap<&str, usize>, across: bool, trust: Trust) -> Suggested {
    let mut met: Vec<(Side<usize>, usize, usize)> = Vec::new();
    for ret in returns.iter().filter(|ret| ret.entries.iter().any(|e| e.formula.is_some())) {
        let at: HashMap<Address, &Entry> = ret.entries.iter().map(|e| (e.cell, e)).collect();
        let name = |e: &Entry| names.get(if across { &*e.column } else { &*e.line }).copied();
        let mut of_this: Vec<(Side<usize>, usize)> = Vec::new();
        for entry in ret.entries.iter().filter(|e| e.formula.is_some()) {
            let beside = |cell: Address| match across {
                true => cell.row == entry.cell.row,
                false => cell.column == entry.cell.column,
            };
            let place = |cell: Address| at.get(&cell).filter(|_| beside(cell)).and_then(|e| name(e));
            let expr = entry.formula.as_deref().and_then(formula::parse);
            let side = expr.and_then(|expr| worked_out(&expr, &place));
            if let (Some(own), Some(side)) = (name(entry), side)
                && of_this.len() < MOST_FORMULAS
                && !of_this.contains(&(side.clone(), own))
            {
                of_this.push((side, own));
            }
        }
        for (side, own) in of_this {
            match met.iter().position(|(known, at, _)| *known == side && *at == own) {
                Some(at) => met[at].2 += 1,
                None if met.len() < MOST_FORMULAS => met.push((side, own, 1)),
                None => {}
            }
        }
    }
    let least = if trust == Trust::Many { 2.max(returns.len() / 4) } else { 1 };
    let mut made = Suggested::default();
    for (side, own, _) in met.into_iter().filter(|(.., count)| *count >= least) {
        made.side(own, &side, &|at| Some(*at), Ground::Formula);
    }
    made
}

/// Formulas of a table that are told apart.
const MOST_FORMULAS: usize = 400;
/// Cells of a range that is added up.
const MOST_ADDED: usize = 400;

/// A formula that adds up or divides cells of a table. A zero that is caught and a rounding say nothing of it.
fn worked_out(expr: &Expr, place: &dyn Fn(Address) -> Option<usize>) -> Option<Side<usize>> {
    match expr {
        Expr::Call(name, args) if matches!(name.as_str(), "ROUND" | "IFERROR") => worked_out(args.first()?, place),
        Expr::Call(name, args) if name == "IF" => args.iter().skip(1).find_map(|arg| worked_out(arg, place)),
        Expr::Binary(Sign::Times, quotient, hundred) if **hundred == Expr::Number(100.0) => {
            match worked_out(quotient, place)? {
                Side::Quotient { top, bottom, .. } => Some(Side::Quotient { top, bottom, percent: true }),
                Side::Sum(_) => None,
            }
        }
        Expr::Binary(Sign::Over, top, bottom) => {
            let side = |expr: &Expr| {
                let mut terms = Vec::new();
                added(expr, 1, place, &mut terms)?;
                terms.iter().all(|(_, sign)| *sign == 1).then_some(terms)
            };
            Some(Side::Quotient { top: side(top)?, bottom: side(bottom)?, percent: false })
        }
        _ => {
            let mut terms = Vec::new();
            added(expr, 1, place, &mut terms)?;
            (terms.len() >= 2).then_some(Side::Sum(terms))
        }
    }
}

/// The cells that a formula adds up; headings within a range are none.
fn added(expr: &Expr, sign: i8, place: &dyn Fn(Address) -> Option<usize>, terms: &mut Vec<(usize, i8)>) -> Option<()> {
    match expr {
        Expr::Range(None, area) if area.top == area.bottom && area.left == area.right => {
            terms.push((place(Address::new(area.top, area.left))?, sign));
        }
        Expr::Range(None, area) => {
            let size = u64::from(area.bottom - area.top + 1) * u64::from(area.right - area.left + 1);
            let cells = (area.top..=area.bottom)
                .flat_map(|row| (area.left..=area.right).map(move |column| Address::new(row, column)));
            terms.extend(cells.take(MOST_ADDED).filter_map(place).map(|at| (at, sign)));
            return (size <= MOST_ADDED as u64).then_some(());
        }
        Expr::Binary(Sign::Plus, a, b) => {
            added(a, sign, place, terms)?;
            added(b, sign, place, terms)?;
        }
        Expr::Binary(Sign::Minus, a, b) => {
            added(a, sign, place, terms)?;
            added(b, -sign, place, terms)?;
        }
        Expr::Negative(of) => added(of, -sign, place, terms)?,
        Expr::Call(name, args) if name == "SUM" => {
            args.iter().try_for_each(|arg| added(arg, sign, place, terms))?;
        }
        _ => return None,
    }
    Some(())
}
