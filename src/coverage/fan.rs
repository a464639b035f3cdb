//! Which pixels lie around a transmitter, on which radial, and how far out.

use crate::geodesy::LonLat;
use crate::terrain::{MARGIN_PIXELS, Terrain};

/// Exact geodesics are computed at every so many pixels and interpolated in between: bilinear azimuthal equidistant
/// coordinates over 16 pixels of 90 m are within 2 cm.
/// Nodes lie up to so many pixels beyond the raster, which its locator reaches.
const NODE_PIXELS: usize = 16;
const _: () = assert!((NODE_PIXELS as f64) < MARGIN_PIXELS);

/// A pixel within the radius.
#[derive(Debug, Clone, Copy)]
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
    starts: Vec<u32>,
    pixels: Vec<FanPixel>,
}

impl Fan {
    /// The fan of a transmitter; `None` when no pixel of the terrain lies within the radius.
    pub(super) fn new(terrain: &Terrain, center: LonLat, radius_m: f64, radials: usize) -> Option<Self> {
        let grid = &terrain.grid;
        let (r_center, c_center) = {
            let (x, y) = terrain.locator.locate(center);
            grid.transform.row_column(x, y)
        };
        let (rows, columns) = reach_in_pixels(terrain, center, radius_m)?;
        let span = |at: f64, reach: f64, n: usize| {
            let first = (at - reach).floor().max(0.0);
            let last = (at + reach).ceil().min(n as f64 - 1.0);
            (last >= first).then_some((first as usize, (last - first) as usize + 1))
        };
        let (row0, height) = span(r_center, rows, grid.rows())?;
        let (column0, width) = span(c_center, columns, grid.columns())?;

        let node_columns = width.div_ceil(NODE_PIXELS) + 1;
        let node_rows = height.div_ceil(NODE_PIXELS) + 1;
        let nodes: Vec<(f64, f64)> = (0..node_rows * node_columns)
            .map(|i| {
                let row = (row0 + i / node_columns * NODE_PIXELS) as f64;
                let column = (column0 + i % node_columns * NODE_PIXELS) as f64;
                let (x, y) = grid.transform.center(row, column);
                let (distance_m, azimuth_deg) = center.distance_and_azimuth(terrain.locator.position(x, y));
                let (sin, cos) = azimuth_deg.to_radians().sin_cos();
                (distance_m * sin, distance_m * cos)
            })
            .collect();
        let to_radial = radials as f64 / std::f64::consts::TAU;
        let mut found: Vec<(u32, FanPixel)> = Vec::new();
        for row in 0..height {
            let (node_row, b) = (row / NODE_PIXELS, (row % NODE_PIXELS) as f64 / NODE_PIXELS as f64);
            for column in 0..width {
                let (node_column, a) = (column / NODE_PIXELS, (column % NODE_PIXELS) as f64 / NODE_PIXELS as f64);
                let i = node_row * node_columns + node_column;
                let mix = |f: fn(&(f64, f64)) -> f64| {
                    let upper = f(&nodes[i]) + (f(&nodes[i + 1]) - f(&nodes[i])) * a;
                    let j = i + node_columns;
                    let lower = f(&nodes[j]) + (f(&nodes[j + 1]) - f(&nodes[j])) * a;
                    upper + (lower - upper) * b
                };
                let (east, north) = (mix(|n| n.0), mix(|n| n.1));
                let distance_m = east.hypot(north);
                if distance_m <= radius_m {
                    let radial = (east.atan2(north).rem_euclid(std::f64::consts::TAU) * to_radial).round() as usize;
                    let index = (row * width + column) as u32;
                    found.push(((radial % radials) as u32, FanPixel { index, distance_m: distance_m as f32 }));
                }
            }
        }
        let (starts, pixels) = group(radials, &found);
        Some(Self { origin: (row0, column0), size: (height, width), radials, starts, pixels })
    }

    /// Pixels of a radial by increasing distance.
    pub(super) fn radial(&self, radial: usize) -> &[FanPixel] {
        &self.pixels[self.starts[radial] as usize..self.starts[radial + 1] as usize]
    }

    /// Number of pixels within the radius.
    pub(super) fn len(&self) -> usize {
        self.pixels.len()
    }
}

/// Counting sort by radial, then by distance within each.
fn group(radials: usize, found: &[(u32, FanPixel)]) -> (Vec<u32>, Vec<FanPixel>) {
    let mut starts = vec![0u32; radials + 1];
    for (radial, _) in found {
        starts[*radial as usize + 1] += 1;
    }
    for k in 0..radials {
        starts[k + 1] += starts[k];
    }
    let mut next = starts.clone();
    let mut pixels = vec![FanPixel { index: 0, distance_m: 0.0 }; found.len()];
    for &(radial, pixel) in found {
        let slot = &mut next[radial as usize];
        pixels[*slot as usize] = pixel;
        *slot += 1;
    }
    for k in 0..radials {
        let of_radial = &mut pixels[starts[k] as usize..starts[k + 1] as usize];
        of_radial.sort_unstable_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then(a.index.cmp(&b.index)));
    }
    (starts, pixels)
}

/// How many rows and columns the radius spans on either side of the transmitter, rounded up.
pub(super) fn reach_in_pixels(terrain: &Terrain, center: LonLat, radius_m: f64) -> Option<(f64, f64)> {
    let t = &terrain.grid.transform;
    let (x, y) = terrain.locator.locate(center);
    let (row, column) = t.row_column(x, y);
    let length_of = |row_step: f64, column_step: f64| {
        let (x, y) = t.center(row + row_step, column + column_step);
        center.distance_m(terrain.locator.position(x, y))
    };
    // 2 % more than flat scaling for the change of the scale within the radius
    let reach = |length_m: f64| 1.02 * radius_m / length_m + 2.0;
    let (row_m, column_m) = (length_of(1.0, 0.0), length_of(0.0, 1.0));
    (row_m.is_finite() && column_m.is_finite()).then(|| (reach(row_m), reach(column_m)))
}
