//! Malformed inputs through the real binary: each yields its message and its exit code, in time, without a panic and without
//! any output.
//!
//! To add a case, add one line to a table in `tests/bad/*.rs`, or one file to `tests/bad/files/<role>/` with a line in
//! `tests/bad/files/expected.txt`.

#![allow(clippy::unwrap_used)]

mod bad {
    pub(crate) mod case;
    mod files;
    mod instances;
    mod links;
    mod measurements;
    mod rasters;
    mod studies;
    mod tables;
    mod usage;

    /// All cases.
    pub(crate) fn cases() -> Vec<case::Case> {
        [
            files::cases(),
            instances::cases(),
            links::cases(),
            measurements::cases(),
            rasters::cases(),
            studies::cases(),
            tables::cases(),
            usage::cases(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
mod common;

use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn every_malformed_input_is_refused_with_its_message() {
    let cases = bad::cases();
    assert!(cases.len() >= 200, "{} cases", cases.len());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut failures = Vec::new();
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            failures.extend(case.failure());
        }
        failures
    };
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let failures: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(failures.is_empty(), "{} of {} cases:\n\n{}", failures.len(), cases.len(), failures.join("\n\n"));
}
