//! The parameters of a model: described once, checked once, and then read by name.

use super::PropagationError;
use crate::problem::did_you_mean;
use serde::Serialize;
use serde_json::{Map, Value};

/// One parameter of a model, as its registry entry describes it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Parameter {
    /// Name, as the study file, the batch and `--param` write it.
    pub name: &'static str,
    /// Unit: `N-units/km`, `%`; empty without one.
    pub unit: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// What values it takes, and the default.
    #[serde(flatten)]
    pub kind: ParameterKind,
}

/// What values a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "lowercase", tag = "type")]
pub enum ParameterKind {
    /// A real number within limits, both included.
    Number {
        /// Value when none is given; without one the parameter is optional.
        default: Option<f64>,
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
    /// A whole number within limits, both included.
    Integer {
        /// Value when none is given; without one the parameter is optional.
        default: Option<i64>,
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// One word out of several.
    Choice {
        /// Value when none is given; without one the parameter is optional.
        default: Option<&'static str>,
        /// All of them.
        choices: &'static [&'static str],
    },
}

impl Parameter {
    /// A real number from `min` to `max` with a default.
    pub const fn number(
        name: &'static str,
        unit: &'static str,
        summary: &'static str,
        default: f64,
        [min, max]: [f64; 2],
    ) -> Self {
        Self { name, unit, summary, kind: ParameterKind::Number { default: Some(default), min, max } }
    }

    /// One word out of several; the first is the default.
    pub const fn choice(name: &'static str, summary: &'static str, choices: &'static [&'static str]) -> Self {
        Self { name, unit: "", summary, kind: ParameterKind::Choice { default: Some(choices[0]), choices } }
    }

    /// What is allowed, for messages and tables: `0 to 150 N-units/km`, `p2p | area`.
    pub fn allowed(&self) -> String {
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        match self.kind {
            ParameterKind::Number { min, max, .. } => format!("{min} to {max}{unit}"),
            ParameterKind::Integer { min, max, .. } => format!("a whole number, {min} to {max}{unit}"),
            ParameterKind::Choice { choices, .. } => choices.join(" | "),
        }
    }

    /// The default as JSON; null where the parameter is optional.
    pub fn default_value(&self) -> Value {
        match self.kind {
            ParameterKind::Number { default, .. } => default.into(),
            ParameterKind::Integer { default, .. } => default.into(),
            ParameterKind::Choice { default, .. } => default.into(),
        }
    }

    fn check(&self, value: &Value) -> Result<Value, PropagationError> {
        let accepted = match self.kind {
            ParameterKind::Number { min, max, .. } => {
                value.as_f64().filter(|v| (min..=max).contains(v)).map(Value::from)
            }
            ParameterKind::Integer { min, max, .. } => {
                let whole = value.as_i64().or_else(|| whole_number(value.as_f64()?));
                whole.filter(|v| (min..=max).contains(v)).map(Value::from)
            }
            ParameterKind::Choice { choices, .. } => value.as_str().filter(|v| choices.contains(v)).map(Value::from),
        };
        accepted.ok_or_else(|| PropagationError::Parameter {
            field: self.name.into(),
            message: format!("{value} is not allowed; it takes {}", self.allowed()),
        })
    }
}

fn whole_number(value: f64) -> Option<i64> {
    // Up to 2⁵³ every whole f64 is exact.
    (value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0).then_some(value as i64)
}

/// Checked parameters of a model, defaults filled in.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Parameters(Map<String, Value>);

