//! Level and best-server rasters of a whole network.

use super::matrix::LossMatrix;
use super::merge::{Layer, Merged};
use super::path_loss::{MatrixCounts, PathLosses};
use super::{SweepMode, Transmitter};
use crate::geodesy::LonLat;
use crate::grid::Grid;
use crate::io::CacheFolder;
use crate::progress::{Interrupted, Progress};
use crate::radio::{Technology, level_probability, received_level};
use crate::service::Status;
use crate::study::{Cell, Site, Study};
use crate::terrain::Terrain;
use crate::units::{Db, Dbm};
use ndarray::{Array2, Zip};
use rayon::prelude::*;
use std::ops::Range;

/// Coverage of one technology.
#[derive(Debug, Clone)]
pub struct TechnologyCoverage {
    /// Technology.
    pub technology: Technology,
    /// Largest level, dBm; NaN where no cell reaches or terrain is unknown.
    pub level_dbm: Grid<f32>,
    /// Number of the cell that gives it (its place among all cells of the study, from 1); 0 where there is none.
    pub best_server: Grid<u32>,
}

/// Coverage of a network.
#[derive(Debug, Clone)]
pub struct CoverageRasters {
    /// One per technology in use, oldest first.
    pub technologies: Vec<TechnologyCoverage>,
    /// Signal status of each pixel: a code of [`status_code`].
    pub signal_status: Grid<u8>,
    /// Receivers computed, all cells together.
    pub receivers: u64,
    /// Where their losses came from, in this run.
    pub matrices: MatrixCounts,
    /// Pixels without a terrain height.
    pub missing_terrain: usize,
}

/// Code of a status in rasters: 0 unknown, 1 unserved, 2 marginal, 3 served.
pub fn status_code(status: Status) -> u8 {
    match status {
        Status::Unknown => 0,
        Status::Unserved => 1,
        Status::Marginal => 2,
        Status::Served => 3,
    }
}

/// Computes the coverage of all cells of a study on its terrain's pixels; `cache` keeps the losses for later runs.
///
/// The result does not depend on the number of threads, on what the cache held, or on where an interrupted run was continued: of two
/// equally strong cells the first of the study wins, in whatever order sites are merged. They are computed along a curve on which
/// neighbours lie near one another, few at a time; in memory is the terrain, per technology 8 bytes a pixel, and the losses of those few.
pub fn cover_network(
    study: &Study,
    cache: Option<&CacheFolder>,
    progress: &Progress,
) -> Result<CoverageRasters, Interrupted> {
    let terrain = &study.terrain.grid;
    let used: Vec<Technology> = Technology::ALL
        .into_iter()
        .filter(|t| study.sites.iter().flat_map(|s| &s.cells).any(|c| c.technology == *t))
        .collect();
    let masts = masts_along_a_curve(study);
    let rx_height = study.config.propagation.receiver_height_m;
    let losses = PathLosses::new(&study.terrain, &study.model, rx_height, SweepMode::default(), cache, progress);
    let size = terrain.values.dim();
    let mut stage = progress.stage("coverage", study.sites.len());
    let kept = stage.kept(|kept: &Merged| kept.is_of(size, used.len(), masts.len()));
    let mut merged = kept.unwrap_or_else(|| Merged::nothing(size, used.len()));
    let receivers_before = merged.receivers;
    let (done, mut rest) = masts.split_at(merged.masts);
    stage.advance(done.iter().map(|mast| mast.sites.len() as u64).sum());
    stage.expect_bytes(merged.bytes());
    while !rest.is_empty() {
        stage.keep(&merged)?;
        let (next, later) = rest.split_at(at_once(study, rest));
        let around = |mast: &Mast<'_>| {
            let found = mast_losses(study, &losses, mast, &used);
            stage.advance(mast.sites.len() as u64);
            found
        };
        let found: Vec<_> = next.par_iter().map(around).collect();
        merged.add(&found.into_iter().flatten().collect::<Vec<_>>());
        merged.masts += next.len();
        stage.show_rate(merged.receivers - receivers_before, "receivers");
        rest = later;
    }
    stage.keep(&merged)?;
    let Merged { receivers, level_dbm, best_server, blocked, .. } = merged;
    let mut technologies: Vec<TechnologyCoverage> = used
        .into_iter()
        .zip(level_dbm.into_iter().zip(best_server))
        .map(|(technology, (level_dbm, best_server))| {
            let (level_dbm, best_server) = (terrain.with_values(level_dbm), terrain.with_values(best_server));
            TechnologyCoverage { technology, level_dbm, best_server }
        })
        .collect();
    let signal_status = signal_status(study, &technologies, &blocked);
    for coverage in &mut technologies {
        coverage.level_dbm.values.mapv_inplace(|level| if level.is_finite() { level } else { f32::NAN });
    }
    let matrices = losses.counts();
    let MatrixCounts { computed, from_cache } = matrices;
    progress.detail(&format!("path losses: {computed} matrices computed, {from_cache} from the cache"));
    let missing_terrain = terrain.values.iter().filter(|h| h.is_nan()).count();
    Ok(CoverageRasters { technologies, signal_status, receivers, matrices, missing_terrain })
}

