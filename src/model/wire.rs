//! Shared names to and from the bytes a worker or the cache hands on: each is kept once in memory, however often it comes.

pub mod entries;
mod places;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::{HashMap, HashSet};
use serde::{Deserialize, Deserializer, Serializer};

pub use places::Places;

/// Names longer than this are seldom met twice.
const LONGEST: usize = 200;
/// Names kept in a thread; forms, lines, units and files of a ministry are fewer.
const MOST: usize = 200_000;

thread_local! {
    static NAMES: RefCell<HashSet<Arc<str>>> = RefCell::default();
    static WRITTEN: RefCell<Written> = RefCell::default();
    static READ: RefCell<Vec<Arc<str>>> = RefCell::default();
}

/// Names on their way out, each with its number.
#[derive(Default)]
struct Written {
    places: Places,
    numbers: HashMap<Arc<str>, u32>,
    names: Vec<Arc<str>>,
}

impl Written {
    fn number(&mut self, name: &Arc<str>) -> u32 {
        let Self { places, numbers, names } = self;
        places.number(name, || {
            let new = names.len() as u32;
            let number = *numbers.entry(name.clone()).or_insert(new);
            if number == new {
                names.push(name.clone());
            }
            number
        })
    }

    /// Forgets all but the room they took.
    fn clear(&mut self) {
        self.places.clear();
        self.numbers.clear();
        self.names.clear();
    }
}

/// Writes something, and the names it shares, which it holds by their numbers only.
pub fn pack<T>(write: impl FnOnce() -> T) -> (Vec<Arc<str>>, T) {
    WRITTEN.with_borrow_mut(Written::clear);
    let written = write();
    let names = WRITTEN.with_borrow_mut(|all| {
        let names = std::mem::take(&mut all.names);
        all.clear();
        names
    });
    (names, written)
}

/// Reads something again, with the names it shares.
pub fn unpack<'a, T>(names: impl Iterator<Item = &'a str>, read: impl FnOnce() -> T) -> T {
    READ.set(names.map(once).collect());
    let found = read();
    READ.take();
    found
}

/// For `#[serde(with)]` on a shared name.
pub mod shared {
    use super::{Arc, Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(name: &Arc<str>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u32(super::number(name))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<str>, D::Error> {
        super::name(u32::deserialize(from)?)
    }
}

/// For `#[serde(with)]` on a shared name that may be missing.
pub mod maybe_shared {
    use super::{Arc, Deserialize, Deserializer, Serializer};
    use serde::Serialize;

    pub fn serialize<S: Serializer>(name: &Option<Arc<str>>, to: S) -> Result<S::Ok, S::Error> {
        name.as_ref().map(super::number).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Arc<str>>, D::Error> {
        Option::<u32>::deserialize(from)?.map(super::name).transpose()
    }
}

/// For `#[serde(with)]` on a place in another file.
pub mod shared_pair {
    use super::{Arc, Deserialize, Deserializer, Serializer};
    use serde::Serialize;

    type Pair = Option<(Arc<str>, Arc<str>)>;

    pub fn serialize<S: Serializer>(pair: &Pair, to: S) -> Result<S::Ok, S::Error> {
        let numbers = pair.as_ref().map(|(a, b)| (super::number(a), super::number(b)));
        numbers.serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Pair, D::Error> {
        let numbers = Option::<(u32, u32)>::deserialize(from)?;
        let pair = |(a, b)| Ok((super::name(a)?, super::name(b)?));
        numbers.map(pair).transpose()
    }
}

fn number(name: &Arc<str>) -> u32 {
    WRITTEN.with_borrow_mut(|written| written.number(name))
}

fn name<E: serde::de::Error>(number: u32) -> Result<Arc<str>, E> {
    READ.with_borrow(|names| names.get(number as usize).cloned())
        .ok_or_else(|| E::custom("a name that was not written"))
}

/// For `#[serde(with)]` on bytes, which are neither read nor written one by one.
pub mod bytes {
    use super::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Box<[u8]>, D::Error> {
        <&[u8]>::deserialize(from).map(Into::into)
    }
}

/// A name from our own code.
pub type Fixed = &'static str;

/// For `#[serde(with)]` on a name from our own code, of which there are few.
pub mod fixed {
    use super::{BTreeSet, Deserialize, Deserializer, Mutex, PoisonError, Serializer};

    static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

    pub fn serialize<S: Serializer>(name: &&'static str, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(name)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<&'static str, D::Error> {
        let name = <&str>::deserialize(from)?;
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = known.get(name) {
            return Ok(kept);
        }
        let kept: &'static str = Box::leak(name.into());
        known.insert(kept);
        Ok(kept)
    }
}

/// For `#[serde(with)]` on a day, counted from the first of our era.
pub mod day {
    use chrono::{Datelike, NaiveDate};

    use super::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(day: &NaiveDate, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i32(day.num_days_from_ce())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
        let count = i32::deserialize(from)?;
        NaiveDate::from_num_days_from_ce_opt(count).ok_or_else(|| serde::de::Error::custom("no day"))
    }
}

/// For `#[serde(with)]` on a day that may be unknown.
pub mod maybe_day {
    use chrono::{Datelike, NaiveDate};
    use serde::Serialize;

    use super::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(day: &Option<NaiveDate>, to: S) -> Result<S::Ok, S::Error> {
        day.map(|d| d.num_days_from_ce()).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
        let count = Option::<i32>::deserialize(from)?;
        Ok(count.and_then(NaiveDate::from_num_days_from_ce_opt))
    }
}

fn once(name: &str) -> Arc<str> {
    NAMES.with_borrow_mut(|names| {
        if let Some(kept) = names.get(name) {
            return kept.clone();
        }
        let kept: Arc<str> = name.into();
        if name.len() <= LONGEST && names.len() < MOST {
            names.insert(kept.clone());
        }
        kept
    })
}
