//! Line codes as people type them, and as Excel turns them into numbers and dates.

use crate::normalise::code::{code, from_date, from_number, leading, roman};
use proptest::prelude::*;

fn read(text: &str) -> Option<String> {
    code(text).map(|c| c.to_string())
}

#[test]
fn codes() {
    for (text, expected) in [
        ("1.", "1"),
        ("1.1", "1.1"),
        ("1.1.", "1.1"),
        ("5.1.1", "5.1.1"),
        (" 2.1 ", "2.1"),
        ("I", "I"),
        ("II.", "II"),
        ("a)", "a"),
        ("1", "1"),
        ("01", "1"),
        ("6.10", "6.10"),
        ("1,1", "1.1"),
        ("1 .1", "1.1"),
        ("IV", "IV"),
        ("A.", "A"),
        ("đ)", "đ"),
        ("1a", "1.a"),
        ("I.1", "I.1"),
        ("(a)", "a"),
        ("1)", "1"),
        ("1.1\u{a0}", "1.1"),
        ("3.1.2.", "3.1.2"),
    ] {
        assert_eq!(read(text).as_deref(), Some(expected), "{text}");
    }
    for text in [
        "",
        "(1)",
        "STT",
        "1.234",
        "Tổng số",
        "2023.5.123",
        "0",
        "TT",
        "12345",
        "-",
        "…",
        "1..2",
        "hồ sơ",
        "1/2",
        "IIII",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn numbers_and_dates() {
    let texts = |codes: Vec<crate::normalise::code::Code>| codes.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(texts(from_number(1.0)), ["1"]);
    assert_eq!(texts(from_number(6.1)), ["6.1", "6.10"]);
    assert_eq!(texts(from_number(1.1)), ["1.1", "1.10"]);
    assert_eq!(texts(from_number(6.11)), ["6.11"]);
    assert!(from_number(f64::NAN).is_empty() && from_number(-1.0).is_empty() && from_number(0.5).is_empty());
    assert_eq!(from_number(1.234), []);
    // 3 February 2001.
    assert_eq!(texts(from_date(36925.0))[0], "3.2.1");
    assert_eq!(roman("XIV"), Some(14));
    assert_eq!(roman("IL"), None);
}

#[test]
fn codes_before_labels() {
    let split = |text| leading(text).map(|(c, rest)| (c.to_string(), rest.to_owned()));
    assert_eq!(split("1.1. Tổng số văn bản"), Some(("1.1".into(), "Tổng số văn bản".into())));
    assert_eq!(split("1.1 Tổng số"), Some(("1.1".into(), "Tổng số".into())));
    assert_eq!(split("II. Trên Hệ thống thành phố"), Some(("II".into(), "Trên Hệ thống thành phố".into())));
    assert_eq!(split("a) Cấp tỉnh"), Some(("a".into(), "Cấp tỉnh".into())));
    assert_eq!(split("1.Tổng số"), Some(("1".into(), "Tổng số".into())));
    for text in ["5 năm", "Tổng số", "8.326 triệu", "1.1", "UBND xã", "12,5 triệu", ""] {
        assert_eq!(split(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn a_code_prints_as_it_reads(parts in prop::collection::vec(1u32..100, 1..5)) {
        let text = parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
        prop_assert_eq!(read(&text), Some(text.clone()));
        prop_assert_eq!(read(&format!(" {text}. ")), Some(text));
    }

    #[test]
    fn never_panics(text in "\\PC*", near in "[0-9IVXa-cđ.,() -]{0,12}", x in any::<f64>()) {
        for text in [&text, &near] {
            let _ = (code(text), leading(text), roman(text));
        }
        let _ = (from_number(x), from_date(x));
    }
}
