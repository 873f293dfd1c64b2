//! The Word reports: every number in them is the consolidated figure it says it is, and none is without one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tonghop::aggregate::Aggregation;
use tonghop::model::{Binding, Consolidation, Figure, Lang, Lines, Op, Outcome, Period, Return, Units};
use tonghop::normalise::number::money;
use tonghop::normalise::text::key;
use tonghop::pipeline::{self, Task};
use tonghop::write::{Reports, write};

use crate::program::{home, scratch};

/// What was read under a path, without rules tried.
fn outcome(path: &Path) -> Outcome {
    let catalogue = Arc::new(tonghop::catalogue::load(None).unwrap());
    let paths = vec![path.to_owned()];
    let units = pipeline::find_units(None, &paths)
        .map_or_else(Units::default, |file| tonghop::catalogue::load_units(&file, key).unwrap());
    let task = Task { paths, read_only: true, ..Task::default() };
    pipeline::run(&task, catalogue, units, &|_, _| {}).unwrap()
}

fn sums(outcome: &Outcome, returns: &[Return], period: Period) -> Consolidation {
    let (catalogue, units) = (&outcome.catalogue, &outcome.units);
    Aggregation::new(returns, catalogue, units).unwrap().of(period, None).unwrap()
}

/// The reports of one period: name and document.xml.
fn reports(outcome: &Outcome, period: Period, name: &str) -> Vec<(String, String)> {
    let dir = scratch(name);
    let consolidation = sums(outcome, &outcome.returns, period);
    let reports = Reports::load(&outcome.catalogue, &[]).unwrap();
    let date = "2026-09-20".parse().unwrap();
    let files = write(outcome, &consolidation, period, &reports, Lang::Vi, date, &dir).unwrap();
    files
        .into_iter()
        .filter(|f| f.extension().is_some_and(|e| e == "docx"))
        .map(|f| (f.file_name().unwrap().to_string_lossy().into_owned(), xml(&f)))
        .collect()
}

fn xml(file: &Path) -> String {
    let mut zip = zip::ZipArchive::new(fs::File::open(file).unwrap()).unwrap();
    let mut text = String::new();
    zip.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
    text
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// The text of a piece of XML: what its `w:t` hold.
fn text(xml: &str) -> String {
    let runs = xml.split("<w:t xml:space=\"preserve\">").skip(1);
    unescape(&runs.map(|r| r.split("</w:t>").next().unwrap()).collect::<String>())
}

/// Tag and text of every content control.
fn controls(xml: &str) -> Vec<(String, String)> {
    xml.split("<w:sdt>")
        .skip(1)
        .map(|c| c.split("</w:sdt>").next().unwrap())
        .map(|c| {
            let tag = c.split("<w:tag w:val=\"").nth(1).unwrap();
            (unescape(tag.split('"').next().unwrap()), text(c))
        })
        .collect()
}

/// The XML with its content controls cut out.
fn loose(xml: &str) -> String {
    let mut pieces = xml.split("<w:sdt>");
    let mut out = pieces.next().unwrap().to_owned();
    for piece in pieces {
        out.push_str(piece.split("</w:sdt>").nth(1).unwrap());
    }
    out
}

/// What is printed, as a figure; words for nothing are 0.
fn figure(text: &str) -> Option<Figure> {
    if text.starts_with("không") {
        return Some(Figure::ZERO);
    }
    let plain = text.trim_end_matches('%').replace('.', "").replace(',', ".");
    Figure::parse_plain(&plain)
}

/// The figures of a path, by period, as they are asked for.
struct Truth<'a> {
    outcome: &'a Outcome,
    periods: HashMap<String, HashMap<Key, (Option<Figure>, u32, u32)>>,
    of_unit: HashMap<(String, String), HashMap<Key, Option<Figure>>>,
}

/// (form, table, line, column)
type Key = (String, String, String, String);

impl<'a> Truth<'a> {
    fn new(outcome: &'a Outcome) -> Self {
        Self { outcome, periods: HashMap::new(), of_unit: HashMap::new() }
    }

    fn at(&mut self, period: &str) -> &HashMap<Key, (Option<Figure>, u32, u32)> {
        let outcome = self.outcome;
        self.periods.entry(period.to_owned()).or_insert_with(|| {
            let made = sums(outcome, &outcome.returns, period.parse().unwrap());
            let row = |t: &tonghop::model::Total| {
                let key = (t.form.to_string(), t.table.to_string(), t.line.to_string(), t.column.to_string());
                (key, (t.value, t.reported, t.expected))
            };
            made.totals.iter().map(row).collect()
        })
    }

