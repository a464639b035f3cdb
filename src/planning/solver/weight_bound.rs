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

/// Every so many steps all candidates are looked at; between, those that may matter.
const FULL: usize = 10;

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
    // Shares θᵢ = uᵢ / wᵢ, moved as the volume algorithm does (Barahona & Anbil, Math. Program. 87 (2000) 385–399) in the
    // metric of the weights.
    let mut center = start(problem, plan);
    let mut hot = all(&rest.core);
    let point = evaluate(&rest, &center, &hot);
    let mut best_here = point.value;
    let mut average = excess(&rest.core, &point.taken);
    rest.upper = rest.upper.min(grain.round_down(point.value)).max(rest.lower);
    hot = point.hot();
    let (mut step, mut widest, mut stale): (f64, f64, u32) = (0.06, 0.1, 0);
    for iteration in 1..=iterations {
        let open = rest.upper > rest.lower + 0.5 * grain.unit() && rest.core.candidates() > 0;
        if !open || step < 1e-5 || control.stop() {
            break;
        }
        if iteration.is_multiple_of(FULL) {
            // Only here are all candidates looked at, so only here is anything proven or decided.
            let full = evaluate(&rest, &center, &all(&rest.core));
            rest.upper = rest.upper.min(grain.round_down(full.value)).max(rest.lower);
            best_here = full.value;
            hot.extend(full.hot());
            hot.sort_unstable();
            hot.dedup();
            if decide(&mut rest, &full, grain, &mut center, &mut average) {
                hot = evaluate(&rest, &center, &all(&rest.core)).hot();
                continue;
            }
        }
        let weights = rest.core.weights();
        let pushes = |g: f64, t: f64| if g > 0.0 { t > 0.0 } else { t < 1.0 };
        let each = weights.iter().zip(&average).zip(&center);
        let norm: f64 = each.filter(|&((_, &g), &t)| pushes(g, t)).map(|((w, g), _)| w * g * g).sum();
        let length = step * (best_here - rest.lower).max(1e-7 * rest.lower.abs()) / norm.max(1e-12);
        let theta: Vec<f64> = center.iter().zip(&average).map(|(t, g)| (t - length * g).clamp(0.0, 1.0)).collect();
        let point = evaluate(&rest, &theta, &hot);
        let now = excess(&rest.core, &point.taken);
        let served = weights.iter().zip(&now).filter(|&(_, &g)| g > -0.5).map(|(w, _)| w);
        if rest.base + served.sum::<f64>() > rest.lower {
            let taken = point.taken.iter().map(|&j| rest.origin[j as usize]);
            let better: Vec<u32> = rest.forced.iter().copied().chain(taken).collect();
            let weight = problem.weight_of(&better);
            if weight > rest.lower && limit.allows(problem, &better) {
                (rest.plan, rest.lower) = (better, weight);
            }
        }
        let (mut dot, mut square, mut along) = (0.0, 0.0, 0.0);
        for ((w, &new), &old) in weights.iter().zip(&now).zip(&average) {
            dot += w * old * (new - old);
            square += w * (new - old) * (new - old);
            along += w * new * old;
        }
        let mix = if square > 0.0 { (-dot / square).clamp(widest / 10.0, widest) } else { widest };
        if point.value < best_here {
            if along >= 0.0 {
                step = (step * 1.1).min(2.0);
            }
            stale = if point.value < best_here * (1.0 - 1e-6) { 0 } else { stale + 1 };
            best_here = point.value;
            center = theta;
        } else {
            stale += 1;
        }
        if stale >= 15 {
            step *= 0.66;
            stale = 0;
        }
        average.iter_mut().zip(&now).for_each(|(old, new)| *old += mix * (new - *old));
        if iteration % 100 == 0 {
            widest = (widest / 2.0).max(0.005);
        }
    }
    if rest.core.candidates() > 0 && iterations > 0 {
        let full = evaluate(&rest, &center, &all(&rest.core));
        rest.upper = rest.upper.min(grain.round_down(full.value)).max(rest.lower);
        decide(&mut rest, &full, grain, &mut center, &mut average);
    }
    if rest.core.candidates() == 0 {
        rest.upper = rest.upper.min(rest.base.max(rest.lower));
    }
    rest
}

