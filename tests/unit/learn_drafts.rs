//! Every draft loads; those of two real workbooks come close to the templates written by hand.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::catalogue;
use crate::model::form::Role;
use crate::model::{Catalogue, Form, Lines, RuleKind, Sheet, Workbook, drawn};
use crate::normalise::text::key;
use crate::pipeline::drafted;

/// The forms of a workbook, each as the text of its template.
fn draft(workbook: &Workbook) -> Vec<(String, String)> {
    let template = |form: &Form| form.learned.as_ref().unwrap().template.clone();
    let forms = drafted(workbook, "so y te.xlsx", None, &catalogue::load(None).unwrap());
    forms.iter().map(|form| (form.id.to_string(), template(form))).collect()
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("tonghop-draft-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Loads drafts beside the built-in templates, as `--templates` would.
fn loaded(drafts: &[(String, String)], name: &str) -> Catalogue {
    let folder = folder(name);
    for (nth, (_, text)) in drafts.iter().enumerate() {
        std::fs::write(folder.join(format!("{nth}.toml")), text).unwrap();
    }
    let catalogue = catalogue::load(Some(&folder));
    let _ = std::fs::remove_dir_all(&folder);
    catalogue.unwrap_or_else(|complaint| {
        panic!("{complaint}\n{}", drafts.iter().map(|(_, text)| text.as_str()).collect::<String>())
    })
}

fn seed(name: &str) -> Workbook {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seeds").join(name);
    let mut workbook = crate::pipeline::open(&std::fs::read(path).unwrap(), name).unwrap();
    crate::normalise::modernise(&mut workbook);
    workbook
}

/// A workbook of one sheet.
fn sheet(rows: &[&str]) -> Workbook {
    Workbook { sheets: vec![Sheet { name: "Sheet1".into(), ..drawn::sheet(rows) }], ..Workbook::default() }
}

/// How much of the shipped form a draft has.
#[derive(Debug, Default)]
struct Likeness {
    columns: (usize, usize),
    kinds: (usize, usize),
    lines: (usize, usize),
    identities: (usize, usize),
    sums: (usize, usize),
    ratios: (usize, usize),
}

fn tick(count: &mut (usize, usize), hit: bool) {
    count.0 += usize::from(hit);
    count.1 += 1;
}

/// Balances and ratios of a form by the places they name.
fn rules<'a>(catalogue: &'a Catalogue, form: &'a Form) -> impl Iterator<Item = (String, &'a RuleKind, &'a str)> {
    let name = |p: &crate::model::rule::Place| {
        format!("{}{}", p.line.clone().unwrap_or_default(), p.column.clone().unwrap_or_default())
    };
    catalogue.rules.iter().filter(|r| r.form == form.id).filter_map(move |r| {
        let text = match &r.kind {
            RuleKind::Balance { total, parts, .. } => {
                format!("{} {} = {}", r.table, name(total), parts.iter().map(&name).collect::<Vec<_>>().join("+"))
            }
            RuleKind::BalanceDown { columns } => format!("{} down {columns:?}", r.table),
            RuleKind::Ratio { value, numerator, denominator } if denominator.iter().all(|p| p.table.is_none()) => {
                let added = |list: &[crate::model::rule::Place]| list.iter().map(&name).collect::<Vec<_>>().join("+");
                format!("{} {} = {}/{}", r.table, name(value), added(numerator), added(denominator))
            }
            _ => return None,
        };
        Some((text, &r.kind, &*r.basis))
    })
}

fn compare(
    shipped: (&Catalogue, &Form),
    drafted: (&Catalogue, &Form),
    printed: &BTreeSet<String>,
    like: &mut Likeness,
) {
    assert_eq!(shipped.1.tables.len(), drafted.1.tables.len(), "{}", drafted.1.id);
    let keys = |path: &[String]| path.iter().map(|c| key(c)).collect::<Vec<_>>();
    for (ours, theirs) in shipped.1.tables.iter().zip(&drafted.1.tables) {
        for column in &ours.columns {
            let same = theirs
                .columns
                .iter()
                .find(|c| keys(&c.path) == keys(&column.path) && c.role == column.role && c.id == column.id);
            tick(&mut like.columns, same.is_some());
            if matches!(ours.lines, Lines::Open { .. }) {
                tick(&mut like.kinds, same.is_some_and(|c| c.kind == column.kind));
            }
        }
        if let (Lines::Fixed(ours), Lines::Fixed(theirs)) = (&ours.lines, &theirs.lines) {
            // Lines that this office's copy does not print can't be drafted from it.
            for line in ours.iter().filter(|l| printed.contains(&*l.code)) {
                let worded =
                    |label: &str| key(label) == key(&line.label) || line.variants.iter().any(|v| key(v) == key(label));
                let same = theirs.iter().find(|l| l.code == line.code && worded(&l.label));
                tick(&mut like.lines, same.is_some());
                tick(&mut like.kinds, same.is_some_and(|l| l.kind == line.kind));
            }
        }
    }
    let theirs: BTreeSet<String> = rules(drafted.0, drafted.1).map(|(text, ..)| text).collect();
    for (text, kind, basis) in rules(shipped.0, shipped.1) {
        let (hit, value) = (theirs.contains(&text), text.split(' ').nth(1).unwrap_or_default());
        match kind {
            RuleKind::Ratio { .. } if !printed.contains(value) => {}
            RuleKind::Ratio { .. } => tick(&mut like.ratios, hit),
            _ if basis.contains("hàng đánh số") => tick(&mut like.identities, hit),
            _ => tick(&mut like.sums, hit),
        }
    }
}

#[test]
fn drafts_of_real_workbooks_come_close_to_the_templates() {
    let shipped = catalogue::load(None).unwrap();
    let mut like = Likeness::default();
    for (name, prefix) in [
        ("Lang Son - So KHCN - Bieu KSTT quy I-2021.xlsx", ""),
        ("Quang Tri - So KHCN - Phu luc CCHC nam 2023.xlsx", "CCHC/"),
    ] {
        let workbook = seed(name);
        let drafts = draft(&workbook);
        let drafted = loaded(&drafts, &prefix.replace('/', ""));
        for (id, text) in &drafts {
            let Some(ours) = shipped.form(&format!("{prefix}{id}")) else {
                continue;
            };
            let printed = text
                .lines()
                .filter_map(|l| Some(l.trim().strip_prefix("{ code = \"")?.split('"').next()?.to_owned()))
                .collect();
            compare((&shipped, ours), (&drafted, drafted.form(id).unwrap()), &printed, &mut like);
        }
    }
    let share = |(hit, all): (usize, usize)| hit * 100 / all.max(1);
    let all = |(hit, all): (usize, usize)| hit == all;
    println!("drafts against shipped templates: {like:?}");
    assert_eq!(like.columns.1, 13 + 20 + 7 * 5, "every shipped form was drafted");
    assert_eq!(like.identities, (6, 6));
    assert!(all(like.columns) && all(like.lines) && like.lines.1 >= 136, "{like:?}");
    assert!(share(like.ratios) >= 80 && share(like.kinds) >= 70, "{like:?}");
}

#[test]
fn an_empty_form_is_drafted_and_loads() {
    let workbook = sheet(&[
        "Biểu số 12/ABC",
        "(Ban hành kèm theo Thông tư số 05/2025/TT-BYT)",
        "|TÌNH HÌNH KHÁM CHỮA BỆNH",
        "STT|Đơn vị|Tổng số lượt|Nội trú|Ngoại trú|Còn lại cuối kỳ|Tỷ lệ (%)|Ghi chú",
        "A|B|1=2+3|2|3|4|5=2/1*100|6",
    ]);
    let drafts = draft(&workbook);
    assert_eq!(drafts.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["12/ABC"]);
    let catalogue = loaded(&drafts, "empty");
    let form = catalogue.form("12/ABC").unwrap();
    assert_eq!(
        (form.title.as_str(), form.legal_basis.as_str()),
        ("TÌNH HÌNH KHÁM CHỮA BỆNH", "Thông tư số 05/2025/TT-BYT")
    );
    let kinds: Vec<_> = form.tables[0].columns.iter().map(|c| (&*c.id, c.role, c.kind.name())).collect();
    let figure = |id, kind| (id, Role::Figure, kind);
    assert_eq!(
        kinds[2..7],
        [figure("1", "total"), figure("2", "open"), figure("3", "open"), figure("4", "closing"), figure("5", "ratio")]
    );
}

#[test]
fn fixed_lines_with_several_columns_are_drafted_and_load() {
    let rows = [
        "BÁO CÁO TÌNH HÌNH CÁN BỘ NĂM 2026",
        "TT|Chỉ tiêu|Tổng số|Nam|Nữ",
        "(1)|(2)|(3)=(4)+(5)|(4)|(5)",
        "I|Khối tỉnh|||",
        "1|Công chức|||",
        "2|Viên chức|||",
        "II|Khối xã|||",
        "1|Công chức|||",
        "2|Viên chức|||",
    ];
    let drafts = draft(&sheet(&rows));
    let (id, text) = &drafts[0];
    let catalogue = loaded(&drafts, "fixed");
    let form = catalogue.form(id).unwrap();
    let Lines::Fixed(lines) = &form.tables[0].lines else { panic!("{text}") };
    assert_eq!(lines.iter().map(|l| &*l.code).collect::<Vec<_>>(), ["I", "I.1", "I.2", "II", "II.1", "II.2"]);
    assert!(text.contains("# dòng I = dòng I.1 + dòng I.2; chưa có số liệu để thử"), "{text}");
}

#[test]
fn what_a_line_ended_with_does_not_add_up_in_a_column_of_the_period() {
    let rows = [
        "BÁO CÁO TIẾP CÔNG DÂN NĂM 2026",
        "TT|Chỉ tiêu|Tổng số trong kỳ|Đơn tố cáo trong kỳ",
        "1|Đơn tiếp nhận|12|3",
        "2|Đơn còn lại cuối kỳ|4|1",
    ];
    let drafts = draft(&sheet(&rows));
    let catalogue = loaded(&drafts, "closing");
    let table = &catalogue.form(&drafts[0].0).unwrap().tables[0];
    let column = &table.figures().next().unwrap().id;
    let kind = |line: &str| table.nature(line, column).unwrap().0.name();
    assert_eq!((kind("1"), kind("2")), ("flow", "closing"), "{}", drafts[0].1);
}

#[test]
fn hostile_words_stay_words() {
    let rows = [
        "Biểu số 1\"\\/X",
        "STT|Nội \"dung\" \\|Số liệu|Đơn vị tính",
        "1|Một \"hai\"|3|Có = 1; \"Không\" = 0",
        "2|\u{7}Hai|4|",
        "2|Hai lại|5|",
    ];
    loaded(&draft(&sheet(&rows)), "hostile");
}

#[test]
fn words_alone_are_no_form() {
    assert!(draft(&sheet(&["STT|Tên văn bản", "1|Kế hoạch", "2|Công văn"])).is_empty());
    assert!(draft(&sheet(&["Hướng dẫn"])).is_empty());
}

#[test]
fn a_drafted_template_reads_its_form() {
    let rows = [
        "Biểu số 12/ABC",
        "Đơn vị báo cáo: Sở Y tế",
        "|TÌNH HÌNH KHÁM CHỮA BỆNH",
        "Kỳ báo cáo: Quý II năm 2023",
        "STT|Cơ sở|Tổng số|Nội trú|Ngoại trú",
        "(1)|(2)|(3)=(4)+(5)|(4)|(5)",
        "1|Bệnh viện tỉnh|100|40|60",
        "2|Bệnh viện huyện|80|50|30",
        "|Tổng cộng|180|90|90",
    ];
    let workbook = sheet(&rows);
    let catalogue = loaded(&draft(&workbook), "reads");
    let lexicon = crate::recognise::Lexicon::new(&catalogue, &crate::model::Units::default());
    let recognition = crate::recognise::recognise(&workbook, "so y te.xlsx", &lexicon);
    let returns = crate::extract::extract(&workbook, &recognition.layouts, &"so y te.xlsx".into(), &catalogue);
    let read: Vec<_> = returns
        .iter()
        .map(|r| (&*r.form, r.period.to_string(), r.entries.iter().filter(|e| e.value.is_some()).count()))
        .collect();
    assert_eq!(read, [("12/ABC", "2023-Q2".to_owned(), 9)], "{recognition:?}");
}
