//! A folder of computed values by key, which may be lost at any time and never lie.
//!
//! One file a value, named by its key, with a SHA-256 over key and value: what is torn, changed or misnamed is noticed. A file is
//! written under another name and renamed, so that processes can share the folder and may end at any moment. The folder is
//! bounded: the values that were used longest ago go first, those of the running process stay.

use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;
use thiserror::Error;

/// What a file starts with; the digit is the version of its layout.
const MAGIC: &[u8; 16] = b"notspot cache 1\n";
/// Bytes of a SHA-256.
const HASH: usize = 32;
const HEADER: usize = MAGIC.len() + HASH;
/// Letters of a key: a SHA-256, hexadecimal.
const KEY_LETTERS: usize = 2 * HASH;
const EXTENSION: &str = "loss";
const PARTIAL: &str = ".partial-";

/// The environment variable that names the folder.
pub const PLACE_VARIABLE: &str = "NOTSPOT_CACHE";

/// Where values are kept unless the user says otherwise: `$NOTSPOT_CACHE`, `$XDG_CACHE_HOME/notspot` or `~/.cache/notspot`; `None` for a
/// user without a home.
pub fn default_cache_place() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    // The XDG Base Directory Specification has relative paths ignored.
    let xdg = || variable("XDG_CACHE_HOME").filter(|path| path.is_absolute()).map(|path| path.join("notspot"));
    let home = || std::env::home_dir().filter(|path| path.is_absolute()).map(|path| path.join(".cache/notspot"));
    variable(PLACE_VARIABLE).and_then(|path| std::path::absolute(path).ok()).or_else(xdg).or_else(home)
}

/// Why a value that is there cannot be had.
#[derive(Debug, Error)]
pub enum CacheFault {
    /// Its file is not what was written.
    #[error("{}: is damaged", .0.display())]
    Damaged(PathBuf),
    /// The file system does not give it.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
}

/// A value of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheEntry {
    /// Its key.
    pub key: String,
    /// The size of its file.
    pub bytes: u64,
    /// When it was read or written last.
    pub used: SystemTime,
}

/// What was removed from a folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Values.
    pub entries: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Files that processes left half-written when they were killed.
    pub leftovers: usize,
}

/// A bounded folder of values. Nothing is made before the first value is kept.
#[derive(Debug)]
pub struct CacheFolder {
    folder: PathBuf,
    limit: u64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Keys that this process has read or written.
    used: HashSet<String>,
    /// Bytes of the folder and how many it may have, when it was looked at last and with what this process has written since.
    room: Option<Room>,
    /// Whether the values that this process uses fill the folder.
    full: bool,
}

#[derive(Debug, Clone, Copy)]
struct Room {
    bytes: u64,
    allowed: u64,
    /// Written since the look; others write too.
    since: u64,
}

