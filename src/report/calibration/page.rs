//! `calibration.html`: figures before and after, charts, the map of errors, how it was done.

use super::charts::Picture;
use super::map::ErrorMap;
use crate::calibration::Calibrated;
use crate::report::i18n::{Catalogue, Numbers};
use crate::report::software;
use crate::study::{
    Calibration, CorrectionForm, ErrorFigures, Grouping, LEAST_SLOPE, NoCorrection, Study, TechnologyCalibration,
};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, context};
use serde::Serialize;
use std::collections::BTreeMap;

const TEMPLATE: &str = include_str!("../template/calibration.html");
const STYLE: &str = include_str!("../template/style.css");

/// All that the page says.
#[derive(Debug, Serialize)]
struct Page {
    language: &'static str,
    study: String,
    synthetic: bool,
    lead: Vec<String>,
    notes: Vec<String>,
    figures: Vec<FigureRow>,
    corrections: Vec<CorrectionRow>,
    steps: Vec<StepRow>,
    charts: Vec<String>,
    map: Option<ErrorMap>,
    method: Vec<(String, String)>,
    made_by: String,
}

/// Errors of a technology.
#[derive(Debug, Serialize)]
struct FigureRow {
    technology: &'static str,
    when: String,
    places: String,
    bias: String,
    deviation: String,
    rmse: String,
}

/// A part of a correction.
#[derive(Debug, Serialize)]
struct CorrectionRow {
    technology: &'static str,
    part: String,
    places: String,
    value: String,
}

/// A form that was tried.
#[derive(Debug, Serialize)]
struct StepRow {
    technology: &'static str,
    form: String,
    rmse: String,
    gain: String,
    taken: String,
}

/// The page as one HTML document.
pub(super) fn html(
    calibrated: &Calibrated,
    study: &Study,
    charts: Vec<Picture>,
    map: Option<ErrorMap>,
    texts: Catalogue,
) -> Result<String, Error> {
    let calibration = &calibrated.calibration;
    let writer = Writer { texts, numbers: texts.numbers(), calibration };
    let all = calibration.technologies.iter();
    let page = Page {
        language: texts.tag(),
        study: calibration.study.clone(),
        synthetic: calibration.synthetic,
        lead: all.clone().map(|t| writer.lead(t)).collect(),
        notes: writer.notes(),
        figures: all.clone().flat_map(|t| writer.figures(t)).collect(),
        corrections: all.clone().flat_map(|t| writer.correction(t)).collect(),
        steps: all.flat_map(|t| writer.steps(t)).collect(),
        charts: charts.into_iter().map(|picture| picture.svg).collect(),
        map,
        method: writer.method(study),
        made_by: texts.fill("made_by", &[("software", &software())]),
    };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_function("t", move |key: &str| {
        texts.find(key).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no text {key:?}")))
    });
    environment.add_template("calibration.html", TEMPLATE)?;
    environment.get_template("calibration.html")?.render(context! { page => Serde(page), style => STYLE })
}

/// Errors that are no smaller than this part of the spread of the measurements say little of where it is stronger.
const MOST_OF_SPREAD: f64 = 0.9;

struct Writer<'a> {
    texts: Catalogue,
    numbers: Numbers,
    calibration: &'a Calibration,
}

