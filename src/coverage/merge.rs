//! The largest level and its cell per pixel and technology, out of the losses of many sites.
//!
//! Of two equally strong cells the one with the lower number wins, so that the order of merging does not matter.

use super::matrix::{LossMatrix, is_missing, loss_db};
use ndarray::{Array2, ArrayViewMut2, Axis, Zip, s};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A cell that has the losses of a matrix.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    /// Its technology's place among those in use.
    pub(super) technology: usize,
    /// Its number.
    pub(super) cell: u32,
    /// Its level where there is no path loss, dBm.
    pub(super) at_zero_loss_dbm: f32,
    /// The columns of each row that it reaches; `None`: as far as the matrix.
    pub(super) within: Option<Vec<Range<usize>>>,
}

/// The coverage of the masts so far: what a checkpoint holds.
#[derive(Serialize, Deserialize)]
pub(super) struct Merged {
    /// How many masts, in the order in which they are computed.
    pub(super) masts: usize,
    /// Receivers of their matrices.
    pub(super) receivers: u64,
    /// Largest level per technology in use, dBm; −∞ where no cell reaches.
    pub(super) level_dbm: Vec<Array2<f32>>,
    /// Number of the cell that gives it.
    pub(super) best_server: Vec<Array2<u32>>,
    /// Where terrain is missing on the way from some cell.
    pub(super) blocked: Array2<bool>,
}

/// Rows that a thread merges at once.
const BAND: usize = 32;

impl Merged {
    pub(super) fn nothing(size: (usize, usize), technologies: usize) -> Self {
        Self {
            masts: 0,
            receivers: 0,
            level_dbm: vec![Array2::from_elem(size, f32::NEG_INFINITY); technologies],
            best_server: vec![Array2::zeros(size); technologies],
            blocked: Array2::from_elem(size, false),
        }
    }

    /// Whether it can be of so many pixels, technologies and masts.
    pub(super) fn is_of(&self, size: (usize, usize), technologies: usize, masts: usize) -> bool {
        (self.level_dbm.len(), self.best_server.len()) == (technologies, technologies)
            && self.level_dbm.iter().all(|a| a.dim() == size)
            && self.best_server.iter().all(|a| a.dim() == size)
            && self.blocked.dim() == size
            && self.masts <= masts
    }

    /// Bytes in memory; a checkpoint takes about as many.
    pub(super) fn bytes(&self) -> usize {
        self.blocked.len() * (1 + self.level_dbm.len() * (size_of::<f32>() + size_of::<u32>()))
    }

    /// Adds cells with their losses, bands of rows in parallel.
    pub(super) fn add(&mut self, losses: &[(LossMatrix, Vec<Layer>)]) {
        self.receivers += losses.iter().map(|(matrix, _)| matrix.receivers as u64).sum::<u64>();
        for (technology, (level_dbm, best_server)) in self.level_dbm.iter_mut().zip(&mut self.best_server).enumerate() {
            let cells = losses.iter().flat_map(|(matrix, layers)| layers.iter().map(move |layer| (matrix, layer)));
            let cells: Vec<_> = cells.filter(|(_, layer)| layer.technology == technology).collect();
            let levels = level_dbm.axis_chunks_iter_mut(Axis(0), BAND);
            let bands: Vec<_> = levels.zip(best_server.axis_chunks_iter_mut(Axis(0), BAND)).enumerate().collect();
            bands.into_par_iter().for_each(|(band, (mut level_dbm, mut best_server))| {
                for (matrix, layer) in &cells {
                    strongest(matrix, layer, band * BAND, &mut level_dbm, &mut best_server);
                }
            });
        }
        for (matrix, _) in losses.iter().filter(|(matrix, _)| matrix.missing > 0) {
            let (row, column) = matrix.origin;
            let (height, width) = matrix.size();
            let window = self.blocked.slice_mut(s![row..row + height, column..column + width]);
            Zip::from(window).and(matrix.codes()).for_each(|blocked, &code| *blocked |= is_missing(code));
        }
    }
}

