//! Which commune a place lies in, and how far it is from one.

use super::Commune;
use crate::geodesy::LonLat;
use geo::{BoundingRect, LinesIter};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use std::collections::BTreeMap;

/// Areas of communes, ready for many questions.
pub(super) struct CommuneAreas {
    boxes: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
    areas: Vec<Area>,
}

/// The edges of an area, in bands of latitude so that few of them are looked at.
struct Area {
    edges: Vec<[[f64; 2]; 2]>,
    south_deg: f64,
    band_height_deg: f64,
    bands: Vec<Vec<u32>>,
}

/// Edges per band, about.
const EDGES_PER_BAND: usize = 8;

impl CommuneAreas {
    pub(super) fn new(communes: &[Commune]) -> Self {
        let corners = |commune: &Commune| {
            commune.area.bounding_rect().map_or(([0.0; 2], [0.0; 2]), |r| (r.min().into(), r.max().into()))
        };
        let boxes = communes.iter().enumerate().map(|(c, commune)| {
            let (min, max) = corners(commune);
            GeomWithData::new(Rectangle::from_corners(min, max), c)
        });
        let areas = communes.iter().map(|commune| Area::new(commune, corners(commune)));
        Self { boxes: RTree::bulk_load(boxes.collect()), areas: areas.collect() }
    }

    /// The commune that holds a place: the first in their order where they overlap.
    pub(super) fn at(&self, position: LonLat) -> Option<usize> {
        let point = [position.lon_deg, position.lat_deg];
        let around = self.boxes.locate_in_envelope_intersecting(&AABB::from_point(point));
        around.map(|b| b.data).filter(|&c| self.areas[c].contains(point)).min()
    }

    /// Distance of a place from the outline of a commune, m.
    pub(super) fn outline_distance_m(&self, commune: usize, position: LonLat) -> f64 {
        outline_distance_m(self.areas[commune].edges.iter().copied(), position)
    }

    /// Pairs of communes that overlap, with the share of the one that the other holds, 0 to 1, the larger of both: as many of the places of a
    /// lattice in the one lie in the other.
    pub(super) fn overlaps(&self) -> BTreeMap<(usize, usize), f64> {
        let mut found: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for of_box in &self.boxes {
            let (own, [west, south], [east, north]) = (of_box.data, of_box.geom().lower(), of_box.geom().upper());
            let at = |i: usize| (i as f64 + 0.5) / LATTICE as f64;
            let places = (0..LATTICE * LATTICE)
                .map(|i| [west + at(i % LATTICE) * (east - west), south + at(i / LATTICE) * (north - south)]);
            let inside: Vec<[f64; 2]> = places.filter(|place| self.areas[own].contains(*place)).collect();
            let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
            for &place in &inside {
                let around = self.boxes.locate_in_envelope_intersecting(&AABB::from_point(place)).map(|b| b.data);
                let others = around.filter(|&other| other != own && self.areas[other].contains(place));
                others.for_each(|other| *shared.entry(other).or_default() += 1);
            }
            for (other, count) in shared {
                let share = found.entry((own.min(other), own.max(other))).or_default();
                *share = share.max(count as f64 / inside.len() as f64);
            }
        }
        found
    }
}

/// Places of the lattice on which overlaps are looked for, along each side of an area's box.
const LATTICE: usize = 24;

/// Distance of a place from edges in degrees, m, up to some hundred kilometres.
pub(super) fn outline_distance_m(edges: impl Iterator<Item = [[f64; 2]; 2]>, position: LonLat) -> f64 {
    const M_PER_DEGREE: f64 = 111_200.0;
    let scale = [M_PER_DEGREE * position.lat_deg.to_radians().cos(), M_PER_DEGREE];
    let plane = |[x, y]: [f64; 2]| [(x - position.lon_deg) * scale[0], (y - position.lat_deg) * scale[1]];
    let distance_m = |edge: [[f64; 2]; 2]| {
        let [[ax, ay], [bx, by]] = edge.map(plane);
        let (dx, dy) = (bx - ax, by - ay);
        let length = dx * dx + dy * dy;
        let share = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
        (ax + share * dx).hypot(ay + share * dy)
    };
    edges.map(distance_m).fold(f64::INFINITY, f64::min)
}

