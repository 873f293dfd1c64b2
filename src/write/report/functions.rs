//! What a template may call: figures, shares, comparisons, lists of units and of findings, and the words for numbers.
//! Templates are written by officials, so the names are Vietnamese; `templates/reports/README.md` explains them.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, ErrorKind};

use super::figures::{Owing, Place, TRIAL_UNIT, When};
use super::number::{BLANK, Bound, Measure, Number, Shared};
use super::{number, tables};
use crate::model::entry::TOTAL;
use crate::model::{Binding, Catalogue, Figure, Form, Lang, Lines, Op, Outcome, Period, Severity, Spot, Table};
use crate::words::Words;

/// The functions a template may call; those of the first list name a form first.
pub const OF_FORMS: [&str; 9] =
    ["so", "bieu", "cac_don_vi", "cac_linh_vuc", "chi_tieu", "bang", "bang_don_vi", "co_bieu", "pham_vi"];
pub const OTHERS: [&str; 7] = ["cac_bieu", "ty_le", "thay_doi", "dem", "loi", "chap_nhan", "phu_luc"];
pub const FILTERS: [&str; 4] = ["luong", "dong", "bang_chu", "nghia"];
pub const TESTS: [&str; 5] = ["khong", "co", "thieu", "mot", "ca"];
/// Where the list of all numbers goes: a line of its own.
pub const APPENDIX: &str = "@phu-luc-so-lieu";

/// What a report is about: forms at hand, and the findings in them.
pub struct About {
    pub said: Arc<Said>,
    pub forms: Vec<Arc<str>>,
}

/// The tables of a form, or one of them, in the mark-up.
type MakesTable = fn(&Arc<Shared>, &str, Option<&str>) -> Result<String, Unknown>;

/// Adds them all.
pub fn add(env: &mut Environment<'_>, shared: &Arc<Shared>, about: &About) {
    add_figures(env, shared);
    add_forms(env, shared, about);
    add_words(env);
}

fn add_figures(env: &mut Environment<'_>, shared: &Arc<Shared>) {
    let s = shared.clone();
    env.add_function("so", move |form: &str, kwargs: Kwargs| -> Result<Value, Error> {
        let place = at(&s, form, &kwargs)?;
        Ok(Value::from_object(Bound::figure(&s, &place, When::Now)))
    });
    let s = shared.clone();
    env.add_function("cac_don_vi", move |form: &str, kwargs: Kwargs| {
        let beside: Option<&str> = kwargs.get("kem")?;
        let place = at(&s, form, &kwargs)?;
        let beside = beside.map(|column| {
            let (table, line) = (Some(&*place.table), Some(&*place.line));
            find_place(&s.figures.catalogue, form, table, line, Some(column)).map_err(refused)
        });
        Ok::<_, Error>(units(&s, &place, beside.transpose()?.as_ref()))
    });
    let s = shared.clone();
    env.add_function("cac_linh_vuc", move |form: &str, kwargs: Kwargs| {
        at(&s, form, &kwargs).map(|place| fields(&s, &place))
    });
    let tables: [(&str, MakesTable); 2] = [("bang", tables::official), ("bang_don_vi", tables::by_unit)];
    for (name, made) in tables {
        let s = shared.clone();
        env.add_function(name, move |form: &str, kwargs: Kwargs| {
            let table: Option<&str> = kwargs.get("bang")?;
            kwargs.assert_all_used()?;
            made(&s, form, table).map(Value::from_safe_string).map_err(refused)
        });
    }
    env.add_function("ty_le", share);
    let s = shared.clone();
    env.add_function("thay_doi", move |now: Value, then: Value| change(&s, now, then));
}

