//! The command line: one file per subcommand, no arithmetic.
//!
//! A subcommand is a struct of arguments with a `run(&self, &Common) -> anyhow::Result<u8>` that returns the exit code:
//! 0 done, 1 failure, 2 bad input or usage, 3 no feasible plan. Results go to stdout, messages and progress to stderr.

mod cache;
mod calibrate;
mod check;
mod diagnostics;
mod failure;
mod formats;
mod link;
mod match_names;
mod models;
mod new;
mod output;
mod shell;
mod site_coverage;
mod solve;
mod study_commands;
mod verify;

pub use link::answer_batch_line;

use crate::geodesy::LonLat;
use crate::pipeline::{Goal, PipelineError};
use crate::problem::{Problem, Problems};
use crate::progress::{Interrupted, Progress};
use crate::terrain::{Terrain, clutter_heights, read_land_cover, world_cover_heights};
pub use cache::CacheDocument;
pub use check::CheckDocument;
use clap::{Args, Parser, Subcommand};
use diagnostics::{Source, render};
pub use failure::ErrorDocument;
use failure::in_words;
use output::{print, print_json, say};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

/// Done.
pub const DONE: u8 = 0;
/// Something failed that is not the user's input.
pub const FAILURE: u8 = 1;
/// The input or the command is wrong.
pub const BAD_INPUT: u8 = 2;
/// No plan satisfies the constraints.
pub const NO_PLAN: u8 = 3;

/// Finds villages without signal or broadband and plans the sites that end it.
#[derive(Debug, Parser)]
#[command(name = "notspot", version, max_term_width = 120, propagate_version = true)]
pub struct Cli {
    /// Flags that every command takes.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Whether a failure is told as a document on stdout too; a batch answers line by line, and its lines are out already.
    fn tells_json(&self) -> bool {
        let is_batch = matches!(&self.command, Command::Link(link) if link.is_batch());
        self.common.json && !is_batch
    }
}

/// Flags that every command takes.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// Worker threads; all cores when absent
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// One JSON document on stdout
    #[arg(long, global = true)]
    pub json: bool,
    /// Say less
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// No progress bars
    #[arg(long, global = true)]
    pub no_progress: bool,
    /// Neither read nor write the path-loss cache
    #[arg(long, global = true)]
    pub no_cache: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented study from a template
    New(new::NewArgs),
    /// Validate a study and report every problem at once
    Check(check::CheckArgs),
    /// Match the names of a survey and of villages without coordinates, for a person to settle
    Match(match_names::MatchArgs),
    /// Run all stages of a study and write all outputs
    Run(study_commands::StudyArgs),
    /// Coverage rasters of a study, or path loss around one transmitter
    Coverage(site_coverage::CoverageArgs),
    /// Status of every village, and the dead zones
    Gaps(study_commands::StudyArgs),
    /// The sites to build
    Plan(study_commands::StudyArgs),
    /// The report alone
    Report(study_commands::StudyArgs),
    /// Correct predicted losses by a drive test or samples of phones
    Calibrate(calibrate::CalibrateArgs),
    /// Solve a bare covering instance: which candidates to build
    Solve(solve::Solve),
    /// Check a plan of a bare covering instance, whoever wrote it
    Verify(verify::Verify),
    /// Predict the loss of one radio link, or of a batch
    Link(link::LinkCommand),
    /// Look at the path-loss cache, which spares runs what an earlier one has computed, or remove from it
    Cache(cache::CacheArgs),
    /// List the propagation models with their references, validity and parameters
    Models(models::Models),
    /// List the formats that are read and written
    Formats(formats::FormatsArgs),
    /// Print completions for a shell
    Completions(shell::CompletionsArgs),
    /// Write manual pages into a folder
    Man(shell::ManArgs),
}

