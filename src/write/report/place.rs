//! The arguments by which a template names a figure, into its place; what the catalogue doesn't have is refused.

use super::figures::Place;
use crate::model::entry::TOTAL;
use crate::model::{Catalogue, Form, Lines, Table};

/// A name that the catalogue doesn't have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub given: String,
    pub vi: String,
    pub en: String,
    /// The names that would do.
    pub known: Vec<String>,
}

/// The form of this id.
pub fn form<'a>(catalogue: &'a Catalogue, id: &str) -> Result<&'a Form, Wrong> {
    catalogue.form(id).ok_or_else(|| Wrong {
        given: id.to_owned(),
        vi: format!("không có biểu “{id}” trong danh mục"),
        en: format!("there is no form “{id}” in the catalogue"),
        known: catalogue.forms.iter().map(|f| f.id.to_string()).collect(),
    })
}

/// The form, and the table of this name; where none is named, the only one.
pub fn table<'a>(catalogue: &'a Catalogue, form: &str, table: Option<&str>) -> Result<(&'a Form, &'a Table), Wrong> {
    let found = self::form(catalogue, form)?;
    let mut tables = found.tables.iter();
    let wanted = match table {
        Some(id) => tables.find(|t| &*t.id == id),
        None if found.tables.len() == 1 => tables.next(),
        None => None,
    };
    wanted.map(|t| (found, t)).ok_or_else(|| Wrong {
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
pub fn place(
    catalogue: &Catalogue,
    form: &str,
    table_id: Option<&str>,
    line: Option<&str>,
    column: Option<&str>,
) -> Result<Place, Wrong> {
    let (found, table) = table(catalogue, form, table_id)?;
    let (line, column) = match &table.lines {
        Lines::Open { .. } => (line.unwrap_or(TOTAL), column),
        Lines::Fixed(_) => (line.unwrap_or_default(), Some(column.unwrap_or("value"))),
    };
    if let Lines::Fixed(lines) = &table.lines
        && table.line(line).is_none()
    {
        return Err(Wrong {
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
        return Err(Wrong {
            given: column.to_owned(),
            vi: format!("biểu {form} không có cột số liệu “{column}”"),
            en: format!("form {form} has no column of figures “{column}”"),
            known,
        });
    }
    Ok(Place { form: found.id.clone(), table: table.id.clone(), line: line.into(), column: column.into() })
}
