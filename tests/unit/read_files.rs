//! Small files of every kind, whole and broken, into what a reader must say of them.

use std::time::Instant;

use super::{Foreign, Limit, Refusal, read};
use crate::model::{Area, Content, Sheet};
use crate::package::zipped;

/// A workbook of one visible and one hidden sheet around the XML of the first.
fn xlsx(sheet: &str) -> Vec<u8> {
    zipped(&xlsx_parts(sheet))
}

fn xlsx_parts(sheet: &str) -> [(&'static str, &str); 6] {
    [
        (
            "xl/workbook.xml",
            r#"<workbook xmlns:r="r"><sheets><sheet name="Bi&#7875;u 1" sheetId="1" r:id="rId1"/>
               <sheet name="nháp" sheetId="2" state="veryHidden" r:id="rId2"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>
               <Relationship Id="rId2" Type="x/worksheet" Target="/xl/worksheets/sheet2.xml"/>
               <Relationship Id="rId3" Type="x/styles" Target="styles.xml"/>
               <Relationship Id="rId4" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#,
        ),
        (
            "xl/styles.xml",
            r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm"/></numFmts>
               <fonts><font><name val="Arial"/></font><font><name val=".VnTime"/></font></fonts>
               <cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="10" fontId="1"/><xf numFmtId="164" fontId="0"/></cellXfs></styleSheet>"#,
        ),
        ("xl/sharedStrings.xml", "<sst><si><t>Tổng &amp; số</t></si></sst>"),
        ("xl/worksheets/sheet2.xml", "<worksheet><sheetData/></worksheet>"),
        ("xl/worksheets/sheet1.xml", sheet),
    ]
}

const SHEET: &str = r#"<worksheet><cols><col min="2" max="3" hidden="1"/></cols><sheetData>
    <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>0.6757</v></c><c r="C1" s="2"><v>45000</v></c><c r="D1" t="b"><v>1</v></c></row>
    <row r="3" hidden="1"><c r="A3"><f t="shared" si="0" ref="A3:A4">SUM(B3:C3)</f><v>5</v></c><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c>
    <c r="C3"><f>A1</f></c><c r="D3" t="inlineStr"><is><t>  </t></is></c><c r="E3" t="str"><v>08</v></c></row>
    <row r="4"><c r="A4"><f t="shared" si="0"/><v>6</v></c></row></sheetData>
    <mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>"#;

#[test]
fn an_xlsx_gives_everything_about_its_cells() {
    let workbook = read(&xlsx(SHEET), "tên gì cũng được.xls").unwrap();
    assert_eq!(
        workbook.sheets.iter().map(|s| (s.name.as_str(), s.hidden)).collect::<Vec<_>>(),
        [("Biểu 1", false), ("nháp", true)]
    );
    let sheet = &workbook.sheets[0];
    let at = |row, column| sheet.get(row, column).unwrap();
    assert_eq!(sheet.cells.len(), 9);
    assert_eq!(at(0, 0).content, Content::Text("Tổng & số".into()));
    assert_eq!((at(0, 1).format(), at(0, 1).font()), (Some("0.00%"), Some(".VnTime")));
    assert_eq!((&at(0, 2).content, at(0, 2).format()), (&Content::Date(45000.0), Some("dd/mm")));
    assert_eq!(at(0, 3).content, Content::Bool(true));
    assert_eq!(at(2, 1).content, Content::Error("#DIV/0!".into()));
    assert_eq!((&at(2, 2).content, at(2, 2).formula.as_deref()), (&Content::Text("Tổng & số".into()), Some("A1")));
    assert_eq!(at(2, 4).content, Content::Text("08".into()));
    assert_eq!(at(3, 0).formula.as_deref(), Some("SUM(B4:C4)"));
    assert_eq!(sheet.merged[..], [Area { top: 0, left: 0, bottom: 1, right: 1 }]);
    assert_eq!((&sheet.hidden_rows[..], &sheet.hidden_columns[..]), (&[2][..], &[1, 2][..]));
}

#[test]
fn a_sheet_without_rows_is_whole_whatever_comes_after() {
    let bytes = xlsx(
        r#"<worksheet><sheetData/><drawing><row>3</row></drawing><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>"#,
    );
    let sheet = &read(&bytes, "a.xlsx").unwrap().sheets[0];
    assert_eq!((sheet.cells.len(), sheet.merged.len()), (0, 1));
}

#[test]
fn macros_are_named() {
    let mut parts = xlsx_parts(SHEET).to_vec();
    parts.push(("xl/vbaProject.bin", "x"));
    assert_eq!(read(&zipped(&parts), "a.xlsm").unwrap().remarks.len(), 1);
}

#[test]
fn two_cells_at_the_ends_of_the_sheet_cost_nothing() {
    let sheet = r#"<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>
        <row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>"#;
    assert_eq!(read(&xlsx(sheet), "a.xlsx").unwrap().sheets[0].cells.len(), 2);
}

#[test]
fn a_bomb_is_refused_while_it_inflates() {
    let blank = format!("<worksheet><sheetData>{}", " ".repeat(200 << 20));
    let start = Instant::now();
    assert_eq!(read(&xlsx(&blank), "a.xlsx").unwrap_err(), Refusal::TooLarge(Limit::Inflated));
    assert!(start.elapsed().as_secs() < 60);
}

#[test]
fn one_long_text_shown_by_many_cells_is_refused() {
    let long = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1 << 20));
    let cells = "<c t=\"s\"><v>0</v></c>".repeat(4_000);
    let sheet = format!("<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>");
    let mut parts = xlsx_parts(&sheet).to_vec();
    parts[3].1 = &long;
    assert_eq!(read(&zipped(&parts), "a.xlsx").unwrap_err(), Refusal::TooLarge(Limit::Text));
}

