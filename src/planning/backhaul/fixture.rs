//! Terrain for the tests.

use crate::grid::{GeoTransform, Grid};
use crate::io::crs_of_epsg;
use crate::terrain::{Locator, Terrain};
use ndarray::Array2;

/// 105.98–106.22 E, 22.48–22.62 N at 0.001°, of one height.
pub(super) fn flat(height_m: f32) -> Terrain {
    terrain(|_| height_m)
}

/// The same ground with hills up to about `relief_m`, and a share of it missing.
pub(super) fn rough(seed: u64, relief_m: f64, missing: f64) -> Terrain {
    let noise = |salt: u64, row: usize, column: usize| {
        let mut x = seed ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ ((row as u64) << 32 | column as u64);
        for _ in 0..2 {
            x = (x ^ (x >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        }
        (x >> 11) as f64 / (1u64 << 53) as f64
    };
    terrain(|(row, column)| {
        if noise(1, row, column) < missing {
            return f32::NAN;
        }
        // a coarse lattice of heights, and small bumps on it
        let (r, c) = (row as f64 / 12.0, column as f64 / 12.0);
        let (fr, fc) = (r.fract(), c.fract());
        let node = |dr: usize, dc: usize| noise(2, r as usize + dr, c as usize + dc);
        let coarse =
            (node(0, 0) * (1.0 - fc) + node(0, 1) * fc) * (1.0 - fr) + (node(1, 0) * (1.0 - fc) + node(1, 1) * fc) * fr;
        (relief_m * (coarse + 0.05 * noise(3, row, column))) as f32
    })
}

fn terrain(height_m: impl Fn((usize, usize)) -> f32) -> Terrain {
    let crs = crs_of_epsg(4326).unwrap_or_else(|e| panic!("{e}"));
    let transform = GeoTransform { west: 105.98, north: 22.62, pixel_width: 0.001, pixel_height: 0.001 };
    let values = Array2::from_shape_fn((140, 240), height_m);
    let locator = Locator::new(&crs, &transform, values.dim()).unwrap_or_else(|e| panic!("{e}"));
    Terrain {
        grid: Grid { values, transform, crs },
        frame: transform,
        first_pixel: (0, 0),
        locator,
        pixel_size_m: 102.7,
        clutter_m: None,
        zones: None,
        warnings: Vec::new(),
    }
}
