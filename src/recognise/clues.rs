//! Everything that says whose and of when a table is, from the title above it out to the folder, and which one counts; the same
//! for a sheet that no known form claims ([`whose`]).

use std::sync::Arc;

use foldhash::HashSet;

use super::blocks::Block;
use super::lexicon::Lexicon;
use super::page::{self, PageCell, PageRow};
use super::roles::closes;
use super::titles::{Whose, statements, titles};
use super::units::{self, How, Named};
use crate::model::{self, Address, Doubt, Period, Sheet, Unsure};
use crate::normalise::issued::NAME;
use crate::normalise::period::{self, By, Mention};
use crate::normalise::text::key;
use crate::normalise::{Issued, code};

/// Where a clue was found; the nearer to the figures, the more it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The hidden name of a blank form that tonghop sent out.
    Issued,
    /// The caption over a block of columns, of several side by side.
    Block,
    Title,
    Earlier,
    OtherSheet,
    SheetName,
    FileName,
    Folder,
    /// Below the table: "GIÁM ĐỐC SỞ Y TẾ".
    Signature,
    /// An office that many units have: "Trung tâm Phục vụ hành chính công".
    Office,
    /// Who sent the report that the table comes with: "(Kèm theo Báo cáo số … của Sở Tư pháp)".
    OwnLetter,
    /// The title of a sheet that is no known form.
    StrangeSheet,
    /// A year alone, in a title: the plan's year as often as the period.
    BareYear,
}

/// Periods that a table's titles name to other tables; a form's name one or two.
const MOST_PERIODS: usize = 40;

/// One clue.
#[derive(Debug, Clone)]
pub struct Clue<T> {
    pub what: T,
    pub place: Place,
    /// The words it was taken from, and where they stand.
    pub quote: Arc<str>,
    /// It follows "Đơn vị báo cáo:".
    pub led: bool,
}

impl<T: Clone> Clue<T> {
    fn from(&self, place: Place) -> Self {
        Self { place: self.place.max(place), ..self.clone() }
    }
}

/// The clues about one stretch of titles.
#[derive(Debug, Clone, Default)]
pub struct Clues {
    pub units: Vec<Clue<Named>>,
    pub periods: Vec<Clue<Mention>>,
}

impl Clues {
    /// What the title of a sheet says that is no known form: its first few short texts.
    pub fn in_strange_sheet(rows: &[PageRow], lexicon: &Lexicon) -> Self {
        let title: Vec<&PageRow> = rows.iter().take(8).take_while(|r| r.cells.len() <= 2).collect();
        let mut clues = Self::default();
        for row in title {
            let own = Self::in_rows(std::slice::from_ref(row), lexicon);
            clues.extend_from(&own, Place::StrangeSheet);
        }
        clues
    }

