//! `tonghop forms blank`: the official empty forms into one workbook a unit, to be sent out, filled in and read again.

use std::path::PathBuf;

use super::args::{BlankArgs, Input};
use super::{End, forms, run, say};
use crate::model::{Entry, Form, Lang, Outcome, Period, Sheet, State, Table, Unit, Units};
use crate::normalise::issued::NAME;
use crate::normalise::text::key;
use crate::pipeline;
use crate::workspace::forms::{last_lines, spare_rows};
use crate::write::{self, Blank, Recipient};

/// More than any office has fields of work.
const MOST_ROWS: usize = 500;

pub fn run(args: &BlankArgs) -> Result<End, String> {
    let lang = args.common.lang;
    let paths = if args.past.is_empty() { vec![PathBuf::from(".")] } else { args.past.clone() };
    let input = Input::quiet(paths, &args.common, args.units.as_ref());
    let past = if args.past.is_empty() {
        Outcome {
            catalogue: run::load(&args.common)?,
            units: run::units(pipeline::find_units(input.units.as_deref(), &input.paths).as_deref(), lang)?,
            ..Outcome::default()
        }
    } else {
        run::run(&input, true)?
    };
    let chosen = args
        .ids
        .iter()
        .map(|id| forms::find(&past.catalogue, id).ok_or_else(|| forms::unknown(&past.catalogue, id, lang)))
        .collect::<Result<Vec<&Form>, String>>()?;
    for form in chosen.iter().filter(|f| !f.in_force(args.period)) {
        say::trouble(&out_of_force(form, args.period, lang));
    }
    let work = Work { args, past: &past, chosen, lang };
    if args.all {
        return work.all();
    }
    let wanted = args.unit.as_deref().unwrap_or_default();
    let unit = recipient(&past.units, wanted, lang)?;
    work.one(&unit, &args.out)?;
    Ok(End::Clean)
}

struct Work<'a> {
    args: &'a BlankArgs,
    past: &'a Outcome,
    /// Empty: those expected of the unit.
    chosen: Vec<&'a Form>,
    lang: Lang,
}

impl Work<'_> {
    /// One workbook a unit of the list that reports for the period.
    fn all(&self) -> Result<End, String> {
        let units = &self.past.units;
        if units.list.is_empty() {
            return Err(self.lang.pick(
                "Cần danh sách đơn vị: thêm --units FILE (code,name,level,aliases).".to_owned(),
                "A list of units is needed: add --units FILE (code,name,level,aliases).".to_owned(),
            ));
        }
        // Who others report to receives reports.
        let above: Vec<&str> = units.list.iter().map(|u| above(units, u)).collect();
        let (mut written, mut failed) = (0, Vec::new());
        for unit in &units.list {
            let receives = above.contains(&unit.name.as_str());
            if receives || !unit.reports_for(self.args.period) {
                continue;
            }
            let name = format!("{} - {}.xlsx", write::file_name(&unit.code), self.args.period);
            let path = self.args.out.join(name);
            // A file open in Excel does not keep the other units waiting.
            match self.one(&of_list(units, unit), &path) {
                Ok(any) => written += usize::from(any),
                Err(sentence) => failed.push(sentence),
            }
        }
        let dir = self.args.out.display();
        say::out(&self.lang.pick(
            format!("Đã ghi {written} tệp biểu trống vào {dir}.\n"),
            format!("{written} workbooks of empty forms written to {dir}.\n"),
        ));
        if failed.is_empty() { Ok(End::Clean) } else { Err(failed.join("\n")) }
    }

    /// Whether there was anything to write.
    fn one(&self, unit: &Recipient, path: &std::path::Path) -> Result<bool, String> {
        let code = if unit.code.is_empty() { &unit.name } else { &unit.code };
        let forms = if self.chosen.is_empty() { self.expected(code) } else { self.chosen.clone() };
        if forms.is_empty() {
            let (name, period) = (&unit.name, self.args.period);
            say::trouble(&self.lang.pick(
                format!("{name}: không có biểu nào phải gửi {}.", period.in_vietnamese()),
                format!("{name}: no form is expected for {period}."),
            ));
            return Ok(false);
        }
        if self.is_filled(path) {
            let path = path.display();
            return Err(self.lang.pick(
                format!("{path} đã có số liệu, không ghi đè; chọn tên khác cho --out hoặc chuyển tệp ấy đi."),
                format!("{path} has figures and is not overwritten; name another --out or move that file."),
            ));
        }
        let fields = |form: &Form, table: &Table| last_lines(self.past, code, form, table, self.args.period);
        let spare = spare_rows(&forms, &fields);
        let blank = Blank {
            catalogue: &self.past.catalogue,
            forms,
            unit: unit.clone(),
            period: self.args.period,
            fields: &fields,
            spare: self.args.rows.unwrap_or(spare).clamp(1, MOST_ROWS),
        };
        write::blank(&blank, path).map_err(|e| e.say(self.lang))?;
        Ok(true)
    }

    /// Whether anything stands there but a form that was sent out and is still empty.
    fn is_filled(&self, path: &std::path::Path) -> bool {
        let Ok(bytes) = std::fs::read(path) else { return false };
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let sent_out = |sheet: &Sheet| sheet.names.iter().any(|(name, _)| name == NAME);
        if !pipeline::open(&bytes, &name).is_some_and(|workbook| workbook.sheets.iter().any(sent_out)) {
            return true;
        }
        let reader = pipeline::Reader::new(self.past.catalogue.clone(), &self.past.units);
        let typed = |e: &Entry| e.state == State::Filled && e.formula.is_none();
        reader.returns(&bytes, &name).iter().any(|ret| ret.entries.iter().any(typed))
    }

    /// The forms that units of its level have sent, or without earlier returns every form in force.
    fn expected(&self, unit: &str) -> Vec<&Form> {
        let in_force = self.past.catalogue.forms.iter().filter(|f| f.in_force(self.args.period));
        let sends = |f: &&Form| {
            let returns = &self.past.returns;
            // A list that offices word themselves is expected of nobody who has not sent it.
            (returns.is_empty() && !f.titled)
                || self.past.units.expected(returns, &f.id, self.args.period).iter().any(|u| **u == *unit)
        };
        in_force.filter(sends).collect()
    }
}