/// The sites at one place, each with the number of its first cell.
struct Mast<'a> {
    position: LonLat,
    sites: Vec<(u32, &'a Site)>,
}

/// The masts of a study in the order of a curve through the terrain that seldom jumps (Morton 1966).
fn masts_along_a_curve(study: &Study) -> Vec<Mast<'_>> {
    let place = |site: &Site| {
        let (x, y) = study.terrain.locator.locate(site.position);
        let (row, column) = study.terrain.grid.transform.row_column(x, y);
        spread_bits(row as u32) << 1 | spread_bits(column as u32)
    };
    let mut first_cell = 1u32;
    let mut sites: Vec<(u32, &Site)> = Vec::with_capacity(study.sites.len());
    for site in &study.sites {
        sites.push((first_cell, site));
        first_cell += site.cells.len() as u32;
    }
    let order =
        |&(_, site): &(u32, &Site)| (place(site), site.position.lon_deg.to_bits(), site.position.lat_deg.to_bits());
    sites.sort_by_cached_key(order);
    let together = sites.chunk_by(|(_, a), (_, b)| a.position == b.position);
    together.map(|sites| Mast { position: sites[0].1.position, sites: sites.to_vec() }).collect()
}

/// The bits of a number with a zero between each and the next.
fn spread_bits(number: u32) -> u64 {
    (0..u32::BITS).fold(0, |all, bit| all | u64::from(number >> bit & 1) << (2 * bit))
}

/// Bytes of loss matrices that are held at once, where threads do not need more.
const MATRIX_BYTES: f64 = 256e6;

/// How many of the masts are computed at once: enough for all threads to have work, and not more than memory should hold.
fn at_once(study: &Study, masts: &[Mast<'_>]) -> usize {
    let threads = rayon::current_num_threads();
    let most = masts.len().min(MASTS_PER_THREAD * threads);
    let mut bytes = 0.0;
    let fits = |mast: &&Mast<'_>| {
        let pixels = |shared: &Shared<'_>| 2.0 * shared.reach_km * 1000.0 / study.terrain.pixel_size_m;
        bytes += shared_losses(study, mast).iter().map(|shared| 2.0 * pixels(shared).powi(2)).sum::<f64>();
        bytes <= MATRIX_BYTES
    };
    masts.iter().take(most).take_while(fits).count().max(most.min(threads))
}

/// Masts at once for each thread: the more, the less the threads wait for one another.
const MASTS_PER_THREAD: usize = 4;

/// Cells that share their path loss.
struct Shared<'a> {
    height_agl_m: f64,
    frequency_mhz: f64,
    reach_km: f64,
    /// With their numbers.
    cells: Vec<(u32, &'a Cell)>,
}

fn radius_km(study: &Study, technology: Technology) -> f64 {
    study.config.coverage.radius_km.get(&technology).copied().unwrap_or(0.0)
}

/// The path losses that a mast's cells need: cells of a site share one by height and frequency as far as the farthest of them reaches, and
/// sites share it where it reaches as far. So what one site gets does not depend on the others.
fn shared_losses<'a>(study: &Study, mast: &Mast<'a>) -> Vec<Shared<'a>> {
    let mut all: Vec<Shared<'_>> = Vec::new();
    for &(first_cell, site) in &mast.sites {
        let mut own: Vec<Shared<'_>> = Vec::new();
        for cell in (first_cell..).zip(&site.cells) {
            let (height_agl_m, frequency_mhz) = (cell.1.height_agl_m, cell.1.frequency_mhz);
            let reach_km = radius_km(study, cell.1.technology);
            match own.iter_mut().find(|s| (s.height_agl_m, s.frequency_mhz) == (height_agl_m, frequency_mhz)) {
                Some(shared) => {
                    shared.reach_km = shared.reach_km.max(reach_km);
                    shared.cells.push(cell);
                }
                None => own.push(Shared { height_agl_m, frequency_mhz, reach_km, cells: vec![cell] }),
            }
        }
        for shared in own.into_iter().filter(|shared| shared.reach_km > 0.0) {
            let what = |s: &Shared<'_>| (s.height_agl_m, s.frequency_mhz, s.reach_km);
            match all.iter_mut().find(|other| what(other) == what(&shared)) {
                Some(other) => other.cells.extend(shared.cells),
                None => all.push(shared),
            }
        }
    }
    all
}

