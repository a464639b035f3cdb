//! The Irregular Terrain Model against NTIA's library (<https://github.com/NTIA/itm>, version 1.4): its own examples to the last
//! printed digit, with the intermediate values of its reports, and 156 further cases computed with it to 1e-9 dB.

#![allow(clippy::unwrap_used)]

mod common;

use notspot::propagation::{Link, Model, Polarization, Prediction, Profile, Radial, RadialReceiver, Trace, Zone};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// NTIA's files that the project keeps under the same relative names, and where they lie among the shared data.
const COPIES: [(&str, &str); 10] = [
    ("p2p.csv", "p2p.csv"),
    ("pfls.csv", "pfls.csv"),
    ("area.csv", "area.csv"),
    ("reports/pfl.txt", "itm_cmd_examples/pfl.txt"),
    ("reports/o_p2ptls.txt", "itm_cmd_examples/o_p2ptls.txt"),
    ("reports/o_p2pcr.txt", "itm_cmd_examples/o_p2pcr.txt"),
    ("reports/o_p2pcr_tbl.txt", "itm_cmd_examples/o_p2pcr_tbl.txt"),
    ("reports/o_areatls.txt", "itm_cmd_examples/o_areatls.txt"),
    ("reports/o_areacr.txt", "itm_cmd_examples/o_areacr.txt"),
    ("reports/o_areacr_tbl.txt", "itm_cmd_examples/o_areacr_tbl.txt"),
];

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/itm").join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(golden(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

type Row = HashMap<String, String>;

fn rows(name: &str) -> Vec<Row> {
    let text = read(name);
    let mut lines = text.lines();
    let header: Vec<String> = lines.next().unwrap().split(',').map(str::to_owned).collect();
    lines.map(|line| header.iter().cloned().zip(line.split(',').map(str::to_owned)).collect()).collect()
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|e| panic!("{column} = {:?}: {e}", row[column]))
}

/// NTIA's `pfl`: number of steps, step in m, heights.
fn profile_of(pfl: &str) -> Profile {
    let values: Vec<f64> = pfl.split(',').map(|v| v.trim().parse().unwrap()).collect();
    equal_profile(values[1], &values[2..2 + values[0] as usize + 1])
}

fn equal_profile(step_m: f64, heights_amsl_m: &[f64]) -> Profile {
    let distance_km = (0..heights_amsl_m.len()).map(|i| i as f64 * step_m / 1000.0).collect();
    Profile::bare(distance_km, heights_amsl_m.to_vec()).unwrap()
}

/// A link and parameters from NTIA's names for them.
fn ntia_case(row: &Row) -> (Link, Map<String, Value>) {
    let link = Link {
        frequency_mhz: number(row, "f__mhz"),
        polarization: if row["pol"] == "1" { Polarization::Vertical } else { Polarization::Horizontal },
        tx_height_agl_m: number(row, "h_tx__meter"),
        rx_height_agl_m: number(row, "h_rx__meter"),
        path_center_latitude_deg: 0.0,
    };
    let mut parameters = Map::new();
    for (theirs, ours) in [
        ("climate", "climate"),
        ("N_0", "surface_refractivity"),
        ("epsilon", "permittivity"),
        ("sigma", "conductivity_s_m"),
        ("mdvar", "mode_of_variability"),
        ("time", "time_percent"),
        ("location", "location_percent"),
        ("situation", "situation_percent"),
        ("confidence", "confidence_percent"),
        ("reliability", "reliability_percent"),
        ("tx_siting_criteria", "siting_tx"),
        ("rx_siting_criteria", "siting_rx"),
        ("tx_site_criteria", "siting_tx"),
        ("rx_site_criteria", "siting_rx"),
    ] {
        if let Some(value) = row.get(theirs) {
            parameters.insert(ours.into(), value.parse::<f64>().unwrap().into());
        }
    }
    if row.contains_key("delta_h__meter") {
        parameters.insert("method".into(), "area".into());
        parameters.insert("delta_h_m".into(), number(row, "delta_h__meter").into());
    }
    (link, parameters)
}

