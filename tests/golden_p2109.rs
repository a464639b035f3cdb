//! Rec. ITU-R P.2109-2 against the table of crc-covlib (31,250 rows, ../shared): as close as its
//! probabilities are printed.

#![allow(clippy::unwrap_used)]

mod common;

use notspot::propagation::building_entry::{Building, loss_db};

#[test]
fn building_entry_loss_of_all_rows() {
    let Some(path) = common::shared("golden/p2109/validation.csv") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let mut rows = 0;
    let mut worst_db = 0.0_f64;
    for line in text.lines().skip(1) {
        let f: Vec<f64> = line.split(',').map(|v| v.trim().parse().unwrap()).collect();
        let building = if f[2] == 1.0 { Building::Traditional } else { Building::ThermallyEfficient };
        let percent = f[1];
        worst_db = worst_db.max((loss_db(f[0], building, f[3], percent) - f[4]).abs());
        rows += 1;
    }
    assert_eq!(rows, 31_250);
    // The table's probabilities are rounded to nine decimals, and 99.999999 % leaves seven digits of the tail: 5e-9 dB.
    assert!(worst_db < 1e-8, "{worst_db:e}");
}
