//! Committed files: `files/<role>/<name>` takes the place of an input, `files/expected.txt` says what must be said of it.

use super::case::Case;
use std::path::Path;

pub(crate) fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad/files");
    let expected = std::fs::read_to_string(root.join("expected.txt")).unwrap();
    let mut cases = Vec::new();
    for line in expected.lines().filter(|line| !line.starts_with('#')) {
        let (path, says) = line.split_once(": ").unwrap_or_else(|| panic!("{line:?} is not ROLE/NAME: MESSAGE"));
        let (role, name) = path.split_once('/').unwrap_or_else(|| panic!("{path:?} is not ROLE/NAME"));
        let bytes = std::fs::read(root.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
        cases.push(Case { name: path.to_owned(), ..Case::input(role, name, bytes, &[says]) });
    }
    let committed = crate::common::files_of(&root);
    let unexpected: Vec<_> =
        committed.keys().filter(|file| *file != "expected.txt" && !cases.iter().any(|c| c.name == **file)).collect();
    assert!(unexpected.is_empty(), "expected.txt does not name {unexpected:?}");
    cases
}
