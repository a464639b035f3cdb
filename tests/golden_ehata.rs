//! Extended Hata against NTIA's reference implementation (tests/golden/SOURCES.md): 64 cases over 8 profiles, losses and what
//! they are made of.
#![allow(clippy::unwrap_used)]

use notspot::propagation::{Link, Model, Polarization, Profile, Trace, Zone};
use serde_json::json;
use std::collections::HashMap;
use std::path::Path;

fn table(name: &str) -> Vec<HashMap<String, String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/ehata").join(name);
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// The profiles from base to mobile, as this crate has them; 0 m is sea, as the reference has it.
fn profiles() -> HashMap<String, Profile> {
    let of = |row: HashMap<String, String>| {
        let spacing_m: f64 = row["spacing_m"].parse().unwrap();
        let heights: Vec<f64> = row["terrain_amsl_m"].split(' ').rev().map(|h| h.parse().unwrap()).collect();
        let zone = heights.iter().map(|&h| if h == 0.0 { Zone::Sea } else { Zone::Inland }).collect();
        let d_km = (0..heights.len()).map(|i| i as f64 * spacing_m / 1000.0).collect();
        let n = heights.len();
        (row["profile"].clone(), Profile::new(d_km, heights, vec![0.0; n], zone).unwrap())
    };
    table("profiles.csv").into_iter().map(of).collect()
}

#[test]
fn losses_and_intermediate_values_of_all_cases() {
    let profiles = profiles();
    let cases = table("cases.csv");
    assert_eq!(cases.len(), 64);
    for case in cases {
        let number = |field: &str| case[field].parse::<f64>().unwrap();
        let environment = match case["nlcd_code"].as_str() {
            "23" | "24" => "urban",
            "22" => "suburban",
            _ => "rural",
        };
        let given = json!({"environment": environment, "reliability_percent": 100.0 * number("reliability")});
        let link = Link {
            frequency_mhz: number("frequency_mhz"),
            polarization: Polarization::Vertical,
            tx_height_agl_m: number("base_agl_m"),
            rx_height_agl_m: number("mobile_agl_m"),
            path_center_latitude_deg: 0.0,
        };
        let mut trace = Trace::on();
        let model = Model::build("ehata", given.as_object().unwrap()).unwrap();
        let loss_db = model.predict(&link, &profiles[&case["profile"]], &mut trace).unwrap().loss_db;
        let steps: HashMap<_, _> = trace.into_steps().into_iter().map(|s| (s.symbol, s.value)).collect();
        let single = case["single_horizon"] == "1";
        assert_eq!(steps.contains_key("K_ridge"), single, "{case:?}");
        let mut pairs = vec![("d_bp", "d_bp_km"), ("A_1km", "att_1km_db"), ("h_b_eff", "h_b_eff_m")];
        pairs.push(("h_m_eff", "h_m_eff_m"));
        pairs.extend(if single {
            vec![("h_edge", "edge_m")]
        } else {
            vec![("delta_h", "delta_h_m"), ("theta_m", "theta_m_mrad")]
        });
        for (symbol, field) in pairs {
            assert!((steps[symbol] - number(field)).abs() < 1e-8, "{symbol} = {}, {case:?}", steps[symbol]);
        }
        assert!((loss_db - number("loss_db")).abs() < 1e-8, "{loss_db}, {case:?}");
    }
}

#[test]
fn a_profile_with_uneven_points_is_resampled() {
    // A straight slope is the same however it is sampled.
    let slope = |d_km: Vec<f64>| {
        let heights = d_km.iter().map(|d| 500.0 - 20.0 * d).collect();
        Profile::bare(d_km, heights).unwrap()
    };
    let link = Link {
        frequency_mhz: 1800.0,
        polarization: Polarization::Vertical,
        tx_height_agl_m: 40.0,
        rx_height_agl_m: 1.5,
        path_center_latitude_deg: 0.0,
    };
    let model = Model::build("ehata", &serde_json::Map::new()).unwrap();
    let loss_db = |profile: Profile| model.predict(&link, &profile, &mut Trace::off()).unwrap().loss_db;
    let even = loss_db(slope((0..=120).map(|i| f64::from(i) * 0.1).collect()));
    for uneven in [vec![0.0, 12.0], vec![0.0, 0.07, 3.3, 3.4, 12.0]] {
        assert!((loss_db(slope(uneven)) - even).abs() < 1e-9);
    }
}
