//! A progress bar, on a terminal only.

use std::io::IsTerminal;
use std::sync::OnceLock;

use indicatif::{ProgressBar, ProgressStyle};

/// Shows how many files are done; silent where nobody watches.
pub struct Bar {
    shown: bool,
    bar: OnceLock<ProgressBar>,
}

impl Bar {
    pub fn new(quiet: bool) -> Self {
        Self { shown: !quiet && std::io::stderr().is_terminal(), bar: OnceLock::new() }
    }

    pub fn at(&self, done: usize, all: usize) {
        if !self.shown {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} tệp")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(all as u64).with_style(style)
        });
        bar.set_position(done as u64);
    }

    pub fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
