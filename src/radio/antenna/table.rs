//! The attenuation of one pattern, ready for many pixels at any tilt.

use super::{AntennaPattern, Orientation};
use crate::propagation::dispatch::with_widest_vectors;
use crate::propagation::vector_math::single::{atan, sin_cos_of_turns};

/// Nodes round the circle, and from straight up to straight down.
const COLUMNS: usize = 512;
const ROWS: usize = 1024;
/// All of them.
const NODES: usize = ROWS * COLUMNS;

/// Attenuations of one pattern in the antenna's own frame, by azimuth from boresight (0.70°) and depression (0.18°), between which they are
/// interpolated. Cells with the same pattern share a table, whatever their azimuths and tilts; it takes 2 MiB.
#[derive(Debug, Clone, PartialEq)]
pub struct AttenuationTable {
    /// Electrical tilt that is part of the pattern, degrees below the horizon.
    own_tilt_deg: f64,
    /// Row by row.
    attenuation_db: Vec<f32>,
}

impl AttenuationTable {
    /// The table of a pattern.
    pub fn new(pattern: &AntennaPattern) -> Self {
        let own_tilt_deg = pattern.electrical_tilt_deg.unwrap_or(0.0);
        let upright = Orientation { electrical_tilt_deg: own_tilt_deg, ..Orientation::default() };
        let node = |index: usize| {
            let azimuth_deg = (index % COLUMNS) as f64 * (360.0 / COLUMNS as f64);
            let depression_deg = (index / COLUMNS) as f64 * (180.0 / (ROWS - 1) as f64) - 90.0;
            pattern.attenuation_off_boresight_db(azimuth_deg, depression_deg, &upright) as f32
        };
        Self { own_tilt_deg, attenuation_db: (0..NODES).map(node).collect() }
    }

    /// Attenuations in the directions of a row of pixels, hundredths of a decibel: azimuths clockwise from north, depressions below the
    /// horizon, taken as ±90 beyond; degrees. Of no meaning where an angle is no number.
    pub fn attenuate_row(
        &self,
        azimuth_deg: &[f32],
        depression_deg: &[f32],
        orientation: &Orientation,
        attenuation: &mut [u16],
    ) {
        let Some(table) = self.attenuation_db.first_chunk() else { return };
        let stand = Stand::of(orientation, self.own_tilt_deg);
        match stand.is_upright() {
            true => attenuate_upright(table, azimuth_deg, depression_deg, stand, attenuation),
            false => attenuate_leaning(table, azimuth_deg, depression_deg, stand, attenuation),
        }
    }

    /// Attenuation in a direction, dB: `azimuth_deg` clockwise from north, any angle; `depression_deg` below the horizon, taken as ±90
    /// beyond. Of no meaning where an angle is no number.
    pub fn attenuation_db(&self, azimuth_deg: f32, depression_deg: f32, orientation: &Orientation) -> f32 {
        let Some(table) = self.attenuation_db.first_chunk() else { return f32::NAN };
        let stand = Stand::of(orientation, self.own_tilt_deg);
        let (azimuth_deg, depression_deg) = match stand.is_upright() {
            true => stand.upright(azimuth_deg, depression_deg),
            false => stand.leaning(azimuth_deg, depression_deg),
        };
        look_up(table, azimuth_deg, depression_deg)
    }
}

/// How an antenna stands, ready for many directions.
#[derive(Debug, Clone, Copy)]
struct Stand {
    boresight_deg: f32,
    /// By how much the beam is bent down beyond what the pattern has.
    bend_deg: f32,
    sin_lean: f32,
    cos_lean: f32,
}

impl Stand {
    fn of(orientation: &Orientation, own_tilt_deg: f64) -> Self {
        let (sin_lean, cos_lean) = orientation.mechanical_tilt_deg.to_radians().sin_cos();
        Self {
            boresight_deg: orientation.azimuth_deg as f32,
            bend_deg: (orientation.electrical_tilt_deg - own_tilt_deg) as f32,
            sin_lean: sin_lean as f32,
            cos_lean: cos_lean as f32,
        }
    }

    fn is_upright(self) -> bool {
        self.sin_lean == 0.0
    }

    /// A direction in the frame of an antenna that does not lean: the beam's bend lessens the depression on all sides.
    #[inline(always)]
    fn upright(self, azimuth_deg: f32, depression_deg: f32) -> (f32, f32) {
        (azimuth_deg - self.boresight_deg, depression_deg - self.bend_deg)
    }