impl CacheFolder {
    /// The folder of that path, which may hold `limit` bytes.
    pub fn new(folder: PathBuf, limit: u64) -> Self {
        Self { folder, limit, state: Mutex::default() }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// How many bytes it may hold.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    fn file(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.{EXTENSION}"))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whatever a thread that panicked left there is a count of bytes at worst.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The value of a key; `None` when none is kept. From now on it counts as used.
    ///
    /// # Errors
    /// There is one that cannot be used.
    pub fn get(&self, key: &str) -> Result<Option<Vec<u8>>, CacheFault> {
        let path = self.file(key);
        let read = || -> io::Result<Vec<u8>> {
            let mut file = File::open(&path)?;
            // The order of use is worth nothing where it cannot be written down.
            let _ = file.set_modified(SystemTime::now());
            let mut bytes = Vec::with_capacity(file.metadata()?.len() as usize + 1);
            file.read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let mut bytes = match read() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(CacheFault::Unreadable { path, source }),
            Ok(bytes) => bytes,
        };
        let whole = bytes.split_at_checked(HEADER).is_some_and(|(header, value)| *header == header_of(key, value));
        if !whole {
            return Err(CacheFault::Damaged(path));
        }
        self.state().used.insert(key.to_owned());
        bytes.drain(..HEADER);
        Ok(Some(bytes))
    }

    /// Keeps the value of a key (64 hexadecimal letters); false when the values that this process uses leave no room for it.
    ///
    /// # Errors
    /// What the file system says; nothing half-written is left.
    pub fn put(&self, key: &str, value: &[u8]) -> io::Result<bool> {
        make_private(&self.folder)?;
        if !self.make_room(key, (HEADER + value.len()) as u64)? {
            return Ok(false);
        }
        let mut file = tempfile::Builder::new().prefix(PARTIAL).tempfile_in(&self.folder)?;
        // Says that somebody is still writing; where files cannot be locked, none is taken for left behind either.
        let _ = file.as_file().try_lock();
        file.write_all(&header_of(key, value))?;
        file.write_all(value)?;
        // Not flushed to the disk: what a loss of power tears is noticed and computed again.
        file.persist(self.file(key)).map_err(|error| error.error)?;
        Ok(true)
    }

    /// Counts bytes that are about to be written, after removing what was used longest ago.
    fn make_room(&self, key: &str, bytes: u64) -> io::Result<bool> {
        let mut state = self.state();
        if state.full {
            return Ok(false);
        }
        let known = state.room.filter(|r| r.bytes + bytes <= r.allowed && r.since <= r.allowed / LOOKS_PER_LIMIT);
        let mut room = match known {
            Some(room) => room,
            None => self.look(&state.used, bytes)?,
        };
        state.full = room.bytes + bytes > room.allowed;
        if !state.full {
            state.used.insert(key.to_owned());
            room = Room { bytes: room.bytes + bytes, since: room.since + bytes, ..room };
        }
        state.room = Some(room);
        Ok(!state.full)
    }

    /// Looks at what the folder holds, and where `wanted` bytes have no room, makes room for some more.
    fn look(&self, used: &HashSet<String>, wanted: u64) -> io::Result<Room> {
        let (entries, _) = self.contents()?;
        let bytes: u64 = entries.iter().map(|entry| entry.bytes).sum();
        // Outputs need room on the disk as well: at most half of what is free.
        let allowed = self.limit.min(bytes.saturating_add(free_bytes(&self.folder) / 2));
        if bytes + wanted <= allowed {
            return Ok(Room { bytes, allowed, since: 0 });
        }
        let target = (allowed - allowed / LOOKS_PER_LIMIT).saturating_sub(wanted);
        let removed = self.shrink(target, |entry| used.contains(&entry.key))?;
        Ok(Room { bytes: bytes - removed.bytes, allowed, since: 0 })
    }

    /// The values, those used longest ago first.
    ///
    /// # Errors
    /// The folder cannot be read; one that does not exist holds nothing.
    pub fn entries(&self) -> io::Result<Vec<CacheEntry>> {
        Ok(self.contents()?.0)
    }

    /// The values, and the files under construction.
    fn contents(&self) -> io::Result<(Vec<CacheEntry>, Vec<PathBuf>)> {
        let (mut entries, mut partial) = (Vec::new(), Vec::new());
        let listed = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((entries, partial)),
            listed => listed?,
        };
        for file in listed {
            let file = file?;
            let Ok(name) = file.file_name().into_string() else { continue };
            if name.starts_with(PARTIAL) {
                partial.push(file.path());
            } else if let Some(key) = key_of(&name) {
                match file.metadata().and_then(|about| Ok((about.len(), about.modified()?))) {
                    Ok((bytes, used)) => entries.push(CacheEntry { key: key.to_owned(), bytes, used }),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {} // another process removed it
                    Err(error) => return Err(error),
                }
            }
        }
        entries.sort_by(|a, b| a.used.cmp(&b.used).then_with(|| a.key.cmp(&b.key)));
        Ok((entries, partial))
    }

    /// Removes values, those used longest ago first, until at most `most` bytes are left, and what killed processes left half-written.
    ///
    /// # Errors
    /// What the file system says.
    pub fn prune(&self, most: u64) -> io::Result<Removed> {
        self.shrink(most, |_| false)
    }

    fn shrink(&self, most: u64, stays: impl Fn(&CacheEntry) -> bool) -> io::Result<Removed> {
        let (entries, partial) = self.contents()?;
        let mut left: u64 = entries.iter().map(|entry| entry.bytes).sum();
        let mut removed = Removed::default();
        for entry in entries.iter().filter(|entry| !stays(entry)) {
            if left <= most {
                break;
            }
            remove(&self.file(&entry.key))?;
            left -= entry.bytes;
            removed.entries += 1;
            removed.bytes += entry.bytes;
        }
        for path in partial {
            if is_abandoned(&path) {
                remove(&path)?;
                removed.leftovers += 1;
            }
        }
        Ok(removed)
    }
}

/// A look at the folder reads its whole list; between two of them a process writes at most this part of the limit, and a look that
/// makes room makes this part of it.
const LOOKS_PER_LIMIT: u64 = 16;

fn header_of(key: &str, value: &[u8]) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..MAGIC.len()].copy_from_slice(MAGIC);
    header[MAGIC.len()..].copy_from_slice(&Sha256::new().chain_update(key).chain_update(value).finalize());
    header
}

/// The key in a file's name; files with other names are not ours and not touched.
fn key_of(name: &str) -> Option<&str> {
    let key = name.strip_suffix(EXTENSION)?.strip_suffix('.')?;
    (key.len() == KEY_LETTERS && key.bytes().all(|letter| letter.is_ascii_hexdigit())).then_some(key)
}

/// Whether the process that wrote a file under construction has ended.
fn is_abandoned(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| file.try_lock().is_ok())
}

