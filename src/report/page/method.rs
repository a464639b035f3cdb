//! How the numbers came about: the model, and what a service needs.

use super::Writer;
use crate::propagation::MODELS;
use crate::radio::{Duplex, Environment, Technology};
use crate::study::ServiceKind;
use serde::Serialize;

/// A parameter of the method.
#[derive(Debug, Serialize)]
pub(super) struct Fact {
    name: String,
    value: String,
}

impl Writer<'_> {
    /// How the numbers came about.
    pub(super) fn method(&self) -> Vec<Fact> {
        let config = &self.results.study.config;
        let service = &config.service;
        let fact = |name: &str, value: String| Some(Fact { name: self.texts.text(name).to_owned(), value });
        let id = &config.propagation.model;
        let model = match MODELS.iter().find(|model| model.id == id) {
            Some(model) => format!("{id} ({})", model.reference),
            None => id.clone(),
        };
        let percent = |share: f64| self.numbers.percent(share, 0);
        let receiver = self.numbers.short(config.propagation.receiver_height_m, 1);
        let calibrated = config.propagation.calibration.as_deref();
        let has_tdd = self.results.study.sites.iter().flat_map(|s| &s.cells).any(|c| c.duplex == Duplex::Time);
        let tdd = || self.fill("method_tdd_value", &[("p", &percent(config.radio.tdd_downlink_share))]);
        let probability = percent(service.required_probability);
        let objective = |id: &'static str| self.texts.find(&format!("objective_{id}")).unwrap_or(id).to_owned();
        let facts = [
            fact("method_model", model),
            calibrated.and_then(|file| fact("method_calibration", self.calibration(file))),
            service.preset.and_then(|preset| fact("method_preset", preset.name().to_owned())),
            fact("method_receiver", self.fill("method_receiver_value", &[("h", &receiver)])),
            fact("method_environment", self.environment()),
            fact("method_body", format!("{} dB", self.numbers.short(service.body_loss_db, 1))),
            fact("method_thresholds", self.requirements(ServiceKind::Signal)),
            fact("method_broadband", self.requirements(ServiceKind::Broadband)),
            fact("method_load", self.fill("method_load_value", &[("p", &percent(config.radio.load))])),
            has_tdd.then(tdd).and_then(|share| fact("method_tdd", share)),
            fact("method_fixed", self.fill("method_fixed_value", &[("p", &percent(service.fixed_broadband_share))])),
            fact("method_probability", self.fill("method_probability_value", &[("served", &probability)])),
            fact("method_sigma", self.fill("method_sigma_value", &[("sigma", &self.sigma())])),
            fact("method_people", self.texts.text("method_people_value").to_owned()),
            self.results.plan.as_ref().and_then(|plan| fact("method_objective", objective(plan.objective))),
        ];
        facts.into_iter().flatten().collect()
    }

    /// The spread over the cells, which can depend on their frequency; as stated, or of the model's error alone, where those are not public.
    fn sigma(&self) -> String {
        let study = self.results.study;
        let stated_db = study.config.service.shadowing_sigma_db.unwrap_or(study.config.radio.model_error_db);
        self.range(study.sigma_range_db().unwrap_or([stated_db; 2]))
    }

    /// Which technologies' losses measurements correct, and by how much on average.
    fn calibration(&self, file: &str) -> String {
        let one = |technology: Technology| {
            let correction = self.results.study.correction.of(technology)?;
            let sign = if correction.bias_db > 0.0 { "+" } else { "" };
            Some(format!("{technology} {sign}{}\u{a0}dB", self.numbers.decimal(correction.bias_db, 1)))
        };
        let all: Vec<String> = Technology::ALL.into_iter().filter_map(one).collect();
        match all.is_empty() {
            true => self.fill("method_calibration_none", &[("file", file)]),
            false => self.fill("method_calibration_value", &[("file", file), ("corrections", &all.join("; "))]),
        }
    }

    /// Where handsets are used, with the median loss on the way in where frequencies are known.
    fn environment(&self) -> String {
        let study = self.results.study;
        let environment = study.config.service.environment;
        let mut place = self.texts.text(&format!("environment_{}", environment.name())).to_owned();
        if environment == Environment::Indoor {
            let building = format!("building_{}", study.config.radio.building.name());
            place = format!("{place}, {}", self.texts.text(&building));
        }
        match study.entry_loss_range_db() {
            Some(range) if range != [0.0; 2] => {
                self.fill("method_entry", &[("place", &place), ("db", &self.range(range))])
            }
            _ => place,
        }
    }

    /// What a service needs of each technology.
    fn requirements(&self, service: ServiceKind) -> String {
        let one = |technology: Technology| {
            let needs = self.results.study.config.service.requirement(service, technology)?;
            let number = |key: &str, name: &str, value: Option<f64>| {
                let value = self.numbers.short(value?, 3);
                Some(self.fill(key, &[("level", technology.level_name()), (name, &value)]))
            };
            let parts = [
                number("needs_level", "dbm", needs.threshold_dbm),
                number("needs_down", "mbps", needs.down_mbps),
                number("needs_up", "mbps", needs.up_mbps),
            ];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            Some(format!("{technology}: {}", parts.join(", ")))
        };
        let all: Vec<String> = Technology::ALL.into_iter().filter_map(one).collect();
        if all.is_empty() { self.texts.text("method_none").to_owned() } else { all.join("; ") }
    }

    /// "7", or "7–8.5" where they differ.
    fn range(&self, [low, high]: [f64; 2]) -> String {
        let [low, high] = [low, high].map(|value| self.numbers.short(value, 1));
        if low == high { high } else { format!("{low}–{high}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::study::{Language, Preset, Study};

    #[test]
    fn the_method_says_what_broadband_means() {
        let mut study = fixture::study(Language::En);
        let usual = study.config.clone();
        let fact = |study: &Study, name: &str| {
            let results = fixture::bare_results(study);
            let facts = Writer::new(&results).method();
            facts.into_iter().find(|fact| fact.name == name).map(|fact| fact.value)
        };
        let is = |study: &Study, name: &str, value: &str| assert_eq!(fact(study, name).as_deref(), Some(value));
        is(&study, "Mobile broadband", "LTE: RSRP from −105 dBm; NR: SS-RSRP from −105 dBm");
        is(&study, "Where handsets are used", "outdoors");
        assert_eq!((fact(&study, "Rules"), fact(&study, "TDD carriers")), (None, None));
        study.config.service.broadband_threshold_dbm.clear();
        is(&study, "Mobile broadband", "none");
        study.config.service.broadband_down_mbps = [(Technology::Umts, 0.256), (Technology::Lte, 2.5)].into();
        study.config.service.broadband_up_mbps = [(Technology::Lte, 1.0)].into();
        let stated = "UMTS: at least 0.256 Mbit/s down; LTE: at least 2.5 Mbit/s down, at least 1 Mbit/s up";
        is(&study, "Mobile broadband", stated);
        study.config.service.environment = Environment::InCar;
        study.config.service.preset = Some(Preset::Vietnam);
        study.sites[0].cells[1].duplex = Duplex::Time;
        is(&study, "Where handsets are used", "in a car: 9 dB more loss");
        is(&study, "Rules", "vietnam");
        is(&study, "TDD carriers", "75% of the time down");
        assert!(fact(&study, "Load of cells").is_some_and(|load| load.starts_with("50% of the carrier")));
        study.config = usual;
        study.config.service.environment = Environment::Indoor;
        let indoors = fact(&study, "Where handsets are used");
        let expected = "indoors (Rec. ITU-R P.2109), traditional buildings: 1";
        assert!(indoors.as_ref().is_some_and(|text| text.starts_with(expected)), "{indoors:?}");
    }
}
