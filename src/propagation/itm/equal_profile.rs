//! Terrain at equal steps, the only kind of profile that the model's source knows.

use super::equal_radial::EqualRadial;
use crate::propagation::{Profile, ProfileError, RadialReceiver};

/// How far a point may lie from its place on the equal steps, as a share of a step: distances written in whole metres
/// pass from steps of 10 m on.
pub(super) const TOLERANCE: f64 = 0.05;

/// Heights at equal steps from the transmitter to the receiver; two at least.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EqualProfile<'a> {
    /// Length of a step, m.
    pub step_m: f64,
    /// Terrain above sea level at each step, m.
    pub heights_amsl_m: &'a [f64],
}

impl<'a> EqualProfile<'a> {
    /// The heights of a profile whose points are equally spaced.
    ///
    /// The step is the mean one, to twelve digits: a step that was written in decimals comes back as it was.
    ///
    /// # Errors
    /// The first point that lies more than 5 % of a step from its place.
    pub fn of(profile: &'a Profile) -> Result<Self, ProfileError> {
        let step_km = profile.path_length_km() / (profile.len() - 1) as f64;
        let beside = |(i, d_km): (usize, &f64)| (d_km - i as f64 * step_km).abs() > TOLERANCE * step_km;
        if let Some(index) = profile.distance_km().iter().enumerate().position(beside) {
            return Err(ProfileError::Value {
                field: "distance_km",
                index,
                value: profile.distance_km()[index],
                allowed: "itm needs equally spaced points, each within 5 % of a step of its place",
            });
        }
        Ok(Self { step_m: to_twelve_digits(1000.0 * step_km), heights_amsl_m: profile.terrain_amsl_m() })
    }

    /// The path to a receiver of a radial; `heights_amsl_m` is overwritten.
    pub fn to_receiver(
        radial: &EqualRadial<'_>,
        receiver: RadialReceiver,
        heights_amsl_m: &'a mut Vec<f64>,
    ) -> EqualProfile<'a> {
        let end = radial.path_end(receiver);
        heights_amsl_m.clear();
        heights_amsl_m.extend_from_slice(&radial.heights_amsl_m()[..=end.shared]);
        heights_amsl_m.extend_from_slice(end.heights_amsl_m());
        Self { step_m: end.step_m, heights_amsl_m }
    }

    /// Number of steps, at least 1.
    pub fn steps(&self) -> usize {
        self.heights_amsl_m.len() - 1
    }

    /// Length of the path, m.
    pub fn length_m(&self) -> f64 {
        self.steps() as f64 * self.step_m
    }

    /// Heights at the transmitter and at the receiver, m above sea level.
    pub fn ends_amsl_m(&self) -> [f64; 2] {
        [self.heights_amsl_m[0], self.heights_amsl_m[self.steps()]]
    }

    /// Mean height of the path without its first and last tenth, m above sea level.
    pub fn mean_height_amsl_m(&self) -> f64 {
        let tenth = (0.1 * self.steps() as f64) as usize;
        let inner = &self.heights_amsl_m[tenth..=self.steps() - tenth];
        inner.iter().sum::<f64>() / inner.len() as f64
    }
}

/// The number to twelve significant digits, rounded in decimals.
fn to_twelve_digits(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_step_comes_back_exactly() {
        let step_m = 99.978_05;
        let d_km = (0..3680).map(|i| f64::from(i) * step_m / 1000.0).collect();
        let profile = Profile::bare(d_km, vec![1.0; 3680]).unwrap();
        let equal = EqualProfile::of(&profile).unwrap();
        assert_eq!((equal.step_m, equal.length_m()), (step_m, 3679.0 * step_m));
    }

    #[test]
    fn unequal_steps_are_refused_with_their_place() {
        let of = |d_km: &[f64]| {
            EqualProfile::of(&Profile::bare(d_km.to_vec(), vec![0.0; d_km.len()]).unwrap()).map(|e| e.step_m)
        };
        assert_eq!(of(&[0.0, 0.104, 0.2]), Ok(100.0));
        let message = of(&[0.0, 0.1, 0.21, 0.3]).unwrap_err().to_string();
        assert!(message.starts_with("profile.distance_km[2] = 0.21: itm needs equally spaced points"), "{message}");
    }

    #[test]
    fn the_mean_height_leaves_out_the_outer_tenths() {
        let mut heights = [5.0; 21];
        (heights[0], heights[1], heights[19], heights[20]) = (900.0, 900.0, 900.0, 900.0);
        assert_eq!(EqualProfile { step_m: 10.0, heights_amsl_m: &heights }.mean_height_amsl_m(), 5.0);
    }
}
