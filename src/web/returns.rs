//! A return as its sender laid it out, one finding at a time: what is wrong, the sum as one writes it on paper, and what
//! to do about it.

use std::collections::BTreeMap;

use minijinja::value::Serde;
use minijinja::{Value, context};

use super::route::{Answer, Asked, next};
use super::state::{App, Notice, Shown, Undo};
use super::view;
use crate::model::decision::CellChange;
use crate::model::{Address, Finding, Lang, Outcome, Return, Severity, Sheet, Workbook};
use crate::words::Words;
use crate::workspace::journal::{self, Journal};
use crate::workspace::proof::{self, Way};
use crate::workspace::sent::State;
use crate::workspace::sheets::typed;
use crate::workspace::{decisions, line, sheets};

/// Findings listed at once.
const MOST: usize = 2_000;

/// Where a finding is shown.
pub fn place(finding: &Finding) -> String {
    format!("{}&f={}", view::sheet(&finding.file, &finding.sheet), id(finding))
}

/// What tells a finding from others, the same after others were corrected.
pub fn id(finding: &Finding) -> String {
    let cells = finding.cells.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let paragraph = finding.passage.as_ref().map(|p| p.paragraph);
    let text = format!("{}|{}|{}|{cells}|{paragraph:?}", finding.rule, finding.file, finding.sheet);
    let hash =
        text.bytes().fold(0xcbf2_9ce4_8422_2325u64, |sum, b| (sum ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

/// The findings of the period, in their order.
fn of_period<'a>(shown: &'a Shown, asked: &Asked) -> Vec<&'a Finding> {
    let period = asked.period(shown);
    let within = |f: &&Finding| match (period, f.period) {
        (Some(whole), Some(own)) => whole.holds(own),
        _ => true,
    };
    shown.outcome().findings.iter().filter(within).collect()
}

/// Whether a finding asks something of somebody.
fn asks(finding: &Finding) -> bool {
    finding.waived.is_none() && finding.severity != Severity::Note
}

/// All findings of the period, unit by unit.
pub fn list(asked: &Asked, shown: &Shown) -> Answer {
    let outcome = shown.outcome();
    let words = Words::of(outcome, shown.lang);
    let wanted = asked.field("severity");
    let all = of_period(shown, asked);
    let count = |severity: Severity| all.iter().filter(|f| f.severity == severity && f.waived.is_none()).count();
    let counts = context! {
        errors => count(Severity::Error),
        warnings => count(Severity::Warning),
        notes => count(Severity::Note),
        waived => all.iter().filter(|f| f.waived.is_some()).count(),
    };
    let keep = |f: &&&Finding| match wanted {
        "note" => f.severity == Severity::Note && f.waived.is_none(),
        "warning" => f.severity == Severity::Warning && f.waived.is_none(),
        "waived" => f.waived.is_some(),
        "error" => f.severity == Severity::Error && f.waived.is_none(),
        _ => f.severity != Severity::Note && f.waived.is_none(),
    };
    let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
    for finding in all.iter().filter(keep).take(MOST) {
        let unit = match outcome.units.name(&finding.unit) {
            "" => finding.file.rsplit('/').next().unwrap_or_default(),
            name => name,
        };
        let row = row(finding, &words);
        match groups.iter_mut().find(|(name, _)| name == unit) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((unit.to_owned(), vec![row])),
        }
    }
    let groups = groups.into_iter().map(|(unit, rows)| context! { unit, rows }).collect::<Vec<_>>();
    Answer::Page("findings.html", context! { groups, counts, severity => wanted })
}

