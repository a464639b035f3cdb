//! Ground on which a site may be built.

use super::surroundings::Surroundings;
use crate::geodesy::LonLat;
use crate::study::Study;
use crate::terrain::Terrain;
use std::fmt;

/// Radius around a village in which the highest point is a candidate too, m.
const BESIDE_VILLAGE_M: f64 = 500.0;

/// Why nothing can be built at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It lies on excluded land.
    Excluded,
    /// It is too steep.
    Steep,
    /// It is too far from a road.
    FarFromRoad,
}

/// How many places were refused.
#[derive(Debug, Default)]
pub(super) struct Refusals([usize; 3]);

impl Refusals {
    /// Whether a place may be built on; refused ones are counted where they `count`.
    pub(super) fn allow(&mut self, refusal: Option<Refusal>, count: bool) -> bool {
        if let Some(refusal) = refusal {
            self.0[refusal as usize] += usize::from(count);
        }
        refusal.is_none()
    }
}

impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [excluded, steep, far] = self.0;
        write!(f, "{excluded} lie in inputs.exclusions, {steep} are steeper than planning.candidates.max_slope_deg, ")?;
        write!(f, "{far} are farther from a road than planning.candidates.max_road_distance_km")
    }
}

/// The ground of a study.
pub(super) struct Ground<'a> {
    study: &'a Study,
    surroundings: &'a Surroundings<'a>,
}

impl<'a> Ground<'a> {
    pub(super) fn new(study: &'a Study, surroundings: &'a Surroundings<'a>) -> Self {
        Self { study, surroundings }
    }

    /// Middle of a pixel.
    pub(super) fn position(&self, (row, column): (usize, usize)) -> LonLat {
        let (x, y) = self.study.terrain.grid.transform.center(row as f64, column as f64);
        self.study.terrain.locator.position(x, y)
    }

    /// What speaks against building on a pixel, whose middle is given.
    pub(super) fn judge(&self, pixel: (usize, usize), position: LonLat) -> Option<Refusal> {
        let search = &self.study.config.planning.candidates;
        if self.study.excluded.as_ref().is_some_and(|excluded| excluded[pixel]) {
            return Some(Refusal::Excluded);
        }
        if slope_deg(&self.study.terrain, pixel).is_some_and(|slope_deg| slope_deg > search.max_slope_deg) {
            return Some(Refusal::Steep);
        }
        let road_m = self.surroundings.road_distance_m(position);
        road_m.is_some_and(|m| m > search.max_road_distance_km * 1000.0).then_some(Refusal::FarFromRoad)
    }

    /// The highest pixel within [`BESIDE_VILLAGE_M`] of a village on which may be built, and the nearest.
    pub(super) fn beside(&self, village: LonLat, refusals: &mut Refusals) -> Vec<(usize, usize)> {
        let terrain = &self.study.terrain;
        let grid = &terrain.grid;
        let (x, y) = terrain.locator.locate(village);
        let (row, column) = grid.transform.row_column(x, y);
        let reach = (BESIDE_VILLAGE_M / terrain.pixel_size_m).ceil();
        let span = |at: f64, n: usize| (at - reach).max(0.0) as usize..((at + reach + 1.0).max(0.0) as usize).min(n);
        let mut nearest: Option<(f64, (usize, usize))> = None;
        let mut highest: Option<(f32, (usize, usize))> = None;
        for pixel in span(row, grid.rows()).flat_map(|r| span(column, grid.columns()).map(move |c| (r, c))) {
            let height = grid.values[pixel];
            let position = self.position(pixel);
            let distance_m = position.distance_m(village);
            let (is_nearest, is_highest) =
                (nearest.is_none_or(|(least, _)| distance_m < least), highest.is_none_or(|(most, _)| height > most));
            if distance_m > BESIDE_VILLAGE_M
                || !self.study.inside[pixel]
                || height.is_nan()
                || !(is_nearest || is_highest)
                || !refusals.allow(self.judge(pixel, position), false)
            {
                continue;
            }
            if is_nearest {
                nearest = Some((distance_m, pixel));
            }
            if is_highest {
                highest = Some((height, pixel));
            }
        }
        highest.map(|(_, pixel)| pixel).into_iter().chain(nearest.map(|(_, pixel)| pixel)).collect()
    }
}

