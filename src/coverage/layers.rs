//! What people read off the merged cells: levels, servers, SINR, throughput, probability and status of every pixel.

use super::cells::Network;
use super::merge::{CarrierPixels, Merged, NO_LEVEL, STEPS_PER_DB, milliwatts};
use super::path_loss::MatrixCounts;
use crate::grid::Grid;
use crate::radio::{Technology, level_probability};
use crate::service::Status;
use crate::study::Study;
use crate::units::{Db, Dbm};
use ndarray::Array2;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Coverage of one technology, all operators together.
#[derive(Debug, Clone)]
pub struct TechnologyCoverage {
    /// Technology.
    pub technology: Technology,
    /// Largest level, dBm; NaN where no cell reaches or terrain is unknown.
    pub level_dbm: Grid<f32>,
    /// Number of the cell that gives it (its place among all cells of the study, from 1); 0 where there is none.
    pub best_server: Grid<u32>,
    /// SINR of that cell under the load of the others of its carrier, dB; NaN likewise. `None` for a technology without a model of
    /// interference.
    pub sinr_db: Option<Grid<f32>>,
}

/// Signal of one operator.
#[derive(Debug, Clone)]
pub struct OperatorCoverage {
    /// Its name; empty for the cells whose operator is not stated.
    pub operator: String,
    /// Signal status of each pixel: a code of [`status_code`].
    pub signal_status: Grid<u8>,
}

/// Coverage of a network.
#[derive(Debug, Clone)]
pub struct CoverageRasters {
    /// One per technology in use, oldest first.
    pub technologies: Vec<TechnologyCoverage>,
    /// One per operator, by name.
    pub operators: Vec<OperatorCoverage>,
    /// Signal status by the best of all operators: a code of [`status_code`].
    pub signal_status: Grid<u8>,
    /// Status of mobile broadband likewise.
    pub broadband_status: Grid<u8>,
    /// By how much the strongest cell is above the limit for land abroad, dB; NaN at home and where none reaches. `None` where the study
    /// names no country or no limit.
    pub border_spill_db: Option<Grid<f32>>,
    /// How good it is; `None` where that is kept back.
    pub quality: Option<QualityLayers>,
    /// Receivers computed, all cells together.
    pub receivers: u64,
    /// Where their losses came from, in this run.
    pub matrices: MatrixCounts,
    /// Pixels without a terrain height.
    pub missing_terrain: usize,
}

/// How good the coverage of a network is.
#[derive(Debug, Clone)]
pub struct QualityLayers {
    /// Probability that the best cell gives a signal, whole per cent; [`UNKNOWN`] where it is not known.
    pub signal_probability: Grid<u8>,
    /// How many operators serve: 0 is a total, anything up to all of them a partial not-spot; [`UNKNOWN`] where it is not known.
    pub operators_served: Grid<u8>,
    /// How many cells give a signal at the median, at most 254; [`UNKNOWN`] where it is not known.
    pub servers: Grid<u8>,
    /// Largest throughput down that one user has of a cell's free share, Mbit/s; NaN where no cell reaches.
    pub throughput_down_mbps: Grid<f32>,
    /// The same up.
    pub throughput_up_mbps: Grid<f32>,
}

/// Value of counts and probabilities where terrain is missing.
pub const UNKNOWN: u8 = 255;

/// Code of a status in rasters: 0 unknown, 1 unserved, 2 marginal, 3 served.
pub fn status_code(status: Status) -> u8 {
    match status {
        Status::Unknown => 0,
        Status::Unserved => 1,
        Status::Marginal => 2,
        Status::Served => 3,
    }
}

/// The layers of a band of rows, from north to south.
#[derive(Serialize, Deserialize)]
pub(super) struct BandLayers {
    rows: Vec<RowLayers>,
    receivers: u64,
}

/// A row of every layer.
#[derive(Serialize, Deserialize)]
struct RowLayers {
    technologies: Vec<TechnologyRow>,
    /// Signal status by operator.
    operators: Vec<Vec<u8>>,
    signal: Vec<u8>,
    broadband: Vec<u8>,
    probability: Vec<u8>,
    operators_served: Vec<u8>,
    servers: Vec<u8>,
    down_mbps: Vec<f32>,
    up_mbps: Vec<f32>,
}

#[derive(Clone, Serialize, Deserialize)]
struct TechnologyRow {
    level_dbm: Vec<f32>,
    server: Vec<u32>,
    sinr_db: Vec<f32>,
}

impl BandLayers {
    pub(super) fn of(study: &Study, network: &Network, merged: &Merged) -> Self {
        let technologies = technologies(network);
        let reader = Reader { study, network, technologies: &technologies };
        let rows = (0..merged.rows.len()).into_par_iter().map(|row| reader.row(merged, row)).collect();
        Self { rows, receivers: merged.receivers }
    }
}

