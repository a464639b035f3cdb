//! The cells of a study as coverage sees them: by carrier, with their budgets, in an order that the table does not decide.

use crate::radio::{CellBudget, Requirement, Technology};
use crate::study::{Cell, ServiceKind, Site, Study};
use std::cmp::Ordering;

/// Cells that share operator, technology, frequency and bandwidth: they disturb one another.
#[derive(Debug, Clone, PartialEq)]
pub struct Carrier {
    /// Its place among [`Network::operators`].
    pub operator: usize,
    /// Technology.
    pub technology: Technology,
    /// Carrier frequency, MHz.
    pub frequency_mhz: f64,
    /// Carrier bandwidth, MHz.
    pub bandwidth_mhz: f64,
}

/// A cell of a network.
#[derive(Debug, Clone)]
pub struct NetworkCell {
    /// Index of its site in the study.
    pub site: usize,
    /// Its index in the site.
    pub cell: usize,
    /// Its place among [`Network::carriers`].
    pub carrier: usize,
    /// What it has where there is no path loss.
    pub budget: CellBudget,
    /// What a signal needs of it.
    pub signal: Needs,
    /// What broadband needs of it.
    pub broadband: Needs,
}

/// What a service needs of a cell: at least this level and this SINR.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Needs {
    /// Level from which both directions are strong enough, dBm; +∞ where the cell does not give the service.
    pub level_dbm: f32,
    /// The part of it that the study's threshold asks for, dBm; −∞ without a threshold.
    pub threshold_dbm: f32,
    /// The part of it that the uplink asks for, dBm.
    pub uplink_dbm: f32,
    /// SINR from which the throughput down is reached, dB; −∞ where none is asked for.
    pub sinr_db: f32,
}

impl Needs {
    /// Of a cell that does not give the service.
    const IMPOSSIBLE: Self = Self {
        level_dbm: f32::INFINITY,
        threshold_dbm: f32::INFINITY,
        uplink_dbm: f32::INFINITY,
        sinr_db: f32::INFINITY,
    };

    /// The level at which the weakest of level, uplink and throughput up is just enough, and the SINR for the throughput down.
    pub fn of(budget: &CellBudget, required: &Requirement) -> Self {
        let of_loss = |margin_at_zero_loss_db: f64| budget.level_at_zero_loss_dbm - margin_at_zero_loss_db;
        let threshold_dbm = required.threshold_dbm.unwrap_or(f64::NEG_INFINITY) as f32;
        let of_up = |mbps| budget.uplink_margin_for_db(mbps).map_or(f64::INFINITY, of_loss);
        let up_dbm = required.up_mbps.map_or(f64::NEG_INFINITY, of_up);
        let uplink_dbm = of_loss(budget.uplink_margin_at_zero_loss_db).max(up_dbm) as f32;
        let of_down = |mbps| budget.needed_sinr_db(mbps).unwrap_or(f64::INFINITY);
        let sinr_db = required.down_mbps.map_or(f64::NEG_INFINITY, of_down);
        Self { level_dbm: threshold_dbm.max(uplink_dbm), threshold_dbm, uplink_dbm, sinr_db: sinr_db as f32 }
    }

    /// Whether the cell can give the service at all.
    pub fn is_possible(self) -> bool {
        self.level_dbm < f32::INFINITY && self.sinr_db < f32::INFINITY
    }

    /// By how much the service is reached, dB; −∞ where it cannot be.
    pub fn margin_db(self, level_dbm: f32, sinr_db: f32) -> f32 {
        (level_dbm - self.level_dbm).min(sinr_db - self.sinr_db)
    }
}

/// What a cell gives at a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reception {
    /// Level, dBm.
    pub level_dbm: f32,
    /// SINR under the load of the other cells of its carrier, dB; of GSM over noise alone.
    pub sinr_db: f32,
    /// By how much the weaker direction is stronger than a signal needs, dB; −∞ where the technology gives none.
    pub signal_margin_db: f32,
    /// The same for broadband.
    pub broadband_margin_db: f32,
    /// Throughput down that one user has of the cell's free share, Mbit/s.
    pub down_mbps: f32,
    /// Throughput up.
    pub up_mbps: f32,
}

impl Reception {
    /// Throughput down and up, Mbit/s, of a cell that gives a service at the median; `None` of one that does not.
    pub fn throughput_mbps(&self) -> Option<(f32, f32)> {
        let gives = self.signal_margin_db.max(self.broadband_margin_db) >= 0.0;
        gives.then_some((self.down_mbps, self.up_mbps))
    }
}

impl NetworkCell {
    fn new(study: &Study, (site, cell): (usize, usize), carrier: usize) -> Self {
        let properties = &study.sites[site].cells[cell];
        let service = &study.config.service;
        let budget = study.budget(properties);
        let [signal, broadband] = [ServiceKind::Signal, ServiceKind::Broadband]
            .map(|kind| service.requirement(kind, properties.technology))
            .map(|required| required.map_or(Needs::IMPOSSIBLE, |required| Needs::of(&budget, &required)));
        Self { site, cell, carrier, signal, broadband, budget }
    }