fn row(finding: &Finding, words: &Words<'_>) -> Value {
    let lang = words.lang;
    let first = finding.suspects.first();
    let cells = first.map(|s| s.cells.iter().map(|c| c.cell.to_string()).collect::<Vec<_>>().join(", "));
    let change = first.and_then(|s| match s.cells.as_slice() {
        [one] => Some((lang.stated(&one.stated), lang.figure(one.proposed?))),
        _ => None,
    });
    context! {
        cells,
        place => place(finding),
        state => state(finding),
        word => severity(finding, lang),
        form => view::short(&finding.form),
        stated => change.as_ref().map(|c| c.0.clone()),
        proposed => change.map(|c| c.1),
        message => words.message(finding),
        waived => finding.waived.as_ref().map(|w| words.waived(w)),
        file => &*finding.file,
    }
}

fn state(finding: &Finding) -> &'static str {
    match finding.severity {
        _ if finding.waived.is_some() => "none",
        Severity::Error => "error",
        Severity::Warning => "warn",
        Severity::Note => "none",
    }
}

fn severity(finding: &Finding, lang: Lang) -> &'static str {
    match finding.severity {
        _ if finding.waived.is_some() => lang.pick("Đã xác nhận", "Confirmed"),
        Severity::Error => lang.pick("Phải sửa", "To correct"),
        Severity::Warning => lang.pick("Cần xác nhận", "To confirm"),
        Severity::Note => lang.pick("Lưu ý", "Note"),
    }
}

/// One return.
pub fn page(asked: &Asked, shown: &Shown) -> Answer {
    let (lang, outcome) = (shown.lang, shown.outcome());
    let (file, wanted) = (asked.field("file"), asked.field("sheet"));
    if !outcome.files.iter().any(|f| *f.file == *file) {
        return Answer::Wrong(lang.pick(
            format!("Tệp “{file}” không có trong hộp thư; có thể đã đổi tên hoặc bị xoá."),
            format!("“{file}” is not in the inbox; it may have been renamed or removed."),
        ));
    }
    let original = line::original(&shown.workspace, outcome, file).map_err(|_| lost(file, lang));
    let workbook = original.as_ref().ok().map(|original| &original.workbook);
    let by_sheet = sheets::returns(outcome, file);
    let sheet = workbook.and_then(|workbook| sheet_to_show(workbook, wanted, &by_sheet));
    let name = sheet.map_or(wanted, |s| s.name.as_str());
    let of_file = on_sheet(outcome, file, name);
    let finding = chosen(asked, &of_file);
    // All findings of the period in their order; the one shown, and its neighbours.
    let all: Vec<&Finding> = of_period(shown, asked).into_iter().filter(|f| asks(f)).collect();
    let position = finding.and_then(|f| all.iter().position(|g| std::ptr::eq(*g, f)));
    let neighbour = |at: Option<usize>| at.and_then(|at| all.get(at)).map(|f| place(f));
    let before = neighbour(position.and_then(|at| at.checked_sub(1)));
    let after = neighbour(Some(position.map_or(0, |at| at + 1)));
    let ways = finding.map(|f| proof::ways(outcome, f, lang)).unwrap_or_default();
    // Where nothing is wrong, one cell after another may be corrected here.
    let next_place = match finding {
        Some(_) => after.clone().unwrap_or_else(|| "/findings".to_owned()),
        None => view::sheet(file, name),
    };
    let words = Words::of(outcome, lang);
    let others = of_file.iter().filter(|f| finding.is_none_or(|shown| !std::ptr::eq(**f, shown))).take(20);
    let ret = by_sheet.get(name).and_then(|all| all.first()).copied();
    Answer::Page(
        "return.html",
        context! {
            file, before, after,
            tabs => workbook.map(|workbook| tabs(workbook, name, file, outcome)).unwrap_or_default(),
            grid => sheet.map(|sheet| Value::from(Serde(sheets::shown(sheet, outcome, file, lang)))),
            marks => Serde(marks(finding, &ways, file, name)),
            others => others.map(|f| row(f, &words)).collect::<Vec<_>>(),
            sheet => name,
            unit => ret.map(|r| outcome.units.name(&r.unit).to_owned()),
            form => ret.map(|r| view::short(&r.form).to_owned()),
            of_period => ret.map(|r| view::period_name(r.period, lang)),
            evidence => ret.map(|r| context! { unit => r.evidence.unit.as_str(), period => r.evidence.period.as_str(), form => r.evidence.form.as_str() }),
            superseded => ret.is_some_and(|r| !r.counts()),
            lost => original.err(),
            next => next_place,
            position => position.map(|p| p + 1),
            count => all.len(),
            finding => finding.map(|f| card(f, &ways, shown)),
            until => until(),
        },
    )
}