/// Drops what the relaxation at a point decides, when that is enough to be worth copying the rest.
fn decide(rest: &mut Rest, full: &Point, grain: Grain, center: &mut Vec<f64>, average: &mut Vec<f64>) -> bool {
    // A better plan is better by a grain.
    let goal = rest.lower + grain.unit() * (1.0 - 1e-6) - 1e-9 * rest.lower.abs();
    let out: Vec<bool> = full.if_in.iter().map(|&v| v < goal).collect();
    let inside: Vec<u32> = (0..out.len()).filter(|&j| full.if_out[j] < goal).map(|j| j as u32).collect();
    let gone = out.iter().filter(|&&o| o).count() + inside.len();
    let worthwhile = 5 * gone >= rest.core.candidates() || (rest.core.candidates() < 500 && gone > 20);
    if worthwhile {
        let kept = compact(rest, &out, &inside);
        keep(center, &kept);
        keep(average, &kept);
    }
    worthwhile
}

fn all(core: &Covering) -> Vec<u32> {
    (0..core.candidates() as u32).collect()
}

/// How often each demand is served by the candidates, less one.
fn excess(core: &Covering, taken: &[u32]) -> Vec<f64> {
    let mut excess = vec![-1.0; core.demands()];
    taken.iter().for_each(|&j| core.covers(j).iter().for_each(|&i| excess[i as usize] += 1.0));
    excess
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

/// The relaxation at one point; `rates`, `if_in` and `if_out` follow the candidates that were looked at.
struct Point {
    value: f64,
    taken: Vec<u32>,
    candidates: Vec<u32>,
    rates: Vec<f64>,
    price: f64,
    if_in: Vec<f64>,
    if_out: Vec<f64>,
}

impl Point {
    /// The candidates that may matter near this point.
    fn hot(&self) -> Vec<u32> {
        let near = self.candidates.iter().zip(&self.rates).filter(|&(_, &r)| r >= 0.7 * self.price);
        near.map(|(&j, _)| j).collect()
    }
}

/// Looks at some candidates; the value is a bound when those are all.
fn evaluate(rest: &Rest, theta: &[f64], candidates: &[u32]) -> Point {
    let core = &rest.core;
    let u: Vec<f64> = theta.iter().zip(core.weights()).map(|(t, w)| t * w).collect();
    let value_of = |j: u32| core.covers(j).iter().map(|&i| u[i as usize]).sum::<f64>();
    // Each sum is the work of one thread, so the result is the same for any number of them.
    let values: Vec<f64> = if core.pairs() > 100_000 {
        candidates.par_iter().with_min_len(32).map(|&j| value_of(j)).collect()
    } else {
        candidates.iter().map(|&j| value_of(j)).collect()
    };
    let uses: Vec<f64> = candidates.iter().map(|&j| rest.limit.use_of(core, j)).collect();
    let rates: Vec<f64> = values.iter().zip(&uses).map(|(v, p)| v / p).collect();
    let mut order: Vec<u32> = (0..candidates.len() as u32).collect();
    order.sort_unstable_by(|&a, &b| rates[b as usize].total_cmp(&rates[a as usize]).then(a.cmp(&b)));
    let mut taken = Vec::new();
    let mut used = 0.0;
    let mut price = [0.0, 0.0];
    let mut last = f64::INFINITY;
    for &k in &order {
        let rate = rates[k as usize];
        if !rest.limit.fits(used + uses[k as usize]) {
            // Between the last taken and the first refused rate every price is as good for a number of sites.
            let whole = matches!(rest.limit, Limit::Sites(_)) && last.is_finite();
            price = if whole { [rate, last] } else { [rate, rate] };
            break;
        }
        used += uses[k as usize];
        last = rate;
        taken.push(candidates[k as usize]);
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
    let (if_in, if_out) = (with(high, price[1], 1.0), with(low, price[0], -1.0));
    Point { value: low.min(high), if_in, if_out, taken, candidates: candidates.to_vec(), rates, price: price[0] }
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
