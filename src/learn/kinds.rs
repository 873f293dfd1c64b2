//! What the figures of a learned form are, by the words above and beside them and by the title: flow or stock, opening or
//! closing, plan, percentage, mean; and by how they are filled in, where words leave them open. What nothing says stays
//! open.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::columns::{Columns, LearnedColumn, Use};
use super::draft::DraftTable;
use super::lines::{Body, LearnedLine};
use super::rules::{Figures, Trust};
use super::words::Lexis;
use crate::model::{Entry, Figure, Kind, KindGround, Part, Return, State};
use crate::normalise::text::key;

/// What the titles of a form say of all its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// "Số liệu đến ngày 31/3".
    AtDay,
    /// "Từ ngày 01/01 đến ngày 31/3".
    OverDays,
    Nothing,
}

/// A kind, and why.
pub type Judged = (Kind, KindGround);

/// Kinds that words say outright, wherever in a path they stand.
const fn is_strong(kind: Kind) -> bool {
    !matches!(kind, Kind::Flow | Kind::Stock)
}

/// What a path of captions says, from the widest to its own.
pub fn of_path(path: &[String], lexis: &Lexis) -> Option<(Judged, bool)> {
    let keys: Vec<String> = path.iter().map(|p| key(p)).collect();
    let all = || path.iter().rev().filter_map(|p| lexis.kinds_in(p).map(|(kind, words)| (kind, words.to_owned())));
    let own = keys.last()?;
    let leaf = path.last()?;
    // A percentage by its own caption, whatever the group is.
    if lexis.is_percent(leaf) {
        return Some(((Kind::Percent, KindGround::Words(leaf.clone())), true));
    }
    if (lexis.is_mean(own) || path.iter().any(|p| lexis.is_average(p))) && !lexis.is_counted_mean(own) {
        return Some(((Kind::Average, KindGround::Mean), true));
    }
    if lexis.is_counted_mean(own) {
        return Some(((Kind::Stock, KindGround::Words(leaf.clone())), true));
    }
    // "Tăng, giảm so với kỳ trước" is not what the period began with.
    let compared = keys.iter().any(|k| lexis.is_compared(k)) || path.iter().any(|p| lexis.is_difference(p));
    if compared && !lexis.is_within(own) {
        // "So với kỳ trước" adds up to nothing; "so với cùng kỳ" does.
        return keys.iter().any(|k| lexis.names_before(k)).then_some(((Kind::Open, KindGround::Before), true));
    }
    let strong = all().find(|(kind, _)| is_strong(*kind));
    let within = keys.iter().any(|k| lexis.is_within(k));
    if let Some((kind, words)) = strong {
        // "Tăng trong kỳ" under "Biến động so với đầu kỳ" happens all the same.
        return Some(((kind, KindGround::Words(words)), true));
    }
    if lexis.is_before(own) {
        return Some(((Kind::Open, KindGround::Before), true));
    }
    if within {
        return Some(((Kind::Flow, KindGround::Within), true));
    }
    let weak = all().next()?;
    Some(((weak.0, KindGround::Words(weak.1)), false))
}

/// What a line's label and measure say.
fn of_label(label: &str, measure: &str, lexis: &Lexis) -> Option<Judged> {
    let (said, counted) = (key(label), key(measure));
    // "Số đơn vị đạt tỷ lệ từ 70%", counted in units, is a number of units.
    if counted.trim() == "%" || is_share(label, lexis) && (counted.is_empty() || lexis.is_percent(measure)) {
        return Some((Kind::Percent, KindGround::Share));
    }
    let mean = lexis.is_average(label) || lexis.is_mean(&said) && !lexis.is_total(&said);
    if mean && !lexis.is_counted_mean(&said) {
        return Some((Kind::Average, KindGround::Mean));
    }
    let by_words = lexis.kinds_in(label).map(|(kind, words)| (kind, KindGround::Words(words.to_owned())));
    let by_measure =
        || lexis.kind_of_measure(&counted).map(|(kind, words)| (kind, KindGround::Measure(words.to_owned())));
    by_words.or_else(by_measure)
}

/// Whether a label names a share: "Các khoản thu hưởng 100 %" is none.
fn is_share(label: &str, lexis: &Lexis) -> bool {
    let without = |text: &str| -> String {
        let mut kept = String::with_capacity(text.len());
        for c in text.chars() {
            if c == '%' && kept.trim_end().ends_with(|d: char| d.is_ascii_digit()) {
                continue;
            }
            kept.push(c);
        }
        kept
    };
    lexis.is_percent(&without(label))
}

