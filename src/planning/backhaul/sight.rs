//! Is the path between two masts clear of the terrain?
//!
//! In: two antennas, rules of clearance, the highest frequency. Out: the tightest point under each rule, or what stands in the way.
//! The points are those of [`Terrain::profile`], and each is judged as in [`crate::propagation::microwave::fresnel`]; only their order
//! differs: the middle first, then the quarters, the eighths and so on. A mountain on the way is met after a few points, and what is clear
//! has been looked at everywhere, so the answer is exact.

use super::Mast;
use crate::propagation::earth::EARTH_RADIUS_KM;
use crate::propagation::sight::{DirectLine, Edge};
use crate::study::Clearance;
use crate::terrain::Terrain;

/// What a path shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sight {
    /// Every rule holds at the highest frequency.
    Clear(ClearPath),
    /// A point with a known height stands in the way.
    Blocked,
    /// Nothing known stands in the way, but heights are missing.
    Unknown,
}

/// A path that is clear at the highest frequency.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ClearPath {
    /// Both antennas above sea level, m.
    pub antennas_amsl_m: [f64; 2],
    /// Length along the ground, km.
    pub length_km: f64,
    /// Rules with their tightest points, which are the same at every frequency; none without intermediate points.
    pub tightest: Vec<(Clearance, Edge)>,
}

impl ClearPath {
    /// The tightest points at a frequency.
    pub(super) fn edges_at(&self, f_ghz: f64) -> impl Iterator<Item = (Clearance, Edge)> {
        self.tightest.iter().map(move |&(rule, Edge { index, distance_km, top_amsl_m, .. })| {
            (rule, line(self.antennas_amsl_m, self.length_km, rule, f_ghz).edge(index, distance_km, top_amsl_m))
        })
    }
}

/// Looks from one mast to another. `f_ghz` is the highest frequency in question: where it is blocked, every lower one is.
pub(super) fn look(terrain: &Terrain, from: Mast, to: Mast, rules: &[Clearance], f_ghz: f64) -> Sight {
    let mut way = terrain.way(from.position, to.position, terrain.pixel_size_m);
    let last = way.intervals();
    let antennas_amsl_m = [way.terrain_amsl_m(0) + from.height_agl_m, way.terrain_amsl_m(last) + to.height_agl_m];
    if antennas_amsl_m.iter().any(|height| height.is_nan()) {
        return Sight::Unknown;
    }
    let length_km = way.distance_km(last);
    let lines: Vec<_> = rules.iter().map(|&rule| (rule, line(antennas_amsl_m, length_km, rule, f_ghz))).collect();
    let mut tightest: Vec<Option<Edge>> = vec![None; rules.len()];
    let mut is_unknown = false;
    for point in by_halves(last) {
        let (distance_km, top_amsl_m) = (way.distance_km(point), way.top_amsl_m(point));
        if top_amsl_m.is_nan() {
            is_unknown = true;
            continue;
        }
        for ((rule, line), tightest) in lines.iter().zip(&mut tightest) {
            let edge = line.edge(point, distance_km, top_amsl_m);
            if edge.clearance() < rule.free_share {
                return Sight::Blocked;
            }
            // Of several, the first on the way.
            let order = |edge: &Edge| (edge.clearance(), edge.index);
            if tightest.as_ref().is_none_or(|least| order(&edge) < order(least)) {
                *tightest = Some(edge);
            }
        }
    }
    if is_unknown {
        return Sight::Unknown;
    }
    let tightest = rules.iter().copied().zip(tightest).filter_map(|(rule, edge)| Some((rule, edge?))).collect();
    Sight::Clear(ClearPath { antennas_amsl_m, length_km, tightest })
}

fn line(antennas_amsl_m: [f64; 2], length_km: f64, rule: Clearance, f_ghz: f64) -> DirectLine {
    DirectLine { antennas_amsl_m, length_km, a_e_km: rule.k * EARTH_RADIUS_KM, f_ghz }
}

