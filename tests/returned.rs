//! Marked copies of workbooks from many writers: nothing but what had to change has changed, Excel would open them,
//! LibreOffice shows the same values, and they are read as if they had never been marked.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use tonghop::model::{Address, Content, Sheet, Workbook};
use tonghop::patch::{Annotation, First, Mark, Palette, Row, annotate};
use tonghop::pipeline;

use crate::mutations::rng::Rng;
use crate::program::{home, office, scratch};
use sound::{faults, home_part, parts, raw, relations};

mod again;
mod sound;

const PALETTE: Palette =
    Palette { font: "Times New Roman", link: "2F75B5", bar: "1F3864", tab: "C00000", marks: &["FFB3AD", "FFE38A"] };

/// Name and bytes of every workbook here, of those in TONGHOP_WORKBOOKS (a folder) if it is set, and of one written now.
fn workbooks() -> Vec<(String, Vec<u8>)> {
    let more = std::env::var_os("TONGHOP_WORKBOOKS").map(PathBuf::from);
    let folders = [Some(home().join("tests/returned")), Some(home().join("tests/seeds")), more];
    let mut found = vec![("rust_xlsxwriter".to_owned(), by_rust())];
    for folder in folders.into_iter().flatten() {
        let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        for file in files {
            let ending = file.extension().map(|e| e.to_string_lossy().to_lowercase());
            if matches!(ending.as_deref(), Some("xlsx" | "xlsm")) {
                let name = file.file_name().unwrap().to_string_lossy().into_owned();
                found.push((name, fs::read(&file).unwrap()));
            }
        }
    }
    found
}

/// With notes, a table, a chart, names, hidden and protected sheets, in one file.
fn by_rust() -> Vec<u8> {
    use rust_xlsxwriter::{Chart, ChartType, DocProperties, ExcelDateTime, Format, Formula, Note, Table, Workbook};
    let mut book = Workbook::new();
    let date = ExcelDateTime::from_ymd(2023, 9, 14).unwrap();
    book.set_properties(&DocProperties::new().set_creation_datetime(&date));
    let sheet = book.add_worksheet().set_name("Một").unwrap();
    for n in 0..5u32 {
        sheet.write(n, 0, n * 7).unwrap();
        sheet.write_formula(n, 1, Formula::new(format!("=A{}*2", n + 1)).set_result((n * 14).to_string())).unwrap();
    }
    sheet.write_dynamic_array_formula(0, 3, 4, 3, Formula::new("=A1:A5+1").set_result("1")).unwrap();
    sheet.insert_note(2, 0, &Note::new("của đơn vị").set_author("Văn thư")).unwrap();
    sheet.merge_range(7, 0, 8, 3, "gộp", &Format::new().set_bold()).unwrap();
    let mut chart = Chart::new(ChartType::Column);
    chart.add_series().set_values("Một!$A$1:$A$5");
    sheet.insert_chart(0, 6, &chart).unwrap();
    let two = book.add_worksheet().set_name("Hai").unwrap();
    two.write(1, 1, 5).unwrap();
    two.add_table(3, 0, 6, 2, &Table::new()).unwrap();
    two.protect();
    book.add_worksheet().set_name("Ẩn").unwrap().set_hidden(true);
    book.define_name("chung", "=Một!$A$1").unwrap();
    book.define_name("Hai!rieng", "=Hai!$B$2").unwrap();
    book.save_to_buffer().unwrap()
}

/// Tries all workbooks, and says of each that fails why.
fn each(try_one: impl Fn(&str, &[u8])) {
    let mut failed = Vec::new();
    for (name, bytes) in workbooks() {
        let run = std::panic::AssertUnwindSafe(|| try_one(&name, &bytes));
        if std::panic::catch_unwind(run).is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "{} failed: {failed:#?}", failed.len());
}

fn read(name: &str, bytes: &[u8]) -> Workbook {
    pipeline::open(bytes, name).unwrap_or_else(|| panic!("{name} is not read"))
}