fn add_forms(env: &mut Environment<'_>, shared: &Arc<Shared>, about: &About) {
    let s = shared.clone();
    env.add_function("bieu", move |form: &str| known(&s, form).map(one_form));
    let (s, forms) = (shared.clone(), about.forms.clone());
    env.add_function("cac_bieu", move || {
        forms.iter().filter_map(|id| s.figures.catalogue.form(id)).map(one_form).collect::<Value>()
    });
    let s = shared.clone();
    env.add_function("chi_tieu", move |form: &str, kwargs: Kwargs| {
        let percent: Option<bool> = kwargs.get("phan_tram")?;
        kwargs.assert_all_used()?;
        main_figures(&s, known(&s, form)?, percent)
    });
    let s = shared.clone();
    env.add_function("co_bieu", move |form: &str| {
        known(&s, form)?;
        Ok::<_, Error>(s.figures.has(form))
    });
    let s = shared.clone();
    env.add_function("pham_vi", move |form: &str| scope(&s, form));
    let s = shared.clone();
    env.add_function("dem", move |list: Value, what: &str| -> Result<Value, Error> {
        let many = list.len().ok_or_else(|| wrong("dem(…) đếm một danh sách"))?;
        Ok(Value::from_object(Bound::count(&s, Op::Count, "", what, many)))
    });
    let (s, list, said) = (shared.clone(), about.said.clone(), about.said.clone());
    env.add_function("loi", move || list.errors(&s));
    let s = shared.clone();
    env.add_function("chap_nhan", move || said.waived(&s));
    env.add_function("phu_luc", || Value::from_safe_string(APPENDIX.to_owned()));
}

fn add_words(env: &mut Environment<'_>) {
    env.add_filter("luong", |number: Value, thing: &str, kwargs: Kwargs| {
        let none: Option<&str> = kwargs.get("khong")?;
        kwargs.assert_all_used()?;
        let number = bound(&number)?;
        Ok::<_, Error>(Value::from_safe_string(match number.value {
            Some(value) if value.is_zero() => number.printed_as(none.unwrap_or("không phát sinh").to_owned()),
            _ => format!("{} {thing}", number.printed()),
        }))
    });
    env.add_filter("dong", |number: Value| {
        let number = bound(&number)?;
        let text = in_dong(&number)?.map(|dong| {
            let dong = i64::try_from(dong).unwrap_or(i64::MAX);
            let mut amount = (*number).clone();
            amount.binding.op = Op::InDong;
            amount.printed_as(number::printed(Figure::whole(dong), Measure::Amount(None)))
        });
        let text = text.unwrap_or_else(|| BLANK.to_owned());
        Ok::<_, Error>(Value::from_safe_string(format!("{text} đồng")))
    });
    env.add_filter("bang_chu", |number: Value| {
        let number = bound(&number)?;
        let mut words = (*number).clone();
        words.binding.op = Op::Words;
        let said = in_dong(&number)?.map(|dong| words.printed_as(number::money_in_words(dong)));
        Ok::<_, Error>(Value::from_safe_string(said.unwrap_or_else(|| BLANK.to_owned())))
    });
    env.add_filter("nghia", |number: Value| {
        let number = bound(&number)?;
        Ok::<_, Error>(Value::from_safe_string(meaning(&number)))
    });
    env.add_test("khong", |number: Value| Ok::<_, Error>(bound(&number)?.value.is_some_and(Figure::is_zero)));
    env.add_test("co", |number: Value| Ok::<_, Error>(bound(&number)?.value.is_some()));
    env.add_test("mot", |number: Value| Ok::<_, Error>(bound(&number)?.value == Some(Figure::whole(1))));
    env.add_test("thieu", |number: Value| Ok::<_, Error>(bound(&number)?.is_partial()));
    env.add_test("ca", |part: Value, whole: Value| {
        let (part, whole) = (bound(&part)?, bound(&whole)?);
        Ok::<_, Error>(part.value.is_some_and(|v| !v.is_zero()) && part.value == whole.value)
    });
}

/// The place that a call names.
fn at(shared: &Shared, form: &str, kwargs: &Kwargs) -> Result<Place, Error> {
    let (table, line, column): (Option<&str>, Option<&str>, Option<&str>) =
        (kwargs.get("bang")?, kwargs.get("dong")?, kwargs.get("cot")?);
    kwargs.assert_all_used()?;
    find_place(&shared.figures.catalogue, form, table, line, column).map_err(refused)
}

fn known<'a>(shared: &'a Shared, form: &str) -> Result<&'a Form, Error> {
    find_form(&shared.figures.catalogue, form).map_err(refused)
}

fn refused(wrong: Unknown) -> Error {
    Error::new(ErrorKind::InvalidOperation, wrong.vi.clone()).with_source(wrong)
}

fn wrong(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidOperation, what)
}

fn bound(value: &Value) -> Result<Arc<Bound>, Error> {
    value.downcast_object::<Bound>().ok_or_else(|| wrong("ở đây phải là một số liệu, như so(…), ty_le(…) hoặc dem(…)"))
}

