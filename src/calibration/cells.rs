//! Which cell of the study a sample is of, and what is predicted of it at a place.

use super::Options;
use super::matching::{MatchedBy, Unmatched};
use crate::coverage::{Transmitter, point_loss};
use crate::geodesy::LonLat;
use crate::index::PlaceIndex;
use crate::radio::depression_deg;
use crate::study::{Cell, Heard, Study};
use crate::units::Db;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Cells and frequencies may differ so much and be the same carrier band, as a part of the frequency: inventories often know the band alone.
const SAME_BAND: f64 = 0.04;

/// The cell of some samples with its prediction at their place.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Predicted {
    pub(super) site: usize,
    pub(super) cell: usize,
    pub(super) loss_db: f64,
    /// What the antenna takes in the direction of the place.
    pub(super) attenuation_db: f64,
    /// Level of a loss of 0 dB in the direction of the place: the antenna's attenuation is taken off.
    pub(super) level_at_zero_loss_dbm: f64,
}

/// The cells of a study by their names and places.
pub(super) struct Cells<'a> {
    study: &'a Study,
    options: &'a Options,
    by_id: HashMap<String, Vec<(usize, usize)>>,
    by_site: HashMap<String, usize>,
    index: PlaceIndex,
    reach_m: f64,
}

impl<'a> Cells<'a> {
    pub(super) fn of(study: &'a Study, options: &'a Options) -> Self {
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

    /// The cell that is heard at a place, the strongest where several may be, and how it was found.
    pub(super) fn best(
        &self,
        heard: &Heard,
        place: LonLat,
        height_agl_m: f64,
    ) -> Result<(Predicted, MatchedBy), Unmatched> {
        let (candidates, matched_by) = self.named(heard, place)?;
        let candidates = self.of_carrier(heard, candidates);
        if candidates.is_empty() {
            return Err(match matched_by {
                MatchedBy::BestServer => Unmatched::NothingInReach,
                _ => Unmatched::OtherCarrier,
            });
        }
        let mut losses: Vec<(Transmitter, Option<f64>)> = Vec::new();
        let predicted = candidates.into_iter().filter_map(|cell| {
            let loss_db = self.loss_db(cell, place, height_agl_m, &mut losses)?;
            Some(self.predicted(cell, place, height_agl_m, loss_db))
        });
        let level = |p: &Predicted| p.level_at_zero_loss_dbm - p.loss_db;
        let strongest = predicted.reduce(|best, other| if level(&other) > level(&best) { other } else { best });
        let strongest = strongest.ok_or(Unmatched::NoPrediction)?;
        let distance_m = self.study.sites[strongest.site].position.distance_m(place);
        let too_near = distance_m < 1000.0 * self.options.least_distance_km;
        if too_near { Err(Unmatched::TooNear) } else { Ok((strongest, matched_by)) }
    }

    /// What is predicted of a cell at a place.
    pub(super) fn predict(&self, cell: (usize, usize), place: LonLat, height_agl_m: f64) -> Option<Predicted> {
        let loss_db = self.loss_db(cell, place, height_agl_m, &mut Vec::new())?;
        Some(self.predicted(cell, place, height_agl_m, loss_db))
    }

    fn predicted(&self, cell: (usize, usize), place: LonLat, height_agl_m: f64, loss_db: f64) -> Predicted {
        let attenuation_db = self.attenuation_db(cell, place, height_agl_m);
        let around = Db(self.options.receiver_loss_db + attenuation_db);
        let level_at_zero_loss_dbm = self.properties(cell).radio().level(around).0;
        Predicted { site: cell.0, cell: cell.1, loss_db, attenuation_db, level_at_zero_loss_dbm }
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
