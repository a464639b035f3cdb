//! The cells that new sites may carry, with their budgets, and the carriers that stand in the way.

use super::demand::Way;
use super::sectors::View;
use crate::coverage::{Needs, Network, NetworkCell};
use crate::planning::Candidate;
use crate::radio::{AntennaPattern, CellBudget, Technology, depression_deg};
use crate::study::{NewCell, Study, Village};

/// Weight of a village that has none, so that sectors turn to it where there is nothing else.
const LEAST_WEIGHT: f64 = 1e-3;

/// The configurations of a study as the matrix sees them.
pub(super) struct Planned<'a> {
    /// The cells of each configuration that can give the service.
    pub(super) configurations: Vec<PlannedCells<'a>>,
    /// Carrier frequencies of all of them, MHz, ascending, each once: paths depend on these.
    pub(super) frequencies_mhz: Vec<f64>,
    /// Their carriers, each once: interference depends on these.
    pub(super) carriers: Vec<PlannedCarrier>,
    /// Largest radius of their technologies, m.
    pub(super) reach_m: f64,
}

/// The cells of a configuration.
pub(super) struct PlannedCells<'a> {
    /// Most sectors; 0 for one antenna in all directions.
    pub(super) sectors: usize,
    /// Those that can give the service.
    pub(super) cells: Vec<PlannedCell<'a>>,
}

/// A cell that a new site may carry.
pub(super) struct PlannedCell<'a> {
    /// Its place in the configuration.
    pub(super) index: u32,
    /// Place of its frequency among those of all configurations.
    pub(super) frequency: usize,
    /// Place of its carrier among those of all configurations.
    pub(super) carrier: usize,
    /// Radius of its technology, m.
    pub(super) radius_m: f64,
    pub(super) budget: CellBudget,
    pub(super) needs: Needs,
    pub(super) pattern: &'a AntennaPattern,
}

/// A carrier of new sites.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PlannedCarrier {
    technology: Technology,
    frequency_mhz: f64,
    bandwidth_mhz: f64,
    /// Whether the service needs an SINR, so that interference counts.
    pub(super) is_disturbed: bool,
    /// For each cell of the network the share of this carrier's bandwidth that it covers, 0 to 1.
    pub(super) overlap: Vec<f64>,
}

impl<'a> Planned<'a> {
    pub(super) fn of(study: &'a Study, network: &Network) -> Self {
        let config = &study.config;
        let service = config.planning.service;
        let mut planned =
            Self { configurations: Vec::new(), frequencies_mhz: Vec::new(), carriers: Vec::new(), reach_m: 0.0 };
        let configurations = config.planning.configurations();
        let stated = configurations.iter().flat_map(|configuration| &configuration.cells);
        planned.frequencies_mhz = stated.map(|cell| cell.frequency_mhz).collect();
        planned.frequencies_mhz.sort_by(f64::total_cmp);
        planned.frequencies_mhz.dedup();
        for configuration in &configurations {
            let mut cells = Vec::new();
            for (index, cell) in configuration.cells.iter().enumerate() {
                let radius_km = config.coverage.radius_km.get(&cell.technology);
                let required = config.service.requirement(service, cell.technology);
                let Some((radius_km, required)) = radius_km.zip(required) else { continue };
                let budget = study.new_cell_budget(cell);
                let needs = Needs::of(&budget, &required);
                if !needs.is_possible() {
                    continue;
                }
                let radius_m = radius_km * 1000.0;
                planned.reach_m = planned.reach_m.max(radius_m);
                cells.push(PlannedCell {
                    index: index as u32,
                    frequency: planned.frequency(cell.frequency_mhz),
                    carrier: planned.carrier(study, network, cell, needs),
                    radius_m,
                    budget,
                    needs,
                    pattern: study.new_cell_pattern(cell, configuration.sectors > 0),
                });
            }
            planned.configurations.push(PlannedCells { sectors: configuration.sectors as usize, cells });
        }
        planned
    }

    /// A village as a candidate sees it.
    pub(super) fn view(&self, study: &Study, candidate: &Candidate, village: &Village, place: u32, way: &Way) -> View {
        let ground_m = study.terrain.height_m(village.position).unwrap_or(f64::NAN);
        let top_m = candidate.terrain_amsl_m + candidate.height_agl_m;
        let fall_m = top_m - ground_m - study.config.propagation.receiver_height_m;
        let loss_db = |carrier: &PlannedCarrier| {
            let loss_db = f64::from(way.losses_db[self.frequency(carrier.frequency_mhz)]);
            study.corrected_loss_db(carrier.technology, village.position, loss_db) as f32
        };
        View {
            village: place,
            weight: (f64::from(village.people()) * village.priority).max(LEAST_WEIGHT),
            distance_m: way.distance_m,
            azimuth_deg: candidate.position.azimuth_deg(village.position),
            depression_deg: depression_deg(fall_m, way.distance_m),
            losses_db: self.carriers.iter().map(loss_db).collect(),
        }
    }

    /// Place of a frequency.
    fn frequency(&self, frequency_mhz: f64) -> usize {
        self.frequencies_mhz.partition_point(|mhz| *mhz < frequency_mhz)
    }

    /// The place of a cell's carrier, which is added if it is new.
    fn carrier(&mut self, study: &Study, network: &Network, cell: &NewCell, needs: Needs) -> usize {
        let same = |carrier: &PlannedCarrier| {
            (carrier.technology, carrier.frequency_mhz, carrier.bandwidth_mhz)
                == (cell.technology, cell.frequency_mhz, cell.bandwidth_mhz)
        };
        let is_disturbed = cell.technology.is_disturbed() && needs.sinr_db > f32::NEG_INFINITY;
        if let Some(place) = self.carriers.iter().position(same) {
            self.carriers[place].is_disturbed |= is_disturbed;
            return place;
        }
        let overlap = |other: &NetworkCell| {
            let other = network.properties(study, other);
            if other.technology == cell.technology {
                overlap((cell.frequency_mhz, cell.bandwidth_mhz), (other.frequency_mhz, other.bandwidth_mhz))
            } else {
                0.0
            }
        };
        self.carriers.push(PlannedCarrier {
            technology: cell.technology,
            frequency_mhz: cell.frequency_mhz,
            bandwidth_mhz: cell.bandwidth_mhz,
            is_disturbed,
            overlap: network.cells.iter().map(overlap).collect(),
        });
        self.carriers.len() - 1
    }
}

/// The share of a carrier (centre and bandwidth, MHz) that another one covers, 0 to 1.
fn overlap((frequency, bandwidth): (f64, f64), (other, other_bandwidth): (f64, f64)) -> f64 {
    let low = (frequency - bandwidth / 2.0).max(other - other_bandwidth / 2.0);
    let high = (frequency + bandwidth / 2.0).min(other + other_bandwidth / 2.0);
    ((high - low) / bandwidth).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carriers_overlap_by_the_share_of_their_band() {
        assert_eq!(overlap((1840.0, 20.0), (1840.0, 20.0)), 1.0);
        assert_eq!(overlap((1840.0, 20.0), (1845.0, 20.0)), 0.75);
        assert_eq!(overlap((1840.0, 20.0), (1845.0, 10.0)), 0.5);
        assert_eq!(overlap((1840.0, 10.0), (1845.0, 40.0)), 1.0);
        assert_eq!(overlap((1840.0, 20.0), (1860.0, 20.0)), 0.0);
        assert_eq!(overlap((900.0, 10.0), (1840.0, 20.0)), 0.0);
    }
}
