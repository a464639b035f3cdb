//! From villages without service to a plan: candidates, matrix, ranking, optimisation, order, outcomes.

use super::objective::find_objective;
use super::solver::{self, Control, Covering, Csr, Objective, SolveOptions};
use super::{Candidate, Outcome, Plan, PlanStatus, PlannedSite, RankedCandidate, Sites, find_sites};
use crate::io::CacheFolder;
use crate::problem::Problem;
use crate::progress::{Interrupted, Progress};
use crate::service::VillageService;
use crate::study::Study;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use thiserror::Error;

/// Why there is no plan.
#[derive(Debug, Error)]
pub enum PlanError {
    /// The study asks for something that does not exist.
    #[error(transparent)]
    Study(#[from] Problem),
    /// Somebody stopped the work.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// The solver's input or answer is unusable.
    #[error("planning failed: {0}")]
    Solver(String),
}

/// Villages that lack the service that a study plans for, be it of any operator or of one, ascending.
pub fn dark_villages(study: &Study, services: &[VillageService]) -> Vec<usize> {
    let (planning, survey_wins) = (&study.config.planning, study.config.service.survey_wins);
    let lacks = |service: &VillageService| match &planning.operator {
        Some(operator) => service.lacks_signal_of(operator, survey_wins),
        None => service.of(planning.service).is_gap,
    };
    (0..services.len()).filter(|&v| lacks(&services[v])).collect()
}

/// A village without service as planning counts it.
struct Demand {
    /// Index in the study.
    village: usize,
    people: u64,
    /// People times priority: what objectives and rankings count.
    weight: f64,
}

/// Plans the sites that end the dead zones of a study. Path losses that `cache` holds are not computed again.
///
/// # Errors
/// An objective that is unknown or lacks a key, an interruption, a failure of the solver. That no plan exists is no error:
/// it is the plan's status.
pub fn make_plan(
    study: &Study,
    dark: &[usize],
    cache: Option<&CacheFolder>,
    progress: &Progress,
) -> Result<Plan, PlanError> {
    let (entry, objective) = find_objective(&study.config.planning, "study")?;
    let sites = find_sites(study, dark, cache, progress)?;
    let demands: Vec<Demand> = dark
        .iter()
        .map(|&village| {
            let people = study.villages[village].people();
            let weight = f64::from(people) * study.villages[village].priority;
            Demand { village, people: u64::from(people), weight }
        })
        .collect();
    let blocked = sites.matrix.blocked.clone();
    let (candidates, covers) = at_their_cheapest(study, sites);
    let solved = solve(&candidates, &covers, &demands, &objective, study.config.planning.gap, progress)?;
    let sites = in_order(&candidates, &covers, &demands, &solved.chosen);
    let outcomes = outcomes(&candidates, &covers, &blocked, &demands, &sites);
    Ok(Plan {
        objective: entry.id,
        status: solved.status,
        value: solved.value,
        bound: solved.bound,
        gap: solved.gap,
        ranking: rank(&candidates, &covers, &demands),
        candidates,
        sites,
        outcomes,
    })
}

/// The candidates that carry cells, at the cost of their cheapest configuration that serves somebody, with the villages that any of their
/// configurations serves.
fn at_their_cheapest(study: &Study, sites: Sites) -> (Vec<Candidate>, Vec<Vec<u32>>) {
    let configurations = study.config.planning.configurations();
    let Sites { candidates, matrix } = sites;
    let with_villages = |(index, mut candidate): (usize, Candidate)| {
        let rows = || matrix.of_candidate(index).iter().filter(|row| matrix.served(row).next().is_some());
        let costs =
            rows().map(|row| candidate.cost_with(&configurations[row.configuration], &study.config.planning.costs));
        if let Some(cost) = costs.min_by(|a, b| a.total.total_cmp(&b.total)) {
            candidate.cost = cost;
        }
        let mut villages: Vec<u32> = rows().flat_map(|row| matrix.served(row)).collect();
        villages.sort_unstable();
        villages.dedup();
        (candidate, villages)
    };
    let carrying = candidates.into_iter().enumerate().filter(|(_, candidate)| !candidate.configurations.is_empty());
    carrying.map(with_villages).unzip()
}

/// Candidates by newly served weight per cost, best first; ties by number.
fn rank(candidates: &[Candidate], covers: &[Vec<u32>], demands: &[Demand]) -> Vec<RankedCandidate> {
    let mut ranking: Vec<RankedCandidate> = covers
        .iter()
        .enumerate()
        .map(|(candidate, villages)| {
            let served = || villages.iter().map(|&v| &demands[v as usize]);
            let weight_per_cost = per_cost(served().map(|d| d.weight).sum(), candidates[candidate].cost.total);
            let people = served().map(|d| d.people).sum();
            RankedCandidate { candidate, people, villages: villages.len(), weight_per_cost }
        })
        .collect();
    ranking.sort_by(|a, b| b.weight_per_cost.total_cmp(&a.weight_per_cost).then(a.candidate.cmp(&b.candidate)));
    ranking
}

/// Weight per million VND; a free site is as good as one for 1,000 VND.
fn per_cost(weight: f64, cost: f64) -> f64 {
    weight / cost.max(0.001)
}

#[derive(Serialize, Deserialize)]
struct Solved {
    status: PlanStatus,
    value: f64,
    bound: f64,
    gap: f64,
    chosen: Vec<usize>,
}

fn solve(
    candidates: &[Candidate],
    covers: &[Vec<u32>],
    demands: &[Demand],
    objective: &Objective,
    gap: f64,
    progress: &Progress,
) -> Result<Solved, PlanError> {
    let nothing = |status| Solved { status, value: 0.0, bound: 0.0, gap: 0.0, chosen: Vec::new() };
    if demands.is_empty() {
        return Ok(nothing(PlanStatus::NothingToDo));
    }
    if *objective == Objective::LeastCost && covers.iter().all(Vec::is_empty) {
        return Ok(nothing(PlanStatus::Infeasible)); // full service was asked for, and nobody can be served
    }
    let mut stage = progress.stage("solver", 1);
    if let Some(solved) = stage.kept(|kept: &Solved| kept.chosen.iter().all(|&c| c < candidates.len())) {
        return Ok(solved);
    }
    let fail = |error: &dyn std::error::Error| PlanError::Solver(error.to_string());
    let costs = candidates.iter().map(|c| c.cost.total).collect();
    let weights = demands.iter().map(|d| d.weight).collect();
    let covering = Covering::new(costs, weights, Csr::from_rows(covers), Vec::new()).map_err(|e| fail(&e))?;
    let options = SolveOptions { gap, allow_uncoverable: true, ..SolveOptions::default() };
    let control = Control { cancel: Some(progress.stop_flag()), ..Control::default() };
    let solution = solver::solve(&covering, objective, &options, &control).map_err(|e| fail(&e))?;
    progress.check()?;
    let (Some(value), Some(bound)) = (solution.objective, solution.bound) else {
        return Ok(nothing(PlanStatus::Infeasible));
    };
    let status = if solution.status == solver::Status::Optimal { PlanStatus::Optimal } else { PlanStatus::Feasible };
    let chosen = solution.chosen.iter().map(|&c| c as usize).collect();
    let solved = Solved { status, value, bound, gap: solver::gap_between(value, bound), chosen };
    stage.advance(1);
    stage.keep(&solved)?;
    Ok(solved)
}

/// The chosen candidates in the order of building: always the one that newly serves the most weight per cost.
fn in_order(candidates: &[Candidate], covers: &[Vec<u32>], demands: &[Demand], chosen: &[usize]) -> Vec<PlannedSite> {
    let mut servers = vec![0usize; demands.len()];
    for &c in chosen {
        covers[c].iter().for_each(|&v| servers[v as usize] += 1);
    }
    let mut left: Vec<usize> = chosen.to_vec();
    let mut served = vec![false; demands.len()];
    let mut sites = Vec::with_capacity(chosen.len());
    while !left.is_empty() {
        let gain = |c: usize| {
            let new = covers[c].iter().filter(|&&v| !served[v as usize]);
            per_cost(new.map(|&v| demands[v as usize].weight).sum(), candidates[c].cost.total)
        };
        let better = |&(_, a): &(usize, f64), &(_, b): &(usize, f64)| a.partial_cmp(&b).unwrap_or(Ordering::Equal);
        let gains = left.iter().enumerate().map(|(place, &c)| (place, gain(c)));
        let Some((place, _)) = gains.rev().max_by(better) else { break };
        let candidate = left.remove(place);
        let to_study =
            |villages: Vec<u32>| villages.into_iter().map(|v| demands[v as usize].village).collect::<Vec<_>>();
        let newly: Vec<u32> = covers[candidate].iter().copied().filter(|&v| !served[v as usize]).collect();
        newly.iter().for_each(|&v| served[v as usize] = true);
        let only: Vec<u32> = covers[candidate].iter().copied().filter(|&v| servers[v as usize] == 1).collect();
        sites.push(PlannedSite {
            candidate,
            order: sites.len() + 1,
            newly_served: to_study(newly),
            only_here: to_study(only),
        });
    }
    sites
}

fn outcomes(
    candidates: &[Candidate],
    covers: &[Vec<u32>],
    blocked: &[bool],
    demands: &[Demand],
    sites: &[PlannedSite],
) -> Vec<(usize, Outcome)> {
    let cheapest_for = |place: usize| {
        let reaching = (0..candidates.len()).filter(|&c| covers[c].binary_search(&(place as u32)).is_ok());
        reaching.min_by(|&a, &b| candidates[a].cost.total.total_cmp(&candidates[b].cost.total).then(a.cmp(&b)))
    };
    let outcome = |place: usize, village: usize| {
        if let Some(site) = sites.iter().position(|s| s.newly_served.binary_search(&village).is_ok()) {
            return Outcome::ServedBy(site);
        }
        match cheapest_for(place) {
            Some(cheapest) => Outcome::LeftOut { cheapest },
            None if blocked[place] => Outcome::TerrainMissing,
            None => Outcome::NoCandidate,
        }
    };
    demands.iter().enumerate().map(|(place, demand)| (demand.village, outcome(place, demand.village))).collect()
}
