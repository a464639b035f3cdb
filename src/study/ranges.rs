//! Ranges of the study file's numbers, and the values that only a person can decide.

mod backhaul;
mod planning;

use super::StudyFile;
use super::date::is_date;
use super::preset::Preset;
use crate::problem::{Problem, Problems};
use crate::radio::{Ofdma, Radio, Shannon};

/// A number of the study file with what is allowed.
struct Number(String, f64, [f64; 2], &'static str);

/// Reports every number out of range, a date that is none, an objective that does not exist.
pub(super) fn check_ranges(config: &StudyFile, file: &str, problems: &mut Problems) {
    for Number(field, value, [min, max], unit) in numbers(config) {
        if !(min..=max).contains(&value) {
            let message = format!("is outside {min} to {max}{unit}");
            problems.push(Problem::error(file, message).in_field(field).with_value(value));
        }
    }
    if config.inputs.terrain.is_empty() {
        problems.push(Problem::error(file, "is empty; name at least one elevation raster").in_field("inputs.terrain"));
    }
    if config.confidential.as_ref().is_some_and(|confidential| confidential.fields.is_empty()) {
        let message = "is empty: a public run withholds nothing of the sites";
        problems.push(
            Problem::warning(file, message)
                .in_field("confidential.fields")
                .suggest("name what is confidential, or leave the key out to keep positions and powers back"),
        );
    }
    if let Some(least) = config.service.preset.and_then(Preset::least_load).filter(|least| config.radio.load < *least) {
        let message = format!("is less than the {least} that the rules of service.preset ask for");
        problems.push(Problem::warning(file, message).in_field("radio.load").with_value(config.radio.load));
    }
    let inputs = &config.inputs;
    if inputs.country.is_none() && !config.coverage.border_limit_dbm.is_empty() {
        let message = "has no effect: without inputs.country nothing lies abroad";
        problems.push(Problem::warning(file, message).in_field("coverage.border_limit_dbm"));
    }
    let terrain = inputs.terrain.iter().enumerate().map(|(i, name)| (format!("terrain[{i}]"), name.as_str()));
    let tables = [
        ("villages", Some(&inputs.villages)),
        ("sites", Some(&inputs.sites)),
        ("communes", inputs.communes.as_ref()),
        ("roads", inputs.roads.as_ref()),
        ("power_lines", inputs.power_lines.as_ref()),
        ("candidates", inputs.candidates.as_ref()),
        ("exclusions", inputs.exclusions.as_ref()),
    ];
    let tables = tables.into_iter().filter_map(|(role, source)| Some((role.to_owned(), source?.name())));
    for (field, _) in terrain.chain(tables).filter(|(_, name)| name.is_empty()) {
        problems.push(Problem::error(file, "is empty; name a file").in_field(format!("inputs.{field}")));
    }
    for code in config.clutter.heights_m.keys().filter(|code| !matches!(code.parse::<u8>(), Ok(1..=255))) {
        let problem = Problem::error(file, "is no class code; 1 to 255 is allowed").in_field("clutter.heights_m");
        problems.push(problem.with_value(code));
    }
    if !is_date(&config.date) {
        let message = "is not a date; write YYYY-MM-DD";
        problems.push(Problem::error(file, message).in_field("date").with_value(&config.date));
    }
    backhaul::check(&config.planning.backhaul, file, problems);
    super::money::check(&config.planning, file, problems);
    planning::check(&config.planning, file, problems);
}

fn numbers(config: &StudyFile) -> Vec<Number> {
    let number = |field: &str, value, range, unit| Number(field.to_owned(), value, range, unit);
    let service = &config.service;
    let mut numbers = vec![
        number("propagation.receiver_height_m", config.propagation.receiver_height_m, [0.1, 100.0], " m"),
        number("service.required_probability", service.required_probability, [0.5, 0.99], ""),
        number("service.body_loss_db", service.body_loss_db, [0.0, 40.0], " dB"),
        number("service.fixed_broadband_share", service.fixed_broadband_share, [0.0, 1.0], ""),
        number("gaps.link_distance_km", config.gaps.link_distance_km, [0.1, 50.0], " km"),
    ];
    numbers.extend(radio_numbers(&config.radio));
    numbers.extend(planning::numbers(&config.planning));
    let money = super::money::numbers(&config.planning);
    numbers.extend(money.into_iter().map(|(field, value, range, unit)| Number(field, value, range, unit)));
    numbers.extend(backhaul::numbers(&config.planning.backhaul));
    if let Some(sigma_db) = service.shadowing_sigma_db {
        numbers.push(number("service.shadowing_sigma_db", sigma_db, [0.0, 20.0], " dB"));
    }
    for (name, throughputs) in [("down", &service.broadband_down_mbps), ("up", &service.broadband_up_mbps)] {
        for (technology, &mbps) in throughputs {
            numbers.push(Number(
                format!("service.broadband_{name}_mbps.{technology}"),
                mbps,
                [0.001, 10_000.0],
                " Mbit/s",
            ));
        }
    }
    for (technology, &radius_km) in &config.coverage.radius_km {
        numbers.push(Number(format!("coverage.radius_km.{technology}"), radius_km, [0.5, 200.0], " km"));
    }
    for (technology, &dbm) in &config.coverage.border_limit_dbm {
        numbers.push(Number(format!("coverage.border_limit_dbm.{technology}"), dbm, [-200.0, 0.0], " dBm"));
    }
    for (name, thresholds) in
        [("signal", &service.signal_threshold_dbm), ("broadband", &service.broadband_threshold_dbm)]
    {
        for (technology, &dbm) in thresholds {
            let field = format!("service.{name}_threshold_dbm.{technology}");
            numbers.push(Number(field, dbm, [-150.0, 0.0], " dBm"));
        }
    }
    for (code, &height_m) in &config.clutter.heights_m {
        numbers.push(Number(format!("clutter.heights_m.{code}"), height_m, [0.0, 100.0], " m"));
    }
    if let Some(grid_km) = config.confidential.as_ref().and_then(|c| c.position_grid_km) {
        numbers.push(number("confidential.position_grid_km", grid_km, [0.5, 100.0], " km"));
    }
    numbers
}

fn radio_numbers(radio: &Radio) -> Vec<Number> {
    let Radio { gsm, umts, lte, nr, .. } = radio;
    let mut numbers = Vec::new();
    let mut number =
        |field: String, value, range, unit| numbers.push(Number(format!("radio.{field}"), value, range, unit));
    for (field, value, range, unit) in [
        ("load", radio.load, [0.0, 0.95], ""),
        ("handset_noise_figure_db", radio.handset_noise_figure_db, [0.0, 20.0], " dB"),
        ("base_noise_figure_db", radio.base_noise_figure_db, [0.0, 20.0], " dB"),
        ("foliage_loss_db", radio.foliage_loss_db, [0.0, 40.0], " dB"),
        ("in_car_loss_db", radio.in_car_loss_db, [0.0, 40.0], " dB"),
        ("model_error_db", radio.model_error_db, [0.0, 20.0], " dB"),
        ("tdd_downlink_share", radio.tdd_downlink_share, [0.1, 0.9], ""),
        ("gsm.handset_power_below_1ghz_dbm", gsm.handset_power_below_1ghz_dbm, HANDSET_DBM, " dBm"),
        ("gsm.handset_power_above_1ghz_dbm", gsm.handset_power_above_1ghz_dbm, HANDSET_DBM, " dBm"),
        ("gsm.base_sensitivity_dbm", gsm.base_sensitivity_dbm, SENSITIVITY_DBM, " dBm"),
        ("umts.handset_power_dbm", umts.handset_power_dbm, HANDSET_DBM, " dBm"),
        ("umts.base_sensitivity_dbm", umts.base_sensitivity_dbm, SENSITIVITY_DBM, " dBm"),
        ("umts.uplink_noise_rise_db", umts.uplink_noise_rise_db, NOISE_RISE_DB, " dB"),
    ] {
        number(field.into(), value, range, unit);
    }
    for (name, Ofdma { handset_power_dbm, uplink_noise_rise_db, edge_bandwidth_mhz, edge_sinr_db, .. }) in
        [("lte", lte), ("nr", nr)]
    {
        number(format!("{name}.handset_power_dbm"), *handset_power_dbm, HANDSET_DBM, " dBm");
        number(format!("{name}.uplink_noise_rise_db"), *uplink_noise_rise_db, NOISE_RISE_DB, " dB");
        number(format!("{name}.edge_bandwidth_mhz"), *edge_bandwidth_mhz, [0.015, 100.0], " MHz");
        number(format!("{name}.edge_sinr_db"), *edge_sinr_db, [-30.0, 40.0], " dB");
    }
    for (name, efficiencies) in [
        ("gsm", [gsm.downlink, gsm.uplink]),
        ("umts", [umts.downlink, umts.uplink]),
        ("lte", [lte.downlink, lte.uplink]),
        ("nr", [nr.downlink, nr.uplink]),
    ] {
        for (direction, Shannon { alpha, least_sinr_db, most_bit_s_hz }) in
            ["downlink", "uplink"].iter().zip(efficiencies)
        {
            number(format!("{name}.{direction}.alpha"), alpha, [0.01, 1.0], "");
            number(format!("{name}.{direction}.least_sinr_db"), least_sinr_db, [-30.0, 40.0], " dB");
            number(format!("{name}.{direction}.most_bit_s_hz"), most_bit_s_hz, [0.01, 20.0], " bit/s/Hz");
        }
    }
    numbers
}

/// Power of handsets.
const HANDSET_DBM: [f64; 2] = [0.0, 50.0];
/// Sensitivity of base stations.
const SENSITIVITY_DBM: [f64; 2] = [-140.0, -80.0];
/// What other users add to noise.
const NOISE_RISE_DB: [f64; 2] = [0.0, 20.0];
