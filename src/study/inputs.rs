//! The input files of a study as `run.json` records them.

use super::Study;
use crate::io::{Table, describe_raster, refuse_endless, sha256_of_file};
use crate::problem::{Problem, Problems};
use rayon::Scope;
use schemars::JsonSchema;
use serde::Serialize;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// An input as `run.json` records it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct InputFile {
    /// What it is for: `study`, `terrain`, `villages` …
    pub role: &'static str,
    /// Its name in the study, without passwords.
    pub file: String,
    /// SHA-256 of its bytes; of the rows that were read, for a database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Its size; absent for a database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Its file name extension in lower case, or `postgis`.
    pub format: String,
    /// Coordinate reference system of its geometry or pixels; absent where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crs: Option<String>,
    /// Rows or features read, of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<usize>,
    /// Villages, cells in service, communes or candidates that the study has of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<usize>,
    /// Columns and rows, of a raster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raster_size: Option<[usize; 2]>,
    /// Width and height of a pixel in units of its coordinate reference system, of a raster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pixel_size: Option<[f64; 2]>,
}

/// A file that is read, and its SHA-256 when that is known.
pub(super) struct NamedFile {
    path: Option<PathBuf>,
    sha256: Arc<OnceLock<io::Result<String>>>,
    record: InputFile,
}

/// The files that a study reads; their hashes are computed in a scope.
pub(super) struct Inputs<'a, 'scope> {
    /// Folder of the study.
    pub(super) folder: &'a Path,
    files: Vec<NamedFile>,
    scope: &'a Scope<'scope>,
}

impl<'a, 'scope> Inputs<'a, 'scope> {
    pub(super) fn new(folder: &'a Path, scope: &'a Scope<'scope>) -> Self {
        Self { folder, files: Vec::new(), scope }
    }

    /// Adds a file and starts to hash it; a database has no path.
    pub(super) fn add(&mut self, role: &'static str, name: &str, path: Option<PathBuf>) {
        let format = match &path {
            Some(path) => path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default(),
            None => "postgis".to_owned(),
        };
        let sha256 = Arc::new(OnceLock::new());
        if let Some(path) = path.clone().filter(|path| refuse_endless(path, name).is_ok()) {
            let slot = sha256.clone();
            self.scope.spawn(move |_| {
                slot.get_or_init(|| sha256_of_file(&path));
            });
        }
        self.files.push(NamedFile { path, sha256, record: input(role, name, format) });
    }

    /// Says of the table that was added last what was read.
    pub(super) fn describe_last(&mut self, table: Option<&Table>) {
        if let (Some(file), Some(table)) = (self.files.last_mut(), table) {
            let stated = || table.crs.as_ref().map(|crs| crs.name.clone());
            file.record.crs = table.geometry_crs.clone().or_else(stated);
            file.record.rows = Some(table.len());
            if file.path.is_none() {
                file.record.sha256 = Some(table.sha256());
            }
        }
    }

    /// Adds a raster and gives its path; what cannot be opened is recorded without its size.
    pub(super) fn raster(&mut self, role: &'static str, name: &str) -> PathBuf {
        let path = self.folder.join(name);
        self.add(role, name, Some(path.clone()));
        if let (Some(file), Ok(info)) = (self.files.last_mut(), describe_raster(&path, name)) {
            file.record.crs = Some(info.crs.name);
            file.record.raster_size = Some([info.size.1, info.size.0]);
            file.record.pixel_size = Some([info.transform.pixel_width, info.transform.pixel_height]);
        }
        path
    }

    /// The files; their hashes are there when the scope has ended.
    pub(super) fn into_files(self) -> Vec<NamedFile> {
        self.files
    }
}

/// The records of all files, with how much of them the study uses.
pub(super) fn finished(files: Vec<NamedFile>, study: Option<&Study>, problems: &mut Problems) -> Vec<InputFile> {
    let mut records = Vec::new();
    for NamedFile { path, sha256, mut record } in files {
        record.used = study.filter(|_| record.rows.is_some()).and_then(|study| used(study, record.role));
        if let Some(path) = path {
            match sha256.get() {
                Some(Ok(sha256)) => record.sha256 = Some(sha256.clone()),
                Some(Err(error)) if path.exists() => {
                    problems.push(Problem::error(record.file, format!("cannot be read: {error}")));
                    continue;
                }
                _ => continue, // reported where it was read
            }
            record.bytes = path.metadata().ok().map(|data| data.len());
        }
        records.push(record);
    }
    records
}

/// How many things the study has of the input of a role.
fn used(study: &Study, role: &str) -> Option<usize> {
    match role {
        "villages" => Some(study.villages.len()),
        "sites" => Some(study.sites.iter().map(|site| site.cells.len()).sum()),
        "communes" => Some(study.communes.len()),
        "candidates" => study.candidates.as_ref().map(Vec::len),
        _ => None,
    }
}

fn input(role: &'static str, file: &str, format: String) -> InputFile {
    InputFile {
        role,
        file: file.to_owned(),
        sha256: None,
        bytes: None,
        format,
        crs: None,
        rows: None,
        used: None,
        raster_size: None,
        pixel_size: None,
    }
}