/// Removes a file; that another process did so before is as good.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Makes a folder that only its owner can look into: the losses around a site show where it stands.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Bytes that the file system of a folder, which need not exist yet, has left; no bound where it does not say.
fn free_bytes(folder: &Path) -> u64 {
    let existing = folder.ancestors().find(|path| path.exists());
    existing.and_then(|path| rustix::fs::statvfs(path).ok()).map_or(u64::MAX, |fs| fs.f_bavail * fs.f_frsize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn key(i: usize) -> String {
        format!("{i:064x}")
    }

    fn cache(parent: &tempfile::TempDir, limit: u64) -> CacheFolder {
        CacheFolder::new(parent.path().join("a/cache"), limit)
    }

    fn keys(cache: &CacheFolder) -> Vec<String> {
        cache.entries().unwrap().into_iter().map(|entry| entry.key).collect()
    }

    #[test]
    fn a_value_comes_back_whole_or_not_at_all() {
        let parent = tempfile::tempdir().unwrap();
        let cache = cache(&parent, 1 << 20);
        let value = vec![7u8; 500];
        assert!(cache.get(&key(1)).unwrap().is_none());
        assert!(!cache.path().exists(), "nothing is made before there is something to keep");
        assert!(cache.put(&key(1), &value).unwrap());
        assert_eq!(cache.get(&key(1)).unwrap(), Some(value.clone()));
        assert_eq!(cache.get(&key(2)).unwrap(), None);

        let file = cache.file(&key(1));
        let whole = fs::read(&file).unwrap();
        for length in 0..whole.len() {
            fs::write(&file, &whole[..length]).unwrap();
            assert!(matches!(cache.get(&key(1)), Err(CacheFault::Damaged(_))), "cut at {length}");
        }
        for place in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[place] ^= 1;
            fs::write(&file, &bytes).unwrap();
            assert!(matches!(cache.get(&key(1)), Err(CacheFault::Damaged(_))), "changed at {place}");
        }
        fs::write(cache.file(&key(2)), &whole).unwrap();
        assert!(matches!(cache.get(&key(2)), Err(CacheFault::Damaged(_))), "the value of another key");
        assert!(cache.put(&key(1), &value).unwrap(), "a damaged value is replaced");
        assert_eq!(cache.get(&key(1)).unwrap(), Some(value));
    }

    #[test]
    fn what_was_used_longest_ago_goes_first_and_what_is_in_use_stays() {
        let parent = tempfile::tempdir().unwrap();
        let size = HEADER as u64 + 1000;
        let first = cache(&parent, 10 * size);
        for i in 0..10 {
            assert!(first.put(&key(i), &[i as u8; 1000]).unwrap());
            let file = File::open(first.file(&key(i))).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1000 - i as u64)).unwrap();
        }
        assert!(!first.put(&key(10), &[0; 1000]).unwrap(), "all ten are in use by this process");
        assert_eq!(keys(&first).len(), 10);

        let second = cache(&parent, 10 * size);
        assert!(second.get(&key(9)).unwrap().is_some());
        assert!(second.put(&key(10), &[0; 1000]).unwrap());
        assert_eq!(keys(&second)[..3], [key(6), key(5), key(4)], "8 and 7 had to go, 9 was used just now");
        assert!(keys(&second).contains(&key(9)) && keys(&second).contains(&key(10)));
        for i in 11..40 {
            second.put(&key(i), &[0; 1000]).unwrap();
            assert!(second.entries().unwrap().iter().map(|e| e.bytes).sum::<u64>() <= 10 * size);
        }
        assert!(keys(&second).contains(&key(9)), "in use");
        assert!(!cache(&parent, size - 1).put(&key(50), &[0; 1000]).unwrap(), "larger than the whole cache");
        assert!(!cache(&parent, 0).put(&key(50), &[]).unwrap());
    }

    #[test]
    fn pruning_removes_its_own_files_only_and_what_nobody_writes_any_more() {
        let parent = tempfile::tempdir().unwrap();
        let cache = cache(&parent, 1 << 20);
        assert_eq!(cache.prune(0).unwrap(), Removed::default());
        for i in 0..4 {
            cache.put(&key(i), &[0; 1000]).unwrap();
        }
        for name in ["thesis.doc", "0123.loss", &format!("{}.loss", "x".repeat(64)), ".partial-killed"] {
            fs::write(cache.path().join(name), "x").unwrap();
        }
        let writing = File::create(cache.path().join(".partial-writing")).unwrap();
        writing.try_lock().unwrap();
        let size = HEADER as u64 + 1000;
        assert_eq!(cache.prune(3 * size).unwrap(), Removed { entries: 1, bytes: size, leftovers: 1 });
        assert_eq!(cache.prune(0).unwrap(), Removed { entries: 3, bytes: 3 * size, leftovers: 0 });
        drop(writing);
        assert_eq!(cache.prune(0).unwrap().leftovers, 1);
        assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 3, "the files that are not ours");
    }

    #[test]
    fn a_folder_that_cannot_be_used_is_named() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("file");
        fs::write(&file, "x").unwrap();
        let cache = CacheFolder::new(file.clone(), 1 << 20);
        let fault = cache.get(&key(1)).unwrap_err();
        assert!(matches!(&fault, CacheFault::Unreadable { path, .. } if path.starts_with(&file)), "{fault}");
        assert!(cache.put(&key(1), b"x").is_err());
    }
}
