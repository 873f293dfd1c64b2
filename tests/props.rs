//! What must hold of any return, not only of those somebody thought of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use proptest::prelude::*;
use tonghop::aggregate::Aggregation;
use tonghop::model::{Address, Catalogue, Figure, Outcome, Severity, Units};
use tonghop::pipeline::{self, Task};

use crate::paper::{self, Book, Sheet};
use crate::program::scratch;

const FIELDS: [&str; 8] = [
    "Đất đai",
    "Hộ tịch",
    "Chứng thực",
    "Đường bộ",
    "Quản lý giá",
    "Sở hữu trí tuệ",
    "Dược phẩm",
    "Hoạt động xây dựng",
];
const UNITS: [&str; 4] = ["Sở Tài chính", "Sở Y tế", "Sở Nội vụ", "Sở Xây dựng"];
/// The first row of figures, from 0.
const TOP: u32 = 11;

fn catalogue() -> Arc<Catalogue> {
    static ONCE: OnceLock<Arc<Catalogue>> = OnceLock::new();
    ONCE.get_or_init(|| Arc::new(tonghop::catalogue::load(None).unwrap())).clone()
}

/// Columns (3) to (13) of the lines, and the total line below them.
type Grid = Vec<[i64; 11]>;

/// A II.06a that keeps every rule of the form.
fn grid() -> impl Strategy<Value = Grid> {
    let line = (0..900i64, 0..900i64, 0..90i64, 0..=100i64, 0..=100i64, 0..=100i64, 0..=100i64).prop_map(
        |(c4, c5, c6, p, q, r, s)| {
            let c3 = c4 + c5 + c6;
            let c7 = c3 * p / 100;
            let (c8, c11) = (c7 * q / 100, c3 - c7);
            let (c9, c13) = ((c7 - c8) * r / 100, c11 * s / 100);
            [c3, c4, c5, c6, c7, c8, c9, c7 - c8 - c9, c11, c11 - c13, c13]
        },
    );
    prop::collection::vec(line, 2..FIELDS.len()).prop_map(|mut lines| {
        let mut total = [0; 11];
        for line in &lines {
            total.iter_mut().zip(line).for_each(|(t, f)| *t += f);
        }
        lines.push(total);
        lines
    })
}

fn book(grid: &Grid, unit: &str, file: &str) -> Book {
    let text = format!(
        "# file: {file}\n# sheet: 06a\n1: Biểu số II.06a/VPCP/KSTT\n2: Đơn vị báo cáo: {unit}\n3: Kỳ báo cáo: Quý I năm 2023\n\
         8: STT | Lĩnh vực giải quyết | Số lượng hồ sơ tiếp nhận | < | < | < | Số lượng hồ sơ đã giải quyết | < | < | < | Số lượng hồ sơ đang giải quyết | < | <\n\
         9: ^ | ^ | Tổng số | Trong kỳ | < | Từ kỳ trước | Tổng số | Trước hạn | Đúng hạn | Quá hạn | Tổng số | Trong hạn | Quá hạn\n\
         10: ^ | ^ | ^ | Trực tuyến | Trực tiếp, dịch vụ bưu chính | ^ | ^ | ^ | ^ | ^ | ^ | ^ | ^\n\
         11: (1) | (2) | (3)=(4)+(5)+(6) | (4) | (5) | (6) | (7)=(8)+(9)+(10) | (8) | (9) | (10) | (11)=(12)+(13) | (12) | (13)\n"
    );
    let mut book = paper::books(&text).remove(0);
    let sheet: &mut Sheet = &mut book.sheets[0];
    for (i, line) in grid.iter().enumerate() {
        let name = if i + 1 == grid.len() {
            ["".to_owned(), "TỔNG CỘNG".to_owned()]
        } else {
            [(i + 1).to_string(), FIELDS[i].to_owned()]
        };
        let cells = name.into_iter().chain(line.iter().map(i64::to_string)).collect();
        sheet.rows.push((TOP + u32::try_from(i).unwrap(), cells));
    }
    book
}

fn lay(folder: &Path, books: &[Book]) -> Vec<PathBuf> {
    books
        .iter()
        .map(|book| {
            let path = folder.join(&book.file);
            std::fs::write(&path, paper::bytes(book)).unwrap();
            path
        })
        .collect()
}

