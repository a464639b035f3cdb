//! What every command prints on stdout with `--json` when it fails, beside the messages on stderr.

use super::FAILURE;
use crate::problem::{Problem, Problems};
use schemars::JsonSchema;
use serde::Serialize;

/// A failure of any command, on stdout with `--json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ErrorDocument {
    /// `notspot/error/1`.
    pub schema: &'static str,
    /// Exit code: 1 failure, 2 bad input or usage.
    pub exit_code: u8,
    /// What went wrong, one sentence; the first error where there are several.
    pub error: String,
    /// Problems of the input, at most twenty alike; none for other failures.
    pub problems: Vec<Problem>,
}

impl ErrorDocument {
    /// The document of a failure, with the problems where the input is at fault.
    pub(super) fn new(error: &anyhow::Error, problems: Option<&Problems>, exit_code: u8) -> Self {
        let problems: Vec<Problem> = problems.map_or_else(Vec::new, |problems| problems.iter().cloned().collect());
        let first = problems.iter().min_by_key(|problem| problem.severity);
        let error = first.map_or_else(|| in_words(error), |p| format!("{}: {}", p.place(), p.message));
        Self { schema: "notspot/error/1", exit_code, error, problems }
    }

    /// The document of a command line that cannot be read.
    pub(super) fn of_usage(error: &clap::Error) -> Self {
        let text = error.to_string();
        let message = text.split("\n\n").next().unwrap_or_default().trim().trim_start_matches("error: ");
        let exit_code = u8::try_from(error.exit_code()).unwrap_or(FAILURE);
        Self { schema: "notspot/error/1", exit_code, error: message.to_owned(), problems: Vec::new() }
    }
}

/// An error with its causes; what is said already is not said again.
pub(super) fn in_words(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.contains(&cause) {
            continue;
        }
        if !text.is_empty() {
            text += ": ";
        }
        text += &cause;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::PipelineError;
    use crate::progress::Interrupted;

    #[test]
    fn a_cause_is_told_once() {
        let error = anyhow::Error::from(PipelineError::from(Interrupted));
        assert_eq!(in_words(&error), "interrupted; nothing was written; the same command with --resume continues");
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let error = anyhow::Error::new(full).context("out.tif: cannot be written");
        assert_eq!(in_words(&error), "out.tif: cannot be written: no storage space");
    }
}
