//! A rigorous upper bound on the weight within a limit, which shrinks the problem as it improves.
//!
//! For 0 ≤ uᵢ ≤ wᵢ and any price λ ≥ 0: optimum ≤ Σ(wᵢ − uᵢ) + λ·P + Σⱼ max(0, Σ_{i∈j} uᵢ − λ·pⱼ), with pⱼ what
//! candidate j uses up of the limit P (Lagrangian relaxation of "served only by a chosen site"; Galvão & ReVelle, EJOR 88
//! (1996) 114–123). A candidate whose choice would push this to the known plan or below is out; one whose absence would is in.

use super::control::Control;
use super::covering::Covering;
use super::most_weight::Limit;
use super::numbers::{Grain, summation_error};
use super::reduce;
use rayon::prelude::*;

/// What the bound leaves of the problem.
pub(super) struct Rest {
    /// Nothing serves more than this.
    pub(super) upper: f64,
    /// The undecided part.
    pub(super) core: Covering,
    /// Original number of its candidates.
    pub(super) origin: Vec<u32>,
    /// Candidates that a better plan must hold.
    pub(super) forced: Vec<u32>,
    /// What the limit leaves for the rest.
    pub(super) limit: Limit,
    /// Weight that the forced candidates serve.
    pub(super) base: f64,
    /// The best plan met, in original numbers.
    pub(super) plan: Vec<u32>,
    /// Its weight.
    pub(super) lower: f64,
}

/// Improves the bound for at most `iterations` steps, starting from a known plan.
pub(super) fn shrink(
    problem: &Covering,
    limit: Limit,
    plan: &[u32],
    grain: Grain,
    iterations: usize,
    control: &Control<'_>,
) -> Rest {
    let mut rest = Rest {
        upper: problem.weights().iter().sum(),
        core: problem.clone(),
        origin: (0..problem.candidates() as u32).collect(),
        forced: Vec::new(),
        limit,
        base: 0.0,
        plan: plan.to_vec(),
        lower: problem.weight_of(plan),
    };
    let mut theta = start(problem, plan);
    let (mut step, mut stale, mut best_here) = (1.0, 0, f64::INFINITY);
    let mut best_theta = theta.clone();
    for _ in 0..iterations {
        if control.stop() || rest.upper <= rest.lower + 0.5 * grain.unit() || rest.core.candidates() == 0 {
            break;
        }
        let point = evaluate(&rest, &theta);
        if point.value < best_here {
            stale = if point.value < best_here - 1e-5 * best_here.abs() { 0 } else { stale + 1 };
            best_here = point.value;
            best_theta.copy_from_slice(&theta);
        } else {
            stale += 1;
        }
        rest.upper = rest.upper.min(grain.round_down(point.value)).max(rest.lower);
        let mut count = vec![0i32; rest.core.demands()];
        for &j in &point.taken {
            rest.core.covers(j).iter().for_each(|&i| count[i as usize] += 1);
        }
        let served = rest.core.weights().iter().zip(&count).filter(|&(_, &c)| c > 0).map(|(w, _)| w);
        if rest.base + served.sum::<f64>() > rest.lower {
            let taken = point.taken.iter().map(|&j| rest.origin[j as usize]);
            let better: Vec<u32> = rest.forced.iter().copied().chain(taken).collect();
            rest.lower = problem.weight_of(&better).max(rest.lower);
            rest.plan = better;
        }
        if stale >= 12 {
            step *= 0.6;
            stale = 0;
            theta.copy_from_slice(&best_theta);
            if step < 2e-3 {
                break;
            }
            continue;
        }
        let weights = rest.core.weights();
        let norm: f64 = weights.iter().zip(&count).map(|(w, &c)| w * f64::from(c - 1).powi(2)).sum();
        let length = step * (point.value - rest.lower).max(1e-7 * rest.lower.abs()) / norm.max(1e-12);
        // A better plan is better by a grain; at this point, decide what can be decided, and drop it.
        let goal = rest.lower + grain.unit() * (1.0 - 1e-6) - 1e-9 * rest.lower.abs();
        let out: Vec<bool> = point.if_in.iter().map(|&v| v < goal).collect();
        let inside: Vec<u32> = (0..out.len()).filter(|&j| point.if_out[j] < goal).map(|j| j as u32).collect();
        for (t, &c) in theta.iter_mut().zip(&count) {
            *t = (*t - length * f64::from(c - 1)).clamp(0.0, 1.0);
        }
        let gone = out.iter().filter(|&&o| o).count();
        if 5 * (gone + inside.len()) >= rest.core.candidates() || (rest.core.candidates() < 500 && gone > 20) {
            let kept = compact(&mut rest, &out, &inside);
            keep(&mut theta, &kept);
            keep(&mut best_theta, &kept);
        }
    }
    if rest.core.candidates() == 0 {
        rest.upper = rest.upper.min(rest.base.max(rest.lower));
    }
    rest
}

