//! Texts typed in the old TCVN3 and VNI fonts into Unicode: [`modernise`] for a workbook, also where only some cells are
//! so; [`decode`] for one text.
//!
//! Such a text is stored as the Latin-1 characters that share its codes: `BiÓu sè` is Biểu số. Fonts say so where
//! the workbook still names them; otherwise the decoding that gives proper Vietnamese syllables is taken, and only
//! where the text as it stands does not.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::Memo;
use crate::model::{Cell, Content, Remark, Sheet, Workbook};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Encoding {
    #[default]
    Unicode,
    Tcvn3,
    /// TCVN3 in a font that draws capitals, such as .VnTimeH.
    Tcvn3Upper,
    Vni,
}

/// Ă Â Ê Ô Ơ Ư Đ, the capitals TCVN3 has.
const OWN_CAPITALS: &str = "¡¢£¤¥¦§";

/// Letters of a word that may end in a footnote's mark.
const LONGEST_WORD: usize = 40;
/// Bytes of a cell's text by which its coding is judged.
const LONGEST_JUDGED: usize = 4_000;

/// What a font's name says; `None` for fonts that are not of the old sets.
pub fn by_font(font: &str) -> Option<Encoding> {
    let font = font.trim().to_ascii_lowercase();
    if font.starts_with("vni-") || font.starts_with("vni ") || font.starts_with("vni_") {
        Some(Encoding::Vni)
    } else if font.starts_with(".vn") {
        Some(if font.ends_with('h') { Encoding::Tcvn3Upper } else { Encoding::Tcvn3 })
    } else {
        None
    }
}

/// Judges the letters of a sheet, or of one cell. Unicode unless another reading turns words that are no
/// Vietnamese into words that are, and hardly spoils any.
pub fn by_letters<'a>(texts: impl Iterator<Item = &'a str>) -> Encoding {
    let mut tally = Tally::default();
    for text in texts.filter(|t| !t.is_ascii()) {
        tally.add(text);
    }
    tally.judge()
}

/// One cell's text in Unicode, where the sheet as a whole is of `sheet_encoding` but this cell may not be.
pub fn decode_mixed(text: &str, sheet_encoding: Encoding) -> Cow<'_, str> {
    if is_unicode_vietnamese(text) || (text.is_ascii() && sheet_encoding != Encoding::Tcvn3Upper) {
        return Cow::Borrowed(text);
    }
    // "Không" is the word for nothing wherever it stands; read as TCVN3 it would be "Khụng", which is no word.
    if text.trim_start().to_lowercase().starts_with("không") {
        return Cow::Borrowed(text);
    }
    if sheet_encoding == Encoding::Tcvn3Upper {
        return Cow::Owned(decode(text, sheet_encoding));
    }
    let mut tally = Tally::default();
    tally.add(text);
    let score = match sheet_encoding {
        Encoding::Vni => tally.vni,
        _ => tally.tcvn3,
    };
    let reads = score.good() > 0 || words(text).any(|w| reads_only_in(w, sheet_encoding));
    let fits = sheet_encoding != Encoding::Unicode && reads && score.good() >= tally.unicode;
    let encoding = if fits { sheet_encoding } else { tally.judge() };
    if encoding == Encoding::Unicode { Cow::Borrowed(text) } else { Cow::Owned(decode(text, encoding)) }
}

/// The text in Unicode, NFC.
pub fn decode(text: &str, encoding: Encoding) -> String {
    let text: Vec<char> = text.nfc().collect();
    match encoding {
        Encoding::Unicode => text.into_iter().collect(),
        Encoding::Tcvn3 => from_tcvn3(&text),
        Encoding::Tcvn3Upper => from_tcvn3(&text).chars().flat_map(char::to_uppercase).collect(),
        Encoding::Vni => from_vni(&text),
    }
}

