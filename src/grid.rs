//! Rasters: a matrix of values with a place on the earth.
//!
//! The only raster type of the crate. Rows run from north to south and columns from west to east; the value of a pixel
//! stands at its centre.

use crate::propagation::dispatch::with_widest_vectors;
use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// Position and size of a north-up raster's pixels in the units of its coordinate reference system.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GeoTransform {
    /// x of the western edge of the first column.
    pub west: f64,
    /// y of the northern edge of the first row.
    pub north: f64,
    /// Width of a pixel, positive.
    pub pixel_width: f64,
    /// Height of a pixel, positive.
    pub pixel_height: f64,
}

impl GeoTransform {
    /// x and y of a pixel's centre; fractions address points between centres.
    pub fn center(&self, row: f64, column: f64) -> (f64, f64) {
        (self.west + (column + 0.5) * self.pixel_width, self.north - (row + 0.5) * self.pixel_height)
    }

    /// Row and column of a point, in pixels from the centre of the first pixel (the inverse of [`GeoTransform::center`]).
    pub fn row_column(&self, x: f64, y: f64) -> (f64, f64) {
        ((self.north - y) / self.pixel_height - 0.5, (x - self.west) / self.pixel_width - 0.5)
    }

    /// The transform of the window that starts at a row and column of this raster.
    pub fn window(&self, row: isize, column: isize) -> Self {
        Self {
            west: self.west + column as f64 * self.pixel_width,
            north: self.north - row as f64 * self.pixel_height,
            ..*self
        }
    }

    /// The six numbers as GDAL orders them.
    pub fn to_gdal(&self) -> [f64; 6] {
        [self.west, self.pixel_width, 0.0, self.north, 0.0, -self.pixel_height]
    }
}

/// A coordinate reference system as PROJ and GDAL know it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Crs {
    /// Short name for people: `EPSG:4326`, or the system's own name where it has no code.
    pub name: String,
    /// Well-known text (WKT 2), the full definition.
    pub wkt: String,
    /// Whether coordinates are longitude and latitude in degrees on WGS 84, so that no transformation is needed.
    pub is_wgs84_degrees: bool,
}

/// A raster: values `[row, column]`, transform and coordinate reference system. Missing values are NaN for floats; other
/// types state their missing value where they are made.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid<T> {
    /// The values, north row first.
    pub values: Array2<T>,
    /// Where the pixels lie.
    pub transform: GeoTransform,
    /// What the coordinates mean.
    pub crs: Crs,
}

impl<T> Grid<T> {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.values.nrows()
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.values.ncols()
    }

    /// A raster on the same pixels, filled with one value.
    pub fn filled_like<U: Clone>(&self, value: U) -> Grid<U> {
        self.with_values(Array2::from_elem(self.values.dim(), value))
    }

    /// A raster on the same pixels with other values, as many of them.
    pub fn with_values<U>(&self, values: Array2<U>) -> Grid<U> {
        Grid { values, transform: self.transform, crs: self.crs.clone() }
    }
}

impl Grid<f32> {
    /// Bilinear value at a fractional row and column (see [`GeoTransform::row_column`]); NaN outside the raster and where
    /// a neighbour that would count is missing. Points up to half a pixel outside the outermost centres take the edge's value.
    pub fn bilinear(&self, row: f64, column: f64) -> f32 {
        let (rows, columns) = self.values.dim();
        let inside = row >= -0.5 && column >= -0.5 && row <= rows as f64 - 0.5 && column <= columns as f64 - 0.5;
        if !inside {
            return f32::NAN;
        }
        let row = snap(row).clamp(0.0, (rows - 1) as f64);
        let column = snap(column).clamp(0.0, (columns - 1) as f64);
        let (r0, c0) = (row as usize, column as usize);
        let (fr, fc) = ((row - r0 as f64) as f32, (column - c0 as f64) as f32);
        let lerp_columns = |r: usize| {
            let left = self.values[[r, c0]];
            if fc == 0.0 { left } else { left + (self.values[[r, c0 + 1]] - left) * fc }
        };
        let top = lerp_columns(r0);
        if fr == 0.0 { top } else { top + (lerp_columns(r0 + 1) - top) * fr }
    }

    /// Appends the values at `count` places that lie one step apart, from the first row and column: those of [`Grid::bilinear`].
    pub fn bilinear_along(&self, first: (f64, f64), step: (f64, f64), count: usize, values: &mut Vec<f64>) {
        let (rows, columns) = self.values.dim();
        let place = |i: usize| (first.0 + step.0 * i as f64, first.1 + step.1 * i as f64);
        let (last, limit) = (place(count.max(1) - 1), (rows as f64 - 1.0, columns as f64 - 1.0));
        let within = |(row, column): (f64, f64)| row >= 0.0 && column >= 0.0 && row < limit.0 && column < limit.1;
        let Some(pixels) = self.values.as_slice().filter(|_| within(first) && within(last)) else {
            values.extend((0..count).map(place).map(|(row, column)| f64::from(self.bilinear(row, column))));
            return;
        };
        let from = values.len();
        values.resize(from + count, 0.0);
        means_of_four(pixels, columns, first, step, &mut values[from..]);
        // Only a gap makes a mean no number.
        for (i, value) in values[from..].iter_mut().enumerate().filter(|(_, value)| value.is_nan()) {
            let (row, column) = place(i);
            *value = f64::from(self.bilinear(row, column));
        }
    }
}