fn technologies(network: &Network) -> Vec<Technology> {
    let used = |technology: &Technology| network.carriers.iter().any(|c| c.technology == *technology);
    Technology::ALL.into_iter().filter(used).collect()
}

/// Reads layers off merged cells.
struct Reader<'a> {
    study: &'a Study,
    network: &'a Network,
    technologies: &'a [Technology],
}

/// Margins in units of their standard deviation, the best of all cells so far: −∞ without one.
struct Margins {
    /// By operator.
    signal: Vec<Vec<f32>>,
    broadband: Vec<f32>,
}

impl Reader<'_> {
    fn row(&self, merged: &Merged, row: usize) -> RowLayers {
        let columns = merged.servers.ncols();
        let nothing = TechnologyRow {
            level_dbm: vec![f32::NAN; columns],
            server: vec![0; columns],
            sinr_db: vec![f32::NAN; columns],
        };
        let mut layers = RowLayers {
            technologies: vec![nothing; self.technologies.len()],
            operators: Vec::new(),
            signal: Vec::new(),
            broadband: Vec::new(),
            probability: Vec::new(),
            operators_served: Vec::new(),
            servers: Vec::new(),
            down_mbps: vec![f32::NAN; columns],
            up_mbps: vec![f32::NAN; columns],
        };
        let mut margins = Margins {
            signal: vec![vec![f32::NEG_INFINITY; columns]; self.network.operators.len()],
            broadband: vec![f32::NEG_INFINITY; columns],
        };
        for (carrier, pixels) in merged.carriers.iter().enumerate() {
            self.read_carrier(carrier, pixels, row, &mut layers, &mut margins);
        }
        self.conclude(merged, row, &margins, &mut layers);
        layers
    }

    fn read_carrier(
        &self,
        carrier: usize,
        pixels: &CarrierPixels,
        row: usize,
        layers: &mut RowLayers,
        margins: &mut Margins,
    ) {
        let Network { carriers, cells, .. } = self.network;
        let technology = self.technologies.iter().position(|t| *t == carriers[carrier].technology);
        let Some(technology) = technology.map(|t| &mut layers.technologies[t]) else { return };
        let signal = &mut margins.signal[carriers[carrier].operator];
        let power_mw = pixels.power_mw.as_ref().map(|power| power.row(row));
        for (x, (&level, &server)) in pixels.level.row(row).iter().zip(pixels.server.row(row)).enumerate() {
            if level == NO_LEVEL {
                continue;
            }
            let cell = &cells[server as usize];
            let level_dbm = f32::from(level) / STEPS_PER_DB;
            let others_mw = power_mw
                .as_ref()
                .map_or(0.0, |power| (power[x] - cell.budget.load as f32 * milliwatts(level)).max(0.0));
            let reception = cell.reception(level_dbm, others_mw);
            let best = technology.level_dbm[x];
            if best.is_nan() || level_dbm > best || (level_dbm == best && cell.number < technology.server[x]) {
                technology.level_dbm[x] = level_dbm;
                technology.server[x] = cell.number;
                technology.sinr_db[x] = reception.sinr_db;
            }
            let sigma_db = cell.budget.sigma_db as f32;
            signal[x] = signal[x].max(deviations(reception.signal_margin_db, sigma_db));
            margins.broadband[x] = margins.broadband[x].max(deviations(reception.broadband_margin_db, sigma_db));
            layers.down_mbps[x] = layers.down_mbps[x].max(reception.down_mbps);
            layers.up_mbps[x] = layers.up_mbps[x].max(reception.up_mbps);
        }
    }

    /// Status, probability and counts of a row.
    fn conclude(&self, merged: &Merged, row: usize, margins: &Margins, layers: &mut RowLayers) {
        let required = self.study.config.service.required_probability;
        let heights = self.study.terrain.grid.values.row(merged.rows.start + row);
        let blocked = merged.blocked.row(row);
        let probability = |deviations: f32| level_probability(Dbm(f64::from(deviations)), Dbm(0.0), Db(1.0));
        let codes = |margins: &[f32]| -> Vec<u8> {
            let pixels = margins.iter().zip(heights).zip(blocked);
            let code = |((&margin, &height), &blocked): ((&f32, &f32), &bool)| {
                let known = Status::of_probability(probability(margin), required);
                let unknown = height.is_nan() || (blocked && known == Status::Unserved);
                status_code(if unknown { Status::Unknown } else { known })
            };
            pixels.map(code).collect()
        };
        let columns = heights.len();
        let mut best = vec![f32::NEG_INFINITY; columns];
        for margins in &margins.signal {
            best.iter_mut().zip(margins).for_each(|(best, margin)| *best = best.max(*margin));
        }
        layers.operators = margins.signal.iter().map(|margins| codes(margins)).collect();
        layers.signal = codes(&best);
        layers.broadband = codes(&margins.broadband);
        let served = status_code(Status::Served);
        let known = |x: usize| layers.signal[x] != status_code(Status::Unknown);
        let or_unknown = |x: usize, value: u8| if known(x) { value } else { UNKNOWN };
        layers.probability =
            (0..columns).map(|x| or_unknown(x, (100.0 * probability(best[x])).round() as u8)).collect();
        let count = |x: usize| layers.operators.iter().filter(|codes| codes[x] == served).count() as u8;
        layers.operators_served = (0..columns).map(|x| or_unknown(x, count(x))).collect();
        layers.servers = (0..columns).map(|x| or_unknown(x, merged.servers[[row, x]].min(UNKNOWN - 1))).collect();
        for (x, height) in heights.iter().enumerate().filter(|(_, height)| height.is_nan()) {
            debug_assert!(height.is_nan());
            (layers.down_mbps[x], layers.up_mbps[x]) = (f32::NAN, f32::NAN);
        }
    }
}

