//! Checkpoints: what a run has computed so far, kept beside its output folder until the run has ended.
//!
//! A checkpoint is trusted only when its bytes are whole (SHA-256) and it belongs to the same identity: everything that
//! decides the results, by name. It is written under another name, flushed to the disk, and renamed.

use super::staging::sync;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What a checkpoint file starts with; the digit is the version of its layout.
const MAGIC: &[u8; 21] = b"notspot checkpoint 1\n";
/// Bytes of a SHA-256.
const HASH: usize = 32;
const EXTENSION: &str = "checkpoint";
const IDENTITY: &str = "identity.json";

/// Where a run keeps what it has computed; the default keeps nothing.
#[derive(Debug, Clone, Default)]
pub struct Checkpoints(Option<Store>);

#[derive(Debug, Clone)]
struct Store {
    folder: PathBuf,
    identity: String,
    key: [u8; HASH],
}

impl Checkpoints {
    /// Checkpoints in a folder. Those of the same identity stay when `resume` asks for them; all others are removed. The text
    /// says what became of earlier ones.
    pub(super) fn open(folder: &Path, identity: &BTreeMap<String, String>, resume: bool) -> (Self, Option<String>) {
        let text = serde_json::Value::from_iter(identity.clone()).to_string();
        let store = Store { folder: folder.to_owned(), key: Sha256::digest(&text).into(), identity: text };
        let earlier = fs::read(folder.join(IDENTITY)).ok();
        let message = match (&earlier, resume) {
            (None, false) => None,
            (None, true) => Some("there is no interrupted run to continue; starting at the beginning".to_owned()),
            (Some(_), false) => {
                Some("an interrupted run is given up and started afresh; --resume continues one".into())
            }
            (Some(earlier), true) if earlier == store.identity.as_bytes() => {
                Some("continuing the interrupted run".into())
            }
            (Some(earlier), true) => Some(format!("starting afresh: {}", difference(earlier, identity))),
        };
        let same = earlier.as_deref() == Some(store.identity.as_bytes());
        if !(resume && same) {
            // What cannot be removed has another key, or is what this run would compute.
            let _ = store.remove_all();
        }
        (Self(Some(store)), message)
    }

    /// What was kept under a name; `None` when nothing was.
    ///
    /// # Errors
    /// There is something that cannot be used, and why.
    pub fn load<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, String> {
        let Some(store) = &self.0 else { return Ok(None) };
        let path = store.file(name);
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|e| e.to_string())?,
        };
        let torn = || "it is damaged".to_owned();
        let (content, hash) = bytes.split_at_checked(bytes.len().wrapping_sub(HASH)).ok_or_else(torn)?;
        if Sha256::digest(content)[..] != *hash {
            return Err(torn());
        }
        let content = content.strip_prefix(MAGIC).ok_or_else(torn)?;
        let payload = content.strip_prefix(&store.key).ok_or("it belongs to another run")?;
        postcard::from_bytes(payload).map(Some).map_err(|e| e.to_string())
    }

    /// Keeps a value under a name, in the place of an earlier one.
    pub fn save<T: Serialize>(&self, name: &str, value: &T) -> io::Result<()> {
        let Some(store) = &self.0 else { return Ok(()) };
        let identity = store.folder.join(IDENTITY);
        if !identity.exists() {
            write_whole(&identity, |file| file.write_all(store.identity.as_bytes()))?;
        }
        write_whole(&store.file(name), |file| {
            let mut file = Hashing { file, hash: Sha256::new() };
            file.write_all(MAGIC)?;
            file.write_all(&store.key)?;
            postcard::to_io(value, &mut file).map_err(io::Error::other)?;
            let hash = file.hash.finalize();
            file.file.write_all(&hash)
        })
    }
}

