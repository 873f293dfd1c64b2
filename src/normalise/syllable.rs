//! A written word into whether it is a Vietnamese syllable, tone mark in its place.

use unicode_normalization::UnicodeNormalization;

use super::memo::Memo;

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
    let Some((letters, tone)) = take_tone(word) else {
        return false;
    };
    if let Some(rhyme) = letters.strip_prefix("qu") {
        return listed(AFTER_QU, rhyme) && tone_fits(rhyme, tone.map(|(t, at)| (t, at.wrapping_sub(2))));
    }
    ONSETS.iter().any(|onset| {
        let Some(rhyme) = letters.strip_prefix(onset) else {
            return false;
        };
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
            if "\u{300}\u{301}\u{303}\u{309}\u{323}".contains(part) {
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
    let Some((tone, at)) = tone else {
        return !stopped;
    };
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
