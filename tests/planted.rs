//! One slip of the fingers planted in a clean return is found, named, and mended, in nearly every place it can happen.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tonghop::model::{Catalogue, Figure, Finding, Return, Severity, State, Units};
use tonghop::normalise::text::key;
use tonghop::pipeline::{self, Task};
use tonghop::rule::Book;
use tonghop::{catalogue, check, localise};

/// A small generator of its own, so that every run plants the same slips.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Slip {
    Swapped,
    Dropped,
    Doubled,
    WrongDigit,
    TenTimes,
    Blank,
    Junk,
}

const SLIPS: [Slip; 7] =
    [Slip::Swapped, Slip::Dropped, Slip::Doubled, Slip::WrongDigit, Slip::TenTimes, Slip::Blank, Slip::Junk];

/// The figure a slip makes of another; nothing where it would make the same.
fn slipped(units: i64, slip: Slip, dice: &mut Dice) -> Option<i64> {
    let mut digits: Vec<u8> = units.to_string().into_bytes();
    let at = dice.roll(digits.len());
    match slip {
        Slip::Swapped => {
            let next = (at + 1) % digits.len();
            digits.swap(at, next);
        }
        Slip::Dropped => {
            digits.remove(at);
        }
        Slip::Doubled => digits.insert(at, digits[at]),
        Slip::WrongDigit => digits[at] = b'0' + ((digits[at] - b'0') as usize + 1 + dice.roll(8)) as u8 % 10,
        Slip::TenTimes => digits.push(b'0'),
        Slip::Blank | Slip::Junk => return Some(0),
    }
    let made: i64 = std::str::from_utf8(&digits).ok()?.parse().ok()?;
    (made != units).then_some(made)
}

struct Tally {
    planted: usize,
    found: usize,
    named: usize,
    mended: usize,
}

#[test]
fn a_planted_slip_is_found_named_and_mended() {
    let folder = PathBuf::from(
        std::env::var("PLANTED").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/samples/quang-minh").into()),
    );
    let (catalogue, returns) = clean_returns(&folder);
    let mut dice = Dice(7);
    let mut tallies: BTreeMap<(String, Slip), Tally> = BTreeMap::new();
    for round in 0..1200 {
        let at = dice.roll(returns.len());
        let slip = SLIPS[round % SLIPS.len()];
        let mut own: Vec<Return> =
            returns.iter().filter(|r| r.unit == returns[at].unit && r.period <= returns[at].period).cloned().collect();
        let Some(place) = own
            .iter()
            .position(|r| r.form == returns[at].form && r.table == returns[at].table && r.period == returns[at].period)
        else {
            continue;
        };
        let before = check_all(&catalogue, &own);
        let read: Vec<usize> = read_by_sums(&catalogue, &own, place);
        if read.is_empty() || before.iter().any(|f| f.severity == Severity::Error) {
            continue;
        }
        let entry_at = read[dice.roll(read.len())];
        let entry = &own[place].entries[entry_at];
        let Some(true_value) = entry.value.filter(|v| v.is_whole() && !v.is_zero()) else {
            continue;
        };
        let Some(made) = slipped(true_value.trimmed().units, slip, &mut dice) else {
            continue;
        };
        let cell = entry.cell;
        let entry = &mut own[place].entries[entry_at];
        entry.formula = None;
        (entry.state, entry.value, entry.text) = match slip {
            Slip::Blank => (State::Blank, None, "".into()),
            Slip::Junk => (State::Unreadable, None, "đang rà soát".into()),
            _ => (State::Filled, Some(Figure::whole(made)), made.to_string().into()),
        };
        let (sheet, file, form) = (own[place].sheet.clone(), own[place].file.clone(), own[place].form.to_string());
        let findings = check_all(&catalogue, &own);
        let here: Vec<&Finding> =
            findings.iter().filter(|f| f.file == file && f.sheet == sheet && f.cells.contains(&cell)).collect();
        let first =
            here.iter().filter_map(|f| f.suspects.first()).filter(|s| s.cells.len() == 1 && s.cells[0].cell == cell);
        let named: Vec<_> = first.collect();
        let family = if form.starts_with("CCHC") { "CCHC".into() } else { form };
        let tally = tallies.entry((family, slip)).or_insert(Tally { planted: 0, found: 0, named: 0, mended: 0 });
        tally.planted += 1;
        tally.found += usize::from(!here.is_empty());
        tally.named += usize::from(!named.is_empty());
        tally.mended += usize::from(named.iter().any(|s| s.cells[0].proposed == Some(true_value)));
        if named.is_empty() && std::env::var_os("SHOW").is_some() {
            println!("{slip:?} {true_value} → {made} at {cell} of {file} [{sheet}]");
            for f in here {
                println!(
                    "    {:?} {:?}",
                    f.fact,
                    f.suspects.first().map(|s| s
                        .cells
                        .iter()
                        .map(|c| (c.cell.to_string(), c.proposed))
                        .collect::<Vec<_>>())
                );
            }
        }
    }
    let mut all = Tally { planted: 0, found: 0, named: 0, mended: 0 };
    for ((form, slip), t) in &tallies {
        println!(
            "{form:20} {slip:10?} planted {:3} found {:3} named {:3} mended {:3}",
            t.planted, t.found, t.named, t.mended
        );
        all = Tally {
            planted: all.planted + t.planted,
            found: all.found + t.found,
            named: all.named + t.named,
            mended: all.mended + t.mended,
        };
    }
    println!("all planted {} found {} named {} mended {}", all.planted, all.found, all.named, all.mended);
    assert!(all.planted > 100);
    assert_eq!(all.found, all.planted, "every slip is found");
    assert!(all.named * 100 >= all.planted * 90, "the guilty cell is named first in 90 of 100");
}

fn clean_returns(folder: &Path) -> (Arc<Catalogue>, Vec<Return>) {
    let catalogue = Arc::new(catalogue::load(None).unwrap());
    let units = catalogue::load_units(&pipeline::find_units(None, &[folder.to_path_buf()]).unwrap(), key)
        .unwrap_or_else(|_| Units::default());
    let task = Task { paths: vec![folder.to_path_buf()], read_only: true, ..Task::default() };
    let outcome = pipeline::run(&task, catalogue.clone(), units, &|_, _| {}).unwrap();
    (catalogue, outcome.returns.into_iter().filter(|r| !r.superseded).collect())
}

fn check_all(catalogue: &Catalogue, returns: &[Return]) -> Vec<Finding> {
    let book = Book::new(catalogue, returns);
    let checked = check::check(&book);
    localise::localise(&book, checked.findings, &checked.equations, &checked.proportions)
}

/// The entries of a return that at least one sum which must hold reads.
fn read_by_sums(catalogue: &Catalogue, returns: &[Return], place: usize) -> Vec<usize> {
    let book = Book::new(catalogue, returns);
    let hard = check::check(&book)
        .equations
        .into_iter()
        .filter(|e| e.severity == Severity::Error && e.sort == tonghop::rule::Sort::Equal);
    let mut read: Vec<usize> =
        hard.flat_map(|e| e.terms).filter(|(c, _)| c.ret as usize == place).map(|(c, _)| c.entry as usize).collect();
    read.sort_unstable();
    read.dedup();
    read
}