fn printed_like(value: f64, printed: &str) -> String {
    let decimals = printed.split_once('.').map_or(0, |(_, after)| after.len());
    format!("{value:.decimals$}")
}

#[test]
fn point_to_point_examples_to_the_last_digit() {
    let (cases, pfls) = (rows("p2p.csv"), read("pfls.csv"));
    assert_eq!((cases.len(), pfls.lines().count()), (5, 5));
    for (row, pfl) in cases.iter().zip(pfls.lines()) {
        let (link, parameters) = ntia_case(row);
        let model = Model::build("itm", &parameters).unwrap();
        let loss_db = model.predict(&link, &profile_of(pfl), &mut Trace::off()).unwrap().loss_db;
        assert_eq!(printed_like(loss_db, &row["A__db"]), row["A__db"], "{row:?} {loss_db}");
    }
}

#[test]
fn area_examples_to_the_last_digit() {
    let cases = rows("area.csv");
    assert_eq!(cases.len(), 5);
    for row in cases {
        let (link, parameters) = ntia_case(&row);
        let model = Model::build("itm", &parameters).unwrap();
        let loss_db = model.predict_distance(&link, number(&row, "d__km"), &mut Trace::off()).unwrap().loss_db;
        assert_eq!(printed_like(loss_db, &row["A__db"]), row["A__db"], "{row:?} {loss_db}");
    }
}

/// A report of NTIA's command line: its names and values, inputs and results apart, and the lines of a table, if any.
struct Report {
    inputs: Row,
    results: Row,
    table: Vec<Vec<f64>>,
}

fn report(name: &str) -> Report {
    let text = read(&format!("reports/{name}"));
    let (inputs, results) = text.split_once("Results").unwrap();
    let pairs = |text: &str| {
        text.lines()
            .filter_map(|line| line.split_at_checked(25).map(|(n, v)| (n.trim().to_owned(), v.trim())))
            .filter_map(|(n, v)| Some((n, v.split_whitespace().next()?.to_owned())))
            .collect::<Row>()
    };
    let numbers = |line: &str| line.split_whitespace().map(|v| v.parse().ok()).collect::<Option<Vec<f64>>>();
    let table = results.lines().filter_map(numbers).filter(|row| row.len() > 3).collect();
    Report { inputs: pairs(inputs), results: pairs(results), table }
}

fn predict(row: &Row, profile: Option<&Profile>, trace: &mut Trace) -> Prediction {
    let (link, parameters) = ntia_case(row);
    let model = Model::build("itm", &parameters).unwrap();
    match profile {
        Some(profile) => model.predict(&link, profile, trace),
        None => model.predict_distance(&link, number(row, "d__km"), trace),
    }
    .unwrap()
}

#[test]
fn reports_with_their_intermediate_values() {
    let terrain = profile_of(&read("reports/pfl.txt"));
    for name in ["o_p2ptls.txt", "o_p2pcr.txt", "o_areatls.txt", "o_areacr.txt"] {
        let report = report(name);
        let mut trace = Trace::on();
        let prediction = predict(&report.inputs, name.starts_with("o_p2p").then_some(&terrain), &mut trace);
        let printed = &report.results["Basic Transmission Loss"];
        assert_eq!(&printed_like(prediction.loss_db, printed), printed, "{name}");
        assert_eq!(report.results["ITM Warning Flags"], "0x0000", "{name}");
        assert!(prediction.warnings.is_empty(), "{name} {prediction:?}");
        let steps = trace.into_steps();
        for (theirs, ours, unit) in [
            ("Free Space", "A_fs", "dB"),
            ("d__km", "d", "km"),
            ("theta_hzn_tx", "theta_hzn_tx", "mrad"),
            ("theta_hzn_rx", "theta_hzn_rx", "mrad"),
            ("d_hzn_tx__meter", "d_hzn_tx", "m"),
            ("d_hzn_rx__meter", "d_hzn_rx", "m"),
            ("h_e_tx__meter", "h_e_tx", "m"),
            ("h_e_rx__meter", "h_e_rx", "m"),
            ("N_s", "N_s", "N-units"),
            ("delta_h__meter", "delta_h", "m"),
            ("A_ref__db", "A_ref", "dB"),
            ("Mode of Propagation", "mode", ""),
        ] {
            let step = steps.iter().find(|s| s.symbol == ours).unwrap_or_else(|| panic!("{ours} is not traced"));
            let printed = &report.results[theirs];
            assert_eq!((&printed_like(step.value, printed), step.unit.as_str()), (printed, unit), "{name} {theirs}");
        }
    }
}

