//! What the fuzz targets assert. Each module has `run(bytes)`: it must return for every input, whatever the bytes, and it
//! checks what must hold of the answer. `fuzz_targets/` hands libFuzzer's inputs to them, `tests/fuzz_seeds.rs` the seeds.

pub mod batch;
pub mod csv;
pub mod instance;
pub mod msi;
pub mod study;

use notspot::problem::{Problem, Problems, Severity};

/// What every list of problems must be: about this file, with a message, at rows that the file has.
fn check_problems<'p>(problems: impl Iterator<Item = &'p Problem>, file: &str, bytes: &[u8]) {
    let lines = 1 + bytes.iter().filter(|&&b| b == b'\n' || b == b'\r').count();
    for problem in problems {
        assert_eq!(problem.file, file);
        assert!(!problem.message.is_empty());
        assert!(problem.row.is_none_or(|row| (1..=lines).contains(&row)), "{problem}: the file has {lines} lines");
        assert!(!problem.to_string().contains("panicked"));
    }
}

/// The same for a refusal: one problem at least is an error.
fn check_refusal(problems: &Problems, file: &str, bytes: &[u8]) {
    check_problems(problems.iter(), file, bytes);
    assert!(problems.iter().any(|p| p.severity == Severity::Error));
}
