//! What recognition was unsure of, said to the reader: never an error, always what was taken and why.

use super::{Checked, listed};
use crate::book::Book;
use crate::model::{Correction, Doubt, Finding, Return, Severity, Suspect, Unsure};

pub fn check(book: &Book<'_>, out: &mut Checked) {
    for ret in book.returns {
        for doubt in &ret.doubts {
            let why_not =
                matches!(doubt.what, Unsure::OlderVersion { .. } | Unsure::WhichVersion { .. } | Unsure::SentEmpty);
            if ret.counts() != why_not {
                out.findings.push(finding(ret, doubt, book));
            }
        }
    }
}

fn finding(ret: &Return, doubt: &Doubt, book: &Book<'_>) -> Finding {
    let (name, severity, message) = words(ret, doubt, book);
    let (mut cells, mut suspects, mut found) = (vec![doubt.cell], Vec::new(), String::new());
    if let Unsure::Beside { cell, text, value, .. } = &doubt.what {
        cells.push(*cell);
        found.clone_from(text);
        suspects.push(Suspect {
            cells: vec![Correction { cell: doubt.cell, elsewhere: None, stated: String::new(), proposed: *value }],
            why: book.lang.pick(format!("số liệu đang ở ô {cell}"), format!("the figure stands in {cell}")),
        });
    }
    Finding {
        rule: format!("{}:{name}", ret.form),
        rules: vec![format!("{}:{name}", ret.form)],
        kind: "recognition",
        severity,
        form: ret.form.clone(),
        unit: ret.unit.clone(),
        period: Some(ret.period),
        file: ret.file.clone(),
        sheet: ret.sheet.clone(),
        cells,
        found,
        expected: String::new(),
        suspects,
        message,
        passage: None,
        waived: None,
    }
}