/// The losses around a mast, each with the cells that have it.
fn mast_losses(
    study: &Study,
    losses: &PathLosses<'_>,
    mast: &Mast<'_>,
    used: &[Technology],
) -> Vec<(LossMatrix, Vec<Layer>)> {
    let body_loss = Db(study.config.service.body_loss_db);
    let of = |shared: Shared<'_>| {
        let Shared { height_agl_m, frequency_mhz, reach_km, cells } = shared;
        let transmitter = Transmitter { position: mast.position, height_agl_m, frequency_mhz };
        let matrix = losses.around(&transmitter, reach_km * 1000.0)?;
        let layer = |(number, cell): (u32, &Cell)| {
            let technology = used.iter().position(|&t| t == cell.technology)?;
            let eirp = Dbm(cell.eirp_dbm);
            let at_zero_loss = received_level(eirp, cell.technology, cell.bandwidth_mhz, Db(0.0), body_loss);
            let radius_km = radius_km(study, cell.technology);
            let within =
                (radius_km < reach_km).then(|| disc(&study.terrain, mast.position, &matrix, radius_km * 1000.0));
            Some(Layer { technology, cell: number, at_zero_loss_dbm: at_zero_loss.0 as f32, within })
        };
        let layers = cells.into_iter().filter_map(layer).collect();
        Some((matrix, layers))
    };
    shared_losses(study, mast).into_iter().filter_map(of).collect()
}

/// Columns of each row of a matrix within a radius of its transmitter.
fn disc(terrain: &Terrain, center: LonLat, matrix: &LossMatrix, radius_m: f64) -> Vec<Range<usize>> {
    let transform = &terrain.grid.transform;
    let (height, width) = matrix.size();
    let (x, y) = terrain.locator.locate(center);
    let nearest = transform.row_column(x, y).1 - matrix.origin.1 as f64;
    let nearest = nearest.round().clamp(0.0, width as f64 - 1.0) as usize;
    let columns = |row: usize| {
        let beyond = |column: usize| {
            let (x, y) = transform.center((matrix.origin.0 + row) as f64, (matrix.origin.1 + column) as f64);
            terrain.locator.position(x, y).distance_m(center) > radius_m
        };
        if beyond(nearest) {
            return 0..0;
        }
        // along a row the distance grows on both sides of the nearest pixel
        let west = first_where(0, nearest, |column| !beyond(column));
        west..first_where(nearest + 1, width, beyond)
    };
    (0..height).map(columns).collect()
}

/// The first of the numbers from `start` for which something holds that holds for all after it; `end` when there is none.
fn first_where(start: usize, end: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut start, mut end) = (start, end);
    while start < end {
        let middle = start.midpoint(end);
        if holds(middle) { end = middle } else { start = middle + 1 }
    }
    start
}

/// Status from the best margin over all technologies that have a signal threshold.
fn signal_status(study: &Study, technologies: &[TechnologyCoverage], blocked: &Array2<bool>) -> Grid<u8> {
    let service = &study.config.service;
    let terrain = &study.terrain.grid;
    let mut margin = Array2::from_elem(terrain.values.dim(), f32::NEG_INFINITY);
    for coverage in technologies {
        if let Some(&threshold) = service.signal_threshold_dbm.get(&coverage.technology) {
            margin.zip_mut_with(&coverage.level_dbm.values, |margin, &level| {
                *margin = margin.max(level - threshold as f32);
            });
        }
    }
    let sigma = Db(service.shadowing_sigma_db.unwrap_or(7.0));
    let mut status = terrain.filled_like(0u8);
    Zip::from(&mut status.values).and(&margin).and(blocked).and(&terrain.values).for_each(
        |code, &margin_db, &blocked, &height| {
            let probability = level_probability(Dbm(f64::from(margin_db)), Dbm(0.0), sigma);
            let known = Status::of_probability(probability, service.required_probability);
            let unknown = height.is_nan() || (blocked && known == Status::Unserved);
            *code = status_code(if unknown { Status::Unknown } else { known });
        },
    );
    status
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::LossRaster;
    use crate::coverage::path_loss::tests::terrain;

    #[test]
    fn a_disc_holds_the_pixels_within_its_radius() {
        for epsg in [4326, 32648] {
            let terrain = terrain(epsg);
            let position = |row: f64, column: f64| {
                let (x, y) = terrain.grid.transform.center(row, column);
                terrain.locator.position(x, y)
            };
            let loss_db = Array2::from_elem((100, 90), 100.0);
            let matrix = LossMatrix::of(&LossRaster { origin: (40, 50), loss_db, receivers: 0, missing_terrain: 0 });
            for center in [position(80.3, 91.8), position(41.0, 50.2), position(120.0, 138.9)] {
                let rows = disc(&terrain, center, &matrix, 2_500.0);
                assert_eq!(rows.len(), 100);
                for (row, columns) in rows.iter().enumerate() {
                    for column in 0..90 {
                        let pixel = position((40 + row) as f64, (50 + column) as f64);
                        let within = pixel.distance_m(center) <= 2_500.0;
                        assert_eq!(columns.contains(&column), within, "EPSG:{epsg} {row} {column}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_curve_visits_a_square_before_it_leaves_it() {
        let code = |row: u32, column: u32| spread_bits(row) << 1 | spread_bits(column);
        assert_eq!([code(0, 0), code(0, 1), code(1, 0), code(1, 1), code(0, 2)], [0, 1, 2, 3, 4]);
        assert_eq!(code(u32::MAX, u32::MAX), u64::MAX);
    }
}