/// On each sheet that is seen: a figure, a formula, a cell that was never written, one far off, one with a note.
fn places(workbook: &Workbook) -> BTreeSet<(String, Address)> {
    let mut places = BTreeSet::new();
    for sheet in workbook.sheets.iter().filter(|s| !s.hidden).take(2) {
        let at = |c: &tonghop::model::Cell| Address::new(c.row, c.column);
        let figure = sheet.cells.iter().find(|c| matches!(c.content, Content::Number(_))).map(at);
        let formula = sheet.cells.iter().find(|c| c.formula.is_some()).map(at);
        let last = sheet.cells.last().map_or(0, |c| c.row).min(60_000);
        let more = [Address::new(1, 2), Address::new(2, 2), Address::new(last + 3, 5), Address::new(1, 1)];
        for cell in figure.into_iter().chain(formula).chain(more) {
            places.insert((sheet.name.clone(), cell));
        }
    }
    places
}

fn annotation(places: &BTreeSet<(String, Address)>) -> Annotation {
    let mark = |(n, (sheet, cell)): (usize, &(String, Address))| Mark {
        sheet: sheet.clone(),
        cell: *cell,
        colour: PALETTE.marks[n % 2],
        note: format!("Cần sửa: {n} → 5.\nVì <3> & “4” không bằng nhau."),
    };
    let row = |(n, (sheet, cell)): (usize, &(String, Address))| Row {
        cells: vec![n.to_string(), "Lỗi".into(), format!("{sheet}!{cell}"), "=1+1".into()],
        colour: Some(PALETTE.marks[n % 2]),
        link: Some((sheet.clone(), *cell)),
    };
    Annotation {
        marks: places.iter().enumerate().map(mark).collect(),
        first: First {
            name: "Cần sửa".into(),
            title: "CẦN SỬA".into(),
            lines: vec!["Sửa ngay trong các biểu.".into()],
            head: ["STT", "Mức độ", "Ô", "Vì sao"].map(|c| (c.to_owned(), 20.0)).into(),
            rows: places.iter().enumerate().map(row).collect(),
        },
        palette: PALETTE,
    }
}

/// The sheets as they were read, whatever they looked like.
fn shown(workbook: &Workbook) -> Vec<(String, bool, Vec<tonghop::model::Cell>)> {
    let plain = |sheet: &Sheet| (sheet.name.clone(), sheet.hidden, sheet.cells.clone());
    workbook.sheets.iter().map(plain).collect()
}

/// The parts that a marked copy may have otherwise than its original.
fn declared(before: &sound::Parts, after: &sound::Parts, marked: &BTreeSet<String>) -> BTreeSet<String> {
    let home = home_part(after).unwrap();
    let related = relations(after, &home);
    let beside = |part: &str| {
        let (folder, file) = part.rsplit_once('/').unwrap();
        format!("{folder}/_rels/{file}.rels")
    };
    let mut declared = BTreeSet::from(["[Content_Types].xml".to_owned(), home.clone(), beside(&home)]);
    declared.extend(related.values().filter(|(kind, _)| kind == "styles").map(|(_, part)| part.clone()));
    for sheet in sound::elements(&home, &after[&home], false) {
        let Some((_, part)) = related.get(sheet.get("id")).filter(|_| sheet.name == "sheet") else {
            continue;
        };
        if marked.contains(sheet.get("name")) || !before.contains_key(part) {
            declared.extend([part.clone(), beside(part)]);
            let own = relations(after, part).into_values();
            declared.extend(
                own.filter(|(kind, _)| matches!(kind.as_str(), "comments" | "vmlDrawing")).map(|(_, part)| part),
            );
        }
    }
    declared
}

/// Marks a workbook, and holds the copy against its original.
fn marked(name: &str, bytes: &[u8], places: &BTreeSet<(String, Address)>) -> Vec<u8> {
    let original = read(name, bytes);
    let annotation = annotation(places);
    let copy = annotate(bytes, &annotation, original.returned.as_ref()).unwrap_or_else(|e| panic!("{name}: {e:?}"));
    let (before, after) = (raw(bytes), raw(&copy));
    let mut sheets: BTreeSet<String> = places.iter().map(|(sheet, _)| sheet.clone()).collect();
    sheets.extend(original.returned.iter().map(|list| list.name.clone()));
    sheets.extend(original.returned.iter().flat_map(|list| &list.cells).filter_map(|c| {
        let (sheet, _) = c.text()?.strip_prefix(tonghop::model::RETURNED)?.strip_prefix('|')?.rsplit_once('|')?;
        Some(sheet.to_owned())
    }));
    let may = declared(&parts(bytes), &parts(&copy), &sheets);
    for part in before.keys() {
        let kept = after.get(part) == before.get(part);
        assert!(kept || may.contains(part), "{name}: {part} has changed");
    }
    let strange: Vec<&String> = after.keys().filter(|p| !before.contains_key(*p) && !may.contains(*p)).collect();
    assert!(strange.is_empty(), "{name}: {strange:?} are new");
    let new: Vec<String> = faults(&copy).difference(&faults(bytes)).cloned().collect();
    assert!(new.is_empty(), "{name}: {new:#?}");
    let again = read(name, &copy);
    assert!(again.returned.is_some(), "{name}: our list is not known again");
    same(name, &original, &again);
    let twice = annotate(&copy, &annotation, again.returned.as_ref()).unwrap();
    assert!(twice == copy, "{name}: marking a marked copy changes it");
    copy
}

