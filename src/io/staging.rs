//! Outputs that appear whole or not at all.
//!
//! A run writes into a hidden folder beside the output folder and puts it in its place at the end, in one step. Whatever
//! ends the run before that leaves the earlier outputs as they were; only one run at a time works on an output.

use super::checkpoint::Checkpoints;
use super::work_folder::WorkFolder;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The record that a run leaves in its folder, with the list of the files it wrote.
pub const RUN_RECORD: &str = "run.json";

/// What starts the schema of a [`RUN_RECORD`].
pub const RUN_SCHEMA: &str = "notspot/run/";

/// Files that other programs put beside ours when they open them.
const COMPANIONS: [&str; 4] = [".aux.xml", "-wal", "-shm", "-journal"];

/// A file in a folder that no earlier run wrote; `None` when there is none.
fn foreign_file(folder: &Path) -> io::Result<Option<PathBuf>> {
    let record: serde_json::Value = match fs::read(folder.join(RUN_RECORD)) {
        Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_default(),
        Err(_) => serde_json::Value::Null,
    };
    let ours = record["schema"].as_str().is_some_and(|schema| schema.starts_with(RUN_SCHEMA));
    let listed: Vec<&str> = match record["files"].as_array() {
        Some(files) if ours => files.iter().filter_map(serde_json::Value::as_str).chain([RUN_RECORD]).collect(),
        _ => Vec::new(),
    };
    let known = |name: &str| {
        let own = COMPANIONS.iter().find_map(|c| name.strip_suffix(c)).unwrap_or(name);
        listed.contains(&name) || listed.contains(&own)
    };
    Ok(files_below(folder)?.into_iter().find(|name| !known(name)).map(|name| folder.join(name)))
}

/// All files below a folder by their names relative to it, with `/` between folders, in order.
fn files_below(folder: &Path) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((next, prefix)) = open.pop() {
        for entry in fs::read_dir(next)? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                open.push((entry.path(), format!("{name}/")));
            } else {
                files.push(name);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A folder under construction.
#[derive(Debug)]
pub struct Staging {
    folder: tempfile::TempDir,
    target: PathBuf,
    /// Outlives `folder`, which lies in it.
    work: WorkFolder,
}

impl Staging {
    /// Starts a folder that will become `target`.
    ///
    /// # Errors
    /// `target` is a file, or holds a file that no earlier run wrote (its `run.json` does not list it) and that would be
    /// lost; [`io::ErrorKind::WouldBlock`] where another process writes there.
    pub fn new(target: &Path) -> io::Result<Self> {
        let refuse = |message: String| io::Error::new(io::ErrorKind::AlreadyExists, message);
        if fs::symlink_metadata(target).is_ok_and(|found| found.is_symlink()) {
            return Err(refuse(format!("{}: is a link; name the folder that it leads to", target.display())));
        }
        if target.exists() && !target.is_dir() {
            return Err(refuse(format!("{}: is a file; choose a folder", target.display())));
        }
        let target = std::path::absolute(target)?;
        if let Some(parent) = target.parent() {
            let named = |e: io::Error| io::Error::new(e.kind(), format!("{}: cannot be made: {e}", parent.display()));
            fs::create_dir_all(parent).map_err(named)?;
        }
        let work = WorkFolder::take(&target)?;
        if target.is_dir()
            && let Some(file) = foreign_file(&target)?
        {
            let message = "was not written by an earlier run and would be lost; choose a new or empty folder";
            return Err(refuse(format!("{}: {message}", file.display())));
        }
        let folder = work.partial()?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        }
        Ok(Self { folder, target, work })
    }

    /// Path of a file under construction; its folder is made.
    pub fn file(&self, relative: &str) -> io::Result<PathBuf> {
        let path = self.folder.path().join(relative);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        Ok(path)
    }

    /// The folder under construction.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Names of the files in it so far, relative to it, in order.
    pub fn files(&self) -> io::Result<Vec<String>> {
        files_below(self.folder.path())
    }

    /// The checkpoints of runs with this target. With `resume` those of an interrupted run with the same identity (what
    /// decides the results, by name) are used; all others are removed. The text says which of it happened, if anything.
    pub fn checkpoints(&self, identity: &BTreeMap<String, String>, resume: bool) -> (Checkpoints, Option<String>) {
        Checkpoints::open(self.work.path(), identity, resume)
    }

    /// Puts the folder in its place; an earlier one and the checkpoints are removed afterwards.
    pub fn commit(self) -> io::Result<()> {
        sync_folder(self.folder.path())?;
        if self.target.exists() {
            exchange(self.folder.path(), &self.target)?; // the earlier outputs now lie in the hidden folder
            self.folder.close()?;
        } else {
            fs::rename(self.folder.path(), &self.target)?;
            let _ = self.folder.keep(); // it has its place now
        }
        if let Some(parent) = self.target.parent() {
            sync(parent)?;
        }
        self.work.clear()
    }
}

