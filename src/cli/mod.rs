//! The command line: what was asked, into a run of the pipeline and its words on the terminal. `tonghop serve` and
//! `tonghop init` stand here: the page over a workspace, and a new workspace.

mod args;
mod blank;
mod check;
mod consolidate;
mod export;
mod explain;
mod forms;
mod help;
mod run;
mod say;
mod status;
mod windows;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use crate::model::{Outcome, Verdict};
use crate::web::{self, Asked};
use crate::workspace::line::{How, Line};
use crate::workspace::{Workspace, units};
use args::{Cli, Command, InitArgs, ServeArgs};

/// How a command ended; see INTERFACE.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Nothing must be corrected.
    Clean,
    /// Errors were found.
    Errors,
    /// There were files, and nothing in them could be read.
    Nothing,
}

impl End {
    /// How reading and checking ended.
    fn of(outcome: &Outcome) -> Self {
        if !outcome.files.iter().any(|f| f.verdict == Verdict::Read) {
            Self::Nothing
        } else if outcome.errors() > 0 {
            Self::Errors
        } else {
            Self::Clean
        }
    }
}

/// Runs the command asked for. Exit 0: nothing that must be corrected; 1: errors found; 2: the work could not be done.
pub fn main() -> ExitCode {
    let given = match windows::as_meant(std::env::args_os().collect(), cfg!(windows)) {
        Ok(given) => given,
        Err(sentence) => {
            say::trouble(&sentence);
            return ExitCode::from(2);
        }
    };
    // The console of old Windows shows colours only after this call.
    let _ = anstyle_query::windows::enable_ansi_colors();
    if windows::dropped(&given) {
        let ended = started(&windows::check_of(&given));
        windows::wait_for_enter();
        return ended;
    }
    let ended = started(&given);
    // A double click, and the page could not be shown: the window says why.
    if given.len() < 2 && ended != ExitCode::SUCCESS {
        windows::wait_for_enter();
    }
    ended
}

fn started(given: &[OsString]) -> ExitCode {
    let lang = help::asked(given);
    let parsed = help::command(lang).try_get_matches_from(given);
    let cli = match parsed.and_then(|mut found| Cli::from_arg_matches_mut(&mut found)) {
        Ok(cli) => cli,
        Err(error) => {
            if !error.use_stderr() {
                let _ = error.print();
                return ExitCode::SUCCESS;
            }
            say::trouble(&say::misuse(&error, lang));
            return ExitCode::from(2);
        }
    };
    let Some(mut command) = cli.command else { return ended(serve(&args::ServeArgs::default())) };
    let mut kept = None;
    if let Some(input) = command.input() {
        match run::take_stdin(input) {
            Ok(taken) => kept = taken,
            Err(error) => return ended(Err(error.to_string())),
        }
        input.enter();
    }
    let end = carry_out(&command);
    drop(kept);
    ended(end)
}

fn carry_out(command: &Command) -> Result<End, String> {
    match command {
        Command::Serve(args) => serve(args),
        Command::Init(args) => init(args),
        Command::Check(args) => check::run(args),
        Command::Consolidate(args) => consolidate::run(args),
        Command::Return(args) => consolidate::returned(args),
        Command::Entries(args) => export::entries(args),
        Command::Status(args) => status::run(args),
        Command::Forms(args) => forms::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Sql(args) => export::sql(args),
        Command::Worker(args) => run::worker(args),
        Command::Completions { shell } => {
            clap_complete::generate(*shell, &mut Cli::command(), "tonghop", &mut std::io::stdout());
            Ok(End::Clean)
        }
    }
}

fn ended(ended: Result<End, String>) -> ExitCode {
    match ended {
        Ok(End::Clean) => ExitCode::SUCCESS,
        Ok(End::Errors) => ExitCode::from(1),
        Ok(End::Nothing) => ExitCode::from(2),
        Err(sentence) => {
            say::trouble(&sentence);
            ExitCode::from(2)
        }
    }
}

/// Serves the page until the program is ended.
fn serve(args: &ServeArgs) -> Result<End, String> {
    let asked = Asked { folder: args.folder.clone(), port: args.port, open: !args.no_open, lang: args.lang };
    web::serve(&asked, &|sentence| say::out(&format!("{sentence}\n")))?;
    Ok(End::Clean)
}

/// Makes a workspace and says what was proposed for it.
fn init(args: &InitArgs) -> Result<End, String> {
    let lang = args.common.lang;
    let workspace = Workspace::make(&args.folder).map_err(|trouble| trouble.said(lang))?;
    let run = Line::new(lang).run(&workspace, How::Files, &|_, _| {})?;
    let proposal = units::propose(&workspace, &run.outcome).map_err(|trouble| trouble.said(lang))?;
    let place = args.folder.display();
    let mut text = lang.pick(
        format!("Đã có thư mục làm việc {place}. Chép tệp các đơn vị gửi vào {place}/inbox.\n"),
        format!("{place} is a workspace. Copy the files that units send into {place}/inbox.\n"),
    );
    if !proposal.units.is_empty() {
        let count = proposal.units.len();
        text += &lang.pick(
            format!("Đề xuất {count} đơn vị trong units.csv, lấy tên từ các biểu; hãy xem và sửa lại cho đúng:\n"),
            format!("{count} units proposed in units.csv, by the names on the forms; look through them:\n"),
        );
        for (code, name, level) in &proposal.units {
            let _ = writeln!(text, "  {code:8} {name} ({level})");
        }
    }
    for (level, forms) in &proposal.owes {
        let forms = forms.join(", ");
        text += &lang.pick(format!("Cấp “{level}” phải gửi: {forms}\n"), format!("Level “{level}” owes: {forms}\n"));
    }
    say::out(&text);
    Ok(End::Clean)
}