    /// What the titles in some rows say.
    pub fn in_rows(rows: &[PageRow], lexicon: &Lexicon) -> Self {
        let mut clues = Self::default();
        let mut titled: Vec<(&str, String)> = Vec::new();
        // The lower of a letterhead's two names is the sender.
        let mut letterhead = None;
        let mut cited: Vec<&str> = Vec::new();
        let mut own_letters = Vec::new();
        // The last one counts before the ones above it.
        let mut led = Vec::new();
        let cells = titles(rows).flat_map(|row| row.cells.iter().map(move |cell| (row, cell)));
        for (row, cell) in cells {
            // "Đơn vị báo cáo:" with the name in the next cell.
            let bare = || cell.text.trim_end().ends_with(':') && BARE_LEADS.contains(&&*cell.key);
            let alone = units::is_lead_alone(&cell.text, &cell.key, lexicon) || bare();
            let next = || row.cells.iter().find(|c| c.column > cell.column && !c.key.is_empty());
            if let Some((next, unit)) =
                alone.then(next).flatten().and_then(|c| Some((c, units::whole(&c.text, &c.key, lexicon)?)))
            {
                let quote = format!("“{} {}” ({})", cell.text, short(&next.text), Address::new(row.row, next.column));
                led.push(Clue { what: unit, place: Place::Title, quote: quote.into(), led: true });
            }
            for text in statements(cell) {
                let Some(title) = text.title(lexicon) else { continue };
                let quote = || {
                    let at = Address::new(row.row, cell.column);
                    format!("“{}” ({at})", short(&text.text))
                };
                let named = |named: &Named, place: Place, led: bool| Clue {
                    what: named.clone(),
                    place,
                    quote: quote().into(),
                    led,
                };
                match &title.whose {
                    Whose::Nobody => {}
                    Whose::Cited(name) => {
                        cited.push(name);
                        // A report that a table comes with is its own sender's.
                        if lexicon.own_letters.iter().any(|own| text.key.contains(&**own)) {
                            let mut clue = named(&units::named(name, lexicon), Place::OwnLetter, false);
                            clue.what.how = match clue.what.how {
                                How::Alike => How::Listed,
                                how => how,
                            };
                            own_letters.push(clue);
                        }
                    }
                    Whose::Led(unit) => led.push(named(unit, Place::Title, true)),
                    Whose::Listed { named: unit, inner } => {
                        let place = if *inner { Place::Office } else { Place::Title };
                        clues.units.push(named(unit, place, false));
                    }
                    Whose::InTitle(name) => titled.push((name, quote())),
                    Whose::Letterhead(name) => {
                        let upper = letterhead.take().map(|(name, _): (String, String)| name);
                        letterhead = Some((units::of_letterhead(upper.as_deref(), name), quote()));
                    }
                }
                // "NĂM 2023" for all of a title's line means the period; within a sentence it may be a plan's year.
                let alone = says_year(&text.key);
                clues.add_period(title.period.as_ref(), (Place::Title, alone), quote);
            }
        }
        led.reverse();
        clues.units.splice(0..0, led);
        for row in titles(rows) {
            clues.add_parted(row, lexicon);
        }
        if clues.units.is_empty() {
            // Of several wordings in titles, one that is not shouted spells the name best.
            titled.sort_by_key(|(_, quote)| quote.chars().filter(|c| c.is_uppercase()).count());
            titled.extend(letterhead.as_ref().map(|(name, quote)| (name.as_str(), quote.clone())));
            clues.units.extend(titled.into_iter().take(1).map(|(name, quote)| Clue {
                // A letter's name for it is not shouted, as a title is.
                what: Named {
                    unit: cited.iter().copied().find(|c| key(c) == key(name)).unwrap_or(name).into(),
                    how: How::Itself,
                },
                place: Place::Title,
                quote: quote.into(),
                led: false,
            }));
        }
        clues.units.extend(own_letters);
        clues
    }

    /// Whose signature stands below the tables of a sheet.
    pub fn in_signatures(rows: &[PageRow], lexicon: &Lexicon) -> Self {
        let cells = rows.iter().flat_map(|row| row.cells.iter().map(move |c| (row, c)));
        let signed = cells.filter(|(_, cell)| closes(cell, lexicon) || cell.key.starts_with("tm "));
        let named = signed.filter_map(|(row, cell)| Some((row, cell, cell.unit(lexicon)?)));
        let units = named.map(|(row, cell, unit)| Clue {
            what: unit.clone(),
            place: Place::Signature,
            quote: format!("“{}” ({})", short(&cell.text), Address::new(row.row, cell.column)).into(),
            led: false,
        });
        Self { units: units.take(1).collect(), periods: Vec::new() }
    }

    /// What a sheet's name says.
    pub fn in_sheet_name(sheet: &str, lexicon: &Lexicon) -> Self {
        Self::in_names([(sheet, Place::SheetName)], lexicon)
    }

    /// What the names of a file and its folders say.
    pub fn in_file_name(file: &str, lexicon: &Lexicon) -> Self {
        let mut folders: Vec<&str> = file.split('/').collect();
        let name = folders.pop().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let folders = folders.iter().rev().map(|f| (*f, Place::Folder));
        let places = std::iter::once((stem, Place::FileName)).chain(folders);
        Self::in_names(places, lexicon)
    }

