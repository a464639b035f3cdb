//! The planning solver: covering problems from reductions to proof.
//!
//! In: a [`Covering`] (costs, weights, who covers whom, what stands already) and an [`Objective`]. Out: a [`Solution`],
//! whose status says what is proven about it. The path: valid reductions, greedy (CELF: Leskovec et al., KDD 2007),
//! local search (row weighting: Gao et al., EJOR 246 (2015) 750–761; swaps for coverage), Lagrangian bound (Caprara,
//! Fischetti & Toth, Oper. Res. 47 (1999) 730–743), reduced-cost fixing, and HiGHS's branch and bound on what is left.
//!
//! Repeatable: random choices come from one seed, and without a deadline every limit is a count. A deadline or a
//! cancellation is the only thing that makes two runs differ. Covering with backhaul, or under [`Rules`], is a problem of
//! its own, [`solve_joint`].

mod backhaul;
mod control;
mod covering;
mod exact;
mod greedy;
mod highs_hook;
mod joint;
mod lagrange;
mod least_cost;
mod mip;
mod most_weight;
mod numbers;
mod pareto;
mod reduce;
pub(crate) mod rules;
mod schedule;
mod swap;
mod weight_bound;
mod weighting;

pub use backhaul::{Arc, ArcError, Backhaul, Hop, Node};
pub use control::{Control, Progress};
pub use covering::{Covering, CoveringError, Csr};
pub use joint::solve_joint;
pub use numbers::gap_between;
pub use pareto::{ParetoPoint, pareto};
pub use rules::{Assignment, Least, RuleName, Rules, Share};
pub use schedule::{Programme, Schedule, Wish, Work, schedule};

use crate::planning::verify::{self, Claim, Names};
use serde::{Deserialize, Serialize};

/// What to optimise.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Objective {
    /// Least total cost that covers every demand, whatever its weight.
    LeastCost,
    /// Most weight with a number of new sites; candidates that stand already do not count.
    MostWeightSites {
        /// Most candidates that may be chosen beside the fixed ones; 0 is allowed.
        max_sites: u32,
    },
    /// Most weight for an amount of money.
    MostWeightBudget {
        /// Most that the chosen candidates may cost together, finite and ≥ 0, in the unit of the costs.
        budget: f64,
    },
}

/// How hard to try.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SolveOptions {
    /// Stop when the relative gap is at most this; 0 asks for proof. Finite and ≥ 0.
    pub gap: f64,
    /// Leave out the exact phase: heuristics and the Lagrangian bound only.
    pub heuristic: bool,
    /// Seed of every random choice.
    pub seed: u64,
    /// Leave demands that no candidate serves uncovered, instead of calling the problem infeasible.
    pub allow_uncoverable: bool,
    /// Most nodes of branch and bound in its last run; absent: until proof.
    pub nodes: Option<i32>,
}

/// What is known about the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The bound proves the plan: |objective − bound| ≤ 1e-6·max(1, |objective|).
    Optimal,
    /// A plan without that proof.
    Feasible,
    /// No plan exists; [`Solution::uncoverable`] says why.
    Infeasible,
    /// A limit came before any plan was found.
    NoPlan,
}

/// A plan and what is proven about it. All numbers are those of the [`Covering`].
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// What is known.
    pub status: Status,
    /// Cost or weight of the plan, when there is one.
    pub objective: Option<f64>,
    /// No plan costs less (least cost), or none serves more (most weight).
    pub bound: Option<f64>,
    /// Chosen candidates, the fixed ones included, increasing.
    pub chosen: Vec<u32>,
    /// Chosen hops, by the candidate they connect; none without backhaul.
    pub hops: Vec<Hop>,
    /// Who serves whom, increasing; where rules ask for redundancy, capacities or floors.
    pub assignments: Vec<Assignment>,
    /// Demands that cannot be served, see [`verify::uncoverable`]; listed for least cost only.
    pub uncoverable: Vec<u32>,
    /// Rules and limits that exclude every plan together, when that is proven: as far as it could be told, none of them
    /// could be left out. Empty where no rule is needed for that.
    pub conflict: Vec<RuleName>,
}

