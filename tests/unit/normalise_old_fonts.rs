//! TCVN3 and VNI letters, and the Unicode text they stand for.

use crate::normalise::old_fonts::{self, Encoding, by_font, by_letters, decode, decode_mixed};
use encode_old_fonts::encode;
use proptest::prelude::*;

#[path = "encode_old_fonts.rs"]
mod encode_old_fonts;

const LETTERS: &str = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ";

fn one(text: &str) -> Encoding {
    by_letters(std::iter::once(text))
}

#[test]
fn every_letter_round_trips() {
    assert_eq!(LETTERS.chars().count(), 67);
    for letter in LETTERS.chars().chain(LETTERS.to_uppercase().chars()) {
        let word = if letter.is_uppercase() { format!("BC{letter}B") } else { format!("bc{letter}b") };
        for encoding in [Encoding::Tcvn3, Encoding::Vni] {
            let stored = encode(&word, encoding);
            assert_ne!(stored, "", "{letter}");
            assert_eq!(decode(&stored, encoding), word, "{encoding:?} {stored}");
            assert!(stored.chars().all(|c| (c as u32) < 256), "{encoding:?} {letter}");
        }
        let upper = word.to_uppercase();
        assert_eq!(decode(&encode(&upper, Encoding::Tcvn3Upper), Encoding::Tcvn3Upper), upper);
    }
}

#[test]
fn texts() {
    for (stored, encoding, text) in [
        ("hép møt tÕt", Encoding::Tcvn3, "hộp mứt tết"),
        ("BiÓu sè", Encoding::Tcvn3, "Biểu số"),
        ("T×NH H×NH", Encoding::Tcvn3, "TÌNH HÌNH"),
        ("TæNG CéNG", Encoding::Tcvn3, "TỔNG CỘNG"),
        ("l\u{ad}îng", Encoding::Tcvn3, "lượng"),
        ("Së KH&CN", Encoding::Tcvn3, "Sở KH&CN"),
        ("§¬n vÞ tÝnh", Encoding::Tcvn3, "Đơn vị tính"),
        ("§¥N VÞ TÝNH", Encoding::Tcvn3, "ĐƠN VỊ TÍNH"),
        ("VBQPPL¹ ®· kiÓm tra t¹i x·", Encoding::Tcvn3, "VBQPPL¹ đã kiểm tra tại xã"),
        ("biÓu sè", Encoding::Tcvn3Upper, "BIỂU SỐ"),
        ("Tieáng Vieät", Encoding::Vni, "Tiếng Việt"),
        ("Soá hoà sô ñaõ giaûi quyeát", Encoding::Vni, "Số hồ sơ đã giải quyết"),
        ("TOÅNG COÄNG", Encoding::Vni, "TỔNG CỘNG"),
        ("Ñôn vò tính", Encoding::Vni, "Đơn vị tính"),
        ("vÊn ®Ò", Encoding::Tcvn3, "vấn đề"),
        ("Kinh phÝ", Encoding::Tcvn3, "Kinh phí"),
        ("§¾k L¾k", Encoding::Tcvn3, "Đắk Lắk"),
        ("TRONG Kú, §óNG H¹N", Encoding::Tcvn3, "TRONG KỲ, ĐÚNG HẠN"),
        ("8.326®ång", Encoding::Tcvn3, "8.326đồng"),
        ("HuÕ", Encoding::Tcvn3, "Huế"),
        ("soá löôïng", Encoding::Vni, "số lượng"),
    ] {
        assert_eq!(decode(stored, encoding), text);
        if encoding != Encoding::Tcvn3Upper {
            assert_eq!(one(stored), encoding, "{stored}");
            assert_eq!(decode_mixed(stored, Encoding::Unicode), text);
            assert_eq!(decode_mixed(stored, encoding), text);
        }
    }
}

/// "sè" is Vietnamese as it stands too; in a sheet typed in TCVN3 it is "số".
#[test]
fn what_the_sheet_decides() {
    assert_eq!(decode_mixed("Sè TT", Encoding::Tcvn3), "Số TT");
    assert_eq!(decode_mixed("Sè TT", Encoding::Unicode), "Sè TT");
    assert_eq!(decode_mixed("x·", Encoding::Tcvn3), "xã");
    assert_eq!(decode_mixed("C\u{ad} tró", Encoding::Tcvn3), "Cư trú");
}

