//! A form's consolidated table, and its table by unit, as rows of the report's mark-up.

use std::fmt::Write as _;
use std::sync::Arc;

use super::figures::{Coverage, Place, When, lacking};
use super::functions::{Unknown, find_table};
use super::markup::escape;
use super::number::{Bound, Shared};
use super::{Told, note};
use crate::model::entry::TOTAL;
use crate::model::form::Role;
use crate::model::outcome::Sent;
use crate::model::{Column, Form, Kind, Line, Lines, Table};

const TOTAL_LABEL: &str = "TỔNG CỘNG";

/// The form's tables, or one of them, in the official layout.
pub fn official(shared: &Arc<Shared>, form: &str, table: Option<&str>) -> Result<String, Unknown> {
    let mut out = String::new();
    for (form, table) in chosen(shared, form, table)? {
        title(form, table, &mut out);
        let columns: Vec<&Column> = table.columns.iter().collect();
        widths(&columns, &mut out);
        let paths: Vec<Vec<&str>> = columns.iter().map(|c| c.path.iter().map(String::as_str).collect()).collect();
        header(&paths, &mut out);
        if table.numbered {
            let ids = columns.iter().map(|c| format!("({})", c.id));
            let _ = writeln!(out, "|! {}", ids.collect::<Vec<_>>().join(" | "));
        }
        lines(shared, form, table, &columns, &mut out);
        whose(shared, form, table, &mut out);
    }
    Ok(out)
}

/// One row a unit: the total line of a table of fields of work.
pub fn by_unit(shared: &Arc<Shared>, form: &str, table: Option<&str>) -> Result<String, Unknown> {
    let mut out = String::new();
    for (form, table) in chosen(shared, form, table)? {
        if !matches!(table.lines, Lines::Open { .. }) {
            return Err(Unknown {
                given: form.id.to_string(),
                vi: format!("bang_don_vi chỉ dùng cho biểu theo lĩnh vực; {} thì không phải", form.id),
                en: format!("bang_don_vi is for forms by field of work, which {} is not", form.id),
                known: Vec::new(),
            });
        }
        title(form, table, &mut out);
        let figures: Vec<&Column> = table.figures().collect();
        let mut shape = String::from("|= 5c 26");
        let mut paths = vec![vec!["STT"], vec!["Cơ quan, đơn vị"]];
        for column in &figures {
            shape.push_str(" 9r");
            paths.push(column.path.iter().map(String::as_str).collect());
        }
        let _ = writeln!(out, "{shape}");
        header(&paths, &mut out);
        unit_rows(shared, form, table, &figures, &mut out);
        let total = figures.iter().map(|c| cell(shared, form, table, TOTAL, c));
        let _ = writeln!(out, "|* {TOTAL_LABEL} | < | {}", total.collect::<Vec<_>>().join(" | "));
        whose(shared, form, table, &mut out);
    }
    Ok(out)
}

fn chosen<'a>(shared: &'a Shared, form: &str, table: Option<&str>) -> Result<Vec<(&'a Form, &'a Table)>, Unknown> {
    let catalogue = &shared.figures.catalogue;
    match (table, catalogue.form(form)) {
        (None, Some(found)) => Ok(found.tables.iter().map(|t| (found, t)).collect()),
        _ => find_table(catalogue, form, table).map(|found| vec![found]),
    }
}

fn title(form: &Form, table: &Table, out: &mut String) {
    let title = if table.title.is_empty() { &form.title } else { &table.title };
    let _ = writeln!(out, "@chu-thich {}: {}", escape(&form.code), escape(title));
    if !table.measure.is_empty() {
        let _ = writeln!(out, "@phai *{}*", escape(&table.measure));
    }
}

fn widths(columns: &[&Column], out: &mut String) {
    out.push_str("|=");
    for column in columns {
        out.push_str(match column.role {
            Role::Ordinal => " 6c",
            Role::Label => " 26",
            Role::Measure => " 12c",
            Role::Figure => " 9r",
            Role::Note => " 9",
        });
    }
    out.push('\n');
}

/// Captions from group to own, merged where they repeat to the right or end early.
fn header(paths: &[Vec<&str>], out: &mut String) {
    let depth = paths.iter().map(Vec::len).max().unwrap_or(1);
    for level in 0..depth {
        let cells = paths.iter().enumerate().map(|(i, path)| {
            let left = i.checked_sub(1).map(|j| &paths[j]);
            let shared = left.is_some_and(|l| level < path.len() && level < l.len() && l[..=level] == path[..=level]);
            match path.get(level) {
                Some(_) if shared => "<".to_owned(),
                Some(text) => escape(text),
                None => "^".to_owned(),
            }
        });
        let _ = writeln!(out, "|! {}", cells.collect::<Vec<_>>().join(" | "));
    }
}

