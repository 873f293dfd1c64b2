//! Lines on the terminal: findings grouped as a clerk works through them, colour only where it is seen.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::windows;
use crate::model::{Finding, Lang, Outcome, Severity, Verdict};
use crate::normalise::text::visible;
use crate::words::Words;
use crate::words::learned::versions;
use crate::write::WriteError;

/// Whether a stream's text has begun, before which a mark stands once.
static OUT_BEGUN: AtomicBool = AtomicBool::new(false);
static TROUBLE_BEGUN: AtomicBool = AtomicBool::new(false);

/// A sentence on standard error.
pub fn trouble(sentence: &str) {
    let mark = mark(&TROUBLE_BEGUN, io::stderr().is_terminal(), cfg!(windows));
    let _ = writeln!(io::stderr(), "{mark}{}", inert(sentence));
}

/// What stands before a stream's first text.
fn mark(begun: &AtomicBool, is_terminal: bool, on_windows: bool) -> &'static str {
    let first = !begun.swap(true, Ordering::Relaxed);
    if first && windows::is_for_a_program(is_terminal, on_windows) { windows::MARK } else { "" }
}

/// Text for a terminal: what a stranger wrote cannot move the cursor or turn the words around; our own colours may.
fn inert(text: &str) -> Cow<'_, str> {
    let plain = |c: char| matches!(c, '\n' | '\t') || (' '..'\u{7f}').contains(&c);
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if plain(c) || (c == '\u{1b}' && is_colour(&text[at + 1..])) {
            shown.push(c);
        } else {
            shown.push_str(&visible(c.encode_utf8(&mut [0; 4])));
        }
    }
    Cow::Owned(shown)
}

fn is_colour(after: &str) -> bool {
    let digits = |c: char| c.is_ascii_digit() || c == ';';
    after.strip_prefix('[').is_some_and(|rest| rest.trim_start_matches(digits).starts_with('m'))
}

/// What is wrong with a command, in one sentence, and where to read more.
pub fn misuse(error: &clap::Error, lang: Lang) -> String {
    use clap::error::{ContextKind, ErrorKind};
    let named = |kind: ContextKind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let (what, value) = (named(ContextKind::InvalidArg).replace("...", ""), named(ContextKind::InvalidValue));
    let (vi, en) = match error.kind() {
        ErrorKind::MissingRequiredArgument => (format!("Lệnh thiếu {what}."), format!("{what} is missing.")),
        ErrorKind::ValueValidation | ErrorKind::InvalidValue if what.starts_with("--period") => (
            format!(
                "“{value}” không phải là kỳ báo cáo; viết như 2023-Q3, quý III/2023, 6T2023, 9T2023, tháng 8/2023 hoặc 2023."
            ),
            format!("“{value}” names no period; write 2023-Q3, Q3/2023, 2023-H1, 2023-9M, 2023-08 or 2023."),
        ),
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => {
            (format!("Không hiểu giá trị “{value}” của {what}."), format!("“{value}” is no value for {what}."))
        }
        ErrorKind::UnknownArgument => (format!("Không có tùy chọn {what}."), format!("There is no option {what}.")),
        ErrorKind::InvalidSubcommand => {
            let command = named(ContextKind::InvalidSubcommand);
            (format!("Không có lệnh “{command}”."), format!("There is no command “{command}”."))
        }
        ErrorKind::ArgumentConflict => {
            let other = named(ContextKind::PriorArg);
            (format!("{what} không dùng cùng {other}."), format!("{what} cannot be used with {other}."))
        }
        // clap's own words are the best there are for what is left: its help among them.
        _ => return error.to_string(),
    };
    lang.pick(format!("{vi} → tonghop --help"), format!("{en} → tonghop --help --lang en"))
}

/// Text for people on standard output.
pub fn out(text: &str) {
    let mark = mark(&OUT_BEGUN, io::stdout().is_terminal(), cfg!(windows));
    print(&format!("{mark}{}", inert(text)));
}

/// JSON on standard output.
pub fn json(json: &str) {
    let for_a_program = windows::is_for_a_program(io::stdout().is_terminal(), cfg!(windows));
    print(&if for_a_program { Cow::Owned(windows::in_ascii(json)) } else { inert(json) });
}

