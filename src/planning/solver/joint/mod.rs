//! Covering and backhaul in one problem: every chosen site hangs on a root by hops that are part of the plan.
//!
//! The problem is a tree in a [`graph`] whose arcs carry all costs. Plans come from growing trees along cheapest paths
//! ([`grow`]) and from local search ([`improve`], [`exchange`]); bounds from dual ascent ([`ascent`]) and a linear relaxation with cuts
//! ([`relax`], [`flow`]) in the layered [`net`]; [`prove`] fixes links by reduced costs and hands the rest to branch and
//! bound. Rules beyond covering ([`preset`], [`ruled`]) bind the plans that are grown through a heuristic assignment
//! ([`service`]) and are columns and rows of the relaxation ([`side`]). docs/planning.md has the formulation and figures.

mod ascent;
mod conflict;
mod exchange;
mod flow;
mod graph;
mod grow;
mod improve;
mod net;
mod plan;
mod preset;
mod prove;
mod relax;
mod ruled;
mod service;
mod side;
mod tree;

use super::numbers::proven;
use super::{
    Assignment, Backhaul, Control, Covering, Hop, Objective, Rules, Solution, SolveError, SolveOptions, Status,
};
use crate::planning::verify::{self, Claim, Names};
use graph::Graph;
use grow::Grower;
use plan::Plan;
use preset::Preset;
use prove::Proof;
use tree::Tree;

/// Rounds of local search, for each group and at most, and the most arcs that all of them may look at, roughly.
const ROUNDS_PER_GROUP: usize = 20;
const ROUNDS: usize = 600;
const LOOKS: usize = 2_000_000_000;
/// Tries at growing a plan that keeps the rules.
const TRIES: usize = 30;

/// A plan, if there is one, and a bound in the graph's unit: price (least cost) or weight of the groups.
struct Found {
    plan: Option<Plan>,
    bound: f64,
    infeasible: bool,
}

/// Solves covering and backhaul together, under rules. Every plan is checked by [`verify`](crate::planning::verify) before it
/// is returned. Where rules or limits exclude all plans, [`Solution::conflict`] names those that do.
///
/// # Errors
/// [`SolveError::Input`] for arcs or rules that cannot be used, [`SolveError::Contradiction`] when that check fails.
/// Infeasibility and limits are not errors: see [`Status`].
pub fn solve_joint(
    problem: &Covering,
    backhaul: &Backhaul,
    rules: &Rules,
    objective: &Objective,
    options: &SolveOptions,
    control: &Control<'_>,
) -> Result<Solution, SolveError> {
    solve_from(problem, backhaul, rules, objective, &[], options, control)
}

/// The same from the hops of a plan that is known, of this problem or one like it.
pub(super) fn solve_from(
    problem: &Covering,
    backhaul: &Backhaul,
    rules: &Rules,
    objective: &Objective,
    known: &[Hop],
    options: &SolveOptions,
    control: &Control<'_>,
) -> Result<Solution, SolveError> {
    let mut faults: Vec<String> = backhaul.faults(problem.candidates()).iter().map(ToString::to_string).collect();
    faults.extend(rules.faults(problem));
    if !faults.is_empty() {
        return Err(SolveError::Input { faults });
    }
    let mut solution = attempt(problem, backhaul, rules, objective, known, options, control)?;
    if solution.status == Status::Infeasible && !rules.is_none() {
        solution.conflict = conflict::find(problem, backhaul, rules, objective, options, control);
    }
    Ok(solution)
}

