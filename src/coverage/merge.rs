//! The serving cell and the power of all cells, per pixel and carrier, out of the losses of many masts.
//!
//! Levels are whole hundredths of a decibel, and of two equally strong cells the one that comes first in the network's order wins, so that
//! neither the order of merging nor that of the table matters. Powers are summed in the order of the masts.

use super::matrix::{LossMatrix, is_missing, is_outside};
use crate::propagation::dispatch::with_widest_vectors;
use crate::propagation::vector_math::single::exp2;
use ndarray::{Array2, ArrayViewMut1, ArrayViewMut2, Axis, Zip, s};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Level where no cell reaches, in hundredths of dBm.
pub(super) const NO_LEVEL: i16 = i16::MIN;
/// Server where no cell reaches.
pub(super) const NO_SERVER: u32 = u32::MAX;
/// Hundredths in a decibel.
pub(super) const STEPS_PER_DB: f32 = 100.0;

/// A cell that has the losses of a matrix.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    /// Its carrier.
    pub(super) carrier: usize,
    /// Its place in the network's order.
    pub(super) cell: u32,
    /// Its level where there is no path loss, hundredths of dBm.
    pub(super) at_zero_loss: i32,
    /// What its antenna takes from it, hundredths of a decibel, on the pixels of the matrix; `None`: the same in all directions.
    pub(super) attenuation: Option<Array2<u16>>,
    /// The share of its power that disturbs others, 0 to 1.
    pub(super) load: f32,
    /// The level from which it counts as a server, hundredths of dBm; `None` where it serves nobody.
    pub(super) serves_from: Option<i32>,
    /// Its operator.
    pub(super) operator: usize,
    /// Services that are not known where terrain is missing on the way from it: see [`blocks`].
    pub(super) blocks: u8,
    /// The columns of each row that it reaches; `None`: as far as the matrix.
    pub(super) within: Option<Vec<Range<usize>>>,
}

impl Layer {
    /// Levels on the pixels of its matrix, hundredths of dBm.
    pub(super) fn levels(&self, matrix: &LossMatrix) -> Array2<i16> {
        let mut levels = Array2::from_elem(matrix.size(), NO_LEVEL);
        for (row, mut levels) in levels.rows_mut().into_iter().enumerate() {
            if let Some(levels) = levels.as_slice_mut() {
                self.levels_of_row(matrix, row, levels);
            }
        }
        levels
    }

    /// Levels of a row of its matrix, as far as it reaches: the columns that are given back.
    fn levels_of_row(&self, matrix: &LossMatrix, row: usize, levels: &mut [i16]) -> Range<usize> {
        let within = self.within.as_ref().map_or(0..levels.len(), |rows| rows[row].clone());
        let codes = matrix.codes().slice(s![row, within.clone()]);
        let attenuation = self.attenuation.as_ref().map(|a| a.slice(s![row, within.clone()]));
        let levels = &mut levels[within.clone()];
        // rows lie in one piece
        match (codes.to_slice(), attenuation.as_ref().map(|a| a.as_slice())) {
            (Some(codes), None) => levels_of_row(self.at_zero_loss, codes, levels),
            (Some(codes), Some(Some(attenuation))) => {
                attenuated_levels_of_row(self.at_zero_loss, codes, attenuation, levels);
            }
            _ => levels.fill(NO_LEVEL),
        }
        within
    }
}

/// Services that a cell could give where terrain is missing on the way from it, as bits.
pub(super) mod blocks {
    /// A signal.
    pub(in super::super) const SIGNAL: u8 = 1;
    /// Broadband.
    pub(in super::super) const BROADBAND: u8 = 2;
}

/// What a carrier has on the pixels of a band of rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct CarrierPixels {
    /// Largest level, hundredths of dBm; [`NO_LEVEL`] where no cell reaches.
    pub(super) level: Array2<i16>,
    /// The cell that has it, by its place in the network's order; [`NO_SERVER`] likewise.
    pub(super) server: Array2<u32>,
    /// Power of all cells by their load, mW; `None` where interference is not looked at.
    pub(super) power_mw: Option<Array2<f32>>,
}

