//! Which candidate would serve which village, with which configuration and how surely.
//!
//! In: candidates, and the villages without the service that a study plans for. Out: a sparse [`CoverageMatrix`]. Each pair within the radius of
//! a technology is evaluated on its own profile, in both directions of the link budget, with the interference of the cells that stand, under load,
//! on the same carrier. Candidates are looked at one by one: they neither disturb one another, nor what stands, nor do several that are too weak
//! alone add up (a handset uses one cell, and what keeps it below a threshold, a ridge, often keeps all of them there).

mod cells;
mod demand;
mod sectors;

pub use sectors::Sector;

use super::candidate::Candidate;
use crate::coverage::Network;
use crate::io::CacheFolder;
use crate::progress::{Interrupted, Progress};
use crate::study::Study;
use cells::Planned;
use demand::{Demand, demands};
use sectors::{Site, View};
use serde::{Deserialize, Serialize};

/// Pairs that are less probable than this are left out.
pub const LEAST_PROBABILITY: f64 = 0.5;

/// Which candidate would serve which village.
#[derive(Debug, Clone, PartialEq)]
pub struct CoverageMatrix {
    /// One for each configuration of each candidate, by candidate and configuration.
    pub rows: Vec<MatrixRow>,
    /// For each place in `dark` whether terrain is missing on the way from some candidate within reach.
    pub blocked: Vec<bool>,
    /// Probability from which a village counts as served.
    pub required_probability: f64,
}

/// What one configuration at one candidate would serve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatrixRow {
    /// Index of the candidate.
    pub candidate: usize,
    /// Index among the study's configurations.
    pub configuration: usize,
    /// Its sectors by azimuth, as many as help; none where the configuration has one antenna for all directions.
    pub sectors: Vec<Sector>,
    /// The villages that it reaches with at least [`LEAST_PROBABILITY`], by place in `dark`.
    pub villages: Vec<Covered>,
}

/// A village within reach of a configuration at a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Covered {
    /// Place in `dark`.
    pub village: u32,
    /// Probability that the surest cell gives the service, 0.5 to 1.
    pub probability: f32,
    /// By how much that cell is stronger than the service needs in the weaker direction, dB.
    pub margin_db: f32,
    /// Its level, dBm, of the quantity that its technology measures.
    pub level_dbm: f32,
    /// Its place among the configuration's cells.
    pub cell: u32,
}

impl CoverageMatrix {
    /// The villages that a row serves with the required probability: places in `dark`, ascending.
    pub fn served<'a>(&'a self, row: &'a MatrixRow) -> impl Iterator<Item = u32> + 'a {
        row.villages.iter().filter(|covered| self.is_served(covered)).map(|covered| covered.village)
    }

    fn is_served(&self, covered: &Covered) -> bool {
        f64::from(covered.probability) >= self.required_probability
    }

    /// The rows of a candidate.
    pub fn of_candidate(&self, candidate: usize) -> &[MatrixRow] {
        let start = self.rows.partition_point(|row| row.candidate < candidate);
        let end = self.rows.partition_point(|row| row.candidate <= candidate);
        &self.rows[start..end]
    }

    /// The matrix of some of the candidates, `kept` ascending; they are numbered anew.
    pub(super) fn of_kept(mut self, kept: &[usize]) -> Self {
        self.rows.retain_mut(|row| match kept.binary_search(&row.candidate) {
            Ok(place) => {
                row.candidate = place;
                true
            }
            Err(_) => false,
        });
        self
    }
}

/// Evaluates every candidate at every village in `dark` (indices in the study) within reach.
///
/// The pairs come from an R-tree. What decides takes place village by village, where path losses are computed or come from the `cache` and what
/// stands is looked at once, then candidate by candidate, where sectors are turned and rows filled. Neither depends on the order of the candidates.
///
/// # Errors
/// The work was interrupted.
pub fn coverage_matrix(
    study: &Study,
    candidates: &[Candidate],
    dark: &[usize],
    cache: Option<&CacheFolder>,
    progress: &Progress,
) -> Result<CoverageMatrix, Interrupted> {
    let network = Network::of(study);
    let planned = Planned::of(study, &network);
    let demands: Vec<Demand> = demands(study, &network, &planned, candidates, dark, cache, progress)?;
    let mut views: Vec<Vec<View>> = vec![Vec::new(); candidates.len()];
    for (place, demand) in demands.iter().enumerate() {
        for way in &demand.ways {
            let candidate = way.candidate as usize;
            let village = &study.villages[dark[place]];
            views[candidate].push(planned.view(study, &candidates[candidate], village, place as u32, way));
        }
    }
    let blocked = demands.iter().map(|demand| demand.blocked).collect();
    let others_mw: Vec<Vec<f32>> = demands.into_iter().map(|demand| demand.others_mw).collect();
    let stated = study.config.planning.required_probability;
    let required_probability = stated.unwrap_or(study.config.service.required_probability);
    let seen: Vec<(usize, Vec<View>)> = views.into_iter().enumerate().collect();
    let rows: Vec<Vec<MatrixRow>> = progress.in_parts("sites", &seen, |(candidate, views)| {
        let row = |&configuration: &usize| {
            let cells = &planned.configurations[configuration];
            let site = Site { cells, views, others_mw: &others_mw, required_probability };
            let (sectors, villages) = site.evaluated();
            MatrixRow { candidate: *candidate, configuration, sectors, villages }
        };
        candidates[*candidate].configurations.iter().map(row).collect()
    })?;
    Ok(CoverageMatrix { rows: rows.into_iter().flatten().collect(), blocked, required_probability })
}
