//! `notspot match`: which villages a survey's names mean, as a table that a person edits.

use super::{Common, DONE};
use crate::io::write_atomically;
use crate::problem::{Problem, Problems};
use crate::study::{self, NameMatches};
use clap::Args;
use std::io;
use std::path::{Path, PathBuf};

/// Matches names and writes all of them, those that a person has to settle first.
///
/// Write the id of a place, or ignore, into the column settle, and name the file as inputs.name_matches in the study.
#[derive(Debug, Args)]
pub struct MatchArgs {
    /// Study file
    #[arg(value_name = "STUDY")]
    pub study: PathBuf,
    /// Table to write (CSV); standard output when absent. What is settled in the table that the study names is kept
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

impl MatchArgs {
    /// Writes the table, or prints it or the JSON document.
    ///
    /// # Errors
    /// [`Problems`] of the inputs; an output that exists and is not the table that the study names.
    pub fn run(&self, common: &Common) -> anyhow::Result<u8> {
        let matches = study::match_names(&self.study)?;
        if let Some(output) = &self.output {
            self.refuse_other_file(output)?;
            write_atomically(output, |path| std::fs::write(path, matches.to_csv().map_err(io::Error::other)?))?;
        }
        if common.json {
            super::print_json(&matches)?;
        } else if let Some(output) = &self.output {
            if !common.quiet {
                super::print(&format!("{}outputs    {}\n", summary(&matches), output.display()))?;
            }
        } else {
            super::print(&String::from_utf8(matches.to_csv()?)?)?;
        }
        Ok(DONE)
    }

    /// An existing table may hold what a person said; it is replaced only where the study names it, because what it says is kept then.
    fn refuse_other_file(&self, output: &Path) -> anyhow::Result<()> {
        let is_named = || {
            let named = study::name_matches_file(&self.study)?;
            Some(named.canonicalize().ok()? == output.canonicalize().ok()?)
        };
        if output.exists() && is_named() != Some(true) {
            let message = "exists and is not the inputs.name_matches of the study; what it says would be lost";
            let problem = Problem::error(output.display().to_string(), message);
            return Err(Problems::from(problem.suggest("choose a new name, or name it in the study")).into());
        }
        Ok(())
    }
}

fn summary(matches: &NameMatches) -> String {
    let counts: Vec<String> = matches.counts.iter().map(|(result, count)| format!("{count} {result}")).collect();
    let open = matches.rows.iter().filter(|m| m.result.needs_a_person()).count();
    let open = if open > 0 { format!("{open} name(s) have to be settled by a person\n") } else { String::new() };
    format!("names      {} ({})\n{open}", matches.rows.len(), counts.join(", "))
}
