//! SHA-256 of files: what identifies an input.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::LazyLock;

/// Bytes that are read at once.
const AT_ONCE: usize = 1 << 20;

/// SHA-256 of a file, hexadecimal. The processor's own instructions are used where it has them.
pub fn sha256_of_file(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; AT_ONCE];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hexadecimal(hash));
        }
        hash.update(&buffer[..read]);
    }
}

/// SHA-256 of the running program's own file, hexadecimal: what its results may depend on beside their inputs. Its version where the file
/// cannot be read.
pub fn sha256_of_program() -> &'static str {
    static HASH: LazyLock<String> = LazyLock::new(|| {
        let hash = std::env::current_exe().and_then(|path| sha256_of_file(&path));
        hash.unwrap_or_else(|_| env!("CARGO_PKG_VERSION").into())
    });
    &HASH
}

/// SHA-256 of bytes that come in parts, hexadecimal.
pub fn sha256_of_parts<T: AsRef<[u8]>>(parts: impl IntoIterator<Item = T>) -> String {
    hexadecimal(parts.into_iter().fold(Sha256::new(), |hash, part| hash.chain_update(part)))
}

fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256_is_the_standard_one() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "abc").unwrap();
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_of_file(file.path()).unwrap(), hash);
        assert_eq!(sha256_of_parts(["a", "", "bc"]), hash);
    }
}