    fn in_names<'t>(places: impl IntoIterator<Item = (&'t str, Place)>, lexicon: &Lexicon) -> Self {
        let mut clues = Self::default();
        for (text, place) in places {
            let quote = || format!("{} “{text}”", place.label());
            let seen = lexicon.text(text);
            let itself = || {
                let name = lexicon.units.is_empty().then(|| units::in_file_name(text, lexicon));
                name.flatten().map(|name| Named { unit: name.into(), how: How::Itself })
            };
            let compact = || units::in_compact_name(text, lexicon);
            let named = seen.unit(lexicon).cloned().or_else(compact).or_else(itself);
            clues.units.extend(named.map(|what| Clue { what, place, quote: quote().into(), led: false }));
            let mention = match place {
                Place::SheetName => period::in_sheet_name(text),
                Place::Folder => period::in_folder(text),
                _ => period::in_file_name(text),
            };
            clues.add_period(mention.as_ref(), (place, true), quote);
        }
        clues
    }

    pub(super) fn add_period(
        &mut self,
        mention: Option<&Mention>,
        (place, alone): (Place, bool),
        quote: impl FnOnce() -> String,
    ) {
        let Some(mention) = mention else { return };
        let bare = mention.by == By::YearOnly && !alone;
        let place = if bare { Place::BareYear } else { place };
        self.periods.push(Clue { what: mention.clone(), place, quote: quote().into(), led: false });
    }

    /// The period that the caption over a block names: the table's own, whatever the titles say of the whole sheet.
    pub fn add_block(&mut self, block: &Block) {
        let Some(mention) = &block.names else { return };
        let quote = format!("“{}” ({})", short(&block.caption), block.at).into();
        self.periods.insert(0, Clue { what: mention.clone(), place: Place::Block, quote, led: false });
    }

    /// The part of a year that the titles name without the year.
    pub fn part_of_year(&self) -> Option<Mention> {
        self.periods.iter().map(|c| &c.what).find(|m| m.year_missing.is_some()).cloned()
    }

    pub fn is_empty(&self) -> bool {
        self.units.is_empty() && self.periods.is_empty()
    }

    /// Adds the clues of another place, found further away.
    pub fn extend_from(&mut self, other: &Self, place: Place) {
        self.units.extend(other.units.iter().map(|c| c.from(place)));
        let periods = other.periods.iter().map(|c| c.from(place));
        self.periods.extend(periods);
    }

    pub fn extend(&mut self, other: Self) {
        self.units.extend(other.units);
        self.periods.extend(other.periods);
    }

    /// The unit that counts, and the clues that name another one.
    pub fn unit(&self, lexicon: &Lexicon) -> Option<(&Clue<Named>, Vec<&Clue<Named>>)> {
        let known = |c: &&Clue<Named>| matches!(c.what.how, How::Listed | How::Alike);
        let usable = |c: &&Clue<Named>| !matches!(c.what.how, How::Strange(_));
        let first = self
            .units
            .iter()
            .filter(usable)
            .min_by_key(|c| nearness(c))
            .or_else(|| self.units.iter().min_by_key(|c| nearness(c)))?;
        let near: Vec<&Clue<Named>> = self.units.iter().filter(usable).filter(|c| c.place == first.place).collect();
        // Of titles further away the nearest counts, of its own the one that means the reporter.
        let nearest = match first.place {
            Place::Title => self.own(&near, lexicon).unwrap_or(first),
            _ => first,
        };
        let above = |c: &Clue<Named>| lexicon.parents.get(&nearest.what.unit).is_some_and(|p| **p == *c.what.unit);
        // A title typed over names anybody, on the list or not.
        let eligible = |c: &&Clue<Named>| known(c) || (nearest.place == Place::Issued && c.led);
        let differs = |c: &&Clue<Named>| {
            c.what.unit != nearest.what.unit
                && !(nearest.place == Place::SheetName && c.place == Place::OtherSheet)
                && (apart(c.place, nearest.place) || c.place == nearest.place && !above(c))
                && c.place < Place::Office
        };
        let others = self.units.iter().filter(eligible).filter(differs);
        Some((nearest, others.collect()))
    }

    /// The same with one unit: what other tables may take from this one's titles.
    pub fn settled(&self, lexicon: &Lexicon) -> Self {
        let unit = self.unit(lexicon).map(|(unit, _)| unit.clone());
        Self { units: unit.into_iter().collect(), periods: self.periods.iter().take(MOST_PERIODS).cloned().collect() }
    }

    /// Which of the units that the same titles name is the one that reports: the lower of a letterhead's two, the one
    /// after "Đơn vị báo cáo:", the one that the names of file and folder agree with, else the last.
    fn own<'a>(&self, near: &[&'a Clue<Named>], lexicon: &Lexicon) -> Option<&'a Clue<Named>> {
        let parents = near.iter().filter_map(|o| lexicon.parents.get(&o.what.unit));
        let parents: HashSet<&str> = parents.map(|p| &**p).collect();
        let is_above = |c: &Clue<Named>| parents.contains(&*c.what.unit);
        let own: Vec<&&Clue<Named>> = near.iter().filter(|c| !is_above(c)).collect();
        if let Some(led) = own.iter().find(|c| c.led) {
            return Some(led);
        }
        let named = |c: &&&&Clue<Named>| {
            self.units.iter().any(|o| {
                o.what.unit == c.what.unit && matches!(o.place, Place::SheetName | Place::FileName | Place::Folder)
            })
        };
        own.iter().find(named).or_else(|| own.last()).map(|c| **c)
    }
}

