//! Blank forms go out, are filled in, saved again by another program, and come back known with certainty, read and clean.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use tonghop::model::rule::Place;
use tonghop::model::{Address, Catalogue, Figure, Finding, Kind, Lang, Lines, Outcome, RuleKind, Severity, Units};
use tonghop::pipeline::{self, Task};
use zip::write::SimpleFileOptions;

use crate::program::{home, office, scratch, tonghop};

const PERIOD: &str = "2023-Q3";
const FIELDS: [&str; 4] = ["Đất đai", "Hộ tịch", "Chứng thực", "Quản lý giá"];

/// A small generator of its own, so that every run fills in the same.
struct Dice(u64);

impl Dice {
    fn up_to(&mut self, most: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as i64) % (most + 1)
    }
}

fn units() -> PathBuf {
    home().join("samples/quang-minh/units.csv")
}

/// Writes the blank forms of a unit.
fn blank(folder: &Path, name: &str, more: &[&str]) -> PathBuf {
    let path = folder.join(name);
    let list = units();
    let mut args = vec!["forms", "blank"];
    args.extend(more);
    args.extend(["--unit", "STC", "--period", PERIOD, "--rows", "6"]);
    args.extend(["--units", list.to_str().unwrap(), "--out", path.to_str().unwrap()]);
    let said = tonghop(folder, args);
    assert_eq!(said.exit, 0, "{}{}", said.out, said.err);
    path
}

/// What a clerk types into one workbook: sheet → cell → what.
type Typed = BTreeMap<String, BTreeMap<Address, String>>;

/// The same, and where each figure of the truth stands on its sheet.
struct Filled {
    typed: Typed,
    places: BTreeMap<[String; 4], Address>,
}

/// Figures that keep every rule, worked out from the rules themselves.
struct Truth<'a> {
    catalogue: &'a Catalogue,
    dice: Dice,
    /// (form, table, line, column) → figure.
    figures: BTreeMap<[String; 4], i64>,
}

