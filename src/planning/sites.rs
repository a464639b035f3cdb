//! Where sites could be built and whom they would serve: candidates with their coverage matrix, without those that serve nobody.

use super::build::Demand;
use super::candidates::{Surroundings, candidates, relays};
use super::{Candidate, CoverageMatrix, Origin, coverage_matrix};
use crate::io::CacheFolder;
use crate::progress::{Interrupted, Progress};
use crate::study::{Costs, Study};

/// Candidates with their coverage matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Sites {
    /// The candidates; relays last.
    pub candidates: Vec<Candidate>,
    /// Whom they would serve.
    pub matrix: CoverageMatrix,
}

/// Servers that are kept for each village, however many candidates there are.
const KEPT_PER_VILLAGE: usize = 10;

/// Looks for sites for the villages `dark` (indices in the study) and keeps the best of them, and relays.
///
/// # Errors
/// The work was interrupted.
pub fn find_sites(
    study: &Study,
    dark: &[usize],
    cache: Option<&CacheFolder>,
    progress: &Progress,
) -> Result<Sites, Interrupted> {
    let surroundings = Surroundings::new(study);
    let found = candidates(study, &surroundings, dark, progress)?;
    let matrix = coverage_matrix(study, &found.candidates, dark, cache, progress)?;
    let weights: Vec<f64> = dark.iter().map(|&village| Demand::of(study, village).weight).collect();
    let values = values(study, &found.candidates, &matrix, &weights);
    let most = study.config.planning.candidates.max_candidates as usize;
    let (kept, ends) = best(&found.candidates, &matrix, &values, dark.len(), most);
    let mut candidates: Vec<Candidate> = kept.iter().map(|&candidate| found.candidates[candidate].clone()).collect();
    let matrix = matrix.of_kept(&kept);
    if study.config.planning.candidates.relays > 0 && !found.hilltops.is_empty() {
        let relays = relays(study, &surroundings, &found.hilltops, &candidates, &ends, progress)?;
        candidates.extend(relays);
    }
    Ok(Sites { candidates, matrix })
}

/// Weight that each candidate newly serves per million VND with its best configuration; a free one is as good as one for 1,000 VND.
fn values(study: &Study, candidates: &[Candidate], matrix: &CoverageMatrix, weights: &[f64]) -> Vec<f64> {
    let configurations = study.config.planning.configurations();
    let costs = &study.config.planning.costs;
    let mut values = vec![0.0f64; candidates.len()];
    for row in &matrix.rows {
        let weight: f64 = matrix.served(row).map(|village| weights[village as usize]).sum();
        let candidate = &candidates[row.candidate];
        let radio = candidate.radio_cost(&configurations[row.configuration], costs);
        let cost = candidate.cost.total() + radio + likely_link_cost(candidate, costs);
        values[row.candidate] = values[row.candidate].max(weight / cost.max(0.001));
    }
    values
}

/// What the link of a candidate may cost, million VND: fibre or one hop to the nearest place of the network, whichever is cheaper. Good
/// enough to tell which candidates are worth a closer look.
fn likely_link_cost(candidate: &Candidate, costs: &Costs) -> f64 {
    if candidate.origin.standing_site().is_some() {
        return 0.0;
    }
    let fibre = candidate.network_distance_m.map_or(f64::INFINITY, |m| costs.fibre_per_km * m / 1000.0);
    fibre.min(costs.microwave_hop)
}

/// The candidates that are kept, ascending: given ones, the best servers of each village, and of the others that serve somebody the best; at most
/// `most` where villages need no more. Beside them the best server of each village, as places among those kept.
fn best(
    candidates: &[Candidate],
    matrix: &CoverageMatrix,
    values: &[f64],
    villages: usize,
    most: usize,
) -> (Vec<usize>, Vec<usize>) {
    let mut serves: Vec<Vec<u32>> = vec![Vec::new(); candidates.len()];
    for row in &matrix.rows {
        serves[row.candidate].extend(matrix.served(row));
    }
    for villages in &mut serves {
        villages.sort_unstable();
        villages.dedup();
    }
    let mut order: Vec<usize> = (0..candidates.len()).filter(|&c| !serves[c].is_empty()).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
    let mut kept: Vec<bool> = candidates.iter().map(|candidate| candidate.origin == Origin::Given).collect();
    let (mut servers, mut best_of) = (vec![0; villages], Vec::new());
    for &candidate in &order {
        for &village in &serves[candidate] {
            let village = village as usize;
            if servers[village] == 0 {
                best_of.push(candidate);
            }
            if servers[village] < KEPT_PER_VILLAGE {
                servers[village] += 1;
                kept[candidate] = true;
            }
        }
    }
    let mut count = kept.iter().filter(|&&is_kept| is_kept).count();
    for &candidate in &order {
        if count >= most {
            break;
        }
        count += usize::from(!kept[candidate]);
        kept[candidate] = true;
    }
    let kept: Vec<usize> = (0..candidates.len()).filter(|&c| kept[c]).collect();
    best_of.sort_unstable();
    best_of.dedup();
    let ends = best_of.into_iter().filter_map(|candidate| kept.binary_search(&candidate).ok()).collect();
    (kept, ends)
}
