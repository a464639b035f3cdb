//! Ranges of what a study file says of backhaul.

use super::Number;
use crate::problem::{Problem, Problems};
use crate::study::{BackhaulSettings, Clearance, Microwave, MicrowaveBand};

/// What links carry, Mbit/s.
const MBPS: [f64; 2] = [0.001, 1e6];

/// Numbers with what is allowed.
pub(super) fn numbers(backhaul: &BackhaulSettings) -> Vec<Number> {
    let number = |field: &str, value, range, unit| Number(format!("planning.backhaul.{field}"), value, range, unit);
    let Microwave { clearance, bands, .. } = &backhaul.microwave;
    let microwave = &backhaul.microwave;
    let mut numbers = vec![
        number("site_mbps", backhaul.site_mbps, MBPS, " Mbit/s"),
        number("max_hops", f64::from(backhaul.max_hops), [1.0, 100.0], ""),
        number("max_fibre_km", backhaul.max_fibre_km, [0.0, 1_000.0], " km"),
        number("detour_factor", backhaul.detour_factor, [1.0, 10.0], ""),
        number("road_join_m", backhaul.road_join_m, [0.0, 1_000.0], " m"),
        number("root_hops", f64::from(backhaul.root_hops), [1.0, 1_000.0], ""),
        number("relay_links", f64::from(backhaul.relay_links), [0.0, 10_000.0], ""),
        number("satellite_mbps", backhaul.satellite_mbps, [0.0, 1e6], " Mbit/s"),
        number("microwave.max_hop_km", microwave.max_hop_km, [0.1, 60.0], " km"),
        number("microwave.availability_percent", microwave.availability_percent, [90.0, 99.998], " %"),
        number("microwave.rain_rate_mm_per_h", microwave.rain_rate_mm_per_h, [0.1, 300.0], " mm/h"),
        number("microwave.dn1", microwave.dn1, [-2_000.0, 0.0], " N-units/km"),
        number("microwave.terrain_roughness_m", microwave.terrain_roughness_m, [1.0, 5_000.0], " m"),
    ];
    if let Some(mbps) = backhaul.site_spare_mbps {
        numbers.push(number("site_spare_mbps", mbps, [0.0, 1e6], " Mbit/s"));
    }
    if let Some(height_m) = backhaul.commune_mast_m {
        numbers.push(number("commune_mast_m", height_m, [1.0, 500.0], " m"));
    }
    for (i, &Clearance { k, free_share }) in clearance.iter().enumerate() {
        numbers.push(number(&format!("microwave.clearance[{i}].k"), k, [0.3, 10.0], ""));
        numbers.push(number(&format!("microwave.clearance[{i}].free_share"), free_share, [0.0, 3.0], ""));
    }
    for (i, band) in bands.iter().enumerate() {
        let MicrowaveBand { frequency_ghz, dish_m, power_dbm, threshold_dbm, capacity_mbps } = *band;
        let number =
            |field: &str, value, range, unit| number(&format!("microwave.bands[{i}].{field}"), value, range, unit);
        numbers.extend([
            number("frequency_ghz", frequency_ghz, [1.0, 100.0], " GHz"),
            number("dish_m", dish_m, [0.1, 5.0], " m"),
            number("power_dbm", power_dbm, [-30.0, 50.0], " dBm"),
            number("threshold_dbm", threshold_dbm, [-120.0, 0.0], " dBm"),
            number("capacity_mbps", capacity_mbps, MBPS, " Mbit/s"),
        ]);
    }
    numbers
}

/// Reports lists that must not be empty.
pub(super) fn check(backhaul: &BackhaulSettings, file: &str, problems: &mut Problems) {
    if backhaul.microwave.clearance.is_empty() {
        let message = "is empty: every hop would count as clear; state at least one rule";
        problems.push(Problem::error(file, message).in_field("planning.backhaul.microwave.clearance"));
    }
}
