//! A promise that does not hold into a finding, in the reader's language.

use super::Desk;
use super::columns::Share;
use super::equation::{Broken, Ground, Term};
use super::words::Said;
use crate::grid::Grid;
use crate::model::fact::{Amount, Fact, Said as Sentence, Why};
use crate::model::finding::{Correction, Kind};
use crate::model::{Address, Figure, Finding, Lang, Severity, Suspect};

/// A sum.
pub fn sum(broken: &Broken<'_>, grid: &Grid, desk: &Desk<'_>) -> Finding {
    let (promise, lang) = (broken.promise, desk.lang);
    let cells: Vec<Address> = std::iter::once(promise.total.cell).chain(promise.parts.iter().map(|p| p.cell)).collect();
    let (stated, expected) =
        (lang.figure(promise.total.value), format!("{} = {}", spelled(&promise.parts, lang), lang.figure(broken.sum)));
    let (name, ground) = match &promise.ground {
        Ground::Numbering(text) => {
            ("hang-danh-so", lang.pick(format!("hàng đánh số {text}"), format!("the numbering row, {text}")))
        }
        Ground::TotalRow => (
            "hang-tong",
            lang.pick("hàng tổng = các hàng cộng lại".to_owned(), "the total row = the rows added up".to_owned()),
        ),
        Ground::Parts(code) => (
            "cac-dong-con",
            lang.pick(
                format!("dòng {code} = các dòng đánh số dưới nó"),
                format!("line {code} = the lines numbered under it"),
            ),
        ),
    };
    let place = place(grid, promise.total.cell, desk);
    let message = lang.pick(
        format!("{place} ghi {stated}, nhưng {expected}; {UNKNOWN_VI}: {ground}."),
        format!("{place} says {stated}, but {expected}; {UNKNOWN_EN}: {ground}."),
    );
    let suspects = broken.suspect.map(|(cell, proposed)| {
        let own = cell == promise.total.cell;
        let why = if own {
            lang.pick("đúng bằng các số cộng lại", "what the figures come to")
        } else {
            lang.pick(
                "sửa ô này thì mọi phép cộng qua nó đều khớp",
                "with this cell corrected every sum through it holds",
            )
        };
        correction(cell, &promise.total, &promise.parts, proposed, why)
    });
    finding(name, cells, promise.total.value.to_string(), broken.sum.to_string(), suspects, message, desk)
}

/// A percentage.
pub fn share(share: &Share, grid: &Grid, desk: &Desk<'_>) -> Finding {
    let lang = desk.lang;
    let [top, bottom] = share.parts;
    let (stated, expected) = (lang.figure(share.value.1), lang.figure(share.expected));
    let (top_said, bottom_said) = (lang.figure(top.1), lang.figure(bottom.1));
    let (place, ground) = (place(grid, share.value.0, desk), &share.ground);
    let message = lang.pick(
        format!("{place} ghi {stated}%, nhưng {top_said} / {bottom_said} = {expected}%; {UNKNOWN_VI}: hàng đánh số {ground}."),
        format!("{place} says {stated}%, but {top_said} / {bottom_said} = {expected}%; {UNKNOWN_EN}: the numbering row, {ground}."),
    );
    let cells = vec![share.value.0, top.0, bottom.0];
    finding("hang-danh-so", cells, share.value.1.to_string(), share.expected.to_string(), None, message, desk)
}

/// Words beside a total.
pub fn words(said: &Said, desk: &Desk<'_>) -> Finding {
    let lang = desk.lang;
    let (stated, amount, typed) = (lang.figure(said.total.1), lang.figure(said.amount), &said.words.1);
    let (cell, below) = (said.total.0, said.words.0);
    let message = lang.pick(
        format!("Ô {cell} ghi tổng {stated}, nhưng ô {below} ghi bằng chữ là {amount} (“{typed}”); {UNKNOWN_VI}: số tiền bằng chữ."),
        format!("{cell} says a total of {stated}, but {below} says {amount} in words (“{typed}”); {UNKNOWN_EN}: the amount in words."),
    );
    finding("so-bang-chu", vec![cell, below], said.total.1.to_string(), said.amount.to_string(), None, message, desk)
}

const UNKNOWN_VI: &str = "biểu chưa có trong danh mục, kiểm tra theo chính cách biểu tự ghi";
const UNKNOWN_EN: &str = "the form is not in the catalogue and is tried by what it says itself";

fn spelled(parts: &[Term], lang: Lang) -> String {
    let mut text = String::new();
    for (i, part) in parts.iter().enumerate() {
        match (i, part.sign < 0) {
            (0, false) => {}
            (0, true) => text.push('−'),
            (_, false) => text.push_str(" + "),
            (_, true) => text.push_str(" − "),
        }
        text.push_str(&lang.figure(part.value));
    }
    text
}

/// The row's and the column's own words, with the cell.
fn place(grid: &Grid, cell: Address, desk: &Desk<'_>) -> String {
    let label = grid.rows.iter().find(|r| r.row == cell.row).map_or("", |r| &r.label);
    let column = grid.columns.iter().find(|c| c.at == cell.column).map(|c| c.path.join(" › ")).unwrap_or_default();
    desk.lang.pick(format!("“{label}”, cột “{column}” (ô {cell})"), format!("“{label}”, column “{column}” ({cell})"))
}

fn correction(cell: Address, total: &Term, parts: &[Term], proposed: Figure, why: &str) -> Suspect {
    let stated =
        std::iter::once(total).chain(parts).find(|t| t.cell == cell).map(|t| t.value.to_string()).unwrap_or_default();
    Suspect {
        cells: vec![Correction { cell, elsewhere: None, stated, proposed: Some(proposed) }],
        why: Why::Said(Sentence::same(why)),
        tied: false,
    }
}

fn finding(
    name: &str,
    cells: Vec<Address>,
    found: String,
    expected: String,
    suspect: Option<Suspect>,
    message: String,
    desk: &Desk<'_>,
) -> Finding {
    Finding {
        rule: format!("?:{name}"),
        rules: vec![format!("?:{name}")],
        kind: Kind::Promised,
        severity: Severity::Warning,
        form: "?".into(),
        unit: desk.file.clone(),
        period: None,
        file: desk.file.clone(),
        sheet: desk.sheet.name.as_str().into(),
        cells,
        found: Amount::Text(found),
        expected: Amount::Text(expected),
        suspects: suspect.into_iter().collect(),
        fact: Fact::Said(Sentence::same(&message)),
        certain: false,
        advice: None,
        more: 0,
        passage: None,
        waived: None,
    }
}