/// Solves without asking what excludes plans.
fn attempt(
    problem: &Covering,
    backhaul: &Backhaul,
    rules: &Rules,
    objective: &Objective,
    known: &[Hop],
    options: &SolveOptions,
    control: &Control<'_>,
) -> Result<Solution, SolveError> {
    let least_cost = *objective == Objective::LeastCost;
    let uncoverable = if least_cost { verify::uncoverable(problem, Some(backhaul), rules) } else { Vec::new() };
    let none = |status| Ok(Solution::without_plan(status, uncoverable.clone()));
    if !uncoverable.is_empty() && !options.allow_uncoverable {
        return none(Status::Infeasible);
    }
    let preset = (!rules.is_none()).then(|| Preset::new(problem, backhaul, rules, &uncoverable));
    if matches!(preset, Some(None)) {
        return none(Status::Infeasible);
    }
    let graph = Graph::new(problem, backhaul, objective, preset.flatten().as_ref());
    control.tell("reduced", None, None);
    let Found { plan, bound, infeasible } = search(&graph, known, options, control);
    let Some(plan) = plan else {
        return none(if infeasible { Status::Infeasible } else { Status::NoPlan });
    };
    let tree = plan.trimmed(&graph);
    let mut hops: Vec<_> = tree.arcs().iter().map(|&a| graph.edges[a as usize].hop).collect();
    hops.sort_by_key(|h| h.to);
    let mut chosen: Vec<u32> = hops.iter().map(|h| h.to).chain(problem.fixed().iter().copied()).collect();
    chosen.sort_unstable();
    let (value, bound) = if least_cost {
        let value = tree.price(&graph);
        (value, bound.min(value))
    } else {
        let value = if graph.ruled.is_some() { graph.base + plan.worth } else { problem.weight_of(&chosen) };
        (value, (graph.base + bound).max(value))
    };
    let assignments = assignments(problem, rules, &graph, &plan, &chosen);
    let claim = Claim {
        chosen: &chosen,
        hops: &hops,
        assignments: Some(&assignments),
        objective: Some(value),
        excused: &uncoverable,
    };
    let faults = verify::check(problem, Some(backhaul), rules, objective, &claim, &Names::NUMBERS);
    if !faults.is_empty() {
        return Err(SolveError::Contradiction { faults });
    }
    let status = if proven(value, bound) { Status::Optimal } else { Status::Feasible };
    let (objective, bound) = (Some(value), Some(bound));
    Ok(Solution { status, objective, bound, chosen, hops, assignments, uncoverable, conflict: Vec::new() })
}

/// Who serves whom, where rules ask for it: as the plan says, or with redundancy alone the first servers at different places.
fn assignments(problem: &Covering, rules: &Rules, graph: &Graph, plan: &Plan, chosen: &[u32]) -> Vec<Assignment> {
    let mut all = Vec::new();
    if let Some(ruled) = graph.ruled.as_ref().filter(|ruled| ruled.assigns) {
        for (group, hosts) in ruled.groups.iter().zip(&plan.by) {
            let Some(demand) = group.demand else { continue };
            all.extend(hosts.iter().map(|&h| Assignment { demand, candidate: ruled.hosts[h as usize].candidate }));
        }
    } else if rules.redundancy.iter().any(|&r| r > 1) {
        for demand in 0..problem.demands() as u32 {
            let mut own: Vec<Assignment> = Vec::new();
            for &candidate in problem.servers(demand).iter().filter(|j| chosen.binary_search(j).is_ok()) {
                let place = |a: &Assignment| rules.place(a.candidate);
                if own.len() < rules.need(demand) as usize && own.iter().all(|a| place(a) != rules.place(candidate)) {
                    own.push(Assignment { demand, candidate });
                }
            }
            if own.len() == rules.need(demand) as usize {
                all.extend(own);
            }
        }
    }
    all.sort_unstable();
    all
}

/// The plan and the bound; without a plan only when stopped, or when there is none.
fn search(graph: &Graph, known: &[Hop], options: &SolveOptions, control: &Control<'_>) -> Found {
    if graph.ruled.as_ref().is_some_and(|ruled| ruled.hopeless) {
        return Found { plan: None, bound: f64::INFINITY, infeasible: true };
    }
    let mut proof = Proof::new(graph, options, None);
    proof.offer(plan_along(graph, known));
    let first = improve::grown(&mut Grower::new(graph), graph, &graph.prices());
    proof.offer(Plan::of(graph, first));
    if proof.best.is_none() && graph.ruled.is_some() {
        proof.offer(improve::tried(graph, TRIES, options.seed, &control.share(0.2)));
    }
    proof.tell("greedy", control);
    if let Some(start) = proof.best.clone().filter(|_| !proof.done()) {
        let looks = start.tree.arcs().len().max(1) * graph.edges.len().max(1) * (graph.layers().max(1) as usize);
        let rounds = ROUNDS.min(ROUNDS_PER_GROUP * graph.groups()).min(LOOKS / looks + 1);
        proof.offer(Some(improve::improve(graph, start, rounds, options.seed, &control.share(0.3))));
        proof.tell("local search", control);
    }
    if !proof.done() && !control.stop() {
        proof.run(control);
    }
    let bound = proof.bound();
    proof.tell("done", control);
    Found { infeasible: proof.infeasible, plan: proof.best, bound }
}

/// The plan along known hops, as far as the graph has them.
fn plan_along(graph: &Graph, known: &[Hop]) -> Option<Plan> {
    if known.is_empty() {
        return None;
    }
    let is_known = |&a: &u32| known.contains(&graph.edges[a as usize].hop);
    let arcs: Vec<u32> = (0..graph.edges.len() as u32).filter(is_known).collect();
    let mut tree = Tree::along(graph, &arcs);
    tree.prune(graph);
    Plan::of(graph, tree)
}
