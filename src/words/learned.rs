//! What was learned of a form, for whoever is to confirm it: how the figures of each column and line add up over periods,
//! why, and what is left to be answered. The command line, the page and the workbook's first sheet all say it by this.

use std::collections::BTreeMap;

use super::Lang;
use crate::catalogue::grounds::{Place, grounds};
use crate::model::finding::Said;
use crate::model::form::{InForce, Role};
use crate::model::{Form, Kind, KindGround, Lines, Period, Span, Table};

/// A column of an open table, or a line of one with fixed lines.
pub struct LearnedRow<'a> {
    pub place: Place,
    /// Its captions from the widest group to its own, or its label.
    pub name: String,
    pub measure: &'a str,
    pub kind: Kind,
    /// Whether it has figures at all.
    pub figure: bool,
    /// Whether only a person can say how its figures add up.
    pub open: bool,
    pub ground: String,
}

/// The rows of each table, in the form's order.
pub fn learned_rows(form: &Form) -> Vec<(&Table, Vec<LearnedRow<'_>>)> {
    let grounds = form.learned.as_deref().map(|l| grounds(&l.template)).unwrap_or_default();
    form.tables.iter().map(|table| (table, rows(table, &grounds))).collect()
}

/// What a person must say before the form can be added up over periods.
pub fn open(form: &Form) -> Vec<Place> {
    let rows = learned_rows(form).into_iter().flat_map(|(_, rows)| rows);
    rows.filter(|row| row.open).map(|row| row.place).collect()
}

fn rows<'a>(table: &'a Table, grounds: &BTreeMap<Place, String>) -> Vec<LearnedRow<'a>> {
    let place = |line: bool, id: &str| Place { table: table.id.to_string(), line, id: id.to_owned() };
    let of = |place: Place, name: String, measure: &'a str, kind: Kind, figure: bool, asked: bool| LearnedRow {
        ground: grounds.get(&place).cloned().unwrap_or_default(),
        open: figure && asked && kind == Kind::Open,
        place,
        name,
        measure,
        kind,
        figure,
    };
    let column = |c: &'a crate::model::Column| {
        of(place(false, &c.id), c.path.join(" › "), "", c.kind, c.role == Role::Figure, true)
    };
    match &table.lines {
        Lines::Open { .. } => table.columns.iter().map(column).collect(),
        Lines::Fixed(lines) => {
            // Where every column says what its figures are, nobody asks the lines.
            let asked = table.figures().any(|c| !c.decides);
            let decide = table.figures().filter(|c| c.decides).map(column);
            let line = |l: &'a crate::model::form::Line| {
                of(place(true, &l.code), l.label.clone(), &l.measure, l.kind, l.kind.has_figure(), asked)
            };
            decide.chain(lines.iter().map(line)).collect()
        }
    }
}

/// What the form's versions differ in: since when it has a column or line, or until when.
pub fn versions(form: &Form, lang: Lang) -> Vec<String> {
    let mut changes: BTreeMap<(Period, bool), Vec<String>> = BTreeMap::new();
    let mut note = |in_force: InForce, name: String| {
        if let Some(since) = in_force.since {
            changes.entry((since, true)).or_default().push(name.clone());
        }
        if let Some(until) = in_force.until {
            changes.entry((until, false)).or_default().push(name);
        }
    };
    for table in &form.tables {
        let part = if table.id.is_empty() {
            String::new()
        } else {
            lang.pick(format!(" (phần {})", table.id), format!(" (part {})", table.id))
        };
        for column in table.figures() {
            let name = format!("({}) “{}”{part}", column.id, column.path.join(" › "));
            note(column.in_force, lang.pick(format!("cột {name}"), format!("column {name}")));
        }
        if let Lines::Fixed(lines) = &table.lines {
            for line in lines {
                let name = format!("{} “{}”{part}", line.code, line.label);
                note(line.in_force, lang.pick(format!("dòng {name}"), format!("line {name}")));
            }
        }
    }
    let say = |((period, added), names): ((Period, bool), Vec<String>)| {
        let (names, year) = (names.join(", "), period.span == Span::Year);
        let (vi, en) = (period.in_vietnamese().to_lowercase(), period.to_string());
        match (added, year) {
            (true, true) => lang.pick(
                format!("Mẫu {vi} thêm {names}; các kỳ trước không có số này."),
                format!("The form of {en} adds {names}; earlier periods have no such figures."),
            ),
            (true, false) => lang.pick(
                format!("Mẫu từ {} thêm {names}; các kỳ trước không có số này.", period.in_vietnamese()),
                format!("From {en} on the form has {names}; earlier periods have no such figures."),
            ),
            (false, _) => lang.pick(
                format!(
                    "Mẫu sau {} bỏ {names}; các kỳ sau không có số này.",
                    if year { vi } else { period.in_vietnamese() }
                ),
                format!("After {en} the form drops {names}; later periods have no such figures."),
            ),
        }
    };
    changes.into_iter().map(say).collect()
}

