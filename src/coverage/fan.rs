//! Which pixels lie around a transmitter, on which radial, and how far out.
//!
//! Radials are as dense as the pixels at the outer edge and thinned towards the centre: from each half of the radius inward every
//! second one is left, so that neighbours stay half a pixel to a pixel apart and each has about one pixel a sample.

use super::lattice::CubicLattice;
use crate::geodesy::LonLat;
use crate::propagation::dispatch::with_widest_vectors;
use crate::propagation::vector_math::single::atan;
use crate::terrain::Terrain;
use std::f32::consts::{FRAC_PI_2, PI, TAU};

/// How often radials are thinned; their number is a multiple of 2 to this power.
const THINNINGS: u32 = 6;

/// Nodes of exact geodesics are at most so far apart, m.
const NODE_SPACING_M: f64 = 2_000.0;

/// So far beyond the radius places along radials can be asked for, m.
pub(super) const BEYOND_M: f64 = 2_000.0;

/// Along a row, places are worked out cubically at pixels this far apart, m, and linearly in between: 1 cm at most, as far from the poles as
/// anyone lives.
const SEGMENT_M: f64 = 1_000.0;

/// The pixels of a window of the terrain grid by radial, each radial's nearly by increasing distance.
pub(super) struct Fan {
    /// First row and column of the window in the terrain grid.
    pub(super) origin: (usize, usize),
    /// Rows and columns of the window.
    pub(super) size: (usize, usize),
    /// Number of radials; radial k leaves at azimuth 360°·k/radials.
    pub(super) radials: usize,
    /// From metres east and north of the transmitter, azimuthal equidistant, to row and column of the whole mosaic.
    to_pixel: CubicLattice,
    /// Row and column of the terrain grid in the whole mosaic.
    first: (f64, f64),
    starts: Vec<u32>,
    pixels: Vec<u32>,
}

impl Fan {
    /// The fan of a transmitter with radials at most `spacing_m` apart at the outer edge, and the distances of the window's pixels from the
    /// transmitter, m, row-major, +∞ beyond the radius; `None` when no pixel of the terrain lies within the radius.
    pub(super) fn new(terrain: &Terrain, center: LonLat, radius_m: f64, spacing_m: f64) -> Option<(Self, Vec<f32>)> {
        let grid = &terrain.grid;
        let (center_row, center_column) = pixel_of(terrain, center);
        let (rows, columns) = reach_in_pixels(terrain, center, radius_m)?;
        let span = |at: f64, reach: f64, n: usize| {
            let first = (at - reach).floor().max(0.0);
            let last = (at + reach).ceil().min(n as f64 - 1.0);
            (last >= first).then_some((first as usize, (last - first) as usize + 1))
        };
        let (row0, height) = span(center_row, rows, grid.rows())?;
        let (column0, width) = span(center_column, columns, grid.columns())?;
        let dense = (std::f64::consts::TAU * radius_m / spacing_m / f64::from(1u32 << THINNINGS)).ceil().max(1.0);
        let radials = (dense as usize) << THINNINGS;

        let plane = Plane::new(terrain, center, radius_m, (row0, column0), (height, width));
        let (distance_m, radial) = plane.assign(radials, radius_m as f32);
        // Where each radial starts; what lies beyond the radius is counted last and dropped.
        let mut starts = vec![0u32; radials + 2];
        radial.iter().for_each(|&radial| starts[radial as usize + 1] += 1);
        starts.truncate(radials + 1);
        for k in 0..radials {
            starts[k + 1] += starts[k];
        }
        let mut next = starts.clone();
        let mut pixels = vec![0; starts[radials] as usize];
        plane.outward(|index| {
            let radial = radial[index] as usize;
            if radial < radials {
                pixels[next[radial] as usize] = index as u32;
                next[radial] += 1;
            }
        });
        let to_pixel = radial_lattice(terrain, center, radius_m);
        let first = (terrain.first_pixel.0 as f64, terrain.first_pixel.1 as f64);
        let fan = Self { origin: (row0, column0), size: (height, width), radials, to_pixel, first, starts, pixels };
        Some((fan, distance_m))
    }

    /// Pixels of a radial, as their index in the window, row-major, nearly by increasing distance.
    pub(super) fn radial(&self, radial: usize) -> &[u32] {
        &self.pixels[self.starts[radial] as usize..self.starts[radial + 1] as usize]
    }

    /// Number of pixels within the radius.
    pub(super) fn len(&self) -> usize {
        self.pixels.len()
    }

