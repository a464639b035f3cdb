//! What the samples of a place say together, and what is predicted there.

use super::Options;
use super::cells::{Cells, Predicted};
use super::regression::median;
use crate::geodesy::LonLat;
use crate::progress::{Interrupted, Progress};
use crate::study::{Measured, Measurement, Measurements, Study};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a sample found its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MatchedBy {
    /// It names the cell.
    Cell,
    /// It names the site.
    Site,
    /// It names neither: the cell with the strongest predicted level there was taken.
    BestServer,
}

impl MatchedBy {
    /// The word in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cell => "cell",
            Self::Site => "site",
            Self::BestServer => "best_server",
        }
    }
}

/// Why a sample is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Unmatched {
    /// The study has no cell or site of that name.
    UnknownCell,
    /// The cell or site has nothing of that operator, technology and frequency.
    OtherCarrier,
    /// No cell of that operator, technology and frequency is within its radius.
    NothingInReach,
    /// It is nearer to the site than predictions are compared.
    TooNear,
    /// The antenna's pattern takes more than 15 dB there: nulls and backs are filled by scattering that no pattern knows.
    OutsideBeam,
    /// Terrain is missing there or on the way, or the model does not allow the path.
    NoPrediction,
}

impl Unmatched {
    /// The word in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnknownCell => "unknown_cell",
            Self::OtherCarrier => "other_carrier",
            Self::NothingInReach => "nothing_in_reach",
            Self::TooNear => "too_near",
            Self::OutsideBeam => "outside_beam",
            Self::NoPrediction => "no_prediction",
        }
    }
}

/// A measured place of a cell: the median of its samples on a pixel of the terrain, at one height.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredPlace {
    /// Index of the site in the study.
    pub site: usize,
    /// Index of the cell in the site.
    pub cell: usize,
    /// Mean of the samples' positions.
    pub position: LonLat,
    /// Receiving antenna above ground, m.
    pub height_agl_m: f64,
    /// Land-cover class; 0 where none is known.
    pub class: u8,
    /// Distance to the site, m.
    pub distance_m: f64,
    /// Its samples.
    pub samples: usize,
    /// Row of the first of them.
    pub row: usize,
    /// How they were matched.
    pub matched_by: BTreeMap<MatchedBy, usize>,
    /// Median of the measured basic transmission losses, dB.
    pub measured_db: f64,
    /// Predicted loss, dB, without any correction.
    pub predicted_db: f64,
}

/// Measured places and what of the samples is of no use.
#[derive(Debug, Default)]
pub struct Places {
    /// By site, cell, pixel and height.
    pub places: Vec<MeasuredPlace>,
    /// Samples that are of no use, by row.
    pub unmatched: Vec<UnmatchedSample>,
}

/// A sample that is of no use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnmatchedSample {
    /// Row of the table.
    pub row: usize,
    /// Where it was taken.
    pub position: LonLat,
    /// Why.
    pub why: Unmatched,
}

impl UnmatchedSample {
    fn of(sample: &Measurement, why: Unmatched) -> Self {
        Self { row: sample.row, position: sample.position, why }
    }
}

/// Mean of the positions of samples.
fn mean_position<'a>(samples: impl Iterator<Item = &'a Measurement> + Clone) -> LonLat {
    let count = samples.clone().count() as f64;
    let mean = |of: fn(&Measurement) -> f64| samples.clone().map(of).sum::<f64>() / count;
    LonLat::new(mean(|sample| sample.position.lon_deg), mean(|sample| sample.position.lat_deg))
}

/// Most that a pattern may take from a level that is to say something of the path, dB.
const MOST_ATTENUATION_DB: f64 = 15.0;

/// What was heard, the pixel and the bits of the height.
type BinKey = (usize, (usize, usize), u64);

/// Site, cell, the pixel and the bits of the height.
type PlaceKey = (usize, usize, (usize, usize), u64);

