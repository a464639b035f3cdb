//! Which cell each sample is of, what a place's samples say together, and what is predicted there.

use super::Options;
use super::regression::median;
use crate::coverage::{Transmitter, point_loss};
use crate::geodesy::LonLat;
use crate::index::PlaceIndex;
use crate::progress::{Interrupted, Progress};
use crate::radio::depression_deg;
use crate::study::{Cell, Heard, Measured, Measurement, Measurements, Study};
use crate::units::Db;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

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
    pub matched_by: MatchedBy,
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

/// Samples of the same thing on one pixel at one height.
type Bin = Vec<Measurement>;

/// Mean of the positions of samples.
fn mean_position(samples: &[Measurement]) -> LonLat {
    let mean = |of: &dyn Fn(&Measurement) -> f64| samples.iter().map(of).sum::<f64>() / samples.len() as f64;
    LonLat::new(mean(&|sample| sample.position.lon_deg), mean(&|sample| sample.position.lat_deg))
}

/// Most that a pattern may take from a level that is to say something of the path, dB.
const MOST_ATTENUATION_DB: f64 = 15.0;

type BinKey = (usize, (usize, usize), u64);

/// Cells and frequencies may differ so much and be the same carrier band, as a part of the frequency: inventories often know the band alone.
const SAME_BAND: f64 = 0.04;

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
    let mut bins: BTreeMap<BinKey, Bin> = BTreeMap::new();
    let mut found = Places::default();
    for sample in &measurements.samples {
        let Some(pixel) = study.terrain.pixel_of(sample.position) else {
            found.unmatched.push(UnmatchedSample::of(sample, Unmatched::NoPrediction));
            continue;
        };
        let height = sample.height_agl_m.unwrap_or(study.config.propagation.receiver_height_m);
        bins.entry((sample.heard, pixel, height.to_bits())).or_default().push(*sample);
    }
    let bins: Vec<(BinKey, Bin)> = bins.into_iter().collect();
    let network = Cells::of(study, options);
    let matched = progress.in_parts("measured places", &bins, |((heard, _, height), bin)| {
        network.best(&measurements.heard[*heard], mean_position(bin), f64::from_bits(*height))
    })?;
    let mut by_cell: BTreeMap<(usize, usize, (usize, usize), u64), Merged> = BTreeMap::new();
    for (((_, pixel, height), bin), result) in bins.into_iter().zip(matched) {
        match result {
            Ok(best) => {
                // a measured loss has its pattern taken out
                let outside = best.attenuation_db > MOST_ATTENUATION_DB;
                let is_lost = |sample: &Measurement| outside && matches!(sample.measured, Measured::Level(_));
                let (lost, bin): (Bin, Bin) = bin.into_iter().partition(is_lost);
                found.unmatched.extend(lost.iter().map(|sample| UnmatchedSample::of(sample, Unmatched::OutsideBeam)));
                if bin.is_empty() {
                    continue;
                }
                let key = (best.site, best.cell, pixel, height);
                by_cell.entry(key).or_default().add(bin, best);
            }
            Err(why) => found.unmatched.extend(bin.iter().map(|sample| UnmatchedSample::of(sample, why))),
        }
    }
    found.unmatched.sort_unstable_by_key(|sample| sample.row);
    found.places = by_cell.into_iter().filter_map(|((.., height), merged)| merged.place(study, height)).collect();
    Ok(found)
}

/// Bins of one cell on a pixel: samples that name it beside samples that do not.
#[derive(Default)]
struct Merged {
    first: Option<Predicted>,
    samples: Bin,
    losses_db: Vec<f64>,
}

impl Merged {
    fn add(&mut self, bin: Bin, predicted: Predicted) {
        self.losses_db.extend(bin.iter().map(|sample| match sample.measured {
            Measured::Loss(db) => db,
            Measured::Level(dbm) => predicted.level_at_zero_loss_dbm - dbm,
        }));
        self.samples.extend(bin);
        self.first.get_or_insert(predicted);
    }

