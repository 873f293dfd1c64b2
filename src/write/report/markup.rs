//! The report's plain-text mark-up, as a template rendered it, into paragraphs and tables. `templates/reports/README.md`
//! tells officials how it is written.

use std::sync::Arc;

use super::super::docx::{
    Align, Block, Cell, Closing, Inline, Letterhead, Merge, Page, Paragraph, Row, Run, Section, Style, Table, closing,
    letterhead, title,
};
use super::super::style::{BLANK_GROUND, DOUBTFUL_GROUND};
use super::functions::APPENDIX;
use super::number::{CLOSES, OPENS, Shared};
use super::{Told, annotate, appendix};

/// The words that may follow `@` at the beginning of a line.
pub const DIRECTIVES: [&str; 16] = [
    "co-quan-tren",
    "co-quan",
    "so-ky-hieu",
    "noi-ngay",
    "ten-loai",
    "trich-yeu",
    "noi-nhan",
    "ky",
    "nguoi-ky",
    "giua",
    "phai",
    "chu-thich",
    "ghi-chu",
    "trang-ngang",
    "trang-dung",
    "phu-luc-so-lieu",
];
/// Characters of mark-up inside a value, as they pass through to the layout.
const ESCAPED: [(char, char); 4] = [('*', '\u{f0010}'), ('|', '\u{f0011}'), ('[', '\u{f0012}'), ('\\', '\u{f0014}')];
/// Before a value that begins like mark-up; printed as nothing.
const NOTHING: char = '\u{f0013}';

/// A value's text so that nothing in it is taken for mark-up.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if text.starts_with(['#', '@', '-', '+', '=', '<', '^', '!']) {
        out.push(NOTHING);
    }
    for c in text.chars() {
        match ESCAPED.iter().find(|(plain, _)| *plain == c) {
            Some((_, private)) => out.push(*private),
            None if c.is_control() => out.push(' '),
            None if ('\u{f0000}'..='\u{f001f}').contains(&c) => {}
            None => out.push(c),
        }
    }
    out
}

/// The numbers of a rendered text, in order.
pub fn marks(text: &str) -> impl Iterator<Item = usize> {
    text.split(OPENS).skip(1).filter_map(|rest| rest.split(CLOSES).next()?.parse().ok())
}

/// The sections of a report.
pub fn lay_out(text: &str, shared: &Arc<Shared>, sources: &appendix::Sources) -> Vec<Section> {
    let mut layout = Layout {
        shared,
        sources,
        sections: vec![Section { page: Page::Portrait, blocks: Vec::new() }],
        head: Letterhead::default(),
        kind: String::new(),
        about: Vec::new(),
        end: Closing::default(),
        told: Told::default(),
        used: Vec::new(),
    };
    let mut lines = text.lines().peekable();
    let mut paragraph = String::new();
    while let Some(line) = lines.next() {
        let line = line.trim();
        let begins = line.starts_with(['#', '@', '|']) || line.starts_with("- ") || line.starts_with("+ ");
        if line.is_empty() || begins {
            layout.paragraph(&std::mem::take(&mut paragraph));
        }
        if line.starts_with('|') {
            let mut table = vec![line];
            while let Some(next) = lines.next_if(|l| l.trim().starts_with('|')) {
                table.push(next.trim());
            }
            layout.table(&table);
        } else if let Some(directive) = line.strip_prefix('@') {
            layout.directive(directive);
        } else if line.starts_with('#') {
            layout.heading(line);
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line);
        }
    }
    layout.paragraph(&paragraph);
    layout.close();
    layout.sections
}

struct Layout<'a> {
    shared: &'a Arc<Shared>,
    sources: &'a appendix::Sources,
    sections: Vec<Section>,
    head: Letterhead,
    kind: String,
    about: Vec<String>,
    end: Closing,
    told: Told,
    /// Numbers printed so far, in order.
    used: Vec<usize>,
}

