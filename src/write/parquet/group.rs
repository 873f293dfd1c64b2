//! Returns into a row group: the columns of their entries.

use std::io::Write;
use std::sync::Arc;

use foldhash::HashMap;
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedFileWriter;
use smol_str::SmolStr;

use super::Columns;
use super::column::Column;
use crate::model::entry::TOTAL;
use crate::model::wire::Places;
use crate::model::{Address, Entry, Part, Return};
use crate::normalise::text::key;
use crate::write::entries::{counted, line};

/// Rows held in memory at a time.
const ROWS: u32 = 100_000;
/// Bytes of different texts held at a time.
const TEXT_BYTES: usize = 64 << 20;

#[derive(Default)]
pub(super) struct Group {
    columns: Columns,
    rows: u32,
    form: Column<SmolStr>,
    table: Column<SmolStr>,
    unit: Column<SmolStr>,
    period: Column<SmolStr>,
    line: Names,
    line_key: Column<SmolStr>,
    /// The number of each line's key, by the line's number.
    keys: Vec<u32>,
    column: Names,
    value: Column<i64>,
    scale: Column<i32>,
    last_scale: Option<(u8, u32)>,
    text: Column<SmolStr>,
    state: Column<SmolStr>,
    /// The number of each state met.
    states: [Option<u32>; 4],
    file: Column<SmolStr>,
    sheet: Column<SmolStr>,
    cell: Column<SmolStr>,
    cells: HashMap<Address, u32>,
}

impl Group {
    pub(super) fn new(columns: Columns) -> Self {
        Self { columns, ..Self::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows >= ROWS || self.text.size() >= TEXT_BYTES
    }

    pub(super) fn add(&mut self, ret: &Return) {
        let mut rows = 0;
        for (_, entry) in counted(ret) {
            rows += 1;
            let at = match entry.part {
                Part::Total => self.line.column.text(TOTAL),
                Part::Line | Part::Section | Part::Subtotal => self.line.of(&entry.line),
            };
            self.line.column.push(at, 1);
            if self.columns == Columns::OfPart {
                let key = self.key(at, entry);
                self.line_key.push(key, 1);
            }
            let at = self.column.of(&entry.column);
            self.column.column.push(at, 1);
            match entry.value {
                Some(figure) => {
                    let units = self.value.number(figure.units);
                    self.value.push_some(units);
                    let scale = match self.last_scale {
                        Some((last, number)) if last == figure.scale => number,
                        _ => self.scale.number(figure.scale.into()),
                    };
                    self.last_scale = Some((figure.scale, scale));
                    self.scale.push_some(scale);
                }
                None => {
                    self.value.push_none();
                    self.scale.push_none();
                }
            }
            let at = self.text.text(&entry.text);
            self.text.push(at, 1);
            let state = &mut self.states[entry.state as usize];
            let at = *state.get_or_insert_with(|| self.state.text(entry.state.name()));
            self.state.push(at, 1);
            let at = match self.cells.get(&entry.cell) {
                Some(known) => *known,
                None => {
                    let new = self.cell.text(&entry.cell.to_string());
                    *self.cells.entry(entry.cell).or_insert(new)
                }
            };
            self.cell.push(at, 1);
        }
        let period = ret.period.to_string();
        for (column, text) in [
            (&mut self.form, &*ret.form),
            (&mut self.table, &ret.table),
            (&mut self.unit, &ret.unit),
            (&mut self.period, &period),
            (&mut self.file, &ret.file),
            (&mut self.sheet, &ret.sheet),
        ] {
            let at = column.text(text);
            column.push(at, rows);
        }
        self.rows += rows;
    }

    /// The number of the key of an entry's line.
    fn key(&mut self, number: u32, entry: &Entry) -> u32 {
        if let Some(known) = self.keys.get(number as usize) {
            return *known;
        }
        // Lines are numbered as they are met: this is the next.
        let new = self.line_key.text(&key(line(entry)));
        self.keys.push(new);
        new
    }

    /// Writes the rows, and begins anew.
    pub(super) fn write<W: Write + Send>(&mut self, writer: &mut SerializedFileWriter<W>) -> Result<(), ParquetError> {
        let schema = writer.schema_descr().columns().to_vec();
        let mut group = writer.next_row_group()?;
        let mut next = schema.iter();
        let mut of = || next.next().ok_or_else(|| ParquetError::EOF(String::new()));
        let all = self.columns == Columns::All;
        if all {
            self.form.write(of()?, &mut group)?;
        }
        self.table.write(of()?, &mut group)?;
        self.unit.write(of()?, &mut group)?;
        if all {
            self.period.write(of()?, &mut group)?;
        }
        self.line.column.write(of()?, &mut group)?;
        if !all {
            self.line_key.write(of()?, &mut group)?;
        }
        self.column.column.write(of()?, &mut group)?;
        self.value.write(of()?, &mut group)?;
        self.scale.write(of()?, &mut group)?;
        self.text.write(of()?, &mut group)?;
        self.state.write(of()?, &mut group)?;
        self.file.write(of()?, &mut group)?;
        self.sheet.write(of()?, &mut group)?;
        self.cell.write(of()?, &mut group)?;
        group.close()?;
        self.rows = 0;
        self.keys.clear();
        self.cells.clear();
        self.line.places.clear();
        self.column.places.clear();
        (self.states, self.last_scale) = Default::default();
        Ok(())
    }
}

/// A column of names that returns share.
#[derive(Default)]
struct Names {
    column: Column<SmolStr>,
    places: Places,
}

impl Names {
    /// The number of a name.
    fn of(&mut self, name: &Arc<str>) -> u32 {
        let column = &mut self.column;
        self.places.number(name, || column.text(name))
    }
}
