//! An OpenFormula (`of:=SUM([.B2:.B9];[$'Quý I'.C1])`) into the formula Excel would show.

pub(super) fn plain(formula: &str) -> String {
    let formula = match formula.find('=') {
        // `of:`, `oooc:`, `msoxl:`.
        Some(at) if at == 0 || formula[..at].ends_with(':') => &formula[at + 1..],
        _ => formula,
    };
    let mut plain = String::with_capacity(formula.len());
    let mut rest = formula;
    while let Some(letter) = rest.chars().next() {
        let taken = match letter {
            '"' => {
                let end = rest[1..].find('"').map_or(rest.len(), |at| at + 2);
                plain.push_str(&rest[..end]);
                end
            }
            '[' => {
                let end = closing(rest);
                push_reference(&mut plain, rest[..end].trim_matches(['[', ']']));
                end
            }
            // A name known in the whole workbook.
            '$' if rest.starts_with("$$") => 2,
            _ => {
                plain.push(match letter {
                    ';' | '~' => ',',
                    '!' => ' ',
                    other => other,
                });
                letter.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    plain
}

/// Just behind the `]`, not counting one in a quoted sheet name.
fn closing(text: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b']' if !quoted => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// `.B2:.B9` or `$Sheet.B2` inside the brackets.
fn push_reference(plain: &mut String, reference: &str) {
    let mut quoted = false;
    let mut sheet_end = None;
    let mut corners = Vec::new();
    let mut start = 0;
    for (at, byte) in reference.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b'.' if !quoted && sheet_end.is_none() => sheet_end = Some(at),
            b':' if !quoted => {
                corners.push((start, sheet_end.take(), at));
                start = at + 1;
            }
            _ => {}
        }
    }
    corners.push((start, sheet_end, reference.len()));
    for (number, (start, dot, end)) in corners.into_iter().enumerate() {
        if number > 0 {
            plain.push(':');
        }
        let dot = dot.unwrap_or(start);
        let sheet = reference[start..dot].trim_start_matches('$');
        if !sheet.is_empty() && number == 0 {
            plain.push_str(sheet);
            plain.push('!');
        }
        plain.push_str(reference[dot..end].trim_start_matches('.'));
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn brackets_and_dots_go() {
        assert_eq!(plain("of:=SUM([.B2:.B9];[$'Quý I.1'.C$1])"), "SUM(B2:B9,'Quý I.1'!C$1)");
        assert_eq!(plain("of:=IF([.A1]=\";\";[Bieu2.A1:.B2];1)"), "IF(A1=\";\",Bieu2!A1:B2,1)");
        assert_eq!(plain("of:=SUM([.#REF!])"), "SUM(#REF!)");
        assert_eq!(plain("[.A1]+$$ThueSuat"), "A1+ThueSuat");
    }
}
