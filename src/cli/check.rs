//! `notspot check`: validates a study and reports every problem at once.

use super::diagnostics::{Source, render};
use super::{BAD_INPUT, Common, DONE};
use crate::problem::{Problem, ProblemGroup, Problems};
use crate::study;
use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use std::io::stdout;
use std::path::PathBuf;

/// Validates a study and reports every problem at once.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Study file
    #[arg(value_name = "STUDY")]
    pub study: PathBuf,
}

/// What `notspot check --json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckDocument {
    /// `notspot/check/1`.
    pub schema: &'static str,
    /// Number of errors, exact.
    pub errors: usize,
    /// Number of warnings, exact.
    pub warnings: usize,
    /// The problems: all of them, but at most twenty of each group.
    pub problems: Vec<Problem>,
    /// Problems that differ only in row and value, by file, errors first, with all their rows and exact numbers.
    pub groups: Vec<ProblemGroup>,
}

impl CheckDocument {
    fn new(problems: &Problems) -> Self {
        Self {
            schema: "notspot/check/1",
            errors: problems.error_count(),
            warnings: problems.warning_count(),
            problems: problems.iter().cloned().collect(),
            groups: problems.groups().into_iter().cloned().collect(),
        }
    }
}

impl CheckArgs {
    /// Prints the problems; 2 when one of them is an error.
    pub fn run(&self, common: &Common) -> anyhow::Result<u8> {
        let problems = match study::load(&self.study) {
            Ok(study) => study.warnings,
            Err(problems) => problems,
        };
        if common.json {
            super::print_json(&CheckDocument::new(&problems))?;
        } else {
            super::print(&render(&problems, &Source::of_study(&self.study), &stdout()))?;
        }
        Ok(if problems.error_count() > 0 { BAD_INPUT } else { DONE })
    }
}
