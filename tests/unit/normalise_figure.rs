//! Figures as people type them, and what each must be read as.

use crate::model::{Figure, Kind};
use crate::normalise::figure::{Expect, Note, Read, Reading, Style, from_date, from_number, prove, read};
use proptest::prelude::*;

const COUNT: Expect = Expect { kind: Kind::Flow, decimals: 0, measure: "Hồ sơ" };
const MONEY: Expect = Expect { kind: Kind::Flow, decimals: 3, measure: "Triệu đồng" };
const SHARE: Expect = Expect { kind: Kind::Ratio, decimals: 2, measure: "%" };

fn nil() -> Vec<String> {
    ["-", "/", "không", "không có", "không phát sinh", "chưa phát sinh", "...", "x", "kpl"].map(String::from).to_vec()
}

fn show(reading: Reading) -> String {
    match reading {
        Reading::Blank => "blank".into(),
        Reading::Nil => "nil".into(),
        Reading::Figure(read) => read.value.to_string(),
        Reading::Undecided { candidates } => format!("{candidates:?}").replace("Figure ", ""),
        Reading::Fraction { numerator, denominator, value, stated } => {
            let text = |f: Option<Figure>| f.map_or("-".into(), |f| f.to_string());
            format!("{numerator}/{denominator} {} {}", text(value), text(stated))
        }
        Reading::Unreadable => "?".into(),
    }
}

fn plain(text: &str, expect: Expect<'_>) -> String {
    show(read(text, &Style::default(), expect, &nil()))
}

#[test]
fn counts() {
    for (text, value) in [
        ("08", "8"),
        ("24 hồ sơ", "24"),
        ("17 nhiệm vụ", "17"),
        ("06 cơ quan, đơn vị", "6"),
        ("1.234", "1234"),
        ("8.326", "8326"),
        ("8,326", "8326"),
        ("1.234.567", "1234567"),
        ("12 345", "12345"),
        ("12\u{a0}345", "12345"),
        ("12\u{202f}345", "12345"),
        ("12'345", "12345"),
        ("(123)", "-123"),
        ("-5", "-5"),
        ("–5", "-5"),
        ("+5", "5"),
        ("12*", "12"),
        ("12¹", "12"),
        ("12(1)", "12"),
        ("12 (*)", "12"),
        ("12.", "12"),
        ("12 ", "12"),
        ("'08", "8"),
        ("１２", "12"),
        ("0", "0"),
        ("00", "0"),
        ("12,0", "12"),
        ("12,5", "12.5"),
        ("51 (98%)", "51"),
        ("24hồ sơ", "24"),
        ("5 nghìn", "5000"),
        ("24 hồ sơ.", "24"),
        ("0\u{200b}5", "5"),
        ("12 đồng chí", "12"),
        ("07 thủ tục", "7"),
        ("05 giấy phép xây dựng", "5"),
        ("17 nhiệm vụ đã hoàn thành", "?"),
        ("12 hồ sơ quá hạn", "?"),
        ("12 m2", "?"),
        ("không có báo cáo", "?"),
        ("03 mô hình 2", "?"),
        ("", "blank"),
        ("  ", "blank"),
        ("\u{a0}", "blank"),
        ("-", "nil"),
        ("–", "nil"),
        ("—", "nil"),
        ("--", "nil"),
        ("/", "nil"),
        ("Không", "nil"),
        ("KHÔNG CÓ", "nil"),
        ("không phát sinh", "nil"),
        ("Chưa phát sinh.", "nil"),
        ("...", "nil"),
        ("…", "nil"),
        ("x", "nil"),
        ("X", "nil"),
        ("Không phát sinh hồ sơ", "nil"),
        ("không có TTHC", "nil"),
        ("chưa có số liệu", "?"),
        ("12a", "?"),
        ("xx", "?"),
        ("2 (nt)", "?"),
        ("Đã thực hiện 25", "?"),
        ("1.000656", "?"),
        ("70%", "?"),
        ("1O", "?"),
        ("l2", "?"),
        ("1.1.1", "?"),
        ("15/12/2022", "?"),
        ("12/2023", "?"),
        ("25 chưa xong", "?"),
        ("- 5", "?"),
        ("5-6", "?"),
        ("không đạt", "?"),
        ("25+3", "?"),
        ("5/", "?"),
        ("1 2", "?"),
        ("không có số liệu báo cáo", "?"),
        ("5 triệu đồng", "?"),
        ("1.23.4", "?"),
        ("99999999999999999999", "?"),
        ("½", "?"),
        ("25/37", "25/37 - -"),
        ("51/52 TTHC (100%)", "51/52 - 100"),
    ] {
        assert_eq!(plain(text, COUNT), value, "{text}");
    }
    let persons = Expect { measure: "Đồng chí", ..COUNT };
    assert_eq!(plain("12 đồng chí", persons), "12");
}