/// Whether two workbooks say the same: fonts and formats are no matter, cells marked while empty are no cells.
fn same(name: &str, a: &Workbook, b: &Workbook) {
    let (a, b) = (shown(a), shown(b));
    assert_eq!(a.len(), b.len(), "{name}");
    for (a, b) in a.iter().zip(&b) {
        assert_eq!((&a.0, a.1), (&b.0, b.1), "{name}");
        for (x, y) in a.2.iter().zip(&b.2) {
            let said = |c: &tonghop::model::Cell| {
                (c.row, c.column, c.content.clone(), c.formula.clone(), c.format().map(str::to_owned))
            };
            assert_eq!(said(x), said(y), "{name}");
        }
        assert_eq!(a.2.len(), b.2.len(), "{name}");
    }
}

#[test]
fn only_what_had_to_change_has_changed() {
    each(|name, bytes| {
        let Some(workbook) = pipeline::open(bytes, name) else {
            println!("{name} is refused by the reader");
            return;
        };
        let places = places(&workbook);
        if places.is_empty() {
            return;
        }
        let copy = marked(name, bytes, &places);
        // With fewer to correct, the others look as they did; and all the notes that were there are there.
        let fewer: BTreeSet<_> = places.iter().take(1).cloned().collect();
        let left = marked(name, &copy, &fewer);
        if parts(bytes).keys().any(|part| part.ends_with("styles.xml")) {
            assert_eq!(looks(&left, &fewer), looks(bytes, &fewer), "{name}");
        }
        assert_eq!(notes(&left, false), notes(bytes, false), "{name}");
        assert_eq!(notes(&left, true).len(), 1, "{name}: {:?}", notes(&left, true));
    });
}

/// Every cell's look, told by what it is made of, but for some cells; a cell that only has a look may be missing.
fn looks(bytes: &[u8], but: &BTreeSet<(String, Address)>) -> BTreeMap<(String, String), String> {
    let parts = parts(bytes);
    let home = home_part(&parts).unwrap();
    let related = relations(&parts, &home);
    let styles = related.values().find(|(kind, _)| kind == "styles");
    let text = styles.and_then(|(_, part)| parts.get(part)).map(|b| String::from_utf8(b.clone()).unwrap());
    let text = text.unwrap_or_default();
    let list = text.split_once("cellXfs").map_or("", |(_, rest)| rest.split("cellXfs>").next().unwrap());
    let xfs: Vec<&str> = list.split("xf ").skip(1).map(|x| x.split(['<', '>']).next().unwrap()).collect();
    let mut looks = BTreeMap::new();
    for sheet in sound::elements(&home, &parts[&home], false) {
        let Some((_, part)) =
            related.get(sheet.get("id")).filter(|(kind, _)| kind == "worksheet" && sheet.name == "sheet")
        else {
            continue;
        };
        if sheet.get("name").starts_with("Cần sửa") {
            continue;
        }
        let (mut empty, mut last) = (true, None);
        let mut met = sound::elements(part, &parts[part], false);
        met.retain(|m| m.within == "row" || m.within == "c");
        for m in met {
            if m.within == "row" {
                if empty && let Some(key) = last.take() {
                    looks.remove(&key);
                }
                empty = true;
                let look: usize = m.get("s").parse().unwrap_or(0);
                let cell = m.get("r").to_owned();
                let key = (sheet.get("name").to_owned(), cell.clone());
                let skipped = but.iter().any(|(s, c)| *s == key.0 && c.to_string() == cell);
                last = None;
                if m.name == "c" && !skipped {
                    let look = xfs.get(look).copied().unwrap_or_default().trim().trim_end_matches('/');
                    looks.insert(key.clone(), look.to_owned());
                    last = Some(key);
                }
            } else {
                empty = false;
            }
        }
        if empty && let Some(key) = last.take() {
            looks.remove(&key);
        }
    }
    looks
}

