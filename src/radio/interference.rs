//! Sums of interfering powers that do not depend on the order in which they are added.

/// Unit of the sum, mW: at −140 dBm a step is 0.0004 dB.
const UNIT_MW: f64 = 1e-18;

/// A sum of powers: whole numbers of 10⁻¹⁸ mW, so that every order of cells and any number of threads give the same bits, and what was
/// added can be taken away again. Holds −30 dBm eighteen thousand times.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PowerSum(u64);

impl PowerSum {
    /// A level in dBm times a share, such as the load of the cell that it is of; no power for NaN.
    #[inline]
    pub fn of(level_dbm: f64, share: f64) -> Self {
        Self((share * 10f64.powf(level_dbm / 10.0) / UNIT_MW).round() as u64)
    }

    /// Both together; at most the largest sum.
    #[inline]
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What is left without a part; nothing where the part is larger.
    #[inline]
    #[must_use]
    pub fn without(self, part: Self) -> Self {
        Self(self.0.saturating_sub(part.0))
    }

    /// The sum, mW.
    #[inline]
    pub fn mw(self) -> f64 {
        self.0 as f64 * UNIT_MW
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_do_not_depend_on_the_order() {
        let levels = [-61.37, -139.2, -95.55, -120.01, -77.7, -101.0];
        let sum = |order: &mut dyn Iterator<Item = &f64>| {
            order.fold(PowerSum::default(), |sum, &level| sum.plus(PowerSum::of(level, 0.5)))
        };
        let all = sum(&mut levels.iter());
        assert_eq!(all, sum(&mut levels.iter().rev()));
        let by_hand: f64 = levels.iter().map(|level| 0.5 * 10f64.powf(level / 10.0)).sum();
        assert!((all.mw() / by_hand - 1.0).abs() < 1e-9);
        assert_eq!(all.without(PowerSum::of(-61.37, 0.5)), sum(&mut levels[1..].iter()));
        assert_eq!(PowerSum::of(f64::NAN, 1.0), PowerSum::default());
        assert_eq!(PowerSum::of(300.0, 1.0).plus(all).mw(), u64::MAX as f64 * UNIT_MW);
    }
}
