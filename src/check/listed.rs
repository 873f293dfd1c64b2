//! What is unsure of a list's rows, in the reader's words: an answer, a document's kind, its date.

use chrono::NaiveDate;

use crate::model::{Doubt, Lang, Return, Severity, Unsure};

/// The rule's name, its weight and the sentence, where the doubt is about a list.
pub(super) fn words(ret: &Return, doubt: &Doubt, lang: Lang) -> Option<(&'static str, Severity, String)> {
    let at = doubt.cell;
    let day = |d: &NaiveDate| d.format("%d/%m/%Y").to_string();
    let warning = Severity::Warning;
    let said = match &doubt.what {
        Unsure::ItemUnclear { text, known } => {
            let known = known.join("; ");
            let message = if text.is_empty() {
                lang.pick(
                    format!("Ô {at} để trống, nên dòng này chưa được đếm vào loại nào. Ghi một trong: {known}."),
                    format!("Cell {at} is blank, so its row is counted under no kind. Write one of: {known}."),
                )
            } else {
                lang.pick(
                    format!("Ô {at} ghi “{text}”, không rõ thuộc loại nào nên chưa được đếm. Ghi rõ một trong: {known}."),
                    format!("Cell {at} says “{text}”, which is none of the kinds known, and is not counted. Write one of: {known}."),
                )
            };
            ("muc-chua-ro", warning, message)
        }
        Unsure::ItemsDiffer { answer, other, cell } => (
            "tien-do-khac-ket-qua",
            warning,
            lang.pick(
                format!("Ô {at} ghi “{answer}”, nhưng ô {cell} lại mở đầu bằng “{other}”; đã đếm theo ô {at}, đề nghị xác nhận."),
                format!("Cell {at} says “{answer}”, yet {cell} begins with “{other}”; {at} was counted, please confirm."),
            ),
        ),
        Unsure::DateOutside { document, date, within } => {
            let (first, last) = ret.period.days();
            let period = lang.pick(ret.period.in_vietnamese(), ret.period.to_string());
            let (date, first, last) = (day(date), day(&first), day(&last));
            let hint = within.as_ref().map(&day).map(|d| {
                lang.pick(format!(" Có lẽ là {d}."), format!(" Perhaps it is {d}."))
            });
            let message = lang.pick(
                format!("Ô {at}: văn bản {document} ghi ngày {date}, ngoài kỳ báo cáo {period} ({first} đến {last}).{}", hint.as_deref().unwrap_or(" Đề nghị kiểm tra ngày, hoặc bỏ khỏi danh mục của kỳ này.")),
                format!("Cell {at}: document {document} is dated {date}, outside {period} ({first} to {last}).{}", hint.as_deref().unwrap_or(" Check the date, or take it off this period's list.")),
            );
            ("ngay-ngoai-ky", warning, message)
        }
        Unsure::DateBefore { document, date, other, other_date } => {
            let (date, other_date) = (day(date), day(other_date));
            let message = lang.pick(
                format!("Ô {at}: văn bản {document} ghi ngày {date}, sớm hơn văn bản {other} (ngày {other_date}) dù số lớn hơn; đề nghị xem lại ngày hoặc số."),
                format!("Cell {at}: document {document} is dated {date}, before {other} of {other_date}, though its number is higher; look at date and number."),
            );
            ("ngay-nguoc-so", Severity::Note, message)
        }
        Unsure::DocumentTwice { document, other } => (
            "van-ban-trung",
            warning,
            lang.pick(
                format!("Ô {at}: văn bản {document} đã có ở ô {other}; nếu trùng thì bỏ một dòng."),
                format!("Cell {at}: document {document} stands in {other} already; take one out if it is the same."),
            ),
        ),
        Unsure::WordsDiffer { cell, words, amount, total } => {
            let (amount, total) = (lang.figure(*amount), lang.figure(*total));
            let message = lang.pick(
                format!("Ô {cell} ghi bằng chữ “{words}”, tức {amount}, nhưng ô tổng {at} ghi {total}; hai chỗ phải bằng nhau."),
                format!("Cell {cell} says in words “{words}”, that is {amount}, but the total in {at} says {total}; the two must agree."),
            );
            ("so-bang-chu", Severity::Error, message)
        }
        _ => return None,
    };
    Some(said)
}
