//! `tonghop forms`: the forms known, or one form's tables, rules and the cells that no rule can tell apart, with what
//! else tells them and what would; templates of forms that nobody has described, learned from a folder or drafted from a
//! workbook.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::args::{DraftArgs, FormsArgs, FormsCommand, Input, LearnArgs};
use super::{End, run, say};
use crate::catalogue::analyse::{Analysis, Evidence, Group, analyse};
use crate::catalogue::{Filled, Spot, claims};
use crate::model::entry::TOTAL;
use crate::model::{Catalogue, Form, Kind, Lang, Lines, Table};
use crate::normalise::modernise;
use crate::pipeline;
use crate::rule::Claim;
use crate::words::learned::{learned_rows, over_periods, versions};
use crate::workspace::forms::file_name;

pub fn run(args: &FormsArgs) -> Result<End, String> {
    match &args.command {
        Some(FormsCommand::Draft(args)) => return draft(args),
        Some(FormsCommand::Learn(args)) => return learn(args),
        Some(FormsCommand::Blank(args)) => return super::blank::run(args),
        None => {}
    }
    let lang = args.common.lang;
    let catalogue = match args.paths.is_empty() {
        true => run::load(&args.common)?,
        false => run::gather(&Input::of(args.paths.clone(), &args.common))?.catalogue,
    };
    let text = match &args.id {
        None => catalogue.forms.iter().map(|f| format!("{:18} {}\n", f.id, f.title)).collect(),
        Some(id) => one(find(&catalogue, id).ok_or_else(|| unknown(&catalogue, id, lang))?, &catalogue, lang),
    };
    say::out(&text);
    Ok(End::Clean)
}

/// By its whole id, or by the part that people say: `II.06a`, `BM3`.
pub fn find<'a>(catalogue: &'a Catalogue, id: &str) -> Option<&'a Form> {
    let said = id.to_lowercase();
    let part = |f: &&Form| f.id.to_lowercase().split('/').any(|p| p == said);
    catalogue.form(id).or_else(|| catalogue.forms.iter().find(part))
}

pub fn unknown(catalogue: &Catalogue, id: &str, lang: Lang) -> String {
    let known = catalogue.forms.iter().map(|f| &*f.id).collect::<Vec<_>>().join(", ");
    lang.pick(
        format!("Không có biểu '{id}'. Các biểu đã biết: {known}."),
        format!("There is no form '{id}'. Known: {known}."),
    )
}

fn one(form: &Form, catalogue: &Catalogue, lang: Lang) -> String {
    let mut text = format!("{} — {}\n{}\n", form.id, form.title, form.legal_basis);
    if form.learned.is_some() {
        return text + &learned(form, catalogue, lang);
    }
    for table in &form.tables {
        if !table.title.is_empty() {
            let _ = writeln!(text, "\n{}", table.title);
        }
        text.push('\n');
        match &table.lines {
            Lines::Fixed(lines) => {
                for line in lines {
                    let _ = writeln!(
                        text,
                        "  {:8} {:11} {} {}",
                        line.code,
                        line.kind.name(),
                        line.label,
                        bracket(&line.measure)
                    );
                }
            }
            Lines::Open { .. } => {
                for column in &table.columns {
                    let _ = writeln!(text, "  ({:2}) {:11} {}", column.id, column.kind.name(), column.path.join(" › "));
                }
            }
        }
    }
    let _ = writeln!(text, "\n{}:", lang.pick("Quy tắc kiểm tra", "Rules"));
    for rule in catalogue.rules.iter().filter(|r| r.form == form.id) {
        let _ = writeln!(
            text,
            "  {} [{}, {}]\n      {}\n      {}",
            rule.id,
            rule.kind.name(),
            lang.severity(rule.severity),
            rule.says,
            rule.basis
        );
    }
    text + &explained(catalogue, form, lang)
}

fn bracket(measure: &str) -> String {
    if measure.is_empty() { String::new() } else { format!("[{measure}]") }
}

/// Rules that are told; a form of hundreds of lines has as many.
const MOST_RULES: usize = 40;

