//! Masts of sites that stand, to which cells may be added.

use super::surroundings::Place;
use crate::index::PlaceIndex;
use crate::planning::Origin;
use crate::study::Study;

/// The sites of one's own country whose cells could reach a village in `dark`; new antennas hang where the highest of theirs do.
pub(super) fn masts(study: &Study, dark: &[usize]) -> Vec<Place> {
    let config = &study.config;
    let configurations = config.planning.configurations();
    let cells = configurations.iter().flat_map(|configuration| &configuration.cells);
    let reach_km =
        cells.filter_map(|cell| config.coverage.radius_km.get(&cell.technology)).copied().fold(0.0, f64::max);
    let villages = PlaceIndex::new(dark.iter().map(|&v| study.villages[v].position));
    let mut places: Vec<Place> = Vec::new();
    for (site, standing) in study.sites.iter().enumerate().filter(|(_, standing)| !standing.is_foreign) {
        let height_m = standing.cells.iter().map(|cell| cell.height_agl_m).fold(f64::NEG_INFINITY, f64::max);
        if height_m.is_finite() && !villages.within(standing.position, reach_km * 1000.0).is_empty() {
            let id = format!("M{}", places.len() + 1);
            let is_own = config.planning.operator.as_ref().is_none_or(|operator| *operator == standing.operator);
            let origin = if is_own { Origin::Upgrade { site } } else { Origin::Share { site } };
            let generated = Place::generated(standing.position, origin, id);
            places.push(Place { height_m: Some(height_m), has_mast: true, ..generated });
        }
    }
    places
}
