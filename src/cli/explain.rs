//! `tonghop explain`: a rule's words and basis, what a kind of rule means, or how much of a file is taken in.

use rapidfuzz::distance::jaro_winkler;

use super::args::ExplainArgs;
use super::{End, explain_cell, run, say};
use crate::check::WORDS;
use crate::model::Lang;

/// The page on how much of a file is taken in.
const LIMITS: [&str; 2] = ["gioi-han", "limits"];

pub fn run(args: &ExplainArgs) -> Result<End, String> {
    if let Some(cell) = &args.cell {
        return explain_cell::run(args, cell);
    }
    let lang = args.common.lang();
    if LIMITS.contains(&&*args.what) {
        say::out(&crate::read::limits_told(lang));
        return Ok(End::Clean);
    }
    let catalogue = run::load(&args.common)?;
    // What text is tried by has one explanation for all its rules.
    let kind = args.what.split_once(':').map_or(&*args.what, |(lead, _)| match lead {
        "van-ban" => "prose",
        _ => &args.what,
    });
    if let Some(words) = of_kind(kind, lang) {
        say::out(&format!("{words}\n"));
        return Ok(End::Clean);
    }
    let Some(rule) = catalogue.rules.iter().find(|r| *r.id == *args.what) else {
        let known = catalogue.rules.iter().map(|r| &*r.id).chain(WORDS.iter().map(|(k, _)| *k)).chain(LIMITS);
        let near = known
            .map(|k| (jaro_winkler::normalized_similarity(k.chars(), args.what.chars()), k))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map_or("", |(_, k)| k);
        return Err(lang.pick(
            format!("Không có quy tắc '{}'; gần nhất là '{near}'.", args.what),
            format!("There is no rule '{}'; the nearest is '{near}'.", args.what),
        ));
    };
    let (severity, basis) =
        (lang.pick(rule.severity.in_vietnamese(), rule.severity.name()), lang.pick("Căn cứ", "Basis"));
    let kind = of_kind(rule.kind.name(), lang).unwrap_or_default();
    say::out(&format!("{} [{severity}]\n  {}\n  {basis}: {}\n\n{kind}\n", rule.id, rule.says, rule.basis));
    Ok(End::Clean)
}

fn of_kind(kind: &str, lang: Lang) -> Option<&'static str> {
    let (_, words) = WORDS.iter().find(|(name, _)| *name == kind)?;
    let (en, vi) = words.split_once("\n---\n")?;
    Some(lang.pick(vi, en).trim_end())
}
