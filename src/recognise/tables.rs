//! The known tables on a sheet: each header with the form it belongs to, and the rows below it as the form's lines.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::blocks::{self, Block, Choice};
use super::clues::Clues;
use super::columns::{self, Memory};
use super::header::{self, Header};
use super::lexicon::{Lexicon, TableKeys};
use super::page::{Page, PageCell, PageRow, Text};
use super::roles::{Lines, Roles, extras, repeats};
use super::{Lacks, fixed};
use crate::model::form::{ItemRole, Role};
use crate::model::layout::MoreColumn;
use crate::model::{self, Address, Area};
use crate::normalise::code::Part;
use crate::normalise::text::{key, opens_with, place_of};

/// A header with the table it belongs to.
pub struct Found<'a> {
    pub sheet: usize,
    pub header: Header,
    pub table: &'a TableKeys,
    pub roles: Roles,
    pub assigned: Lines,
    pub clues: Clues,
    pub titled: Option<Arc<str>>,
    pub missing: Vec<Arc<str>>,
    /// Columns that the office added.
    pub more: Vec<MoreColumn>,
    /// The columns of a list.
    pub items: Vec<(u32, ItemRole)>,
    /// Headers of the same table that are hidden, rows or columns, and left out.
    pub hidden: Vec<Area>,
}

/// The rows that a table was made of: under its header, and under the same header printed again.
type Rows<'p> = Cow<'p, [PageRow]>;

/// Rows read once more because a header is printed again, on one sheet: 3,000 lines on 100 pages are half of it.
const READ_AGAIN: usize = 300_000;
/// Tables above a header among which the one that it is printed again of is looked for.
const NEAREST: usize = 50;
/// Rows at the top of what stands above a table, and rows just above it, in which titles are looked for.
const TITLE_ROWS: usize = 100;

/// A form that stands there and cannot be read: its title over rows that are none of its lines, or several blocks of its
/// columns of which nothing says which one is meant; and where.
pub type Lost = (Arc<str>, Address, Lacks);

/// The known tables on one sheet, top to bottom; and titles whose tables are not to be made out. `form`: the one that the
/// sheet was sent out as, blank.
pub fn tables<'a>(
    page: &Page<'_>,
    (sheet, form): (usize, Option<&str>),
    lexicon: &'a Lexicon,
    memory: &mut Memory,
) -> (Vec<Found<'a>>, Vec<Lost>) {
    let (headers, hidden) = visible(shared(header::headers(page, lexicon), page, lexicon), page);
    let mut starts: Vec<u32> = headers.iter().map(|h| h.area.top).collect();
    starts.sort_unstable();
    let blocks: Vec<Block> = headers.iter().filter_map(|h| h.block.clone()).collect();
    let mut search = Search {
        page,
        sheet,
        form,
        lexicon,
        memory,
        blocks,
        found: Vec::new(),
        lost: Vec::new(),
        hidden,
        unfinished: None,
        read_again: 0,
        lowest: 0,
        titles_from: 0,
        top: None,
    };
    for header in headers {
        // Tables side by side share their rows; the next one below ends this one.
        let below = next_of(&starts, header.area.bottom);
        let rows = page.between(header.area.bottom + 1, below).into();
        search.read(header, rows);
    }
    let mut found: Vec<Found<'_>> = search.found.into_iter().map(|(f, _)| f).collect();
    if let Some(first) = found.first_mut() {
        first.hidden = search.hidden;
    }
    (found, search.lost)
}

/// The search for a sheet's tables, from header to header.
struct Search<'a, 'p> {
    page: &'p Page<'p>,
    sheet: usize,
    form: Option<&'p str>,
    lexicon: &'a Lexicon,
    memory: &'p mut Memory,
    blocks: Vec<Block>,
    found: Vec<(Found<'a>, Rows<'p>)>,
    lost: Vec<Lost>,
    hidden: Vec<Area>,
    /// The header above that is no table yet, with its rows and the first row of its titles.
    unfinished: Option<(Header, Rows<'p>, u32)>,
    /// Rows read once more.
    read_again: usize,
    /// The first row below the tables found.
    lowest: u32,
    /// The first row in which titles of the headers at `top` may stand.
    titles_from: u32,
    top: Option<u32>,
}

/// What stands above a table.
struct Above<'p> {
    titles: Rows<'p>,
    clues: Clues,
    /// The form that the titles name.
    titled: Option<Arc<str>>,
}

