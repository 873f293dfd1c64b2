//! What must be corrected into the XML of a sheet that lists it, each line with a way to its cell.

use std::collections::BTreeMap;

use super::annotate::Palette;
use super::styles::Styles;
use crate::model::{Address, RETURNED};
use crate::package::xml::escaped;

/// The sheet put in front of the others.
#[derive(Debug, Clone, Default)]
pub struct First {
    pub name: String,
    pub title: String,
    /// What to do, a line each.
    pub lines: Vec<String>,
    /// Captions, with widths in letters. The second column has the rows' grounds, the third leads to their cells.
    pub head: Vec<(String, f64)>,
    pub rows: Vec<Row>,
}

/// One cell to correct.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// As many texts as there are captions.
    pub cells: Vec<String>,
    /// The ground of the second text.
    pub colour: Option<&'static str>,
    /// Where the third text leads.
    pub link: Option<(String, Address)>,
}

/// Columns with a meaning of their own.
const SEVERITY: usize = 1;
const PLACE: usize = 2;
const STATED: usize = 4;
const PROPOSED: usize = 5;
/// No text is ever a formula, whatever it begins with.
const TEXT: &str = "inlineStr";

/// How the former look of each marked cell is kept: a cell off to the right that looks so, and says whose look it is.
/// Whatever program saves the file keeps it, while it renumbers all looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub sheet: String,
    pub cell: Address,
    pub style: u32,
}

impl Kept {
    fn text(&self) -> String {
        format!("{RETURNED}|{}|{}", self.sheet, self.cell)
    }

    /// Sheet and cell, of such a text.
    pub fn parse(text: &str) -> Option<(String, Address)> {
        let rest = text.strip_prefix(RETURNED)?.strip_prefix('|')?;
        let (sheet, cell) = rest.rsplit_once('|')?;
        Some((sheet.to_owned(), Address::parse(cell)?))
    }
}

struct Looks {
    title: u32,
    line: u32,
    bar: u32,
    text: u32,
    centre: u32,
    link: u32,
    grounds: BTreeMap<&'static str, u32>,
}

impl Looks {
    fn of(styles: &mut Styles<'_>, first: &First, palette: &Palette) -> Self {
        let name = format!("<name val=\"{}\"/><family val=\"1\"/>", palette.font);
        let mut font = |more: &str, size: u32, colour: &str| {
            styles.font(&format!("{more}<sz val=\"{size}\"/><color rgb=\"FF{colour}\"/>{name}"))
        };
        let (plain, bold) = (font("", 12, "000000"), font("<b/>", 14, "000000"));
        let bar = font("<b/>", 12, "FFFFFF");
        let link = font("<u/>", 12, palette.link);
        let side = |side: &str| format!("<{side} style=\"thin\"><color rgb=\"FF808080\"/></{side}>");
        let sides: String = ["left", "right", "top", "bottom"].map(side).concat();
        let boxed = styles.border(&format!("{sides}<diagonal/>"));
        let dark = styles.fill(palette.bar);
        let xf = |font: u32, fill: u32, border: u32, across: &str| {
            format!(
                "<xf numFmtId=\"0\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"{border}\" xfId=\"0\" applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><alignment horizontal=\"{across}\" vertical=\"center\" wrapText=\"1\"/></xf>"
            )
        };
        let mut grounds = BTreeMap::new();
        for colour in first.rows.iter().filter_map(|row| row.colour) {
            let fill = styles.fill(colour);
            let look = styles.look(&xf(plain, fill, boxed, "center"));
            grounds.insert(colour, look);
        }
        Self {
            title: styles.look(&xf(bold, 0, 0, "left").replace(" wrapText=\"1\"", "")),
            line: styles.look(&xf(plain, 0, 0, "left")),
            bar: styles.look(&xf(bar, dark, boxed, "center")),
            text: styles.look(&xf(plain, 0, boxed, "left")),
            centre: styles.look(&xf(plain, 0, boxed, "center")),
            link: styles.look(&xf(link, 0, boxed, "left")),
            grounds,
        }
    }
}

