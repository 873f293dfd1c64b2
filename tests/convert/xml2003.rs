//! A workbook as Excel's XML of 2003.

use std::sync::Arc;

use tonghop::model::{Content, Sheet, Workbook};

use super::shown::{drawn, escaped, size};

pub fn workbook(workbook: &Workbook, _: usize) -> Vec<u8> {
    let mut styles = vec![(None, None)];
    let sheets: String = workbook.sheets.iter().map(|s| sheet(s, &mut styles)).collect();
    let style = |(i, (font, format)): (usize, &(Option<Arc<str>>, Option<Arc<str>>))| {
        let attribute = |name: &str, value: &Option<Arc<str>>| {
            value.as_deref().map_or(String::new(), |v| format!(" ss:{name}=\"{}\"", escaped(v)))
        };
        format!(
            "<Style ss:ID=\"s{i}\"><Font{}/><NumberFormat{}/></Style>",
            attribute("FontName", font),
            attribute("Format", format)
        )
    };
    let styles: String = styles.iter().enumerate().map(style).collect();
    format!("<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\"><Styles>{styles}</Styles>{sheets}</Workbook>").into_bytes()
}

type Style = (Option<Arc<str>>, Option<Arc<str>>);

fn sheet(sheet: &Sheet, styles: &mut Vec<Style>) -> String {
    let (rows, columns) = size(sheet);
    let mut text = format!("<Worksheet ss:Name=\"{}\"><Table>", escaped(&sheet.name));
    for column in &sheet.hidden_columns {
        text.push_str(&format!("<Column ss:Index=\"{}\" ss:Hidden=\"1\"/>", column + 1));
    }
    for row in 0..rows {
        let hidden = if sheet.hidden_rows.contains(&row) { " ss:Hidden=\"1\"" } else { "" };
        text.push_str(&format!("<Row ss:Index=\"{}\"{hidden}>", row + 1));
        for cell in drawn(sheet, row, columns) {
            let Some(own) = cell.cell else { continue };
            let look = (own.font().map(Into::into), own.format().map(Into::into));
            let style = styles.iter().position(|s| *s == look).unwrap_or_else(|| {
                styles.push(look);
                styles.len() - 1
            });
            let (kind, value) = match &own.content {
                Content::Number(n) | Content::Date(n) => ("Number", n.to_string()),
                Content::Bool(b) => ("Boolean", u8::from(*b).to_string()),
                Content::Error(e) => ("Error", escaped(e)),
                Content::Text(t) => ("String", escaped(t).replace('\n', "&#10;")),
                Content::Empty => ("String", String::new()),
            };
            text.push_str(&format!(
                "<Cell ss:Index=\"{}\" ss:MergeAcross=\"{}\" ss:MergeDown=\"{}\" ss:StyleID=\"s{style}\"><Data ss:Type=\"{kind}\">{value}</Data></Cell>",
                cell.column + 1, cell.across - 1, cell.down - 1
            ));
        }
        text.push_str("</Row>");
    }
    let visible = if sheet.hidden { "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>" } else { "" };
    text + "</Table>" + visible + "</Worksheet>"
}
