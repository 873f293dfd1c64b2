//! Names spelt in different ways, and the one key they share.

use crate::normalise::text::{acronym, expand, key, keyed, similarity, squeeze, tidy};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[test]
fn keys() {
    for (text, expected) in [
        ("Khánh Hoà", "khanh hoa"),
        ("Khánh Hòa", "khanh hoa"),
        ("ĐƠN VỊ TÍNH  ", "don vi tinh"),
        ("Ðơn vị\ntính", "don vi tinh"),
        ("VBQPPL¹", "vbqppl"),
        ("VBQPPL(1)", "vbqppl"),
        ("VBQPPL(1) đã ban hành", "vbqppl da ban hanh"),
        ("Số\u{a0}TT", "so tt"),
        ("Tổng\u{200b} số", "tong so"),
        ("thủ\u{ad}tục", "thutuc"),
        ("KH&CN", "kh va cn"),
        ("Văn hóa, Thể thao – Du lịch", "van hoa the thao du lich"),
        ("“Một cửa”", "mot cua"),
        ("Biểu số II.06a/VPCP/KSTT", "bieu so ii 06a vpcp kstt"),
        ("Tỷ lệ (%)", "ty le %"),
        ("Diện tích m²", "dien tich m2"),
        ("Cột (3)=(4)+(5)", "cot 3 = 4 + 5"),
        ("Tổng số*", "tong so"),
        ("  ", ""),
        ("-", ""),
    ] {
        assert_eq!(key(text), expected, "{text}");
    }
    assert_eq!(tidy(" Tổng \n\u{200b}số\u{a0} TTHC "), "Tổng số TTHC");
    assert_eq!(squeeze("st t"), "stt");
}

#[test]
fn abbreviations() {
    let list = BTreeMap::from([
        ("KH&CN", "Khoa học và Công nghệ"),
        ("GD&ĐT", "Giáo dục và Đào tạo"),
        ("UBND", "Ủy ban nhân dân"),
    ]);
    let list = keyed(&list.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect());
    for text in ["Sở KH&CN", "Sở KH-CN", "Sở KHCN", "SỞ KH VÀ CN"] {
        assert_eq!(expand(&key(text), &list), "so khoa hoc va cong nghe", "{text}");
    }
    assert_eq!(expand("gd dt ubnd", &list), "giao duc va dao tao uy ban nhan dan");
    assert_eq!(acronym("khoa hoc va cong nghe"), "khcn");
}

#[test]
fn likeness() {
    assert_eq!(similarity("truc tuyen", "truc tuyen"), 1.0);
    assert_eq!(similarity("st t", "stt"), 0.98);
    assert!(similarity("thuc tuyen", "truc tuyen") > 0.85);
    assert!(similarity("don doc", "don doc thuc hien") < 0.9);
    assert!(similarity("cong nghe va khoa hoc", "khoa hoc va cong nghe") > 0.9);
    assert!(similarity("dich vu cong muc do 3", "dich vu cong muc do 4") < 0.85);
    assert!(similarity("y te", "xay dung") < 0.4);
    assert_eq!(similarity("", ""), 0.0);
    assert_eq!(similarity("", "a"), 0.0);
}

proptest! {
    #[test]
    fn a_key_is_its_own_key(text in "\\PC*", near in "[a-cA-CđĐ¹²()0-9&%*ạ\u{300}\u{323} .,-]{0,20}") {
        for text in [&text, &near] {
            let once = key(text);
            prop_assert_eq!(key(&once), once.clone());
            prop_assert_eq!(tidy(&tidy(text)), tidy(text));
        }
    }

    #[test]
    fn similarity_is_a_share(a in "[a-d ]{0,12}", b in "\\PC{0,12}") {
        for (a, b) in [(&a, &b), (&b, &a), (&a, &a)] {
            let s = similarity(a, b);
            prop_assert!((0.0..=1.0).contains(&s));
        }
        prop_assert_eq!(similarity(&a, &b), similarity(&b, &a));
        let _ = (acronym(&b), expand(&b, &BTreeMap::new()));
    }
}
