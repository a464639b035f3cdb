//! The terrain profile of a path, checked once so that models need not.

use super::{Radial, RadialReceiver};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Radio-climatic zone of a profile point (Rec. ITU-R P.1812-8 §3.3, Table 4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Zone {
    /// Sea and other large bodies of water.
    Sea,
    /// Coastal land: up to 100 m above sea level within 50 km of the nearest sea.
    Coastal,
    /// All other land.
    #[default]
    Inland,
}

/// Why a profile cannot be used.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ProfileError {
    /// Fewer than two points.
    #[error("profile has {0} point(s); at least 2 are needed")]
    TooShort(usize),
    /// A column is longer or shorter than `distance_km`.
    #[error("profile.{field} has {got} values, distance_km has {expected}")]
    Length {
        /// Name of the column.
        field: &'static str,
        /// Its length.
        got: usize,
        /// Length of `distance_km`.
        expected: usize,
    },
    /// A value is not a number, infinite, negative where it must not be, or out of order.
    #[error("profile.{field}[{index}] = {value}: {allowed}")]
    Value {
        /// Name of the column.
        field: &'static str,
        /// Index of the point, from 0.
        index: usize,
        /// Value found.
        value: f64,
        /// What is allowed.
        allowed: &'static str,
    },
}

/// Terrain and clutter along a path: point 0 at the transmitter, the last at the receiver. At least two points, finite
/// heights, distances from 0 strictly increasing.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    distance_km: Vec<f64>,
    terrain_amsl_m: Vec<f64>,
    clutter_m: Vec<f64>,
    zone: Vec<Zone>,
}

impl Profile {
    /// A profile from its columns (all of one length): distance from the transmitter in km, terrain above sea level in m,
    /// clutter above terrain in m, radio-climatic zone.
    ///
    /// # Errors
    /// Fewer than two points, columns of different lengths, values that are not finite, distances that do not start at 0
    /// or do not increase, negative clutter.
    pub fn new(
        distance_km: Vec<f64>,
        terrain_amsl_m: Vec<f64>,
        clutter_m: Vec<f64>,
        zone: Vec<Zone>,
    ) -> Result<Self, ProfileError> {
        let expected = distance_km.len();
        let lengths = [("terrain_amsl_m", terrain_amsl_m.len()), ("clutter_m", clutter_m.len()), ("zone", zone.len())];
        if let Some(&(field, got)) = lengths.iter().find(|&&(_, got)| got != expected) {
            return Err(ProfileError::Length { field, got, expected });
        }
        if expected < 2 {
            return Err(ProfileError::TooShort(expected));
        }
        let reject = |field, index, value, allowed| Err(ProfileError::Value { field, index, value, allowed });
        if distance_km[0] != 0.0 {
            return reject("distance_km", 0, distance_km[0], "the first distance must be 0");
        }
        for i in 0..expected {
            let (d, h, c) = (distance_km[i], terrain_amsl_m[i], clutter_m[i]);
            if !d.is_finite() || (i > 0 && d <= distance_km[i - 1]) {
                return reject("distance_km", i, d, "distances must be finite and strictly increasing");
            }
            if !h.is_finite() || h.abs() > 20_000.0 {
                return reject("terrain_amsl_m", i, h, "heights must be finite and within ±20000 m");
            }
            if !(0.0..=1_000.0).contains(&c) {
                return reject("clutter_m", i, c, "clutter must be 0 to 1000 m");
            }
        }
        Ok(Self { distance_km, terrain_amsl_m, clutter_m, zone })
    }

    /// A profile of bare inland terrain (no clutter). Errors as [`Profile::new`].
    pub fn bare(distance_km: Vec<f64>, terrain_amsl_m: Vec<f64>) -> Result<Self, ProfileError> {
        let n = distance_km.len();
        Self::new(distance_km, terrain_amsl_m, vec![0.0; n], vec![Zone::Inland; n])
    }