impl Layout<'_> {
    fn directive(&mut self, text: &str) {
        let (word, rest) = text.split_once([' ', ':']).unwrap_or((text, ""));
        let rest = rest.trim();
        match word {
            "co-quan-tren" => self.head.above = plain(rest),
            "co-quan" => self.head.agency = plain(rest),
            "so-ky-hieu" => self.head.number = plain(rest),
            "noi-ngay" => self.head.place_and_date = plain(rest),
            "ten-loai" => self.kind = plain(rest),
            "trich-yeu" => self.about.push(plain(rest)),
            "noi-nhan" => self.end.recipients.push(plain(rest)),
            "ky" => self.end.signing.push(plain(rest)),
            "nguoi-ky" => self.end.name = plain(rest),
            "giua" => self.simple(Style::Plain, Some(Align::Centre), rest),
            "phai" => self.simple(Style::Plain, Some(Align::Right), rest),
            "chu-thich" => self.simple(Style::Caption, None, rest),
            "ghi-chu" => self.simple(Style::Cell, Some(Align::Both), &format!("*{rest}*")),
            "trang-ngang" => self.page(Page::Landscape),
            "trang-dung" => self.page(Page::Portrait),
            _ if APPENDIX.ends_with(word) => {
                self.finish_frames();
                let blocks = appendix::blocks(&self.used, self.shared, self.sources);
                self.blocks().extend(blocks);
            }
            _ => {}
        }
    }

    fn page(&mut self, page: Page) {
        self.finish_frames();
        self.sections.push(Section { page, blocks: Vec::new() });
    }

    fn heading(&mut self, line: &str) {
        let text = line.trim_start_matches('#');
        self.told.section();
        let level = u8::try_from(line.len() - text.len()).unwrap_or(3).min(3);
        self.simple(Style::Heading(level), None, text.trim());
    }

    fn paragraph(&mut self, text: &str) {
        if !text.is_empty() {
            let text = annotate(text, self.shared, &mut self.told);
            self.simple(Style::Body, None, &text);
        }
    }

    fn simple(&mut self, style: Style, align: Option<Align>, text: &str) {
        self.finish_frames();
        let mut paragraph = Paragraph::new(style);
        paragraph.align = align;
        paragraph.content = inline(text, self.shared, None);
        self.used.extend(marks(text));
        self.blocks().push(paragraph.into());
    }

    fn table(&mut self, lines: &[&str]) {
        self.finish_frames();
        for line in lines {
            self.used.extend(marks(line));
        }
        let width = self.sections.last().map_or(Page::Portrait, |s| s.page).width();
        let table = table(lines, width, self.shared);
        self.blocks().push(table.into());
    }

    /// The letterhead goes out before the first block, the closing before the first block after it.
    fn finish_frames(&mut self) {
        let head = std::mem::take(&mut self.head);
        if head != Letterhead::default() {
            self.blocks().push(letterhead(&head).into());
        }
        let (kind, about) = (std::mem::take(&mut self.kind), std::mem::take(&mut self.about));
        if !kind.is_empty() || !about.is_empty() {
            let about: Vec<&str> = about.iter().map(String::as_str).collect();
            let lines = title(&kind, &about).into_iter().map(Block::from);
            self.blocks().extend(lines);
        }
        let end = std::mem::take(&mut self.end);
        if end != Closing::default() {
            // Nobody signs a page on which nothing stands.
            if let Some(Block::Paragraph(last)) = self.blocks().last_mut() {
                last.keep_next = true;
            }
            let gap = Paragraph::new(Style::Plain).keep_next();
            self.blocks().extend([gap.into(), closing(&end).into()]);
        }
    }

    fn close(&mut self) {
        self.finish_frames();
        self.sections.retain(|s| !s.blocks.is_empty());
    }

    fn blocks(&mut self) -> &mut Vec<Block> {
        if self.sections.is_empty() {
            self.sections.push(Section { page: Page::Portrait, blocks: Vec::new() });
        }
        let last = self.sections.len() - 1;
        &mut self.sections[last].blocks
    }
}

/// Text for a frame: without mark-up; a blank stays a blank.
fn plain(text: &str) -> String {
    unescape(&text.replace('*', ""))
}

fn unescape(text: &str) -> String {
    text.chars()
        .filter(|c| *c != NOTHING)
        .map(|c| {
            let own = ESCAPED.iter().find(|(_, private)| *private == c);
            own.map_or(c, |(plain, _)| *plain)
        })
        .collect()
}

