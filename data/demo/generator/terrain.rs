//! The ground: eroded massifs with V valleys in the west, tower karst over polje floors in the east and north.

use super::erosion::{Drainage, Surface, bilinear};
use super::karst;
use super::noise::{Noise, lerp, smoothstep};

/// Longitude of the western edge, degrees.
pub(crate) const WEST_DEG: f64 = 105.25;
/// Latitude of the northern edge, degrees.
pub(crate) const NORTH_DEG: f64 = 23.14;
/// Pixels to a degree (3″).
pub(crate) const PIXELS_PER_DEGREE: f64 = 1200.0;
/// Columns of the elevation raster.
pub(crate) const COLUMNS: usize = 1932;
/// Rows of the elevation raster.
pub(crate) const ROWS: usize = 960;
/// Width of a pixel at the middle latitude, m.
pub(crate) const DX_M: f64 = 85.6;
/// Height of a pixel, m.
pub(crate) const DY_M: f64 = 92.3;
/// Lowest and highest ground, m above sea level.
const RANGE_M: (f64, f64) = (150.0, 1950.0);
/// Cells computed beyond the raster on each side, so that its edge shows no border effect.
const MARGIN: usize = 64;

/// The finished ground with the drainage that shaped it.
#[derive(Debug, Clone)]
pub(crate) struct Terrain {
    /// Heights, whole metres, row by row from the north-west pixel.
    pub(crate) heights_m: Vec<i16>,
    /// The same heights for arithmetic.
    pub(crate) z: Vec<f64>,
    /// Upstream area of each pixel, km².
    pub(crate) area_km2: Vec<f64>,
    /// Steepest slope of each pixel (rise over run).
    pub(crate) slope: Vec<f64>,
}

/// Kilometres east and south of the raster's north-west corner to longitude and latitude.
pub(crate) fn to_degrees(x_km: f64, y_km: f64) -> (f64, f64) {
    (WEST_DEG + x_km * 1000.0 / DX_M / PIXELS_PER_DEGREE, NORTH_DEG - y_km * 1000.0 / DY_M / PIXELS_PER_DEGREE)
}

/// Longitude and latitude to kilometres east and south of the raster's north-west corner.
pub(crate) fn to_km(lon: f64, lat: f64) -> (f64, f64) {
    ((lon - WEST_DEG) * PIXELS_PER_DEGREE * DX_M / 1000.0, (NORTH_DEG - lat) * PIXELS_PER_DEGREE * DY_M / 1000.0)
}

impl Terrain {
    /// Ground height at a point, m, bilinear between pixel centres.
    pub(crate) fn height_m(&self, x_km: f64, y_km: f64) -> f64 {
        bilinear(&self.z, COLUMNS, ROWS, x_km * 1000.0 / DX_M - 0.5, y_km * 1000.0 / DY_M - 0.5)
    }

    /// The pixel that holds a point.
    pub(crate) fn pixel(&self, x_km: f64, y_km: f64) -> usize {
        let column = ((x_km * 1000.0 / DX_M).max(0.0) as usize).min(COLUMNS - 1);
        let row = ((y_km * 1000.0 / DY_M).max(0.0) as usize).min(ROWS - 1);
        row * COLUMNS + column
    }

    /// Builds the ground; always the same.
    pub(crate) fn build() -> Self {
        let eroded = Eroded::build();
        let mut z = karst::overlay(&eroded);
        let (mut low, mut high) = (f64::MAX, f64::MIN);
        for row in MARGIN..MARGIN + ROWS {
            let line = row * eroded.surface.columns + MARGIN;
            for &height in &z[line..line + COLUMNS] {
                (low, high) = (low.min(height), high.max(height));
            }
        }
        let (mut heights_m, mut area_km2) = (Vec::new(), Vec::new());
        for row in 0..ROWS {
            for column in 0..COLUMNS {
                let k = (row + MARGIN) * eroded.surface.columns + column + MARGIN;
                let height = RANGE_M.0 + (z[k] - low) * (RANGE_M.1 - RANGE_M.0) / (high - low);
                heights_m.push(height.round() as i16);
                area_km2.push(eroded.flow.area_m2[k] / 1e6);
            }
        }
        z = heights_m.iter().map(|&h| f64::from(h)).collect();
        let slope = (0..z.len())
            .map(|k| {
                let (row, column) = (k / COLUMNS, k % COLUMNS);
                let (w, e) = (column.saturating_sub(1), (column + 1).min(COLUMNS - 1));
                let (n, s) = (row.saturating_sub(1), (row + 1).min(ROWS - 1));
                let gx = (z[row * COLUMNS + e] - z[row * COLUMNS + w]) / ((e - w) as f64 * DX_M);
                let gy = (z[s * COLUMNS + column] - z[n * COLUMNS + column]) / ((s - n) as f64 * DY_M);
                (gx * gx + gy * gy).sqrt()
            })
            .collect();
        Self { heights_m, z, area_km2, slope }
    }
}