impl Truth<'_> {
    fn new(catalogue: &Catalogue, seed: u64) -> Truth<'_> {
        let mut truth = Truth { catalogue, dice: Dice(seed), figures: BTreeMap::new() };
        for field in FIELDS {
            truth.of_06a(field);
            truth.of_07b(field);
        }
        for form in catalogue.forms.iter().filter(|f| !f.titled) {
            for table in &form.tables {
                if let Lines::Fixed(lines) = &table.lines {
                    for line in lines.iter().filter(|l| l.kind.has_figure()) {
                        truth.fixed(&form.id, &line.code);
                    }
                }
            }
        }
        truth
    }

    fn put(&mut self, form: &str, table: &str, line: &str, column: &str, figure: i64) {
        let place = [form, table, line, column].map(str::to_owned);
        *self.figures.entry(place).or_default() += figure;
    }

    fn of_06a(&mut self, field: &str) {
        let form = "II.06a/VPCP/KSTT";
        let [a, b, c] = [700, 900, 80].map(|most| self.dice.up_to(most));
        let done = self.dice.up_to(a + b + c);
        let (early, left) = (self.dice.up_to(done), a + b + c - done);
        let (in_time, late) = (self.dice.up_to(done - early), self.dice.up_to(left));
        let row = [a, b, c, early, in_time, done - early - in_time, left - late, late];
        for (column, figure) in ["4", "5", "6", "8", "9", "10", "12", "13"].iter().zip(row) {
            self.put(form, "", field, column, figure);
            self.put(form, "", "total", column, figure);
        }
        self.put(form, "", "total", "7", done);
    }

    fn of_07b(&mut self, field: &str) {
        let form = "II.07b/VPCP/KSTT";
        let mut row = BTreeMap::new();
        for column in ["4", "5", "6", "8", "9", "10", "12", "13", "14"] {
            let figure = 1 + self.dice.up_to(60);
            row.insert(column, figure);
            self.put(form, "I", field, column, figure);
            if ["4", "5", "6"].contains(&column) {
                self.put(form, "I", "total", "3", figure);
            }
        }
        for (column, whole) in [("3", "8"), ("5", "9")] {
            let figure = self.dice.up_to(row[whole]);
            self.put(form, "II", field, column, figure);
            for (column, figure) in [(column, figure), (whole, row[whole])] {
                self.put(form, "II", "sums", column, figure);
            }
        }
    }

    fn place(&mut self, form: &str, place: &Place) -> i64 {
        let form = place.form.as_deref().unwrap_or(form);
        match (place.column.as_deref(), place.line.as_deref()) {
            (Some(column), Some(line)) => {
                let table = place.table.as_deref().unwrap_or_default();
                self.figures[&[form, table, line, column].map(str::to_owned)]
            }
            (_, line) => self.fixed(form, line.unwrap()),
        }
    }

    /// A line of an indicator form; of a percentage nothing worth knowing.
    fn fixed(&mut self, form: &str, code: &str) -> i64 {
        let own = [form, "", code, "value"].map(str::to_owned);
        if let Some(known) = self.figures.get(&own) {
            return *known;
        }
        let catalogue = self.catalogue;
        let line = catalogue.table(form, "").and_then(|t| t.line(code)).unwrap();
        // The lists that go with a report are not in these workbooks.
        let away = |p: &Place| {
            let form = p.form.as_deref().and_then(|f| catalogue.form(f));
            form.is_some_and(|f| f.titled)
        };
        let rules: Vec<&RuleKind> = catalogue
            .rules
            .iter()
            .filter(|r| *r.form == *form)
            .map(|r| &r.kind)
            .filter(|kind| !matches!(kind, RuleKind::TiesTo { parts, .. } if parts.iter().any(away)))
            .collect();
        let is = |place: &Place, code: &str| place.form.is_none() && place.line.as_deref() == Some(code);
        let tied = |code: &str| {
            rules.iter().find_map(|rule| match rule {
                RuleKind::TiesTo { cell, parts } if is(cell, code) => Some(parts),
                _ => None,
            })
        };
        let (mut least, mut most, mut exact) = (0, 500, None);
        for rule in &rules {
            match rule {
                RuleKind::Balance { total, parts, .. } if is(total, code) => {
                    exact = Some(parts.iter().map(|p| self.place(form, p)).sum());
                }
                RuleKind::Balance { total, parts, .. } if parts.iter().any(|p| is(p, code)) => {
                    // Where the sum must equal a figure elsewhere, the first part takes it all.
                    if let Some(to) = total.line.as_deref().and_then(tied) {
                        let sum = to.iter().map(|p| self.place(form, p)).sum();
                        exact = Some(if is(&parts[0], code) { sum } else { 0 });
                    }
                }
                RuleKind::TiesTo { cell, parts } if is(cell, code) => {
                    exact = exact.or(Some(parts.iter().map(|p| self.place(form, p)).sum()));
                }
                RuleKind::AtMost { parts, whole } if parts.iter().any(|p| is(p, code)) => {
                    most = most.min(self.place(form, whole) / parts.len() as i64);
                }
                RuleKind::Ratio { numerator, denominator, .. } if numerator.iter().any(|p| is(p, code)) => {
                    most = most.min(self.place(form, &denominator[0]));
                }
                RuleKind::Implies { when, .. } if is(&when.cell, code) && !when.is.is_empty() => {
                    exact = Some(1);
                }
                RuleKind::Implies { then, .. } if is(&then.cell, code) && then.min.is_some() => {
                    least = 1;
                }
                _ => {}
            }
        }
        let figure = exact.unwrap_or_else(|| match line.kind {
            Kind::Code => self.dice.up_to(line.codes.len() as i64 - 1),
            Kind::Percent => self.dice.up_to(99),
            Kind::Ratio => -1,
            _ => least + self.dice.up_to(most - least),
        });
        self.figures.insert(own, figure);
        figure
    }
}