impl<'a, 'p> Search<'a, 'p> {
    /// Takes the rows under a header for a table, for more rows of one above, or for none.
    fn read(&mut self, header: Header, rows: Rows<'p>) {
        if self.top != Some(header.area.top) {
            (self.top, self.titles_from) = (Some(header.area.top), self.lowest);
        }
        let (mut header, rows, borrowed) = self.with_unfinished(header, rows);
        let titles = ends_of(self.page.between(self.titles_from, header.area.top + u32::from(header.borrowed)));
        let clues = Clues::in_rows(&titles, self.lexicon);
        let titled = titled(&titles, self.lexicon);
        let mut above = Above { titles, clues, titled };
        if !self.is_read(&header, &rows, &mut above) {
            return;
        }
        let mut own = self.table_of(&header, &rows, &above);
        if own.is_none()
            && let Some(first) = borrowed
            && let Some(by_first) = self.table_of(&first, &rows, &above)
        {
            (header, own) = (first, Some(by_first));
        }
        if self.goes_on_above(&header, &rows, &above, own.as_ref()) {
            return;
        }
        match own {
            Some(own) if own.repeats && header.block.is_none() => {
                let at = Address::new(header.area.top, header.area.left);
                self.lost.push((own.table.form.clone(), at, Lacks::Block));
                self.lowest = self.lowest.max(own.assigned.end(&header));
            }
            Some(own) => self.keep(header, rows, above, own),
            None => self.lose(header, rows, above.titled),
        }
    }

    /// Joins the rows with those under the header's first print, where too few lines stood under that to tell the form by. A
    /// header that was borrowed for a title is given back beside the one that stands there: torn over two pages, a form's own
    /// header can't be read.
    fn with_unfinished(&mut self, header: Header, rows: Rows<'p>) -> (Header, Rows<'p>, Option<Header>) {
        let Some((first, above, from)) = self.unfinished.take() else { return (header, rows, None) };
        self.read_again += self.page.between(first.area.bottom + 1, header.area.top).len();
        let is_again = !header.borrowed
            && self.read_again < READ_AGAIN
            && goes_on(&first, &header, true)
            && no_title(self.page, &first, &header, self.lexicon);
        if !is_again {
            return (header, rows, None);
        }
        self.titles_from = from;
        self.lost.pop_if(|(_, cell, _)| cell.row == first.area.top);
        let rows = [above, rows].concat().into();
        if first.borrowed { (header, rows, Some(first)) } else { (first, rows, None) }
    }

    /// Whether the header's block of columns, where it is one of several, is the one to read.
    fn is_read(&mut self, header: &Header, rows: &[PageRow], above: &mut Above<'p>) -> bool {
        let Some(block) = &header.block else { return true };
        match choice(block, &self.blocks, &above.clues) {
            Choice::Read => {
                above.clues.add_block(block);
                return true;
            }
            Choice::LeftOut => self.hidden.extend(Some(header.area).filter(|_| block.hidden)),
            Choice::Unknown => {
                let form = self.table_of(header, rows, above).map(|own| own.table.form.clone());
                // Said once a table.
                let noted = self.lost.last().is_some_and(|(.., lacks)| *lacks == Lacks::Block);
                self.lost.extend(form.filter(|_| !noted).map(|form| (form, block.at, Lacks::Block)));
            }
        }
        false
    }

    /// Whether the header is that of a table above printed again, which takes the rows as its own.
    fn goes_on_above(
        &mut self,
        header: &Header,
        rows: &[PageRow],
        above: &Above<'_>,
        own: Option<&Matched<'_>>,
    ) -> bool {
        let untitled = above.titled.is_none() && above.clues.is_empty();
        let is_again = |(f, _): &&mut (Found<'_>, Rows<'_>)| {
            goes_on(&f.header, header, own.is_none_or(|o| std::ptr::eq(o.table, f.table)))
                && (untitled || is_next_page(f, own, &above.titled, &above.clues))
        };
        if self.read_again >= READ_AGAIN {
            return false;
        }
        let Some((previous, so_far)) = self.found.iter_mut().rev().take(NEAREST).find(is_again) else { return false };
        self.read_again += so_far.len() + rows.len();
        let goes_on = continues(previous, so_far, rows, own, self.page, self.lexicon);
        if goes_on {
            self.lowest = self.lowest.max(end_of(previous));
        }
        goes_on
    }

