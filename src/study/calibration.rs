//! `calibration.json`: corrections of predicted losses, what they were fitted for and how good they are.
//!
//! `notspot calibrate` writes it, a study names it as `propagation.calibration`. It holds for the model and the parameters of the fit alone.

use super::Study;
use crate::io::{refuse_endless, sha256_of_parts};
use crate::problem::{Problem, Problems};
use crate::radio::{Correction, LossCorrection, Technology};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Name and version of the document.
pub const CALIBRATION_SCHEMA: &str = "notspot/calibration/1";

/// Corrections of predicted losses by technology.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Calibration {
    /// `notspot/calibration/1`.
    pub schema: String,
    /// Name of the study.
    pub study: String,
    /// Whether the data is made up.
    pub synthetic: bool,
    /// Date of the study, `YYYY-MM-DD`.
    pub date: String,
    /// What predicted the losses. A study that predicts them otherwise cannot use the corrections.
    pub prediction: PredictionIdentity,
    /// SHA-256 of `prediction`.
    pub prediction_sha256: String,
    /// What was measured.
    pub measurements: MeasurementRecord,
    /// How corrections were tried on places that the fit had not seen.
    pub cross_validation: CrossValidation,
    /// By technology, oldest first; technologies without measurements are left out.
    pub technologies: Vec<TechnologyCalibration>,
}

/// What decides a prediction beside terrain and place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PredictionIdentity {
    /// Id of the model.
    pub model: String,
    /// Its parameters, defaults filled in.
    pub parameters: serde_json::Map<String, serde_json::Value>,
    /// Heights on the classes of land cover, m, by code; absent when the study names no land cover.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clutter_heights_m: Option<BTreeMap<u8, f64>>,
    /// Whether profiles have radio-climatic zones.
    pub zones: bool,
    /// Size of a pixel of the terrain, and the step of profiles, m.
    pub terrain_pixel_m: f64,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MeasurementRecord {
    /// The file.
    pub file: String,
    /// SHA-256 of its bytes; of the rows that were read, for a database.
    pub sha256: String,
    /// Samples in it.
    pub samples: usize,
    /// Samples that were matched to a cell and have a prediction.
    pub used: usize,
    /// The others by reason; unmatched.csv lists them.
    pub unmatched: BTreeMap<String, usize>,
    /// Samples by how they were matched: `cell`, `site`, `best_server`.
    pub matched_by: BTreeMap<String, usize>,
    /// Places, each the median of a cell's samples on a pixel at a height.
    pub places: usize,
    /// Loss between a receiver's antenna and an isotropic one in the open, dB: taken out of measured levels.
    pub receiver_loss_db: f64,
    /// Places nearer to their site were left out, km.
    pub least_distance_km: f64,
}

/// How corrections were tried on places that the fit had not seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CrossValidation {
    /// What stays together: squares of land, or all places of a site.
    pub by: Grouping,
    /// Side of a square, km.
    pub block_km: f64,
    /// Places nearer to a part were left out when it was predicted, km.
    #[serde(default)]
    pub buffer_km: f64,
    /// Parts, each of which was predicted from the others, at most.
    pub folds: usize,
}

/// What stays together in cross-validation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    /// Squares of land.
    #[default]
    Block,
    /// All places of a site.
    Site,
}

/// What measurements say of a technology.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TechnologyCalibration {
    /// Technology.
    pub technology: Technology,
    /// Measured places.
    pub places: usize,
    /// Measured places by land-cover class; 0 is where no class is known.
    pub places_by_class: BTreeMap<u8, usize>,
    /// Standard deviation of the measured losses, dB: predictions whose error is no smaller tell no place from another.
    pub measured_standard_deviation_db: f64,
    /// The correction; null for none.
    pub correction: Option<LossCorrection>,
    /// Why there is none; null when there is one.
    pub none_because: Option<NoCorrection>,
    /// Errors of the prediction as it is.
    pub before: ErrorFigures,
    /// Errors after the correction, at the places that it was fitted to.
    pub after: Option<ErrorFigures>,
    /// Errors after corrections that were fitted without the places and their neighbours.
    pub cross_validated: Option<ErrorFigures>,
    /// What was tried, in order.
    pub steps: Vec<StepRecord>,
}

/// Why a technology has no correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoCorrection {
    /// There are too few measured places.
    TooFewPlaces,
    /// They lie in too few blocks, belong to too few sites, or lie too near to one another to try a fit on others.
    TooFewBlocks,
    /// No correction lowers the error at places that the fit has not seen.
    NoImprovement,
}

/// Errors of predictions, predicted minus measured loss, dB.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorFigures {
    /// Mean.
    pub bias_db: f64,
    /// Standard deviation around the mean.
    pub standard_deviation_db: f64,
    /// Root of the mean square.
    pub rmse_db: f64,
}