/// The unlocked cells of a blank workbook that take figures, filled in.
fn typed(path: &Path, truth: &Truth<'_>) -> Filled {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let parts = unzipped(path);
    let mut typed = Typed::new();
    let mut places = BTreeMap::new();
    for (number, name) in book.sheet_names().into_iter().enumerate() {
        let range = book.worksheet_range(&name).unwrap();
        let text = |row: u32, column: u32| match range.get_value((row, column)) {
            Some(Data::String(text)) => text.clone(),
            Some(Data::Float(x)) => x.to_string(),
            _ => String::new(),
        };
        let form = truth.catalogue.forms.iter().find(|f| f.id.split('/').any(|p| p == name)).unwrap();
        let xml = String::from_utf8(parts[&format!("xl/worksheets/sheet{}.xml", number + 1)].clone()).unwrap();
        let is_empty = |at: Address| {
            xml.contains(&format!("<c r=\"{at}\" s=\"")) && {
                let cell = &xml[xml.find(&format!("<c r=\"{at}\" s=\"")).unwrap()..];
                cell[..cell.find('>').unwrap()].ends_with('/')
            }
        };
        let own = typed.entry(name.clone()).or_default();
        for table in &form.tables {
            if let Lines::Fixed(lines) = &table.lines {
                for row in 0..range.end().unwrap().0 {
                    let line = lines.iter().find(|l| *l.code == text(row, 0) && l.kind.has_figure());
                    let at = Address::new(row, 3);
                    if let Some(line) = line.filter(|_| is_empty(at)) {
                        let key = [&*form.id, "", &*line.code, "value"].map(str::to_owned);
                        own.insert(at, truth.figures[&key].to_string());
                        places.insert(key, at);
                    }
                }
                continue;
            }
            let mut numbering = (0..range.end().unwrap().0).filter(|r| text(*r, 0) == "(1)");
            let head = if &*table.id == "II" { numbering.nth(1) } else { numbering.next() }.unwrap();
            for (n, field) in FIELDS.iter().enumerate() {
                let row = head + 1 + n as u32;
                own.insert(Address::new(row, 1), (*field).to_owned());
                for (column, of) in table.columns.iter().enumerate().skip(2) {
                    let at = Address::new(row, column as u32);
                    if !is_empty(at) {
                        continue;
                    }
                    let figure = |table: &str, column: &str| {
                        truth.figures[&[&*form.id, table, field, column].map(str::to_owned)]
                    };
                    let figure = if of.kind == Kind::Ratio {
                        percentage(figure("II", "5"), figure("I", "9"))
                    } else {
                        figure(&table.id, &of.id).to_string()
                    };
                    own.insert(at, figure);
                    let key = [&*form.id, &*table.id, field, &*of.id];
                    places.insert(key.map(str::to_owned), at);
                }
            }
            // A percentage of sums that the form leaves to the clerk.
            let total = Address::new(head + 7, 5);
            if &*table.id == "II" && is_empty(total) {
                let sum = |column: &str| truth.figures[&[&*form.id, "II", "sums", column].map(str::to_owned)];
                own.insert(total, percentage(sum("5"), sum("9")));
            }
        }
    }
    Filled { typed, places }
}

fn percentage(part: i64, whole: i64) -> String {
    Figure::percentage(Figure::whole(part), Figure::whole(whole), 2).unwrap().trimmed().to_string()
}

fn unzipped(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(fs::read(path).unwrap())).unwrap();
    let mut parts = BTreeMap::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        parts.insert(part.name().unwrap().to_string(), bytes);
    }
    parts
}

/// Types into a workbook as a program does that works nothing out: every stored result stays as it was.
fn fill(from: &Path, to: &Path, typed: &Typed) {
    let mut parts = unzipped(from);
    for (number, name) in open_workbook::<Xlsx<_>, _>(from).unwrap().sheet_names().into_iter().enumerate() {
        let part = parts.get_mut(&format!("xl/worksheets/sheet{}.xml", number + 1)).unwrap();
        let mut xml = String::from_utf8(part.clone()).unwrap();
        for (at, what) in typed.get(&name).into_iter().flatten() {
            let start = xml.find(&format!("<c r=\"{at}\" s=\"")).unwrap_or_else(|| panic!("{name}!{at} is no cell"));
            let end = start + xml[start..].find("/>").unwrap();
            let head = xml[start..end].to_owned();
            assert!(!head.contains('>'), "{name}!{at} is not empty");
            let cell = match what.parse::<f64>() {
                Ok(_) => format!("{head}><v>{what}</v></c>"),
                Err(_) => format!("{head} t=\"inlineStr\"><is><t>{what}</t></is></c>"),
            };
            xml.replace_range(start..end + 2, &cell);
        }
        *part = xml.into_bytes();
    }
    write_parts(to, &parts);
}

