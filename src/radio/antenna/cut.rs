//! One cut of an antenna pattern: attenuations round a circle.

/// Attenuations around a circle: angles from 0 up to 360 in increasing order, at least one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cut {
    pub(super) angles_deg: Vec<f64>,
    pub(super) losses_db: Vec<f64>,
}

/// Lobes end where the attenuation is this much above the least, dB.
const HALF_POWER_DB: f64 = 3.0;
/// Attenuations that differ less count as equally strong, dB.
const TIE_DB: f64 = 0.05;

impl Cut {
    /// Linear interpolation in dB between the neighbouring angles, round the circle.
    pub(super) fn attenuation_db(&self, angle_deg: f64) -> f64 {
        let angle = angle_deg.rem_euclid(360.0);
        let count = self.angles_deg.len();
        // where the angles are equally far apart, as they mostly are, the place is known
        let guess = (angle / 360.0 * count as f64) as usize + 1;
        let is_before = |i: usize| self.angles_deg.get(i).is_none_or(|&a| angle < a);
        let after = if guess <= count && self.angles_deg[guess - 1] <= angle && is_before(guess) {
            guess
        } else {
            self.angles_deg.partition_point(|&a| a <= angle)
        };
        let (left, right) = ((after + count - 1) % count, after % count);
        let span = (self.angles_deg[right] - self.angles_deg[left]).rem_euclid(360.0);
        if span == 0.0 {
            return self.losses_db[left];
        }
        let t = (angle - self.angles_deg[left]).rem_euclid(360.0) / span;
        self.losses_db[left] + (self.losses_db[right] - self.losses_db[left]) * t
    }

    /// Largest attenuation, dB.
    pub(super) fn deepest_db(&self) -> f64 {
        self.losses_db.iter().copied().fold(0.0, f64::max)
    }

    /// Directions of the strongest lobes: the middles of the ranges within 3 dB of the least attenuation that reach it (to
    /// 0.05 dB), degrees 0 to 360. None where the whole circle is within 3 dB.
    pub(super) fn main_lobes_deg(&self) -> Vec<f64> {
        let least = self.losses_db.iter().copied().fold(f64::INFINITY, f64::min);
        let in_lobe = |i: usize| self.losses_db[i % self.losses_db.len()] <= least + HALF_POWER_DB;
        let count = self.losses_db.len();
        let Some(outside) = (0..count).find(|&i| !in_lobe(i)) else { return Vec::new() };
        let mut lobes = Vec::new();
        let mut i = outside;
        while i < outside + count {
            let start = i;
            while in_lobe(i) {
                i += 1;
            }
            let strongest = (start..i).any(|j| self.losses_db[j % count] <= least + TIE_DB);
            if strongest {
                let first = self.angles_deg[start % count];
                let width = (self.angles_deg[(i - 1) % count] - first).rem_euclid(360.0);
                lobes.push((first + width / 2.0).rem_euclid(360.0));
            }
            i += 1;
        }
        lobes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(of: impl Fn(f64) -> f64, step_deg: usize) -> Cut {
        let angles_deg: Vec<f64> = (0..360).step_by(step_deg).map(|a| a as f64).collect();
        let losses_db = angles_deg.iter().map(|&a| of(a)).collect();
        Cut { angles_deg, losses_db }
    }

    #[test]
    fn attenuation_is_interpolated_round_the_circle() {
        let cut = cut(|a| if a == 0.0 { 0.0 } else { a / 10.0 }, 10);
        assert_eq!(cut.attenuation_db(25.0), 2.5);
        assert_eq!(cut.attenuation_db(350.0), 35.0);
        assert_eq!(cut.attenuation_db(355.0), 17.5);
        assert_eq!(cut.attenuation_db(-5.0), 17.5);
        assert_eq!(cut.attenuation_db(720.0), 0.0);
    }

    #[test]
    fn unequal_steps_are_interpolated_too() {
        let cut = Cut { angles_deg: vec![5.0, 10.0, 100.0, 350.0], losses_db: vec![1.0, 2.0, 20.0, 4.0] };
        for (angle, expected) in
            [(5.0, 1.0), (7.5, 1.5), (55.0, 11.0), (225.0, 12.0), (357.5, 2.5), (0.0, 2.0), (349.0, 4.064)]
        {
            assert!((cut.attenuation_db(angle) - expected).abs() < 1e-9, "{angle}: {}", cut.attenuation_db(angle));
        }
        assert_eq!(Cut { angles_deg: vec![40.0], losses_db: vec![3.0] }.attenuation_db(10.0), 3.0);
    }

    #[test]
    fn main_lobes_are_the_middles_of_the_strongest_ranges() {
        let away = |a: f64, from: f64| ((a - from + 180.0).rem_euclid(360.0) - 180.0).abs();
        assert_eq!(cut(|a| away(a, 6.0), 1).main_lobes_deg(), [6.0]);
        assert_eq!(cut(|a| away(a, 0.0).min(away(a, 180.0)), 1).main_lobes_deg(), [180.0, 0.0]);
        assert_eq!(cut(|a| away(a, 0.0).min(1.0 + away(a, 180.0)), 1).main_lobes_deg(), [0.0]);
        assert_eq!(cut(|_| 1.0, 1).main_lobes_deg(), [0.0; 0]);
    }
}
