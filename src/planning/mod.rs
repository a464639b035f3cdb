//! Which sites to build: candidates, coverage matrix, optimisation, plan.
//!
//! In: a study and its villages without service. Out: a [`Plan`] with its proof, or a bare covering [`Instance`]
//! solved by the same solver. Coverage, cost and connection of a new site are as good as the study's models of them.

pub mod backhaul;
mod build;
mod candidate;
mod candidates;
pub mod instance;
mod matrix;
pub mod objective;
mod plan;
mod sites;
pub mod solver;
pub mod verify;

pub use build::{PlanError, dark_villages, make_plan};
pub use candidate::{Candidate, CostParts, Origin, SiteCost};
pub use instance::Instance;
pub use matrix::{CoverageMatrix, Covered, LEAST_PROBABILITY, MatrixRow, Sector, coverage_matrix};
pub use plan::{Outcome, Plan, PlanStatus, PlannedSite, RankedCandidate};
pub use sites::{Sites, find_sites};
