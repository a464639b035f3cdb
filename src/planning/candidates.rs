//! Candidate sites: given by a file, or generated on high ground near villages without service.

use super::candidate::{Candidate, CostParts, Origin, SiteCost};
use crate::geodesy::LonLat;
use crate::index::PlaceIndex;
use crate::study::{Costs, Study};
use ndarray::{Array2, Axis};
use std::collections::HashSet;

/// Spacing of the points that stand for a road, m: the distance to a road is at most 1 m too long from 300 m on.
const ROAD_STEP_M: f64 = 50.0;

/// Radius around a village in which the highest point is a candidate too, m.
const BESIDE_VILLAGE_M: f64 = 500.0;

/// Candidates for the villages `dark` (indices in the study): those of the candidates' file, or generated ones.
pub(super) fn candidates(study: &Study, dark: &[usize]) -> Vec<Candidate> {
    let surroundings = Surroundings::new(study);
    match &study.candidates {
        Some(given) => given
            .iter()
            .map(|g| {
                let height_agl_m = g.height_agl_m.unwrap_or(study.config.planning.new_site.height_m);
                let mut candidate = surroundings.candidate(g.id.clone(), g.position, height_agl_m, Origin::Given);
                if let Some(cost) = g.cost {
                    candidate.cost = SiteCost { parts: None, total: cost };
                }
                candidate
            })
            .collect(),
        None => generate(study, &surroundings, dark),
    }
}

/// What stands around and makes a site cheap or dear.
struct Surroundings<'a> {
    study: &'a Study,
    network: PlaceIndex,
    roads: PlaceIndex,
}

impl<'a> Surroundings<'a> {
    fn new(study: &'a Study) -> Self {
        let sites = study.sites.iter().map(|s| s.position);
        let seats = study.communes.iter().map(|c| c.seat);
        let roads = study.roads.iter().flat_map(|road| {
            road.lines().flat_map(|line| {
                let (a, b) = (LonLat::new(line.start.x, line.start.y), LonLat::new(line.end.x, line.end.y));
                let steps = (a.distance_m(b) / ROAD_STEP_M).ceil().max(1.0) as usize;
                (0..=steps).map(move |i| {
                    let t = i as f64 / steps as f64;
                    LonLat::new(a.lon_deg + (b.lon_deg - a.lon_deg) * t, a.lat_deg + (b.lat_deg - a.lat_deg) * t)
                })
            })
        });
        Self { study, network: PlaceIndex::new(sites.chain(seats)), roads: PlaceIndex::new(roads) }
    }

    fn candidate(&self, id: String, position: LonLat, height_agl_m: f64, origin: Origin) -> Candidate {
        let network_distance_m = self.network.nearest_m(position);
        let road_distance_m = self.roads.nearest_m(position);
        Candidate {
            id,
            position,
            terrain_amsl_m: self.study.terrain.height_m(position).unwrap_or(f64::NAN),
            height_agl_m,
            origin,
            network_distance_m,
            road_distance_m,
            cost: site_cost(&self.study.config.planning.costs, height_agl_m, network_distance_m, road_distance_m),
        }
    }
}

/// Cost of a site: the site itself, fibre or one microwave hop to the network, whichever is cheaper, and a track from the road.
fn site_cost(
    costs: &Costs,
    height_agl_m: f64,
    network_distance_m: Option<f64>,
    road_distance_m: Option<f64>,
) -> SiteCost {
    let fibre = network_distance_m.map_or(f64::INFINITY, |m| costs.fibre_per_km * m / 1000.0);
    let transmission = fibre.min(costs.microwave_hop);
    let access = road_distance_m.map(|m| costs.access_per_km * m / 1000.0);
    let site = costs.site + costs.tower_per_m * height_agl_m + costs.radio;
    let total = site + transmission + access.unwrap_or(0.0);
    SiteCost { parts: Some(CostParts { site, transmission, access }), total }
}

/// Hilltops inside the communes and within the search radius of a dark village; for each such village also its own place and
/// the highest point beside it.
fn generate(study: &Study, surroundings: &Surroundings<'_>, dark: &[usize]) -> Vec<Candidate> {
    let search = &study.config.planning.candidates;
    let grid = &study.terrain.grid;
    let reach = (search.hilltop_radius_m / study.terrain.pixel_size_m).round().max(1.0) as usize;
    let highest = highest_around(&grid.values, reach);
    let dark_index = PlaceIndex::new(dark.iter().map(|&v| study.villages[v].position));
    let position_of = |row: usize, column: usize| {
        let (x, y) = grid.transform.center(row as f64, column as f64);
        study.terrain.locator.position(x, y)
    };
    let mut hilltops: Vec<(f32, usize, usize)> = Vec::new();
    for ((row, column), &height) in grid.values.indexed_iter() {
        if study.inside[[row, column]]
            && height == highest[[row, column]]
            && !dark_index.within(position_of(row, column), search.search_radius_km * 1000.0).is_empty()
        {
            hilltops.push((height, row, column));
        }
    }
    hilltops.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut spaced = PlaceIndex::new([]);
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (_, row, column) in hilltops {
        let position = position_of(row, column);
        if spaced.within(position, search.spacing_m).is_empty() {
            spaced.insert(position);
            places.push((row, column));
        }
    }
    for &village in dark {
        places.extend(around_village(study, study.villages[village].position));
    }
    let mut seen = HashSet::new();
    let near_road =
        |p: &LonLat| surroundings.roads.nearest_m(*p).is_none_or(|m| m <= search.max_road_distance_km * 1000.0);
    let kept = places.into_iter().filter(|place| seen.insert(*place)).map(|(row, column)| position_of(row, column));
    let height_agl_m = study.config.planning.new_site.height_m;
    kept.filter(near_road)
        .enumerate()
        .map(|(i, p)| surroundings.candidate(format!("C{}", i + 1), p, height_agl_m, Origin::Generated))
        .collect()
}