/// A margin in units of its standard deviation; ±∞ by its sign where there is none.
fn deviations(margin_db: f32, sigma_db: f32) -> f32 {
    if sigma_db > 0.0 { margin_db / sigma_db } else { f32::INFINITY.copysign(margin_db) }
}

impl CoverageRasters {
    pub(super) fn of(study: &Study, network: &Network, bands: Vec<BandLayers>, matrices: MatrixCounts) -> Self {
        let grid = &study.terrain.grid;
        let receivers = bands.iter().map(|band| band.receivers).sum();
        let rows: Vec<RowLayers> = bands.into_iter().flat_map(|band| band.rows).collect();
        let technologies: Vec<TechnologyCoverage> = technologies(network)
            .into_iter()
            .enumerate()
            .map(|(index, technology)| TechnologyCoverage {
                technology,
                level_dbm: layer(grid, &rows, |row| &row.technologies[index].level_dbm),
                best_server: layer(grid, &rows, |row| &row.technologies[index].server),
                sinr_db: technology.is_disturbed().then(|| layer(grid, &rows, |row| &row.technologies[index].sinr_db)),
            })
            .collect();
        let operators = network.operators.iter().enumerate().map(|(index, operator)| OperatorCoverage {
            operator: operator.clone(),
            signal_status: layer(grid, &rows, |row| &row.operators[index]),
        });
        Self {
            border_spill_db: border_spill(study, &technologies),
            technologies,
            operators: operators.collect(),
            signal_status: layer(grid, &rows, |row| &row.signal),
            broadband_status: layer(grid, &rows, |row| &row.broadband),
            quality: Some(QualityLayers {
                signal_probability: layer(grid, &rows, |row| &row.probability),
                operators_served: layer(grid, &rows, |row| &row.operators_served),
                servers: layer(grid, &rows, |row| &row.servers),
                throughput_down_mbps: layer(grid, &rows, |row| &row.down_mbps),
                throughput_up_mbps: layer(grid, &rows, |row| &row.up_mbps),
            }),
            receivers,
            matrices,
            missing_terrain: grid.values.iter().filter(|h| h.is_nan()).count(),
        }
    }
}

/// By how much levels abroad exceed the study's limits.
fn border_spill(study: &Study, technologies: &[TechnologyCoverage]) -> Option<Grid<f32>> {
    let limits = &study.config.coverage.border_limit_dbm;
    let abroad = study.abroad.as_ref().filter(|_| !limits.is_empty())?;
    let mut spill = study.terrain.grid.filled_like(f32::NAN);
    for coverage in technologies {
        let Some(&limit_dbm) = limits.get(&coverage.technology) else { continue };
        let pixels = ndarray::Zip::from(&mut spill.values).and(&coverage.level_dbm.values).and(abroad);
        pixels.for_each(|spill_db, &level_dbm, &abroad| {
            if abroad {
                *spill_db = spill_db.max(level_dbm - limit_dbm as f32);
            }
        });
    }
    Some(spill)
}

/// A layer from its rows.
fn layer<T: Copy + Default>(grid: &Grid<f32>, rows: &[RowLayers], of: impl Fn(&RowLayers) -> &Vec<T>) -> Grid<T> {
    let (height, width) = grid.values.dim();
    let mut values = Array2::from_elem((height, width), T::default());
    for (mut target, row) in values.rows_mut().into_iter().zip(rows) {
        target.iter_mut().zip(of(row)).for_each(|(target, value)| *target = *value);
    }
    grid.with_values(values)
}