fn in_dong(number: &Bound) -> Result<Option<u64>, Error> {
    match number.measure {
        Measure::Amount(Some(worth)) => Ok(number.value.and_then(|value| number::in_dong(value, worth))),
        _ => Err(wrong("số liệu này không phải số tiền (đồng, triệu đồng …)")),
    }
}

/// A form: how it is called here, `bieu`; as printed, `ma`, `ten`, `can_cu`, `don_vi_tinh`; and `hoc`, whether it was learned.
fn one_form(form: &Form) -> Value {
    let mut measures: Vec<&str> = form.tables.iter().map(|t| t.measure.as_str()).filter(|m| !m.is_empty()).collect();
    measures.dedup();
    map([
        ("bieu", Value::from(form.id.to_string())),
        ("ma", Value::from(form.code.clone())),
        ("ten", Value::from(form.title.clone())),
        ("can_cu", Value::from(form.legal_basis.clone())),
        ("don_vi_tinh", Value::from(measures.join("; "))),
        ("hoc", Value::from(form.learned.is_some())),
    ])
}

/// The main figures that were reported, all or those that are percentages or not: `ten`, `so`, and its units `don_vi`, the
/// largest first. Where one is a share of others that are added up, `so` is worked out from them.
fn main_figures(shared: &Arc<Shared>, form: &Form, percent: Option<bool>) -> Result<Value, Error> {
    let place = |spot: &Spot| Place {
        form: form.id.clone(),
        table: spot.table.clone(),
        line: spot.line.clone(),
        column: spot.column.clone(),
    };
    let figure = |spot: &Spot| Value::from_object(Bound::figure(shared, &place(spot), When::Now));
    let mut found = Vec::new();
    for main in form.overview.figures.iter().filter(|f| percent.is_none_or(|wanted| f.percent == wanted)) {
        let number = match (&main.sum[..], &main.of[..]) {
            ([one], []) => figure(one),
            (_, []) => continue,
            (parts, whole) => share(parts.iter().map(figure).collect(), whole.iter().map(figure).collect())?,
        };
        if bound(&number)?.value.is_none() {
            continue;
        }
        let units_of = match (&main.sum[..], &main.of[..]) {
            ([one], []) => units(shared, &place(one), None),
            _ => Value::from(Vec::<Value>::new()),
        };
        found.push(map([("ten", Value::from(main.name.clone())), ("so", number), ("don_vi", units_of)]));
    }
    Ok(found.into())
}

/// Units with their figures: `ten`, `so`; and `kem`, the figure of another column beside it.
fn units(shared: &Arc<Shared>, place: &Place, beside: Option<&Place>) -> Value {
    let units = shared.figures.of_units(place, When::Now);
    let others = beside.map(|place| (place, shared.figures.of_units(place, When::Now)));
    let other = |unit: &Arc<str>| {
        let (place, units) = others.as_ref()?;
        let of = units.iter().find(|u| u.unit == *unit)?;
        Some(Value::from_object(Bound::of_unit(shared, place, of)))
    };
    units
        .iter()
        .map(|of| {
            map([
                ("ten", Value::from(of.name.clone())),
                ("so", Value::from_object(Bound::of_unit(shared, place, of))),
                ("kem", other(&of.unit).unwrap_or(Value::from(()))),
            ])
        })
        .collect()
}

/// Fields of work with their figures, the largest first: `ten`, `so`.
fn fields(shared: &Arc<Shared>, place: &Place) -> Value {
    let lines = shared.figures.lines(&place.form, &place.table, When::Now);
    let mut found: Vec<Bound> = lines
        .into_iter()
        .map(|line| Place { line, ..place.clone() })
        .map(|place| Bound::figure(shared, &place, When::Now))
        .filter(|number| number.value.is_some())
        .collect();
    found.sort_by_key(|f| std::cmp::Reverse(f.value));
    found
        .into_iter()
        .map(|number| map([("ten", Value::from(number.binding.line.clone())), ("so", Value::from_object(number))]))
        .collect()
}