/// A form of correction that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StepRecord {
    /// What it consists of.
    pub form: CorrectionForm,
    /// Root mean square error in cross-validation, dB.
    pub rmse_db: f64,
    /// By how much the mean square error falls against the form before that was taken, dB².
    pub gain_db2: f64,
    /// Standard error of that over the folds, dB².
    pub standard_error_db2: f64,
    /// Whether it was taken: the gain exceeds its standard error.
    pub taken: bool,
}

/// What a correction consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionForm {
    /// One bias.
    Bias,
    /// A bias for each class of land cover.
    BiasByClass,
    /// One bias and a slope.
    BiasAndSlope,
    /// A bias for each class, and a slope.
    BiasByClassAndSlope,
}

impl ErrorFigures {
    /// The figures of some errors; `None` without any.
    pub fn of(errors_db: &[f64]) -> Option<Self> {
        let n = errors_db.len() as f64;
        let mean = |value: &dyn Fn(f64) -> f64| errors_db.iter().map(|&e| value(e)).sum::<f64>() / n;
        let bias_db = mean(&|e| e);
        let of = || Self {
            bias_db,
            standard_deviation_db: mean(&|e| (e - bias_db).powi(2)).sqrt(),
            rmse_db: mean(&|e| e * e).sqrt(),
        };
        (!errors_db.is_empty()).then(of)
    }
}

impl PredictionIdentity {
    /// That of a study.
    pub fn of(study: &Study) -> Self {
        Self {
            model: study.model.entry().id.to_owned(),
            parameters: study.model.parameters().values().clone(),
            clutter_heights_m: study.land_cover.is_some().then(|| study.config.clutter.heights_by_code()),
            zones: study.terrain.zones.is_some(),
            terrain_pixel_m: study.terrain.pixel_size_m,
        }
    }

    /// Its SHA-256.
    pub fn sha256(&self) -> String {
        sha256_of_parts([serde_json::to_vec(self).unwrap_or_default()])
    }

    /// In what another prediction differs from this one: the first difference, in words.
    fn difference(&self, other: &Self) -> Option<String> {
        let said = |name: &str, of_fit: &dyn std::fmt::Display, here: &dyn std::fmt::Display| {
            Some(format!("{name} was {of_fit} and is {here} here"))
        };
        if self.model != other.model {
            return said("the model", &self.model, &other.model);
        }
        let nothing = serde_json::Value::Null;
        let names = self.parameters.keys().chain(other.parameters.keys());
        for name in names {
            let [a, b] = [self, other].map(|identity| identity.parameters.get(name).unwrap_or(&nothing));
            if a != b && !is_same_refractivity(name, a, b) {
                return said(&format!("its parameter {name}"), a, b);
            }
        }
        let yes_no = |has: bool| if has { "there" } else { "absent" };
        match (&self.clutter_heights_m, &other.clutter_heights_m) {
            (Some(a), Some(b)) if a != b => return Some("the heights of [clutter] were others".into()),
            (a, b) if a.is_some() != b.is_some() => {
                return said("land cover", &yes_no(a.is_some()), &yes_no(b.is_some()));
            }
            _ => {}
        }
        if self.zones != other.zones {
            return said("inputs.zones", &yes_no(self.zones), &yes_no(other.zones));
        }
        let ratio = self.terrain_pixel_m / other.terrain_pixel_m;
        if !((1.0 / MOST_PIXEL_RATIO)..=MOST_PIXEL_RATIO).contains(&ratio) {
            let meters = |m: f64| format!("{m:.1} m");
            return said("the terrain's pixel", &meters(self.terrain_pixel_m), &meters(other.terrain_pixel_m));
        }
        None
    }
}

/// Parameters that maps of the ITU give, N-units (per km).
const REFRACTIVITIES: [&str; 3] = ["delta_n", "n0", "surface_refractivity"];

/// They may differ by so much: they are read off in the middle of a study's villages and sites, which each of them moves a little. Losses do by
/// less than 0.1 dB.
const SAME_REFRACTIVITY: f64 = 0.5;

fn is_same_refractivity(name: &str, a: &serde_json::Value, b: &serde_json::Value) -> bool {
    let apart = a.as_f64().zip(b.as_f64()).map(|(a, b)| (a - b).abs());
    REFRACTIVITIES.contains(&name) && apart.is_some_and(|apart| apart <= SAME_REFRACTIVITY)
}

/// The least slope of a correction: a larger loss stays larger.
pub const LEAST_SLOPE: f64 = -0.95;

/// Pixels may differ by so much: those of rasters in degrees change with the latitude.
const MOST_PIXEL_RATIO: f64 = 1.1;

/// A bias is not larger, dB.
const MOST_BIAS_DB: f64 = 100.0;