impl Store {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.{EXTENSION}"))
    }

    fn remove_all(&self) -> io::Result<()> {
        let identity = self.folder.join(IDENTITY);
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == EXTENSION || e == "new") || path == identity {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

/// Why two identities differ, for people.
fn difference(earlier: &[u8], now: &BTreeMap<String, String>) -> String {
    let Ok(earlier) = serde_json::from_slice::<BTreeMap<String, String>>(earlier) else {
        return "what is left of the interrupted run is damaged".into();
    };
    let mut changed: Vec<&str> =
        now.iter().filter(|(name, value)| earlier.get(*name) != Some(value)).map(|(name, _)| name.as_str()).collect();
    changed.extend(earlier.keys().filter(|name| !now.contains_key(*name)).map(String::as_str));
    format!("changed since the interrupted run: {}", changed.join(", "))
}

/// Writes a file under another name, flushes it to the disk, and gives it its own.
fn write_whole(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = BufWriter::with_capacity(1 << 20, File::create(&new)?);
    write(&mut file)?;
    file.into_inner()?.sync_all()?;
    fs::rename(&new, path)?;
    path.parent().map_or(Ok(()), sync)
}

/// Writes and hashes at once.
struct Hashing<'a> {
    file: &'a mut BufWriter<File>,
    hash: Sha256,
}

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(villages: &str) -> BTreeMap<String, String> {
        BTreeMap::from([("notspot".into(), "0.1.0".into()), ("villages.csv".into(), villages.into())])
    }

    #[test]
    fn what_is_kept_comes_back_for_the_same_run_only() {
        let folder = tempfile::tempdir().unwrap();
        let open = |villages, resume| Checkpoints::open(folder.path(), &identity(villages), resume);
        let value = (vec![1.5f32, f32::NEG_INFINITY], "Bản Đông".to_owned());
        let (first, message) = open("a", false);
        assert_eq!(message, None);
        assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "nothing is written before there is something");
        first.save("coverage", &value).unwrap();
        assert_eq!(first.load("coverage"), Ok(Some(value.clone())));
        assert_eq!(first.load::<u8>("service"), Ok(None));

        let (again, message) = open("a", true);
        assert_eq!(message.as_deref(), Some("continuing the interrupted run"));
        assert_eq!(again.load("coverage"), Ok(Some(value.clone())));
        let (other, message) = open("b", true);
        assert_eq!(message.unwrap(), "starting afresh: changed since the interrupted run: villages.csv");
        assert_eq!(other.load::<(Vec<f32>, String)>("coverage"), Ok(None));

        other.save("coverage", &value).unwrap();
        let (fresh, message) = open("b", false);
        assert!(message.unwrap().contains("started afresh"));
        assert_eq!(fresh.load::<(Vec<f32>, String)>("coverage"), Ok(None));
        assert!(open("b", true).1.unwrap().contains("no interrupted run"));
        assert_eq!(Checkpoints::default().load::<u8>("coverage"), Ok(None));
    }

    #[test]
    fn what_is_torn_changed_or_foreign_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let (store, _) = Checkpoints::open(folder.path(), &identity("a"), false);
        store.save("coverage", &vec![7u32; 1000]).unwrap();
        let file = folder.path().join("coverage.checkpoint");
        let whole = fs::read(&file).unwrap();
        for length in 0..whole.len() {
            fs::write(&file, &whole[..length]).unwrap();
            assert!(store.load::<Vec<u32>>("coverage").is_err(), "cut at {length}");
        }
        for place in (0..whole.len()).step_by(7) {
            let mut bytes = whole.clone();
            bytes[place] ^= 0x20;
            fs::write(&file, &bytes).unwrap();
            assert!(store.load::<Vec<u32>>("coverage").is_err(), "changed at {place}");
        }
        fs::write(&file, &whole).unwrap();
        let other = Checkpoints(Some(Store { key: [1; HASH], ..store.0.clone().unwrap() }));
        assert_eq!(other.load::<Vec<u32>>("coverage"), Err("it belongs to another run".into()));
        assert_eq!(store.load("coverage"), Ok(Some(vec![7u32; 1000])));
    }
}
