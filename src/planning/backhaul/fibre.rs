//! The shortest new fibre: from the places that have fibre along the roads to places that have none, and between these.
//!
//! In: roads, sources, places. Out: routes with metres of cable. Off the roads, and everywhere where the study has none, a cable is
//! `detour_factor` times as long as the straight line; where that is shorter than the way by road, it is taken.

use super::hops::SAME_PLACE_M;
use super::roads::RoadGraph;
use super::shortest::ShortestWays;
use crate::geodesy::LonLat;
use crate::index::PlaceIndex;
use crate::study::BackhaulSettings;
use geo::LineString;
use serde::{Deserialize, Serialize};

/// A way for a cable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FibreRoute {
    /// Length of the cable, m.
    pub length_m: f64,
    /// Where it runs, both ends included.
    pub route: Vec<LonLat>,
}

/// Sources of fibre and places without it among the roads.
pub(super) struct FibreMap {
    /// Its first nodes are the sources, the next the places.
    graph: RoadGraph,
    sources: usize,
    places: usize,
    detour_factor: f64,
    /// Sources by position.
    source_index: PlaceIndex,
    /// Places by position.
    place_index: PlaceIndex,
    /// Shortest ways by road from any source.
    from_sources: ShortestWays,
    limit_m: f64,
}

impl FibreMap {
    /// Ties sources and places to the roads.
    pub(super) fn new(
        roads: &[LineString<f64>],
        sources: &[LonLat],
        places: &[LonLat],
        settings: &BackhaulSettings,
    ) -> Self {
        let all = [sources, places].concat();
        let graph = RoadGraph::new(roads, &all, settings.detour_factor, settings.road_join_m);
        let limit_m = 1000.0 * settings.max_fibre_km;
        let starts = (0..sources.len()).map(|source| (source, 0.0));
        let from_sources = ShortestWays::new(&graph.neighbours, starts, limit_m);
        Self {
            sources: sources.len(),
            places: places.len(),
            detour_factor: settings.detour_factor,
            source_index: PlaceIndex::new(sources.iter().copied()),
            place_index: PlaceIndex::new(places.iter().copied()),
            graph,
            from_sources,
            limit_m,
        }
    }

    fn position_of(&self, place: usize) -> LonLat {
        self.graph.positions[self.sources + place]
    }

    /// The shortest way to a place from a source, by its number; `None` where it is too long.
    pub(super) fn way_from_source(&self, place: usize) -> Option<(usize, FibreRoute)> {
        let position = self.position_of(place);
        let by_road_m = self.from_sources.lengths[self.sources + place];
        let straight = self.source_index.nearest(position).map(|(source, m)| (source, m * self.detour_factor));
        match straight.filter(|&(_, length_m)| length_m <= by_road_m && length_m <= self.limit_m) {
            Some((source, length_m)) => {
                Some((source, FibreRoute { length_m, route: vec![self.graph.positions[source], position] }))
            }
            None => cable(&self.graph, &self.from_sources, self.sources + place),
        }
    }

    /// The shortest ways between a place and other places of at most `limit_m`, each from the other place to this one, by its number.
    pub(super) fn ways_from_places(&self, place: usize, limit_m: f64) -> Vec<(usize, FibreRoute)> {
        let limit_m = limit_m.min(self.limit_m);
        let (node, position) = (self.sources + place, self.position_of(place));
        let ways = ShortestWays::new(&self.graph.neighbours, [(node, 0.0)], limit_m);
        // NaN: at the same spot
        let mut straight_m = vec![f64::INFINITY; self.places];
        for (other, distance_m) in self.place_index.within(position, (limit_m / self.detour_factor).max(SAME_PLACE_M)) {
            straight_m[other] = if distance_m < SAME_PLACE_M { f64::NAN } else { distance_m * self.detour_factor };
        }
        let others = (0..self.places).filter(|&other| !straight_m[other].is_nan());
        others
            .filter_map(|other| {
                let length_m = straight_m[other];
                if length_m <= ways.lengths[self.sources + other] && length_m <= limit_m {
                    return Some((other, FibreRoute { length_m, route: vec![self.position_of(other), position] }));
                }
                let (_, mut way) = cable(&self.graph, &ways, self.sources + other)?;
                way.route.reverse();
                Some((other, way))
            })
            .collect()
    }
}

