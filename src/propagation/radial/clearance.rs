//! The smallest clearance of line-of-sight paths over the terrain, in Fresnel zones, for the receivers of a radial.
//!
//! With Sᵢ the slope from the transmitter to point i and S that of the direct line, both with the curvature of the Earth
//! folded in, ν² of a point below the line is (0.002·d/λ)·eᵢ with eᵢ = (S − Sᵢ)²·dᵢ/(d − dᵢ). The largest ν is the smallest
//! eᵢ. Points are kept in blocks: the steepest slope of a block and its nearest distance bound eᵢ from below, so only
//! blocks that can still win are opened, and the answer is exact.

use super::batch::{LANES, Lanes};

/// Points in a block.
const BLOCK: usize = 16;

/// The intermediate points of a whole radial; each question says how many of them lie before the receiver.
#[derive(Debug)]
pub(super) struct Clearance<'a> {
    distance_km: &'a [f64],
    slope: Vec<f64>,
    blocks: Vec<Block>,
}

/// Bounds of [`BLOCK`] points.
#[derive(Debug, Clone, Copy)]
struct Block {
    nearest_km: f64,
    steepest: f64,
}

/// Receivers that ask, a lane each.
pub(super) struct Directs {
    /// Where distances in lanes count from, km.
    pub(super) origin_km: f64,
    /// What slopes in lanes are relative to, m/km.
    pub(super) origin_slope: f64,
    /// d, from the origin.
    pub(super) distance_km: Lanes,
    /// d, from the transmitter.
    pub(super) exact_km: [f64; LANES],
    /// S, from the origin.
    pub(super) slope: Lanes,
    /// S.
    pub(super) exact_slope: [f64; LANES],
    /// Points that lie before the receiver.
    pub(super) points: Lanes,
}

impl<'a> Clearance<'a> {
    /// Points at increasing distances, km, with the slopes from the transmitter towards them, m/km.
    #[inline(always)]
    pub(super) fn new(distance_km: &'a [f64], slope: Vec<f64>) -> Self {
        let block = |(d, s): (&[f64], &[f64])| Block {
            nearest_km: d[0],
            steepest: s.iter().fold(f64::NEG_INFINITY, |a, &b| if a > b { a } else { b }),
        };
        let blocks = distance_km.chunks(BLOCK).zip(slope.chunks(BLOCK)).map(block).collect();
        Self { distance_km, slope, blocks }
    }

    /// Slopes of the points.
    #[inline(always)]
    pub(super) fn slopes(&self) -> &[f64] {
        &self.slope
    }

    fn points_of(&self, block: usize) -> std::ops::Range<usize> {
        block * BLOCK..(block * BLOCK + BLOCK).min(self.slope.len())
    }

    /// Lowers `least` of each lane to its smallest e, m²/km², where that is smaller.
    ///
    /// The first `common` points lie before all receivers and below all their lines, the first `all` before the last one. A lane with
    /// `least` 0 does not ask.
    #[inline(always)]
    pub(super) fn lower(&self, to: &Directs, common: usize, all: usize, least: &mut Lanes) {
        for i in (common..all).rev() {
            let (x, x_km) = (self.distance_km[i] as f32, self.distance_km[i]);
            let (slope, place) = (self.slope[i], i as f32);
            for k in 0..LANES {
                let room = (to.exact_slope[k] - slope) as f32;
                let e = room * room * x / (to.exact_km[k] - x_km) as f32;
                let e = if place < to.points[k] { e } else { f32::INFINITY };
                least[k] = if e < least[k] { e } else { least[k] };
            }
        }
        // Paths over valleys come closest to the ground near the receiver: from the far end inward the bound falls fastest.
        for b in (0..common.div_ceil(BLOCK)).rev() {
            let block = &self.blocks[b];
            let (x, x_from_origin) = (block.nearest_km as f32, (block.nearest_km - to.origin_km) as f32);
            let slope = (block.steepest - to.origin_slope) as f32;
            let mut wins = 0u32;
            for k in 0..LANES {
                // A point of the block has Sᵢ ≤ steepest and dᵢ/(d − dᵢ) ≥ nearest/(d − nearest). Points beyond `common` may
                // make it steeper than the line; then it is opened.
                let room = to.slope[k] - slope;
                let room = if room > 0.0 { room } else { 0.0 };
                wins |= u32::from(room * room * x < least[k] * (to.distance_km[k] - x_from_origin));
            }
            if wins == 0 {
                continue;
            }
            let points = self.points_of(b);
            for i in points.start..points.end.min(common) {
                let (x, x_from_origin) = (self.distance_km[i] as f32, (self.distance_km[i] - to.origin_km) as f32);
                let slope = (self.slope[i] - to.origin_slope) as f32;
                for k in 0..LANES {
                    let room = to.slope[k] - slope;
                    let e = room * room * x / (to.distance_km[k] - x_from_origin);
                    least[k] = if e < least[k] { e } else { least[k] };
                }
            }
        }
    }