impl Writer<'_> {
    fn text(&self, key: &str) -> String {
        self.texts.text(key).to_owned()
    }

    fn int(&self, number: usize) -> String {
        self.numbers.decimal(number as f64, 0)
    }

    fn db(&self, value: f64) -> String {
        self.numbers.decimal(value, 1)
    }

    fn signed(&self, value: f64) -> String {
        let text = self.db(value);
        if value > 0.0 && !text.starts_with('−') { format!("+{text}") } else { text }
    }

    /// What came of a technology in one sentence.
    fn lead(&self, technology: &TechnologyCalibration) -> String {
        let name = technology.technology.name();
        let before = self.db(technology.before.rmse_db);
        match technology.cross_validated {
            Some(after) => {
                let values = [("technology", name), ("before", &before), ("after", &self.db(after.rmse_db))];
                self.texts.fill("calibration_lead", &values)
            }
            None => {
                let why = self.text(reason_key(technology.none_because));
                self.texts.fill("calibration_lead_none", &[("technology", name), ("before", &before), ("why", &why)])
            }
        }
    }

    /// What a reader must know to not be misled.
    fn notes(&self) -> Vec<String> {
        let record = &self.calibration.measurements;
        let guessed = record.matched_by.get("best_server").copied().unwrap_or(0);
        let unmatched: usize = record.unmatched.values().sum();
        let mut notes = Vec::new();
        if guessed > 0 {
            let values = [("n", self.int(guessed)), ("all", self.int(record.used))];
            notes.push(self.texts.fill("calibration_guessed", &values.each_ref().map(|(n, v)| (*n, v.as_str()))));
        }
        for technology in &self.calibration.technologies {
            let spread_db = technology.measured_standard_deviation_db;
            if technology.correction.as_ref().is_some_and(|correction| correction.slope <= LEAST_SLOPE) {
                let values = [("technology", technology.technology.name())];
                notes.push(self.texts.fill("calibration_slope_limit", &values));
            }
            if technology.cross_validated.is_some_and(|after| after.rmse_db > MOST_OF_SPREAD * spread_db) {
                let values = [("technology", technology.technology.name()), ("spread", &self.db(spread_db))];
                notes.push(self.texts.fill("calibration_no_skill", &values));
            }
        }
        if unmatched > 0 {
            let values = [("n", self.int(unmatched)), ("all", self.int(record.samples))];
            notes.push(self.texts.fill("calibration_unmatched", &values.each_ref().map(|(n, v)| (*n, v.as_str()))));
        }
        notes
    }

    fn figures(&self, technology: &TechnologyCalibration) -> Vec<FigureRow> {
        let row = |key: &str, figures: ErrorFigures| FigureRow {
            technology: technology.technology.name(),
            when: self.text(key),
            places: self.int(technology.places),
            bias: self.signed(figures.bias_db),
            deviation: self.db(figures.standard_deviation_db),
            rmse: self.db(figures.rmse_db),
        };
        let rows = [
            ("calibration_before", Some(technology.before)),
            ("calibration_after_in_sample", technology.after),
            ("calibration_after_cross", technology.cross_validated),
        ];
        rows.into_iter().filter_map(|(key, figures)| Some(row(key, figures?))).collect()
    }

    fn correction(&self, technology: &TechnologyCalibration) -> Vec<CorrectionRow> {
        let name = technology.technology.name();
        let row = |part: String, places: usize, value: String| CorrectionRow {
            technology: name,
            part,
            places: self.int(places),
            value,
        };
        let Some(correction) = &technology.correction else {
            let why = self.text(reason_key(technology.none_because));
            return vec![row(self.text("calibration_none"), technology.places, why)];
        };
        let db = |value: f64| format!("{} dB", self.signed(value));
        let mut rows = vec![row(self.text("calibration_bias"), technology.places, db(correction.bias_db))];
        for (class, &bias_db) in &correction.bias_by_class_db {
            let key = if *class == 0 { "calibration_class_unknown" } else { "calibration_class" };
            let part = self.texts.fill(key, &[("class", &class.to_string())]);
            rows.push(row(part, technology.places_by_class.get(class).copied().unwrap_or(0), db(bias_db)));
        }
        if correction.slope != 0.0 {
            let values = [
                ("slope", self.numbers.short(correction.slope, 3)),
                ("reference", self.db(correction.reference_db)),
                ("low", self.db(correction.range_db[0])),
                ("high", self.db(correction.range_db[1])),
            ];
            let value = self.texts.fill("calibration_slope_value", &values.each_ref().map(|(n, v)| (*n, v.as_str())));
            rows.push(row(self.text("calibration_slope"), technology.places, value));
        }
        rows
    }

    fn steps(&self, technology: &TechnologyCalibration) -> Vec<StepRow> {
        let row = |step: &crate::study::StepRecord| StepRow {
            technology: technology.technology.name(),
            form: self.text(match step.form {
                CorrectionForm::Bias => "calibration_form_bias",
                CorrectionForm::BiasByClass => "calibration_form_class",
                CorrectionForm::BiasAndSlope => "calibration_form_slope",
                CorrectionForm::BiasByClassAndSlope => "calibration_form_class_slope",
            }),
            rmse: self.numbers.decimal(step.rmse_db, 2),
            gain: format!("{} ± {}", self.signed(step.gain_db2), self.db(step.standard_error_db2)),
            taken: self.text(if step.taken { "calibration_taken" } else { "calibration_not_taken" }),
        };
        technology.steps.iter().map(row).collect()
    }

    fn method(&self, study: &Study) -> Vec<(String, String)> {
        let Calibration { prediction, measurements, cross_validation, .. } = self.calibration;
        let parameter = |(name, value): (&String, &serde_json::Value)| match value {
            serde_json::Value::Null => None,
            serde_json::Value::String(word) => Some(format!("{name} = {word}")),
            value => Some(format!("{name} = {value}")),
        };
        let parameters = prediction.parameters.iter().filter_map(parameter).collect::<Vec<_>>().join("; ");
        let listed = |counts: &BTreeMap<String, usize>| {
            let one = |(name, count): (&String, &usize)| {
                format!("{} {}", self.texts.text(&format!("calibration_{name}")), self.int(*count))
            };
            if counts.is_empty() { "0".to_owned() } else { counts.iter().map(one).collect::<Vec<_>>().join("; ") }
        };
        let km = self.numbers.short(cross_validation.block_km, 2);
        let by = match cross_validation.by {
            Grouping::Block => self.texts.fill("calibration_by_block", &[("km", &km)]),
            Grouping::Site => self.text("calibration_by_site"),
        };
        let folds = self.int(cross_validation.folds);
        let buffer = self.numbers.short(cross_validation.buffer_km, 2);
        let rows = [
            ("method_model", format!("{} ({})", prediction.model, study.model.entry().reference)),
            ("calibration_parameters", parameters),
            ("calibration_terrain", format!("{} m", self.db(prediction.terrain_pixel_m))),
            ("calibration_file", format!("{} · SHA-256 {}", measurements.file, measurements.sha256)),
            ("calibration_samples", self.int(measurements.samples)),
            ("calibration_matched", listed(&measurements.matched_by)),
            ("calibration_left_out", listed(&measurements.unmatched)),
            ("calibration_places", self.int(measurements.places)),
            ("calibration_nearest", format!("{} km", self.numbers.short(measurements.least_distance_km, 2))),
            ("calibration_receiver", format!("{} dB", self.numbers.short(measurements.receiver_loss_db, 1))),
            ("calibration_regression", self.text("calibration_regression_value")),
            (
                "calibration_validation",
                self.texts.fill("calibration_validation_value", &[("folds", &folds), ("by", &by), ("buffer", &buffer)]),
            ),
        ];
        rows.into_iter().map(|(key, value)| (self.text(key), value)).collect()
    }
}

fn reason_key(reason: Option<NoCorrection>) -> &'static str {
    match reason {
        Some(NoCorrection::TooFewPlaces) => "calibration_too_few_places",
        Some(NoCorrection::TooFewBlocks) => "calibration_too_few_blocks",
        Some(NoCorrection::NoImprovement) | None => "calibration_no_improvement",
    }
}
