//! Paragraphs, the runs of text and named places in them, and the frame that an official paper is set in.

use std::fmt::Write as _;

use super::table::{Cell, Table};
use super::{Page, escape, mm};

/// How a paragraph looks; the sizes are those of Nghị định 30/2020/NĐ-CP.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Style {
    /// 14 pt, set to both margins, first line indented.
    #[default]
    Body,
    /// 14 pt, without indent: what stands in frames such as the letterhead.
    Plain,
    /// BÁO CÁO, and what it is about: 14 pt, bold, centred.
    Title,
    /// I., 1. and a): outline levels one to three.
    Heading(u8),
    /// What stands in a table, 12 pt, and above it.
    Cell,
    Caption,
    /// Nơi nhận: 11 pt.
    Recipients,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Centre,
    Right,
    Both,
}

/// One paragraph. What is `None` is as the style has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paragraph {
    pub style: Style,
    pub align: Option<Align>,
    /// Left indent and first line's indent, in twentieths of a point ([`super::mm`]).
    pub indent: Option<(u32, u32)>,
    /// Stays on the page of the paragraph after it.
    pub keep_next: bool,
    pub page_break_before: bool,
    /// Not text but a line across: a rule as long as this, in twentieths of a point, centred in so wide a frame.
    pub rule: Option<Rule>,
    pub content: Vec<Inline>,
}

/// A line of its own length in the middle of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    pub length: u32,
    pub frame: u32,
}

/// What stands in a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    Run(Run),
    /// A content control: text that says of itself what it is, even after an official has edited around it. Word cuts
    /// no slack here: a tag has at most 64 characters.
    Control {
        tag: String,
        /// Shown in Word when the control is clicked.
        alias: String,
        run: Run,
    },
}

/// Text in one look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub bold: bool,
    pub italic: bool,
    /// In half points; the style's where it is `None`.
    pub size: Option<u32>,
    /// A ground colour (`RRGGBB`), to catch the eye.
    pub ground: Option<&'static str>,
}

impl Run {
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    pub fn bold(text: &str) -> Self {
        Self { bold: true, ..Self::new(text) }
    }

    pub fn italic(text: &str) -> Self {
        Self { italic: true, ..Self::new(text) }
    }
}

impl Paragraph {
    pub fn new(style: Style) -> Self {
        Self { style, ..Self::default() }
    }

    /// A paragraph of the body, beginning with this text.
    pub fn body(text: &str) -> Self {
        Self::new(Style::Body).text(text)
    }

    /// A line of this length, centred in a frame of that width.
    pub fn rule(length: u32, frame: u32) -> Self {
        Self { rule: Some(Rule { length, frame }), ..Self::new(Style::Plain) }
    }

    pub fn align(mut self, align: Align) -> Self {
        self.align = Some(align);
        self
    }

    pub fn centred(self) -> Self {
        self.align(Align::Centre)
    }

    pub fn keep_next(mut self) -> Self {
        self.keep_next = true;
        self
    }

    pub fn text(self, text: &str) -> Self {
        self.run(Run::new(text))
    }

    pub fn bold(self, text: &str) -> Self {
        self.run(Run::bold(text))
    }

    pub fn run(self, run: Run) -> Self {
        self.inline(Inline::Run(run))
    }

    pub fn inline(mut self, inline: Inline) -> Self {
        self.content.push(inline);
        self
    }

    /// The paragraph as XML. `ids` counts what needs a number of its own in the document; `section` is the page set-up
    /// that ends with this paragraph.
    pub(super) fn xml(&self, out: &mut String, ids: &mut u32, section: Option<&str>) {
        out.push_str("<w:p>");
        self.properties(out, section);
        for inline in &self.content {
            inline.xml(out, ids);
        }
        out.push_str("</w:p>");
    }

    /// In the order of the schema (CT_PPr): Word refuses another.
    fn properties(&self, out: &mut String, section: Option<&str>) {
        let _ = write!(out, "<w:pPr><w:pStyle w:val=\"{}\"/>", self.style.id());
        if self.keep_next {
            out.push_str("<w:keepNext/>");
        }
        if self.page_break_before {
            out.push_str("<w:pageBreakBefore/>");
        }
        if let Some(Rule { length, frame }) = self.rule {
            let side = frame.saturating_sub(length) / 2;
            let _ = write!(
                out,
                "<w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"000000\"/></w:pBdr>\
                 <w:spacing w:before=\"60\" w:after=\"0\" w:line=\"80\" w:lineRule=\"exact\"/>\
                 <w:ind w:left=\"{side}\" w:right=\"{side}\" w:firstLine=\"0\"/>"
            );
        }
        if let Some((left, first)) = self.indent {
            let _ = write!(out, "<w:ind w:left=\"{left}\" w:firstLine=\"{first}\"/>");
        }
        if let Some(align) = self.align {
            let _ = write!(out, "<w:jc w:val=\"{}\"/>", align.name());
        }
        out.push_str(section.unwrap_or_default());
        out.push_str("</w:pPr>");
    }
}

impl Align {
    const fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Centre => "center",
            Self::Right => "right",
            Self::Both => "both",
        }
    }
}

impl Inline {
    fn xml(&self, out: &mut String, ids: &mut u32) {
        match self {
            Self::Run(run) => run.xml(out),
            Self::Control { tag, alias, run } => {
                *ids += 1;
                let _ = write!(
                    out,
                    "<w:sdt><w:sdtPr><w:alias w:val=\"{}\"/><w:tag w:val=\"{}\"/><w:id w:val=\"{ids}\"/><w:text/></w:sdtPr><w:sdtContent>",
                    escape(&first(alias, 64)),
                    escape(&first(tag, 64)),
                );
                run.xml(out);
                out.push_str("</w:sdtContent></w:sdt>");
            }
        }
    }
}

fn first(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

impl Run {
    /// In the order of the schema (CT_RPr).
    fn xml(&self, out: &mut String) {
        if self.text.is_empty() {
            return;
        }
        out.push_str("<w:r>");
        if self.bold || self.italic || self.size.is_some() || self.ground.is_some() {
            out.push_str("<w:rPr>");
            if self.bold {
                out.push_str("<w:b/><w:bCs/>");
            }
            if self.italic {
                out.push_str("<w:i/><w:iCs/>");
            }
            if let Some(size) = self.size {
                let _ = write!(out, "<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>");
            }
            if let Some(ground) = self.ground {
                let _ = write!(out, "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{ground}\"/>");
            }
            out.push_str("</w:rPr>");
        }
        let _ = write!(out, "<w:t xml:space=\"preserve\">{}</w:t></w:r>", escape(&self.text));
    }
}

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
pub fn title(kind: &str, about: &[&str]) -> Vec<Paragraph> {
    let width = Page::Portrait.width();
    let mut lines = vec![Paragraph::new(Style::Plain), Paragraph::new(Style::Title).text(kind)];
    lines.extend(about.iter().map(|text| Paragraph::new(Style::Title).text(text)));
    lines.push(Paragraph::rule(mm(40), width));
    lines
}

/// Nơi nhận on the left, the signature on the right.
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
