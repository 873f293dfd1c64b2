//! `tonghop explain`: a rule's words and basis, what a kind of rule means, or how much of a file is taken in; and of
//! `FILE 'SHEET!CELL'`, the rules that read a cell, with the numbers, then what each repair would do.

use std::fmt::Write as _;
use std::path::Path;

use rapidfuzz::distance::jaro_winkler;

use super::args::{ExplainArgs, Input};
use super::{End, run, say};
use crate::check;
use crate::model::finding::Kind;
use crate::model::{self, Address, CellId, Finding, Lang, Outcome, Suspect};
use crate::rule::{self, Book, Effect, Reading, Status};
use crate::words::Words;

/// The page on how much of a file is taken in.
const LIMITS: [&str; 2] = ["gioi-han", "limits"];

pub fn run(args: &ExplainArgs) -> Result<End, String> {
    if let Some(cell) = &args.cell {
        return of_cell(args, cell);
    }
    let lang = args.common.lang;
    if LIMITS.contains(&&*args.what) {
        say::out(&crate::read::limits_explained(lang));
        return Ok(End::Clean);
    }
    let catalogue = run::load(&args.common)?;
    // What text is tried by has one explanation for all its rules.
    let kind = args.what.split_once(':').map_or(&*args.what, |(lead, _)| match lead {
        "van-ban" => "prose",
        _ => &args.what,
    });
    if let Some(words) = of_kind(kind, lang) {
        say::out(&format!("{words}\n"));
        return Ok(End::Clean);
    }
    let Some(rule) = catalogue.rules.iter().find(|r| *r.id == *args.what) else {
        let known = catalogue.rules.iter().map(|r| &*r.id).chain(explained().map(|kind| kind.name())).chain(LIMITS);
        let near = known
            .map(|k| (jaro_winkler::normalized_similarity(k.chars(), args.what.chars()), k))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map_or("", |(_, k)| k);
        return Err(lang.pick(
            format!("Không có quy tắc '{}'; gần nhất là '{near}'.", args.what),
            format!("There is no rule '{}'; the nearest is '{near}'.", args.what),
        ));
    };
    let (severity, basis) = (lang.severity(rule.severity), lang.pick("Căn cứ", "Basis"));
    let kind = of_kind(rule.kind.name(), lang).unwrap_or_default();
    say::out(&format!("{} [{severity}]\n  {}\n  {basis}: {}\n\n{kind}\n", rule.id, rule.says, rule.basis));
    Ok(End::Clean)
}

/// The kinds that have an explanation.
fn explained() -> impl Iterator<Item = Kind> {
    Kind::all().filter(|kind| check::explanation(*kind).is_some())
}

fn of_kind(kind: &str, lang: Lang) -> Option<&'static str> {
    let words = check::explanation(explained().find(|own| own.name() == kind)?)?;
    let (en, vi) = words.split_once("\n---\n")?;
    Some(lang.pick(vi, en).trim_end())
}

pub fn of_cell(args: &ExplainArgs, place: &str) -> Result<End, String> {
    let lang = args.common.lang;
    let file = Path::new(&args.what);
    let paths = std::iter::once(file.to_path_buf()).chain(args.with.iter().cloned()).collect();
    let input = Input::quiet(paths, &args.common, args.units.as_ref());
    let outcome = run::run(&input, false)?;
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let book = Book::new(&outcome.catalogue, &outcome.returns).following(&outcome.units);
    let cell = find(&book, &outcome, &name, place, lang)?;
    say::out(&cell_explained(&book, &outcome, cell, lang));
    Ok(End::Clean)
}

/// `Biểu 06a!D12`, or `D12` alone where one sheet has a form.
fn find(book: &Book<'_>, outcome: &Outcome, name: &str, place: &str, lang: Lang) -> Result<CellId, String> {
    let (sheet, cell) = place.rsplit_once('!').map_or(("", place), |(sheet, cell)| (sheet.trim_matches('\''), cell));
    let address = Address::parse(&cell.replace('$', "")).ok_or_else(|| {
        lang.pick(
            format!("'{cell}' không phải là ô; ghi như 'Biểu 06a!D12'."),
            format!("'{cell}' is no cell; write it as 'Biểu 06a!D12'."),
        )
    })?;
    let own = |file: &str| file == name || file.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'));
    let tables: Vec<&model::Return> = outcome.returns.iter().filter(|r| own(&r.file)).collect();
    let fits = |r: &&&model::Return| sheet.is_empty() || *r.sheet == *sheet;
    tables.iter().filter(fits).find_map(|r| rule::find(book, &r.file, &r.sheet, address)).ok_or_else(|| {
        let known = tables
            .iter()
            .map(|r| format!("{}!{}:{} ({})", r.sheet, r.first, r.last, r.form))
            .collect::<Vec<_>>()
            .join("; ");
        let refused = outcome.files.iter().find(|f| own(&f.file)).map(|f| f.reason.pick(lang)).unwrap_or_default();
        match known.is_empty() {
            true => lang.pick(
                format!("{name}: không có biểu nào đọc được. {refused}"),
                format!("{name}: no form could be read in it. {refused}"),
            ),
            false => lang.pick(
                format!("{place} không phải là ô số liệu của biểu nào; các biểu trong tệp: {known}."),
                format!("{place} is no figure of a form; the file has {known}."),
            ),
        }
    })
}

