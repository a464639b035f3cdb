//! What the merged cells of a band of rows give at each pixel.

use super::cells::Network;
use super::layers::{UNKNOWN, status_code};
use super::merge::{CarrierPixels, Merged, NO_LEVEL, NO_SERVER, STEPS_PER_DB, blocks, milliwatts};
use crate::radio::{Technology, level_probability};
use crate::service::Status;
use crate::study::Study;
use crate::units::{Db, Dbm};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Every layer of some rows, row by row from north to south.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Pixels {
    pub(super) technologies: Vec<TechnologyPixels>,
    /// Signal status by operator.
    pub(super) operators: Vec<Vec<u8>>,
    pub(super) signal: Vec<u8>,
    pub(super) broadband: Vec<u8>,
    pub(super) probability: Vec<u8>,
    pub(super) operators_served: Vec<u8>,
    pub(super) servers: Vec<u8>,
    pub(super) down_mbps: Vec<f32>,
    pub(super) up_mbps: Vec<f32>,
    /// Empty where the study names no country or no limit.
    pub(super) spill_db: Vec<f32>,
    pub(super) receivers: u64,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct TechnologyPixels {
    pub(super) level_dbm: Vec<f32>,
    pub(super) server: Vec<u32>,
    /// Empty for a technology without a model of interference.
    pub(super) sinr_db: Vec<f32>,
}

/// The technologies of a network, oldest first.
pub(super) fn technologies(network: &Network) -> Vec<Technology> {
    let used = |technology: &Technology| network.carriers.iter().any(|c| c.technology == *technology);
    Technology::ALL.into_iter().filter(used).collect()
}

/// Rows that are read at once.
const ROWS_AT_ONCE: usize = 64;

impl Pixels {
    /// Adds the rows of a band that is merged.
    pub(super) fn read(&mut self, study: &Study, network: &Network, merged: &Merged) {
        let technologies = technologies(network);
        let limits = &study.config.coverage.border_limit_dbm;
        let has_border = study.abroad.is_some() && !limits.is_empty();
        let reader = Reader { study, network, technologies: &technologies, has_border };
        let rows: Vec<usize> = (0..merged.rows.len()).collect();
        for rows in rows.chunks(ROWS_AT_ONCE) {
            let read: Vec<Self> = rows.par_iter().map(|&row| reader.row(merged, row)).collect();
            read.into_iter().for_each(|row| self.append(row));
        }
        self.receivers += merged.receivers;
    }

    fn append(&mut self, next: Self) {
        self.technologies.resize(next.technologies.len(), TechnologyPixels::default());
        for (own, next) in self.technologies.iter_mut().zip(next.technologies) {
            own.level_dbm.extend(next.level_dbm);
            own.server.extend(next.server);
            own.sinr_db.extend(next.sinr_db);
        }
        self.operators.resize(next.operators.len(), Vec::new());
        self.operators.iter_mut().zip(next.operators).for_each(|(own, next)| own.extend(next));
        self.signal.extend(next.signal);
        self.broadband.extend(next.broadband);
        self.probability.extend(next.probability);
        self.operators_served.extend(next.operators_served);
        self.servers.extend(next.servers);
        self.down_mbps.extend(next.down_mbps);
        self.up_mbps.extend(next.up_mbps);
        self.spill_db.extend(next.spill_db);
    }
}

/// Reads layers off merged cells.
struct Reader<'a> {
    study: &'a Study,
    network: &'a Network,
    technologies: &'a [Technology],
    has_border: bool,
}

/// Margins in units of their standard deviation, the best of all cells so far: −∞ without one.
struct Margins {
    /// By operator.
    signal: Vec<Vec<f32>>,
    broadband: Vec<f32>,
}

