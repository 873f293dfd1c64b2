//! Word's automatic numbering into the numbers it prints in front of paragraphs.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};

use super::super::limits::Refusal;
use crate::normalise::code::to_roman;
use crate::package::xml;

/// Word has nine levels.
const LEVELS: usize = 9;

#[derive(Default)]
pub(super) struct Numbering {
    lists: HashMap<String, [Level; LEVELS]>,
    /// The list behind each number that paragraphs name, and the levels where it begins anew.
    numbers: HashMap<String, Number>,
    /// The list that a style of lists stands for.
    styles: HashMap<String, String>,
    /// How far each list has counted; a level not yet reached is none.
    counted: HashMap<String, [Option<u32>; LEVELS]>,
}

#[derive(Default, Clone)]
struct Level {
    start: u32,
    format: String,
    /// What is printed, with `%1` for the number of the first level.
    text: String,
    legal: bool,
}

#[derive(Default, Clone)]
struct Number {
    list: String,
    restarts: [Option<u32>; LEVELS],
    seen: bool,
}

impl Numbering {
    pub(super) fn read(&mut self, part: &str) -> Result<(), Refusal> {
        let mut reader = xml::reader(part);
        let (mut list, mut number, mut level) = (String::new(), String::new(), 0);
        loop {
            match reader.read_event().map_err(xml::broken("word/numbering.xml"))? {
                Event::Start(e) | Event::Empty(e) => match xml::local(&e) {
                    "abstractNum" => {
                        list = xml::attribute(&e, "abstractNumId").unwrap_or_default().into_owned();
                        self.lists.insert(list.clone(), Default::default());
                    }
                    "num" => {
                        number = xml::attribute(&e, "numId").unwrap_or_default().into_owned();
                        self.numbers.insert(number.clone(), Number::default());
                    }
                    "abstractNumId" => {
                        let own = value(&e);
                        if let Some(known) = self.numbers.get_mut(&number) {
                            known.list.clone_from(&own);
                        }
                        list = own;
                    }
                    "styleLink" => {
                        self.styles.insert(value(&e), list.clone());
                    }
                    "numStyleLink" => {
                        // The levels stand with the style; they are looked up once all are known.
                        self.styles.insert(format!("of {list}"), value(&e));
                    }
                    "lvl" | "lvlOverride" => level = (xml::number(&e, "ilvl").unwrap_or(0) as usize).min(LEVELS - 1),
                    "startOverride" => {
                        if let Some(known) = self.numbers.get_mut(&number) {
                            known.restarts[level] = value(&e).parse().ok();
                        }
                    }
                    name => self.describe(&list, level, name, &e),
                },
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn describe(&mut self, list: &str, level: usize, name: &str, element: &BytesStart) {
        let Some(level) = self.lists.get_mut(list).map(|l| &mut l[level]) else { return };
        match name {
            "start" => level.start = value(element).parse().unwrap_or(1),
            "numFmt" => level.format = value(element),
            "lvlText" => level.text = value(element),
            "isLgl" => level.legal = true,
            _ => {}
        }
    }

    /// What is printed in front of the next paragraph of a list; empty in front of one of none.
    pub(super) fn next(&mut self, number: &str, level: usize) -> String {
        let level = level.min(LEVELS - 1);
        let Some(known) = self.numbers.get_mut(number) else { return String::new() };
        let first = !std::mem::replace(&mut known.seen, true);
        let known = known.clone();
        let list = self.list(known.list);
        let Some(levels) = self.lists.get(&list) else { return String::new() };
        let counted = self.counted.entry(list).or_default();
        if first {
            for (own, restart) in counted.iter_mut().zip(known.restarts) {
                if restart.is_some() {
                    *own = None;
                }
            }
        }
        let start = |i: usize| known.restarts[i].unwrap_or(levels[i].start);
        for (i, above) in counted[..level].iter_mut().enumerate() {
            above.get_or_insert_with(|| start(i));
        }
        counted[level] = Some(counted[level].map_or(start(level), |n| n.saturating_add(1)));
        counted[level + 1..].fill(None);
        printed(&levels[level], levels, counted)
    }

    /// The list that holds the levels.
    fn list(&self, list: String) -> String {
        self.styles.get(&format!("of {list}")).and_then(|s| self.styles.get(s)).cloned().unwrap_or(list)
    }
}

fn value(element: &BytesStart) -> String {
    xml::attribute(element, "val").unwrap_or_default().into_owned()
}

fn printed(level: &Level, levels: &[Level; LEVELS], counted: &[Option<u32>; LEVELS]) -> String {
    if level.format == "bullet" {
        // A dash or a plus is as if typed; other bullets are drawn from fonts of symbols.
        return level.text.chars().filter(|c| matches!(c, '-' | '–' | '+' | '*')).collect();
    }
    let mut shown = String::new();
    let mut letters = level.text.chars().peekable();
    while let Some(letter) = letters.next() {
        let digit = if letter == '%' { letters.peek().and_then(|d| d.to_digit(10)) } else { None };
        match digit.map(|d| d as usize) {
            Some(place @ 1..=LEVELS) => {
                letters.next();
                let format = if level.legal { "decimal" } else { &levels[place - 1].format };
                push(&mut shown, counted[place - 1].unwrap_or(0), format);
            }
            _ => shown.push(letter),
        }
    }
    shown
}

fn push(shown: &mut String, number: u32, format: &str) {
    match format {
        "none" => {}
        "decimalZero" if number < 10 => shown.push_str(&format!("0{number}")),
        "upperRoman" => shown.push_str(&to_roman(number)),
        "lowerRoman" => shown.push_str(&to_roman(number).to_lowercase()),
        "upperLetter" => shown.push_str(&letters(number)),
        "lowerLetter" => shown.push_str(&letters(number).to_lowercase()),
        _ => shown.push_str(&number.to_string()),
    }
}

/// A to Z, then AA to ZZ, as Word goes on.
fn letters(number: u32) -> String {
    let Some(from_nought) = number.checked_sub(1) else { return String::new() };
    let letter = char::from(b'A' + u8::try_from(from_nought % 26).unwrap_or(0));
    std::iter::repeat_n(letter, (from_nought / 26 + 1).min(20) as usize).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: &str = r#"<w:numbering><w:abstractNum w:abstractNumId="7">
        <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
        <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl>
        <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl></w:abstractNum>
        <w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1)"/></w:lvl></w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
        <w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
        <w:num w:numId="3"><w:abstractNumId w:val="8"/></w:num></w:numbering>"#;

    #[test]
    fn lists_count_as_word_prints_them() {
        let mut numbering = Numbering::default();
        numbering.read(PART).unwrap();
        let steps = [
            ("1", 0, "I."),
            ("1", 1, "1.1"),
            ("1", 1, "1.2"),
            ("1", 2, "-"),
            ("1", 0, "II."),
            ("1", 1, "2.1"),
            ("2", 0, "I."),
            ("2", 0, "II."),
            ("3", 0, "c)"),
            ("3", 0, "d)"),
            ("0", 0, ""),
            ("9", 0, ""),
        ];
        for (number, level, shown) in steps {
            assert_eq!(numbering.next(number, level), shown, "{number} {level}");
        }
        assert_eq!((to_roman(1994).as_str(), letters(28).as_str()), ("MCMXCIV", "BB"));
    }
}
