//! Coded answers as offices write them.

use super::*;

fn read(text: &str, codes: &[(i64, &str)]) -> Option<i64> {
    let words = crate::catalogue::load(None).unwrap().words;
    let codes = codes.iter().map(|(c, m)| (*c, (*m).to_owned())).collect();
    answer(text, Answers { codes: &codes, wordings: &words.answers, fillers: &words.answer_fillers })
}

const YES: [(i64, &str); 2] = [(0, "Không"), (1, "Có")];
const LEVELS: [(i64, &str); 3] = [(0, "Chưa có"), (1, "2 cấp"), (2, "3 cấp")];
const DONE: [(i64, &str); 3] = [(0, "Chưa"), (1, "Đang làm"), (2, "Hoàn thành")];
const WAY: [(i64, &str); 3] = [(0, "Trực tuyến"), (1, "Phát phiếu"), (2, "Kết hợp")];

#[test]
fn an_answer_is_the_code_the_form_prints_for_it() {
    for (text, codes, code) in [
        ("2 cấp = 1", &LEVELS[..], 1),
        ("2 cấp", &LEVELS, 1),
        ("Hai cấp", &LEVELS, 1),
        ("Liên thông 3 cấp", &LEVELS, 2),
        ("1 (2 cấp)", &LEVELS, 1),
        ("2 cấp (1)", &LEVELS, 1),
        ("1 - 2 cấp", &LEVELS, 1),
        ("Chưa có", &LEVELS, 0),
        ("2", &LEVELS, 2),
        ("Có = 1; Không = 0: 1", &YES, 1),
        ("Có = 1\nKhông = 0\n0", &YES, 0),
        ("KHÔNG", &YES, 0),
        ("có", &YES, 1),
        ("Đã tổ chức", &YES, 1),
        ("Không tổ chức", &YES, 0),
        ("Có (1)", &YES, 1),
        ("Mã 1", &YES, 1),
        ("Đã hoàn thành", &DONE, 2),
        ("Chưa hoàn thành", &DONE, 0),
        ("Đang thực hiện", &DONE, 1),
        ("Trực tuyến = 0 Phát phiếu = 1 Kết hợp = 2: Phát phiếu", &WAY, 1),
        ("Hình thức: Kết hợp", &WAY, 2),
        ("0 = Trực tuyến", &WAY, 0),
        ("Trực tuyến + phát phiếu", &WAY, 2),
        ("☑ Có  ☐ Không", &YES, 1),
        ("☐ Có ☒ Không", &YES, 0),
    ] {
        assert_eq!(read(text, codes), Some(code), "{text}");
    }
}

#[test]
fn what_leaves_a_doubt_is_not_read() {
    for (text, codes) in [
        ("2 cấp = 2", &LEVELS[..]),
        ("2 cấp, 3 cấp", &LEVELS),
        ("1 (3 cấp)", &LEVELS),
        ("Có", &LEVELS),
        ("4 cấp", &LEVELS),
        ("Có = 1; Không = 0", &YES),
        ("Có/Không", &YES),
        ("Có kế hoạch, chưa tổ chức", &YES),
        ("x", &YES),
        ("Hoàn thành 80%", &DONE),
        ("Sẽ hoàn thành", &DONE),
        ("Cơ bản hoàn thành", &DONE),
        ("Khác = 5", &WAY),
        ("☐ Có ☐ Không", &YES),
        ("☑ Có ☑ Không", &YES),
    ] {
        assert_eq!(read(text, codes), None, "{text}");
    }
}
