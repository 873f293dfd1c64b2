//! What a report's text states and does not keep, and why a figure of it is suspected.

use chrono::NaiveDate;

use super::Words;
use crate::model::statement::{Due, Ground, Guilty, Place, Reason, Statement};
use crate::model::{Figure, Lang, Reworded};

impl Words<'_> {
    /// What a statement of a text does not keep.
    pub(super) fn statement(&self, statement: &Statement) -> String {
        message(statement, self.lang)
    }

    /// Why a figure of running text is suspected.
    pub fn reworded(&self, reworded: &Reworded) -> String {
        reason(&reworded.why, reworded.proposed, self.lang)
    }
}

fn reason(why: &Reason, proposed: Option<Figure>, lang: Lang) -> String {
    let figure = |f: &Figure| lang.figure(*f);
    match why {
        Reason::Statements(1) => lang.pick(
            "các câu khác dùng những số còn lại đều khớp".to_owned(),
            "the other sentences that use the remaining numbers tie".to_owned(),
        ),
        Reason::Statements(n) => {
            lang.pick(format!("{n} câu độc lập cùng cho số này"), format!("{n} independent statements come to it"))
        }
        Reason::Share(top, bottom) => format!("{} / {} × 100", figure(top), figure(bottom)),
        Reason::Difference(a, b) => {
            format!("{} − {} = {}", figure(a), figure(b), proposed.map(|p| figure(&p)).unwrap_or_default())
        }
        Reason::Words => lang.pick("số và chữ phải như nhau", "digits and words must say the same").to_owned(),
        Reason::Bound => {
            lang.pick("số này gắn với số tổng hợp", "this figure is bound to the consolidated one").to_owned()
        }
        Reason::PartsAndForm => {
            lang.pick("các phần cộng lại và biểu cùng cho số này", "the parts and the form both come to it").to_owned()
        }
    }
}