/// `forms learn`: a folder of a form that nobody has described into a template, with the ground for each thing.
fn learn(args: &LearnArgs) -> Result<End, String> {
    let lang = args.input.common.lang;
    let inbox = run::gather(&args.input)?;
    let written = write_learned(&inbox.catalogue, &args.out, lang)?;
    if written.is_empty() {
        let reasons: Vec<String> =
            inbox.files.iter().take(20).map(|f| format!("{} — {}", f.file, f.reason.pick(lang))).collect();
        return Err(lang.pick(
            format!(
                "Không học được biểu nào: cần các tệp của cùng một biểu, có tiêu đề cột, số liệu, tên đơn vị và kỳ báo cáo.\n{}",
                reasons.join("\n")
            ),
            format!(
                "No form could be learned: it takes files of one form, with captions, figures, unit and period.\n{}",
                reasons.join("\n")
            ),
        ));
    }
    let forms = inbox.catalogue.forms.iter().filter(|f| f.to_confirm().is_some());
    let one = |f: &Form| format!("{} — {}\n{}", f.id, f.title, learned(f, &inbox.catalogue, lang));
    say::out(&forms.map(one).collect::<Vec<_>>().join("\n"));
    Ok(End::Clean)
}

/// Writes the template of each form that was learned into a folder; one that a person has is kept.
pub fn write_learned(catalogue: &Catalogue, folder: &Path, lang: Lang) -> Result<Vec<PathBuf>, String> {
    let learned = catalogue.forms.iter().filter_map(|f| Some((f, f.to_confirm()?)));
    let mut written = Vec::new();
    for (form, learned) in learned.filter(|(_, l)| !l.template.is_empty()) {
        fs::create_dir_all(folder).map_err(|e| unwritten(folder, &e, lang))?;
        let path = folder.join(file_name(&form.id));
        let ours = |text: &str| text.starts_with("# Học được từ ") && !text.contains("\nconfirmed = true");
        if fs::read_to_string(&path).is_ok_and(|text| !ours(&text)) {
            continue;
        }
        fs::write(&path, &learned.template).map_err(|e| unwritten(&path, &e, lang))?;
        written.push(path);
    }
    Ok(written)
}

/// What was learned of a form: from whom, how each figure adds up and why, what holds, what is open, who did not fit.
fn learned(form: &Form, catalogue: &Catalogue, lang: Lang) -> String {
    let Some(learned) = &form.learned else { return String::new() };
    let (offices, sheets) = (learned.offices, learned.sheets);
    let state = match learned.confirmed {
        true => lang.pick("đã được xác nhận", "confirmed"),
        false => lang.pick("chưa được xác nhận", "not confirmed"),
    };
    let mut text = lang.pick(
        format!("  học được từ {sheets} sheet của {offices} đơn vị, {state}\n"),
        format!("  learned from {sheets} sheets of {offices} units, {state}\n"),
    );
    for version in versions(form, lang) {
        let _ = writeln!(text, "  {version}");
    }
    for (table, rows) in learned_rows(form) {
        let _ = writeln!(text, "\n{}", if table.title.is_empty() { &form.title } else { &table.title });
        for row in rows {
            let id = if row.place.line { row.place.id.clone() } else { format!("({})", row.place.id) };
            let kind = if row.figure { over_periods(row.kind, lang) } else { "" };
            let ground = if row.ground.is_empty() { String::new() } else { format!(" — {}", row.ground) };
            let _ = writeln!(text, "  {id:8} {} [{kind}]{ground}", row.name);
        }
    }
    let _ = writeln!(text, "\n{}:", lang.pick("Quy tắc kiểm tra", "Rules"));
    let rules = catalogue.rules.iter().filter(|r| r.form == form.id && !r.basis.is_empty() && !r.says.is_empty());
    for rule in rules.take(MOST_RULES) {
        let _ = writeln!(text, "  {} — {}", rule.says, rule.basis);
    }
    for question in &learned.questions {
        let _ = writeln!(text, "  {} {question}", lang.pick("Hỏi:", "Open:"));
    }
    for misfit in &learned.misfits {
        let _ = writeln!(text, "  {} / {}: {}", misfit.file, misfit.sheet, misfit.why);
    }
    text
}