/// Where notes stand and what they say, ours or theirs.
fn notes(bytes: &[u8], ours: bool) -> BTreeSet<(String, String, String)> {
    let parts = parts(bytes);
    let mut found = BTreeSet::new();
    let home = home_part(&parts).unwrap();
    for (_, sheet) in relations(&parts, &home).values() {
        for (kind, part) in relations(&parts, sheet).values() {
            if kind != "comments" || !parts.contains_key(part) {
                continue;
            }
            let mut cell = String::new();
            let mut said: BTreeMap<String, String> = BTreeMap::new();
            for m in sound::elements(part, &parts[part], false) {
                match m.name.as_str() {
                    "comment" => cell = m.get("ref").to_owned(),
                    "t" => said.entry(cell.clone()).or_default().push_str(&m.text),
                    _ => {}
                }
            }
            for (cell, text) in said {
                let (theirs, mine) = match text.split_once("――― tonghop") {
                    Some((theirs, mine)) => (theirs.trim_end().to_owned(), mine.to_owned()),
                    None if text.starts_with("tonghop:") => (String::new(), text),
                    None => (text.trim_end().to_owned(), String::new()),
                };
                let text = if ours { mine } else { theirs };
                if !text.is_empty() {
                    found.insert((part.clone(), cell, text));
                }
            }
        }
    }
    found
}

#[test]
fn marks_anywhere_touch_nothing_else() {
    each(|name, bytes| {
        let Some(workbook) = pipeline::open(bytes, name) else {
            return;
        };
        let seen: Vec<&Sheet> = workbook.sheets.iter().filter(|s| !s.hidden).collect();
        if seen.is_empty() {
            return;
        }
        let mut rng = Rng::new(7);
        for _ in 0..6 {
            let mut places = BTreeSet::new();
            for _ in 0..=rng.below(12) {
                let sheet = seen[rng.below(seen.len())];
                let (rows, columns) = ([3, 12, 400][rng.below(3)], [3, 9, 300][rng.below(3)]);
                let cell = Address::new(rng.below(rows) as u32, rng.below(columns) as u32);
                places.insert((sheet.name.clone(), cell));
            }
            marked(name, bytes, &places);
        }
    });
}

/// LibreOffice's view of workbooks: each saved again as .xlsx, and each sheet's values as text.
fn through_libreoffice(place: &Path, books: &[(String, Vec<u8>)]) -> Option<BTreeMap<String, PathBuf>> {
    fs::create_dir_all(place).unwrap();
    let mut files = Vec::new();
    for (name, bytes) in books {
        let file = place.join(format!("{}.xlsx", name.trim_end_matches(".xlsx")));
        fs::write(&file, bytes).unwrap();
        files.push(file);
    }
    for (kind, folder) in [
        ("xlsx:Calc MS Excel 2007 XML", "saved"),
        ("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1", "values"),
    ] {
        office(place, kind, &place.join(folder), &files)?;
    }
    let stem = |p: &Path| p.file_stem().unwrap().to_string_lossy().into_owned();
    Some(files.iter().map(|f| (stem(f), place.join("saved").join(f.file_name().unwrap()))).collect())
}

/// Values as text, without the blanks at the ends of lines: a cell that only has a look is no value.
fn said(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().map(|line| line.trim_end_matches(',')).collect();
    lines.join("\n").trim_end().to_owned()
}

/// The values of a workbook's sheets, by sheet.
fn values(place: &Path, stem: &str) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for entry in fs::read_dir(place.join("values")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if let Some(sheet) = name.strip_prefix(&format!("{stem}-")) {
            values.insert(sheet.to_owned(), said(&path));
        }
    }
    values
}

