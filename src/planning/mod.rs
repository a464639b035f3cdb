//! Which sites to build: candidates, coverage matrix, optimisation, plan.

mod candidate;
mod plan;

pub use candidate::{Candidate, Origin, SiteCost};
pub use plan::{Outcome, Plan, PlanStatus, PlannedSite, RankedCandidate};

/// x
pub fn check_objective(_: &crate::study::Planning, _: &str) -> Result<(), crate::problem::Problem> {
    Ok(())
}