#[test]
fn what_is_no_old_font() {
    for text in [
        "Tổng số hồ sơ",
        "Kỳ báo cáo",
        "Quý I năm 2023",
        "Tài chính",
        "không",
        "Không có",
        "số",
        "sè",
        "là",
        "có 5",
        "Đắk Lắk",
        "Krông Nô",
        "Ea H'leo",
        "½",
        "m²",
        "12¹",
        "VBQPPL¹",
        "¹ Ghi chú",
        "5 µm",
        "20 °C",
        "±5",
        "café",
        "Noël",
        "Zoë",
        "été à l'école",
        "über",
        "Köln",
        "São Paulo",
        "naïve",
        "Microsoft® Excel",
        "© 2023",
        "«Bonjour»",
        "2×3",
        "a",
        "",
        "123",
        "1.234,5",
        "º",
        "nº 5",
        "TTHC²",
        "hồ sơ¹",
        "Hoà",
        "Thuỷ",
        "QUẢNG TRỊ",
        "Ghi chú",
        "é",
        "Đ",
        "â",
        "Señor",
        "façade",
        "THông tin",
        "CHú ý",
        "Ø 20",
        "«à»",
        "thu\u{ad}tuc",
    ] {
        assert_eq!(one(text), Encoding::Unicode, "{text}");
        assert_eq!(decode_mixed(text, Encoding::Unicode), text);
    }
    for text in ["½", "m²", "12¹", "VBQPPL¹", "2×3", "123", "Tổng số hồ sơ", "Đơn vị", "Cấp huyện", "12½"]
    {
        assert_eq!(decode_mixed(text, Encoding::Tcvn3), text, "in a TCVN3 sheet");
        assert_eq!(decode_mixed(text, Encoding::Vni), text, "in a VNI sheet");
    }
}

#[test]
fn sheets() {
    let title =
        "Biểu số II.06a Tình hình kết quả giải quyết thủ tục hành chính Đơn vị tính Số hồ sơ Lĩnh vực đã giải quyết";
    for encoding in [Encoding::Tcvn3, Encoding::Vni, Encoding::Unicode] {
        let cells: Vec<String> = title.split(' ').map(|w| encode(w, encoding)).collect();
        assert_eq!(by_letters(cells.iter().map(String::as_str)), encoding);
        assert_eq!(by_letters(std::iter::once(encode(title, encoding).as_str())), encoding);
    }
}

#[test]
fn fonts() {
    for (font, encoding) in [
        (".VnTime", Some(Encoding::Tcvn3)),
        (".VnTimeH", Some(Encoding::Tcvn3Upper)),
        (".VnArial NarrowH", Some(Encoding::Tcvn3Upper)),
        (".VnArial Narrow", Some(Encoding::Tcvn3)),
        ("VNI-Times", Some(Encoding::Vni)),
        ("VNI-Helve", Some(Encoding::Vni)),
        ("Times New Roman", None),
        ("", None),
    ] {
        assert_eq!(by_font(font), encoding, "{font}");
    }
}

proptest! {
    #[test]
    fn lower_case_texts_round_trip(text in "[b-dh-nk-mđàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]{3,8}") {
        let text = format!("b{text}b");
        prop_assert_eq!(decode(&encode(&text, Encoding::Tcvn3), Encoding::Tcvn3), text.clone());
        prop_assert_eq!(decode(&encode(&text, Encoding::Vni), Encoding::Vni), text);
    }

    #[test]
    fn never_panics(text in "\\PC*", near in "[\u{80}-\u{ff}a-eA-E0-9 …ƒ]{0,20}") {
        for text in [&text, &near] {
            let judged = one(text);
            for encoding in [Encoding::Unicode, Encoding::Tcvn3, Encoding::Tcvn3Upper, Encoding::Vni, judged] {
                let _ = (decode(text, encoding), encode(text, encoding), decode_mixed(text, encoding));
            }
            let _ = by_font(text);
        }
    }
}
