//! Most people newly served within a budget.

use super::ObjectiveEntry;
use crate::planning::solver::Objective;

pub(super) const ENTRY: ObjectiveEntry = ObjectiveEntry {
    id: "most-people-budget",
    summary: "most people newly served within budget_million_vnd",
    build: |planning| match planning.budget_million_vnd {
        Some(budget) => Ok(Objective::MostWeightBudget { budget }),
        None => Err(("budget_million_vnd", "is missing; the objective most-people-budget needs it".into())),
    },
};
