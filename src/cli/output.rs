//! Writing results to stdout.

use serde::Serialize;
use std::fmt::Display;
use std::io::{self, Write};

/// A reader that has seen enough (`notspot … | head`) is no failure: a broken pipe counts as success.
pub(super) fn broken_pipe_is_success(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes text to stdout.
pub(super) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    broken_pipe_is_success(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Writes a line to stderr. Where nobody reads it, nobody is left to tell.
pub(super) fn say(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Writes one JSON document to stdout.
pub(super) fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    Ok(print(&(serde_json::to_string_pretty(value)? + "\n"))?)
}
