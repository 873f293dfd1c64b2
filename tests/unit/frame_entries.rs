//! Figures over periods and over units, and who is in a total.

use super::super::sources;
use super::*;
use crate::catalogue;
use crate::frame::coverage::of_sources;
use crate::model::outcome::Sent;
use crate::model::{Unit, Units};
use crate::write::sample::kstt;

/// (3) received, (4) online, (5) in person, (6) from before, (7) handled, (8)–(10), (11) open, (12), (13).
const FIRST_QUARTER: [i64; 11] = [105, 60, 40, 5, 93, 70, 20, 3, 12, 10, 2];
const SECOND_QUARTER: [i64; 11] = [92, 50, 30, 12, 84, 60, 22, 2, 8, 7, 1];

fn sent(unit: &str, period: &str, figures: [i64; 11]) -> Return {
    Return {
        period: period.parse().unwrap(), ..kstt(unit, &format!("{unit} {period}.xlsx"), &[("Đất đai", figures)])
    }
}

fn units(codes: &[&str]) -> Units {
    let unit = |code: &&str| Unit { code: (*code).into(), name: (*code).into(), level: "so".into(), ..Unit::default() };
    Units { list: codes.iter().map(unit).collect(), ..Units::default() }
}

#[test]
fn each_figure_goes_over_periods_by_its_own_rule_and_keeps_its_cells() {
    let catalogue = catalogue::load(None).unwrap();
    let returns = [sent("A", "2023-Q2", SECOND_QUARTER), sent("A", "2023-Q1", FIRST_QUARTER)];
    let frame = Frame::new(&returns, &catalogue).unwrap();
    let over = frame.over_periods(&sources(&returns, &units(&["A"]), "2023-H1".parse().unwrap())).unwrap();
    let of = |column: &str| {
        let place = |f: &&OfUnit| &*over.places.list[f.place as usize].place.column == column;
        over.figures.iter().find(place).unwrap()
    };
    assert_eq!(of("4").value, Some(Figure::whole(110)), "flows are summed");
    assert_eq!(of("6").value, Some(Figure::whole(5)), "the first quarter's opening");
    assert_eq!(of("11").value, Some(Figure::whole(20)), "totals are summed here, and made from their parts later");
    assert_eq!(of("12").value, Some(Figure::whole(7)), "the last quarter's closing");
    let cells: Vec<&str> =
        of("4").sources.iter().map(|(ret, entry)| &*returns[*ret as usize].entries[*entry as usize].column).collect();
    assert_eq!(cells, ["4", "4"]);
    assert_eq!(of("4").sources.iter().map(|s| s.0).collect::<Vec<_>>(), [1, 0], "in order of time");
    let returns_of = |column: &str| of(column).sources.iter().map(|s| s.0).collect::<Vec<_>>();
    assert_eq!((returns_of("6"), returns_of("12")), (vec![1], vec![0]), "of the period whose figure is kept");
    let sums = over.over_units().unwrap();
    let total = over.places.find(&returns[0].form, &returns[0].table, TOTAL, &"4".into()).unwrap();
    assert_eq!(sums.get(&total), Some(&Figure::whole(110)));
}

/// Nobody has said yet whether it arises or stands: the last period's figure would be as much of a guess as the sum.
#[test]
fn a_figure_of_which_nothing_tells_how_it_adds_up_is_none_over_periods() {
    let mut catalogue = catalogue::load(None).unwrap().clone();
    let returns = [sent("A", "2023-Q1", FIRST_QUARTER), sent("A", "2023-Q2", SECOND_QUARTER)];
    let form = catalogue.forms.iter_mut().find(|f| f.id == returns[0].form).unwrap();
    form.learned = Some(Arc::default());
    form.tables[0].columns.iter_mut().find(|c| &*c.id == "12").unwrap().kind = Kind::Open;
    let frame = Frame::new(&returns, &catalogue).unwrap();
    let of = |column: &str, period: &str| {
        let over = frame.over_periods(&sources(&returns, &units(&["A"]), period.parse().unwrap())).unwrap();
        let place = |f: &&OfUnit| &*over.places.list[f.place as usize].place.column == column;
        over.figures.iter().find(place).and_then(|f| f.value)
    };
    assert_eq!((of("12", "2023-H1"), of("11", "2023-H1")), (None, None), "neither it nor a total");
    assert_eq!(of("12", "2023-Q2"), Some(Figure::whole(7)));
    assert_eq!(of("4", "2023-H1"), Some(Figure::whole(110)));
}

#[test]
fn a_return_for_the_whole_stands_for_its_parts() {
    let returns = [sent("A", "2023-Q1", FIRST_QUARTER), sent("A", "2023-H1", SECOND_QUARTER)];
    let sources = sources(&returns, &units(&["A"]), "2023".parse().unwrap());
    let covered = sources.values().next().unwrap();
    assert_eq!(covered.returns, [1]);
    assert_eq!(covered.missing.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2023-Q3", "2023-Q4"]);
}

#[test]
fn who_sent_a_part_is_named_with_what_is_missing() {
    let catalogue = catalogue::load(None).unwrap();
    let returns = [
        sent("A", "2023-Q1", FIRST_QUARTER),
        sent("A", "2023-Q2", SECOND_QUARTER),
        sent("B", "2023-Q1", FIRST_QUARTER),
    ];
    let (units, half) = (units(&["A", "B", "C"]), "2023-H1".parse().unwrap());
    let coverage = of_sources(&returns, &sources(&returns, &units, half), &catalogue, &units, half);
    let form = &returns[0].form;
    assert_eq!(coverage.counts(form), (1, 3));
    assert_eq!(coverage.of(form, &"A".into()), Sent::Whole);
    assert_eq!(coverage.of(form, &"B".into()), Sent::Partly(vec!["2023-Q2".parse().unwrap()]));
    assert_eq!(coverage.of(form, &"C".into()), Sent::Missing);
}

#[test]
fn sums_that_would_wrap_are_refused() {
    let catalogue = catalogue::load(None).unwrap();
    let mut returns = [sent("A", "2023-Q1", FIRST_QUARTER), sent("A", "2023-Q2", SECOND_QUARTER)];
    for ret in &mut returns {
        ret.entries[1].value = Some(Figure::whole(i64::MAX / 2 + 1));
    }
    let frame = Frame::new(&returns, &catalogue).unwrap();
    let over = frame.over_periods(&sources(&returns, &Units::default(), "2023-H1".parse().unwrap()));
    assert!(over.is_err_and(|why| why.contains("too large to add up")));
}

#[test]
fn two_rows_of_one_name_are_added_up_and_no_periods() {
    let catalogue = catalogue::load(None).unwrap();
    let rows = [("Đất đai", FIRST_QUARTER), ("Đất đai", SECOND_QUARTER)];
    let returns = [Return { period: "2023-Q1".parse().unwrap(), ..kstt("A", "a.xlsx", &rows) }];
    let frame = Frame::new(&returns, &catalogue).unwrap();
    let over = frame.over_periods(&sources(&returns, &units(&["A"]), "2023-Q1".parse().unwrap())).unwrap();
    let of = |column: &str| {
        let place = |f: &&OfUnit| &*over.places.list[f.place as usize].place.column == column;
        over.figures.iter().find(place).unwrap().clone()
    };
    for (column, sum) in [("4", 110), ("6", 17), ("12", 17)] {
        assert_eq!(of(column).value, Some(Figure::whole(sum)), "({column})");
        assert_eq!(of(column).sources.len(), 2);
    }
}