fn cell_explained(book: &Book<'_>, outcome: &Outcome, cell: CellId, lang: Lang) -> String {
    let (ret, entry) = (book.ret(cell.ret), book.entry(cell));
    let period = lang.period(ret.period);
    let words = Words::of(outcome, lang);
    let mut text = format!("{}: {}\n", words.name(&book.quoted(cell)), words.entry(entry));
    let _ = writeln!(text, "{} — {}, {}, {period}", ret.file, ret.form, outcome.units.name(&ret.unit));
    if let Some(formula) = &entry.formula {
        let _ = writeln!(text, "{}: ={formula}", lang.pick("Công thức", "Formula"));
    }
    if ret.superseded {
        text += lang.pick(
            "Đã có bản mới hơn của biểu này; bản này không được kiểm tra.\n",
            "A newer version of this return counts; this one is not checked.\n",
        );
    }
    let equations = check::check(book).equations;
    let readings = rule::readings(book, &equations, cell);
    let head = lang
        .pick(format!("{} quy tắc đọc ô này:", readings.len()), format!("{} rules read this cell:", readings.len()));
    let _ = writeln!(text, "\n{head}");
    for reading in &readings {
        of_reading(book, reading, &words, &mut text);
    }
    let here = |f: &&Finding| {
        let suspected = f.suspects.iter().flat_map(|s| &s.cells).filter(|c| c.cell == entry.cell);
        let there = |c: &model::Correction| match &c.elsewhere {
            Some((file, sheet)) => (file, sheet) == (&ret.file, &ret.sheet),
            None => (&f.file, &f.sheet) == (&ret.file, &ret.sheet),
        };
        let read = f.file == ret.file && f.sheet == ret.sheet && f.cells.contains(&entry.cell);
        read || suspected.into_iter().any(there)
    };
    for finding in outcome.findings.iter().filter(here) {
        let waived = finding
            .waived
            .as_ref()
            .map(|waived| format!(" [{}: {}]", lang.pick("đã miễn", "waived"), words.waived(waived)))
            .unwrap_or_default();
        let _ = writeln!(text, "\n{}: {}{waived}", lang.severity(finding.severity), words.message(finding));
        for suspect in &finding.suspects {
            if let Some(changes) = rule::changes(book, finding, suspect) {
                of_suspect(suspect, &rule::effects(book, &equations, &changes), &words, &mut text);
            }
        }
    }
    text
}

fn of_reading(book: &Book<'_>, reading: &Reading<'_>, words: &Words<'_>, text: &mut String) {
    let status = status_in_words(&reading.claim.status(|cell| book.value(*cell)), words.lang);
    let arithmetic = words.arithmetic(&reading.claim, book, reading.home);
    let _ = writeln!(text, "  [{status}] {}\n      {}\n      {arithmetic}", reading.rule.id, reading.rule.says);
}

fn of_suspect(suspect: &Suspect, effects: &[Effect<'_>], words: &Words<'_>, text: &mut String) {
    let lang = words.lang;
    let cells = suspect.cells.iter().map(|c| {
        let there = c.elsewhere.as_ref().map(|(_, sheet)| format!("{sheet}!")).unwrap_or_default();
        let stated = if c.stated.is_empty() { lang.pick("trống", "blank") } else { &c.stated };
        format!("{there}{} {stated} → {}", c.cell, c.proposed.map(|p| lang.figure(p)).unwrap_or_default())
    });
    let _ = writeln!(
        text,
        "  {} {} ({}):",
        lang.pick("Nếu sửa", "With"),
        cells.collect::<Vec<_>>().join(", "),
        words.why(suspect)
    );
    let kept = effects.iter().filter(|e| e.before == Status::Holds && e.after == Status::Holds).count();
    for effect in effects.iter().filter(|e| e.before != Status::Holds || e.after != Status::Holds) {
        let (before, after) = (status_in_words(&effect.before, lang), status_in_words(&effect.after, lang));
        let _ = writeln!(text, "      {}: {before} → {after}", effect.reading.rule.id);
    }
    if kept > 0 {
        *text += &lang.pick(
            format!("      {kept} phép kiểm tra khác vẫn khớp\n"),
            format!("      {kept} other checks hold as before\n"),
        );
    }
}

fn status_in_words(status: &Status, lang: Lang) -> String {
    match status {
        Status::Holds => lang.pick("khớp", "holds").to_owned(),
        Status::Fails(None) => lang.pick("không khớp", "does not hold").to_owned(),
        Status::Fails(Some(gap)) => {
            let gap = lang.figure(*gap);
            let sign = if gap.starts_with('-') { "" } else { "+" };
            lang.pick(format!("không khớp, lệch {sign}{gap}"), format!("does not hold, off by {sign}{gap}"))
        }
        Status::Undecided => lang.pick("chưa xét được", "undecided").to_owned(),
    }
}