fn from_vni(text: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while let Some(&c) = text.get(i) {
        let pair = text.get(i + 1).and_then(|accent| vni_pair(c, *accent));
        out.push(pair.or_else(|| vni_single(c)).unwrap_or(c));
        i += if pair.is_some() { 2 } else { 1 };
    }
    out
}

fn from_tcvn3(text: &[char]) -> String {
    let capitals = in_capitals(text);
    let mut out = String::with_capacity(text.len() * 2);
    let mut i = 0;
    while let Some(&c) = text.get(i) {
        let end = i + (i..text.len()).take_while(|at| in_word(text, *at)).count();
        if end == i {
            out.push(c);
        } else {
            out.push_str(&tcvn3_word(&text[i..end], capitals));
        }
        i = end.max(i + 1);
    }
    out
}

fn tcvn3_word(word: &[char], capitals: bool) -> String {
    // "½", "®" alone: signs, not letters.
    let only_signs =
        word.len() == 1 && matches!(word[0], '½' | '¼' | '¾' | '¹' | '§' | '©' | '®' | '·' | '×' | '÷' | '»' | 'µ');
    if only_signs {
        return word.iter().collect();
    }
    let decoded: String = word.iter().enumerate().map(|(i, c)| tcvn3_letter(word, i).unwrap_or(*c)).collect();
    if let Some((&'¹', rest)) = word.split_last().filter(|_| word.len() < LONGEST_WORD) {
        // A footnote's ¹ has the code of ạ: VBQPPL¹.
        if rest.len() > 1 && !is_syllable(&decoded) {
            return tcvn3_word(rest, capitals) + "¹";
        }
    }
    let ascii = || word.iter().filter(|c| c.is_ascii_alphabetic());
    let own_capitals = word.iter().skip(1).any(|c| OWN_CAPITALS.contains(*c));
    let upper = ascii().all(char::is_ascii_uppercase) && (capitals || own_capitals || ascii().count() > 1);
    if upper { decoded.chars().map(capital).collect() } else { decoded }
}

fn tcvn3_letter(word: &[char], i: usize) -> Option<char> {
    let c = *word.get(i)?;
    tcvn3(c).or_else(|| vn1(c)).or_else(|| vn1_sign(c))
}

/// Whether the character belongs to a word. Typographic signs do only between letters.
fn in_word(text: &[char], i: usize) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || tcvn3(c).is_some() || vn1(c).is_some();
    let c = text[i];
    letter(c)
        || (vn1_sign(c).is_some()
            && i > 0
            && text[i - 1].is_ascii_uppercase()
            && text.get(i + 1).is_some_and(char::is_ascii_uppercase))
}

/// Whether the whole text is in capitals, which decides for `Sè` (Số or SỐ).
fn in_capitals(text: &[char]) -> bool {
    let drawn = |word: &[char]| {
        let upper = word.iter().filter(|c| c.is_ascii_uppercase()).count();
        let accented = word.iter().any(|c| tcvn3(*c).is_some());
        let plain = || upper > 1 && is_syllable(&word.iter().collect::<String>());
        (accented && upper > 1) || plain() || (accented && word.iter().skip(1).any(|c| OWN_CAPITALS.contains(*c)))
    };
    !text.iter().any(char::is_ascii_lowercase) && text.split(|c| *c == ' ').any(drawn)
}

