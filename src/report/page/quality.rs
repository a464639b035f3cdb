//! What was wrong with the input, and how the numbers came about.

use super::Writer;
use crate::problem::Problem;
use crate::propagation::MODELS;
use crate::radio::Technology;
use serde::Serialize;
use std::collections::BTreeMap;

/// Faults of the input that did not stop the work.
#[derive(Debug, Serialize)]
pub(super) struct Quality {
    summary: String,
    warnings: Vec<String>,
    terrain: String,
}

/// A parameter of the method.
#[derive(Debug, Serialize)]
pub(super) struct Fact {
    name: String,
    value: String,
}

impl Writer<'_> {
    /// Faults of the input.
    pub(super) fn quality(&self) -> Quality {
        let warnings = &self.results.study.warnings;
        let summary = match warnings.len() {
            0 => self.texts.text("quality_none").to_owned(),
            n => self.fill("quality_some", &[("n", &self.int(n))]),
        };
        let missing = self.results.coverage.as_ref().map_or(0, |c| c.missing_terrain);
        let terrain = match missing {
            0 => String::new(),
            n => self.fill("quality_terrain", &[("n", &self.int(n))]),
        };
        Quality { summary, warnings: warnings.iter().map(|w| self.warning(w)).collect(), terrain }
    }

    fn warning(&self, warning: &Problem) -> String {
        let row = warning.row.map(|row| self.fill("quality_row", &[("n", &row.to_string())]));
        let value = warning.value.as_ref().map(|v| format!("“{v}”"));
        let place = [Some(warning.file.clone()), row, warning.field.clone(), value];
        format!("{}: {}", place.into_iter().flatten().collect::<Vec<_>>().join(", "), warning.message)
    }

    /// How the numbers came about.
    pub(super) fn method(&self) -> Vec<Fact> {
        let config = &self.results.study.config;
        let service = &config.service;
        let fact = |name: &str, value: String| Fact { name: self.texts.text(name).to_owned(), value };
        let id = &config.propagation.model;
        let model = match MODELS.iter().find(|model| model.id == id) {
            Some(model) => format!("{id} ({})", model.reference),
            None => id.clone(),
        };
        let receiver = self.numbers.short(config.propagation.receiver_height_m, 1);
        let percent = |share: f64| self.numbers.percent(share, 0);
        let mut facts = vec![
            fact("method_model", model),
            fact("method_receiver", self.fill("method_receiver_value", &[("h", &receiver)])),
            fact("method_thresholds", self.thresholds(&service.signal_threshold_dbm)),
            fact("method_broadband", self.thresholds(&service.broadband_threshold_dbm)),
            fact("method_fixed", self.fill("method_fixed_value", &[("p", &percent(service.fixed_broadband_share))])),
            fact(
                "method_probability",
                self.fill("method_probability_value", &[("served", &percent(service.required_probability))]),
            ),
            fact(
                "method_sigma",
                self.fill("method_sigma_value", &[("sigma", &self.numbers.short(service.shadowing_sigma_db, 1))]),
            ),
            fact("method_body", format!("{} dB", self.numbers.short(service.body_loss_db, 1))),
            fact("method_people", self.texts.text("method_people_value").to_owned()),
        ];
        if let Some(plan) = &self.results.plan {
            let key = format!("objective_{}", plan.objective);
            facts.push(fact("method_objective", self.texts.find(&key).unwrap_or(plan.objective).to_owned()));
        }
        facts
    }

    fn thresholds(&self, thresholds: &BTreeMap<Technology, f64>) -> String {
        let one = |(technology, level): (&Technology, &f64)| {
            format!("{technology} {} {}\u{a0}dBm", technology.level_name(), self.numbers.short(*level, 1))
        };
        thresholds.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}
