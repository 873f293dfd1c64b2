//! PDFs written by hand: a page's content in plain operators.

use crate::model::{Area, Remark, Sheet};
use crate::read::limits::{Foreign, Limit};
use crate::read::{Refusal, read};

/// A file of numbered objects, of which the first is the catalog and the second the tree of pages.
fn file(objects: &[String]) -> Vec<u8> {
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out += &format!("{} 0 obj\n{object}\nendobj\n", i + 1);
    }
    let start = out.len();
    out += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    places.iter().for_each(|at| out += &format!("{at:010} 00000 n \n"));
    out += &format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    out.into_bytes()
}

fn stream(dictionary: &str, content: &str) -> String {
    format!("<< {dictionary} /Length {} >>\nstream\n{content}\nendstream", content.len())
}

const FONT: &str = "<< /Type /Font /Subtype /TrueType /BaseFont /ABCDEF+Arial /Encoding << /BaseEncoding /WinAnsiEncoding \
    /Differences [1 /uni1EA1 /dcroat 3 /Ohorn] >> /FirstChar 0 /LastChar 0 /Widths [500] >>";
/// Two bytes a letter: 1 “H”, 2 “ồ”, 3 “sơ”, from 16 on “A”, “B”, “C”.
const MAP: &str = "1 begincodespacerange <0000> <FFFF> endcodespacerange 3 beginbfchar <0001> <0048> <0002> <1ED3> \
    <0003> <0073 01A1> endbfchar 1 beginbfrange <0010> <0012> <0041> endbfrange";
const COMPOSITE: &str = "<< /Type /Font /Subtype /Type0 /BaseFont /Times /Encoding /Identity-H /ToUnicode 6 0 R \
    /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /DW 500 /W [1 [600] 2 3 400] >>] >>";

/// A PDF of these pages, each with what is said of it besides.
fn pdf(pages: &[(&str, &str)]) -> Vec<u8> {
    let first = 9;
    let kids: Vec<String> = (0..pages.len()).map(|i| format!("{} 0 R", first + 2 * i)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!(
            "<< /Type /Pages /Kids [{}] /Count {} /MediaBox [0 0 600 800] /Resources 3 0 R >>",
            kids.join(" "),
            pages.len()
        ),
        "<< /Font << /F 4 0 R /G 5 0 R >> /XObject << /Form 7 0 R /Image 8 0 R >> >>".to_owned(),
        FONT.to_owned(),
        COMPOSITE.to_owned(),
        stream("", MAP),
        stream(
            "/Type /XObject /Subtype /Form /Matrix [1 0 0 1 100 0]",
            "BT /F 12 Tf 0 500 Td (trong h\\355nh) Tj ET /Form Do",
        ),
        stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", "a"),
    ];
    for (i, (said, content)) in pages.iter().enumerate() {
        objects.push(format!("<< /Type /Page /Parent 2 0 R /Contents {} 0 R {said} >>", first + 2 * i + 1));
        objects.push(stream("", content));
    }
    file(&objects)
}

fn sheet(pages: &[(&str, &str)]) -> Sheet {
    read(&pdf(pages), "a.pdf").unwrap().sheets.remove(0)
}

fn paragraphs(sheet: &Sheet) -> Vec<&str> {
    sheet.paragraphs.iter().map(|p| sheet.get(p.row, 0).and_then(|c| c.text()).unwrap_or_default()).collect()
}

fn cells(sheet: &Sheet) -> Vec<(u32, u32, &str)> {
    sheet.cells.iter().map(|c| (c.row, c.column, c.text().unwrap_or_default())).collect()
}

/// A line of text at a place.
fn text(x: f32, y: f32, words: &str) -> String {
    format!("BT /F 12 Tf {x} {y} Td ({words}) Tj ET\n")
}

