//! Formulas whose stored results are missing or stale, into results. A program that fills in cells (a script, a form
//! system, an export) often leaves every total as it was before, or as 0: Excel would show what the formula comes to.
//!
//! Only what can be worked out exactly is: references, arithmetic, and the plain functions of sums and conditions.

use std::collections::HashMap;
use std::sync::Arc;

use super::limits::{CELL_LETTERS, FORMULAS_BYTES, RESULT_BYTES, VISITS, WAITING_FORMULAS};
use crate::model::{Area, Content, Stale, Workbook};
use crate::normalise::formula::{Expr, Sign, parse};

/// Gives every formula cell what it comes to, and remembers where that is not what was stored.
pub(super) fn work_out(workbook: &mut Workbook) {
    let mut evaluator = Evaluator::new(workbook);
    let (mut made, mut letters) = (Vec::new(), 0);
    for (at, sheet) in workbook.sheets.iter().enumerate() {
        for (index, cell) in sheet.cells.iter().enumerate() {
            let Some(formula) = &cell.formula else { continue };
            let found = evaluator.formula((at, cell.row, cell.column), formula);
            if let Some(content) = found.ok().and_then(|value| replaces(&cell.content, value)) {
                letters += match &content {
                    Content::Text(text) => text.len(),
                    _ => 0,
                };
                // One long text may be asked for by a million cells.
                if letters > RESULT_BYTES {
                    continue;
                }
                made.push((at, index, content));
            }
        }
    }
    for (at, index, content) in made {
        let sheet = &mut workbook.sheets[at];
        let cell = &mut sheet.cells[index];
        let stored = std::mem::replace(&mut cell.content, content);
        // An empty text that some writers store as 0 is nothing to tell.
        let was_stale = stored != Content::Empty && cell.content != Content::Text("".into());
        if was_stale {
            sheet.stale.push(Stale { row: cell.row, column: cell.column, stored });
        }
    }
}

/// What stands in place of a stored result; nothing where the result stands.
fn replaces(stored: &Content, value: Value) -> Option<Content> {
    match (stored, value) {
        (Content::Empty, Value::Number(x)) => Some(Content::Number(x)),
        (Content::Empty, Value::Bool(truth)) => Some(Content::Bool(truth)),
        (Content::Empty | Content::Number(_), Value::Text(text)) => Some(Content::Text(text)),
        (Content::Number(a), Value::Number(b)) => {
            // What binary fractions leave is no difference.
            let near = (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0);
            (!near).then_some(Content::Number(b))
        }
        (Content::Text(text), Value::Number(x)) if text.trim().is_empty() => Some(Content::Number(x)),
        _ => None,
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Number(f64),
    Text(Arc<str>),
    Bool(bool),
    Empty,
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// What Excel would show as `#DIV/0!` and the like.
    Error,
    /// A function that is not known here, another workbook, or too much work.
    Unknown,
}

struct Evaluator<'a> {
    workbook: &'a Workbook,
    /// What formula cells came to; nothing for those being worked out.
    known: HashMap<Place, Option<Result<Value, Stop>>>,
    depth: usize,
    visits: usize,
    /// Bytes of formulas taken apart.
    parsed: usize,
}

type Place = (usize, u32, u32);

impl<'a> Evaluator<'a> {
    fn new(workbook: &'a Workbook) -> Self {
        Self { workbook, known: HashMap::new(), depth: 0, visits: 0, parsed: 0 }
    }

    /// What a formula cell comes to.
    fn formula(&mut self, place: Place, formula: &str) -> Result<Value, Stop> {
        match self.known.get(&place) {
            Some(Some(done)) => return done.clone(),
            // It waits for itself.
            Some(None) => return Err(Stop::Unknown),
            None => {}
        }
        if self.depth >= WAITING_FORMULAS || self.parsed > FORMULAS_BYTES {
            return Err(Stop::Unknown);
        }
        self.parsed += formula.len();
        self.known.insert(place, None);
        let found = match parse(formula) {
            Some(expr) => self.value(&expr, place.0),
            None => Err(Stop::Unknown),
        };
        let found = match found {
            Ok(Value::Number(x)) if !x.is_finite() => Err(Stop::Error),
            // A reference to an empty cell shows 0.
            Ok(Value::Empty) => Ok(Value::Number(0.0)),
            other => other,
        };
        self.known.insert(place, Some(found.clone()));
        found
    }

