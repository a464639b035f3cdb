//! Heights and profiles from a window of terrain in memory.

use super::Locator;
use crate::geodesy::LonLat;
use crate::grid::{GeoTransform, Grid};
use crate::problem::Problem;
use crate::propagation::{Profile, ProfileError, Zone};
use ndarray::{Array2, s};
use std::ops::Range;
use thiserror::Error;

/// Terrain of an area, in memory.
#[derive(Debug, Clone)]
pub struct Terrain {
    /// Heights above sea level, m; NaN where they are missing.
    pub grid: Grid<f32>,
    /// The pixels of the whole mosaic, of which the grid is a part.
    pub frame: GeoTransform,
    /// Row and column of the grid's first pixel in the frame: `frame.window` of them is the grid's transform.
    pub first_pixel: (isize, isize),
    /// From WGS 84 to the grid's coordinates.
    pub locator: Locator,
    /// Smaller side of a pixel of the finest file, m: the spacing of profiles. It does not depend on the window.
    pub pixel_size_m: f64,
    /// Height of clutter above the ground on the same pixels, m; `None` for bare terrain.
    pub clutter_m: Option<Array2<f32>>,
    /// Radio-climatic zones on the same pixels; `None` where all is inland.
    pub zones: Option<Array2<Zone>>,
    /// What was dropped or noticed while the window was read.
    pub warnings: Vec<Problem>,
}

/// Why there is no profile.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum MissingTerrain {
    /// Heights are missing on the way.
    #[error("terrain is missing at {missing} of {points} points, first at {:.5} E, {:.5} N", first.lon_deg, first.lat_deg)]
    Void {
        /// Points without a height.
        missing: usize,
        /// Points of the profile.
        points: usize,
        /// The first of them from the transmitter.
        first: LonLat,
    },
    /// The ends coincide or are otherwise unusable.
    #[error(transparent)]
    Profile(#[from] ProfileError),
}

/// Geodesics are followed exactly at points this far apart, m, and linearly in between (error below 2 cm).
const NODE_SPACING_M: f64 = 1_000.0;

impl Terrain {
    /// Bilinear height above sea level, m; `None` where it is missing or outside.
    pub fn height_m(&self, p: LonLat) -> Option<f64> {
        let (x, y) = self.locator.locate(p);
        let (row, column) = self.grid.transform.row_column(x, y);
        let height = self.grid.bilinear(row, column);
        height.is_finite().then_some(f64::from(height))
    }

    /// A part of the grid as terrain of its own. What is computed on it does not depend on the window that it was cut from, to the
    /// last bit: its transform is worked out from the frame, and its locator gives the same everywhere.
    pub fn part(&self, rows: Range<usize>, columns: Range<usize>) -> Self {
        let first_pixel = (self.first_pixel.0 + rows.start as isize, self.first_pixel.1 + columns.start as isize);
        let of = |values: &Array2<f32>| values.slice(s![rows.clone(), columns.clone()]).to_owned();
        let zones = self.zones.as_ref().map(|zones| zones.slice(s![rows.clone(), columns.clone()]).to_owned());
        Self {
            grid: Grid {
                values: of(&self.grid.values),
                transform: self.frame.window(first_pixel.0, first_pixel.1),
                crs: self.grid.crs.clone(),
            },
            frame: self.frame,
            first_pixel,
            locator: self.locator.clone(),
            pixel_size_m: self.pixel_size_m,
            clutter_m: self.clutter_m.as_ref().map(of),
            zones,
            warnings: Vec::new(),
        }
    }

    /// Whether a place lies on the grid, with a height or in a void.
    pub fn reaches(&self, p: LonLat) -> bool {
        self.pixel_of(p).is_some()
    }

    /// Row and column of the pixel that holds a place; `None` off the grid.
    pub fn pixel_of(&self, p: LonLat) -> Option<(usize, usize)> {
        let (x, y) = self.locator.locate(p);
        let (row, column) = self.grid.transform.row_column(x, y);
        let is_on_grid = (-0.5..self.grid.rows() as f64 - 0.5).contains(&row)
            && (-0.5..self.grid.columns() as f64 - 0.5).contains(&column);
        is_on_grid.then(|| pixel_around(row, column))
    }

