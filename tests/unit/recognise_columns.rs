//! Which column is which.

use super::{aligned, *};
use crate::model::{Area, Units};

#[test]
fn printed_numbers_without_captions_make_no_form() {
    let catalogue = crate::catalogue::load(None).unwrap();
    let lexicon = Lexicon::new(&catalogue, &Units::default());
    let header = |first: u32| Header {
        area: Area { top: 0, left: 0, bottom: 0, right: 13 },
        columns: (0..14)
            .map(|column| HeaderColumn {
                column,
                path: Vec::new(),
                number: Some(first + column),
                other_period: false,
                is_measure: false,
            })
            .collect(),
        lettered: 0,
        borrowed: false,
        block: None,
    };
    let fit = |first: u32| fits(&header(first), &lexicon, &mut Memory::default()).len();
    assert_eq!((fit(1), fit(60)), (0, 0));
}

#[test]
fn pairs_keep_their_order_and_come_to_the_most() {
    // Passing over the first of the one lets two weaker pairs stand.
    let scores = [[0.0, 1.0, 0.0], [0.6, 0.0, 0.0], [0.0, 0.7, 0.0]];
    assert_eq!(aligned(3, 3, |i, j| scores[i][j]), [(1, 0), (2, 1)]);
    assert_eq!(aligned(1, 3, |_, _| 0.0), []);
    assert_eq!(aligned(0, 2, |_, _| 1.0), []);
}
