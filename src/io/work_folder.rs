//! The hidden folder beside an output in which a run works: one run at a time, and nothing of a killed one stays.
//!
//! `.OUT.notspot/` holds a lock, what is under construction, and the checkpoints of a run that was interrupted.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

const LOCK: &str = "lock";
const PARTIAL: &str = "partial-";

/// Where the earlier outputs wait while the new ones are put in their place, on file systems that cannot exchange two folders.
pub(super) const EARLIER: &str = "earlier";

/// How often a folder that a finishing run takes away is made again.
const MOST_TRIES: usize = 100;

/// Folders under construction, to be removed when the program is ended from outside.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Removes what is under construction; for the moment before the program is ended from outside.
pub fn discard_unfinished() {
    if let Ok(folders) = UNFINISHED.lock() {
        for folder in folders.iter() {
            // There is nobody left to tell when this fails; the next run on the same output removes it.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// The hidden folder, locked for this process as long as the value lives.
#[derive(Debug)]
pub(super) struct WorkFolder {
    path: PathBuf,
    /// Held open: closing the file ends the lock, however the process ends.
    _lock: File,
}

impl WorkFolder {
    /// Takes the folder that belongs to an output (an absolute path) and removes what a killed run left under construction.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] where another process works on the same output; else what the file system says.
    pub(super) fn take(target: &Path) -> io::Result<Self> {
        let no_name = || io::Error::new(io::ErrorKind::InvalidInput, format!("{}: is no name", target.display()));
        let name = target.file_name().ok_or_else(no_name)?.to_string_lossy();
        let parent = target.parent().ok_or_else(no_name)?;
        let path = parent.join(format!(".{name}.notspot"));
        let cannot = |error: io::Error| {
            io::Error::new(error.kind(), format!("{}: cannot be used to work in: {error}", path.display()))
        };
        for _ in 0..MOST_TRIES {
            match lock(&path, target) {
                Ok(Some(lock)) => {
                    let folder = Self { path, _lock: lock };
                    let earlier = folder.path.join(EARLIER);
                    if earlier.is_dir() && !target.exists() {
                        fs::rename(&earlier, target)?; // a run ended between taking them away and putting the new ones there
                    }
                    folder.remove(|name| name.starts_with(PARTIAL) || name == EARLIER)?;
                    return Ok(folder);
                }
                Ok(None) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Err(error),
                Err(error) => return Err(cannot(error)),
            }
        }
        Err(cannot(io::Error::other("other processes keep taking it away")))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// A new folder for what is under construction; [`discard_unfinished`] knows it.
    pub(super) fn partial(&self) -> io::Result<tempfile::TempDir> {
        let folder = tempfile::Builder::new().prefix(PARTIAL).tempdir_in(&self.path)?;
        if let Ok(mut folders) = UNFINISHED.lock() {
            folders.push(folder.path().to_owned());
        }
        Ok(folder)
    }

    /// Removes what the folder holds, the lock excepted.
    pub(super) fn clear(&self) -> io::Result<()> {
        self.remove(|name| name != LOCK)
    }

    fn remove(&self, doomed: impl Fn(&str) -> bool) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            if doomed(&entry.file_name().to_string_lossy()) {
                if entry.file_type()?.is_dir() {
                    fs::remove_dir_all(entry.path())?;
                } else {
                    fs::remove_file(entry.path())?;
                }
            }
        }
        Ok(())
    }
}

impl Drop for WorkFolder {
    /// Takes the folder away unless it holds something worth keeping. The lock file goes while it is still locked, so that
    /// whoever opens it in this moment notices (see [`lock`]).
    fn drop(&mut self) {
        let only_lock =
            fs::read_dir(&self.path).is_ok_and(|mut all| all.all(|e| e.is_ok_and(|e| e.file_name() == LOCK)));
        if only_lock {
            // What cannot be removed now is taken over by the next run.
            let _ = fs::remove_file(self.path.join(LOCK));
            let _ = fs::remove_dir(&self.path);
        }
    }
}

/// Makes and locks the folder; `None` when its owner was taking it away in this moment.
fn lock(path: &Path, target: &Path) -> io::Result<Option<File>> {
    match fs::create_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let file = path.join(LOCK);
    let lock = match OpenOptions::new().write(true).create(true).truncate(false).open(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    match lock.try_lock() {
        Ok(()) => Ok(is_still(&lock, &file).then_some(lock)),
        Err(TryLockError::WouldBlock) => {
            let message = format!(
                "{}: another notspot is writing there; wait until it has ended, or choose another output",
                target.display()
            );
            Err(io::Error::new(io::ErrorKind::WouldBlock, message))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Whether an open file is the one that its name leads to.
#[cfg(unix)]
fn is_still(open: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |a: fs::Metadata, b: fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
    open.metadata().ok().zip(fs::metadata(path).ok()).is_some_and(|(a, b)| same(a, b))
}

/// Open files keep their names here.
#[cfg(not(unix))]
fn is_still(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_nothing_stays() {
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("out");
        let first = WorkFolder::take(&out).unwrap();
        let refused = WorkFolder::take(&out).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::WouldBlock);
        assert!(refused.to_string().contains("another notspot"), "{refused}");
        drop(first);
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_a_killed_run_left_goes_and_checkpoints_stay() {
        let parent = tempfile::tempdir().unwrap();
        let hidden = parent.path().join(".out.notspot");
        fs::create_dir_all(hidden.join("partial-abc/coverage")).unwrap();
        for file in ["lock", "coverage.checkpoint", "partial-abc/coverage/level.tif"] {
            fs::write(hidden.join(file), "x").unwrap();
        }
        let folder = WorkFolder::take(&parent.path().join("out")).unwrap();
        assert!(!hidden.join("partial-abc").exists());
        drop(folder);
        assert!(hidden.join("coverage.checkpoint").exists());
        let folder = WorkFolder::take(&parent.path().join("out")).unwrap();
        folder.clear().unwrap();
        drop(folder);
        assert!(!hidden.exists());
    }

    #[test]
    fn processes_that_come_and_go_never_hold_it_together() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let parent = tempfile::tempdir().unwrap();
        let out = parent.path().join("out");
        let (holders, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        if let Ok(folder) = WorkFolder::take(&out) {
                            assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0);
                            taken.fetch_add(1, Ordering::SeqCst);
                            holders.fetch_sub(1, Ordering::SeqCst);
                            drop(folder);
                        }
                    }
                });
            }
        });
        assert!(taken.load(Ordering::SeqCst) > 0);
        assert!(!parent.path().join(".out.notspot").exists());
    }
}
