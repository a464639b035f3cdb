//! Most people newly served with a number of sites.

use super::ObjectiveEntry;
use crate::planning::solver::Objective;

pub(super) const ENTRY: ObjectiveEntry = ObjectiveEntry {
    id: "most-people-sites",
    summary: "most people newly served with at most max_sites sites",
    build: |planning| match planning.max_sites {
        Some(max_sites) if max_sites > 0 => Ok(Objective::MostWeightSites { max_sites }),
        Some(_) => Err(("max_sites", "is 0; at least 1 site is needed".into())),
        None => Err(("max_sites", "is missing; the objective most-people-sites needs it".into())),
    },
};
