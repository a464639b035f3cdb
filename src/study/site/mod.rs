//! Sites and their cells: inventories with one row a cell, and OpenCelliD's measured cells.

mod inventory;
mod opencellid;
mod operator;
mod overlap;
mod power;
mod streams;

pub(super) use operator::check_operators;
pub(super) use overlap::warn_of_overlaps;
pub(super) use power::default_gain_dbi;

use super::antenna::{Antenna, OMNI};
use crate::geodesy::LonLat;
use crate::io::Table;
use crate::problem::Problems;
use crate::radio::{CellRadio, Duplex, Orientation, Technology};

/// A place with antennas.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Unique id.
    pub id: String,
    /// Operator; empty when not stated.
    pub operator: String,
    /// Where it stands.
    pub position: LonLat,
    /// Whether it stands outside the study's country.
    pub is_foreign: bool,
    /// Its cells, in the order of the table.
    pub cells: Vec<Cell>,
}

/// One carrier of one technology at a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its name in measurements; `None` when not stated.
    pub id: Option<String>,
    /// Technology.
    pub technology: Technology,
    /// Carrier frequency, MHz.
    pub frequency_mhz: f64,
    /// Carrier bandwidth, MHz.
    pub bandwidth_mhz: f64,
    /// How its directions share the spectrum: as its band does, else as its frequency suggests.
    pub duplex: Duplex,
    /// Equivalent isotropically radiated power of the whole carrier at its peak, dBm.
    pub eirp_dbm: f64,
    /// Power of the whole carrier before the feeder, dBm; `None` when not stated.
    pub power_dbm: Option<f64>,
    /// Loss between transmitter and antenna, dB.
    pub feeder_loss_db: f64,
    /// Antenna above ground, m.
    pub height_agl_m: f64,
    /// Its place among the study's antennas, of which the first are built in.
    pub antenna: usize,
    /// Gain of the antenna at its peak, dBi.
    pub antenna_gain_dbi: f64,
    /// Direction of the main lobe, degrees clockwise from north; `None` when not stated, for antennas that have none.
    pub azimuth_deg: Option<f64>,
    /// Mechanical tilt, degrees below the horizon.
    pub mechanical_tilt_deg: f64,
    /// Electrical tilt of its beam, degrees below the horizon: as stated, else that of the antenna's pattern.
    pub electrical_tilt_deg: f64,
    /// Streams that it can send at once, 1 to 4.
    pub layers: u8,
    /// Share of the carrier in use, 0 to 1; `None`: that of the study.
    pub load: Option<f64>,
    /// Day from which it is off, `YYYY-MM-DD`.
    pub switch_off_date: Option<String>,
    /// Row of the table.
    pub row: usize,
}

/// What a cell radiates: two cells of a site with the same are one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Radiation {
    /// Technology.
    pub technology: Technology,
    /// Carrier, antenna and budget, in an order of no meaning.
    pub numbers: [f64; 13],
}

impl Cell {
    /// What it radiates, from a given site.
    pub fn radiation(&self) -> Radiation {
        let orientation = if self.antenna == OMNI { Orientation::default() } else { self.orientation() };
        let Orientation { azimuth_deg, mechanical_tilt_deg, electrical_tilt_deg } = orientation;
        let numbers = [
            self.frequency_mhz,
            self.bandwidth_mhz,
            f64::from(u8::from(self.duplex == Duplex::Time)),
            azimuth_deg.rem_euclid(360.0),
            self.height_agl_m,
            mechanical_tilt_deg,
            electrical_tilt_deg,
            self.antenna as f64,
            self.eirp_dbm,
            self.antenna_gain_dbi,
            self.feeder_loss_db,
            f64::from(self.layers),
            self.load.unwrap_or(-1.0),
        ];
        Radiation { technology: self.technology, numbers }
    }

    /// What of it stands in its link budget.
    pub fn radio(&self) -> CellRadio {
        CellRadio {
            technology: self.technology,
            frequency_mhz: self.frequency_mhz,
            bandwidth_mhz: self.bandwidth_mhz,
            duplex: self.duplex,
            eirp_dbm: self.eirp_dbm,
            antenna_gain_dbi: self.antenna_gain_dbi,
            feeder_loss_db: self.feeder_loss_db,
            layers: self.layers,
            load: self.load,
        }
    }

    /// How its antenna stands.
    pub fn orientation(&self) -> Orientation {
        Orientation {
            azimuth_deg: self.azimuth_deg.unwrap_or(0.0),
            mechanical_tilt_deg: self.mechanical_tilt_deg,
            electrical_tilt_deg: self.electrical_tilt_deg,
        }
    }
}

/// The sites of a study's table.
#[derive(Debug, Default)]
pub struct SiteTable {
    /// The sites, in the order of the table.
    pub sites: Vec<Site>,
    /// Whether positions are measured (OpenCelliD): a site off the terrain is dropped then, and no fault of the table.
    pub measured: bool,
}

/// Sites of a table; faulty rows are reported and left out, cells that are not in service dropped.
pub fn read(table: &Table, antennas: &[Antenna], problems: &mut Problems) -> SiteTable {
    match opencellid::columns(table) {
        Some(columns) => SiteTable { sites: opencellid::read(table, &columns, problems), measured: true },
        None => SiteTable { sites: inventory::read(table, antennas, problems), measured: false },
    }
}
