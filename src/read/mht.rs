//! A web page in one file (.mht, "Single File Web Page"), as Excel, Word and old portals save it, into a `Workbook`.

use super::limits::{CELLS, Foreign, Limit, NESTED_MAILS, Refusal, SHEETS, ZIP_ENTRIES};
use super::{html, text};
use crate::model::{Remark, Sheet, Workbook};

/// Whether a text starts as a mail does.
pub(super) fn is(head: &str) -> bool {
    let first = head.trim_start().lines().next().unwrap_or_default();
    let named = first
        .split_once(':')
        .is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    named && (head.contains("mime-version:") || head.contains("multipart/related"))
}

pub(super) fn read(bytes: &[u8]) -> Result<Workbook, Refusal> {
    let mut pages = Vec::new();
    let is_whole = pages_of(bytes, NESTED_MAILS, &mut pages)?;
    let listed: Vec<Listed> = pages.iter().flat_map(|p| sheets(&p.text)).collect();
    let mut workbook = Workbook::default();
    // The frame around the sheets has a table of its own, for their tabs.
    for page in pages.iter().filter(|_| listed.is_empty()) {
        add(&mut workbook, &page.text, |_| {})?;
    }
    for entry in &listed {
        let page = pages.iter().find(|p| file(&p.location).eq_ignore_ascii_case(file(&entry.place)));
        if let Some(page) = page {
            add(&mut workbook, &page.text, |sheet| {
                sheet.name.clone_from(&entry.name);
                sheet.hidden = entry.hidden;
            })?;
        }
    }
    if workbook.sheets.is_empty() {
        return Err(Refusal::NotAWorkbook(Foreign::Text));
    }
    if !is_whole && workbook.remarks.is_empty() {
        workbook.remarks.push(Remark::BrokenOff);
    }
    Ok(workbook)
}

/// Adds a page as a sheet, if it has a table.
fn add(workbook: &mut Workbook, page: &str, known: impl Fn(&mut Sheet)) -> Result<(), Refusal> {
    match html::read(page) {
        Ok(mut read) => {
            read.sheets.iter_mut().for_each(known);
            workbook.sheets.append(&mut read.sheets);
            workbook.remarks.append(&mut read.remarks);
            workbook.remarks.dedup();
            within(workbook)
        }
        Err(Refusal::NotAWorkbook(_)) => Ok(()),
        Err(other) => Err(other),
    }
}

/// Whether all pages together, of which one may be listed many times, are still no more than a workbook may be.
fn within(workbook: &Workbook) -> Result<(), Refusal> {
    if workbook.sheets.len() > SHEETS {
        return Err(Refusal::TooLarge(Limit::Sheets));
    }
    if workbook.sheets.iter().map(|s| s.cells.len()).sum::<usize>() > CELLS {
        return Err(Refusal::TooLarge(Limit::Cells));
    }
    Ok(())
}

struct Page {
    location: String,
    text: String,
}

/// The pages of a mail, its parts' parts included; and whether its last part has its end.
fn pages_of(mail: &[u8], depth: usize, pages: &mut Vec<Page>) -> Result<bool, Refusal> {
    let (headers, body) = headers(mail);
    let header = |name: &str| headers.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let kind = header("content-type");
    if kind.to_lowercase().starts_with("multipart/") {
        let boundary = parameter(kind, "boundary").ok_or_else(|| Refusal::corrupt("MIME"))?;
        if depth == 0 {
            return Ok(true);
        }
        let (parts, mut is_whole) = parts(body, &boundary);
        for part in parts {
            is_whole &= pages_of(part, depth - 1, pages)?;
            if pages.len() > ZIP_ENTRIES {
                return Err(Refusal::TooLarge(Limit::ZipEntries));
            }
        }
        return Ok(is_whole);
    }
    if kind.is_empty() || kind.to_lowercase().starts_with("text/html") {
        let bytes = match header("content-transfer-encoding").to_lowercase().as_str() {
            "quoted-printable" => unquoted(body),
            "base64" => from_base64(body),
            _ => body.to_vec(),
        };
        pages.push(Page {
            location: header("content-location").to_owned(),
            text: text::page(&bytes, &parameter(kind, "charset").unwrap_or_default()),
        });
    }
    Ok(true)
}