    fn value(&mut self, expr: &Expr, sheet: usize) -> Result<Value, Stop> {
        if self.depth >= WAITING_FORMULAS {
            return Err(Stop::Unknown);
        }
        self.depth += 1;
        let found = self.asked(expr, sheet);
        self.depth -= 1;
        found
    }

    fn asked(&mut self, expr: &Expr, sheet: usize) -> Result<Value, Stop> {
        match expr {
            Expr::Number(x) => Ok(Value::Number(*x)),
            Expr::Text(text) => Ok(Value::Text(text.as_str().into())),
            Expr::Bool(truth) => Ok(Value::Bool(*truth)),
            Expr::Nothing => Ok(Value::Empty),
            Expr::Range(name, area) => {
                let single = area.top == area.bottom && area.left == area.right;
                if !single {
                    return Err(Stop::Unknown);
                }
                let there = self.sheet(name.as_deref(), sheet)?;
                self.cell((there, area.top, area.left))
            }
            Expr::Negative(inside) => Ok(Value::Number(-self.value(inside, sheet)?.number()?)),
            Expr::Percent(inside) => Ok(Value::Number(self.value(inside, sheet)?.number()? / 100.0)),
            Expr::Binary(sign, left, right) => {
                let (left, right) = (self.value(left, sheet)?, self.value(right, sheet)?);
                binary(*sign, &left, &right)
            }
            Expr::Call(name, arguments) => self.call(name, arguments, sheet),
        }
    }

    fn call(&mut self, name: &str, arguments: &[Expr], sheet: usize) -> Result<Value, Stop> {
        match (name, arguments) {
            ("IF", [condition, rest @ ..]) if rest.len() <= 2 => {
                let chosen = usize::from(!self.value(condition, sheet)?.truth()?);
                return match rest.get(chosen) {
                    Some(Expr::Nothing) => Ok(Value::Number(0.0)),
                    Some(branch) => self.value(branch, sheet),
                    None => Ok(Value::Bool(chosen == 0)),
                };
            }
            ("IFERROR", [tried, instead]) => {
                return match self.value(tried, sheet) {
                    Err(Stop::Error) => self.value(instead, sheet),
                    other => other,
                };
            }
            ("SUMIF", [Expr::Range(name, keys), wanted, Expr::Range(other, sums)]) if other == name => {
                let there = self.sheet(name.as_deref(), sheet)?;
                let wanted = self.value(wanted, sheet)?;
                return self.sum_if(there, *keys, &wanted, *sums);
            }
            _ => {}
        }
        let mut values = Vec::new();
        for argument in arguments {
            match argument {
                Expr::Range(name, area) => {
                    let there = self.sheet(name.as_deref(), sheet)?;
                    let cells = self.range(there, *area)?;
                    values.extend(cells.into_iter().map(|value| (value, false)));
                }
                typed => values.push((self.value(typed, sheet)?, true)),
            }
        }
        if let Some(made) = over_all(name, &values) {
            return made;
        }
        let single = arguments.iter().map(|argument| self.value(argument, sheet)).collect::<Result<Vec<_>, _>>()?;
        of_each(name, &single).unwrap_or(Err(Stop::Unknown))
    }

    /// The sum beside the keys that are a text; other criteria have signs and wildcards of their own.
    fn sum_if(&mut self, sheet: usize, keys: Area, wanted: &Value, sums: Area) -> Result<Value, Stop> {
        let Value::Text(wanted) = wanted else { return Err(Stop::Unknown) };
        if wanted.starts_with(['=', '<', '>']) || wanted.contains(['*', '?', '~']) {
            return Err(Stop::Unknown);
        }
        let one_wide = keys.left == keys.right && sums.left == sums.right;
        if wanted.is_empty() || !one_wide || keys.bottom - keys.top != sums.bottom - sums.top {
            return Err(Stop::Unknown);
        }
        let mut total = 0.0;
        for row in 0..=keys.bottom - keys.top {
            self.visit(1)?;
            let key = self.cell((sheet, keys.top + row, keys.left))?;
            let same = matches!(&key, Value::Text(t) if t.to_lowercase() == wanted.to_lowercase());
            if same && let Value::Number(x) = self.cell((sheet, sums.top + row, sums.left))? {
                total += x;
            }
        }
        Ok(Value::Number(total))
    }

    fn sheet(&self, name: Option<&str>, own: usize) -> Result<usize, Stop> {
        let Some(name) = name else { return Ok(own) };
        let named = |s: &crate::model::Sheet| s.name.to_lowercase() == name.to_lowercase();
        self.workbook.sheets.iter().position(named).ok_or(Stop::Unknown)
    }