#[test]
fn an_ods_is_read_with_repeats_and_spans() {
    let content = r#"<office:document-content><office:automatic-styles>
        <number:percentage-style style:name="N1"><number:number number:decimal-places="2" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>
        <style:style style:name="c1" style:family="table-cell" style:data-style-name="N1"/>
        <style:style style:name="t2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
        <office:body><office:spreadsheet><table:table table:name="Biểu"><table:table-column table:number-columns-repeated="16384"/>
        <table:table-row><table:table-cell table:number-columns-spanned="2" office:value-type="string"><text:p>A<text:s text:c="2"/>b</text:p><text:p>c</text:p>
        <office:annotation><text:p>ghi chú</text:p></office:annotation></table:table-cell><table:covered-table-cell/>
        <table:table-cell table:number-columns-repeated="2" table:style-name="c1" office:value-type="percentage" office:value="0.5" table:formula="of:=[.A1]/2"><text:p>50%</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
        <table:table table:name="ẩn" table:style-name="t2"/></office:spreadsheet></office:body></office:document-content>"#;
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    let bytes = zipped(&[("mimetype", kind), ("content.xml", content)]);
    let sheet: Sheet = read(&bytes, "a.ods").unwrap().sheets.remove(0);
    assert_eq!(sheet.cells[0].content, Content::Text("A  b\nc".into()));
    assert_eq!(sheet.merged[..], [Area { top: 0, left: 0, bottom: 0, right: 1 }]);
    assert_eq!(
        (sheet.cells[2].column, sheet.cells[2].formula.as_deref(), sheet.cells[2].format()),
        (3, Some("A1/2"), Some("0.00%"))
    );
    let many = content.replace(
        "<table:table-cell table:number-columns-repeated=\"16384\"/>",
        "<table:table-cell table:number-columns-repeated=\"16384\"><text:p>x</text:p></table:table-cell>",
    );
    let bytes = zipped(&[("mimetype", kind), ("content.xml", &many)]);
    assert_eq!(read(&bytes, "a.ods").unwrap_err(), Refusal::TooLarge(Limit::Cells));
}

#[test]
fn an_xls_gives_texts_figures_and_formulas() {
    let sheet = read(&small_xls(), "a.xls").unwrap().sheets.remove(0);
    assert_eq!(sheet.name, "B1");
    assert_eq!(sheet.cells[0].content, Content::Text("\u{1EA1}b".into()));
    assert_eq!(
        (&sheet.cells[1].content, sheet.cells[1].format(), sheet.cells[1].font()),
        (&Content::Number(0.5), Some("0.00%"), Some("VN"))
    );
    assert_eq!((&sheet.cells[2].content, sheet.cells[2].formula.as_deref()), (&Content::Number(7.0), Some("A1+2")));
    assert_eq!(sheet.merged[..], [Area { top: 0, left: 0, bottom: 1, right: 0 }]);
}

