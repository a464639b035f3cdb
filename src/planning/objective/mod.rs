//! What a plan is for: one file per objective, one line each in the registry.

mod least_cost;
mod most_people_budget;
mod most_people_sites;

use super::solver::Objective;
use crate::problem::{Problem, did_you_mean};
use crate::study::Planning;

/// An objective as the study file and the reports see it.
pub struct ObjectiveEntry {
    /// Id in the study file.
    pub id: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Turns the study's parameters into the solver's objective, or names the key that is missing or wrong and what is needed.
    pub build: fn(&Planning) -> Result<Objective, (&'static str, String)>,
}

/// Registry of objectives.
pub static OBJECTIVES: &[ObjectiveEntry] = &[least_cost::ENTRY, most_people_budget::ENTRY, most_people_sites::ENTRY];

/// The objective that a study asks for.
///
/// # Errors
/// An unknown id, or a key that the objective needs and the study does not give; `file` is the study file's name.
pub fn find_objective(planning: &Planning, file: &str) -> Result<(&'static ObjectiveEntry, Objective), Problem> {
    let Some(entry) = OBJECTIVES.iter().find(|o| o.id == planning.objective) else {
        let ids = || OBJECTIVES.iter().map(|o| o.id);
        let known = ids().collect::<Vec<_>>().join(", ");
        let mut problem = Problem::error(file, format!("is no objective; known are {known}"))
            .in_field("planning.objective")
            .with_value(&planning.objective);
        problem.suggestion = did_you_mean(&planning.objective, ids());
        return Err(problem);
    };
    let objective = (entry.build)(planning)
        .map_err(|(field, message)| Problem::error(file, message).in_field(format!("planning.{field}")))?;
    Ok((entry, objective))
}