/// Takes a cell where it is stronger than what is there, in the band of the grid that starts at a row.
fn strongest(
    matrix: &LossMatrix,
    layer: &Layer,
    start: usize,
    level_dbm: &mut ArrayViewMut2<'_, f32>,
    best_server: &mut ArrayViewMut2<'_, u32>,
) {
    let (first_row, first_column) = matrix.origin;
    let (height, width) = matrix.size();
    let end = (start + level_dbm.nrows()).min(first_row + height);
    for row in start.max(first_row)..end {
        let within = layer.within.as_ref().map_or(0..width, |rows| rows[row - first_row].clone());
        let columns = first_column + within.start..first_column + within.end;
        let at = row - start;
        let levels = level_dbm.slice_mut(s![at, columns.clone()]);
        let servers = best_server.slice_mut(s![at, columns]);
        let codes = matrix.codes().view().slice_move(s![row - first_row, within]);
        // rows of all three lie in one piece
        if let (Some(levels), Some(servers), Some(codes)) =
            (levels.into_slice(), servers.into_slice(), codes.to_slice())
        {
            strongest_in_row(layer, levels, servers, codes);
        }
    }
}

/// Written so that the compiler makes vector instructions of it: no branches, everything is stored.
fn strongest_in_row(layer: &Layer, level_dbm: &mut [f32], best_server: &mut [u32], codes: &[u16]) {
    for ((best_dbm, server), &code) in level_dbm.iter_mut().zip(best_server).zip(codes) {
        let level_dbm = layer.at_zero_loss_dbm - loss_db(code);
        let stronger = level_dbm > *best_dbm || (level_dbm == *best_dbm && layer.cell < *server);
        *best_dbm = if stronger { level_dbm } else { *best_dbm };
        *server = if stronger { layer.cell } else { *server };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::LossRaster;
    use ndarray::array;

    fn matrix(origin: (usize, usize), loss_db: Array2<f32>) -> LossMatrix {
        LossMatrix::of(&LossRaster { origin, loss_db, receivers: 0, missing_terrain: 0 })
    }

    #[test]
    fn the_strongest_cell_wins_whatever_the_order_and_among_equals_the_first() {
        let (none, void) = (f32::INFINITY, f32::NAN);
        let layer = |cell, at_zero_loss_dbm, within| Layer { technology: 1, cell, at_zero_loss_dbm, within };
        let sites = [
            (matrix((0, 0), array![[100.0, 110.0], [none, void]]), vec![layer(3, 30.0, None)]),
            (matrix((0, 1), array![[100.0, 120.0, 90.0], [130.0, 100.0, none]]), vec![layer(2, 20.0, None)]),
            (
                matrix((0, 0), array![[100.0, 110.0], [200.0, none]]),
                vec![layer(1, 30.0, None), layer(9, 99.0, Some(vec![0..0, 0..1]))],
            ),
        ];
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 1]] {
            let mut merged = Merged::nothing((2, 4), 2);
            order.iter().for_each(|&i| merged.add(&sites[i..=i]));
            let mut together = Merged::nothing((2, 4), 2);
            together.add(&order.map(|i| sites[i].clone()));
            for merged in [merged, together] {
                let none = f32::NEG_INFINITY;
                assert_eq!(merged.level_dbm[1], array![[-70.0, -80.0, -100.0, -70.0], [-101.0, -110.0, -80.0, none]]);
                assert_eq!(merged.best_server[1], array![[1, 1, 2, 2], [9, 2, 2, 0]]);
                assert_eq!(merged.blocked, array![[false; 4], [false, true, false, false]]);
                assert_eq!(merged.receivers, 3 + 5 + 3);
                assert!(
                    merged.level_dbm[0].iter().all(|l| *l == none) && merged.best_server[0].iter().all(|s| *s == 0)
                );
            }
        }
    }
}