/// The coverage of the masts so far on a band of rows: what a checkpoint holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Merged {
    /// Rows of the grid.
    pub(super) rows: Range<usize>,
    /// How many masts, in the order in which they are computed.
    pub(super) masts: usize,
    /// Receivers of their matrices in these rows.
    pub(super) receivers: u64,
    /// By carrier.
    pub(super) carriers: Vec<CarrierPixels>,
    /// How many cells are strong enough, at most 255.
    pub(super) servers: Array2<u8>,
    /// By operator, which services some cell could give from which terrain is missing on the way: see [`blocks`].
    pub(super) blocked: Vec<Array2<u8>>,
}

/// Rows that a thread merges at once.
const BAND: usize = 32;

impl Merged {
    /// `disturbed` says of each carrier whether interference is looked at.
    pub(super) fn nothing(rows: Range<usize>, columns: usize, disturbed: &[bool], operators: usize) -> Self {
        let size = (rows.len(), columns);
        let nothing = |&disturbed: &bool| CarrierPixels {
            level: Array2::from_elem(size, NO_LEVEL),
            server: Array2::from_elem(size, NO_SERVER),
            power_mw: disturbed.then(|| Array2::zeros(size)),
        };
        Self {
            rows,
            masts: 0,
            receivers: 0,
            carriers: disturbed.iter().map(nothing).collect(),
            servers: Array2::zeros(size),
            blocked: vec![Array2::zeros(size); operators],
        }
    }

    /// Whether it can be of so many columns, these carriers, and so many operators and masts.
    pub(super) fn is_of(&self, columns: usize, disturbed: &[bool], operators: usize, masts: usize) -> bool {
        let size = (self.rows.len(), columns);
        let fits = |(pixels, disturbed): (&CarrierPixels, &bool)| {
            let power_fits = pixels.power_mw.as_ref().map_or(!disturbed, |power| *disturbed && power.dim() == size);
            pixels.level.dim() == size && pixels.server.dim() == size && power_fits
        };
        self.carriers.len() == disturbed.len()
            && self.carriers.iter().zip(disturbed).all(fits)
            && self.servers.dim() == size
            && self.blocked.len() == operators
            && self.blocked.iter().all(|blocked| blocked.dim() == size)
            && self.masts <= masts
    }

    /// Bytes of a pixel in memory; a checkpoint takes about as many.
    pub(super) fn bytes_per_pixel(disturbed: &[bool], operators: usize) -> usize {
        let carrier = size_of::<i16>() + size_of::<u32>();
        1 + operators + disturbed.iter().map(|&power| carrier + if power { size_of::<f32>() } else { 0 }).sum::<usize>()
    }

    /// Adds cells with their losses, bands of rows in parallel.
    pub(super) fn add(&mut self, losses: &[(LossMatrix, Vec<Layer>)]) {
        let first_row = self.rows.start;
        for (carrier, pixels) in self.carriers.iter_mut().enumerate() {
            let cells = losses.iter().flat_map(|(matrix, layers)| layers.iter().map(move |layer| (matrix, layer)));
            let cells: Vec<_> = cells.filter(|(_, layer)| layer.carrier == carrier).collect();
            if cells.is_empty() {
                continue;
            }
            let mut powers: Vec<_> = match &mut pixels.power_mw {
                Some(power_mw) => power_mw.axis_chunks_iter_mut(Axis(0), BAND).map(Some).collect(),
                None => Vec::new(),
            };
            let bands = pixels.level.axis_chunks_iter_mut(Axis(0), BAND);
            powers.resize_with(bands.len(), || None);
            let bands: Vec<_> = bands
                .zip(pixels.server.axis_chunks_iter_mut(Axis(0), BAND))
                .zip(self.servers.axis_chunks_iter_mut(Axis(0), BAND))
                .zip(powers)
                .enumerate()
                .collect();
            bands.into_par_iter().for_each(|(band, (((level, server), servers), power_mw))| {
                let mut target = Band { first_row: first_row + band * BAND, level, server, servers, power_mw };
                cells.iter().for_each(|(matrix, layer)| target.add(matrix, layer));
            });
        }
        for (matrix, layers) in losses {
            self.count(matrix, layers);
        }
    }