    fn keep(&mut self, header: Header, rows: Rows<'p>, above: Above<'_>, own: Matched<'a>) {
        let Matched { table, roles, assigned, missing, more, .. } = own;
        let own = Found {
            sheet: self.sheet,
            header,
            table,
            roles,
            assigned,
            clues: above.clues,
            titled: above.titled,
            missing,
            more,
            items: Vec::new(),
            hidden: Vec::new(),
        };
        self.lowest = self.lowest.max(end_of(&own));
        self.found.push((own, rows));
    }

    /// Notes a form that the title names over rows with figures; its header may be printed again further down.
    fn lose(&mut self, header: Header, rows: Rows<'p>, titled: Option<Arc<str>>) {
        let figures = rows.iter().any(|r| r.cells.iter().any(|c| c.number.is_some()));
        let mut is_known = |form: &Arc<str>| {
            let of = |fit: &columns::Fit| self.lexicon.tables[fit.table].form == *form;
            is_indicator(form, self.lexicon) || columns::fits(&header, self.lexicon, self.memory).iter().any(of)
        };
        if let Some(form) = titled.filter(|form| figures && is_known(form)) {
            self.lost.push((form, Address::new(header.area.top, header.area.left), Lacks::Lines));
        }
        self.unfinished = Some((header, rows, self.titles_from));
    }

    fn table_of(&mut self, header: &Header, rows: &[PageRow], above: &Above<'_>) -> Option<Matched<'a>> {
        table_of(header, rows, (&above.titles, self.form), self.page, self.lexicon, self.memory)
    }
}

/// What is done with a block, given the other blocks of its table.
fn choice(block: &Block, blocks: &[Block], titles: &Clues) -> Choice {
    let of_table: Vec<&Block> = blocks.iter().filter(|b| b.table == block.table).collect();
    let named = titles.period().map(|(_, clue, _)| clue.what.clone()).or_else(|| titles.part_of_year());
    let mut choices = blocks::choose(&of_table, named.as_ref());
    let own = of_table.iter().position(|b| b.at == block.at);
    own.map_or(Choice::Read, |own| choices.swap_remove(own))
}

fn is_indicator(form: &str, lexicon: &Lexicon) -> bool {
    lexicon.tables.iter().any(|t| !t.open && *t.form == *form)
}

/// The headers, and behind each one that several forms share a header for every title row below it: "Biểu mẫu 2: …"
/// between the rows of one long table.
fn shared(headers: Vec<Header>, page: &Page<'_>, lexicon: &Lexicon) -> Vec<Header> {
    let mut tops: Vec<u32> = headers.iter().map(|h| h.area.top).collect();
    tops.sort_unstable();
    let mut all = Vec::with_capacity(headers.len());
    for header in headers {
        let rows = page.between(header.area.bottom + 1, next_of(&tops, header.area.bottom));
        let titles: Vec<u32> = rows.iter().filter(|row| is_title(row, lexicon)).map(|row| row.row).collect();
        let borrowed = titles.into_iter().map(|row| Header {
            area: Area { top: row, bottom: row, ..header.area },
            borrowed: true,
            ..header.clone()
        });
        let borrowed: Vec<Header> = borrowed.collect();
        all.push(header);
        all.extend(borrowed);
    }
    all
}

/// The headers without those whose rows are all hidden, where the same one is printed in sight too: an old table that its
/// office hid when it copied the sheet; and where those stand.
fn visible(headers: Vec<Header>, page: &Page<'_>) -> (Vec<Header>, Vec<Area>) {
    let hidden = |header: &Header| {
        let is_hidden = |row: u32| page.sheet.hidden_rows.binary_search(&row).is_ok();
        !page.sheet.hidden_rows.is_empty() && (header.area.top..=header.area.bottom).all(is_hidden)
    };
    let columns = |header: &Header| header.columns.iter().map(|c| (c.column, c.path.clone())).collect::<Vec<_>>();
    let seen: Vec<_> = headers.iter().filter(|h| !hidden(h)).map(columns).collect();
    let (out, kept): (Vec<Header>, Vec<Header>) =
        headers.into_iter().partition(|header| hidden(header) && seen.contains(&columns(header)));
    (kept, out.iter().map(|header| header.area).collect())
}

/// The first header below a row, of tops in order.
fn next_of(tops: &[u32], row: u32) -> u32 {
    let behind = tops.partition_point(|top| *top <= row);
    tops.get(behind).copied().unwrap_or(u32::MAX)
}

/// The rows of titles, of very many the first and the last.
fn ends_of(titles: &[PageRow]) -> Rows<'_> {
    match titles.len() > 2 * TITLE_ROWS {
        true => [&titles[..TITLE_ROWS], &titles[titles.len() - TITLE_ROWS..]].concat().into(),
        false => titles.into(),
    }
}

