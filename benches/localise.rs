//! Random II.06a tables with their BM forms and planted mistakes into the time it takes to name the guilty cells.
//!
//! Prints the median, the 99th percentile and the most over 2,000 tables of each sort, then divan's own measure.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use divan::{Bencher, black_box};
use tonghop::localise::search::{Budget, Component, Verdict, localise};
use tonghop::localise::system::{Cell, Row, System};

const TABLES: u64 = 2_000;

fn main() {
    println!("lines errors   median      p99      max   too many");
    for lines in [10, 40] {
        for errors in 1..=6 {
            let (mut times, mut too_many) = (Vec::new(), 0);
            for seed in 0..TABLES {
                let system = dirty(lines, errors, seed);
                let start = Instant::now();
                let components = black_box(localise(black_box(&system), Budget::default()));
                times.push(start.elapsed());
                too_many += usize::from(components.iter().any(gave_up));
            }
            times.sort_unstable();
            let at = |share: usize| Micros(times[(times.len() - 1) * share / 100]);
            println!("{lines:5} {errors:6} {:>8} {:>8} {:>8} {too_many:6}", at(50), at(99), at(100));
        }
    }
    divan::main();
}

#[divan::bench(args = [1, 2, 3, 4])]
fn ten_lines_and_bm_forms(bencher: Bencher, errors: usize) {
    let seed = AtomicU64::new(0);
    bencher
        .with_inputs(|| dirty(10, errors, seed.fetch_add(1, Ordering::Relaxed)))
        .bench_values(|system| localise(&system, Budget::default()));
}

fn gave_up(component: &Component) -> bool {
    matches!(component.verdict, Verdict::TooMany(_))
}

struct Micros(Duration);

impl std::fmt::Display for Micros {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.pad(&format!("{:.1}µs", self.0.as_secs_f64() * 1e6))
    }
}

struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> i128 {
        i128::from(self.next() % end)
    }
}

/// A unit's return: II.06a, and about 120 cells of BM forms, three of which state a figure of II.06a again.
fn dirty(lines: usize, errors: usize, seed: u64) -> System {
    let mut dice = Dice(seed);
    let mut system = System::default();
    case_table(&mut system, &mut dice, lines);
    let table = system.cells.len();
    let mut form = 0;
    while system.cells.len() < table + 120 {
        let root = indicators(&mut system, &mut dice, 2);
        if form < 3 {
            let shared = dice.below(table as u64) as usize;
            let value = |cell: usize| system.cells[cell].value.unwrap_or(0);
            let constant = value(shared) - value(root);
            system.rows.push(Row { terms: vec![(root, 1), (shared, -1)], constant });
        }
        form += 1;
    }
    for _ in 0..errors {
        let cell = dice.below(system.cells.len() as u64) as usize;
        let slip = 1 + dice.below(900);
        let value = &mut system.cells[cell].value;
        *value = value.map(|value| if slip % 3 == 0 { value * 10 + 1 } else { value + slip });
    }
    system
}

fn cell(system: &mut System, value: i128) -> usize {
    system.cells.push(Cell { min: Some(0), ..Cell::stated(value) });
    system.cells.len() - 1
}

fn case_table(system: &mut System, dice: &mut Dice, lines: usize) {
    for _ in 0..lines {
        let [d4, d5, d6, d8, d9] = [400, 3000, 200, 900, 80].map(|end| dice.below(end));
        let [d8, d9] = [d8.min(d4 + d5), d9.min(d6)];
        let rest = d4 + d5 + d6 - d8 - d9;
        let d10 = dice.below(rest as u64 + 1);
        let d11 = rest - d10;
        let d13 = dice.below(d11 as u64 + 1);
        for figure in [d4 + d5 + d6, d4, d5, d6, d8 + d9 + d10, d8, d9, d10, d11, d11 - d13, d13] {
            cell(system, figure);
        }
    }
    for column in 0..11 {
        let parts: Vec<usize> = (0..lines).map(|line| 11 * line + column).collect();
        let sum = parts.iter().filter_map(|&part| system.cells[part].value).sum();
        let total = cell(system, sum);
        system.rows.push(Row::total(total, parts));
    }
    for line in 0..=lines {
        let at = |column: usize| 11 * line + column - 3;
        system.rows.push(Row::total(at(3), [at(4), at(5), at(6)]));
        system.rows.push(Row::total(at(7), [at(8), at(9), at(10)]));
        system.rows.push(Row::total(at(11), [at(12), at(13)]));
        system.rows.push(Row::total(at(3), [at(7), at(11)]));
    }
}

fn indicators(system: &mut System, dice: &mut Dice, depth: usize) -> usize {
    if depth == 0 {
        let figure = dice.below(5_000);
        return cell(system, figure);
    }
    let children: Vec<usize> = (0..2 + dice.below(4)).map(|_| indicators(system, dice, depth - 1)).collect();
    let sum = children.iter().filter_map(|&child| system.cells[child].value).sum();
    let parent = cell(system, sum);
    system.rows.push(Row::total(parent, children));
    parent
}
