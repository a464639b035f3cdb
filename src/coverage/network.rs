//! Level and best-server rasters of a whole network.

use super::{SweepMode, Transmitter, site_loss};
use crate::grid::Grid;
use crate::progress::{Interrupted, Progress};
use crate::radio::{Technology, level_probability, received_level};
use crate::service::Status;
use crate::study::{Site, Study};
use crate::units::{Db, Dbm};
use ndarray::{Array2, Zip, s};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

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

/// Levels of one cell in a window.
struct CellLevels {
    technology: usize,
    origin: (usize, usize),
    /// −∞ outside the radius, NaN where terrain is missing.
    level_dbm: Array2<f32>,
    /// Number of the cell.
    cell: u32,
}

/// The coverage of the first sites of a study, merged: what a checkpoint holds.
#[derive(Serialize, Deserialize)]
struct Merged {
    /// How many sites.
    sites: usize,
    receivers: u64,
    /// Largest level per technology in use, dBm; −∞ where no cell reaches.
    level_dbm: Vec<Array2<f32>>,
    /// Number of the cell that gives it.
    best_server: Vec<Array2<u32>>,
    /// Where terrain is missing on the way from some cell.
    blocked: Array2<bool>,
}

impl Merged {
    fn nothing(size: (usize, usize), technologies: usize) -> Self {
        Self {
            sites: 0,
            receivers: 0,
            level_dbm: vec![Array2::from_elem(size, f32::NEG_INFINITY); technologies],
            best_server: vec![Array2::zeros(size); technologies],
            blocked: Array2::from_elem(size, false),
        }
    }

    fn is_of(&self, size: (usize, usize), technologies: usize, sites: usize) -> bool {
        (self.level_dbm.len(), self.best_server.len()) == (technologies, technologies)
            && self.level_dbm.iter().all(|a| a.dim() == size)
            && self.best_server.iter().all(|a| a.dim() == size)
            && self.blocked.dim() == size
            && self.sites <= sites
    }

    /// Bytes in memory; a checkpoint takes about as many.
    fn bytes(&self) -> usize {
        self.blocked.len() * (1 + self.level_dbm.len() * (size_of::<f32>() + size_of::<u32>()))
    }

    fn add(&mut self, cell: &CellLevels) {
        let (row, column) = cell.origin;
        let (height, width) = cell.level_dbm.dim();
        let window = s![row..row + height, column..column + width];
        Zip::from(self.level_dbm[cell.technology].slice_mut(window))
            .and(self.best_server[cell.technology].slice_mut(window))
            .and(self.blocked.slice_mut(window))
            .and(&cell.level_dbm)
            .for_each(|best, server, blocked, &level| {
                *blocked |= level.is_nan();
                if level > *best {
                    *best = level;
                    *server = cell.cell;
                }
            });
    }
}

/// Computes the coverage of all cells of a study on its terrain's pixels.
///
/// The result does not depend on the number of threads, nor on where an interrupted run was continued: sites are merged in
/// the order of the study, and the first of two equally strong cells wins.
pub fn cover_network(study: &Study, progress: &Progress) -> Result<CoverageRasters, Interrupted> {
    let terrain = &study.terrain.grid;
    let used: Vec<Technology> = Technology::ALL
        .into_iter()
        .filter(|t| study.sites.iter().flat_map(|s| &s.cells).any(|c| c.technology == *t))
        .collect();
    let mut first_cell = 1u32;
    let numbered: Vec<(u32, &Site)> = study
        .sites
        .iter()
        .map(|site| {
            let first = first_cell;
            first_cell += site.cells.len() as u32;
            (first, site)
        })
        .collect();
    let size = terrain.values.dim();
    let mut stage = progress.stage("coverage", numbered.len());
    let kept = stage.kept(|kept: &Merged| kept.is_of(size, used.len(), numbered.len()));
    let mut merged = kept.unwrap_or_else(|| Merged::nothing(size, used.len()));
    stage.advance(merged.sites as u64);
    stage.expect_bytes(merged.bytes());
    for chunk in numbered[merged.sites..].chunks(4 * rayon::current_num_threads()) {
        stage.keep(&merged)?;
        let computed: Vec<(u64, Vec<CellLevels>)> =
            chunk.par_iter().map(|&(first, site)| site_levels(study, site, first, &used)).collect();
        for (count, levels) in computed {
            merged.receivers += count;
            levels.iter().for_each(|cell| merged.add(cell));
            merged.sites += 1;
            stage.advance(1);
        }
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
    let missing_terrain = terrain.values.iter().filter(|h| h.is_nan()).count();
    Ok(CoverageRasters { technologies, signal_status, receivers, missing_terrain })
}

/// Levels of a site's cells. Cells of one height and frequency share their path loss.
fn site_levels(study: &Study, site: &Site, first_cell: u32, used: &[Technology]) -> (u64, Vec<CellLevels>) {
    let config = &study.config;
    let body_loss = Db(config.service.body_loss_db);
    let radius_km = |t: Technology| config.coverage.radius_km.get(&t).copied().unwrap_or(0.0);
    let mut receivers = 0;
    let mut all: Vec<CellLevels> = Vec::new();
    let mut done: Vec<(f64, f64)> = Vec::new();
    for cell in &site.cells {
        let key = (cell.height_agl_m, cell.frequency_mhz);
        if done.contains(&key) {
            continue;
        }
        done.push(key);
        let sharing = || {
            let same = move |c: &&crate::study::Cell| (c.height_agl_m, c.frequency_mhz) == key;
            site.cells.iter().enumerate().filter(move |(_, c)| same(c))
        };
        let reach_km = sharing().map(|(_, c)| radius_km(c.technology)).fold(0.0, f64::max);
        if reach_km <= 0.0 {
            continue;
        }
        let transmitter = Transmitter { position: site.position, height_agl_m: key.0, frequency_mhz: key.1 };
        let rx_height = config.propagation.receiver_height_m;
        let reach_m = reach_km * 1000.0;
        let Some(loss) = site_loss(&study.terrain, &study.model, &transmitter, rx_height, reach_m, SweepMode::Radial)
        else {
            continue;
        };
        receivers += loss.receivers as u64;
        for (index, cell) in sharing() {
            let Some(technology) = used.iter().position(|&t| t == cell.technology) else { continue };
            let at_zero_loss =
                received_level(Dbm(cell.eirp_dbm), cell.technology, cell.bandwidth_mhz, Db(0.0), body_loss).0 as f32;
            let mut level_dbm = loss.loss_db.mapv(|l| at_zero_loss - l);
            if radius_km(cell.technology) < reach_km {
                clip(study, site, &loss.origin, radius_km(cell.technology) * 1000.0, &mut level_dbm);
            }
            let cell = first_cell + index as u32;
            all.push(CellLevels { technology, origin: loss.origin, level_dbm, cell });
        }
    }
    (receivers, all)
}

/// Takes a level out beyond a technology's own radius.
fn clip(study: &Study, site: &Site, origin: &(usize, usize), radius_m: f64, level_dbm: &mut Array2<f32>) {
    let transform = &study.terrain.grid.transform;
    for ((row, column), level) in level_dbm.indexed_iter_mut() {
        if *level > f32::NEG_INFINITY {
            let (x, y) = transform.center((origin.0 + row) as f64, (origin.1 + column) as f64);
            if study.terrain.locator.position(x, y).distance_m(site.position) > radius_m {
                *level = f32::NEG_INFINITY;
            }
        }
    }
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
    let sigma = Db(service.shadowing_sigma_db);
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