/// A table's lines, drawn as strokes, or as thin shapes.
fn grid(columns: &[i32], rows: &[i32], strokes: bool) -> String {
    let (left, right) = (columns[0], columns[columns.len() - 1]);
    let (top, bottom) = (rows[0], rows[rows.len() - 1]);
    let across = rows.iter().map(|y| match strokes {
        true => format!("{left} {y} m {right} {y} l S\n"),
        false => format!("{left} {y} {} 0.5 re f\n", right - left),
    });
    let upright = columns.iter().map(|x| match strokes {
        true => format!("{x} {bottom} m {x} {top} l S\n"),
        false => format!("{x} {bottom} 0.5 {} re f\n", top - bottom),
    });
    across.chain(upright).collect()
}

#[test]
fn letters_are_read_by_encoding_differences_and_maps() {
    let content = "BT /F 12 Tf 50 700 Td (t\\001i \\002\\003 S\\341u) Tj ET BT /G 12 Tf 50 600 Td <000100020003> Tj <001000110012> Tj ET";
    let read = read(&pdf(&[("", content)]), "a.pdf").unwrap();
    assert_eq!(paragraphs(&read.sheets[0]), ["tại đƠ Sáu", "HồsơABC"]);
    assert_eq!(read.sheets[0].cells[0].font(), Some("Arial"));
}

#[test]
fn forms_turned_pages_and_raised_numbers_are_read() {
    // The form draws itself too, and would for ever.
    let endless = read(&pdf(&[("", "/Form Do")]), "a.pdf").unwrap_err();
    assert_eq!(endless, Refusal::TooLarge(Limit::Drawn));
    let raised = "BT /F 12 Tf 50 700 Td (24 h\\364) Tj /F 7 Tf 4 Ts (1) Tj ET";
    assert_eq!(paragraphs(&sheet(&[("", raised)])), ["24 hô¹"]);
    // Across the page by its own mark, and by how its letters stand.
    let marked = text(50.0, 100.0, "m\\341i").replace("50 100 Td", "0 1 -1 0 100 50 Tm");
    for said in ["/Rotate 90", ""] {
        let second = marked.replace("100 50 Tm", "130 50 Tm").replace("m\\341i", "hai");
        assert_eq!(paragraphs(&sheet(&[(said, &format!("{marked}{second}"))])), ["mái hai"], "{said}");
    }
}

#[test]
fn a_ruled_table_keeps_its_cells_and_what_is_merged() {
    for strokes in [true, false] {
        let mut content = grid(&[50, 150, 250, 350], &[600, 580, 560, 540], strokes);
        // The first row's second and third cells are one, and so are the first two of the first column.
        let wipe = |content: &mut String, from: &str, to: &str| {
            assert!(content.contains(from), "{from} in {content}");
            *content = content.replacen(from, to, 1);
        };
        if strokes {
            wipe(&mut content, "250 540 m 250 600 l", "250 540 m 250 580 l");
            wipe(&mut content, "50 580 m 350 580 l", "150 580 m 350 580 l");
        } else {
            wipe(&mut content, "250 540 0.5 60 re", "250 540 0.5 40 re");
            wipe(&mut content, "50 580 300 0.5 re", "150 580 200 0.5 re");
        }
        let places = [
            (55.0, 585.0, "TT"),
            (155.0, 585.0, "Chung"),
            (155.0, 565.0, "Nam"),
            (255.0, 565.0, "N\\364"),
            (55.0, 545.0, "1"),
            (255.0, 545.0, "7"),
        ];
        places.iter().for_each(|(x, y, words)| content += &text(*x, *y, words));
        let sheet = sheet(&[("", &content)]);
        assert_eq!(
            cells(&sheet),
            [(0, 0, "TT"), (0, 1, "Chung"), (1, 1, "Nam"), (1, 2, "Nô"), (2, 0, "1"), (2, 2, "7")],
            "{strokes}"
        );
        let area = |top, left, bottom, right| Area { top, left, bottom, right };
        assert_eq!(sheet.merged[..], [area(0, 0, 1, 0), area(0, 1, 0, 2)]);
        // A line that stops in the middle of a cell: no table is certain.
        let open = content
            .replace("150 540 m 150 600 l", "150 540 m 150 575 l")
            .replace("150 540 0.5 60 re", "150 540 0.5 35 re");
        let read = read(&pdf(&[("", &open)]), "a.pdf").unwrap().sheets.remove(0);
        assert!(read.merged.is_empty(), "{:?}", cells(&read));
    }
}