/// The sheet asked for, else the first with a form, else the first that is seen.
fn sheet_to_show<'a>(
    workbook: &'a Workbook,
    wanted: &str,
    by_sheet: &BTreeMap<&str, Vec<&Return>>,
) -> Option<&'a Sheet> {
    let all = || workbook.sheets.iter();
    let with_form = || all().find(|s| by_sheet.contains_key(s.name.as_str()));
    all().find(|s| s.name == wanted).or_else(with_form).or_else(|| all().find(|s| !s.hidden))
}

/// The findings that stand on a sheet; of a document, those on its text.
fn on_sheet<'a>(outcome: &'a Outcome, file: &str, sheet: &str) -> Vec<&'a Finding> {
    let of_file = || outcome.findings.iter().filter(|f| *f.file == *file);
    let here: Vec<&Finding> = of_file().filter(|f| *f.sheet == *sheet || f.sheet.is_empty()).collect();
    if here.is_empty() { of_file().filter(|f| f.passage.is_some()).collect() } else { here }
}

/// The finding asked for, else the first that asks something, else the first.
fn chosen<'a>(asked: &Asked, of_file: &[&'a Finding]) -> Option<&'a Finding> {
    let asked_for = of_file.iter().find(|f| id(f) == asked.field("f"));
    asked_for.or_else(|| of_file.iter().find(|f| asks(f))).or(of_file.first()).copied()
}

/// The file's sheets, each with how many findings ask something on it.
fn tabs(workbook: &Workbook, now: &str, file: &str, outcome: &Outcome) -> Vec<Value> {
    let tab = |sheet: &Sheet| {
        let own = outcome.findings.iter().filter(|f| *f.file == *file && *f.sheet == *sheet.name && asks(f));
        context! { name => sheet.name.as_str(), findings => own.count(), now => sheet.name == now }
    };
    workbook.sheets.iter().filter(|s| !s.hidden).map(tab).collect()
}

/// The last day that a waiver is proposed for: the end of the year.
fn until() -> String {
    use chrono::Datelike;
    let today = chrono::Local::now().date_naive();
    format!("{}-12-31", today.year())
}

fn lost(file: &str, lang: Lang) -> String {
    lang.pick(
        format!("Tệp “{file}” đã đổi hoặc không mở lại được, nên không vẽ được bố cục; các lỗi vẫn nêu ở bên."),
        format!(
            "“{file}” has changed or can't be opened again, so its layout can't be drawn; its findings stand beside."
        ),
    )
}

/// How cells of the sheet, by their names, stand to the finding.
fn marks(finding: Option<&Finding>, ways: &[Way], file: &str, sheet: &str) -> BTreeMap<String, &'static str> {
    let mut marks: BTreeMap<String, &'static str> = BTreeMap::new();
    let read = finding.filter(|f| *f.sheet == *sheet);
    marks.extend(read.into_iter().flat_map(|f| &f.cells).map(|cell| (cell.to_string(), "read")));
    for (at, way) in ways.iter().enumerate().rev() {
        for repair in way.cells.iter().filter(|r| *r.change.file == *file && *r.change.sheet == *sheet) {
            marks.insert(repair.change.cell.to_string(), if at == 0 { "guilty" } else { "maybe" });
        }
    }
    marks
}

