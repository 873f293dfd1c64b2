//! What an office wrote for a coded answer ("2 cấp = 1", "Đã có", "Có = 1; Không = 0: 1") into the code the form prints.
//!
//! Only what leaves one code is read: a word beside it that nobody listed, two codes, or a meaning with another's code
//! leave the answer unread.

use std::collections::BTreeMap;

use super::text::key;

/// The answers a form prints, and how else they are worded.
#[derive(Debug, Clone, Copy)]
pub struct Answers<'a> {
    /// Code → its meaning.
    pub codes: &'a BTreeMap<i64, String>,
    /// A meaning → other wordings of it, for every form.
    pub wordings: &'a BTreeMap<String, Vec<String>>,
    /// Words before an answer that say nothing: "Đã", "Hình thức".
    pub fillers: &'a [String],
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    /// What joins a meaning and its code.
    Joint,
}

/// The code that a text means; `None` where it leaves more than one, or none.
pub fn answer(text: &str, answers: Answers<'_>) -> Option<i64> {
    let ticked = ticked(text);
    let text = ticked.as_deref().unwrap_or(text);
    let phrases = phrases(answers);
    let tokens = tokens(text);
    let (mut pairs, mut rest) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        match pair(&tokens[at..], &phrases) {
            Some((code, stated, length)) => {
                if code != stated {
                    return None;
                }
                if !pairs.contains(&code) {
                    pairs.push(code);
                }
                at += length;
            }
            None => {
                if let Token::Word(word) = &tokens[at] {
                    rest.push(word.as_str());
                }
                at += 1;
            }
        }
    }
    match (&pairs[..], &rest[..]) {
        (&[code], []) => Some(code),
        (_, []) => None,
        (&[code], rest) => bare(rest, &phrases, answers).filter(|c| *c == code),
        // The form's own list of codes, copied together with the answer.
        (_, rest) => bare(rest, &phrases, answers),
    }
}

/// Of "☑ Có ☐ Không" what is ticked; none where there are no boxes.
fn ticked(text: &str) -> Option<String> {
    let boxes = ['☑', '☒', '✓', '✔', '■', '☐', '□'];
    let from = text.find(boxes)?;
    let mut ticked = String::new();
    let mut rest = &text[from..];
    while let Some(mark) = rest.chars().next() {
        let body = &rest[mark.len_utf8()..];
        let end = body.find(boxes).unwrap_or(body.len());
        if !matches!(mark, '☐' | '□') {
            ticked.push_str(&body[..end]);
        }
        rest = &body[end..];
    }
    (text[..from].trim().is_empty()).then_some(ticked)
}

/// Every wording of every meaning as words, the longest first.
fn phrases(answers: Answers<'_>) -> Vec<(Vec<String>, i64)> {
    let words = |wording: &str| key(wording).split(' ').map(str::to_owned).collect::<Vec<String>>();
    let printed: Vec<_> = answers.codes.iter().map(|(code, meaning)| (words(meaning), *code)).collect();
    let mut all = printed.clone();
    for (code, meaning) in answers.codes {
        let listed = answers.wordings.iter().filter(|(known, _)| key(known) == key(meaning));
        all.extend(listed.flat_map(|(_, wordings)| wordings).map(|wording| (words(wording), *code)));
    }
    // What the form itself prints is never another answer's wording.
    all.retain(|(words, code)| printed.iter().all(|(p, c)| p != words || c == code));
    all.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
    all
}

fn tokens(text: &str) -> Vec<Token> {
    let mut spaced = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            // "2 cấp (1)" names the code; a key would take it for a footnote.
            '(' | ')' | '[' | ']' | '+' => spaced.push(' '),
            '=' | ':' | '-' | '–' | '—' | '→' => spaced.push_str(" = "),
            c => spaced.push(c),
        }
    }
    let mut tokens = Vec::new();
    for (i, part) in spaced.split('=').enumerate() {
        if i > 0 {
            tokens.push(Token::Joint);
        }
        let words = key(part);
        tokens.extend(words.split(' ').filter(|w| !w.is_empty()).map(|w| Token::Word(w.to_owned())));
    }
    tokens
}

/// `2 cấp = 1` or `1 = 2 cấp` at the beginning: the meaning's own code, the code written, and how many tokens it took.
fn pair(tokens: &[Token], phrases: &[(Vec<String>, i64)]) -> Option<(i64, i64, usize)> {
    let opens = |tokens: &[Token]| -> Option<(i64, usize)> {
        let found = phrases.iter().find(|(words, _)| {
            tokens.len() >= words.len()
                && words.iter().zip(tokens).all(|(w, t)| matches!(t, Token::Word(own) if own == w))
        })?;
        Some((found.1, found.0.len()))
    };
    let number = |token: Option<&Token>| match token? {
        Token::Word(word) => word.parse::<i64>().ok(),
        Token::Joint => None,
    };
    if let Some((code, length)) = opens(tokens)
        && tokens.get(length) == Some(&Token::Joint)
        && let Some(stated) = number(tokens.get(length + 1))
    {
        return Some((code, stated, length + 2));
    }
    let stated = number(tokens.first())?;
    if tokens.get(1) != Some(&Token::Joint) {
        return None;
    }
    let (code, length) = opens(tokens.get(2..)?)?;
    Some((code, stated, length + 2))
}

/// An answer without its list: its words, its code, or both.
fn bare(words: &[&str], phrases: &[(Vec<String>, i64)], answers: Answers<'_>) -> Option<i64> {
    let meant = |words: &[&str]| {
        let mut codes = phrases.iter().filter(|(p, _)| p == words).map(|(_, c)| *c);
        let first = codes.next()?;
        codes.all(|c| c == first).then_some(first)
    };
    let number = |word: &str| word.parse::<i64>().ok().filter(|c| answers.codes.contains_key(c));
    if let Some(code) = meant(words) {
        return Some(code);
    }
    if let [one] = words {
        return number(one);
    }
    // "1 (2 cấp)", "2 cấp (1)": the code and its meaning must agree.
    let agree = |(code, meaning): (&&str, &[&str])| number(code).filter(|c| meant(meaning) == Some(*c));
    let beside = words.split_first().and_then(agree).or_else(|| words.split_last().and_then(agree));
    if beside.is_some() {
        return beside;
    }
    let filler = answers.fillers.iter().map(|f| key(f)).find_map(|f| {
        let filler: Vec<&str> = f.split(' ').collect();
        (words.len() > filler.len() && words.starts_with(&filler)).then_some(filler.len())
    })?;
    bare(&words[filler..], phrases, answers)
}

#[cfg(test)]
#[path = "../../tests/unit/normalise_answer.rs"]
mod tests;
