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
    /// Vietnam: 95 % of samples reach the least speed of QCVN 126:2021/BTTTT (5G: 30 Mbit/s) or, under QCVN 81:2019/BTTTT, of an operator's
    /// declaration (4G: 2.5 Mbit/s, 3G: 256 kbit/s).
    Vietnam,
    /// The Broadband Data Collection of the FCC, 47 CFR § 1.7004(c)(3), outdoors: 90 % at the cell edge, 4G 5/1 Mbit/s, 5G 7/1 Mbit/s, 3G
    /// 200/50 kbit/s.
    FccBdc,
    /// Ofcom's Connected Nations, outdoors without a body: 95 % chance of 2 Mbit/s on 4G; -110 dBm on 5G.
    Ofcom,
    /// ARCEP's coverage maps, outdoors: 95 % reliable.
    Arcep,
}

/// What a preset states.
#[derive(Debug, Default)]
struct Figures {
    required_probability: Option<f64>,
    environment: Option<Environment>,
    body_loss_db: Option<f64>,
    broadband_threshold_dbm: Option<&'static [(Technology, f64)]>,
    broadband_down_mbps: Option<&'static [(Technology, f64)]>,
    broadband_up_mbps: Option<&'static [(Technology, f64)]>,
}

impl Preset {
    /// The word that files use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vietnam => "vietnam",
            Self::FccBdc => "fcc-bdc",
            Self::Ofcom => "ofcom",
            Self::Arcep => "arcep",
        }
    }

    /// Least share of a carrier in use that the rules ask predictions to count with.
    pub(super) fn least_load(self) -> Option<f64> {
        (self == Self::FccBdc).then_some(0.5)
    }

    fn figures(self) -> Figures {
        let nothing = Figures::default();
        match self {
            Self::Vietnam => Figures {
                required_probability: Some(0.95),
                broadband_threshold_dbm: Some(&[]),
                broadband_down_mbps: Some(&[(Umts, 0.256), (Lte, 2.5), (Nr, 30.0)]),
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
                // its levels are those of the open air
                body_loss_db: Some(0.0),
                broadband_threshold_dbm: Some(&[(Nr, -110.0)]),
                broadband_down_mbps: Some(&[(Lte, 2.0)]),
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
    fill(&mut service.body_loss_db, figures.body_loss_db, is_stated("body_loss_db"));
    for (slot, figures, key) in [
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

#[cfg(test)]
mod tests {
    use super::super::StudyFile;
    use super::super::parse::parse_into;
    use crate::problem::Problems;
    use crate::radio::Environment;
    use crate::radio::Technology::{Lte, Nr};

    fn service(section: &str) -> super::Service {
        let inputs = "[inputs]\nterrain = [\"t.tif\"]\nvillages = \"v.csv\"\nsites = \"s.csv\"\n";
        let text = format!("name = \"A\"\ndate = \"2026-01-01\"\n{inputs}[service]\n{section}\n");
        StudyFile::parse(text.as_bytes(), "study.toml").unwrap_or_else(|problems| panic!("{problems}")).service
    }

    #[test]
    fn a_preset_fills_in_what_the_study_does_not_state() {
        let fcc = service("preset = \"fcc-bdc\"");
        assert_eq!((fcc.required_probability, fcc.environment), (0.9, Environment::Outdoor));
        assert_eq!((fcc.broadband_down_mbps[&Lte], fcc.broadband_up_mbps[&Lte]), (5.0, 1.0));
        assert!(fcc.broadband_threshold_dbm.is_empty() && fcc.signal_threshold_dbm[&Lte] == -115.0);
        let own = service(
            "preset = \"fcc-bdc\"\nrequired_probability = 0.8\nenvironment = \"in-car\"\n\
             broadband_down_mbps = { NR = 35 }\nbroadband_up_mbps = { NR = 3 }",
        );
        assert_eq!((own.required_probability, own.environment), (0.8, Environment::InCar));
        assert_eq!(own.broadband_down_mbps, [(Nr, 35.0)].into());
        assert_eq!(own.broadband_up_mbps, [(Nr, 3.0)].into());
        for (preset, probability, lte_mbps) in
            [("vietnam", 0.95, Some(2.5)), ("ofcom", 0.95, Some(2.0)), ("arcep", 0.95, None)]
        {
            let found = service(&format!("preset = \"{preset}\""));
            let stated = (found.required_probability, found.broadband_down_mbps.get(&Lte).copied());
            assert_eq!(stated, (probability, lte_mbps), "{preset}");
        }
        assert_eq!(service("").required_probability, 0.9);
        let body = |section: &str| service(section).body_loss_db;
        assert_eq!(
            [body("preset = \"ofcom\""), body("preset = \"ofcom\"\nbody_loss_db = 4"), body("preset = \"fcc-bdc\"")],
            [0.0, 4.0, 3.0]
        );
    }

    #[test]
    fn a_load_below_what_the_preset_asks_for_is_told_of() {
        let warnings = |text: &str| {
            let inputs = "[inputs]\nterrain = [\"t.tif\"]\nvillages = \"v.csv\"\nsites = \"s.csv\"\n";
            let text = format!("name = \"A\"\ndate = \"2026-01-01\"\n{inputs}{text}\n");
            let mut problems = Problems::default();
            parse_into(text.as_bytes(), "study.toml", &mut problems).unwrap_or_else(|problems| panic!("{problems}"));
            problems.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let fcc = "[service]\npreset = \"fcc-bdc\"\n[radio]\nload =";
        let expected = "radio.load = \"0.2\": is less than the 0.5 that the rules of service.preset ask for";
        let found = warnings(&format!("{fcc} 0.2"));
        assert!(found.len() == 1 && found[0].contains(expected), "{found:?}");
        assert!(warnings(&format!("{fcc} 0.5")).is_empty());
        assert!(warnings("[service]\npreset = \"ofcom\"\n[radio]\nload = 0.2").is_empty());
    }
}