#[test]
fn libreoffice_shows_the_same_values_and_saves_what_is_read_the_same() {
    let place = scratch("returned-office");
    let books: Vec<(String, Vec<u8>)> = workbooks()
        .into_iter()
        .filter(|(name, bytes)| pipeline::open(bytes, name).is_some())
        .map(|(name, bytes)| (name.replace("xlsx", "x").replace("xlsm", "m").replace(['.', '-'], "_"), bytes))
        .collect();
    let copies: Vec<(String, Vec<u8>)> =
        books.iter().map(|(name, bytes)| (name.clone(), marked(name, bytes, &places(&read(name, bytes))))).collect();
    let Some(_) = through_libreoffice(&place.join("before"), &books) else {
        return;
    };
    let Some(after) = through_libreoffice(&place.join("after"), &copies) else {
        return;
    };
    for (name, bytes) in &books {
        let (was, mut is) = (values(&place.join("before"), name), values(&place.join("after"), name));
        let ours: Vec<String> = is.keys().filter(|s| s.starts_with("Cần sửa")).cloned().collect();
        assert_eq!(ours.len(), 1, "{name}: {:?}", is.keys());
        is.remove(&ours[0]);
        // A workbook of one sheet has no sheet's name in the file's.
        let was = match was.is_empty() {
            true => {
                let only = said(&place.join("before/values").join(format!("{name}.csv")));
                BTreeMap::from([(is.keys().next().unwrap().clone(), only)])
            }
            false => was,
        };
        assert_eq!(was, is, "{name}");
        // Saved by LibreOffice: our list is set aside, the cells say what they said.
        let saved = fs::read(&after[name]).unwrap();
        let again = read(name, &saved);
        let before = fs::read(place.join("before/saved").join(format!("{name}.xlsx"))).unwrap();
        assert!(again.returned.is_some(), "{name}");
        let (a, b) = (shown(&read(name, &before)), shown(&again));
        assert_eq!(a.len(), b.len(), "{name}");
        for (a, b) in a.iter().zip(&b) {
            let said = |cells: &[tonghop::model::Cell]| -> Vec<_> {
                cells.iter().map(|c| (c.row, c.column, c.content.clone(), c.formula.clone())).collect()
            };
            assert_eq!((&a.0, a.1, said(&a.2)), (&b.0, b.1, said(&b.2)), "{name}");
        }
        // And marked once more, with less to correct: what LibreOffice has renumbered is found again.
        let all = places(&read(name, bytes));
        let fewer: BTreeSet<_> = all.iter().take(1).cloned().collect();
        let left = marked(name, &saved, &fewer);
        assert_eq!(notes(&left, true).len(), 1, "{name}: {:?}", notes(&left, true));
        let marks = coloured(&left);
        assert!(
            marks.len() == 1 && fewer.iter().any(|(s, c)| marks.contains(&(s.clone(), c.to_string()))),
            "{name}: {marks:?}"
        );
    }
}

/// The cells on a mark's ground.
fn coloured(bytes: &[u8]) -> BTreeSet<(String, String)> {
    let parts = parts(bytes);
    let home = home_part(&parts).unwrap();
    let related = relations(&parts, &home);
    let styles = related.values().find(|(kind, _)| kind == "styles").unwrap();
    let met = sound::elements("styles", &parts[&styles.1], false);
    let (mut fills, mut xfs, mut fill) = (BTreeSet::new(), Vec::new(), 0usize);
    for m in &met {
        match (m.name.as_str(), m.within.as_str()) {
            ("fill", "fills") => fill += 1,
            ("fgColor", _) if PALETTE.marks.iter().any(|c| m.get("rgb").to_uppercase() == format!("FF{c}")) => {
                fills.insert((fill - 1).to_string());
            }
            ("xf", "cellXfs") => xfs.push(m.get("fillId").to_owned()),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    for sheet in sound::elements(&home, &parts[&home], false) {
        let Some((_, part)) =
            related.get(sheet.get("id")).filter(|(kind, _)| kind == "worksheet" && sheet.name == "sheet")
        else {
            continue;
        };
        for m in sound::elements(part, &parts[part], false) {
            let look = xfs.get(m.get("s").parse::<usize>().unwrap_or(0));
            if m.name == "c"
                && look.is_some_and(|fill| fills.contains(fill))
                && !sheet.get("name").starts_with("Cần sửa")
            {
                found.insert((sheet.get("name").to_owned(), m.get("r").to_owned()));
            }
        }
    }
    found
}
