//! Progress of long work, its interruption, and what of it is kept for a later run.
//!
//! Bars appear on a terminal only, on standard error. Ctrl-C sets a flag that the stages look at between blocks.

use crate::io::Checkpoints;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use thiserror::Error;

/// Somebody stopped the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("interrupted; nothing was written")]
pub struct Interrupted;

/// Where progress is shown, interruption noticed, and finished work kept.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    visible: bool,
    notes: bool,
    details: bool,
    stop: Arc<AtomicBool>,
    checkpoints: Checkpoints,
}

impl Progress {
    /// Progress that is shown when `visible` and standard error is a terminal; `notes` are written there in any case. `stop`
    /// ends the work.
    pub fn new(visible: bool, notes: bool, stop: Arc<AtomicBool>) -> Self {
        Self { visible, notes, details: false, stop, checkpoints: Checkpoints::default() }
    }

    /// The same, with details beside the notes when `details`.
    pub fn telling_details(self, details: bool) -> Self {
        Self { details: details && self.notes, ..self }
    }

    /// The same, with what is finished kept.
    pub fn keeping(&self, checkpoints: Checkpoints) -> Self {
        Self { checkpoints, ..self.clone() }
    }

    /// Tells people something on standard error.
    pub fn note(&self, text: &str) {
        if self.notes {
            // A note that cannot be shown is no reason to stop.
            let _ = writeln!(std::io::stderr(), "note: {text}");
        }
    }

    /// Tells people something that they hear only when they ask for more (`-v`).
    pub fn detail(&self, text: &str) {
        if self.details {
            self.note(text);
        }
    }

    /// Starts a stage of `steps` steps. Its name is also that of its checkpoint.
    pub fn stage(&self, name: &'static str, steps: usize) -> Stage<'_> {
        let target = if self.visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(steps as u64), target);
        if let Ok(style) =
            ProgressStyle::with_template("{prefix:>10} {bar:32} {pos}/{len} {per_sec} {elapsed} {eta} {msg}")
        {
            bar.set_style(style);
        }
        bar.set_prefix(name);
        Stage { progress: self, name, bar, last: Instant::now(), pause: LEAST_PAUSE }
    }

    /// A result per item, in their order: computed in parallel, and kept part by part.
    ///
    /// # Errors
    /// The work was interrupted.
    pub fn in_parts<T, R>(
        &self,
        name: &'static str,
        items: &[T],
        compute: impl Fn(&T) -> R + Sync,
    ) -> Result<Vec<R>, Interrupted>
    where
        T: Sync,
        R: Serialize + DeserializeOwned + Send,
    {
        let mut stage = self.stage(name, items.len());
        let mut results: Vec<R> = stage.kept(|kept: &Vec<R>| kept.len() <= items.len()).unwrap_or_default();
        stage.advance(results.len() as u64);
        for part in items[results.len()..].chunks(PART_PER_THREAD * rayon::current_num_threads()) {
            stage.keep(&results)?;
            results.par_extend(part.par_iter().map(|item| {
                let result = compute(item);
                stage.advance(1);
                result
            }));
        }
        stage.keep(&results)?;
        Ok(results)
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

/// Items per thread between two looks at the clock.
const PART_PER_THREAD: usize = 32;

/// Stages keep nothing more often than this.
const LEAST_PAUSE: Duration = Duration::from_millis(250);

/// How much longer than a checkpoint took the work goes on before the next: checkpoints cost at most 2 % of the time.
const PAUSE_PER_COST: u32 = 50;

/// How fast a first checkpoint is taken to be, bytes a second.
const ASSUMED_SPEED: f64 = 300e6;

/// A running stage; its bar goes when it ends.
pub struct Stage<'a> {
    progress: &'a Progress,
    name: &'static str,
    bar: ProgressBar,
    /// When the last checkpoint was written, or the stage started.
    last: Instant,
    /// From then to the next.
    pause: Duration,
}

impl Stage<'_> {
    /// Counts finished steps.
    pub fn advance(&self, steps: u64) {
        self.bar.inc(steps);
    }

