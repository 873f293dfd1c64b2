//! A column's values into a chunk of a Parquet file: each value once, in a dictionary, and its number for every row.
//!
//! The crate's own column writer takes every value of every row by itself and looks it up again; here the rows come with
//! the number of their value, and a value that a whole return shares is one run.

use std::hash::Hash;
use std::io::Write;

use bytes::Bytes;
use foldhash::HashMap;
use parquet::basic::{Compression, Encoding, EncodingMask};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, SerializedRowGroupWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use smol_str::SmolStr;

use super::runs::{Runs, bits};

/// Least and greatest values longer than this are not told.
const LONGEST_BOUND: usize = 64;

/// What a column's values can be.
pub(super) trait Value: Hash + Eq + Ord {
    /// Its bytes in a dictionary.
    fn plain(&self, to: &mut Vec<u8>);
    fn bounds(least: Option<&Self>, most: Option<&Self>, nulls: u64) -> Statistics;
}

impl Value for SmolStr {
    fn plain(&self, to: &mut Vec<u8>) {
        to.extend((self.len() as u32).to_le_bytes());
        to.extend(self.as_bytes());
    }

    fn bounds(least: Option<&Self>, most: Option<&Self>, nulls: u64) -> Statistics {
        let short = |text: &&Self| text.len() <= LONGEST_BOUND;
        let bound = |text: Option<&Self>| text.filter(short).map(|t| ByteArray::from(t.as_str()));
        Statistics::byte_array(bound(least), bound(most), None, Some(nulls), false)
    }
}

impl Value for i64 {
    fn plain(&self, to: &mut Vec<u8>) {
        to.extend(self.to_le_bytes());
    }

    fn bounds(least: Option<&Self>, most: Option<&Self>, nulls: u64) -> Statistics {
        Statistics::int64(least.copied(), most.copied(), None, Some(nulls), false)
    }
}

impl Value for i32 {
    fn plain(&self, to: &mut Vec<u8>) {
        to.extend(self.to_le_bytes());
    }

    fn bounds(least: Option<&Self>, most: Option<&Self>, nulls: u64) -> Statistics {
        Statistics::int32(least.copied(), most.copied(), None, Some(nulls), false)
    }
}

/// A column of a row group while it is filled.
#[derive(Debug)]
pub(super) struct Column<V> {
    numbers: HashMap<V, u32>,
    /// The values in the order of their numbers, as a dictionary page has them.
    dictionary: Vec<u8>,
    rows: Runs,
    /// For each row whether there is a value, where some have none.
    present: Runs,
}

impl<V> Default for Column<V> {
    fn default() -> Self {
        Self { numbers: HashMap::default(), dictionary: Vec::new(), rows: Runs::default(), present: Runs::default() }
    }
}

impl Column<SmolStr> {
    /// The number of a text.
    pub(super) fn text(&mut self, text: &str) -> u32 {
        match self.numbers.get(text) {
            Some(known) => *known,
            None => self.number(text.into()),
        }
    }
}

impl<V: Value> Column<V> {
    /// The number of a value.
    pub(super) fn number(&mut self, value: V) -> u32 {
        let next = self.numbers.len() as u32;
        match self.numbers.entry(value) {
            std::collections::hash_map::Entry::Occupied(known) => *known.get(),
            std::collections::hash_map::Entry::Vacant(new) => {
                new.key().plain(&mut self.dictionary);
                *new.insert(next)
            }
        }
    }

    /// So many rows with the value of this number, of a column in which every row has one.
    pub(super) fn push(&mut self, number: u32, times: u32) {
        self.rows.push(number, times);
    }

    /// A row with a value, of a column in which some have none.
    pub(super) fn push_some(&mut self, number: u32) {
        self.rows.push(number, 1);
        self.present.push(1, 1);
    }

    /// A row without one.
    pub(super) fn push_none(&mut self) {
        self.present.push(0, 1);
    }

    /// Bytes its dictionary takes.
    pub(super) fn size(&self) -> usize {
        self.dictionary.len()
    }

    /// Writes it as the row group's next column, and begins anew.
    pub(super) fn write<W: Write + Send>(
        &mut self,
        of: &ColumnDescPtr,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let optional = of.max_def_level() > 0;
        let rows = if optional { self.present.len } else { self.rows.len };
        let values = self.numbers.len() as u32;
        let mut sink = TrackedWrite::new(Vec::new());
        let mut pages = SerializedPageWriter::new(&mut sink);
        let dictionary = pages.write_page(compressed(&self.dictionary, |buf| Page::DictionaryPage {
            buf,
            num_values: values,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        })?)?;
        let numbered = pages.write_page(compressed(&self.numbered(of), |buf| Page::DataPage {
            buf,
            num_values: rows,
            encoding: Encoding::RLE_DICTIONARY,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        })?)?;
        pages.close()?;
        let bytes = Bytes::from(sink.into_inner()?);
        let (least, most) = (self.numbers.keys().min(), self.numbers.keys().max());
        let nulls = u64::from(rows - self.rows.len);
        let encodings = [Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY];
        let size = dictionary.uncompressed_size + numbered.uncompressed_size;
        let metadata = ColumnChunkMetaData::builder(of.clone())
            .set_compression(Compression::SNAPPY)
            .set_encodings_mask(EncodingMask::new_from_encodings(encodings.iter()))
            .set_total_compressed_size(bytes.len() as i64)
            .set_total_uncompressed_size(size as i64)
            .set_num_values(rows.into())
            .set_dictionary_page_offset(Some(dictionary.offset as i64))
            .set_data_page_offset(numbered.offset as i64)
            .set_statistics(V::bounds(least, most, nulls))
            .build()?;
        let close = ColumnCloseResult {
            bytes_written: bytes.len() as u64,
            rows_written: rows.into(),
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        self.clear();
        group.append_column(&bytes, close)
    }

    fn clear(&mut self) {
        self.numbers.clear();
        self.dictionary.clear();
        self.rows.clear();
        self.present.clear();
    }

    /// The data page: which rows have a value, where some may not, then the values' numbers.
    fn numbered(&self, of: &ColumnDescPtr) -> Vec<u8> {
        let mut page = Vec::new();
        if of.max_def_level() > 0 {
            let present = self.present.packed(1);
            page.extend((present.len() as u32).to_le_bytes());
            page.extend(present);
        }
        let bits = bits((self.numbers.len() as u32).saturating_sub(1));
        page.push(bits);
        page.extend(self.rows.packed(bits));
        page
    }
}

fn compressed(plain: &[u8], page: impl FnOnce(Bytes) -> Page) -> Result<CompressedPage, ParquetError> {
    let small = snap::raw::Encoder::new().compress_vec(plain).map_err(|e| ParquetError::External(Box::new(e)))?;
    Ok(CompressedPage::new(page(small.into()), plain.len()))
}
