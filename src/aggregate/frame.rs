//! The sums themselves, as data frames of scaled integers: first over time for each unit, then over units.

use std::collections::HashMap;
use std::sync::Arc;

use polars::prelude::*;

use super::OfUnit;
use super::cover::Sources;
use super::keys::Keys;
use crate::model::entry::TOTAL;
use crate::model::{Figure, Kind, Part, Return};

/// How a figure goes over periods.
const SUM: u32 = 0;
const FIRST: u32 = 1;
const LAST: u32 = 2;

const fn over(kind: Kind) -> u32 {
    match kind {
        Kind::Flow | Kind::Total => SUM,
        Kind::Opening => FIRST,
        _ => LAST,
    }
}

/// The rows of the frame, column by column: the figures in order of time.
#[derive(Default)]
struct Rows {
    key: Vec<u32>,
    unit: Vec<u32>,
    over: Vec<u32>,
    value: Vec<Option<i64>>,
    source: Vec<(u32, u32)>,
}

/// Each unit's figure for the period.
pub fn over_time(returns: &[Return], sources: &Sources, keys: &Keys) -> Result<Vec<OfUnit>, String> {
    let mut rows = Rows::default();
    let mut units: Vec<Arc<str>> = Vec::new();
    let mut unit_index: HashMap<Arc<str>, u32> = HashMap::new();
    for ((form, table, unit), covered) in sources {
        let unit_id = *unit_index.entry(unit.clone()).or_insert_with(|| {
            units.push(unit.clone());
            units.len() as u32 - 1
        });
        for &at in &covered.returns {
            let ret = &returns[at as usize];
            let has_lines = ret.entries.iter().any(|e| e.part == Part::Line);
            for (j, entry) in ret.entries.iter().enumerate() {
                // A unit that sent nothing but a total row counts with it.
                let counts =
                    matches!(entry.part, Part::Line | Part::Subtotal) || (entry.part == Part::Total && !has_lines);
                let line = if entry.part == Part::Total { TOTAL } else { &*entry.line };
                let Some(key) = keys.find(form, table, line, &entry.column).filter(|_| counts) else {
                    continue;
                };
                let known = &keys.list[key as usize];
                let value = entry.amount().map(|f| {
                    f.at_scale(known.scale)
                        .and_then(|v| i64::try_from(v).ok())
                        .ok_or_else(|| format!("{}!{}: the figure is too large to add up", ret.sheet, entry.cell))
                });
                rows.key.push(key);
                rows.unit.push(unit_id);
                rows.over.push(over(known.kind));
                rows.value.push(value.transpose()?);
                rows.source.push((at, j as u32));
            }
        }
    }
    guard(&rows.value)?;
    let frame =
        df!("key" => &rows.key, "unit" => &rows.unit, "over" => &rows.over, "value" => &rows.value).map_err(said)?;
    let value = || col("value");
    let kept = when(col("over").first().eq(lit(SUM)))
        .then(value().sum())
        .when(col("over").first().eq(lit(FIRST)))
        .then(value().drop_nulls().first())
        .otherwise(value().drop_nulls().last());
    let frame = frame
        .lazy()
        .group_by_stable([col("key"), col("unit")])
        .agg([kept.alias("value"), value().count().alias("filled")])
        .collect()
        .map_err(said)?;
    let mut made: HashMap<(u32, u32), Vec<(u32, u32)>> = HashMap::new();
    for (i, source) in rows.source.iter().enumerate() {
        made.entry((rows.key[i], rows.unit[i])).or_default().push(*source);
    }
    let columns = (
        numbers(&frame, "key")?,
        numbers(&frame, "unit")?,
        frame.column("value").and_then(|c| c.i64().cloned()).map_err(said)?,
        numbers(&frame, "filled")?,
    );
    let mut out = Vec::with_capacity(frame.height());
    for i in 0..frame.height() {
        let (key, unit) = (columns.0[i], columns.1[i]);
        // Of a figure that adds up in no known way two periods say nothing.
        let open = matches!(keys.list[key as usize].kind, Kind::Open | Kind::Average);
        let several = open && columns.3[i] > 1;
        let value = columns.2.get(i).filter(|_| columns.3[i] > 0 && !several);
        out.push(OfUnit {
            key,
            unit: units[unit as usize].clone(),
            value: value.map(|v| Figure::new(v, keys.list[key as usize].scale)),
            sources: made.remove(&(key, unit)).unwrap_or_default(),
        });
    }
    Ok(out)
}

/// Sums over the units, and over the lines into the total line.
pub fn over_units(by_unit: &[OfUnit], keys: &Keys) -> Result<HashMap<u32, Figure>, String> {
    let mut key = Vec::new();
    let mut value = Vec::new();
    for figure in by_unit {
        let Some(amount) = figure.value else { continue };
        let own = &keys.list[figure.key as usize].key;
        key.push(figure.key);
        value.push(Some(amount.units));
        if &*own.line != TOTAL
            && !keys.list[figure.key as usize].section
            && let Some(total) = keys.find(&own.form, &own.table, TOTAL, &own.column)
        {
            key.push(total);
            value.push(Some(
                amount
                    .at_scale(keys.list[total as usize].scale)
                    .and_then(|v| i64::try_from(v).ok())
                    .unwrap_or_default(),
            ));
        }
    }
    guard(&value)?;
    let frame = df!("key" => &key, "value" => &value).map_err(said)?;
    let frame = frame.lazy().group_by_stable([col("key")]).agg([col("value").sum()]).collect().map_err(said)?;
    let keys_out = numbers(&frame, "key")?;
    let values = frame.column("value").and_then(|c| c.i64().cloned()).map_err(said)?;
    let sums = keys_out
        .iter()
        .enumerate()
        .filter_map(|(i, k)| Some((*k, Figure::new(values.get(i)?, keys.list[*k as usize].scale))));
    Ok(sums.collect())
}

/// 64-bit sums wrap in silence: refuse what could.
fn guard(values: &[Option<i64>]) -> Result<(), String> {
    let most: i128 = values.iter().flatten().map(|v| i128::from(v.unsigned_abs())).sum();
    if most > i128::from(i64::MAX) {
        Err("the figures are too large to add up: a figure is probably in đồng where triệu đồng is asked for".into())
    } else {
        Ok(())
    }
}

fn numbers(frame: &DataFrame, name: &str) -> Result<Vec<u32>, String> {
    let column = frame.column(name).and_then(|c| c.u32().cloned()).map_err(said)?;
    Ok(column.into_no_null_iter().collect())
}

fn said(error: PolarsError) -> String {
    format!("the data frame engine failed: {error}")
}