    /// Shows how many of something the stage has worked through since it started, as a rate.
    pub fn show_rate(&self, count: u64, what: &str) {
        let per_second = count as f64 / self.bar.elapsed().as_secs_f64().max(1e-3);
        self.bar.set_message(format!("{:.1} M {what}/s", per_second / 1e6));
    }

    /// Announces the size of a checkpoint, so that the first is not written too early.
    pub fn expect_bytes(&mut self, bytes: usize) {
        let cost = Duration::from_secs_f64(bytes as f64 / ASSUMED_SPEED);
        self.pause = (cost * PAUSE_PER_COST).max(LEAST_PAUSE);
    }

    /// What an interrupted run kept of this stage and what `fits`.
    pub fn kept<T: DeserializeOwned>(&self, fits: impl Fn(&T) -> bool) -> Option<T> {
        let unusable = |why: &str| {
            let name = self.name;
            self.progress.note(&format!("the checkpoint \"{name}\" cannot be used: {why}; {name} is computed again"));
        };
        match self.progress.checkpoints.load(self.name) {
            Ok(Some(kept)) if !fits(&kept) => unusable("it does not fit the study"),
            Ok(kept) => return kept,
            Err(why) => unusable(&why),
        }
        None
    }

    /// Keeps the state of the stage when the last time is long enough ago, and before an interruption ends the work. That it
    /// cannot be kept is told and ends nothing.
    ///
    /// # Errors
    /// The work was interrupted.
    pub fn keep<T: Serialize>(&mut self, state: &T) -> Result<(), Interrupted> {
        let stopped = self.progress.check();
        if stopped.is_err() || self.last.elapsed() >= self.pause {
            let start = Instant::now();
            let saved = self.progress.checkpoints.save(self.name, state);
            self.last = Instant::now();
            self.pause = match saved {
                Ok(()) => ((self.last - start) * PAUSE_PER_COST).max(LEAST_PAUSE),
                Err(error) => {
                    self.progress.note(&format!("the checkpoint \"{}\" cannot be written: {error}", self.name));
                    Duration::MAX // told once a stage
                }
            };
        }
        stopped
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::Staging;
    use std::collections::BTreeMap;
    use std::sync::atomic::AtomicUsize;

    #[test]
    fn work_goes_on_where_it_was_interrupted() {
        let parent = tempfile::tempdir().unwrap();
        let staging = Staging::new(&parent.path().join("out")).unwrap();
        let identity = BTreeMap::from([("notspot".to_owned(), "test".to_owned())]);
        let items: Vec<u64> = (0..10_000).collect();
        let computed = AtomicUsize::new(0);
        let run = |resume, stop_after: usize| {
            let stop = Arc::new(AtomicBool::new(false));
            let (checkpoints, _) = staging.checkpoints(&identity, resume);
            let progress = Progress::new(false, false, stop.clone()).keeping(checkpoints);
            computed.store(0, Ordering::Relaxed);
            let result = progress.in_parts("squares", &items, |i| {
                if computed.fetch_add(1, Ordering::Relaxed) + 1 >= stop_after {
                    stop.store(true, Ordering::Relaxed);
                }
                i * i
            });
            (result, computed.load(Ordering::Relaxed))
        };
        let (stopped, first) = run(false, 1_000);
        assert_eq!(stopped, Err(Interrupted));
        assert!((1_000..10_000).contains(&first));
        let (finished, rest) = run(true, usize::MAX);
        assert_eq!(finished.unwrap(), items.iter().map(|i| i * i).collect::<Vec<_>>());
        assert_eq!(first + rest, items.len(), "nothing is computed twice");
        assert_eq!(run(false, usize::MAX).1, items.len(), "without resume everything is");
    }
}
