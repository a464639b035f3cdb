//! Least cost so that every village that can be served is served.

use super::ObjectiveEntry;
use crate::planning::solver::Objective;

pub(super) const ENTRY: ObjectiveEntry = ObjectiveEntry {
    id: "least-cost",
    summary: "least cost so that every village that some candidate reaches is served",
    build: |_| Ok(Objective::LeastCost),
};