impl Area {
    fn new(commune: &Commune, (min, max): ([f64; 2], [f64; 2])) -> Self {
        let edges: Vec<[[f64; 2]; 2]> =
            commune.area.lines_iter().map(|line| [line.start.into(), line.end.into()]).collect();
        let count = (edges.len() / EDGES_PER_BAND).max(1);
        let band_height_deg = (max[1] - min[1]) / count as f64;
        let mut area = Self { edges, south_deg: min[1], band_height_deg, bands: vec![Vec::new(); count] };
        for edge in 0..area.edges.len() {
            let [a, b] = area.edges[edge].map(|[_, y]| area.band(y));
            (a.min(b)..=a.max(b)).for_each(|band| area.bands[band].push(edge as u32));
        }
        area
    }

    fn band(&self, y: f64) -> usize {
        (((y - self.south_deg) / self.band_height_deg) as usize).min(self.bands.len() - 1)
    }

    /// Whether a ray to the east crosses the outline an odd number of times. Of two areas with a common edge, one holds it.
    fn contains(&self, [x, y]: [f64; 2]) -> bool {
        let crosses = |&edge: &u32| {
            let [[ax, ay], [bx, by]] = self.edges[edge as usize];
            (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
        };
        self.bands[self.band(y)].iter().filter(|edge| crosses(edge)).count() % 2 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Contains, MultiPolygon, Point, polygon};

    fn commune(area: MultiPolygon<f64>) -> Commune {
        Commune { name: String::new(), area, seat: LonLat::new(0.0, 0.0), has_fibre: true }
    }

    #[test]
    fn agrees_with_the_library_and_holds_common_edges_once() {
        let star = |x: f64| {
            let ring = (0..101).map(|i| {
                let (angle, r) = (f64::from(i) * std::f64::consts::TAU / 100.0, if i % 2 == 0 { 0.1 } else { 0.06 });
                (x + r * angle.cos(), 22.5 + r * angle.sin())
            });
            geo::Polygon::new(ring.collect(), Vec::new())
        };
        let with_hole = polygon!(
            exterior: [(x: 107.0, y: 22.0), (x: 108.0, y: 22.0), (x: 108.0, y: 23.0), (x: 107.0, y: 23.0)],
            interiors: [[(x: 107.4, y: 22.4), (x: 107.6, y: 22.4), (x: 107.6, y: 22.6), (x: 107.4, y: 22.6)]],
        );
        let communes: Vec<Commune> = [
            MultiPolygon::new(vec![star(106.0), star(106.4)]),
            MultiPolygon::new(vec![star(106.2)]),
            MultiPolygon::new(vec![with_hole]),
        ]
        .map(commune)
        .into();
        let areas = CommuneAreas::new(&communes);
        let mut inside = 0;
        for i in 0..4000 {
            let (x, y) = (105.8001 + f64::from(i * 37 % 4000) / 1600.0, 21.9 + f64::from(i * 1231 % 4000) / 3300.0);
            let expected = communes.iter().position(|c| c.area.contains(&Point::new(x, y)));
            assert_eq!(areas.at(LonLat::new(x, y)), expected, "{x} {y}");
            inside += usize::from(expected.is_some());
        }
        assert!(inside > 800, "{inside}");
        let half = |west: f64| polygon![(x: west, y: 0.0), (x: west + 1.0, y: 0.0), (x: west + 1.0, y: 1.0), (x: west, y: 1.0)];
        let halves = [commune(half(0.0).into()), commune(half(1.0).into())];
        let areas = CommuneAreas::new(&halves);
        assert_eq!(areas.at(LonLat::new(1.0, 0.5)), Some(1));
        assert!((areas.outline_distance_m(0, LonLat::new(1.01, 0.5)) - 1112.0).abs() < 1.0);
        assert!(areas.overlaps().is_empty());
        // a quarter of the first lies in the second, and all of a small third in the first
        let small = polygon![(x: 0.4, y: 0.4), (x: 0.41, y: 0.4), (x: 0.41, y: 0.41), (x: 0.4, y: 0.41)];
        let communes = [commune(half(0.0).into()), commune(half(0.75).into()), commune(small.into())];
        let overlaps = CommuneAreas::new(&communes).overlaps();
        assert_eq!(overlaps, [((0, 1), 0.25), ((0, 2), 1.0)].into());
    }
}
