//! Hashes of a terrain by block: what the key of a path loss knows of the terrain around.

use crate::io::sha256_of_parts;
use crate::terrain::Terrain;
use ndarray::{Array2, s};
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

/// Rows and columns of a grid.
pub(super) type Window = (Range<usize>, Range<usize>);

/// Pixels along the side of a block.
const BLOCK: usize = 64;

/// Hashes of a terrain's heights, clutter and zones by block. Blocks are counted in the pixels of the whole mosaic, so that another window of it
/// has the same.
pub(super) struct Blocks<'a> {
    terrain: &'a Terrain,
    /// The block of the first pixel.
    first: (isize, isize),
    hashes: Array2<String>,
}

/// The block in which a pixel of the whole mosaic lies.
fn block_of(pixel: isize) -> isize {
    pixel.div_euclid(BLOCK as isize)
}

impl<'a> Blocks<'a> {
    pub(super) fn of(terrain: &'a Terrain) -> Self {
        let first = (block_of(terrain.first_pixel.0), block_of(terrain.first_pixel.1));
        let mut blocks = Self { terrain, first, hashes: Array2::default((0, 0)) };
        let (rows, columns) = terrain.grid.values.dim();
        let (rows, columns) = blocks.touched(&(0..rows, 0..columns));
        let at: Vec<Window> = rows.iter().flat_map(|r| columns.iter().map(|c| (r.clone(), c.clone()))).collect();
        let hashes: Vec<String> = at.into_par_iter().map(|window| blocks.hash(&window)).collect();
        blocks.hashes = Array2::from_shape_vec((rows.len(), columns.len()), hashes).unwrap_or_default();
        blocks
    }

    /// The blocks that a window touches, as the rows and the columns that it has of them.
    fn touched(&self, window: &Window) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
        let cut = |range: &Range<usize>, first_pixel: isize| {
            let next = |from: usize| (block_of(first_pixel + from as isize) + 1) * BLOCK as isize - first_pixel;
            let mut cuts = Vec::new();
            let mut from = range.start;
            while from < range.end {
                let to = (next(from) as usize).min(range.end);
                cuts.push(from..to);
                from = to;
            }
            cuts
        };
        let (row, column) = self.terrain.first_pixel;
        (cut(&window.0, row), cut(&window.1, column))
    }

    /// Hashes of the blocks within a window, and of what it has of the blocks at its edge.
    pub(super) fn hashes(&self, window: &Window) -> Vec<Cow<'_, str>> {
        let (rows, columns) = self.touched(window);
        let (first_row, first_column) = self.terrain.first_pixel;
        let place = |range: &Range<usize>, first_pixel: isize, first: isize| {
            (block_of(first_pixel + range.start as isize) - first) as usize
        };
        let hash = |rows: &Range<usize>, columns: &Range<usize>| {
            if (rows.len(), columns.len()) == (BLOCK, BLOCK) {
                let at = [place(rows, first_row, self.first.0), place(columns, first_column, self.first.1)];
                Cow::Borrowed(self.hashes[at].as_str())
            } else {
                Cow::Owned(self.hash(&(rows.clone(), columns.clone())))
            }
        };
        rows.iter().flat_map(|rows| columns.iter().map(move |columns| hash(rows, columns))).collect()
    }

    /// Hash of what stands in a window.
    fn hash(&self, (rows, columns): &Window) -> String {
        let layers = [Some(&self.terrain.grid.values), self.terrain.clutter_m.as_ref()];
        let mut bytes = format!("{} {}\n", rows.len(), columns.len()).into_bytes();
        for values in layers.into_iter().flatten() {
            for value in values.slice(s![rows.clone(), columns.clone()]) {
                bytes.extend_from_slice(&value.to_le_bytes());
            }
        }
        if let Some(zones) = &self.terrain.zones {
            bytes.extend(zones.slice(s![rows.clone(), columns.clone()]).iter().map(|&zone| zone as u8));
        }
        sha256_of_parts([bytes])
    }
}
