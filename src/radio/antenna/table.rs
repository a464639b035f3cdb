//! The attenuation of one pattern with its tilts, ready for many pixels.

use super::{AntennaPattern, Orientation};

/// Step of the table in azimuth and in depression, degrees.
const STEP_DEG: [f32; 2] = [1.0, 0.25];
/// Nodes round the circle, the first once more at its end.
const COLUMNS: usize = 361;
/// Nodes from straight up to straight down.
const ROWS: usize = 721;

/// Attenuations of one pattern at one mechanical and electrical tilt, by azimuth from boresight (1°) and depression (0.25°), between
/// which they are interpolated. Sectors with the same pattern and tilts share a table, whatever their azimuths; it takes 1 MB.
#[derive(Debug, Clone, PartialEq)]
pub struct AttenuationTable {
    attenuation_db: Vec<f32>,
}

impl AttenuationTable {
    /// The table of a pattern at these tilts, degrees below the horizon.
    pub fn new(pattern: &AntennaPattern, mechanical_tilt_deg: f64, electrical_tilt_deg: f64) -> Self {
        let orientation = Orientation { azimuth_deg: 0.0, mechanical_tilt_deg, electrical_tilt_deg };
        let node = |index: usize| {
            let azimuth_deg = (index % COLUMNS) as f64 * f64::from(STEP_DEG[0]);
            let depression_deg = (index / COLUMNS) as f64 * f64::from(STEP_DEG[1]) - 90.0;
            pattern.attenuation_off_boresight_db(azimuth_deg, depression_deg, &orientation) as f32
        };
        Self { attenuation_db: (0..ROWS * COLUMNS).map(node).collect() }
    }

    /// Attenuation in a direction, dB: `azimuth_deg` clockwise from boresight, any angle; `depression_deg` below the horizon, taken as ±90
    /// beyond. NaN where an angle is no number.
    #[inline]
    pub fn attenuation_db(&self, azimuth_deg: f32, depression_deg: f32) -> f32 {
        let turns = azimuth_deg * (1.0 / 360.0);
        let x = (turns - turns.floor()) * (COLUMNS - 1) as f32;
        let y = (depression_deg.clamp(-90.0, 90.0) + 90.0) * (1.0 / STEP_DEG[1]);
        // a number too large and one that is none end as the last and the first node
        let (column, row) = ((x as usize).min(COLUMNS - 2), (y as usize).min(ROWS - 2));
        let (s, t) = (x - column as f32, y - row as f32);
        let at = row * COLUMNS + column;
        let [upper, lower] = [at, at + COLUMNS].map(|i| match self.attenuation_db.get(i..i + 2) {
            Some(&[left, right]) => left + s * (right - left),
            _ => f32::NAN,
        });
        upper + t * (lower - upper)
    }
}