/// The kinds of a table's columns by their captions; what those leave open, by the title.
pub fn name_columns(columns: &mut Columns, told: Told, fixed: bool, lexis: &Lexis) {
    for at in columns.of(Use::Figure).collect::<Vec<_>>() {
        let column = &mut columns.list[at];
        let judged = of_path(&column.path, lexis);
        let percent = column.percent.then_some((Kind::Percent, KindGround::ShownAsPercent));
        if column.years {
            (column.kind, column.ground) = (Kind::Average, KindGround::Years);
            continue;
        }
        let by_title = by_title(told).filter(|_| !fixed);
        let (kind, ground) = match judged {
            Some((own, true)) => own,
            _ if percent.is_some() => percent.unwrap_or((Kind::Percent, KindGround::None)),
            Some((weak, false)) if fixed => {
                column.weak = Some(weak);
                (Kind::Open, KindGround::None)
            }
            Some((own, false)) => own,
            _ => by_title.unwrap_or((Kind::Open, KindGround::None)),
        };
        let words = column.path.iter().map(|p| key(p)).collect::<Vec<_>>().join(" ");
        column.over = lexis.is_comparison(&words);
        (column.kind, column.ground) = (kind, ground);
    }
    name_by_group(columns, fixed);
}

/// What says nothing itself is what stands beside it in its group: "Nữ" beside "Số học sinh", of one class.
fn name_by_group(columns: &mut Columns, fixed: bool) {
    let figures: Vec<usize> = columns.of(Use::Figure).collect();
    let said = |column: &LearnedColumn| {
        let own = (column.kind, column.ground.clone());
        let judged = if fixed { column.weak.clone()? } else { own };
        let KindGround::Words(words) = judged.1 else { return None };
        matches!(judged.0, Kind::Flow | Kind::Stock).then_some((judged.0, words))
    };
    let silent = |column: &LearnedColumn| {
        let by_title = matches!(column.ground, KindGround::None | KindGround::AtDay | KindGround::OverDays);
        column.path.len() > 1 && by_title && column.weak.is_none() && (!fixed || column.kind == Kind::Open)
    };
    for at in figures.iter().copied().filter(|at| silent(&columns.list[*at])).collect::<Vec<_>>() {
        let group = |path: &[String]| path[..path.len().saturating_sub(1)].to_vec();
        let own = group(&columns.list[at].path);
        let beside = figures.iter().map(|at| &columns.list[*at]).filter(|c| group(&c.path) == own);
        let others: Vec<(Kind, String)> = beside.filter_map(said).collect();
        let Some((kind, words)) = others.first().cloned() else { continue };
        if others.iter().all(|(other, _)| *other == kind) {
            let column = &mut columns.list[at];
            let judged = (kind, KindGround::Group(words));
            if fixed { column.weak = Some(judged) } else { (column.kind, column.ground) = judged }
        }
    }
}

fn by_title(told: Told) -> Option<Judged> {
    match told {
        Told::AtDay => Some((Kind::Stock, KindGround::AtDay)),
        Told::OverDays => Some((Kind::Flow, KindGround::OverDays)),
        Told::Nothing => None,
    }
}

/// The kinds of fixed lines: their own words, else those of the line above, else the form's title.
pub fn name_lines(body: &mut Body, told: Told, title: &str, lexis: &Lexis) {
    let Body::Fixed(lines) = body else { return };
    let by_title = by_title(told).or_else(|| {
        let said = lexis.kinds_in(title).filter(|(kind, _)| matches!(kind, Kind::Flow | Kind::Stock));
        said.map(|(kind, words)| (kind, KindGround::Title(words.to_owned())))
    });
    // What the heading above says of the lines below it: "Phân loại nợ cuối kỳ:", "Gia súc hiện có tại thời điểm báo cáo".
    let mut headed: Option<(usize, Judged)> = None;
    for at in 0..lines.len() {
        lines[at].codes = codes(&lines[at].measure);
        let line: &LearnedLine = &lines[at];
        if !line.codes.is_empty() {
            (lines[at].kind, lines[at].ground) = (Kind::Code, KindGround::Codes);
            continue;
        }
        if line.heading {
            let said = of_label(&line.label, "", lexis).filter(|(kind, _)| kind.adds_over_units());
            // "Chia ra:" says nothing, and stands under the heading before it.
            headed = said.map(|said| (at, said)).or(headed);
            lines[at].kind = Kind::Heading;
            continue;
        }
        let above =
            line.parent.filter(|p| *p < at && !lines[*p].heading).map(|p| (lines[p].kind, lines[p].ground.clone()));
        let before = line.part.then(|| at.checked_sub(1)).flatten().map(|p| (lines[p].kind, lines[p].ground.clone()));
        let own = of_label(&line.label, &line.measure, lexis);
        let says = |kind: &Kind| !matches!(kind, Kind::Open | Kind::Heading | Kind::Percent | Kind::Code);
        let by_words = |(kind, ground): &Judged| says(kind) && !is_of_title(ground);
        let above = above.or(before).filter(|(kind, _)| says(kind));
        // Under a heading with a code stand its parts; under one without any, what follows until a line says its own.
        let is_under = |heading: usize| {
            let parents = std::iter::successors(line.parent, |p| lines[*p].parent.filter(|above| above < p));
            let own_sort = own.as_ref().is_some_and(|(kind, _)| is_strong(*kind));
            parents.into_iter().any(|p| p == heading) || lines[heading].code.is_empty() && !own_sort
        };
        headed = headed.filter(|(heading, _)| is_under(*heading));
        let above = above.filter(by_words).or_else(|| headed.clone().map(|(_, said)| said));
        // A part of something that stands does not happen, whatever its words.
        let (kind, ground) = match (own, above) {
            (Some(own), Some(above)) if !is_strong(own.0) && own.0 != above.0 => above,
            (Some(own), _) => own,
            (None, Some(above)) => above,
            (None, None) => by_title.clone().unwrap_or((Kind::Open, KindGround::None)),
        };
        let over = lexis.is_comparison(&lines[at].key);
        (lines[at].kind, lines[at].ground, lines[at].over) = (kind, ground, over);
    }
}

