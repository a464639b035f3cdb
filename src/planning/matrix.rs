//! Which candidate would serve which village.

use super::candidate::Candidate;
use crate::coverage::{Needs, Transmitter, losses_at};
use crate::index::PlaceIndex;
use crate::progress::{Interrupted, Progress};
use crate::radio::{CellBudget, level_probability};
use crate::study::{NewCell, Study};
use crate::units::{Db, Dbm};

/// Which candidate would serve which village.
#[derive(Debug, Clone)]
pub struct CoverageMatrix {
    /// For each candidate the villages that it would serve with the required probability: places in `dark`, ascending.
    pub covers: Vec<Vec<u32>>,
    /// For each place in `dark` whether terrain is missing on the way from some candidate within reach.
    pub blocked: Vec<bool>,
}

/// Evaluates every candidate at every village in `dark` (indices in the study) within reach.
///
/// The pairs within the radius of the new site's technologies come from an R-tree; each is evaluated on its own profile.
pub fn coverage_matrix(
    study: &Study,
    candidates: &[Candidate],
    dark: &[usize],
    progress: &Progress,
) -> Result<CoverageMatrix, Interrupted> {
    let config = &study.config;
    let service = &config.service;
    let villages = PlaceIndex::new(dark.iter().map(|&v| study.villages[v].position));
    let radius_m = |technology| config.coverage.radius_km.get(&technology).map_or(0.0, |km| km * 1000.0);
    let reach_m = config.planning.new_site.cells.iter().map(|c| radius_m(c.technology)).fold(0.0, f64::max);
    let cells: Vec<(&NewCell, CellBudget, Needs)> = config
        .planning
        .new_site
        .cells
        .iter()
        .filter_map(|cell| {
            let budget = study.new_cell_budget(cell);
            let required = service.requirement(config.planning.service, cell.technology)?;
            Some((cell, budget, Needs::of(&budget, &required)))
        })
        .collect();
    // existing cells are not on a new carrier: there is noise alone
    let serves = |loss_db: f64, (_, budget, needs): &(&NewCell, CellBudget, Needs)| {
        let level_dbm = budget.level_dbm(loss_db);
        let margin_db = needs.margin_db(level_dbm as f32, budget.sinr_db(level_dbm, 0.0) as f32);
        level_probability(Dbm(f64::from(margin_db)), Dbm(0.0), Db(budget.sigma_db)) >= service.required_probability
    };
    let rows: Vec<(Vec<u32>, Vec<usize>)> = progress.in_parts("matrix", candidates, |candidate| {
        let mut served = Vec::new();
        let mut blocked = Vec::new();
        for (place, distance_m) in villages.within(candidate.position, reach_m) {
            let in_reach: Vec<_> = cells.iter().filter(|(c, ..)| distance_m <= radius_m(c.technology)).collect();
            let transmitter = |&&(cell, ..): &&(&NewCell, CellBudget, Needs)| Transmitter {
                position: candidate.position,
                height_agl_m: candidate.height_agl_m,
                frequency_mhz: cell.frequency_mhz,
            };
            let transmitters: Vec<Transmitter> = in_reach.iter().map(transmitter).collect();
            let village = study.villages[dark[place]].position;
            let losses_db = losses_at(study, &transmitters, village);
            if losses_db.iter().any(Option::is_none) {
                blocked.push(place);
            }
            let is_served = |(loss_db, cell): (Option<f64>, &(&NewCell, CellBudget, Needs))| {
                let corrected = |db| study.corrected_loss_db(cell.0.technology, village, db);
                loss_db.is_some_and(|db| serves(corrected(db), cell))
            };
            if losses_db.into_iter().zip(in_reach).any(is_served) {
                served.push(place as u32);
            }
        }
        (served, blocked)
    })?;
    let mut blocked = vec![false; dark.len()];
    rows.iter().flat_map(|(_, places)| places).for_each(|&place| blocked[place] = true);
    Ok(CoverageMatrix { covers: rows.into_iter().map(|(served, _)| served).collect(), blocked })
}