fn keep(values: &mut Vec<f64>, kept: &[bool]) {
    let mut flags = kept.iter();
    values.retain(|_| flags.next().is_some_and(|&k| k));
}

/// Multipliers (as shares of the weights) that make the plan's sites equally attractive.
fn start(problem: &Covering, plan: &[u32]) -> Vec<f64> {
    let mut count = vec![0u32; problem.demands()];
    let mut sole = vec![0u32; problem.demands()];
    for &j in plan {
        for &i in problem.covers(j) {
            count[i as usize] += 1;
            sole[i as usize] = j;
        }
    }
    let loss = |j: u32| -> f64 {
        let alone = problem.covers(j).iter().filter(|&&i| count[i as usize] == 1);
        alone.map(|&i| problem.weights()[i as usize]).sum()
    };
    let losses: std::collections::HashMap<u32, f64> = plan.iter().map(|&j| (j, loss(j))).collect();
    let least = losses.values().copied().fold(f64::INFINITY, f64::min);
    (0..count.len())
        .map(|i| match count[i] {
            0 => 1.0,
            1 => losses.get(&sole[i]).map_or(1.0, |l| (least / l.max(1e-12)).clamp(0.2, 1.0)),
            _ => 0.3,
        })
        .collect()
}

/// The relaxation at one point.
struct Point {
    value: f64,
    taken: Vec<u32>,
    if_in: Vec<f64>,
    if_out: Vec<f64>,
}

fn evaluate(rest: &Rest, theta: &[f64]) -> Point {
    let core = &rest.core;
    let u: Vec<f64> = theta.iter().zip(core.weights()).map(|(t, w)| t * w).collect();
    let value_of = |j: u32| core.covers(j).iter().map(|&i| u[i as usize]).sum::<f64>();
    // Each sum is the work of one thread, so the result is the same for any number of them.
    let values: Vec<f64> = if core.pairs() > 100_000 {
        (0..core.candidates() as u32).into_par_iter().with_min_len(64).map(value_of).collect()
    } else {
        (0..core.candidates() as u32).map(value_of).collect()
    };
    let uses: Vec<f64> = (0..core.candidates() as u32).map(|j| rest.limit.use_of(core, j)).collect();
    let mut order: Vec<u32> = (0..core.candidates() as u32).collect();
    let rate = |j: u32| values[j as usize] / uses[j as usize];
    order.sort_unstable_by(|&a, &b| rate(b).total_cmp(&rate(a)).then(a.cmp(&b)));
    let mut taken = Vec::new();
    let mut used = 0.0;
    let mut price = [0.0, 0.0];
    for &j in &order {
        if !rest.limit.fits(used + uses[j as usize]) {
            // Between the last taken and the first refused rate every price is as good for the value.
            let last = taken.last().map_or(f64::INFINITY, |&j| rate(j));
            let whole = matches!(rest.limit, Limit::Sites(_));
            price = if whole && last.is_finite() { [rate(j), last] } else { [rate(j), rate(j)] };
            break;
        }
        used += uses[j as usize];
        taken.push(j);
    }
    let free: f64 = core.weights().iter().zip(&u).map(|(w, u)| w - u).sum();
    let amount = rest.limit.amount_tolerant();
    let total = |price: f64| {
        let over: f64 = values.iter().zip(&uses).map(|(v, p)| (v - price * p).max(0.0)).sum();
        let longest = core.demands() + core.candidates();
        let magnitude = free.abs() + price * amount + over + rest.base + u.iter().sum::<f64>();
        rest.base + free + price * amount + over + summation_error(2 * longest, magnitude)
    };
    let (low, high) = (total(price[0]), total(price[1]));
    let with = |value: f64, price: f64, sign: f64| {
        let change = values.iter().zip(&uses).map(move |(v, p)| (sign * (v - price * p)).min(0.0));
        change.map(|c| value + c).collect::<Vec<f64>>()
    };
    Point { value: low.min(high), if_in: with(high, price[1], 1.0), if_out: with(low, price[0], -1.0), taken }
}

/// Drops what is decided; returns which demands stay.
fn compact(rest: &mut Rest, out: &[bool], inside: &[u32]) -> Vec<bool> {
    let core = &rest.core;
    let mut columns: Vec<bool> = out.iter().map(|&o| !o).collect();
    let mut rows = vec![true; core.demands()];
    for &j in inside {
        columns[j as usize] = false;
        rest.forced.push(rest.origin[j as usize]);
        rest.limit = rest.limit.less(core, j);
        for &i in core.covers(j) {
            if std::mem::replace(&mut rows[i as usize], false) {
                rest.base += core.weights()[i as usize];
            }
        }
    }
    let mut served = vec![false; core.demands()];
    for j in (0..core.candidates()).filter(|&j| columns[j]) {
        core.covers(j as u32).iter().for_each(|&i| served[i as usize] = true);
    }
    rows.iter_mut().zip(&served).for_each(|(row, &s)| *row &= s);
    rest.core = reduce::restrict(core, &columns, &rows, &mut rest.origin);
    rows
}