impl Parameters {
    /// Checks what was given against what `model` takes and fills in the defaults. `null` counts as not given.
    ///
    /// # Errors
    /// All names that do not exist (with a suggestion) and all values of the wrong type or outside their range.
    pub fn check(model: &str, allowed: &[Parameter], given: &Map<String, Value>) -> Result<Self, PropagationError> {
        let mut faults = Vec::new();
        for name in given.keys() {
            if !allowed.iter().any(|p| p.name == name) {
                let message = match did_you_mean(name, allowed.iter().map(|p| p.name)) {
                    Some(suggestion) => format!("{model} has no such parameter; {suggestion}"),
                    None if allowed.is_empty() => format!("{model} has no parameters"),
                    None => {
                        let names: Vec<_> = allowed.iter().map(|p| p.name).collect();
                        format!("{model} has no such parameter; it takes {}", names.join(", "))
                    }
                };
                faults.push(PropagationError::Parameter { field: name.clone(), message });
            }
        }
        let mut values = Map::new();
        for parameter in allowed {
            match given.get(parameter.name).filter(|v| !v.is_null()).map(|v| parameter.check(v)) {
                Some(Ok(value)) => {
                    values.insert(parameter.name.into(), value);
                }
                Some(Err(fault)) => faults.push(fault),
                None => {
                    values.insert(parameter.name.into(), parameter.default_value());
                }
            }
        }
        PropagationError::gather(faults).map_or(Ok(Self(values)), Err)
    }

    /// A number or whole number; an error where it was not given and has no default.
    pub fn number(&self, name: &str) -> Result<f64, PropagationError> {
        self.optional_number(name).ok_or_else(|| missing(name))
    }

    /// A number or whole number, where it was given or has a default.
    pub fn optional_number(&self, name: &str) -> Option<f64> {
        self.0.get(name).and_then(Value::as_f64)
    }

    /// A word; an error where it was not given and has no default.
    pub fn choice(&self, name: &str) -> Result<&str, PropagationError> {
        self.0.get(name).and_then(Value::as_str).ok_or_else(|| missing(name))
    }

    /// All of them by name, null where an optional one was not given: what a cache key or a report writes.
    pub fn values(&self) -> &Map<String, Value> {
        &self.0
    }
}

fn missing(name: &str) -> PropagationError {
    PropagationError::Parameter { field: name.into(), message: "is missing and has no default".into() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    const ALLOWED: &[Parameter] = &[
        Parameter {
            name: "delta_n",
            unit: "N-units/km",
            summary: "",
            kind: ParameterKind::Number { default: Some(45.0), min: 0.0, max: 150.0 },
        },
        Parameter {
            name: "climate",
            unit: "",
            summary: "",
            kind: ParameterKind::Integer { default: Some(5), min: 1, max: 7 },
        },
        Parameter {
            name: "method",
            unit: "",
            summary: "",
            kind: ParameterKind::Choice { default: Some("p2p"), choices: &["p2p", "area"] },
        },
        Parameter {
            name: "confidence_percent",
            unit: "%",
            summary: "",
            kind: ParameterKind::Number { default: None, min: 0.0, max: 100.0 },
        },
    ];

    fn check(given: Value) -> Result<Parameters, String> {
        let Value::Object(given) = given else { panic!("not an object") };
        Parameters::check("m", ALLOWED, &given).map_err(|e| e.to_string())
    }

    #[test]
    fn what_is_left_out_takes_its_default() {
        let p = check(json!({"climate": 1.0, "delta_n": null})).unwrap();
        assert_eq!((p.number("delta_n"), p.number("climate"), p.choice("method")), (Ok(45.0), Ok(1.0), Ok("p2p")));
        assert_eq!(p.optional_number("confidence_percent"), None);
        assert!(p.number("confidence_percent").is_err());
    }

    #[test]
    fn every_fault_is_named_with_what_is_allowed() {
        let message = check(json!({"delta_nn": 1, "delta_n": 151, "climate": 1.5, "method": "P2P"})).unwrap_err();
        for part in [
            "parameter delta_nn: m has no such parameter; did you mean \"delta_n\"?",
            "parameter delta_n: 151 is not allowed; it takes 0 to 150 N-units/km",
            "parameter climate: 1.5 is not allowed; it takes a whole number, 1 to 7",
            "parameter method: \"P2P\" is not allowed; it takes p2p | area",
        ] {
            assert!(message.contains(part), "{part:?} is not in {message:?}");
        }
        assert!(check(json!({"delta_n": "45"})).is_err());
        assert!(check(json!({"delta_n": [45]})).is_err());
    }
}