/// Runs a command and returns its exit code.
pub fn run(cli: &Cli) -> anyhow::Result<u8> {
    end_on_interrupt(cli.tells_json());
    crate::io::quiet_gdal();
    if let Some(threads) = cli.common.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build_global()?;
    }
    let common = &cli.common;
    match &cli.command {
        Command::New(arguments) => arguments.run(common),
        Command::Check(arguments) => arguments.run(common),
        Command::Match(arguments) => arguments.run(common),
        Command::Run(arguments) => arguments.run(Goal::All, common),
        Command::Coverage(arguments) => arguments.run(common),
        Command::Gaps(arguments) => arguments.run(Goal::Gaps, common),
        Command::Plan(arguments) => arguments.run(Goal::Plan, common),
        Command::Report(arguments) => arguments.run(Goal::Report, common),
        Command::Calibrate(arguments) => arguments.run(common),
        Command::Solve(arguments) => arguments.run(common),
        Command::Verify(arguments) => arguments.run(common),
        Command::Link(arguments) => arguments.run(common),
        Command::Cache(arguments) => arguments.run(common),
        Command::Models(arguments) => arguments.run(common),
        Command::Formats(arguments) => arguments.run(common),
        Command::Completions(arguments) => arguments.run(),
        Command::Man(arguments) => arguments.run(),
    }
}

/// Prints an error on stderr, with `--json` as a document on stdout too, and returns its exit code. Problems of an input are
/// shown with their lines, relative to the folder of the study that the command names.
pub fn report(cli: &Cli, error: &anyhow::Error) -> u8 {
    let problems = match error.downcast_ref::<PipelineError>() {
        Some(PipelineError::Input(problems)) => Some(problems),
        _ => error.downcast_ref::<Problems>(),
    };
    let study = match &cli.command {
        Command::Run(a) | Command::Gaps(a) | Command::Plan(a) | Command::Report(a) => Some(&a.study),
        Command::Coverage(a) => a.study.as_ref(),
        Command::Calibrate(a) => Some(&a.study),
        _ => None,
    };
    match problems {
        Some(problems) => {
            let source = Source::of_study(study.map_or(Path::new(""), PathBuf::as_path));
            // Nobody is left to tell when stderr is gone.
            let _ = write!(io::stderr(), "{}", render(problems, &source, &io::stderr()));
        }
        None => say(in_words(error)),
    }
    let exit_code = exit_code_of(error);
    if cli.tells_json() {
        // Nor when stdout is gone.
        let _ = print_json(&ErrorDocument::new(error, problems, exit_code));
    }
    exit_code
}

/// Prints what is wrong with a command line, or the help that was asked for, and ends the program.
pub fn report_usage(error: &clap::Error) -> ! {
    let asks_for_json = std::env::args_os().skip(1).take_while(|word| word != "--").any(|word| word == "--json");
    if error.use_stderr() && asks_for_json {
        let _ = print_json(&ErrorDocument::of_usage(error));
    }
    error.exit()
}

/// The exit code of an error: 2 for faults of the input, 1 for everything else.
fn exit_code_of(error: &anyhow::Error) -> u8 {
    let input = error.downcast_ref::<Problems>().is_some();
    let pipeline_input = match error.downcast_ref::<PipelineError>() {
        Some(PipelineError::Input(_)) => true,
        Some(PipelineError::Folder(e)) => is_bad_place(e),
        _ => false,
    };
    if input || pipeline_input { BAD_INPUT } else { FAILURE }
}

/// Whether an error says that a place for outputs was named wrongly, and not that the machine failed.
fn is_bad_place(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(
        error.kind(),
        Kind::AlreadyExists | Kind::InvalidFilename | Kind::InvalidInput | Kind::IsADirectory | Kind::NotADirectory
    )
}

/// The error of a folder that cannot be written.
fn folder_error(folder: &std::path::Path, error: &io::Error) -> anyhow::Error {
    let name = folder.display().to_string();
    if folder.is_file() {
        return Problems::from(Problem::error(name, "is a file; choose a folder")).into();
    }
    if is_bad_place(error) {
        return Problems::from(Problem::error(name, format!("cannot be made: {error}"))).into();
    }
    anyhow::anyhow!("{name}: {error}")
}

/// Set by the first Ctrl-C where the work ends in good order.
static STOP: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Whether the work looks at [`STOP`].
static ENDS_IN_GOOD_ORDER: AtomicBool = AtomicBool::new(false);