fn run(paths: Vec<PathBuf>) -> Outcome {
    let task = Task { paths, ..Task::default() };
    pipeline::run(&task, catalogue(), Units::default(), &|_, _| {}).unwrap()
}

/// What is said, whatever the order.
fn said(outcome: &Outcome) -> BTreeSet<String> {
    outcome.findings.iter().map(|f| format!("{} {:?} {:?}", f.file, f.fact, f.suspects)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_return_that_keeps_the_rules_is_clean(grid in grid()) {
        let outcome = run(lay(&scratch("props-clean"), &[book(&grid, UNITS[0], "a.xlsx")]));
        prop_assert_eq!(outcome.returns.len(), 1);
        prop_assert!(said(&outcome).is_empty(), "{:?}", said(&outcome));
        for entry in &outcome.returns[0].entries {
            let Address { row, column } = entry.cell;
            let typed = grid[(row - TOP) as usize][column as usize - 2];
            prop_assert_eq!(entry.value, Some(Figure::whole(typed)));
        }
    }

    #[test]
    fn one_changed_cell_is_found_and_named(mut grid in grid(), row in any::<prop::sample::Index>(), column in 0..11usize, by in 1..5000i64) {
        let row = row.index(grid.len());
        grid[row][column] += by;
        let cell = Address::new(TOP + u32::try_from(row).unwrap(), u32::try_from(column).unwrap() + 2);
        let outcome = run(lay(&scratch("props-changed"), &[book(&grid, UNITS[0], "a.xlsx")]));
        prop_assert!(outcome.findings.iter().any(|f| f.severity == Severity::Error));
        let first = outcome.findings.iter().flat_map(|f| f.suspects.first());
        let named: Vec<_> = first.filter(|s| s.cells.len() == 1).flat_map(|s| &s.cells).filter(|c| c.cell == cell).collect();
        prop_assert!(!named.is_empty(), "{cell} is not the first suspect: {:?}", said(&outcome));
        prop_assert_eq!(named[0].proposed, Some(Figure::whole(grid[row][column] - by)));
    }

    #[test]
    fn the_order_of_files_never_matters(grids in prop::collection::vec(grid(), UNITS.len()), slip in 0..11usize, turn in 1..UNITS.len()) {
        let mut books: Vec<Book> = grids.iter().zip(UNITS).enumerate().map(|(i, (g, unit))| book(g, unit, &format!("{i}.xlsx"))).collect();
        let mut wrong = grids[0].clone();
        wrong[0][slip] += 7;
        books[0] = book(&wrong, UNITS[0], "0.xlsx");
        let paths = lay(&scratch("props-order"), &books);
        let mut turned = paths.clone();
        turned.rotate_left(turn);
        let (one, other) = (run(paths), run(turned));
        prop_assert!(!said(&one).is_empty());
        prop_assert_eq!(said(&one), said(&other));
        let period = "2023-Q1".parse().unwrap();
        let totals = |o: &Outcome| Aggregation::new(&o.returns, &o.catalogue, &o.units).unwrap().of(period, None).unwrap().totals;
        prop_assert_eq!(totals(&one), totals(&other));
    }

    #[test]
    fn what_is_consolidated_is_the_sum_of_the_returns(grids in prop::collection::vec(grid(), 1..=UNITS.len())) {
        let books: Vec<Book> = grids.iter().zip(UNITS).enumerate().map(|(i, (g, unit))| book(g, unit, &format!("{i}.xlsx"))).collect();
        let outcome = run(lay(&scratch("props-sum"), &books));
        let totals = Aggregation::new(&outcome.returns, &outcome.catalogue, &outcome.units).unwrap().of("2023-Q1".parse().unwrap(), None).unwrap().totals;
        let mut sums: BTreeMap<(String, String), i64> = BTreeMap::new();
        for grid in &grids {
            for (i, line) in grid.iter().enumerate() {
                let name = if i + 1 == grid.len() { "total" } else { FIELDS[i] };
                for (column, figure) in (3..).zip(line) {
                    *sums.entry((name.to_owned(), column.to_string())).or_default() += figure;
                }
            }
        }
        let got: BTreeMap<(String, String), i64> =
            totals.iter().map(|t| ((t.line.to_string(), t.column.to_string()), t.value.unwrap().to_string().parse().unwrap())).collect();
        prop_assert_eq!(got, sums);
    }
}