    /// What the cell gives where its level is `level_dbm` and the others of its carrier disturb with `others_mw` of the same quantity.
    pub fn reception(&self, level_dbm: f32, others_mw: f32) -> Reception {
        let level = f64::from(level_dbm);
        let sinr_db = self.budget.sinr_db(level, f64::from(others_mw));
        Reception {
            level_dbm,
            sinr_db: sinr_db as f32,
            signal_margin_db: self.signal.margin_db(level_dbm, sinr_db as f32),
            broadband_margin_db: self.broadband.margin_db(level_dbm, sinr_db as f32),
            down_mbps: self.budget.down_mbps(sinr_db) as f32,
            up_mbps: self.budget.up_mbps(self.budget.level_at_zero_loss_dbm - level) as f32,
        }
    }
}

/// The cells of a study in its own country; of those of a site that radiate alike the first one.
#[derive(Debug, Clone)]
pub struct Network {
    /// Names of the operators, ascending; one that is empty stands for cells whose operator is not stated.
    pub operators: Vec<String>,
    /// The carriers, by operator, technology, frequency and bandwidth.
    pub carriers: Vec<Carrier>,
    /// The cells, by site and properties: no matter how the table orders them. Their places, from 1, are their numbers in rasters.
    pub cells: Vec<NetworkCell>,
    /// For each site of the study the places of its cells among [`Network::cells`], ascending; none of a foreign site's.
    pub places: Vec<Vec<usize>>,
}

impl Network {
    /// The network of a study.
    pub fn of(study: &Study) -> Self {
        let own = || study.sites.iter().filter(|site| !site.is_foreign);
        let mut operators: Vec<String> = own().map(|site| site.operator.clone()).collect();
        operators.sort();
        operators.dedup();
        let carrier_of = |site: &Site, cell: &Cell| Carrier {
            operator: operators.partition_point(|operator| *operator < site.operator),
            technology: cell.technology,
            frequency_mhz: cell.frequency_mhz,
            bandwidth_mhz: cell.bandwidth_mhz,
        };
        let all = || own().flat_map(|site| site.cells.iter().map(move |cell| (site, cell)));
        let mut carriers: Vec<Carrier> = all().map(|(site, cell)| carrier_of(site, cell)).collect();
        carriers.sort_by(compare_carriers);
        carriers.dedup();
        let mut cells: Vec<NetworkCell> = Vec::with_capacity(all().count());
        for (index, site) in study.sites.iter().enumerate().filter(|(_, site)| !site.is_foreign) {
            for (cell, properties) in site.cells.iter().enumerate() {
                let carrier = carrier_of(site, properties);
                let carrier = carriers.partition_point(|c| compare_carriers(c, &carrier) == Ordering::Less);
                cells.push(NetworkCell::new(study, (index, cell), carrier));
            }
        }
        let place = |cell: &NetworkCell| (&study.sites[cell.site], &study.sites[cell.site].cells[cell.cell]);
        cells.sort_by(|a, b| {
            let ((site_a, cell_a), (site_b, cell_b)) = (place(a), place(b));
            site_a.id.cmp(&site_b.id).then_with(|| compare_cells(cell_a, cell_b))
        });
        cells.dedup_by(|b, a| a.site == b.site && place(a).1.radiation() == place(b).1.radiation());
        let mut places: Vec<Vec<usize>> = vec![Vec::new(); study.sites.len()];
        cells.iter().enumerate().for_each(|(place, cell)| places[cell.site].push(place));
        Self { operators, carriers, cells, places }
    }

    /// The operators that count where it is told how many serve: those that are named, if any is.
    pub fn counted_operators(&self) -> std::ops::Range<usize> {
        // a name that is empty comes first
        let unnamed = self.operators.len() > 1 && self.operators[0].is_empty();
        usize::from(unnamed)..self.operators.len()
    }

    /// Properties of a cell.
    pub fn properties<'a>(&self, study: &'a Study, cell: &NetworkCell) -> &'a Cell {
        &study.sites[cell.site].cells[cell.cell]
    }
}

fn compare_carriers(a: &Carrier, b: &Carrier) -> Ordering {
    (a.operator, a.technology)
        .cmp(&(b.operator, b.technology))
        .then(a.frequency_mhz.total_cmp(&b.frequency_mhz))
        .then(a.bandwidth_mhz.total_cmp(&b.bandwidth_mhz))
}

/// Cells of a site by what they radiate.
fn compare_cells(a: &Cell, b: &Cell) -> Ordering {
    let (a, b) = (a.radiation(), b.radiation());
    let numbers = a.numbers.into_iter().zip(b.numbers).map(|(a, b)| a.total_cmp(&b));
    a.technology.cmp(&b.technology).then_with(|| numbers.into_iter().find(|o| o.is_ne()).unwrap_or(Ordering::Equal))
}
