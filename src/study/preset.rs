//! Regulators' rules of when a place counts as served, by name.
//!
//! A preset gives what its source states and nothing else; what a study states itself outranks it. The sources are in docs/radio.md.

use super::Service;
use crate::radio::Environment;
use crate::radio::Technology::{self, Lte, Nr, Umts};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rules of a regulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// Vietnam's rules on the quality of mobile internet access: QCVN 81:2019/BTTTT and QCVN 126:2021/BTTTT.
    Vietnam,
    /// The Broadband Data Collection of the FCC: 47 CFR § 1.7004(c)(3).
    FccBdc,
    /// Ofcom's Connected Nations.
    Ofcom,
    /// ARCEP's coverage maps.
    Arcep,
}

/// What a preset states.
#[derive(Debug, Default)]
struct Figures {
    required_probability: Option<f64>,
    environment: Option<Environment>,
    signal_threshold_dbm: Option<&'static [(Technology, f64)]>,
    broadband_threshold_dbm: Option<&'static [(Technology, f64)]>,
    broadband_down_mbps: Option<&'static [(Technology, f64)]>,
    broadband_up_mbps: Option<&'static [(Technology, f64)]>,
}

impl Preset {
    fn figures(self) -> Figures {
        let nothing = Figures::default();
        match self {
            // 95 % of samples as fast as the least speed: 2.5 Mbit/s is what operators declare of LTE (area 2), 30 Mbit/s down what
            // QCVN 126 asks of NR. No level is stated.
            Self::Vietnam => Figures {
                required_probability: Some(0.95),
                broadband_down_mbps: Some(&[(Lte, 2.5), (Nr, 30.0)]),
                ..nothing
            },
            Self::FccBdc => Figures {
                required_probability: Some(0.9),
                environment: Some(Environment::Outdoor),
                broadband_threshold_dbm: Some(&[]),
                broadband_down_mbps: Some(&[(Umts, 0.2), (Lte, 5.0), (Nr, 7.0)]),
                broadband_up_mbps: Some(&[(Umts, 0.05), (Lte, 1.0), (Nr, 1.0)]),
                ..nothing
            },
            Self::Ofcom => Figures {
                required_probability: Some(0.95),
                environment: Some(Environment::Outdoor),
                broadband_threshold_dbm: Some(&[(Lte, -105.0), (Nr, -110.0)]),
                ..nothing
            },
            Self::Arcep => {
                Figures { required_probability: Some(0.95), environment: Some(Environment::Outdoor), ..nothing }
            }
        }
    }
}

/// Fills in what the preset of a study states and `text`, the study file, does not.
pub(super) fn fill_from_preset(service: &mut Service, text: &str) {
    let Some(preset) = service.preset else { return };
    let stated: toml::Table = text.parse().unwrap_or_default();
    let is_stated = |key: &str| stated.get("service").is_some_and(|service| service.get(key).is_some());
    let figures = preset.figures();
    fill(&mut service.required_probability, figures.required_probability, is_stated("required_probability"));
    fill(&mut service.environment, figures.environment, is_stated("environment"));
    for (slot, figures, key) in [
        (&mut service.signal_threshold_dbm, figures.signal_threshold_dbm, "signal_threshold_dbm"),
        (&mut service.broadband_threshold_dbm, figures.broadband_threshold_dbm, "broadband_threshold_dbm"),
        (&mut service.broadband_down_mbps, figures.broadband_down_mbps, "broadband_down_mbps"),
        (&mut service.broadband_up_mbps, figures.broadband_up_mbps, "broadband_up_mbps"),
    ] {
        fill(slot, figures.map(|rows| rows.iter().copied().collect::<BTreeMap<_, _>>()), is_stated(key));
    }
}

fn fill<T>(slot: &mut T, figure: Option<T>, is_stated: bool) {
    if let Some(figure) = figure.filter(|_| !is_stated) {
        *slot = figure;
    }
}
