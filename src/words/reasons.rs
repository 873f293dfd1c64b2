//! Why a cell is suspected: one sentence that a clerk can check by hand.

use super::Words;
use super::cells::join;
use crate::model::Suspect;
use crate::model::finding::{Said, Slip, Why};

impl Words<'_> {
    /// Why a cell is suspected, and whether others are as likely.
    pub fn why(&self, suspect: &Suspect) -> String {
        let equally = match (&suspect.why, suspect.tied) {
            (Why::Ties { .. }, true) => self.lang.pick(" (khả năng ngang nhau)", " (equally likely)"),
            _ => "",
        };
        format!("{}{equally}", self.why_alone(suspect))
    }

    /// The same without a word on the others. Where a cell holds no digits, none can have been dropped.
    pub fn why_alone(&self, suspect: &Suspect) -> String {
        let digits = suspect.cells.iter().any(|c| c.stated.chars().any(|c| c.is_ascii_digit() && c != '0'));
        match &suspect.why {
            Why::Ties { slips, sums } if !digits => {
                let dropped =
                    |slip: &&Slip| matches!(slip, Slip::DigitDropped | Slip::DigitWrong | Slip::PowerOfTen(_));
                let slips: Vec<Slip> = slips.iter().filter(|slip| !dropped(slip)).cloned().collect();
                self.ties(&slips, *sums)
            }
            why => self.reason(why),
        }
    }

    /// A stage's own sentence.
    pub fn said<'s>(&self, said: &'s Said) -> &'s str {
        self.lang.pick(&said.vi, &said.en)
    }

    /// Why a cell is suspected.
    pub fn reason(&self, why: &Why) -> String {
        let lang = self.lang;
        let (vi, en) = match why {
            Why::LostSign => ("có thể thừa dấu trừ", "the minus sign may be a slip"),
            Why::OutOfRange => ("ngoài khoảng cho phép", "it is out of range"),
            Why::Blank => ("bỏ trống", "it is blank"),
            Why::NotACode => ("không có trong danh sách mã in trên biểu", "it is not among the form's codes"),
            Why::ThousandsPoint => {
                ("dấu chấm hàng nghìn bị hiểu thành dấu thập phân", "the thousands point was taken for a decimal one")
            }
            Why::NoDecimals => ("số đếm không có phần thập phân", "a count has no decimals"),
            Why::CalledFor => ("bỏ trống trong khi phải có", "it is blank but called for"),
            Why::AgainstAnswer => ("không hợp với câu trả lời", "it does not go with the answer"),
            Why::OrAnswer => ("hoặc câu trả lời này sai", "or this answer is wrong"),
            Why::RatioOfNothing => ("mẫu số bằng 0 thì không có tỷ lệ", "there is no ratio of nothing"),
            Why::CutOff => ("bị cắt bớt thay vì làm tròn", "it was cut off instead of rounded"),
            Why::Fraction => (
                "ghi phân số thay cho phần trăm (nhân với 100)",
                "typed as a fraction instead of a percentage (times 100)",
            ),
            Why::Hundredfold => ("ghi thừa 100 lần (sai dấu thập phân)", "a hundredfold (decimal point lost)"),
            Why::OrThisFigure => ("tỷ lệ đúng thì số này sai", "if the percentage is right, this figure is wrong"),
            Why::OtherMeasure => ("sai đơn vị tính", "in another measure"),
            Why::PartAboveWhole => ("một phần không thể lớn hơn tổng của nó", "a part can't exceed its whole"),
            Why::WhatWasLeft => {
                ("số chuyển kỳ phải bằng số còn lại cuối kỳ trước", "what is carried over is what was left")
            }
            Why::WhatWasReported => {
                ("số kỳ trước phải bằng số đã báo cáo kỳ trước", "the figure of the period before is what was reported")
            }
            Why::OrLastReport => ("hoặc báo cáo kỳ trước sai", "or what was reported then is wrong"),
            Why::OrLastClosing => ("hoặc số cuối kỳ trước sai", "or last period's closing figure is wrong"),
            Why::NeverFalls => ("số luỹ kế không giảm trong năm", "a cumulative figure does not fall within the year"),
            Why::FromParts => ("theo báo cáo của các kỳ trong đó", "from the reports for its parts"),
            Why::NotAddedOver => (
                "không cộng số đầu kỳ, số cuối kỳ qua các quý",
                "opening and closing figures are not added over quarters",
            ),
            Why::WhichCode => ("không rõ là mã nào", "which code is open"),
            Why::NoFigure => ("không phải là số", "it is no figure"),
            Why::OnlyRowRepeats => ("nếu chỉ hàng này mang số của chỗ khác", "if this row alone has another's figures"),
            Why::RowsRepeat => ("cả hàng mang số của chỗ khác", "the row has another's figures"),
            Why::RowShifted => ("cả hàng lệch một cột", "the whole row is one column off"),
            Why::ColumnShifted => ("cả cột lệch một hàng", "the whole column is one row off"),
            Why::FromSums => ("theo các tổng của biểu", "from the form's own sums"),
            Why::SumsTieWithMinus => (
                "các tổng khớp với số âm này; xem cả ô bên cạnh",
                "the sums tie with this minus; look at the cells beside it too",
            ),
            Why::FormsDiffer => {
                ("hai biểu ghi khác nhau; chưa biết biểu nào đúng", "the forms differ; nothing tells which is right")
            }
            Why::Computed { part, whole, result } => {
                return format!("{} / {} × 100 = {}", self.stated(part), self.stated(whole), self.figure(*result));
            }
            Why::Quotient { part, whole, times, result } => return self.quotient(part, whole, *times, *result),
            Why::RatioInOtherMeasure { times } => {
                let times = self.figure(*times);
                return lang.pick(
                    format!("sai đơn vị tính: lệch {times} lần, sửa thì tỷ lệ khớp"),
                    format!("in another measure: {times} times off; with this the ratio fits"),
                );
            }
            Why::StandsIn(cell) => {
                return lang.pick(format!("số liệu đang ở ô {cell}"), format!("the figure stands in {cell}"));
            }
            Why::RowMissed { row, line, twice } => return self.row_missed(*row, line, *twice),
            Why::OnlyWith { percentage } => {
                let said = self.figure(*percentage);
                return lang.pick(
                    format!("tỷ lệ {said}% chỉ khớp với số này, lệch một lỗi gõ"),
                    format!("{said} % fits this figure only, one slip away"),
                );
            }
            Why::Ties { slips, sums } => return self.ties(slips, *sums),
            Why::Said(said) => return self.said(said).to_owned(),
        };
        lang.pick(vi, en).to_owned()
    }

    /// `bỏ sót hàng 14 “Đất đai”`.
    pub(super) fn row_missed(&self, row: u32, line: &str, twice: bool) -> String {
        match twice {
            true => {
                self.lang.pick(format!("cộng hai lần hàng {row} “{line}”"), format!("adds row {row} “{line}” twice"))
            }
            false => self.lang.pick(format!("bỏ sót hàng {row} “{line}”"), format!("leaves out row {row} “{line}”")),
        }
    }

    /// What slipped, and how many sums tie once it is mended.
    fn ties(&self, slips: &[Slip], sums: usize) -> String {
        let mut said: Vec<String> = Vec::new();
        for slip in slips.iter().map(|slip| self.slip(slip)) {
            if !said.contains(&slip) {
                said.push(slip);
            }
        }
        let tie = match (sums, self.lang.pick(true, false)) {
            (1, true) => "sửa ô này thì tổng khớp".to_owned(),
            (n, true) => format!("sửa thì cả {n} tổng đều khớp"),
            (1, false) => "with this the sum ties".to_owned(),
            (2, false) => "with this both sums tie".to_owned(),
            (n, false) => format!("with this all {n} sums tie"),
        };
        if said.is_empty() { tie } else { format!("{}; {tie}", join(&said, self.lang)) }
    }

    fn slip(&self, slip: &Slip) -> String {
        let lang = self.lang;
        let (vi, en) = match slip {
            Slip::Exchanged => ("hai ô ghi đổi chỗ cho nhau", "the two cells hold each other's figures"),
            Slip::TypedOver => ("gõ số đè lên công thức", "a number typed over a formula"),
            Slip::DigitsSwapped => ("đảo hai chữ số", "two digits are swapped"),
            Slip::DigitDropped => ("thiếu một chữ số", "a digit is missing"),
            Slip::DigitDoubled => ("gõ đúp một chữ số", "a digit was typed twice"),
            Slip::DigitAdded => ("thừa một chữ số", "there is a digit too many"),
            Slip::DigitWrong => ("sai một chữ số", "one digit is wrong"),
            Slip::Sign => ("sai dấu", "the sign is wrong"),
            Slip::PowerOfTen(1) => ("thừa một chữ số 0", "there is a nought too many"),
            Slip::PowerOfTen(-1) => ("thiếu một chữ số 0", "a nought is missing"),
            Slip::LeftBlank => ("bỏ trống", "it was left blank"),
            Slip::NotANumber => ("không phải là số", "it is no figure"),
            Slip::OffByOne => ("lệch 1", "off by one"),
            Slip::PowerOfTen(power) => {
                let times = format!("10{}", superscript(power.unsigned_abs()));
                return if *power > 0 {
                    lang.pick(
                        format!("gấp {times} lần (sai đơn vị tính hoặc dấu phân cách)"),
                        format!("{times} times too large (unit or separator)"),
                    )
                } else {
                    lang.pick(
                        format!("nhỏ hơn {times} lần (sai đơn vị tính hoặc dấu phân cách)"),
                        format!("{times} times too small (unit or separator)"),
                    )
                };
            }
            Slip::FormulaMisses { formula, cells } => {
                let missed = join(&cells.iter().map(ToString::to_string).collect::<Vec<_>>(), lang);
                return lang.pick(
                    format!("công thức ={formula} bỏ sót {missed}"),
                    format!("the formula ={formula} misses {missed}"),
                );
            }
        };
        lang.pick(vi, en).to_owned()
    }
}

fn superscript(n: u8) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    n.to_string().bytes().map(|b| DIGITS[usize::from(b - b'0')]).collect()
}
