//! How a sentence names cells, figures and sums; and a rule on particular cells with the numbers in it, as `explain`
//! shows it.

use super::Words;
use crate::model::entry::TOTAL;
use crate::model::finding::{Quoted, Stated};
use crate::model::{CellId, Entry, Figure, Finding, Lang, Lines, Period, State};
use crate::rule::{Book, Claim, Sign, less};

/// Letters of a printed line's words, which go over three lines on paper.
const LONGEST_LABEL: usize = 60;

impl Words<'_> {
    /// `D12 (cột (3) Tổng số, hàng “Đấu thầu”)`, `D17 (dòng 1.4 Tổng số TTHC)`.
    pub fn name(&self, cell: &Quoted) -> String {
        format!("{} ({})", cell.cell, self.label(&cell.form, &cell.table, &cell.line, &cell.column))
    }

    /// `cột (3) Tổng số, hàng “Đấu thầu”`, `dòng 1.4 Tổng số TTHC`.
    pub fn label(&self, form: &str, table: &str, line: &str, column: &str) -> String {
        let (column_word, line_word, total) = self.lang.pick(("cột", "hàng", "tổng cộng"), ("column", "row", "total"));
        let table = self.catalogue.table(form, table);
        match table {
            Some(table) if matches!(table.lines, Lines::Open { .. }) => {
                let caption = table.column(column).and_then(|c| c.path.last()).map_or("", |s| s.as_str());
                let row =
                    if line == TOTAL { format!("{line_word} {total}") } else { format!("{line_word} “{line}”") };
                format!("{column_word} ({column}) {caption}, {row}")
            }
            Some(table) if table.items.is_some() => {
                let label = table.line(line).map_or("", |l| &l.label);
                format!("{label}, {}", self.lang.pick("đếm được", "counted"))
            }
            _ => {
                let label = table.and_then(|table| table.line(line)).map_or("", |l| &l.label);
                let label = label.split(" (").next().unwrap_or_default();
                let more = label.char_indices().nth(LONGEST_LABEL).map(|(end, _)| format!("{}…", &label[..end]));
                let label = more.unwrap_or_else(|| label.to_owned());
                format!("{} {line} {label}", self.lang.pick("dòng", "line")).trim_end().to_owned()
            }
        }
    }

    /// The figure a cell states, or what stands there in its place.
    pub fn stated(&self, cell: &Stated) -> String {
        self.shown(cell.state, cell.value, &cell.text)
    }

    /// The same of an entry.
    pub fn entry(&self, entry: &Entry) -> String {
        self.shown(entry.state, entry.value, &entry.text)
    }

    fn shown(&self, state: State, value: Option<Figure>, text: &str) -> String {
        match (state, value) {
            (State::Filled, Some(value)) => self.lang.figure(value),
            (State::Blank, _) => self.lang.pick("trống", "blank").to_owned(),
            (State::Nil, _) => "0".to_owned(),
            _ => format!("“{text}”"),
        }
    }

    pub(super) fn figure(&self, figure: Figure) -> String {
        self.lang.figure(figure)
    }

    pub(super) fn period(&self, period: Period) -> String {
        self.lang.period(period)
    }

    /// What a cell counts, as its line or its table prints it: `hồ sơ TTHC` of "Đơn vị tính: Số hồ sơ TTHC". Nothing where
    /// several measures are printed.
    pub(super) fn counted(&self, cell: &Quoted) -> Option<String> {
        let table = self.catalogue.table(&cell.form, &cell.table)?;
        let of_line = table.line(&cell.line).map_or("", |line| &line.measure);
        let printed = if of_line.is_empty() { table.measure.as_str() } else { of_line };
        let measure = printed.rsplit(':').next().unwrap_or_default().trim();
        let measure = measure.strip_prefix("Số ").unwrap_or(measure).trim_end_matches('.');
        if measure.is_empty() || measure.contains([',', ';', '%']) {
            return None;
        }
        // "Triệu đồng" within a sentence, but "TTHC".
        let mut letters = measure.chars();
        let first = letters.next()?;
        let rest = letters.as_str();
        let is_word = rest.chars().next().is_none_or(char::is_lowercase);
        Some(if is_word { first.to_lowercase().chain(rest.chars()).collect() } else { measure.to_owned() })
    }

    /// The printed name of a unit, where units.csv lists it.
    pub(super) fn unit<'n>(&'n self, code: &'n str) -> &'n str {
        self.units.name(code)
    }

    /// `84.249 / 3.458,8 × 1.000 = 24.357,9`.
    pub(super) fn quotient(&self, part: &Stated, whole: &Stated, times: i64, result: Figure) -> String {
        let (n, d, result) = (self.stated(part), self.stated(whole), self.figure(result));
        format!("{n} / {d}{} = {result}", self.times(times))
    }

    /// ` × 100`; nothing for 1.
    pub(super) fn times(&self, times: i64) -> String {
        if times == 1 { String::new() } else { format!(" × {}", self.figure(Figure::whole(times))) }
    }

    /// `12 + 11 − 3 + …`.
    pub(super) fn sum<'s>(&self, terms: impl Iterator<Item = (Sign, &'s Stated)>, more: bool) -> String {
        let mut out = String::new();
        for (i, (sign, cell)) in terms.enumerate() {
            if i > 0 || sign == Sign::Minus {
                out.push_str(if sign == Sign::Minus { " − " } else { " + " });
            }
            out.push_str(&self.stated(cell));
        }
        if more {
            out.push_str(" + …");
        }
        out.trim_start().to_owned()
    }
}

