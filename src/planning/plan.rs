//! What to build, and what becomes of every village.

use super::candidate::Candidate;
use serde::{Deserialize, Serialize};

/// How an optimisation ended. An outcome is data, not an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanStatus {
    /// Proven best.
    Optimal,
    /// A plan within `gap` of the best that could exist.
    Feasible,
    /// No plan can satisfy the constraints.
    Infeasible,
    /// Nothing needs to be built.
    NothingToDo,
}

/// A site that the plan builds.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedSite {
    /// Index in [`Plan::candidates`].
    pub candidate: usize,
    /// Place in the order of building, from 1: each next site is the one that newly serves the most weight per cost.
    pub order: usize,
    /// Villages that it is the first to serve in that order, indices in the study.
    pub newly_served: Vec<usize>,
    /// Villages that no other site of the plan serves.
    pub only_here: Vec<usize>,
}

/// A candidate in the ranking that looks at each one alone.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedCandidate {
    /// Index in [`Plan::candidates`].
    pub candidate: usize,
    /// People that it would newly serve if it alone were built.
    pub people: u64,
    /// Villages that it would newly serve.
    pub villages: usize,
    /// Weight (people times priority) divided by its cost in million VND.
    pub weight_per_cost: f64,
}

/// Why a village stays without service, or which site ends it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Newly served by the site at this index in [`Plan::sites`].
    ServedBy(usize),
    /// No candidate reaches it.
    NoCandidate,
    /// No candidate is known to reach it, but terrain is missing on the way from some.
    TerrainMissing,
    /// Candidates reach it, but the plan's limits leave it out. The cheapest of them, index in [`Plan::candidates`].
    LeftOut {
        /// Index in [`Plan::candidates`].
        cheapest: usize,
    },
}

/// The plan with its proof.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Id of the objective.
    pub objective: &'static str,
    /// How the optimisation ended.
    pub status: PlanStatus,
    /// Value of the objective: million VND for a least-cost objective, weight (people times priority) for the others.
    pub value: f64,
    /// What no plan can beat.
    pub bound: f64,
    /// |value − bound| / max(1, |value|).
    pub gap: f64,
    /// Everything that could be built.
    pub candidates: Vec<Candidate>,
    /// What is built, in order.
    pub sites: Vec<PlannedSite>,
    /// All candidates by newly served weight per cost, best first.
    pub ranking: Vec<RankedCandidate>,
    /// One per village that lacks the service: index in the study and what becomes of it.
    pub outcomes: Vec<(usize, Outcome)>,
}

impl Plan {
    /// Cost of all planned sites, million VND.
    pub fn cost(&self) -> f64 {
        self.sites.iter().map(|site| self.candidates[site.candidate].cost.total).fold(0.0, |sum, cost| sum + cost)
    }
}
