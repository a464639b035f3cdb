//! Files inside zip archives, as GDAL opens them.

use crate::problem::Problem;
use std::ffi::CString;
use std::path::{Path, PathBuf};
use std::ptr;

/// The path to open: the file itself, or the only file in a zip archive that has one of the extensions (lower case).
///
/// # Errors
/// An archive that cannot be read, or that holds no such file, or several.
pub(super) fn inside(path: &Path, name: &str, extensions: &[&str]) -> Result<PathBuf, Problem> {
    if !has_extension(path, &["zip"]) {
        return Ok(path.to_owned());
    }
    let root = PathBuf::from(format!("/vsizip/{}", path.display()));
    let files = gdal::vsi::read_dir(&root, true)
        .map_err(|_| Problem::error(name, "cannot be read as a zip archive; it is damaged or none"))?;
    let found: Vec<&PathBuf> = files.iter().filter(|file| has_extension(file, extensions)).collect();
    match found[..] {
        [file] => Ok(root.join(file)),
        [] => {
            let message = format!("holds no file that is read; known are {}", extensions.join(", "));
            Err(Problem::error(name, message))
        }
        _ => {
            let names: Vec<String> = found.iter().map(|file| file.display().to_string()).collect();
            let problem = Problem::error(name, format!("holds several files: {}", names.join(", ")));
            Err(problem.suggest("unpack the archive and name one of them"))
        }
    }
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|e| extensions.contains(&e.to_string_lossy().to_lowercase().as_str()))
}

/// The bytes of a file, in an archive or not; `None` when there is none.
pub(super) fn bytes_of(path: &Path) -> Option<Vec<u8>> {
    if !path.starts_with("/vsizip") {
        return std::fs::read(path).ok();
    }
    let path = CString::new(path.to_str()?).ok()?;
    let (mut data, mut size) = (ptr::null_mut(), 0);
    // SAFETY: the file is named by a text that outlives the call, the buffer and its size are written to live variables, and
    // no limit (-1) is set.
    let read = unsafe { gdal_sys::VSIIngestFile(ptr::null_mut(), path.as_ptr(), &mut data, &mut size, -1) };
    if read == 0 || data.is_null() {
        return None;
    }
    // SAFETY: the library has given a buffer of `size` bytes that is ours, to be freed with its own function.
    unsafe {
        let bytes = std::slice::from_raw_parts(data, usize::try_from(size).unwrap_or(0)).to_vec();
        gdal_sys::VSIFree(data.cast());
        Some(bytes)
    }
}