/// The cable from the start of a shortest way to a node, and that start; `None` where there is none.
fn cable(graph: &RoadGraph, ways: &ShortestWays, to: usize) -> Option<(usize, FibreRoute)> {
    let nodes = ways.to(to)?;
    let mut route: Vec<LonLat> = nodes.iter().map(|&node| graph.positions[node]).collect();
    route.dedup();
    Some((*nodes.first()?, FibreRoute { length_m: ways.lengths[to], route }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> LonLat {
        LonLat::new(106.0 + x, 22.0 + y)
    }

    fn road(points: &[LonLat]) -> LineString<f64> {
        points.iter().map(|p| (p.lon_deg, p.lat_deg)).collect()
    }

    fn settings(max_fibre_km: f64) -> BackhaulSettings {
        BackhaulSettings { max_fibre_km, detour_factor: 1.5, ..BackhaulSettings::default() }
    }

    #[test]
    fn routes_follow_the_roads_by_hand() {
        // A road east from the source, with a branch north at 0.02°; places at the end of both and beside the road.
        let (source, fork) = (at(0.0, 0.0), at(0.02, 0.0));
        let roads = [road(&[source, fork, at(0.05, 0.0)]), road(&[fork, at(0.02, 0.03)])];
        let places = [at(0.05, 0.0), at(0.02, 0.03), at(0.03, 0.001)];
        let map = FibreMap::new(&roads, &[source], &places, &settings(30.0));
        let m = |a: LonLat, b: LonLat| a.distance_m(b);
        let (_, east) = map.way_from_source(0).unwrap_or_else(|| panic!("by road"));
        assert!((east.length_m - m(source, fork) - m(fork, places[0])).abs() < 0.01, "{east:?}");
        let (_, north) = map.way_from_source(1).unwrap_or_else(|| panic!("by road"));
        assert!((north.length_m - m(source, fork) - m(fork, places[1])).abs() < 0.01, "{north:?}");
        assert_eq!(north.route, [source, fork, places[1]]);
        let foot = at(0.03, 0.0);
        let (_, beside) = map.way_from_source(2).unwrap_or_else(|| panic!("by road"));
        let expected = m(source, foot) + 1.5 * m(foot, places[2]);
        assert!((beside.length_m - expected).abs() < 0.05, "{beside:?} {expected}");
        // from the place beside the road to the ends of both
        let found = map.ways_from_places(2, 30_000.0);
        let lengths: Vec<(usize, f64)> = found.iter().map(|(other, way)| (*other, way.length_m)).collect();
        let off_road = 1.5 * m(foot, places[2]);
        let expected = [(0, off_road + m(foot, places[0])), (1, off_road + m(foot, fork) + m(fork, places[1]))];
        assert_eq!(lengths.len(), 2);
        for ((other, length_m), (place, expected)) in lengths.iter().zip(expected) {
            assert!(*other == place && (length_m - expected).abs() < 0.05, "{lengths:?} {expected}");
        }
        assert_eq!((found[0].1.route[0], found[0].1.route.last()), (places[0], Some(&places[2])));
        // a limit between the two lengths leaves the nearer one
        assert_eq!(map.ways_from_places(2, 3_000.0).len(), 1);
    }

    #[test]
    fn straight_where_that_is_shorter_or_no_road_leads() {
        // The road makes a long bend; a second place lies on a road that the first does not meet.
        let (source, end) = (at(0.0, 0.0), at(0.01, 0.0));
        let bend = road(&[source, at(0.0, 0.02), at(0.01, 0.02), end]);
        let apart = road(&[at(0.05, 0.05), at(0.06, 0.05)]);
        let map = FibreMap::new(&[bend, apart], &[source], &[end, at(0.06, 0.05)], &settings(30.0));
        for (place, position) in [(0, end), (1, at(0.06, 0.05))] {
            let (found, way) = map.way_from_source(place).unwrap_or_else(|| panic!("straight"));
            assert_eq!((found, way.route), (0, vec![source, position]));
            assert_eq!(way.length_m, 1.5 * source.distance_m(position));
        }
        let map = FibreMap::new(&[], &[source], &[end, at(0.06, 0.05)], &settings(5.0));
        assert!(map.way_from_source(0).is_some() && map.way_from_source(1).is_none(), "8.4 km · 1.5 is beyond 5 km");
        assert_eq!(FibreMap::new(&[], &[], &[end], &settings(5.0)).way_from_source(0), None);
    }

    #[test]
    fn a_place_at_the_same_spot_is_not_connected_to_it() {
        let spot = at(0.01, 0.0);
        let map = FibreMap::new(&[], &[at(0.0, 0.0)], &[spot, spot, at(0.012, 0.0)], &settings(30.0));
        let from: Vec<usize> = map.ways_from_places(0, 1_000.0).into_iter().map(|(other, _)| other).collect();
        assert_eq!(from, [2]);
    }
}
