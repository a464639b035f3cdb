//! Tower karst: steep cones on polje floors, laid over the eroded ground where the limestone is.

use super::erosion::box_blur;
use super::noise::{Noise, lattice, lerp, smoothstep};
use super::terrain::Eroded;

/// Mean spacing of the cones, km.
const SPACING_KM: f64 = 0.56;

/// One cone.
struct Cone {
    x_km: f64,
    y_km: f64,
    radius_km: f64,
    height_m: f64,
    /// Exponent of the flank: below 1 a dome with steep sides, above 1 a sharp cone.
    shape: f64,
}

/// The ground with karst, margin included.
pub(crate) fn overlay(ground: &Eroded) -> Vec<f64> {
    let surface = &ground.surface;
    let (columns, rows) = (surface.columns, surface.rows);
    let mut floor = surface.z.clone();
    for _ in 0..2 {
        floor = box_blur(&floor, columns, rows, 9);
    }
    let fields = Fields::new();
    let cones = Cones::new(&fields);
    let mut z = surface.z.clone();
    for (cell, height) in z.iter_mut().enumerate() {
        let (x, y) = ground.place_km(cell);
        let limestone = fields.limestone(x, y);
        if limestone <= 0.0 {
            continue;
        }
        // A river keeps its valley open.
        let valley = smoothstep(35.0, 110.0, ground.above_river_m[cell]);
        let limestone = limestone * lerp(0.15, 1.0, valley);
        let upland = fields.upland(x, y);
        let relief = (surface.z[cell] - floor[cell]) * lerp(0.15, 0.75, upland);
        let crest = 150.0 * fields.rough.ridged(x / 2.6, y / 2.6, 3) - 50.0;
        let base = floor[cell] + relief - 50.0 + upland * (40.0 + crest);
        let grit = (3.0 + 14.0 * upland) * fields.rough.fractal(x / 0.35, y / 0.35, 2, 0.5);
        let karst = base + cones.height_m(&fields, x, y) * lerp(0.8, 1.0, upland) + grit;
        *height = lerp(*height, karst, limestone);
    }
    z
}

struct Fields {
    zone: Noise,
    polje: Noise,
    rough: Noise,
    warp: Noise,
}

impl Fields {
    fn new() -> Self {
        Self { zone: Noise::new(21), polje: Noise::new(22), rough: Noise::new(23), warp: Noise::new(24) }
    }

    /// Share of limestone at a place, 0 … 1: the east, a belt along the northern border, patches in the west.
    fn limestone(&self, x: f64, y: f64) -> f64 {
        let n = self.zone.fractal(x / 24.0, y / 24.0, 4, 0.5);
        let east = smoothstep(98.0, 132.0, x + 0.15 * y);
        let north = smoothstep(62.0, 84.0, x) * smoothstep(40.0, 18.0, y);
        let far_west = 0.45 * smoothstep(60.0, 30.0, x) * smoothstep(40.0, 15.0, y);
        smoothstep(0.42, 0.62, 0.95 * east.max(north).max(far_west) + 0.75 * n)
    }

    /// 0 on polje floors, 1 where cones stand shoulder to shoulder.
    fn upland(&self, x: f64, y: f64) -> f64 {
        let wx = x + 1.6 * self.warp.fractal(x / 5.0, y / 5.0, 2, 0.5);
        let wy = y + 1.6 * self.warp.fractal(y / 5.0 + 40.0, x / 5.0, 2, 0.5);
        // Poljes are drawn out along the grain.
        let (along, across) = (0.766 * wx + 0.643 * wy, -0.643 * wx + 0.766 * wy);
        smoothstep(-0.40, -0.06, self.polje.fractal(along / 10.0, across / 4.2, 3, 0.5))
    }

    /// The cone of a lattice cell, if one stands there.
    fn cone(&self, i: i64, j: i64) -> Option<Cone> {
        let draw = |k: u64| lattice(2300 + k, i, j);
        let x_km = (i as f64 + 0.08 + 0.84 * draw(0) + 0.5 * (j & 1) as f64) * SPACING_KM;
        let y_km = (j as f64 + 0.08 + 0.84 * draw(1)) * SPACING_KM * 0.9;
        let upland = self.upland(x_km, y_km);
        if draw(2) > lerp(0.16, 0.96, upland) {
            return None;
        }
        let size = draw(3) * draw(4);
        let radius_km = lerp(0.20, 0.62, size);
        let height_m = lerp(100.0, 290.0, size.sqrt()) * lerp(0.7, 1.25, draw(5));
        Some(Cone { x_km, y_km, radius_km, height_m, shape: lerp(0.75, 1.25, draw(6)) })
    }
}

/// All cones on their lattice.
struct Cones {
    cones: Vec<Option<Cone>>,
}

/// First lattice cell and number of cells, east and south.
const LATTICE: ((i64, i64), (i64, i64)) = ((-20, -20), (345, 225));

impl Cones {
    fn new(fields: &Fields) -> Self {
        let ((i0, j0), (ni, nj)) = LATTICE;
        let cones = (0..ni * nj).map(|k| fields.cone(i0 + k % ni, j0 + k / ni)).collect();
        Self { cones }
    }

    fn get(&self, i: i64, j: i64) -> Option<&Cone> {
        let ((i0, j0), (ni, nj)) = LATTICE;
        let (i, j) = (i - i0, j - j0);
        (i >= 0 && j >= 0 && i < ni && j < nj).then(|| self.cones[(j * ni + i) as usize].as_ref()).flatten()
    }

    /// Height of the cones above the floor, m.
    fn height_m(&self, fields: &Fields, x: f64, y: f64) -> f64 {
        // Cones are not round: the plane is bent before they are measured.
        let bx = x + 0.30 * fields.warp.fractal(x / 1.1, y / 1.1, 3, 0.6);
        let by = y + 0.30 * fields.warp.fractal(y / 1.1 + 90.0, x / 1.1, 3, 0.6);
        let (i0, j0) = ((bx / SPACING_KM).floor() as i64, (by / (SPACING_KM * 0.9)).floor() as i64);
        let (mut highest, mut sum) = (0.0_f64, 0.0);
        for j in j0 - 2..=j0 + 2 {
            for i in i0 - 2..=i0 + 1 {
                if let Some(cone) = self.get(i, j) {
                    let (dx, dy) = (bx - cone.x_km, by - cone.y_km);
                    let t = 1.0 - (dx * dx + dy * dy).sqrt() / cone.radius_km;
                    if t > 0.0 {
                        let rounded = t * (1.0 + 0.35 * (1.0 - t));
                        let h = cone.height_m * libm::exp(cone.shape * libm::log(rounded));
                        highest = highest.max(h);
                        sum += h;
                    }
                }
            }
        }
        highest + 0.3 * (sum - highest)
    }
}
