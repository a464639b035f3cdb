//! Dead zones: unserved villages that lie near one another, the land around them, why they have no service and what would help.

use super::cause::{DarkVillage, Reason, Remedy, main_reason, remedy};
use super::land::{NotSpotLand, not_spot_land};
use super::status::VillageService;
use crate::coverage::CoverageRasters;
use crate::geodesy::LonLat;
use crate::index::PlaceIndex;
use crate::study::{ServiceKind, Study, Survey, Village};
use geo::{ConvexHull, MultiPoint, Point, Polygon};
use statrs::distribution::{ContinuousCDF, Normal};

/// A cluster of villages without the service that a study plans for.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// `G1`, `G2` …, by people, most first.
    pub id: String,
    /// Indices of its villages in the study, ascending.
    pub villages: Vec<usize>,
    /// People in it.
    pub people: u64,
    /// Households in it: as stated, a quarter of the people where they are not.
    pub households: u64,
    /// Villages in it that are known to have no electricity.
    pub without_electricity: usize,
    /// Mean position of its villages, weighted by people.
    pub center: LonLat,
    /// The hull around its villages with a margin of 500 m.
    pub area: Polygon<f64>,
    /// The land without the service around them; `None` without rasters, or where all is predicted to be served.
    pub land: Option<NotSpotLand>,
    /// Why most of its people have no service.
    pub reason: Reason,
    /// What would help.
    pub remedy: Remedy,
}

/// Margin of a gap's area around its villages, m, and the corners of the circle that makes it.
const AREA_MARGIN_M: f64 = 500.0;
const AREA_CORNERS: u32 = 12;

/// The dead zones of the service that a study plans for, by people, most first. `dark` are indices of its villages without it, ascending.
///
/// Two villages belong together when they lie within the study's link distance of one another, directly or over others. Land is looked
/// at up to half of that from each, so that no land belongs to two dead zones.
pub fn find_gaps(
    study: &Study,
    services: &[VillageService],
    dark: &[usize],
    rasters: Option<&CoverageRasters>,
) -> Vec<Gap> {
    let villages = &study.villages;
    let kind = study.config.planning.service;
    let needed = Normal::standard().inverse_cdf(study.config.service.required_probability);
    let link_distance_m = study.config.gaps.link_distance_km * 1000.0;
    let status = rasters.map(|rasters| match kind {
        ServiceKind::Signal => &rasters.signal_status,
        ServiceKind::Broadband => &rasters.broadband_status,
    });
    let gap = |(rank, members): (usize, Vec<usize>)| {
        let seen = |&v: &usize| {
            let (village, service) = (&villages[v], &services[v]);
            DarkVillage { village, service, reason: Reason::of(village, service, kind, needed) }
        };
        let seen: Vec<DarkVillage<'_>> = members.iter().map(seen).collect();
        let positions: Vec<LonLat> = members.iter().map(|&v| villages[v].position).collect();
        let households = members.iter().map(|&v| u64::from(villages[v].counted_households())).sum();
        let reason = main_reason(&seen);
        Gap {
            id: format!("G{}", rank + 1),
            people: people(villages, &members),
            households,
            without_electricity: seen.iter().filter(|dark| dark.village.electricity == Survey::No).count(),
            center: center(villages, &members),
            area: area(villages, &members),
            land: status.and_then(|status| not_spot_land(study, status, &positions, link_distance_m / 2.0)),
            reason,
            remedy: remedy(&seen, reason, kind, households, needed),
            villages: members,
        }
    };
    clusters(villages, dark, link_distance_m).into_iter().enumerate().map(gap).collect()
}

fn people(villages: &[Village], members: &[usize]) -> u64 {
    members.iter().map(|&v| u64::from(villages[v].people())).sum()
}

/// Villages that hang together, by people, most first; each cluster ascending.
fn clusters(villages: &[Village], dark: &[usize], link_distance_m: f64) -> Vec<Vec<usize>> {
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
    clusters.sort_by_key(|members| (std::cmp::Reverse(people(villages, members)), members[0]));
    clusters
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
        let found = clusters(&villages, &[0, 1, 2, 3], 2_500.0);
        assert_eq!(found, [vec![3], vec![0, 1, 2]]);
        assert_eq!((people(&villages, &found[0]), people(&villages, &found[1])), (900, 300));
        assert!(center(&villages, &found[1]).distance_m(villages[1].position) < 1.0);
        let hull: geo::Rect<f64> = geo::BoundingRect::bounding_rect(&area(&villages, &found[1])).unwrap();
        let west = LonLat::new(hull.min().x, 22.5);
        assert!((west.distance_m(start) - 500.0).abs() < 1.0);
        assert!(clusters(&villages, &[], 2_500.0).is_empty());
    }
}