/// Who sent the form: `da_gui`, `phai_gui`, `du`; the names of the others: `chua_gui` nothing, `mot_phan` a part of the period,
/// `chua_dung_duoc` what no figure can be taken from.
fn scope(shared: &Arc<Shared>, form: &str) -> Result<Value, Error> {
    known(shared, form)?;
    let figures = &shared.figures;
    let expected = figures.expected(form, When::Now);
    let sent = expected.iter().filter(|unit| figures.sent(form, unit)).count();
    let Owing { silent, partly, unusable } = figures.owing(form, When::Now);
    let count = |op, many| Value::from_object(Bound::count(shared, op, form, "", many));
    let names = |names: Vec<String>| names.into_iter().map(Value::from).collect::<Value>();
    Ok(map([
        ("da_gui", count(Op::Reported, sent)),
        ("phai_gui", count(Op::Expected, expected.len())),
        ("du", Value::from(sent == expected.len())),
        ("chua_gui", names(silent)),
        ("mot_phan", names(partly)),
        ("chua_dung_duoc", names(unusable)),
    ]))
}

/// One figure, or several together, in percent of others.
fn share(part: Value, whole: Value) -> Result<Value, Error> {
    let (parts, wholes) = (several(&part)?, several(&whole)?);
    let sum =
        |list: &[Arc<Bound>]| list.iter().map(|b| b.value).try_fold(Figure::ZERO, |sum, value| sum.checked_add(value?));
    let value = sum(&parts).zip(sum(&wholes)).and_then(|(part, whole)| Figure::percentage(part, whole, 4));
    let first = &parts[0].binding;
    let all = || parts.iter().chain(&wholes);
    let written = |of: &dyn Fn(&Binding) -> String| {
        let side = |list: &[Arc<Bound>]| {
            let names: Vec<String> = list.iter().map(|b| of(&b.binding)).collect();
            names.join("+")
        };
        if all().all(|b| of(&b.binding) == of(first)) {
            of(first)
        } else {
            format!("{}/{}", side(&parts), side(&wholes))
        }
    };
    let binding = Binding {
        op: Op::Share,
        form: first.form.clone(),
        table: written(&|b| b.table.to_string()).into(),
        line: written(&|b| b.line.clone()),
        column: written(&|b| b.column.clone()),
        period: first.period.clone(),
        unit: first.unit.clone(),
    };
    let from: Vec<&Bound> = all().map(AsRef::as_ref).collect();
    Bound::derived(&from, binding, value, Measure::Percent)
        .map(Value::from_object)
        .ok_or_else(|| wrong("ty_le(…) cần số liệu"))
}

fn several(value: &Value) -> Result<Vec<Arc<Bound>>, Error> {
    if let Ok(one) = bound(value) {
        return Ok(vec![one]);
    }
    let list: Vec<Arc<Bound>> = value.try_iter()?.map(|v| bound(&v)).collect::<Result<_, _>>()?;
    if list.is_empty() {
        return Err(wrong("ty_le(…) cần ít nhất một số liệu"));
    }
    Ok(list)
}

/// How a figure stands to another: `tang`, `giam`, `bang`, `so`, `phan_tram`; nothing where either is missing,
/// or where other units sent the form then: the difference would be theirs.
fn change(shared: &Shared, now: Value, then: Value) -> Result<Value, Error> {
    if then.is_undefined() || then.is_none() {
        return Ok(Value::from(()));
    }
    let (now, then) = (bound(&now)?, bound(&then)?);
    let (Some(new), Some(old)) = (now.value, then.value) else { return Ok(Value::from(())) };
    if !shared.figures.comparable(&then.binding.form, &then.binding.period) {
        return Ok(Value::from(()));
    }
    let difference = new.checked_add(Figure::new(-old.units, old.scale));
    let difference = difference.map(|d| Figure::new(d.units.abs(), d.scale));
    // Percentages differ by points, and not by percent.
    let points = now.measure == Measure::Percent;
    let (difference, measure) = if points {
        let rounded = difference.map(|d| d.rounded_to(2));
        (rounded, Measure::Amount(None))
    } else {
        (difference, now.measure)
    };
    let percent = difference
        .filter(|_| old > Figure::ZERO && !points)
        .and_then(|d| Figure::percentage(d, old, 4))
        .map(|p| number::rounded(p, 1));
    let binding =
        |op| Binding { op, period: format!("{}:{}", now.binding.period, then.binding.period), ..now.binding.clone() };
    let from = [now.as_ref(), then.as_ref()];
    let make = |op, value, measure| Bound::derived(&from, binding(op), value, measure);
    let in_percent = percent.and_then(|value| {
        let mut made = make(Op::Change, Some(value), Measure::Percent)?;
        made.from = vec![(binding(Op::Difference), Vec::new())];
        Some(made)
    });
    let value = |made: Option<Bound>| made.map_or(Value::from(()), Value::from_object);
    Ok(map([
        ("tang", Value::from(new > old)),
        ("giam", Value::from(new < old)),
        ("bang", Value::from(new == old)),
        ("so", value(make(Op::Difference, difference, measure))),
        ("phan_tram", value(in_percent)),
    ]))
}

