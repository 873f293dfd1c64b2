//! What a page of a PDF draws: its letters, each in its place, and the lines that rule its tables.
//!
//! A content stream moves, scales and turns what follows; forms are streams within it. Here everything ends in one frame:
//! points from the page's upper left corner as it is read, whichever way the page was turned.

use std::collections::HashMap;
use std::sync::Arc;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use smol_str::SmolStr;

use super::super::limits::{Limit, PART_BYTES, PDF_DRAWN, PDF_NESTED, Refusal, TOTAL_BYTES};
use super::font::{Font, number};

/// Points that a drawn thing may be thick and still be a line.
const THICK: f32 = 3.0;
/// Points that a line may stand off the straight.
const OFF: f32 = 0.3;
/// Letters of a run that are looked at for those drawn into its gaps.
const RUN: usize = 1_000;
/// An operator that no page has: whoever reads as far as this has read all.
const END: &str = "tonghop";

/// Some letters that were drawn as one: where their base line begins, and how long it is.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) length: f32,
    pub(super) size: f32,
    /// Quarter turns clockwise that they stand off the upright.
    pub(super) turned: u8,
    pub(super) text: SmolStr,
    pub(super) font: Option<Arc<str>>,
    /// Letters drawn by one operator, or into the gaps of one, belong together.
    pub(super) run: u32,
}

/// A straight line: from and to along it, and where it stands across.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub(super) upright: bool,
    pub(super) from: f32,
    pub(super) to: f32,
    pub(super) at: f32,
}

#[derive(Default)]
pub(super) struct Page {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) glyphs: Vec<Glyph>,
    pub(super) rules: Vec<Rule>,
    /// Letters whose font does not say what they are, or that are there but not to be seen, as a scanner adds them.
    pub(super) unread: usize,
    pub(super) pictures: usize,
}

/// What is known over all pages.
pub(super) struct Reader<'d> {
    document: &'d Document,
    fonts: HashMap<ObjectId, Arc<Font>>,
    drawn: usize,
    inflated: u64,
}

/// `[a b c d e f]`: a point (x, y) comes to (a·x + c·y + e, b·x + d·y + f).
#[derive(Debug, Clone, Copy)]
struct Matrix([f32; 6]);

impl Matrix {
    const SAME: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    fn of(operands: &[Object]) -> Option<Self> {
        let all: Vec<f32> = operands.iter().filter_map(number).collect();
        all.try_into().ok().map(Self)
    }

    /// First this, then another.
    fn then(self, next: Self) -> Self {
        let ([a, b, c, d, e, f], n) = (self.0, next.0);
        Self([
            a * n[0] + b * n[2],
            a * n[1] + b * n[3],
            c * n[0] + d * n[2],
            c * n[1] + d * n[3],
            e * n[0] + f * n[2] + n[4],
            e * n[1] + f * n[3] + n[5],
        ])
    }

    fn point(self, x: f32, y: f32) -> (f32, f32) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    fn scale(self) -> f32 {
        let [a, b, c, d, ..] = self.0;
        (a * d - b * c).abs().sqrt()
    }
}

#[derive(Clone)]
struct State {
    to_page: Matrix,
    font: Option<Arc<Font>>,
    size: f32,
    letter_space: f32,
    word_space: f32,
    stretch: f32,
    leading: f32,
    rise: f32,
    hidden: bool,
    line_width: f32,
}

/// A content stream on its way.
struct Walk<'r, 'd> {
    reader: &'r mut Reader<'d>,
    page: &'r mut Page,
    state: State,
    saved: Vec<State>,
    text: Matrix,
    line: Matrix,
    path: Vec<Vec<(f32, f32)>>,
    curved: bool,
    run: u32,
    depth: usize,
}