    /// A direction in the frame of an antenna that leans: turned about the axis to its right, as [`Orientation::in_antenna_frame`] does it.
    #[inline(always)]
    fn leaning(self, azimuth_deg: f32, depression_deg: f32) -> (f32, f32) {
        let depression_deg = if depression_deg < 90.0 { depression_deg } else { 90.0 };
        let depression_deg = if depression_deg > -90.0 { depression_deg } else { -90.0 };
        let (sin_az, cos_az) = sin_cos_of_turns((azimuth_deg - self.boresight_deg) * (1.0 / 360.0));
        let (sin_dep, cos_dep) = sin_cos_of_turns(depression_deg * (1.0 / 360.0));
        let (forward, right) = (cos_dep * cos_az, cos_dep * sin_az);
        let along = forward * self.cos_lean + sin_dep * self.sin_lean;
        let below = sin_dep * self.cos_lean - forward * self.sin_lean;
        let level = (along * along + right * right).sqrt();
        let level = if level > LEAST { level } else { LEAST };
        let away = if along.abs() > LEAST { along } else { LEAST.copysign(along) };
        let behind_deg = if along < 0.0 { 180.0 } else { 0.0 };
        (atan(right / away).to_degrees() + behind_deg, atan(below / level).to_degrees() - self.bend_deg)
    }
}

/// Parts of a direction that are smaller are taken as this large where they divide.
const LEAST: f32 = 1e-6;

/// Hundredths in a decibel.
const STEPS_PER_DB: f32 = 100.0;

with_widest_vectors! {
    fn attenuate_upright(
        table: &[f32; NODES],
        azimuth_deg: &[f32],
        depression_deg: &[f32],
        stand: Stand,
        attenuation: &mut [u16]
    ) = attenuate_upright_body
}

#[inline(always)]
fn attenuate_upright_body(
    table: &[f32; NODES],
    azimuth_deg: &[f32],
    depression_deg: &[f32],
    stand: Stand,
    attenuation: &mut [u16],
) {
    for ((attenuation, &azimuth), &depression) in attenuation.iter_mut().zip(azimuth_deg).zip(depression_deg) {
        let (azimuth, depression) = stand.upright(azimuth, depression);
        *attenuation = hundredths(look_up(table, azimuth, depression));
    }
}

with_widest_vectors! {
    fn attenuate_leaning(
        table: &[f32; NODES],
        azimuth_deg: &[f32],
        depression_deg: &[f32],
        stand: Stand,
        attenuation: &mut [u16]
    ) = attenuate_leaning_body
}

#[inline(always)]
fn attenuate_leaning_body(
    table: &[f32; NODES],
    azimuth_deg: &[f32],
    depression_deg: &[f32],
    stand: Stand,
    attenuation: &mut [u16],
) {
    for ((attenuation, &azimuth), &depression) in attenuation.iter_mut().zip(azimuth_deg).zip(depression_deg) {
        let (azimuth, depression) = stand.leaning(azimuth, depression);
        *attenuation = hundredths(look_up(table, azimuth, depression));
    }
}

#[inline(always)]
fn hundredths(attenuation_db: f32) -> u16 {
    (attenuation_db * STEPS_PER_DB + 0.5) as i32 as u16
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
        AttenuationTable { own_tilt_deg: 2.0, attenuation_db: (0..NODES).map(node).collect() }
    });

    proptest! {
        #[test]
        fn all_vectors_give_attenuations_the_same_bits(
            directions in proptest::collection::vec((-10.0..370.0_f32, -95.0..95.0_f32), 1..400),
            azimuth_deg in 0.0..360.0_f64,
            mechanical_tilt_deg in prop_oneof![Just(0.0), -10.0..20.0_f64],
            electrical_tilt_deg in -5.0..15.0_f64,
        ) {
            let orientation = Orientation { azimuth_deg, mechanical_tilt_deg, electrical_tilt_deg };
            let (azimuth_deg, depression_deg): (Vec<_>, Vec<_>) = directions.into_iter().unzip();
            assert_each_gives_the_same(|| {
                let mut attenuation = vec![0; azimuth_deg.len()];
                UNEVEN.attenuate_row(&azimuth_deg, &depression_deg, &orientation, &mut attenuation);
                attenuation
            });
        }

        #[test]
        fn a_leaning_antenna_sees_directions_as_the_exact_form_does(
            azimuth in 0.0..360.0_f32, depression in -89.0..89.0_f32, lean in -20.0..20.0_f64, boresight in 0.0..360.0_f32,
        ) {
            let orientation = Orientation { azimuth_deg: f64::from(boresight), mechanical_tilt_deg: lean, electrical_tilt_deg: 0.0 };
            let (fast_azimuth, fast_depression) = Stand::of(&orientation, 0.0).leaning(azimuth, depression);
            let off = f64::from(azimuth) - f64::from(boresight);
            let (exact_azimuth, exact_depression) = orientation.in_antenna_frame(off, f64::from(depression));
            prop_assert!((f64::from(fast_depression) - exact_depression).abs() < 1e-3, "{fast_depression} {exact_depression}");
            // near the pole a direction has hardly an azimuth
            let apart = (f64::from(fast_azimuth) - exact_azimuth + 540.0).rem_euclid(360.0) - 180.0;
            let apart = apart * exact_depression.to_radians().cos();
            prop_assert!(apart.abs() < 1e-3, "{fast_azimuth} {exact_azimuth}");
        }
    }
}
