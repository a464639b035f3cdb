//! Least cost that covers every demand: reductions, local search beside the Lagrangian bound, fixing, neighbourhoods solved
//! exactly, and branch and bound on what is left.

use super::control::Control;
use super::covering::Covering;
use super::exact;
use super::lagrange::{self, Bound};
use super::mip::Effort;
use super::numbers::{Grain, gap_between, proven};
use super::reduce::{self, Reduced};
use super::weighting::Weighting;
use super::{Found, SolveOptions, greedy};

/// Steps of local search in the first phase: so many for each candidate-demand pair of the core, within limits; more when
/// a deadline ends it anyway.
const STEPS_PER_PAIR: u64 = 60;
const STEPS_PER_PAIR_TIMED: u64 = 600;
const STEPS: (u64, u64) = (1_000, 4_000_000);
/// Subgradient steps of the first phase.
const SUBGRADIENTS: usize = 2_500;
/// Cores with more pairs are beyond branch and bound within a deadline: the heuristics keep the time.
const EXACT_PAIRS: usize = 400_000;

/// The state of a solution process on a core.
struct Work<'a> {
    core: &'a Covering,
    options: &'a SolveOptions,
    grain: Grain,
    plan: Vec<u32>,
    cost: f64,
    bound: f64,
    /// What every plan costs beside the core's.
    base: f64,
}

impl Work<'_> {
    fn offer(&mut self, plan: &[u32]) -> bool {
        let cost = self.core.cost_of(plan);
        let better = cost < self.cost;
        if better {
            self.cost = cost;
            self.plan = plan.to_vec();
        }
        better
    }

    fn raise(&mut self, bound: f64) {
        self.bound = self.bound.max(self.grain.round_up(bound)).min(self.cost);
    }

    fn done(&self) -> bool {
        let (cost, bound) = (self.cost + self.base, self.bound + self.base);
        proven(cost, bound) || gap_between(cost, bound) <= self.options.gap
    }

    fn tell(&self, phase: &'static str, control: &Control<'_>) {
        control.tell(phase, Some(self.cost + self.base), Some(self.bound + self.base));
    }
}

/// Solves the problem; `None` only when stopped before there was a plan.
pub(super) fn solve(problem: &Covering, options: &SolveOptions, control: &Control<'_>) -> Option<Found> {
    let reduced = reduce::for_full_cover(problem, control);
    let base: f64 = problem.cost_of(&reduced.forced);
    let core = &reduced.core;
    control.tell("reduced", None, None);
    let first = greedy::full_cover(core);
    let grain = Grain::of(core.costs());
    let cost = core.cost_of(&first);
    let mut work = Work { core, options, grain, plan: first, cost, bound: 0.0, base };
    work.raise(0.0);
    work.tell("greedy", control);
    if !work.done() && !control.stop() {
        search(&mut work, control);
    }
    let mut chosen = reduced.lift(&work.plan);
    chosen.extend_from_slice(problem.fixed());
    chosen.sort_unstable();
    chosen.dedup();
    let mut kept: Vec<u32> = chosen;
    greedy::drop_superfluous(problem, &mut kept);
    Some(Found { chosen: kept, bound: base + work.bound })
}

fn search(work: &mut Work<'_>, control: &Control<'_>) {
    let core = work.core;
    let exact = !work.options.heuristic && (control.deadline.is_none() || core.pairs() <= EXACT_PAIRS);
    let first = if exact { control.share(0.12) } else { *control };
    let steps = match control.deadline {
        None => (core.pairs() as u64 * STEPS_PER_PAIR).clamp(STEPS.0, STEPS.1),
        Some(_) if exact => core.pairs() as u64 * STEPS_PER_PAIR_TIMED,
        Some(_) => u64::MAX,
    };
    let (start, upper, seed) = (work.plan.clone(), work.cost, work.options.seed);
    let (plan, bound) = std::thread::scope(|scope| {
        let silent = first.silent();
        let dual = scope.spawn(move || lagrange::full_cover(core, upper, None, SUBGRADIENTS, &silent));
        let mut search = Weighting::new(core, &start, seed);
        search.run(steps, f64::NEG_INFINITY, &first);
        (search.best().to_vec(), dual.join().ok())
    });
    work.offer(&plan);
    let Some(mut bound) = bound else { return };
    work.raise(bound.value);
    work.tell("local search and bound", control);
    if work.done() || !exact || control.stop() {
        return;
    }
    bound = refine(work, bound, control);
    if work.done() || control.stop() {
        return;
    }
    prove(work, &bound, control);
}

