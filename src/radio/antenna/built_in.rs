//! The patterns that every study has: alike in all directions, and the sectors of 3GPP's simulations.

use super::{AntennaPattern, Shape};

/// A sector by 3GPP's formula: A = min(A_H(φ) + A_V(δ), most), A_H = min(12·(φ/φ_3dB)², A_Hmax), A_V = min(12·(δ/δ_3dB)², SLA_V).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sector {
    /// Width at half power, horizontal, degrees.
    horizontal_width_deg: f64,
    /// Largest horizontal attenuation, dB.
    horizontal_most_db: f64,
    /// Width at half power, vertical, degrees.
    vertical_width_deg: f64,
    /// Largest vertical attenuation, dB.
    vertical_most_db: f64,
    /// Largest attenuation of both together, dB.
    most_db: f64,
}

/// 3GPP TR 38.901 V16.1.0, Table 7.3-1.
const SECTOR_65: Sector = Sector {
    horizontal_width_deg: 65.0,
    horizontal_most_db: 30.0,
    vertical_width_deg: 65.0,
    vertical_most_db: 30.0,
    most_db: 30.0,
};

/// 3GPP TR 36.814 V9.2.0, Table A.2.1.1-2.
const SECTOR_70: Sector = Sector {
    horizontal_width_deg: 70.0,
    horizontal_most_db: 25.0,
    vertical_width_deg: 10.0,
    vertical_most_db: 20.0,
    most_db: 25.0,
};

/// Names of the built-in patterns: alike in all directions; the sectors of TR 38.901 and of TR 36.814.
pub const BUILT_IN_ANTENNAS: [&str; 3] = ["omni", "sector-65", "sector-70"];

impl AntennaPattern {
    /// The built-in patterns in the order of [`BUILT_IN_ANTENNAS`].
    pub fn built_in() -> [Self; 3] {
        let shapes = [Shape::Omni, Shape::Sector(SECTOR_65), Shape::Sector(SECTOR_70)];
        let mut shapes = shapes.into_iter();
        BUILT_IN_ANTENNAS.map(|name| Self {
            name: name.to_owned(),
            frequency_range_mhz: None,
            gain_dbi: None,
            electrical_tilt_deg: None,
            shape: shapes.next().unwrap_or(Shape::Omni),
        })
    }
}

impl Sector {
    /// A_H at an angle from boresight, dB.
    pub(super) fn horizontal_db(&self, azimuth_deg: f64) -> f64 {
        let off = (azimuth_deg + 180.0).rem_euclid(360.0) - 180.0;
        (12.0 * (off / self.horizontal_width_deg).powi(2)).min(self.horizontal_most_db)
    }

    /// A at an angle from boresight and one below it, dB.
    pub(super) fn attenuation_db(&self, azimuth_deg: f64, depression_deg: f64) -> f64 {
        let vertical_db = (12.0 * (depression_deg / self.vertical_width_deg).powi(2)).min(self.vertical_most_db);
        (self.horizontal_db(azimuth_deg) + vertical_db).min(self.most_db)
    }
}
