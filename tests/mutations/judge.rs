//! A changed book read again, against what it must give.

use tonghop::model::{Entry, Return, State, Unsure};
use tonghop::normalise::{modernise, text};

use super::book::{Bench, Book, Key, truth};

/// What differs: with a word to the reader, or without.
#[derive(Default)]
pub struct Verdict {
    pub said: Vec<String>,
    pub silent: Vec<String>,
}

pub fn judge(bench: &Bench, book: &Book) -> Verdict {
    let mut workbook = book.workbook.clone();
    modernise(&mut workbook);
    let (returns, recognition) = bench.read(&workbook, &book.file);
    let got = truth(&returns);
    let mut verdict = Verdict::default();
    let of = |key: &Key| {
        returns
            .iter()
            .find(|r| *r.form == *key.0 && *r.table == *key.1 && *r.unit == *key.2 && r.period.to_string() == key.3)
    };
    for (key, wanted) in &book.truth {
        let found = got.get(key);
        if found == Some(wanted) {
            continue;
        }
        let ret = of(key);
        let unplaced = recognition.unplaced.iter().any(|u| *u.form == *key.0) || !recognition.strange_sheets.is_empty();
        let is_said = match (ret, found) {
            (None, _) => unplaced || returns.iter().any(|r| *r.form == *key.0 && *r.table == *key.1 && names_doubt(r)),
            (Some(ret), None) => row_or_column_doubt(ret, &key.6),
            (Some(ret), Some(_)) => cell_doubt(ret, key),
        };
        let typed = ret.and_then(|r| entry(r, key)).map_or("", |e| e.text.as_str());
        let text = format!(
            "{key:?}: wanted {}, got {} from {typed:?}",
            show(wanted),
            found.map_or("nothing".into(), |f| show(f))
        );
        if is_said { verdict.said.push(text) } else { verdict.silent.push(text) }
    }
    for (key, found) in &got {
        if !book.truth.contains_key(key) && found.iter().any(Option::is_some) {
            let text = format!("{key:?}: {} was not there", show(found));
            let is_said = of(key).is_some_and(names_doubt);
            if is_said { verdict.said.push(text) } else { verdict.silent.push(text) }
        }
    }
    for (form, table, column) in &book.removed {
        let said = returns.iter().any(|r| *r.form == **form && *r.table == **table && misses(r, column));
        if !said {
            verdict.silent.push(format!("{form} {table}: nobody says that column {column} is gone"));
        }
    }
    verdict
}

fn show(values: &[Option<tonghop::model::Figure>]) -> String {
    values.iter().map(|v| v.map_or("none".to_owned(), |f| f.to_string())).collect::<Vec<_>>().join(" and ")
}

fn names_doubt(ret: &Return) -> bool {
    ret.doubts.iter().any(|d| {
        matches!(
            d.what,
            Unsure::UnitStrange { .. }
                | Unsure::UnitsDiffer { .. }
                | Unsure::UnitSpelling { .. }
                | Unsure::PeriodsDiffer { .. }
        )
    })
}

fn misses(ret: &Return, column: &str) -> bool {
    ret.doubts.iter().any(|d| matches!(&d.what, Unsure::MissingColumn { column: c } if **c == *column))
}

fn row_or_column_doubt(ret: &Return, column: &str) -> bool {
    misses(ret, column) || ret.doubts.iter().any(|d| matches!(d.what, Unsure::StrangeRow { .. }))
}

/// The cell is there, but without its figure: said where it is unreadable.
fn cell_doubt(ret: &Return, key: &Key) -> bool {
    entry(ret, key).is_some_and(|e| e.state == State::Unreadable)
}

fn entry<'a>(ret: &'a Return, key: &Key) -> Option<&'a Entry> {
    ret.entries
        .iter()
        .find(|e| text::key(&e.line) == key.5 && *e.column == *key.6 && (e.section == key.4 || key.4 == 0))
}