impl<'d> Reader<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self { document, fonts: HashMap::new(), drawn: 0, inflated: 0 }
    }

    pub(super) fn page(&mut self, id: ObjectId) -> Result<Page, Refusal> {
        let document = self.document;
        let own = document.get_dictionary(id).map_err(Refusal::corrupt)?;
        let sides = ["CropBox", "MediaBox"].into_iter().find_map(|key| {
            let sides = inherited(own, key.as_bytes(), document)?.as_array().ok()?;
            let all: Vec<f32> = sides.iter().filter_map(|s| number(document.dereference(s).ok()?.1)).collect();
            <[f32; 4]>::try_from(all).ok()
        });
        let [x0, y0, x1, y1] = sides.unwrap_or([0.0, 0.0, 595.0, 842.0]);
        let (left, bottom, right, top) = (x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1));
        let rotate = inherited(own, b"Rotate", document).and_then(number).unwrap_or(0.0) as i32;
        let (width, height) = (right - left, top - bottom);
        let upright = Matrix([1.0, 0.0, 0.0, -1.0, -left, top]);
        let (to_page, width, height) = match rotate.rem_euclid(360) / 90 {
            1 => (upright.then(Matrix([0.0, 1.0, -1.0, 0.0, height, 0.0])), height, width),
            2 => (upright.then(Matrix([-1.0, 0.0, 0.0, -1.0, width, height])), width, height),
            3 => (upright.then(Matrix([0.0, -1.0, 1.0, 0.0, 0.0, width])), height, width),
            _ => (upright, width, height),
        };
        let mut page = Page { width, height, ..Page::default() };
        let mut content = Vec::new();
        for stream in document.get_page_contents(id) {
            let stream = document.get_object(stream).and_then(Object::as_stream).map_err(Refusal::corrupt)?;
            content.extend(self.inflated(stream)?);
            content.push(b'\n');
        }
        let resources = inherited(own, b"Resources", document).and_then(|r| r.as_dict().ok());
        let state = State {
            to_page,
            font: None,
            size: 0.0,
            letter_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            hidden: false,
            line_width: 1.0,
        };
        self.walk(&mut page, state, content, resources, 0)?;
        page.keep_seen();
        page.set_upright();
        Ok(page)
    }

    fn walk(
        &mut self,
        page: &mut Page,
        state: State,
        mut content: Vec<u8>,
        resources: Option<&'d Dictionary>,
        depth: usize,
    ) -> Result<(), Refusal> {
        content.extend(format!("\n{END}\n").bytes());
        let run = page.glyphs.last().map_or(0, |g| g.run + 1);
        let mut walk = Walk {
            reader: self,
            page,
            state,
            saved: Vec::new(),
            text: Matrix::SAME,
            line: Matrix::SAME,
            path: Vec::new(),
            curved: false,
            run,
            depth,
        };
        for operation in Content::<Vec<Operation>>::decode_iter(&content) {
            let operation = operation.map_err(Refusal::corrupt)?;
            if operation.operator == END {
                return Ok(());
            }
            walk.reader.count(1)?;
            walk.operation(&operation, resources)?;
        }
        Err(Refusal::corrupt("a page's content breaks off"))
    }

    fn count(&mut self, drawn: usize) -> Result<(), Refusal> {
        self.drawn += drawn;
        if self.drawn > PDF_DRAWN { Err(Refusal::TooLarge(Limit::Drawn)) } else { Ok(()) }
    }

    /// A stream's bytes, whole: what was damaged on the way is not half read.
    fn inflated(&mut self, stream: &Stream) -> Result<Vec<u8>, Refusal> {
        let most = PART_BYTES.min(TOTAL_BYTES - self.inflated);
        let bytes = stream.get_plain_content_with_limit(most as usize).map_err(super::refused)?;
        self.inflated += bytes.len() as u64;
        let filters = stream.filters().unwrap_or_default();
        let whole = filters[..] != [b"FlateDecode"] || stream.dict.has(b"DecodeParms") || ends_well(stream, &bytes);
        if whole { Ok(bytes) } else { Err(Refusal::corrupt("a page's content is damaged")) }
    }

    fn font(&mut self, resources: Option<&'d Dictionary>, name: &[u8]) -> Option<Arc<Font>> {
        let document = self.document;
        let fonts = resources?.get_deref(b"Font", document).ok()?.as_dict().ok()?;
        let (id, font) = document.dereference(fonts.get(name).ok()?).ok()?;
        let font = font.as_dict().ok()?;
        let Some(id) = id else { return Some(Arc::new(Font::new(font, document))) };
        Some(self.fonts.entry(id).or_insert_with(|| Arc::new(Font::new(font, document))).clone())
    }
}

