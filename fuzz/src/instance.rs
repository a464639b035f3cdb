//! A covering instance: refused with problems, or checked numbers; where it is tiny, a plan that passes the verifier and is
//! as good as trying every set of candidates.

use notspot::planning::instance::{self, Instance};
use notspot::planning::solver::{Control, Covering, Objective, SolveOptions, Status, solve};
use notspot::planning::verify::{self, Claim, Names};

const FILE: &str = "instance.json";

/// More than these are not solved: every subset is tried.
const MOST_CANDIDATES: usize = 8;
const MOST_DEMANDS: usize = 16;

/// Asserts it for one document; one of odd length is solved without the exact phase.
pub fn run(bytes: &[u8]) {
    let instance = match instance::read(bytes, FILE) {
        Ok(instance) => instance,
        Err(problems) => return super::check_refusal(&problems, FILE, bytes),
    };
    let covering = &instance.covering;
    assert_eq!((covering.candidates(), covering.demands()), (instance.candidates.len(), instance.demands.len()));
    if covering.candidates() <= MOST_CANDIDATES && covering.demands() <= MOST_DEMANDS && is_plain(&instance) {
        check_solution(&instance, bytes.len() % 2 == 1);
    }
}

/// Amounts of sizes that people use: sums of others lose digits to rounding.
fn is_plain(instance: &Instance) -> bool {
    let budget = match instance.objective {
        Objective::MostWeightBudget { budget } => Some(budget),
        _ => None,
    };
    let covering = &instance.covering;
    covering.costs().iter().chain(covering.weights()).chain(&budget).all(|&x| x == 0.0 || (1e-3..=1e9).contains(&x))
}

fn check_solution(instance: &Instance, heuristic: bool) {
    let (covering, objective) = (&instance.covering, &instance.objective);
    let options = SolveOptions { heuristic, ..SolveOptions::default() };
    let solution = solve(covering, objective, &options, &Control::default()).expect("a plan that stands up");
    let best = best_of_all(covering, objective);
    let Some(value) = solution.objective else {
        assert_eq!((solution.status, best), (Status::Infeasible, None));
        return;
    };
    let (chosen, excused) = (&solution.chosen, &solution.uncoverable);
    let claim = Claim { chosen, hops: &solution.hops, objective: Some(value), excused };
    let faults = verify::check(covering, None, objective, &claim, &Names::NUMBERS);
    assert!(faults.is_empty(), "{faults:?}");
    let best = best.expect("a plan exists, so trying every set finds one");
    let bound = solution.bound.expect("a plan comes with a bound");
    let slack = 1e-6 * best.abs().max(1.0);
    let (low, high) = if *objective == Objective::LeastCost { (bound, value) } else { (value, bound) };
    assert!(low - slack <= best && best <= high + slack, "{low} to {high} does not hold the best, {best}");
    if solution.status == Status::Optimal {
        assert!((value - best).abs() <= 2.0 * slack, "{value} is called optimal, the best is {best}");
    }
    assert!(heuristic || solution.status == Status::Optimal, "{:?} without a limit", solution.status);
}

/// The best value over all sets of candidates; `None` where no set covers what must be covered.
fn best_of_all(covering: &Covering, objective: &Objective) -> Option<f64> {
    let sets = (0..1u32 << covering.candidates()).map(|bits| {
        let in_set = |&j: &u32| bits >> j & 1 == 1;
        (0..covering.candidates() as u32).filter(in_set).collect::<Vec<u32>>()
    });
    let stands = |set: &Vec<u32>| covering.fixed().iter().all(|j| set.contains(j));
    let new_sites = |set: &[u32]| set.len() - covering.fixed().len();
    let sets = sets.filter(stands);
    match *objective {
        Objective::LeastCost => {
            let covers_all = |set: &Vec<u32>| {
                (0..covering.demands() as u32).all(|i| covering.servers(i).iter().any(|j| set.contains(j)))
            };
            sets.filter(covers_all).map(|set| covering.cost_of(&set)).min_by(f64::total_cmp)
        }
        Objective::MostWeightSites { max_sites } => {
            let allowed = sets.filter(|set| new_sites(set) <= max_sites as usize);
            allowed.map(|set| covering.weight_of(&set)).max_by(f64::total_cmp)
        }
        Objective::MostWeightBudget { budget } => {
            let allowed = sets.filter(|set| covering.cost_of(set) <= budget);
            allowed.map(|set| covering.weight_of(&set)).max_by(f64::total_cmp)
        }
    }
}