/// Whether a kind is only what the form's title says of all its figures.
pub fn is_of_title(ground: &KindGround) -> bool {
    matches!(ground, KindGround::AtDay | KindGround::OverDays | KindGround::Title(_))
}

/// In a form with fixed lines the lines say what weak words of a caption would, unless more of the captions than of the lines
/// say anything themselves: then the captions do.
pub fn name_by_captions(columns: &mut Columns, body: &Body) {
    let Body::Fixed(lines) = body else { return };
    let is_weak = |line: &LearnedLine| {
        !line.heading && line.ground != KindGround::None && !is_of_title(&line.ground) && !is_strong(line.kind)
    };
    let counted = lines.iter().filter(|l| !l.heading).count();
    let saying = lines.iter().filter(|l| is_weak(l)).count();
    let open: Vec<usize> = columns.of(Use::Figure).filter(|at| columns.list[*at].kind == Kind::Open).collect();
    let weak = open.iter().filter(|at| columns.list[**at].weak.is_some()).count();
    if weak == 0 || saying * open.len() >= weak * counted {
        return;
    }
    for at in open {
        let column = &mut columns.list[at];
        if column.ground == KindGround::None
            && let Some(weak) = column.weak.take()
        {
            (column.kind, column.ground) = weak;
        }
    }
}

/// In a form with fixed lines a column that says no more than of which period it is leaves the kinds to its lines; what says
/// nothing itself arose in the period.
pub fn leave_to_lines(columns: &mut Columns, body: &mut Body, lexis: &Lexis) {
    let Body::Fixed(lines) = body else { return };
    let list = &columns.list;
    let figures: Vec<usize> = columns.of(Use::Figure).collect();
    let says_period = |at: &usize| {
        let (own, groups) = list[*at].path.split_last().map_or(("", &[][..]), |(own, groups)| (own.as_str(), groups));
        let plain = groups.iter().all(|g| lexis.kinds_in(g).is_none());
        list[*at].ground == KindGround::Within && lexis.is_this_period(&key(own)) && plain
    };
    let own: Vec<usize> = figures.iter().copied().filter(says_period).collect();
    if own.is_empty() || figures.len() == 1 || figures.iter().any(|at| list[*at].is_question()) {
        return;
    }
    for at in own {
        (columns.list[at].kind, columns.list[at].ground) = (Kind::Open, KindGround::ThisPeriod);
    }
    let says_nothing =
        |l: &&mut LearnedLine| l.kind == Kind::Open || is_of_title(&l.ground) && l.kind.adds_over_units();
    for line in lines.iter_mut().filter(|l| !l.heading).filter(says_nothing) {
        (line.kind, line.ground) = (Kind::Flow, KindGround::ThisPeriod);
    }
}