fn lines(shared: &Arc<Shared>, form: &Form, table: &Table, columns: &[&Column], out: &mut String) {
    match &table.lines {
        Lines::Fixed(lines) => {
            for line in lines {
                let cells = columns.iter().map(|c| match c.role {
                    Role::Ordinal => line.code.to_string(),
                    Role::Label => escape(&line.label),
                    Role::Measure => escape(&line.measure),
                    Role::Note => String::new(),
                    Role::Figure => indicator(shared, form, table, line, c),
                });
                let mark = if line.kind == Kind::Heading { "|*" } else { "|" };
                let _ = writeln!(out, "{mark} {}", cells.collect::<Vec<_>>().join(" | "));
            }
        }
        Lines::Open { total } => {
            let fields = shared.figures.lines(&form.id, &table.id, When::Now);
            for (i, field) in fields.iter().enumerate() {
                let cells = columns.iter().map(|c| match c.role {
                    Role::Ordinal => (i + 1).to_string(),
                    Role::Label => escape(field),
                    Role::Figure => cell(shared, form, table, field, c),
                    Role::Measure | Role::Note => String::new(),
                });
                let _ = writeln!(out, "| {}", cells.collect::<Vec<_>>().join(" | "));
            }
            if *total {
                let cells = columns.iter().enumerate().map(|(i, c)| match c.role {
                    Role::Figure => cell(shared, form, table, TOTAL, c),
                    _ if i == 0 => TOTAL_LABEL.to_owned(),
                    _ if c.role == Role::Label => "<".to_owned(),
                    _ => String::new(),
                });
                let _ = writeln!(out, "|* {}", cells.collect::<Vec<_>>().join(" | "));
            }
        }
    }
}

/// An indicator's figure; the answers of several units are counted, and percentages without parts stay with the units.
fn indicator(shared: &Arc<Shared>, form: &Form, table: &Table, line: &Line, column: &Column) -> String {
    let figures = &shared.figures;
    match line.kind {
        Kind::Heading | Kind::Text => String::new(),
        Kind::Code if figures.alone.is_none() => {
            let answers = line.codes.iter().map(|(code, meaning)| {
                let column = format!("={code}");
                let place = at(form, table, &line.code, &column);
                let many = Bound::figure(shared, &place, When::Now);
                format!("{}: {} đơn vị", escape(meaning), many.unlisted())
            });
            answers.collect::<Vec<_>>().join("; ")
        }
        Kind::Percent if figures.alone.is_none() => "(từng đơn vị)".to_owned(),
        _ => cell(shared, form, table, &line.code, column),
    }
}

fn cell(shared: &Arc<Shared>, form: &Form, table: &Table, line: &str, column: &Column) -> String {
    let place = at(form, table, line, &column.id);
    let number = Bound::figure(shared, &place, When::Now);
    if number.value.is_some() { number.unlisted() } else { "-".to_owned() }
}

fn at(form: &Form, table: &Table, line: &str, column: &str) -> Place {
    Place { form: form.id.clone(), table: table.id.clone(), line: line.into(), column: column.into() }
}

fn unit_rows(shared: &Arc<Shared>, form: &Form, table: &Table, columns: &[&Column], out: &mut String) {
    let figures = &shared.figures;
    let of_columns: Vec<_> = columns
        .iter()
        .map(|c| {
            let place = at(form, table, TOTAL, &c.id);
            let units = figures.of_units(&place, When::Now);
            (place, units)
        })
        .collect();
    for (i, unit) in figures.expected(&form.id, When::Now).iter().enumerate() {
        let name = escape(figures.units.name(unit));
        let cells: Vec<String> = if figures.sent(&form.id, unit) {
            of_columns
                .iter()
                .map(|(place, units)| {
                    units
                        .iter()
                        .find(|u| u.unit == *unit)
                        .map_or_else(|| "-".to_owned(), |of| Bound::of_unit(shared, place, of).unlisted())
                })
                .collect()
        } else {
            let rest = columns.len().saturating_sub(1);
            let why = format!("*{}*", escape(&not_sent(&figures.sending(&form.id, unit, When::Now))));
            std::iter::once(why).chain(std::iter::repeat_n("<".to_owned(), rest)).collect()
        };
        let _ = writeln!(out, "| {} | {name} | {}", i + 1, cells.join(" | "));
    }
}

/// Why a unit's row has no figures.
fn not_sent(sent: &Sent) -> String {
    match sent {
        Sent::Partly(missing) => format!("mới gửi một phần của kỳ ({})", lacking(missing)),
        Sent::Empty => "gửi biểu trống".to_owned(),
        Sent::Unreadable(_) => "gửi tệp không đọc được".to_owned(),
        Sent::Undecided => "gửi nhiều bản khác nhau, chưa rõ bản nào".to_owned(),
        Sent::Missing | Sent::NotExpected | Sent::Whole => "chưa gửi báo cáo".to_owned(),
    }
}

/// Below the table: from how many units it is.
fn whose(shared: &Arc<Shared>, form: &Form, table: &Table, out: &mut String) {
    let figures = &shared.figures;
    if figures.alone.is_some() {
        return;
    }
    let expected = figures.expected(&form.id, When::Now);
    let reported = expected.iter().filter(|unit| figures.sent(&form.id, unit)).count();
    if reported == expected.len() {
        return;
    }
    let coverage = Coverage {
        place: at(form, table, "", ""),
        when: When::Now,
        reported: reported as u32,
        expected: expected.len() as u32,
        blank: Vec::new(),
        owing: figures.owing(&form.id, When::Now),
    };
    let note = note(&coverage, shared, &mut Told::default());
    let _ = writeln!(out, "@ghi-chu Bảng {note}.");
}
