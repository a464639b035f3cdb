//! `run`, `coverage`, `gaps`, `plan`, `report`: the stages of a study.

use super::{Common, DONE, NO_PLAN, cache, progress};
use crate::pipeline::{self, Goal, Request};
use crate::planning::PlanStatus;
use crate::report::Summary;
use clap::Args;
use std::path::PathBuf;

/// A study and where its outputs go.
#[derive(Debug, Args)]
pub struct StudyArgs {
    /// Study file
    #[arg(value_name = "STUDY")]
    pub study: PathBuf,
    /// Output folder; new, empty, or written by an earlier run (which is replaced)
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
    /// Continue an interrupted run; inputs that have changed since start it afresh
    #[arg(long)]
    pub resume: bool,
    /// Keep what the study marks as confidential out of every output; positions and powers of sites by default
    #[arg(long)]
    pub public: bool,
}

impl StudyArgs {
    /// Does the stages that `goal` needs, and prints the summary.
    pub fn run(&self, goal: Goal, common: &Common) -> anyhow::Result<u8> {
        self.run_with_cells(goal, &[], common)
    }

    /// The same with the levels of single cells of these sites.
    pub fn run_with_cells(&self, goal: Goal, cells_of: &[String], common: &Common) -> anyhow::Result<u8> {
        let command = super::command_line();
        let progress = progress(common);
        let cache = cache::of_this_user(common, &progress)?;
        let request = Request {
            study: &self.study,
            output: &self.output,
            goal,
            public: self.public,
            cells_of,
            resume: self.resume,
            cache: cache.as_ref(),
            command: &command,
        };
        let summary = pipeline::run(&request, &progress, Summary::of)?;
        if common.json {
            super::print_json(&summary)?;
        } else if !common.quiet {
            let dead_zones = summary.dead_zones.iter().filter(|_| goal == Goal::Gaps).map(ToString::to_string);
            let dead_zones: String = dead_zones.collect();
            super::print(&format!("{dead_zones}{summary}outputs    {}\n", self.output.display()))?;
        }
        let no_plan = summary.plan.is_some_and(|plan| plan.status == PlanStatus::Infeasible);
        Ok(if no_plan { NO_PLAN } else { DONE })
    }
}
