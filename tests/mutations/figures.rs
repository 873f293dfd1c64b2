//! Figures as other offices type them.

use tonghop::model::{Content, Figure, Look};

use super::Change;
use super::book::{Book, Key, Rng, erase, get_mut, write};

pub const KINDS: &[(&str, Change)] = &[
    ("counts as text with dots", |b, r| counts(b, r, &|n, _| parted(n, "."))),
    ("counts as text with commas", |b, r| counts(b, r, &|n, _| parted(n, ","))),
    ("counts as text with blanks", |b, r| counts(b, r, &|n, _| parted(n, " "))),
    ("counts as text with narrow blanks", |b, r| counts(b, r, &|n, _| parted(n, "\u{202f}"))),
    ("counts with hard blanks", |b, r| counts(b, r, &|n, _| parted(n, "\u{a0}"))),
    ("counts with leading noughts", |b, r| counts(b, r, &|n, _| format!("{n:02}"))),
    ("counts with their unit", |b, r| {
        counts_among(b, r, &|key| !is_coded(key), &|n, r| {
            format!("{n}{}", r.pick(&[" hồ sơ", " hs", " HỒ SƠ", "  ", ".", " (hồ sơ)", "\u{a0}"]))
        })
    }),
    ("counts in quotes", |b, r| counts(b, r, &|n, _| format!("'{n}"))),
    ("noughts written otherwise", noughts),
    ("noughts left blank", noughts_blank),
    ("percentages as text with a comma", |b, r| {
        percentages(b, r, &|p, _| Content::Text(p.replace('.', ",").into()), None)
    }),
    ("percentages with a sign", |b, r| {
        percentages(
            b,
            r,
            &|p, r| Content::Text((p.replace('.', ",") + r.pick(&["%", " %", "\u{a0}%", "％"])).into()),
            None,
        )
    }),
    ("percentages with a point", |b, r| percentages(b, r, &|p, _| Content::Text((p.to_owned() + "%").into()), None)),
    ("percentages shown as such", |b, r| {
        percentages(b, r, &|p, _| Content::Number(p.parse::<f64>().unwrap_or(0.0) / 100.0), Some("0.00##%"))
    }),
];

fn parted(n: i64, mark: &str) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push_str(mark);
        }
        out.push(c);
    }
    out
}

/// The figure cells of one table or all, with the figure and the key of each.
fn cells(book: &Book, rng: &mut Rng) -> Vec<(usize, u32, u32, Key)> {
    let all = rng.flip();
    let one = book.any_site(rng);
    let mut cells = Vec::new();
    for site in (0..book.sites.len()).filter(|s| all || *s == one) {
        let layout = &book.sites[site];
        for (r, row) in layout.rows.iter().enumerate() {
            for (c, (column, _)) in layout.columns.iter().enumerate() {
                cells.push((layout.sheet, row.row, *column, book.key(site, r, c)));
            }
        }
    }
    cells
}

/// A single count, whatever the form; percentages and money are not touched.
fn count(book: &Book, key: &Key) -> Option<i64> {
    let values = book.truth.get(key)?;
    let value = values.first().copied().flatten()?.trimmed();
    let percentage = key.0.starts_with("CCHC") && is_ratio(key, RATIOS.len());
    let money = key.0 == "CCHC/BM6" && key.5.starts_with('1');
    let share = key.0.starts_with("II.07b") && key.1 == "II" && matches!(key.6.as_str(), "4" | "6");
    (values.len() == 1 && value.scale == 0 && !percentage && !money && !share).then_some(value.units)
}

/// Lines that hold percentages, in the forms that number their lines.
const RATIOS: [(&str, &str); 29] = [
    ("CCHC/BM1", "2"),
    ("CCHC/BM1", "3.3"),
    ("CCHC/BM2", "2.2"),
    ("CCHC/BM2", "3.2"),
    ("CCHC/BM3", "3.1"),
    ("CCHC/BM3", "3.2"),
    ("CCHC/BM3", "3.3"),
    ("CCHC/BM3", "3.4"),
    ("CCHC/BM4", "1.1"),
    ("CCHC/BM4", "1.2"),
    ("CCHC/BM4", "1.5.4"),
    ("CCHC/BM4", "2.5"),
    ("CCHC/BM4", "3.4"),
    ("CCHC/BM6", "1"),
    ("CCHC/BM7", "6.4"),
    ("CCHC/BM7", "6.5"),
    ("CCHC/BM7", "6.6"),
    ("CCHC/BM7", "6.7"),
    ("CCHC/BM7", "6.8"),
    ("CCHC/BM7", "3"),
    ("CCHC/BM7", "4"),
    ("CCHC/BM7", "5"),
    ("CCHC/BM7", "6.1"),
    ("CCHC/BM7", "6.2"),
    ("CCHC/BM7", "6.3"),
    ("CCHC/BM1", "3.1"),
    ("CCHC/BM1", "3.2"),
    ("CCHC/BM4", "1.3"),
    ("CCHC/BM4", "1.4"),
];

