//! Branch and bound by HiGHS on a core problem, warm-started, with zero gap.
//!
//! HiGHS runs on one thread with a fixed seed, so its path repeats; only a deadline or a cancellation makes it differ.

use super::control::Control;
use super::covering::Covering;
use super::highs_hook;
use super::most_weight::Limit;
use super::numbers::Grain;
use highs::{ColProblem, HighsModelStatus, HighsSolutionStatus, Sense};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Where objectives are whole numbers, a plan within this of the bound cannot be improved.
const WHOLE_GAP: f64 = 0.9;

/// What HiGHS's tolerances (1e-6) may have added to a whole-number bound before it is rounded; with [`WHOLE_GAP`] below 1.
fn slack(bound: f64) -> f64 {
    (1e-6 * bound.abs()).min(0.05)
}

/// How long HiGHS may take to notice that it is to stop.
const GRACE: Duration = Duration::from_millis(400);

/// How long to search.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// Most nodes of the search tree; absent: until proof.
    pub(super) nodes: Option<i32>,
    /// Relative gap at which to stop.
    pub(super) gap: f64,
    /// Seed of HiGHS's choices.
    pub(super) seed: u64,
}

/// What HiGHS found.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// The chosen candidates, when it has a plan.
    pub(super) plan: Option<Vec<u32>>,
    /// Its dual bound; −∞ (least cost) or +∞ (most weight) when it has none.
    pub(super) bound: f64,
}

/// A model on its way to HiGHS.
struct Job {
    problem: ColProblem,
    sense: Sense,
    warm: Vec<f64>,
    effort: Effort,
    absolute_gap: f64,
    candidates: usize,
}

impl Job {
    fn none(&self) -> Answer {
        let bound = if self.sense == Sense::Minimise { f64::NEG_INFINITY } else { f64::INFINITY };
        Answer { plan: None, bound }
    }

    /// Runs HiGHS on a thread of its own. HiGHS looks at the clock and at the flag at moments of its own choosing; when it
    /// has not answered a while after the end of its time, it is left to itself and the answer is that there is none.
    fn run(self, control: &Control<'_>) -> Answer {
        let none = self.none();
        if control.stop() {
            return none;
        }
        let flag = Arc::new(AtomicBool::new(false));
        let (send, receive) = mpsc::channel();
        let (shared, left) = (Arc::clone(&flag), control.left());
        std::thread::spawn(move || {
            // The receiver may be gone.
            let _ = send.send(self.run_here(left, &shared));
        });
        let mut stopping: Option<Instant> = None;
        loop {
            match receive.recv_timeout(Duration::from_millis(20)) {
                Ok(answer) => return answer,
                Err(RecvTimeoutError::Disconnected) => return none,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if control.stop() {
                flag.store(true, Ordering::Relaxed);
                if stopping.get_or_insert_with(Instant::now).elapsed() > GRACE {
                    return none;
                }
            }
        }
    }

    fn run_here(self, left: Option<Duration>, flag: &AtomicBool) -> Answer {
        let none = self.none();
        let Self { problem, sense, warm, effort, absolute_gap, candidates } = self;
        let Ok(mut model) = problem.try_optimise(sense) else { return none };
        model.make_quiet();
        let mut options = || {
            model.try_set_option("threads", 1)?;
            model.try_set_option("random_seed", (effort.seed % i32::MAX as u64) as i32)?;
            model.try_set_option("mip_rel_gap", effort.gap)?;
            model.try_set_option("mip_abs_gap", absolute_gap)?;
            if let Some(nodes) = effort.nodes {
                model.try_set_option("mip_max_nodes", nodes)?;
            }
            left.map_or(Ok(()), |left| model.try_set_option("time_limit", left.as_secs_f64()))
        };
        if options().is_err() || model.try_set_solution(Some(&warm), None, None, None).is_err() {
            return none;
        }
        // SAFETY: `flag` outlives this call, and the model is run and dropped in it.
        unsafe { highs_hook::attach(&mut model, flag) };
        let Ok(solved) = model.try_solve() else { return none };
        let has_plan = solved.primal_solution_status() == HighsSolutionStatus::Feasible;
        let plan = has_plan.then(|| {
            let solution = solved.get_solution();
            (0..candidates as u32).filter(|&j| solution.columns()[j as usize] > 0.5).collect()
        });
        let usable = !matches!(
            solved.status(),
            HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible | HighsModelStatus::SolveError
        );
        let bound = solved.double_info_value(c"mip_dual_bound").ok().filter(|b| usable && b.is_finite());
        Answer { plan, bound: bound.unwrap_or(none.bound) }
    }
}

/// Least cost that covers every demand of the core.
pub(super) fn full_cover(core: &Covering, warm: &[u32], grain: Grain, effort: Effort, control: &Control<'_>) -> Answer {
    if core.demands() == 0 {
        // HiGHS states no bound of a model without rows.
        return Answer { plan: Some(Vec::new()), bound: 0.0 };
    }
    let mut problem = ColProblem::new();
    let rows: Vec<highs::Row> = (0..core.demands()).map(|_| problem.add_row(1..)).collect();
    let mut start = vec![0.0; core.candidates()];
    for j in 0..core.candidates() as u32 {
        let entries = core.covers(j).iter().map(|&i| (rows[i as usize], 1.0));
        problem.add_integer_column(grain.count(core.costs()[j as usize]), 0..=1, entries);
    }
    warm.iter().for_each(|&j| start[j as usize] = 1.0);
    let absolute_gap = if grain.unit() > 0.0 { WHOLE_GAP } else { 1e-7 };
    let (candidates, sense) = (core.candidates(), Sense::Minimise);
    let mut answer = Job { problem, sense, warm: start, effort, absolute_gap, candidates }.run(control);
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
    let absolute_gap = if grain.unit() > 0.0 { WHOLE_GAP } else { 1e-7 };
    let (candidates, sense) = (core.candidates(), Sense::Maximise);
    let mut answer = Job { problem, sense, warm: start, effort, absolute_gap, candidates }.run(control);
    if grain.unit() > 0.0 {
        answer.bound = grain.round_down((answer.bound + slack(answer.bound)) * grain.unit());
    }
    answer.plan = answer.plan.filter(|plan| limit.allows(core, plan));
    answer
}
