//! Between WGS 84 and the coordinates of a raster, fast and from any thread.

use crate::geodesy::LonLat;
use crate::grid::{Crs, GeoTransform};
use crate::io::{bounds_to_wgs84, from_wgs84, to_wgs84};
use gdal::errors::GdalError;
use std::sync::Arc;

/// Spacing of the lattices' nodes. Bilinear interpolation of a transverse Mercator projection between nodes 1 km
/// apart is within 1 cm (second derivative of the northing: 6.4e6·sin φ·cos φ m/rad²).
const STEP_DEG: f64 = 0.01;
const STEP_M: f64 = 1_000.0;

/// How far around its raster a locator reaches, steps of the lattices.
const MARGIN_STEPS: f64 = 8.0;

/// Pixels wider than this are in metres: half a degree is wider than any elevation raster's pixel, half a metre narrower.
const MOST_DEGREES_A_PIXEL: f64 = 0.5;

/// Transforms positions between WGS 84 and a coordinate reference system: directly where that is WGS 84 itself, else
/// through lattices of exactly transformed nodes, one for each direction. Nodes stand on whole multiples of their spacing, so that a
/// place is transformed bit for bit alike whatever raster the locator was made for.
#[derive(Debug, Clone)]
pub struct Locator(Option<Arc<Lattices>>);

#[derive(Debug, Clone)]
struct Lattices {
    forward: Lattice,
    backward: Lattice,
}

impl Locator {
    /// A locator for a raster of `size` rows and columns and 8 km (0.08°) around it.
    pub fn new(crs: &Crs, transform: &GeoTransform, (rows, columns): (usize, usize)) -> Result<Self, GdalError> {
        if crs.is_wgs84_degrees {
            return Ok(Self(None));
        }
        let step = if transform.pixel_width > MOST_DEGREES_A_PIXEL { STEP_M } else { STEP_DEG };
        let margin = MARGIN_STEPS * step;
        let (west, north) = transform.center(0.0, 0.0);
        let (east, south) = transform.center(rows as f64, columns as f64);
        let corners = [west - margin, south - margin, east + margin, north + margin];
        let backward = Lattice::new(corners, step, |x, y| to_wgs84(crs, x, y))?;
        let b = bounds_to_wgs84(crs, corners)?;
        let corners = [b.west_deg, b.south_deg, b.east_deg, b.north_deg];
        let forward = Lattice::new(corners, STEP_DEG, |x, y| from_wgs84(crs, x, y))?;
        Ok(Self(Some(Arc::new(Lattices { forward, backward }))))
    }

    /// x and y of a position; NaN outside what the locator was made for.
    pub fn locate(&self, p: LonLat) -> (f64, f64) {
        self.0.as_ref().map_or((p.lon_deg, p.lat_deg), |lattices| lattices.forward.at(p.lon_deg, p.lat_deg))
    }

    /// Position of x and y; NaN outside what the locator was made for.
    pub fn position(&self, x: f64, y: f64) -> LonLat {
        let (lon_deg, lat_deg) = self.0.as_ref().map_or((x, y), |lattices| lattices.backward.at(x, y));
        LonLat { lon_deg, lat_deg }
    }
}

/// Two functions of two variables, bilinear between exact nodes.
#[derive(Debug, Clone)]
struct Lattice {
    /// Column and row of the first node, counted from 0 in both coordinates.
    first: (f64, f64),
    step: f64,
    columns: usize,
    rows: usize,
    u: Vec<f64>,
    v: Vec<f64>,
}

impl Lattice {
    fn new(
        [west, south, east, north]: [f64; 4],
        step: f64,
        transform: impl Fn(&mut [f64], &mut [f64]) -> Result<(), GdalError>,
    ) -> Result<Self, GdalError> {
        let first = ((west / step).floor(), (south / step).floor());
        let columns = ((east / step).ceil() - first.0) as usize + 2;
        let rows = ((north / step).ceil() - first.1) as usize + 2;
        let node = |i: usize| ((first.0 + (i % columns) as f64) * step, (first.1 + (i / columns) as f64) * step);
        let (mut u, mut v): (Vec<f64>, Vec<f64>) = (0..rows * columns).map(node).unzip();
        transform(&mut u, &mut v)?;
        Ok(Self { first, step, columns, rows, u, v })
    }

    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let column = x / self.step - self.first.0;
        let row = y / self.step - self.first.1;
        let inside = column >= 0.0 && row >= 0.0 && column < (self.columns - 1) as f64 && row < (self.rows - 1) as f64;
        if !inside {
            return (f64::NAN, f64::NAN);
        }
        let (c, r) = (column as usize, row as usize);
        let (a, b) = (column - c as f64, row - r as f64);
        let i = r * self.columns + c;
        let mix = |f: &[f64]| {
            let below = f[i] + (f[i + 1] - f[i]) * a;
            let above = f[i + self.columns] + (f[i + self.columns + 1] - f[i + self.columns]) * a;
            below + (above - below) * b
        };
        (mix(&self.u), mix(&self.v))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geodesy::BoundingBox;
    use crate::io::{bounds_from_wgs84, crs_of_epsg};

    #[test]
    fn the_lattices_are_within_two_centimetres_of_the_projection() {
        let bounds = BoundingBox { west_deg: 105.2, south_deg: 22.3, east_deg: 106.9, north_deg: 23.2 };
        for epsg in [32648, 3405, 9210] {
            let crs = crs_of_epsg(epsg).unwrap();
            let [west, south, east, north] = bounds_from_wgs84(&crs, bounds).unwrap();
            let transform = GeoTransform { west, north, pixel_width: 30.0, pixel_height: 30.0 };
            let size = (((north - south) / 30.0) as usize, ((east - west) / 30.0) as usize);
            let locator = Locator::new(&crs, &transform, size).unwrap();
            for p in [LonLat::new(105.2, 22.3), LonLat::new(106.123_456, 22.654_321), LonLat::new(106.9, 23.2)] {
                let (mut x, mut y) = ([p.lon_deg], [p.lat_deg]);
                from_wgs84(&crs, &mut x, &mut y).unwrap();
                let (lx, ly) = locator.locate(p);
                assert!((lx - x[0]).hypot(ly - y[0]) < 0.02, "EPSG:{epsg} {p:?}: {} {}", lx - x[0], ly - y[0]);
                assert!(locator.position(x[0], y[0]).distance_m(p) < 0.02, "EPSG:{epsg} {p:?} back");
            }
            // every pixel has a position, and so do the nodes that an area calculation puts beyond the edge
            for (row, column) in [(-16.0, -16.0), (size.0 as f64 + 16.0, size.1 as f64 + 16.0), (-16.0, size.1 as f64)]
            {
                let (x, y) = transform.center(row, column);
                assert!(locator.position(x, y).is_valid());
            }
            assert!(locator.locate(LonLat::new(108.5, 22.5)).0.is_nan());

            // a raster inside has a locator that gives the same bits
            let part = transform.window(1234, 2345);
            let of_part = Locator::new(&crs, &part, (500, 700)).unwrap();
            for i in 0..500 {
                let (x, y) = part.center(f64::from(i) + 0.37, 1.4 * f64::from(i) - 0.21);
                let p = locator.position(x, y);
                assert_eq!(of_part.position(x, y), p);
                assert_eq!(of_part.locate(p), locator.locate(p));
            }
        }
    }
}