    fn place(self, study: &Study, height: u64) -> Option<MeasuredPlace> {
        let predicted = self.first?;
        let position = mean_position(&self.samples);
        Some(MeasuredPlace {
            site: predicted.site,
            cell: predicted.cell,
            position,
            height_agl_m: f64::from_bits(height),
            class: study.class_at(position),
            distance_m: study.sites[predicted.site].position.distance_m(position),
            samples: self.losses_db.len(),
            row: self.samples.iter().map(|sample| sample.row).min()?,
            matched_by: predicted.matched_by,
            measured_db: median(self.losses_db.into_iter())?,
            predicted_db: predicted.loss_db,
        })
    }
}

/// The cell of some samples with its prediction at their place.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Predicted {
    site: usize,
    cell: usize,
    matched_by: MatchedBy,
    loss_db: f64,
    /// What the antenna takes in the direction of the place.
    attenuation_db: f64,
    /// Level of a loss of 0 dB in the direction of the place: the antenna's attenuation is taken off.
    level_at_zero_loss_dbm: f64,
}

/// The cells of a study by their names and places.
struct Cells<'a> {
    study: &'a Study,
    options: &'a Options,
    by_id: HashMap<String, Vec<(usize, usize)>>,
    by_site: HashMap<String, usize>,
    index: PlaceIndex,
    reach_m: f64,
}

impl<'a> Cells<'a> {
    fn of(study: &'a Study, options: &'a Options) -> Self {
        let mut by_id: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        for (site, entry) in study.sites.iter().enumerate() {
            for (cell, properties) in entry.cells.iter().enumerate() {
                if let Some(id) = &properties.id {
                    by_id.entry(id.to_lowercase()).or_default().push((site, cell));
                }
            }
        }
        let by_site = study.sites.iter().enumerate().map(|(index, site)| (site.id.to_lowercase(), index)).collect();
        let reach_km = study.config.coverage.radius_km.values().copied().fold(0.0, f64::max);
        let index = PlaceIndex::new(study.sites.iter().map(|site| site.position));
        Self { study, options, by_id, by_site, index, reach_m: reach_km * 1000.0 }
    }

    fn properties(&self, (site, cell): (usize, usize)) -> &Cell {
        &self.study.sites[site].cells[cell]
    }

    /// The cell that is heard at a place, the strongest where several may be.
    fn best(&self, heard: &Heard, place: LonLat, height_agl_m: f64) -> Result<Predicted, Unmatched> {
        let (candidates, matched_by) = self.named(heard, place)?;
        let candidates = self.of_carrier(heard, candidates);
        if candidates.is_empty() {
            return Err(match matched_by {
                MatchedBy::BestServer => Unmatched::NothingInReach,
                _ => Unmatched::OtherCarrier,
            });
        }
        let mut losses: Vec<(Transmitter, Option<f64>)> = Vec::new();
        let predicted = candidates.into_iter().filter_map(|(site, cell)| {
            let loss_db = self.loss_db((site, cell), place, height_agl_m, &mut losses)?;
            let attenuation_db = self.attenuation_db((site, cell), place, height_agl_m);
            let around = Db(self.options.receiver_loss_db + attenuation_db);
            let level_at_zero_loss_dbm = self.properties((site, cell)).radio().level(around).0;
            Some(Predicted { site, cell, matched_by, loss_db, attenuation_db, level_at_zero_loss_dbm })
        });
        let level = |p: &Predicted| p.level_at_zero_loss_dbm - p.loss_db;
        let strongest = predicted.reduce(|best, other| if level(&other) > level(&best) { other } else { best });
        let strongest = strongest.ok_or(Unmatched::NoPrediction)?;
        let distance_m = self.study.sites[strongest.site].position.distance_m(place);
        if distance_m < 1000.0 * self.options.least_distance_km { Err(Unmatched::TooNear) } else { Ok(strongest) }
    }