fn message(statement: &Statement, lang: Lang) -> String {
    match statement {
        Statement::Sum { whole, parts, sum, ground, guilty } => {
            let (figure, tail) = (lang.figure(*whole), advice(*whole, *sum, guilty, lang));
            let mut said = spelled(parts, lang);
            if parts.len() > 1 {
                said = format!("{said} = {}", lang.figure(*sum));
            }
            match ground {
                Ground::TooLarge => lang.pick(
                    format!("ghi tổng {figure} mà một phần của nó lại là {said}; xem lại hai số."),
                    format!("the whole is {figure}, yet a part of it is {said}; look at both."),
                ),
                Ground::TooMany => lang.pick(
                    format!("ghi tổng {figure} mà các phần cộng lại nhiều hơn, {said}{tail}"),
                    format!("the whole is {figure}, yet its parts are more, {said}{tail}"),
                ),
                Ground::Implied(name) => lang.pick(
                    format!("ghi {figure}, nhưng {said} ({name}){tail}"),
                    format!("says {figure}, but {said} ({name}){tail}"),
                ),
                Ground::Partition(name) => lang.pick(
                    format!("ghi {figure}, nhưng các phần cộng lại {said} ({name}){tail}"),
                    format!("says {figure}, but its parts come to {said} ({name}){tail}"),
                ),
                Ground::Words | Ground::Listed => lang.pick(
                    format!("ghi {figure}, nhưng các phần cộng lại {said}{tail}"),
                    format!("says {figure}, but its parts come to {said}{tail}"),
                ),
            }
        }
        Statement::Share { stated, top, bottom, right, cut } => {
            let [stated, top, bottom, right] = [stated, top, bottom, right].map(|f| lang.figure(*f));
            match cut {
                true => lang.pick(
                    format!("ghi {stated}%; {top} / {bottom} làm tròn là {right}%."),
                    format!("says {stated}%; {top} / {bottom} rounds to {right}%."),
                ),
                false => lang.pick(
                    format!("ghi {stated}%, nhưng {top} / {bottom} = {right}%; sửa tỷ lệ, hoặc xem lại hai số."),
                    format!("says {stated}%, but {top} / {bottom} = {right}%; correct the percentage, or look at the two numbers."),
                ),
            }
        }
        Statement::Hundred { parts, sum } => {
            let (parts, sum) = (spelled(parts, lang), lang.figure(*sum));
            lang.pick(
                format!("các tỷ lệ cộng lại {parts} = {sum}%, không phải 100%; xem lại các tỷ lệ."),
                format!("the percentages come to {parts} = {sum}%, not 100%; look at them."),
            )
        }
        Statement::Change { stated, percent, of: [a, b], share, right } => {
            let [stated, a, b, right] = [stated, a, b, right].map(|f| lang.figure(*f));
            let worked = if *share { format!("{a} / {b} = {right}%") } else { format!("{a} − {b} = {right}") };
            let percent = if *percent { "%" } else { "" };
            lang.pick(
                format!("ghi mức tăng giảm {stated}{percent}, nhưng {worked}; xem lại mức tăng giảm và hai số được so sánh."),
                format!("says a change of {stated}{percent}, but {worked}; look at the change and the two figures compared."),
            )
        }
        Statement::Backwards { start, end } => {
            let (start, end) = (day(*start), day(*end));
            lang.pick(
                format!("ngày kết thúc {end} đứng trước ngày bắt đầu {start}; xem lại hai ngày."),
                format!("the last day, {end}, is before the first, {start}; look at both."),
            )
        }
        Statement::OtherPeriod { start, end, named, fits } => {
            let (start, end) = (day(*start), day(*end));
            let (named, fits) = (lang.period(*named), lang.period(*fits));
            lang.pick(
                format!("từ {start} đến {end} là {fits}, nhưng ghi {named}; sửa ngày hoặc sửa kỳ."),
                format!("{start} to {end} is {fits}, but it says {named}; correct the days or the period."),
            )
        }
        Statement::NoDay { day, month } => lang.pick(
            format!("không có ngày {day}/{month}; xem lại ngày."),
            format!("there is no day {day}/{month}; look at it."),
        ),
        Statement::Issued { number, day } => lang.pick(
            format!("số hiệu thuộc năm {number} nhưng ngày ban hành thuộc năm {day}; xem lại số hiệu và ngày."),
            format!("the number is of {number}, but the day of issue is in {day}; look at both."),
        ),
        Statement::Later { compared, report } => lang.pick(
            format!("số liệu năm {report} lại so với năm {compared}; xem lại năm được so sánh."),
            format!("a figure of {report} is compared with {compared}; look at the year it is compared with."),
        ),
        Statement::Amount { typed, words } => {
            let words = lang.figure(*words);
            lang.pick(
                format!("số ghi {typed}, nhưng chữ ghi là {words} đồng; sửa số hoặc sửa chữ."),
                format!("the digits say {typed}, but the words say {words} đồng; correct one of them."),
            )
        }
        Statement::Count { stated, listed } => {
            let stated = lang.figure(*stated);
            lang.pick(
                format!("ghi {stated}, nhưng liệt kê {listed}; sửa số, hoặc liệt kê đủ."),
                format!("says {stated}, but lists {listed}; correct the number, or list them all."),
            )
        }
        Statement::Repeat { typed: b, before: a, paragraph: None } => lang.pick(
            format!("ghi “{b}”, nhưng ngay trước đó tổng là “{a}”; xem lại hai số."),
            format!("says “{b}”, but just before the whole is “{a}”; look at both."),
        ),
        Statement::Repeat { typed: b, before: a, paragraph: Some(number) } => lang.pick(
            format!("ghi “{b}”, nhưng đoạn {number}, cùng lời văn, ghi “{a}”; sửa số, hoặc sửa lời văn nếu là hai việc khác nhau."),
            format!("says “{b}”, but paragraph {number} says “{a}” in the same words; correct the figure, or the words if they are two things."),
        ),
        Statement::Table { typed, value, place, least: true } => {
            let (value, said) = (lang.figure(*value), said(place, lang));
            lang.pick(
                format!("ghi {typed} là một phần, nhưng cả {said} chỉ là {value}; sửa cho hai nơi hợp nhau."),
                format!("says {typed} for a part, but all of {said} is only {value}; make both agree."),
            )
        }
        Statement::Confirmed { statement, figure } => {
            let (message, said) = (message(statement, lang), figure.map(|f| lang.figure(f)).unwrap_or_default());
            lang.pick(format!("{message} Biểu cũng ghi {said}."), format!("{message} The form says {said} too."))
        }
        Statement::Table { typed, value, place, least: false } => {
            let (value, said) = (lang.figure(*value), said(place, lang));
            lang.pick(
                format!("ghi {typed}, nhưng {said} là {value}; sửa cho hai nơi như nhau."),
                format!("says {typed}, but {said} says {value}; make both the same."),
            )
        }
        Statement::Bound { typed, due, consolidation } => {
            let due = dues(due, lang);
            match consolidation {
                Some(name) => lang.pick(
                    format!("ghi “{typed}”, nhưng số tổng hợp ({name}) là {due}; ghi lại theo số tổng hợp, hoặc tổng hợp lại nếu số đã đổi."),
                    format!("says “{typed}”, but the consolidation ({name}) says {due}; correct it, or consolidate again if the figure has changed."),
                ),
                None => lang.pick(
                    format!("ghi “{typed}”, nhưng nơi khác trong báo cáo cùng số liệu này ghi {due}; sửa cho như nhau."),
                    format!("says “{typed}”, but elsewhere the report says {due} for the same figure; make them the same."),
                ),
            }
        }
    }
}