fn words(ret: &Return, doubt: &Doubt, book: &Book<'_>) -> (&'static str, Severity, String) {
    let lang = book.lang;
    if let Some(said) = listed::words(ret, doubt, lang) {
        return said;
    }
    let at = doubt.cell;
    let (warning, note) = (Severity::Warning, Severity::Note);
    match &doubt.what {
        Unsure::UnitSpelling { taken, typed } => {
            let taken = book.name_of_unit(taken);
            let message = lang.pick(
                format!("Tên đơn vị {typed} gần giống {taken} nên được hiểu là {taken}; đề nghị xác nhận, hoặc thêm tên này vào cột aliases của units.csv."),
                format!("The unit's name {typed} is nearly that of {taken} and was taken for it; confirm, or add the name to the aliases in units.csv."),
            );
            ("ten-don-vi", warning, message)
        }
        Unsure::UnitStrange { typed, near } => {
            let near: Vec<&str> = near.iter().map(|code| book.name_of_unit(code)).collect();
            let message = lang.pick(
                format!("Đơn vị “{typed}” không có trong units.csv (gần nhất: {}); số liệu được giữ dưới tên này.", near.join(", ")),
                format!("The unit “{typed}” is not in units.csv (nearest: {}); its figures are kept under this name.", near.join(", ")),
            );
            ("don-vi-la", warning, message)
        }
        Unsure::UnitsDiffer { taken, other, by } => {
            let (taken, other) = (book.name_of_unit(taken), book.name_of_unit(other));
            let message = lang.pick(
                format!("Đơn vị báo cáo theo {} là {taken}, nhưng theo {by} là {other}; đã lấy {taken}.", ret.evidence.unit),
                format!("The unit is {taken} by {}, but {other} by {by}; {taken} was taken.", ret.evidence.unit),
            );
            ("don-vi-khac-nhau", warning, message)
        }
        Unsure::PeriodsDiffer { taken, other, by } => {
            let taken = lang.pick(taken.in_vietnamese(), taken.to_string());
            let message = lang.pick(
                format!("Kỳ báo cáo theo {} là {taken}, nhưng theo {by} là {other}; đã lấy {taken}.", ret.evidence.period),
                format!("The period is {taken} by {}, but {other} by {by}; {taken} was taken.", ret.evidence.period),
            );
            ("ky-khac-nhau", warning, message)
        }
        Unsure::StrangeRow { label } => (
            "hang-la",
            warning,
            lang.pick(
                format!("Hàng {} “{label}” có số liệu nhưng không phải dòng nào của biểu; số liệu hàng này không được tính.", at.row + 1),
                format!("Row {} “{label}” has figures but is no line of the form; its figures are not counted.", at.row + 1),
            ),
        ),
        Unsure::DoubtfulLine { label, line } => (
            "dong-khac-ten",
            warning,
            lang.pick(
                format!("Hàng {} có mã {line} nhưng ghi “{label}”, khác tên chỉ tiêu của biểu; đã hiểu theo mã.", at.row + 1),
                format!("Row {} has the code {line} but says “{label}”, unlike the form's wording; the code was followed.", at.row + 1),
            ),
        ),
        Unsure::FormsDiffer { titled } => (
            "ten-bieu-khac-cot",
            warning,
            lang.pick(
                format!("Phần đầu ghi biểu {titled}, nhưng các cột là của biểu {}; đã hiểu theo các cột.", ret.form),
                format!("The title names form {titled}, but the columns are those of {}; the columns were followed.", ret.form),
            ),
        ),
        Unsure::MissingColumn { column } => (
            "thieu-cot",
            warning,
            lang.pick(format!("Biểu thiếu cột ({column})."), format!("Column ({column}) of the form is missing.")),
        ),
        Unsure::RepeatedOrdinal => (
            "trung-so-thu-tu",
            note,
            lang.pick(format!("Ô {at}: số thứ tự trùng với một hàng phía trên."), format!("Cell {at}: the row's number was used above already.")),
        ),
        Unsure::Undecided { candidates } => {
            let list = candidates.iter().map(|f| lang.figure(*f)).collect::<Vec<_>>();
            let text = ret.entries.iter().find(|e| e.cell == at).map_or("", |e| &e.text);
            let message = lang.pick(
                format!("Ô {at} ghi “{text}”: có thể là {}; không có ô nào khác trong tệp cho biết dấu chấm, dấu phẩy nghĩa là gì, nên số này chưa được tính. Ghi lại không dùng dấu phân cách hàng nghìn.", list.join(" hoặc ")),
                format!("Cell {at} says “{text}”: it may be {}; no other cell of the file tells what its point or comma means, so it is not counted. Write it without a mark between thousands.", list.join(" or ")),
            );
            ("dau-cham-phay", Severity::Error, message)
        }
        Unsure::Decided { taken, says } => {
            let text = ret.entries.iter().find(|e| e.cell == at).map_or("", |e| &e.text);
            let taken = lang.figure(*taken);
            let message = lang.pick(
                format!("Ô {at} ghi “{text}”: đã hiểu là {taken}, vì chỉ với số này thì {says} mới đúng."),
                format!("Cell {at} says “{text}”: taken as {taken}, because only with it {says} holds."),
            );
            ("dau-cham-phay", note, message)
        }
        Unsure::Lawful { taken, other } => {
            let text = ret.entries.iter().find(|e| e.cell == at).map_or("", |e| &e.text);
            let (taken, other) = (lang.figure(*taken), lang.figure(*other));
            let message = lang.pick(
                format!("Ô {at} ghi “{text}”: đã hiểu là {taken}, vì theo Luật Kế toán dấu chấm đặt sau chữ số hàng nghìn, dấu phẩy sau hàng đơn vị; nếu là {other} thì ghi lại bằng dấu phẩy."),
                format!("Cell {at} says “{text}”: taken as {taken}, because by Luật Kế toán a point stands behind thousands and a comma behind units; if it is {other}, write it with a comma."),
            );
            ("dau-cham-phay", warning, message)
        }
        Unsure::Recomputed { count, stored, worked_out } => {
            let others = match count - 1 {
                0 => String::new(),
                n => lang.pick(format!(" và {n} ô khác"), format!(" and {n} other cells")),
            };
            let stored = if stored.is_empty() { lang.pick("trống", "nothing") } else { stored };
            let message = lang.pick(
                format!("Công thức ở ô {at}{others} chưa được tính lại khi lưu tệp (trong tệp: {stored}, tính ra: {worked_out}); đã lấy số tính ra. Mở tệp bằng Excel và lưu lại thì hết."),
                format!("The formula in cell {at}{others} was not worked out again when the file was saved (stored: {stored}, it comes to {worked_out}); what it comes to was taken. Open the file in Excel and save it."),
            );
            ("cong-thuc-cu", note, message)
        }
        Unsure::OtherPrint => (
            "ban-mau-khac",
            note,
            lang.pick(
                "Biểu trống này được phát theo bản mẫu khác với bản mẫu đang dùng; đề nghị xem lại các dòng, cột có thay đổi.".to_owned(),
                "This blank form was sent out by another wording of the template than the one in use; look at the lines and columns that have changed.".to_owned(),
            ),
        ),
        Unsure::NotWorkedOut { count, formula } => {
            let others = match count - 1 {
                0 => String::new(),
                n => lang.pick(format!(" và {n} ô khác"), format!(" and {n} other cells")),
            };
            let message = lang.pick(
                format!("Ô {at}{others} có công thức (={formula}) nhưng tệp không lưu kết quả, nên được coi là bỏ trống. Mở tệp bằng Excel, lưu lại rồi gửi lại."),
                format!("Cell {at}{others} has a formula (={formula}) without a stored result and is taken as blank. Open the file in Excel, save it and send it again."),
            );
            ("cong-thuc-chua-tinh", warning, message)
        }
        Unsure::Beside { cell, caption, text, line, .. } => {
            let at_caption = |column: &str| match caption.as_str() {
                "" => String::new(),
                caption => format!(" ({column} “{caption}”)"),
            };
            let message = lang.pick(
                format!("Ô {at} (dòng {line}) để trống, nhưng ô {cell}{} ghi “{text}”; số này chưa được tính. Nếu đó là số liệu của dòng {line} thì ghi vào ô {at}.", at_caption("cột")),
                format!("Cell {at} (line {line}) is blank, but cell {cell}{} says “{text}”, which is not counted. If it is the figure of line {line}, write it in {at}.", at_caption("column")),
            );
            ("so-o-cot-khac", warning, message)
        }
        Unsure::Dissolved { since, now } => {
            let (since, period) = (since.format("%d/%m/%Y"), ret.period);
            let message = match now.as_slice() {
                [] => lang.pick(
                    format!("Đơn vị đã giải thể từ ngày {since}, nhưng vẫn có báo cáo {}; số liệu vẫn được tính dưới tên này; đề nghị xác nhận.", period.in_vietnamese()),
                    format!("The unit was abolished from {since}, yet reports for {period}; its figures are counted under its name all the same; please confirm."),
                ),
                now => lang.pick(
                    format!("Đơn vị đã giải thể, sáp nhập hoặc đổi tên từ ngày {since}, nay là {}; báo cáo {} vẫn được tính dưới tên cũ; đề nghị kiểm tra để không tính hai lần.", now.join(", "), period.in_vietnamese()),
                    format!("The unit was merged or renamed from {since} and is now {}; its return for {period} is counted under the old name all the same; see that nothing counts twice.", now.join(", ")),
                ),
            };
            ("don-vi-het-hieu-luc", warning, message)
        }
        Unsure::NotYet { from } => {
            let (from, period) = (from.format("%d/%m/%Y"), ret.period);
            let message = lang.pick(
                format!("Đơn vị chỉ có từ ngày {from}, nhưng có báo cáo {}; số liệu vẫn được tính dưới tên này; đề nghị xác nhận.", period.in_vietnamese()),
                format!("The unit stands only from {from}, yet reports for {period}; its figures are counted under its name all the same; please confirm."),
            );
            ("don-vi-chua-thanh-lap", warning, message)
        }
        Unsure::SentEmpty => (
            "bieu-trong",
            Severity::Error,
            lang.pick(
                "Biểu gửi trống, không có số liệu nào; coi như chưa nhận được số liệu. Trong kỳ không phát sinh thì vẫn ghi 0 vào từng ô.".to_owned(),
                "The form was sent empty, without any figure; it does not count as received. Where there was nothing in the period, write 0 in each cell.".to_owned(),
            ),
        ),
        Unsure::WhichVersion { others, differences, more } => {
            let rest = match more {
                0 => String::new(),
                more => lang.pick(format!("; và {more} ô khác"), format!("; and {more} more")),
            };
            let (others, list, count) = (others.join(", "), differences.join("; "), differences.len() + more);
            let message = lang.pick(
                format!("Đơn vị gửi nhiều bản của biểu này ({} và {others}), khác nhau ở {count} ô ({list}{rest}), nhưng không có gì cho biết bản nào mới hơn; chưa tính bản nào. Hỏi lại đơn vị, rồi bỏ bản không dùng ra khỏi thư mục.", ret.file),
                format!("The unit sent this form more than once ({} and {others}); they differ in {count} cells ({list}{rest}), and nothing tells which is newer; none is counted. Ask the unit, then take the other one out of the folder.", ret.file),
            );
            ("nhieu-ban", Severity::Error, message)
        }
        Unsure::Collective { counted, kept } => {
            let (own, left) = (counted.join(", "), kept.join(", "));
            let message = match kept.as_slice() {
                [] => lang.pick(
                    format!("Biểu này có hàng là các đơn vị đã gửi biểu riêng: {own}. Số liệu lấy theo biểu riêng của từng đơn vị; các hàng này không tính lại lần nữa."),
                    format!("Rows of this table are units that sent their own form: {own}. Their own forms count; these rows are not counted again."),
                ),
                _ => lang.pick(
                    format!("Biểu này có hàng là các đơn vị đã gửi biểu riêng: {own}; số liệu lấy theo biểu riêng, các hàng này không tính lại lần nữa. Chưa có biểu riêng nên vẫn tính theo biểu này: {left}."),
                    format!("Rows of this table are units that sent their own form: {own}; their own forms count, these rows do not count again. Counted by this table, for want of their own: {left}."),
                ),
            };
            ("bieu-gop", warning, message)
        }
        Unsure::OlderVersion { taken, why, differences, more } => {
            let rest = match more {
                0 => String::new(),
                more => lang.pick(format!("; và {more} ô khác"), format!("; and {more} more")),
            };
            let what = match differences.len() + more {
                0 => lang.pick("hai bản giống hệt nhau".to_owned(), "the two are alike".to_owned()),
                n => lang.pick(format!("khác ở {n} ô: {}{rest}", differences.join("; ")), format!("they differ in {n} cells: {}{rest}", differences.join("; "))),
            };
            let severity = if differences.is_empty() { note } else { warning };
            let message = lang.pick(
                format!("Đơn vị gửi hai bản của biểu này; lấy bản {taken} ({why}); {what}."),
                format!("The unit sent this form twice; {taken} counts ({why}); {what}."),
            );
            ("gui-lai", severity, message)
        }
        Unsure::ItemUnclear { .. }
        | Unsure::ItemsDiffer { .. }
        | Unsure::DateOutside { .. }
        | Unsure::DateBefore { .. }
        | Unsure::DocumentTwice { .. }
        | Unsure::WordsDiffer { .. } => unreachable!("a list's doubt has its words in `listed`"),
    }
}