/// A unit of the list by its code, name or alias; without a list, as it is called.
fn recipient(units: &Units, wanted: &str, lang: Lang) -> Result<Recipient, String> {
    if units.list.is_empty() {
        return Ok(Recipient { name: wanted.to_owned(), ..Recipient::default() });
    }
    let called = key(wanted);
    let is_called = |u: &&Unit| {
        let mut names = std::iter::once(&u.name).chain(&u.aliases);
        u.code.eq_ignore_ascii_case(wanted) || names.any(|n| key(n) == called)
    };
    match units.list.iter().find(is_called) {
        Some(unit) => Ok(of_list(units, unit)),
        None => Err(lang.pick(
            format!("Không có đơn vị “{wanted}” trong units.csv; ghi đúng mã hoặc tên như trong danh sách."),
            format!("There is no unit “{wanted}” in units.csv; write its code or name as listed."),
        )),
    }
}

fn of_list(units: &Units, unit: &Unit) -> Recipient {
    Recipient { code: unit.code.to_string(), name: unit.name.clone(), above: above(units, unit).to_owned() }
}

/// Whom a unit reports to: its parent, or the province; empty where the list says neither.
fn above<'a>(units: &'a Units, unit: &'a Unit) -> &'a str {
    let parent = unit.parent.as_deref().map(|p| units.name(p));
    let province = || units.list.iter().find(|u| u.level == "tinh" && u.code != unit.code);
    parent.or_else(|| province().map(|u| u.name.as_str())).unwrap_or_default()
}

fn out_of_force(form: &Form, period: Period, lang: Lang) -> String {
    let day = |d: Option<chrono::NaiveDate>| d.map(|d| d.format("%d/%m/%Y").to_string()).unwrap_or_default();
    let (from, to) = (day(form.valid_from), day(form.valid_to));
    lang.pick(
        format!(
            "Lưu ý: biểu {} áp dụng {from} – {to}, không gồm {}; vẫn lập theo yêu cầu.",
            form.id,
            period.in_vietnamese()
        ),
        format!("Note: form {} is in force {from} – {to}, which leaves out {period}; written all the same.", form.id),
    )
}