#[test]
fn tables_of_the_reports() {
    let terrain = profile_of(&read("reports/pfl.txt"));
    let mut checked = 0;
    let mut check = |inputs: &Row, profile, printed_db: f64, what: &str| {
        let loss_db = predict(inputs, profile, &mut Trace::off()).loss_db;
        assert_eq!(format!("{loss_db:.1}"), format!("{printed_db:.1}"), "{what} {inputs:?}");
        checked += 1;
    };
    let with = |inputs: &Row, name: &str, value: f64| {
        let mut inputs = inputs.clone();
        inputs.insert(name.into(), value.to_string());
        inputs
    };
    // Rows are reliabilities, columns are confidences.
    let p2p = report("o_p2pcr_tbl.txt");
    assert_eq!(p2p.table.len(), 3);
    for row in &p2p.table {
        let inputs = with(&p2p.inputs, "reliability", row[0]);
        for (confidence, &printed_db) in [10.0, 60.0, 90.0].into_iter().zip(&row[1..]) {
            check(&with(&inputs, "confidence", confidence), Some(&terrain), printed_db, "p2p");
        }
    }
    // Rows are distances with free space and the losses for three confidences.
    let area = report("o_areacr_tbl.txt");
    assert_eq!(area.table.len(), 19);
    for row in &area.table {
        let inputs = with(&area.inputs, "d__km", row[0]);
        for (confidence, &printed_db) in [50.0, 75.0, 90.0].into_iter().zip(&row[2..]) {
            check(&with(&inputs, "confidence", confidence), None, printed_db, "area");
        }
    }
    assert_eq!(checked, 9 + 57);
}

/// Link, parameters and path of a row of `library_cases.csv`.
fn library_case(row: &Row) -> (Link, Model, Profile) {
    let link = Link {
        frequency_mhz: number(row, "frequency_mhz"),
        polarization: serde_json::from_value(json!(row["polarization"])).unwrap(),
        tx_height_agl_m: number(row, "tx_height_agl_m"),
        rx_height_agl_m: number(row, "rx_height_agl_m"),
        path_center_latitude_deg: 0.0,
    };
    let mut parameters = Map::new();
    parameters.insert("method".into(), row["method"].as_str().into());
    for name in [
        "climate",
        "surface_refractivity",
        "permittivity",
        "conductivity_s_m",
        "mode_of_variability",
        "time_percent",
        "location_percent",
        "situation_percent",
        "confidence_percent",
        "reliability_percent",
        "delta_h_m",
        "siting_tx",
        "siting_rx",
    ] {
        if !row[name].is_empty() {
            parameters.insert(name.into(), number(row, name).into());
        }
    }
    let profile = if row["method"] == "area" {
        Profile::bare(vec![0.0, number(row, "distance_km")], vec![0.0; 2]).unwrap()
    } else {
        let heights: Vec<f64> = row["heights_amsl_m"].split(' ').map(|h| h.parse().unwrap()).collect();
        equal_profile(number(row, "step_m"), &heights)
    };
    (link, Model::build("itm", &parameters).unwrap(), profile)
}

