//! Which sites to build: candidates, coverage matrix, optimisation, plan.
//!
//! In: a study and its villages without service. Out: a [`Plan`] with its proof, or a bare covering [`Instance`]
//! solved by the same solver. Coverage, cost and connection of a new site are as good as the study's models of them.

mod assemble;
pub mod backhaul;
mod build;
mod candidate;
mod candidates;
mod cheapest;
mod explain;
pub mod instance;
mod matrix;
mod money;
pub mod objective;
mod plan;
mod plan_rules;
mod power;
mod programme;
mod sites;
pub mod solver;
pub mod verify;
mod village_ways;
mod years;

pub use build::{PlanError, dark_villages, make_plan};
pub use candidate::{Candidate, Origin, SiteCost};
pub use instance::Instance;
pub use matrix::{CoverageMatrix, Covered, LEAST_PROBABILITY, MatrixRow, Sector, coverage_matrix};
pub use money::Money;
pub use plan::{
    CheapestWay, LeftOutReason, LinkStart, Outcome, Plan, PlanStatus, PlannedLink, PlannedRadio, PlannedSite,
    PlannedWay, PlannedYear, PlannedYears, RankedCandidate,
};
pub use power::{PowerSource, PowerSupply};
pub use sites::{Sites, find_sites};
pub use village_ways::{VillageWay, WayKind};
