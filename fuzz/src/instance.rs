//! A covering instance: refused with problems, or checked numbers; where it is tiny, a plan that passes the verifier and,
//! without backhaul and rules, is as good as trying every set of candidates.

use notspot::planning::instance::{self, Instance};
use notspot::planning::solver::{
    Control, Covering, Least, Objective, Rules, Solution, SolveOptions, Status, solve, solve_with,
};
use notspot::planning::verify::{self, Claim, Names};

const FILE: &str = "instance.json";

/// More than these are not solved: every subset is tried.
const MOST_CANDIDATES: usize = 8;
const MOST_DEMANDS: usize = 16;
const MOST_ARCS: usize = 40;

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
        if instance.backhaul.as_ref().is_none_or(|b| b.arcs.len() <= MOST_ARCS) {
            check_whole(&instance, bytes.len() % 2 == 1);
        }
    }
}

/// Amounts of sizes that people use: sums of others lose digits to rounding.
fn is_plain(instance: &Instance) -> bool {
    let budget = match instance.objective {
        Objective::MostWeightBudget { budget } => Some(budget),
        _ => None,
    };
    let (covering, rules) = (&instance.covering, &instance.rules);
    let arcs = instance.backhaul.iter().flat_map(|b| &b.arcs).map(|a| &a.cost);
    let shares = rules.shares.iter().filter_map(|s| match &s.least {
        Least::Weight(weight) => Some(weight),
        Least::Count(_) => None,
    });
    let of_rules = rules.loads.iter().chain(&rules.floors).chain(shares);
    let of_rules = of_rules.chain(rules.capacities.iter().filter(|c| c.is_finite()));
    let amounts = covering.costs().iter().chain(covering.weights()).chain(&budget).chain(arcs).chain(of_rules);
    amounts.into_iter().all(|&x| x == 0.0 || (1e-3..=1e9).contains(&x))
}

/// The whole problem, with backhaul and rules: the plan stands up to the check, its bound is on the right side, and without
/// the heuristic's shortcut it is proven.
fn check_whole(instance: &Instance, heuristic: bool) {
    let (covering, backhaul, rules) = (&instance.covering, instance.backhaul.as_ref(), &instance.rules);
    let options = SolveOptions { heuristic, ..SolveOptions::default() };
    let run = |options: &SolveOptions| {
        let control = Control::default();
        solve_with(covering, backhaul, rules, &instance.objective, options, &control).expect("a plan that stands up")
    };
    let Solution { status, objective, bound, .. } = run(&options);
    assert!(heuristic || matches!(status, Status::Optimal | Status::Infeasible), "{status:?} without a limit");
    let (Some(value), Some(bound)) = (objective, bound) else { return };
    let (low, high) = if instance.objective == Objective::LeastCost { (bound, value) } else { (value, bound) };
    let slack = 1e-6 * value.abs().max(1.0);
    assert!(low <= high + slack, "{low} is not below {high}");
    if let (true, Some(exact)) = (heuristic, run(&SolveOptions::default()).objective) {
        assert!(low - slack <= exact && exact <= high + slack, "{low} to {high} does not hold the best, {exact}");
    }
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
    let claim = Claim { chosen, objective: Some(value), excused, ..Claim::default() };
    let faults = verify::check(covering, None, &Rules::default(), objective, &claim, &Names::NUMBERS);
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