#[test]
fn money() {
    for (text, value) in [
        ("7.877,926 triệu", "7877.926"),
        ("7.877,926", "7877.926"),
        ("7,877.926 triệu đồng", "7877.926"),
        ("7 877,926", "7877.926"),
        ("8.326", "[{ units: 8326, scale: 0 }, { units: 8326, scale: 3 }]"),
        ("0,333", "0.333"),
        ("67,5", "67.5"),
        ("8326", "8326"),
        ("1.234.567", "1234567"),
        ("5 tỷ", "5000"),
        ("5,5 tỷ đồng", "5500"),
        ("8.326.000.000 đồng", "8326"),
        ("8.326.123.456 đồng", "8326.123456"),
        ("500 nghìn đồng", "0.5"),
        ("500.000đ", "[{ units: 5, scale: 1 }, { units: 5, scale: 4 }]"),
        ("1234,567", "1234.567"),
        ("-5,2", "-5.2"),
        ("12 tr.đ", "12"),
    ] {
        assert_eq!(plain(text, MONEY), value, "{text}");
    }
    let style = prove(["67,5"].into_iter());
    let Reading::Figure(Read { value, shown, note, .. }) = read("8.326", &style, MONEY, &[]) else { panic!() };
    assert_eq!((value, shown, note), (Figure::whole(8326), 0, Some(Note::BySheet)));
    let Reading::Figure(Read { value, shown, .. }) = read("8,326", &style, MONEY, &[]) else { panic!() };
    assert_eq!((value, shown), (Figure::new(8326, 3), 3));
}

#[test]
fn percentages() {
    for (text, value) in [
        ("70%", "70"),
        ("67,57 %", "67.57"),
        ("67.567", "67.567"),
        ("67.57", "67.57"),
        ("100", "100"),
        ("1,34", "1.34"),
        ("0,7", "0.7"),
        ("67,56756757%", "67.567568"),
        ("25/37", "25/37 67.57 -"),
        ("04/24", "4/24 16.67 -"),
        ("9/9 (100%)", "9/9 100 100"),
        ("9/9", "9/9 100 -"),
        ("25/37 = 67,57%", "25/37 67.57 67.57"),
        ("25/37 nhiệm vụ, đạt (67,57%)", "25/37 67.57 67.57"),
        ("25/37 đạt 67,57%", "25/37 67.57 67.57"),
        ("67,57% (25/37)", "25/37 67.57 67.57"),
        ("70% (nt)", "?"),
        ("25/37 chưa xong 5%", "?"),
        ("0/0", "0/0 - -"),
        ("15/12/2022", "?"),
        ("-", "nil"),
        ("(70)", "?"),
        ("70%¹", "70"),
        ("70 % *", "70"),
        ("100%.", "100"),
        ("25 / 37", "25/37 67.57 -"),
        ("9/9 hồ sơ (đạt 100%)", "9/9 100 100"),
    ] {
        assert_eq!(plain(text, SHARE), value, "{text}");
    }
}

#[test]
fn proofs() {
    for (texts, decimal) in [
        (vec!["7.877,926"], Some(',')),
        (vec!["1.234.567"], Some(',')),
        (vec!["67,5"], Some(',')),
        (vec!["0,333"], Some(',')),
        (vec!["1,234.5"], Some('.')),
        (vec!["12.5"], Some('.')),
        (vec!["12.5", "67,5"], None),
        (vec!["8.326"], None),
        (vec![], None),
        (vec!["15/12/2022", "1.1.1", "a", "1.000656", "7.877,926 triệu"], Some(',')),
        (vec!["1 234,567"], Some(',')),
        (vec!["67,57%"], Some(',')),
        (vec!["12.5", "67,5", "67,6"], None),
    ] {
        assert_eq!(prove(texts.iter().copied()).decimal, decimal, "{texts:?}");
    }
    assert_eq!(prove(["8", " 67,5 "].into_iter()).proof.as_deref(), Some("67,5"));
    assert_eq!(prove(["12.5", "67,5"].into_iter()).against.as_deref(), Some("67,5"));
}

