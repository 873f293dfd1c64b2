//! Turns a document of paragraphs and tables into a Word file (.docx), laid out as Nghị định 30/2020/NĐ-CP wants it.
//!
//! ```text
//! let mut document = Document::new("Báo cáo", date);
//! document.portrait(vec![letterhead(&head).into(), Paragraph::body("Đơn vị đã gửi ").bold("08").into()]);
//! let bytes = document.bytes()?;
//! ```

mod table;
#[cfg(test)]
#[path = "../../../tests/unit/write_docx.rs"]
mod tests;
mod text;

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use chrono::NaiveDate;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::style::FONT;
pub use table::{Cell, Merge, Row, Table};
pub use text::{Align, Closing, Inline, Letterhead, Paragraph, Run, Style, closing, letterhead, title};

/// A whole document: sections one after another, each on its own kind of page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The title and the author among the file's properties; nothing of them is printed.
    pub title: String,
    pub author: String,
    /// The date the file says it was made.
    pub date: NaiveDate,
    pub sections: Vec<Section>,
}

/// Pages of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub page: Page,
    pub blocks: Vec<Block>,
}

/// A4 with the margins of Nghị định 30/2020/NĐ-CP, Phụ lục I: 20 mm above and below, 30 left, 20 right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Portrait,
    Landscape,
}

/// What follows one below another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Paragraph(Paragraph),
    Table(Table),
}

impl Document {
    pub fn new(title: &str, date: NaiveDate) -> Self {
        Self { title: title.to_owned(), author: String::new(), date, sections: Vec::new() }
    }

    /// Goes on with upright pages.
    pub fn portrait(&mut self, blocks: Vec<Block>) {
        self.sections.push(Section { page: Page::Portrait, blocks });
    }

    /// Goes on with pages lying on their side, for wide tables.
    pub fn landscape(&mut self, blocks: Vec<Block>) {
        self.sections.push(Section { page: Page::Landscape, blocks });
    }

    /// The file. The same document gives the same bytes.
    ///
    /// # Errors
    /// What the zip format cannot hold (over 4 GB).
    pub fn bytes(&self) -> Result<Vec<u8>, zip::result::ZipError> {
        package(self)
    }
}

impl Page {
    /// Width and height, in twentieths of a point as Word counts.
    const fn size(self) -> (u32, u32) {
        match self {
            Self::Portrait => (11906, 16838),
            Self::Landscape => (16838, 11906),
        }
    }

    /// How wide text and tables may be.
    pub const fn width(self) -> u32 {
        self.size().0 - LEFT - RIGHT
    }
}

const TOP: u32 = mm(20);
const BOTTOM: u32 = mm(20);
const LEFT: u32 = mm(30);
const RIGHT: u32 = mm(20);
/// Where the page number stands: in the middle of the upper margin.
const NUMBER: u32 = mm(10);

/// Millimetres in twentieths of a point.
pub const fn mm(millimetres: u32) -> u32 {
    (millimetres * 7200 + 63) / 127
}

impl From<Paragraph> for Block {
    fn from(paragraph: Paragraph) -> Self {
        Self::Paragraph(paragraph)
    }
}

impl From<Table> for Block {
    fn from(table: Table) -> Self {
        Self::Table(table)
    }
}

/// Text as XML holds it; characters that XML 1.0 has no place for are dropped.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