    /// Counts receivers, and marks where terrain is missing.
    fn count(&mut self, matrix: &LossMatrix, layers: &[Layer]) {
        let (row, column) = matrix.origin;
        let (height, width) = matrix.size();
        let rows = row.max(self.rows.start)..(row + height).min(self.rows.end);
        if rows.is_empty() {
            return;
        }
        let codes = matrix.codes().slice(s![rows.start - row..rows.end - row, ..]);
        self.receivers += match rows.len() == height {
            true => matrix.receivers as u64,
            false => codes.iter().filter(|&&code| !is_outside(code)).count() as u64,
        };
        if matrix.missing == 0 {
            return;
        }
        for layer in layers {
            for at in rows.clone() {
                let within = layer.within.as_ref().map_or(0..width, |all| all[at - row].clone());
                let codes = codes.slice(s![at - rows.start, within.clone()]);
                let columns = column + within.start..column + within.end;
                let blocked = self.blocked[layer.operator].slice_mut(s![at - self.rows.start, columns]);
                Zip::from(blocked).and(codes).for_each(|blocked, &code| {
                    *blocked |= if is_missing(code) { layer.blocks } else { 0 };
                });
            }
        }
    }
}

/// Some rows of a carrier.
struct Band<'a> {
    first_row: usize,
    level: ArrayViewMut2<'a, i16>,
    server: ArrayViewMut2<'a, u32>,
    servers: ArrayViewMut2<'a, u8>,
    power_mw: Option<ArrayViewMut2<'a, f32>>,
}

impl Band<'_> {
    /// Takes a cell where it is stronger than what is there, and adds its power.
    fn add(&mut self, matrix: &LossMatrix, layer: &Layer) {
        let (first_row, first_column) = matrix.origin;
        let (height, width) = matrix.size();
        let end = (self.first_row + self.level.nrows()).min(first_row + height);
        let mut levels = vec![NO_LEVEL; width];
        for row in self.first_row.max(first_row)..end {
            let within = layer.levels_of_row(matrix, row - first_row, &mut levels);
            let at = row - self.first_row;
            let columns = first_column + within.start..first_column + within.end;
            let levels = &levels[within];
            let best = self.level.slice_mut(s![at, columns.clone()]).into_slice();
            let server = self.server.slice_mut(s![at, columns.clone()]).into_slice();
            if let (Some(best), Some(server)) = (best, server) {
                strongest(layer.cell, levels, best, server);
            }
            if let (Some(from), Some(servers)) =
                (layer.serves_from, self.servers.slice_mut(s![at, columns.clone()]).into_slice())
            {
                count_servers(from, levels, servers);
            }
            let power_mw = self.power_mw.as_mut().map(|power| power.slice_mut(s![at, columns]));
            if let Some(power_mw) = power_mw.and_then(ArrayViewMut1::into_slice) {
                add_power(layer.load, levels, power_mw);
            }
        }
    }
}

with_widest_vectors! {
    fn levels_of_row(at_zero_loss: i32, codes: &[u16], levels: &mut [i16]) = levels_of_row_body
}

#[inline(always)]
fn levels_of_row_body(at_zero_loss: i32, codes: &[u16], levels: &mut [i16]) {
    for (level, &code) in levels.iter_mut().zip(codes) {
        *level = level_of(at_zero_loss, code, 0);
    }
}

with_widest_vectors! {
    fn attenuated_levels_of_row(at_zero_loss: i32, codes: &[u16], attenuation: &[u16], levels: &mut [i16])
        = attenuated_levels_of_row_body
}

#[inline(always)]
fn attenuated_levels_of_row_body(at_zero_loss: i32, codes: &[u16], attenuation: &[u16], levels: &mut [i16]) {
    for ((level, &code), &attenuation) in levels.iter_mut().zip(codes).zip(attenuation) {
        *level = level_of(at_zero_loss, code, attenuation);
    }
}