fn card(finding: &Finding, ways: &[Way], shown: &Shown) -> Value {
    let lang = shown.lang;
    let first = ways.first();
    let headline = match first.map(|w| w.cells.as_slice()) {
        Some([one]) => match &one.proposed {
            Some(proposed) if finding.severity == Severity::Error => lang.pick(
                format!("Ô {} phải là {proposed}", one.change.cell),
                format!("{} must be {proposed}", one.change.cell),
            ),
            Some(proposed) => lang.pick(
                format!("Ô {}: có lẽ là {proposed}", one.change.cell),
                format!("{}: {proposed}, perhaps", one.change.cell),
            ),
            None => lang.pick(format!("Xem lại ô {}", one.change.cell), format!("Look at {}", one.change.cell)),
        },
        Some(several) if !several.is_empty() => {
            let cells = several.iter().take(4).map(|r| r.change.cell.to_string()).collect::<Vec<_>>().join(", ");
            lang.pick(format!("Xem lại các ô {cells}"), format!("Look at {cells}"))
        }
        _ => severity(finding, lang).to_owned(),
    };
    let equal = finding.equal_suspects();
    let words = Words::of(shown.outcome(), lang);
    let cells = ways.iter().flat_map(|w| &w.cells).map(|r| format!("{}!{}", r.change.sheet, r.change.cell));
    let cells: Vec<String> = cells.chain(finding.cells.iter().map(|c| format!("{}!{c}", finding.sheet))).collect();
    let answer = shown.sent.iter().rev().find(|s| {
        s.state == State::Confirmed && s.unit == finding.unit && cells.iter().any(|c| s.cell.starts_with(c.as_str()))
    });
    let handed = shown.ledger.iter().rev().find(|r| r.what == decisions::RETURN && r.new == id(finding));
    context! {
        headline, equal,
        id => id(finding),
        state => state(finding),
        word => severity(finding, lang),
        message => words.message(finding),
        waived => finding.waived.as_ref().map(|w| words.waived(w)),
        passage => finding.passage.as_ref().map(|p| context! { paragraph => p.paragraph, quote => p.quote.as_str() }),
        ways => ways.iter().map(|w| way(w, lang)).collect::<Vec<_>>(),
        answer => answer.map(|a| a.answer.clone()),
        handed => handed.map(|r| r.when.clone()),
    }
}

/// A way with the words of its button, where all its figures are known.
fn way(way: &Way, lang: Lang) -> Value {
    let proposed: Option<Vec<&str>> = way.cells.iter().map(|repair| repair.proposed.as_deref()).collect();
    let button = match &proposed.unwrap_or_default()[..] {
        [] => None,
        [one] => Some(lang.pick(format!("Ghi {one}"), format!("Write {one}"))),
        several => Some(lang.pick(format!("Ghi {} ô", several.len()), format!("Write {} cells", several.len()))),
    };
    context! { button, ..Serde(way) }
}