/// The headers, names in lower case and long ones joined, and what follows the blank line.
fn headers(mail: &[u8]) -> (Vec<(String, String)>, &[u8]) {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut rest = mail;
    while !rest.is_empty() {
        let (line, after) = line(rest);
        rest = after;
        let line = String::from_utf8_lossy(line);
        if line.trim().is_empty() {
            // A file may begin with blank lines.
            if found.is_empty() {
                continue;
            }
            break;
        }
        match (line.starts_with([' ', '\t']), found.last_mut(), line.split_once(':')) {
            (true, Some((_, value)), _) => value.push_str(line.trim()),
            (_, _, Some((name, value))) => found.push((name.trim().to_lowercase(), value.trim().to_owned())),
            _ => {}
        }
    }
    (found, rest)
}

fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|&b| b == b'\n').map_or(bytes.len(), |i| i + 1);
    bytes.split_at(end)
}

/// `boundary="…"` of a header.
fn parameter(header: &str, name: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|piece| {
        let (key, value) = piece.split_once('=')?;
        let same = key.trim().eq_ignore_ascii_case(name);
        same.then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// What stands between the lines that are the boundary, and whether the last one says that it is.
fn parts<'m>(body: &'m [u8], boundary: &str) -> (Vec<&'m [u8]>, bool) {
    let mark = format!("--{boundary}");
    let (mut parts, mut start, mut at) = (Vec::new(), None, 0);
    while at < body.len() {
        let (own, _) = line(&body[at..]);
        if own.starts_with(mark.as_bytes()) {
            if let Some(start) = start {
                parts.push(&body[start..at]);
            }
            start = Some(at + own.len());
            if own[mark.len()..].starts_with(b"--") {
                return (parts, true);
            }
        }
        at += own.len();
    }
    // Without the last boundary the file was cut short; its last part may still hold whole tables.
    parts.extend(start.map(|start| &body[start..]));
    (parts, false)
}

/// Quoted-printable: `=C3=AA`, and `=` at the end of a line that goes on.
fn unquoted(body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(body.len());
    let mut at = 0;
    let digit = |at: usize| body.get(at).and_then(|b| char::from(*b).to_digit(16));
    while let Some(&byte) = body.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'=', Some(high), Some(low)) => {
                plain.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                at += 3;
            }
            (b'=', ..) => at += 1 + line(&body[at + 1..]).0.len(),
            _ => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    plain
}

fn from_base64(body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(body.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for byte in body {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            plain.push(u8::try_from(bits >> count & 0xFF).unwrap_or_default());
        }
    }
    plain
}

struct Listed {
    name: String,
    place: String,
    hidden: bool,
}

/// The sheets that Excel's frame page lists, each in a page of its own.
fn sheets(page: &str) -> Vec<Listed> {
    let mut found = Vec::new();
    for entry in page.split("<x:ExcelWorksheet>").skip(1) {
        let entry = entry.split("</x:ExcelWorksheet>").next().unwrap_or_default();
        let between = |open: &str, close: &str| {
            let rest = entry.split_once(open)?.1;
            Some(rest.split_once(close)?.0)
        };
        let place = between("<x:WorksheetSource HRef=\"", "\"").or_else(|| between("<x:WorksheetSource HRef='", "'"));
        if let (Some(name), Some(place)) = (between("<x:Name>", "</x:Name>"), place) {
            found.push(Listed {
                name: html::plain(name),
                place: place.to_owned(),
                hidden: between("<x:Visible>", "<").is_some_and(|v| v.contains("Hidden")),
            });
        }
    }
    found
}

/// The last step of a place, which alone is the same in the frame page and in the part's header.
fn file(place: &str) -> &str {
    place.rsplit(['/', '\\']).next().unwrap_or_default()
}

#[cfg(test)]
#[path = "../../tests/unit/read_mht.rs"]
mod tests;