/// What an answer's code means: `Có`.
fn meaning(number: &Bound) -> String {
    let figures = &number.shared().figures;
    let line = number.place.as_ref().filter(|(place, _)| *place.line != *TOTAL);
    let words = line.and_then(|(place, _)| {
        let table = figures.table(&place.form, &place.table)?;
        let code = i64::try_from(number.value?.at_scale(0)?).ok()?;
        table.line(&place.line)?.codes.get(&code).cloned()
    });
    words.map_or_else(|| BLANK.to_owned(), |text| number.printed_as(text))
}

/// A map for templates.
pub fn map<const N: usize>(pairs: [(&'static str, Value); N]) -> Value {
    Value::from_pairs(pairs)
}

/// A name that the catalogue doesn't have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    pub given: String,
    pub vi: String,
    pub en: String,
    /// The names that would do.
    pub known: Vec<String>,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

impl std::error::Error for Unknown {}

/// The form of this id.
pub fn find_form<'a>(catalogue: &'a Catalogue, id: &str) -> Result<&'a Form, Unknown> {
    catalogue.form(id).ok_or_else(|| Unknown {
        given: id.to_owned(),
        vi: format!("không có biểu “{id}” trong danh mục"),
        en: format!("there is no form “{id}” in the catalogue"),
        known: catalogue.forms.iter().map(|f| f.id.to_string()).collect(),
    })
}

/// The form, and the table of this name; where none is named, the only one.
pub fn find_table<'a>(
    catalogue: &'a Catalogue,
    form: &str,
    table: Option<&str>,
) -> Result<(&'a Form, &'a Table), Unknown> {
    let found = find_form(catalogue, form)?;
    let mut tables = found.tables.iter();
    let wanted = match table {
        Some(id) => tables.find(|t| &*t.id == id),
        None if found.tables.len() == 1 => tables.next(),
        None => None,
    };
    wanted.map(|t| (found, t)).ok_or_else(|| Unknown {
        given: table.unwrap_or_default().to_owned(),
        vi: match table {
            Some(id) => format!("biểu {form} không có bảng “{id}”"),
            None => format!("biểu {form} có nhiều bảng: ghi thêm bang=…"),
        },
        en: match table {
            Some(id) => format!("form {form} has no table “{id}”"),
            None => format!("form {form} has several tables: say bang=…"),
        },
        known: found.tables.iter().map(|t| t.id.to_string()).collect(),
    })
}

/// The place of a figure. In a table of fields of work the line is the total where none is named; on a form of
/// indicators the column is the only one.
pub fn find_place(
    catalogue: &Catalogue,
    form: &str,
    table_id: Option<&str>,
    line: Option<&str>,
    column: Option<&str>,
) -> Result<Place, Unknown> {
    let (found, table) = find_table(catalogue, form, table_id)?;
    let (line, column) = match &table.lines {
        Lines::Open { .. } => (line.unwrap_or(TOTAL), column),
        Lines::Fixed(_) => (line.unwrap_or_default(), Some(column.unwrap_or("value"))),
    };
    if let Lines::Fixed(lines) = &table.lines
        && table.line(line).is_none()
    {
        return Err(Unknown {
            given: line.to_owned(),
            vi: format!("biểu {form} không có dòng “{line}”"),
            en: format!("form {form} has no line “{line}”"),
            known: lines.iter().map(|l| l.code.to_string()).collect(),
        });
    }
    let column = column.unwrap_or_default();
    let answer = column
        .strip_prefix('=')
        .and_then(|code| code.parse().ok())
        .is_some_and(|code: i64| table.line(line).is_some_and(|l| l.codes.contains_key(&code)));
    let known: Vec<String> = table.figures().map(|c| c.id.to_string()).collect();
    if !answer && !known.iter().any(|c| c == column) {
        return Err(Unknown {
            given: column.to_owned(),
            vi: format!("biểu {form} không có cột số liệu “{column}”"),
            en: format!("form {form} has no column of figures “{column}”"),
            known,
        });
    }
    Ok(Place { form: found.id.clone(), table: table.id.clone(), line: line.into(), column: column.into() })
}