/// The last four bytes of a zlib stream are the check sum of what went in; lopdf does not insist.
fn ends_well(stream: &Stream, bytes: &[u8]) -> bool {
    const PRIME: u32 = 65_521;
    let (mut a, mut b) = (1u32, 0u32);
    for chunk in bytes.chunks(5_000) {
        for byte in chunk {
            a += u32::from(*byte);
            b += a;
        }
        (a, b) = (a % PRIME, b % PRIME);
    }
    let sum = (b << 16 | a).to_be_bytes();
    // Some writers end the stream with a line break that they count.
    (0..=2).any(|more| stream.content.len().checked_sub(more).is_some_and(|end| stream.content[..end].ends_with(&sum)))
}

/// An entry of a page, or of what it is a leaf of.
fn inherited<'d>(page: &'d Dictionary, key: &[u8], document: &'d Document) -> Option<&'d Object> {
    let parent = |node: &&'d Dictionary| node.get_deref(b"Parent", document).and_then(Object::as_dict).ok();
    std::iter::successors(Some(page), parent).take(PDF_NESTED).find_map(|node| node.get_deref(key, document).ok())
}

impl<'d> Walk<'_, 'd> {
    fn operation(&mut self, operation: &Operation, resources: Option<&'d Dictionary>) -> Result<(), Refusal> {
        let operands = &operation.operands[..];
        let n = |i: usize| operands.get(i).and_then(number).unwrap_or(0.0);
        match operation.operator.as_str() {
            "q" if self.saved.len() < PDF_NESTED * PDF_NESTED => self.saved.push(self.state.clone()),
            "q" => return Err(Refusal::TooLarge(Limit::Drawn)),
            "Q" => self.state = self.saved.pop().unwrap_or_else(|| self.state.clone()),
            "cm" => {
                let own = Matrix::of(operands).unwrap_or(Matrix::SAME);
                self.state.to_page = own.then(self.state.to_page);
            }
            "w" => self.state.line_width = n(0),
            "Do" => self.external(operands, resources)?,
            "BI" => self.page.pictures += 1,
            "BT" => (self.text, self.line) = (Matrix::SAME, Matrix::SAME),
            "Tf" => {
                let name = operands.first().and_then(|o| o.as_name().ok()).unwrap_or_default();
                (self.state.font, self.state.size) = (self.reader.font(resources, name), n(1));
            }
            "Tc" => self.state.letter_space = n(0),
            "Tw" => self.state.word_space = n(0),
            "Tz" => self.state.stretch = n(0) / 100.0,
            "TL" => self.state.leading = n(0),
            "Ts" => self.state.rise = n(0),
            "Tr" => self.state.hidden = matches!(n(0) as i32, 3 | 7),
            "Td" => self.next_line(n(0), n(1)),
            "TD" => {
                self.state.leading = -n(1);
                self.next_line(n(0), n(1));
            }
            "Tm" => {
                self.line = Matrix::of(operands).unwrap_or(Matrix::SAME);
                self.text = self.line;
            }
            "T*" => self.next_line(0.0, -self.state.leading),
            "Tj" | "TJ" => self.show(operands)?,
            "'" => {
                self.next_line(0.0, -self.state.leading);
                self.show(operands)?;
            }
            "\"" => {
                (self.state.word_space, self.state.letter_space) = (n(0), n(1));
                self.next_line(0.0, -self.state.leading);
                self.show(operands.get(2..).unwrap_or_default())?;
            }
            "m" => self.path.push(vec![self.state.to_page.point(n(0), n(1))]),
            "l" => {
                let point = self.state.to_page.point(n(0), n(1));
                self.path.last_mut().into_iter().for_each(|p| p.push(point));
            }
            "c" | "v" | "y" => self.curved = true,
            "h" => self.path.last_mut().into_iter().for_each(|p| p.extend(p.first().copied())),
            "re" => {
                let corners = [(0.0, 0.0), (n(2), 0.0), (n(2), n(3)), (0.0, n(3)), (0.0, 0.0)];
                let place = |(x, y)| self.state.to_page.point(n(0) + x, n(1) + y);
                self.path.push(corners.into_iter().map(place).collect());
            }
            "s" | "S" => self.paint(true, false),
            "f" | "F" | "f*" => self.paint(false, true),
            "B" | "B*" | "b" | "b*" => self.paint(true, true),
            "n" => self.paint(false, false),
            _ => {}
        }
        Ok(())
    }

    fn next_line(&mut self, x: f32, y: f32) {
        self.line = Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(self.line);
        self.text = self.line;
    }

    /// A picture, or a form: a stream with resources of its own.
    fn external(&mut self, operands: &[Object], resources: Option<&'d Dictionary>) -> Result<(), Refusal> {
        let document = self.reader.document;
        let named = operands.first().and_then(|o| o.as_name().ok()).unwrap_or_default();
        let objects = resources.and_then(|r| r.get_deref(b"XObject", document).ok()?.as_dict().ok());
        let Some(stream) = objects.and_then(|all| all.get_deref(named, document).ok()?.as_stream().ok()) else {
            return Ok(());
        };
        if stream.dict.get_deref(b"Subtype", document).and_then(Object::as_name).ok() != Some(b"Form") {
            self.page.pictures += 1;
            return Ok(());
        }
        if self.depth >= PDF_NESTED {
            return Err(Refusal::TooLarge(Limit::Drawn));
        }
        let own = stream.dict.get_deref(b"Matrix", document).and_then(Object::as_array).ok();
        let own = own.and_then(|m| Matrix::of(m)).unwrap_or(Matrix::SAME);
        let state = State { to_page: own.then(self.state.to_page), ..self.state.clone() };
        let inner = stream.dict.get_deref(b"Resources", document).and_then(Object::as_dict).ok().or(resources);
        let content = self.reader.inflated(stream)?;
        self.reader.count(100)?;
        self.reader.walk(self.page, state, content, inner, self.depth + 1)?;
        self.run = self.page.glyphs.last().map_or(0, |g| g.run + 1);
        Ok(())
    }

    /// Shows strings, with steps back or on between them.
    fn show(&mut self, operands: &[Object]) -> Result<(), Refusal> {
        let Some(font) = self.state.font.clone() else { return Ok(()) };
        let start = self.page.glyphs.len();
        let pieces = match operands.first() {
            Some(Object::Array(pieces)) => pieces,
            _ => operands,
        };
        for piece in pieces {
            match piece {
                Object::String(string, _) => self.string(&font, string)?,
                step => {
                    let step = number(step).unwrap_or(0.0) / 1000.0 * self.state.size * self.state.stretch;
                    self.text = Matrix([1.0, 0.0, 0.0, 1.0, -step, 0.0]).then(self.text);
                }
            }
        }
        self.set_run(start);
        Ok(())
    }

    fn string(&mut self, font: &Arc<Font>, string: &[u8]) -> Result<(), Refusal> {
        self.reader.count(string.len())?;
        let State { to_page, size, letter_space, word_space, stretch, rise, hidden, .. } = self.state;
        for code in font.codes(string) {
            let whole = self.text.then(to_page);
            let step = (code.width * size + letter_space + if code.blank { word_space } else { 0.0 }) * stretch;
            let (x, y) = whole.point(0.0, rise);
            let (end_x, end_y) = whole.point(code.width * size * stretch, rise);
            let (up_x, up_y) = whole.point(0.0, rise + size);
            self.text = Matrix([1.0, 0.0, 0.0, 1.0, step, 0.0]).then(self.text);
            let height = (up_x - x).hypot(up_y - y);
            let Some(letters) = code.letters.filter(|_| !hidden && height > 0.5) else {
                self.page.unread += 1;
                continue;
            };
            // The way up tells how they are turned: y counts downwards here.
            let turned = match (up_x - x, up_y - y) {
                (across, up) if up.abs() >= across.abs() => {
                    if up < 0.0 {
                        0
                    } else {
                        2
                    }
                }
                (across, _) => {
                    if across > 0.0 {
                        1
                    } else {
                        3
                    }
                }
            };
            let length = (end_x - x).hypot(end_y - y);
            self.page.glyphs.push(Glyph {
                x,
                y,
                length,
                size: height,
                turned,
                text: SmolStr::new(letters),
                font: font.name.clone(),
                run: self.run,
            });
        }
        Ok(())
    }

    /// What is drawn into the gaps of the letters before is of one run with them: letters that a font lacks come from
    /// another.
    fn set_run(&mut self, start: usize) {
        let glyphs = &mut self.page.glyphs;
        let (before, own) = glyphs.split_at_mut(start);
        let Some(first) = own.first() else { return };
        let run = self.run;
        let last = before.iter().rev().take_while(|g| run > 0 && g.run == run - 1).take(RUN);
        let level = last.filter(|g| g.turned == first.turned && (g.y - first.y).abs() < 0.1);
        let (from, to) = level.fold((f32::MAX, f32::MIN), |(from, to), g| (from.min(g.x), to.max(g.x + g.length)));
        if first.turned == 0 && (from..to).contains(&first.x) {
            own.iter_mut().for_each(|g| g.run = run - 1);
        } else {
            self.run += 1;
        }
    }

    /// Ends a path: what of it is a straight line is kept.
    fn paint(&mut self, stroked: bool, filled: bool) {
        let path = std::mem::take(&mut self.path);
        if std::mem::take(&mut self.curved) {
            return;
        }
        let thick = self.state.line_width * self.state.to_page.scale();
        for part in path {
            if stroked && thick <= THICK {
                self.page.rules.extend(part.windows(2).filter_map(|pair| straight(pair[0], pair[1])));
            } else if filled && part.len() >= 4 {
                self.page.rules.extend(thin(&part));
            }
        }
    }
}