/// `forms draft`: a workbook of a form that nobody has described into a template to be completed by hand.
fn draft(args: &DraftArgs) -> Result<End, String> {
    let lang = args.common.lang;
    let catalogue = run::load(&args.common)?;
    let name = args.file.display().to_string();
    let bytes = fs::read(&args.file)
        .map_err(|e| lang.pick(format!("Không mở được {name}: {e}."), format!("{name} can't be opened: {e}.")))?;
    let mut workbook = pipeline::open(&bytes, &name).ok_or_else(|| {
        lang.pick(
            format!("{name} không phải là bảng tính đọc được; mở bằng Excel và lưu lại dạng .xlsx."),
            format!("{name} is no workbook that can be read; open it in Excel and save it as .xlsx."),
        )
    })?;
    modernise(&mut workbook);
    if let Some(sheet) = args.sheet.as_ref().filter(|s| workbook.sheets.iter().all(|known| known.name != **s)) {
        let known = workbook.sheets.iter().map(|s| format!("“{}”", s.name)).collect::<Vec<_>>().join(", ");
        return Err(lang.pick(
            format!("{name} không có sheet “{sheet}”; có: {known}."),
            format!("{name} has no sheet “{sheet}”; it has: {known}."),
        ));
    }
    let forms = pipeline::drafted(&workbook, &name, args.sheet.as_deref(), &catalogue);
    let drafts: Vec<(String, &str)> =
        forms.iter().filter_map(|f| Some((file_name(&f.id), f.learned.as_ref()?.template.as_str()))).collect();
    if drafts.is_empty() {
        return Err(lang.pick(
            format!("Không thấy bảng số liệu nào trong {name}: cần tiêu đề cột ở trên số liệu, hoặc trên một hàng đánh số cột."),
            format!("There is no table of figures in {name}: it needs captions above figures, or above a row of column numbers."),
        ));
    }
    for known in forms.iter().filter_map(|f| catalogue.form(&f.id)) {
        let id = &known.id;
        say::trouble(&lang.pick(
            format!("Biểu {id} đã có trong danh mục; bản nháp sẽ thay nó nếu đưa vào --templates."),
            format!("The form {id} is known already; with --templates the draft takes its place."),
        ));
    }
    match &args.out {
        Some(dir) => write_drafts(&drafts, dir, lang),
        None => {
            print_drafts(&drafts, lang);
            Ok(End::Clean)
        }
    }
}

/// One template as it is; several, each under the name of the file it belongs into.
fn print_drafts(drafts: &[(String, &str)], lang: Lang) {
    if let [(_, template)] = drafts {
        say::out(template);
        return;
    }
    for (file, template) in drafts {
        say::out(&format!("# ===== {file} =====\n{template}\n"));
    }
    let count = drafts.len();
    say::trouble(&lang.pick(
        format!("Tệp có {count} biểu, mỗi biểu một bản mẫu; dùng --out DIR để ghi thành từng tệp, hoặc --sheet để soạn một sheet."),
        format!("The workbook holds {count} forms, each with a template of its own; --out DIR writes a file for each, --sheet drafts one sheet."),
    ));
}

fn write_drafts(drafts: &[(String, &str)], dir: &Path, lang: Lang) -> Result<End, String> {
    fs::create_dir_all(dir).map_err(|e| unwritten(dir, &e, lang))?;
    for (file, template) in drafts {
        let path = dir.join(file);
        let place = path.display().to_string();
        if path.exists() {
            return Err(lang.pick(
                format!("{place} đã có; đổi tên hoặc xóa nó rồi chạy lại."),
                format!("{place} is there already; rename or remove it and run again."),
            ));
        }
        fs::write(&path, template).map_err(|e| unwritten(&path, &e, lang))?;
        say::out(&format!("{place}\n"));
    }
    Ok(End::Clean)
}

fn unwritten(place: &Path, error: &std::io::Error, lang: Lang) -> String {
    let place = place.display();
    lang.pick(format!("Không ghi được {place}: {error}."), format!("{place} can't be written: {error}."))
}

/// The last part of `tonghop forms ID`.
pub fn explained(catalogue: &Catalogue, form: &Form, lang: Lang) -> String {
    let mut text = format!(
        "\n{}\n",
        lang.pick(
            "Ô mà các phép cộng không phân biệt được (ô nào trong nhóm sai thì các tổng cũng lệch như nhau):",
            "Cells that no sum can tell apart (whichever is wrong, the same sums fail):"
        )
    );
    let ways = analyse(catalogue, form);
    let cured = ways.iter().any(|w| w.total == Some(true) && w.groups.is_empty());
    for way in &ways {
        of_way(way, catalogue, form, cured, lang, &mut text);
    }
    // A total row adds no unread cell that its lines don't have.
    if let Some(way) = ways.last() {
        unread(&ways[0].unread, &way.unread, catalogue, form, lang, &mut text);
    }
    text
}