    /// The filled cells of a range.
    fn range(&mut self, sheet: usize, area: Area) -> Result<Vec<Value>, Stop> {
        let workbook = self.workbook;
        let cells = &workbook.sheets[sheet].cells;
        let start = cells.partition_point(|c| c.row < area.top);
        let end = cells.partition_point(|c| c.row <= area.bottom);
        self.visit(end - start)?;
        let mut values = Vec::new();
        for cell in &cells[start..end] {
            if (area.left..=area.right).contains(&cell.column) {
                values.push(self.cell((sheet, cell.row, cell.column))?);
            }
        }
        Ok(values)
    }

    fn visit(&mut self, cells: usize) -> Result<(), Stop> {
        self.visits += cells;
        if self.visits > VISITS {
            return Err(Stop::Unknown);
        }
        Ok(())
    }

    /// A cell's value: of a formula what it comes to, or where that is not known what was stored.
    fn cell(&mut self, place: Place) -> Result<Value, Stop> {
        let workbook = self.workbook;
        let Some(cell) = workbook.sheets[place.0].get(place.1, place.2) else { return Ok(Value::Empty) };
        if let Some(formula) = &cell.formula {
            match self.formula(place, formula) {
                Err(Stop::Unknown) => {}
                known => return known,
            }
        }
        match &cell.content {
            Content::Empty => Err(Stop::Unknown),
            Content::Text(text) => {
                self.visit(text.len() / 32)?;
                Ok(Value::Text(text.clone()))
            }
            Content::Number(x) | Content::Date(x) => Ok(Value::Number(*x)),
            Content::Bool(truth) => Ok(Value::Bool(*truth)),
            Content::Error(_) => Err(Stop::Error),
        }
    }
}

fn binary(sign: Sign, left: &Value, right: &Value) -> Result<Value, Stop> {
    let number =
        |make: fn(f64, f64) -> f64| -> Result<Value, Stop> { Ok(Value::Number(make(left.number()?, right.number()?))) };
    match sign {
        Sign::Join => joined(left, right),
        Sign::Plus => number(|a, b| a + b),
        Sign::Minus => number(|a, b| a - b),
        Sign::Times => number(|a, b| a * b),
        Sign::Power => number(f64::powf),
        Sign::Over if right.number()? == 0.0 => Err(Stop::Error),
        Sign::Over => number(|a, b| a / b),
        Sign::Equal => Ok(Value::Bool(compare(left, right)?.is_eq())),
        Sign::Differs => Ok(Value::Bool(compare(left, right)?.is_ne())),
        Sign::Less => Ok(Value::Bool(compare(left, right)?.is_lt())),
        Sign::AtMost => Ok(Value::Bool(compare(left, right)?.is_le())),
        Sign::More => Ok(Value::Bool(compare(left, right)?.is_gt())),
        Sign::AtLeast => Ok(Value::Bool(compare(left, right)?.is_ge())),
    }
}

/// Two texts as one; nothing longer than a cell holds, so that no chain of them grows without end.
fn joined(left: &Value, right: &Value) -> Result<Value, Stop> {
    let (left, right) = (left.text()?, right.text()?);
    if left.len() + right.len() > CELL_LETTERS {
        return Err(Stop::Unknown);
    }
    Ok(Value::Text([&*left, &*right].concat().into()))
}

/// As Excel compares: a number is less than a text, a text less than a truth; nothing is 0, "" or FALSE.
fn compare(left: &Value, right: &Value) -> Result<std::cmp::Ordering, Stop> {
    use Value::{Bool, Empty, Number, Text};
    let rank = |v: &Value| match v {
        Number(_) | Empty => 0,
        Text(_) => 1,
        Bool(_) => 2,
    };
    Ok(match (left, right) {
        (Empty, Empty) => std::cmp::Ordering::Equal,
        (Empty, Text(b)) => "".cmp(b),
        (Text(a), Empty) => (**a).cmp(""),
        (Empty, Bool(b)) => false.cmp(b),
        (Bool(a), Empty) => a.cmp(&false),
        (Text(a), Text(b)) => a.to_lowercase().cmp(&b.to_lowercase()),
        (Bool(a), Bool(b)) => a.cmp(b),
        _ if rank(left) == rank(right) => left.number()?.total_cmp(&right.number()?),
        _ => rank(left).cmp(&rank(right)),
    })
}

