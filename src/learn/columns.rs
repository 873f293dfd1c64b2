//! The columns of a form by consensus: what most sheets have above them, what they are for, how their figures are written.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::family::{Family, Sighting, align, caption};
use super::printed::Token;
use super::shape::Ink;
use super::versions;
use super::words::Lexis;
use crate::model::form::InForce;
use crate::model::{Figure, Kind, KindGround};
use crate::normalise::code;
use crate::normalise::text::key;

/// Sheets of which every cell is looked at to tell what a column is for; more say nothing new.
const MOST_LOOKED_AT: usize = 300;
/// A column that so few of the sheets have is somebody's own.
const LEAST_SHARE: f64 = 0.25;

/// What a column is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Use {
    Ordinal,
    /// Mã số.
    Code,
    Label,
    Measure,
    Figure,
    #[default]
    Note,
}

#[derive(Debug, Clone, Default)]
pub struct LearnedColumn {
    /// The printed number, `value`, or its position.
    pub id: String,
    pub path: Vec<String>,
    /// Other wordings of the path, as the sheets have them.
    pub others: Vec<Vec<String>>,
    pub key: String,
    pub role: Use,
    pub token: Option<Token>,
    pub decimals: u8,
    /// Whether its figures are shown as percentages.
    pub percent: bool,
    pub signed: bool,
    /// Whether all its figures are years.
    pub years: bool,
    pub over: bool,
    pub exact: bool,
    pub in_force: InForce,
    /// What weak words of its caption say, where lines may say it better.
    pub weak: Option<(Kind, KindGround)>,
    pub kind: Kind,
    /// Why it is taken for one of that kind.
    pub ground: KindGround,
}

impl LearnedColumn {
    /// Whether somebody must say how its figures add up over periods.
    pub fn is_question(&self) -> bool {
        self.kind == Kind::Open && self.ground != KindGround::Before
    }
}

/// The columns, and for each sheet's columns their places among them.
#[derive(Debug, Default)]
pub struct Columns {
    pub list: Vec<LearnedColumn>,
    pub places: Vec<Vec<Option<usize>>>,
    pub numbered: bool,
}

impl Columns {
    /// The places of columns for something.
    pub fn of(&self, role: Use) -> impl Iterator<Item = usize> + '_ {
        (0..self.list.len()).filter(move |at| self.list[*at].role == role)
    }
}

/// The columns of a family.
pub fn columns(family: &Family, sightings: &[Sighting], newest: &[bool], lexis: &Lexis) -> Columns {
    let shapes = || family.members.iter().map(|m| &sightings[*m].shape);
    let mut wordings: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
    for (nth, shape) in shapes().enumerate() {
        let captions = shape.columns.iter().map(|c| caption(&c.path)).collect();
        wordings.entry(captions).or_default().push(nth);
    }
    let mut wordings: Vec<(Vec<String>, Vec<usize>)> = wordings.into_iter().collect();
    wordings.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(b.0.len().cmp(&a.0.len())).then(a.1[0].cmp(&b.1[0])));
    let known = consensus(&wordings, newest);
    let mut places: Vec<Vec<Option<usize>>> = vec![Vec::new(); family.members.len()];
    for (captions, members) in &wordings {
        let found = placed(&known, captions);
        members.iter().for_each(|m| places[*m] = found.clone());
    }
    let mut columns = Columns { list: Vec::with_capacity(known.len()), places, numbered: false };
    for (at, own) in known.iter().enumerate() {
        columns.list.push(column(at, own, &columns.places, family, sightings));
    }
    renumber(&mut columns, newest, family, sightings);
    let numbered = shapes().filter(|s| s.numbered).count();
    columns.numbered = 2 * numbered >= family.members.len();
    let looks: Vec<Looks> = (0..known.len()).map(|at| looks(at, &columns.places, family, sightings)).collect();
    uses(&mut columns, &looks, lexis);
    for (column, looks) in columns.list.iter_mut().zip(&looks).filter(|(c, _)| c.role == Use::Figure) {
        column.decimals = decimals_of_most(&looks.scales);
        column.percent = looks.percents > 0 && 5 * looks.percents >= looks.numbers;
        column.signed = is_signed(looks.negatives, looks.numbers);
        let headed = column.path.iter().any(|p| lexis.is_year(p));
        column.years = headed && looks.years == looks.numbers && looks.numbers >= LEAST_YEARS;
    }
    name(&mut columns);
    columns
}

