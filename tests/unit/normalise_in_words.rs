//! Amounts in words, both ways.

use proptest::prelude::*;

use super::*;

#[test]
fn amounts_are_read_aloud_as_clerks_do() {
    for (amount, words) in [
        (6_460_000, "sáu triệu bốn trăm sáu mươi nghìn"),
        (21, "hai mươi mốt"),
        (15, "mười lăm"),
        (24, "hai mươi tư"),
        (14, "mười bốn"),
        (404, "bốn trăm linh bốn"),
        (1_005_000_105, "một tỷ không trăm linh năm triệu một trăm linh năm"),
        (2_000_000_000_000, "hai nghìn tỷ"),
        (0, "không"),
    ] {
        assert_eq!(in_words(amount), words);
    }
}

#[test]
fn money_in_words_is_read() {
    assert_eq!(money("(Sáu triệu bốn trăm sáu mươi nghìn đồng chẵn)"), Some(6_460_000));
    assert_eq!(money("Bằng chữ: Hai mươi tư triệu, năm trăm lẻ năm ngàn đồng./."), Some(24_505_000));
    assert_eq!(money("Tổng số tiền viết bằng chữ: Một tỷ hai trăm triệu đồng."), Some(1_200_000_000));
    for other in ["Đơn vị tính: Đồng", "Hội đồng", "Năm 2021", "Hai hội đồng", "hợp đồng", "(Năm triệu)"]
    {
        assert_eq!(money(other), None, "{other}");
    }
}

proptest! {
    #[test]
    fn every_amount_reads_back(n in 1u64..=1_000_000_000_000_000_000, by in 0u32..18) {
        let n = n / 10u64.pow(by);
        prop_assume!(n > 0);
        prop_assert_eq!(money(&format!("({} đồng chẵn)", in_words(n))), Some(n));
    }

    #[test]
    fn any_text_is_safe(text in "\\PC{0,60}", words in proptest::collection::vec(proptest::sample::select(vec!["ty", "trieu", "nghin", "tram", "muoi", "nam", "khong", "linh"]), 0..20)) {
        let _ = (money(&text), of_words(&words));
    }
}
