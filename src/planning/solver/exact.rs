//! Branch and bound by HiGHS on a core problem, warm-started, with zero gap.

use super::control::Control;
use super::covering::Covering;
use super::mip::{Answer, Effort, Job};
use super::most_weight::Limit;
use super::numbers::Grain;
use highs::{ColProblem, Sense};

/// Where objectives are whole numbers, a plan within this of the bound cannot be improved.
const WHOLE_GAP: f64 = 0.9;

/// What HiGHS's tolerances (1e-6) may have added to a whole-number bound before it is rounded; with [`WHOLE_GAP`] below 1.
fn slack(bound: f64) -> f64 {
    (1e-6 * bound.abs()).min(0.05)
}

/// Least cost that covers every demand of the core.
pub(super) fn full_cover(core: &Covering, warm: &[u32], grain: Grain, effort: Effort, control: &Control<'_>) -> Answer {
    if core.demands() == 0 {
        // HiGHS states no bound of a model without rows.
        return Answer { plan: Some(Vec::new()), bound: 0.0, infeasible: false };
    }
    let mut problem = ColProblem::new();
    let rows: Vec<highs::Row> = (0..core.demands()).map(|_| problem.add_row(1..)).collect();
    let mut start = vec![0.0; core.candidates()];
    for j in 0..core.candidates() as u32 {
        let entries = core.covers(j).iter().map(|&i| (rows[i as usize], 1.0));
        problem.add_integer_column(grain.count(core.costs()[j as usize]), 0..=1, entries);
    }
    warm.iter().for_each(|&j| start[j as usize] = 1.0);
    let costs = core.costs().iter().map(|&c| grain.count(c)).collect();
    let absolute_gap = if grain.unit() > 0.0 { WHOLE_GAP } else { 1e-7 };
    let (choices, sense) = (core.candidates(), Sense::Minimise);
    let mut answer = Job { problem, costs, sense, warm: Some(start), effort, absolute_gap, choices }.run(control);
    if grain.unit() > 0.0 {
        answer.bound = grain.round_up((answer.bound - slack(answer.bound)) * grain.unit());
    }
    // A plan of an inexact solver counts only when it covers everything.
    answer.plan = answer.plan.filter(|plan| covers_all(core, plan));
    answer
}

fn covers_all(core: &Covering, plan: &[u32]) -> bool {
    let mut served = vec![false; core.demands()];
    plan.iter().for_each(|&j| core.covers(j).iter().for_each(|&i| served[i as usize] = true));
    served.into_iter().all(|s| s)
}

/// Most weight within a limit.
pub(super) fn most_weight(
    core: &Covering,
    limit: Limit,
    warm: &[u32],
    grain: Grain,
    effort: Effort,
    control: &Control<'_>,
) -> Answer {
    let mut problem = ColProblem::new();
    let rows: Vec<highs::Row> = (0..core.demands()).map(|_| problem.add_row(0..)).collect();
    let money = Grain::of(&(0..core.candidates() as u32).map(|j| limit.use_of(core, j)).collect::<Vec<_>>());
    let capacity = if money.unit() > 0.0 { (limit.amount() / money.unit() + 1e-6).floor() } else { limit.amount() };
    let purse = problem.add_row(..=capacity);
    let mut start = vec![0.0; core.candidates() + core.demands()];
    for j in 0..core.candidates() as u32 {
        let entries = core.covers(j).iter().map(|&i| (rows[i as usize], 1.0));
        let entries = entries.chain(std::iter::once((purse, money.count(limit.use_of(core, j)))));
        problem.add_integer_column(0.0, 0..=1, entries.collect::<Vec<_>>());
    }
    for (&row, &weight) in rows.iter().zip(core.weights()) {
        problem.add_column(grain.count(weight), 0..=1, [(row, -1.0)]);
    }
    for &j in warm {
        start[j as usize] = 1.0;
        core.covers(j).iter().for_each(|&i| start[core.candidates() + i as usize] = 1.0);
    }
    let mut costs = vec![0.0; core.candidates()];
    costs.extend(core.weights().iter().map(|&w| grain.count(w)));
    let absolute_gap = if grain.unit() > 0.0 { WHOLE_GAP } else { 1e-7 };
    let (choices, sense) = (core.candidates(), Sense::Maximise);
    let mut answer = Job { problem, costs, sense, warm: Some(start), effort, absolute_gap, choices }.run(control);
    if grain.unit() > 0.0 {
        answer.bound = grain.round_down((answer.bound + slack(answer.bound)) * grain.unit());
    }
    answer.plan = answer.plan.filter(|plan| limit.allows(core, plan));
    answer
}