/// SQL on standard output, without a mark: an engine would not know it.
pub fn sql(sql: &str) {
    print(&inert(sql));
}

/// A closed pipe ends it quietly, a full disk ends the run: half a list of mistakes is none.
fn print(text: &str) {
    let mut stdout = io::stdout();
    let written = stdout.write_all(text.as_bytes());
    if let Err(error) = written.and_then(|()| stdout.flush())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        let error = WriteError::file(Path::new("stdout"), &error);
        let (vi, en) = (error.say(Lang::Vi), error.say(Lang::En));
        trouble(&format!("{vi} {en}"));
        std::process::exit(2);
    }
}

/// Whether standard output shows colour: a terminal, and NO_COLOR not set.
fn coloured() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Files left out or refused, then the findings unit by unit, then the count.
pub fn outcome(outcome: &Outcome, lang: Lang) -> String {
    let colour = coloured();
    let mut text = String::new();
    files(outcome, lang, &mut text);
    let words = Words::of(outcome, lang);
    let mut last: Option<(&str, &str, &str)> = None;
    for finding in &outcome.findings {
        let here = (&*finding.unit, &*finding.file, &*finding.sheet);
        if last != Some(here) {
            let period = finding.period.map(|p| format!(", {}", lang.period(p))).unwrap_or_default();
            let _ = match finding.passage {
                Some(_) => writeln!(text, "\n{}", finding.file),
                None => writeln!(
                    text,
                    "\n{}{period} — {} [{}]",
                    outcome.units.name(&finding.unit),
                    finding.file,
                    finding.sheet
                ),
            };
            last = Some(here);
        }
        one(finding, &words, colour, &mut text);
    }
    learned(outcome, lang, &mut text);
    text + &summary(outcome, lang)
}

/// Which forms were learned, from whom, and what of them is open.
fn learned(outcome: &Outcome, lang: Lang, text: &mut String) {
    for form in &outcome.catalogue.forms {
        let Some(learned) = form.to_confirm() else { continue };
        let (id, title, sheets, offices) = (&form.id, &form.title, learned.sheets, learned.offices);
        let line = lang.pick(
            format!("Biểu {id} ({title}) chưa có mẫu: học được từ {sheets} sheet của {offices} đơn vị, quy tắc suy ra chỉ là cảnh báo."),
            format!("The form {id} ({title}) has no template: learned from {sheets} sheets of {offices} units; what is inferred only warns."),
        );
        let _ = writeln!(text, "\n{line}");
        for version in versions(form, lang) {
            let _ = writeln!(text, "  {version}");
        }
        for question in &learned.questions {
            let _ = writeln!(text, "  {} {question}", lang.pick("Cần trả lời:", "To be answered:"));
        }
        for misfit in &learned.misfits {
            let _ = writeln!(text, "  {} [{}]: {}", misfit.file, misfit.sheet, misfit.why);
        }
    }
}

fn files(outcome: &Outcome, lang: Lang, text: &mut String) {
    for file in &outcome.files {
        let word = match file.verdict {
            Verdict::Read if file.is_read_in_part() => lang.pick("đọc thiếu", "read in part"),
            Verdict::Read => continue,
            Verdict::LeftOut => lang.pick("bỏ qua", "left out"),
            Verdict::Refused => lang.pick("không đọc được", "refused"),
        };
        let _ = writeln!(text, "{} — {word}: {}", file.file, file.told().pick(lang));
    }
}

