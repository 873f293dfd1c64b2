//! The letters of the two old Vietnamese character sets, as the Latin-1 look-alikes they show as.

use unicode_normalization::UnicodeNormalization;

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
pub(super) fn tcvn3(c: char) -> Option<char> {
    TCVN3.iter().find_map(|(letters, looks)| across(looks, letters, c))
}

/// The TCVN3 character of a letter; a capital without one of its own gets its lower-case character.
pub(super) fn to_tcvn3(letter: char) -> Option<char> {
    let find = |letter: char| TCVN3.iter().find_map(|(letters, looks)| across(letters, looks, letter));
    find(letter).or_else(|| find(lower(letter)))
}

/// The capital a VN1 character stands for.
pub(super) fn vn1(c: char) -> Option<char> {
    match c {
        '\u{80}'..='\u{9f}' => "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ".chars().nth(c as usize - 0x80),
        _ => across(VN1.1, VN1.0, c),
    }
}

pub(super) fn vn1_sign(c: char) -> Option<char> {
    across(VN1_SIGNS.1, VN1_SIGNS.0, c)
}

/// VNI-WIN letters that are one character.
const VNI_SINGLE: (&str, &str) = ("đơưìíỉĩịỵĐƠƯÌÍỈĨỊỴ", "ñôöìíæóòîÑÔÖÌÍÆÓÒÎ");
/// Accents after a e o u y ô(ơ) ö(ư).
const VNI_TONES: (&str, &str) = ("\u{300}\u{301}\u{309}\u{303}\u{323}", "øùûõï");
/// Accents after a e o that bring a circumflex, and after a that bring a breve: none, then the five tones.
const VNI_CIRCUMFLEX: &str = "âàáåãä";
const VNI_BREVE: &str = "êèéúüë";
const TONES: &str = "\u{300}\u{301}\u{309}\u{303}\u{323}";

/// A letter typed as one VNI character.
pub(super) fn vni_single(c: char) -> Option<char> {
    across(VNI_SINGLE.1, VNI_SINGLE.0, c)
}

/// A letter typed as a VNI base and an accent; its case is the base's.
pub(super) fn vni_pair(base: char, accent: char) -> Option<char> {
    let accent = lower(accent);
    let plain = vni_single(base).filter(|c| "ơưƠƯ".contains(*c)).or("aeouyAEOUY".contains(base).then_some(base))?;
    if let Some(tone) = across(VNI_TONES.1, VNI_TONES.0, accent) {
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

/// The VNI characters of a letter.
pub(super) fn to_vni(letter: char) -> Option<(char, Option<char>)> {
    if let Some(one) = across(VNI_SINGLE.0, VNI_SINGLE.1, letter) {
        return Some((one, None));
    }
    let upper = letter.is_uppercase();
    let accents = [VNI_TONES.1, VNI_CIRCUMFLEX, VNI_BREVE].concat();
    let found = "aeouyôö".chars().find_map(|base| {
        let accent = accents.chars().find(|accent| vni_pair(base, *accent) == Some(lower(letter)))?;
        Some((base, accent))
    });
    found.map(|(base, accent)| if upper { (capital(base), Some(capital(accent))) } else { (base, Some(accent)) })
}

/// The same place in the other alphabet.
fn across(from: &str, to: &str, c: char) -> Option<char> {
    to.chars().nth(from.chars().position(|f| f == c)?)
}

fn compose(base: char, mark: &str, tone: Option<char>) -> Option<char> {
    let mut letters = std::iter::once(base).chain(mark.chars()).chain(tone).nfc();
    letters.next().filter(|_| letters.next().is_none())
}

pub(super) fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

pub(super) fn capital(c: char) -> char {
    c.to_uppercase().next().unwrap_or(c)
}
