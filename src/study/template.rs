//! The commented study that `notspot new` writes.

use std::fs;
use std::io;
use std::path::Path;

const STUDY: &str = include_str!("template/study.toml");
const VILLAGES: &str = include_str!("template/villages.csv");
const SITES: &str = include_str!("template/sites.csv");

/// Writes a commented study with example tables into a new or empty folder.
///
/// # Errors
/// The folder holds files already, or cannot be written.
pub fn write_template(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    if fs::read_dir(folder)?.next().is_some() {
        let message = format!("{}: is not empty; choose a new folder", folder.display());
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
    }
    for (name, text) in [("study.toml", STUDY), ("villages.csv", VILLAGES), ("sites.csv", SITES)] {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}
