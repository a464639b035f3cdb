//! The points that hide the terminals of a path from each other.
//!
//! In steps, the angle from the transmitter to point i is (hᵢ − z₀)/i − κ·i with κ = (step)²/2a, and from the receiver, m steps away, to
//! the point (hᵢ − z)/m − κ·m. κ is the path's own: the length of a step and the refractivity of the air differ from
//! receiver to receiver. The first is an extreme point of (i, (hᵢ − z₀)/i) in the direction κ. For the second, points
//! (i, hᵢ − κ'·i²) with a κ' that is no less than any path's make an upper hull that has all points of the hull for κ among its
//! own; the search starts at the tangent for κ' and goes back until no point can be better.

use super::super::hull::UpperHull;
use super::terrain::Path;

/// Hulls of the samples passed.
pub(super) struct Skyline {
    from_tx: UpperHull,
    from_rx: UpperHull,
    /// κ', m per step².
    most_curved: f64,
    z_tx_amsl_m: f64,
    passed: usize,
}

impl Skyline {
    /// At the transmitter, whose antenna is at `z_tx_amsl_m`; `most_curved` is no less than the κ of any path.
    pub(super) fn new(samples: usize, z_tx_amsl_m: f64, most_curved: f64) -> Self {
        let hull = || UpperHull::with_capacity(samples);
        Self { from_tx: hull(), from_rx: hull(), most_curved, z_tx_amsl_m, passed: 1 }
    }

    /// Takes in the samples up to `shared`.
    #[inline(always)]
    pub(super) fn advance_to(&mut self, heights_amsl_m: &[f64], shared: usize) {
        for (i, height) in heights_amsl_m.iter().enumerate().take(shared + 1).skip(self.passed) {
            let x = i as f64;
            self.from_tx.push(x, (height - self.z_tx_amsl_m) / x);
            self.from_rx.push(x, height - self.most_curved * x * x);
        }
        self.passed = self.passed.max(shared + 1);
    }

    /// The points on the horizon of transmitter and receiver; `None` where they see each other. `curved` is κ.
    #[inline(always)]
    pub(super) fn horizons(&self, path: &Path<'_>, z_rx_amsl_m: f64, curved: f64) -> Option<[usize; 2]> {
        let (n, shared) = (path.end.steps as f64, path.end.shared as f64);
        let near = path.end.heights_amsl_m();
        let near = || near[..near.len() - 1].iter().zip(1..).map(|(&h, j)| (shared + f64::from(j), h));
        let mut steepest = (z_rx_amsl_m - self.z_tx_amsl_m) / n - curved * n;
        let mut at_tx = None;
        if let Some((x, angle)) = self.from_tx.extreme(curved)
            && angle > steepest
        {
            (steepest, at_tx) = (angle, Some(x));
        }
        for (x, height) in near() {
            let rise = height - self.z_tx_amsl_m;
            if rise > (steepest + curved * x) * x {
                (steepest, at_tx) = (rise / x - curved * x, Some(x));
            }
        }
        let at_tx = at_tx?;
        let (mut steepest, mut at_rx) = (f64::NEG_INFINITY, at_tx);
        let less_curved = self.most_curved - curved;
        let w = z_rx_amsl_m - self.most_curved * n * n;
        let constant = 2.0 * self.most_curved * n;
        for (x, y) in self.from_rx.back_from_tangent(n, w) {
            let m = n - x;
            let angle_for_hull = (y - w) / m - constant;
            // Points farther away gain κ' − κ a step at most.
            if angle_for_hull + less_curved * n < steepest {
                break;
            }
            let angle = angle_for_hull + less_curved * m;
            if angle >= steepest {
                (steepest, at_rx) = (angle, x);
            }
        }
        for (x, height) in near() {
            let (rise, m) = (height - z_rx_amsl_m, n - x);
            if rise > (steepest + curved * m) * m {
                (steepest, at_rx) = (rise / m - curved * m, x);
            }
        }
        Some([at_tx as usize, at_rx as usize])
    }
}