with_widest_vectors! {
    /// Bilinear means of the four pixels around places that lie one step apart, all within the outer centres.
    fn means_of_four(
        pixels: &[f32],
        columns: usize,
        first: (f64, f64),
        step: (f64, f64),
        values: &mut [f64]
    ) = means_of_four_body
}

#[inline(always)]
fn means_of_four_body(pixels: &[f32], columns: usize, first: (f64, f64), step: (f64, f64), values: &mut [f64]) {
    // How many pixels have one to the right below; places in bounds are among them, which the limit lets the compiler know.
    let Some(count @ 1..) = pixels.len().checked_sub(columns + 1) else { return };
    let (upper_left, upper_right) = (&pixels[..count], &pixels[1..1 + count]);
    let (lower_left, lower_right) = (&pixels[columns..columns + count], &pixels[columns + 1..columns + 1 + count]);
    for (i, value) in values.iter_mut().enumerate() {
        let i = f64::from(i as i32);
        let (row, column) = (first.0 + step.0 * i, first.1 + step.1 * i);
        let (r, c) = (row as i32, column as i32);
        let (fr, fc) = ((row - f64::from(r)) as f32, (column - f64::from(c)) as f32);
        let at = (r as u32 as usize * columns + c as u32 as usize).min(count - 1);
        let top = upper_left[at] + (upper_right[at] - upper_left[at]) * fc;
        let bottom = lower_left[at] + (lower_right[at] - lower_left[at]) * fc;
        *value = f64::from(top + (bottom - top) * fr);
    }
}

/// Takes a coordinate that rounding has moved off a pixel's centre back to it, so that a missing neighbour does not count.
fn snap(at: f64) -> f64 {
    let whole = at.round();
    if (at - whole).abs() < 1e-6 { whole } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propagation::dispatch::tests::assert_each_gives_the_same;
    use ndarray::array;
    use proptest::prelude::*;

    fn grid() -> Grid<f32> {
        Grid {
            values: array![[0.0, 10.0], [20.0, f32::NAN]],
            transform: GeoTransform { west: 100.0, north: 20.0, pixel_width: 0.5, pixel_height: 0.25 },
            crs: Crs { name: "EPSG:4326".into(), wkt: String::new(), is_wgs84_degrees: true },
        }
    }

    #[test]
    fn centers_and_row_columns_are_inverse() {
        let t = grid().transform;
        assert_eq!(t.center(0.0, 0.0), (100.25, 19.875));
        let (x, y) = t.center(1.3, 0.4);
        let (row, column) = t.row_column(x, y);
        assert!((row - 1.3).abs() < 1e-12 && (column - 0.4).abs() < 1e-12);
        assert_eq!(t.window(1, 1).center(0.0, 0.0), t.center(1.0, 1.0));
    }

    #[test]
    fn bilinear_interpolates_and_never_invents_missing_values() {
        let g = grid();
        assert_eq!(g.bilinear(0.0, 0.25), 2.5);
        assert_eq!(g.bilinear(0.5, 0.0), 10.0);
        assert!(g.bilinear(0.5, 0.5).is_nan());
        assert_eq!(g.bilinear(1e-12, 1.0 - 1e-12), 10.0, "rounding does not reach the missing neighbour");
        assert_eq!(g.bilinear(-0.4, 0.0), 0.0, "half a pixel outside the centres is still the edge pixel");
        assert!(g.bilinear(-0.6, 0.0).is_nan());
    }

    proptest! {
        #[test]
        fn all_vectors_give_means_the_same_bits(
            pixels in proptest::collection::vec(-50.0..3e3_f32, 30 * 40), first in (0.0..29.0, 0.0..39.0), last in (0.0..29.0, 0.0..39.0),
            count in 2..200usize,
        ) {
            let values = Array2::from_shape_vec((30, 40), pixels).unwrap();
            let grid = Grid { values, ..grid() };
            let steps = (count - 1) as f64;
            let step = ((last.0 - first.0) / steps, (last.1 - first.1) / steps);
            assert_each_gives_the_same(|| {
                let mut means = Vec::new();
                grid.bilinear_along(first, step, count, &mut means);
                means.into_iter().map(f64::to_bits).collect::<Vec<_>>()
            });
        }
    }
}
