//! A workbook as .xlsb, record by record after [MS-XLSB]: values, number formats, fonts, merged and hidden parts.

use std::io::{Cursor, Write};
use std::sync::Arc;

use tonghop::model::{Content, Sheet, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub fn zipped(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub fn workbook(workbook: &Workbook, _: usize) -> Vec<u8> {
    let mut shared = Shared::default();
    let sheets: Vec<Vec<u8>> = workbook.sheets.iter().map(|s| sheet(s, &mut shared)).collect();
    let names: Vec<String> = (1..=sheets.len()).map(|i| format!("xl/worksheets/sheet{i}.bin")).collect();
    let kind = "application/vnd.ms-excel.";
    let overrides: String =
        names.iter().map(|n| format!("<Override PartName=\"/{n}\" ContentType=\"{kind}worksheet\"/>")).collect();
    let kinds = format!(
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"bin\" ContentType=\"{kind}sheet.binary.macroEnabled.main\"/>{overrides}<Override PartName=\"/xl/styles.bin\" ContentType=\"{kind}styles\"/><Override PartName=\"/xl/sharedStrings.bin\" ContentType=\"{kind}sharedStrings\"/></Types>"
    );
    let home = relations(&[("r1", "officeDocument", "xl/workbook.bin")]);
    let ids: Vec<String> = (1..=sheets.len()).map(|i| format!("rId{i}")).collect();
    let targets: Vec<String> = (1..=sheets.len()).map(|i| format!("worksheets/sheet{i}.bin")).collect();
    let mut own: Vec<(&str, &str, &str)> =
        ids.iter().zip(&targets).map(|(id, t)| (id.as_str(), "worksheet", t.as_str())).collect();
    own.extend([("s", "styles", "styles.bin"), ("t", "sharedStrings", "sharedStrings.bin")]);
    let mut parts = vec![
        ("[Content_Types].xml", kinds.into_bytes()),
        ("_rels/.rels", home),
        ("xl/workbook.bin", contents(workbook, &ids)),
        ("xl/_rels/workbook.bin.rels", relations(&own)),
        ("xl/styles.bin", shared.styles()),
        ("xl/sharedStrings.bin", shared.texts()),
    ];
    parts.extend(names.iter().map(String::as_str).zip(sheets));
    zipped(&parts)
}

fn relations(list: &[(&str, &str, &str)]) -> Vec<u8> {
    let entry = |(id, kind, target): &(&str, &str, &str)| {
        format!(
            "<Relationship Id=\"{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/>"
        )
    };
    let list: String = list.iter().map(entry).collect();
    format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{list}</Relationships>"
    )
    .into_bytes()
}

/// A part under way.
#[derive(Default)]
struct Part(Vec<u8>);

impl Part {
    fn record(&mut self, kind: u16, body: &[u8]) -> &mut Self {
        let (low, high) = ((kind & 0x7F) as u8, (kind >> 7) as u8);
        if high == 0 {
            self.0.push(low);
        } else {
            self.0.extend([low | 0x80, high]);
        }
        let mut length = body.len();
        while length > 0x7F {
            self.0.push((length & 0x7F) as u8 | 0x80);
            length >>= 7;
        }
        self.0.push(length as u8);
        self.0.extend(body);
        self
    }
}

fn longs(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    longs(&[units.len() as u32]).into_iter().chain(units.into_iter().flat_map(u16::to_le_bytes)).collect()
}

fn contents(workbook: &Workbook, ids: &[String]) -> Vec<u8> {
    let mut part = Part::default();
    part.record(0x83, &[]).record(0x8F, &[]);
    for (i, (sheet, id)) in workbook.sheets.iter().zip(ids).enumerate() {
        let head = longs(&[u32::from(sheet.hidden), i as u32 + 1]);
        part.record(0x9C, &[head, wide(id), wide(&sheet.name)].concat());
    }
    part.record(0x90, &[]).record(0x84, &[]);
    part.0
}

/// Texts and looks that the sheets point to.
#[derive(Default)]
struct Shared {
    texts: Vec<Arc<str>>,
    looks: Vec<(Option<Arc<str>>, Option<Arc<str>>)>,
}

fn place<T: PartialEq>(list: &mut Vec<T>, own: T) -> u32 {
    let at = list.iter().position(|known| *known == own).unwrap_or(list.len());
    if at == list.len() {
        list.push(own);
    }
    at as u32
}

impl Shared {
    fn texts(&self) -> Vec<u8> {
        let mut part = Part::default();
        let count = self.texts.len() as u32;
        part.record(0x9F, &longs(&[count, count]));
        for text in &self.texts {
            part.record(0x13, &[vec![0], wide(text)].concat());
        }
        part.record(0xA0, &[]);
        part.0
    }

    /// Every look has a font and a number format of its own; look 0 is the plain one.
    fn styles(&self) -> Vec<u8> {
        let mut part = Part::default();
        let plain = (None, None);
        let looks: Vec<&(Option<Arc<str>>, Option<Arc<str>>)> = std::iter::once(&plain).chain(&self.looks).collect();
        let count = longs(&[looks.len() as u32]);
        part.record(0x0116, &[]).record(0x0267, &count);
        for (i, (_, format)) in looks.iter().enumerate() {
            let number = (164 + i as u16).to_le_bytes().to_vec();
            part.record(0x2C, &[number, wide(format.as_deref().unwrap_or("General"))].concat());
        }
        part.record(0x0268, &[]).record(0x0263, &count);
        for (font, _) in &looks {
            let mut body = vec![220, 0, 0, 0, 0x90, 1, 0, 0, 0, 0, 1, 0];
            body.extend([7, 0, 0, 0, 0, 0, 0, 0xFF, 0]);
            part.record(0x2B, &[body, wide(font.as_deref().unwrap_or("Arial"))].concat());
        }
        part.record(0x0264, &[]).record(0x025B, &longs(&[1])).record(0x2D, &[0; 68]).record(0x025C, &[]);
        part.record(0x0265, &longs(&[1])).record(0x2E, &[0; 51]).record(0x0266, &[]);
        let xf = |parent: u16, format: u16, font: u16| -> Vec<u8> {
            [parent, format, font, 0, 0]
                .into_iter()
                .flat_map(u16::to_le_bytes)
                .chain([0, 0, 0x10, 0x10, 3, 0])
                .collect()
        };
        part.record(0x0272, &longs(&[1])).record(0x2F, &xf(0xFFFF, 0, 0)).record(0x0273, &[]).record(0x0269, &count);
        for i in 0..looks.len() as u16 {
            part.record(0x2F, &xf(0, 164 + i, i));
        }
        part.record(0x026A, &[]).record(0x0117, &[]);
        part.0
    }
}

fn sheet(sheet: &Sheet, shared: &mut Shared) -> Vec<u8> {
    let (rows, columns) = super::shown::size(sheet);
    let mut part = Part::default();
    part.record(0x81, &[]).record(0x94, &longs(&[0, rows.max(1) - 1, 0, columns.max(1) - 1]));
    if !sheet.hidden_columns.is_empty() {
        part.record(0x0186, &[]);
        for column in &sheet.hidden_columns {
            part.record(0x3C, &[longs(&[*column, *column, 0, 0]), vec![1, 0]].concat());
        }
        part.record(0x0187, &[]);
    }
    part.record(0x91, &[]);
    for row in 0..rows {
        let cells = sheet.row(row);
        let hidden = sheet.hidden_rows.contains(&row);
        if cells.is_empty() && !hidden {
            continue;
        }
        let flags = [0, if hidden { 0x10 } else { 0 }, 0];
        part.record(0x00, &[longs(&[row, 0]), 300u16.to_le_bytes().to_vec(), flags.to_vec(), longs(&[0])].concat());
        for cell in cells {
            let look = 1 + place(&mut shared.looks, (cell.font().map(Into::into), cell.format().map(Into::into)));
            let head = longs(&[cell.column, look]);
            let (kind, value) = match &cell.content {
                Content::Number(n) | Content::Date(n) => (5, n.to_le_bytes().to_vec()),
                Content::Text(text) => (7, longs(&[place(&mut shared.texts, text.clone())])),
                Content::Bool(b) => (4, vec![u8::from(*b)]),
                Content::Error(_) => (3, vec![0x17]),
                Content::Empty => (1, Vec::new()),
            };
            part.record(kind, &[head, value].concat());
        }
    }
    part.record(0x92, &[]);
    if !sheet.merged.is_empty() {
        part.record(0xB1, &longs(&[sheet.merged.len() as u32]));
        for area in &sheet.merged {
            part.record(0xB0, &longs(&[area.top, area.bottom, area.left, area.right]));
        }
        part.record(0xB2, &[]);
    }
    part.record(0x82, &[]);
    part.0
}