/// The findings of the period, as sentences.
#[derive(Debug, Default)]
pub struct Said {
    open: Vec<Sentence>,
    waived: Vec<Sentence>,
}

#[derive(Debug, Clone)]
struct Sentence {
    unit: Arc<str>,
    name: String,
    form: Arc<str>,
    rule: String,
    text: String,
}

impl Said {
    /// Those of some forms, of all where none is named; of units whose figures are in the totals.
    pub fn of(outcome: &Outcome, period: Period, forms: &[Arc<str>]) -> Self {
        let mut said = Self::default();
        let words = Words::of(outcome, Lang::Vi);
        let coverage = crate::frame::coverage::coverage(outcome, period);
        for finding in outcome.findings.iter().filter(|f| f.period.is_none_or(|p| period.holds(p))) {
            if !forms.is_empty() && !forms.contains(&finding.form) {
                continue;
            }
            if coverage.of(&finding.form, &finding.unit).is_owed() {
                continue;
            }
            let sentence = |text: String| Sentence {
                unit: finding.unit.clone(),
                name: outcome.units.name(&finding.unit).to_owned(),
                form: finding.form.clone(),
                rule: finding.rule.clone(),
                text,
            };
            match &finding.waived {
                Some(waived) => {
                    let reason = words.waived(waived);
                    said.waived.push(sentence(with_reason(&words.message(finding), &reason)));
                }
                None if finding.severity == Severity::Error => {
                    said.open.push(sentence(first_line(&words.message(finding))));
                }
                None => {}
            }
        }
        said
    }

    /// One of each, for templates that are tried out.
    pub fn trial() -> Self {
        let sentence = Sentence {
            unit: TRIAL_UNIT.into(),
            name: TRIAL_UNIT.to_owned(),
            form: "".into(),
            rule: String::new(),
            text: TRIAL_UNIT.to_owned(),
        };
        Self { open: vec![sentence.clone()], waived: vec![sentence] }
    }

    /// The errors still open: `tong`, and `don_vi`, each with `ten`, `so` and the sentences `ds`.
    pub fn errors(&self, shared: &Arc<Shared>) -> Value {
        listed(&self.open, "lỗi chưa sửa", shared)
    }

    /// The findings somebody answers for, likewise.
    pub fn waived(&self, shared: &Arc<Shared>) -> Value {
        listed(&self.waived, "điểm đã chấp nhận", shared)
    }
}

fn with_reason(message: &str, reason: &str) -> String {
    format!("{} ({reason})", first_line(message).trim_end_matches('.'))
}

/// Findings of the tool's own making are one sentence; whatever a form's rule adds on further lines is left out.
fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().to_owned()
}

fn listed(sentences: &[Sentence], what: &str, shared: &Arc<Shared>) -> Value {
    let mut units: Vec<&Arc<str>> = Vec::new();
    for sentence in sentences {
        if !units.contains(&&sentence.unit) {
            units.push(&sentence.unit);
        }
    }
    let count = |of: &str, many| Value::from_object(Bound::count(shared, Op::Count, "", of, many));
    let by_unit = units.into_iter().map(|unit| {
        let own: Vec<&Sentence> = sentences.iter().filter(|s| s.unit == *unit).collect();
        let name = own.first().map(|s| s.name.clone()).unwrap_or_default();
        let marks = own.iter().map(|s| Value::from_safe_string(mark(s, shared)));
        map([("ten", Value::from(name)), ("so", count(&format!("{what}: {unit}"), own.len())), ("ds", marks.collect())])
    });
    map([("tong", count(what, sentences.len())), ("don_vi", by_unit.collect())])
}

fn mark(sentence: &Sentence, shared: &Arc<Shared>) -> String {
    let period = shared.figures.period(super::figures::When::Now);
    shared.registry.mark(Number {
        text: sentence.text.clone(),
        digits: sentence.text.clone(),
        binding: Binding {
            op: Op::Finding,
            form: sentence.form.clone(),
            table: "".into(),
            line: sentence.rule.clone(),
            column: String::new(),
            period: period.map(|p| p.to_string()).unwrap_or_default(),
            unit: sentence.unit.to_string(),
        },
        rests: Vec::new(),
        sources: Vec::new(),
        from: Vec::new(),
        doubtful: false,
        listed: false,
    })
}
