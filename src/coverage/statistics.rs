//! How much land has signal.

use super::{CoverageRasters, status_code};
use crate::service::Status;
use crate::study::Study;
use serde::Serialize;
use std::collections::BTreeMap;

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
    /// People by the study's population raster; `None` without one.
    pub people: Option<PeopleStatistics>,
}

/// People by signal status of the pixel where a population raster has them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct PeopleStatistics {
    /// In pixels that are served.
    pub served: f64,
    /// In pixels that are marginal.
    pub marginal: f64,
    /// In pixels that are unserved.
    pub unserved: f64,
    /// In pixels whose status is unknown.
    pub unknown: f64,
}

impl PeopleStatistics {
    /// All of them.
    pub fn total(&self) -> f64 {
        self.served + self.marginal + self.unserved + self.unknown
    }
}

/// Land by status inside the communes of a study.
pub fn area_statistics(study: &Study, rasters: &CoverageRasters) -> AreaStatistics {
    let mut area = AreaStatistics { people: people_statistics(study, rasters), ..AreaStatistics::default() };
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

/// People by status inside the communes of a study.
fn people_statistics(study: &Study, rasters: &CoverageRasters) -> Option<PeopleStatistics> {
    let population = study.population.as_ref()?;
    let mut people = [0.0; 4];
    let pixels = population.values.iter().zip(&rasters.signal_status.values).zip(&study.inside);
    for ((&count, &code), _) in pixels.filter(|&(_, &inside)| inside) {
        people[usize::from(code)] += f64::from(count);
    }
    let of = |status| people[usize::from(status_code(status))];
    Some(PeopleStatistics {
        served: of(Status::Served),
        marginal: of(Status::Marginal),
        unserved: of(Status::Unserved),
        unknown: of(Status::Unknown),
    })
}

/// Share of the pixels inside the communes by land-cover class code (0: not known); empty without land cover.
pub fn land_cover_shares(study: &Study) -> BTreeMap<u8, f64> {
    let mut pixels: BTreeMap<u8, usize> = BTreeMap::new();
    let classes = study.land_cover.iter().flat_map(|classes| classes.values.iter().zip(&study.inside));
    for (&class, _) in classes.filter(|&(_, &inside)| inside) {
        *pixels.entry(class).or_default() += 1;
    }
    let all: usize = pixels.values().sum();
    pixels.into_iter().map(|(class, count)| (class, count as f64 / all as f64)).collect()
}
