//! Pipes and devices in the place of files: an input is read more than once, and `/dev/zero` never ends.

use crate::problem::Problem;
use std::path::Path;

/// Refuses what is there and is neither a file nor a folder; what is not there is not looked at.
pub fn refuse_endless(path: &Path, name: &str) -> Result<(), Problem> {
    match path.metadata() {
        Ok(data) if !data.is_file() && !data.is_dir() => {
            Err(Problem::error(name, "is a pipe or a device; save what it gives as a file and name that"))
        }
        _ => Ok(()),
    }
}
