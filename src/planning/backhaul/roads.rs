//! Roads as a graph, with places tied to it.
//!
//! In: polylines, places, how much longer a cable is than the straight line off the roads. Out: nodes and edges in metres of cable.
//! Roads meet where they share a vertex, where they cross, and where one ends within a given distance of another. Each place is tied to
//! the nearest point of the roads; what no road reaches stays apart. Crossings and nearest points are found on straight lines in
//! degrees, scaled at the place; lengths are geodesic.

use crate::geodesy::{BoundingBox, LonLat};
use geo::LineString;
use rstar::primitives::{GeomWithData, Line};
use rstar::{AABB, RTree};
use std::collections::HashMap;

/// Where along a segment, 0 to 1, a point counts as its end.
const END: f64 = 1e-9;

/// A graph of roads and places; lengths are those of a cable.
#[derive(Debug)]
pub(super) struct RoadGraph {
    /// Where the nodes lie: first the places, in their order.
    pub positions: Vec<LonLat>,
    /// Neighbours of each node with the metres of cable between.
    pub neighbours: Vec<Vec<(usize, f64)>>,
}

impl RoadGraph {
    /// The graph of `roads` with `places`. A cable off the roads is `detour_factor` times as long as the straight line; ends of roads within `join_m`
    /// of another road are joined to it.
    pub(super) fn new(roads: &[LineString<f64>], places: &[LonLat], detour_factor: f64, join_m: f64) -> Self {
        let mut builder = Builder::new(roads, places);
        builder.split_at_crossings();
        builder.join_ends(join_m);
        builder.tie_places(places.len(), detour_factor);
        builder.finish()
    }
}

/// A straight piece of a road.
struct Segment {
    /// Nodes of its ends.
    ends: [usize; 2],
    /// Number of its road.
    road: usize,
    /// Where it is split: how far along, 0 to 1, and the node there.
    splits: Vec<(f64, usize)>,
}

type Indexed = GeomWithData<Line<[f64; 2]>, usize>;

struct Builder {
    positions: Vec<LonLat>,
    segments: Vec<Segment>,
    index: RTree<Indexed>,
    /// Edges that lie on no segment, with metres of cable.
    ties: Vec<(usize, usize, f64)>,
}

impl Builder {
    fn new(roads: &[LineString<f64>], places: &[LonLat]) -> Self {
        let mut positions = places.to_vec();
        let mut node_at: HashMap<(u64, u64), usize> = HashMap::new();
        let mut segments = Vec::new();
        for (road, line) in roads.iter().enumerate() {
            let mut before = None;
            for vertex in line.coords() {
                // adding 0 makes one zero of two
                let key = ((vertex.x + 0.0).to_bits(), (vertex.y + 0.0).to_bits());
                let node = *node_at.entry(key).or_insert_with(|| {
                    positions.push(LonLat::new(vertex.x, vertex.y));
                    positions.len() - 1
                });
                if let Some(before) = before.replace(node).filter(|&before| before != node) {
                    segments.push(Segment { ends: [before, node], road, splits: Vec::new() });
                }
            }
        }
        let point = |node: usize| [positions[node].lon_deg, positions[node].lat_deg];
        let indexed =
            segments.iter().enumerate().map(|(i, s)| Indexed::new(Line::new(point(s.ends[0]), point(s.ends[1])), i));
        let index = RTree::bulk_load(indexed.collect());
        Self { positions, segments, index, ties: Vec::new() }
    }

    fn end(&self, segment: usize, end: usize) -> LonLat {
        self.positions[self.segments[segment].ends[end]]
    }

    /// Numbers of the segments whose boxes touch a box, ascending.
    fn touching(&self, bounds: BoundingBox) -> Vec<usize> {
        let envelope = AABB::from_corners([bounds.west_deg, bounds.south_deg], [bounds.east_deg, bounds.north_deg]);
        let mut found: Vec<usize> = self.index.locate_in_envelope_intersecting(&envelope).map(|s| s.data).collect();
        found.sort_unstable();
        found
    }

    /// The node at a place along a segment: an end, or a new one.
    fn split(&mut self, segment: usize, along: f64) -> usize {
        let Segment { ends: [a, b], .. } = self.segments[segment];
        if along <= END {
            return a;
        }
        if along >= 1.0 - END {
            return b;
        }
        self.positions.push(between(self.positions[a], self.positions[b], along));
        let node = self.positions.len() - 1;
        self.segments[segment].splits.push((along, node));
        node
    }

    fn split_at_crossings(&mut self) {
        for first in 0..self.segments.len() {
            let ends = [self.end(first, 0), self.end(first, 1)];
            let Some(bounds) = BoundingBox::around(ends) else { continue };
            for second in self.touching(bounds).into_iter().filter(|&second| second > first) {
                let shares_end = self.segments[first].ends.iter().any(|end| self.segments[second].ends.contains(end));
                if shares_end {
                    continue;
                }
                let Some((along, along_second)) = crossing(ends, [self.end(second, 0), self.end(second, 1)]) else {
                    continue;
                };
                let node = self.split(first, along);
                let is_end = along_second <= END || along_second >= 1.0 - END;
                if is_end {
                    let other = self.split(second, along_second);
                    self.ties.push((node, other, 0.0));
                } else {
                    self.segments[second].splits.push((along_second, node));
                }
            }
        }
    }