#[test]
fn each_kind_of_wrong_file_has_its_own_verdict() {
    let ole = |name: &str| compound(name, &[0; 4096]);
    let cases: [(&str, Vec<u8>, Refusal); 14] = [
        ("a.xlsx", Vec::new(), Refusal::Empty),
        ("a.xlsx", vec![0; 900], Refusal::Empty),
        ("x/~$a.xlsx", b"user".to_vec(), Refusal::LockFile),
        ("a.xlsx", ole("EncryptedPackage"), Refusal::Encrypted),
        ("a.xls", xls(&[(0x2F, &[1, 0])], &[]), Refusal::Encrypted),
        ("a.doc", ole("WordDocument"), Refusal::OldWord),
        ("a.ppt", ole("PowerPoint Document"), Refusal::NotAWorkbook(Foreign::Presentation)),
        ("a.xlsx", xlsx(SHEET)[..900].to_vec(), Refusal::Truncated),
        ("a.xls", small_xls()[..2048].to_vec(), Refusal::Truncated),
        ("a.xlsx", b"%PDF-1.7 ...".to_vec(), Refusal::Truncated),
        ("a.xlsx", vec![0xFF, 0xD8, 0xFF, 0xE0, 1], Refusal::NotAWorkbook(Foreign::Picture)),
        ("a.xls", b"<html><body>loi</body></html>".to_vec(), Refusal::NotAWorkbook(Foreign::Text)),
        ("a.xls", b"kinh gui so y te".to_vec(), Refusal::NotAWorkbook(Foreign::Text)),
        ("a.zip", zipped(&[("a.xlsx", "1")]), Refusal::NotAWorkbook(Foreign::Zip)),
    ];
    for (name, bytes, expected) in cases {
        let found = read(&bytes, name).unwrap_err();
        assert_eq!(found, expected, "{name}");
        assert!(found.said().vi.ends_with('.') && found.said().en.ends_with('.'));
    }
}