fn of_way(way: &Analysis, catalogue: &Catalogue, form: &Form, cured: bool, lang: Lang, text: &mut String) {
    let head = match way.total {
        Some(true) => lang.pick("  Khi biểu có hàng tổng:", "  With a total row:"),
        Some(false) => lang.pick("  Khi đơn vị không ghi hàng tổng:", "  Where the office leaves the total row out:"),
        None => "",
    };
    if !head.is_empty() {
        let _ = writeln!(text, "{head}");
    }
    if way.groups.is_empty() {
        *text += lang.pick("    không có.\n", "    none.\n");
    }
    let mut printed: Vec<String> = Vec::new();
    for group in &way.groups {
        let line = of_group(group, way, catalogue, form, cured, lang);
        if !printed.contains(&line) {
            text.push_str(&line);
            printed.push(line);
        }
    }
}

fn of_group(group: &Group, way: &Analysis, catalogue: &Catalogue, form: &Form, cured: bool, lang: Lang) -> String {
    let mut text = format!("    {}\n", place(&group.cells, form, lang));
    for (evidence, left) in &group.left {
        let by = match evidence {
            Evidence::Sums => "",
            Evidence::Ratios => lang.pick("đối chiếu tỷ lệ", "with the ratios"),
            Evidence::Ties => lang.pick("đối chiếu biểu khác", "with the other forms"),
            Evidence::Periods => lang.pick("đối chiếu kỳ trước, kỳ sau", "with the periods before and after"),
        };
        let left = if left.is_empty() {
            lang.pick("phân biệt được hết", "all are told apart").to_owned()
        } else {
            still(left, lang)
        };
        let _ = writeln!(text, "        {by}: {left}");
    }
    let rest: Vec<&Vec<Spot>> = match group.left.last() {
        Some((_, left)) => left.iter().collect(),
        None => vec![&group.cells],
    };
    if !rest.is_empty() {
        let _ = writeln!(
            text,
            "        {}: {}",
            lang.pick("cần thêm", "it would take"),
            added(&rest, way, catalogue, form, cured, lang)
        );
    }
    text
}

fn still(left: &[Vec<Spot>], lang: Lang) -> String {
    let groups: Vec<String> = left.iter().map(|group| list(group)).collect();
    format!("{} {}", lang.pick("chỉ còn", "there remain"), groups.join("; "))
}

/// The check that would tell the rest apart.
fn added(rest: &[&Vec<Spot>], way: &Analysis, catalogue: &Catalogue, form: &Form, cured: bool, lang: Lang) -> String {
    if way.total == Some(false) && cured {
        return lang
            .pick(
                "hàng tổng cộng, để mỗi cột có một tổng riêng",
                "the total row, which gives each column a sum of its own",
            )
            .to_owned();
    }
    let carried = |spot: &Spot| {
        let own = catalogue.rules.iter().filter(|r| r.form == form.id && r.table == spot.table);
        let known =
            own.flat_map(|rule| claims(catalogue, rule, Filled::OneLine)).any(|c| matches!(c, Claim::Carried { .. }));
        let kind = form
            .tables
            .iter()
            .find(|t| t.id == spot.table)
            .and_then(|t| t.nature(&spot.line, &spot.column))
            .map(|(kind, _)| kind);
        !known && matches!(kind, Some(Kind::Opening | Kind::Closing))
    };
    if let Some(spot) = rest.iter().flat_map(|g| g.iter()).find(|s| carried(s)) {
        let name = list(std::slice::from_ref(spot));
        return lang.pick(
            format!("quy tắc chuyển kỳ (carries_over) cho {name}"),
            format!("a carry-over rule (carries_over) for {name}"),
        );
    }
    let wanted: Vec<String> = rest
        .iter()
        .map(|group| {
            let (n, all) = (group.len() - 1, list(group));
            lang.pick(
                format!("{n} phép đối chiếu đọc riêng từng ô trong {all}"),
                format!("{n} check(s) reading one alone of {all}"),
            )
        })
        .collect();
    let such = lang.pick(
        "như số cả năm so với tổng các quý, hoặc khớp với biểu khác (ties_to)",
        "as the year against its quarters, or a tie to another form (ties_to)",
    );
    format!("{}, {such}", wanted.join("; "))
}

