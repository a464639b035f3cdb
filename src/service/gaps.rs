//! Dead zones: unserved villages that lie near one another.

use crate::geodesy::LonLat;
use crate::index::PlaceIndex;
use crate::study::Village;
use geo::{ConvexHull, MultiPoint, Point, Polygon};

/// A cluster of villages without a service.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// `G1`, `G2` …, by people, most first.
    pub id: String,
    /// Indices of its villages in the study, ascending.
    pub villages: Vec<usize>,
    /// People in it.
    pub people: u64,
    /// Mean position of its villages, weighted by people.
    pub center: LonLat,
    /// The hull around its villages with a margin of 500 m.
    pub area: Polygon<f64>,
}

/// Margin of a gap's area around its villages, m, and the corners of the circle that makes it.
const AREA_MARGIN_M: f64 = 500.0;
const AREA_CORNERS: u32 = 12;

/// Clusters villages: two belong together when they lie within `link_distance_m` of one another, directly or over others.
/// `dark` are indices of villages, ascending. Gaps come by people, most first.
pub fn find_gaps(villages: &[Village], dark: &[usize], link_distance_m: f64) -> Vec<Gap> {
    let index = PlaceIndex::new(dark.iter().map(|&v| villages[v].position));
    let mut cluster_of = vec![usize::MAX; dark.len()];
    let mut clusters: Vec<Vec<usize>> = Vec::new();
    for start in 0..dark.len() {
        if cluster_of[start] != usize::MAX {
            continue;
        }
        let cluster = clusters.len();
        cluster_of[start] = cluster;
        let mut members = vec![start];
        let mut next = 0;
        while next < members.len() {
            for (near, _) in index.within(villages[dark[members[next]]].position, link_distance_m) {
                if cluster_of[near] == usize::MAX {
                    cluster_of[near] = cluster;
                    members.push(near);
                }
            }
            next += 1;
        }
        let mut members: Vec<usize> = members.into_iter().map(|m| dark[m]).collect();
        members.sort_unstable();
        clusters.push(members);
    }
    let people = |members: &[usize]| members.iter().map(|&v| u64::from(villages[v].people())).sum::<u64>();
    clusters.sort_by_key(|members| (std::cmp::Reverse(people(members)), members[0]));
    clusters
        .into_iter()
        .enumerate()
        .map(|(rank, members)| Gap {
            id: format!("G{}", rank + 1),
            people: people(&members),
            center: center(villages, &members),
            area: area(villages, &members),
            villages: members,
        })
        .collect()
}

fn center(villages: &[Village], members: &[usize]) -> LonLat {
    let weight: f64 = members.iter().map(|&v| f64::from(villages[v].people()).max(1.0)).sum();
    let mean = |coordinate: fn(LonLat) -> f64| {
        members
            .iter()
            .map(|&v| coordinate(villages[v].position) * f64::from(villages[v].people()).max(1.0))
            .sum::<f64>()
            / weight
    };
    LonLat::new(mean(|p| p.lon_deg), mean(|p| p.lat_deg))
}

fn area(villages: &[Village], members: &[usize]) -> Polygon<f64> {
    let corners = members.iter().flat_map(|&v| {
        (0..AREA_CORNERS).map(move |k| {
            let p = villages[v].position.destination(360.0 / f64::from(AREA_CORNERS) * f64::from(k), AREA_MARGIN_M);
            Point::new(p.lon_deg, p.lat_deg)
        })
    });
    MultiPoint::from_iter(corners).convex_hull()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn village(id: &str, position: LonLat, population: u32) -> Village {
        Village { position, population: Some(population), ..Village::named(id) }
    }

    #[test]
    fn chains_of_near_villages_are_one_gap() {
        let start = LonLat::new(106.0, 22.5);
        let villages: Vec<Village> = [0.0, 2_000.0, 4_000.0, 9_000.0]
            .iter()
            .enumerate()
            .map(|(i, &d)| village(&format!("v{i}"), start.destination(90.0, d), if i == 3 { 900 } else { 100 }))
            .collect();
        let gaps = find_gaps(&villages, &[0, 1, 2, 3], 2_500.0);
        assert_eq!(gaps.len(), 2);
        assert_eq!((gaps[0].villages.as_slice(), gaps[0].people), (&[3][..], 900));
        assert_eq!((gaps[1].villages.as_slice(), gaps[1].people), (&[0, 1, 2][..], 300));
        assert!(gaps[1].center.distance_m(villages[1].position) < 1.0);
        let hull: geo::Rect<f64> = geo::BoundingRect::bounding_rect(&gaps[1].area).unwrap();
        let west = LonLat::new(hull.min().x, 22.5);
        assert!((west.distance_m(start) - 500.0).abs() < 1.0);
        assert_eq!(find_gaps(&villages, &[], 2_500.0), []);
    }
}
