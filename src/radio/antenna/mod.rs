//! Antenna patterns: how much less than its peak an antenna radiates in any direction.
//!
//! In: MSI Planet files, or the name of a built-in pattern. Out: an [`AntennaPattern`] that gives the attenuation of either cut at any
//! angle and of any direction in space, and an [`AttenuationTable`] of one pattern with its tilts for areas. Horizontal angles run
//! clockwise from boresight; vertical ones from the horizon (0) down through the ground (90), the back (180) and the sky (270).

mod built_in;
mod cut;
mod msi;
mod orientation;
mod table;

pub use built_in::BUILT_IN_ANTENNAS;
pub use orientation::{Orientation, depression_deg};
pub use table::AttenuationTable;

use built_in::Sector;
use cut::Cut;

/// An antenna's gain and its attenuation by direction.
#[derive(Debug, Clone, PartialEq)]
pub struct AntennaPattern {
    /// Name that the file states, else the stem of the file's name; the name of a built-in pattern.
    pub name: String,
    /// Lowest and highest frequency that the pattern is stated for, MHz; the same where it is one.
    pub frequency_range_mhz: Option<[f64; 2]>,
    /// Gain in the direction of its maximum, dBi; `None` for built-in patterns, whose gain is the cell's.
    pub gain_dbi: Option<f64>,
    /// Electrical tilt that is part of the pattern, degrees below the horizon, when stated.
    pub electrical_tilt_deg: Option<f64>,
    shape: Shape,
}

/// How a pattern is known.
#[derive(Debug, Clone, PartialEq)]
enum Shape {
    /// Alike in all directions.
    Omni,
    /// A formula of 3GPP.
    Sector(Sector),
    /// Two measured cuts.
    Cuts { horizontal: Cut, vertical: Cut },
}

/// A horizontal cut that falls by more than this has a direction, dB.
const DIRECTIONAL_DB: f64 = 6.0;

impl AntennaPattern {
    /// Attenuation below the maximum at an angle clockwise from boresight, dB; any finite angle.
    pub fn attenuation_horizontal(&self, angle_deg: f64) -> f64 {
        match &self.shape {
            Shape::Omni => 0.0,
            Shape::Sector(sector) => sector.horizontal_db(angle_deg),
            Shape::Cuts { horizontal, .. } => horizontal.attenuation_db(angle_deg),
        }
    }

    /// Attenuation below the maximum at an angle from the horizon, 90 to the ground, dB; any finite angle.
    pub fn attenuation_vertical(&self, angle_deg: f64) -> f64 {
        match &self.shape {
            Shape::Omni => 0.0,
            Shape::Sector(sector) => {
                // beyond 90 the angle lies behind the antenna
                let behind = angle_deg.to_radians().cos() < 0.0;
                let depression_deg = angle_deg.to_radians().sin().asin().to_degrees();
                sector.attenuation_db(if behind { 180.0 } else { 0.0 }, depression_deg)
            }
            Shape::Cuts { vertical, .. } => vertical.attenuation_db(angle_deg),
        }
    }

    /// Whether no direction is attenuated, whatever the tilts, so that there is nothing to look up.
    pub fn is_omni(&self) -> bool {
        self.shape == Shape::Omni
    }

    /// Whether the pattern prefers some azimuths, so that one must be stated.
    pub fn is_directional(&self) -> bool {
        match &self.shape {
            Shape::Omni => false,
            Shape::Sector(_) => true,
            Shape::Cuts { horizontal, .. } => horizontal.deepest_db() > DIRECTIONAL_DB,
        }
    }

    /// Attenuation below the maximum in a direction, dB, not negative: `azimuth_deg` clockwise from north, `depression_deg` below the
    /// horizon, any finite angles.
    pub fn attenuation_db(&self, azimuth_deg: f64, depression_deg: f64, orientation: &Orientation) -> f64 {
        self.attenuation_off_boresight_db(azimuth_deg - orientation.azimuth_deg, depression_deg, orientation)
    }

    /// The same with the azimuth counted clockwise from boresight.
    fn attenuation_off_boresight_db(&self, azimuth_deg: f64, depression_deg: f64, orientation: &Orientation) -> f64 {
        if self.is_omni() {
            return 0.0;
        }
        let (azimuth_deg, depression_deg) = orientation.in_antenna_frame(azimuth_deg, depression_deg);
        // The beam is tilted on a cone, as the phases along a vertical array tilt it: down on all sides, also at the back.
        let tilt_deg = orientation.electrical_tilt_deg - self.electrical_tilt_deg.unwrap_or(0.0);
        let depression_deg = (depression_deg - tilt_deg).clamp(-90.0, 90.0);
        match &self.shape {
            Shape::Omni => 0.0,
            Shape::Sector(sector) => sector.attenuation_db(azimuth_deg, depression_deg),
            Shape::Cuts { horizontal, vertical } => interpolated_db(horizontal, vertical, azimuth_deg, depression_deg),
        }
    }
}

/// Attenuation between two cuts by horizontal-projection interpolation (Gil, Claro, Ferreira, Pardelinha, Correia 2001, "A 3D
/// interpolation method for base-station-antenna radiation patterns", IEEE Antennas and Propagation Magazine 43(2), 132–137):
///
/// A(φ, δ) = H(φ) + (1 − |φ|/180)·[V(δ) − H(0)] + |φ|/180·[V(180 − δ) − H(180)]
///
/// It gives the vertical cut ahead and behind, and the horizontal one wherever the vertical cut passes through it at front and back.
fn interpolated_db(horizontal: &Cut, vertical: &Cut, azimuth_deg: f64, depression_deg: f64) -> f64 {
    let off = (azimuth_deg + 180.0).rem_euclid(360.0) - 180.0;
    let behind = off.abs() / 180.0;
    let front_db = vertical.attenuation_db(depression_deg) - horizontal.attenuation_db(0.0);
    let back_db = vertical.attenuation_db(180.0 - depression_deg) - horizontal.attenuation_db(180.0);
    (horizontal.attenuation_db(azimuth_deg) + (1.0 - behind) * front_db + behind * back_db).max(0.0)
}

#[cfg(test)]
mod tests;