    /// The smallest e, m²/km², among the first `count` points; +∞ without points.
    ///
    /// `slope` is S, m/km, above every Sᵢ; `distance_km` is d, beyond every point.
    #[cold]
    pub(super) fn smallest(&self, count: usize, distance_km: f64, slope: f64) -> f64 {
        let points = self.distance_km[..count].iter().zip(&self.slope);
        points.map(|(d_i, s_i)| (slope - s_i) * (slope - s_i) * d_i / (distance_km - d_i)).fold(f64::INFINITY, f64::min)
    }

    /// Distance of the point with the smallest e among the first `count`, km, the last of several; `None` without points.
    ///
    /// `slope` is S, m/km, above every Sᵢ; `distance_km` is d, beyond every point.
    pub(super) fn narrowest_km(&self, count: usize, distance_km: f64, slope: f64) -> Option<f64> {
        let (mut least, mut at) = (f64::INFINITY, None);
        for b in (0..count.div_ceil(BLOCK)).rev() {
            let block = &self.blocks[b];
            let room = (slope - block.steepest).max(0.0);
            if room * room * block.nearest_km < least * (distance_km - block.nearest_km) {
                let points = self.points_of(b);
                for i in (points.start..points.end.min(count)).rev() {
                    let (d_i, s_i) = (self.distance_km[i], self.slope[i]);
                    let e = (slope - s_i) * (slope - s_i) * d_i / (distance_km - d_i);
                    if e < least {
                        (least, at) = (e, Some(d_i));
                    }
                }
            }
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn blocks_change_nothing(
            slopes in proptest::collection::vec(-300.0..50.0_f64, 1..200), above in 1e-3..100.0_f64,
            beyond in 1e-3..1.0_f64, limit in prop_oneof![Just(1e9), 1e-3..1e5_f64], part in 0.0..=1.0_f64,
        ) {
            let distance_km: Vec<f64> = (0..slopes.len()).map(|i| 0.03 * (i + 1) as f64).collect();
            let clearance = Clearance::new(&distance_km, slopes.clone());
            let common = (part * slopes.len() as f64) as usize;
            let d = 0.03 * slopes.len() as f64 + beyond;
            let slope = slopes.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b)) + above;
            let directs = Directs {
                origin_km: d,
                origin_slope: slope,
                distance_km: Default::default(),
                exact_km: [d; LANES],
                slope: Default::default(),
                exact_slope: [slope; LANES],
                points: Lanes([slopes.len() as f32; LANES]),
            };
            let e = |i: usize| {
                let d_i = 0.03 * (i + 1) as f64;
                (slope - slopes[i]) * (slope - slopes[i]) * d_i / (d - d_i)
            };
            let expected = (0..slopes.len()).map(e).fold(limit, f64::min);
            let mut least = Lanes([limit as f32; LANES]);
            least[3] = 0.0;
            clearance.lower(&directs, common, slopes.len(), &mut least);
            prop_assert!((f64::from(least[0]) - expected).abs() <= 1e-5 * expected, "{} {expected}", least[0]);
            prop_assert_eq!(least[3], 0.0);

            let narrowest = clearance.narrowest_km(common, d, slope);
            let plain = (0..common).min_by(|&a, &b| e(a).total_cmp(&e(b)).then(b.cmp(&a)));
            prop_assert_eq!(narrowest, plain.map(|i| 0.03 * (i + 1) as f64));
        }
    }
}
