//! The paths of a radial's receivers, in equal steps as the model wants them.
//!
//! A receiver seldom stands a whole number of samples away. Its path has as many steps as there are samples before it, all taken
//! to be d/n long. Up to [`NEAR_STEPS`] before the end its points are the radial's samples, which so stand at most half a
//! step from where they are; those are shared between receivers. The last points are interpolated, so that they really
//! stand at equal steps up to the receiver: what is close to a low antenna decides on its horizon.

use super::equal_profile::TOLERANCE;
use crate::propagation::{Radial, RadialReceiver};
use std::borrow::Cow;

/// Steps before a receiver between which heights are interpolated.
pub const NEAR_STEPS: usize = 8;

/// A radial with equally spaced samples.
#[derive(Debug, Clone)]
pub struct EqualRadial<'a> {
    spacing_km: f64,
    own_place_km: f64,
    heights_amsl_m: Cow<'a, [f64]>,
}

/// What a receiver's path does not share with others.
#[derive(Debug, Clone, Copy, Default)]
pub struct PathEnd {
    /// Number of steps, at least 1.
    pub steps: usize,
    /// Samples 0 to this one are the path's first points.
    pub shared: usize,
    /// Length of a step, m. It has 37 significant bits, so that the model's running sums of steps are exact.
    pub step_m: f64,
    heights_amsl_m: [f64; NEAR_STEPS],
}

impl PathEnd {
    /// Heights of the points after the shared ones, the receiver's last, m above sea level.
    #[inline]
    pub fn heights_amsl_m(&self) -> &[f64] {
        &self.heights_amsl_m[..self.steps - self.shared]
    }
}

impl<'a> EqualRadial<'a> {
    /// A radial as it is where its samples are equally spaced (within 5 %), interpolated on as many equal steps otherwise.
    pub fn of(radial: Radial<'a>) -> Self {
        let (d_km, heights) = (radial.distance_km, radial.terrain_amsl_m);
        let last = d_km.len() - 1;
        let spacing_km = d_km[last] / last as f64;
        let in_place = |(i, d): (usize, &f64)| (d - i as f64 * spacing_km).abs() <= TOLERANCE * spacing_km;
        let equal = last == 0 || d_km.iter().enumerate().all(in_place);
        let heights_amsl_m =
            if equal { Cow::Borrowed(heights) } else { Cow::Owned(on_equal_steps(d_km, heights, spacing_km)) };
        Self { spacing_km, own_place_km: radial.own_place_km, heights_amsl_m }
    }

    /// Heights of the samples, m above sea level.
    pub fn heights_amsl_m(&self) -> &[f64] {
        &self.heights_amsl_m
    }

    /// Number of steps to a receiver at `distance_km`: the samples before it, the transmitter's included.
    #[inline]
    pub fn steps_to(&self, distance_km: f64) -> usize {
        let before = (distance_km - self.own_place_km) / self.spacing_km;
        (before.ceil() as usize).clamp(1, self.heights_amsl_m.len())
    }

    /// The end of the path to a receiver.
    #[inline]
    pub fn path_end(&self, receiver: RadialReceiver) -> PathEnd {
        let samples = self.heights_amsl_m();
        let steps = self.steps_to(receiver.distance_km);
        let shared = steps.saturating_sub(NEAR_STEPS);
        let near = steps - shared;
        let mut heights_amsl_m = [receiver.terrain_amsl_m; NEAR_STEPS];
        // Places counted in samples from the last shared one.
        let end = receiver.distance_km / self.spacing_km - shared as f64;
        let step = end / near as f64;
        let last = near - 1;
        for (i, height) in heights_amsl_m[..last].iter_mut().enumerate() {
            let place = (i + 1) as f64 * step;
            let before = (place as usize).min(last);
            let h_0 = samples[shared + before];
            let beyond = place - before as f64;
            *height = if before < last {
                h_0 + (samples[shared + before + 1] - h_0) * beyond
            } else {
                h_0 + (receiver.terrain_amsl_m - h_0) * (beyond / (end - last as f64))
            };
        }
        let step_m = short(1000.0 * receiver.distance_km / steps as f64);
        PathEnd { steps, shared, step_m, heights_amsl_m }
    }
}

