//! Excel's XML of 2002 and 2003 (`<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`), as old portals
//! export it, into a `Workbook`.

mod formula;
mod table;

use std::collections::HashMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::collect::Collector;
use super::limits::{Budget, Limit, SHARED, SHEETS};
use super::looks::{self, Look};
use super::refusal::Refusal;
use crate::model::Workbook;
use crate::package::xml;
use table::Table;

/// What a text must hold near its start to be such a workbook.
pub(super) fn is(head: &str) -> bool {
    head.contains("urn:schemas-microsoft-com:office:spreadsheet")
        && (head.contains("<workbook") || head.contains(":workbook"))
}

pub(super) fn read(text: &str) -> Result<Workbook, Refusal> {
    let mut reader = xml::reader(text);
    let mut budget = Budget::default();
    let mut looks = HashMap::new();
    let mut workbook = Workbook::default();
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Start(e) => match xml::local(&e) {
                "Styles" => looks = styles(&mut reader)?,
                "Worksheet" => {
                    let name = xml::attribute(&e, "Name").unwrap_or_default();
                    let sheet = Collector::new(&name, false, &mut budget);
                    let table = Table::new(&mut reader, &looks, sheet);
                    workbook.sheets.push(table.read()?);
                    if workbook.sheets.len() > SHEETS {
                        return Err(Refusal::TooLarge(Limit::Sheets));
                    }
                }
                _ => {}
            },
            Event::End(e) if e.local_name().into_inner() == "Workbook" => return Ok(workbook),
            Event::Eof => return Err(Refusal::Truncated),
            _ => {}
        }
    }
}

/// The looks of the cells by the ids of their styles; the one called Default stands where none is named.
fn styles(reader: &mut Reader<&[u8]>) -> Result<HashMap<String, Look>, Refusal> {
    let mut found: HashMap<String, Look> = HashMap::new();
    let (mut id, mut format, mut font) = (String::new(), None, None);
    loop {
        let event = reader.read_event().map_err(broken)?;
        match event {
            Event::Start(e) | Event::Empty(e) => match xml::local(&e) {
                "Style" => {
                    id = xml::attribute(&e, "ID").unwrap_or_default().into_owned();
                    let parent = xml::attribute(&e, "Parent");
                    let parent = found.get(parent.as_deref().unwrap_or("Default"));
                    let parent = parent.and_then(|p| p.look.as_deref());
                    (format, font) = parent.map_or((None, None), |p| (p.format.clone(), p.font.clone()));
                    keep(&mut found, &id, &format, &font);
                }
                "NumberFormat" => {
                    format = xml::attribute(&e, "Format").map(|f| looks::named(&f).into());
                    keep(&mut found, &id, &format, &font);
                }
                "Font" => {
                    font = xml::attribute(&e, "FontName").map(|f| f.as_ref().into()).or(font);
                    keep(&mut found, &id, &format, &font);
                }
                _ => {}
            },
            Event::End(e) if e.local_name().into_inner() == "Styles" => return Ok(found),
            Event::Eof => return Err(Refusal::Truncated),
            _ => {}
        }
        if found.len() > SHARED {
            return Err(Refusal::TooLarge(Limit::Text));
        }
    }
}

fn keep(found: &mut HashMap<String, Look>, id: &str, format: &Option<Arc<str>>, font: &Option<Arc<str>>) {
    found.insert(id.to_owned(), Look::new(format.as_deref(), font.as_deref(), false));
}

/// A tag that never ends is where the file does.
fn broken(error: quick_xml::Error) -> Refusal {
    match error {
        quick_xml::Error::Syntax(_) => Refusal::Truncated,
        other => xml::broken("XML")(other).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Area, Content};

    const BOOK: &str = r#"<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
        <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40">
        <Styles><Style ss:ID="Default" ss:Name="Normal"><Font ss:FontName=".VnTime"/></Style>
        <Style ss:ID="s1"><NumberFormat ss:Format="Percent"/></Style></Styles>
        <Worksheet ss:Name="Bi&#7875;u 1"><Table><Column ss:Index="3" ss:Hidden="1" ss:Span="1"/>
        <Row><Cell ss:MergeAcross="1" ss:MergeDown="1"><Data ss:Type="String">S&#232; &amp; t&#234;n</Data><Comment><Data>cũ</Data></Comment></Cell><Cell ss:StyleID="s1"><Data ss:Type="Number">0.6757</Data></Cell></Row>
        <Row><Cell><Data ss:Type="String">x</Data></Cell></Row>
        <Row ss:Index="4"><Cell ss:Index="2"><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>08</B> h<Font>s</Font></ss:Data></Cell><Cell ss:Formula="=SUM(R[-3]C:R[-1]C)+R1C1+ROUND(RC[-1],0)"><Data ss:Type="Number">7</Data></Cell><Cell/><Cell><Data ss:Type="DateTime">2023-03-15T00:00:00.000</Data></Cell></Row>
        </Table><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>"#;

    #[test]
    fn an_export_of_2003_gives_everything_about_its_cells() {
        let workbook = crate::read::read(BOOK.as_bytes(), "a.xls").unwrap();
        let sheet = &workbook.sheets[0];
        assert_eq!((sheet.name.as_str(), sheet.hidden), ("Biểu 1", true));
        let shown: Vec<_> = sheet.cells.iter().map(|c| (c.row, c.column, c.content.clone())).collect();
        let expected = [
            (0, 0, Content::Text("Sè & tên".into())),
            (0, 2, Content::Number(0.6757)),
            (1, 2, Content::Text("x".into())),
            (3, 1, Content::Text("08 hs".into())),
            (3, 2, Content::Number(7.0)),
            (3, 4, Content::Date(45000.0)),
        ];
        assert_eq!(shown, expected);
        assert_eq!(sheet.cells[1].format(), Some("0.00%"));
        assert_eq!(sheet.cells[0].font(), Some(".VnTime"));
        assert_eq!(sheet.cells[4].formula.as_deref(), Some("SUM(C1:C3)+A1+ROUND(B4,0)"));
        assert_eq!(sheet.merged[..], [Area { top: 0, left: 0, bottom: 1, right: 1 }]);
        assert_eq!(sheet.hidden_columns, [2, 3]);
    }

    #[test]
    fn an_export_broken_off_is_named() {
        let cut = &BOOK[..BOOK.len() - 200];
        assert_eq!(crate::read::read(cut.as_bytes(), "a.xml").unwrap_err(), Refusal::Truncated);
    }
}