/// Whether a text has a letter that only Unicode has; the old sets store none of them.
fn is_unicode_vietnamese(text: &str) -> bool {
    text.chars().any(|c| matches!(c, 'ă' | 'Ă' | 'đ' | 'Đ' | 'ĩ' | 'Ĩ' | 'ũ' | 'Ũ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | '\u{1ea0}'..='\u{1ef9}' | '\u{300}'..='\u{323}'))
}

/// How the words with unusual letters read in each encoding.
#[derive(Default)]
struct Tally {
    /// Words that are syllables as they stand.
    unicode: usize,
    tcvn3: Score,
    vni: Score,
}

/// Words that are syllables in this reading and in Unicode, in this reading only, and in Unicode only.
#[derive(Default, Clone, Copy)]
struct Score {
    both: usize,
    gained: usize,
    lost: usize,
    /// In neither.
    neither: usize,
}

impl Score {
    fn good(self) -> usize {
        self.both + self.gained
    }

    fn add(&mut self, here: bool, unicode: bool) {
        match (here, unicode) {
            (true, true) => self.both += 1,
            (true, false) => self.gained += 1,
            (false, true) => self.lost += 1,
            (false, false) => self.neither += 1,
        }
    }

    /// Enough words become Vietnamese, and few stop being it.
    fn convinces(self) -> bool {
        self.gained > 2 * self.lost && self.good() > self.neither
    }
}

impl Tally {
    fn add(&mut self, text: &str) {
        // As much of a long text tells as all of it.
        let text = &text[..text.floor_char_boundary(LONGEST_JUDGED)];
        let text: String = text.nfc().collect();
        for word in words(&text).filter(|w| is_evidence(w)) {
            let only_unicode = is_unicode_vietnamese(word);
            let odd = is_odd_case(word);
            let unicode = only_unicode || (is_syllable(word) && !odd);
            let chars: Vec<char> = word.chars().map(lower).collect();
            self.unicode += usize::from(unicode);
            self.tcvn3.add(!only_unicode && is_tcvn3_syllable(word), unicode);
            self.vni.add(!only_unicode && is_syllable(&from_vni(&chars)) && !odd, unicode);
        }
    }

    fn judge(&self) -> Encoding {
        let (tcvn3, vni) = (self.tcvn3, self.vni);
        match (tcvn3.convinces(), vni.convinces()) {
            (true, true) if tcvn3.good() == vni.good() => Encoding::Unicode,
            (true, true) if tcvn3.good() > vni.good() => Encoding::Tcvn3,
            (true, false) => Encoding::Tcvn3,
            (_, true) => Encoding::Vni,
            (false, false) => Encoding::Unicode,
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| {
        c.is_whitespace() || is_zero_width(c) || matches!(c, '²' | '³') || (c.is_ascii() && !c.is_ascii_alphabetic())
    })
}

/// Characters without a width that no old set uses: the soft hyphen is TCVN3's ư.
fn is_zero_width(c: char) -> bool {
    c != '\u{ad}' && super::text::is_invisible(c)
}

/// A capital with a mark behind a small letter, as TCVN3 shows it (`phÝ`) and nobody types it.
fn is_odd_case(word: &str) -> bool {
    let odd = |(before, c): (char, char)| before.is_ascii_lowercase() && !c.is_ascii() && c.is_uppercase();
    word.chars().zip(word.chars().skip(1)).any(odd)
}

fn is_tcvn3_syllable(word: &str) -> bool {
    let letters: Option<String> = word.chars().map(|c| if c.is_ascii() { Some(c) } else { tcvn3(c) }).collect();
    // "Coọng" may be spelt so, but is VNI's "Coäng".
    let rare = |word: &str| ["oò", "oó", "oỏ", "oõ", "oọ"].iter().any(|pair| word.to_lowercase().contains(pair));
    letters.is_some_and(|word| is_syllable(&word) && !rare(&word))
}

/// Whether a word too slight to be evidence (`x·`, `®·`) is a syllable in the sheet's encoding, and none as it stands.
fn reads_only_in(word: &str, encoding: Encoding) -> bool {
    let long_enough = word.chars().nth(1).is_some() && !word.ends_with('¹') && !word.is_ascii();
    let reads = || match encoding {
        Encoding::Tcvn3 => is_tcvn3_syllable(word),
        Encoding::Vni => is_syllable(&from_vni(&word.chars().collect::<Vec<_>>())),
        Encoding::Unicode | Encoding::Tcvn3Upper => false,
    };
    // "SGD§T": an abbreviation with a letter of the set.
    let shortened = encoding == Encoding::Tcvn3
        && word.chars().all(|c| c.is_ascii_uppercase() || OWN_CAPITALS.contains(c))
        && word.contains(|c: char| c.is_ascii_uppercase());
    long_enough && !is_syllable(word) && (shortened || reads())
}

/// Whether a word can tell encodings apart: it has an unusual letter that is no sign beside an ASCII one, or it is
/// of unusual letters altogether (`®Ò`).
fn is_evidence(word: &str) -> bool {
    let sign_at_end = ['¹', '²', '³', '®', '©', '·', '»', '½', 'º'];
    let core = word.trim_end_matches(sign_at_end).trim_start_matches(['·', '«', '©', '§', '¹']);
    let units = matches!(word, "µm" | "µg" | "µl" | "µs");
    let altogether =
        || core.chars().count() > 1 && core.contains(|c: char| matches!(c, 'À'..='ÿ') && c.is_alphabetic());
    !units && !core.is_ascii() && (core.contains(|c: char| c.is_ascii_alphabetic()) || altogether())
}

/// Makes every text of the workbook readable; says so in its remarks where there was anything to do.
pub fn modernise(workbook: &mut Workbook) {
    let mut old = Vec::new();
    for sheet in &mut workbook.sheets {
        if let Some(name) = of_sheet(sheet) {
            old.push((sheet.name.clone(), name));
        }
    }
    if !old.is_empty() {
        workbook.remarks.push(Remark::OldFonts(old));
    }
}

fn of_sheet(sheet: &mut Sheet) -> Option<&'static str> {
    // A letter that only Unicode has (ạ, ơ, đ) settles a text: no old font stores one.
    let plain = |text: &str| text.is_ascii() || is_unicode_vietnamese(text);
    let texts = || sheet.cells.iter().filter_map(|c| c.text());
    if texts().all(plain) {
        return None;
    }
    let settled = texts().any(is_unicode_vietnamese);
    let whole = if settled { Encoding::Unicode } else { by_letters(texts().filter(|t| !plain(t))) };
    let old_font = |cell: &Cell| cell.font().and_then(by_font);
    let has_old_fonts = sheet.cells.iter().any(|c| old_font(c).is_some());
    // The cells of one old font judged together: a short one alone ("65 hoà sô") reads in either.
    let is_trusted = |old: &Encoding| {
        let texts = sheet.cells.iter().filter(|c| old_font(c) == Some(*old)).filter_map(|c| c.text());
        has_old_fonts && by_letters(texts) != Encoding::Unicode
    };
    let mut trusted = vec![Encoding::Tcvn3, Encoding::Tcvn3Upper, Encoding::Vni];
    trusted.retain(is_trusted);
    let mut changed = None;
    for cell in &mut sheet.cells {
        let font = if has_old_fonts { old_font(cell) } else { None };
        let Content::Text(text) = &mut cell.content else { continue };
        if plain(text) && font != Some(Encoding::Vni) {
            continue;
        }
        // A font may be left over from a template while the text is Unicode: the letters have the last word.
        let encoding = match font {
            Some(encoding)
                if whole != Encoding::Unicode
                    || trusted.contains(&encoding)
                    || by_letters(std::iter::once(&**text)) != Encoding::Unicode =>
            {
                encoding
            }
            _ => whole,
        };
        let modern = decode_mixed(text, encoding);
        if *modern != **text {
            changed = Some(if encoding == Encoding::Vni { "VNI" } else { "TCVN3" });
            *text = modern.into();
        }
    }
    changed
}

/// TCVN3 (ABC), one character a letter. Capitals with a tone mark have none: they are the same characters in a font
/// that draws capitals. Checked against glibc's TCVN5712-1.
const TCVN3: [(&str, &str); 3] = [
    ("àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩị", "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞ"),
    ("òóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ", "ßãáâä«åèæçé¬êíëìîïóñòô\u{ad}õøö÷ùúýûüþ"),
    ("ĂÂĐÊÔƠƯ", "¡¢§£¤¥¦"),
];

/// Capitals of TCVN 5712 VN1, which some converters write; by their CP1252 look-alikes. The typographic signs of
/// that range are left out: in a TCVN3 font they are quotes, dashes and dots.
const VN1: (&str, &str) = ("ẮẦẨẪẤỀỂỄẾỒỔỖỐÀÁÉỆỈỠỢỦŨ", "ÀÁÂÃÄÅÍÙÚÛàðÿ€ƒŠŒŽšœžŸ");

/// Signs that stand for a VN1 capital only where capitals enclose them.
const VN1_SIGNS: (&str, &str) = ("ÃẠẶẬÈẺẼẸỜỞỚ", "‚„…†‡ˆ‰‹˜™›");

/// The letter a TCVN3 character stands for.
fn tcvn3(c: char) -> Option<char> {
    TCVN3.iter().find_map(|(letters, looks)| across(looks, letters, c))
}

/// The capital a VN1 character stands for.
fn vn1(c: char) -> Option<char> {
    match c {
        '\u{80}'..='\u{9f}' => "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ".chars().nth(c as usize - 0x80),
        _ => across(VN1.1, VN1.0, c),
    }
}

fn vn1_sign(c: char) -> Option<char> {
    across(VN1_SIGNS.1, VN1_SIGNS.0, c)
}

/// VNI-WIN letters that are one character.
const VNI_SINGLE: (&str, &str) = ("đơưìíỉĩịỵĐƠƯÌÍỈĨỊỴ", "ñôöìíæóòîÑÔÖÌÍÆÓÒÎ");
/// Huyền, sắc, hỏi, ngã, nặng.
const TONES: &str = "\u{300}\u{301}\u{309}\u{303}\u{323}";
/// Their accents after a e o u y ô(ơ) ö(ư).
const VNI_TONES: &str = "øùûõï";
/// Accents after a e o that bring a circumflex, and after a that bring a breve: none, then the five tones.
const VNI_CIRCUMFLEX: &str = "âàáåãä";
const VNI_BREVE: &str = "êèéúüë";

/// A letter typed as one VNI character.
fn vni_single(c: char) -> Option<char> {
    across(VNI_SINGLE.1, VNI_SINGLE.0, c)
}

/// A letter typed as a VNI base and an accent; its case is the base's.
fn vni_pair(base: char, accent: char) -> Option<char> {
    let accent = lower(accent);
    let plain = vni_single(base).filter(|c| "ơưƠƯ".contains(*c)).or("aeouyAEOUY".contains(base).then_some(base))?;
    if let Some(tone) = across(VNI_TONES, TONES, accent) {
        return compose(plain, "", Some(tone));
    }
    let (mark, tone) =
        match (VNI_CIRCUMFLEX.chars().position(|c| c == accent), VNI_BREVE.chars().position(|c| c == accent)) {
            (Some(at), _) if "aeoAEO".contains(base) => ("\u{302}", at),
            (_, Some(at)) if "aA".contains(base) => ("\u{306}", at),
            _ => return None,
        };
    compose(plain, mark, tone.checked_sub(1).and_then(|at| TONES.chars().nth(at)))
}

/// The same place in the other alphabet.
fn across(from: &str, to: &str, c: char) -> Option<char> {
    to.chars().nth(from.chars().position(|f| f == c)?)
}

fn compose(base: char, mark: &str, tone: Option<char>) -> Option<char> {
    let mut letters = std::iter::once(base).chain(mark.chars()).chain(tone).nfc();
    letters.next().filter(|_| letters.next().is_none())
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

fn capital(c: char) -> char {
    c.to_uppercase().next().unwrap_or(c)
}

const ONSETS: [&str; 27] = [
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "r",
    "s", "t", "th", "tr", "v", "x",
];

/// Every rhyme, without tones.
const RHYMES: &str = "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây \
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu \
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot \
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uât uây uâng uc ui um un ung up ut uôc uôi uôm uôn uông uôt \
    uê uêch uênh uơ uy uya uych uyn uynh uyp uyt uyên uyêt uyu ư ưa ưc ưi ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu \
    y yêm yên yêng yêt yêu ăk uk"; // the last two in names: Đắk Lắk

/// Rhymes after `qu`.
const AFTER_QU: &str = "a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt ân ât ây âng e en eo et ê ên êt êch ênh ơ y yt yên yêt ynh ych yp";

/// Bytes of the longest syllable, "nghiêng", however its marks are stored.
const LONGEST: usize = 40;

thread_local! {
    static KNOWN: Memo<bool> = Memo::default();
}

/// Whether the word, in any case, is spelt as a Vietnamese syllable.
pub(crate) fn is_syllable(word: &str) -> bool {
    word.len() <= LONGEST && KNOWN.with(|known| known.get(word, || spells(word)))
}

fn spells(word: &str) -> bool {
    let Some((letters, tone)) = take_tone(word) else { return false };
    if let Some(rhyme) = letters.strip_prefix("qu") {
        return listed(AFTER_QU, rhyme) && tone_fits(rhyme, tone.map(|(t, at)| (t, at.wrapping_sub(2))));
    }
    ONSETS.iter().any(|onset| {
        let Some(rhyme) = letters.strip_prefix(onset) else { return false };
        let before = onset.chars().count();
        let spelt = listed(RHYMES, rhyme) || (*onset == "gi" && rhyme.is_empty());
        let tone_place = tone.map(|(t, at)| (t, at.wrapping_sub(before)));
        spelt && agrees(onset, rhyme) && (rhyme.is_empty() || tone_fits(rhyme, tone_place))
    })
}

/// The lower-case letters without their tone, and the tone with its place; `None` where there are two tones.
fn take_tone(word: &str) -> Option<(String, Option<(char, usize)>)> {
    let mut letters = String::new();
    let mut tone = None;
    for (at, c) in word.nfc().flat_map(char::to_lowercase).enumerate() {
        let mut without = String::new();
        for part in std::iter::once(c).nfd() {
            if TONES.contains(part) {
                if tone.replace((part, at)).is_some() {
                    return None;
                }
            } else {
                without.push(part);
            }
        }
        letters.extend(without.nfc());
    }
    Some((letters, tone))
}

fn listed(list: &str, rhyme: &str) -> bool {
    !rhyme.is_empty() && list.split_ascii_whitespace().any(|r| r == rhyme)
}

/// k, gh and ngh stand before e, ê, i, y; c, g and ng before the others.
fn agrees(onset: &str, rhyme: &str) -> bool {
    let front = rhyme.starts_with(['e', 'ê', 'i', 'y']);
    match onset {
        "k" | "gh" | "ngh" => front,
        "c" | "ng" => !front,
        "g" => !front || rhyme.starts_with('i'),
        _ => true,
    }
}

/// Whether the tone may stand on this letter, and with this ending: c, ch, p, t take the acute and the dot only.
fn tone_fits(rhyme: &str, tone: Option<(char, usize)>) -> bool {
    let letters: Vec<char> = rhyme.chars().collect();
    let stopped = rhyme.ends_with(['c', 'p', 't']) || rhyme.ends_with("ch");
    let Some((tone, at)) = tone else { return !stopped };
    if stopped && !matches!(tone, '\u{301}' | '\u{323}') {
        return false;
    }
    let vowels = letters.iter().take_while(|c| "aăâeêioôơuưy".contains(**c)).count();
    if let Some(marked) = letters.iter().rposition(|c| "ăâêôơư".contains(*c)) {
        return at == marked;
    }
    match (vowels, letters.len() > vowels) {
        (2, true) | (3, _) => at == 1,
        (2, false) if matches!(rhyme, "oa" | "oe" | "uy") => at <= 1,
        _ => at == 0,
    }
}
