//! Assignments for a plan that states none: a model of its own, solved exactly.

use crate::planning::solver::rules::within;
use crate::planning::solver::{Assignment, Covering, Least, Objective, Rules};
use highs::{Col, HighsSolutionStatus, RowProblem, Sense};

/// Assignments to the active candidates that serve the most (every demand counting the same for least cost), or `None` when
/// none keeps the rules.
pub(super) fn find(
    problem: &Covering,
    rules: &Rules,
    objective: &Objective,
    active: &[bool],
) -> Option<Vec<Assignment>> {
    let mut model = RowProblem::new();
    let worth = |i: u32| if *objective == Objective::LeastCost { 1.0 } else { problem.weights()[i as usize] };
    let served: Vec<Col> = (0..problem.demands() as u32).map(|i| model.add_integer_column(worth(i), 0..=1)).collect();
    let mut pairs: Vec<(Assignment, Col)> = Vec::new();
    for demand in 0..problem.demands() as u32 {
        let first = pairs.len();
        for &candidate in problem.servers(demand).iter().filter(|&&j| active[j as usize]) {
            if within(rules.load(demand), rules.capacity(candidate)) {
                pairs.push((Assignment { demand, candidate }, model.add_integer_column(0.0, 0..=1)));
            }
        }
        let own = &pairs[first..];
        let all = own.iter().map(|p| (p.1, 1.0)).chain([(served[demand as usize], -f64::from(rules.need(demand)))]);
        model.add_row(0..=0, all);
        let mut places: Vec<u32> = own.iter().map(|p| rules.place(p.0.candidate)).collect();
        places.sort_unstable();
        places.dedup();
        for place in places {
            let here = own.iter().filter(|p| rules.place(p.0.candidate) == place).map(|p| (p.1, 1.0));
            model.add_row(..=1, here);
        }
    }
    for j in (0..problem.candidates() as u32).filter(|&j| active[j as usize]) {
        let own = |amount: &dyn Fn(u32) -> f64| {
            let here = pairs.iter().filter(|p| p.0.candidate == j);
            here.map(|p| (p.1, amount(p.0.demand))).collect::<Vec<_>>()
        };
        if rules.capacity(j).is_finite() {
            model.add_row(..=rules.capacity(j), own(&|i| rules.load(i)));
        }
        if rules.floor(j) > 0.0 && problem.fixed().binary_search(&j).is_err() {
            model.add_row(rules.floor(j).., own(&|i| problem.weights()[i as usize]));
        }
    }
    for share in &rules.shares {
        let (least, weights): (f64, &dyn Fn(u32) -> f64) = match share.least {
            Least::Count(n) => (f64::from(n), &|_| 1.0),
            Least::Weight(w) => (w, &|i| problem.weights()[i as usize]),
        };
        model.add_row(least.., share.demands.iter().map(|&i| (served[i as usize], weights(i))));
    }
    let mut model = model.try_optimise(Sense::Maximise).ok()?;
    model.make_quiet();
    model.try_set_option("threads", 1).ok()?;
    model.try_set_option("mip_rel_gap", 0.0).ok()?;
    let solved = model.try_solve().ok()?;
    if solved.primal_solution_status() != HighsSolutionStatus::Feasible {
        return None;
    }
    let values = solved.get_solution().columns().to_vec();
    let at = served.len();
    Some(pairs.iter().enumerate().filter(|&(k, _)| values[at + k] > 0.5).map(|(_, p)| p.0).collect())
}
