//! The link budgets of a study's cells.

use super::antenna::{self, ASSUMED_SECTOR, OMNI};
use super::site::default_gain_dbi;
use super::{Antenna, Cell, NewCell, Study};
use crate::radio::{AntennaPattern, CellBudget, CellRadio, Conditions, Duplex};

impl Study {
    /// Under which conditions handsets use the network.
    pub fn conditions(&self) -> Conditions<'_> {
        let service = &self.config.service;
        Conditions {
            radio: &self.config.radio,
            environment: service.environment,
            body_loss_db: service.body_loss_db,
            stated_sigma_db: service.shadowing_sigma_db,
            pixel_size_m: self.terrain.pixel_size_m,
        }
    }

    /// Link budget of a cell.
    pub fn budget(&self, cell: &Cell) -> CellBudget {
        CellBudget::of(&cell.radio(), &self.conditions())
    }

    /// Link budget of a cell of a new site.
    pub fn new_cell_budget(&self, cell: &NewCell) -> CellBudget {
        CellBudget::of(&cell.radio(), &self.conditions())
    }

    /// Antenna pattern of a planned cell: as named, else alike in all directions, or of a sector 3GPP's of 65°.
    pub fn new_cell_pattern(&self, cell: &NewCell, is_sector: bool) -> &AntennaPattern {
        let named = cell.antenna.as_ref().and_then(|name| antenna::find(&self.antennas, name).ok());
        &self.antennas[named.unwrap_or(if is_sector { ASSUMED_SECTOR } else { OMNI })].pattern
    }

    /// Least and largest standard deviation of the level round its prediction over the cells, dB, to 0.01; `None` without cells whose
    /// frequencies are known.
    pub fn sigma_range_db(&self) -> Option<[f64; 2]> {
        self.range_db(|cell| self.budget(cell).sigma_db)
    }

    /// The same of the median loss on the way to where handsets are used: into a car or a building.
    pub fn entry_loss_range_db(&self) -> Option<[f64; 2]> {
        let environment = self.config.service.environment;
        self.range_db(|cell| self.config.radio.entry_loss_db(environment, cell.frequency_mhz).0)
    }

    fn range_db(&self, of: impl Fn(&Cell) -> f64) -> Option<[f64; 2]> {
        let all = self.sites.iter().flat_map(|site| &site.cells).map(of).filter(|db| db.is_finite());
        all.map(|db| (db * 100.0).round() / 100.0).fold(None, |range: Option<[f64; 2]>, db| {
            Some(range.map_or([db; 2], |[low, high]| [low.min(db), high.max(db)]))
        })
    }

    /// The antenna of a cell.
    pub fn antenna(&self, cell: &Cell) -> &Antenna {
        self.antennas.get(cell.antenna).unwrap_or(&self.antennas[OMNI])
    }
}

impl NewCell {
    /// What of it stands in its link budget: the usual gain of its frequency, no feeder, the technology's usual streams.
    pub fn radio(&self) -> CellRadio {
        CellRadio {
            technology: self.technology,
            frequency_mhz: self.frequency_mhz,
            bandwidth_mhz: self.bandwidth_mhz,
            duplex: Duplex::of(self.technology, self.frequency_mhz, None),
            eirp_dbm: self.eirp_dbm,
            antenna_gain_dbi: default_gain_dbi(self.frequency_mhz),
            feeder_loss_db: 0.0,
            layers: self.technology.default_layers(self.frequency_mhz),
            load: None,
        }
    }
}