#[inline(always)]
fn level_of(at_zero_loss: i32, code: u16, attenuation: u16) -> i16 {
    let level = at_zero_loss - i32::from(attenuation) - i32::from(code);
    let weakest = i32::from(NO_LEVEL) + 1;
    let level = if level < weakest { weakest } else { level };
    let level = if level > i32::from(i16::MAX) { i32::from(i16::MAX) } else { level };
    if is_missing(code) | is_outside(code) { NO_LEVEL } else { level as i16 }
}

with_widest_vectors! {
    fn strongest(cell: u32, levels: &[i16], best: &mut [i16], server: &mut [u32]) = strongest_body
}

/// Written so that the compiler makes vector instructions of it: no branches, everything is stored.
#[inline(always)]
fn strongest_body(cell: u32, levels: &[i16], best: &mut [i16], server: &mut [u32]) {
    for ((&level, best), server) in levels.iter().zip(best).zip(server) {
        let stronger = (level > *best) | ((level == *best) & (cell < *server) & (level != NO_LEVEL));
        *best = if stronger { level } else { *best };
        *server = if stronger { cell } else { *server };
    }
}

with_widest_vectors! {
    fn count_servers(from: i32, levels: &[i16], servers: &mut [u8]) = count_servers_body
}

#[inline(always)]
fn count_servers_body(from: i32, levels: &[i16], servers: &mut [u8]) {
    for (&level, servers) in levels.iter().zip(servers) {
        let serves = (i32::from(level) >= from) & (level != NO_LEVEL);
        *servers = servers.saturating_add(u8::from(serves));
    }
}

with_widest_vectors! {
    fn add_power(load: f32, levels: &[i16], power_mw: &mut [f32]) = add_power_body
}

#[inline(always)]
fn add_power_body(load: f32, levels: &[i16], power_mw: &mut [f32]) {
    for (&level, power_mw) in levels.iter().zip(power_mw) {
        let mw = load * milliwatts(level);
        *power_mw += if level == NO_LEVEL { 0.0 } else { mw };
    }
}

