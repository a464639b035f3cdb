//! Which pixels an area covers.

use super::Terrain;
use crate::geodesy::LonLat;
use geo::{Contains, Coord, MapCoords, MultiPolygon};

impl Terrain {
    /// Row and column of the pixels whose centre lies in an area (WGS 84 degrees), by rows; of an area smaller than that the pixel that holds
    /// `place`. Empty where neither lies on the grid.
    pub fn pixels_of(&self, area: &MultiPolygon<f64>, place: LonLat) -> Vec<(usize, usize)> {
        let on_pixels = area.map_coords(|Coord { x, y }| {
            let (x, y) = self.locator.locate(LonLat::new(x, y));
            let (row, column) = self.grid.transform.row_column(x, y);
            Coord { x: column, y: row }
        });
        let mut pixels = Vec::new();
        for polygon in &on_pixels {
            let corners = || polygon.exterior().coords();
            let range = |of: fn(&Coord<f64>) -> f64, size: usize| {
                let low = corners().map(of).fold(f64::INFINITY, f64::min).ceil().max(0.0);
                let high = corners().map(of).fold(f64::NEG_INFINITY, f64::max).floor().min(size as f64 - 1.0);
                if low <= high { low as usize..high as usize + 1 } else { 0..0 }
            };
            let columns = range(|c| c.x, self.grid.columns());
            for row in range(|c| c.y, self.grid.rows()) {
                let inside = |column: &usize| polygon.contains(&Coord { x: *column as f64, y: row as f64 });
                pixels.extend(columns.clone().filter(inside).map(|column| (row, column)));
            }
        }
        pixels.sort_unstable();
        pixels.dedup();
        if pixels.is_empty() {
            pixels.extend(self.pixel_of(place));
        }
        pixels
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::grid::{GeoTransform, Grid};
    use crate::io::{crs_of_epsg, rasterize};
    use crate::terrain::Locator;
    use geo::polygon;
    use ndarray::Array2;

    #[test]
    fn pixels_of_an_area_are_those_that_gdal_draws() {
        let crs = crs_of_epsg(4326).unwrap();
        let transform = GeoTransform { west: 106.0, north: 23.0, pixel_width: 0.01, pixel_height: 0.01 };
        let locator = Locator::new(&crs, &transform, (20, 30)).unwrap();
        let grid = Grid { values: Array2::from_elem((20, 30), 0.0), transform, crs };
        let terrain = Terrain {
            grid,
            frame: transform,
            first_pixel: (0, 0),
            locator,
            pixel_size_m: 1_100.0,
            clutter_m: None,
            zones: None,
            warnings: Vec::new(),
        };
        // with a hole, and reaching beyond the grid
        let area = MultiPolygon::new(vec![polygon!(
            exterior: [(x: 106.033, y: 22.97), (x: 106.41, y: 22.951), (x: 106.12, y: 22.73), (x: 106.033, y: 22.97)],
            interiors: [[(x: 106.093, y: 22.93), (x: 106.14, y: 22.92), (x: 106.12, y: 22.89), (x: 106.093, y: 22.93)]],
        )]);
        let place = LonLat::new(106.1, 22.9);
        let drawn = rasterize(&terrain.grid, [&area]).unwrap();
        let expected: Vec<_> =
            drawn.indexed_iter().filter(|(_, inside)| **inside > 0).map(|(pixel, _)| pixel).collect();
        assert!(expected.len() > 50);
        assert_eq!(terrain.pixels_of(&area, place), expected);
        let small = MultiPolygon::new(vec![
            polygon![(x: 106.101, y: 22.901), (x: 106.103, y: 22.901), (x: 106.102, y: 22.903)],
        ]);
        assert_eq!(terrain.pixels_of(&small, LonLat::new(106.102, 22.902)), [(9, 10)]);
        assert_eq!(terrain.pixels_of(&small, LonLat::new(109.0, 22.902)), []);
    }
}
