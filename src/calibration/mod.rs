//! Calibration: what measurements say of predicted losses.
//!
//! In: a study and samples of drive tests or phones. Out: a [`Calibration`] for the studies that predict alike, and each measured place with its
//! errors. Samples are matched to cells and averaged on the terrain's pixels ([`match_places`]); by technology a bias, biases of land-cover
//! classes and a slope are fitted robustly, and each is kept only where it lowers the error in spatial cross-validation. Measured losses stay
//! with the places where they were measured: no layer of predictions takes them in.

mod cells;
mod fit;
mod folds;
mod matching;
mod plausible;
mod regression;

pub use fit::{FEWEST_PLACES, FEWEST_PLACES_OF_CLASS};
pub use matching::{MatchedBy, MeasuredPlace, Places, Unmatched, UnmatchedSample, match_places};
pub use plausible::{doubtful, stuck};

use crate::progress::{Interrupted, Progress};
use crate::radio::Technology;
use crate::study::{
    CALIBRATION_SCHEMA, Calibration, CrossValidation, Grouping, MeasurementRecord, Measurements, PredictionIdentity,
    Study,
};
use fit::Pair;
use folds::Folds;
use std::collections::BTreeMap;

/// How a calibration is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Loss between the receiver's antenna and an isotropic one in the open, dB.
    pub receiver_loss_db: f64,
    /// Places nearer to their site are left out, km.
    pub least_distance_km: f64,
    /// What stays together in cross-validation.
    pub grouping: Grouping,
    /// Side of a square of land that stays together, km.
    pub block_km: f64,
    /// Places nearer to a fold are left out of the fit that predicts it, km.
    pub buffer_km: f64,
    /// Folds at most.
    pub folds: usize,
}

/// A measured place with what the calibration says of it.
#[derive(Debug, Clone)]
pub struct CalibratedPlace {
    /// The place.
    pub place: MeasuredPlace,
    /// Technology of its cell.
    pub technology: Technology,
    /// Loss after the correction, dB; the predicted one without a correction.
    pub corrected_db: f64,
    /// Loss after a correction that was fitted without the place's fold, dB; `None` without a correction.
    pub cross_validated_db: Option<f64>,
    /// Its fold; `None` without cross-validation.
    pub fold: Option<usize>,
}

/// A calibration with the places it rests on.
#[derive(Debug)]
pub struct Calibrated {
    /// The document.
    pub calibration: Calibration,
    /// By technology, site, cell and pixel.
    pub places: Vec<CalibratedPlace>,
    /// Samples that are of no use, by row.
    pub unmatched: Vec<UnmatchedSample>,
}

/// Calibrates a study, whose own corrections are not looked at; `file` and `sha256` are those of the measurements.
///
/// # Errors
/// The work was interrupted.
pub fn calibrate(
    study: &Study,
    measurements: &Measurements,
    (file, sha256): (&str, &str),
    options: &Options,
    progress: &Progress,
) -> Result<Calibrated, Interrupted> {
    let Places { places, unmatched } = match_places(study, measurements, options, progress)?;
    let mut matched_by: BTreeMap<String, usize> = BTreeMap::new();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let by_way = places.iter().flat_map(|place| &place.matched_by);
    by_way.for_each(|(way, count)| *matched_by.entry(way.name().to_owned()).or_default() += count);
    unmatched.iter().for_each(|sample| *reasons.entry(sample.why.name().to_owned()).or_default() += 1);
    let record = MeasurementRecord {
        file: file.to_owned(),
        sha256: sha256.to_owned(),
        samples: measurements.samples.len(),
        used: places.iter().map(|p| p.samples).sum(),
        unmatched: reasons,
        matched_by,
        places: places.len(),
        receiver_loss_db: options.receiver_loss_db,
        least_distance_km: options.least_distance_km,
    };
    let positions: Vec<_> = places.iter().map(|p| p.position).collect();
    let blocks = folds::blocks(&positions, options.block_km);
    let mut technologies = Vec::new();
    let mut calibrated = Vec::with_capacity(places.len());
    for technology in Technology::ALL {
        let own: Vec<(usize, &MeasuredPlace)> = places
            .iter()
            .enumerate()
            .filter(|(_, p)| study.sites[p.site].cells[p.cell].technology == technology)
            .collect();
        if own.is_empty() {
            continue;
        }
        let pair = |(_, p): &(usize, &MeasuredPlace)| Pair {
            class: p.class,
            measured_db: p.measured_db,
            predicted_db: p.predicted_db,
        };
        let pairs: Vec<Pair> = own.iter().map(pair).collect();
        let group = |(index, p): &(usize, &MeasuredPlace)| match options.grouping {
            Grouping::Block => blocks[*index],
            Grouping::Site => (p.site as i64, 0),
        };
        let groups: Vec<(i64, i64)> = own.iter().map(group).collect();
        let folds = folds::folds(&groups, options.folds).map(|folds| {
            let positions: Vec<_> = own.iter().map(|(_, place)| place.position).collect();
            Folds::of(folds, &positions, 1000.0 * options.buffer_km)
        });
        let outcome = fit::calibrate(technology, &pairs, folds);
        let correction = outcome.record.correction.as_ref();
        calibrated.extend(own.iter().enumerate().map(|(i, (_, place))| CalibratedPlace {
            technology,
            corrected_db:
                correction.map_or(place.predicted_db, |c| c.corrected_loss_db(place.class, place.predicted_db)),
            cross_validated_db: outcome.cross_validated_db.as_ref().map(|all| all[i]),
            fold: outcome.folds.as_ref().map(|all| all.of[i]),
            place: (*place).clone(),
        }));
        technologies.push(outcome.record);
    }
    let prediction = PredictionIdentity::of(study);
    let calibration = Calibration {
        schema: CALIBRATION_SCHEMA.to_owned(),
        study: study.config.name.clone(),
        synthetic: study.config.synthetic,
        date: study.config.date.clone(),
        prediction_sha256: prediction.sha256(),
        prediction,
        measurements: record,
        cross_validation: CrossValidation {
            by: options.grouping,
            block_km: options.block_km,
            buffer_km: options.buffer_km,
            folds: options.folds,
        },
        technologies,
    };
    Ok(Calibrated { calibration, places: calibrated, unmatched })
}
