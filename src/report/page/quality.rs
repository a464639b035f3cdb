//! What the inputs were, what was wrong with them, and how the numbers came about.

use super::Writer;
use crate::problem::ProblemGroup;
use crate::propagation::MODELS;
use crate::radio::Technology;
use crate::study::InputFile;
use serde::Serialize;
use std::collections::BTreeMap;

/// The inputs, and their faults that did not stop the work.
#[derive(Debug, Serialize)]
pub(super) struct Quality {
    inputs: Vec<InputView>,
    summary: String,
    warnings: Vec<WarningView>,
    terrain: String,
}

/// An input file.
#[derive(Debug, Serialize)]
struct InputView {
    role: String,
    file: String,
    crs: String,
    /// Rows of a table, size of a raster.
    size: String,
    used: String,
}

/// Warnings of a file that differ only in row and value.
#[derive(Debug, Serialize)]
struct WarningView {
    file: String,
    /// What became of the values.
    kind: String,
    count: String,
    text: String,
}

/// A parameter of the method.
#[derive(Debug, Serialize)]
pub(super) struct Fact {
    name: String,
    value: String,
}

impl Writer<'_> {
    /// The inputs and their faults.
    pub(super) fn quality(&self) -> Quality {
        let study = self.results.study;
        let warnings = &study.warnings;
        let summary = match warnings.len() {
            0 => self.texts.text("quality_none").to_owned(),
            n => self.fill("quality_some", &[("n", &self.int(n))]),
        };
        let missing = self.results.coverage.as_ref().map_or(0, |c| c.missing_terrain);
        let terrain = match missing {
            0 => String::new(),
            n => self.fill("quality_terrain", &[("n", &self.int(n))]),
        };
        Quality {
            inputs: study.inputs.iter().map(|input| self.input(input)).collect(),
            summary,
            warnings: warnings.groups().into_iter().map(|group| self.warning(group)).collect(),
            terrain,
        }
    }

    fn input(&self, input: &InputFile) -> InputView {
        let key = format!("input_{}", input.role);
        let size = match (input.raster_size, input.rows) {
            (Some([width, height]), _) => {
                self.fill("input_pixels", &[("width", &self.int(width)), ("height", &self.int(height))])
            }
            (None, Some(rows)) => self.fill("input_rows", &[("n", &self.int(rows))]),
            (None, None) => String::new(),
        };
        InputView {
            role: self.texts.find(&key).unwrap_or(input.role).to_owned(),
            file: input.file.clone(),
            crs: input.crs.clone().unwrap_or_default(),
            size,
            used: input.used.map(|used| self.int(used)).unwrap_or_default(),
        }
    }

    fn warning(&self, group: &ProblemGroup) -> WarningView {
        let first = group.examples.first();
        let row = first.and_then(|w| w.row).map(|row| self.fill("quality_row", &[("n", &row.to_string())]));
        let value = first.and_then(|w| w.value.as_ref()).map(|v| format!("“{v}”"));
        let place: Vec<String> = [group.field.clone(), row, value].into_iter().flatten().collect();
        let mut text = group.message.clone();
        if !place.is_empty() {
            text = format!("{}: {text}", place.join(", "));
        }
        if group.problems > 1 {
            text += &self.fill("quality_more", &[("n", &self.int(group.problems - 1))]);
        }
        WarningView {
            file: group.file.clone(),
            kind: self.texts.text(&format!("kind_{}", group.kind.name())).to_owned(),
            count: self.int(group.count),
            text,
        }
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
            fact("method_sigma", self.fill("method_sigma_value", &[("sigma", &self.sigma())])),
            fact("method_body", format!("{} dB", self.numbers.short(service.body_loss_db, 1))),
            fact("method_people", self.texts.text("method_people_value").to_owned()),
        ];
        if let Some(file) = &config.propagation.calibration {
            facts.insert(1, fact("method_calibration", self.calibration(file)));
        }
        if let Some(plan) = &self.results.plan {
            let key = format!("objective_{}", plan.objective);
            facts.push(fact("method_objective", self.texts.find(&key).unwrap_or(plan.objective).to_owned()));
        }
        facts
    }

    /// The spread over the cells, which can depend on their frequency; as stated, or of the model's error alone, where those are not public.
    fn sigma(&self) -> String {
        let study = self.results.study;
        let short = |db| self.numbers.short(db, 1);
        let config = &study.config;
        match study.sigma_range_db() {
            Some([low, high]) if short(low) != short(high) => format!("{}–{}", short(low), short(high)),
            Some([_, high]) => short(high),
            None => short(config.service.shadowing_sigma_db.unwrap_or(config.radio.model_error_db)),
        }
    }

    /// Which technologies' losses measurements correct, and by how much on average.
    fn calibration(&self, file: &str) -> String {
        let one = |technology: Technology| {
            let correction = self.results.study.correction.of(technology)?;
            let sign = if correction.bias_db > 0.0 { "+" } else { "" };
            Some(format!("{technology} {sign}{}\u{a0}dB", self.numbers.decimal(correction.bias_db, 1)))
        };
        let all: Vec<String> = Technology::ALL.into_iter().filter_map(one).collect();
        let all = if all.is_empty() { self.texts.text("calibration_none").to_owned() } else { all.join("; ") };
        self.fill("method_calibration_value", &[("file", file), ("corrections", &all)])
    }

    fn thresholds(&self, thresholds: &BTreeMap<Technology, f64>) -> String {
        let one = |(technology, level): (&Technology, &f64)| {
            format!("{technology} {} {}\u{a0}dBm", technology.level_name(), self.numbers.short(*level, 1))
        };
        thresholds.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}
