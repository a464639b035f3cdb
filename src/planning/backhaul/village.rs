//! Fibre to the village: broadband for its households without a mast.
//!
//! In: roots with fibre, roads, villages. Out: for each village the shortest new fibre to it and what it costs with the households'
//! connections. Each village is priced alone: where several lie on one road, the trunk that they could share is paid by each, so a
//! sum over villages is an upper bound.

use super::fibre::{FibreMap, FibreRoute};
use super::roots::Root;
use crate::study::Study;

/// People of a household where its table does not state households.
const PEOPLE_PER_HOUSEHOLD: u32 = 4;

/// Fibre to one village.
#[derive(Debug, Clone, PartialEq)]
pub struct VillageFibre {
    /// Index of the village in the study.
    pub village: usize,
    /// Where the fibre starts: index in the roots given.
    pub root: usize,
    /// The cable to the village.
    pub route: FibreRoute,
    /// Households that are connected: as stated, else a quarter of the people.
    pub households: u32,
    /// Cable and connections, million VND.
    pub cost_million_vnd: f64,
    /// Upkeep of the cable, million VND a year.
    pub per_year_million_vnd: f64,
}

/// Fibre to each of `villages` (indices in the study) from the nearest root that has it; `None` where none is near enough.
pub fn village_fibre(study: &Study, roots: &[Root], villages: &[usize]) -> Vec<Option<VillageFibre>> {
    let settings = &study.config.planning.backhaul;
    let costs = &study.config.planning.costs;
    let sources: Vec<usize> = (0..roots.len()).filter(|&root| roots[root].has_fibre).collect();
    let from: Vec<_> = sources.iter().map(|&root| roots[root].position).collect();
    let to: Vec<_> = villages.iter().map(|&village| study.villages[village].position).collect();
    if settings.max_fibre_km == 0.0 {
        return vec![None; villages.len()];
    }
    let map = FibreMap::new(&study.roads, &from, &to, settings);
    let price = |(place, &village): (usize, &usize)| {
        let (source, route) = map.way_from_source(place)?;
        let place = &study.villages[village];
        let households = place.households.unwrap_or_else(|| place.people().div_ceil(PEOPLE_PER_HOUSEHOLD));
        let km = route.length_m / 1000.0;
        Some(VillageFibre {
            village,
            root: sources[source],
            households,
            cost_million_vnd: costs.fibre_per_km * km + costs.fibre_household * f64::from(households),
            per_year_million_vnd: costs.fibre_km_per_year * km,
            route,
        })
    };
    villages.iter().enumerate().map(price).collect()
}