impl Solution {
    /// No plan.
    fn without_plan(status: Status, uncoverable: Vec<u32>) -> Self {
        Self {
            status,
            objective: None,
            bound: None,
            chosen: Vec::new(),
            hops: Vec::new(),
            assignments: Vec::new(),
            uncoverable,
            conflict: Vec::new(),
        }
    }

    /// Relative distance between objective and bound, see [`gap_between`]; absent without both.
    pub fn gap(&self) -> Option<f64> {
        Some(gap_between(self.objective?, self.bound?))
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SolveError {
    /// The parts of the problem do not fit together: a fault of the caller.
    #[error("the problem cannot be solved as it stands: {}", faults.join("; "))]
    Input {
        /// What is wrong.
        faults: Vec<String>,
    },
    /// The solver contradicted itself: a fault of this crate, never of the input.
    #[error("the solver's plan does not stand up to verification: {}", faults.join("; "))]
    Contradiction {
        /// What the independent check found.
        faults: Vec<String>,
    },
}

/// A finding of one of the two drivers, before verification.
struct Found {
    chosen: Vec<u32>,
    bound: f64,
}

/// Solves a covering problem. Every plan is checked by [`crate::planning::verify`] before it is returned.
///
/// # Errors
/// [`SolveError::Contradiction`] when that check fails. Infeasibility and limits are not errors: see [`Status`].
pub fn solve(
    problem: &Covering,
    objective: &Objective,
    options: &SolveOptions,
    control: &Control<'_>,
) -> Result<Solution, SolveError> {
    let mut uncoverable = Vec::new();
    let found = match *objective {
        Objective::LeastCost => {
            uncoverable = problem.uncoverable();
            if !uncoverable.is_empty() && !options.allow_uncoverable {
                return Ok(Solution::without_plan(Status::Infeasible, uncoverable));
            }
            least_cost::solve(problem, options, control)
        }
        Objective::MostWeightSites { max_sites } => {
            Some(most_weight::solve(problem, most_weight::Limit::Sites(max_sites), options, control))
        }
        Objective::MostWeightBudget { budget } => {
            Some(most_weight::solve(problem, most_weight::Limit::Budget(budget), options, control))
        }
    };
    let Some(Found { mut chosen, mut bound }) = found else {
        return Ok(Solution::without_plan(Status::NoPlan, uncoverable));
    };
    chosen.extend_from_slice(problem.fixed());
    chosen.sort_unstable();
    chosen.dedup();
    let value = if *objective == Objective::LeastCost {
        let cost = problem.cost_of(&chosen);
        bound = bound.min(cost);
        cost
    } else {
        let weight = problem.weight_of(&chosen);
        bound = bound.max(weight);
        weight
    };
    let claim = Claim { chosen: &chosen, objective: Some(value), excused: &uncoverable, ..Claim::default() };
    let faults = verify::check(problem, None, &Rules::default(), objective, &claim, &Names::NUMBERS);
    if !faults.is_empty() {
        return Err(SolveError::Contradiction { faults });
    }
    let status = if numbers::proven(value, bound) { Status::Optimal } else { Status::Feasible };
    let (objective, bound) = (Some(value), Some(bound));
    Ok(Solution { objective, bound, chosen, ..Solution::without_plan(status, uncoverable) })
}

/// Solves a problem with or without backhaul, with or without rules, by [`solve`] or [`solve_joint`].
///
/// # Errors
/// Those of [`solve_joint`].
pub fn solve_with(
    problem: &Covering,
    backhaul: Option<&Backhaul>,
    rules: &Rules,
    objective: &Objective,
    options: &SolveOptions,
    control: &Control<'_>,
) -> Result<Solution, SolveError> {
    match backhaul {
        Some(backhaul) => solve_joint(problem, backhaul, rules, objective, options, control),
        None if rules.is_none() => solve(problem, objective, options, control),
        None => {
            let star = star(problem);
            let solution = solve_joint(problem, &star, rules, objective, options, control)?;
            Ok(Solution { hops: Vec::new(), ..solution })
        }
    }
}

/// Backhaul that connects every candidate for nothing.
fn star(problem: &Covering) -> Backhaul {
    let arc = |to| Arc { from: Node::Root(0), to, cost: 0.0, hops: 1 };
    Backhaul { roots: 1, arcs: (0..problem.candidates() as u32).map(arc).collect(), max_hops: None }
}