    /// The profile of one receiver of a radial: all samples before it, then the receiver (no clutter at its own place).
    pub(super) fn of_radial(radial: Radial<'_>, receiver: RadialReceiver) -> Self {
        let nearer_than_km = receiver.distance_km - radial.own_place_km;
        let before = radial.distance_km.partition_point(|&d| d < nearer_than_km).max(1);
        fn with_end<T: Copy>(before: &[T], end: T) -> Vec<T> {
            let mut points = Vec::with_capacity(before.len() + 1);
            points.extend_from_slice(before);
            points.push(end);
            points
        }
        Self {
            distance_km: with_end(&radial.distance_km[..before], receiver.distance_km),
            terrain_amsl_m: with_end(&radial.terrain_amsl_m[..before], receiver.terrain_amsl_m),
            clutter_m: with_end(&radial.clutter_m[..before], 0.0),
            zone: match radial.zone {
                Some(zone) => with_end(&zone[..before], receiver.zone),
                None => vec![Zone::Inland; before + 1],
            },
        }
    }

    /// Number of points, at least 2.
    #[allow(clippy::len_without_is_empty)] // never empty
    pub fn len(&self) -> usize {
        self.distance_km.len()
    }

    /// Length of the path, km.
    pub fn path_length_km(&self) -> f64 {
        self.distance_km[self.len() - 1]
    }

    /// Terrain heights at the transmitter and at the receiver, m above sea level.
    pub fn terrain_at_ends_amsl_m(&self) -> (f64, f64) {
        (self.terrain_amsl_m[0], self.terrain_amsl_m[self.len() - 1])
    }

    /// Distance of each point from the transmitter, km.
    pub fn distance_km(&self) -> &[f64] {
        &self.distance_km
    }

    /// Terrain height of each point above sea level, m.
    pub fn terrain_amsl_m(&self) -> &[f64] {
        &self.terrain_amsl_m
    }

    /// Clutter height of each point above terrain, m.
    pub fn clutter_m(&self) -> &[f64] {
        &self.clutter_m
    }

    /// Fraction of the path over sea ω, 0 to 1 (Rec. ITU-R P.1812-8 §3.3): every point stands for the half intervals
    /// beside it.
    pub fn sea_fraction(&self) -> f64 {
        let last = self.len() - 1;
        let mut sea_km = 0.0;
        for i in (0..=last).filter(|&i| self.zone[i] == Zone::Sea) {
            let from_km = if i > 0 { (self.distance_km[i - 1] + self.distance_km[i]) / 2.0 } else { 0.0 };
            let to_km =
                if i < last { (self.distance_km[i] + self.distance_km[i + 1]) / 2.0 } else { self.distance_km[last] };
            sea_km += to_km - from_km;
        }
        sea_km / self.path_length_km()
    }

    /// Radio-climatic zone of each point.
    pub fn zone(&self) -> &[Zone] {
        &self.zone
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_refused_with_its_place() {
        let fault = |d: &[f64], h: &[f64]| Profile::bare(d.to_vec(), h.to_vec()).unwrap_err().to_string();
        assert_eq!(fault(&[0.0], &[1.0]), "profile has 1 point(s); at least 2 are needed");
        assert_eq!(fault(&[0.0, 1.0], &[1.0]), "profile.terrain_amsl_m has 1 values, distance_km has 2");
        assert!(fault(&[0.0, 1.0, 1.0], &[1.0; 3]).starts_with("profile.distance_km[2] = 1: "));
        assert!(fault(&[0.0, 1.0], &[1.0, f64::NAN]).starts_with("profile.terrain_amsl_m[1] = NaN: "));
        assert!(fault(&[0.5, 1.0], &[1.0; 2]).starts_with("profile.distance_km[0] = 0.5: "));
        let negative = Profile::new(vec![0.0, 1.0], vec![1.0; 2], vec![0.0, -1.0], vec![Zone::Inland; 2]).unwrap_err();
        assert!(negative.to_string().starts_with("profile.clutter_m[1] = -1: "));
    }

    #[test]
    fn the_sea_fraction_counts_half_intervals() {
        use Zone::{Coastal, Inland, Sea};
        let at = |zone: [Zone; 4]| {
            Profile::new(vec![0.0, 1.0, 3.0, 4.0], vec![0.0; 4], vec![0.0; 4], zone.to_vec()).unwrap().sea_fraction()
        };
        assert_eq!(at([Inland, Coastal, Inland, Inland]), 0.0);
        assert_eq!(at([Inland, Sea, Inland, Inland]), 1.5 / 4.0);
        assert_eq!(at([Sea, Inland, Inland, Sea]), 1.0 / 4.0);
        assert_eq!(at([Sea; 4]), 1.0);
    }
}
