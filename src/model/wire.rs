//! Names that many figures share, to and from the bytes that a worker or the cache hands on: written as they are, and kept
//! once in memory however often they are read.

use std::cell::RefCell;
use std::sync::Arc;

use foldhash::HashSet;
use serde::{Deserialize, Deserializer, Serializer};

/// Names longer than this are seldom met twice.
const LONGEST: usize = 200;
/// Names kept in a thread; forms, lines, units and files of a ministry are fewer.
const MOST: usize = 200_000;

thread_local! {
    static NAMES: RefCell<HashSet<Arc<str>>> = RefCell::default();
}

/// For `#[serde(with)]` on a shared name.
pub mod shared {
    use super::{Arc, Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(name: &Arc<str>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(name)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<str>, D::Error> {
        <&str>::deserialize(from).map(super::once)
    }
}

/// For `#[serde(with)]` on a shared name that may be missing.
pub mod maybe_shared {
    use super::{Arc, Deserialize, Deserializer, Serializer};
    use serde::Serialize;

    pub fn serialize<S: Serializer>(name: &Option<Arc<str>>, to: S) -> Result<S::Ok, S::Error> {
        name.as_deref().serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Arc<str>>, D::Error> {
        Ok(Option::<&str>::deserialize(from)?.map(super::once))
    }
}

/// For `#[serde(with)]` on a place in another file.
pub mod shared_pair {
    use super::{Arc, Deserialize, Deserializer, Serializer};
    use serde::Serialize;

    type Pair = Option<(Arc<str>, Arc<str>)>;

    pub fn serialize<S: Serializer>(pair: &Pair, to: S) -> Result<S::Ok, S::Error> {
        pair.as_ref().map(|(a, b)| (&**a, &**b)).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Pair, D::Error> {
        let pair = Option::<(&str, &str)>::deserialize(from)?;
        Ok(pair.map(|(a, b)| (super::once(a), super::once(b))))
    }
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