/// Two places whose disagreement is worth a word: the page against the names of file and folder.
fn apart(a: Place, b: Place) -> bool {
    (a <= Place::OtherSheet) != (b <= Place::OtherSheet) || (a == Place::Issued) != (b == Place::Issued)
}

impl Place {
    const fn label(self) -> &'static str {
        match self {
            Self::Issued => "biểu trống",
            Self::Block => "tiêu đề cột",
            Self::Title
            | Self::Earlier
            | Self::OtherSheet
            | Self::Office
            | Self::OwnLetter
            | Self::StrangeSheet
            | Self::BareYear => "tiêu đề",
            Self::Signature => "phần ký",
            Self::SheetName => "tên sheet",
            Self::FileName => "tên tệp",
            Self::Folder => "tên thư mục",
        }
    }
}

pub(super) fn short(text: &str) -> String {
    let mut short: String = text.chars().take(70).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// A code or name, for evidence.
pub fn evidence<T>(clue: &Clue<T>) -> String {
    match clue.place {
        Place::Earlier => format!("{} ở biểu phía trên", clue.quote),
        Place::OtherSheet => format!("{} ở sheet khác", clue.quote),
        _ => clue.quote.to_string(),
    }
}

impl Clues {
    /// The period that counts, and the clues that name another one. A clue without a year takes it from another; a
    /// year alone is a period only where nothing says which part of it.
    pub fn period(&self) -> Option<(Period, &Clue<Mention>, Vec<&Clue<Mention>>)> {
        let full = |c: &&Clue<Mention>| c.what.period.is_some();
        let strong = self.periods.iter().filter(full).filter(|c| c.what.by != By::YearOnly).min_by_key(|c| nearness(c));
        let year = self.periods.iter().filter(full).filter(|c| c.what.by == By::YearOnly).min_by_key(|c| nearness(c));
        let yearless = self.periods.iter().filter(|c| c.what.period.is_none()).min_by_key(|c| nearness(c));
        // What a sheet says of itself comes before what another one says.
        let itself = year.filter(|y| matches!(y.place, Place::Title | Place::Earlier | Place::SheetName));
        if let Some(year) = itself.filter(|_| strong.is_some_and(|s| s.place == Place::OtherSheet))
            && yearless.is_none_or(|part| nearness(part) > (Place::OtherSheet, false))
        {
            return Some((year.what.period?, year, Vec::new()));
        }
        // Another sheet's example is no match for the year that the file's own name gives.
        let strong = strong.filter(|s| {
            let own = year.filter(|y| y.place < Place::StrangeSheet && s.place >= Place::StrangeSheet);
            let of = |c: &Clue<Mention>| c.what.period.map(|p| p.year);
            own.is_none_or(|y| of(y) == of(s))
        });
        let (period, clue) = match (strong, yearless, year) {
            (Some(strong), part, _) if part.is_none_or(|p| nearness(strong) <= nearness(p)) => {
                (strong.what.period?, strong)
            }
            (strong, Some(part), year) => {
                // The folder's year says more of the period than that of another part of it in a name.
                let of_year = strong.or(year)?.what.period?;
                (Period::new(of_year.year, part.what.year_missing?), part)
            }
            (strong, None, year) => strong.or(year).and_then(|c| Some((c.what.period?, c)))?,
        };
        let differs = |c: &&Clue<Mention>| match (c.what.period, c.what.year_missing) {
            (Some(other), _) if c.what.by == By::YearOnly => other.year != period.year && c.place < Place::StrangeSheet,
            (Some(other), _) => other != period && c.place < Place::StrangeSheet,
            (None, Some(span)) => span != period.span,
            (None, None) => false,
        };
        // A book may hold a sheet or a table for each quarter: what another one says is no word against its own.
        let concerns = |c: &&Clue<Mention>| match clue.place {
            Place::Block => false,
            Place::Title | Place::SheetName => {
                c.place == Place::Title && clue.place == Place::Title
                    || c.place != clue.place && !matches!(c.place, Place::Earlier | Place::OtherSheet)
            }
            place => c.place != place,
        };
        let others = self.periods.iter().filter(differs).filter(concerns);
        Some((period, clue, others.collect()))
    }

    /// A period whose words stand in cells of their own: "Kỳ báo cáo: Quý", "I", "năm", 2023.
    pub(super) fn add_parted(&mut self, row: &PageRow, lexicon: &Lexicon) {
        let leads = |c: &PageCell| {
            let last = c.key.rsplit(' ').next().unwrap_or_default();
            matches!(last, "quy" | "qui" | "thang" | "ngay" | "nam" | "tu" | "ky" | "cao")
        };
        if row.cells.len() < 2 || row.prose || !row.cells.iter().any(leads) {
            return;
        }
        let whole = |m: &Mention| m.period.is_some() && m.by != By::YearOnly;
        let whole_period = |c: &PageCell| c.title(lexicon).and_then(|t| t.period.as_ref().map(whole));
        if row.cells.iter().any(|c| whole_period(c) == Some(true)) {
            return;
        }
        let mut words = String::new();
        for cell in &row.cells {
            match cell.number {
                Some(x) if words.ends_with("ày ") => {
                    words.extend(code::day(x).map(|d| d.format("%d/%m/%Y ").to_string()));
                }
                Some(x) => words.push_str(&format!("{x} ")),
                None => words.extend([&*cell.text, " "]),
            }
        }
        let mention = period::in_text(&words);
        let first = row.cells.first().map_or(0, |c| c.column);
        let quote = || format!("“{}” ({})", short(words.trim()), Address::new(row.row, first));
        let place = (Place::Title, false);
        self.add_period(mention.as_ref().filter(|m| whole(m)), place, quote);
    }
}

/// A sheet's own name says more of its unit and period than the title of another sheet, in a book with a sheet for each.
fn nearness<T>(clue: &Clue<T>) -> (Place, bool) {
    match clue.place {
        Place::SheetName => (Place::Earlier, true),
        place => (place, false),
    }
}

/// Whether a title's line says nothing but a year: "NĂM 2023", "(Số liệu năm 2023)", "Báo cáo năm 2023".
pub(super) fn says_year(key: &str) -> bool {
    let Some(before) = key.get(..key.len().saturating_sub(5)) else { return false };
    let mut words = before.split(' ');
    words.next_back() == Some("nam")
        && words.all(|w| matches!(w, "bao" | "cao" | "so" | "lieu" | "thoi" | "diem" | "ky" | ""))
}

/// What stands for it in evidence.
pub const SENT_OUT: &str = "tên ẩn trong biểu trống do tonghop phát";

/// What a sheet's hidden name says it was sent out as.
pub fn issued(sheet: &Sheet) -> Option<Issued> {
    let mut own = sheet.names.iter().filter(|(name, _)| name == NAME);
    own.find_map(|(_, text)| Issued::parse(text))
}

impl Clues {
    /// The unit by its code, or where the list does not have it by its name; and the period.
    pub fn of_sent_out(issued: &Issued, lexicon: &Lexicon) -> Self {
        let listed = lexicon.units.iter().find(|u| *u.code == *issued.unit);
        let what = match listed {
            Some(unit) => Named { unit: unit.code.clone(), how: How::Listed },
            None => units::named(&issued.name, lexicon),
        };
        let period = Mention {
            period: Some(issued.period),
            by: By::Named,
            quote: issued.period.in_vietnamese().into(),
            year_missing: None,
        };
        let unit = clue(what, true);
        Self { units: if issued.name.is_empty() { Vec::new() } else { vec![unit] }, periods: vec![clue(period, false)] }
    }
}

fn clue<T>(what: T, led: bool) -> Clue<T> {
    Clue { what, place: Place::Issued, quote: SENT_OUT.into(), led }
}

/// What is unsure of the unit that counts: it is not on the list as it is spelled, or another place names another one.
pub fn doubts_of_unit(unit: &Clue<Named>, others: &[&Clue<Named>]) -> Vec<Unsure> {
    let name = || unit.what.unit.to_string();
    let spelling = match &unit.what.how {
        How::Alike => Some(Unsure::UnitSpelling { taken: name(), typed: unit.quote.to_string() }),
        How::Strange(near) => Some(Unsure::UnitStrange { typed: name(), near: near.clone() }),
        How::Listed | How::Itself => None,
    };
    let differs = others.first().map(|other| Unsure::UnitsDiffer {
        taken: name(),
        other: other.what.unit.to_string(),
        by: other.quote.to_string(),
    });
    spelling.into_iter().chain(differs).collect()
}

/// Another place names another period than the one that counts.
pub fn doubt_of_period(taken: Period, others: &[&Clue<Mention>]) -> Option<Unsure> {
    others.first().map(|other| {
        let named = other.what.period.map_or_else(|| other.what.quote.to_string(), |p| p.in_vietnamese());
        Unsure::PeriodsDiffer { taken, other: named, by: other.quote.to_string() }
    })
}

/// What stands before the reporting unit's name on forms of all fields, all of what stands before the colon.
const BARE_LEADS: [&str; 12] = [
    "don vi",
    "co quan",
    "dia phuong",
    "ten don vi",
    "ten co quan",
    "don vi bao cao",
    "co quan don vi",
    "truong",
    "xa",
    "huyen",
    "xa phuong",
    "xa phuong thi tran",
];

/// What a sheet, around the tables between two of its rows, and its file's name say of whose and of when they are; the form
/// may be anybody's.
pub fn around(sheet: &Sheet, (top, below): (u32, u32), file: &str, lexicon: &Lexicon) -> Clues {
    let (rows, _) = page::rows(sheet, &|row| row < top || row >= below, lexicon);
    let (head, foot) = rows.split_at(rows.partition_point(|r| r.row < top));
    let mut all = Clues::default();
    all.extend(bare_leads(head, lexicon));
    all.extend(Clues::in_rows(head, lexicon));
    all.units.retain(|c| !is_anybody(&c.what.unit));
    if all.units.is_empty() {
        // A title that speaks of all communes hides the letterhead above it.
        head.iter().for_each(|row| all.extend(Clues::in_rows(std::slice::from_ref(row), lexicon)));
        all.units.retain(|c| !is_anybody(&c.what.unit));
    }
    all.extend(Clues::in_signatures(foot, lexicon));
    all.extend(Clues::in_sheet_name(&sheet.name, lexicon));
    // "01XLD.UBND xa Hoa Thinh.Q1-2026.xlsx": points part a file's name as dashes do.
    let (folder, name) = file.rsplit_once('/').map_or(("", file), |(folder, name)| (folder, name));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if stem.contains('.') {
        let parted = format!("{folder}/{}.x", stem.replace('.', " - "));
        all.extend(Clues::in_file_name(parted.trim_start_matches('/'), lexicon));
    }
    if all.unit(lexicon).is_none() || all.period().is_none() || !stem.contains('.') {
        all.extend(Clues::in_file_name(file, lexicon));
    }
    all
}

/// Whose and of when the tables between two rows of a sheet are.
pub fn whose(sheet: &Sheet, rows: (u32, u32), file: &str, lexicon: &Lexicon) -> model::Whose {
    let all = around(sheet, rows, file, lexicon);
    let at = Address::new(rows.0, 0);
    let mut found = model::Whose::default();
    if let Some((unit, others)) = all.unit(lexicon) {
        found.unit = Some(unit.what.unit.clone());
        found.listed = matches!(unit.what.how, How::Listed | How::Alike);
        found.led = unit.led;
        found.by_name = matches!(unit.place, Place::SheetName | Place::FileName);
        found.unit_evidence = evidence(unit);
        found.doubts.extend(doubts_of_unit(unit, &others).into_iter().map(|what| Doubt { cell: at, what }));
    }
    if let Some((period, clue, others)) = all.period() {
        found.period = Some(period);
        found.period_evidence = evidence(clue);
        found.doubts.extend(doubt_of_period(period, &others).map(|what| Doubt { cell: at, what }));
    }
    found
}

/// "Ủy ban nhân dân cấp xã" is all of them.
fn is_anybody(unit: &str) -> bool {
    let key = key(unit);
    ["cap xa", "cap huyen", "cap tinh", "cac cap"].iter().any(|w| key.ends_with(w)) || key.starts_with("cac ")
}

/// "Đơn vị: UBND xã Hòa Thịnh".
fn bare_leads(rows: &[PageRow], lexicon: &Lexicon) -> Clues {
    let mut clues = Clues::default();
    for cell in rows.iter().flat_map(|r| &r.cells) {
        let Some((lead, name)) = cell.text.split_once(':') else { continue };
        let name = name.trim().trim_matches(['.', '…', '_', ' ', '-']);
        let lead = key(lead);
        if !BARE_LEADS.contains(&lead.as_str()) || key(name).len() < 3 || name.chars().count() > 120 {
            continue;
        }
        if lead == "don vi" && !units::may_be_named(name, lexicon) {
            continue;
        }
        clues.units.push(Clue {
            what: units::named(name, lexicon),
            place: Place::Title,
            quote: format!("“{}”", cell.text).into(),
            led: true,
        });
    }
    clues
}