fn is_ratio(key: &Key, first: usize) -> bool {
    RATIOS[..first].iter().any(|(form, line)| *form == key.0 && line.replace('.', " ") == key.5)
}

/// Lines that ask for a code: "1 hồ sơ" is no answer. Of the last one code 0 is "Trực tuyến", and "Không" is another answer.
const CODES: [(&str, &str); 6] = [
    ("CCHC/BM1", "6"),
    ("CCHC/BM1", "7"),
    ("CCHC/BM7", "1"),
    ("CCHC/BM7", "2"),
    ("CCHC/BM7", "4"),
    ("CCHC/BM1", "6 2"),
];

fn is_coded(key: &Key) -> bool {
    CODES.contains(&(key.0.as_str(), key.5.as_str()))
}

fn counts(book: &mut Book, rng: &mut Rng, spell: &dyn Fn(i64, &mut Rng) -> String) -> bool {
    counts_among(book, rng, &|_| true, spell)
}

fn counts_among(
    book: &mut Book,
    rng: &mut Rng,
    among: &dyn Fn(&Key) -> bool,
    spell: &dyn Fn(i64, &mut Rng) -> String,
) -> bool {
    let some = rng.below(3) == 0;
    let mut changed = false;
    for (sheet, row, column, key) in cells(book, rng) {
        let Some(n) = count(book, &key).filter(|n| *n >= 0 && among(&key)) else {
            continue;
        };
        if some && rng.flip() {
            continue;
        }
        let sheet = &mut book.workbook.sheets[sheet];
        // A figure that was typed with its own habit stays.
        let plain = sheet
            .get(row, column)
            .is_some_and(|c| matches!(c.content, Content::Number(_)) && c.format().is_none_or(|f| !f.contains('%')));
        if plain {
            write(sheet, row, column, &spell(n, rng));
            changed = true;
        }
    }
    changed
}

fn is_nought(book: &Book, key: &Key) -> bool {
    book.truth.get(key).is_some_and(|v| v.len() == 1 && v[0] == Some(Figure::ZERO))
}

fn noughts(book: &mut Book, rng: &mut Rng) -> bool {
    let nil = rng
        .pick(&[
            "-",
            "–",
            "—",
            "Không",
            "không",
            "KHÔNG",
            "không phát sinh",
            "Không phát sinh hồ sơ",
            "...",
            "…",
            "/",
            "x",
            "X",
            "KPS",
            "0 hồ sơ",
            "00",
            " - ",
            "Chưa phát sinh",
            "Không có",
        ])
        .to_owned();
    let mut changed = false;
    for (sheet, row, column, key) in cells(book, rng) {
        let chosen = (key.0.as_str(), key.5.as_str()) == CODES[5];
        if is_nought(book, &key)
            && !chosen
            && rng.below(4) > 0
            && book.workbook.sheets[sheet].get(row, column).is_some()
        {
            write(&mut book.workbook.sheets[sheet], row, column, &nil);
            changed = true;
        }
    }
    changed
}

fn noughts_blank(book: &mut Book, rng: &mut Rng) -> bool {
    let mut changed = false;
    for (sheet, row, column, key) in cells(book, rng) {
        if is_nought(book, &key) && key.5 != "total" && rng.below(3) > 0 {
            erase(&mut book.workbook.sheets[sheet], row, column);
            book.truth.insert(key, vec![None]);
            changed = true;
        }
    }
    changed
}

fn percentages(
    book: &mut Book,
    rng: &mut Rng,
    spell: &dyn Fn(&str, &mut Rng) -> Content,
    format: Option<&str>,
) -> bool {
    let mut changed = false;
    for (sheet, row, column, key) in cells(book, rng) {
        let known = is_ratio(&key, 19);
        let Some(value) = book.truth.get(&key).filter(|v| known && v.len() == 1).and_then(|v| v[0]) else {
            continue;
        };
        let text = value.trimmed().to_string();
        let content = spell(&text, rng);
        if let Some(cell) = get_mut(&mut book.workbook.sheets[sheet], row, column) {
            cell.content = content;
            cell.look = Look::of(format.map(Into::into), cell.font().map(Into::into));
            changed = true;
        }
    }
    changed
}
