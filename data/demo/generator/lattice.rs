//! A coarse view of the ground (cells of 4 × 4 pixels, about 350 m) on which borders and roads find their way.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::erosion::box_blur;
use super::terrain::{COLUMNS, DX_M, DY_M, ROWS, Terrain};

/// Pixels to a side of a cell.
pub(crate) const STEP: usize = 4;

/// The coarse grid.
#[derive(Debug, Clone)]
pub(crate) struct Lattice {
    /// Number of columns.
    pub(crate) columns: usize,
    /// Number of rows.
    pub(crate) rows: usize,
    /// Mean height, m.
    pub(crate) z: Vec<f64>,
    /// Mean slope (rise over run).
    pub(crate) slope: Vec<f64>,
    /// Mean slope within about 1 km.
    pub(crate) roughness: Vec<f64>,
    /// Largest upstream area, km².
    pub(crate) river_km2: Vec<f64>,
}

impl Lattice {
    /// Width and height of a cell, km.
    pub(crate) const CELL_KM: (f64, f64) = (DX_M * STEP as f64 / 1000.0, DY_M * STEP as f64 / 1000.0);

    /// Gathers the ground into cells.
    pub(crate) fn new(terrain: &Terrain) -> Self {
        let (columns, rows) = (COLUMNS / STEP, ROWS / STEP);
        let (mut z, mut slope, mut river_km2) = (Vec::new(), Vec::new(), Vec::new());
        for cell in 0..columns * rows {
            let (row, column) = (cell / columns * STEP, cell % columns * STEP);
            let (mut sum_z, mut sum_slope, mut river) = (0.0, 0.0, 0.0_f64);
            for k in 0..STEP * STEP {
                let pixel = (row + k / STEP) * COLUMNS + column + k % STEP;
                sum_z += terrain.z[pixel];
                sum_slope += terrain.slope[pixel];
                river = river.max(terrain.area_km2[pixel]);
            }
            z.push(sum_z / (STEP * STEP) as f64);
            slope.push(sum_slope / (STEP * STEP) as f64);
            river_km2.push(river);
        }
        let roughness = box_blur(&slope, columns, rows, 3);
        Self { columns, rows, z, slope, roughness, river_km2 }
    }

    /// Centre of a cell, km.
    pub(crate) fn center_km(&self, cell: usize) -> (f64, f64) {
        let (w, h) = Self::CELL_KM;
        (((cell % self.columns) as f64 + 0.5) * w, ((cell / self.columns) as f64 + 0.5) * h)
    }

    /// The cell that holds a point.
    pub(crate) fn cell(&self, x_km: f64, y_km: f64) -> usize {
        let (w, h) = Self::CELL_KM;
        let column = ((x_km / w).max(0.0) as usize).min(self.columns - 1);
        let row = ((y_km / h).max(0.0) as usize).min(self.rows - 1);
        row * self.columns + column
    }

    /// Neighbours of a cell with their distances, km: the first four share a side.
    pub(crate) fn neighbours(&self, cell: usize, count: usize) -> impl Iterator<Item = (usize, f64)> + use<> {
        const STEPS: [(isize, isize); 8] = [(0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)];
        let (columns, rows) = (self.columns as isize, self.rows as isize);
        let (row, column) = ((cell / self.columns) as isize, (cell % self.columns) as isize);
        STEPS.into_iter().take(count).filter_map(move |(di, dj)| {
            let (i, j) = (row + di, column + dj);
            let (dx, dy) = (dj as f64 * Self::CELL_KM.0, di as f64 * Self::CELL_KM.1);
            (i >= 0 && j >= 0 && i < rows && j < columns)
                .then(|| ((i * columns + j) as usize, (dx * dx + dy * dy).sqrt()))
        })
    }

    /// Least cost from any of the sources to every cell: costs, previous cells, and the source each cell belongs to.
    /// `cost(from, to, km, source)` is the price of a step, infinite where there is no way.
    pub(crate) fn least_cost(
        &self,
        sources: &[usize],
        neighbours: usize,
        cost: impl Fn(usize, usize, f64, usize) -> f64,
    ) -> (Vec<f64>, Vec<usize>, Vec<usize>) {
        let n = self.z.len();
        let (mut total, mut previous, mut owner) = (vec![f64::INFINITY; n], vec![usize::MAX; n], vec![usize::MAX; n]);
        let mut heap = BinaryHeap::new();
        for (source, &cell) in sources.iter().enumerate() {
            total[cell] = 0.0;
            owner[cell] = source;
            heap.push(Reverse((0_u64, cell)));
        }
        while let Some(Reverse((key, cell))) = heap.pop() {
            if key > (total[cell] * 1e6) as u64 {
                continue;
            }
            for (next, km) in self.neighbours(cell, neighbours) {
                let there = total[cell] + cost(cell, next, km, owner[cell]);
                if there < total[next] {
                    total[next] = there;
                    previous[next] = cell;
                    owner[next] = owner[cell];
                    heap.push(Reverse(((there * 1e6) as u64, next)));
                }
            }
        }
        (total, previous, owner)
    }
}
