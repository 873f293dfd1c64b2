//! Figures in a larger measure that still add up.

use proptest::prelude::*;

use super::*;

const TY: Measure = Measure { power: 3, decimals: 1 };

fn sum(figures: &[Figure]) -> Figure {
    figures.iter().try_fold(Figure::ZERO, |a, b| a.checked_add(*b)).unwrap()
}

/// Whether a printed figure is one of the two next to the exact one, and the exact one itself where that can be.
fn next_to(exact: Figure, printed: Figure) -> bool {
    let step = 100_000;
    let off = printed.at_scale(1).unwrap() * step - exact.at_scale(3).unwrap();
    off.abs() < step
}

#[test]
fn parts_that_would_miss_their_total_by_rounding_do_not() {
    // 33.35 + 33.35 + 33.30 tỷ are 100.0, but one by one 33.4 + 33.4 + 33.3.
    let parts = [33_350, 33_350, 33_300].map(Figure::whole);
    let total = TY.nearest(Figure::whole(100_000)).unwrap();
    let printed = TY.spread(&parts, total).unwrap();
    let shown: Vec<String> = printed.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["33.4", "33.3", "33.3"]);
    assert_eq!(sum(&printed), total);
    assert_eq!(TY.spread(&parts, Figure::whole(99)), None);
}

#[test]
fn figures_below_the_measure_survive() {
    let dong = Measure { power: 0, decimals: 2 };
    let parts = [Figure::whole(3), Figure::new(15, 1)];
    let printed = dong.spread(&parts, dong.nearest(sum(&parts)).unwrap()).unwrap();
    assert_eq!(printed, parts);
}

proptest! {
    #[test]
    fn printed_parts_add_up_to_the_nearest_total(units in prop::collection::vec(-9_999_999_999i64..9_999_999_999, 0..40)) {
        let parts: Vec<Figure> = units.iter().map(|u| Figure::new(*u, 3)).collect();
        let total = TY.nearest(sum(&parts)).unwrap();
        let printed = TY.spread(&parts, total).unwrap();
        prop_assert_eq!(sum(&printed), total);
        for (part, printed) in parts.iter().zip(&printed) {
            prop_assert!(next_to(*part, *printed), "{part} became {printed}");
        }
    }

    #[test]
    fn a_table_adds_up_both_ways(
        rows in 1usize..9,
        columns in 1usize..9,
        units in prop::collection::vec(-9_999_999i64..99_999_999, 81),
    ) {
        let table: Vec<Vec<Figure>> = (0..rows)
            .map(|i| (0..columns).map(|j| Figure::new(units[9 * i + j], 3)).collect())
            .collect();
        let printed = TY.control(&table).unwrap();
        for (row, shown) in table.iter().zip(&printed) {
            prop_assert!(next_to(sum(row), sum(shown)));
            for (exact, shown) in row.iter().zip(shown) {
                prop_assert!(next_to(*exact, *shown), "{exact} became {shown}");
            }
        }
        for j in 0..columns {
            let of = |table: &[Vec<Figure>]| sum(&table.iter().map(|row| row[j]).collect::<Vec<_>>());
            prop_assert!(next_to(of(&table), of(&printed)));
        }
        let all = |table: &[Vec<Figure>]| sum(&table.concat());
        prop_assert!(next_to(all(&table), all(&printed)));
        prop_assert_eq!(TY.control(&table).unwrap(), printed);
    }
}