fn write_parts(to: &Path, parts: &BTreeMap<String, Vec<u8>>) {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    fs::write(to, zip.finish().unwrap().into_inner()).unwrap();
}

/// The files as LibreOffice saves them, every formula worked out again; none where there is no LibreOffice.
fn saved_again(files: &[PathBuf], ending: &str, place: &Path) -> Option<Vec<PathBuf>> {
    let out = place.join(ending);
    office(place, ending, &out, files)?;
    let name = |f: &PathBuf| out.join(f.with_extension(ending).file_name().unwrap());
    Some(files.iter().map(name).collect())
}

fn read(catalogue: &Arc<Catalogue>, path: &Path) -> Outcome {
    let list = tonghop::catalogue::load_units(&units(), tonghop::normalise::text::key).unwrap();
    run(catalogue, path, list)
}

fn run(catalogue: &Arc<Catalogue>, path: &Path, list: Units) -> Outcome {
    let task = Task { paths: vec![path.to_path_buf()], ..Task::default() };
    pipeline::run(&task, catalogue.clone(), list, &|_, _| {}).unwrap()
}

fn said(outcome: &Outcome) -> Vec<String> {
    let words = tonghop::words::Words::of(outcome, Lang::Vi);
    outcome.findings.iter().map(|f| format!("{} {}: {}", f.file, f.rule, words.message(f))).collect()
}

/// Every table known by the hidden name, and every figure as it was typed.
fn comes_back(outcome: &Outcome, typed: &Typed, name: &str) {
    assert_eq!(outcome.returns.len(), 10, "{name}");
    for ret in &outcome.returns {
        let known = [&ret.evidence.form, &ret.evidence.unit, &ret.evidence.period];
        assert!(known.iter().all(|e| e.contains("tên ẩn trong biểu trống do tonghop phát")), "{name}: {known:?}");
        assert_eq!((&*ret.unit, ret.period.to_string().as_str()), ("STC", PERIOD), "{name}");
    }
    let mut seen = 0;
    for ret in &outcome.returns {
        for entry in &ret.entries {
            let own = typed.get(&*ret.sheet).and_then(|s| s.get(&entry.cell));
            let Some(own) = own else { continue };
            let figure = Figure::parse_plain(own).unwrap();
            assert_eq!(entry.value, Some(figure), "{name} {}!{}", ret.sheet, entry.cell);
            seen += 1;
        }
    }
    let figures = typed.values().flat_map(BTreeMap::values).filter(|t| t.parse::<f64>().is_ok());
    assert_eq!(seen, figures.count(), "{name}");
}

/// The line on top of each sheet.
fn status(path: &Path) -> BTreeMap<String, String> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let mut lines = BTreeMap::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).unwrap();
        for (row, column, cell) in range.used_cells() {
            assert!(!matches!(cell, Data::Error(_)), "{name} {row},{column}: {cell:?}");
        }
        lines.insert(name, range.get_value((0, 0)).map(ToString::to_string).unwrap_or_default());
    }
    lines
}

#[test]
fn filled_in_and_saved_again_they_come_back_known_read_and_clean() {
    let folder = scratch("blank");
    let catalogue = Arc::new(tonghop::catalogue::load(None).unwrap());
    let empty = blank(&folder, "goc.xlsx", &[]);
    assert_eq!(fs::read(&empty).unwrap(), fs::read(blank(&folder, "lai.xlsx", &[])).unwrap(), "the same bytes twice");
    let mut files = Vec::new();
    let mut filled = Vec::new();
    for seed in 1..=4 {
        let truth = Truth::new(&catalogue, seed);
        let typed = typed(&empty, &truth).typed;
        let path = folder.join(format!("x{seed}.xlsx"));
        fill(&empty, &path, &typed);
        // Nothing was worked out since: each stored result is the blank form's.
        let outcome = read(&catalogue, &path);
        comes_back(&outcome, &typed, "stale");
        let told = said(&outcome);
        assert!(told.iter().all(|f| f.contains("cong-thuc-cu")), "{told:?}");
        files.push(path);
        filled.push(typed);
    }
    for ending in ["xlsx", "ods", "xls"] {
        let Some(saved) = saved_again(&files, ending, &folder) else {
            return;
        };
        for (path, typed) in saved.iter().zip(&filled) {
            let outcome = read(&catalogue, path);
            let name = path.display().to_string();
            comes_back(&outcome, typed, &name);
            assert!(said(&outcome).is_empty(), "{:?}", said(&outcome));
            if ending == "xlsx" {
                for (sheet, line) in status(path) {
                    assert!(line.starts_with('✓'), "{name} {sheet}: {line}");
                }
            }
        }
    }
}

