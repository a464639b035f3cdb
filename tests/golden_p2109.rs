//! Rec. ITU-R P.2109-2 against the table of crc-covlib (31,250 rows in ../shared, 125 of them here): as close as its
//! probabilities are printed.

#![allow(clippy::unwrap_used)]

mod common;

use notspot::propagation::building_entry::{Building, loss_db};

/// Number of rows and the largest difference, dB.
fn compare(text: &str) -> (usize, f64) {
    let mut rows = 0;
    let mut worst_db = 0.0_f64;
    for line in text.lines().skip(1) {
        let f: Vec<f64> = line.split(',').map(|v| v.trim().parse().unwrap()).collect();
        let building = if f[2] == 1.0 { Building::Traditional } else { Building::ThermallyEfficient };
        worst_db = worst_db.max((loss_db(f[0], building, f[3], f[1]) - f[4]).abs());
        rows += 1;
    }
    (rows, worst_db)
}

/// The table's probabilities are rounded to nine decimals, and 99.999999 % leaves seven digits of the tail: 5e-9 dB.
const TOLERANCE_DB: f64 = 1e-8;

#[test]
fn building_entry_loss_of_the_committed_rows() {
    let (rows, worst_db) = compare(include_str!("golden/p2109.csv"));
    assert_eq!(rows, 125);
    assert!(worst_db < TOLERANCE_DB, "{worst_db:e}");
}

#[test]
fn building_entry_loss_of_all_rows() {
    let Some(path) = common::shared("golden/p2109/validation.csv") else { return };
    let (rows, worst_db) = compare(&std::fs::read_to_string(path).unwrap());
    assert_eq!(rows, 31_250);
    assert!(worst_db < TOLERANCE_DB, "{worst_db:e}");
}
