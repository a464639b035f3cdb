//! The attenuation of one pattern with its tilts, ready for many pixels.

use super::{AntennaPattern, Orientation};
use crate::propagation::dispatch::with_widest_vectors;

/// Nodes round the circle, and from straight up to straight down.
const COLUMNS: usize = 512;
const ROWS: usize = 1024;
/// All of them.
const NODES: usize = ROWS * COLUMNS;

/// Attenuations of one pattern at one mechanical and electrical tilt, by azimuth from boresight (0.70°) and depression (0.18°), between
/// which they are interpolated. Sectors with the same pattern and tilts share a table, whatever their azimuths; it takes 2 MB.
#[derive(Debug, Clone, PartialEq)]
pub struct AttenuationTable {
    /// Row by row.
    attenuation_db: Vec<f32>,
}

impl AttenuationTable {
    /// The table of a pattern at these tilts, degrees below the horizon.
    pub fn new(pattern: &AntennaPattern, mechanical_tilt_deg: f64, electrical_tilt_deg: f64) -> Self {
        let orientation = Orientation { azimuth_deg: 0.0, mechanical_tilt_deg, electrical_tilt_deg };
        let node = |index: usize| {
            let azimuth_deg = (index % COLUMNS) as f64 * (360.0 / COLUMNS as f64);
            let depression_deg = (index / COLUMNS) as f64 * (180.0 / (ROWS - 1) as f64) - 90.0;
            pattern.attenuation_off_boresight_db(azimuth_deg, depression_deg, &orientation) as f32
        };
        Self { attenuation_db: (0..NODES).map(node).collect() }
    }

    /// Attenuations in the directions of a row of pixels, hundredths of a decibel: azimuths clockwise from north, `boresight_deg` likewise,
    /// depressions below the horizon, taken as ±90 beyond; degrees. Of no meaning where an angle is no number.
    pub fn attenuate_row(
        &self,
        azimuth_deg: &[f32],
        depression_deg: &[f32],
        boresight_deg: f32,
        attenuation: &mut [u16],
    ) {
        if let Some(table) = self.attenuation_db.first_chunk() {
            attenuate(table, azimuth_deg, depression_deg, boresight_deg, attenuation);
        }
    }

    /// Attenuation in a direction, dB: `azimuth_deg` clockwise from boresight, any angle; `depression_deg` below the horizon, taken as ±90
    /// beyond. Of no meaning where an angle is no number.
    pub fn attenuation_db(&self, azimuth_deg: f32, depression_deg: f32) -> f32 {
        self.attenuation_db.first_chunk().map_or(f32::NAN, |table| look_up(table, azimuth_deg, depression_deg))
    }
}

/// Hundredths in a decibel.
const STEPS_PER_DB: f32 = 100.0;

with_widest_vectors! {
    fn attenuate(
        table: &[f32; NODES],
        azimuth_deg: &[f32],
        depression_deg: &[f32],
        boresight_deg: f32,
        attenuation: &mut [u16]
    ) = attenuate_body
}

#[inline(always)]
fn attenuate_body(
    table: &[f32; NODES],
    azimuth_deg: &[f32],
    depression_deg: &[f32],
    boresight_deg: f32,
    attenuation: &mut [u16],
) {
    for ((attenuation, &azimuth), &depression) in attenuation.iter_mut().zip(azimuth_deg).zip(depression_deg) {
        *attenuation = (look_up(table, azimuth - boresight_deg, depression) * STEPS_PER_DB + 0.5) as i32 as u16;
    }
}

/// Between the four nodes around a direction. Indices are masked instead of checked, so that many lanes can be looked up at once.
#[inline(always)]
fn look_up(table: &[f32; NODES], azimuth_deg: f32, depression_deg: f32) -> f32 {
    let turns = azimuth_deg * (1.0 / 360.0);
    let x = (turns - turns.floor()) * COLUMNS as f32;
    let y = (depression_deg + 90.0) * ((ROWS - 1) as f32 / 180.0);
    let y = if y > 0.0 { y } else { 0.0 };
    let last = (ROWS - 1) as f32;
    let y = if y < last { y } else { last };
    let (column, row) = (x as i32, y as i32);
    let (s, t) = (x - column as f32, y - row as f32);
    let at = |row: i32, column: i32| {
        let column = column as usize & (COLUMNS - 1);
        table[(row as usize * COLUMNS + column) & (NODES - 1)]
    };
    let below = if row < ROWS as i32 - 1 { row + 1 } else { row };
    let along = |row: i32| {
        let (left, right) = (at(row, column), at(row, column + 1));
        left + s * (right - left)
    };
    let (upper, lower) = (along(row), along(below));
    upper + t * (lower - upper)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propagation::dispatch::tests::assert_each_gives_the_same;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    /// 0 to 30 dB, unlike from node to node.
    static UNEVEN: LazyLock<AttenuationTable> = LazyLock::new(|| {
        let node = |index: usize| (index as u32).wrapping_mul(2_654_435_761) as f32 / u32::MAX as f32 * 30.0;
        AttenuationTable { attenuation_db: (0..NODES).map(node).collect() }
    });

    proptest! {
        #[test]
        fn all_vectors_give_attenuations_the_same_bits(
            directions in proptest::collection::vec((-10.0..370.0_f32, -95.0..95.0_f32), 1..400), boresight_deg in 0.0..360.0_f32,
        ) {
            let (azimuth_deg, depression_deg): (Vec<_>, Vec<_>) = directions.into_iter().unzip();
            assert_each_gives_the_same(|| {
                let mut attenuation = vec![0; azimuth_deg.len()];
                UNEVEN.attenuate_row(&azimuth_deg, &depression_deg, boresight_deg, &mut attenuation);
                attenuation
            });
        }
    }
}