    /// A unit's figures, consolidated from its returns alone; its answers and percentages as they stand.
    fn of(&mut self, unit: &str, period: &str) -> &HashMap<Key, Option<Figure>> {
        let outcome = self.outcome;
        let wanted = (unit.to_owned(), period.to_owned());
        self.of_unit.entry(wanted).or_insert_with(|| {
            let own: Vec<Return> = outcome.returns.iter().filter(|r| *r.unit == *unit).cloned().collect();
            let made = sums(outcome, &own, period.parse().unwrap());
            let mut found: HashMap<Key, Option<Figure>> = HashMap::new();
            for f in &made.by_unit {
                let key = (f.form.to_string(), f.table.to_string(), f.line.to_string(), f.column.to_string());
                found.insert(key, f.value);
            }
            for t in &made.totals {
                let key = (t.form.to_string(), t.table.to_string(), t.line.to_string(), t.column.to_string());
                found.insert(key, t.value);
            }
            found
        })
    }
}

/// Every tag that could stand in a report, with its parts: what Word cut short is found again.
fn parts(tag: &str, truth: &mut Truth<'_>) -> Vec<String> {
    let parts: Vec<String> = tag.split('|').map(str::to_owned).collect();
    if !tag.contains('~') {
        return parts;
    }
    let op = [Op::Figure, Op::Words, Op::OfUnit, Op::Difference, Op::Change, Op::Share]
        .into_iter()
        .find(|op| op.name() == parts[0])
        .unwrap();
    let period = parts[4].clone();
    let lines: Vec<Key> = truth.at(period.split(':').next().unwrap()).keys().cloned().collect();
    for (form, table, line, column) in lines {
        let binding = Binding {
            op,
            form: form.into(),
            table: table.into(),
            line,
            column: if parts[3].is_empty() { column } else { parts[3].clone() },
            period: period.clone(),
            unit: String::new(),
        };
        if binding.tag() == tag {
            return binding.to_string().split('|').map(str::to_owned).collect();
        }
    }
    panic!("nothing is called {tag}");
}

fn rounded(value: Option<Figure>, decimals: u8) -> Option<Figure> {
    let value = value?;
    let near = value.rounded_to(decimals);
    let (zero, hundred) = (Figure::ZERO, Figure::whole(100));
    Some(match () {
        () if near == zero && value > zero => Figure::new(1, decimals),
        () if near == hundred && value < hundred => Figure::new(100 * 10i64.pow(decimals.into()) - 1, decimals),
        () => near,
    })
}

/// One number of a report against the truth; what is wrong with it.
fn verify(tag: &str, printed: &str, truth: &mut Truth<'_>) -> Option<String> {
    let p = parts(tag, truth);
    let key = |line: &str, column: &str| (p[1].clone(), p[2].clone(), line.to_owned(), column.to_owned());
    let said = figure(printed);
    let (line, column) = (p.get(5).cloned().unwrap_or_default(), p[3].clone());
    let (now, then) = p[4].split_once(':').unwrap_or((&p[4], ""));
    let outcome = truth.outcome;
    let table = outcome.catalogue.table(&p[1], &p[2]);
    let worth = |value: Figure| match table.and_then(|t| t.line(&line)) {
        Some(l) if tonghop::normalise::text::key(&l.measure) == "trieu dong" => {
            Figure::new(value.units * 1_000_000, value.scale)
        }
        _ => value,
    };
    let sum = |side: &str, lines: bool, all: &HashMap<Key, (Option<Figure>, u32, u32)>| {
        side.split('+').try_fold(Figure::ZERO, |sum, part| {
            let key = if lines { key(part, &column) } else { key(&line, part) };
            sum.checked_add(all.get(&key)?.0?)
        })
    };
    let holds = match p[0].as_str() {
        "so" => {
            let value = truth.at(now).get(&key(&line, &column))?.0;
            said == rounded(value, 2).filter(|_| printed.ends_with('%')) || said == value
        }
        "dong" => {
            let value = truth.at(now).get(&key(&line, &column))?.0;
            said == value.map(worth)
        }
        "chu" => {
            let value = truth.at(now).get(&key(&line, &column))?.0;
            money(&format!("({printed})")).map(|m| Figure::whole(m as i64)) == value.map(worth)
        }
        "dv" => {
            let value = truth.of(&p[6], now).get(&key(&line, &column)).copied().flatten();
            let meaning =
                table.and_then(|t| t.line(&line)).and_then(|l| l.codes.get(&i64::try_from(value?.at_scale(0)?).ok()?));
            said == value || said == rounded(value, 2) || meaning.is_some_and(|m| m == printed)
        }
        "hieu" => {
            let (new, old) =
                (truth.at(now).get(&key(&line, &column))?.0?, truth.at(then).get(&key(&line, &column))?.0?);
            let difference = new.checked_add(Figure::new(-old.units, old.scale))?;
            said == Some(Figure::new(difference.units.abs(), difference.scale))
        }
        "doi" => {
            let (new, old) =
                (truth.at(now).get(&key(&line, &column))?.0?, truth.at(then).get(&key(&line, &column))?.0?);
            let difference = new.checked_add(Figure::new(-old.units, old.scale))?;
            let absolute = Figure::new(difference.units.abs(), difference.scale);
            said == rounded(Figure::percentage(absolute, old, 4), 1)
        }
        "ty-le" => {
            let lines = line.contains('/');
            let whole = if lines { &line } else { &column };
            let (top, bottom) = whole.split_once('/').unwrap();
            let all = truth.at(now);
            let value = Figure::percentage(sum(top, lines, all)?, sum(bottom, lines, all)?, 4);
            said == rounded(value, 2)
        }
        "da-gui" | "phai-gui" => {
            let reported = p[0] == "da-gui";
            let all = truth.at(now);
            let of_form = all.iter().filter(|(k, _)| k.0 == p[1]);
            let mut of_place =
                of_form.filter(|(k, _)| column.is_empty() || (k.1 == p[2] && k.2 == line && k.3 == column));
            of_place.any(|(_, (_, given, expected))| {
                Some(Figure::whole((if reported { *given } else { *expected }).into())) == said
            })
        }
        "dem" => said.is_some_and(|v| v > Figure::ZERO),
        "loi" => true,
        other => panic!("{other} is no operation"),
    };
    (!holds).then(|| format!("{tag} is printed as {printed}"))
}