#[test]
fn further_cases_computed_with_the_library() {
    let cases = rows("library_cases.csv");
    assert_eq!(cases.len(), 156);
    let (mut worst_db, mut seen_flags) = (0.0_f64, 0);
    for row in &cases {
        let (link, model, profile) = library_case(row);
        let mut trace = Trace::on();
        let prediction = model.predict(&link, &profile, &mut trace).unwrap();
        worst_db = worst_db.max((prediction.loss_db - number(row, "loss_db")).abs());
        let steps = trace.into_steps();
        for (symbol, column, factor) in [
            ("theta_hzn_tx", "theta_hzn_tx_rad", 1000.0),
            ("theta_hzn_rx", "theta_hzn_rx_rad", 1000.0),
            ("d_hzn_tx", "d_hzn_tx_m", 1.0),
            ("d_hzn_rx", "d_hzn_rx_m", 1.0),
            ("h_e_tx", "h_e_tx_m", 1.0),
            ("h_e_rx", "h_e_rx_m", 1.0),
            ("N_s", "n_s", 1.0),
            ("delta_h", "delta_h_out_m", 1.0),
            ("A_ref", "a_ref_db", 1.0),
            ("A_fs", "a_fs_db", 1.0),
            ("d", "d_km", 1.0),
            ("mode", "mode", 1.0),
        ] {
            let got = steps.iter().find(|s| s.symbol == symbol).unwrap().value;
            let expected = factor * number(row, column);
            assert!((got - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{symbol} {got} {expected} {row:?}");
        }
        let flags = u32::from_str_radix(row["warning_flags"].trim_start_matches("0x"), 16).unwrap();
        seen_flags |= flags;
        let warns = |part: &str| prediction.warnings.iter().any(|w| w.contains(part));
        let horizon = |name: &str, how: &str| {
            warns(&format!("the {name}'s horizon, ")) && {
                let start = format!("the {name}'s horizon, ");
                prediction.warnings.iter().any(|w| w.starts_with(&start) && w.contains(how))
            }
        };
        for (flag, said) in [
            (0x0001, warns("tx_height_agl_m") && warns("1–1000 m")),
            (0x0002, warns("rx_height_agl_m") && warns("1–1000 m")),
            (0x0004, warns("40–10000 MHz")),
            (0x0010, warns("0–2000 km")),
            (0x0020, warns("five times the difference of the effective antenna heights")),
            (0x0080, warns("the transmitter's horizon lies at")),
            (0x0100, warns("the receiver's horizon lies at")),
            (0x0200, horizon("transmitter", "nearer")),
            (0x0400, horizon("receiver", "nearer")),
            (0x0800, horizon("transmitter", "farther")),
            (0x1000, horizon("receiver", "farther")),
            (0x2000, warns("far in the tail")),
            (0x4000, warns("below 250")),
        ] {
            assert_eq!(flags & flag != 0, said, "{flag:#06x} {:?} {row:?}", prediction.warnings);
        }
        // Both ends of NTIA's near limits of the distance are one range here.
        assert_eq!(flags & (0x0008 | 0x0040) != 0, warns("1–1000 km"), "{:?} {row:?}", prediction.warnings);
    }
    assert!(worst_db < 1e-9, "{worst_db:e}");
    assert_eq!(seen_flags, 0x7fff, "every warning of the library occurs among the cases: {seen_flags:#06x}");
}

/// A receiver at a sample has the profile up to it; one between samples has equal steps of another length.
#[test]
fn the_sweep_equals_predict_at_samples_and_is_defined_between_them() {
    let profile = profile_of(read("pfls.csv").lines().nth(2).unwrap());
    let model = Model::build("itm", &Map::new()).unwrap();
    let link = Link {
        frequency_mhz: 900.0,
        polarization: Polarization::Vertical,
        tx_height_agl_m: 30.0,
        rx_height_agl_m: 1.5,
        path_center_latitude_deg: 0.0,
    };
    let (d_km, h_m) = (profile.distance_km(), profile.terrain_amsl_m());
    let radial = Radial {
        distance_km: d_km,
        terrain_amsl_m: h_m,
        clutter_m: &vec![0.0; d_km.len()],
        zone: None,
        own_place_km: 0.05,
    };
    let at = |i: usize, part: f64| RadialReceiver {
        distance_km: d_km[i] + part * (d_km[i + 1] - d_km[i]),
        terrain_amsl_m: h_m[i] + part * (h_m[i + 1] - h_m[i]),
        zone: Zone::Inland,
    };
    let receivers: Vec<_> = (1..d_km.len() - 1).flat_map(|i| [at(i, 0.0), at(i, 0.3), at(i, 0.7)]).collect();
    let mut losses_db = vec![f64::NAN; receivers.len()];
    model.sweep(&link, radial, &receivers, &mut losses_db);
    assert!(losses_db.iter().all(|loss_db| (60.0..250.0).contains(loss_db)));
    let mut alike = 0;
    for (i, swept_db) in losses_db.iter().step_by(3).enumerate() {
        // The model jumps where a distance comes to a whole number of steps (Δh, the halves of the profile), and the sweep cuts the length
        // of a step to 37 significant bits: it equals the plain form at the same distance or within 10⁻¹⁰ of it.
        let plain_db = |scale: f64| {
            let d_km = d_km[..=i + 1].iter().map(|d| d * scale).collect();
            let path = Profile::bare(d_km, h_m[..=i + 1].to_vec()).unwrap();
            model.predict(&link, &path, &mut Trace::off()).unwrap().loss_db
        };
        let agrees = |scale: f64| (plain_db(scale) - swept_db).abs() < 1e-6;
        alike += usize::from(agrees(1.0));
        assert!((-10..=10).any(|k| agrees(1.0 + 1e-11 * f64::from(k))), "{i} {} {swept_db}", plain_db(1.0));
    }
    assert!(alike * 20 > losses_db.len() / 3 * 19, "{alike} of {}", losses_db.len() / 3);
}

#[test]
fn what_the_library_refuses_is_an_error_by_name() {
    let link = Link {
        frequency_mhz: 900.0,
        polarization: Polarization::Horizontal,
        tx_height_agl_m: 30.0,
        rx_height_agl_m: 1.5,
        path_center_latitude_deg: 0.0,
    };
    let message = |parameters: Value, height_m: f64| {
        let model = Model::build("itm", parameters.as_object().unwrap()).unwrap();
        let profile = equal_profile(100.0, &[height_m; 50]);
        model.predict(&link, &profile, &mut Trace::off()).unwrap_err().to_string()
    };
    assert!(
        message(json!({"surface_refractivity": 400}), -50.0).starts_with("surface_refractivity at the mean height")
    );
    assert!(message(json!({"surface_refractivity": 250}), 6000.0).contains("is outside 150–400 N-units for itm"));
    let impedance = message(json!({"permittivity": 1}), 10.0);
    assert!(impedance.starts_with("imaginary over real ground impedance (permittivity"), "{impedance}");
    // Sea water at 25 MHz with the horizon 50 m away: the library's arithmetic gives no number.
    let model = Model::build("itm", json!({"conductivity_s_m": 5}).as_object().unwrap()).unwrap();
    let mut heights = [0.0; 50];
    (heights[0], heights[1], heights[48]) = (0.0, 300.0, 300.0);
    let low = Link { frequency_mhz: 25.0, polarization: Polarization::Vertical, ..link };
    let error = model.predict(&low, &equal_profile(30.0, &heights), &mut Trace::off()).unwrap_err().to_string();
    assert!(error.starts_with("parameter conductivity_s_m: the ground conducts too well"), "{error}");
}

/// The project's copies are NTIA's files.
#[test]
fn own_copies_equal_the_original_files() {
    let Some(folder) = common::shared("golden/itm") else { return };
    for (own, original) in COPIES {
        assert!(read(own) == std::fs::read_to_string(folder.join(original)).unwrap(), "{own}");
    }
}
