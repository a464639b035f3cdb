//! The demonstration province in `data/demo` is what its generator makes, byte for byte, and holds the figures it promises.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../data/demo/generator/mod.rs"]
mod generator;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn demo_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo")
}

#[test]
fn the_generator_repeats_every_file_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    generator::generate(folder.path()).unwrap();
    for name in generator::FILES {
        let made = fs::read(folder.path().join(name)).unwrap();
        let kept = fs::read(demo_folder().join(name)).unwrap();
        assert!(
            made == kept,
            "{name} is not what the generator makes: run `cargo run --release --example generate_demo`"
        );
    }
}

fn rows(name: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_path(demo_folder().join(name)).unwrap();
    reader.records().map(|row| row.unwrap()).collect()
}

#[test]
fn the_villages_hold_the_figures_of_the_provincial_report() {
    let villages = rows("villages.csv");
    assert_eq!(villages.len(), 1462);
    let count = |column: usize, value: &str| villages.iter().filter(|row| &row[column] == value).count();
    assert_eq!(count(8, "no"), 138);
    assert_eq!(count(8, "yes"), 1324);
    assert_eq!(count(7, "no"), 29);
    assert!(villages.iter().filter(|row| &row[7] == "no").all(|row| &row[8] == "no" && &row[9] == "no"));
    let sum = |column: usize| villages.iter().map(|row| row[column].parse::<f64>().unwrap()).sum::<f64>();
    assert!((sum(6) - 130_000.0).abs() < 200.0 && (sum(5) - 540_000.0).abs() < 1000.0);
    assert!((sum(10) / sum(6) - 0.63).abs() < 0.0001);
    let names: BTreeSet<(&str, &str)> = villages.iter().map(|row| (&row[1], &row[2])).collect();
    assert_eq!(names.len(), 1462);
    assert_eq!(villages.iter().map(|row| &row[2]).collect::<BTreeSet<_>>().len(), 56);
    assert!(villages.iter().all(|row| row[10].parse::<u32>().unwrap() <= row[6].parse::<u32>().unwrap()));
}

#[test]
fn the_sites_hold_the_figures_of_the_provincial_report() {
    let cells = rows("sites.csv");
    let sites: BTreeSet<&str> = cells.iter().map(|row| &row[0]).collect();
    assert_eq!(sites.iter().filter(|id| id.starts_with('S')).count(), 1217);
    assert_eq!(sites.iter().filter(|id| id.starts_with('N')).count(), 33);
    let spots: BTreeSet<(&str, &str, &str)> =
        cells.iter().filter(|row| &row[5] != "NR").map(|row| (&row[1], &row[2], &row[3])).collect();
    assert!(cells.iter().filter(|row| &row[5] == "NR").all(|row| spots.contains(&(&row[1], &row[2], &row[3]))));
    assert_eq!(cells.iter().filter(|row| &row[5] == "NR").count(), 33);
}

#[test]
fn the_study_has_nothing_to_warn_of() {
    let study = notspot::study::load(&demo_folder().join("study.toml")).unwrap_or_else(|problems| panic!("{problems}"));
    let warnings: Vec<String> = study.warnings.iter().map(ToString::to_string).collect();
    assert!(warnings.is_empty(), "{warnings:#?}");
}
