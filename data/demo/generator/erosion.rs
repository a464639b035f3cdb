//! Drainage and stream-power erosion: what turns noise into valleys and ridges.
//!
//! Flow directions come from a priority flood, so that every cell drains to an outlet; erosion is the implicit scheme of
//! Braun and Willett (2013) for dz/dt = U − K·Aᵐ·S with n = 1, stable for any time step.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The exponent m of the drainage area.
const AREA_EXPONENT: f64 = 0.45;

/// A surface under erosion, row by row from the north-west corner.
#[derive(Debug, Clone)]
pub(crate) struct Surface {
    /// Number of columns.
    pub(crate) columns: usize,
    /// Number of rows.
    pub(crate) rows: usize,
    /// Width of a cell, m.
    pub(crate) dx_m: f64,
    /// Height of a cell, m.
    pub(crate) dy_m: f64,
    /// Ground heights, m.
    pub(crate) z: Vec<f64>,
}

/// Where every cell drains.
#[derive(Debug, Clone)]
pub(crate) struct Drainage {
    /// Cells with every receiver before its donors.
    pub(crate) order: Vec<u32>,
    /// The cell each cell drains to; outlets drain to themselves.
    pub(crate) receiver: Vec<u32>,
    /// Upstream area, m².
    pub(crate) area_m2: Vec<f64>,
    /// Erosion of a step per unit of erodibility: Aᵐ over the distance to the receiver.
    rate: Vec<f64>,
}

impl Surface {
    /// The eight neighbours of a cell with their distances, m.
    pub(crate) fn neighbours(&self, cell: usize) -> impl Iterator<Item = (usize, f64)> + use<> {
        let (columns, rows) = (self.columns as isize, self.rows as isize);
        let (row, column) = ((cell / self.columns) as isize, (cell % self.columns) as isize);
        let (dx, dy) = (self.dx_m, self.dy_m);
        let diagonal = (dx * dx + dy * dy).sqrt();
        let steps = [
            (0, 1, dx),
            (0, -1, dx),
            (1, 0, dy),
            (-1, 0, dy),
            (1, 1, diagonal),
            (1, -1, diagonal),
            (-1, 1, diagonal),
            (-1, -1, diagonal),
        ];
        steps.into_iter().filter_map(move |(di, dj, d)| {
            let (i, j) = (row + di, column + dj);
            (i >= 0 && j >= 0 && i < rows && j < columns).then(|| ((i * columns + j) as usize, d))
        })
    }

    /// Flow directions and upstream areas towards the given outlets.
    pub(crate) fn drainage(&self, outlets: &[bool]) -> Drainage {
        let n = self.z.len();
        let key = |z: f64, cell: usize| Reverse((((z + 2000.0) * 10_000.0) as u64) << 32 | cell as u64);
        let mut receiver = vec![u32::MAX; n];
        let mut order = Vec::with_capacity(n);
        let mut heap = BinaryHeap::with_capacity(n / 8);
        for cell in (0..n).filter(|&c| outlets[c]) {
            receiver[cell] = cell as u32;
            heap.push(key(self.z[cell], cell));
        }
        while let Some(Reverse(entry)) = heap.pop() {
            let cell = (entry & 0xffff_ffff) as usize;
            order.push(cell as u32);
            let level = (entry >> 32) as f64 / 10_000.0 - 2000.0;
            for (next, _) in self.neighbours(cell) {
                if receiver[next] == u32::MAX {
                    receiver[next] = cell as u32;
                    heap.push(key(self.z[next].max(level), next));
                }
            }
        }
        self.steepen(&mut receiver, outlets, &order);
        let mut area_m2 = vec![self.dx_m * self.dy_m; n];
        for &cell in order.iter().rev() {
            let to = receiver[cell as usize];
            if to != cell {
                area_m2[to as usize] += area_m2[cell as usize];
            }
        }
        let diagonal = (self.dx_m * self.dx_m + self.dy_m * self.dy_m).sqrt();
        let rate = (0..n)
            .map(|cell| {
                let distance = match (receiver[cell] as usize).abs_diff(cell) {
                    1 => self.dx_m,
                    step if step == self.columns => self.dy_m,
                    _ => diagonal,
                };
                libm::exp(AREA_EXPONENT * libm::log(area_m2[cell])) / distance
            })
            .collect();
        Drainage { order, receiver, area_m2, rate }
    }