/// Whether a row between lines is the title of an indicator form: its mark opens the row, and no line's number does.
fn is_title(row: &PageRow, lexicon: &Lexicon) -> bool {
    let mut filled = row.cells.iter().filter(|c| !c.key.is_empty());
    let Some(first) = filled.next() else { return false };
    let second = filled.next();
    let number = |c: &PageCell| c.code().is_some_and(|c| matches!(c.parts[..], [Part::Number(_), ..]));
    filled.next().is_none()
        && (first.opens_form(lexicon) || second.is_some_and(|c| c.opens_form(lexicon)))
        && row.cells.iter().all(|c| c.number.is_none())
        && !number(first)
}

impl Text {
    /// Whether it begins with what names an indicator form.
    fn opens_form(&self, lexicon: &Lexicon) -> bool {
        let begins = |mark: &String| opens_with(&self.key, mark);
        let opens = || lexicon.tables.iter().filter(|t| !t.open).flat_map(|t| &t.marks).any(begins);
        *self.facts.opens_form.get_or_init(opens)
    }

    /// The form that it names, by the longest of the marks it holds as whole words: "bieu mau 1" is not in
    /// "bieu mau 12".
    fn form(&self, lexicon: &Lexicon) -> Option<&Arc<str>> {
        let named = || {
            let marks = lexicon.tables.iter().flat_map(|t| t.marks.iter().map(move |m| (m, t)));
            let held = marks.filter(|(mark, _)| place_of(mark, &self.key).is_some());
            held.max_by_key(|(mark, _)| mark.len()).map(|(_, table)| table.form.clone())
        };
        self.facts.form.get_or_init(named).as_ref()
    }
}

/// The first row below a table.
pub fn end_of(found: &Found<'_>) -> u32 {
    found.assigned.end(&found.header)
}

/// Whether a header is another one printed again below it: over the same columns, with the same captions or those of
/// the same form.
fn goes_on(first: &Header, again: &Header, same_form: bool) -> bool {
    let same =
        |a: &header::HeaderColumn, b: &header::HeaderColumn| a.column == b.column && (same_form || a.path == b.path);
    first.area.bottom < again.area.top
        && first.columns.len() == again.columns.len()
        && first.columns.iter().zip(&again.columns).all(|(a, b)| same(a, b))
}

/// Whether nothing between two prints of a header names a form, a unit or a period.
fn no_title(page: &Page<'_>, first: &Header, again: &Header, lexicon: &Lexicon) -> bool {
    let between = page.between(first.area.bottom + 1, again.area.top);
    titled(between, lexicon).is_none() && Clues::in_rows(between, lexicon).is_empty()
}