    /// Row and column of the terrain grid at a distance, m, along a radial.
    pub(super) fn along(&self, radial: usize) -> impl Fn(f64) -> (f64, f64) {
        let (sin, cos) = (std::f64::consts::TAU * radial as f64 / self.radials as f64).sin_cos();
        move |distance_m| {
            let [row, column] = self.to_pixel.at(distance_m * sin, distance_m * cos);
            (row - self.first.0, column - self.first.1)
        }
    }
}

fn pixel_of(terrain: &Terrain, p: LonLat) -> (f64, f64) {
    let (x, y) = terrain.locator.locate(p);
    terrain.grid.transform.row_column(x, y)
}

/// From metres east and north of the transmitter to row and column.
fn radial_lattice(terrain: &Terrain, center: LonLat, radius_m: f64) -> CubicLattice {
    let reach_m = radius_m + BEYOND_M;
    CubicLattice::new([-reach_m, reach_m], [-reach_m, reach_m], NODE_SPACING_M.min(reach_m / 4.0), |east, north| {
        let azimuth_deg = east.atan2(north).to_degrees();
        let (x, y) = terrain.locator.locate(center.destination(azimuth_deg, east.hypot(north)));
        let (row, column) = terrain.frame.row_column(x, y);
        [row, column]
    })
}

/// The azimuthal equidistant plane around a transmitter, over a window of the grid.
pub(super) struct Plane {
    size: (usize, usize),
    /// Row and column of the transmitter in the window.
    center: (usize, usize),
    /// Pixels between places worked out cubically.
    segment: usize,
    /// Row and column of the window in the whole mosaic.
    first: (f64, f64),
    /// Metres east and north at column and row of the whole mosaic.
    lattice: CubicLattice,
}

impl Plane {
    pub(super) fn new(
        terrain: &Terrain,
        center: LonLat,
        radius_m: f64,
        (row0, column0): (usize, usize),
        (height, width): (usize, usize),
    ) -> Self {
        let (row, column) = pixel_of(terrain, center);
        let inside = |at: f64, first: usize, n: usize| (at - first as f64).round().clamp(0.0, n as f64 - 1.0) as usize;
        let step = (NODE_SPACING_M.min(radius_m / 4.0) / terrain.pixel_size_m).floor().max(1.0);
        let first = (terrain.first_pixel.0 as f64, terrain.first_pixel.1 as f64);
        // Nodes are counted in the pixels of the whole mosaic, so that they do not depend on the window.
        let (top, left) = (first.0 + row0 as f64, first.1 + column0 as f64);
        let lattice =
            CubicLattice::new([left, left + width as f64], [top, top + height as f64], step, |column, row| {
                let (x, y) = terrain.frame.center(row, column);
                let (distance_m, azimuth_deg) = center.distance_and_azimuth(terrain.locator.position(x, y));
                let (sin, cos) = azimuth_deg.to_radians().sin_cos();
                [distance_m * sin, distance_m * cos]
            });
        Self {
            size: (height, width),
            center: (inside(row, row0, height), inside(column, column0, width)),
            segment: ((SEGMENT_M / terrain.pixel_size_m) as usize).max(1),
            first: (top, left),
            lattice,
        }
    }

    /// Distance, m, and radial of every pixel, row-major; +∞ and `radials` beyond the radius.
    fn assign(&self, radials: usize, radius_m: f32) -> (Vec<f32>, Vec<u32>) {
        let (height, width) = self.size;
        let (mut distance_m, mut radial) = (vec![0.0; height * width], vec![0; height * width]);
        let (mut east_m, mut north_m) = (vec![0.0; width], vec![0.0; width]);
        for (r, (distance_m, radial)) in distance_m.chunks_mut(width).zip(radial.chunks_mut(width)).enumerate() {
            self.place(r, &mut east_m, &mut north_m);
            assign_row(&east_m, &north_m, radials as u32, radius_m, distance_m, radial);
        }
        (distance_m, radial)
    }

    /// Gives the index of every pixel, those of a quarter of the circle row by row and column by column outward: nearly in the order of
    /// their distance along each radial.
    fn outward(&self, mut give: impl FnMut(usize)) {
        let (height, width) = self.size;
        let (middle_row, middle) = self.center;
        for r in (middle_row..height).chain((0..middle_row).rev()) {
            let first = r * width;
            (first + middle..first + width).for_each(&mut give);
            (first..first + middle).rev().for_each(&mut give);
        }
    }

