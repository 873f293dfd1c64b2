//! `xl/styles.xml` into the same with looks added: nothing that a cell counts on moves.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Obstacle;
use crate::package::xml::{self, Element, Splices, number, with_attribute, without_attribute};

/// Lists that looks are made of, in the order the schema wants them.
const ORDER: [&str; 11] = [
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
];

/// A stylesheet of nothing but the default look.
pub const PLAIN: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">",
    "<fonts count=\"1\"><font><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font></fonts>",
    "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>",
    "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>",
    "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>",
    "<cellXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/></cellXfs>",
    "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>",
    "</styleSheet>"
);

pub struct Styles<'a> {
    xml: &'a str,
    root: Element,
    /// Of its elements' names.
    prefix: String,
    fonts: List,
    fills: List,
    borders: List,
    looks: List,
}

/// One list, and what is put at its end.
#[derive(Default)]
struct List {
    element: Option<Element>,
    texts: Vec<String>,
    added: usize,
}

impl List {
    /// The number of an item, which is added unless it is there.
    fn number(&mut self, text: String) -> u32 {
        let at = self.texts.iter().position(|own| *own == text);
        let at = at.unwrap_or_else(|| {
            self.texts.push(text);
            self.added += 1;
            self.texts.len() - 1
        });
        u32::try_from(at).unwrap_or(0)
    }
}

impl<'a> Styles<'a> {
    pub fn read(xml: &'a str, part: &str) -> Result<Self, Obstacle> {
        let root = xml::root(xml, part)?;
        let lists = xml::children(xml, &root, part)?;
        let list = |name: &str| -> Result<List, Obstacle> {
            let Some(element) = lists.iter().find(|l| l.local() == name) else {
                return Ok(List::default());
            };
            let items = xml::children(xml, element, part)?;
            Ok(List {
                texts: items.iter().map(|i| xml[i.whole.clone()].to_owned()).collect(),
                element: Some(element.clone()),
                added: 0,
            })
        };
        let mut styles = Self {
            xml,
            prefix: root.prefix(),
            fonts: list("fonts")?,
            fills: list("fills")?,
            borders: list("borders")?,
            looks: list("cellXfs")?,
            root,
        };
        styles.complete();
        Ok(styles)
    }

    /// Numbers 0 (and of fills 1) have their meanings whatever a part leaves out.
    fn complete(&mut self) {
        let p = self.prefix.clone();
        if self.fonts.texts.is_empty() {
            self.font("<sz val=\"11\"/><name val=\"Calibri\"/>");
        }
        for pattern in ["none", "gray125"].into_iter().skip(self.fills.texts.len()) {
            self.fills.texts.push(format!("<{p}fill><{p}patternFill patternType=\"{pattern}\"/></{p}fill>"));
            self.fills.added += 1;
        }
        if self.borders.texts.is_empty() {
            self.border("<left/><right/><top/><bottom/><diagonal/>");
        }
        if self.looks.texts.is_empty() {
            self.looks.number(format!("<{p}xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>"));
        }
    }

    /// A font from its elements, written without prefixes.
    pub fn font(&mut self, inside: &str) -> u32 {
        let font = self.prefixed(&format!("<font>{inside}</font>"));
        self.fonts.number(font)
    }

    pub fn border(&mut self, inside: &str) -> u32 {
        let border = self.prefixed(&format!("<border>{inside}</border>"));
        self.borders.number(border)
    }

    /// One colour all over, as `FFC7CE`.
    pub fn fill(&mut self, rgb: &str) -> u32 {
        let fill = self.prefixed(&format!("<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FF{rgb}\"/><bgColor indexed=\"64\"/></patternFill></fill>"));
        self.fills.number(fill)
    }

    /// A cell's look.
    pub fn look(&mut self, xf: &str) -> u32 {
        let xf = self.prefixed(xf);
        self.looks.number(xf)
    }

    /// A look like another, on another ground.
    pub fn on(&mut self, base: u32, fill: u32) -> u32 {
        let xf = self.looks.texts.get(base as usize).unwrap_or(&self.looks.texts[0]);
        let filled = on(xf, fill);
        self.looks.number(filled)
    }

    /// The looks whose ground is one of these colours.
    pub fn of_colours(&self, colours: &[&str]) -> BTreeSet<u32> {
        let is = |text: &str| {
            let text = text.to_uppercase();
            let solid = text.contains("\"SOLID\"");
            solid && colours.iter().any(|rgb| text.contains(&format!("\"FF{rgb}\"")))
        };
        let fills: BTreeSet<u32> =
            (0u32..).zip(&self.fills.texts).filter(|(_, text)| is(text)).map(|(n, _)| n).collect();
        (0u32..)
            .zip(&self.looks.texts)
            .filter(|(_, xf)| fill_of(xf).is_some_and(|fill| fills.contains(&fill)))
            .map(|(n, _)| n)
            .collect()
    }