#[test]
fn stored_numbers() {
    let number = |x, format, expect| match from_number(x, format, expect) {
        Reading::Figure(read) => format!("{} {}", read.value, read.shown),
        other => show(other),
    };
    assert_eq!(number(0.7, Some("0%"), SHARE), "70 0");
    assert_eq!(number(25.0 / 37.0, Some("0.00%"), SHARE), "67.567568 2");
    assert_eq!(number(0.7, Some("0%"), COUNT), "?");
    assert_eq!(number(67.57, Some("General"), SHARE), "67.57 2");
    assert_eq!(number(67.57, Some("#,##0.0"), SHARE), "67.57 1");
    assert_eq!(number(5.0, None, COUNT), "5 0");
    assert_eq!(number(0.1 + 0.2, None, MONEY), "0.3 1");
    assert_eq!(number(8326.0, Some("#,##0;[Red]-#,##0"), MONEY), "8326 0");
    assert_eq!(number(8.5, Some("_(* #,##0.00_);_(* \\(#,##0.00\\)"), MONEY), "8.5 2");
    assert_eq!(number(5.0, Some("0 \"% hồ sơ\""), COUNT), "5 0");
    assert_eq!(number(f64::NAN, None, COUNT), "?");
}

#[test]
fn fractions_made_dates() {
    assert_eq!(from_date(45383.0, Some("mmm-yy")), [(4, 24)]); // 1 April 2024
    assert_eq!(from_date(45383.0, None)[0], (4, 24));
    assert_eq!(from_date(45178.0, Some("d-mmm")), [(9, 9)]); // 9 September 2023
    assert_eq!(from_date(45063.0, Some("d-mmm")), [(5, 17), (17, 5)]); // 17 May 2023
    assert_eq!(from_date(42856.0, Some("mmm-yy")), [(5, 17)]); // 1 May 2017
    assert_eq!(from_date(45063.0, Some("dd/mm/yyyy")), []);
    assert_eq!(from_date(f64::NAN, None), []);
}

/// Spellings of a figure: blanks and signs aside, what an official may write for it.
fn spellings(whole: u64, fraction: &str, decimal: char) -> Vec<String> {
    let digits = whole.to_string();
    let mut out = Vec::new();
    let thousands = if decimal == ',' { "." } else { "," };
    for mark in ["", thousands, " ", "\u{a0}", "\u{202f}", "'"] {
        let mut parted = String::new();
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                parted.push_str(mark);
            }
            parted.push(c);
        }
        if !fraction.is_empty() {
            parted = format!("{parted}{decimal}{fraction}");
        }
        out.push(parted);
    }
    out
}

proptest! {
    #[test]
    fn every_spelling_reads_back(
        whole in prop_oneof![0u64..100, 0u64..1_000_000_000], decimals in 0usize..4, comma in any::<bool>(), negative in any::<bool>(),
        around in 0usize..6, expect in 0usize..3, units in any::<u32>(),
    ) {
        let expect = [COUNT, MONEY, SHARE][expect];
        let decimals = if expect.decimals == 0 && expect.kind == Kind::Flow { 0 } else { decimals };
        let fraction = format!("{:06}", units % 1_000_000)[..decimals].to_owned();
        let decimal = if comma { ',' } else { '.' };
        let proof = format!("1{decimal}5");
        let style = prove(std::iter::once(proof.as_str()));
        let sign = if negative { "-" } else { "" };
        let value = Figure::parse_plain(&format!("{sign}{whole}.{fraction}")).unwrap();
        for spelling in spellings(whole, &fraction, decimal) {
            // A percentage of thousands, parted by a mark, is not expected.
            if expect.is_percentage() && whole >= 1000 { continue; }
            let text = ["{}", " {} ", "{}¹", "{}*", "{}.", "\u{feff}{}\n"][around].replace("{}", &format!("{sign}{spelling}"));
            let Reading::Figure(read) = read(&text, &style, expect, &nil()) else { panic!("{text:?}") };
            prop_assert_eq!(read.value, value, "{:?}", text);
            prop_assert_eq!(usize::from(read.shown), decimals, "{:?}", text);
        }
    }

    #[test]
    fn never_panics(text in "\\PC*", near in "[0-9.,/%()+' ¹*xađtỷriệunghồsơ-]{0,24}", x in any::<f64>(), kind in 0usize..3) {
        let expect = [COUNT, MONEY, SHARE][kind];
        for text in [&text, &near] {
            let style = prove(std::iter::once(text.as_str()));
            let _ = read(text, &style, expect, &nil());
            let _ = read(text, &Style::default(), Expect { measure: text, ..expect }, std::slice::from_ref(text));
        }
        for format in [None, Some("General"), Some(text.as_str()), Some("0.00%")] {
            let _ = (from_number(x, format, expect), from_date(x, format));
        }
    }

    #[test]
    fn numbers_stored_and_printed_agree(units in -1_000_000_000_000i64..1_000_000_000_000, scale in 0u8..4) {
        let figure = Figure::new(units, scale);
        let Reading::Figure(read) = from_number(figure.to_double(), None, MONEY) else { panic!() };
        prop_assert_eq!(read.value, figure);
    }
}
