//! A rigorous lower bound on the cost of covering everything, by Lagrangian relaxation and subgradients.
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

/// Improves the bound for at most `iterations` subgradient steps; `upper` is the cost of a known plan. `start` continues
/// from earlier multipliers.
pub(super) fn full_cover(
    problem: &Covering,
    upper: f64,
    start: Option<&[f64]>,
    iterations: usize,
    control: &Control<'_>,
) -> Bound {
    let (n, m) = (problem.candidates(), problem.demands());
    let mut u: Vec<f64> = match start {
        Some(start) => start.to_vec(),
        None => (0..m as u32)
            .map(|i| {
                let share = |&j: &u32| problem.costs()[j as usize] / problem.covers(j).len() as f64;
                problem.servers(i).iter().map(share).fold(f64::INFINITY, f64::min)
            })
            .collect(),
    };
    let mut best = Bound { value: 0.0, reduced: problem.costs().to_vec(), multipliers: vec![0.0; m] };
    let mut reduced = vec![0.0; n];
    let mut slack = vec![0i32; m];
    let mut direction = vec![0.0; m];
    let mut step = if start.is_some() { 0.05 } else { 0.1 };
    let (mut window_low, mut window_high) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut since_better = 0;
    for iteration in 0..iterations {
        let value = evaluate(problem, &u, &mut reduced);
        if value > best.value {
            since_better = if value > best.value * (1.0 + 1e-5) { 0 } else { since_better + 1 };
            best.value = value;
            best.reduced.copy_from_slice(&reduced);
            best.multipliers.copy_from_slice(&u);
        } else {
            since_better += 1;
        }
        if best.value >= upper - 1e-9 * upper.abs() || control.stop() {
            break;
        }
        (window_low, window_high) = (window_low.min(value), window_high.max(value));
        if iteration % 20 == 19 {
            if window_high - window_low > 0.01 * best.value.abs() {
                step *= 0.5;
            } else if window_high - window_low < 0.001 * best.value.abs() {
                step *= 1.5;
            }
            (window_low, window_high) = (f64::INFINITY, f64::NEG_INFINITY);
        }
        if since_better >= 60 {
            u.copy_from_slice(&best.multipliers);
            evaluate(problem, &u, &mut reduced);
            direction.fill(0.0);
            step *= 0.5;
            since_better = 0;
            if step < 1e-4 {
                break;
            }
        }
        slack.fill(1);
        for (j, &r) in reduced.iter().enumerate() {
            if r < 0.0 {
                problem.covers(j as u32).iter().for_each(|&i| slack[i as usize] -= 1);
            }
        }
        // Deflected direction (Camerini, Fratta & Maffioli 1975); a multiplier at 0 is not pushed below.
        let mut norm = 0.0;
        for ((d, &s), &u) in direction.iter_mut().zip(&slack).zip(&u) {
            *d = 0.3 * *d + f64::from(s);
            if u == 0.0 && *d < 0.0 {
                *d = 0.0;
            }
            norm += *d * *d;
        }
        if norm == 0.0 {
            break;
        }
        let length = step * (1.02 * upper - value).max(1e-6 * upper) / norm;
        for (u, &d) in u.iter_mut().zip(&direction) {
            *u = (*u + length * d).max(0.0);
        }
    }
    best
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
