//! Most weight within a number of sites or a budget: reductions, greedy, swaps, a bound that shrinks the problem, and branch
//! and bound on what is left.

use super::control::Control;
use super::covering::Covering;
use super::exact;
use super::mip::Effort;
use super::numbers::{Grain, gap_between, proven};
use super::swap::Swap;
use super::{Found, SolveOptions, greedy, reduce, weight_bound};

/// What may be used up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Limit {
    /// A number of sites.
    Sites(u32),
    /// An amount of money.
    Budget(f64),
}

impl Limit {
    /// What a candidate uses up.
    #[inline]
    pub(super) fn use_of(self, problem: &Covering, j: u32) -> f64 {
        match self {
            Self::Sites(_) => 1.0,
            Self::Budget(_) => problem.costs()[j as usize],
        }
    }

    /// How much there is.
    pub(super) fn amount(self) -> f64 {
        match self {
            Self::Sites(n) => f64::from(n),
            Self::Budget(b) => b,
        }
    }

    /// How much there is, with what rounding of sums may add.
    pub(super) fn amount_tolerant(self) -> f64 {
        match self {
            Self::Sites(n) => f64::from(n),
            Self::Budget(b) => b + 1e-9 * b.max(1.0),
        }
    }

    /// Whether so much may be used.
    #[inline]
    pub(super) fn fits(self, used: f64) -> bool {
        used <= self.amount_tolerant()
    }

    /// Whether a plan is within the limit.
    pub(super) fn allows(self, problem: &Covering, plan: &[u32]) -> bool {
        self.fits(plan.iter().map(|&j| self.use_of(problem, j)).sum())
    }

    /// What is left beside a candidate.
    pub(super) fn less(self, problem: &Covering, j: u32) -> Self {
        match self {
            Self::Sites(n) => Self::Sites(n.saturating_sub(1)),
            Self::Budget(b) => Self::Budget((b - problem.costs()[j as usize]).max(0.0)),
        }
    }
}

/// Pairs that all rounds of shaking may touch, roughly.
const SHAKING: usize = 50_000_000;
/// Most rounds of shaking.
const ROUNDS: usize = 300;
/// Rounds of shaking what the bound leaves.
const ROUNDS_LEFT: usize = 50;
/// What is left with more pairs is beyond branch and bound within a deadline: local search keeps the time.
const EXACT_PAIRS: usize = 1_000_000;
/// Steps of the bound.
const SUBGRADIENTS: usize = 1_500;

/// Solves the problem; there is always a plan, the fixed candidates alone at worst.
pub(super) fn solve(problem: &Covering, limit: Limit, options: &SolveOptions, control: &Control<'_>) -> Found {
    let mut is_fixed = vec![false; problem.candidates()];
    problem.fixed().iter().for_each(|&j| is_fixed[j as usize] = true);
    let free = |j: u32| is_fixed[j as usize] || limit.use_of(problem, j) == 0.0;
    let reduced = reduce::for_weight(
        problem,
        |j| limit.fits(limit.use_of(problem, j)),
        free,
        |a, b| limit.use_of(problem, a) <= limit.use_of(problem, b),
    );
    let core = &reduced.core;
    control.tell("reduced", None, None);
    let base = problem.weight_of(&reduced.forced);
    let grain = Grain::of(problem.weights());
    let mut plan = first_plan(core, limit);
    let mut lower = core.weight_of(&plan);
    control.tell("greedy", Some(base + lower), None);
    let average = core.pairs() / core.candidates().max(1) * (core.pairs() / core.demands().max(1)).max(1);
    let rounds = SHAKING / (average * (plan.len() + 1) * 20).max(1);
    // Shaking the whole problem pays only where that is cheap; otherwise what the bound leaves is shaken.
    (plan, lower) = Swap::new(core, limit, &plan, options.seed).run(rounds.min(ROUNDS), &control.share(0.3));
    control.tell("local search", Some(base + lower), None);
    let mut rest = weight_bound::shrink(core, limit, &plan, grain, SUBGRADIENTS, &control.share(0.5));
    if rest.lower > lower {
        (plan, lower) = (std::mem::take(&mut rest.plan), rest.lower);
    }
    let mut upper = rest.upper.max(lower);
    control.tell("bound", Some(base + lower), Some(base + upper));
    let small = reduce::aggregate(rest.core);
    let lift = |inner: &[u32]| -> Vec<u32> {
        rest.forced.iter().copied().chain(inner.iter().map(|&j| rest.origin[j as usize])).collect()
    };
    let enough = |lower: f64, upper: f64| {
        proven(base + lower, base + upper) || gap_between(base + lower, base + upper) <= options.gap
    };
    if !enough(lower, upper) && small.candidates() > 0 && !control.stop() {
        let too_large = control.deadline.is_some() && small.pairs() > EXACT_PAIRS;
        let (rounds, share) = if too_large { (usize::MAX, 1.0) } else { (ROUNDS_LEFT, 0.2) };
        let first = first_plan(&small, rest.limit);
        let (mut inner, _) = Swap::new(&small, rest.limit, &first, options.seed).run(rounds, &control.share(share));
        let offer = |inner: &[u32], plan: &mut Vec<u32>, lower: &mut f64| {
            let lifted = lift(inner);
            let weight = core.weight_of(&lifted);
            if weight > *lower && limit.allows(core, &lifted) {
                (*plan, *lower) = (lifted, weight);
            }
        };
        offer(&inner, &mut plan, &mut lower);
        if !options.heuristic && !too_large && !control.stop() {
            control.tell("branch and bound", Some(base + lower), Some(base + upper));
            let known = plan.iter().filter_map(|j| rest.origin.iter().position(|o| o == j)).map(|j| j as u32);
            let known: Vec<u32> = known.collect();
            if rest.limit.allows(&small, &known) && small.weight_of(&known) > small.weight_of(&inner) {
                inner = known;
            }
            let effort = Effort { nodes: options.nodes, gap: options.gap, seed: options.seed };
            let answer = exact::most_weight(&small, rest.limit, &inner, grain, effort, control);
            if let Some(found) = answer.plan {
                offer(&found, &mut plan, &mut lower);
            }
            upper = upper.min(grain.round_down(rest.base + answer.bound)).max(lower);
        }
    }
    control.tell("done", Some(base + lower), Some(base + upper));
    Found { chosen: reduced.lift(&plan), bound: base + upper }
}

/// The best of greedy by weight, greedy by weight per use, and the best single candidate (Khuller, Moss & Naor 1999).
fn first_plan(core: &Covering, limit: Limit) -> Vec<u32> {
    let greedy_by = |by_rate: bool| {
        let mut used = 0.0;
        let mut served = vec![false; core.demands()];
        let rate = |gain: f64, j: u32| if by_rate { gain / limit.use_of(core, j) } else { gain };
        greedy::lazy(core, core.weights(), &mut served, rate, |j| {
            let fits = limit.fits(used + limit.use_of(core, j));
            if fits {
                used += limit.use_of(core, j);
            }
            fits
        })
    };
    let by_weight = greedy_by(false);
    if matches!(limit, Limit::Sites(_)) {
        return by_weight;
    }
    let by_rate = greedy_by(true);
    if core.weight_of(&by_rate) > core.weight_of(&by_weight) { by_rate } else { by_weight }
}
