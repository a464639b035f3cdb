//! How much land has signal.

use super::{CoverageRasters, status_code};
use crate::service::Status;
use crate::study::Study;
use serde::Serialize;

/// Land by signal status, km².
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct AreaStatistics {
    /// Required level with the required probability.
    pub served_km2: f64,
    /// With at least 50 %.
    pub marginal_km2: f64,
    /// With less.
    pub unserved_km2: f64,
    /// Terrain missing.
    pub unknown_km2: f64,
}

/// Land by status inside the communes of a study.
pub fn area_statistics(study: &Study, rasters: &CoverageRasters) -> AreaStatistics {
    let mut area = AreaStatistics::default();
    for (row, codes) in rasters.signal_status.values.outer_iter().enumerate() {
        let pixel_km2 = study.terrain.pixel_area_m2(row) / 1e6;
        let mut counts = [0usize; 4];
        for (&code, _) in codes.iter().zip(study.inside.row(row)).filter(|&(_, &inside)| inside) {
            counts[usize::from(code)] += 1;
        }
        let km2 = |status| counts[usize::from(status_code(status))] as f64 * pixel_km2;
        area.served_km2 += km2(Status::Served);
        area.marginal_km2 += km2(Status::Marginal);
        area.unserved_km2 += km2(Status::Unserved);
        area.unknown_km2 += km2(Status::Unknown);
    }
    area
}