/// `(4), (5), (6) trên cùng một hàng`.
fn place(cells: &[Spot], form: &Form, lang: Lang) -> String {
    let open = form
        .tables
        .iter()
        .find(|t| cells.iter().any(|c| c.table == t.id))
        .is_some_and(|t| matches!(t.lines, Lines::Open { .. }));
    let named = list(cells);
    let one_line = cells.iter().all(|c| c.line == cells[0].line);
    let table = if cells[0].table.is_empty() { String::new() } else { format!("[{}] ", cells[0].table) };
    let place = match (open, one_line, &*cells[0].line) {
        (false, ..) => "",
        (true, true, TOTAL) => lang.pick(", ở hàng tổng", ", in the total row"),
        (true, true, _) => lang.pick(", trên cùng một hàng", ", on one line"),
        (true, false, _) if cells.iter().any(|c| &*c.line == TOTAL) => {
            lang.pick(", của mọi hàng và hàng tổng", ", of all lines and the total")
        }
        (true, false, _) => lang.pick(", của mọi hàng", ", of all lines"),
    };
    format!("{table}{named}{place}")
}

fn list(cells: &[Spot]) -> String {
    let mut names: Vec<String> = Vec::new();
    for cell in cells {
        let name = if &*cell.column == "value" { cell.line.to_string() } else { format!("({})", cell.column) };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

fn unread(always: &[Spot], without_total: &[Spot], catalogue: &Catalogue, form: &Form, lang: Lang, text: &mut String) {
    let only_total: Vec<Spot> = without_total.iter().filter(|s| !always.contains(s)).cloned().collect();
    let of = |table: &Table, spots: &[Spot]| spots.iter().filter(|s| s.table == table.id).cloned().collect::<Vec<_>>();
    for table in &form.tables {
        let title = if table.id.is_empty() { String::new() } else { format!(" [{}]", table.id) };
        let (bounded, alone): (Vec<Spot>, Vec<Spot>) =
            of(table, always).into_iter().partition(|s| bounded(s, catalogue, form));
        let lines = [
            (
                bounded,
                lang.pick(
                    "Không phép cộng nào đọc, chỉ có tỷ lệ hoặc giới hạn đọc",
                    "No sum reads these; only a ratio or a limit does",
                ),
            ),
            (
                alone,
                lang.pick(
                    "Không phép cộng, tỷ lệ hay giới hạn nào đọc ô này; sai thì không ai biết",
                    "No sum, ratio or limit reads these; a mistake goes unseen",
                ),
            ),
            (
                of(table, &only_total),
                lang.pick(
                    "Không phép cộng nào đọc ô này khi thiếu hàng tổng",
                    "No sum reads these where the total row is left out",
                ),
            ),
        ];
        for (spots, words) in lines.iter().filter(|(spots, _)| !spots.is_empty()) {
            let _ = writeln!(text, "  {words}{title}: {}", list(spots));
        }
    }
}

/// Whether a ratio, a limit or a condition ties the cell to another.
fn bounded(spot: &Spot, catalogue: &Catalogue, form: &Form) -> bool {
    let bounds = |claim: &Claim<Spot>| {
        matches!(claim, Claim::Share { .. } | Claim::AtMost { .. } | Claim::When { .. }) && claim.cells().contains(spot)
    };
    let filled = Filled::Lines { total: true };
    *spot.form == *form.id && catalogue.rules.iter().any(|rule| claims(catalogue, rule, filled).iter().any(bounds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(form: &str, lang: Lang) -> String {
        let catalogue = crate::catalogue::load(None).unwrap();
        explained(&catalogue, catalogue.form(form).unwrap(), lang)
    }

    #[test]
    fn ii_06a_needs_its_total_row() {
        let text = printed("II.06a/VPCP/KSTT", Lang::Vi);
        assert!(text.contains("Khi biểu có hàng tổng:\n    không có."), "{text}");
        assert!(text.contains("    (4), (5), (6), trên cùng một hàng\n        đối chiếu kỳ trước, kỳ sau: chỉ còn (4), (5)\n        cần thêm: hàng tổng cộng"), "{text}");
        assert_eq!(text.matches("(4), (5), (6)").count(), 1, "{text}");
    }

    #[test]
    fn an_indicator_form_tells_which_lines_nobody_checks() {
        let text = printed("CCHC/BM3", Lang::Vi);
        assert!(text.contains("    1.4, 1.4.1, 1.4.2, 1.4.3\n        đối chiếu biểu khác: chỉ còn 1.4.1, 1.4.2, 1.4.3\n        cần thêm: 2 phép đối chiếu"), "{text}");
        assert!(text.contains("sai thì không ai biết"), "{text}");
        assert!(printed("CCHC/BM3", Lang::En).contains("a mistake goes unseen"));
    }
}
