//! From villages without service to a plan: what could be built, what is best, when, and why.

use super::assemble::Assembly;
use super::backhaul::{Loaded, Mast, backhaul_network};
use super::objective::find_objective;
use super::plan_rules::{in_words, plan_rules};
use super::power::{Grids, PowerSupply};
use super::programme::{Item, Offer, Programme};
use super::solver::{self, Control, Hop, Objective, SolveOptions};
use super::village_ways::{VillageWay, fallback_ways, fibre_ways};
use super::{Plan, PlanStatus, find_sites, verify};
use crate::io::CacheFolder;
use crate::problem::{Problem, Problems};
use crate::progress::{Interrupted, Progress};
use crate::service::VillageService;
use crate::study::{Study, WeightUnit};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why there is no plan.
#[derive(Debug, Error)]
pub enum PlanError {
    /// The study asks for something that does not exist.
    #[error(transparent)]
    Study(#[from] Problems),
    /// Somebody stopped the work.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// The solver's input or answer is unusable.
    #[error("planning failed: {0}")]
    Solver(String),
}

impl From<Problem> for PlanError {
    fn from(problem: Problem) -> Self {
        Self::Study(problem.into())
    }
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
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Demand {
    /// Index in the study.
    pub(super) village: usize,
    pub(super) people: u64,
    /// What objectives and rankings count: people, households or 1, times priority and the factor of its facilities.
    pub(super) weight: f64,
}

impl Demand {
    pub(super) fn of(study: &Study, village: usize) -> Self {
        let planning = &study.config.planning;
        let place = &study.villages[village];
        let people = u64::from(place.people());
        let size = match planning.weight {
            WeightUnit::People => people as f64,
            WeightUnit::Households => place.households.map_or(people as f64 / 4.0, f64::from),
            WeightUnit::Villages => 1.0,
        };
        let factor = |facility: &String| planning.facility_weights.get(facility).copied();
        let facilities = place.facilities.iter().filter_map(factor).reduce(f64::max).unwrap_or(1.0);
        Self { village, people, weight: size * place.priority * facilities }
    }
}

/// Plans what ends the dead zones of a study: `dark` are the villages without service, `services` what all villages have. Path losses that
/// `cache` holds are not computed again.
///
/// # Errors
/// An objective that is unknown or lacks a key, rules about candidates that do not exist, an interruption, a failure of the solver. That no plan
/// exists is no error: it is the plan's status.
pub fn make_plan(
    study: &Study,
    services: &[VillageService],
    dark: &[usize],
    cache: Option<&CacheFolder>,
    progress: &Progress,
) -> Result<Plan, PlanError> {
    let (entry, objective) = find_objective(&study.config.planning, "study")?;
    let sites = find_sites(study, dark, cache, progress)?;
    let masts: Vec<Mast> = sites.candidates.iter().map(Mast::from).collect();
    let network = backhaul_network(study, &masts, progress)?;
    let grids = Grids::new(study);
    let power: Vec<PowerSupply> = sites.candidates.iter().map(|candidate| grids.supply_of(candidate)).collect();
    let demands: Vec<Demand> = dark.iter().map(|&village| Demand::of(study, village)).collect();
    let configurations = study.config.planning.configurations();
    let fibre = fibre_ways(study, &network.roots, dark);
    let offer = |ways| Offer {
        study,
        configurations: &configurations,
        candidates: &sites.candidates,
        power: &power,
        matrix: &sites.matrix,
        network: &network,
        ways,
        demands: &demands,
    };
    let dark_services: Vec<&VillageService> = dark.iter().map(|&village| &services[village]).collect();
    let fallbacks = {
        let offer = offer(&fibre);
        let programme = Programme::new(&offer).map_err(failed)?;
        let rules = plan_rules(&offer, &programme)?;
        let mut reachable = vec![true; dark.len()];
        let hopeless = verify::uncoverable(&programme.covering, Some(&programme.backhaul), &rules);
        hopeless.into_iter().for_each(|place| reachable[place as usize] = false);
        fallback_ways(study, &dark_services, &reachable)
    };
    let ways: Vec<VillageWay> = fibre.iter().cloned().chain(fallbacks).collect();
    let offer = offer(&ways);
    let programme = Programme::new(&offer).map_err(failed)?;
    let solved = solve(&offer, &programme, &objective, progress)?;
    let assembly = Assembly::new(&offer, &programme, &dark_services, solved.chosen.clone(), &solved.hops());
    let control = Control { cancel: Some(progress.stop_flag()), ..Control::default() };
    let mut plan = assembly.plan(entry.id, &control);
    (plan.status, plan.value, plan.bound, plan.gap) = (solved.status, solved.value, solved.bound, solved.gap);
    plan.notes = notes(&offer, &programme, &solved);
    plan.conflict = solved.conflict;
    progress.check()?;
    Ok(plan)
}

fn failed(error: impl std::error::Error) -> PlanError {
    PlanError::Solver(error.to_string())
}

/// An answer of the solver, as it is kept for `--resume`.
#[derive(Serialize, Deserialize)]
struct Solved {
    status: PlanStatus,
    value: f64,
    bound: f64,
    gap: f64,
    chosen: Vec<u32>,
    /// Whether each hop starts at a root, the number of its start, and of its end.
    hops: Vec<(bool, u32, u32)>,
    conflict: Vec<String>,
}

impl Solved {
    fn nothing(status: PlanStatus, conflict: Vec<String>) -> Self {
        Self { status, value: 0.0, bound: 0.0, gap: 0.0, chosen: Vec::new(), hops: Vec::new(), conflict }
    }

