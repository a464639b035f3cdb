//! The land without a service around the villages of a dead zone, as areas.

use crate::coverage::status_code;
use crate::geodesy::LonLat;
use crate::grid::Grid;
use crate::service::Status;
use crate::study::Study;
use geo::{Coord, MapCoords, MultiPolygon, Rect, SimplifyVwPreserve, unary_union};
use std::collections::BTreeSet;

/// Land without a service.
#[derive(Debug, Clone, PartialEq)]
pub struct NotSpotLand {
    /// Its outline, WGS 84 degrees, without corners that take less than 0.6 pixels of its area.
    pub outline: MultiPolygon<f64>,
    /// Its pixels, km².
    pub area_km2: f64,
}

/// A corner whose triangle with its neighbours is smaller than this many pixels is left out of outlines.
const LEAST_CORNER_PIXELS: f64 = 0.6;

/// Land counts that hangs together with some this near to a village, m.
const NEAR_VILLAGE_M: f64 = 500.0;

/// The pixels inside the study that are marginal or unserved, lie within `reach_m` of a village, and hang together over edges with such a
/// pixel near a village; `None` where there are none.
pub(super) fn not_spot_land(
    study: &Study,
    status: &Grid<u8>,
    villages: &[LonLat],
    reach_m: f64,
) -> Option<NotSpotLand> {
    let lacking = [Status::Marginal, Status::Unserved].map(status_code);
    let is_dark = |pixel: (usize, usize)| lacking.contains(&status.values[pixel]) && study.inside[pixel];
    let mut around: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    for &village in villages {
        for (pixel, distance_m) in pixels_around(study, village, reach_m) {
            if is_dark(pixel) {
                around.insert(pixel);
                if distance_m <= NEAR_VILLAGE_M {
                    open.push(pixel);
                }
            }
        }
    }
    let mut pixels: BTreeSet<(usize, usize)> = BTreeSet::new();
    while let Some((row, column)) = open.pop() {
        if around.contains(&(row, column)) && pixels.insert((row, column)) {
            open.extend([(row + 1, column), (row, column + 1)]);
            open.extend(row.checked_sub(1).map(|row| (row, column)));
            open.extend(column.checked_sub(1).map(|column| (row, column)));
        }
    }
    if pixels.is_empty() {
        return None;
    }
    let area_km2 = pixels.iter().map(|&(row, _)| study.terrain.pixel_area_m2(row) / 1e6).sum();
    let outline = outline(&pixels).simplify_vw_preserve(LEAST_CORNER_PIXELS).map_coords(|Coord { x, y }| {
        // pixel centres have whole numbers, and transforms count from corners
        let (x, y) = study.terrain.grid.transform.center(y, x);
        let place = study.terrain.locator.position(x, y);
        Coord { x: place.lon_deg, y: place.lat_deg }
    });
    Some(NotSpotLand { outline, area_km2 })
}

/// Pixels whose centre lies within `reach_m` of a place, with their distance, by the scale of the grid at the place.
fn pixels_around(study: &Study, place: LonLat, reach_m: f64) -> Vec<((usize, usize), f64)> {
    let terrain = &study.terrain;
    let transform = &terrain.grid.transform;
    let (x, y) = terrain.locator.locate(place);
    let (row, column) = transform.row_column(x, y);
    let position = |row: f64, column: f64| {
        let (x, y) = transform.center(row, column);
        terrain.locator.position(x, y)
    };
    let height_m = place.distance_m(position(row + 1.0, column));
    let width_m = place.distance_m(position(row, column + 1.0));
    let range = |at: f64, size_m: f64, size: usize| {
        let reach = reach_m / size_m;
        (at - reach).ceil().max(0.0) as usize..((at + reach).floor() + 1.0).clamp(0.0, size as f64) as usize
    };
    let mut pixels = Vec::new();
    for r in range(row, height_m, terrain.grid.rows()) {
        for c in range(column, width_m, terrain.grid.columns()) {
            let distance_m = ((r as f64 - row) * height_m).hypot((c as f64 - column) * width_m);
            if distance_m <= reach_m {
                pixels.push(((r, c), distance_m));
            }
        }
    }
    pixels
}

/// The outline of pixels in rows (y) and columns (x), whose centres have whole numbers.
fn outline(pixels: &BTreeSet<(usize, usize)>) -> MultiPolygon<f64> {
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    for &(row, column) in pixels {
        match runs.last_mut() {
            Some((r, _, end)) if *r == row && *end == column => *end += 1,
            _ => runs.push((row, column, column + 1)),
        }
    }
    let rectangle = |(row, start, end): (usize, usize, usize)| {
        let corner = |row: usize, column: usize| Coord { x: column as f64 - 0.5, y: row as f64 - 0.5 };
        Rect::new(corner(row, start), corner(row + 1, end)).to_polygon()
    };
    let rectangles: Vec<_> = runs.into_iter().map(rectangle).collect();
    // corners lie on halves; what the union adds to them is rounding
    unary_union(&rectangles)
        .map_coords(|Coord { x, y }| Coord { x: (2.0 * x).round() / 2.0, y: (2.0 * y).round() / 2.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Area;

    #[test]
    fn an_outline_has_the_area_of_its_pixels_and_keeps_holes() {
        // a ring of 8 pixels, and one that touches it at a corner
        let mut pixels: BTreeSet<(usize, usize)> =
            (3..6).flat_map(|row| (7..10).map(move |column| (row, column))).collect();
        pixels.remove(&(4, 8));
        pixels.insert((6, 10));
        let outline = outline(&pixels);
        assert_eq!(outline.unsigned_area(), 9.0);
        assert_eq!(outline.iter().map(|polygon| polygon.interiors().len()).sum::<usize>(), 1);
    }
}