/// Takes down a correction: the proposed figures, or one that the clerk typed.
pub fn correct(app: &App, asked: &Asked, shown: &Shown) -> Result<Notice, String> {
    let lang = shown.lang;
    let [files, sheets, cells, seen, new] =
        ["cell_file", "cell_sheet", "cell", "seen", "new"].map(|name| asked.all_kept(name));
    let count = cells.len();
    if count == 0 || [&files, &sheets, &seen, &new].iter().any(|column| column.len() != count) {
        return Err(lang.pick("Chưa chọn ô nào.", "No cell is chosen.").to_owned());
    }
    let mut changes = Vec::new();
    for ((((file, sheet), cell), seen), new) in files.into_iter().zip(sheets).zip(cells).zip(seen).zip(new) {
        let Some(cell) = Address::parse(cell) else {
            return Err(lang.pick(format!("“{cell}” không phải là ô."), format!("“{cell}” is no cell.")));
        };
        let decided = shown.run.decisions.of(file);
        let known = decided.and_then(|of| of.changes.iter().find(|c| *c.sheet == *sheet && c.cell == cell));
        let mut on_sheet = shown.outcome().returns.iter().filter(|r| *r.file == *file && *r.sheet == *sheet);
        let Some(entry) = on_sheet.find_map(|r| r.entries.iter().find(|e| e.cell == cell)) else {
            return Err(lang.pick(
                format!("Ô {cell} không phải là số liệu của biểu."),
                format!("{cell} is no figure of the form."),
            ));
        };
        let new = match asked.field("typed") {
            "" => new.to_owned(),
            _ => typed(new, lang).map_err(|text| {
                lang.pick(
                    format!("“{text}” không phải là số; ghi như 8.823 hoặc 67,57, “-” nếu không có."),
                    format!("“{text}” is no figure; write 8,823 or 67.57, “-” for none."),
                )
            })?,
        };
        let old = known.map_or_else(|| entry.text.to_string(), |c| c.old.clone());
        let seen = if seen.is_empty() && known.is_none() { entry.text.to_string() } else { seen.to_owned() };
        changes.push((CellChange { file: file.into(), sheet: sheet.into(), cell, old, new }, seen));
    }
    let written = decisions::correct(&shown.workspace, &changes, &journal::user(), asked.field("why"));
    written.map_err(|refused| said(&refused, lang))?;
    app.decided();
    let said = changes.iter().map(|(c, _)| {
        let new = crate::model::Figure::parse_plain(&c.new).map_or_else(|| c.new.clone(), |f| lang.figure(f));
        format!("{}: {} → {new}", c.cell, lang.stated(&c.old))
    });
    let said = said.collect::<Vec<_>>().join("; ");
    let undo = changes.iter().flat_map(|(c, _)| {
        [("cell_file", c.file.to_string()), ("cell_sheet", c.sheet.to_string()), ("cell", c.cell.to_string())]
    });
    let mut undo: Vec<(String, String)> = undo.map(|(n, v)| (n.to_owned(), v)).collect();
    undo.push(("next".to_owned(), here(asked)));
    let words = lang.pick(format!("Đã ghi {said}."), format!("Written: {said}."));
    Ok(Notice { words, bad: false, undo: Some(Undo { place: "/undo", fields: undo }) })
}

fn said(refused: &decisions::Refused, lang: Lang) -> String {
    match refused {
        decisions::Refused::Trouble(trouble) => trouble.said(lang),
        decisions::Refused::Broken(complaint) => complaint.said(lang),
        decisions::Refused::NoFigure(text) => {
            lang.pick(format!("“{text}” không phải là số."), format!("“{text}” is no figure."))
        }
        decisions::Refused::Changed { now, who, when } => lang.pick(
            format!("Ô này vừa được {who} ghi “{now}” lúc {when}, ở cửa sổ khác; chưa ghi đè. Xem lại rồi ghi nếu vẫn muốn."),
            format!("{who} has just written “{now}” there ({when}) in another window; nothing was overwritten. Look again, and write if you still mean to."),
        ),
    }
}

/// Takes corrections of cells back.
pub fn undo(app: &App, asked: &Asked, shown: &Shown) -> Result<Notice, String> {
    let lang = shown.lang;
    let columns = ["cell_file", "cell_sheet", "cell"].map(|name| asked.all_kept(name));
    let cells = columns[0].iter().zip(&columns[1]).zip(&columns[2]);
    let changes: Vec<CellChange> = cells
        .filter_map(|((file, sheet), cell)| {
            let of = shown.run.decisions.of(file)?;
            of.changes.iter().find(|c| *c.sheet == **sheet && c.cell.to_string() == **cell).cloned()
        })
        .collect();
    if changes.is_empty() {
        return Err(lang.pick("Không có gì để hoàn tác.", "There is nothing to take back.").to_owned());
    }
    let taken = decisions::take_back(&shown.workspace, &changes, &journal::user(), asked.field("why"));
    taken.map_err(|refused| said(&refused, lang))?;
    app.decided();
    let cells = changes.iter().map(|c| c.cell.to_string()).collect::<Vec<_>>().join(", ");
    Ok(lang.pick(format!("Đã hoàn tác {cells}."), format!("{cells} taken back.")).into())
}

