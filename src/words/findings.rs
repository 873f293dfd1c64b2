//! What does not hold and what to do about it: where, what was found, what was expected.

use super::Words;
use super::cells::{elsewhere, join};
use crate::model::finding::{Advice, Correction, Fact, Left, OverTime, Quoted, Repeats, Stated, Waived};
use crate::model::{Address, Figure, Finding, State};
use crate::rule::Sign;

impl Words<'_> {
    /// What is wrong, and what to do.
    pub fn message(&self, finding: &Finding) -> String {
        let mut text = self.fact(finding);
        if let Some(passage) = &finding.passage {
            let (paragraph, quote) = (passage.paragraph, &passage.quote);
            text = self.lang.pick(
                format!("Đoạn {paragraph}, “{quote}”: {text}"),
                format!("Paragraph {paragraph}, “{quote}”: {text}"),
            );
        }
        if let Some(advice) = &finding.advice {
            text = format!("{text} {}", self.advice(advice, finding));
        }
        match finding.more {
            0 => text,
            more => self.lang.pick(
                format!("{text} Biểu này còn {more} chỗ nữa không nêu ở đây; sửa các chỗ đã nêu rồi kiểm tra lại."),
                format!("{text} This table has {more} more that are not told here; correct these and check again."),
            ),
        }
    }

    /// Who answers for a finding, and until when.
    pub fn waived(&self, waived: &[Waived]) -> String {
        let mut said: Vec<String> = waived
            .iter()
            .map(|w| {
                let until = w.until.format(self.lang.pick("%d/%m/%Y", "%Y-%m-%d"));
                format!("{} ({}, {} {until})", w.reason, w.by, self.lang.pick("đến", "until"))
            })
            .collect();
        said.dedup();
        said.join("; ")
    }

    fn fact(&self, finding: &Finding) -> String {
        let lang = self.lang;
        match &finding.fact {
            Fact::Sum { total, parts, more, result, of_rows } => {
                let (name, stated) = (self.name(total), self.stated(&total.stated));
                let sum = self.sum(parts.iter().map(|(sign, cell)| (*sign, cell)), *more);
                let (result, there) = (self.maybe(*result), elsewhere(total, finding));
                let (vi, en) = match of_rows {
                    true => ("tổng các hàng", "the rows add up to"),
                    false => ("các thành phần", "its parts add up to"),
                };
                lang.pick(
                    format!("Ô {name}{there} ghi {stated}, nhưng {vi} {sum} = {result}."),
                    format!("Cell {name}{there} says {stated}, but {en} {sum} = {result}."),
                )
            }
            Fact::Tie { own, others, result } => {
                let (name, stated, result) = (self.name(own), self.stated(&own.stated), self.maybe(*result));
                let there = others.first().map(|cell| elsewhere(cell, finding)).unwrap_or_default();
                let form = others.first().and_then(|cell| self.catalogue.form(&cell.form)).map_or("", |f| &f.code);
                let other = self.coming_to(others, &result);
                lang.pick(
                    format!("Ô {name} ghi {stated}, nhưng cùng nội dung ở {form}{there} là {other}."),
                    format!("Cell {name} says {stated}, but the same thing on {form}{there} is {other}."),
                )
            }
            Fact::AtMost { parts, whole, sum, limit } => {
                let (whole, limit, sum) = (self.name(whole), self.figure(*limit), self.figure(*sum));
                let part = self.coming_to(parts, &sum);
                lang.pick(
                    format!("{part} lớn hơn ô {whole} = {limit}, trong khi là một phần của nó."),
                    format!("{part} exceeds cell {whole} = {limit}, of which it is a part."),
                )
            }
            Fact::Range { cell, bound, low } => {
                let (name, stated, limit) = (self.name(cell), self.stated(&cell.stated), self.figure(*bound));
                let (sign, vi, en) =
                    if *low { ("≥", "nhỏ hơn", "less than") } else { ("≤", "lớn hơn", "more than") };
                let (says, basis) = self.rule(finding);
                lang.pick(
                    format!("Ô {name} ghi {stated}, {vi} {limit}; phải {says} ({basis})."),
                    format!("Cell {name} says {stated}, {en} {limit}; it must be {sign} {limit}."),
                )
            }
            Fact::NotWhole { cell } => {
                let (name, stated) = (self.name(cell), self.stated(&cell.stated));
                lang.pick(
                    format!("Ô {name} ghi {stated}; số đếm phải là số nguyên."),
                    format!("Cell {name} says {stated}; a count is a whole number."),
                )
            }
            Fact::NotACode { cell, codes } => {
                let (name, stated, (says, _)) = (self.name(cell), self.stated(&cell.stated), self.rule(finding));
                let list = codes.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
                lang.pick(
                    format!("Ô {name} ghi {stated}, nhưng chỉ nhận một trong các mã {list} ({says})."),
                    format!("Cell {name} says {stated}, but takes only one of the codes {list} ({says})."),
                )
            }
            Fact::Required { cell } => {
                let name = self.name(cell);
                lang.pick(
                    format!("Ô {name} bỏ trống; chỉ tiêu này đơn vị nào cũng phải báo cáo, không phát sinh thì ghi 0."),
                    format!("Cell {name} is blank; every unit reports it, with 0 for none."),
                )
            }
            Fact::Twice { name, cells: [a, b] } => lang.pick(
                format!("“{name}” có ở hai hàng ({a} và {b}); gộp làm một hàng hoặc ghi rõ tên từng lĩnh vực."),
                format!("“{name}” stands on two rows ({a} and {b}); merge them, or give each its own name."),
            ),
            Fact::Implied { cell, condition } => {
                let (name, other) = (self.name(cell), self.name(condition));
                let (answer, (_, basis)) = (self.stated(&condition.stated), self.rule(finding));
                let said = match cell.stated.state {
                    State::Blank => lang.pick("bỏ trống".to_owned(), "is blank".to_owned()),
                    _ => {
                        let stated = self.stated(&cell.stated);
                        lang.pick(format!("ghi {stated}"), format!("says {stated}"))
                    }
                };
                lang.pick(
                    format!("Ô {other} ghi {answer}, nhưng ô {name} {said}: {basis}."),
                    format!("Cell {other} says {answer}, but cell {name} {said}."),
                )
            }
            Fact::Ratio { value, part, whole, result } => {
                let (name, there) = (self.name(value), elsewhere(whole, finding));
                let (vi, en) = self.percentage(&value.stated);
                let (n, d) = (self.stated(&part.stated), self.stated(&whole.stated));
                let result = self.figure(*result);
                lang.pick(
                    format!("Ô {name} ghi {vi}, nhưng {n} / {d}{there} = {result}%."),
                    format!("Cell {name} says {en}, but {n} / {d}{there} = {result} %."),
                )
            }
            Fact::Rate { value, part, whole, times, result } => {
                let (name, stated) = (self.name(value), self.stated(&value.stated));
                let quotient = self.quotient(&part.stated, &whole.stated, *times, *result);
                lang.pick(
                    format!("Ô {name} ghi {stated}, nhưng {quotient}."),
                    format!("Cell {name} says {stated}, but {quotient}."),
                )
            }
            Fact::RatioCut { value, rounded } => {
                let (name, (vi, en), rounded) =
                    (self.name(value), self.percentage(&value.stated), self.figure(*rounded));
                lang.pick(
                    format!("Ô {name} ghi {vi} là số bị cắt bớt; làm tròn phải là {rounded}%."),
                    format!("Cell {name} says {en}, cut off; rounded it is {rounded} %."),
                )
            }
            Fact::RatioOfNothing { value, whole } => {
                let (name, (vi, en), other) = (self.name(value), self.percentage(&value.stated), self.name(whole));
                lang.pick(
                    format!("Ô {name} ghi {vi} trong khi mẫu số ở ô {other} bằng 0; để trống hoặc ghi 0."),
                    format!("Cell {name} says {en} although its denominator in cell {other} is 0; leave it blank or write 0."),
                )
            }
            Fact::RatioMissing { value, part, whole, result } => {
                let (name, result, there) = (self.name(value), self.figure(*result), elsewhere(whole, finding));
                let (n, d) = (self.stated(&part.stated), self.stated(&whole.stated));
                lang.pick(
                    format!("Ô {name} bỏ trống; {n} / {d}{there} = {result}%."),
                    format!("Cell {name} is blank; {n} / {d}{there} = {result} %."),
                )
            }
            Fact::Carried { opening, opened, carried, period, left, repeated } => {
                let (name, said, should) = (self.name(opening), self.figure(*opened), self.figure(*carried));
                let period = self.period(*period);
                let source = match &left[..] {
                    [one] if one.unit == finding.unit => place(one.cell.as_ref()),
                    many => self.predecessors(many, finding),
                };
                if *repeated {
                    return lang.pick(
                        format!("Ô {name} ghi số kỳ trước là {said}, nhưng {period} báo cáo {should}{source}."),
                        format!(
                            "Cell {name} gives {said} for the period before, but {period} reported {should}{source}."
                        ),
                    );
                }
                let carried = match self.counted(opening) {
                    Some(things) => format!("ghi {said} {things} từ kỳ trước chuyển qua"),
                    None => format!("ghi số từ kỳ trước chuyển qua là {said}"),
                };
                lang.pick(
                    format!("Ô {name} {carried}, nhưng {period} còn {should}{source}."),
                    format!("Cell {name} carries over {said}, but {period} ended with {should}{source}."),
                )
            }
            Fact::Fell { now, last, period, before, units } => {
                let (name, said, was) = (self.name(now), self.stated(&now.stated), self.figure(*last));
                let period = self.period(*period);
                let merged = if units.iter().all(|unit| **unit == *finding.unit) {
                    String::new()
                } else {
                    let parts = units.iter().zip(before);
                    let parts: Vec<String> = parts
                        .map(|(unit, cell)| format!("{} {}", self.unit(unit), self.stated(&cell.stated)))
                        .collect();
                    let parts = join(&parts, lang);
                    lang.pick(
                        format!(" ({parts}, nay đã nhập vào đơn vị này; nếu chỉ tính từ ngày sáp nhập thì xác nhận)"),
                        format!(" ({parts}, now all this unit; confirm if it counts only from the merger)"),
                    )
                };
                lang.pick(
                    format!("Ô {name} là số luỹ kế từ đầu năm, ghi {said}, ít hơn {was} của {period}{merged}."),
                    format!("Cell {name} counts from the start of the year and says {said}, less than the {was} of {period}{merged}."),
                )
            }
            Fact::AddsUp { cell, right, figures, by, first, last } => {
                let (name, said, should) = (self.name(cell), self.stated(&cell.stated), self.figure(*right));
                let (first, last) = (self.period(*first), self.period(*last));
                match by {
                    OverTime::Sum => {
                        let list = figures.iter().map(|f| self.figure(*f)).collect::<Vec<_>>().join(" + ");
                        lang.pick(
                            format!("Ô {name} ghi {said}, nhưng cộng {first} đến {last}: {list} = {should}."),
                            format!("Cell {name} says {said}, but {first} to {last} add up to {list} = {should}."),
                        )
                    }
                    OverTime::First => lang.pick(
                        format!("Ô {name} ghi {said}, nhưng đầu kỳ ({first}) là {should}."),
                        format!("Cell {name} says {said}, but the period began ({first}) with {should}."),
                    ),
                    OverTime::Last => lang.pick(
                        format!("Ô {name} ghi {said}, nhưng cuối kỳ ({last}) là {should}."),
                        format!("Cell {name} says {said}, but the period ended ({last}) with {should}."),
                    ),
                }
            }
            Fact::AddedUp { cells, first, last } => {
                let list = join(&cells.iter().map(ToString::to_string).collect::<Vec<_>>(), lang);
                let (first, last) = (self.period(*first), self.period(*last));
                lang.pick(
                    format!("Ô {list} cộng số của từng kỳ từ {first} đến {last}, nên số chuyển tiếp bị tính nhiều lần: số đầu kỳ chỉ lấy của {first}, số cuối kỳ và số luỹ kế chỉ lấy của {last}."),
                    format!("{list} add up the figures of every period from {first} to {last}, so what was carried over counts more than once: an opening figure is that of {first} alone, a closing or cumulative one that of {last}."),
                )
            }
            Fact::SameAsBefore { period, file } => {
                let period = self.period(*period);
                lang.pick(
                    format!("Toàn bộ số liệu của biểu trùng khớp với {period} ({file}); có thể đã gửi lại tệp cũ."),
                    format!("Every figure of the table equals that of {period} ({file}); the old file may have been sent again."),
                )
            }
            Fact::SameAsUnit { unit, file } => {
                let unit = self.unit(unit);
                lang.pick(
                    format!("Toàn bộ số liệu của biểu trùng khớp với biểu của {unit} ({file}); có thể đã gửi nhầm tệp của đơn vị khác."),
                    format!("Every figure of the table equals that of {unit} ({file}); another unit's file may have been sent."),
                )
            }
            Fact::Jump { cell, usual, times } => {
                let (name, said) = (self.name(cell), self.stated(&cell.stated));
                let usual = self.maybe(*usual);
                match times.map(|times| self.figure(times)) {
                    Some(times) => lang.pick(
                        format!("Ô {name} ghi {said}, lớn gấp khoảng {times} lần mức thường thấy; có thể ghi bằng đồng thay vì triệu đồng."),
                        format!("Cell {name} says {said}, about {times} times what is usual; it may be in đồng instead of triệu đồng."),
                    ),
                    None => lang.pick(
                        format!("Ô {name} ghi {said}, khác xa mức thường thấy của đơn vị (khoảng {usual}); đề nghị kiểm tra lại."),
                        format!("Cell {name} says {said}, far from the unit's usual {usual}; please check."),
                    ),
                }
            }
            Fact::Unreadable { cell, codes } => {
                let (name, text) = (self.name(cell), &cell.stated.text);
                match codes {
                    Some(codes) => lang.pick(
                        format!("Ô {name} ghi “{text}”, không rõ là mã nào. Ghi đúng một mã in trên biểu: {codes}."),
                        format!("Cell {name} says “{text}”, which leaves open which code is meant. Write one of the form's codes: {codes}."),
                    ),
                    None => lang.pick(
                        format!("Ô {name} ghi “{text}”, không đọc được thành số. Ghi lại bằng chữ số; không phát sinh thì ghi 0."),
                        format!("Cell {name} says “{text}”, which can't be read as a figure. Write it in digits, and 0 for none."),
                    ),
                }
            }
            Fact::Doubt { what, cell, text, by } => self.doubt(what, *cell, text, by, finding),
            Fact::OtherYear { year, documents, by } => {
                let (cells, period) = (addresses_of(&finding.cells), finding.period.map(|p| self.period(p)));
                let period = period.unwrap_or_default();
                lang.pick(
                    format!("Theo {by}, kỳ báo cáo là {period}, nhưng {documents} văn bản trong danh mục (ô {cells}) đều ghi ngày của năm {year}; xem lại năm ở tiêu đề, hoặc ngày của các văn bản này."),
                    format!("By {by} the period is {period}, but {documents} documents of the list ({cells}) are dated in {year}; look at the year in the title, or at these dates."),
                )
            }
            Fact::RowMissed { total, row, line, twice, sums } => {
                let (what, both) = (self.row_missed(*row, line, *twice), all(*sums));
                lang.pick(
                    format!("Hàng tổng cộng (hàng {total}) {what}: {sums} tổng không khớp đều lệch đúng bằng số liệu của hàng này."),
                    format!("The total row (row {total}) {what}: {both} sums that don't tie are off by exactly that row's figures."),
                )
            }
            Fact::RowsRepeat { rows, total, sums } => {
                let each = rows.iter().map(|r| {
                    let (row, line) = (r.row, &r.line);
                    match &r.of {
                        Repeats::Before { period, file } => {
                            let period = self.period(*period);
                            lang.pick(
                                format!("hàng {row} “{line}” giống hệt {period} ({file})"),
                                format!("row {row} “{line}” has the very figures of {period} ({file})"),
                            )
                        }
                        Repeats::Unit(unit) => {
                            let unit = self.unit(unit);
                            lang.pick(
                                format!("hàng {row} “{line}” giống hệt số của {unit}"),
                                format!("row {row} “{line}” has the very figures of {unit}"),
                            )
                        }
                        Repeats::RowAbove(above) => lang.pick(
                            format!("hàng {row} “{line}” giống hệt hàng {above} ngay trên"),
                            format!("row {row} “{line}” has the very figures of row {above} above it"),
                        ),
                    }
                });
                let each = capital(&join(&each.collect::<Vec<_>>(), lang));
                lang.pick(
                    format!("{each}, trong khi {sums} tổng của hàng tổng cộng (hàng {total}) không khớp; có thể chưa nhập số của kỳ này."),
                    format!("{each}, while {sums} sums of the total row (row {total}) don't tie; this period's figures may not have been typed."),
                )
            }
            Fact::RowShifted { row, line, right, sums } => {
                let side = match right {
                    true => lang.pick("bên phải", "to the right"),
                    false => lang.pick("bên trái", "to the left"),
                };
                let both = all(*sums);
                lang.pick(
                    format!(
                        "Số liệu hàng {row} “{line}” bị lệch một cột sang {side}; dời lại thì cả {sums} tổng đều khớp."
                    ),
                    format!("The figures of row {row} “{line}” stand one column {side}; moved back, {both} sums tie."),
                )
            }
            Fact::Text(statement) => self.statement(statement),
            Fact::Said(said) => self.said(said).to_owned(),
        }
    }

    /// A percentage in Vietnamese and in English; one typed as a fraction is quoted as it stands.
    fn percentage(&self, stated: &Stated) -> (String, String) {
        let figure = self.stated(stated);
        match stated.text.contains('/') {
            true => (format!("“{}” ({figure}%)", stated.text), format!("“{}” ({figure} %)", stated.text)),
            false => (format!("{figure}%"), format!("{figure} %")),
        }
    }

    /// What the clerk should do.
    fn advice(&self, advice: &Advice, finding: &Finding) -> String {
        let lang = self.lang;
        match advice {
            Advice::Together { sums, ways } => {
                let cells = addresses_of(&finding.cells);
                let (vi, en) = match ways {
                    1 => ("nhưng không có một nguyên nhân chung nào", "yet no one cause explains them"),
                    _ => (
                        "nhưng hàng tổng hay hàng nào trong các hàng cộng vào sai thì chưa biết được",
                        "yet nothing tells whether the total row or one of the rows it adds up is wrong",
                    ),
                };
                lang.pick(
                    format!("Có {sums} tổng cùng không khớp ({cells}), {vi}; đối chiếu cả hàng với số gốc."),
                    format!("{sums} sums fail together ({cells}), {en}; compare whole rows with your records."),
                )
            }
            Advice::Correct { sums, others, tied } => {
                let best = finding.suspects.first().map_or(&[][..], |s| &s.cells);
                let mend: Vec<String> = best.iter().map(|c| self.correction(c)).collect();
                let mend = join(&mend, lang);
                match (others, tied) {
                    (0, _) => {
                        let sums = lang.pick(
                            if *sums > 1 { format!("cả {sums} tổng đều khớp") } else { "tổng khớp".into() },
                            match sums {
                                0 | 1 => "the sum ties".into(),
                                2 => "both sums tie".into(),
                                n => format!("all {n} sums tie"),
                            },
                        );
                        match finding.certain {
                            true => lang.pick(format!("Sửa {mend} thì {sums}."), format!("Change {mend} and {sums}.")),
                            false => lang.pick(
                                format!("Nhiều khả năng: {mend}; sửa thì {sums}."),
                                format!("Most likely: {mend}; then {sums}."),
                            ),
                        }
                    }
                    (n, false) => lang.pick(
                        format!("Nhiều khả năng: {mend} (còn {n} cách khác)."),
                        format!("Most likely: {mend} ({n} more ways)."),
                    ),
                    (n, true) => lang.pick(
                        format!("Chưa đủ căn cứ để biết ô nào sai: có {} cách sửa, như {mend}.", n + 1),
                        format!("Nothing tells which cell is wrong: there are {} ways, as {mend}.", n + 1),
                    ),
                }
            }
            Advice::FromSums(figure) => {
                let said = self.figure(*figure);
                lang.pick(
                    format!("Theo các tổng của biểu, số đúng là {said}."),
                    format!("The form's own sums make it {said}."),
                )
            }
            Advice::TooMany(n) => lang.pick(
                format!("Có {n} tổng không khớp ở các ô liên quan với nhau: quá nhiều sai sót để chỉ ra ô sai, đề nghị lập lại biểu."),
                format!("{n} sums among connected cells don't tie: too many mistakes to name the cells; the form should be made again."),
            ),
        }
    }

    /// `E12 từ 52 thành 25`.
    fn correction(&self, correction: &Correction) -> String {
        let there = correction.elsewhere.as_ref().map(|(_, sheet)| format!("{sheet}!")).unwrap_or_default();
        let (cell, stated) = (correction.cell, self.lang.stated(&correction.stated));
        match correction.proposed.map(|f| self.figure(f)) {
            Some(figure) => self.lang.pick(
                format!("{there}{cell} từ {stated} thành {figure}"),
                format!("{there}{cell} from {stated} to {figure}"),
            ),
            None => format!("{there}{cell} ({stated})"),
        }
    }

    /// `: chính đơn vị này 8 (…), UBND huyện A 20 (…) và UBND huyện B 17 (…), nay đã nhập vào đơn vị này`.
    fn predecessors(&self, left: &[Left], finding: &Finding) -> String {
        let parts: Vec<String> = left
            .iter()
            .map(|one| {
                let own = one.unit == finding.unit;
                let name = if own {
                    self.lang.pick("chính đơn vị này", "the unit itself")
                } else {
                    self.unit(&one.unit)
                };
                format!("{name} {}{}", self.figure(one.figure), place(one.cell.as_ref()))
            })
            .collect();
        let parts = join(&parts, self.lang);
        self.lang.pick(format!(": {parts}, nay đã nhập vào đơn vị này"), format!(": {parts}, now all this unit"))
    }

    /// The rule in the form's own words, and where it comes from.
    fn rule(&self, finding: &Finding) -> (&str, &str) {
        let rule = self.catalogue.rules.iter().find(|r| *r.id == *finding.rule);
        rule.map_or(("", ""), |r| (&r.says, &r.basis))
    }

    fn maybe(&self, figure: Option<Figure>) -> String {
        figure.map(|f| self.figure(f)).unwrap_or_default()
    }

    /// `D12 (cột (3) …) = 26`, `D12 + E12 = 15 + 11 = 26`.
    fn coming_to(&self, cells: &[Quoted], result: &str) -> String {
        match cells {
            [one] => format!("{} = {result}", self.name(one)),
            many => format!("{} = {} = {result}", addresses(many), self.added(many)),
        }
    }

    /// `12 + 11 + 3`, of very many the first.
    fn added(&self, cells: &[Quoted]) -> String {
        let shown = if cells.len() > MOST_TERMS + 1 { MOST_TERMS } else { cells.len() };
        let terms = cells[..shown].iter().map(|c| (Sign::Plus, &c.stated));
        self.sum(terms, shown < cells.len())
    }
}

/// Terms of a sum that are spelled out; one more is not worth leaving out.
const MOST_TERMS: usize = 12;

fn addresses(cells: &[Quoted]) -> String {
    cells.iter().map(|c| c.cell.to_string()).collect::<Vec<_>>().join(" + ")
}

/// `C18, D18, E18, …`.
fn addresses_of(cells: &[Address]) -> String {
    let more = if cells.len() > MOST_TERMS { ", …" } else { "" };
    let shown = cells.iter().take(MOST_TERMS).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    format!("{shown}{more}")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// ` (t.xlsx, 06a!M12)`.
fn place(cell: Option<&Quoted>) -> String {
    cell.map_or(String::new(), |c| format!(" ({}, {}!{})", c.file, c.sheet, c.cell))
}

/// "both", "all 3".
fn all(n: usize) -> String {
    if n == 2 { "both".into() } else { format!("all {n}") }
}
