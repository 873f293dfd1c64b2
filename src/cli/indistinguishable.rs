//! The cells of a form that no rule can tell apart, in words: which they are, what else tells them, what would.

use std::fmt::Write as _;

use crate::catalogue::analyse::{Analysis, Evidence, Group, analyse};
use crate::catalogue::{Filled, Spot, claims};
use crate::model::entry::TOTAL;
use crate::model::{Catalogue, Form, Kind, Lang, Lines, Table};
use crate::rule::Claim;

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
        let _ = writeln!(text, "    {}", lang.pick("không có.", "none."));
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