    /// Ties ends of roads that nothing else meets to the nearest other road within `join_m`.
    fn join_ends(&mut self, join_m: f64) {
        let mut meetings = vec![0u32; self.positions.len()];
        self.segments.iter().flat_map(|segment| segment.ends).for_each(|node| meetings[node] += 1);
        self.ties.iter().for_each(|&(a, b, _)| [a, b].into_iter().for_each(|node| meetings[node] += 1));
        for segment in 0..self.segments.len() {
            let Segment { ends, road, .. } = self.segments[segment];
            for node in ends.into_iter().filter(|&node| meetings[node] == 1) {
                let position = self.positions[node];
                let Some(bounds) = BoundingBox::around([position]).map(|b| b.expanded(join_m)) else { continue };
                let others = self.touching(bounds).into_iter().filter(|&other| self.segments[other].road != road);
                let nearest = self.nearest_of(position, others).filter(|nearest| nearest.distance_m <= join_m);
                if let Some(Nearest { segment, along, distance_m }) = nearest {
                    let other = self.split(segment, along);
                    self.ties.push((node, other, distance_m));
                }
            }
        }
    }

    fn tie_places(&mut self, count: usize, detour_factor: f64) {
        for place in 0..count {
            let position = self.positions[place];
            // The tree measures degrees: the nearest in degrees bounds how far the nearest in metres can be.
            let Some(near) = self.index.nearest_neighbor(&[position.lon_deg, position.lat_deg]) else { return };
            let Some(bound) = self.nearest_of(position, std::iter::once(near.data)) else { continue };
            let reach_m = bound.distance_m * 1.001 + 1.0;
            let Some(bounds) = BoundingBox::around([position]).map(|b| b.expanded(reach_m)) else { continue };
            let found = self.nearest_of(position, self.touching(bounds).into_iter());
            if let Some(Nearest { segment, along, distance_m }) = found {
                let node = self.split(segment, along);
                self.ties.push((place, node, distance_m * detour_factor));
            }
        }
    }

    /// The nearest of some segments, the first of several.
    fn nearest_of(&self, position: LonLat, segments: impl Iterator<Item = usize>) -> Option<Nearest> {
        let nearest = |segment: usize| {
            let (a, b) = (self.end(segment, 0), self.end(segment, 1));
            let along = nearest_along(position, a, b);
            Nearest { segment, along, distance_m: position.distance_m(between(a, b, along)) }
        };
        segments.map(nearest).min_by(|a, b| a.distance_m.total_cmp(&b.distance_m))
    }

    fn finish(self) -> RoadGraph {
        let mut neighbours = vec![Vec::new(); self.positions.len()];
        let mut edge = |a: usize, b: usize, length_m: f64| {
            neighbours[a].push((b, length_m));
            neighbours[b].push((a, length_m));
        };
        for mut segment in self.segments {
            let [a, b] = segment.ends;
            let length_m = self.positions[a].distance_m(self.positions[b]);
            segment.splits.sort_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
            let mut before = (0.0, a);
            for next in segment.splits.into_iter().chain([(1.0, b)]) {
                edge(before.1, next.1, length_m * (next.0 - before.0));
                before = next;
            }
        }
        self.ties.into_iter().for_each(|(a, b, length_m)| edge(a, b, length_m));
        RoadGraph { positions: self.positions, neighbours }
    }
}

/// The nearest point of a segment.
struct Nearest {
    segment: usize,
    /// How far along it, 0 to 1.
    along: f64,
    distance_m: f64,
}

/// A point between two, linear in degrees.
fn between(a: LonLat, b: LonLat, along: f64) -> LonLat {
    LonLat::new(a.lon_deg + (b.lon_deg - a.lon_deg) * along, a.lat_deg + (b.lat_deg - a.lat_deg) * along)
}

/// How far along from `a` to `b`, 0 to 1, the point nearest to `p` lies.
fn nearest_along(p: LonLat, a: LonLat, b: LonLat) -> f64 {
    let scale = p.lat_deg.to_radians().cos();
    let x = |from: LonLat, to: LonLat| (to.lon_deg - from.lon_deg) * scale;
    let y = |from: LonLat, to: LonLat| to.lat_deg - from.lat_deg;
    let length_squared = x(a, b).powi(2) + y(a, b).powi(2);
    let along = (x(a, p) * x(a, b) + y(a, p) * y(a, b)) / length_squared;
    if length_squared > 0.0 { along.clamp(0.0, 1.0) } else { 0.0 }
}

