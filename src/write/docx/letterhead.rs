//! The frame of an official paper: the head with agency and quốc hiệu, the title, Nơi nhận and the signature
//! (Nghị định 30/2020/NĐ-CP, Phụ lục I).

use super::paragraph::{Align, Paragraph, Run, Style};
use super::table::{Cell, Table};
use super::{Page, mm};

const NATION: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
const MOTTO: &str = "Độc lập - Tự do - Hạnh phúc";
const RECIPIENTS: &str = "Nơi nhận:";
/// What fits into the left column in bold capitals.
const ONE_LINE: usize = 24;
/// The frame's two columns, of a hundred.
const HALVES: [u32; 2] = [42, 58];

/// What stands at the head of the first page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letterhead {
    /// The agency above the one that writes: UBND TỈNH …; empty where there is none.
    pub above: String,
    /// The agency that writes, in capitals.
    pub agency: String,
    /// `Số:      /BC-SKHCN`.
    pub number: String,
    /// Below the number of a letter: `V/v …`; empty in other papers.
    pub about: String,
    /// `Quảng Trị, ngày    tháng 9 năm 2023`.
    pub place_and_date: String,
}

/// What stands at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Closing {
    /// `- UBND tỉnh (b/c);`, one a line.
    pub recipients: Vec<String>,
    /// `KT. GIÁM ĐỐC`, `PHÓ GIÁM ĐỐC`: one a line.
    pub signing: Vec<String>,
    /// Who signs; empty leaves the place.
    pub name: String,
}

/// The head: agency and quốc hiệu, number, place and date.
#[must_use]
pub fn letterhead(head: &Letterhead) -> Table {
    let mut table = Table::bare(Page::Portrait.width(), &HALVES);
    let (left, right) = (table.widths[0], table.widths[1]);
    let mut agency = Vec::new();
    if !head.above.is_empty() {
        agency.push(line(Run::new(&head.above), 26));
    }
    agency.extend(balanced(&head.agency).map(|part| line(Run::bold(part), 26)));
    agency.push(Paragraph::rule(left / 3, left));
    let nation = vec![
        line(Run::bold(NATION), 24),
        line(Run::bold(MOTTO), 28),
        // As long as the motto above it.
        Paragraph::rule(mm(63), right),
    ];
    table.row(vec![Cell::new(agency), Cell::new(nation)]);
    let mut number = vec![line(Run::new(&head.number), 26)];
    if !head.about.is_empty() {
        number.push(line(Run::new(&head.about), 24));
    }
    table.row(vec![Cell::new(number), Cell::new(vec![line(Run::italic(&head.place_and_date), 28)])]);
    table
}

/// BÁO CÁO, what it is about, and the line below.
#[must_use]
pub fn title(kind: &str, about: &[&str]) -> Vec<Paragraph> {
    let width = Page::Portrait.width();
    let mut lines = vec![Paragraph::new(Style::Plain), Paragraph::new(Style::Title).text(kind)];
    lines.extend(about.iter().map(|text| Paragraph::new(Style::Title).text(text)));
    lines.push(Paragraph::rule(mm(40), width));
    lines
}

/// Nơi nhận on the left, the signature on the right.
#[must_use]
pub fn closing(closing: &Closing) -> Table {
    let mut table = Table::bare(Page::Portrait.width(), &[50, 50]);
    let word = Run { bold: true, size: Some(24), ..Run::italic(RECIPIENTS) };
    let mut left = vec![Paragraph::new(Style::Recipients).run(word)];
    left.extend(closing.recipients.iter().map(|to| Paragraph::new(Style::Recipients).text(to)));
    let mut right: Vec<Paragraph> = closing.signing.iter().map(|office| line(Run::bold(office), 28)).collect();
    // Room for signature and seal.
    right.extend((0..4).map(|_| Paragraph::new(Style::Plain)));
    right.push(line(Run::bold(&closing.name), 28));
    table.row(vec![Cell::new(left), Cell::new(right)]);
    table
}

/// A name too long for one line, in two of about the same length.
fn balanced(name: &str) -> impl Iterator<Item = &str> {
    let long = name.chars().count() > ONE_LINE;
    let breaks = name.match_indices(' ').map(|(at, _)| at);
    let middle = breaks.filter(|_| long).min_by_key(|at| name.len().abs_diff(2 * at));
    let (first, second) = middle.map_or((name, ""), |at| (&name[..at], &name[at + 1..]));
    [first, second].into_iter().filter(|part| !part.is_empty())
}

fn line(run: Run, size: u32) -> Paragraph {
    Paragraph::new(Style::Plain).align(Align::Centre).run(Run { size: Some(size), ..run })
}
