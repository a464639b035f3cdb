//! Parameters of a model that count what other sections of the study count besides.
//!
//! A batch of links has nothing but its parameters, so that models can add buildings and margins to a loss. A study takes losses as medians
//! outdoors: `[service]` and `[radio]` add what stands around the user, and the probability of a margin m is Φ(m/σ).

use super::StudyFile;
use crate::problem::{Problem, Problems};
use crate::propagation::{Model, Parameters};
use crate::radio::Environment;

/// The share of a median, %.
const MEDIAN_PERCENT: f64 = 50.0;

/// Reports parameters of the model by which clutter, buildings or the spread of levels count a second time.
pub(super) fn check(model: &Model, config: &StudyFile, has_land_cover: bool, file: &str, problems: &mut Problems) {
    let parameters = model.parameters();
    let mut fault = |name: &str, message: &str, suggestion: &str| {
        let value = parameters.values().get(name).map(ToString::to_string).unwrap_or_default();
        let problem = Problem::error(file, message).in_field(format!("propagation.parameters.{name}"));
        problems.push(problem.with_value(value.trim_matches('"')).suggest(suggestion));
    };
    if has_land_cover && model.adds_terminal_clutter() {
        let message = "counts clutter twice: inputs.land_cover already stands in the profiles";
        fault("terminal_clutter", message, "leave one of them out");
    }
    let environment = config.service.environment;
    if environment != Environment::Outdoor && parameters.choice("building").is_ok_and(|kind| kind != "none") {
        let message = format!("counts the way in twice: service.environment = \"{}\" adds it too", environment.name());
        fault("building", &message, "leave it out; radio.building names the kind of buildings");
    }
    let has_spread = environment != Environment::Outdoor || config.service.shadowing_sigma_db != Some(0.0);
    for name in margins(parameters, model.adds_terminal_clutter()).into_iter().filter(|_| has_spread) {
        let message = "counts the spread of levels twice: the loss holds a margin, and the probability of service is Φ(m/σ) besides";
        let suggestion =
            "leave it at 50 and state service.required_probability, or state service.shadowing_sigma_db = 0";
        fault(name, message, suggestion);
    }
}

/// The shares at which a loss is no median of places and situations.
fn margins(parameters: &Parameters, adds_terminal_clutter: bool) -> Vec<&'static str> {
    let number = |name: &str| parameters.optional_number(name);
    let is_margin = |name: &&'static str| number(name).is_some_and(|percent| percent != MEDIAN_PERCENT);
    // ITM: the tens say that location does not count, the last digit which share stands for it
    let location_counts = match number("mode_of_variability") {
        Some(mode) => (mode / 10.0).floor() % 2.0 == 0.0,
        None => number("sigma_location_db").is_none_or(|sigma_db| sigma_db > 0.0),
    };
    let combination = number("mode_of_variability").map_or(BROADCAST, |mode| mode % 10.0);
    let has_time = number("mode_of_variability").is_some();
    let shares = [
        ("location_percent", location_counts && combination == BROADCAST),
        ("time_percent", has_time && location_counts && combination == MOBILE),
        ("situation_percent", true),
        ("confidence_percent", true),
        ("reliability_percent", !has_time || (location_counts && combination == MOBILE)),
        ("terminal_clutter_percent", adds_terminal_clutter),
    ];
    shares.into_iter().filter(|(_, counts)| *counts).map(|(name, _)| name).filter(is_margin).collect()
}

/// Combinations of ITM in which the share of the time stands for locations too, and in which each has its own.
const MOBILE: f64 = 2.0;
const BROADCAST: f64 = 3.0;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn found(model: &str, parameters: &Value, service: &str, has_land_cover: bool) -> Vec<String> {
        let inputs = "[inputs]\nterrain = [\"t.tif\"]\nvillages = \"v.csv\"\nsites = \"s.csv\"\n";
        let text = format!("name = \"A\"\ndate = \"2026-01-01\"\n{inputs}[service]\n{service}\n");
        let config = StudyFile::parse(text.as_bytes(), "study.toml").unwrap_or_else(|problems| panic!("{problems}"));
        let model = Model::build(model, parameters.as_object().unwrap()).unwrap();
        let mut problems = Problems::default();
        check(&model, &config, has_land_cover, "study.toml", &mut problems);
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_would_count_twice_is_refused() {
        let indoor = "environment = \"indoor\"";
        let spread = "counts the spread of levels twice";
        for (model, parameters, service, land_cover, expected) in [
            (
                "p1812",
                json!({"building": "traditional"}),
                indoor,
                false,
                "building = \"traditional\": counts the way in twice",
            ),
            ("p1812", json!({"location_percent": 90, "sigma_location_db": 7}), "", false, spread),
            ("itm", json!({"terminal_clutter": "urban"}), "", true, "counts clutter twice"),
            ("itm", json!({"confidence_percent": 90, "reliability_percent": 50}), "", false, spread),
            ("itm", json!({"situation_percent": 90}), "", false, spread),
            ("itm", json!({"location_percent": 90, "mode_of_variability": 3}), "", false, spread),
            ("itm", json!({"time_percent": 90, "mode_of_variability": 2}), "", false, spread),
            ("ehata", json!({"reliability_percent": 90}), "", false, spread),
        ] {
            let found = found(model, &parameters, service, land_cover);
            assert!(found.len() == 1 && found[0].contains(expected), "{model} {parameters}: {found:?}");
        }
    }

    #[test]
    fn what_counts_once_is_allowed() {
        for (model, parameters, service) in [
            ("p1812", json!({"building": "traditional"}), ""),
            ("p1812", json!({"building": "none"}), "environment = \"indoor\""),
            ("p1812", json!({"location_percent": 90}), ""),
            ("p1812", json!({"sigma_location_db": 7, "time_percent": 10}), ""),
            ("p1812", json!({"location_percent": 90, "sigma_location_db": 7}), "shadowing_sigma_db = 0"),
            ("itm", json!({"time_percent": 90, "location_percent": 90}), ""),
            ("itm", json!({"confidence_percent": 50, "reliability_percent": 90}), ""),
        ] {
            let found = found(model, &parameters, service, false);
            assert!(found.is_empty(), "{model} {parameters}: {found:?}");
        }
    }
}
