//! The command line: one file per subcommand, no arithmetic.
//!
//! A subcommand is a struct of arguments with a `run(&self, &Common) -> anyhow::Result<u8>` that returns the exit code:
//! 0 done, 1 failure, 2 bad input or usage, 3 no feasible plan. Results go to stdout, messages and progress to stderr.

mod solve;
mod verify;

use crate::problem::Problems;
use clap::{Args, Parser, Subcommand};

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
#[command(name = "notspot", version, max_term_width = 120)]
pub struct Cli {
    /// Flags that every command takes.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
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
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Solve a bare covering instance: which candidates to build
    Solve(solve::Solve),
    /// Check a plan against its instance, whoever wrote it
    Verify(verify::Verify),
}

/// Runs a command and returns its exit code.
pub fn run(cli: &Cli) -> anyhow::Result<u8> {
    match &cli.command {
        Command::Solve(command) => command.run(&cli.common),
        Command::Verify(command) => command.run(&cli.common),
    }
}

/// The exit code of an error: 2 for faults of the input, 1 for everything else.
pub fn exit_code_of(error: &anyhow::Error) -> u8 {
    if error.downcast_ref::<Problems>().is_some() { BAD_INPUT } else { FAILURE }
}