    /// Area of a pixel of a row, m².
    pub fn pixel_area_m2(&self, row: usize) -> f64 {
        let (row, column) = (row as f64, self.grid.columns() as f64 / 2.0);
        let position = |row: f64, column: f64| {
            let (x, y) = self.grid.transform.center(row, column);
            self.locator.position(x, y)
        };
        let here = position(row, column);
        here.distance_m(position(row, column + 1.0)) * here.distance_m(position(row + 1.0, column))
    }

    /// Profile along the geodesic in ⌈d/s⌉ equal intervals of at most `spacing_m`, end points included.
    ///
    /// # Errors
    /// A height is missing at some point, or both ends are the same point.
    pub fn profile(&self, from: LonLat, to: LonLat, spacing_m: f64) -> Result<Profile, MissingTerrain> {
        let mut way = self.way(from, to, spacing_m);
        let places: Vec<_> = (0..=way.intervals).map(|i| way.pixel(i)).collect();
        let heights: Vec<_> = places.iter().map(|&(row, column)| f64::from(self.grid.bilinear(row, column))).collect();
        if let Some(first) = heights.iter().position(|h| h.is_nan()) {
            let missing = heights.iter().filter(|h| h.is_nan()).count();
            return Err(MissingTerrain::Void { missing, points: heights.len(), first: way.position(first) });
        }
        let distance_km = (0..=way.intervals).map(|i| way.distance_km(i)).collect();
        let clutter = places.iter().map(|&(row, column)| self.clutter_at(row, column)).collect();
        let zone = places.iter().map(|&(row, column)| self.zone_at(row, column)).collect();
        Ok(Profile::new(distance_km, heights, clutter, zone)?)
    }

    /// The points of [`Terrain::profile`], each worked out when it is asked for.
    pub fn way(&self, from: LonLat, to: LonLat, spacing_m: f64) -> Way<'_> {
        let (length_m, azimuth_deg) = from.distance_and_azimuth(to);
        let intervals = ((length_m / spacing_m).ceil() as usize).max(1);
        let step_m = length_m / intervals as f64;
        let length_m = intervals as f64 * step_m;
        let node_intervals = ((length_m / NODE_SPACING_M).ceil() as usize).max(1);
        let node_step_m = length_m / node_intervals as f64;
        let nodes = vec![None; node_intervals + 1];
        Way { terrain: self, from, azimuth_deg, intervals, step_m, node_step_m, nodes }
    }

    /// Clutter of the pixel around a place between pixel centres, m; 0 on bare terrain and outside.
    fn clutter_at(&self, row: f64, column: f64) -> f64 {
        let Some(clutter) = &self.clutter_m else { return 0.0 };
        clutter.get(pixel_around(row, column)).map_or(0.0, |&c| f64::from(c))
    }

    /// Zone of the pixel around a place between pixel centres; inland outside.
    fn zone_at(&self, row: f64, column: f64) -> Zone {
        let zone = self.zones.as_ref().and_then(|zones| zones.get(pixel_around(row, column)));
        zone.copied().unwrap_or_default()
    }

    /// Appends the zones of the nearest pixels at the places of [`Terrain::sample`].
    pub fn sample_zones(&self, first: (f64, f64), step: (f64, f64), count: usize, zones: &mut Vec<Zone>) {
        zones.extend((0..count).map(|i| self.zone_at(first.0 + step.0 * i as f64, first.1 + step.1 * i as f64)));
    }

    /// Appends the heights (NaN where missing) and the clutter of the nearest pixels at `count` places that lie one step apart, from
    /// the first row and column of the grid given.
    pub fn sample(
        &self,
        first: (f64, f64),
        step: (f64, f64),
        count: usize,
        heights_m: &mut Vec<f64>,
        clutter_m: &mut Vec<f64>,
    ) {
        let place = |i: usize| (first.0 + step.0 * i as f64, first.1 + step.1 * i as f64);
        self.grid.bilinear_along(first, step, count, heights_m);
        match &self.clutter_m {
            None => clutter_m.resize(clutter_m.len() + count, 0.0),
            Some(_) => clutter_m.extend((0..count).map(place).map(|(row, column)| self.clutter_at(row, column))),
        }
    }
}