    /// Metres east and north of the pixels of a row.
    pub(super) fn place(&self, r: usize, east_m: &mut [f32], north_m: &mut [f32]) {
        let width = east_m.len();
        let (top, left) = self.first;
        let mut start = self.lattice.at(left, top + r as f64);
        for from in (0..width).step_by(self.segment) {
            let end = self.lattice.at(left + (from + self.segment).min(width) as f64, top + r as f64);
            let count = self.segment.min(width - from);
            let step = [(end[0] - start[0]) / count as f64, (end[1] - start[1]) / count as f64];
            for i in 0..count {
                east_m[from + i] = (start[0] + step[0] * i as f64) as f32;
                north_m[from + i] = (start[1] + step[1] * i as f64) as f32;
            }
            start = end;
        }
    }
}

with_widest_vectors! {
    /// Works out distances and radials of a row's pixels.
    fn assign_row(
        east_m: &[f32],
        north_m: &[f32],
        radials: u32,
        radius_m: f32,
        distance_m: &mut [f32],
        radial: &mut [u32]
    ) = assign_row_body
}

#[inline(always)]
fn assign_row_body(
    east_m: &[f32],
    north_m: &[f32],
    radials: u32,
    radius_m: f32,
    distance_m: &mut [f32],
    radial: &mut [u32],
) {
    for (((&east, &north), distance), radial) in east_m.iter().zip(north_m).zip(distance_m).zip(radial) {
        let d = (east * east + north * north).sqrt();
        let within = d <= radius_m;
        *distance = if within { d } else { f32::INFINITY };
        // Thinned once for each time that the distance can be doubled within the radius.
        let doublings = (radius_m / d).to_bits().saturating_sub(127 << 23) >> 23;
        let thinnings = if doublings < THINNINGS { doublings } else { THINNINGS };
        let thinning = f32::from_bits((127 + thinnings) << 23);
        let steep = north.abs() > east.abs();
        let (low, high) = if steep { (east, north) } else { (-north, east) };
        let high = if high == 0.0 { 1.0 } else { high };
        let part = atan(low / high);
        let base = if steep { 0.0 } else { FRAC_PI_2 };
        let opposite = if high < 0.0 { PI } else { 0.0 };
        // Clockwise from north, −π/4 to 2π
        let azimuth = part + base + opposite;
        let count = radials as f32 / thinning;
        // Between −count/8 and count; adding the count makes the cast round down.
        let number = ((azimuth * (count / TAU) + 0.5 + count) as i32 as f32) - count;
        let number = if number < 0.0 { number + count } else { number };
        let number = if number >= count { number - count } else { number };
        *radial = if within { (number * thinning) as i32 as u32 } else { radials };
    }
}

/// How many rows and columns the radius spans on either side of the transmitter, rounded up.
pub(super) fn reach_in_pixels(terrain: &Terrain, center: LonLat, radius_m: f64) -> Option<(f64, f64)> {
    let t = &terrain.grid.transform;
    let (row, column) = pixel_of(terrain, center);
    let length_of = |row_step: f64, column_step: f64| {
        let (x, y) = t.center(row + row_step, column + column_step);
        center.distance_m(terrain.locator.position(x, y))
    };
    // 2 % more than flat scaling for the change of the scale within the radius
    let reach = |length_m: f64| 1.02 * radius_m / length_m + 2.0;
    let (row_m, column_m) = (length_of(1.0, 0.0), length_of(0.0, 1.0));
    (row_m.is_finite() && column_m.is_finite()).then(|| (reach(row_m), reach(column_m)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propagation::dispatch::tests::with_each;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn all_vectors_give_the_fan_the_same_bits(
            places in proptest::collection::vec((-3e4..3e4_f32, -3e4..3e4_f32), 1..400), radials in 1..200_u32, radius_m in 1e3..3e4_f32,
        ) {
            let rows = with_each(|| {
                let (east_m, north_m): (Vec<_>, Vec<_>) = places.iter().copied().unzip();
                let (mut distance_m, mut radial) = (vec![0.0; places.len()], vec![0; places.len()]);
                assign_row(&east_m, &north_m, radials << THINNINGS, radius_m, &mut distance_m, &mut radial);
                (distance_m.iter().map(|d: &f32| d.to_bits()).collect::<Vec<_>>(), radial)
            });
            for (vectors, row) in &rows[1..] {
                prop_assert_eq!(row, &rows[0].1, "{:?}", vectors);
            }
        }
    }
}