    fn hops(&self) -> Vec<Hop> {
        let node = |is_root, number| if is_root { solver::Node::Root(number) } else { solver::Node::Candidate(number) };
        self.hops.iter().map(|&(is_root, from, to)| Hop { from: node(is_root, from), to }).collect()
    }
}

fn solve(
    offer: &Offer<'_>,
    programme: &Programme,
    objective: &Objective,
    progress: &Progress,
) -> Result<Solved, PlanError> {
    if offer.demands.is_empty() {
        return Ok(Solved::nothing(PlanStatus::NothingToDo, Vec::new()));
    }
    let rules = plan_rules(offer, programme)?;
    let hopeless = verify::uncoverable(&programme.covering, Some(&programme.backhaul), &rules);
    if *objective == Objective::LeastCost && hopeless.len() == offer.demands.len() {
        let reason = "no candidate that can be connected serves any village without service";
        return Ok(Solved::nothing(PlanStatus::Infeasible, vec![reason.into()]));
    }
    let mut stage = progress.stage("solver", 1);
    let count = programme.items.len() as u32;
    if let Some(solved) = stage.kept(|kept: &Solved| kept.chosen.iter().all(|&c| c < count)) {
        return Ok(solved);
    }
    let gap = offer.study.config.planning.gap;
    let options = SolveOptions { gap, allow_uncoverable: true, ..SolveOptions::default() };
    let control = Control { cancel: Some(progress.stop_flag()), ..Control::default() };
    let Programme { covering, backhaul, .. } = programme;
    let solution = solver::solve_joint(covering, backhaul, &rules, objective, &options, &control).map_err(failed)?;
    progress.check()?;
    let (Some(value), Some(bound)) = (solution.objective, solution.bound) else {
        let conflict = solution.conflict.iter().map(|&name| in_words(offer, &rules, name));
        return Ok(Solved::nothing(PlanStatus::Infeasible, conflict.collect()));
    };
    let hop = |hop: &Hop| match hop.from {
        solver::Node::Root(number) => (true, number, hop.to),
        solver::Node::Candidate(number) => (false, number, hop.to),
    };
    let solved = Solved {
        status: if solution.status == solver::Status::Optimal { PlanStatus::Optimal } else { PlanStatus::Feasible },
        value,
        bound,
        gap: solver::gap_between(value, bound),
        hops: solution.hops.iter().map(hop).collect(),
        chosen: solution.chosen,
        conflict: Vec::new(),
    };
    stage.advance(1);
    stage.keep(&solved)?;
    Ok(solved)
}

/// What could not be offered, and what the chosen links cannot carry, for people.
fn notes(offer: &Offer<'_>, programme: &Programme, solved: &Solved) -> Vec<String> {
    let network = offer.network;
    let mut notes = Vec::new();
    let mut note = |count: usize, text: &str| {
        if count > 0 {
            notes.push(format!("{count} {text}"));
        }
    };
    note(network.left_out.unconnected.len(), "candidate(s) have no link to the network");
    note(
        network.left_out.relay_links,
        "possible links between candidates were left out for being too many to one candidate",
    );
    note(offer.ways.len(), "way(s) of single villages were offered: fibre, repeater, satellite");
    let chosen: Vec<usize> = solved.hops().into_iter().filter_map(|hop| programme.link(hop)).collect();
    let mut demand_mbps = vec![0.0; offer.candidates.len()];
    for &number in &solved.chosen {
        if let Item::Radio(row) = programme.items[number as usize] {
            demand_mbps[offer.matrix.rows[row].candidate] = offer.study.config.planning.backhaul.site_mbps;
        }
    }
    notes.extend(network.overloaded(&chosen, &demand_mbps).into_iter().map(|over| {
        let at = match over.at {
            Loaded::Link(link) => format!("the link to {}", offer.candidates[network.links[link].to].id),
            Loaded::Root(root) => network.roots[root].id.clone(),
        };
        format!("{at} must carry {} Mbit/s and can carry {}", over.load_mbps, over.capacity_mbps)
    }));
    notes
}