fn package(document: &Document) -> Result<Vec<u8>, ZipError> {
    let options = SimpleFileOptions::default()
        .system(zip::System::Unix)
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts(document) {
        zip.start_file(name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

fn parts(document: &Document) -> [(&'static str, String); 9] {
    [
        ("[Content_Types].xml", content_types()),
        ("_rels/.rels", package_relations()),
        ("docProps/core.xml", core(document)),
        (
            "docProps/app.xml",
            format!(
                "{DECLARATION}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Application>tonghop</Application></Properties>"
            ),
        ),
        ("word/document.xml", body(document)),
        ("word/_rels/document.xml.rels", document_relations()),
        ("word/styles.xml", styles()),
        (
            "word/settings.xml",
            format!(
                "{DECLARATION}<w:settings xmlns:w=\"{MAIN}\"><w:zoom w:percent=\"100\"/><w:defaultTabStop w:val=\"720\"/><w:characterSpacingControl w:val=\"doNotCompress\"/><w:compat><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>"
            ),
        ),
        (
            "word/header1.xml",
            format!(
                "{DECLARATION}<w:hdr xmlns:w=\"{MAIN}\"><w:p><w:pPr><w:pStyle w:val=\"Normal\"/><w:jc w:val=\"center\"/></w:pPr><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>2</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p></w:hdr>"
            ),
        ),
    ]
}

fn body(document: &Document) -> String {
    let mut out = format!("{DECLARATION}<w:document xmlns:w=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><w:body>");
    let mut ids = 0;
    let last = document.sections.len().saturating_sub(1);
    for (i, section) in document.sections.iter().enumerate() {
        let setup = page(section.page, i == 0);
        let ends = (i < last).then_some(setup.as_str());
        for (j, block) in section.blocks.iter().enumerate() {
            let next = section.blocks.get(j + 1);
            match block {
                Block::Paragraph(paragraph) => {
                    paragraph.xml(&mut out, &mut ids, ends.filter(|_| next.is_none()));
                }
                Block::Table(table) => {
                    table.xml(&mut out, &mut ids);
                    match next {
                        Some(Block::Paragraph(_)) => {}
                        // Two tables with nothing between them would become one.
                        Some(Block::Table(_)) => small(&mut out, None),
                        None => small(&mut out, ends),
                    }
                }
            }
        }
        if i == last {
            out.push_str(&setup);
        } else if section.blocks.is_empty() {
            small(&mut out, ends);
        }
    }
    out.push_str("</w:body></w:document>");
    out
}

/// A paragraph that only ends a section or parts two tables, and takes a point's height.
fn small(out: &mut String, section: Option<&str>) {
    let _ = write!(
        out,
        "<w:p><w:pPr><w:pStyle w:val=\"Normal\"/><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" w:lineRule=\"exact\"/>{}</w:pPr></w:p>",
        section.unwrap_or_default()
    );
}

/// In the order of the schema (CT_SectPr). The first page of a paper bears no number.
fn page(page: Page, first: bool) -> String {
    let (width, height) = page.size();
    let mut out = String::from("<w:sectPr>");
    let _ = write!(out, "<w:headerReference w:type=\"default\" r:id=\"rId3\"/>");
    let _ = write!(
        out,
        "<w:type w:val=\"nextPage\"/><w:pgSz w:w=\"{width}\" w:h=\"{height}\"{}/>\
         <w:pgMar w:top=\"{TOP}\" w:right=\"{RIGHT}\" w:bottom=\"{BOTTOM}\" w:left=\"{LEFT}\" w:header=\"{NUMBER}\" w:footer=\"{NUMBER}\" w:gutter=\"0\"/>",
        if page == Page::Landscape { " w:orient=\"landscape\"" } else { "" }
    );
    if first {
        out.push_str("<w:titlePg/>");
    }
    out.push_str("</w:sectPr>");
    out
}

fn core(document: &Document) -> String {
    let date = document.date.format("%Y-%m-%dT00:00:00Z");
    format!(
        "{DECLARATION}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <dc:title>{}</dc:title><dc:creator>{}</dc:creator><dc:language>vi-VN</dc:language>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{date}</dcterms:created><dcterms:modified xsi:type=\"dcterms:W3CDTF\">{date}</dcterms:modified></cp:coreProperties>",
        escape(&document.title),
        escape(&document.author)
    )
}

fn content_types() -> String {
    let mut out = format!(
        "{DECLARATION}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    );
    for (part, kind) in [
        ("/word/document.xml", format!("{TYPE}.document.main+xml")),
        ("/word/styles.xml", format!("{TYPE}.styles+xml")),
        ("/word/settings.xml", format!("{TYPE}.settings+xml")),
        ("/word/header1.xml", format!("{TYPE}.header+xml")),
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml".to_owned()),
        ("/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml".to_owned()),
    ] {
        let _ = write!(out, "<Override PartName=\"{part}\" ContentType=\"{kind}\"/>");
    }
    out.push_str("</Types>");
    out
}

fn package_relations() -> String {
    relations(&[
        (format!("{OFFICE}/officeDocument"), "word/document.xml"),
        (format!("{PACKAGE}/relationships/metadata/core-properties"), "docProps/core.xml"),
        (format!("{OFFICE}/extended-properties"), "docProps/app.xml"),
    ])
}

fn document_relations() -> String {
    relations(&[
        (format!("{OFFICE}/styles"), "styles.xml"),
        (format!("{OFFICE}/settings"), "settings.xml"),
        (format!("{OFFICE}/header"), "header1.xml"),
    ])
}

fn relations(list: &[(String, &str)]) -> String {
    let mut out = format!("{DECLARATION}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for (i, (kind, target)) in list.iter().enumerate() {
        let _ = write!(out, "<Relationship Id=\"rId{}\" Type=\"{kind}\" Target=\"{target}\"/>", i + 1);
    }
    out.push_str("</Relationships>");
    out
}

impl Style {
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Body => "BodyText",
            Self::Plain => "Normal",
            Self::Title => "Title",
            Self::Heading(1) => "Heading1",
            Self::Heading(2) => "Heading2",
            Self::Heading(_) => "Heading3",
            Self::Cell => "TableText",
            Self::Caption => "Caption",
            Self::Recipients => "Recipients",
        }
    }
}

/// A style's name as Word knows it, its paragraphs' properties and its letters'.
struct Look {
    id: &'static str,
    name: &'static str,
    paragraph: String,
    letters: &'static str,
}

/// styles.xml.
fn styles() -> String {
    let mut out = format!(
        "{}<w:styles xmlns:w=\"{}\"><w:docDefaults><w:rPrDefault><w:rPr>\
         <w:rFonts w:ascii=\"{FONT}\" w:hAnsi=\"{FONT}\" w:eastAsia=\"{FONT}\" w:cs=\"{FONT}\"/>\
         <w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/><w:lang w:val=\"vi-VN\" w:eastAsia=\"vi-VN\" w:bidi=\"ar-SA\"/>\
         </w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>",
        DECLARATION, MAIN
    );
    out.push_str("<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>");
    for look in looks() {
        let _ = write!(
            out,
            "<w:style w:type=\"paragraph\" w:styleId=\"{}\"><w:name w:val=\"{}\"/><w:basedOn w:val=\"Normal\"/><w:qFormat/><w:pPr>{}</w:pPr><w:rPr>{}</w:rPr></w:style>",
            look.id, look.name, look.paragraph, look.letters
        );
    }
    out.push_str("</w:styles>");
    out
}

fn looks() -> [Look; 8] {
    const BOLD: &str = "<w:b/><w:bCs/>";
    let first = mm(127) / 10;
    // Paragraphs stand 6 pt apart, lines single to one and a half (Phụ lục I, phần II).
    let body = format!(
        "<w:spacing w:before=\"120\" w:line=\"264\" w:lineRule=\"auto\"/><w:ind w:firstLine=\"{first}\"/><w:jc w:val=\"both\"/>"
    );
    let heading = |level: u8| {
        format!(
            "<w:keepNext/><w:spacing w:before=\"120\" w:line=\"264\" w:lineRule=\"auto\"/><w:ind w:firstLine=\"{first}\"/><w:jc w:val=\"left\"/><w:outlineLvl w:val=\"{}\"/>",
            level - 1
        )
    };
    let look = |id, name, paragraph: String, letters| Look { id, name, paragraph, letters };
    [
        look("BodyText", "Body Text", body, ""),
        look("Title", "Title", "<w:keepNext/><w:jc w:val=\"center\"/>".to_owned(), BOLD),
        look("Heading1", "heading 1", heading(1), BOLD),
        look("Heading2", "heading 2", heading(2), BOLD),
        look("Heading3", "heading 3", heading(3), ""),
        look(
            "TableText",
            "Table Text",
            "<w:spacing w:before=\"20\" w:after=\"20\"/>".to_owned(),
            "<w:sz w:val=\"24\"/><w:szCs w:val=\"24\"/>",
        ),
        look(
            "Caption",
            "caption",
            "<w:keepNext/><w:spacing w:before=\"120\" w:after=\"60\"/><w:jc w:val=\"center\"/>".to_owned(),
            "<w:b/><w:bCs/><w:sz w:val=\"26\"/><w:szCs w:val=\"26\"/>",
        ),
        look("Recipients", "Recipients", String::new(), "<w:sz w:val=\"22\"/><w:szCs w:val=\"22\"/>"),
    ]
}