#[test]
fn a_broken_cell_is_found_by_the_form_itself_and_by_us() {
    let folder = scratch("blank-broken");
    let catalogue = Arc::new(tonghop::catalogue::load(None).unwrap());
    let empty = blank(&folder, "goc.xlsx", &[]);
    let truth = Truth::new(&catalogue, 9);
    let filled = typed(&empty, &truth);
    let (mut files, mut broken) = (Vec::new(), Vec::new());
    for (number, sheet) in filled.typed.keys().enumerate() {
        let (cell, what) = slip(&catalogue, &truth, sheet, &filled);
        let mut wrong = filled.typed.clone();
        wrong.get_mut(sheet).unwrap().insert(cell, what);
        let path = folder.join(format!("y{number}.xlsx"));
        fill(&empty, &path, &wrong);
        files.push(path);
        broken.push((sheet, cell));
    }
    let Some(saved) = saved_again(&files, "xlsx", &folder) else {
        return;
    };
    for (path, (sheet, cell)) in saved.iter().zip(broken) {
        let outcome = read(&catalogue, path);
        let names = |f: &Finding| {
            let suspects = f.suspects.iter().flat_map(|s| &s.cells);
            f.cells.contains(&cell) || suspects.into_iter().any(|c| c.cell == cell)
        };
        let found = outcome.findings.iter().any(|f| f.severity == Severity::Error && *f.sheet == **sheet && names(f));
        assert!(found, "{sheet}!{cell}: {:?}", said(&outcome));
        let line = &status(path)[sheet];
        assert!(line.starts_with("✗") && line.contains(&format!("Hàng {}:", cell.row + 1)), "{sheet}!{cell}: {line}");
    }
}

/// One figure of a sheet that breaks a firm rule: a part above its whole, a sum one off, or a figure below nought.
fn slip(catalogue: &Catalogue, truth: &Truth<'_>, sheet: &str, filled: &Filled) -> (Address, String) {
    let own = |f: &&tonghop::model::Form| f.id.split('/').any(|p| p == sheet);
    let form = catalogue.forms.iter().find(own).unwrap();
    let line = |place: &Place| {
        let code = place.line.clone().filter(|_| place.form.is_none())?;
        Some([form.id.to_string(), String::new(), code, "value".to_owned()])
    };
    for rule in &catalogue.rules {
        if rule.form != form.id || rule.severity != Severity::Error {
            continue;
        }
        let RuleKind::AtMost { parts, whole } = &rule.kind else {
            continue;
        };
        if let (Some(part), Some(whole)) = (line(&parts[0]), line(whole))
            && let Some(cell) = filled.places.get(&part)
        {
            return (*cell, (truth.figures[&whole] + 3).to_string());
        }
    }
    let mut places = filled.places.iter().filter(|(key, _)| key[0] == *form.id);
    let pending = places.clone().find(|(key, _)| key[3] == "13");
    match pending.filter(|_| sheet == "II.06a") {
        Some((key, cell)) => (*cell, (truth.figures[key] + 7).to_string()),
        None => (*places.next().unwrap().1, "-5".to_owned()),
    }
}

/// The shared strings of a workbook with one text in place of another.
fn overtyped(from: &Path, to: &Path, old: &str, new: &str) {
    let mut parts = unzipped(from);
    let part = parts.get_mut("xl/sharedStrings.xml").unwrap();
    let text = String::from_utf8(part.clone()).unwrap();
    assert!(text.contains(old), "{old}");
    *part = text.replace(old, new).into_bytes();
    write_parts(to, &parts);
}

