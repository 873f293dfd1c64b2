//! `tonghop consolidate`: the whole job, from a folder of workbooks to the province's files.

use std::fmt::Write as _;

use super::args::ConsolidateArgs;
use super::{End, boundaries, returned, run, say};
use crate::aggregate::{aggregate, earlier, on_boundaries};
use crate::write::{self, Reports};

pub fn run(args: &ConsolidateArgs) -> Result<End, String> {
    let lang = args.input.common.lang();
    // Before the long work: a template that can't be used is said at once.
    let catalogue = run::load(&args.input.common)?;
    let reports = Reports::load(&catalogue, &args.report).map_err(|complaint| complaint.said(lang))?;
    let outcome = run::run(&args.input, false)?;
    let (returns, units) = (&outcome.returns, &outcome.units);
    let mut consolidation = match args.boundaries {
        None => aggregate(returns, &outcome.catalogue, units, args.period)?,
        Some(day) => on_boundaries(returns, &outcome.catalogue, units, args.period, day)?,
    };
    if consolidation.totals.is_empty() {
        let period = lang.pick(args.period.in_vietnamese(), args.period.to_string());
        say::out(&say::outcome(&outcome, lang));
        return Err(lang.pick(
            format!("Không có biểu nào của {period} trong các tệp đã đọc."),
            format!("None of the files read holds a form for {period}."),
        ));
    }
    consolidation.earlier = earlier(returns, &outcome.catalogue, units, args.period)?;
    let today = chrono::Local::now().date_naive();
    let files = write::write(&outcome, &consolidation, args.period, &reports, lang, today, &args.out)
        .map_err(|e| e.say(lang))?;
    let mut text = say::outcome(&outcome, lang);
    for form in &outcome.catalogue.forms {
        let sent = consolidation.reporting.iter().filter(|(f, _)| *f == form.id).count();
        if sent > 0 {
            let expected = outcome.catalogue.expected(&outcome.units, &outcome.returns, &form.id, args.period);
            let expected = boundaries::count(&expected, consolidation.boundaries.as_ref());
            let _ = writeln!(
                text,
                "{}: {}",
                form.id,
                lang.pick(format!("tổng hợp từ {sent}/{expected} đơn vị"), format!("from {sent} of {expected} units"))
            );
        }
    }
    if let Some(day) = &consolidation.boundaries {
        text.push_str(&boundaries::words(day, &outcome, args.period, lang));
    }
    let names: Vec<String> = files.iter().map(|f| f.display().to_string()).collect();
    let _ = writeln!(text, "{}: {}", lang.pick("Đã ghi", "Written"), names.join(", "));
    text.push_str(&returned::write(&args.input, &outcome, args.period, &args.out)?);
    say::out(&text);
    Ok(if outcome.errors() > 0 { End::Errors } else { End::Clean })
}