/// The sheet's XML.
pub fn sheet(
    first: &First,
    kept: &[Kept],
    styles: &mut Styles<'_>,
    palette: &Palette,
    open: bool,
    strict: bool,
) -> String {
    let looks = Looks::of(styles, first, palette);
    let space = if strict {
        "http://purl.oclc.org/ooxml/spreadsheetml/main"
    } else {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    };
    let last = first.head.len().saturating_sub(1) as u32;
    let aside = last + 2;
    let head = 1 + first.lines.len() as u32;
    let mut page = Page::default();
    page.text(0, 0, &first.title, looks.title);
    page.text(0, aside, &format!("{RETURNED}|1"), 0);
    page.height(0, 24.0);
    let across: f64 = first.head.iter().map(|(_, width)| width).sum();
    for (row, line) in (1u32..).zip(&first.lines) {
        page.text(row, 0, line, looks.line);
        page.height(row, tall(line, across));
        page.merged.push(format!("A{}:{}", row + 1, Address::new(row, last)));
    }
    for (column, (caption, _)) in (0u32..).zip(&first.head) {
        page.text(head, column, caption, looks.bar);
    }
    page.height(head, 34.0);
    for (n, row) in (head + 1..).zip(&first.rows) {
        let mut high: f64 = 18.0;
        for (column, text) in row.cells.iter().enumerate() {
            let look = match (column, row.colour, &row.link) {
                (SEVERITY, Some(colour), _) => looks.grounds[colour],
                (0 | SEVERITY | STATED | PROPOSED, _, _) => looks.centre,
                (PLACE, _, Some(_)) => looks.link,
                _ => looks.text,
            };
            page.text(n, column as u32, text, look);
            high = high.max(tall(text, first.head.get(column).map_or(10.0, |h| h.1)));
        }
        page.height(n, high);
        if let Some((sheet, cell)) = &row.link {
            let target = format!("'{}'!{cell}", sheet.replace('\'', "''"));
            page.links.push(format!(
                "<hyperlink ref=\"{}\" location=\"{}\" display=\"{}\"/>",
                Address::new(n, PLACE as u32),
                escaped(&target),
                escaped(row.cells.get(PLACE).map_or("", String::as_str))
            ));
        }
    }
    for (n, kept) in (1u32..).zip(kept) {
        page.text(n, aside, &kept.text(), kept.style);
    }
    let mut columns: String = (1u32..)
        .zip(&first.head)
        .map(|(n, (_, width))| format!("<col min=\"{n}\" max=\"{n}\" width=\"{width}\" customWidth=\"1\"/>"))
        .collect();
    let n = aside + 1;
    columns.push_str(&format!("<col min=\"{n}\" max=\"{n}\" width=\"9\" hidden=\"1\" customWidth=\"1\"/>"));
    let top = head + 1;
    let selected = if open { " tabSelected=\"1\"" } else { "" };
    let view = format!(
        "<sheetViews><sheetView showGridLines=\"0\"{selected} workbookViewId=\"0\"><pane ySplit=\"{top}\" topLeftCell=\"A{}\" activePane=\"bottomLeft\" state=\"frozen\"/><selection pane=\"bottomLeft\" activeCell=\"A{0}\" sqref=\"A{0}\"/></sheetView></sheetViews>",
        top + 1
    );
    let tab = palette.tab;
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"{space}\"><sheetPr><tabColor rgb=\"FF{tab}\"/><pageSetUpPr fitToPage=\"1\"/></sheetPr>{view}<sheetFormatPr defaultRowHeight=\"16.5\"/><cols>{columns}</cols>{}<pageMargins left=\"0.4\" right=\"0.4\" top=\"0.5\" bottom=\"0.5\" header=\"0.3\" footer=\"0.3\"/><pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/></worksheet>",
        page.body()
    )
}

/// How tall a row must be for a text in a column of a width, at 12 points.
fn tall(text: &str, width: f64) -> f64 {
    let room = (width * 0.95).max(4.0);
    let lines: f64 = text.split('\n').map(|line| (line.chars().count() as f64 / room).ceil().max(1.0)).sum();
    (16.5 * lines + 2.0).min(400.0)
}

/// Cells, rows and what comes after them.
#[derive(Default)]
struct Page {
    cells: BTreeMap<(u32, u32), (String, u32)>,
    heights: BTreeMap<u32, f64>,
    merged: Vec<String>,
    links: Vec<String>,
}

impl Page {
    fn text(&mut self, row: u32, column: u32, text: &str, look: u32) {
        self.cells.insert((row, column), (text.to_owned(), look));
    }

    fn height(&mut self, row: u32, points: f64) {
        self.heights.insert(row, points);
    }

    fn body(&self) -> String {
        let mut rows: BTreeMap<u32, String> = BTreeMap::new();
        for ((row, column), (text, look)) in &self.cells {
            let cell = Address::new(*row, *column);
            let text = escaped(text);
            rows.entry(*row).or_default().push_str(&format!(
                "<c r=\"{cell}\" s=\"{look}\" t=\"{TEXT}\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
            ));
        }
        let row = |(n, cells): (&u32, &String)| {
            let height = self.heights.get(n);
            let height = height.map(|h| format!(" ht=\"{h}\" customHeight=\"1\""));
            format!("<row r=\"{}\"{}>{cells}</row>", n + 1, height.unwrap_or_default())
        };
        let rows: String = rows.iter().map(row).collect();
        let merged: String = self.merged.iter().map(|area| format!("<mergeCell ref=\"{area}\"/>")).collect();
        let mut body = format!("<sheetData>{rows}</sheetData>");
        if !merged.is_empty() {
            let count = self.merged.len();
            body.push_str(&format!("<mergeCells count=\"{count}\">{merged}</mergeCells>"));
        }
        if !self.links.is_empty() {
            body.push_str(&format!("<hyperlinks>{}</hyperlinks>", self.links.concat()));
        }
        body
    }
}
