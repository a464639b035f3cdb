//! The coverage of a network as rasters: levels, servers, SINR, throughput, probability and status of every pixel.

use super::cells::Network;
use super::path_loss::MatrixCounts;
use super::pixels::{Pixels, technologies};
use crate::grid::Grid;
use crate::radio::Technology;
use crate::service::Status;
use crate::study::Study;
use ndarray::Array2;

/// Coverage of one technology, all operators together.
#[derive(Debug, Clone)]
pub struct TechnologyCoverage {
    /// Technology.
    pub technology: Technology,
    /// Largest level, dBm; NaN where no cell reaches or terrain is unknown.
    pub level_dbm: Grid<f32>,
    /// Number of the cell that gives it (its place among [`Network::cells`], from 1); 0 where there is none.
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
    /// By how much the strongest cell is above the limit for land abroad in the open, dB; NaN at home and where none reaches. `None` where
    /// the study names no country or no limit.
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
    /// How many operators serve, of those that are named if any is: 0 is a total, anything up to all of them a partial not-spot; [`UNKNOWN`]
    /// where it is not known of one of them.
    pub operators_served: Grid<u8>,
    /// How many cells give a signal at the median, at most 254; [`UNKNOWN`] where it is not known.
    pub servers: Grid<u8>,
    /// Largest throughput down that one user has of the free share of a cell that gives a service at the median, Mbit/s; NaN without one.
    pub throughput_down_mbps: Grid<f32>,
    /// Largest throughput up likewise, be it of another cell.
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

impl CoverageRasters {
    pub(super) fn of(study: &Study, network: &Network, pixels: Pixels, matrices: MatrixCounts) -> Self {
        let grid = &study.terrain.grid;
        let receivers = pixels.receivers;
        let technologies = technologies(network).into_iter().zip(pixels.technologies);
        let technologies = technologies.map(|(technology, pixels)| TechnologyCoverage {
            technology,
            level_dbm: layer(grid, pixels.level_dbm),
            best_server: layer(grid, pixels.server),
            sinr_db: technology.is_disturbed().then(|| layer(grid, pixels.sinr_db)),
        });
        let operators = network.operators.iter().zip(pixels.operators);
        let operators = operators.map(|(operator, signal)| OperatorCoverage {
            operator: operator.clone(),
            signal_status: layer(grid, signal),
        });
        Self {
            technologies: technologies.collect(),
            operators: operators.collect(),
            signal_status: layer(grid, pixels.signal),
            broadband_status: layer(grid, pixels.broadband),
            border_spill_db: (!pixels.spill_db.is_empty()).then(|| layer(grid, pixels.spill_db)),
            quality: Some(QualityLayers {
                signal_probability: layer(grid, pixels.probability),
                operators_served: layer(grid, pixels.operators_served),
                servers: layer(grid, pixels.servers),
                throughput_down_mbps: layer(grid, pixels.down_mbps),
                throughput_up_mbps: layer(grid, pixels.up_mbps),
            }),
            receivers,
            matrices,
            missing_terrain: grid.values.iter().filter(|h| h.is_nan()).count(),
        }
    }
}

/// A layer from its pixels, row by row.
fn layer<T: Clone + Default>(grid: &Grid<f32>, mut pixels: Vec<T>) -> Grid<T> {
    let (height, width) = grid.values.dim();
    pixels.resize(height * width, T::default());
    let values = Array2::from_shape_vec((height, width), pixels);
    grid.with_values(values.unwrap_or_else(|_| Array2::from_elem((height, width), T::default())))
}
