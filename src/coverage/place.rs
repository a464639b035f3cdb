//! What a network gives at one place, on the place's own profiles.

use super::cells::{Network, Reception};
use super::{Transmitter, losses_at};
use crate::geodesy::LonLat;
use crate::index::PlaceIndex;
use crate::radio::depression_deg;
use crate::study::Study;
use serde::{Deserialize, Serialize};

/// A cell within its radius of a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reached {
    /// Its place among the cells of the network.
    pub cell: usize,
    /// Distance from the place to the site, m.
    pub distance_m: f64,
    /// Level, dBm, of the quantity the technology measures; `None` where terrain is missing on the way.
    pub level_dbm: Option<f64>,
}

/// The network around places.
pub struct Receptions<'a> {
    study: &'a Study,
    network: &'a Network,
    sites: PlaceIndex,
    reach_m: f64,
}

impl<'a> Receptions<'a> {
    /// The network of a study, ready to be looked at from many places.
    pub fn new(study: &'a Study, network: &'a Network) -> Self {
        let reach_km = study.config.coverage.radius_km.values().copied().fold(0.0, f64::max);
        let sites = PlaceIndex::new(study.sites.iter().map(|s| s.position));
        Self { study, network, sites, reach_m: reach_km * 1000.0 }
    }

    /// The cells that reach a place, in the order of the network.
    pub fn at(&self, place: LonLat) -> Vec<Reached> {
        let sites = self.sites.within(place, self.reach_m).into_iter();
        let mut reached: Vec<Reached> =
            sites.flat_map(|(site, distance_m)| self.of_site(site, distance_m, place)).collect();
        reached.sort_unstable_by_key(|r| r.cell);
        reached
    }

    fn of_site(&self, site: usize, distance_m: f64, place: LonLat) -> Vec<Reached> {
        let Self { study, network, .. } = self;
        let radius_km = &study.config.coverage.radius_km;
        let position = study.sites[site].position;
        let within = |&&cell: &&usize| {
            let technology = network.properties(study, &network.cells[cell]).technology;
            radius_km.get(&technology).is_some_and(|&km| distance_m <= km * 1000.0)
        };
        let cells: Vec<usize> = network.places[site].iter().filter(within).copied().collect();
        let transmitters: Vec<Transmitter> = cells
            .iter()
            .map(|&cell| {
                let cell = network.properties(study, &network.cells[cell]);
                Transmitter { position, height_agl_m: cell.height_agl_m, frequency_mhz: cell.frequency_mhz }
            })
            .collect();
        let losses_db = losses_at(study, &transmitters, place);
        let reached = |(cell, loss_db): (usize, Option<f64>)| {
            let budget = &network.cells[cell].budget;
            let level_dbm = loss_db.map(|loss_db| {
                let loss_db = study.corrected_loss_db(budget.technology, place, loss_db);
                budget.level_at_zero_loss_dbm - loss_db - self.attenuation_db(cell, distance_m, place)
            });
            Reached { cell, distance_m, level_dbm }
        };
        cells.into_iter().zip(losses_db).map(reached).collect()
    }

    /// What a cell's antenna takes from its level at a place, dB.
    fn attenuation_db(&self, cell: usize, distance_m: f64, place: LonLat) -> f64 {
        let study = self.study;
        let cell = &self.network.cells[cell];
        let position = study.sites[cell.site].position;
        let properties = self.network.properties(study, cell);
        let pattern = &study.antennas[properties.antenna].pattern;
        let ground_m = |place: LonLat| study.terrain.height_m(place).unwrap_or(0.0);
        let fall_m =
            ground_m(position) + properties.height_agl_m - ground_m(place) - study.config.propagation.receiver_height_m;
        let depression_deg = depression_deg(fall_m, distance_m);
        pattern.attenuation_db(position.azimuth_deg(place), depression_deg, &properties.orientation())
    }

    /// What the strongest cell of each carrier gives among those that reach a place: its place in the network with its reception.
    pub fn serving(&self, reached: &[Reached]) -> Vec<(usize, Reception)> {
        let cells = &self.network.cells;
        let of_carrier = |carrier: usize| {
            let known = || {
                let of = reached.iter().filter(move |r| cells[r.cell].carrier == carrier);
                of.filter_map(|r| Some((r.cell, r.level_dbm?)))
            };
            let (serving, level_dbm) = known().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
            let others = known().filter(|&(cell, _)| cell != serving);
            let others_mw: f64 = others.map(|(cell, dbm)| cells[cell].budget.interference_mw(dbm)).sum();
            Some((serving, cells[serving].reception(level_dbm as f32, others_mw as f32)))
        };
        let mut carriers: Vec<usize> = reached.iter().map(|r| cells[r.cell].carrier).collect();
        carriers.sort_unstable();
        carriers.dedup();
        carriers.into_iter().filter_map(of_carrier).collect()
    }
}