/// Slope over a pixel and its eight neighbours, degrees (Horn 1981, "Hill shading and the reflectance map", Proceedings of the IEEE 69(1), 14–47);
/// `None` at the edge and where a neighbour is missing.
///
/// ∂h/∂x = [(h₊₋ + 2·h₊₀ + h₊₊) − (h₋₋ + 2·h₋₀ + h₋₊)]/(8·Δx), ∂h/∂y likewise; slope = atan √((∂h/∂x)² + (∂h/∂y)²)
pub(super) fn slope_deg(terrain: &Terrain, (row, column): (usize, usize)) -> Option<f64> {
    let grid = &terrain.grid;
    if row == 0 || column == 0 || row + 1 >= grid.rows() || column + 1 >= grid.columns() {
        return None;
    }
    let height = |r: usize, c: usize| f64::from(grid.values[[row + r - 1, column + c - 1]]);
    let east = |c: usize| height(0, c) + 2.0 * height(1, c) + height(2, c);
    let south = |r: usize| height(r, 0) + 2.0 * height(r, 1) + height(r, 2);
    let position = |row: usize, column: usize| {
        let (x, y) = grid.transform.center(row as f64, column as f64);
        terrain.locator.position(x, y)
    };
    // two pixels wide and high
    let width_m = position(row, column - 1).distance_m(position(row, column + 1));
    let length_m = position(row - 1, column).distance_m(position(row + 1, column));
    let gradient = ((east(2) - east(0)) / (4.0 * width_m)).hypot((south(2) - south(0)) / (4.0 * length_m));
    gradient.is_finite().then(|| gradient.atan().to_degrees())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::grid::{GeoTransform, Grid};
    use crate::io::crs_of_epsg;
    use crate::terrain::Locator;
    use ndarray::Array2;

    fn terrain(height: impl Fn((usize, usize)) -> f32) -> Terrain {
        let crs = crs_of_epsg(32648).unwrap();
        let frame = GeoTransform { west: 600_000.0, north: 2_500_000.0, pixel_width: 100.0, pixel_height: 100.0 };
        Terrain {
            grid: Grid { values: Array2::from_shape_fn((9, 9), height), transform: frame, crs: crs.clone() },
            frame,
            first_pixel: (0, 0),
            locator: Locator::new(&crs, &frame, (9, 9)).unwrap(),
            pixel_size_m: 100.0,
            clutter_m: None,
            zones: None,
            warnings: Vec::new(),
        }
    }

    #[test]
    fn slopes_are_those_of_planes() {
        let of = |height: fn((usize, usize)) -> f32| slope_deg(&terrain(height), (4, 4)).unwrap();
        // 30 m up in 100 m eastward and 40 m down southward: tan = 0.5; UTM's scale there makes it 0.03 % less
        let plane = |(r, c): (usize, usize)| 30.0 * c as f32 - 40.0 * r as f32;
        assert!((of(plane) - 0.5f64.atan().to_degrees()).abs() < 0.02, "{}", of(plane));
        assert_eq!(of(|_| 700.0), 0.0);
        // a peak of 60 m on a plain is level at its middle, and its eastern neighbour falls by 2·60 m over 8·100 m
        let peak = |(r, c): (usize, usize)| if (r, c) == (4, 4) { 60.0 } else { 0.0 };
        assert_eq!(of(peak), 0.0);
        let beside = slope_deg(&terrain(peak), (4, 5)).unwrap();
        assert!((beside - 0.15f64.atan().to_degrees()).abs() < 0.01, "{beside}");
        assert_eq!(slope_deg(&terrain(peak), (0, 4)), None, "at the edge");
        assert_eq!(slope_deg(&terrain(|(r, _)| if r == 5 { f32::NAN } else { 0.0 }), (4, 4)), None);
    }
}
