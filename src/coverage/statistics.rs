//! How much land, and how many people, have signal and broadband: as a whole, by operator and by commune.

use super::{CoverageRasters, UNKNOWN, status_code};
use crate::grid::Grid;
use crate::service::Status;
use crate::study::Study;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Land by status, km².
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, JsonSchema)]
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

impl AreaStatistics {
    /// All of it, km².
    pub fn total_km2(&self) -> f64 {
        self.served_km2 + self.marginal_km2 + self.unserved_km2 + self.unknown_km2
    }

    /// Adds pixels of a status: `km2` of land with `people`.
    fn add(&mut self, code: u8, km2: f64, people: Option<f64>) {
        let land = [
            (Status::Served, &mut self.served_km2),
            (Status::Marginal, &mut self.marginal_km2),
            (Status::Unserved, &mut self.unserved_km2),
            (Status::Unknown, &mut self.unknown_km2),
        ];
        land.into_iter().filter(|(status, _)| status_code(*status) == code).for_each(|(_, sum)| *sum += km2);
        if let Some(count) = people {
            self.people.get_or_insert_default().add(code, count);
        }
    }
}

/// People by status of the pixel where a population raster has them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, JsonSchema)]
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

    fn add(&mut self, code: u8, count: f64) {
        let people = [
            (Status::Served, &mut self.served),
            (Status::Marginal, &mut self.marginal),
            (Status::Unserved, &mut self.unserved),
            (Status::Unknown, &mut self.unknown),
        ];
        people.into_iter().filter(|(status, _)| status_code(*status) == code).for_each(|(_, sum)| *sum += count);
    }
}

/// Coverage of the land inside the communes, or of the whole terrain without communes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct CoverageStatistics {
    /// Signal by the best of all operators.
    pub signal: AreaStatistics,
    /// Mobile broadband likewise.
    pub broadband: AreaStatistics,
    /// Land with signal as the probability of each pixel has it, km².
    pub expected_signal_km2: f64,
    /// Signal by operator; empty with one operator.
    pub operators: Vec<OperatorStatistics>,
    /// Land by how many operators serve it; `None` with one operator.
    pub not_spots: Option<NotSpots>,
    /// By commune, in the order of the study.
    pub communes: Vec<CommuneStatistics>,
    /// Land abroad where signal is above the study's limit, km²; `None` where the study names no country or no limit.
    pub spill_km2: Option<f64>,
}

/// Signal of one operator.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct OperatorStatistics {
    /// Its name; empty for the cells whose operator is not stated.
    pub operator: String,
    /// Its signal.
    pub signal: AreaStatistics,
}

/// Land by how many operators serve it, km², of those that are named if any is; land where it is unknown of one of
/// them, since terrain is missing, is not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, JsonSchema)]
pub struct NotSpots {
    /// No operator serves: total not-spot.
    pub total_km2: f64,
    /// Some serve and some do not: partial not-spot.
    pub partial_km2: f64,
    /// All serve.
    pub none_km2: f64,
}

/// Coverage of a commune.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct CommuneStatistics {
    /// Signal by the best of all operators.
    pub signal: AreaStatistics,
    /// Mobile broadband likewise.
    pub broadband: AreaStatistics,
}

/// The statistics of a study's coverage.
pub fn coverage_statistics(study: &Study, rasters: &CoverageRasters) -> CoverageStatistics {
    let mut statistics = CoverageStatistics {
        communes: vec![CommuneStatistics::default(); study.communes.len()],
        operators: rasters
            .operators
            .iter()
            .filter(|_| rasters.operators.len() > 1)
            .map(|o| OperatorStatistics { operator: o.operator.clone(), signal: AreaStatistics::default() })
            .collect(),
        ..CoverageStatistics::default()
    };
    each_pixel(study, &rasters.signal_status, |code, commune, km2, people| {
        statistics.signal.add(code, km2, people);
        if let Some(commune) = statistics.communes.get_mut(commune) {
            commune.signal.add(code, km2, people);
        }
    });
    each_pixel(study, &rasters.broadband_status, |code, commune, km2, people| {
        statistics.broadband.add(code, km2, people);
        if let Some(commune) = statistics.communes.get_mut(commune) {
            commune.broadband.add(code, km2, people);
        }
    });
    for (operator, of) in rasters.operators.iter().zip(&mut statistics.operators) {
        each_pixel(study, &operator.signal_status, |code, _, km2, people| of.signal.add(code, km2, people));
    }
    if let Some(quality) = &rasters.quality {
        each_pixel(study, &quality.signal_probability, |percent, _, km2, _| {
            if percent != UNKNOWN {
                statistics.expected_signal_km2 += km2 * f64::from(percent) / 100.0;
            }
        });
        if rasters.operators.len() > 1 {
            let named = rasters.operators.iter().filter(|o| !o.operator.is_empty()).count();
            let all = if named > 0 { named } else { rasters.operators.len() } as u8;
            let spots = statistics.not_spots.insert(NotSpots::default());
            each_pixel(study, &quality.operators_served, |count, _, km2, _| match count {
                UNKNOWN => {}
                0 => spots.total_km2 += km2,
                count if count < all => spots.partial_km2 += km2,
                _ => spots.none_km2 += km2,
            });
        }
    }
    statistics.spill_km2 = rasters.border_spill_db.as_ref().map(|spill| {
        let rows = spill.values.outer_iter().enumerate();
        let above = rows.map(|(row, spill)| {
            let pixels = spill.iter().filter(|spill_db| **spill_db > 0.0).count();
            pixels as f64 * study.terrain.pixel_area_m2(row) / 1e6
        });
        above.sum()
    });
    statistics
}

/// Every pixel inside: its value, its commune (beyond all of them without communes), its area in km² and its people.
fn each_pixel(study: &Study, raster: &Grid<u8>, mut add: impl FnMut(u8, usize, f64, Option<f64>)) {
    for (row, values) in raster.values.outer_iter().enumerate() {
        let km2 = study.terrain.pixel_area_m2(row) / 1e6;
        for (column, &value) in values.iter().enumerate() {
            if study.inside[[row, column]] {
                let commune = usize::from(study.commune_of[[row, column]]).wrapping_sub(1);
                let people = study.population.as_ref().map(|people| f64::from(people.values[[row, column]]));
                add(value, commune, km2, people);
            }
        }
    }
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