fn one(finding: &Finding, words: &Words<'_>, colour: bool, text: &mut String) {
    let lang = words.lang;
    let word = lang.severity(finding.severity);
    let word = match (colour, finding.severity) {
        (false, _) => word.to_owned(),
        (true, Severity::Error) => format!("\x1b[31m{word}\x1b[0m"),
        (true, Severity::Warning) => format!("\x1b[33m{word}\x1b[0m"),
        (true, Severity::Note) => format!("\x1b[36m{word}\x1b[0m"),
    };
    let waived = finding
        .waived
        .as_ref()
        .map(|waived| format!(" [{}: {}]", lang.pick("đã miễn", "waived"), words.waived(waived)));
    // By its rules' ids a finding is waived in waivers.csv.
    let rules = finding.rules.join("; ");
    let rules = if colour { format!(" \x1b[2m{rules}\x1b[0m") } else { format!(" [{rules}]") };
    let _ = writeln!(text, "  {word}: {}{}{rules}", words.message(finding), waived.unwrap_or_default());
    for reworded in finding.passage.iter().flat_map(|p| &p.suspects) {
        let proposed = reworded.proposed.map(|p| format!(" → {}", lang.figure(p))).unwrap_or_default();
        let _ = writeln!(text, "      “{}”{proposed} — {}", reworded.quote, words.reworded(reworded));
    }
    for suspect in finding.suspects.iter().take(3) {
        let cells = suspect.cells.iter().map(|c| {
            let there = c.elsewhere.as_ref().map(|(_, sheet)| format!("{sheet}!")).unwrap_or_default();
            let stated = lang.stated(&c.stated);
            c.proposed.map_or_else(
                || format!("{there}{}", c.cell),
                |p| format!("{there}{}: {stated} → {}", c.cell, lang.figure(p)),
            )
        });
        let _ = writeln!(text, "      {} — {}", cells.collect::<Vec<_>>().join(", "), words.why(suspect));
    }
}

fn summary(outcome: &Outcome, lang: Lang) -> String {
    let count =
        |severity: Severity| outcome.findings.iter().filter(|f| f.severity == severity && f.waived.is_none()).count();
    let (errors, warnings, notes) = (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    let read = outcome.files.iter().filter(|f| f.verdict == Verdict::Read).count();
    let returns = outcome.returns.iter().filter(|r| r.counts()).count();
    let (files, unused) = (outcome.files.len(), unused(outcome, lang));
    lang.pick(
        format!("\nĐã đọc {read}/{files} tệp, {returns} biểu: {errors} lỗi, {warnings} chỗ cần xác nhận, {notes} lưu ý.{unused}\n"),
        format!("\n{read} of {files} files read, {returns} tables: {errors} errors, {warnings} to confirm, {notes} notes.{unused}\n"),
    )
}

/// Files that a person had edited, and what was written beside them.
pub fn kept(files: &[std::path::PathBuf], lang: Lang) -> String {
    let mut text = String::new();
    for file in files {
        if let Some(edited) = crate::write::edited(file) {
            let (edited, file) = (edited.display(), file.display());
            text += &lang.pick(
                format!("{edited} đã có người sửa nên giữ nguyên; bản mới ghi vào {file}.\n"),
                format!("{edited} was edited and is kept; the new one is {file}.\n"),
            );
        }
    }
    text
}

/// Files of which nothing, or not all, was used though somebody sent them: said again at the end, where it is read.
fn unused(outcome: &Outcome, lang: Lang) -> String {
    let mut text = match outcome.files.iter().filter(|f| f.verdict != Verdict::Read && f.sent).count() {
        0 => String::new(),
        n => lang.pick(format!(" {n} tệp không dùng được, xem ở trên."), format!(" {n} could not be used; see above.")),
    };
    match outcome.files.iter().filter(|f| f.verdict == Verdict::Read && !f.unread.is_empty()).count() {
        0 => {}
        n => {
            text.push_str(&lang.pick(
                format!(" {n} tệp đọc thiếu, xem ở trên."),
                format!(" {n} could be read only in part; see above."),
            ))
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_no_console_shows_is_marked_once_on_windows() {
        let fresh = || AtomicBool::new(false);
        let begun = fresh();
        assert_eq!([mark(&begun, false, true), mark(&begun, false, true)], ["\u{feff}", ""]);
        assert_eq!(mark(&fresh(), true, true), "");
        assert_eq!(mark(&fresh(), false, false), "");
    }

    #[test]
    fn a_stranger_cannot_move_the_cursor_or_turn_the_words() {
        assert_eq!(inert("Sở Y tế\n\tô D12"), "Sở Y tế\n\tô D12");
        assert_eq!(inert("\u{1b}[1mLỗi\u{1b}[0m"), "\u{1b}[1mLỗi\u{1b}[0m");
        assert_eq!(inert("a\u{1b}[2Jb\u{1b}]0;x\u{7}"), "a‹U+001B›[2Jb‹U+001B›]0;x‹U+0007›");
        assert_eq!(inert("\u{202e}xslx"), "‹U+202E›xslx");
    }
}
