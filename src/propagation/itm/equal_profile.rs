//! Terrain at equal steps, the only kind of profile that the model's source knows.

use crate::propagation::{Profile, ProfileError, Radial, RadialReceiver};

/// How far a point may lie from its place on the equal steps, as a share of a step: distances written in whole metres
/// pass from steps of 10 m on.
const TOLERANCE: f64 = 0.05;

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

    /// The path to a receiver of a radial, of as many steps as it has samples before the receiver. Heights between samples
    /// (and between the last one and the receiver) are interpolated, so that the last step is as long as the others.
    /// `heights_amsl_m` is overwritten.
    pub fn to_receiver(radial: Radial<'_>, receiver: RadialReceiver, heights_amsl_m: &'a mut Vec<f64>) -> Self {
        let nearer_than_km = receiver.distance_km - radial.own_place_km;
        let steps = radial.distance_km.partition_point(|&d| d < nearer_than_km).max(1);
        let step_km = receiver.distance_km / steps as f64;
        let sample = |i: usize| {
            if i < steps {
                (radial.distance_km[i], radial.terrain_amsl_m[i])
            } else {
                (receiver.distance_km, receiver.terrain_amsl_m)
            }
        };
        heights_amsl_m.clear();
        heights_amsl_m.push(radial.terrain_amsl_m[0]);
        let mut after = 1;
        for i in 1..steps {
            let d_km = i as f64 * step_km;
            while after < steps && radial.distance_km[after] < d_km {
                after += 1;
            }
            let ((d_0, h_0), (d_1, h_1)) = (sample(after - 1), sample(after));
            heights_amsl_m.push(h_0 + (h_1 - h_0) * (d_km - d_0) / (d_1 - d_0));
        }
        heights_amsl_m.push(receiver.terrain_amsl_m);
        Self { step_m: to_twelve_digits(1000.0 * step_km), heights_amsl_m }
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
    fn a_radial_is_put_on_equal_steps_up_to_the_receiver() {
        let (distance_km, terrain_amsl_m) = ([0.0, 0.1, 0.2, 0.3], [10.0, 20.0, 40.0, 99.0]);
        let radial = Radial {
            distance_km: &distance_km,
            terrain_amsl_m: &terrain_amsl_m,
            clutter_m: &[0.0; 4],
            own_place_km: 0.05,
        };
        let mut heights = Vec::new();
        let to = |distance_km| RadialReceiver { distance_km, terrain_amsl_m: 50.0 };
        // The sample at 0.2 km is the receiver's own place: two steps of 0.12 km. The middle lies 0.02 of the 0.14 km from the
        // sample at 0.1 km to the receiver: 20 + 30/7 m.
        let equal = EqualProfile::to_receiver(radial, to(0.24), &mut heights);
        assert_eq!((equal.step_m, equal.heights_amsl_m.len()), (120.0, 3));
        for (height, expected) in equal.heights_amsl_m.iter().zip([10.0, 20.0 + 30.0 / 7.0, 50.0]) {
            assert!((height - expected).abs() < 1e-9, "{equal:?}");
        }
        assert_eq!(EqualProfile::to_receiver(radial, to(0.01), &mut heights).heights_amsl_m, [10.0, 50.0]);
    }

    #[test]
    fn the_mean_height_leaves_out_the_outer_tenths() {
        let mut heights = [5.0; 21];
        (heights[0], heights[1], heights[19], heights[20]) = (900.0, 900.0, 900.0, 900.0);
        assert_eq!(EqualProfile { step_m: 10.0, heights_amsl_m: &heights }.mean_height_amsl_m(), 5.0);
    }
}
