//! Terrain irregularity Δh of a profile: the interdecile range of its heights about a straight line.

use super::equal_profile::EqualProfile;
use super::line_fit::fitted_ends_m;

/// Most heights that are looked at.
const MOST: usize = 245;

/// Terrain irregularity parameter Δh, m, of the part of a profile from `from_m` to `to_m`; 0 where that is shorter than two
/// steps.
///
/// The part is put on 35 to 245 equal steps, a line is taken off, and the range between the upper and the lower decile is
/// scaled from the part's length to an infinite one (inverse of Eq. (3.9)).
pub(super) fn delta_h_m(profile: EqualProfile<'_>, from_m: f64, to_m: f64) -> f64 {
    let (from_steps, to_steps) = (from_m / profile.step_m, to_m / profile.step_m);
    if to_steps - from_steps < 2.0 {
        return 0.0;
    }
    let decile = decile_of_part(to_steps - from_steps);
    let count = 10 * decile - 5;
    let mut storage = [0.0; MOST];
    let heights_m = &mut storage[..count];
    resample(profile.heights_amsl_m, from_steps, to_steps, heights_m);
    let last = (count - 1) as f64;
    let [mut line_m, line_end_m] = fitted_ends_m(heights_m, 0.0, last);
    let slope_m = (line_end_m - line_m) / last;
    for height in heights_m.iter_mut() {
        *height -= line_m;
        line_m += slope_m;
    }
    // The decile-th and the (count − decile + 1)-th highest.
    let (_, &mut upper_m, lower) = heights_m.select_nth_unstable_by(decile - 1, |a, b| b.total_cmp(a));
    let (_, &mut lower_m, _) = lower.select_nth_unstable_by(count - 2 * decile, |a, b| b.total_cmp(a));
    (upper_m - lower_m) / (1.0 - 0.8 * (-(to_m - from_m) / 50e3).exp())
}

/// How many of the heights lie above the upper decile, the decile's own included, for a part of a path so long; ten times as
/// many less five are looked at.
#[inline]
pub(in crate::propagation) fn decile_of_part(steps: f64) -> usize {
    ((0.1 * (steps + 8.0)) as usize).clamp(4, 25)
}

/// Heights at equal steps of `heights_m` between two places counted in steps, by linear interpolation.
fn resample(heights_m: &[f64], from_steps: f64, to_steps: f64, out: &mut [f64]) {
    let step = (to_steps - from_steps) / (out.len() - 1) as f64;
    let last = heights_m.len() - 1;
    // `beyond` is the place relative to the point after it, not above 0.
    let mut after = from_steps as usize + 1;
    let mut beyond = from_steps - after as f64;
    for height in out {
        while beyond > 0.0 && after < last {
            beyond -= 1.0;
            after += 1;
        }
        *height = heights_m[after] + (heights_m[after] - heights_m[after - 1]) * beyond;
        beyond += step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_has_no_irregularity() {
        let heights: Vec<f64> = (0..201).map(|i| 5.0 * f64::from(i)).collect();
        let plane = EqualProfile { step_m: 100.0, heights_amsl_m: &heights };
        assert!(delta_h_m(plane, 500.0, 19_500.0).abs() < 1e-9);
        assert_eq!(delta_h_m(plane, 500.0, 600.0), 0.0);
    }

    #[test]
    fn a_saw_tooth_has_four_fifths_of_its_height() {
        // Heights spread evenly over 0 to 100 m: 80 m between the deciles, over 50 km divided by 1 − 0.8/e = 0.70570.
        let heights: Vec<f64> = (0..2001).map(|i| f64::from(i % 50) * 100.0 / 49.0).collect();
        let saw = EqualProfile { step_m: 25.0, heights_amsl_m: &heights };
        let delta_h_m = delta_h_m(saw, 0.0, 50e3);
        assert!((delta_h_m - 80.0 / 0.705_70).abs() < 3.0, "{delta_h_m}");
    }
}
