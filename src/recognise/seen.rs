//! A text into what can be said of it wherever it stands, found out once however often it comes.
//!
//! A thousand workbooks say the same few thousand things: what a caption, a label or a title means is kept with the text
//! ([`Lexicon::seen`]), and a row is judged by what is known of its cells. Each fact is found out by the room that needs
//! it, the first time somebody asks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::lexicon::Lexicon;
use super::numbering::Printed;
use super::said::Told;
use super::units::Named;
use crate::model::Figure;
use crate::normalise::code::{self, Code};
use crate::normalise::memo::Memo;
use crate::normalise::text::{key, tidy};

/// Bytes of a text that are compared with anything; no caption, title or name is as long.
const LONGEST_COMPARED: usize = 4_000;

/// A text, and what is known of it.
#[derive(Debug, Default)]
pub struct Seen {
    /// One number for one text, never given twice.
    pub id: u64,
    /// Readable text.
    pub text: Arc<str>,
    pub key: Arc<str>,
    /// Letters of the key.
    pub letters: usize,
    /// Its lines, where several of them say something by a colon: "Đơn vị báo cáo: …", "Đơn vị nhận báo cáo: …".
    pub statements: Vec<Arc<Seen>>,
    pub(super) facts: Facts,
}

/// What has been found out of a text.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub ordinal: OnceLock<bool>,
    pub known_caption: OnceLock<bool>,
    pub caption: OnceLock<bool>,
    pub printed: OnceLock<Printed>,
    pub figure: OnceLock<Option<Option<Figure>>>,
    pub code: OnceLock<Option<Code>>,
    pub leading: OnceLock<Option<(Code, Arc<Seen>)>>,
    /// The tables that have a line with this label.
    pub labels: OnceLock<Arc<[usize]>>,
    pub closes: OnceLock<bool>,
    pub aside: OnceLock<bool>,
    pub total: OnceLock<bool>,
    pub section: OnceLock<bool>,
    /// The name as the list of fields has it, and whether it has it.
    pub field: OnceLock<(Arc<str>, bool)>,
    pub form: OnceLock<Option<Arc<str>>>,
    pub opens_form: OnceLock<bool>,
    pub told: OnceLock<Told>,
    pub unit: OnceLock<Option<Named>>,
}

/// All texts seen in a run.
#[derive(Debug, Default)]
pub(super) struct Texts {
    known: Memo<Arc<Seen>>,
    nothing: Arc<Seen>,
    last: AtomicU64,
}

impl Lexicon {
    /// What is known of a text as its sender typed it.
    pub fn seen(&self, raw: &str) -> Arc<Seen> {
        if raw.is_empty() {
            return self.texts.nothing.clone();
        }
        self.texts.known.get(raw, || {
            let number = self.texts.last.fetch_add(1, Ordering::Relaxed) + 1;
            Arc::new(Seen::new(raw, number, self))
        })
    }

    /// What stands for a cell without text.
    pub fn unseen(&self) -> Arc<Seen> {
        self.texts.nothing.clone()
    }
}

impl Seen {
    fn new(raw: &str, id: u64, lexicon: &Lexicon) -> Self {
        let text: Arc<str> = tidy(raw).into();
        let key: Arc<str> = match text.len() {
            0 => Arc::default(),
            _ => key(&text[..text.floor_char_boundary(LONGEST_COMPARED)]).into(),
        };
        Self {
            id,
            letters: key.chars().filter(|k| k.is_alphabetic()).count(),
            statements: statements(raw).iter().map(|s| lexicon.seen(s)).collect(),
            text,
            key,
            facts: Facts::default(),
        }
    }

    /// The code that is all of the text.
    pub fn code(&self) -> Option<&Code> {
        self.facts.code.get_or_init(|| code::code(&self.text)).as_ref()
    }

    /// The code that the text begins with, and what stands behind it.
    pub fn leading(&self, lexicon: &Lexicon) -> Option<&(Code, Arc<Self>)> {
        let split = || code::leading(&self.text).map(|(code, rest)| (code, lexicon.seen(rest)));
        self.facts.leading.get_or_init(split).as_ref()
    }
}

/// The lines of a cell, one for each colon, with what goes on below it.
fn statements(text: &str) -> Vec<String> {
    if !text.contains('\n') {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        match found.last_mut() {
            Some(last) if !(line.contains(':') && last.contains(':')) => {
                last.push(' ');
                last.push_str(line);
            }
            _ => found.push(line.to_owned()),
        }
    }
    if found.len() < 2 {
        return Vec::new();
    }
    found.iter().map(|statement| tidy(statement)).collect()
}
