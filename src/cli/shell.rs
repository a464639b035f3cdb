//! `notspot completions` and `notspot man`.

use super::{Cli, DONE};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::path::PathBuf;

/// Prints completions for a shell.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

impl CompletionsArgs {
    /// Prints the script.
    pub fn run(&self) -> anyhow::Result<u8> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "notspot", &mut script);
        super::print(&String::from_utf8_lossy(&script))?;
        Ok(DONE)
    }
}

/// Writes manual pages.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Folder for the pages
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

impl ManArgs {
    /// Writes one page per command.
    pub fn run(&self) -> anyhow::Result<u8> {
        std::fs::create_dir_all(&self.folder).map_err(|error| super::folder_error(&self.folder, &error))?;
        clap_mangen::generate_to(Cli::command(), &self.folder)?;
        Ok(DONE)
    }
}