/// The finding that a form was sent about.
fn asked_about<'a>(asked: &Asked, shown: &'a Shown) -> Result<&'a Finding, String> {
    let found = shown.outcome().findings.iter().find(|f| id(f) == asked.field("f"));
    found.ok_or_else(|| shown.lang.pick("Lỗi này không còn.", "This finding is gone.").to_owned())
}

/// What the ledger tells of a finding that somebody decided about.
fn noted(finding: &Finding, new: String, decided: decisions::Row) -> decisions::Row {
    let cell = finding.cells.first().map(ToString::to_string).unwrap_or_default();
    decisions::Row { sheet: finding.sheet.to_string(), cell, new, ..decided }
}

/// Confirms that a figure is right, with the reason: a waiver.
pub fn waive(app: &App, asked: &Asked, shown: &Shown) -> Result<Notice, String> {
    let lang = shown.lang;
    let finding = asked_about(asked, shown)?;
    let reason = asked.field("why").trim();
    if reason.is_empty() {
        return Err(lang.pick("Ghi lý do vì sao số này đúng.", "Say why the figure is right.").to_owned());
    }
    let until = asked.get("until").filter(|d| d.parse::<chrono::NaiveDate>().is_ok()).map_or_else(until, str::to_owned);
    let who = match journal::user() {
        user if user.is_empty() => "?".to_owned(),
        user => user,
    };
    let period = finding.period.map_or("*".to_owned(), |p| p.to_string());
    let unit = if finding.unit.is_empty() { "*" } else { &finding.unit };
    let row = |rule: &String| {
        vec![rule.clone(), unit.to_owned(), period.clone(), reason.to_owned(), who.clone(), until.clone()]
    };
    let rows: Vec<Vec<String>> = finding.rules.iter().map(row).collect();
    let columns = &["rule", "unit", "period", "reason", "by", "until"];
    let list = Journal { folder: shown.workspace.root(), name: "waivers.csv", columns };
    let decided = decisions::decided(decisions::WAIVE, &who, &finding.file, reason);
    let note = noted(finding, finding.rule.clone(), decided);
    list.add(&rows).and_then(|()| decisions::note(&shown.workspace, &[note])).map_err(|trouble| trouble.said(lang))?;
    app.decided();
    let words = lang.pick(
        format!("Đã xác nhận đúng, ghi vào waivers.csv đến {until}."),
        format!("Confirmed as right, in waivers.csv until {until}."),
    );
    Ok(words.into())
}

/// Leaves a finding to its unit.
pub fn hand_back(app: &App, asked: &Asked, shown: &Shown) -> Result<Notice, String> {
    let lang = shown.lang;
    let finding = asked_about(asked, shown)?;
    let decided = decisions::decided(decisions::RETURN, &journal::user(), &finding.file, asked.field("why"));
    let note = noted(finding, id(finding), decided);
    decisions::note(&shown.workspace, &[note]).map_err(|trouble| trouble.said(lang))?;
    app.decided();
    let unit = shown.outcome().units.name(&finding.unit);
    let words = lang.pick(
        format!("Để {unit} tự sửa: có trong bản đánh dấu ở “Gửi trả”."),
        format!("Left to {unit}: it is in the marked copy under “Send back”."),
    );
    Ok(words.into())
}

/// The return that a form was sent from.
pub fn here(asked: &Asked) -> String {
    match asked.field("file") {
        "" => next(asked, "/findings"),
        file => format!("{}&f={}", view::sheet(file, asked.field("sheet")), asked.field("f")),
    }
}