/// The columns of the commonest wording, and those of others that enough of the sheets have, or the newest.
fn consensus(wordings: &[(Vec<String>, Vec<usize>)], newest: &[bool]) -> Vec<String> {
    let mut known: Vec<String> = wordings[0].0.clone();
    let least = (newest.len() as f64 * LEAST_SHARE).ceil().max(if newest.len() > 2 { 2.0 } else { 1.0 });
    let mut extra: HashMap<&str, Vec<usize>> = HashMap::new();
    for (captions, members) in wordings {
        for (place, caption) in align(&known, captions).into_iter().zip(captions) {
            if place.is_none() && !caption.is_empty() {
                extra.entry(caption).or_default().extend(members);
            }
        }
    }
    for (captions, _) in wordings {
        let found = align(&known, captions);
        for at in (0..captions.len()).rev() {
            let own = extra.get(captions[at].as_str());
            let new = || own.is_some_and(|own| versions::is_new(newest, |nth| own.contains(&nth)));
            let enough = own.is_some_and(|own| own.len() as f64 >= least) || new();
            if found[at].is_none() && enough && !known.contains(&captions[at]) {
                known.insert(behind(&found[..at]), captions[at].clone());
            }
        }
    }
    known
}

/// The place behind the last one found.
fn behind(found: &[Option<usize>]) -> usize {
    found.iter().rev().flatten().next().map_or(0, |k| k + 1)
}

/// Where a sheet's columns stand among the form's; one without a caption is the one that stands at its place.
fn placed(known: &[String], captions: &[String]) -> Vec<Option<usize>> {
    let mut found = align(known, captions);
    for at in 0..found.len() {
        if found[at].is_none() && captions[at].is_empty() {
            let before = behind(&found[..at]);
            let free = before < known.len() && known[before].is_empty() && !found.contains(&Some(before));
            found[at] = free.then_some(before);
        }
    }
    found
}

/// What stands above a column, in the words of most, and in others.
fn column(
    at: usize,
    own: &str,
    places: &[Vec<Option<usize>>],
    family: &Family,
    sightings: &[Sighting],
) -> LearnedColumn {
    let mut paths: Vec<(&Vec<String>, usize)> = Vec::new();
    let mut tokens: Vec<(&Token, usize)> = Vec::new();
    for (places, member) in places.iter().zip(&family.members) {
        let Some(here) = places.iter().position(|p| *p == Some(at)) else { continue };
        let column = &sightings[*member].shape.columns[here];
        count(&mut paths, &column.path);
        if let Some(token) = &column.token {
            count(&mut tokens, token);
        }
    }
    paths.sort_by_key(|path| std::cmp::Reverse(path.1));
    // An identity printed by some of the offices is the form's.
    tokens.sort_by_key(|token| std::cmp::Reverse((token.0.identity.is_some(), token.1)));
    let mut paths = paths.into_iter().map(|(p, _)| p.clone());
    LearnedColumn {
        path: paths.next().unwrap_or_default(),
        others: paths.filter(|p| caption(p) != own).collect(),
        key: own.to_owned(),
        token: tokens.first().map(|(t, _)| (*t).clone()),
        kind: Kind::Open,
        ..LearnedColumn::default()
    }
}

/// Where a new version numbers its columns otherwise, its numbers count: those of two versions together say nothing.
fn renumber(columns: &mut Columns, newest: &[bool], family: &Family, sightings: &[Sighting]) {
    let token = |nth: usize, at: usize| {
        let here = columns.places[nth].iter().position(|p| *p == Some(at))?;
        sightings[family.members[nth]].shape.columns[here].token.as_ref()
    };
    let sheets = 0..family.members.len();
    let ids = |at: usize| sheets.clone().filter_map(move |nth| Some((nth, token(nth, at)?)));
    let differs = |at: usize| {
        let new = |is: bool| ids(at).filter(move |(nth, _)| newest[*nth] == is).map(|(_, t)| &t.id).next();
        new(true).zip(new(false)).is_some_and(|(a, b)| a != b)
    };
    if !(0..columns.list.len()).any(differs) {
        return;
    }
    let of_newest = |at: usize| {
        let mut tokens: Vec<(&Token, usize)> = Vec::new();
        ids(at).filter(|(nth, _)| newest[*nth]).for_each(|(_, t)| count(&mut tokens, t));
        tokens.sort_by_key(|token| std::cmp::Reverse((token.0.identity.is_some(), token.1)));
        tokens.first().map(|(t, _)| (*t).clone())
    };
    let tokens: Vec<Option<Token>> = (0..columns.list.len()).map(of_newest).collect();
    columns.list.iter_mut().zip(tokens).for_each(|(column, token)| column.token = token);
}

fn count<'a, T: PartialEq>(counts: &mut Vec<(&'a T, usize)>, one: &'a T) {
    match counts.iter().position(|(known, _)| *known == one) {
        Some(at) => counts[at].1 += 1,
        None if counts.len() < 20 => counts.push((one, 1)),
        None => {}
    }
}

