//! Where there is signal: path loss around a transmitter, and rasters of level and best server for a network.
//!
//! In: terrain, a model, transmitters or a study's cells. Out: loss in dB, or level in dBm, on the terrain's pixels. A
//! pixel whose path crosses missing terrain has no value; a pixel beyond the radius of every cell has none either.

mod antenna_tables;
mod blocks;
mod cells;
mod correction;
mod directions;
mod fan;
mod lattice;
mod layers;
mod masts;
mod matrix;
mod merge;
mod network;
mod path_loss;
mod paths;
mod pixels;
mod place;
mod statistics;
mod sweep;

pub use cells::{Carrier, Needs, Network, NetworkCell, Reception};
pub use layers::{CoverageRasters, OperatorCoverage, QualityLayers, TechnologyCoverage, UNKNOWN, status_code};
pub use network::{CellLevels, cell_levels, cover_network};
pub use path_loss::{Mast, MatrixCounts, PlaceLosses};
pub use place::{Reached, Receptions};
pub use statistics::{
    AreaStatistics, CommuneStatistics, CoverageStatistics, NotSpots, OperatorStatistics, PeopleStatistics,
    coverage_statistics, land_cover_shares,
};
pub use sweep::{LossRaster, Quality, SweepMode, Transmitter, point_loss, site_loss};
