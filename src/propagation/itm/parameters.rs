//! The parameters of the model: their ranges, and what they make.

use super::variability::exceeded_deviate;
use super::{Combination, Deviates, ID, ItmModel, Method, Siting, Surroundings, Variability};
use crate::propagation::terminal_clutter::PARAMETERS as CLUTTER;
use crate::propagation::{Parameter, ParameterKind, Parameters, PropagationError};

const fn parameter(name: &'static str, unit: &'static str, summary: &'static str, kind: ParameterKind) -> Parameter {
    Parameter { name, unit, summary, kind }
}

const fn number(default: Option<f64>, min: f64, max: f64) -> ParameterKind {
    ParameterKind::Number { default, min, max }
}

const fn integer(default: Option<i64>, min: i64, max: i64) -> ParameterKind {
    ParameterKind::Integer { default, min, max }
}

const PERCENT: ParameterKind = number(None, 0.0, 100.0);

/// Parameters as the registry lists them.
pub(super) const PARAMETERS: &[Parameter] = &[
    parameter(
        "method",
        "",
        "p2p over a profile with equally spaced points, or area over a distance",
        ParameterKind::Choice { default: Some("p2p"), choices: &["p2p", "area"] },
    ),
    parameter(
        "climate",
        "",
        "1 equatorial, 2 continental subtropical, 3 maritime subtropical, 4 desert, 5 continental temperate, \
         6 maritime temperate over land, 7 maritime temperate over sea",
        integer(Some(1), 1, 7),
    ),
    parameter(
        "surface_refractivity",
        "N-units",
        "surface refractivity reduced to sea level N₀",
        number(Some(350.0), 250.0, 400.0),
    ),
    parameter("permittivity", "", "relative permittivity of the ground", number(Some(15.0), 1.0, 1000.0)),
    parameter("conductivity_s_m", "S/m", "conductivity of the ground, above 0", number(Some(0.005), 0.0, 1000.0)),
    parameter(
        "mode_of_variability",
        "",
        "0 single message, 1 accidental, 2 mobile, 3 broadcast; plus 10 without the variability of location, plus 20 \
         without the direct variability of situation",
        integer(Some(12), 0, 33),
    ),
    parameter(
        "time_percent",
        "%",
        "time for which the loss is not exceeded, both ends excluded; 50 when left out",
        PERCENT,
    ),
    parameter("location_percent", "%", "locations likewise; 50 when left out", PERCENT),
    parameter("situation_percent", "%", "situations likewise; 50 when left out", PERCENT),
    parameter("confidence_percent", "%", "confidence, with reliability_percent in place of the three above", PERCENT),
    parameter("reliability_percent", "%", "reliability, with confidence_percent", PERCENT),
    parameter(
        "delta_h_m",
        "m",
        "terrain irregularity Δh; for method area, and needed there",
        number(None, 0.0, 20_000.0),
    ),
    parameter(
        "siting_tx",
        "",
        "siting of the transmitter, for method area: 0 random (also when left out), 1 careful, 2 very careful",
        integer(None, 0, 2),
    ),
    parameter("siting_rx", "", "siting of the receiver likewise", integer(None, 0, 2)),
    CLUTTER[0],
    CLUTTER[1],
    CLUTTER[2],
    CLUTTER[3],
];

const OF_AREA: [&str; 3] = ["delta_h_m", "siting_tx", "siting_rx"];
const SHARES: [&str; 3] = ["time_percent", "location_percent", "situation_percent"];

impl ItmModel {
    /// The model that checked parameters describe.
    pub(super) fn from_parameters(given: &Parameters) -> Result<Self, PropagationError> {
        let conductivity_s_m = given.number("conductivity_s_m")?;
        if conductivity_s_m <= 0.0 {
            return Err(out_of_range("conductivity_s_m", conductivity_s_m, "values above 0 S/m"));
        }
        let surroundings = Surroundings {
            n_0: given.number("surface_refractivity")?,
            permittivity: given.number("permittivity")?,
            conductivity_s_m,
        };
        let mode = given.number("mode_of_variability")?;
        let mode_digit = mode % 10.0;
        let combination = match mode_digit as u8 {
            0 => Combination::SingleMessage,
            1 => Combination::Accidental,
            2 => Combination::Mobile,
            3 => Combination::Broadcast,
            _ => return Err(out_of_range("mode_of_variability", mode, "0–3, 10–13, 20–23 and 30–33")),
        };
        let variability = Variability {
            climate: given.number("climate")? as usize - 1,
            combination,
            without_location: (mode / 10.0) as u8 % 2 == 1,
            without_situation: mode >= 20.0,
            z: deviates(given)?,
        };
        Ok(Self { method: method(given)?, surroundings, variability })
    }
}

fn method(given: &Parameters) -> Result<Method, PropagationError> {
    if given.choice("method")? != "area" {
        return match OF_AREA.into_iter().find(|name| given.optional_number(name).is_some()) {
            Some(name) => Err(refused(name, "belongs to method area; with p2p the profile tells")),
            None => Ok(Method::PointToPoint),
        };
    }
    let siting = |name| match given.optional_number(name).unwrap_or(0.0) as u8 {
        0 => Siting::Random,
        1 => Siting::Careful,
        _ => Siting::VeryCareful,
    };
    let Some(delta_h_m) = given.optional_number("delta_h_m") else {
        return Err(refused("delta_h_m", "is missing; method area needs it"));
    };
    Ok(Method::Area { delta_h_m, siting: [siting("siting_tx"), siting("siting_rx")] })
}

