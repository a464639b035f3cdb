//! Relief shading of terrain on the pixels of a map.

use super::Frame;
use crate::terrain::Terrain;
use ndarray::Array2;

/// Heights are exaggerated so that hills show on a map of a province.
const EXAGGERATION: f32 = 1.5;
/// At most so many heights per side are averaged into one pixel.
const MOST_SAMPLES: usize = 4;

/// Light on the land for each pixel, 0 (dark) to 1, by Horn (1981), Hill shading and the reflectance map, Proc. IEEE
/// 69(1): light from the north-west, 45° high. NaN where terrain is missing.
pub(super) fn shade(terrain: &Terrain, frame: &Frame) -> Array2<f32> {
    let heights = heights(terrain, frame);
    let (dx, dy) = frame.meters_per_pixel();
    let (dx, dy) = (dx as f32 / EXAGGERATION, dy as f32 / EXAGGERATION);
    let (rows, columns) = (frame.height as usize, frame.width as usize);
    Array2::from_shape_fn((rows, columns), |(row, column)| {
        // Neighbours of the pixel, which lies at [row + 1, column + 1]:  a b c / d e f / g h i.
        let at = |r: usize, c: usize| {
            let height = heights[[row + r, column + c]];
            if height.is_nan() { heights[[row + 1, column + 1]] } else { height }
        };
        let east = (at(0, 2) + 2.0 * at(1, 2) + at(2, 2) - at(0, 0) - 2.0 * at(1, 0) - at(2, 0)) / (8.0 * dx);
        let north = (at(0, 0) + 2.0 * at(0, 1) + at(0, 2) - at(2, 0) - 2.0 * at(2, 1) - at(2, 2)) / (8.0 * dy);
        // The surface's normal is (−east, −north, 1); the light comes from (−½, ½, √½).
        let light =
            (0.5 * east - 0.5 * north + std::f32::consts::FRAC_1_SQRT_2) / (1.0 + east * east + north * north).sqrt();
        light.clamp(0.0, f32::INFINITY) // NaN stays
    })
}

/// Mean height of each pixel and of a border of one pixel around the map.
fn heights(terrain: &Terrain, frame: &Frame) -> Array2<f32> {
    let pixel_m = frame.meters_per_pixel().0;
    let samples = ((pixel_m / terrain.pixel_size_m).ceil() as usize).clamp(1, MOST_SAMPLES);
    let step = 1.0 / samples as f64;
    Array2::from_shape_fn((frame.height as usize + 2, frame.width as usize + 2), |(row, column)| {
        let (mut sum, mut count) = (0.0, 0u32);
        for i in 0..samples {
            for j in 0..samples {
                let x = column as f64 - 1.0 + (j as f64 + 0.5) * step;
                let y = row as f64 - 1.0 + (i as f64 + 0.5) * step;
                if let Some(height) = terrain.height_m(frame.position(x, y)) {
                    sum += height;
                    count += 1;
                }
            }
        }
        if count == 0 { f32::NAN } else { (sum / f64::from(count)) as f32 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::study::Language;

    #[test]
    fn missing_terrain_has_no_light() {
        let mut study = fixture::study(Language::En);
        let bounds = study.bounds().unwrap();
        let known = |study: &crate::study::Study| {
            shade(&study.terrain, &Frame::new(bounds)).iter().filter(|light| !light.is_nan()).count()
        };
        assert!(known(&study) > 0);
        study.terrain.grid.values.fill(f32::NAN);
        assert_eq!(known(&study), 0);
    }
}