/// The ground before the karst, with a margin around the raster.
#[derive(Debug, Clone)]
pub(crate) struct Eroded {
    /// Heights with the margin.
    pub(crate) surface: Surface,
    /// Drainage with the margin.
    pub(crate) flow: Drainage,
    /// Height of each cell above the river it drains to, m.
    pub(crate) above_river_m: Vec<f64>,
}

impl Eroded {
    /// Place of a cell, km east and south of the raster's north-west corner.
    pub(crate) fn place_km(&self, cell: usize) -> (f64, f64) {
        place_km(&self.surface, cell)
    }

    fn build() -> Self {
        let fields = Fields::new();
        let (columns, rows) = ((COLUMNS + 2 * MARGIN) / 4, (ROWS + 2 * MARGIN) / 4);
        let mut surface = Surface { columns, rows, dx_m: DX_M * 4.0, dy_m: DY_M * 4.0, z: vec![0.0; columns * rows] };
        for cell in 0..surface.z.len() {
            let (x, y) = place_km(&surface, cell);
            surface.z[cell] = fields.start_m(x, y);
        }
        fields.erode(&mut surface, 130, 1.0, 0.02);
        let mut surface = surface.refined();
        fields.bend(&mut surface, 0.55, 2.6);
        fields.roughen(&mut surface, 45.0, 1.2);
        fields.erode(&mut surface, 22, 0.6, 0.05);
        let mut surface = surface.refined();
        fields.bend(&mut surface, 0.26, 1.1);
        fields.roughen(&mut surface, 34.0, 0.55);
        let outlets = fields.erode(&mut surface, 5, 0.45, 0.10);
        fields.bend(&mut surface, 0.075, 0.45);
        surface.creep(&outlets, 0.25);
        let flow = surface.drainage(&outlets);
        let above_river_m = widen_valleys(&mut surface, &flow);
        Self { surface, flow, above_river_m }
    }
}

fn place_km(surface: &Surface, cell: usize) -> (f64, f64) {
    let margin = (MARGIN as f64 * DX_M / 1000.0, MARGIN as f64 * DY_M / 1000.0);
    let (row, column) = (cell / surface.columns, cell % surface.columns);
    ((column as f64 + 0.5) * surface.dx_m / 1000.0 - margin.0, (row as f64 + 0.5) * surface.dy_m / 1000.0 - margin.1)
}

/// Alluvial floors: ground a little above a large river is pressed towards its level. Returns heights above the river.
fn widen_valleys(surface: &mut Surface, flow: &Drainage) -> Vec<f64> {
    let n = surface.z.len();
    let (mut level, mut size) = (vec![0.0; n], vec![0.0; n]);
    let mut above = vec![0.0; n];
    for &cell in &flow.order {
        let cell = cell as usize;
        let to = flow.receiver[cell] as usize;
        if flow.area_m2[cell] > 6e6 || to == cell {
            level[cell] = surface.z[cell];
            size[cell] = flow.area_m2[cell] / 1e6;
        } else {
            level[cell] = level[to];
            size[cell] = size[to];
        }
        above[cell] = (surface.z[cell] - level[cell]).max(0.0);
    }
    for cell in 0..n {
        let rise = 10.0 + 9.0 * libm::log(1.0 + size[cell] / 12.0);
        let t = (above[cell] / (2.2 * rise)).min(1.0);
        let pressed = above[cell] * smoothstep(-0.1, 1.0, t);
        surface.z[cell] = surface.z[cell].min(level[cell] + pressed);
    }
    above
}

/// The noise fields that steer uplift and erosion.
struct Fields {
    warp_x: Noise,
    warp_y: Noise,
    broad: Noise,
    bands: Noise,
    rough: Noise,
}

impl Fields {
    fn new() -> Self {
        Self {
            warp_x: Noise::new(11),
            warp_y: Noise::new(12),
            broad: Noise::new(13),
            bands: Noise::new(14),
            rough: Noise::new(15),
        }
    }

    /// Coordinates along and across the NW–SE grain, domain-warped, km.
    fn grain(&self, x: f64, y: f64) -> (f64, f64) {
        let wx = x + 5.0 * self.warp_x.fractal(x / 26.0, y / 26.0, 3, 0.5);
        let wy = y + 5.0 * self.warp_y.fractal(x / 26.0, y / 26.0, 3, 0.5);
        // Along runs to the south-east: 40° below the parallel.
        (0.766 * wx + 0.643 * wy, -0.643 * wx + 0.766 * wy)
    }

