//! In which direction each pixel around a mast lies: what antennas need to know.

use super::fan::Plane;
use super::matrix::LossMatrix;
use crate::geodesy::LonLat;
use crate::propagation::dispatch::with_widest_vectors;
use crate::propagation::earth::STANDARD_EFFECTIVE_RADIUS_KM;
use crate::propagation::vector_math::single::atan;
use crate::radio::{AttenuationTable, Orientation};
use crate::terrain::Terrain;
use ndarray::Array2;
use std::f32::consts::FRAC_PI_2;

/// What the ray of an antenna sees on the median of the time, m.
const EFFECTIVE_RADIUS_M: f32 = (1000.0 * STANDARD_EFFECTIVE_RADIUS_KM) as f32;
/// Pixels nearer than this are looked at as if this far, m.
const NEAREST_M: f32 = 1.0;

/// Azimuth and distance of the pixels of a matrix, from its mast.
pub(super) struct Directions {
    /// Clockwise from north, degrees, 0 to 360.
    azimuth_deg: Array2<f32>,
    distance_m: Array2<f32>,
}

impl Directions {
    pub(super) fn of(terrain: &Terrain, center: LonLat, radius_m: f64, matrix: &LossMatrix) -> Self {
        let size = matrix.size();
        let plane = Plane::new(terrain, center, radius_m, matrix.origin, size);
        let (mut azimuth_deg, mut distance_m) = (Array2::zeros(size), Array2::zeros(size));
        let (mut east_m, mut north_m) = (vec![0.0; size.1], vec![0.0; size.1]);
        for (row, (mut azimuths, mut distances)) in
            azimuth_deg.rows_mut().into_iter().zip(distance_m.rows_mut()).enumerate()
        {
            plane.place(row, &mut east_m, &mut north_m);
            if let (Some(azimuths), Some(distances)) = (azimuths.as_slice_mut(), distances.as_slice_mut()) {
                polar(&east_m, &north_m, azimuths, distances);
            }
        }
        Self { azimuth_deg, distance_m }
    }

    /// Angle of each pixel's receiver below the horizon of an antenna, degrees.
    pub(super) fn depressions(&self, terrain: &Terrain, matrix: &LossMatrix, heights: Heights) -> Array2<f32> {
        let mut depression_deg = Array2::zeros(self.distance_m.dim());
        let (first_row, first_column) = matrix.origin;
        for (row, (mut depressions, distances)) in
            depression_deg.rows_mut().into_iter().zip(self.distance_m.rows()).enumerate()
        {
            let ground = terrain.grid.values.row(first_row + row);
            let ground = ground.as_slice().map(|ground| &ground[first_column..]);
            if let (Some(depressions), Some(distances), Some(ground)) =
                (depressions.as_slice_mut(), distances.as_slice(), ground)
            {
                depress(heights, distances, ground, depressions);
            }
        }
        depression_deg
    }

    /// What an antenna takes from the level of each pixel, hundredths of a decibel.
    pub(super) fn attenuations(
        &self,
        depression_deg: &Array2<f32>,
        table: &AttenuationTable,
        orientation: &Orientation,
    ) -> Array2<u16> {
        let mut attenuations = Array2::zeros(self.azimuth_deg.dim());
        let rows = attenuations.rows_mut().into_iter().zip(self.azimuth_deg.rows()).zip(depression_deg.rows());
        for ((mut attenuations, azimuths), depressions) in rows {
            if let (Some(attenuations), Some(azimuths), Some(depressions)) =
                (attenuations.as_slice_mut(), azimuths.as_slice(), depressions.as_slice())
            {
                table.attenuate_row(azimuths, depressions, orientation, attenuations);
            }
        }
        attenuations
    }
}

/// Heights of the ends of the paths around a mast, m.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heights {
    /// Antenna above sea level.
    pub(super) antenna_amsl_m: f32,
    /// Receivers above ground.
    pub(super) receiver_agl_m: f32,
}

impl Heights {
    /// Angle of a receiver below the horizon of the antenna, degrees; NaN where its ground is unknown.
    ///
    /// tan δ = (h_tx − h_rx)/d + d/(2·aₑ)
    #[inline(always)]
    pub(super) fn depression_deg(self, distance_m: f32, ground_amsl_m: f32) -> f32 {
        let d = if distance_m > NEAREST_M { distance_m } else { NEAREST_M };
        let drop_m = self.antenna_amsl_m - (ground_amsl_m + self.receiver_agl_m);
        atan(drop_m / d + d / (2.0 * EFFECTIVE_RADIUS_M)).to_degrees()
    }
}

with_widest_vectors! {
    fn polar(east_m: &[f32], north_m: &[f32], azimuth_deg: &mut [f32], distance_m: &mut [f32]) = polar_body
}

#[inline(always)]
fn polar_body(east_m: &[f32], north_m: &[f32], azimuth_deg: &mut [f32], distance_m: &mut [f32]) {
    for (((&east, &north), azimuth), distance) in east_m.iter().zip(north_m).zip(azimuth_deg).zip(distance_m) {
        *distance = (east * east + north * north).sqrt();
        // the half circle where east is positive, and the other
        let from_east = atan(north / if east == 0.0 { 1e-6 } else { east });
        let half = if east < 0.0 { 3.0 * FRAC_PI_2 } else { FRAC_PI_2 };
        *azimuth = (half - from_east).to_degrees();
    }
}

with_widest_vectors! {
    fn depress(heights: Heights, distance_m: &[f32], ground_amsl_m: &[f32], depression_deg: &mut [f32]) = depress_body
}

#[inline(always)]
fn depress_body(heights: Heights, distance_m: &[f32], ground_amsl_m: &[f32], depression_deg: &mut [f32]) {
    for ((depression, &distance), &ground) in depression_deg.iter_mut().zip(distance_m).zip(ground_amsl_m) {
        *depression = heights.depression_deg(distance, ground);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propagation::dispatch::tests::assert_each_gives_the_same;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn all_vectors_give_directions_the_same_bits(
            places in proptest::collection::vec((-3e4..3e4_f32, -3e4..3e4_f32, prop_oneof![9 => -50.0..3e3_f32, 1 => Just(f32::NAN)]), 1..400),
            antenna_amsl_m in 0.0..3e3_f32,
        ) {
            let heights = Heights { antenna_amsl_m, receiver_agl_m: 1.5 };
            let (east_m, north_m): (Vec<_>, Vec<_>) = places.iter().map(|place| (place.0, place.1)).unzip();
            let ground_amsl_m: Vec<_> = places.iter().map(|place| place.2).collect();
            assert_each_gives_the_same(|| {
                let [mut azimuth_deg, mut distance_m, mut depression_deg] = [(); 3].map(|()| vec![0.0; places.len()]);
                polar(&east_m, &north_m, &mut azimuth_deg, &mut distance_m);
                depress(heights, &distance_m, &ground_amsl_m, &mut depression_deg);
                [azimuth_deg, distance_m, depression_deg].map(|column| column.into_iter().map(f32::to_bits).collect::<Vec<_>>())
            });
        }
    }
}