/// The number cut to 37 significant bits: multiples of it up to 65,536-fold are exact.
#[inline]
fn short(value: f64) -> f64 {
    f64::from_bits(value.to_bits() & !0xffff)
}

fn on_equal_steps(d_km: &[f64], heights: &[f64], spacing_km: f64) -> Vec<f64> {
    let last = d_km.len() - 1;
    let mut after = 1;
    let between = |i: usize| {
        let place_km = i as f64 * spacing_km;
        while after < last && d_km[after] < place_km {
            after += 1;
        }
        let part = (place_km - d_km[after - 1]) / (d_km[after] - d_km[after - 1]);
        heights[after - 1] + (heights[after] - heights[after - 1]) * part
    };
    let mut equal: Vec<f64> = (0..last).map(between).collect();
    equal.push(heights[last]);
    equal
}

#[cfg(test)]
mod tests {
    use super::super::EqualProfile;
    use super::*;
    use crate::propagation::Zone;

    fn path(distance_km: &[f64], terrain_amsl_m: &[f64], receiver: (f64, f64)) -> (f64, Vec<f64>) {
        let clutter_m = vec![0.0; distance_km.len()];
        let radial = Radial { distance_km, terrain_amsl_m, clutter_m: &clutter_m, zone: None, own_place_km: 0.05 };
        let receiver = RadialReceiver { distance_km: receiver.0, terrain_amsl_m: receiver.1, zone: Zone::Inland };
        let mut heights = Vec::new();
        let step_m = EqualProfile::to_receiver(&EqualRadial::of(radial), receiver, &mut heights).step_m;
        (step_m, heights)
    }

    fn assert_close(heights: &[f64], expected: &[f64]) {
        assert_eq!(heights.len(), expected.len(), "{heights:?}");
        assert!(heights.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{heights:?}");
    }

    #[test]
    fn a_short_path_is_put_on_equal_steps() {
        // The sample at 0.2 km is the receiver's own place: two steps of 0.12 km. The middle lies 0.02 of the 0.14 km from the
        // sample at 0.1 km to the receiver: 20 + 30/7 m.
        let (distance_km, terrain) = ([0.0, 0.1, 0.2, 0.3], [10.0, 20.0, 40.0, 99.0]);
        let (step_m, heights) = path(&distance_km, &terrain, (0.24, 50.0));
        assert!((step_m - 120.0).abs() < 1e-8, "{step_m}");
        assert_close(&heights, &[10.0, 20.0 + 30.0 / 7.0, 50.0]);
        assert_close(&path(&distance_km, &terrain, (0.01, 50.0)).1, &[10.0, 50.0]);
        assert_close(&path(&[0.0], &[7.0], (3.0, 50.0)).1, &[7.0, 50.0]);
    }

    #[test]
    fn the_samples_of_a_long_path_stand_but_for_the_last_eight() {
        // 11 steps to 1.12 km: three samples shared, then places every (1.12 − 0.3)/8 km on a slope of 100 m/km.
        let distance_km: Vec<f64> = (0..14).map(|i| f64::from(i) * 0.1).collect();
        let mut terrain: Vec<f64> = distance_km.iter().map(|d| 100.0 * d).collect();
        (terrain[1], terrain[2]) = (77.0, 33.0);
        let (step_m, heights) = path(&distance_km, &terrain, (1.12, 112.0));
        assert!((step_m - 1120.0 / 11.0).abs() < 1e-8, "{step_m}");
        let near: Vec<f64> = (0..=8).map(|i| 30.0 + f64::from(i) * 82.0 / 8.0).collect();
        assert_close(&heights, &[&[0.0, 77.0, 33.0], &near[..]].concat());
    }

    #[test]
    fn unequal_samples_are_interpolated_first() {
        // Samples at 0, 0.05 and 0.2 km: the middle one moves to 0.1 km, a third of the way on.
        assert_close(&path(&[0.0, 0.05, 0.2], &[0.0, 30.0, 60.0], (0.2, 60.0)).1, &[0.0, 40.0, 60.0]);
    }
}
