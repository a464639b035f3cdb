//! Most people newly served within a budget.

use super::ObjectiveEntry;
use crate::planning::solver::Objective;

pub(super) const ENTRY: ObjectiveEntry = ObjectiveEntry {
    id: "most-people-budget",
    summary: "most people newly served within budget_million_vnd",
    build: |planning| match planning.budget() {
        Some(budget) => Ok(Objective::MostWeightBudget { budget }),
        None => Err((
            "budget_million_vnd",
            "is missing, as are planning.phases; the objective most-people-budget needs a budget".into(),
        )),
    },
};