#[test]
fn an_html_table_called_xls_is_read_in_any_alphabet() {
    let page = "<html><meta charset=utf-16><table><tr><td>Sở<td>1.234</table>";
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(page.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let old: Vec<u8> =
        b"<table><meta content='text/html; charset=windows-1258'><tr><td>S\xF5\xD2<td>1.234</table>".to_vec();
    for bytes in [page.as_bytes().to_vec(), [b"\xEF\xBB\xBF\r\n ".to_vec(), page.into()].concat(), utf16, old] {
        let sheet = read(&bytes, "a.xls").unwrap().sheets.remove(0);
        assert!(matches!(sheet.cells[0].text(), Some("Sở" | "Sơ\u{309}")), "{:?}", sheet.cells[0]);
        assert_eq!(sheet.cells[1].content, Content::Text("1.234".into()));
    }
}

#[test]
fn broken_files_are_never_the_end() {
    let page = b"<html><table><tr><td colspan=\"2\" x:num=\"1\">a<td>b</table>".to_vec();
    let word = zipped(&[(
        "word/document.xml",
        "<w:document><w:body><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl></w:body></w:document>",
    )]);
    // A changed byte inside a packed part would only fail its checksum: the parts are changed, then packed.
    let mut state = 1u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for whole in [small_xls(), xlsx(SHEET), page, word] {
        for cut in (0..whole.len()).step_by(1 + whole.len() / 300) {
            let _ = read(&whole[..cut], "a");
        }
        for _ in 0..300 {
            let mut changed = whole.clone();
            let at = random(changed.len());
            changed[at] = [0, 1, 0x7F, 0x80, 0xFF, b'<', b'9'][random(7)];
            let _ = read(&changed, "a");
        }
    }
    for _ in 0..300 {
        let mut sheet = SHEET.as_bytes().to_vec();
        let at = random(sheet.len());
        sheet[at] = b"<>\"'/9-&;"[random(9)];
        let _ = read(&xlsx(&String::from_utf8_lossy(&sheet)), "a");
    }
}

// Records into the bytes of an .xls file, as small as they come.

/// An .xls around the records of one sheet.
fn xls(globals: &[(u16, &[u8])], sheet: &[(u16, &[u8])]) -> Vec<u8> {
    let records = |list: &[(u16, &[u8])]| -> Vec<u8> {
        let head =
            |kind: u16, body: &[u8]| [kind.to_le_bytes(), u16::try_from(body.len()).unwrap().to_le_bytes()].concat();
        list.iter().flat_map(|(kind, body)| [head(*kind, body), body.to_vec()].concat()).collect()
    };
    let begin: (u16, &[u8]) = (0x0809, &[0, 6, 5, 0]);
    let mut stream = records(&[&[begin], globals].concat());
    let start = u32::try_from(stream.len() + 14 + 4).unwrap().to_le_bytes();
    stream.extend(records(&[(0x85, &[&start[..], &[0, 0, 2, 0, b'B', b'1']].concat()), (0x0A, &[])]));
    stream.extend(records(&[&[begin], sheet, &[(0x0A, &[])]].concat()));
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    compound("Workbook", &stream)
}

/// An OLE2 file with one stream.
fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    let word = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    let mut header = vec![0; 512];
    header[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    header[30] = 9;
    header[32] = 6;
    header[44..48].copy_from_slice(&word(1));
    header[48..52].copy_from_slice(&word(1));
    header[56..60].copy_from_slice(&word(4096));
    header[60..64].fill(0xFF);
    header[68..72].fill(0xFF);
    header[80..].fill(0xFF);
    header[76..80].copy_from_slice(&word(0));
    let sectors = stream.len() / 512;
    let mut table = [word(0xFFFF_FFFD), word(0xFFFF_FFFE)].concat();
    for sector in 0..sectors {
        table.extend(if sector + 1 == sectors { word(0xFFFF_FFFE) } else { word(sector + 3) });
    }
    table.resize(512, 0xFF);
    let entry = |name: &str, kind: u8, start: usize, size: usize| {
        let mut entry = vec![0; 128];
        for (at, unit) in name.encode_utf16().enumerate() {
            entry[2 * at..2 * at + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[64] = u8::try_from(2 * name.len() + 2).unwrap();
        entry[66] = kind;
        entry[116..120].copy_from_slice(&word(start));
        entry[120..124].copy_from_slice(&word(size));
        entry
    };
    let mut directory = [entry("Root Entry", 5, 0xFFFF_FFFE, 0), entry(name, 2, 2, stream.len())].concat();
    directory.resize(512, 0);
    [header, table, directory, stream.to_vec()].concat()
}

fn small_xls() -> Vec<u8> {
    let text = [&[1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1][..], &[0xA1, 0x1E, b'b', 0]].concat();
    let globals: [(u16, &[u8]); 3] =
        [(0x31, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, b'V', b'N']), (0xE0, &[0, 0, 10, 0]), (0xFC, &text)];
    let half = [&[0, 0, 1, 0, 0, 0][..], &0.5f64.to_le_bytes()].concat();
    // =A1+2 with the result 7.
    let tokens = [0x24, 0, 0, 0, 0xC0, 0x1E, 2, 0, 0x03];
    let formula = [&[1, 0, 0, 0, 0, 0][..], &7f64.to_le_bytes(), &[0, 0, 0, 0, 0, 0, 9, 0], &tokens].concat();
    xls(
        &globals,
        &[
            (0xFD, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            (0x0203, &half),
            (0x06, &formula),
            (0xE5, &[1, 0, 0, 0, 1, 0, 0, 0, 0, 0]),
        ],
    )
}

/// Why .xls, .xlsb and .ods are read here and not by calamine: it gives their numbers bare. On the day that this test
/// fails, see whether calamine can take them over.
#[test]
fn calamine_drops_number_formats_outside_xlsx() {
    use calamine::{Data, Reader};
    let lock = include_str!("../../Cargo.lock");
    let version = lock.split_once("name = \"calamine\"\nversion = \"").unwrap().1;
    assert!(version.starts_with("0.38."), "calamine is another: does it give looks of .xls, .xlsb, .ods by now?");
    let samples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/quang-minh/2023-Q3");
    for file in ["SKHDT_KSTT_Q3.2023.xls", "SKHDT_CCHC_Q3.2023.xls", "gddt kstt q3-2023.ods", "gddt cchc q3-2023.ods"] {
        let bytes = std::fs::read(samples.join(file)).unwrap();
        let mut theirs = calamine::open_workbook_auto_from_rs(std::io::Cursor::new(&bytes[..])).unwrap();
        for sheet in read(&bytes, file).unwrap().sheets {
            let range = theirs.worksheet_range(&sheet.name).unwrap();
            let looks = sheet.cells.iter().filter(|c| c.format().is_some_and(|f| f.contains('%')));
            for cell in looks {
                // 0.6757 is shown as 67,57 %: to calamine it is a number like any other.
                if let Content::Number(number) = cell.content {
                    assert_eq!(range.get_value((cell.row, cell.column)), Some(&Data::Float(number)), "{file}");
                }
            }
        }
    }
    // We read a formula shared by two cells, which calamine leaves out of .xls: A1 holds the reference to it, and what
    // follows has its tokens (the number 2).
    let number = |row: u8| [&[row, 0, 0, 0, 0, 0][..], &2f64.to_le_bytes(), &[0; 6], &[5, 0, 1, 0, 0, 0, 0]].concat();
    let shared = [&[0, 0, 1, 0, 0, 0, 0, 2][..], &[3, 0, 0x1E, 2, 0]].concat();
    let records = [(0x06, &number(0)[..]), (0x04BC, &shared), (0x06, &number(1))];
    let bytes =
        xls(&[(0x31, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, b'A']), (0xE0, &[0, 0, 0, 0])], &records);
    let ours = read(&bytes, "a.xls").unwrap().sheets.remove(0);
    assert_eq!(ours.cells.iter().map(|c| c.formula.as_deref()).collect::<Vec<_>>(), [Some("2"), Some("2")]);
}

#[test]
fn what_is_struck_out_is_no_value_and_is_told() {
    let sheet = r#"<worksheet><sheetData><row r="1"><c r="A1"><v>15</v></c><c r="B1" s="1"><v>12</v></c></row>
        <row r="2"><c r="A2"><f>SUM(A1:B1)</f><v>27</v></c><c r="B2" t="inlineStr"><is><r><rPr><strike/></rPr><t>15</t></r><r><t>51</t></r></is></c></row></sheetData></worksheet>"#;
    let styles = r#"<styleSheet><fonts><font/><font><strike/></font></fonts><cellXfs><xf fontId="0"/><xf fontId="1"/></cellXfs></styleSheet>"#;
    for sheet in [sheet.to_owned(), sheet.replace("<row", "<!-- --><row")] {
        let mut parts = xlsx_parts(&sheet).to_vec();
        parts[2].1 = styles;
        let workbook = read(&zipped(&parts), "a.xlsx").unwrap();
        let cells: Vec<_> = workbook.sheets[0].cells.iter().map(|c| ((c.row, c.column), c.content.clone())).collect();
        // The total counts it, as Excel does.
        let (one, sum, rest) = (Content::Number(15.0), Content::Number(27.0), Content::Text("51".into()));
        assert_eq!(cells, [((0, 0), one), ((1, 0), sum), ((1, 1), rest)]);
        let said = workbook.remarks[0].in_words(crate::model::Lang::Vi);
        assert!(said.ends_with("Biểu 1!B1, Biểu 1!B2"), "{said}");
    }
}

#[test]
fn a_sheet_that_nobody_can_read_is_named_and_the_others_are_read() {
    let broken =
        r#"<worksheet><sheetData><row r="1"><c r="A1"><v><![CDATA[12]]></v></c></row></sheetData></worksheet>"#;
    let mut parts = xlsx_parts(broken).to_vec();
    let whole = "<worksheet><sheetData><row><c><v>3</v></c></row></sheetData></worksheet>";
    parts[4].1 = whole;
    let workbook = read(&zipped(&parts), "a.xlsx").unwrap();
    assert_eq!(workbook.sheets.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["nháp"]);
    let said = workbook.remarks[0].in_words(crate::model::Lang::Vi);
    assert!(said.contains("KHÔNG ĐỌC ĐƯỢC trang tính: Biểu 1 (") && said.contains("CData"), "{said}");
    parts[4].1 = broken;
    assert!(matches!(read(&zipped(&parts), "a.xlsx"), Err(Refusal::Corrupt(_))));
}
