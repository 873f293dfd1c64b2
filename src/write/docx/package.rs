//! A document as the parts of an OPC package, zipped without a clock.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{BOTTOM, Block, Document, LEFT, NUMBER, Page, RIGHT, TOP, escape, styles};

pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
pub(super) const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

pub(super) fn bytes(document: &Document) -> Result<Vec<u8>, ZipError> {
    let options = SimpleFileOptions::default()
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
        ("word/styles.xml", styles::xml()),
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
