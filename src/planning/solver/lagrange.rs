//! A rigorous lower bound on the cost of covering everything, by Lagrangian relaxation.
//!
//! L(u) = Σᵢ uᵢ + Σⱼ min(0, cⱼ − Σ_{i∈j} uᵢ) ≤ optimum for every u ≥ 0 (Caprara, Fischetti & Toth, Oper. Res. 47 (1999)
//! 730–743, Eq. (4)). Any u gives a valid bound, so neither convergence nor rounding of u matters; the rounding of the sum
//! itself is taken off.

use super::control::Control;
use super::covering::Covering;
use super::numbers::summation_error;

/// The best multipliers found and what they prove.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    /// No plan costs less.
    pub(super) value: f64,
    /// Reduced cost of each candidate at the best multipliers.
    pub(super) reduced: Vec<f64>,
    /// The best multipliers, one for each demand.
    pub(super) multipliers: Vec<f64>,
}

/// Improves the bound for at most `iterations` steps of the volume algorithm (Barahona & Anbil, Math. Program. 87 (2000)
/// 385–399), which steps along the average of recent relaxed plans and so converges where plain subgradients stall.
/// `upper` is the cost of a known plan; `start` continues from earlier multipliers.
pub(super) fn full_cover(
    problem: &Covering,
    upper: f64,
    start: Option<&[f64]>,
    iterations: usize,
    control: &Control<'_>,
) -> Bound {
    let (n, m) = (problem.candidates(), problem.demands());
    let mut center: Vec<f64> = start.map_or_else(|| cheapest_shares(problem), <[f64]>::to_vec);
    let mut reduced = vec![0.0; n];
    let value = evaluate(problem, &center, &mut reduced);
    let mut best = Bound { value, reduced: reduced.clone(), multipliers: Vec::new() };
    // Average over recent relaxed plans of 1 − (how often each demand is covered).
    let mut average = vec![0.0; m];
    shortfall(problem, &reduced, &mut average);
    let (mut now, mut u) = (vec![0.0; m], vec![0.0; m]);
    let (mut step, mut widest, mut stale): (f64, f64, u32) = (0.1, 0.1, 0);
    for iteration in 1..=iterations {
        if best.value >= upper - 1e-9 * upper.abs() || step < 1e-6 || control.stop() {
            break;
        }
        let pushes = |(&g, &u): (&f64, &f64)| u > 0.0 || g > 0.0;
        let norm: f64 = average.iter().zip(&center).filter(|&p| pushes(p)).map(|(g, _)| g * g).sum();
        if norm < 1e-12 {
            break;
        }
        let length = step * (upper - best.value) / norm;
        for ((u, &c), &g) in u.iter_mut().zip(&center).zip(&average) {
            *u = (c + length * g).max(0.0);
        }
        let value = evaluate(problem, &u, &mut reduced);
        shortfall(problem, &reduced, &mut now);
        // The mix of old average and new plan with the shortest shortfall, kept within limits.
        let (mut dot, mut square, mut along) = (0.0, 0.0, 0.0);
        for (&new, &old) in now.iter().zip(&average) {
            dot += old * (new - old);
            square += (new - old) * (new - old);
            along += new * old;
        }
        let mix = if square > 0.0 { (-dot / square).clamp(widest / 10.0, widest) } else { widest };
        if value > best.value {
            if along >= 0.0 {
                step = (step * 1.1).min(2.0);
            }
            stale = if value > best.value * (1.0 + 1e-6) { 0 } else { stale + 1 };
            best.value = value;
            best.reduced.copy_from_slice(&reduced);
            std::mem::swap(&mut center, &mut u);
        } else {
            stale += 1;
        }
        if stale >= 20 {
            step *= 0.66;
            stale = 0;
        }
        average.iter_mut().zip(&now).for_each(|(old, new)| *old += mix * (new - *old));
        if iteration % 200 == 0 {
            widest = (widest / 2.0).max(0.005);
        }
    }
    best.multipliers = center;
    best
}

/// Each demand pays the least share that a server's cost leaves it.
fn cheapest_shares(problem: &Covering) -> Vec<f64> {
    let share = |&j: &u32| problem.costs()[j as usize] / problem.covers(j).len() as f64;
    let least = |i: u32| problem.servers(i).iter().map(share).fold(f64::INFINITY, f64::min);
    (0..problem.demands() as u32).map(least).collect()
}

/// 1 − (how many candidates of negative reduced cost cover the demand), for each demand.
fn shortfall(problem: &Covering, reduced: &[f64], into: &mut [f64]) {
    into.fill(1.0);
    for (j, _) in reduced.iter().enumerate().filter(|&(_, &r)| r < 0.0) {
        problem.covers(j as u32).iter().for_each(|&i| into[i as usize] -= 1.0);
    }
}

/// L(u), less what rounding can have added; fills in the reduced costs cⱼ − Σ uᵢ.
fn evaluate(problem: &Covering, u: &[f64], reduced: &mut [f64]) -> f64 {
    let total: f64 = u.iter().sum();
    let (mut gain, mut magnitude, mut longest) = (0.0, total, 0);
    for (j, slot) in reduced.iter_mut().enumerate() {
        let covers = problem.covers(j as u32);
        let cost = problem.costs()[j];
        let priced: f64 = covers.iter().map(|&i| u[i as usize]).sum();
        *slot = cost - priced;
        if *slot < 0.0 {
            gain += *slot;
            magnitude += cost + priced;
            longest = longest.max(covers.len());
        }
    }
    total + gain - summation_error(u.len() + reduced.len() + longest, magnitude)
}