/// `Có = 1; Không = 0` and `Chưa có = 0 2 cấp = 1` → 0 and 1 with their meanings; nothing where fewer than two.
fn codes(measure: &str) -> BTreeMap<i64, String> {
    let mut codes = BTreeMap::new();
    let mut rest = measure;
    while let Some((meaning, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let Ok(code) = after[..end].parse() else { return BTreeMap::new() };
        codes.insert(code, meaning.trim_matches([';', ',', '.', '(', ')', ' ', '/', '-']).to_owned());
        rest = &after[end..];
    }
    if codes.len() >= 2 { codes } else { BTreeMap::new() }
}

/// Answers in words that make a line one of words.
const LEAST_ANSWERS: usize = 3;
/// Total rows that leave a column blank.
const LEAST_TOTALS: usize = 3;

/// Percentages that are above 100 now and then are comparisons; of one file, one that is may be.
pub fn above_hundred(table: &mut DraftTable, figures: &Figures<'_>, trust: Trust) {
    let often = if trust == Trust::Many { 2 } else { 1 };
    let above = |own: &mut dyn Iterator<Item = &Entry>| {
        own.filter(|e| e.value.is_some_and(|v| v > Figure::whole(100))).take(often).count() == often
    };
    for (at, column) in table.columns.list.iter_mut().filter(|c| c.role == Use::Figure).enumerate() {
        column.over |= column.kind == Kind::Percent && above(&mut figures.column(at));
    }
    if let Body::Fixed(lines) = &mut table.lines.body {
        for line in lines.iter_mut().filter(|l| l.kind == Kind::Percent) {
            let rows = (0..figures.rows.len()).filter(|row| *figures.rows[*row].line == *line.id);
            line.over |= above(&mut rows.flat_map(|row| figures.cells(row)).filter_map(|e| *e));
        }
    }
}

/// What answers in words stand for.
const ANSWERS: [(i64, &str); 2] = [(0, "Không"), (1, "Có")];

/// Lines that most offices answer in words have no figures: "Có", "Không", or "Cấp độ 2".
pub fn in_words(table: &mut DraftTable, figures: &Figures<'_>, lexis: &Lexis) {
    let Body::Fixed(lines) = &mut table.lines.body else { return };
    let mut met: HashMap<&str, (usize, usize, Vec<String>)> = HashMap::default();
    for (at, row) in figures.rows.iter().enumerate() {
        let (words, filled, texts) = met.entry(row.line).or_default();
        for entry in figures.cells(at).iter().flatten().filter(|e| e.state != State::Blank) {
            *filled += 1;
            if entry.state != State::Filled
                && entry.text.chars().any(char::is_alphabetic)
                && !State::is_cross(&entry.text)
            {
                *words += 1;
                let text = key(&entry.text);
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
        }
    }
    for line in lines.iter_mut().filter(|l| l.codes.is_empty() && !l.heading) {
        let Some((words, filled, texts)) = met.get(&*line.id) else { continue };
        // "Không" alone is how an office writes that there is nothing.
        if *words < LEAST_ANSWERS || 5 * words < 4 * filled || texts.iter().all(|text| lexis.denies(text)) {
            continue;
        }
        if texts.iter().all(|text| lexis.is_answer(text)) {
            line.codes = ANSWERS.map(|(code, name)| (code, name.to_owned())).into();
        }
        (line.kind, line.ground) = (if line.codes.is_empty() { Kind::Text } else { Kind::Code }, KindGround::Answers);
    }
}

/// Total rows that leave a column blank say that it does not add up, where words say nothing: years, coefficients.
pub fn left_out(table: &mut DraftTable, returns: &[&Return]) {
    if matches!(table.lines.body, Body::Fixed(_)) {
        return;
    }
    let totals: Vec<&Entry> = returns.iter().flat_map(|r| &r.entries).filter(|e| e.part == Part::Total).collect();
    let blank = |id: &str| {
        let own: Vec<State> = totals.iter().filter(|e| *e.column == *id).map(|e| e.state).collect();
        own.len() >= LEAST_TOTALS && own.iter().filter(|s| **s == State::Blank).count() * 10 >= own.len() * 9
    };
    let filled = |id: &str| {
        let own = returns.iter().flat_map(|r| &r.entries).filter(|e| e.part == Part::Line && *e.column == *id);
        own.filter(|e| e.amount().is_some_and(|v| !v.is_zero())).count() >= LEAST_TOTALS
    };
    let figures: Vec<usize> = table.columns.of(Use::Figure).collect();
    if figures.iter().all(|at| blank(&table.columns.list[*at].id)) {
        return;
    }
    for at in figures {
        let column = &mut table.columns.list[at];
        let unsaid = matches!(column.ground, KindGround::None | KindGround::OverDays | KindGround::AtDay);
        if unsaid
            && matches!(column.kind, Kind::Open | Kind::Flow | Kind::Stock)
            && blank(&column.id)
            && filled(&column.id)
        {
            (column.kind, column.ground) = (Kind::Average, KindGround::LeftOut);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_from_the_measure() {
        let read = |text: &str| codes(text).into_iter().collect::<Vec<_>>();
        assert_eq!(read("Có = 1; Không = 0"), [(0, "Không".to_owned()), (1, "Có".to_owned())]);
        assert_eq!(
            read("Chưa có = 0 2 cấp = 1 3 cấp = 2"),
            [(0, "Chưa có".to_owned()), (1, "2 cấp".to_owned()), (2, "3 cấp".to_owned())]
        );
        assert!(read("Văn bản").is_empty() && read("Có = 1").is_empty());
    }
}