    /// The cells that a sample may be of by the names that it states.
    fn named(&self, heard: &Heard, place: LonLat) -> Result<(Vec<(usize, usize)>, MatchedBy), Unmatched> {
        let all_of = |site: usize| (0..self.study.sites[site].cells.len()).map(move |cell| (site, cell));
        let site = match &heard.site {
            Some(name) => Some(*self.by_site.get(&name.to_lowercase()).ok_or(Unmatched::UnknownCell)?),
            None => None,
        };
        if let Some(name) = &heard.cell {
            let name = name.to_lowercase();
            let of_site = |&(s, _): &(usize, usize)| site.is_none_or(|site| site == s);
            let cells: Vec<_> = self.by_id.get(&name).into_iter().flatten().copied().filter(of_site).collect();
            if !cells.is_empty() {
                return Ok((cells, MatchedBy::Cell));
            }
            // some tables write the site into the column of the cell
            if let (None, Some(&site)) = (site, self.by_site.get(&name)) {
                return Ok((all_of(site).collect(), MatchedBy::Site));
            }
            // an inventory without names of cells cannot tell them apart
            match site {
                Some(site) if all_of(site).all(|cell| self.properties(cell).id.is_none()) => {}
                _ => return Err(Unmatched::UnknownCell),
            }
        }
        if let Some(site) = site {
            return Ok((all_of(site).collect(), MatchedBy::Site));
        }
        let radius_m = |cell| {
            let km = self.study.config.coverage.radius_km.get(&self.properties(cell).technology);
            km.map_or(0.0, |km| km * 1000.0)
        };
        let near = self.index.within(place, self.reach_m).into_iter();
        let within = near.flat_map(|(site, d)| all_of(site).filter(move |&cell| d <= radius_m(cell)));
        Ok((within.collect(), MatchedBy::BestServer))
    }

    /// Those of the operator, technology and frequency that a sample states; of frequencies those that are nearest.
    fn of_carrier(&self, heard: &Heard, cells: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
        let is_heard = |&(site, cell): &(usize, usize)| {
            let operator = &self.study.sites[site].operator;
            let same_operator =
                heard.operator.as_ref().is_none_or(|name| name.to_lowercase() == operator.to_lowercase());
            same_operator && heard.technology.is_none_or(|t| t == self.properties((site, cell)).technology)
        };
        let mut cells: Vec<_> = cells.into_iter().filter(is_heard).collect();
        if let Some(khz) = heard.frequency_khz {
            let mhz = khz as f64 / 1000.0;
            let apart = |&cell: &(usize, usize)| (self.properties(cell).frequency_mhz - mhz).abs();
            let nearest = cells.iter().map(apart).fold(SAME_BAND * mhz, f64::min);
            cells.retain(|cell| apart(cell) <= nearest);
        }
        cells
    }

    fn loss_db(
        &self,
        cell: (usize, usize),
        place: LonLat,
        height_agl_m: f64,
        known: &mut Vec<(Transmitter, Option<f64>)>,
    ) -> Option<f64> {
        let study = self.study;
        let properties = self.properties(cell);
        let transmitter = Transmitter {
            position: study.sites[cell.0].position,
            height_agl_m: properties.height_agl_m,
            frequency_mhz: properties.frequency_mhz,
        };
        if let Some((_, loss_db)) = known.iter().find(|(t, _)| *t == transmitter) {
            return *loss_db;
        }
        let step_m = study.terrain.pixel_size_m;
        let loss_db = point_loss(&study.terrain, &study.model, &transmitter, place, height_agl_m, step_m);
        known.push((transmitter, loss_db));
        loss_db
    }

    /// What the antenna takes in the direction of a place, dB.
    fn attenuation_db(&self, cell: (usize, usize), place: LonLat, height_agl_m: f64) -> f64 {
        let study = self.study;
        let properties = self.properties(cell);
        let site = study.sites[cell.0].position;
        let ground_m = |p: LonLat| study.terrain.height_m(p).unwrap_or(0.0);
        let fall_m = ground_m(site) + properties.height_agl_m - ground_m(place) - height_agl_m;
        let (distance_m, azimuth_deg) = site.distance_and_azimuth(place);
        let pattern = &study.antenna(properties).pattern;
        pattern.attenuation_db(azimuth_deg, depression_deg(fall_m, distance_m), &properties.orientation())
    }
}
