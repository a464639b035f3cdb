//! Branch and bound by HiGHS on a model of any kind, warm-started.
//!
//! HiGHS runs on one thread with a fixed seed, so its path repeats; only a deadline or a cancellation makes it differ.

use super::control::Control;
use super::highs_hook;
use highs::{ColProblem, HighsModelStatus, HighsSolutionStatus, Sense};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

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
    /// The choices made, when it has a plan.
    pub(super) plan: Option<Vec<u32>>,
    /// Its dual bound; −∞ (least cost) or +∞ (most weight) when it has none.
    pub(super) bound: f64,
    /// Whether it found that there is no plan.
    pub(super) infeasible: bool,
}

/// A model on its way to HiGHS.
pub(super) struct Job {
    pub(super) problem: ColProblem,
    /// Cost of each column.
    pub(super) costs: Vec<f64>,
    pub(super) sense: Sense,
    /// A known plan, a value for each column.
    pub(super) warm: Option<Vec<f64>>,
    pub(super) effort: Effort,
    pub(super) absolute_gap: f64,
    /// The first so many columns are choices, 0 or 1; a plan is those that are 1.
    pub(super) choices: usize,
}

impl Job {
    fn none(&self) -> Answer {
        let bound = if self.sense == Sense::Minimise { f64::NEG_INFINITY } else { f64::INFINITY };
        Answer { plan: None, bound, infeasible: false }
    }

    /// Runs HiGHS on a thread of its own. HiGHS looks at the clock and at the flag at moments of its own choosing; when it
    /// has not answered a while after the end of its time, it is left to itself and the answer is that there is none.
    pub(super) fn run(self, control: &Control<'_>) -> Answer {
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

    /// Runs HiGHS, and once more without the known plan when its answer contradicts itself: HiGHS 1.x has been seen to take
    /// a known plan for a cheaper one after presolve, and then to state a bound that its own plan does not reach.
    fn run_here(self, left: Option<Duration>, flag: &AtomicBool) -> Answer {
        let begun = Instant::now();
        let (answer, sound) = self.attempt(self.warm.as_deref(), left, flag);
        if sound || self.warm.is_none() || flag.load(Ordering::Relaxed) {
            return answer;
        }
        self.attempt(None, left.map(|left| left.saturating_sub(begun.elapsed())), flag).0
    }

    /// What HiGHS answers, and whether plan and bound agree as its status says.
    fn attempt(&self, warm: Option<&[f64]>, left: Option<Duration>, flag: &AtomicBool) -> (Answer, bool) {
        let none = (self.none(), true);
        let Effort { nodes, gap, seed } = self.effort;
        let Ok(mut model) = self.problem.clone().try_optimise(self.sense) else { return none };
        model.make_quiet();
        let mut options = || {
            model.try_set_option("threads", 1)?;
            model.try_set_option("random_seed", (seed % i32::MAX as u64) as i32)?;
            model.try_set_option("mip_rel_gap", gap)?;
            model.try_set_option("mip_abs_gap", self.absolute_gap)?;
            if let Some(nodes) = nodes {
                model.try_set_option("mip_max_nodes", nodes)?;
            }
            left.map_or(Ok(()), |left| model.try_set_option("time_limit", left.as_secs_f64()))
        };
        if options().is_err() || (warm.is_some() && model.try_set_solution(warm, None, None, None).is_err()) {
            return none;
        }
        // SAFETY: `flag` outlives this call, and the model is run and dropped in it.
        unsafe { highs_hook::attach(&mut model, flag) };
        let Ok(solved) = model.try_solve() else { return none };
        let has_plan = solved.primal_solution_status() == HighsSolutionStatus::Feasible;
        let values = has_plan.then(|| solved.get_solution().columns().to_vec());
        let usable = !matches!(
            solved.status(),
            HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible | HighsModelStatus::SolveError
        );
        let bound = solved.double_info_value(c"mip_dual_bound").ok().filter(|b| usable && b.is_finite());
        let bound = bound.unwrap_or(self.none().bound);
        let worth = values.as_ref().map(|x| x.iter().zip(&self.costs).map(|(x, c)| x * c).sum::<f64>());
        let allowed = |worth: f64| self.absolute_gap + (gap + 1e-6) * worth.abs();
        let apart = worth.is_some_and(|worth| (worth - bound).abs() > allowed(worth));
        let sound = !(solved.status() == HighsModelStatus::Optimal && apart);
        let plan = values.map(|x| (0..self.choices as u32).filter(|&j| x[j as usize] > 0.5).collect());
        let infeasible = solved.status() == HighsModelStatus::Infeasible;
        (Answer { plan, bound, infeasible }, sound)
    }
}