/// How far along each of two segments, 0 to 1, they cross; `None` where they do not or are parallel.
fn crossing([a, b]: [LonLat; 2], [c, d]: [LonLat; 2]) -> Option<(f64, f64)> {
    let vector = |from: LonLat, to: LonLat| (to.lon_deg - from.lon_deg, to.lat_deg - from.lat_deg);
    let cross = |u: (f64, f64), v: (f64, f64)| u.0 * v.1 - u.1 * v.0;
    let (ab, cd, ac) = (vector(a, b), vector(c, d), vector(a, c));
    let area = cross(ab, cd);
    let (along_ab, along_cd) = (cross(ac, cd) / area, cross(ac, ab) / area);
    let is_on = |along: f64| (-END..=1.0 + END).contains(&along);
    (area != 0.0 && is_on(along_ab) && is_on(along_cd)).then_some((along_ab, along_cd))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn road(points: &[(f64, f64)]) -> LineString<f64> {
        points.to_vec().into()
    }

    /// Length of an edge between two places, by their coordinates; `None` where there is none.
    fn edge(graph: &RoadGraph, a: (f64, f64), b: (f64, f64)) -> Option<f64> {
        let node = |(x, y): (f64, f64)| {
            let near = |p: &LonLat| (p.lon_deg - x).abs() < 1e-9 && (p.lat_deg - y).abs() < 1e-9;
            graph.positions.iter().position(near)
        };
        let (a, b) = (node(a)?, node(b)?);
        graph.neighbours[a].iter().find(|(to, _)| *to == b).map(|(_, length_m)| *length_m)
    }

    fn metres(a: (f64, f64), b: (f64, f64)) -> f64 {
        LonLat::new(a.0, a.1).distance_m(LonLat::new(b.0, b.1))
    }

    #[test]
    fn roads_meet_at_vertices_crossings_and_near_ends() {
        let roads = [
            road(&[(106.0, 22.0), (106.02, 22.0), (106.04, 22.0)]),
            road(&[(106.02, 22.0), (106.02, 22.01)]), // starts at a vertex of the first
            road(&[(106.03, 21.99), (106.03, 22.01)]), // crosses the first
            road(&[(106.01, 22.000_1), (106.01, 22.02)]), // ends 11 m from the first
            road(&[(106.005, 22.000_5), (106.005, 22.02)]), // ends 55 m from it
        ];
        let graph = RoadGraph::new(&roads, &[], 1.0, 20.0);
        let is = |found: Option<f64>, expected: f64| found.is_some_and(|found| (found - expected).abs() < 0.01);
        assert!(is(edge(&graph, (106.02, 22.0), (106.02, 22.01)), metres((106.02, 22.0), (106.02, 22.01))));
        for end in [(106.02, 22.0), (106.04, 22.0), (106.03, 21.99), (106.03, 22.01)] {
            assert!(is(edge(&graph, (106.03, 22.0), end), metres((106.03, 22.0), end)), "{end:?}");
        }
        assert!(is(edge(&graph, (106.01, 22.0), (106.01, 22.000_1)), metres((106.01, 22.0), (106.01, 22.000_1))));
        assert!(is(edge(&graph, (106.0, 22.0), (106.01, 22.0)), metres((106.0, 22.0), (106.01, 22.0))));
        assert_eq!(edge(&graph, (106.0, 22.0), (106.02, 22.0)), None, "it is split where the fourth road joins");
        assert_eq!(edge(&graph, (106.005, 22.0), (106.005, 22.000_5)), None, "too far apart");
    }

    #[test]
    fn a_place_is_tied_to_the_nearest_point_of_the_roads() {
        // 0.001° of latitude are 110.7 m and of longitude 103.2 m: the meridian road is nearer, though farther in degrees.
        let roads = [road(&[(106.0, 22.0), (106.1, 22.0)]), road(&[(106.010_3, 22.001), (106.010_3, 22.1)])];
        let place = LonLat::new(106.009_29, 22.001);
        let graph = RoadGraph::new(&roads, &[place], 1.4, 0.0);
        assert_eq!(graph.neighbours[0].len(), 1);
        let (node, length_m) = graph.neighbours[0][0];
        assert_eq!(graph.positions[node], LonLat::new(106.010_3, 22.001));
        assert!((length_m - 1.4 * place.distance_m(graph.positions[node])).abs() < 1e-9);
        // on the first road, between its ends
        let place = LonLat::new(106.05, 22.0);
        let graph = RoadGraph::new(&roads[..1], &[place], 1.4, 0.0);
        let (node, length_m) = graph.neighbours[0][0];
        assert!(length_m < 0.01 && graph.neighbours[node].len() == 3);
    }

    #[test]
    fn without_roads_places_stay_apart() {
        let graph = RoadGraph::new(&[], &[LonLat::new(106.0, 22.0)], 1.4, 20.0);
        assert_eq!((graph.positions.len(), graph.neighbours[0].len()), (1, 0));
    }
}