/// (how many numbers, what is wrong)
fn compare(path: &Path, period: &str, name: &str) -> (usize, Vec<String>) {
    let outcome = outcome(path);
    let mut truth = Truth::new(&outcome);
    let (mut many, mut wrong) = (0, Vec::new());
    for (file, xml) in reports(&outcome, period.parse().unwrap(), name) {
        for (tag, printed) in controls(&xml) {
            assert!(tag.chars().count() <= 64, "{tag} is too long for Word");
            many += 1;
            wrong.extend(verify(&tag, &printed, &mut truth).map(|w| format!("{file}: {w}")));
        }
        wrong.extend(unbound(&xml, &outcome, period).into_iter().map(|w| format!("{file}: {w}")));
    }
    (many, wrong)
}

/// Digits outside content controls that neither the templates nor the names and periods have.
fn unbound(xml: &str, outcome: &Outcome, period: &str) -> Vec<String> {
    let known = known_numbers(outcome, period);
    // What follows is the list of cells, and names them.
    let body = ["Phụ lục để đối chiếu", "Số liệu trong bài và ô nguồn"]
        .iter()
        .filter_map(|mark| xml.find(mark))
        .min()
        .map_or(xml, |at| &xml[..at]);
    let mut wrong = Vec::new();
    for row_or_text in loose(body).split("<w:p>") {
        let words = text(row_or_text);
        // A row's own number, and a column's.
        let bare = words.trim_start_matches('(').trim_end_matches(')');
        if bare.parse::<u32>().is_ok_and(|n| n < 200) {
            continue;
        }
        for number in numbers(&words) {
            if !known.contains(&number) {
                wrong.push(format!("{number} is bound to nothing: {words}"));
            }
        }
    }
    wrong
}

fn numbers(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','))
        .map(|n| n.trim_matches(['.', ',']).to_owned())
        .filter(|n| n.chars().any(|c| c.is_ascii_digit()))
        .collect()
}

fn known_numbers(outcome: &Outcome, period: &str) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    let mut add = |text: &str| known.extend(numbers(text));
    for entry in fs::read_dir(home().join("templates/reports")).unwrap() {
        let source = fs::read_to_string(entry.unwrap().path()).unwrap();
        // Outside of tags.
        for piece in source.split("}}").flat_map(|p| p.split("%}")) {
            add(piece.split(['{']).next().unwrap());
        }
    }
    let period: Period = period.parse().unwrap();
    let (start, end) = period.days();
    for day in [start, end] {
        add(&day.format("%d/%m/%Y %-d/%-m/%Y").to_string());
    }
    // The same period a year before is named too.
    for year in [period.year - 1, period.year, period.year + 1] {
        add(&year.to_string());
    }
    for form in &outcome.catalogue.forms {
        for text in [&form.id.to_string(), &form.code, &form.title, &form.legal_basis] {
            add(text);
        }
        for table in &form.tables {
            add(&table.title);
            if let Lines::Fixed(lines) = &table.lines {
                for line in lines {
                    add(&format!("{} {} {}", line.code, line.label, line.measure));
                }
            }
        }
    }
    outcome.units.list.iter().for_each(|u| add(&u.name));
    for ret in &outcome.returns {
        add(&ret.unit);
        ret.entries.iter().for_each(|e| add(&e.line));
    }
    known
}

