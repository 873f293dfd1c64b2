//! An empty form for a unit, with the fields of work that it reported last.

use crate::model::Lang;
use crate::model::{Form, Lines, Outcome, Part, Period, Table, Unit};
use crate::normalise::text::key;
use crate::write::{self, Blank, Recipient};

/// Empty rows where no field of work is known, and below those that are.
const SPARE: (usize, usize) = (20, 5);

/// The workbook's bytes.
///
/// # Errors
/// A form that can't be laid out, as a sentence.
pub fn bytes(outcome: &Outcome, form: &Form, unit: &Unit, period: Period, lang: Lang) -> Result<Vec<u8>, String> {
    let fields = |form: &Form, table: &Table| fields(outcome, &unit.code, form, table, period);
    let known = form.tables.iter().any(|t| !fields(form, t).is_empty());
    let parent = unit.parent.as_deref().and_then(|p| outcome.units.get(p)).map(|p| p.name.clone());
    let blank = Blank {
        catalogue: &outcome.catalogue,
        forms: vec![form],
        unit: Recipient {
            code: unit.code.to_string(),
            name: unit.name.clone(),
            above: parent.or(outcome.province()).unwrap_or_default(),
        },
        period,
        fields: &fields,
        spare: if known { SPARE.1 } else { SPARE.0 },
    };
    write::blank_bytes(&blank).map_err(|e| e.say(lang))
}

fn fields(outcome: &Outcome, unit: &str, form: &Form, table: &Table, period: Period) -> Vec<String> {
    if matches!(table.lines, Lines::Fixed(_)) {
        return Vec::new();
    }
    let own =
        outcome.returns.iter().filter(|r| *r.unit == *unit && r.form == form.id && r.table == table.id && r.counts());
    let last = own.filter(|r| r.period.days().1 <= period.days().1).max_by_key(|r| r.period.days().1);
    let mut fields: Vec<String> = Vec::new();
    for entry in last.into_iter().flat_map(|r| &r.entries).filter(|e| e.part == Part::Line) {
        if !fields.iter().any(|known| key(known) == key(&entry.line)) {
            fields.push(entry.line.to_string());
        }
    }
    fields
}
