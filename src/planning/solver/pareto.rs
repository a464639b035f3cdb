//! The curve of cost against weight: the most weight for each of several budgets, from nothing to full service.

use super::joint::solve_from;
use super::numbers::proven;
use super::{
    Backhaul, Control, Covering, Node, Objective, Rules, Solution, SolveError, SolveOptions, Status, solve, star,
};
use std::collections::HashMap;

/// A point of the curve.
#[derive(Debug, Clone, PartialEq)]
pub struct ParetoPoint {
    /// The most that may be spent.
    pub budget: f64,
    /// What the plan costs, hops included; absent without a plan.
    pub cost: Option<f64>,
    /// The plan of most weight for that budget, its bound and whether that proves it.
    pub solution: Solution,
}

/// The most weight for budgets at equal steps from 0 to the least cost of full service, both included: `steps` + 1 points
/// (one where full service costs nothing), fewer when stopped. Demands that cannot be served are left out of full service;
/// where no plan serves all others, the last budget is what a plan of most weight costs. From point to point neither weight
/// nor bound falls. Each point starts from the plan before it; [`SolveOptions::nodes`] limits the work on each.
///
/// # Errors
/// Those of [`super::solve_joint`].
pub fn pareto(
    problem: &Covering,
    backhaul: Option<&Backhaul>,
    rules: &Rules,
    steps: u32,
    options: &SolveOptions,
    control: &Control<'_>,
) -> Result<Vec<ParetoPoint>, SolveError> {
    let star = star(problem);
    let net = backhaul.unwrap_or(&star);
    let run = |objective: Objective, known: &Solution| {
        let plain = backhaul.is_none() && rules.is_none();
        let options = SolveOptions { allow_uncoverable: true, ..*options };
        match plain {
            true => solve(problem, &objective, &options, control),
            false => solve_from(problem, net, rules, &objective, &known.hops, &options, control),
        }
    };
    let nothing = Solution::without_plan(Status::NoPlan, Vec::new());
    let mut full = run(Objective::LeastCost, &nothing)?;
    if full.objective.is_none() {
        full = run(Objective::MostWeightBudget { budget: f64::MAX }, &nothing)?;
    }
    let costs = Costs::new(problem, backhaul);
    let top = if full.objective.is_some() { costs.of(&full) } else { 0.0 };
    let steps = if top > 0.0 { steps.max(1) } else { 0 };
    let mut points: Vec<ParetoPoint> = Vec::new();
    for k in 0..=steps {
        if control.stop() {
            break;
        }
        let budget = if k == steps { top } else { top * f64::from(k) / f64::from(steps) };
        let known = points.last().map_or(&nothing, |p| &p.solution);
        let known = if k == steps { &full } else { known };
        let mut solution = run(Objective::MostWeightBudget { budget }, known)?;
        if let Some(before) = points.last().map(|p| &p.solution).filter(|p| p.objective > solution.objective) {
            // A plan for less money is one for more.
            solution = Solution { bound: solution.bound.or(before.bound), ..before.clone() };
        }
        let cost = solution.objective.map(|_| costs.of(&solution));
        points.push(ParetoPoint { budget, cost, solution });
    }
    let mut least = f64::INFINITY;
    for Solution { objective, bound, status, .. } in points.iter_mut().rev().map(|p| &mut p.solution) {
        // What no plan can reach with more money, none can with less.
        let (Some(value), Some(bound)) = (*objective, bound.as_mut()) else { continue };
        least = least.min(*bound).max(value);
        *bound = least;
        *status = if proven(value, least) { Status::Optimal } else { Status::Feasible };
    }
    Ok(points)
}

/// What plans cost.
struct Costs<'a> {
    problem: &'a Covering,
    hops: HashMap<(Node, u32), f64>,
}

impl<'a> Costs<'a> {
    fn new(problem: &'a Covering, backhaul: Option<&Backhaul>) -> Self {
        let mut hops: HashMap<(Node, u32), f64> = HashMap::new();
        for arc in backhaul.iter().flat_map(|b| &b.arcs) {
            let least = hops.entry((arc.from, arc.to)).or_insert(arc.cost);
            *least = least.min(arc.cost);
        }
        Self { problem, hops }
    }

    fn of(&self, solution: &Solution) -> f64 {
        let hop = |hop: &super::Hop| self.hops.get(&(hop.from, hop.to)).copied().unwrap_or(0.0);
        solution.hops.iter().map(hop).fold(self.problem.cost_of(&solution.chosen), |sum, cost| sum + cost)
    }
}