/// Makes Ctrl-C and SIGTERM end the program with a message, and nothing half-written is left. Work that ends in good order has the first
/// of them for itself.
fn end_on_interrupt(tell_json: bool) {
    // Only the first call can set the handler; one is enough.
    let _ = ctrlc::set_handler(move || {
        let good_order = ENDS_IN_GOOD_ORDER.load(Ordering::Relaxed);
        if good_order && !STOP.swap(true, Ordering::Relaxed) {
            return;
        }
        crate::io::discard_unfinished();
        let error = anyhow::Error::from(Interrupted);
        say(in_words(&error));
        if tell_json {
            // Nobody is left to tell when stdout is gone.
            let _ = print_json(&ErrorDocument::new(&error, None, FAILURE));
        }
        std::process::exit(FAILURE.into());
    });
}

/// The flag that the first Ctrl-C sets, for work that looks at it.
fn stop_in_good_order() -> &'static Arc<AtomicBool> {
    ENDS_IN_GOOD_ORDER.store(true, Ordering::Relaxed);
    &STOP
}

/// Progress as the flags ask for it. The first Ctrl-C ends the work in good order; the second ends the program.
fn progress(common: &Common) -> Progress {
    let stop = stop_in_good_order().clone();
    Progress::new(!common.no_progress && !common.quiet && !common.json, !common.quiet, stop)
        .telling_details(common.verbose > 0)
}

/// The command as it was given.
fn command_line() -> String {
    std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// A fault of the command line.
fn usage(field: &str, message: &str) -> anyhow::Error {
    Problems::from(Problem::error("command line", message).in_field(field)).into()
}

/// Reads `LAT,LON`.
fn lat_lon(text: &str) -> Result<LonLat, String> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    let Some(&[lat, lon]) = numbers.as_deref() else {
        return Err("write LAT,LON in degrees, such as 22.66,106.26".into());
    };
    let position = LonLat::new(lon, lat);
    if position.is_valid() {
        return Ok(position);
    }
    let exchanged = LonLat::new(lat, lon).is_valid();
    let hint = if exchanged { format!("; the latitude comes first: {lon},{lat}") } else { String::new() };
    Err(format!("latitude is −90 to 90, longitude −180 to 180{hint}"))
}

/// Reads NAME=VALUE, the value as JSON where it is JSON and as a word otherwise.
fn model_parameter(text: &str) -> Result<(String, serde_json::Value), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("{text:?} is not NAME=VALUE"))?;
    Ok((name.into(), serde_json::from_str(value).unwrap_or_else(|_| value.into())))
}

/// The parameters of a model as the command line gives them.
///
/// # Errors
/// One that stands twice.
fn model_parameters(
    given: &[(String, serde_json::Value)],
) -> Result<serde_json::Map<String, serde_json::Value>, Problems> {
    let mut parameters = serde_json::Map::new();
    let mut problems = Problems::default();
    for (name, value) in given {
        if let Some(first) = parameters.insert(name.clone(), value.clone()) {
            let message = format!("gives {name} twice: {first} and {value}; give it once");
            problems.push(Problem::error("command line", message).in_field("--param"));
        }
    }
    problems.into_warnings()?;
    Ok(parameters)
}

/// Puts the heights of a land-cover raster (ESA WorldCover classes) on the terrain.
fn stand_clutter_on(terrain: &mut Terrain, file: &Path, problems: &mut Problems) {
    let heights_m = world_cover_heights();
    let files = [(file.to_owned(), file.display().to_string())];
    let classes = read_land_cover(&files, &terrain.grid, &heights_m, ["--clutter"; 2], problems);
    terrain.clutter_m = Some(clutter_heights(&classes, &heights_m));
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn positions_are_latitude_first() {
        assert_eq!(lat_lon("22.66, 106.26"), Ok(LonLat::new(106.26, 22.66)));
        for bad in ["22.66", "106.26,22.66", "a,b", "1,2,3", "NaN,1"] {
            assert!(lat_lon(bad).is_err(), "{bad}");
        }
    }
}