impl Reader<'_> {
    fn row(&self, merged: &Merged, row: usize) -> Pixels {
        let columns = merged.servers.ncols();
        let nothing = |technology: &Technology| TechnologyPixels {
            level_dbm: vec![f32::NAN; columns],
            server: vec![NO_SERVER; columns],
            sinr_db: if technology.is_disturbed() { vec![f32::NAN; columns] } else { Vec::new() },
        };
        let mut pixels = Pixels {
            technologies: self.technologies.iter().map(nothing).collect(),
            down_mbps: vec![f32::NAN; columns],
            up_mbps: vec![f32::NAN; columns],
            spill_db: if self.has_border { vec![f32::NAN; columns] } else { Vec::new() },
            ..Pixels::default()
        };
        let mut margins = Margins {
            signal: vec![vec![f32::NEG_INFINITY; columns]; self.network.operators.len()],
            broadband: vec![f32::NEG_INFINITY; columns],
        };
        for (carrier, of) in merged.carriers.iter().enumerate() {
            self.read_carrier(carrier, of, (merged.rows.start, row), &mut pixels, &mut margins);
        }
        self.conclude(merged, row, &margins, &mut pixels);
        for technology in &mut pixels.technologies {
            for server in &mut technology.server {
                *server = if *server == NO_SERVER { 0 } else { *server + 1 };
            }
        }
        pixels
    }

    fn read_carrier(
        &self,
        carrier: usize,
        of: &CarrierPixels,
        (first_row, row): (usize, usize),
        pixels: &mut Pixels,
        margins: &mut Margins,
    ) {
        let Network { carriers, cells, .. } = self.network;
        let technology = carriers[carrier].technology;
        let Some(place) = self.technologies.iter().position(|t| *t == technology) else { return };
        let best = &mut pixels.technologies[place];
        let signal = &mut margins.signal[carriers[carrier].operator];
        let power_mw = of.power_mw.as_ref().map(|power| power.row(row));
        let limit_dbm = self.study.config.coverage.border_limit_dbm.get(&technology);
        let abroad = self.study.abroad.as_ref().filter(|_| self.has_border).zip(limit_dbm);
        for (x, (&level, &server)) in of.level.row(row).iter().zip(of.server.row(row)).enumerate() {
            if level == NO_LEVEL {
                continue;
            }
            let cell = &cells[server as usize];
            let level_dbm = f32::from(level) / STEPS_PER_DB;
            let others_mw = power_mw
                .as_ref()
                .map_or(0.0, |power| (power[x] - cell.budget.load as f32 * milliwatts(level)).max(0.0));
            let reception = cell.reception(level_dbm, others_mw);
            let strongest = best.level_dbm[x];
            if strongest.is_nan() || level_dbm > strongest || (level_dbm == strongest && server < best.server[x]) {
                best.level_dbm[x] = level_dbm;
                best.server[x] = server;
                if let Some(sinr_db) = best.sinr_db.get_mut(x) {
                    *sinr_db = reception.sinr_db;
                }
            }
            let sigma_db = cell.budget.sigma_db as f32;
            signal[x] = signal[x].max(deviations(reception.signal_margin_db, sigma_db));
            margins.broadband[x] = margins.broadband[x].max(deviations(reception.broadband_margin_db, sigma_db));
            if let Some((down_mbps, up_mbps)) = reception.throughput_mbps() {
                // any is more than none, which is not a number
                pixels.down_mbps[x] = pixels.down_mbps[x].max(down_mbps);
                pixels.up_mbps[x] = pixels.up_mbps[x].max(up_mbps);
            }
            if let Some((abroad, &limit_dbm)) = abroad
                && abroad[[first_row + row, x]]
            {
                let in_the_open_dbm = level_dbm + cell.budget.around_user_db as f32;
                pixels.spill_db[x] = pixels.spill_db[x].max(in_the_open_dbm - limit_dbm as f32);
            }
        }
    }

    /// Status, probability and counts of a row.
    fn conclude(&self, merged: &Merged, row: usize, margins: &Margins, pixels: &mut Pixels) {
        let required = self.study.config.service.required_probability;
        let heights = self.study.terrain.grid.values.row(merged.rows.start + row);
        let columns = heights.len();
        let probability = |deviations: f32| level_probability(Dbm(f64::from(deviations)), Dbm(0.0), Db(1.0));
        let codes = |margins: &[f32], blocked: &dyn Fn(usize) -> bool| -> Vec<u8> {
            let code = |x: usize| {
                let known = Status::of_probability(probability(margins[x]), required);
                let unknown = heights[x].is_nan() || (known == Status::Unserved && blocked(x));
                status_code(if unknown { Status::Unknown } else { known })
            };
            (0..columns).map(code).collect()
        };
        let is_blocked = |operator: usize, x: usize, service: u8| merged.blocked[operator][[row, x]] & service != 0;
        let by_any = |x: usize, service: u8| (0..merged.blocked.len()).any(|operator| is_blocked(operator, x, service));
        let mut best = vec![f32::NEG_INFINITY; columns];
        for margins in &margins.signal {
            best.iter_mut().zip(margins).for_each(|(best, margin)| *best = best.max(*margin));
        }
        let operators = margins.signal.iter().enumerate();
        pixels.operators =
            operators.map(|(operator, margins)| codes(margins, &|x| is_blocked(operator, x, blocks::SIGNAL))).collect();
        pixels.signal = codes(&best, &|x| by_any(x, blocks::SIGNAL));
        pixels.broadband = codes(&margins.broadband, &|x| by_any(x, blocks::BROADBAND));
        let [served, unknown] = [Status::Served, Status::Unknown].map(status_code);
        let signal = &pixels.signal;
        let or_unknown = |x: usize, value: u8| if signal[x] == unknown { UNKNOWN } else { value };
        let counted = &pixels.operators[self.network.counted_operators()];
        let with = |status: u8, x: usize| counted.iter().filter(|codes| codes[x] == status).count() as u8;
        let count = |x: usize| if with(unknown, x) > 0 { UNKNOWN } else { with(served, x) };
        pixels.probability =
            (0..columns).map(|x| or_unknown(x, (100.0 * probability(best[x])).round() as u8)).collect();
        pixels.operators_served = (0..columns).map(count).collect();
        pixels.servers = (0..columns).map(|x| or_unknown(x, merged.servers[[row, x]].min(UNKNOWN - 1))).collect();
    }
}

/// A margin in units of its standard deviation; ±∞ by its sign where there is none.
fn deviations(margin_db: f32, sigma_db: f32) -> f32 {
    if sigma_db > 0.0 { margin_db / sigma_db } else { f32::INFINITY.copysign(margin_db) }
}
