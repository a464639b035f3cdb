//! Clearance of a microwave hop over its profile: Rec. ITU-R P.530-18 §2.2.
//!
//! In: a profile with clutter, antenna heights, frequency, the effective Earth factor k, the share of the first Fresnel zone
//! that must be free. Out: the smallest clearance and the stretches that stand in that zone.

use crate::propagation::Profile;
use crate::propagation::earth::{EARTH_RADIUS_KM, ray_clearance_m};

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

/// A point of the profile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Index in the profile.
    pub index: usize,
    /// Distance from the transmitter, km.
    pub distance_km: f64,
    /// Height of the ray over terrain and clutter, m; negative where they stand in it.
    pub clearance_m: f64,
    /// Radius of the first Fresnel zone F₁, m.
    pub f_1_m: f64,
}

impl Point {
    /// Clearance in first Fresnel zone radii.
    pub fn ratio(&self) -> f64 {
        self.clearance_m / self.f_1_m
    }
}

/// A stretch of neighbouring points that all stand in the zone that must be free.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Violation {
    /// Distance of its first point, km.
    pub from_km: f64,
    /// Distance of its last point, km.
    pub to_km: f64,
    /// Its worst point, by share of F₁.
    pub worst: Point,
    /// How far the worst point stands in the zone, m.
    pub depth_m: f64,
}

/// Clearance of a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Clearance {
    /// The point with the least clearance in Fresnel radii; none on a profile without intermediate points.
    pub smallest: Option<Point>,
    /// All stretches in the zone that must be free, outward.
    pub violations: Vec<Violation>,
}

/// Radius of the first Fresnel zone, m (§2.2.1, Eq. (2)), `d_1_km` and `d_2_km` from the ends.
pub fn f_1_m(f_ghz: f64, d_1_km: f64, d_2_km: f64) -> f64 {
    // F₁ = 17.3·√[d₁·d₂/(f·d)]
    17.3 * (d_1_km * d_2_km / (f_ghz * (d_1_km + d_2_km))).sqrt()
}

/// Clearance between antennas `heights_agl_m` above ground at the two ends of `profile`; clutter at the ends' own places does
/// not count.
pub fn clearance(profile: &Profile, heights_agl_m: [f64; 2], f_ghz: f64, rule: ClearanceRule) -> Clearance {
    let (h_0, h_n) = profile.terrain_at_ends_amsl_m();
    let ends_amsl_m = [h_0 + heights_agl_m[0], h_n + heights_agl_m[1]];
    let (d_km, length_km) = (profile.distance_km(), profile.path_length_km());
    let point = |index: usize| {
        let top_amsl_m = profile.terrain_amsl_m()[index] + profile.clutter_m()[index];
        Point {
            index,
            distance_km: d_km[index],
            clearance_m: ray_clearance_m(d_km[index], length_km, ends_amsl_m, top_amsl_m, rule.k * EARTH_RADIUS_KM),
            f_1_m: f_1_m(f_ghz, d_km[index], length_km - d_km[index]),
        }
    };
    let points: Vec<Point> = (1..profile.len() - 1).map(point).collect();
    let least = |points: &[Point]| points.iter().copied().min_by(|a, b| a.ratio().total_cmp(&b.ratio()));
    let blocked = |p: &Point| p.clearance_m < rule.free_share * p.f_1_m;
    let violations = points
        .chunk_by(|a, b| blocked(a) == blocked(b))
        .filter(|stretch| blocked(&stretch[0]))
        .filter_map(|stretch| {
            let worst = least(stretch)?;
            let (from_km, to_km) = (stretch[0].distance_km, stretch[stretch.len() - 1].distance_km);
            Some(Violation { from_km, to_km, worst, depth_m: rule.free_share * worst.f_1_m - worst.clearance_m })
        })
        .collect();
    Clearance { smallest: least(&points), violations }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::propagation::Zone;

    #[test]
    fn the_radius_in_the_middle_of_20_km_at_8_ghz() {
        // 17.3·√(10·10/(8·20)) = 13.677 m.
        assert!((f_1_m(8.0, 10.0, 10.0) - 13.676_8).abs() < 1e-3);
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
        let found = clearance(&profile, [50.0, 50.0], 8.0, ClearanceRule::USUAL);
        let places: Vec<_> = found.violations.iter().map(|v| (v.from_km, v.to_km, v.worst.index)).collect();
        assert_eq!(places, [(4.0, 4.0, 4), (10.0, 11.0, 10)]);
        // 10 km: 50 − 5.8861 − 40 = 4.1139 m of 0.6·13.6768 = 8.2061 m.
        let middle = found.violations[1];
        assert!((middle.worst.clearance_m - 4.113_9).abs() < 1e-3 && (middle.depth_m - 4.092_2).abs() < 1e-3);
        assert_eq!(found.smallest.unwrap().index, 4);
        // A lower k bends the Earth up, a higher ray clears it.
        let high = clearance(&profile, [90.0, 90.0], 8.0, ClearanceRule::USUAL);
        assert!(high.violations.is_empty());
    }

    #[test]
    fn two_points_have_no_clearance_to_tell() {
        let profile = Profile::bare(vec![0.0, 5.0], vec![0.0, 0.0]).unwrap();
        assert_eq!(clearance(&profile, [10.0, 10.0], 8.0, ClearanceRule::USUAL).smallest, None);
    }
}
