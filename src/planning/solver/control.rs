//! When to stop and whom to tell: deadline, cancellation, progress.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What the solver knows so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// What it is doing, in a word or two.
    pub phase: &'static str,
    /// Value of the best plan, when there is one.
    pub objective: Option<f64>,
    /// Best proven bound, when there is one.
    pub bound: Option<f64>,
}

/// Outside influence on a run; the default is none.
#[derive(Clone, Copy, Default)]
pub struct Control<'a> {
    /// Wall-clock limit; the best plan so far is returned then.
    pub deadline: Option<Instant>,
    /// Set to true from anywhere to stop with the best plan so far.
    pub cancel: Option<&'a AtomicBool>,
    /// Called at each phase and improvement, from one thread at a time.
    pub progress: Option<&'a (dyn Fn(&Progress) + Sync)>,
}

impl std::fmt::Debug for Control<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Control").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}

impl<'a> Control<'a> {
    /// Whether to stop now.
    pub fn stop(&self) -> bool {
        self.cancelled() || self.deadline.is_some_and(|d| Instant::now() >= d)
    }

    /// Whether someone asked to stop.
    pub fn cancelled(&self) -> bool {
        self.cancel.is_some_and(|c| c.load(Ordering::Relaxed))
    }

    /// Time until the deadline, when there is one.
    pub fn left(&self) -> Option<Duration> {
        self.deadline.map(|d| d.saturating_duration_since(Instant::now()))
    }

    /// The same with a deadline after `share` (0–1) of the time left, when there is a deadline at all.
    pub(super) fn share(&self, share: f64) -> Control<'a> {
        let deadline = self.deadline.map(|_| Instant::now() + self.left().unwrap_or_default().mul_f64(share));
        Control { deadline, ..*self }
    }

    /// The same, silent.
    pub(super) fn silent(&self) -> Control<'a> {
        Control { progress: None, ..*self }
    }

    /// Tells the listener.
    pub fn tell(&self, phase: &'static str, objective: Option<f64>, bound: Option<f64>) {
        if let Some(progress) = self.progress {
            progress(&Progress { phase, objective, bound });
        }
    }
}