    /// Replaces the flood's parent by the steepest lower neighbour where there is one that was reached earlier.
    fn steepen(&self, receiver: &mut [u32], outlets: &[bool], order: &[u32]) {
        let mut rank = vec![0_u32; self.z.len()];
        for (k, &cell) in order.iter().enumerate() {
            rank[cell as usize] = k as u32;
        }
        for cell in (0..self.z.len()).filter(|&c| !outlets[c]) {
            let mut steepest = 0.0;
            for (next, distance) in self.neighbours(cell) {
                let slope = (self.z[cell] - self.z[next]) / distance;
                if slope > steepest && rank[next] < rank[cell] {
                    steepest = slope;
                    receiver[cell] = next as u32;
                }
            }
        }
    }

    /// One implicit step: uplift `uplift_m` per cell, then erosion with `erodibility` (K·Δt, in m^(1−2m)).
    pub(crate) fn erode(&mut self, flow: &Drainage, outlets: &[bool], uplift_m: &[f64], erodibility: &[f64]) {
        for &cell in &flow.order {
            let cell = cell as usize;
            if outlets[cell] {
                continue;
            }
            let to = flow.receiver[cell] as usize;
            let f = erodibility[cell] * flow.rate[cell];
            let lifted = self.z[cell] + uplift_m[cell];
            let eroded = (lifted + f * self.z[to]) / (1.0 + f);
            self.z[cell] = if eroded < self.z[to] { lifted.max(self.z[to].min(self.z[cell])) } else { eroded };
        }
    }

    /// Hillslope creep: each cell moves by `rate` towards the mean of its neighbours.
    pub(crate) fn creep(&mut self, outlets: &[bool], rate: f64) {
        let old = self.z.clone();
        for row in 1..self.rows - 1 {
            for column in 1..self.columns - 1 {
                let k = row * self.columns + column;
                if !outlets[k] {
                    let mean = (old[k - 1] + old[k + 1] + old[k - self.columns] + old[k + self.columns]) / 4.0;
                    self.z[k] += rate * (mean - old[k]);
                }
            }
        }
    }

    /// Bends the surface: every cell takes the height found at the offset (km east, km south) that `bend` gives for it.
    pub(crate) fn bend(&mut self, bend: impl Fn(usize) -> (f64, f64)) {
        self.z = (0..self.z.len())
            .map(|cell| {
                let (east, south) = bend(cell);
                let x = (cell % self.columns) as f64 + east * 1000.0 / self.dx_m;
                let y = (cell / self.columns) as f64 + south * 1000.0 / self.dy_m;
                bilinear(&self.z, self.columns, self.rows, x, y)
            })
            .collect();
    }

    /// The surface on a grid twice as fine (each cell becomes 2 × 2, bilinear between centres).
    pub(crate) fn refined(&self) -> Self {
        let (columns, rows) = (self.columns * 2, self.rows * 2);
        let mut z = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            for column in 0..columns {
                let y = (row as f64 - 0.5) / 2.0;
                let x = (column as f64 - 0.5) / 2.0;
                z.push(bilinear(&self.z, self.columns, self.rows, x, y));
            }
        }
        Self { columns, rows, dx_m: self.dx_m / 2.0, dy_m: self.dy_m / 2.0, z }
    }
}

/// A value between cell centres; points outside take the edge's value.
pub(crate) fn bilinear(values: &[f64], columns: usize, rows: usize, x: f64, y: f64) -> f64 {
    let x = x.clamp(0.0, (columns - 1) as f64);
    let y = y.clamp(0.0, (rows - 1) as f64);
    let (j, i) = ((x as usize).min(columns - 2), (y as usize).min(rows - 2));
    let (u, v) = (x - j as f64, y - i as f64);
    let k = i * columns + j;
    let top = values[k] + (values[k + 1] - values[k]) * u;
    let bottom = values[k + columns] + (values[k + columns + 1] - values[k + columns]) * u;
    top + (bottom - top) * v
}

/// Mean over a square of `2·radius + 1` cells, by running sums.
pub(crate) fn box_blur(values: &[f64], columns: usize, rows: usize, radius: usize) -> Vec<f64> {
    let pass = |source: &[f64], lines: usize, length: usize, line_step: usize, step: usize| {
        let mut out = vec![0.0; source.len()];
        for line in 0..lines {
            let base = line * line_step;
            let mut prefix = Vec::with_capacity(length + 1);
            prefix.push(0.0);
            for k in 0..length {
                prefix.push(prefix[k] + source[base + k * step]);
            }
            for k in 0..length {
                let (a, b) = (k.saturating_sub(radius), (k + radius + 1).min(length));
                out[base + k * step] = (prefix[b] - prefix[a]) / (b - a) as f64;
            }
        }
        out
    };
    let across = pass(values, rows, columns, columns, 1);
    pass(&across, columns, rows, 1, columns)
}