/// 1 to `end` − 1, each once: the odd multiples of the largest power of two, then of its half, down to 1.
fn by_halves(end: usize) -> impl Iterator<Item = usize> {
    let strides = (0..usize::BITS - end.leading_zeros()).rev().map(|exponent| 1usize << exponent);
    strides.flat_map(move |stride| (stride..end).step_by(2 * stride))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geodesy::LonLat;
    use crate::planning::backhaul::fixture::{flat, rough};
    use crate::propagation::microwave::fresnel::{ClearanceRule, clearance};
    use crate::propagation::{Link, Polarization};
    use proptest::prelude::*;

    /// Every point in order, as the radio stage does it for one link.
    fn plain(terrain: &Terrain, from: Mast, to: Mast, rule: Clearance, f_ghz: f64) -> Option<(bool, f64)> {
        let profile = terrain.profile(from.position, to.position, terrain.pixel_size_m).ok()?;
        let link = Link {
            frequency_mhz: 1000.0 * f_ghz,
            polarization: Polarization::Vertical,
            tx_height_agl_m: from.height_agl_m,
            rx_height_agl_m: to.height_agl_m,
            path_center_latitude_deg: 0.0,
        };
        let found = clearance(&link, &profile, ClearanceRule { k: rule.k, free_share: rule.free_share });
        Some((found.violations.is_empty(), found.smallest.map_or(f64::INFINITY, |edge| edge.clearance())))
    }

    fn is_same(a: f64, b: f64) -> bool {
        a == b || (a - b).abs() < 1e-9
    }

    #[test]
    fn points_by_halves_are_all_points() {
        for end in 0..200 {
            let mut points: Vec<usize> = by_halves(end).collect();
            if end > 2 {
                assert_eq!(points[0], 1 << (end - 1).ilog2());
            }
            points.sort_unstable();
            assert_eq!(points, (1..end).collect::<Vec<_>>());
        }
    }

    proptest! {
        #[test]
        fn the_order_of_the_points_changes_no_decision(
            seed in any::<u64>(), relief_m in 5.0..400.0_f64, voids in prop_oneof![Just(0.0), 0.0..0.01_f64],
            ends in ((0.0..0.2_f64, 0.0..0.1_f64), (0.0..0.2_f64, 0.0..0.1_f64)), heights in (1.0..120.0_f64, 1.0..120.0_f64),
            f_ghz in 1.0..30.0_f64, k in 0.5..4.0_f64, free_share in 0.0..1.0_f64,
        ) {
            let terrain = rough(seed, relief_m, voids);
            let mast = |(x, y): (f64, f64), height_agl_m| Mast { position: LonLat::new(106.0 + x, 22.6 - y), height_agl_m };
            let (from, to) = (mast(ends.0, heights.0), mast(ends.1, heights.1));
            let rule = Clearance { k, free_share };
            let sight = look(&terrain, from, to, &[rule], f_ghz);
            match plain(&terrain, from, to, rule, f_ghz) {
                // a known obstacle blocks whatever else is missing
                None => prop_assert!(!matches!(sight, Sight::Clear(_))),
                Some((false, _)) => prop_assert_eq!(sight, Sight::Blocked),
                Some((true, smallest)) => match sight {
                    Sight::Clear(path) => {
                        let found = path.edges_at(f_ghz).next().map_or(f64::INFINITY, |(_, edge)| edge.clearance());
                        prop_assert!(is_same(found, smallest));
                        // at a lower frequency the tightest point is the same
                        let lower = plain(&terrain, from, to, rule, f_ghz / 2.0).map(|(_, smallest)| smallest);
                        let found = path.edges_at(f_ghz / 2.0).next().map_or(f64::INFINITY, |(_, edge)| edge.clearance());
                        prop_assert!(lower.is_some_and(|lower| is_same(found, lower)));
                    }
                    other => prop_assert!(false, "{:?}", other),
                },
            }
        }
    }

    #[test]
    fn a_knife_edge_by_hand() {
        // 20 km along a parallel, antennas 60 m above a plain at 0 m, a wall in the middle. k = 4/3: the Earth rises
        // 500·10·10/8494.667 = 5.886 m there; F₁ at 7.5 GHz = √(0.2998/7.5·5000) = 14.137 m, of which 0.6 are 8.482 m.
        let from = Mast { position: LonLat::new(106.0, 22.5), height_agl_m: 60.0 };
        let to = Mast {
            position: from.position.destination(from.position.azimuth_deg(LonLat::new(106.2, 22.5)), 20_000.0),
            ..from
        };
        let rule = Clearance { k: 4.0 / 3.0, free_share: 0.6 };
        let over = |wall_m: f32| {
            let mut terrain = flat(0.0);
            let middle = from.position.destination(from.position.azimuth_deg(to.position), 10_000.0);
            let (_, column) = terrain.pixel_of(middle).unwrap_or_default();
            (column - 1..=column + 1).for_each(|column| terrain.grid.values.column_mut(column).fill(wall_m));
            look(&terrain, from, to, &[rule], 7.5)
        };
        // 60 − 5.886 − 8.482 = 45.632 m is the highest wall that leaves the zone free.
        assert_eq!(over(46.0), Sight::Blocked);
        let Sight::Clear(path) = over(45.0) else { panic!("45 m leave the zone free") };
        let (_, edge) = path.edges_at(7.5).next().unwrap_or_else(|| panic!("there are points between"));
        assert!((edge.distance_km - 10.0).abs() < 0.11, "{edge:?}");
        // (60 − 5.886 − 45)/14.137
        assert!((edge.clearance() - 0.6447).abs() < 2e-4, "{edge:?}");
    }
}