/// Whether a title over a header printed again says nothing but what the table above says, and none of its lines stands
/// there again: the next page, with the form's title on it.
fn is_next_page(above: &Found<'_>, own: Option<&Matched<'_>>, titled: &Option<Arc<str>>, clues: &Clues) -> bool {
    let Some(own) = own else { return false };
    let lines =
        |rows: &Lines| rows.rows.iter().filter(|r| r.part == model::Part::Line).map(|r| r.line.clone()).collect();
    let (here, there): (BTreeSet<Arc<str>>, BTreeSet<Arc<str>>) = (lines(&above.assigned), lines(&own.assigned));
    let says = |clues: &Clues| {
        let unit = clues.units.first().map(|unit| unit.what.unit.clone());
        (unit, clues.period().map(|(period, ..)| period))
    };
    let ((own_unit, own_period), (unit, period)) = (says(clues), says(&above.clues));
    titled.as_ref().is_none_or(|form| *form == above.table.form)
        && (own_unit.is_none() || own_unit == unit)
        && (own_period.is_none() || own_period == period)
        && !there.is_empty()
        && here.is_disjoint(&there)
}

/// Takes the rows under a header printed again as the table's own, unless they make more sense as a table by themselves.
fn continues<'p>(
    previous: &mut Found<'_>,
    above: &mut Rows<'p>,
    rows: &[PageRow],
    own: Option<&Matched<'_>>,
    page: &Page<'_>,
    lexicon: &Lexicon,
) -> bool {
    let ended = previous.table.open && ended(&previous.assigned);
    if ended {
        return false;
    }
    let all: Rows<'p> = [&**above, rows].concat().into();
    let joint = assign(&all, page, &previous.roles, previous.table, lexicon);
    let apart = previous.assigned.accounted_for() + own.map_or(0, |m| m.assigned.accounted_for());
    let doubts = previous.assigned.doubtful.len() + own.map_or(0, |m| m.assigned.doubtful.len());
    // A sum carried over from the page before is explained only where that page is read with it.
    let is_carried = |label: &str| lexicon.carried.iter().any(|word| key(label).starts_with(word.as_str()));
    let carried = own.map_or(0, |m| m.assigned.strange.iter().filter(|(_, label)| is_carried(label)).count());
    let gained = joint.accounted_for() + carried >= apart + usize::from(own.is_none());
    let better = gained && joint.doubtful.len() <= doubts;
    if better {
        previous.assigned = joint;
        *above = all;
    }
    better
}

/// Whether the table's total row has been seen at its bottom.
fn ended(assigned: &Lines) -> bool {
    use crate::model::Part;
    assigned.rows.last().is_some_and(|r| r.part == Part::Total) && assigned.rows.len() > 1
}

fn assign(rows: &[PageRow], page: &Page<'_>, roles: &Roles, table: &TableKeys, lexicon: &Lexicon) -> Lines {
    if table.open {
        fixed::open(rows, page.sheet, (roles, !table.learned), lexicon)
    } else {
        fixed::fixed(rows, roles, table, lexicon)
    }
}

/// What a header and the rows below it are.
struct Matched<'a> {
    table: &'a TableKeys,
    roles: Roles,
    assigned: Lines,
    missing: Vec<Arc<str>>,
    more: Vec<MoreColumn>,
    /// Its columns stand there once more.
    repeats: bool,
}