/// What to do about a sum.
fn advice(whole: Figure, sum: Figure, guilty: &Option<Guilty>, lang: Lang) -> String {
    let Some(Guilty { stated, right, statements }) = guilty else {
        return if sum < whole {
            lang.pick(
                "; xem lại các số này hoặc nêu nốt phần còn thiếu.",
                "; look at these numbers, or name the part that is missing.",
            )
        } else {
            lang.pick("; xem lại các số này.", "; look at these numbers.")
        }
        .to_owned();
    };
    let (stated, right) = (lang.figure(*stated), lang.figure(*right));
    match statements {
        1 => lang.pick(
            format!("; nhiều khả năng {stated} phải là {right}."),
            format!("; {stated} most likely should be {right}."),
        ),
        all => lang.pick(
            format!("; sửa {stated} thành {right} thì {all} chỗ cùng khớp."),
            format!("; with {right} in place of {stated}, {all} statements tie."),
        ),
    }
}

fn spelled(parts: &[Figure], lang: Lang) -> String {
    let parts: Vec<String> = parts.iter().map(|f| lang.figure(*f)).collect();
    parts.join(" + ")
}

fn day(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

fn said(place: &Place, lang: Lang) -> String {
    match place {
        Place::Cell { form, cell, file } => {
            let there = file.as_ref().map(|f| format!(" ({f})")).unwrap_or_default();
            lang.pick(format!("ô {cell} của biểu {form}{there}"), format!("{cell} of {form}{there}"))
        }
        Place::Consolidated { form, name } => lang.pick(
            format!("số tổng hợp của biểu {form} ({name})"),
            format!("the consolidated figure of {form} ({name})"),
        ),
    }
}

/// What a bound figure must say, one of several where they may differ.
fn dues(due: &[Due], lang: Lang) -> String {
    let said = |due: &Due| match due {
        Due::Figure(figure) => lang.figure(*figure),
        Due::Text(text) => text.clone(),
    };
    due.iter().map(said).collect::<Vec<_>>().join(", ")
}
