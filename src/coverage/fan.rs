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

/// A pixel within the radius.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FanPixel {
    /// Index in the window, row-major.
    pub(super) index: u32,
    /// Distance of its centre from the transmitter, m.
    pub(super) distance_m: f32,
}

/// The pixels of a window of the terrain grid by radial, each radial's by increasing distance.
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
    pixels: Vec<FanPixel>,
}

impl Fan {
    /// The fan of a transmitter with radials at most `spacing_m` apart at the outer edge; `None` when no pixel of the terrain lies
    /// within the radius.
    pub(super) fn new(terrain: &Terrain, center: LonLat, radius_m: f64, spacing_m: f64) -> Option<Self> {
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
        let mut starts = vec![0u32; radials + 1];
        plane.scan(radials, radius_m as f32, |radial, _| starts[radial as usize + 1] += 1);
        for k in 0..radials {
            starts[k + 1] += starts[k];
        }
        let mut next = starts.clone();
        let mut pixels = vec![FanPixel::default(); starts[radials] as usize];
        plane.scan(radials, radius_m as f32, |radial, pixel| {
            let slot = &mut next[radial as usize];
            pixels[*slot as usize] = pixel;
            *slot += 1;
        });
        for k in 0..radials {
            sort_outward(&mut pixels[starts[k] as usize..starts[k + 1] as usize]);
        }
        let to_pixel = radial_lattice(terrain, center, radius_m);
        let first = (terrain.first_pixel.0 as f64, terrain.first_pixel.1 as f64);
        Some(Self { origin: (row0, column0), size: (height, width), radials, to_pixel, first, starts, pixels })
    }

    /// Pixels of a radial by increasing distance.
    pub(super) fn radial(&self, radial: usize) -> &[FanPixel] {
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

/// By increasing distance; pixels come nearly in order, so that they are only put in where they belong.
fn sort_outward(pixels: &mut [FanPixel]) {
    for i in 1..pixels.len() {
        let pixel = pixels[i];
        let mut at = i;
        while at > 0 && pixels[at - 1].distance_m > pixel.distance_m {
            pixels[at] = pixels[at - 1];
            at -= 1;
        }
        pixels[at] = pixel;
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

/// A row of the window.
struct Row {
    east_m: Vec<f32>,
    north_m: Vec<f32>,
    distance_m: Vec<f32>,
    /// Radial of each pixel.
    radial: Vec<u32>,
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

    /// Gives every pixel within the radius with its radial, those of a quarter of the circle row by row and column by column outward:
    /// nearly in the order of their distance along each radial.
    fn scan(&self, radials: usize, radius_m: f32, mut found: impl FnMut(u32, FanPixel)) {
        let (height, width) = self.size;
        let mut row = Row {
            east_m: vec![0.0; width],
            north_m: vec![0.0; width],
            distance_m: vec![0.0; width],
            radial: vec![0; width],
        };
        let (middle_row, middle) = self.center;
        for r in (middle_row..height).chain((0..middle_row).rev()) {
            self.place(r, &mut row.east_m, &mut row.north_m);
            assign(&mut row, radials as f32, radius_m);
            let first = (r * width) as u32;
            let mut give = |column: usize| {
                let distance_m = row.distance_m[column];
                if distance_m <= radius_m {
                    found(row.radial[column], FanPixel { index: first + column as u32, distance_m });
                }
            };
            (middle..width).for_each(&mut give);
            (0..middle).rev().for_each(&mut give);
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
    fn assign(row: &mut Row, radials: f32, radius_m: f32) = assign_body
}

#[inline(always)]
fn assign_body(row: &mut Row, radials: f32, radius_m: f32) {
    let Row { east_m, north_m, distance_m, radial } = row;
    for (((&east, &north), distance), radial) in east_m.iter().zip(&*north_m).zip(distance_m).zip(radial) {
        let d = (east * east + north * north).sqrt();
        *distance = d;
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
        let count = radials / thinning;
        // Between −count/8 and count; adding the count makes the cast round down.
        let number = ((azimuth * (count / TAU) + 0.5 + count) as i32 as f32) - count;
        let number = if number < 0.0 { number + count } else { number };
        let number = if number >= count { number - count } else { number };
        *radial = (number * thinning) as i32 as u32;
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
                let n = places.len();
                let mut row = Row { east_m, north_m, distance_m: vec![0.0; n], radial: vec![0; n] };
                assign(&mut row, (radials << THINNINGS) as f32, radius_m);
                (row.distance_m.iter().map(|d| d.to_bits()).collect::<Vec<_>>(), row.radial)
            });
            for (vectors, row) in &rows[1..] {
                prop_assert_eq!(row, &rows[0].1, "{:?}", vectors);
            }
        }
    }
}