impl Value {
    /// What it counts for in arithmetic. A text depends on the locale, unless it is nothing but digits.
    fn number(&self) -> Result<f64, Stop> {
        match self {
            Self::Number(x) => Ok(*x),
            Self::Bool(truth) => Ok(f64::from(u8::from(*truth))),
            Self::Empty => Ok(0.0),
            Self::Text(text) if text.is_empty() => Err(Stop::Error),
            Self::Text(text) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().map_err(|_| Stop::Unknown),
            Self::Text(_) => Err(Stop::Unknown),
        }
    }

    /// A number as text depends on the locale, unless it is whole.
    fn text(&self) -> Result<Arc<str>, Stop> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Empty => Ok("".into()),
            Self::Number(x) if x.fract() == 0.0 && x.abs() < 1e15 => Ok(format!("{x:.0}").into()),
            Self::Number(_) | Self::Bool(_) => Err(Stop::Unknown),
        }
    }

    fn truth(&self) -> Result<bool, Stop> {
        match self {
            Self::Text(_) => Err(Stop::Error),
            other => Ok(other.number()? != 0.0),
        }
    }
}

// The plain functions of formulas, on values.

type Outcome = Result<Value, Stop>;

/// A function over the values of all its arguments, ranges spread out; none where it is not one of these.
/// `typed` says which values stood in the formula itself and not in a range.
fn over_all(name: &str, values: &[(Value, bool)]) -> Option<Outcome> {
    // In a range a text or a truth counts for nothing; typed into the formula it depends on the locale.
    let numbers = || {
        let number = |(value, typed): &(Value, bool)| match value {
            Value::Number(x) => Some(Ok(*x)),
            Value::Text(_) | Value::Bool(_) if *typed => Some(Err(Stop::Unknown)),
            Value::Text(_) | Value::Bool(_) | Value::Empty => None,
        };
        values.iter().filter_map(number).collect::<Result<Vec<f64>, Stop>>()
    };
    let of = |make: fn(&[f64]) -> f64| numbers().map(|n| Value::Number(make(&n)));
    let truths = || values.iter().map(|(value, _)| value.truth()).collect::<Result<Vec<bool>, Stop>>();
    Some(match name {
        "SUM" => of(sum),
        "COUNT" => of(|n| n.len() as f64),
        "AVERAGE" => match numbers() {
            Ok(n) if n.is_empty() => Err(Stop::Error),
            found => found.map(|n| Value::Number(sum(&n) / n.len() as f64)),
        },
        "MIN" => of(|n| n.iter().copied().reduce(f64::min).unwrap_or(0.0)),
        "MAX" => of(|n| n.iter().copied().reduce(f64::max).unwrap_or(0.0)),
        "COUNTA" => Ok(Value::Number(values.iter().filter(|(v, _)| *v != Value::Empty).count() as f64)),
        "AND" => truths().map(|all| Value::Bool(!all.contains(&false))),
        "OR" => truths().map(|all| Value::Bool(all.contains(&true))),
        _ => return None,
    })
}

/// A function of single values; none where it is not one of these.
fn of_each(name: &str, values: &[Value]) -> Option<Outcome> {
    Some(match (name, values) {
        ("ROUND", [x]) => x.number().map(|x| Value::Number(rounded(x, 0.0))),
        ("ROUND", [x, decimals]) => x.number().and_then(|x| Ok(Value::Number(rounded(x, decimals.number()?)))),
        ("ABS", [x]) => x.number().map(|x| Value::Number(x.abs())),
        ("INT", [x]) => x.number().map(|x| Value::Number(x.floor())),
        ("LEN", [text]) => text.text().map(|t| Value::Number(t.encode_utf16().count() as f64)),
        ("N", [value @ (Value::Number(_) | Value::Bool(_))]) => value.number().map(Value::Number),
        ("N", [_]) => Ok(Value::Number(0.0)),
        ("NOT", [value]) => value.truth().map(|t| Value::Bool(!t)),
        ("ISNUMBER", [value]) => Ok(Value::Bool(matches!(value, Value::Number(_)))),
        ("ISBLANK", [value]) => Ok(Value::Bool(*value == Value::Empty)),
        ("TRIM", [text]) => text.text().map(|t| {
            let words: Vec<&str> = t.split(' ').filter(|w| !w.is_empty()).collect();
            Value::Text(words.join(" ").into())
        }),
        _ => return None,
    })
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

#[cfg(test)]
#[path = "../../tests/unit/read_results.rs"]
mod tests;