/// Deviates of time, location and situation; reliability and confidence stand for time and situation.
fn deviates(given: &Parameters) -> Result<Deviates, PropagationError> {
    let deviate = |name: &'static str| {
        let percent = given.optional_number(name).unwrap_or(50.0);
        if percent <= 0.0 || percent >= 100.0 {
            return Err(out_of_range(name, percent, "0–100 % (both excluded)"));
        }
        Ok(exceeded_deviate(percent / 100.0))
    };
    let (confidence, reliability) = ("confidence_percent", "reliability_percent");
    match (given.optional_number(confidence), given.optional_number(reliability)) {
        (None, None) => {
            Ok(Deviates { time: deviate(SHARES[0])?, location: deviate(SHARES[1])?, situation: deviate(SHARES[2])? })
        }
        (Some(_), Some(_)) => match SHARES.into_iter().find(|name| given.optional_number(name).is_some()) {
            Some(name) => {
                Err(refused(name, "and confidence_percent with reliability_percent exclude each other; give one kind"))
            }
            None => Ok(Deviates {
                time: deviate(reliability)?,
                location: exceeded_deviate(0.5),
                situation: deviate(confidence)?,
            }),
        },
        (Some(_), None) => Err(refused(reliability, "is missing; confidence_percent goes with it")),
        (None, Some(_)) => Err(refused(confidence, "is missing; reliability_percent goes with it")),
    }
}

fn out_of_range(field: &'static str, value: f64, allowed: &str) -> PropagationError {
    PropagationError::OutOfRange { field, value, allowed: allowed.into(), model: ID }
}

fn refused(field: &str, message: &str) -> PropagationError {
    PropagationError::Parameter { field: field.into(), message: message.into() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::propagation::Model;
    use serde_json::{Value, json};

    fn build(given: Value) -> Result<ItmModel, String> {
        let given = given.as_object().unwrap().clone();
        Parameters::check("itm", PARAMETERS, &given)
            .and_then(|checked| ItmModel::from_parameters(&checked))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_mode_of_variability_is_three_things_in_one_number() {
        let of = |mode: u8| {
            let v = build(json!({"mode_of_variability": mode})).unwrap().variability;
            (v.combination, v.without_location, v.without_situation)
        };
        assert_eq!(of(0), (Combination::SingleMessage, false, false));
        assert_eq!(of(12), (Combination::Mobile, true, false));
        assert_eq!(of(23), (Combination::Broadcast, false, true));
        assert_eq!(of(31), (Combination::Accidental, true, true));
        let message = build(json!({"mode_of_variability": 14})).unwrap_err();
        assert_eq!(message, "mode_of_variability = 14 is outside 0–3, 10–13, 20–23 and 30–33 for itm");
    }

    #[test]
    fn confidence_and_reliability_stand_for_situation_and_time() {
        let cr = build(json!({"confidence_percent": 90, "reliability_percent": 10})).unwrap();
        let tls = build(json!({"time_percent": 10, "location_percent": 50, "situation_percent": 90})).unwrap();
        assert_eq!(cr, tls);
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        for (given, expected) in [
            (
                json!({"time_percent": 50, "confidence_percent": 50, "reliability_percent": 50}),
                "parameter time_percent: and confidence_percent with",
            ),
            (json!({"confidence_percent": 50}), "parameter reliability_percent: is missing"),
            (json!({"time_percent": 0}), "time_percent = 0 is outside 0–100 % (both excluded) for itm"),
            (json!({"confidence_percent": 100, "reliability_percent": 50}), "confidence_percent = 100 is outside"),
            (json!({"climate": 8}), "parameter climate: 8 is not allowed; it takes a whole number, 1 to 7"),
            (json!({"surface_refractivity": 249}), "parameter surface_refractivity: 249 is not allowed"),
            (json!({"permittivity": 0.9}), "parameter permittivity: 0.9 is not allowed"),
            (json!({"conductivity_s_m": 0}), "conductivity_s_m = 0 is outside values above 0 S/m"),
            (json!({"method": "area"}), "parameter delta_h_m: is missing; method area needs it"),
            (json!({"method": "area", "delta_h_m": -1}), "parameter delta_h_m: -1 is not allowed"),
            (json!({"method": "area", "delta_h_m": 9, "siting_rx": 3}), "parameter siting_rx: 3 is not allowed"),
            (json!({"siting_tx": 1}), "parameter siting_tx: belongs to method area"),
        ] {
            let message = build(given.clone()).unwrap_err();
            assert!(message.contains(expected), "{given}: {message}");
        }
    }

    #[test]
    fn an_area_needs_no_profile() {
        let needs = |given: Value| Model::build("itm", given.as_object().unwrap()).unwrap().needs_profile();
        assert!(needs(json!({})));
        assert!(!needs(json!({"method": "area", "delta_h_m": 90})));
    }
}