#[test]
fn a_table_over_two_pages_is_one_and_its_head_is_read_once() {
    let page = |number: usize, rows: &[&str]| {
        let levels: Vec<i32> = (0..=rows.len() as i32 + 1).map(|i| 700 - 20 * i).collect();
        let mut content = grid(&[50, 150, 300], &levels, true) + &text(300.0, 780.0, &number.to_string());
        for (i, words) in std::iter::once(&"H\\340ng").chain(rows).enumerate() {
            let y = 705.0 - 20.0 * (i as f32 + 1.0);
            content += &(text(55.0, y, words) + &text(155.0, y, &format!("{}", i * number)));
        }
        content
    };
    let (first, second) = (page(1, &["Mot", "Hai"]), page(2, &["Ba"]));
    let sheet = sheet(&[("", &first), ("", &second)]);
    let first_column: Vec<&str> = cells(&sheet).into_iter().filter(|c| c.1 == 0).map(|c| c.2).collect();
    assert_eq!(first_column, ["Hàng", "Mot", "Hai", "Ba"]);
    assert!(sheet.paragraphs.is_empty(), "the pages' numbers are no text: {:?}", paragraphs(&sheet));
}

#[test]
fn lines_are_joined_to_paragraphs_over_pages() {
    let full = "m".repeat(50);
    let first = text(80.0, 700.0, &format!("Moi {full}")) + &text(50.0, 684.0, &format!("tiep {full}m"));
    let second =
        text(50.0, 700.0, "het.") + &text(80.0, 684.0, &format!("Hai {full}")) + &text(50.0, 668.0, "so 5/KH-");
    let read = sheet(&[("", &first), ("", &second)]);
    let starts: Vec<&str> = paragraphs(&read).iter().map(|p| &p[..3]).collect();
    assert_eq!(starts, ["Moi", "Hai"], "{:?}", paragraphs(&read));
    assert!(paragraphs(&read)[0].ends_with(" het."));
}

#[test]
fn what_cannot_be_read_says_why() {
    let scan = ("", "q 600 0 0 800 0 0 cm /Image Do Q");
    let hidden = ("", "q 600 0 0 800 0 0 cm /Image Do Q BT 3 Tr /F 12 Tf 50 700 Td (bi\\352n) Tj ET");
    let whole = pdf(&[("", &text(50.0, 700.0, "hai"))]);
    let unknown = "BT /G 12 Tf 50 700 Td <004400450046> Tj ET";
    let locked = String::from_utf8_lossy(&whole).replace(
        "/Root 1 0 R",
        "/Root 1 0 R /ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (oooooooooooooooooooooooooooooooo) /U (uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu) >>",
    );
    let fewer = String::from_utf8_lossy(&whole).replace("/Count 1", "/Count 3");
    let cases: [(&str, Vec<u8>, Refusal); 7] = [
        ("a scan", pdf(&[scan, scan]), Refusal::NotAWorkbook(Foreign::Scan)),
        ("a scan with what a program saw in it", pdf(&[hidden]), Refusal::NotAWorkbook(Foreign::Scan)),
        ("letters without names", pdf(&[("", unknown)]), Refusal::NotAWorkbook(Foreign::Letters)),
        ("a blank page", pdf(&[("", "")]), Refusal::Empty),
        ("a password", locked.into_bytes(), Refusal::Encrypted),
        ("half a file", whole[..whole.len() / 2].to_vec(), Refusal::Truncated),
        ("three pages of one", fewer.into_bytes(), Refusal::corrupt("pages are missing")),
    ];
    for (name, bytes, expected) in cases {
        assert_eq!(read(&bytes, "a.pdf").err(), Some(expected), "{name}");
    }
    // One scanned page among others is told.
    let mixed = read(&pdf(&[("", &text(50.0, 700.0, "tr\\341i")), scan]), "a.pdf").unwrap();
    assert_eq!(mixed.remarks, [Remark::Pictures(vec![2])]);
    assert!(matches!(read(&pdf(&[("", "BT (mat")]), "a.pdf"), Err(Refusal::Corrupt(_))));
}