/// The village's own pixel, and the highest one within [`BESIDE_VILLAGE_M`] of it.
fn around_village(study: &Study, village: LonLat) -> Vec<(usize, usize)> {
    let grid = &study.terrain.grid;
    let (x, y) = study.terrain.locator.locate(village);
    let (row, column) = grid.transform.row_column(x, y);
    let reach = (BESIDE_VILLAGE_M / study.terrain.pixel_size_m).ceil();
    let span = |at: f64, n: usize| (at - reach).max(0.0) as usize..((at + reach + 1.0).max(0.0) as usize).min(n);
    let mut nearest: Option<(f64, usize, usize)> = None;
    let mut highest: Option<(f32, usize, usize)> = None;
    for r in span(row, grid.rows()) {
        for c in span(column, grid.columns()) {
            let height = grid.values[[r, c]];
            let (x, y) = grid.transform.center(r as f64, c as f64);
            let distance_m = study.terrain.locator.position(x, y).distance_m(village);
            if distance_m > BESIDE_VILLAGE_M || !study.inside[[r, c]] || height.is_nan() {
                continue;
            }
            if nearest.is_none_or(|(least, _, _)| distance_m < least) {
                nearest = Some((distance_m, r, c));
            }
            if highest.is_none_or(|(most, _, _)| height > most) {
                highest = Some((height, r, c));
            }
        }
    }
    highest.map(|(_, r, c)| (r, c)).into_iter().chain(nearest.map(|(_, r, c)| (r, c))).collect()
}

/// Largest height in the square of `2·reach + 1` pixels around each pixel; missing heights count for nothing.
fn highest_around(heights: &Array2<f32>, reach: usize) -> Array2<f32> {
    let mut highest = heights.mapv(|h| if h.is_nan() { f32::NEG_INFINITY } else { h });
    for axis in [Axis(0), Axis(1)] {
        for mut lane in highest.lanes_mut(axis) {
            let values = lane.to_vec();
            let mut window = std::collections::VecDeque::new(); // indices of falling values
            let n = values.len();
            let mut next = 0;
            for (center, out) in lane.iter_mut().enumerate() {
                while next < n && next <= center + reach {
                    while window.back().is_some_and(|&last: &usize| values[last] <= values[next]) {
                        window.pop_back();
                    }
                    window.push_back(next);
                    next += 1;
                }
                while window.front().is_some_and(|&first| first + reach < center) {
                    window.pop_front();
                }
                *out = window.front().map_or(f32::NEG_INFINITY, |&first| values[first]);
            }
        }
    }
    highest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_around_matches_a_plain_search() {
        let heights =
            Array2::from_shape_fn(
                (17, 23),
                |(r, c)| {
                    if (r, c) == (3, 4) { f32::NAN } else { ((r * 31 + c * 17) % 29) as f32 }
                },
            );
        for reach in [1, 3, 30] {
            let fast = highest_around(&heights, reach);
            for ((r, c), &value) in fast.indexed_iter() {
                let mut plain = f32::NEG_INFINITY;
                for y in r.saturating_sub(reach)..(r + reach + 1).min(17) {
                    for x in c.saturating_sub(reach)..(c + reach + 1).min(23) {
                        plain = plain.max(heights[[y, x]]);
                    }
                }
                assert_eq!(value, plain, "{r} {c} {reach}");
            }
        }
    }

    #[test]
    fn transmission_takes_the_cheaper_way() {
        let costs = Costs {
            site: 300.0,
            tower_per_m: 10.0,
            radio: 100.0,
            fibre_per_km: 500.0,
            microwave_hop: 400.0,
            access_per_km: 100.0,
            ..Costs::default()
        };
        let cost = |transmission, access, total| {
            let parts = CostParts { site: 800.0, transmission, access };
            SiteCost { parts: Some(parts), total }
        };
        assert_eq!(site_cost(&costs, 40.0, Some(500.0), Some(2_000.0)), cost(250.0, Some(200.0), 1250.0));
        assert_eq!(site_cost(&costs, 40.0, Some(5_000.0), None), cost(400.0, None, 1200.0));
        assert_eq!(site_cost(&costs, 40.0, None, None), cost(400.0, None, 1200.0));
    }
}