impl Calibration {
    /// Reads a document; `file` names it in messages.
    ///
    /// # Errors
    /// It is none, or one of its numbers is out of range.
    pub fn parse(bytes: &[u8], file: &str) -> Result<Self, Problem> {
        let read: Self = serde_json::from_slice(bytes).map_err(|error| {
            let problem = Problem::error(file, format!("is no calibration: {error}"));
            if error.line() > 0 { problem.at_row(error.line()) } else { problem }
        })?;
        if read.schema != CALIBRATION_SCHEMA {
            let problem = Problem::error(file, format!("must be {CALIBRATION_SCHEMA}"));
            return Err(problem.in_field("schema").with_value(read.schema));
        }
        for (index, entry) in read.technologies.iter().enumerate() {
            let Some(correction) = &entry.correction else { continue };
            let field = |name: &str| format!("technologies[{index}].correction.{name}");
            let biases = correction.bias_by_class_db.values().chain([&correction.bias_db]);
            let checks = [
                ("bias_db", biases.clone().all(|db| db.abs() <= MOST_BIAS_DB), "must be −100 to 100 dB"),
                ("slope", correction.slope > -1.0 && correction.slope <= 10.0, "must be more than −1, and 10 at most"),
                ("range_db", correction.range_db[0] <= correction.range_db[1], "must be lowest, highest"),
            ];
            if let Some((name, _, allowed)) = checks.into_iter().find(|(_, fits, _)| !fits) {
                return Err(Problem::error(file, allowed).in_field(field(name)));
            }
            if read.technologies[..index].iter().any(|other| other.technology == entry.technology) {
                let problem = Problem::error(file, "stands twice").with_value(entry.technology);
                return Err(problem.in_field(format!("technologies[{index}].technology")));
            }
        }
        Ok(read)
    }

    /// The corrections.
    pub fn correction(&self) -> Correction {
        self.technologies.iter().filter_map(|t| Some((t.technology, t.correction.clone()?))).collect()
    }
}

/// The corrections of the file that a study names, when they were fitted to what the study predicts with.
pub(super) fn read(path: &Path, file: &str, here: &PredictionIdentity, problems: &mut Problems) -> Correction {
    let read = || std::fs::read(path).map_err(|error| Problem::error(file, format!("cannot be read: {error}")));
    let read = refuse_endless(path, file).and_then(|()| read()).and_then(|bytes| Calibration::parse(&bytes, file));
    let calibration = match read {
        Ok(calibration) => calibration,
        Err(problem) => {
            problems.push(problem);
            return Correction::default();
        }
    };
    if let Some(difference) = calibration.prediction.difference(here) {
        let problem = Problem::error(file, format!("was fitted to other predictions: {difference}"));
        let suggestion = "calibrate again (notspot calibrate), or leave propagation.calibration out";
        problems.push(problem.in_field("propagation.calibration").suggest(suggestion));
        return Correction::default();
    }
    calibration.correction()
}

/// Warns of corrections of which none is of a technology that the study has.
pub(super) fn warn_without_effect(
    correction: &Correction,
    technologies: BTreeSet<Technology>,
    file: &str,
    problems: &mut Problems,
) {
    if problems.error_count() > 0 || technologies.iter().any(|technology| correction.of(*technology).is_some()) {
        return;
    }
    let corrected = Technology::ALL.into_iter().filter(|t| correction.of(*t).is_some()).map(Technology::name);
    let message = match corrected.collect::<Vec<_>>()[..] {
        [] => "corrects nothing: its measurements bore no correction out".to_owned(),
        ref names => format!("corrects {} only, of which the study has no cells", names.join(", ")),
    };
    let problem = Problem::warning(file, format!("{message}; losses stay as they are predicted"));
    problems.push(problem.in_field("propagation.calibration"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(delta_n: f64, time_percent: f64) -> PredictionIdentity {
        let parameters = [("delta_n", delta_n), ("time_percent", time_percent)];
        PredictionIdentity {
            model: "p1812".into(),
            parameters: parameters.map(|(name, value)| (name.to_owned(), value.into())).into_iter().collect(),
            clutter_heights_m: None,
            zones: false,
            terrain_pixel_m: 30.0,
        }
    }

    #[test]
    fn a_village_more_moves_the_refractivity_of_maps_and_is_no_other_prediction() {
        let fitted = identity(45.0, 50.0);
        assert_eq!(fitted.difference(&identity(45.000_31, 50.0)), None);
        assert_eq!(fitted.difference(&identity(44.5, 50.0)), None);
        let said = |other| fitted.difference(&other).unwrap_or_default();
        assert_eq!(said(identity(45.6, 50.0)), "its parameter delta_n was 45.0 and is 45.6 here");
        assert_eq!(said(identity(45.0, 50.1)), "its parameter time_percent was 50.0 and is 50.1 here");
    }
}