/// The table a header belongs to: by its columns, then by its lines, the title breaking ties.
fn table_of<'a>(
    header: &Header,
    rows: &[PageRow],
    (titles, form): (&[PageRow], Option<&str>),
    page: &Page<'_>,
    lexicon: &'a Lexicon,
    memory: &mut Memory,
) -> Option<Matched<'a>> {
    let fits = columns::fits(header, lexicon, memory);
    let own = |fit: &&columns::Fit| form == Some(&*lexicon.tables[fit.table].form);
    let mut fits: Vec<&columns::Fit> = fits.iter().collect();
    if fits.iter().any(own) {
        fits.retain(own);
    }
    let named = titled(titles, lexicon);
    if named.is_none() && form.is_none() && prints_another_code(titles, lexicon) {
        // Columns alike are not enough where the paper says that it is another form.
        fits.retain(|fit| fit.score >= NEARLY_ALL);
    }
    // With most of its columns left out, a form is known only by its name.
    fits.retain(|fit| {
        let table = &lexicon.tables[fit.table];
        !table.open
            || fit.score >= columns::LEAST_FIT
            || named.as_ref() == Some(&table.form)
            || form == Some(&*table.form)
    });
    let best = fits.first()?.score;
    let rated = fits.iter().filter(|f| f.score >= best - 0.12).map(|fit| {
        let table = &lexicon.tables[fit.table];
        let mut roles = Roles::new(fit, table).measured(header, table);
        if table.open {
            roles.settle_label(rows, header, table, lexicon);
        } else {
            roles.settle_figures(rows, lexicon);
        }
        let marked = named.as_ref().is_some_and(|form| *form == table.form);
        let subtitle = !table.title.is_empty() && titles.iter().any(|r| r.cells.iter().any(|c| *c.key == *table.title));
        let lines = if table.open {
            0.0
        } else {
            fixed::exact_hits(rows, &roles, table, lexicon) as f64 / rows.len().max(1) as f64
        };
        let rate = fit.score + lines + if marked { 0.1 } else { 0.0 } + if subtitle { 0.1 } else { 0.0 };
        (rate, fit, table, roles)
    });
    let (_, fit, table, roles) = rated.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.table.cmp(&a.1.table)))?;
    let assigned = assign(rows, page, &roles, table, lexicon);
    // An indicator form's columns are anybody's: without its lines it is another form.
    let lines_found = assigned.rows.len() - assigned.doubtful.len();
    let worded = || fixed::exact_hits(rows, &roles, table, lexicon) >= lines_found.max(1);
    let named = || named.as_ref() == Some(&table.form) && worded();
    let enough = lines_found * 2 >= rows_with_figures(rows, &roles);
    if !table.open && (!enough || lines_found < 3 && !named()) {
        return None;
    }
    if assigned.rows.is_empty() {
        return None;
    }
    let seen = |j: usize| fit.columns.iter().any(|(_, k, _)| *k == j);
    let missing = table
        .columns
        .iter()
        .enumerate()
        .filter(|(j, c)| c.role == Role::Figure && !seen(*j))
        .map(|(_, c)| c.id.clone());
    let missing = missing.collect();
    let more = if table.open { extras(page, header, fit, table, &roles, rows, lexicon) } else { Vec::new() };
    let repeats = table.open && !table.learned && repeats(page, header, fit, table, rows);
    Some(Matched { table, roles, assigned, missing, more, repeats })
}

fn rows_with_figures(rows: &[PageRow], roles: &Roles) -> usize {
    rows.iter().filter(|r| roles.figures.iter().any(|(c, _)| r.get(*c).is_some())).count()
}

/// From this share of its columns on a form is recognised though another code stands above them.
const NEARLY_ALL: f64 = 0.9;
/// What introduces a form's code.
const CODE_LEADS: [&str; 9] =
    ["bieu mau so ", "bieu mau ", "mau bieu so ", "mau bieu ", "bieu so ", "mau so ", "mau ", "phu luc so ", "bieu "];

/// Whether a title is the code of a form by others than those who issued the known ones: "Biểu 02/TP-HC".
fn prints_another_code(titles: &[PageRow], lexicon: &Lexicon) -> bool {
    let issuer = |text: &Text| {
        let lead = CODE_LEADS.iter().find(|lead| text.key.starts_with(**lead))?;
        let code = text.text.split_whitespace().nth(lead.split(' ').count() - 1)?;
        let (number, issuer) = code.split_once('/')?;
        number.contains(|c: char| c.is_ascii_digit()).then(|| key(issuer))
    };
    let known = |issuer: &String| {
        let marks = || lexicon.tables.iter().flat_map(|t| &t.marks);
        marks().any(|mark| place_of(issuer, mark).is_some())
    };
    titles.iter().flat_map(|row| &row.cells).filter_map(|cell| issuer(cell)).any(|own| !own.is_empty() && !known(&own))
}

/// The form that a title names, by the mark nearest above the header.
fn titled(titles: &[PageRow], lexicon: &Lexicon) -> Option<Arc<str>> {
    let mut named = titles.iter().rev().flat_map(|row| &row.cells).filter(|c| !c.key.is_empty());
    named.find_map(|cell| cell.form(lexicon).cloned())
}