/// So many decimals that nearly all figures fit, of how many have none, one, two, and so on.
pub fn decimals_of_most(by_scale: &[usize; 7]) -> u8 {
    let all: usize = by_scale.iter().sum();
    let mut within = 0;
    let fits = |(_, count): &(u8, &usize)| {
        within += **count;
        within * 100 >= all * 97
    };
    (0..).zip(by_scale).find(fits).map_or(0, |(scale, _)| scale)
}

/// Whether figures may be below nought: not where one of very many is.
pub fn is_signed(negatives: usize, figures: usize) -> bool {
    negatives > 0 && (figures < FEW_FIGURES || negatives >= 2 && negatives * 50 >= figures)
}

/// So many years, and no other figures, make a column of years.
const LEAST_YEARS: usize = 3;
/// Of fewer figures one below nought may be meant.
const FEW_FIGURES: usize = 12;

/// What stands in a column's lines.
#[derive(Debug, Default)]
struct Looks {
    numbers: usize,
    percents: usize,
    negatives: usize,
    years: usize,
    texts: usize,
    blanks: usize,
    letters: usize,
    codes: usize,
    distinct: HashSet<String>,
    scales: [usize; 7],
    /// Sheets whose values are, line by line, those of the first.
    same: usize,
    sheets: usize,
}

fn looks(at: usize, places: &[Vec<Option<usize>>], family: &Family, sightings: &[Sighting]) -> Looks {
    let mut looks = Looks::default();
    let mut first: Option<Vec<Cow<'_, str>>> = None;
    for (places, member) in places.iter().zip(&family.members).take(MOST_LOOKED_AT) {
        let Some(here) = places.iter().position(|p| *p == Some(at)) else { continue };
        let rows = &sightings[*member].shape.rows;
        let mut values: Vec<Cow<'_, str>> = Vec::with_capacity(rows.len());
        for ink in rows.iter().map(|r| &r.cells[here]) {
            let text = ink.text();
            match ink {
                Ink::Blank => looks.blanks += 1,
                Ink::Number(x) => looks.number(*x),
                Ink::Percent(x) => {
                    looks.percents += 1;
                    looks.number(x * 100.0);
                }
                Ink::Figure(_) => {
                    looks.numbers += 1;
                    looks.years +=
                        usize::from(text.len() == 4 && text.parse().is_ok_and(|n: u32| (1900..2100).contains(&n)));
                    looks.percents += usize::from(text.ends_with('%'));
                    looks.negatives += usize::from(text.starts_with(['-', '−', '–']) && text.len() > 1);
                    looks.scales[decimals_of(&text)] += 1;
                }
                Ink::Text(_) => {
                    looks.texts += 1;
                    looks.letters += text.chars().filter(|c| c.is_alphabetic()).count();
                }
            }
            looks.codes += usize::from(!ink.is_blank() && text.len() <= 12 && code::code(&text).is_some());
            if looks.distinct.len() < 200 && !ink.is_blank() {
                looks.distinct.insert(key(&text));
            }
            values.push(text);
        }
        looks.sheets += 1;
        match &first {
            None => first = Some(values),
            Some(first) => looks.same += usize::from(*first == values),
        }
    }
    looks
}

impl Looks {
    /// Whether so many in ten of what stands there are codes.
    fn are_codes(&self, of_ten: usize) -> bool {
        10 * self.codes >= of_ten * (self.numbers + self.texts)
    }

    fn number(&mut self, x: f64) {
        self.numbers += 1;
        self.negatives += usize::from(x < 0.0);
        self.years += usize::from(x.fract() == 0.0 && (1900.0..2100.0).contains(&x));
        let scale = Figure::from_double(x).map_or(0, |f| f.trimmed().scale);
        self.scales[usize::from(scale.min(6))] += 1;
    }
}

/// `12,5` and `1.234,56` have decimals; `1.234` has none.
fn decimals_of(text: &str) -> usize {
    let digits = |t: &str| t.chars().take_while(char::is_ascii_digit).count();
    match text.rsplit_once(',') {
        Some((before, after))
            if digits(after) != 3 || before.contains('.') || before.trim_start_matches(['-', '+']) == "0" =>
        {
            digits(after).min(6)
        }
        _ => match text.rsplit_once('.') {
            Some((_, after)) if digits(after) != 3 && digits(after) > 0 => digits(after).min(6),
            _ => 0,
        },
    }
}