/// The file and sheet beside a cell, where it stands elsewhere than its finding.
pub(super) fn elsewhere(cell: &Quoted, finding: &Finding) -> String {
    if cell.file != finding.file {
        format!(" [{} / {}]", cell.file, cell.sheet)
    } else if cell.sheet != finding.sheet {
        format!(" [{}]", cell.sheet)
    } else {
        String::new()
    }
}

/// "và", "and".
pub fn join(list: &[String], lang: Lang) -> String {
    match list {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} {} {last}", head.join(", "), lang.pick("và", "and")),
    }
}

impl Words<'_> {
    /// The claim with the numbers in it: `C12 = D12 + E12 + F12: 325 ≠ 87 + 228 + 10 = 370`.
    pub fn arithmetic(&self, claim: &Claim<CellId>, book: &Book<'_>, home: u32) -> String {
        let name = |cell: CellId| format!("{}{}", book.entry(cell).cell, in_another_file(book, cell, home));
        let said = |cell: CellId| book.amount(cell).map_or_else(|| self.entry(book.entry(cell)), |f| self.figure(f));
        let known = |cell: CellId| book.amount(cell).unwrap_or_default();
        let equal = |cell: CellId, result: Option<Figure>| {
            if known(cell) == result.unwrap_or_default() { "=" } else { "≠" }
        };
        if let Some((terms, _)) = claim.equation() {
            let Some(((total, _), parts)) = terms.split_first() else { return String::new() };
            let gap = terms.iter().try_fold(Figure::ZERO, |sum, (cell, factor)| {
                let figure = known(*cell);
                sum.checked_add(Figure::new(figure.units.checked_mul(*factor)?, figure.scale))
            });
            let sum = gap.and_then(|gap| less(known(*total), gap));
            let result = sum.map(|s| self.figure(s)).unwrap_or_default();
            let result = if parts.len() > 1 { format!(" = {result}") } else { String::new() };
            let (wanted, is) = match claim {
                Claim::Sum { .. } => ("=", equal(*total, sum)),
                _ => ("≥", if Some(known(*total)) >= sum { "≥" } else { "<" }),
            };
            let (names, figures) = (chain(parts, &name), chain(parts, &said));
            return format!("{} {wanted} {names}: {} {is} {figures}{result}", name(*total), said(*total));
        }
        match claim {
            Claim::Share { value, part, whole, times } => {
                let exact = claim.derived(4, |c| book.amount(*c));
                let result = exact.map_or_else(|| "?".to_owned(), |e| self.figure(e));
                let (v, n, d) = (name(*value), name(*part), name(*whole));
                let by = self.times(*times);
                format!("{v} = {n} / {d}{by}: {}; {} / {}{by} = {result}", said(*value), said(*part), said(*whole))
            }
            Claim::ShareOfSums { value, parts, wholes, times } => {
                let exact = claim.derived(4, |c| Some(book.amount(*c).unwrap_or_default()));
                let result = exact.map_or_else(|| "?".to_owned(), |e| self.figure(e));
                let all = |cells: &[CellId], word: &dyn Fn(CellId) -> String| {
                    let words: Vec<String> = cells.iter().map(|c| word(*c)).collect();
                    if words.len() > 1 { format!("({})", words.join(" + ")) } else { words.concat() }
                };
                let by = self.times(*times);
                let of = |word: &dyn Fn(CellId) -> String| format!("{} / {}{by}", all(parts, word), all(wholes, word));
                format!("{} = {}: {}; {} = {result}", name(*value), of(&name), said(*value), of(&said))
            }
            Claim::Within { cell, min, max } => {
                let bounds =
                    [min.map(|m| format!("≥ {}", self.figure(m))), max.map(|m| format!("≤ {}", self.figure(m)))];
                let bounds = bounds.into_iter().flatten().collect::<Vec<_>>().join(", ");
                format!("{} {bounds}: {}", name(*cell), said(*cell))
            }
            Claim::OneOf { cell, codes } => {
                let codes = codes.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
                format!("{} ∈ {{{codes}}}: {}", name(*cell), said(*cell))
            }
            Claim::Whole { cell } | Claim::Filled { cell } => {
                format!("{}: {}", name(*cell), said(*cell))
            }
            Claim::When { condition, then } => {
                format!("{} = {}; {} = {}", name(condition.0), said(condition.0), name(then.0), said(then.0))
            }
            Claim::Carried { opening, left } => {
                let listed = |word: &dyn Fn(CellId) -> String| {
                    left.iter().map(|c| c.map_or_else(|| "0".to_owned(), word)).collect::<Vec<_>>().join(" + ")
                };
                let sign = equal(*opening, claim.derived(0, |c| book.amount(*c)));
                let (opened, carried) = (said(*opening), listed(&said));
                format!("{} = {}: {opened} {sign} {carried}", name(*opening), listed(&name))
            }
            Claim::Rises { now, before } => {
                let listed =
                    |word: &dyn Fn(CellId) -> String| before.iter().map(|c| word(*c)).collect::<Vec<_>>().join(" + ");
                format!("{} ≥ {}: {}; {}", name(*now), listed(&name), said(*now), listed(&said))
            }
            Claim::Sum { .. } | Claim::AtMost { .. } => String::new(),
        }
    }
}

/// `a + b − c`: the parts stand on the other side of the equation.
fn chain(parts: &[(CellId, i64)], word: &dyn Fn(CellId) -> String) -> String {
    let mut out = String::new();
    for (i, (cell, factor)) in parts.iter().enumerate() {
        out.push_str(match (i, *factor < 0) {
            (0, true) => "",
            (0, false) => "−",
            (_, true) => " + ",
            (_, false) => " − ",
        });
        out.push_str(&word(*cell));
    }
    out
}

/// The file and sheet beside a cell, where it stands in_another_file than the rule's return.
fn in_another_file(book: &Book<'_>, cell: CellId, home: u32) -> String {
    let (there, here) = (book.ret(cell.ret), book.ret(home));
    if there.file != here.file {
        format!(" [{} / {}]", there.file, there.sheet)
    } else if there.sheet != here.sheet {
        format!(" [{}]", there.sheet)
    } else {
        String::new()
    }
}