    /// Of some looks, the one like another but for its ground; without any, the same on no ground.
    pub fn off(&mut self, marked: u32, former: &BTreeSet<u32>) -> u32 {
        let bare = |xf: &str| on(xf, 0);
        let Some(own) = self.looks.texts.get(marked as usize).map(|xf| bare(xf)) else {
            return 0;
        };
        let same = |n: &&u32| {
            let xf = self.looks.texts.get(**n as usize);
            xf.is_some_and(|xf| bare(xf) == own)
        };
        match former.iter().find(same) {
            Some(found) => *found,
            None => self.looks.number(own),
        }
    }

    pub fn finish(&self) -> String {
        let mut splices = Splices::default();
        let lists =
            [("fonts", &self.fonts), ("fills", &self.fills), ("borders", &self.borders), ("cellXfs", &self.looks)];
        for (name, list) in lists.iter().filter(|(_, list)| list.added > 0) {
            let new = list.texts[list.texts.len() - list.added..].concat();
            let count = list.texts.len().to_string();
            match &list.element {
                Some(element) => {
                    let head = xml::opened(&self.xml[element.tag.clone()]);
                    let head = with_attribute(&head, "count", &count);
                    let end = if element.tag == element.whole {
                        format!("{head}{new}</{}>", element.name)
                    } else {
                        splices.put(element.inside.end..element.inside.end, new);
                        head
                    };
                    splices.put(element.tag.clone(), end);
                }
                None => {
                    let name = format!("{}{name}", self.prefix);
                    let list = format!("<{name} count=\"{count}\">{new}</{name}>");
                    let place = self.place_of(name.rsplit(':').next().unwrap_or_default());
                    splices.put(place, list);
                }
            }
        }
        splices.make(self.xml)
    }

    /// Where a list that is missing belongs: before the first that comes after it.
    fn place_of(&self, name: &str) -> Range<usize> {
        let rank = |name: &str| ORDER.iter().position(|n| *n == name);
        let lists = xml::children(self.xml, &self.root, "styles").unwrap_or_default();
        let after = |l: &&Element| rank(l.local()) > rank(name);
        let at = lists.iter().find(after).map_or(self.root.inside.end, |l| l.whole.start);
        at..at
    }

    /// Elements written without prefixes, in this part's own way.
    fn prefixed(&self, text: &str) -> String {
        if self.prefix.is_empty() {
            return text.to_owned();
        }
        text.replace("</", "\u{1}")
            .replace('<', &format!("<{}", self.prefix))
            .replace('\u{1}', &format!("</{}", self.prefix))
    }
}

fn fill_of(xf: &str) -> Option<u32> {
    let root = xml::root(xf, "styles").ok()?;
    number(&xml::start_of(xf, &root).ok()?, "fillId")
}

/// A look's XML on another ground; 0 is none.
fn on(xf: &str, fill: u32) -> String {
    let Ok(root) = xml::root(xf, "styles") else {
        return xf.to_owned();
    };
    let tag = with_attribute(&xf[root.tag.clone()], "fillId", &fill.to_string());
    let tag = match fill {
        0 => without_attribute(&tag, "applyFill"),
        _ => with_attribute(&tag, "applyFill", "1"),
    };
    format!("{tag}{}", &xf[root.tag.end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_added_and_none_moves() {
        let mut styles = Styles::read(PLAIN, "s").unwrap();
        let red = styles.fill("FFB3B3");
        assert_eq!((red, styles.fill("FFB3B3")), (2, 2));
        assert_eq!(styles.on(0, red), 1);
        assert_eq!(styles.on(0, red), 1);
        let made = styles.finish();
        assert!(made.contains(r#"<fills count="3">"#) && made.contains(r#"<cellXfs count="2">"#));
        assert!(made.contains(r#"fillId="2" borderId="0" xfId="0" applyFill="1"/></cellXfs>"#));
        let mut again = Styles::read(&made, "s").unwrap();
        assert_eq!(again.of_colours(&["FFB3B3"]), BTreeSet::from([1]));
        assert_eq!(again.off(1, &BTreeSet::from([0])), 0);
        assert_eq!(again.fill("FFB3B3"), 2);
        assert_eq!(again.finish(), made);
    }

    #[test]
    fn what_a_part_leaves_out_is_put_in_where_it_belongs() {
        let mut styles =
            Styles::read(r#"<x:styleSheet><x:fonts count="1"><x:font/></x:fonts><x:cellStyles/></x:styleSheet>"#, "s")
                .unwrap();
        let fill = styles.fill("AABBCC");
        let look = styles.on(9, fill);
        assert_eq!((fill, look), (2, 1));
        let made = styles.finish();
        let order: Vec<usize> =
            ["<x:fonts", "<x:fills count=\"3\"", "<x:borders", "<x:cellXfs count=\"2\"", "<x:cellStyles"]
                .iter()
                .map(|name| made.find(name).unwrap_or_else(|| panic!("{name} in {made}")))
                .collect();
        assert!(order.is_sorted(), "{made}");
    }
}
