//! Checks a plan against its covering problem, whoever made it; shares no code with the solver's algorithms.
//!
//! In: the problem, what was to be optimised, the chosen candidates and what the plan claims. Out: sentences that say what
//! is wrong, none when the plan stands. Optimality is not checked, only that the plan is what it says it is.

use super::solver::{Covering, Objective};

/// Relative difference that is allowed between a stated and a recomputed amount.
const TOLERANCE: f64 = 1e-6;

/// What is wrong with a plan, by candidate and demand number; `excused` demands need no cover where no candidate serves
/// them. `claimed` is the objective that the plan states, if it does.
pub fn check(
    problem: &Covering,
    objective: &Objective,
    chosen: &[u32],
    claimed: Option<f64>,
    excused: &[u32],
) -> Vec<String> {
    let number = |what: &str, k: u32| format!("{what} number {k}");
    check_named(problem, objective, chosen, claimed, excused, &|j| number("candidate", j), &|i| number("demand", i))
}

/// The same with names for the sentences.
pub fn check_named(
    problem: &Covering,
    objective: &Objective,
    chosen: &[u32],
    claimed: Option<f64>,
    excused: &[u32],
    candidate: &dyn Fn(u32) -> String,
    demand: &dyn Fn(u32) -> String,
) -> Vec<String> {
    let mut faults = Vec::new();
    let mut times = vec![0usize; problem.candidates()];
    for &j in chosen {
        match times.get_mut(j as usize) {
            Some(times) => *times += 1,
            None => faults.push(format!("{} is chosen but does not exist", candidate(j))),
        }
    }
    for (j, &times) in times.iter().enumerate().filter(|&(_, &t)| t > 1) {
        faults.push(format!("{} is chosen {times} times", candidate(j as u32)));
    }
    // Candidates that stand already serve whether the plan repeats them or not, and use up nothing.
    let mut stands = vec![false; problem.candidates()];
    problem.fixed().iter().for_each(|&j| stands[j as usize] = true);
    let mut active: Vec<bool> = times.iter().map(|&t| t > 0).collect();
    let mut new_sites = 0usize;
    let mut cost = 0.0;
    for (j, _) in times.iter().enumerate().filter(|&(_, &t)| t > 0) {
        if !stands[j] {
            new_sites += 1;
            cost += problem.costs()[j];
        }
    }
    problem.fixed().iter().for_each(|&j| active[j as usize] = true);
    let mut weight = 0.0;
    let mut missed = Vec::new();
    for i in 0..problem.demands() as u32 {
        if problem.servers(i).iter().any(|&j| active[j as usize]) {
            weight += problem.weights()[i as usize];
        } else {
            missed.push(i);
        }
    }
    let value = match *objective {
        Objective::LeastCost => {
            for &i in &missed {
                let excuse = excused.contains(&i) && problem.servers(i).is_empty();
                if !excuse {
                    faults.push(format!("{} is not covered", demand(i)));
                }
            }
            cost
        }
        Objective::MostWeightSites { max_sites } => {
            if new_sites > max_sites as usize {
                faults.push(format!("{new_sites} sites are chosen, {max_sites} are allowed"));
            }
            weight
        }
        Objective::MostWeightBudget { budget } => {
            if cost > budget + 1e-9 * budget.max(1.0) {
                faults.push(format!("the plan costs {cost}, the budget is {budget}"));
            }
            weight
        }
    };
    if let Some(claimed) = claimed
        && (claimed.is_nan() || (claimed - value).abs() > TOLERANCE * value.abs().max(1.0))
    {
        faults.push(format!("the plan states an objective of {claimed}, but its own is {value}"));
    }
    faults
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::planning::solver::Csr;

    fn problem() -> Covering {
        let covers = Csr::from_rows([vec![0], vec![1], vec![0, 1]]);
        Covering::new(vec![1.0, 2.0, 4.0], vec![10.0, 20.0, 5.0], covers, vec![1]).unwrap()
    }

    #[test]
    fn right_plans_pass() {
        assert!(check(&problem(), &Objective::LeastCost, &[0, 1], Some(1.0), &[2]).is_empty());
        assert!(check(&problem(), &Objective::LeastCost, &[0], Some(1.0), &[2]).is_empty(), "fixed may be implied");
        let sites = Objective::MostWeightSites { max_sites: 1 };
        assert!(check(&problem(), &sites, &[0, 1], Some(30.0), &[]).is_empty());
        assert!(check(&problem(), &Objective::MostWeightBudget { budget: 0.0 }, &[1], Some(20.0), &[]).is_empty());
    }

    #[test]
    fn every_kind_of_fault_is_found() {
        let p = problem();
        let least = Objective::LeastCost;
        let says =
            |faults: Vec<String>, what: &str| assert!(faults.iter().any(|f| f.contains(what)), "{what}: {faults:?}");
        says(check(&p, &least, &[0, 0], None, &[2]), "2 times");
        says(check(&p, &least, &[9], None, &[2]), "does not exist");
        says(check(&p, &least, &[], None, &[2]), "demand number 0 is not covered");
        says(check(&p, &least, &[0], None, &[]), "demand number 2 is not covered");
        says(check(&p, &least, &[], None, &[0, 2]), "demand number 0 is not covered");
        says(check(&p, &least, &[0], Some(2.0), &[2]), "states an objective");
        says(check(&p, &least, &[0], Some(f64::NAN), &[2]), "states an objective");
        says(check(&p, &Objective::MostWeightSites { max_sites: 1 }, &[0, 2], None, &[]), "2 sites are chosen");
        says(check(&p, &Objective::MostWeightBudget { budget: 4.5 }, &[0, 2], None, &[]), "the plan costs 5");
    }
}
