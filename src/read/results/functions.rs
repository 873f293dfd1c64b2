//! The plain functions of formulas, on values.

use super::evaluate::{Stop, Value};

type Outcome = Result<Value, Stop>;

/// A function over the values of all its arguments, ranges spread out; none where it is not one of these.
/// `typed` says which values stood in the formula itself and not in a range.
pub(super) fn over_all(name: &str, values: &[(Value, bool)]) -> Option<Outcome> {
    let numbers = || -> Result<Vec<f64>, Stop> {
        let mut numbers = Vec::new();
        for (value, typed) in values {
            match value {
                Value::Number(x) => numbers.push(*x),
                // In a range a text or a truth counts for nothing; typed into the formula it depends on the locale.
                Value::Empty | Value::Text(_) | Value::Bool(_) if !typed => {}
                Value::Empty => {}
                Value::Text(_) | Value::Bool(_) => return Err(Stop::Unknown),
            }
        }
        Ok(numbers)
    };
    let of = |make: &dyn Fn(&[f64]) -> f64| numbers().map(|n| Value::Number(make(&n)));
    let truths = |all: bool| -> Outcome {
        let mut truth = all;
        for (value, _) in values {
            let own = value.truth()?;
            truth = if all { truth && own } else { truth || own };
        }
        Ok(Value::Bool(truth))
    };
    Some(match name {
        "SUM" => of(&sum),
        "COUNT" => of(&|n| n.len() as f64),
        "AVERAGE" => match numbers() {
            Ok(n) if n.is_empty() => Err(Stop::Error),
            Ok(n) => Ok(Value::Number(sum(&n) / n.len() as f64)),
            Err(stop) => Err(stop),
        },
        "MIN" => of(&|n| n.iter().copied().reduce(f64::min).unwrap_or(0.0)),
        "MAX" => of(&|n| n.iter().copied().reduce(f64::max).unwrap_or(0.0)),
        "COUNTA" => {
            let filled = values.iter().filter(|(v, _)| *v != Value::Empty);
            Ok(Value::Number(filled.count() as f64))
        }
        "AND" => truths(true),
        "OR" => truths(false),
        _ => return None,
    })
}

/// A function of single values; none where it is not one of these.
pub(super) fn of_each(name: &str, values: &[Value]) -> Option<Outcome> {
    let number = |at: usize| values.get(at).map_or(Ok(0.0), Value::number);
    let made = match (name, values.len()) {
        ("ROUND", 1 | 2) => number(0).and_then(|x| Ok(rounded(x, number(1)?))),
        ("ABS", 1) => number(0).map(f64::abs),
        ("INT", 1) => number(0).map(f64::floor),
        ("LEN", 1) => values[0].text().map(|t| t.encode_utf16().count() as f64),
        ("N", 1) => Ok(match &values[0] {
            Value::Number(x) => *x,
            Value::Bool(b) => f64::from(u8::from(*b)),
            Value::Text(_) | Value::Empty => 0.0,
        }),
        ("NOT", 1) => return Some(values[0].truth().map(|t| Value::Bool(!t))),
        ("ISNUMBER", 1) => {
            return Some(Ok(Value::Bool(matches!(values[0], Value::Number(_)))));
        }
        ("ISBLANK", 1) => return Some(Ok(Value::Bool(values[0] == Value::Empty))),
        ("TRIM", 1) => {
            let words = |t: std::sync::Arc<str>| {
                let words: Vec<&str> = t.split(' ').filter(|w| !w.is_empty()).collect();
                Value::Text(words.join(" ").into())
            };
            return Some(values[0].text().map(words));
        }
        _ => return None,
    };
    Some(made.map(Value::Number))
}

fn sum(numbers: &[f64]) -> f64 {
    numbers.iter().sum()
}

/// Halves away from zero, on what 15 digits show, as Excel does.
fn rounded(x: f64, decimals: f64) -> f64 {
    let by = 10f64.powi(decimals.clamp(-15.0, 15.0) as i32);
    let scaled = x * by;
    let shown: f64 = format!("{scaled:.14e}").parse().unwrap_or(scaled);
    shown.round() / by
}
