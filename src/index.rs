//! Places within a radius, through an R-tree.

use crate::geodesy::{BoundingBox, LonLat};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

/// Numbered places on the ellipsoid.
#[derive(Debug, Clone)]
pub struct PlaceIndex(RTree<GeomWithData<[f64; 2], usize>>);

impl PlaceIndex {
    /// An index of places; their numbers are their order.
    pub fn new(places: impl IntoIterator<Item = LonLat>) -> Self {
        let entries =
            places.into_iter().enumerate().map(|(i, p)| GeomWithData::new([p.lon_deg, p.lat_deg], i)).collect();
        Self(RTree::bulk_load(entries))
    }

    /// Adds a place with the next number.
    pub fn insert(&mut self, place: LonLat) {
        let number = self.0.size();
        self.0.insert(GeomWithData::new([place.lon_deg, place.lat_deg], number));
    }

    /// Numbers of the places within `radius_m` metres and their distances in metres, by number.
    pub fn within(&self, center: LonLat, radius_m: f64) -> Vec<(usize, f64)> {
        let Some(bounds) = BoundingBox::around([center]).map(|b| b.expanded(radius_m)) else { return Vec::new() };
        let envelope = AABB::from_corners([bounds.west_deg, bounds.south_deg], [bounds.east_deg, bounds.north_deg]);
        let mut found: Vec<(usize, f64)> = self
            .0
            .locate_in_envelope(&envelope)
            .map(|entry| (entry.data, center.distance_m(LonLat::new(entry.geom()[0], entry.geom()[1]))))
            .filter(|&(_, distance_m)| distance_m <= radius_m)
            .collect();
        found.sort_unstable_by_key(|&(number, _)| number);
        found
    }

    /// Distance to the nearest place, m; `None` without places.
    pub fn nearest_m(&self, center: LonLat) -> Option<f64> {
        self.nearest(center).map(|(_, distance_m)| distance_m)
    }

    /// Number of the nearest place, the first of several, and its distance in metres; `None` without places.
    pub fn nearest(&self, center: LonLat) -> Option<(usize, f64)> {
        // The tree measures degrees: the nearest in degrees bounds how far the nearest in metres can be.
        let near = self.0.nearest_neighbor(&[center.lon_deg, center.lat_deg])?;
        let reach_m = center.distance_m(LonLat::new(near.geom()[0], near.geom()[1]));
        self.within(center, reach_m * 1.000_001 + 0.001).into_iter().min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_search_over_all_finds() {
        let places: Vec<LonLat> = (0..200)
            .map(|i| LonLat::new(105.5 + f64::from(i * 37 % 200) / 180.0, 22.4 + f64::from(i * 91 % 200) / 300.0))
            .collect();
        let index = PlaceIndex::new(places.iter().copied());
        for center in [LonLat::new(106.0, 22.6), LonLat::new(105.5, 22.4), LonLat::new(107.0, 23.2)] {
            for radius_m in [1_000.0, 10_000.0, 60_000.0] {
                let found: Vec<usize> = index.within(center, radius_m).into_iter().map(|(i, _)| i).collect();
                let all: Vec<usize> = (0..places.len()).filter(|&i| center.distance_m(places[i]) <= radius_m).collect();
                assert_eq!(found, all);
            }
            let nearest = places.iter().map(|p| center.distance_m(*p)).min_by(f64::total_cmp);
            assert_eq!(index.nearest_m(center), nearest);
            assert_eq!(index.nearest(center).map(|(i, _)| center.distance_m(places[i])), nearest);
        }
        assert_eq!(PlaceIndex::new([]).nearest_m(LonLat::new(0.0, 0.0)), None);
    }
}
