//! Whose and of when it is, said elsewhere and otherwise.

use tonghop::model::Content;
use tonghop::normalise::{period, text::key};

use super::Change;
use super::book::{Book, Rng, write};

pub const KINDS: &[(&str, Change)] = &[
    ("unit in the title only", |b, r| unit(b, r, Place::Title)),
    ("unit after a lead", |b, r| unit(b, r, Place::Lead)),
    ("unit in the file name only", |b, r| unit(b, r, Place::File)),
    ("unit in the folder only", |b, r| unit(b, r, Place::Folder)),
    ("unit in the sheet name only", |b, r| unit(b, r, Place::Sheet)),
    ("period in the title only", |b, r| when(b, r, Place::Title)),
    ("period as days only", |b, r| when(b, r, Place::Lead)),
    ("period in the file name only", |b, r| when(b, r, Place::File)),
    ("period in the folder only", |b, r| when(b, r, Place::Folder)),
    ("period in the title, year in the folder", |b, r| when(b, r, Place::Sheet)),
];

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Title,
    Lead,
    File,
    Folder,
    Sheet,
}

fn one(list: impl Iterator<Item = String>) -> Option<String> {
    let mut all: Vec<String> = list.collect();
    all.sort();
    all.dedup();
    (all.len() == 1).then(|| all.remove(0))
}

/// Takes every mention out of sheets, sheet names, file and folders; `instead` keeps what else was said there.
fn forget(book: &mut Book, mentions: impl Fn(&str) -> bool, instead: impl Fn(&str) -> Option<String>) {
    let tables: Vec<(usize, u32, u32)> =
        book.sites.iter().enumerate().map(|(i, l)| (l.sheet, l.header.top, book.end(i))).collect();
    for (index, sheet) in book.workbook.sheets.iter_mut().enumerate() {
        let inside = |row: u32| tables.iter().any(|(s, top, end)| *s == index && (*top..=*end).contains(&row));
        for cell in sheet.cells.iter_mut().filter(|c| !inside(c.row)) {
            let Content::Text(text) = &mut cell.content else {
                continue;
            };
            if mentions(text) {
                *text = instead(text).unwrap_or_default().into();
            }
        }
        sheet.cells.retain(|c| c.text() != Some(""));
        if mentions(&sheet.name) {
            sheet.name = instead(&sheet.name).unwrap_or_else(|| format!("Sheet{}", index + 1));
        }
    }
    let (path, ending) = book.file.rsplit_once('.').map_or((book.file.as_str(), "xlsx"), |p| p);
    let parts = path
        .split('/')
        .map(|p| if mentions(p) { instead(p).unwrap_or_else(|| "bao cao".into()) } else { p.to_owned() });
    book.file = format!("{}.{ending}", parts.collect::<Vec<_>>().join("/"));
}

/// Whether a text names the unit, or begins as a unit's name does.
fn names_unit(text: &str, names: &[String]) -> bool {
    let text = format!(" {} ", key(text));
    let named = names.iter().any(|n| text.contains(&format!(" {} ", key(n))));
    named
        || text.contains(" don vi ") && !text.contains(" tinh ")
        || text.starts_with(" so ")
        || text.starts_with(" ubnd ")
}

fn names_period(text: &str) -> bool {
    period::in_text(text).is_some() || period::in_file_name(text).is_some() || period::in_folder(text).is_some()
}

/// A free row above the first table of every sheet.
fn title_row(book: &mut Book) -> Vec<(usize, u32, u32)> {
    let mut sheets: Vec<usize> = book.sites.iter().map(|l| l.sheet).collect();
    sheets.sort_unstable();
    sheets.dedup();
    let mut rows = Vec::new();
    for sheet in sheets {
        book.insert_rows(sheet, 0, 1);
        let left = book.sites.iter().filter(|l| l.sheet == sheet).map(|l| l.header.left).min().unwrap_or(0);
        rows.push((sheet, 0, left));
    }
    rows
}

fn say(book: &mut Book, words: &str) {
    for (sheet, row, column) in title_row(book) {
        write(&mut book.workbook.sheets[sheet], row, column, words);
    }
}

fn name_file(book: &mut Book, words: &str) {
    let (path, ending) =
        book.file.rsplit_once('.').map_or((book.file.clone(), "xlsx".into()), |(a, b)| (a.to_owned(), b.to_owned()));
    book.file = format!("{path} - {words}.{ending}");
}

