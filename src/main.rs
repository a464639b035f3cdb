//! The `notspot` command: parse, run, exit code.

use clap::Parser;
use notspot::cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = match cli::Cli::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => cli::report_usage(&error),
    };
    match cli::run(&arguments) {
        Ok(code) => ExitCode::from(code),
        Err(error) => ExitCode::from(cli::report(&arguments, &error)),
    }
}
