//! A return into bytes, and back: it leaves the worker packed and stays so until its figures are wanted.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::frames;
use crate::model::{Period, Return, Unsure, wire};

/// A return, packed; what tells it from others lies open.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Packed {
    #[serde(with = "wire::shared")]
    pub(super) form: Arc<str>,
    #[serde(with = "wire::shared")]
    pub(super) table: Arc<str>,
    #[serde(with = "wire::shared")]
    pub(super) unit: Arc<str>,
    pub(super) period: Period,
    #[serde(with = "wire::shared")]
    pub(super) file: Arc<str>,
    #[serde(with = "wire::shared")]
    pub(super) sheet: Arc<str>,
    pub(super) superseded: bool,
    /// Whether a figure may be read in two ways.
    pub(super) undecided: bool,
    #[serde(with = "wire::bytes")]
    bytes: Box<[u8]>,
}

impl Packed {
    pub(super) fn of(ret: &Return) -> Self {
        Self {
            form: ret.form.clone(),
            table: ret.table.clone(),
            unit: ret.unit.clone(),
            period: ret.period,
            file: ret.file.clone(),
            sheet: ret.sheet.clone(),
            superseded: ret.superseded,
            undecided: ret.doubts.iter().any(|d| matches!(d.what, Unsure::Undecided { .. })),
            bytes: frames::pack(ret).expect("a return is made of what can be written").into(),
        }
    }

    /// What tells it from every other return that was read otherwise.
    pub(super) fn hash(&self, to: &mut impl std::hash::Hasher) {
        to.write(&self.bytes);
        to.write_u8(u8::from(self.superseded));
    }

    pub(super) fn open(&self) -> Return {
        frames::unpack(&self.bytes).expect("a return reads back as it was written")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Address, Doubt, Evidence};

    #[test]
    fn what_was_said_of_a_return_later_on_is_packed_too() {
        let what = [
            Unsure::NotYet { from: "2025-07-01".parse().unwrap() },
            Unsure::OlderVersion {
                taken: "b.xlsx".into(),
                why: crate::model::fact::Said::same("tên tệp đứng sau"),
                differences: vec!["C10: 1 → 2".into()],
                more: 1,
            },
        ];
        let cell = Address::new(9, 2);
        let ret = Return {
            form: "F".into(),
            table: "".into(),
            unit: "U".into(),
            period: "2025-Q3".parse().unwrap(),
            file: "a.xlsx".into(),
            sheet: "S".into(),
            first: cell,
            last: cell,
            evidence: Evidence::default(),
            entries: Vec::new(),
            superseded: true,
            doubts: what.map(|what| Doubt { cell, what }).into(),
        };
        let packed = Packed::of(&ret);
        assert!(packed.superseded);
        assert_eq!(format!("{:?}", packed.open()), format!("{ret:?}"));
    }
}
