//! Pages as portals export them, and their tags as browsers read them.

use super::*;

fn shown(page: &str) -> (Vec<(u32, u32, String)>, Vec<(u32, u32, u32, u32)>) {
    let workbook = read(page).unwrap();
    let sheet = &workbook.sheets[0];
    let cells = sheet.cells.iter().map(|c| {
        let text = match &c.content {
            Content::Text(t) => t.to_string(),
            other => format!("{other:?}"),
        };
        (c.row, c.column, text)
    });
    (cells.collect(), sheet.merged.iter().map(|a| (a.top, a.left, a.bottom, a.right)).collect())
}

#[test]
fn spans_put_cells_where_they_show() {
    let page = "<html><body><p>BÁO CÁO<br>Quý I</p><table><tr><th rowspan=2>TT<th colspan=2>Tiếp&nbsp;nhận</th></tr>
            <tr><td>Mới<td>Cũ</tr><tr><td>1</td><td>1.234</td><td> a <br> b </td></tr></table>Ghi chú</body></html>";
    let (cells, merged) = shown(page);
    let expected = [
        (0, 0, "BÁO CÁO"),
        (1, 0, "Quý I"),
        (3, 0, "TT"),
        (3, 1, "Tiếp\u{A0}nhận"),
        (4, 1, "Mới"),
        (4, 2, "Cũ"),
        (5, 0, "1"),
        (5, 1, "1.234"),
        (5, 2, "a\nb"),
        (7, 0, "Ghi chú"),
    ];
    assert_eq!(cells, expected.map(|(r, c, t)| (r, c, t.to_owned())));
    assert_eq!(merged, [(3, 0, 4, 0), (3, 1, 3, 2)]);
}

#[test]
fn layout_tables_are_taken_apart() {
    let page = "<table><tr><td>SỞ Y TẾ<td>CỘNG HÒA</tr><tr><td><table><tr><td>1<td>2</table></td></tr></table>";
    let (cells, _) = shown(page);
    assert_eq!(
        cells,
        [(0, 0, "SỞ Y TẾ"), (0, 1, "CỘNG HÒA"), (2, 0, "1"), (2, 1, "2")].map(|(r, c, t)| (r, c, t.to_owned()))
    );
}

#[test]
fn numbers_behind_the_text_are_taken() {
    let page = "<table><tr><td x:num=\"0.6757\">67,57%<td x:num>12<td x:num=45000>15/03/2023<td x:num=\"7\" x:fmla=\"=A1+1\">7</table>";
    let sheet = read(page).unwrap().sheets.remove(0);
    assert_eq!((&sheet.cells[0].content, sheet.cells[0].format()), (&Content::Number(0.6757), Some("0.00%")));
    assert_eq!(sheet.cells[1].content, Content::Number(12.0));
    assert_eq!(sheet.cells[2].content, Content::Text("15/03/2023".into()));
    assert_eq!(sheet.cells[3].formula.as_deref(), Some("A1+1"));
}

#[test]
fn a_page_that_breaks_off_within_a_table_is_said_so() {
    let whole = "<table><tr><td>1<td>2</table>";
    assert!(read(whole).unwrap().remarks.is_empty());
    assert_eq!(read(&whole[..20]).unwrap().remarks.len(), 1);
}

#[test]
fn a_page_without_a_table_is_refused() {
    assert_eq!(read("<html><p>Lỗi 404</p></html>").unwrap_err(), Refusal::NotAWorkbook(Foreign::Text));
}

#[test]
fn classes_give_font_and_format() {
    let page = r#"<style><!-- td {color:red} .xl65, td.xl66 {font-family:".VnTime", serif; mso-number-format:"0\.00%"; x:y} --></style>"#;
    let found = classes(page);
    assert_eq!(found["xl66"].font.as_deref(), Some(".VnTime"));
    assert_eq!(found["xl65"].format.as_deref(), Some("0.00%"));
    assert!(style("DISPLAY : none").unshown);
}

#[test]
fn entities_become_letters() {
    assert_eq!(
        decoded("S&#7903; Y t&#x1EBF; &amp; T&agrave;i ch&iacute;nh&nbsp;&lt;1&gt; A&B &#0; &bogus; §Çu t&shy;"),
        "Sở Y tế & Tài chính\u{A0}<1> A&B &#0; &bogus; §Çu t\u{AD}"
    );
}

#[test]
fn sloppy_tags_are_read() {
    let page = "<TABLE border=1><!-- <td> -->Đ<td colspan = '2' x:num title=\"a>b\">1 < 2</TD><style>td{}</STYLE><br/>";
    let found: Vec<_> = Tokens::new(page).collect();
    assert_eq!(found[0], Token::Open("table".into(), " border=1"));
    assert_eq!(found[1], Token::Text("Đ"));
    let Token::Open(name, tag) = &found[2] else { panic!("{found:?}") };
    assert_eq!((name.as_str(), attribute(tag, "colspan").as_deref()), ("td", Some("2")));
    assert_eq!((attribute(tag, "x:num").as_deref(), attribute(tag, "title").as_deref()), (Some(""), Some("a>b")));
    assert_eq!(attribute(tag, "rowspan"), None);
    assert_eq!(found[3..5], [Token::Text("1 "), Token::Text("< 2")]);
    assert_eq!(found[5], Token::Close("td".into()));
    assert!(matches!(&found[7], Token::Open(name, _) if name == "br"));
}
