//! The smallest clearance of a line-of-sight path over the terrain, in Fresnel zones, for every receiver of a radial.
//!
//! With Sᵢ the slope from the transmitter to point i and S that of the direct line, both with the curvature of the Earth
//! folded in, ν² of a point below the line is (0.002·d/λ)·eᵢ with eᵢ = (S − Sᵢ)²·dᵢ/(d − dᵢ). The largest ν is the smallest
//! eᵢ. Points are kept in blocks: the steepest slope of a block and its nearest distance bound eᵢ from below, so only
//! blocks that can still win are opened, and the answer is exact.

/// Points in a block.
const BLOCK: usize = 16;

/// The intermediate points so far.
#[derive(Debug, Default)]
pub(super) struct Clearance {
    distance_km: Vec<f64>,
    slope: Vec<f64>,
    blocks: Vec<Block>,
}

/// Bounds of [`BLOCK`] points.
#[derive(Debug, Clone, Copy)]
struct Block {
    nearest_km: f64,
    steepest: f64,
}

impl Clearance {
    /// No points, room for `points`.
    pub(super) fn with_capacity(points: usize) -> Self {
        Self {
            distance_km: Vec::with_capacity(points),
            slope: Vec::with_capacity(points),
            blocks: Vec::with_capacity(points / BLOCK + 1),
        }
    }

    /// Adds the next point outward: its distance, km, and the slope from the transmitter towards it, m/km.
    #[inline]
    pub(super) fn push(&mut self, distance_km: f64, slope: f64) {
        if self.distance_km.len().is_multiple_of(BLOCK) {
            self.blocks.push(Block { nearest_km: distance_km, steepest: slope });
        } else if let Some(block) = self.blocks.last_mut() {
            block.steepest = block.steepest.max(slope);
        }
        self.distance_km.push(distance_km);
        self.slope.push(slope);
    }

    /// The smallest e = (S − Sᵢ)²·dᵢ/(d − dᵢ), m²/km², over all points, or `limit` where none is smaller.
    ///
    /// `slope` is S, above every Sᵢ; `distance_km` is d, beyond every point.
    #[inline]
    pub(super) fn smallest(&self, distance_km: f64, slope: f64, limit: f64) -> f64 {
        let mut least = limit;
        // Paths over valleys come closest to the ground near the receiver: from the far end inward the bound falls fastest.
        for (b, block) in self.blocks.iter().enumerate().rev() {
            let room = slope - block.steepest;
            // A point of the block has Sᵢ ≤ steepest and dᵢ/(d − dᵢ) ≥ nearest/(d − nearest).
            if room * room * block.nearest_km < least * (distance_km - block.nearest_km) {
                let points = b * BLOCK..(b * BLOCK + BLOCK).min(self.slope.len());
                for (&d_i, &s_i) in self.distance_km[points.clone()].iter().zip(&self.slope[points]) {
                    let e = (slope - s_i) * (slope - s_i) * d_i / (distance_km - d_i);
                    least = least.min(e);
                }
            }
        }
        least
    }
}

impl Clearance {
    /// Distance of the point with the smallest e of [`Clearance::smallest`], km, the last of several; `None` without points.
    pub(super) fn narrowest_km(&self, distance_km: f64, slope: f64) -> Option<f64> {
        let (mut least, mut at) = (f64::INFINITY, None);
        for (b, block) in self.blocks.iter().enumerate().rev() {
            let room = slope - block.steepest;
            if room * room * block.nearest_km < least * (distance_km - block.nearest_km) {
                let points = b * BLOCK..(b * BLOCK + BLOCK).min(self.slope.len());
                for i in points.rev() {
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
            slopes in proptest::collection::vec(-300.0..50.0_f64, 1..200), above in 1e-6..100.0_f64,
            beyond in 1e-6..1.0_f64, limit in prop_oneof![Just(f64::INFINITY), 1e-3..1e5_f64],
        ) {
            let mut clearance = Clearance::default();
            for (i, &s) in slopes.iter().enumerate() {
                clearance.push(0.03 * (i + 1) as f64, s);
            }
            let d = 0.03 * slopes.len() as f64 + beyond;
            let slope = slopes.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b)) + above;
            let each = slopes.iter().enumerate().map(|(i, s)| {
                let d_i = 0.03 * (i + 1) as f64;
                (slope - s) * (slope - s) * d_i / (d - d_i)
            });
            let expected = each.fold(limit, f64::min);
            prop_assert!((clearance.smallest(d, slope, limit) - expected).abs() <= 1e-12 * expected.min(1e9));
        }
    }
}
