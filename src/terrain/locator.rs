//! Between WGS 84 and the coordinates of a raster, fast and from any thread.

use crate::geodesy::{BoundingBox, LonLat};
use crate::grid::Crs;
use crate::io::{bounds_from_wgs84, from_wgs84, to_wgs84};
use gdal::errors::GdalError;

/// Nodes of the lattices per side of the box. Bilinear interpolation of a transverse Mercator projection between nodes 1 km
/// apart is within 1 cm (second derivative of the northing: 6.4e6·sin φ·cos φ m/rad²).
const STEP_DEG: f64 = 0.01;
const STEP_M: f64 = 1_000.0;

/// Transforms positions between WGS 84 and a coordinate reference system: directly where that is WGS 84 itself, else
/// through lattices of exactly transformed nodes, one for each direction.
#[derive(Debug, Clone)]
pub struct Locator(Option<Box<Lattices>>);

#[derive(Debug, Clone)]
struct Lattices {
    forward: Lattice,
    backward: Lattice,
}

impl Locator {
    /// A locator for positions in a box and a little around it.
    pub fn new(crs: &Crs, bounds: BoundingBox) -> Result<Self, GdalError> {
        if crs.is_wgs84_degrees {
            return Ok(Self(None));
        }
        let bounds = bounds.expanded(2.0 * STEP_M);
        let corners = [bounds.west_deg, bounds.south_deg, bounds.east_deg, bounds.north_deg];
        let forward = Lattice::new(corners, STEP_DEG, |x, y| from_wgs84(crs, x, y))?;
        let corners = bounds_from_wgs84(crs, bounds)?;
        let step = if corners[2] - corners[0] > 360.0 { STEP_M } else { STEP_DEG };
        let backward = Lattice::new(corners, step, |x, y| to_wgs84(crs, x, y))?;
        Ok(Self(Some(Box::new(Lattices { forward, backward }))))
    }

    /// x and y of a position; NaN outside the box the locator was made for.
    pub fn locate(&self, p: LonLat) -> (f64, f64) {
        self.0.as_ref().map_or((p.lon_deg, p.lat_deg), |lattices| lattices.forward.at(p.lon_deg, p.lat_deg))
    }

    /// Position of x and y; NaN outside the box the locator was made for.
    pub fn position(&self, x: f64, y: f64) -> LonLat {
        let (lon_deg, lat_deg) = self.0.as_ref().map_or((x, y), |lattices| lattices.backward.at(x, y));
        LonLat { lon_deg, lat_deg }
    }
}

/// Two functions of two variables, bilinear between exact nodes.
#[derive(Debug, Clone)]
struct Lattice {
    west: f64,
    south: f64,
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
        let columns = ((east - west) / step).ceil() as usize + 2;
        let rows = ((north - south) / step).ceil() as usize + 2;
        let node = |i: usize| (west + (i % columns) as f64 * step, south + (i / columns) as f64 * step);
        let (mut u, mut v): (Vec<f64>, Vec<f64>) = (0..rows * columns).map(node).unzip();
        transform(&mut u, &mut v)?;
        Ok(Self { west, south, step, columns, rows, u, v })
    }

    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let column = (x - self.west) / self.step;
        let row = (y - self.south) / self.step;
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
    use crate::io::crs_of_epsg;

    #[test]
    fn the_lattices_are_within_two_centimetres_of_the_projection() {
        let bounds = BoundingBox { west_deg: 105.2, south_deg: 22.3, east_deg: 106.9, north_deg: 23.2 };
        for epsg in [32648, 3405, 9210] {
            let crs = crs_of_epsg(epsg).unwrap();
            let locator = Locator::new(&crs, bounds).unwrap();
            for p in [LonLat::new(105.2, 22.3), LonLat::new(106.123_456, 22.654_321), LonLat::new(106.9, 23.2)] {
                let (mut x, mut y) = ([p.lon_deg], [p.lat_deg]);
                from_wgs84(&crs, &mut x, &mut y).unwrap();
                let (lx, ly) = locator.locate(p);
                assert!((lx - x[0]).hypot(ly - y[0]) < 0.02, "EPSG:{epsg} {p:?}: {} {}", lx - x[0], ly - y[0]);
                assert!(locator.position(x[0], y[0]).distance_m(p) < 0.02, "EPSG:{epsg} {p:?} back");
            }
            assert!(locator.locate(LonLat::new(108.0, 22.5)).0.is_nan());
        }
    }
}