#[test]
fn a_title_typed_over_is_told() {
    let folder = scratch("blank-title");
    let catalogue = Arc::new(tonghop::catalogue::load(None).unwrap());
    let empty = blank(&folder, "goc.xlsx", &["II.06a"]);
    let filled = folder.join("Book1.xlsx");
    fill(&empty, &filled, &typed(&empty, &Truth::new(&catalogue, 3)).typed);
    for (new, unit, rule) in [
        ("Đơn vị báo cáo: Sở Y tế", "STC", "don-vi-khac-nhau"),
        ("Đơn vị báo cáo: Sở Không Có", "STC", "don-vi-khac-nhau"),
    ] {
        let path = folder.join("don vi.xlsx");
        overtyped(&filled, &path, "Đơn vị báo cáo: Sở Tài chính", new);
        let outcome = read(&catalogue, &path);
        assert_eq!(&*outcome.returns[0].unit, unit);
        assert!(said(&outcome).iter().any(|f| f.contains(rule) && f.contains("tên ẩn")), "{:?}", said(&outcome));
    }
    let path = folder.join("ky.xlsx");
    overtyped(&filled, &path, "Kỳ báo cáo: Quý III năm 2023", "Kỳ báo cáo: Quý II năm 2023");
    let outcome = read(&catalogue, &path);
    assert_eq!(outcome.returns[0].period.to_string(), PERIOD);
    assert!(said(&outcome).iter().any(|f| f.contains("ky-khac-nhau")), "{:?}", said(&outcome));
    // Without a list of units the name itself counts.
    let outcome = run(&catalogue, &filled, Units::default());
    assert_eq!(&*outcome.returns[0].unit, "Sở Tài chính");
}

#[test]
fn every_unit_gets_a_workbook_with_its_own_fields_and_forms() {
    let folder = scratch("blank-all");
    let samples = home().join("samples/quang-minh");
    let out = folder.join("gui");
    let args = [
        "forms",
        "blank",
        "--all",
        "--period",
        "2023-Q4",
        "--past",
        samples.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ];
    let said = tonghop(&folder, args);
    assert_eq!((said.exit, said.out.contains("16 tệp")), (0, true), "{}{}", said.out, said.err);
    let mut book: Xlsx<_> = open_workbook(out.join("XPS - 2023-Q4.xlsx")).unwrap();
    assert_eq!(book.sheet_names(), ["II.06a"], "a commune sends one form");
    let range = book.worksheet_range("II.06a").unwrap();
    let cells: Vec<String> = range.used_cells().map(|(.., c)| c.to_string()).collect();
    assert!(cells.iter().any(|c| c == "Chứng thực"), "{cells:?}");
    let said = tonghop(
        &folder,
        [
            "forms",
            "blank",
            "--unit",
            "Sở Lạ",
            "--period",
            "2023-Q4",
            "--units",
            units().to_str().unwrap(),
            "--out",
            "x.xlsx",
        ],
    );
    assert_eq!(said.exit, 2);
    assert!(said.err.contains("Không có đơn vị “Sở Lạ”"), "{}", said.err);
}

#[test]
fn a_form_whose_fields_nobody_knows_has_many_rows_whatever_else_was_sent() {
    let folder = scratch("blank-rows");
    let (list, past) = (units(), home().join("samples/quang-minh/2023-Q3/STC - Biểu mẫu 1 - quý III.2023.xlsx"));
    let height = |more: &[&str]| {
        let mut args = vec!["forms", "blank", "CCHC/BM1", "II.06a/VPCP/KSTT", "--unit", "STC", "--period", "2023-Q4"];
        args.extend(["--units", list.to_str().unwrap(), "--out", "x.xlsx"]);
        args.extend(more);
        let said = tonghop(&folder, args);
        assert_eq!(said.exit, 0, "{}{}", said.out, said.err);
        let mut book: Xlsx<_> = open_workbook(folder.join("x.xlsx")).unwrap();
        book.worksheet_range("II.06a").unwrap().height()
    };
    let unknown = height(&[]);
    assert_eq!(height(&["--past", past.to_str().unwrap()]), unknown, "what was sent has no fields of work");
}
