//! Books of every kind, cut short or changed in one byte: each gets a verdict, soon, and nothing is the end of the run.

use std::io::{Cursor, Read};
use std::time::{Duration, Instant};

use tonghop::read::read;
use zip::ZipArchive;

use super::{web, word, xlsb, xml2003};

const BOOK: &str = "# file: a.xlsx\n# sheet: II.06a\n1: Biểu số II.06a/VPCP/KSTT\n3: STT | Lĩnh vực | Tiếp nhận | <\n4: ^ | ^ | Mới | Cũ\n5: 1 | Đất đai | 1234 | '08\n6: 2 | Hộ tịch | =C5+1 -> 1235 | 67.5%\n";

const LONGEST: Duration = Duration::from_secs(10);

/// The same small book in each container.
fn books() -> Vec<(&'static str, Vec<u8>)> {
    let whole = crate::paper::bytes(&crate::paper::books(BOOK)[0]);
    let workbook = read(&whole, "a.xlsx").unwrap();
    vec![
        ("docx", word::document(&workbook, 0)),
        ("xlsb", xlsb::workbook(&workbook, 0)),
        ("xml", xml2003::workbook(&workbook, 0)),
        ("html", web::page(&workbook, 0)),
        ("htm", web::page(&workbook, 1)),
        ("mht", web::mail(&workbook, 0)),
        ("xlsx", whole),
    ]
}

/// A packed book into its parts; one part, if it is not packed.
fn parts(bytes: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut parts = Vec::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut part = Vec::new();
        file.read_to_end(&mut part).unwrap();
        parts.push((file.name().unwrap().into_owned(), part));
    }
    Some(parts)
}

fn packed(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let parts: Vec<(&str, Vec<u8>)> = parts.iter().map(|(name, part)| (name.as_str(), part.clone())).collect();
    xlsb::zipped(&parts)
}

#[test]
fn a_changed_byte_is_never_the_end() {
    let mut state = 7u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for (kind, whole) in books() {
        let mut parts = parts(&whole).unwrap_or_else(|| vec![(String::new(), whole.clone())]);
        for _ in 0..400 {
            let (part, bit) = (random(parts.len()), random(8));
            let at = random(parts[part].1.len());
            parts[part].1[at] ^= 1 << bit;
            let bytes = if parts[0].0.is_empty() { parts[0].1.clone() } else { packed(&parts) };
            let start = Instant::now();
            let _ = read(&bytes, kind);
            assert!(start.elapsed() < LONGEST, "{kind}: part {part}, byte {at}, bit {bit}");
            parts[part].1[at] ^= 1 << bit;
        }
    }
}

#[test]
fn a_book_cut_short_is_refused_or_said_to_be() {
    for (kind, whole) in books() {
        let cells = |b: &tonghop::model::Workbook| b.sheets.iter().map(|s| s.cells.len()).sum::<usize>();
        let all = cells(&read(&whole, kind).unwrap());
        for cut in (1..whole.len() - 1).step_by(1 + whole.len() / 150) {
            if let Ok(book) = read(&whole[..cut], kind) {
                let said = !book.remarks.is_empty();
                assert!(
                    said || cells(&book) == all,
                    "{kind} cut at {cut} of {}: {} of {all} cells",
                    whole.len(),
                    cells(&book)
                );
            }
        }
    }
}