/// The geodesic between two places as points at equal intervals, of which only those asked for are worked out.
#[derive(Debug)]
pub struct Way<'a> {
    terrain: &'a Terrain,
    from: LonLat,
    azimuth_deg: f64,
    intervals: usize,
    step_m: f64,
    node_step_m: f64,
    /// Rows and columns of exact places on the geodesic, as far as they were needed.
    nodes: Vec<Option<(f64, f64)>>,
}

impl Way<'_> {
    /// Number of intervals; the points are 0 to this number.
    pub fn intervals(&self) -> usize {
        self.intervals
    }

    /// Distance of a point from the first, km.
    pub fn distance_km(&self, point: usize) -> f64 {
        self.distance_m(point) / 1000.0
    }

    /// Terrain above sea level at a point, m; NaN where it is missing.
    pub fn terrain_amsl_m(&mut self, point: usize) -> f64 {
        let (row, column) = self.pixel(point);
        f64::from(self.terrain.grid.bilinear(row, column))
    }

    /// Terrain with clutter above sea level at a point, m; NaN where terrain is missing.
    pub fn top_amsl_m(&mut self, point: usize) -> f64 {
        let (row, column) = self.pixel(point);
        f64::from(self.terrain.grid.bilinear(row, column)) + self.terrain.clutter_at(row, column)
    }

    fn distance_m(&self, point: usize) -> f64 {
        point as f64 * self.step_m
    }

    fn position(&self, point: usize) -> LonLat {
        self.from.destination(self.azimuth_deg, self.distance_m(point))
    }

    /// Row and column of a point: linear between nodes.
    fn pixel(&mut self, point: usize) -> (f64, f64) {
        let at = if self.node_step_m > 0.0 { self.distance_m(point) / self.node_step_m } else { 0.0 };
        // The cast takes the −1 of the first point to 0.
        let node = ((at.ceil() - 1.0) as usize).min(self.nodes.len() - 2);
        let (start, end) = (self.node(node), self.node(node + 1));
        let t = at - node as f64;
        (start.0 + (end.0 - start.0) * t, start.1 + (end.1 - start.1) * t)
    }

    fn node(&mut self, node: usize) -> (f64, f64) {
        if let Some(known) = self.nodes[node] {
            return known;
        }
        let place = self.from.destination(self.azimuth_deg, node as f64 * self.node_step_m);
        let (x, y) = self.terrain.locator.locate(place);
        let found = self.terrain.grid.transform.row_column(x, y);
        self.nodes[node] = Some(found);
        found
    }
}

/// The pixel around a place between pixel centres. Negative and NaN become 0 in the cast: a place that far out has no height.
fn pixel_around(row: f64, column: f64) -> (usize, usize) {
    ((row + 0.5) as usize, (column + 0.5) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::GeoTransform;
    use crate::io::crs_of_epsg;

    #[test]
    fn a_profile_takes_the_clutter_of_the_nearest_pixels() {
        let crs = crs_of_epsg(4326).unwrap();
        let transform = GeoTransform { west: 106.0, north: 22.7, pixel_width: 0.01, pixel_height: 0.01 };
        let values = Array2::from_elem((5, 20), 100.0f32);
        // A forest over columns 8 to 11, 106.08 to 106.12 E.
        let clutter = Array2::from_shape_fn((5, 20), |(_, column)| if (8..12).contains(&column) { 15.0 } else { 0.0 });
        let locator = Locator::new(&crs, &transform, (5, 20)).unwrap();
        let grid = Grid { values, transform, crs };
        let mut terrain = Terrain {
            grid,
            frame: transform,
            first_pixel: (0, 0),
            locator,
            pixel_size_m: 1_000.0,
            clutter_m: Some(clutter),
            zones: None,
            warnings: Vec::new(),
        };
        let (from, to) = (LonLat::new(106.02, 22.675), LonLat::new(106.18, 22.675));
        let wooded = terrain.profile(from, to, 500.0).unwrap();
        for (d_km, clutter_m) in wooded.distance_km().iter().zip(wooded.clutter_m()) {
            let lon_deg = from.destination(from.azimuth_deg(to), d_km * 1000.0).lon_deg;
            let expected = if (106.08..106.12).contains(&lon_deg) { 15.0 } else { 0.0 };
            assert_eq!(*clutter_m, expected, "{lon_deg}");
        }
        terrain.clutter_m = None;
        assert!(terrain.profile(from, to, 500.0).unwrap().clutter_m().iter().all(|&c| c == 0.0));
    }
}
