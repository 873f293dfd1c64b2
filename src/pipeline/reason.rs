//! What recognition left of a file into the sentence that says so, with what to do.

use crate::model::{Lang, Workbook};
use crate::recognise::{Lacks, Recognition};

/// What there is to say of a file that was opened: what was left out of it and why, and what to do.
pub(super) fn reason(workbook: &Workbook, recognition: &Recognition, lang: Lang) -> String {
    let sheets =
        |list: &[usize]| list.iter().map(|i| format!("“{}”", workbook.sheets[*i].name)).collect::<Vec<_>>().join(", ");
    let mut said = Vec::new();
    let no_form = recognition.layouts.is_empty() && recognition.unplaced.is_empty();
    if no_form && !super::file::is_report(workbook) {
        said.push(lang.pick(
            "Không có biểu nào nhận ra được; nếu đây là biểu báo cáo, gửi lại theo mẫu".to_owned(),
            "No known form was recognised; if this is a report, send it on the form".to_owned(),
        ));
    } else if !no_form && !recognition.strange_sheets.is_empty() {
        let list = sheets(&recognition.strange_sheets);
        said.push(
            lang.pick(
                format!("sheet không phải biểu đã biết: {list}"),
                format!("sheets that are no known form: {list}"),
            ),
        );
    }
    for table in &recognition.unplaced {
        let (form, sheet, cell) = (&table.form, &workbook.sheets[table.sheet].name, table.cell);
        said.push(match table.lacks {
            Lacks::Lines => lang.pick(format!("{sheet}!{cell}: có tên biểu {form} nhưng các dòng bên dưới không phải dòng của biểu; số liệu ở đó chưa được đọc"), format!("{sheet}!{cell}: the title of {form} stands here, but the rows below are none of its lines; their figures are not read")),
            Lacks::Block => lang.pick(format!("{sheet}!{cell}: biểu {form} có nhiều khối cột giống nhau mà không ghi khối nào là kỳ báo cáo; số liệu ở đó chưa được đọc. Ghi kỳ trên từng khối hoặc chỉ để lại khối của kỳ báo cáo"), format!("{sheet}!{cell}: {form} has several blocks of the same columns, and nothing says which is the period's; their figures are not read. Write the period over each block, or leave one")),
            Lacks::Unit => lang.pick(format!("{sheet}!{cell}: biểu {form} không cho biết đơn vị nào báo cáo; ghi tên đơn vị ở đầu biểu hoặc trong tên tệp"), format!("{sheet}!{cell}: nothing says whose {form} this is; write the unit's name above the table or in the file's name")),
            Lacks::Period => lang.pick(format!("{sheet}!{cell}: biểu {form} không cho biết kỳ báo cáo; ghi kỳ ở đầu biểu hoặc trong tên tệp"), format!("{sheet}!{cell}: nothing says which period this {form} is for; write it above the table or in the file's name")),
        });
    }
    if !recognition.hidden_sheets.is_empty() {
        let list = sheets(&recognition.hidden_sheets);
        said.push(lang.pick(format!("bỏ qua sheet ẩn: {list}"), format!("hidden sheets left out: {list}")));
    }
    for (sheet, row) in &recognition.cut_sheets {
        let name = &workbook.sheets[*sheet].name;
        said.push(lang.pick(
            format!("“{name}” có quá nhiều chữ, từ hàng {} trở xuống chưa xem; nếu biểu nằm ở đó, gửi riêng biểu", row + 1),
            format!("“{name}” has too much text and is not looked at from row {} down; if a form stands there, send it by itself", row + 1),
        ));
    }
    said.extend(workbook.remarks.iter().map(|r| r.in_words(lang)));
    said.join("; ")
}