/// Sees that a folder and all below it would outlive a loss of power.
fn sync_folder(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => sync_folder(&entry.path())?,
            false => sync(&entry.path())?,
        }
    }
    sync(folder)
}

/// Sees that a file or the list of a folder would outlive a loss of power.
pub(super) fn sync(path: &Path) -> io::Result<()> {
    fs::File::open(path)?.sync_all()
}

#[cfg(target_os = "linux")]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).or_else(|_| exchange_in_steps(a, b))
}

#[cfg(not(target_os = "linux"))]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    exchange_in_steps(a, b)
}

/// For file systems that cannot exchange two folders at once.
fn exchange_in_steps(a: &Path, b: &Path) -> io::Result<()> {
    let aside = a.with_file_name(super::work_folder::EARLIER);
    fs::rename(b, &aside)?;
    if let Err(error) = fs::rename(a, b) {
        fs::rename(&aside, b)?;
        return Err(error);
    }
    fs::rename(&aside, a)
}

/// Writes a single file under a temporary name and renames it when `write` has succeeded.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] where the target is a folder, lies in none, or is something else than a regular file (a device, a
/// link) that the renaming would replace; else what `write` or the file system says.
pub fn write_atomically<E: From<io::Error>>(
    target: &Path,
    write: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<(), E> {
    let shown = target.display();
    let named = |error: io::Error| {
        let reason = error
            .raw_os_error()
            .map_or_else(|| error.to_string(), |code| io::Error::from_raw_os_error(code).to_string());
        io::Error::new(error.kind(), format!("{shown}: {reason}"))
    };
    let refuse = |message: &str| named(io::Error::new(io::ErrorKind::InvalidInput, message));
    if shown.to_string().ends_with('/') || target.is_dir() {
        return Err(refuse("is a folder; name a file").into());
    }
    if fs::symlink_metadata(target).is_ok_and(|existing| !existing.is_file()) {
        return Err(refuse("is no regular file and would be replaced; choose another name").into());
    }
    let target = std::path::absolute(target).map_err(named)?;
    if !target.parent().is_some_and(Path::is_dir) {
        return Err(refuse("lies in a folder that does not exist").into());
    }
    let extension = target.extension().map_or(String::new(), |e| format!(".{}", e.to_string_lossy()));
    let work = WorkFolder::take(&target)?;
    let folder = work.partial().map_err(named)?;
    let partial = folder.path().join(format!("out{extension}"));
    write(&partial)?;
    sync(&partial).map_err(named)?;
    fs::rename(&partial, &target).map_err(named)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_appears_whole_and_replaces_only_its_own_kind() {
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("out");
        for generation in ["1", "2"] {
            let staging = Staging::new(&out).unwrap();
            fs::write(staging.file("geojson/a").unwrap(), generation).unwrap();
            assert_eq!(staging.files().unwrap(), ["geojson/a"]);
            let record = r#"{"schema": "notspot/run/1", "files": ["geojson/a"]}"#;
            fs::write(staging.file("run.json").unwrap(), record).unwrap();
            assert_ne!(fs::read_to_string(out.join("geojson/a")).ok().as_deref(), Some(generation));
            staging.commit().unwrap();
            assert_eq!(fs::read_to_string(out.join("geojson/a")).unwrap(), generation);
        }
        fs::write(out.join("geojson/a.aux.xml"), "made by a viewer").unwrap();
        drop(Staging::new(&out).unwrap());
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1, "nothing hidden stays behind");
        let foreign = parent.path().join("foreign");
        fs::create_dir(&foreign).unwrap();
        fs::write(foreign.join("thesis.doc"), "x").unwrap();
        assert!(Staging::new(&foreign).is_err());
        fs::write(out.join("thesis.doc"), "x").unwrap();
        let message = Staging::new(&out).unwrap_err().to_string();
        assert!(message.contains("thesis.doc"), "{message}");
    }

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("loss.tif");
        fs::write(&file, "old").unwrap();
        let failed = write_atomically(&file, |p| {
            fs::write(p, "half")?;
            Err(io::Error::other("no"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
