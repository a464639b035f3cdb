//! Small numeric parts: repeatable random numbers, the grain of costs, gaps.

/// Relative distance between objective and bound: |objective − bound| / max(1, |objective|).
pub fn gap_between(objective: f64, bound: f64) -> f64 {
    (objective - bound).abs() / objective.abs().max(1.0)
}

/// Whether the bound proves the objective: |objective − bound| ≤ 1e-6·max(1, |objective|).
pub(super) fn proven(objective: f64, bound: f64) -> bool {
    (objective - bound).abs() <= 1e-6 * objective.abs().max(1.0)
}

/// SplitMix64 (Steele, Lea & Flood, OOPSLA 2014): small, repeatable, good enough to break ties.
#[derive(Debug, Clone)]
pub(super) struct Rng(u64);

impl Rng {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_add(0x9e37_79b9_7f4a_7c15))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`, which is at least 1.
    #[inline]
    pub(super) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }
}

/// A number that every sum of the values is a whole multiple of (0.1 for prices in steps of 0.1), 0 when none is found.
///
/// With it a bound may be rounded to the next multiple, and a better plan is better by at least the grain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grain {
    unit: f64,
    per_unit: f64,
}

impl Grain {
    /// No grain: nothing is rounded.
    pub(super) const NONE: Self = Self { unit: 0.0, per_unit: 1.0 };

    /// The grain of finite values ≥ 0: a divisor of all of them among the multiples of 1, 0.1, … 1e-6.
    pub(super) fn of(values: &[f64]) -> Self {
        let total: f64 = values.iter().sum();
        for per_unit in [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6] {
            if total * per_unit > 1e12 {
                break;
            }
            let whole = |v: f64| (v * per_unit - (v * per_unit).round()).abs() <= 1e-9 * (v * per_unit).max(1.0);
            if values.iter().all(|&v| whole(v)) {
                let divisor = values.iter().fold(0u64, |g, &v| gcd(g, (v * per_unit).round() as u64)).max(1);
                return Self { unit: divisor as f64 / per_unit, per_unit: per_unit / divisor as f64 };
            }
        }
        Self::NONE
    }

    /// The least difference between two sums, 0 when unknown.
    pub(super) fn unit(self) -> f64 {
        self.unit
    }

    /// The value in whole grains (the value itself without a grain).
    pub(super) fn count(self, value: f64) -> f64 {
        if self.unit > 0.0 { (value * self.per_unit).round() } else { value }
    }

    /// A lower bound on sums, rounded up to the next sum possible; stays below by a millionth for rounding errors.
    pub(super) fn round_up(self, bound: f64) -> f64 {
        let slack = 1e-9 * bound.abs() + 1e-6 * self.unit;
        if self.unit > 0.0 && slack < 0.5 * self.unit {
            ((bound - slack) * self.per_unit).ceil() / self.per_unit
        } else {
            bound
        }
    }

    /// An upper bound on sums, rounded down.
    pub(super) fn round_down(self, bound: f64) -> f64 {
        let slack = 1e-9 * bound.abs() + 1e-6 * self.unit;
        if self.unit > 0.0 && slack < 0.5 * self.unit {
            ((bound + slack) * self.per_unit).floor() / self.per_unit
        } else {
            bound
        }
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The most that summing `terms` terms of total magnitude `magnitude` can be off (Higham, Accuracy and Stability, §4.2).
pub(super) fn summation_error(terms: usize, magnitude: f64) -> f64 {
    (terms + 8) as f64 * f64::EPSILON * magnitude
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grain_divides_all_values() {
        assert_eq!(Grain::of(&[60.3, 120.0, 99.9]).unit(), 0.3, "603, 1200 and 999 tenths");
        assert_eq!(Grain::of(&[4.0, 6.0, 0.0]).unit(), 2.0);
        assert_eq!(Grain::of(&[std::f64::consts::PI]).unit(), 0.0);
        let grain = Grain::of(&[4.0, 6.0]);
        assert_eq!((grain.round_up(7.1), grain.round_up(8.0), grain.round_up(8.0 + 1e-9)), (8.0, 8.0, 8.0));
        assert_eq!((grain.round_down(7.1), grain.round_down(6.0 - 1e-9)), (6.0, 6.0));
    }

    #[test]
    fn gaps_and_proofs() {
        assert_eq!((gap_between(0.0, 0.0), gap_between(100.0, 99.0)), (0.0, 0.01));
        assert!(proven(1e6, 1e6 - 0.9) && !proven(1e6, 1e6 - 1.1) && proven(0.0, 1e-6) && !proven(0.5, 0.49));
    }
}
