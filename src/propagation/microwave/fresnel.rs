//! Clearance of a microwave hop over its profile: Rec. ITU-R P.530-18 §2.2.
//!
//! In: a link, a profile with clutter, the effective Earth factor k, the share of the first Fresnel zone that must be free.
//! Out: the smallest clearance and the stretches that stand in that zone.

use crate::propagation::earth::EARTH_RADIUS_KM;
use crate::propagation::sight::{Edge, edges, main_edge};
use crate::propagation::{Link, Profile};

/// What is asked of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClearanceRule {
    /// Effective Earth factor k, positive: 4/3 in the median, less in the k exceeded for 99.9 % of the time.
    pub k: f64,
    /// Share of the first Fresnel zone's radius that must be free: 1 for the median k and 0.6 or less for the smallest (§2.2.2).
    pub free_share: f64,
}

impl ClearanceRule {
    /// 0.6 of the first Fresnel zone free in the median atmosphere, k = 4/3.
    pub const USUAL: Self = Self { k: 4.0 / 3.0, free_share: 0.6 };
}

/// A stretch of neighbouring points that all stand in the zone that must be free.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Violation {
    /// Distance of its first point, km.
    pub from_km: f64,
    /// Distance of its last point, km.
    pub to_km: f64,
    /// Its worst point, by share of F₁.
    pub worst: Edge,
    /// How far the worst point stands in the zone, m.
    pub depth_m: f64,
}

/// Clearance of a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Clearance {
    /// The point with the least clearance in Fresnel radii; none on a profile without intermediate points.
    pub smallest: Option<Edge>,
    /// All stretches in the zone that must be free, outward.
    pub violations: Vec<Violation>,
}

/// Clearance between the link's antennas over `profile`; clutter at the ends' own places does not count.
pub fn clearance(link: &Link, profile: &Profile, rule: ClearanceRule) -> Clearance {
    let a_e_km = rule.k * EARTH_RADIUS_KM;
    let points: Vec<Edge> = edges(link, profile, a_e_km).collect();
    let blocked = |edge: &Edge| edge.clearance() < rule.free_share;
    let violations = points
        .chunk_by(|a, b| blocked(a) == blocked(b))
        .filter(|stretch| blocked(&stretch[0]))
        .map(|stretch| {
            let worst =
                *stretch.iter().skip(1).fold(&stretch[0], |a, b| if b.clearance() < a.clearance() { b } else { a });
            Violation {
                from_km: stretch[0].distance_km,
                to_km: stretch[stretch.len() - 1].distance_km,
                worst,
                depth_m: rule.free_share * worst.fresnel_radius_m + worst.above_line_m,
            }
        })
        .collect();
    Clearance { smallest: main_edge(link, profile, a_e_km), violations }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::propagation::{Polarization, Zone};

    fn link(height_m: f64) -> Link {
        Link {
            frequency_mhz: 8000.0,
            polarization: Polarization::Vertical,
            tx_height_agl_m: height_m,
            rx_height_agl_m: height_m,
            path_center_latitude_deg: 0.0,
        }
    }

    #[test]
    fn stretches_in_the_zone_are_found_with_place_and_depth() {
        // Antennas at 50 m over 20 km; k = 4/3: the Earth's bulge is 5.886 m in the middle.
        let d_km: Vec<f64> = (0..=20).map(f64::from).collect();
        let mut terrain = vec![0.0; 21];
        let mut clutter = vec![0.0; 21];
        (terrain[4], terrain[10], clutter[10], terrain[11]) = (60.0, 30.0, 10.0, 38.0);
        // Clutter at a mast's own place is no obstacle.
        clutter[0] = 100.0;
        let profile = Profile::new(d_km, terrain, clutter, vec![Zone::Inland; 21]).unwrap();
        let found = clearance(&link(50.0), &profile, ClearanceRule::USUAL);
        let places: Vec<_> = found.violations.iter().map(|v| (v.from_km, v.to_km, v.worst.index)).collect();
        assert_eq!(places, [(4.0, 4.0, 4), (10.0, 11.0, 10)]);
        // 10 km: 50 − 5.8861 − 40 = 4.1139 m of 0.6·√(0.2998/8·5000) = 0.6·13.6886 = 8.2132 m.
        let middle = found.violations[1];
        assert!((middle.worst.above_line_m + 4.113_9).abs() < 1e-3 && (middle.depth_m - 4.099_3).abs() < 1e-3);
        assert_eq!(found.smallest.unwrap().index, 4);
        // A lower k bends the Earth up, a higher ray clears it.
        let high = clearance(&link(90.0), &profile, ClearanceRule::USUAL);
        assert!(high.violations.is_empty());
    }

    #[test]
    fn two_points_have_no_clearance_to_tell() {
        let profile = Profile::bare(vec![0.0, 5.0], vec![0.0, 0.0]).unwrap();
        assert_eq!(clearance(&link(10.0), &profile, ClearanceRule::USUAL).smallest, None);
    }
}
