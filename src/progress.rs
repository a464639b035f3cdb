//! Progress of long work, and its interruption.
//!
//! Bars appear on a terminal only, on standard error. Ctrl-C sets a flag that the stages look at between blocks.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use thiserror::Error;

/// Somebody stopped the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("interrupted; nothing was written")]
pub struct Interrupted;

/// Where progress is shown and interruption noticed.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    visible: bool,
    stop: Arc<AtomicBool>,
}

impl Progress {
    /// Progress that is shown when `visible` and standard error is a terminal; `stop` ends the work.
    pub fn new(visible: bool, stop: Arc<AtomicBool>) -> Self {
        Self { visible, stop }
    }

    /// Starts a stage of `steps` steps.
    pub fn stage(&self, name: &'static str, steps: usize) -> Stage {
        let target = if self.visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(steps as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{prefix:>10} {bar:32} {pos}/{len} {per_sec} {elapsed} {eta}") {
            bar.set_style(style);
        }
        bar.set_prefix(name);
        Stage(bar)
    }

    /// # Errors
    /// The work was interrupted.
    pub fn check(&self) -> Result<(), Interrupted> {
        if self.stop.load(Ordering::Relaxed) { Err(Interrupted) } else { Ok(()) }
    }

    /// The flag that ends the work.
    pub fn stop_flag(&self) -> &AtomicBool {
        &self.stop
    }
}

/// A running stage; its bar goes when it ends.
pub struct Stage(ProgressBar);

impl Stage {
    /// Counts finished steps.
    pub fn advance(&self, steps: u64) {
        self.0.inc(steps);
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