/// Runs of a line: `**bold**`, `*italic*`, numbers as content controls, `[…]` on a yellow ground.
pub fn inline(text: &str, shared: &Shared, size: Option<u32>) -> Vec<Inline> {
    let mut out = Vec::new();
    let mut run = Run { size, ..Run::default() };
    let mut rest = text;
    while let Some(at) = rest.find(['*', '[', OPENS]) {
        push(&mut out, &run, &rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("**") {
            run.bold = !run.bold;
            rest = after;
        } else if let Some(after) = rest.strip_prefix('*') {
            run.italic = !run.italic;
            rest = after;
        } else if rest.starts_with("[…") || rest.starts_with("[...") {
            let end = rest.find(']').map_or(rest.len(), |i| i + 1);
            let blank = Run { ground: Some(BLANK_GROUND), ..run.clone() };
            push(&mut out, &blank, &rest[..end]);
            rest = &rest[end..];
        } else if let Some(after) = rest.strip_prefix('[') {
            push(&mut out, &run, "[");
            rest = after;
        } else {
            let (mark, after) = rest.split_once(CLOSES).unwrap_or((rest, ""));
            let index = mark.trim_start_matches(OPENS).parse().ok();
            if let Some(number) = index.and_then(|i| shared.registry.get(i)) {
                out.push(Inline::Control {
                    tag: number.binding.tag(),
                    alias: appendix::alias(&number.binding),
                    run: Run { text: number.text, ground: number.doubtful.then_some(DOUBTFUL_GROUND), ..run.clone() },
                });
            }
            rest = after;
        }
    }
    push(&mut out, &run, rest);
    out
}

fn push(out: &mut Vec<Inline>, look: &Run, text: &str) {
    let text = unescape(text);
    if !text.is_empty() {
        out.push(Inline::Run(Run { text, ..look.clone() }));
    }
}

/// Columns from which a table is set smaller.
const WIDE: usize = 9;
const SMALL: u32 = 21;

/// A column: its share of the width, and where its text stands.
type Column = (u32, Align);

pub fn table(lines: &[&str], width: u32, shared: &Shared) -> Table {
    let parsed: Vec<(&str, Vec<&str>)> =
        lines.iter().filter(|line| !line.starts_with("|=")).map(|line| split(line)).collect();
    let many = parsed.iter().map(|(_, cells)| cells.len()).max().unwrap_or(1);
    let columns = columns(lines.iter().find(|l| l.starts_with("|=")), many);
    let shares: Vec<u32> = columns.iter().map(|(share, _)| *share).collect();
    let mut table = Table::lined(width, &shares);
    let size = (many >= WIDE).then_some(SMALL);
    for (i, (kind, cells)) in parsed.iter().enumerate() {
        let below = parsed.get(i + 1).map(|(_, cells)| cells);
        let look = Look { head: *kind == "!", bold: matches!(*kind, "!" | "*"), size };
        table.rows.push(Row { header: look.head, cells: row(cells, below, &columns, &look, shared) });
    }
    table
}

struct Look {
    head: bool,
    bold: bool,
    size: Option<u32>,
}

/// `|! a | b` into `!` and its cells.
fn split(line: &str) -> (&str, Vec<&str>) {
    let rest = line.trim_start_matches('|');
    let kind = if rest.starts_with(['!', '*']) && !rest.starts_with("**") { &rest[..1] } else { "" };
    let rest = rest[kind.len()..].trim();
    let rest = rest.strip_suffix('|').unwrap_or(rest);
    (kind, rest.split('|').map(str::trim).collect())
}

/// `|= 6c 26 9r`: shares, with c for centred and r for to the right.
fn columns(line: Option<&&str>, many: usize) -> Vec<Column> {
    let words = line.map(|l| l.trim_start_matches("|=")).unwrap_or_default();
    let mut columns: Vec<Column> = words
        .split_whitespace()
        .map(|word| {
            let align = match word.chars().last() {
                Some('c') => Align::Centre,
                Some('r') => Align::Right,
                _ => Align::Left,
            };
            let share = word.trim_end_matches(['c', 'r', 'l']).parse().unwrap_or(1);
            (share, align)
        })
        .collect();
    columns.resize(many.max(1), (10, Align::Left));
    columns
}

fn row(cells: &[&str], below: Option<&Vec<&str>>, columns: &[Column], look: &Look, shared: &Shared) -> Vec<Cell> {
    let mut made: Vec<Cell> = Vec::new();
    for (i, (_, align)) in columns.iter().enumerate() {
        let text = cells.get(i).copied().unwrap_or_default();
        if text == "<"
            && let Some(left) = made.last_mut()
        {
            left.span += 1;
            continue;
        }
        if text == "^" {
            made.push(Cell::going_on());
            continue;
        }
        let mut paragraph = Paragraph::new(Style::Cell);
        paragraph.content = inline(text, shared, look.size);
        if look.bold {
            paragraph.content.iter_mut().for_each(embolden);
        }
        let spans = cells.get(i + 1).is_some_and(|next| *next == "<");
        paragraph.align = Some(if look.head || spans { Align::Centre } else { *align });
        let goes_on = below.and_then(|b| b.get(i)).is_some_and(|t| *t == "^");
        made.push(Cell::new(vec![paragraph]).merged(if goes_on { Merge::Begins } else { Merge::No }));
    }
    made
}

fn embolden(inline: &mut Inline) {
    match inline {
        Inline::Run(run) | Inline::Control { run, .. } => run.bold = true,
    }
}