/// Candidates that a plan cheaper than the best may still use, and those that it must use.
fn fixing(work: &Work<'_>, bound: &Bound) -> (Vec<bool>, Vec<u32>) {
    // A better plan costs at most this; at the Lagrangian bound, using a candidate of positive reduced cost (leaving one
    // of negative) costs that much more.
    let better = work.cost - work.grain.unit() * (1.0 - 1e-6) + 1e-9 * work.cost;
    let keep = bound.reduced.iter().map(|&r| bound.value + r <= better).collect();
    let must = (0..bound.reduced.len()).filter(|&j| bound.value - bound.reduced[j] > better).map(|j| j as u32);
    (keep, must.collect())
}

/// The core without what reduced costs rule out; `None` when no plan is left.
fn fixed_core(work: &Work<'_>, bound: &Bound, extra: impl Fn(usize) -> bool, control: &Control<'_>) -> Option<Reduced> {
    let (mut keep, must) = fixing(work, bound);
    for (j, k) in keep.iter_mut().enumerate() {
        *k = *k && extra(j);
    }
    let mut rows = vec![true; work.core.demands()];
    for &j in &must {
        keep[j as usize] = false;
        work.core.covers(j).iter().for_each(|&i| rows[i as usize] = false);
    }
    let mut origin: Vec<u32> = (0..work.core.candidates() as u32).collect();
    let small = reduce::restrict(work.core, &keep, &rows, &mut origin);
    if !small.uncoverable().is_empty() {
        return None;
    }
    let mut reduced = reduce::for_full_cover(&small, control);
    reduced.origin.iter_mut().for_each(|j| *j = origin[*j as usize]);
    reduced.forced.iter_mut().for_each(|j| *j = origin[*j as usize]);
    reduced.forced.extend(must);
    Some(reduced)
}

/// The promising candidates alone, exactly but with few nodes; then the bound again with the better plan.
fn refine(work: &mut Work<'_>, bound: Bound, control: &Control<'_>) -> Bound {
    let phase = control.share(0.15);
    let mut sorted = bound.reduced.clone();
    sorted.sort_by(f64::total_cmp);
    for factor in [3, 4] {
        let cut = sorted[(work.plan.len() * factor).min(sorted.len() - 1)];
        let plan = work.plan.clone();
        let Some(small) = fixed_core(work, &bound, |j| bound.reduced[j] <= cut || plan.contains(&(j as u32)), control)
        else {
            continue;
        };
        let mut warm = greedy::full_cover(&small.core);
        let mut ls = Weighting::new(&small.core, &warm, work.options.seed ^ factor as u64);
        ls.run((small.core.pairs() as u64 * STEPS_PER_PAIR).clamp(STEPS.0, 400_000), f64::NEG_INFINITY, &phase);
        warm = ls.best().to_vec();
        let effort = Effort { nodes: Some(300), gap: work.options.gap, seed: work.options.seed };
        let answer = exact::full_cover(&small.core, &warm, work.grain, effort, &phase);
        work.offer(&small.lift(answer.plan.as_deref().unwrap_or(&warm)));
        work.tell("promising candidates", control);
        if phase.stop() {
            break;
        }
    }
    let again =
        lagrange::full_cover(work.core, work.cost, Some(&bound.multipliers), 1_000, &control.share(0.05).silent());
    work.raise(again.value);
    if again.value > bound.value { again } else { bound }
}

/// Branch and bound on what reduced costs leave.
fn prove(work: &mut Work<'_>, bound: &Bound, control: &Control<'_>) {
    let Some(small) = fixed_core(work, bound, |_| true, control) else {
        // Nothing better than the plan is left.
        work.raise(f64::INFINITY);
        return;
    };
    let base = work.core.cost_of(&small.forced);
    let mut warm = greedy::full_cover(&small.core);
    let place: std::collections::HashMap<u32, u32> =
        small.origin.iter().enumerate().map(|(a, &b)| (b, a as u32)).collect();
    let known: Vec<u32> = work.plan.iter().filter_map(|j| place.get(j).copied()).collect();
    let mut served = vec![false; small.core.demands()];
    known.iter().for_each(|&j| small.core.covers(j).iter().for_each(|&i| served[i as usize] = true));
    if served.iter().all(|&s| s) && small.core.cost_of(&known) < small.core.cost_of(&warm) {
        warm = known;
    }
    work.tell("branch and bound", control);
    let effort = Effort { nodes: work.options.nodes, gap: work.options.gap, seed: work.options.seed };
    let answer = exact::full_cover(&small.core, &warm, work.grain, effort, control);
    if let Some(plan) = answer.plan {
        work.offer(&small.lift(&plan));
    }
    work.raise(base + answer.bound);
    work.tell("branch and bound", control);
}