/// Why a figure is taken for one of its kind.
pub fn ground(ground: &KindGround) -> Said {
    let say = |vi: &str, en: &str| Said::new(vi, en);
    match ground {
        KindGround::None => Said::default(),
        KindGround::Words(words) => say(&format!("“{words}”"), &format!("“{words}”")),
        KindGround::Measure(words) => say(&format!("đơn vị tính “{words}”"), &format!("measured in “{words}”")),
        KindGround::Title(words) => say(&format!("tên biểu: “{words}”"), &format!("the form's title: “{words}”")),
        KindGround::Group(words) => {
            say(&format!("các cột cùng nhóm: “{words}”"), &format!("the columns of its group: “{words}”"))
        }
        KindGround::AtDay => say("tiêu đề ghi “số liệu đến ngày …”", "the title says “số liệu đến ngày …”"),
        KindGround::OverDays => say("tiêu đề ghi “từ ngày … đến ngày …”", "the title says “từ ngày … đến ngày …”"),
        KindGround::Within => say("“trong kỳ”", "“trong kỳ”"),
        KindGround::Before => {
            say("số của kỳ trước: không cộng qua các kỳ", "the period before: not added up over periods")
        }
        KindGround::ShownAsPercent => say("ghi bằng %", "shown as a percentage"),
        KindGround::Share => say("tỷ lệ", "a share"),
        KindGround::Mean => say("số bình quân", "a mean"),
        KindGround::Years => say("ghi năm: không cộng", "years: not added up"),
        KindGround::LeftOut => say("hàng tổng để trống: không cộng", "the total rows leave it blank: not added up"),
        KindGround::Codes => say("đơn vị tính in các mã trả lời", "the measure prints the codes of the answers"),
        KindGround::Answers => say("các đơn vị ghi bằng chữ", "the offices answer in words"),
        KindGround::Falls => {
            say("giảm giữa hai kỳ trong năm: không phải số lũy kế", "it falls within the year: not cumulative")
        }
        KindGround::Jumps => say(
            "hai kỳ liền nhau khác hẳn nhau: chưa chắc là số tại thời điểm",
            "two periods in a row differ widely: perhaps not as at a day",
        ),
        KindGround::Stands => say("hai kỳ liền nhau gần như bằng nhau", "two periods in a row are nearly equal"),
        KindGround::StandsOverDays => say(
            "tiêu đề ghi “từ ngày … đến ngày …” nhưng hai kỳ liền nhau gần như bằng nhau",
            "the title says “từ ngày … đến ngày …”, though two periods in a row are nearly equal",
        ),
        KindGround::AddedToStock => say("cùng một tổng với số tại thời điểm", "in one sum with what stands at a day"),
        KindGround::PartOf => say("“trong đó”: như số chung", "a part: as the whole"),
        KindGround::ThisPeriod => say("cột chỉ ghi “kỳ này”", "its column says only “kỳ này”"),
        KindGround::StandsInPeriod => say(
            "cột chỉ ghi “kỳ này”, và hai kỳ liền nhau gần như bằng nhau",
            "its column says only “kỳ này”, and two periods in a row are nearly equal",
        ),
        KindGround::Movement => {
            say("từ số đầu kỳ đến số cuối kỳ", "from what the period began with to what it ended with")
        }
        KindGround::SumOfColumns => say("tổng của các cột khác", "the total of other columns"),
        KindGround::SumOfLines => say("tổng của các dòng khác", "the total of other lines"),
        KindGround::Quotient(formula) => say(formula, formula),
    }
}

/// How figures of a kind add up over periods, in a clerk's words.
pub fn over_periods(kind: Kind, lang: Lang) -> &'static str {
    match kind {
        Kind::Flow => lang.pick("phát sinh trong kỳ: cộng", "arising in the period: added up"),
        Kind::Opening => lang.pick("đầu kỳ: lấy kỳ đầu", "opening: the first period's"),
        Kind::Closing => lang.pick("cuối kỳ: lấy kỳ cuối", "closing: the last period's"),
        Kind::Stock => lang.pick("tại thời điểm: lấy kỳ cuối", "as at a day: the last period's"),
        Kind::Cumulative => lang.pick("luỹ kế: lấy kỳ cuối", "cumulative: the last period's"),
        Kind::Plan => lang.pick("kế hoạch: lấy kỳ cuối", "planned: the last period's"),
        Kind::Total => lang.pick("tính từ các số thành phần", "worked out from its parts"),
        Kind::Ratio => lang.pick("tỷ lệ: tính lại", "a share: worked out again"),
        Kind::Rate => lang.pick("thương số: tính lại", "a quotient: worked out again"),
        Kind::Percent => lang.pick("tỷ lệ: không cộng", "a share: not added up"),
        Kind::Average => lang.pick("bình quân: không cộng", "an average: not added up"),
        Kind::Open => lang.pick("chưa rõ", "open"),
        Kind::Code => lang.pick("mã trả lời: đếm", "a code: counted"),
        Kind::Text => lang.pick("chữ", "text"),
        Kind::Heading => "–",
    }
}