fn unit(book: &mut Book, rng: &mut Rng, place: Place) -> bool {
    if one(book.sites.iter().map(|l| l.unit.to_string())).is_none() || book.names.is_empty() {
        return false;
    }
    let period = one(book.sites.iter().map(|l| l.period.to_string()));
    let names = book.names.clone();
    forget(book, |t| names_unit(t, &names), |t| period.clone().filter(|_| names_period(t)));
    let name = book.names[rng.below(book.names.len())].clone();
    let name = match rng.below(4) {
        0 => name.to_uppercase(),
        1 => name.replace("óa", "oá").replace("òa", "oà"),
        2 => short(&name, rng),
        _ => name,
    };
    match place {
        Place::Title => {
            let title = rng.pick(&["TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC CỦA ", "BÁO CÁO CỦA ", "", "TẠI "]).to_owned();
            say(book, &format!("{title}{name}"));
        }
        Place::Lead => {
            let lead = rng
                .pick(&[
                    "Đơn vị báo cáo: ",
                    "- Đơn vị báo cáo: ",
                    "Cơ quan báo cáo: ",
                    "ĐƠN VỊ: ",
                    "Tên đơn vị : ",
                    "Đơn vị lập báo cáo:",
                    "Đơn vị báo cáo\n: ",
                ])
                .to_owned();
            say(book, &format!("{lead}{name}"));
        }
        Place::File => name_file(book, &name.replace('/', "-")),
        Place::Folder => book.file = format!("{}/{}", name.replace('/', "-"), book.file),
        Place::Sheet => {
            book.sheet_named = true;
            for sheet in &mut book.workbook.sheets {
                sheet.name = name.chars().take(31).collect();
            }
            // Excel cuts names of sheets.
            if name.chars().count() > 31 {
                return title_fallback(book, &name);
            }
        }
    }
    true
}

fn title_fallback(book: &mut Book, name: &str) -> bool {
    say(book, name);
    true
}

fn short(name: &str, rng: &mut Rng) -> String {
    const SHORT: [(&str, &str); 9] = [
        ("Khoa học và Công nghệ", "KH&CN"),
        ("Kế hoạch và Đầu tư", "KH&ĐT"),
        ("Giáo dục và Đào tạo", "GD&ĐT"),
        ("Tài nguyên và Môi trường", "TN&MT"),
        ("Văn hóa, Thể thao và Du lịch", "VHTT&DL"),
        ("Giao thông vận tải", "GTVT"),
        ("Ủy ban nhân dân", "UBND"),
        ("Nông nghiệp và Phát triển nông thôn", "NN và PTNT"),
        ("Thông tin và Truyền thông", "TT&TT"),
    ];
    let mut out = name.to_owned();
    for (long, abbreviated) in SHORT {
        let abbreviated = if rng.flip() { abbreviated.to_owned() } else { abbreviated.replace('&', "-") };
        out = out.replace(long, &abbreviated);
    }
    out
}

fn when(book: &mut Book, rng: &mut Rng, place: Place) -> bool {
    let Some(period) = one(book.sites.iter().map(|l| l.period.to_string())) else {
        return false;
    };
    let Some((year, quarter)) = period.split_once("-Q") else {
        return false;
    };
    let whole = book.sites[0].period;
    let names = book.names.clone();
    forget(book, names_period, |t| names.first().filter(|_| names_unit(t, &names)).cloned());
    let roman = ["", "I", "II", "III", "IV"][quarter.parse::<usize>().unwrap_or(0)];
    let (from, to) = whole.days();
    match place {
        Place::Title => {
            let words = [
                format!("Quý {roman} năm {year}"),
                format!("(Quý {roman}/{year})"),
                format!("QUÝ {roman} NĂM {year}"),
                format!("Kỳ báo cáo: Quý {quarter}/{year}"),
                format!("BÁO CÁO QUÝ {roman} - {year}"),
            ];
            say(book, &words[rng.below(words.len())].clone());
        }
        Place::Lead => {
            let words = [
                format!("(Từ ngày {} đến ngày {})", from.format("%d/%m/%Y"), to.format("%d/%m/%Y")),
                format!("Kỳ báo cáo: Từ {} - {}", from.format("%d/%m/%Y"), to.format("%d/%m/%Y")),
                format!("(Số liệu từ ngày {} đến {})", from.format("%-d/%-m/%Y"), to.format("%-d/%-m/%Y")),
            ];
            say(book, &words[rng.below(words.len())].clone());
        }
        Place::File => {
            let words = [
                format!("quy {quarter} {year}"),
                format!("Q.{roman}-{year}"),
                format!("Quý {roman}.{year}"),
                format!("Q{quarter}_{year}"),
                format!("quy{quarter}-{year}"),
            ];
            name_file(book, &words[rng.below(words.len())].clone());
        }
        Place::Folder => {
            let words = [
                format!("{year}-Q{quarter}"),
                format!("Quý {roman}-{year}"),
                format!("{year}/Quý {roman}"),
                format!("Q{quarter}.{year}"),
                format!("quy {quarter} nam {year}"),
            ];
            book.file = format!("{}/{}", words[rng.below(words.len())], book.file);
        }
        Place::Sheet => {
            say(book, &format!("Kỳ báo cáo: Quý {roman}"));
            book.file = format!(
                "{}/{}",
                [year.to_owned(), format!("Năm {year}"), format!("BC {year}")][rng.below(3)],
                book.file
            );
        }
    }
    true
}