fn straight((x0, y0): (f32, f32), (x1, y1): (f32, f32)) -> Option<Rule> {
    let rule = match ((x1 - x0).abs(), (y1 - y0).abs()) {
        (across, down) if down <= OFF && across > OFF => {
            Rule { upright: false, from: x0.min(x1), to: x0.max(x1), at: y0 }
        }
        (across, down) if across <= OFF && down > OFF => {
            Rule { upright: true, from: y0.min(y1), to: y0.max(y1), at: x0 }
        }
        _ => return None,
    };
    Some(rule)
}

/// A filled shape that is as thin as a line.
fn thin(part: &[(f32, f32)]) -> Option<Rule> {
    let ends = |of: fn(&(f32, f32)) -> f32| {
        let all = part.iter().map(of);
        (all.clone().fold(f32::MAX, f32::min), all.fold(f32::MIN, f32::max))
    };
    let ((left, right), (top, bottom)) = (ends(|p| p.0), ends(|p| p.1));
    let corner = |p: &(f32, f32)| {
        ((p.0 - left).abs() <= OFF || (p.0 - right).abs() <= OFF)
            && ((p.1 - top).abs() <= OFF || (p.1 - bottom).abs() <= OFF)
    };
    let (wide, high) = (right - left, bottom - top);
    part.iter().all(corner).then_some(())?;
    if high <= THICK && wide > high {
        Some(Rule { upright: false, from: left, to: right, at: (top + bottom) / 2.0 })
    } else if wide <= THICK && high > wide {
        Some(Rule { upright: true, from: top, to: bottom, at: (left + right) / 2.0 })
    } else {
        None
    }
}

impl Page {
    /// What stands beside the paper is not seen.
    fn keep_seen(&mut self) {
        let (width, height) = (self.width, self.height);
        self.glyphs.retain(|g| (-1.0..=width + 1.0).contains(&g.x) && (-1.0..=height + 1.0).contains(&g.y));
    }

    /// Turns the page so that most of its letters stand upright: a wide table is often printed across.
    fn set_upright(&mut self) {
        let mut counts = [0usize; 4];
        self.glyphs.iter().for_each(|g| counts[usize::from(g.turned)] += 1);
        let most = (0..4u8).rev().max_by_key(|t| counts[usize::from(*t)]).unwrap_or(0);
        for _ in 0..(4 - most) % 4 {
            let height = self.height;
            for glyph in &mut self.glyphs {
                (glyph.x, glyph.y, glyph.turned) = (height - glyph.y, glyph.x, (glyph.turned + 1) % 4);
            }
            for rule in &mut self.rules {
                *rule = match rule.upright {
                    true => Rule { upright: false, from: height - rule.to, to: height - rule.from, at: rule.at },
                    false => Rule { upright: true, from: rule.from, to: rule.to, at: height - rule.at },
                };
            }
            (self.width, self.height) = (self.height, self.width);
        }
    }
}
