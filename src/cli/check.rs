//! `notspot check`: validates a study and reports every problem at once.

use super::{BAD_INPUT, Common, DONE};
use crate::problem::{Problem, Severity};
use crate::study;
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

/// Validates a study and reports every problem at once.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Study file
    #[arg(value_name = "STUDY")]
    pub study: PathBuf,
}

#[derive(Serialize)]
struct Answer<'a> {
    schema: &'static str,
    errors: usize,
    warnings: usize,
    problems: &'a [Problem],
}

impl CheckArgs {
    /// Prints the problems; 2 when one of them is an error.
    pub fn run(&self, common: &Common) -> anyhow::Result<u8> {
        let problems = match study::load(&self.study) {
            Ok(study) => study.warnings,
            Err(problems) => problems.0,
        };
        let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
        let warnings = problems.len() - errors;
        if common.json {
            super::print_json(&Answer { schema: "notspot/check/1", errors, warnings, problems: &problems })?;
        } else {
            let lines: String = problems.iter().map(|p| format!("{p}\n")).collect();
            super::print(&format!("{lines}{errors} error(s), {warnings} warning(s)\n"))?;
        }
        Ok(if errors > 0 { BAD_INPUT } else { DONE })
    }
}
