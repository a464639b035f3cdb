//! Every seed of `fuzz/seeds` through the assertions of its fuzz target, so that they hold without a fuzzer at hand.

#![allow(clippy::unwrap_used)]

#[path = "../fuzz/src/lib.rs"]
#[allow(unreachable_pub)]
mod targets;

use std::path::Path;

/// The name of a target and its assertions.
type Target = (&'static str, fn(&[u8]));

#[test]
fn every_seed_passes_its_target() {
    let targets: [Target; 5] = [
        ("batch", targets::batch::run),
        ("csv", targets::csv::run),
        ("instance", targets::instance::run),
        ("msi", targets::msi::run),
        ("study", targets::study::run),
    ];
    for (name, run) in targets {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(name);
        let mut seeds: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        seeds.sort();
        assert!(!seeds.is_empty(), "{name} has no seeds");
        for seed in seeds {
            eprintln!("{}", seed.display());
            run(&std::fs::read(&seed).unwrap());
        }
    }
}
