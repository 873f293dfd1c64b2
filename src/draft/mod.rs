//! Drafts a template from a blank or filled workbook of a form nobody has described: what is printed is taken over,
//! what is guessed is marked `# đoán`, what a human must decide `# CẦN ĐIỀN`.

mod columns;
mod independent;
mod line_rules;
mod lines;
mod rules;
mod text;
mod title;

use crate::grid::{self, Grid};
use crate::model::form::{Role, Words};
use crate::model::{Kind, Workbook};

use columns::DraftColumn;
use lines::DraftLine;
use rules::DraftRule;
use title::Heading;

/// A template drafted, as TOML.
#[derive(Debug, Clone)]
pub struct Draft {
    pub id: String,
    /// A file name for it, as `ii_06a_vpcp_kstt.toml`.
    pub file: String,
    pub text: String,
}

/// One form before it is written.
struct DraftForm {
    heading: Heading,
    tables: Vec<DraftTable>,
}

struct DraftTable {
    id: String,
    title: String,
    measure: String,
    numbered: bool,
    columns: Vec<DraftColumn>,
    lines: DraftLines,
    rules: Vec<DraftRule>,
}

enum DraftLines {
    Open { total: bool },
    Fixed(Vec<DraftLine>),
}

/// Something taken for likely, and why: the comment beside it.
type Guess = Option<String>;

/// The templates of all forms in a workbook; `only`: of the sheet of this name.
#[must_use]
pub fn draft(workbook: &Workbook, words: &Words, only: Option<&str>) -> Vec<Draft> {
    let mut forms: Vec<DraftForm> = Vec::new();
    for sheet in workbook.sheets.iter().filter(|s| only.map_or(!s.hidden, |name| s.name == name)) {
        let grids: Vec<Grid> = grid::grids(sheet, words).into_iter().filter(is_form).collect();
        for grid in &grids {
            let heading = title::heading(&grid.titles, &sheet.name);
            // A table under no code of its own is a further one of the form above it.
            let goes_on = forms.last().is_some_and(|f| {
                f.heading.sheet == sheet.name && (heading.code.is_none() || f.heading.code == heading.code)
            });
            if !goes_on {
                let heading = Heading { sheet: sheet.name.clone(), ..heading.clone() };
                forms.push(DraftForm { heading, tables: Vec::new() });
            }
            if let Some(form) = forms.last_mut() {
                let id = heading.table_id.clone().unwrap_or_default();
                form.tables.push(table(grid, id, &heading));
            }
        }
    }
    let mut drafts: Vec<Draft> = Vec::new();
    for mut form in forms {
        settle_table_ids(&mut form.tables);
        let mut id = form.heading.id();
        if drafts.iter().any(|d| d.id == id) {
            id = format!("{id}-{}", drafts.len() + 1);
        }
        let file = title::slug(&id).replace('-', "_") + ".toml";
        drafts.push(Draft { text: text::form(&form, &id), id, file });
    }
    drafts
}

/// Whether a table carries figures, or would if anybody filled it in.
fn is_form(grid: &Grid) -> bool {
    let columns = grid.columns.len() >= 3 && grid.columns.iter().any(|c| c.role == Role::Ordinal);
    grid.figures().next().is_some() && (!grid.rows.is_empty() || grid.numbered || columns)
}

/// Several tables of one form need ids of their own, printed or counted; an only one keeps what is printed.
fn settle_table_ids(tables: &mut [DraftTable]) {
    let single = tables.len() == 1;
    let mut seen: Vec<String> = Vec::new();
    for (i, table) in tables.iter_mut().enumerate() {
        if !single && (table.id.is_empty() || seen.contains(&table.id)) {
            table.id = (i + 1).to_string();
        }
        seen.push(table.id.clone());
        for rule in &mut table.rules {
            rule.table.clone_from(&table.id);
            if !table.id.is_empty() {
                rule.id = format!("{}-{}", table.id.to_lowercase(), rule.id);
            }
        }
    }
}

fn table(grid: &Grid, id: String, heading: &Heading) -> DraftTable {
    let fixed = lines::is_fixed(grid);
    let mut columns = columns::columns(grid, fixed, &heading.measure);
    let total = grid.rows.iter().any(|r| r.total);
    let (lines, rules) = if fixed {
        let mut lines = lines::lines(grid);
        let rules = line_rules::among_lines(grid, &mut lines, &columns);
        (DraftLines::Fixed(lines), rules)
    } else {
        (DraftLines::Open { total }, rules::across(grid, &mut columns, total))
    };
    DraftTable {
        id,
        title: heading.table_title.clone(),
        measure: heading.measure.clone(),
        numbered: grid.numbered,
        columns,
        lines,
        rules,
    }
}

/// What is there rather than happens: such things are counted at a day.
const STANDING: [&str; 11] = [
    "thu tuc",
    "tthc",
    "co quan",
    "co quan don vi",
    "don vi",
    "ban",
    "to chuc",
    "bien che",
    "co so",
    "doanh nghiep",
    "hop dong",
];
/// What happens to them.
const EVENTS: [&str; 8] =
    ["trong ky", "cong bo", "bai bo", "thay the", "kiem tra", "vi pham", "phe duyet phuong an", "phat sinh moi"];

/// What a caption's or an indicator's words, and the measure, say of its kind.
fn kind(words: &str, measure: &str) -> (Kind, &'static str) {
    let counted = crate::normalise::text::key(measure.split(',').next().unwrap_or_default());
    let counted = counted.strip_prefix("don vi tinh ").unwrap_or(&counted);
    let key = crate::normalise::text::key(words);
    let says = |list: &[&str]| list.iter().any(|w| format!(" {key} ").contains(&format!(" {w} ")));
    if says(&["ty le", "ti le", "%", "ty trong", "phan tram"]) {
        (Kind::Percent, "tỷ lệ; nếu tính từ hai số in trên biểu thì đổi thành ratio và thêm quy tắc")
    } else if says(&["luy ke", "luy tien", "cong don"]) {
        (Kind::Cumulative, "“lũy kế”")
    } else if says(&["ky truoc", "nam truoc chuyen", "chuyen ky truoc", "dau ky", "ton dau"]) {
        (Kind::Opening, "“kỳ trước”, “đầu kỳ”")
    } else if says(&[
        "con lai",
        "dang giai quyet",
        "dang xu ly",
        "cuoi ky",
        "ton cuoi",
        "chua giai quyet",
        "chuyen ky sau",
    ]) {
        (Kind::Closing, "“còn lại”, “đang giải quyết”, “cuối kỳ”")
    } else if says(&["trong ky", "phat sinh"]) {
        (Kind::Flow, "số phát sinh trong kỳ")
    } else if STANDING.contains(&counted) && !says(&EVENTS) {
        (Kind::Stock, "đếm những gì đang có")
    } else if says(&["hien co", "hien nay", "tai thoi diem", "co mat", "duoc giao", "bien che", "thuoc tham quyen"]) {
        (Kind::Stock, "số tại thời điểm")
    } else {
        (Kind::Flow, "số phát sinh trong kỳ")
    }
}

/// The role's name as a template spells it.
const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Ordinal => "ordinal",
        Role::Label => "label",
        Role::Measure => "measure",
        Role::Figure => "figure",
        Role::Note => "note",
    }
}

#[cfg(test)]
mod tests;
