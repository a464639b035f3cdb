//! What a network gives at one place, on the place's own profiles.

use super::Transmitter;
use super::cells::{Network, Reception};
use super::paths::{SeenPath, paths_at};
use crate::geodesy::LonLat;
use crate::index::PlaceIndex;
use crate::propagation::earth::EARTH_RADIUS_KM;
use crate::propagation::sight::{Edge, effective_radius_km};
use crate::radio::depression_deg;
use crate::study::{Cell, Study};

/// A cell within its radius of a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Reached {
    /// Its place among the cells of the network.
    pub cell: usize,
    /// Distance from the place to the site, m.
    pub distance_m: f64,
    /// Level, dBm, of the quantity the technology measures; `None` where terrain is missing on the way.
    pub level_dbm: Option<f64>,
    /// What the way takes beyond free space, dB; `None` likewise.
    pub excess_db: Option<f64>,
    /// The point of the way, counted from the site, that blocks most or comes closest.
    pub main_edge: Option<Edge>,
}

/// What a cell of a site radiates from.
fn transmitter(study: &Study, site: usize, cell: &Cell) -> Transmitter {
    let position = study.sites[site].position;
    Transmitter { position, height_agl_m: cell.height_agl_m, frequency_mhz: cell.frequency_mhz }
}

/// The network around places.
pub struct Receptions<'a> {
    study: &'a Study,
    network: &'a Network,
    sites: PlaceIndex,
    reach_m: f64,
    a_e_km: f64,
}

impl<'a> Receptions<'a> {
    /// The network of a study, ready to be looked at from many places.
    pub fn new(study: &'a Study, network: &'a Network) -> Self {
        let reach_km = study.config.coverage.radius_km.values().copied().fold(0.0, f64::max);
        let sites = PlaceIndex::new(study.sites.iter().map(|s| s.position));
        let rx_height_m = study.config.propagation.receiver_height_m;
        let link =
            |site: usize, cell: usize| transmitter(study, site, &study.sites[site].cells[cell]).link(rx_height_m);
        let first = network.cells.first().map(|first| link(first.site, first.cell));
        let a_e_km = first.map_or(EARTH_RADIUS_KM, |link| effective_radius_km(&study.model, &link));
        Self { study, network, sites, reach_m: reach_km * 1000.0, a_e_km }
    }

    /// The cells that reach a place, in the order of the network.
    pub fn at(&self, place: LonLat) -> Vec<Reached> {
        self.of_cells(place, |_| true)
    }

    /// Those of the wanted cells that reach a place, in the order of the network.
    pub fn of_cells(&self, place: LonLat, wanted: impl Fn(usize) -> bool) -> Vec<Reached> {
        let sites = self.sites.within(place, self.reach_m).into_iter();
        let mut reached: Vec<Reached> =
            sites.flat_map(|(site, distance_m)| self.of_site(site, distance_m, place, &wanted)).collect();
        reached.sort_unstable_by_key(|r| r.cell);
        reached
    }

    /// The cells of a site that reach a place.
    pub fn of_one_site(&self, site: usize, place: LonLat) -> Vec<Reached> {
        self.of_site(site, self.study.sites[site].position.distance_m(place), place, |_| true)
    }

    fn of_site(&self, site: usize, distance_m: f64, place: LonLat, wanted: impl Fn(usize) -> bool) -> Vec<Reached> {
        let Self { study, network, .. } = self;
        let radius_km = &study.config.coverage.radius_km;
        let within = |&&cell: &&usize| {
            let technology = network.properties(study, &network.cells[cell]).technology;
            wanted(cell) && radius_km.get(&technology).is_some_and(|&km| distance_m <= km * 1000.0)
        };
        let cells: Vec<usize> = network.places[site].iter().filter(within).copied().collect();
        let transmitters: Vec<Transmitter> = cells
            .iter()
            .map(|&cell| transmitter(study, site, network.properties(study, &network.cells[cell])))
            .collect();
        let paths = paths_at(study, &transmitters, place, self.a_e_km);
        let reached = |(cell, path): (usize, Option<SeenPath>)| {
            let budget = &network.cells[cell].budget;
            let loss_db = path.map(|path| study.corrected_loss_db(budget.technology, place, path.loss_db));
            let level =
                |loss_db| budget.level_at_zero_loss_dbm - loss_db - self.attenuation_db(cell, distance_m, place);
            Reached {
                cell,
                distance_m,
                level_dbm: loss_db.map(level),
                excess_db: path.zip(loss_db).map(|(path, loss_db)| loss_db - path.free_space_db),
                main_edge: path.and_then(|path| path.main_edge),
            }
        };
        cells.into_iter().zip(paths).map(reached).collect()
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