/// What each column is for: by its caption where that says so, by what stands in it where not.
fn uses(columns: &mut Columns, looks: &[Looks], lexis: &Lexis) {
    let list = &mut columns.list;
    list.iter_mut().zip(looks).for_each(|(column, looks)| column.role = use_by_caption(column, looks, lexis));
    // What stands behind the last caption is the office's own reckoning.
    let last = list.iter().rposition(|c| !c.path.is_empty()).unwrap_or(list.len());
    list.iter_mut().skip(last + 1).filter(|c| c.role == Use::Figure).for_each(|c| c.role = Use::Note);
    // Where nothing is filled in, the first column that is lettered, or headed as lines are, names the lines.
    if looks.iter().all(|l| l.texts + l.numbers == 0) {
        let named = |c: &LearnedColumn| {
            c.token.as_ref().is_some_and(|t| t.number.is_none()) || lexis.lists(&own_caption(c)).is_some()
        };
        if let Some(label) = list.iter_mut().find(|c| c.role == Use::Figure && named(c)) {
            label.role = Use::Label;
        }
    }
    // A column of the same codes on every sheet is no figure.
    for (at, l) in looks.iter().enumerate() {
        let constant = l.sheets >= 3 && l.same + 1 == l.sheets && l.distinct.len() >= 4;
        let before_figures = list[..at].iter().all(|c| c.role != Use::Figure);
        if list[at].role == Use::Figure && constant && before_figures {
            list[at].role = if l.are_codes(7) { Use::Ordinal } else { Use::Code };
        }
    }
    let label = one_label(list, looks);
    // Without words a first column of running numbers still numbers the lines.
    let is_running = |at: &usize| list[*at].role == Use::Figure && 10 * looks[*at].codes >= 8 * looks[*at].numbers;
    let numbers = label.and_then(|label| (0..label).find(is_running));
    if !has(list, Use::Ordinal)
        && let Some(at) = numbers
    {
        list[at].role = Use::Ordinal;
    }
    // A second column headed STT is the first of a table beside this one that was not parted: no figure either way.
    if !has(list, Use::Ordinal)
        && let Some(code) = list.iter_mut().find(|c| c.role == Use::Code)
    {
        code.role = Use::Ordinal;
    }
}

fn has(list: &[LearnedColumn], role: Use) -> bool {
    list.iter().any(|c| c.role == role)
}

/// A column's own caption, as a key.
fn own_caption(column: &LearnedColumn) -> String {
    column.path.last().map(|p| key(p)).unwrap_or_default()
}

fn use_by_caption(column: &LearnedColumn, looks: &Looks, lexis: &Lexis) -> Use {
    let caption = own_caption(column);
    if lexis.is_ordinal(&caption) || lexis.is_ordinal(&column.key) {
        Use::Ordinal
    } else if lexis.is_code(&caption) {
        Use::Code
    } else if lexis.is_measure(&caption) && looks.numbers <= looks.texts {
        Use::Measure
    } else if lexis.is_note(&caption) {
        Use::Note
    } else if looks.letters == 0 && column.path.last().is_some_and(|c| lexis.is_percent(c)) {
        // A share written as 04/24.
        Use::Figure
    } else if looks.texts > 0 && looks.texts >= looks.numbers {
        Use::Label
    } else if looks.numbers > 0 || (!column.path.is_empty() && looks.texts == 0) {
        Use::Figure
    } else {
        Use::Note
    }
}

/// Of several columns of words the one with the most different ones names the lines; a first one of codes numbers them.
fn one_label(list: &mut [LearnedColumn], looks: &[Looks]) -> Option<usize> {
    let texts: Vec<usize> = (0..list.len()).filter(|at| list[*at].role == Use::Label).collect();
    let score = |at: &usize| {
        (looks[*at].distinct.len().min(150) * looks[*at].letters / looks[*at].texts.max(1), usize::MAX - at)
    };
    let label = texts.iter().copied().max_by_key(score)?;
    let has_ordinal = has(list, Use::Ordinal);
    for at in texts.into_iter().filter(|at| *at != label) {
        list[at].role = match looks[at].are_codes(6) {
            true if at < label && !has_ordinal => Use::Ordinal,
            true => Use::Code,
            false => Use::Note,
        };
    }
    Some(label)
}

/// Ids: printed numbers where the form numbers its columns, else their positions.
fn name(columns: &mut Columns) {
    let printed: Vec<Option<String>> = columns.list.iter().map(|c| c.token.as_ref().map(|t| t.id.clone())).collect();
    let figures: Vec<usize> = columns.of(Use::Figure).collect();
    let numbers: HashSet<&String> = figures.iter().filter_map(|at| printed[*at].as_ref()).collect();
    let usable = columns.numbered && numbers.len() == figures.len() && !figures.is_empty();
    let mut taken: HashSet<String> = HashSet::new();
    for (at, column) in columns.list.iter_mut().enumerate() {
        let own = printed[at].clone().filter(|_| usable).unwrap_or_else(|| (at + 1).to_string());
        let mut id = own.clone();
        while column.role != Use::Figure && (numbers.contains(&id) || taken.contains(&id)) || taken.contains(&id) {
            id.push('\'');
        }
        taken.insert(id.clone());
        column.id = id;
    }
}
