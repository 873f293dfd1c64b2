//! Formulas moved and taken apart.

use super::*;

#[test]
fn references_move_where_they_are_free() {
    assert_eq!(moved("SUM(D12:D20)+$A$1*$B2-C$3", 1, 1), "SUM(E13:E21)+$A$1*$B3-D$3");
    assert_eq!(moved("Z9", 0, 1), "AA9");
    assert_eq!(moved("AZ9+ZZ1", 0, 1), "BA9+AAA1");
    assert_eq!(moved("SUM(A:A)+SUM(1:$2)", 2, 1), "SUM(B:B)+SUM(3:$2)");
    assert_eq!(moved("A1", -1, 0), "#REF!");
}

#[test]
fn what_only_looks_like_a_reference_stays() {
    let formula = r#"LOG10(2)&"A1"&'Q1 2023'!B2&Bieu1!C3&T1[Cột B2]&TONG_A1&_x1.B2&Số1"#;
    assert_eq!(moved(formula, 1, 0), formula.replace("!B2", "!B3").replace("!C3", "!C4"));
    assert_eq!(moved("12+A1%", 1, 0), "12+A2%");
    assert_eq!(moved("TRUE+1E5+1E-5+A1", 1, 1), "TRUE+1E5+1E-5+B2");
}

#[test]
fn formulas_are_taken_apart_or_refused() {
    let area = |text: &str| Area::parse(text).unwrap();
    assert_eq!(parse("$C$12:B9"), Some(Expr::Range(None, area("B9:C12"))));
    assert_eq!(parse(" 'Biểu ''1'''!A2 "), Some(Expr::Range(Some("Biểu '1'".into()), area("A2"))));
    assert_eq!(parse("1.5e-3"), Some(Expr::Number(0.0015)));
    assert_eq!(parse("\"a\"\"b\""), Some(Expr::Text("a\"b".into())));
    let call = |arguments| Some(Expr::Call("IF".into(), arguments));
    assert_eq!(parse("if(A1<>2, ,)"), {
        let condition = Expr::Range(None, area("A1"));
        let condition = Expr::Binary(Sign::Differs, Box::new(condition), Box::new(Expr::Number(2.0)));
        call(vec![condition, Expr::Nothing, Expr::Nothing])
    });
    assert_eq!(parse("IF()"), call(vec![]));
    for unknown in ["T1[Cột]", "A1:B2:C3", "Tên", "A1 B2", "\"a", "(A1", "#REF!", "", "A1!", "1:2", "'a'A1"] {
        assert_eq!(parse(unknown), None, "{unknown}");
    }
    assert_eq!(parse(&"(".repeat(99)), None);
}
