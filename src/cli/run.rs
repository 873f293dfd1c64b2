//! What every command does first: load the templates and units, and run the pipeline with progress shown.

use std::sync::Arc;

use super::args::{Common, Input};
use super::progress::Bar;
use crate::catalogue;
use crate::model::{Catalogue, Outcome, Units};
use crate::normalise::text::key;
use crate::pipeline::{self, Task};

/// The forms and rules known.
pub fn load(common: &Common) -> Result<Arc<Catalogue>, String> {
    catalogue::load(common.templates.as_deref()).map(Arc::new).map_err(|complaint| complaint.to_string())
}

/// Reads and, unless `read_only`, checks everything under the paths.
pub fn run(input: &Input, read_only: bool) -> Result<Outcome, String> {
    let lang = input.common.lang();
    let catalogue = load(&input.common)?;
    let units = match pipeline::find_units(input.units.as_deref(), &input.paths) {
        Some(file) => catalogue::load_units(&file, key).map_err(|complaint| complaint.to_string())?,
        None => Units::default(),
    };
    if let Some(jobs) = input.jobs {
        // Set once, before anything runs in parallel; a second call can only come from a test.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global();
    }
    let bar = Bar::new(input.quiet);
    let task = Task { paths: input.paths.clone(), lang, read_only };
    let outcome = pipeline::run(&task, catalogue, units, &|done, all| bar.at(done, all));
    bar.finish();
    let outcome = outcome.map_err(|trouble| lang.pick(trouble.in_vietnamese(), trouble.in_english()))?;
    if outcome.files.is_empty() {
        let paths = input.paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ");
        return Err(lang.pick(
            format!("Không có tệp nào trong {paths}. Đưa vào thư mục chứa các tệp Excel đơn vị gửi."),
            format!("There is no file in {paths}. Name the folder that holds the units' workbooks."),
        ));
    }
    Ok(outcome)
}
