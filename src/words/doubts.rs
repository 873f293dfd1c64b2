//! What recognition and settling were unsure of: what was taken, and why.

use chrono::NaiveDate;

use super::Words;
use crate::model::{Address, Finding, Unsure};

/// The letter of a cell's column.
fn column_of(at: Address) -> String {
    at.to_string().trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()
}

impl Words<'_> {
    /// ` và 3 ô khác`; nothing for none.
    fn other_cells(&self, count: usize) -> String {
        match count {
            0 => String::new(),
            n => self.lang.pick(format!(" và {n} ô khác"), format!(" and {n} other cells")),
        }
    }

    /// `; và 3 ô khác` behind a list; nothing for none.
    fn more(&self, count: usize) -> String {
        match count {
            0 => String::new(),
            n => self.lang.pick(format!("; và {n} ô khác"), format!("; and {n} more")),
        }
    }

    /// A doubt about the cell `at`, which shows `text`; `source` is by what the unit or period was taken.
    pub(super) fn doubt(&self, what: &Unsure, at: Address, text: &str, source: &str, finding: &Finding) -> String {
        let lang = self.lang;
        let period = finding.period.map(|p| self.period(p)).unwrap_or_default();
        let day = |d: &NaiveDate| d.format("%d/%m/%Y").to_string();
        match what {
        Unsure::UnitSpelling { taken, typed } => {
            let taken = self.unit(taken);
            lang.pick(
                format!("Tên đơn vị {typed} gần giống {taken} nên được hiểu là {taken}; đề nghị xác nhận, hoặc thêm tên này vào cột aliases của units.csv."),
                format!("The unit's name {typed} is nearly that of {taken} and was taken for it; confirm, or add the name to the aliases in units.csv."),
            )
        }
        Unsure::UnitStrange { typed, near } => {
            let near: Vec<&str> = near.iter().map(|code| self.unit(code)).collect();
            lang.pick(
                format!("Đơn vị “{typed}” không có trong units.csv (gần nhất: {}); số liệu được giữ dưới tên này.", near.join(", ")),
                format!("The unit “{typed}” is not in units.csv (nearest: {}); its figures are kept under this name.", near.join(", ")),
            )
        }
        Unsure::UnitsDiffer { taken, other, by } => {
            let (taken, other) = (self.unit(taken), self.unit(other));
            lang.pick(
                format!("Đơn vị báo cáo theo {source} là {taken}, nhưng theo {by} là {other}; đã lấy {taken}."),
                format!("The unit is {taken} by {source}, but {other} by {by}; {taken} was taken."),
            )
        }
        Unsure::PeriodsDiffer { taken, other, by } => {
            let taken = self.period(*taken);
            lang.pick(
                format!("Kỳ báo cáo theo {source} là {taken}, nhưng theo {by} là {other}; đã lấy {taken}."),
                format!("The period is {taken} by {source}, but {other} by {by}; {taken} was taken."),
            )
        }
        Unsure::StrangeRow { label } => lang.pick(
                format!("Hàng {} “{label}” có số liệu nhưng không phải dòng nào của biểu; số liệu hàng này không được tính.", at.row + 1),
                format!("Row {} “{label}” has figures but is no line of the form; its figures are not counted.", at.row + 1),
            ),
        Unsure::DoubtfulLine { label, line } => lang.pick(
                format!("Hàng {} có mã {line} nhưng ghi “{label}”, khác tên chỉ tiêu của biểu; đã hiểu theo mã.", at.row + 1),
                format!("Row {} has the code {line} but says “{label}”, unlike the form's wording; the code was followed.", at.row + 1),
            ),
        Unsure::FormsDiffer { titled } => lang.pick(
                format!("Phần đầu ghi biểu {titled}, nhưng các cột là của biểu {}; đã hiểu theo các cột.", finding.form),
                format!("The title names form {titled}, but the columns are those of {}; the columns were followed.", finding.form),
            ),
        Unsure::MissingColumn { column } => lang.pick(format!("Biểu thiếu cột ({column})."), format!("Column ({column}) of the form is missing.")),
        Unsure::ExtraColumn { caption, member_of: Some(total) } => lang.pick(
                format!("Cột {} “{caption}” không có trên biểu, nhưng đúng bằng phần còn thiếu của cột ({total}); đã tính vào tổng ở cột ({total}).", column_of(at)),
                format!("Column {} “{caption}” is none of the form's, but just what column ({total}) lacks; it was counted in the sum of column ({total}).", column_of(at)),
            ),
        Unsure::ExtraColumn { caption, member_of: None } => lang.pick(
                format!("Cột {} “{caption}” không có trên biểu; số liệu cột này không được tính.", column_of(at)),
                format!("Column {} “{caption}” is none of the form's; its figures are not counted.", column_of(at)),
            ),
        Unsure::JoinedColumns { caption, column } => lang.pick(
                format!("Cột {} “{caption}” được ghi riêng; đã cộng vào cột ({column}) của biểu.", column_of(at)),
                format!("Column {} “{caption}” was written apart; it was added to column ({column}) of the form.", column_of(at)),
            ),
        Unsure::TooLarge { count, stated } => {
            let stated = lang.figure(*stated);
            let others = self.other_cells(*count - 1);
            lang.pick(
                format!("Ô {at}{others} ghi {stated}, biểu tính bằng triệu đồng: số này quá lớn, có lẽ ghi bằng đồng. Đề nghị kiểm tra, ghi lại bằng triệu đồng."),
                format!("Cell {at}{others} says {stated}, and the form counts in millions of đồng: too much, perhaps it is in đồng. Check, and write it in millions of đồng."),
            )
        }
        Unsure::Thousands { count } => lang.pick(
                format!("{count} ô, đầu tiên là {at}, là số có phần thập phân ở cột đếm số lượng: dấu chấm hàng nghìn đã thành dấu thập phân khi nhập. Đã hiểu là hàng nghìn (4,611 là 4.611); đề nghị xác nhận."),
                format!("{count} cells, {at} the first, have decimals where counts belong: a point between thousands became a decimal mark. They were taken as thousands; please confirm."),
            ),
        Unsure::WithoutMarks { label, line } => lang.pick(
                format!("Tên lĩnh vực ghi không dấu; “{label}” được hiểu là “{line}”."),
                format!("The fields are named without diacritics; “{label}” was taken for “{line}”."),
            ),
        Unsure::RepeatedOrdinal => lang.pick(format!("Ô {at}: số thứ tự trùng với một hàng phía trên."), format!("Cell {at}: the row's number was used above already.")),
        Unsure::Undecided { candidates } => {
            let list = candidates.iter().map(|f| lang.figure(*f)).collect::<Vec<_>>();
            lang.pick(
                format!("Ô {at} ghi “{text}”: có thể là {}; không có ô nào khác trong tệp cho biết dấu chấm, dấu phẩy nghĩa là gì, nên số này chưa được tính. Ghi lại không dùng dấu phân cách hàng nghìn.", list.join(" hoặc ")),
                format!("Cell {at} says “{text}”: it may be {}; no other cell of the file tells what its point or comma means, so it is not counted. Write it without a mark between thousands.", list.join(" or ")),
            )
        }
        Unsure::Decided { taken, says } => {
            let taken = lang.figure(*taken);
            lang.pick(
                format!("Ô {at} ghi “{text}”: đã hiểu là {taken}, vì chỉ với số này thì {says} mới đúng."),
                format!("Cell {at} says “{text}”: taken as {taken}, because only with it {says} holds."),
            )
        }
        Unsure::Lawful { taken, other } => {
            let (taken, other) = (lang.figure(*taken), lang.figure(*other));
            lang.pick(
                format!("Ô {at} ghi “{text}”: đã hiểu là {taken}, vì theo Luật Kế toán dấu chấm đặt sau chữ số hàng nghìn, dấu phẩy sau hàng đơn vị; nếu là {other} thì ghi lại bằng dấu phẩy."),
                format!("Cell {at} says “{text}”: taken as {taken}, because by Luật Kế toán a point stands behind thousands and a comma behind units; if it is {other}, write it with a comma."),
            )
        }
        Unsure::Recomputed { count, stored, worked_out } => {
            let others = self.other_cells(*count - 1);
            let stored = if stored.is_empty() { lang.pick("trống", "nothing") } else { stored };
            lang.pick(
                format!("Công thức ở ô {at}{others} chưa được tính lại khi lưu tệp (trong tệp: {stored}, tính ra: {worked_out}); đã lấy số tính ra. Mở tệp bằng Excel và lưu lại thì hết."),
                format!("The formula in cell {at}{others} was not worked out again when the file was saved (stored: {stored}, it comes to {worked_out}); what it comes to was taken. Open the file in Excel and save it."),
            )
        }
        Unsure::OtherPrint => lang.pick(
                "Biểu trống này được phát theo bản mẫu khác với bản mẫu đang dùng; đề nghị xem lại các dòng, cột có thay đổi.".to_owned(),
                "This blank form was sent out by another wording of the template than the one in use; look at the lines and columns that have changed.".to_owned(),
            ),
        Unsure::HiddenTable { sheet: Some(sheet), .. } => lang.pick(
                format!("Sheet ẩn “{sheet}” cũng có biểu này; số liệu ở đó không được tính. Nếu đó là số liệu phải báo cáo, bỏ ẩn rồi gửi lại; nếu là bản cũ, xóa đi."),
                format!("The hidden sheet “{sheet}” holds this form too; its figures are not counted. If they are those to report, show the sheet and send it again; if they are old, delete it."),
            ),
        Unsure::HiddenTable { sheet: None, rows: (top, bottom) } => lang.pick(
                format!("Biểu này còn một bảng bị ẩn (tiêu đề ở hàng {}–{}, từ cột {}); số liệu ở đó không được tính. Nếu đó là số liệu phải báo cáo, bỏ ẩn rồi gửi lại; nếu là bản cũ, xóa đi.", top + 1, bottom + 1, column_of(at)),
                format!("This form stands here once more, hidden (header in rows {}–{}, from column {}); its figures are not counted. If they are those to report, show them and send it again; if they are old, delete them.", top + 1, bottom + 1, column_of(at)),
            ),
        Unsure::NotWorkedOut { count, formula } => {
            let others = self.other_cells(*count - 1);
            lang.pick(
                format!("Ô {at}{others} có công thức (={formula}) nhưng tệp không lưu kết quả, nên được coi là bỏ trống. Mở tệp bằng Excel, lưu lại rồi gửi lại."),
                format!("Cell {at}{others} has a formula (={formula}) without a stored result and is taken as blank. Open the file in Excel, save it and send it again."),
            )
        }
        Unsure::StrayFigure { cell, caption, text, line, .. } => {
            let at_caption = |column: &str| match caption.as_str() {
                "" => String::new(),
                caption => format!(" ({column} “{caption}”)"),
            };
            lang.pick(
                format!("Ô {at} (dòng {line}) để trống, nhưng ô {cell}{} ghi “{text}”; số này chưa được tính. Nếu đó là số liệu của dòng {line} thì ghi vào ô {at}.", at_caption("cột")),
                format!("Cell {at} (line {line}) is blank, but cell {cell}{} says “{text}”, which is not counted. If it is the figure of line {line}, write it in {at}.", at_caption("column")),
            )
        }
        Unsure::Dissolved { since, now } => {
            let since = day(since);
            match now.as_slice() {
                [] => lang.pick(
                    format!("Đơn vị đã giải thể từ ngày {since}, nhưng vẫn có báo cáo {period}; số liệu vẫn được tính dưới tên này; đề nghị xác nhận."),
                    format!("The unit was abolished from {since}, yet reports for {period}; its figures are counted under its name all the same; please confirm."),
                ),
                now => lang.pick(
                    format!("Đơn vị đã giải thể, sáp nhập hoặc đổi tên từ ngày {since}, nay là {}; báo cáo {period} vẫn được tính dưới tên cũ; đề nghị kiểm tra để không tính hai lần.", now.join(", ")),
                    format!("The unit was merged or renamed from {since} and is now {}; its return for {period} is counted under the old name all the same; see that nothing counts twice.", now.join(", ")),
                ),
            }
        }
        Unsure::NotYet { from } => {
            let from = day(from);
            lang.pick(
                format!("Đơn vị chỉ có từ ngày {from}, nhưng có báo cáo {period}; số liệu vẫn được tính dưới tên này; đề nghị xác nhận."),
                format!("The unit stands only from {from}, yet reports for {period}; its figures are counted under its name all the same; please confirm."),
            )
        }
        Unsure::FarAhead => lang.pick(
            format!("Biểu ghi {period}, một kỳ còn lâu mới tới: có lẽ gõ nhầm năm. Số liệu chưa vào kỳ nào khác; đề nghị kiểm tra lại kỳ báo cáo."),
            format!("It says {period}, which is far ahead: the year is probably mistyped. Its figures are in no other period; please check the period."),
        ),
        Unsure::SentEmpty => lang.pick(
                "Biểu gửi trống, không có số liệu nào; coi như chưa nhận được số liệu. Trong kỳ không phát sinh thì vẫn ghi 0 vào từng ô.".to_owned(),
                "The form was sent empty, without any figure; it does not count as received. Where there was nothing in the period, write 0 in each cell.".to_owned(),
            ),
        Unsure::WhichVersion { others, differences, more } => {
            let rest = self.more(*more);
            let (others, list, count) = (others.join(", "), differences.join("; "), differences.len() + more);
            lang.pick(
                format!("Đơn vị gửi nhiều bản của biểu này ({} và {others}), khác nhau ở {count} ô ({list}{rest}), nhưng không có gì cho biết bản nào mới hơn; chưa tính bản nào. Hỏi lại đơn vị, rồi bỏ bản không dùng ra khỏi thư mục.", finding.file),
                format!("The unit sent this form more than once ({} and {others}); they differ in {count} cells ({list}{rest}), and nothing tells which is newer; none is counted. Ask the unit, then take the other one out of the folder.", finding.file),
            )
        }
        Unsure::Collective { counted, kept } => {
            let (own, left) = (counted.join(", "), kept.join(", "));
            match kept.as_slice() {
                [] => lang.pick(
                    format!("Biểu này có hàng là các đơn vị đã gửi biểu riêng: {own}. Số liệu lấy theo biểu riêng của từng đơn vị; các hàng này không tính lại lần nữa."),
                    format!("Rows of this table are units that sent their own form: {own}. Their own forms count; these rows are not counted again."),
                ),
                _ => lang.pick(
                    format!("Biểu này có hàng là các đơn vị đã gửi biểu riêng: {own}; số liệu lấy theo biểu riêng, các hàng này không tính lại lần nữa. Chưa có biểu riêng nên vẫn tính theo biểu này: {left}."),
                    format!("Rows of this table are units that sent their own form: {own}; their own forms count, these rows do not count again. Counted by this table, for want of their own: {left}."),
                ),
            }
        }
        Unsure::OlderVersion { taken, why, differences, more } => {
            let why = self.said(why);
            let rest = self.more(*more);
            let what = match differences.len() + more {
                0 => lang.pick("hai bản giống hệt nhau".to_owned(), "the two are alike".to_owned()),
                n => lang.pick(format!("khác ở {n} ô: {}{rest}", differences.join("; ")), format!("they differ in {n} cells: {}{rest}", differences.join("; "))),
            };
            lang.pick(
                format!("Đơn vị gửi hai bản của biểu này; lấy bản {taken} ({why}); {what}."),
                format!("The unit sent this form twice; {taken} counts ({why}); {what}."),
            )
        }
        Unsure::ItemUnclear { text, known } => {
            let known = known.join("; ");
            if text.is_empty() {
                lang.pick(
                    format!("Ô {at} để trống, nên dòng này chưa được đếm vào loại nào. Ghi một trong: {known}."),
                    format!("Cell {at} is blank, so its row is counted under no kind. Write one of: {known}."),
                )
            } else {
                lang.pick(
                    format!("Ô {at} ghi “{text}”, không rõ thuộc loại nào nên chưa được đếm. Ghi rõ một trong: {known}."),
                    format!("Cell {at} says “{text}”, which is none of the kinds known, and is not counted. Write one of: {known}."),
                )
            }
        }
        Unsure::ItemsDiffer { answer, other, cell } => lang.pick(
                format!("Ô {at} ghi “{answer}”, nhưng ô {cell} lại mở đầu bằng “{other}”; đã đếm theo ô {at}, đề nghị xác nhận."),
                format!("Cell {at} says “{answer}”, yet {cell} begins with “{other}”; {at} was counted, please confirm."),
            ),
        Unsure::DateOutside { document, date, within } => {
            let bounds = finding.period.map(|p| p.days());
            let (first, last) = bounds.map(|(first, last)| (day(&first), day(&last))).unwrap_or_default();
            let date = day(date);
            let hint = within.as_ref().map(&day).map(|d| {
                lang.pick(format!(" Có lẽ là {d}."), format!(" Perhaps it is {d}."))
            });
            lang.pick(
                format!("Ô {at}: văn bản {document} ghi ngày {date}, ngoài kỳ báo cáo {period} ({first} đến {last}).{}", hint.as_deref().unwrap_or(" Đề nghị kiểm tra ngày, hoặc bỏ khỏi danh mục của kỳ này.")),
                format!("Cell {at}: document {document} is dated {date}, outside {period} ({first} to {last}).{}", hint.as_deref().unwrap_or(" Check the date, or take it off this period's list.")),
            )
        }
        Unsure::DateBefore { document, date, other, other_date } => {
            let (date, other_date) = (day(date), day(other_date));
            lang.pick(
                format!("Ô {at}: văn bản {document} ghi ngày {date}, sớm hơn văn bản {other} (ngày {other_date}) dù số lớn hơn; đề nghị xem lại ngày hoặc số."),
                format!("Cell {at}: document {document} is dated {date}, before {other} of {other_date}, though its number is higher; look at date and number."),
            )
        }
        Unsure::DocumentTwice { document, other } => lang.pick(
                format!("Ô {at}: văn bản {document} đã có ở ô {other}; nếu trùng thì bỏ một dòng."),
                format!("Cell {at}: document {document} stands in {other} already; take one out if it is the same."),
            ),
        Unsure::WordsDiffer { cell, words, amount, total } => {
            let (amount, total) = (lang.figure(*amount), lang.figure(*total));
            lang.pick(
                format!("Ô {cell} ghi bằng chữ “{words}”, tức {amount}, nhưng ô tổng {at} ghi {total}; hai chỗ phải bằng nhau."),
                format!("Cell {cell} says in words “{words}”, that is {amount}, but the total in {at} says {total}; the two must agree."),
            )
        }
        }
    }
}