fn all_hold(path: &Path, periods: &[&str], name: &str, at_least: usize) {
    for period in periods {
        let (many, wrong) = compare(path, period, &format!("{name}-{period}"));
        assert!(wrong.is_empty(), "{period}:\n{}", wrong.join("\n"));
        assert!(many >= at_least, "{period}: only {many} numbers");
    }
}

#[test]
fn every_number_of_the_samples_reports_is_the_consolidated_one() {
    let path = home().join("samples/quang-minh");
    all_hold(&path, &["2023-Q3", "2023-H1"], "report-samples", 1500);
}

/// A form that was just learned has a report of its own.
#[test]
fn every_number_of_a_learned_forms_report_is_the_consolidated_one() {
    let path = home().join("samples/binh-an");
    all_hold(&path, &["2026-Q2", "2026-H1"], "report-learned", 60);
    let written = reports(&outcome(&path), "2026-Q2".parse().unwrap(), "report-learned-again");
    let [(_, xml)] = &written[..] else { panic!("one report: {}", written.len()) };
    let said = text(xml);
    assert!(said.contains("KẾT QUẢ CHO VAY VỐN GIẢI QUYẾT VIỆC LÀM") && said.contains("08/08 đơn vị"), "{said}");
    assert!(said.contains("so với quý I năm 2026"), "it is compared with the first quarter: {said}");
}

#[test]
fn every_number_of_the_seeds_reports_is_the_consolidated_one() {
    let books = home().join("tests/seeds");
    let book = |start: &str| -> PathBuf {
        let entries = fs::read_dir(&books).unwrap().map(|e| e.unwrap().path());
        let mut found = entries.filter(|p| {
            let name = p.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with(start) && name.ends_with(".xlsx")
        });
        found.next().unwrap()
    };
    all_hold(&book("Lang Son"), &["2021-Q1"], "report-lang-son", 100);
    all_hold(&book("Quang Tri"), &["2023"], "report-quang-tri", 150);
}

/// The corpora stand beside the project, where they do.
#[test]
fn every_number_of_the_corpora_s_reports_is_the_consolidated_one() {
    for (corpus, period) in [("clean", "2023"), ("dirty", "2023-Q2")] {
        let path = home().join("../shared/corpus").join(corpus);
        if path.exists() {
            all_hold(&path, &[period], &format!("report-{corpus}"), 1000);
        }
    }
}

/// A changed number is seen: the comparison above is no idle one.
#[test]
fn a_number_changed_by_one_is_seen() {
    let path = home().join("samples/quang-minh");
    let outcome = outcome(&path);
    let mut truth = Truth::new(&outcome);
    let all = reports(&outcome, "2023-Q3".parse().unwrap(), "report-changed");
    let mut tried: BTreeMap<String, usize> = BTreeMap::new();
    for (tag, printed) in all.iter().flat_map(|(_, xml)| controls(xml)) {
        let op = tag.split('|').next().unwrap().to_owned();
        let Some(last) = printed.rfind(|c: char| c.is_ascii_digit()) else {
            continue;
        };
        if op == "dem" || op == "loi" || op.ends_with("-gui") {
            continue;
        }
        let digit = printed[last..=last].parse::<u8>().unwrap();
        let changed = format!("{}{}{}", &printed[..last], (digit + 1) % 10, &printed[last + 1..]);
        assert!(verify(&tag, &changed, &mut truth).is_some(), "{tag}: {changed}");
        *tried.entry(op).or_default() += 1;
    }
    // The sample's quarters are of other units each, so no change from one to the next is told.
    for op in ["so", "dv", "ty-le"] {
        assert!(tried.get(op).is_some_and(|n| *n > 0), "no {op} tried: {tried:?}");
    }
}

/// Held against the folder it stands in, no report of ours says anything that the checker doubts.
#[test]
fn the_checker_of_reports_takes_ours() {
    let dir = crate::program::samples_consolidated();
    for name in ["bao-cao.docx", "bao-cao-cchc.docx", "bao-cao-tin.docx"] {
        let file = dir.join(name);
        let args = ["check".as_ref(), file.as_os_str(), "--against".as_ref(), dir.as_os_str()];
        let said = crate::program::tonghop(home(), args);
        assert_eq!(said.exit, 0, "{name}:\n{}", said.out);
    }
}
