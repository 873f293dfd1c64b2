//! The commands and their options, as `--help` shows them.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::model::{Lang, Period};
use crate::normalise::period::{By, in_file_name, in_text};
use crate::workspace::{self, Workspace};

/// The version, with the commit where the release says it.
const VERSION: &str = match option_env!("TONGHOP_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

/// Reads the appendix workbooks of a province's offices, names the cells that are wrong, and adds them up.
#[derive(Debug, Parser)]
#[command(name = "tonghop", version = VERSION, about, max_term_width = 100)]
pub struct Cli {
    /// Without one the page is opened, as by `serve`
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Command {
    /// What the command reads, where it reads workbooks.
    pub fn input(&mut self) -> Option<&mut Input> {
        match self {
            Self::Check(args) => Some(&mut args.input),
            Self::Consolidate(args) => Some(&mut args.input),
            Self::Return(args) => Some(&mut args.input),
            Self::Entries(args) => Some(&mut args.input),
            Self::Status(args) => Some(&mut args.input),
            _ => None,
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the page, on this machine only, over a workspace: the whole afternoon without a command line
    Serve(ServeArgs),
    /// Make a workspace of a folder, and propose units and obligations from what is in its inbox
    Init(InitArgs),
    /// Tell what is wrong, where, and what it should be
    Check(CheckArgs),
    /// Do the whole job: check, add up, write the province's files into a folder
    Consolidate(ConsolidateArgs),
    /// Write marked copies of what each unit must correct, with a letter, into a folder
    Return(ReturnArgs),
    /// Write every figure read, with its address, to a .csv, .json or .parquet file, or add them to a data set
    Entries(EntriesArgs),
    /// Show who has sent what
    Status(StatusArgs),
    /// List the forms known, or show one form's tables, rules, and the cells that no rule can tell apart
    Forms(FormsArgs),
    /// Explain a rule, a kind of rule, a cell of a workbook, or the `limits` on files
    Explain(ExplainArgs),
    /// Print as SQL, over the data set that `entries --out DIR` writes: a form's consolidation, its rules, or what counts
    Sql(SqlArgs),
    /// Print a completion script for a shell
    Completions { shell: clap_complete::Shell },
    /// Read files for another run of this program, over pipes
    #[command(hide = true)]
    Worker(WorkerArgs),
}

/// A period as people write it: `2023-Q3`, `Q3/2023`, `quý III/2023`, `6T2023`, `tháng 8/2023`.
fn period(text: &str) -> Result<Period, String> {
    // "13/2023" is no year.
    let only_year = text.chars().filter(char::is_ascii_digit).count() == 4;
    let spoken = || {
        let found = [in_text(text), in_file_name(text), in_text(&format!("Kỳ báo cáo: {text}"))];
        let mut found = found.into_iter().flatten().filter(|mention| only_year || mention.by != By::YearOnly);
        found.find_map(|mention| mention.period)
    };
    text.parse().or_else(|wrong| spoken().ok_or(wrong))
}

/// What every command that reads workbooks takes.
#[derive(Debug, Args)]
pub struct Input {
    /// Workbooks, folders (searched whole) or .zip archives; `-` for a workbook or an archive on standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub common: Common,
    /// The list of units [default: units.csv in a PATH or above it]
    #[arg(long, value_name = "FILE")]
    pub units: Option<PathBuf>,
    /// Findings somebody answers for: rule,unit,period,reason,by,until [default: waivers.csv in a PATH or above it]
    #[arg(long, value_name = "FILE")]
    pub waivers: Option<PathBuf>,
    /// Show no progress
    #[arg(long)]
    pub quiet: bool,
    /// Files read at once, each in a process of its own [default: one a core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Keep what was read in DIR, so that the next run reads only the files that changed
    #[arg(long, value_name = "DIR")]
    pub cache: Option<PathBuf>,
    /// The workspace that a PATH named.
    #[arg(skip)]
    pub workspace: Option<Workspace>,
}

impl Input {
    /// Paths that are read for another command's sake, without a word on the way.
    pub fn quiet(paths: Vec<PathBuf>, common: &Common, units: Option<&PathBuf>) -> Self {
        let (common, units) = (common.clone(), units.cloned());
        Self { paths, common, units, waivers: None, quiet: true, jobs: None, cache: None, workspace: None }
    }

    /// The same of paths that may name a workspace.
    pub fn of(paths: Vec<PathBuf>, common: &Common) -> Self {
        let mut input = Self::quiet(paths, common, None);
        input.enter();
        input
    }

    /// A workspace among the paths is read by its inbox, with its own lists, templates and decisions.
    pub fn enter(&mut self) {
        let (paths, workspace) = workspace::paths(&self.paths);
        if let Some(own) = &workspace {
            self.paths = paths;
            self.units = self.units.take().or_else(|| own.units_file());
            self.waivers = self.waivers.take().or_else(|| own.waivers_file());
            self.common.templates = self.common.templates.take().or_else(|| own.further_templates());
        }
        self.workspace = workspace;
    }
}

#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder; what is in it already stays
    pub folder: PathBuf,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Default, Args)]
pub struct ServeArgs {
    /// The workspace [default: asked on the page]
    pub folder: Option<PathBuf>,
    /// The port on this machine [default: any free one]
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// Open no browser
    #[arg(long)]
    pub no_open: bool,
    /// The language of the page, until it is switched there
    #[arg(long, value_parser = lang(), default_value = "vi")]
    pub lang: Lang,
}

#[derive(Debug, Args)]
pub struct SqlArgs {
    /// A form's id, as II.06a/VPCP/KSTT
    #[arg(required_unless_present = "view")]
    pub form: Option<String>,
    /// The period: 2023-Q3, 2023-H1, 2023-9M, 2023-08 or 2023
    #[arg(long, value_name = "P", value_parser = period, required_unless_present_any = ["view", "checks"])]
    pub period: Option<Period>,
    /// The form's rules: a query that lists the rows on which they fail
    #[arg(long, conflicts_with = "period")]
    pub checks: bool,
    /// The view `entries` that the other queries read: of what was sent twice the newest
    #[arg(long, conflicts_with_all = ["form", "period", "checks"])]
    pub view: bool,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
pub struct WorkerArgs {
    #[command(flatten)]
    pub common: Common,
    #[arg(long)]
    pub units: Option<PathBuf>,
    #[arg(long)]
    pub cache: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub struct Common {
    /// A folder of further form templates, added to the built-in ones
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// Use none of the built-in forms: what was sent is learned from what was sent
    #[arg(long)]
    pub no_templates: bool,
    /// The language of findings and messages
    #[arg(long, value_parser = lang(), default_value = "vi")]
    pub lang: Lang,
}

/// `vi` or `en`.
fn lang() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(["vi", "en"]).map(|name| if name == "en" { Lang::En } else { Lang::Vi })
}

#[derive(Debug, Clone, Copy, ValueEnum, PartialEq, Eq)]
pub enum Format {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub input: Input,
    /// How to print the findings
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// Hold reports (.docx) against the figures of a folder that `consolidate` wrote
    #[arg(long, value_name = "DIR")]
    pub against: Option<PathBuf>,
    /// Write corrected copies of .xlsx and .xlsm files into DIR, only where a correction is certain, with the ledger
    /// so-sua.csv; the originals are never touched
    #[arg(long, value_name = "DIR")]
    pub fix: Option<PathBuf>,
    /// Make the corrections of a ledger in the originals instead of checking; refused where a cell has changed since
    #[arg(long, value_name = "LEDGER", requires = "fix")]
    pub replay: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ConsolidateArgs {
    #[command(flatten)]
    pub input: Input,
    /// The period: 2023-Q3, 2023-H1, 2023-9M, 2023-08 or 2023
    #[arg(long, value_name = "P", value_parser = period)]
    pub period: Period,
    /// Show units as they stand on a day (2025-07-01), each under the one that took over its work; the grand
    /// total stays the same
    #[arg(long, value_name = "DAY")]
    pub boundaries: Option<chrono::NaiveDate>,
    /// The folder to write into
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// A report template of your own, in place of the built-in ones; may be given several times, the main one first
    #[arg(long, value_name = "FILE")]
    pub report: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ReturnArgs {
    #[command(flatten)]
    pub input: Input,
    /// The period: 2023-Q3, 2023-H1, 2023-9M, 2023-08 or 2023
    #[arg(long, value_name = "P", value_parser = period)]
    pub period: Period,
    /// The folder to write into: DIR/tra-lai gets a folder for each unit
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
pub struct EntriesArgs {
    #[command(flatten)]
    pub input: Input,
    /// The file to write; its ending names the format. Without one: a data set, a folder of Parquet files by form, period
    /// and province, to which the figures are added. `-` prints them as CSV
    #[arg(long, value_name = "FILE | DIR", required_unless_present = "compact")]
    pub out: Option<PathBuf>,
    /// The province whose figures they are, in a data set of several [default: as units.csv names it]
    #[arg(long, value_name = "NAME")]
    pub province: Option<String>,
    /// Put the small files of the data set PATH together
    #[arg(long, conflicts_with_all = ["out", "province"])]
    pub compact: bool,
}

#[derive(Debug, Args)]
pub struct StatusArgs {
    #[command(flatten)]
    pub input: Input,
    /// The period: 2023-Q3, 2023-H1, 2023-9M, 2023-08 or 2023
    #[arg(long, value_name = "P", value_parser = period)]
    pub period: Period,
    /// Show units as they stand on a day (2025-07-01), each under the one that took over its work; the grand
    /// total stays the same
    #[arg(long, value_name = "DAY")]
    pub boundaries: Option<chrono::NaiveDate>,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// The day as of which forms are late [default: today]
    #[arg(long, value_name = "DAY")]
    pub today: Option<chrono::NaiveDate>,
    /// The last day for sending, where the province has set one [default: the day by which the province
    /// itself must send each form on]
    #[arg(long, value_name = "DAY")]
    pub due: Option<chrono::NaiveDate>,
    /// Write a letter (.txt, Vietnamese) to every unit that owes a form or has errors to correct into this folder
    #[arg(long, value_name = "DIR")]
    pub reminders: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct FormsArgs {
    #[command(subcommand)]
    pub command: Option<FormsCommand>,
    /// A form's id, as II.06a/VPCP/KSTT
    pub id: Option<String>,
    /// Folders that a form is learned from: what it is, why, and what is open
    #[arg(value_name = "PATH", requires = "id")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Subcommand)]
pub enum FormsCommand {
    /// Draft a template from a blank or filled workbook of a form nobody has described
    Draft(DraftArgs),
    /// Learn the forms that a folder holds and nobody has described: a template for each, with the ground for each thing
    Learn(LearnArgs),
    /// Write the official empty form to send to a unit, or to every unit: locked, with checks and live totals inside
    Blank(BlankArgs),
}

#[derive(Debug, Args)]
pub struct LearnArgs {
    #[command(flatten)]
    pub input: Input,
    /// Write one .toml a form into this folder; what a person changed there is kept
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
pub struct BlankArgs {
    /// Forms' ids, as II.06a BM1; left out: every form in force in the period, or those that units of its level send
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// The unit, by its code or name
    #[arg(long, value_name = "U", required_unless_present = "all")]
    pub unit: Option<String>,
    /// A workbook for every unit of units.csv, with all its forms; --out names a folder
    #[arg(long, conflicts_with = "unit")]
    pub all: bool,
    /// The period: 2023-Q3, 2023-H1, 2023-9M, 2023-08 or 2023
    #[arg(long, value_name = "P", value_parser = period)]
    pub period: Period,
    /// The .xlsx file to write; with --all, the folder
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The list of units [default: units.csv here, above, or in a PATH of --past]
    #[arg(long, value_name = "FILE")]
    pub units: Option<PathBuf>,
    /// Earlier returns: tables begin with the fields of work that a unit reported last, and each level gets the forms it
    /// sent
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub past: Vec<PathBuf>,
    /// Empty rows for further fields of work [default: 20, or 5 below fields that are known]
    #[arg(long, value_name = "N")]
    pub rows: Option<usize>,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
pub struct DraftArgs {
    /// The workbook
    pub file: PathBuf,
    /// Only the sheet of this name
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Write one .toml a form into this folder; what is there already is kept
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A rule's id, as findings name it, a kind of rule, as balance, `limits` (gioi-han) for how much of a file is taken in, or a workbook
    #[arg(value_name = "RULE-OR-KIND | FILE")]
    pub what: String,
    /// A cell of the workbook, as 'Biểu 06a!D12': tells the rules that read it, and what each repair would do
    #[arg(value_name = "SHEET!CELL")]
    pub cell: Option<String>,
    /// Further workbooks or folders to check the cell against: the unit's other forms and periods
    #[arg(long, value_name = "PATH", num_args = 1.., requires = "cell")]
    pub with: Vec<PathBuf>,
    /// The list of units [default: units.csv beside the workbook or above it]
    #[arg(long, value_name = "FILE", requires = "cell")]
    pub units: Option<PathBuf>,
    #[command(flatten)]
    pub common: Common,
}

#[cfg(test)]
mod tests {
    use super::period;

    #[test]
    fn periods_are_understood_as_people_write_them() {
        for (typed, meant) in [
            ("2023-Q2", "2023-Q2"),
            ("Q2/2023", "2023-Q2"),
            ("quý II/2023", "2023-Q2"),
            ("Quý 2 năm 2023", "2023-Q2"),
            ("q2-2023", "2023-Q2"),
            ("6T2023", "2023-H1"),
            ("6T/2023", "2023-H1"),
            ("6 tháng đầu năm 2023", "2023-H1"),
            ("9T2023", "2023-9M"),
            ("T8/2023", "2023-08"),
            ("tháng 8/2023", "2023-08"),
            ("8/2023", "2023-08"),
            ("năm 2023", "2023"),
            ("2023", "2023"),
        ] {
            assert_eq!(period(typed).map(|p| p.to_string()).as_deref(), Ok(meant), "{typed}");
        }
        for typed in ["", "abc", "quý 5/2023", "13/2023", "Q2"] {
            assert!(period(typed).is_err(), "{typed}");
        }
    }
}
