//! Microwave hops against independent implementations (tests/golden/SOURCES.md), and P.676 against the whole table of ../shared.
#![allow(clippy::unwrap_used)]

mod common;

use notspot::propagation::Polarization;
use notspot::propagation::microwave::gas::{Air, dry_air_db_per_km, water_vapour_db_per_km};
use notspot::propagation::microwave::multipath::{FadingClimate, FadingHop, worst_month_percent};
use notspot::propagation::microwave::rain::{RainFading, coefficients};
use std::path::Path;

/// Rows of a table; words stand as NaN.
fn rows(path: &Path) -> Vec<Vec<f64>> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|l| l.split(',').map(|v| v.trim().parse().unwrap_or(f64::NAN)).collect()).collect()
}

fn golden(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/microwave").join(name)
}

fn assert_close(got: f64, expected: f64, relative: f64, row: &[f64]) {
    assert!((got - expected).abs() <= relative * expected.abs(), "{got} is not {expected}: {row:?}");
}

fn check_gas(path: &Path) -> usize {
    let rows = rows(path);
    for row in &rows {
        let air = Air { dry_pressure_hpa: row[1], vapour_g_per_m3: row[2], temperature_k: row[3] };
        // Printed with 16 digits; the last two are the order of summation.
        assert_close(dry_air_db_per_km(row[0], air), row[4], 1e-13, row);
        assert_close(water_vapour_db_per_km(row[0], air), row[5], 1e-13, row);
    }
    rows.len()
}

#[test]
fn gases_p_676() {
    assert_eq!(check_gas(&golden("p676.csv")), 51);
    if let Some(path) = common::shared("golden/p676/validation.csv") {
        assert_eq!(check_gas(&path), 10_000);
    }
}

#[test]
fn rain_coefficients_p_838() {
    let rows = rows(&golden("p838.csv"));
    assert_eq!(rows.len(), 30);
    for row in &rows {
        let (k_h, alpha_h) = coefficients(row[0], Polarization::Horizontal);
        let (k_v, alpha_v) = coefficients(row[0], Polarization::Vertical);
        for (got, expected) in [k_h, alpha_h, k_v, alpha_v].into_iter().zip(&row[1..]) {
            assert_close(got, *expected, 1e-11, row);
        }
    }
}

#[test]
fn deep_fading_p_530_17() {
    let rows = rows(&golden("p530_17.csv"));
    assert_eq!(rows.len(), 30);
    for row in &rows {
        let hop = FadingHop { f_ghz: row[0], d_km: row[1], antennas_amsl_m: [row[2], row[3]] };
        let climate = FadingClimate::P530v17 { dn1: row[4], terrain_roughness_m: row[5] };
        assert_close(worst_month_percent(hop.occurrence_percent(climate), row[6]), row[7], 1e-11, row);
    }
}

#[test]
fn fading_at_all_depths_p_530_18() {
    let rows = rows(&golden("p530_18.csv"));
    assert_eq!(rows.len(), 30);
    for row in &rows {
        let hop = FadingHop { f_ghz: row[0], d_km: row[1], antennas_amsl_m: [row[2], row[3]] };
        let climate = FadingClimate::P530v18 { mean_terrain_amsl_m: row[4], log_k: row[5], dn75: row[6] };
        assert_close(worst_month_percent(hop.occurrence_percent(climate), row[7]), row[8], 1e-9, row);
    }
}

#[test]
fn rain_attenuation_p_530_18() {
    let path = golden("p530_rain.csv");
    let rows = rows(&path);
    assert_eq!(rows.len(), 30);
    let text = std::fs::read_to_string(path).unwrap();
    for (row, line) in rows.iter().zip(text.lines().skip(1)) {
        let polarization = if line.contains("horizontal") { Polarization::Horizontal } else { Polarization::Vertical };
        let rain = RainFading::new(row[0], polarization, row[1], row[3]);
        assert_close(rain.attenuation_db(row[4]), row[5], 1e-11, row);
    }
}
