//! Outputs that appear whole or not at all.
//!
//! A run writes into a hidden folder beside the output folder and puts it in its place at the end, in one step. Whatever
//! ends the run before that leaves the earlier outputs as they were.

use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The file that marks a folder as written by this program.
const MARK: &str = "run.json";

/// A folder under construction.
#[derive(Debug)]
pub struct Staging {
    folder: tempfile::TempDir,
    target: PathBuf,
}

impl Staging {
    /// Starts a folder that will become `target`.
    ///
    /// # Errors
    /// `target` is a file, or a folder with files that no earlier run wrote (it has no `run.json`): they would be lost.
    pub fn new(target: &Path) -> io::Result<Self> {
        if target.exists() {
            let foreign = !target.is_dir() || (fs::read_dir(target)?.next().is_some() && !target.join(MARK).exists());
            if foreign {
                let message = "exists and was not written by notspot; choose a new or empty folder";
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{}: {message}", target.display())));
            }
        }
        let target = std::path::absolute(target)?;
        let no_name =
            || io::Error::new(io::ErrorKind::InvalidInput, format!("{}: is no folder name", target.display()));
        let name = target.file_name().ok_or_else(no_name)?.to_string_lossy().into_owned();
        let parent = target.parent().ok_or_else(no_name)?;
        fs::create_dir_all(parent)?;
        let folder = tempfile::Builder::new().prefix(&format!(".{name}.partial-")).tempdir_in(parent)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        }
        Ok(Self { folder, target })
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

    /// Puts the folder in its place; an earlier one is removed afterwards.
    pub fn commit(self) -> io::Result<()> {
        if self.target.exists() {
            exchange(self.folder.path(), &self.target)?; // the earlier outputs now lie in the hidden folder
            self.folder.close()
        } else {
            fs::rename(self.folder.keep(), &self.target)
        }
    }
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
    let aside = a.with_extension("earlier");
    fs::rename(b, &aside)?;
    fs::rename(a, b)?;
    fs::rename(&aside, a)
}

/// Writes a single file under a temporary name and renames it when `write` has succeeded.
pub fn write_atomically<E: From<io::Error>>(
    target: &Path,
    write: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<(), E> {
    let shown = target.display();
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{shown}: {error}"));
    let target = std::path::absolute(target).map_err(named)?;
    let parent = target.parent().unwrap_or(Path::new("."));
    let extension = target.extension().map_or(String::new(), |e| format!(".{}", e.to_string_lossy()));
    let folder = tempfile::Builder::new().prefix(".notspot-partial-").tempdir_in(parent).map_err(named)?;
    let partial = folder.path().join(format!("out{extension}"));
    write(&partial)?;
    fs::rename(&partial, &target).map_err(named)?;
    Ok(())
}

/// SHA-256 of a file, hexadecimal.
pub fn sha256_of_file(path: &Path) -> io::Result<String> {
    let mut file = fs::File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
    }
    let mut text = Vec::with_capacity(64);
    for byte in hash.finalize() {
        write!(text, "{byte:02x}")?;
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
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
            fs::write(staging.file("run.json").unwrap(), generation).unwrap();
            fs::write(staging.file("geojson/a").unwrap(), generation).unwrap();
            assert_ne!(fs::read_to_string(out.join("run.json")).ok().as_deref(), Some(generation));
            staging.commit().unwrap();
            assert_eq!(fs::read_to_string(out.join("geojson/a")).unwrap(), generation);
        }
        drop(Staging::new(&out).unwrap());
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1, "nothing hidden stays behind");
        let foreign = parent.path().join("foreign");
        fs::create_dir(&foreign).unwrap();
        fs::write(foreign.join("thesis.doc"), "x").unwrap();
        assert!(Staging::new(&foreign).is_err());
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

    #[test]
    fn sha256_is_the_standard_one() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "abc").unwrap();
        assert_eq!(
            sha256_of_file(file.path()).unwrap(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