/// Power of a level, mW.
#[inline(always)]
pub(super) fn milliwatts(level: i16) -> f32 {
    exp2(f32::from(level) * (std::f32::consts::LOG2_10 / (10.0 * STEPS_PER_DB)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::LossRaster;
    use crate::propagation::dispatch::tests::assert_each_gives_the_same;
    use ndarray::array;
    use proptest::prelude::*;

    fn matrix(origin: (usize, usize), loss_db: Array2<f32>) -> LossMatrix {
        LossMatrix::of(&LossRaster { origin, loss_db, receivers: 0, missing_terrain: 0 })
    }

    fn layer(cell: u32, at_zero_loss_dbm: i32) -> Layer {
        Layer {
            carrier: 1,
            cell,
            at_zero_loss: 100 * at_zero_loss_dbm,
            attenuation: None,
            load: 0.5,
            serves_from: Some(-8_000),
            operator: 1,
            blocks: blocks::SIGNAL,
            within: None,
        }
    }

    #[test]
    fn the_strongest_cell_wins_whatever_the_order_and_among_equals_the_first() {
        let (none, void) = (f32::INFINITY, f32::NAN);
        let within = Some(vec![0..0, 0..1]);
        let sites = [
            (matrix((0, 0), array![[100.0, 110.0], [none, void]]), vec![layer(3, 30)]),
            (matrix((0, 1), array![[100.0, 120.0, 90.0], [130.0, 100.0, none]]), vec![layer(2, 20)]),
            (
                matrix((0, 0), array![[100.0, 110.0], [200.0, none]]),
                vec![layer(1, 30), Layer { within, ..layer(9, 99) }],
            ),
        ];
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 1]] {
            let mut merged = Merged::nothing(0..2, 4, &[true, true], 2);
            order.iter().for_each(|&i| merged.add(&sites[i..=i]));
            let mut together = Merged::nothing(0..2, 4, &[true, true], 2);
            together.add(&order.map(|i| sites[i].clone()));
            assert_eq!(together.carriers, merged.carriers);
            let carrier = &merged.carriers[1];
            assert_eq!(carrier.level, array![[-7000, -8000, -10000, -7000], [-10100, -11000, -8000, NO_LEVEL]]);
            assert_eq!(carrier.server, array![[1, 1, 2, 2], [9, 2, 2, NO_SERVER]]);
            assert_eq!(merged.blocked[1], array![[0; 4], [0, blocks::SIGNAL, 0, 0]]);
            assert!(merged.blocked[0].iter().all(|&blocked| blocked == 0));
            assert_eq!(merged.servers, array![[2, 3, 0, 1], [0, 0, 1, 0]]);
            assert_eq!(merged.receivers, 3 + 5 + 3);
            assert!(merged.carriers[0].level.iter().all(|l| *l == NO_LEVEL));
            let power = carrier.power_mw.as_ref().unwrap();
            // half of two cells at −70 dBm, and of three at −80
            assert!((power[[0, 0]] / 1e-7 - 1.0).abs() < 1e-5 && (power[[0, 1]] / 1.5e-8 - 1.0).abs() < 1e-5);
            assert_eq!(power[[1, 3]], 0.0);
        }
    }

    #[test]
    fn bands_of_rows_hold_what_the_whole_would() {
        let losses = Array2::from_shape_fn((70, 9), |(r, c)| 80.0 + ((r * 37 + c * 91) % 60) as f32);
        let attenuation = Some(Array2::from_shape_fn((70, 9), |(r, c)| ((r * 17 + c * 3) % 2_000) as u16));
        let losses = [(matrix((5, 2), losses), vec![layer(0, 30), Layer { attenuation, ..layer(1, 34) }])];
        let mut whole = Merged::nothing(0..90, 20, &[false, true], 2);
        whole.add(&losses);
        let mut receivers = 0;
        for rows in [0..31, 31..64, 64..90] {
            let mut part = Merged::nothing(rows.clone(), 20, &[false, true], 2);
            part.add(&losses);
            assert_eq!(part.carriers[1].level, whole.carriers[1].level.slice(s![rows.clone(), ..]));
            assert_eq!(part.carriers[1].server, whole.carriers[1].server.slice(s![rows.clone(), ..]));
            assert_eq!(part.servers, whole.servers.slice(s![rows, ..]));
            receivers += part.receivers;
        }
        assert_eq!(receivers, whole.receivers);
    }

    proptest! {
        #[test]
        fn all_vectors_give_a_merged_row_the_same_bits(
            pixels in proptest::collection::vec((60.0..200.0_f32, any::<bool>(), any::<u16>()), 1..200), load in 0.0..1.0_f32,
        ) {
            let losses = pixels.iter().map(|&(loss_db, reached, _)| if reached { loss_db } else { f32::INFINITY });
            let size = (1, pixels.len());
            let matrix = matrix((0, 0), Array2::from_shape_vec(size, losses.collect()).unwrap());
            let taken = pixels.iter().map(|&(_, _, taken)| taken % 4_000);
            let attenuation = Some(Array2::from_shape_vec(size, taken.collect()).unwrap());
            let layers = [Layer { load, ..layer(2, 30) }, Layer { attenuation, ..layer(1, 47) }];
            assert_each_gives_the_same(|| {
                let (mut level, mut server) = (Array2::from_elem(size, NO_LEVEL), Array2::from_elem(size, NO_SERVER));
                let (mut servers, mut power_mw) = (Array2::zeros(size), Array2::zeros(size));
                let mut row = Band {
                    first_row: 0,
                    level: level.view_mut(),
                    server: server.view_mut(),
                    servers: servers.view_mut(),
                    power_mw: Some(power_mw.view_mut()),
                };
                layers.iter().for_each(|layer| row.add(&matrix, layer));
                (level, server, servers, power_mw.mapv(f32::to_bits))
            });
        }
    }
}
