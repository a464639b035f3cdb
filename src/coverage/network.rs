//! The coverage of a whole network: all masts, merged a band of rows at a time, and what people read off it.

use super::SweepMode;
use super::cells::{Network, NetworkCell};
use super::layers::CoverageRasters;
use super::masts::{Mast, Masts};
use super::merge::{Merged, NO_LEVEL, STEPS_PER_DB};
use super::path_loss::PathLosses;
use super::pixels::Pixels;
use crate::grid::Grid;
use crate::io::CacheFolder;
use crate::progress::{Interrupted, Progress};
use crate::study::Study;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Computes the coverage of all cells of a study on its terrain's pixels; `cache` keeps the losses for later runs.
///
/// The result does not depend on the number of threads, on the order of the table, on what the cache held, or on where an interrupted run
/// was continued. Masts are computed along a curve on which neighbours lie near one another, few at a time, and merged into a band of rows
/// that is as high as 768 MiB allow; where there are several, the losses of a mast that reaches into more than one are taken from
/// the cache, or computed anew without one.
pub fn cover_network(
    study: &Study,
    cache: Option<&CacheFolder>,
    progress: &Progress,
) -> Result<CoverageRasters, Interrupted> {
    let network = Network::of(study);
    let disturbed: Vec<bool> = network.carriers.iter().map(|c| c.technology.is_disturbed()).collect();
    let (rows, columns) = study.terrain.grid.values.dim();
    let operators = network.operators.len();
    let bands = bands(rows, columns, Merged::bytes_per_pixel(&disturbed, operators));
    let rx_height = study.config.propagation.receiver_height_m;
    let losses = PathLosses::new(&study.terrain, &study.model, rx_height, SweepMode::default(), cache, progress);
    let masts = Masts::of(study, &network, &losses);

    let mut stage = progress.stage("coverage", study.sites.len() * bands.len());
    let fits = |kept: &Kept| {
        let band = bands.get(kept.bands);
        band.is_some_and(|band| kept.merged.rows == *band)
            && kept.merged.is_of(columns, &disturbed, operators, masts.masts.len())
    };
    let nothing = |band: usize| Merged::nothing(bands[band].clone(), columns, &disturbed, operators);
    let mut kept =
        stage.kept(fits).unwrap_or_else(|| Kept { bands: 0, finished: Pixels::default(), merged: nothing(0) });
    let mut computed = 0;
    stage.advance((kept.bands * study.sites.len()) as u64 + masts.sites(&masts.masts[..kept.merged.masts]));
    stage.expect_bytes(kept.merged.servers.len() * Merged::bytes_per_pixel(&disturbed, operators));
    loop {
        while kept.merged.masts < masts.masts.len() {
            stage.keep(&kept)?;
            let rest = &masts.masts[kept.merged.masts..];
            let next = &rest[..masts.at_once(rest)];
            let around = |mast: &Mast| {
                let found = masts.layers(mast, &kept.merged.rows);
                stage.advance(mast.sites.len() as u64);
                found
            };
            let found: Vec<_> = next.par_iter().map(around).collect();
            let before = kept.merged.receivers;
            kept.merged.add(&found.into_iter().flatten().collect::<Vec<_>>());
            computed += kept.merged.receivers - before;
            kept.merged.masts += next.len();
            stage.show_rate(computed, "receivers");
        }
        stage.keep(&kept)?;
        kept.finished.read(study, &network, &kept.merged);
        kept.bands += 1;
        if kept.bands == bands.len() {
            break;
        }
        kept.merged = nothing(kept.bands);
    }
    let counts = losses.counts();
    progress
        .detail(&format!("path losses: {} matrices computed, {} from the cache", counts.computed, counts.from_cache));
    drop(kept.merged);
    Ok(CoverageRasters::of(study, &network, kept.finished, counts))
}

/// Level of one cell around its site.
#[derive(Debug, Clone)]
pub struct CellLevels {
    /// Index of its site in the study.
    pub site: usize,
    /// Its index in the site.
    pub cell: usize,
    /// Level, dBm, within the cell's radius; NaN beyond and where terrain is missing.
    pub level_dbm: Grid<f32>,
}

/// Levels of the cells of some sites, by their indices in the study; no foreign ones.
pub fn cell_levels(
    study: &Study,
    sites: &[usize],
    cache: Option<&CacheFolder>,
    progress: &Progress,
) -> Vec<CellLevels> {
    let network = Network::of(study);
    let rx_height = study.config.propagation.receiver_height_m;
    let losses = PathLosses::new(&study.terrain, &study.model, rx_height, SweepMode::default(), cache, progress);
    let masts = Masts::of(study, &network, &losses);
    let grid = &study.terrain.grid;
    let mut found: Vec<CellLevels> = Vec::new();
    for mast in masts.masts.iter().filter(|mast| mast.sites.iter().any(|site| sites.contains(site))) {
        for (matrix, layers) in masts.layers(mast, &(0..grid.rows())) {
            for layer in layers {
                let NetworkCell { site, cell, .. } = network.cells[layer.cell as usize];
                if sites.contains(&site) {
                    let values = layer.levels(&matrix).mapv(|level| match level {
                        NO_LEVEL => f32::NAN,
                        level => f32::from(level) / STEPS_PER_DB,
                    });
                    let (row, column) = matrix.origin;
                    let transform = grid.transform.window(row as isize, column as isize);
                    let level_dbm = Grid { values, transform, crs: grid.crs.clone() };
                    found.push(CellLevels { site, cell, level_dbm });
                }
            }
        }
    }
    found.sort_by_key(|levels| (levels.site, levels.cell));
    found
}

/// What a checkpoint holds.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// How many bands are finished.
    bands: usize,
    finished: Pixels,
    merged: Merged,
}

/// Bytes of the pixels that are merged at once.
const BAND_BYTES: usize = 768 << 20;

/// Bands of rows, from north to south.
fn bands(rows: usize, columns: usize, bytes_per_pixel: usize) -> Vec<Range<usize>> {
    let fitting = BAND_BYTES / (columns * bytes_per_pixel).max(1);
    let count = rows.div_ceil(fitting.max(1)).max(1);
    let height = rows.div_ceil(count).max(1);
    (0..count).map(|band| (band * height).min(rows)..((band + 1) * height).min(rows)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_cover_all_rows_once() {
        for rows in [1, 7, 1_000, 200_000] {
            for columns in [1, 3_000, 400_000] {
                let bands = bands(rows, columns, 125);
                assert_eq!(bands[0].start, 0);
                assert_eq!(bands.last().unwrap().end, rows);
                assert!(bands.windows(2).all(|pair| pair[0].end == pair[1].start));
            }
        }
        assert_eq!(bands(960, 1_932, 205).len(), 1);
    }
}