    /// How much of the western massif a place belongs to, 0 … 1.
    fn massif(&self, x: f64, y: f64) -> f64 {
        let edge = x + 0.25 * (y - 45.0) + 16.0 * self.broad.fractal(x / 45.0, y / 45.0, 2, 0.5);
        smoothstep(106.0, 42.0, edge)
    }

    /// Rock hardness, about 0.6 … 1.7: bands along the grain.
    fn hardness(&self, x: f64, y: f64) -> f64 {
        let (along, across) = self.grain(x, y);
        let band = self.bands.fractal(along / 34.0, across / 8.5, 3, 0.5);
        libm::exp(0.75 * band)
    }

    fn start_m(&self, x: f64, y: f64) -> f64 {
        let (along, across) = self.grain(x, y);
        let ridge = self.bands.ridged(along / 40.0, across / 12.0, 4);
        280.0 + 420.0 * self.massif(x, y) + 260.0 * ridge + 60.0 * self.rough.fractal(x / 3.0, y / 3.0, 4, 0.55)
    }

    /// Uplift of a step, m.
    fn uplift_m(&self, x: f64, y: f64) -> f64 {
        let (along, across) = self.grain(x, y);
        let ridge = self.bands.ridged(along / 46.0, across / 13.0, 3);
        let highland = lerp(0.33, 1.0, self.massif(x, y));
        13.0 * highland * lerp(0.55, 1.3, ridge)
    }

    /// Adds noise of a wavelength (km) so that a finer grid has something to erode.
    fn roughen(&self, surface: &mut Surface, amplitude_m: f64, wavelength_km: f64) {
        for cell in 0..surface.z.len() {
            let (x, y) = place_km(surface, cell);
            surface.z[cell] += amplitude_m * self.rough.fractal(x / wavelength_km, y / wavelength_km, 2, 0.5);
        }
    }

    /// Bends valleys and crests, which the grid's eight directions draw too straight.
    fn bend(&self, surface: &mut Surface, amplitude_km: f64, wavelength_km: f64) {
        let (columns, dx, dy) = (surface.columns, surface.dx_m, surface.dy_m);
        let at = |cell: usize| ((cell % columns) as f64 * dx / 1000.0, (cell / columns) as f64 * dy / 1000.0);
        surface.bend(|cell| {
            let (x, y) = at(cell);
            let (u, v) = (x / wavelength_km, y / wavelength_km);
            (amplitude_km * self.warp_x.fractal(u, v, 2, 0.5), amplitude_km * self.warp_y.fractal(u, v, 2, 0.5))
        });
    }

    /// Runs `steps` steps of `pace` times the base step; returns the outlets.
    fn erode(&self, surface: &mut Surface, steps: usize, pace: f64, creep: f64) -> Vec<bool> {
        let outlets = outlets(surface);
        let (mut uplift, mut erodibility) = (Vec::new(), Vec::new());
        for cell in 0..surface.z.len() {
            let (x, y) = place_km(surface, cell);
            uplift.push(pace * self.uplift_m(x, y));
            erodibility.push(pace * 0.17 / self.hardness(x, y));
        }
        let mut flow = surface.drainage(&outlets);
        for step in 0..steps {
            if step > 0 && step % 2 == 0 {
                flow = surface.drainage(&outlets);
            }
            surface.erode(&flow, &outlets, &uplift, &erodibility);
            surface.creep(&outlets, creep);
        }
        outlets
    }
}

/// The border cells where rivers leave, set to their base level.
fn outlets(surface: &mut Surface) -> Vec<bool> {
    // Side (N, E, S, W), place along it (km), half width (km), base level (m).
    const GATES: [(char, f64, f64, f64); 9] = [
        ('S', 14.0, 1.2, 190.0),
        ('S', 60.0, 0.8, 330.0),
        ('S', 121.0, 1.0, 210.0),
        ('E', 72.0, 1.5, 140.0),
        ('E', 31.0, 1.0, 330.0),
        ('N', 32.0, 0.8, 480.0),
        ('N', 88.0, 0.8, 470.0),
        ('N', 137.0, 0.8, 430.0),
        ('W', 47.0, 0.8, 430.0),
    ];
    let mut marks = vec![false; surface.z.len()];
    for (cell, mark) in marks.iter_mut().enumerate() {
        let (row, column) = (cell / surface.columns, cell % surface.columns);
        let (x, y) = place_km(surface, cell);
        for (side, at, half, level) in GATES {
            let (on, along) = match side {
                'N' => (row == 0, x),
                'S' => (row == surface.rows - 1, x),
                'E' => (column == surface.columns - 1, y),
                _ => (column == 0, y),
            };
            if on && (along - at).abs() <= half {
                *mark = true;
                surface.z[cell] = level;
            }
        }
    }
    marks
}
