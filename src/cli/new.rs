//! `notspot new`: a commented study from a template.

use super::{Common, DONE};
use crate::problem::{Problem, Problems};
use crate::study::write_template;
use clap::Args;
use std::path::PathBuf;

/// Writes a commented study with example tables.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// New or empty folder
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

impl NewArgs {
    /// Writes the files and says what to do next.
    pub fn run(&self, common: &Common) -> anyhow::Result<u8> {
        write_template(&self.folder).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists if self.folder.is_dir() => {
                let message = "is not empty; choose a new or empty folder";
                anyhow::Error::from(Problems::from(Problem::error(self.folder.display().to_string(), message)))
            }
            _ => super::folder_error(&self.folder, &error),
        })?;
        let study = self.folder.join("study.toml");
        if common.json {
            super::print_json(&serde_json::json!({"schema": "notspot/new/1", "study": study.display().to_string()}))?;
        } else if !common.quiet {
            super::print(&format!(
                "wrote {}\nput elevation rasters beside it, edit it, then: notspot check {}\n",
                study.display(),
                study.display()
            ))?;
        }
        Ok(DONE)
    }
}
