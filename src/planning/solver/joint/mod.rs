//! Covering and backhaul in one problem: every chosen site hangs on a root by hops that are part of the plan.
//!
//! The problem is a tree in a [`graph`] whose arcs carry all costs. Plans come from growing trees along cheapest paths
//! ([`grow`]) and from local search ([`improve`]); bounds from dual ascent ([`ascent`]) and a linear relaxation with cuts
//! ([`relax`], [`flow`]) in the layered [`net`]; [`prove`] fixes links by reduced costs and hands the rest to branch and
//! bound. docs/planning.md has the formulation and figures.

mod ascent;
mod flow;
mod graph;
mod grow;
mod improve;
mod net;
mod prove;
mod relax;
mod tree;

use super::numbers::proven;
use super::{Backhaul, Control, Covering, Objective, Solution, SolveError, SolveOptions, Status};
use crate::planning::verify::{self, Claim, Names};
use graph::Graph;
use grow::Grower;
use prove::Proof;
use tree::Tree;

/// Rounds of local search, for each group and at most, and the most arcs that all of them may look at, roughly.
const ROUNDS_PER_GROUP: usize = 20;
const ROUNDS: usize = 600;
const LOOKS: usize = 2_000_000_000;

/// A plan and a bound in the graph's unit: price (least cost) or weight of the groups.
struct Found {
    tree: Tree,
    bound: f64,
}

/// Solves covering and backhaul together. Every plan is checked by [`verify`](crate::planning::verify) before it is
/// returned.
///
/// # Errors
/// [`SolveError::Input`] for arcs that cannot be used, [`SolveError::Contradiction`] when that check fails. Infeasibility and limits are not errors: see [`Status`].
pub fn solve_joint(
    problem: &Covering,
    backhaul: &Backhaul,
    objective: &Objective,
    options: &SolveOptions,
    control: &Control<'_>,
) -> Result<Solution, SolveError> {
    let faults: Vec<String> = backhaul.faults(problem.candidates()).iter().map(ToString::to_string).collect();
    if !faults.is_empty() {
        return Err(SolveError::Input { faults });
    }
    let least_cost = *objective == Objective::LeastCost;
    let uncoverable = if least_cost { verify::uncoverable(problem, Some(backhaul)) } else { Vec::new() };
    if !uncoverable.is_empty() && !options.allow_uncoverable {
        return Ok(Solution::without_plan(Status::Infeasible, uncoverable));
    }
    let graph = Graph::new(problem, backhaul, objective);
    control.tell("reduced", None, None);
    let Some(Found { tree, bound }) = search(&graph, options, control) else {
        return Ok(Solution::without_plan(Status::NoPlan, uncoverable));
    };
    let mut hops: Vec<_> = tree.arcs().iter().map(|&a| graph.edges[a as usize].hop).collect();
    hops.sort_by_key(|h| h.to);
    let mut chosen: Vec<u32> = hops.iter().map(|h| h.to).chain(problem.fixed().iter().copied()).collect();
    chosen.sort_unstable();
    let (value, bound) = if least_cost {
        let value = tree.price(&graph);
        (value, bound.min(value))
    } else {
        let value = problem.weight_of(&chosen);
        (value, (graph.base + bound).max(value))
    };
    let claim = Claim { chosen: &chosen, hops: &hops, objective: Some(value), excused: &uncoverable };
    let faults = verify::check(problem, Some(backhaul), objective, &claim, &Names::NUMBERS);
    if !faults.is_empty() {
        return Err(SolveError::Contradiction { faults });
    }
    let status = if proven(value, bound) { Status::Optimal } else { Status::Feasible };
    Ok(Solution { status, objective: Some(value), bound: Some(bound), chosen, hops, uncoverable })
}

/// The plan and the bound; `None` only when stopped before there was a plan.
fn search(graph: &Graph, options: &SolveOptions, control: &Control<'_>) -> Option<Found> {
    let mut grower = Grower::new(graph);
    let first = improve::grown(&mut grower, graph, &graph.prices());
    if !improve::is_plan(graph, &first) {
        return None;
    }
    let shown = |tree: &Tree| if graph.limit.is_some() { graph.base + tree.weight(graph) } else { tree.price(graph) };
    control.tell("greedy", Some(shown(&first)), None);
    let looks = first.arcs().len().max(1) * graph.edges.len().max(1) * (graph.layers().max(1) as usize);
    let rounds = ROUNDS.min(ROUNDS_PER_GROUP * graph.groups()).min(LOOKS / looks + 1);
    let tree = improve::improve(graph, &first, rounds, options.seed, &control.share(0.3));
    control.tell("local search", Some(shown(&tree)), None);
    let mut proof = Proof::new(graph, options, tree);
    if !proof.done() && !control.stop() {
        proof.run(control);
    }
    let bound = proof.bound();
    proof.tell("done", control);
    Some(Found { tree: proof.best, bound })
}