/// Finds the cell of each sample and predicts the loss at each measured place.
///
/// A sample is of the cell that it names, or of that of the site which it names. Where several fit (sectors), or it names none, the one
/// with the strongest predicted level is taken among those of its operator, technology and frequency.
///
/// # Errors
/// The work was interrupted.
pub fn match_places(
    study: &Study,
    measurements: &Measurements,
    options: &Options,
    progress: &Progress,
) -> Result<Places, Interrupted> {
    let mut bins: BTreeMap<BinKey, Vec<Measurement>> = BTreeMap::new();
    let mut found = Places::default();
    for sample in &measurements.samples {
        let Some(pixel) = study.terrain.pixel_of(sample.position) else {
            found.unmatched.push(UnmatchedSample::of(sample, Unmatched::NoPrediction));
            continue;
        };
        let height = sample.height_agl_m.unwrap_or(study.config.propagation.receiver_height_m);
        bins.entry((sample.heard, pixel, height.to_bits())).or_default().push(*sample);
    }
    let bins: Vec<(BinKey, Vec<Measurement>)> = bins.into_iter().collect();
    let network = Cells::of(study, options);
    let matched = progress.in_parts("measured places", &bins, |((heard, _, height), bin)| {
        network.best(&measurements.heard[*heard], mean_position(bin.iter()), f64::from_bits(*height))
    })?;
    let mut gathered: BTreeMap<PlaceKey, Gathered> = BTreeMap::new();
    for (((_, pixel, height), bin), result) in bins.into_iter().zip(matched) {
        match result {
            Ok((predicted, matched_by)) => {
                let place = gathered.entry((predicted.site, predicted.cell, pixel, height)).or_default();
                found.unmatched.extend(place.add(bin, predicted, matched_by));
            }
            Err(why) => found.unmatched.extend(bin.iter().map(|sample| UnmatchedSample::of(sample, why))),
        }
    }
    let gathered: Vec<(PlaceKey, Gathered)> =
        gathered.into_iter().filter(|(_, place)| !place.samples.is_empty()).collect();
    let predicted = progress.in_parts("merged places", &gathered, |((site, cell, _, height), place)| {
        let anew = || network.predict((*site, *cell), place.position(), f64::from_bits(*height));
        place.predicted.or_else(anew)
    })?;
    for (((.., height), place), predicted) in gathered.into_iter().zip(predicted) {
        match predicted.and_then(|predicted| place.measured(study, predicted, f64::from_bits(height))) {
            Some(place) => found.places.push(place),
            None => {
                let lost = place.samples.iter().map(|(sample, _)| UnmatchedSample::of(sample, Unmatched::NoPrediction));
                found.unmatched.extend(lost);
            }
        }
    }
    found.unmatched.sort_unstable_by_key(|sample| sample.row);
    Ok(found)
}

/// Samples of one cell on a pixel at one height: those that name it beside those that do not.
#[derive(Default)]
struct Gathered {
    samples: Vec<(Measurement, MatchedBy)>,
    /// What is predicted in the middle of the samples, where that is known already: they were matched together.
    predicted: Option<Predicted>,
}

impl Gathered {
    /// Adds samples that were matched together; gives those that the antenna's pattern keeps out. A measured loss has its pattern taken out.
    fn add(&mut self, bin: Vec<Measurement>, predicted: Predicted, matched_by: MatchedBy) -> Vec<UnmatchedSample> {
        let outside = predicted.attenuation_db > MOST_ATTENUATION_DB;
        let is_lost = |sample: &Measurement| outside && matches!(sample.measured, Measured::Level(_));
        let (lost, bin): (Vec<_>, Vec<_>) = bin.into_iter().partition(is_lost);
        self.predicted = (self.samples.is_empty() && lost.is_empty()).then_some(predicted);
        self.samples.extend(bin.into_iter().map(|sample| (sample, matched_by)));
        lost.iter().map(|sample| UnmatchedSample::of(sample, Unmatched::OutsideBeam)).collect()
    }

    fn position(&self) -> LonLat {
        mean_position(self.samples.iter().map(|(sample, _)| sample))
    }

    /// The place; `None` without samples.
    fn measured(&self, study: &Study, predicted: Predicted, height_agl_m: f64) -> Option<MeasuredPlace> {
        let position = self.position();
        let loss_db = |(sample, _): &(Measurement, MatchedBy)| match sample.measured {
            Measured::Loss(db) => db,
            Measured::Level(dbm) => predicted.level_at_zero_loss_dbm - dbm,
        };
        let mut matched_by: BTreeMap<MatchedBy, usize> = BTreeMap::new();
        self.samples.iter().for_each(|(_, by)| *matched_by.entry(*by).or_default() += 1);
        Some(MeasuredPlace {
            site: predicted.site,
            cell: predicted.cell,
            position,
            height_agl_m,
            class: study.class_at(position),
            distance_m: study.sites[predicted.site].position.distance_m(position),
            samples: self.samples.len(),
            row: self.samples.iter().map(|(sample, _)| sample.row).min()?,
            matched_by,
            measured_db: median(self.samples.iter().map(loss_db))?,
            predicted_db: predicted.loss_db,
        })
    }
}
